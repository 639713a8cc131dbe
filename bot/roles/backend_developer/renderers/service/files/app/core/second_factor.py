"""One-time codes of authenticator apps: TOTP (RFC 6238) with what all of them do: SHA-1, six digits, half a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

_STEP_SECONDS = 30
_DRIFT = 1
"""Half minutes that a caller's clock may be off."""


def made() -> str:
    """Return a new secret of 160 bits, in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, name: str, issuer: str) -> str:
    """Return the address that an authenticator app takes, typed or as a QR code."""
    return f"otpauth://totp/{quote(f'{issuer}:{name}')}?{urlencode({'secret': secret, 'issuer': issuer})}"


def code(secret: str, step: int) -> str:
    """Return the code of a half minute, counted since 1970."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()  # as RFC 6238 has it
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def step_of(secret: str, given: str, after: int, now: float | None = None) -> int | None:
    """Return the half minute of which a code is, later than `after`; None if it is of none that counts now."""
    present = int(time.time() if now is None else now) // _STEP_SECONDS
    steps = [step for step in range(present - _DRIFT, present + _DRIFT + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(code(secret, step), given)), None)
