"""Rules: what must hold of a thing's rows, how long they are kept, and what nobody may do to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.facts import AccessFact, AnyFact, FieldFact, OperationFact, RuleFact, Stance, Verb
from bot.reading.field_notes import number
from bot.reading.names import vocabulary
from bot.reading.prose.clause import Clause, Noun, thing_name
from bot.reading.prose.from_then_on import condition_of
from bot.reading.prose.periods import counted_from, days_of
from bot.reading.prose.things import plausible
from bot.reading.tokens import Token
from bot.reading.words import FUNCTION, NEGATIONS, NUMERALS

_IMMUTABLE = re.compile(
    (
        r"\b(append[- ]only|immutable|unveränder\w*|write[- ]once|never (?:be )?(?:changed|edited|"
        r"updated|modified|deleted|altered|removed|overwritten)|(?:can|may|must)(?:not| not| never) be "
        r"(?:changed|edited|updated|modified|altered)|nie (?:mehr )?(?:geändert|gelöscht|verändert)|"
        r"nicht (?:mehr )?(?:geändert|verändert) werden|no updates? (?:or|and) (?:no )?deletes?|no "
        r"(?:edits|updates|changes))\b"
    ),
    re.I,
)
_SOFT = re.compile(
    (
        r"\b(soft[- ]?delet\w*|never (?:really|hard|physically) delet\w*|archiv\w+ instead of delet\w*|"
        r"nur als gelöscht markier\w*|logisch gelöscht)\b"
    ),
    re.I,
)
_AUDIT = re.compile(
    (
        r"\b(audited|audit (?:log|trail)|audit|(?:append[- ]only|immutable) (?:log|trail|journal)|"
        r"protokollier\w*|is logged|are logged|log (?:all|every)|"
        r"all accesse?s? (?:is|are)|(?:every|each|all) (?:access|change|read|write|"
        r"view)\w*\b.*\b(?:recorded|logged|tracked|audited))\b"
    ),
    re.I,
)
_KEEP = re.compile(
    (
        r"\b(keep|kept|keeps|retain\w*|retention|stored|stays?|stay|delete[ds]?|deletion|erase[ds]?|"
        r"purge[ds]?|archiv\w+|anonymi\w+|löschung|gelöscht|löschen|aufbewahr\w*|aufgehoben|aufheben|"
        r"behalten|expire[sd]?|gespeichert|remove[ds]?|erasure|gone)\b"
    ),
    re.I,
)
_PERIOD = re.compile(
    (
        r"\b(\d{1,4}|a|one|two|three|five|six|seven|ten|ein|einem|zwei|drei|fünf|zehn)\s*(days?|d|weeks?|"
        r"months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|hours?|stunden|yrs?)\b"
    ),
    re.I,
)
_WORDS = NUMERALS | {"a": 1, "einem": 1}
_OVERLAP = re.compile(
    (
        r"\b(overlap\w*|double[- ]?book\w*|twice (?:at|for|in|on) (?:the same (?:time|slot|day|hour|period)|once)"
        r"|at the same time|"
        r"überschneid\w*|überlapp\w*|doppelt (?:belegt|gebucht|vergeben)\w*|doppelbuchung\w*|two \w+ at "
        r"once)\b"
    ),
    re.I,
)
_COMPARE = re.compile(
    (
        r"\b([\w]+(?: (?:date|time|at))?) (?:must |has to |have to |always |should |muss |is |lies |"
        r"liegt |comes |be )*(before|after|later than|earlier than|vor|nach|not exceed|exceed|greater "
        r"than|less than|smaller than|at least|größer als|kleiner als) (?:the |its |an? |dem |der |das |"
        r"its |invoice's )?([\w']+(?: (?:date|time|total|at))?)"
    ),
    re.I,
)
_BINDS = re.compile(r"\b(?:must|has to|have to|always|should|muss|is|lies|liegt|comes|be|exceed|at least)\b", re.I)
_ADVERBS = frozenset(["always", "must", "should", "shall", "immer", "stets"])
_OF_TIME = re.compile(r"(?:date|time|_at|_on| at| on)$", re.IGNORECASE)
_SIGN = re.compile(r"\b([a-z][\w.]*)\s*(<=|>=|<|>|≤|≥)\s*([a-z][\w.]*)\b")
_COUNT = re.compile(
    (
        r"\b(?:at most|max(?:imum)?(?: of)?|no more than|up to|höchstens|maximal|bis zu|not more than|"
        r"limited to)\s+([\d.,]+|one|two|three|five|ten|ein|zwei|drei)\s+([a-zäöü][\w-]*)"
    ),
    re.I,
)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_CHANGES: tuple[tuple[Verb, str], ...] = (("update", "update"), ("delete", "delete"), ("update", "edit"))
_EVERYWHERE = frozenset(["anywhere", "ever", "all", "nirgends", "überhaupt", "nowhere", "never"])


def read_rules(clause: Clause, statement: str, subject: str) -> list[AnyFact]:
    """Return the rules of a clause."""
    return [
        *_forbidden_methods(clause, statement),
        *_unique(clause, statement, subject),
        *_held(clause, statement, subject),
    ]


def _forbidden_methods(clause: Clause, statement: str) -> list[AnyFact]:
    if not clause.negated or any(w.kind == "path" for w in clause.words):
        return []
    methods = [w.text for w in clause.words if w.text in _METHODS]
    found: list[AnyFact] = []
    nouns = [n for n in clause.nouns() if plausible(n) and n.said not in _METHODS]
    if methods and (clause.has(*_EVERYWHERE) or not nouns):
        return [OperationFact(statement=statement, stance=Stance.DENIED, method=m, path="") for m in methods]  # type: ignore[arg-type]
    if re.search(r"\bno (?:updates?|deletes?|edits?)\b", clause.low):
        verbs: list[Verb] = [v for v, w in _CHANGES if w in clause.low]
        for noun in nouns:
            if noun.name.lower() in {"update", "delete", "edit", "change"}:
                continue
            found.append(
                AccessFact(
                    statement=statement,
                    stance=Stance.DENIED,
                    role="",
                    verbs=tuple(dict.fromkeys(verbs)),
                    entity=noun.name,
                )
            )
    return found


def _unique(clause: Clause, statement: str, subject: str) -> list[AnyFact]:
    words = clause.words
    at = next((n for n, w in enumerate(words) if w.low in {"unique", "eindeutig", "einmalig"}), None)
    if at is None:
        return _no_two(clause, statement)
    if kept := _one_per(clause, statement):
        return kept
    names = [n for n in clause.nouns(0, at) if n.name.lower() not in {"must", "unique"}]
    names = [n for n in names if len(n.said.split()) <= 3]
    if not names:
        return []
    entity, fields = _fields_of(names, words, subject)
    per = next(
        (
            n
            for n in range(at, len(words))
            if words[n].low in {"per", "within", "pro", "je", "in", "innerhalb", "for", "by", "among"}
        ),
        None,
    )
    scope = clause.noun(per + 1) if per is not None else None
    if scope and per is not None:
        condition = scope.name
        return [
            RuleFact(statement=statement, entity=entity, kind="unique", fields=(*fields, condition), text=clause.text)
        ]
    found: list[AnyFact] = [
        RuleFact(statement=statement, entity=entity, kind="unique", fields=(f,), text=clause.text) for f in fields
    ]
    if entity:
        found += [FieldFact(statement=statement, entity=entity, name=f, unique=True) for f in fields]
    return found


def _fields_of(names: Sequence[Noun], words: Sequence[Token], subject: str) -> tuple[str, tuple[str, ...]]:
    """Tell whose fields these are: "the email of a user", "a user's email", "order number", ``transaction.ref``."""
    of = [n for n in names if n.first > 0 and words[n.first - 1].low in {"of", "von", "des", "der"}]
    if of and len(names) > len(of):
        return of[0].name, tuple(n.said for n in names if n not in of)
    first = words[names[0].last].text if names else ""
    if "." in first and len(names) == 1:
        entity, _, field = first.partition(".")
        return entity, (field,)
    if "'s" in words[names[0].first].text or "'s" in "".join(w.text for w in words[names[0].first : names[0].last + 1]):
        owner, _, field = names[0].said.partition(" ")
        return (owner, (field, *(n.said for n in names[1:]))) if field else (subject, tuple(n.said for n in names))
    return subject, tuple(n.said for n in names)


def _no_two(clause: Clause, statement: str) -> list[AnyFact]:
    match = re.search(
        (
            r"\bno two ([\w-]+)(?: may| can| should| must)?(?: have| share| with)* the same ([\w-]+)(?: "
            r"(?:and|und) (?:the same )?([\w-]+))?"
        ),
        clause.low,
    )
    if not match or _OVERLAP.search(clause.low):
        return []
    return [
        RuleFact(
            statement=statement,
            entity=match[1],
            kind="unique",
            fields=tuple(f for f in (match[2], match[3]) if f),
            text=clause.text,
        )
    ]


_ONE_PER: Final = re.compile(
    r"(?:(?:exactly|at most|only|just|genau|höchstens|nur) )?(?:one|a single|1|eine?) (?P<what>[a-zäöü][\w-]*) "
    r"(?:per|pro|je|for (?:each|every)|für jede[nrs]?) (?P<of>[a-zäöü][\w-]*)\b"
)


def _one_per(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "one refund per return, held by a unique key": no two refunds are of one return."""
    found = _ONE_PER.match(clause.low)
    if found is None:
        return []
    thing, of = (thing_name(found[part], clause.language) for part in ("what", "of"))
    return [RuleFact(statement=statement, entity=thing, kind="unique", fields=(of,), text=clause.text)]


