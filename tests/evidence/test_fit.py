"""Fit falls with each thing that was said and is not rendered so; faults are planted in what was rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from bot.domain.design import Brief, Reply
from bot.domain.evidence import Artefact
from bot.domain.facts import OperationFact, StackFact
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.blueprint import Stack
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document
from bot.roles.backend_developer.checks.fit import StatementFit, Verdict
from bot.roles.backend_developer.checks.fit.openness import asked_open
from bot.roles.backend_developer.checks.fit.outside import stack
from bot.roles.backend_developer.checks.fit.rendered import Rendered
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.renderers.render import render
from bot.roles.backend_developer.understanding import read_here, sources_of
from tests.support import quick_yaml

ALLOTMENT: Final = {
    "database_schema": (
        "```sql\n"
        "CREATE TABLE gardeners (id uuid PRIMARY KEY, full_name text NOT NULL,\n"
        "  email text NOT NULL UNIQUE, born date);\n"
        "CREATE TABLE plots (id uuid PRIMARY KEY, label text NOT NULL UNIQUE, square_metres integer NOT NULL,\n"
        "  rent numeric(10,2) NOT NULL, has_water boolean NOT NULL DEFAULT false,\n"
        "  soil text NOT NULL CHECK (soil IN ('sand', 'loam', 'clay')));\n"
        "CREATE TABLE leases (id uuid PRIMARY KEY,\n"
        "  gardener_id uuid NOT NULL REFERENCES gardeners (id) ON DELETE RESTRICT,\n"
        "  plot_id uuid NOT NULL REFERENCES plots (id) ON DELETE CASCADE,\n"
        "  starts_on date NOT NULL, ends_on date NOT NULL,\n"
        "  signed_at timestamptz, CHECK (starts_on < ends_on));\n"
        "```"
    ),
    "api_design": (
        "GET /plots\nPOST /plots\nGET /plots/{id}\nDELETE /plots/{id}\nGET /leases\nPOST /leases\nPATCH /leases/{id}\n"
        "GET /gardeners"
    ),
    "performance_requirements": "p95 under 250 ms. 99.9 % availability. 40 requests per second.",
    "security_controls": "Sign-in by OIDC.\nRoles: chair, treasurer.",
    "integration_needs": "SendGrid for reminders.",
    "opening_1": "Python, FastAPI, PostgreSQL.",
}
SHIPYARD: Final = {
    "database_schema": (
        "```sql\n"
        "CREATE TABLE hulls (id uuid PRIMARY KEY, yard_number text NOT NULL UNIQUE, \n"
        "  length_m numeric NOT NULL, laid_on date);\n"
        "CREATE TABLE welds (id uuid PRIMARY KEY, hull_id uuid NOT NULL REFERENCES hulls (id),\n"
        "  inspected boolean NOT NULL,\n"
        "  grade text NOT NULL CHECK (grade IN ('a1', 'a2', 'reject')));\n"
        "```"
    ),
    "api_design": "GET /hulls\nPOST /hulls\nGET /hulls/{id}/welds\nPOST /welds\nPATCH /welds/{id}",
    "performance_requirements": "p95 under 700 ms.",
    "security_controls": "API keys.\nRoles: welder, inspector.",
    "integration_needs": "Twilio for texts.",
    "opening_1": "Kotlin on PostgreSQL.",
}

Files = tuple[Artefact, ...]


def _brief(said: dict[str, str]) -> Brief:
    replies = tuple(Reply(key=key, question=key, text=text, by="U1") for key, text in said.items())
    return Brief(evaluation_id="e", role="backend-developer", title="A thing", description="", iteration=1, goal="",
                 sources=(), replies=replies)  # fmt: skip


@cache
def _good(name: str) -> Subject:
    brief = _brief({"allotment": ALLOTMENT, "shipyard": SHIPYARD}[name])
    known = read_here(sources_of(brief))
    blueprint = compose(known.understanding, known.facts, brief)
    return Subject(artefacts=render(blueprint, None), blueprint=blueprint, brief=brief)


def _fit(server: SharedServer, subject: Subject, brief: Brief | None = None) -> tuple[StatementFit, ...]:
    judged = Subject(artefacts=subject.artefacts, blueprint=subject.blueprint, brief=brief or subject.brief)
    return CheckContext(judged, server).fit


def _share(found: tuple[StatementFit, ...]) -> float:
    counted = [one for one in found if one.verdict not in (Verdict.DECLINED, Verdict.CLAIMED)]
    return sum(one.verdict is Verdict.DONE for one in counted) / len(counted)


def _sql(old: str, new: str) -> Callable[[Files], Files]:
    def plant(files: Files) -> Files:
        return tuple(_changed(f, old, new) if f.name == "migrations/0001_initial.sql" else f for f in files)

    return plant


def _changed(file: Artefact, old: str, new: str) -> Artefact:
    text = file.content.decode()
    assert old in text, f"{old} is not in {file.name}"
    return Artefact(name=file.name, media_type=file.media_type, content=text.replace(old, new).encode())


def _document(change: Callable[[dict[str, Any]], object]) -> Callable[[Files], Files]:
    def plant(files: Files) -> Files:
        return tuple(_spoilt(f, change) if f.name == "openapi.yaml" else f for f in files)

    return plant


def _spoilt(file: Artefact, change: Callable[[dict[str, Any]], object]) -> Artefact:
    root = quick_yaml.load(file.content)
    change(root)
    return Artefact(name=file.name, media_type=file.media_type, content=quick_yaml.dump(root).encode())


def _described(old: str, new: str) -> Callable[[dict[str, Any]], object]:
    def change(root: dict[str, Any]) -> None:
        assert old in root["info"]["description"]
        root["info"]["description"] = root["info"]["description"].replace(old, new)

    return change


def _without_role(role: str) -> Callable[[dict[str, Any]], object]:
    def change(root: dict[str, Any]) -> None:
        for item in root["paths"].values():
            for operation in item.values():
                operation["x-roles"] = [one for one in operation.get("x-roles", []) if one != role]

    return change


def _schema(name: str, change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    return lambda root: change(root["components"]["schemas"][name]["properties"])


FAULTS: Final[dict[str, tuple[Callable[[Files], Files], str]]] = {
    "a field's column is gone": (_sql("    square_metres BIGINT NOT NULL,\n", ""), "square_metres"),
    "a field is called otherwise": (_sql("full_name", "nn"), "full_name"),
    "a number is kept as text": (_sql("square_metres BIGINT", "square_metres TEXT"), "square_metres"),
    "money is kept as text": (_sql("rent NUMERIC(19, 4)", "rent TEXT"), "rent"),
    "a date is kept as text": (_sql("born DATE", "born TEXT"), "born"),
    "a time is kept as a date": (_sql("signed_at TIMESTAMP WITH TIME ZONE", "signed_at DATE"), "signed_at"),
    "a truth value is a number": (_sql("has_water BOOLEAN DEFAULT false", "has_water BIGINT DEFAULT 0"), "has_water"),
    "a member of an enum is missing": (_sql("'loam', ", ""), "soil"),
    "an enum has a member that nobody said": (_sql("'loam', ", "'loam', 'peat', "), "soil"),
    "an enum takes anything": (_sql("CHECK (soil IN ('sand', 'loam', 'clay'))", "CHECK (soil <> '')"), "soil"),
    "a required field may be empty": (_sql("label TEXT NOT NULL", "label TEXT"), "label"),
    "a default is gone": (_sql("has_water BOOLEAN DEFAULT false", "has_water BOOLEAN"), "has_water"),
    "a relation cascades instead of restricting": (
        _sql("REFERENCES gardeners (id) ON DELETE RESTRICT", "REFERENCES gardeners (id) ON DELETE CASCADE"),
        "gardener",
    ),
    "a relation restricts instead of cascading": (
        _sql("REFERENCES plots (id) ON DELETE CASCADE", "REFERENCES plots (id) ON DELETE RESTRICT"),
        "plot",
    ),
    "a relation points at another table": (_sql("REFERENCES gardeners (id)", "REFERENCES plots (id)"), "gardener"),
    "an operation is missing": (_document(lambda root: root["paths"]["/plots/{id}"].pop("delete")), "DELETE /plots"),
    "an operation has another method": (
        _document(lambda root: root["paths"]["/leases/{id}"].update(put=root["paths"]["/leases/{id}"].pop("patch"))),
        "PATCH /leases",
    ),
    "an operation has another path": (
        _document(lambda root: root["paths"].update({"/growers": root["paths"].pop("/gardeners")})),
        "GET /gardeners",
    ),
    "a latency is another": (_document(_described("250 ms", "2500 ms")), "latency_p95"),
    "a unit is another": (_document(_described("latency_p95: 250 ms", "latency_p95: 250 parsecs")), "latency_p95"),
    "an availability is another": (_document(_described("99.9 %", "99 %")), "availability"),
    "a throughput is gone": (_document(_described("throughput: 40", "throughput: 4")), "throughput"),
    "a role opens nothing": (_document(_without_role("treasurer")), "treasurer"),
    "sign-in is by another scheme": (
        _document(
            lambda root: root["components"]["securitySchemes"].update(
                {
                    name: {"type": "apiKey", "in": "header", "name": "X-API-Key"}
                    for name in root["components"]["securitySchemes"]
                }
            )
        ),
        "oidc",
    ),
    "a property's type is not its column's": (
        _document(_schema("Plot", lambda properties: properties["square_metres"].update(type="boolean"))),
        "square_metres",
    ),
    "a property's members are not its column's": (
        _document(_schema("Plot", lambda properties: properties["soil"].update(enum=["sand", "mud"]))),
        "soil",
    ),
    "an answer does not hold a field": (
        _document(_schema("Plot", lambda properties: properties.pop("label"))),
        "label",
    ),
}  # fmt: skip
"""Faults planted in what was rendered for the allotment, and what the gap must name."""


@pytest.mark.parametrize("name", ["allotment", "shipyard"])
def test_a_right_design_does_all_that_was_said(name: str, server: SharedServer) -> None:
    """Nothing of a design that does what was said is called a gap."""
    found = _fit(server, _good(name))
    assert [(one.statement.text, one.gaps) for one in found if one.verdict is not Verdict.DONE] == []
    assert len(found) > 12


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_and_lowers_the_fit(fault: str, server: SharedServer) -> None:
    """Each fault leaves a gap that names what is wrong, and the share of what is done falls."""
    plant, names = FAULTS[fault]
    good = _good("allotment")
    found = _fit(server, Subject(artefacts=plant(good.artefacts), blueprint=good.blueprint, brief=good.brief))
    gaps = [why for one in found for _, why in one.gaps]
    assert any(names.lower() in why.lower() for why in gaps), gaps
    assert _share(found) < 1


@pytest.mark.parametrize(("design", "brief"), [("allotment", SHIPYARD), ("shipyard", ALLOTMENT)])
def test_a_design_for_another_brief_does_little(design: str, brief: dict[str, str], server: SharedServer) -> None:
    """Under another team's brief a good design does not even do a third."""
    assert _share(_fit(server, _good(design), _brief(brief))) < 1 / 3


