"""What a design's own sentences take back of what it promises, and what they do not."""

from __future__ import annotations

from typing import Final

import pytest

from bot.domain.evidence import Outcome
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.areas.undone import Promise, undone
from bot.roles.backend_developer.checks.context import CheckContext
from tests.evidence.bench_helpers import SPECS, bench_of
from tests.evidence.samples import design
from tests.judge.bases import BASES
from tests.judge.bench import subject_of

_UNDOING: Final[tuple[tuple[Promise, str], ...]] = (
    ("access", "By the role that the client names in X-Role."),
    ("access", "The tenant is taken from the query."),
    ("access", "Roles are checked in the browser."),
    ("access", "Signatures are not checked."),
    ("access", "Row-level security is switched off for reports."),
    ("access", "Expired tokens still work for a day."),
    ("access", "Calls from within the network need no token."),
    ("access", "Der Aufrufer nennt seine Rolle im Header."),
    ("sign_in", "One key, which all partners share."),
    ("sign_in", "All staff share an account."),
    ("sign_in", "OAuth2 by the password grant."),
    ("sign_in", "Alle Mitarbeiter teilen sich ein Passwort."),
    ("separation", "Every GET is answered from the cache before the token is looked at."),
    ("separation", "Lists are cached under their URL for ten minutes."),
    ("separation", "One cache for all tenants."),
    ("secrecy", "Keys live in the repository."),
    ("secrecy", "Production data is copied to staging every night."),
    ("logs", "Each request and answer is logged in full."),
    ("logs", "Logs with tokens and bodies for support."),
    ("logs", "Passwords are logged on failure."),
)
_HARMLESS: Final = (
    "The role comes from the token; headers such as X-Role are ignored.",
    "X-Tenant-Id is set by the gateway from the verified token.",
    "Public reads are cached by URL for a minute.",
    "Answers are cached by URL and user for a minute.",
    "One key for each partner, kept as a hash.",
    "Logs with request ids, without bodies or tokens.",
    "Passwords are hashed and never logged.",
    "Validated in the browser and again on the server.",
    "Callers see rows of their own tenant only, held by row level security.",
    "Every signed-in caller alike: no roles were named.",
    "Webhooks are signed with a shared secret.",
)


def _said_in(sentence: str) -> CheckContext:
    plan = design()
    plan["services"]["communication"] = sentence
    return bench_of(plan=plan)


@pytest.mark.parametrize(("promise", "sentence"), _UNDOING)
def test_a_sentence_undoes_what_a_key_promises(promise: Promise, sentence: str) -> None:
    """Wherever it stands, a sentence that takes a promise back is told with its place."""
    assert any(line.startswith("services.communication") for line in undone(_said_in(sentence), promise))


@pytest.mark.parametrize("sentence", _HARMLESS)
def test_a_sentence_that_refuses_undoes_nothing(sentence: str) -> None:
    """What is refused, verified or open to everybody is no fault in any class."""
    bench = _said_in(sentence)
    promises: tuple[Promise, ...] = ("access", "sign_in", "separation", "secrecy", "logs")
    assert [line for promise in promises for line in undone(bench, promise)] == []


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("Keeps the calendar. Receptionists may read invoices as well.", Outcome.FAILED),
        ("Reads invoices.", Outcome.FAILED),
        ("Keeps the calendar. Receptionists must not read invoices.", Outcome.NOT_MEASURED),
        ("Keeps the calendar and reads appointments.", Outcome.NOT_MEASURED),
    ],
)
def test_words_are_held_against_what_was_denied(words: str, outcome: Outcome) -> None:
    """A role's description lets nobody do what people denied it."""
    base = next(one for one in BASES if one.name == "clinic")
    plan = base.design()
    next(role for role in plan["roles"] if role["name"] == "receptionist")["description"] = words
    bench = CheckContext(subject_of(plan, base.brief()), SharedServer())
    assert SPECS["security.authorization_denied"].run(bench).outcome is outcome
