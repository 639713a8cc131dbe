"""What is said of a field in words instead of types: "2 decimals", "exactly 8 digits", "in steps of 0.5", "e.g. 04"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import FieldFact, ValueType
from bot.reading.types import value_type
from bot.reading.words import NUMERALS

_N = rf"(?:\d{{1,6}}|{'|'.join(NUMERALS)})"
_SIGN = r"(?:characters?|chars?|letters?|digits?|signs|symbols|zeichen|buchstaben|ziffern|stellen)"
_PLACES = re.compile(
    rf"(?:(?:decimals?|numbers?|numeric|dezimalzahl|kommazahl|zahl) )?(?:(?:with|w/|mit|to|auf|up to|bis zu|max\.?) )?"
    rf"(?:exactly |genau )?{_N} "
    r"(?:decimals?(?: places?| digits?)?|decimal places?|fraction(?:al)? digits?"
    r"|(?:digits?|places?|figures?|stellen?) (?:after|behind|past|nach|hinter) (?:the |dem )?(?:comma|point|dot|decimal"
    r"(?: point)?|komma)"
    r"|(?:nachkomma|dezimal|komma)stellen?)"
    rf"|(?:decimals?|numeric|dezimalzahl|kommazahl) (?:with|w/|mit|to|auf) {_N} (?:places?|digits?|stellen?)",
    re.I,
)
_WITH_PLACES = re.compile(rf"(?:^|(?<=\S) )(?:with|w/|mit) {_PLACES.pattern}$", re.I)
_LENGTH = re.compile(
    rf"(?P<how>exactly |always |genau |immer |up to |at most |max\.? |maximum |maximal |höchstens |bis zu |at least "
    rf"|min\.? |mindestens )?(?P<n>{_N})(?:\s?(?:-|–|to|bis|or|oder)\s?(?P<m>{_N}))?[\s-]{_SIGN}(?: long| lang)?"
    r"|(?P<adj>\d{1,4})-?(?:stellig|digit|character|letter|char)(?:e[rsn]?)?",
    re.I,
)
_STEPS = re.compile(
    r"(?:in )?(?:steps?|increments?|multiples?) of (?P<en>\d+(?:[.,]\d+)?)"
    r"|(?:in )?(?P<de>\d+(?:[.,]\d+)?)er[\s-]?schritten|(?:in )?schritten (?:von|zu) (?P<de2>\d+(?:[.,]\d+)?)",
    re.I,
)
_FROM = re.compile(
    r"(?:starting|starts|beginning|begins|counted|ab|beginnend|beginnt) (?:at|from|with|bei|mit|ab) (-?\d+)", re.I
)
_EXAMPLE = re.compile(
    r"(?:e\.\s?g\.?|eg\.?|like|such as|for example|for instance|z\.\s?b\.?|wie|beispielsweise|usually|typically"
    r"|normally|meist|normalerweise|looks like|sieht aus wie)[\s:,]+[\"'`]?(?P<a>[^\s,;()\"'`]{1,40})[\"'`]?"
    r"(?P<more>(?: (?:or|oder|and|und) [\"'`]?[^\s,;()\"'`]{1,40}[\"'`]?)*)"
    r"|(?P<c>-?\d+(?:[.,]\d+)?),? (?:and so on|etc\.?|or so|and the like|usw\.?|und so weiter|o\.ä\.|und so)"
    r"|(?P<b>-?\d+(?:[.,]\d+)?) (?:is|would be|ist) (?:normal|typical|usual|common|fine|possible|okay|ok|allowed"
    r"|üblich|erlaubt|möglich|normal)",
    re.I,
)
_MADE = re.compile(
    r"(?:(?:so|and|please|bitte|just|we) )*(?:keep|store|make|treat|save|use|stored|kept|saved|handle|enter(?:ed)?"
    r"|given"
    r"|als|as)"
    r"(?: (?:it|them|this|that))?(?: (?:as|like|als))?(?: (?:an?|eine?|plain|simple))* (?P<type>[a-zäöü][\w /-]{1,30}?)"
    r"(?: (?:pls|plz|please|bitte|though|instead))?[.!]?",
    re.I,
)
_WHOLE = re.compile(
    r"(?:only |nur |always |as |als )?(?:an? )?(?:whole(?: numbers?)?(?: only)?|whole (?:units|euros?|steps|figures)"
    r"|no decimals?|without decimals?|integers? only"
    r"|ganzzahlig(?:e[rs]?)?|ganze zahlen|ohne (?:nach)?kommastellen?|round(?:ed)? numbers?)",
    re.I,
)
_FRACTION = re.compile(
    r"(?:can be |kann )?(?:fractional|fractions? (?:allowed|possible)|half (?:steps|points) (?:allowed|possible))", re.I
)
_LONG = re.compile(
    r"(?:can be |may be |kann |darf |rather |pretty |very |quite |sehr |eher |possibly )*(?:long(?: text)?"
    r"|lang(?:er text)?"
    r"|longer text|multi-?line|several (?:lines|paragraphs|sentences)|a (?:few|couple of) (?:lines|paragraphs"
    r"|sentences)"
    r"|mehrere (?:zeilen|sätze|absätze)|mehrzeilig(?:er text)?|free(?:-| )?text|freitext|prose|fließtext|novel)"
    r"(?: (?:sein|werden))?",
    re.I,
)
_SHORT = re.compile(r"(?:a |ein )?(?:short|kurz(?:er text)?|one line|single line|one-?liner|einzeilig)", re.I)
_NAMES_OF_TEXT = re.compile(
    r"description|notes?$|comments?|remarks?|bio|text|body|message|summary|reason|content|details|story|desc|letter|report"
    r"|instructions?|answer|opinion|review|feedback|explanation|statement|abstract|motivation|beschreibung|notiz|bemerkung"
    r"|kommentar|begründung|inhalt|bericht|hinweis|anmerkung",
    re.I,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.\d{2,4}")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def worded(fact: FieldFact, said: str) -> FieldFact | None:
    """Return a field with what a remark says of it; None where it is none of these.

    >>> worded(FieldFact(statement="s", entity="drum", name="depth"), "two decimals").type.value
    'decimal'
    """
    bare = " ".join(said.split()).strip(" .!")
    if fact.type is None and re.fullmatch(r"\d+[.,]\d{1,2}|\d+[.,]\d{4,6}", bare):
        return replace(fact, type=ValueType.DECIMAL, description=_noted(fact, bare))
    for pattern, change in _SAYINGS:
        if match := pattern.fullmatch(bare):
            return change(fact, match, bare)
    return None


def with_places(fact: FieldFact, said: str) -> tuple[FieldFact, str]:
    """Return a field whose remark ends in how many decimals it has, with them, and the rest of the remark."""
    match = _WITH_PLACES.search(said)
    return (_places(fact, match, match[0].strip()), said[: match.start()].strip()) if match else (fact, said)


def is_worded(said: str) -> bool:
    """Whether a remark says of what kind a field's values are, so that it is no member of an enum."""
    bare = " ".join(said.split()).strip(" .!")
    return any(pattern.fullmatch(bare) for pattern in (_PLACES, _LENGTH, _STEPS, _FROM, _WHOLE))


