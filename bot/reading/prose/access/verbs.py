"""Verbs of permissions: which kind of use each names, and the little words around them."""

from __future__ import annotations

from typing import Final

from bot.domain.facts import Verb
from bot.reading.names import vocabulary
from bot.reading.words import (
    ANY_VERBS,
    CREATE_VERBS,
    DELETE_VERBS,
    READ_VERBS,
    UPDATE_VERBS,
)

OF_METHOD: Final[dict[str, Verb]] = {
    "GET": "read", "HEAD": "read", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete",
}  # fmt: skip
"""What a call does by its method."""

SIGNING: Final = vocabulary("sign login log-in sign-in authenticate anmelden einloggen")
"""Verbs that may speak of coming in, which is no right to anything."""
VERB_OF: Final[dict[str, Verb]] = {
    **dict.fromkeys(READ_VERBS, "read"),
    **dict.fromkeys(CREATE_VERBS, "create"),
    **dict.fromkeys(UPDATE_VERBS, "update"),
    **dict.fromkeys(DELETE_VERBS, "delete"),
    **dict.fromkeys(ANY_VERBS, "any"),
    **dict.fromkeys(("log", "draft", "import", "enrol", "enroll"), "create"),
    **dict.fromkeys(("print", "preview", "nachsehen", "drucken"), "read"),
    **dict.fromkeys(("adjust", "rename", "reschedule", "anpassen", "umbuchen", "verschieben"), "update"),
    "zugreifen": "read",
}
ACCESSES: Final = frozenset({"access", "zugreifen"})
"""Verbs of reading that mean every use where they are denied: "interns have no access to salaries"."""
GERUNDS: Final[dict[str, Verb]] = {
    "reading": "read",
    "writing": "create",
    "editing": "update",
    "deleting": "delete",
    "viewing": "read",
    "browsing": "read",
    "creating": "create",
    "lesen": "read",
    "schreiben": "create",
    "searching": "read",
    "posting": "create",
    "commenting": "create",
    "updating": "update",
    "changing": "update",
}
WRITES: Final[tuple[Verb, ...]] = ("create", "update", "delete")
MODALS: Final = vocabulary(
    "may can must should cannot could shall mayn't can't cant mustn't shouldn't darf dürfen kann können soll "
    "sollen allowed permitted"
)
DENYING: Final = vocabulary("cannot cant can't mustn't shouldn't mayn't")
GENERAL: Final = vocabulary(
    "user users anybody anyone everybody everyone people nobody jeder alle benutzer nutzer niemand person callers "
    "caller visitor visitors guest guests client clients public gast gäste besucher member-of"
)
OUTSIDERS: Final = vocabulary("guest guests visitor visitors client clients public gast gäste besucher")
OWNERS: Final = vocabulary("author owner creator autor eigentümer besitzer ersteller uploader")
ASIDE: Final = vocabulary(
    "as when if until once after before while unless because even also without by since so whenever wenn sobald "
    "solange nachdem bevor bis während weil falls"
)
"""Words behind which a condition or a manner stands, and no thing that is granted."""
ONLY: Final = vocabulary("only just nur ausschließlich lediglich solely alone allein")
_GENERIC: Final[dict[str, Verb]] = {
    **dict.fromkeys(
        vocabulary(
            "create add enter write record make post log anlegen erstellen erfassen eintragen hinzufügen "
            "anlegt schreiben melden stellen "
        ),
        "create",
    ),
    **dict.fromkeys(
        vocabulary(
            "update change edit modify correct amend maintain ändern bearbeiten aktualisieren korrigieren pflegen "
        ),
        "update",
    ),
}
_EVERYTHING: Final = vocabulary("do run own handle manage administer control verwalten steuern touch")


def meaning(lemma: str) -> tuple[Verb, str]:
    """Return which use a verb names, and the action where it is one of the trade: ``approve`` is an update by approve.

    A verb that nobody knows is an action that changes something.
    """
    if lemma in _EVERYTHING:
        return "any", ""
    kind = VERB_OF.get(lemma)
    if kind in ("read", "delete", "any"):
        return kind, ""
    if lemma in _GENERIC:
        return _GENERIC[lemma], ""
    return kind or "update", lemma


def participle(word: str) -> str:
    """Return the verb of a participle that the dictionary takes for a word of its own."""
    return {
        "deleted": "delete",
        "changed": "change",
        "edited": "edit",
        "read": "read",
        "seen": "see",
        "approved": "approve",
        "created": "create",
        "gelöscht": "löschen",
        "geändert": "ändern",
        "gelesen": "lesen",
        "released": "release",
        "issued": "issue",
        "closed": "close",
        "written": "write",
        "made": "make",
    }.get(word, word)
