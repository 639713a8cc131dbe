"""Blueprints of many shapes: nasty names, every type, keys of all kinds, rules, states, rights and hostile texts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.blueprint.spelling import document_name
from tests.artefacts.blueprints import AUTH, SERVICES

Node = dict[str, Any]

HOSTILE = (
    "'; DROP TABLE users; --", "$$ $body$ $fn$", "\\", "\\'; x", '"""', "{{ x }} ${y} %s %(a)s :b",
    "- : ? # & * ! | > @ `",
    "</script><b>", "a\nb\n---\n...", "it's \"so\"", "\u2028 NaN null ~ yes 0x10 1e3", "/* */ -- x", "🙂 größer 名前",
)  # fmt: skip
NAMES = (
    "Order", "User", "Group", "Return", "Class", "List", "Job", "Table", "Select", "Größe", "名前", "Заказ", "APIKey",
    "order_line", "ts_kv", "X$y", "_hidden", "MedicationRequest", "Import", "Analyse",
)  # fmt: skip
FIELDS = (
    "order", "user", "group", "return", "class", "list", "select", "default", "from", "Größe", "名", "цена", "startsAt",
    "VALUE", "e$t", "_x", "kind", "code", "note", "amount", "limit", "offset", "end", "new", "old", "status", "id2",
)  # fmt: skip
MEMBERS = ("EUR", "DOG", "in-progress", "2nd", "größer", "it's", "a,b", "名", "null", "$$", "x\\y", "open")
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["C"]), max_size=40)).map(
    str.strip
)
sentences = texts.map(lambda text: text or "x")
members = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=5, unique=True)
TYPES = (
    "uuid", "string", "text", "integer", "bigint", "decimal", "float", "money", "boolean", "date", "time", "timestamp",
    "duration", "json", "email", "url", "enum", "binary", "file", "point", "array", "object",
)  # fmt: skip
_DEFAULTS = {
    "string": ["it's", ""], "text": ["$$"], "integer": ["5", "-3"], "bigint": ["7"], "decimal": ["1.5"],
    "float": ["0.25"], "boolean": ["true", "False"], "date": ["today", "2026-01-01"], "time": ["09:30"],
    "timestamp": ["now()", "2026-01-01T00:00:00+00:00"], "duration": ["PT30M", "P1D"], "json": ['{"a": 1}'],
    "array": ["[]"], "object": ["{}"], "point": ["(1.5, 2)"], "uuid": ["5f8a2c1e-7a43-4c0e-9b1d-3a5c7e9f1b2d"],
}  # fmt: skip


@st.composite
def fields(draw: st.DrawFn, *, names: tuple[str, ...] = FIELDS) -> Node:
    """A field of any type with whatever may be said of it."""
    kind = draw(st.sampled_from(TYPES))
    required = draw(st.booleans())
    made: Node = {"name": draw(st.sampled_from(names)), "type": kind, "required": required, "description": draw(texts)}
    if kind == "enum":
        made["values"] = draw(members)
    if kind == "array":
        made["items"] = draw(st.sampled_from(["string", "integer", "uuid", "enum", "object", "timestamp", "decimal"]))
        if made["items"] == "enum":
            made["values"] = draw(members)
    if kind in ("array", "object"):
        inner = st.sampled_from(["string", "integer", "boolean", "timestamp"])
        made["fields"] = [{"name": name, "type": draw(inner)} for name in draw(st.sets(st.sampled_from("abc")))]
    if kind in ("integer", "bigint", "decimal", "float", "money") and draw(st.booleans()):
        made |= {"minimum": draw(st.sampled_from([-10, 0, 0.5])), "maximum": draw(st.sampled_from([9, 1e6, 12.25]))}
    if kind in ("string", "text", "email", "url") and draw(st.booleans()):
        made |= {"min_length": draw(st.integers(0, 3)), "max_length": draw(st.integers(3, 500))}
        made["pattern"] = draw(st.sampled_from(["", "^[A-Z]{3}$", r"^\d+:\w*$", "it's|a", "(?=x)y"]))
    if draw(st.booleans()):
        options = _DEFAULTS.get(kind) or (made["values"] if kind == "enum" else None)
        said = draw(st.sampled_from(options)) if options else None
        bounded = {"minimum", "max_length"} & set(made) or (kind == "object" and made["fields"])
        made["default"] = None if bounded else said
    made |= draw(st.sampled_from([{}, {"read_only": True}, {"write_only": True}, {"immutable": True},
                                  {"sensitive": True}, {"unit": "m"}, {"label": "how it is said"}]))  # fmt: skip
    if kind not in ("json", "object", "point", "file", "array", "binary"):
        made["unique"] = draw(st.booleans())
    return made


