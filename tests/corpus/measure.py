"""Measure the product against the corpus and print what came of it, seen and held-out cases apart."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.corpus.cases import Case, small_cases, whole_cases
from tests.corpus.delivered import Delivered, read
from tests.corpus.here import design_here
from tests.corpus.judge import SECTIONS, Section, Verdict, expect, judge, wholly_right
from tests.corpus.play import ROOT, NotDesignedError, design


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: a verdict for a whole one, what is wrong for a small one."""

    case: Case
    verdict: Verdict = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing is missing, wrong or invented."""
        return not self.wrong and wholly_right(self.verdict)

    def details(self) -> list[str]:
        """All that is wrong, in words."""
        found = list(self.wrong)
        for section in self.verdict.values():
            found += section.wrong + [f"nobody said {what}" for what in section.extra]
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the cases, judge them, print the figures."""
    options = _options().parse_args(arguments)
    cases = _chosen(options)
    say: Callable[[str], None] = lambda line: print(line, flush=True)  # noqa: E731
    with tempfile.TemporaryDirectory() as temporary:
        base = options.keep or (ROOT / "build" / "corpus" if options.fast else Path(temporary))
        with ThreadPoolExecutor(max_workers=1 if options.here else options.jobs) as workers:
            played = workers.map(lambda case: _outcome(case, base, options), cases)
            outcomes = [_told(outcome, options, say) for outcome in played]
    report(outcomes, say, held_out=options.held_out)
    return 0


def _options() -> argparse.ArgumentParser:
    ask = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    ask.add_argument("--only", default="", help="names of cases, with commas between them")
    ask.add_argument("--whole", action="store_true", help="only whole cases")
    ask.add_argument("--small", action="store_true", help="only small cases")
    ask.add_argument("--seen", action="store_true", help="leave the held-out cases out")
    ask.add_argument("--verbose", action="store_true", help="what is wrong in each case, but for the held-out ones")
    ask.add_argument(
        "--held-out", action="store_true", help="the held-out ones, too: only when nothing is mended after"
    )
    ask.add_argument("--jobs", type=int, default=2, help="rehearsals at a time")
    ask.add_argument("--fast", action="store_true", help="take results again that the same code made of the same words")
    ask.add_argument("--here", action="store_true", help="design in this process: seconds instead of an hour")
    ask.add_argument("--keep", type=Path, default=None, help="folder for the files of the rehearsals")
    return ask


def _chosen(options: argparse.Namespace) -> list[Case]:
    only = {name for name in options.only.split(",") if name}
    cases = [] if options.small else whole_cases()
    cases += [] if options.whole else small_cases()
    return [c for c in cases if (not only or c.name in only) and not (options.seen and c.held_out)]


def _outcome(case: Case, base: Path, options: argparse.Namespace) -> Outcome:
    got: Delivered | None = None
    wrong: tuple[str, ...] = ()
    try:
        got = design_here(case) if options.here else read(design(case, base, fast=options.fast))
    except (NotDesignedError, FileNotFoundError) as error:
        wrong = (f"no result: {error}",)
    if not case.small:
        return Outcome(case, judge(case.truth, got), wrong)
    return Outcome(case, {}, wrong if got is None else tuple(expect(case.truth, got)))


def _told(outcome: Outcome, options: argparse.Namespace, say: Callable[[str], None]) -> Outcome:
    """Print the case's own line, unless it is held out: who mends must not see what it fails at."""
    if outcome.case.held_out and not options.held_out:
        return outcome
    figures = "  ".join(f"{name} {s.right}/{s.named}" for name, s in outcome.verdict.items() if s.named)
    say(f"{'ok  ' if outcome.right else 'FAIL'} {outcome.case.name:28} {figures}".rstrip())
    if options.verbose:
        for line in outcome.details():
            say(f"       {line}")
    return outcome


def report(outcomes: Sequence[Outcome], say: Callable[[str], None], *, held_out: bool) -> None:
    """Print precision and recall by section, shares of cases, the gap, and the share by notation and kind."""
    whole = [o for o in outcomes if not o.case.small]
    small = [o for o in outcomes if o.case.small]
    if whole:
        seen, kept = _split(whole)
        say("")
        columns = f"{'seen: recall':>16}{'precision':>12}{'held out: recall':>20}{'precision':>12}{'gap':>8}"
        say(f"{'whole cases':16}{columns}")
        for name in (*SECTIONS, "all"):
            ours, theirs = _sum(seen, name), _sum(kept, name)
            gap = _gap(_share(ours.right, ours.named), _share(theirs.right, theirs.named))
            say(
                f"{name:16}{_percent(ours.right, ours.named):>16}{_percent(ours.good, ours.given):>12}"
                f"{_percent(theirs.right, theirs.named):>20}{_percent(theirs.good, theirs.given):>12}{gap:>8}"
            )
        _say_shares("wholly right", seen, kept, say)
    if small:
        say("")
        _say_shares("small cases", *_split(small), say)
    for title, group in (("recall by notation, whole cases", whole), ("right by kind, small cases", small)):
        shown = [o for o in group if held_out or not o.case.held_out]
        if shown:
            say("")
            say(f"{title}{'' if held_out else ', the seen ones'}")
            _say_notations(shown, say)


def _split(outcomes: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    found: tuple[list[Outcome], list[Outcome]] = ([], [])
    for outcome in outcomes:
        found[outcome.case.held_out].append(outcome)
    return found


def _sum(outcomes: Iterable[Outcome], name: str) -> Section:
    total = Section()
    for outcome in outcomes:
        for part in SECTIONS if name == "all" else (name,):
            section = outcome.verdict[part]
            total.named += section.named
            total.right += section.right
            total.given += section.given
            total.good += section.good
    return total


def _say_shares(title: str, seen: list[Outcome], kept: list[Outcome], say: Callable[[str], None]) -> None:
    ours, theirs = sum(o.right for o in seen), sum(o.right for o in kept)
    gap = _gap(_share(ours, len(seen)), _share(theirs, len(kept)))
    say(
        f"{title}: seen {ours} of {len(seen)} ({_percent(ours, len(seen))}), "
        f"held out {theirs} of {len(kept)} ({_percent(theirs, len(kept))}), gap {gap.strip()} points"
    )


def _say_notations(outcomes: Sequence[Outcome], say: Callable[[str], None]) -> None:
    for notation in sorted({n for o in outcomes for n in o.case.notations}):
        group = [o for o in outcomes if notation in o.case.notations]
        if group[0].case.small:
            right, named = sum(o.right for o in group), len(group)
        else:
            total = _sum(group, "all")
            right, named = total.right, total.named
        say(f"  {notation:36} {right:4}/{named:<4} {_percent(right, named):>6}  ({len(group)} cases)")


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _percent(part: int, whole: int) -> str:
    share = _share(part, whole)
    return "-" if share is None else f"{share:.1f} %"


def _gap(ours: float | None, theirs: float | None) -> str:
    return "-" if ours is None or theirs is None else f"{ours - theirs:+.1f}"
