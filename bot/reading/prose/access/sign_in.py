"""How callers prove who they are, as people say it."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.facts import SignInFact, Stance
from bot.reading.prose.clause import Clause
from bot.reading.words import FUNCTION

_SCHEMES: tuple[tuple[str, str], ...] = (
    ("smart on fhir", "oidc"),
    ("oidc", "oidc"),
    ("openid connect", "oidc"),
    ("openid", "oidc"),
    ("oauth 2", "oauth2"),
    ("oauth2", "oauth2"),
    ("oauth", "oauth2"),
    ("saml", "saml"),
    ("sso", "oidc"),
    ("single sign-on", "oidc"),
    ("jwts", "jwt"),
    ("jwt", "jwt"),
    ("api keys", "api_key"),
    ("api key", "api_key"),
    ("api-key", "api_key"),
    ("api-keys", "api_key"),
    ("apikey", "api_key"),
    ("api token", "api_key"),
    ("api tokens", "api_key"),
    ("access token", "api_key"),
    ("api-schlüssel", "api_key"),
    ("mtls", "mtls"),
    ("mutual tls", "mtls"),
    ("client certificates", "mtls"),
    ("client certificate", "mtls"),
    ("x.509", "mtls"),
    ("zertifikat", "mtls"),
    ("magic link", "magic_link"),
    ("magic links", "magic_link"),
    ("basic auth", "basic"),
    ("session cookie", "session"),
    ("session cookies", "session"),
    ("sessions", "session"),
    ("cookie", "session"),
    ("cookies", "session"),
    ("e-mail and password", "password"),
    ("email and password", "password"),
    ("e-mail + password", "password"),
    ("email + password", "password"),
    ("username and password", "password"),
    ("passwort", "password"),
    ("password", "password"),
    ("passwords", "password"),
    ("passkeys", "passkey"),
    ("passkey", "passkey"),
    ("google", "oauth2"),
    ("bearer token", "jwt"),
    ("bearer tokens", "jwt"),
)
_PROVIDERS = (
    "keycloak",
    "auth0",
    "okta",
    "cognito",
    "azure ad",
    "entra id",
    "google",
    "active directory",
    "ldap",
    "clerk",
    "zitadel",
    "authentik",
    "github",
    "microsoft",
    "apple",
    "firebase",
)
_MFA = re.compile(r"\b(mfa|2fa|two[- ]factor|multi[- ]factor|zwei-?faktor\S*|totp|otp|webauthn)\b", re.I)
_LASTING = (
    r"(?:live|lives|last|lasts|expire|expires|are valid|is valid|valid|time out|times out|timeout|end|ends|run"
    r" out|laufen|"
    r"läuft|gelten|gilt|sind gültig|ist gültig|leben)"
)
_LIVES = re.compile(
    rf"\b(?:access )?(?:tokens?|sessions?|sitzung(?:en)?|jwts?|logins?) (?:must |should |can |will |shall"
    rf" )?{_LASTING}"
    rf" (?:(?:for|after|in|nach|up to|at most|only|höchstens) )*(\d{{1,5}}) ?(min|minutes?|minuten|h|hours?"
    rf"|stunden?)\b"
    rf"|\b(?:log|sign|logged|signed) (?:people |users |everybody |them )?(?:out|off) after (\d{{1,5}}) ?(min"
    rf"|minutes?|h|hours?)\b",
    re.I,
)
"""How long one stays signed in, where nothing is said of the way to sign in: "tokens live 480 minutes"."""
_EXPIRING = ("token", "tokens", "jwt", "access", "expire", "expires", "session", "sessions")
_MINUTES = re.compile(r"\b(\d{1,4})\s*(min|minutes?|minuten|h|hours?|stunden)\b", re.I)


def read_sign_in(clause: Clause, statement: str) -> list[SignInFact]:
    """Return the ways to sign in, each with its audience ("for staff") and its provider ("against Keycloak")."""
    low = f" {clause.low} ".replace(" ( ", " ").replace(" ) ", " ")
    mfa = bool(_MFA.search(low))
    found: list[SignInFact] = []
    taken: set[str] = set()
    spans: list[tuple[int, str, str]] = []
    for phrase, scheme in _SCHEMES:
        at = low.find(f" {phrase} ")
        if at < 0 and (at := low.find(f" {phrase},")) < 0 and (at := low.find(f" {phrase}.")) < 0:
            continue
        if (
            scheme in taken
            or (scheme == "oauth2" and phrase == "google" and not _says_sign_in(clause))
            or (scheme == "oidc" and phrase == "sso" and "saml" in low)
        ):
            continue
        taken.add(scheme)
        spans.append((at, phrase, scheme))
    spans.sort()
    token = _MINUTES.search(low) if clause.has(*_EXPIRING) else None
    for i, (at, _phrase, scheme) in enumerate(spans):
        stop = spans[i + 1][0] if i + 1 < len(spans) else len(low)
        piece, before = low[at:stop], low[spans[i - 1][0] if i else 0 : at]
        minutes = (
            int(token[1]) * (60 if token[2].startswith(("h", "st")) else 1)
            if token and scheme in {"jwt", "oidc", "oauth2", "session"}
            else None
        )
        found.append(
            SignInFact(
                statement=statement,
                scheme=scheme,
                audience=_audience(piece) or _who_signs_in(before),
                provider=next((p for p in _PROVIDERS if p in low), ""),
                multi_factor=True if mfa else None,
                token_minutes=minutes,
                scopes=tuple(
                    dict.fromkeys(
                        re.findall(r"\b[a-z_]{2,30}:(?:read|write|admin|manage|delete)\b", low.replace(" : ", ":"))
                    )
                ),
                stance=_scheme_stance(clause, low, at),
            )
        )
    if not found and (lives := _LIVES.search(low)) and not clause.negated:
        minutes = int(lives[1] or lives[3]) * (60 if (lives[2] or lives[4]).startswith(("h", "st")) else 1)
        found.append(SignInFact(statement=statement, scheme="", token_minutes=minutes))
    if not found and mfa:
        found.append(
            SignInFact(statement=statement, scheme="", audience=_audience(low), multi_factor=not clause.negated)
        )
    if (
        not found
        and clause.says("no login", "no auth", "no authentication", "no log in", "keine anmeldung", "no sign-in")
        and "needs no login" not in low
    ):
        found.append(SignInFact(statement=statement, scheme="none"))
    return found


def _scheme_stance(clause: Clause, low: str, at: int) -> Stance:
    before = low[max(0, at - 30) : at + 1]
    if re.search(r"\b(no|not|never|without|instead of|kein|keine|ohne|statt)\b[^,;]*$", before):
        return Stance.DENIED
    return clause.stance if clause.stance in {Stance.POSTPONED, Stance.UNSURE} else Stance.STATED


def _says_sign_in(clause: Clause) -> bool:
    return clause.has(
        "login", "sign", "log", "signin", "sign-in", "anmeldung", "oauth", "anmelden", "auth", "authentication"
    )


def _audience(piece: str) -> str:
    match = re.search(
        (
            r"\b(?:for|für|per)\s+(?:the\s+|our\s+|each\s+|die\s+|all\s+)?([\wäöüß-]+(?:\s(?:people|staff|"
            r"users|clients|partners|customers|apps))?)"
        ),
        piece,
    )
    if match and match[1] not in {"everything", "everyone", "now", "all", "token", "each", "request", "that"}:
        return match[1]
    return _who_signs_in(piece)


_ANYBODY: Final = frozenset(
    {"users", "callers", "clients", "people", "everyone", "everybody", "all", "kunden", "nutzer"}
)


def _who_signs_in(piece: str) -> str:
    """Return of whom it is said: ``partners sign in by …``; "" for everybody."""
    match = re.search(r"\b([\wäöüß-]+)\s+(?:sign in|log in|authenticate|melden sich)\b", piece)
    return match[1] if match and match[1] not in FUNCTION | _ANYBODY else ""
