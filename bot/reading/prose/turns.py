"""Turns of a speaker: what is repaired in passing, was a plan once, would only be if, or is somebody else's affair."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, Stance
from bot.reading.prose.clause import thing_name

_LONGEST = 600
_WORD = r"[^\W\d][\w'-]*"
_ER = (
    r"(?:er+|erm|uh+|uhm|um+|hm+|ähm?|eh|oops|ups|sorry|i mean|i meant|or rather|rather|no wait|wait,? no|ich meine"
    r"|vielmehr|quatsch)"
)
_REPAIR = re.compile(
    rf"(?P<old>{_WORD})(?:\s*(?:\.{{2,}}|…|,|-|–|—|\())+\s*{_ER}(?:\s*(?:,|\.{{2,}}|…|:|-|–|—))+\s*(?:the |die "
    rf"|der |das )?(?P<new>{_WORD})\)?"
    r"(?P<not>,? (?:and )?(?:not|nicht) (?:the |die )?(?P=old))?",
    re.I,
)
_IF = re.compile(r"^\W*(?:even )?(?:if|wenn|falls|should|sollten?)\b", re.I)
_EVER = re.compile(
    r"^\W*(?:even )?(?:if|wenn|falls|should|sollten?)\b[^.;]{0,80}?\b(?:ever|jemals|je|doch einmal)\b", re.I
)
_WOULD = re.compile(r"\b(?:would|we['’]d|it['’]d|they['’]d|bräuchten?|würden?|wären?|hätten?)\b", re.I)
_BUT_NOT = re.compile(
    r"\b(?:but|and) (?:we|they|it|that|this) (?:don['’]?t|doesn['’]?t|won['’]?t|never|do not|does not|will not"
    r"|isn['’]?t|is not|are not)\b"
    r"|\baber (?:das |wir |es )*(?:tun|machen|haben|wollen|ist|wird|passiert)\b[^.;]{0,30}\bnicht\b",
    re.I,
)
_NOT_OURS = re.compile(
    r"\b(?:that|this|it|das|dies|which|was)(?:['’]s| is| are| ist)? (?:not|nicht|kein) (?:our|my|unser|unsere|mein) "
    r"(?:job|business|problem|concern|topic|thing|department|task|responsibility|thema|aufgabe|baustelle|sache|bier|problem)\b"
    r"|\b(?:none of our business|nothing to do with (?:us|this)|not part of this(?: project)?|hat (?:mit uns|damit"
    r"|hiermit) nichts zu tun"
    r"|(?:looks?|takes?) (?:after|care of) (?:itself|themselves|himself|herself)|kümmer(?:t|n) sich (?:selbst|allein)"
    r"|(?:is|are|gets?|will be) (?:handled|done|managed|kept|dealt with) (?:elsewhere|somewhere else|by (?:somebody"
    r"|someone) else|outside)"
    r"|(?:wird|werden|ist|läuft|laufen) (?:woanders|anderswo|extern|außerhalb)(?: gemacht| geführt| gepflegt)?"
    r"|geht uns nichts an|(?:is|are) somebody else['’]s (?:job|problem|business))\b",
    re.I,
)
_ONCE = re.compile(
    r"^\W*(?:(?:at )?first(?: of all)?|initially|originally|in the beginning|back then|once|last (?:week|month"
    r"|year)|erst|zuerst"
    r"|zunächst|anfangs|ursprünglich|früher|damals|mal)\b,? (?:(?:we|i|they|people|wir|ich|man|es|it) )?(?:had "
    r"|have |hatten |haben )?"
    r"(?:thought|planned|wanted|considered|talked|discussed|looked|used|were thinking|were going|was|were|dachten"
    r"|wollten|planten"
    r"|überlegten|nutzten|hatten|war|waren)\b"
    r"|^\W*(?:we|i|they|wir) (?:(?:had|have|once|first|originally|initially|hatten|haben) )*(?:thought of"
    r"|thought about|planned|considered"
    r"|talked about|toyed with|looked at|used to (?:use|have|run)|dachten (?:erst|zuerst|mal)|wollten (?:erst"
    r"|zuerst|mal))\b"
    r"|^\W*(?:the )?old (?:thing|one|system|version|app|solution|backend|stack)\b"
    r"|\b(?:was|were|had been) (?:planned|considered|discussed|on the table|foreseen)\b[^.;]{0,20}\b(?:but|then)\b"
    r"|\b(?:war|waren) (?:mal |erst |ursprünglich )?(?:geplant|vorgesehen|angedacht|im gespräch)\b",
    re.I,
)
_STILL = re.compile(
    r"\b(?:now|still|today|jetzt|inzwischen|nun|weiterhin|immer noch|sticking|stay(?:ing)?|keep(?:ing)?|bleiben)\b",
    re.I,
)
_TURNS = re.compile(r"\b(?:but|then|instead|however|aber|dann|sondern|statt)\b", re.I)
_CANCELLED = re.compile(
    r"\b(?:cancel+ed|dropped|scrapped|abandoned|rejected|stopped|given up|not any ?more|gestrichen|verworfen"
    r"|abgesagt|abgelehnt|gestoppt)\b",
    re.I,
)
_DECIDED = re.compile(
    r"^\W*(?:(?:inzwischen|mittlerweile|nun|jetzt|now|meanwhile|by now|in the end|finally|by the way|so|final) )*"
    r"(?:(?:ist|steht) (?:es )?(?:entschieden|fest)|entschieden(?: ist)?|beschlossen(?: ist)?|it(?:['’]s| is"
    r"| has been) (?:now )?decided"
    r"|(?:it|we)(?:['’]ve| have)? (?:been )?(?:now )?(?:decided|settled)(?: on)?|the decision(?: is)?|decision"
    r"|die entscheidung(?: ist)?"
    r"|entscheidung|final (?:choice|decision|answer)|the choice(?: is)?|verdict|outcome|result)\s*:\s*(?=\S)",
    re.I,
)


_NOTHING_ABOUT = re.compile(
    r"\b(?:nothing|nichts) (?:about|on|for|über|zu[mr]?|für) (?:the |any |our |den |die |das |dem "
    r"|der )?(?P<thing>[^\W\d][\w-]*)",
    re.I,
)
_HESITATION = re.compile(
    r"(?:\s*(?:<-+|←|-+|–|—|,|;|:|\.+|\(|\b(?:no|nein|oh|ah|actually|wait|please|hmm)\b))+\s*$", re.I
)
"""What stands between a thing and the words that take it back: ``DELETE /x <- no, strike that``."""
_STRUCTURED = re.compile(r"[({]|:\s")


def without_hesitation(before: str) -> str:
    """Return what stands before "no, strike that" without its last signs and "no"."""
    return _HESITATION.sub("", before)


def speaks_of_itself(before: str) -> bool:
    """Whether what stands before "strike that" is what is taken back: it says something of its own."""
    return len(re.findall(r"[^\W_]+", without_hesitation(before))) > 1


def left_out(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return the thing about which "nothing" is asked for, refused: "so nothing about the choir, please"."""
    found = _NOTHING_ABOUT.search(text)
    name = thing_name(found["thing"], language) if found else ""
    return [EntityFact(statement=statement, name=name, stance=Stance.DENIED)] if name else []


