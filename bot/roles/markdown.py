"""Reads a role's Markdown definition, whose shape all agents of the system share.

The reader is strict about what it needs and says where it looked: a definition is an interface, and one that is half
understood would ask people the wrong questions.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.role import Icons, Json, OutputSpec, ProcessStep, RoleError

_NAMED = re.compile(r"(?:-|\d+\.) \*\*(?P<name>[^*]+)\*\*: (?P<sentence>.+)")
_PATH = re.compile(r"- `(?P<path>[^`]+)` - (?P<purpose>.+)")
_TITLE = re.compile(r"# (?P<title>.+?) Agent\b.*")
_INDENTED = ("bullets", "questions", "result", "closing question")
_BACKTICKS = re.compile(r"`([^`]+)`")


class FrontMatter(BaseModel):
    """The definition's front matter; keys that are not known are left alone."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    description: str
    author: str
    version: str
    phase: str = Field(pattern=r"^phase\d$")
    role: str
    threshold: Annotated[Decimal, Field(gt=0, le=1)]
    iterative: bool
    interaction_mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file with its number, counted from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The definition's interaction pattern: five parts, each opened by an icon."""

    icons: Icons
    heading: str
    lens: str
    bullets: tuple[str, ...]
    questions_lead: str
    questions: tuple[str, ...]
    result_lead: str
    result_hint: str
    recommendation_lead: str
    recommendation_hint: str
    closing_question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """All that a role's Markdown says. `reads` are (path relative to the workspace, purpose)."""

    front: FrontMatter
    title: str
    summary: str
    process: tuple[ProcessStep, ...]
    areas: tuple[ProcessStep, ...]
    gates: tuple[ProcessStep, ...]
    outputs: tuple[OutputSpec, ...]
    pattern: Pattern
    reads: tuple[tuple[str, str], ...]
    workspace_prefix: str
    output_pattern: str
    example: dict[str, Json]


class Reader:
    """One Markdown file, cut into sections; every complaint names the file and the line."""

    def __init__(self, file: Path) -> None:
        self.file, self.name = file, f"{file.parent.name}/{file.name}"
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RoleError(file=self.name, line=1, problem=f"it cannot be read ({error}).") from error
        self.lines = [Line(number=n, text=t.rstrip()) for n, t in enumerate(text.splitlines(), 1)]

    def refuse(self, line: int, problem: str) -> RoleError:
        """Return the error to raise about a line of this file."""
        return RoleError(file=self.name, line=line, problem=problem)

    def section(self, ending: str) -> list[Line]:
        """Return the section whose heading ends in `ending`: its heading first, then its lines that are not blank."""
        start = next((i for i, line in enumerate(self.lines) if self._heads(line, ending)), None)
        if start is None:
            raise self.refuse(len(self.lines), f"there is no section whose heading ends in “{ending}”.")
        rest = self.lines[start + 1 :]
        stop = next((i for i, line in enumerate(rest) if line.text.startswith("## ")), len(rest))
        return [self.lines[start], *(line for line in rest[:stop] if line.text.strip())]

    def named(self, ending: str) -> tuple[tuple[str, str], ...]:
        """Return a section's list of “**name**: sentence” items, without the quotes around a sentence."""
        heading, *body = self.section(ending)
        return tuple(self._named(line) for line in body) or self._empty(heading)

    def fenced(self, ending: str) -> list[Line]:
        """Return the lines of the fenced block in a section, its opening fence first."""
        heading, *body = self.section(ending)
        fences = [i for i, line in enumerate(body) if line.text.startswith("```")]
        if len(fences) < 2:
            raise self.refuse(heading.number, "this section holds no closed ``` block.")
        return body[fences[0] : fences[1]]

    def _named(self, line: Line) -> tuple[str, str]:
        found = _NAMED.fullmatch(line.text)
        if not found:
            raise self.refuse(line.number, "expected an item of the form “- **Name**: sentence”.")
        return found["name"], unquoted(found["sentence"])

    def _empty(self, heading: Line) -> tuple[tuple[str, str], ...]:
        raise self.refuse(heading.number, "this section is empty.")

    @staticmethod
    def _heads(line: Line, ending: str) -> bool:
        return line.text.startswith("## ") and line.text.endswith(ending)


def unquoted(sentence: str) -> str:
    """Return a sentence without the straight quotes that open and close it."""
    return sentence.strip().removeprefix('"').removesuffix('"')


def read_definition(file: Path) -> Definition:
    """Read a role's Markdown definition.

    Raises:
        RoleError: the file has not the shape of a definition; the error names the file and the line.
    """
    reader = Reader(file)
    front = _front_matter(reader)
    heading, summary = _opening(reader)
    prefix, reads, output = _files(reader)
    return Definition(
        front=front,
        title=heading,
        summary=summary,
        process=tuple(ProcessStep(name=n, sentence=s) for n, s in reader.named("Process")),
        areas=tuple(ProcessStep(name=n, sentence=s) for n, s in reader.named("Areas")),
        gates=tuple(ProcessStep(name=n, sentence=s) for n, s in reader.named("Decision Gates")),
        outputs=tuple(OutputSpec(name=n, sentence=s) for n, s in reader.named("Decision Output Format")),
        pattern=_pattern(reader),
        reads=reads,
        workspace_prefix=prefix,
        output_pattern=output,
        example=_example(reader),
    )


