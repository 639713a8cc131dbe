"""The bundle of an iteration: one file from which everybody can find out whether its numbers were made up.

What stands in it under which name, and the record that ties it together: who writes one and who verifies one agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.domain.design import Feedback, Point
from bot.domain.evidence import Check
from bot.domain.gate import Gate, Policy

ATTESTATION: Final = "attestation.dsse.json"
"""The list of digests, signed; every other file of the bundle is in it."""
BRIEF: Final = "brief.json"
DESIGN: Final = "design.json"
RECORD: Final = "record.json"
AUDIT: Final = "audit.jsonl"
README: Final = "README.txt"
INPUTS: Final = "inputs/"
ARTEFACTS: Final = "artefacts/"
DELIVERABLES: Final = "deliverables/"
RAW: Final = "raw/"
FACTS: Final = "facts/"

_ENDING: Final = ".bundle.zip"
SEALED: Final = "bundle_sealed"
"""Kind of the audit log's entry that notes a bundle's digests."""


def bundle_name(report: str) -> str:
    """Return the file name of the bundle whose report is called `report`."""
    return report.removesuffix(".json") + _ENDING


def is_bundle(name: str) -> bool:
    """Whether a file of that name is an iteration's bundle."""
    return name.endswith(_ENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file by its name in the iteration; `sha256` is that of its content."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IterationRecord:
    """What became of an iteration beside its brief and its design: results of the checks, gates, waivers.

    `checks` are without their raw outputs, which are files of their own. `heard` are notes that reached the designer
    while it worked. `drafted_at` is the time of the draft that the review gates judged. `points` are those of the
    feedback, with who waived which, and why.
    """

    evaluation_id: str
    role: str
    iteration: int
    owner: str
    approvers: Mapping[str, tuple[str, ...]] = field(hash=False)
    policy: Policy
    drafted_at: datetime
    decided_at: datetime
    outcome: str
    gates: tuple[Gate, ...]
    points: tuple[Point, ...]
    heard: tuple[Feedback, ...]
    checks: tuple[Check, ...]
    tools: Mapping[str, str] = field(hash=False)
    artefacts: tuple[NamedFile, ...] = ()
    deliverables: tuple[NamedFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSubject:
    """What an attestation says of a bundle beside the digests of its files."""

    evaluation_id: str
    role: str
    iteration: int
    draft_sha256: str
    report_sha256: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A bundle that is packed and signed. `attestation_sha256` is the digest that the audit log notes."""

    content: bytes
    attestation_sha256: str
    key_id: str
