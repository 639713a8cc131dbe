"""No message is above the size from which Slack refuses some, whatever people and models write."""

from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.devtools.local_slack.blockkit import check_blocks
from handlers.ids import ActionId, Ref
from handlers.views.blocks import actions, button, context, fields, header, message, plan, quote, section, table, task

words = st.builds(lambda piece, times: piece * times, st.sampled_from('xé漢😀&<\\"\n'), st.integers(1, 4000))
some = st.one_of(
    words.map(section),
    words.map(quote),
    words.map(header),
    words.map(context),
    words.map(lambda text: fields([("Name", text)] * 10)),
    words.map(lambda text: plan("Plan", [task(str(n), text, "complete", text) for n in range(50)])),
    st.just(actions(button("Approve", ActionId.VOTE, Ref("ev_1", "gt_1")))),
)


def weight(blocks: Any) -> int:
    return len(json.dumps([dict(block) for block in blocks], ensure_ascii=False).encode())


@given(st.lists(some, min_size=1, max_size=60), st.one_of(st.none(), words))
@settings(max_examples=40, deadline=None)
def test_no_message_is_above_nine_thousand_bytes(blocks: list[Any], cell: str | None) -> None:
    """Any mix of blocks comes out below 9,000 bytes of UTF-8, and as blocks that Slack takes."""
    rows = [table(("A", "B"), [(cell, cell)] * 90)] if cell else []
    made = message("key", [*rows, *blocks])
    assert weight(made.blocks) < 9_000
    check_blocks([dict(block) for block in made.blocks])


def test_buttons_outlive_the_cut() -> None:
    """However long the words are, the buttons at the end stay as they are."""
    row = actions(button("Approve", ActionId.VOTE, Ref("ev_1", "gt_1")))
    made = message("key", [*[section("漢" * 3000)] * 49, row])
    assert made.blocks[-1] == row


def test_the_cut_of_a_huge_message_holds_nobody_up() -> None:
    """The hugest message that can be made is cut in a moment of the processor; it took fifteen seconds."""
    row = actions(button("Approve", ActionId.VOTE, Ref("ev_1", "gt_1")))
    began = time.process_time()
    made = message("key", [*[section("漢" * 3000)] * 500, row])
    assert time.process_time() - began < 0.5
    assert made.blocks[-1] == row


def test_what_is_left_out_is_counted_once() -> None:
    """The words about parts that are not shown count the parts of the whole message."""
    made = message("key", [section("漢" * 3000)] * 300).blocks
    shown = len(made) - 1
    assert made[-1]["elements"][0]["text"] == f"_…{300 - shown:,} more parts are not shown._"


def test_a_cut_counts_what_is_missing() -> None:
    """What is left out of a text or a table is counted, once and rightly."""
    made = message("key", [section("漢" * 3000)]).blocks
    shown = made[0]["text"]["text"]
    assert shown.endswith(f"…({3000 - shown.count('漢'):,} more characters)")
    rows = message("key", [table(("A",), [("x" * 500,)] * 30)]).blocks[0]["rows"]
    assert rows[-1][0]["text"] == f"…and {30 - (len(rows) - 2)} more"


def test_what_fits_is_left_alone() -> None:
    """A message within the size is the blocks it was made of."""
    blocks = [header("Title"), section("words " * 300), context("small")]
    assert list(message("key", blocks).blocks) == blocks
