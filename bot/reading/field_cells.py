"""Writes lists of fields as people type them in the one way that is read: ``name (type, note), name: member, member``.

``a bool `released` if anything came down``, ``roll_mm + pitch_mm decimals``, ``fired_at down to the second``,
``finish in (matte, gloss)``, ``kind: crack / root (exactly these two)``, ``opened: date + time, or null``.
"""

from __future__ import annotations

import re

from bot.reading.names import vocabulary
from bot.reading.types import value_type

_LONGEST = 4000
_TYPE = (
    r"(?P<type>int(?:eger)?|bool(?:ean)?|flag|string|text|date|timestamp|datetime|decimal|float|number|uuid"
    r"|enum|whole number|long text"
    r"|ganzzahl|kommazahl|dezimalzahl|zeichenkette|wahrheitswert|datum|zeitstempel|zeitpunkt)"
)
_WHY = r"(?: (?:if|when|that|which|for|whether|saying|falls|wenn|ob|für)\b[^,;()]{0,80})?"
_TYPE_FIRST = re.compile(
    rf"(?P<before>^|[,;:] ?|\band |\bund )(?:(?P<det>an?|one|eine?n?|ein) )?{_TYPE} (?:field |column |flag "
    rf"|feld |spalte )?"
    rf"(?:(?P<called>called|named|namens"
    rf"|for)\s)?(?P<mark>[`'\"]?)(?P<name>[^\W\d]\w{{1,40}})(?P=mark){_WHY}(?=\s*(?:[,;.]|$|and |und ))",
    re.I,
)
_SUMMED = re.compile(
    r"(?<![\w.])(?P<a>[^\W\d]\w{0,40}) ?(?:\+|&|/) ?(?P<b>[^\W\d]\w{0,40}) (?:both |each "
    r"|beide )?(?P<type>[a-zäöü]{3,14}?)s?(?=\s*(?:[,;.]|$))"
)
_MOMENT = re.compile(
    r" \(?(?:accurate |exact |precise |down )?(?:to|auf) (?:the|die|den) (?P<u>second|minute|millisecond|hour"
    r"|day|month|sekunde|minute|stunde|tag)"
    r"(?: genau)?\)?(?=\s*(?:[,;.)]|$|and |und ))"
    r"| \(?(?P<adj>sekunden|minuten|stunden|tag(?:es)?)genau\)?(?=\s*(?:[,;.)]|$|and |und ))",
    re.I,
)
_NO_WORDS = vocabulary("int integer bool boolean timestamp datetime float uuid")
"""Types that are words of code alone: behind "a bool" stands a name, where "a text message" is one by itself."""
_KINDS = vocabulary(
    "field column value flag number type called named if that which or and with in of for array list null not"
)
_DAYS = frozenset({"day", "month", "tag", "tages"})
_IN_SET = re.compile(r"(?<=[\w`]) (?:in|∈|one of|out of|from|aus|von) (?=[({\[][^(){}\[\]]{1,200}[,|/])", re.I)
_OR_NULL = re.compile(r", (?:or|oder) (null|empty|leer|nothing|nichts)\b", re.I)
_HOW_OFTEN = re.compile(
    r"(?P<sign>:\s|\s\(|\s)(?:number|zahl|int(?:eger)?|ganzzahl|anzahl|count)(?:,|\)?)? (?:how (?:many|often)"
    r"|wie (?:oft|viele))\b[^,;()]{0,80}\)?",
    re.I,
)
_CLOSED = re.compile(
    r"(?P<list>[\w-]{1,40}(?:\s*[/|]\s*[\w-]{1,40}){1,20})\s*\((?:exactly|only|just|nothing but|genau|nur"
    r"|always|no|nothing|these|those"
    r"|diese|the) [^()]{2,80}\)(?=\s*(?:[,;.]|$))",
    re.I,
)
"""A bracket that says that a list of members is complete: ``crack / root (exactly these two, it's in the norm)``."""
_TOLD_IS = re.compile(
    r"(?P<name>(?:^|(?<=[,;] )|(?<=\band ))[^\W\d]\w*(?:_\w+)*) (?:is|are|ist|=|sind|being) (?:always )?(?:an? "
    r"|eine? )?(?P<type>[a-z][\w ()]{1,24})"
    r"(?=\s*(?:[,;.]|$|and |und ))",
    re.I,
)


