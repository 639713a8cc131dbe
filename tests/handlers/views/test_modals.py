"""The forms: what they show, and what their parsers make of what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from bot.domain.errors import EipasError, InvalidInput, NotAllowed, NotFound
from bot.domain.lifecycle import State
from bot.domain.phrase import people
from bot.services.evaluations import StartForm
from handlers.ids import BlockId, qualified
from handlers.views.modals import (
    FormRefused,
    answer_form,
    answers_form,
    budget_form,
    cancel_form,
    gate_details,
    iteration_checks,
    loading,
    open_for_answers,
    parse_answers,
    parse_budget,
    parse_cancel,
    parse_pick,
    parse_start,
    parse_verdict,
    pick_question_form,
    problem_view,
    start_form,
    verdict_form,
    words_sent,
)
from tests.handlers.views.hostile import FILLINGS, Filling
from tests.handlers.views.payloads import check_modal
from tests.support import dossiers as stages
from tests.support.dossiers import ARCHITECT, LEAD, role

View = dict[str, Any]


def sent(view: View, typed: Mapping[Any, Mapping[str, Any]] | None = None) -> View:
    """The view as it comes back: each input's state, `typed` by block id, else what it started with."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            started = {"type": element["type"], "value": element.get("initial_value")}
            started["selected_options"] = element.get("initial_options", [])
            values[block["block_id"]] = {element["action_id"]: started | dict((typed or {}).get(block["block_id"], {}))}
    return {
        "callback_id": view["callback_id"],
        "private_metadata": view["private_metadata"],
        "state": {"values": values},
    }


def inputs(view: View) -> dict[str, View]:
    """The input blocks by id."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILLINGS)
@example(Filling("second_iteration", "\x1b", 1, 1, 1))
def test_any_state_gives_forms_that_slack_takes(filling: Filling) -> None:
    """Whatever people wrote and however much, every form is valid and bounded."""
    dossier = filling.dossier()
    evaluation = dossier.evaluation
    views = [
        answers_form(dossier, dossier.questions),
        answer_form(dossier, dossier.questions[0]),
        cancel_form(dossier),
        budget_form(dossier),
        start_form(role(), title=evaluation.title[:150], workspaces=[evaluation.title] * 40),
        *(iteration_checks(dossier, iteration) for iteration in dossier.iterations),
        *(gate_details(dossier, role(), gate) for gate in dossier.gates),
        *(verdict_form(dossier, role(), g, o.key) for g in dossier.gates for o in role().gate(g.key).options),
    ]
    if open_for_answers(dossier):
        views.append(pick_question_form(dossier, evaluation.title))
    for view in views:
        check_modal(view)


def test_the_start_form_asks_for_approvers_of_every_gate_and_comes_back_whole() -> None:
    """What is filled in becomes the service's form; gates without approvers are left out."""
    view = start_form(role(), channel="C0IDEAS001", workspaces=["clinic"])
    gates = [qualified(BlockId.APPROVERS, gate.key) for gate in role().gates]
    assert [block for block in inputs(view) if block in gates] == gates
    form = parse_start(
        sent(
            view,
            {
                BlockId.TITLE: {"value": " Appointments "},
                BlockId.CHANNEL: {"selected_conversation": "C0IDEAS001"},
                BlockId.NEEDED: {"value": "2"},
                gates[2]: {"selected_users": [ARCHITECT, LEAD, ARCHITECT]},
                BlockId.FILES: {"files": [{"id": "F1", "name": "idea.json", "size": 12, "mode": "hosted"}]},
            },
        ),
        {role().name: role()},
    )
    assert form == StartForm(
        role=role().name,
        title="Appointments",
        channel="C0IDEAS001",
        needed=2,
        approvers={"api_review": (ARCHITECT, LEAD)},
        uploads=(("F1", "idea.json", 12),),
    )


def test_a_role_is_chosen_where_there_are_several() -> None:
    """One role needs no menu; of two the form has one, and what is sent belongs to the role that it was made for."""
    other = replace(role(), name="other-role", title="Other Role")
    roles = {known.name: known for known in (role(), other)}
    assert start_form(role(), roles={role().name: role()}) == start_form(role())
    view = start_form(other, roles=roles)
    check_modal(view)
    menu = next(block["accessory"] for block in view["blocks"] if block.get("block_id") == BlockId.ROLE)
    assert {option["value"] for option in menu["options"]} == set(roles)
    assert menu["initial_option"]["value"] == "other-role"
    typed = {BlockId.TITLE: {"value": "x"}, BlockId.CHANNEL: {"selected_conversation": "C0IDEAS001"}}
    assert parse_start(sent(view, typed), roles).role == "other-role"
    with pytest.raises(NotFound, match="other-role"):
        parse_start(sent(view, typed), {role().name: role()})


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({BlockId.CHANNEL: {"selected_conversation": "C0IDEAS001"}}, BlockId.TITLE),
        ({BlockId.TITLE: {"value": "x"}}, BlockId.CHANNEL),
        ({BlockId.TITLE: {"value": "x"}, BlockId.NEEDED: {"value": "0"}}, BlockId.NEEDED),
        ({BlockId.TITLE: {"value": "x"}, BlockId.NEEDED: {"value": "²"}}, BlockId.NEEDED),
        ({BlockId.TITLE: {"value": "x"}, BlockId.NEEDED: {"value": "1000000"}}, BlockId.NEEDED),
    ],
)
def test_a_fault_in_the_start_form_is_told_at_its_field(typed: dict[str, Any], field: str) -> None:
    """Each refusal names the block that Slack will mark."""
    with pytest.raises(FormRefused) as told:
        parse_start(sent(start_form(role()), typed), {role().name: role()})
    assert field in told.value.errors


