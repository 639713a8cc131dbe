"""The cases as they lie on disk, and which of them are held out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AREAS = ("api_design", "database_schema", "integration_needs", "performance_requirements", "security_controls")


@dataclass(frozen=True, slots=True)
class Case:
    """What a team said and what is right: `truth` of a whole case, or `expect` of a small one."""

    name: str
    small: bool
    notations: tuple[str, ...]
    held_out: bool
    idea: Mapping[str, Any]
    documents: Mapping[str, str]
    answers: Mapping[str, Any]
    truth: Mapping[str, Any]

    def write(self, into: Path) -> None:
        """Lay the case out as the product's command wants it: `ws/` and `answers.json`."""
        for path, text in {"idea.json": json.dumps(self.idea, ensure_ascii=False), **self.documents}.items():
            place = into / "ws" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        (into / "answers.json").write_text(json.dumps(self.answers, ensure_ascii=False))

    def said(self) -> str:
        """All words of the team."""
        return "\n".join(
            (json.dumps(self.idea, ensure_ascii=False), *self.documents.values(), *map(str, self.answers["opening"]))
        ) + "\n".join(str(self.answers[area]) for area in AREAS)


WHOLE_BY_OTHERS = ("dialysis", "lifeboat", "seedbank", "winzer")
"""Whole cases by somebody who had never seen the reader; theirs that are small are in ``SMALL_BY_OTHERS``."""
SMALL_BY_OTHERS = {"small_by_others.json": 2, "small_by_others_3.json": 3}
"""Small cases by such people, and every how many-th of a file is held out."""


def is_held_out(name: str) -> bool:
    """A third of our own names, by their hash; of others' every second or third, in their order: nobody chose them."""
    for written, nth in ((WHOLE_BY_OTHERS, 2), *((_keys(file), nth) for file, nth in SMALL_BY_OTHERS.items())):
        if name in written:
            return written.index(name) % nth == nth - 1
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 3 == 0


@lru_cache(maxsize=len(SMALL_BY_OTHERS))
def _keys(file: str) -> tuple[str, ...]:
    return tuple(entry["key"] for entry in json.loads((HERE / file).read_text()))


def held_out() -> dict[str, list[str]]:
    """The held-out names as they are written down, `whole` and `small`."""
    return dict(json.loads((HERE / "held_out.json").read_text()))


def whole_cases(place: Path = HERE / "cases") -> list[Case]:
    """The whole cases of a folder in the order of their names; those that are not ours need name no notation."""
    kept_back = set(held_out()["whole"])
    found = []
    for folder in sorted(p.parent for p in place.glob("*/truth.json")):
        workspace = folder / "ws"
        documents = {
            p.relative_to(workspace).as_posix(): p.read_text()
            for p in sorted(workspace.rglob("*"))
            if p.is_file() and p.name != "idea.json"
        }
        truth = json.loads((folder / "truth.json").read_text())
        found.append(
            Case(
                name=folder.name,
                small=False,
                notations=tuple(truth.get("notations", ())),
                held_out=folder.name in kept_back,
                idea=json.loads((workspace / "idea.json").read_text()),
                documents=documents,
                answers=json.loads((folder / "answers.json").read_text()),
                truth=truth,
            )
        )
    return found


def small_cases() -> list[Case]:
    """The small cases in the order of the files: our own, then those by others."""
    kept_back = set(held_out()["small"])
    entries = [e for name in ("small.json", *SMALL_BY_OTHERS) for e in json.loads((HERE / name).read_text())]
    return [_small(entry, entry["key"] in kept_back) for entry in entries]


def _small(entry: Mapping[str, Any], kept_back: bool) -> Case:
    said = dict(entry["said"])
    idea = {"title": said.pop("title", "Thing"), "description": said.pop("desc", "")}
    documents = {path: json.dumps(body, ensure_ascii=False) for path, body in said.pop("docs", {}).items()}
    opening = [said.pop(f"opening_{n}", "No preference.") for n in (1, 2, 3)]
    answers = {"opening": opening, **{area: said.pop(area, "") for area in AREAS}}
    if said:
        raise ValueError(f"{entry['key']} says something at an unknown place: {', '.join(said)}")
    return Case(entry["key"], True, (entry["kind"],), kept_back, idea, documents, answers, entry["expect"])
