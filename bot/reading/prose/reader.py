"""Reads plain text: sentences, bullets and the notations inside them, in English and German."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    EntityFact,
    FieldFact,
    OpenFact,
    OperationFact,
    Reading,
    RelationFact,
    RoleFact,
    ServiceFact,
    StackFact,
    Stance,
    Standing,
    StateFact,
    Statement,
)
from bot.reading.endpoints import read_endpoints
from bot.reading.fields import read_fields
from bot.reading.names import name_key, vocabulary
from bot.reading.openly import heads_open_calls
from bot.reading.people import looks_like_people
from bot.reading.prose import figures, lifecycle, outside, things
from bot.reading.prose.access.callers import shared_callers
from bot.reading.prose.access.deeds import calls_of, not_they
from bot.reading.prose.access.grants import denied_alike, read_access
from bot.reading.prose.access.lists import Addressed, addressed, assigned
from bot.reading.prose.access.openness import open_operations
from bot.reading.prose.access.pronouns import of_the_same
from bot.reading.prose.access.roles import listed_roles, role_based
from bot.reading.prose.access.shares import heads, read_shares
from bot.reading.prose.access.sign_in import read_sign_in
from bot.reading.prose.access.tenancy import read_tenancy
from bot.reading.prose.access.wording import plainly
from bot.reading.prose.amendments import Amended, leads_amendments, read_amendments, read_corrections
from bot.reading.prose.architecture import read_architecture
from bot.reading.prose.arrows import read_arrows
from bot.reading.prose.asides import without_asides
from bot.reading.prose.attributes.bonds import read_bound
from bot.reading.prose.attributes.reader import named_things, read_attributes
from bot.reading.prose.belonging import read_belonging
from bot.reading.prose.cardinality import read_cardinalities
from bot.reading.prose.chains import read_chains
from bot.reading.prose.clause import RELATION_VERBS, Clause, TopicKind, stance, thing_name
from bot.reading.prose.conditions import read_condition
from bot.reading.prose.crows_feet import read_crows_feet
from bot.reading.prose.declarations import Declared, read_declaration
from bot.reading.prose.field_statements import read_field_statement
from bot.reading.prose.from_then_on import from_then_on
from bot.reading.prose.ideas import only_tells
from bot.reading.prose.inventories import read_inventory
from bot.reading.prose.keys_said import read_keys
from bot.reading.prose.layout import laid_out, plain_line
from bot.reading.prose.legends import starred
from bot.reading.prose.lives import read_life
from bot.reading.prose.narrated import asked_about, itself, opens_story, read_story
from bot.reading.prose.nested_calls import bare_path, paths_with_methods, under_path
from bot.reading.prose.nothing import says_none, says_none_and_why
from bot.reading.prose.partners import read_reached
from bot.reading.prose.periods import read_periods
from bot.reading.prose.pointers import points
from bot.reading.prose.rephrase import rephrased
from bot.reading.prose.requests import read_request
from bot.reading.prose.rules import read_rules
from bot.reading.prose.stances import named, split_stances
from bot.reading.prose.titles import Title, heading_entity
from bot.reading.prose.turns import (
    decided,
    is_elsewhere,
    is_hypothetical,
    left_out,
    repaired,
    speaks_of_itself,
    was_once,
    without_hesitation,
)
from bot.reading.prose.watching import read_watching
from bot.reading.segments import Segment
from bot.reading.spelling import label_of, mended_sentence
from bot.reading.tokens import LONGEST_SENTENCE, Token, Unit, clauses, language, squeezed, tokens, units
from bot.reading.words import (
    DETERMINERS,
    FUNCTION,
    LABEL_OF,
    NEGATIONS,
    NOTHING,
    NOTHING_PHRASES,
    POSTPONED,
    UNSURE,
    UNSURE_PHRASES,
)

_OF_PEOPLE = frozenset({"security", "data", "flow", "api", ""})
"""What is asked about where an answer may say who may do what."""
_LOOKS_AHEAD = 500
_DASHES = frozenset({"-", "–", "—", "--", "---", "...", "…"})
_ASKED = frozenset({"data", "api", "flow"})
"""What nobody can leave out: a dash there is no "none", but a question that is still open."""
_STRUCK = re.compile(r"~~(?=\S)[^~\n]{1,2000}~~|(?<![\w~/:.])~(?=[^\s~])[^~\n]{1,2000}(?<=\S)~(?![\w~])")
_COMMENT = re.compile(r"(?<![:\w/])//(?=\s|[A-Za-z])[^\n]*$")
_OLD = re.compile(r"//\s*(old|deprecated|alt|veraltet|legacy|removed|gone|entfällt|not used|unused)\b", re.I)
_CODE = re.compile(
    r"[{;]\s*$|^\s*(?:CREATE\s|@startuml|erDiagram|classDiagram|stateDiagram|openapi:|swagger:|class \w+[(:])", re.M
)
_ITEM = re.compile(r"^\s*(?:[-*+•◦▪‣·–—]|\*{2,4}|-{2,4}|\d{1,4}[.)]|[a-z]\)|[a-h]\.)\s+(?:\[[ xX]\]\s+)?")
_TAKE_BACK = re.compile(
    (
        r"\b(scratch that|forget (?:that|it|about that)|ignore (?:that|the above)|never ?mind|vergiss "
        r"das|vergesst das|doch nicht|strike that)\b"
    ),
    re.I,
)


@dataclass
class Context:
    """What the sentences before have left: the thing they were about, and the last path."""

    topic: str = ""
    source: str = ""
    entity: str = ""
    field: str = ""
    path: str = ""
    label: str = ""
    language: str = "en"
    title: str = ""
    roles: tuple[str, ...] = ()
    role: Addressed | None = None
    ends: tuple[str, ...] = ()
    """The states in which the sentence before has left the life of `entity`."""
    ahead: str = ""
    """The sentence that comes next."""


class ProseReader:
    """The reader that has what no notation's reader takes. `topics` says what each question asks about."""

    name = "prose"

    def __init__(self, topics: Mapping[str, TopicKind] | None = None) -> None:
        self._topics = dict(topics or {})
        self._roles: tuple[str, tuple[str, ...]] = ("", ())
        self._paths: frozenset[str] = frozenset()
        self._heads: list[str] = []
        self._granted: list[AccessFact] = []
        self._things: tuple[str, frozenset[str]] = ("", frozenset())
        self._spoken = ""

    def recognises(self, segment: Segment) -> bool:
        """Whether there is anything to read: everything is text at last."""
        return bool(segment.text.strip())

    def read(self, segment: Segment) -> Reading | None:
        """Return the statements of a segment, each with what it says."""
        if segment.kind == "document" or (segment.kind == "fence" and _CODE.search(segment.text)):
            unread = segment.statement(0, len(segment.text), self.name, Standing.NOT_UNDERSTOOD)
            return Reading(statements=(unread,))
        kind = self._topics.get(segment.topic, "")
        context = Context(topic=kind, source=segment.source, language=language(segment.text))
        context.roles = self._roles[1] if self._roles[0] == segment.source else ()
        title = Title() if leads_amendments(segment.lead) else heading_entity(segment.lead)
        if not title.label and not title.entity and segment.headings:
            title = heading_entity(segment.headings[-1])
        if title.label == "fields" and not title.entity:
            outer = next((t for t in map(heading_entity, reversed(segment.headings)) if t.entity), None)
            title = replace(title, entity=outer.entity) if outer else title
        context.label, context.entity, context.title = title.label, title.entity, title.entity
        context.role = self._addressed(segment, kind, context)
        statements: list[Statement] = []
        facts: list[AnyFact] = []
        found = self._units(segment, kind)
        self._paths = paths_with_methods(segment.text, found)
        self._granted, self._spoken = [], ""
        # What another text named is not known here: a text is read once, whichever others are asked about with it.
        self._things = (segment.source, self._things[1] if self._things[0] == segment.source else frozenset())
        self._heads = heads(segment.text, context.language) if kind == "security" else []
        for n, unit in enumerate(found):
            context.ahead = segment.text[found[n + 1].start : found[n + 1].end] if n + 1 < len(found) else ""
            for statement, said in self._unit(segment, unit, context):
                if statement.standing is Standing.WITHDRAWN and statement.withdrawn_by and statements:
                    statements[-1] = replace(statements[-1], standing=Standing.WITHDRAWN, withdrawn_by=statement.id)
                    facts = [f for f in facts if f.statement != statements[-1].id]
                    statement = replace(statement, standing=Standing.UNDERSTOOD, withdrawn_by="")  # noqa: PLW2901
                statements.append(statement)
                facts += said
                self._granted += [f for f in said if isinstance(f, AccessFact) and f.role not in ("", "*")]
                named = {name_key(f.name) for f in said if isinstance(f, EntityFact)}
                self._things = (segment.source, self._things[1] | named)
                context.roles = tuple(dict.fromkeys((*context.roles, *roles_of(said))))
        self._roles = (segment.source, context.roles)
        if heads_open_calls(segment.lead or next(iter(segment.headings[-1:]), "")):
            facts = [replace(f, public=True) if isinstance(f, OperationFact) and f.public is None else f for f in facts]
        return Reading(statements=tuple(statements), facts=tuple(shared_callers(facts)))

    def _units(self, segment: Segment, kind: str) -> list[Unit]:
        found = units(segment.text)
        return laid_out(segment.text, found) if kind == "data" and segment.kind != "list" else found

    def _addressed(self, segment: Segment, kind: str, context: Context) -> Addressed | None:
        """Return the role that a segment speaks of because of what stands above it."""
        if kind not in {"security", "flow", "api", ""} or segment.kind == "heading":
            return None
        return addressed(segment.lead, segment.headings, context.roles, asked=kind == "security")

    def _unit(self, segment: Segment, unit: Unit, context: Context) -> Iterable[tuple[Statement, list[AnyFact]]]:
        text = segment.text[unit.start : unit.end]
        plain = _visible(text)
        made = segment.statement(unit.start, unit.end, self.name)
        if not plain.strip(" \t\n-*+•.,;:|–—…") or _OLD.search(text):
            asked = segment.text.strip() in _DASHES and context.topic in _ASKED
            standing = Standing.WITHDRAWN if re.search(r"[^\W_]", text) else Standing.NOTHING_SAID
            yield (
                (made, [OpenFact(statement=made.id, about=context.topic, text=text)])
                if asked
                else (replace(made, standing=standing), [])
            )
            return
        if self._says_nothing(segment, plain):
            yield replace(made, standing=Standing.NOTHING_SAID), []
        elif len(plain) > LONGEST_SENTENCE and "/" not in plain:
            yield replace(made, standing=Standing.NOT_UNDERSTOOD), []
        elif (taken := _TAKE_BACK.search(plain[:200])) and speaks_of_itself(plain[: taken.start()]):
            before = without_hesitation(plain[: taken.start()])
            gone = [replace(f, stance=Stance.DENIED) for f in self._said(segment, unit, before, made.id, context)]
            yield replace(made, standing=Standing.UNDERSTOOD if gone else Standing.NOTHING_SAID), gone
        elif _TAKE_BACK.search(plain[:80]):
            rest = _TAKE_BACK.sub("", plain, count=1).strip(" ,.;:-–—")
            facts = self._said(segment, unit, rest, made.id, context) if rest else []
            yield replace(made, standing=Standing.WITHDRAWN, withdrawn_by="-"), facts
        elif segment.kind == "heading":
            yield _heading(segment, plain, made, context)
        else:
            facts = self._said(segment, unit, plain, made.id, context)
            yield replace(made, standing=Standing.UNDERSTOOD if facts else self._otherwise(plain, context)), facts

    def _says_nothing(self, segment: Segment, plain: str) -> bool:
        """Whether a unit only leads to others: a greeting, a pointer, "corrections:", a path above its methods."""
        if leads_amendments(plain) or bare_path(plain) in self._paths:
            return True
        return len(plain) < 100 and bool(
            _SIGNS_OFF.match(plain.strip())
            or (heads_open_calls(plain) and " " in plain.strip())
            or (segment.kind != "heading" and points(plain))
        )

    def _otherwise(self, plain: str, context: Context) -> Standing:
        low = squeezed(plain).lower().strip(" .!:-–—•*")
        words = re.findall(r"[^\W_]+", low)
        if says_none_and_why(low) or low in LABEL_OF or plain.rstrip().endswith(":") or not words:
            return Standing.NOTHING_SAID
        if (
            is_hypothetical(plain)
            or only_tells(plain)
            or is_elsewhere(plain)
            or (context.topic == "data" and not without_asides(plain))
            or asked_about(squeezed(plain), context.language)
        ):
            return Standing.NOTHING_SAID
        if words[0] in NOTHING and len(words) <= 6:
            return Standing.NOTHING_SAID
        if (any(p in low for p in NOTHING_PHRASES) or _POINTS_AT_OTHERS.search(low)) and len(words) <= 16:
            return Standing.NOTHING_SAID
        return Standing.NOT_UNDERSTOOD

    def _said(self, segment: Segment, unit: Unit, plain: str, statement: str, context: Context) -> list[AnyFact]:
        lang = language(plain) if len(plain) > 60 else context.language
        bare = _bare(plain_line(plain) if unit.item and unit.lead and context.topic == "data" else plain, context.topic)
        bare = under_path(bare, _above(segment, unit))
        if context.topic == "data":
            bare = without_asides(bare)
        if not bare or is_hypothetical(bare) or says_none(bare.lower().strip(" .!")):
            return []
        if (under := _put_off(bare, lang)) is not None:
            there = self._said(segment, unit, under[1], statement, context)
            return [replace(f, stance=under[0]) for f in there]
        if is_elsewhere(bare):
            return left_out(bare, statement, lang) if context.topic == "data" else []
        if was_once(bare):
            there = self._plainly(bare, tokens(bare, lang), statement, context, segment, unit, lang)
            return [
                replace(f, stance=Stance.DENIED) for f in there if isinstance(f, StackFact | ServiceFact | EntityFact)
            ]
        here, role, bare = self._here(segment, unit, plain, bare, context)
        bare, self._spoken = _with_noun(bare, self._spoken, here.topic, lang)
        words = tokens(bare, lang)
        if not words:
            return []
        found = self._at_once(segment, unit, bare, statement, here, role, lang)
        if found and isinstance(found[-1], RelationFact | FieldFact) and (first := _first_thing(found)):
            context.entity = first
        if not found:
            found = self._read(segment, unit, bare, words, statement, context, here, lang)
        return found

    def _here(
        self, segment: Segment, unit: Unit, plain: str, bare: str, context: Context
    ) -> tuple[Context, Addressed | None, str]:
        """Return what a unit is about because of what stands above it, and the unit in the grammar's own words."""
        here = context
        if _ITEM.match(plain) and segment.kind == "list" and not context.title:
            here = replace(context, entity="")  # an item says nothing of the item before it
        role = here.role
        if unit.lead:
            title = Title() if leads_amendments(unit.lead) else _lead_title(unit.lead)
            if context.topic == "security":
                role = addressed(unit.lead, segment.headings, context.roles, asked=True) or role
            here = replace(context, label=title.label or context.label, entity=title.entity or context.entity)
        if context.topic in {"data", ""} and "/" not in bare[:1]:
            pronoun = _PRONOUN.match(bare)
            bare = rephrased(f"A {here.entity} {bare[pronoun.end() :]}" if pronoun and here.entity else bare)
        return here, role, bare

    def _at_once(  # noqa: PLR0911 - one exit per form
        self, segment: Segment, unit: Unit, bare: str, statement: str, here: Context, role: Addressed | None, lang: str
    ) -> list[AnyFact] | None:
        """Read what its form tells: a field with "=", a right below a role, a wish, a correction; None for others."""
        if here.topic == "data" and here.entity and (given := _ASSIGNED.match(bare)):
            listed = read_fields(f"{given['name']}: {given['rest']}", here.entity, statement).fields
            if len(listed) == 1 and (listed[0].values or listed[0].type):
                return list(listed)
        if rights := self._rights(bare, statement, here, lang):
            return rights
        if here.topic == "security" and _BY_ROLE.match(bare):
            return [
                fact
                for piece in bare.split(";")
                if piece.strip()
                for fact in self._said(segment, unit, piece, statement, here)
            ]
        if role is not None and (said := assigned(role.name, bare, role.modal)):
            inside = replace(here, topic="security", roles=(*here.roles, thing_name(role.name, lang)))
            if granted := self._sentence(said, tokens(said, lang), statement, inside, lang):
                return granted
        if asked := read_reached(bare, statement) or read_request(bare, statement, here.entity):
            return asked
        if here.topic == "data" and (
            kept := self._of_things(_named_again(bare, here.entity), here.entity, statement, lang)
        ):
            return kept
        corrected = read_corrections(bare, statement, "") if _corrects(segment, unit) else ()
        return list(corrected) or None

    def _rights(self, bare: str, statement: str, here: Context, lang: str) -> list[AnyFact]:
        """Read who has which share of the rights, whose a call is, and who must not what others may."""
        known = (*here.roles, *self._heads)
        found = role_based(bare, statement, lang) if here.topic in _OF_PEOPLE else []
        if here.topic == "security" or here.label in {"roles", "access"}:
            found = found or read_shares(bare, statement, lang, known, self._granted)
            found = found or not_they(bare, statement, lang, self._granted)
        if not found and here.topic in {"security", "api"}:
            found = calls_of(bare, statement, lang, known)
        return found

    def _of_things(self, bare: str, entity: str, statement: str, lang: str) -> list[AnyFact]:
        return (
            read_field_statement(bare, entity, statement, lang)
            or read_crows_feet(bare, statement, lang)
            or read_keys(bare, statement, lang)
            or read_bound(bare, statement, lang)
            or read_cardinalities(bare, statement, lang, self._things[1])
            or named_things(bare, statement)
        )

    def _read(
        self,
        segment: Segment,
        unit: Unit,
        bare: str,
        words: Sequence[Token],
        statement: str,
        context: Context,
        here: Context,
        lang: str,
    ) -> list[AnyFact]:
        """Read an amendment, a declaration or a sentence, and note in `context` what it was about."""
        if kept := read_periods(bare, statement, lang, _above(segment, unit)):
            return kept
        if here.topic in {"data", "api", "flow"} and here.label not in {"fields", "roles"}:
            life = self._life(bare, statement, here, context, segment, unit, lang)
            if life or asked_about(bare, lang):
                return life
        under = _corrects(segment, unit)
        amends = read_amendments(bare, statement, "" if under else here.entity) if under or not unit.item else None
        if amends is not None:
            otherwise = self._plainly(bare, words, statement, replace(here), segment, unit, lang)
            otherwise = otherwise or read_architecture(bare, words, statement)
            return self._amended(segment, unit, amends, otherwise, statement, context)
        found = self._plainly(bare, words, statement, here, segment, unit, lang)
        found = found or read_architecture(bare, words, statement) or read_belonging(bare, statement)
        found = found or read_watching(bare, statement)
        context.path = next((f.path for f in reversed(found) if isinstance(f, OperationFact) and f.path), here.path)
        subject = next((f.entity for f in found if isinstance(f, FieldFact | StateFact) and f.entity), "") or next(
            (f.name for f in found if isinstance(f, EntityFact)), ""
        )
        if subject and not unit.lead and not (segment.kind == "list" and context.entity):
            context.entity = subject
        if here.label in {"denied", "later"}:
            by = Stance.DENIED if here.label == "denied" else Stance.POSTPONED
            found = [replace(f, stance=by) for f in found]
        return found

    def _life(
        self, bare: str, statement: str, here: Context, context: Context, segment: Segment, unit: Unit, lang: str
    ) -> list[AnyFact]:
        """Read what a sentence tells of a thing's life, or begins to, where the next one goes on with it."""
        before, context.ends = context.ends, ()
        bare = itself(bare)
        if changes := read_condition(bare, statement, lang, here.entity):
            context.entity = next((f.entity for f in changes if isinstance(f, StateFact)), here.entity)
            return changes
        if chain := read_chains(bare, statement, lang, here.entity):
            context.entity = next((f.name for f in chain if isinstance(f, EntityFact)), context.entity)
            return chain
        story = read_story(bare, statement, lang, here.entity, before)
        ahead = squeezed(context.ahead[:_LOOKS_AHEAD])
        if story is None and (opened := opens_story(bare, ahead, statement, lang)):
            goes_on = read_story(ahead, statement, lang, opened.entity, opened.ends)
            story = opened if goes_on and goes_on.entity == opened.entity else None
        if story is not None:
            context.entity, context.ends = story.entity, story.ends
            inside = replace(here, entity=story.entity)
            words = tokens(story.rest, lang)
            besides = self._plainly(story.rest, words, statement, inside, segment, unit, lang) if len(words) > 3 else []
            return [*story.facts, *besides]
        if asked := asked_about(bare, lang):
            context.entity = asked
        life = read_life(bare, statement, lang)
        context.entity = next((fact.entity for fact in life if isinstance(fact, StateFact)), context.entity)
        return life

    def _plainly(
        self,
        bare: str,
        words: Sequence[Token],
        statement: str,
        here: Context,
        segment: Segment,
        unit: Unit,
        lang: str,
    ) -> list[AnyFact]:
        """Read a list of things, a declaration, or else a sentence."""
        listable = here.topic == "data" and here.label in {"", "entities"} and not (unit.lead or here.title)
        if listable and (listed := read_inventory(bare, statement, lang)):
            return list(listed)
        item = unit.item or segment.kind == "list" or bool(unit.lead)
        if here.topic == "data" and (kept := read_attributes(bare, here.entity, statement, lang)):
            rest = tokens(kept.rest, lang)
            inside = replace(here, entity=kept.owner or here.entity)
            return [*kept.facts, *(self._sentence(kept.rest, rest, statement, inside, lang) if rest else ())]
        found = self._structured(bare, words, statement, here, item)
        return self._sentence(bare, words, statement, here, lang) if found is None else found

    def _amended(
        self,
        segment: Segment,
        unit: Unit,
        amends: Amended,
        plain: Sequence[AnyFact],
        statement: str,
        context: Context,
    ) -> list[AnyFact]:
        """Return an amendment, and what the rest of its sentence says: "no address after all, but a locker (text)".

        `plain` is what the sentence says if it turns out to amend nothing.
        """
        rest = amends.rest
        if context.entity and re.match(r"(?:an?|eine?n?) ", rest) and context.topic == "data":
            rest = f"A {context.entity} has {rest}"
        first = replace(amends.facts[0], otherwise=tuple(plain))
        return [
            first,
            *amends.facts[1:],
            *(self._said(segment, unit, rest, statement, context) if len(rest) > 2 else ()),
        ]

    def _structured(
        self, bare: str, words: Sequence[Token], statement: str, context: Context, item: bool
    ) -> list[AnyFact] | None:
        """Read declarations: ``Entity: fields``, ``name(col, col)``, ``Roles: a, b``; None where it is a sentence."""
        declared: Declared = read_declaration(
            bare,
            words,
            statement,
            topic=context.topic,
            label=context.label,
            entity=context.entity,
            item=item,
            language=context.language,
        )
        if declared.rest is None:
            return list(declared.facts)
        if declared.label or declared.facts:
            inner = replace(
                context,
                label=declared.label or context.label,
                entity=declared.entity or context.entity,
                topic=declared.topic or context.topic,
                roles=(*context.roles, *roles_of(declared.facts)),
            )
            rest = tokens(declared.rest, context.language)
            more = self._sentence(declared.rest, rest, statement, inner, context.language) if rest else []
            if declared.label in {"denied", "later"}:
                by = Stance.DENIED if declared.label == "denied" else Stance.POSTPONED
                more = [replace(f, stance=by) for f in more]
            return [*declared.facts, *more]
        return None

    def _sentence(
        self, text: str, words: Sequence[Token], statement: str, context: Context, lang: str
    ) -> list[AnyFact]:
        found: list[AnyFact] = []
        if context.topic in _OF_PEOPLE or context.label in {"roles", "access"}:
            said = plainly(text, asked=context.topic == "security" or context.label in {"roles", "access"})
            words = words if said == text else tokens(said, lang)
            text = said
        ends = read_endpoints(words, text, statement, context.path)
        found += [replace(f, stance=Stance.DENIED) for f in ends.facts] if _GONE.search(text) else ends.facts
        if len(words) > 1500:
            return found
        left = [w for n, w in enumerate(words) if n not in ends.used]
        whole = Clause(tuple(words), text, lang, context.topic)
        if context.label == "open":
            return [*found, OpenFact(statement=statement, about=context.topic, text=text)]
        if any(c.isalpha() for c in text) and not _readable(text):
            return found
        arrows = read_arrows(words, text, statement, topic=context.topic, entity=context.entity, language=lang)
        found += arrows
        if any(isinstance(f, RelationFact) for f in arrows) and not any(
            w.lemma in RELATION_VERBS and len(w.low) > 1 for w in words
        ):
            return found
        if context.label == "states" and not found:
            found += lifecycle.read_chain(words, context.entity, statement)
        people = context.topic in {"security", "", "flow", "api"} or context.label in {"roles", "access"}
        if people and (roles := listed_roles(whole, statement)):
            return [*found, *roles]
        found += outside.read_conventions(whole, statement, ends.base_path)
        found += open_operations(whole, ends.facts, statement)
        limited = context.topic == "security" and any(w.low in {"rate", "throttle", "rate-limit"} for w in words)
        figures_too = context.topic in {"performance", "", "api", "flow", "integrations", "data"} or limited
        if figures_too or context.label == "numbers":
            about = "performance" if context.label == "numbers" else context.topic
            for part in clauses(words):
                named = read_endpoints(part, text, statement, context.path).facts if ends.facts else ()
                found += figures.read_figures(_clause(part, text, lang, about), statement, named)
        found += self._clauses(text, left if ends.facts else words, statement, context, lang, bool(ends.facts))
        return found + self._open(whole, statement, found, context)

    def _clauses(
        self, text: str, words: Sequence[Token], statement: str, context: Context, lang: str, api: bool
    ) -> list[AnyFact]:
        found: list[AnyFact] = []
        subject = context.entity
        granted: list[AccessFact] = []
        spoken: list[AccessFact] = []
        for part in clauses(words):
            for piece in split_stances(part, lang, context.topic, context.roles):
                clause = _clause(named(piece, granted), text, lang, context.topic)
                here = denied_alike(clause, granted, statement, context.roles) or self._clause(
                    clause, statement, replace(context, entity=subject), api, granted or spoken
                )
                spoken = [f for f in here if isinstance(f, AccessFact)] or spoken
                granted = [f for f in here if isinstance(f, AccessFact) and f.role not in ("", "*")] or granted
                found += here
                subject = next((f.entity for f in here if isinstance(f, StateFact) and f.entity), "") or next(
                    (f.name for f in here if isinstance(f, EntityFact)), subject
                )
        return found

    def _clause(
        self, clause: Clause, statement: str, context: Context, api: bool, granted: Sequence[AccessFact] = ()
    ) -> list[AnyFact]:
        topic, label = context.topic, context.label
        found: list[AnyFact] = []
        if topic in {"stack", "", "flow", "integrations", "data"} or label in {
            "database",
            "language",
            "framework",
            "cache",
            "messaging",
            "search",
            "storage",
            "deployment",
        }:
            found += outside.read_stack(clause, statement, label)
        if topic in {"integrations", "stack", "flow", ""} or label == "services":
            found += outside.read_services(
                replace(clause, topic="integrations") if label == "services" else clause, statement
            )
        for piece in clauses(clause.words, frozenset({",", ";"})):
            found += outside.read_events(_clause(piece, "", clause.language, topic, clause), statement)
        if topic in {"security", "flow", "api", ""} or label in {"signin", "access"}:
            found += [f for f in read_sign_in(clause, statement) if not (api and f.scheme == "none")]
        if topic in {"integrations", "performance", "stack"} and label not in {"signin", "access", "rules"}:
            return found + (read_rules(clause, statement, context.entity) if topic == "performance" else [])
        tenancy = read_tenancy(clause, statement)
        changes = lifecycle.read_changes(clause, statement, context.entity)
        grants = (
            []
            if changes or tenancy
            else read_access(
                replace(clause, topic="security") if label == "access" else clause, statement, context.roles, granted
            )
        )
        rules = read_rules(clause, statement, context.entity)
        grants = from_then_on(of_the_same(grants, clause.low), clause.low, rules)
        found += [*tenancy, *changes, *grants, *rules]
        if topic == "security" and label not in {"entities", "fields"}:
            return found
        if not changes and not tenancy:
            grown = things.read_things(clause, statement)
            doing = topic in {"data", "flow"} or context.source in {"title", "description"}
            if doing and not grown and not grants and not rules and not found and not api:
                grown = things.read_doings(clause, statement)
            elif not grown and grants:
                named = next((f.entity for f in grants if isinstance(f, AccessFact) and f.entity), "")
                grown = [EntityFact(statement=statement, name=named)] if named and topic == "data" else []
            found += grown
        return found + lifecycle.states_as_field(changes, statement)

    def _open(self, clause: Clause, statement: str, found: Sequence[AnyFact], context: Context) -> list[AnyFact]:
        low = f" {clause.low} "
        unsure = (
            any(f" {p}" in low for p in UNSURE_PHRASES)
            or any(w.low in {"tbd", "tbc", "unclear", "unklar"} for w in clause.words)
            or (clause.text.rstrip().endswith("?") and len(clause.words) > 2)
        )
        if unsure and not any(f.stance is Stance.UNSURE for f in found):
            return [OpenFact(statement=statement, about=context.entity or context.topic, text=clause.text)]
        return []


