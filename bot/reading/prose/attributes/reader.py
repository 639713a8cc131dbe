"""Reads a sentence about the attributes of a thing: clause by clause, what is in none of its ways being left over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.facts import AnyFact, EntityFact, FieldFact, RelationFact
from bot.reading.field_notes import parts
from bot.reading.names import name_key, singular
from bot.reading.prose.attributes.bonds import read_bound
from bot.reading.prose.attributes.frames import Frame, english_frames, kept_besides
from bot.reading.prose.attributes.german_frames import german_frame
from bot.reading.prose.attributes.groups import read_groups
from bot.reading.prose.attributes.owners import of_genitive, owner_name
from bot.reading.prose.attributes.phrases import GERMAN_VERBAL, VERBAL, cells, lists_only_things, read_list
from bot.reading.prose.attributes.single import read_single
from bot.reading.prose.clause import thing_name
from bot.reading.words import POSTPONED, POSTPONED_PHRASES, UNSURE, UNSURE_PHRASES

_LONGEST = 2000
_OPENER = re.compile(
    r"^\W*(?:(?:so|ok(?:ay)?|well|hmm+|uh+m*|oh|and|also|then|basically|btw|by the way|plus|yes|yeah|yep|right"
    r"|now|additionally"
    r"|furthermore|moreover|think|one more thing|another thing|last thing|note|fyi|please|as said|of course"
    r"|again|first(?:ly)?"
    r"|second(?:ly)?|finally|lastly|in short|tl;?dr|would be (?:great|nice|good|useful|cool) if|it would be"
    r" (?:great|nice|good|useful|cool) if"
    r"|as (?:promised|discussed|agreed|requested|mentioned)|here goes|here you go|wie (?:versprochen|besprochen|gesagt)"
    r"|for (?:a|the) start|in addition(?=,)|besides(?=,)|we (?:also )?need(?=:)|außerdem|und|ach ja|übrigens|noch was"
    r"|zusätzlich|dazu|ferner|weiterhin"
    r"|na ?ja|also gut|gut)\b(?:[\s,:;.!–—-]+|$))+",
    re.I,
)
_CUT = re.compile(
    r"(?<=[^,;]), (?:and |but |while |whereas |aber |und )?(?=(?:the|its|their) [\w-]+(?: [\w-]+){0,2} (?:is|are"
    r"|isn['’]t|aren['’]t|must|can|may|has to|"
    r"should|cannot|can['’]t|defaults?|never)\b|(?:der|die|das) [A-ZÄÖÜ][\wäöüß-]+ (?:ist|muss|kann|darf)\b)"
    r"|(?:,|,? and|,? und|,? while| -| –) (?:so )?(?=(?:an?|each|every|eine?|jede[rs]?) [^\W\d][\w-]*(?: (?!and "
    r"|und |or |oder )[^\W\d][\w-]*)? (?:has|have|hat|needs|belongs|carries|gehört|is "
    r"(?:identified|described|recorded))\b|(?:an?|each|every|eine?|jede[rs]?) [^\W\d][\w-]*(?: (?!and |und |or "
    r"|oder |gehör|belong|for |für )[^\W\d][\w-]*){1,3} (?:in|on|at|to|for|by|of|with|under|from|auf|an|für|zu"
    r"|bei) (?:(?:exactly"
    r"|at most|only|genau|höchstens) )?(?:one|a single|eine[mrn]) |the [\w-]+ of (?:an?|each"
    r"|every) [\w-]+(?: [\w-]+)? (?:is|are|can"
    r"|must|may) )"
    r"|,? and (?=(?:its|their|the) [\w-]+(?: [\w-]+)? (?:is (?:one of|either|unique|optional|required|mandatory)"
    r"|must be|has to be)\b)"
)
_ADJUNCT = re.compile(r"^(?:besides|in addition|apart from|aside from|neben|when|whenever|if|wenn|falls)\b", re.I)
_COLON = re.compile(r":(?= (?:it|they|he|she|this|that|then|these|es|sie|er) )", re.I)
_IT = re.compile(r"^(?:sometimes |often |usually |optionally )?(?:it|they|these|he|she|es|er|sie)(?= )", re.I)
_TAIL = re.compile(
    r"^(?:(?:and|und|but|aber|also|auch) )*(?:(?:it|they|es|sie|er) )?(?P<v>(?:can|may|must|should|might|could"
    r"|has to|kann|darf|muss|soll)(?: also| auch)? (?:have|carry|hold|haben) "
    r"|(?:carries|has|have|hat|haben|needs|gets) (?=an?\b|the\b|its\b|eine?n?\b|optional))(?P<l>.+)$",
    re.I,
)
_HOLDS = re.compile(
    r"(?:has|have|has got|have got|hat|haben|enthält|contains?|holds?|comprises?|includes?|consists? of|can have"
    r"|may have)$",
    re.I,
)
_MARKED = re.compile(r"^(?:(?:and|it) )*(?:can|may) be (?:marked|flagged|set) as (?P<as>[a-z][a-z-]{2,30})$", re.I)


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a sentence says of things and their attributes, and what is left of it to be read otherwise."""

    facts: tuple[AnyFact, ...]
    rest: str
    owner: str


