"""Who may and must not do what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.domain.facts import AccessFact, AnyFact, RoleFact, Stance, Verb
from bot.reading.names import vocabulary
from bot.reading.openly import phrase_in
from bot.reading.people import looks_like_people
from bot.reading.prose.access.openness import public_access
from bot.reading.prose.access.predicates import Predicate, grantable, inherited, predicates
from bot.reading.prose.access.subjects import Subject, subject_of
from bot.reading.prose.access.verbs import (
    ACCESSES,
    DENYING,
    GENERAL,
    GERUNDS,
    MODALS,
    OUTSIDERS,
    OWNERS,
    SIGNING,
    VERB_OF,
    WRITES,
    meaning,
    participle,
)
from bot.reading.prose.clause import Clause, thing_name
from bot.reading.prose.things import plausible
from bot.reading.words import ANYBODY, NEGATIONS

_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "wird", "werden"})
_IRREGULAR_PARTICIPLES = frozenset({"seen", "written", "read", "made", "sent"})
_EXCEPT = frozenset({"except", "außer", "ausser", "excluding"})
_TAILS = vocabulary("offline online away back down up out data details records information")
"""Words behind a thing that are no part of its name: "donor data" are donors."""
_ALL = frozenset({"everything", "all", "anything", "alles"})
_REST = vocabulary("dies that do not das auch ! it nicht this so . either")
_READS_ONLY = re.compile(
    r"\b(?:read[- ]only|view[- ]only|(?:may|can|should) only (?:look|read|view|see)|only (?:look|read|view)s?\b"
    r"|(?:darf|dürfen|kann|können) nur (?:lesen|ansehen|schauen)|nur lesend|nur lesen)"
)
_WHO_MADE_IT = re.compile(
    r"\b(?:who|that) (?:has |have |had )?(?:\w+ed|made|wrote|owns?|sent|took) (?:it|them|one)\b|\b(?:der|die) "
    r"(?:es|sie|ihn) "
)
_IS_FOR = re.compile(
    r"^(?P<what>[^,;:]{2,60}?) (?:is|are|ist|sind)(?: only| just| nur| reserved| a job| job)*"
    r" (?:for|für|up to|with|bei)"
    r" (?P<who>[^,;:]{2,60}?)(?P<only> only| alone| allein| nur)? ?[.!]?$"
)


def read_access(
    clause: Clause, statement: str, known: Collection[str] = (), before: Sequence[AccessFact] = ()
) -> list[AnyFact]:
    """Return who may or must not do what.

    `known` are the names of roles that the text has named so far; `before` is what the sentence has granted so far, to
    which "but no tours" refers.
    """
    if not clause.words:
        return []
    public = phrase_in(clause.low) is not None
    verbs = [n for n in range(len(clause.words)) if _verb(clause, n)]
    opens = public and (
        clause.has(*ANYBODY, *OUTSIDERS, *_BE) or bool(verbs) or any(w.low in GERUNDS for w in clause.words)
    )
    if opens and not subject_is_role(clause, known):
        return public_access(clause, statement)
    for special in (_except(clause, statement, known), _passive(clause, verbs, statement, known)):
        if special is not None:
            return special
    if read_only := _read_only(clause, statement):
        return read_only
    subject = subject_of(clause, known)
    if subject is None or not _speaks_of_rights(clause, subject, verbs):
        return _visible(clause, statement) or _is_for(clause, statement, known)
    found = inherited(predicates(clause, subject.end, denied=subject.denied))
    if not found and before and subject.names:
        found = _same_again(clause, subject, before)
    return _facts(clause, subject, found, before, statement)


def subject_is_role(clause: Clause, known: Collection[str]) -> bool:
    """Whether a clause begins with a role that the text has named, so that it grants no more than to that."""
    subject = subject_of(clause, known)
    return subject is not None and subject.known and not {name.lower() for name in subject.names} & OUTSIDERS


def _speaks_of_rights(clause: Clause, subject: Subject, verbs: Sequence[int]) -> bool:
    """Whether a clause permits something: it has a modal, is about security, or says "only" or "own"."""
    if clause.topic == "security" or (subject.known and clause.topic in {"", "api"}):
        return True
    modal = any(w.low in MODALS for w in clause.words)
    return bool(verbs) and (modal or clause.has("only", "nur", "own", "eigen"))


def _same_again(clause: Clause, subject: Subject, before: Sequence[AccessFact]) -> list[Predicate]:
    """Return what "but no tours" says of the verbs before it: the same verbs, other things."""
    things = [n for n in clause.nouns(subject.end) if grantable(n)]
    denied = any(w.low in NEGATIONS for w in clause.words[subject.end :])
    verbs = [f.action or f.verbs[0] for f in before[:1]]
    return [Predicate(verbs=verbs, things=things, denied=denied)] if things and verbs else []


_COMES_IN = re.compile(r"\b(?:sign|log)(?:s|ed|ged|ing|ging)?[ -](?:in|on|up|out|off)\b|\blogin\b")
"""Words of coming in, which is no right to anything; to sign a contract is."""


def _facts(
    clause: Clause, subject: Subject, found: Sequence[Predicate], before: Sequence[AccessFact], statement: str
) -> list[AnyFact]:
    made: list[AnyFact] = []
    last = next((f.entity for f in reversed(before) if f.entity), "")
    also = _adds(clause)
    for role in subject.names or [""]:
        named = _role_name(role, clause, subject) if role else ""
        here: list[AnyFact] = []
        for one in found:
            if _COMES_IN.search(clause.low) and set(one.verbs) <= SIGNING:
                continue
            things = [t for t in dict.fromkeys(_possessed(t.name) for t in one.things) if t not in subject.names]
            if not things and (one.denied or one.pointed) and not one.everything and last:
                things = [last]
            own = one.own or subject.owner or any(t.own for t in one.things) or clause.says("their data", "ihre daten")
            for verbs, action in _kinds(one):
                for thing in things or [""]:
                    here.append(
                        AccessFact(
                            statement=statement,
                            stance=Stance.DENIED if one.denied else Stance.STATED,
                            role=named,
                            verbs=verbs,
                            entity=thing,
                            own=own,
                            condition="only" if subject.only and not one.denied else "",
                            action=action,
                            also=also and not one.denied,
                        )
                    )
            if one.only and not one.denied and not subject.only and named not in ("", "*") and _writes(one):
                here.append(AccessFact(statement=statement, stance=Stance.DENIED, role=named, verbs=WRITES))
        if here and named not in ("", "*"):
            made.append(RoleFact(statement=statement, name=named))
        made += here
    return made


def _adds(clause: Clause) -> bool:
    """Whether a clause lets somebody do what others may go on doing: "customers, too, may …", "may also see …"."""
    verb = next((n for n in range(len(clause.words)) if _verb(clause, n)), 0)
    return any(w.low in {"also", "too", "auch", "ebenfalls"} for w in clause.words[:verb]) or bool(
        re.search(r"\b(?:as well|too|ebenfalls)\W*$", clause.low)
    )


def _role_name(said: str, clause: Clause, subject: Subject) -> str:
    """Return a subject's role: "" for everybody who is signed in, "*" for the public."""
    low = said.lower()
    if low in OUTSIDERS:
        denied = subject.denied or any(w.low in NEGATIONS | DENYING for w in clause.words)
        known = low in {k.lower() for k in subject.known_names} or singular_in(low, subject.known_names)
        if denied or known or low.startswith("client"):
            return thing_name(low, clause.language)
        return "*"
    return "" if low in GENERAL else said


