"""Whether a person's next message is the rest of the one before, told by the words of the two alone.

Most second messages of people who chat go on with the first, and most of those do not show it. Only signs are believed
that the answer to another question does not have: of a thought that is taken apart the rest stands under the next
question, and its card says so; two that are put together leave that question open, and everybody waits.
"""

from __future__ import annotations

import re
from typing import Final

_SIGH: Final = r"(?:(?:[oO]+h|[hH]m+|[aA]h|[uU]h+)[,.… ]+)?"
_JOINS: Final = re.compile(
    # German "also" begins what is new: "also zum Gerät: …".
    _SIGH + r"(?:(?:[aA]nd|[bB]ut|[oO]r|[aA]lso(?! (?:zu[mr]?|wir|beim?|d(?:ie|er|as|en)|es|eine?|man)\b)|"
    r"[uU]nd|[aA]ber|[oO]der|[aA]uch|[sS]owie|[aA]s well as)(?!\w|-|/)|"
    r"(?:because|bc|cuz|coz|though|although|unless|except|including|namely|such as|so that|which|i\.?e\.?|"
    r"weil|obwohl|since (?:we|it|they|i|you|he|she|that|this|there|every\w+|nobody|our|most|all))(?!\w)|"
    r"e\.?g\.?,? (?!\d))"
)
"""Words that join. Those that may begin a sentence of its own ("Because of the law …") are believed in small letters.

Prepositions are not among them: "via Stripe" may answer the question that stands, and so may "since 2019".
"""

_ADDS: Final = re.compile(
    r"(?:plus(?:,| (?:a|an|the|we|our|some|also)\b)|außerdem\b|furthermore\b|additionally\b|moreover\b|"
    r"in addition(?:,| to (?:that|this|it)\b)|besides(?:,| (?:that|this)\b)|adding to (?:that|this)\b|"
    r"to add to (?:that|this|it)\b|one more(?: thing\b|[:.,])|another thing\b|"
    r"(?:to be )?cont(?:inued|'?d|\.)(?:[:.,)]|$)|"
    r"p\.? ?p?\.? ?s\.?[: ]|p\.s|[.…]{2,}|…|[&+]\s|source: ?<?https?:|"
    r"(?:oh,? |almost |and )?(?:i )?forgot(?:[:,.]| to (?:say|mention|add|write|tell)\b| the most\b| one\b))",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"(?:i mean\b|i meant\b|correction:|typo:|scratch that|strike that|(?:no,? )?wait,? (?:no|that|it)\b|"
    r"actually,? (?:no\b|scratch|make (?:that|it)\b)|sorry,? i (?:mean|misread|mixed|was wrong|forgot to)|"
    r"sorry[,:]? (?!no\b|not\b|yes\b|none\b|nothing\b|nope\b)\S+$|"
    r"er+m?,? (?:i mean|no,|the|that)\b|(?:also )?s/\w[^/\n]*/\w|\*[^\s*][^\s*]*(?: [^\s*]+){0,2}$|"
    r"edit: (?!.*\b\w+: ))",
    re.IGNORECASE,
)
_HEDGES: Final = re.compile(
    r"(?:i (?:think|suppose|believe)|afaik|iirc|imh?o|tbh|as far as i (?:know|can tell)|"
    r"or (?:so|something)(?: like that)?|(?:if i )?(?:remember|recall) (?:it )?(?:correctly|right)|"
    r"for now at least|at least for now|give or take|more or less|ish|etc\.?|but not sure)[.!…]*",
    re.IGNORECASE,
)
_DRAWN: Final = re.compile(r"(?:\s*(?::[a-z0-9_+'-]+:|[:;=8xX][-']?[()DPpOo/|\\3]+(?!\w)))+\s*$")
"""Emoji and smileys at the end: their signs say nothing about the sentence."""

_OPEN: Final = re.compile(
    r"(?:[,(–—]|(?<=\w):|\s[-+&]|(?:^|\s)(?:and|or|but|because|und|oder|aber|weil|the|an?|our|their|every|each)|"
    r"\s(?P<open>with|for|to|from|into|like|than|via))\s*$"
)
_STRANDED: Final = re.compile(
    r"(?:\b(?:what|who|whom|which|where|that|nothing|anything|something|everything|none|one|ones)\b|"
    r"(?!\b(?:and|but|so|then|because|if|when|as|or|since|while|do|did|can|could|would|should|will)\b)"
    r"\b\w+ (?:we|they|i|you|he|she|it|our|their|people)\b)"
    r"[^,.;!?]*$",
    re.IGNORECASE,
)
"""A preposition at the end of "the region we deploy to" waits for nothing."""

_TRAILS: Final = re.compile(r"(?:\.{3,}|…)\s*$")
_GOES_ON: Final = re.compile(r"(?!(?:yes|no|y|n|i|we|the|thanks)\b)[a-zà-öø-ÿ]|(?:Then|Next|After that|Finally)\b")
_PART: Final = re.compile(r"[(\[](\d)\s?/\s?(\d)[)\]]|(?:^|\s)(\d)/(\d)(?=\s*$)|^(\d)/(\d)(?=\s|:)")
"""Which part of how many.

Without brackets it may be a share ("2/3 of them") unless the next message bears the next.
"""

_REASON: Final = re.compile(_SIGH + r"(?:because|bc|cuz|coz|since|so that|weil)(?!\w)", re.IGNORECASE)
_WHY: Final = re.compile(r"\bwhy\b|\breasons?\b|\bhow come\b|\bwhat for\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:^|\n)\s*\(?(\d{1,2})[.)/]")


def carries_on(before: str, text: str, *, asked: str = "") -> bool:
    """Return whether words go on with what the same person had just written, though `asked` stands by now.

    They are no thought of their own, and a reason only where none is asked for.
    """
    said, had = text.strip(), before.rstrip()
    if _REASON.match(said) and _WHY.search(asked):
        return False
    if _JOINS.match(said) or _ADDS.match(said) or _CORRECTS.match(said) or _HEDGES.fullmatch(said):
        return True
    return _is_open(_DRAWN.sub("", had[-200:]), said) or _is_next_of(had, said)


def _is_open(end: str, said: str) -> bool:
    """Whether words break off before their sentence ends; dots do so only before words that go on."""
    if _TRAILS.search(end):
        return _GOES_ON.match(said) is not None
    found = _OPEN.search(end)
    if found is None or not any(sign.isalnum() for sign in end):
        return False
    return found["open"] is None or _STRANDED.search(end[: found.start()]) is None


def _is_next_of(had: str, said: str) -> bool:
    """Whether a message bears the number after that of the one before: of a part, or of a list's item."""
    part = next(reversed(_parts(had[-4000:])), None)
    if part is not None and part[0] < part[1]:
        following = (part[0] + 1, part[1])
        if part[2] or any(one[:2] == following for one in _parts(said)):
            return True
    numbers, begins = _NUMBERED.findall(had[-4000:]), _NUMBERED.match(said)
    return bool(numbers) and begins is not None and int(begins[1]) == int(numbers[-1]) + 1


def _parts(text: str) -> list[tuple[int, int, bool]]:
    """Which part of how many, and whether it is said in brackets, where it can be no share of something."""
    found = (part.groups() for part in _PART.finditer(text))
    return [(int(a or c or e), int(b or d or f), a is not None) for a, b, c, d, e, f in found]
