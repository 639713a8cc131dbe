"""Cuts what stands behind "has" into attributes: ``a length in cm, the year it was built and, if known, the maker``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.domain.facts import FieldFact, ValueType
from bot.reading.field_notes import parts
from bot.reading.fields import read_fields
from bot.reading.names import singular, vocabulary
from bot.reading.prose.attributes.predicates import predicated
from bot.reading.prose.attributes.quantities import bounded
from bot.reading.prose.clause import thing_name
from bot.reading.words import FUNCTION, NEGATIONS

_LONGEST = 4000
_MEMBER = r"[`'\"]?[^\W_][\w+/-]{0,30}[`'\"]?"
_LIST = rf"{_MEMBER}(?:, {_MEMBER}){{0,20}},? (?:or|oder) {_MEMBER}"
_FIELD_NAME = r"[^\W\d_][\w-]{1,30}(?: [^\W\d_][\w-]{1,30}){0,2}"
_OPEN_SET = re.compile(
    rf",? ?\(?(?:e\.g\.|e\.g|for example|for instance|such as|like|z\. ?B\.|wie|i\.e\.|beispielsweise),? "
    rf"{_MEMBER}(?:(?:, | | / ){_MEMBER}){{0,12}}?(?:,? (?:or|and|oder|und) {_MEMBER})\)?(?=,|$| and | und )",
    re.I,
)
_NOT_CHOSEN_OF = frozenset(
    {"date", "day", "year", "time", "place", "name", "list", "number", "amount", "price", "count", "set", "datum"}
)
_CHOSEN = re.compile(
    rf"(?P<name>\b{_FIELD_NAME})(?P<sign> of|:| being| as| von|,? which (?:is|can be|may be)(?: either)?"
    rf"|,? either|,? one of) (?:either |one of )?(?P<members>{_LIST})(?=[,.;)]|$| and | und )",
    re.I,
)
_PAIRED = re.compile(
    r"(?<![\w-])(?P<one>net|gross|first|last|minimum|maximum|min|max|start|end|opening|closing|planned|actual|old|new|home|away"
    r"|billing|shipping|estimated|current|previous|purchase|sale|buying|selling|check-in|check-out|given|family|lower|upper"
    r"|departure|arrival|source|target|low|high)"
    r"(?: and | & | / |/| \+ )(?:the )?(?P<other>net|gross|first|last|minimum|maximum|min|max|start|end|opening"
    r"|closing|planned|actual"
    r"|old|new|home|away|billing|shipping|estimated|current|previous|purchase|sale|buying|selling|check-in|check-out|given|family"
    r"|lower|upper|departure|arrival|source|target|low|high)"
    r" (?P<noun>[^\W\d_][\w-]+)(?=(?P<note> \([^()]{1,80}\))?)",
    re.I,
)
"""``net and gross amount (in cents)``: one noun, and what is said of it, for both."""
_SLASHED = re.compile(
    r"(?<![\w/(|])(?!km/|m/|yes/|no/|y/|ja/|true/|and/|und/)[a-zäöüß][\w-]{1,20}(?:/[a-zäöüß][\w-]{1,20}){2,8}(?=$"
    r"|,|;| for | per | and | plus )"
)
_WHICH_THING = re.compile(
    r"^(?:which|what|welche[nrsm]?) (?P<name>[^\W\d][\w-]*) (?:it|he|she|they|you|we|the|er|sie|es|man|is|was"
    r"|are) ?.*$",
    re.I,
)
_SINCE = re.compile(
    r"^(?P<w>since|until|till|from|by|seit|bis|ab|von) (?:when"
    r"|wann)\b(?P<said>[^()]{0,60})(?P<note> ?\([^()]{1,40}\))?$",
    re.I,
)
_ANY_LENGTH = re.compile(
    r",? (?:of (?:any|arbitrary|unlimited) length|beliebiger Länge|in beliebiger Länge)(?! \()", re.I
)
_SIDES = re.compile(
    r"^(?P<before>(?:and |und )?(?:an?|the|its|ein(?:e|en)?|die|der"
    r"|das)? ?)(?P<names>[^\W\d_]{2,30}(?: ?/ ?[^\W\d_]{2,30}){1,4})"
    r" (?P<said>(?:in |\().{1,80})$",
    re.I,
)
_DASHED = re.compile(r" [-–—] ([^-–—]{2,80}) [-–—](?= |$)")
_ASIDE = (
    r"(?:optionally|optional|if (?:known|any|available|applicable|present|given|there is one|they [^,()]{3,40}"
    r"|it [^,()]{3,40})|where (?:known|applicable|available)|when (?:known|available)|sometimes|occasionally"
    r"|falls (?:vorhanden|bekannt|nötig)|wenn (?:vorhanden|bekannt)|sofern (?:vorhanden|bekannt)|gegebenenfalls"
    r"|ggf\.?|manchmal|freiwillig)"
)
_ASIDE_BEFORE = re.compile(rf"(?:^|,? (?:and|und|sowie)|,|(?<=\S)(?= \())? ?[,(] ?{_ASIDE}[,)] ", re.I)
_AND_ASIDE = re.compile(rf"(?:,| and| und| sowie|, and|, und) {_ASIDE},? (?=\S)", re.I)
_ASIDE_AFTER = re.compile(rf",? \(?{_ASIDE}\)?(?=[,.;]|$)", re.I)
_JOINS = re.compile(
    r",? (?:as well as|along with|together with|plus|and also|but also|sowie(?: auch)?|und auch|samt|&|\+"
    r"|in addition to|alongside|followed by)(?=[ ,])",
    re.I,
)
_AND = re.compile(r",? (?:and|und) (?!time\b|conditions\b|Uhrzeit\b)")
_DANGLING = re.compile(r"^(?:and|und|or|oder)$|,? (?:and|und)$| only$| nur$", re.I)
_NOTED_NAME = re.compile(
    r"^(?P<name>[^()]{2,60}?)(?: \([^()]*\))? (?:which|that|die|der|das) (?P<said>(?:is|are|must|may|can|cannot"
    r"|can't|has|should|will|defaults|ist|muss|darf|kann|soll) .+)$",
    re.I,
)
_DETERMINERS = re.compile(
    r"^(?:(?:and|und|or|an?|the|its|their|his|her|our|your|one|exactly one|a single|each|also|even|some|any|own|of"
    r"|ein(?:e|en|em|er|es)?|der|die|das|den|dem|des|ihre?n?|seine?n?|deren|dessen|jeweils|genau|auch|noch|with|mit"
    r"|both|another|weitere[nrs]?|about|für|zu[mr]?|respective|corresponding|exact|current|jeweilige[nrs]?"
    r"|jeweiligen) )+",
    re.I,
)
_OPTIONAL = re.compile(
    r"^(?:optional(?:ly|en|e|er|es)?|most of (?:them|these)(?: have)?|voluntary|possibly|freiwillige[nrs]?) ", re.I
)
_UNIQUE = re.compile(r"^(?:unique|eindeutige[nrs]?|unverwechselbare[nrs]?) ", re.I)
_REQUIRED = re.compile(r"^(?:mandatory|required|compulsory|obligatory|verpflichtende[nrs]?) ", re.I)
_LISTED = re.compile(
    r"^(?:lists?|arrays?|sets?|collections?) of (?:all )?(?P<en>.+)$|^(?:Listen?|Menge) (?:von|der|mit|aller)"
    r" (?P<de>.+)$",
    re.I,
)
_WHETHER = re.compile(
    r"^(?:whether|if|ob)(?: or not)? (?:it|he|she|they|es|er|sie|this|that|the [\w-]+|der \w+|die \w+|das \w+)"
    r" (?:(?:is|was|are|were|has been|have been|can be|may be|ist|wurde|sind|war|has|have|hat|can|needs|will be)"
    r" )?(?:an? |already |still |currently |eine? |einen )?(?P<name>[^\W\d][\w -]{1,40}?)"
    r"(?: (?:afterwards|later|again|yet|before|since|today|now|at all|in advance|by hand|manually|already|nachträglich"
    r"|danach|später|schon|bereits))?"
    r"(?: (?:ist|sind|wurde|wurden|hat|war|kann|or not|oder nicht))*(?: \((?P<note>[^()]{1,80})\))?$",
    re.I,
)
_FIELD_CALLED = re.compile(
    r"(?:[\w/ -]{1,30} )?(?:field|column|flag|feld|spalte)?(?: (?:called|named"
    r"|namens))? ?[`'\"]?(?P<name>[a-z]\w{1,40})[`'\"]?$",
    re.I,
)
"""What a bracket behind a description calls the field: ``true/false field `corrected` ``."""
_WHERE = re.compile(
    r"^(?P<name>[^()]{2,40}?) (?:where|into which|in which|wo|in die|in das|in den) (?:people|users?|they|we|you"
    r"|one|it|man"
    r"|die leute|wir|sie|er|[a-zäöü]+s) (?:can |may |could |might |will )?(?P<said>.+)$",
    re.I,
)
_WRITTEN = re.compile(
    r"\b(?:type|write|enter|put|paste|ramble|describe|explain|schreiben|eintragen|tippen|reinschreiben)\b", re.I
)
_WHEN = re.compile(
    r"^(?:when|wann) (?:it|he|she|they|es|er|sie) (?:was|were|is|has been|had been|got|wurde|ist)? ?"
    r"(?P<name>[^\W\d][\w -]{1,40}?)(?: (?:wurde|ist|war))?$",
    re.I,
)
_HOW_MANY = re.compile(r"^(?:how (?:many|often)|wie ?viele|wie oft) (?P<noun>[^\W\d][\w-]*)(?: .{1,80})?$", re.I)
_WHO = re.compile(r"^(?:who|by whom) (?P<verb>[a-z]+(?:ed|nt|de|ok|ote|und|old|ade|an)) (?:it|them)$", re.I)
_ON_WHICH = re.compile(
    r"^(?P<what>year|date|day|time|month|place|city|country)(?: (?:in|on|at) which| when| where| that)? "
    r"(?:it|he|she|they) (?:was|were|is|are|has been|had been|got)? ?(?P<how>[a-z]+)(?: (?:in|on|at))?$",
    re.I,
)
_FLAG = re.compile(
    r"^(?:flag|boolean|check-? ?box|tick-? ?box|toggle|switch|(?:yes/no|true/false|boolean|ja/nein)[ -](?:flag"
    r"|field|box"
    r"|feld|option)|kennzeichen|schalter|häkchen|ankreuzfeld|kästchen)"
    r"(?: (?:for|named|called|saying|that says|für|namens|labell?ed"
    r"|mit))*:? [\"“„'‘]?(?P<name>[^\W\d][^\"”“„'’]*?)[\"”“'’]?$"
    r"|^[\"“„'‘]?(?P<other>[^\W\d][^\"”“„]*?)[\"”“'’]? (?:flag|check-? ?box|tick-? ?box|toggle|kennzeichen|häkchen)$",
    re.I,
)
_YES_NO = re.compile(r"^(?:yes or no|yes/no|y/n|true or false|ja oder nein|ja/nein)$", re.I)
_STATE_OF_BEING = re.compile(
    r"(?P<name>(?:in|on|off|for|under|out of|up for|at|over|without|im|in|auf|zum|zur|unter|außer|am|ohne)"
    r" [^\W\d_][\w-]*(?: [^\W\d_][\w-]*)?)",
    re.I,
)
"""``on heather``, ``for sale``: a name only where it is said to be yes or no."""
_SAID_OF_LAST = re.compile(
    r"^(?:and )?(?:which|that|die|der|das|welche[rs]?) (?P<said>(?:is|are|must|may|can|cannot|can't|has|have"
    r"|should|will"
    r"|defaults|ist|muss|darf|kann|soll)\b.*|(?:eindeutig|optional|nicht) .+)$",
    re.I,
)
_VERB_LAST = re.compile(r"^(.{3,60}?) (ist|sind|muss|kann|darf|sein muss|sein kann|sein darf)$", re.I)
_COUNTED = re.compile(
    r"^(?:(?:zero|one|1|0) (?:or|to) (?:more|many)|(?:as |very )?many|several|multiple|various|any number of|a"
    r" few|some|up to \w+"
    r"|at least (?:one|\d+)|at most \w+|höchstens \w+|maximal \w+|two|three|four|five|six|\d{1,4}|viele|mehrere"
    r"|einige|beliebig viele|zwei|drei"
    r"|bis zu \w+|mindestens eine[nr]?) (?P<noun>[^\W\d][\w -]{1,40})$",
    re.I,
)
VERBAL = re.compile(
    r"^(?:(?:and|but|also|which|that|who|it|they) )*(?:is|are|belongs?|can|may|must|should|will|has|have|was|were"
    r"|gets?|goes|needs?|knows|moves|starts|ends|lives|hangs|refers|references|points|becomes|when|if|because|so that"
    r"|unless) (?!or |\(|(?:at|on|by)(?: \(|$))",
    re.I,
)
GERMAN_VERBAL = re.compile(
    r"^(?:(?:und|aber|auch|es|sie|er) )*(?:gehört|gehören|ist|sind|kann|darf|muss|wird|werden|hat|haben|hängt|weil"
    r"|wenn|damit) (?!oder )",
    re.I,
)
"""What the last cells of a list begin with where they say something else of the thing."""
_LINKING = re.compile(
    r"^(?:\w+ )?(?:(?P<to>belongs? to|gehör(?:t|en) zu[mr]?)|is|are|ist|sind|was|were|refers|points)\b", re.I
)
_PREPOSED = re.compile(r"^(?:and |und )?(?:to|zu[mr]?|of|in|with|mit|by|von|for|für|at) ", re.I)
_INSIDE_NAMES = vocabulary(
    "of per for until to at on by in from since der des den dem von pro seit bis am im für zu zur zum über "
    "ab is has was can no hat under before after max min not between"
)
_NEVER = vocabulary(
    "everything anything nothing something everyone etc usw it them that thats that's others which who whom whose "
    "what where when why how because so such then there us we i you they too though again please he she alles "
    "nichts etwas uns wir es man worries"
)
"""Words that stand in no name."""
_NEVER_ALONE = vocabulary(
    "lot lots bit stuff things thing way same rest more well here auch idea ideas fields field attributes attribute "
    "values value"
)
_LITTLE = vocabulary("a an the each every belongs belong ein eine einen einem einer eines gehört with mit und and")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says: attributes, things of which there are many, and what is left of it."""

    fields: tuple[FieldFact, ...] = ()
    many: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    plain: int = 0
    """How many of the attributes are bare plurals: "invoices and receipts" may be things of their own."""


