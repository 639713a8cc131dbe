"""Typed edits of a proposal: parts are added, changed, removed or moved by their addresses.

An address is a path through the proposal's JSON, as ``entities/Order/fields/status``: properties by their names, items
of a list by the key that the role gives to them or, where two have one key, by their place (``rules/#2``, from 1).
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.agent.errors import Unusable

Keys: TypeAlias = Mapping[str, tuple[str, ...]]
"""By the name of a list: the properties that make an item's key, joined by a dot."""

Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
_SHOWN = 120
_NEAR = 3


class Edit(BaseModel):
    """One edit.

    add: `value` (an item, or a list of items) goes to the end of the list at `at`. change: the properties in `value`
    replace those of the part at `at`; null takes a property back to its default; a single property is changed by its
    own address. remove: the part at `at` goes. move: the item at `at` goes to the end of the list at `to`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    op: Literal["add", "change", "remove", "move"]
    at: Address
    value: Any = Field(default=None, description="for add and change")
    to: str = Field(default="", max_length=400, description="for move: the address of a list")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Edit:
        if self.op == "move" and not self.to:
            raise ValueError("a move needs `to`, the address of a list")
        if self.op in ("add", "change") and "value" not in self.model_fields_set:
            raise ValueError(f"{self.op} needs a `value`")
        return self


class Edits(BaseModel):
    """Edits that are made together, in their order; if one cannot be made, none is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edits: tuple[Edit, ...] = Field(min_length=1, max_length=200)


class EditsRefused(Unusable):
    """Edits that cannot be made; `problems` say which and why, to the model."""


class _NoPart(Exception):
    """There is nothing at an address."""


def apply(data: Mapping[str, Any], edits: Sequence[Edit], keys: Keys) -> dict[str, Any]:
    """Return the JSON with all edits made. Raises EditsRefused."""
    made: dict[str, Any] = copy.deepcopy(dict(data))
    problems: list[str] = []
    for number, edit in enumerate(edits, 1):
        try:
            _make(made, edit, keys)
        except _NoPart as problem:
            problems.append(f"edit {number} ({edit.op} {edit.at[:_SHOWN]}): {problem}")
    if problems:
        raise EditsRefused(problems)
    return made


def look_up(data: Any, at: str, keys: Keys) -> Any:
    """Return what stands at an address. Raises KeyError."""
    try:
        holder, key = _find(data, at, keys)
        return holder[key]
    except (_NoPart, KeyError, IndexError) as missing:
        raise KeyError(at) from missing


def address(data: Any, loc: Sequence[int | str], keys: Keys) -> str:
    """Return the address of a place that pydantic names by properties and indexes."""
    steps: list[str] = []
    node, named = data, ""
    for step in loc:
        if isinstance(step, int) and isinstance(node, list | tuple) and step < len(node):
            steps.append(_key_in(node, step, keys.get(named, ())))
            node = node[step]
        else:
            steps.append(str(step))
            named = str(step)
            node = node.get(step) if isinstance(node, Mapping) else None
    return "/".join(steps)


def between(old: Mapping[str, Any], new: Mapping[str, Any], keys: Keys) -> list[dict[str, Any]]:
    """Return edits, as JSON, that make `new` of `old`, but for the order of items; as few words as they take."""
    return list(_between(old, new, keys, ""))


def _between(old: Mapping[str, Any], new: Mapping[str, Any], keys: Keys, at: str) -> Iterator[dict[str, Any]]:
    changed: dict[str, Any] = {}
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        place = f"{at}/{name}" if at else name
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _between(before, after, keys, place)
        elif (items := _keyed(before or [], keys.get(name, ()))) is not None and (
            others := _keyed(after or [], keys.get(name, ()))
        ) is not None:
            yield from _items(items, others, keys, place)
        elif at:
            changed[name] = after
        else:
            yield {"op": "change", "at": name, "value": after}
    if changed:
        yield {"op": "change", "at": at, "value": changed}


def _items(old: Mapping[str, Any], new: Mapping[str, Any], keys: Keys, at: str) -> Iterator[dict[str, Any]]:
    yield from ({"op": "remove", "at": f"{at}/{key}"} for key in old if key not in new)
    for key, item in new.items():
        if key in old and old[key] != item:
            yield from _between(old[key], item, keys, f"{at}/{key}")
    if fresh := [item for key, item in new.items() if key not in old]:
        yield {"op": "add", "at": at, "value": fresh if len(fresh) > 1 else fresh[0]}


