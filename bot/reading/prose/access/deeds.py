"""Whose a deed is: "deleting crates is in the registrar's hands", "DELETE is off-limits for everyone but admins".

One table of what a deed is (a gerund, a German infinitive with a capital, methods) and one of the words by which people
give it to somebody or keep somebody from it, each said in the grammar's own words: "Only X may do Y", "X may not".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Final, cast

from bot.domain.facts import AccessFact, AnyFact, Method, OperationFact, RoleFact, Stance
from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import GENERAL, OF_METHOD, OUTSIDERS, VERB_OF
from bot.reading.prose.access.ways import WHO, Way, first_fit, way
from bot.reading.prose.attributes.owners import of_genitive
from bot.reading.prose.clause import thing_name
from bot.reading.tokens import lemma
from bot.reading.words import ANYBODY

_LONGEST = 300
_METHOD = r"(?:GET|POST|PUT|PATCH|DELETE)"
_METHODS = rf"(?P<methods>{_METHOD}(?:(?:, | and | or |/| & | \+ | und | oder ){_METHOD})*)"
_GERUNDS = (
    r"(?P<doing>[a-z]+ing(?:(?:,| and| or|, and|/) ?[a-z]+ing)*)(?: (?:off|up|out|in|down"
    r"|back))?(?:(?: of)? (?P<what>[^.;:]{2,80}?))?"
)
_DEED = rf"(?:(?-i:{_METHODS})|(?:the )?{_GERUNDS})"
_PART = (
    r"(?:job|business|task|duty|call|turf|prerogative|privilege|responsibility|decision|domain|matter|thing|territory)"
)
_ALONE = (
    r"(?:(?:,| -| –)? ?(?:only|alone|exclusively|and nobody else|nobody else(?:['’]s)?"
    r"|no one else(?:['’]s)?|and no one else|full stop|period))*"
)
_BE = r"(?:is|are|stays?|remains?)(?: (?:only|strictly|solely|exclusively|just))*"
_EXCEPT = r"(?:everyone|everybody|all|anyone|anybody) (?:except|but|other than|apart from|besides)(?: for)? "
_CLOSED = r"(?:,? (?:and|but) )?(?:no more|nothing (?:else|more)|that['’]?s (?:it|all))"
_OFF = (
    r"(?:off[- ]limits|taboo|out of bounds|forbidden|not allowed|not permitted|a no[- ]go|no[- ]go|blocked|closed|not)"
)
_INF = r"(?P<inf>[A-ZÄÖÜ][a-zäöüß]+n)"
_DEED_DE = (
    rf"(?:(?-i:{_METHODS})|(?:das |die |der |fürs |für das )?(?-i:{_INF})(?:(?: von| der| des"
    rf"| eines| einer| neuer| aller)+ (?P<what>[A-ZÄÖÜ][\w-]+))?|(?:die )?Änderungen an (?:den "
    rf"|der )?(?P<changed>[A-ZÄÖÜ][\w-]+))"
)
_FINITE = re.compile(
    r"\b(?:may|can|cannot|can't|must|should|has|have|is|are|was|were|will|does|do|darf|dürfen|kann|können|hat"
    r"|haben|ist|sind)\b",
    re.I,
)
_PEOPLE = r"(?P<who>[^,.;:()]{2,60}?)"
_way = partial(way, "but |and |while |whereas |also |so |aber |und |(?:and )?please ")


def _base(gerund: str) -> str:
    known = lemma(gerund, "en")
    if known != gerund:
        return known
    stem = gerund.removesuffix("ing")
    short = stem[:-1] if len(stem) > 3 and stem[-1:] == stem[-2:-1] and stem[-1] not in "ls" else stem
    return next((one for one in (stem, f"{stem}e", short) if one in VERB_OF), short)


def _done(found: re.Match[str]) -> str:
    """Return the deed of a match as verbs with their thing."""
    said = found.groupdict()
    if said.get("methods"):
        return " and ".join(dict.fromkeys(OF_METHOD[m] for m in re.findall(_METHOD, said["methods"])))
    if said.get("inf"):
        return f"{said.get('what') or ''} {said['inf'].lower()}".strip()
    if said.get("changed"):
        return f"{said['changed']} ändern"
    doing = re.sub(r"[a-z]+ing", lambda m: _base(m[0]), said["doing"].lower().replace("/", ", "))
    return f"{doing} {said.get('what') or ''}".strip()


def _who(found: re.Match[str]) -> str:
    return re.sub(r"^(?:an? |the )|['’]s?$", "", found["who"].strip(), flags=re.I)


def _theirs(found: re.Match[str], *, sure: bool = True) -> str | None:
    who = _who(found)
    return f"Only {who} may {_done(found)}" if sure or looks_like_people(who) else None


def _deutsch(found: re.Match[str]) -> str | None:
    verb = (found.groupdict().get("inf") or "").lower()
    if verb and verb not in VERB_OF and lemma(verb, "de") not in VERB_OF and not verb.startswith(("frei", "ab", "an")):
        return None
    who = re.sub(r"^(?:der|die|das|dem|den|des) ", "", found["who"].strip(), flags=re.I)
    article = found.groupdict().get("art") or ""
    return f"Nur {of_genitive(who, article)} dürfen {_done(found)}"


_WAYS: Final[tuple[Way, ...]] = (
    # the deed first, and to whom it is given
    _way(rf"{_DEED} {_BE} (?:{_OFF}) (?:for|to) {_EXCEPT}{WHO}", _theirs),
    _way(rf"{_DEED} {_BE} (?:{_OFF}) (?:for|to) {WHO}", lambda m: f"{_who(m)} may not {_done(m)}"),
    _way(
        rf"{_DEED} {_BE} (?:none of (?:the )?(?P<who>[^.;:()]{{2,60}}?)['’]s? business)",
        lambda m: f"{_who(m)} may not {_done(m)}",
    ),
    _way(
        rf"{_DEED} {_BE} (?:fine|ok|okay|allowed|open|possible|good) (?:for|to|with) {WHO}",
        lambda m: f"{_who(m)} may {_done(m)}",
    ),
    _way(
        rf"{_DEED} {_BE} in (?:the )?(?:hands of {WHO}|(?P<owner>[^.;:()]{{2,60}}?)['’]s? hands){_ALONE}",
        lambda m: f"Only {(m['who'] or m['owner']).strip()} may {_done(m)}",
    ),
    _way(rf"{_DEED} {_BE} (?:the |an? )?(?P<who>[^.;:()]{{2,60}}?)['’]s? {_PART}{_ALONE}", _theirs),
    _way(
        rf"{_DEED} {_BE} (?:for|up to|with|down to|left to"
        rf"|a matter for"
        rf"|the {_PART} of) (?:the )?{WHO}{_ALONE}",
        partial(_theirs, sure=False),
    ),
    _way(rf"{_DEED} (?:belongs?|falls?|goes) to (?:the )?{WHO}{_ALONE}", partial(_theirs, sure=False)),
    _way(rf"{_DEED} (?:lies|rests|sits|stays) with (?:the )?{WHO}{_ALONE}", partial(_theirs, sure=False)),
    _way(rf"{_DEED} (?:needs?|requires?|takes?) (?:the |an? )?{WHO}(?: role| rights?| permissions?)", _theirs),
    _way(rf"{_DEED} {_BE} {WHO}[- ]only", _theirs),
    _way(rf"{_DEED} only works for {WHO}", _theirs),
    # people first
    _way(
        rf"{_PEOPLE} (?:(?:must|should|shall|have to|has to|please) )?keeps? (?:their |his |her )?(?:hands"
        rf"|fingers|paws) off (?:the |of )?(?P<what>[^.;:]{{2,80}}?)",
        lambda m: f"{_who(m)} may not handle {m['what']}",
    ),
    _way(
        rf"(?:hands|fingers) off (?:the )?(?P<what>[^.;:]{{2,80}}?)(?:,? (?:for|dear)|,) {WHO}",
        lambda m: f"{_who(m)} may not handle {m['what']}",
    ),
    _way(
        rf"{_PEOPLE}(?:,|:| -| –) (?:hands|fingers) off (?:the )?(?P<what>[^.;:]{{2,80}}?)",
        lambda m: f"{_who(m)} may not handle {m['what']}",
    ),
    _way(rf"{_PEOPLE} (?:has|have) no business {_GERUNDS}", lambda m: f"{_who(m)} may not {_done(m)}"),
    _way(
        rf"{_PEOPLE} (?:(?:must|should|shall|have to|has to) )?stays? (?:away from|out of"
        rf"|clear of) (?:the )?(?P<what>[^.;:]{{2,80}}?)",
        lambda m: f"{_who(m)} may not handle {m['what']}" if looks_like_people(_who(m)) else None,
    ),
    _way(
        rf"{_PEOPLE} (?:can['’]?t|cannot|can not|may not|must not|mustn['’]t|don['’]t) do anything (?:but"
        rf"|except(?: for)?|other than|besides) (?P<what>[a-z][^.;:]{{2,80}}?)",
        lambda m: f"{_who(m)} may only {m['what']}",
    ),
    _way(
        rf"(?P<only>only )?{_PEOPLE} gets? to (?P<what>[a-z][^.;:,]{{2,80}}?){_CLOSED}",
        lambda m: f"{_who(m)} may only {m['what']}",
    ),
    _way(
        rf"(?P<only>only )?{_PEOPLE} gets? to (?P<what>[a-z][^.;:,]{{2,80}}?)",
        lambda m: f"{m['only'] or ''}{_who(m)} may {m['what']}",
    ),
    _way(
        rf"(?P<only>only )?{_PEOPLE} (?:may|can) (?:hit|press|push|trigger|invoke|click|use) (?P<verb>[a-z]{{3,20}})",
        lambda m: f"{m['only'] or ''}{_who(m)} may {m['verb']}",
    ),
    _way(
        rf"{_PEOPLE} (?:must not|may not|cannot|can['’]t|should not) (?:hit|press|push|trigger|invoke|click"
        rf"|use) (?P<verb>[a-z]{{3,20}})",
        lambda m: f"{_who(m)} may not {m['verb']}",
    ),
    _way(
        rf"{_PEOPLE} (?:do|does|can do|may do|handles?|gets?|takes?) (?:all of it|all of (?:that|this|them)"
        rf"|the lot|the whole lot|it all)",
        lambda m: f"{_who(m)} may handle everything",
    ),
    _way(
        rf"{_PEOPLE} (?:is|are) (?:limited|restricted|confined|down) to (?-i:{_METHODS})",
        lambda m: f"{_who(m)} may only {_done(m)}",
    ),
    _way(
        rf"{_PEOPLE} (?:is|are) (?:the (?:only )?ones? who) (?P<what>[a-z][^.;:,]{{2,80}}?)",
        lambda m: f"Only {_who(m)} may {m['what']}",
    ),
)
_OF_GERMAN: Final[tuple[Way, ...]] = (
    _way(
        rf"{_DEED_DE} (?:ist|sind|bleibt|bleiben) (?:(?:nur|allein|ausschließlich|eine|alleinige) )*(?:Sache"
        rf"|Aufgabe|Job|Angelegenheit|Privileg|Recht) (?P<art>des|der|von) {WHO}",
        _deutsch,
    ),
    _way(
        rf"{_DEED_DE} (?:obliegt|gehört|gebührt) (?:(?:nur|allein|ausschließlich) )*(?:dem |der |den )?{WHO}", _deutsch
    ),
    _way(
        rf"{_DEED_DE} (?:liegt|bleibt|ist) (?:(?:nur|allein|ausschließlich) )*(?:beim |bei der |bei den |bei "
        rf"|in der Hand (?P<art>des |der ))(?:die |der |dem |den )?{WHO}",
        _deutsch,
    ),
    _way(
        rf"{_DEED_DE} (?:übernimmt|übernehmen|macht|machen|erledigt|erledigen|besorgt) (?:(?:nur|allein"
        rf"|ausschließlich) )*(?:der |die |das )?{WHO}",
        _deutsch,
    ),
    _way(
        rf"{_DEED_DE} (?:ist|sind) (?:(?:nur|allein|ausschließlich) )*(?:der |die |das )?{WHO} (?:zuständig"
        rf"|verantwortlich|da)",
        _deutsch,
    ),
    _way(
        r"(?P<who>[^.;:()]{2,60}?) (?:haben|hat) (?:an|bei|in) (?:den |der "
        r"|dem )?(?P<what>[A-ZÄÖÜ][\w-]+) nichts (?:zu suchen|verloren)",
        lambda m: f"{m['who']} dürfen {m['what']} nicht verwalten",
    ),
    _way(
        r"(?P<who>[^.;:()]{2,60}?)(?:,|:)? (?:lassen "
        r"|lässt )?(?:bitte )?(?:die )?Finger (?:weg )?(?:von) (?:den |der |dem )?(?P<what>[A-ZÄÖÜ][\w-]+)",
        lambda m: f"{m['who']} dürfen {m['what']} nicht verwalten",
    ),
)
_NEVER_DE = re.compile(
    r"\b(?:keinesfalls|auf (?:gar )?keinen Fall|unter (?:gar )?keinen Umständen|in keinem Fall)\b", re.I
)
_NEVER_EN = re.compile(r"\b(?:under no circumstances|in no case|on no account|by no means|at no time)\b", re.I)


def deed(text: str) -> str | None:
    """Return a clause that gives somebody a deed, or keeps somebody from it, in the grammar's words; None for others.

    >>> deed("Deleting crates is in the registrar's hands"), deed("DELETE is off-limits for everyone but admins")
    ('Only registrar may delete crates', 'Only admins may delete')
    """
    if len(text) > _LONGEST or " " not in text:
        return None
    if (fit := first_fit(_WAYS, _FINITE, text)) or (fit := first_fit(_OF_GERMAN, _FINITE, text)):
        said, found = fit
        return said(found)
    return None


def never(text: str) -> str:
    """Return a text in which "auf keinen Fall" and its like are a plain "not"."""
    return _NEVER_EN.sub("not", _NEVER_DE.sub("nicht", text))


_CALL = rf"(?P<method>{_METHOD}) (?P<path>/[^\s(),;]*[^\s(),;:.`])"
_CALLS_OF = re.compile(
    rf"^(?:[^()/]{{0,60}}\()?`?{_CALL}`?\)?(?::| ?→| ?->| ?=>| -| –| (?:is|are|stays|ist|bleibt)(?: (?:only|just"
    rf"|nur|allein|strictly))*)? (?:(?:for|up to|with|left to|für"
    r"|reserved for|the (?:job|business|task) of|Sache|Aufgabe|bei(?:m)?|in the hands of) (?:(?P<art>des"
    r"|der) )?)?(?:the |an? |der |die |den )?"
    r"(?:only |nur )?(?P<who>[^\W\d][\w-]{1,30}?(?: [^\W\d][\w-]{1,30}?)?(?:(?:, | and | und | & "
    r"|/)[^\W\d][\w-]{1,30}?){0,5})"
    r"(?P<part>['’]s? (?:job|business|task|call|turf))?(?:[- ]only| alone| allein)?[ .!]*$"
)


def calls_of(text: str, statement: str, language: str, known: Collection[str]) -> list[AnyFact]:
    """Return whose a call is: "Freigeben (POST /x/{id}/freigabe) ist Sache des Meisters", "POST /x → clerk, boss"."""
    found = _CALLS_OF.match(text) if len(text) <= _LONGEST else None
    if found is None:
        return []
    low = {one.lower() for one in known}
    names = [of_genitive(n, found["art"] or "") for n in re.split(r", | and | und | & |/", found["who"])]
    if any(n.lower() in ANYBODY | GENERAL | OUTSIDERS for n in names):
        return []
    if not all(looks_like_people(n) or n.lower() in low or thing_name(n, language).lower() in low for n in names):
        return []
    method = cast("Method", found["method"])
    roles = tuple(thing_name(name, language) for name in names)
    made: list[AnyFact] = [OperationFact(statement=statement, method=method, path=found["path"], roles=roles)]
    for role in roles:
        made.append(RoleFact(statement=statement, name=role))
        made.append(
            AccessFact(
                statement=statement, role=role, verbs=("any",), method=method, path=found["path"], condition="only"
            )
        )
    return made


_NOT_THEY = re.compile(
    r"^(?:but |aber |and |und )?(?:the |die |der |das "
    r"|an? )?(?P<who>[^\W\d][\w-]{1,30}(?: [^\W\d][\w-]{1,30})?) (?:auf (?:gar )?keinen Fall|keinesfalls|niemals"
    r"|nie|nicht|auch nicht"
    r"|bloß nicht|never|never ever|not at all|no way|under no circumstances|certainly not|definitely not|not"
    r"|not so|neither|don['’]t|do not|can['’]t|cannot|must not|mustn['’]t|may not)[ .!]*$",
    re.I,
)


def not_they(text: str, statement: str, language: str, before: list[AccessFact]) -> list[AnyFact]:
    """Return what "Helfer auf keinen Fall!" denies: what was granted right before it, to others."""
    found = _NOT_THEY.match(text) if before and len(text) < 100 else None
    role = thing_name(found["who"], language) if found else ""
    if not role or not looks_like_people(role):
        return []
    last = [f for f in before if f.statement == before[-1].statement and f.stance is Stance.STATED]
    made: list[AnyFact] = [RoleFact(statement=statement, name=role)]
    for fact in last:
        made.append(replace(fact, statement=statement, stance=Stance.DENIED, role=role, condition="", own=False))
    return made if len(made) > 1 else []
