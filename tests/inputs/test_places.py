"""Where documents belong."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inputs import Input
from bot.domain.role import Role
from bot.reading.inputs import classify, missing, take
from bot.reading.inputs.places import is_draft, own_iteration, spec_for
from bot.roles import load_role

MARKET = {"agent": "market-analyst", "phase": "phase2"}


@pytest.mark.parametrize(
    ("name", "body", "path"),
    [
        ("cto-evaluation.json", {}, "phase1/cto-evaluation.json"),
        ("system-architect-evaluation.json", {}, "phase3/system-architect-evaluation.json"),
        ("tech-architect.json", {}, "phase3/tech-architect.json"),
        ("cto-evaluation (2).json", {}, "phase1/cto-evaluation.json"),
        ("idea copy.json", {}, "idea.json"),
        ("senior-developer-iteration-12.json", {}, "phase4/senior-developer-iteration-12.json"),
        ("backend-developer-iteration-3.json", {}, "phase4/backend-developer-iteration-3.json"),
        ("C:\\docs\\data-architect.json", {}, "phase3/data-architect.json"),
        ("market-analyst.json", MARKET, "phase2/market-analyst.json"),
        ("download.json", MARKET, "phase2/market-analyst.json"),
        ("download.json", {"agent": "ceo", "phase": "phase1"}, "phase1/ceo-evaluation.json"),
        ("ceo.json", {"agent": "ceo", "phase": "phase1"}, "phase1/ceo.json"),
        (
            "x.json",
            {"agent": "senior-developer", "phase": "phase4", "iteration": 2},
            "phase4/senior-developer-iteration-2.json",
        ),
        ("x.json", {"agent": "qa-lead", "phase": "phase5", "iteration": True}, "phase5/qa-lead.json"),
        ("x.json", {"title": "a", "description": "b"}, "idea.json"),
        ("x.json", {"idea": "a"}, "idea.json"),
        ("notes.json", {}, "uploads/notes.json"),
        ("senior-developer-iteration-next.json", {}, "uploads/senior-developer-iteration-next.json"),
        ("x.json", {"agent": "../../etc", "phase": "phase1"}, "uploads/x.json"),
        ("x.json", {"agent": "cto", "phase": "phase1/../.."}, "uploads/x.json"),
        ("../../../etc/passwd", {}, "uploads/passwd.json"),
        ("", {}, "uploads/document.json"),
    ],
)
def test_uploads_find_their_place(role: Role, name: str, body: dict[str, object], path: str) -> None:
    """The file name decides, then agent, phase and iteration, then an idea's shape; others are uploads."""
    assert classify(name, body, role) == path  # type: ignore[arg-type]


@given(st.text(), st.dictionaries(st.sampled_from(["agent", "phase", "iteration", "idea"]), st.text() | st.integers()))
def test_no_name_leaves_the_workspace(name: str, body: dict[str, object]) -> None:
    """Whatever a file is called and says of itself, its path has one folder at most and no way up."""
    path = classify(name, body, load_role("backend-developer"))  # type: ignore[arg-type]
    folder, _, last = path.rpartition("/")
    assert folder in {"", "uploads", *(f"phase{n}" for n in range(1, 10))}
    assert last.endswith(".json")
    assert not last.startswith(".")
    assert "/" not in last
    assert "\\" not in last
    assert len(last) < 200


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("idea.json", "idea"),
        ("phase2/anything.json", "business"),
        ("phase2/deeper/anything.json", None),
        ("phase3/tech-architect.json", "system_architect"),
        ("phase3/ux-designer.json", "ux_designer"),
        ("phase4/senior-developer-iteration-7.json", "senior_developer"),
        ("phase1/ceo-evaluation.json", None),
        ("uploads/idea.json", None),
    ],
)
def test_paths_answer_inputs(role: Role, path: str, key: str | None) -> None:
    """Names that differ between producers and readers answer the same input."""
    spec = spec_for(path, role)
    assert (spec.key if spec else None) == key


def test_taking_an_upload(role: Role) -> None:
    """An upload is recorded under the path of its place, with what it answers."""
    document = take(b'\xef\xbb\xbf{"agent": "tech-architect", "extra": [1]}', "tech-architect.json", role, "upload")
    assert document.path == ".claude-agentflow/workspace/phase3/tech-architect.json"
    assert (document.key, document.origin, document.body["extra"]) == ("system_architect", "upload", [1])
    assert document.warnings


def test_missing(role: Role, give: Callable[..., Input]) -> None:
    """What nobody gave is named with what it would have told; an alias answers as well as the asked-for name."""
    absent = missing([give("tech-architect.json"), give("market-analyst.json", **MARKET)], role)
    keys = [item.key for item in absent]
    assert keys == [
        "idea",
        "cto_evaluation",
        "product_manager",
        "ux_designer",
        "data_architect",
        "security_architect",
        "senior_developer",
    ]
    assert absent[0].required
    assert absent[1].path == ".claude-agentflow/workspace/phase1/cto-evaluation.json"
    assert all(item.lost and item.purpose for item in absent)


def test_own_results_and_drafts(role: Role) -> None:
    """Only a decided result at its very path numbers the next iteration."""
    assert own_iteration("phase4/backend-developer-iteration-7.json", role) == 7
    assert own_iteration("phase4/senior-developer-iteration-7.json", role) is None
    assert own_iteration("phase4/backend-developer-iteration-07.json", role) is None
    assert is_draft("phase4/backend-developer-iteration-7.draft.json")
    assert is_draft("phase4/backend-developer-iteration-7-draft.json")
    assert not is_draft("phase2/drafting-analyst.json")
