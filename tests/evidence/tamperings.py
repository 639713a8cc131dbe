"""What somebody may do to an iteration's file or its bundle, as data.

`TAMPERINGS` change the file itself, `TEXTS` its text; `BUNDLES` change a bundle's other files.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain import bundle
from bot.domain.bundle import IterationRecord
from bot.domain.evidence import Check, Outcome
from bot.evidence.score import scorecard
from bot.roles.backend_developer.checks.registry import CHECKS
from tests.evidence.bundles import DRAFT, NAME, Desk, Files, Json, written

Change = Callable[[Json], object]
DIGEST_ALONE = frozenset({"the service exchanged"})
"""What the team had a hand in cannot be made again: only its digest finds a change."""

HARMLESS = frozenset({"scores as floats", "keys in another order", "a whole number with an exponent"})
"""They say the same in other words."""

NOT_SEEN_ALONE: Mapping[str, str] = {
    "another comment beside a vote": "who voted what stands in no other place of the file",
    "a concern taken out of a vote": "as above",
    "an approver put in": "who was asked beside those who voted stands in no other place",
}
"""What a lone file cannot show, with the reason."""


def scores(report: Json) -> Json:
    found: Json = report["backend_implementation"]
    return found


def checks(report: Json) -> list[Json]:
    found: list[Json] = report["evidence"]["checks"]
    return found


def check(report: Json, key: str) -> Json:
    return next(one for one in checks(report) if one["key"] == key)


def gate(report: Json, key: str) -> Json:
    found: Json = next(one for one in report["gates"] if one["gate"] == key)
    return found


def rescored(report: Json) -> None:
    """Write the scores that the evidence then gives, as a forger would."""
    rows = [_as_check(row) for row in checks(report)]
    names = [name for name in scores(report) if name != "backend_score"]
    said = report["evidence"].get("statements") or {}
    share = said["done"] / said["compared"] if said.get("compared") else None
    card = scorecard(rows, [(name, name) for name in names], statements=share)
    scores(report).update({part.key: part.value or 0 for part in card.parts}, backend_score=card.overall or 0)
    report["unproven"] = [
        {"key": f"backend_implementation.{p.key}", "reason": "x"} for p in card.parts if p.value is None
    ]
    report["evidence"]["measured_share"] = round(card.measured_share, 4)


def _as_check(row: Json) -> Check:
    names = ("key", "title", "score", "detail", "tool", "tool_version", "command", "weight", "cap", "measures", "share")
    return Check(**{name: row[name] for name in names}, outcome=Outcome(row["outcome"]))


def _each(rows: list[Json], **values: Any) -> None:
    for row in rows:
        row.update(values)


def _with(change: Change, *more: Change) -> Change:
    def both(report: Json) -> None:
        for one in (change, *more):
            one(report)

    return both


def _failed(report: Json) -> list[Json]:
    return [row for row in checks(report) if row["outcome"] == "failed"]


def _handmade(report: Json) -> None:
    """A file from the registry and nothing else."""
    rows = [
        {
            "key": spec.key, "title": spec.title, "score": spec.score, "weight": spec.weight, "cap": spec.cap,
            "outcome": "held", "detail": "", "tool": spec.tool, "tool_version": "1", "raw_sha256": "0" * 64,
            "command": spec.command.format(key=spec.key), "measures": spec.measures.value,
            "share": 1.0 if spec.measures.value == "fit" else None,
        }
        for spec in CHECKS
    ]  # fmt: skip
    report["evidence"] = {"measured_share": 1.0, "checks": rows, "artefacts": {}, "tools": {}}
    report |= {"gates": [], "answers": [], "feedback": [], "unproven": [], "status": "final"}
    rescored(report)


TAMPERINGS: list[tuple[str, Change]] = [
    ("overall score up", lambda r: scores(r).update(backend_score=99)),
    ("one part down", lambda r: scores(r).update(api_design=90)),
    ("a part removed", lambda r: scores(r).pop("security_integration")),
    ("an invented score", lambda r: scores(r).update(usability=100)),
    ("a check's detail rewritten", lambda r: check(r, "api.valid").update(detail="All 700 endpoints were tried.")),
    ("a check's title rewritten", lambda r: check(r, "api.valid").update(title="Penetration test")),
    ("a raw hash replaced", lambda r: check(r, "api.valid").update(raw_sha256="0" * 64)),
    ("all raw hashes replaced", lambda r: _each(checks(r), raw_sha256="f" * 64)),
    ("tool and version changed", lambda r: check(r, "api.valid").update(tool="burp", tool_version="9")),
    ("command changed", lambda r: check(r, "api.valid").update(command="rm -rf /")),
    ("a check removed", lambda r: checks(r).remove(check(r, "api.versioned"))),
    ("an unknown check", lambda r: checks(r).append({**check(r, "api.valid"), "key": "api.pentest"})),
    ("a check doubled", lambda r: checks(r).append(check(r, "api.valid"))),
    ("a weight changed", lambda r: check(r, "api.valid").update(weight=0.5)),
    ("a cap removed", lambda r: check(r, "database.primary_keys").update(cap=None)),
    ("held becomes failed, scores left", lambda r: check(r, "api.valid").update(outcome="failed")),
    (
        "not run becomes held",
        lambda r: _each([row for row in checks(r) if row["outcome"] == "not_measured"], outcome="held"),
    ),
    ("failed becomes held, recomputed", _with(lambda r: _each(_failed(r), outcome="held"), rescored)),
    (
        "failed becomes not applying, recomputed",
        _with(
            lambda r: _each([row for row in _failed(r) if row["measures"] == "soundness"], outcome="not_applicable"),
            rescored,
        ),
    ),
    (
        "failed becomes not measured and weighs nothing, recomputed",
        _with(
            lambda r: _each(
                [row for row in _failed(r) if row["measures"] == "soundness"], outcome="not_measured", weight=0
            ),
            rescored,
        ),
    ),
    (
        "thirty checks waived",
        _with(
            lambda r: _each([c for c in checks(r) if c["measures"] == "soundness"][:30], outcome="not_applicable"),
            rescored,
        ),
    ),
    ("more statements called done", lambda r: r["evidence"]["statements"].update(done=99)),
    (
        "all statements called done",
        _with(lambda r: r["evidence"]["statements"].update(done=r["evidence"]["statements"]["compared"]), rescored),
    ),
    ("the counts of statements emptied", _with(lambda r: r["evidence"].update(statements={}), rescored)),
    ("measured share raised", lambda r: r["evidence"].update(measured_share=1.0)),
    ("a vote turned", lambda r: gate(r, "api_review")["votes"][0].update(option="reject", comment="No.")),
    ("another voter", lambda r: gate(r, "api_review")["votes"][0].update(by="U0NOBODY01")),
    ("a gate removed", lambda r: r["gates"].remove(gate(r, "security_check"))),
    ("a gate's subject changed", lambda r: gate(r, "api_review").update(subject_sha256="1" * 64)),
    ("an answer rewritten", lambda r: r["answers"][0].update(answer="Whatever you like.")),
    ("all answers removed", lambda r: r.update(answers=[])),
    ("strengths rewritten", lambda r: r.update(strengths=["Penetration-tested.", *r["strengths"][1:]])),
    (
        "recommendation and status rewritten",
        lambda r: r.update(recommendation="Ship it.", iteration_status="COMPLETED - In production since May"),
    ),
    (
        "specification and integrations rewritten",
        lambda r: (r["api_specification"].update(api_standard="gRPC"), r["external_integrations"].clear()),
    ),
    ("designer's statement and model", lambda r: r["designer"].update(model="claude", statement="Designed by Claude.")),
    ("iteration, time and title", lambda r: r.update(iteration=7, timestamp="2020-01-01T00:00:00Z", title="Other")),
    ("final becomes draft", lambda r: r.update(status="draft")),
    ("artefact digests replaced", lambda r: r["evidence"]["artefacts"].update({"openapi.yaml": "2" * 64})),
    ("artefact list emptied", lambda r: r["evidence"].update(artefacts={})),
    (
        "references and feedback rewritten",
        lambda r: (r.update(input_references=["phase1/none.json"]), r["feedback"][0].update(text="All is well.")),
    ),
    (
        "unproven filled with every score",
        lambda r: r.update(unproven=[{"key": f"backend_implementation.{k}", "reason": "x"} for k in scores(r)]),
    ),
    ("scores as floats", lambda r: scores(r).update({name: float(value) for name, value in scores(r).items()})),
    ("scores as true", lambda r: scores(r).update(api_design=True)),
    ("keys in another order", lambda r: _reorder(r)),
    ("not a number as a score", lambda r: scores(r).update(backend_score=float("nan"))),
    ("not a number as a weight", lambda r: check(r, "api.valid").update(weight=float("nan"))),
    ("infinity as the measured share", lambda r: r["evidence"].update(measured_share=float("inf"))),
    ("made by hand in ten lines", _handmade),
    # More than were tried before.
    (
        "coverage: a statement realised that was not",
        lambda r: r["coverage"]["statements"][0].update(standing="realised", parts=["all"], reason="x"),
    ),
    ("coverage: the summary rewritten", lambda r: r["coverage"].update(summary="All statements realised.")),
    ("coverage: what is assumed taken out", lambda r: r["coverage"].update(assumed=[])),
    ("feedback said to be answered", lambda r: r["feedback"][1].update(change="Done.")),
    ("a change taken out", lambda r: r.update(changes=[])),
    ("next steps rewritten", lambda r: r.update(next_steps=["Nothing is left."])),
    ("the focus of the next iteration rewritten", lambda r: r.update(next_iteration_focus=["Marketing"])),
    ("endpoints put in", lambda r: r["api_specification"]["key_endpoints"].append("GET /api/v1/everything - x")),
    ("the database exchanged", lambda r: r["database_implementation"].update(primary_database="Oracle")),
    ("the data's protection praised", lambda r: r["security_implementation"].update(data_protection="Encrypted.")),
    ("a trace to a document invented", lambda r: r["cross_phase_traceability"].update(data_integration="As told.")),
    ("tools' versions changed", lambda r: r["evidence"]["tools"].update(python="9.9")),
    ("a check counts elsewhere", lambda r: check(r, "api.versioned").update(score="service_architecture")),
    ("a check of soundness called one of fit", lambda r: check(r, "api.versioned").update(measures="fit", share=1.0)),
    ("a fit raised", _with(lambda r: check(r, "database.fit").update(share=1.0, outcome="held"), rescored)),
    ("quorum lowered", lambda r: gate(r, "api_review").update(needed=0)),
    ("quorum raised after the decision", lambda r: gate(r, "api_review").update(needed=3)),
    ("an approval without a vote", lambda r: gate(r, "security_check").update(votes=[])),
    ("a vote twice", lambda r: gate(r, "api_review")["votes"].append(gate(r, "api_review")["votes"][0])),
    ("a vote after the decision", lambda r: gate(r, "api_review")["votes"][0].update(at="2099-01-01T00:00:00+00:00")),
    ("a time that is none", lambda r: gate(r, "api_review").update(opened_at="soon")),
    ("the closing gate decided otherwise", lambda r: gate(r, "iteration_complete").update(outcome="ready")),
    ("a gate's question rewritten", lambda r: gate(r, "api_review").update(question="Do you like tea?")),
    ("a gate that the role has not", lambda r: r["gates"].append({**gate(r, "api_review"), "gate": "tea"})),
    ("an expired gate called approved", lambda r: gate(r, "api_review").update(state="expired", outcome=None)),
    ("another comment beside a vote", lambda r: gate(r, "security_check")["votes"][0].update(comment="Perfect!")),
    ("a concern taken out of a vote", lambda r: gate(r, "security_check")["votes"][0].update(concerns="Other.")),
    ("an approver put in", lambda r: gate(r, "api_review")["approvers"].append("U0NOBODY01")),
    ("another agent", lambda r: r.update(phase="phase1")),
    ("the schema's name taken out", lambda r: r.pop("$schema")),
    ("another schema", lambda r: r.update({"$schema": "urn:other"})),
    ("a key put in", lambda r: r.update(certified_by="TÜV")),
    ("a key taken out", lambda r: r.pop("coverage")),
    ("iteration as true", lambda r: r.update(iteration=True)),
    ("gates emptied", lambda r: r.update(gates=[])),
    ("evidence emptied", lambda r: r["evidence"].update(checks=[])),
    ("a list for the scores", lambda r: r.update(backend_implementation=[])),
]


def _reorder(report: Json) -> None:
    for key in sorted(report):
        report[key] = report.pop(key)


def _twice(text: str) -> str:
    return text.replace('"backend_score":', '"backend_score": 12,\n    "backend_score":', 1)


TEXTS: list[tuple[str, Callable[[str], str], str]] = [
    ("a score twice, the other first", _twice, "occurs a second time"),
    (
        "the scores twice",
        lambda t: t.replace("{", '{"backend_implementation": {"backend_score": 100}, ', 1),
        "second time",
    ),
    ("a whole number with an exponent", lambda t: re.sub(r'("api_design": )(\d+)', r"\g<1>\g<2>e0", t, count=1), ""),
    ("a mark before and text behind", lambda t: f"\ufeff{t}{{}}", "more text after its last bracket"),
    ("nested 100,000 deep", lambda t: t.replace("{", '{"extra": ' + "[" * 100_000 + "]" * 100_000 + ",", 1), "nested"),
    ("nested 90 deep", lambda t: t.replace("{", '{"extra": ' + "[" * 90 + "]" * 90 + ",", 1), "nested"),
    ("a number of a thousand digits", lambda t: t.replace("{", '{"extra": ' + "9" * 1000 + ",", 1), "characters"),
    ("minus infinity", lambda t: t.replace("{", '{"extra": -Infinity,', 1), "no finite number"),
    ("half a surrogate", lambda t: t.replace("{", '{"extra": "\\ud800",', 1), "surrogate"),
    ("cut off", lambda t: t[: len(t) // 2], "was not taken"),
    ("a comment", lambda t: t.replace("{", "{ // checked\n", 1), "was not taken"),
]
"""Changes of the text, with what is said where it is no JSON that one may believe."""


def _set(name: str, change: Change) -> Callable[[Desk], Files]:
    return lambda desk: desk.with_json(name, change)


def _bytes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Desk], Files]:
    def made(desk: Desk) -> Files:
        files = desk.sealed.files
        return {**files, name: change(files[name])}

    return made


def _without(name: str) -> Callable[[Desk], Files]:
    return lambda desk: {key: content for key, content in desk.sealed.files.items() if key != name}


def _exchanged(name: str, content: bytes) -> Callable[[Desk], Files]:
    """Exchange an artefact with its digest everywhere."""

    def made(desk: Desk) -> Files:
        fresh = hashlib.sha256(content).hexdigest()

        def record(body: Json) -> None:
            for one in body["artefacts"]:
                if one["name"] == name:
                    one["sha256"] = fresh

        files = desk.with_json(bundle.RECORD, record)
        report = desk.report()
        report["evidence"]["artefacts"][name] = fresh
        return {**files, f"{bundle.ARTEFACTS}{name}": content, NAME: written(report)}

    return made


def _record(change: Callable[[IterationRecord], IterationRecord]) -> Callable[[Desk], Files]:
    return lambda desk: desk.with_record(change)


def _checks(change: Callable[[Check], Check]) -> Callable[[Desk], Files]:
    return _record(lambda record: replace(record, checks=tuple(change(one) for one in record.checks)))


def _gates(**values: Any) -> Callable[[Desk], Files]:
    return _record(
        lambda record: replace(
            record,
            gates=tuple(replace(one, **values) if one.key == "api_review" else one for one in record.gates),
        )
    )


def _points(**values: Any) -> Callable[[Desk], Files]:
    return _record(lambda record: replace(record, points=(replace(record.points[0], **values), *record.points[1:])))


def _waived(**values: Any) -> Callable[[Desk], Files]:
    return _record(
        lambda record: replace(
            record, points=tuple(replace(one, **values) if one.waived_by else one for one in record.points)
        )
    )


def _field(body: Json) -> None:
    entity = next(one for one in body["proposal"]["entities"] if one["fields"])
    entity["fields"][0]["required"] = not entity["fields"][0].get("required")


BUNDLES: list[tuple[str, Callable[[Desk], Files]]] = [
    ("a raw output edited", _bytes(f"{bundle.RAW}api.valid.txt", lambda c: c + b" and more")),
    ("a raw output taken out", _without(f"{bundle.RAW}database.linted.txt")),
    ("a raw output put in", lambda d: {**d.sealed.files, f"{bundle.RAW}api.pentest.txt": b"ok"}),
    ("the document exchanged, digests too", _exchanged("openapi.yaml", b"openapi: 3.1.0\n")),
    ("a migration exchanged, digests too", _exchanged("migrations/0001_initial.sql", b"SELECT 1;\n")),
    ("the coverage exchanged, digests too", _exchanged("coverage.csv", b"statement,source,standing,parts,reason\n")),
    ("an artefact edited", _bytes(f"{bundle.ARTEFACTS}diagram.mmd", lambda c: c + b"%% x\n")),
    ("an artefact taken out", _without(f"{bundle.ARTEFACTS}diagram.svg")),
    ("the service exchanged", _bytes(f"{bundle.DELIVERABLES}service-iteration-2.zip", lambda _: b"PK")),
    ("the design changed", _set(bundle.DESIGN, _field)),
    ("a strength rewritten", _set(bundle.DESIGN, lambda b: b["narrative"]["strengths"].__setitem__(0, "Best."))),
    ("a model claimed", _set(bundle.DESIGN, lambda b: b.update(model="claude"))),
    ("an answer rewritten in the brief", _set(bundle.BRIEF, lambda b: b["replies"][0].update(text="Go with Gin."))),
    ("feedback taken out of the brief", _set(bundle.BRIEF, lambda b: b.update(feedback=[]))),
    ("another previous design", _set(bundle.BRIEF, lambda b: b.update(previous=None))),
    ("another iteration in the brief", _set(bundle.BRIEF, lambda b: b.update(iteration=1))),
    (
        "a document rewritten",
        lambda d: d.with_json(
            f"{bundle.INPUTS}001.json", lambda b: b.clear() or b.update(entities={"Ghost": {"name": "text"}})
        ),
    ),
    ("a document taken out", _without(f"{bundle.INPUTS}000.json")),
    ("the facts rewritten", _set("facts/facts.json", lambda b: b.update(facts=[]))),
    ("failed becomes held", _checks(lambda c: replace(c, outcome=Outcome.HELD))),
    ("checks weigh nothing", _checks(lambda c: replace(c, outcome=Outcome.NOT_MEASURED, weight=0))),
    ("checks do not apply", _checks(lambda c: replace(c, outcome=Outcome.NOT_APPLICABLE))),
    ("a check's words changed", _checks(lambda c: replace(c, detail="All is well."))),
    ("a check's cap taken out", _checks(lambda c: replace(c, cap=None))),
    ("checks taken out", _record(lambda r: replace(r, checks=r.checks[:-1]))),
    ("another version of a tool", _record(lambda r: replace(r, tools={**r.tools, "python": "9.9"}))),
    ("another voter", _gates(approvers=("U0NOBODY01",))),
    ("another subject", _gates(subject_sha256="1" * 64)),
    ("an approval without votes", _gates(votes=())),
    ("no quorum", _gates(needed=0)),
    ("a gate of another iteration", _gates(iteration=1)),
    ("the gates taken out", _record(lambda r: replace(r, gates=()))),
    ("another outcome", _record(lambda r: replace(r, outcome="ready"))),
    ("another owner", _record(lambda r: replace(r, owner="U0BENOKAF1"))),
    ("a waiver invented", _points(waived_by="U0DANKIM01", waived_why="Never mind.")),
    ("a waiver's reason rewritten", _waived(waived_why="All agreed.")),
    ("a waiver by somebody else", _waived(waived_by="U0CHLOEMA1")),
    ("a point called done", _waived(outcome="done")),
    ("a point taken out", _record(lambda r: replace(r, points=r.points[1:]))),
    ("an entry of the log changed", lambda d: d.with_events(lambda lines: lines[3].update(actor="U0NOBODY01"))),
    ("an entry of the log taken out", lambda d: d.with_events(lambda lines: lines.pop(3))),
    ("the log cut off", lambda d: d.with_events(lambda lines: lines.__delitem__(slice(5, None)))),
    ("the log emptied", lambda d: d.with_events(lambda lines: lines.clear())),
    ("another draft", _bytes(DRAFT, lambda c: c.replace(b"DRAFT - ", b"DRAFT  - "))),
    ("the draft for the report", lambda d: {**d.sealed.files, NAME: d.sealed.files[DRAFT]}),
    ("a file put in", lambda d: {**d.sealed.files, "certificate.txt": b"certified"}),
    ("the words about it rewritten", _bytes(bundle.README, lambda c: c + b"Certified by TUEV.\n")),
    ("more in the record than it has", _set(bundle.RECORD, lambda b: b.update(certified=True))),
    ("more in the brief than it has", _set(bundle.BRIEF, lambda b: b.update(certified=True))),
]
"""Changes of a bundle's other files; each is caught by the digests, and by what does not follow where it is signed."""


