"""Starting, cancelling and finding evaluations."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.errors import NotFound, ReasonRequired, TitleMissing, TooLong, UnknownWorkspace
from bot.domain.evaluation import FIELD_LIMIT, Cancellation, ContextReview, Evaluation, Iteration, Question, Upload
from bot.domain.gate import GateEvent, GateState
from bot.domain.inputs import Input, Scan
from bot.domain.lifecycle import Event, State
from bot.domain.role import Role
from bot.reading.inputs import contradictions, idea_of, missing, objectives, scan, typed_idea
from bot.services.common import Actor, ServiceContext, audit, close_gate, evaluation_of, move, must_own, new_id
from bot.services.inquiries import inquire
from bot.services.ports import Tx, Work
from bot.services.questions import ask_next
from bot.services.run_fencing import Tasks, stop_live

REASON_LIMIT = 600
TITLE_LIMIT = 150
"""Characters of a title: a Slack header block holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartForm:
    """What the start form says.

    `workspace` names a folder under one of the allowed roots; `uploads` are Slack files to fetch: id, name, bytes.
    """

    role: str
    title: str
    channel: str
    description: str = ""
    stakeholder_channel: str | None = None
    approvers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: int = 1
    workspace: str = ""
    uploads: tuple[tuple[str, str, int], ...] = ()
    guests: bool = False


class EvaluationService:
    """The beginning and the end of evaluations."""

    def __init__(self, context: ServiceContext, tasks: Tasks) -> None:
        self._context, self._tasks = context, tasks

    async def start(self, actor: Actor, form: StartForm) -> Evaluation:
        """Create an evaluation with its inputs and put the first question.

        Raises:
            TitleMissing, UnknownWorkspace: no title and no idea to take one from, or no such folder.
            NotFound: there is no such role.
            TooLong: the title is longer than a header holds, or the description than an input of a form.
        """
        role = self._context.roles.get(form.role)
        if role is None:
            raise NotFound(what="role", name=form.role, hint=f"There are: {', '.join(sorted(self._context.roles))}.")
        folder, found = await asyncio.to_thread(self._scan, actor.team, form.workspace, role)
        return await self._context.db.transaction(
            lambda tx: self._start(tx, actor, form, role, folder, found), delivery=actor.delivery
        )

    async def cancel(self, actor: Actor, evaluation_id: str, reason: str) -> Evaluation:
        """End an evaluation before it is done; its thread and files stay, and it can be reopened.

        Raises:
            NotAllowed: it is not the actor's to end, see `Policy.approvers_cancel`.
            ReasonRequired: nobody could tell afterwards why.
        """
        cancelled, stopped = await self._context.db.transaction(
            lambda tx: self._cancel(tx, actor, evaluation_id, reason), delivery=actor.delivery
        )
        self._tasks.interrupt(stopped)
        return cancelled

    def _scan(self, team: str, workspace: str, role: Role) -> tuple[Path | None, Scan]:
        folder = self.folder(team, workspace)
        return folder, scan(folder, role) if folder else Scan(read=(), refused=(), missing=missing((), role))

    def folder(self, team: str, name: str) -> Path | None:
        """Resolve a workspace's name under the team's roots, None for no name. UnknownWorkspace says what there is.

        Composed and decomposed letters are one name: people cannot see which of them their keyboard sends.
        """
        wanted = unicodedata.normalize("NFC", name.strip())
        if not wanted:
            return None
        # A file system refuses NUL with a ValueError; here it is a name like any other that is not there.
        for root in self._context.roots(team) if "\0" not in wanted else ():
            path = _under(root, wanted)
            if path is not None:
                return path
        names = ", ".join(f"“{known}”" for known in self.workspaces(team))
        raise UnknownWorkspace(name=wanted[:80], known=f"There are: {names}." if names else "There are none yet.")

    def workspaces(self, team: str) -> tuple[str, ...]:
        """Names of the folders a form may offer: the roots' subfolders, "." for a root that is itself a workspace."""
        names: list[str] = []
        for root in self._context.roots(team):
            if _is_workspace(root):
                names.append(".")
            names += sorted(unicodedata.normalize("NFC", name) for name in _folders(root))
        return tuple(dict.fromkeys(names))

    def _start(self, tx: Tx, actor: Actor, form: StartForm, role: Role, folder: Path | None, found: Scan) -> Evaluation:
        title, description, inputs = self._idea(form, role, found.read)
        evaluation_id = new_id("ev")
        workspace = str(folder or self._context.workspaces / evaluation_id)
        number = max(found.highest_iteration, tx.evaluations.highest_iteration(workspace, role.name)) + 1
        evaluation = Evaluation(
            id=evaluation_id, team=actor.team, role=role.name, title=title, description=description, owner=actor.user,
            channel=form.channel, state=State.COLLECTING, version=1, iteration=number, needed=max(1, form.needed),
            created_at=tx.now, updated_at=tx.now,
            approvers={key: tuple(dict.fromkeys(users)) for key, users in form.approvers.items() if users},
            stakeholder_channel=form.stakeholder_channel or None, workspace=workspace,
            budget_usd=self._context.rules.budget_usd, guests=form.guests,
        )  # fmt: skip
        tx.evaluations.add(evaluation)
        tx.iterations.add(evaluation.id, Iteration(number=number, goal="", started_at=tx.now))
        tx.questions.add(evaluation.id, opening_questions(role, number))
        for document in inputs:
            tx.inputs.put(evaluation.id, document)
        refresh_context(tx, evaluation, role, ContextReview(refused=found.refused))
        audit(tx, evaluation.id, actor, "started", title=title, inputs=[d.path for d in inputs], workspace=workspace)
        for file_id, name, size in form.uploads:
            receive(
                tx,
                evaluation,
                actor,
                Upload(file_id=file_id, name=name, size=size, by=actor.user, at=tx.now, state="pending"),
            )
        ask_next(tx, evaluation)
        inquire(tx, self._context, evaluation)
        return evaluation

    def _idea(self, form: StartForm, role: Role, read: Sequence[Input]) -> tuple[str, str, tuple[Input, ...]]:
        """The title and description to go by: what was typed wins over idea.json, and becomes one where none is."""
        title, description = form.title.strip(), form.description.strip()
        stored = next((idea_of(d.body) for d in read if d.path == role.recorded("idea.json")), None)
        if stored is not None:
            title, description = title or stored.title, description or stored.description
        if not title:
            raise TitleMissing()
        if len(title) > TITLE_LIMIT:
            raise TooLong(what="The title", length=len(title), limit=TITLE_LIMIT)
        if len(form.description) > FIELD_LIMIT:
            raise TooLong(what="The description", length=len(form.description), limit=FIELD_LIMIT)
        if stored is None:
            return title, description, (*read, typed_idea(title, description, role)[0])
        return title, description, tuple(read)

    def _cancel(self, tx: Tx, actor: Actor, evaluation_id: str, reason: str) -> tuple[Evaluation, tuple[str, ...]]:
        evaluation = evaluation_of(tx, actor, evaluation_id)
        must_own(evaluation, actor, "cancel this evaluation", self._context.rules.policy)
        said = reason.strip()[:REASON_LIMIT]
        if not said:
            raise ReasonRequired(what="those who worked on it read the reason in the thread.")
        ended = (*evaluation.cancellations, Cancellation(by=actor.user, at=tx.now, reason=said))
        evaluation = move(tx, evaluation, Event.CANCELLED, actor, failure=said, cancellations=ended)
        for gate in tx.gates.all(evaluation.id):
            if gate.state is GateState.PENDING:
                close_gate(tx, gate, GateEvent.WITHDRAWN)
        stopped = stop_live(tx, evaluation.id, "The evaluation was cancelled.")
        tx.timers.cancel(evaluation.id)
        return evaluation, stopped


