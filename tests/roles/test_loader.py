"""What a role's two files say, and how malformed ones are refused."""

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

import bot.roles
from bot.domain.errors import NotFound
from bot.domain.lifecycle import Event
from bot.domain.role import Role, RoleError, ask
from bot.roles import load_role, load_roles

FOLDER = Path(bot.roles.__file__).parent / "backend_developer"
NAME = "backend-developer"
FILE = "definition"


@pytest.fixture
def role() -> Role:
    return load_role(NAME)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the role's two files, to be spoilt; returns the folder of roles that they lie in."""
    (tmp_path / FOLDER.name).mkdir()
    for suffix in (".md", ".yaml"):
        shutil.copy(FOLDER / f"{FILE}{suffix}", tmp_path / FOLDER.name)
    return tmp_path


def spoil(folder: Path, suffix: str, old: str, new: str) -> RoleError:
    file = folder / FOLDER.name / f"{FILE}{suffix}"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RoleError) as caught:
        load_role(NAME, folder)
    return caught.value


def line_of(folder: Path, suffix: str, text: str) -> int:
    lines = (folder / FOLDER.name / f"{FILE}{suffix}").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_the_definition_is_the_published_one() -> None:
    """The definition is an interface: not one byte of it changes unnoticed."""
    digest = hashlib.sha256((FOLDER / f"{FILE}.md").read_bytes()).hexdigest()
    assert digest == "017942984ec78e81466ac5baecd280345604470efb680638a350c7afd8ec1acf"


def test_front_matter(role: Role) -> None:
    """The front matter's values are the role's, the threshold as an exact share."""
    assert (role.name, role.phase, role.kind, role.version) == (NAME, "phase4", "implementation", "1.0.0")
    assert (role.threshold, role.threshold_score) == (Decimal("0.95"), 95)
    assert (role.iterative, role.max_iterations, role.interaction_mode) == (True, 5, "collaborative")


def test_interaction_pattern(role: Role) -> None:
    """Every sentence of the interaction pattern is there in the definition's own words."""
    assert role.headline == "🎯 BACKEND DEVELOPER EVALUATION"
    assert role.lens == "I'll implement backend from a scalability perspective. Here's what I need to assess:"
    assert len(role.bullets) == 5
    assert role.bullets[-1] == "Authentication and authorization mechanisms"
    assert role.questions_lead == "Before I begin, help me understand:"
    assert [q.text for q in role.opening] == [
        "What's your preferred backend stack and database?",
        "What are your key API endpoints and data flows?",
        "What external integrations are required?",
    ]
    assert role.result_lead == "Based on your input, here's my backend implementation:"
    assert role.recommendation_lead == "Backend Developer Recommendation"
    assert role.closing_question == "Ready for iteration X backend or need architecture adjustments? Any concerns?"


def test_questions_have_stable_keys_and_help(role: Role) -> None:
    """The areas' keys are what storage and outputs rely on, and every question explains itself with an example."""
    assert [q.key for q in role.opening] == ["opening_1", "opening_2", "opening_3"]
    assert [q.key for q in role.areas] == [
        "api_design",
        "database_schema",
        "integration_needs",
        "performance_requirements",
        "security_controls",
    ]
    assert role.question("security_controls").text == "What authentication and authorization do you need?"
    for question in role.questions:
        assert "For example:" in question.hint
        assert question.why.endswith(".")


def test_slack_limits_of_texts(role: Role) -> None:
    """Hints fit below an input and labels on a button (Block Kit: 2000 and 75 characters)."""
    assert all(len(question.hint) <= 2000 for question in role.questions)
    assert all(len(option.text(99_999)) <= 75 for gate in role.gates for option in gate.options)


def test_gates(role: Role) -> None:
    """The five gates stand in their stages with the definition's questions; a no always needs a reason."""
    assert [(gate.key, gate.stage) for gate in role.gates] == [
        ("go", "go"),
        ("implementation_approval", "review"),
        ("api_review", "review"),
        ("security_check", "review"),
        ("iteration_complete", "closing"),
    ]
    assert role.go.question == "Execute backend development with your API specifications? (y/n)"
    assert role.go.text(1) == "Execute backend development with your API specifications?"
    assert role.closing.text(1) == "Backend ready for next iteration or need optimization?"
    for gate in (role.go, *role.review_gates):
        assert [option.verdict for option in gate.options] == ["approve", "reject"]
        assert gate.option("reject").needs_reason
    assert role.closing.option("ready").text(2) == "Ready for iteration 2"
    assert {option.next for option in role.closing.options} == {
        Event.NEXT_READY,
        Event.NEXT_OPTIMISE,
        Event.NEXT_REFINE,
        Event.FINISHED,
    }


def test_scores_are_those_of_the_example(role: Role) -> None:
    """Each sub-score of the example has a name and a gate that shows it."""
    block = role.example[role.score_block]
    assert isinstance(block, dict)
    assert {role.overall_score, *(score.key for score in role.scores)} == set(block)
    for score in role.scores:
        assert score.key in role.gate(score.gate).evidence
    assert role.score("api_design").gate == "api_review"


