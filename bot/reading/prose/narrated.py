"""Lives told as stories: "an order is open until somebody takes it, then it is claimed; after that it is done".

A sentence is cut into steps. Each step has, in this order and all of them optional but its states: when it happens,
whose it is, a verb of being or becoming, and one state or several of which one comes true. A story has two steps or
more, and something that says that they come one after another; everything else is no life.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.domain.facts import AnyFact, EntityFact, StateFact
from bot.reading.names import same_name, vocabulary
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.prose.lifecycle import states_as_field
from bot.reading.words import FUNCTION

_LONGEST = 500
_LONGEST_STEP = 160
_PRONOUN = r"(?:it|they|this|he|she|es|sie|er|diese[rs]?)"
_ADVERBS = (
    r"(?:then|now|first|initially|later|next|finally|eventually|also|either|always|usually|simply|just"
    r"|automatically|immediately"
    r"|directly|at first|to begin with|in the end|at the end|from then on|dann|nun|jetzt|erst|zuerst|zunächst"
    r"|anfangs|später"
    r"|danach|anschließend|schließlich|entweder|auch|immer|automatisch|direkt|sofort|zuletzt|endgültig"
    r"|zum schluss|am ende)"
)
_WHEN = (
    r"(?:(?:once|when|whenever|as soon as|after|on|upon|if|following|until|before|while|sobald|wenn|falls"
    r"|nachdem|nach|bei|mit|bis)"
    r" (?P<cause>[^,;:]{2,80}?)(?:, ?(?:then |dann )?| (?=(?:it|they|es|sie)(?:['’]| (?:is|are|becomes?|turns?"
    r"|goes|go|gets?|counts?"
    r"|moves?|can|may)\b))| (?=(?:ist|wird|gilt|kommt|geht) (?:es|sie|er)\b)))"
)
_START = (
    r"(?:starts?|begins?|comes? in|arrives?|enters?|is born|is created|are created|beginnt|startet|fängt an)"
    r"(?: (?:out|off|life|its life|their life))?(?: (?:as|in|with|at|als|in|mit|bei))?"
)
_BECOME = (
    r"(?:becomes?|turns?(?: into| to)?|gets?|goes|go|goes? (?:to|into|back to)|moves? (?:on )?(?:to|into)"
    r"|changes? (?:to|into)"
    r"|switches to|flips to|ends?(?: up)?(?: (?:as|in))?|finishes(?: as)?|lands? (?:in|on)|counts? as|(?:is"
    r"|are) (?:marked|set|put|flagged"
    r"|considered|treated)(?: (?:as|to|in|on))?|wird|werden|geht (?:in|auf|über in|über zu|zu)|wechselt (?:in|zu"
    r"|auf|nach)"
    r"|kommt in|landet (?:in|bei)|endet (?:als|in)|gilt(?: als)?|gelten(?: als)?|springt auf)"
)
_BE = r"(?:is|are|['’]s|['’]re|ist|sind|stays?|remains?|sits|waits|bleibt|steht auf)"
_CAN = (
    r"(?:(?:can|may|could|might|must|kann|darf|muss|können|dürfen)"
    r"(?: (?:still|later|also|then|noch|auch|später|sie|es|er|it|they)){0,3})"
)
_VERB = (
    rf"(?:(?P<can>{_CAN}) (?:{_ADVERBS} )?(?P<canbe>be|become|turn|go to|go|move to|get|end up|end)?"
    rf"|(?P<start>{_START}|(?:{_BE}) (?:first|initially|at first|to begin with|zuerst|zunächst|anfangs|erst(?:mal)?)"
    rf"|(?:first|initially|zuerst|zunächst) (?:{_BE}))"
    rf"|(?P<become>{_BECOME})|(?P<be>{_BE}))"
)
_STEP = re.compile(
    rf"^(?:(?:and|und|or|oder|but|aber) )*(?P<then>(?:{_ADVERBS},? |after (?:that|this),? |afterwards,? "
    rf"|from there,? )*)"
    rf"(?P<when>{_WHEN})?(?P<later>(?:{_ADVERBS},? )*)"
    rf"(?:(?:from|out of|aus|von|while|solange|only (?:if|when)) (?P<sources>[^,;:]{{2,60}}?),? (?={_PRONOUN}\b"
    rf"|{_CAN}\b|(?:kann|wird|ist)\b))?"
    rf"(?:(?P<subject>(?P<pronoun>{_PRONOUN})(?=['’ ])|[^,;:]{{2,50}}?(?= (?:{_VERB.replace('?P<', '?P<x')})(?: "
    rf"|$))) ?)?"
    rf"(?:(?P<verb>{_VERB}) )?(?:(?P<german>es|sie|er) )?(?P<then2>(?:{_ADVERBS} )*)(?P<states>[^,;:()]{{2,90}})$",
    re.I,
)
_ASIDE = re.compile(r",? [-–—] (?:(?:so|also|d\.h\.|i\.e\.),? )?")
_TAIL = re.compile(
    r" (?:until|till|once|when|while|as soon as|after|by|if|for|at|on|upon|through|because|so|which|as long as"
    r"|bis|sobald|wenn|nach(?:dem)?"
    r"|durch|solange|bei|für|ab|weil|von) (?P<tail>.*)$",
    re.I,
)
_TIMED = re.compile(
    rf"\b(?:{_START}|{_BECOME}|{_ADVERBS}|{_CAN}|until|after|afterwards|once|when|whenever|as soon as|upon"
    rf"|before|while|sobald|wenn|nachdem"
    r"|nach|bis|solange|for|für)\b",
    re.I,
)
"""What says that something comes before or after, without which a sentence tells no story."""
_CLOCK = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight|\w+day|uhr|\w+tag)s?$", re.I
)
_HAS_ONE = re.compile(
    r"^(?P<thing>[^,;:.]{2,50}?) (?:has|have|gets|carries|hat|haben|bekommt) (?:an?|its own|their own|eine?n?)"
    r" (?:\w+ )?(?:status|state|life ?cycle|life|zustand|lebenszyklus)(?:,? (?:too|also|as well|of its own|auch))?"
    r" ?[:;–—-]+ (?:(?:it|they|this|this one|er|sie|es|der|dieser) )?(?=\w)",
    re.I,
)
"""What announces a life: "a claim has a status, too: it starts as notified"."""
_COMES = re.compile(
    r"(?P<thing>(?:an?|every|each|eine?|jede[rs]?) (?:new |neue[rs]? )?[^\W\d][\w -]{1,40}?) (?:comes in|arrives"
    r"|is (?:created|made|opened|filed)|gets"
    r" (?:created|made)|reinkommt|eingeht|angelegt wird|hereinkommt|entsteht|kommt)(?: .{1,30})?$",
    re.I,
)
"""What comes into being: "when a ticket comes in it's new"."""
_IN = re.compile(r"(?:in|on|under|out|off|over|away|up|down|at|auf|unter|zur|im|zum|außer)(?: [\w-]+)?$", re.I)
_STATE = re.compile(r"[^\W\d][\w'’-]*(?: [^\W\d][\w'’-]*){0,2}")
_PARTICIPLE = re.compile(
    r"(?:\w{2,}(?:ed|ing|wn|lt|nt|pt|ft)|(?:ab|an|auf|aus|bei|ein|fest|frei|her|hin|mit|nach|vor|weg|zu|zurück"
    r"|um|unter|über|nieder|fertig)?"
    r"ge\w{2,}(?:t|en)|(?:be|ver|er|ent|zer|ge)\w{2,}(?:t|en)|\w+iert)$"
)
_ADJECTIVES = vocabulary(
    "open new active inactive pending ready draft done live free full empty due overdue late paid unpaid sent "
    "lost held void sold"
    " broken complete incomplete public private valid invalid idle busy final gone shut met won built taken "
    "spent kept known unknown"
    " hidden shown drawn torn worn withdrawn begun over out waiting running current old dry wet raw set cut put "
    "read hot cold written"
    " bought brought caught found left made seen told up down away offen neu aktiv inaktiv fertig frei voll leer "
    "bereit fällig bezahlt"
    " versendet storniert erledigt geschlossen abgelehnt bewilligt angenommen verloren verkauft defekt ungültig "
    "gültig entwurf wartend"
    " laufend beendet abgesagt zugelassen entschieden vermessen kaputt leihbar live approved archived cancelled "
    "canceled"
)
_NEVER = vocabulary(
    "it they that this something anything nothing interesting fun important necessary possible easy hard "
    "difficult good bad nice better"
    " big small long short red green blue yellow required optional unique able allowed used called named based "
    "shown stored kept none all"
    " mandatory handled sure fine true false ours yours theirs mine raining people older longer shorter"
)


@dataclass(frozen=True, slots=True)
class Story:
    """A life as far as one sentence tells it: whose, its facts, and the states that it ends in."""

    entity: str
    facts: tuple[AnyFact, ...]
    ends: tuple[str, ...]
    rest: str = ""
    """What the sentence says besides."""


@dataclass(frozen=True, slots=True)
class _Step:
    states: tuple[str, ...]
    sources: tuple[str, ...] = ()
    begins: bool = False
    told: bool = False
    """Whether something says that it comes at a time of its own: "then", "once …", "becomes"."""
    open: bool = False
    """Whether it is a bare state, which may go on the list before it."""
    sure: bool = False
    subject: str = ""


def itself(text: str) -> str:
    """Return a sentence without the words that only announce a life in it.

    >>> itself("A claim has a status, too: it starts as notified, then it is paid.")
    'A claim starts as notified, then it is paid.'
    """
    return _HAS_ONE.sub(r"\g<thing> ", text)


def read_story(
    text: str, statement: str, language: str, entity: str = "", before: tuple[str, ...] = ()
) -> Story | None:
    """Return the life that a sentence tells; `entity` is what "it" speaks of, `before` the states that it was left in.

    >>> read_story("A bid is open until a judge looks, then it is won or lost.", "s", "en").ends
    ('won', 'lost')
    """
    said = text.strip(" .!")
    if len(said) > _LONGEST or " " not in said or "/" in said or ":" in said:
        return None
    aside = _ASIDE.search(said)
    told, rest = (said[: aside.start()], said[aside.end() :]) if aside else (said, "")
    steps, left = _steps(told) if _TIMED.search(told) else ([], "")
    if not steps:
        return None
    owner = _owner(steps, language, entity)
    goes_on = owner == entity and bool(before or steps[0].sources)
    if not owner or not _is_story(steps, goes_on):
        return None
    story = _told(owner, steps, statement, before if owner == entity else ())
    return replace(story, rest=rest or left)


def _steps(said: str) -> tuple[list[_Step], str]:
    """Return the steps of a sentence up to the first piece that is none, and the rest of it."""
    found: list[_Step] = []
    waiting = ""
    pieces = re.split(r"(?<=[,;]) | (?=(?:and|und) )", said)
    for n, piece in enumerate(pieces):
        bare = f"{waiting}{piece}".strip(" ,;")
        step = _step(bare)
        if step is None and re.match(
            r"(?:and |then |und |dann )*(?:once|when|as soon as|after|on|upon|if|sobald|wenn|nach\w*|solange"
            r"|while|from|aus|von) ",
            bare,
            re.I,
        ):
            waiting = f"{bare}, "
            continue
        waiting = ""
        if step is None:
            return _joined(found), " ".join(pieces[n:])
        found.append(step)
    return _joined(found), waiting.strip(" ,")


def _joined(steps: list[_Step]) -> list[_Step]:
    """Return steps in which a list with "or" at its end is one: "becomes won, lost or withdrawn"."""
    made: list[_Step] = []
    n = 0
    while n < len(steps):
        step = steps[n]
        last = n
        while last + 1 < len(steps) and steps[last + 1].open and len(steps[last].states) == 1:
            last += 1
        if last > n and len(steps[last].states) > 1:
            step = replace(step, states=tuple(s for one in steps[n : last + 1] for s in one.states))
            n = last
        made.append(step)
        n += 1
    return made


@lru_cache(maxsize=512)
def _step(piece: str) -> _Step | None:
    found = _STEP.match(piece) if len(piece) <= _LONGEST_STEP else None
    if found is None:
        return None
    said = found["states"]
    tail = _TAIL.search(f" {said}")
    if tail:
        said = f" {said}"[: tail.start()].strip()
        if _CLOCK.search(tail["tail"]):
            return None
    said = re.sub(rf"^(?:{_ADVERBS} |als |as )+|(?: again| wieder| werden| worden| und fertig)$", "", said, flags=re.I)
    after_while = re.search(
        r"^(?:while|from|when|solange|aus|only while) (.+)$", (tail[0].strip() if tail else ""), re.I
    )
    states = tuple(
        re.sub(r"^(?:either|entweder|an?|the|eine?|der|die|das) ", "", s.strip(" '\"‘’“”„`"))
        for s in re.split(r" or | oder ", said)
    )
    sure = bool(found["start"] or found["become"] or found["canbe"])
    if not states or not all(is_state(s, sure=sure) for s in states):
        return None
    sources = found["sources"] or (after_while[1] if after_while and found["can"] else "")
    named = tuple(_bare_state(s) for s in re.split(r" or | oder |, ", sources)) if sources else ()
    if any(not is_state(s, sure=True) for s in named):
        named = ()
    marked = bool(found["then"] or found["when"] or found["later"] or found["then2"] or found["become"] or tail)
    subject = "" if found["pronoun"] or found["german"] else (found["subject"] or "")
    comes = _COMES.match(found["cause"] or "")
    return _Step(
        states=states,
        sources=named,
        begins=bool(found["start"]),
        told=marked or bool(found["start"]) or bool(named),
        open=not (found["verb"] or marked or found["subject"]),
        sure=sure,
        subject=subject or (comes["thing"] if comes else "") or ("it" if found["pronoun"] or found["german"] else ""),
    )


def _bare_state(said: str) -> str:
    return re.sub(
        rf"^(?:{_PRONOUN} (?:is|are|ist|sind) )|(?: ist| sind| is| are)$|^(?:sie|es|er) (?=\w+ ist$)",
        "",
        said.strip(),
        flags=re.I,
    ).strip()


def is_state(said: str, *, sure: bool) -> bool:
    """Whether words may name a state; `sure` where a verb of becoming stands before them."""
    words = said.lower().split()
    if not words or not _STATE.fullmatch(said) or len(said) > 40 or set(words) & _NEVER:
        return False
    if _IN.match(said) and len(words) <= 2:
        return len(words) == 2 or words[0] in _ADJECTIVES
    if words[0] in FUNCTION - {"over", "under"} or set(words[1:]) & (
        FUNCTION - {"in", "on", "out", "up", "off", "back", "over", "down"}
    ):
        return False
    if words[0] in _ADJECTIVES or _PARTICIPLE.match(words[0]) or _PARTICIPLE.match(words[-1]):
        return len(words) <= 2 or sure
    return sure and len(words) == 1 and said[0].islower()


def _owner(steps: list[_Step], language: str, entity: str) -> str:
    first = steps[0].subject
    if first and first != "it":
        words = re.sub(r"^(?:an?|the|every|each|only|ein\w*|jede\w*|der|die|das) ", "", first.lower()).split()
        if entity and len(words) > 1 and is_state(words[0], sure=False) and same_name(" ".join(words[1:]), entity):
            steps[0] = replace(steps[0], sources=steps[0].sources or (words[0],), subject="it")
            return entity
        return owner_name(re.sub(r"^(?:new|neue[rs]?) ", "", first, flags=re.I), language)
    return entity


def _is_story(steps: list[_Step], goes_on: bool) -> bool:
    states = {s for step in steps for s in step.states}
    if any(step.subject not in ("", "it") for step in steps[1:]):
        return False
    if goes_on:
        return steps[0].told and (steps[0].subject == "it" or any(s.sources for s in steps))
    return len(steps) > 1 and len(states) > 1 and any(step.told for step in steps)


def _told(owner: str, steps: list[_Step], statement: str, before: tuple[str, ...]) -> Story:
    facts: list[AnyFact] = [EntityFact(statement=statement, name=owner)]
    ends = before
    for step in steps:
        sources = step.sources or (() if step.begins else ends)
        for state in step.states:
            came = tuple(s for s in sources if s != state)
            facts.append(StateFact(statement=statement, entity=owner, target=state, sources=came))
        ends = step.states if not step.sources else ends
    return Story(owner, (*facts, *states_as_field(facts, statement)), ends)


def opens_story(text: str, ahead: str, statement: str, language: str) -> Story | None:
    """Return whose life a sentence of one step begins: "A bid is open."; what is `ahead` says whether it is one."""
    said = text.strip(" .!")
    step = _step(said) if len(said) < 80 and "," not in said and _TIMED.search(ahead) else None
    owner = _owner([step], language, "") if step and step.subject != "it" else ""
    if step is None or not owner:
        return None
    return _told(owner, [step], statement, ())


_ASKS = re.compile(
    r"^(?:how (?:does|do)|what happens (?:to|with)|what becomes of|what states does|wie (?:läuft|geht"
    r"|bewegt sich|verläuft)|was passiert mit"
    r"|was wird aus) (?P<thing>(?:an?|the|our|each|every|eine?[mrs]?|der|die|das|dem) [^?]{2,40}?)(?: (?:move|go"
    r"|live|flow|progress|travel|evolve"
    r"|change|work|pass|have|weiter|ab|durch)[^?]{0,40})?\?$",
    re.I,
)


def asked_about(text: str, language: str) -> str:
    """Return the thing about whose life a sentence asks, "" if it asks about none: "How does an order move along?"."""
    found = _ASKS.match(text.strip()) if len(text) < 120 else None
    return owner_name(found["thing"], language) if found else ""


__all__ = ["Story", "asked_about", "itself", "opens_story", "read_story"]
