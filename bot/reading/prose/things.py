"""Things, their attributes and how they hang together: has, belongs to, contains, many to many, and who does what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact
from bot.reading.fields import read_fields
from bot.reading.prose.clause import ACCESS_VERBS, COMMON, NOT_THINGS, RELATION_VERBS, Clause, Noun, thing_name
from bot.reading.tokens import clauses
from bot.reading.words import ANYBODY, DETERMINERS, FUNCTION

_POSSESS = frozenset({"have", "hold"})
_PARTS = frozenset({"contain", "include", "consist", "own", "group", "bundle", "comprise", "enthalten"})
_MANY_TO_MANY = re.compile(r"\b(many[\s-]to[\s-]many|m\s*:\s*n|n\s*:\s*m|n\s*:\s*n|m2m|m-n)\b", re.I)
_LINKS = frozenset(
    [
        "assign",
        "link",
        "attach",
        "connect",
        "relate",
        "place",
        "write",
        "make",
        "create",
        "own",
        "issue",
        "submit",
        "post",
        "send",
        "book",
        "raise",
        "file",
        "tie",
        "give",
        "belong",
        "associate",
        "author",
        "map",
        "zuordnen",
        "zuweisen",
        "verknüpfen",
        "erstellen",
        "schreiben",
        "buchen",
        "stellen",
        "assigned",
        "linked",
        "attached",
        "placed",
        "written",
        "made",
        "created",
        "owned",
        "issued",
        "submitted",
        "posted",
        "booked",
        "raised",
        "tied",
        "given",
        "associated",
        "authored",
        "based",
        "filed",
        "sold",
        "bought",
        "recorded",
        "performed",
        "run",
        "managed",
        "led",
        "taught",
        "hosted",
        "handled",
        "scheduled",
        "zugeordnet",
        "zugewiesen",
        "verknüpft",
        "erstellt",
        "geschrieben",
        "gebucht",
    ]
)
_NEVER_FIRST = NOT_THINGS - COMMON
_ABOUT = frozenset({"for", "of", "by", "with", "in", "at", "on", "about", "für", "über"})
_NO_SUBJECTS = frozenset({"here", "here's", "what", "what's", "that's", "there's", "how", "why"})
_STOP = frozenset({"which", "that", "who", "die", "der", "das", "welche", "welcher", "where"})


def read_things(clause: Clause, statement: str) -> list[AnyFact]:
    """Return entities, fields and relations of a clause, empty where its grammar is not known."""
    if not clause.words or clause.negated:
        return []
    said = _both_ways(clause, statement) or _who_is(clause, statement) or _many_to_many(clause, statement)
    return said or _by_verbs(clause, statement) or _passive(clause, statement)


_BOTH_WAYS = re.compile(
    r"^(?:an?|each|every|one) (?P<a>[\w-]+)(?: can| may)? \w+(?: \w+)? (?:many|several|multiple|any "
    r"number of) (?P<b>[\w-]+) ?,? "
    r"(?:and|while) (?:an?|each|every|one) (?P<c>[\w-]+) (?:(?:is|can be|may be|can|may|also) )*\w+ "
    r"(?:(?:in|by|of|to|with|for|on) )?"
    r"(?:many|several|multiple|any number of) (?P<d>[\w-]+)"
)
_WHO_IS = re.compile(
    r"^(?:an?|each|every|the) (?P<a>[\w-]+) (?:has|needs) (?:exactly )?(?:one|an?) (?P<role>[\w-]+) ?,? "
    r"(?:who|which|that) is "
    r"(?:an?|one of (?:the|our)) (?P<b>[\w-]+)"
)


def _both_ways(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "a recipe uses many nuts and a nut is used in many recipes": many on both sides."""
    found = _BOTH_WAYS.match(clause.low)
    if found is None:
        return []
    a, b, c, d = (thing_name(found[one], clause.language) for one in "abcd")
    if a != d or b != c:
        return []
    made: list[AnyFact] = [
        EntityFact(statement=statement, name=a),
        EntityFact(statement=statement, name=b, plural=found["b"]),
    ]
    return [*made, RelationFact(statement=statement, source=a, target=b, cardinality="many_to_many")]


