"""Joins a role's Markdown definition with the YAML file beside it into one value."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.domain.errors import NotFound
from bot.domain.role import (
    ComparisonSpec,
    GateOption,
    GateSpec,
    InputSpec,
    ObjectiveKey,
    QuestionSpec,
    Role,
    RoleError,
    ScoreSpec,
)
from bot.roles.extras import ExtrasFile, Gate, InputExtra
from bot.roles.markdown import Definition, read_definition

DEFINITION, EXTRAS = "definition.md", "definition.yaml"
_HERE = Path(__file__).parent
_STAGES = {"go": (1, 1), "review": (0, 10), "closing": (1, 1)}


@cache
def load_role(name: str, folder: Path = _HERE) -> Role:
    """Return the role called `name`, as `backend-developer`.

    Raises:
        NotFound: no role has this name.
        RoleError: one of its two files is malformed; the error names the file and the line.
    """
    names = _names(folder)
    if name not in names:
        raise NotFound(what="role", name=name, hint=f"Roles: {', '.join(names)}.")
    definition = read_definition(_folder(folder, name) / DEFINITION)
    if definition.front.name != name:
        problem = f"front matter, “name”: the folder is called after “{name}”."
        raise RoleError(file=f"{_folder(folder, name).name}/{DEFINITION}", line=2, problem=problem)
    return _join(definition, ExtrasFile(_folder(folder, name) / EXTRAS))


def load_roles(*beyond: Path) -> Mapping[str, Role]:
    """Return all roles by name: the product's, and those in the folders `beyond`.

    Raises:
        RoleError: see `load_role`; or two folders hold a role of one name.
    """
    return {name: load_role(name, folder.parent) for name, folder in role_folders(*beyond).items()}


def role_folders(*beyond: Path) -> Mapping[str, Path]:
    """Return the folder of each role by the role's name. Raises RoleError where two have one name."""
    found: dict[str, Path] = {}
    for parent in (_HERE, *beyond):
        for name in _names(parent):
            folder = _folder(parent, name)
            if name in found:
                problem = f"{found[name].parent} has a role of this name too."
                raise RoleError(file=f"{folder.name}/{DEFINITION}", line=1, problem=problem)
            found[name] = folder
    return found


def _names(folder: Path) -> list[str]:
    return sorted(file.parent.name.replace("_", "-") for file in folder.glob(f"*/{DEFINITION}"))


def _folder(roles: Path, name: str) -> Path:
    return roles / name.replace("-", "_")


def _join(definition: Definition, file: ExtrasFile) -> Role:
    front, pattern, extras = definition.front, definition.pattern, file.extras
    _check_scores(definition, file)
    gates = tuple(_gate(definition, file, i, gate) for i, gate in enumerate(extras.gates))
    _check_gates(definition, file)
    return Role(
        name=front.name,
        title=definition.title,
        description=front.description,
        author=front.author,
        version=front.version,
        phase=front.phase,
        kind=front.role,
        threshold=front.threshold,
        iterative=front.iterative,
        max_iterations=extras.max_iterations if front.iterative else 1,
        interaction_mode=front.interaction_mode,
        summary=definition.summary,
        icons=pattern.icons,
        heading=pattern.heading,
        lens=pattern.lens,
        bullets=pattern.bullets,
        questions_lead=pattern.questions_lead,
        result_lead=pattern.result_lead,
        result_hint=pattern.result_hint,
        recommendation_lead=pattern.recommendation_lead,
        recommendation_hint=pattern.recommendation_hint,
        closing_question=pattern.closing_question,
        process=definition.process,
        questions=_questions(definition, file),
        gates=gates,
        outputs=definition.outputs,
        inputs=_inputs(definition, file),
        comparisons=_comparisons(file),
        scores=tuple(ScoreSpec(key=s.key, name=s.name, gate=s.gate) for s in extras.scores),
        score_block=extras.score_block,
        overall_score=extras.overall_score,
        workspace_prefix=definition.workspace_prefix,
        output_pattern=definition.output_pattern,
        example=definition.example,
    )


def _questions(definition: Definition, file: ExtrasFile) -> tuple[QuestionSpec, ...]:
    texts, extras = definition.pattern.questions, file.extras
    if len(texts) != len(extras.opening_questions):
        raise file.refuse(f"the definition has {len(texts)} opening questions.", "opening_questions")
    _same({area.name for area in definition.areas}, extras.areas, file, "areas")
    opening = [
        QuestionSpec(key=extra.key, name=extra.name, text=text, kind="opening", why=extra.why, hint=extra.hint)
        for text, extra in zip(texts, extras.opening_questions, strict=True)
    ]
    areas = [
        QuestionSpec(key=extra.key, name=area.name, text=area.sentence, kind="area", why=extra.why, hint=extra.hint)
        for area in definition.areas
        for extra in [extras.areas[area.name]]
    ]
    _unique((q.key for q in (*opening, *areas)), file, "areas")
    return (*opening, *areas)


