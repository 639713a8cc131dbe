"""A rendering handed over to people who have a service already: theirs, and what is rendered now, in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.roles.backend_developer.renderers.service.merging import MARK, merged
from bot.roles.backend_developer.renderers.service.rendering import MEMORY, Rendering
from bot.roles.backend_developer.renderers.service.team_file import TEAM_FILE, continued

REPORT: Final = "MERGE.md"
"""Lists what people must look at; it is there only if there is something."""


@dataclass(slots=True, kw_only=True)
class Handover:
    """The files to put over the team's, what is not rendered any more, and what people must look at.

    `conflicts` are places that both sides changed; `notes` is what nobody must decide but everybody should know.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def handed_over(now: Rendering, iteration: int, team: Mapping[str, bytes], base: Rendering | None) -> Handover:
    """Merge what is rendered now into the team's files, `base` being the rendering that they began from.

    Nothing of the team's is lost: what both changed stands in conflict marks, a file that is not rendered any more
    stays if it was edited, `app/actions.py` only grows. Files that were never rendered are the team's and not part of
    the outcome.
    """
    found = Handover()
    before = base.files if base is not None else {}
    for path in sorted({*before, *now.files}):
        _place(found, path, before.get(path), team.get(path), now.files.get(path))
    if found.conflicts or found.notes:
        found.files[REPORT] = _report(found, iteration).encode()
    elif REPORT in team:
        found.removed.append(REPORT)
    found.files[MEMORY] = now.packed()
    return found


def _place(found: Handover, path: str, old: str | None, theirs: bytes | None, new: str | None) -> None:
    """Decide about one file: `old` is how it was rendered, `theirs` what the team has, `new` how it is rendered now."""
    if theirs is None:
        _gone(found, path, old, new)
    elif new is None:
        if theirs == (old or "").encode():
            found.removed.append(path)
        else:
            found.files[path] = theirs
            found.notes.append(f"`{path}` is not rendered any more; it was edited, so it stays")
    else:
        _both(found, path, old or "", theirs, new)


def _gone(found: Handover, path: str, old: str | None, new: str | None) -> None:
    if new is None or new == old:
        return
    found.files[path] = new.encode()
    if old is not None:
        found.conflicts.append(f"`{path}` was deleted, and is rendered otherwise now: it is there again")


def _both(found: Handover, path: str, old: str, theirs: bytes, new: str) -> None:
    try:
        text = theirs.decode()
    except UnicodeDecodeError:
        found.files[path] = theirs
        if new != old:
            found.files[f"{path}.rendered"] = new.encode()
            found.conflicts.append(f"`{path}` is no text any more; what is rendered now is `{path}.rendered`")
        return
    if path == TEAM_FILE:
        kept, notes = continued(old, text, new)
        found.files[path] = kept.encode()
        found.notes += notes
        return
    made = merged(old, new, text)
    found.files[path] = made.text.encode()
    found.conflicts += [f"`{path}`, lines {c.first_line} to {c.last_line}" for c in made.conflicts]
    if not made.conflicts and any(line.startswith(MARK) for line in made.text.splitlines()):
        found.conflicts.append(f"`{path}` holds marks of an earlier merge")


def _report(found: Handover, iteration: int) -> str:
    def listed(title: str, lines: Iterable[str]) -> str:
        said = "".join(f"- {line}\n" for line in lines)
        return f"\n## {title}\n{said}" if said else ""

    return (
        f"# What to look at in iteration {iteration}\n"
        + listed("Changed by you and by the design: decide, then take the marks away", found.conflicts)
        + listed("To know", found.notes)
        + listed("Not rendered any more: delete them", (f"`{path}`" for path in found.removed))
    )
