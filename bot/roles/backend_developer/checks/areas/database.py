"""Do the migrations run on a real PostgreSQL, and is what they leave there sound?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from bot.evidence.checks import CheckResult, Unmeasurable, failed, held, judge, not_applicable, nothing_there
from bot.roles.backend_developer.blueprint.spelling import document_name
from bot.roles.backend_developer.checks.areas import called_for
from bot.roles.backend_developer.checks.areas.asked import said_fields, said_of
from bot.roles.backend_developer.checks.areas.derived import many_in_one
from bot.roles.backend_developer.checks.areas.exchanged import insufficient
from bot.roles.backend_developer.checks.areas.said import gaps_of
from bot.roles.backend_developer.checks.areas.sent import misfitting, unlike
from bot.roles.backend_developer.checks.areas.unasked_parts import either_tables
from bot.roles.backend_developer.checks.catalogue import FACTS, Catalogue, Constraint
from bot.roles.backend_developer.checks.context import CheckContext, catalogue_of
from bot.roles.backend_developer.checks.fit.gaps import DATABASE
from bot.roles.backend_developer.checks.fit.rendered import spoken
from bot.roles.backend_developer.checks.names import is_secret, stem

ColumnTest: TypeAlias = Callable[[str, str], bool]
"""Whether a column of that name and type is an offender."""

_SQUAWK_SECONDS: Final = 10


def parses(bench: CheckContext) -> CheckResult:
    """Every migration is SQL by PostgreSQL's own parser."""
    # Loads PostgreSQL's whole parser: the first assessment pays for it, not every start of the bot.
    import postgast  # noqa: PLC0415

    problems = []
    for migration in bench.migrations:
        for name, text in ((migration.name, migration.up), (f"{migration.name} (down)", migration.down or "")):
            try:
                postgast.parse(text)
            except postgast.PgQueryError as problem:
                problems.append(f"{name}: {problem}, at character {problem.cursorpos}")
    return judge(problems, good=f"All {len(bench.migrations)} migrations parse.", bad="Not SQL")


def migrations_apply(bench: CheckContext) -> CheckResult:
    """Every migration goes through on a real PostgreSQL, the later ones on tables that hold rows."""
    trial = bench.trial
    if trial.failure is not None:
        return failed(f"{trial.failure.name} failed: {trial.failure.problem}", [trial.failure.name], trial.log())
    return held(f"{len(trial.steps)} applied to PostgreSQL {trial.version}.", trial.log())


def migrations_meet_rows(bench: CheckContext) -> CheckResult:
    """Later migrations went through on tables that hold rows: `ADD COLUMN ... NOT NULL` passes on empty ones."""
    later = bench.trial.steps[1:]
    if len(bench.migrations) < 2:
        return not_applicable("There is only the first migration; nothing is changed under rows yet.")
    if not later or not any(step.rows for step in later):
        raise Unmeasurable(reason="No rows were there when the later migrations ran.")
    problems = [f"{step.name}: {step.problem}" for step in later if step.problem]
    return judge(
        problems,
        good=f"{len(later)} changed a database with {later[-1].rows:,} rows.",
        bad="Failed on rows",
        raw=bench.trial.log(),
    )


def reversible(bench: CheckContext) -> CheckResult:
    """The down files take everything back, last first, and leave nothing."""
    catalogue_of(bench)
    trial = bench.trial
    problems = [f"{step.name}: {step.problem}" for step in trial.reversals if step.problem]
    problems += [f"left behind: {thing}" for thing in trial.leftovers or ()]
    return judge(problems, good="Taken back to an empty database.", bad="Cannot be taken back", raw=trial.log())


