"""Documents of every kind: read as they are, or refused by their kind or their bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.inputs import TEXT, InputRefused
from bot.domain.role import Role
from bot.reading.inputs import READ, scan, take
from bot.reading.inputs.kinds import TEXTS, decode_document
from bot.reading.inputs.texts import MAX_CHARACTERS
from tests.support.examples import examples

Put = Callable[..., Path]


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_each_kind_is_kept_as_it_is(kind: str, role: Role) -> None:
    """Whatever is written in a document stays, under a path that ends like its name."""
    said = "CREATE TABLE berth (id int);\r\n-- Liegeplätze ☸\n"
    document = take(said.encode(), f"harbour{kind}", role, "upload")
    assert document.body == {TEXT: said}
    assert document.path == role.recorded(f"uploads/harbour{kind}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_with_a_mark_are_read(encoding: str) -> None:
    """UTF-8 with and without a byte order mark, and the wide encodings that have one, bring the same words."""
    assert decode_document("Берег: имя".encode(encoding), "a.txt").body == {TEXT: "Берег: имя"}


@pytest.mark.parametrize("name", ["plan.pdf", "photo.PNG", "notes.docx", "data.xlsx", "all.zip", "x.json.exe"])
def test_other_kinds_are_refused_by_their_kind(name: str, role: Role) -> None:
    """The refusal names the kind that cannot be read and every kind that can."""
    with pytest.raises(InputRefused) as refused:
        take(b"%PDF-1.7", name, role, "upload")
    said = refused.value.message
    assert f".{name.rpartition('.')[2].lower()} files cannot be read" in said
    assert all(kind in said for kind in READ)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "not UTF-8"),
        (b"id,name\n1,\x00", "control character"),
        (b" \n\t", "empty"),
        ("für".encode("latin-1"), "not UTF-8"),
        (b"\xff\xfea", "no whole UTF-16"),
        (b"x" * (MAX_CHARACTERS + 1), "at most 1,000,000"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MiB"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, problem: str) -> None:
    """A picture called .csv, another encoding, nothing and too much are refused in words."""
    with pytest.raises(InputRefused, match=problem):
        decode_document(data, "table.csv")


@given(st.binary(max_size=300), st.sampled_from([*READ, "", ".pdf"]))
@example(b"\xef\xbb\xbf{}", "")
@pytest.mark.sampled
@settings(max_examples=examples(50), deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, kind: str) -> None:
    """Nothing but a refusal in words ever comes out, and what is read can be stored as UTF-8."""
    try:
        document = decode_document(data, f"any{kind}")
    except InputRefused:
        return
    if set(document.body) == {TEXT}:
        assert "\x00" not in str(document.body[TEXT])


def test_a_folder_is_read_whatever_its_documents_are(put: Put, tmp_path: Path, role: Role) -> None:
    """SQL and Markdown in a folder are read, a picture is refused by its kind, and the path answers its input."""
    put("phase3/data-architect.sql", raw=b"CREATE TABLE berth (id int);")
    put("uploads/notes.md", raw=b"# Notes\nA berth has a name.")
    put("phase3/board.png", raw=b"\x89PNG")
    found = scan(tmp_path, role)
    assert [d.path for d in found.read] == [
        role.recorded("phase3/data-architect.sql"), role.recorded("uploads/notes.md"),
    ]  # fmt: skip
    assert [".png files cannot be read" in refusal.message for refusal in found.refused] == [True]
    assert "data_architect" not in {missing.key for missing in found.missing}


def test_names_are_composed_and_copies_are_the_same(role: Role) -> None:
    """A decomposed name is kept composed, and a second download of a file replaces the first."""
    name = unicodedata.normalize("NFD", "Verträge (1).sql")
    assert take(b"SELECT 1;", name, role, "upload").path == role.recorded("uploads/Verträge.sql")
