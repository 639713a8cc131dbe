"""Permission matrices: who may do what, told by ticks, letters or words where a role's and a thing's lines cross."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.facts import AccessFact, AnyFact, RoleFact, Stance, Verb
from bot.reading.names import singular
from bot.reading.notations.columns import Columns
from bot.reading.notations.grid import Grid, Row
from bot.reading.prose.access.verbs import VERB_OF, meaning

_MARK = re.compile(
    r"^(?:[✓✔✅☑xX●•✗✘❌☐○\-–—]️?|yes|no|ja|nein|y|n|j|full|all|alle|none|kein\w*|(?:read|write|create|update|delete|"
    r"edit|view|"
    r"manage|list|lesen|schreiben|anlegen|ändern|löschen|bearbeiten|ansehen|verwalten|r|w|c|u|d|l|own|eigene|"
    r"admin|only|nur|"
    r"full access|voll\w*|a|e|m|execute|approve)(?:[\s,/+&()]+(?:read|write|create|update|delete|edit|view|lesen|"
    r"schreiben|"
    r"anlegen|ändern|löschen|bearbeiten|r|w|c|u|d|l|own|eigene|only|nur|and|und|team))*[)]?|"
    r"[crudlwx]{1,5}(?:\s*\(?(?:own|eigene)"
    r"(?:\s+only)?\)?)?)$",
    re.I,
)
_VERBS: tuple[tuple[str, Verb], ...] = (
    (r"full|all\b|alle|manage|verwalt|voll|admin", "any"),
    (r"read|view|list|lesen|ansehen|sehen", "read"),
    (r"create|anlegen|erstell|add\b", "create"),
    (r"update|edit|ändern|bearbeit|change", "update"),
    (r"delete|löschen|remove", "delete"),
)
_LETTERS: dict[str, tuple[Verb, ...]] = {
    "r": ("read",),
    "l": ("read",),
    "c": ("create",),
    "u": ("update",),
    "e": ("update",),
    "d": ("delete",),
    "w": ("create", "update", "delete"),
    "x": ("any",),
    "a": ("any",),
    "m": ("any",),
}
_RACI = re.compile(r"[RACI](?:\s*[/,]\s*[RACI])*|[-–—]?")
_DOES_IT = re.compile(r"[RA]")
"""Who is responsible for a task, or accountable for it, does it; who is consulted or informed only hears of it."""
_NO_ROLE = re.compile(r"auth|login|public|öffentlich|token", re.I)
_TASKS = frozenset(
    {
        "task",
        "tasks",
        "activity",
        "activities",
        "action",
        "actions",
        "aufgabe",
        "aufgaben",
        "tätigkeit",
        "aktion",
        "step",
    }
)
"""Headers of columns whose cells begin with a verb."""
_EACH: tuple[Verb, ...] = ("read", "create", "update", "delete")
_OWN = re.compile(r"\b(?:own|eigene\w*|self|selbst)\b(?: [a-z]+)?", re.I)
_PEOPLE = re.compile(
    r"(?:[^aeiou]er|or|ist|ian|ant|ent|ee|man|woman|lead|staff|admin\w*|boss|clerk|nurse|chef|coach|crew|kitchen|"
    r"office|desk|guest|public|leiter\w*|kraft|dienst|führung)$",
    re.I,
)
"""Endings of words for people and where they work; they tell which side of a matrix the roles are on."""


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a cell permits: the verbs, none of which is a refusal, whether only of one's own, and its remark."""

    verbs: tuple[Verb, ...]
    own: bool = False
    condition: str = ""


def permitted(cell: str) -> Permitted | None:
    """Return what a matrix' cell permits; None where it is not readable.

    >>> permitted("x (14 days)")
    Permitted(verbs=('any',), own=False, condition='14 days')
    """
    said = cell.strip().lower().replace("\ufe0f", "")
    if told := _permitted(said):
        return told
    remark = re.fullmatch(r"([^()]*)\(([^()]*)\)", said)
    told = _permitted(remark[1].strip()) if remark else None
    return Permitted(told.verbs, told.own, remark[2].strip()) if told and remark else None


def _permitted(said: str) -> Permitted | None:
    own = bool(_OWN.search(said))
    plain = re.sub(r"[()]|\b(?:only|nur|team)\b", " ", _OWN.sub(" ", said) if own else said).strip()
    if re.fullmatch(r"[-–—✗✘❌☐○]*|no|nein|n|none|kein\w*", plain) and not own:
        return Permitted(())
    if re.fullmatch(r"[✓✔✅☑x●•]|yes|ja|y|j", plain) or (own and not plain):
        return Permitted(("any",), own)
    verbs: list[Verb] = [verb for pattern, verb in _VERBS if re.search(pattern, plain)]
    if not verbs and re.fullmatch(r"[crudlweam](?:[\s,/+&]*[crudlweam])*", plain):
        verbs = [verb for letter in re.findall(r"[a-z]", plain) for verb in _LETTERS[letter]]
    if re.search(r"\bwrite\b|schreib", plain):
        verbs += ["create", "update", "delete"]
    return Permitted(tuple(dict.fromkeys(verbs)), own) if verbs else None