def _above(segment: Segment, unit: Unit) -> str:
    """Return the line that a unit stands below: of its own list, of its segment, or the heading."""
    return unit.lead or segment.lead or next(iter(segment.headings[-1:]), "")


def _first_thing(facts: Iterable[AnyFact]) -> str:
    return next((f.name for f in facts if isinstance(f, EntityFact)), "")


def _named_again(bare: str, entity: str) -> str:
    """Return a sentence with the thing that its pronoun stands for: "it's written by one inspector"."""
    found = _STANDS_FOR.match(bare) if entity else None
    return f"A {entity}{' is' if found['is'] else ''} {bare[found.end() :]}" if found else bare


def _with_noun(text: str, before: str, topic: str, lang: str) -> tuple[str, str]:
    """Return a text with the things that "browsing them" speaks of put in, and the last ones that it speaks of itself.

    `before` are those that the sentence before spoke of. Only where rights are asked about.
    """
    if topic != "security" or len(text) > _LOOKS_AHEAD:
        return text, ""
    if before and (found := _DOING_THEM.match(text)):
        text = f"{found['doing']} {before}{text[found.end() :]}"
    many = [n.said.split()[-1] for n in Clause(tuple(tokens(text, lang)), text, lang).nouns() if n.many]
    return text, next((n for n in reversed(many) if not looks_like_people(n)), many[-1] if many else "")


