"""Reads sentences about one attribute: "the motto of a crest can be 80 characters long", "no two share the same …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.facts import FieldFact, ValueType
from bot.reading.names import singular, vocabulary
from bot.reading.prose.attributes.owners import of_genitive, owner_name
from bot.reading.prose.attributes.predicates import predicated
from bot.reading.prose.clause import NOT_THINGS
from bot.reading.words import FUNCTION

_F = r"(?P<f>[^\W\d_][\w-]*(?: (?!of\b|is\b|are\b|must\b|can\b|and\b|or\b)[^\W\d_][\w-]*){0,2})"
_O = r"(?P<o>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,2}?)"
_SAYS = (
    r"(?P<p>(?:is|are|isn['’]t|aren['’]t|can|may|must|should|shall|has to|have to|needs to|cannot|can['’]t"
    r"|mustn['’]t|never|defaults?|ranges?|goes|starts"
    r"|has at|have at|has a max|has up|will)\b.{0,300})"
)
_OF = re.compile(
    rf"^(?P<all>the |an? |every |each )?{_F} of (?P<det>an? |each |every |any |all |the |our )?{_O}(?P<note>"
    rf" ?\([^()]{{1,200}}\))?,? {_SAYS}$",
    re.I,
)
_OWN = re.compile(
    rf"^(?P<det>an? |each |every |any |the |our )?(?P<o>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){{0,1}})['’]s? {_F}(?:"
    rf" and (?P<g>[^\W\d_][\w-]*(?: [\w-]+)?))?"
    rf"(?P<note> ?\([^()]{{1,200}}\))? {_SAYS}$",
    re.I,
)
_THE = re.compile(
    rf"^(?:the|its|their|his|her) {_F}(?: and (?:the |its )?(?P<g>[^\W\d_][\w-]*(?: [\w-]+)?))? {_SAYS}$", re.I
)
_SAME = re.compile(
    rf"^(?:no|there must never be|there must not be|there can['’]?t be|there cannot be)(?: two| 2)? {_O} (?:may"
    rf"|can|must|should|with)? ?(?:ever )?(?:share|have|with|carry|use)? ?"
    rf"the same (?P<f>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){{0,2}}?)(?: twice)?$",
    re.I,
)
_POSSIBLE = re.compile(
    rf"^(?:the )?(?:possible|allowed|valid|permitted|supported) (?:values?|options|choices)? ?(?:for|of)?"
    rf" ?(?:the |an? )?{_F} (?:of|for) (?:an? |each |every |the )?{_O}"
    rf" ?(?:are|is|:) ?:?(?P<p>.{{3,300}})$",
    re.I,
)
_ASIDE = re.compile(r" [-–—] ([^-–—]{3,80}) [-–—] ")
_DE_NOUN = r"[A-ZÄÖÜ][\wäöüß-]+"
_DE_OF = re.compile(
    rf"^(?:[Dd]er|[Dd]ie|[Dd]as) (?P<f>{_DE_NOUN}) (?P<det>eines|einer|des|der|jedes|jeder|von)"
    rf" (?P<o>{_DE_NOUN})(?P<note> ?\([^()]{{1,200}}\))?"
    r" (?P<p>(?:ist|sind|muss|müssen|kann|können|darf|dürfen|wird|werden|soll|liegt)\b.{0,300})$"
)
_DE_THE = re.compile(
    rf"^(?:[Dd]er|[Dd]ie|[Dd]as|[Ii]hre?|[Ss]eine?) (?P<f>{_DE_NOUN})(?: und (?:der |die |das"
    rf" )?(?P<g>{_DE_NOUN}))? (?P<p>(?:ist|sind|muss|müssen|kann|darf|wird|soll|liegt)\b.{{0,300}})$"
)
_DE_POSSIBLE = re.compile(
    rf"^(?:Die )?(?:[Mm]öglichen?|[Ee]rlaubten?|[Zz]ulässigen?) (?P<f>{_DE_NOUN})(?: (?:des|der|für (?:den|die"
    rf"|das)) (?P<g>{_DE_NOUN}))?"
    rf" (?P<det>eines|einer|des|der|jedes|jeder|von) (?P<o>{_DE_NOUN}) ?(?:sind|:) ?:?(?P<p>.{{3,300}})$"
)
_DE_SAME = re.compile(
    rf"^(?:[Kk]eine|[Ee]s darf keine|[Ee]s gibt keine) (?:zwei )?(?P<o>{_DE_NOUN}) (?:dürfen |können |mit |haben"
    rf" )?(?:die|der|das|den|dem|derselben|dieselbe|demselben|denselben|dasselbe)"
    rf"?(?:gleiche[nr]? | )?(?P<f>{_DE_NOUN})(?: haben| geben| tragen)?$"
)
_ONE_OF = re.compile(
    r"^(?:(?:is|are|can be|may be|must be|ist|sind) )?(?:always )?(?:one of|any of|either)(?: the following|"
    r" these)?:? (.{3,300})$",
    re.I,
)
_STATES = frozenset({"zustände", "status", "stati", "zustand"})
_VALUES = frozenset({"werte", "wert"})
_NO_FIELDS = NOT_THINGS - {"list", "number", "version", "phase", "team", "part"} | vocabulary(
    "use creation deletion access order entity relation relationship value values owner thing backend "
    "combination use reason point purpose aim goal"
)
_ATTRIBUTE_LIKE = re.compile(
    r"\b(?:unique|optional|required|mandatory|compulsory|empty|null|characters?|chars|zeichen|default|defaults"
    r"|eindeutig|pflicht\w*"
    r"|freiwillig|erforderlich|negative|negativ|integer|string|decimal|boolean|date|timestamp|whole number"
    r"|ganzzahl|isn['’]t|encrypted"
    r"|between|either|one of)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of attributes of a thing; `sure` is whether it speaks of any one ("of a crest")."""

    owner: str
    fields: tuple[FieldFact, ...]
    sure: bool


