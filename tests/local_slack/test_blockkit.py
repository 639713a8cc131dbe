"""Block Kit's limits: each is reached, and overstepped by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.devtools.local_slack.blockkit import BlocksRefused, check_blocks, check_view
from tests.local_slack.conftest import button, modal, section

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(count: int, **more: Any) -> Json:
    options = [option(f"o{number}") for number in range(count)]
    return {"type": "static_select", "action_id": "menu", "options": options, **more}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rich(text: str) -> Json:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def task(number: int) -> Json:
    return {"type": "task_card", "task_id": str(number), "title": "Step", "status": "pending", "details": rich("why")}


LIMITS: list[tuple[str, Any, int]] = [
    ("section text", lambda n: [section("x" * n)], 3000),
    ("section fields", lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10),
    ("field text", lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000),
    ("header", lambda n: [{"type": "header", "text": plain("x" * n)}], 150),
    ("context elements", lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10),
    ("actions elements", lambda n: [actions(*(button(f"a{i}") for i in range(n)))], 25),
    ("button text", lambda n: [actions(button("a", "x" * n))], 75),
    ("button value", lambda n: [actions(button("a", value="x" * n))], 2000),
    ("action_id", lambda n: [actions(button("a" * n))], 255),
    ("block_id", lambda n: [section("x", block_id="b" * n)], 255),
    ("confirm title", lambda n: [actions(button("a", confirm={"title": plain("x" * n), "text": plain("x")}))], 100),
    ("confirm text", lambda n: [actions(button("a", confirm={"text": plain("x" * n)}))], 300),
    ("select options", lambda n: [actions(select(n))], 100),
    ("overflow options", lambda n: [actions({**select(n), "type": "overflow"})], 5),
    ("radio options", lambda n: [actions({**select(n), "type": "radio_buttons"})], 10),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    (
        "markdown in all",
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
    ),
    ("table rows", lambda n: [{"type": "table", "rows": [[cell()]] * n}], 100),
    ("table columns", lambda n: [{"type": "table", "rows": [[cell()] * n]}], 20),
    ("plan tasks", lambda n: [{"type": "plan", "title": "Run", "tasks": [task(i) for i in range(n)]}], 50),
    ("blocks", lambda n: [section("x")] * n, 50),
]


@pytest.mark.parametrize(("make", "limit"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_limit(make: Any, limit: int) -> None:
    """What is exactly as long as Slack allows passes; one more is refused."""
    check_blocks(make(limit))
    with pytest.raises(BlocksRefused):
        check_blocks(make(limit + 1))


WRONG: list[tuple[list[Any], str]] = [
    ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([section("x", bogus=1)], "invalid additional property: bogus [json-pointer:/blocks/0/bogus]"),
    ([section("x", block_id=None)], "must not be null [json-pointer:/blocks/0/block_id]"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "[json-pointer:/blocks/0/text/type]"),
    ([{"type": "header"}], "missing required field: text [json-pointer:/blocks/0]"),
    ([{"text": "x"}], "missing required field: type [json-pointer:/blocks/0]"),
    ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0]"),
    ([actions()], "no less than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ([actions({"type": "image", "image_url": "https://x", "alt_text": "x"})], "unsupported type: image"),
    ([actions(button("a"), button("a"))], '`action_id` "a" already exists [json-pointer:/blocks/0]'),
    ([section("x", block_id="b"), section("y", block_id="b")], '`block_id` "b" already exists'),
    ([actions(button("a", style="green"))], "[json-pointer:/blocks/0/elements/0/style]"),
    ([actions(select(2, initial_option=option("other")))], "must match an option in `options`"),
    ([actions(select(2, option_groups=[{"label": plain("g"), "options": [option("x")]}]))], "exactly one of `options`"),
    ([actions({"type": "static_select", "action_id": "a"})], "exactly one of `options` or `option_groups`"),
    ([{"type": "image", "alt_text": "x"}], "exactly one of `image_url` or `slack_file`"),
    ([{"type": "table", "rows": [[cell()]]}] * 2, "only one table"),
    ([{"type": "input", "label": plain("x"), "element": {"type": "file_input"}}], "unsupported type: file_input"),
    ([section(5)], "[json-pointer:/blocks/0/text/text]"),  # type: ignore[arg-type]
    ("text", "[json-pointer:/blocks]"),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("blocks", "words"), WRONG)
def test_fault_is_named(blocks: Any, words: str) -> None:
    """Each fault is named with the path to it."""
    with pytest.raises(BlocksRefused) as refused:
        check_blocks(blocks)
    assert any(words in message for message in refused.value.messages), refused.value.messages


VIEWS: list[tuple[Json, str]] = [
    (modal("x" * 25), "[json-pointer:/view/title/text]"),
    (modal(submit=plain("x" * 25)), "[json-pointer:/view/submit/text]"),
    (modal(private_metadata="x" * 3001), "[json-pointer:/view/private_metadata]"),
    (modal(blocks=[section("x")] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(blocks=[{"type": "markdown", "text": "x"}]), "unsupported type: markdown [json-pointer:/view/blocks/0]"),
    ({key: value for key, value in modal().items() if key != "submit"}, "`submit` is required"),
    ({"type": "home", "blocks": []}, "must be of type modal"),
]


@pytest.mark.parametrize(("view", "words"), VIEWS)
def test_view_fault_is_named(view: Json, words: str) -> None:
    """Modals have limits of their own."""
    with pytest.raises(BlocksRefused) as refused:
        check_view(view, surface="modal")
    assert any(words in message for message in refused.value.messages), refused.value.messages


def test_views_pass() -> None:
    """A modal with a form and a Home tab with 100 blocks are fine."""
    check_view(modal(), surface="modal")
    check_view({"type": "home", "blocks": [section("x")] * 100}, surface="home")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["section", "actions", "button"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "elements"]), inner),
    max_leaves=12,
)


@given(JSON)
def test_any_json_gets_a_verdict(value: Any) -> None:
    """Whatever an app sends is either accepted or refused with words and a pointer, never a crash."""
    try:
        check_blocks(value)
    except BlocksRefused as refused:
        assert all("[json-pointer:/blocks" in message for message in refused.messages)


def lines(*names: str, labels: tuple[str, ...] = ("1", "2"), title: str = "t") -> Json:
    """A chart with a line of each name, its points under these labels."""
    data = [{"label": label, "value": 1} for label in labels]
    series = [{"name": name, "data": data} for name in names]
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "line", "series": series, "axis_config": {"categories": ["1", "2"]}},
    }


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ([lines("a")] * 3, "no more than 2 charts"),
        ([lines("a", "a")], "unique"),
        ([lines("a", labels=("1", "3"))], "match the axis categories"),
        ([lines("a", labels=("1",))], "match the axis categories"),
        ([lines(*"abcdefg")], "no more than 6 items"),
        ([lines("x" * 21)], "less than"),
        ([lines("a", title="x" * 51)], "less than"),
    ],
)
def test_a_chart_is_held_to_its_limits(blocks: list[Json], says: str) -> None:
    """Two charts a message, six lines, short names, and a point for each category; what is within them passes."""
    check_blocks([lines(*"abcdef"), lines("a", title="x" * 50)])
    with pytest.raises(BlocksRefused) as refused:
        check_blocks(blocks)
    assert says in " ".join(refused.value.messages)
