"""Reads Protocol Buffers: messages, enums, and RPCs that `google.api.http` gives a path.

The grammar is that of the proto2 and proto3 language specifications, as far as declarations go. An RPC without an
HTTP rule names no endpoint and is not understood. See protobuf.dev/reference/protobuf/proto3-spec, google.aip.dev/203
(field behaviour) and 122 (resource names).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from bot.domain.facts import FieldFact, Method, OperationFact, Reading, Standing, ValueType
from bot.reading.names import singular
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "protobuf"
_MESSAGE = re.compile(r"^[ \t]*message[ \t]+\w+[ \t]*\{", re.M)
_NUMBERED = re.compile(r"^[^\n=]{0,300}[ \t]\w+[ \t]*=[ \t]*\d+[ \t]*[;\[]|\brpc[ \t]+\w+[ \t]*\(", re.M)
_COMMENT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?(?:\*/|\Z)", re.S)
"""A comment, or a string, in which none begins (``"/v1/{name=shelves/*}"``)."""
_MARK = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[{};\[\]]")
_FIELD = re.compile(
    r"(?:(repeated|optional|required)\s+)?(map\s*<[^>]{1,200}>|\.?[A-Za-z_][\w.]{0,200})\s+([A-Za-z_]\w{0,200})\s*=\s*(?:0x)?\d+\s*(\[.*)?$",
    re.S,
)
_VALUE = re.compile(r"([A-Za-z_]\w{0,200})\s*=\s*(-?(?:0x)?\d+)")
_HTTP = re.compile(r"\b(get|post|put|patch|delete)\s*:\s*\"(/[^\"\n]{0,300})\"")
_RPC = re.compile(r"rpc\s+(\w+)\s*\(\s*(?:stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(stream\s+)?([\w.]+)\s*\)")
_WELL_KNOWN = {
    "google.protobuf.Timestamp": ValueType.TIMESTAMP,
    "google.protobuf.Duration": ValueType.DURATION,
    "google.protobuf.Struct": ValueType.JSON,
    "google.protobuf.Value": ValueType.JSON,
    "google.protobuf.Any": ValueType.JSON,
    "google.protobuf.ListValue": ValueType.JSON,
    "google.type.Money": ValueType.MONEY,
    "google.type.Date": ValueType.DATE,
    "google.type.TimeOfDay": ValueType.TIME,
    "google.type.LatLng": ValueType.POINT,
    "google.type.Decimal": ValueType.DECIMAL,
}
_WRAPPERS = {
    "String": ValueType.STRING,
    "Bool": ValueType.BOOLEAN,
    "Int32": ValueType.INTEGER,
    "UInt32": ValueType.INTEGER,
    "Int64": ValueType.BIGINT,
    "UInt64": ValueType.BIGINT,
    "Double": ValueType.FLOAT,
    "Float": ValueType.FLOAT,
    "Bytes": ValueType.BINARY,
}
_SCALARS = {
    **dict.fromkeys(("int32", "sint32", "uint32", "fixed32", "sfixed32"), ValueType.INTEGER),
    **dict.fromkeys(("int64", "sint64", "uint64", "fixed64", "sfixed64"), ValueType.BIGINT),
    "string": ValueType.STRING,
    "bool": ValueType.BOOLEAN,
    "double": ValueType.FLOAT,
    "float": ValueType.FLOAT,
    "bytes": ValueType.BINARY,
}
_ENVELOPE = re.compile(r"(?:Request|Response|Reply|Req|Res|Resp)$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A declaration without its body (`mark` is ``{`` or ``;``), or the end of a body (``}``)."""

    start: int
    end: int
    text: str
    mark: str


@dataclass(slots=True)
class _Scope:
    """A body that is open: ``message``, ``enum``, ``service``, ``rpc``, ``oneof`` or anything else (an option)."""

    kind: str
    start: int
    text: str
    entity: Entity | None = None
    first: int = 0


