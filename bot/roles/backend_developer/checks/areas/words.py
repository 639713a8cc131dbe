"""Sentences of a design: they prove nothing and are listed as claimed; what they admit to lack counts against it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.facts import ServiceFact, StackFact, Stance
from bot.evidence.checks import CheckResult, judge, not_applicable, not_measured
from bot.roles.backend_developer.checks.areas.own_words import let_by_words
from bot.roles.backend_developer.checks.areas.undone import undone
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.fit.rendered import plain

_PLAIN: Final = re.compile(
    r"\bno (tls|https|ssl|encryption)\b|\bnothing is encrypted\b|\bin plain ?text\b"
    r"|\bplain(text)? (http|text)\b(?! is (redirected|refused|rejected))"
    r"|\bunencrypted\b|\bftp\b(?! over (tls|ssl|ssh))|\btelnet\b"
    r"|\bnot encrypted\b|\bwithout (tls|https|encryption)\b|\bin the clear\b",
    re.IGNORECASE,
)
_OUTDATED: Final = re.compile(
    r"\b(TLS ?v?1\.[01]|SSL ?v?[23](\.\d)?|SSLv[23]|MD[45]|SHA-?1|(3|triple )?DES|RC[24]|ECB|ROT-?13|base64)\b"
    r"(?! (is|are) (not|off|refused|rejected|disabled))", re.IGNORECASE,
)  # fmt: skip
"""What is no protection any more (RFC 8996, NIST SP 800-131A)."""

_REFUSES: Final = re.compile(
    r"\b(no|never|not|without|refus\w+|reject\w+|redirect\w+|disabl\w+|instead of)\b[^.;]{0,20}$", re.IGNORECASE
)
_BLIND: Final = re.compile(
    r"^\W*(none|nothing)\b|\bno (metrics|logs?|logging|alerts?|monitoring|traces|tracing)\b|\bnot monitored\b"
    r"|\bnothing is (watched|logged|measured)\b|\bwithout (monitoring|logs|metrics)\b", re.IGNORECASE,
)  # fmt: skip
_UNCHECKED: Final = re.compile(
    r"\b(nobody|no one|nothing) (checks|is checked)\b|\bno (authorisation|authorization|checks)\b|\bnot checked\b"
    r"|\b(everyone|everybody|anyone|anybody) (may|can) do (everything|anything)\b|^\W*(none|nothing)\b", re.IGNORECASE,
)  # fmt: skip
_STALE: Final = re.compile(
    r"\bcached? for ?ever\b|\bnever expires?\b|\bpublicly\b[^.;]{0,40}\bcache|\bcache\w*\b[^.;]{0,40}\bpublicly\b"
    r"|\bpersonal data is cached\b|\balso (patients|customers|users|people|personal)\b", re.IGNORECASE,
)  # fmt: skip
_LOSES: Final = re.compile(
    r"\bno transactions?\b|\b(rows|data|writes|orders) (may|can|might) be lost\b|\bdata loss is accepted\b"
    r"|\bno consistency\b",
    re.IGNORECASE,
)  # fmt: skip
_MADE_AGAIN: Final = re.compile(
    r"\b(dropped|deleted|wiped|truncated|emptied)\b[^.;]{0,30}\b(again|anew|fresh|recreated|rebuilt|re-?created)\b"
    r"|\b(recreated?|rebuilt?) (the )?(tables?|database|schema) from (scratch|nothing)\b|\bstart(s|ed)? empty\b",
    re.IGNORECASE,
)
_SERVICES: Final = re.compile(r"\bmicro-?services?\b", re.IGNORECASE)
_NO_SERVICES: Final = re.compile(
    r"\b(no|not|without|instead of|rather than)\b[^.;]{0,20}\bmicro-?services?\b", re.IGNORECASE
)
_EMPTY_FAILURE: Final = re.compile(
    r"\bnothing happens\b|\bit (will|may|can) fail\b|\bnot (yet )?(thought|considered|planned|handled)\b"
    r"|\bare ignored\b|\bis ignored\b|\bwe ignore\b|^\W*(none|nothing|unknown|tbd|todo|n/?a)\b|\bcrash", re.IGNORECASE,
)  # fmt: skip


_PUT_OFF: Final = re.compile(
    r"\bnot (yet )?(used|connected|needed|integrated|implemented|wired|enabled|called|in use|part of)\b|\bunused\b"
    r"|\bnot yet\b|\b(later|future|next|second) (release|version|phase|iteration|milestone)\b|\bpostponed\b"
    r"|\bleft (for|out)\b|\bout of scope\b|\bto be (done|added|decided|connected)\b|\bTBD\b|\bfor now\b"
    r"|\bphase (2|two|ii)\b|\bby hand\b", re.IGNORECASE,
)  # fmt: skip
"""What tells that something which is listed is not there."""


def put_off(bench: CheckContext) -> Iterator[str]:
    """Yield services that were asked for and that the design itself puts off."""
    asked = {plain(f.name) for f in bench.said.facts if isinstance(f, ServiceFact) and f.stance is Stance.STATED}
    for one in bench.blueprint.integrations:
        told = next((text for text in (one.purpose, one.method) if _PUT_OFF.search(text)), "")
        if told and any(name in plain(one.service) or plain(one.service) in name for name in asked):
            yield f"{one.service} (“{told[:60]}”)"


def unused(bench: CheckContext) -> Iterator[str]:
    """Yield parts of the stack that were asked for and that the design's own words leave unused."""
    services = bench.blueprint.services
    told = [value for value in services.model_dump().values() if isinstance(value, str)]
    sentences = [sentence for text in told for sentence in re.split(r"[.;]", text)]
    for fact in bench.said.facts:
        if isinstance(fact, StackFact) and fact.stance is Stance.STATED:
            hit = next((s for s in sentences if plain(fact.name) in plain(s) and _PUT_OFF.search(s)), "")
            yield from [f"{fact.name} (“{hit.strip()[:60]}”)"] if hit else []


