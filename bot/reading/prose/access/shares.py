"""Shares: who has which part of the rights, told as "keeper: reads and writes logs. engineer: the same plus editing".

A share is a role and a phrase of nothing but rights: verbs in any form, methods, paths, "everything", "nothing", "the
same plus …", each granted or refused, and perhaps the word that this is all. A phrase that holds anything else is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from bot.domain.facts import AccessFact, AnyFact, Method, OperationFact, RoleFact, Stance, Verb
from bot.reading.names import name_key, singular
from bot.reading.openly import heads_open_calls
from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import GERUNDS, OF_METHOD, VERB_OF, WRITES, meaning, participle
from bot.reading.prose.clause import thing_name
from bot.reading.tokens import lemma
from bot.reading.words import FUNCTION, LABEL_OF, NEGATIONS

_LONGEST = 400
_HEAD = re.compile(
    r"^(?:(?:and|und|the|an?|der|die|das|ein|eine|role"
    r"|rolle) )?(?P<marks>[✅✔❌✗🚫⛔☑✓➡👉 ]*)(?P<who>[^\W\d][\w'-]{1,30}(?: [^\W\d][\w'-]{1,30}){0,2}"
    r"(?:(?:, | & | \+ |/| and "
    r"| und )[^\W\d][\w'-]{1,30}(?: [^\W\d][\w'-]{1,30})?){0,3}) ?(?:\((?P<note>[^()]{1,40})\) ?)?"
    r"(?::|=>|->|→|⇒|➜|=|[-–—]{1,2}(?= )) ?(?P<what>\S.*)$"
)
_NEXT = re.compile(
    r"(?:;|,|\.|\n) +(?=(?:and |und )?[^\W\d][\w'-]{1,30}(?: [^\W\d][\w'-]{1,30}){0,2} ?(?::|=>|->|→|⇒|➜|="
    r"| [-–—]{1,2} ) ?\S)"
)
_ATOM = re.compile(
    r"\s*(?:[,;+&]|(?<!\w)/(?= )|\b(?:and|und|plus|sowie|as well as|also|but|aber|or|oder|nor|noch)\b)+\s*", re.I
)
_NOT = re.compile(
    r"^(?:(?:can(?:not|['’]?t)|may not|must(?:n['’]t| not)|no(?:t|r)?|never|don['’]t|doesn['’]t|do not|does not"
    r"|without|keine?n?|nicht|nie|niemals|ohne"
    r"|darf nicht|[🚫❌✗⛔✘])\s*)+(?:to |any |access to )?",
    re.I,
)
_YES = re.compile(
    r"^(?:(?:[✅✔☑✓]|can|may|darf|dürfen|kann|können|gets? to|is allowed to|are allowed to|allowed to|to|has|have"
    r"|hat|haben)(?!\w)\s*)+",
    re.I,
)
_ONLY = re.compile(
    r"^(?:only|just|nur|ausschließlich|lediglich|nothing but|nichts als)\s+|\s+(?:only|alone|nur)$", re.I
)
_CLOSED = re.compile(
    r"(?:^|[,;.–—-]\s*|\s+)(?:(?:and|und) )?(?:full stop|period|punkt|basta|that['’]?s (?:it|all)|that is (?:it"
    r"|all)|no more|nothing (?:else|more)|not more"
    r"|no further|mehr nicht|nichts weiter|sonst nichts|nicht mehr|und gut|and nothing (?:else|more)"
    r"|and that['’]?s (?:it|all))$",
    re.I,
)
_ALL = re.compile(
    r"^(?:do(?:es)? )?(?:everything|anything|all(?: of (?:it|them|the above|that))?|all (?:methods|rights|verbs"
    r"|calls|operations|endpoints|the rest)|the (?:lot|rest|whole lot)"
    r"|full(?: access| control| rights)?|any|crud|alles|alle rechte|vollzugriff|das ganze|den rest|whatever)$",
    re.I,
)
_NONE = re.compile(
    r"^(?:nothing(?: at all)?|none|no access|no rights|hands off|nada|nichts|keine rechte|kein(?:en)? zugriff"
    r"|gar nichts|finger weg|off[- ]limits)$",
    re.I,
)
_SAME = re.compile(
    r"^(?:(?:the )?same(?: (?:rights|access|things|again))?(?: (?:as|like) (?:an? |the "
    r"|above$)?(?P<as>[^\W\d][\w'-]*))?|ditto|likewise|that|all (?:of )?(?:that|this)"
    r"|everything (?:an? |the |that )*(?P<of>[^\W\d][\w'-]*) (?:can|may|does|do|has|have)(?: do)?|(?:like|as"
    r"|wie) (?:an? |the |der |die |ein |eine )?(?P<wie>[^\W\d][\w'-]*)"
    r"|dasselbe|das gleiche|das selbe|ebenso)$",
    re.I,
)
_FORMS: Final[tuple[tuple[Verb, str], ...]] = (
    (
        "read",
        "reading read reads view viewing look looking looks see list listing browse browsing lesen ansehen gucken "
        "schauen lesend anschauen lesezugriff",
    ),
    (
        "create",
        "writing write writes create creation creating add adding post posting anlegen erstellen anlage schreiben "
        "erfassen",
    ),
    (
        "update",
        "edit editing edits update updating updates change changing changes modify modifying ändern bearbeiten "
        "änderung änderungen korrigieren touch touching anfassen",
    ),
    ("delete", "delete deleting deletes deletion remove removing removal löschen löschung entfernen"),
)
_NOUNS: Final[dict[str, Verb]] = {word: verb for verb, words in _FORMS for word in words.split()}
_TOUCHING = frozenset({"touch", "touching", "anfassen"})
_LOOKS = re.compile(r"^(?:read|view)[- ]?only$|^nur[- ]?lesend$|^lesend$|^(?:have a )?look(?: at)?$", re.I)
_THING = re.compile(
    r"(?:(?:the|new|own|all|any|their|his|her|its|of|at|on|for|neue|eigene[nrs]?|ihre|seine|alle|die|den|das|der"
    r"|an|von|auf) )*(?P<thing>[^\W\d][\w-]*(?: [^\W\d][\w-]*)?)$",
    re.I,
)
_NEW = re.compile(r"^(?:new|neue[nrs]?) ", re.I)
_OFF = re.compile(
    r"(?:keep )?(?:hands|fingers|finger) (?:off|weg von) (?:the |den |der )?(?P<thing>[^\W\d][\w-]*)$", re.I
)
_OWN = re.compile(r"\b(?:own|their|his|her|eigene[nrs]?|ihre|seine)\b", re.I)
_PATH = re.compile(r"(?:(?:on|for|at|to|auf|an|für|bei) )?(?P<path>/[\w{}/:<>.-]+)$")


@dataclass(frozen=True, slots=True)
class Right:
    """One right of a share: what is done, to what thing or at which path, granted or refused."""

    verbs: tuple[Verb, ...]
    thing: str = ""
    method: str = ""
    path: str = ""
    action: str = ""
    denied: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What a phrase of rights says; `same` names whose rights it begins with ("" nobody's, "-" those before it)."""

    rights: tuple[Right, ...]
    closed: bool = False
    same: str = ""


