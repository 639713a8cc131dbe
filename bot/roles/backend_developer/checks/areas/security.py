"""Who may call what, whose rows they see, and what leaks."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

from bot.evidence.checks import CheckResult, Unmeasurable, judge, named, not_applicable, nothing_there
from bot.roles.backend_developer.blueprint.keys import tenant_column
from bot.roles.backend_developer.checks.areas import called_for, said
from bot.roles.backend_developer.checks.areas.entrances import accounts_told, stray_ways, without_way
from bot.roles.backend_developer.checks.areas.said import gaps_of
from bot.roles.backend_developer.checks.areas.told import hidden, presumed, shown_beside
from bot.roles.backend_developer.checks.areas.undone import undone
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.document import Endpoint
from bot.roles.backend_developer.checks.fit.gaps import SECURITY
from bot.roles.backend_developer.checks.fit.openness import asked_open
from bot.roles.backend_developer.checks.names import NAMES_OF_PEOPLE, is_intimate, is_personal, stem, tells_of_animal

_TOKENS: Final[Mapping[str, re.Pattern[str]]] = {
    "AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}\b"),
    "Slack token": re.compile(r"\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
    "Stripe key": re.compile(r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b"),
    "model provider's key": re.compile(r"\bsk-[A-Za-z0-9_-]{20,}"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "password in a sentence": re.compile(
        r"\bpassword\W{0,3}(?:\w+\s+)?(?:is|=|:)\s*[\"'“]?(?=\S*\d)(?=\S*[A-Za-z])\S{8,}", re.IGNORECASE
    ),
    "password in a URL": re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@{}]+:[^\s/@{}]{3,}@"),
}
_ASSIGNED: Final = re.compile(
    r"(?:secret|token|passw(?:or)?d|api[_-]?key|credential)\w*[\"']?\s*[:=]\s*[\"']?([A-Za-z0-9+/_=-]{20,})",
    re.IGNORECASE,
)
_NEEDED: Final = (
    "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "xox", "k_live_", "k_test_", "sk-", "aiza", "private key",
    "eyj", "password", "passwd", "://", "secret", "token", "apikey", "api_key", "api-key", "credential",
)  # fmt: skip
"""Each line with a credential has one of these, in lower case; looking for words is quicker than for patterns."""

_RANDOM_BITS: Final = 3.8
"""Shannon entropy per character above which twenty characters are no word (detect-secrets: 4.5)."""


def operations_secured(bench: CheckContext) -> CheckResult:
    """Every operation asks for credentials, or the design says that it is public (OWASP API2:2023)."""
    public = {operation.id for operation in bench.blueprint.operations if operation.public}
    endpoints = bench.document.endpoints
    offenders = [e.label for e in endpoints if e.anonymous and (e.id not in public or e.security is None)]
    open_ones = [e.label for e in endpoints if e.anonymous and e.id in public]
    asking = len(endpoints) - len(open_ones)
    good = f"{asking} operations ask for credentials; public by design: {named(open_ones) or 'none'}."
    return judge(offenders, good=good, bad="Open without being said to be public")


def roles_used(bench: CheckContext) -> CheckResult:
    """Every role of the design appears at an operation and has a way to sign in: otherwise it opens nothing."""
    used = {role for e in bench.document.endpoints for role in e.roles}
    idle = [role.name for role in bench.blueprint.roles if role.name not in used] + list(without_way(bench))
    return judge(
        idle,
        good=f"All {len(bench.blueprint.roles)} roles are used.",
        bad="Roles without an operation",
        raw=sorted(used),
    )


def schemes_asked(bench: CheckContext) -> CheckResult:
    """Callers sign in as was asked, and by no weaker way beside it."""
    kept = said.kept(bench, area=SECURITY, kinds=frozenset({"sign_in"}), what="signing in")
    stray = [*stray_ways(bench), *undone(bench, "sign_in")]
    return judge([*kept.findings, *stray], good="", bad="Not as said of signing in") if stray else kept


def objects_guarded(bench: CheckContext) -> CheckResult:
    """An operation on one object is limited to roles, or its rows to the caller's tenant (OWASP API1:2023)."""
    single = [e for e in bench.document.endpoints if e.path_parameters and not e.anonymous and not _delivers(bench, e)]
    if not single:
        return nothing_there("No operation addresses one object.", called_for.singles(bench))
    guarded = _guarded_tables(bench)
    offenders = [e.label for e in single if not e.roles and not _segments(e) & guarded]
    return judge(
        offenders,
        good=f"All {len(single)} operations on one object are limited.",
        bad="Any signed-in caller reaches any object by",
    )


