"""The stakeholder channel's message and the Home tab."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.devtools.local_slack.blockkit import check_view
from bot.domain.evaluation import Dossier
from bot.domain.gate import GateState
from handlers.ids import Ref
from handlers.views.home import home
from handlers.views.stakeholders import stakeholders
from tests.handlers.views.hostile import FILLINGS, Filling
from tests.handlers.views.payloads import check_message, check_words
from tests.support import dossiers as stages
from tests.support.dossiers import OWNER, STAGES, role

ROLES = {role().name: role()}
LINK = "https://local.slack.com/archives/C0IDEAS001/p1?thread_ts=1&cid=C0IDEAS001"


def home_of(dossier: Dossier, times: int = 1) -> dict[str, Any]:
    """The Home tab of someone whom everything in `dossier` concerns."""
    pending = [(gate, dossier.evaluation) for gate in dossier.gates if gate.state is GateState.PENDING]
    decided = [(gate, dossier.evaluation) for gate in dossier.gates if gate.state is not GateState.PENDING]
    links = {dossier.evaluation.id: LINK}
    return home(OWNER, pending * times, [dossier.evaluation] * times, decided * times, ROLES, links)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLINGS)
@example(Filling("second_iteration", "\x1b", 1, 1, 1))
def test_any_state_gives_surfaces_that_slack_takes(filling: Filling) -> None:
    """Whatever people wrote and however much waits, both are valid, and can mention nobody they chose."""
    dossier = filling.dossier()
    check_message(stakeholders(dossier, role(), "https://local.slack.com/archives/C0IDEAS001/p1"))
    view = home_of(dossier, 30)
    check_view(view, surface="home")
    check_words(view["blocks"])


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_stakeholders_learn_the_state_in_words_and_who_waits(stage: str) -> None:
    """One message under one key, at every stage, with title, state and who acts next."""
    message = stakeholders(STAGES[stage](), role(), None)
    assert message.key == "stakeholders"
    assert stages.evaluation().title in message.text
    assert "*Waits for*" in message.text
    assert not [block for block in message.blocks if block["type"] == "actions"]


def test_the_stakeholder_message_leads_to_the_thread_and_only_to_a_web_address() -> None:
    """A permalink becomes a button; anything else does not."""
    link = "https://local.slack.com/archives/C0IDEAS001/p1"
    assert stakeholders(stages.in_review(), role(), link).blocks[-1]["elements"][0]["url"] == link
    assert stakeholders(stages.in_review(), role(), "javascript:alert(1)").blocks[-1]["type"] == "context"


def test_gates_can_be_decided_on_the_home_tab() -> None:
    """The buttons there point at the same gate as those of the thread."""
    view = home_of(stages.in_review())
    values = [e["value"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"] if "value" in e]
    assert Ref.parse(values[0]) == Ref("ev_7kq2m4x9ab", "gt_api_review_1", "approve")
    assert Ref.parse(values[1]) == Ref("ev_7kq2m4x9ab", "gt_api_review_1", "reject")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a.b/x>|<!channel>", "https://a.b/" + "x" * 3000])
def test_the_home_tab_leads_to_threads_and_only_to_web_addresses(link: str) -> None:
    """What waits and what is owned each have a button there; an address that is none, or is endless, is left out."""
    dossier = stages.in_review()
    accessories = [block["accessory"] for block in home_of(dossier)["blocks"] if "accessory" in block]
    assert [way["url"] for way in accessories] == [LINK] * 3, "two gates wait, and one evaluation is owned"
    waiting = [(dossier.gates[-1], dossier.evaluation)]
    assert "Open the thread" not in str(home(OWNER, waiting, [], [], ROLES, {dossier.evaluation.id: link}))


def test_stakeholders_read_who_waits_once() -> None:
    """A gate that waits stands with the people it waits for; only decided ones are listed below."""
    text = stakeholders(stages.in_review(), role(), None).text
    assert text.count("API Review") == 1 and "decision needed" not in text


def test_an_empty_home_tab_says_how_to_begin() -> None:
    """Who has nothing yet finds the start button and what it does."""
    view = home(OWNER, [], [], [], ROLES)
    check_view(view, surface="home")
    words = str(view)
    assert "Start an evaluation" in words
    assert "Nothing waits for you." in words
