"""Reads lines that draw bonds: ``season 1 ──< round 1 ──< pairing``, ``pairing >── 1 player``, ``Crew 1---n Boat``."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, RelationFact
from bot.reading.prose.attributes.owners import owner_name

_LONGEST = 300
_COUNT = r"(?:[\[(]?(?P<{}>1|0\.\.1|[01]\.\.[*nm]|[nm*N]|one|many)[\])]?)"
_LINK = re.compile(
    rf"\s*(?:(?<=\s){_COUNT.format('one')})?\s*(?P<left>[>}}⪫])?[|o0]{{0,2}}[─━═—–-]{{1,8}}[|o0]{{0,2}}(?P<right>[<{{⪪])?"
    rf"\s*(?:{_COUNT.format('other')}(?=[\s(]))?\s*"
)
_NAME = re.compile(r"(?P<name>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,2})(?:\s*\((?P<role>[^()]{1,40})\))?")
_FOOT = re.compile(
    r"[>}⪫][|o0]{0,2}[─━═—–-]|[─━═—–-][|o0]{0,2}[<{⪪]|[\s(\[](?:1|[nm*N])[\])]?\s?[─━═—–-]{2,8}\s?[\[(]?(?:1|[nm*N])[\s)\]]"
)
_MANY = frozenset({"n", "m", "*", "many", "0..*", "1..*", "0..n", "1..n", "0..m", "1..m"})


def read_crows_feet(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return the things and bonds that a line draws; nothing where it is anything but such a drawing.

    >>> [(f.source, f.target) for f in read_crows_feet("hive 1 --< frame", "s", "en") if isinstance(f, RelationFact)]
    [('frame', 'hive')]
    """
    said = text.strip(" .;,")
    if len(said) > _LONGEST or not _FOOT.search(said):
        return []
    made: list[AnyFact] = []
    before, links, at = "", list(_links(said)), 0
    for link in [*links, None]:
        found = _NAME.fullmatch(said[at : link.start() if link else len(said)].strip())
        name = owner_name(found["name"], language) if found else ""
        if found is None or not name:
            return []
        made.append(EntityFact(statement=statement, name=name))
        if before:
            made.append(_bond(before, name, links[len(made) // 2 - 1], found["role"] or "", statement))
        before, at = name, link.end() if link else at
    return made if len(made) > 2 else []


def _links(said: str) -> list[re.Match[str]]:
    return [link for link in _LINK.finditer(said) if link["left"] or link["right"] or (link["one"] and link["other"])]


def _bond(one: str, other: str, link: re.Match[str], role: str, statement: str) -> RelationFact:
    left = bool(link["left"]) or (link["one"] or "").lower() in _MANY
    right = bool(link["right"]) or (link["other"] or "").lower() in _MANY
    source, target = (one, other) if left else (other, one)
    kind = "many_to_many" if left and right else "many_to_one" if left or right else "one_to_one"
    return RelationFact(statement=statement, source=source, target=target, cardinality=kind, name=role if left else "")  # type: ignore[arg-type]