def linted(bench: CheckContext) -> CheckResult:
    """The linter squawk finds no operation that locks or breaks a running system; each broken rule counts once."""
    program = _squawk()
    reports: list[dict[str, object]] = []
    for migration in bench.migrations:
        done = subprocess.run(  # noqa: S603 - a fixed program; the SQL goes in by standard input
            [program, "--reporter", "json", "--assume-in-transaction", "--stdin-filepath", migration.name],
            input=migration.up, capture_output=True, text=True, timeout=_SQUAWK_SECONDS, check=False,
        )  # fmt: skip
        try:
            reports += json.loads(done.stdout)
        except ValueError as unread:
            raise Unmeasurable(
                reason=f"squawk ended with {done.returncode} and no report: {done.stderr.strip()[:200]}"
            ) from unread
    rules = sorted({str(report["rule_name"]) for report in reports})
    return judge(
        rules, good="squawk has nothing to say.", bad="squawk's rules broken", raw=json.dumps(reports, indent=1)
    )


def primary_keys(bench: CheckContext) -> CheckResult:
    """Every table has a primary key."""
    return _fact(
        bench, "tables_without_primary_key", good="Every table has a primary key.", bad="Tables without a primary key"
    )


def foreign_keys_indexed(bench: CheckContext) -> CheckResult:
    """Every foreign key has an index: PostgreSQL makes none, and deleting a parent then reads the whole child."""
    catalogue = catalogue_of(bench)
    if not catalogue.facts["foreign_keys"]:
        return nothing_there("There are no foreign keys.", called_for.relations(bench))
    count = len(catalogue.facts["foreign_keys"])
    return _fact(
        bench,
        "foreign_keys_without_index",
        good=f"All {count} foreign keys have an index.",
        bad="Foreign keys without an index",
    )


def foreign_key_types(bench: CheckContext) -> CheckResult:
    """A foreign key has its target's type."""
    if not catalogue_of(bench).facts["foreign_keys"]:
        return nothing_there("There are no foreign keys.", called_for.relations(bench))
    return _fact(
        bench,
        "foreign_keys_of_another_type",
        good="Foreign keys have their targets' types.",
        bad="Foreign keys of another type than their target",
    )


def relations_enforced(bench: CheckContext) -> CheckResult:
    """Every relation of the design is a foreign key in the database that does on deletion what the design says."""
    catalogue = catalogue_of(bench)
    plurals = {entity.name: entity.plural for entity in bench.blueprint.entities}
    if not bench.blueprint.relations:
        return nothing_there("The design has no relations.", called_for.relations(bench))
    keys = [(table.name, c) for table in catalogue.tables.values() for c in table.constraints if c.kind == "f"]
    pairs = {(name, c.target) for name, c in keys}
    missing = []
    for relation in bench.blueprint.relations:
        source, target = plurals[relation.source], plurals[relation.target]
        direct = [c for name, c in keys if (name, c.target) == (source, target)]
        linked = any((link, source) in pairs and (link, target) in pairs for link in catalogue.tables)
        if not direct and not linked:
            missing.append(f"{relation.source}.{relation.name}")
        elif (
            relation.cardinality != "many_to_many"
            and direct
            and not any(_deletes(c, relation.on_delete) for c in direct)
        ):
            missing.append(f"{relation.source}.{relation.name} (does not {relation.on_delete} on deletion)")
    missing += [*_loose_ends(bench, catalogue), *many_in_one(bench), *either_tables(bench)]
    return judge(
        missing,
        good=f"All {len(bench.blueprint.relations)} relations are foreign keys.",
        bad="Relations without a foreign key of their kind",
        raw=sorted(pairs),
    )


def _loose_ends(bench: CheckContext, catalogue: Catalogue) -> list[str]:
    """Return columns that nobody said, called and typed like the key of a thing, which no foreign key holds."""
    things = {spoken(e.name) for e in bench.blueprint.entities}
    said = said_fields(bench)
    return [
        f"{entity.name}.{field.name} (points at nothing)"
        for entity in bench.blueprint.entities
        for field in entity.fields
        if field.type == "uuid" and field.name.endswith("_id") and spoken(field.name.removesuffix("_id")) in things
        and not said_of(entity, field.name, said)
        and field.name != entity.owner and (table := catalogue.tables.get(entity.plural)) is not None
        and not any(c.kind == "f" and field.name in c.columns for c in table.constraints)
    ]  # fmt: skip