def _front_matter(reader: Reader) -> FrontMatter:
    fences = [i for i, line in enumerate(reader.lines) if line.text == "---"]
    if len(fences) < 2 or fences[0] != 0:
        raise reader.refuse(1, "it does not begin with front matter between two lines of ---.")
    body = "\n".join(line.text for line in reader.lines[1 : fences[1]])
    try:
        return FrontMatter.model_validate(yaml.safe_load(body))
    except yaml.MarkedYAMLError as error:
        number = error.problem_mark.line + 2 if error.problem_mark else 1
        raise reader.refuse(number, f"the front matter is no valid YAML ({error.problem}).") from error
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0]) if fault["loc"] else ""
        number = next((ln.number for ln in reader.lines[: fences[1]] if ln.text.startswith(f"{key}:")), 1)
        raise reader.refuse(number, f"front matter, “{key}”: {fault['msg']}.") from error


def _opening(reader: Reader) -> tuple[str, str]:
    for line, after in zip(reader.lines, reader.lines[2:], strict=False):
        if found := _TITLE.fullmatch(line.text):
            return found["title"], after.text
    raise reader.refuse(1, "there is no heading of the form “# Name Agent”.")


def _parts(reader: Reader) -> Iterator[tuple[Line, list[Line]]]:
    """Yield the interaction pattern's parts: the unindented line that opens each, and its indented lines."""
    opening: Line | None = None
    indented: list[Line] = []
    for line in reader.fenced("User Interaction Pattern")[1:]:
        if line.text.startswith(" "):
            indented.append(line)
            continue
        if opening:
            yield opening, indented
        opening, indented = line, []
    if opening:
        yield opening, indented


def _pattern(reader: Reader) -> Pattern:
    parts = list(_parts(reader))
    if len(parts) != 5:
        number = reader.section("User Interaction Pattern")[0].number
        raise reader.refuse(number, f"the interaction pattern has {len(parts)} parts opened by an icon, expected 5.")
    icons, texts = zip(*(opening.text.partition(" ")[::2] for opening, _ in parts), strict=True)
    bodies = [[line.text.strip().removeprefix("• ") for line in indented] for _, indented in parts]
    for (opening, indented), what in zip(parts[1:], _INDENTED, strict=True):
        if not indented:
            raise reader.refuse(opening.number, f"this part of the interaction pattern has no {what}.")
    lead, _, hint = texts[4].partition(": ")
    return Pattern(
        icons=Icons(title=icons[0], lens=icons[1], questions=icons[2], result=icons[3], recommendation=icons[4]),
        heading=texts[0],
        lens=unquoted(texts[1]),
        bullets=tuple(bodies[1]),
        questions_lead=texts[2],
        questions=tuple(bodies[2]),
        result_lead=texts[3],
        result_hint=bodies[3][0].strip("[]"),
        recommendation_lead=lead,
        recommendation_hint=hint.strip("[]"),
        closing_question=unquoted(bodies[4][-1]),
    )


def _files(reader: Reader) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """Return the workspace's prefix, what is read (the reference files' last path too), and the output pattern."""
    heading, *body = reader.section("File I/O Operations")
    reads = [(m["path"], m["purpose"]) for line in body if (m := _PATH.fullmatch(line.text.strip()))]
    paths = {
        line.text.strip()[4:].partition("**")[0]: found
        for line in body
        if line.text.startswith("- **") and (found := _BACKTICKS.findall(line.text))
    }
    for item in ("Read Input", "Write Output", "Reference Files"):
        if item not in paths:
            raise reader.refuse(heading.number, f"there is no item “**{item}**” with a path in backticks.")
    prefix, output = paths["Read Input"][0], paths["Write Output"][0]
    if not output.startswith(prefix) or "{N}" not in output:
        raise reader.refuse(heading.number, f"the output path “{output}” lies outside “{prefix}” or has no {{N}}.")
    reads += [(path.removeprefix(prefix), "") for path in paths["Reference Files"]]
    return prefix, tuple(reads), output.removeprefix(prefix)


def _example(reader: Reader) -> dict[str, Json]:
    fence, *body = reader.fenced("Output File Structure")
    try:
        example = json.loads("\n".join(line.text for line in body))
    except json.JSONDecodeError as error:
        number = body[error.lineno - 1].number if body else fence.number
        raise reader.refuse(number, f"the output example is no valid JSON ({error.msg}).") from error
    if not isinstance(example, dict):
        raise reader.refuse(fence.number, "the output example is no JSON object.")
    return example