def _noted(fact: FieldFact, said: str) -> str:
    return f"{fact.description} {said}".strip()


def _number(text: str) -> int:
    return NUMERALS.get(text.lower()) or int(text)


def _places(fact: FieldFact, _match: re.Match[str], said: str) -> FieldFact:
    kind = fact.type if fact.type in (ValueType.MONEY, ValueType.FLOAT) else ValueType.DECIMAL
    return replace(fact, type=kind, description=_noted(fact, said))


def _length(fact: FieldFact, match: re.Match[str], _said: str) -> FieldFact:
    if match["adj"]:
        least = most = int(match["adj"])
    else:
        how = (match["how"] or "").lower().strip(" .")
        first = _number(match["n"])
        last = _number(match["m"]) if match["m"] else first
        most, least = last, first
        if how in {"at least", "min", "mindestens"}:
            return replace(fact, type=fact.type or ValueType.STRING, min_length=first)
        if not match["m"] and how not in {"exactly", "always", "genau", "immer"}:
            least = 0
    kind = fact.type or ValueType.STRING
    return replace(fact, type=kind, min_length=least or fact.min_length, max_length=most)


def _steps(fact: FieldFact, match: re.Match[str], said: str) -> FieldFact:
    step = match["en"] or match["de"] or match["de2"]
    kind = ValueType.DECIMAL if re.search(r"[.,]", step) else fact.type or ValueType.INTEGER
    return replace(fact, type=kind, description=_noted(fact, said))


