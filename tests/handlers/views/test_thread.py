"""The thread as a pure function of an evaluation's state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.domain.evaluation import Dossier
from bot.domain.gate import GateState, Policy
from bot.domain.inputs import InputRefused, Refusal
from bot.domain.lifecycle import State
from bot.domain.run import RunState
from bot.domain.surface import FilePost, Message
from handlers.views.thread import thread
from tests.handlers.views.hostile import FILLINGS, Filling
from tests.handlers.views.payloads import check_message
from tests.support import dossiers as stages
from tests.support.dossiers import STAGES, role


def messages(dossier: Dossier, *, model: str | None = None, policy: Policy | None = None) -> dict[str, Message]:
    """The messages by key."""
    return {m.key: m for m in thread(dossier, role(), model=model, policy=policy) if isinstance(m, Message)}


def buttons(message: Message) -> list[str]:
    """The labels of a message's buttons, in order."""
    return [e["text"]["text"] for b in message.blocks if b["type"] == "actions" for e in b["elements"]]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLINGS)
@example(Filling("running", "\x1b", 1, 1, 1))
def test_any_state_gives_payloads_that_slack_takes(filling: Filling) -> None:
    """Whatever people wrote and however much, every message is valid, bounded, and can mention nobody they chose."""
    dossier = filling.dossier()
    desired = thread(dossier, role())
    for item in desired:
        if isinstance(item, Message):
            check_message(item)
    assert len({item.key for item in desired}) == len(desired)
    assert thread(dossier, role()) == desired


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_every_button_is_named_in_the_text(stage: str) -> None:
    """Who hears the text instead of seeing the blocks learns every headline and every button."""
    for message in messages(STAGES[stage]()).values():
        heads = [b["text"]["text"] for b in message.blocks if b["type"] == "header"]
        assert all(words in message.text for words in (*heads, *buttons(message)))


def test_keys_come_in_the_order_of_the_conversation() -> None:
    """The whole thread of a finished evaluation stands in the order in which it happened."""
    keys = [item.key for item in thread(stages.done(), role())]
    first = ["root", "i1.opening", "i1.context", "q.opening_1"]
    assert keys[:4] == first
    assert [key for key in keys[4:] if not key.startswith("q.")] == [
        "i1.answers",
        "i1.recap",
        "i1.gate.go.gt_go_1",
        "i1.run.rn_1",
        "i1.review",
        "i1.file.openapi.yaml.aaaaaaaa",
        "i1.file.backend-developer-iteration-1.draft.json.bbbbbbbb",
        "i1.gate.implementation_approval.gt_implementation_approval_1",
        "i1.gate.api_review.gt_api_review_1",
        "i1.gate.security_check.gt_security_check_1",
        "i1.gate.iteration_complete.gt_iteration_complete_1",
        "i1.file.backend-developer-iteration-1.json.cccccccc",
        "done",
    ]


def test_a_later_stage_keeps_the_keys_of_the_one_before() -> None:
    """What was posted is updated, never orphaned, as the evaluation goes on within an iteration."""
    order = [stages.collecting, stages.awaiting_go, stages.running, stages.in_review, stages.deciding, stages.done]
    seen: set[str] = set()
    for stage in order:
        keys = {item.key for item in thread(stage(), role())}
        assert seen <= keys
        seen = keys


def test_only_questions_that_were_asked_are_shown_and_only_the_next_takes_a_reply() -> None:
    """A question appears when it is asked, with its hint; the open one says that a reply answers it."""
    cards = messages(stages.collecting())
    assert "q.opening_3" in cards
    assert "q.api_design" not in cards
    assert buttons(cards["q.opening_3"]) == ["Answer", "Skip", "Answer all questions"]
    assert "just reply in this thread" in cards["q.opening_3"].text
    assert role().question("opening_3").text in cards["q.opening_3"].text


def test_a_reply_is_receipted_on_the_next_card_and_costs_no_update() -> None:
    """The card of a question that a reply answered stays as it was asked; the next one says what was taken."""
    questions = [stages.questions(answered=number, asked=number + 1) for number in (1, 2)]
    before, after = (messages(replace(stages.collecting(), questions=asked)) for asked in questions)
    taken = next(question for question in questions[1] if question.key == "opening_2")
    assert after["q.opening_2"].digest == before["q.opening_2"].digest
    assert taken.answers[0].text in after["q.opening_3"].text and taken.name in after["q.opening_3"].text


