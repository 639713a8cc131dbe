"""The service in a repository: a branch that only grows, a commit per iteration, one open pull request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.app.github import GitHub
from bot.domain.evidence import Deliverables
from bot.services.code_host import Change, CodeHostFailed
from bot.services.repository import Repository, line_of
from tests.support.local_github import LocalGitHub
from tests.support.services import World


@pytest.fixture
async def hub() -> AsyncIterator[LocalGitHub]:
    async with LocalGitHub() as server:
        yield server


@pytest.fixture
async def host(hub: LocalGitHub) -> AsyncIterator[GitHub]:
    made = GitHub("team/idea", "secret", api=hub.url, folder="services/{idea}", prefix="eipas/")
    yield made
    await made.close()


def change(number: int, files: dict[str, bytes], removed: tuple[str, ...] = ()) -> Change:
    message = f"Iteration {number}\n\nWhat it is about."
    return Change(line="lamps", title=f"Lamps: iteration {number}", message=message, files=files, removed=removed)


async def test_the_first_iteration_makes_a_branch_and_a_pull_request(hub: LocalGitHub, host: GitHub) -> None:
    """Files land below the idea's folder on a branch from the main one; what else is there stays."""
    assert await host.read("lamps") == {}
    pushed = await host.push(change(1, {"a.py": b"1\n", "x.zip": b"PK\xff\x00"}))
    assert hub.files("eipas/lamps") == {
        "README.md": b"# Idea\n", "services/lamps/a.py": b"1\n", "services/lamps/x.zip": b"PK\xff\x00",
    }  # fmt: skip
    assert pushed.commit == hub.refs["eipas/lamps"] and pushed.pull_request.endswith("/pull/1")
    assert hub.pulls[0]["base"] == "main" and hub.pulls[0]["body"] == "What it is about."
    assert await host.read("lamps") == {"a.py": b"1\n", "x.zip": b"PK\xff\x00"}


async def test_each_iteration_is_one_commit_on_the_same_pull_request(hub: LocalGitHub, host: GitHub) -> None:
    """The second iteration adds one commit and renews the title; a file that is rendered no more is deleted."""
    await host.push(change(1, {"a.py": b"1\n", "b.py": b"2\n"}))
    await host.push(change(2, {"a.py": b"3\n"}, removed=("b.py", "never there")))
    assert hub.history("eipas/lamps") == ["Iteration 2", "Iteration 1", "By hand"]
    assert await host.read("lamps") == {"a.py": b"3\n"}
    assert [pull["title"] for pull in hub.pulls] == ["Lamps: iteration 2"]


async def test_the_same_change_again_makes_no_second_commit(hub: LocalGitHub, host: GitHub) -> None:
    """A run that was taken up again after a crash finds its commit there."""
    first = await host.push(change(1, {"a.py": b"1\n"}))
    assert await host.push(change(1, {"a.py": b"1\n"})) == first
    assert len(hub.pulls) == 1


async def test_what_the_team_commits_is_read_and_kept(hub: LocalGitHub, host: GitHub) -> None:
    """The next iteration begins at the team's commit on the branch and touches only what it brings."""
    await host.push(change(1, {"a.py": b"1\n"}))
    hub.refs["eipas/lamps"] = hub.commit({"services/lamps/own.py": b"own\n"}, (hub.refs["eipas/lamps"],), "Ours")
    assert (await host.read("lamps"))["own.py"] == b"own\n"
    await host.push(change(2, {"a.py": b"2\n"}))
    assert hub.history("eipas/lamps") == ["Iteration 2", "Ours", "Iteration 1", "By hand"]
    assert hub.files("eipas/lamps")["services/lamps/own.py"] == b"own\n"


@pytest.mark.parametrize("squash", [False, True], ids=["merged", "squashed"])
async def test_after_the_merge_the_next_iteration_begins_at_the_main_branch(
    hub: LocalGitHub, host: GitHub, squash: bool
) -> None:
    """The branch grows by a merge commit, nothing is forced, and a new pull request is opened."""
    await host.push(change(1, {"a.py": b"1\n"}))
    hub.merge(1, squash=squash)
    hub.refs["main"] = hub.commit({"services/lamps/a.py": b"edited\n"}, (hub.refs["main"],), "Ours")
    assert await host.read("lamps") == {"a.py": b"edited\n"}
    await host.push(change(2, {"b.py": b"2\n"}))
    assert await host.read("lamps") == {"a.py": b"edited\n", "b.py": b"2\n"}
    assert [pull["state"] for pull in hub.pulls] == ["closed", "open"] and hub.forced == 0


async def test_what_passes_is_tried_again_and_the_rest_is_said_in_words(hub: LocalGitHub, host: GitHub) -> None:
    """A gateway's hiccup costs nothing; a wrong token is named with GitHub's own words and not with the token."""
    hub.failing = [502]
    assert await host.read("lamps") == {}
    wrong = GitHub("team/idea", "hunter2", api=hub.url, folder="", prefix="eipas/")
    try:
        with pytest.raises(CodeHostFailed) as failed:
            await wrong.read("lamps")
    finally:
        await wrong.close()
    assert "401 Bad credentials" in str(failed.value) and "hunter2" not in str(failed.value)


async def test_a_host_that_is_not_there_is_said(hub: LocalGitHub) -> None:
    """Nobody waits for ever, and no exception of a library reaches a run."""
    gone = GitHub("team/idea", "secret", api="http://127.0.0.1:9", folder="", prefix="eipas/", call_s=1)
    try:
        with pytest.raises(CodeHostFailed):
            await gone.read("lamps")
    finally:
        await gone.close()


async def reviewed(world: World, host: GitHub) -> dict[str, str]:
    """Run an evaluation to its review with a repository; return the facts of its result."""

    async def handed(*_given: object) -> Deliverables:
        return Deliverables(tree={"a.py": b"1\n"}, facts=(("Service", "1 file"),))

    world.kit.deliverables = handed  # type: ignore[method-assign]
    world.services.runs._driver._repository = Repository(host)
    evaluation = await world.to_review(title="Lamps @channel")
    result = (await world.dossier(evaluation)).current.result
    assert result is not None
    return {**dict(result.highlights.facts), "line": line_of(evaluation)}


async def test_a_finished_run_is_committed_and_its_review_says_where(
    hub: LocalGitHub, host: GitHub, world: World
) -> None:
    """The review names commit, branch and pull request, which says what was handed over and mentions nobody."""
    facts = await reviewed(world, host)
    branch = f"eipas/{facts['line']}"
    sha = hub.refs[branch]
    assert facts["Repository"] == f"commit {sha[:12]} on {branch}, https://github.example/team/idea/pull/1"
    assert hub.files(branch)[f"services/{facts['line']}/a.py"] == b"1\n"
    assert hub.pulls[0]["title"] == "Lamps channel: iteration 1" and "Service: 1 file" in hub.pulls[0]["body"]


async def test_a_repository_that_fails_fails_no_run(hub: LocalGitHub, host: GitHub, world: World) -> None:
    """The result stands, nothing was committed over files that could not be read, and the review says why."""
    hub.failing = [500]
    facts = await reviewed(world, host)
    assert facts["Repository"].startswith("nothing was committed. The repository team/idea could not be reached")
    assert list(hub.refs) == ["main"]