def cells(text: str) -> list[str]:
    """Cut a list of attributes at commas and "and", with asides and choices in brackets behind what they are about.

    >>> cells("a fabric of silk or felt as well as, if known, the maker")
    ['a fabric (silk | felt)', 'optional the maker']
    """
    text = text[:_LONGEST].strip(" .:!")
    text = _DASHED.sub(_bracketed, text)
    text = bounded(text)
    text = _JOINS.sub(_comma, text)
    text = _OPEN_SET.sub("", text)
    text = _CHOSEN.sub(_choice, text)
    text = _AND_ASIDE.sub(", optional ", text)
    text = _ASIDE_BEFORE.sub(", optional ", text)
    text = _ASIDE_AFTER.sub(" (optional)", text)
    text = _PAIRED.sub(r"\g<one> \g<noun>\g<note>, \g<other> \g<noun>", text)
    text = _SLASHED.sub(lambda m: m[0].replace("/", ", "), text)
    text = _ANY_LENGTH.sub(" (long text)", text)
    found: list[str] = []
    for piece in parts(text, ",;"):
        found += parts("\0".join(_outside(_SIDES.sub(_sides, piece))), "\0")
    return [cell for cell in (_DANGLING.sub("", c.strip(" .")) for c in found) if cell]


def _sides(match: re.Match[str]) -> str:
    """Give each of ``length/width/height in cm`` what is said behind them."""
    names, said = match["names"].split("/"), match["said"]
    return match["before"] + "\0".join(f"{name.strip()} {said}" for name in names)