def _put_off(text: str, lang: str) -> tuple[Stance, str] | None:
    """Return how a head that only says when stands to what is behind it, and that: "Later, not now: POST /x"."""
    found = _WHEN.match(text)
    if found is None or label_of(found["when"].lower().strip()) or _WHEN.match(found["what"]):
        return None
    words = tokens(found["when"].lower(), lang)
    by = stance(words)
    late = by is Stance.POSTPONED or (
        by is Stance.UNSURE and stance([w for w in words if w.low not in UNSURE]) is Stance.POSTPONED
    )
    times = POSTPONED | UNSURE | NEGATIONS | FUNCTION | DETERMINERS | _TIMES
    return (
        (Stance.POSTPONED, found["what"]) if late and all(w.low in times or w.kind != "word" for w in words) else None
    )


def _corrects(segment: Segment, unit: Unit) -> bool:
    return leads_amendments(_above(segment, unit))


def _heading(segment: Segment, plain: str, made: Statement, context: Context) -> tuple[Statement, list[AnyFact]]:
    """Return what a heading names: a role where rights are asked about, a thing where data are."""
    bare = squeezed(plain).lstrip("# ")
    title = heading_entity(bare)
    role = addressed("", (*segment.headings, bare), context.roles, asked=context.topic == "security")
    if role is not None and context.topic in {"security", ""}:
        return made, [RoleFact(statement=made.id, name=thing_name(role.name, context.language))]
    if title.entity and context.topic == "data" and title.sure:
        return made, [EntityFact(statement=made.id, name=title.entity)]
    return replace(made, standing=Standing.NOTHING_SAID), []


