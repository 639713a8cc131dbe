"""Decisions about something that is named: "we decided against Twilio", "Stripe was looked at and turned down".

What stands between a name and the names beside it says how its speaker stands to it, by one table of words of refusal
and one of words of putting off, each before or behind the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import Stance
from bot.reading.tokens import Token

_FARTHEST = 14
"""Words before and behind a name in which what was decided about it is looked for."""
_REFUSED = (
    r"(?:rejected|declined|turned down|vetoed|dismissed|discarded|ruled out|scrapped|dropped"
    r"|ditched|killed|banned|abandoned"
    r"|blocked|refused|thrown out|voted down|decided against|said no to|abgelehnt|verworfen"
    r"|ausgeschlossen|gestrichen|untersagt"
    r"|verboten|abgewählt|aussortiert|rausgeworfen)"
)
_BEFORE = re.compile(
    rf"(?:\b(?:(?:decided|opted|argued|voted|advised) against|say(?:ing)? no to|said no to|no to"
    rf"|got rid of|get rid of|moved away from"
    rf"|away from|steer clear of|{_REFUSED}|(?:rule|ruling|turn|turning) (?:out|down)|vetoes"
    rf"|rejects?))(?: (?:using|having|taking|the|any|a|an|on|den|die|das))*$"
)
_BEHIND = re.compile(
    rf"^(?:[^.;:,]{{0,60}}?\b(?:and|und|but|aber|then|dann|was|were|is|are|got|has been|had been"
    rf"|haben wir|hat|wurde|wurden|ist|sind|habe ich)"
    rf"(?: (?:then|now|sadly|simply|it|quickly|later|leider|dann|es|ihn|sie|aber|rechtlich|intern))* {_REFUSED}\b"
    r"|[^.;:,]{0,30}?\b(?:off the table|out of the question|not an option|no option|a no[- ]go"
    r"|history|vom tisch|kein thema|keine option"
    r"|(?:kommt|kommen) (?:für uns )?nicht (?:in frage|infrage)|scheidet aus|scheiden aus"
    r"|fällt (?:weg|aus|flach)|fallen (?:weg|aus)"
    r"|fliegt raus|ist raus|sind raus|is out|are out)\b)"
)
_AGAINST = re.compile(r"\bgegen(?: (?:den|die|das))?$")
_DECIDED = re.compile(r"^[^.;:,]{0,40}\b(?:entschieden|gestimmt|ausgesprochen)\b")
_TIME = (
    r"(?:(?:next |the |late |early )?(?:spring|summer|autumn|fall|winter|year|quarter|launch"
    r"|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|q[1-4]|20\d\d|version|phase|v2|nächste\w*|frühjahr"
    r"|sommer|herbst|winter|januar|februar|märz|mai|juni"
    r"|juli|oktober|dezember|dem (?:start|launch)))"
)
_LATER = re.compile(
    rf"^[^.;]{{0,25}}?\b(?:not (?:before|until) {_TIME}|nicht vor (?:dem )?{_TIME}|erst (?:im|ab"
    rf"|nach|in) (?:dem )?{_TIME}|erst (?:nächste\w*|später)"
    r"|frühestens|on ice|on hold|shelved|parked|auf eis|not (?:now|this year|today"
    r"|in this (?:release|version|round)|in the first)|(?:a )?second step"
    r"|zweite[rn]? schritt|jetzt nicht|down the line|zurückgestellt|vertagt)\b"
)
_ONLY_NOW = re.compile(
    r"\b(?:for now|vorerst|erst ?mal|for the moment),? (?:only|just|nur|bloß)\b|\b(?:only|just"
    r"|nur) [^.;,]{1,40} (?:for now|vorerst|for the moment)\b"
)


def decided_on(words: Sequence[Token], first: int, last: int, start: int, stop: int) -> Stance | None:
    """Return how a name between two tokens was decided on, None where nothing says so.

    `start` is where the name before ends, `stop` where the name behind begins.
    """
    before = " ".join(w.low for w in words[max(start, first - _FARTHEST) : first])
    behind = " ".join(w.low for w in words[last + 1 : min(stop, last + 1 + _FARTHEST)])
    if _BEFORE.search(before) or _BEHIND.match(behind) or (_AGAINST.search(before) and _DECIDED.match(behind)):
        return Stance.DENIED
    return Stance.POSTPONED if _LATER.match(behind) else None


def only_for_now(words: Sequence[Token]) -> bool:
    """Whether a clause says what there is for the present and no more: "for now only Pipedrive"."""
    return bool(_ONLY_NOW.search(" ".join(w.low for w in words[:60])))
