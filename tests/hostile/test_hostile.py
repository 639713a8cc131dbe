"""Hostile cases as data: each file says what comes in and what must happen; a new case is a line there."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from markdown_it import MarkdownIt

from bot.app.operations.logs import one_line_each
from bot.domain.errors import UnknownWorkspace
from bot.domain.recap import Correction, Recap, RecapQuestion, RecapSection
from bot.domain.surface import Message
from bot.roles import load_role
from bot.services.evaluations import EvaluationService
from bot.services.plain_markdown import as_text
from bot.services.recap_document import recap_document
from bot.services.run_fencing import Tasks
from handlers.views.home import home
from handlers.views.messages import listing
from handlers.views.text import clean, code, escape, one_line
from handlers.views.thread import thread
from tests.support.command_line import run_bot
from tests.support.dossiers import STAGES
from tests.support.services import World

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROLE = load_role("backend-developer")


def cases(name: str) -> list[Any]:
    loaded = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in loaded["cases"]]


# Slack's marks as docs.slack.dev has them, and as the local page draws them (page/mrkdwn.js).
_EDGE, _END = r"(?<![^\W_])", r"(?![^\W_])"
_MARKS = {
    "code": r"`[^`\n]+`",
    "control": r"<[^<>\n]+>",
    "bold": rf"{_EDGE}\*[^\s*](?:[^*\n]*[^\s*])?\*{_END}",
    "italic": rf"{_EDGE}_[^\s_](?:[^\n]*?[^\s_])?_{_END}",
    "struck": rf"{_EDGE}~[^\s~](?:[^~\n]*[^\s~])?~{_END}",
    "quote": r"(?m:^)(?:&gt;|>)",
}


def marks(markup: str) -> Counter[str]:
    """What Slack would draw other than as text, by kind."""
    found: Counter[str] = Counter()
    for kind, mark in _MARKS.items():  # in this order: nothing within code or within <> is a mark
        markup, count = re.subn(mark, "\ufffc" if kind in ("code", "control") else r"\g<0>", markup)
        found[kind] += count
    return +found


def markup_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in markup_of(part)]
    return [text for part in value for text in markup_of(part)] if isinstance(value, list | tuple) else []


def view_marks(words: str) -> Counter[str]:
    """All marks of a thread, a Home tab and a listing in which people's words stand."""
    dossier = STAGES["collecting"]()
    evaluation = replace(dossier.evaluation, title=one_line(words)[:150] or "x", description=words)
    shown = replace(dossier, evaluation=evaluation)
    messages = [list(m.blocks) for m in thread(shown, ROLE) if isinstance(m, Message)]
    tab = home("U0EVAROSS1", [], [evaluation], [], {ROLE.name: ROLE})
    listed = listing([evaluation], {ROLE.name: ROLE})["blocks"]
    return sum((marks(text) for text in markup_of([messages, tab, listed])), Counter())


@pytest.mark.parametrize("case", cases("words"))
def test_peoples_words_are_shown_as_words(case: dict[str, str]) -> None:
    """Escaped they hold no mark, nothing ends code around them, and no card, tab or list has more marks than
    with a plain word in their place."""
    words = case["text"]
    assert marks(escape(words)) == Counter()
    assert marks(code(words, 500)) == Counter(code=1)
    assert view_marks(words) == view_marks("plain")


@pytest.mark.parametrize("case", cases("words"))
def test_words_are_not_changed_beyond_recognition(case: dict[str, str]) -> None:
    """What is shown has as many signs as what was typed: only marks are drawn by signs that look like them."""
    typed = clean(case["text"]).replace("\u2060", "")
    shown = escape(case["text"]).replace("\u2060", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert len(shown) == len(typed)
    assert all(a == b or b in "*_~`" for a, b in zip(shown, typed, strict=True))


@pytest.mark.parametrize("case", cases("words"))
def test_a_transcript_shows_words_as_words(case: dict[str, str]) -> None:
    """In `transcript.md` each line is one paragraph of text: no heading, emphasis, link, list, table or HTML."""
    for line in clean(case["text"]).splitlines():
        tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(as_text(line))
        kinds = {token.type for token in tokens} | {c.type for token in tokens for c in token.children or ()}
        assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}, (line, kinds)


