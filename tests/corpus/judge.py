"""Compare what people get with what the team said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.delivered import Delivered, Operation, Table
from tests.corpus.names import alternatives, route, routes, same_noun, same_word, spellings

SECTIONS = ("entities", "fields", "relations", "operations", "permissions", "statements")
TAKES = {
    "string": {"string"}, "text": {"string"}, "email": {"string"}, "url": {"string"}, "integer": {"integer"},
    "money": {"decimal", "integer"}, "decimal": {"decimal"}, "float": {"float"}, "boolean": {"boolean"},
    "timestamp": {"timestamp"}, "date": {"date"}, "json": {"json"}, "time": {"time"}, "uuid": {"uuid"},
    "enum": {"string"}, "array": {"array", "json"},
}  # fmt: skip
INFRASTRUCTURE = re.compile(
    r"(idempotency|outbox|inbox|audit|schema_migration|webhook_|refresh_token|session|api_key|jobs?$|events?_outbox"
    r"|.*_history$|deliver(y|ies)_attempt)"
)
TECHNICAL = re.compile(
    r"(id|created_at|updated_at|deleted_at|version|row_version|etag|search|search_vector|password_hash|subject"
    r"|(created|updated|deleted|changed)_by(_id)?|tenant_id|organi[sz]ation_id)$"
)
SERVICE_CALLS = re.compile(r"\S+ /(health|ready|live|metrics|auth|sessions?|\.well-known|openapi|users?/me|me$|audit)")
MAY_BE_OPEN = re.compile(r"(log-?in|sign-?(in|up)|register|token|refresh|webhooks?|callback|reset|session)\b")


@dataclass(slots=True)
class Section:
    """How many things were named, come out right, and are there at all; `extra` is what nobody said."""

    named: int = 0
    right: int = 0
    given: int = 0
    good: int = 0
    wrong: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def count(self, holds: bool, why: str, *, given: bool) -> None:
        """One thing that the team named."""
        self.named += 1
        self.right += holds
        self.given += given
        self.good += holds and given
        if not holds:
            self.wrong.append(why)

    def invented(self, what: str) -> None:
        """One thing that nobody named."""
        self.given += 1
        self.extra.append(what)


Verdict = dict[str, Section]


def judge(truth: Mapping[str, Any], got: Delivered | None) -> Verdict:
    """Judge a whole case; without a result nothing of it is right."""
    got = got or Delivered({}, {}, [], {}, "")
    verdict = {name: Section() for name in SECTIONS}
    matched = _entities(truth, got, verdict)
    _relations(truth, got, matched, verdict["relations"])
    _operations(truth, got, verdict["operations"])
    _permissions(truth, got, verdict["permissions"])
    for holds, why in _statements(truth, got):
        verdict["statements"].count(holds, why, given=True)
    return verdict


def wholly_right(verdict: Verdict) -> bool:
    """Nothing is missing, wrong or invented."""
    return not any(section.wrong or section.extra for section in verdict.values())


def _may(truth: Mapping[str, Any], what: str) -> Any:
    """What a reader may or may not read out of the words: it counts neither way."""
    return truth.get("may", {}).get(what, {} if what == "fields" else [])


def _entities(truth: Mapping[str, Any], got: Delivered, verdict: Verdict) -> dict[str, str]:
    """Judge entities and fields; the name in the truth of each table that is one of its entities."""
    matched: dict[str, str] = {}
    for names, fields in truth["entities"].items():
        table = got.table(names)
        verdict["entities"].count(table is not None, f"no table {names}", given=table is not None)
        for name, kind in fields.items():
            right, there, why = (False, False, "no table") if table is None else has_field(table, name, kind)
            verdict["fields"].count(right, f"{names}.{name}: {why}", given=there)
        if table is not None:
            matched[table.name] = names
            allowed = {**_may(truth, "fields")}.get(names, ())
            for column in _own_columns(table):
                if not any(same_word(f, column) for f in (*fields, *allowed)):
                    verdict["fields"].invented(f"{table.name}.{column}")
    known = (*truth["entities"], *_may(truth, "entities"))
    for extra in _unnamed(got, known):
        verdict["entities"].invented(extra)
    return matched


def _own_columns(table: Table) -> list[str]:
    keys = table.key_columns()
    return [c for c in table.columns if c not in keys and c not in table.assumed_columns and not TECHNICAL.match(c)]


def _unnamed(got: Delivered, known: tuple[str, ...] | list[str]) -> list[str]:
    """Tables that nobody named, that are not marked as assumed, and that are no links or machinery."""
    return [
        name
        for name, table in got.tables.items()
        if not any(same_noun(k, name) for k in known)
        and not table.assumed
        and not INFRASTRUCTURE.match(name)
        and not (len(table.keys) >= 2 and not _own_columns(table))
    ]


def has_field(table: Table, names: str, kind: str | list[str]) -> tuple[bool, bool, str]:
    """Whether the field is right, whether it is there at all, and what is wrong."""
    name = table.column(names)
    if name is None:
        return False, False, "absent"
    members, is_kind = table.members.get(name), table.columns[name]
    if isinstance(kind, list):
        right = members is not None and _same_members(members, kind)
        return right, True, f"{sorted(members) if members else is_kind} instead of {kind}"
    allowed = set().union(*(TAKES.get(k, {k}) for k in alternatives(kind)))
    right = kind == "any" or (is_kind in allowed and (is_kind != "string" or not members or "enum" in kind))
    return right, True, f"{is_kind} {sorted(members) if members else ''} instead of {kind}"


def _same_members(have: frozenset[str], wanted: list[str]) -> bool:
    """Each member of one list is a member of the other, however the two spell it."""
    ours, theirs = [spellings(str(m)) for m in have], [spellings(str(m)) for m in wanted]
    return all(any(a & b for b in theirs) for a in ours) and all(any(a & b for a in ours) for b in theirs)


def links(got: Delivered) -> set[tuple[str, str]]:
    """Pairs of tables that a key or a link table joins; who wrote a row joins nothing."""
    found = set()
    for table in got.tables.values():
        targets = [target for _, target in _real_keys(table)]
        found |= {(table.name, target) for target in targets}
        if len(targets) >= 2 and len(table.columns) <= 7:
            found |= {(a, b) for i, a in enumerate(targets) for j, b in enumerate(targets) if i != j}
    return found


def _real_keys(table: Table) -> list[tuple[tuple[str, ...], str]]:
    return [(c, t) for c, t in table.keys if t not in ("tenants", "organizations") or len(table.keys) == 1]


def linked(got: Delivered, one: str, other: str) -> bool:
    """Whether tables of these names are joined."""
    near = links(got)
    pairs = [(a, b) for a in got.tables_of(one) for b in got.tables_of(other)]
    return any((a, b) in near or (b, a) in near for a, b in pairs)


def _relations(truth: Mapping[str, Any], got: Delivered, matched: Mapping[str, str], section: Section) -> None:
    for one, other in truth["relations"]:
        there = linked(got, one, other)
        section.count(there, f"no relation {one} - {other}", given=there)
    said = {frozenset(pair) for pair in (*truth["relations"], *_may(truth, "relations"))}
    for table in got.tables.values():
        for columns, target in table.keys:
            pair = frozenset((matched.get(table.name, ""), matched.get(target, "")))
            technical = any(TECHNICAL.match(c) for c in columns[-1:]) or set(columns) & table.assumed_columns
            if "" not in pair and pair not in said and not technical:
                section.invented(f"{table.name} -> {target}")


def _operations(truth: Mapping[str, Any], got: Delivered, section: Section) -> None:
    asked = {route(call) for call in truth["endpoints"]}
    for call in sorted(asked):
        section.count(call in got.operations, f"no {call}", given=call in got.operations)
    if not asked:
        return  # nobody said which calls there are: what the product proposes invents nothing
    allowed = {route(call) for call in _may(truth, "operations")}
    verbs = tuple(_may(truth, "actions"))
    for call, operation in got.operations.items():
        last = call.rpartition("/")[2]
        if call in asked | allowed or operation.assumed or SERVICE_CALLS.match(call):
            continue
        if not any(same_word(verb, last) for verb in verbs):
            section.invented(call)


def may_call(operation: Operation, role: str) -> bool:
    """Whether this role may make the call; no roles at all mean everybody who is signed in."""
    return operation.open or operation.roles is None or any(same_noun(role, r) for r in operation.roles)


def _permissions(truth: Mapping[str, Any], got: Delivered, section: Section) -> None:
    asked = {route(call) for call in truth["endpoints"]}
    for role, call in truth.get("allowed", ()):
        found = [got.operations[c] for c in routes(call) if c in got.operations]
        holds = any(may_call(operation, role) for operation in found)
        section.count(holds, f"{role} may not {call}", given=holds)
    for role, call in truth.get("denied", ()):
        found = [got.operations[c] for c in routes(call) if c in got.operations]
        holds = not any(may_call(operation, role) for operation in found) and bool(
            found or not set(routes(call)) & asked
        )
        section.count(holds, f"{role} may {call}, or it is absent", given=bool(found) and not holds)
    said_open = {c for call in truth.get("open", ()) for c in routes(call)}
    for call in sorted(said_open):
        holds = call in got.operations and got.operations[call].open
        section.count(holds, f"not open: {call}", given=holds)
    may_be = {route(call) for call in _may(truth, "open")}
    if truth.get("auth"):
        for call in sorted(asked - said_open - may_be):
            if call in got.operations and got.operations[call].open and not MAY_BE_OPEN.search(call):
                section.invented(f"open: {call}")


def _statements(truth: Mapping[str, Any], got: Delivered) -> Iterator[tuple[bool, str]]:
    """What else was said: roles, services, sign-in, refusals and postponements, numbers, the stack."""
    for role in truth.get("roles", ()):
        yield any(same_noun(role, used) for used in got.roles()), f"no role {role}"
    services = " ".join(str(i.get("service", i)) for i in got.report.get("external_integrations", ()))
    named = re.findall(r"\w+", services.lower())
    for service in truth.get("services", ()):
        yield _has_words(service, services), f"no service {service}"
    for service in truth.get("not_services", ()):
        yield not _has_words(service, services), f"integrates {service} in {' '.join(named)}"
    for names in dict.fromkeys((*truth.get("forbidden_entities", ()), *truth.get("postponed", ()))):
        yield got.table(names) is None, f"table {names}"
    for call in truth.get("not_operations", ()):
        yield route(call) not in got.operations, f"has {call}"
    for names, name in truth.get("not_fields", ()):
        table = got.table(names)
        yield table is None or table.column(name) is None, f"field {names}.{name}"
    for way in truth.get("auth", ()):
        yield (
            any(_signs_in(way_, scheme) for way_ in alternatives(way) for scheme in got.schemes),
            f"no sign-in by {way}",
        )
    for part, value in truth.get("stack", {}).items():
        yield _stack(got, part, value), f"{part}: {value} is not named"
    for metric, value in truth.get("budget", ()):
        yield _budget(got, metric, value), f"no budget {metric} {value:g}"


def _has_words(names: str, text: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text.lower()) for name in alternatives(names))


def _signs_in(way: str, scheme: Mapping[str, Any]) -> bool:
    type_, name = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    place = scheme.get("in")
    jwt = type_ == "http" and name == "bearer"
    return {
        "jwt": jwt or type_ in ("oauth2", "openIdConnect"),
        "api_key": (type_ == "apiKey" and place != "cookie") or (jwt and "jwt" not in str(scheme).lower()),
        "oidc": type_ == "openIdConnect" or ("openid" in str(scheme).lower() or "oidc" in str(scheme).lower()),
        "oauth2": type_ in ("oauth2", "openIdConnect") or "oauth" in str(scheme).lower(),
        "saml": "saml" in str(scheme).lower(),
        "mtls": type_ == "mutualTLS",
        "basic": type_ == "http" and name == "basic",
        "session": type_ == "apiKey" and place == "cookie",
    }[way]


def _stack(got: Delivered, part: str, value: str) -> bool:
    place = got.report.get("database_implementation", {}).get("primary_database", "") if part == "database" else ""
    return bool(re.search(rf"(?<!\w){re.escape(value)}(?![\w+])", place or json.dumps(got.report, ensure_ascii=False)))


def _budget(got: Delivered, metric: str, value: float) -> bool:
    text = got.info + json.dumps([operation.budgets for operation in got.operations.values()])
    return bool(re.search(rf"{metric}\D{{1,3}}{value:g}(?![\d.]*\d)", text))


def expect(wanted: Mapping[str, Any], got: Delivered) -> list[str]:
    """What is wrong with the result of a small case."""
    wrong = list(_small_entities(wanted, got))
    wrong += [f"no {call}" for call in wanted.get("O", ()) if route(call) not in got.operations]
    wrong += [f"no relation {a} - {b}" for a, b in wanted.get("R", ()) if not linked(got, a, b)]
    permitted = {part: wanted.get(part, ()) for part in ("allowed", "denied", "open")}
    truth = {"endpoints": wanted.get("O", ()), **permitted}
    permissions = Section()
    _permissions(truth, got, permissions)
    said = {
        "roles": wanted.get("roles", ()),
        "services": wanted.get("I", ()),
        "not_services": wanted.get("notI", ()),
        "forbidden_entities": wanted.get("notE", ()),
        "not_operations": wanted.get("notO", ()),
        "not_fields": wanted.get("notF", ()),
        **{part: wanted[part] for part in ("auth", "stack", "budget") if part in wanted},
    }
    wrong += permissions.wrong + [why for holds, why in _statements(said, got) if not holds]
    wrong += [
        f"{many} is no table of {one}" for one, many in wanted.get("plurals", {}).items() if many not in got.tables
    ]
    return wrong


def _small_entities(wanted: Mapping[str, Any], got: Delivered) -> Iterator[str]:
    for names, fields in wanted.get("E", {}).items():
        table = got.table(names)
        if table is None:
            yield f"no table {names}"
            continue
        for name, kind in fields.items():
            right, _, why = has_field(table, name, kind)
            if not right:
                yield f"{names}.{name}: {why}"
    if "onlyE" in wanted:
        yield from (f"unasked table {name}" for name in _unnamed(got, wanted["onlyE"]))
