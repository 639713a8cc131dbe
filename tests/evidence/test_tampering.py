"""Whatever is done to an iteration's file or its bundle, `eipas verify` finds it, or says that it cannot."""

from __future__ import annotations

import asyncio
import copy
import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from bot.app.cli import app
from bot.domain import bundle
from bot.domain.bundle import IterationRecord
from bot.domain.errors import ConfigurationError
from bot.domain.evidence import Check, Compared, Fulfilment, Outcome
from bot.domain.inputs import InputRefused
from bot.evidence.bundle.archive import ArchiveRefused, pack, unpack
from bot.evidence.bundle.attestation import digest_faults, read_attestation
from bot.evidence.bundle.keys import key_id, public_keys, public_pem, signing_key
from bot.evidence.bundle.verification import content_id
from bot.evidence.checks import OWN, own_version
from bot.reading.inputs import decode
from tests.evidence import tamperings
from tests.evidence.bundles import NAME, Desk, Files, Json, events_of, load, make_desk, make_sealed, written

Changes = pytest.mark.parametrize(("name", "change"), tamperings.TAMPERINGS, ids=[n for n, _ in tamperings.TAMPERINGS])
Texts = pytest.mark.parametrize(("name", "change", "says"), tamperings.TEXTS, ids=[n for n, *_ in tamperings.TEXTS])
Bundles = pytest.mark.parametrize(("name", "change"), tamperings.BUNDLES, ids=[n for n, _ in tamperings.BUNDLES])


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    """A decided second iteration of the sample, everything real, and its kit."""
    made = make_desk(asyncio.run(make_sealed()))
    yield made
    asyncio.run(made.kit.close())


def found_in(desk: Desk, files: Files, **how: Any) -> list[str]:
    """What is wrong with a bundle, in words; one that cannot be read says so."""
    try:
        return desk.verify(files, **how).faults
    except ArchiveRefused as refused:
        return [refused.message]


def alone(desk: Desk, content: bytes) -> list[str]:
    """What is wrong with a file by itself."""
    try:
        return desk.lone(dict(decode(content, "file.json").body))
    except InputRefused as refused:
        return [refused.message]


def test_an_honest_bundle_holds(desk: Desk) -> None:
    """Everything is made again to the byte: report, draft, files, facts, service; and a lone file fits together."""
    verdict = desk.verify(desk.sealed.files)
    assert verdict.faults == []
    assert len(verdict.held) == 11
    assert alone(desk, desk.sealed.files[NAME]) == []
    assert pack(desk.sealed.files) == desk.sealed.content


def test_the_log_notes_the_bundle(desk: Desk) -> None:
    """The audit log's entry has the digests of the bundle and of its attestation, and comes after all in the bundle."""
    noted = desk.sealed.noted
    assert noted["bundle"] == content_id(desk.sealed.content)
    assert noted["attestation"] == content_id(desk.sealed.files[bundle.ATTESTATION])
    assert "gate_decided" in [event.kind for event in events_of(desk.sealed.files)]


@Changes
def test_a_changed_report_is_not_what_was_signed(desk: Desk, name: str, change: tamperings.Change) -> None:
    """Whatever is changed in the report of a bundle, its digest is another; nothing is harmless there."""
    files = desk.with_report(tamperings.as_text(_changed(desk, change)))
    signed = read_attestation(files.pop(bundle.ATTESTATION), {})
    assert list(digest_faults(signed, files)) == [f"{NAME} was changed after it was signed"]


@Changes
def test_a_signed_lie_is_caught(desk: Desk, name: str, change: tamperings.Change) -> None:
    """Even signed with the installation's own key a changed report does not follow from the rest of its bundle."""
    files = desk.resigned(desk.with_report(tamperings.as_text(_changed(desk, change))))
    faults = found_in(desk, files)
    assert not any("after it was signed" in fault for fault in faults)
    assert (faults == []) is (name in tamperings.HARMLESS), faults


@Changes
def test_a_changed_file_is_caught_alone(desk: Desk, name: str, change: tamperings.Change) -> None:
    """A lone file does not fit together after a change, but where nothing else in it speaks of what was changed."""
    faults = alone(desk, tamperings.as_text(_changed(desk, change)))
    assert (faults == []) is (name in tamperings.HARMLESS or name in tamperings.NOT_SEEN_ALONE), faults


@Texts
def test_a_changed_text_is_caught(desk: Desk, name: str, change: Callable[[str], str], says: str) -> None:
    """What two parsers would read differently is refused in words that name the place, signed or not."""
    content = change(desk.sealed.files[NAME].decode()).encode("utf-8", "surrogatepass")
    assert content != desk.sealed.files[NAME]
    for faults in (alone(desk, content), found_in(desk, desk.resigned(desk.with_report(content)))):
        assert any(says in fault for fault in faults) if says else faults == [], faults


