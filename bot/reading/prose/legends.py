"""Legends of a list: what a sign behind a name means, as in ``fields (* = mandatory): number*, remark``."""

from __future__ import annotations

import re

_MEANS = (
    r"(?P<word>mandatory|required|must|obligatory|compulsory|not null|needed|pflicht(?:feld(?:er)?|angabe)?"
    r"|erforderlich|optional|nullable|may be empty|can be empty|unique|eindeutig|read-?only|immutable|indexed|sensitive"
    r"|personal(?: data)?|encrypted)"
)
_LEGEND = re.compile(
    rf"[,;]?\s*[(\[]?(?:with )?(?:fields (?:with|marked) (?:an? )?)?(?P<sign>[*!+?#°^†~])\s*(?:=|:|means|is|are|–|-"
    rf"|heißt|bedeutet|für)"
    rf"\s*{_MEANS}(?: fields?)?[)\]]?",
    re.I,
)
_LONGEST = 2000


def starred(text: str) -> str:
    """Return a text with the sign of its legend written out behind each name that carries it.

    >>> starred("fields for a kite (* = mandatory): span*, remark")
    'fields for a kite: span (mandatory), remark'
    """
    if len(text) > _LONGEST:
        return text
    legend = _LEGEND.search(text)
    if legend is None:
        return text
    rest = text[: legend.start()] + text[legend.end() :]
    marked = re.compile(rf"(?<=\w){re.escape(legend['sign'])}(?=[\s,;.:)\[(]|$)")
    if not marked.search(rest):
        return text
    return re.sub(r"\s+(?=[:,;])", "", marked.sub(f" ({legend['word'].lower()})", rest)).strip()
