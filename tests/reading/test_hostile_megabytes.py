"""Every reader there is bears a hostile megabyte: read or refused in time, and twice as much in twice the time.

The readers come from the registry: a new one without a text here fails.
"""

from __future__ import annotations

from typing import Final

import pytest

from bot.reading.prose.reader import ProseReader
from bot.reading.read import NOTATIONS, PROSE_LIMIT, notation_readers
from bot.reading.segments import Reader, Segment, SegmentKind
from tests.reading.support import MEGABYTE, seconds_of_reading, within_time

PROSE = "prose.reader.ProseReader"
Hostile = tuple[str, tuple[str, ...]]

SIGNS = ("(", "{", '"', "'", "\\", "\n", "a,", "/*", "a" * 5_000 + " ")
"""What hurts whoever looks for its end, for white space, for a bracket's partner or for a comment."""

TEXTS: Final[dict[str, Hostile]] = {
    "openapi.OpenApiReader": (
        "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      summary: a\n",
        ("  /a: {get: {summary: a}}\n", "  x: &a [*a, *a]\n", "- ", "? ", "a: &a\n", "    x-rules: [{kind: a}]\n"),
    ),
    "json_schema.JsonSchemaReader": (
        '{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A", "properties": {',
        ('"a": {"type": "string"},', '"a": {"allOf": [', '{"$ref": "#"},'),
    ),
    "sql.SqlReader": (
        "CREATE TABLE a (id int);\n",
        ("CREATE TABLE b (c int);\n", "ALTER TABLE a ADD b int;\n", "CHECK (", "$$", "COMMENT ON TABLE a IS '';\n",
         "CREATE UNIQUE INDEX ON a (b) WHERE c;\n"),
    ),
    "mermaid.MermaidReader": (
        "erDiagram\n  A ||--o{ B : has\n", ("  A ||--o{ B : has\n", "A {\n int a\n}\n", "%%", "A }|..|{ "),
    ),
    "plantuml.PlantUmlReader": (
        "@startuml\nentity A {\n  * id : int\n}\n",
        ("A ||--o{ B : x\n", "entity B {\n  c : int\n}\n", "/'", "skinparam "),
    ),
    "dbml.DbmlReader": (
        "Table a {\n  id int [pk]\n}\n",
        ("Table b {\n  c int [ref: > a.id]\n}\n", "Ref: a.id > b.id\n", "[note: '''", "`"),
    ),
    "prisma.PrismaReader": (
        "model A {\n  id Int @id\n}\n", ("model B {\n  a A @relation(fields: [b])\n}\n", "@@index([", "enum E {A}\n"),
    ),
    "protobuf.ProtobufReader": (
        'syntax = "proto3";\nmessage A {\n  string id = 1;\n}\n',
        ("message B { map<string, A> c = 1; }\n", "oneof a {", "rpc A(B) returns (C);\n", "reserved 1,"),
    ),
    "code.go.GoReader": (
        "type A struct {\n\tID int `json:\"id\"`\n}\n",
        ("type B struct {\n\tC *A\n}\n", "`", "struct {", "[]map[string]"),
    ),
    "code.java.JavaReader": (
        "@Entity\nclass A {\n  private Long id;\n}\n",
        ("class B { private A a; }\n", "@OneToMany(", "List<", "enum E { A, B }\n"),
    ),
    "code.typed.TypedCodeReader": (
        "data class A(val id: Int)\n",
        ("data class B(val a: A)\n", "public int X { get; set; }\n", "List<", "#[derive("),
    ),
    "code.rails.RailsReader": (
        'create_table "a" do |t|\n  t.string "b"\nend\n', ('t.references "c"\n', "%w[", "do |t|\n", "class A < B\n"),
    ),
    "graphql.GraphqlReader": (
        "type A {\n  id: ID!\n}\n", ("type B { a: [A!]! }\n", '"""', "@a(b: {", "union C = A | "),
    ),
    "code.typescript.TypeScriptReader": (
        "interface A {\n  id: string;\n}\n", ("type B = { a: A[] };\n", "a | ", "Map<", "`${"),
    ),
    "code.python.PythonReader": (
        "class A(BaseModel):\n    id: int\n", ("class B:\n    a: A\n", '"""', "a: list[", "    b = Column(", "@a\n"),
    ),
    "code.routes.RoutesReader": (
        "get '/a', to: 'a#b'\n",
        ("scope '/a' do\n", " scope '/a' do\n", "get '/aaaaaaaaaaaaaa', to: role(\n",
         '[Authorize(Roles = "a\n', "resources :a do\n"),
    ),
    "tables.TableReader": (
        "| Field | Type |\n|---|---|\n| a | int |\n",
        ("| b | enum(a,b) |\n", "|", "---|", "a;b\t", "| x | r, w, r |\n"),
    ),
    "drawn_trees.DrawnTreeReader": (
        "Lot states:\nseeded\n  └─> grown\n  └─> lost\n",
        ("  └─> grown\n", "│   ", "├─", "a -> b\n", "   |-- a\n"),
    ),
    "requests.RequestReader": (
        "curl -X POST https://a.example/b -d '{\"c\": 1}'\n",
        ("curl x/y\n", "curl \\\n", "-d '{", "GET /a HTTP/1.1\n\n{}\n"),
    ),
    "documents.DocumentReader": (
        '{"entities": [{"name": "A"}],', ('"entities": [{"name": "B"}],', '"a": [{', '"A 1:N B", ', '"b": "a(c, d)",'),
    ),
    "braced.BracedReader": ("A { b: int }\n", ("C { d: string, e: (a|b) }\n", "A { b: ", "a: (b: (")),
    PROSE: (
        "A customer has many orders.\n",
        ("The customer may not read orders. ", "orders and ", "- an order has a name\n", "not ", "if a then ", "„"),
    ),
}  # fmt: skip
"""By the reader's name in the registry: what it surely recognises, and what of its own repeats after that."""


def _segment(text: str, kind: SegmentKind) -> Segment:
    return Segment(source="input:x", start=0, text=text, kind=kind)


def _reader(name: str) -> Reader:
    return ProseReader() if name == PROSE else dict(zip(NOTATIONS, notation_readers(), strict=True))[name]


def _kind(name: str, text: str) -> SegmentKind:
    return "paragraph" if name == PROSE else "table" if text.startswith("|") else "document"


def _spent(name: str, text: str) -> float:
    return seconds_of_reading(_reader(name), _segment(text, _kind(name, text)))


@pytest.mark.parametrize("name", [*NOTATIONS, PROSE])
def test_a_hostile_megabyte_is_read_or_refused_in_time(name: str) -> None:
    """Each reader recognises what is its own; no repetition takes it two seconds, or more than its share of length."""
    assert name in TEXTS, f"{name} has no hostile text: add one"
    head, own = TEXTS[name]
    assert _reader(name).recognises(_segment(head, _kind(name, head)))
    length = PROSE_LIMIT // 2 if name == PROSE else MEGABYTE  # lines count as 20 characters of what prose is read of
    for piece in (*own, *SIGNS):

        def seconds(size: int, piece: str = piece) -> float:
            return _spent(name, head + piece * (size // len(piece)))

        within_time(seconds, length, piece, whole=piece == own[0])


def test_every_text_is_of_a_reader() -> None:
    """Nothing is tried that is no longer there."""
    assert set(TEXTS) == {*NOTATIONS, PROSE}
