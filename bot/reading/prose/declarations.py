"""Reads what stands under a name: ``name(col, col)``, ``Entity: fields``, ``Roles: a, b``, a heading with bullets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.facts import AnyFact, EntityFact, FieldFact, OpenFact, OperationFact, RoleFact, StateFact, ValueType
from bot.reading.endpoints import read_endpoints
from bot.reading.field_cells import stated_cells
from bot.reading.field_notes import parts
from bot.reading.fields import read_fields
from bot.reading.names import name_key
from bot.reading.openly import heads_open_calls
from bot.reading.people import looks_like_people
from bot.reading.prose import lifecycle, rules
from bot.reading.prose.access.lists import assigned, of_thing
from bot.reading.prose.access.roles import read_roles
from bot.reading.prose.access.shares import noted_shares
from bot.reading.prose.clause import ACCESS_VERBS, COMMON, DECLARABLE, thing_name
from bot.reading.prose.titles import STOP_TITLES, heading_entity, is_latin
from bot.reading.spelling import label_of
from bot.reading.tokens import Token, tokens
from bot.reading.types import value_type
from bot.reading.words import FUNCTION, NONE_ANSWERS

_CALL = re.compile(r"([^\W\d]\w*)\s?\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_COLON = re.compile(r":(?=\s|$)|\s[–—-]\s|\s=\s(?=[{\[(])")
_LINKS_TO = re.compile(
    r"(?:belongs? to|is part of|part of|references|refers to|gehört zu[mr]?|teil von|"
    r"has (?:many|one)|hat (?:viele|einen?))\s+\S",
    re.I,
)
_TAILED = re.compile(
    r"([^():,]{1,60}?)\s?(\((?:[^()]|\([^()]*\))*\))[,;]?\s+(?=belongs? to |gehör(?:t|en) zu|has |is |hat |per )"
)
"""``Receipt (number, issued_on date) belongs to a donation``."""
_INTRODUCED = re.compile(
    r"^[^:]{3,80}\b(?:there (?:is|are|must be)|we (?:have|need|keep|store)|exists?)\b[^:]{0,30}?"
    r" (?:an?|the|one) (?:table |entity )?(?:called |named )?(?P<name>[^\W\d]\w{1,40})$",
    re.I,
)
"""``no idea, but there is certainly an Anchor: weight int``: the name is the last word before the colon."""
_HEADS_FIELDS = re.compile(
    r"^(?:[\w'’-]+ ){0,3}(?:db|database|data|schema|fields?|columns?|attributes|properties|stuff|things?|bits|info"
    r"|spalten|felder|attribute|daten|angaben|zeug)\b(?: [\w'’-]+){0,2} (?:for|of|about|on|in|für|zu[mr]?|von|des|der)"
    r" (?:(?:the|an?|our|each|every|one|die|das|den|dem|der|einer?|einen?|jede[nrsm]?|unsere[nrm]?) )?"
    r"[\"'`]?(?P<name>[^\W\d][\w-]{1,40})[\"'`]?(?: (?:table|entity|model|record|tabelle|entität))?$",
    re.I,
)
"""``db stuff for the kite table``: what stands above the fields of a thing says which."""
_FIELDISH = frozenset(
    [
        "status",
        "state",
        "type",
        "kind",
        "category",
        "priority",
        "level",
        "stage",
        "phase",
        "mode",
        "severity",
        "role",
        "gender",
        "currency",
        "unit",
        "zustand",
        "typ",
        "art",
        "kategorie",
        "priorität",
        "stufe",
    ]
)
_DOES = re.compile(
    (
        r"^(?:can|may|must|darf|dürfen|read|write|create|full access|everything|all|only|view|manage|see|"
        r"edit|delete|lesen|alles|no access|nothing|crud)\b"
    ),
    re.I,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration says. `rest` is what is left to read, None if nothing is; `label` and `topic` are for it."""

    facts: tuple[AnyFact, ...] = field(default=())
    rest: str | None = ""
    label: str = ""
    entity: str = ""
    topic: str = ""


