"""Designs that contradict themselves or mean nothing: shapes, names, things from nowhere."""

from __future__ import annotations

from tests.judge import spoil
from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, call, calls, entity, fields, relation
from tests.judge.spoil import ent, fld, op, rel


def _crossed(plan: Plan, base: Base) -> None:
    """A DELETE that makes and a POST that removes, beside what was asked."""
    make, drop = op(plan, base.create), op(plan, base.delete)
    make["kind"], drop["kind"] = "delete", "create"
    make.pop("idempotent", None)


def _get_changes(plan: Plan, base: Base) -> None:
    found = op(plan, base.read)
    found["kind"] = "delete"


def _post_lists(plan: Plan, base: Base) -> None:
    found = op(plan, base.create)
    found.update(kind="list", paginated=True)
    found.pop("idempotent", None)


def _wrong_entity(which: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        found = op(plan, getattr(base, which))
        found["entity"] = next(
            e["name"] for e in plan["entities"] if e["name"] not in (found["entity"], base.owned, base.tenant)
        )
        for part in ("filters", "ranges", "sort", "search"):
            found.pop(part, None)

    return plant


def _repeat_gone(plan: Plan, base: Base) -> None:
    for one in plan["operations"]:
        one["idempotent"] = False


def _one_repeat_gone(plan: Plan, base: Base) -> None:
    op(plan, base.create)["idempotent"] = False


def _long(words: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        plan["operations"].append(call(f"POST /{words}", "action", base.core, (plan["roles"][0]["name"],)))

    return plant


def _mute(plan: Plan, base: Base) -> None:
    for one in plan["operations"]:
        if one["kind"] == "action" and not one.get("asynchronous") and not one.get("signed"):
            one["entity"] = None


def _no_version(plan: Plan, base: Base) -> None:
    plan["base_path"] = "/api"


def _required_all(plan: Plan, base: Base) -> None:
    for one in plan["entities"]:
        for field in one["fields"]:
            field["required"] = True


def _later_required(plan: Plan, base: Base) -> None:
    fld(plan, *base.later)["required"] = True


def _json(plan: Plan, base: Base) -> None:
    for one in plan["entities"]:
        for field in list(one["fields"]):
            spoil.drop_field(plan, one["name"], field["name"])
        one["fields"] = [{"name": "data", "type": "json"}]


def _one_json(plan: Plan, base: Base) -> None:
    for field in list(ent(plan, base.core)["fields"]):
        spoil.drop_field(plan, base.core, field["name"])
    ent(plan, base.core)["fields"] = [{"name": "payload", "type": "json"}]


def _nonsense(plan: Plan, base: Base) -> None:
    for one in plan["entities"]:
        for number, field in enumerate(list(one["fields"])):
            spoil.drop_field(plan, one["name"], field["name"])
            one["fields"].append({"name": ("f1", "f2", "xx", "qqq", "zzz", "aa", "b2", "c3")[number % 8] if number < 8
                                  else f"f{number}", "type": field["type"], "values": field.get("values", ())})  # fmt: skip


def _nonsense_more(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("f1 string?; f2 string?; xx string?; qqq string?; tmp3 string?")


def _synonyms(plan: Plan, base: Base) -> None:
    lines = "full_name string sensitive; email email sensitive"
    made = ("Client", "Customer", "Person", "Individual", "Contact", "Human", "Account", "Party", "Member")
    for name in made:
        plan["entities"].append(entity(name, f"{name.lower()}_rows", lines))
        plan["operations"] += calls(name, f"/{name.lower()}-rows", (plan["roles"][0]["name"],), "list create")


def _two_tables(plan: Plan, base: Base) -> None:
    """The same thing twice under another name."""
    copy = ent(plan, base.core)["fields"]
    plan["entities"].append(
        entity(
            "Duplicate",
            "duplicates",
            "",
        )
        | {"fields": [dict(f) for f in copy]}
    )
    plan["operations"] += calls("Duplicate", "/duplicates", (plan["roles"][0]["name"],), "list create")


def _zoo(plan: Plan, base: Base) -> None:
    for name, lines in (("Animal", "name string; species string"), ("Feeding", "fed_at timestamp; food string"),
                        ("Cage", "label string; size integer")):  # fmt: skip
        plan["entities"].append(entity(name, f"{name.lower()}s", lines))
        plan["operations"] += calls(name, f"/{name.lower()}s", (plan["roles"][0]["name"],))
    plan["relations"] += [relation("Feeding.animal -> Animal"), relation("Animal.cage -> Cage")]


def _mostly_else(plan: Plan, base: Base) -> None:
    """As many things again, and more, that nobody said."""
    for number in range(len(plan["entities"]) + 3):
        name = f"Gadget{'abcdefghijklmno'[number].upper()}"
        plan["entities"].append(entity(name, f"{name.lower()}s", "label string; weight integer"))
        plan["operations"] += calls(name, f"/{name.lower()}s", (plan["roles"][0]["name"],), "list create")


def _extra_table(plan: Plan, base: Base) -> None:
    plan["entities"].append(entity("Spaceship", "spaceships", "name string; fuel integer"))
    plan["operations"] += calls("Spaceship", "/spaceships", (plan["roles"][0]["name"],))


def _extra_operations(plan: Plan, base: Base) -> None:
    for word in ("purge", "obliterate", "teleport", "broadcast"):
        plan["operations"].append(call(f"POST /{word}", "action", base.core, (plan["roles"][0]["name"],)))


def _extra_roles(plan: Plan, base: Base) -> None:
    for name in ("wizard", "overlord", "astronaut"):
        plan["roles"].append({"name": name, "description": "May do everything."})
    for one in plan["operations"]:
        if one.get("roles"):
            one["roles"] = [*one["roles"], "wizard", "overlord", "astronaut"]


def _unserved(plan: Plan, base: Base) -> None:
    plan["entities"].append(entity("Attic", "attics", "note string"))


def _alone(plan: Plan, base: Base) -> None:
    for source in [r["source"] for r in plan["relations"] if base.core in (r["source"], r["target"])]:
        for one in [r for r in plan["relations"] if r["source"] == source and base.core in (r["source"], r["target"])]:
            spoil.drop_relation(plan, one["source"], one["name"])


def _unit_less(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("price integer?; discount float?; fee float?")


def _value_due(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("value_due float?; amount_owed float?")


def _text_times(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("opened_at string?; closes_on string?")


def _text_flags(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("is_active string?; has_parking string?")


def _text_numbers(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["fields"] += fields("quantity string?; total_amount string?")


def _cycle(plan: Plan, base: Base) -> None:
    found = rel(plan, *base.relation)
    plan["relations"].append(
        relation(f"{found['target']}.main_{found['source'].lower()} -> {found['source']}") | {"required": True}
    )


def _path_words(plan: Plan, base: Base) -> None:
    plan["operations"].append(call("POST /getAllThings", "query", base.core, (plan["roles"][0]["name"],)))


def _double(plan: Plan, base: Base) -> None:
    """Two operations do the same under two paths."""
    found = op(plan, base.create)
    plan["operations"].append(found | {"id": "create_again", "path": f"{found['path']}-v2"})


def _tenant_self(plan: Plan, base: Base) -> None:
    _need(base.scoped)
    plan["entities"].append(entity("Note", "notes", "body text"))
    plan["relations"].append(relation(f"Note.subject -> {base.scoped}"))
    plan["operations"] += calls("Note", "/notes", (plan["roles"][0]["name"],), "list create")


SHAPE: tuple[Fault, ...] = many(
    "design",
    ("methods and kinds are crossed", _crossed, "api.methods_meant"),
    ("a GET deletes", _get_changes, "api.methods_meant"),
    ("a POST lists", _post_lists, "api.methods_meant"),
    ("a list shows another entity", _wrong_entity("list"), "api.paths_meant"),
    ("a read shows another entity", _wrong_entity("read"), "api.paths_meant"),
    ("a creation makes another entity", _wrong_entity("create"), "api.paths_meant"),
    ("no creation can be repeated safely", _repeat_gone, "service.creates_repeatable"),
    ("one creation cannot be repeated safely", _one_repeat_gone, "service.creates_repeatable"),
    ("callers wait for a closing of the year", _long("books/year-end-closing"), "performance.long_work_accepted"),
    ("callers wait for a recalculation", _long("prices/recalculate-all"), "performance.long_work_accepted"),
    ("callers wait for a bulk import", _long("catalogue/bulk-upload"), "performance.long_work_accepted"),
    ("callers wait for a backup", _long("backups"), "performance.long_work_accepted"),
    ("callers wait for a report", _long("reports/annual"), "performance.long_work_accepted"),
    ("actions give nothing", _mute, "api.actions_tell"),
    ("the base path has no version", _no_version, "api.versioned"),
    ("every field is required", _required_all, "database.later_optional database.said_kept"),
    ("what happens later is required", _later_required, "database.later_optional database.said_kept"),
    ("every table is one JSON column", _json, "database.columns_meant"),
    ("one table is one JSON column", _one_json, "database.columns_meant"),
    ("names are nonsense", _nonsense, "database.names_meant"),
    ("some more names are nonsense", _nonsense_more, "database.names_meant"),
    ("nine tables for one thing", _synonyms, "database.tables_distinct service.parts_asked"),
    ("one table is there twice", _two_tables, "database.tables_distinct service.parts_asked"),
    ("a zoo is built beside", _zoo, "service.parts_asked"),
    ("most of it nobody said", _mostly_else, "service.mostly_asked"),
    ("a table from nowhere", _extra_table, "service.parts_asked"),
    ("operations from nowhere", _extra_operations, "service.parts_asked"),
    ("roles from nowhere", _extra_roles, "service.parts_asked"),
    ("an entity that nothing serves", _unserved, "service.entities_reachable"),
    ("an entity stands alone", _alone, "database.said_kept database.tables_joined"),
    ("amounts without unit or as floats", _unit_less, "database.money_exact"),
    ("amounts as floats under other names", _value_due, "database.money_exact"),
    ("times are text", _text_times, "database.times_typed"),
    ("truth values are text", _text_flags, "database.columns_typed"),
    ("quantities are text", _text_numbers, "database.columns_typed database.money_exact"),
    ("two tables need each other first", _cycle, "database.rows_possible"),
    ("a path is a call of a procedure", _path_words, "api.paths_meant api.methods_meant"),
    ("two operations do the same", _double, "api.paths_meant service.parts_asked"),
    ("a table of a tenant's rows is not the tenant's", _tenant_self, "security.tenants_scoped"),
)  # type: ignore[arg-type]
"""What contradicts itself."""
