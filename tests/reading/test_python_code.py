"""The Python reader gives the entities, enums and routes that models and functions declare."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, OperationFact, RelationFact, Stance, Standing, ValueType
from bot.reading.notations.code.python import PythonReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

HERBARIUM = """\
class Rank(str, Enum):
    GENUS = "genus"
    SPECIES = "spécies"

class Taxon(Base):
    __tablename__ = "taxa"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(40), unique=True)
    remark: Mapped[Optional[str]]
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id", ondelete="CASCADE"))
    rank: Mapped[Rank] = mapped_column(default=Rank.GENUS)  # later
    # colour: Mapped[int]

class Shelf(Base):
    __tablename__ = "shelves"
    id = Column(Integer, primary_key=True)

class Sheet(models.Model):
    class Paper(models.TextChoices):
        LINEN = "linen", "Linen"
    code = models.CharField(max_length=30, unique=True)
    paper = models.CharField(choices=Paper.choices, max_length=9)
    taxon = models.ForeignKey("plants.Taxon", on_delete=models.PROTECT, null=True)
    tags = models.ManyToManyField(Tag)

@dataclass
class Visit:
    guest: str
    hours: int = 1
    mood: Literal["glad", "so"] | None = None

router = APIRouter(prefix="/api")

@router.get("/taxa/{id}")
async def get_taxon(id: int):
    return 1

class Broken(
"""


def test_models_give_fields_relations_and_enums() -> None:
    """SQLAlchemy's, Django's and dataclasses' members keep their names, types, bounds and members."""
    reading = read(PythonReader(), HERBARIUM, info="")
    found = {(one.entity, one.name): one for one in reversed(facts(reading, FieldFact))}
    assert (found["Taxon", "id"].type, found["Taxon", "id"].primary_key) == (ValueType.UUID, True)
    assert (found["Taxon", "label"].max_length, found["Taxon", "label"].unique) == (40, True)
    assert (found["Taxon", "remark"].nullable, found["Taxon", "label"].nullable) == (True, False)
    assert found["Taxon", "shelf_id"].references == "Shelf"
    assert found["Taxon", "rank"].values == ("genus", "spécies")
    assert found["Taxon", "rank"].stance is Stance.POSTPONED
    assert found["Sheet", "paper"].values == ("linen",)
    assert (found["Visit", "hours"].default, found["Visit", "guest"].required) == ("1", True)
    assert found["Visit", "mood"].values == ("glad", "so")
    assert {one.name: one.plural for one in facts(reading, EntityFact)} == {
        "Taxon": "taxa",
        "Shelf": "shelves",
        "Sheet": "",
        "Visit": "",
    }
    assert {(one.source, one.target, one.cardinality, one.on_delete) for one in facts(reading, RelationFact)} == {
        ("Taxon", "Shelf", "many_to_one", "cascade"),
        ("Sheet", "Taxon", "many_to_one", "restrict"),
        ("Sheet", "Tag", "many_to_many", None),
    }


def test_routes_and_broken_pieces() -> None:
    """Decorated functions are operations under their router's prefix; a broken class loses itself only."""
    reading = read(PythonReader(), HERBARIUM)
    assert [(one.method, one.path) for one in facts(reading, OperationFact)] == [("GET", "/api/taxa/{id}")]
    standing = {one.text: one.standing for one in reading.statements}
    assert standing["class Broken("] is Standing.NOT_UNDERSTOOD
    assert standing["# colour: Mapped[int]"] is Standing.WITHDRAWN


MARKET = """\
class StallBase(SQLModel):
    sign: str = Field(max_length=40)

class StallNew(StallBase):
    secret: str

class OpenStall(SQLModel):
    sign: str

class Stall(StallBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)

class Wares(StallBase, table=True):
    id: int = Field(primary_key=True)
    stall_id: uuid.UUID = Field(foreign_key="stall.id")
"""


def test_where_some_are_tables_the_others_are_only_sent() -> None:
    """SQLModel's classes that are no tables hand down their members, and are no things of their own."""
    reading = read(PythonReader(), MARKET)
    assert [one.name for one in facts(reading, EntityFact)] == ["Stall", "Wares"]
    assert ("Stall", "sign") in {(one.entity, one.name) for one in facts(reading, FieldFact)}


def test_what_builds_on_djangos_relations_is_one() -> None:
    """A field whose class ends as one of Django's relations does is read as that."""
    text = (
        "class Cake(Page):\n    name = models.CharField(max_length=9)\n    parts = ParentalManyToManyField('Part')\n"
        "    above = TreeForeignKey('self', null=True, on_delete=models.CASCADE)\n\nclass Part(models.Model):\n"
        "    name = models.CharField(max_length=9)\n"
    )
    found = {(one.target, one.cardinality) for one in facts(read(PythonReader(), text), RelationFact)}
    assert found == {("Part", "many_to_many"), ("Cake", "many_to_one")}


def test_prose_is_not_python() -> None:
    """Sentences and YAML are left to other readers."""
    for text in ("class of 92: reunion", "class A:\nhello", "name: x\nclass: y", "@anna.get me a coffee"):
        assert not PythonReader().recognises(Segment(source="answer:x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Deep brackets, one huge line, unterminated quotes and a million members are read or refused in time."""
    pieces = (
        "{",
        "(",
        '"',
        "    b: int\n",
        "class B:\n    a: int\n",
        "x",
        "    # a: int\n",
        "[" * 90 + "\n",
        '"""\n',
        "@a.b\n",
    )
    hostile(PythonReader(), "class A:\n    id: int\n", *pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="clasdefA{}[]:;'\"\n @()|=é#\t", max_size=120))
def test_spans_slice_whatever_follows(text: str) -> None:
    """Whatever people paste, statements are slices of it and facts cite them."""
    spans_are_exact(read(PythonReader(), whole := "class Añ:\n    ü: int\n" + text), whole)
