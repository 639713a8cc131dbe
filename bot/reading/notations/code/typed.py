"""Reads types of C#, Kotlin, Swift and Rust by their heads, brackets and lines: what these four have in common.

No grammar is needed for what stands in a type: its members' names and types, what is marked on them, and enums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.facts import FieldFact, Reading, ValueType
from bot.reading.notations.bounds import read_bounded
from bot.reading.notations.code.trees import mark_behaviour, mark_forms
from bot.reading.notations.declarations import Declarations, Entity, Enumeration, Member, stance_of, unwrapped
from bot.reading.notations.notes import Notes
from bot.reading.segments import Segment

_NAME = "code"
_MODIFIERS = (
    r"(?:(?:public|internal|private|protected|sealed|partial|abstract|static|readonly|open|final|data|value|"
    r"pub(?:\([a-z]{1,10}\))?|inner|@\w+)[ \t]+)*"
)
_HEAD = re.compile(
    rf"(?:^|(?<=[;}}]))[ \t]*{_MODIFIERS}"
    r"(?P<kind>enum[ \t]+class|record[ \t]+(?:class|struct)|class|record|struct|enum|object)[ \t]+"
    r"(?P<name>[A-Z]\w{0,80})(?:<[^<>\n]{0,80}>)?[ \t]*",
    re.M,
)
_CSHARP = re.compile(r"\{\s*get;|^using[ \t]+[\w.]+;|^namespace[ \t]|\brecord[ \t]+(?:class[ \t]+)?\w+\(", re.M)
_KOTLIN = re.compile(r"^[ \t]*(?:data|enum|sealed)[ \t]+class[ \t]+\w+|\bva[lr][ \t]+\w+[ \t]*:[ \t]*\w", re.M)
_RUST_OR_SWIFT = re.compile(
    r"^[ \t]*(?:pub[ \t]+)?struct[ \t]+\w+[^\n]{0,80}\{|^[ \t]*(?:let|var)[ \t]+\w+[ \t]*:[ \t]*\[?[A-Z]", re.M
)
_MEMBER = re.compile(
    r"[ \t]*(?P<marks>(?:[\[@#][^\n\]]{0,200}\]?[ \t]+)*)"
    r"(?:(?:public|private|internal|protected|override|virtual|required|readonly|static|const|lateinit|open|pub"
    r"(?:\([a-z]{1,10}\))?|final|weak)[ \t]+)*"
    r"(?:(?:val|var|let)[ \t]+(?P<name1>\w{1,80})[ \t]*:[ \t]*(?P<type1>[^=,\n{]{1,200}?)"
    r"|(?P<name2>[a-z_]\w{0,80})[ \t]*:[ \t]*(?P<type2>[A-Za-z\[&][^=,\n{]{0,200}?)"
    r"|(?P<type3>[A-Za-z_][\w.]{0,80}(?:<[^\n;{}]{1,120}>)?(?:\[\])?\??)[ \t]+(?P<name3>\w{1,80}))"
    r"[ \t]*(?:=[ \t]*(?P<default>[^,;\n{]{1,80}?)[ \t]*)?(?:\{[ \t]*get;[^\n}]{0,60}\}[^\n]{0,60}|[,;)]|$)"
)
_NOT_TYPES = frozenset(
    {"return", "using", "namespace", "import", "package", "throw", "new", "case", "fun", "func", "fn"}
)
_TO_BODY = re.compile(r"[^{};=]{0,300}\{")
_CASE = re.compile(r"(?:\bcase[ \t]+)?(?P<name>[A-Za-z]\w{0,80})(?:[ \t]*(?:=[^,\n]{0,80}|\([^()\n]{0,120}\)))?")
_DEEPEST = 2
"""How many types deep a type may stand: what is deeper is its outer type's matter, and would cost time."""
_REQUIRED = re.compile(r"\bRequired\b|\bNotNull\b|\bNotBlank\b")
_KEY = re.compile(r"\[Key\b|@Id\b|@PrimaryKey\b")
_LENGTH = re.compile(r"(?:MaxLength|StringLength|@Size\([^)]{0,40}max\s*=)\s*\(?\s*(\d{1,9})")


class TypedCodeReader:
    """Reads classes, records, structs and enums of C#, Kotlin, Swift and Rust."""

    name = _NAME

    def recognises(self, segment: Segment) -> bool:
        """Whether a type is declared, in the way of one of these languages."""
        if segment.kind in {"table", "heading"}:
            return False
        text = segment.text[:200_000]
        if not _HEAD.search(text):
            return False
        return bool(_CSHARP.search(text) or _KOTLIN.search(text) or _RUST_OR_SWIFT.search(text))

    def read(self, segment: Segment) -> Reading | None:
        """Return the declared entities and enums."""
        return read_bounded(segment, _NAME, lambda part: _Source(part).read())


