"""What `decode` takes, what it refuses, and that it never does anything else."""

import json
import time
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inputs import InputRefused
from bot.reading.inputs.decode import MAX_BYTES, check_size, decode
from bot.reading.inputs.tokens import MAX_DEPTH, MAX_NODES, MAX_TEXT

MIB = 1024 * 1024


def refused(data: bytes) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        decode(data, "cto.json")
    assert "cto.json" in caught.value.message
    return caught.value


def test_a_document_is_kept_whole() -> None:
    """Unknown keys, escapes and other scripts are kept; size and hash are of the very bytes."""
    data = '{"agent": "cto", "new_key": {"a/b": [1, 2.5, null, true]}, "t": "z\\u00fc 😀 \\ud83d\\ude00\\n"}'.encode()
    document = decode(data, "cto.json")
    assert document.body == {"agent": "cto", "new_key": {"a/b": [1, 2.5, None, True]}, "t": "zü 😀 😀\n"}
    assert (document.size, document.sha256) == (len(data), sha256(data).hexdigest())
    assert document.warnings == ()


def test_byte_order_mark_is_told() -> None:
    """A UTF-8 byte order mark is let pass, and said by file and line."""
    document = decode(b'\xef\xbb\xbf{"a": 1}', "cto.json")
    assert document.body == {"a": 1}
    assert len(document.warnings) == 1
    assert "“cto.json”, line 1" in document.warnings[0]


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b'{\n  "a": 1,\n}', 3, 1, "a comma too many"),
        (b'{"a": 1\n "b": 2}', 2, 2, "a comma or a closing bracket is missing"),
        (b"{'a': 1}", 1, 2, "single quotes"),
        (b'{"a" 1}', 1, 6, "a colon is missing"),
        (b'{"a": "x\n"}', 1, 9, "a bare line break"),
        (b'{"a": "x', 1, 7, "no closing quote"),
        (b'{"a": "\\x"}', 1, 8, "a backslash"),
        (b'{"a": "\\u12"}', 1, 9, "four hexadecimal digits"),
        (b'{"a": 1}\n\n}', 3, 1, "more text after its last bracket"),
        (b'{"a": [1, 2}', 1, 12, "a comma or a closing bracket is missing"),
        (b'{"a": NaN}', 1, 7, "“NaN” is no finite number"),
        (b'{\n"a": -Infinity}', 2, 6, "“-Infinity” is no finite number"),
        (b'{"a": 1e999}', 1, 7, "“1e999” is no finite number"),
        (b'{"a": ' + b"1" * 5000 + b"}", 1, 7, "5,000 characters"),
        (b'{"a": {"b": 1,\n "b": 2}}', 2, 2, "the key “b” occurs a second time"),
        (b'{"a": 1, "\\u0061": 2}', 1, 10, "the key “a” occurs a second time"),
        (b'{"a": "\\u0000"}', 1, 7, "a control character"),
        (b'{"a": "\\ud800"}', 1, 7, "half a surrogate pair"),
        (b'{"\\udc00": 1}', 1, 2, "half a surrogate pair"),
        (b'[{"a": 1}]', 1, None, "a list at the top"),
        (b'"idea"', 1, None, "a text at the top"),
        (b"null", 1, None, "a single value at the top"),
        (b" \n ", 1, None, "it is empty"),
        (b'{"a":\n "\xc3\xbc\xff"}', 2, 4, "the byte 0xff is not UTF-8"),
        (b'\xef\xbb\xbf{"a": "\xff"}', 1, 8, "the byte 0xff is not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), 1, None, "UTF-16"),
        ('{"a": 1}'.encode("utf-16-be"), 1, None, "UTF-16"),
        ('{"a": 1}'.encode("utf-32"), 1, None, "UTF-32"),
    ],
)
def test_broken_documents(data: bytes, line: int, column: int | None, words: str) -> None:
    """Each fault is refused in words, by file, line and column."""
    error = refused(data)
    assert words in error.message
    assert (error.fields["line"], error.fields["column"]) == (line, column)
    assert f"line {line}" in error.message