class ProtobufReader:
    """Reads Protocol Buffers' messages, enums and HTTP rules."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether messages with numbered fields or RPCs are declared."""
        if segment.kind in {"table", "heading"}:
            return False
        text = segment.text
        return _MESSAGE.search(text) is not None and _NUMBERED.search(text) is not None

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities, enums and operations."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source:
    """One text of Protocol Buffers while it is being read."""

    def __init__(self, segment: Segment) -> None:
        self.text = segment.text
        self.notes = Notes(segment, _NAME)
        self.declared = Declarations(self.notes)
        self.scopes: list[_Scope] = []
        self.values: list[str] = []
        self.plain = self.text

    def read(self) -> Reading:
        """Read declaration by declaration; a body that nobody closes ends with the text."""
        self.plain = _COMMENT.sub(self._comment, self.text)
        for piece in _pieces(self.plain):
            if piece.mark == "{":
                self._open(piece)
            elif piece.mark == "}":
                self._tail(piece)
                self._close(piece.end)
            else:
                self._statement(piece)
        while self.scopes:
            self._close(len(self.text))
        for name, entity in self.declared.entities.items():
            entity.abstract = bool(_ENVELOPE.search(name))
        self.declared.write()
        return self.notes.reading()

    def _comment(self, match: re.Match[str]) -> str:
        """Note a comment and blank it: a declaration that is commented out is withdrawn; a string stays."""
        if match[0][0] in {'"', "'"}:
            return match[0]
        code = re.match(
            r"//\s*(?:(?:repeated|optional|required)\s+)?[\w.<>, ]{1,200}=\s*\d+\s*(?:\[[^\n]*)?;", match[0]
        )
        self.notes.say(match.start(), match.end(), Standing.WITHDRAWN if code else Standing.NOTHING_SAID)
        return re.sub(r"[^\n]", " ", match[0])

    def _open(self, piece: _Piece) -> None:
        """Enter a body."""
        kind, _, rest = piece.text.partition(" ")
        name = rest.strip().split(" ")[0]
        scope = _Scope(kind, piece.start, piece.text, first=piece.end + 1)
        outer = self.scopes[-1].kind if self.scopes else ""
        if kind in {"message", "extend"} and outer in {"", "message"} and name:
            entity = Entity(start=piece.start, end=piece.end + 1, name=name.rpartition(".")[2])
            scope.entity = self.declared.add_entity(entity)
        elif kind == "enum":
            self.values = []
        elif kind == "oneof" and self.scopes:
            scope.entity = self.scopes[-1].entity
        elif kind == "service":
            self.notes.say(piece.start, piece.end + 1, Standing.NOTHING_SAID)
        self.scopes.append(scope)

    def _close(self, end: int) -> None:
        """Leave a body."""
        if not self.scopes:
            return
        scope = self.scopes.pop()
        if scope.kind == "enum":
            name = scope.text.partition(" ")[2].strip()
            values = tuple(dict.fromkeys(self.values))
            self.declared.add_enumeration(Enumeration(start=scope.start, end=end, name=name, values=values))
        elif scope.kind == "rpc":
            self._rpc(scope, end)

    def _tail(self, piece: _Piece) -> None:
        """Read what stands before a closing bracket without its semicolon."""
        if piece.text and self.scopes and self.scopes[-1].kind in {"message", "oneof", "enum"}:
            self._statement(replace(piece, mark=";"))

    def _statement(self, piece: _Piece) -> None:
        """Read a declaration without a body."""
        scope = self.scopes[-1] if self.scopes else None
        if scope is None or scope.kind == "service":
            if piece.text.startswith("rpc"):
                self._rpc(_Scope("rpc", piece.start, piece.text), piece.end)
            elif piece.text:
                known = re.match(r"(?:syntax|edition|package|import|option)\b", piece.text)
                self.notes.say(piece.start, piece.end + 1, Standing.NOTHING_SAID if known else Standing.NOT_UNDERSTOOD)
        elif scope.kind == "enum":
            value = _VALUE.match(piece.text)
            if value and not (value.group(2) == "0" and value.group(1).upper().endswith(("UNSPECIFIED", "UNKNOWN"))):
                self.values.append(value.group(1))
        elif scope.entity is not None:
            self._field(scope, piece)

    def _field(self, scope: _Scope, piece: _Piece) -> None:
        """Read one field of a message."""
        match = _FIELD.match(piece.text)
        if match is None or scope.entity is None:
            known = re.match(r"(?:reserved|extensions|option)\b", piece.text)
            if piece.text:
                self.notes.say(piece.start, piece.end + 1, Standing.NOTHING_SAID if known else Standing.NOT_UNDERSTOOD)
            return
        label, kind, name, options = match.groups()
        comment = self._beside(piece.end + 1)
        optional = label == "optional" or scope.kind == "oneof"
        one = FieldFact(
            statement="",
            entity="",
            name=name,
            nullable=True if optional else None,
            required=True if label == "required" else None,
            description=comment,
        )
        member = Member(
            start=piece.start, end=piece.end + 1, field=one, many=label == "repeated", stance=stance_of(comment)
        )
        _typed(member, kind.strip("."))
        member.field = _optioned(member.field, options or "")
        scope.entity.members.append(member)

    def _beside(self, end: int) -> str:
        """Return the comment behind a declaration on its line."""
        found = re.match(r"[ \t]*//\s*([^\n]{0,300})", self.text[end : end + 320])
        return found.group(1).strip() if found else ""

    def _rpc(self, scope: _Scope, end: int) -> None:
        """Read an RPC: the operations of its HTTP rule; without one it is not understood."""
        said = self.plain[scope.start : end]
        names, rules = _RPC.match(re.sub(r"\s+", " ", scope.text)), list(_HTTP.finditer(said[:4000]))
        statement = self.notes.say(scope.start, end, Standing.UNDERSTOOD if rules else Standing.NOT_UNDERSTOOD)
        for rule in rules:
            result = names.group(4).rpartition(".")[2] if names else ""
            self.notes.add(
                OperationFact(
                    statement=statement,
                    method=cast(Method, rule.group(1).upper()),
                    path=_expanded(rule.group(2)),
                    operation_id=names.group(1) if names else "",
                    result_entity="" if _ENVELOPE.search(result) or result == "Empty" else result,
                )
            )


