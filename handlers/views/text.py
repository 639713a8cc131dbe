"""Words for Slack: escaping, truncation that never cuts markup, times, people and numbers.

Three kinds of text go to Slack. *Markup* (mrkdwn objects and a message's `text`) gives meaning to ``& < >``, so
people's words are escaped in it: https://docs.slack.dev/messaging/formatting-message-text. *Plain* text (plain_text
objects, table cells, rich text) has no markup; there a mention's opening is broken by an invisible word joiner, so that
it could not fire wherever the text is copied to. *Fields of forms* are prefilled with what was typed, as it was typed.
Lengths are counted in UTF-16 units, the strictest reading of Slack's "characters".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice

from bot.domain.phrase import Phrase

_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_UNDRAWN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u2060\u2061\u2062\u2063\u2064\u2800\u3164\uffa0"
)
"""What is drawn as nothing: soft hyphens, fillers, joiners, an empty Braille cell."""
_ENDS_A_LINE = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MENTION = re.compile(r"<(?=[!@#])")
_REFERENCE = re.compile(r"<([@#!][^<>\n]+|(?:https?|mailto|tel):[^<>\n]+)>")
_LONGER_TOKEN = re.compile(r"<[^<>\n]*>|&(?:amp|lt|gt);")
_TOKEN = re.compile(rf"{_LONGER_TOKEN.pattern}|.", re.DOTALL)
_USER = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_KILO = 1024
_ROOM_FOR_COUNT = 32
_MARK = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_LOOKS_LIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
"""Signs that look like Slack's marks and are none: it has no way to escape a mark."""
_QUOTED = re.compile(r"^(?=&gt;)", re.MULTILINE)


def clean(text: str) -> str:
    """Drop what must not reach a screen: control characters, bidirectional overrides, lone surrogates.

    Whatever ends a line anywhere ends one here: dropped it would join two words.
    """
    if text.isprintable():  # nothing of the kind in it, nor a line break: nearly always, and cheap to know
        return text
    return _SURROGATE.sub("\ufffd", _DROPPED.sub("", _ENDS_A_LINE.sub("\n", text)))


def shown(text: str) -> str:
    """Return people's words without what no screen shows before and after them; empty if they show nothing."""
    return clean(text).strip(_SPACES + _UNDRAWN)


def escape(text: str) -> str:
    """Return people's words as markup that shows exactly them: nothing in them is bold, code or a quotation.

    A mark between two letters or digits is none to Slack, and stays: `snake_case`, `2*3*4`. A back tick never does, for
    the next one in the same line, ours or another's, would make code of all that stands between them.
    """
    words = clean(text)
    if any(mark in words for mark in _LOOKS_LIKE):  # in most texts there is none, which is soon known
        words = _MARK.sub(lambda found: _LOOKS_LIKE[found[0]], words)
    words = _entities(words)
    return _QUOTED.sub("\u2060", words) if "&gt;" in words else words