@pytest.mark.parametrize("case", cases("words"))
def test_the_file_of_what_was_understood_shows_words_as_words(case: dict[str, str]) -> None:
    """The Markdown file has the headings and lists that it has with a plain word, and no other mark."""
    assert _marked(case["text"]) == _marked("plain")


def _marked(words: str) -> Counter[str]:
    part = RecapSection(title="Parts", lines=(words,), total=1)
    said = Correction(by="U1", text=words, became=words)
    asked = RecapQuestion(kind="unread", about="x", text=words)
    recap = Recap(
        statements=1, understood=1, sections=(part,), assumed=part, corrections=(said,), questions=(asked,)
    )  # fmt: skip
    text = recap_document(recap, one_line(words) or "x", 1).content.decode()
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    inside = (child for token in tokens for child in token.children or ())
    return Counter(token.type for token in (*tokens, *inside) if token.type not in _WORDS)


_WORDS = {"text", "text_special", "softbreak"}


@pytest.mark.parametrize("case", cases("logs"))
def test_a_value_is_one_line_of_the_log(case: dict[str, str]) -> None:
    """In console format it begins no line, and holds no sign that steers a terminal; so does a library's message."""
    render = structlog.dev.ConsoleRenderer(colors=False)
    for event in ({"event": "refused", "code": case["value"]}, {"event": case["value"]}):
        line = str(render(None, "info", dict(one_line_each(None, "info", {**event, "level": "info"}))))
        assert len(line.splitlines()) == 1
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", line)


@pytest.mark.parametrize("case", cases("logs"))
def test_a_traceback_begins_no_line_of_the_log(case: dict[str, str]) -> None:
    """The lines of an error stand behind a margin, whatever its words are."""
    shown = one_line_each(None, "error", {"event": "x", "exception": f"ValueError: {case['value']}"})["exception"]
    assert all(line.startswith("  | ") for line in shown.splitlines())


@pytest.mark.parametrize("case", cases("workspace_names"))
async def test_no_name_leads_out_of_a_teams_folders(world: World, tmp_path: Path, case: dict[str, str]) -> None:
    """The folder is unknown, in words that name the team's own folder and neither a path nor another team's."""
    one, two = tmp_path / "T0ONE", tmp_path / "T0TWO"
    for folder in (one / "alpha", two / "beta"):
        folder.mkdir(parents=True)
    (one / "out").symlink_to(two)
    (one / "loop").symlink_to(one / "loop")
    os.mkfifo(one / "pipe")
    (one / "file").write_text("x")
    context = replace(world.services.context, workspace_roots=(), team_roots={"T0ONE": (one,), "T0TWO": (two,)})
    typed = {"DEEP": "a/" * 3000, "LONG": "x" * 5000}.get(case["typed"], case["typed"])
    with pytest.raises(UnknownWorkspace) as refused:
        EvaluationService(context, Tasks()).folder("T0ONE", typed)
    known = refused.value.fields["known"]
    assert "“alpha”" in known and "beta" not in known and str(tmp_path) not in known


@pytest.mark.parametrize("case", cases("files"))
def test_a_file_is_refused_in_words(tmp_path: Path, case: dict[str, Any]) -> None:
    """Within seconds, with an exit code, without a traceback, and with what would be right."""
    given = _made(tmp_path, case["make"])
    arguments = {
        "verify": ["verify", str(given)], "answers": ["rehearse", "--answers", str(given)],
        "out": ["rehearse", "--out", str(given)],
    }[case["command"]]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "EIPAS_DATA_DIR": str(tmp_path / "data"), "COLUMNS": "400"}
    done = run_bot(*arguments, cwd=tmp_path, env=environment, timeout=60)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode in (1, 2), said
    assert "Traceback" not in said
    assert case["says"] in said


def _made(folder: Path, make: dict[str, Any]) -> Path:
    if "long_name" in make:
        return folder / ("x" * make["long_name"])
    path = folder / "given.json"
    if make.get("pipe"):
        os.mkfifo(path)
    elif make.get("folder"):
        path.mkdir()
    elif "hex" in make:
        path.write_bytes(bytes.fromhex(make["hex"]))
    elif "repeat" in make:
        path.write_text(make["repeat"] * make["times"])
    elif "text" in make:
        path.write_text(make["text"])
    return path
