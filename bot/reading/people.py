"""Words for people: endings that name who does something, so that a role is told from a thing."""

from __future__ import annotations

import re

from bot.reading.names import singular, vocabulary

_PEOPLE = re.compile(
    r"(?:[^aeiou]er|yer|ier|or|ist|ian|ant|ent|ee|man|woman|lead|staff|admin\w*|boss|clerk|nurse|chef|coach|crew|kitchen|"
    r"office|desk|guest|public|pupil|child|kid|friend|citizen|captain|host|priest|medic|mechanic|reception|housekeeping|sales|warden|management|board|support|cashier|janitor|steward|guide|tutor|cook|mate|pilot|judge|scribe|partner|finance|member|lab|team|"
    r"volunteer|principal|dean|mayor|porter|mitglied|engineer|secretary|apprentice|intern|vet|physio|relative|crew|squad|police|president|treasurer|"
    r"erin|istin|orin|ntin|wart|lehrling|arzt|ärztin|vorstand|azubi|verwaltung|leitung|buchhaltung|sekretariat|geselle|"
    r"leiter\w*|kraft|dienst|führung|center|centre|kunde|dozent|nutzer|teacher)$",
    re.I,
)
_THINGS = vocabulary(
    "number order letter paper offer answer filter folder calendar newsletter register ledger counter timer "
    "voucher chapter parameter header footer layer member-list buffer container printer scanner sensor motor "
    "floor door error colour color vector factor tutor-list comment payment document appointment assessment "
    "department event content component shipment agreement attachment investment element segment experiment "
    "equipment environment present fee committee coffee employee-list variant grant plant restaurant invoicer "
    "water winter summer december number discount weather matter meter center-list semester chamber other either "
    "whether never ever over under after enter consider deliver transfer dinner dispenser trailer locker crater "
    "tower river corner border cover"
)


def looks_like_people(name: str) -> bool:
    """Whether the last word of a name ends as words for people and their places do.

    >>> looks_like_people("shift leads"), looks_like_people("invoices")
    (True, False)
    """
    last = name.lower().split()[-1:] or [""]
    one = singular(last[0])
    return bool(_PEOPLE.search(one)) and one not in _THINGS
