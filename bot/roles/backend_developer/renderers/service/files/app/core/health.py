"""Whether the service lives and is ready, its metrics, its contract, and the state of background work."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import psycopg
from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from psycopg_pool import PoolTimeout

from app.core import jobs
from app.core.auth import allow
from app.core.database import Caller, database
from app.core.requests import reply
from app.core.settings import CONTRACT
from app.core.types import Accepted

WORK = "/background-work"
router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def alive() -> Response:
    """Answer as long as the process does."""
    return Response("ok", media_type="text/plain")


@router.get("/readyz")
async def ready() -> Response:
    """Answer 200 if the database does."""
    try:
        async with database.as_service() as connection:
            await connection.execute("SELECT 1")
    except (psycopg.Error, PoolTimeout):
        return Response("the database does not answer", 503, media_type="text/plain")
    return Response("ok", media_type="text/plain")


@router.get("/metrics")
async def metrics() -> Response:
    """Show the metrics of this process in Prometheus' format."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@router.get("/openapi.yaml")
async def contract() -> Response:
    """Show the contract."""
    return Response(CONTRACT.read_bytes(), media_type="application/yaml")


@router.get(WORK + "/{job_id}")
async def background_work(job_id: UUID, caller: Annotated[Caller, Depends(allow())]) -> Response:
    """Show how far work is that the caller asked for: where `Location` of a 202 points."""
    return reply(Accepted.model_validate(await jobs.status_of(caller, job_id)))
