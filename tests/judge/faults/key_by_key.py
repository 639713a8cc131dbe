"""Faults of keys that no other fault spoils: what `tests.judge.keys` finds left is planted here, or has a reason there."""

from __future__ import annotations

from typing import Final

from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.fourth import _CREPT, _HIDDEN
from tests.judge.faults.model import Fault, many
from tests.judge.plans import Plan, field
from tests.judge.spoil import DoesNotApplyError, ent, fld, op, rel, retype

_BESIDE: Final = {"clinic": ("Treatment", "minutes"), "depot": ("Hub", "capacity"), "academy": ("Course", "seats")}
"""What many rows have alike."""

_OTHER: Final = {"clinic": "Treatment", "depot": "Route", "academy": "Lesson"}
_STATES: Final = {"clinic": "state = 'open'", "depot": "capacity > 0", "academy": "amount > 0"}


def _long_words(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["min_length"] = 60


def _unread(plan: Plan, base: Base) -> None:
    fld(plan, *base.text)["write_only"] = True


def _list_of_numbers(plan: Plan, base: Base) -> None:
    retype(plan, *base.text, "array", items="integer")


def _counted_up(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["identity"] = "bigint"


def _keyed_by_name(plan: Plan, base: Base) -> None:
    name, text = base.text
    ent(plan, name)["key"] = [text]


def _tenant_unnamed(plan: Plan, base: Base) -> None:
    _need(base.tenant)
    ent(plan, "Clinic")["tenant_scoped"] = True
    plan["tenant"] = ""


def _secret_within(plan: Plan, base: Base) -> None:
    inner = {"name": "keys", "type": "object", "fields": [{"name": "client_secret", "type": "string"}]}
    op(plan, base.read)["response"] = [field("id uuid"), {"name": "account", "type": "object", "fields": [inner]}]


def _once_by_index(plan: Plan, base: Base) -> None:
    name, column = _BESIDE[base.name]
    ent(plan, name).setdefault("indexes", []).append({"fields": [column], "unique": True})


def _unique_among_some(plan: Plan, base: Base) -> None:
    name, alone = base.unique
    fld(plan, name, alone).pop("unique")
    plan.setdefault("rules", []).append(
        {"entity": name, "kind": "unique", "fields": [alone], "condition": _STATES[base.name]}
    )


def _other_way(plan: Plan, base: Base) -> None:
    found = next(i for i in plan["integrations"] if i["service"] == base.service)
    found["direction"] = "inbound"


def _hidden_found(plan: Plan, base: Base) -> None:
    op(plan, base.person_list)["search"] = [_HIDDEN[base.name]]


def _born_between(plan: Plan, base: Base) -> None:
    days = {"clinic": "born_on", "academy": "birthday"}
    _need(base.name in days)
    op(plan, base.person_list)["ranges"] = [days[base.name]]


def _other_body(plan: Plan, base: Base) -> None:
    op(plan, base.create)["request_entity"] = _OTHER[base.name]


def _many_bodies(plan: Plan, base: Base) -> None:
    op(plan, base.create)["request_list"] = True


def _shut_way(plan: Plan, base: Base) -> None:
    """An operation takes only a way to sign in that none of its roles has."""
    label, _ = _CREPT[base.name]
    found = op(plan, label)
    every = [r["name"] for r in plan["roles"]]
    factor, scheme = plan["auth"].get("multi_factor", False), plan["auth"]["scheme"]
    if not plan.get("sign_ins"):
        others = [r for r in every if r not in found["roles"]]
        plan["sign_ins"] = [
            {"name": "first", "scheme": scheme, "multi_factor": factor, "roles": found["roles"]},
            {"name": "second", "scheme": scheme, "multi_factor": factor, "roles": others},
        ]
    ways = [way["name"] for way in plan["sign_ins"] if not set(way["roles"]) & set(found["roles"])]
    found["sign_ins"] = ways[:1]


def _refused_by_call(plan: Plan, base: Base) -> None:
    """Who was let call an asked operation is refused it by a rule of its own."""
    found = op(plan, base.asked)
    _need(len(found["roles"]) > 1)
    for role in found["roles"][:-1]:
        plan["permissions"].append({"role": role, "verbs": ["any"], "allowed": False, "operation": found["id"]})


def _on_condition(plan: Plan, base: Base) -> None:
    role, name = base.denied
    found = next(p for p in plan["permissions"] if (p["role"], p.get("entity")) == (role, name))
    found["condition"] = "unless a colleague is ill"
    for one in plan["operations"]:
        if one.get("entity") == name and one["method"] == "GET":
            one["roles"] = [*one["roles"], role]


def _column_renamed(plan: Plan, base: Base) -> None:
    _need(base.name != "academy")  # nobody said there what the columns are called
    rel(plan, *base.relation)["columns"] = ["belongs_to"]


def _of_one_thing(plan: Plan, base: Base) -> None:
    next(b for b in plan["budgets"] if b["metric"] == base.budget)["entity"] = base.core


def _forged(plan: Plan, base: Base) -> None:
    """What another service tells comes in by what staff call."""
    if not base.hook:
        raise DoesNotApplyError
    next(e for e in plan["events"] if e["kind"] == "webhook_in")["operation"] = op(plan, base.asked)["id"]


def _engine(plan: Plan, base: Base) -> None:
    plan["stack"]["search"] = "Elasticsearch"


def _vault(plan: Plan, base: Base) -> None:
    plan["stack"]["storage"] = "Hadoop"


def _called_assumed(plan: Plan, base: Base) -> None:
    ent(plan, base.core)["assumed"] = True


def _role_assumed(plan: Plan, base: Base) -> None:
    next(r for r in plan["roles"] if r["name"] == base.role)["assumed"] = True


def _service_assumed(plan: Plan, base: Base) -> None:
    next(i for i in plan["integrations"] if i["service"] == base.service)["assumed"] = True


def _stack_assumed(plan: Plan, base: Base) -> None:
    plan["stack"]["assumed_parts"] = ["language", "database"]


def _made_again(plan: Plan, base: Base) -> None:
    plan["services"] = {**plan["services"], "migration_strategy": "Tables are dropped and made again at each release."}


def _ftp(plan: Plan, base: Base) -> None:
    plan["services"] = {**plan["services"], "communication": "Services talk by plain HTTP, without authentication."}


def _plain_ftp(plan: Plan, base: Base) -> None:
    plan["integrations"][0]["method"] = "FTP without TLS"


# fmt: off
KEY_BY_KEY: tuple[Fault, ...] = many(
    "design",
    ("a title needs sixty characters", _long_words, "api.inputs_bounded"),
    ("what was told can never be read", _unread, "api.said_kept api.writes_meant"),
    ("a text is kept as a list of numbers", _list_of_numbers, "database.said_kept"),
    ("keys are counted up, where random ones were said", _counted_up, "database.said_kept"),
    ("a name is the key, where another was said", _keyed_by_name, "database.said_kept"),
    ("the tenant belongs to itself", _tenant_unnamed, "security.* database.said_kept"),
    ("a secret stands within a part of an answer", _secret_within, "api.secrets_kept"),
    ("what many have alike may occur once by an index", _once_by_index, "database.unique_meant"),
    ("what must be unique is so among some only", _unique_among_some, "database.said_kept"),
    ("a service is to call us instead of being called", _other_way, "service.integrations_asked"),
    ("a list is searched by what it hides", _hidden_found, "security.personal_unlisted"),
    ("a list is cut by what it hides", _born_between, "security.personal_unlisted security.personal_unlogged"),
    ("a creation takes another thing", _other_body, "database.document_matches api.paths_meant"),
    ("a creation takes many and answers with one", _many_bodies, "api.paths_meant database.document_matches"),
    ("an operation takes a way in that its roles have not", _shut_way,
     "security.roles_useful security.roles_used security.schemes_asked"),
    ("who may call an operation is refused it beside", _refused_by_call, "security.roles_useful security.said_kept"),
    ("a denial holds on a condition only", _on_condition, "security.denials_kept"),
    ("a key's column is called otherwise than said", _column_renamed, "database.said_kept"),
    ("a number said of all is held of one thing", _of_one_thing, "performance.budgets_carried"),
    ("what another service tells comes in unsigned", _forged, "security.webhooks_signed"),
    ("a search engine from nowhere", _engine, "service.parts_asked"),
    ("a store of files from nowhere", _vault, "service.parts_asked"),
    ("a said thing is called assumed", _called_assumed, "service.parts_asked"),
    ("a said role is called assumed", _role_assumed, "service.parts_asked"),
    ("a said service is called assumed", _service_assumed, "service.parts_asked"),
    ("a said part of the stack is called assumed", _stack_assumed, "service.parts_asked"),
    ("tables are made again at each release", _made_again, "service.consistency_denied"),
    ("services talk in the clear", _ftp, "security.encryption_denied"),
    ("an outside service is called in the clear", _plain_ftp, "security.encryption_denied"),
)
# fmt: on
"""One for each key that can be wrong and that nobody had thought of."""
