"""Reads what must be so before a thing changes: ``Given a kite is 'folded', when it is launched, it becomes 'up'``.

And from where else it may go: ``From `folded` it can also go to `lost` ``.
"""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, StateFact
from bot.reading.names import name_key
from bot.reading.prose.attributes.owners import owner_name
from bot.reading.words import FUNCTION, NEGATIONS

_LONGEST = 400
_STATE = r"[\"'`„“‘]?(?P<{}>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){{0,2}}?)[\"'`”“’]?"
_STATES = (
    r"[\"'`„“‘]?(?P<{}>[^\W\d_][\w-]*[\"'`”“’]?"
    r"(?:(?:, | ?/ ?|,? (?:or|oder|and|und) )[\"'`„“‘]?[^\W\d_][\w-]*[\"'`”“’]?){{0,6}})[\"'`”“’]?"
)
_DET = r"(?:an?|the|each|every|any|eine?|der|die|das|jede[rs]?)"
_IS = (
    r"(?:is in(?: (?:the )?(?:state|status))?|is|are|has (?:the )?(?:status|state)|stands at|ist|steht auf"
    r"|hat den status|sei)"
)
_GIVEN = re.compile(
    r"^(?P<open>given|assuming|angenommen,?|gegeben(?: sei)?,?|while|if|when|wenn|once|sobald|solange) (?:that )?"
    rf"{_DET} (?P<thing>[^\W\d][\w-]*(?: [^\W\d][\w-]*){{0,2}}?) {_IS} {_STATE.format('source')}(?: ist)?,? "
    r"(?:(?:and|und) (?:(?:when|if|once|wenn|sobald) )?|(?:when|if|once|as soon as|wenn|sobald|after) )"
    r"(?P<cause>[^.]{3,160}?),? ?(?:then|dann|so)?,? "
    rf"(?:(?P<who>(?:{_DET} )?[^\W\d][\w-]*(?: [^\W\d][\w-]*){{0,2}}?|it|this|that|es|er|sie) "
    r"(?:becomes|turns(?: into)?|goes(?: in)?to|moves(?: on)? to|changes to|switches to|ends up|is(?: now)?"
    r"|wird(?: zu)?|ist(?: nun| dann)?|geht auf|wechselt (?:auf|zu|nach)|steht auf)"
    r"|(?:wird|ist|wechselt|geht|steht) (?:es|er|sie|(?:der|die|das) [^\W\d][\w-]*)(?: (?:zu|auf|nach))?)"
    rf" {_STATE.format('target')}(?: gesetzt)?\.?$",
    re.I,
)
_SUPPOSES = re.compile(r"given|assuming|angenommen|gegeben", re.I)
_MARKED = re.compile(r"[\"'`„“‘][^\W\d_][\w -]{0,40}[\"'`”“’]")
_FROM = re.compile(
    rf"^(?:and |und |also,? |but )?(?:out of|from|in|aus|von|ab) {_STATES.format('sources')},? "
    r"(?:(?:it|they|one|you|we|a \w+|the \w+|es|er|sie|man|eine? \w+|der \w+|die \w+|das \w+) )?"
    r"(?:can|may|could|might|kann|darf|geht|goes|can't|cannot)"
    r"(?: (?:it|es|er|sie|man|we|you))?(?: (?:also|auch|only|nur|still|noch|then|sometimes|direkt|directly))*"
    r"(?: (?:go|move|jump|change|switch|be|become|turn|end up|fall|land))?(?: (?:back|straight|zurück))?"
    rf"(?: (?:to|into|in|zu|nach|auf|as))? {_STATES.format('targets')}"
    r"(?: (?:gehen|werden|wechseln|fallen|landen|gesetzt werden))?\.?$",
    re.I,
)
_NOT_STATES = frozenset({"there", "here", "one", "a", "an", "the", "it", "that", "this", "now", "then", "hier", "da"})


def read_condition(text: str, statement: str, language: str, entity: str) -> list[AnyFact]:
    """Return the change of state that a sentence allows under a condition; `entity` is what is spoken of.

    >>> [f.sources for f in read_condition("From 'wet' it can also go to 'torn'", "s", "en", "kite")[:1]]
    [('wet',)]
    """
    said = " ".join(text.split())
    if not 15 <= len(said) <= _LONGEST or {w.lower() for w in said.split()} & (NEGATIONS - {"no"}):
        return []
    if found := _GIVEN.match(said):
        owner = owner_name(found["thing"], language)
        sure = bool(_SUPPOSES.match(said)) or len(_MARKED.findall(said)) > 1
        if owner and sure and _same(found["who"], owner):
            return _changes(owner, (found["source"],), (found["target"],), statement)
        return []
    found = _FROM.match(said) if entity else None
    if found is None:
        return []
    return _changes(entity, _members(found["sources"]), _members(found["targets"]), statement)


def _same(who: str | None, owner: str) -> bool:
    """Whether what changes is what the condition spoke of."""
    last = (who or "it").split()[-1].lower()
    return last in {"it", "this", "that", "es", "er", "sie"} or name_key(last) == name_key(owner.rsplit(maxsplit=1)[-1])


def _members(said: str) -> tuple[str, ...]:
    pieces = re.split(r",? (?:or|oder|and|und) |, | ?/ ?", said)
    return tuple(p.strip("\"'`„“”‘’ ") for p in pieces if p.strip())


def _changes(owner: str, sources: tuple[str, ...], targets: tuple[str, ...], statement: str) -> list[AnyFact]:
    both = (*sources, *targets)
    if any(s.lower().split()[0] in FUNCTION | _NOT_STATES for s in both):
        return []
    return [StateFact(statement=statement, entity=owner, target=target, sources=sources) for target in targets]
