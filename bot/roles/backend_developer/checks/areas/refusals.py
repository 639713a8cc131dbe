"""Do refusals tell what their caller must not know? Read off the words by which a design describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Blueprint, Entity, Operation
from bot.roles.backend_developer.blueprint.rights import own_roles, roles_of
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import spoken

_NAMES: Final = re.compile(
    r"\b(names?|lists?|reveals?|discloses?|contains?|includes?|returns?|quotes?|holds?|carries|repeats?|nennt|enthält"
    r"|verrät|listet)\b(?! (that|whether|why|when|if|which fields?)\b)(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_TELLS: Final = re.compile(
    r"\b(tells?|gives?|shows?|states?|says?|mentions?|zeigt|sagt|gibt)\b(?! (that|whether|why|when|if)\b)(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""The first speak of what is told; after the second stands whom it is told to as well."""

_OWN: Final = re.compile(r"\b(own|caller['’]s|your|their own|eigene\w*)\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(no|never|not|nothing|without|kein\w*|nie|nicht)\b[^.;]{0,20}$", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_ENDS: Final = re.compile(r"(?<=[.;!?])\s+|\n+")


def telling_refusals(bench: CheckContext) -> Iterator[str]:
    """Yield refusals whose words tell of rows that one of those who may call the operation must not read."""
    plan = bench.blueprint
    for op in plan.operations:
        for problem in op.problems:
            for entity in _told(plan, op, problem.description):
                for role in _strangers(plan, op, entity):
                    yield f"{op.method} {op.path} {problem.code} tells {role or 'anybody'} of {entity.name}"


def _told(plan: Blueprint, op: Operation, text: str) -> Iterator[Entity]:
    """Yield the things whose rows, or fields of them, a refusal's words say that it tells."""
    for sentence in _ENDS.split(text):
        for form in (_NAMES, _TELLS):
            found = form.search(sentence)
            if found is None or _OWN.search(sentence) or _NOT.search(sentence[: found.start()]):
                continue
            told = {spoken(word) for word in _WORD.findall(found["what"])}
            for entity in plan.entities:
                fields = _fields(entity) & told
                named = told & {spoken(entity.name), spoken(entity.plural), spoken(words(entity.plural)[-1])}
                about = bool(named) or entity.name == op.entity
                if (fields and about) or (named and form is _NAMES):
                    yield entity


def _fields(entity: Entity) -> set[str]:
    """Return the words by which its fields are told: their names, and the last word of each."""
    return {spoken(word) for f in entity.fields for word in (f.name, words(f.name)[-1])} - {"at", "on", "id"}


def _strangers(plan: Blueprint, op: Operation, entity: Entity) -> Iterator[str]:
    """Yield who may call an operation and reads no row of a thing, or only own ones; "" is anybody at all."""
    reads = [o for o in plan.operations if o.method == "GET" and entity.name in (o.entity, o.response_entity)]
    if any(o.public for o in reads):
        return
    if op.public:
        yield ""
        return
    may = set(roles_of(plan, op)) or {role.name for role in plan.roles}
    for role in sorted(may):
        if not any(_reads(plan, one, role) for one in reads):
            yield role


def _reads(plan: Blueprint, op: Operation, role: str) -> bool:
    let = set(roles_of(plan, op))
    return (not let or role in let) and role not in own_roles(plan, op)
