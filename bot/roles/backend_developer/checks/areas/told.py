"""What is told in which form and to whom: amounts and moments in answers, personal data in addresses and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.facts import FieldFact, OperationFact, Stance, ValueType
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.checks.areas.exchanged import bad_examples
from bot.roles.backend_developer.checks.areas.forms import other_forms
from bot.roles.backend_developer.checks.areas.kept_as import told_as_numbers
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document, Endpoint, Node, mapping
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import (
    NAMES_OF_PEOPLE,
    is_amount,
    is_intimate,
    is_moment,
    is_personal,
)

_MEASURES: Final = frozenset({"unit", "units", "uom", "measure", "unit_of_measure"})
_AROUND: Final = frozenset({"after", "before", "since", "until"})
_ENDS: Final = frozenset({"from", "to", "since", "until", "start", "end"})
_PLACES: Final = frozenset(
    ["origin", "destination", "departure", "arrival", "from", "to", "source", "target", "city", "town", "station",
     "place", "sender", "recipient", "account", "language", "currency"]
)  # fmt: skip
"""Words of things that go from one to another: their `from` and `to` are no moments."""

_CONSENT: Final = frozenset(
    ["consent", "consents", "consented", "agreed", "agrees", "newsletter", "marketing", "subscribed", "einwilligung"]
)
_HEADINGS: Final = frozenset(["title", "label", "headline", "town", "city", "caption", "topic", "category"])
_LINKS: Final = frozenset({"token", "secret", "key"})
_TEXTS: Final = frozenset({ValueType.STRING, ValueType.TEXT})


def values_typed(bench: CheckContext) -> CheckResult:
    """Amounts are told exactly and moments as such, in every parameter, body and answer: floats lose cents."""
    said = [f for f in bench.said.facts if isinstance(f, FieldFact)]
    said += [p for f in bench.said.facts if isinstance(f, OperationFact) for p in (*f.parameters, *f.body, *f.result)]
    chosen = {spoken(f.name) for f in said if f.type in _TEXTS}
    offenders = [
        f"{endpoint.label} {place} ({why})"
        for endpoint in bench.document.endpoints
        for place, why in (*_amounts(bench.document, endpoint), *_moments(bench, endpoint))
        if spoken(place.rpartition(".")[2].strip("?[]")) not in chosen or why == _LOSES
    ]
    offenders += [*bad_examples(bench), *other_forms(bench), *told_as_numbers(bench)]
    return judge(sorted(set(offenders)), good="Amounts and moments are told as such.", bad="Told as something else")


_LOSES: Final = "loses cents"


def _amounts(document: Document, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    for schema in (document.body(endpoint), document.result(endpoint)):
        for place, node in document.walk(schema):
            name = place.rpartition(".")[2].strip("[]")
            siblings = mapping(node.get("properties"))
            yield from (
                (f"{place}.{key}".lstrip("."), _LOSES)
                for key, child in siblings.items()
                if _is_float(document.resolve(child)) and is_amount(key) and not _MEASURES & set(siblings)
            )
            if not siblings and _is_text(node) and is_moment(name):
                yield place, "a moment as text"


def _moments(bench: CheckContext, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    operation = bench.operation(endpoint)
    entity = next((e for e in bench.blueprint.entities if operation and e.name == operation.entity), None)
    about = {word for e in [entity] if e for f in e.fields for word in words(f.name)}
    about |= {word for r in bench.blueprint.relations if entity and r.source == entity.name for word in words(r.name)}
    timed = entity is not None and any(f.type in ("date", "timestamp") for f in entity.fields)
    for parameter in endpoint.parameters:
        name, found = str(parameter.get("name", "")), words(str(parameter.get("name", "")))
        if not _is_text(bench.document.resolve(parameter.get("schema"))) or not found:
            continue
        between = len(found) > 1 and found[-1] in _AROUND
        ends = found[-1] in _ENDS and len(found) == 1 and timed and not about & _PLACES
        if is_moment(name) or between or ends:
            yield f"?{name}", "a moment as text"


def _is_float(node: Node) -> bool:
    return "number" in _kinds(node) and node.get("format") in ("float", "double")


def _is_text(node: Node) -> bool:
    return "string" in _kinds(node) and not {"format", "enum", "const"} & set(node)


def _kinds(node: Node) -> list[object]:
    kinds = node.get("type")
    return kinds if isinstance(kinds, list) else [kinds]


def personal_unlogged(bench: CheckContext) -> CheckResult:
    """Nothing that is one's own affair stands in an address, which logs keep, unless people asked for it (RFC 9110)."""
    asked = [f for f in bench.said.facts if isinstance(f, OperationFact) and f.stance is Stance.STATED and f.path]
    said = {(e.id, spoken(p.name)) for f in asked for p in f.parameters for e in bench.named(f)}
    offenders = [
        f"{e.label} {name}"
        for e in bench.document.endpoints for p in e.parameters
        if p.get("in") in ("query", "path") and is_intimate(name := str(p.get("name", "")))
        and (e.id, spoken(name)) not in said
    ]  # fmt: skip
    return judge(offenders, good="Nothing intimate stands in an address.", bad="One's own affairs in addresses")