def test_an_answer_comes_back_by_its_question() -> None:
    """The form is prefilled with the newest answer and returns what was typed."""
    dossier = stages.collecting()
    view = answer_form(dossier, dossier.questions[0])
    assert inputs(view)[qualified(BlockId.ANSWER, "opening_1")]["element"]["initial_value"].startswith("Python")
    form = parse_answers(sent(view, {qualified(BlockId.ANSWER, "opening_1"): {"value": " Go on MySQL. "}}))
    assert (form.evaluation_id, form.texts) == (dossier.evaluation.id, {"opening_1": "Go on MySQL."})


def test_nothing_to_add_is_an_explicit_skip_and_an_empty_field_stays_open() -> None:
    """Only a tick skips; what is left empty is not sent at all."""
    fresh = replace(stages.collecting(), questions=stages.questions(asked=8))
    tick = {"selected_options": [{"value": "yes"}]}
    view = sent(
        answers_form(fresh),
        {qualified(BlockId.NOTHING, "api_design"): tick, qualified(BlockId.ANSWER, "opening_2"): {"value": "GET /x"}},
    )
    assert parse_answers(view).texts == {"opening_2": "GET /x", "api_design": ""}


def test_an_answer_and_a_tick_contradict_each_other() -> None:
    """The form is refused at that question, and so is one that says nothing."""
    fresh = replace(stages.collecting(), questions=stages.questions())
    answer, nothing = qualified(BlockId.ANSWER, "opening_1"), qualified(BlockId.NOTHING, "opening_1")
    view = answer_form(fresh, fresh.questions[0])
    with pytest.raises(FormRefused) as both:
        parse_answers(sent(view, {answer: {"value": "x"}, nothing: {"selected_options": [{"value": "yes"}]}}))
    with pytest.raises(FormRefused) as neither:
        parse_answers(sent(view, {answer: {"value": " \n"}}))
    assert list(both.value.errors) == list(neither.value.errors) == [answer]


def test_more_questions_than_a_view_holds_come_in_parts_the_open_ones_first() -> None:
    """Nothing is cut silently by Slack's limit of blocks."""
    many = tuple(replace(q, key=f"{q.key}.{n}") for n in range(9) for q in stages.questions(answered=1))
    view = answers_form(replace(stages.collecting(), questions=many))
    keys = [block for block in inputs(view) if block.startswith(BlockId.ANSWER)]
    assert len(keys) == 32
    assert "The rest comes when you open this again." in str(view["blocks"][0])
    assert not any("opening_1" in key for key in keys)


def test_a_message_becomes_the_answer_to_a_chosen_question() -> None:
    """The open question is proposed, the text is the message's."""
    view = pick_question_form(stages.collecting(), "OIDC & MFA for staff", "1.2")
    menu = inputs(view)[BlockId.QUESTION]["element"]
    assert menu["initial_option"]["text"]["text"] == "Integrations"
    form = parse_pick(sent(view, {BlockId.QUESTION: {"selected_option": menu["options"][7]}}))
    assert (form.position, form.text, form.ts) == (7, "OIDC & MFA for staff", "1.2")


def test_no_question_can_be_picked_once_answers_are_closed() -> None:
    """The shortcut is refused in words instead of opening an empty menu."""
    with pytest.raises(InvalidInput):
        pick_question_form(stages.running(), "x")


def test_an_approval_takes_an_optional_note_and_shows_what_is_judged() -> None:
    """The form confirms the gate's scores and the result's digest before it is sent."""
    dossier = stages.in_review()
    view = verdict_form(dossier, role(), stages.gate("api_review", opened=36), "approve")
    assert view["submit"]["text"] == "Approve"
    assert inputs(view)[BlockId.COMMENT]["optional"] is True
    assert "API design: 93/100" in str(view["blocks"])
    form = parse_verdict(sent(view))
    assert (form.gate_id, form.verdict.option, form.verdict.comment) == ("gt_api_review_1", "approve", "")
    assert form.verdict.subject_sha256 == stages.SUBJECT


