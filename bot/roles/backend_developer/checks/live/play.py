"""One run of a rendered service, from its start to its end, with everything that is tried in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.errors import EipasError
from bot.evidence.sandbox import Sandbox
from bot.roles.backend_developer.blueprint import Blueprint
from bot.roles.backend_developer.checks.live.access import probe_access
from bot.roles.backend_developer.checks.live.behaviour import probe_behaviour
from bot.roles.backend_developer.checks.live.calls import SECRET
from bot.roles.backend_developer.checks.live.client import NoAnswer
from bot.roles.backend_developer.checks.live.conformity import Contract
from bot.roles.backend_developer.checks.live.endurance import LIFE, LIMIT, probe_database, probe_rate, probe_stop
from bot.roles.backend_developer.checks.live.inputs import probe_inputs
from bot.roles.backend_developer.checks.live.load import put_load
from bot.roles.backend_developer.checks.live.outcome import Findings
from bot.roles.backend_developer.checks.live.people import People
from bot.roles.backend_developer.checks.live.phases import ACCESS, ALL, BEHAVIOUR, ENDURANCE, INPUTS, LOAD, RULES, TESTS
from bot.roles.backend_developer.checks.live.prober import Prober, Tell
from bot.roles.backend_developer.checks.live.rows import CannotMake, Rows
from bot.roles.backend_developer.checks.live.rules import probe_rules
from bot.roles.backend_developer.checks.live.stand import DidNotStart, Stand
from bot.roles.backend_developer.checks.live.targets import Target, targets_of
from bot.roles.backend_developer.renderers.service.plan import plan_of

OWN_TESTS: Final = "service.own_tests"
_PROBES: Final[Mapping[str, Callable[[Prober], None]]] = {
    ACCESS: probe_access,
    BEHAVIOUR: probe_behaviour,
    RULES: probe_rules,
    INPUTS: probe_inputs,
}
_OWN_SECONDS: Final = 75.0


def play(
    blueprint: Blueprint, files: Mapping[str, str], sandbox: Sandbox, tell: Tell, *, phases: frozenset[str] = ALL
) -> Findings:
    """Run the service of a blueprint and return what was found; what keeps it from running is its `problem`.

    The probes are derived from the blueprint; `files` are what was rendered of it, and nothing of them is believed.
    """
    plan = plan_of(blueprint)
    targets = targets_of(blueprint, plan)
    findings = Findings(sandbox=sandbox.name)
    try:
        with findings.timed("all", time.monotonic):
            tell("start", "PostgreSQL and migrations")
            with Stand(files, sandbox) as stand:
                stand.migrate()
                rows = Rows(blueprint, plan, stand.conninfo)
                try:
                    _Run(blueprint, targets, rows, stand, findings, tell).go(phases)
                finally:
                    rows.close()
                    findings.log = stand.log()[-4000:]
    except (DidNotStart, CannotMake) as reason:
        words = reason.message if isinstance(reason, EipasError) else f"no row could be made: {reason}"
        findings.problem = words
        if isinstance(reason, DidNotStart):
            findings.record(LIFE, "the service", "started", expected="it is ready", seen=words, held=False)
    return findings


class _Run:
    """What one run shares."""

    def __init__(
        self,
        blueprint: Blueprint,
        targets: tuple[Target, ...],
        rows: Rows,
        stand: Stand,
        findings: Findings,
        tell: Tell,
    ) -> None:
        self._blueprint, self._targets, self._rows = blueprint, targets, rows
        self._stand, self._findings, self._tell = stand, findings, tell
        self._people = People(rows)

    def go(self, phases: frozenset[str]) -> None:
        """Go through the phases."""
        findings, stand = self._findings, self._stand
        self._rows.settle()
        signed = {t.id: {self._rows.tenants[0] or "*": SECRET} for t in self._targets if t.access == "signed"}
        self._tell("start", "the service")
        with findings.timed("start", time.monotonic):
            took = stand.start(self._people.public_key, signed)
        findings.record(LIFE, "the service", "started", expected="it is ready", seen=f"{took:.1f} s", held=True)
        contract = Contract((stand.folder / "openapi.yaml").read_text("utf-8"))
        prober = Prober(
            self._blueprint, self._targets, self._people, self._rows, contract, findings, stand.client, self._tell
        )
        tests = threading.Thread(target=self._own_tests, name="own-tests")
        own = TESTS in phases and stand.has_loopback
        if own:
            tests.start()
        elif TESTS in phases:
            words = "they speak TCP to the service, for which only a network of its own has room, and this box has none"
            findings.leave(OWN_TESTS, "the service's own tests", words)
        try:
            self._probe(prober, phases)
        finally:
            if own:
                self._wait(tests)
        try:
            if LOAD in phases:
                with findings.timed("load", time.monotonic):
                    put_load(prober, stand)
            if ENDURANCE in phases:
                self._endure(prober, signed)
        finally:
            prober.close()

    def _probe(self, prober: Prober, phases: frozenset[str]) -> None:
        for name, probe in _PROBES.items():
            if name not in phases:
                continue
            with self._findings.timed(name, time.monotonic):
                probe(prober)
            if not self._stand.running:
                words = self._stand.log()[-300:]
                self._findings.record(
                    LIFE, "the service", f"probes of {name}", expected="it goes on running", seen=words, held=False
                )
                raise DidNotStart(reason="it ended while it was probed")
        prober.close()

    def _endure(self, prober: Prober, signed: Mapping[str, Mapping[str, str]]) -> None:
        stand, findings = self._stand, self._findings
        with findings.timed("database", time.monotonic):
            self._tell("endurance", "the database gone and back")
            probe_database(prober, stand)
        with findings.timed("stop", time.monotonic):
            self._tell("endurance", "stopped under load")
            probe_stop(prober, stand)
            prober.close()
        with findings.timed("rate", time.monotonic):
            self._tell("endurance", "more requests than the limit")
            stand.start(self._people.public_key, signed, rate=LIMIT)
            try:
                probe_rate(prober, stand)
            except NoAnswer as problem:
                findings.record(LIFE, "the service", "started again", expected="answers", seen=problem, held=False)
            stand.kill()

    def _own_tests(self) -> None:
        began = time.monotonic()
        ended, words = self._stand.own_tests(_OWN_SECONDS)
        self._findings.seconds["tests"] = round(time.monotonic() - began, 2)
        lines = [line for line in words.splitlines() if line.strip()]
        said = [line for line in lines if line.startswith(("E ", "FAILED", "ERROR", "/"))] or lines
        last = " · ".join(said[-3:])[:300] if said else "no output"
        if ended is None or ended.why:
            self._findings.leave(
                OWN_TESTS, "the service's own tests", f"ended by {ended.why if ended else 'nobody'}: {last}"
            )
            return
        self._findings.done.append("tests")
        self._findings.record(
            OWN_TESTS, "the service", "its own tests", expected="all pass", seen=last, held=ended.code == 0
        )

    def _wait(self, tests: threading.Thread) -> None:
        while tests.is_alive():
            self._tell("tests", "the service's own tests")
            tests.join(1.5)
