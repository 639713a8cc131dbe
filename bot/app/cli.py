"""`eipas …`: start the bot, rehearse an evaluation, check on a running one, verify a result, back up."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app.audit_commands import audit
from bot.app.collecting import collect_nothing
from bot.app.console import load_settings, stderr, stdout
from bot.app.version import version
from bot.domain.diagnostic import Severity
from bot.domain.errors import EipasError, NotFound

if TYPE_CHECKING:
    from bot.domain.role import Role

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="EIPAS for Slack.")
app.add_typer(audit, name="audit")
HEARTBEAT = "alive"
_BEAT_S = 5.0
_STALE_S = 30.0


def _show_version(wanted: bool) -> None:
    if wanted:
        stdout.print(f"eipas {version()}", highlight=False)
        raise typer.Exit


@app.callback()
def _eipas(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """EIPAS for Slack."""


@app.command()
def run() -> None:
    """Start the bot: in your Slack workspace if its tokens are set, else in a local Slack on one page."""
    settings = load_settings()  # first: what is wrong with them is said before anything heavy is loaded
    collect_nothing()
    from bot.app.application import configure_logging, serve  # noqa: PLC0415 - `eipas healthy` must start in a blink

    configure_logging(settings)

    async def main() -> None:
        stop, ready = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        beat = asyncio.create_task(_beat(settings.data_dir, ready))
        try:
            await serve(settings, stop, ready, _greet)
        finally:
            beat.cancel()
            (settings.data_dir / HEARTBEAT).unlink(missing_ok=True)

    _run(main())


@app.command()
def rehearse(
    role: Annotated[str | None, typer.Option(help="Which role; needed where there is more than one.")] = None,
    workspace: Annotated[
        Path | None, typer.Option(help="Folder with the documents of earlier phases; else the role's sample.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="JSON: `opening`, one text per opening question, and one text per area.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the files go.")] = Path("build/rehearsal"),
    iterations: Annotated[int, typer.Option(min=1, max=5, help="How many iterations to play.")] = 2,
    reject: Annotated[str | None, typer.Option(help="The gate that gets a no in the first iteration.")] = None,
    designer: Annotated[
        str, typer.Option(help="`offline`, or `claude`: without a model configured a local Messages API plays it.")
    ] = "offline",
    evidence: Annotated[
        str | None, typer.Option(help="`all`, or `static`: what is rendered is not run; else as the settings say.")
    ] = None,
) -> None:
    """Play all people's parts of a whole evaluation over the local Slack, and leave its files in a folder."""
    from bot.app.application import configure_logging  # noqa: PLC0415 - as above
    from bot.app.rehearsal import Plan, read_answers, rehearse  # noqa: PLC0415
    from bot.roles.rehearsal import SAMPLE, load_rehearsal  # noqa: PLC0415

    if designer not in ("offline", "claude"):
        raise typer.BadParameter(f"{designer} is neither offline nor claude", param_hint="--designer")
    if evidence not in (None, "all", "static"):
        raise typer.BadParameter(f"{evidence} is neither all nor static", param_hint="--evidence")
    if out.exists() and not out.is_dir():
        raise typer.BadParameter(
            f"{out} is a file; name a folder for the files, as build/rehearsal", param_hint="--out"
        )
    roles, folders = _roles()
    chosen = _only(roles, role)
    folder = folders[chosen.name]
    rehearsal = load_rehearsal(chosen, folder)
    if reject is not None and reject not in rehearsal.rejections:
        raise typer.BadParameter(f"{reject} is none of {', '.join(rehearsal.rejections)}", param_hint="--reject")
    plan = Plan(
        role=chosen.name, rehearsal=rehearsal, workspace=workspace or folder / SAMPLE, out=out,
        answers=read_answers(answers, chosen) if answers else {}, iterations=iterations, reject=reject,
        designer=designer,
    )  # fmt: skip
    settings = load_settings()
    settings = settings.model_copy(update={"log_level": "warning", "evidence": evidence or settings.evidence})
    configure_logging(settings)

    async def main() -> None:
        began = time.monotonic()
        dossier = await rehearse(plan, settings, stdout)
        count = sum(1 for i in dossier.iterations if i.decided_at)
        stdout.print(f"[bold]Done:[/] {count} iterations in {time.monotonic() - began:.1f} s, files in {out}")

    _run(main())


def _only(roles: Mapping[str, Role], name: str | None) -> Role:
    """Return the role of that name; without a name the only one that there is."""
    if name is None and len(roles) == 1:
        return next(iter(roles.values()))
    if name is None:
        raise typer.BadParameter(f"there are {', '.join(roles)}; name one", param_hint="--role")
    if name not in roles:
        raise NotFound(what="role", name=name, hint=f"Roles: {', '.join(roles)}.")
    return roles[name]


