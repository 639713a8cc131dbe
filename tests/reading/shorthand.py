"""Facts in a short form, in which rows of data say what must be read and what must not."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.facts import (
    AccessFact,
    AnyFact,
    ConventionFact,
    EntityFact,
    EventFact,
    FieldFact,
    NumberFact,
    OpenFact,
    OperationFact,
    RelationFact,
    RoleFact,
    RuleFact,
    ServiceFact,
    SignInFact,
    StackFact,
    Stance,
    StateFact,
    TenancyFact,
    UseCaseFact,
)

SIGNS = {Stance.STATED: "", Stance.DENIED: "-", Stance.POSTPONED: "~", Stance.UNSURE: "?"}


def short(fact: AnyFact) -> set[str]:
    """Return all that a row may say of a fact: a letter for its kind, its names, and what more it says."""
    match fact:
        case EntityFact():
            said = {f"E {fact.name}", "E"}
        case FieldFact():
            said = _field(fact)
        case RelationFact():
            many = fact.cardinality == "many_to_many"
            said = {f"M {fact.source}-{fact.target}" if many else f"R {fact.source}>{fact.target}"}
        case OperationFact():
            base = f"O {fact.method} {fact.path}".strip()
            said = {base, f"{base} by {'|'.join(fact.roles)}"}
            if fact.public:
                said |= {f"{base} open", f"open {fact.method or ''} {fact.path}".replace("  ", " ")}
        case StateFact():
            said = {f"S {fact.entity} {s}>{fact.target}" for s in fact.sources}
        case RuleFact():
            said = {
                f"U {fact.kind}",
                f"U {fact.kind} {fact.entity}",
                f"U {fact.kind} {fact.entity} {fact.value or 0:g}",
            }
        case AccessFact():
            own = " own" if fact.own else ""
            said = {f"A {fact.role} {v} {fact.entity}{own}" for v in fact.verbs}
            if fact.role == "*" and fact.path:
                said.add(f"open {fact.method or ''} {fact.path}".replace("  ", " "))
        case UseCaseFact():
            said = {f"P {fact.action or verb} {fact.entity}" for verb in fact.verbs}
        case RoleFact():
            said = {f"L {fact.name}", "L"}
        case NumberFact():
            said = {f"N {fact.metric} {fact.value:.3g}", f"N {fact.metric} {fact.value:g}"}
        case ServiceFact():
            said = {f"V {fact.name}"}
        case StackFact():
            said = {f"K {' or '.join((fact.name, *fact.alternatives))}"}
        case SignInFact():
            said = {f"G {fact.scheme}", f"G {fact.scheme} {fact.audience}", f"G minutes {fact.token_minutes}"}
        case TenancyFact():
            said = {"T", f"T {fact.tenant}"}
        case EventFact():
            said = {f"W {fact.kind}", f"W {fact.kind} {fact.name}"}
        case ConventionFact():
            said = {f"C {fact.kind} {fact.value}", f"C {fact.kind}"}
        case OpenFact():
            said = {"Q"}
        case _:
            said = set[str]()
    sign = SIGNS[fact.stance]
    return {f"{sign}{s}".lower().strip() for s in said}


def _field(fact: FieldFact) -> set[str]:
    base = f"F {fact.entity}.{fact.name}"
    typed = f"{base} {fact.type.value}" if fact.type else base
    said = {base, typed, f"{typed} {'|'.join(fact.values)}", f"{base} -> {fact.references}"}
    if fact.unique:
        said |= {f"{typed} unique", f"{base} unique"}
    if fact.required is not None:
        said.add(f"{base} {'required' if fact.required else 'optional'}")
    for bound in (fact.maximum, fact.max_length):
        if bound is not None:
            said.add(f"{base} max {bound:g}")
    for bound in (fact.minimum, fact.min_length):
        if bound is not None:
            said.add(f"{base} min {bound:g}")
    if fact.default is not None:
        said.add(f"{base} default {fact.default}")
    return said


def wanted(row: str) -> set[str]:
    """Return the parts of what a row says."""
    return {part.strip().lower() for part in row.split(";") if part.strip()}


def told(facts: Iterable[AnyFact]) -> set[str]:
    """Return all that rows may say of some facts."""
    return {one for fact in facts for one in short(fact)}
