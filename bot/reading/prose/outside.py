"""What stands around the backend: its stack, outside services, events and schedules, conventions of the whole API."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, cast

from bot.domain.facts import AnyFact, ConventionFact, EventFact, ServiceFact, StackFact, Stance
from bot.reading.catalogue import AMBIGUOUS_STACK, LANGUAGE_OF, PROTOCOLS, SERVICES, STACK, Part
from bot.reading.prose.alternatives import either
from bot.reading.prose.clause import Clause
from bot.reading.prose.decisions import decided_on, only_for_now
from bot.reading.prose.partners import ends_before, is_own_thing, sent_by_webhook, what_is_sent
from bot.reading.tokens import Token
from bot.reading.words import (
    DETERMINERS,
    FUNCTION,
    LABEL_OF,
    NEGATIONS,
    NONE_ANSWERS,
    POSTPONED,
    POSTPONED_PHRASES,
    UNSURE,
    UNSURE_PHRASES,
)

_LONGEST_NAME = 4
_TAKEN_BACK = frozenset(
    [
        "dropped",
        "old",
        "legacy",
        "replaced",
        "gone",
        "earlier",
        "formerly",
        "prototype",
        "was",
        "forget",
        "scratch",
        "früher",
        "alt",
        "altes",
        "alten",
        "ersetzt",
        "abgelöst",
        "considered",
        "rejected",
        "ruled",
    ]
)
_MOVED = re.compile(
    (
        r"\b(?:moved|moving|switched|switching|migrated|migrating|changed|gewechselt|umgestiegen|sind "
        r"jetzt)\s+(?:over\s+)?(?:to|zu|auf)\b|\b(?:now|jetzt)\s+(?:it's|it is|on|auf|use)\b"
    ),
    re.I,
)
_CUTS = frozenset({",", ";", ".", "(", ")", "!", "—", "–", "?"})
_LINKING = frozenset(
    {
        "with",
        "from",
        "to",
        "via",
        "through",
        "into",
        "mit",
        "aus",
        "von",
        "an",
        "über",
        "by",
        "using",
        "use",
        "against",
        "gegen",
        "uses",
        "nutzen",
    }
)
_CALLED = frozenset({"called", "named", "namens", "genannt"})
_SCHEDULE = re.compile(
    (
        r"\b(nightly|hourly|daily|weekly|monthly|yearly|every (?:night|day|hour|week|month|minute|"
        r"morning|evening|\d+ (?:minutes?|hours?|days?|seconds?))|once an? (?:night|day|hour|week|month)|"
        r"at midnight|at (?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?)|jede (?:nacht|stunde|woche|minute)|jeden "
        r"(?:tag|morgen|abend|monat)|nächtlich|täglich|stündlich|wöchentlich|monatlich|alle \d+ "
        r"(?:minuten|stunden|tage)|einmal (?:am tag|pro tag|pro nacht|die woche)|nachts|cron\S*)(?!\w)"
    ),
    re.I,
)
_JOB = re.compile(r"\s*(?:\w+ )?(?:job|task|run|batch|import|export|sync|lauf|auftrag)\b")
"""What runs by itself: "a nightly job" says when, "a monthly amount" how much."""

_OF_A_NOUN = re.compile(
    r"(?:^|\s)(?:an?|the|its|their|his|her|of|starting|starts|counted|beginning|least|most|eine?n?|die|der|das|dem) $"
)
"""What stands before a word that says how often a thing is or where a number begins: "a monthly amount"."""
_OUT = re.compile(
    (
        r"\b(outgoing|outbound|ausgehende?)\s+webhooks?\b|\bwebhooks?\s+(?:to|for|an|für)\s+(?:our|the|"
        r"customers?|clients?|partners?|kunden|unsere|subscribers?)|\b(?:send|offer|fire|emit|provide|"
        r"deliver)s?\s+(?:\w+\s+)?webhooks?\b"
    ),
    re.I,
)
_IN = re.compile(
    (
        r"\b(?:incoming|inbound|receive|eingehende?)\s+webhooks?\b|\bwebhooks?\s+(?:back|from|von|to us|"
        r"in)\b|\bwebhooks? (?:are )?received\b"
    ),
    re.I,
)
_SIGNED = re.compile(r"\b(hmac\S*|signed|signature\S*|signiert)\b", re.I)
_EVENT = re.compile(
    r"\b(?:publish|publishes|emit|emits|raise|raises|fire|fires|veröffentlich\w*|event|"
    r"ereignis)\s+(?:an?\s+|the\s+)?[`'\"]?([a-z]+(?:[._][a-z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)[`'\"]?"
)
_CONVENTIONS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\bsnake[_ -]?case\b", re.I), "naming", "snake_case"),
    (re.compile(r"\bcamel[_ -]?case\b", re.I), "naming", "camelCase"),
    (re.compile(r"\bkebab[_ -]?case\b", re.I), "naming", "kebab-case"),
    (
        re.compile(r"\b(cursor[- ]?(?:based|pagination)?|by cursor|keyset)\b(?!\s*\w*\s*mouse)", re.I),
        "pagination",
        "cursor",
    ),
    (re.compile(r"\b(offset|page[- ]number|page=|limit/offset|limit and offset)\b", re.I), "pagination", "offset"),
    (re.compile(r"\b(paginat\w*|paged|seitenweise|paginiert|page by page)\b", re.I), "pagination", "yes"),
    (re.compile(r"\b(problem\+json|rfc ?(?:7807|9457)|problem details)\b", re.I), "error_format", "problem+json"),
    (re.compile(r"\b(?:fehler|errors?)\b.{0,30}\bjson\b", re.I), "error_format", "json"),
    (
        re.compile(r"\b(?:version(?:ed|ing)?|versioniert)\b.{0,20}\b(?:url|path|pfad|uri)\b|\burl versioning\b", re.I),
        "versioning",
        "path",
    ),
    (re.compile(r"\b(?:version(?:ed|ing)?)\b.{0,20}\bheader\b", re.I), "versioning", "header"),
    (re.compile(r"\b(graphql)\b(?= (?:api|endpoint|only|instead))", re.I), "api_style", "graphql"),
    (re.compile(r"\b(REST(?:ful)?|RESTFUL|restful)\b"), "api_style", "rest"),
    (re.compile(r"\b(grpc)\b", re.I), "api_style", "grpc"),
    (re.compile(r"\b(gdpr|dsgvo)\b", re.I), "compliance", "GDPR"),
    (re.compile(r"\b(hipaa)\b", re.I), "compliance", "HIPAA"),
    (re.compile(r"\b(pci(?:[- ]dss)?)\b", re.I), "compliance", "PCI DSS"),
    (re.compile(r"\b(soc ?2)\b", re.I), "compliance", "SOC 2"),
    (re.compile(r"\b(iso ?27001)\b", re.I), "compliance", "ISO 27001"),
    (re.compile(r"\b(ccpa)\b", re.I), "compliance", "CCPA"),
    (re.compile(r"\b(ferpa)\b", re.I), "compliance", "FERPA"),
    (re.compile(r"\b(?:resource )?wrapped in (?:a )?(root key|envelope|data)\b", re.I), "envelope", "root_key"),
    (
        re.compile(
            r"\b(there are no other|no other|keine weiteren|no further|nothing but these)\s+(?:endpoints?|"
            r"routes?|calls?|endpunkte\w*|paths?)",
            re.I,
        ),
        "endpoints_closed",
        "true",
    ),
    (re.compile(r"\b(idempoten\w+)\b", re.I), "idempotency", "key"),
    (re.compile(r"\b(etag\w*|if-match|optimistic lock\w*)\b", re.I), "concurrency", "etag"),
    (
        re.compile(r"\b(encrypted at rest|encryption at rest|verschlüsselt gespeichert|hashed at rest)\b", re.I),
        "encryption",
        "at_rest",
    ),
    (re.compile(r"\b(tls|https only|encrypted in transit)\b", re.I), "encryption", "in_transit"),
    (re.compile(r"\b(rotat\w+)\b", re.I), "secrets", "rotated"),
    (re.compile(r"\b(break(?:ing)?[- ]the[- ]glass|break[- ]glass)\b", re.I), "access", "break_glass"),
    (re.compile(r"\b(?:no|not|kein\w*|without|ohne)\b.{0,20}\b(?:roles|rollen)\b", re.I), "roles", "none"),
    (
        re.compile(r"\b(?:no|not|kein\w*|without|ohne)\b.{0,20}\b(?:user accounts|accounts|benutzerkonten)\b", re.I),
        "accounts",
        "none",
    ),
    (re.compile(r"\b(rate[- ]?limit\w*|throttl\w*)\b", re.I), "rate_limit", "yes"),
)


def mentions(words: Sequence[Token], known: dict[str, object], ambiguous_too: bool) -> list[tuple[int, int, str]]:
    """Return known names as first token, last token and key; the longest name wins."""
    found: list[tuple[int, int, str]] = []
    n = 0
    while n < len(words):
        for size in range(min(_LONGEST_NAME, len(words) - n), 0, -1):
            key = " ".join(w.low for w in words[n : n + size])
            glued = "".join(w.low for w in words[n : n + size])
            hit = key if key in known else glued if size > 1 and glued in known else ""
            if not hit and size == 1:
                bare = key.rstrip("0123456789.")
                hit = bare if bare in known and len(bare) > 2 else ""
            if not hit and key.endswith(("-based", "-api")):
                hit = key.rsplit("-", 1)[0] if key.rsplit("-", 1)[0] in known else ""
            if hit and (ambiguous_too or hit not in AMBIGUOUS_STACK or (words[n].text[0].isupper() and n > 0)):
                found.append((n, n + size - 1, hit))
                n += size - 1
                break
        n += 1
    return found


def _local(words: Sequence[Token], first: int, last: int) -> Stance:  # noqa: PLR0911
    """Return how a speaker stands to a name, by the words around it up to the next comma or "and"."""
    left = first
    while (
        left > 0
        and words[left - 1].text not in _CUTS
        and words[left - 1].low not in {"but", "aber", "sondern", "and", "und"}
        and first - left < 9
    ):
        left -= 1
    right = last
    while (
        right + 1 < len(words)
        and words[right + 1].text not in _CUTS
        and words[right + 1].low not in {"but", "aber", "sondern", "and", "und", "not", "nicht"}
        and right - last < 8
    ):
        right += 1
    before = [w.low for w in words[left:first]]
    around = [*before, *(w.low for w in words[last + 1 : right + 1])]
    low = f" {' '.join(around)} "
    behind = words[last + 1].low if last + 1 < len(words) else ""
    if any(w in NEGATIONS - {"cannot"} for w in before) and any(
        f" {p}" in f" {' '.join(w.low for w in words[left : right + 1])} "
        for p in ("yet", "for now", "noch", "vorerst")
    ):
        return Stance.POSTPONED
    if (
        any(p in low for p in POSTPONED_PHRASES)
        or any(w in POSTPONED - {"yet"} for w in around)
        or any(w in {"q1", "q2", "q3", "q4"} for w in around)
    ):
        return Stance.POSTPONED
    if (
        any(w in NEGATIONS for w in before)
        or "instead of" in " ".join(before)
        or "rather than" in " ".join(before)
        or any(
            w in {"statt", "anstatt", "anstelle", "forget", "scratch", "vergesst", "vergiss", "replaces"}
            for w in before
        )
    ):
        return Stance.DENIED
    if (
        right + 1 < len(words)
        and words[right + 1].low == "nicht"
        and all(w.text.islower() for w in words[last + 1 : right + 1])
    ):
        return Stance.DENIED  # German denies at the end: "Mit Sage reden wir nicht"
    after = [w.low for w in words[last + 1 : right + 1]]
    if (
        any(w in _TAKEN_BACK for w in after)
        or any(w in {"old", "alte", "altes", "legacy", "früher", "formerly"} for w in before)
        or "at first" in " ".join(after)
        or "zuerst" in after
        or "anfangs" in after
    ):
        return Stance.DENIED
    if (
        behind == "("
        and last + 2 < len(words)
        and words[last + 2].low in {"later", "maybe", "phase", "v2", "q3", "q4", "später", "optional"}
    ):
        return Stance.UNSURE if words[last + 2].low == "maybe" else Stance.POSTPONED
    if any(w in UNSURE for w in around) or any(p in low for p in UNSURE_PHRASES):
        return Stance.UNSURE
    return Stance.STATED


def _stance(words: Sequence[Token], first: int, last: int, start: int, stop: int) -> Stance:
    """Return how a speaker stands to a name, by what was decided about it, or else by the words around it."""
    if (decided := decided_on(words, first, last, start, stop)) is not None:
        return decided
    stance = _local(words, first, last)
    present = stance is Stance.POSTPONED and only_for_now(words) and not any(w.low in NEGATIONS for w in words)
    return Stance.STATED if present else stance


def read_stack(clause: Clause, statement: str, part: str = "") -> list[AnyFact]:
    """Return languages, frameworks and stores; a name that stands before "we moved to" or "at first" is taken back."""
    words = clause.words
    asked = clause.topic == "stack" or bool(part)
    found: list[AnyFact] = []
    hits = mentions(words, cast("dict[str, object]", STACK), asked)
    moved = _MOVED.search(clause.low)
    moved_at = len(clause.low[: moved.start()].split()) if moved else -1
    for n, (first, last, key) in enumerate(hits):
        kind, name = STACK[key]
        if asked is False and kind in {"language", "deployment"} and clause.topic not in {"", "flow"}:
            continue
        stop = hits[n + 1][0] if n + 1 < len(hits) else len(words)
        stance = _stance(words, first, last, hits[n - 1][1] + 1 if n else 0, stop)
        if stance is Stance.STATED and moved and first < moved_at and any(f > moved_at - 1 for f, _, _ in hits):
            stance = Stance.DENIED
        if (
            stance is Stance.STATED
            and last + 2 < len(words)
            and words[last + 1].text in {".", "–", "-"}
            and words[last + 2].low in {"no", "nein", "hmm"}
        ):
            stance = Stance.DENIED
        version = ""
        if last + 1 < len(words) and words[last + 1].kind == "number" and words[last + 1].start - words[last].end <= 1:
            version = words[last + 1].text
        elif found_digits := re.search(r"(\d[\d.]*)$", words[last].text):
            version = found_digits[1] if name[-1] not in "0123456789" else ""
        found.append(StackFact(statement=statement, part=kind, name=name, version=version, stance=stance))
    found = either(found, [" ".join(w.low for w in words[a[1] + 1 : b[0]]) for a, b in pairwise(hits)])
    said = {f.part for f in found if isinstance(f, StackFact) and f.stance is Stance.STATED}
    if "language" not in said:
        for fact in list(found):
            if (
                isinstance(fact, StackFact)
                and fact.part == "framework"
                and fact.name in LANGUAGE_OF
                and not fact.alternatives
                and fact.stance is Stance.STATED
            ):
                found.append(StackFact(statement=statement, part="language", name=LANGUAGE_OF[fact.name]))
                break
    if not found and part in {
        "database",
        "language",
        "framework",
        "cache",
        "messaging",
        "search",
        "storage",
        "deployment",
    }:
        names = [w.text for w in words if w.kind == "word" and w.low not in FUNCTION]
        if 0 < len(names) <= 3:
            found.append(
                StackFact(statement=statement, part=cast("Part", part), name=" ".join(names), stance=clause.stance)
            )
    return found


def read_services(clause: Clause, statement: str) -> list[AnyFact]:
    """Return outside services: known ones anywhere, unknown ones by their place in an answer about integrations."""
    words = clause.words
    hits = mentions(words, cast("dict[str, object]", SERVICES), False)
    spans = [(first, last, " ".join(w.text for w in words[first : last + 1])) for first, last, _ in hits]
    taken = {n for first, last, _ in spans for n in range(first, last + 1)}
    stack = {
        n for first, last, _ in mentions(words, cast("dict[str, object]", STACK), False) for n in range(first, last + 1)
    }
    if clause.topic == "integrations":
        called = _called(words, taken)
        near = taken | {n for first, last, _ in called for n in range(first - 4, last + 1)}
        spans += [*called, *(s for s in _unknown(clause, taken) if not set(range(s[0], s[1] + 1)) & near)]
    else:
        spans += _integrated(clause, taken | stack)
    spans.sort()
    found: list[AnyFact] = []
    for i, (first, last, name) in enumerate(spans):
        if clause.topic == "stack" and " ".join(w.low for w in words[first : last + 1]) in STACK:
            continue
        stop = spans[i + 1][0] if i + 1 < len(spans) else len(words)
        between = words[last + 1 : stop]
        stance = _stance(words, first, last, spans[i - 1][1] + 1 if i else 0, stop)
        if (
            stance is Stance.STATED
            and i
            and found
            and isinstance(found[-1], ServiceFact)
            and found[-1].stance is not Stance.STATED
            and [w.low for w in words[spans[i - 1][1] + 1 : first]]
            in (["and"], ["or"], ["nor"], ["und"], ["oder"], [","])
        ):
            stance = found[-1].stance
        found.append(
            ServiceFact(
                statement=statement,
                name=name.strip(" ."),
                purpose=_purpose(between, clause, first)
                or SERVICES.get(" ".join(w.low for w in words[first : last + 1]), ""),
                protocol=next(
                    (
                        p
                        for p in PROTOCOLS
                        if any(w.low == p.lower() for w in [*words[first : last + 1], *between])
                        and p.lower() != name.lower()
                    ),
                    "",
                ),
                direction=_direction(between),
                stance=stance,
            )
        )
    return found


def _purpose(between: Sequence[Token], clause: Clause, first: int) -> str:
    text = (
        clause.text[between[0].start - clause.words[0].start : between[-1].end - clause.words[0].start]
        if between
        else ""
    )
    match = re.search(r"(?:\bfor\b|\bfür\b|\bto\b|\bzum\b|\bzur\b|[(–—:-])\s*((?:the |our )?[^,;.()]{3,80})", text)
    if match:
        return re.sub(r"\s+(?:and|und|or)$", "", match[1].strip())
    before = clause.words[max(0, first - 3) : first]
    if len(before) >= 2 and before[-1].low in {"via", "through", "by", "über", "with", "per"}:
        return before[-2].text
    return ""


def _direction(between: Sequence[Token]) -> Literal["outbound", "inbound", "both", ""]:
    low = " ".join(w.low for w in between)
    inbound = re.search(
        (
            r"\b(webhooks? (?:back|to us|from)|pushes|sends? us|calls? us|incoming|liefert|schickt|push to us|"
            r"read[- ]?only|nur lesend|we read|import)"
        ),
        low,
    )
    outbound = re.search(r"\b(push|send|export|we send|deliver|notify|sms|mails?|publish|write)", low)
    if inbound and "webhook" in low and not sent_by_webhook(low):
        return "both"
    return "inbound" if inbound else "outbound" if outbound else ""


def _called(words: Sequence[Token], taken: set[int]) -> list[tuple[int, int, str]]:
    """Return the names that something is said to have: "a system called Fahrwerk", "ein Programm namens Kastor"."""
    found = []
    for n in range(1, len(words)):
        if words[n - 1].low in _CALLED and n not in taken and words[n].kind == "word" and words[n].text[0].isupper():
            last = n
            while last + 1 < len(words) and words[last + 1].kind == "word" and words[last + 1].text[0].isupper():
                last += 1
            found.append((n, last, " ".join(w.text for w in words[n : last + 1])))
    return found


def _unknown(clause: Clause, taken: set[int]) -> list[tuple[int, int, str]]:
    """Return names at the head of the items of a list of integrations, known or not, in capitals or integrated with."""
    words = clause.words
    found: list[tuple[int, int, str]] = []
    start, depth = True, 0
    n = 0
    while n < len(words):
        token = words[n]
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth = max(0, depth - 1)
        linked = n > 0 and words[n - 1].low in _LINKING
        if (
            not depth
            and (start or linked)
            and n not in taken
            and token.kind == "word"
            and _nameish(token, start and n == 0)
            and token.low not in LABEL_OF
        ):
            last = n
            while (
                last + 1 < len(words)
                and words[last + 1].kind == "word"
                and last + 1 not in taken
                and words[last + 1].text[0].isupper()
                and words[last + 1].low not in FUNCTION
            ):
                last += 1
            name = " ".join(w.text for w in words[n : last + 1])
            if name.lower() not in NONE_ANSWERS and not (
                clause.language == "de" and linked and n == last and not any(c.isupper() for c in name[1:])
            ):
                found.append((n, last, name))
            n = last
        elif (
            not depth
            and start
            and n not in taken
            and token.kind == "word"
            and n == 0
            and token.low in {"the", "our", "a", "an", "der", "die", "das", "unser", "unsere"}
        ):
            last = n
            while (
                last + 1 < len(words)
                and words[last + 1].kind == "word"
                and words[last + 1].low not in FUNCTION
                and last - n < 3
                and not (last > n and ends_before(words, last + 1))
            ):
                last += 1
            if last > n:
                if not is_own_thing(words, n + 1, last):
                    found.append((n + 1, last, " ".join(w.text for w in words[n + 1 : last + 1])))
                n, token = last, words[last]
        start = (
            token.text in {",", ";", "+", "•", "/", "-", ":"}
            or token.low in {"and", "und", "or", "oder", "plus", "use", "nutzen", "also", "sowie", "then"}
            or (start and token.low in NEGATIONS | DETERMINERS | {"-", "*"})
        )
        n += 1
    return found


_NOT_NAMES = frozenset(
    [
        "webhooks",
        "webhook",
        "outgoing",
        "incoming",
        "api",
        "apis",
        "rest",
        "e-mail",
        "email",
        "mails",
        "mail",
        "sms",
        "we",
        "i",
        "nothing",
        "none",
        "later",
        "maybe",
        "also",
        "only",
        "they",
        "it",
        "everything",
        "sso",
        "csv",
        "json",
        "xml",
        "both",
        "all",
        "no",
        "not",
        "yes",
        "then",
        "when",
        "if",
        "integration",
        "integrations",
        "if",
        "otherwise",
        "currently",
        "kafka-like",
        "kundennummer",
        "calls",
        "requests",
        "data",
        "each",
        "every",
        "push",
        "read",
        "payment",
        "payments",
        "hmac-signed",
        "legal",
        "gegen",
        "outbox",
        "ports",
        "adapters",
    ]
)


def _nameish(token: Token, first: bool) -> bool:
    if (
        token.low in FUNCTION
        or token.low in DETERMINERS
        or token.low in _NOT_NAMES
        or token.low in NEGATIONS
        or token.low in POSTPONED | UNSURE
    ):
        return False
    return token.text[0].isupper() and (len(token.text) > 1)


def _integrated(clause: Clause, taken: set[int]) -> list[tuple[int, int, str]]:
    words = clause.words
    found = []
    for n in range(2, len(words)):
        if (
            n not in taken
            and words[n - 1].low in {"with", "mit"}
            and words[n - 2].lemma in {"integrate", "sync", "synchronize", "synchronise", "integration"}
            and words[n].text[0].isupper()
        ):
            found.append((n, n, words[n].text))
    return found


def read_events(clause: Clause, statement: str) -> list[AnyFact]:
    """Return events, webhooks and schedules."""
    low, found = clause.low, list[AnyFact]()
    stance = clause.stance
    signed = True if _SIGNED.search(low) else None
    if _OUT.search(low):
        found.append(EventFact(statement=statement, kind="webhook_out", name="webhooks", signed=signed, stance=stance))
    if _IN.search(low) or sent_by_webhook(low) or ("webhook" in low and signed and not found):
        found.append(EventFact(statement=statement, kind="webhook_in", name="webhooks", signed=signed, stance=stance))
    if (match := _SCHEDULE.search(low)) and (
        _JOB.match(low[match.end() :]) or not _OF_A_NOUN.search(low[: match.start()])
    ):
        what = [
            w.text for w in clause.words if w.kind == "word" and w.low not in FUNCTION and w.low not in match[0].split()
        ]
        name = what_is_sent(clause.text, match[0]) or " ".join(what[:6])
        found.append(EventFact(statement=statement, kind="schedule", name=name, schedule=match[0], stance=stance))
    for match in _EVENT.finditer(clause.text):
        found.append(EventFact(statement=statement, kind="event", name=match[1], stance=stance))
    return found


def read_conventions(clause: Clause, statement: str, base_path: str) -> list[AnyFact]:
    """Return how the whole API is, and the laws that it is under."""
    found: list[AnyFact] = [ConventionFact(statement=statement, kind="base_path", value=base_path)] if base_path else []
    seen: set[str] = set()
    for pattern, kind, value in _CONVENTIONS:
        if pattern.search(clause.low if kind not in {"naming", "api_style"} else clause.text) and not (
            kind == "pagination" and kind in seen
        ):
            seen.add(kind)
            denied = clause.stance if value not in {"true", "none"} else Stance.STATED
            found.append(ConventionFact(statement=statement, kind=kind, value=value, stance=denied))
    return found
