"""An OpenAPI document read from outside: what it says, without asking whoever rendered it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_BYTES: Final = 4_000_000
_MAX_DEPTH: Final = 40

Node = Mapping[str, Any]
_NOTHING: Final[Node] = {}


class DocumentUnreadable(ValueError):
    """The document is no YAML mapping, or too large to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation of a document, its references resolved. `path` is without the server's base path."""

    method: str
    path: str
    node: Node
    parameters: tuple[Node, ...]
    responses: Mapping[str, Node]
    security: tuple[Node, ...] | None

    @property
    def label(self) -> str:
        """How findings name it: ``GET /orders``."""
        return f"{self.method} {self.path}"

    @property
    def id(self) -> str:
        """Its operationId, or an empty string."""
        return str(self.node.get("operationId") or "")

    @property
    def writes(self) -> bool:
        """Whether its method changes state (RFC 9110, section 9.2.1)."""
        return self.method in WRITES

    @property
    def anonymous(self) -> bool:
        """Whether it needs no credentials: no requirement, or an empty one (OpenAPI 3.1, Operation Object)."""
        return not self.security or any(not requirement for requirement in self.security)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it names under `x-roles`."""
        named = self.node.get("x-roles") or ()
        return tuple(str(role) for role in named) if isinstance(named, list | tuple) else ()

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """Names in braces in the path, in order."""
        return tuple(part.split("}")[0] for part in self.path.split("{")[1:])


class Document:
    """An OpenAPI 3.1 document as endpoints and schemas.

    Raises:
        DocumentUnreadable: the text is not YAML, not a mapping, or over 4 MB.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) > MAX_BYTES:
            raise DocumentUnreadable(f"the document has {len(content):,} bytes; at most {MAX_BYTES:,} are read")
        try:
            # `_plain_loader` derives from the safe loader: no Python objects can come out of it.
            read = yaml.load(content, Loader=_plain_loader())  # noqa: S506
        except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as problem:
            raise DocumentUnreadable(f"the document is no YAML: {problem}") from problem
        if not isinstance(read, dict):
            raise DocumentUnreadable("the document is no YAML mapping")
        self._take(read)

    @classmethod
    def of(cls, values: Node) -> Document:
        """Return a document of values that are what its text says."""
        made = cls.__new__(cls)
        made._take(values)
        return made

    def _take(self, root: Node) -> None:
        self.root = root
        self._results: dict[int, Node] = {}
        self._listed: dict[int, Node] = {}
        self.endpoints: tuple[Endpoint, ...] = tuple(self._endpoints())

    @property
    def base_path(self) -> str:
        """Path of the first server, without a trailing slash."""
        servers = self.root.get("servers")
        url = (
            servers[0].get("url", "")
            if isinstance(servers, list) and servers and isinstance(servers[0], Mapping)
            else ""
        )
        return urlsplit(str(url)).path.rstrip("/")

    @property
    def schemas(self) -> Node:
        """The named schemas of the components."""
        return mapping(mapping(self.root.get("components")).get("schemas"))

    @property
    def security_schemes(self) -> Node:
        """The security schemes of the components."""
        return mapping(mapping(self.root.get("components")).get("securitySchemes"))

    def resolve(self, node: Any) -> Node:
        """Follow `$ref`s within the document; anything that leads nowhere is an empty mapping."""
        for _ in range(_MAX_DEPTH):
            if type(node) is not dict and not isinstance(node, Mapping):
                return _NOTHING
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node
            node = self._at(reference)
        return _NOTHING

    def dangling(self) -> tuple[str, ...]:
        """Return the references that lead to nothing in the document, each once, in order."""
        found: dict[str, None] = {}
        waiting: list[Any] = [self.root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping):
                reference = node.get("$ref")
                if isinstance(reference, str) and reference.startswith("#") and self._at(reference) is None:
                    found[reference] = None
                waiting.extend(node.values())
            elif isinstance(node, list | tuple):
                waiting.extend(node)
        return tuple(sorted(found))

    def properties(self, schema: Any) -> dict[str, Node]:
        """Properties of an object schema, those of its `allOf` parts included."""
        return self._properties(schema, depth=0)

    def body(self, endpoint: Endpoint) -> Node:
        """Return the resolved JSON schema of the request's body, or an empty mapping."""
        return self.body_of(endpoint.node)

    def body_of(self, node: Node) -> Node:
        """Return the same of an operation's node, as webhooks have them too."""
        return self._json_schema(self.resolve(node.get("requestBody")))

    def result(self, endpoint: Endpoint) -> Node:
        """Return the resolved JSON schema of the first successful response, or an empty mapping."""
        # Of a node of this document what was found stays found: many checks ask for each.
        found = self._results.get(id(endpoint.node))
        if found is None:
            found = self._results[id(endpoint.node)] = self._result(endpoint)
        return found

    def _result(self, endpoint: Endpoint) -> Node:
        successes = (response for status, response in sorted(endpoint.responses.items()) if status.startswith("2"))
        return next((schema for response in successes if (schema := self._json_schema(response))), _NOTHING)

    def shown(self, endpoint: Endpoint) -> dict[str, Node]:
        """Properties of what the endpoint answers with: of the whole, and of what it lists."""
        return {**self.properties(self.result(endpoint)), **self.properties(self.items(endpoint))}

    def items(self, endpoint: Endpoint) -> Node:
        """Return the resolved schema of what the endpoint lists, bare or in an envelope; empty if it lists nothing."""
        found = self._listed.get(id(endpoint.node))
        if found is None:
            found = self._listed[id(endpoint.node)] = self._items(endpoint)
        return found

    def _items(self, endpoint: Endpoint) -> Node:
        result = self.result(endpoint)
        if result.get("type") == "array":
            return self.resolve(result.get("items"))
        arrays = [
            resolved
            for prop in self.properties(result).values()
            if (resolved := self.resolve(prop)).get("type") == "array"
        ]
        inside = [self.resolve(array.get("items")) for array in arrays]
        # An entity with one list-valued attribute is no collection: collections hold objects.
        return next((item for item in inside if self.properties(item)), _NOTHING)

    def lists(self) -> tuple[Endpoint, ...]:
        """Endpoints that answer with a collection: a GET whose path does not end in a parameter."""
        return tuple(e for e in self.endpoints if e.method == "GET" and not e.path.endswith("}") and self.items(e))

    def walk(self, schema: Any) -> Iterator[tuple[str, Node]]:
        """Yield every schema below `schema` with its place, references followed once each."""
        yield from self._walk(schema, place="", seen=set(), depth=0)

    def _walk(self, schema: Any, *, place: str, seen: set[int], depth: int) -> Iterator[tuple[str, Node]]:
        node = self.resolve(schema)
        if not node or id(node) in seen or depth > _MAX_DEPTH:
            return
        seen.add(id(node))
        yield place, node
        for name, child in mapping(node.get("properties")).items():
            yield from self._walk(child, place=f"{place}.{name}".lstrip("."), seen=seen, depth=depth + 1)
        if "items" in node:
            yield from self._walk(node["items"], place=f"{place}[]", seen=seen, depth=depth + 1)
        for word in ("allOf", "oneOf", "anyOf"):
            for child in node.get(word) or ():
                yield from self._walk(child, place=place, seen=seen, depth=depth + 1)

    def _properties(self, schema: Any, *, depth: int) -> dict[str, Node]:
        node = self.resolve(schema)
        if depth > _MAX_DEPTH:
            return {}
        found: dict[str, Node] = {}
        for part in node.get("allOf") or ():
            found |= self._properties(part, depth=depth + 1)
        return found | {str(name): mapping(value) for name, value in mapping(node.get("properties")).items()}

    def _json_schema(self, holder: Node) -> Node:
        content = mapping(holder.get("content"))
        media = next(
            (
                media
                for kind, media in content.items()
                if str(kind).split(";")[0].endswith("json") and "problem" not in str(kind)
            ),
            None,
        )
        return self.resolve(mapping(media).get("schema"))

    def _endpoints(self) -> Iterator[Endpoint]:
        default = self.root.get("security")
        for path, item in mapping(self.root.get("paths")).items():
            shared = self.resolve(item)
            for method in METHODS:
                node = mapping(shared.get(method))
                if not node:
                    continue
                parameters = [*(shared.get("parameters") or ()), *(node.get("parameters") or ())]
                security = node.get("security", default)
                yield Endpoint(
                    method=method.upper(),
                    path=str(path),
                    node=node,
                    parameters=tuple(self.resolve(parameter) for parameter in parameters),
                    responses={
                        str(status): self.resolve(response)
                        for status, response in mapping(node.get("responses")).items()
                    },
                    security=tuple(mapping(requirement) for requirement in security)
                    if isinstance(security, list)
                    else None,
                )

    def _at(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            return None
        node: Any = self.root
        for key in reference[2:].split("/"):
            node = mapping(node).get(key.replace("~1", "/").replace("~0", "~"))
        return node


def mapping(value: Any) -> Node:
    """Return `value` if it is a mapping, else an empty one: a document may hold anything anywhere."""
    # Asked a hundred times for each part of a document, nearly always of a dict: an abstract class answers slowly.
    return value if type(value) is dict or isinstance(value, Mapping) else _NOTHING


@lru_cache(maxsize=1)
def _plain_loader() -> type[Any]:
    """Return a safe loader that leaves timestamps as text, as JSON would: an `example` of a date-time is a string."""
    base: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class PlainLoader(base):  # type: ignore[misc]  # the base is chosen at run time
        yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own class attribute
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in base.yaml_implicit_resolvers.items()
        }

    return PlainLoader
