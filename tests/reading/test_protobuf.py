"""The reader of Protocol Buffers gives messages, enums, and RPCs that have an HTTP rule."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import EntityFact, FieldFact, OperationFact, RelationFact, Stance, Standing, ValueType
from bot.reading.notations.protobuf import ProtobufReader
from bot.reading.segments import Segment
from tests.reading.support import facts, hostile, read, spans_are_exact

APIARY = """\
syntax = "proto3";
package apiary.v1;
// A hive.
message Hive {
  string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY];
  string label = 2 [(buf.validate.field).string = {min_len: 2, max_len: 40}, (google.api.field_behavior) = REQUIRED];
  repeated Frame frames = 3; // later
  map<string, string> meta = 4;
  google.protobuf.Timestamp sold_at = 5;
  optional Mood mood = 6;
  oneof keeper { string person = 7; string club = 8; }
  // string colour = 9;
  reserved 10, 11;
  message Frame { int64 number = 1; repeated string tags = 2; Size size = 3; enum Size { SMALL = 0; BIG = 1; } }
}
enum Mood { MOOD_UNSPECIFIED = 0; MOOD_CALM = 1; }
service Hives {
  rpc GetHive(GetHiveRequest) returns (Hive) { option (google.api.http) = { get: "/v1/{name=yards/*/hives/*}" }; }
  rpc Ping(PingRequest) returns (PingReply);
}
message GetHiveRequest { string name = 1; }
"""


def test_messages_give_fields_with_types_and_behaviour() -> None:
    """Scalars, well-known types, enums, nested messages and field behaviour are kept; requests are no entities."""
    reading = read(ProtobufReader(), APIARY)
    found = {(one.entity, one.name): one for one in facts(reading, FieldFact)}
    assert {one.name for one in facts(reading, EntityFact)} == {"Hive", "Frame"}
    assert found["Hive", "id"].read_only
    label = found["Hive", "label"]
    assert (label.min_length, label.max_length, label.required) == (2, 40, True)
    assert found["Hive", "meta"].type is ValueType.JSON
    assert found["Hive", "sold_at"].type is ValueType.TIMESTAMP
    assert found["Hive", "mood"].values == ("MOOD_CALM",)
    assert found["Hive", "person"].nullable
    assert found["Frame", "tags"].items is ValueType.STRING
    assert found["Frame", "size"].values == ("SMALL", "BIG")
    assert [(one.source, one.target, one.stance) for one in facts(reading, RelationFact)] == [
        ("Frame", "Hive", Stance.POSTPONED)
    ]


def test_an_http_rule_is_an_operation_and_a_bare_rpc_is_not_understood() -> None:
    """A resource name in a path is written out; an RPC without a path names no endpoint."""
    reading = read(ProtobufReader(), APIARY)
    (found,) = facts(reading, OperationFact)
    assert (found.method, found.path, found.result_entity) == ("GET", "/v1/yards/{yard}/hives/{hive}", "Hive")
    left = [one.text for one in reading.statements if one.standing is Standing.NOT_UNDERSTOOD]
    assert left == ["rpc Ping(PingRequest) returns (PingReply)"]


def test_a_field_that_is_commented_out_is_withdrawn() -> None:
    """A commented declaration does not count; a comment in words says nothing."""
    reading = read(ProtobufReader(), APIARY)
    assert [one.text for one in reading.statements if one.standing is Standing.WITHDRAWN] == ["// string colour = 9;"]


@given(cut=st.integers(0, 1200), junk=st.text(max_size=20))
@settings(max_examples=60, deadline=None)
def test_broken_text_never_fails(cut: int, junk: str) -> None:
    """Text that is cut off and spoilt anywhere is read as far as it goes, with exact spans."""
    text = APIARY[:cut] + junk + APIARY[cut + 7 :]
    reading = ProtobufReader().read(Segment(source="answer:x", start=0, text=text, kind="fence"))
    assert reading is not None
    spans_are_exact(reading, text)


def test_a_hostile_megabyte_is_read_or_refused() -> None:
    """Whatever a megabyte repeats, it costs bounded time."""
    head = "message A {\n string b = 1;\n"
    hostile(ProtobufReader(), head, "string b = 1;\n", "message A {\n", "{", "map<", "[(a) = {", "/*", '"', "rpc A(\n")