class Matrix:
    """A table of marks, roles on one side and things, actions or calls on the other; `above` is what it is about."""

    def __init__(self, grid: Grid, columns: Columns, above: str) -> None:
        self._grid = grid
        self._columns = columns
        self._above = above

    def calls(self, path_column: int) -> tuple[int, ...]:
        """Return the columns that are roles in a table of calls: nothing but marks under each of them."""
        found = []
        for number, title in enumerate(self._grid.header.cells):
            cells = [row.cell(number) for row in self._grid.rows[:200]]
            told = [cell for cell in cells if cell]
            if not title or number == path_column or not told or len(title.split()) > 3:
                continue
            if number in {self._columns.of(one) for one in ("method", "summary", "description", "status")}:
                continue
            if all(permitted(cell) for cell in told) and not re.match(
                r"auth|login|public|öffentlich|token", title, re.I
            ):
                found.append(number)
        return tuple(found) if len(found) > 1 else ()

    def roles(self, columns: Iterable[int]) -> list[AnyFact]:
        """Return the roles that head these columns."""
        return [RoleFact(statement="", name=self._grid.header.cells[number]) for number in columns]

    def callers(self, row: Row, columns: Iterable[int]) -> list[tuple[str, Permitted]]:
        """Return the roles that may make a row's call, and on what terms."""
        told = [(self._grid.header.cells[number], permitted(row.cell(number))) for number in columns]
        return [(role, given) for role, given in told if given is not None and given.verbs]

    def is_one(self) -> bool:
        """Whether the cells behind the first column are marks of what is permitted."""
        header = self._grid.header.cells
        if len(header) < 2 or self._columns.of("field") is not None:
            return False
        cells = [cell for row in self._grid.rows[:40] for cell in row.cells[1:] if cell]
        first = self._columns.of("role", "resource", "entity") == 0 or not header[0]
        known = [n for n, title in enumerate(header) if n and self._columns.known_at(n) and not _verbs_of(title)]
        marks = sum(bool(_MARK.match(cell)) or permitted(cell) is not None for cell in cells)
        told = header[0].lower() in _TASKS and self._is_raci
        return told or (bool(cells) and first and not known and marks * 4 >= len(cells) * 3)

    @cached_property
    def _is_raci(self) -> bool:
        """Whether the marks say who is responsible, accountable, consulted and informed."""
        told = [cell.strip() for row in self._grid.rows[:40] for cell in row.cells[1:] if cell.strip()]
        letters = {letter for cell in told for letter in re.findall("[A-Z]", cell)}
        return bool(told) and all(_RACI.fullmatch(cell) for cell in told) and {"R", "I"} <= letters

    def _tasks(self, row: Row) -> Iterator[AnyFact]:
        """Yield who does a task."""
        for number, role in enumerate(self._grid.header.cells[1:], start=1):
            yield RoleFact(statement="", name=role)
            if _DOES_IT.search(row.cell(number)):
                verbs, entity, action = self._about(row.cell(0))
                yield AccessFact(statement="", role=role, verbs=verbs or ("any",), entity=entity, action=action)

    def row(self, row: Row) -> Iterator[AnyFact]:
        """Yield what a row permits and refuses."""
        if self._is_raci:
            yield from self._tasks(row)
            return
        header, name = self._grid.header.cells, row.cell(0)
        for number, title in enumerate(header[1:], start=1):
            role, what = (name, title) if self._roles_are_rows else (title, name)
            told = permitted(row.cell(number))
            if not role or not what or told is None:
                continue
            verbs, entity, action = self._about(what)
            given = verbs if told.verbs == ("any",) and verbs else told.verbs
            yield RoleFact(statement="", name=role)
            yield AccessFact(
                statement="",
                role=role,
                verbs=given or verbs or ("any",),
                entity=entity,
                action=action,
                own=told.own,
                condition=told.condition,
                stance=Stance.STATED if given else Stance.DENIED,
            )
            if left := [v for v in _EACH if v not in given] if given and not verbs and "any" not in given else []:
                yield AccessFact(
                    statement="", role=role, verbs=tuple(left), entity=entity, stance=Stance.DENIED, action=action
                )

    @property
    def _roles_are_rows(self) -> bool:
        """Whether each row is a role: said so by the first header, by verbs in the others, or by the words."""
        header = self._grid.header.cells
        if self._columns.of("role") == 0:
            return True
        if header[0]:
            return False
        if all(_verbs_of(title) for title in header[1:]):
            return True
        names = [row.cell(0) for row in self._grid.rows[:40]]
        return _looks_like_people(names) > _looks_like_people(header[1:])

    def _about(self, what: str) -> tuple[tuple[Verb, ...], str, str]:
        """Return the verbs, the entity and the action of a line: ``Delete orders``, ``orders:read``, ``create``."""
        words = re.split(r"[\s:._]+", what.strip())
        verbs = _verbs_of(what)
        rest = [word for word in words if not _verbs_of(word)]
        if verbs:
            return verbs, singular(" ".join(rest)) if rest else self._above, ""
        verb = words[0].lower()
        plain = len(words) == 2 and words[0].islower() and singular(words[1]) != words[1]
        if 1 < len(words) <= 4 and (plain or verb in VERB_OF or self._grid.header.cells[0].lower() in _TASKS):
            kind, action = meaning(verb)
            return (kind,), singular(" ".join(words[1:])), action
        return (), singular(what.strip()), ""


def _looks_like_people(names: Sequence[str]) -> float:
    """Return how many of some names are words for people, less those that are plurals of things."""
    told = [name for name in names if name]
    people = sum(bool(_PEOPLE.search(singular(name))) for name in told)
    plurals = sum(singular(name) != name and not _PEOPLE.search(singular(name)) for name in told)
    return (people - plurals) / (len(told) or 1)


def _verbs_of(said: str) -> tuple[Verb, ...]:
    words = re.split(r"[\s:._/]+", said.strip())
    return tuple(verb for pattern, verb in _VERBS if any(re.match(pattern, word, re.I) for word in words))