def read_single(text: str, owner: str, statement: str, language: str) -> Said | None:
    """Read a sentence about one attribute. `owner` is the thing that the sentences before were about."""
    said = _ASIDE.sub(_noted, text.strip(" .!"), count=1)
    return _german(said, owner, statement) if language == "de" else _english(said, owner, statement)


def _noted(match: re.Match[str]) -> str:
    members = re.split(r",? (?:or|oder) |, ", match[1])
    return f" ({' | '.join(m.strip() for m in members)}) " if len(members) > 1 else f" ({match[1]}) "


def _english(said: str, owner: str, statement: str) -> Said | None:
    if found := _SAME.match(said):
        name = owner_name(found["o"], "en")
        return _made(name, [found["f"]], "is unique", "", statement, sure=True)
    if found := _POSSIBLE.match(said):
        name = owner_name(found["o"], "en")
        return _made(name, [found["f"]], f"one of {found['p'].strip()}", "", statement, sure=True)
    if found := _OF.match(said):
        name = owner_name(found["o"], "en")
        bare = not found["det"] and singular(found["o"]) != found["o"]
        sure = bare or (found["det"] or "").lower().strip() in {"a", "an", "each", "every", "any", "all"}
        one = singular(found["f"]) if not found["all"] or found["all"].lower().strip() != "the" else found["f"]
        return _made(name, [one], found["p"], found["note"] or "", statement, sure=sure)
    if found := _OWN.match(said):
        name = owner_name(found["o"], "en")
        sure = (found["det"] or "").lower().strip() in {"a", "an", "each", "every", "any"}
        return _made(name, [found["f"], found["g"] or ""], found["p"], found["note"] or "", statement, sure=sure)
    if owner and (found := _THE.match(said)) and _ATTRIBUTE_LIKE.search(found["p"]):
        return _made(owner, [found["f"], found["g"] or ""], found["p"], "", statement, sure=False)
    return None


def _german(said: str, owner: str, statement: str) -> Said | None:
    if found := _DE_POSSIBLE.match(said):
        name = owner_name(of_genitive(found["o"], found["det"]), "de")
        field = found["g"] or found["f"]
        field = "status" if field.lower() in _STATES else field
        if field.lower() in _VALUES:
            return None
        return _made(name, [field], f"one of {found['p'].strip()}", "", statement, sure=True)
    if found := _DE_SAME.match(said):
        return _made(owner_name(found["o"], "de"), [found["f"]], "ist eindeutig", "", statement, sure=True)
    if found := _DE_OF.match(said):
        name = owner_name(of_genitive(found["o"], found["det"]), "de")
        sure = found["det"] in {"eines", "einer", "jedes", "jeder", "von"}
        return _made(name, [found["f"]], found["p"], found["note"] or "", statement, sure=sure)
    if owner and (found := _DE_THE.match(said)) and _ATTRIBUTE_LIKE.search(found["p"]):
        return _made(owner, [found["f"], found["g"] or ""], found["p"], "", statement, sure=False)
    return None


def _made(owner: str, names: list[str], said: str, note: str, statement: str, *, sure: bool) -> Said | None:
    if not owner:
        return None
    fields: list[FieldFact] = []
    for name in names:
        if not name:
            continue
        low = name.lower().split()
        if low[-1] in _NO_FIELDS or any(w in FUNCTION for w in low):
            return None
        field = _predicated(FieldFact(statement=statement, entity=owner, name=name), said)
        if field is None:
            return None
        members = [m.strip() for m in note.strip(" ()").split("|")]
        if len(members) > 1:
            field = FieldFact(
                statement=statement,
                entity=owner,
                name=name,
                type=ValueType.ENUM,
                values=tuple(members),
                required=field.required,
            )
        fields.append(field)
    return Said(owner, tuple(fields), sure) if fields else None


def _predicated(field: FieldFact, said: str) -> FieldFact | None:
    """Return the field with what is said, or with the members that a list behind "one of" has."""
    if known := predicated(field, said):
        return known
    if chosen := _ONE_OF.match(said):
        members = [m.strip("`'\" .") for m in re.split(r",? (?:or|and|oder|und) |, | ?/ ?| ?\| ?", chosen[1])]
        if len(members) < 2 or any(not m or len(m.split()) > 3 for m in members):
            return None
        return FieldFact(
            statement=field.statement, entity=field.entity, name=field.name, type=ValueType.ENUM, values=tuple(members)
        )
    return predicated(field, said)
