"""`eipas verify`: a bundle, its unpacked folder, or a lone file of an iteration, and what each of them can prove."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.domain.bundle import ATTESTATION, AUDIT, RECORD, SEALED, bundle_name
from bot.domain.errors import EipasError
from bot.domain.event import AuditEvent
from bot.domain.inputs import InputRefused
from bot.domain.role import Role
from bot.evidence.bundle.archive import MAX_ARCHIVE, ArchiveRefused, read_folder, unpack
from bot.evidence.bundle.keys import key_id, public_keys, signing_key
from bot.evidence.bundle.verdict import Verdict
from bot.evidence.bundle.verification import content_id, verify_bundle
from bot.evidence.checks import own_version
from bot.reading.inputs import decode
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kit
from bot.services.bundle_files import adapter
from bot.services.ports import Kit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from bot.app.settings import Settings

LONE: Final = (
    "A lone file can prove that it fits together: form, scores, gates, and that what the gates judged is what stands "
    "in it. It cannot prove who made it, that the checks came to what it says, what people said and decided, or that "
    "it is the only one: whoever knows how can write another that fits together. The bundle proves that"
)
_ZIP: Final = b"PK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be verified, and how. `log` also looks into this installation's audit log."""

    path: Path
    key: Path | None = None
    rerun: bool = False
    log: bool = False


class Verifier:
    """Reads what it is given and finds what does not fit."""

    def __init__(self, settings: Settings, roles: Mapping[str, Role], folders: Mapping[str, Path]) -> None:
        self._settings, self._roles, self._folders = settings, roles, folders
        self._kits: dict[str, Kit[Any]] = {}

    def verify(self, wish: Wish) -> Verdict:
        """Verify a zip, a folder or a JSON.

        Raises:
            ArchiveRefused, InputRefused: it is none of these, or what it holds cannot be read.
            ConfigurationError: the file of keys holds none.
        """
        return asyncio.run(self._verify(wish))

    async def _verify(self, wish: Wish) -> Verdict:
        try:
            if wish.path.is_dir():
                return await self._bundle(read_folder(wish.path), wish)
            content = _regular(wish.path)
        except OSError as error:
            raise ArchiveRefused(problem=f"it cannot be read ({error.strerror or error}).") from error
        if content.startswith(_ZIP):
            return await self._bundle(unpack(content), wish)
        return self._lone(content, wish.path.name)

    async def _bundle(self, files: Mapping[str, bytes], wish: Wish) -> Verdict:
        if RECORD not in files:
            raise ArchiveRefused(
                problem=f"it is no bundle: it holds no “{RECORD}”. Give an iteration's bundle or its JSON."
            )
        try:
            verdict = await verify_bundle(files, self._trusted(wish.key), self._find, rerun=wish.rerun)
        finally:
            for kit in self._kits.values():
                await kit.close()
        if wish.log:
            verdict.take("this installation's audit log noted this bundle", self._noted(files))
        else:
            verdict.notes.append("This installation's audit log was not asked: --log does, where the bot runs.")
        return verdict

    def _lone(self, content: bytes, name: str) -> Verdict:
        body = decode(content, name).body
        found = self._find(str(body.get("agent")))
        if found is None:
            raise ArchiveRefused(problem=f"it names no role that is known here: {', '.join(self._roles)}.")
        role, kit = found
        verdict, number = Verdict(), body.get("iteration")
        verdict.by(_tools(body), own_version())
        what = "it fits together: its scores follow from its evidence, and its gates judged it"
        verdict.take_made(what, kit.verify(body))
        where = f" ({bundle_name(role.output_name(number))} in the thread)" if isinstance(number, int) else ""
        verdict.notes.append(f"{LONE}{where}.")
        return verdict

    def _find(self, name: str) -> tuple[Role, Kit[Any]] | None:
        role = self._roles.get(name)
        if role is None:
            return None
        if name not in self._kits:
            live = self._settings.evidence == "all"
            self._kits[name] = build_kit(KitEnvironment(role=role, folder=self._folders[name], live=live))
        return role, self._kits[name]

    def _trusted(self, given: Path | None) -> Mapping[str, Ed25519PublicKey]:
        """Return the keys to try: those that were given, else this installation's own, if it has one."""
        if given is not None:
            return public_keys(given)
        if not self._settings.key_file.is_file():
            return {}
        own = signing_key(self._settings.key_file).public_key()
        return {key_id(own): own}

    def _noted(self, files: Mapping[str, bytes]) -> list[str]:
        """Compare with the log in the database: the entry that notes the bundle, and all entries that are in it."""
        from storage.audit_verification import entries  # noqa: PLC0415 - only who asks needs the database

        there = [adapter(AuditEvent).validate_json(line) for line in files.get(AUDIT, b"").splitlines()]
        log = entries(self._settings.url, there[0].evaluation_id) if there else ()
        wanted = content_id(files.get(ATTESTATION, b""))
        faults = [] if list(log[: len(there)]) == there else ["the audit log in the bundle is not this installation's"]
        if not any(one.kind == SEALED and one.data.get("attestation") == wanted for one in log):
            faults.append("this installation's audit log notes no such bundle")
        return faults


def _tools(body: Mapping[str, Any]) -> Mapping[str, str]:
    evidence = body.get("evidence")
    tools = evidence.get("tools") if isinstance(evidence, Mapping) else None
    return {str(name): str(version) for name, version in tools.items()} if isinstance(tools, Mapping) else {}


def _regular(file: Path) -> bytes:
    """Read an ordinary file: a pipe would keep us waiting for ever."""
    if not file.is_file():
        raise OSError("it is no file" if file.exists() else "there is no such file")
    if file.stat().st_size > MAX_ARCHIVE:
        raise OSError(f"it is larger than {MAX_ARCHIVE >> 20} MiB")
    return file.read_bytes()


def shown(error: EipasError, path: Path) -> str:
    """Return in a line why something could not be verified at all."""
    return error.message if isinstance(error, InputRefused) else f"{path} cannot be verified: {error.message}"
