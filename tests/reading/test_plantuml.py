"""The PlantUML reader gives entities, enums, crow's feet and states."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, RelationFact, Standing, StateFact
from bot.reading.notations.plantuml import PlantUmlReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

ORCHARD = """\
@startuml
' entity Ghost {}
entity "Apple Tree" as at {
  * id : uuid <<PK>>
  --
  sort : text
  orchard_id : uuid <<FK>>
  state : tree_state
}
entity orchard {
  *id : int
}
enum tree_state {
  young
  Felled
}
orchard ||--o{ at : grows
class Basket
Basket "1" *-- "many" at : holds
@enduml
"""


def test_entities_enums_and_relations() -> None:
    """Entities go by their shown name, keys refer along the arrows, enums give their members."""
    reading = read(PlantUmlReader(), ORCHARD)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert found["Apple Tree", "id"].primary_key
    assert found["Apple Tree", "orchard_id"].references == "orchard"
    assert found["Apple Tree", "state"].values == ("young", "Felled")
    assert {one.name for one in facts(reading, EntityFact)} == {"Apple Tree", "orchard", "Basket"}
    assert {(one.source, one.target) for one in facts(reading, RelationFact)} == {
        ("Apple Tree", "orchard"),
        ("Apple Tree", "Basket"),
    }
    assert [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN] == ["' entity Ghost {}"]


def test_states() -> None:
    """Arrows between states give the changes of the entity that the lead names."""
    text = "@startuml\n[*] -> Young\nYoung --> Felled : fell()\n@enduml\n"
    found = facts(read(PlantUmlReader(), text, lead="Tree states"), StateFact)
    assert [(one.entity, one.sources, one.target, one.action) for one in found] == [
        ("Tree", (), "Young", ""),
        ("Tree", ("Young",), "Felled", "fell"),
    ]


def test_prose_is_not_plantuml() -> None:
    """Sentences and other notations are left to other readers."""
    for text in ("The entity is a tree", "class Tree {\n int id;\n}", "erDiagram\n A ||--o{ B : x"):
        assert not PlantUmlReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Deep braces, one huge line, unterminated quotes and a million lines are read or refused in time."""
    pieces = (
        "{",
        '"',
        "x",
        "A ||--o{ B : x\n",
        "class A {\n",
        "a : b\n",
        "A --> B\n",
        "A <|-- B\n",
        "/'\n",
        "- ",
        "<<",
    )
    hostile(PlantUmlReader(), "@startuml\nentity A {\n  * id : int\n", *pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="AB|o{}-*>.\"%:[] \nclast'<#", max_size=120))
def test_spans_slice_whatever_follows(text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(PlantUmlReader(), whole := "@startuml\nA ||--o{ B : x\n" + text), whole)