def _comma(match: re.Match[str]) -> str:
    """A comma for what joins two attributes; within brackets it stays: ``(date + time)``."""
    before = match.string[: match.start()]
    return "," if before.count("(") <= before.count(")") else match[0]


def _outside(piece: str) -> list[str]:
    """Cut at each "and" that stands outside brackets."""
    found, at = [], 0
    for match in _AND.finditer(piece):
        before = piece[: match.start()]
        if before.count("(") == before.count(")") and match.start() >= at:
            found.append(piece[at : match.start()])
            at = match.end()
    return [*found, piece[at:]]


def _bracketed(match: re.Match[str]) -> str:
    inner = match[1].strip()
    return (
        f" ({' | '.join(re.split(r',? (?:or|oder) |, ', inner))})"
        if re.search(r" (?:or|oder) ", inner)
        else f" ({inner})"
    )


def _choice(match: re.Match[str]) -> str:
    name, sign = match["name"], match["sign"].strip()
    if sign in {"of", "von"} and name.split()[-1].lower() in _NOT_CHOSEN_OF:
        return match[0]
    members = [m.strip() for m in re.split(r",? (?:or|oder) |, ", match["members"]) if m.strip()]
    return f"{name} ({' | '.join(members)})"


def read_list(text: str, entity: str, statement: str, language: str = "en") -> Listed:
    """Read a list of attributes of an entity."""
    fields: list[FieldFact] = []
    many: list[str] = []
    left: list[str] = []
    plain = 0
    listed, before = cells(text), ""
    is_many = _is_many if language == "en" else _is_german_many
    bring_things = all(_articled(cell) or is_many(cell) for cell in listed)
    for cell in listed:
        if fields and not (left and left[-1] is before) and (note := _of_last(cell)):
            fields[-1] = annotated(fields[-1], note)
            continue
        if left and left[-1] is before and (note := _of_last(cell)) and (state := _STATE_OF_BEING.fullmatch(before)):
            flag = FieldFact(statement=statement, entity=entity, name=state["name"])
            if annotated(flag, note).type is ValueType.BOOLEAN:
                fields.append(annotated(flag, note))
                left.pop()
                continue
        before = cell
        if left and (goes_on := _LINKING.match(left[-1])) and (goes_on["to"] or _PREPOSED.match(cell)):
            left[-1] = f"{left[-1]} {'und' if language == 'de' else 'and'} {cell}"
            continue
        bare = _DETERMINERS.sub("", cell)
        uncounted = re.sub(r" \([^()]*\)$", "", re.sub(r"^(?:and|und) ", "", cell))
        if counted := _COUNTED.match(uncounted) or _COUNTED.match(bare):
            many.append(counted["noun"])
            continue
        if bring_things and is_many(cell):
            many.append(_AND_FIRST.sub("", cell))
            continue
        if (GERMAN_VERBAL if language == "de" else VERBAL).match(cell) and not _WHEN.match(_DETERMINERS.sub("", cell)):
            left.append(cell)
            continue
        field = attribute(cell, entity, statement)
        if field is None:
            left.append(cell)
            continue
        fields.append(field)
        plain += field.type is None and "(" not in cell and singular(field.name) != field.name and bare == cell
    return Listed(tuple(fields), tuple(many), tuple(left), plain)