@pytest.mark.parametrize(
    ("gate", "option"), [("api_review", "reject"), ("iteration_complete", "ready"), ("go", "reject")]
)
def test_a_rejection_and_an_unproven_ready_need_words(gate: str, option: str) -> None:
    """White space is no reason; the refusal stands at the field."""
    view = verdict_form(stages.deciding(), role(), stages.gate(gate, opened=46), option)
    assert inputs(view)[BlockId.COMMENT]["optional"] is False
    with pytest.raises(FormRefused) as told:
        parse_verdict(sent(view, {BlockId.COMMENT: {"value": "  "}}))
    assert BlockId.COMMENT in told.value.errors


def test_the_closing_form_asks_for_concerns_in_the_definitions_words() -> None:
    """The definition's closing question is the label of its own field."""
    view = verdict_form(stages.deciding(), role(), stages.gate("iteration_complete", opened=46), "optimise")
    assert inputs(view)[BlockId.CONCERNS]["label"]["text"] == role().ask(role().closing_question, 2)
    typed = {BlockId.COMMENT: {"value": "Faster lists."}, BlockId.CONCERNS: {"value": "The export."}}
    verdict = parse_verdict(sent(view, typed)).verdict
    assert (verdict.comment, verdict.concerns) == ("Faster lists.", "The export.")


def test_details_name_tool_version_command_and_outcome_the_failures_first() -> None:
    """Every check of an iteration can be read and run again by hand."""
    dossier = stages.in_review()
    words = str(iteration_checks(dossier, dossier.current)["blocks"])
    assert words.index("❌ failed") < words.index("➖ not measured") < words.index("✅ held")
    assert "catalogue 1.0 · `eipas check fk_indexed`" in words


def test_cancelling_keeps_the_reason() -> None:
    """The confirmation returns which evaluation and why."""
    form = parse_cancel(sent(cancel_form(stages.collecting()), {BlockId.REASON: {"value": "No money."}}))
    assert (form.evaluation_id, form.reason) == (stages.evaluation().id, "No money.")


@pytest.mark.parametrize("typed", ["", "abc", "5", "NaN", "Infinity", "-1", "1001"])
def test_a_budget_must_be_an_amount_above_the_old_one(typed: str) -> None:
    """Anything else is refused at the field."""
    with pytest.raises(FormRefused):
        parse_budget(sent(budget_form(stages.collecting()), {BlockId.BUDGET: {"value": typed}}))


def test_a_higher_budget_is_read() -> None:
    """The amount comes back as a number."""
    form = parse_budget(sent(budget_form(stages.collecting()), {BlockId.BUDGET: {"value": "12.50"}}))
    assert form.budget_usd == pytest.approx(12.5)


def _start(view: dict[str, Any]) -> StartForm:
    return parse_start(view, {role().name: role()})


@pytest.mark.parametrize(
    "parse",
    [
        parse_answers,
        parse_pick,
        parse_verdict,
        parse_cancel,
        parse_budget,
        lambda view: parse_start(view, {role().name: role()}),
    ],
)
@pytest.mark.parametrize(
    "view",
    [
        {},
        {"private_metadata": "{"},
        {"private_metadata": '{"x": 1}'},
        {"state": {"values": {"a": {"b": 1}}}},
        {"state": 3},
    ],
)
def test_a_forged_view_is_refused_in_words(parse: Callable[[View], object], view: View) -> None:
    """Whatever is sent, a parser answers with one of our own errors."""
    with pytest.raises(EipasError):
        parse(view)


def test_waiting_and_refused_views_are_valid_and_name_who_may() -> None:
    """A loading view is replaced by words; people named by an error are drawn, quoted mentions stay dead."""
    check_modal(loading("Implementation Approval"))
    view = problem_view(NotAllowed(what="decide “<!channel>”", who=people(["U0BENOKAF1"])).phrase)
    check_modal(view)
    assert "<@U0BENOKAF1> may." in view["blocks"][0]["text"]["text"]


def test_a_refused_form_gives_back_what_was_written_in_it() -> None:
    """What was written in text fields stands below the refusal, whole and dead; a form without any adds nothing."""
    gate = stages.in_review().gates[-1]
    form = verdict_form(stages.in_review(), role(), gate, "reject")
    written = sent(form, {BlockId.COMMENT: {"type": "plain_text_input", "value": "The lists <!channel> need limits"}})
    view = problem_view("Already decided.", words_sent(written))
    check_modal(view)
    assert "The lists <\u2060!channel> need limits" in json.dumps(view["blocks"], ensure_ascii=False)
    assert len(problem_view("Already decided.", words_sent(sent(form)))["blocks"]) == 1
    assert words_sent({"private_metadata": "forged"}) == ()


def test_much_that_was_written_still_makes_a_valid_view() -> None:
    """A whole form of the longest answers fits under its refusal."""
    check_modal(problem_view("Closed.", ["<&>" * 1000] * 90))


def test_answers_are_open_for_editing_only_before_the_go() -> None:
    """The form of all questions holds what can be changed now: everything, the agent's question, or nothing."""
    assert len(open_for_answers(stages.awaiting_go())) == 8
    assert [q.key for q in open_for_answers(stages.parked())] == ["rn_1.retention"]
    assert open_for_answers(replace(stages.awaiting_go(), evaluation=stages.evaluation(state=State.DONE))) == ()
