"""The readers of Go and Java give the entities, enums and routes that code declares."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, OperationFact, RelationFact, Stance, Standing, ValueType
from bot.reading.notations.code.go import GoReader
from bot.reading.notations.code.java import JavaReader
from bot.reading.read import SourceText, notation_readers, read_text
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

GO = """\
package apiary

type Hive struct {
	gorm.Model
	ID     uuid.UUID `gorm:"primaryKey" json:"id"`
	Label  string    `json:"label" gorm:"size:40;not null;uniqueIndex" validate:"required,min=2"`
	Mood   Mood      `json:"mood,omitempty"`
	Frames []Frame   `json:"frames"`
	Tag    *string   `json:"tag_code"`
	Secret string    `json:"-"`
	SoldAt time.Time // later
	Size   struct {
		Depth int `json:"depth"`
	} `json:"size"`
}
type Frame struct {
	FrameID int64     `db:"frame_id"`
	HiveID  uuid.UUID `json:"hive_id"`
	Wood    string    `json:"wood" validate:"oneof=oak ash"`
}
type Mood string
const (
	Calm Mood = "calm"
	Wild Mood = "WILD"
)
type CreateHiveRequest struct { Label string }
func routes(r *gin.Engine) {
	r.GET("/hives/:id", get)
	mux.HandleFunc("POST /hives", post)
}
"""
JAVA = """\
package apiary;
@Entity @Table(name = "hives")
public class Hive extends Base {
  private static final long serialVersionUID = 1L;
  @Id @GeneratedValue private UUID id;
  @Column(nullable = false, length = 40, unique = true)
  private String label = "home";
  @ManyToOne(optional = false) @JoinColumn(name = "keeper_id")
  private Keeper keeper;
  @OneToMany(mappedBy = "hive") private List<Frame> frames = new ArrayList<>();
  @Enumerated(EnumType.STRING) private Mood mood;
  @Size(min = 2, max = 9) @NotBlank String code;
  private int places;
  public UUID getId() { return id; }
  enum Mood { CALM, WILD }
}
@MappedSuperclass abstract class Base { private Instant madeAt; }
record CreateHiveRequest(@NotNull String label, int places) {}
@RestController @RequestMapping("/api/hives")
class HiveController {
  @GetMapping("/{id}") @PreAuthorize("hasRole('KEEPER')")
  Hive one(@PathVariable UUID id) { return null; }
  @PostMapping Hive add() { return null; }
}
"""


def test_go_structs_give_the_fields_of_their_tags() -> None:
    """A field has the name that its tag gives, and what GORM's and validators' tags say; a request is no entity."""
    reading = read(GoReader(), GO)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert {one.name for one in facts(reading, EntityFact)} == {"Hive", "Frame"}
    assert found["Hive", "id"].type is ValueType.UUID
    assert found["Hive", "id"].primary_key
    label = found["Hive", "label"]
    assert (label.min_length, label.max_length, label.required, label.nullable, label.unique) == (
        2,
        40,
        True,
        False,
        True,
    )
    assert found["Hive", "mood"].values == ("calm", "WILD")
    assert found["Hive", "tag_code"].nullable
    assert found["Hive", "Secret"].write_only
    assert found["Hive", "SoldAt"].stance is Stance.POSTPONED
    assert [one.name for one in found["Hive", "size"].fields] == ["depth"]
    assert found["Frame", "wood"].values == ("oak", "ash")
    assert found["Frame", "hive_id"].references == "Hive"
    assert not found["Frame", "frame_id"].references
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Frame", "Hive")]


def test_a_mapped_struct_gives_the_columns_that_are_kept() -> None:
    """Mappers name columns in lower case; what a tag says is not kept is no field, whatever JSON calls it."""
    text = """type Crew struct {
	ID int64 `xorm:"bigint autoincr not null unique pk" json:"id"`
	BoatID int64 `xorm:"bigint not null INDEX" json:"-"`
	Nick string `xorm:"varchar(250) not null" json:"nick"`
	Boat *boats.Boat `xorm:"-" json:"boat"`
	Cache string `gorm:"-"`
}
"""
    found = {one.name: one for one in facts(read(GoReader(), text), FieldFact)}
    assert list(found) == ["id", "boat_id", "nick"]
    assert (found["id"].primary_key, found["boat_id"].nullable, found["nick"].max_length) == (True, False, 250)


def test_go_gives_registered_routes() -> None:
    """Routes of routers and of the standard library's patterns are operations."""
    found = facts(read(GoReader(), GO), OperationFact)
    assert [(one.method, one.path) for one in found] == [("GET", "/hives/:id"), ("POST", "/hives")]


def test_java_entities_give_what_their_annotations_say() -> None:
    """JPA's and Bean Validation's annotations say keys, bounds and relations; statics and requests say nothing."""
    reading = read(JavaReader(), JAVA)
    found = {one.name: one for one in facts(reading, FieldFact)}
    assert [(one.name, one.plural) for one in facts(reading, EntityFact)] == [("Hive", "hives")]
    assert set(found) == {"id", "label", "mood", "code", "places", "madeAt"}
    assert found["id"].primary_key
    assert found["madeAt"].type is ValueType.TIMESTAMP
    label = found["label"]
    assert (label.max_length, label.nullable, label.unique, label.default) == (40, False, True, "home")
    assert found["mood"].values == ("CALM", "WILD")
    assert (found["code"].min_length, found["code"].max_length, found["code"].required) == (2, 9, True)
    assert [(one.source, one.target, one.name, one.required) for one in facts(reading, RelationFact)] == [
        ("Hive", "Keeper", "keeper", True),
        ("Frame", "Hive", "hive", None),
    ]


def test_spring_controllers_give_their_routes() -> None:
    """A controller's prefix and its methods' mappings give paths, with the roles that may call them."""
    found = facts(read(JavaReader(), JAVA), OperationFact)
    assert [(one.method, one.path, one.roles) for one in found] == [
        ("GET", "/api/hives/{id}", ("KEEPER",)),
        ("POST", "/api/hives", ()),
    ]


@pytest.mark.parametrize(("text", "notation"), [(GO, "go"), (JAVA, "java")])
def test_each_is_read_by_its_own_reader(text: str, notation: str) -> None:
    """Among all readers the one of the language is asked first that knows it; nothing whole is left over."""
    reading = read_text(SourceText(source="input:x", text=text, suffix=f".{notation}"), notation_readers())
    assert {one.notation for one in reading.statements} == {notation}
    assert not [one for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]


@given(cut=st.integers(0, 1100), junk=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_broken_code_never_fails(cut: int, junk: str) -> None:
    """Code that is cut off and spoilt anywhere is read as far as it goes, with exact spans."""
    for reader, whole in ((GoReader(), GO), (JavaReader(), JAVA)):
        text = whole[:cut] + junk + whole[cut + 7 :]
        segment = Segment(source="answer:x", start=0, text=text, kind="fence")
        reading = reader.read(segment)
        assert reading is not None
        spans_are_exact(reading, text)


def test_a_hostile_megabyte_is_read_or_refused() -> None:
    """Whatever a megabyte repeats, it costs bounded time."""
    hostile(GoReader(), "type A struct {\n", "B int\n", "struct { ", "C struct {\n", '`json:"', "type A struct {\n")
    hostile(
        JavaReader(), "class A { private int b;\n", "private int b;\n", "class A { ", "List<", '@Column(name="', "@A("
    )
