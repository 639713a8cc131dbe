"""What a rehearsal leaves behind: the dialogue as it happened, the calls as they were sent, and the files read back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.app.rehearsal.plan import RehearsalFailed
from bot.devtools.local_slack import Call
from bot.domain.evidence import MEMORY_FOLDER
from bot.services.plain_markdown import as_text

Json = Mapping[str, Any]


@dataclass(slots=True)
class Recording:
    """Prints each line as it happens and keeps it for `transcript.md`."""

    console: Console
    lines: list[tuple[str, str]] = field(default_factory=list)

    def say(self, who: str, what: str) -> None:
        """One line of the dialogue."""
        self.lines.append((who, what))
        shown = what if len(what) <= 400 else f"{what[:400]} …"
        self.console.print(Text.assemble((f"{who:>14}  ", "bold cyan" if who != "EIPAS" else "bold green"), shown))

    def write(self, folder: Path, title: str) -> None:
        """Write the transcript."""
        parts = [f"# Rehearsal: {as_text(title)}", ""]
        for who, what in self.lines:
            quoted = "\n".join(f"> {as_text(line)}" for line in what.splitlines()) or ">"
            parts += [f"**{who}**", "", quoted, ""]
        (folder / "transcript.md").write_text("\n".join(parts), encoding="utf-8")


def write_calls(calls: Iterable[Call], folder: Path) -> int:
    """Write every Web API call as a line of JSON, method and arguments as sent; returns how many."""
    count = 0
    with (folder / "slack-calls.jsonl").open("w", encoding="utf-8") as stream:
        for call in calls:
            stream.write(json.dumps({"method": call.method, "args": call.args}, ensure_ascii=False) + "\n")
            count += 1
    return count


LEFT = ".rehearsal"
"""Lists what a rehearsal left, so that the next one into the same folder takes exactly that away first."""


def clear(folder: Path) -> None:
    """Remove what an earlier rehearsal left in the folder, and nothing else.

    What was handed over for people to edit stays until it was merged: see `handed_over`.
    """
    kept = handed_over(folder)
    stays = [name for name in _listed(folder) if name.partition("/")[0] in kept]
    _remove(folder, set(_listed(folder)) - set(stays))
    _list(folder, stays)


def handed_over(folder: Path) -> tuple[str, ...]:
    """Return the folders in which an earlier rehearsal left what people may have edited."""
    tops = dict.fromkeys(name.partition("/")[0] for name in _listed(folder) if f"/{MEMORY_FOLDER}/" in name)
    return tuple(top for top in tops if (folder / top / MEMORY_FOLDER).is_dir())


def _listed(folder: Path) -> list[str]:
    listed = folder / LEFT
    return listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []


def _list(folder: Path, names: Iterable[str]) -> None:
    said = "".join(f"{name}\n" for name in names)
    if said:
        (folder / LEFT).write_text(said, encoding="utf-8")
    else:
        (folder / LEFT).unlink(missing_ok=True)


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by relative path, after the list that names them: what dies half-way is cleared as well.

    What is there from an earlier rehearsal and was not left again goes: an edited file of a service is always left.
    """
    gone = set(_listed(folder)) - set(files)
    _list(folder, files)
    _remove(folder, gone)
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Return a zip's files by relative path.

    Raises:
        RehearsalFailed: one of them would be written outside of the folder.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
        for name in names:
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise RehearsalFailed(problem=f"the zip holds “{name}”, which leads out of the folder.")
        return {name: opened.read(name) for name in names}
