"""What `eipas verify` found of a bundle or a file, and whether another version could have made it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.evidence.checks import OWN

VERSION: Final = 40
"""So many characters of a version that a stranger's file names are repeated."""


@dataclass(slots=True)
class Verdict:
    """What was found: `faults` contradict what the bundle says, `held` was compared and fits, `notes` is the rest.

    `drafted` is the version of this product that drafted it, "" if that is not said, `here` the one that verifies.
    `undecided` is what another version made and this one makes otherwise: nobody can tell here whether it was changed.
    """

    faults: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    drafted: str = ""
    here: str = ""

    def take(self, what: str, faults: Iterable[str]) -> None:
        """Note that `what` holds, or why not."""
        found = list(faults)
        self.faults += found
        if not found:
            self.held.append(what)

    def take_made(self, what: str, faults: Iterable[str]) -> None:
        """Do the same for what is made again here: another version may make it otherwise without anybody's doing."""
        found = list(faults)
        if not found or not self.other_version:
            self.take(what, found)
            return
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        self.undecided.append(f"{what}: not so by this version ({found[0]}{more})")

    def by(self, tools: Mapping[str, str], here: str) -> None:
        """Note by which version it was drafted, from the versions of the tools that it names, and who verifies."""
        self.drafted, self.here = str(tools.get(OWN, ""))[:VERSION], here
        words = f"drafted by version {self.drafted}" if self.drafted else "it does not say which version drafted it"
        self.notes.append(f"Of this product: {words}, verified by version {here}.")

    @property
    def other_version(self) -> bool:
        """Whether another version of this product drafted it."""
        return bool(self.drafted) and self.drafted != self.here


def across(verdict: Verdict) -> str:
    """Say in words what it means that another version drafted it."""
    return (
        f"It was drafted by version {verdict.drafted} of this product, and this is version {verdict.here}, which makes "
        "some of it otherwise. That says neither that it was changed nor that it was not: verify it by version "
        f"{verdict.drafted}."
    )
