"""What is folded: nothing is lost, in a container or plain, and a message of any workspace stays within its bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.devtools.local_slack.blockkit import check_blocks
from bot.domain.surface import Message
from handlers.views.blocks import context, header, message, section, table
from handlers.views.folding import fold, holds_fold, unfolded
from handlers.views.thread import thread
from tests.support.dossiers import STAGES, role


def _cards(stage: str) -> list[Message]:
    return [item for item in thread(STAGES[stage](), role()) if isinstance(item, Message)]


def _words(blocks: Any) -> list[str]:
    return sorted(json.dumps(block, sort_keys=True) for block in blocks if block["type"] != "container")


@pytest.mark.parametrize("count", [1, 10, 11, 35])
def test_a_fold_holds_every_block_ten_at_a_time(count: int) -> None:
    """However many there are, each is in one container, no container has more than Slack takes, and plain they are the
    same blocks in the same order below their title."""
    blocks = [section(f"Line {n}") for n in range(count)]
    folded = fold("Details", blocks)
    check_blocks(folded)
    assert [child for one in folded for child in one["child_blocks"]] == blocks
    assert all(len(one["child_blocks"]) <= 10 and one["default_collapsed"] for one in folded)
    assert [block for block in unfolded(folded) if "Line" in block["text"]["text"]] == blocks


def test_nothing_is_folded_without_need() -> None:
    """No blocks make no container, and blocks without one are left as they are."""
    assert fold("Details", []) == []
    blocks = [header("Title"), context("small")]
    assert not holds_fold(blocks) and list(unfolded(blocks)) == blocks


def test_a_message_says_what_is_folded() -> None:
    """Screen readers and search get the words of a container from the message's text."""
    said = message("key", [header("Title"), *fold("Details", [section("Hidden words"), context("and small")])]).text
    assert "Details" in said and "Hidden words" in said and "and small" in said


def test_a_full_container_is_cut_to_size() -> None:
    """However much is folded, the message stays below 9,000 bytes and is still one that Slack takes."""
    rows = table(("A", "B"), [("x" * 500, "y" * 500)] * 20)
    made = message("key", fold("Details", [rows, *[section("漢" * 3000)] * 25]))
    assert len(json.dumps(list(made.blocks), ensure_ascii=False).encode()) < 9_000
    check_blocks([dict(block) for block in made.blocks])


@pytest.mark.parametrize("stage", list(STAGES))
def test_every_card_has_a_plain_form(stage: str) -> None:
    """A workspace without containers gets each card with all its words, within the blocks that a message holds."""
    for card in _cards(stage):
        plain = unfolded(card.blocks)
        check_blocks([dict(block) for block in plain])
        children = [child for block in card.blocks for child in block.get("child_blocks", ())]
        assert set(_words([*card.blocks, *children])) <= set(_words(plain))


def test_what_is_decided_is_folded_and_what_is_open_is_not() -> None:
    """Evidence stands open beside a pending gate and folded under a decided one; a past review shows its score."""
    review = {card.key: card for card in _cards("in_review")}
    pending = [card for key, card in review.items() if ".gate.api_review." in key]
    assert pending and not any(holds_fold(card.blocks) for card in pending)
    decided = [card for card in _cards("second_iteration") if ".gate." in card.key and card.key.startswith("i1.")]
    assert decided and all(holds_fold(card.blocks) for card in decided)
    past = next(card for card in _cards("second_iteration") if card.key == "i1.review")
    assert [block["type"] for block in past.blocks].count("container") >= 2
