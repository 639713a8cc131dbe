"""Having a brief read for "What I understood": asked for with the change that calls for it, once for each brief."""

from __future__ import annotations

from bot.domain.design import Brief
from bot.domain.evaluation import Evaluation
from bot.domain.recap import RecapState, StoredRecap
from bot.services.common import ServiceContext, digest
from bot.services.ports import Tx, Work
from bot.services.run_launch import brief_of


def request_recap(tx: Tx, context: ServiceContext, evaluation: Evaluation, said: str = "") -> None:
    """Have what is known now read, unless it is or was; nothing where the role tells nothing before the go.

    `said` is the id of a note that was just added: that something changed is known then without a look at all before
    it, of which a thread may have ten thousand.
    """
    if context.kit(evaluation).summarizer is None:
        return
    before = recap_of(tx, evaluation.id, evaluation.iteration)
    if said and before is not None:
        subject = digest([before.subject, said])
    else:
        subject = subject_of(brief_of(tx, context, evaluation))
    if before is not None and before.subject == subject and before.state is not RecapState.FAILED:
        return
    tx.recaps.put(
        StoredRecap(
            evaluation_id=evaluation.id,
            iteration=evaluation.iteration,
            subject=subject,
            state=RecapState.PENDING,
            recap=before.recap if before else None,
            file_sha256=before.file_sha256 if before else "",
        )
    )
    args = {"evaluation_id": evaluation.id, "iteration": evaluation.iteration, "subject": subject}
    # By the version, too: what was corrected and then changed back is read again.
    name = f"{evaluation.id}:{evaluation.iteration}:{subject[:16]}:{evaluation.version}"
    tx.enqueue(Work(kind="recap", id=name, args=args))


def recap_of(tx: Tx, evaluation_id: str, iteration: int) -> StoredRecap | None:
    """Return how the recap of an iteration stands."""
    return next((one for one in tx.recaps.all(evaluation_id) if one.iteration == iteration), None)


def subject_of(brief: Brief) -> str:
    """Return the digest of what is read: documents, title, description, answers, feedback, notes and corrections."""
    return digest(
        [
            brief.title,
            brief.description,
            brief.iteration,
            [(source.path, source.sha256) for source in brief.sources],
            [(reply.key, reply.text) for reply in brief.replies],
            [(item.id, item.text, item.about) for item in brief.feedback],
        ]
    )