_AND_FIRST = re.compile(r"^(?:and|or|also|its|their) ", re.I)
_ARTICLE = re.compile(
    r"^(?:and |or |also |optional )*(?:an?|no|the|its|their|his|her|one|exactly|optional(?:ly)?|whether|if|who|when"
    r"|how|up to|at (?:least|most)"
    r"|several|many|multiple|some|zero|\d+|two|three|four|five|six) ?",
    re.I,
)
_OF_THINGS = vocabulary(
    "notes remarks comments details coordinates initials dimensions tags keywords measurements hours "
    "points minutes seconds days kilometres kilometers miles seats pages rooms beds stars stock copies "
    "likes views votes attempts floors stairs words lines contents specs credentials preferences settings "
    "statistics stats terms conditions instructions directions proceeds earnings savings goods means "
    "species series news status address access progress bonus canvas lens bus gas class process pass mass "
    "boss glass cross success business kudos credits skills hobbies interests allergies symptoms colours "
    "colors sizes languages names numbers dates times prices costs fees values types kinds categories "
    "units weights heights lengths ingredients features benefits opening rights permissions links urls "
    "emails phones addresses"
)
"""Plurals that are attributes of a thing where they stand without a number: nobody keeps rows of them."""


def _articled(cell: str) -> bool:
    return bool(_ARTICLE.match(cell))