@st.composite
def entities(draw: st.DrawFn, name: str, *, scoped: bool) -> Node:
    """An entity with a key of any kind."""
    own = {field["name"]: field for field in draw(st.lists(fields(), max_size=5))}
    made: Node = {"name": name, "plural": draw(st.sampled_from([name, f"{name}s"])), "description": draw(texts)}
    key = draw(st.sampled_from(["uuid", "uuid", "bigint", "natural", "composite"]))
    if key == "bigint":
        made["identity"] = "bigint"
    if key in ("natural", "composite"):
        own["code"] = {"name": "code", "type": "string", "max_length": 20}
        made["key"] = ["code"]
    if key == "composite":
        own["number"] = {"name": "number", "type": "integer"}
        made["key"] = ["code", "number"]
    made |= {"fields": list(own.values()), "tenant_scoped": scoped, "assumed": draw(st.booleans())}
    return made


@st.composite
def blueprints(draw: st.DrawFn, named: tuple[str, ...] = NAMES) -> Blueprint:
    """A whole blueprint whose parts agree; `named` are the names that its entities may have."""
    names = draw(st.lists(st.sampled_from(named), max_size=4, unique_by=lambda name: document_name(name).lower()))
    tenants = draw(st.booleans())
    made = [draw(entities(name, scoped=tenants and draw(st.booleans()))) for name in names]
    if tenants:
        made.append({"name": "Tenant", "plural": "tenants", "fields": [{"name": "name", "type": "string"}]})
    links = draw(_relations(made))
    return _checked(
        {
            "title": draw(sentences)[:80].strip() or "x",
            "summary": draw(sentences),
            "tenant": "Tenant" if tenants else "",
            "stack": {"language": "Python", "framework": "FastAPI", "database": "PostgreSQL"},
            "entities": made,
            "relations": links,
            "rules": draw(_rules(made)),
            "state_machines": draw(_machines(made)),
            "operations": draw(_operations(made)),
            "events": draw(_events(made)),
            "auth": {**AUTH, "scheme": draw(st.sampled_from(["oidc", "api_key", "saml", "none"]))},
            "sign_ins": draw(st.sampled_from([[], [{"name": "staff", "scheme": "oidc", "roles": ["admin"]},
                                                   {"name": "the others", "scheme": "magic_link"}],
                                                  [{"name": "partners", "scheme": "oauth2", "scopes": ["rooms.read"],
                                                    "audience": "it's us", "provider": "Größe & Co",
                                                    "multi_factor": True, "token_minutes": 60}]])),
            "roles": [{"name": "admin", "description": draw(sentences)}, {"name": "Ärztin", "description": "x"}],
            "permissions": draw(_permissions(made)),
            "services": {**SERVICES, "style": draw(sentences)},
        }
    )  # fmt: skip


def _checked(node: Node) -> Blueprint:
    return Blueprint.model_validate(node)


