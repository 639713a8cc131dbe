"""Judges designs that are known to be right or wrong, in processes, and prints the figures."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.corpus.cases import held_out
from tests.judge.bases import BASES
from tests.judge.crossing import Material, crossed, keep, load, under
from tests.judge.faults import FAULTS
from tests.judge.pairs import Joined, joined, pairs
from tests.judge.planting import THRESHOLD, Planted, cases, plant
from tests.judge.ranks import Ranked, auroc, places, ranked, spearman
from tests.judge.rights import RIGHTS
from tests.judge.unfit import UNFIT, Unfit, base_material, right_found, unfit

GOALS = {
    "caught": 97.0,
    "lowered": 95.0,
    "AUROC": 0.98,
    "rank correlation": 0.89,
    "of other cases": 0.8,
}
MOST_UNFIT = 60
_AT_ONCE = 8


@dataclass(slots=True)
class Clock:
    """How long each part took, on the wall and by all processes together, in seconds."""

    laps: list[tuple[str, float]] = field(default_factory=lambda: [("", time.monotonic())])

    def lap(self, part: str) -> None:
        """Note that a part is done."""
        self.laps.append((part, time.monotonic()))

    def told(self) -> str:
        """All parts in a line."""
        parts = [f"{name} {at - before:.0f} s" for (_, before), (name, at) in pairwise(self.laps)]
        used = sum(os.times()[:4])
        return f"{self.laps[-1][1] - self.laps[0][1]:.0f} s: {', '.join(parts)}; {used:.0f} s of processors in Python"


@dataclass(slots=True)
class Figures:
    """What a run found, and which goals it missed."""

    lines: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def goal(self, name: str, value: float) -> None:
        """Compare a figure with its goal."""
        if value < GOALS[name]:
            self.missed.append(f"{name} {value:.3g}, not {GOALS[name]:g}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 if all goals are met."""
    options = _options().parse_args(arguments)
    figures, clock = Figures(), Clock()
    with ProcessPoolExecutor(max_workers=options.jobs) as workers:
        if options.ranks:
            _ranked(workers, options, figures)
            clock.lap("cases")
            return _print(figures, clock)
        found = _all(workers, _plant, [c for c in cases() if options.only in c[0] and options.base in c[1]])
        clock.lap("faults")
        _faults(found, figures, verbose=options.verbose)
        if not options.only:
            materials = _whole(workers, found, options, figures, clock)
    if not options.only:
        _crossed(materials, options.jobs, figures)
        clock.lap("crossed")
    return _print(figures, clock)


def _print(figures: Figures, clock: Clock) -> int:
    for line in (*figures.lines, *(f"MISSED: {line}" for line in figures.missed), clock.told()):
        print(line)
    return bool(figures.missed)


def _whole(
    workers: ProcessPoolExecutor, found: Sequence[Planted], options: argparse.Namespace, figures: Figures, clock: Clock
) -> list[Material]:
    """Judge all that is not a single fault; the designs that are right or whole are returned, to be crossed."""
    rights = _all(workers, right_found, [one.name for one in RIGHTS])
    clock.lap("right")
    _rights([one for one, _ in rights], found, figures)
    _unfit(_all(workers, unfit, UNFIT), figures)
    clock.lap("unfit")
    _pairs(_all(workers, joined, list(pairs(options.pairs))), figures)
    clock.lap("pairs")
    cases_ = _ranked(workers, options, figures)
    clock.lap("cases")
    bases = _all(workers, base_material, [base.name for base in BASES])
    return [one for one in (*bases, *(one for _, one in rights), *(one for _, one in cases_)) if one is not None]


def _ranked(
    workers: ProcessPoolExecutor, options: argparse.Namespace, figures: Figures
) -> list[tuple[list[Ranked], Material | None]]:
    """Rank the designs of the corpus, and of other cases where a folder is named; with `verbose` each seen one."""
    found = _all(workers, ranked, places(), chunk=1)
    kept_back = set(held_out()["whole"])
    if options.verbose:
        seen = [one for many, _ in found for one in many if one.case not in kept_back]
        figures.lines += [f"{one.score:3} {one.recall:.3f} {one.share:3} % {one.case}" for one in seen]
    _ranks("the corpus", "rank correlation", found, figures)
    if options.cases:
        _ranks(str(options.cases), "of other cases", _all(workers, ranked, places(options.cases), chunk=1), figures)
    return found


def _all(workers: ProcessPoolExecutor, work: Callable[[Any], Any], todo: Sequence[Any], *, chunk: int = 4) -> list[Any]:
    return [one for one in workers.map(work, todo, chunksize=chunk) if one is not None]


def _plant(case: tuple[str, str]) -> Planted | None:
    return plant(*case)


def _options() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    ask.add_argument("--only", default="", help="faults whose key holds this, and nothing else")
    ask.add_argument("--ranks", action="store_true", help="the rank correlation, and nothing else")
    ask.add_argument("--base", default="", help="bases whose name holds this")
    ask.add_argument("--cases", default="", help="a folder of whole cases that are not ours, to be ranked as well")
    ask.add_argument(
        "--pairs", type=int, default=60, help="so many pairs of faults, to see that a second raises nothing"
    )
    ask.add_argument("--verbose", action="store_true", help="every fault")
    ask.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    return ask


