"""Who may do what: doors that stand open, locks that make no difference."""

from __future__ import annotations

from tests.judge import spoil
from tests.judge.bases import Base
from tests.judge.faults.asked import _need
from tests.judge.faults.model import many
from tests.judge.plans import Plan, call, calls, field
from tests.judge.spoil import DoesNotApplyError, drop_op, ent, op


def _open(label: str) -> object:
    def plant(plan: Plan, base: Base) -> None:
        spoil.free_permissions(plan)
        op(plan, getattr(base, label)).update(public=True, roles=[])

    return plant


def _open_all(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    for one in plan["operations"]:
        one.update(public=True, roles=[])


def _open_reads(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    for one in plan["operations"]:
        if one["method"] == "GET":
            one.update(public=True, roles=[])


def _behind(words: str, method: str = "DELETE") -> object:
    """An open write on a new thing whose path has a word of an entrance."""

    def plant(plan: Plan, base: Base) -> None:
        path = f"/{words}" if method == "POST" else f"/{words}/{{id}}"
        kind = {"DELETE": "delete", "PATCH": "update", "POST": "create", "PUT": "update"}[method]
        plan["operations"].append(call(f"{method} {path}", kind, base.core, (), public=True))

    return plant


def _flat(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    every = [r["name"] for r in plan["roles"]]
    plan["sign_ins"] = [s | {"roles": []} for s in plan.get("sign_ins", ())]
    for one in plan["operations"]:
        if one.get("roles"):
            one["roles"] = every


def _anyone_signed_in(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    for one in plan["operations"]:
        one["roles"] = []


def _denied(plan: Plan, base: Base) -> None:
    role, entity = base.denied
    spoil.free_permissions(plan)
    for one in plan["operations"]:
        if one.get("entity") == entity and one["method"] == "GET":
            one["roles"] = [*one["roles"], role] if role not in one["roles"] else one["roles"]


def _denied_by_the_way(plan: Plan, base: Base) -> None:
    """Another path shows what the role must not read."""
    role, entity = base.denied
    spoil.free_permissions(plan)
    plan["operations"].append(call("GET /overview", "query", None, (role,), response_entity=entity, response_list=True))


def _reserved(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    op(plan, base.reserved[1])["roles"] = [r["name"] for r in plan["roles"]]


def _reserved_to_another(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    op(plan, base.reserved[1])["roles"] = [next(r["name"] for r in plan["roles"] if r["name"] != base.reserved[0])]


def _idle_role(plan: Plan, base: Base) -> None:
    plan["roles"].append({"name": "auditor", "description": "Looks at everything."})


def _unsigned(plan: Plan, base: Base) -> None:
    _need(base.hook)
    op(plan, base.hook)["signed"] = False


def _new_unsigned(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("POST /hooks/incoming", "action", None, (), public=True, request=[field("payload json")])
    )


def _tenant_by_query(plan: Plan, base: Base) -> None:
    _need(base.tenant)
    op(plan, base.list)["parameters"] = [field("tenant_id uuid")]


def _tenant_named(plan: Plan, base: Base) -> None:
    _need(base.tenant)
    op(plan, base.list)["parameters"] = [field(f"{base.tenant.lower()}_id uuid?")]


def _tenant_in_body(plan: Plan, base: Base) -> None:
    _need(base.tenant)
    label = op(plan, base.create)
    label["request"] = [*ent(plan, label["entity"])["fields"], field(f"{base.tenant.lower()}_id uuid")]


def _far(minutes: int) -> object:
    def plant(plan: Plan, base: Base) -> None:
        plan["auth"]["token_minutes"] = minutes
        for way in plan.get("sign_ins", ()):
            way["token_minutes"] = minutes

    return plant


def _limit(number: int) -> object:
    def plant(plan: Plan, base: Base) -> None:
        plan["auth"]["rate_limit_per_minute"] = number

    return plant


def _delete_all(plan: Plan, base: Base) -> None:
    name = base.core
    path = op(plan, next(x for x in spoil.labels(plan) if x.startswith("GET") and op(plan, x).get("entity") == name))
    plan["operations"].append(
        call(f"DELETE {path['path'].replace('/{id}', '')}", "action", name, [r["name"] for r in plan["roles"]])
    )


def _person_open(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("GET /directory", "query", None, (), public=True, response_entity=base.person, response_list=True)
    )


def _person_search_open(plan: Plan, base: Base) -> None:
    plan["operations"].append(
        call("GET /lookup", "query", None, (), public=True, parameters=[field("email email")],
             response=[field("full_name string"), field("phone string")])
    )  # fmt: skip


def _own_writes(plan: Plan, base: Base) -> None:
    """What is one's own to read is everybody's to change."""
    if not base.owned:
        raise DoesNotApplyError
    every = [r["name"] for r in plan["roles"]]
    plan["operations"] += calls(base.owned, f"/{ent(plan, base.owned)['plural']}", every, "update delete")


def _no_role_on_delete(plan: Plan, base: Base) -> None:
    spoil.free_permissions(plan)
    op(plan, base.delete)["roles"] = []


def _health_closed(plan: Plan, base: Base) -> None:
    op(plan, "GET /health").update(public=False, roles=[plan["roles"][0]["name"]])


def _health_gone(plan: Plan, base: Base) -> None:
    drop_op(plan, "GET /health")


DOORS = many(
    "design",
    ("a list of people is open to the world", _open("person_list"), "security.personal_closed security.nothing_opened"),
    ("one person is open to the world", _open("person_read"), "security.personal_closed security.nothing_opened"),
    ("a list of people hides behind a new open path", _person_open, "security.personal_closed security.nothing_opened"),
    ("an open search finds people", _person_search_open, "security.personal_closed security.nothing_opened"),
    ("a creation is open to the world", _open("create"), "security.no_anonymous_writes"),
    ("a change is open to the world", _open("update"), "security.no_anonymous_writes"),
    ("a deletion is open to the world", _open("delete"), "security.no_anonymous_writes"),
    ("an action is open to the world", _open("asked"), "security.no_anonymous_writes"),
    ("a job is open to the world", _open("job"), "security.no_anonymous_writes"),
    ("everything is open to the world", _open_all, "security.no_anonymous_writes"),
    ("all reads are open to the world", _open_reads, "security.personal_closed"),
    ("an open deletion behind the word invitations", _behind("invitations"), "security.no_anonymous_writes"),
    ("an open deletion behind the word sessions", _behind("registrations"), "security.no_anonymous_writes"),
    ("an open change behind the word tokens", _behind("tokens", "PATCH"), "security.no_anonymous_writes"),
    ("an open change behind the word contacts", _behind("contacts", "PUT"), "security.no_anonymous_writes"),
    (
        "an open creation behind the word verifications",
        _behind("verified-payouts", "POST"),
        "security.no_anonymous_writes",
    ),
    ("every role may do everything", _flat, "security.roles_differ security.denials_kept"),
    ("anybody signed in may do everything", _anyone_signed_in, "security.roles_asked security.denials_kept"),
    ("a denial is not kept", _denied, "security.denials_kept"),
    ("a denial is got round by another path", _denied_by_the_way, "security.denials_kept"),
    ("what one role alone may do, all may", _reserved, "security.denials_kept"),
    ("what one role alone may do, another may", _reserved_to_another, "security.denials_kept security.said_kept"),
    ("a deletion is anybody's who is signed in", _no_role_on_delete, "security.objects_guarded security.denials_kept"),
    ("a role opens nothing", _idle_role, "security.roles_used"),
    ("a webhook is not signed", _unsigned, "security.webhooks_signed"),
    ("a new webhook is not signed", _new_unsigned, "security.webhooks_signed"),
    ("the caller chooses the tenant by a parameter", _tenant_by_query, "security.tenant_from_token"),
    ("the caller chooses the tenant by its name", _tenant_named, "security.tenant_from_token"),
    ("the caller writes the tenant in a body", _tenant_in_body, "security.tenant_from_token"),
    ("tokens live a day", _far(1440), "security.tokens_short"),
    ("tokens live eight hours", _far(480), "security.tokens_short"),
    (
        "a million calls a minute are let through",
        _limit(1_000_000),
        "security.limits_meant security.said_kept performance.*",
    ),
    ("sixty thousand calls a minute are let through", _limit(60_000), "security.limits_meant"),
    ("one call deletes all rows", _delete_all, "security.deletions_single security.denials_kept"),
    ("what is one's own is everybody's to change", _own_writes, "security.own_kept"),
    ("the health endpoint asks for credentials", _health_closed, "service.health_readable"),
    ("there is no health endpoint", _health_gone, "service.health_readable"),
)  # type: ignore[arg-type]
"""Who may."""
