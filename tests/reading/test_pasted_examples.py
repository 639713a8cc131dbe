"""Calls from a terminal, examples in JSON, fields in braces and DDL amid a sentence are read as what they are."""

from __future__ import annotations

import pytest

from bot.domain.facts import ConventionFact, EntityFact, FieldFact, OperationFact, RelationFact, Standing, ValueType
from bot.reading.notations.braced import BracedReader
from bot.reading.notations.requests import RequestReader
from bot.reading.read import ReadingResult, SourceText
from bot.reading.read import read as read_texts
from tests.reading.support import facts, hostile, read


def said(text: str, topic: str = "data") -> ReadingResult:
    return read_texts([SourceText(source="answer:x", text=text, topic=topic)], topics={"data": "data", "api": "api"})


def fields(result: ReadingResult) -> set[tuple[str, str, ValueType | None]]:
    return {(f.entity, f.name, f.type) for f in result.facts if isinstance(f, FieldFact)}


def test_curl_is_calls_with_their_method_path_and_body() -> None:
    """A body makes a POST, values in a path are parameters, a version before it is the base path."""
    text = (
        "curl https://api.example.com/v3/kilns/17?full=1\n"
        "curl -X DELETE https://api.example.com/v3/kilns/9f1c2b3a4d5e\n"
        'curl https://api.example.com/v3/kilns \\\n  -H \'Accept: */*\' -d \'{"cone": 6, "owner": "Ada"}\'\n'
    )
    reading = read(RequestReader(), text)
    assert [(one.method, one.path) for one in facts(reading, OperationFact)] == [
        ("GET", "/kilns/{id}"),
        ("DELETE", "/kilns/{id}"),
        ("POST", "/kilns"),
    ]
    assert {one.value for one in facts(reading, ConventionFact)} == {"/v3"}
    assert {(one.name, one.type) for one in facts(reading, FieldFact)} == {
        ("cone", ValueType.INTEGER),
        ("owner", ValueType.STRING),
    }


def test_a_raw_request_is_a_call() -> None:
    """The line of HTTP names it, headers are none of its matter, and the body tells of the thing."""
    result = said('POST /rafts HTTP/1.1\nHost: x.example\n\n{"seats": 8}\n\nThat is how we call it.', "api")
    assert [(f.method, f.path) for f in result.facts if isinstance(f, OperationFact)] == [("POST", "/rafts")]
    assert ("raft", "seats", ValueType.INTEGER) in fields(result)
    assert "Host" not in {f.name for f in result.facts if isinstance(f, EntityFact)}


def test_an_example_tells_types_by_its_values() -> None:
    """What stands above a JSON object names what it is an example of; a number in quotes is text."""
    example = '{"plate": "B 12", "at": "2024-03-01T10:00:00Z", "fee": 129.5, "code": "0012"}'
    text = f"A tow looks like this:\n```json\n{example}\n```"
    assert fields(said(text)) == {
        ("tow", "plate", ValueType.STRING),
        ("tow", "at", ValueType.TIMESTAMP),
        ("tow", "fee", ValueType.DECIMAL),
        ("tow", "code", ValueType.STRING),
    }


@pytest.mark.parametrize(
    "text",
    ["Glider { callsign: string, seats?: int }", "Glider {\n  callsign: string\n  seats?: int\n}\nBye, Jo"],
)
def test_a_name_with_fields_in_braces_is_a_thing(text: str) -> None:
    """On one line or several."""
    found = {(f.name, f.type, f.required) for f in said(text).facts if isinstance(f, FieldFact)}
    assert found == {("callsign", ValueType.STRING, None), ("seats", ValueType.INTEGER, False)}


def test_braces_may_refer_to_each_other() -> None:
    """A field whose type is another of the things is a link to it."""
    reading = read(BracedReader(), "Boat { name: string, pier: Pier }\nPier { number: int }")
    assert [(one.source, one.target) for one in facts(reading, RelationFact)] == [("Boat", "Pier")]


@pytest.mark.parametrize("before", ["We have one table so far, ", "Таблица: ", "表: "])
def test_ddl_amid_a_sentence_is_ddl(before: str) -> None:
    """A CREATE TABLE within a line is read as SQL in any language, and nothing is made of the words around it."""
    result = said(f"{before}CREATE TABLE tow_jobs (id uuid primary key, fee numeric(8,2)); and that is it.")
    assert [f.name for f in result.facts if isinstance(f, EntityFact)] == ["tow_job"]
    assert ("tow_job", "fee", ValueType.DECIMAL) in fields(result)


def test_a_commented_out_table_is_none() -> None:
    """Behind a comment's sign in the line a CREATE TABLE does not count."""
    result = said("create table mast (id int primary key);\n/* create table lamp (id int primary key); */")
    assert [f.name for f in result.facts if isinstance(f, EntityFact)] == ["mast"]


def test_types_stand_behind_names_in_brackets() -> None:
    """``note(body text)`` has a body; an alt text and a birth date are names."""
    result = said("note(body text, on date)\npicture: alt text, birth date, url")
    assert ("note", "body", ValueType.TEXT) in fields(result)
    assert {name for entity, name, _ in fields(result) if entity == "picture"} == {"alt text", "birth date", "url"}


def test_greetings_and_emoji_say_nothing() -> None:
    """Who signs off is no table, and neither is an emoji's name."""
    result = said("crate(kilos int)\n:shrug:\nBest, Ana")
    assert {f.name for f in result.facts if isinstance(f, EntityFact)} == {"crate"}
    assert {s.standing for s in result.statements if s.text in {":shrug:", "Best, Ana"}} <= {
        Standing.NOTHING_SAID,
        Standing.WITHDRAWN,
    }


def test_a_hostile_megabyte_is_read_in_time() -> None:
    """Open braces, endless commands and quotes that nobody closes do not hold the readers up."""
    hostile(RequestReader(), "curl x/y\n", "curl -d '{", "curl \\\n", "GET /a HTTP/1.1\n\n{", '-d "\\\\')
    hostile(BracedReader(), "A { b: int }\n", "A { b: ", "{", "A {\n", "a: (b: (")
