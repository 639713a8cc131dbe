"""A rendered service in the team's repository: what they commit is merged, iteration by iteration."""

from __future__ import annotations

from bot.app.github import GitHub
from bot.domain.evidence import Deliverables
from bot.roles.backend_developer.deliverables import service_of
from bot.services.code_host import Change
from tests.service.test_handing_over import lamps
from tests.support.local_github import LocalGitHub

PLACE = "lamps/"


def change(made: Deliverables, number: int) -> Change:
    message = f"Iteration {number}\n\n{made.facts}"
    return Change(line="lamps", title="Lamps", message=message, files=made.tree, removed=made.removed)


async def test_three_iterations_and_what_the_team_commits_between_them() -> None:
    """Each iteration is one commit over the team's own, their edits hold, and dropped modules leave the branch."""
    async with LocalGitHub() as hub:
        host = GitHub("team/idea", "secret", api=hub.url, folder="{idea}", prefix="eipas/")
        try:
            await host.push(change(service_of(lamps("colour", more=("Shade",)), 1), 1))
            readme = hub.files("eipas/lamps")[f"{PLACE}README.md"]
            edited = {f"{PLACE}README.md": readme.replace(b"# Plain", b"# Plain, ours"), f"{PLACE}own.py": b"X = 1\n"}
            hub.refs["eipas/lamps"] = hub.commit(edited, (hub.refs["eipas/lamps"],), "Ours")
            second = service_of(lamps("colour", "watts", more=("Shade",)), 2, repository=await host.read("lamps"))
            await host.push(change(second, 2))
            hub.merge(1)
            third = service_of(lamps("colour", "watts"), 3, repository=await host.read("lamps"))
            await host.push(change(third, 3))
        finally:
            await host.close()
        files = hub.files("eipas/lamps")
        assert files[f"{PLACE}README.md"].startswith(b"# Plain, ours") and files[f"{PLACE}own.py"] == b"X = 1\n"
        assert f"{PLACE}migrations/0002_changes.sql" in files
        assert not [path for path in files if "shade" in path]
        assert hub.history("eipas/lamps") == ["Iteration 3", "Iteration 2", "Ours", "Iteration 1", "By hand"]
