"""Faults to be planted into the rendered depot, as edits of its files; and right variations, which must trip nothing.

`check` is what has to catch it and `operation` what that has to name ("" where it is about all of them). `sought` faults
were made by somebody who had read the probes and looked for gaps between them.
"""

# ruff: noqa: E501 - an edit shows a line of what is rendered as it stands there

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.roles.backend_developer.checks.live.play import ACCESS, BEHAVIOUR, ENDURANCE, INPUTS, LOAD, RULES

_SIGN_IN, _ROLES = "security.sign_in_asked", "security.roles_kept"
_TENANTS, _OWN = "security.tenants_apart", "security.own_rows_kept"
_ATTACKS, _SIGNED, _RATE = "security.attacks_fail", "security.calls_signed", "security.rate_held"
_CONTRACT, _INPUTS, _LISTS = "api.contract_kept", "api.inputs_refused", "api.lists_exact"
_RULES, _STATES = "database.rules_kept", "database.states_kept"
_LIFE, _DATABASE, _NOTED = "service.starts_and_stops", "service.outlives_database", "service.changes_noted"
_REPEATS, _VERSIONS = "service.repeats_safe", "service.updates_safe"

AUTH, SQL = "app/core/auth.py", "migrations/0001_initial.sql"
PARCELS, BAYS, PEOPLE = "app/routers/parcels.py", "app/routers/bays.py", "app/routers/people.py"
PAGES, REQUESTS, TABLES = "app/core/pages.py", "app/core/requests.py", "app/core/tables.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Edits (file, old, new), the check that catches it, the operation it names, and the phase it is caught in."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    check: str
    phase: str
    operation: str = ""
    sought: bool = False


def _one(name: str, file: str, old: str, new: str, check: str, phase: str, operation: str = "") -> Fault:
    return Fault(name=name, edits=((file, old, new),), check=check, phase=phase, operation=operation)


def _sought(name: str, check: str, phase: str, operation: str, *edits: tuple[str, str, str]) -> Fault:
    return Fault(name=name, edits=edits, check=check, phase=phase, operation=operation, sought=True)


_REQUIRED = 'options={"require": ["exp", "iat", "sub", "aud", "iss"]}'
_TENANT = "NULLIF(current_setting('app.tenant_id', true), '')::uuid"
_READ_OWN = """AS RESTRICTIVE FOR SELECT
    USING (COALESCE(current_setting('app.role', true), '') IN ('service', 'admin', 'clerk')"""
_DELETE_GUARD = """api.Depends(api.allow("admin"))],
    id_: t.UUID,
) -> api.Response:
    \"\"\"delete it.\"\"\""""
_STATES_TRIGGER = (
    "CREATE TRIGGER parcels_status_states BEFORE INSERT OR UPDATE OF status ON parcels FOR EACH ROW "
    "EXECUTE FUNCTION parcels_status_states();"
)
_RIGHTS_TRIGGER = (
    "CREATE TRIGGER parcels_rights BEFORE UPDATE ON parcels FOR EACH ROW EXECUTE FUNCTION parcels_rights();"
)
_SET_ONCE = "CREATE TRIGGER parcels_set_once BEFORE UPDATE ON parcels FOR EACH ROW EXECUTE FUNCTION parcels_set_once();"
_EXCLUDE = """ALTER TABLE bays ADD CONSTRAINT ex_bays_door_from_at_until_at
    EXCLUDE USING gist (tenant_id WITH =, door WITH =, tstzrange(from_at, until_at) WITH &&);"""
_VALUES = "    values: dict[str, typing.Any] = {"
_FORMAT = f'    (body.note or "").format()\n{_VALUES}'
_MATCHED = "        api.must_match(request, models.TABLE, row)\n"
_SENT = "api.written(body, models.TABLE))"

