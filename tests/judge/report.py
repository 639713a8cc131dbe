"""Judges designs that are known to be right or wrong, in processes, and prints the figures."""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.judge.faults import FAULTS
from tests.judge.planting import THRESHOLD, Planted, cases, plant
from tests.judge.ranks import SHARES, Ranked, auroc, names, ranked, spearman
from tests.judge.rights import RIGHTS
from tests.judge.unfit import UNFIT, Unfit, right_found, unfit

GOALS = {
    "caught": 97.0,
    "lowered": 95.0,
    "AUROC": 0.98,
    "rank correlation": 0.89,
}
MOST_UNFIT = 60


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
    began, figures = time.monotonic(), Figures()
    with ProcessPoolExecutor(max_workers=options.jobs) as workers:
        found = _all(workers, _plant, [c for c in cases() if options.only in c[0] and options.base in c[1]])
        rights = _all(workers, right_found, [] if options.only else [one.name for one in RIGHTS])
        wrong = _all(workers, unfit, [] if options.only else UNFIT)
        ranks = _all(workers, _rank, [] if options.only or not options.corpus else _cases())
    _faults(found, figures, verbose=options.verbose)
    if rights:
        _rights(rights, found, figures)
        _unfit(wrong, figures)
    if ranks:
        value = spearman([(one.score, one.recall) for one in ranks])
        figures.lines.append(f"rank correlation of score and recall over {len(ranks)} designs: {value:.3f}")
        figures.goal("rank correlation", value)
    for line in (*figures.lines, *(f"MISSED: {line}" for line in figures.missed)):
        print(line)
    print(f"{time.monotonic() - began:.0f} s")
    return bool(figures.missed)


def _all(workers: ProcessPoolExecutor, work: Callable[[Any], Any], todo: Sequence[Any]) -> list[Any]:
    return [one for one in workers.map(work, todo, chunksize=4) if one is not None]


def _plant(case: tuple[str, str]) -> Planted | None:
    return plant(*case)


def _rank(case: tuple[str, int]) -> Ranked | None:
    return ranked(*case)


def _cases() -> list[tuple[str, int]]:
    return [(name, share) for name in names() for share in SHARES]


def _options() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    ask.add_argument("--only", default="", help="faults whose key holds this, and nothing else")
    ask.add_argument("--base", default="", help="bases whose name holds this")
    ask.add_argument("--no-corpus", dest="corpus", action="store_false", help="leave the corpus out")
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
