"""Short ways to put one artefact before one check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.design import Brief
from bot.domain.evidence import Artefact
from bot.evidence.checks import CheckSpec
from bot.evidence.sharing import SharedServer
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import Document
from bot.roles.backend_developer.checks.registry import CHECKS
from tests.evidence.samples import design, subject
from tests.support import quick_yaml

SPECS: dict[str, CheckSpec] = {spec.key: spec for spec in CHECKS}


def file(name: str, content: str) -> Artefact:
    """An artefact of text."""
    return Artefact(name=name, media_type="text/plain", content=content.encode())


def rendered_document() -> dict[str, Any]:
    """The sample's document as plain values, to be spoilt."""
    content = next(a.content for a in subject().artefacts if a.name == "openapi.yaml")
    return dict(Document(content).root)


def bench_of(
    *,
    spoil: Callable[[dict[str, Any]], object] | None = None,
    plan: dict[str, Any] | None = None,
    asked: Brief | None = None,
    files: tuple[Artefact, ...] = (),
    server: SharedServer | None = None,
) -> CheckContext:
    """The sample on the bench, with a spoilt document, another plan, or files of one's own."""
    if spoil is not None:
        document = rendered_document()
        spoil(document)
        files = (*files, file("openapi.yaml", quick_yaml.dump(document)))
    return CheckContext(subject(plan or design(), asked=asked, replaced=files), server or SharedServer())


def sql_bench(
    server: SharedServer,
    up: str,
    *,
    down: str = "SELECT 1",
    later: str = "",
    document: str = "",
    plan: dict[str, Any] | None = None,
) -> CheckContext:
    """Hand-made migrations on the bench; without a document no list is measured, which is quick."""
    files = [file("migrations/0001_initial.sql", up), file("migrations/0001_initial.down.sql", down)]
    if later:
        files += [file("migrations/0002_changes.sql", later), file("migrations/0002_changes.down.sql", "SELECT 1")]
    return bench_of(files=(*files, file("openapi.yaml", document or "openapi: 3.1.0\n")), plan=plan, server=server)