def _is_many(cell: str) -> bool:
    """Whether a cell is a bare plural of one or two words: "rows", "and spare parts"."""
    bare = _AND_FIRST.sub("", cell)
    said = bare.lower().split()
    if not 0 < len(said) <= 2 or not all(re.fullmatch(r"[^\W\d_][\w-]+", word) for word in said):
        return False
    return singular(said[-1]) != said[-1] and said[-1] not in _OF_THINGS and not _articled(cell)


_GERMAN_OF_THINGS = vocabulary(
    "notizen bemerkungen maße koordinaten stunden minuten sekunden tage punkte sterne seiten plätze öffnungszeiten "
    "daten angaben details kontaktdaten kommentare stichworte schlagworte zeiten kosten preise farben größen namen "
    "werte hinweise rechte zutaten"
)


def _is_german_many(cell: str) -> bool:
    """Whether a cell is a bare German plural: "Wohnungen"."""
    bare = re.sub(r"^(?:und|auch|sowie) ", "", cell)
    if not re.fullmatch(r"[A-ZÄÖÜ][\wäöüß-]{3,30}", bare) or bare.lower() in _GERMAN_OF_THINGS:
        return False
    return thing_name(bare, "de") != bare and bare.endswith(("en", "er", "e", "n", "s"))


def lists_only_things(text: str, language: str = "en") -> bool:
    """Whether a list is one of bare plurals alone: "rows and benches"."""
    return all((_is_many if language == "en" else _is_german_many)(cell) for cell in cells(text))


