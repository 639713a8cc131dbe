"""Whatever is done to an iteration's file or its bundle, `eipas verify` finds it, or says that it cannot."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain import bundle
from bot.domain.bundle import IterationRecord
from bot.domain.evidence import Check, Outcome
from bot.domain.inputs import InputRefused
from bot.evidence.bundle.archive import ArchiveRefused, pack, unpack
from bot.evidence.bundle.attestation import digest_faults, read_attestation
from bot.evidence.bundle.verification import content_id
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


FORGERIES: list[tuple[str, Callable[[Check], Check], str]] = [
    ("failed becomes held", lambda c: replace(c, outcome=Outcome.HELD) if c.outcome is Outcome.FAILED else c, "failed"),
    (
        "failed becomes not applying",
        lambda c: (
            replace(c, outcome=Outcome.NOT_MEASURED, weight=0) if c.outcome is Outcome.FAILED and c.share is None else c
        ),
        "weighing nothing",
    ),
    (
        "what was not run becomes held",
        lambda c: replace(c, outcome=Outcome.HELD) if c.outcome is Outcome.NOT_MEASURED and c.weight else c,
        "run again it is not measured",
    ),
    ("a fit raised", lambda c: replace(c, share=1.0) if c.share is not None else c, "run again"),
]


@pytest.mark.parametrize(("name", "change", "says"), FORGERIES, ids=[name for name, *_ in FORGERIES])
def test_whoever_has_the_key_is_caught_by_running_again(
    desk: Desk, fresh: Any, name: str, change: Callable[[Check], Check], says: str
) -> None:
    """Results that somebody with the key and the code made up hold together, and fall when the checks run again."""
    files = desk.forged(_outcomes(change))
    assert found_in(desk, files) == []
    faults = found_in(desk, files, rerun=True)
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