class _Source:
    def __init__(self, segment: Segment) -> None:
        self.text = segment.text
        self.notes = Notes(segment, _NAME)
        self.declared = Declarations(self.notes)
        self._pairs = _pairs(segment.text)

    def _closed(self, start: int) -> int:
        """Return where a bracket is closed; one that nobody closes ends with its line."""
        line = self.text.find("\n", start)
        return self._pairs.get(start, line if line >= 0 else len(self.text))

    def read(self) -> Reading | None:
        around: list[int] = []
        for head in _HEAD.finditer(self.text):
            around = [end for end in around if end > head.start()]
            if len(around) < _DEEPEST:
                around.append(self._type(head))
        if not self.declared.entities and not self.declared.enumerations:
            return None
        mark_forms(self.declared)
        mark_behaviour(self.declared)
        self.declared.write()
        return self.notes.reading()

    def _type(self, head: re.Match[str]) -> int:
        """Read one type; return where it ends."""
        start = head.start() + len(head.group()) - len(head.group().lstrip())
        parameters = self._closed(head.end()) if self.text[head.end() : head.end() + 1] == "(" else head.end()
        brace = _brace(self.text, parameters)
        body_end = self._closed(brace) if brace >= 0 else parameters
        if "enum" in head["kind"]:
            cases = self.text[brace + 1 : body_end - 1].split(";")[0] if brace >= 0 else ""
            self.declared.add_enumeration(
                Enumeration(start=start, end=body_end, name=head["name"], values=tuple(_cases(cases)))
            )
            return body_end
        entity = Entity(start=start, end=head.end(), name=head["name"])
        if parameters > head.end():
            entity.members += self._members(head.end() + 1, parameters - 1, ",")
        if brace >= 0:
            lines = "\n" in self.text[brace + 1 : body_end - 1].strip()
            entity.members += self._members(brace + 1, body_end - 1, "\n" if lines else ",")
        if entity.members:
            self.declared.add_entity(entity)
        return body_end

    def _members(self, start: int, end: int, mark: str) -> Iterator[Member]:
        """Yield the members between two offsets, each in a line of its own or between commas."""
        marks = ""
        for begin, stop in _pieces(self.text, start, end, mark):
            line = self.text[begin:stop]
            bare = line.strip()
            if bare.startswith(("[", "@", "#")) and not re.search(r"[\])]\s+\w", bare):
                marks = f"{marks} {bare}"
                continue
            made = self._member(begin, line, marks)
            marks = ""
            if made is not None:
                yield made

    def _member(self, begin: int, line: str, marks: str) -> Member | None:
        code, _, comment = line.partition("//")
        found = _MEMBER.match(code.strip())
        if found is None or re.search(r"\bstatic\b|\bconst\b|\bfun\b|\bfunc\b|\bfn\b", code):
            return None
        name = found["name1"] or found["name2"] or found["name3"]
        kind = (found["type1"] or found["type2"] or found["type3"]).strip()
        if kind in _NOT_TYPES or name in _NOT_TYPES:
            return None
        said = f"{marks} {found['marks']}"
        lead = len(line) - len(line.lstrip())
        end = begin + len(code.rstrip().rstrip(",;"))
        default = (found["default"] or "").strip('"')
        field = FieldFact(
            statement="",
            entity="",
            name=name,
            required=True if _REQUIRED.search(said) else None,
            primary_key=True if _KEY.search(said) else None,
            max_length=int(length[1]) if (length := _LENGTH.search(said)) else None,
            default=default if re.fullmatch(r"-?[\d.]{1,20}|true|false", default) else None,
            description=comment.strip(),
        )
        member = Member(start=begin + lead, end=end, field=field, stance=stance_of(comment))
        _typed(member, kind)
        return member


def _typed(member: Member, kind: str) -> None:
    name, member.many, nullable = unwrapped(re.sub(r"^\[([^\[\]:]+)\]", r"List<\1>", re.sub(r"\bVec<", "List<", kind)))
    bare = name.rpartition(".")[2]
    base = _TYPES.get(re.sub(r"<.*", "", bare))
    if base is not None:
        many = member.many
        member.field = replace(member.field, type=ValueType.ARRAY if many else base, items=base if many else None)
    else:
        member.type_name = bare
    if nullable:
        member.field = replace(member.field, nullable=True)


_TYPES = {
    "NaiveDate": ValueType.DATE,
    "NaiveDateTime": ValueType.TIMESTAMP,
    "DateTime": ValueType.TIMESTAMP,
    "JsonDocument": ValueType.JSON,
    "JsonElement": ValueType.JSON,
    "Dictionary": ValueType.JSON,
    "Map": ValueType.JSON,
    "HashMap": ValueType.JSON,
    "Value": ValueType.JSON,
    "Data": ValueType.BINARY,
    "ByteArray": ValueType.BINARY,
}


def _cases(body: str) -> Iterator[str]:
    """Yield the members of an enum's body, parted by commas or lines."""
    plain = re.sub(r"//[^\n]*|/\*.{0,2000}?\*/|[\[@#][^\n\]]{0,80}\]", " ", body[:20_000], flags=re.S)
    for part in re.split(r"[,\n]", plain):
        found = _CASE.fullmatch(part.strip())
        if found is not None:
            yield found["name"]


def _brace(text: str, start: int) -> int:
    """Return where a type's body begins: behind its bases, before the next type; -1 if it has none."""
    found = _TO_BODY.match(text, start)
    if found is None or _HEAD.search(text, start + 1, found.end()):
        return -1
    return found.end() - 1


def _pairs(text: str) -> dict[int, int]:
    """Return where each bracket that is closed ends, in one pass."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for sign in re.compile(r"[(){}]").finditer(text):
        if sign.group() in "({":
            opened.append(sign.start())
        elif opened and text[opened[-1]] == {")": "(", "}": "{"}[sign.group()]:
            found[opened.pop()] = sign.end()
    return found


def _pieces(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """Yield the spans between marks that stand outside of brackets; a body's nested braces are stepped over."""
    depth, at = 0, start
    for found in re.compile(r"[(){}<>\[\]]|" + re.escape(mark)).finditer(text, start, end):
        sign = found.group()
        if sign == mark:
            if depth <= 0:
                yield at, found.start()
                at = found.end()
                depth = 0
        elif sign in "({[<":
            depth += 1
        else:
            depth -= 1
    if at < end:
        yield at, end
