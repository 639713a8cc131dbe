"""A role's folder that cannot be used is refused with the file and the line, whatever is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import ConfigurationError
from bot.domain.role import RoleError
from bot.roles import load_role, load_roles, role_folders
from bot.roles.backend_developer.checks.registry import CHECKS
from bot.roles.environment import KitEnvironment
from bot.roles.kits import build_kit, find_scripted_model
from bot.services.ports import Kit
from tests.support.second_role import NAME, write_role


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The second role's folder, to be spoilt."""
    return write_role(tmp_path)


def spoilt(folder: Path, file: str, old: str, new: str) -> int:
    """Put `new` in place of `old`; returns the line where that began."""
    text = (folder / file).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    (folder / file).write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(folder: Path) -> RoleError:
    """Load the role and build its kit as a start does; returns how that was refused."""
    with pytest.raises(RoleError) as caught:
        build_kit(KitEnvironment(role=load_role(NAME, folder.parent), folder=folder))
    return caught.value


@pytest.mark.parametrize("name", ["backend-developer", NAME])
async def test_a_kit_has_all_that_the_engine_asks_for(folder: Path, name: str) -> None:
    """Both kits are built from their folders, and measure exactly their role's scores."""
    role = load_roles(folder.parent)[name]
    kit = build_kit(KitEnvironment(role=role, folder=role_folders(folder.parent)[name]))
    assert kit.scores == {score.key for score in role.scores}
    await kit.close()


def test_the_backend_measures_what_it_says() -> None:
    """The backend's kit names its scores without loading its checks; they are those of the checks."""
    role = load_role("backend-developer")
    kit = build_kit(KitEnvironment(role=role, folder=role_folders()[role.name]))
    assert kit.scores == {check.score for check in CHECKS}


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("checks.py", "most = written.guide.most_words\n", "most = (\n", "it is no Python"),
        ("checks.py", "from .guide import Guide\n", "from .nowhere import Guide\n", "cannot be imported"),
        ("kit.py", "    return WriterKit(environment.role)\n", "    return WriterKit(1 / 0)\n", "ZeroDivisionError"),
    ],
)
def test_code_that_does_not_run(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    """Whatever the code of a role raises, the refusal names the very line, and there is no traceback."""
    line = spoilt(folder, file, old, new)
    error = refusal(folder)
    assert problem in error.message
    assert (error.fields["file"], error.fields["line"]) == (f"technical_writer/{file}", line)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("kit.py", "def build_kit(", "def make_kit(", "no function `build_kit`"),
        ("kit.py", "    def changes(", "    def differences(", "lacks `changes`"),
        ("kit.py", "    proposal_type = Guide\n", "    proposal_type = dict\n", "does not inherit"),
        ("kit.py", "{self.designer.name: self.designer}", "{}", "none of its `designers`"),
        ("kit.py", "(check.score for check in CHECKS)", '({"plain_wording"})', "nothing for “task_coverage”"),
        ("kit.py", "(check.score for check in CHECKS)", '("x" + c.score for c in CHECKS)', "“xplain_wording”"),
        ("definition.yaml", "max_iterations: 3\n", "max_iterations: 3\nkit: another\n", "kit"),
        ("definition.yaml", "    needed: 2 #", "    needed: 0 #", "needed"),
        ("definition.yaml", "score_block: guide_quality", "score_block: guide", "no such block"),
    ],
)
def test_a_kit_that_does_not_fit(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    """A kit that lacks a part, or measures other scores than the role has, is refused; so is a kit that is named."""
    spoilt(folder, file, old, new)
    error = refusal(folder)
    assert problem in error.message
    assert error.fields["file"] == f"technical_writer/{file}"
    assert 1 <= error.fields["line"] <= (folder / file).read_text("utf-8").count("\n")


def test_a_score_that_nobody_measures(folder: Path) -> None:
    """A score that both definition files know, and no check, is refused by its name."""
    spoilt(folder, "definition.md", '"plain_wording": 90}', '"plain_wording": 90, "good_looks": 80}')
    last = "  - {key: plain_wording, name: Plain wording, gate: wording_review}\n"
    spoilt(folder, "definition.yaml", last, f"{last}  - {{key: good_looks, name: Looks, gate: wording_review}}\n")
    error = refusal(folder)
    assert "nothing for “good_looks”" in error.message
    assert error.fields["file"] == "technical_writer/kit.py"


def test_what_the_settings_ask_for_stays_their_fault(folder: Path) -> None:
    """A refusal in the product's own words passes as it is."""
    raised = 'from bot.domain.errors import ConfigurationError\n    raise ConfigurationError(problem="p", mend="m")\n'
    spoilt(folder, "kit.py", "    return WriterKit(environment.role)\n", f"    {raised}")
    with pytest.raises(ConfigurationError):
        build_kit(KitEnvironment(role=load_role(NAME, folder.parent), folder=folder))


@pytest.mark.parametrize("file", ["kit.py", "definition.yaml"])
def test_a_file_that_is_not_there(folder: Path, file: str) -> None:
    """A folder without its kit or its YAML is refused by that file's name."""
    (folder / file).unlink()
    assert refusal(folder).fields["file"] == f"technical_writer/{file}"


def test_no_model_to_play(folder: Path) -> None:
    """A role without a scripted model cannot be rehearsed with one, and says which file that would be."""
    with pytest.raises(RoleError, match=r"technical_writer/scripted_model\.py"):
        find_scripted_model(folder)


@pytest.mark.parametrize("file", ["definition.md", "definition.yaml"])
def test_whatever_is_missing(folder: Path, file: str) -> None:
    """Without any one line, or cut off at any, a definition loads or is refused; nothing else is raised."""
    lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
    refused = 0
    for place in range(len(lines)):
        for kept in ([*lines[:place], *lines[place + 1 :]], lines[:place]):
            (folder / file).write_text("".join(kept), "utf-8")
            load_role.cache_clear()
            try:
                load_role(NAME, folder.parent)
            except RoleError as error:
                refused += 1
                # A line that is missing in one file may be missed by a name in the other.
                assert error.fields["file"] in ("technical_writer/definition.md", "technical_writer/definition.yaml")
                assert error.fields["line"] >= 1
    assert refused > len(lines)  # every shortened file, and most of those that lack one line


def test_the_port_is_what_is_asked_for() -> None:
    """What is looked for in a kit is what the port names."""
    assert {"proposal_type", "designers", "designer", "scores", "assess", "report", "verify", "close"} <= vars(
        Kit
    ).keys()