def read_declaration(
    bare: str, words: Sequence[Token], statement: str, *, topic: str, label: str, entity: str, item: bool, language: str
) -> Declared:
    """Read a declaration, or return one whose `rest` is the whole text where it is none."""
    none = Declared(rest=bare)
    reader = _Reader(statement, topic, label, entity, item, language)
    if words[0].kind == "path" or words[0].method:
        return none
    if called := reader.calls(bare, words):
        return called
    head, rest = _head(bare)
    if head:
        return reader.labelled(bare, head, rest) or none
    return reader.bare(bare, words) or none


def _head(text: str) -> tuple[str, str]:
    """Return what stands before the first colon or dash, if it is short enough for a name, and the rest."""
    match = _COLON.search(text[:90])
    if not match:
        return "", ""
    head = text[: match.start()].strip().strip("*_`\"'")
    if tail := _INTRODUCED.search(head) or _heads_fields(head, text[match.end() :]):
        head = tail["name"]
    if (
        not head
        or ("(" in head and ")" not in head)
        or len(re.sub(r"\([^)]*\)", "", head).split()) > 5
        or "," in re.sub(r"\([^)]*\)", "", head)
        or ("/" in head and " " in head)
    ):
        return "", ""
    if "://" in text[: match.end() + 2]:
        return "", ""
    return head, text[match.end() :].strip()


def _heads_fields(head: str, rest: str) -> re.Match[str] | None:
    """Return whose fields a head says that stand behind it, where one of those has a type."""
    found = _HEADS_FIELDS.match(head) if len(head) < _LONGEST_HEAD else None
    told = found and any(f.type or f.values for f in read_fields(rest.rstrip("."), "x", "s").fields)
    return found if told else None


_LONGEST_HEAD = 80
_COUNTED = re.compile(
    r"^(?:(?:so|just|only|well|ok|okay|then|we|i|there|have|need|keep|store|are|is|want|see|nur|also|es|gibt|wir|haben|brauchen|bloß)\s+)*"
    r"(?:the\s+|die\s+|these\s+)?(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}|zwei|drei|vier|fünf|sechs|sieben|acht|following"
    r"|folgende[n]?)\s+)(?=\w)",
    re.I,
)
"""What stands before a label that says how many there are: "just two tables"."""
_ONLY_COMPARES = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+\s*(?:<=|>=|<|>|≤|≥)\s*[a-z][a-z0-9]*(?:_[a-z0-9]+)+\s*\.?")
"""A comparison of two columns and nothing else: a rule of the thing before the colon, and no list of its fields."""