def singular_in(low: str, names: Iterable[str]) -> bool:
    """Whether one of these names is the singular of a word."""
    return thing_name(low, "en") in {n.lower() for n in names}


def _kinds(one: Predicate) -> list[tuple[tuple[Verb, ...], str]]:
    """Return the uses that a predicate's verbs name: those of rows together, and each action by itself."""
    plain: list[Verb] = []
    actions: list[tuple[tuple[Verb, ...], str]] = []
    for verb in one.verbs:
        kind, action = meaning(verb)
        if verb in ACCESSES and one.denied:
            plain.append("any")
            continue
        if action:
            actions.append(((kind,), action))
        elif kind == "any" and one.denied and not one.everything:
            plain += WRITES
        else:
            plain.append(kind)
    if "any" in plain and len(set(plain)) > 1 and not one.denied:  # "see everything" is about reading
        plain = [v for v in plain if v != "any"]
    return [*([(tuple(dict.fromkeys(plain)), "")] if plain else []), *actions]


def _writes(one: Predicate) -> bool:
    return any(meaning(verb)[0] not in ("read", "any") for verb in one.verbs)


def _possessed(name: str) -> str:
    """Return the thing of "child's grade", of "tours offline" and of "donor data"."""
    bare = name.rsplit("'s ", maxsplit=1)[-1]
    head, _, last = bare.rpartition(" ")
    return head if head and last.lower() in _TAILS else bare


