"""Have a case designed by the rules in this process: what `rehearse` gives, without Slack, runner and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.design import Brief, Reply, Source
from bot.domain.inputs import TEXT
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.designers.rules.compose import compose
from bot.roles.backend_developer.renderers.migrations import create
from bot.roles.backend_developer.renderers.openapi import openapi_yaml
from bot.roles.backend_developer.understanding import read_here, sources_of
from tests.corpus.cases import AREAS, Case
from tests.corpus.delivered import Delivered, operations, tables
from tests.corpus.play import NotDesignedError
from tests.support import quick_yaml


def brief_of(case: Case) -> Brief:
    """What the designer gets of a case."""
    said: Mapping[str, Any] = case.answers
    texts = {f"opening_{n}": text for n, text in enumerate(said["opening"], 1)} | {area: said[area] for area in AREAS}
    sources = [_source(path, text) for path, text in case.documents.items()]
    return Brief(
        evaluation_id="e", role="backend-developer", title=str(case.idea.get("title", "")),
        description=str(case.idea.get("description", "")), iteration=1, goal="", sources=tuple(sources),
        replies=tuple(Reply(key=k, question=k, text=str(t), by="U1") for k, t in texts.items() if str(t).strip()),
    )  # fmt: skip


def _source(path: str, text: str) -> Source:
    try:
        body = json.loads(text) if path.endswith(".json") else {TEXT: text}
    except ValueError:
        body = {TEXT: text}
    return Source(path=path, sha256="0" * 64, body=body if isinstance(body, dict) else {"items": body})


def design_here(case: Case) -> Delivered:
    """Read, compose and render a case.

    Raises:
        NotDesignedError: No blueprint can be made of what was said.
    """
    brief = brief_of(case)
    known = read_here(sources_of(brief))
    try:
        blueprint = compose(known.understanding, known.facts, brief)
    except ValueError as refused:
        raise NotDesignedError(str(refused).splitlines()[0]) from refused
    return delivered_of(blueprint, openapi_yaml(blueprint).decode(), create(blueprint))


def delivered_of(blueprint: Blueprint, document: str, migration: str) -> Delivered:
    """What people get of a blueprint, by its document and its migration."""
    spec = quick_yaml.load(document)
    report = {
        "external_integrations": [{"service": i.service} for i in blueprint.integrations],
        "database_implementation": {"primary_database": blueprint.stack.database},
        "stack": blueprint.stack.model_dump(mode="json"),
    }
    schemes = list(spec.get("components", {}).get("securitySchemes", {}).values())
    return Delivered(tables(migration), dict(operations(spec)), schemes, report, spec["info"].get("description", ""))