@dataclass(frozen=True)
class _Reader:
    statement: str
    topic: str
    label: str
    entity: str
    item: bool
    language: str

    def calls(self, bare: str, words: Sequence[Token]) -> Declared | None:
        """Read ``team_members(team_id, user_id), invoice_lines(…)``."""
        if (
            self.topic not in {"data", "", "api", "flow"}
            or self.label in {"roles", "services", "endpoints"}
            or (self.entity and self.item and not _TAILED.match(bare))
        ):
            return None
        spaced = len(words) > 1 and words[1].text == "(" and words[1].start > words[0].end
        if (
            len(words) < 3
            or words[0].kind != "word"
            or words[1].text != "("
            or (
                spaced
                and not (self.topic == "data" and ("," in bare) and (self.item or _column_like(words[0].text, bare)))
            )
        ):
            return None
        if tail := _TAILED.match(bare):
            inner = replace(self, entity="").calls(f"{tail[1]} {tail[2]}", words)
            if inner:
                name = thing_name(tail[1].strip(" *`"), self.language)
                return Declared(inner.facts, f"A {name} {bare[tail.end() :]}", entity=name)
        facts: list[AnyFact] = []
        for part in parts(bare.rstrip("."), ",;"):
            for match in _CALL.finditer(part):
                if match.start() and part[: match.start()].strip(" ,;*").lower() not in {"", "and", "und", "table"}:
                    break
                name = match[1]
                owner = thing_name(name, self.language)
                fields = read_fields(match[2], owner, self.statement, typed=_typed(match[2]) and not spaced).fields
                if spaced and len(fields) < 2:
                    return None
                facts += [self._entity(name), *fields]
        return Declared(tuple(facts), None) if any(isinstance(f, FieldFact) for f in facts) else None

    def _entity(self, said: str) -> EntityFact:
        said = re.sub(
            r"^(?:(?:for|für|zu|about|of|über)\s+(?=\S+$|(?:an?|the|each|every|den|die|das|jede[rsn]?)\s))?"
            r"(?:(?:an?|the|our|each|every|der|die|das|den|ein|eine|jede[rsn]?|table|tabelle|entity)\s+)?",
            "",
            said.strip(" .*_`'\""),
            flags=re.I,
        )
        name = thing_name(said, self.language)
        return EntityFact(statement=self.statement, name=name, plural=said if said != name else "")

    def labelled(self, bare: str, head: str, rest: str) -> Declared | None:  # noqa: PLR0911, PLR0912 - one exit per kind of label
        """Read a text with a name and a colon before it."""
        named = _names_thing(head) or head.lower() in DECLARABLE
        if self.topic == "data" and _CALL.match(rest) and not named and label_of(head.lower()) != "fields":
            return replace(self, item=False).calls(rest, tokens(rest, self.language))
        key = re.sub(r"^(?:the|our|die|unsere|der|das)\s+", "", head.lower().strip())
        note = re.search(r"\(([^)]*)\)", key)
        key = re.sub(r"\s*\([^)]*\)\s*", "", key).strip()
        key = re.sub(r" (?:also|then|so|hence|therefore|sind|are|wären|would be)$", "", _COUNTED.sub("", key))
        label = label_of(key)
        fieldish = (key in _FIELDISH or label == "states") and bool(self.entity) and self.topic in {"data", ""}
        if fieldish and not any(a in rest for a in lifecycle.ARROWS - {">"}):
            return Declared(
                read_fields(bare, self.entity, self.statement, bullet=self.item).fields, None, entity=self.entity
            )
        if heads_open_calls(key) and _has_path(rest):
            return Declared((), f"{rest.rstrip(' .')} - no login", label="endpoints")
        if not rest.strip(" ."):
            title = heading_entity(head)
            if title.label == "states":
                return Declared((), None, label="states", entity=title.entity)
            if label or not title.entity or self.topic not in {"data"}:
                return Declared((), "", label=label)
            return Declared((self._entity(head),), None)
        if rest.lower().strip(" .") in NONE_ANSWERS and label:
            return Declared((), None, label=label)
        if not label and self.topic in {"data", ""} and _ONLY_COMPARES.fullmatch(rest):
            made = self._entity(head)
            return Declared((made,), rest, entity=made.name)
        if label == "entities":
            return self.entities(rest)
        if label == "roles":
            roles = read_roles(tokens(rest.rstrip("."), self.language), self.statement, self.language)
            return Declared((*roles, *noted_shares(roles, self.statement, self.language)), None)
        if label == "fields" and self.entity:
            return Declared(read_fields(rest, self.entity, self.statement).fields, None)
        if label == "open":
            return Declared((OpenFact(statement=self.statement, about=self.topic, text=rest),), None)
        if label:
            return Declared(
                (),
                rest,
                label=label,
                topic={
                    "services": "integrations",
                    "numbers": "performance",
                    "signin": "security",
                    "access": "security",
                    "database": "stack",
                    "language": "stack",
                    "framework": "stack",
                }.get(label, ""),
            )
        if self.item and self.label == "entities":
            return self._described(head, rest)
        if self.item and self.label == "roles":
            facts = read_roles(tokens(head, self.language), self.statement, self.language)
            role = facts[0].name if facts and isinstance(facts[0], RoleFact) else ""
            said = assigned(role, rest) if role else ""
            return Declared(tuple(facts), said or f"{role} {rest}", topic="security")
        if (
            self.item
            and self.entity
            and self.label not in {"endpoints", "services"}
            and self.topic in {"data", ""}
            and not _has_path(rest)
            and name_key(key) != name_key(self.entity)
        ):
            fields = read_fields(bare.rstrip("."), self.entity, self.statement, bullet=True)
            if len(rest.split()) < 30 and fields.fields and not _sentence(rest):
                return Declared(
                    (EntityFact(statement=self.statement, name=self.entity), *fields.fields), None, entity=self.entity
                )
        if self.topic == "security" or self.label in {"access", "roles"}:
            return self._granted(head, key, rest)
        if self.topic in {"data", "", "api", "flow"} and self.label not in {"services", "numbers"}:
            return self._described(head, rest, note[1] if note else "")
        return None

    def _granted(self, head: str, key: str, rest: str) -> Declared | None:
        """Read ``Brewer: add batches``, or ``Batches: brewers only`` about a thing."""
        if len(key.split()) > 3:
            return None
        said = assigned(re.sub(r"\s*\([^)]*\)", "", head).strip(), rest)
        if _DOES.match(rest) or (looks_like_people(key) and said):
            facts = read_roles(tokens(head, self.language), self.statement, self.language)
            return Declared(tuple(facts), said or f"{head} may {rest}", topic="security")
        said = "" if looks_like_people(key) else of_thing(head, rest)
        return Declared((), said, label="access", topic="security") if said else None

    def _described(self, head: str, rest: str, _note: str = "") -> Declared | None:  # noqa: PLR0911
        """Read ``Invoice: number, status (draft|sent)``; a name before endpoints is a thing if the path says so."""
        rest = stated_cells(rest) if self.topic == "data" and "," in rest else rest
        title = heading_entity(head)
        common = head.lower() in COMMON and self.topic == "data"
        if not common and head.lower() in DECLARABLE and self.topic == "data" and not _sentence(rest):
            found = read_fields(rest.rstrip("."), self._entity(head).name, self.statement)
            told = any(f.type or f.unique or f.required or f.values for f in found.fields)
            if found.certain and told and len(found.fields) > 1:
                return Declared((self._entity(head), *found.fields), None, entity=self._entity(head).name)
        if not (title.entity or common) and not (
            is_latin(head) and head[:1].isupper() and len(head.split()) <= 2 and head.lower() not in STOP_TITLES
        ):
            return None
        made = self._entity(re.sub(r"\s*\([^)]*\)\s*", "", head))
        if title.label == "states" and title.entity and any(a in rest for a in lifecycle.ARROWS):
            made = self._entity(title.entity)
        if self.topic in {"data", "api"} and (rule := rules.compared(rest, made.name, self.statement)):
            return Declared((made, rule), None, entity=made.name)
        if _has_path(rest):
            ends = read_endpoints(tokens(rest, self.language), rest, self.statement)
            named = any(
                name_key(made.name) == name_key(piece)
                for f in ends.facts
                if isinstance(f, OperationFact)
                for piece in f.path.split("/")
                if piece
            )
            return Declared((made,) if named else (), rest)
        if any(a in rest for a in lifecycle.ARROWS - ({">"} if title.label != "states" else set())):
            # Behind a semicolon stands another way, or a remark, which has no arrow.
            ways = ";".join(part for part in rest.split(";") if any(a in part for a in lifecycle.ARROWS))
            chain = lifecycle.read_chain(tokens(ways, self.language), made.name, self.statement)
            return (
                Declared((made, *chain, *lifecycle.states_as_field(chain, self.statement)), None, entity=made.name)
                if chain and self.topic != "stack"
                else None
            )
        if self.topic == "data" and _LINKS_TO.match(rest) and "," not in rest:
            return Declared((made,), f"A {made.name} {_linked(rest)}", entity=made.name)
        if self.topic == "data" and (linked := self._with_links(made, rest)):
            return linked
        if _sentence(rest) or (self.topic in {"api", "flow"} and _does(rest)):
            return Declared(
                (replace(made, description=rest),) if self.topic == "data" or self.label == "entities" else (),
                rest,
                entity=made.name,
            )
        found = read_fields(rest.rstrip("."), made.name, self.statement)
        cells = parts(rest, ",;")
        short = all(len(re.sub(r"\(.*", "", c).split()) <= 4 for c in cells)
        if (
            found.fields
            and (found.certain or (short and (len(cells) > 1 or self.topic == "data")))
            and (self.topic == "data" or found.certain)
        ):
            return Declared((made, *found.fields), None, entity=made.name)
        if self.topic == "data":
            return Declared(
                (replace(made, description=rest),), None if len(rest.split()) < 3 else rest, entity=made.name
            )
        return None

    def _with_links(self, made: EntityFact, rest: str) -> Declared | None:
        """Read ``name, price (euro), belongs to a shop``: fields, and what the thing hangs on."""
        cells = parts(rest.rstrip("."), ",;")
        links = [c for c in cells if _LINKS_TO.match(c)]
        own = [c for c in cells if c not in links]
        if not links or not own or any(_sentence(c) or len(re.sub(r"\(.*", "", c).split()) > 4 for c in own):
            return None
        found = read_fields(", ".join(own), made.name, self.statement)
        said = ". ".join(f"A {made.name} {_linked(c)}" for c in links)
        return Declared((made, *found.fields), said, entity=made.name) if found.fields else None

    def entities(self, text: str) -> Declared:
        """Read a list of entities, each perhaps with its fields in brackets."""
        facts: list[AnyFact] = []
        for part in parts(re.sub(r",?\s+(?:and|und|sowie|&|plus)\s+", ", ", text.strip(" .")), ",;"):
            match = re.match(r"([^()]+?)\s*(?:\((.*)\))?$", part)
            name = (match[1] if match else part).strip(" .*_`")
            words = name.split()
            if (
                not words
                or len(words) > 4
                or name.lower() in {"etc", "usw", "others", "more"}
                or name.lower() in NONE_ANSWERS
                or not re.match(r"[^\W\d_]", name)
            ):
                continue
            made = self._entity(name)
            facts.append(made)
            if match and match[2] and ("," in match[2] or ":" in match[2]):
                facts += read_fields(match[2], made.name, self.statement).fields
        return Declared(tuple(facts), None, label="entities")

    def bare(self, text: str, words: Sequence[Token]) -> Declared | None:  # noqa: PLR0911
        """Read an item or list without a colon: a field of the heading, an entity, a role."""
        if self.item and self.entity and self.topic in {"data", ""} and _LINKS_TO.match(text):
            made = self._entity(self.entity)
            return Declared((made,), f"A {self.entity} {_linked(text)}", entity=self.entity)
        if (
            any(w.kind == "path" or w.method for w in words)
            or any(w.text in lifecycle.ARROWS - {">"} for w in words)
            or re.search(r"\b[1nm*]\s*:\s*[1nm*]\b", text, re.I)
        ):
            return None
        if self.label == "roles" and self.item:
            return None if _sentence(text) else Declared(tuple(read_roles(words, self.statement, self.language)), None)
        if _sentence(text):
            return None
        if self.item and self.label == "entities":
            return self.entities(text)
        if self.item and self.label == "states" and self.entity:
            return Declared(tuple(_state_item(text, self.entity, self.statement)), None)
        if (
            self.item
            and self.entity
            and self.label not in {"endpoints", "services", "roles", "rules", "access"}
            and self.topic in {"data", ""}
        ):
            found = read_fields(text.rstrip("."), self.entity, self.statement, bullet=True)
            cells = parts(text, ",;")
            if (
                found.fields
                and (found.certain or self.topic == "data")
                and all(len(re.sub(r"\(.*", "", c).split()) <= 6 for c in cells)
            ):
                return Declared((EntityFact(statement=self.statement, name=self.entity), *found.fields), None)
            return None
        if self.topic == "data" and self.label in {"", "entities"}:
            cells = parts(re.sub(r",?\s+(?:and|und|sowie)\s+", ", ", text.strip(" .")), ",;")
            if (
                all(len(re.sub(r"\(.*\)", "", c).split()) <= 3 for c in cells)
                and (len(cells) > 1 or self.item)
                and not any(w.low in FUNCTION - {"and", "und", "or"} for w in words)
            ):
                if self.entity and not self.item:
                    return None
                return self.entities(text)
        return None


