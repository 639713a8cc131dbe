"""The reader of Rails gives what schemas, migrations and Active Record's models declare."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, RelationFact, RuleFact, Stance, Standing, ValueType
from bot.reading.notations.code.rails import RailsReader
from bot.reading.read import SourceText, notation_readers, read_text
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

SCHEMA = """\
ActiveRecord::Schema[7.1].define(version: 2026_01_01) do
  enable_extension "plpgsql"
  create_enum "mood", ["calm", "wild"]
  create_table "hives", id: :uuid, force: :cascade do |t|
    t.string "label", limit: 40, null: false
    t.enum "mood", enum_type: "mood", default: "calm"
    t.references :keeper, null: false, foreign_key: { to_table: :people }
    t.string "tags", array: true
    t.decimal "weight", precision: 8, scale: 2 # later
    # t.string "colour"
    t.timestamps
    t.index ["label"], unique: true, name: "one_label"
    t.index ["mood"]
  end
  create_table "frames" do |t|
    t.bigint "hive_id", null: false
  end
  add_foreign_key "frames", "hives", on_delete: :cascade
end
"""
MODEL = """\
class Hive < ApplicationRecord
  has_many :frames, dependent: :destroy
  belongs_to :yard, optional: true
  belongs_to :owner, polymorphic: true
  enum :state, { empty: 0, full: 1 }
  enum kind: [:wood, :straw]
  validates :label, presence: true, length: { maximum: 40 }
  def heavy?
    Scale.weigh(self) > 3 && Scale.check
    Scale.note("label", id)
  end
end
"""


def test_a_schema_gives_tables_columns_and_keys() -> None:
    """Columns keep type, null, limit and default; references and foreign keys relate; unique indexes are rules."""
    reading = read(RailsReader(), SCHEMA)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert [(one.name, one.plural) for one in facts(reading, EntityFact)] == [("hive", "hives"), ("frame", "frames")]
    assert (found["hive", "id"].type, found["hive", "id"].primary_key) == (ValueType.UUID, True)
    assert (found["hive", "label"].max_length, found["hive", "label"].nullable) == (40, False)
    assert found["hive", "mood"].values == ("calm", "wild")
    assert found["hive", "tags"].items is ValueType.STRING
    assert found["hive", "weight"].stance is Stance.POSTPONED
    assert found["hive", "updated_at"].type is ValueType.TIMESTAMP
    assert found["frame", "hive_id"].references == "hive"
    assert [(one.source, one.target, one.name, one.on_delete) for one in facts(reading, RelationFact)] == [
        ("hive", "person", "keeper", None),
        ("frame", "hive", "hive", "cascade"),
    ]
    assert [(one.kind, one.fields) for one in facts(reading, RuleFact)] == [("unique", ("label",))]
    assert [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN] == ['# t.string "colour"']


def test_a_model_gives_associations_enums_and_validations() -> None:
    """Associations relate, enums have members, validations bound; a polymorphic association is not understood."""
    reading = read(RailsReader(), MODEL)
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert found["state"].values == ("empty", "full")
    assert found["kind"].values == ("wood", "straw")
    assert (found["label"].required, found["label"].max_length) == (True, 40)
    assert [(one.source, one.target, one.required, one.on_delete) for one in facts(reading, RelationFact)] == [
        ("frame", "Hive", None, "cascade"),
        ("Hive", "yard", False, None),
    ]
    left = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert left == ["belongs_to :owner, polymorphic: true"]


def test_migrations_that_take_back_are_not_passed_over() -> None:
    """What a migration adds is read; what it removes or changes is kept as not understood, never lost."""
    text = (
        "class AddWax < ActiveRecord::Migration[7.1]\n  def change\n"
        "    add_column :hives, :wax, :integer, null: false\n    remove_column :hives, :label\n  end\nend\n"
    )
    reading = read(RailsReader(), text)
    assert [(one.entity, one.name, one.nullable) for one in facts(reading, FieldFact)] == [("hive", "wax", False)]
    left = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert left == ["remove_column :hives, :label"]


def test_among_all_readers_it_is_the_one_of_rails() -> None:
    """A schema file is read as one notation."""
    reading = read_text(SourceText(source="input:schema.rb", text=SCHEMA, suffix=".rb"), notation_readers())
    assert {one.notation for one in reading.statements} == {"rails"}


@given(cut=st.integers(0, 900), junk=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_broken_code_never_fails(cut: int, junk: str) -> None:
    """Code that is cut off and spoilt anywhere is read as far as it goes, with exact spans."""
    text = SCHEMA[:cut] + junk + SCHEMA[cut + 7 :]
    reading = RailsReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    assert reading is not None
    spans_are_exact(reading, text)


def test_a_hostile_megabyte_is_read_or_refused() -> None:
    """Whatever a megabyte repeats, it costs bounded time."""
    head = 'create_table "a" do |t|\n'
    hostile(RailsReader(), head, 't.string "b"\n', 'create_table "a" do |t|\n', "a do ", "[", "%w[", '"', "class A\n")
