"""Plants faults in the base designs and says what the checks made of them."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.roles.backend_developer.checks.subject import Subject
from tests.judge.bases import BASES, Base
from tests.judge.bench import Verdict, judge, subject_of, text_of, with_document, with_file
from tests.judge.faults import FAULTS, Fault
from tests.judge.spoil import DoesNotApplyError
from tests.support import quick_yaml

THRESHOLD: Final = 95
_MIGRATION: Final = "migrations/0001_initial.sql"
_LATER: Final = "migrations/0002_changes.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault in one base design: which new checks failed, those that name it, the worst area and the overall."""

    fault: str
    base: str
    named: tuple[str, ...]
    failed: tuple[str, ...]
    worst: int
    overall: int | None
    open: tuple[str, ...] = ()
    refused: str = ""

    @property
    def caught(self) -> bool:
        """Whether a check names it; what the blueprint itself refuses is caught there."""
        return bool(self.named or self.refused)

    @property
    def lowered(self) -> bool:
        """Whether its area is under the threshold."""
        return bool(self.refused) or self.worst < THRESHOLD


@functools.lru_cache(maxsize=8)
def right(name: str) -> Subject:
    """The right design of a base."""
    base = base_of(name)
    return subject_of(base.design(), base.brief())


@functools.lru_cache(maxsize=8)
def verdict_of(name: str) -> Verdict:
    """What the checks make of the right design."""
    return judge(right(name))


@functools.lru_cache(maxsize=8)
def _root(name: str) -> object:
    return quick_yaml.load(text_of(right(name), "openapi.yaml"))


def base_of(name: str) -> Base:
    """The base of that name."""
    return next(base for base in BASES if base.name == name)


def spoilt(fault: Fault, base: Base) -> Subject:
    """The base design with the fault in it.

    Raises:
        DoesNotApplyError: The base has nothing that it could spoil.
        ValueError: The blueprint's own consistency refuses it.
    """
    if fault.level in ("design", "later"):
        plan = copy.deepcopy(base.design())
        fault.plant(plan, base)
        if fault.level == "design":
            return subject_of(plan, base.brief())
        first = right(base.name).blueprint
        return subject_of(plan, base.brief(iteration=2, previous=first), first)
    good = right(base.name)
    if fault.level == "document":
        root = copy.deepcopy(_root(base.name))
        fault.plant(root, base)
        return with_document(good, root)
    text = text_of(good, _MIGRATION)
    changed = fault.plant(text, base)
    if changed == text:
        raise DoesNotApplyError(fault.key)
    return with_file(good, _MIGRATION, str(changed).encode())


def plant(key: str, base_name: str) -> Planted | None:
    """Plant one fault in one base; None if it does not apply there."""
    fault, base = next(f for f in FAULTS if f.key == key), base_of(base_name)
    try:
        subject = spoilt(fault, base)
    except DoesNotApplyError:
        return None
    except (KeyError, StopIteration):
        return None
    except ValueError as refused:
        return Planted(
            fault=key, base=base_name, named=(), failed=(), worst=0, overall=None, refused=str(refused)[:200]
        )
    # Finding out whether a document is valid takes as long as all the rest: only for what is to be found out by it.
    found, before = judge(subject, valid=fault.names("api.valid")), verdict_of(base_name)
    new = tuple(k for k in found.failed if k not in before.failed)
    return Planted(
        fault=key, base=base_name, named=tuple(k for k in new if fault.names(k)), failed=new, worst=found.worst,
        overall=found.overall, open=found.open,
    )  # fmt: skip


def cases() -> Iterator[tuple[str, str]]:
    """Every fault with every base."""
    for base in BASES:
        yield from ((fault.key, base.name) for fault in FAULTS)
