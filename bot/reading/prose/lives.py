"""Lives told in words: "a loan goes through these states: …", "starts as trial, becomes active, ends as cancelled"."""

from __future__ import annotations

import re

from bot.domain.facts import AnyFact, EntityFact, FieldFact, StateFact, ValueType
from bot.reading.prose.attributes.owners import owner_name

_LONGEST = 500
_NAME = r"[^\W\d_][\w-]{1,40}(?: [^\W\d_][\w-]{1,40})?"
_ONE = r"(?:an?|each|every|the|our|eine?|jede[rs]?|der|die|das)"
_THROUGH = re.compile(
    rf"^(?:{_ONE} )?(?P<one>{_NAME}?) (?:goes|go|moves|move|passes|pass|runs|run|steps|durchläuft"
    rf"|durchlaufen) ?(?:through|via)?"
    r" (?:(?:these|the|the following|following|several|diese|die|folgende[n]?|\w+) )?(?:states?|stages?|steps"
    r"|phases|status(?:es)?|zustände"
    r"|stationen|schritte|phasen)(?:: ?| - | – )(?P<states>.{3,300})$",
    re.I,
)
_OF_FIELD = re.compile(
    r"^(?:the )?(?P<one>[^\W\d]\w*)\.(?P<field>\w+) (?:can be|is|is one of|may be|ist"
    r"|kann)(?: one of)?:? (?P<states>[^.]{3,300})$",
    re.I,
)
_STARTS = re.compile(
    rf"^(?:{_ONE} )?(?:new )?(?P<one>{_NAME}?) (?:always )?(?P<told>(?:starts?|begins?)(?: (?:out|off|life))? (?:as"
    rf"|in|with)? ?(?:an? |the )?[a-z]"
    r"|ist (?:zuerst|zunächst|anfangs|erst)|is (?:first|initially|at first)|beginnt als|startet als)",
    re.I,
)
_STEP = re.compile(
    r"^(?:and |und |then |dann |but )*(?P<verb>(?:starts?|begins?)(?: (?:out|off|life))?(?: (?:as|in|with))?|(?:is "
    r"|ist )?(?:first|initially|zuerst"
    r"|zunächst|anfangs|erst)|at first|beginnt als|startet als|becomes?|turns?(?: into)?|goes (?:to|into)"
    r"|moves (?:to|into)|gets|is|wird|geht in|ist"
    r"|ends?(?: up)?(?: (?:as|in))?|finally(?: (?:is|becomes|ends as))?|at (?:last|the end)(?: (?:is|it is))?"
    r"|am ende|schließlich|zuletzt|later)?"
    r" ?(?:then |dann |either |entweder )?(?:an? "
    r"|the )?(?P<state>[a-zäöüß][\wäöüß-]*(?: [A-ZÄÖÜa-zäöüß][\wäöüß-]*){0,2}?)"
    r"(?:(?: or | oder )(?P<or>[a-zäöüß][\wäöüß-]*(?: [\wäöüß-]+)?))?"
    r"(?: (?:after|when|once|as soon|by|if|through|upon|until|nach|wenn|sobald|durch)\b.*)?$",
    re.I,
)
_STATE = re.compile(r"[a-zäöüß_][\wäöüß-]*(?: [\wäöüß-]+){0,2}")


def read_life(text: str, statement: str, language: str) -> list[AnyFact]:
    """Return the states of a thing in their order, and the field that holds them; nothing where a text tells no life.

    >>> [f.target for f in read_life("A pass starts as trial, becomes active and ends as void.", "s", "en")[1:-1]]
    ['trial', 'active', 'void']
    """
    said = text.strip(" .!")
    if len(said) > _LONGEST:
        return []
    if found := _OF_FIELD.match(said):
        values = _listed(found["states"])
        made = FieldFact(
            statement=statement, entity=found["one"], name=found["field"], type=ValueType.ENUM, values=tuple(values)
        )
        return [made] if len(values) > 1 else []
    if found := _THROUGH.match(said):
        states = _listed(found["states"].split(".")[0])
        return _life(owner_name(found["one"], language), [(state,) for state in states], statement)
    if found := _STARTS.match(said):
        return _life(owner_name(found["one"], language), _steps(said[found.start("told") :]), statement)
    return []


def _listed(said: str) -> list[str]:
    cells = [c.strip(" `'\"") for c in re.split(r",|\||/|;| or | and | oder | und |->|→|>", said)]
    cells = [re.sub(r"^(?:then|finally|dann|and|und) ", "", c) for c in cells if c]
    return cells if all(_STATE.fullmatch(c.lower()) for c in cells) else []


def _steps(said: str) -> list[tuple[str, ...]]:
    """Return the states that each piece of a told life leads to; none where a piece leads to no state."""
    found: list[tuple[str, ...]] = []
    for piece in re.split(
        r",(?: and| und)? | and (?=then|ends?|finally|becomes?)| und (?=am|dann|schließlich|wird)|; ", said
    ):
        step = _STEP.match(piece.strip())
        if step is None:
            return []
        found.append(tuple(s for s in (step["state"], step["or"]) if s))
    return found


def _life(owner: str, steps: list[tuple[str, ...]], statement: str) -> list[AnyFact]:
    if not owner or len(steps) < 2:
        return []
    found: list[AnyFact] = [EntityFact(statement=statement, name=owner)]
    before: tuple[str, ...] = ()
    for step in steps:
        found += [StateFact(statement=statement, entity=owner, target=state, sources=before) for state in step]
        before = step
    values = tuple(dict.fromkeys(state for step in steps for state in step))
    return [*found, FieldFact(statement=statement, entity=owner, name="status", type=ValueType.ENUM, values=values)]
