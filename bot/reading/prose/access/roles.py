"""Roles, as people list them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import AnyFact, RoleFact, RuleFact
from bot.reading.prose.clause import Clause, thing_name
from bot.reading.tokens import Token, tokens
from bot.reading.words import (
    ANY_VERBS,
    CREATE_VERBS,
    DELETE_VERBS,
    FUNCTION,
    NEGATIONS,
    READ_VERBS,
    UPDATE_VERBS,
)


def read_roles(text_words: Sequence[Token], statement: str, language: str) -> list[AnyFact]:
    """Return the roles of a list: ``physician, nurse and clerk``, each with what stands in brackets behind it."""
    found: list[AnyFact] = []
    name: list[str] = []
    note: list[str] = []
    depth = 0

    def flush() -> None:
        said = " ".join(name).strip(" .`'\"")
        if (
            said
            and len(said.split()) <= 4
            and said.lower() not in {"etc", "usw", "none", "no", "keine", "others", "more"}
        ):
            one = thing_name(re.sub(r"^(?:the|an?|der|die|das|ein|eine)\s+", "", said, flags=re.I), language)
            if one[:1].isalpha():  # no name begins with a digit: "Role: 0"
                found.append(RoleFact(statement=statement, name=one, description=" ".join(note)))
        name.clear()
        note.clear()

    ended = False
    for token in text_words:
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth = max(0, depth - 1)
        elif depth:
            note.append(token.text)
        elif token.text in {",", "/", "|", ";", "&", "+"} or token.low in {"and", "und", "or", "oder", "sowie"}:
            flush()
            ended = False
        elif token.text in {"-", "–", "—", ":", "=", "."}:
            ended = True
        elif ended:
            note.append(token.text)
        else:
            name.append(token.text)
    flush()
    return found


_ROLE_LIST = re.compile(
    r"^(?:(?:the|our|die|unsere|user|instance|two|three|four|five|\d|only|these|current|main|there are|there is"
    r"|es gibt) ){0,4}(?:(?:[a-z]+ )?roles?|rollen?)\b"
    r"(?:(?: are| is| sind|:|,| would be| will be| =)+ ?| (?=\S+ ?[/,&|]))",
    re.I,
)
_BY_ROLE = re.compile(
    r"^(?:(?:strictly |fully |streng )?role[- ]based(?: (?:access|permissions?|rights|authori[sz]ation|security))?"
    r"(?: (?:control|model|checks?))?|rbac|(?:access|rights|permissions?) (?:by|per|depends? on) roles?"
    r"|rollenbasiert(?:e[rns]? (?:zugriff\w*|rechte|berechtigung\w*|zugang))?"
    r"|(?:zugriff|rechte|zugang|berechtigungen?) (?:nach|je|pro|über) rollen?)"
    r"(?:,? (?:with|using|mit|für|for)(?: the| these| den| diesen)? (?:roles?|rollen)(?: of)?:? "
    r"|(?: \(rbac\))?: ?)",
    re.I,
)
"""What says that rights go by roles, before the roles themselves: "Role-based: clerk, driver"."""
_VERBS = READ_VERBS | CREATE_VERBS | UPDATE_VERBS | DELETE_VERBS | ANY_VERBS
_THERE_ARE = re.compile(
    r"^(?:there (?:are|is)|we have|it'?s|it is|they are|es gibt|wir haben|es sind)(?: only| just| the| nur)? ", re.I
)


_AGENT = r"(?:[a-z-]+ )?[a-z-]+(?:ers|ors|ists|ians|ants|ees|leads|clerks|nurses|guests|members|admins|heads)"
_AGENTS = re.compile(rf"^{_AGENT}(?:(?:,| and|, and) (?:{_AGENT}|[a-z]+ ?[a-z]*))+\.?$", re.I)
"""People of a trade one after another, and nothing else: the whole answer names the roles."""


def role_based(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return the roles of "Role-based: clerk, driver; every row …".

    What stands behind them is a rule in its own words: it is not done by naming the roles, and still counts.
    """
    match = _BY_ROLE.match(text)
    if match is None:
        return []
    said, _, more = text[match.end() :].partition(";")
    if any(word in _VERBS for cell in re.split(r"[,/]", said) for word in cell.lower().split()[1:]):
        return []  # "Role-based: drivers see tows" is a right
    roles = _in_cells(said, language, statement)
    if not roles or not more.strip(" ."):
        return roles
    return [*roles, RuleFact(statement=statement, entity="", kind="other", text=more.strip(" ."))]


def listed_roles(clause: Clause, statement: str) -> list[AnyFact]:
    """Return the roles of "roles are a, b and c", "roles a / b", and of "there are a, b and the c" about security."""
    text = clause.text.strip()
    people = _THERE_ARE.match(text) if clause.topic == "security" and not clause.negated else None
    if match := _ROLE_LIST.match(text) or people:
        rest = text[match.end() :]
    elif clause.topic == "security" and _AGENTS.match(text):
        rest = text
    else:
        return []
    return _in_cells(rest, clause.language, statement)


def _in_cells(rest: str, language: str, statement: str) -> list[AnyFact]:
    """Return the roles of a list of several short names, and nothing where one of them is more than a name."""
    rest = rest.split(".", maxsplit=1)[0].strip(" :")
    rest = rest.split(",")[0] if "/" in rest.split(",")[0] else rest
    cells = re.split(r",? (?:and|und|sowie|or) |, | ?/ ?| ?\| ?| & ", re.sub(r"\([^()]*\)", "", rest))
    if len(cells) < 2 or any(not c or len(c.split()) > 3 or not c[0].isalpha() for c in cells):
        return []
    little = FUNCTION | NEGATIONS - {"the"}
    if any(w.lower() in little for c in cells for w in c.split()):
        return []
    return read_roles(tokens(rest, language), statement, language)
