"""The product behind a Request URL, over a local Slack that calls it there."""

from __future__ import annotations

from pathlib import Path

from bot.app.application import read_manifest
from bot.devtools.local_slack import LocalSlack, Timing
from tests.acceptance.stage import Stage
from tests.support.ports import free_port


def over_http(folder: Path, **settings: object) -> Stage:
    """A stage whose Slack calls the product, at an address known beforehand."""
    port = free_port()
    stage = Stage(folder, mode="http", http_port=port, **({"ops_port": free_port()} | settings))
    stage.local = LocalSlack(
        manifest=read_manifest(), timing=Timing().scaled(0.001), request_url=f"http://127.0.0.1:{port}/slack/events"
    )
    return stage


def url(stage: Stage) -> str:
    """Where Slack reaches the product."""
    assert stage.app.transport.web is not None
    return stage.app.transport.web.url
