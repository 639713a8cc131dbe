"""Does an answer keep the contract: status, media type, body and headers as openapi.yaml declares them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import jsonschema
import yaml

from bot.roles.backend_developer.checks.live.client import Answer

_UNSAID: Final = frozenset({HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE})
"""What no contract declares: an operation that is the team's to write, and a database that is away."""

LEAKS: Final = re.compile(
    r"Traceback \(most recent|psycopg|File \"/|line \d+, in |SELECT .+ FROM |INSERT INTO |syntax error at|pg_catalog"
    r"|relation \"|column \"|violates \w+ constraint|DETAIL:|sqlstate|/site-packages/",
    re.IGNORECASE,
)
"""Words of the inside that no caller should read."""


class Contract:
    """The document that the operations are held to."""

    def __init__(self, text: str) -> None:
        document: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
        self._components = document.get("components", {})
        self._operations: dict[str, Mapping[str, Any]] = {
            f"{method.upper()} {_plain(path)}": said
            for path, item in document.get("paths", {}).items()
            for method, said in item.items()
        }
        self._validators: dict[str, Any] = {}

    def complaints(self, method: str, path: str, answer: Answer) -> Iterator[str]:
        """Yield what an answer has that the contract does not; `path` is the contract's, without base."""
        said = self._operations.get(f"{method} {_plain(path)}")
        if said is None or answer.status in _UNSAID:
            return
        declared = said["responses"].get(str(answer.status))
        if declared is None:
            yield f"the status {answer.status} is not declared"
            return
        declared = self._followed(declared)
        for name, header in declared.get("headers", {}).items():
            yield from _header(name, self._followed(header), answer)
        if method == "HEAD":
            return
        yield from self._body(f"{method} {_plain(path)} {answer.status}", declared, answer)

    def _body(self, place: str, declared: Mapping[str, Any], answer: Answer) -> Iterator[str]:
        content = declared.get("content")
        if not content:
            if answer.body:
                yield f"a {answer.status} has a body where none is declared"
            return
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in content:
            yield f"a {answer.status} has the media type {kind or 'none'}"
            return
        value = answer.json()
        if value is None and answer.body.strip() != b"null":
            yield f"the body of a {answer.status} is no JSON"
            return
        if place not in self._validators:
            schema = {**content[kind].get("schema", {}), "components": self._components}
            self._validators[place] = jsonschema.Draft202012Validator(schema)
        for error in self._validators[place].iter_errors(value):
            at = "/".join(map(str, error.absolute_path))
            yield f"the body of a {answer.status} does not fit its schema at /{at}: {error.message[:120]}"
            return

    def _followed(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = node.get("$ref")
        if reference is None:
            return node
        found: Any = {"components": self._components}
        for part in reference[2:].split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return self._followed(found)


def _header(name: str, said: Mapping[str, Any], answer: Answer) -> Iterator[str]:
    value, schema = answer.headers.get(name.lower()), said.get("schema", {})
    if value is None:
        if said.get("required", True):
            yield f"the header {name} is missing from a {answer.status}"
    elif schema.get("type") == "integer" and not value.isdecimal():
        yield f"the header {name} of a {answer.status} is no number: {value[:60]}"
    elif schema.get("type") == "string" and not re.search(schema.get("pattern", ""), value):
        yield f"the header {name} of a {answer.status} does not fit its pattern: {value[:60]}"


def _plain(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
