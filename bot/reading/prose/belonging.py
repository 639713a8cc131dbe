"""What a thing belongs to, and what it does not: "an alarm belongs to a logger, not to a reading"."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import AnyFact, RelationFact, Stance

_ONE: Final = r"(?:an?|each|every|the|one|eine?[mrns]?|jede[rsmn]?|der|die|das|dem)"
_NAME: Final = r"[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40})?"
_NOT_TO: Final = re.compile(
    rf"\b{_ONE} (?P<source>{_NAME}) (?:belongs|gehört) (?:to|zu) {_ONE} (?P<target>{_NAME}?),? "
    rf"(?:and |und )?(?:not|nicht|never) (?:to |zu )?(?:{_ONE} )?(?P<other>{_NAME}?)(?=[.,;!]|$)",
    re.IGNORECASE,
)


def read_belonging(text: str, statement: str) -> list[AnyFact]:
    """Return both relations of such a sentence: the one that is, and the one that is not."""
    found = _NOT_TO.search(text)
    if found is None:
        return []
    return [
        RelationFact(statement=statement, source=found["source"], target=found["target"]),
        RelationFact(statement=statement, source=found["source"], target=found["other"], stance=Stance.DENIED),
    ]