def _faults(found: Sequence[Planted], figures: Figures, *, verbose: bool) -> None:
    by_kind: dict[str, list[Planted]] = defaultdict(list)
    for one in found:
        by_kind[one.fault].append(one)
    figures.lines += [line for one in found for line in _told(one, verbose=verbose)]
    spared = {fault.key: fault.spared for fault in FAULTS if fault.spared}
    figures.lines += [f"spared: {key}: {why}" for key, why in spared.items()]
    kinds = list(by_kind)
    for name, holds in (("caught", _caught), ("lowered", _lowered)):
        whole = sum(all(map(holds, by_kind[kind])) for kind in kinds)
        single = sum(map(holds, found))
        share = 100 * whole / len(kinds) if kinds else 100.0
        figures.lines.append(f"{name}: {whole} of {len(kinds)} kinds ({share:.1f} %), {single} of {len(found)} planted")
        figures.goal(name, share)


def _caught(one: Planted) -> bool:
    return one.caught


def _lowered(one: Planted) -> bool:
    return one.lowered


def _told(one: Planted, *, verbose: bool) -> Iterator[str]:
    if verbose or not (one.caught and one.lowered):
        mark = "caught" if one.caught else "MISSED"
        words = ", ".join(one.failed)[:200] or one.refused
        yield f"{mark} {one.worst:3} {one.base:8} {one.fault}: {words}"


def _rights(rights: Sequence[Unfit], found: Sequence[Planted], figures: Figures) -> None:
    tripped = [one for one in rights if one.failed]
    figures.lines += [f"tripped: {one.name}: {', '.join(one.failed)}" for one in tripped]
    figures.lines.append(f"right designs: {len(rights)}, tripped: {len(tripped)}")
    figures.missed += [f"{one.name} is right and trips {', '.join(one.failed)}" for one in tripped]
    value = auroc([one.worst for one in rights], [one.worst for one in found])
    figures.lines.append(f"AUROC between right and faulty designs: {value:.4f} (threshold {THRESHOLD})")
    figures.goal("AUROC", value)


def _unfit(wrong: Sequence[Unfit], figures: Figures) -> None:
    high = [one for one in wrong if one.overall > MOST_UNFIT]
    figures.lines += [f"too high: {one.name}: {one.overall}" for one in high]
    figures.lines.append(
        f"unfit designs: {len(wrong)}, best {max((one.overall for one in wrong), default=0)}, above {MOST_UNFIT}: {len(high)}"
    )
    figures.missed += [f"{one.name} has {one.overall}" for one in high]


def _pairs(found: Sequence[Joined], figures: Figures) -> None:
    held = [one for one in found if not one.undone]
    risen = [one for one in held if one.risen]
    figures.lines += [f"raised: {one.words}: {', '.join(one.risen)}" for one in risen]
    figures.lines.append(
        f"two faults at a time: {len(found)} pairs, {len(found) - len(held)} of which undo each other, "
        f"raised by the second: {len(risen)}"
    )
    figures.missed += [f"{one.words} raises {', '.join(one.risen)}" for one in risen]


def _ranks(where: str, goal: str, found: Sequence[tuple[list[Ranked], Material | None]], figures: Figures) -> None:
    ranks = [one for many, _ in found for one in many]
    value = spearman([(one.score, one.recall) for one in ranks])
    figures.lines.append(
        f"rank correlation of score and recall over {where}: {value:.3f} ({len(found)} cases, {len(ranks)} designs)"
    )
    figures.goal(goal, value)


def _crossed(materials: Sequence[Material], jobs: int, figures: Figures) -> None:
    """Hold every design under every other's brief: the ceilings of all, and what the highest really score."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "designs"
        keep(materials, place)
        with ProcessPoolExecutor(max_workers=jobs, initializer=load, initargs=(place,)) as workers:
            pairs_ = [pair for many in workers.map(under, range(len(materials))) for pair in many]
            pairs_.sort(key=lambda pair: -pair.ceiling)
            best: list[tuple[int, str]] = []
            while pairs_ and pairs_[0].ceiling > max((score for score, _ in best), default=-1):
                some, pairs_ = pairs_[:_AT_ONCE], pairs_[_AT_ONCE:]
                best += [(score, words) for words, score in workers.map(crossed, some)]
    whole = len(best) + len(pairs_)
    high = sorted((one for one in best if one[0] > MOST_UNFIT), reverse=True)
    score, words = max(best)
    figures.lines += [f"too high: {name}: {value}" for value, name in high]
    figures.lines.append(
        f"every design under every other's brief: {whole} pairs of {len(materials)} designs, best {score} ({words}), "
        f"above {MOST_UNFIT}: {len(high)}; {len(best)} judged whole, the others cannot reach that"
    )
    figures.missed += [f"{name} has {value}" for value, name in high]
