"""Runs inside of the box, before what is boxed: takes on limits, user and filters, then becomes the command.

A script of its own, for the interpreter's own library alone: `python -I -S -B launcher.py <JSON>`. What it is told:
`limits` (RLIMIT_* by number), `user` (0: stay), `seccomp` (base64 of a BPF program), `landlock` (None, or readable and
writable paths), `command`, `environment`, `folder` (where it begins).
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import signal
import stat
import sys
from typing import Any

_NO_NEW_PRIVS, _DEATH_SIGNAL, _SECCOMP, _DUMPABLE = 38, 1, 22, 4
_FILTER_MODE = 2
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # landlock's system calls, alike on every machine since Linux 5.13
_PATH_BENEATH = 1
# Landlock's rights to files (linux/landlock.h): execute, write, read, list, and what makes and takes away.
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_ALL = (1 << 16) - 1  # up to IOCTL_DEV, version 5
_ON_FILES = _EXECUTE | _WRITE | _READ | (1 << 14) | (1 << 15)
_TCP = 3  # bind and connect
_SCOPED = 3  # abstract sockets and signals, version 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _prctl(what: str, *numbers: Any) -> None:
    given = [one if isinstance(one, ctypes.c_void_p) else ctypes.c_ulong(one) for one in numbers]
    _checked(_libc.prctl(*given, *[ctypes.c_ulong(0)] * (5 - len(given))), what)


def _landlock(readable: list[str], writable: list[str]) -> None:
    """Leave these paths, no TCP, no signal to and no abstract socket of anything outside."""
    rules = _Ruleset(_ALL, _TCP, _SCOPED)
    made = _libc.syscall(_CREATE, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), ctypes.c_uint32(0))
    ruleset = _checked(made, "landlock_create_ruleset")
    for paths, allowed in ((readable, _READ | _LIST | _EXECUTE), (writable, _ALL)):
        for path in paths:
            try:
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except (FileNotFoundError, PermissionError):
                continue  # what cannot be reached anyway needs no leave
            is_folder = stat.S_ISDIR(os.fstat(place).st_mode)
            rule = _Beneath(allowed if is_folder else allowed & _ON_FILES, place)
            added = _libc.syscall(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
            _checked(added, f"landlock_add_rule {path}")
            os.close(place)
    _checked(_libc.syscall(_RESTRICT, ruleset, ctypes.c_uint32(0)), "landlock_restrict_self")
    os.close(ruleset)


def _seccomp(program: bytes) -> None:
    code = ctypes.create_string_buffer(program, len(program))
    told = _Program(len(program) // 8, ctypes.cast(code, ctypes.c_void_p))
    _prctl("seccomp", _SECCOMP, _FILTER_MODE, ctypes.cast(ctypes.pointer(told), ctypes.c_void_p))


def main(said: str) -> None:
    """Become what is boxed, or end with 126 and the reason on the error stream."""
    told: dict[str, Any] = json.loads(said)
    for number, most in told["limits"]:
        resource.setrlimit(number, (most, most))
    if told["user"]:
        os.setgroups([])
        os.setresgid(told["user"], told["user"], told["user"])
        os.setresuid(told["user"], told["user"], told["user"])
    # After the change of user, which clears it. The keeper has one thread, so that its end is meant by it.
    _prctl("pdeathsig", _DEATH_SIGNAL, signal.SIGKILL)
    _prctl("no_new_privs", _NO_NEW_PRIVS, 1)
    _prctl("dumpable", _DUMPABLE, 0)
    if told["landlock"] is not None:
        _landlock(told["landlock"]["readable"], told["landlock"]["writable"])
    os.chdir(told["folder"])
    _seccomp(base64.b64decode(told["seccomp"]))
    os.execve(told["command"][0], told["command"], told["environment"])  # noqa: S606 - this is what it is for


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as problem:
        sys.stderr.write(f"the box could not be closed: {problem}\n")
        sys.exit(126)