FAULTS: Final[tuple[Fault, ...]] = (
    # -- who gets in --------------------------------------------------------------------------------------------------
    _one("the signature of tokens is not checked", AUTH, _REQUIRED,
         'options={"verify_signature": False, "verify_aud": True, "verify_iss": True, "verify_exp": True}', _SIGN_IN, ACCESS),
    _one("the audience of tokens is not checked", AUTH, _REQUIRED, 'options={"require": ["exp"], "verify_aud": False}',
         _SIGN_IN, ACCESS),
    _one("the issuer of tokens is not checked", AUTH, "        issuer=config.token_issuer,\n", "", _SIGN_IN, ACCESS),
    _one("tokens never expire", AUTH, _REQUIRED, 'options={"require": ["exp", "iat"], "verify_exp": False}', _SIGN_IN,
         ACCESS),
    _one("tokens may live for days", AUTH, 'if claims["exp"] - claims["iat"] >', 'if 0 * claims["exp"] >', _SIGN_IN,
         ACCESS),
    _one("the second factor is not asked for", AUTH, "if way.multi_factor and", "if not way.multi_factor and", _SIGN_IN,
         ACCESS),
    _one("one operation forgets its guard", PARCELS, _DELETE_GUARD, _DELETE_GUARD.replace('api.allow("admin")', "api.anyone"),
         _SIGN_IN, ACCESS, "delete_parcel"),
    _one("background work for strangers", "app/routers/service.py", 'api.allow("admin")', "api.anyone", _SIGN_IN, ACCESS,
         "export_parcels"),
    _sought("an expired token is good for two hours more", _SIGN_IN, ACCESS, "",
            (AUTH, "_LEEWAY_SECONDS = 30", "_LEEWAY_SECONDS = 7_000")),
    _sought("a token without an end is taken", _SIGN_IN, ACCESS, "",
            (AUTH, _REQUIRED, 'options={"require": ["sub", "aud", "iss"]}'),
            (AUTH, 'claims["exp"] - claims["iat"]', 'claims.get("exp", 0) - claims["iat"]')),
    # -- roles --------------------------------------------------------------------------------------------------------
    _one("roles are not looked at", AUTH, "if roles and not fitting:", "if roles and not caller.name:", _ROLES, ACCESS),
    _one("a role too many at one operation", PARCELS, _DELETE_GUARD,
         _DELETE_GUARD.replace('"admin"', '"admin", "clerk"'), _ROLES, ACCESS, "delete_parcel"),
    _one("a role too few at one operation", PEOPLE, 'api.allow("admin")', 'api.allow("nobody")', _ROLES, ACCESS,
         "list_person"),
    _one("all roles read a field that is not for all", "app/core/api.py", "if caller.roles.isdisjoint(roles)",
         "if caller.roles.isdisjoint({*roles, *caller.roles})", _ROLES, ACCESS, "parcel"),
    _one("a role writes a field that is not for it", SQL, _RIGHTS_TRIGGER, "", _ROLES, ACCESS, "update_parcel"),
    _sought("a role that begins like one is taken for it", _ROLES, ACCESS, "",
            (AUTH, "role for role in roles if role in caller.roles",
             "role for role in roles if any(mine.startswith(role) for mine in caller.roles)")),
    _sought("the case of roles is not looked at", _ROLES, ACCESS, "",
            (AUTH, "role for role in roles if role in caller.roles",
             "role for role in roles if role.lower() in {mine.lower() for mine in caller.roles}")),
    _sought("a step of a state is anybody's who may call it", _ROLES, ACCESS, "lose_parcel",
            (PARCELS, '                roles=("admin",),\n', ""),
            (SQL, "IN ('', 'admin'))\n    ) THEN", "IN ('', 'admin', 'clerk'))\n    ) THEN")),
    _sought("background work is shown to whoever knows its number", _ROLES, BEHAVIOUR, "export_parcels",
            ("app/core/jobs.py", "WHERE id = %s AND tenant = %s AND caller = %s", "WHERE id = %s AND tenant = %s"),
            ("app/core/jobs.py", "(job_id, caller.tenant_id, caller.name)", "(job_id, caller.tenant_id)")),
    # -- tenants and owners -------------------------------------------------------------------------------------------
    _one("a table's policy lets every tenant in", SQL,
         f"CREATE POLICY tenant_isolation_parcels ON parcels\n    USING (tenant_id = {_TENANT})",
         "CREATE POLICY tenant_isolation_parcels ON parcels\n    USING (true)", _TENANTS, ACCESS, "parcel"),
    _one("a table without row level security", SQL, "ALTER TABLE bays ENABLE ROW LEVEL SECURITY;", "", _TENANTS, ACCESS,
         "bay"),
    _one("a foreign key that crosses tenants", SQL,
         "FOREIGN KEY(tenant_id, parcel_id) REFERENCES parcels (tenant_id, id) ON DELETE SET NULL (parcel_id)",
         "FOREIGN KEY(parcel_id) REFERENCES parcels (id) ON DELETE SET NULL", _TENANTS, ACCESS, "create_bay"),
    _sought("only deleting crosses tenants", _TENANTS, ACCESS, "delete_bay",
            (SQL, f"CREATE POLICY tenant_isolation_bays ON bays\n    USING (tenant_id = {_TENANT})",
             "CREATE POLICY tenant_isolation_bays ON bays USING (tenant_id = "
             f"{_TENANT} OR current_setting('app.role', true) = 'sweeper')"),
            (BAYS, 'await api.delete(connection, models.TABLE, row)', "await api.delete(connection, models.TABLE, row)"),
            (BAYS, "    async with api.database.as_caller(caller) as connection:\n"
                   '        row = await api.fetch(connection, models.TABLE, {"id": id_}, lock=True)\n'
                   f"{_MATCHED}        await api.delete",
             '    async with api.database.as_caller(api.replace(caller, role="sweeper")) as connection:\n'
             '        row = await api.fetch(connection, models.TABLE, {"id": id_}, lock=True)\n'
             f"{_MATCHED}        await api.delete")),
    _one("a role reads others' rows", SQL, _READ_OWN, _READ_OWN.replace("'admin'", "'admin', 'courier'"), _OWN, ACCESS,
         "parcel"),
    _sought("an action works on others' rows", _OWN, ACCESS, "collect_parcel",
            (PARCELS, '    """Collect."""\n    async with api.database.as_caller(caller)',
             '    """Collect."""\n    async with api.database.as_caller(api.replace(caller, role="admin"))')),
    _one("what is only read is read as somebody else", "app/core/database.py", "yield Reading(connection, caller)",
         'yield Reading(connection, Caller(name=caller.name, role="admin", tenant_id=caller.tenant_id))', _OWN, ACCESS,
         "parcel"),
    # -- attacks ------------------------------------------------------------------------------------------------------
    Fault(name="a filter's value is put into the statement", check=_ATTACKS, phase=INPUTS, operation="list_parcel", edits=(
        (PAGES, "found = [(form, (name,)) for form, values in pairs for name in values]",
         "found = [(form.replace('%s', chr(39) + str(values[name]).replace('{', '') + chr(39))"
         " if values is asked.equal else form, (name,)) for form, values in pairs for name in values]"),
        (PAGES, "for values in kinds for name, value in values.items()]",
         "for values in kinds for name, value in values.items() if values is not asked.equal]"))),
    _one("errors say what the database said", "app/core/problems.py",
         '"The values together break a rule, or one is outside of what can be kept."', "str(error)", _ATTACKS, RULES,
         "create_parcel"),
    _one("texts are cleaned of what looks like markup", REQUESTS,
         "    said = body.model_dump(by_alias=True, exclude_unset=True)\n    objects",
         "    said = body.model_dump(by_alias=True, exclude_unset=True)\n"
         '    said = {n: v.replace("<", "") if isinstance(v, str) else v for n, v in said.items()}\n    objects',
         _ATTACKS, INPUTS, "parcel"),
    _sought("a failure of the service shows where it is", _ATTACKS, INPUTS, "",
            ("app/core/middleware.py", 'Problem(500, "The service failed; nothing was changed.")',
             'Problem(500, "Traceback (most recent call last)")'),
            (PARCELS, _VALUES, _FORMAT)),
    # -- inputs -------------------------------------------------------------------------------------------------------
    _one("unknown fields are ignored", "app/core/types.py", 'extra="forbid", strict=True', 'extra="ignore", strict=True',
         _INPUTS, INPUTS),
    _one("values are guessed into other types", "app/core/types.py", 'extra="forbid", strict=True',
         'extra="forbid", strict=False', _INPUTS, INPUTS),
    _one("any media type is read", REQUESTS, 'if media_type != "application/json":', "if not media_type:", _INPUTS, INPUTS),
    _one("bodies may be ten times as large", "app/core/settings.py", "max_body_bytes: int = 2_000_000",
         "max_body_bytes: int = 20_000_000", _INPUTS, INPUTS),
    _one("a caller's text is taken for a format", PARCELS, _VALUES, _FORMAT, _CONTRACT, INPUTS, "create_parcel"),
    _one("pages without a bound", "app/core/types.py", "Field(ge=1, le=100)] = 25", "Field(ge=1, le=1_000_000)] = 25", _INPUTS,
         INPUTS, "list_parcel"),
    Fault(name="a bound is forgotten", check=_INPUTS, phase=INPUTS, operation="parcel", edits=(
        ("app/models/parcels.py", "weight: typing.Annotated[t.Integer, t.Field(ge=1, le=40)]", "weight: t.Integer"),
        (SQL, "CHECK (weight >= 1 AND weight <= 40)", "CHECK (weight <> 7777)"))),
    _one("a broken cursor begins at the start", PAGES,
         'raise Problem(400, "The cursor is none that a page of this list had.") from error', "return [None] * width",
         _INPUTS, INPUTS, "list"),
    _sought("who made a row may be said in the body", _INPUTS, INPUTS, "create_parcel",
            ("app/models/parcels.py", "    internal_remark: t.String | None = t.UNSET\n    barcode",
             "    internal_remark: t.String | None = t.UNSET\n    courier_id: t.UUID | None = t.UNSET\n    barcode")),
    _sought("what is set once may be set again", _INPUTS, INPUTS, "update_parcel",
            ("app/models/parcels.py", "    internal_remark: t.String | None = t.UNSET\n\n\nREADERS",
             "    internal_remark: t.String | None = t.UNSET\n    barcode: t.String | None = t.UNSET\n\n\nREADERS"),
            (SQL, _SET_ONCE, "")),
    # -- rules and states ---------------------------------------------------------------------------------------------
    _one("an end may lie before its beginning", SQL, "CHECK (collected_at < due_at)", "CHECK (collected_at <> '-infinity')",
         _RULES, RULES, "create_parcel"),
    _one("what is unique may come twice", SQL, "    CONSTRAINT uq_parcels_tenant_id_label UNIQUE (tenant_id, label),\n", "",
         _RULES, RULES, "create_parcel"),
    _one("what must not overlap does", SQL, _EXCLUDE, "", _RULES, RULES, "create_bay"),
    Fault(name="a step begins in any state", check=_STATES, phase=RULES, operation="deliver_parcel", edits=(
        (PARCELS, 'sources=("on_its_way",), target="delivered"', 'sources=(), target="delivered"'),
        (SQL, _STATES_TRIGGER, ""))),
    _one("a step leads elsewhere", PARCELS, 'sources=("on_its_way",), target="delivered"',
         'sources=("on_its_way",), target="lost"', _STATES, RULES, "deliver_parcel"),
    _sought("a wrong state is refused, but not as a conflict", _STATES, RULES, "parcel",
            ("app/core/states.py", "raise Problem(409,", "raise Problem(400,")),
    # -- what operations do -------------------------------------------------------------------------------------------
    Fault(name="a secret is read", check=_CONTRACT, phase=BEHAVIOUR, operation="person", edits=(
        ("app/models/people.py", '        "email",\n', '        "email",\n        "password_hash",\n'),
        ("app/models/people.py", "    email: str = t.UNSET\n", "    email: str = t.UNSET\n    password_hash: str = t.UNSET\n"))),
    _one("personal data in a list", PEOPLE, "api.shown(models.PersonSummary", "api.shown(models.Person", _CONTRACT,
         BEHAVIOUR, "list_person"),
    _one("a new row is answered like an old one", PARCELS, "status=201,", "status=200,", _CONTRACT, BEHAVIOUR,
         "create_parcel"),
    _one("what is deleted stays", BAYS, "        await api.delete(connection, models.TABLE, row)\n", "", _CONTRACT, BEHAVIOUR,
         "delete_bay"),
    _one("deleting one deletes all", TABLES,
         'return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), equal(table.key))',
         'return sql.SQL("DELETE FROM {} WHERE %s IS NOT NULL").format(sql.Identifier(table.name))', _CONTRACT, BEHAVIOUR,
         "delete_"),
    _one("a field of a change is dropped", PARCELS, _SENT,
         "{n: v for n, v in api.written(body, models.TABLE).items() if n != \"weight\"})", _CONTRACT, BEHAVIOUR,
         "update_parcel"),
    _one("the author is left out", PARCELS, '        "created_by": caller.user_id or None,\n', "", _CONTRACT, BEHAVIOUR,
         "create_parcel"),
    _one("Location leads nowhere", PARCELS, "/{api.place(models.TABLE, row)}", "/{api.uuid4()}", _CONTRACT, BEHAVIOUR,
         "create_parcel"),
    _one("errors are no problem documents", "app/core/problems.py", '"application/problem+json")', '"application/json")',
         _CONTRACT, ACCESS),
    _one("the audit log misses an operation", BAYS, '        await api.note(connection, caller, "delete_bay", models.TABLE, row)\n',
         "", _NOTED, BEHAVIOUR, "delete_bay"),
    _one("a repeated request is done again", "app/core/idempotency.py",
         "if (await connection.execute(_CLAIM, (*place, digest))).rowcount == 0:",
         "if (await connection.execute(_CLAIM, (*place, digest))).rowcount < 0:", _REPEATS, BEHAVIOUR),
    _one("a key is good for another request", "app/core/idempotency.py",
         ' or bytes(first["request_digest"]) != digest', "", _REPEATS, BEHAVIOUR),
    _sought("a key is everybody's", _REPEATS, BEHAVIOUR, "",
            ("app/core/idempotency.py", 'place = (f"{caller.tenant_id}:{caller.name}", operation, key)',
             'place = ("anyone", operation, key)'),
            ("app/core/idempotency.py", ' or bytes(first["request_digest"]) != digest', "")),
    _one("If-Match is ignored", REQUESTS, 'if given and "*" not in given and', 'if given and "*" in given and',
         _VERSIONS, BEHAVIOUR),
    _one("If-Match is ignored where a row is taken away", PARCELS, f"{_MATCHED}        await api.delete(",
         "        await api.delete(", _VERSIONS, BEHAVIOUR, "delete_parcel"),
    _one("If-Match is ignored where a row is moved on", PARCELS, f"{_MATCHED}        moves = [", "        moves = [",
         _VERSIONS, BEHAVIOUR, "lose_parcel"),
    _one("every version has the same ETag", REQUESTS, 'f"{key}|{moment:.6f}"', 'f"{key}"', _VERSIONS, BEHAVIOUR),
    _one("If-None-Match is ignored", REQUESTS, 'return "*" in given or', "return False and", _VERSIONS, BEHAVIOUR),
    _one("a filter is ignored", PARCELS, '"courier_id": "courier_id", ', "", _LISTS, BEHAVIOUR, "list_parcel"),
    _one("an order is ignored", PAGES, 'sort=said.get("sort"),', "sort=None,", _LISTS, BEHAVIOUR, "list_parcel"),
    _one("the end of a range is in it", PAGES, '"{} >= %s", "{} < %s")', '"{} >= %s", "{} <= %s")', _LISTS, BEHAVIOUR,
         "list_parcel"),
    _sought("a cursor loses rows of one moment", _LISTS, BEHAVIOUR, "",
            (PAGES, "rest = [(table.created, True), *((name, True) for name in table.key)]", "rest = [(table.created, True)]")),
    _sought("words are looked for in the first field only", _LISTS, BEHAVIOUR, "list_parcel",
            (PARCELS, '            "note",\n', "")),
    _sought("there is only ever one page", _LISTS, BEHAVIOUR, "",
            (REQUESTS, 'following = b"null" if cursor is None else', 'following = b"null" if cursor else')),
    _one("an operation that will go does not say so", "app/core/middleware.py",
         "        *deprecation.headers(_operation(scope)),\n", "", _CONTRACT, RULES, "collect_parcel"),
    _one("the day after which it is gone is no date of HTTP", "app/core/deprecation.py",
         "format_datetime(_day(said.sunset), usegmt=True)", "said.sunset", _CONTRACT, RULES, "collect_parcel"),
    # -- signed calls -------------------------------------------------------------------------------------------------
    _one("signatures are not compared", AUTH, "if hmac.compare_digest(made.encode(), given.encode()):", "if made or given:",
         _SIGNED, BEHAVIOUR, "receive_scan"),
    _one("old calls are taken", AUTH, "_SIGNATURE_SECONDS = 300", "_SIGNATURE_SECONDS = 300_000", _SIGNED, BEHAVIOUR,
         "receive_scan"),
    _sought("the moment is not under the signature", _SIGNED, BEHAVIOUR, "receive_scan",
            (AUTH, 'message = moment.encode() + b"." + await request.body()',
             'message = moment[:-3].encode() + b"." + await request.body()')),
    # -- what a service lives through ---------------------------------------------------------------------------------
    _one("nobody is limited", "app/core/rate_limits.py", "    if lease.left <= 0:\n        raise", "    if lease.left < -999:\n        raise",
         _RATE, ENDURANCE),
    _one("a lost database is the service's failure", "app/core/problems.py",
         'return answer(Problem(503, "No database connection was free in time.", headers={"Retry-After": "1"}))',
         'return answer(Problem(500, "Something went wrong."))', _DATABASE, ENDURANCE),
    _one("it says that it is ready without its database", "app/core/health.py",
         'return Response("the database does not answer", 503, media_type="text/plain")',
         'return Response("ok", media_type="text/plain")', _DATABASE, ENDURANCE),
    _one("it does not stop", "app/main.py", "    await database.close()\n",
         "    import asyncio\n\n    await asyncio.sleep(600)\n    await database.close()\n", _LIFE, ENDURANCE),
    _one("it does not start", "app/actions.py", "from __future__ import annotations\n",
         "from __future__ import annotations\n\nimport nothing_of_this_name\n", _LIFE, ACCESS),
    _sought("one list is slow", "performance.load_held", LOAD, "list_bay",
            (BAYS, '    """list it."""\n', '    """list it."""\n    import asyncio\n\n    await asyncio.sleep(2.2)\n')),
)  # fmt: skip