_LISTED_BY_SEMICOLONS = re.compile(
    r"^[^;:]{3,60}: ?(?:[^;:()]{2,50}(?:\([^()]{1,80}\))?(?:: [\w"
    r" /]{2,30})?;\s*){2,}[^;:()]{2,50}(?:\([^()]{1,80}\))?(?:: [\w /]{2,30})?\W*$"
)
"""``For the crate: barcode; weight (kg); contents: text``: what stands between the semicolons are attributes."""
_COLON_TYPE = re.compile(r"(?<=,)( [^,:()]{2,40}): ([\w /]{2,30})(?=,|\W*$)")


def read_attributes(text: str, entity: str, statement: str, language: str) -> Attributes | None:
    """Read a sentence; None where it says no attributes, or in doubt. `entity` is what it may go on about."""
    said = text.strip()
    if not 8 <= len(said) <= _LONGEST or said.endswith("?") or _doubted(said):
        return None
    bare = _OPENER.sub("", said)
    if _LISTED_BY_SEMICOLONS.match(bare):
        bare = _COLON_TYPE.sub(r"\1 (\2)", bare.replace(";", ","))
    if groups := read_groups(bare, statement, language):
        return Attributes(tuple(groups), "", "")
    if both := read_bound(bare, statement, language):
        return Attributes(tuple(both), "", next(f.name for f in both if isinstance(f, EntityFact)))
    facts: list[AnyFact] = []
    rest: list[str] = []
    owner = entity
    for piece in _pieces(bare):
        got = _piece(piece, owner, statement, language, goes_on=bool(facts))
        if got is None:
            pronoun = _IT.match(piece) if facts and owner else None
            rest.append(f"A {owner}{piece[pronoun.end() :]}" if pronoun else piece)
            continue
        facts += got.facts
        owner = got.owner
        rest += [got.rest] if got.rest else []
    if not any(isinstance(f, FieldFact | RelationFact) for f in facts):
        return None
    return Attributes(tuple(facts), "; ".join(rest), owner)


_WHETHER = re.compile(r"(?<!sure )(?<!know )\b(?:whether|ob)\b[^,;.]{0,120}")


_WE_HAVE = re.compile(
    r"^(?:so |and |well,? |basically |also |then )*(?:we|i) (?:have|keep|store|manage|track|handle|deal with"
    r"|work with|need|want) (?P<l>[^.;:()]{5,200})$",
    re.I,
)


def named_things(text: str, statement: str) -> list[AnyFact]:
    """Return the things of "we have products and carts": bare plurals, of which there are several."""
    found = _WE_HAVE.match(text.strip(" .!"))
    if found is None or not lists_only_things(found["l"]):
        return []
    names = [(said, thing_name(said, "en")) for said in (re.sub(r"^and ", "", one) for one in cells(found["l"]))]
    if len(names) < 2 or any(not owner_name(name, "en") for _, name in names):
        return []
    return [EntityFact(statement=statement, name=name, plural=said) for said, name in names]


def _doubted(said: str) -> bool:
    low = _WHETHER.sub(" ", said.lower())  # "whether it was corrected afterwards" postpones nothing
    words = set(re.findall(r"[^\W_]+", low))
    return bool(words & (UNSURE | POSTPONED)) or any(
        f" {p}" in f" {low}" for p in (*POSTPONED_PHRASES, *UNSURE_PHRASES)
    )


def _pieces(said: str) -> list[str]:
    found: list[str] = []
    for part in parts(_COLON.sub("; ", said), ";"):
        at = 0
        for cut in () if _ADJUNCT.match(part) else _CUT.finditer(part):
            if part.count("(", at, cut.start()) == part.count(")", at, cut.start()):
                found.append(part[at : cut.start()])
                at = cut.end()
        found.append(part[at:])
    return [one for one in (f.strip() for f in found) if one]


def _piece(piece: str, owner: str, statement: str, language: str, *, goes_on: bool) -> Attributes | None:
    if owner and (pronoun := _IT.match(piece)):
        piece = f"{'Eine' if language == 'de' else 'A'} {owner}{piece[pronoun.end() :]}"
    if bound := read_bound(piece, statement, language):
        return Attributes(tuple(bound), "", next(f.name for f in bound if isinstance(f, EntityFact)))
    if single := read_single(piece, owner, statement, language):
        made: list[AnyFact] = [EntityFact(statement=statement, name=single.owner)] if single.sure else []
        return Attributes((*made, *single.fields), "", single.owner)
    besides = kept_besides(piece) if goes_on and owner else ""
    for frame in (Frame(owner, besides),) if besides else _frames(piece, language):
        name = _owner(frame.owner, language)
        inner = _INNER.match(frame.listed) if name else None
        got = _inner(inner, name, statement, language) if inner else None
        got = got or (_framed(frame, name, statement, language) if name else None)
        if got is not None:
            return got
    return None


