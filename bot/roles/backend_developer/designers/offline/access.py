"""Who may do what: roles, the authentication, and the rows that a caller sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.roles.backend_developer.blueprint import AccessRole, Auth, AuthScheme, OperationKind
from bot.roles.backend_developer.designers.offline.nouns import quote, spoken
from bot.roles.backend_developer.designers.offline.security import MANAGES, READS
from bot.roles.backend_developer.designers.offline.wishes import SecurityWish

DEFAULT_ROLES = ("admin", "member", "viewer")
HEADERS = (
    "Strict-Transport-Security: max-age=63072000",
    "Content-Security-Policy: default-src 'none'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: no-referrer",
    "Cache-Control: no-store",
    "CORS: listed origins only",
)
_READING = {OperationKind.LIST, OperationKind.READ, OperationKind.QUERY}
_GUARDED = frozenset({"User", "Tenant", "Organization", "ApiKey", "Webhook"})
_SCHEMES = {
    AuthScheme.OIDC: "OpenID Connect: short-lived access tokens from the identity provider, refresh tokens rotated",
    AuthScheme.OAUTH2: "OAuth 2.1 authorization code with PKCE: short-lived access tokens, refresh tokens rotated",
    AuthScheme.JWT: "Signed JWT access tokens, short-lived, with rotated refresh tokens",
    AuthScheme.API_KEY: "API keys in the X-API-Key header, stored as hashes, revocable and with an expiry",
    AuthScheme.MTLS: "Mutual TLS with client certificates of our own authority",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The roles, sorted by what they may do."""

    names: tuple[str, ...]
    managers: tuple[str, ...]
    writers: tuple[str, ...]

    def roles(self, kind: OperationKind, entity: str) -> tuple[str, ...]:
        """Return the roles that may call an operation of that kind on that entity."""
        if entity in ("AuditEvent", "AuditLog", "InboundEvent"):
            return tuple(dict.fromkeys([*self.managers, *(name for name in self.names if name == "auditor")]))
        if kind in _READING and entity not in ("Tenant", "Organization"):
            return self.names
        if kind is OperationKind.DELETE or entity in _GUARDED:
            return self.managers
        return self.writers


def access(wish: SecurityWish) -> Access:
    """Sort the wished roles, or our own, into who manages, who writes and who only reads."""
    names = wish.roles or DEFAULT_ROLES
    if wish.laws and not wish.roles:
        names = (*names, "auditor")
    managers = tuple(name for name in names if set(name.split("_")) & MANAGES) or names[:1]
    writers = tuple(name for name in names if name in managers or not set(name.split("_")) & READS)
    return Access(names=names, managers=managers, writers=writers)


_ENCRYPTION = (
    (re.compile(r"transit|\btls\b|\bssl\b|https", re.IGNORECASE), "TLS 1.3 in transit"),
    (re.compile(r"at rest|\bin rest\b|\baes\b|encrypted (?:disks|storage|volumes)", re.IGNORECASE), "AES-256 at rest"),
)


def access_roles(found: Access) -> tuple[AccessRole, ...]:
    """Return the roles with what each may do, in words."""
    described = []
    for name in found.names:
        if name in found.managers:
            words = "Reads, writes and deletes everything of the tenant, and manages people."
        elif name in found.writers:
            words = "Reads, creates and changes; deletes nothing and manages nobody."
        else:
            words = "Reads only."
        described.append(AccessRole(name=name, description=words))
    return tuple(described)


def auth(wish: SecurityWish, found: Access, *, tenants: bool) -> Auth:
    """Return the authentication and authorisation that were asked for, or sound defaults."""
    scheme = wish.scheme or AuthScheme.OIDC
    names = ", ".join(map(spoken, found.names))
    rows = " Callers see rows of their own tenant only, held by row level security." if tenants else ""
    trusted = " and ".join(map(spoken, found.managers))
    own = f" Only {trusted} may see what others own." if wish.own_rows else ""
    laws = f" Logged for {', '.join(wish.laws)}." if wish.laws else ""
    return Auth(
        scheme=scheme,
        description=f"{_SCHEMES[scheme]}.",
        multi_factor=wish.multi_factor,
        token_minutes=wish.token_minutes or 15,
        authorization=f"Role-based access control per operation ({names}).{rows}{own}{laws}",
        headers=HEADERS,
        data_protection=f"{_protection(wish)}; secrets only as hashes or in a vault; personal fields left out of "
        "lists and logs.",
        rate_limit_per_minute=wish.rate_limit or 600,
    )


def _protection(wish: SecurityWish) -> str:
    """Return how data is protected, in the team's words; what they leave out of transit and rest is proposed."""
    said = quote(wish.encryption or "", 240).rstrip(".")
    proposed = [words for known, words in _ENCRYPTION if not known.search(said)]
    return ", ".join([*([said] if said else []), *proposed])
