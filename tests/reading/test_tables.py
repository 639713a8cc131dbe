"""The table reader gives what rows say by the columns they stand in, in English and German."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import (
    AccessFact,
    EntityFact,
    FieldFact,
    NumberFact,
    OperationFact,
    Reading,
    RelationFact,
    RoleFact,
    ServiceFact,
    Stance,
    Standing,
    StateFact,
    ValueType,
)
from bot.reading.notations.tables import TableReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

GERMAN = """\
| Feld | Typ | Pflicht | Beschreibung |
|---|---|---|---|
| `id` | UUID | ja | PK |
| name | varchar(80) | ja | Anzeigename |
| status | enum(offen, zu) | nein | |
| kunde_id | uuid | ja | FK -> Kunde |
"""


def test_a_german_dictionary_is_read() -> None:
    """Names, types, members and references of a dictionary under a heading are facts of that entity."""
    reading = read(TableReader(), GERMAN, kind="table", headings=("Datenmodell", "3.1 Rechnung"))
    assert [one.name for one in facts(reading, EntityFact)] == ["Rechnung"]
    fields = {one.name: one for one in facts(reading, FieldFact)}
    assert (fields["name"].max_length, fields["name"].required) == (80, True)
    assert fields["id"].primary_key
    assert (fields["status"].values, fields["status"].required) == (("offen", "zu"), False)
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Rechnung", "Kunde")]


def test_a_dictionary_with_a_column_of_tables_is_read() -> None:
    """An empty cell of the table's column stands for the one above it."""
    text = (
        "| Table | Column | Type | Null | Default | Key |\n|---|---|---|---|---|---|\n"
        "| orders | id | bigint | NO | | PK |\n"
        "| | state | varchar(20) | NO | 'new' | |\n| lines | qty | int | YES | 1 | min 1, max 9 |\n"
    )
    made = facts(read(TableReader(), text, kind="table"), FieldFact)
    assert [(one.entity, one.name) for one in made] == [("order", "id"), ("order", "state"), ("line", "qty")]
    assert (made[0].primary_key, made[1].default, made[2].minimum, made[2].maximum) == (True, "new", 1, 9)


def test_endpoints_are_read_as_written() -> None:
    """Methods, paths, who may call and what is open are those of the rows."""
    text = (
        "| Method | Endpoint | Description | Roles |\n|---|---|---|---|\n"
        "| GET | `/v1/Boats/{id}.json` | one | admin, crew |\n| POST, PUT | /boats | make | public |\n"
    )
    made = facts(read(TableReader(), text, kind="table"), OperationFact)
    assert [(one.method, one.path, one.public) for one in made] == [
        ("GET", "/v1/Boats/{id}.json", False),
        ("POST", "/boats", True),
        ("PUT", "/boats", True),
    ]
    assert made[0].roles == ("admin", "crew")


def test_a_permission_matrix_is_read_both_ways() -> None:
    """Marks are what a role may; an empty cell and a letter left out are what it must not, on either side."""
    text = "| Role | Orders | Users |\n|---|---|---|\n| Admin | CRUD | ✓ |\n| Clerk | R, U (own) | ✗ |\n"
    made = facts(read(TableReader(), text, kind="table"), AccessFact)
    assert [(one.role, one.entity, one.verbs, one.own, one.stance) for one in made] == [
        ("Admin", "Order", ("create", "read", "update", "delete"), False, Stance.STATED),
        ("Admin", "User", ("any",), False, Stance.STATED),
        ("Clerk", "Order", ("read", "update"), True, Stance.STATED),
        ("Clerk", "Order", ("create", "delete"), False, Stance.DENIED),
        ("Clerk", "User", ("any",), False, Stance.DENIED),
    ]
    text = "| Aktion | Leiter | Azubi |\n|---|:-:|:-:|\n| Auftrag löschen | x | |\n"
    made = facts(read(TableReader(), text, kind="table"), AccessFact)
    assert [(one.role, one.entity, one.verbs, one.stance) for one in made] == [
        ("Leiter", "Auftrag", ("delete",), Stance.STATED),
        ("Azubi", "Auftrag", ("delete",), Stance.DENIED),
    ]


def test_numbers_relations_states_and_services_are_read() -> None:
    """Each of these kinds of table gives its own kind of fact; a row of no meaning is not understood."""
    text = (
        "| Kennzahl | Zielwert |\n|---|---|\n| p95 latency | < 0,3 s |\n| Verfügbarkeit | 99,9 % |\n| coffee | hot |\n"
    )
    reading = read(TableReader(), text, kind="table")
    assert [(one.metric, one.value, one.unit) for one in facts(reading, NumberFact)] == [
        ("latency_p95", 300, "ms"),
        ("availability", 99.9, "%"),
    ]
    lost = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert lost == ["| coffee | hot |"]
    text = "| From | To | Cardinality |\n|---|---|---|\n| Van | Trip | 1:N |\n| Driver | Van | N:M |\n"
    assert [
        (one.source, one.target, one.cardinality)
        for one in facts(read(TableReader(), text, kind="table"), RelationFact)
    ] == [
        ("Trip", "Van", "many_to_one"),
        ("Driver", "Van", "many_to_many"),
    ]
    text = "| From | To | Action | By |\n|---|---|---|---|\n| draft | sent | send | clerk |\n"
    states = facts(read(TableReader(), text, kind="table", headings=("Invoice states",)), StateFact)
    assert [(one.entity, one.sources, one.target, one.roles) for one in states] == [
        ("Invoice", ("draft",), "sent", ("clerk",))
    ]
    text = "| Service | Purpose |\n|---|---|\n| Stripe | payments |\n"
    assert [one.name for one in facts(read(TableReader(), text, kind="table"), ServiceFact)] == ["Stripe"]


