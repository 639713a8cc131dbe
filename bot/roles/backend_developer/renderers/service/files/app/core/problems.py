"""Errors as problem documents (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

_SLUGS = {
    400: "invalid-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    412: "precondition-failed",
    413: "content-too-large",
    415: "unsupported-media-type",
    422: "validation-failed",
    429: "rate-limited",
    500: "internal-error",
}
log = logging.getLogger(__name__)


class Problem(Exception):
    """A refusal in words. `errors` are (JSON pointer, detail); `code` is the domain's own name of it."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.errors, self.headers = status, detail, code, errors, headers


def answer(problem: Problem) -> JSONResponse:
    """Return the problem as a response."""
    body: dict[str, object] = {
        "type": f"/problems/{problem.code or _SLUGS.get(problem.status, 'refused')}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail[:1000],
    }
    if problem.code:
        body["code"] = problem.code
    if problem.errors:
        body["errors"] = [{"pointer": where[:300], "detail": what[:600]} for where, what in problem.errors[:100]]
    return JSONResponse(body, problem.status, dict(problem.headers or {}), "application/problem+json")


def of_database(error: psycopg.Error) -> Problem:
    """Return what a refusal of the database means to the caller; its own words stay in the log."""
    named = error.diag.constraint_name
    if isinstance(error, psycopg.errors.CheckViolation) and not named:
        # Raised by a trigger of the migrations: a state, a value set once, a count. Its message is ours.
        return Problem(409, error.diag.message_primary or "A rule of the domain refuses this.")
    if isinstance(error, psycopg.errors.UniqueViolation):
        return Problem(409, "Another one has the same values.")
    if isinstance(error, psycopg.errors.ExclusionViolation):
        return Problem(409, "It overlaps with another one.")
    if isinstance(error, psycopg.errors.ForeignKeyViolation | psycopg.errors.RestrictViolation):
        return Problem(409, "It points at something that is not there, or something still points at it.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return Problem(403, "The caller may not change this.")
    if isinstance(error, psycopg.errors.CheckViolation | psycopg.errors.NotNullViolation | psycopg.DataError):
        return Problem(422, "The values together break a rule, or one is outside of what can be kept.")
    if isinstance(error, psycopg.errors.SerializationFailure | psycopg.errors.DeadlockDetected):
        return Problem(409, "Somebody else changed the same at this moment; try again.")
    if isinstance(error, psycopg.errors.LockNotAvailable):
        return Problem(409, "Somebody else is changing this; try again.")
    if isinstance(error, psycopg.OperationalError):
        return Problem(503, "The database does not answer.", headers={"Retry-After": "1"})
    log.error("unforeseen refusal of the database", exc_info=error)
    return Problem(500, "The service failed; nothing was changed.")


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""

    @app.exception_handler(Problem)
    async def _problem(_request: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def _unreadable(_request: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [("/" + "/".join(map(str, fault["loc"])), str(fault["msg"])) for fault in error.errors()]
        return answer(Problem(400, "A parameter could not be read.", errors=wrong))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = request.app.state.allowed(request.scope["path"])
        return answer(Problem(error.status_code, str(error.detail), headers=headers))

    @app.exception_handler(psycopg.Error)
    async def _database(_request: Request, error: psycopg.Error) -> JSONResponse:
        return answer(of_database(error))

    @app.exception_handler(PoolTimeout)
    async def _busy(_request: Request, _error: PoolTimeout) -> JSONResponse:
        return answer(Problem(503, "No database connection was free in time.", headers={"Retry-After": "1"}))
