"""Errors speak to people in a text of their own."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
import string
from collections.abc import Iterator

import pytest

import bot
import handlers
import storage
from bot.domain.errors import EipasError, InvalidInput, NotFound


def _errors(kind: type[EipasError] = EipasError) -> Iterator[type[EipasError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _errors(child)


def _everything() -> list[type[EipasError]]:
    for package in (bot, handlers, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    return sorted(set(_errors()), key=lambda error: (error.__module__, error.__name__))


def test_every_error_has_a_text_of_its_own() -> None:
    """No error speaks with its base's words, or in its docstring, which `python -OO` takes away."""
    errors = [error for error in _everything() if error.__module__.split(".")[0] != "tests"]
    assert len(errors) > 30
    for error in errors:
        assert "message_template" in vars(error), error
        assert error.__doc__ and "{" not in error.__doc__, error


def test_every_template_can_be_filled() -> None:
    """Templates use named fields only, so that keyword arguments fill them."""
    for error in _everything():
        names = [name for _, name, _, _ in string.Formatter().parse(error.message_template) if name is not None]
        assert all(name.isidentifier() for name in names), error


def test_fields_fill_the_text() -> None:
    """The message is the template with its fields, and they survive pickling, as between processes."""
    error = NotFound(what="gate", name="g1", hint="Look again.")
    assert str(error) == error.message == "There is no gate “g1” here. Look again."
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.fields, again.message) == (NotFound, error.fields, error.message)


def test_a_missing_field_is_a_fault_of_ours() -> None:
    """An error raised without what its text needs does not reach people half filled."""
    with pytest.raises(KeyError):
        InvalidInput()
