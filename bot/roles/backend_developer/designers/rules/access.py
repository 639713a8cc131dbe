"""Who gets in and who may do what, from facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.facts import AccessFact, NumberFact, OperationFact, RoleFact, SignInFact, Stance, StateFact, Verb
from bot.reading.names import acts_at
from bot.roles.backend_developer.blueprint import (
    AccessRole,
    Auth,
    AuthScheme,
    EntityField,
    FieldType,
    OperationKind,
    Permission,
    SignIn,
)
from bot.roles.backend_developer.checks.areas.records import RECORDS, SERVED, stem_of
from bot.roles.backend_developer.designers.rules.citations import path_key
from bot.roles.backend_developer.designers.rules.data import Data
from bot.roles.backend_developer.designers.rules.identifiers import column, key_of, snake
from bot.roles.backend_developer.designers.rules.world import World

HEADERS = (
    "Strict-Transport-Security: max-age=63072000",
    "Content-Security-Policy: default-src 'none'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cache-Control: no-store",
)
_VERBS = {
    OperationKind.LIST: "read",
    OperationKind.READ: "read",
    OperationKind.QUERY: "read",
    OperationKind.CREATE: "create",
    OperationKind.UPDATE: "update",
    OperationKind.DELETE: "delete",
    OperationKind.ACTION: "update",
}
_SCHEMES = {
    "bearer": AuthScheme.JWT,
    "token": AuthScheme.JWT,
    "sso": AuthScheme.OIDC,
    "openid": AuthScheme.OIDC,
    "ldap": AuthScheme.PASSWORD,
    "oauth": AuthScheme.OAUTH2,
}
_WORDS = {
    AuthScheme.OIDC: "OpenID Connect: short-lived access tokens from the identity provider",
    AuthScheme.OAUTH2: "OAuth 2.1 authorization code with PKCE",
    AuthScheme.JWT: "signed JWT access tokens with rotated refresh tokens",
    AuthScheme.API_KEY: "API keys in a header, kept as hashes, revocable",
    AuthScheme.MTLS: "mutual TLS with client certificates",
    AuthScheme.SAML: "SAML 2.0 single sign-on",
    AuthScheme.SESSION: "a session in an HttpOnly cookie",
    AuthScheme.PASSWORD: "name and password, kept as a hash",
    AuthScheme.MAGIC_LINK: "a link sent by e-mail, good once",
    AuthScheme.BASIC: "HTTP basic authentication over TLS",
    AuthScheme.NONE: "no sign-in",
}
ENOUGH = 4
"""From so many said operations on, a team has listed its API: what it left out is left out."""

_DEED = re.compile(r"[a-z]{3,20}")
_MANAGES = frozenset({"admin", "administrator", "owner", "superadmin", "sysadmin", "head", "leiter"})


OTHERS = "user"
"""The role of those who are signed in and have none of the roles that were named; only where it is needed."""


def _denies(fact: AccessFact) -> bool:
    return fact.stance is Stance.DENIED and fact.role not in ("", "*")


@dataclass(frozen=True, slots=True)
class Access:
    """Roles and what was said of them."""

    roles: tuple[str, ...]
    facts: tuple[AccessFact, ...]
    data: Data
    deeds: tuple[AccessFact, ...] = ()
    """What people may do to a thing beside keeping it, for which there is to be a call."""
    added: frozenset[str] = frozenset()
    """Statements of feedback that let somebody in beside those who could do it before."""

    def allowed(self, kind: OperationKind, entity: str, method: str, path: str) -> tuple[bool, tuple[str, ...]]:
        """Return whether anybody may call it without signing in, and the roles that may; no role: all signed in."""
        verb = _VERBS[kind]
        about = [f for f in self.facts if self._about(f, verb, entity, method, path)]
        stated = [f for f in about if f.stance is Stance.STATED]
        particular = {f.role for f in stated if f.entity or f.path}
        denied = {snake(f.role) for f in about if _denies(f) and (f.entity or f.path or f.role not in particular)}
        public = any(f.role == "*" for f in stated) and not any(
            f.role == "*" and f.stance is Stance.DENIED for f in about
        )
        named = self._named([f for f in stated if f.statement not in self.added], verb)
        beside = self._named([f for f in stated if f.statement in self.added], verb)
        by_default = self._by_default(verb, entity) if not named else ()
        may = tuple(r for r in self.roles if r in {*named, *by_default, *beside})
        if named and verb == "read":  # who makes or changes a thing may look at it
            writers = {
                snake(f.role) for f in self.facts if f.stance is Stance.STATED and self._same(f, entity) and f.role
            }
            may = tuple(r for r in self.roles if r in {*may, *writers})
        if named and not any(f.condition == "only" for f in stated):
            may = tuple(r for r in self.roles if r in may or set(r.split("_")) & _MANAGES)
        left = tuple(r for r in may if r not in denied) or tuple(r for r in self.roles if r not in denied)
        return public, left if left or not may else (OTHERS,)

    def _named(self, stated: list[AccessFact], verb: str) -> list[str]:
        """Return the roles that are let in by name. "Only managers cancel" goes before who may do everything."""
        alone = [f for f in stated if f.condition == "only" and (f.action or f.path) and f.role not in ("", "*")]
        if alone:
            return [snake(f.role) for f in stated if (f.action or f.path) and f.role not in ("", "*")]
        return [
            snake(f.role)
            for f in stated
            if f.role not in ("", "*") and (verb != "read" or f.entity or f.path or f.condition == "only")
        ]  # that one role sees everything does not keep the others out

    def _by_default(self, verb: str, entity: str) -> tuple[str, ...]:
        writing = [
            f
            for f in self.facts
            if f.stance is Stance.STATED and self._same(f, entity) and f.role not in ("", "*") and not f.action
            and f.statement not in self.added
        ]  # fmt: skip
        if verb == "read" or not writing:
            kept_of_others = verb != "read" and entity and stem_of(self.data.get(entity).plural) in RECORDS
            staff = tuple(r for r in self.roles if not set(r.split("_")) & SERVED)
            return staff if kept_of_others and staff else self.roles
        can = {snake(f.role) for f in writing if set(f.verbs) & {"create", "update", "any", "delete"}}
        return tuple(r for r in self.roles if r in can or set(r.split("_")) & _MANAGES) or self.roles

    def _about(self, fact: AccessFact, verb: str, entity: str, method: str, path: str) -> bool:
        if fact.path:
            return path_key(fact.path) == path_key(path) and fact.method in (None, method)
        if fact.field:
            return False
        if fact.action:
            return acts_at(fact.action, path) and self._acts(fact, method, path) and self._near(fact, entity, path)
        return ("any" in fact.verbs or verb in fact.verbs) and (not fact.entity or self._same(fact, entity))

    def _acts(self, fact: AccessFact, method: str, path: str) -> bool:
        """Whether an operation may be an action: one that reads is only where its path ends in the very word."""
        last = path.rstrip("/").rsplit("/", 1)[-1].lower()
        return method != "GET" or (last == fact.action.lower() and not self.data.name(last))

    def _near(self, fact: AccessFact, entity: str, path: str) -> bool:
        """Whether an action's thing is the operation's, or one of those that its path goes through."""
        if not fact.entity or not entity or self._same(fact, entity):
            return True
        thing = self.data.name(fact.entity)
        return not thing or any(self.data.name(part) == thing for part in path.split("/") if part)

    def _same(self, fact: AccessFact, entity: str) -> bool:
        return bool(fact.entity) and bool(entity) and self.data.name(fact.entity) == entity


def access_of(world: World, data: Data) -> Access:
    """Return the roles, in the order in which they were said, and who may what."""
    refused = {snake(f.name) for f in world.of(RoleFact, Stance.DENIED, Stance.POSTPONED)}
    said = [f.name for f in world.of(RoleFact)]
    said += [f.role for f in world.of(AccessFact, Stance.STATED, Stance.DENIED) if f.role not in ("", "*")]
    said += [r for f in world.of(OperationFact) for r in f.roles] + [r for f in world.of(StateFact) for r in f.roles]
    by_key: dict[str, str] = {}
    for name in said:
        by_key.setdefault(key_of(name), snake(name))
    roles = tuple(r for r in dict.fromkeys(by_key.values()) if r not in refused)[:60]
    ends = [f.path for f in world.of(OperationFact)] + [f"/{f.action}" for f in world.of(StateFact) if f.action]
    deeds = _deeds(world, data)
    ends += [f"/{snake(deed.action)}" for deed in deeds]
    said_facts = (_by_verb(f, ends) for f in world.of(AccessFact, Stance.STATED, Stance.DENIED))
    facts = tuple(_with_role(f, by_key) for f in said_facts if f is not None)
    added = frozenset(f.statement for f in facts if f.also and world.is_feedback(f))
    return Access(roles=roles, facts=facts, data=data, deeds=deeds, added=added)


def _deeds(world: World, data: Data) -> tuple[AccessFact, ...]:
    """Return what people may do to a thing beside keeping it: "customers can cancel returns".

    Where a team listed its API, what it left out is left out.
    """
    if sum(bool(f.path and f.method) for f in world.of(OperationFact)) >= ENOUGH:
        return ()
    return tuple(
        fact
        for fact in world.of(AccessFact)
        if fact.action and fact.entity and fact.verbs == ("update",) and not (fact.path or fact.field)
        and data.name(fact.entity) and _DEED.fullmatch(snake(fact.action))
    )  # fmt: skip


def _by_verb(fact: AccessFact, paths: Iterable[str]) -> AccessFact | None:
    """Return a fact by the use that its action names, where no operation has the action; None where that is nothing."""
    if not fact.action or any(acts_at(fact.action, path) for path in paths):
        return fact
    return replace(fact, action="") if fact.entity else None


def _with_role(fact: AccessFact, known: dict[str, str]) -> AccessFact:
    return replace(fact, role=known.get(key_of(fact.role), fact.role)) if fact.role not in ("", "*") else fact


def roles_of(world: World, access: Access, used: Iterable[str]) -> tuple[AccessRole, ...]:
    """Return the roles; what each may do is in the permissions and at the operations, which name those in `used`."""
    described = {snake(f.name): f.description for f in world.of(RoleFact)}
    others = AccessRole(name=OTHERS, description="Whoever is signed in and has no other role.", assumed=True)
    named = tuple(
        AccessRole(
            name=name,
            description=described.get(name) or f"What {name.replace('_', ' ')} may do is named at the operations.",
            cites=world.cites.of("role", key_of(name)),
        )
        for name in access.roles
    )
    return (*named, others) if OTHERS in set(used) - set(access.roles) else named


def permissions_of(world: World, access: Access, data: Data) -> tuple[Permission, ...]:
    """Return what was said about who may and must not, word by word."""
    found = []
    particular = {snake(f.role) for f in access.facts if f.stance is Stance.STATED and f.entity}
    for fact in access.facts:
        entity = data.name(fact.entity) if fact.entity else ""
        if (fact.entity and not entity) or fact.action:
            continue
        field = ""
        if fact.field and entity:
            field = next((f.name for f in data.get(entity).fields if key_of(f.name) == key_of(fact.field)), "")
        role = fact.role if fact.role in ("", "*") else snake(fact.role)
        if role not in ("", "*") and role not in access.roles:
            continue
        if _denies(fact) and not (fact.entity or fact.path) and role in particular:
            continue  # what was said of one thing goes before what was said of all
        if role == "" and fact.stance is Stance.DENIED:
            continue  # what nobody may do is a rule over the rows, see `frozen`
        found.append(
            Permission(
                role=role,
                verbs=_with_changes(fact),
                allowed=fact.stance is Stance.STATED,
                entity=entity,
                field=field,
                own=fact.own,
                condition=fact.condition[:600],
                cites=(fact.statement,),
            )
        )
    return tuple(dict.fromkeys(found))[:600]


def _with_changes(fact: AccessFact) -> tuple[Verb, ...]:
    """Return the verbs of a right. Who reads only own rows changes no others: what cannot be seen cannot be changed."""
    own = fact.own and fact.stance is Stance.STATED and "read" in fact.verbs
    return tuple(dict.fromkeys((*fact.verbs, *(("update", "delete") if own else ()))))


def frozen(world: World, data: Data) -> dict[str, str]:
    """Return the entities whose rows nobody may change or delete, with the statement that says so."""
    return {
        name: fact.statement
        for fact in world.of(AccessFact, Stance.DENIED)
        if fact.role == ""
        and not (fact.own or fact.field or fact.action or fact.condition)
        and set(fact.verbs) & {"update", "delete"}
        if (name := data.name(fact.entity) if fact.entity else "")
    }


def own_rows(world: World, access: Access, data: Data) -> None:
    """Give each entity of which callers may use only their own rows the relation or column that says whose they are."""
    for fact in access.facts:
        name = data.name(fact.entity) if fact.entity and fact.own else ""
        if not name or data.get(name).owner:
            continue
        entity = data.get(name)
        role = fact.role if fact.role not in ("", "*") else "user"
        links = [r for r in data.relations if r.source == name]
        whose = next((r for r in links if key_of(r.target) == key_of(role) or key_of(r.name) == key_of(role)), None)
        whose = whose or next(
            (
                r
                for r in links
                if key_of(r.target) in ("user", "member", "customer", "account", "person", "benutzer", "kunde")
            ),
            None,
        )
        if whose is not None:
            data.put(entity.model_copy(update={"owner": whose.name}))
            continue
        made = EntityField(
            name=column(f"{snake(role)}_id"),
            type=FieldType.UUID,
            required=True,
            read_only=True,
            assumed=True,
            cites=(fact.statement,),
            description="The caller whose row it is; set by the service.",
        )
        fields = tuple(f for f in entity.fields if f.name != made.name)
        data.put(entity.model_copy(update={"owner": made.name, "fields": (*fields, made)}))


def sign_ins_of(world: World, roles: Iterable[str]) -> tuple[SignIn, ...]:
    """Return the ways to sign in that were said, one for each scheme and audience."""
    facts = world.of(SignInFact)
    factors = any(f.multi_factor for f in facts)
    lives = next((f.token_minutes for f in facts if not f.scheme and f.token_minutes), None)
    known = {key_of(r): r for r in roles}
    found: dict[tuple[AuthScheme, str], SignIn] = {}
    for fact in facts:
        scheme = _scheme(fact.scheme)
        if scheme is None:
            continue
        audience = fact.audience[:120]
        whose = tuple(known[k] for k in (key_of(audience),) if k in known)
        name = snake(f"{scheme.value} {audience}" if audience else scheme.value)
        minutes = fact.token_minutes or lives
        found.setdefault(
            (scheme, audience.lower()),
            SignIn(
                name=name,
                scheme=scheme,
                audience=audience,
                roles=whose,
                provider=fact.provider[:120],
                description=f"{_WORDS[scheme]}."[:600],
                multi_factor=bool(fact.multi_factor) or (factors and not audience),
                token_minutes=min(max(minutes, 1), 525_600) if minutes else 15,
                scopes=tuple(s[:80] for s in fact.scopes if s)[:40],
                cites=world.cites.of("sign_in", fact.scheme, fact.audience.lower(), also=(fact.statement,)),
            ),
        )
    real = [s for s in found.values() if s.scheme is not AuthScheme.NONE]
    return tuple(real or found.values())[:12]


def _scheme(said: str) -> AuthScheme | None:
    if said in _SCHEMES:
        return _SCHEMES[said]
    return AuthScheme(said) if said in set(AuthScheme) else None


def auth_of(world: World, ways: tuple[SignIn, ...], access: Access, *, tenants: bool) -> Auth:
    """Return sign-in and authorisation in sentences; the main scheme is the first that people said."""
    scheme = ways[0].scheme if ways else AuthScheme.OIDC
    said = "; ".join(f"{_WORDS[w.scheme]}{f' for {w.audience}' if w.audience else ''}" for w in ways)
    factor = any(f.multi_factor for f in world.of(SignInFact))
    names = ", ".join(role.replace("_", " ") for role in access.roles)
    rows = " Callers see rows of their own tenant only, held by row level security." if tenants else ""
    by = f"By role at each operation ({names})" if names else "Every signed-in caller alike: no roles were named"
    limits = [f.value for f in world.of(NumberFact) if f.metric == "rate_limit" and not f.path and f.value >= 1]
    return Auth(
        scheme=scheme,
        description=f"{(said or _WORDS[scheme] + ' (assumed: nobody said how callers sign in)')[:590]}.",
        multi_factor=factor,
        token_minutes=min(next((w.token_minutes for w in ways), 15), 1440),
        authorization=f"{by[:400]}.{rows}",
        headers=HEADERS,
        rate_limit_per_minute=min(int(limits[-1]), 1_000_000) if limits else 600,
        data_protection="TLS in transit; disks encrypted at rest; secrets as hashes; personal fields out of lists.",
    )
