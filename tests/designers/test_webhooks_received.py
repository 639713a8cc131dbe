"""What other services send is taken from whoever signs it."""

from __future__ import annotations

from bot.domain.evidence import Outcome
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.areas.security import objects_guarded
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.subject import Subject
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.renderers.render import render
from bot.roles.backend_developer.understanding import read_here, sources_of
from tests.designers.samples import brief

SAID = {
    "database_schema": "A kiln has a name.",
    "integration_needs": "The till systems send us their orders by webhook.",
    "security_controls": "Roles: potter, clerk. Sign-in by OIDC.",
}


def test_who_sends_is_no_object_that_anybody_reaches(server: SharedServer) -> None:
    """The path of a received webhook names its sender; a call of people's on any object is still named."""
    given = brief(SAID, {})
    found = read_here(sources_of(given))
    plan = compose(found.understanding, found.facts, given)
    hook = next(op for op in plan.operations if op.path == "/webhooks/{service}")
    assert hook.signed
    right = CheckContext(Subject(artefacts=render(plan, None), blueprint=plan, brief=given), server)
    assert objects_guarded(right).outcome is Outcome.HELD
    unsigned = tuple(op.model_copy(update={"signed": False}) if op is hook else op for op in plan.operations)
    wide = plan.model_copy(update={"operations": unsigned})
    wrong = CheckContext(Subject(artefacts=render(wide, None), blueprint=wide, brief=given), server)
    assert objects_guarded(wrong).findings