_FIRST_STATE = re.compile(
    r"\b(?:initial|first|start(?:ing)?|default|at first|begin(?:s|ning)?|anfang|anfangs|zuerst|start)\b", re.I
)
_ONLY_FROM = re.compile(r"\b(?:only |just |nur )?(?:from|aus|von|after|nach) (?P<sources>[^.;()]{2,80})", re.I)
_NOTED_STATE = re.compile(r"^(?P<state>[^():–—,]{1,40}?)(?: ?(?:\(| [-–—] |: |, )(?P<note>[^()]*)\)?)?$")


def _state_item(text: str, entity: str, statement: str) -> list[AnyFact]:
    """Return what an item of a list of states says: ``sent``, ``open (initial)``, ``void (only from open or sent)``."""
    found = _NOTED_STATE.match(text.strip(" ."))
    if found is None or ("," in text and "(" not in text):
        values = tuple(parts(text))
        return [FieldFact(statement=statement, entity=entity, name="status", type=ValueType.ENUM, values=values)]
    state, note = found["state"].strip(" `*'\""), found["note"] or ""
    first = bool(_FIRST_STATE.search(note))
    sources = _ONLY_FROM.search(note) if not first else None
    made: list[AnyFact] = [
        FieldFact(
            statement=statement,
            entity=entity,
            name="status",
            type=ValueType.ENUM,
            values=(state,),
            default=state if first else None,
        )
    ]
    if sources:
        before = tuple(
            s.strip(" `'\"") for s in re.split(r",| or | and | oder | und |/", sources["sources"]) if s.strip()
        )
        made.append(StateFact(statement=statement, entity=entity, target=state, sources=before))
    return made


