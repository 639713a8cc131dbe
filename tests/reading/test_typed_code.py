"""The reader of C#, Kotlin, Swift and Rust gives entities, members and enums of types that people paste."""

from __future__ import annotations

from bot.domain.facts import EntityFact, FieldFact, RelationFact, Stance, ValueType
from bot.reading.notations.code.typed import TypedCodeReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read

CSHARP = """\
[Table("kilns")]
public class Kiln : Entity
{
    [Key]
    public Guid Id { get; set; }
    [Required, MaxLength(40)]
    public string Label { get; set; }
    public decimal? Volume { get; set; }
    public KilnFuel Fuel { get; set; } // gas since 2020
    public List<Firing> Firings { get; } = new();
    public void Light() { }
}

public enum KilnFuel { Wood, Gas = 2 }

public record Firing(Guid Id, int Cone, Kiln Kiln);
"""
KOTLIN = """\
data class Hive(
    val id: UUID,
    val weightKg: BigDecimal?,
    val kind: HiveKind = HiveKind.WARRE,
    val visits: List<Visit> = emptyList(),
)

enum class HiveKind { LANGSTROTH, WARRE }

data class Visit(val id: UUID, val hive: Hive, val seenAt: Instant)
"""
RUST = """\
#[derive(Debug)]
pub struct Crate {
    pub id: Uuid,
    pub kilos: Option<f64>,
    pub marks: Vec<String>, // later
}
"""
SWIFT = (
    "struct Boat: Codable {\n    let id: UUID\n    var launchedOn: Date?\n    let crew: [Sailor]\n}\n"
    "struct Sailor { let id: UUID }\n"
)


def types(text: str) -> set[tuple[str, str, ValueType | None, tuple[str, ...]]]:
    return {(f.entity, f.name, f.type, f.values) for f in facts(read(TypedCodeReader(), text), FieldFact)}


def test_csharp_gives_properties_records_and_enums() -> None:
    """Attributes count for the property below them, methods and bases do not, and lists are the other side's links."""
    reading = read(TypedCodeReader(), CSHARP)
    assert [one.name for one in facts(reading, EntityFact)] == ["Kiln", "Firing"]
    by_name = {(f.entity, f.name): f for f in facts(reading, FieldFact)}
    assert by_name["Kiln", "Label"].required
    assert by_name["Kiln", "Label"].max_length == 40
    assert by_name["Kiln", "Volume"].nullable
    assert by_name["Kiln", "Fuel"].values == ("Wood", "Gas")
    assert by_name["Kiln", "Id"].primary_key
    assert ("Kiln", "Light") not in by_name
    assert {(r.source, r.target) for r in facts(reading, RelationFact)} == {("Firing", "Kiln")}


def test_kotlin_gives_data_classes() -> None:
    """A primary constructor's properties are members, with null, defaults and enums."""
    assert ("Hive", "weightKg", ValueType.DECIMAL, ()) in types(KOTLIN)
    assert ("Hive", "kind", ValueType.ENUM, ("LANGSTROTH", "WARRE")) in types(KOTLIN)
    assert ("Visit", "seenAt", ValueType.TIMESTAMP, ()) in types(KOTLIN)
    links = facts(read(TypedCodeReader(), KOTLIN), RelationFact)
    assert {(one.source, one.target) for one in links} == {("Visit", "Hive")}


def test_rust_and_swift_give_structs() -> None:
    """Options may be null, vectors are lists, and what a comment puts off is postponed."""
    by_name = {f.name: f for f in facts(read(TypedCodeReader(), RUST), FieldFact)}
    assert by_name["kilos"].nullable
    assert by_name["kilos"].type is ValueType.FLOAT
    assert by_name["marks"].type is ValueType.ARRAY
    assert by_name["marks"].stance is Stance.POSTPONED
    assert {(r.source, r.target) for r in facts(read(TypedCodeReader(), SWIFT), RelationFact)} == {("Sailor", "Boat")}


def test_prose_is_none_of_these() -> None:
    """A sentence that speaks of classes and records declares nothing."""
    for text in ("A class of pupils has many records.", "The record Holder wins.", "class action lawsuits"):
        assert not TypedCodeReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Heads without ends, brackets that nobody closes and endless members do not hold the reader up."""
    hostile(
        TypedCodeReader(),
        "data class A(\n",
        "data class A(val x: Int,\n",
        "public class A {\n",
        "public int X { get; set; }\n",
        "(<[{",
        "enum class B { C, D }\n",
        "val a: List<List<List<\n",
    )