def _of_last(cell: str) -> str:
    """Return what a cell says of the attribute before it: "which must be unique", "yes or no"."""
    if _YES_NO.match(cell):
        return "boolean"
    found = _SAID_OF_LAST.match(cell)
    if found is None:
        return ""
    last = _VERB_LAST.match(found["said"])
    return f"{last[2]} {last[1]}" if last else found["said"]


def attribute(cell: str, entity: str, statement: str) -> FieldFact | None:  # noqa: PLR0911
    """Read one attribute: "an optional nickname", "the year it was built", "whether it is planed"."""
    bare, flags = _without_flags(cell)
    if found := _NOTED_NAME.match(bare):
        made = attribute(found["name"], entity, statement)
        return annotated(replace(made, **flags), found["said"]) if made else None  # type: ignore[arg-type]
    if found := _WHETHER.match(bare):
        called = (
            _FIELD_CALLED.match(found["note"])
            if found["note"] and re.search(r"field|column|flag|feld|spalte|^\w+_\w+$", found["note"], re.I)
            else None
        )
        return _named(called["name"] if called else found["name"], entity, statement, ValueType.BOOLEAN)
    if found := _WHERE.match(bare):
        made = attribute(found["name"], entity, statement)
        return (
            replace(made, type=made.type or (ValueType.TEXT if _WRITTEN.search(found["said"]) else None))
            if made
            else None
        )
    if found := _WHEN.match(bare):
        return _named(found["name"], entity, statement, ValueType.TIMESTAMP)
    if found := _WHICH_THING.match(bare):
        return _named(found["name"], entity, statement, None)
    if found := _SINCE.match(bare):
        made = _named(
            "since" if found["w"].lower() == "since" else found["w"].lower(), entity, statement, ValueType.DATE
        )
        return annotated(made, found["note"].strip(" ()")) if made and found["note"] else made
    if found := _HOW_MANY.match(bare):
        noun = found["noun"].split(" ")[0]
        said = f"Anzahl {noun}" if bare.lower().startswith("wie") else f"{singular(noun)} count"
        return _named(said, entity, statement, ValueType.INTEGER)
    if found := _WHO.match(bare):
        return _named(f"{found['verb']} by", entity, statement, None)
    if found := _ON_WHICH.match(bare):
        return _named(f"{found['what']} {found['how']}", entity, statement, None)
    if found := _LISTED.match(bare):
        made = _named(found["en"] or found["de"], entity, statement, ValueType.ARRAY)
        return replace(made, items=ValueType.STRING) if made else None
    bare = re.sub(r"^(einen? )?(Vor|Nach|Haus|Ruf)?[Nn]amen$", lambda m: f"{m[2] or ''}{'n' if m[2] else 'N'}ame", bare)
    head = re.sub(r"['’]s\b", "", re.sub(r"\s*\(.*", "", bare))
    if found := _FLAG.match(head):
        return _noted(found["name"] or found["other"], "boolean", bare, entity, statement, flags)
    return _noted(head, "", bare, entity, statement, flags)