def test_a_statement_more_unheard_never_raises_the_fit(server: SharedServer) -> None:
    """What was said and not understood counts as not done."""
    good = _good("allotment")
    unheard = "Leases roll over unless the treasurer has frozen the season."
    more = {**ALLOTMENT, "security_controls": f"{ALLOTMENT['security_controls']}\n{unheard}"}
    found = _fit(server, good, _brief(more))
    assert [one.statement.text for one in found if one.verdict is Verdict.NOT_UNDERSTOOD] != []
    assert _share(found) < _share(_fit(server, good))


def test_judged_twice_is_the_same(server: SharedServer) -> None:
    """The same design under the same brief has the same gaps."""
    good = _good("allotment")
    assert _fit(server, good, _brief(SHIPYARD)) == _fit(server, good, _brief(SHIPYARD))


def test_a_broken_migration_does_nothing_that_was_said(server: SharedServer) -> None:
    """Where the database cannot be made, nothing counts as done, instead of nothing being measured."""
    good = _good("allotment")
    broken = _sql("CREATE TABLE plots", "CREATE TABEL plots")(good.artefacts)
    found = _fit(server, Subject(artefacts=broken, blueprint=good.blueprint, brief=good.brief))
    assert _share(found) == 0


def test_what_people_said_is_open_is_no_harm() -> None:
    """An open operation is asked for if people said so of it, and its neighbour is not."""
    said = read_here(sources_of(_brief({"api_design": "GET /hulls - public\nGET /welds"}))).understanding
    facts = [f for f in said.facts if isinstance(f, OperationFact)]
    known = replace(said, facts=tuple(replace(f, public=f.path == "/hulls") for f in facts))
    document = Document(next(f.content for f in _good("shipyard").artefacts if f.name == "openapi.yaml"))
    asked = {e.label for e in document.endpoints if asked_open(known, e)}
    assert asked == {"GET /hulls"}


