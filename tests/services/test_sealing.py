"""The bundle of a decided iteration: made once, noted in the log, and never in the way of the files themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain import bundle
from bot.domain.bundle import Sealed, SealSubject
from bot.domain.design import Design
from bot.domain.errors import ConfigurationError
from bot.domain.evaluation import Evaluation
from bot.evidence.bundle.archive import unpack
from bot.evidence.bundle.attestation import Signer
from bot.services.designer import DesignSession
from bot.services.ports import Sealer
from bot.services.registry import build_services
from tests.artefacts.blueprints import tiny
from tests.support.dossiers import LEAD
from tests.support.services import World, design

NAME = "backend-developer-iteration-1.bundle.zip"


class NoKey:
    """A sealer without a usable key."""

    def seal(self, files: Mapping[str, bytes], subject: SealSubject) -> Sealed:
        raise ConfigurationError(problem="The key is not for the bot alone", mend="chmod 600")


class Broken:
    """A sealer that breaks."""

    def seal(self, files: Mapping[str, bytes], subject: SealSubject) -> Sealed:
        raise KeyError("x")


def sealing(world: World, sealer: Sealer | None) -> None:
    """Let the world's services seal with this."""
    context = replace(world.services.context, sealer=sealer)
    world.services = build_services(context, world.services.inputs._download)


def signer() -> Signer:
    return Signer(Ed25519PrivateKey.generate(), "eipas-slack test")


async def finished(world: World) -> Evaluation:
    """An evaluation that was decided, and all work done."""
    evaluation = await world.to_closing()
    await world.vote(evaluation, "iteration_complete", LEAD, "finish", "Good.")
    await world.work_off()
    return evaluation


async def files_of(world: World, evaluation: Evaluation) -> list[str]:
    return [file.name for file in (await world.dossier(evaluation)).current.files]


async def test_a_decided_iteration_has_one_bundle(world: World, tmp_path: Path) -> None:
    """It stands among the iteration's files and in the workspace; doing the work again makes no second one."""
    sealing(world, signer())
    evaluation = await finished(world)
    assert (await files_of(world, evaluation))[-1] == NAME
    (there,) = tmp_path.rglob(NAME)
    before = there.read_bytes()
    assert await world.services.exports.write(evaluation.id, 1)
    assert (await files_of(world, evaluation)).count(NAME) == 1
    assert there.read_bytes() == before
    kinds = await world.kinds(evaluation)
    assert kinds.count(bundle.SEALED) == 1
    files = unpack(before)
    record = json.loads(files[bundle.RECORD])
    assert record["outcome"] == "finish"
    assert {gate["key"] for gate in record["gates"]} >= {"go", "api_review", "iteration_complete"}
    assert files[f"{bundle.RAW}parses.txt"] == b"ok"
    logged = [json.loads(line)["kind"] for line in files[bundle.AUDIT].splitlines()]
    assert logged == kinds[: len(logged)]
    assert bundle.SEALED not in logged


async def test_what_cannot_be_sealed_is_exported_all_the_same(world: World, tmp_path: Path) -> None:
    """Without a key, with one that may not be used, or where sealing breaks, the JSON reaches the workspace."""
    for count, sealer in enumerate((None, NoKey(), Broken()), 1):
        sealing(world, sealer)
        evaluation = await finished(world)
        assert NAME not in await files_of(world, evaluation)
        assert len(list(tmp_path.rglob("backend-developer-iteration-1.json"))) == count
        assert bundle.SEALED not in await world.kinds(evaluation)


async def test_a_note_that_came_after_the_checks_is_not_said_to_have_been_heard(world: World) -> None:
    """What the proposal was checked with is what the bundle says, so that its coverage can be made again."""
    sealing(world, signer())

    async def hears(session: DesignSession) -> Design:
        await world.reply(started, "Before")
        await session.notes()
        await session.assess(tiny())
        await world.reply(started, "After")
        await session.notes()
        return design(tiny())

    world.designer.script.append(hears)
    started = await world.to_go()
    started = replace((await world.dossier(started)).evaluation)
    await world.vote(started, "go", LEAD)
    await world.work_off()
    await world.review(started)
    await world.vote(started, "iteration_complete", LEAD, "finish", "Good.")
    await world.work_off()
    ref = next(file for file in (await world.dossier(started)).current.files if file.name == NAME)
    record = json.loads(unpack(await world.services.queries.file(ref.sha256))[bundle.RECORD])
    assert [item["text"] for item in record["heard"]] == ["Before"]
    assert len((await world.dossier(started)).notes) == 2