_CHANGING = vocabulary(
    "update delete edit change append-only immutable updates deletes edits changes deleted updated edited changed "
    "removed altered modified overwritten geändert gelöscht verändert feature"
)
"""Words of "never changed" and the like, which are no things."""
_COUNTED = re.compile(r"^(?:two|zwei|three|drei|ten|zehn|several|mehrere) ", re.IGNORECASE)
_OF_ROWS = re.compile(r" (?:data|records?|rows?)$", re.IGNORECASE)


_LOOKS = frozenset({"access", "change", "zugriff", "view", "read", "write"})


def _without(noun: Noun, ending: str, language: str) -> Noun | None:
    """Return a noun without the word that follows it, "scans append-only"; None where more of it is that word."""
    said = noun.said[: -len(ending)].rstrip() if noun.said.lower().endswith(ending.lower()) else ""
    if ending.lower() not in noun.said.lower():
        return noun
    return (
        replace(noun, said=said, name=thing_name(said, language), last=noun.last - len(ending.split()))
        if said
        else None
    )


def _without_keeping(noun: Noun, language: str) -> Noun | None:
    verb = _KEEP.search(noun.said)
    return _without(noun, verb[0], language) if verb else noun


def _ahead(clause: Clause, noun: Noun, match: re.Match[str]) -> bool:
    """Whether a noun stands before what was found."""
    return len(" ".join(w.low for w in clause.words[: noun.last + 1])) <= match.start()


