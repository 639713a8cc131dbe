"""How people say that something needs no sign-in: the phrases, and headings above what is open to all."""

from __future__ import annotations

import re
from typing import Final

_SIGN_IN = (
    r"(?:auth(?:entication|entifizierung|orization)?|log-?in|log in|sign-?in|sign in|sign-?up|account|token|jwt|"
    r"registration|registering|credentials?|password|api[ -]?key|user account|anmeldung|konto|registrierung"
    r"|einloggen|passwort"
    r"|benutzerkonto|anmelden)"
)
_PHRASE: Final = re.compile(
    rf"\b(?:without (?:(?:having|needing) to )?(?:an? |any |the |being )?(?:{_SIGN_IN}|signing (?:in|up)|logging in"
    r"|(?:signed|logged)[ -]in|authenticating|registering)\b"
    rf"|(?:needs?|requires?) no {_SIGN_IN}\b"
    rf"|no (?:further |prior )?{_SIGN_IN}(?: (?:is |are )?(?:needed|required|necessary))?\b"
    rf"|(?:does not|do not|doesn't|don't|not) (?:need|require)s? (?:an? |any |the |to )?{_SIGN_IN}\b"
    r"|(?:is |are |who are )?not (?:signed|logged)[ -]in\b|not authenticated\b"
    r"|(?:login|auth|sign-in)[- ]free\b|publicly\b|(?:is|are|stays?|remains?|be) (?:completely |fully )?public\b"
    r"|unauthenticated\b|anonymous(?:ly)?\b"
    r"|open (?:to|for) (?:everyone|everybody|anyone|anybody|all|the (?:public|world)|guests|visitors)\b"
    r"|(?:visible|accessible|available) (?:to|for) (?:the (?:public|world)|everyone|everybody|anyone|anybody)\b"
    rf"|ohne (?:vorherige |eine |ein )?{_SIGN_IN}\b|(?:braucht|brauchen|benötigt|benötigen) keine?n? {_SIGN_IN}\b"
    rf"|keine?n? {_SIGN_IN} (?:nötig|notwendig|erforderlich)\b|keine {_SIGN_IN}\b"
    r"|öffentlich\b|frei (?:zugänglich|abrufbar|einsehbar|verfügbar)\b|anonym\b"
    r"|für (?:alle|jeden|jede|jedermann) (?:offen|zugänglich|sichtbar|einsehbar)\b)"
    r"|\((?:public|open|everyone|no auth)\)|everyone\)",
    re.I,
)
_REFUSED = re.compile(
    r"\b(?:no|not|never|nothing|nichts|kein\w*|nicht) (?:is |ist )?(?:be )?(?:anonym\w*|public\w*|unauthenticated"
    r"|öffentlich\w*)",
    re.I,
)
_ALL_BUT = re.compile(
    r"\b(?:all|every\w*|any|the rest|alle[sr]?|jede\w*)\b.{0,60}?\b(?:except|but|apart|other than|außer|ausser"
    r"|bis auf|only|nur)\b"
    r".{0,200}?\b(?:requires?|needs?|protected|authenticat\w+|behind|erforder\w*|brauch\w*|benötig\w*|geschützt"
    r"|does not|do not"
    r"|nicht)\b"
    r"|\b(?:all|every\w*|any|alle[sr]?|jede\w*)\b.{0,80}?\b(?:requires?|needs?|protected|authenticat\w+|behind"
    r"|erforder\w*"
    r"|brauch\w*|benötig\w*|geschützt)\b.{0,60}?\b(?:except|but|apart from|other than|außer|ausser|bis auf)\b",
    re.I,
)
_CALL_IS_OPEN = re.compile(
    r"(?:^|\s)(?:is|are|stays?|remains?|ist|sind|bleibt|bleiben) (?:open|public|offen|frei|free)\b", re.I
)
_TITLE = re.compile(
    r"^\W*(?:public|open|unauthenticated|anonymous|öffentliche?|offene|unprotected|guest|no[- "
    r"]auth(?:entication)?|login-free"
    r"|without (?:auth\w*|login|a token)|ohne (?:anmeldung|login))"
    r"(?: (?:api|rest|http))*(?: (?:endpoints?|routes?|apis?|calls?|paths?|endpunkte|routen|operations|resources))?"
    r"\s*(?:\([^()]{0,60}\))?\W*$",
    re.I,
)


def phrase_in(text: str) -> re.Match[str] | None:
    """Return the phrase by which a text says that something needs no sign-in, None where it says no such thing."""
    bare = text.replace("( ", "(").replace(" )", ")")
    return None if _REFUSED.search(bare) else _PHRASE.search(bare)


def calls_are_open(text: str) -> bool:
    """Whether a text that names calls says that they are open, or that all others are not."""
    return phrase_in(text) is not None or bool(_ALL_BUT.search(text) or _CALL_IS_OPEN.search(text))


def heads_open_calls(title: str) -> bool:
    """Whether a heading or label stands above calls that need no sign-in: "Public endpoints (no auth required)"."""
    return len(title) < 100 and bool(_TITLE.match(title.strip()))