def test_answers_can_be_edited_until_the_go_and_not_after() -> None:
    """Every answer can be changed until the go gate is approved, on its card or all at once, and not afterwards."""
    replied, filled_in = messages(stages.awaiting_go())["q.opening_1"], stages.awaiting_go()
    assert "Answer" in buttons(replied)
    by_form = [replace(one, answers=(replace(one.answers[0], via="form"),)) for one in filled_in.questions]
    assert buttons(messages(replace(filled_in, questions=tuple(by_form)))["q.opening_1"]) == ["Edit"]
    assert buttons(messages(stages.awaiting_go())["i1.answers"]) == ["Edit answers"]
    assert buttons(messages(stages.running())["q.opening_1"]) == []
    assert buttons(messages(stages.running())["i1.answers"]) == []


def test_after_a_no_to_the_go_it_can_be_asked_for_again() -> None:
    """With all answers settled and no gate open, the summary offers the way on."""
    dossier = replace(stages.awaiting_go(), evaluation=stages.evaluation(state=State.COLLECTING))
    assert buttons(messages(dossier)["i1.answers"]) == ["Ask for the go", "Edit answers"]


def test_the_go_card_says_what_a_run_would_cost() -> None:
    """Without a model it says so; with one it names it and the budget."""
    key = "i1.gate.go.gt_go_1"
    assert "no model is used" in messages(stages.awaiting_go())[key].text
    paid = messages(stages.awaiting_go(), model="some-model")[key].text
    assert "some-model" in paid
    assert "$5.00" in paid


def test_a_gate_card_stands_beside_its_own_evidence() -> None:
    """A card shows the scores and lines of its gate and of no other, and what was not measured as a word."""
    text = messages(stages.in_review())["i1.gate.api_review.gt_api_review_1"].text
    assert "API design: 93/100" in text
    assert "Performance optimization: unproven" in text
    assert "41 operations, all with an error contract" in text
    assert "Security integration" not in text


def test_a_gate_card_begins_with_what_failed_in_its_area() -> None:
    """What speaks against an approval stands before the scores that hold."""
    text = messages(stages.in_review())["i1.gate.implementation_approval.gt_implementation_approval_1"].text
    assert text.index("1 check failed") < text.index("Database implementation: 89/100")


def test_a_decided_gate_keeps_its_evidence_and_loses_its_buttons() -> None:
    """After the verdict the card says who, when and why."""
    card = messages(stages.deciding())["i1.gate.api_review.gt_api_review_1"]
    assert buttons(card) == []
    assert "API design: 93/100" in card.text
    assert "*Rejected* by <@U0BENOKAF1>" in card.text
    assert "Lists have no limit" in card.text


def test_the_quorum_names_who_voted_and_who_is_still_to_decide() -> None:
    """One of two approvals: the voter and the one still missing are both named."""
    text = messages(stages.in_review())["i1.gate.security_check.gt_security_check_1"].text
    assert "*Approved* by <@U0CHLOEMA1>" in text
    assert "*Still to decide:* <@U0BENOKAF1> · 1 of 2 approvals" in text


def test_a_pending_card_says_each_thing_once() -> None:
    """Who decides stands in one place while nobody voted, and a deadline only where there is one."""
    gate = stages.gate("go", approvers=(stages.LEAD,), needed=1)
    text = messages(replace(stages.awaiting_go(), gates=(gate,)))["i1.gate.go.gt_go_1"].text
    assert text.count("<@U0DANKIM01>") == 1
    assert "deadline" not in text.lower()
    due = replace(gate, due_at=stages.at(60))
    assert "decide by <!date^" in messages(replace(stages.awaiting_go(), gates=(due,)))["i1.gate.go.gt_go_1"].text


def test_the_closing_card_tells_what_was_said_at_the_reviews() -> None:
    """Whoever closes an iteration reads the reasons on the card, and that the next iteration works on them."""
    dossier = stages.deciding()
    text = next(text.text for key, text in messages(dossier).items() if ".gate.iteration_complete." in key)
    assert "API Review: ❌ rejected — <@U0BENOKAF1> “Lists have no limit" in text
    assert "What was said at the review gates" in text


