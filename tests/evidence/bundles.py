"""A decided iteration with everything real, its bundle, and what somebody could do to it."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain import bundle
from bot.domain.bundle import IterationRecord, SealSubject
from bot.domain.design import Brief
from bot.domain.event import AuditEvent
from bot.domain.evidence import Artefact, Assessment, Check
from bot.domain.gate import Gate
from bot.domain.role import Role
from bot.evidence.bundle.archive import unpack
from bot.evidence.bundle.attestation import Signer, attest
from bot.evidence.bundle.contents import read_contents, read_record
from bot.evidence.bundle.keys import key_id
from bot.evidence.bundle.verdict import Verdict
from bot.evidence.bundle.verification import verify_bundle
from bot.evidence.score import scorecard
from bot.evidence.sharing import SharedServer
from bot.roles import load_role, role_folders
from bot.roles.backend_developer.checks.runner import CheckRunner
from bot.roles.backend_developer.kit import BackendKit
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kit, build_kits
from bot.services.bundle_files import adapter
from bot.services.common import digest
from bot.services.registry import build_services
from bot.services.waiving import WaiverForm
from tests.support.databases import migrated_file, shared_server
from tests.support.dossiers import ARCHITECT, LEAD, SECURITY
from tests.support.samples import SAMPLE
from tests.support.services import World, world_at

NAME = "backend-developer-iteration-2.json"
DRAFT = NAME.replace(".json", ".draft.json")
DOCUMENTS = ("idea.json", "phase1/cto-evaluation.json")
"""Of the sample: dozens of bundles are verified, and a small one proves the same."""
Files = dict[str, bytes]
Json = dict[str, Any]

ANSWERS = {
    "opening_1": "Python with FastAPI, PostgreSQL.",
    "opening_2": "Members book rooms, the office sees all bookings.",
    "opening_3": "Mails go out by Postmark.",
    "api_design": "POST /rooms creates a room, GET /rooms lists rooms. Only admins create rooms.",
    "database_schema": "A room has a name, a floor number and a capacity number. A booking belongs to a room and has a "
    "start time and an end time. Booking status: requested, confirmed, cancelled.",
    "integration_needs": "Postmark sends the mails.",
    "performance_requirements": "95 % of the answers within 300 ms.",
    "security_controls": "Members sign in with e-mail and password. Admins sign in with a second factor.",
}
REJECTION = "A room needs a photo. The bookings have to smell of lavender."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A bundle as the bot made it, and what it was signed with.

    `noted` is what the audit log says of it, `database` the SQLite file that the log is in.
    """

    content: bytes
    key: Ed25519PrivateKey
    role: Role
    noted: Mapping[str, Any]
    database: bytes = b""

    @property
    def files(self) -> Files:
        return unpack(self.content)


class Remembering:
    """A kit that renders the same design once: dozens of changed bundles have it unchanged."""

    def __init__(self, kit: BackendKit) -> None:
        self._kit = kit
        self._known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kit, name)

    async def render(self, proposal: Any, brief: Brief, checks: Sequence[Check] = ()) -> tuple[Artefact, ...]:
        given = (proposal.digest, repr(brief), repr([check.compared for check in checks]))
        return await self._once("render", given, lambda: self._kit.render(proposal, brief, checks))

    async def facts(self, brief: Brief) -> Artefact | None:
        return await self._once("facts", (repr(brief),), lambda: self._kit.facts(brief))

    async def _once(self, what: str, given: tuple[str, ...], make: Callable[[], Any]) -> Any:
        key = " ".join((what, *given))
        if key not in self._known:
            self._known[key] = await make()
        return self._known[key]


async def make_sealed() -> Sealed:
    """Take the sample through two iterations, the first with a rejection, and return the bundle of the second."""
    server, key = shared_server(), Ed25519PrivateKey.generate()
    with tempfile.TemporaryDirectory(prefix="eipas-bundle-") as name:
        folder = Path(name)
        for document in DOCUMENTS:
            target = folder / "roots" / "sample" / document
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SAMPLE / document, target)
        async with world_at(migrated_file(folder / "x.db"), folder) as world:
            played = await _played(world, server, key)
        return replace(played, database=(folder / "x.db").read_bytes())


