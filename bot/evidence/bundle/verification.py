"""Whether a bundle proves what it says.

Everything is derived again: from the design the files, from the checks the scores, from all of it the report; and
compared with what is there, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.domain.bundle import ATTESTATION, IterationRecord
from bot.domain.event import AuditEvent, first_broken
from bot.domain.evidence import Artefact, Assessment, Check
from bot.domain.inputs import InputRefused
from bot.domain.role import Role
from bot.evidence.bundle.archive import ArchiveRefused
from bot.evidence.bundle.attestation import Attestation, digest_faults, read_attestation
from bot.evidence.bundle.contents import Contents, read_contents, read_record
from bot.evidence.bundle.verdict import VERSION, Verdict, across
from bot.evidence.checks import own_version
from bot.evidence.differences import differences
from bot.evidence.gates import gate_faults
from bot.evidence.score import scorecard
from bot.reading.inputs import decode
from bot.services.ports import Kit
from bot.services.sealing import asked

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FindRole = Callable[[str], tuple[Role, Kit[Any]] | None]


async def verify_bundle(
    files: Mapping[str, bytes],
    keys: Mapping[str, Ed25519PublicKey],
    find: FindRole,
    *,
    rerun: bool = False,
    version: str | None = None,
) -> Verdict:
    """Verify a bundle's files by name; `keys` are those that are trusted, `find` returns a role and its kit by name.

    With `rerun` the checks are run again, which takes as long as they took. `version` is that of this product.

    Raises:
        ArchiveRefused: it is no bundle, or of a role that is not known here.
    """
    verdict = Verdict()
    attestation = _signature(files, keys, verdict)
    here = version or own_version()
    record = _record(files, attestation, here)
    verdict.by(record.tools, here)
    known = find(record.role)
    if known is None:
        raise ArchiveRefused(problem=f"It is of the role “{record.role[:80]}”, which is not known here.")
    role, kit = known
    try:
        contents = read_contents(files, record, role.output_name(record.iteration), kit.proposal_type)
    except ArchiveRefused as refused:
        if not verdict.other_version:
            raise
        raise ArchiveRefused(problem=f"{refused.message} {across(verdict)}") from refused
    verdict.take_made("every file belongs to the iteration", contents.strays)
    if attestation is not None:
        verdict.take("the attestation is about this iteration", _predicate(attestation, contents))
    await _Verification(role, kit, contents, verdict).run(rerun=rerun)
    return verdict


def _record(files: Mapping[str, bytes], attestation: Attestation | None, here: str) -> IterationRecord:
    """Read the record; where it is none, and another version sealed it, say so."""
    try:
        return read_record(files)
    except ArchiveRefused as refused:
        producer = attestation.predicate.producer.rpartition(" ")[2] if attestation is not None else here
        if producer == here:
            raise
        raise ArchiveRefused(
            problem=f"{refused.message} {across(Verdict(drafted=producer[:VERSION], here=here))}"
        ) from refused


def _signature(
    files: Mapping[str, bytes], keys: Mapping[str, Ed25519PublicKey], verdict: Verdict
) -> Attestation | None:
    if ATTESTATION not in files:
        verdict.faults.append(f"there is no {ATTESTATION}: nobody signed this")
        return None
    attestation = read_attestation(files[ATTESTATION], keys)
    named = ", ".join(claim[:16] for claim in attestation.claims)
    others = {name: content for name, content in files.items() if name != ATTESTATION}
    verdict.take(f"{len(others)} files have the digests that were signed", digest_faults(attestation, others))
    if attestation.signed_by:
        verdict.held.append(f"signed by the key {attestation.signed_by[0][:16]}")
    elif not keys:
        verdict.faults.append(
            f"whose signature it is cannot be told: it names the key {named}, and no key is known here. Give the "
            "installation's public key by --key (`eipas key` prints it there)"
        )
    else:
        known = ", ".join(name[:16] for name in keys)
        verdict.faults.append(f"the signature is by none of the keys that are trusted here: {known} (it names {named})")
    return attestation


def _predicate(attestation: Attestation, contents: Contents) -> Iterator[str]:
    said, record = attestation.predicate, contents.record
    pairs = (
        ("evaluation", said.evaluation, record.evaluation_id),
        ("role", said.role, record.role),
        ("iteration", said.iteration, record.iteration),
        ("draft", said.draft, contents.draft.sha256),
        ("report", said.report, contents.report.sha256),
    )
    yield from (f"the attestation is about another {name}: {found}" for name, found, wanted in pairs if found != wanted)


class _Verification:
    def __init__(self, role: Role, kit: Kit[Any], contents: Contents, verdict: Verdict) -> None:
        self._role, self._kit, self._contents, self._verdict = role, kit, contents, verdict
        self._record: IterationRecord = contents.record
        names = [(score.key, score.name) for score in role.scores]
        self._assessment = Assessment(
            artefacts=contents.artefacts, checks=contents.checks, scorecard=scorecard(_once(contents.checks), names),
            tools=self._record.tools,
        )  # fmt: skip
        self._brief = asked(contents.brief, self._record.heard)

    async def run(self, *, rerun: bool) -> None:
        take, made, contents = self._verdict.take, self._verdict.take_made, self._contents
        made("the checks are those of the role, and the scores follow from them", self._scores())
        made("the report is made of the brief, the design, the checks and the gates", self._documents())
        take("the gates judged the draft, and their verdicts lead to what was decided", self._gates())
        take("the audit log's chain holds and tells of the same verdicts and waivers", self._log())
        made("what was waived was open, and somebody said why", self._waivers())
        made("the files are what the design is rendered to", await self._rendered())
        made("what was understood is what the documents and answers say", await self._understood())
        if contents.deliverables:
            self._verdict.notes.append("What is handed over beside it has what the team made of it: its digest is all.")
        if rerun:
            fresh = await self._kit.assess(contents.design.proposal, self._brief)
            made("run again, every check came to the same", check_differences(contents.checks, fresh.checks))
        else:
            self._verdict.notes.append("The checks were not run again: --rerun does.")

    def _scores(self) -> Iterator[str]:
        report = _body(self._contents.report)
        if isinstance(report, str):
            yield report
            return
        yield from self._kit.verify(report)
        if len({check.key for check in self._contents.checks}) != len(self._contents.checks):
            yield f"a check occurs twice in {len(self._contents.checks)} results"

    def _documents(self) -> Iterator[str]:
        record, design, brief = self._record, self._contents.design, self._contents.brief
        order = {spec.key: place for place, spec in enumerate(self._role.gates)}
        gates = sorted(record.gates, key=lambda gate: (order.get(gate.key, len(order)), gate.opened_at))
        for there, final in ((self._contents.report, True), (self._contents.draft, False)):
            try:
                again = self._kit.report(
                    role=self._role, brief=brief, design=design, assessment=self._assessment,
                    gates=gates if final else (), timestamp=record.drafted_at, final=final,
                )  # fmt: skip
            except Exception as error:  # a stranger's values may be wrong in any way that a kit can stumble over
                yield f"{there.name} cannot be made again from what is in the bundle ({type(error).__name__})"
                continue
            yield from self._compared(there, again)
        if (brief.role, brief.iteration, brief.evaluation_id) != (record.role, record.iteration, record.evaluation_id):
            yield "brief.json is of another iteration than record.json"

    def _compared(self, there: Artefact, again: Artefact) -> Iterator[str]:
        body = _body(there)
        if isinstance(body, str):
            yield body
        elif there.content != again.content:
            found = differences(body, json.loads(again.content), there.name)
            yield from found
            if not found:
                self._verdict.notes.append(
                    f"{there.name} is written otherwise than the bot writes it, and says the same."
                )

    def _gates(self) -> Iterator[str]:
        record = self._record
        former = {str(one.data.get("gone")) for one in self._contents.events if one.kind == "approver_replaced"}
        yield from gate_faults(
            self._role,
            record.gates,
            self._contents.draft.sha256,
            owner=record.owner,
            policy=record.policy,
            former=former,
        )
        wrong = [
            gate
            for gate in record.gates
            if (gate.iteration, gate.evaluation_id) != (record.iteration, record.evaluation_id)
        ]
        yield from (f"gate “{gate.key}” is of another iteration" for gate in wrong)
        closing = [gate for gate in record.gates if gate.key == self._role.closing.key and gate.outcome]
        if (record.outcome, record.decided_at) not in [(gate.outcome, gate.decided_at) for gate in closing]:
            yield f"the iteration's outcome is {record.outcome}, which is not what its closing gate decided"

    def _log(self) -> Iterator[str]:
        events = self._contents.events
        if (broken := first_broken(events)) is not None:
            yield f"entry {broken} of the audit log is not what was written"
        if any(one.evaluation_id != self._record.evaluation_id for one in events):
            yield "the audit log is of another evaluation"
        voted = {
            (e.data.get("gate_id"), e.actor, e.data.get("option"), e.data.get("comment")) for e in _of(events, "voted")
        }
        for gate in self._record.gates:
            for vote in gate.votes:
                if (gate.id, vote.voter, vote.option, vote.comment) not in voted:
                    yield f"the audit log knows nothing of this verdict: {gate.key}, “{vote.option}” by {vote.voter}"
            known = [one for one in voted if one[0] == gate.id]
            if len(known) > len(gate.votes):
                yield f"the audit log has {len(known)} verdicts on {gate.key}, the record {len(gate.votes)}"
        waived = {
            (e.data.get("feedback"), e.data.get("point"), e.actor, e.data.get("why")) for e in _of(events, "waived")
        }
        for point in self._record.points:
            if point.waived_by and (point.feedback_id, point.number, point.waived_by, point.waived_why) not in waived:
                yield f"the audit log knows nothing of this waiver: “{point.text[:80]}”"

    def _waivers(self) -> Iterator[str]:
        record = self._record
        shown = self._kit.highlights(self._contents.design, self._assessment, self._role)
        bare = tuple(replace(point, waived_by="", waived_why="") for point in record.points)
        if bare != shown.points:
            yield "the points of the feedback are not those that the coverage has"
        involved = {record.owner, *(user for users in record.approvers.values() for user in users)}
        involved |= {str(one.data.get("gone")) for one in self._contents.events if one.kind == "approver_replaced"}
        for before, point in zip(bare, record.points, strict=True):
            if point.waived_by and not before.open:
                yield f"“{point.text[:80]}” was waived, though it was not open"
            if point.waived_by and not (point.waived_why.strip() and point.waived_by in involved):
                yield f"“{point.text[:80]}” was waived without a reason, or by somebody who is not involved"

    async def _rendered(self) -> list[str]:
        try:
            again = await self._kit.render(self._contents.design.proposal, self._brief, self._contents.checks)
        except Exception as error:  # as above
            return [f"the design cannot be rendered again ({type(error).__name__})"]
        return _file_differences(self._contents.artefacts, again)

    async def _understood(self) -> list[str]:
        again = await self._kit.facts(self._brief)
        wanted = {} if again is None else {again.name: again.content}
        there = self._contents.facts
        return [
            f"facts/{name} is not what was understood"
            for name in {*wanted, *there}
            if wanted.get(name) != there.get(name)
        ]


def check_differences(found: Sequence[Check], again: Sequence[Check]) -> Iterator[str]:
    """Yield where checks that were run again came to something else: outcome, share, or what was compared."""
    before = {check.key: check for check in found}
    for check in again:
        there = before.pop(check.key, None)
        if there is None:
            yield f"{check.key} was run now, and is not in the bundle"
        elif (there.outcome, there.share) != (check.outcome, check.share):
            now = f"{_outcome(check)}: {check.detail[:160]}"
            yield f"{check.key} is {_outcome(there)} in the bundle; run again it is {now}"
        elif there.compared != check.compared:
            yield f"{check.key} compared other statements when it was run again"
    yield from (f"{key} is in the bundle, and was not run now" for key in before)


def _outcome(check: Check) -> str:
    words = check.outcome.value.replace("_", " ")
    share = "" if check.share is None else f" ({check.share:.0%})"
    return f"{words}{share}"


def _file_differences(found: Sequence[Artefact], again: Sequence[Artefact]) -> list[str]:
    there, wanted = ({one.name: one for one in some} for some in (found, again))
    return [
        *(
            f"{name} is not what the design is rendered to"
            for name in wanted
            if name in there and there[name].content != wanted[name].content
        ),
        *(f"{name} is rendered from the design, and is not in the bundle" for name in wanted if name not in there),
        *(f"{name} is in the bundle, and is not rendered from the design" for name in there if name not in wanted),
    ]


def _once(checks: Sequence[Check]) -> list[Check]:
    return list({check.key: check for check in checks}.values())


def _of(events: Iterable[AuditEvent], kind: str) -> Iterator[AuditEvent]:
    return (one for one in events if one.kind == kind)


def _body(artefact: Artefact) -> Mapping[str, Any] | str:
    try:
        return dict(decode(artefact.content, artefact.name).body)
    except InputRefused as refused:
        return refused.message


def content_id(content: bytes) -> str:
    """Return the hex SHA-256 of bytes, as the audit log notes it."""
    return hashlib.sha256(content).hexdigest()
