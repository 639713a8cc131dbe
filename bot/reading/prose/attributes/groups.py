"""Reads things with attributes in brackets in running text: "a trophy (text, height) and an engraver (name, rate)"."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.prose.attributes.phrases import read_list

_ONE = (
    r"(?:an? |the |each |every |eine? |die |der |das )?[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2} \((?:[^()]"
    r"|\([^()]{0,200}\)){3,600}\)"
)
_ALL = re.compile(rf"^{_ONE}(?:(?:, and |, und |, | and | und | sowie ){_ONE}){{1,12}}\.?$", re.I)
_EACH = re.compile(
    r"(?:^|, and |, und |, | and | und | sowie )(?P<o>[^(),]{2,60}) \((?P<l>(?:[^()]|\([^()]{0,200}\)){3,600})\)", re.I
)


def read_groups(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return things and attributes of a sentence that is two or more of them, each with a list in brackets."""
    if "(" not in text or not _ALL.match(text.strip()):
        return []
    found: list[AnyFact] = []
    for match in _EACH.finditer(text.strip()):
        name = owner_name(match["o"], language)
        listed = read_list(match["l"], name, statement)
        if not name or len(listed.fields) < 2 or listed.left:
            return []
        found += [EntityFact(statement=statement, name=name), *listed.fields]
    return found
