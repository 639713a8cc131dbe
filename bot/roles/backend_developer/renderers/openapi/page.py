"""The API's document as one HTML page that needs nothing else: every operation with who may, its body and its answers.

No script, no address outside of the page, and every text of the document is escaped: whatever people wrote is words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final

import yaml

Node = Mapping[str, Any]
_METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_DEEPEST: Final = 6
"""Levels of nested objects that are drawn; deeper ones are named."""
_STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--ink:#1f6feb}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem}
h1{margin:0}h2{margin:2.5rem 0 .5rem;border-bottom:1px solid var(--line)}h4{margin:1rem 0 .25rem}
code,pre,.path{font-family:ui-monospace,monospace;font-size:.9em}
pre{background:var(--soft);padding:.75rem;overflow:auto;max-height:24rem}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:0 .8rem}
details[open]{padding-bottom:.8rem}summary{cursor:pointer;padding:.5rem 0}
.method{display:inline-block;min-width:4.2rem;font-weight:700;color:var(--ink)}
.tag{border:1px solid var(--line);border-radius:4px;padding:0 .35rem;margin-left:.4rem;font-size:.8em}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid var(--soft)}nav a{margin-right:1rem;white-space:nowrap}
.depth{color:#8888;white-space:pre}
"""


def page(document: str) -> str:
    """Return an OpenAPI document (YAML) as a page."""
    root = yaml.load(document, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader
    return "".join(_Page(root).parts())


class _Page:
    """Writes one document."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def parts(self) -> Iterator[str]:
        """Yield the page's text."""
        info = self._root["info"]
        title = escape(str(info["title"]))
        yield (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{title}</title><style>{_STYLE}</style></head><body>"
            f"<h1>{title}</h1><p>Version {escape(str(info['version']))}</p>{_paragraphs(info.get('description', ''))}"
        )
        groups = self._groups()
        links = (f'<a href="#{_anchor(tag)}">{escape(tag)} ({len(found)})</a>' for tag, found in groups.items())
        yield f"<nav>{''.join(links)}</nav>"
        yield from self._sign_ins()
        for tag, found in groups.items():
            yield f'<h2 id="{_anchor(tag)}">{escape(tag)}</h2>'
            for path, method, item, operation in found:
                yield from self._operation(path, method, item, operation)
        yield "</body></html>\n"

    def _groups(self) -> dict[str, list[tuple[str, str, Node, Node]]]:
        found: dict[str, list[tuple[str, str, Node, Node]]] = {}
        sources = [*self._root.get("paths", {}).items()]
        sources += [(f"webhook {name}", item) for name, item in self._root.get("webhooks", {}).items()]
        for path, item in sources:
            for method in _METHODS:
                if method in item:
                    tags = item[method].get("tags") or ["Other"]
                    found.setdefault(str(tags[0]), []).append((str(path), method, item, item[method]))
        return found

    def _sign_ins(self) -> Iterator[str]:
        schemes = self._root.get("components", {}).get("securitySchemes", {})
        if schemes:
            rows = ((f"<code>{escape(str(n))}</code>", _scheme(s)) for n, s in schemes.items())
            yield f"<h2>Signing in</h2>{_table(('way', 'what it is'), rows)}"

    def _operation(self, path: str, method: str, item: Node, operation: Node) -> Iterator[str]:
        yield (
            f'<details id="{_anchor(str(operation.get("operationId", path + method)))}"><summary>'
            f'<span class="method">{method.upper()}</span><span class="path">{escape(path)}</span> '
            f"{escape(str(operation.get('summary', '')))}{self._badges(operation)}</summary>"
            f"{_paragraphs(operation.get('description', ''))}"
        )
        parameters = [self._found(p) for p in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        if parameters:
            rows = ((f"<code>{escape(str(p['name']))}</code>", escape(str(p["in"])), self._said(p.get("schema", {})),
                     "yes" if p.get("required") else "", escape(str(p.get("description", ""))))
                    for p in parameters)  # fmt: skip
            yield f"<h4>Parameters</h4>{_table(('name', 'in', 'type', 'required', ''), rows)}"
        body = self._found(operation.get("requestBody", {}))
        for kind, media in body.get("content", {}).items():
            needed = ", required" if body.get("required") else ""
            yield f"<h4>Body <code>{escape(str(kind))}</code>{needed}</h4>{self._media(media)}"
        yield "<h4>Answers</h4>"
        for status, said in operation.get("responses", {}).items():
            answer = self._found(said)
            yield f"<p><b>{escape(str(status))}</b> {escape(str(answer.get('description', '')))}</p>"
            if str(status).startswith("2"):
                for media in answer.get("content", {}).values():
                    yield self._media(media)
        yield "</details>"

    def _badges(self, operation: Node) -> str:
        security = operation.get("security", self._root.get("security", ()))
        ways = [name for one in security for name in one] if security else ["open to everybody"]
        roles = operation.get("x-roles", ())
        said = [*dict.fromkeys(map(str, ways)), *(f"role {role}" for role in roles)]
        return "".join(f'<span class="tag">{escape(word)}</span>' for word in said)

    def _media(self, media: Node) -> str:
        schema = media.get("schema", {})
        rows = list(self._rows(schema, 0, "", frozenset()))
        drawn = _table(("field", "type", "required", ""), rows) if rows else f"<p>{self._said(schema)}</p>"
        sample = media.get("example", next((e.get("value") for e in media.get("examples", {}).values()), None))
        shown = f"<pre>{escape(json.dumps(sample, indent=2, ensure_ascii=False, default=str))}</pre>" if sample else ""
        return drawn + shown

    def _rows(self, schema: Node, depth: int, needed: str, seen: frozenset[str]) -> Iterator[tuple[str, ...]]:
        """Yield a row per field, nested ones below theirs; an object within itself is named once."""
        ref = str(schema.get("$ref", ""))
        if ref in seen or depth > _DEEPEST:
            return
        seen |= {ref} if ref else set()
        schema = self._found(schema)
        for inner in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            yield from self._rows(inner, depth, needed, seen)
        if "items" in schema:
            yield from self._rows(schema["items"], depth, needed, seen)
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            full = self._found(inner)
            pad = f'<span class="depth">{"· " * depth}</span>'
            words = str(full.get("description", inner.get("description", "")))
            yield (f"{pad}<code>{escape(str(name))}</code>", self._said(inner), "yes" if name in required else "",
                   escape(words))  # fmt: skip
            yield from self._rows(inner, depth + 1, "", seen)

    def _said(self, schema: Node) -> str:
        """Return a schema's type and bounds in a line."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        schema = self._found(schema)
        for word in ("oneOf", "anyOf", "allOf"):
            if word in schema:
                return " or ".join(self._said(one) for one in schema[word])
        kind = schema.get("type", "any")
        said = " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
        if "items" in schema:
            return f"{escape(said)} of {self._said(schema['items'])}"
        said = name or str(schema.get("format", "")) or said
        if isinstance(kind, list) and "null" in kind and "null" not in said:
            said += " or null"
        if "enum" in schema:
            said += ": " + ", ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
        bounds = [f"{word} {schema[word]}" for word in _BOUNDS if word in schema]
        return escape(said + (f" ({', '.join(bounds)})" if bounds else ""))

    def _found(self, node: Node) -> Node:
        """Return what a reference within the document leads to."""
        for _ in range(8):
            if "$ref" not in node:
                break
            target: Any = self._root
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target.get(part.replace("~1", "/").replace("~0", "~"), {})
            node = target
        return node


_BOUNDS: Final = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default")


def _scheme(scheme: Node) -> str:
    parts = [scheme.get("type"), scheme.get("scheme"), scheme.get("bearerFormat"), scheme.get("name")]
    words = " ".join(str(part) for part in parts if part)
    return f"{escape(words)}. {escape(str(scheme.get('description', '')))}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; the cells are HTML already."""
    head = "".join(f"<th>{word}</th>" for word in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _paragraphs(words: object) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in str(words or "").split("\n\n") if part.strip())


def _anchor(words: str) -> str:
    """Return an id for a place on the page: different words may share one only where nothing else tells them apart."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-").lower()
    return f"at-{plain or words.encode().hex()[:40]}"