def test_sample_rows_tell_types() -> None:
    """The file's name is the entity, the header its fields, the values their types."""
    text = (
        "id,sku,price,state,made_on\n1,AB-1,9.99,OPEN,2024-01-01\n2,AB-2,,PAID,2024-01-02\n"
        "3,C,1.50,OPEN,2024-01-02\n4,D,1.5,PAID,2024-01-02\n"
    )
    reading = read(TableReader(), text, kind="document", info=".csv", source="input:phase3/orders.csv")
    made = [(one.entity, one.name, one.type) for one in facts(reading, FieldFact)]
    assert made == [
        ("order", "id", ValueType.INTEGER),
        ("order", "sku", ValueType.STRING),
        ("order", "price", ValueType.DECIMAL),
        ("order", "state", ValueType.ENUM),
        ("order", "made_on", ValueType.DATE),
    ]


def test_prose_with_commas_is_no_table() -> None:
    """Sentences are left to the reader of prose."""
    text = "Hello, all, of you.\nWe sell boats, cars, and bikes.\nNo idea, really, what else.\n"
    assert not TableReader().recognises(Segment(source="x", start=0, text=text, kind="paragraph"))


def test_a_hostile_megabyte_is_read_or_refused_in_time() -> None:
    """No megabyte takes longer than two seconds of the processor."""
    hostile(
        TableReader(),
        "| Field | Type |\n|---|---|\n",
        "|",
        "| a | int |\n",
        "---|",
        "| x | enum(a,b",
        "(",
        "a|b ",
        "\n",
    )
    hostile(TableReader(), "a,b,c\n", ",", '"', "1,2,3\n", '"a"', "a;b,c\t")
    hostile(TableReader(), "| Role | A |\n|---|---|\n", "| x | r w |\n", "| x | r, w, r, w, r, w |\n")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(GERMAN)))
def test_spans_are_exact_whatever_is_pasted(noise: str, place: int) -> None:
    """Every statement's text is what stands at its span, with any text put anywhere."""
    text = GERMAN[:place] + noise + GERMAN[place:]
    reading = TableReader().read(Segment(source="answer:x", start=0, text=text, kind="table", lead="Thing:"))
    spans_are_exact(reading or Reading(), text)


def test_ticks_behind_calls_are_who_may_make_them() -> None:
    """Columns of nothing but marks are roles; an empty cell leaves its role out, a remark limits, "own" is own rows."""
    text = "| call | clerk | pupil |\n|---|---|---|\n| POST /marks | x (14 days) | |\n| GET /marks | x | own child |\n"
    reading = read(TableReader(), text, kind="table")
    assert [(one.method, one.roles) for one in facts(reading, OperationFact)] == [
        ("POST", ("clerk",)),
        ("GET", ("clerk", "pupil")),
    ]
    assert [one.name for one in facts(reading, RoleFact)] == ["clerk", "pupil"]
    limited = facts(reading, AccessFact)
    assert [(one.role, one.path, one.own, one.condition) for one in limited] == [
        ("clerk", "/marks", False, "14 days"),
        ("pupil", "/marks", True, ""),
    ]


def test_verbs_above_ticks_are_about_the_thing_that_the_table_is_about() -> None:
    """Where the columns are verbs each row is a role, and the entity is the line above the table's."""
    text = "|  | create | read |\n|---|---|---|\n| baker | ✓ | ✓ |\n| guest | ✗ | ✓ |\n"
    made = facts(read(TableReader(), text, kind="table", lead="Cakes:"), AccessFact)
    assert ("guest", ("create",), "Cake", Stance.DENIED) in {(o.role, o.verbs, o.entity, o.stance) for o in made}
    assert ("baker", ("create",), "Cake", Stance.STATED) in {(o.role, o.verbs, o.entity, o.stance) for o in made}


def test_all_beside_named_roles_is_all_roles() -> None:
    """ "all" opens a call to the world only where the column names no roles."""
    text = "| method | path | who |\n|---|---|---|\n| GET | /kegs | all |\n| POST | /kegs | brewer |\n"
    made = facts(read(TableReader(), text, kind="table"), OperationFact)
    assert [(one.public, one.roles) for one in made] == [(False, ()), (False, ("brewer",))]