_ONE_OF = re.compile(
    r"(?P<name>(?:^|(?<=[,;] )|(?<=\band ))[^\W\d][\w-]*(?: [^\W\d][\w-]*){0,2}?),?"
    r" (?:(?:is|are|ist|can be|may be|must be|being|always|kann) ){0,2}"
    r"(?:(?:any |exactly )?one of|either|any of|eine[rs]? (?:von|der|aus)|entweder):? (?:these |the |den |diesen )?"
    r"(?P<members>[\w-]{1,40}(?: [\w-]{1,30})?"
    r"(?:(?:, ?| ?/ ?| ?\| ?|,? (?:or|oder|and|und) )[\w-]{1,40}(?: [\w-]{1,30})?){1,20})"
    r"(?: sein)?[.!]?$",
    re.I,
)


def stated_cells(text: str) -> str:
    """Return a list of fields in which what is said of one by a verb stands in brackets behind its name.

    >>> stated_cells("hue is text, kind is one of lute, lyre")
    'hue (text), kind (lute | lyre)'
    """
    if len(text) > _LONGEST or " " not in text:
        return text
    return _TOLD_IS.sub(_told, _ONE_OF.sub(_chosen, text))


def _chosen(match: re.Match[str]) -> str:
    members = re.split(r",? (?:or|oder|and|und) |, ?| ?[/|] ?", match["members"])
    if any(value_type(m) is not None and len(m) > 1 for m in members[:1]) or len(members) < 2:
        return match[0]
    return f"{match['name']} ({' | '.join(m.strip() for m in members)})"


def plain_cells(text: str) -> str:
    """Return a list of fields with its types behind the names, in brackets; a list that is so already is as it was.

    >>> plain_cells("a bool `released` if anything came down, roll_mm + pitch_mm decimals")
    'released (bool), roll_mm (decimal), pitch_mm (decimal)'
    """
    if len(text) > _LONGEST or " " not in text:
        return text
    text = _ONE_OF.sub(_chosen, text)
    text = _OR_NULL.sub(r" or null", text)
    text = _CLOSED.sub(r"\g<list>", text)
    text = _HOW_OFTEN.sub(lambda m: f"{m['sign']}integer" + (")" if "(" in m["sign"] else ""), text)
    text = _MOMENT.sub(_moment, text)
    text = _IN_SET.sub(" ", text)
    text = _TYPE_FIRST.sub(_type_last, text)
    text = _TOLD_IS.sub(_told, text)
    return _SUMMED.sub(_both, text)


def _moment(match: re.Match[str]) -> str:
    unit = (match["u"] or match["adj"]).lower()
    return " (date)" if unit in _DAYS else " (timestamp)"


def _type_last(match: re.Match[str]) -> str:
    """The type stands first only where the name is marked as one: by signs, "called", or an article and underscores."""
    plain = match["type"].lower() in _NO_WORDS and value_type(match["name"]) is None
    plain = plain and match["name"].lower() not in _KINDS
    marked = match["mark"] or match["called"] or plain or (match["det"] and "_" in match["name"])
    return f"{match['before']}{match['name']} ({match['type']})" if marked else match[0]


def _told(match: re.Match[str]) -> str:
    shape = value_type(match["type"].strip())
    return f"{match['name']} ({match['type'].strip()})" if shape is not None else match[0]


def _both(match: re.Match[str]) -> str:
    kind = match["type"]
    if value_type(kind) is None or ("/" in match[0] and "_" not in match[0]):
        return match[0]
    return f"{match['a']} ({kind}), {match['b']} ({kind})"