def _verb(clause: Clause, n: int) -> bool:
    word = clause.words[n]
    if (
        word.kind != "word"
        or (n and clause.words[n - 1].text == ":")
        or (clause.language == "de" and word.text[0].isupper())
    ):
        return False
    return word.lemma in VERB_OF or participle(word.low) in VERB_OF


def _passive(  # noqa: PLR0911 - one exit per way of it
    clause: Clause, verbs: Sequence[int], statement: str, known: Collection[str]
) -> list[AnyFact] | None:
    """Read a passive: its subject is the thing; a role is only who stands behind "by". None where it is none."""
    words = clause.words
    if any(w.low in {"twice", "doppelt", "zweimal", "double-booked", "overlap"} for w in words):
        return []  # that is a rule about a thing, and no right of anybody
    be = next((n for n, w in enumerate(words) if n and w.low in _BE), None)
    if be is None or any(w.low == "to" for w in words[:be]):
        return None
    modal_at = next((n for n in range(max(0, be - 3), be) if words[n].low in MODALS), be)
    if any((n < be and modal_at == be) or modal_at < n < be for n in verbs):  # "price lists may be read" is one
        return None
    done = [n for n in range(be + 1, min(be + 5, len(words))) if _is_participle(clause, n)]
    if not done or (clause.language == "de" and not any(w.low in {"von", "durch"} for w in words)):
        return None
    by = next((n for n, w in enumerate(words) if w.low in {"by", "von", "durch"} and n > be), None)
    denied = any(w.low in NEGATIONS | DENYING for w in words[: done[0]])
    only, modal = clause.has("only", "nur", "ausschließlich"), any(w.low in MODALS for w in words[:be])
    things = [t for t in clause.nouns(0, be) if grantable(t)]
    actors = None if by is None else subject_of(replace(clause, words=words[by + 1 :]), known, bare=True)
    if actors is not None and (modal or clause.topic == "security" or only or actors.known):
        made_it = by is not None and bool(_WHO_MADE_IT.search(" ".join(w.low for w in words[by:])))
        subject = replace(actors, only=only or not modal, denied=denied and not only, owner=actors.owner or made_it)
        group = Predicate(
            verbs=[_base(words[n].low, words[n].lemma) for n in done], things=things, denied=subject.denied
        )
        return _facts(clause, subject, [group], (), statement)
    known_verbs = [n for n in done if _verb(clause, n)]
    if not (denied and modal) or by is not None or not known_verbs:
        return [] if known_verbs else None
    kinds = tuple(dict.fromkeys(VERB_OF[_base(words[n].low, words[n].lemma)] for n in known_verbs))
    return [
        AccessFact(statement=statement, stance=Stance.DENIED, role="", verbs=kinds, entity=thing.name)
        for thing in things
    ]


def _is_participle(clause: Clause, n: int) -> bool:
    word = clause.words[n]
    if word.kind != "word":
        return False
    if clause.language == "de":
        return word.low.startswith("ge") or "ge" in word.low[2:6] or word.lemma in VERB_OF
    return (word.low.endswith("ed") and len(word.low) > 4) or word.low in _IRREGULAR_PARTICIPLES


def _base(low: str, dictionary: str) -> str:
    if dictionary in VERB_OF:
        return dictionary
    said = participle(low)
    return said if said in VERB_OF else dictionary


