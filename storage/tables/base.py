"""What all tables share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Text

from storage.types import Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PEOPLE = Json(tuple[str, ...])
OBJECT = Json(Mapping[str, Any])


def of_evaluation(*, primary_key: bool = False) -> Column[str]:
    """Return the column that says to which evaluation a row belongs."""
    return Column("evaluation_id", Text, ForeignKey("evaluation.id"), primary_key=primary_key, nullable=False)


def of_run() -> Column[str]:
    """Return the column that says to which run a row belongs, the first of its table's key."""
    return Column("run_id", Text, ForeignKey("run.id"), primary_key=True)
