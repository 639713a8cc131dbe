"""The German ways of granting and refusing, turned into "X dürfen Y tun"; see `wording`."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bot.reading.people import looks_like_people
from bot.reading.prose.access.verbs import VERB_OF, participle
from bot.reading.prose.access.ways import WHAT, WHO, Way, first_fit, way
from bot.reading.tokens import lemma

_ONLY = r"(?:nur|ausschließlich|ausschliesslich|lediglich|allein|einzig)"
_HAS = r"(?:hat|haben|bekommt|bekommen|erhält|erhalten|besitzt|besitzen|verfügt über|verfügen über)"
_CAN = r"(?:darf|dürfen|kann|können|soll|sollen)"
_OF = r"(?:auf|für|über|bei|an)"
_READS = r"(?:Lesezugriff|Leserechte?|Leseberechtigung(?:en)?|lesenden? Zugriff|Lesezugang|Einsicht)"
_WRITES = r"(?:Schreibzugriff|Schreibrechte?|schreibenden? Zugriff|Schreibberechtigung(?:en)?)"
_ALL = (
    r"(?:Vollzugriff|(?:vollen|vollständigen|uneingeschränkten|kompletten) Zugriff|volle Rechte|alle Rechte"
    r"|sämtliche Rechte"
    r"|Vollzugang|Adminrechte)"
)
_way = partial(way, "aber |und |auch |sowie |während ")


def _infinitive(said: str) -> str:
    """Return verbs as they stand behind "dürfen": ``gelöscht`` gives ``löschen``, ``anzulegen`` ``anlegen``."""
    words = []
    for word in said.split():
        low = word.lower()
        bare = re.sub(
            r"^(ab|an|auf|aus|bei|ein|fest|frei|her|hin|mit|nach|vor|weg|zu|zurück)zu(?=\w{3,}n$)", r"\1", low
        )
        known = participle(bare)
        base = known if known != bare or low in {"und", "oder"} else lemma(bare, "de")
        words.append(base if base.endswith("n") or low in {"und", "oder"} else bare)
    return " ".join(words)


def _done(what: str) -> str:
    """Return a thing and a verb, or the verb alone, as they stand behind "dürfen": ``Löschen`` is ``löschen``."""
    thing, _, verb = what.rpartition(" ")
    if thing.endswith(" und"):
        thing, _, first = thing.removesuffix(" und").rpartition(" ")
        return f"{thing} {first.lower()} und {verb.lower()}".strip()
    return f"{thing} {verb.lower()}".strip()


def _by(found: re.Match[str]) -> str | None:
    """Return "Rechnungen sehen nur Buchhalter" with people first, if they are some and may do such a thing."""
    verb = lemma(f"{(found['prefix'] or '').strip()}{found['verb']}", "de")
    if not looks_like_people(found["who"]) or looks_like_people(found["what"]) or verb not in VERB_OF:
        return None
    return f"Nur {found['who']} dürfen {found['what']} {verb}"


def _all(found: re.Match[str]) -> str:
    return found["what"] or "alles"


_WAYS: Final[tuple[Way, ...]] = (
    _way(
        rf"(?P<who>[^,.;:()]{{2,60}}?) {_CAN} (?P<what>[^,.;:()]{{2,80}}?) {_ONLY} (?P<verb>[a-zäöüß]+n),?"
        rf" (?:(?:also|aber"
        rf"|jedoch|und|sie|d\. ?h\.|das heißt),? )*(?:nicht|nie|weder) (?P<doing>[a-zäöüß]+n(?:(?:, | und | oder "
        rf"| noch )[a-zäöüß]+n)*)",
        lambda m: (
            f"{m['who']} dürfen {m['what']} nur {m['verb']}; {m['who']} dürfen {m['what']} nicht"
            f" {m['doing'].replace(' noch ', ' oder ')}"
        ),
    ),
    _way(
        rf"(?P<what>(?:[A-ZÄÖÜ][\w-]+ )?[A-ZÄÖÜa-zäöüß][a-zäöüß]+n(?: und [a-zäöüß]+n)?) {_CAN} {_ONLY} (?:der "
        rf"|die |das )?{WHO}",
        lambda m: f"Nur {m['who']} dürfen {_done(m['what'])}",
    ),
    _way(
        rf"(?P<what>[A-ZÄÖÜ][\w-]+) (?P<verb>[a-zäöüß]+t|[a-zäöüß]+n) {_ONLY} (?:der |die "
        rf"|das )?(?P<who>[A-ZÄÖÜ][\w-]+)"
        r"(?P<prefix> (?:ab|an|auf|aus|ein|frei|zu|zurück|weg))?",
        _by,
    ),
    _way(
        r"(?P<what>[A-ZÄÖÜ][\w-]+) (?P<verb>[a-zäöüß]+n) (?P<who>beide)(?P<prefix> (?:ab|an|auf|aus|ein|frei|zu"
        r"|zurück|weg))?",
        lambda m: f"Beide dürfen {m['what']} {(m['prefix'] or '').strip()}{m['verb']}",
    ),
    _way(
        rf"(?:niemand|keiner)(?: anderes)? (?:außer|ausser|bis auf|als) (?:dem |der |den |die )?{WHO} {_CAN} {WHAT}",
        lambda m: f"Nur {m['who']} dürfen {m['what']}",
    ),
    _way(
        rf"als (?P<who>[^,.;:()]{{2,60}}?),? (?:kann|möchte|will|muss|darf|soll) ich {WHAT}(?:,? (?:damit|um|weil"
        rf"|sodass)\b"
        r".{0,400})?",
        lambda m: f"{m['who']} darf {m['what']}",
    ),
    _way(
        rf"{WHO} {_HAS} (?:(?P<only>{_ONLY}) )?{_READS}(?: {_OF} {WHAT})?",
        lambda m: f"{m['who']} dürfen {_all(m)} {'nur ' if m['only'] else ''}lesen",
    ),
    _way(
        rf"{WHO} {_HAS} (?:Lese- und Schreibzugriff|Lese- und Schreibrechte)(?: {_OF} {WHAT})?",
        lambda m: f"{m['who']} dürfen {_all(m)} lesen, anlegen, ändern und löschen",
    ),
    _way(
        rf"{WHO} {_HAS} {_WRITES}(?: {_OF} {WHAT})?",
        lambda m: f"{m['who']} dürfen {_all(m)} anlegen, ändern und löschen",
    ),
    _way(rf"{WHO} {_HAS} {_ALL}(?: {_OF} {WHAT})?", lambda m: f"{m['who']} dürfen {_all(m)} verwalten"),
    _way(
        rf"{WHO} {_HAS} (?:keinen|keinerlei|keine)(?: Zugriff| Zugang| Rechte| Berechtigung| Einsicht)(?: {_OF} "
        rf"{WHAT})?",
        lambda m: f"{m['who']} dürfen {_all(m)} nicht zugreifen",
    ),
    _way(
        rf"(?:zugriff|zugang|einsicht) {_OF} {WHAT} {_HAS} {_ONLY} {WHO}",
        lambda m: f"Nur {m['who']} dürfen {m['what']} verwalten",
    ),
    _way(
        rf"{_ONLY} {WHO} {_HAS} (?:Zugriff|Zugang) {_OF} {WHAT}",
        lambda m: f"Nur {m['who']} dürfen {m['what']} verwalten",
    ),
    _way(
        rf"das (?P<doing>[a-zäöüß]+en)(?: und (?P<also>[a-zäöüß]+en))? (?:von |der |des |eines |einer |neuer |aller )+"
        rf"{WHAT} (?:ist|bleibt) (?:{_ONLY} )?(?:den |der |dem |für die |für |durch die |durch )*{WHO} "
        r"(?:vorbehalten|gestattet|erlaubt|möglich|überlassen)",
        lambda m: (
            f"Nur {m['who']} dürfen {m['what']} {m['doing'].lower()}{' und ' + m['also'].lower() if m['also'] else ''}"
        ),
    ),
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) (?:ist|sind) {_ONLY} für (?:die |den |das )?{WHO} "
        r"(?:sichtbar|einsehbar|zugänglich|lesbar|verfügbar)",
        lambda m: f"Nur {m['who']} dürfen {m['what']} sehen",
    ),
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) (?:ist|sind) für (?:die |den |das )?{WHO} "
        r"(?:nicht|unsichtbar)(?: (?:sichtbar|einsehbar|zugänglich|lesbar))?",
        lambda m: f"{m['who']} dürfen {m['what']} nicht sehen",
    ),
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) {_CAN} (?P<only>{_ONLY} )?(?:von der |von den |vom |von |durch die |durch "
        rf"den |durch )"
        rf"{WHO} (?P<also>{_ONLY} )?(?P<doing>\w+(?:(?:,| und| oder) \w+)*) werden",
        lambda m: (
            f"{'Nur ' if m['only'] else ''}{m['who']} dürfen {m['what']} "
            f"{'nur ' if m['also'] else ''}{_infinitive(m['doing'])}"
        ),
    ),
    _way(
        rf"{WHO} (?:ist|sind) (?P<no>nicht )?(?:berechtigt|befugt|ermächtigt),? {WHAT} (?P<doing>(?:zu )?\w+)",
        lambda m: (
            f"{m['who']} dürfen {m['what']} {'nicht ' if m['no'] else ''}{_infinitive(m['doing'].removeprefix('zu '))}"
        ),
    ),
    _way(
        rf"{WHO} (?:ist|sind) (?:zuständig|verantwortlich) für das (?P<doing>[a-zäöüß]+en)"
        rf"(?: von| der| des| neuer)+ {WHAT}",
        lambda m: f"{m['who']} dürfen {m['what']} {m['doing'].lower()}",
    ),
)
_FINITE = re.compile(r"\b(?:darf|dürfen|kann|können|muss|müssen|hat|haben|ist|sind|wird|werden)\b", re.I)


def german(text: str) -> str | None:
    """Return a German clause in the grammar's words, None where it is in none of the ways.

    >>> german("Rechnungen sind nur für die Buchhaltung sichtbar.")
    'Nur Buchhaltung dürfen Rechnungen sehen'
    """
    if (fit := first_fit(_WAYS, _FINITE, text)) is None:
        return None
    said, found = fit
    return said(found)