def _from(fact: FieldFact, match: re.Match[str], _said: str) -> FieldFact:
    return replace(fact, type=fact.type or ValueType.INTEGER, minimum=float(match[1]))


def _example(fact: FieldFact, match: re.Match[str], said: str) -> FieldFact:
    """An example tells the type of a field only where it cannot be one of another: ``1.5``, ``04``, a date."""
    shown = [
        match["a"] or match["b"] or match["c"],
        *re.findall(r"[\"'`]?([^\s\"'`]+)[\"'`]?(?= |$)", match["more"] or ""),
    ]
    kinds = {_kind_of(one) for one in shown if one.lower() not in {"or", "oder", "and", "und"}}
    kind = ValueType.STRING if ValueType.STRING in kinds else next(iter(kinds)) if len(kinds) == 1 else None
    return replace(fact, type=fact.type or kind, description=_noted(fact, said))


def _kind_of(shown: str) -> ValueType | None:
    if re.fullmatch(r"-?[1-9]?\d*[.,]\d{1,2}|-?\d+[.,]\d{4,6}|0[.,]\d+", shown):
        return ValueType.DECIMAL
    if _DATE.fullmatch(shown):
        return ValueType.DATE
    if _CLOCK.fullmatch(shown):
        return ValueType.TIME
    if re.fullmatch(r"0\d+|(?=\w*\d)(?=\w*[A-Za-z])[\w/-]+|\w+-\d[\w/-]*", shown):
        return ValueType.STRING
    return None


def _made(fact: FieldFact, match: re.Match[str], _said: str) -> FieldFact | None:
    shape = value_type(match["type"])
    return None if shape is None else replace(fact, type=shape.type, min_length=fact.min_length)


def _long(fact: FieldFact, _match: re.Match[str], said: str) -> FieldFact | None:
    """``long`` alone is a type of numbers in code; it speaks of the text where a field's name is one of texts."""
    if said.lower() == "long" and not _NAMES_OF_TEXT.search(fact.name):
        return None
    return replace(fact, type=ValueType.TEXT)


def _is(kind: ValueType) -> Callable[[FieldFact, re.Match[str], str], FieldFact]:
    return lambda fact, _match, _said: replace(fact, type=kind)


_DAY = re.compile(
    r"(?:only |just |nur )?(?:the |der |das )?(?:day|date|tag|datum)"
    r"(?: only| alone| (?:is|will be|would be)? ?(?:enough|enuf|fine|sufficient|plenty)| suffices| will do| reicht"
    r"| genügt| langt|,? (?:no|without|ohne) (?:time|hour|uhrzeit)"
    r"(?: of day)?)|(?:only|just|nur) (?:the |der |das )?(?:day|date|tag|datum)"
    r"|(?:to|auf) (?:the|den) (?:day|tag)(?: genau)?"
    r"|(?:an? |ein )?date,? not an? (?:datetime|timestamp)(?:,.{0,60})?",
    re.I,
)
_MINUTE = re.compile(
    r"(?:down |accurate |exact )?(?:to|auf) (?:the|die) (?:second|minute|millisecond|hour|sekunde|minute)(?: genau)?"
    r"|(?:sekunden|minuten)genau"
    r"|(?:date |datum )?(?:with|mit|incl\.?|inkl\.?|including|plus) (?:the )?(?:time|uhrzeit)(?: of day)?",
    re.I,
)
_COUNTED = re.compile(r"(?:number,? |zahl,? |anzahl,? )?(?:how (?:many|often)|wie (?:oft|viele))\b[^,;()]{0,80}", re.I)
_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[FieldFact, re.Match[str], str], FieldFact | None]], ...] = (
    (_PLACES, _places),
    (_DAY, _is(ValueType.DATE)),
    (_MINUTE, _is(ValueType.TIMESTAMP)),
    (_COUNTED, _is(ValueType.INTEGER)),
    (_WHOLE, _is(ValueType.INTEGER)),
    (_FRACTION, _is(ValueType.DECIMAL)),
    (_LENGTH, _length),
    (_STEPS, _steps),
    (_FROM, _from),
    (_EXAMPLE, _example),
    (_LONG, _long),
    (_SHORT, _is(ValueType.STRING)),
    (_MADE, _made),
)
