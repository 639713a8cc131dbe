"""The Ed25519 key of an installation: made once, kept in a file that only the bot's account may read."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.domain.errors import ConfigurationError
from bot.services.private_folders import make_private

if TYPE_CHECKING:  # its library takes a tenth of a second, and no start needs it
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PEM: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.{1,400}?-----END PUBLIC KEY-----", re.DOTALL)
_OTHERS: Final = 0o077
MAX_BYTES: Final = 100_000


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the installation's key; the first who asks makes it, whole or not at all, as a file of mode 0600.

    Raises:
        ConfigurationError: the file holds no such key, others may read it, or it cannot be read or written.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        if not path.exists():
            _make(path)
        _must_be_private(path)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise ConfigurationError(
            problem=f"The signing key {path} cannot be read or made ({error.strerror})",
            mend="Check the folder's rights",
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(
            problem=f"{path} holds no signing key", mend="Put the installation's key back, or move the file away"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(problem=f"{path} holds no Ed25519 key", mend="Move it away; another one is made")
    return key


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415

    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    make_private(path.parent)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(partial, path)
    except FileExistsError:
        pass  # another process was first, and its key is the one
    finally:
        partial.unlink(missing_ok=True)


def _must_be_private(path: Path) -> None:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_mode & _OTHERS:
        raise ConfigurationError(
            problem=f"The signing key {path} is not for the bot alone",
            mend=f"chmod 600 {path}; if others read it, make another",
        )


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return a public key as PEM, which `eipas verify --key` takes."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - as above

    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_id(key: Ed25519PublicKey) -> str:
    """Return the name of a key: hex SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def public_keys(path: Path) -> Mapping[str, Ed25519PublicKey]:
    """Return the public keys in a file of one or more PEM blocks, by their ids.

    Raises:
        ConfigurationError: there is no such file, or no Ed25519 key in it.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            raise ValueError("no file of keys")
        keys = [load_pem_public_key(block) for block in _PEM.findall(path.read_bytes())]
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(problem=f"{path} holds no public key", mend="`eipas key` prints it") from error
    found = {key_id(key): key for key in keys if isinstance(key, Ed25519PublicKey)}
    if not found:
        raise ConfigurationError(problem=f"{path} holds no Ed25519 public key", mend="`eipas key` prints it")
    return found
