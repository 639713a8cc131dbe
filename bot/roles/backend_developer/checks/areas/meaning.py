"""Does the API mean what it says: methods, paths, bodies and answers?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, Stance
from bot.evidence.checks import CheckResult, judge, nothing_there
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Entity, Operation
from bot.roles.backend_developer.blueprint.rights import roles_of
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.areas.derived import said_again
from bot.roles.backend_developer.checks.areas.doors import undeclared_refusals
from bot.roles.backend_developer.checks.areas.exchanged import accepted_reads, answering_else, miscounted, unchanging
from bot.roles.backend_developer.checks.areas.forms import partial_puts, thin_reads, whole_patches
from bot.roles.backend_developer.checks.areas.left_out import left_out_unasked
from bot.roles.backend_developer.checks.areas.unasked_calls import set_past_guards, unknown_demands
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import resource, resources, spoken
from bot.roles.backend_developer.checks.names import happens_later

_FITTING: Final = {
    "list": {"GET", "HEAD"}, "read": {"GET", "HEAD"}, "query": {"GET", "HEAD", "POST", "OPTIONS"},
    "create": {"POST", "PUT"}, "update": {"PUT", "PATCH", "POST"}, "delete": {"DELETE", "POST"},
    "action": {"POST", "PUT", "PATCH", "DELETE"},
}  # fmt: skip
_REMOVING: Final = re.compile(r"/(delete|remove|erase|purge|cancel|revoke|bulk-delete)[^/]*$")
_PROCEDURE: Final = re.compile(r"/(get|fetch|delete|update|create)[A-Z]\w*|/(get|fetch)[_-]\w+")
_DEEDS: Final = frozenset(
    ["accept", "activate", "approve", "cancel", "confirm", "deactivate", "delete", "disable", "enable", "lock", "pay",
     "publish", "refund", "refuse", "reject", "remove", "reset", "restart", "revoke", "send", "start", "stop", "unlock",
     "unpublish"]
)  # fmt: skip
"""Verbs that are no nouns as well: an archive, a report or a preview may be read."""

_POWERS: Final = frozenset(["is_admin", "is_superuser", "is_staff", "is_root", "admin", "superuser"])


def methods_meant(bench: CheckContext) -> CheckResult:
    """Each operation has a method that does what it does: reads change nothing, a DELETE makes nothing (RFC 9110)."""
    operations = bench.blueprint.operations
    offenders = [f"{op.method} {op.path} ({op.kind})" for op in operations if not _fits(op)]
    offenders += [f"{op.method} {op.path} (does something)" for op in operations if _acts_by_get(op)]
    offenders += [*accepted_reads(bench), *whole_patches(bench), *partial_puts(bench)]
    return judge(
        offenders, good=f"All {len(operations)} methods fit what they do.", bad="Methods that do something else"
    )


def _acts_by_get(op: Operation) -> bool:
    """Whether a GET is called like what is done to one thing: whoever looks ahead at its link does it."""
    last = op.path.rstrip("/").rpartition("}/")[2] if "}/" in op.path else ""
    return op.method == "GET" and last.casefold() in _DEEDS


def _fits(op: Operation) -> bool:
    if op.kind == "delete" and op.method == "POST":
        return bool(_REMOVING.search(op.path))
    return op.method.value in _FITTING[op.kind.value]


def paths_meant(bench: CheckContext) -> CheckResult:
    """Each path is about what its operation works on, and names things, not procedures."""
    names = {spoken(n): e.name for e in bench.blueprint.entities for n in (e.name, e.plural)}
    offenders = [
        f"{op.method} {op.path} (a procedure)" for op in bench.blueprint.operations if _PROCEDURE.search(op.path)
    ]
    for op in bench.blueprint.operations:
        found = resources(op.path)
        about = names.get(resource(op.path))
        shown = {name for name in (op.entity, op.response_entity) if name}
        plain = op.kind in ("list", "read", "create", "update", "delete") and len(found) == 1
        if about and shown and plain and about not in shown:
            offenders.append(f"{op.method} {op.path} ({' and '.join(sorted(shown))})")
    made: dict[str, str] = {}
    for op in bench.blueprint.operations:
        if op.kind == "create" and op.entity and "{" not in op.path and not (op.request or op.public):
            first = made.setdefault(op.entity, op.path)
            if first != op.path:
                offenders.append(f"{op.method} {op.path} (does what {first} does)")
    offenders += [*miscounted(bench), *answering_else(bench), *thin_reads(bench), *left_out_unasked(bench)]
    return judge(offenders, good="Every path is about what it works on.", bad="Paths about something else")


def actions_tell(bench: CheckContext) -> CheckResult:
    """What is done to one thing takes something or tells how the thing is afterwards."""
    document = bench.document
    acts = [e for e in document.endpoints if e.method == "POST" and "{" in e.path and not e.path.endswith("}")]
    offenders = [
        e.label for e in acts
        if not document.result(e) and not e.node.get("requestBody") and "202" not in e.responses
    ]  # fmt: skip
    if not acts:
        return nothing_there("Nothing is done to single things.", called_for.actions(bench))
    return judge(offenders, good=f"All {len(acts)} tell what came of it.", bad="Take nothing and tell nothing")


def writes_meant(bench: CheckContext) -> CheckResult:
    """Callers write neither what the service alone knows (states, when something ended, powers) nor what is refused."""
    said = {(spoken(f.entity), spoken(f.name)) for f in bench.said.facts if isinstance(f, FieldFact)
            and f.stance is Stance.STATED}  # fmt: skip
    offenders = sorted({line for line in _written(bench) if line})
    return judge(
        [*offenders, *_powers(bench, said), *unchanging(bench), *unknown_demands(bench)],
        good="Callers write only what is theirs to say.",
        bad="Callers may write",
    )


def _written(bench: CheckContext) -> Iterator[str]:
    document = bench.document
    moved = {
        (machine.entity, machine.field)
        for machine in bench.blueprint.state_machines
        if machine.transitions and all(step.operation for step in machine.transitions)
    }
    yield from set_past_guards(bench)
    said = said_fields(bench)
    for entity in bench.blueprint.entities:
        fields = {field.name: field for field in entity.fields}
        acts = [word for op in bench.blueprint.operations if op.entity == entity.name and op.kind == "action"
                for word in words(op.path)]  # fmt: skip
        for endpoint in document.endpoints:
            operation = bench.operation(endpoint)
            if operation is None or operation.entity != entity.name or operation.kind not in ("create", "update"):
                continue
            for name in document.properties(document.body(endpoint)):
                later = happens_later(name)
                done_by = later and any(same_verb(later, act) for act in acts)
                again = said_again(bench.blueprint, entity, fields[name]) if name in fields else ""
                if (entity.name, name) in moved or done_by or (again and not said_of(entity, name, said)):
                    yield f"{endpoint.label} {name}"
            yield from (f"{endpoint.label} {name} (refused to all)" for name in _closed(bench, entity, operation))


def _closed(bench: CheckContext, entity: Entity, operation: Operation) -> Iterator[str]:
    """Yield what a body takes and whoever may send it is refused to write."""
    verb = "create" if operation.kind == "create" else "update"
    endpoint = next((e for e in bench.document.endpoints if e.id == operation.id), None)
    sent = bench.document.properties(bench.document.body(endpoint)) if endpoint is not None else {}
    refused: dict[str, set[str]] = defaultdict(set)
    for p in bench.blueprint.permissions:
        limited = p.own or p.condition
        if not p.allowed and p.field and p.entity == entity.name and {verb, "any"} & set(p.verbs) and not limited:
            refused[p.field].add(p.role)
    may = set(roles_of(bench.blueprint, operation))
    for name, roles in refused.items():
        if name in sent and (roles & {"", "*"} or (may and may <= roles)):
            yield name


def _powers(bench: CheckContext, said: set[tuple[str, str]]) -> Iterator[str]:
    document = bench.document
    named = {name for _, name in said}
    for endpoint in document.endpoints:
        for name in document.properties(document.body(endpoint)):
            if name.lower() in _POWERS and spoken(name) not in named:
                yield f"{endpoint.label} {name}"


def refusals_declared(bench: CheckContext) -> CheckResult:
    """Every operation tells whom it does not let in (401, 403) and what is not there (404)."""
    free = {op.id for op in bench.blueprint.operations if op.public or op.signed}
    offenders = [
        f"{e.label} (no {', no '.join(gaps)})"
        for e in bench.document.endpoints
        if (gaps := list(undeclared_refusals(e, open_to_all=e.id in free)))
    ]
    return judge(offenders, good="Refusals are declared.", bad="Refusals that are not declared")
