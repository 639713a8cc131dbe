"""The role's sample as a brief: its documents, and what its rehearsal's people answer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from bot.domain.design import Brief, Feedback, Reply, Source
from bot.domain.role import Role
from bot.roles.loader import load_role
from bot.roles.rehearsal import SAMPLE, Rehearsal, load_rehearsal

FOLDER = Path(__file__).resolve().parents[2] / "bot" / "roles" / "backend_developer"


@cache
def role() -> Role:
    return load_role("backend-developer")


@cache
def rehearsal() -> Rehearsal:
    return load_rehearsal(role(), FOLDER)


@cache
def sample() -> Brief:
    """The first iteration, as a rehearsal hands it to the designer."""
    root = FOLDER / SAMPLE
    idea = json.loads((root / "idea.json").read_bytes())
    said = rehearsal().answers
    return Brief(
        evaluation_id="ev_sample",
        role=role().name,
        title=idea["title"],
        description=idea["description"],
        iteration=1,
        goal="A first backend",
        sources=tuple(
            Source(path=role().recorded(str(file.relative_to(root))), sha256=str(n), body=json.loads(file.read_bytes()))
            for n, file in enumerate(sorted(root.rglob("*.json")))
        ),
        replies=tuple(
            Reply(key=q.key, question=q.text, text=said[q.key].text, by=said[q.key].by) for q in role().questions
        ),
    )


def rejection(gate: str = "api_review") -> Feedback:
    """What the rehearsal's people say when they reject a gate."""
    return Feedback(id="gt_1.0.v", origin=gate, text=rehearsal().rejections[gate], by="ava", iteration=1)
