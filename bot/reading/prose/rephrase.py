"""Turns the many ways in which people say one thing into the one way that the grammar of prose reads.

Each pattern is anchored at the start of a sentence or bounded in length, so that a text is read in linear time.
"""

from __future__ import annotations

import re

from bot.reading.names import singular

_BOTH = re.compile(
    r"^[*_]?(?P<one>[^\W\d]\w{1,40})[*_]? (?:and|und) [*_]?(?P<other>[^\W\d]\w{1,40})[*_]?\b[^.]{0,200}?"
    r"\b(?:both|each|beide) (?P<rest>(?:belong|have|has|gehör)\w* [^.]{1,200})\.?$",
    re.I,
)
_DET = r"(?:an?|the|each|every|any|our|one|ein|eine|einer|einem|eines|jede|jeder|jedes|jedem|der|die|das|dem)"
_NOUN = r"[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40})?"
_MEMBER = r"[`'\"]?[^\W_][\w+/-]{0,40}[`'\"]?"
_LIST = rf"{_MEMBER}(?:, {_MEMBER}){{0,30}},? (?:or|and|oder|und) {_MEMBER}"
_WHICH = re.compile(
    rf",? (?:which|that|die|das|der) (?:is|are|can be|may be|must be|ist|sein kann)"
    rf"(?: always)?(?: either| one of| any of)?:? (?P<members>{_LIST})(?=[.,;)]|$| \()",
    re.I,
)
_HAS_LIST = re.compile(
    rf"(?P<head>\b(?:has|have|gets?|carries|hat|bekommt|erhält) (?:also )?(?:an?|one|ein|eine|einen) {_NOUN})"
    rf"(?: of)?(?P<sign>:| -| –| —) (?:either |one of )?(?P<members>{_MEMBER}(?:, {_MEMBER}){{1,30}}"
    rf"|{_LIST})(?=[.;]?\s*$)",
    re.I,
)
_LISTS_TOO = re.compile(
    rf"^(?P<first>(?P<who>(?:an?|each|every) {_NOUN}?) (?:is|belongs|hangs|sits|goes|stands|comes) (?:for|to|on|in"
    rf"|at|from|under) (?:exactly )?(?:one|an?) {_NOUN}?),? and"
    r" (?:lists|has|contains|holds|carries|includes|covers) (?P<rest>(?:one or more|many|several|at least one"
    r"|any number of|an?) .+)$",
    re.I,
)
"""``An invoice is for one customer and lists one or more items``."""
_ADVERB = re.compile(
    r" (?:additionally|also|now|zusätzlich|auch)"
    r"(?= (?:gets?|has|have|needs|carries|receives|hat|bekommt|erhält|braucht) )"
)
_GETS = re.compile(
    rf"^(?P<subject>(?:{_DET} )?{_NOUN}) (?:gets?|needs|carries|receives|bekommt|erhält|braucht)"
    r"(?: additionally| also| now| zusätzlich)?"
    r" (?=an? |one |eine? |einen )",
    re.I,
)
_KEEP = r"(?:keep|store|record|hold|save|need|track|note|want|speichern|merken|erfassen|brauchen)"
_OF_A = re.compile(
    rf"^(?:of|for|about|per|von|für|zu|über|with) {_DET} (?P<noun>{_NOUN}),? (?:we|wir|{_KEEP}) (?:only |just |nur )?"
    rf"(?:{_KEEP}|wir) (?:uns )?(?:only |just |nur )?(?P<fields>[^.:][^.]*)\.?$",
    re.I,
)
_KEEP_OF = re.compile(
    rf"^(?:we|wir) (?:only )?{_KEEP} (?P<fields>[^.:]{{3,600}}?) (?:of|for|per|about|von|für|zu) "
    rf"(?:each|every|jede[rmsn]?) (?P<noun>{_NOUN})\.?$",
    re.I,
)
_CAN_BE = (
    r"(?:can|may|must|will|is|are)(?: now)?(?: only)?(?: be)?(?: either| one of| any of)?:? "
    rf"(?P<members>{_LIST})\.?$"
)
_PROPERTY = re.compile(
    rf"^(?:the |der |die |das )?(?P<field>{_NOUN}) of {_DET} (?P<noun>{_NOUN}) {_CAN_BE}",
    re.I,
)
_POSSESSIVE = re.compile(
    rf"^(?:{_DET} )?(?P<noun>{_NOUN})['’]s (?P<field>{_NOUN}) {_CAN_BE}",
    re.I,
)
_IS_IN = re.compile(
    rf"^(?:[Aa]n?|[Ee]ach|[Ee]very|[Ee]ine?|[Jj]ede[rs]?) (?P<noun>{_NOUN}) (?:is|can be|may be|ist|kann)"
    rf" (?:always )?"
    r"(?P<either>either |entweder |always one of |one of )?"
    r"(?P<members>[a-zäöü_]{3,30}(?: [a-zäöü_]{2,20}){0,2}(?:, [a-zäöü_]{3,30}(?: [a-zäöü_]{2,20}){0,2}){0,10},?"
    r" (?:or|oder) "
    r"[a-zäöü_]{3,30}(?: [a-zäöü_]{2,20}){0,2})(?: sein)?(?P<more>\.?$| [-–—] .*$|; .*$|, (?=when |wenn |if "
    r"|sobald )[^.]*\.?$)"
)
_FLAG = re.compile(
    r"\b(?:an?|ein|eine) (?P<one>[^\W\d][\w-]{1,40}) (?:flag|boolean|checkbox|kennzeichen)\b(?! [a-z_])"
    r"|\b(?:an?|ein) (?:flag|boolean|checkbox) (?:called |named |for |whether it is |whether it was )?"
    r"[`'\"]?(?P<other>[^\W\d]\w{1,40})[`'\"]?",
    re.I,
)
_WHETHER = re.compile(
    r"\b(?:whether|if|ob) (?:it|he|she|they|es|er|sie) (?:is|was|has been|are|were|ist|wurde) "
    r"(?P<name>[^\W\d]\w{1,40})(?=[,.;]| and| or|$)",
    re.I,
)
_WHEN = re.compile(
    r"\bthe (?P<kind>date|day|time|moment|timestamp)(?: on which| at which| when)? (?:it|he|she|they) [^,()]{2,60}"
    r"\((?P<name>[a-z]\w{1,40})\)"
)
_LABEL = re.compile(r"(?:attributes|fields|properties|columns|details|data|felder|attribute|angaben)", re.I)
_KINDS = {"day": "date", "moment": "timestamp", "time": "timestamp"}


