"""What SQL says of access: the policies of rows, and what roles are granted on tables."""

from __future__ import annotations

import re

from bot.domain.facts import AccessFact, TenancyFact, Verb
from bot.reading.names import singular
from bot.reading.notations import sql_split
from bot.reading.notations.notes import Notes

_VERBS: dict[str, tuple[Verb, ...]] = {
    "select": ("read",),
    "insert": ("create",),
    "update": ("update",),
    "delete": ("delete",),
    "all": ("any",),
}


def read_policy(notes: Notes, start: int, end: int, match: re.Match[str]) -> None:
    """Note what a row's policy says, where it compares a column with who is signed in or with the tenant."""
    rest, entity = match.group("rest"), singular(sql_split.bare(match.group("name")))
    statement = notes.say(start, end)
    command = re.search(r"\bfor\s+(all|select|insert|update|delete)\b", rest, re.I)
    verbs = _VERBS[command.group(1).lower()] if command else ("any",)
    roles = re.search(r"\bto\s+([\w\", ]+?)(?=\s+(?:using|with)\b|\s*$)", rest, re.I)
    named = [sql_split.bare(one) for one in roles.group(1).split(",")] if roles else [""]
    # What is checked says again what is used: a column named there is not what the first one is compared with.
    used = re.split(r"\bwith\s+check\b", rest, maxsplit=1, flags=re.I)
    compared = re.search(r"\b(?:\w+\.)?(\w+?)_?id\b[\s)]*=\s*(.*)$", used[0] or used[-1], re.I | re.S)
    if compared and re.search(r"current_setting|current_tenant|jwt", compared.group(2), re.I):
        stem = compared.group(1)
        if re.search(rf"{re.escape(stem)}|tenant|org", compared.group(2), re.I) and not re.match(r"user|owner", stem):
            notes.add(TenancyFact(statement=statement, tenant=stem, entities=(entity,)))
            return
    turned = re.search(r"(?:auth\.uid\(\)|\bcurrent_user(?:_id)?(?:\(\))?)\)?\s*=\s*\w", rest, re.I)
    own = bool(turned) or bool(
        compared and re.search(r"auth\.uid|current_user|user_?id|session_user|\bsub\b", compared.group(2), re.I)
    )
    everything = bool(re.search(r"\busing\s*\(\s*true\s*\)", rest, re.I))
    if own or everything or roles:
        condition = "" if own or everything else rest.strip()
        for role in named:
            role = "" if role.lower() in {"public", "authenticated"} else "*" if role.lower() == "anon" else role  # noqa: PLW2901
            notes.add(
                AccessFact(statement=statement, role=role, verbs=verbs, entity=entity, own=own, condition=condition)
            )


def read_grant(notes: Notes, start: int, end: int, match: re.Match[str]) -> None:
    """Note what a role is granted on a table."""
    statement = notes.say(start, end)
    said = re.findall(r"\b(select|insert|update|delete|all)\b", match.group("verbs").lower())
    verbs = tuple(verb for one in said for verb in _VERBS[one])
    entity = singular(sql_split.bare(match.group("name")))
    for role in match.group("roles").split(",") if verbs else []:
        name = sql_split.bare(re.sub(r"\s+with\s+grant.*$", "", role.strip(), flags=re.I | re.S))
        notes.add(AccessFact(statement=statement, role=name, verbs=verbs, entity=entity))