async def _played(world: World, server: SharedServer, key: Ed25519PrivateKey) -> Sealed:
    role, check_runner = world.role, CheckRunner(server=server)
    environment = KitEnvironment(role=role, folder=role_folders()[role.name], check_runner=check_runner)
    kits = build_kits({role.name: environment})
    try:
        context = replace(world.services.context, kits=kits, sealer=Signer(key, "eipas-slack test"))
        world.services = build_services(context, world.services.inputs._download)
        evaluation = await world.start(workspace="sample", title="")
        await world.services.questions.answer(world.actor(), evaluation.id, ANSWERS)
        await world.vote(evaluation, "go", LEAD)
        await world.work_off()
        await world.vote(evaluation, "implementation_approval", LEAD)
        await world.vote(evaluation, "api_review", ARCHITECT, "reject", REJECTION)
        await world.vote(evaluation, "security_check", SECURITY, "approve", concerns="Mind the passwords.")
        await world.vote(evaluation, "iteration_complete", LEAD, "optimise", "Work it in.")
        await world.work_off()
        await _waive(world, evaluation.id)
        await world.review(evaluation)
        await world.vote(evaluation, "iteration_complete", ARCHITECT, "finish", "It is the sample.")
        await world.work_off()
    finally:
        await kits[role.name].close()
        await check_runner.close()
    dossier = await world.dossier(evaluation)
    ref = next(file for file in dossier.current.files if bundle.is_bundle(file.name))
    events = await world.database.read(lambda tx: tx.events.all(evaluation.id))
    noted = next(dict(e.data) for e in reversed(events) if e.kind == bundle.SEALED)
    return Sealed(content=await world.services.queries.file(ref.sha256), key=key, role=role, noted=noted)


async def _waive(world: World, evaluation_id: str) -> None:
    dossier = await world.services.queries.dossier(evaluation_id)
    assert dossier.current.result is not None
    point = next(one for one in dossier.current.result.highlights.points if one.open)
    form = WaiverForm(evaluation_id=evaluation_id, feedback_id=point.feedback_id, number=point.number, why="A joke.")
    await world.services.waiving.waive(world.actor(LEAD), form)


