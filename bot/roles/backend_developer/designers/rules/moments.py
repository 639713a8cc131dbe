"""Query parameters that are moments by their names, where people named no type: ``?from=&to=``, ``?due_before=``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.reading.names import words
from bot.roles.backend_developer.blueprint import Entity, EntityField, FieldType, Index

_AROUND: Final = frozenset({"after", "before", "since", "until"})
_ENDS: Final = frozenset({"from", "to", "since", "until", "start", "end"})
_MARKS: Final = frozenset({"at", "on", "am", "date", "time", "day", "moment", "when", "last", "letzte", "letzten"})
_SHORT: Final = 4
"""Letters by which a short word is known; of a longer one the ending may differ, as in delivery and delivered."""
_MOMENTS: Final = frozenset({FieldType.DATE, FieldType.TIMESTAMP})


def as_moment(field: EntityField, entity: Entity | None, *, typed: bool) -> EntityField:
    """Return a parameter as a day or a moment, if its name says so and its entity has such fields; else unchanged."""
    found = words(field.name)
    kinds = [(f.name, f.type) for f in entity.fields if f.type in _MOMENTS] if entity else []
    if typed or field.type is not FieldType.STRING or not found or not kinds:
        return field
    between = len(found) > 1 and found[-1] in _AROUND
    if not between and not (len(found) == 1 and found[0] in _ENDS):
        return field
    about = [kind for name, kind in kinds if between and words(name)[:1] == found[:1]]
    days = all(kind is FieldType.DATE for kind in about or [kind for _, kind in kinds])
    return field.model_copy(update={"type": FieldType.DATE if days else FieldType.TIMESTAMP})


def tells_when(field: str, event: str) -> bool:
    """Whether a field's name says when something was: ``delivered_at`` of "the delivery", ``ended_on`` of "the end"."""
    about = [word for word in words(field) if word not in _MARKS]
    heard = [word for word in words(event.lower()) if word not in _MARKS]
    return bool(about and heard) and any(_akin(one, other) for one in about for other in heard[-1:])


def _akin(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter if len(shorter) <= _SHORT else shorter[: max(_SHORT, len(shorter) - 2)])


def indexed(entity: Entity, parameters: Iterable[EntityField]) -> Entity:
    """Return an entity with an index for each of its times that a list is read from or up to."""
    times = [f for f in entity.fields if f.type in _MOMENTS]
    wanted: list[str] = []
    for parameter in parameters:
        found = words(parameter.name)
        if parameter.type not in _MOMENTS or not found or found[-1] not in _AROUND | _ENDS:
            continue
        alone = len(found) == 1
        meant = [f.name for f in times if (f.required if alone else words(f.name)[: len(found) - 1] == found[:-1])]
        wanted += meant[:1]
    known = {index.fields[:1] for index in entity.indexes}
    made = tuple(Index(fields=(name,)) for name in dict.fromkeys(wanted) if (name,) not in known)
    return entity.model_copy(update={"indexes": (*entity.indexes, *made)[:40]}) if made else entity
