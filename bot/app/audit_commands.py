"""`eipas audit …`: whether the log of who did what is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.app.console import load_settings, stderr, stdout
from bot.domain.errors import ConfigurationError, NotFound

audit = typer.Typer(no_args_is_help=True, help="The audit log.")


@audit.callback()
def _audit() -> None:
    """The audit log: who did what, when, chained by hashes."""


@audit.command("verify")
def audit_verify(
    evaluation: Annotated[str, typer.Argument(help="An evaluation's id or its beginning.")] = "",
    noted: Annotated[
        Path | None, typer.Option(help="What `eipas audit note` wrote: all of it must still hold.")
    ] = None,
) -> None:
    """Check one evaluation's log, or all: exit 1 if an entry was changed, removed, put in, or cut off the end."""
    from storage.audit_verification import chains  # noqa: PLC0415

    found = list(chains(load_settings().url, evaluation, _noted(noted) if noted else None))
    for chain in found:
        if chain.broken_at is None:
            stdout.print(f"{chain.evaluation_id}: {chain.length} entries hold, the last is {chain.last_hash or 'none'}")
        elif chain.broken_at > chain.length:
            stderr.print(f"✗ {chain.evaluation_id}: entry {chain.broken_at} is gone, and all after it")
        else:
            stderr.print(f"✗ {chain.evaluation_id}: entry {chain.broken_at} is not what was written")
    if evaluation and not found:
        raise NotFound(what="evaluation", name=evaluation, hint="The list command shows those there are.")
    if any(chain.broken_at is not None for chain in found):
        raise typer.Exit(1)


@audit.command("note")
def audit_note(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write down where every log ends; kept elsewhere, it shows a log that was written anew from its first entry."""
    from storage.audit_verification import chains  # noqa: PLC0415

    found = list(chains(load_settings().url))
    if broken := [chain.evaluation_id for chain in found if chain.broken_at is not None]:
        raise ConfigurationError(
            problem=f"the log of {', '.join(broken)} does not hold", mend="Run `eipas audit verify`"
        )
    ends = {chain.evaluation_id: [chain.length, chain.last_hash] for chain in found}
    target.write_text(json.dumps(ends, indent=1) + "\n", encoding="utf-8")
    stdout.print(f"written: {target}")


def _noted(file: Path) -> dict[str, tuple[int, str]]:
    try:
        loaded = json.loads(file.read_bytes())
        return {str(name): (int(length), str(last)) for name, (length, last) in loaded.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            problem=f"{file} is no note of audit logs", mend="`eipas audit note` writes one"
        ) from error
