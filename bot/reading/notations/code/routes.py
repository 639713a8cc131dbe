"""Reads routes as web frameworks register them, a line each: Rails, Sinatra, Phoenix, Laravel, ASP.NET, Ktor, Axum.

Whatever a route stands in (``namespace :admin do``, ``route("/pens") {``, ``[Route("pens")]``) is told by its indent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from bot.domain.facts import Method, OperationFact, Reading, Standing
from bot.reading.names import singular
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.guards import guards
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "routes"
_VERB = r"(?P<verb>get|post|put|patch|delete)"
_PLAIN = re.compile(rf"\s*{_VERB}[ \t]*\(?[ \t]*(?:\"(?P<one>[^\"\n]*)\"|'(?P<other>[^'\n]*)'|:(?P<symbol>\w+))", re.I)
"""Rails, Sinatra, Phoenix and Ktor: ``get '/pens', to: …``, ``post("/pens") {``, inside a member ``post :close``."""
_BARE = re.compile(rf"\s*{_VERB}[ \t]*\{{", re.I)
_CALLED = re.compile(
    rf"\s*(?:(?:Route::|\$\w+->|\w+\.)(?:\w+\([^()\n]*\)->)*|\.)(?:Map|map)?{_VERB}\(\s*(?:\"(?P<one>[^\"\n]*)\"|'(?P<other>[^'\n]*)')",
    re.I,
)
"""Laravel and ASP.NET: ``Route::get('/pens', …)``, ``app.MapGet("/pens", …)``."""
_MARKED = re.compile(
    rf"\s*(?:#\[{_VERB}\(\s*\"(?P<one>[^\"\n]*)\""
    rf"|\[Http{_VERB.replace('verb', 'http')}(?:\(\s*\"(?P<other>[^\"\n]*)\")?)",
    re.I,
)
"""Actix and ASP.NET's controllers: ``#[get("/pens")]``, ``[HttpPost("{id}/close")]``."""
_HANDLED = re.compile(r"\s*\w+\.Handle(?:Func)?\(\s*\"(?P<verb>[A-Z]{3,6}) (?P<one>/[^\"\n]*)\"(?P<other>)(?P<symbol>)")
"""Go: ``mux.HandleFunc("GET /pens", …)``."""
_AXUM = re.compile(r"\.route\(\s*\"(?P<path>/[^\"\n]*)\"\s*,(?P<rest>[^\n]*)")
_AXUM_VERB = re.compile(r"(?:^|[\s.:])(get|post|put|patch|delete)\(")
_RESOURCES = re.compile(
    r"\s*(?:resources?[ \t]*\(?[ \t]*(?::(?P<symbol>\w+)|\"/?(?P<path>[\w/-]+)\")"
    r"|Route::(?:apiR|r)esource\(\s*['\"]/?(?P<laravel>[\w/-]+)['\"])(?P<rest>[^\n]*)"
)
_SCOPE = re.compile(
    r"\s*(?:namespace|scope|route|path|prefix)[ \t]*\(?[ \t]*(?:path:[ \t]*)?"
    r"(?::(?P<symbol>\w+)|[\"'](?P<path>/?[\w/:{}-]*)[\"'])[^\n]*(?:\bdo\b|\{)"
)
_GROUP = re.compile(
    r"\s*(?:Route::|\w+\.)(?:\w+\([^()\n]*\)->)*(?:prefix|MapGroup|Route|nest)\(\s*[\"'](?P<path>/?[\w/:{}-]+)[\"'][^\n]*(?:\{|=>|->group)"
)
_OPENS = re.compile(r"\bdo\s*(?:\|\w*\|)?\s*$|\{\s*$|->group\(")
_LONGEST_MARKS = 600
_CONTROLLER = re.compile(r"\s*\[Route\(\s*\"(?P<path>[^\"\n]*)\"\s*\)\]")
_DRAWN = re.compile(r"\s*(?:Rails\.application\.routes\.draw\b|routing\s*\{)")
_COLLECTION = re.compile(r"\s*collection[ \t]+(?:do|\{)")
_OF_ALL = re.compile(r"\bon:\s*:collection\b")
"""Where routes of a resource are about all of its rows."""
_TYPED = re.compile(r"<(?:\w+:)?(\w+)>|\{(\w+)(?::[^{}]*|\?)\}")
_ACTIONS: tuple[tuple[str, Method, str], ...] = (
    ("index", "GET", ""),
    ("create", "POST", ""),
    ("show", "GET", "/{id}"),
    ("update", "PATCH", "/{id}"),
    ("destroy", "DELETE", "/{id}"),
)
"""What a resource has, without the pages of forms that a backend shows nobody."""
_LINE_COMMENT = re.compile(r"\s*(?:#(?!\[)|//)")


class RoutesReader:
    """Reads lines that register routes, with the scopes that they stand in and the roles that guard them."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether the text is code in which a route or a resource is registered."""
        if segment.kind not in {"fence", "document"}:
            return False
        return any(_DRAWN.match(line) or _registers(line) for line in segment.text[:100_000].splitlines())

    def read(self, segment: Segment) -> Reading | None:
        """Return the calls, each line a statement."""
        return read_bounded(segment, _NAME, _read)


def _registers(line: str) -> bool:
    if len(line) > 500 or _LINE_COMMENT.match(line):
        return False
    called = _PLAIN.match(line) or _CALLED.match(line) or _HANDLED.match(line)
    slashed = called is not None and (called["one"] or called["other"] or "").startswith("/")
    return slashed or bool(_AXUM.search(line) or _MARKED.match(line) or _RESOURCES.match(line))


@dataclass
class _Scope:
    indent: int
    path: str
    roles: tuple[str, ...] = ()
    one: str = ""
    """The parameter of a resource's row, below which its other routes are."""
    of_all: bool = False


@dataclass
class _Open:
    """Where a line stands: the scopes around it, and what was marked right above it."""

    scopes: list[_Scope] = field(default_factory=list)
    marks: str = ""
    controller: str = ""

    def leave(self, indent: int) -> None:
        """Leave the scopes that a line at this indent is no longer in."""
        while self.scopes and self.scopes[-1].indent >= indent:
            self.scopes.pop()

    def path(self, own: str) -> str:
        """Return a route's whole path."""
        parts = [self.controller]
        for n, scope in enumerate(self.scopes):
            of_all = n + 1 < len(self.scopes) and self.scopes[n + 1].of_all
            parts += [scope.path, "" if of_all else scope.one]
        parts.append(own)
        joined = "/" + "/".join(part.strip("/") for part in parts if part.strip("/"))
        return _TYPED.sub(lambda m: "{" + (m[1] or m[2]) + "}", joined)

    def roles(self) -> tuple[str, ...]:
        """Return the roles of the nearest scope that names some."""
        return next((scope.roles for scope in reversed(self.scopes) if scope.roles), ())


def _read(segment: Segment) -> Reading:
    notes, here, at = Notes(segment, _NAME), _Open(), 0
    for line in segment.text.splitlines(keepends=True):
        start, end, at = at, at + len(line.rstrip()), at + len(line)
        bare = line.strip()
        if not bare or len(line) > 2000 or _LINE_COMMENT.match(line):
            if bare:
                notes.say(start, end, Standing.NOTHING_SAID)
            continue
        here.leave(len(line) - len(line.lstrip()))
        made = list(_calls(line, here))
        statement = notes.say(start, end, Standing.UNDERSTOOD if made else Standing.NOTHING_SAID)
        roles, public = guards(here.marks + line) if made else ((), None)
        for method, path in made:
            notes.add(
                OperationFact(statement=statement, method=method, path=path, roles=roles or here.roles(), public=public)
            )
        _enter(line, here)
        is_mark = bare.startswith(("[", "#[", "@"))
        here.marks = (here.marks + line)[-_LONGEST_MARKS:] if is_mark else ""
    return notes.reading()


def _calls(line: str, here: _Open) -> Iterator[tuple[Method, str]]:
    """Yield the calls that a line registers."""
    if axum := _AXUM.search(line):
        for verb in _AXUM_VERB.findall(axum["rest"]):
            yield cast(Method, verb.upper()), here.path(axum["path"])
        return
    if found := _RESOURCES.match(line):
        name = found["symbol"] or found["path"] or found["laravel"]
        for action, method, tail in _ACTIONS:
            if _has(action, found["rest"]):
                yield method, here.path(name + tail)
        return
    if found := _MARKED.match(line):
        yield cast(Method, (found["verb"] or found["http"]).upper()), here.path(found["one"] or found["other"] or "")
        return
    if found := _PLAIN.match(line) or _CALLED.match(line) or _HANDLED.match(line):
        said = next((found[g] for g in ("one", "other") if found[g] is not None), None)
        own = said if said is not None else found["symbol"]
        if "://" not in own:
            of_all = here.scopes[-1:] and here.scopes[-1].one and _OF_ALL.search(line)
            path = here.path(own)
            yield cast(Method, found["verb"].upper()), path.replace(f"/{here.scopes[-1].one}", "") if of_all else path
    elif here.scopes and (found := _BARE.match(line)):
        yield cast(Method, found["verb"].upper()), here.path("")


def _has(action: str, rest: str) -> bool:
    """Whether a resource has an action, by its ``only`` or ``except``."""
    listed = re.search(r"\b(only|except)\b\W{0,6}([^\])\n]*)", rest)
    if listed is None:
        return True
    said = {"destroy" if name == "delete" else name for name in re.findall(r"\w+", listed[2])}
    return (action in said) == (listed[1] == "only")


def _enter(line: str, here: _Open) -> None:
    """Enter the scope that a line opens: a prefix, a resource whose others are nested, its members."""
    indent = len(line) - len(line.lstrip())
    if found := _CONTROLLER.match(line):
        here.controller = "" if "[" in found["path"] else found["path"]
        return
    roles, _ = guards(line) if _OPENS.search(line) else ((), None)
    if found := _SCOPE.match(line) or _GROUP.match(line):
        named = found.groupdict()
        here.scopes.append(_Scope(indent, named.get("symbol") or named["path"] or "", roles))
    elif (found := _RESOURCES.match(line)) and re.search(r"\b(?:do|\{)", found["rest"]):
        name = found["symbol"] or found["path"] or found["laravel"]
        here.scopes.append(_Scope(indent, name, roles, f"{{{singular(name)}_id}}"))
    elif _COLLECTION.match(line):
        here.scopes.append(_Scope(indent, "", roles, of_all=True))
    elif roles:
        here.scopes.append(_Scope(indent, "", roles))
