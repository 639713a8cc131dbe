"""What the cells of a table say in words of a role's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.facts import AccessFact, AnyFact
from bot.reading.prose.access.grants import read_access
from bot.reading.prose.access.lists import assigned
from bot.reading.prose.access.wording import plainly
from bot.reading.prose.clause import Clause
from bot.reading.prose.stances import named, split_stances
from bot.reading.tokens import clauses, language, tokens

_PARTS = re.compile(r"<br ?/?>|[;\n•]|\.\s|\s-\s")
_LONGEST = 600


def granted_in(role: str, cell: str, statement: str) -> Iterator[AnyFact]:
    """Yield what a cell beside a role's name grants and refuses it: "Full access", "view own orders; no refunds"."""
    for part in _PARTS.split(cell[:_LONGEST]):
        said = assigned(role, part.strip())
        if not said:
            continue
        text = plainly(said)
        lang = language(text)
        granted: list[AccessFact] = []
        for clause in clauses(tokens(text, lang)):
            for piece in split_stances(clause, lang, "security", (role,)):
                words = tuple(named(piece, granted))
                of = Clause(words, " ".join(w.text for w in words), lang, "security")
                here = read_access(of, statement, (role,), granted)
                granted = [fact for fact in here if isinstance(fact, AccessFact)] or granted
                yield from here