def test_a_second_store_may_stand_beside_the_database() -> None:
    """“PostgreSQL and Redis” is kept where Redis is listed for its use; a language is not kept by another's name."""
    built_on = Stack(language="Python", framework="FastAPI", database="PostgreSQL", cache="Redis")
    nothing: Any = None  # neither the document nor the catalogue says anything of the stack
    made = Rendered(document=nothing, catalogue=nothing, integrations=(), stack=built_on)
    second = StackFact(statement="s1", part="database", name="Redis")
    assert list(stack(second, made)) == []
    assert [words for _, words in stack(StackFact(statement="s1", part="language", name="FastAPI"), made)] == [
        "the language is not FastAPI"
    ]


@pytest.mark.parametrize(("listed", "gaps"), [("NATS", 0), ("Kafka", 0), ("RabbitMQ", 1)])
def test_one_of_two_alternatives_is_enough(listed: str, gaps: int) -> None:
    """“Kafka or NATS” is kept by either of the two, and by no third."""
    nothing: Any = None  # neither the document nor the catalogue says anything of the stack
    built_on = Stack(language="Python", framework="FastAPI", database="PostgreSQL", messaging=listed)
    made = Rendered(document=nothing, catalogue=nothing, integrations=(), stack=built_on)
    either = StackFact(statement="s1", part="messaging", name="Kafka", alternatives=("NATS",))
    assert len(list(stack(either, made))) == gaps


