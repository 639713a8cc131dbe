"""Reads the file with which whoever rehearses puts answers of their own in place of the role's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.errors import EipasError
from bot.domain.role import Role

_OPENING = "opening"


class AnswersRefused(EipasError):
    """The rehearsal's answers file is not there or has another shape."""

    message_template = "The answers file {path} cannot be used: {problem}"


def read_answers(path: Path, role: Role) -> Mapping[str, str]:
    """Return the answers in a JSON file, by question.

    Its keys are those of the role's areas, and `opening`, a list with one text for each opening question.

    Raises:
        AnswersRefused: it cannot be read, is no JSON, or is not of that shape.
    """
    if path.exists() and not path.is_file():  # a pipe would keep us waiting for ever
        raise AnswersRefused(path=path, problem="it is no file. Name a JSON file.")
    try:
        loaded = json.loads(path.read_bytes())
    except OSError as error:
        raise AnswersRefused(path=path, problem=error.strerror or "it cannot be read.") from error
    except (ValueError, RecursionError) as error:
        raise AnswersRefused(path=path, problem=f"the file: Invalid JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise AnswersRefused(path=path, problem="the file: it is no JSON object.")
    return _by_question(path, loaded, role)


def _by_question(path: Path, loaded: Mapping[str, Any], role: Role) -> Mapping[str, str]:
    known = (_OPENING, *(question.key for question in role.areas))
    for key in loaded:
        if key not in known:
            raise AnswersRefused(path=path, problem=f"“{key}” is no answer. There are: {', '.join(known)}.")
    texts = {key: text for key, text in loaded.items() if key != _OPENING}
    opening = loaded.get(_OPENING)
    if opening is not None:
        wanted = [question.key for question in role.opening]
        if not isinstance(opening, list) or len(opening) != len(wanted):
            raise AnswersRefused(path=path, problem=f"“{_OPENING}” is no list of {len(wanted)} texts.")
        texts |= dict(zip(wanted, opening, strict=True))
    for key, text in texts.items():
        if not isinstance(text, str):
            raise AnswersRefused(path=path, problem=f"“{key}” is no text.")
    return texts