def failures_planned(bench: CheckContext) -> CheckResult:
    """No integration says that nothing is planned for when the other side is down, and webhooks are tried again."""
    integrations = bench.blueprint.integrations
    offenders = [f"{i.service} (“{i.on_failure[:60]}”)" for i in integrations if _EMPTY_FAILURE.search(i.on_failure)]
    offenders += put_off(bench)
    offenders += [f"{e.name} (tried once)" for e in bench.blueprint.events if e.kind == "webhook_out" and not e.retries]
    if not integrations and not offenders:
        return not_applicable("The design has no integrations.")
    if offenders:
        return judge(offenders, good="", bad="No plan for failure")
    return _claimed("; ".join(f"{i.service}: {i.on_failure}" for i in integrations))


def encryption_claimed(bench: CheckContext) -> CheckResult:
    """Encryption is claimed, and cannot be seen in a design."""
    words = bench.blueprint.auth.data_protection
    told = [words, bench.blueprint.services.communication, *(i.method for i in bench.blueprint.integrations)]
    found = [(one, m) for one in told for m in _PLAIN.finditer(one)]
    found += [(words, m) for m in _OUTDATED.finditer(words)]
    return _admitted(words, [m.group() for one, m in found if not _negated(one, m)] + undone(bench, "secrecy"))


def authorization_claimed(bench: CheckContext) -> CheckResult:
    """What the design tells of authorisation; who may is compared elsewhere."""
    words = bench.blueprint.auth.authorization
    hits = [m.group() for m in _UNCHECKED.finditer(words)]
    return _admitted(words, [*hits, *undone(bench, "access"), *let_by_words(bench)])


def monitoring_claimed(bench: CheckContext) -> CheckResult:
    """Monitoring is claimed, and cannot be seen in a design."""
    words = bench.blueprint.services.monitoring
    return _admitted(words, [m.group() for m in _BLIND.finditer(words)] + undone(bench, "logs"))


def caching_claimed(bench: CheckContext) -> CheckResult:
    """Caching is claimed, and cannot be seen in a design."""
    words = bench.blueprint.services.caching
    hits = [m.group() for m in _STALE.finditer(words) if not _negated(words, m)]
    return _admitted(words, hits + undone(bench, "separation"))


def consistency_claimed(bench: CheckContext) -> CheckResult:
    """Consistency is claimed, and cannot be seen in a design."""
    words = bench.blueprint.services.data_consistency
    moved = bench.blueprint.services.migration_strategy
    hits = [m.group() for m in _LOSES.finditer(words)]
    hits += [m.group() for m in _MADE_AGAIN.finditer(moved) if not _negated(moved, m)]
    return _admitted(words, hits)


def boundaries_there(bench: CheckContext) -> CheckResult:
    """A design that promises services names at least two."""
    services = bench.blueprint.services
    if not _SERVICES.search(services.style) or _NO_SERVICES.search(services.style):
        return not_applicable("The design promises no services of their own.")
    return judge(
        [] if len(services.boundaries) > 1 else [services.style[:80]],
        good=f"{len(services.boundaries)} services are named.", bad="Promised and not named",
    )  # fmt: skip


def _negated(words: str, match: re.Match[str]) -> bool:
    """Whether a phrase is refused in its own sentence: “never in plain text”."""
    return match.group()[:2].lower() != "no" and bool(_REFUSES.search(words[: match.start()]))


def _admitted(words: str, hits: list[str]) -> CheckResult:
    return judge(hits, good="", bad="The design itself says", raw=words) if hits else _claimed(words)


def _claimed(words: str) -> CheckResult:
    return not_measured(f"Claimed, not tested: “{words[:300]}”")
