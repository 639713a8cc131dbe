"""Forms, each with the parser of what it sends back beside it."""

from handlers.views.modals.answers import (
    AnswersForm,
    PickForm,
    answer_form,
    answers_form,
    open_for_answers,
    parse_answers,
    parse_pick,
    pick_question_form,
)
from handlers.views.modals.correction import correction_form, parse_correction
from handlers.views.modals.details import gate_details, iteration_checks
from handlers.views.modals.form import FormRefused, words_sent
from handlers.views.modals.small import (
    BudgetForm,
    CancelForm,
    SuccessorForm,
    budget_form,
    cancel_form,
    loading,
    parse_budget,
    parse_cancel,
    parse_successor,
    problem_view,
    successor_form,
)
from handlers.views.modals.start import parse_start, start_form
from handlers.views.modals.verdict import VerdictForm, parse_verdict, verdict_form
from handlers.views.modals.waiver import parse_waiver, waiver_form

__all__ = [
    "AnswersForm",
    "BudgetForm",
    "CancelForm",
    "FormRefused",
    "PickForm",
    "SuccessorForm",
    "VerdictForm",
    "answer_form",
    "answers_form",
    "budget_form",
    "cancel_form",
    "correction_form",
    "gate_details",
    "iteration_checks",
    "loading",
    "open_for_answers",
    "parse_answers",
    "parse_budget",
    "parse_cancel",
    "parse_correction",
    "parse_pick",
    "parse_start",
    "parse_successor",
    "parse_verdict",
    "parse_waiver",
    "pick_question_form",
    "problem_view",
    "start_form",
    "successor_form",
    "verdict_form",
    "waiver_form",
    "words_sent",
]