def test_outputs_and_paths(role: Role) -> None:
    """The output format's five lines and the numbered path are read from the definition."""
    assert [output.name for output in role.outputs] == [
        "Backend Score",
        "Server Strengths",
        "Performance Improvements",
        "Recommendation",
        "Next Steps",
    ]
    assert role.output_path(3) == "phase4/backend-developer-iteration-3.json"
    assert role.output_name(12) == "backend-developer-iteration-12.json"
    assert role.recorded("idea.json") == ".claude-agentflow/workspace/idea.json"


def test_inputs_say_what_is_lost_without_them(role: Role) -> None:
    """Every document of the read list is an input, with the definition's purpose and what its absence costs."""
    assert role.input("cto_evaluation").purpose == "Technical architecture and technology stack requirements"
    assert role.input("business").patterns == ("phase2/*.json",)
    assert "phase3/tech-architect.json" in role.input("system_architect").patterns
    assert [spec.key for spec in role.inputs if spec.required] == ["idea"]
    assert all(spec.lost and spec.purpose for spec in role.inputs)


def test_all_roles_load() -> None:
    """Every role that is shipped can be read."""
    assert NAME in load_roles()
    assert all(name == role.name for name, role in load_roles().items())


def test_unknown_role() -> None:
    """A role that does not exist is refused with the names of those that do."""
    with pytest.raises(NotFound, match=NAME):
        load_role("frontend-developer")


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Approve? (y/n)", "Approve?"),
        ("Ready for iteration X or not? (Y/N) ", "Ready for iteration 4 or not?"),
        ("Is iteration Xavier fine?", "Is iteration Xavier fine?"),
        ("Answer (y/n) below", "Answer (y/n) below"),
    ],
)
def test_sentences_as_they_are_asked(sentence: str, shown: str) -> None:
    """Only the closing (y/n) goes and only the placeholder X becomes a number."""
    assert ask(sentence, 4) == shown


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("threshold: 0.95", "threshold: 95", "threshold"),
        ('phase: "phase4"', 'phase: "four"', "phase"),
        ("- **API Design**:", "- API Design:", "Name"),
        ('  "iteration": 1,', '  "iteration": 1', "JSON"),
        ("## Output File Structure", "## Output", "Output File Structure"),
        ("🤔 Before", "  Before", "5"),
        ("- **Write Output**", "- **Writes**", "Write Output"),
    ],
)
def test_malformed_definition(copy: Path, old: str, new: str, problem: str) -> None:
    """A definition that is not understood is refused with the file, a line in it, and the matter."""
    error = spoil(copy, ".md", old, new)
    assert error.fields["file"] == f"{FOLDER.name}/{FILE}.md"
    assert error.fields["line"] >= 1
    assert problem in error.message


def test_the_line_of_a_fault_in_the_definition(copy: Path) -> None:
    """The refusal names the very line that is at fault."""
    line = line_of(copy, ".md", "**Security Check**")
    assert spoil(copy, ".md", "- **Security Check**:", "- Security Check:").fields["line"] == line


@pytest.mark.parametrize(
    ("old", "new", "problem", "at"),
    [
        ("max_iterations: 5", "max_iterations: many", "max_iterations", "max_iterations"),
        ("stage: closing", "stage: close", "stage", "stage: closing"),
        ("  Security Controls:", "  Security Rules:", "no “Security Rules”", "    key: security_controls"),
        ("name: API Review", "name: API Check", "no gate “API Check”", "key: api_review"),
        ("evidence: [security_integration,", "evidence: [safety,", "“safety”", "evidence: [security_integration"),
        ("gate: security_check}", "gate: nowhere}", "no gate “nowhere”", "gate: security_check}"),
        ("pattern: phase2/", "pattern: phase9/", "phase2/", "pattern: phase2/"),
        ("next: finished", "next: over", "next", "next: finished"),
        ("score_block: backend_implementation", "score_block: nothing", "no such block", "score_block"),
        ("cto_evaluation:technology_stack.cloud", "cfo:stack.cloud", "no input “cfo”", "technology_stack.cloud"),
        ("max_iterations: 5", "max_iterations: [", "flow", "max_iterations"),
    ],
)
def test_malformed_extras(copy: Path, old: str, new: str, problem: str, at: str) -> None:
    """A name that the definition does not have, or a value of the wrong kind, is refused with file and line."""
    line = line_of(copy, ".yaml", at)
    error = spoil(copy, ".yaml", old, new)
    assert error.fields["file"] == f"{FOLDER.name}/{FILE}.yaml"
    assert problem in error.message
    if problem not in {"phase2/", "flow"}:  # what is left out has no line, and broken YAML is found later
        assert error.fields["line"] == line


def test_missing_extras(copy: Path) -> None:
    """A definition without its YAML file is refused by that file's name."""
    (copy / FOLDER.name / f"{FILE}.yaml").unlink()
    with pytest.raises(RoleError, match=r"definition\.yaml"):
        load_role(NAME, copy)