def test_a_refusal_names_its_place_once() -> None:
    """A message that begins with the document and the line is not led in by both again."""
    refused = InputRefused.at("broken.json", "a value is expected.", "Mend this place.", line=2, column=7)
    item = Refusal(path="broken.json", message=refused.message, line=2, column=7)
    dossier = stages.collecting()
    dossier = replace(dossier, context=replace(dossier.context, refused=(item,)))
    text = messages(dossier)["i1.context"].text
    assert text.count("broken.json") == 1 and text.count("line 2, column 7") == 1


def test_an_owner_among_other_approvers_is_not_called_on_unless_allowed() -> None:
    """Nobody is asked for a verdict that would be refused as self-approval."""
    gate = stages.gate("go", approvers=(stages.OWNER, stages.LEAD), needed=1)
    dossier = replace(stages.awaiting_go(), gates=(gate,))
    key = "i1.gate.go.gt_go_1"
    assert "*Still to decide:* <@U0DANKIM01> ·" in messages(dossier)[key].text
    allowed = messages(dossier, policy=Policy(self_approval=True))[key].text
    assert "*Still to decide:* <@U0AVALIND1>, <@U0DANKIM01> ·" in allowed


def test_withdrawn_and_expired_are_no_verdicts() -> None:
    """Both are said in words, without buttons."""
    for state, words in ((GateState.WITHDRAWN, "No verdict counts."), (GateState.EXPIRED, "An expiry is no verdict.")):
        dossier = replace(stages.cancelled(), gates=(stages.gate("go", state),))
        card = messages(dossier)["i1.gate.go.gt_go_1"]
        assert words in card.text
        assert buttons(card) == []


def test_a_gate_about_a_replaced_result_does_not_show_the_new_one() -> None:
    """Evidence is shown only where it is what the gate judged."""
    old = replace(stages.gate("api_review", GateState.WITHDRAWN, opened=36), subject_sha256="0" * 64)
    dossier = replace(stages.in_review(), gates=(old,))
    text = messages(dossier)["i1.gate.api_review.gt_api_review_1"].text
    assert "has been replaced" in text
    assert "93/100" not in text


def test_reminders_are_messages_of_their_own_and_settle_with_the_gate() -> None:
    """Each reminder names whom the gate waits for; once it is decided they say that nobody has to act."""
    waiting = replace(stages.gate("go"), reminders=2, escalated_to=(stages.LEAD,))
    cards = messages(replace(stages.awaiting_go(), gates=(waiting,)))
    assert "<@U0DANKIM01>" in cards["i1.gate.go.gt_go_1.reminder2"].text
    assert "Escalated" in cards["i1.gate.go.gt_go_1.escalation"].text
    decided = replace(stages.approved("go"), reminders=2)
    text = messages(replace(stages.running(), gates=(decided,)))["i1.gate.go.gt_go_1.reminder1"].text
    assert "nobody has to act" in text


def test_the_closing_card_offers_all_ways_on_and_asks_for_a_justification_below_the_threshold() -> None:
    """Its buttons are the definition's options; an unproven score counts as below."""
    key = "i1.gate.iteration_complete.gt_iteration_complete_1"
    card = messages(stages.deciding())[key]
    assert buttons(card) == ["Ready for iteration 2", "Needs optimisation", "Refine architecture", "Finish", "Details"]
    assert "“Ready for iteration 2” and “Finish” need a written justification, since the score is unproven" in card.text


def test_with_no_iteration_left_the_closing_card_offers_only_the_end() -> None:
    """What would be refused is not offered, and the card says why."""
    last = stages.evaluation(state=State.DECIDING, iteration=role().max_iterations)
    before = stages.deciding()
    closing = replace(before.gates[-1], iteration=last.iteration)
    iterations = (replace(before.iterations[0], number=last.iteration),)
    dossier = replace(before, evaluation=last, gates=(*before.gates[:-1], closing), iterations=iterations)
    card = messages(dossier)[f"i{last.iteration}.gate.iteration_complete.{closing.id}"]
    assert buttons(card) == ["Finish", "Details"]
    assert "Choose “Finish”." in card.text