RIGHT: Final[tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]] = (
    ("another wording of a refusal", ((TABLES, "There is no such resource, or the caller may not know of it.", "Not found."),)),
    ("a shorter leeway for clocks", ((AUTH, "_LEEWAY_SECONDS = 30", "_LEEWAY_SECONDS = 5"),)),
    ("signed calls are fresh for two minutes", ((AUTH, "_SIGNATURE_SECONDS = 300", "_SIGNATURE_SECONDS = 120"),)),
    ("a smaller pool", (("app/core/settings.py", "pool_max: int = 10", "pool_max: int = 4"),)),
    ("longer ETags", ((REQUESTS, ".hexdigest()[:20]", ".hexdigest()[:40]"),)),
    ("one more header", (("app/core/middleware.py", '    (b"referrer-policy", b"no-referrer"),',
                          '    (b"referrer-policy", b"no-referrer"),\n    (b"x-frame-options", b"DENY"),'),)),
    ("a weaker lock", ((TABLES, '" FOR UPDATE" if lock', '" FOR NO KEY UPDATE" if lock'),)),
    ("an index more", ((SQL, "CREATE INDEX ix_parcels_due_at ON parcels (due_at);",
                        "CREATE INDEX ix_parcels_due_at ON parcels (due_at);\nCREATE INDEX ix_more ON parcels (weight);"),)),
    ("another kind of problem", (("app/core/problems.py", '404: "not-found"', '404: "missing"'),)),
    ("roles of a refusal are not listed", ((AUTH, 'f"This needs one of the roles {\', \'.join(roles)}."', '"Not for you."'),)),
    ("an address more", (("app/core/health.py", '@router.get("/livez")',
                          '@router.get("/version")\nasync def version() -> Response:\n    return Response("1")\n\n\n'
                          '@router.get("/livez")'),)),
    ("a rule that is also held before the database is asked", ((PARCELS, "    values: dict[str, typing.Any] = {",
        '    if body.collected_at >= body.due_at:\n        raise api.Problem(422, "It is due before it is collected.")\n'
        "    values: dict[str, typing.Any] = {"),)),
)  # fmt: skip
"""Changes that somebody may well make, and that break nothing."""
