"""Sentences of a design that undo what it promises, wherever they stand: access, sign-in, separation, secrecy, logs.

A key of a design promises (a scheme, roles, tenants), and a sentence beside it may take that back. Each class is a
table of forms of words; a sentence that refuses one of them, or that people said themselves, undoes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, TypeAlias

from bot.domain.facts import SignInFact
from bot.roles.backend_developer.checks.areas.sources import Sources
from bot.roles.backend_developer.checks.context import CheckContext

Promise: TypeAlias = Literal["access", "sign_in", "separation", "secrecy", "logs"]

_CALLER: Final = (
    r"(clients?|callers?|users?|browsers?|apps?|front-?ends?|customers?|consumers?|partners?|requests?|aufrufer\w*"
    r"|nutzer\w*|benutzer\w*|kunden?)"
)
_CLAIMS: Final = (
    r"(names?|states?|sends?|says?|tells?|claims?|choos\w+|picks?|declares?|passes|supplies|provides?|carries|carry"
    r"|brings?|asserts?|nennt|nennen|angibt|angeben|sendet|senden|schickt|schicken|wählt|wählen|behauptet)"
)
_STANDING: Final = r"(roles?|rights?|permissions?|scopes?|tenants?|identity|rolle[n]?|rechte|mandant\w*|identität)"
_ASKED_WITH: Final = (
    r"(query|body|url|uri|headers?|cookies?|parameters?|form|client|browser|path|request(?!['’]s (token|session)))"
)
_ITS: Final = r"(its|their|his|her|the|which|what|seine[nr]?|ihre[nr]?|die|den|welche[nr]?)"
_NEAR: Final = (
    r"(from within|from inside|within the (network|cluster|vpn)|inside the (network|cluster|vpn)|internal(ly)?"
    r"|in the (same |private |internal )?(network|cluster|vpc|vpn|intranet)|behind the (firewall|vpn)|from localhost"
    r"|by (its|their|the) (ip )?address(es)?|aus dem (internen )?netz\w*|im (internen )?netz\w*|intern)"
)
_FREE: Final = (
    r"((needs?|with|requires?|asks? for"
    r"|carry|carries|braucht|brauchen) (no|kein\w*) (tokens?|credentials?|sign-?in|log-?in"
    r"|authentication|authori[sz]ation|keys?|passwords?|anmeldung|passwort)"
    r"|without (a |any )?(tokens?|credentials?|sign-?in|authentication|keys?|signing in)|(is|are) (all )?trusted|let in"
    r"|(is|are) not (asked|checked|authenticated)|unauthenticated|ohne (anmeldung|token|passwort))"
)
"""Who stands near, and what is not asked of them: a place in a network is no credential (NIST SP 800-207)."""

_FACTOR: Final = r"(second factors?|2fa|mfa|multi-?factor\w*|one-?time codes?|zweite[nr]? faktor\w*)"
_CREDENTIAL: Final = r"(keys?|passwords?|accounts?|log-?ins?|tokens?|certificates?|credentials?|passwort|schlüssel)"
_WHO: Final = (
    r"(tokens?|sign\w*|authori[sz]\w+|authenticat\w+|roles?|users?|callers?|tenants?|who|sessions?|identity"
    r"|log-?ins?|rights?|permissions?)"
)
_PEOPLE: Final = r"(users?|callers?|tenants?|roles?|customers?|clients?|people|everybody|everyone|patients?|members?)"
_SENT: Final = (
    r"(bod(y|ies)|all headers|with headers|and headers|headers and|tokens?|passwords?|credentials?|payloads?"
    r"|cookies?|personal data|authori[sz]ation headers?)"
)


def _forms(*forms: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


_UNDOING: Final[Mapping[Promise, tuple[re.Pattern[str], ...]]] = {
    "access": _forms(
        rf"\b{_STANDING}\b[^.;]{{0,40}}\b{_CALLER}\b[^.;]{{0,15}}\b{_CLAIMS}\b",
        rf"\b{_CALLER} (itself |themselves )?{_CLAIMS} {_ITS} (own )?{_STANDING}\b",
        r"\bX-(Roles?|User(-Id)?|Tenant(-Id)?|Admin|Auth-User|Permissions?|Scopes?|Remote-User)\b",
        rf"\b(roles?|tenants?|users?|callers?|identity|owners?|rights?|permissions?)\b[^.;]{{0,30}}"
        rf"\b(taken|read|comes?|derived|resolved) from (the |a |an |its |their )?{_ASKED_WITH}\b",
        rf"\b(trust(s|ed)?|believe[sd]?|taken at (its|their) word)\b[^.;]{{0,25}}\b({_ASKED_WITH}|{_CALLER})\b",
        rf"\b{_NEAR}\b[^.;]{{0,40}}\b{_FREE}\b",
        rf"\b{_FREE}\b[^.;]{{0,40}}\b{_NEAR}\b",
        r"\b(check\w*|enforced?|hidden|hides?|verified)\b[^.;]{0,30}"
        r"\b(in|by|on) the (client|browser|front-?end|app|ui)\b"
        r"(?![^.;]*\b(again|server|too|as well|also)\b)",
        r"\b(signatures?|tokens?|expiry|audience|issuer)\b (is|are) "
        r"(not|never) (checked|verified|validated|looked at)\b",
        r"\bwithout (checking|verifying|validating|looking at) (the |its |their )?(signature|token|caller|role|tenant)",
        r"\b(skip\w*|bypass\w*|switch\w* off|turn\w* off|disabl\w+|circumvent\w*)\b[^.;]{0,30}"
        r"\b(authori[sz]ation|authentication|polic(y|ies)|row[- ]level security|rls|access (control|checks?))\b",
        r"\b(row[- ]level security|rls|authori[sz]ation|authentication|access (control|checks?))\b[^.;]{0,25}"
        r"\b(is|are|gets?) (skipped|bypassed|switched off|turned off|disabled|optional)\b",
        r"\b(back ?doors?|master (keys?|passwords?)|default (passwords?|credentials))\b",
        r"\b(expired|revoked)\b (tokens?|sessions?|keys?)\b[^.;]{0,20}"
        r"\b(still|are (accepted|honou?red)|keep working|work)\b",
        r"\b(everyone|everybody|anyone|anybody|whoever)\b[^.;]{0,40}\b(sees?|reads?"
        r"|may (see|read|change)|can (see|read|change))"
        r"\b[^.;]{0,20}\b(everything|anything|all (rows|data|records)|of all (tenants|customers|users))\b",
    ),
    "sign_in": _forms(
        rf"\b{_FACTOR}\b[^.;]{{0,40}}\b(optional|skipped|left out|switched off|voluntary|not (needed|required|asked)"
        r"|freiwillig|übersprungen)\b",
        rf"\b(skip|leave out|omit|bypass|opt out of|do without|decline|überspring\w+)\b[^.;]{{0,30}}\b{_FACTOR}\b",
        rf"\b{_CREDENTIAL}\b[^.;]{{0,40}}\b(is |are )?shared? (by|among|between|with|across)\b",
        rf"\b{_CREDENTIAL}\b[^.;]{{0,20}}\b(all|every\w*|several|many|both)\b[^.;]{{0,30}}\b(shares?|use together)\b",
        rf"\b(all|every\w*|several|many)\b[^.;]{{0,30}}\bshares?\b[^.;]{{0,20}}\b{_CREDENTIAL}\b",
        rf"\b(one|a single|the same|a common)\b (api )?{_CREDENTIAL} for (all|everyone|everybody|every)\b",
        r"\bgemeinsame[nrms]? (passwort|schlüssel|konto|zugang|kennwort)\b|\b(teilen|nutzen) (sich )?ein(en)? "
        r"(gemeinsame\w+ )?(passwort|schlüssel|konto|zugang)\b",
        r"\b(password|implicit|resource owner( password)?( credentials)?) (grant|flow)\b|\bROPC\b",
        r"\b(tokens?|sessions?)\b[^.;]{0,20}\b(never expires?|do(es)? not expire|live for ?ever|ha(s|ve) no expiry)\b",
        r"\b(tokens?|passwords?|keys?)\b[^.;]{0,25}\b(in|as part of|through|via) the (url|query( string)?|address)\b",
        r"\bpasswords?\b[^.;]{0,25}\b(sent|mailed|e-?mailed) (by|to|in|back)\b|\bsecurity questions?\b",
        r"\bfalls? back (to|on)\b[^.;]{0,30}\b(guests?|anonymous|no (sign-?in|authentication)|basic auth\w*)\b",
    ),
    "separation": _forms(
        rf"\bcach\w*\b[^.;]{{0,60}}\b(before|without|ahead of|in front of|regardless of|whatever|independent(ly)? of"
        rf"|no matter|ignoring)\b[^.;]{{0,30}}\b{_WHO}\b",
        rf"\bcach\w*\b[^.;]{{0,60}}\b(by|on|under|per) (its |the |their )?(paths?|urls?|uris?|address(es)?)\b"
        rf"(?![^.;]*\b(and|plus|with|per|by) (the |its |their )?{_WHO}\b)",
        rf"\bcach\w*\b[^.;]{{0,40}}\b(shared|the same|one) (by|between|among|across|for)\b[^.;]{{0,20}}\b{_PEOPLE}\b",
        rf"\b(one|shared|common|same)\b[^.;]{{0,15}}\bcache\b[^.;]{{0,30}}"
        rf"\b(all|every|each|across)\b[^.;]{{0,15}}\b{_PEOPLE}\b",
    ),
    "secrecy": _forms(
        r"\b(secrets?|keys?|passwords?|credentials?)\b[^.;]{0,30}"
        r"\b(in|with|beside) (the |a )?(repository|repo|git|source"
        r"( code)?|code|image|config(uration)? files?)\b",
        r"\bproduction (data|rows)\b[^.;]{0,30}\b(copied|used|loaded|restored)\b[^.;]{0,30}"
        r"\b(test\w*|staging|develop\w*|laptops?)\b",
        r"\b(certificates?)\b (is|are) (not|never) (checked|verified|validated)\b",
        r"\b(support|operators?|admins?|staff)\b[^.;]{0,20}\b(can|may) (see|read|look up) (the )?passwords?\b",
    ),
    "logs": _forms(
        r"\b(requests?|responses?|answers?|calls?|messages?|quer(y|ies)|bod(y|ies)|payloads?)\b[^.;]{0,40}"
        r"\b(logged|traced|recorded|kept in (the )?logs?)\b[^.;]{0,20}"
        r"\b(in full|completely|entirely|verbatim|as they are"
        r"|as it is|unmasked|unredacted)\b",
        rf"\blog\w*\b[^.;]{{0,50}}\b(with|including|contain\w*|incl\.?|and)\b[^.;]{{0,30}}\b{_SENT}\b",
        rf"\b{_SENT}\b[^.;]{{0,25}}\b(is|are|gets?) (also |all )?"
        rf"(logged|traced|(written|kept|stored|copied) (to|in|into) "
        r"(the )?(logs?|traces?))\b",
        r"\b(protokolliert|geloggt|logs?|protokolle?)\b[^.;]{0,30}\b(vollständig|im klartext|samt inhalt|mit (allen )?"
        r"(inhalten|passwörtern|tokens))\b",
    ),
}  # fmt: skip
"""By what is undone: forms of words, in English and where it is usual in German."""

_REFUSES: Final = re.compile(
    r"\b(no|never|not|nobody|none|nothing|neither|nor|without|cannot|instead of|rather than|refus\w+|reject\w+"
    r"|forbid\w*|prevent\w*|against|ignor\w+|mask\w*|redact\w*"
    r"|strip\w*|kein\w*|nie|niemals|nicht|ohne|statt)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_REFUSED: Final = re.compile(
    r"^[^.;]{0,25}\b(is|are|be) (never|not|refused|rejected|forbidden|ignored|masked|redacted|stripped|removed|hashed"
    r"|dropped|left out|excluded)\b|^[^.;]{0,12}\b(masked|redacted|stripped|hashed|left out|removed)\b",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(r"\b(no|not|never|without|but|except|masked|redacted|stripped|hashed)\b", re.IGNORECASE)
_VERIFIED: Final = re.compile(
    r"\b(gateway|proxy|mesh|verified|signed|from (the|its|their) (verified )?token|token['’]s|claims? of the token)\b",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(r"\b(public(ly)?|anonymous|open (data|reads?)|static|assets?|catalogues?)\b", re.IGNORECASE)
_ENDS: Final = re.compile(r"(?<=[.;!?])\s+|\n+")
_QUOTED: Final = 70


def undone(bench: CheckContext, promise: Promise) -> list[str]:
    """Return what sentences of the design undo a promise of its, with where each stands."""
    return list(dict.fromkeys(_undone(bench, promise)))


def _undone(bench: CheckContext, promise: Promise) -> Iterator[str]:
    sources: Sources | None = None  # made where a sentence undoes something at all
    for place, sentence in sentences(bench):
        for number, form in enumerate(_UNDOING[promise]):
            found = form.search(sentence)
            if found is None or _refused(promise, sentence, found):
                continue
            if promise == "sign_in" and number < _OF_FACTORS and not _factor_promised(bench):
                continue
            sources = sources or Sources(bench)
            if not sources.said(sentence):
                yield f"{place}: “{sentence.strip()[:_QUOTED]}”"
            break


_OF_FACTORS: Final = 2
"""The first forms of signing in are about a second factor, which not every design promises."""


def _factor_promised(bench: CheckContext) -> bool:
    plan = bench.blueprint
    promised = plan.auth.multi_factor or any(way.multi_factor for way in plan.sign_ins)
    return promised or any(f.multi_factor for f in bench.said.facts if isinstance(f, SignInFact))


def _refused(promise: Promise, sentence: str, found: re.Match[str]) -> bool:
    """Whether a sentence refuses what it speaks of, or speaks of what everybody may see."""
    before, after = sentence[: found.start()], sentence[found.end() :]
    if _REFUSES.search(before) or _REFUSED.search(after):
        return True
    if promise == "access":
        return bool(_VERIFIED.search(sentence))
    if promise == "separation":
        return bool(_OPEN.search(sentence))
    return promise == "logs" and bool(_WITHIN.search(found.group()))


def sentences(bench: CheckContext) -> Iterator[tuple[str, str]]:
    """Yield what a design says in words, sentence by sentence, with where it stands."""
    for place, text in _texts(bench):
        yield from ((place, one) for one in _ENDS.split(text) if one.strip())


def _texts(bench: CheckContext) -> Iterator[tuple[str, str]]:
    plan = bench.blueprint
    for name, value in plan.services:
        if isinstance(value, str):
            yield f"services.{name}", value
    yield from (("auth.description", plan.auth.description), ("auth.authorization", plan.auth.authorization))
    yield "auth.data_protection", plan.auth.data_protection
    yield from ((f"sign-in {way.name}", f"{way.audience}. {way.description}") for way in plan.sign_ins)
    yield from ((f"role {role.name}", role.description) for role in plan.roles)
    yield from ((one.service, f"{one.purpose}. {one.method}. {one.on_failure}") for one in plan.integrations)
    for op in plan.operations:
        yield f"{op.method} {op.path}", f"{op.summary}. {op.description}"
        yield from ((f"{op.method} {op.path} {one.code}", one.description) for one in op.problems)
    yield from ((event.name, event.description) for event in plan.events)
    yield from ((f"rule of {rule.entity}", rule.text) for rule in plan.rules)
    for entity in plan.entities:
        yield entity.name, entity.description
        yield from ((f"{entity.name}.{field.name}", field.description) for field in entity.fields)
    yield from ((f"convention {one.kind}", one.value) for one in plan.conventions)
    yield from (("decision", f"{one.what}. {one.why}") for one in plan.decisions)
