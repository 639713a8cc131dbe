"""Puts the service together: `uvicorn --factory app.main:create_app`."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
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


def _allowed(path: str) -> str:
    """Return the methods that a path takes."""
    own = path.removeprefix(design.BASE_PATH)
    fitting = [route for route in routes() if route.path_regex.match(own)]
    return ", ".join(sorted({method for route in fitting for method in route.methods or ()}))


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
