"""Roles, who may and must not do what, and how people sign in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.facts import AccessFact, AnyFact, OperationFact, RoleFact, SignInFact, Stance, TenancyFact, Verb
from bot.reading.prose.clause import Clause, Noun, thing_name
from bot.reading.prose.things import plausible
from bot.reading.tokens import Token, clauses, tokens
from bot.reading.words import (
    ANY_VERBS,
    ANYBODY,
    CREATE_VERBS,
    DELETE_VERBS,
    DETERMINERS,
    FUNCTION,
    NEGATIONS,
    PUBLIC_WORDS,
    READ_VERBS,
    UPDATE_VERBS,
)

_VERB_OF: dict[str, Verb] = {
    **dict.fromkeys(READ_VERBS, "read"),
    **dict.fromkeys(CREATE_VERBS, "create"),
    **dict.fromkeys(UPDATE_VERBS, "update"),
    **dict.fromkeys(DELETE_VERBS, "delete"),
    **dict.fromkeys(ANY_VERBS, "any"),
}
_GERUNDS: dict[str, Verb] = {
    "reading": "read",
    "writing": "create",
    "editing": "update",
    "deleting": "delete",
    "viewing": "read",
    "browsing": "read",
    "creating": "create",
    "lesen": "read",
    "schreiben": "create",
    "searching": "read",
    "posting": "create",
    "commenting": "create",
    "updating": "update",
    "changing": "update",
}
_MODALS = frozenset(
    [
        "may",
        "can",
        "must",
        "should",
        "cannot",
        "could",
        "shall",
        "mayn't",
        "can't",
        "cant",
        "mustn't",
        "shouldn't",
        "darf",
        "dürfen",
        "kann",
        "können",
        "soll",
        "sollen",
        "allowed",
        "permitted",
    ]
)
_GENERAL = frozenset(
    [
        "user",
        "users",
        "anybody",
        "anyone",
        "everybody",
        "everyone",
        "people",
        "nobody",
        "jeder",
        "alle",
        "benutzer",
        "nutzer",
        "niemand",
        "person",
        "callers",
        "caller",
        "visitor",
        "visitors",
        "guest",
        "guests",
        "client",
        "clients",
        "member-of",
    ]
)
_OWNERS = frozenset(["author", "owner", "creator", "autor", "eigentümer", "besitzer", "ersteller", "uploader"])
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
_MINUTES = re.compile(r"\b(\d{1,4})\s*(min|minutes?|minuten|h|hours?|stunden)\b", re.I)


def read_roles(text_words: Sequence[Token], statement: str, language: str) -> list[AnyFact]:
    """Return the roles of a list: ``physician, nurse and clerk``, each with what stands in brackets behind it."""
    found: list[AnyFact] = []
    name: list[str] = []
    note: list[str] = []
    depth = 0

    def flush() -> None:
        said = " ".join(name).strip(" .`'\"")
        if (
            said
            and len(said.split()) <= 4
            and said.lower() not in {"etc", "usw", "none", "no", "keine", "others", "more"}
        ):
            one = thing_name(re.sub(r"^(?:the|an?|der|die|das|ein|eine)\s+", "", said, flags=re.I), language)
            found.append(RoleFact(statement=statement, name=one, description=" ".join(note)))
        name.clear()
        note.clear()

    ended = False
    for token in text_words:
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth = max(0, depth - 1)
        elif depth:
            note.append(token.text)
        elif token.text in {",", "/", "|", ";", "&", "+"} or token.low in {"and", "und", "or", "oder", "sowie"}:
            flush()
            ended = False
        elif token.text in {"-", "–", "—", ":", "=", "."}:
            ended = True
        elif ended:
            note.append(token.text)
        else:
            name.append(token.text)
    flush()
    return found


_ROLE_LIST = re.compile(
    r"^(?:(?:the|our|die|unsere|user|instance|two|three|four|five|\d|only|these|current|main|there are|there is"
    r"|es gibt) ){0,4}(?:(?:[a-z]+ )?roles?|rollen?)\b"
    r"(?:(?: are| is| sind|:|,| would be| will be| =)+ ?| (?=\S+ ?[/,&|]))",
    re.I,
)
_THERE_ARE = re.compile(r"^(?:there (?:are|is)|we have|es gibt|wir haben)(?: only| just| the| nur)? ", re.I)


_AGENT = r"(?:[a-z-]+ )?[a-z-]+(?:ers|ors|ists|ians|ants|ees|leads|clerks|nurses|guests|members|admins|heads)"
_AGENTS = re.compile(rf"^{_AGENT}(?:(?:,| and|, and) (?:{_AGENT}|[a-z]+ ?[a-z]*))+\.?$", re.I)
"""People of a trade one after another, and nothing else: the whole answer names the roles."""


def listed_roles(clause: Clause, statement: str) -> list[AnyFact]:
    """Return the roles of "roles are a, b and c", "roles a / b", and of "there are a, b and the c" about security."""
    text = clause.text.strip()
    people = _THERE_ARE.match(text) if clause.topic == "security" and not clause.negated else None
    if match := _ROLE_LIST.match(text) or people:
        rest = text[match.end() :]
    elif clause.topic == "security" and _AGENTS.match(text):
        rest = text
    else:
        return []
    rest = rest.split(".")[0].strip(" :")
    rest = rest.split(",")[0] if "/" in rest.split(",")[0] else rest
    cells = re.split(r",? (?:and|und|sowie|or) |, | ?/ ?| ?\| ?| & ", re.sub(r"\([^()]*\)", "", rest))
    if len(cells) < 2 or any(not c or len(c.split()) > 3 or not c[0].isalpha() for c in cells):
        return []
    little = FUNCTION | NEGATIONS - {"the"}
    if any(w.lower() in little for c in cells for w in c.split()):
        return []
    return read_roles(tokens(rest, clause.language), statement, clause.language)


def read_access(clause: Clause, statement: str) -> list[AnyFact]:  # noqa: PLR0911
    """Return who may or must not do what."""
    words = clause.words
    if not words:
        return []
    if special := _read_only(clause, statement) or _except(clause, statement) or _only_does(clause, statement):
        return special
    verbs = [n for n in range(len(words)) if _verb(clause, n)]
    modal = next((n for n, w in enumerate(words) if w.low in _MODALS), None)
    public = any(p in clause.low for p in PUBLIC_WORDS)
    if public and (clause.has(*ANYBODY) or verbs or any(w.low in _GERUNDS for w in words)):
        return _public(clause, verbs, statement)
    if len(verbs) > 1:  # "see everything" is about reading
        verbs = [n for n in verbs if _VERB_OF.get(words[n].lemma) != "any"] or verbs
    if not verbs and (named := _action(clause, modal, statement)):
        return named
    if not verbs:
        return _visible(clause, statement)
    if clause.language == "en" and (passive := _passive(clause, verbs)) is not None:
        return _done_to(clause, passive, verbs, statement)
    first = min(verbs[0], modal) if modal is not None else verbs[0]
    if modal is None and (clause.topic not in {"security"} and not clause.has("only", "nur", "own", "eigen")):
        return []
    if clause.language == "de" and modal is None and verbs[0] == 0:
        return []
    by = next((n for n, w in enumerate(words) if w.low in {"by", "von", "durch"} and n > verbs[0]), None)
    if by is not None and clause.has("only", "nur") and modal is not None:
        return _grants(clause, clause.nouns(by + 1), verbs, clause.nouns(0, first), statement, denied=False, only=True)
    subjects = _subjects(clause, first)
    if not subjects:
        return []
    objects = _objects(clause, max(verbs) + 1) or _objects(clause, verbs[0] + 1)
    between = words[first:] if modal is not None else words[max(0, first - 2) : first + 2]
    denied = any(w.low in NEGATIONS or w.low in {"cannot", "mustn't", "can't", "cant"} for w in between) or any(
        w.low in {"nobody", "niemand", "none"} for w in words[:first]
    )
    only = any(w.low in {"only", "nur", "ausschließlich"} for w in words[:first])
    return _grants(clause, subjects, verbs, objects, statement, denied=denied, only=only)


_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_IRREGULAR_PARTICIPLES = frozenset({"seen", "written", "read"})
_ASIDE = frozenset(
    [
        "as",
        "when",
        "if",
        "until",
        "once",
        "after",
        "before",
        "while",
        "unless",
        "because",
        "even",
        "also",
        "without",
        "by",
    ]
)
"""Words behind which a condition or a manner stands, and no thing that is granted."""


def _passive(clause: Clause, verbs: Sequence[int]) -> int | None:
    """Return where the form of "be" of a passive stands: "addresses *are* encrypted and deleted"; None if active."""
    verb = clause.words[verbs[0]].low
    if not (verb.endswith("ed") or verb in _IRREGULAR_PARTICIPLES):
        return None
    be = next((n for n, w in enumerate(clause.words[: verbs[0]]) if w.low in _BE), None)
    return None if be is None or any(w.low == "to" for w in clause.words[: verbs[0]]) else be


def _done_to(clause: Clause, be: int, verbs: Sequence[int], statement: str) -> list[AnyFact]:
    """Read a passive: its subject is the thing; a role is only who stands behind "by"."""
    words = clause.words
    by = next((n for n, w in enumerate(words) if w.low == "by" and n > verbs[0]), None)
    denied = any(w.low in NEGATIONS for w in words[: verbs[0]])
    only = clause.has("only")
    actors = [] if by is None else [n for n in clause.nouns(by + 1) if plausible(n)]
    modal = any(w.low in _MODALS for w in words[:be])
    if actors and (modal or clause.topic == "security" or only):
        return _grants(clause, actors, verbs, clause.nouns(0, be), statement, denied=denied and not only, only=only)
    if not (denied and modal) or by is not None:
        return []
    kinds = tuple(dict.fromkeys(_VERB_OF.get(words[n].lemma) or _VERB_OF[_participle(words[n].low)] for n in verbs))
    return [
        AccessFact(statement=statement, stance=Stance.DENIED, role="", verbs=kinds, entity=thing.name)
        for thing in clause.nouns(0, be)
        if plausible(thing)
    ]


def _objects(clause: Clause, at: int) -> list[Noun]:
    """Return what is granted: not whose it is ("of another shop"), nor a condition or manner behind it."""
    words = clause.words
    stop = next((n for n in range(at, len(words)) if n > at and words[n].low in _ASIDE), len(words))
    found: list[Noun] = []
    for noun in clause.nouns(at, stop):
        whose = noun.first > 0 and words[noun.first - 1].low in {"of", "von"} and any(plausible(n) for n in found)
        if not whose:
            found.append(noun)
        elif noun.own:
            found[-1] = replace(found[-1], own=True)
    return found


_OUTSIDERS = frozenset({"guest", "guests", "visitor", "visitors", "client", "clients"})
_WRITES: tuple[Verb, ...] = ("create", "update", "delete")
_READS_ONLY = re.compile(
    r"\b(?:read[- ]only|view[- ]only|(?:may|can|should) only (?:look|read|view|see)|only (?:look|read|view)s?\b"
    r"|(?:darf|dürfen|kann|können) nur (?:lesen|ansehen|schauen)|nur lesend|nur lesen)"
)
_EXCEPT = frozenset({"except", "außer", "ausser", "excluding"})
_REST = frozenset({".", "!", "that", "so", "das", "dies", "it", "do", "not", "nicht", "either", "auch"})


def _read_only(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "viewers are read only", "pupils may only look": these roles change nothing."""
    match = _READS_ONLY.search(clause.low)
    if not match or clause.topic != "security":
        return []
    at = len(clause.low[: match.start()].split())
    after = len(clause.low[: match.end()].split())
    roles = [n for n in clause.nouns(0, at) if plausible(n) and n.name.lower() not in _GENERAL - _OUTSIDERS]
    things = [n for n in clause.nouns(after) if plausible(n) and n.name.lower() not in {"access", "role", "permission"}]
    found: list[AnyFact] = []
    for role in roles:
        found.append(RoleFact(statement=statement, name=role.name))
        for thing in [t.name for t in things] or [""]:
            if thing:
                found.append(AccessFact(statement=statement, role=role.name, verbs=("read",), entity=thing))
            found.append(
                AccessFact(statement=statement, stance=Stance.DENIED, role=role.name, verbs=_WRITES, entity=thing)
            )
    return found