def _without_flags(cell: str) -> tuple[str, dict[str, bool]]:
    flags: dict[str, bool] = {}
    bare = cell
    for _ in range(4):
        before = bare
        bare = _DETERMINERS.sub("", bare)
        for pattern, key, value in (
            (_OPTIONAL, "required", False),
            (_UNIQUE, "unique", True),
            (_REQUIRED, "required", True),
        ):
            if pattern.match(bare):
                flags[key] = value
                bare = pattern.sub("", bare, count=1)
        if bare == before:
            break
    return bare, flags


def _named(name: str, entity: str, statement: str, kind: ValueType | None) -> FieldFact | None:
    bare = _DETERMINERS.sub("", name.strip())
    if not _is_name(bare):
        return None
    return FieldFact(statement=statement, entity=entity, name=bare, type=kind)


def _noted(head: str, note: str, bare: str, entity: str, statement: str, flags: dict[str, bool]) -> FieldFact | None:
    """Return the field of a name with what stands in brackets or in a phrase behind it."""
    notes = bare[bare.index("(") :] if "(" in bare else ""
    said = f"{head.strip()} {notes}".strip()
    found = read_fields(said.replace(" ; ", ", "), entity, statement).fields
    if len(found) != 1:
        return None
    made = annotated(found[0], note) if note else found[0]
    if not _is_name(made.name) and not (made.type is ValueType.BOOLEAN and _STATE_OF_BEING.fullmatch(made.name)):
        return None
    counts = re.search(r"\b(?:number|count) of \w|\banzahl (?:der|an|von) \w", made.name, re.I)
    if counts and made.type is None:
        made = replace(made, type=ValueType.INTEGER)
    return replace(made, **flags)  # type: ignore[arg-type]


def annotated(field: FieldFact, note: str) -> FieldFact:
    """Return a field with what a sentence says of it added."""
    return predicated(field, note) or field


def _is_name(name: str) -> bool:
    """Whether words may name an attribute: few, with no pronoun, verb or negation among them."""
    said = name.lower().split()
    if not 0 < len(said) <= 5 or not re.match(r"[^\W\d]", name) or (len(said) == 1 and said[0] in _NEVER_ALONE):
        return False
    if any(w in _NEVER or w in NEGATIONS - {"no"} for w in said) or said[0] in (FUNCTION | NEGATIONS) - {"hat"}:
        return False
    if said[-1] in FUNCTION - {"by", "at", "on", "for", "no", "hat", "am", "um"}:
        return False
    return not any(w in FUNCTION | _LITTLE and w not in _INSIDE_NAMES for w in said)