def _keyed(items: Any, parts: Sequence[str]) -> Mapping[str, Any] | None:
    """Return a list's items by their keys, None where they have no keys or not each its own."""
    if not isinstance(items, list | tuple) or not parts or not all(isinstance(item, Mapping) for item in items):
        return None
    found = {_key(item, parts): item for item in items}
    return found if len(found) == len(items) else None


def _make(data: dict[str, Any], edit: Edit, keys: Keys) -> None:
    match edit.op:
        case "add":
            target = _list_at(data, edit.at, keys)
            target += edit.value if isinstance(edit.value, list) else [edit.value]
        case "change":
            holder, key = _find(data, edit.at, keys)
            there = holder.get(key) if isinstance(holder, dict) else holder[key]
            if isinstance(there, dict) and isinstance(edit.value, dict):
                _merge(there, edit.value)
            elif isinstance(holder, dict):
                _merge(holder, {key: edit.value})
            else:
                holder[key] = edit.value
        case "remove":
            _take(data, edit.at, keys)
        case "move":
            target = _list_at(data, edit.to, keys)
            target.append(_take(data, edit.at, keys))


def _merge(there: dict[str, Any], value: Mapping[str, Any]) -> None:
    for name, item in value.items():
        if item is None:
            there.pop(name, None)
        else:
            there[name] = item


def _take(data: dict[str, Any], at: str, keys: Keys) -> Any:
    holder, key = _find(data, at, keys)
    if isinstance(holder, dict) and key not in holder:
        raise _NoPart("there is no such part")
    return holder.pop(key)


def _list_at(data: dict[str, Any], at: str, keys: Keys) -> list[Any]:
    holder, key = _find(data, at, keys)
    if isinstance(holder, dict):
        found = holder.setdefault(key, [])
        if isinstance(found, list):
            return found
    raise _NoPart("this is no list; add to a list, and change what is there")


def _find(data: Any, at: str, keys: Keys) -> tuple[Any, Any]:
    """Return what holds the addressed part, and its key there. The last property need not be there yet."""
    holder: Any = data
    key: Any = ""
    rest, named, node = at.strip("/"), "", data
    while rest:
        holder = node
        if isinstance(node, dict):
            key, rest = _property(node, rest)
            named = key
            node = node.get(key)
            if node is None and rest:
                raise _NoPart(f"there is nothing at {_before(at, rest)}")
        elif isinstance(node, list):
            key, rest = _item(node, rest, keys.get(named, ()))
            node = node[key]
        else:
            raise _NoPart(f"{_before(at, rest)} has no parts")
    return holder, key


def _before(at: str, rest: str) -> str:
    return at.strip("/").removesuffix(rest).strip("/")[:_SHOWN]


def _property(node: Mapping[str, Any], rest: str) -> tuple[str, str]:
    name, _, left = rest.partition("/")
    return name, left


def _item(items: Sequence[Any], rest: str, parts: Sequence[str]) -> tuple[int, str]:
    """Return the index of the item that an address begins with, and the rest. Keys may hold slashes themselves."""
    first, _, left = rest.partition("/")
    if first.startswith("#") and first[1:].isdigit() and 0 < int(first[1:]) <= len(items):
        return int(first[1:]) - 1, left
    known = [_key(item, parts) for item in items]
    hits = [n for n, key in enumerate(known) if key and (rest == key or rest.startswith(f"{key}/"))]
    longest = max((len(known[n]) for n in hits), default=0)
    best = [n for n in hits if len(known[n]) == longest]
    if len(best) == 1:
        return best[0], rest[longest:].strip("/")
    if best:
        places = ", ".join(f"#{n + 1}" for n in best)
        raise _NoPart(f"more than one part is called {known[best[0]][:_SHOWN]}: name one by its place, {places}")
    near = difflib.get_close_matches(first, known, n=_NEAR, cutoff=0.5)
    raise _NoPart(f"there is no {first[:_SHOWN]}" + (f"; there is {', '.join(near)}" if near else ""))


def _key(item: Any, parts: Sequence[str]) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    said = [item.get(part) for part in parts]
    return ".".join(",".join(map(str, one)) if isinstance(one, list | tuple) else str(one) for one in said if one)


def _key_in(items: Sequence[Any], place: int, parts: Sequence[str]) -> str:
    known = [_key(item, parts) for item in items]
    return known[place] if known[place] and known.count(known[place]) == 1 else f"#{place + 1}"
