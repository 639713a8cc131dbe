"""What a library says again at every try is said seldom in the log."""

from __future__ import annotations

import logging

from bot.app.operations.logs import Seldom
from tests.support.services import Time


def said(words: str, name: str = "dbos") -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, __file__, 1, words, None, None)


def test_a_sentence_is_written_once_in_ten_seconds() -> None:
    """The rest of it, such as a statement's parameters, makes no other of it; another sentence passes at once."""
    time = Time()
    seldom = Seldom(lambda: time().timestamp())
    assert seldom.filter(said("the disk is full\n[parameters: 1]"))
    assert not seldom.filter(said("the disk is full\n[parameters: 2]"))
    assert seldom.filter(said("the disk does not work"))
    assert seldom.filter(said("the disk is full", "another"))
    time.passes(seconds=9.9)
    assert not seldom.filter(said("the disk is full"))
    time.passes(seconds=0.2)
    assert seldom.filter(said("the disk is full"))