@app.command()
def healthy() -> None:
    """Exit 0 if the bot of this data folder is alive: its loop wrote its sign of life within the last 30 s."""
    folder = Path(os.environ.get("EIPAS_DATA_DIR", "data"))
    try:
        age = time.time() - (folder / HEARTBEAT).stat().st_mtime
    except FileNotFoundError:
        stderr.print("not running")
        raise typer.Exit(1) from None
    if age > _STALE_S:
        stderr.print(f"no sign of life for {age:.0f} s")
        raise typer.Exit(1)
    stdout.print("alive")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="An iteration's bundle (zip or unpacked folder), or its JSON alone.")],
    key: Annotated[
        Path | None, typer.Option(help="Public key, or several, in PEM (`eipas key`); else this installation's own.")
    ] = None,
    rerun: Annotated[bool, typer.Option(help="Run every check of a bundle again.")] = False,
    log: Annotated[bool, typer.Option(help="Ask this installation's audit log whether it noted the bundle.")] = False,
) -> None:
    """Find what was changed in an iteration; exit 1 if anything was, or cannot be told, 2 if it cannot be read.

    Of a bundle: every file's digest and the signature; files, report and draft made again from the design and the
    checks' results; scores, gates, waivers and the audit log's chain. A lone JSON can only prove that it fits
    together, not who made it nor that its checks came to what it says: whoever knows how can write another one.
    """
    from bot.app.verifying import Verifier, Wish, shown  # noqa: PLC0415 - `eipas healthy` must start in a blink
    from bot.domain.inputs import InputRefused  # noqa: PLC0415 - as above
    from bot.evidence.bundle.archive import ArchiveRefused  # noqa: PLC0415 - as above
    from bot.evidence.bundle.verdict import across  # noqa: PLC0415 - as above

    try:
        verdict = Verifier(load_settings(), *_roles()).verify(Wish(path=path, key=key, rerun=rerun, log=log))
    except (ArchiveRefused, InputRefused) as error:
        stderr.print(shown(error, path), highlight=False, markup=False)
        raise typer.Exit(2) from error
    for line in verdict.held:
        stdout.print(f"✓ {line}", highlight=False, markup=False)
    for fault in verdict.faults:
        stderr.print(f"✗ {fault}", highlight=False, markup=False)
    for what in verdict.undecided:
        stderr.print(f"? {what}", highlight=False, markup=False)
    for note in verdict.notes:
        stdout.print(f"- {note}", highlight=False, markup=False)
    if verdict.faults:
        stderr.print(f"{path}: {len(verdict.faults)} things do not fit", highlight=False, markup=False)
    if verdict.undecided:
        stderr.print(f"{path}: {across(verdict)}", highlight=False, markup=False)
    if verdict.faults or verdict.undecided:
        raise typer.Exit(1)
    stdout.print(f"{path}: nothing was changed that this can see", highlight=False, markup=False)


@app.command()
def transcript(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="A run's or an evaluation's id, or its beginning.")],
    full: Annotated[bool, typer.Option("--full", help="Leave nothing out.")] = False,
) -> None:
    """Show the conversations that runs had with the model, and what each call cost; see docs/designer.md."""
    from bot.agent.conversation_text import call_lines, conversation_lines, visible  # noqa: PLC0415
    from storage.transcripts import transcripts  # noqa: PLC0415

    found = transcripts(load_settings().url, wanted)
    if not found:
        raise NotFound(what="run or evaluation", name=wanted, hint="The list command shows the evaluations there are.")
    for one in found:
        run = one.run
        model = run.model or f"{run.designer}, no model"
        head = f"Run {run.id} of “{one.title}”, iteration {run.iteration}, attempt {run.attempt}: {run.state} ({model})"
        said = conversation_lines(one.steps, full=full)
        for line in (visible(head), *said, *(["Calls:"] if one.calls else []), *call_lines(one.calls), ""):
            stdout.print(line, markup=False, highlight=False)


@app.command()
def doctor() -> None:
    """Look at tokens, scopes, channels, database, model and clock; exit 1 if something is broken."""
    from bot.app.application import read_manifest, scopes  # noqa: PLC0415
    from bot.app.operations.doctor import examine, shown  # noqa: PLC0415

    findings = asyncio.run(examine(load_settings(), scopes(read_manifest())))
    stdout.print(shown(findings))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(1)


@app.command()
def key(
    encryption: Annotated[bool, typer.Option("--encryption", help="Make a key for EIPAS_ENCRYPTION_KEYS.")] = False,
) -> None:
    """Show the public key that bundles of this installation are verified with; the first time, make the key."""
    if encryption:
        from cryptography.fernet import Fernet  # noqa: PLC0415

        stdout.print(Fernet.generate_key().decode(), highlight=False)
        return
    from bot.evidence.bundle.keys import key_id, public_pem, signing_key  # noqa: PLC0415

    settings = load_settings()
    public = signing_key(settings.key_file).public_key()
    stdout.print(public_pem(public).decode().strip(), highlight=False)
    stderr.print(f"id {key_id(public)}; the private key is {settings.key_file}", highlight=False)


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Copy the SQLite database while the bot runs."""
    from storage import backup as copy  # noqa: PLC0415

    copy(load_settings().url, target)
    stdout.print(f"written: {target}")


async def _beat(folder: Path, ready: asyncio.Event) -> None:
    await ready.wait()
    while True:
        (folder / HEARTBEAT).touch(mode=0o600)
        await asyncio.sleep(_BEAT_S)


def _greet(page: str) -> None:
    # The address is the one that is listened on: with port 0 the system has chosen it.
    if page:
        said = f"EIPAS is ready: open [bold]{page}[/] and type [bold]/eipas start[/]"
    else:
        said = "EIPAS is connected to your workspace. Type [bold]/eipas start[/] in a channel it is in."
    stderr.print(f"\n  {said}\n")


def _roles() -> tuple[Mapping[str, Role], Mapping[str, Path]]:
    """Return the roles and their folders, by the roles' names."""
    from bot.roles import load_roles, role_folders  # noqa: PLC0415 - `eipas healthy` must start in a blink

    beyond = load_settings().role_folders
    return load_roles(*beyond), role_folders(*beyond)


def _run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def main() -> None:
    """Run the command line; an error in the product's own words is printed as such, with exit code 1."""
    try:
        app()
    except EipasError as error:
        from bot.app.operations.logs import redact  # noqa: PLC0415 - only needed here

        stderr.print(f"[bold red]{redact(error.message)}[/]", highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
