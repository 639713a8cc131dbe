"""A run's live progress: one message, updated in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.evaluation import NOTES_IN_DOSSIER, Dossier
from bot.domain.lifecycle import State
from bot.domain.run import LIVE, Run, RunState, Task, who_stopped
from bot.domain.surface import Message
from handlers.ids import ActionId, Ref
from handlers.views.blocks import Block, actions, button, confirm, context, message, plan, section, task
from handlers.views.costs import budget_task
from handlers.views.text import clip, clip_line, clip_plain, money, one_line, person, plural, when

STATUS = 120
"""Characters of a status: what one line of a thread shows."""

_STATES = {
    RunState.QUEUED: ("⏳", "Queued: it starts as soon as a worker is free."),
    RunState.RUNNING: ("⚙️", "Running. Replies in this thread reach it before it finishes."),
    RunState.PARKED: ("⏸️", "Paused."),
    RunState.FINISHED: ("✅", "Finished. The result stands below."),
    RunState.FAILED: ("⚠️", "Failed. Nothing that was answered is lost."),
    RunState.STOPPED: ("⏹️", "Stopped. Nothing that was answered is lost."),
}


def run_card(dossier: Dossier, run: Run) -> Message:
    """One run's card: where it stands, its tasks, what it waits for or why it failed, and what can be done."""
    icon, words = _STATES[run.state]
    attempt = f", attempt {run.attempt}" if run.attempt > 1 else ""
    blocks = [section(f"{icon} *Run of iteration {run.iteration}{attempt}* — {words}{_reason(dossier, run)}")]
    tasks = [item for item in run.tasks if item != budget_task(run)]
    if tasks:
        cards = [task(item.key, item.title, item.status, item.detail) for item in tasks]
        blocks.append(plan(f"Iteration {run.iteration}: {_done(tasks)}", cards))
    blocks += [context(words)] if (words := _notes(dossier, run)) else []
    blocks.append(context(_small_print(run)))
    card = message(f"i{run.iteration}.run.{run.id}", [*blocks, *_buttons(dossier, run)], volatile=run.state in LIVE)
    return replace(card, status=_status(run, tasks))


def _status(run: Run, tasks: Sequence[Task]) -> str:
    """Return what the run does now, for the thread's own line; nothing where it waits for people or is over."""
    if run.state is RunState.QUEUED:
        return "waits for a free worker"
    if run.state is not RunState.RUNNING:
        return ""
    doing = next((item.title for item in tasks if item.status == "in_progress"), "")
    done = f"{sum(item.status == 'complete' for item in tasks)} of {len(tasks)} done" if tasks else "begins"
    return clip_plain(one_line(f"works on iteration {run.iteration}: {done}{f', {doing}' if doing else ''}"), STATUS)


def _done(tasks: Sequence[Task]) -> str:
    return f"{sum(item.status == 'complete' for item in tasks)} of {len(tasks)} tasks done"


def _notes(dossier: Dossier, run: Run) -> str:
    """Say which of the notes that people wrote during a run have reached its designer."""
    written = [
        note
        for note in dossier.notes
        if note.iteration == run.iteration
        and note.at > run.created_at
        and (run.ended_at is None or note.at < run.ended_at)
    ]
    reached = sum(note.id in run.heard for note in written)
    left = len(written) - reached
    if len(dossier.notes) == NOTES_IN_DOSSIER:
        return f"{NOTES_IN_DOSSIER} or more notes stand in this thread; a run starts from all of its iteration."
    lines = [f"{plural(reached, 'note')} reached the designer."] if reached else []
    if left and run.state in LIVE:
        lines.append(f"{plural(left, 'note')} will reach the designer at its next turn.")
    elif left:
        lines.append(f"{plural(left, 'note')} came too late for this run; what follows works from them.")
    return " ".join(lines)


def _reason(dossier: Dossier, run: Run) -> str:
    if run.state is RunState.PARKED:
        again = f"\nIt looks again by itself {when(run.wake_at)}." if run.wake_at else ""
        asked = [question for question in dossier.open_questions if question.run_id == run.id]
        wanted = run.reason or (f"An answer to “{asked[0].text}”" if asked else "Its next turn.")
        return f"\n*Waits for:* {clip(wanted, 800)}{again}"
    return f"\n*Why:* {_why(run.reason)}" if run.reason.strip() and run.state is not RunState.FINISHED else ""


def _why(reason: str) -> str:
    """Name who stopped a run; in any other reason a mention is somebody's words and stays dead."""
    stopper = who_stopped(reason)
    return f"Stopped by {person(stopper)}." if stopper else clip(reason, 1200)


def _small_print(run: Run) -> str:
    designer = f"Designer: {clip_line(run.designer, 60)}"
    used = (
        "no model is used"
        if run.model is None
        else f"model {clip_line(run.model, 80)}, {money(run.spent_usd)} spent{' so far' if run.state in LIVE else ''}"
    )
    times = [f"started {when(run.started_at)}" if run.started_at else f"asked for {when(run.created_at)}"]
    times += [f"ended {when(run.ended_at)}"] if run.ended_at else []
    return " · ".join((designer, used, *times))


def _buttons(dossier: Dossier, run: Run) -> list[Block]:
    newest = dossier.run(dossier.evaluation.iteration)
    if newest is None or newest.id != run.id:
        return []
    ref = Ref(dossier.evaluation.id, run.id)
    if run.state in LIVE and dossier.evaluation.state in (State.RUNNING, State.PARKED):
        sure = confirm(
            "Stop this run?",
            "The answers stay. You can try again afterwards, or change the answers first.",
            "Stop it",
            style="danger",
        )
        more = button("Raise the budget", ActionId.RAISE_BUDGET, ref, style="primary") if wants_budget(run) else None
        return [actions(more, button("Stop", ActionId.STOP_RUN, ref, style="danger", confirm=sure))]
    if dossier.evaluation.state is State.FAILED:
        return [
            actions(
                button("Try again", ActionId.RETRY_RUN, ref, style="primary"),
                button("Change answers", ActionId.CHANGE_ANSWERS, ref),
            )
        ]
    return []


def wants_budget(run: Run) -> bool:
    """Whether the run is paused because the budget is used up."""
    return run.state is RunState.PARKED and run.waits_for == "budget"
