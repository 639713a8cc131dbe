"""Where a document belongs in the workspace, and which of the role's inputs it answers.

Paths are relative to the workspace unless they are said to be recorded, which have the workspace's prefix.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from bot.domain.inputs import Document, Input, Missing, Origin
from bot.domain.role import InputSpec, Json, Role
from bot.reading.inputs.idea import IDEA_FILE, idea_of, is_idea
from bot.reading.inputs.kinds import JSON, TEXTS, decode_document, kind_of

_ITERATION = re.compile(r"-iteration-(\d{1,6})\.json$")
_COPY = re.compile(r"(?:[ _-]?\(\d{1,3}\)|[ _-]copy)(?=\.[a-z]{1,9}$)", re.IGNORECASE)
_DRAFT = re.compile(r"[.-]draft\b")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,60}")
_PHASE = re.compile(r"phase[1-9]")
_UNSAFE = re.compile(r"[^\w.-]+")
_NAME_LENGTH = 120
_MOST_ITERATIONS = 999_999


def take(data: bytes, filename: str, role: Role, origin: Origin) -> Input:
    """Decode a document that somebody gave us and say where it belongs.

    Raises:
        InputRefused: see `decode_document` and, for an idea, `idea_of`.
    """
    document = decode_document(data, filename)
    return place(document, classify(filename, document.body, role), role, origin)


def place(document: Document, path: str, role: Role, origin: Origin) -> Input:
    """Take a document into the workspace at `path`.

    Raises:
        InputRefused: it takes the idea's place and describes none.
    """
    if path == IDEA_FILE:
        idea_of(document.body, document.name)
    spec = spec_for(path, role)
    return Input(
        path=role.recorded(path),
        key=spec.key if spec else None,
        sha256=document.sha256,
        size=document.size,
        origin=origin,
        body=document.body,
        warnings=document.warnings,
    )


def classify(filename: str, body: Mapping[str, Json], role: Role) -> str:
    """Return the path where an uploaded document belongs.

    Its file name decides if the role reads such a name; else what the document says of its agent, phase and
    iteration; else its shape, if it is an idea. Any other goes to `uploads/`, under a name that is safe anywhere.
    """
    name = _safe_name(filename)
    if kind_of(name) != JSON:
        return f"uploads/{name}"
    return _by_name(name, role) or _by_agent(name, body) or (IDEA_FILE if is_idea(body) else f"uploads/{name}")


def spec_for(path: str, role: Role) -> InputSpec | None:
    """Return the role's input that a path answers, by its pattern or an alias; of whatever kind it is."""
    kind = kind_of(path)
    asked = f"{path.removesuffix(kind)}{JSON}" if kind in TEXTS else path
    return next((spec for spec in role.inputs if any(_matches(asked, pattern) for pattern in spec.patterns)), None)


def missing(inputs: Iterable[Input], role: Role) -> tuple[Missing, ...]:
    """Return what the role asks for and none of the inputs answers, in the role's order."""
    given = {document.key for document in inputs}
    return tuple(
        Missing(
            key=spec.key,
            path=role.recorded(spec.pattern),
            purpose=spec.purpose,
            lost=spec.lost,
            required=spec.required,
        )
        for spec in role.inputs
        if spec.key not in given
    )


def iteration_of(path: str) -> int | None:
    """Return the iteration's number in a path such as `phase4/senior-developer-iteration-12.json`."""
    found = _ITERATION.search(path)
    return int(found[1]) if found else None


def own_iteration(path: str, role: Role) -> int | None:
    """Return the number of the role's own earlier result at this path; None for any other document."""
    number = iteration_of(path)
    return number if number is not None and path == role.output_path(number) else None


def is_draft(path: str) -> bool:
    """Tell whether a path names a result that nobody has decided yet; drafts are never read as results."""
    return bool(_DRAFT.search(PurePosixPath(path).name))


def order(document: Input, role: Role) -> tuple[int, str, int, str]:
    """Sort key: the role's order of inputs, then the path with its iteration compared as a number."""
    keys = [spec.key for spec in role.inputs]
    rank = keys.index(document.key) if document.key in keys else len(keys)
    return rank, _ITERATION.sub("", document.path), iteration_of(document.path) or 0, document.path


def _matches(path: str, pattern: str) -> bool:
    # A star stands for a part of a name, never for folders.
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def _by_name(name: str, role: Role) -> str | None:
    patterns = [pattern for spec in role.inputs for pattern in spec.patterns]
    patterns.append(role.output_pattern.replace("{N}", "*"))
    for pattern in patterns:
        folder, _, last = pattern.rpartition("/")
        numbered = "*" not in last or iteration_of(name) is not None
        if last != "*.json" and numbered and fnmatchcase(name, last):
            return f"{folder}/{name}" if folder else name
    return None


def _by_agent(name: str, body: Mapping[str, Json]) -> str | None:
    agent, phase, iteration = body.get("agent"), body.get("phase"), body.get("iteration")
    if not (isinstance(agent, str) and isinstance(phase, str) and _SLUG.fullmatch(agent) and _PHASE.fullmatch(phase)):
        return None
    if isinstance(iteration, int) and not isinstance(iteration, bool) and 0 < iteration <= _MOST_ITERATIONS:
        return f"{phase}/{agent}-iteration-{iteration}.json"
    own = name.startswith(agent) and name.endswith(".json")
    return f"{phase}/{name}" if own else f"{phase}/{agent}{'-evaluation' if phase == 'phase1' else ''}.json"


def _safe_name(filename: str) -> str:
    last = PurePosixPath(unicodedata.normalize("NFC", filename).replace("\\", "/")).name
    kind = kind_of(last) or JSON
    stem = _UNSAFE.sub("-", _COPY.sub("", last)[: -len(kind)] if kind_of(last) else last).strip(".-")
    return f"{stem[:_NAME_LENGTH] or 'document'}{kind}"
