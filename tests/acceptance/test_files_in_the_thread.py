"""Files dropped into the thread get their answer where they stand; a snippet or a file may be the answer itself."""

from __future__ import annotations

import pytest

from bot.domain.lifecycle import State
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import words
from tests.acceptance.stage import CHANNEL, Stage, Thread

pytestmark = pytest.mark.asyncio(loop_scope="module")

SQL = b"CREATE TABLE invoices (id uuid PRIMARY KEY, total numeric(12, 2) NOT NULL);\n"


async def begun(stage: Stage) -> Thread:
    thread = await stage.start()
    await thread.card("q.opening_1")
    return thread


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("quotes.pdf", b"%PDF-1.7", ".pdf files cannot be read. These can: .json, .yaml"),
        ("Screenshot 2026.png", b"\x89PNG\r\n", ".png files cannot be read. These can: .json, .yaml"),
        ("budget.xlsx", b"PK\x03\x04", ".xlsx files cannot be read. These can: .json, .yaml"),
        ("notes.docx", b"PK\x03\x04", ".docx files cannot be read"),
        ("cto-evaluation.json", b'{\n "a": 1,\n "b": 2,\n}\n', "line 4"),
    ],
)
async def test_a_refused_file_is_answered_below_it(stage: Stage, name: str, content: bytes, why: str) -> None:
    """The newest message names the file and says why: by its kind, with the kinds that are read, or by its line."""
    thread = await begun(stage)
    ts = await thread.upload("ben", name, content)
    await thread.until(lambda d: d.context.uploads and d.context.uploads[0].state == "refused")
    said = await thread.card(f"file.{ts}")
    assert name in words(said) and why in words(said)
    assert (await thread.shown())[-1]["ts"] == said["ts"]
    assert not (await thread.dossier()).questions[0].settled
    await thread.is_the_projection()


async def test_a_file_that_was_read_is_marked(stage: Stage) -> None:
    """A check mark on the message; its giver reads that it is a document, with a button that makes it the answer."""
    thread = await begun(stage)
    ts = await thread.upload("ben", "invoices.sql", SQL)
    said = await stage.whispered("ben", "`invoices.sql`")
    assert "Read as 1 document" in words(said)
    await thread.until(lambda d: d.context.uploads and d.context.uploads[0].state == "read")
    await thread.quiet()
    shown = next(message for message in await thread.shown() if message["ts"] == ts)
    assert [reaction["name"] for reaction in shown["reactions"]] == ["ballot_box_with_check"]
    assert not (await thread.dossier()).questions[0].settled
    await thread.click("ben", said, qualified(ActionId.FILES_ANSWER, f"m.{ts}"))
    dossier = await thread.until(lambda d: d.questions[0].settled)
    answer = dossier.questions[0].answers[-1]
    assert (answer.text, answer.by, answer.via) == ("See the attached file invoices.sql.", stage["ben"].user, "reply")
    assert "Not an answer" in await thread.said("q.opening_2")
    assert [document.path for document in dossier.context.inputs if "invoices" in document.path]


async def test_two_files_of_one_message_are_answered_together(stage: Stage) -> None:
    """What was refused stands in one message below it, whatever number of files came with it."""
    thread = await begun(stage)
    files = []
    for name in ("a.pdf", "b.gif", "c.sql"):
        async with stage["ava"]._session.post(
            "/local/upload", params={"as": stage["ava"].user, "name": name}, data=SQL
        ) as stored:
            files.append((await stored.json())["file"]["id"])
    ts = await stage["ava"].say(CHANNEL, "", thread_ts=thread.ts, files=files)
    await thread.until(lambda d: [u.state for u in d.context.uploads].count("refused") == 2)
    said = await thread.said(f"file.{ts}")
    assert "a.pdf" in said and "b.gif" in said and "c.sql" not in said


async def test_a_pasted_snippet_is_the_answer(stage: Stage) -> None:
    """Slack keeps long text as a snippet: its text is the answer, whole, and it is no document beside it."""
    thread = await begun(stage)
    text = "\n".join(f"Entity{n}: id, name, owner, created at" for n in range(400))
    await stage["ava"].upload(CHANNEL, "Untitled.txt", text.encode(), thread_ts=thread.ts, mode="snippet")
    dossier = await thread.until(lambda d: d.questions[0].settled)
    assert dossier.questions[0].answers[-1].text == text
    assert not [document for document in dossier.context.inputs if "ntitled" in document.path]
    await thread.card("q.opening_2")
    await stage["ava"].upload(CHANNEL, "Untitled.txt", b"Second snippet", thread_ts=thread.ts, mode="snippet")
    await thread.until(lambda d: d.questions[1].settled)
    await thread.is_the_projection()


async def test_words_beside_a_file_are_the_answer(stage: Stage) -> None:
    """With words the file is a document and the words are the answer; nothing is asked about it."""
    thread = await begun(stage)
    await stage["ava"].upload(CHANNEL, "invoices.sql", SQL, thread_ts=thread.ts, text="PostgreSQL, see the schema")
    dossier = await thread.until(lambda d: d.questions[0].settled and d.context.uploads[0].state == "read")
    assert dossier.questions[0].answers[-1].text == "PostgreSQL, see the schema"


async def test_a_long_message_is_used_whole_by_the_shortcut(stage: Stage) -> None:
    """What no field holds is taken as it stands in the thread; what does is edited in the form."""
    thread = await begun(stage)
    await thread.answer_everything()
    text = "We bill by the hour. " * 300
    ts = await thread.say("ben", text)
    await stage["chloe"].shortcut("eipas:answer_shortcut", channel=CHANNEL, message_ts=ts)
    view = await stage["chloe"].view("Use as an answer")
    assert "The whole message is taken, 6,299 characters" in str(view["blocks"])
    menu = next(block["element"] for block in view["blocks"] if block.get("block_id") == BlockId.QUESTION)
    chosen = next(option for option in menu["options"] if option["value"] == "2")
    assert await stage["chloe"].submit(view, {BlockId.QUESTION: chosen}) == {}
    dossier = await thread.until(lambda d: d.questions[2].answers[-1].via == "shortcut")
    assert dossier.questions[2].answers[-1].text == text.strip()
    await thread.state(State.AWAITING_GO)