@Bundles
def test_a_changed_bundle_is_caught(desk: Desk, name: str, change: Callable[[Desk], Files]) -> None:
    """Whatever is changed in a bundle is found: by its digest, and signed with the true key by what does not follow."""
    files = change(desk)
    signed = read_attestation(desk.sealed.files[bundle.ATTESTATION], {})
    assert list(digest_faults(signed, {k: v for k, v in files.items() if k != bundle.ATTESTATION}))
    faults = found_in(desk, desk.resigned(files))
    assert (faults == []) is (name in tamperings.DIGEST_ALONE)
    assert not any("after it was signed" in fault for fault in faults)


def test_a_signature_is_whose_it_is(desk: Desk) -> None:
    """A bundle signed by another key, by none, over something else, or trusted by nobody, proves nothing."""
    files, other = desk.sealed.files, Ed25519PrivateKey.generate()
    theirs = desk.resigned(files, other)
    assert found_in(desk, theirs) == [next(f for f in found_in(desk, theirs) if "by none of the keys" in f)]
    assert desk.verify(theirs, key=other).faults == []
    (unknown,) = desk.verify_with(files, {}).faults
    assert "eipas key" in unknown and "--key" in unknown
    unsigned = {name: content for name, content in files.items() if name != bundle.ATTESTATION}
    assert any("nobody signed" in fault for fault in found_in(desk, unsigned))
    envelope = load(files[bundle.ATTESTATION])
    for change in (
        {"payloadType": "text/plain"},
        {"signatures": []},
        {"payload": "e30="},
        {"signatures": [{"keyid": envelope["signatures"][0]["keyid"], "sig": "AAAA"}]},
        {"more": 1},
    ):
        assert found_in(desk, {**files, bundle.ATTESTATION: written({**envelope, **change})}), change


@pytest.mark.parametrize(
    "said", [{"evaluation_id": "ev_other"}, {"role": "x"}, {"iteration": 9}, {"draft_sha256": "0" * 64}]
)
def test_an_attestation_about_something_else_is_caught(desk: Desk, said: dict[str, Any]) -> None:
    """A true signature over the true files that says that they are of another iteration is caught."""
    assert any("about another" in fault for fault in found_in(desk, desk.resigned(desk.sealed.files, **said)))


def _outcomes(change: Callable[[Check], Check]) -> Callable[[IterationRecord], IterationRecord]:
    return lambda record: replace(record, checks=tuple(change(one) for one in record.checks))


def _all_done(check: Check) -> tuple[Compared, ...]:
    return tuple(replace(one, outcome=Fulfilment.DONE) for one in check.compared)


FORGERIES: list[tuple[str, Callable[[Check], Check], str]] = [
    ("failed becomes held", lambda c: replace(c, outcome=Outcome.HELD) if c.outcome is Outcome.FAILED else c, "failed"),
    (
        "failed becomes not applying",
        lambda c: replace(c, outcome=Outcome.NOT_APPLICABLE) if c.outcome is Outcome.FAILED and c.share is None else c,
        "not applicable",
    ),
    (
        "what was not run becomes held",
        lambda c: replace(c, outcome=Outcome.HELD) if c.outcome is Outcome.NOT_MEASURED and c.weight else c,
        "run again it is not measured",
    ),
    ("a fit raised", lambda c: replace(c, share=1.0, compared=_all_done(c)) if c.share is not None else c, "run again"),
]

AT_ONCE = {"a fit raised": ["coverage.csv is not what the design is rendered to"]}
"""What may be seen without running anything: that table follows from what was compared and not done."""


@pytest.mark.parametrize(("name", "change", "says"), FORGERIES, ids=[name for name, *_ in FORGERIES])
def test_whoever_has_the_key_is_caught_by_running_again(
    desk: Desk, fresh: Any, name: str, change: Callable[[Check], Check], says: str
) -> None:
    """Results that somebody with the key and the code made up hold together, and fall when the checks run again."""
    files = desk.forged(_outcomes(change))
    at_once = AT_ONCE.get(name, [])
    assert set(found_in(desk, files)) <= set(at_once)
    faults = [fault for fault in found_in(desk, files, rerun=True) if fault not in at_once]
    assert faults and all(says in fault or "run again" in fault or "compared" in fault for fault in faults)


