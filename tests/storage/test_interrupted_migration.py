"""A first start that is interrupted leaves nothing half made."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.operations import Operations
from sqlalchemy import Table

from storage.engines import parse, sqlite_engine
from storage.schema_upgrade import migrate


def test_a_migration_is_kept_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the process ends between two tables, the file is as empty as before, and the next start migrates it."""
    engine = sqlite_engine(parse(f"sqlite:///{tmp_path}/eipas.db"))
    create = Operations.create_table
    made: list[str] = []

    def interrupted(self: Operations, name: str, *columns: object, **options: object) -> Table:
        if len(made) == 5:
            raise KeyboardInterrupt
        made.append(name)
        return create(self, name, *columns, **options)

    monkeypatch.setattr(Operations, "create_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM sqlite_master").all() == []
    monkeypatch.undo()
    migrate(engine)
    engine.dispose()
