"""The installation's key as what seals bundles; read, or made, when the first iteration is decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.version import version
from bot.domain.bundle import Sealed, SealSubject
from bot.evidence.lazy import Lazy

if TYPE_CHECKING:  # its library takes a tenth of a second, and no start needs it
    from bot.evidence.bundle.attestation import Signer


class InstallationSealer:
    """See `bot.services.ports.Sealer`."""

    def __init__(self, key_file: Path) -> None:
        self._signer: Lazy[Signer] = Lazy(lambda: _signer(key_file))

    def seal(self, files: Mapping[str, bytes], subject: SealSubject) -> Sealed:
        """Return the bundle. Raises ConfigurationError where there is no usable key."""
        return self._signer().seal(files, subject)


def _signer(key_file: Path) -> Signer:
    from bot.evidence.bundle.attestation import Signer  # noqa: PLC0415 - as above
    from bot.evidence.bundle.keys import signing_key  # noqa: PLC0415 - as above

    return Signer(signing_key(key_file), f"eipas-slack {version()}")
