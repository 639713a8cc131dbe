"""The payloads of the main states, written down: what a change of words or blocks changes is seen in its diff.

`UPDATE_SNAPSHOTS=1 pytest tests/handlers/views/test_snapshots.py` writes them anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.domain.surface import Desired, Message
from handlers.views.thread import thread
from tests.support.dossiers import STAGES, role

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"


def _plain(item: Desired) -> dict[str, object]:
    if isinstance(item, Message):
        return {"key": item.key, "text": item.text, "blocks": list(item.blocks), "volatile": item.volatile}
    return {"key": item.key, "name": item.name, "title": item.title, "comment": item.comment}


def _added(stage: str) -> list[dict[str, object]]:
    """What a stage adds to or changes in the thread of the stage before it."""
    order = list(STAGES)
    earlier = order[order.index(stage) - 1] if order.index(stage) else None
    known = [_plain(item) for item in thread(STAGES[earlier](), role())] if earlier else []
    return [item for item in map(_plain, thread(STAGES[stage](), role())) if item not in known]


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_thread_is_as_written_down(stage: str) -> None:
    """What each stage shows is exactly its snapshot."""
    path = SNAPSHOTS / f"thread_{stage}.json"
    text = json.dumps(_added(stage), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