def _clause(piece: Sequence[Token], text: str, lang: str, topic: str, outer: Clause | None = None) -> Clause:
    if outer is not None:
        shift = outer.words[0].start
        return Clause(tuple(piece), outer.text[piece[0].start - shift : piece[-1].end - shift], lang, topic)
    return Clause(tuple(piece), text[piece[0].start : piece[-1].end], lang, topic)


def _readable(text: str) -> bool:
    """Whether a text is in Latin letters, so that its words can be read at all."""
    letters = sum(c.isalpha() for c in text)
    return sum(c.isalpha() and ord(c) <= 0x24F for c in text) * 2 > letters


_POINTS_AT_OTHERS = re.compile(
    r"\b(?:work in|address|incorporate|take in|consider|see|follow|mind) (?:all )?(?:the )?(?:reviewers?|others"
    r"|colleagues|team)['’]?s?"
    r" (?:comments|remarks|points|feedback|notes|wishes)\b"
    r"|\b(?:do|change|fix) (?:all )?(?:what|whatever|everything|as) (?:that )?(?:the )?(?:reviewers?|others"
    r"|colleagues|security) (?:want|say|said"
    r"|ask|asked|wrote|wished|need)"
    r"|\b(?:work in|address|incorporate|take in|see|follow) (?:all )?(?:what|the (?:comments|remarks|points"
    r"|feedback|notes)"
    r"|everything)\b.{0,30}\b(?:reviewers?|people|others|colleagues|security|team)\b"
    r"|\b(?:anmerkungen|kommentare|punkte|hinweise) (?:der|des|von) .{2,40}\b(?:einarbeiten|berücksichtigen"
    r"|übernehmen)\b"
)
"""Feedback that only points at what others said, and asks for nothing of its own."""
_WITH = re.compile(r"(?<![\w/])w/ ?(?=[\w(])", re.I)
_PRONOUN = re.compile(
    r"(?:It|Es|They) (?=(?:also |always |auch )?(?:has|gets|carries|hat|belongs|(?:is|can be|may be|ist"
    r"|kann) (?:either|entweder|one of))\b)"
)
_STANDS_FOR = re.compile(r"(?:it|they|he|she)(?P<is>['’]s)? (?=\S)", re.I)
_ASSIGNED = re.compile(r"^(?P<name>[a-z]\w{0,40}) = (?P<rest>[^=<>]{2,400})$")
"""``lab_status = received, reported``: a field of the thing that was spoken of, and its members."""
_BY_ROLE = re.compile(r"^(?:[^\W\d][\w /-]{1,30}: [^;:]{2,200};\s*)+[^\W\d][\w /-]{1,30}: [^;:]{2,200};?$")
"""``admin: all; reader: read``: a line of roles, each with what it may do."""
_DOING_THEM = re.compile(r"(?P<doing>[a-z]{3,20}ing) (?:them|these|those|it)\b", re.I)
_WHEN = re.compile(r"^(?P<when>[^\W\d][^:/(){}\n]{2,40}): (?P<what>\S.*)$")
_TIMES = vocabulary(
    "next year quarter phase release version launch start now one two ii second first nächstes nächsten jahr jetzt erst"
)
_GONE = re.compile(
    r"^(?:[A-Z]{3,7} )?/\S+(?:(?:,| and| und) (?:[A-Z]{3,7} )?/\S+)* (?:(?:is|are|was|were|has been|have been|got"
    r"|gets|ist|sind|wird|wurde"
    r"|werden)(?: now| also| then)? (?:gone|out|dropped|removed|cut|cancelled|history|deleted|obsolete|deprecated"
    r"|not needed|no longer"
    r" (?:needed|wanted)|not wanted|raus|gestrichen|weg|entfernt|hinfällig|überflüssig)|goes away|go away|can go"
    r"|fällt weg|fallen weg|entfällt"
    r"|entfallen|gibt es nicht(?: mehr)?|brauchen wir nicht(?: mehr)?|we (?:don['’]t|no longer|do not) (?:need"
    r"|want)(?: any ?more)?)",
    re.I,
)
"""A call that is gone: "POST /exports is gone"."""
_PICTURE = re.compile(r"^[\u2600-\u27bf\u2b50-\u2b55\ufe0f\u200d\U0001f000-\U0001faff]+\s*(?=[^\W\d])")
"""Pictures that people put before a line as its bullet."""
_EMOJI = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]{1,40}:(?!\w)")
_SIGNS_OFF = re.compile(
    r"^(?:best|cheers|thanks|thank you|thx|regards|br|rgds|greetings|sincerely|(?:kind|best|warm) regards|all"
    r" the best|"
    r"take care|hi|hello|hey|dear|viele grüße|beste grüße|liebe grüße|gruß|grüße|lg|vg|mfg|danke|hallo|moin|servus)\b"
    r"[,!. ]*(?:[^\W\d]\w*[,!. ]*){0,3}$",
    re.I,
)


