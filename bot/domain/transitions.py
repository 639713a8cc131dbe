"""A table of states and events: all that may happen to one kind of thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class Transitions(Generic[S, E]):
    """Every transition that `what` knows; whatever is not in it is refused and changes nothing."""

    def __init__(self, what: str, table: Mapping[tuple[S, E], S]) -> None:
        self.what, self._table = what, table

    def __iter__(self) -> Iterator[tuple[S, E]]:
        return iter(self._table)

    def allows(self, state: S, event: E) -> bool:
        """Whether the event may happen in this state."""
        return (state, event) in self._table

    def after(self, state: S, event: E) -> S:
        """Return the state that `event` leads to.

        Raises:
            IllegalTransition: the table has no such transition.
        """
        try:
            return self._table[state, event]
        except KeyError:
            raise IllegalTransition(what=self.what, state=state.value, event=event.value) from None

    def mermaid(self) -> str:
        """Return the table as a Mermaid state diagram, one line per transition, stable in order."""
        sources = {source for source, _ in self._table}
        first = next(iter(self._table))[0]
        lines = ["stateDiagram-v2", f"    [*] --> {first.value}"]
        lines += [
            f"    {source.value} --> {target.value}: {event.value}" for (source, event), target in self._table.items()
        ]
        ends = dict.fromkeys(target for target in self._table.values() if target not in sources)
        lines += [f"    {state.value} --> [*]" for state in ends]
        return "\n".join(lines) + "\n"
