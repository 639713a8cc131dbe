"""Does the API mean what it says: methods, paths, bodies and answers, and are callers of the last iteration kept?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, Stance
from bot.evidence.checks import CheckResult, judge, not_applicable, nothing_there
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Operation
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.doors import undeclared_refusals
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint, Node
from bot.roles.backend_developer.checks.fit.rendered import resource, resources, spoken
from bot.roles.backend_developer.checks.names import happens_later, same_verb

_FITTING: Final = {
    "list": {"GET", "HEAD"}, "read": {"GET", "HEAD"}, "query": {"GET", "HEAD", "POST", "OPTIONS"},
    "create": {"POST", "PUT"}, "update": {"PUT", "PATCH", "POST"}, "delete": {"DELETE", "POST"},
    "action": {"POST", "PUT", "PATCH", "DELETE"},
}  # fmt: skip
_REMOVING: Final = re.compile(r"/(delete|remove|erase|purge|cancel|revoke|bulk-delete)[^/]*$")
_PROCEDURE: Final = re.compile(r"/(get|fetch|delete|update|create)[A-Z]\w*|/(get|fetch)[_-]\w+")
_NO_BOUND: Final = float("inf")
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
    """Callers do not write what the service alone knows: states moved by operations, when something ended, powers."""
    said = {(spoken(f.entity), spoken(f.name)) for f in bench.said.facts if isinstance(f, FieldFact)
            and f.stance is Stance.STATED}  # fmt: skip
    offenders = sorted({line for line in _written(bench) if line})
    return judge(
        [*offenders, *_powers(bench, said)], good="Callers write only what is theirs to say.", bad="Callers may write"
    )


def _written(bench: CheckContext) -> Iterator[str]:
    document = bench.document
    moved = {
        (machine.entity, machine.field)
        for machine in bench.blueprint.state_machines
        if machine.transitions and all(step.operation for step in machine.transitions)
    }
    for entity in bench.blueprint.entities:
        acts = [word for op in bench.blueprint.operations if op.entity == entity.name and op.kind == "action"
                for word in words(op.path)]  # fmt: skip
        for endpoint in document.endpoints:
            operation = bench.operation(endpoint)
            if operation is None or operation.entity != entity.name or operation.kind not in ("create", "update"):
                continue
            for name in document.properties(document.body(endpoint)):
                later = happens_later(name)
                done_by = later and any(same_verb(later, act) for act in acts)
                if (entity.name, name) in moved or done_by:
                    yield f"{endpoint.label} {name}"


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


def callers_kept(bench: CheckContext) -> CheckResult:
    """Who called the last iteration can call this one: nothing is gone, narrower, or newly required."""
    before = bench.last_document
    if before is None:
        return not_applicable("There is no earlier iteration.")
    refused = bench.refused
    offenders = [line for line in _broken(before, bench.document) if not any(word in spoken(line) for word in refused)]
    return judge(sorted(set(offenders)), good="What could be called before still can.", bad="Callers are broken")


def _broken(old: Document, new: Document) -> Iterator[str]:
    if old.base_path != new.base_path:
        yield f"the base path {old.base_path} is gone"
    there = {(e.method, _anonymous(e.path)): e for e in new.endpoints}
    for endpoint in old.endpoints:
        now = there.get((endpoint.method, _anonymous(endpoint.path)))
        if now is None:
            yield f"{endpoint.label} is gone"
            continue
        yield from (f"{endpoint.label} {why}" for why in _narrower(old, endpoint, new, now))


def _narrower(old: Document, before: Endpoint, new: Document, now: Endpoint) -> Iterator[str]:
    had = {str(p.get("name")) for p in before.parameters}
    needed = {str(p.get("name")) for p in now.parameters if p.get("required") and p.get("in") != "path"}
    required = {str(p.get("name")) for p in before.parameters if p.get("required")}
    yield from (f"now needs {name}" for name in sorted(needed - required))
    gone = had - {str(p.get("name")) for p in now.parameters} - set(before.path_parameters)
    yield from (f"takes no {name} any more" for name in sorted(gone))
    if before.roles and now.roles:
        yield from (f"is closed to {role}" for role in before.roles if role not in now.roles)
    if before.anonymous and not now.anonymous:
        yield "is no longer open"
    schemes = {name for one in before.security or () for name in one}
    if schemes and not now.anonymous and not schemes & {name for one in now.security or () for name in one}:
        yield "is signed in to otherwise"
    first, second = ({status for status in one.responses if status[:1] == "2"} for one in (before, now))
    yield from (f"answers no {status} any more" for status in sorted(first - second))
    yield from _inputs(old, old.body(before), new, new.body(now))
    yield from _answers(old, old.items(before) or old.result(before), new, new.items(now) or new.result(now))


def _inputs(old: Document, before: object, new: Document, now: object) -> Iterator[str]:
    had, has = old.properties(before), new.properties(now)
    first, second = _required(old, before), _required(new, now)
    yield from (f"must now be sent {name}" for name in sorted(second - first))
    for name, schema in had.items():
        other = has.get(name)
        if other is None:
            yield f"takes no {name} any more"
            continue
        was, is_ = old.resolve(schema), new.resolve(other)
        yield from _narrowed(name, was, is_)
        yield from _tightened(name, was, is_)


def _tightened(name: str, was: Node, is_: Node) -> Iterator[str]:
    if _less(is_.get("maxLength"), was.get("maxLength")):
        yield f"takes shorter {name}"
    if _less(was.get("minLength", 0), is_.get("minLength")):
        yield f"takes only longer {name}"
    if _less(is_.get("maximum"), was.get("maximum", _NO_BOUND)) or _less(
        was.get("minimum", -_NO_BOUND), is_.get("minimum")
    ):
        yield f"takes fewer numbers of {name}"


def _less(one: object, other: object) -> bool:
    return isinstance(one, int | float) and isinstance(other, int | float) and one < other


def _answers(old: Document, before: object, new: Document, now: object) -> Iterator[str]:
    has, sure = new.properties(now), _required(new, now)
    for name, schema in old.properties(before).items():
        if name not in has:
            yield f"gives no {name} any more"
            continue
        was, is_ = old.resolve(schema), new.resolve(has[name])
        yield from _narrowed(name, was, is_)
        if (_empties(is_) and not _empties(was)) or (name in _required(old, before) and name not in sure):
            yield f"may give an empty {name}"


def _narrowed(name: str, was: object, is_: object) -> Iterator[str]:
    one, other = dict(was), dict(is_)  # type: ignore[call-overload]
    kinds, now = _types(one.get("type")), _types(other.get("type"))
    if kinds and now and not kinds & now:
        yield f"has another type of {name}"
    members, left = one.get("enum"), other.get("enum")
    if isinstance(members, list) and isinstance(left, list) and set(map(str, members)) - set(map(str, left)):
        yield f"knows fewer values of {name}"
    if isinstance(left, list) and not isinstance(members, list):
        yield f"takes not every {name} any more"


def _empties(schema: Node) -> bool:
    kinds = schema.get("type")
    return isinstance(kinds, list) and "null" in kinds


def _types(kinds: object) -> set[str]:
    return {str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind not in (None, "null")}


def _required(document: Document, schema: object) -> set[str]:
    named = document.resolve(schema).get("required")
    return {str(name) for name in named} if isinstance(named, list) else set()


def _anonymous(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
