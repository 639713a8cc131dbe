"""Nothing is refused that nobody wanted refused: each restriction of what was said has a source, or is harmless.

Harmless is what refuses no row that people have: the natural order of two moments, a count or an amount of nothing or
more, a thing that cannot be in two places at once. What is called assumed is shown to people as such; only where it
contradicts itself, or counts rows that were cancelled, is it named as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from bot.domain.facts import RuleFact
from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity, Rule
from bot.roles.backend_developer.checks.areas.asked import things
from bot.roles.backend_developer.checks.areas.narrowed import narrowed
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.areas.unasked_parts import demanded_unasked, refused_in_words
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import happens_later

_ENDED: Final = frozenset(
    ["cancelled", "canceled", "withdrawn", "revoked", "refused", "rejected", "declined", "voided", "void", "expired",
     "storniert", "abgesagt", "abgelehnt"]
)  # fmt: skip
"""What a row is that takes up no room any more."""

_COMPARED: Final = re.compile(r"^\s*\(?\"?(\w+)\"?\)?\s*(<=|>=|<|>)\s*\(?\"?([\w.]+)\"?\)?\s*$")
_FIRST: Final = frozenset(
    ["start", "starts", "started", "begin", "begins", "from", "opens", "opened", "open", "departs", "departure",
     "min", "minimum", "valid_from", "net", "low", "lower", "first", "created", "requested", "sent", "checkin",
     "check_in", "send", "hired", "issued", "ordered", "placed", "enrolled", "beginn", "von", "pickup", "inbound",
     "filed", "published"]
)  # fmt: skip
_LAST: Final = frozenset(
    ["end", "ends", "ended", "until", "to", "closes", "arrives", "arrival", "max", "maximum", "gross", "high",
     "upper", "last", "due", "expires", "expiry", "checkout", "check_out", "ende", "bis", "return", "returned",
     "left", "deadline"]
)  # fmt: skip
"""Words of what comes first, and of what comes after it: in this order nobody has to have said it."""

_ORDERING: Final = frozenset({"compare", "bound"})
_APART: Final = frozenset({"unique", "no_overlap"})


def restrictions_said(bench: CheckContext) -> CheckResult:
    """Bounds, patterns, locks, rules and unique keys of what people spoke of come from what they said."""
    known = things(bench)
    if not known:
        return not_applicable("Nobody named a thing that a design could narrow.")
    sources = Sources(bench)
    offenders = [*narrowed(bench, sources), *_rules(bench, sources, known), *_keys(bench, sources, known)]
    offenders += [*refused_in_words(bench, known), *demanded_unasked(bench, known)]
    return judge(offenders, good="What was said is not narrowed.", bad="Refused, which nobody said")


def _spoken_of(entity: Entity, known: Collection[str]) -> bool:
    return not entity.assumed and bool({spoken(entity.name), spoken(entity.plural)} & set(known))


def _rules(bench: CheckContext, sources: Sources, known: Collection[str]) -> Iterator[str]:
    things_ = {entity.name: entity for entity in bench.blueprint.entities}
    for rule in bench.blueprint.rules:
        entity = things_[rule.entity]
        if not _spoken_of(entity, known):
            continue
        if rule.kind in _ORDERING and (why := _ordered(entity, rule, sources)):
            yield f"{entity.name}: {rule.expression} ({why})"
        elif rule.kind in _APART and not _told_apart(entity, rule.fields, sources):
            ended = _counts_ended(entity, rule.condition)
            natural = rule.kind == "no_overlap" and len(rule.fields) > 2  # one thing cannot be in two places at once
            if ended or not (rule.assumed or natural):
                yield f"{entity.name}: {rule.kind.replace('_', ' ')} of {', '.join(rule.fields)}" + (
                    f" (counts what is {ended})" if ended else ""
                )


def _keys(bench: CheckContext, sources: Sources, known: Collection[str]) -> Iterator[str]:
    """Yield unique indexes that nobody said."""
    for entity in bench.blueprint.entities:
        for index in entity.indexes if _spoken_of(entity, known) else ():
            names = index.fields or tuple(re.findall(r"\w+", index.expression))
            if index.unique and not _told_apart(entity, names, sources):
                yield f"{entity.name}: unique of {', '.join(names)}"


def _told_apart(entity: Entity, fields: Collection[str], sources: Sources) -> bool:
    """Whether people said that these, or some of them already, occur only once, or do not overlap."""
    wanted = {_bare(name) for name in fields}
    rules: list[RuleFact] = sources.rules(entity, _APART)
    if any(not rule.fields or {_bare(name) for name in rule.fields} <= wanted for rule in rules):
        return True
    if any(rule.kind == "no_overlap" for rule in rules):
        return True
    return any(f.unique or f.primary_key for name in fields for f in sources.fields(entity, name))


def _bare(name: str) -> str:
    return spoken(name.removesuffix("_id"))


def _counts_ended(entity: Entity, condition: str) -> str:
    """Return what rows may be that take up no room and that a rule counts all the same; "" if there are none."""
    if condition:
        return ""
    marks = [happens_later(f.name) for f in entity.fields if f.name != "deleted_at"]
    members = [member.casefold() for f in entity.fields for member in f.values]
    return next((word for word in (*marks, *members) if word in _ENDED), "")


def _ordered(entity: Entity, rule: Rule, sources: Sources) -> str:
    """Return why a comparison has no source; "" if it was said or goes without saying."""
    named = {spoken(name) for name in re.findall(r"[A-Za-z_]\w*", rule.expression)} & {
        spoken(f.name) for f in entity.fields
    }
    said = [{spoken(n) for n in (*r.fields, *re.findall(r"[A-Za-z_]\w*", r.expression))}
            for r in sources.rules(entity, _ORDERING)]  # fmt: skip
    bounds = [
        f for name in named for f in sources.fields(entity, name) if f.minimum is not None or f.maximum is not None
    ]
    if any(named <= one for one in said) or (len(named) == 1 and bounds):
        return ""
    found = _COMPARED.match(rule.expression)
    if found is None:
        return "" if rule.assumed else "nobody said so"
    left, right = (found[1], found[3]) if found[2].startswith("<") else (found[3], found[1])
    if _is_number(left):
        return "" if float(left) <= 1 or rule.assumed or sources.tells(left, right) else "nobody said so"
    if _is_number(right):
        return "" if rule.assumed or sources.tells(left, right) else "nobody said so"
    if _after(left, right):
        return "the wrong way round"
    return "" if rule.assumed or _after(right, left) else "nobody said so"


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)?", text))


def _after(name: str, other: str) -> bool:
    """Whether what has this name comes after what has the other, by their words."""
    one, first = set(words(name)), set(words(other))
    later = bool(happens_later(name)) and not happens_later(other)
    ends = one & _LAST and not one & _FIRST
    begins = first & _FIRST and not first & _LAST
    return bool(later or (ends and begins) or (ends and not first & _LAST) or (one & {"sent"} and first & {"send"}))
