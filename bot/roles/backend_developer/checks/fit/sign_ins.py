"""Ways to sign in, against the schemes that the document asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.facts import SignInFact, Stance
from bot.reading.names import words
from bot.roles.backend_developer.checks.document import Node, mapping
from bot.roles.backend_developer.checks.fit.gaps import SECURITY, Gap
from bot.roles.backend_developer.checks.fit.rendered import Rendered, spoken

_SCHEMES: Final = {
    "oidc": ("openidconnect",),
    "oauth2": ("oauth2", "openidconnect"),
    "jwt": ("bearer", "oauth2", "openidconnect"),
    "api_key": ("apikey",),
    "mtls": ("mutualtls",),
    "basic": ("basic",),
    "session": ("cookie",),
    "password": ("bearer", "cookie", "oauth2"),
    "magic_link": ("bearer", "cookie"),
    "saml": ("bearer", "cookie", "openidconnect"),
}


def sign_in(fact: SignInFact, made: Rendered) -> Iterator[Gap]:
    """A way to sign in is a scheme of the document that some operation asks for."""
    asked = {name for e in made.document.endpoints for one in e.security or () for name in one}
    schemes = {name: mapping(node) for name, node in made.document.security_schemes.items() if name in asked}
    wanted = _SCHEMES.get(fact.scheme, ())
    fitting = [node for node in schemes.values() if _kinds(node) & set(wanted)]
    if fact.stance is Stance.DENIED:
        exact = [node for node in schemes.values() if wanted[:1] and wanted[0] in _kinds(node)]
        if exact:
            yield SECURITY, f"sign-in by {fact.scheme} was refused, and is there"
        return
    if wanted and not fitting:
        yield SECURITY, f"nobody can sign in by {fact.scheme}"
    if fact.audience and fitting and _for_others(fact.audience, schemes, fitting):
        yield SECURITY, f"{fact.audience} do not sign in by {fact.scheme}"
    said = " ".join(str(node.get("description", "")) for node in fitting or schemes.values())
    if fact.multi_factor and "multi-factor" not in said.lower():
        yield SECURITY, "no second factor is asked for"
    if fact.token_minutes and f"live {fact.token_minutes} minutes" not in said:
        yield SECURITY, f"tokens do not live {fact.token_minutes} minutes"


def _for_others(audience: str, schemes: Mapping[str, Node], fitting: list[Node]) -> bool:
    """Whether the document names those who are to sign in so, and at other ways only."""
    called = [(node, f"{name} {node.get('description', '')}") for name, node in schemes.items()]
    named = [node for node, text in called if spoken(audience) in {spoken(word) for word in words(text)}]
    return bool(named) and not any(node is one for node in named for one in fitting)


def _kinds(node: object) -> set[str]:
    found = mapping(node)
    kind, place = str(found.get("type", "")).lower(), str(found.get("in", "")).lower()
    if kind == "apikey":
        return {"cookie"} if place == "cookie" else {"apikey"}
    return {str(found.get("scheme", "")).lower()} if kind == "http" else {kind}