def code(text: str, limit: int) -> str:
    """Return one line of people's words as code, which nothing in them ends."""
    return f"`{fit(_entities(one_line(text).replace('`', _LOOKS_LIKE['`'])) or ' ', limit)}`"


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_typed(markup: str) -> str:
    """Return a message's `text` as its writer typed it: Slack delivers it escaped, with references in angle brackets.

    Source: https://docs.slack.dev/messaging/formatting-message-text, "Retrieving messages". People and channels are
    kept by their label where Slack gives one; nothing that comes out can mention anybody once it is escaped again.
    """
    words = _REFERENCE.sub(_label, markup)
    return clean(words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _label(found: re.Match[str]) -> str:
    target, _, label = found[1].partition("|")
    if target[:1] in "@#!":
        sign = "#" if target[:1] == "#" else "@"
        return f"{sign}{(label or target[1:].partition('^')[0]).lstrip('@#')}"
    address = target.removeprefix("mailto:")
    return address if not label or label in target else f"{label} ({address})"


def plain(text: str) -> str:
    """Return people's words for a place without markup, unable to mention anybody."""
    return _MENTION.sub("<\u2060", clean(text))


def one_line(text: str) -> str:
    """Collapse all white space."""
    return " ".join(clean(text).split())


def size(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def fit(markup: str, limit: int) -> str:
    """Cut markup to `limit`, never inside an entity or a `<...>`, and say how much is missing."""
    if size(markup) <= limit:
        return markup
    whole = len(markup) - sum(len(found[0]) - 1 for found in _LONGER_TOKEN.finditer(markup))
    return _cut([found[0] for found in islice(_TOKEN.finditer(markup), limit + 1)], whole, limit)


def fit_plain(text: str, limit: int) -> str:
    """Cut plain text to `limit` and say how much is missing."""
    return text if size(text) <= limit else _cut(text[: limit + 1], len(text), limit)


def _cut(tokens: Sequence[str], whole: int, limit: int) -> str:
    """Keep what has room of the first tokens, `limit` and one or all, of a text that has so many on the `whole`."""
    room = limit - min(_ROOM_FOR_COUNT, limit // 2)
    # Each token is a unit at least, and their sizes add up: how many fit is found by halving, not by weighing each.
    beyond = bisect_right(range(min(room, len(tokens)) + 1), room, key=lambda count: size("".join(tokens[:count])))
    kept = _between_signs(tokens, beyond - 1)
    head = "".join(tokens[:kept]).rstrip()
    tail = f"…({whole - kept:,} more characters)"
    return head + (tail if size(head) + size(tail) <= limit else "…")


_JOINED = re.compile("[\u200d\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_LETTER_OF_A_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_LONGEST_SIGN = 32


def _between_signs(tokens: Sequence[str], cut: int) -> int:
    """Return the cut, or the one before it that lies between two signs as people see them.

    Not within an accented letter, a flag, or an emoji of several (Unicode, annex 29). A sign of more characters than
    `_LONGEST_SIGN` is somebody's joke, and is cut.
    """
    for place in range(cut, max(0, cut - _LONGEST_SIGN), -1):
        if place >= len(tokens) or not _within_a_sign(tokens, place):
            return place
    return cut


def _within_a_sign(tokens: Sequence[str], place: int) -> bool:
    after = tokens[place]
    if unicodedata.combining(after[0]) or _JOINED.match(after) or tokens[place - 1] == "\u200d":
        return True
    letters = 0
    while letters < place and _LETTER_OF_A_FLAG.match(tokens[place - 1 - letters]):
        letters += 1
    return letters % 2 == 1 and _LETTER_OF_A_FLAG.match(after) is not None


def clip(text: str, limit: int) -> str:
    """Escape people's words and cut them to `limit` afterwards, since escaping lengthens."""
    return fit(escape(text), limit)


def clip_line(text: str, limit: int) -> str:
    """Escape and cut the same way, on one line."""
    return fit(escape(one_line(text)), limit)


def clip_plain(text: str, limit: int) -> str:
    """People's words for a place without markup, cut to `limit`."""
    return fit_plain(plain(text), limit)


def person(user: str) -> str:
    """Mention a person by Slack id; whoever has none (the clock, the engine) is named as it is."""
    return f"<@{user}>" if _USER.fullmatch(user) else clip_line(user, 60)


def channel(channel_id: str) -> str:
    """Link a channel by Slack id."""
    return f"<#{channel_id}>" if _USER.fullmatch(channel_id) else "its channel"


def people(users: Iterable[str], limit: int = 12) -> str:
    """Mention people, the first ones if there are many."""
    names = [person(user) for user in dict.fromkeys(users)]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more if names else "nobody"


def refusal_words(said: Phrase | str, limit: int = 2500) -> str:
    """Return an error's words as markup for the one person who caused it.

    The people whom it names are drawn as mentions; nobody is notified by words that only one person sees. All else that
    it quotes stays dead, a mention that somebody typed included.
    """
    return fit(said.drawn(escape, person) if isinstance(said, Phrase) else escape(said), limit)


def when(at: datetime) -> str:
    """Return a time in the reader's own zone; UTC where it cannot be drawn."""
    fallback = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return a count with its noun: "1 check", "3 checks"."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def money(usd: float) -> str:
    """Return an amount in US dollars."""
    return f"${usd:,.2f}"


def bytes_of(count: int) -> str:
    """Return a file's size for people."""
    if count < _KILO:
        return f"{count:,} B"
    return f"{count / _KILO:,.1f} KB" if count < _KILO**2 else f"{count / _KILO**2:,.1f} MB"


def bullets(lines: Sequence[str], limit: int = 10, more: str = "more") -> str:
    """Markup lines as a bulleted list, the first `limit` of them, with the count of the rest."""
    shown = [f"• {line}" for line in lines[:limit]]
    rest = [f"_…and {len(lines) - limit:,} {more}_"] if len(lines) > limit else []
    return "\n".join(shown + rest)


def numbered(lines: Sequence[str]) -> str:
    """Markup lines as a numbered list."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