STABLE = {
    "database_schema": "Pferd: Größe (Ganzzahl), Farbe varchar(12) (schwarz, braun)\nStall: Nummer (eindeutig)",
    "api_design": "GET /pferde\nPOST /pferde\nPOST /pferde/{id}/verkaufen\nPOST /pferde/{id}/beschlagen",
    "security_controls": "Rollen: Züchter, Schmied, Händler.\nNur Züchter und Händler dürfen Pferde verkaufen.",
}


def _designed(said: dict[str, str]) -> Subject:
    brief = _brief(said)
    known = read_here(sources_of(brief))
    blueprint = compose(known.understanding, known.facts, brief)
    return Subject(artefacts=render(blueprint, None), blueprint=blueprint, brief=brief)


def test_umlauts_written_out_are_what_was_said(server: SharedServer) -> None:
    """A column `groesse` keeps the Größe, a role `zuechter` is the Züchter, and a list of values bounds its length."""
    found = _fit(server, _designed(STABLE))
    assert [(one.statement.text, one.gaps) for one in found if one.verdict is Verdict.NOT_DONE] == []


def test_only_these_two_may_do_that_one_thing(server: SharedServer) -> None:
    """“Only A and B may sell” lets in both, limits no other call, and is broken where a third may sell."""
    good = _designed(STABLE)
    sells = next(op for op in good.blueprint.operations if op.path.endswith("/verkaufen"))
    assert set(sells.roles) == {"zuechter", "haendler"}
    wide = good.blueprint.model_copy(
        update={
            "operations": tuple(
                op.model_copy(update={"roles": (*op.roles, "schmied")}) if op.id == sells.id else op
                for op in good.blueprint.operations
            )
        }
    )
    found = _fit(server, Subject(artefacts=render(wide, None), blueprint=wide, brief=good.brief))
    gaps = [why for one in found for _, why in one.gaps]
    assert any("verkaufen" in why and "schmied" in why for why in gaps), gaps
    assert not any("beschlagen" in why for why in gaps), gaps


HEADLINES: Final = {
    "database_schema": "A locker has a number and a label. A rental has a start day. A rental belongs to one locker.",
    "opening_2": "- Announce a rental\n- Know where every locker is\n- Cancel a rental",
    "security_controls": "Roles: guest, clerk.",
}


def _gone(root: dict[str, Any], method: str, path: str) -> None:
    root["paths"][path].pop(method)


@pytest.mark.parametrize(
    ("change", "statement", "names"),
    [
        (lambda root: _gone(root, "post", "/rentals"), "Announce a rental", "create"),
        (lambda root: _gone(root, "post", "/rentals/{id}/cancel"), "Cancel a rental", "cancel"),
    ],
    ids=["nothing makes it", "nothing does it"],
)
def test_a_headline_is_done_by_an_operation(
    change: Callable[[dict[str, Any]], object], statement: str, names: str, server: SharedServer
) -> None:
    """What a headline asks for is done by an operation of that thing; without it the headline is named as not done."""
    good = _designed(HEADLINES)

    def verdict(subject: Subject) -> StatementFit:
        return next(one for one in _fit(server, subject) if one.statement.text == f"- {statement}")

    assert verdict(good).verdict is Verdict.DONE
    files = _document(change)(good.artefacts)
    bad = verdict(Subject(artefacts=files, blueprint=good.blueprint, brief=good.brief))
    assert bad.verdict is Verdict.NOT_DONE
    assert any(names in why for _, why in bad.gaps)


def test_a_headline_that_asks_where_wants_a_place_shown(server: SharedServer) -> None:
    """A locker that shows neither place nor state does not tell where it is, however often it is read."""
    asked = next(one for one in _fit(server, _designed(HEADLINES)) if "Know where" in one.statement.text)
    assert asked.verdict is Verdict.NOT_DONE
    assert any("place" in why and "locker" in why.lower() for _, why in asked.gaps)
    placed = HEADLINES | {"database_schema": HEADLINES["database_schema"] + " A locker has a place."}
    told = next(one for one in _fit(server, _designed(placed)) if "Know where" in one.statement.text)
    assert told.verdict is Verdict.DONE
