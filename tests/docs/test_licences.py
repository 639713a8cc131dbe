"""Nothing whose licence forbids it comes in."""

from __future__ import annotations

from email.message import Message

import pytest

from tests.licences import EXCEPTIONS, LOCKS, ROOT, allows, fault, locked, stated


def metadata(**fields: str | list[str]) -> Message:
    """A distribution's metadata with these fields; `_` stands for a dash."""
    message = Message()
    for name, value in fields.items():
        for one in [value] if isinstance(value, str) else value:
            message[name.replace("_", "-")] = one
    return message


GPL = "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"
AGPL = "License :: OSI Approved :: GNU Affero General Public License v3"
MIT = "License :: OSI Approved :: MIT License"


@pytest.mark.parametrize(
    "said",
    [
        metadata(License_Expression="GPL-3.0-or-later"),
        metadata(License_Expression="AGPL-3.0-only"),
        metadata(License_Expression="MIT AND GPL-2.0-only"),
        metadata(License_Expression="LGPL-3.0-only"),
        metadata(License_Expression="(MIT"),
        metadata(License_Expression="MIT MIT"),
        metadata(Classifier=[GPL]),
        metadata(Classifier=["License :: OSI Approved", "License :: DFSG approved"]),
        metadata(Classifier=[MIT, GPL]),
        metadata(Classifier=[AGPL], License="MIT"),
        metadata(License="GPLv3"),
        metadata(License="Proprietary"),
        metadata(License="A long text that is no name but the whole licence, word for word, as some put it there."),
        metadata(),
        None,
    ],
)
def test_what_is_not_allowed_is_refused(said: Message | None) -> None:
    """GPL, AGPL, LGPL without a reason, the unknown, the unstated and the absent all fail, however they are written."""
    problem = fault("planted", said)
    assert problem is not None
    assert problem.startswith("planted: ")


@pytest.mark.parametrize(
    "said",
    [
        metadata(License_Expression="MIT"),
        metadata(License_Expression="Apache-2.0 OR GPL-3.0-only"),
        metadata(License_Expression="(MIT OR GPL-2.0-only) AND BSD-3-Clause"),
        metadata(License_Expression="Apache-2.0 WITH LLVM-exception"),
        metadata(Classifier=[MIT, "License :: OSI Approved"]),
        metadata(Classifier=["License :: DFSG approved", MIT]),
        metadata(License="3-Clause BSD License"),
    ],
)
def test_what_is_allowed_passes(said: Message) -> None:
    """Permissive licences pass in each of the three places where they may stand, and so does a choice with one."""
    assert fault("planted", said) is None


def test_an_exception_is_for_one_distribution_and_one_licence() -> None:
    """psycopg may be LGPL and nothing stronger; each exception has its reason, and none is of an allowed licence."""
    assert fault("psycopg", metadata(License_Expression="LGPL-3.0-only")) is None
    assert fault("psycopg", metadata(License_Expression="GPL-3.0-only")) is not None
    assert all(reason and not allows(licence) for licence, reason in EXCEPTIONS.values())


def test_every_line_of_the_lock_files_is_looked_at() -> None:
    """Names come from pins with hashes and markers, and each exception is of something that is locked."""
    text = "# via x\na-b==1 \\\n    --hash=sha256:0\nc[d]==2 ; python_version < '3'\ne==3 ; python_version > '3' \\\n"
    assert locked(text) == ["a-b", "e"]
    everything = {name for lock in LOCKS for name in locked((ROOT / lock).read_text(encoding="utf-8"))}
    assert len(everything) > 50
    assert set(EXCEPTIONS) <= everything


def test_the_licence_is_read_from_the_best_place() -> None:
    """An SPDX expression wins over classifiers, and they over a free text."""
    assert stated(metadata(License_Expression="MIT", Classifier=[GPL], License="x")) == "MIT"
    assert stated(metadata(Classifier=[MIT], License="x")) == "MIT"
    assert stated(metadata(License="ISC License")) == "ISC"