def crafted(entries: list[tuple[str, bytes]], **values: Any) -> bytes:
    """A zip of these entries, in this order, doubles included."""
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for key, value in values.items():
                setattr(entry, key, value)
            archive.writestr(entry, content)
    return made.getvalue()


def _encrypted(content: bytes) -> bytes:
    """Set the flag of encryption in both headers."""
    at = content.index(b"PK\x01\x02")
    return content[:6] + b"\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]


def _renamed_inside(content: bytes) -> bytes:
    return content.replace(b"a.json", b"b.json", 1)


_ONE = [("a.json", b"{}")]
_LINK = (stat.S_IFLNK | 0o777) << 16
HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("a path up", lambda: crafted([("../../etc/passwd", b"x")]), "could lead elsewhere"),
    ("a path from the root", lambda: crafted([("/etc/passwd", b"x")]), "could lead elsewhere"),
    ("a drive", lambda: crafted([("C:/x", b"x")]), "could lead elsewhere"),
    ("a backslash", lambda: crafted([("a\\..\\b", b"x")]), "could lead elsewhere"),
    ("a dot between", lambda: crafted([("a/./b", b"x")]), "could lead elsewhere"),
    ("a device's name", lambda: crafted([("raw/CON.txt", b"x")]), "could lead elsewhere"),
    ("a name turned around", lambda: crafted([("a\u202etxt.exe", b"x")]), "could lead elsewhere"),
    ("a name that is too long", lambda: crafted([("a" * 300, b"x")]), "could lead elsewhere"),
    ("a trailing dot", lambda: crafted([("a.json.", b"x")]), "could lead elsewhere"),
    ("a folder", lambda: crafted([("raw/", b"")]), "could lead elsewhere"),
    ("a link", lambda: crafted([("a.json", b"/etc/passwd")], external_attr=_LINK), "is a link"),
    ("an entry twice", lambda: crafted([*_ONE, ("a.json", b"[]")]), "occurs twice"),
    ("one name in two cases", lambda: crafted([*_ONE, ("A.JSON", b"[]")]), "are one name on some systems"),
    ("one name composed otherwise", lambda: crafted([("\u00e9", b""), ("e\u0301", b"")]), "are one name"),
    ("a file that is a folder too", lambda: crafted([("a", b""), ("a/b", b"")]), "lies in what is a file"),
    ("a bomb", lambda: crafted([("a.json", bytes(65 * 1024 * 1024))]), "is too much"),
    ("many small bombs", lambda: crafted([(f"{n}.txt", bytes(48 * 1024 * 1024)) for n in range(5)]), "is too much"),
    ("more files than one may have", lambda: crafted([(f"{n}", b"") for n in range(2001)]), "2001 files"),
    ("encrypted", lambda: _encrypted(crafted(_ONE)), "is encrypted"),
    ("something before it", lambda: b"PK" + crafted(_ONE), "hidden before"),
    ("something behind it", lambda: crafted(_ONE) + b"MZ", "hidden behind"),
    ("a comment", lambda: _commented(crafted(_ONE)), "hidden behind"),
    ("called otherwise inside", lambda: _renamed_inside(crafted(_ONE)), "called otherwise inside"),
    ("cut off", lambda: crafted(_ONE)[:-20], "broken or no zip"),
    ("damaged", lambda: _damaged(crafted([("a.json", b"x" * 1000)])), "broken or no zip"),
    ("no zip at all", lambda: b"PK nothing", "broken or no zip"),
    ("a packing that is not ours", lambda: _bzip2(), "packed in a way"),
]
"""Archives that are made to harm whoever opens them, with what is said."""


def _commented(content: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"trust me"
    return made.getvalue()


def _damaged(content: bytes) -> bytes:
    at = content.index(b"a.json") + 8
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def _bzip2() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.json", b"{}")
    return made.getvalue()


def as_text(report: Json) -> bytes:
    """Write a report with whatever Python writes of it, NaN among it."""
    return json.dumps(report, ensure_ascii=False, indent=2).encode()