def _who_is(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "a shift has one supervisor, who is an employee": the role in which the one points at the other."""
    found = _WHO_IS.match(clause.low)
    if found is None:
        return []
    source, target = thing_name(found["a"], clause.language), thing_name(found["b"], clause.language)
    link = RelationFact(statement=statement, source=source, target=target, name=found["role"], required=True)
    return [EntityFact(statement=statement, name=source), EntityFact(statement=statement, name=target), link]


def entity(statement: str, noun: Noun) -> EntityFact:
    """Return the fact that a noun is a thing."""
    return EntityFact(statement=statement, name=noun.name, plural=noun.said if noun.said != noun.name else "")


_CONTRACTED = re.compile(r"['’](?:ll|ve|re|d|m)$")


def plausible(noun: Noun | None) -> bool:
    """Whether a noun may name a thing that a backend keeps."""
    if noun is None or len(noun.name) < 2:
        return False
    words = noun.name.lower().split()
    if (len(words) == 1 and words[0] in NOT_THINGS) or _CONTRACTED.search(words[0]):
        return False
    return (
        (words[-1] not in NOT_THINGS or len(words) > 1)
        and words[0] not in ANYBODY | _NEVER_FIRST | _NO_SUBJECTS
        and len(words) <= 3
    )


def _subject(clause: Clause, verb: int) -> Noun | None:
    """Return the noun right before a verb."""
    nouns = clause.nouns(0, verb)
    while nouns and not plausible(nouns[-1]):
        nouns.pop()
    return nouns[-1] if nouns and verb - nouns[-1].last <= 3 else None


def _many_to_many(clause: Clause, statement: str) -> list[AnyFact]:
    if not _MANY_TO_MANY.search(clause.low.replace(" : ", ":")):
        return []
    pieces = [p for p in clauses(clause.words, frozenset({",", ";"})) if p]
    if (
        len(pieces) > 1
        and sum(bool(_MANY_TO_MANY.search(" ".join(w.low for w in p).replace(" : ", ":"))) for p in pieces) > 1
    ):
        shift = clause.words[0].start
        return [
            fact
            for p in pieces
            for fact in _many_to_many(
                replace(clause, words=tuple(p), text=clause.text[p[0].start - shift : p[-1].end - shift]), statement
            )
        ]
    mark = next(
        (n for n, w in enumerate(clause.words) if w.low in {"many", "many-to-many", "m", "n", "m2m", "m-n", "("}),
        len(clause.words),
    )
    pair = [n for n in clause.nouns(0, mark) if plausible(n)]
    found: list[AnyFact] = []
    if len(pair) < 2:
        pair = [n for n in clause.nouns() if plausible(n) and n.name.lower() not in {"many", "many-to-many", "m", "n"}]
    if len(pair) == 1 and clause.words[mark - 1 : mark] and len(clause.words) > mark:
        pair = pair * 2
    if len(pair) < 2:
        return []
    one, other = pair[0], pair[-1]
    plain = [w for w in clause.words[:mark] if w.kind == "word"]
    if len(plain) == 3 and (plain[1].low not in FUNCTION or plain[1].lemma in RELATION_VERBS - {"be"}):
        ends = [thing_name(plain[n].text, clause.language) for n in (0, 2)]
        named = [
            EntityFact(statement=statement, name=e, plural=plain[n].text) for e, n in zip(ends, (0, 2), strict=True)
        ]
        return [
            *named,
            RelationFact(
                statement=statement, source=ends[0], target=ends[1], cardinality="many_to_many", name=plain[1].lemma
            ),
        ]
    through = next((i for i, w in enumerate(clause.words) if w.low in {"through", "via", "über", "by"}), None)
    link = clause.noun(through + 1) if through is not None else None
    found += [entity(statement, one), entity(statement, other)]
    if link and plausible(link):
        found += [
            entity(statement, link),
            RelationFact(statement=statement, source=link.name, target=one.name),
            RelationFact(statement=statement, source=link.name, target=other.name),
            *_attributes(clause, link, link.last + 1, statement),
        ]
    else:
        between = [
            w.lemma for w in clause.words[one.last + 1 : other.first] if w.kind == "word" and w.low not in FUNCTION
        ]
        found.append(
            RelationFact(
                statement=statement,
                source=one.name,
                target=other.name,
                cardinality="many_to_many",
                name=between[0] if between else "",
            )
        )
    return found


def _attributes(clause: Clause, owner: Noun, at: int, statement: str) -> list[AnyFact]:
    """Return what ", which hold a grade" or "with a grade" says of a noun before it."""
    for n in range(at, min(at + 4, len(clause.words))):
        if clause.words[n].lemma in _POSSESS or clause.words[n].low in {"with", "mit", ":"}:
            text = clause.text[clause.words[n].end - clause.words[0].start :]
            return list(read_fields(text, owner.name, statement).fields)
    return []


def _by_verbs(clause: Clause, statement: str) -> list[AnyFact]:
    words = clause.words
    verbs = [n for n, w in enumerate(words) if n and _relates(clause, n) and not _inside(words, n)]
    found: list[AnyFact] = []
    subject: Noun | None = None
    for i, verb in enumerate(verbs):
        before = verbs[i - 1] if i else -1
        own = _subject(clause, verb) if i == 0 or words[verb - 1].low in _STOP else None
        if i and own is None and subject is None:
            own = _subject(clause, verb)
        subject = own or subject
        if subject is None or before == verb - 1:
            continue
        stop = _end(words, verb, verbs[i + 1] if i + 1 < len(verbs) else len(words))
        found += _relation(clause, subject, verb, stop, statement)
    return found


def _relates(clause: Clause, n: int) -> bool:
    word = clause.words[n]
    if word.low == "own" and clause.words[n - 1].low in DETERMINERS:  # "their own orders"
        return False
    if _brings_many(clause, n):
        return True
    if word.lemma in _POSSESS | _PARTS | {"belong", "reference"}:
        return not (n + 1 < len(clause.words) and word.lemma == "have" and clause.words[n + 1].low in {"to", "been"})
    return word.low in {"refers", "refer", "points", "point", "verweist", "verweisen"}


def _brings_many(clause: Clause, n: int) -> bool:
    """Whether a verb that nobody listed stands before "one or more": "a patient brings one or more prescriptions"."""
    word = clause.words[n]
    after = " ".join(w.low for w in clause.words[n + 1 : n + 4])
    return (
        clause.topic == "data"
        and word.kind == "word"
        and word.text.islower()
        and word.low not in FUNCTION | DETERMINERS
        and (word.low.endswith("s") if clause.language == "en" else word.low.endswith(("t", "en")))
        and n >= 1
        and after.startswith(
            ("one or more", "zero or more", "several ", "many ", "any number", "ein oder mehr", "mehrere ")
        )
    )


def _inside(words: Sequence[object], n: int) -> bool:
    depth = 0
    for word in words[:n]:
        text = getattr(word, "text", "")
        depth += (text == "(") - (text == ")")
    return depth > 0


def _end(words: Sequence[object], verb: int, stop: int) -> int:
    """Return where a verb's objects end: before the "and" or comma that leads to the next verb."""
    end = stop
    if stop < len(words):
        while end > verb + 1 and getattr(words[end - 1], "low", "") in {"and", "und", ",", *_STOP}:
            end -= 1
    return end


def _relation(clause: Clause, subject: Noun, verb: int, stop: int, statement: str) -> list[AnyFact]:
    lemma = clause.words[verb].lemma
    found: list[AnyFact] = [entity(statement, subject)]
    if lemma == "belong" or clause.words[verb].low in {
        "refers",
        "refer",
        "points",
        "point",
        "reference",
        "references",
        "verweist",
    }:
        for noun in _objects(clause, verb + 1, stop, pointed=True):
            found += [
                entity(statement, noun),
                RelationFact(
                    statement=statement, source=subject.name, target=noun.name, required=True if noun.one else None
                ),
            ]
        return found if len(found) > 1 else []
    objects = _objects(clause, verb + 1, stop)
    quantified = [o for o in objects if o.many and _quantified(clause, o)]
    if (
        lemma in _PARTS
        or (_brings_many(clause, verb) and len(objects) == 1)
        or (
            quantified
            and len(objects) <= 3
            and lemma in _POSSESS
            and all(_quantified(clause, o) or o.one for o in objects)
        )
    ):
        if lemma in _PARTS and not any(o.many for o in objects):
            return []
        for noun in objects:
            if plausible(noun):
                found += [entity(statement, noun), _one_to(statement, subject, noun)]
        found += _tail(clause, objects, stop, statement)
        return found if len(found) > 1 else []
    text = clause.text[
        clause.words[verb].end - clause.words[0].start : (clause.words[stop - 1].end - clause.words[0].start)
        if stop > verb + 1
        else None
    ]
    for field in read_fields(text, subject.name, statement).fields:
        found += _field_or_relation(field, subject, clause.language, statement)
    return found if len(found) > 1 else []


def _one_to(statement: str, subject: Noun, noun: Noun) -> RelationFact:
    if noun.one and not noun.many:
        return RelationFact(statement=statement, source=subject.name, target=noun.name, required=True)
    return RelationFact(statement=statement, source=noun.name, target=subject.name)


def _tail(clause: Clause, objects: Sequence[Noun], stop: int, statement: str) -> list[AnyFact]:
    """Return what ", each with a quantity" says of the last of several objects."""
    if not objects:
        return []
    last = objects[-1]
    return [f for f in _attributes(clause, last, last.last + 1, statement) if isinstance(f, FieldFact)]


def _quantified(clause: Clause, noun: Noun) -> bool:
    return (
        any(
            w.low in {"many", "several", "multiple", "viele", "mehrere", "zero", "various", "more", "n"}
            for w in clause.words[noun.first : noun.last + 1]
        )
        or (noun.first > 0 and clause.words[noun.first - 1].low in {"more", "to", "mehr"} and noun.many)
        or bool(noun.first and clause.words[noun.first - 1].kind == "number" and noun.many)
    )


def _objects(clause: Clause, first: int, stop: int, *, pointed: bool = False) -> list[Noun]:
    """Return the nouns that a verb is about; what is pointed at by "belongs to a" may have any name ("project")."""
    n = first
    found: list[Noun] = []
    while n < stop:
        word = clause.words[n]
        if (
            word.low
            in {
                "with",
                "mit",
                "per",
                "pro",
                "through",
                "via",
                "for",
                "für",
                "at",
                "when",
                "if",
                "because",
                "(",
                ":",
                *_STOP,
            }
            and found
        ):
            break
        noun = clause.noun(n, stop)
        pointed_at = pointed and noun and noun.first < noun.last and noun.name.lower() in COMMON
        if noun and (pointed_at or plausible(noun)):
            found.append(noun)
        n = noun.last + 1 if noun else n + 1
    return found


def _field_or_relation(field: FieldFact, subject: Noun, language: str, statement: str) -> list[AnyFact]:
    """Return a field, or a relation where its name says that there are many: "many articles", "one or more lines"."""
    match = re.match(
        r"(?:(?:zero|one|1|0)\s+(?:or|to)\s+)?(many|several|multiple|viele|mehrere|more)\s+(.+)$", field.name, re.I
    )
    if match:
        name = thing_name(match[2], language)
        return [
            EntityFact(statement=statement, name=name, plural=match[2]),
            RelationFact(statement=statement, source=name, target=subject.name),
        ]
    match = re.match(r"(?:exactly\s+one|genau\s+eine[nrms]?|exactly)\s+(.+)$", field.name, re.I)
    if match:
        name = thing_name(match[1], language)
        return [
            EntityFact(statement=statement, name=name),
            RelationFact(statement=statement, source=subject.name, target=name, required=True),
        ]
    if len(field.name.split()) > 4:
        return []
    return [replace(field, entity=subject.name)]


def _passive(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "is assigned to a technician", "wird einem Bearbeiter zugewiesen", "is part of an order"."""
    words = clause.words
    for n, word in enumerate(words[:-2]):
        if word.lemma != "be" and word.low not in {"wird", "werden"}:
            continue
        subject = _subject(clause, n)
        if subject is None:
            continue
        if clause.topic == "data" and (ends := _for_one(clause, n + 1)):
            return [
                entity(statement, subject),
                *(
                    fact
                    for end in ends
                    for fact in (
                        entity(statement, end),
                        RelationFact(statement=statement, source=subject.name, target=end.name, required=True),
                    )
                ),
            ]
        for m in range(n + 1, min(n + 5, len(words) - 1)):
            linked = words[m].low in _LINKS or words[m].lemma in _LINKS or words[m].low in {"part", "teil"}
            if linked and words[m + 1].low in {"to", "by", "of", "with", "in", "on", "zu", "von", "at"}:
                noun = clause.noun(m + 2)
                if noun and plausible(noun):
                    return [
                        *_and_about(clause, noun.last + 1, subject, statement),
                        entity(statement, subject),
                        entity(statement, noun),
                        RelationFact(
                            statement=statement,
                            source=subject.name,
                            target=noun.name,
                            name="" if words[m].low == "part" else words[m].lemma,
                        ),
                    ]
    return []


def _and_about(clause: Clause, at: int, subject: Noun, statement: str) -> list[AnyFact]:
    """Read "… and is about a villa" behind a passive: the same subject points at that, too."""
    words = clause.words
    if at + 3 >= len(words) or words[at].low not in {"and", "und"}:
        return []
    at += 2 if words[at + 1].lemma == "be" else 1
    made: list[AnyFact] = []
    for end in _for_one(clause, at):
        made += [entity(statement, end), RelationFact(statement=statement, source=subject.name, target=end.name)]
    return made


def _for_one(clause: Clause, at: int) -> list[Noun]:
    """Return the ends of "is for one patient with one therapist in a room": each after a preposition and an article."""
    found: list[Noun] = []
    while at + 2 < len(clause.words) and clause.words[at].low in _ABOUT:
        noun = clause.noun(at + 1)
        article = clause.words[at + 1].low in {"one", "a", "an", "exactly", "einen", "eine", "ein", "einem", "einer"}
        if noun is None or noun.many or not article or not (plausible(noun) or noun.name.lower() in COMMON):
            break
        found.append(noun)
        at = noun.last + 1
    return found


def read_doings(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "Owners book walkers for their dogs": who does what to what, where the verb is not known."""
    words = [w for w in clause.words if w.text not in {".", "!"}]
    if clause.negated or len(words) < 3:
        return []
    subject = clause.noun(0)
    if subject is None or not plausible(subject):
        return []
    if clause.language != "de":
        return _english_doing(clause, statement)
    verb = subject.last + 1
    if (
        verb >= len(words)
        or not words[verb].text[0].islower()
        or words[verb].low in FUNCTION
        or words[verb].kind != "word"
    ):
        return []
    objects = [n for n in clause.nouns(verb + 1) if plausible(n)]
    return [entity(statement, subject), *(entity(statement, n) for n in objects[:3])] if objects else []


def _english_doing(clause: Clause, statement: str) -> list[AnyFact]:
    words = clause.words
    start = 0
    while start < len(words) and words[start].low in DETERMINERS:
        start += 1
    for verb in (start + 1, start + 2):
        if verb + 1 >= len(words) or words[start].kind != "word" or words[verb].kind != "word":
            continue
        said = " ".join(w.text for w in words[start:verb])
        name = thing_name(said, "en")
        plural_subject = name != said
        base = words[verb].low == words[verb].lemma
        third = words[verb].low.endswith("s") and words[verb].low != words[verb].lemma
        if words[verb].low in FUNCTION or not ((plural_subject and base) or (start and not plural_subject and third)):
            continue
        if words[verb - 1].low in FUNCTION:
            continue
        subject = Noun(name, said, plural_subject, False, False, start, verb - 1)
        objects = [n for n in clause.nouns(verb + 1) if plausible(n) and _nounlike(clause, n) and not _where(clause, n)]
        if not plausible(subject) or not objects:
            continue
        found: list[AnyFact] = [entity(statement, subject), *(entity(statement, n) for n in objects[:3])]
        direct = objects[0]
        if (
            clause.topic == "data"
            and plural_subject
            and direct.many
            and direct.first == verb + 1
            and len(words) <= verb + 4
            and words[verb].lemma not in ACCESS_VERBS
        ):
            found.append(
                RelationFact(
                    statement=statement,
                    source=name,
                    target=direct.name,
                    cardinality="many_to_many",
                    name=words[verb].lemma,
                )
            )
        return found
    return []


def _where(clause: Clause, noun: Noun) -> bool:
    """Whether a noun says where, when or how something is done: "at the counter", "in the evening"."""
    near = clause.words[max(0, noun.first - 1) : noun.first + 1]  # "at" counts as a determiner, for "at most"
    return any(w.low in {"at", "in", "on", "by", "during", "within", "via"} for w in near)


def _nounlike(clause: Clause, noun: Noun) -> bool:
    """Whether a noun phrase is surely one: plural, or with a determiner before it."""
    return noun.many or noun.said != noun.name or clause.words[noun.first].low in DETERMINERS
