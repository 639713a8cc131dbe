"""Walks a JSON text token by token before it is parsed, without recursion, and in time linear in its length.

The standard parser recurses on nesting, lets the last of two equal keys win, takes NaN, and knows no limits; and none
of this can be placed in a line afterwards. So the limits are held here first, where the positions are known.
"""

import json
import math
import re
from dataclasses import dataclass

from bot.domain.inputs import InputRefused

MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_TEXT = 200_000
MAX_NUMBER = 400

# Possessive quantifiers keep the match linear whatever the text holds.
_TOKEN = re.compile(
    r'"(?P<text>(?:[^"\\]++|\\.)*+)"(?P<key>\s*+:)?|(?P<open>[\[{])|(?P<close>[\]}])|(?P<other>[^\s,:\[\]{}"]++)|"',
    re.DOTALL,
)
# Escapes of control characters and surrogates.
_TELLING = re.compile(r"\\(?:u00[01]|u[dD][89a-fA-F]|[bf])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something valid JSON may hold and we do not take, with its position in the text."""

    position: int
    problem: str
    mend: str


def survey(text: str, name: str) -> Fault | None:
    """Hold the limits of size and depth, and return the first other fault, if there is one.

    A fault is only meaningful if the text then proves to be JSON, so that the caller raises it after parsing.

    Raises:
        InputRefused: nested deeper than `MAX_DEPTH`, more than `MAX_NODES` keys and values, or one that is too long.
    """
    walk = _Walk(text, name)
    for token in _TOKEN.finditer(text):
        # A quote that nothing closes: the parser refuses the text here at the latest, and looking for an end from each
        # quote behind it would take as many steps as the square of their number.
        if token.lastgroup is None:
            break
        walk.take(token)
    return walk.first_fault


class _Walk:
    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.nodes = 0
        # For each open bracket the keys met in it; a list's set stays empty.
        self.stack: list[set[str]] = []
        self.first_fault: Fault | None = None

    def take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "close":
            if self.stack:
                self.stack.pop()
            return
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(token, f"it holds more than {MAX_NODES:,} keys and values.", "Split it, or take out raw data.")
        if kind == "open":
            self.open(token)
        elif kind == "other":
            self.plain(token)
        elif kind is not None:
            self.string(token, is_key=kind == "key")

    def open(self, token: re.Match[str]) -> None:
        self.stack.append(set())
        if len(self.stack) > MAX_DEPTH:
            self.refuse(token, f"it is nested more than {MAX_DEPTH} deep.", "Flatten it; no agent's output is so deep.")

    def plain(self, token: re.Match[str]) -> None:
        word = token["other"]
        number = word[0] in "-0123456789"
        if number and len(word) > MAX_NUMBER:
            self.refuse(token, f"a number here has {len(word):,} characters.", f"At most {MAX_NUMBER} are read.")
        if word in {"NaN", "Infinity", "-Infinity"} or (number and _overflows(word)):
            shown = word if len(word) <= 20 else f"{word[:20]}…"
            self.fault(token, f"“{shown}” is no finite number.", "Write a number that is, or null for unknown.")

    def string(self, token: re.Match[str], *, is_key: bool) -> None:
        raw = token["text"]
        if len(raw) > MAX_TEXT:
            self.refuse(token, f"a text here is {len(raw):,} characters long.", f"At most {MAX_TEXT:,} are read.")
        # Decoding each text again would take longest of all, so it is done only where it can matter.
        value = self.unescaped(token, raw) if is_key or _TELLING.search(raw) else raw
        if not is_key or not self.stack:
            return
        if value in self.stack[-1]:
            shown = value if len(value) <= 80 else f"{value[:80]}…"
            self.fault(token, f"the key “{shown}” occurs a second time in the same object.", "Keep one of the two.")
        self.stack[-1].add(value)

    def unescaped(self, token: re.Match[str], raw: str) -> str:
        if "\\" not in raw:
            return raw
        try:
            value = str(json.loads(f'"{raw}"'))
        except json.JSONDecodeError:
            return raw  # the parser will say so, with its place
        if not _encodes(value):
            self.fault(token, "a text holds half a surrogate pair (\\ud800 to \\udfff).", "Write the whole character.")
        elif _CONTROL.search(value):
            self.fault(token, "a text holds a control character.", "Take it out; line breaks and tabs may stay.")
        return value

    def fault(self, token: re.Match[str], problem: str, mend: str) -> None:
        if self.first_fault is None:
            self.first_fault = Fault(position=token.start(), problem=problem, mend=mend)

    def refuse(self, token: re.Match[str], problem: str, mend: str) -> None:
        start = token.start()
        column = start - self.text.rfind("\n", 0, start)
        line = self.text.count("\n", 0, start) + 1
        raise InputRefused.at(self.name, problem, mend, line=line, column=column)


def _overflows(word: str) -> bool:
    try:
        return math.isinf(float(word))
    except ValueError:
        return False  # no number at all, as the parser will say


def _encodes(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