def _frames(piece: str, language: str) -> Iterable[Frame]:
    if language != "de":
        return english_frames(piece)
    found = german_frame(piece)
    return [found] if found else english_frames(piece)  # what is said otherwise comes as "A … has …"


_INNER = re.compile(
    r"^(?:many|several|multiple|any number of|(?:zero|one|1|0) or (?:more|many)|viele|mehrere|beliebig viele)"
    r" (?P<o>[^\W\d][\w-]*(?: [^\W\d][\w-]*){0,2}?)"
    r"(?::|,? (?:each|jede[rs]?) (?:with|having|has|mit)|,? (?:which|that|die) (?:each )?(?:have|has|haben)|,?"
    r" with|,? mit)(?: the fields:?)? (?P<l>.{2,800})$",
    re.I,
)
"""``many time entries: minutes (whole number), worked_on (date)``: the attributes are those of the many."""


def _inner(found: re.Match[str], owner: str, statement: str, language: str) -> Attributes | None:
    name = thing_name(found["o"], language)
    listed = read_list(found["l"], name, statement)
    if not listed.fields or any(listed.left):
        return None
    made = (EntityFact(statement=statement, name=owner), *_many(found["o"], owner, statement, language))
    return Attributes((*made, *listed.fields), "", name)


def _owner(said: str, language: str) -> str:
    article, _, noun = said.rpartition(" ") if language == "de" else ("", "", said)
    return (
        owner_name(f"{article} {of_genitive(noun, article.split(' ')[-1])}", language)
        if article
        else owner_name(said, language)
    )


def _framed(frame: Frame, name: str, statement: str, language: str) -> Attributes | None:
    """Read the list of a frame: attributes, things of which there are many, and what its last cells say besides."""
    listed = read_list(frame.listed, name, statement, language)
    before = read_list(frame.before, name, statement) if frame.before else None
    fields = [_with(f, frame) for f in listed.fields]
    left: list[str] = []
    for cell in listed.left:
        if tail := _TAIL.match(cell):
            may = bool(re.match(r"can|may|might|could|kann|darf", tail["v"], re.I))
            more = read_list(tail["l"].removesuffix(" haben"), name, statement).fields
            fields += [replace(f, required=False) if may else f for f in more]
        elif marked := _MARKED.match(cell):
            fields += read_list(f"{marked['as']} (boolean)", name, statement).fields
        elif (GERMAN_VERBAL if language == "de" else VERBAL).match(cell):
            left.append(cell)
        else:
            left.append("")
    if any(re.match(r"(?:and )?(?:who|each|every|for each|jede[rs]?)\b", cell) for cell in listed.left):
        return None
    if not fields and listed.many and lists_only_things(frame.listed, language) and _HOLDS.match(frame.verb):
        made_many = [_many(noun, name, statement, language) for noun in listed.many]
        owner = EntityFact(statement=statement, name=name, plural=_plural(frame.owner, name))
        return Attributes((owner, *(f for pair in made_many for f in pair)), "", name)
    if not fields or not _convincing(frame, fields, listed.plain, len(listed.many), left):
        return None
    many = [_many(noun, name, statement, language) for noun in listed.many]
    made: list[AnyFact] = [EntityFact(statement=statement, name=name, plural=_plural(frame.owner, name))]
    made += before.fields if before else ()
    made += fields
    rest = ("; ").join(
        f"{'Ein' if language == 'de' else 'A'} {name} {re.sub(r'^(?:and|und|which|that|who) ', '', cell)}"
        for cell in left
        if cell
    )
    return Attributes((*made, *(f for pair in many for f in pair)), rest, name)


def _with(field: FieldFact, frame: Frame) -> FieldFact:
    unique = True if re.search(r"\b(?:identified|identifiziert|gekennzeichnet)\b", frame.verb) else field.unique
    required = frame.required if field.required is None else field.required
    return replace(field, unique=unique, required=required)


def _convincing(frame: Frame, fields: list[FieldFact], plain: int, many: int, left: list[str]) -> bool:
    """Whether a list is one of attributes: not of bare plurals, and most of it could be read."""
    unread = sum(not cell for cell in left)
    if unread > len(fields):
        return False
    if frame.sure:
        return plain < len(fields) or (len(fields) == 1 and plain == 0) or any(f.type for f in fields)
    if many or plain * 2 >= len(fields):
        return False
    told = any(
        f.type
        or f.unit
        or f.minimum is not None
        or f.maximum is not None
        or f.unique
        or f.required is not None
        or f.values
        or f.max_length
        for f in fields
    )
    return len(fields) > 1 or told


def _many(noun: str, owner: str, statement: str, language: str) -> tuple[AnyFact, AnyFact]:
    name = thing_name(noun, language)
    return (
        EntityFact(statement=statement, name=name, plural=noun),
        RelationFact(statement=statement, source=name, target=owner),
    )


def _plural(said: str, name: str) -> str:
    last = re.sub(r"^(?:all|the|our|every|each|an?) ", "", said.strip(), flags=re.I)
    return last if singular(last) != last and name_key(last) == name_key(name) else ""