def repaired(text: str) -> str:
    """Return a text with what its speaker corrected in the next word put right.

    >>> repaired("Two tables: customers and coffees.. er, orders, not coffees.")
    'Two tables: customers and orders.'
    """
    return _REPAIR.sub(lambda m: m["new"], text) if len(text) <= _LONGEST else text


def decided(text: str) -> str:
    """Return a text without the words that only say that it has been decided: "It's decided: Postgres"."""
    return _DECIDED.sub("", text, count=1)


def is_hypothetical(text: str) -> bool:
    """Whether a sentence says what would be needed if something were so that is not.

    >>> is_hypothetical("If we ever sold tickets we'd need orders."), is_hypothetical("If a seat is free we book it.")
    (True, False)
    """
    if len(text) > _LONGEST or not _IF.match(text) or not _WOULD.search(text):
        return False
    return bool(_EVER.match(text) or _BUT_NOT.search(text))


def is_elsewhere(text: str) -> bool:
    """Whether a sentence says that something is somebody else's affair: nothing of it is asked for."""
    return len(text) <= _LONGEST and bool(_NOT_OURS.search(text))


def was_once(text: str) -> bool:
    """Whether a sentence tells of a plan or a state that is no more: "At first we thought of Oracle".

    >>> was_once("Erst dachten wir an Oracle."), was_once("First we use Postgres.")
    (True, False)
    """
    if len(text) > _LONGEST or not _ONCE.search(text) or _STILL.search(text) or _STRUCTURED.search(text):
        return False
    return not _TURNS.search(text) or bool(_CANCELLED.search(text))