def _delivers(bench: CheckContext, endpoint: Endpoint) -> bool:
    """Whether it takes what another service signed, and is about no thing: its path names the sender, and no object."""
    operation = bench.operation(endpoint)
    return operation is not None and operation.signed and not operation.entity and endpoint.method == "POST"


def tenants_scoped(bench: CheckContext) -> CheckResult:
    """Rows of a tenant carry it, required, and a row-level policy stands before them, as was asked and designed."""
    scoped = [entity for entity in bench.blueprint.entities if entity.tenant_scoped]
    asked = [line for one in bench.fit for line in gaps_of(one, SECURITY, frozenset({"tenancy"}))]
    if not scoped:
        return (
            judge(asked, good="", bad="Not kept apart by tenant")
            if asked
            else not_applicable("No tenants are asked for.")
        )
    catalogue = catalogue_of(bench)
    offenders = list(asked)
    for entity in scoped:
        table = catalogue.tables.get(entity.plural)
        column = table.columns.get(tenant_column(bench.blueprint, entity)) if table is not None else None
        if column is None or not column.required:
            offenders.append(f"{entity.plural} (no required column of its tenant)")
        elif entity.plural not in catalogue.facts["row_level_security"]:
            offenders.append(f"{entity.plural} (no row-level policy)")
    names = {entity.plural for entity in scoped}
    plain = {entity.plural for entity in bench.blueprint.entities} - names
    offenders += [
        f"{table.name} (points at {key.target}, whose rows are a tenant's)"
        for table in catalogue.tables.values()
        if table.name in plain
        for key in table.constraints
        if key.kind == "f" and key.target in names
    ]
    return judge(
        offenders,
        good=f"{len(scoped)} tables are scoped by a column of their tenant and a policy.",
        bad="Not kept apart by tenant",
    )


def tenants_isolated(bench: CheckContext) -> CheckResult:
    """Tried on the real database: a tenant sees and moves no row of another, and a caller without tenant sees none."""
    catalogue_of(bench)
    if not any(entity.tenant_scoped for entity in bench.blueprint.entities):
        return nothing_there("The design has no tenants.", called_for.tenants(bench))
    sights = bench.trial.sights
    if not sights:
        raise Unmeasurable(reason=f"No table has a policy to try. {bench.trial.reads_problem}".strip())
    offenders = [f"{s.table} ({why})" for s in sights for why in s.faults]
    broken = [f"{s.table} ({s.problem})" for s in sights if s.problem]
    if broken and not offenders:
        raise Unmeasurable(reason=f"Could not be tried: {named(broken)}.")
    raw = [
        f"{s.table}: saw {s.own} own rows, {s.foreign} foreign ones; {', '.join(s.faults) or 'held'}" for s in sights
    ]
    return judge(
        offenders,
        good=f"Tried on {len(sights)} tables: no foreign row was seen, and none was given away.",
        bad="Tenants are not kept apart",
        raw=raw,
    )


def tenants_joined_within(bench: CheckContext) -> CheckResult:
    """Tried on the real database: no row of a tenant can be made to point at a row of another."""
    catalogue_of(bench)
    if not any(entity.tenant_scoped for entity in bench.blueprint.entities):
        return nothing_there("The design has no tenants.", called_for.tenants(bench))
    tried = [join for sight in bench.trial.sights for join in sight.joins]
    if not tried:
        return not_applicable("No row of a tenant points at another.")
    return judge(
        sorted({join.label for join in tried if join.foreign}),
        good=f"Tried on {len(tried)} foreign keys: none leads to another tenant.",
        bad="Lead to another tenant's rows",
    )


def rate_limited(bench: CheckContext) -> CheckResult:
    """Every operation tells that it refuses too many requests, by 429 (RFC 6585, section 4)."""
    endpoints = bench.document.endpoints
    return judge(
        [e.label for e in endpoints if "429" not in e.responses],
        good=f"All {len(endpoints)} operations declare 429.",
        bad="No rate limit declared",
    )