def read_shares(
    text: str, statement: str, language: str, known: Collection[str], before: Sequence[AccessFact]
) -> list[AnyFact]:
    """Return what the shares of a text grant and refuse, empty where a part is none; `before` is granted so far."""
    said = text.strip(" .!")
    if len(said) > _LONGEST:
        return []
    made: list[AnyFact] = []
    granted = list(before)
    for piece in _NEXT.split(said):
        found = _HEAD.match(piece.strip(" ,;."))
        share = share_of(found["marks"].strip() + found["what"], language) if found else None
        if found is None or share is None:
            return []
        names = [n for n in re.split(r", | & | \+ |/| and | und ", found["who"]) if n]
        if not all(_is_role(n, known) for n in names):
            return []
        for name in names:
            role = thing_name(re.sub(r"^(?:the|an?|der|die|das) ", "", name, flags=re.I), language)
            facts = list(_facts(role, share, statement, granted))
            granted += [f for f in facts if isinstance(f, AccessFact)]
            made += facts
    return made


def heads(text: str, language: str) -> list[str]:
    """Return the names that stand before phrases of rights in a text, if there are two or more, or one of people."""
    found: list[str] = []
    for line in re.split(r"(?<=[.;])\s+|\n", text[:20_000]):
        for piece in _NEXT.split(line) if len(line) <= _LONGEST else ():
            head = _HEAD.match(piece.strip(" ,;.-*•"))
            share = share_of(head["what"], language) if head and head["who"].lower() not in LABEL_OF else None
            if head and share:
                found.append(head["who"])
    several = len(found) > 1 and any(looks_like_people(name) for name in found)
    return found if several else []


