"""What routes read from a request and give back: strict bodies, versions (ETag), results."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.core.database import Row
from app.core.problems import Problem
from app.core.tables import DEFAULT, Table

B = TypeVar("B")
M = TypeVar("M", bound=BaseModel)
_LONGEST_TAG = 100


def json_body(kind: type[B]) -> Callable[[Request], Awaitable[B]]:
    """Return a dependency that reads a JSON body strictly: no unknown key, no value taken for another type."""
    adapter: TypeAdapter[B] = TypeAdapter(kind)

    async def read(request: Request) -> B:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Problem(415, "Send application/json.")
        try:
            return adapter.validate_json(await request.body())
        except ValidationError as error:
            raise _refused(error) from error
        except (UnicodeError, RecursionError) as error:
            raise Problem(400, "The body is no JSON.") from error

    return read


def query(kind: type[B]) -> Callable[[Request], Awaitable[B]]:
    """Return a dependency that reads the query's parameters; of one given twice the last counts."""
    adapter: TypeAdapter[B] = TypeAdapter(kind)

    async def read(request: Request) -> B:
        try:
            return adapter.validate_strings(dict(request.query_params))
        except ValidationError as error:
            wrong = [(f"/query/{fault['loc'][0] if fault['loc'] else ''}", fault["msg"]) for fault in error.errors()]
            raise Problem(400, "A parameter could not be read.", errors=wrong) from error

    return read


def _refused(error: ValidationError) -> Problem:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        return Problem(400, "The body is no JSON.")
    wrong = [
        ("/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in fault["loc"]), fault["msg"])
        for fault in faults
    ]
    return Problem(422, "Some values are not acceptable.", errors=wrong)


def etag(table: Table, row: Row) -> str:
    """Return the version of a row."""
    moment = row[table.updated].timestamp() if row[table.updated] else 0
    key = "|".join(str(row[name]) for name in table.key)
    return f'"{hashlib.sha256(f"{key}|{moment:.6f}".encode()).hexdigest()[:20]}"'


def must_match(request: Request, table: Table, row: Row) -> None:
    """Refuse to overwrite what changed since the caller read it (`If-Match`)."""
    given = _tags(request, "if-match")
    if given and "*" not in given and etag(table, row) not in given:
        raise Problem(412, "The resource changed since it was read.", headers={"ETag": etag(table, row)})


def unchanged(request: Request, table: Table, row: Row) -> bool:
    """Whether the caller has this version already (`If-None-Match`)."""
    given = _tags(request, "if-none-match")
    return "*" in given or etag(table, row) in {tag.removeprefix("W/") for tag in given}


def _tags(request: Request, header: str) -> set[str]:
    said = request.headers.get(header)
    if said is None:
        return set()
    if len(said) > _LONGEST_TAG:
        raise Problem(400, f"{header.title()} has at most {_LONGEST_TAG} characters.")
    return {tag.strip() for tag in said.split(",")}


def reply(result: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a result as a response."""
    body = result.model_dump_json(by_alias=True, exclude_unset=True)
    return Response(body, status, dict(headers or {}), "application/json")


def shown(kind: type[M], rows: Sequence[Row]) -> list[M]:
    """Return rows as callers get them."""
    return _many(kind).validate_python(rows)


def reply_list(results: Sequence[M], *, status: int = 200) -> Response:
    """Return results, all of one model, as a JSON array."""
    return Response(_dumped(results), status, media_type="application/json")


def reply_page(results: Sequence[M], cursor: str | None) -> Response:
    """Return one page of a list."""
    following = b"null" if cursor is None else f'"{cursor}"'.encode()
    body = b'{"items":' + _dumped(results) + b',"next_cursor":' + following + b"}"
    return Response(body, media_type="application/json")


def _dumped(results: Sequence[M]) -> bytes:
    if not results:
        return b"[]"
    return _many(type(results[0])).dump_json(list(results), by_alias=True, exclude_unset=True)


@cache
def _many(kind: type[M]) -> TypeAdapter[list[M]]:
    return TypeAdapter(list[kind])  # type: ignore[valid-type]  # the class is a value here


def written(body: BaseModel, table: Table) -> dict[str, Any]:
    """Return what a body says by the names of columns; what it leaves out is the database's to fill."""
    said = body.model_dump(by_alias=True, exclude_unset=True)
    objects = [name for name in said if name in table.json]
    if objects:
        plain = body.model_dump(mode="json", by_alias=True, exclude_unset=True)
        said |= {name: plain[name] for name in objects}
    return said


def replaced(body: BaseModel, table: Table, changeable: Sequence[str]) -> dict[str, Any]:
    """Return what a body says that replaces a row (PUT): what it leaves out becomes what a new row would have."""
    return {**dict.fromkeys(changeable, DEFAULT), **written(body, table)}
