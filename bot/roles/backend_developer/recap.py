"""What was understood of a brief in the words of the trade: parts that people said, what is assumed, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.design import Brief
from bot.domain.fact_json import fact_to_json
from bot.domain.facts import AnyFact, OpenFact, Standing, Statement
from bot.domain.recap import Choice, Correction, Recap, RecapQuestion, RecapSection
from bot.reading.merge import Understanding
from bot.reading.read import ReadingResult
from bot.roles.backend_developer.blueprint import (
    Blueprint,
    Entity,
    EntityField,
    Operation,
    Permission,
    Rule,
    StateMachine,
)
from bot.roles.backend_developer.coverage import UNCOUNTED, Account, Covered, addressed, assumed, coverage
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.understanding import Understood, replaced, same_words, source_of, understood

QUOTE = "> "
"""Begins what is quoted: a statement that somebody chose is said already, and not said again."""

_QUOTED = 220
_LINE = 600
_NOTHING_SAID = (
    "Which things does the backend keep, and what is known of each? Any notation will do: "
    "“Order: number, status (open|paid)”, SQL, or plain sentences.",
    "What do callers do with them? Paths as “POST /orders” or sentences as “A clerk cancels an order”.",
    "Who uses it, and who must not see or do what?",
)
_SPEAKING = ("answer:", "note:", "feedback:")


def recap_of(result: ReadingResult, brief: Brief) -> Recap:
    """Return what was understood of a brief that was read. Pure; the same brief gives the same recap."""
    known = understood(result, replaced(brief), brief.readings)
    said = known.understanding
    try:
        blueprint = compose(said, known.facts, brief)
    except ValueError as misfit:
        return _misfit(said, str(misfit), _Quotes(brief))
    covered = coverage(said, blueprint)
    counted = [one for one in covered if one.account not in UNCOUNTED]
    given = assumed(blueprint)
    return Recap(
        statements=len(counted),
        understood=sum(one.account is not Account.NOT_UNDERSTOOD for one in counted),
        sections=(*_by_model(known), *_sections(blueprint)),
        assumed=_section("Assumed, because nobody said it", given),
        corrections=tuple(_corrections(brief, covered)),
        questions=tuple(_questions(known.understanding, blueprint, _Quotes(brief))),
    )


def _misfit(said: Understanding, problem: str, quotes: _Quotes) -> Recap:
    """Return what can be told where the texts make no one design: the question is how they fit together."""
    text = f"What was said does not fit together ({_line(problem, 300)}). Which of it holds?"
    asking = [s for s in said.statements if s.standing not in (Standing.WITHDRAWN, Standing.NOTHING_SAID)]
    return Recap(
        statements=len(asking),
        understood=sum(s.standing is Standing.UNDERSTOOD for s in asking),
        assumed=_section("Assumed, because nobody said it", ()),
        questions=(RecapQuestion(kind="contradiction", text=text), *_unclear(said, quotes)),
    )


def _by_model(known: Understood) -> Iterator[RecapSection]:
    """Yield what a model read where the rules could not, each statement with what it was taken for."""
    where = {one.id: one for one in known.understanding.statements}
    found: dict[str, list[str]] = {}
    for fact in known.facts:
        if fact.by_model and fact.statement in where:
            found.setdefault(fact.statement, []).append(_fact(fact))
    lines = [f"“{_line(where[one].text, _QUOTED)}” → {'; '.join(facts)}" for one, facts in found.items()]
    if lines:
        yield _section("Read by the model, not by the rules", lines)


def _fact(fact: AnyFact) -> str:
    told = fact_to_json(fact)
    kind = str(told.pop("fact")).replace("_", " ")
    return f"{kind}: {', '.join(f'{name} {_plain(value)}' for name, value in told.items())}"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _sections(plan: Blueprint) -> Iterator[RecapSection]:
    operations = [_operation(op) for op in plan.operations if not op.assumed]
    rights = [_permission(one) for one in plan.permissions if not one.assumed]
    stack = plan.stack
    chosen = {part: getattr(stack, part) for part in ("language", "framework", "database", "cache", "messaging")}
    chosen |= {part: getattr(stack, part) for part in ("search", "storage", "deployment")}
    parts = (
        ("Entities", [_entity(plan, one) for one in plan.entities if not one.assumed]),
        ("States", [line for machine in plan.state_machines if not machine.assumed for line in _states(machine)]),
        ("Operations", operations),
        ("Rules", [_rule(one) for one in plan.rules if not one.assumed]),
        ("Roles and who may what", [*_roles(plan), *rights]),
        ("Sign-in", [f"{w.name} ({w.scheme}) {w.audience}".strip() for w in plan.sign_ins if not w.assumed]),
        ("Numbers", [f"{b.metric.replace('_', ' ')}: {b.value:g} {b.unit}" for b in plan.budgets if not b.assumed]),
        ("Outside services", [f"{i.service}: {i.purpose}" for i in plan.integrations if not i.assumed]),
        ("Events and schedules", [_event(e.kind, e.name, e.schedule) for e in plan.events if not e.assumed]),
        (
            "Built on",
            [f"{part}: {name}" for part, name in chosen.items() if name and part not in stack.assumed_parts],
        ),
        ("Conventions", [f"{c.kind}: {c.value}" for c in plan.conventions if not c.assumed]),
        ("Left out, as asked", [f"{d.what} ({d.standing})" for d in plan.declined]),
    )
    yield from (_section(title, lines) for title, lines in parts if lines)


def _section(title: str, lines: Sequence[str]) -> RecapSection:
    return RecapSection(title=title, lines=tuple(_line(line, _LINE) for line in lines), total=len(lines))


def _entity(plan: Blueprint, entity: Entity) -> str:
    fields = [_field(field) for field in entity.fields if not field.assumed]
    links = [
        f"{link.name} → {link.target}{' (many)' if link.cardinality.value == 'many_to_many' else ''}"
        for link in plan.relations
        if link.source == entity.name and not link.assumed
    ]
    listed = ", ".join((*fields, *links))
    return f"{entity.label or entity.name}: {listed}" if listed else f"{entity.label or entity.name} (no field named)"


def _field(field: EntityField) -> str:
    kind = f"({'|'.join(field.values)})" if field.values else field.type.value
    marks = [word for word, holds in (("unique", field.unique), ("set once", field.immutable)) if holds]
    return " ".join((field.label or field.name, kind, *marks))


def _states(machine: StateMachine) -> Iterator[str]:
    for move in machine.transitions:
        by = f", by {', '.join(move.roles)}" if move.roles else ""
        action = f" ({move.action}{by})" if move.action else by
        origin = " or ".join(move.sources) or "new"
        yield f"{machine.entity}.{machine.field}: {origin} → {move.target}{action}"


def _operation(operation: Operation) -> str:
    who = "anybody, without signing in" if operation.public else ", ".join(operation.roles)
    return f"{operation.method.value} {operation.path}" + (f" — {who}" if who else "")


def _rule(rule: Rule) -> str:
    said = rule.expression or rule.text or ", ".join(rule.fields)
    value = f" {rule.value:g}" if rule.value is not None else ""
    return f"{rule.entity}: {rule.kind.value.replace('_', ' ')}{value}" + (f" ({said})" if said else "")


def _roles(plan: Blueprint) -> list[str]:
    names = [role.label or role.name for role in plan.roles if not role.assumed]
    return [", ".join(names)] if names else []


def _permission(one: Permission) -> str:
    who = {"": "Everybody signed in", "*": "Anybody"}.get(one.role, one.role)
    may = "may" if one.allowed else "must not"
    verbs = " and ".join("do anything with" if verb == "any" else verb for verb in one.verbs)
    what = one.operation or one.entity or "everything"
    field = f".{one.field}" if one.field else ""
    own = ", only their own" if one.own else ""
    return f"{who} {may} {verbs} {what}{field}{own}" + (f" ({one.condition})" if one.condition else "")


def _event(kind: str, name: str, schedule: str) -> str:
    return f"{kind.replace('_', ' ')} {name}" + (f", {schedule}" if schedule else "")


def _corrections(brief: Brief, covered: Iterable[Covered]) -> Iterator[Correction]:
    """Yield what was said beside the answers in this iteration, with what each came to."""
    by_source: dict[str, list[Covered]] = {}
    for one in covered:
        by_source.setdefault(one.statement.source, []).append(one)
    for item in brief.feedback:
        if item.iteration == brief.iteration and item.origin in ("note", "correction"):
            points = by_source.get(source_of(item), [])
            chosen = bool(item.about) and all(point.account is Account.WITHDRAWN for point in points)
            became = "counts, and the other does not" if chosen else _became(points)
            yield Correction(text=_line(item.text.removeprefix(QUOTE), _LINE), by=item.by, became=became)


def _became(points: Sequence[Covered]) -> str:
    parts = dict.fromkeys(part for point in points for part in point.parts)
    unread = [point for point in points if point.account is Account.NOT_UNDERSTOOD]
    if parts:
        more = f" and {len(parts) - 6} more" if len(parts) > 6 else ""
        return ", ".join(list(parts)[:6]) + more + ("; a part of it was not understood" if unread else "")
    if unread:
        return "not understood; please say it in another way"
    if any(point.account is Account.OPEN for point in points):
        return "a question that is left open"
    return "nothing that changes the design"


def _questions(said: Understanding, blueprint: Blueprint, quotes: _Quotes) -> Iterator[RecapQuestion]:
    if all(part.assumed or not part.cites for _, part in addressed(blueprint)):
        yield from (RecapQuestion(kind="nothing_said", text=text) for text in _NOTHING_SAID)
    yield from _unclear(said, quotes)


def _unclear(said: Understanding, quotes: _Quotes) -> Iterator[RecapQuestion]:
    where = {s.id: s for s in said.statements}
    for clash in said.contradictions:
        kept, dropped = where.get(clash.kept), where.get(clash.dropped)
        if kept is not None and dropped is not None and kept.text.split() != dropped.text.split():
            about = f" on {clash.about}" if clash.about else ""
            yield RecapQuestion(
                kind="contradiction",
                choices=(
                    Choice(text=_line(kept.text, _QUOTED), replaces=clash.dropped),
                    Choice(text=_line(dropped.text, _QUOTED), replaces=clash.kept),
                ),
                text=f"Two statements disagree{about}: {quotes(kept)} and {quotes(dropped)}. I take the first, "
                "which is the newer. Is that right?",
            )
    for fact in said.questions:
        asked = where.get(fact.statement)
        if isinstance(fact, OpenFact) and asked is not None:
            yield RecapQuestion(
                kind="left_open", about=asked.id, text=f"You left this open: {quotes(asked)}. What shall hold?"
            )
    # What people said themselves before what stands in a document.
    unread = [s for s in said.statements if s.standing is Standing.NOT_UNDERSTOOD]
    alike: dict[str, list[Statement]] = {}
    for one in sorted(unread, key=lambda s: not s.source.startswith(_SPEAKING)):
        alike.setdefault(same_words(one), []).append(one)
    for one, *others in alike.values():
        yield RecapQuestion(
            kind="not_understood",
            about=one.id,
            text=f"I did not understand {quotes(one, len(others))}. How else can you say it?",
        )


class _Quotes:
    """Quotes statements with the place where they stand, as people know it."""

    def __init__(self, brief: Brief) -> None:
        self._questions = {reply.key: reply.question for reply in brief.replies}

    def __call__(self, said: Statement, others: int = 0) -> str:
        """Return a statement in quotation marks, and where it stands; in `others` places it stands as well."""
        more = f" and {others} more place{'s' if others > 1 else ''}" if others else ""
        return f"“{_line(said.text, _QUOTED)}” ({self._place(said.source)}{more})"

    def _place(self, source: str) -> str:
        kind, _, name = source.partition(":")
        if kind == "answer":
            return f"answer to “{_line(self._questions.get(name) or name, 80)}”"
        return {"input": name.rpartition("/")[2], "note": "a reply", "feedback": "feedback"}.get(kind, kind)


def _line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