def share_of(text: str, language: str) -> Share | None:
    """Return the rights that a phrase names; None where it says anything else besides.

    >>> share_of("reads and writes new logs, full stop", "en").closed, share_of("a great idea", "en")
    (True, None)
    """
    said, closed = _unclosed(text.strip(" .!"))
    rights: list[Right] = []
    same, denied = "", False
    for n, atom in enumerate(a for a in _ATOM.split(said) if a):
        bare = atom.strip()
        refused = _NOT.match(bare)
        denied = bool(refused) or (
            denied
            and not _YES.match(bare)
            and bool(rights)
            and rights[-1].denied
            and n > 0
            and not re.search(r"\b(?:but|aber)\b", said, re.I)
        )
        bare = _YES.sub("", bare[refused.end() :] if refused else bare)
        if only := _ONLY.search(bare):
            bare, closed = bare[: only.start()] + bare[only.end() :], closed or not denied
        if not denied and (alike := _SAME.match(bare)):
            same = alike["as"] or alike["of"] or alike["wie"] or "-"
            continue
        right = _right(bare, language, rights[-1] if rights else None)
        if right is None:
            return None
        closed = closed or bool(_LOOKS.match(bare))
        rights.append(replace(right, denied=not right.denied if denied else right.denied))
    return Share(_shared(rights), closed, same) if rights or same else None


def _unclosed(said: str) -> tuple[str, bool]:
    found = _CLOSED.search(said)
    return (said[: found.start()].rstrip(" ,;-–—."), True) if found and found.start() else (said, False)


def _right(bare: str, language: str, last: Right | None) -> Right | None:  # noqa: PLR0911 - one exit per kind of right
    if _ALL.match(bare):
        return Right(("any",))
    if _NONE.match(bare):
        return Right(("any",), denied=True)
    if _LOOKS.match(bare):
        return Right(("read",))
    if off := _OFF.match(bare):
        return Right(WRITES, thing=thing_name(off["thing"], language), denied=True)
    if (path := _PATH.match(bare)) and last is not None:
        return replace(last, path=path["path"])
    first, _, rest = bare.partition(" ")
    if first in OF_METHOD:
        where = _PATH.match(rest) if rest else None
        if rest and where is None:
            return None
        return Right((OF_METHOD[first],), method=first, path=where["path"] if where else "")
    low = first.lower()
    base = lemma(low, language)
    verb = next(
        (
            v
            for v in (low, base, participle(low), lemma(low, "de"), lemma(low, "en"))
            if v in _NOUNS or v in VERB_OF or v in GERUNDS
        ),
        "",
    )
    if not verb or first.isupper():
        return None
    kind = _NOUNS.get(verb) or GERUNDS.get(verb) or VERB_OF[verb]
    action = "" if verb in _NOUNS or verb in GERUNDS else meaning(verb)[1]
    kinds: tuple[Verb, ...] = WRITES if verb in _TOUCHING else (kind,)
    if not rest:
        return Right(kinds, action=action)
    thing = _THING.match(rest)
    if thing is None or set(thing["thing"].lower().split()) & (FUNCTION | NEGATIONS):
        return None
    own = bool(_OWN.search(rest[: thing.start("thing")]))
    return Right(kinds, thing=thing_name(_NEW.sub("", thing["thing"]), language), action=action, own=own)


