"""What people asked for is missing, or otherwise than they said."""

from __future__ import annotations

from tests.judge import spoil
from tests.judge.bases import Base
from tests.judge.faults.model import many
from tests.judge.plans import Plan, relation
from tests.judge.spoil import DoesNotApplyError, drop_entity, drop_field, drop_op, drop_relation, ent, fld, op, rel


def _need(value: object) -> None:
    if not value or value in (("", ""), ("", "", "")):
        raise DoesNotApplyError


def _moved(plan: Plan, base: Base) -> None:
    call = op(plan, base.asked)
    call["path"] = call["path"].replace("{id}", "{id}/new")


def _method(plan: Plan, base: Base) -> None:
    op(plan, base.update)["method"] = "PUT"


def _all_of(plan: Plan, base: Base) -> None:
    for label in [f"{o['method']} {o['path']}" for o in plan["operations"] if o.get("entity") == base.core]:
        drop_op(plan, label)


def _reads_only(plan: Plan, base: Base) -> None:
    for label in spoil.labels(plan):
        if not label.startswith("GET"):
            drop_op(plan, label)


def _half(plan: Plan, base: Base) -> None:
    for label in spoil.labels(plan)[::2]:
        drop_op(plan, label)


def _reverse(plan: Plan, base: Base) -> None:
    found = rel(plan, *base.relation)
    drop_relation(plan, *base.relation)
    plan["relations"].append(relation(f"{found['target']}.{found['source'].lower()} -> {found['source']}?"))


def _reverse_all(plan: Plan, base: Base) -> None:
    old = [r for r in plan["relations"] if r.get("cardinality") != "many_to_many" and r["target"] != base.tenant]
    for one in old:
        drop_relation(plan, one["source"], one["name"])
        plan["relations"].append(relation(f"{one['target']}.{one['source'].lower()} -> {one['source']}?"))


def _no_relations(plan: Plan, base: Base) -> None:
    for one in list(plan["relations"]):
        drop_relation(plan, one["source"], one["name"])


def _once(plan: Plan, base: Base) -> None:
    _need(base.many)
    found = rel(plan, *base.many)
    found["cardinality"] = "many_to_one"


def _one_to_one(plan: Plan, base: Base) -> None:
    rel(plan, *base.relation)["cardinality"] = "one_to_one"


def _elsewhere(plan: Plan, base: Base) -> None:
    found = rel(plan, *base.relation)
    found["target"] = next(
        e["name"] for e in plan["entities"]
        if e["name"] not in (found["target"], found["source"], base.tenant)
    )  # fmt: skip


def _loose(plan: Plan, base: Base) -> None:
    rel(plan, *base.relation)["required"] = False


def _cascades(plan: Plan, base: Base) -> None:
    rel(plan, *base.strict)["on_delete"] = "cascade"


def _free_state(plan: Plan, base: Base) -> None:
    spoil.retype(plan, base.state[0], base.state[1], "string")


def _free_choice(plan: Plan, base: Base) -> None:
    _need(base.choice)
    spoil.retype(plan, base.choice[0], base.choice[1], "string")


def _member_gone(plan: Plan, base: Base) -> None:
    _need(base.choice)
    found = fld(plan, *base.choice[:2])
    found["values"] = [v for v in found["values"] if v != base.choice[2]]


def _member_more(plan: Plan, base: Base) -> None:
    _need(base.choice)
    fld(plan, *base.choice[:2])["values"].append("whatever")


def _state_gone(plan: Plan, base: Base) -> None:
    name, field, member = base.state
    found = fld(plan, name, field)
    found["values"] = [v for v in found["values"] if v != member]
    for machine in plan["state_machines"]:
        machine["transitions"] = [t for t in machine["transitions"] if member not in (t["target"], *t["sources"])]


def _unguarded(plan: Plan, base: Base) -> None:
    plan["state_machines"] = []