@dataclass(slots=True)
class Desk:
    """Where bundles are changed and verified."""

    sealed: Sealed
    kit: Remembering
    role: Role

    def verify(self, files: Files, *, key: Ed25519PrivateKey | None = None, rerun: bool = False) -> Verdict:
        """Verify files, trusting the installation's key, or another."""
        public = (key or self.sealed.key).public_key()
        return self.verify_with(files, {key_id(public): public}, rerun=rerun)

    def verify_with(
        self, files: Files, keys: Mapping[str, Any], *, rerun: bool = False, version: str | None = None
    ) -> Verdict:
        find: Any = lambda name: (self.role, self.kit) if name == self.role.name else None  # noqa: E731
        return asyncio.run(verify_bundle(files, keys, find, rerun=rerun, version=version))

    @property
    def trusted(self) -> Mapping[str, Any]:
        """The installation's own key."""
        public = self.sealed.key.public_key()
        return {key_id(public): public}

    def lone(self, report: Json) -> list[str]:
        """Verify a report alone."""
        found: list[str] = self.kit.verify(report)
        return found

    def report(self) -> Json:
        return load(self.sealed.files[NAME])

    def resigned(self, files: Files, key: Ed25519PrivateKey | None = None, **said: Any) -> Files:
        """Sign changed files as the bot would, with its own key or with another; `said` is changed in what is said."""
        body = {name: content for name, content in files.items() if name != bundle.ATTESTATION}
        record = read_record(self.sealed.files)
        subject = SealSubject(
            evaluation_id=record.evaluation_id, role=record.role, iteration=record.iteration,
            draft_sha256=_sha(body.get(DRAFT, b"")), report_sha256=_sha(body.get(NAME, b"")),
            sealed_at=record.decided_at,
        )  # fmt: skip
        signed = attest(body, replace(subject, **said), "eipas-slack test", key or self.sealed.key)
        return {**body, bundle.ATTESTATION: signed}

    def with_report(self, content: bytes) -> Files:
        return {**self.sealed.files, NAME: content}

    def with_record(self, change: Callable[[IterationRecord], IterationRecord]) -> Files:
        """Change the record alone."""
        files = self.sealed.files
        return {
            **files,
            bundle.RECORD: _json(adapter(IterationRecord).dump_python(change(read_record(files)), mode="json")),
        }

    def with_json(self, name: str, change: Callable[[Json], object]) -> Files:
        """Change one of the JSON files."""
        files = self.sealed.files
        body = load(files[name])
        change(body)
        return {**files, name: _json(body)}

    def with_events(self, change: Callable[[list[Any]], object]) -> Files:
        """Change the audit log, leaving its hashes."""
        files = self.sealed.files
        lines = [load(line) for line in files[bundle.AUDIT].splitlines()]
        change(lines)
        return {**files, bundle.AUDIT: b"".join(json.dumps(line).encode() + b"\n" for line in lines)}

    def forged(self, change: Callable[[IterationRecord], IterationRecord]) -> Files:
        """Change the record as somebody with the key and our code could: every document and digest follows."""
        files = self.sealed.files
        record = change(read_record(files))
        found = read_contents(files, record, NAME, self.kit.proposal_type)
        names = [(score.key, score.name) for score in self.role.scores]
        assessment = Assessment(
            artefacts=found.artefacts, checks=found.checks, scorecard=scorecard(found.checks, names), tools=record.tools
        )

        def document(gates: tuple[Gate, ...], final: bool, at: datetime) -> Artefact:
            made: Artefact = self.kit.report(
                role=self.role, brief=found.brief, design=found.design, assessment=assessment, gates=gates,
                timestamp=at, final=final,
            )  # fmt: skip
            return made

        draft = document((), False, record.drafted_at)
        order = [spec.key for spec in self.role.gates]
        gates = _about(self.role, record.gates, draft.sha256)
        gates = tuple(sorted(gates, key=lambda gate: order.index(gate.key)))
        report = document(gates, True, record.drafted_at)
        kept = adapter(IterationRecord).dump_python(replace(record, gates=gates), mode="json")
        return self.resigned({**files, bundle.RECORD: _json(kept), NAME: report.content, DRAFT: draft.content})


def make_desk(sealed: Sealed) -> Desk:
    """A desk with the backend's kit."""
    role = load_role("backend-developer")
    runner = CheckRunner(server=shared_server())
    kit = build_kit(KitEnvironment(role=role, folder=role_folders()[role.name], check_runner=runner))
    assert isinstance(kit, BackendKit)
    return Desk(sealed=sealed, kit=Remembering(kit), role=role)


def _about(role: Role, gates: tuple[Gate, ...], draft: str) -> tuple[Gate, ...]:
    reviews = [next(gate for gate in gates if gate.key == spec.key) for spec in role.review_gates]
    closing = digest([draft, [(gate.key, gate.state.value) for gate in reviews]])
    subjects = {**{gate.key: draft for gate in reviews}, role.closing.key: closing}
    return tuple(
        replace(
            gate,
            subject_sha256=subjects.get(gate.key, gate.subject_sha256),
            votes=tuple(replace(v, subject_sha256=subjects.get(gate.key, v.subject_sha256)) for v in gate.votes),
        )
        for gate in gates
    )


def load(content: bytes) -> Json:
    """Parse JSON as any parser does."""
    found: Json = json.loads(content)
    return found


def changed(report: Json, change: Callable[[Json], object]) -> Json:
    """Return a changed copy."""
    copied = copy.deepcopy(report)
    change(copied)
    return copied


def written(report: Json) -> bytes:
    """Write a report as the bot does."""
    return (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()


def events_of(files: Files) -> list[Any]:
    return [adapter(AuditEvent).validate_json(line) for line in files[bundle.AUDIT].splitlines()]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
