"""Inventories: short texts that do no more than name what is kept, in the words that people put around such a list.

"just kilns and firings for now", "firms / cranes / jobs.", "two tables only - kilns, firings", "v1: caches, finds",
"Wir brauchen erstmal nur Öfen". What stands around the names is taken off from both sides; an inventory is what leaves
names and nothing else, and says by what was taken off, or by its signs, that it is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.facts import EntityFact, Stance
from bot.reading.catalogue import SERVICES, STACK
from bot.reading.names import singular, vocabulary
from bot.reading.prose.clause import FINITE_FORMS, RELATION_VERBS, Noun, thing_name
from bot.reading.prose.things import plausible
from bot.reading.tokens import lemma
from bot.reading.types import value_type
from bot.reading.words import DETERMINERS, FUNCTION, LABEL_OF, NEGATIONS, NONE_ANSWERS, NOTHING

_LONGEST = 300
_LONGEST_TAIL = 60
"""Characters at the end of a text in which what stands behind the names is looked for."""
_COUNT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}"
    r"|eine?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)"
)
_KEPT = (
    r"(?:(?:database |db |core |main |mvp |domain |data |v1 )?(?:tables?|entities|entity|models?|resources?"
    r"|collections?"
    r"|objects?|things)|(?:haupt)?tabellen?|entitäten|entität"
    r"|(?:daten|kern)?objekte?|modelle?|dinge|sachen|ressourcen|stammdaten)"
)
_WHERE = (
    r"(?: (?:needed|required|really|only|overall|in total|(?:that )?we (?:need|have|keep|want|store|see)"
    r"|we['’]d (?:need|have)"
    r"|in (?:the|our) (?:data ?)?(?:model|base|database|db|system|schema)|for (?:v1|now|the mvp|the start)"
    r"|im (?:daten)?modell"
    r"|in der (?:datenbank|db)|insgesamt|fürs erste|nur|die wir brauchen|haben wir|brauchen wir))*"
)
_OPENS = (
    r"(?:\s*[:=,?]\s*|\s+[-–—]+\s+|\s*(?:->|=>|→|⇒)\s*"
    r"|\s+(?:are|is|would be|will be|should be|being|sind|ist|wären|wäre)(?:(?: just| only| nur)\b)?:?\s+)"
)
_TABLES_FIRST = re.compile(
    rf"(?:(?:the|our|all|just|only|exactly|for|as|these|die|unsere|alle|nur|als|genau|there (?:are|is)"
    rf"|there['’]s|es gibt|es sind"
    rf"|main|core|{_COUNT}) ){{0,5}}{_KEPT}{_WHERE}(?P<sep>{_OPENS}| +(?=[^\W\d][\w-]*(?: ?[+&/,]| und | and )))",
    re.I,
)
"""What stands before the names and says that tables are meant: "two tables only -", "one table,", "objects in "
"the model:"."""
_TABLES_LAST = re.compile(
    rf"(?:\s*[,;:(–—-]+\s*|\s+)(?:(?:and )?(?:those|these|that['’]s|that is|they|it['’]s|is|are|the|our|as|being"
    rf"|both|only|just|all"
    rf"|das sind|sind|das ist|ist|die|unsere|als|{_COUNT}) ){{0,5}}{_KEPT}{_WHERE}\s*\)?$",
    re.I,
)
"""What stands behind the names and says so: "(the table)", ", those two tables", ", that's all we store"."""
_KEEPS = re.compile(
    r"(?:(?:for (?:tables|entities|the data|the model)|as (?:tables|entities)|here|in (?:the|our) (?:db|database"
    r"|model)),? )?"
    r"(?:(?:we|i|they)(?:['’](?:ve got|ve|d|ll))?(?: would| will| have to| want to| should)?(?: (?:only|just"
    r"|really|mainly))?"
    r" ?(?:have|need|keep|store|track|save|persist|see|model|manage|got"
    r"|hold)?(?: track of)?(?: got)?(?: to (?:keep|store|track))?"
    r"|(?:there are|there is|there['’]s|it['’]s (?:all )?about|it is (?:all )?about)"
    r"|(?:the|our) (?:db|database|(?:data ?)?model|schema|backend|system) (?:has|holds|knows|keeps|stores"
    r"|contains|needs|is|consists of|comprises)"
    r"|(?:das|unser|die|unsere) (?:daten)?(?:modell|bank|db|schema) (?:hat|kennt|enthält|braucht|hält|umfasst"
    r"|besteht aus)"
    r"|wir (?:haben|brauchen|speichern|führen|verwalten|halten|erfassen|merken uns)|es gibt|es geht um|gebraucht werden"
    r"|(?:gespeichert|erfasst|verwaltet|gehalten|abgelegt) (?:werden|wird))"
    r"(?: (?:only|just|really|aber|nur|bloß|lediglich|erst ?mal|vorerst|zunächst|im moment|eigentlich|for now"
    r"|so far|then))*"
    rf"(?: {_COUNT} (?:things?|dinge|sachen))?\s*(?::|,|[-–—])?\s+",
    re.I,
)
"""Who keeps the names: "we only need", "the db has", "gespeichert werden aber nur:"."""
_ONLY = re.compile(
    r"(?:(?:so|ok|okay|well|right|alright|anyway|basically|mainly|simply|really|also|then|and|to start with"
    r"|for a start|for now"
    r"|for the moment|initially|na ja|naja|tja|einfach|erst ?mal|vorerst|zunächst)[,:]? +|(?P<only>just|only|nur"
    r"|bloß|lediglich)"
    r" +)",
    re.I,
)
_ENOUGH = re.compile(
    r"(?:\s*[,;.–—(-]+\s*|\s+)(?:(?:and|und) )?(?:that['’]?s (?:it|all|everything)(?: for (?:now|v1))?"
    r"|that is (?:it|all)|nothing (?:else|more)"
    r"|no(?:thing)? more than that|for (?:now|the moment|a start|the start|starters)|so far|to start with"
    r"|full stop|period|done"
    r"|(?:that['’]?s|that is) all (?:(?:that )?we|there) \w+|is all(?: we \w+)?|only|in v1|mehr (?:nicht"
    r"|brauchen wir nicht)|das war['’]?s|das wars|sonst nichts"
    r"|nichts weiter|das reicht|fertig|fürs erste|vorerst|erst ?mal|im moment|und gut|und fertig)\)?$",
    re.I,
)
_RELEASE = re.compile(
    r"(?:(?:for|in|at|zum|in der|für) )?(?P<when>v(?:ersion)? ?1(?:\.0)?|mvp|phase (?:1|one|eins)|release 1"
    r"|(?:the )?first (?:release|version)"
    r"|day one|launch|start|now|jetzt|v(?:ersion)? ?[2-9](?:\.0)?|phase (?:[2-9]|two|three|zwei|drei)"
    r"|release [2-9]|(?:the )?(?:second|next)"
    r" (?:release|version)|later(?: on)?|much later|some ?day|afterwards|später(?: dann)?|irgendwann|next year"
    r"|nächstes jahr|backlog)"
    r"(?: \([^()]{1,60}\))? ?(?::|=|[-–—]+) +",
    re.I,
)
_FIRST = re.compile(
    r"(?:v(?:ersion)? ?1|mvp|phase (?:1|one|eins)|release 1|.*first|day one|launch|start|now|jetzt)", re.I
)
_CUTS = re.compile(r"\s*[,;/|]\s*(?:and |und |or |sowie )?|\s*[+&]\s*|\s+(?:and|und|plus|sowie)\s+", re.I)
_NAME = re.compile(
    r"(?:the |an? |our |die |der |das |den |ein |eine )?(?P<name>[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40}){0,2})",
    re.I,
)
_ONE_OF_THEM = re.compile(r"(?:ung|heit|keit|schaft|ion|tät)$")
"""Ends of a German noun that is no plural: whoever lists one thing so lists the others so, ``Stollen, Begehung``."""
_NO_NAMES = vocabulary(
    "name names price prices date dates time times colour color title status state type kind id ids email mail "
    "phone address "
    "notes note number numbers stuff things thing idea ideas moment question questions answer answers week weeks "
    "month months "
    "year years monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday "
    "sundays money "
    "fun coffee cake lunch luck problem problems whatever anything everything something tables table entities "
    "entity read write "
    "create update delete get post put patch crud frage fragen idee ideen moment zeit geld spaß name preis datum "
    "hinweis"
)
"""Words that name no thing of a model where nothing else says that they do."""


@dataclass(slots=True)
class _Peeled:
    text: str
    tables: bool = False
    """Tables were spoken of, so that whatever is named is one."""
    only: bool = False
    """What was taken off says that this is all there is, or that it is kept."""
    stance: Stance = Stance.STATED


def read_inventory(text: str, statement: str, language: str) -> list[EntityFact]:
    """Return the things that a text about data does no more than name, empty where it says anything else.

    >>> [f.name for f in read_inventory("Just kilns and firings for now.", "s", "en")]
    ['kiln', 'firing']
    """
    if len(text) > _LONGEST or "(" in text[:1]:
        return []
    peeled = _peeled(text.strip(" .!"))
    cells = [c for c in _CUTS.split(peeled.text) if c]
    signs = len(cells) > 1 and bool(re.search(r"[/+&|]", peeled.text)) and not re.search(r"[,;]", peeled.text)
    if not cells or len(cells) > 30 or not (peeled.tables or peeled.only or signs):
        return []
    names = [found["name"] for c in cells if (found := _NAME.fullmatch(c.strip(" `'\"*")))]
    if len(names) != len(cells) or not all(_is_thing(n, language, sure=peeled.tables) for n in names):
        return []
    by_one = language == "de" and any(_ONE_OF_THEM.search(n) for n in names)
    return [_thing(n, n if by_one else thing_name(n, language), statement, peeled.stance) for n in names]


def _thing(said: str, name: str, statement: str, stance: Stance) -> EntityFact:
    return EntityFact(statement=statement, name=name, plural=said if said != name else "", stance=stance)


def _peeled(text: str) -> _Peeled:
    """Take off what stands around the names, from the outside to the inside."""
    peeled = _Peeled(text)
    _release(peeled)
    for _ in range(4):
        before = peeled.text
        _behind(peeled)
        _before(peeled)
        if peeled.text == before:
            break
    return peeled


def _release(peeled: _Peeled) -> None:
    if found := _RELEASE.match(peeled.text):
        peeled.text, peeled.only = peeled.text[found.end() :], True
        peeled.stance = Stance.STATED if _FIRST.fullmatch(found["when"]) else Stance.POSTPONED


def _behind(peeled: _Peeled) -> None:
    tail = max(0, len(peeled.text) - _LONGEST_TAIL)
    if found := _ENOUGH.search(peeled.text, tail):
        peeled.text, peeled.only = peeled.text[: found.start()], True
    elif (found := _TABLES_LAST.search(peeled.text, tail)) and found.start():
        peeled.text, peeled.tables = peeled.text[: found.start()], True


def _before(peeled: _Peeled) -> None:
    if found := _ONLY.match(peeled.text):
        peeled.text, peeled.only = peeled.text[found.end() :], peeled.only or bool(found["only"])
    elif found := _TABLES_FIRST.match(peeled.text):
        told = not found["sep"].strip(" :").isalpha()  # "our tables are slow and old" is no list of names
        peeled.text, peeled.tables, peeled.only = peeled.text[found.end() :], told, True
    elif (found := _KEEPS.match(peeled.text)) and found.end() > 3:
        peeled.text, peeled.only = peeled.text[found.end() :], True


def _is_thing(said: str, language: str, *, sure: bool) -> bool:
    """Whether words name a thing; where nothing says that tables are meant they must be many, or capitals in German."""
    words = said.lower().split()
    if (
        set(words) & (FUNCTION | NEGATIONS | DETERMINERS | NOTHING)
        or said.lower() in LABEL_OF
        or said.lower() in NONE_ANSWERS
    ):
        return False
    if any(lemma(w, language) in RELATION_VERBS or w in FINITE_FORMS for w in words):
        return False
    noun = Noun(thing_name(said, language), said, False, False, False, 0, 0)
    if not plausible(noun) or value_type(words[-1]) is not None:
        return False
    if sure:
        return True
    if {words[-1], words[0]} & _NO_NAMES or said.lower() in STACK or said.lower() in SERVICES:
        return False
    return said[0].isupper() if language == "de" else singular(words[-1]) != words[-1]