def personal_marked(bench: CheckContext) -> CheckResult:
    """Fields that are personal or secret by their name are marked so, others not; nobody's consent is presumed."""
    fields = [
        (entity.name, field)
        for entity in bench.blueprint.entities
        for field in entity.fields
        if is_personal(field.name) and not tells_of_animal(field.name, [f.name for f in entity.fields])
    ]
    others = [*presumed(bench), *hidden(bench)]
    if not fields and not others:
        return nothing_there("No field looks personal.", called_for.personal(bench))
    return judge(
        [*(f"{entity}.{field.name}" for entity, field in fields if not field.sensitive), *others],
        good=f"All {len(fields)} are marked.",
        bad="Personal and not marked, or taken for so",
    )


def personal_unlisted(bench: CheckContext) -> CheckResult:
    """What is marked sensitive is read one by one, never in a list."""
    sensitive = {field.name for entity in bench.blueprint.entities for field in entity.fields if field.sensitive}
    lists = bench.document.lists()
    if not sensitive or not lists:
        return not_applicable("No field is marked sensitive, or nothing is listed.")
    offenders = [
        f"{e.label} {name}"
        for e in lists
        for name in sorted(sensitive & set(bench.document.properties(bench.document.items(e))) & _own(bench, e))
    ]
    offenders += [
        f"{op.method} {op.path} by {name}"
        for op in bench.blueprint.operations
        for name in dict.fromkeys((*op.sort, *op.search, *op.ranges))
        if op.kind == "list" and name in sensitive and is_intimate(name)
    ]  # in order, or found by it, a list tells what it hides
    return judge(offenders, good="Lists hold no sensitive field.", bad="Lists with sensitive fields")


def personal_closed(bench: CheckContext) -> CheckResult:
    """Nobody reads what is personal without signing in, unless people opened the thing that it belongs to."""
    offenders = [
        f"{e.label} {name}"
        for e in bench.document.endpoints
        if e.anonymous and not e.writes and not asked_open(bench.said, e)
        for name, shown in bench.document.shown(e).items()
        if shown.get("x-sensitive") or is_personal(name) or name in NAMES_OF_PEOPLE
    ]
    wanted = [e for e in bench.document.endpoints if e.anonymous and not e.writes and asked_open(bench.said, e)]
    offenders += [line for e in wanted for line in shown_beside(bench, e)] + list(accounts_told(bench))
    return judge(offenders, good="No open operation answers with personal data.", bad="Anyone may read")


def no_secrets(bench: CheckContext) -> CheckResult:
    """No artefact holds a credential, by known shapes and by randomness."""
    offenders = [
        place
        for artefact in bench.subject.artefacts
        for place in _leaks(artefact.name, artefact.content.decode("utf-8", errors="replace"))
    ]
    return judge(offenders, good=f"None in {len(bench.subject.artefacts)} files.", bad="Credentials in the files")


def _guarded_tables(bench: CheckContext) -> set[str]:
    catalogue = catalogue_of(bench)
    return {stem(table) for table in catalogue.facts["row_level_security"]}


def _segments(endpoint: Endpoint) -> set[str]:
    return {stem(part) for part in endpoint.path.split("/") if part and not part.startswith("{")}


def _own(bench: CheckContext, endpoint: Endpoint) -> set[str]:
    """Sensitive field names of the entity that the endpoint lists: another entity's `name` may be harmless."""
    operation = bench.operation(endpoint)
    entities = [
        entity for entity in bench.blueprint.entities if operation is None or operation.entity in (None, entity.name)
    ]
    return {field.name for entity in entities for field in entity.fields if field.sensitive}


def _leaks(name: str, text: str) -> Iterator[str]:
    """Name the places, never the credential itself: findings are posted."""
    lines = text.splitlines()
    for number in sorted(_suspicious(text)):
        line = lines[number - 1]
        kinds = [kind for kind, pattern in _TOKENS.items() if pattern.search(line)]
        if not kinds and any(_random(match) for match in _ASSIGNED.findall(line)):
            kinds = ["random value assigned to a secret"]
        yield from (f"{name}:{number} ({kind})" for kind in kinds)


def _suspicious(text: str) -> set[int]:
    """Return the numbers of the lines that may hold one: each pattern needs one of these words on its line."""
    low = text.lower()
    if len(low) != len(text):  # a few letters grow in lower case, and places would not be the same
        return set(range(1, len(text.splitlines()) + 1))
    places = [at for word in _NEEDED for at in _places(low, word)]
    ends = list(accumulate(len(line) for line in text.splitlines(keepends=True))) if places else []
    return {bisect_right(ends, at) + 1 for at in places}


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _random(word: str) -> bool:
    counts = Counter(word)
    bits = -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
    return bits > _RANDOM_BITS and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
