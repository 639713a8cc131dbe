"""No secret in any log line, answer or file that the bot leaves behind."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.local_slack.records import Identity
from bot.operations.logs import configure_logging, redact
from tests.acceptance.stage import Stage, eventually

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
        "from bot.operations.logs import configure_logging\n"
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


async def test_a_day_leaves_no_secret_behind(tmp_path: Path) -> None:
    """After a life with a refused token, lost calls and an export, neither log, database, file nor call holds one."""
    handlers, logs = logging.getLogger().handlers[:], structlog.get_config()
    # Never closed: the engine's library keeps the stream that it finds at its first start.
    logged = io.StringIO()
    try:
        with redirect_stderr(logged):
            identity, told = await _a_day(tmp_path, logged)
    finally:
        structlog.configure(**logs)
        logging.getLogger().handlers[:] = handlers
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left
    for secret in (identity.bot_token, identity.app_token, identity.signing_secret):
        assert secret not in logged.getvalue() + told
        assert [path.name for path in left if secret.encode() in path.read_bytes()] == []


async def _a_day(folder: Path, logged: io.StringIO) -> tuple[Identity, str]:
    async with Stage(folder, log_level="debug") as stage:
        configure_logging("debug", "json")
        thread = await stage.start("eva")
        await thread.answer_everything()
        await stage["eva"].trouble(do="fail", method="chat.update", kind="server_error")
        await thread.vote("eva", "go", "reject", comment="Not yet")

        async def refused() -> bool:
            return "slack_refused" in logged.getvalue()

        await eventually(refused)
        await stage["eva"].trouble(do="revoke")
        await stage.local.settle()
        await stage["eva"].trouble(do="restore")
        await stage["eva"].command("product-ideas", "/eipas", "status")
        calls = [call.line() for call in stage.local.calls]
        return stage.local.core.identity, json.dumps([calls, list(stage["eva"].messages.values())])


def test_environment_is_not_printed(tmp_path: Path) -> None:
    """Settings that cannot be used are explained without their values."""
    environment = {
        **os.environ, "SLACK_BOT_TOKEN": SECRETS[0], "EIPAS_ENCRYPTION_KEYS": "not-a-key", "EIPAS_OPS_PORT": "x",
        "EIPAS_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 1
    assert SECRETS[0] not in done.stdout + done.stderr
    assert "ops_port" in done.stderr
