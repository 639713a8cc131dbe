"""Documents of an evaluation, what was made of them, and files still to be fetched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound
from bot.domain.evaluation import ContextReview, Upload
from bot.domain.inputs import Input
from storage import tables
from storage.content_store import keep, read_all
from storage.unit_of_work import UnitOfWork
from storage.values import Findings, select_of, shallow

# In the words of the partial index: SQLite finds it by them, and not by `current = 1`.
_CURRENT = text("document.current")
_DOCUMENTS = (
    select(*select_of(Input, tables.document))
    .where(tables.document.c.evaluation_id == bindparam("of_id"), _CURRENT)
    .order_by(tables.document.c.id)
)
_REVIEW = select(tables.review.c.findings).where(tables.review.c.evaluation_id == bindparam("of_id"))
_UPLOADS = (
    select(*select_of(Upload, tables.upload))
    .where(tables.upload.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.upload.c.at, tables.upload.c.file_id)
)
_FOLLOWED = (
    update(tables.document)
    .where(
        tables.document.c.evaluation_id == bindparam("of_id"),
        tables.document.c.path == bindparam("of_path"),
        _CURRENT,
    )
    .values(current=False)
)
_PUT = insert(tables.document)
_new = insert(tables.review)
_SET_REVIEW = _new.on_conflict_do_update(
    index_elements=[tables.review.c.evaluation_id], set_={"findings": _new.excluded.findings}
)
_ADD_UPLOAD = insert(tables.upload).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
_SETTLE = update(tables.upload).where(
    tables.upload.c.evaluation_id == bindparam("of_id"), tables.upload.c.file_id == bindparam("of_file")
)


class SqlInputs:
    """See `bot.services.repositories.Inputs`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def put(self, evaluation_id: str, document: Input) -> None:
        """Keep a document; one of the same path is followed by it."""
        self._session.change(_FOLLOWED, {"of_id": evaluation_id, "of_path": document.path})
        row = {**shallow(document, tables.document), "body": keep(self._session, Any, document.body), "current": True}
        self._session.change(_PUT, {"evaluation_id": evaluation_id, **row})

    def context(self, evaluation_id: str) -> ContextReview:
        """Everything known about the documents; empty if there is nothing yet."""
        rows = [dict(row) for row in self._session.rows(_DOCUMENTS, {"of_id": evaluation_id})]
        bodies = read_all(self._session, [(Any, row["body"]) for row in rows])
        found = self._session.scalar(_REVIEW, {"of_id": evaluation_id}) or Findings()
        return ContextReview(
            inputs=tuple(Input(**{**row, "body": bodies[row["body"]]}) for row in rows),
            refused=found.refused,
            missing=found.missing,
            objectives=found.objectives,
            contradictions=found.contradictions,
            uploads=tuple(Upload(**row) for row in self._session.rows(_UPLOADS, {"of_id": evaluation_id})),
        )

    def set_context(self, evaluation_id: str, context: ContextReview) -> None:
        """Store refusals, missing, objectives and contradictions (not the inputs and uploads themselves)."""
        found = Findings(
            refused=context.refused,
            missing=context.missing,
            objectives=context.objectives,
            contradictions=context.contradictions,
        )
        self._session.change(_SET_REVIEW, {"evaluation_id": evaluation_id, "findings": found})

    def add_upload(self, evaluation_id: str, upload: Upload) -> bool:
        """Store it; return False if that file id is already known."""
        row = {"evaluation_id": evaluation_id, **shallow(upload, tables.upload)}
        return bool(self._session.change(_ADD_UPLOAD, row))

    def settle_upload(self, evaluation_id: str, upload: Upload) -> None:
        """Record what became of it. Raises NotFound."""
        row = shallow(upload, tables.upload)
        del row["file_id"]
        if not self._session.change(_SETTLE, {"of_id": evaluation_id, "of_file": upload.file_id, **row}):
            raise NotFound(what="uploaded file", name=upload.name, hint="Please upload it again.")