def _column_like(name: str, text: str) -> bool:
    """Whether a name with a bracket declares: it is in capitals, or a column's name stands in the bracket."""
    return name[0].isupper() or bool(re.search(r"\w_\w", text))


def _typed(text: str) -> bool:
    """Whether most parts of a bracket are two words, so that the second is a type: ``note(body text, on date)``."""
    cells = [re.sub(r"\(.*\)", "", cell).split() for cell in parts(text, ",;")]
    pairs = [words for words in cells if len(words) >= 2 and value_type(words[1]) is not None]
    return bool(pairs) and len(pairs) * 2 >= len(cells)


def _linked(text: str) -> str:
    """Return "belongs to X" of a text that says so without its verb or with a remark in brackets."""
    bare = re.sub(r"\s*\([^()]*\)", "", text).strip(" .")
    return f"belongs to {bare.split(' ', 2)[2]}" if re.match(r"(?:part of|teil von) ", bare, re.I) else bare


def _names_thing(head: str) -> bool:
    """Whether the words before a colon may name a thing: in Latin letters, without a verb, and no label."""
    return is_latin(head) and bool(heading_entity(head).entity) and not _sentence(f"x {head}")


def _has_path(text: str) -> bool:
    return bool(re.search(r"(?<![\w/])/[\w{:]", text)) or bool(re.search(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b", text))


def _sentence(text: str) -> bool:
    """Whether a text is a sentence: a verb that binds, or a modal, stands in it outside brackets."""
    outside = re.sub(r"\([^)]*\)|[\w-]+(?: ?\| ?[\w-]+)+", " ", text.lower())
    outside = re.sub(r"\b(?:can|may|must|darf|kann) (?:not )?be (?:null|empty|negative)\b", " ", outside)
    words = re.findall(r"[^\W\d]\w*", outside)
    bound = _BINDING & set(words[1:])
    return bool(bound) or (
        words[:1]
        in (
            ["there"],
            ["we"],
            ["it"],
            ["no"],
            ["every"],
            ["each"],
            ["only"],
            ["not"],
            ["kein"],
            ["keine"],
            ["jede"],
            ["jeder"],
            ["jedes"],
        )
        and len(words) > 2
    )


_BINDING = frozenset(
    [
        "has",
        "have",
        "belongs",
        "belong",
        "contains",
        "contain",
        "includes",
        "include",
        "consists",
        "consist",
        "references",
        "owns",
        "own",
        "holds",
        "is",
        "are",
        "was",
        "were",
        "be",
        "may",
        "can",
        "must",
        "should",
        "will",
        "cannot",
        "hat",
        "haben",
        "gehört",
        "gehören",
        "enthält",
        "enthalten",
        "besteht",
        "ist",
        "sind",
        "darf",
        "dürfen",
        "kann",
        "können",
        "muss",
        "müssen",
        "soll",
        "wird",
        "werden",
        "needs",
        "need",
        "want",
        "wants",
        "goes",
        "go",
        "moves",
    ]
)


def _verbs_follow(text: str) -> bool:
    """Whether a text begins with verbs: "submit, look, abort own jobs"."""
    first = tokens(text[:200])[:1]
    return bool(first) and first[0].kind == "word" and first[0].text.islower() and first[0].low not in FUNCTION


def _does(text: str) -> bool:
    return any(w.lemma in ACCESS_VERBS for w in tokens(text[:200]) if w.kind == "word")
