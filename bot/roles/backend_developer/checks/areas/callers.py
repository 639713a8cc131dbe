"""Are callers of the last iteration kept: what they call and send, what they are told, and whose rows they see?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import AccessFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.roles.backend_developer.checks.areas.changes import broken_by
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint, Node
from bot.roles.backend_developer.checks.fit.rendered import spoken

_NO_BOUND: Final = float("inf")


def callers_kept(bench: CheckContext) -> CheckResult:
    """Who called the last iteration can call this one: nothing is gone, narrower, or newly required."""
    before = bench.last_document
    if before is None:
        return not_applicable("There is no earlier iteration.")
    refused = bench.refused
    own = {f"shows {f.role} their own rows only" for f in bench.said.facts if isinstance(f, AccessFact) and f.own}
    offenders = [
        line for line in _broken(before, bench.document)
        if not any(word in spoken(line) for word in refused) and not any(line.endswith(one) for one in own)
    ]  # fmt: skip
    offenders += broken_by(bench, "callers")
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
    yield from _asked(old, before, new, now)
    yield from (f"takes no {name} any more" for name in sorted(gone))
    if before.roles and now.roles:
        yield from (f"is closed to {role}" for role in before.roles if role not in now.roles)
    limited = _own(now) - _own(before)
    yield from (f"shows {role} their own rows only" for role in sorted(limited) if role in before.roles)
    if before.anonymous and not now.anonymous:
        yield "is no longer open"
    schemes = {name for one in before.security or () for name in one}
    if schemes and not now.anonymous and not schemes & {name for one in now.security or () for name in one}:
        yield "is signed in to otherwise"
    first, second = ({status for status in one.responses if status[:1] == "2"} for one in (before, now))
    yield from (f"answers no {status} any more" for status in sorted(first - second))
    yield from _inputs(old, old.body(before), new, new.body(now))
    yield from _forms(old.result(before), new.result(now))
    if bool(old.items(before)) != bool(new.items(now)) and old.result(before) and new.result(now):
        yield "answers with a list" if new.items(now) else "answers with no list any more"
    yield from _answers(old, old.items(before) or old.result(before), new, new.items(now) or new.result(now))


def _own(endpoint: Endpoint) -> set[str]:
    named = endpoint.node.get("x-own-rows")
    return {str(role) for role in named} if isinstance(named, list | tuple) else set()


def _forms(was: Node, is_: Node) -> Iterator[str]:
    """Yield that an answer is a list of its own where it was an object, or the other way round."""
    one, other = _types(was.get("type")), _types(is_.get("type"))
    if one and other and not one & other:
        yield "answers in another form"


def _asked(old: Document, before: Endpoint, new: Document, now: Endpoint) -> Iterator[str]:
    """Yield what a parameter took and takes no more."""
    has = {str(p.get("name")): new.resolve(p.get("schema")) for p in now.parameters}
    for parameter in before.parameters:
        name = str(parameter.get("name"))
        if name in has:
            was = old.resolve(parameter.get("schema"))
            yield from _narrowed(name, was, has[name])
            yield from _tightened(name, was, has[name])


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
    if _less(is_.get("maxLength"), was.get("maxLength")) or _less(is_.get("maxItems"), was.get("maxItems")):
        yield f"takes shorter {name}"
    if _less(was.get("minLength", 0), is_.get("minLength")) or _less(was.get("minItems", 0), is_.get("minItems")):
        yield f"takes only longer {name}"
    for word in ("pattern", "format", "multipleOf", "const"):
        if word in is_ and is_[word] != was.get(word):
            yield f"takes only some forms of {name}"
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
