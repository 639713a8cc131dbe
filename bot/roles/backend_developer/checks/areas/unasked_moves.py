"""Changes of state that people said and that are hindered, undone or made by themselves, which nobody said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.facts import EventFact, RuleFact, Stance
from bot.reading.names import same_verb, words
from bot.roles.backend_developer.blueprint import Event
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import plain, spoken

_ENDING: Final = frozenset(
    ["cancel", "close", "end", "refuse", "reject", "decline", "terminate", "void", "revoke", "finish", "archive",
     "delete", "purge", "erase", "remove", "clear", "wipe", "reset"]
)  # fmt: skip
"""What a job does to what people have that they will miss."""

_CLEANING: Final = frozenset(["prune", "cleanup", "clean", "sweep", "tidy", "drop", "discard", "expunge", "anonymise",
                              "anonymize"])  # fmt: skip
"""The same, where it is told of a thing that is kept: what the service itself leaves behind may be swept."""

DECIDING: Final = frozenset(
    ["accept", "approve", "settle", "grant", "authorise", "authorize", "award", "reimburse", "payout", "release",
     "admit", "certify"]
)  # fmt: skip
"""What is done to a request by who decides on it."""

_UNDECIDED: Final = frozenset(
    ["confirm", "complete", "pay", "charge", "assign", "publish", "activate", "promote", "upgrade", "merge", "sign",
     "book", "order", "renew", "extend", "transfer", "move", "enrol", "enroll", "select", "match", "verify", "validate",
     "credit", "debit", "refund", "lock", "block", "suspend", "ban", "expel", "downgrade", "reassign", "raise",
     "increase", "reduce", "discount"]
)  # fmt: skip
"""What is done to a thing that somebody will want to have decided, where nobody said that a job does it."""

_CARRYING: Final = frozenset(
    ["send", "sends", "share", "export", "push", "sync", "upload", "transfer", "forward", "hand", "report", "submit",
     "sell", "replicate", "copy", "mirror", "publish", "give"]
)  # fmt: skip
_TOWARDS: Final = frozenset(["to", "with", "for", "into", "onto"])
_INSIDE: Final = frozenset(
    ["storage", "archive", "backup", "warehouse", "log", "logs", "disk", "index", "search", "cache", "queue", "outbox",
     "s3", "bucket", "database", "replica", "staff", "team", "admins", "admin", "operators", "owner", "owners", "users",
     "everybody", "them", "today", "tomorrow", "day", "week", "month", "review", "reporting", "analytics", "payment"]
)  # fmt: skip
"""Where a job may put what the service has: with itself, or with who works with it."""

Moves = Mapping[str, set[tuple[str, str]]]
"""The changes of state that were said, by the key of the thing."""


def guarded(bench: CheckContext, said: Moves) -> Iterator[str]:
    """Yield changes that were said and are put under a condition that nobody said or called assumed."""
    sources = Sources(bench)
    for machine in bench.blueprint.state_machines:
        moves = said.get(spoken(machine.entity), set())
        for step in machine.transitions:
            hit = next((s for s in step.sources if (plain(s), plain(step.target)) in moves), None)
            if hit is not None and step.guard and not step.assumed and not sources.said(step.guard):
                yield f"{machine.entity}: {hit} → {step.target} only where “{step.guard[:80]}”"


def revived(bench: CheckContext, said: Moves) -> Iterator[str]:
    """Yield changes out of a state that was said to be an end, be they called assumed, but by a call of their own.

    Where people named the call and it makes no other change, it is they who wanted a way back.
    """
    asked = {op.id for op in bench.blueprint.operations if bench.asked(op.id)}
    for machine in bench.blueprint.state_machines:
        moves = said.get(spoken(machine.entity), set())
        ends = {target for _, target in moves} - {source for source, _ in moves}
        busy = {t.operation for t in machine.transitions for s in t.sources if (plain(s), plain(t.target)) in moves}
        for step in machine.transitions:
            own = step.operation in asked - busy
            yield from (
                f"{machine.entity}: {source} → {step.target} (which is an end)"
                for source in step.sources
                if plain(source) in ends and not own and (plain(source), plain(step.target)) not in moves
            )


def jobs(bench: CheckContext) -> Iterator[str]:
    """Yield jobs that end, remove or decide on what people have, which nobody said: a state that time makes is none."""
    facts = [f for f in bench.said.facts if f.stance is Stance.STATED]
    told = {word.casefold() for f in facts if isinstance(f, EventFact) for word in words(f.name)}
    kept = {spoken(f.entity) for f in facts if isinstance(f, RuleFact) and f.kind == "retention"}
    for event in bench.blueprint.events:
        verb = _ending(bench, event) if event.kind == "schedule" else ""
        if verb and not any(same_verb(word, verb) for word in told) and spoken(event.entity) not in kept:
            yield f"{event.name} (a job that nobody said)"
        elif event.kind == "schedule" and (to := _handed_to(bench, event)):
            yield f"{event.name} (hands people's data to {to}, which nobody said)"


def _handed_to(bench: CheckContext, event: Event) -> str:
    """Return whom a job gives what is known of people, where it is nobody whom the design or a statement knows."""
    found, plan = [word.casefold() for word in words(event.name)], bench.blueprint
    people = {e.name: e for e in plan.entities if any(f.sensitive for f in e.fields)}
    about = event.entity in people or any({spoken(w) for w in found} & {spoken(n)} for n in people)
    at = next((i for i, word in enumerate(found) if word in _TOWARDS), None)
    if not about or at is None or not set(found[:at]) & _CARRYING or not found[at + 1 :]:
        return ""
    to = found[at + 1 :]
    known = {spoken(word) for e in plan.entities for name in (e.name, e.plural) for word in (name, *words(name))}
    known |= {spoken(word) for role in plan.roles for word in (role.name, *words(role.name))}
    known |= {spoken(word) for one in plan.integrations for word in words(one.service)}
    inside = {spoken("_".join(to)), *map(spoken, to)} & known or set(to) & _INSIDE
    return "" if inside or Sources(bench).tells(*to) else " ".join(to)


def _ending(bench: CheckContext, event: Event) -> str:
    """Return the verb by which a job ends, removes or decides on something; "" if it does nothing of these."""
    found = [word.casefold() for word in words(event.name)]
    made = {step.target for m in bench.blueprint.state_machines if m.entity == event.entity for step in m.transitions}
    called = {op.path.rstrip("/").rpartition("/")[2] for op in bench.blueprint.operations if op.entity == event.entity}
    kept = {spoken(name) for entity in bench.blueprint.entities for name in (entity.name, entity.plural)}
    of_things = bool(event.entity) or bool(kept & set(map(spoken, found)))
    for word in found:
        states = [target for target in made if same_verb(target.casefold(), word)]
        verb = word if word in _ENDING | _CLEANING else word.removesuffix("s")
        if verb in _ENDING or (of_things and verb in _CLEANING):
            return word
        if of_things and verb in DECIDING | _UNDECIDED:
            return word
        if states and any(same_verb(word, call) for call in called):
            return word
    return ""
