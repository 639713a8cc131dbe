"""No secret in any log line, answer or file that the bot leaves behind."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.agent.script import Body
from bot.app.operations.doctor import examine
from bot.app.operations.logs import Redactor, configure_logging, redact
from bot.app.settings import Settings
from bot.devtools.local_model import Fault, LocalModel, Reply
from bot.devtools.local_slack.records import Identity
from bot.domain.diagnostic import Severity
from tests.acceptance.modelled import asks_nothing, modelled
from tests.acceptance.stage import eventually
from tests.support.command_line import run_bot

SECRETS = [
    "xoxb-1234567890-abcdefGHIJ", "xoxe.xoxb-1-Mi0yLTk4NzY", "xoxp-99-88-77-abc", "xapp-1-A012-34-abcdef0123",
    "sk-ant-api03-AbC_dEf-123", "s3cr3t-pass",
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("token=xoxb-1-2-abc rest", "token=*** rest"),
        ("Authorization: Bearer abc.def-123456", "Authorization: Bearer ***"),
        ("postgresql://eipas:s3cr3t@db/eipas", "postgresql://***@db/eipas"),
        ("wss://x/link?ticket=abcd-ef&app_id=A1", "wss://x/link?ticket=***&app_id=A1"),
        ("the xbox and box-office, 5 v0=1", "the xbox and box-office, 5 v0=1"),
        ('{"key": "sk-ant-api03-AbC"}', '{"key": "***"}'),
    ],
)
def test_what_looks_like_a_secret_is_hidden(line: str, left: str) -> None:
    """Tokens, keys, bearers, passwords in addresses and tickets become ***; all other words stay."""
    assert redact(line) == left


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_log_line_holds_a_secret(form: Any) -> None:
    """In both forms, from both logging systems, in fields, messages, arguments and tracebacks."""
    program = (
        "import logging, sys, structlog\n"
        "from bot.app.operations.logs import configure_logging\n"
        f"configure_logging('debug', {form!r})\n"
        f"for secret in {SECRETS!r}:\n"
        "    said = f'postgresql://me:{secret}@db/x' if secret == 's3cr3t-pass' else secret\n"
        "    structlog.get_logger().info('call', token=said, deep={'headers': [said]})\n"
        "    logging.getLogger('slack').error('failed with %s', said)\n"
        "    try:\n        raise ValueError(said)\n"
        "    except ValueError:\n"
        "        structlog.get_logger().exception('broke')\n"
        "        logging.getLogger('slack').exception('broke')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.count("broke") == 2 * len(SECRETS)
    for secret in SECRETS:
        assert secret not in done.stderr + done.stdout


@contextmanager
def logged(level: str, form: Any, hide: Redactor) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile; the process logs as before afterwards."""
    root, engine = logging.getLogger(), logging.getLogger("dbos")
    before = root.handlers[:], engine.handlers[:], engine.propagate, sys.excepthook
    logs = structlog.get_config()
    # Never closed: a library may keep the stream that it finds.
    stream = io.StringIO()
    try:
        root.handlers = []
        with redirect_stderr(stream):
            configure_logging(level, form, hide)
            yield stream
    finally:
        logging.captureWarnings(False)
        structlog.configure(**logs)
        root.handlers, engine.handlers, engine.propagate, sys.excepthook = before


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=8, max_size=40), min_size=1, max_size=4))
def test_a_planted_secret_is_in_no_line(secrets: list[str]) -> None:
    """Whatever the settings' secrets look like, no line shows one: field, message, traceback or address."""
    for form in ("json", "console"):
        with logged("debug", form, Redactor(secrets)) as stream:
            for secret in secrets:
                structlog.get_logger().info("call", token=secret, deep={"headers": [secret]})
                logging.getLogger("slack").error("failed with %s", secret)
                logging.getLogger("dbos").error("failed at postgresql://%s@db/x", quote(secret, safe=""))
                try:
                    raise ValueError(f"{secret}!")
                except ValueError as error:
                    logging.getLogger("asyncio").exception("broke")
                    sys.excepthook(ValueError, error, error.__traceback__)
        said = stream.getvalue()
        assert said.count("broke") == len(secrets)
        if form == "json":
            lines = [json.loads(line) for line in said.splitlines()]
            said = "".join(str(value) for line in lines for value in _strings(line))
        # A secret that is part of what every line says anyway gives nothing away.
        usual = Redactor()("call failed with broke ValueError: slack asyncio dbos crashed Traceback headers")
        assert [secret for secret in secrets if secret in said and secret not in usual] == []


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *_strings(one))
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    else:
        yield str(value)