def _read_only(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "viewers are read only", "pupils may only look": these roles change nothing."""
    match = _READS_ONLY.search(clause.low)
    if not match or clause.topic != "security":
        return []
    at = len(clause.low[: match.start()].split())
    after = len(clause.low[: match.end()].split())
    if any(VERB_OF.get(w.lemma, "read") != "read" for w in clause.words[after : after + 4]):  # "only view and edit"
        return []
    modal = next((n for n, w in enumerate(clause.words[:at]) if w.low in MODALS), at)
    roles = [n for n in clause.nouns(0, modal) if grantable(n) and n.name.lower() not in GENERAL - OUTSIDERS]
    said = [*clause.nouns(modal, at), *clause.nouns(after)]
    things = [n for n in said if grantable(n) and n.name.lower() not in {"access", "role", "permission"}]
    found: list[AnyFact] = []
    for role in roles:
        found.append(RoleFact(statement=statement, name=role.name))
        for thing in [t.name for t in things] or [""]:
            found.append(AccessFact(statement=statement, role=role.name, verbs=("read",), entity=thing))
            found.append(
                AccessFact(statement=statement, stance=Stance.DENIED, role=role.name, verbs=WRITES, entity=thing)
            )
    return found


def _except(clause: Clause, statement: str, known: Collection[str]) -> list[AnyFact] | None:
    """Read "managers see everything except payslips": what is granted, and what is left out of it."""
    at = next(
        (
            n
            for n, w in enumerate(clause.words)
            if n > 1 and (w.low in _EXCEPT or (w.low in {"but", "bis"} and clause.words[n - 1].low in _ALL))
        ),
        None,
    )
    if at is None or clause.negated:
        return None
    shift = clause.words[0].start
    before = Clause(clause.words[:at], clause.text[: clause.words[at].start - shift], clause.language, clause.topic)
    granted = read_access(before, statement, known)
    left_out = [n for n in clause.nouns(at + 1) if grantable(n)]
    return [
        *granted,
        *(
            AccessFact(statement=statement, stance=Stance.DENIED, role=f.role, verbs=f.verbs, entity=thing.name)
            for f in granted
            if isinstance(f, AccessFact) and f.role not in ("", "*") and left_out
            for thing in left_out
        ),
    ]


def denied_alike(
    clause: Clause, before: Sequence[AccessFact], statement: str, known: Collection[str] = ()
) -> list[AnyFact]:
    """Read "clerks may not" after "only partners open files": the same is denied to them."""
    words = clause.words
    modal = next((n for n, w in enumerate(words) if w.low in MODALS), None)
    if not before or modal is None or not 0 < modal <= 4:
        return []
    rest = [w.low for w in words[modal:]]
    denies = any(w in NEGATIONS | DENYING for w in rest)
    if not denies or any(w not in _REST | NEGATIONS | MODALS for w in rest):
        return []
    subject = subject_of(clause, known)
    found: list[AnyFact] = []
    for role in subject.names if subject else ():
        name = thing_name(role, clause.language) if role.lower() in OUTSIDERS else role
        found.append(RoleFact(statement=statement, name=name))
        found += [
            replace(f, statement=statement, stance=Stance.DENIED, role=name, condition="", own=False) for f in before
        ]
    return found


def _is_for(clause: Clause, statement: str, known: Collection[str]) -> list[AnyFact]:
    """Read "counting is for the shift lead only": what is done, or a thing, is one role's."""
    match = _IS_FOR.match(clause.low)
    if match is None or clause.negated or clause.topic != "security":
        return []
    who = len(clause.low[: match.start("who")].split())
    subject = subject_of(replace(clause, words=clause.words[who:]), known, bare=True)
    if subject is None or not (subject.known or match["only"] or any(looks_like_people(n) for n in subject.names)):
        return []
    first = clause.words[0]
    verb = first.lemma if first.low.endswith("ing") else ""
    nouns = clause.nouns(1 if verb else 0, who)
    group = Predicate(verbs=[verb or "manage"], things=[n for n in nouns if grantable(n)])
    return _facts(clause, replace(subject, only=True), [group], (), statement)


def _visible(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "diagnoses are visible only to doctors", "invoices: finance only"."""
    words = clause.words
    at = next(
        (n for n, w in enumerate(words) if w.low in {"visible", "accessible", "sichtbar", "available", "restricted"}),
        None,
    )
    if at is None:
        return []
    to = next((n for n, w in enumerate(words) if n > at and w.low in {"to", "for", "für", "by"}), None)
    if to is None:
        return []
    denied = any(w.low in NEGATIONS for w in words)
    stop = next((n for n in range(to + 1, len(words)) if words[n].low in {"who", "which", "that", "die"}), len(words))
    found: list[AnyFact] = []
    for role in clause.nouns(to + 1, stop):
        low = role.name.lower()
        name = "*" if low in ANYBODY else "" if low in GENERAL | OWNERS else role.name
        if name and name != "*":
            found.append(RoleFact(statement=statement, name=name))
        found += [
            AccessFact(
                statement=statement,
                stance=Stance.DENIED if denied else Stance.STATED,
                role=name,
                verbs=("read",),
                entity=thing.name,
                own=low in OWNERS,
                condition="only" if clause.has("only", "nur", "restricted") else "",
            )
            for thing in clause.nouns(0, at)
            if plausible(thing)
        ]
    return found
