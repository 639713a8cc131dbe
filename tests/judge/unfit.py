"""Designs that do not fit: right ones under each other's brief, empty ones, damaged ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.roles.backend_developer.checks.subject import Subject
from tests.judge import spoil
from tests.judge.bases import BASES
from tests.judge.bench import judge, subject_of, with_file
from tests.judge.crossing import Material, material
from tests.judge.plans import HEALTH, SERVICES, Plan, auth, calls, entity, relation, roles
from tests.judge.planting import base_of, right
from tests.judge.rights import RIGHTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """What the checks made of a design: the overall score (unproven is 0), the worst area, and what failed."""

    name: str
    overall: int
    worst: int
    failed: tuple[str, ...]


def right_found(name: str) -> tuple[Unfit, Material | None]:
    """Judge one of the right designs; an area of which nothing was said has no score and does not count."""
    one = next(r for r in RIGHTS if r.name == name)
    subject = subject_of(one.plan, one.brief())
    found = judge(subject)
    known = [value for value in found.parts.values() if value is not None]
    worst = min(known, default=0)
    verdict = Unfit(name=name, overall=found.overall or 0, worst=worst, failed=tuple(found.failed))
    return verdict, material(f"right: {name}", subject)


def base_material(name: str) -> Material | None:
    """A base's right design, to be held under the others' briefs."""
    return material(f"base: {name}", right(name))


def unfit(name: str) -> Unfit:
    """Judge one of the designs that do not fit."""
    found = judge(_subject(name), valid=name in _DAMAGED)
    return Unfit(name=name, overall=found.overall or 0, worst=found.worst, failed=tuple(found.failed))


def _subject(name: str) -> Subject:
    kind, _, rest = name.partition(": ")
    if kind == "crossed":
        design, _, brief = rest.partition(" under ")
        return Subject(
            artefacts=right(design).artefacts, blueprint=right(design).blueprint, brief=base_of(brief).brief()
        )
    if name in _DAMAGED:
        return _DAMAGED[name](right("clinic"))
    plan = copy.deepcopy(_PLANS[name]())
    return subject_of(plan, base_of("clinic").brief())


def _bare(entities: list[Plan], operations: list[Plan], **more: object) -> Plan:
    return {
        "title": "A thing", "summary": "A thing.", "entities": entities, "operations": operations,
        "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL", "cache": "Redis"},
        "auth": auth("oidc", multi_factor=True), "roles": roles("admin", "dentist", "receptionist"), "relations": [],
        "services": {**SERVICES, "boundaries": ["One", "Two"]}, **more,
    }  # fmt: skip


_STAFF: Final = ("admin", "dentist", "receptionist")


def _item() -> Plan:
    return _bare([entity("Item", "items", "name string")], [*calls("Item", "/items", _STAFF), HEALTH])


def _zoo(*, public: bool = False) -> Plan:
    things = [
        entity("Animal", "animals", "name string; species string"),
        entity("Feeding", "feedings", "fed_at timestamp"),
    ]
    reads = [*calls("Animal", "/animals", _STAFF), *calls("Feeding", "/feedings", _STAFF)]
    for one in reads:
        if public and one["method"] == "GET":
            one.update(public=True, roles=[])
    return _bare(things, [*reads, HEALTH], relations=[relation("Feeding.animal -> Animal")])


def _open_zoo() -> Plan:
    return _zoo(public=True)


def _names_only() -> Plan:
    """The asked things by name alone, the asked paths as empty shells."""
    plan = base_of("clinic").design()
    plan = copy.deepcopy(plan)
    for one in plan["entities"]:
        for field in list(one["fields"]):
            spoil.drop_field(plan, one["name"], field["name"])
        one["fields"] = [{"name": "name", "type": "string"}]
    for relation_ in list(plan["relations"]):
        spoil.drop_relation(plan, relation_["source"], relation_["name"])
    for one in plan["entities"]:
        one["tenant_scoped"] = False
    plan["budgets"], plan["integrations"], plan["events"] = [], [], []
    plan["roles"] = roles("user")
    plan["permissions"] = []
    for one in plan["operations"]:
        one["roles"] = []
    return plan


def _nothing() -> Plan:
    return _bare([], [HEALTH])


_PLANS: Final[dict[str, Callable[[], Plan]]] = {
    "one table of items": _item, "a zoo": _zoo, "an open zoo": _open_zoo, "names and no more": _names_only,
    "nothing at all": _nothing,
}  # fmt: skip
_DAMAGED: Final[dict[str, Callable[[Subject], Subject]]] = {
    "no document": lambda good: with_file(good, "openapi.yaml", b""),
    "a document that is none": lambda good: with_file(good, "openapi.yaml", b"- 1\n"),
    "a broken migration": lambda good: with_file(good, "migrations/0001_initial.sql", b"CREATE TABEL a (id int);"),
    "an empty migration": lambda good: with_file(good, "migrations/0001_initial.sql", b"SELECT 1;\n"),
    "no files": lambda good: Subject(artefacts=(), blueprint=good.blueprint, brief=good.brief),
}
UNFIT: Final = (
    *(f"crossed: {one.name} under {other.name}" for one in BASES for other in BASES if one is not other),
    *_PLANS, *_DAMAGED,
)  # fmt: skip
"""Names of designs none of which may have more than 60."""
