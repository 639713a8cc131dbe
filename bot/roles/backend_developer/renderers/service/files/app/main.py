"""Puts the service together: `uvicorn --factory app.main:create_app`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from app import (
    actions as actions,  # registers what is done in the background
)
from app import design
from app.core import health, jobs, problems, sign_in, tracing
from app.core.database import database
from app.core.middleware import Envelope
from app.core.settings import settings
from app.core.worker import Worker
from app.routers import ROUTERS

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Open the database and begin background work; on the way down finish what is under way."""
    await database.open()
    worker = Worker(jobs.HANDLERS) if settings().worker else None
    if worker is not None:
        worker.start()
    yield
    if worker is not None:
        await worker.stop()
    await database.close()


def build() -> FastAPI:
    """Return the application without its envelope."""
    app = FastAPI(
        title=design.TITLE,
        version=design.VERSION,
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
    )
    problems.install(app)
    for route in routes():
        app.add_api_route(
            f"{design.BASE_PATH}{route.path}",
            route.endpoint,
            methods=sorted(route.methods or ()),
            operation_id=route.operation_id,
            response_model=None,
        )
        if route.path in _shadowing():
            others = sorted(_METHODS - _taken_by(route.path))
            app.add_api_route(f"{design.BASE_PATH}{route.path}", _not_taken, methods=others, include_in_schema=False)
    app.include_router(health.router)
    app.include_router(sign_in.router)
    app.state.allowed = _allowed
    return app


def routes() -> list[APIRoute]:
    """Return the routes of every router, the most particular path first: `/orders/open` before `/orders/{id}`."""
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return sorted(found, key=_particular)


def _particular(route: APIRoute) -> list[tuple[bool, int]]:
    return [("{" in part, -len(part)) for part in route.path.split("/")]


def _shadowing() -> frozenset[str]:
    """Return the paths that are also of a wider one's form: what `/orders/open` does not take is not `/orders/{id}`'s."""
    paths = {route.path: route.path_regex for route in routes()}
    wider = ((path, regex) for path in paths for other, regex in paths.items() if other != path)
    return frozenset(path for path, regex in wider if regex.match(path))


def _taken_by(path: str) -> set[str]:
    return {method for route in routes() if route.path == path for method in route.methods or ()}


async def _not_taken() -> None:
    raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)


def _allowed(path: str) -> str:
    """Return the methods that a path takes, by the most particular form that it has."""
    own = path.removeprefix(design.BASE_PATH)
    fitting = next((route for route in routes() if route.path_regex.match(own)), None)
    return ", ".join(sorted(_taken_by(fitting.path))) if fitting else ""


def create_app() -> Envelope:
    """Return what a server serves."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(levelname)s %(name)s %(trace)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(tracing.InLogs())
    tracing.install()
    app = build()
    if settings().cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings().cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_credentials=True,
        )
    return Envelope(app)
