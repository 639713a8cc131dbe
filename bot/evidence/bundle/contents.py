"""The files of a bundle as values; the other side of `bot.services.bundle_files`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bot.domain import bundle
from bot.domain.bundle import IterationRecord, NamedFile
from bot.domain.design import Brief, Design, Source
from bot.domain.event import AuditEvent
from bot.domain.evidence import Artefact, Check
from bot.domain.inputs import TEXT, InputRefused
from bot.domain.proposal import PROPOSAL_TYPE, Proposal
from bot.evidence.bundle.archive import ArchiveRefused
from bot.evidence.differences import differences
from bot.reading.inputs import decode
from bot.services.bundle_files import adapter, readme

_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A bundle that could be read. `checks` have their raw outputs; `strays` says what does not belong in one."""

    record: IterationRecord
    brief: Brief
    design: Design
    events: tuple[AuditEvent, ...]
    checks: tuple[Check, ...]
    artefacts: tuple[Artefact, ...]
    deliverables: tuple[Artefact, ...]
    facts: Mapping[str, bytes]
    report: Artefact
    draft: Artefact
    strays: tuple[str, ...]


def read_record(files: Mapping[str, bytes]) -> IterationRecord:
    """Return what a bundle says of its iteration. Raises ArchiveRefused."""
    record: IterationRecord = _value(adapter(IterationRecord), files, bundle.RECORD, None)[0]
    return record


def read_contents(
    files: Mapping[str, bytes], record: IterationRecord, report_name: str, kind: type[Proposal]
) -> Contents:
    """Return the whole of a bundle; `kind` is the type of the role's proposals, `report_name` how its report is called.

    Raises:
        ArchiveRefused: a file that every bundle has is missing, or is not what it must be.
    """
    _, strays = _value(adapter(IterationRecord), files, bundle.RECORD, None)
    brief, more = _value(adapter(Brief), files, bundle.BRIEF, kind)
    design, others = _value(adapter(Design), files, bundle.DESIGN, kind)
    draft_name = report_name.replace(".json", ".draft.json")
    found = Contents(
        record=record, brief=_with_bodies(brief, files), design=design, events=_events(files),
        checks=tuple(replace(check, raw=_text(files, f"{bundle.RAW}{check.key}.txt")) for check in record.checks),
        artefacts=_artefacts(files, bundle.ARTEFACTS, record.artefacts),
        deliverables=_artefacts(files, bundle.DELIVERABLES, record.deliverables),
        facts={n.removeprefix(bundle.FACTS): files[n] for n in files if n.startswith(bundle.FACTS)},
        report=Artefact(name=report_name, media_type=_JSON, content=_file(files, report_name)),
        draft=Artefact(name=draft_name, media_type=_JSON, content=_file(files, draft_name)), strays=(),
    )  # fmt: skip
    return replace(found, strays=(*strays, *more, *others, *_unknown(files, found)))


def _value(
    kind: TypeAdapter[Any], files: Mapping[str, bytes], name: str, proposal: type[Proposal] | None
) -> tuple[Any, list[str]]:
    """Return the value in a file, and what the file has beside it."""
    content = _file(files, name)
    try:
        body = decode(content, name).body
        value = kind.validate_json(content, context={PROPOSAL_TYPE: proposal})
    except InputRefused as refused:
        raise ArchiveRefused(problem=refused.message) from refused
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ArchiveRefused(problem=f"“{name}” is not what it must be: {place}: {first['msg']}.") from error
    return value, differences(body, json.loads(kind.dump_json(value)), name)


def _with_bodies(brief: Brief, files: Mapping[str, bytes]) -> Brief:
    return replace(brief, sources=tuple(_with_body(one, number, files) for number, one in enumerate(brief.sources)))


def _with_body(source: Source, number: int, files: Mapping[str, bytes]) -> Source:
    name = f"{bundle.INPUTS}{number:03}"
    if f"{name}.txt" in files:
        return replace(source, body={TEXT: _text(files, f"{name}.txt")})
    try:
        return replace(source, body=decode(_file(files, f"{name}.json"), f"{name}.json").body)
    except InputRefused as refused:
        raise ArchiveRefused(problem=refused.message) from refused


def _events(files: Mapping[str, bytes]) -> tuple[AuditEvent, ...]:
    try:
        return tuple(adapter(AuditEvent).validate_json(line) for line in _file(files, bundle.AUDIT).splitlines())
    except ValidationError as error:
        raise ArchiveRefused(problem=f"“{bundle.AUDIT}” holds what is no entry of an audit log.") from error


def _artefacts(files: Mapping[str, bytes], folder: str, named: tuple[NamedFile, ...]) -> tuple[Artefact, ...]:
    return tuple(
        Artefact(name=one.name, media_type=one.media_type, content=_file(files, f"{folder}{one.name}")) for one in named
    )


def _unknown(files: Mapping[str, bytes], found: Contents) -> list[str]:
    """Name the files that belong to nothing."""
    known = {bundle.ATTESTATION, bundle.BRIEF, bundle.DESIGN, bundle.RECORD, bundle.AUDIT, bundle.README}
    known |= {found.report.name, found.draft.name, *(f"{bundle.FACTS}{name}" for name in found.facts)}
    known |= {f"{bundle.ARTEFACTS}{one.name}" for one in found.artefacts}
    known |= {f"{bundle.DELIVERABLES}{one.name}" for one in found.deliverables}
    known |= {f"{bundle.RAW}{check.key}.txt" for check in found.checks if check.raw}
    known |= {f"{bundle.INPUTS}{n:03}.{kind}" for n in range(len(found.brief.sources)) for kind in ("txt", "json")}
    strays = [f"{name} belongs to nothing in the bundle" for name in files if name not in known]
    if files.get(bundle.README) != readme(found.report.name, found.draft.name):
        strays.append(f"{bundle.README} is not what every bundle says of itself")
    return strays


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files.get(name, b"").decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ArchiveRefused(problem=f"“{name}” is no text in UTF-8.") from error


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise ArchiveRefused(problem=f"It holds no “{name}”, which every bundle has.")
    return files[name]