def _held(clause: Clause, statement: str, subject: str) -> list[AnyFact]:
    low, text = clause.low, clause.text
    nouns = [n for n in clause.nouns() if plausible(n)]
    about = nouns[0].name if nouns else subject
    found: list[AnyFact] = []

    def rule(kind: str, entity: str = about, **more: object) -> None:
        found.append(RuleFact(statement=statement, entity=entity, kind=kind, text=text, **more))  # type: ignore[arg-type]

    if _SOFT.search(low):
        named = (re.sub(r"^.*delet\w*\s*", "", n.name, flags=re.I) for n in nouns)
        rule("soft_delete", next((n for n in named if n and n.lower() != "soft"), subject))
    elif (match := _IMMUTABLE.search(low)) and not _AUDIT.match(low[match.start() :]):
        bare = (_without(n, match[0], clause.language) for n in nouns)
        kept_so = [n for n in bare if n is not None and n.name.lower() not in _CHANGING]
        ahead = [n for n in kept_so if _ahead(clause, n, match)]
        when = condition_of(low, _IMMUTABLE)
        targets = [n for n in ahead or kept_so if not when or n.said.lower() not in when]
        in_it = [n for n in nouns if n.name.lower() not in _CHANGING][: not subject]
        for name in [noun.name for noun in targets[:3] or in_it] or [subject]:
            rule("immutable", name, condition=when)
    if _KEEP.search(low) and (period := _PERIOD.search(low)):
        kept = [
            n
            for n in (_without_keeping(noun, clause.language) for noun in nouns)
            if n is not None
            and not _COUNTED.match(n.name)
            and not clause.text[clause.words[n.last].end - clause.words[0].start :].startswith(":")
        ]
        since = counted_from(low, period.end())
        kept = [n for n in kept if not since or n.said.lower() not in since]
        rule("retention", kept[0].name if kept else subject, value=_days(period), condition=since)
    elif (match := _AUDIT.search(low)) and not clause.negated:
        heads = [n for n in nouns if n.first > 0 and clause.words[n.first - 1].low in {"of", "to", "von", "auf"}]
        logged = [n for n in heads if n.name.lower() not in _LOOKS and not _ahead(clause, n, match)] or heads[:1]
        elsewhere = logged and _ahead(clause, logged[0], match) and "," in low[: match.start()]
        for name in [_OF_ROWS.sub("", n.name) for n in logged] if logged and not elsewhere else [""]:
            rule("audit", name)
    if _OVERLAP.search(low) and (clause.negated or "doppel" in low or "prevent" in low):
        rule("no_overlap", next((_COUNTED.sub("", n.name) for n in nouns if not _OVERLAP.search(n.said)), subject))
    elif match := _COUNT.search(low):
        rule(
            "count",
            match[2],
            value=float(_WORDS.get(match[1], 0) or number(match[1])),
            condition=low[match.end() :].strip(" ."),
        )
    elif (match := _SIGN.search(low)) or (match := _COMPARE.search(low)):
        sign = {
            "before": "<",
            "earlier than": "<",
            "vor": "<",
            "less than": "<",
            "smaller than": "<",
            "kleiner als": "<",
            "not exceed": "<=",
            "exceed": "<=" if clause.negated else ">",
            "at least": ">=",
        }.get(match[2], match[2] if match[2] in "<=>≤≥" else ">")
        if clause.topic in {"data", "api", "", "flow"} and _compares(match):
            rule("compare", subject, fields=(match[1], match[3]), expression=f"{match[1]} {sign} {match[3]}")
    if not found and (
        re.search(
            r"\b(?:not|never|nicht|nie) (?:go |be |become |get )?(?:negativ\w*|below (?:zero|0)|unter null)\b", low
        )
        or re.search(r"\bsum\b.*\b(?:zero|0)\b", low)
    ):
        rule(
            "other" if "sum" in low or " except " in low else "bound",
            about,
            expression="" if "sum" in low else ">= 0",
            condition=low.partition(" except ")[2],
        )
    return found


def compared(text: str, entity: str, statement: str) -> RuleFact | None:
    """Return the rule of a text that is no more than a comparison of two fields: ``starts_at < ends_at``."""
    match = _SIGN.fullmatch(text.strip(" .`").lower())
    if match is None:
        return None
    expression = f"{match[1]} {match[2]} {match[3]}".replace("≤", "<=").replace("≥", ">=")
    return RuleFact(
        statement=statement,
        entity=entity,
        kind="compare",
        fields=(match[1], match[3]),
        expression=expression,
        text=text,
    )


def _compares(match: re.Match[str]) -> bool:
    """Whether two fields are compared: by a sign, a word that binds, or as two times, and not told as a story."""
    if re.search(r"\d|^(?:each|every|any|jede)", match[3]) or match[1].lower() in NEGATIONS | FUNCTION | _ADVERBS:
        return False
    times = _OF_TIME.search(match[1]) and _OF_TIME.search(match[3])
    return match.re is _SIGN or bool(times or _BINDS.search(match[0]))


def _days(match: re.Match[str]) -> float:
    return days_of(float(_WORDS.get(match[1].lower(), 0) or number(match[1])), match[2])
