"""Short answers that only the asker sees."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.devtools.local_slack.blockkit import check_blocks
from bot.domain.errors import NotFound
from bot.domain.phrase import Mention, phrase
from handlers.views import messages
from handlers.views.fallback import TEXT_LIMIT
from tests.handlers.views.hostile import FILLINGS, Filling
from tests.handlers.views.payloads import check_words
from tests.support import dossiers as stages
from tests.support.dossiers import STAGES, role

ROLES = {role().name: role()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLINGS)
@example(Filling("second_iteration", "\x1b", 1, 1, 1))
def test_any_state_gives_replies_that_slack_takes(filling: Filling) -> None:
    """Whatever people wrote and however much, every reply is valid, bounded, and can mention nobody they chose."""
    dossier = filling.dossier()
    title = dossier.evaluation.title
    for said in (
        messages.status(dossier, role()),
        messages.inputs(dossier, role()),
        messages.listing([dossier.evaluation] * 30, ROLES),
        messages.exported(dossier, [title] * 30),
        messages.refusal(f"There is no “{title.replace('@', '')}”."),
    ):
        check_blocks(said["blocks"])
        check_words([said["text"], *said["blocks"]])
        assert 0 < len(said["text"]) <= TEXT_LIMIT


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_status_has_the_words_of_the_root_message_and_no_buttons(stage: str) -> None:
    """A copy that nobody updates must not offer to act."""
    said = messages.status(STAGES[stage](), role())
    assert "*Waits for*" in said["text"]
    assert not [block for block in said["blocks"] if block["type"] == "actions"]


def test_a_refusal_shows_the_people_who_may_and_keeps_quoted_mentions_dead() -> None:
    """An error's words name people by mention; what it quotes from others cannot fire."""
    said = messages.refusal(
        NotFound(what="role", name="<!here>", hint=phrase("Ask ", Mention("U0DANKIM01"), ".")).phrase
    )
    assert "Ask <@U0DANKIM01>." in said["text"]
    assert "&lt;!here&gt;" in said["text"]


def test_a_mention_that_somebody_typed_stays_dead_in_a_refusal() -> None:
    """Only who is a person by the rule that refused is drawn; what looks like one in quoted words is text."""
    said = messages.refusal(NotFound(what="role", name="<@U0DANKIM01>", hint="").phrase)
    assert "&lt;@U0DANKIM01&gt;" in said["text"] and "<@U0DANKIM01>" not in said["text"]


def test_documents_can_be_added_until_the_go_and_the_reply_says_so() -> None:
    """After the go the same button's answer says when it is possible again."""
    assert "drop the file" in messages.how_to_add(stages.collecting())["text"]
    assert "Documents are closed now" in messages.how_to_add(stages.running())["text"]


def test_help_names_every_role_and_how_to_begin() -> None:
    """Commands, roles, what works in a thread, and the start button."""
    said = messages.help_message([("start [title]", "opens the form")], ROLES)
    assert "`/eipas start [title]` — opens the form" in said["text"]
    assert role().title in said["text"]
    assert "Buttons: Start an evaluation." in said["text"]


def test_an_empty_list_offers_to_start_and_a_closed_channel_says_invite() -> None:
    """Dead ends say what to do next."""
    assert "Start an evaluation" in messages.listing([], ROLES)["text"]
    assert "/invite" in messages.not_a_member("C0IDEAS001")["text"]
