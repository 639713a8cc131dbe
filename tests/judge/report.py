"""Judges designs that are known to be right or wrong, in processes, and prints the figures."""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.judge.faults import FAULTS
from tests.judge.planting import Planted, cases, plant


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 if all are met."""
    options = _options().parse_args(arguments)
    began = time.monotonic()
    todo = [case for case in cases() if options.only in case[0] and options.base in case[1]]
    with ProcessPoolExecutor(max_workers=options.jobs) as workers:
        found = [one for one in workers.map(_plant, todo, chunksize=4) if one is not None]
    _faults(found, verbose=options.verbose)
    print(f"{time.monotonic() - began:.0f} s, of processors {sum(os.times()[:4]):.0f} s")
    return 0


def _plant(case: tuple[str, str]) -> Planted | None:
    return plant(*case)


def _options() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    ask.add_argument("--only", default="", help="faults whose key holds this")
    ask.add_argument("--base", default="", help="bases whose name holds this")
    ask.add_argument("--verbose", action="store_true", help="every fault")
    ask.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    return ask


def _faults(found: Sequence[Planted], *, verbose: bool) -> None:
    by_kind: dict[str, list[Planted]] = defaultdict(list)
    for one in found:
        by_kind[one.fault].append(one)
    for fault in FAULTS:
        mine = by_kind.get(fault.key, [])
        good = mine and all(one.caught and one.lowered for one in mine)
        if good and not verbose:
            continue
        for one in mine:
            if verbose or not (one.caught and one.lowered):
                mark = "   " if one.caught and one.lowered else "NOT" if not one.caught else "   "
                print(
                    f"{mark} {one.worst:3} {one.base:8} {fault.key}: {', '.join(one.failed)[:160]} {one.refused[:60]}"
                    f"{' BROKE ' + ','.join(one.open) if one.open else ''}"
                )
        if not mine and verbose:
            print(f"    --- {fault.key}: applies nowhere")
    kinds = [k for k, mine in by_kind.items() if mine]
    caught = sum(all(one.caught for one in by_kind[k]) for k in kinds)
    lowered = sum(all(one.lowered for one in by_kind[k]) for k in kinds)
    print(f"kinds {len(kinds)} of {len(FAULTS)}, planted {len(found)}")
    print(
        f"caught by a check that names it: kinds {caught} ({100 * caught / len(kinds):.1f} %), "
        f"planted {sum(o.caught for o in found)} ({100 * sum(o.caught for o in found) / len(found):.1f} %)"
    )
    print(
        f"under the threshold: kinds {lowered} ({100 * lowered / len(kinds):.1f} %), "
        f"planted {sum(o.lowered for o in found)} ({100 * sum(o.lowered for o in found) / len(found):.1f} %)"
    )
