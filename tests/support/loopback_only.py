"""A pytest plugin: no test can reach anything but this machine, so none can reach a paid service.

Every socket that connects or sends to another address, and every name that is looked up, fails its test and the whole
session, even where the code under test swallows the error. Children are not covered: they inherit no Python hooks, but
whatever they dial is given to them by a test.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from typing import Any

import pytest

_LOCAL_NAMES = frozenset({"localhost", ""})
_dialled: list[str] = []


class OutsideDialled(ConnectionRefusedError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether an address or name is this machine's; None, which means any address of it, is."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in _LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(name.split("%", 1)[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    """Look at what the interpreter itself reports (PEP 578): it cannot be passed by, whichever library dials."""
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not is_local(host):
        _dialled.append(str(host))
        raise OutsideDialled(f"a test dialled {host}, which is not this machine")


def pytest_configure(config: pytest.Config) -> None:
    """Put the hook in place; an audit hook stays for the life of the process."""
    if not getattr(sys, "_eipas_loopback_only", False):
        sys.addaudithook(_audit)
        sys._eipas_loopback_only = True  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def nothing_outside_was_dialled() -> Iterator[None]:
    """Fail the test that dialled, whatever became of the error."""
    _dialled.clear()
    yield
    if _dialled:
        outside = ", ".join(sorted(set(_dialled)))
        _dialled.clear()
        pytest.fail(f"this test dialled {outside}; only loopback addresses are allowed", pytrace=False)


def dialled() -> list[str]:
    """What was dialled in this test so far; emptied by a test that proves the guard."""
    return _dialled


__all__ = ["OutsideDialled", "dialled", "is_local", "nothing_outside_was_dialled", "pytest_configure"]