def _any_to_any(plan: Plan, base: Base) -> None:
    machine = plan["state_machines"][0]
    values = fld(plan, machine["entity"], machine["field"])["values"]
    machine["transitions"] = [{"sources": [a], "target": b} for a in values for b in values if a != b]


def _fields_gone(plan: Plan, base: Base) -> None:
    name, gone = base.fields
    for field in gone:
        drop_field(plan, name, field)


def _field_gone(plan: Plan, base: Base) -> None:
    drop_field(plan, *base.text)


def _renamed(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["name"] = "zz_label"


def _shells(plan: Plan, base: Base) -> None:
    for one in plan["entities"]:
        for field in list(one["fields"]):
            drop_field(plan, one["name"], field["name"])
        one["fields"] = [{"name": "name", "type": "string"}]


def _optional(plan: Plan, base: Base) -> None:
    _need(base.compare != "Lesson")  # nobody said there what is required
    fld(plan, *base.text)["required"] = False


def _twice(plan: Plan, base: Base) -> None:
    fld(plan, *base.unique).pop("unique")


def _as(kind: str, which: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        spoil.retype(plan, *getattr(base, which), kind)

    return plant


def _rule_gone(plan: Plan, base: Base) -> None:
    _need(base.compare)
    plan["rules"] = []


def _rule_turned(plan: Plan, base: Base) -> None:
    _need(base.compare)
    plan["rules"][0]["expression"] = "starts_at > ends_at"


def _role_gone(plan: Plan, base: Base) -> None:
    spoil.rename_role(plan, base.role, "")


def _role_renamed(plan: Plan, base: Base) -> None:
    spoil.rename_role(plan, base.role, "member")


def _role_idle(plan: Plan, base: Base) -> None:
    for one in plan["operations"]:
        one["roles"] = [r for r in one.get("roles", ()) if r != base.role]


def _role_narrow(plan: Plan, base: Base) -> None:
    keep = next(o for o in plan["operations"] if base.role in o.get("roles", ()) and o["kind"] == "list")
    for one in plan["operations"]:
        if one is not keep:
            one["roles"] = [r for r in one.get("roles", ()) if r != base.role]


def _scheme(plan: Plan, base: Base) -> None:
    plan["auth"]["scheme"] = "basic"
    plan["auth"]["multi_factor"] = False
    plan["sign_ins"] = []


def _one_way_gone(plan: Plan, base: Base) -> None:
    _need(plan.get("sign_ins"))
    plan["sign_ins"] = plan["sign_ins"][1:]


def _no_mfa(plan: Plan, base: Base) -> None:
    _need(plan["auth"].get("multi_factor"))
    plan["auth"]["multi_factor"] = False


def _no_sign_in(plan: Plan, base: Base) -> None:
    plan["auth"]["scheme"] = "none"
    plan["sign_ins"] = []


def _service_gone(plan: Plan, base: Base) -> None:
    plan["integrations"] = [i for i in plan["integrations"] if i["service"] != base.service]


def _service_other(plan: Plan, base: Base) -> None:
    next(i for i in plan["integrations"] if i["service"] == base.service)["service"] = "Acme Relay"


def _budget(change: object) -> object:
    def plant(plan: Plan, base: Base) -> None:
        found = next(b for b in plan["budgets"] if b["metric"] == base.budget)
        change(found, plan)  # type: ignore[operator]

    return plant


def _units(found: Plan, plan: Plan) -> None:
    for one in plan["budgets"]:
        one["unit"] = "parsecs" if one["metric"].startswith("latency") else "bananas"


def _event_gone(plan: Plan, base: Base) -> None:
    _need(base.event)
    plan["events"] = [e for e in plan["events"] if e["name"] != base.event]


def _event_and_entity_gone(plan: Plan, base: Base) -> None:
    _need(base.event)
    drop_entity(plan, base.leaf)


def _stack(part: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        named = plan["stack"].get(part)
        _need(named and any(named.split()[0] in text for text in base.said.values()))
        plan["stack"][part] = {"language": "COBOL", "framework": "Struts", "database": "MongoDB"}.get(part, "Nothing")

    return plant


def _filters_gone(plan: Plan, base: Base) -> None:
    _need(base.filtered)
    op(plan, base.filtered).pop("filters", None)
    op(plan, base.filtered)["parameters"] = []


def _waits(plan: Plan, base: Base) -> None:
    op(plan, base.job)["asynchronous"] = False


def _closed(plan: Plan, base: Base) -> None:
    _need(base.public)
    op(plan, base.public).update(public=False, roles=[plan["roles"][0]["name"]])


def _unscoped(plan: Plan, base: Base) -> None:
    _need(base.scoped)
    ent(plan, base.scoped)["tenant_scoped"] = False


def _unscoped_but_one(plan: Plan, base: Base) -> None:
    _need(base.scoped)
    for one in plan["entities"]:
        one["tenant_scoped"] = one["name"] == base.leaf


def _no_tenants(plan: Plan, base: Base) -> None:
    _need(base.scoped)
    for one in plan["entities"]:
        one["tenant_scoped"] = False


def _not_own(plan: Plan, base: Base) -> None:
    _need(base.owned)
    ent(plan, base.owned).pop("owner")
    plan["permissions"] = [p for p in plan["permissions"] if not p.get("own")]


ASKED = many(
    "design",
    ("an asked operation is missing", lambda p, b: drop_op(p, b.asked), "api.answers_covered"),
    ("an asked read is missing", lambda p, b: drop_op(p, b.read), "api.answers_covered"),
    ("an asked deletion is missing", lambda p, b: drop_op(p, b.delete), "api.answers_covered"),
    ("an asked list is missing", lambda p, b: drop_op(p, b.list), "api.answers_covered"),
    ("an asked creation is missing", lambda p, b: drop_op(p, b.create), "api.answers_covered"),
    ("the asked work in the background is missing", lambda p, b: drop_op(p, b.job), "api.answers_covered"),
    ("an asked operation is at another path", _moved, "api.answers_covered"),
    ("an asked operation has another method", _method, "api.answers_covered"),
    ("all operations of an entity are missing", _all_of, "api.answers_covered service.entities_reachable"),
    ("nothing can be written", _reads_only, "api.answers_covered"),
    ("half of the operations are missing", _half, "api.answers_covered"),
    (
        "an asked entity is missing",
        lambda p, b: drop_entity(p, b.core),
        "database.entities_stored api.entities_covered",
    ),
    (
        "an asked entity without dependants is missing",
        lambda p, b: drop_entity(p, b.leaf),
        "database.entities_stored api.entities_covered",
    ),
    ("an asked relation is missing", lambda p, b: drop_relation(p, *b.relation), "database.said_kept"),
    ("no relation is there", _no_relations, "database.said_kept database.tables_joined"),
    ("a relation points the other way", _reverse, "database.said_kept"),
    ("all relations point the other way", _reverse_all, "database.said_kept"),
    ("many to many became many to one", _once, "database.said_kept"),
    ("many to one became one to one", _one_to_one, "database.relations_meant"),
    ("a relation points at another entity", _elsewhere, "database.said_kept"),
    ("a required relation may be empty", _loose, "database.said_kept"),
    ("a relation cascades, where it was to restrict", _cascades, "database.said_kept database.records_survive"),
    ("the states became free text", _free_state, "database.said_kept"),
    ("a choice became free text", _free_choice, "database.said_kept"),
    ("a member of a choice is missing", _member_gone, "database.said_kept"),
    ("a choice has a member that nobody said", _member_more, "database.said_kept"),
    ("a state is missing", _state_gone, "database.said_kept"),
    ("changes of state are not guarded", _unguarded, "database.said_kept"),
    ("every change of state is allowed", _any_to_any, "database.states_meant"),
    ("asked fields are missing", _fields_gone, "database.said_kept"),
    ("one asked field is missing", _field_gone, "database.said_kept"),
    ("a field is called otherwise", _renamed, "database.said_kept"),
    ("every entity is only a name", _shells, "database.said_kept"),
    ("a required field may be empty", _optional, "database.said_kept"),
    ("what must be unique may occur twice", _twice, "database.said_kept"),
    ("a time is kept as text", _as("string", "time"), "database.said_kept database.times_typed"),
    ("a number is kept as text", _as("string", "whole"), "database.said_kept"),
    ("an amount is kept as text", _as("string", "money"), "database.said_kept database.money_exact"),
    ("a truth value is kept as text", _as("string", "truth"), "database.said_kept"),
    ("an amount is kept as a whole number", _as("integer", "money"), "database.said_kept database.money_exact"),
    ("an amount is kept as a float", _as("float", "money"), "database.said_kept database.money_exact"),
    ("a text is kept as a number", _as("integer", "text"), "database.said_kept"),
    ("a time is kept as a date", _as("date", "time"), "database.said_kept"),
    ("a said rule is missing", _rule_gone, "database.said_kept"),
    ("a said rule is turned round", _rule_turned, "database.said_kept"),
    ("an asked role is missing", _role_gone, "security.roles_asked"),
    ("an asked role is called otherwise", _role_renamed, "security.roles_asked"),
    ("an asked role may do nothing", _role_idle, "security.roles_asked security.roles_used"),
    ("an asked role may do one harmless thing", _role_narrow, "security.roles_useful security.said_kept"),
    ("sign-in is by another scheme", _scheme, "security.schemes_asked"),
    ("one of the ways to sign in is missing", _one_way_gone, "security.schemes_asked"),
    ("the second factor is missing", _no_mfa, "security.schemes_asked"),
    ("nobody signs in at all", _no_sign_in, "security.schemes_asked security.schemes_defined security.*"),
    ("an asked service is missing", _service_gone, "service.integrations_asked"),
    ("another service than asked is integrated", _service_other, "service.integrations_asked"),
    (
        "a budget is ten times the said one",
        _budget(lambda f, p: f.update(value=f["value"] * 10)),
        "performance.budgets_carried",
    ),
    (
        "a budget is in seconds instead of milliseconds",
        _budget(lambda f, p: f.update(unit="s")),
        "performance.budgets_carried",
    ),
    (
        "a budget has the wrong percentile",
        _budget(lambda f, p: f.update(metric="latency_p50")),
        "performance.budgets_carried",
    ),
    ("a budget is missing", _budget(lambda f, p: p["budgets"].remove(f)), "performance.budgets_carried"),
    ("all budgets are missing", _budget(lambda f, p: p.update(budgets=[])), "performance.budgets_carried"),
    ("units are nonsense", _budget(_units), "performance.budgets_carried performance.units_known"),
    ("an asked schedule is missing", _event_gone, "api.said_kept"),
    ("a schedule and its entity are missing", _event_and_entity_gone, "api.said_kept database.entities_stored"),
    ("another language than asked", _stack("language"), "service.stack_followed"),
    ("another framework than asked", _stack("framework"), "service.stack_followed"),
    ("another database than asked", _stack("database"), "service.stack_followed"),
    ("the asked cache is missing", _stack("cache"), "service.stack_followed"),
    ("the asked messaging is missing", _stack("messaging"), "service.stack_followed"),
    ("asked filters are missing", _filters_gone, "api.answers_covered"),
    ("callers wait for what was to run in the background", _waits, "api.said_kept performance.long_work_accepted"),
    ("what was to be open is closed", _closed, "security.said_kept"),
    ("one entity is not kept apart by tenant", _unscoped, "security.tenants_scoped"),
    ("all entities but one are not kept apart by tenant", _unscoped_but_one, "security.tenants_scoped"),
    ("no entity is kept apart by tenant", _no_tenants, "security.tenants_scoped"),
    ("what is one's own is everybody's", _not_own, "security.denials_kept security.said_kept"),
)  # type: ignore[arg-type]
"""What was asked for."""
