"""The Prisma reader gives models, enums, keys and the relations of both sides, also where a line is broken."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, RelationFact, RuleFact, StackFact, Stance, Standing, ValueType
from bot.reading.notations.prisma import PrismaReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

KENNEL = """\
datasource db {
  provider = "postgresql"
}
model Dog {
  id Int @id @default(autoincrement())
  call_name String @db.VarChar(40) @unique
  bornOn DateTime? @db.Date
  coat Coat @default(SHORT)
  keeper Keeper @relation(fields: [keeperId], references: [id], onDelete: Cascade)
  keeperId Int
  // colour String?
  chip String? // later
  shows Show[]
  titles String[]
  @@unique([keeperId, call_name])
  @@map("dogs")
  broken
}
model Show { id Int @id
  dogs Dog[]
}
model Keeper {
  id Int @id
  dogs Dog[]
  licence Licence?
}
model Licence {
  id Int @id
  keeper Keeper? @relation(fields: [keeperId], references: [id], onDelete: SetNull)
  keeperId Int? @unique
}
enum Coat {
  SHORT
  long_wire
}
"""


def test_members_keep_names_types_and_bounds() -> None:
    """A member's name, type, native type, length, default and null are those of its line."""
    reading = read(PrismaReader(), KENNEL)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert found["Dog", "id"].primary_key
    assert found["Dog", "call_name"].unique
    assert found["Dog", "call_name"].max_length == 40
    assert found["Dog", "call_name"].nullable is False
    assert found["Dog", "bornOn"].type is ValueType.DATE
    assert found["Dog", "bornOn"].nullable is True
    assert found["Dog", "coat"].values == ("SHORT", "long_wire")
    assert found["Dog", "titles"].items is ValueType.STRING
    assert found["Dog", "keeperId"].references == "Keeper"
    assert [one.plural for one in facts(reading, EntityFact) if one.name == "Dog"] == ["dogs"]
    assert [one.name for one in facts(reading, StackFact)] == ["PostgreSQL"]
    assert [one.fields for one in facts(reading, RuleFact)] == [("keeperId", "call_name")]


def test_relations_of_both_sides_agree() -> None:
    """Both members of a relation say the same relation: to one, one to one, and many to many."""
    found = facts(read(PrismaReader(), KENNEL), RelationFact)
    said = {(one.source, one.target, one.cardinality, one.required, one.on_delete) for one in found}
    assert ("Dog", "Keeper", "many_to_one", True, "cascade") in said
    assert ("Licence", "Keeper", "one_to_one", False, "set_null") in said
    assert {one[2] for one in said if set(one[:2]) == {"Dog", "Show"}} == {"many_to_many"}
    assert len({(one.source, one.target) for one in found}) == 3


def test_what_is_commented_out_or_put_off_does_not_count() -> None:
    """A commented-out member is withdrawn, one marked "later" is postponed, and a broken line is not understood."""
    reading = read(PrismaReader(), KENNEL)
    standing = {one.text: one.standing for one in reading.statements}
    assert standing["// colour String?"] is Standing.WITHDRAWN
    assert standing["broken"] is Standing.NOT_UNDERSTOOD
    assert [one.stance for one in facts(reading, FieldFact) if one.name == "chip"] == [Stance.POSTPONED]


def test_prose_is_not_prisma() -> None:
    """A sentence with the word model and a brace is left to other readers."""
    for text in ("The model Dog { is good", "enum of things", "type Query { dogs: [Dog] }", "type A {\n  b: string\n}"):
        assert not PrismaReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Deep braces, one huge line, unterminated quotes and a million members are read or refused in time."""
    prefix = "model A {\n  id Int @id\n"
    hostile(
        PrismaReader(), prefix, "{", "}", '"', "model B {\n", "b A[]\n", "x", "@relation(", "// b A\n", "enum E {A\n"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='model{}[]?@"/ \nAb(,)é', max_size=200))
def test_spans_slice_whatever_follows(text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(PrismaReader(), whole := "model A {\n  id Int @id\n" + text), whole)