def _gate(definition: Definition, file: ExtrasFile, index: int, gate: Gate) -> GateSpec:
    among = definition.process if gate.step else definition.gates
    found = next((item for item in among if item.name == (gate.step or gate.name)), None)
    if found is None:
        raise file.refuse(f"the definition has no gate “{gate.step or gate.name}”.", "gates", index)
    known = {score.key for score in file.extras.scores} | set(definition.example)
    if unknown := [key for key in gate.evidence if key not in known]:
        raise file.refuse(f"“{unknown[0]}” is no score and no block of the output.", "gates", index, "evidence")
    return GateSpec(
        key=gate.key,
        name=found.name,
        question=found.sentence,
        stage=gate.stage,
        evidence=gate.evidence,
        options=tuple(GateOption(**dict(option)) for option in gate.options),
        needed=gate.needed,
    )


def _check_gates(definition: Definition, file: ExtrasFile) -> None:
    gates = file.extras.gates
    _unique((gate.key for gate in gates), file, "gates")
    _same({gate.name for gate in definition.gates}, {g.name for g in gates if g.name}, file, "gates")
    for stage, (least, most) in _STAGES.items():
        count = sum(gate.stage == stage for gate in gates)
        if not least <= count <= most:
            raise file.refuse(f"there are {count} gates of the stage “{stage}”.", "gates")
    keys = {gate.key for gate in gates}
    for index, score in enumerate(file.extras.scores):
        if score.gate not in keys:
            raise file.refuse(f"there is no gate “{score.gate}”.", "scores", index, "gate")


def _check_scores(definition: Definition, file: ExtrasFile) -> None:
    extras = file.extras
    block = definition.example.get(extras.score_block)
    if not isinstance(block, dict):
        raise file.refuse("the definition's output has no such block.", "score_block")
    _same(set(block), {extras.overall_score, *(score.key for score in extras.scores)}, file, "scores")


def _inputs(definition: Definition, file: ExtrasFile) -> tuple[InputSpec, ...]:
    purposes, extras = dict(definition.reads), file.extras.inputs
    unread = set(purposes) - {extra.pattern for extra in extras}
    if unread:
        raise file.refuse(f"the definition also reads “{min(unread)}”.", "inputs")
    _unique((extra.key for extra in extras), file, "inputs")
    return tuple(_input(purposes, file, index, extra) for index, extra in enumerate(extras))


def _input(purposes: Mapping[str, str], file: ExtrasFile, index: int, extra: InputExtra) -> InputSpec:
    purpose = purposes.get(extra.pattern) or extra.purpose
    if not purpose:
        raise file.refuse(f"neither file says what “{extra.pattern}” is for.", "inputs", index)
    return InputSpec(
        key=extra.key,
        pattern=extra.pattern,
        purpose=purpose,
        lost=extra.lost,
        required=extra.required,
        aliases=extra.aliases,
        objective_keys=tuple(ObjectiveKey(**dict(place)) for place in extra.objective_keys),
    )


def _comparisons(file: ExtrasFile) -> tuple[ComparisonSpec, ...]:
    keys = {extra.key for extra in file.extras.inputs}
    specs = []
    for index, item in enumerate(file.extras.comparisons):
        places = tuple((key, path) for key, _, path in (place.partition(":") for place in item.places))
        if unknown := [key for key, _ in places if key not in keys]:
            raise file.refuse(f"there is no input “{unknown[0]}”.", "comparisons", index, "places")
        terms = tuple(tuple(term.split("|")) for term in item.terms)
        specs.append(ComparisonSpec(name=item.name, places=places, terms=terms))
    return tuple(specs)


def _same(said: Collection[str], here: Collection[str], file: ExtrasFile, place: str) -> None:
    """Refuse names that the definition does not have, and names of the definition that are left out."""
    for name in sorted(set(here) - set(said)):
        raise file.refuse(f"the definition has no “{name}”.", place, name)
    for name in sorted(set(said) - set(here)):
        raise file.refuse(f"“{name}” of the definition is left out.", place)


def _unique(keys: Iterable[str], file: ExtrasFile, place: str) -> None:
    if twice := [key for key, count in Counter(keys).items() if count > 1]:
        raise file.refuse(f"the key “{twice[0]}” occurs twice.", place)