_ASIDE = re.compile(r"\s[-–—]\s|:\s|\s\(")


def _lead_title(lead: str) -> Title:
    """Return what the line above nested items introduces, without what it says besides: ``Kite - what flies``."""
    title = heading_entity(lead)
    return title if title.label or title.entity else heading_entity(_ASIDE.split(lead, maxsplit=1)[0])


def _bare(plain: str, topic: str) -> str:
    """Return a unit without its bullet, and without slips in the words that bind it."""
    bare = squeezed(_ITEM.sub("", plain))
    if topic != "security" or bare[:1] not in "❌✗✘🚫⛔":  # there these say that somebody must not
        bare = _PICTURE.sub("", bare)
    bare = _WITH.sub("with ", bare)
    bare = decided(repaired(starred(bare)))
    return mended_sentence(bare) if topic in _OF_PEOPLE else bare


def _visible(text: str) -> str:
    """Return a text without what is struck through, behind ``//``, or an emoji's name (``:bell:``)."""
    if ":" in text:
        text = _EMOJI.sub(" ", text)
    if "~" in text:
        text = _STRUCK.sub(" ", text)
    if "//" in text:
        text = _COMMENT.sub("", text)
    return text


def roles_of(facts: Iterable[AnyFact]) -> list[str]:
    """Return the names of the roles among some facts."""
    return [f.name for f in facts if isinstance(f, RoleFact)]


__all__ = ["UNSURE", "ProseReader", "cast", "roles_of"]
