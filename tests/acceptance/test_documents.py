"""Documents that are missing, broken or hostile: each is named with its line, and the evaluation goes on."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from bot.domain.lifecycle import State
from bot.domain.recap import RecapState
from bot.domain.role import InputSpec
from bot.roles import load_roles
from handlers.ids import ActionId
from tests.acceptance.stage import Stage
from tests.support.samples import SAMPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")

_NAME: Final = "data-architect.json"
_GOOD: Final = json.dumps({"agent": "data-architect", "phase": "phase3", "entities": ["Order"]}, indent=1).encode()
BROKEN: Final[dict[str, tuple[bytes, str]]] = {
    "a comma too many": (b'{\n "a": 1,\n "b": 2,\n}\n', "line 4"),
    "cut off": (b'{\n "a": [1, 2', "line 2"),
    "UTF-16": (json.dumps({"a": "ü"}).encode("utf-16"), "UTF-16"),
    "Latin-1": ('{\n "a": "für"\n}'.encode("latin-1"), "line 2"),
    "6 MB": (b'{"a": "' + b"x" * 6_000_000 + b'"}', "5 MiB"),
    "an array at the top": (b"[1, 2]", "a list at the top"),
    "a bare text": (b'"hello"', "a text at the top"),
    "NaN": (b'{\n "a": 1,\n "score": NaN\n}', "line 3"),
    "nested too deep": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested"),
    "a key twice": (b'{\n "a": 1,\n "a": 2\n}', "line 3"),
    "empty": (b"", "empty"),
    "no JSON at all": (b"\x89PNG\r\n\x1a\n\x00\x00", ""),
}


def _workspace(stage: Stage, name: str) -> Path:
    target = stage.roots / name
    shutil.copytree(SAMPLE, target)
    return target


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_document_in_the_workspace_is_named(stage: Stage, case: str, tmp_path: Path) -> None:
    """A broken file in the folder is refused by name and place in the context review; all others are read."""
    content, place = BROKEN[case]
    folder = _workspace(stage, tmp_path.name)
    (folder / "phase3" / _NAME).write_bytes(content)
    thread = await stage.start(workspace=tmp_path.name)
    context = (await thread.dossier()).context
    assert [refusal.path.endswith(_NAME) for refusal in context.refused] == [True]
    said = await thread.said("i1.context")
    assert f"phase3/{_NAME}" in said
    assert place in said
    assert len(context.inputs) > 5
    await thread.say("ava", "It goes on")
    await thread.until(lambda d: d.questions[0].settled)


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_upload_is_named(stage: Stage, case: str) -> None:
    """A broken file dropped into the thread is refused by name and place; the mended one is taken in its stead."""
    content, place = BROKEN[case]
    thread = await stage.start()
    await thread.upload("ben", _NAME, content or b" ")
    await thread.until(lambda d: d.context.refused)
    said = await thread.said("i1.context")
    assert _NAME in said
    assert place in said
    await thread.upload("ben", _NAME, _GOOD)
    dossier = await thread.until(lambda d: any(i.path.endswith(_NAME) for i in d.context.inputs))
    assert not dossier.context.refused
    assert dossier.evaluation.state is State.COLLECTING
    await thread.is_the_projection()


async def test_a_byte_order_mark_is_no_fault(stage: Stage) -> None:
    """A UTF-8 file that begins with a byte order mark is read."""
    thread = await stage.start()
    await thread.upload("ben", _NAME, b"\xef\xbb\xbf" + _GOOD)
    await thread.until(lambda d: any(i.path.endswith(_NAME) for i in d.context.inputs))


@pytest.mark.parametrize("spec", next(iter(load_roles().values())).inputs, ids=lambda spec: spec.key)
async def test_each_missing_document_is_named_with_what_it_would_have_told(
    stage: Stage, spec: InputSpec, tmp_path: Path
) -> None:
    """Without one kind of document the context review names its path and what is lost, and questions are asked."""
    folder = _workspace(stage, tmp_path.name)
    for pattern in spec.patterns:
        for file in folder.glob(pattern):
            file.unlink()
    thread = await stage.start(workspace=tmp_path.name)
    dossier = await thread.dossier()
    missing = {m.key: m for m in dossier.context.missing}
    if spec.key != "idea":
        found = missing[spec.key]
        said = await thread.said("i1.context")
        assert found.path in said
        assert found.lost[:60] in said
    assert dossier.questions[0].asked_at


async def test_an_empty_workspace_names_everything_and_goes_on(stage: Stage) -> None:
    """With an empty folder every document but the typed idea is named as missing, and the go can be reached."""
    (stage.roots / "empty").mkdir()
    thread = await stage.start(workspace="empty", description="Only an idea")
    dossier = await thread.dossier()
    assert [document.origin for document in dossier.context.inputs] == ["typed"]
    said = await thread.said("i1.context")
    assert all(missing.path in said for missing in dossier.context.missing)
    await thread.answer_everything()
    await thread.is_the_projection()


async def test_a_workspace_that_does_not_exist_is_refused_in_the_form(stage: Stage) -> None:
    """An unknown folder, and one outside the roots, are refused under the field, with the known ones named.

    The form stays open with all that was typed; nothing is started.
    """
    (stage.roots / "known").mkdir(exist_ok=True)
    for name in ("nowhere", "../..", "/etc", "known/../../data", "a\x00b"):
        view = await stage.form("eva")
        answer = await stage["eva"].submit(view, {"eipas:title": "Lost", "eipas:workspace": name})
        assert answer["response_action"] == "errors"
        assert "There is no workspace" in answer["errors"]["eipas:workspace"]
        assert "“known”" in answer["errors"]["eipas:workspace"]
        assert stage["eva"].views[-1]["callback_id"] == "eipas:start_form"
        await stage.close_forms()


async def test_documents_of_any_kind_are_given_in_the_thread(stage: Stage) -> None:
    """SQL and YAML are read, a PDF is refused by its kind with the kinds that are; what was read is understood."""
    thread = await stage.start()
    await thread.upload("ben", "harbour.sql", b"CREATE TABLE berth (id uuid PRIMARY KEY, depth_cm integer NOT NULL);")
    await thread.upload("ava", "board.pdf", b"%PDF-1.7")
    await thread.until(lambda d: d.context.refused and any(i.path.endswith("harbour.sql") for i in d.context.inputs))
    said = await thread.said("i1.context")
    assert ".pdf files cannot be read" in said
    assert ".sql" in said.partition("cannot be read")[2]
    await thread.answer_everything(text="As the documents say.")
    await thread.until(lambda d: (recap := d.recap(1)) and recap.state is RecapState.READY)
    assert "depth_cm integer" in await thread.said("i1.recap")
    await thread.is_the_projection()


async def test_a_document_after_the_go_opens_the_gate_anew(stage: Stage) -> None:
    """A document dropped while the go gate is open withdraws it and opens another on what is known now."""
    thread = await stage.start()
    await thread.answer_everything()
    first = await thread.gate("go")
    await thread.upload("ben", _NAME, _GOOD)
    await thread.until(lambda d: any(i.path.endswith(_NAME) for i in d.context.inputs))
    second = await thread.gate("go")
    assert second.id != first.id
    await thread.is_the_projection()


async def test_many_files_at_once_are_all_taken(stage: Stage) -> None:
    """Five people drop a file at once: each is read, and the thread says so once."""
    thread = await stage.start()
    names = ("cto-evaluation.json", "product-manager.json", "ux-designer.json", "tech-architect.json", _NAME)
    people = ("ava", "ben", "chloe", "dan", "farid")
    await asyncio.gather(*(thread.upload(who, name, _GOOD) for who, name in zip(people, names, strict=True)))
    await thread.until(lambda d: len(d.context.inputs) == 6)
    await thread.is_the_projection()


async def test_the_button_says_how_a_document_is_added(stage: Stage) -> None:
    """“Add a document” tells the person who pressed it what to do."""
    thread = await stage.start()
    await thread.click("chloe", await thread.card("root"), ActionId.ADD_DOCUMENT)
    await stage.whispered("chloe", "drop the file into this thread")


async def test_a_local_slack_offers_the_sample(stage: Stage) -> None:
    """Whoever tries the product finds a workspace with documents without bringing one, and may write into it."""
    evaluations, team = stage.app.services.evaluations, stage.local.core.identity.team_id
    assert "sample" in evaluations.workspaces(team)
    folder = evaluations.folder(team, "sample")
    assert folder is not None
    assert (folder / "idea.json").is_file()
    assert folder.is_relative_to(stage.settings.data_dir.resolve())
