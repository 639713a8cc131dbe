"""The second migration: from one iteration's schema to the next, over tables that hold rows."""

from __future__ import annotations

import re

import postgast

from bot.roles.backend_developer.blueprint import Blueprint, Entity, EntityField, FieldType, Index, Relation
from bot.roles.backend_developer.renderers.evolution import evolve, revert
from bot.roles.backend_developer.renderers.render import render
from tests.artefacts.blueprints import shop, tiny


def with_order(**changes: object) -> Blueprint:
    """Return the shop with its orders changed."""
    plan = shop()
    entities = [e.model_copy(update=changes) if e.name == "Order" else e for e in plan.entities]
    return Blueprint.model_validate({**dict(plan), "entities": tuple(entities)})


def order() -> Entity:
    return next(e for e in shop().entities if e.name == "Order")


def test_equal_schemas_need_no_migration() -> None:
    """Where only words changed there is one migration, of the present schema."""
    assert evolve(shop(), shop(summary="Other words.")) == ""
    assert [a.name for a in render(shop(), shop())] == [a.name for a in render(shop())]


def test_files_of_a_changed_schema() -> None:
    """0001 makes the previous schema, 0002 leads on; each has its way back; all of it is SQL."""
    files = {a.name: a.content.decode() for a in render(shop(), tiny())}
    assert "CREATE TABLE notes" in files["migrations/0001_initial.sql"]
    assert "CREATE TABLE orders" in files["migrations/0002_changes.sql"]
    assert all(postgast.parse(text) is not None for name, text in files.items() if name.endswith(".sql"))


def test_nothing_is_dropped() -> None:
    """What the new design lacks stays, made optional; its removal is a comment."""
    fields = tuple(f for f in order().fields if f.name != "status")
    text = evolve(shop(), with_order(fields=fields, indexes=()))
    live = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert "ALTER COLUMN status DROP NOT NULL" in live
    assert not re.search(r"DROP (TABLE|COLUMN|INDEX)", live)
    assert "--   ALTER TABLE orders DROP COLUMN status;" in text
    assert "--   DROP TABLE notes;" in evolve(tiny(), shop())


def test_required_columns_meet_rows() -> None:
    """A new required column fills existing rows; one that cannot (unique) starts optional."""
    more = (
        EntityField(name="kind", type=FieldType.ENUM, values=("retail", "trade")),
        EntityField(name="fee", type=FieldType.MONEY),
        EntityField(name="number", type=FieldType.STRING, unique=True),
    )
    text = evolve(shop(), with_order(fields=(*order().fields, *more)))
    assert "ADD COLUMN kind TEXT DEFAULT 'retail' NOT NULL" in text
    assert "ADD COLUMN fee_currency TEXT DEFAULT 'XXX' NOT NULL" in text
    assert "ADD COLUMN number TEXT CONSTRAINT" in text and "UNIQUE (tenant_id, number)" in text


def test_narrower_checks_spare_old_rows() -> None:
    """A wider enum is proven for old rows, a narrower one holds for new rows only."""

    def status(*values: str) -> Blueprint:
        fields = tuple(f.model_copy(update={"values": values}) if f.name == "status" else f for f in order().fields)
        return with_order(fields=fields)

    assert "VALIDATE CONSTRAINT ck_orders_status" in evolve(shop(), status("draft", "paid", "sent"))
    assert "VALIDATE" not in evolve(shop(), status("draft"))


def test_retyped_columns_keep_their_values() -> None:
    """A column of another type starts anew; the old values stay beside it."""
    fields = tuple(f.model_copy(update={"type": FieldType.TEXT}) if f.name == "group" else f for f in order().fields)
    text = evolve(shop(), with_order(fields=fields))
    assert 'RENAME COLUMN "group" TO group_before' in text and 'ADD COLUMN "group" TEXT' in text
    assert 'RENAME COLUMN group_before TO "group"' in revert(shop(), with_order(fields=fields))


def test_new_links_and_indexes() -> None:
    """A new relation is a foreign key with an index, added without locking out writers for long."""
    plan = shop()
    link = Relation(source="Order", target="Order", name="parent", required=False)
    new = Blueprint.model_validate({**dict(plan), "relations": (*plan.relations, link)})
    text = evolve(plan, new)
    key = "fk_orders_parent_id FOREIGN KEY(tenant_id, parent_id) REFERENCES orders (tenant_id, id) ON DELETE RESTRICT"
    assert f"{key} NOT VALID" in text
    assert "CREATE INDEX ix_orders_tenant_id_parent_id_created_at_id" in text
    indexed = with_order(indexes=(*order().indexes, Index(fields=("due_on",))))
    assert "CREATE INDEX ix_orders_due_on" in evolve(plan, indexed)
    assert postgast.parse(text).stmts and postgast.parse(revert(plan, new)).stmts