def _deletes(key: Constraint, on_delete: str) -> bool:
    said = re.search(r"ON DELETE (CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION)", key.definition)
    does = said[1] if said else "NO ACTION"
    return {"cascade": does == "CASCADE", "set_null": does == "SET NULL"}.get(
        on_delete, does in ("RESTRICT", "NO ACTION")
    )


def indexes_distinct(bench: CheckContext) -> CheckResult:
    """No two indexes are the same: the second only costs writes."""
    return _fact(bench, "duplicate_indexes", good="No index exists twice.", bad="The same index twice")


def times_have_zones(bench: CheckContext) -> CheckResult:
    """Timestamps carry their zone."""
    return _columns(
        bench,
        lambda name, kind: kind == "timestamp",
        good="Every timestamp has its zone.",
        bad="Timestamps without zone",
    )


def keys_wide(bench: CheckContext) -> CheckResult:
    """No primary key runs out at two thousand million rows."""
    return _fact(bench, "narrow_keys", good="Keys are uuid or bigint.", bad="Keys that run out")


def entities_stored(bench: CheckContext) -> CheckResult:
    """Every entity of the design, and every thing that people named as one, has a table."""
    catalogue = catalogue_of(bench)
    tables = {stem(name) for name in catalogue.tables}
    missing = [entity.name for entity in bench.blueprint.entities if stem(entity.plural) not in tables]
    missing += [line for one in bench.fit for line in gaps_of(one, DATABASE, frozenset({"entity"}))]
    return judge(
        missing,
        good=f"All {len(bench.blueprint.entities)} entities have a table.",
        bad="Entities without a table",
        raw=sorted(catalogue.tables),
    )


def document_matches(bench: CheckContext) -> CheckResult:
    """What the API says of an entity is what the database keeps: in answers, bodies, keys and filters."""
    catalogue, document = catalogue_of(bench), bench.document
    offenders, compared = [], 0
    for entity in bench.blueprint.entities:
        table = catalogue.tables.get(entity.plural)
        schema = document.schemas.get(document_name(entity.name))
        if table is None or schema is None:
            continue
        compared += 1
        shown = {name: document.resolve(node) or node for name, node in document.properties(schema).items()}
        offenders += [
            f"{entity.name}.{name} {why}" for name, node in shown.items() for why in unlike(table, name, node)
        ]
        hidden = {field.name for field in entity.fields if field.write_only or field.sensitive or is_secret(field.name)}
        offenders += [
            f"{entity.name}.{field.name} is in no answer"
            for field in entity.fields
            if field.name in table.columns and field.name not in shown and field.name not in hidden
        ]
    offenders += [*misfitting(bench, catalogue), *insufficient(bench, catalogue)]
    if not compared and not offenders:
        raise Unmeasurable(reason="No schema of the document is named like an entity with a table.")
    return judge(offenders, good=f"{compared} schemas agree with their tables.", bad="Schemas and tables differ")


def _fact(bench: CheckContext, fact: str, *, good: str, bad: str) -> CheckResult:
    offenders = catalogue_of(bench).facts[fact]
    return judge(
        offenders,
        good=good,
        bad=bad,
        raw=f"{' '.join(FACTS[fact].split())}\n-- {len(offenders)} rows\n" + "\n".join(offenders),
    )


def _columns(bench: CheckContext, wrong: ColumnTest, *, good: str, bad: str) -> CheckResult:
    tables = catalogue_of(bench).tables.values()
    listed = [(f"{table.name}.{column.name}", column.type) for table in tables for column in table.columns.values()]
    offenders = [label for label, kind in listed if wrong(label.split(".", 1)[1], kind)]
    return judge(offenders, good=good, bad=bad, raw=[f"{label} {kind}" for label, kind in listed])


def _squawk() -> str:
    beside = Path(sys.executable).with_name("squawk")
    found = str(beside) if beside.exists() else shutil.which("squawk")
    if found is None:
        raise Unmeasurable(reason="The program squawk (package squawk-cli) is not installed.")
    return found