def _except(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "managers see everything except payslips": what is granted, and what is left out of it."""
    at = next((n for n, w in enumerate(clause.words) if n > 1 and w.low in _EXCEPT), None)
    if at is None or clause.negated:
        return []
    shift = clause.words[0].start
    before = Clause(clause.words[:at], clause.text[: clause.words[at].start - shift], clause.language, clause.topic)
    granted = read_access(before, statement)
    left_out = [n for n in clause.nouns(at + 1) if plausible(n)]
    return [
        *granted,
        *(
            AccessFact(statement=statement, stance=Stance.DENIED, role=f.role, verbs=f.verbs, entity=thing.name)
            for f in granted
            if isinstance(f, AccessFact) and f.role not in ("", "*") and left_out
            for thing in left_out
        ),
    ]


def _only_does(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "only clerks archive files", where the verb is one of the trade: it names an action of theirs."""
    words = [w for w in clause.words if w.text not in {".", "!"}]
    if len(words) < 3 or words[0].low not in {"only", "nur"} or clause.language != "en":
        return []
    at = 2 if words[1].low in DETERMINERS else 1
    for verb in (at + 1, at + 2):
        if verb >= len(words) or any(w.kind != "word" or w.low in FUNCTION for w in words[at : verb + 1]):
            return []
        if words[verb].lemma in _VERB_OF:
            return []
        said = " ".join(w.text for w in words[at:verb])
        many = thing_name(said, "en") != said
        base = not words[verb].low.endswith("s")
        if many != base or words[verb].lemma in {"have", "be"}:
            continue
        role = thing_name(said, "en")
        action = words[verb].lemma if base or words[verb].lemma != words[verb].low else words[verb].low[:-1]
        thing = clause.noun(verb + 1)
        return [
            RoleFact(statement=statement, name=role),
            AccessFact(
                statement=statement,
                role=role,
                verbs=("update",),
                entity=thing.name if thing and plausible(thing) else "",
                condition="only",
                action=action,
            ),
        ]
    return []


def _action(clause: Clause, modal: int | None, statement: str) -> list[AnyFact]:
    """Read "porters must not weigh parcels", where the verb is one of the trade: it names an action."""
    words = clause.words
    if modal is None or clause.topic != "security" or clause.language != "en":
        return []
    at = modal + 1
    while at < len(words) and words[at].low in NEGATIONS | {"only", "also"}:
        at += 1
    if at >= len(words) or words[at].kind != "word" or words[at].low in FUNCTION | DETERMINERS:
        return []
    denied = any(w.low in NEGATIONS or w.low == "cant" for w in words[modal:at])
    roles = [n for n in clause.nouns(0, modal) if plausible(n) and n.name.lower() not in _GENERAL - _OUTSIDERS]
    thing = clause.noun(at + 1)
    found: list[AnyFact] = []
    for role in roles:
        found += [
            RoleFact(statement=statement, name=role.name),
            AccessFact(
                statement=statement,
                stance=Stance.DENIED if denied else Stance.STATED,
                role=role.name,
                verbs=("update",),
                entity=thing.name if thing and plausible(thing) else "",
                action=words[at].lemma,
            ),
        ]
    return found


def denied_alike(clause: Clause, before: Sequence[AccessFact], statement: str) -> list[AnyFact]:
    """Read "clerks may not" after "only partners open files": the same is denied to them."""
    words = clause.words
    modal = next((n for n, w in enumerate(words) if w.low in _MODALS), None)
    if not before or modal is None or not 0 < modal <= 4:
        return []
    rest = [w.low for w in words[modal:]]
    denies = any(w in NEGATIONS or w in {"cannot", "cant", "can't", "mustn't"} for w in rest)
    if not denies or any(w not in _REST | NEGATIONS | _MODALS for w in rest):
        return []
    found: list[AnyFact] = []
    for role in clause.nouns(0, modal):
        if not plausible(role):
            continue
        found.append(RoleFact(statement=statement, name=role.name))
        found += [
            replace(f, statement=statement, stance=Stance.DENIED, role=role.name, condition="", own=False)
            for f in before
        ]
    return found


def _verb(clause: Clause, n: int) -> bool:
    word = clause.words[n]
    if (
        word.kind != "word"
        or (n and clause.words[n - 1].text == ":")
        or (clause.language == "de" and word.text[0].isupper())
    ):
        return False
    return word.lemma in _VERB_OF or _participle(word.low) in _VERB_OF


def _participle(word: str) -> str:
    return {
        "deleted": "delete",
        "changed": "change",
        "edited": "edit",
        "read": "read",
        "seen": "see",
        "approved": "approve",
        "created": "create",
        "gelöscht": "löschen",
        "geändert": "ändern",
        "gelesen": "lesen",
    }.get(word, word)


def _subjects(clause: Clause, stop: int) -> list[Noun]:
    found = []
    for n, word in enumerate(clause.words[:stop]):
        if word.low in _GENERAL | _OWNERS:
            found.append(Noun(word.low, word.text, False, False, False, n, n))
    if not found:
        found = [n for n in clause.nouns(0, stop) if n.name.lower() not in {"we", "it"} and len(n.name.split()) <= 3]
        found = [n for n in found if plausible(n)]
    return found


def _grants(
    clause: Clause,
    subjects: Sequence[Noun],
    verbs: Sequence[int],
    objects: Sequence[Noun],
    statement: str,
    *,
    denied: bool,
    only: bool,
) -> list[AnyFact]:
    found: list[AnyFact] = []
    kinds = tuple(
        dict.fromkeys(_VERB_OF.get(clause.words[n].lemma) or _VERB_OF[_participle(clause.words[n].low)] for n in verbs)
    )
    things = [o for o in objects if plausible(o) and not any(o.first <= v <= o.last for v in verbs)]
    own = (
        clause.has("own", "eigen")
        or any(o.own for o in objects)
        or any(s.name.lower() in _OWNERS for s in subjects)
        or clause.says("their data", "ihre daten")
    )
    stance = Stance.DENIED if denied else Stance.STATED
    for subject in subjects:
        low = subject.name.lower()
        general = low in _GENERAL | _OWNERS
        role = "" if general else subject.name
        if (
            low in {"visitor", "visitors", "guest", "guests", "anybody", "anyone"}
            and not denied
            and low in {"guest", "guests", "visitor", "visitors"}
        ):
            role = "*"
        if denied and low in _OUTSIDERS:
            role = thing_name(low, clause.language)
        if role and role != "*":
            found.append(RoleFact(statement=statement, name=role))
        condition = "only" if only and not denied else ""
        for thing in [_possessed(t.name) for t in things] or [""]:
            found.append(
                AccessFact(
                    statement=statement,
                    stance=stance,
                    role=role,
                    verbs=kinds,
                    entity=thing,
                    own=own,
                    condition=condition,
                )
            )
    return found


def _possessed(name: str) -> str:
    """Return the thing of "child's grade"."""
    return name.rsplit("'s ", maxsplit=1)[-1]


def _public(clause: Clause, verbs: Sequence[int], statement: str) -> list[AnyFact]:
    kinds: list[Verb] = [
        _VERB_OF.get(clause.words[n].lemma, "read")
        for n in verbs
        if clause.words[n].lemma in _VERB_OF and clause.words[n].lemma not in {"log", "register"}
    ]
    kinds += [
        _GERUNDS[w.low]
        for w in clause.words
        if w.low in _GERUNDS and _GERUNDS[w.low] not in kinds and w.low not in {"signing", "logging"}
    ]
    kinds = [k for k in kinds if k != "any"] or ["read"]
    start = next((n for n, w in enumerate(clause.words) if w.lemma in _VERB_OF or w.low in _GERUNDS), 0)
    stop = next(
        (
            n
            for n, w in enumerate(clause.words)
            if n > start and w.low in {"without", "ohne", "publicly", "needs", "need", "is", "are", "öffentlich"}
        ),
        len(clause.words),
    )
    things = [n for n in clause.nouns(start + 1, stop) if plausible(n) and n.name.lower() not in ANYBODY | {"open"}]
    if not things:
        things = [
            n
            for n in clause.nouns(0, stop)
            if plausible(n) and n.name.lower() not in ANYBODY | _GENERAL | {"open"} and n.first > start - 1
        ]
    stance = Stance.DENIED if clause.words[0].low in {"nothing", "nichts"} else Stance.STATED
    return (
        [
            AccessFact(statement=statement, stance=stance, role="*", verbs=tuple(dict.fromkeys(kinds)), entity=t.name)
            for t in things
        ]
        or [AccessFact(statement=statement, role="*", verbs=tuple(dict.fromkeys(kinds)))]
        if clause.has(*ANYBODY) or things
        else []
    )


def _visible(clause: Clause, statement: str) -> list[AnyFact]:
    """Read "diagnoses are visible only to doctors", "invoices: finance only"."""
    words = clause.words
    at = next(
        (n for n, w in enumerate(words) if w.low in {"visible", "accessible", "sichtbar", "available", "restricted"}),
        None,
    )
    if at is None:
        return []
    to = next((n for n, w in enumerate(words) if n > at and w.low in {"to", "for", "für", "by"}), None)
    if to is None:
        return []
    denied = any(w.low in NEGATIONS for w in words)
    found: list[AnyFact] = []
    for role in clause.nouns(to + 1):
        low = role.name.lower()
        name = "*" if low in ANYBODY else "" if low in _GENERAL | _OWNERS else role.name
        if name and name != "*":
            found.append(RoleFact(statement=statement, name=name))
        for thing in [n for n in clause.nouns(0, at) if plausible(n)]:
            found.append(
                AccessFact(
                    statement=statement,
                    stance=Stance.DENIED if denied else Stance.STATED,
                    role=name,
                    verbs=("read",),
                    entity=thing.name,
                    own=low in _OWNERS,
                    condition="only" if clause.has("only", "nur", "restricted") else "",
                )
            )
    return found


def open_operations(clause: Clause, operations: Sequence[OperationFact], statement: str) -> Iterator[AccessFact]:
    """Yield that operations named in a clause may be called by anybody: those of the part that says so, if it has any.

    "POST /sign-up (no login), GET /profile" opens the first alone, "GET /a, GET /b - no login" both.
    """
    low = clause.low.replace("( ", "(").replace(" )", ")")
    if not any(p in low for p in PUBLIC_WORDS):
        return
    pieces = clauses(clause.words, frozenset({",", ";"}))
    said = [
        piece
        for piece in pieces
        if any(p in " ".join(w.low for w in piece).replace("( ", "(").replace(" )", ")") for p in PUBLIC_WORDS)
    ]
    bracketed = bool(said) and all(piece[-1].text == ")" for piece in said) and len(pieces) > 1
    last = any(piece is pieces[-1] for piece in said)
    if bracketed or not last or any(w.text == ";" for w in clause.words):
        paths = {w.text.rstrip("/") for piece in said for w in piece if w.kind == "path"}
        mine = [o for o in operations if any(p.split("?")[0].endswith(o.path.rstrip("/")) for p in paths)]
        operations = mine or operations
    if operations:
        for operation in operations:
            yield AccessFact(
                statement=statement, role="*", verbs=("any",), path=operation.path, method=operation.method
            )


def read_sign_in(clause: Clause, statement: str) -> list[AnyFact]:
    """Return the ways to sign in, each with its audience ("for staff") and its provider ("against Keycloak")."""
    low = f" {clause.low} ".replace(" ( ", " ").replace(" ) ", " ")
    mfa = bool(_MFA.search(low))
    found: list[AnyFact] = []
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
    token = _MINUTES.search(low) if clause.has("token", "tokens", "jwt", "access", "expire", "expires") else None
    for i, (at, _phrase, scheme) in enumerate(spans):
        stop = spans[i + 1][0] if i + 1 < len(spans) else len(low)
        piece = low[at:stop]
        minutes = (
            int(token[1]) * (60 if token[2].startswith(("h", "st")) else 1)
            if token and scheme in {"jwt", "oidc", "oauth2"}
            else None
        )
        found.append(
            SignInFact(
                statement=statement,
                scheme=scheme,
                audience=_audience(piece),
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
    match = re.search(r"\b([\wäöüß-]+)\s+(?:sign in|log in|authenticate|melden sich)\b", piece)
    return match[1] if match and match[1] not in FUNCTION | {"users"} else ""


def read_tenancy(clause: Clause, statement: str) -> list[AnyFact]:
    """Return that rows belong to a tenant; the word "enterprise" alone says nothing of it."""
    low = clause.low
    multi = re.search(r"\b(multi[- ]?tenan\w*|mandantenfähig\w*|mehrmandanten\w*)\b", low)
    everything = re.match(
        (
            r"(everything|all data|all tables|every (?:row|record|table|entity|resource)|all of it|alles|"
            r"alle daten|each (?:row|record))\b.*\b(belongs? to|is scoped (?:to|by)|gehör\w+ zu?|per|"
            r"gehört)\b"
        ),
        low,
    )
    isolated = re.search(
        r"\b(tenants?|mandanten|organi[sz]ations?|workspaces?)\b.*\b(isolated|separated|getrennt|isolation)\b", low
    )
    if not (multi or everything or isolated):
        return []
    stance = Stance.DENIED if clause.negated or clause.says("single tenant", "single-tenant") else Stance.STATED
    if everything:
        noun = clause.noun(len(everything[0].split()))
        return [TenancyFact(statement=statement, tenant=noun.name if noun and plausible(noun) else "", stance=stance)]
    name = re.search(r"\b(?:per|by|pro|each|je)\s+(?:an?\s+|the\s+)?([a-zäöü]+)", low)
    return [
        TenancyFact(statement=statement, tenant=thing_name(name[1], clause.language) if name else "", stance=stance)
    ]
