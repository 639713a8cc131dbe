"""Designers that do not design: none reaches the threshold, and the review says which statements it left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from rich.console import Console

from bot.agent.documents import STATEMENTS
from bot.agent.script import Body, Fault, Reply, end, titles, turn_of
from bot.app.rehearsal import Plan, RehearsalFailed, rehearse
from bot.app.settings import Settings
from bot.devtools.local_model import LocalModel
from bot.domain.basis import basis, shortfalls
from bot.domain.evaluation import Dossier
from bot.domain.evidence import Artefact
from bot.reading.names import name_key
from bot.roles.backend_developer.report.coverage_table import coverage_rows
from handlers.views.thread import thread
from tests.agents.accounted import shown
from tests.agents.sample_brief import FOLDER, rehearsal, role
from tests.agents.samples import proposal, review
from tests.artefacts.blueprints import AUTH, SERVICES

BASE: dict[str, Any] = {
    "title": "Backend", "summary": "A backend.", "auth": AUTH, "services": SERVICES,
    "stack": {"language": "Python 3.12", "framework": "FastAPI", "database": "PostgreSQL 17"},
    "roles": [{"name": "user", "description": "Uses it."}],
}  # fmt: skip


def crud(names: dict[str, list[dict[str, Any]]], cites: tuple[str, ...] = ()) -> dict[str, Any]:
    """A sound design of these entities, each with the usual five operations; entities cite what is given."""
    entities, operations = [], []
    for number, (name, fields) in enumerate(names.items()):
        plural = f"{name.lower()}_list"
        some = list(cites[number * 60 : (number + 1) * 60])
        entities.append({"name": name, "plural": plural, "fields": fields, "cites": some})
        kinds = (("list", "GET", ""), ("create", "POST", ""), ("read", "GET", "/{id}"), ("update", "PATCH", "/{id}"),
                 ("delete", "DELETE", "/{id}"))  # fmt: skip
        operations += [
            {"id": f"{kind}_{plural}", "method": method, "path": f"/{plural}{tail}", "summary": f"{kind} {name}",
             "kind": kind, "entity": name, "roles": ["user"], "paginated": kind == "list",
             "idempotent": kind == "create"}
            for kind, method, tail in kinds
        ]  # fmt: skip
    return {**BASE, "entities": entities, "operations": operations}


def item(_: Body) -> dict[str, Any]:
    return crud({"Item": [{"name": "name", "type": "string"}]})


def zoo(_: Body) -> dict[str, Any]:
    text = {"name": "name", "type": "string"}
    return crud(
        {name: [text, {"name": "born_on", "type": "date"}] for name in ("Lion", "Cage", "Warden", "Feed", "Tour")}
    )


def names_only(body: Body) -> dict[str, Any]:
    """The right names, nothing in them, and a claim to do every single statement."""
    lines = [json.loads(line) for line in shown(body, STATEMENTS).splitlines()[1:]]
    facts = [fact for line in lines for fact in line.get("facts", ())]
    names = [fact["name"] for fact in facts if fact["fact"] == "entity" and fact["name"].isidentifier()]
    once = {name_key(name): name for name in names}.values()
    return crud({name: [] for name in once}, tuple(line["id"] for line in lines))


def playing(design: Callable[[Body], dict[str, Any]]) -> Callable[[Body], Reply]:
    claims = review(strengths=["All is done.", "All is safe.", "All is fast."], recommendation="Ready: all is done.")

    def answer(body: Body) -> Reply:
        if not body.get("tools"):
            kind = (
                "readings"
                if "eipas:unread" in titles(body)
                else "remarks"
                if "eipas:proposal" in titles(body)
                else "questions"
            )
            return end({kind: []})
        return end(claims) if turn_of(body) else proposal(design(body))

    return answer


async def played(folder: Path, answer: Callable[[Body], Reply | Fault]) -> Dossier:
    plan = Plan(
        role=role().name, rehearsal=rehearsal(), workspace=FOLDER / "sample_workspace", out=folder / "out",
        iterations=1, designer="claude",
    )  # fmt: skip
    async with LocalModel(answer) as model:
        given = {"model_base_url": model.url, "anthropic_api_key": SecretStr("local"), "log_level": "warning"}
        settings = Settings(_env_file=None).model_copy(update=given)  # type: ignore[call-arg]
        return await rehearse(plan, settings, Console(quiet=True))


@pytest.mark.parametrize(
    "design",
    [pytest.param(item, marks=pytest.mark.thorough), pytest.param(zoo, marks=pytest.mark.thorough), names_only],
    ids=lambda design: design.__name__,
)
async def test_it_does_not_reach_the_threshold(tmp_path: Path, design: Callable[[Body], dict[str, Any]]) -> None:
    """Played whole by the rehearsal, as `eipas rehearse --designer claude` does."""
    dossier = await played(tmp_path, playing(design))
    result = dossier.iterations[0].result
    assert result is not None
    overall = result.scorecard.overall
    assert overall is None or overall < 50 < role().threshold_score
    found = basis(result.checks)
    assert found.done * 2 < found.statements and "Ready" not in result.narrative.recommendation.split()[0]
    said = json.dumps([getattr(one, "blocks", "") for one in thread(dossier, role())], ensure_ascii=False)
    worst = [one for one in shortfalls(result.checks) if one.is_statement]
    assert worst and any(" ".join(one.title.split())[:40] in said for one in worst)
    rows = coverage_rows(
        [Artefact(name="coverage.csv", media_type="text/csv", content=(tmp_path / "out" / "coverage.csv").read_bytes())]
    )
    left = [row for row in rows if row.standing == "not_realised"]
    assert len(left) * 2 > sum(row.standing in ("realised", "not_realised") for row in rows), "citing is not doing"
    assert all(row.reason for row in left)


async def test_a_run_that_has_to_wait_long_ends_the_rehearsal_with_the_time(tmp_path: Path) -> None:
    """Nobody sits through a rehearsal without being told until when it pauses, and why."""
    limited = Fault(status=429, type="rate_limit_error", retry_after="7200")
    with pytest.raises(RehearsalFailed, match=r"pauses until 20\d\d-\d\d-\d\d \d\d:\d\d UTC.*rate limit"):
        await played(tmp_path, lambda body: limited if body.get("tools") else playing(item)(body))
    assert "looks again by itself at" in (tmp_path / "out" / "transcript.md").read_text("utf-8")
