"""A filter of system calls, as a BPF program: what boxed code has no need of, and what other walls do not hold.

Numbers are those of the kernel's tables for x86-64 and 64-bit ARM; on other machines there is no box.
"""

from __future__ import annotations

import errno
import platform
import struct
from typing import Final

_LOAD, _EQUAL, _AND_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NEW_USER = 0x10000000
_UNIX: Final = 1

_TABLES: Final[dict[str, tuple[int, dict[str, int | tuple[int, ...]]]]] = {
    "x86_64": (
        0xC000003E,
        {"clone": 56, "unshare": 272, "clone3": 435, "socket": 41, "socketpair": 53,
         "chmod": (90, 91, 268, 452), "owner": (92, 93, 94, 260, 188, 189, 190, 197, 198, 199),
         "never": (101, 155, 161, 165, 166, 167, 168, 169, 175, 176, 246, 248, 249, 250, 272, 298, 300, 304, 308, 310,
                   311, 312, 313, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432, 442)},
    ),
    "aarch64": (
        0xC00000B7,
        {"clone": 220, "unshare": 97, "clone3": 435, "socket": 198, "socketpair": 199,
         "chmod": (52, 53, 452), "owner": (54, 55, 5, 6, 7, 14, 15, 16),
         "never": (39, 40, 41, 51, 97, 104, 105, 106, 117, 142, 217, 218, 219, 224, 225, 241, 262, 264, 265, 268, 270,
                   271, 272, 273, 280, 282, 294, 425, 426, 427, 428, 429, 430, 431, 432, 442)},
    ),
}  # fmt: skip
"""Architecture, and numbers by name: `never` are ptrace, mounts, modules, keys, bpf, userfaultfd, io_uring and such."""


def known() -> bool:
    """Whether the machine's numbers are known."""
    return platform.machine() in _TABLES


def program(*, network: bool) -> bytes:
    """Return the filter; without `network` there are Unix sockets only, and no change of files' rights by name.

    A change of rights is answered as if done, for a server that listens on a Unix socket sets its file's.
    """
    architecture, numbers = _TABLES[platform.machine()]
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    refused = _ERRNO | errno.EPERM
    for number in _many(numbers["never"]):
        code += _answer(number, refused)
    # Its flags stand in memory, where no filter sees them; callers then take `clone`.
    code += _answer(_one(numbers["clone3"]), _ERRNO | errno.ENOSYS)
    code += _where(_one(numbers["clone"]), [_step(_AND_SET, _NEW_USER, 0, 1), _step(_RETURN, refused)])
    if not network:
        for number in _many(numbers["chmod"]):
            code += _answer(number, _ERRNO)
        for number in _many(numbers["owner"]):
            code += _answer(number, refused)
        for name in ("socket", "socketpair"):
            code += _where(_one(numbers[name]), [_step(_EQUAL, _UNIX, 1, 0), _step(_RETURN, refused)])
    return b"".join([*code, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _answer(number: int, answer: int) -> list[bytes]:
    return [_step(_EQUAL, number, 0, 1), _step(_RETURN, answer)]


def _where(number: int, body: list[bytes]) -> list[bytes]:
    """For one call look at its first argument; whatever is not answered goes on with the call's number loaded again."""
    inner = [_step(_LOAD, _FIRST_ARGUMENT), *body, _step(_LOAD, _NUMBER)]
    return [_step(_EQUAL, number, 0, len(inner)), *inner]


def _many(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _one(value: int | tuple[int, ...]) -> int:
    return _many(value)[0]