def test_the_review_has_three_strengths_three_improvements_and_every_gap() -> None:
    """Unproven is a word, never a number; failed and unmeasured checks are named; feedback is answered one by one."""
    text = messages(stages.second_iteration())["i2.review"].text
    assert "1. 41 operations are documented.\n2. Every list is paged.\n3. Roles stand on every path." in text
    assert "1. Index orders.user_id.\n2. Measure the lists.\n3. Bound the export." in text
    assert "Performance optimization | unproven | 40% measured" in text
    assert "Foreign keys have an index — orders.user_id has none." in text
    assert "Lists answer within the budget — No server could start." in text
    assert "“Mind the old clients.” → *not addressed*" in text
    assert "no model was used" in text


def test_a_run_can_be_stopped_while_it_lives_and_retried_after_it_failed() -> None:
    """The buttons follow the run's state; only a live run's message changes often."""
    running, failed = messages(stages.running())["i1.run.rn_1"], messages(stages.failed())["i1.run.rn_1"]
    assert (buttons(running), running.volatile) == (["Stop"], True)
    assert (buttons(failed), failed.volatile) == (["Try again", "Change answers"], False)
    assert "answered nothing usable" in failed.text


def test_a_run_out_of_budget_offers_to_raise_it() -> None:
    """Money is the only wait that people end by a number."""
    run = stages.run(RunState.PARKED, waits_for="budget", reason="The budget of $5.00 is used up.", model="some-model")
    card = messages(replace(stages.parked(), runs=(run,)))["i1.run.rn_1"]
    assert buttons(card) == ["Raise the budget", "Stop"]
    assert "The budget of $5.00 is used up." in card.text


def test_who_stopped_a_run_is_named_and_nobody_else() -> None:
    """A mention in any other reason is somebody's words and stays dead."""
    for reason, shown in (
        ("Stopped by <@U0DANKIM01>.", "<@U0DANKIM01>"),
        ("Ask <@U0DANKIM01>.", "&lt;@U0DANKIM01&gt;"),
    ):
        dossier = replace(stages.failed(), runs=(stages.run(RunState.STOPPED, reason=reason),))
        assert shown in messages(dossier)["i1.run.rn_1"].text


def test_the_agents_question_is_asked_below_its_run_and_answered_there() -> None:
    """A paused run says what it waits for, and its question has buttons but no skip of the role's questions."""
    keys = [item.key for item in thread(stages.parked(), role())]
    assert keys[-2:] == ["i1.run.rn_1", "q.rn_1.retention"]
    cards = messages(stages.parked())
    assert buttons(cards["q.rn_1.retention"]) == ["Answer", "Skip"]
    assert "Retention" in cards["root"].text


def test_the_final_file_is_posted_only_after_the_decision() -> None:
    """Until an iteration is decided its JSON is a draft by name."""
    before = [item for item in thread(stages.deciding(), role()) if isinstance(item, FilePost)]
    after = [item for item in thread(stages.done(), role()) if isinstance(item, FilePost)]
    assert [post.name for post in before] == ["openapi.yaml", "backend-developer-iteration-1.draft.json"]
    assert after[-1].name == "backend-developer-iteration-1.json"


@pytest.mark.parametrize("stage", ["done", "cancelled"])
def test_a_closed_evaluation_has_no_buttons_that_act(stage: str) -> None:
    """Nothing in the thread of an ended evaluation offers to change it: it is copied, or reopened if cancelled."""
    labels = {label for message in messages(STAGES[stage]()).values() for label in buttons(message)}
    ways_on = {"Start a copy"} | ({"Reopen"} if stage == "cancelled" else set())
    assert ways_on <= labels <= {"All checks"} | ways_on


def test_the_next_iteration_opens_with_outcome_goal_and_feedback_and_repeats_nothing() -> None:
    """Iteration 2 shows what was decided before it and what it works from; documents, and answers of which none was
    changed, stand where they stood."""
    cards = messages(stages.second_iteration())
    assert "Pagination first." in cards["i2.opening"].text
    assert "*API Review*, <@U0BENOKAF1>: Lists have no limit" in cards["i2.opening"].text
    assert "Iteration 1 decided:" in cards["i2.opening"].text
    assert "i1.context" in cards and "i2.context" not in cards
    assert "i1.answers" in cards and "i2.answers" not in cards
