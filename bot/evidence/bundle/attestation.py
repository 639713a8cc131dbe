"""The list of digests of a bundle as an in-toto Statement in a DSSE envelope, signed by Ed25519.

Formats: in-toto attestation framework, Statement v1; DSSE v1.0 (what is signed is the pre-authentication encoding).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.bundle import ATTESTATION, Sealed, SealSubject
from bot.domain.inputs import InputRefused
from bot.evidence.bundle.archive import ArchiveRefused, pack
from bot.evidence.bundle.keys import key_id
from bot.reading.inputs import decode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PAYLOAD: Final = "application/vnd.in-toto+json"
PREDICATE: Final = "urn:eipas:iteration-bundle:v1"
_SHA256: Final = "^[0-9a-f]{64}$"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Signature(_Strict):
    keyid: str = Field(max_length=200)
    sig: str = Field(max_length=200)


class _Envelope(_Strict):
    payload: str
    payload_type: str = Field(alias="payloadType")
    signatures: tuple[_Signature, ...] = Field(min_length=1, max_length=8)


class _Digest(_Strict):
    sha256: str = Field(pattern=_SHA256)


class _Subject(_Strict):
    name: str = Field(max_length=300)
    digest: _Digest


class Predicate(_Strict):
    """What is said of the files together. `draft` is the digest that the review gates judged."""

    evaluation: str
    role: str
    iteration: int
    draft: str = Field(pattern=_SHA256)
    report: str = Field(pattern=_SHA256)
    sealed_at: str = Field(alias="sealedAt")
    producer: str


class _Statement(_Strict):
    kind: str = Field(alias="_type")
    subject: tuple[_Subject, ...] = Field(max_length=5_000)
    predicate_type: str = Field(alias="predicateType")
    predicate: Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What an envelope says: the digests by file name, and whose signatures under it are good.

    `signed_by` are the ids of those among the given keys whose signature holds; `claims` the ids that the envelope
    names, which are only a hint.
    """

    digests: Mapping[str, str]
    predicate: Predicate
    signed_by: tuple[str, ...]
    claims: tuple[str, ...]


def encoded(payload_type: str, payload: bytes) -> bytes:
    """Return what is signed: DSSE's pre-authentication encoding of a payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def attest(files: Mapping[str, bytes], subject: SealSubject, producer: str, key: Ed25519PrivateKey) -> bytes:
    """Return the signed envelope over the digests of `files`."""
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": n, "digest": {"sha256": hashlib.sha256(files[n]).hexdigest()}} for n in sorted(files)],
        "predicateType": PREDICATE,
        "predicate": {
            "evaluation": subject.evaluation_id,
            "role": subject.role,
            "iteration": subject.iteration,
            "draft": subject.draft_sha256,
            "report": subject.report_sha256,
            "sealedAt": subject.sealed_at.astimezone(UTC).isoformat(timespec="seconds"),
            "producer": producer,
        },
    }
    payload = json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode()
    envelope = {
        "payload": base64.standard_b64encode(payload).decode(),
        "payloadType": PAYLOAD,
        "signatures": [
            {
                "keyid": key_id(key.public_key()),
                "sig": base64.standard_b64encode(key.sign(encoded(PAYLOAD, payload))).decode(),
            }
        ],
    }
    return (json.dumps(envelope, indent=1) + "\n").encode()


def read_attestation(content: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Attestation:
    """Read an envelope and try its signatures with `keys`, whatever ids it names.

    Raises:
        ArchiveRefused: it is no envelope of this kind around a statement of this kind.
    """
    try:
        envelope = _Envelope.model_validate(decode(content, ATTESTATION).body)
        payload = base64.b64decode(envelope.payload, validate=True)
        statement = _Statement.model_validate(decode(payload, "the statement in it").body)
    except InputRefused as refused:
        raise ArchiveRefused(problem=refused.message) from refused
    except (ValidationError, binascii.Error, ValueError) as error:
        raise ArchiveRefused(problem=f"“{ATTESTATION}” is no signed statement: {_first(error)}.") from error
    kinds = (envelope.payload_type, statement.kind, statement.predicate_type)
    if kinds != (PAYLOAD, STATEMENT, PREDICATE):
        raise ArchiveRefused(problem=f"“{ATTESTATION}” is a statement about something else: {', '.join(kinds)[:200]}.")
    digests = {one.name: one.digest.sha256 for one in statement.subject}
    if len(digests) != len(statement.subject):
        raise ArchiveRefused(problem=f"“{ATTESTATION}” names a file twice.")
    signed = encoded(envelope.payload_type, payload)
    return Attestation(
        digests=digests,
        predicate=statement.predicate,
        signed_by=tuple(
            name for name, key in keys.items() if any(_holds(key, one, signed) for one in envelope.signatures)
        ),
        claims=tuple(one.keyid for one in envelope.signatures),
    )


def digest_faults(attestation: Attestation, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what of the files is not as it was signed: changed, missing, or put in."""
    for name, digest in attestation.digests.items():
        if name not in files:
            yield f"{name} is missing"
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield f"{name} was changed after it was signed"
    yield from (f"{name} was put in: it was not signed" for name in files if name not in attestation.digests)


class Signer:
    """Packs and signs bundles with the key of this installation; fulfils `bot.services.ports.Sealer`."""

    def __init__(self, key: Ed25519PrivateKey, producer: str) -> None:
        self._key, self._producer = key, producer

    def seal(self, files: Mapping[str, bytes], subject: SealSubject) -> Sealed:
        """Return the bundle of these files; pure computation, for a thread."""
        attestation = attest(files, subject, self._producer, self._key)
        return Sealed(
            content=pack({**files, ATTESTATION: attestation}),
            attestation_sha256=hashlib.sha256(attestation).hexdigest(),
            key_id=key_id(self._key.public_key()),
        )


def _holds(key: Ed25519PublicKey, signature: _Signature, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - no start needs it

    try:
        key.verify(base64.b64decode(signature.sig, validate=True), signed)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first: Any = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:200]
    return str(error)[:200]