@pytest.fixture(scope="module")
def fresh(desk: Desk) -> None:
    """The checks run again, once for all forgeries of one design."""
    known: dict[str, Any] = {}
    assess = desk.kit.assess

    async def once(proposal: Any, brief: Any) -> Any:
        key = f"{proposal.digest} {brief!r}"
        if key not in known:
            known[key] = await assess(proposal, brief)
        return known[key]

    desk.kit.assess = once


def test_run_again_an_honest_bundle_holds(desk: Desk, fresh: None) -> None:
    """The checks come to the same on another day."""
    assert found_in(desk, desk.sealed.files, rerun=True) == []


@pytest.fixture(scope="module")
def place(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle, what is in it, the JSON alone, and the public key."""
    folder = tmp_path_factory.mktemp("handed")
    (folder / "x.bundle.zip").write_bytes(desk.sealed.content)
    for name, content in desk.sealed.files.items():
        (folder / "unpacked" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "unpacked" / name).write_bytes(content)
    (folder / NAME).write_bytes(desk.sealed.files[NAME])
    (folder / "key.pem").write_bytes(public_pem(desk.sealed.key.public_key()))
    return folder


def eipas(place: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """Run a command in that folder, as an installation of its own; return exit code and what was said."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("EIPAS_DATA_DIR", str(place / "data"))
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output


@pytest.mark.parametrize("what", ["x.bundle.zip", "unpacked"])
def test_the_command_verifies_a_zip_and_a_folder(place: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """With the public key both hold, each thing that was compared on a line; without it, or changed, exit is 1."""
    code, said = eipas(place, monkeypatch, "verify", what, "--key", "key.pem")
    assert code == 0, said
    assert said.count("✓") == 11
    code, said = eipas(place, monkeypatch, "verify", what)
    assert code == 1
    assert "eipas key" in said


def test_the_command_says_what_a_lone_file_cannot_prove(
    desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lone file that fits together passes with its bounds said and the bundle's name; a changed one does not."""
    code, said = eipas(place, monkeypatch, "verify", NAME)
    assert code == 0, said
    assert "cannot prove who made it" in said
    assert "backend-developer-iteration-2.bundle.zip" in said
    (place / "changed.json").write_bytes(desk.sealed.files[NAME].replace(b"COMPLETED", b"DONE"))
    code, said = eipas(place, monkeypatch, "verify", "changed.json")
    assert code == 1
    assert "things do not fit" in said


OLDER = "0.0.9"


def older(desk: Desk) -> Files:
    """A bundle that an older version drafted, sealed and signed, which rendered the document otherwise."""
    files = desk.forged(lambda record: replace(record, tools={**record.tools, OWN: OLDER}))
    record = load(files[bundle.RECORD])
    content = files[f"{bundle.ARTEFACTS}openapi.yaml"] + b"# As it was rendered before.\n"
    for one in record["artefacts"]:
        if one["name"] == "openapi.yaml":
            one["sha256"] = content_id(content)
    return desk.resigned({**files, bundle.RECORD: written(record), f"{bundle.ARTEFACTS}openapi.yaml": content})


def test_what_another_version_made_is_no_forgery(desk: Desk) -> None:
    """What this version makes otherwise than the one that drafted it is called undecided; all else is held to."""
    verdict = desk.verify(older(desk))
    assert (verdict.faults, verdict.drafted) == ([], OLDER)
    assert any("openapi.yaml is not what the design is rendered to" in line for line in verdict.undecided)
    assert all("not so by this version" in line for line in verdict.undecided)
    assert any(f"drafted by version {OLDER}, verified by version {own_version()}" in note for note in verdict.notes)
    assert "the gates judged the draft, and their verdicts lead to what was decided" in verdict.held


def test_another_version_excuses_nothing_that_was_signed_or_decided(desk: Desk) -> None:
    """A digest, a vote and the log's chain are what they are in any version: changed, they are faults."""
    files = older(desk)
    assert any("was changed after it was signed" in fault for fault in found_in(desk, {**files, NAME: b"{}"}))
    lines = [load(line) for line in files[bundle.AUDIT].splitlines()]
    lines[3]["actor"] = "U0NOBODY01"
    log = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    assert any("entry 4 of the audit log" in fault or "audit log" in fault
               for fault in found_in(desk, desk.resigned({**files, bundle.AUDIT: log})))  # fmt: skip


def test_the_same_version_excuses_nothing(desk: Desk) -> None:
    """The same difference is a fault where the version that drafted it is the one that verifies it."""
    verdict = desk.verify_with(older(desk), desk.trusted, version=OLDER)
    assert verdict.undecided == []
    assert any("openapi.yaml is not what the design is rendered to" in fault for fault in verdict.faults)


def test_what_an_older_version_wrote_and_nobody_can_read_is_said_so(desk: Desk) -> None:
    """A design or a record of a form that this version does not know is refused with both versions' names."""
    for name in (bundle.DESIGN, bundle.RECORD):
        files = desk.resigned({**older(desk), name: b'{"form": "old"}\n'})
        (said,) = found_in(desk, files)
        assert f"this is version {own_version()}" in said and "neither that it was changed nor that it was not" in said


def test_the_command_tells_another_version_from_a_forgery(
    desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a bundle and of a lone file it says which version drafted and which verifies; exit 1, and not as changed."""
    (place / "older.bundle.zip").write_bytes(pack(older(desk)))
    code, said = eipas(place, monkeypatch, "verify", "older.bundle.zip", "--key", "key.pem")
    assert code == 1
    assert f"drafted by version {OLDER} of this product, and this is version {own_version()}" in said
    assert "things do not fit" not in said
    report = desk.report()
    report["evidence"]["tools"][OWN] = OLDER
    report["evidence"]["checks"].pop()
    (place / "older.json").write_bytes(written(report))
    code, said = eipas(place, monkeypatch, "verify", "older.json")
    assert (code, f"verify it by version {OLDER}" in said, "things do not fit" in said) == (1, True, False)


def test_a_changed_folder_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link in a folder is refused with exit 2; a file that was put in is named with exit 1."""
    shutil.copytree(place / "unpacked", place / "more")
    (place / "more" / "note.txt").write_text("x")
    code, said = eipas(place, monkeypatch, "verify", "more", "--key", "key.pem")
    assert (code, "note.txt was put in" in said) == (1, True)
    (place / "more" / "note.txt").unlink()
    (place / "more" / "note.txt").symlink_to(place / "key.pem")
    code, said = eipas(place, monkeypatch, "verify", "more", "--key", "key.pem")
    assert (code, "is a link" in said) == (2, True)
    code, said = eipas(place, monkeypatch, "verify", "key.pem", "--key", "key.pem")
    assert code == 2
    code, said = eipas(place, monkeypatch, "verify", "x.bundle.zip", "--key", NAME)
    assert code != 0


def test_the_installations_log_is_asked(desk: Desk, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --log the database must have noted the bundle: a forged one, signed with the true key, is not there."""
    (place / "data").mkdir(exist_ok=True)
    (place / "data" / "eipas.db").write_bytes(desk.sealed.database)
    code, said = eipas(place, monkeypatch, "verify", "x.bundle.zip", "--key", "key.pem", "--log")
    assert code == 0, said
    assert "audit log noted this bundle" in said
    forged = desk.forged(_outcomes(lambda one: replace(one, tool_version="9")))
    (place / "forged.bundle.zip").write_bytes(pack(forged))
    assert eipas(place, monkeypatch, "verify", "forged.bundle.zip", "--key", "key.pem")[0] == 0
    code, said = eipas(place, monkeypatch, "verify", "forged.bundle.zip", "--key", "key.pem", "--log")
    assert (code, "notes no such bundle" in said) == (1, True)


def test_the_installations_key_is_made_once_and_for_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`eipas key` makes an Ed25519 key of mode 0600 and shows the same public key ever after; others' is not used."""
    code, said = eipas(tmp_path, monkeypatch, "key")
    assert code == 0, said
    private = tmp_path / "data" / "signing-key.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert b"PRIVATE" in private.read_bytes() and "PRIVATE" not in said
    assert eipas(tmp_path, monkeypatch, "key") == (0, said)
    (tmp_path / "shown.pem").write_text(said)
    assert list(public_keys(tmp_path / "shown.pem")) == [key_id(signing_key(private).public_key())]
    private.chmod(0o640)
    with pytest.raises(ConfigurationError, match="not for the bot alone"):
        signing_key(private)
    private.write_text("nonsense")
    private.chmod(0o600)
    with pytest.raises(ConfigurationError, match="no signing key"):
        signing_key(private)
    assert eipas(tmp_path, monkeypatch, "key", "--encryption")[1].strip().endswith("=")


@pytest.mark.parametrize(("name", "make", "says"), tamperings.HOSTILE, ids=[name for name, *_ in tamperings.HOSTILE])
def test_a_hostile_archive_is_refused(name: str, make: Callable[[], bytes], says: str) -> None:
    """Bombs, ways out, links, doubles and hidden bytes are refused in words, and nothing is written anywhere."""
    with pytest.raises(ArchiveRefused) as refused:
        unpack(make())
    assert says in refused.value.message


def _changed(desk: Desk, change: tamperings.Change) -> Json:
    report = copy.deepcopy(desk.report())
    change(report)
    return report
