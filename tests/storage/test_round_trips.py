"""What goes in comes out, equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.domain.design import Brief, Design
from bot.domain.errors import NotFound
from bot.domain.evaluation import Answer, ContextReview, Dossier, Upload
from bot.domain.evidence import Artefact
from bot.domain.inputs import Input
from bot.roles.backend_developer.blueprint import Blueprint
from storage import SqlDatabase
from storage.types import decode, encode
from tests.storage.conftest import Opener
from tests.storage.samples import brief, design, write
from tests.support import dossiers

STAGES = [
    dossiers.collecting, dossiers.awaiting_go, dossiers.parked, dossiers.failed, dossiers.in_review,
    dossiers.second_iteration, dossiers.done, dossiers.cancelled,
]  # fmt: skip


def in_order(dossier: Dossier) -> Dossier:
    gates = tuple(sorted(dossier.gates, key=lambda gate: (gate.opened_at, gate.id)))
    runs = tuple(sorted(dossier.runs, key=lambda run: (run.iteration, run.attempt)))
    return replace(dossier, gates=gates, runs=runs)


@pytest.mark.parametrize("stage", STAGES)
async def test_dossier_is_read_as_written(database: SqlDatabase, stage: Callable[[], Dossier]) -> None:
    """At each stage of its life an evaluation with all that belongs to it is read back equal, nested values and all."""
    dossier = stage()
    await database.transaction(lambda tx: write(tx, dossier))
    assert await database.read(lambda tx: tx.dossier(dossier.evaluation.id)) == in_order(dossier)


async def test_dossier_costs_few_statements(database: SqlDatabase) -> None:
    """Reading a dossier takes 16 statements, however much is in it, and one as long as nobody changed anything."""
    dossier = dossiers.second_iteration()
    await database.transaction(lambda tx: write(tx, dossier))
    seen: list[str] = []
    reader = getattr(database, "_reader", database.engine)
    event.listen(reader, "before_cursor_execute", lambda *a: seen.append(a[2]))
    await database.read(lambda tx: tx.dossier(dossier.evaluation.id))
    first = sum(statement.startswith("SELECT") for statement in seen)
    seen.clear()
    await database.read(lambda tx: tx.dossier(dossier.evaluation.id))
    assert first <= 16
    assert len([statement for statement in seen if statement.startswith("SELECT")]) <= 1


async def test_designs_are_kept_whole(database: SqlDatabase) -> None:
    """A design with its blueprint and the brief it was made from are read back equal; without one there is None."""
    dossier = dossiers.running()
    of = dossier.evaluation.id
    await database.transaction(lambda tx: write(tx, dossier))
    assert await database.read(lambda tx: tx.iterations.design(of, 1, Blueprint)) is None
    await database.transaction(lambda tx: tx.iterations.keep_design(of, 1, design(), brief()))
    assert await database.read(lambda tx: tx.iterations.design(of, 1, Blueprint)) == (design(), brief())
    assert await database.read(lambda tx: tx.runs.brief(dossier.runs[0].id, Blueprint)) == brief()


async def test_values_survive_a_restart(url: str, opened: Opener) -> None:
    """What was stored is read by another process from the database alone, not from what this one remembers."""
    dossier = dossiers.second_iteration()
    first = await opened(url)
    await first.transaction(lambda tx: write(tx, dossier))
    await first.close()
    second = await opened(url)
    assert await second.read(lambda tx: tx.dossier(dossier.evaluation.id)) == in_order(dossier)


async def test_a_document_follows_another_of_its_path(database: SqlDatabase) -> None:
    """The newest document of a path counts, its body equal however deep, with NUL and lone surrogates made harmless."""
    of = dossiers.evaluation().id
    first = Input(
        path="a.json", key=None, sha256="1" * 64, size=1, origin="upload", body={"a": [1, 2.5, None, {"b": True}]}
    )
    second = replace(first, body={"x": 10**30, "y": "\u00fc\U0001f600", "z": {"deep": [[[]]]}}, sha256="2" * 64)
    other = replace(first, path="b.json", body={"n": "a\0b", "s": "\ud800"})
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    for document in (first, second, other):
        await database.transaction(lambda tx, d=document: tx.inputs.put(of, d))
    read = (await database.read(lambda tx: tx.inputs.context(of))).inputs
    assert read[0] == second
    assert read[1].body == {"n": "a\0b", "s": "\ufffd"}


async def test_text_that_no_database_takes_is_kept_nevertheless(database: SqlDatabase) -> None:
    """NUL and lone surrogates in people's words become U+FFFD instead of failing the transaction."""
    strange = dossiers.evaluation(title="a\0b\ud800c \U0001f600")
    await database.transaction(lambda tx: tx.evaluations.add(strange))
    assert (await database.read(lambda tx: tx.evaluations.get(strange.id))).title == "a\ufffdb\ufffdc \U0001f600"


async def test_moments_come_back_in_utc(database: SqlDatabase) -> None:
    """A moment given in another zone is the same moment when read, and in UTC."""
    local = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation(created_at=local)))
    read = await database.read(lambda tx: tx.evaluations.get(dossiers.evaluation().id))
    assert read.created_at == local
    assert read.created_at.utcoffset() == timedelta(0)


async def test_uploads_are_known_once(database: SqlDatabase) -> None:
    """A file id is taken once; settling it shows; settling an unknown one is refused."""
    of = dossiers.evaluation().id
    upload = Upload(file_id="F1", name="idea.json", size=3, by=dossiers.OWNER, at=dossiers.START, state="pending")
    await database.transaction(lambda tx: tx.evaluations.add(dossiers.evaluation()))
    assert await database.transaction(lambda tx: tx.inputs.add_upload(of, upload))
    assert not await database.transaction(lambda tx: tx.inputs.add_upload(of, upload))
    refused = replace(upload, state="refused", problem="Not JSON.")
    await database.transaction(lambda tx: tx.inputs.settle_upload(of, refused))
    assert await database.read(lambda tx: tx.inputs.context(of)) == ContextReview(uploads=(refused,))
    with pytest.raises(NotFound):
        await database.transaction(lambda tx: tx.inputs.settle_upload(of, replace(upload, file_id="F2")))


async def test_files_are_stored_once(database: SqlDatabase) -> None:
    """The same bytes under two names have one digest and are kept once; an unknown digest is refused."""
    artefact = Artefact(name="a.bin", media_type="application/octet-stream", content=bytes(range(256)))
    for name in ("a.bin", "b.bin"):
        digest = await database.transaction(lambda tx, n=name: tx.files.put(replace(artefact, name=n)))
        assert digest == artefact.sha256
    assert await database.read(lambda tx: tx.files.get(artefact.sha256)) == artefact.content
    with pytest.raises(NotFound):
        await database.read(lambda tx: tx.files.get("0" * 64))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_any_document_survives_a_brief(body: dict[str, object]) -> None:
    """A brief with any JSON document in it is equal after the trip through storage's JSON."""
    given_brief = brief(**{f"k{key}": value for key, value in body.items()})
    assert decode(Brief, encode(Brief, given_brief), Blueprint) == given_brief


def test_a_design_survives_its_json() -> None:
    """Blueprints are validated again when read, and are equal."""
    assert decode(Design, encode(Design, design()), Blueprint) == design()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_storable(text: str) -> None:
    """Whatever characters an answer holds, its JSON is UTF-8."""
    answer = Answer(version=1, text=text, by="U", at=dossiers.START, via="form")
    assert decode(Answer, encode(Answer, answer)).version == 1