def _expanded(path: str) -> str:
    """Return a path with the resource names in it written out: ``{name=shelves/*}`` is ``shelves/{shelf}``."""

    def resource(match: re.Match[str]) -> str:
        return re.sub(r"(\w+)/\*", lambda part: f"{part[1]}/{{{singular(part[1])}}}", match[1])

    return re.sub(r"\{[\w.]+=([^}]*)\}", resource, path)


def _pieces(plain: str) -> Iterator[_Piece]:
    """Yield declarations; brackets within a field's options and quotes do not end one."""
    start, options = 0, 0
    for match in _MARK.finditer(plain):
        mark = match[0]
        if mark in {"[", "]"}:
            options = max(options + (1 if mark == "[" else -1), 0)
        elif mark in {"{", "}", ";"} and (not options or mark == ";"):
            options = 0
            said = plain[start : match.start()]
            begin = start + len(said) - len(said.lstrip())
            text = said.strip()
            yield _Piece(begin, begin + len(text), text if len(text) < 4000 else text[:4000], mark)
            start = match.end()


def _typed(member: Member, kind: str) -> None:
    """Set what a field's type says."""
    wrapper = re.fullmatch(r"google\.protobuf\.(\w+)Value", kind)
    base = _WELL_KNOWN.get(kind) or _SCALARS.get(kind)
    if base is None and wrapper and wrapper.group(1) in _WRAPPERS:
        base = _WRAPPERS[wrapper.group(1)]
        member.field = replace(member.field, nullable=True)
    if kind.startswith("map"):
        base = ValueType.JSON
    if base is None:
        member.type_name = kind.rpartition(".")[2]
    elif member.many:
        member.field = replace(member.field, type=ValueType.ARRAY, items=base)
    else:
        member.field = replace(member.field, type=base)


def _optioned(one: FieldFact, options: str) -> FieldFact:
    """Return a field with what its options say: `google.api.field_behavior` and protovalidate's rules."""
    if not options:
        return one
    low, high = re.search(r"\bmin_len\s*[=:]\s*(\d{1,9})", options), re.search(r"\bmax_len\s*[=:]\s*(\d{1,9})", options)
    kind = next((k for word, k in _FORMATS.items() if re.search(rf"\b{word}\s*[=:]\s*true", options)), one.type)
    return replace(
        one,
        type=kind if one.type is ValueType.STRING else one.type,
        required=True if re.search(r"\bREQUIRED\b|\brequired\s*[=:]\s*true", options) else one.required,
        read_only=True if "OUTPUT_ONLY" in options else None,
        write_only=True if "INPUT_ONLY" in options else None,
        immutable=True if re.search(r"\bIMMUTABLE\b", options) else None,
        min_length=int(low.group(1)) if low else None,
        max_length=int(high.group(1)) if high else None,
    )


_FORMATS = {"email": ValueType.EMAIL, "uuid": ValueType.UUID, "uri": ValueType.URL}
