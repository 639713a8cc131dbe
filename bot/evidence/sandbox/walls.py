"""What a box's walls are made of: bubblewrap's namespaces, or Landlock where those are forbidden."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCOPES: Final = 6
"""Landlock's version since which it refuses signals to those outside."""

_LANDLOCK_VERSION: Final = (444, 1)
_SYSTEM: Final = ("/bin", "/sbin", "/lib", "/lib64")
_ETC: Final = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives")
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_SMALL: Final = str(32 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """`namespaces`: by bubblewrap; otherwise by Landlock and the filter alone. `python` runs inside before all else."""

    namespaces: bool
    python: Path
    bubblewrap: str = ""

    @property
    def name(self) -> str:
        """What they are called in a report."""
        return "bubblewrap" if self.namespaces else "Landlock"


def bubblewrap() -> str:
    """Return the path of bubblewrap, "" if it is not installed."""
    return shutil.which("bwrap", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin") or ""


def landlock_version() -> int:
    """Return Landlock's version on this kernel, 0 if there is none."""
    number, flag = _LANDLOCK_VERSION
    version: int = ctypes.CDLL(None).syscall(number, None, ctypes.c_size_t(0), ctypes.c_uint32(flag))
    return max(0, version)


def interpreter_paths(python: Path) -> list[Path]:
    """Return the folders that a Python needs: where it stands, and for our own its environment and its base."""
    found = [python.parent, python.resolve().parent.parent]
    if python == Path(sys.executable):
        found += [Path(sys.prefix), Path(sys.base_prefix)]
    return list(dict.fromkeys(path for path in found if not path.is_relative_to("/usr")))


def mounted(
    walls: Walls, readable: Sequence[Path], writable: Sequence[Path], sockets: Sequence[Path], scripts: Path
) -> list[str]:
    """Return bubblewrap's command up to what it runs."""
    said = [walls.bubblewrap, "--die-with-parent", "--new-session", "--clearenv"]
    said += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        # Root makes the walls as root and changes to a user of the box's own within them (see launcher.py).
        said += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        said += ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    said += ["--ro-bind", "/usr", "/usr"]
    for path in _SYSTEM:
        if Path(path).is_symlink():
            said += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).exists():
            said += ["--ro-bind", path, path]
    said += [part for path in _ETC for part in ("--ro-bind-try", path, path)]
    said += ["--proc", "/proc", "--dev", "/dev", "--size", _SMALL, "--tmpfs", "/dev/shm", "--size", _SMALL]  # noqa: S108 - the box's own
    said += ["--tmpfs", "/tmp"]  # noqa: S108 - as above
    seen = (scripts, *interpreter_paths(walls.python), *readable)
    said += _ways((*seen, *writable, *sockets))
    said += [part for path in seen for part in ("--ro-bind", str(path), str(path))]
    said += [part for path in (*writable, *sockets) for part in ("--bind", str(path), str(path))]
    return [*said, "--remount-ro", "/", "--"]


def _ways(paths: Sequence[Path]) -> list[str]:
    """Return what makes the folders on the way to paths: those that bubblewrap makes by itself only root may enter."""
    ways = dict.fromkeys(str(folder) for path in paths for folder in reversed(path.parents))
    made = [way for way in ways if way not in ("/", "/tmp", "/usr") and not way.startswith("/usr/")]  # noqa: S108 - there already
    return [part for way in made for part in ("--perms", "0755", "--dir", way)]


def landlocked(readable: Sequence[Path], writable: Sequence[Path], sockets: Sequence[Path]) -> dict[str, list[str]]:
    """Return what Landlock shall leave: connecting to a socket by its path needs no right of its own."""
    seen = ["/usr", *_SYSTEM, *_ETC, *map(str, (*readable, *sockets))]
    seen += map(str, interpreter_paths(Path(sys.executable)))
    return {"readable": seen, "writable": [*_DEVICES, *map(str, writable)]}
