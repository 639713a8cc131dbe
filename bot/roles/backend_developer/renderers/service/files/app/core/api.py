"""What routers are written with, under one name: `api.fetch`, `api.reply` and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from app.core.audit import note
from app.core.auth import allow, anyone, nobody, signed
from app.core.database import Caller, Connection, Row, database
from app.core.health import WORK
from app.core.idempotency import once
from app.core.inbox import first_time
from app.core.jobs import Job, enqueue, handles
from app.core.outbox import emit
from app.core.pages import listing, page
from app.core.problems import Problem
from app.core.requests import (
    etag,
    json_body,
    must_match,
    query,
    replaced,
    reply,
    reply_list,
    reply_page,
    shown,
    unchanged,
    written,
)
from app.core.states import Move, move
from app.core.tables import DEFAULT, Table, delete, fetch, insert, update
from app.core.types import Accepted, PageQuery

__all__ = [
    "DEFAULT",
    "WORK",
    "APIRouter",
    "Accepted",
    "Annotated",
    "Any",
    "Caller",
    "Connection",
    "Depends",
    "Job",
    "Move",
    "PageQuery",
    "Problem",
    "Request",
    "Response",
    "Row",
    "Table",
    "allow",
    "anyone",
    "database",
    "delete",
    "emit",
    "enqueue",
    "etag",
    "fetch",
    "first_time",
    "handles",
    "insert",
    "json_body",
    "listing",
    "move",
    "must_match",
    "nobody",
    "note",
    "once",
    "page",
    "place",
    "query",
    "readable",
    "replace",
    "replaced",
    "reply",
    "reply_list",
    "reply_page",
    "shown",
    "signed",
    "unchanged",
    "unwritten",
    "update",
    "uuid4",
    "written",
]


def place(table: Table, row: Row) -> str:
    """Return a row's key as the last part of its address."""
    return quote(",".join(str(row[name]) for name in table.key), safe=",")


def readable(row: Row, caller: Caller, readers: Mapping[str, tuple[str, ...]]) -> Row:
    """Return the row without the fields that the caller's roles may not read."""
    hidden = {name for name, roles in readers.items() if caller.roles.isdisjoint(roles)}
    return {name: value for name, value in row.items() if name not in hidden}


def unwritten(operation: str) -> Problem:
    """Return what an operation answers that nobody has written yet: see `app/actions.py`."""
    return Problem(501, f"What {operation} does is not written yet.")