def _shared(rights: Sequence[Right]) -> tuple[Right, ...]:
    """Return rights of which the bare ones have the thing or path of the last: "read and write logs"."""
    made: list[Right] = []
    thing, path, bare = "", "", False
    for right in reversed(rights):
        whole = right
        if not (right.thing or right.path or right.verbs == ("any",)) and right.denied == bare:
            whole = replace(right, thing=thing, path=path)
        thing, path, bare = whole.thing or thing, whole.path or path, right.denied
        made.append(whole)
    made.reverse()
    for n, right in enumerate(made[1:], 1):
        if right.denied and not (right.thing or right.path or right.verbs == ("any",)):
            made[n] = replace(right, thing=made[n - 1].thing, path=made[n - 1].path)
    return tuple(made)


def _is_role(name: str, known: Collection[str]) -> bool:
    low = name.lower()
    if low in LABEL_OF or low in FUNCTION or low in VERB_OF or heads_open_calls(name):
        return False
    return looks_like_people(name) or name_key(name) in {name_key(one) for one in known}


def _facts(role: str, share: Share, statement: str, before: Sequence[AccessFact]) -> Iterator[AnyFact]:
    yield RoleFact(statement=statement, name=role)
    have: set[Verb] = set()
    for fact in _of_others(share.same, role, before):
        have |= set(fact.verbs)
        yield replace(fact, statement=statement, role=role)
    for right in share.rights:
        stance = Stance.DENIED if right.denied else Stance.STATED
        verbs = WRITES if right.verbs == ("any",) and right.denied and (right.method or right.thing) else right.verbs
        place = right.path.rstrip("/")
        parts = [p for p in place.split("/") if p and not p.startswith(("{", ":", "<"))]
        whole = bool(place) and ((right.method != "" and not right.denied) or "{" in place or len(parts) > 1)
        if not right.denied:
            have |= set(verbs)
        if whole and right.method:
            method = cast("Method", right.method)
            yield OperationFact(statement=statement, method=method, path=place)
            yield AccessFact(statement=statement, stance=stance, role=role, verbs=("any",), method=method, path=place)
        else:
            thing = right.thing or (singular(parts[-1]) if parts else "")
            yield AccessFact(
                statement=statement,
                stance=stance,
                role=role,
                verbs=verbs,
                entity=thing,
                action=right.action,
                own=right.own,
            )
    if share.closed and "any" not in have and (rest := tuple(v for v in WRITES if v not in have)):
        yield AccessFact(statement=statement, stance=Stance.DENIED, role=role, verbs=rest)


def _of_others(same: str, role: str, before: Sequence[AccessFact]) -> list[AccessFact]:
    """Return the rights of the role that is meant by "the same as keepers", or of the one before."""
    if not same or not before:
        return []
    named = {name_key(f.role): f.role for f in before}
    whose = before[-1].role if same == "-" else named.get(name_key(same), before[-1].role)
    return [f for f in before if f.role == whose and f.stance is Stance.STATED and whose != role]


def noted_shares(roles: Sequence[AnyFact], statement: str, language: str) -> list[AnyFact]:
    """Return what the notes of a list of roles grant, if each of them does: "keeper (read), engineer (read, edit)"."""
    named = [f for f in roles if isinstance(f, RoleFact)]
    shares = [share_of(f.description, language) for f in named if f.description]
    if not shares or len(shares) < len(named):
        return []
    told = zip(named, shares, strict=True)
    return [
        f
        for role, share in told
        if share
        for f in _facts(role.name, share, statement, ())
        if not isinstance(f, RoleFact)
    ]