def personal_told(bench: CheckContext) -> CheckResult:
    """What is told to others by itself names rows, and not people's health, papers or accounts."""
    if not bench.blueprint.events:
        return not_applicable("Nothing is told to others by itself.")
    offenders = [
        f"{event.name} {field.name}"
        for event in bench.blueprint.events
        for field in event.payload
        if event.kind == "webhook_out" and is_intimate(field.name)
    ]
    return judge(offenders, good="Others are told nothing intimate.", bad="Told to others")


def shown_beside(bench: CheckContext, endpoint: Endpoint) -> Iterator[str]:
    """Yield what an operation that people wanted open tells of people beside what it was wanted for.

    What a thing's own schema shows was opened with the thing, and who holds a link's token may see whose it is.
    """
    document = bench.document
    schemas = [document.result(endpoint), document.items(endpoint)]
    named = any(node is known for node in schemas if node for known in document.schemas.values())
    if named or _LINKS & set(endpoint.path_parameters):
        return
    asked = {spoken(f.name) for fact in bench.said.facts if isinstance(fact, OperationFact) and fact.path
             and endpoint in bench.named(fact) for f in fact.result}  # fmt: skip
    marked = {field.name for entity in bench.blueprint.entities for field in entity.fields if field.sensitive}
    operation = bench.operation(endpoint)
    own = {f.name for e in bench.blueprint.entities if operation and e.name == operation.entity for f in e.fields}
    shown = {name for schema in schemas for name in document.properties(schema)}
    for name in sorted(shown - own):
        if (is_personal(name) or name in NAMES_OF_PEOPLE or name in marked) and spoken(name) not in asked:
            yield f"{endpoint.label} {name}"


def presumed(bench: CheckContext) -> Iterator[str]:
    """Yield consent that a row has before anybody gave it (GDPR, article 4(11))."""
    said = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.default}
    for entity in bench.blueprint.entities:
        for field in entity.fields:
            found = set(words(field.name))
            given = field.type == "boolean" and str(field.default).casefold() == "true"
            if given and spoken(field.name) not in said and (found & _CONSENT or {"opt", "in"} <= found):
                yield f"{entity.name}.{field.name} (consent by default)"


def hidden(bench: CheckContext) -> Iterator[str]:
    """Yield what things are called by, marked as personal where nothing of the thing is about a person."""
    marked = {spoken(f.name) for f in bench.said.facts if isinstance(f, FieldFact) and f.sensitive}
    for entity in bench.blueprint.entities:
        marks = [field.name for field in entity.fields if field.sensitive]
        if any(is_personal(name) or name in NAMES_OF_PEOPLE or words(name)[-1:] == ("name",) for name in marks):
            continue
        yield from (
            f"{entity.name}.{name} (hides what it is)"
            for name in marks
            if set(words(name)[-1:]) & _HEADINGS and spoken(name) not in marked
        )
