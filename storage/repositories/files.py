"""Bytes by digest, and thread replies that answer no question."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import NotFound
from bot.domain.evaluation import NOTES_IN_DOSSIER, Note
from bot.domain.evidence import Artefact
from storage import tables
from storage.content_store import keep_bytes, read_bytes
from storage.unit_of_work import UnitOfWork
from storage.values import select_of, shallow

_NOTES = (
    select(*select_of(Note, tables.note))
    .where(tables.note.c.evaluation_id == bindparam("of_id"))
    .order_by(tables.note.c.at, tables.note.c.id)
)
_NEWEST_NOTES = (
    select(*select_of(Note, tables.note))
    .where(tables.note.c.evaluation_id == bindparam("of_id"), tables.note.c.aside.is_(False))
    .order_by(tables.note.c.at.desc(), tables.note.c.id.desc())
    .limit(NOTES_IN_DOSSIER)
)
_NOTE_AT = (
    select(*select_of(Note, tables.note))
    .where(tables.note.c.evaluation_id == bindparam("of_id"), tables.note.c.ts == bindparam("of_ts"))
    .limit(1)
)
_NOTE = select(*select_of(Note, tables.note)).where(
    tables.note.c.evaluation_id == bindparam("of_id"), tables.note.c.id == bindparam("of_note")
)
_ADD_NOTE = insert(tables.note)


class SqlFiles:
    """See `bot.services.repositories.Files`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def put(self, artefact: Artefact) -> str:
        """Store the content once and return its sha256."""
        return keep_bytes(self._session, artefact.content)

    def get(self, sha256: str) -> bytes:
        """Return the bytes, or raise NotFound."""
        return read_bytes(self._session, sha256)


class SqlNotes:
    """See `bot.services.repositories.Notes`."""

    __slots__ = ("_session",)

    def __init__(self, session: UnitOfWork) -> None:
        self._session = session

    def add(self, evaluation_id: str, note: Note) -> None:
        """Store it, or raise Stale if it is there already."""
        self._session.change(_ADD_NOTE, {"evaluation_id": evaluation_id, **shallow(note, tables.note)})

    def all(self, evaluation_id: str) -> tuple[Note, ...]:
        """Return them, the oldest first."""
        return tuple(Note(**row) for row in self._session.rows(_NOTES, {"of_id": evaluation_id}))

    def newest(self, evaluation_id: str) -> tuple[Note, ...]:
        """Return the newest `NOTES_IN_DOSSIER`, the oldest of them first."""
        rows = self._session.rows(_NEWEST_NOTES, {"of_id": evaluation_id})
        return tuple(Note(**row) for row in reversed(rows))

    def at(self, evaluation_id: str, ts: str) -> Note | None:
        """Return the note that a message became, None if it is none."""
        row = self._session.row(_NOTE_AT, {"of_id": evaluation_id, "of_ts": ts})
        return None if row is None else Note(**row)

    def get(self, evaluation_id: str, note_id: str) -> Note:
        """Return it, or raise NotFound."""
        row = self._session.row(_NOTE, {"of_id": evaluation_id, "of_note": note_id})
        if row is None:
            raise NotFound(what="note", name=note_id, hint="Say it again in the thread.")
        return Note(**row)
