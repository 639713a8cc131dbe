"""Escaping and truncation, the words and ids that everything else is made of."""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from handlers.ids import ActionId, Ref, kind_of, qualified, suffix_of
from handlers.views.text import as_typed, clean, clip, clip_plain, escape, fit, people, person, plural, size, when

IDS = st.from_regex(r"[A-Za-z0-9_.:-]{1,60}", fullmatch=True)


@given(st.text(max_size=400), st.integers(min_value=12, max_value=200))
def test_cut_words_fit_and_never_end_inside_an_entity(text: str, limit: int) -> None:
    """Escaping lengthens, so the cut is made afterwards, between characters as people see them."""
    cut = clip(text, limit)
    assert size(cut) <= limit
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", cut)
    assert size(clip_plain(text, limit)) <= limit


def test_a_cut_says_how_much_is_missing() -> None:
    """The count is of characters as written, not as escaped."""
    assert clip("&" * 100, 100) == "&amp;" * 13 + "…(87 more characters)"
    assert clip_plain("x" * 5000, 60).endswith("more characters)")


def test_markup_is_cut_around_mentions() -> None:
    """A mention or a date is kept whole or left out whole."""
    assert "<@" not in fit("a" * 70 + "<@U0AVALIND1>" * 5, 100).replace("<@U0AVALIND1>", "")


def test_what_cannot_be_shown_is_dropped() -> None:
    """Control characters, bidirectional overrides and lone surrogates never reach a screen."""
    assert escape("a\x00b\u202ec\ud800\r\nd") == "abc\ufffd\nd"


def test_every_character_is_judged() -> None:
    """Of all there are: controls but tab, surrogates and overrides of direction go, what ends a line ends one."""
    overrides = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\ufeff"}
    for character in map(chr, range(sys.maxunicode + 1)):
        goes = unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n"
        assert (clean(character) != character) == (goes or character in {*overrides, "\u2028", "\u2029"})
    ends = [character for character in map(chr, range(sys.maxunicode + 1)) if clean(character) == "\n"]
    assert ends == list("\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029")


def test_a_mention_in_plain_text_is_broken_invisibly() -> None:
    """Plain text is not parsed; should it be copied to where it is, nothing fires."""
    assert clip_plain("<!channel> <b>", 50) == "<\u2060!channel> <b>"


def test_only_ids_become_mentions() -> None:
    """The clock and the engine are named; nothing that looks like markup gets through."""
    assert person("U0AVALIND1") == "<@U0AVALIND1>"
    assert person("clock") == "clock"
    assert person("!channel") == "!channel"
    assert person("U1> <!channel") == "U1&gt; &lt;!channel"
    assert people([]) == "nobody"
    assert people(f"U0{n}" for n in range(20)).endswith("and 8 more")


def test_times_are_shown_in_the_readers_zone() -> None:
    """Slack draws the date; where it cannot, UTC stands there."""
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert when(at) == "<!date^1772442000^{date_short_pretty} at {time}|2026-03-02 09:00 UTC>"


@pytest.mark.parametrize(("count", "words"), [(0, "0 checks"), (1, "1 check"), (1200, "1,200 checks")])
def test_counts_agree_with_their_noun(count: int, words: str) -> None:
    """One is singular, everything else is not."""
    assert plural(count, "check") == words


@given(IDS, st.one_of(st.just(""), IDS), st.one_of(st.just(""), IDS))
def test_what_a_button_carries_comes_back(evaluation: str, target: str, choice: str) -> None:
    """Packing and parsing are inverse, within what Slack holds."""
    ref = Ref(evaluation, target, choice)
    assert len(ref.pack()) <= 255
    assert Ref.parse(ref.pack()) == ref


@given(st.text(max_size=300))
def test_a_forged_value_is_refused_or_harmless(value: str) -> None:
    """Whatever comes back as a button's value is a Ref of plain ids, or an error in words."""
    try:
        ref = Ref.parse(value)
    except InvalidInput:
        return
    assert Ref.parse(ref.pack()) == ref


def test_an_id_that_would_not_survive_is_not_packed() -> None:
    """A separator in an id would point elsewhere on its way back."""
    for ref in (Ref("ev|x"), Ref(""), Ref("ev", "a" * 300)):
        with pytest.raises(InvalidInput):
            ref.pack()


def test_qualified_ids_keep_their_kind() -> None:
    """The dispatch table knows the kind; the suffix says which of several."""
    name = qualified(ActionId.VOTE, "approve")
    assert (name, kind_of(name), suffix_of(name)) == ("eipas:vote/approve", ActionId.VOTE, "approve")


@pytest.mark.parametrize(
    ("delivered", "typed"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("ask <@U0AVALIND1> in <#C0IDEAS001|product-ideas>", "ask @U0AVALIND1 in #product-ideas"),
        ("<!channel> <!subteam^S012|@backend>", "@channel @backend"),
        ("<https://x.example/a?b=1&amp;c=2>", "https://x.example/a?b=1&c=2"),
        ("<https://x.example|our docs> <mailto:a@b.example|a@b.example>", "our docs (https://x.example) a@b.example"),
        ("&lt;@U0AVALIND1&gt;", "<@U0AVALIND1>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_a_message_is_read_as_it_was_typed(delivered: str, typed: str) -> None:
    """Slack escapes what people type; without undoing it once, answers would be stored and shown as entities."""
    assert as_typed(delivered) == typed


@given(st.text(max_size=200))
def test_escaping_and_reading_are_inverse(text: str) -> None:
    """What a view escapes is what a reader gets back."""
    shown = escape(text)
    assert escape(as_typed(shown)) == shown
