"""What the documents ask of the role, and where two of them disagree: both traceable to a place in a document.

Which places are looked at is role data (`InputSpec.objective_keys`, `Role.comparisons`); nothing is inferred.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from bot.domain.inputs import Contradiction, Input, Objective
from bot.domain.role import ComparisonSpec, InputSpec, Json, Role
from bot.reading.inputs.places import iteration_of, order

MOST = 12
_LENGTH = 240


def objectives(inputs: Iterable[Input], role: Role) -> tuple[Objective, ...]:
    """Return at most `MOST` objectives, the best first by the role's ranks.

    A label is told once, from its best place; of numbered documents the newest speaks.
    """
    documents = newest(inputs, role)
    found = sorted(
        (
            (place.rank, f"{place.label}{suffix}", text, document.path, pointer)
            for document in documents
            for place in _spec(document, role).objective_keys
            for suffix, pointer, value in _values(document.body, place.path)
            if (text := told(value))
        ),
        key=lambda item: item[0],
    )
    best: dict[str, Objective] = {}
    seen: set[tuple[str, str]] = set()
    for _, label, text, source, pointer in found:
        if label not in best and (source, pointer) not in seen:
            seen.add((source, pointer))
            best[label] = Objective(text=f"{label}: {text}", source=source, pointer=pointer)
    return tuple(best.values())[:MOST]


def contradictions(inputs: Iterable[Input], role: Role) -> tuple[Contradiction, ...]:
    """Return where two documents name different things for what should be one, see `Role.comparisons`.

    Only named terms are compared; a place that names none says nothing and contradicts nothing.
    """
    documents = newest(inputs, role)
    return tuple(found for spec in role.comparisons for found in _compare(spec, documents))


def newest(inputs: Iterable[Input], role: Role) -> tuple[Input, ...]:
    """Return the documents that the role asks for, and of numbered ones only the newest, in the role's order."""
    last: dict[str, Input] = {}
    for document in sorted((i for i in inputs if i.key is not None), key=lambda i: order(i, role)):
        series = document.path if iteration_of(document.path) is None else str(document.key)
        last[series] = document
    return tuple(last.values())


def told(value: Json) -> str:
    """Return a JSON value as one line of words, cut where it is long; empty if it says nothing."""
    line = " ".join(_words(value).split())
    return line if len(line) <= _LENGTH else line[:_LENGTH].rsplit(" ", 1)[0] + " …"


def _words(value: Json) -> str:
    if isinstance(value, dict):
        head, *rest = [text for item in value.values() if (text := _words(item))] or [""]
        return f"{head} ({'; '.join(rest)})" if rest else head
    if isinstance(value, list):
        texts = [text for item in value if (text := _words(item))]
        return ("; " if any("," in text for text in texts) else ", ").join(texts)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _values(body: Mapping[str, Json], path: str) -> Iterator[tuple[str, str, Json]]:
    """Yield (the names that `*` stood for, JSON Pointer, value) for each place that a dotted path reaches."""
    places: list[tuple[str, str, Json]] = [("", "", dict(body))]
    for step in path.split("."):
        places = [inner for place in places for inner in _step(place, step)]
    yield from places


def _step(place: tuple[str, str, Json], step: str) -> Iterator[tuple[str, str, Json]]:
    suffix, pointer, value = place
    if isinstance(value, dict):
        for key in value if step == "*" else [step] if step in value else []:
            # RFC 6901: "~" and "/" are escaped in a pointer.
            escaped = key.replace("~", "~0").replace("/", "~1")
            name = f"{suffix}, {key.replace('_', ' ')}" if step == "*" else suffix
            yield name, f"{pointer}/{escaped}", value[key]
    elif isinstance(value, list) and step == "*":
        for index, item in enumerate(value):
            yield suffix, f"{pointer}/{index}", item


def _compare(spec: ComparisonSpec, documents: Sequence[Input]) -> Iterator[Contradiction]:
    told_places = [
        (document.path, pointer, text, _terms(text, spec))
        for key, path in spec.places
        for document in documents
        if document.key == key
        for _, pointer, value in _values(document.body, path)
        if (text := told(value))
    ]
    speaking = [place for place in told_places if place[3]]
    for index, one in enumerate(speaking):
        for other in speaking[index + 1 :]:
            if set(one[3]) != set(other[3]):
                yield _contradiction(spec.name, one, other)


_Place = tuple[str, str, str, tuple[str, ...]]


def _contradiction(name: str, one: _Place, other: _Place) -> Contradiction:
    first, second = PurePosixPath(one[0]).name, PurePosixPath(other[0]).name
    text = f"{name}: {first} says “{one[2]}”, {second} says “{other[2]}”."
    for here, there, who in ((one, other, first), (other, one, second)):
        if only := [term for term in here[3] if term not in there[3]]:
            text += f" Only {who} names {' and '.join(only)}."
    return Contradiction(text=text, sources=(f"{one[0]}#{one[1]}", f"{other[0]}#{other[1]}"))


def _terms(text: str, spec: ComparisonSpec) -> tuple[str, ...]:
    return tuple(names[0] for names in spec.terms if any(_named(name, text) for name in names))


def _named(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?![\w-])", text, re.IGNORECASE))


def _spec(document: Input, role: Role) -> InputSpec:
    return role.input(str(document.key))