def planted(**changes: Any) -> Settings:
    """Settings with a secret in every place that can hold one; none looks like one."""
    given = {
        "slack_bot_token": "Plant-bot-0001", "slack_app_token": "Plant-app-0002", "slack_signing_secret": "Plant-sig-3",
        "oauth_client_secret": "Plant-oauth-4", "anthropic_api_key": "Plant-model-5", "encryption_keys": "Plant-key-6",
        "github_token": "Plant-git-9",
        "database_url": "postgresql://eipas:Plant%2Fdb-7@127.0.0.1:9/eipas",
    }  # fmt: skip
    return Settings(_env_file=None, **(given | changes))


PLANTS = re.compile(r"Plant(?:-|%2F|/)")


def test_every_place_for_a_secret_is_known() -> None:
    """All settings that are secret, and passwords in addresses, are among those that logs hide; nothing prints them."""
    settings = planted(model_base_url="http://me:Plant-base-8@127.0.0.1:9/")
    assert {secret for secret in settings.secrets if PLANTS.match(secret)} == set(settings.secrets)
    kinds = [name for name, info in Settings.model_fields.items() if "Secret" in str(info.annotation)]
    assert len(settings.secrets) == len(kinds) + 4, "each secret, and two passwords as written and as meant"
    shown = settings.model_copy(update={"database_url": "", "model_base_url": ""})
    assert not PLANTS.search(f"{shown!r} {shown} {shown.model_dump_json()}")


async def test_the_doctor_repeats_no_secret() -> None:
    """Where everything is broken, by settings full of secrets, no finding shows one."""
    async with LocalModel(lambda _body: Fault(status=401, type="authentication_error")) as model:
        here: dict[str, Any] = {"model_base_url": model.url}
        many = planted(mode="http", oauth_client_id="1.2", **here)
        odd = planted(database_url="mysql://eipas:Plant-db-7@127.0.0.1:9/eipas", **here)
        for settings in (planted(**here), many, odd):
            findings = await examine(settings, ("chat:write",), "http://127.0.0.1:9/api/")
            assert [f for f in findings if f.severity is Severity.ERROR], "it has something to say"
            assert not PLANTS.search("".join(f"{f.what} {f.detail} {f.mend}" for f in findings))


async def test_a_day_leaves_no_secret_behind(tmp_path: Path) -> None:
    """After a life with a refused token, lost calls, a model that refuses its key and says it, and an export, neither
    log, transcript, database, file nor call holds one."""
    keys = {"anthropic_api_key": "Plant-model-5", "oauth_client_secret": "Plant-oauth-4"}
    with logged("debug", "json", Redactor(planted().secrets)) as stream:
        identity, told = await _a_day(tmp_path, keys, stream)
    said = stream.getvalue()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left
    for secret in (identity.bot_token, identity.app_token, identity.signing_secret, *keys.values()):
        assert secret not in said + told
        assert [path.name for path in left if secret.encode() in path.read_bytes()] == []


async def _a_day(folder: Path, keys: Mapping[str, str], logs: io.StringIO) -> tuple[Identity, str]:
    def refuse(body: Body) -> Fault | Reply:
        return Fault(status=401, type="authentication_error", message=f"no such key: {keys['anthropic_api_key']}")

    async with modelled(folder, asks_nothing(refuse), log_level="debug", **keys) as (stage, _):
        thread = await stage.start("eva")
        await thread.answer_everything()
        await stage["eva"].trouble(do="fail", method="chat.update", kind="server_error")
        await thread.run("eva")

        async def refused() -> bool:
            return "slack_refused" in logs.getvalue()

        await eventually(refused)
        await stage["eva"].trouble(do="revoke")
        await stage.local.settle()
        await stage["eva"].trouble(do="restore")
        await stage["eva"].command("product-ideas", "/eipas", "status")
        await thread.quiet()
        assert "misconfigured" in str((await thread.dossier()).evaluation.failure)
        calls = [call.line() for call in stage.local.calls]
        return stage.local.core.identity, json.dumps([calls, list(stage["eva"].messages.values())])


def test_environment_is_not_printed(tmp_path: Path) -> None:
    """Settings that cannot be used are explained without their values."""
    environment = {
        **os.environ, "SLACK_BOT_TOKEN": SECRETS[0], "EIPAS_ENCRYPTION_KEYS": "not-a-key", "EIPAS_OPS_PORT": "x",
        "EIPAS_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    done = run_bot("doctor", cwd=tmp_path, env=environment)
    assert done.returncode == 1
    assert SECRETS[0] not in done.stdout + done.stderr
    assert "ops_port" in done.stderr