@st.composite
def _relations(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    found: dict[tuple[str, str], Node] = {}
    for _ in range(draw(st.integers(0, 4)) if made else 0):
        source, target = draw(st.sampled_from(made)), draw(st.sampled_from(made))
        kind = draw(st.sampled_from(["many_to_one", "one_to_one", "many_to_many"]))
        ends = (source, target) if kind == "many_to_many" else (target,)
        if any(e.get("tenant_scoped") and e.get("key") for e in ends) and not all(
            e.get("tenant_scoped") for e in (source, target)
        ):
            continue
        required = draw(st.booleans())
        name = draw(st.sampled_from(["parent", "order", "Größe", "ownerOf", "user"]))
        deleted = draw(st.sampled_from(["restrict", "cascade"] if required else ["restrict", "set_null"]))
        found[source["name"], name] = {
            "source": source["name"], "target": target["name"], "name": name, "cardinality": kind,
            "required": required, "on_delete": deleted,
            "fields": [{"name": "quantity", "type": "integer", "default": "1"}] if kind == "many_to_many" else [],
        }  # fmt: skip
    return list(found.values())


@st.composite
def _rules(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    found: list[Node] = []
    for entity in made:
        kinds = {f["name"]: f["type"] for f in entity["fields"]}
        plain = [n for n, k in kinds.items() if k not in ("json", "object", "point", "array", "binary", "file")]
        found += draw(st.lists(st.sampled_from([
            {"entity": entity["name"], "kind": "soft_delete"}, {"entity": entity["name"], "kind": "audit"},
            {"entity": entity["name"], "kind": "retention", "value": 30},
            {"entity": entity["name"], "kind": "immutable"},
            {"entity": entity["name"], "kind": "other", "text": "$$ it's\nso \\ --"},
            {"entity": entity["name"], "kind": "compare", "expression": "not understood; at all"},
            {"entity": entity["name"], "kind": "count", "fields": plain[:1], "value": 5, "text": "it's"},
        ]), max_size=3, unique_by=lambda rule: rule["kind"]))  # fmt: skip
        if plain and draw(st.booleans()):
            found.append({"entity": entity["name"], "kind": "unique", "fields": plain[:2]})
        numbers = [n for n, k in kinds.items() if k in ("integer", "decimal", "float", "bigint")]
        if numbers and draw(st.booleans()):
            sign = draw(st.sampled_from(["<", ">=", "<>", "="]))
            expression = f'"{numbers[0]}" {sign} "{numbers[-1]}" or "{numbers[0]}" is null'
            found.append({"entity": entity["name"], "kind": "compare", "expression": expression})
        for kind in ("timestamp", "date"):
            times = [n for n, k in kinds.items() if k == kind]
            if len(times) == 2:
                found.append({"entity": entity["name"], "kind": "no_overlap", "fields": [*times, *plain[:0]]})
    return found


@st.composite
def _machines(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    found = []
    for entity in made:
        for field in entity["fields"]:
            if field["type"] == "enum" and draw(st.booleans()):
                values = field["values"]
                steps = [{"sources": [values[0]], "target": values[-1], "roles": ["Ärztin"], "guard": "it's so"}]
                found.append({"entity": entity["name"], "field": field["name"], "initial": values[0],
                              "transitions": steps})  # fmt: skip
    return found


@st.composite
def _operations(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    found: list[Node] = [
        {"id": "get_health", "method": "GET", "path": "/health", "summary": "Health", "kind": "query", "public": True,
         "response": [{"name": "status", "type": "enum", "values": ["ok"]}]}]  # fmt: skip
    for number, entity in enumerate(made):
        path = f"/{entity['plural']}"
        base: Node = {"entity": entity["name"], "summary": draw(sentences)}
        plain = [f["name"] for f in entity["fields"] if f["type"] in ("string", "integer", "enum", "timestamp")]
        options: list[Node] = [
            {"id": f"list{number}", "method": "GET", "path": path, "kind": "list", "paginated": True,
             "filters": plain[:1], "sort": plain[-1:], "ranges": plain[:1], "search": plain[:1]},
            {"id": f"create.{number}", "method": "POST", "path": path, "kind": "create", "idempotent": True,
             "problems": [{"status": 409, "code": "slot_taken", "description": draw(texts)}]},
            {"id": f"read-{number}", "method": "GET", "path": f"{path}/{{id}}", "kind": "read"},
            {"id": f"update_{number}", "method": "PATCH", "path": f"{path}/{{id}}", "kind": "update",
             "roles": ["Ärztin"]},
            {"id": f"replace_{number}", "method": "PUT", "path": f"{path}/{{id}}", "kind": "update"},
            {"id": f"delete_{number}", "method": "DELETE", "path": f"{path}/{{id}}", "kind": "delete",
             "deprecated": True, "sunset": "2027-01-01"},
            {"id": f"act{number}", "method": "POST", "path": f"{path}/{{id}}:cancel", "kind": "action",
             "request": [draw(fields())]},
            {"id": f"run{number}", "method": "POST", "path": f"{path}/{{id}}/run", "kind": "action",
             "asynchronous": True},
            {"id": f"open{number}", "method": "GET", "path": f"{path}-of-all", "kind": "list", "paginated": True,
             "public": True},
            {"id": f"all{number}", "method": "GET", "path": f"/{{tenant}}{path}/$everything", "kind": "query",
             "response": [draw(fields())], "response_list": True},
        ]  # fmt: skip
        found += [base | option for option in draw(st.lists(st.sampled_from(options), unique_by=lambda o: o["id"]))]
    return found


@st.composite
def _events(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    names = [entity["name"] for entity in made]
    return draw(st.lists(st.sampled_from([
        {"kind": "webhook_out", "name": "order.paid", "entity": names[0] if names else ""},
        {"kind": "event", "name": "größer", "payload": [{"name": "a", "type": "string"}]},
        {"kind": "schedule", "name": "nightly", "schedule": "0 3 * * *", "description": "it's"},
    ]), unique_by=lambda event: event["name"]))  # fmt: skip


@st.composite
def _permissions(draw: st.DrawFn, made: list[Node]) -> list[Node]:
    found = []
    for entity in made:
        field = entity["fields"][0]["name"] if entity["fields"] else ""
        found += draw(st.lists(st.sampled_from([
            {"role": "Ärztin", "verbs": ["delete"], "entity": entity["name"], "allowed": False},
            {"role": "admin", "verbs": ["any"], "entity": entity["name"]},
            {"role": "Ärztin", "verbs": ["read"], "entity": entity["name"], "own": True},
            {"role": "*", "verbs": ["read", "create"], "entity": entity["name"]},
            {"role": "", "verbs": ["update"], "entity": entity["name"], "own": True, "condition": "it's so"},
            {"role": "admin", "verbs": ["update"], "entity": entity["name"], "field": field},
        ]), max_size=2, unique_by=lambda p: str(p)))  # fmt: skip
    return found
