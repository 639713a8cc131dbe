"""People's words and lists in every field of every stage: shown as text, within Slack's limits, cut between signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from bot.devtools.local_slack.blockkit import check_blocks, check_view
from bot.domain.evaluation import Dossier
from bot.domain.surface import Message
from handlers.views.home import home
from handlers.views.messages import inputs, listing, status
from handlers.views.modals import answers_form, cancel_form, correction_form, gate_details, iteration_checks
from handlers.views.modals.verdict import verdict_form
from handlers.views.text import clean
from handlers.views.thread import thread
from tests.handlers.views.hostile import Filling
from tests.handlers.views.payloads import check_message, check_modal, check_words, strings
from tests.handlers.views.test_sizes import weight
from tests.hostile.test_hostile import ROLE, cases, marks, markup_of

MOST_BYTES = 9_000
FULLEST = "second_iteration"
OTHERS = ("awaiting_go", "parked", "cancelled")
"""Between all of them every field has something in it."""


def staged(kind: str) -> list[Any]:
    """Each case in the stage with most fields, and in one of the others in turn: a text stands for its kind.

    In `make test` the first of the cases are tried in the others, each once.
    """
    return [
        pytest.param(
            case.values[0],
            stage,
            id=f"{case.id}-{stage}",
            marks=() if stage == FULLEST or number < len(OTHERS) else pytest.mark.thorough,
        )
        for number, case in enumerate(cases(kind))
        for stage in (FULLEST, OTHERS[number % len(OTHERS)])
    ]


def filled(stage: str, text: str, times: int = 1) -> Dossier:
    return Filling(stage, text, 1, times, 1).dossier()


def messages_of(dossier: Dossier) -> Iterator[Message]:
    yield from (item for item in thread(dossier, ROLE) if isinstance(item, Message))


def forms_of(dossier: Dossier) -> Iterator[dict[str, Any]]:
    yield answers_form(dossier)
    yield cancel_form(dossier)
    if dossier.recaps:
        yield correction_form(dossier)
    for gate in dossier.gates:
        yield gate_details(dossier, ROLE, gate)
        for option in ROLE.gate(gate.key).options:
            yield verdict_form(dossier, ROLE, gate, option.key)
    for iteration in dossier.iterations:
        if iteration.result is not None:
            yield iteration_checks(dossier, iteration)


def replies_of(dossier: Dossier) -> Iterator[dict[str, Any]]:
    yield dict(status(dossier, ROLE))
    yield dict(inputs(dossier, ROLE))
    yield dict(listing([dossier.evaluation] * 30, {ROLE.name: ROLE}))


def home_of(dossier: Dossier) -> dict[str, Any]:
    beside = [(gate, dossier.evaluation) for gate in dossier.gates]
    return dict(home("U0EVAROSS1", beside, [dossier.evaluation] * 30, beside, {ROLE.name: ROLE}))


def everything(dossier: Dossier) -> list[Any]:
    blocks = [list(message.blocks) for message in messages_of(dossier)]
    return [*blocks, *forms_of(dossier), *replies_of(dossier), home_of(dossier)]


def drawn(stage: str, text: str) -> Counter[str]:
    return sum((marks(words) for words in markup_of(everything(filled(stage, text)))), Counter())


@pytest.mark.parametrize(("case", "stage"), staged("words"))
def test_words_in_every_field_are_words(case: dict[str, str], stage: str) -> None:
    """Cards, forms, the Home tab and answers to commands have the marks that they have with letters in their place."""
    letters = re.sub(r"\S", "x", clean(case["text"]))
    assert drawn(stage, case["text"]) == drawn(stage, letters)


def text_of(case: dict[str, Any]) -> str:
    around = case.get("around", "")
    return f"{around}{case['fill'] * case['times']}{around}"


@pytest.mark.parametrize(("case", "stage"), staged("sizes"))
def test_no_size_breaks_a_limit_of_slacks(case: dict[str, Any], stage: str) -> None:
    """Each message, form, tab and answer is one that Slack takes, and no sign is cut in the middle."""
    dossier = filled(stage, text_of(case), case.get("many", 1))
    for message in messages_of(dossier):
        check_message(message)
        assert weight(message.blocks) < MOST_BYTES, message.key
    for form in forms_of(dossier):
        check_modal(form)
    for reply in replies_of(dossier):
        check_blocks(reply["blocks"])
        check_words([reply["text"], *reply["blocks"]])
    tab = home_of(dossier)
    check_view(tab, surface="home")
    for words, is_markup in strings([everything(dossier)]):
        assert_whole(words)
        assert not (is_markup and _HALF_ENTITY.search(words)), words[-80:]


_HALF = re.compile("\u200d…")
_HALF_ENTITY = re.compile("&[a-z]{0,4}…")


def assert_whole(words: str) -> None:
    """What stands before a cut is whole: no joiner, half flag or half entity, no letter without its accent."""
    assert not _HALF.search(words), words[-80:]
    for cut in re.finditer("…", words):
        head = words[: cut.start()]
        flags = re.search("[\U0001f1e6-\U0001f1ff]*$", head)
        assert flags is not None and len(flags[0]) % 2 == 0, "half a flag"
        # Where the bot's own words or signs stand before the cut, nothing of people's was cut there.
        assert not head.rstrip().endswith("\u0301e"), "a letter without its accent"
        if "\U0001f44d\U0001f3fd" in head:
            assert not head.rstrip().endswith("\U0001f44d"), "a hand without its colour"
        family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
        last = re.search("[\U0001f466-\U0001f469\u200d]*$", head.rstrip())
        if family in head:
            assert last is not None and not last[0].replace(family, ""), f"half a family {head[-9:]!r}"
