"""Is it kept as what it is: what only tells things apart as text, files as files, what happens later as empty?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from bot.domain.facts import FieldFact, OperationFact, Stance, ValueType
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity, EntityField
from bot.roles.backend_developer.blueprint.defaults import is_today
from bot.roles.backend_developer.checks.areas.asked import said_of
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.identifiers import is_identifier
from bot.roles.backend_developer.checks.names import LATER, happens_later, is_moment

_NUMBERS: Final = frozenset({"integer", "bigint", "decimal", "money", "float"})
_CHOSEN: Final = frozenset(
    {ValueType.INTEGER, ValueType.BIGINT, ValueType.DECIMAL, ValueType.FLOAT, ValueType.MONEY}
)  # fmt: skip
_TEXTS: Final = frozenset({"string", "text", "json", "binary", "url"})
_ENCODED: Final = frozenset(["base64", "b64", "blob", "datauri", "dataurl", "bytes", "binary"])
_PICTURES: Final = frozenset(
    ["picture", "pictures", "photo", "photos", "image", "images", "avatar", "thumbnail", "logo", "scan", "pdf",
     "video", "audio", "recording", "attachment", "attachments", "xray", "portrait", "signature", "bild", "foto",
     "anhang", "aufnahme", "unterschrift"]
)  # fmt: skip
_FILES: Final = _PICTURES | {"file", "document", "datei", "dokument"}
_OF_IT: Final = frozenset(
    ["hash", "digest", "checksum", "url", "uri", "link", "id", "ref", "key", "name", "title", "caption", "type", "kind",
     "path", "size", "format", "note", "notes", "description", "text", "alt"]
)  # fmt: skip
"""Last words of what is told of a file and is none."""

_WITHIN: Final = frozenset(["data", "content", "contents", "bytes", "binary", "raw", "body", "payload", "inhalt"])
_AS_TEXT: Final = re.compile(
    r"\bbase ?64\b|\bdata[- ]?uris?\b|\bdata:image\b|\bhex(adecimal)?[- ]encoded\b", re.IGNORECASE
)
_LARGE: Final = 10_000
_HUGE: Final = 1_000_000
"""Characters of which a page of fifty rows is tens of megabytes: from there on it is a file, whatever it is called."""

_BEGINS: Final = frozenset(
    ["created", "updated", "changed", "modified", "inserted", "recorded", "imported", "migrated", "made", "added",
     "entered", "registered", "opened", "issued", "started", "joined", "submitted", "received", "placed", "ordered",
     "requested", "enrolled", "filed", "booked", "scanned", "taken", "measured", "reported", "posted", "uploaded",
     "enqueued", "queued", "logged", "observed", "noted", "captured", "drafted", "invited", "signed", "asked", "raised",
     "occurred", "happened", "detected", "seen", "synced", "valid", "effective", "hired", "published", "sent"]
)  # fmt: skip
"""Words of moments that may well be those at which a row is made."""


def kept_as_numbers(bench: CheckContext) -> Iterator[str]:
    """Yield phone numbers, post codes and the like that are kept as numbers, which nobody chose."""
    told = ((entity.plural, field) for entity in bench.blueprint.entities for field in entity.fields)
    yield from _numbers(bench, told)


def told_as_numbers(bench: CheckContext) -> Iterator[str]:
    """Yield the same in what calls and events exchange."""
    plan = bench.blueprint
    told = [
        (f"{op.method} {op.path}", f) for op in plan.operations for f in (*op.parameters, *op.request, *op.response)
    ]
    yield from _numbers(bench, [*told, *((event.name, f) for event in plan.events for f in event.payload)])


def _numbers(bench: CheckContext, told: Iterable[tuple[str, EntityField]]) -> Iterator[str]:
    chosen = {spoken(f.name) for f in _facts(bench) if f.type in _CHOSEN}
    for label, field in told:
        counted = field.read_only  # the service gives it out by counting on
        if field.type in _NUMBERS and not counted and is_identifier(field.name) and spoken(field.name) not in chosen:
            yield f"{label}.{field.name} ({field.type.value}: leading zeros and signs are lost)"


def files_as_text(bench: CheckContext) -> Iterator[str]:
    """Yield files that are kept as text within rows, which nobody chose: they weigh down whatever lists the rows."""
    chosen = {spoken(f.name) for f in _facts(bench) if f.type is not None and f.type is not ValueType.FILE}
    for entity in bench.blueprint.entities:
        for field in entity.fields:
            if field.type in _TEXTS and _is_file(field) and spoken(field.name) not in chosen:
                yield f"{entity.plural}.{field.name} (a file within the row)"


def _is_file(field: EntityField) -> bool:
    found, last = set(words(field.name)), set(words(field.name)[-1:])
    if field.max_length >= _HUGE:
        return True
    if last & _OF_IT and not {"data", "uri"} <= found:
        return False
    encoded = bool(found & _ENCODED or {"data", "uri"} <= found or _AS_TEXT.search(field.description))
    within = bool(found & _PICTURES) and (bool(last & _WITHIN) or field.max_length >= _LARGE)
    return within or (encoded and bool(found & (_FILES | _ENCODED)))


def dated_beforehand(bench: CheckContext) -> Iterator[str]:
    """Yield fields by which each new row says that it ended, was paid or the like, though nothing happened yet."""
    said = {(spoken(f.entity), spoken(f.name)) for f in _facts(bench) if f.default is not None}
    for entity in bench.blueprint.entities:
        for field in entity.fields:
            if field.default is not None and _is_over(field) and not said_of(entity, field.name, said):
                yield f"{entity.plural}.{field.name} (is {field.default} when the row is made)"


_UNDECIDED: Final = frozenset(
    ["open", "pending", "unknown", "unchecked", "undecided", "unassigned", "undetermined", "waiting", "planned",
     "scheduled", "unresolved", "unverified", "untested", "unset", "none", "not_yet", "todo", "offen", "ausstehend",
     "unbekannt", "ungeprueft", "ungeprüft"]
)  # fmt: skip
"""Values of a choice by which nothing is decided yet."""

_DECIDED: Final = LATER | {
    "intact", "held", "missed", "damaged", "failed", "failure", "success", "successful", "succeeded", "passed", "ok",
    "done", "won", "lost", "granted", "denied", "declined", "refused", "valid", "invalid", "present", "absent",
    "attended", "positive", "negative", "correct", "healthy", "defective", "complete", "sent", "read", "signed",
    "bestanden", "erledigt", "bezahlt", "genehmigt", "abgelehnt", "anwesend",
}  # fmt: skip
"""Values by which something is."""


def _decides(field: EntityField) -> bool:
    """Whether each new row is decided by the default of a choice that has a value for what is open."""
    others = {value.casefold() for value in field.values} & _UNDECIDED
    return field.type == "enum" and bool(others) and str(field.default).casefold() in _DECIDED


def _is_over(field: EntityField) -> bool:
    if _decides(field):
        return True
    found = words(field.name)
    if field.type in ("date", "timestamp"):
        ends = happens_later(field.name) or (
            field.empty_allowed and is_moment(field.name) and not set(found) & _BEGINS and found[-1] in ("at", "on")
        )
        return bool(ends) and is_today(str(field.default))
    return field.type == "boolean" and str(field.default).casefold() == "true" and bool(set(found[-1:]) & LATER)


def _facts(bench: CheckContext) -> Iterator[FieldFact]:
    for fact in bench.said.facts:
        if isinstance(fact, FieldFact) and fact.stance is Stance.STATED:
            yield fact
        elif isinstance(fact, OperationFact):
            yield from (f for f in (*fact.parameters, *fact.body, *fact.result) if isinstance(f, FieldFact))


_PLACEHOLDERS: Final = re.compile(
    r"[-–—.?_*\s]*|\W*(unknown|unnamed|undefined|not (set|given|known|available|specified)|null|nil|n/?a|tbd|tba|todo"
    r"|to be (done|defined)|missing|dummy|test|foo|placeholder|changeme|change me|x{2,}|0{4,}"
    r"|unbekannt|keine angabe|k\.? ?a\.?|fehlt|platzhalter|noch offen|\w*@example\.(com|org|net)"
    r"|(no-?reply|nobody|unknown|none)@\S+|1970-01-01.*|1900-01-01.*|0001-01-01.*|9999-12-31.*"
    r"|https?://example\.\S*)\W*",
    re.IGNORECASE,
)
"""What is written where nothing is known."""

_STAND_INS: Final = re.compile(r"-0*1|-?9{3,}(\.9+)?|-?(123|1234|12345|123456)")
"""Numbers that stand for none, and are added up with the others."""

_OPEN: Final = frozenset({"string", "text", "email", "url", "date", "timestamp"})


def filled_with_nothing(field: EntityField) -> bool:
    """Whether a field has a default that stands for nothing: rows hold it as if it were a value."""
    if field.default is None or field.type not in _OPEN | _NUMBERS:
        return False
    return bool((_STAND_INS if field.type in _NUMBERS else _PLACEHOLDERS).fullmatch(field.default.strip()))


def newly_unknown(bench: CheckContext) -> Iterator[str]:
    """Yield new required fields whose default stands for nothing: all rows that were there hold it from now on."""
    previous = bench.previous
    said = {(spoken(f.entity), spoken(f.name)) for f in _facts(bench) if f.default is not None}
    before = {e.name: {f.name for f in e.fields} for e in previous.entities} if previous is not None else {}
    for entity in bench.blueprint.entities:
        for field in entity.fields if entity.name in before else ():
            if field.name not in before[entity.name] and _unasked(entity, field, said):
                yield f"{entity.name}.{field.name} is “{field.default}” in all rows that were there before"


def _unasked(entity: Entity, field: EntityField, said: set[tuple[str, str]]) -> bool:
    return filled_with_nothing(field) and not field.empty_allowed and not said_of(entity, field.name, said)
