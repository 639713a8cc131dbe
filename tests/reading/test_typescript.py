"""The TypeScript reader gives the entities, enums and routes that code declares."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, OperationFact, RelationFact, Stance, Standing, ValueType
from bot.reading.notations.code.typescript import TypeScriptReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

ATELIER = """\
export interface Painting {
  readonly id: string;
  mood: "calm" | 'wild' | null;
  strokes: Stroke[];
  painter?: Painter;
  hungAt: Date; // later
  // frame: string;
  tags: string[];
  size: { height: number; width?: number };
  sell(): void;
}
type Stroke = { colour: Colour };
export enum Colour { Red = 'red', Sky = 'SKY' }
interface Painter { id: string; works: Painting[] }
interface CreatePainterDto { nick: string }
"""
ENTITY = """\
@Entity('easels')
export class Easel {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'varchar', length: 40, nullable: true, unique: true })
  label?: string;
  @ManyToOne(() => Painter, p => p.easels, { onDelete: 'CASCADE', nullable: false })
  owner: Painter;
}
@Controller('easels')
export class EaselController {
  @Get(':id') @Roles('keeper')
  one(@Param('id') id: string) { return 1; }
}
router.post("/easels/:id/lend", lend);
"""


def test_interfaces_give_fields_and_relations() -> None:
    """Members keep their names, types, literals and whether they are optional; what is typed by an entity relates."""
    reading = read(TypeScriptReader(), ATELIER, info="json")
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert found["Painting", "mood"].values == ("calm", "wild")
    assert found["Painting", "mood"].nullable
    assert found["Painting", "tags"].items is ValueType.STRING
    assert [one.required for one in found["Painting", "size"].fields] == [True, False]
    assert found["Painting", "hungAt"].stance is Stance.POSTPONED
    assert found["Stroke", "colour"].values == ("red", "SKY")
    assert {one.name for one in facts(reading, EntityFact)} == {"Painting", "Stroke", "Painter"}
    assert {(one.source, one.target) for one in facts(reading, RelationFact)} == {
        ("Stroke", "Painting"),
        ("Painting", "Painter"),
    }
    withdrawn = [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN]
    assert withdrawn == ["// frame: string;"]


def test_decorators_of_entities_and_controllers() -> None:
    """TypeORM's columns and relations, Nest's and Express's routes are read."""
    reading = read(TypeScriptReader(), ENTITY)
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert (found["id"].primary_key, found["id"].type) == (True, ValueType.UUID)
    assert (found["label"].max_length, found["label"].nullable, found["label"].unique) == (40, True, True)
    (link,) = facts(reading, RelationFact)
    assert (link.source, link.target, link.name, link.required, link.on_delete) == (
        "Easel",
        "Painter",
        "owner",
        True,
        "cascade",
    )
    assert [(one.method, one.path, one.roles) for one in facts(reading, OperationFact)] == [
        ("GET", "/easels/:id", ("keeper",)),
        ("POST", "/easels/:id/lend", ()),
    ]


def test_prose_is_not_typescript() -> None:
    """Sentences, JSON and GraphQL are left to other readers."""
    for text in ("The class {of 92} meets", '{"a": "b"}', "type A {\n  b: String\n}", "interface to SAP: nightly"):
        assert not TypeScriptReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Deep braces, one huge line, unterminated quotes and a million members are read or refused in time."""
    pieces = (
        "{",
        "}",
        '"',
        "(",
        "a: string;\n",
        "interface B { a: B }\n",
        "a: {",
        "x",
        "@A(\n",
        "type T = 'a' |\n",
        "<",
        "\n\nclass A {",
    )
    hostile(TypeScriptReader(), "interface A {\n  id: string;\n", *pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="interfacA{}[]?:;'\" \n@()|=é", max_size=120))
def test_spans_slice_whatever_follows(text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(TypeScriptReader(), whole := "interface Añ {\n  id: string;\n" + text), whole)
