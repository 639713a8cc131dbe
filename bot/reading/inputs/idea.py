"""The idea: read from `idea.json` in either of its shapes, or typed into a form.

The shapes are those that the system's producers write: {title, description, industry, …, user_context{…}} and
{idea, started, workspace, status, current_phase, phases{}, completed}.
"""

import json
import re
from collections.abc import Mapping

from bot.domain.inputs import Idea, Input, InputRefused
from bot.domain.role import Json, Role
from bot.reading.inputs.decode import decode

IDEA_FILE = "idea.json"
_TITLE_LENGTH = 80
_MOST_FACTS, _FACT_LENGTH = 30, 300
_SENTENCE = re.compile(r"^.*?(?:[.!?](?=\s)|\n|$)", re.DOTALL)


def is_idea(body: Mapping[str, Json]) -> bool:
    """Tell whether a document has one of the two shapes of an idea, and no agent's."""
    return "agent" not in body and ("idea" in body or {"title", "description"} <= body.keys())


def idea_of(body: Mapping[str, Json], name: str = IDEA_FILE) -> Idea:
    """Return the idea that a document describes; its other plain values become facts, shortened to be shown.

    Raises:
        InputRefused: it has no title, or a title that is no text.
    """
    inner = body.get("idea")
    if isinstance(inner, dict):
        return idea_of({**body, **inner, "idea": None}, name)
    if isinstance(inner, str) and inner.strip() and not _text(body, "title"):
        title, description = _headline(inner), inner.strip()
    else:
        title, description = _text(body, "title"), _text(body, "description")
    if not title:
        raise InputRefused.at(
            name,
            "it has neither a “title” nor an “idea” with text in it.",
            "Add a “title” and a “description”, or type the idea into the form.",
        )
    context = body.get("user_context")
    facts = {**body, **(context if isinstance(context, dict) else {})}
    return Idea(title=title, description=description, facts=tuple(_facts(facts)))


def typed_idea(title: str, description: str, role: Role) -> tuple[Input, bytes]:
    """Return the idea that somebody typed, as an input and as the bytes of its `idea.json`.

    Raises:
        InputRefused: the title is blank.
    """
    body = {"title": " ".join(title.split()), "description": description.strip()}
    idea_of(body)
    # What cannot be encoded is let through here for `decode` to refuse in words.
    data = json.dumps(body, ensure_ascii=False, indent=2).encode("utf-8", "surrogatepass")
    document = decode(data, IDEA_FILE)
    key = next((spec.key for spec in role.inputs if spec.pattern == IDEA_FILE), None)
    typed = Input(
        path=role.recorded(IDEA_FILE),
        key=key,
        sha256=document.sha256,
        size=document.size,
        origin="typed",
        body=document.body,
    )
    return typed, data


def _headline(text: str) -> str:
    """Return the first sentence of a text, cut at a word where it is long."""
    found = _SENTENCE.match(text.strip())
    first = " ".join(found[0].split()).rstrip(".") if found else ""
    if len(first) <= _TITLE_LENGTH:
        return first
    return first[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def _facts(body: Mapping[str, Json]) -> list[tuple[str, str]]:
    told = {"title", "description", "idea", "user_context"}
    facts = ((key.replace("_", " "), _plain(body[key])) for key in body if key not in told)
    return [(name[:_FACT_LENGTH], text[:_FACT_LENGTH]) for name, text in facts if text][:_MOST_FACTS]


def _plain(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_plain, value)))
    if value is None or isinstance(value, (dict, bool)):
        return ""
    return " ".join(str(value).split())


def _text(body: Mapping[str, Json], key: str) -> str:
    value = body.get(key)
    return value.strip() if isinstance(value, str) else ""