def rephrased(text: str) -> str:
    """Return a sentence about data in the grammar's own words, or as it is where it is in none of these ways.

    >>> rephrased("The colour of a kite can be red or blue.")
    'A kite has a colour (red | blue).'
    """
    if len(text) > 2000 or " " not in text:
        return text
    for pattern in (_PROPERTY, _POSSESSIVE):
        if (found := pattern.match(text)) and _enumerates(found["members"]) and not _LABEL.fullmatch(found["field"]):
            field = found["field"]
            return f"A {found['noun']} has a {_one(field, text)} ({_members(found['members'])})."
    if found := _BOTH.match(text):
        return f"A {found['one']} {found['rest']}. A {found['other']} {found['rest']}."
    found = _IS_IN.match(text)
    if found and (found["either"] or " " not in re.sub(r",? (?:or|oder) |, ", "", found["members"])):
        return f"A {found['noun']} has a status ({_members(found['members'])})."
    for pattern in (_OF_A, _KEEP_OF):
        if found := pattern.match(text):
            text = f"A {found['noun']} has {found['fields']}."
            break
    text = _LISTS_TOO.sub(lambda m: f"{m['first']}; {m['who']} has {m['rest']}", text)
    text = _ADVERB.sub("", text)
    text = _GETS.sub(lambda m: f"{_with_article(m['subject'])} has ", text, count=1)
    text = _HAS_LIST.sub(lambda m: f"{m['head']} ({_members(m['members'])})", text, count=1)
    text = _WHICH.sub(lambda m: f" ({_members(m['members'])})", text)
    text = _dates(text)
    text = _FLAG.sub(lambda m: f"{m['one'] or m['other']} (boolean)", text)
    return _WHETHER.sub(lambda m: f"{m['name']} (boolean)", text)


def _dates(text: str) -> str:
    """Write "the date it was opened on (opened_on) and closed on (closed_on)" as two fields with their type."""
    found = _WHEN.search(text)
    if not found:
        return text
    kind = _KINDS.get(found["kind"], found["kind"])
    rest = text[found.end() :]
    follow = re.match(r" and (?!an? |the )[^,()]{2,40} \(([a-z]\w{1,40})\)", rest)
    also = f", {follow[1]} ({kind})" if follow else ""
    return f"{text[: found.start()]}{found['name']} ({kind}){also}" + _dates(rest[follow.end() if follow else 0 :])


def _with_article(subject: str) -> str:
    return subject if re.match(rf"{_DET} ", subject, re.I) else f"A {subject}"


def _one(field: str, text: str) -> str:
    return singular(field) if " are " in text else field


def _members(said: str) -> str:
    return " | ".join(m.strip() for m in re.split(r",? (?:or|and|oder|und) |, ", said) if m.strip())


def _enumerates(said: str) -> bool:
    """Whether a list is one of members, not of figures ("between 3 and 5") or of two adjectives in passing."""
    return not re.search(r"\d", said) or "," in said
