"""Reads OpenAPI 3.0, 3.1 and Swagger 2, in YAML or JSON, whole or as the fragments that people paste."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args
from urllib.parse import urlsplit

from bot.domain.facts import (
    AccessFact,
    ConventionFact,
    EventFact,
    FieldFact,
    Method,
    OperationFact,
    Reading,
    RoleFact,
    SignInFact,
    Standing,
)
from bot.reading.notations import openapi_extensions as extensions
from bot.reading.notations.notes import LONGEST_TEXT, Notes, refused
from bot.reading.notations.schema_nodes import ref_name
from bot.reading.notations.schemas import Schemas
from bot.reading.notations.trees import Node, TooDeepError, Tree, parse_tree
from bot.reading.prose.access.verbs import OF_METHOD
from bot.reading.segments import Segment

_NAME = "openapi"
_METHODS: dict[str, Method] = {method.lower(): method for method in get_args(Method)}
_HEAD = re.compile(
    # White space of the line only, and never given back: else a million blank lines take a step for each pair of them.
    r"""^[^\S\n]*+\{?[^\S\n]*+["']?(?:openapi|swagger)["']?\s*:"""
    r"""|^[^\S\n]*+["']?paths["']?\s*:\s*(?:\{\s*)?(?:\#.*)?\n?\s*["']?/"""
    r"""|^[^\S\n]*+["']?/[^\s:]*["']?\s*:\s*(?:\#.*)?\{?\s*\n\s+["']?(?:get|post|put|patch|delete)["']?\s*:"""
    r"""|^[^\S\n]*+["']?(?:components|definitions|schemas)["']?\s*:\s*\{?\s*\n""",
    re.M,
)
_OURS = re.compile(r"""^[^\S\n]*+\{?[^\S\n]*+["']?(?:openapi|swagger|paths)["']?\s*:|^[^\S\n]*+["']?/""", re.M)
_ANY_SCHEMA = re.compile(r"""["']?(?:properties|type|enum|allOf|\$ref)["']?\s*:""")
_JSON_SCHEMA = re.compile(r"""["']?\$(?:schema|defs)["']?\s*:""")
_PAGING = re.compile(
    r"^(?:page|per_?page|page_?(?:size|token|number)|limit|offset|cursor|after|before|skip|take|size)$", re.I
)
_OPEN = re.compile(
    r"\b(?:no|without) (?:auth\w*|log-?in|sign-?in|token)\b"
    r"|\b(?:auth\w*|log-?in|sign-?in) (?:is )?(?:optional|not (?:required|needed))\b"
    r"|\bpublic (?:endpoint|route|access)\b|\bohne (?:login|anmeldung|auth\w*)\b|\böffentlich\b",
    re.I,
)
_CLOSED = re.compile(
    r"\b(?:auth\w*|log-?in|sign-?in|token) (?:is )?(?:required|needed)\b|\brequires? (?:auth\w*|log-?in|a token)\b"
    r"|\b(?:nur|erst) (?:mit|nach) (?:login|anmeldung)\b",
    re.I,
)
_ROLES = ("x-roles", "x-required-roles", "x-allowed-roles", "x-role", "roles", "x-permissions-roles")
_SCOPES = ("x-scopes", "x-required-scopes", "x-permissions", "x-required-permissions")


class OpenApiReader:
    """Reads OpenAPI: operations, the entities of its schemas, how callers sign in, and the base path."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text has OpenAPI's own keys, paths with methods, or named schemas."""
        if segment.kind == "table" or not _HEAD.search(segment.text):
            return False
        if _OURS.search(segment.text):
            return True
        return bool(_ANY_SCHEMA.search(segment.text)) and not _JSON_SCHEMA.search(segment.text)

    def read(self, segment: Segment) -> Reading | None:
        """Return what the document says; what cannot be read of it is not understood, line by line."""
        if len(segment.text) > LONGEST_TEXT:
            return refused(segment, _NAME)
        text, shift = _without_prose(segment.text)
        try:
            tree = parse_tree(text)
        except TooDeepError:
            return refused(segment, _NAME)
        if tree is None or tree.root.kind != "map":
            return None
        if shift:
            tree = parse_tree(re.sub(r"[^\n]", " ", segment.text[:shift]) + text)
            if tree is None:
                return None
        document = _Document(segment, tree)
        return document.read() if document.is_one() else None


def _without_prose(text: str) -> tuple[str, int]:
    """Return the text from the first line that is the notation's, and where that is."""
    match = _HEAD.search(text)
    if match is None or not text[: match.start()].strip():
        return text, 0
    before = text[: match.start()]
    if re.search(r"""^[^\S\n]*+(?:["']?[\w$-]+["']?\s*:|[\[{}\]#-])""", before, re.M):
        return text, 0
    start = match.start() + (len(match.group()) - len(match.group().lstrip()))
    start = text.rfind("\n", 0, start) + 1
    return text[start:], start


class _Document:
    """One OpenAPI document while it is being read."""

    def __init__(self, segment: Segment, tree: Tree) -> None:
        self._notes = Notes(segment, _NAME)
        self._text = segment.text
        self._root = tree.root
        self._tree = tree
        self._components = self._root.get("components") or self._root
        self._schemas = Schemas(self._notes, _named_schemas(self._root), self._root)
        self._paths = _paths(self._root)
        self._security = self._root.get("security")
        told = [op.get("security") is not None for _, item in self._paths for _, _, op in _operations(item)]
        self._mostly_told = any(told) and sum(told) * 2 >= len(told)
        self._roles: dict[str, str] = {}

    def is_one(self) -> bool:
        """Whether the root itself is a document or a fragment of one, and not something that holds one."""
        return bool(self._paths or _named_schemas(self._root)) or self._root.get("openapi", "swagger") is not None

    def read(self) -> Reading:
        """Note all that the document says."""
        for start, end in self._tree.unread:
            self._notes.say(start, end, Standing.NOT_UNDERSTOOD)
        self._read_servers()
        for path, item in self._paths:
            for method, key, operation in _operations(item):
                self._read_operation(path, method, key, operation, item)
        self._read_webhooks()
        self._schemas.read_named()
        self._read_sign_in()
        extensions.read_whole(self._notes, self._root)
        self._read_info()
        return self._notes.reading()

    def _read_info(self) -> None:
        """Note the parts that ask for nothing."""
        for name in ("openapi", "swagger", "info", "tags", "externalDocs", "host", "schemes", "consumes", "produces"):
            for key, value in self._root.entries:
                if key.text == name:
                    self._notes.say(self._start(key), max(value.end, key.end), Standing.NOTHING_SAID)

    def _read_servers(self) -> None:
        """Note the path that all paths begin with."""
        servers = self._root.get("servers")
        for server in servers.items if servers is not None else []:
            url = server.said("url") if server.kind == "map" else server.text
            for name, variable in (
                (server.get("variables") or Node("map", 0, 0)).entries if server.kind == "map" else []
            ):
                url = url.replace("{" + name.text + "}", variable.said("default") or name.text)
            statement = self._notes.say(server.start, server.end, Standing.NOTHING_SAID)
            if (path := _url_path(url)) and path != "/":
                self._notes.add(ConventionFact(statement=statement, kind="base_path", value=path.rstrip("/")))
        for key, value in self._root.entries:
            if key.text == "basePath" and value.kind == "scalar" and value.text.strip("/"):
                statement = self._notes.say(self._start(key), value.end)
                self._notes.add(ConventionFact(statement=statement, kind="base_path", value=value.text.rstrip("/")))

    def _start(self, key: Node) -> int:
        """Return where a key begins, its quote included."""
        return key.start - 1 if not key.plain and self._text[key.start - 1 : key.start] == '"' else key.start

    # --- operations ---------------------------------------------------------------------------------------------

    def _read_operation(self, path: str, method: Method, key: Node, operation: Node, item: Node) -> None:
        """Note one operation."""
        statement = self._notes.say(self._start(key), max(operation.end, key.end))
        summary = self._summary(operation)
        parameters, body_schema, form = self._parameters(statement, operation, item)
        content = body_schema or self._content(self._resolved(operation.get("requestBody")))
        body_entity, body = self._body(statement, content)
        statuses, result_schema = self._responses(operation)
        entity, is_list = self._schemas.entity(result_schema) if result_schema is not None else ("", False)
        result = () if entity or result_schema is None else self._schemas.fields.of(result_schema, statement)
        roles = _texts(operation, _ROLES)
        self._notes.add(
            OperationFact(
                statement=statement,
                method=method,
                path=path,
                summary=summary,
                operation_id=operation.said("operationId"),
                public=self._public(operation, summary),
                roles=roles,
                parameters=parameters,
                body_entity=body_entity,
                body=(*body, *form),
                result_entity=entity,
                result_is_list=is_list,
                result=result,
                statuses=statuses,
                deprecated=operation.flag("deprecated"),
                asynchronous=True if "202" in statuses and "200" not in statuses else None,
                idempotent=True if any(one.name.lower() == "idempotency-key" for one in parameters) else None,
                paginated=True if any(_PAGING.match(one.name) for one in parameters) else None,
            )
        )
        for role in roles:
            if role not in self._roles:
                self._roles[role] = statement
                self._notes.add(RoleFact(statement=statement, name=role))
        self._read_scopes(statement, path, method, operation)

    def _summary(self, operation: Node) -> str:
        """Return the summary, with what an unquoted comma cut off it: ``{summary: Feed, auth optional}``."""
        cut = [
            key.text
            for key, value in operation.entries
            if value.is_null and value.start == value.end and " " in key.text
        ]
        summary = operation.said("summary") or operation.said("description").split("\n", 1)[0]
        return ", ".join(one for one in (summary, *cut) if one)

    def _public(self, operation: Node, summary: str) -> bool | None:
        """Return whether an operation may be called without signing in, None where nothing is said of that."""
        words = f"{summary} {operation.said('description')}"
        said = operation.get("security")
        if said is None and (_OPEN.search(words) or _CLOSED.search(words)):
            return bool(_OPEN.search(words))
        if said is None:
            said = self._security
        if said is None:
            return True if self._mostly_told else None
        needs = [one for one in said.items if one.kind == "map" and one.entries] if said.kind == "list" else []
        optional = said.kind == "list" and len(needs) < len(said.items)
        return optional or not needs

    def _read_scopes(self, statement: str, path: str, method: Method, operation: Node) -> None:
        """Note the scopes that an operation asks for."""
        said = operation.get("security")
        scopes = [*_texts(operation, _SCOPES)]
        for need in said.items if said is not None else []:
            for _, value in need.entries:
                scopes.extend(value.texts() if value.kind == "list" else [])
        for scope in dict.fromkeys(scopes):
            verb = OF_METHOD.get(method, "delete")
            self._notes.add(
                AccessFact(
                    statement=statement, role="", verbs=(verb,), method=method, path=path, condition=f"scope {scope}"
                )
            )

    def _parameters(
        self, statement: str, operation: Node, item: Node
    ) -> tuple[tuple[FieldFact, ...], Node | None, tuple[FieldFact, ...]]:
        """Return the parameters, Swagger's body schema, and its form's fields."""
        made: dict[str, FieldFact] = {}
        form: list[FieldFact] = []
        body: Node | None = None
        listed = [*_children(item.get("parameters")), *_children(operation.get("parameters"))]
        for one in listed:
            parameter = self._resolved(one)
            if parameter is None or parameter.kind != "map":
                continue
            place, name = parameter.said("in"), parameter.said("name")
            if place == "body":
                body = parameter.get("schema")
                continue
            schema = parameter.get("schema") or self._content(parameter) or parameter
            fact = self._schemas.fields.field("", name, schema, statement, 0)
            fact = replace(
                fact,
                required=parameter.flag("required"),
                description=fact.description or parameter.said("description"),
            )
            if place == "formData":
                form.append(fact)
            elif name:
                made[name] = fact
        return tuple(made.values()), body, tuple(form)

    def _body(self, statement: str, content: Node | None) -> tuple[str, tuple[FieldFact, ...]]:
        """Return the entity that a body is of, and its fields where they are not just the entity's."""
        if content is None:
            return "", ()
        entity, _ = self._schemas.entity(content)
        inner = self._unwrapped(content)
        named = self._schemas.named.get(ref_name(inner))
        if entity and named is not None and named.entity == named.name:
            return entity, ()
        fields = self._schemas.fields.of(inner, statement)
        return entity, fields

    def _unwrapped(self, content: Node) -> Node:
        """Return what an envelope of one property wraps."""
        for _ in range(4):
            named = self._schemas.named.get(ref_name(content))
            value = named.value if named is not None else content
            properties = value.get("properties")
            if properties is None or len(properties.entries) != 1 or not ref_name(properties.entries[0][1]):
                return content
            content = properties.entries[0][1]
        return content

    def _responses(self, operation: Node) -> tuple[tuple[str, ...], Node | None]:
        """Return the statuses and the schema of the first success."""
        responses = operation.get("responses")
        statuses: list[str] = []
        schema: Node | None = None
        for key, value in responses.entries if responses is not None else []:
            if key.text.startswith("x-"):
                continue
            statuses.append(key.text)
            if schema is None and key.text.startswith("2"):
                response = self._resolved(value)
                schema = (response.get("schema") if response is not None else None) or self._content(response)
        return tuple(statuses), schema

    def _content(self, holder: Node | None) -> Node | None:
        """Return the schema of the first content, JSON before all others."""
        content = holder.get("content") if holder is not None and holder.kind == "map" else None
        if content is None or content.kind != "map":
            return None
        found = sorted(content.entries, key=lambda entry: "json" not in entry[0].text)
        return next((value.get("schema") for _, value in found if value.kind == "map"), None)

    def _resolved(self, node: Node | None) -> Node | None:
        """Return what a reference inside the document points at, or the node itself."""
        for _ in range(4):
            said = node.said("$ref") if node is not None and node.kind == "map" else ""
            if not said.startswith("#/"):
                return node
            found: Node | None = self._root
            for part in said[2:].split("/"):
                part = part.replace("~1", "/").replace("~0", "~")  # noqa: PLW2901
                found = found.get(part) if found is not None and found.kind == "map" else None
            node = found
        return node

    # --- the rest -----------------------------------------------------------------------------------------------

    def _read_webhooks(self) -> None:
        """Note the webhooks of OpenAPI 3.1."""
        webhooks = self._root.get("webhooks", "x-webhooks")
        for key, value in webhooks.entries if webhooks is not None else []:
            statement = self._notes.say(self._start(key), value.end)
            self._notes.add(self._webhook(statement, key.text, value))

    def _webhook(self, statement: str, name: str, value: Node) -> EventFact:
        """Return a webhook with what its call says."""
        call = next((call for _, _, call in _operations(value)), value)
        made = extensions.happening(statement, "webhook_out", name, call)
        return replace(made, signed=bool(said.items) if (said := call.get("security")) is not None else None)

    def _read_sign_in(self) -> None:
        """Note how callers sign in."""
        schemes = self._components.get("securitySchemes") or self._root.get("securityDefinitions", "securitySchemes")
        for key, value in schemes.entries if schemes is not None else []:
            if value.kind != "map":
                continue
            statement = self._notes.say(self._start(key), value.end)
            scopes: list[str] = []
            flows = value.get("flows")
            for holder in [value, *(flow for _, flow in (flows.entries if flows is not None else []))]:
                found = holder.get("scopes") if holder.kind == "map" else None
                scopes.extend(name.text for name, _ in (found.entries if found is not None else []))
            made = SignInFact(
                statement=statement,
                scheme=_scheme(key.text, value),
                provider=_url_host(value.said("openIdConnectUrl")),
                scopes=tuple(dict.fromkeys(scopes)),
            )
            self._notes.add(extensions.signed_in(made, value))


def _scheme(name: str, value: Node) -> str:
    """Return the scheme of a security scheme by the word that `SignInFact` has for it."""
    kind, words = value.said("type").lower(), f"{name} {value.said('bearerFormat')} {value.said('description')}"
    scheme = value.said("scheme").lower()
    if kind == "http" and scheme == "bearer":
        return "jwt" if re.search(r"jwt", words, re.I) else "bearer"
    if kind == "apikey":
        if value.said("in") == "cookie":
            return "session"
        return "jwt" if re.search(r"jwt|bearer", words, re.I) else "api_key"
    known = {
        "openidconnect": "oidc",
        "oauth2": "oauth2",
        "mutualtls": "mtls",
        "basic": "basic",
        "http": scheme or "basic",
    }
    return known.get(kind, kind or "none")


def _url_host(url: str) -> str:
    """Return a URL's host, "" where it has none or is broken."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _url_path(url: str) -> str:
    """Return a URL's path, "" where it has none or is broken."""
    try:
        return urlsplit(url if "://" in url or url.startswith("/") else f"//{url}").path
    except ValueError:
        return ""


def _children(node: Node | None) -> Sequence[Node]:
    """Return the items of a list, or the values of a map."""
    if node is None:
        return []
    return node.items if node.kind == "list" else [value for _, value in node.entries]


def _texts(node: Node, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words under the first of these keys, whether a list or parted by commas."""
    found = node.get(*names)
    if found is None:
        return ()
    if found.kind == "list":
        return tuple(found.texts())
    return tuple(part.strip() for part in found.text.split(",") if part.strip())


def _paths(root: Node) -> list[tuple[str, Node]]:
    """Return the paths of a document, of `paths:` or of a root that holds nothing else."""
    paths = root.get("paths")
    entries = paths.entries if paths is not None else root.entries
    return [(key.text, value) for key, value in entries if key.text.startswith("/") and value.kind == "map"]


def _operations(item: Node) -> list[tuple[Method, Node, Node]]:
    """Return a path's operations: method, key and value."""
    found: list[tuple[Method, Node, Node]] = []
    for key, value in item.entries:
        method = _METHODS.get(key.text.lower())
        if method is not None:
            found.append((method, key, value if value.kind == "map" else Node("map", value.start, value.end)))
    return found


def _named_schemas(root: Node) -> dict[str, tuple[Node, Node]]:
    """Return the named schemas of a document or a fragment of one."""
    components = root.get("components")
    holders = [
        components.get("schemas") if components is not None and components.kind == "map" else None,
        root.get("definitions"),
        root.get("schemas"),
    ]
    named: dict[str, tuple[Node, Node]] = {}
    for holder in holders:
        for key, value in holder.entries if holder is not None else []:
            if value.kind == "map":
                named.setdefault(key.text, (key, value))
    if not named and components is not None:
        for key, value in components.entries:
            if value.kind == "map" and value.get("properties") is not None:
                named.setdefault(key.text, (key, value))
    return named