def _under(root: Path, wanted: str) -> Path | None:
    """Return the folder that a name means inside `root`; None where there is none, or a link leads out of it."""
    try:
        base = root.resolve()
        path = (base / wanted).resolve()
        if not path.is_dir():
            same = (name for name in _folders(base) if unicodedata.normalize("NFC", name) == wanted)
            path = (base / next(same, wanted)).resolve()
        return path if path.is_dir() and path.is_relative_to(base) else None
    except (OSError, RuntimeError, ValueError):  # too long, not to be looked into, in a circle, no name at all
        return None


def _is_workspace(root: Path) -> bool:
    try:
        return (root / "idea.json").is_file() or (root / ".claude-agentflow").is_dir()
    except OSError:
        return False


def _folders(root: Path) -> list[str]:
    """Return the names of the folders in `root`; none where it is absent or may not be read."""
    try:
        return [p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    except OSError:
        return []


def opening_questions(role: Role, iteration: int) -> tuple[Question, ...]:
    """The role's own questions, in the definition's order and words."""
    return tuple(
        Question(key=q.key, position=n, name=q.name, text=q.text, why=q.why, hint=q.hint, iteration=iteration)
        for n, q in enumerate(role.questions)
    )


def refresh_context(tx: Tx, evaluation: Evaluation, role: Role, keep: ContextReview) -> None:
    """Draw missing documents, objectives and contradictions anew from what was read; `keep` brings the refusals."""
    inputs = tx.inputs.context(evaluation.id).inputs
    tx.inputs.set_context(
        evaluation.id,
        ContextReview(
            refused=keep.refused,
            missing=missing(inputs, role),
            objectives=objectives(inputs, role),
            contradictions=contradictions(inputs, role),
        ),
    )


def receive(tx: Tx, evaluation: Evaluation, actor: Actor, upload: Upload) -> bool:
    """Note a file given in Slack and have it fetched; False if it is known already."""
    if not tx.inputs.add_upload(evaluation.id, upload):
        return False
    audit(tx, evaluation.id, actor, "file_given", file=upload.name, file_id=upload.file_id)
    tx.enqueue(
        Work(
            kind="fetch",
            id=f"{evaluation.id}:{upload.file_id}",
            args={"evaluation_id": evaluation.id, "file_id": upload.file_id},
        )
    )
    return True
