"""What goes into the bundle of an iteration, as files; `bot.evidence.bundle.contents` reads the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from bot.domain import bundle
from bot.domain.bundle import IterationRecord, NamedFile
from bot.domain.design import Brief, Design, Source
from bot.domain.event import AuditEvent
from bot.domain.evidence import Artefact, Check
from bot.domain.inputs import TEXT

T = TypeVar("T")


@cache
def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Return what writes and reads values of a type; made when first needed, as it takes tens of milliseconds."""
    return TypeAdapter(kind)


_README: Final = """\
This is one iteration with all that its numbers stand on. To find out whether anything in it was changed:

    eipas verify {name} --key PUBLIC-KEY

`eipas key` prints the public key of the installation that signed it; get it from those who run it, not from
whoever gave you this file. `--rerun` runs the checks again.

{report}  the result, as it was decided
{draft}  what the review gates judged
design.json  the design as data, and the words around it
brief.json, inputs/  what it was designed from
facts/  what was understood of it
artefacts/  what was rendered from the design, and judged
deliverables/  what was handed over beside it, and not judged
raw/  what each check's tool said
record.json  results of the checks, gates with their verdicts, waivers
audit.jsonl  who did what, each entry chained to the one before by its hash
attestation.dsse.json  the digests of all files, signed (in-toto Statement in a DSSE envelope)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFiles:
    """What is known of a decided iteration. `record` names neither artefacts nor checks yet."""

    record: IterationRecord
    brief: Brief
    design: Design
    events: Sequence[AuditEvent]
    checks: Sequence[Check]
    artefacts: Sequence[Artefact]
    deliverables: Sequence[Artefact]
    facts: Artefact | None
    draft: Artefact
    report: Artefact

    def files(self) -> dict[str, bytes]:
        """Return all files of the bundle by name, without the attestation."""
        record = replace(
            self.record,
            checks=tuple(replace(check, raw="") for check in self.checks),
            artefacts=tuple(map(_named, self.artefacts)),
            deliverables=tuple(map(_named, self.deliverables)),
        )
        brief = replace(self.brief, sources=tuple(replace(one, body={}) for one in self.brief.sources))
        facts = {} if self.facts is None else {f"{bundle.FACTS}{self.facts.name}": self.facts.content}
        return {
            self.report.name: self.report.content,
            self.draft.name: self.draft.content,
            bundle.RECORD: _pretty(adapter(IterationRecord).dump_python(record, mode="json")),
            bundle.BRIEF: _pretty(adapter(Brief).dump_python(brief, mode="json")),
            bundle.DESIGN: _pretty(adapter(Design).dump_python(self.design, mode="json")),
            bundle.AUDIT: b"".join(_line(adapter(AuditEvent).dump_python(one, mode="json")) for one in self.events),
            bundle.README: readme(self.report.name, self.draft.name),
            **facts,
            **dict(_inputs(self.brief.sources)),
            **{f"{bundle.ARTEFACTS}{one.name}": one.content for one in self.artefacts},
            **{f"{bundle.DELIVERABLES}{one.name}": one.content for one in self.deliverables},
            **dict(_raw(self.checks)),
        }


def readme(report: str, draft: str) -> bytes:
    """Return what a bundle says of itself; `report` and `draft` are the names of its two documents."""
    return _README.format(name=bundle.bundle_name(report), report=report, draft=draft).encode()


def input_name(number: int, body: Mapping[str, Any]) -> str:
    """Return the name in the bundle of the document with that number: a text stays one, all else is JSON."""
    return f"{bundle.INPUTS}{number:03}.{'txt' if is_text(body) else 'json'}"


def is_text(body: Mapping[str, Any]) -> bool:
    """Whether a document is a text and no JSON."""
    return set(body) == {TEXT} and isinstance(body[TEXT], str)


def _inputs(sources: Iterable[Source]) -> Iterator[tuple[str, bytes]]:
    for number, source in enumerate(sources):
        text = source.body[TEXT] if is_text(source.body) else json.dumps(source.body, ensure_ascii=False)
        yield input_name(number, source.body), text.encode("utf-8", "surrogatepass")


def _raw(checks: Iterable[Check]) -> Iterator[tuple[str, bytes]]:
    yield from ((f"{bundle.RAW}{check.key}.txt", check.raw.encode()) for check in checks if check.raw)


def _named(artefact: Artefact) -> NamedFile:
    return NamedFile(name=artefact.name, media_type=artefact.media_type, sha256=artefact.sha256)


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _line(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