def test_a_fault_is_quoted_and_mended() -> None:
    """A refusal shows what stands at the place, without control characters, and says what to do."""
    message = refused(b'{"first": 1,\n "stack": Node\x07.js}').message
    assert 'There it reads: "stack": Node·.js}' in message
    assert "Mend this place" in message


@pytest.mark.parametrize("word", ["NaN", "{[", '\\"NaN', "1e999", "\\\\"])
def test_texts_may_hold_anything(word: str) -> None:
    """What would be a fault outside a text is none inside."""
    assert decode(f'{{"a": "{word}"}}'.encode(), "a.json").body == {"a": json.loads(f'"{word}"')}


def test_the_same_key_in_different_objects() -> None:
    """Only one object's keys must differ."""
    assert decode(b'{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": {"a": 1}}', "a.json").body["b"] == {"a": 1}


def test_size() -> None:
    """5 MiB are read; 6 MiB are refused by their size, and can be before they are fetched."""
    filler = ('"' + "x" * 1000 + '",') * 5000
    assert decode(f'{{"a": [{filler} 1]}}'.encode(), "big.json").size > 4.5 * MIB
    assert "6.0 MiB long; at most 5 MiB" in refused(b" " * (6 * MIB)).message
    with pytest.raises(InputRefused):
        check_size(MAX_BYTES + 1, "big.json")
    check_size(MAX_BYTES, "big.json")


def test_depth() -> None:
    """Nesting is taken up to the limit, and far beyond it refused without recursion."""
    inner = MAX_DEPTH - 1
    assert decode(b'{"a":' + b"[" * inner + b"]" * inner + b"}", "deep.json").body
    assert f"more than {MAX_DEPTH} deep" in refused(b'{"a":' + b"[" * (inner + 1) + b"]" * (inner + 1) + b"}").message
    assert f"more than {MAX_DEPTH} deep" in refused(b'{"a":' * 500_000).message


def test_amount() -> None:
    """The number of keys and values is limited, and so is the length of one text."""
    assert f"{MAX_NODES:,}" in refused(b'{"a":[' + b"1," * MAX_NODES + b"1]}").message
    assert f"{MAX_TEXT:,}" in refused(b'{"a":"' + b"x" * (MAX_TEXT + 1) + b'"}').message


@pytest.mark.parametrize(
    "data",
    [
        b"{" + b" " * (MAX_BYTES - 2) + b"}",
        b"," * MAX_BYTES,
        b'"' * MAX_BYTES,
        b'"' + b"\\" * (MAX_BYTES - 1),
        b'{"a":[' + b"[]," * (MAX_BYTES // 3 - 4) + b"1]}",
        b'{"a":["' + b'","'.join([b"\\u00e9" * 8] * 90_000) + b'"]}',
        (b'{"a"' + b" " * 1000) * 5000,
    ],
    ids=["spaces", "commas", "quotes", "backslashes", "lists", "escapes", "colonless"],
)
def test_time_is_bounded(data: bytes) -> None:
    """The worst of documents takes less than a second of processor time."""
    start = time.process_time()
    try:
        decode(data, "slow.json")
    except InputRefused:
        pass
    finally:
        assert time.process_time() - start < 1


JSONISH = st.lists(st.sampled_from([*'{}[]":,\\ \n\t-+.eE019', "true", "null", "NaN", "\\u", "d800", '"a":', "ü"])).map(
    "".join
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary() | JSONISH.map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
def test_nothing_but_a_document_or_a_refusal(data: bytes) -> None:
    """Whatever the bytes: a document that Python's parser reads the same way, or a refusal that names the file."""
    try:
        document = decode(data, "any.json")
    except InputRefused as error:
        assert "any.json" in error.message
    else:
        assert document.body == json.loads(data.decode("utf-8-sig"))


@given(st.dictionaries(st.text(), VALUES), st.booleans(), st.sampled_from([None, 2]))
def test_every_clean_object_is_taken(body: dict[str, object], ascii_only: bool, indent: int | None) -> None:
    """Any object of finite values is taken unchanged, however it is written, unless its texts hold what none may."""
    text = json.dumps(body, ensure_ascii=ascii_only, indent=indent)
    try:
        taken = decode(text.encode("utf-8"), "clean.json").body
    except InputRefused as error:
        assert "control character" in error.message
    else:
        assert taken == body
