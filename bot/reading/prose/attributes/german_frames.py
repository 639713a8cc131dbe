"""The ways in which German says that a thing has attributes."""

from __future__ import annotations

import re

from bot.reading.prose.attributes.frames import Frame

_DET = (
    r"(?:eine?[nmrs]?|jede[rmns]?|der|die|das|den|dem|des|alle[nr]?|unsere?[nmrs]?|pro|je|neue[nmrs]?|diese[nmrs]?"
    r"|jede[rmns]? neue[nmrs]?|jede[rmns]? einzelne[nmrs]?)"
)
_NOUN = r"(?:[a-zäöüß]+ ){0,1}[A-ZÄÖÜ][\wäöüß-]+(?: [A-ZÄÖÜ][\wäöüß-]+)?"
_L = r"(?P<l>.{2,1600})"
_ADV = (
    r"(?: auch| immer| außerdem| zusätzlich| jeweils| natürlich| stets| ebenfalls| noch| dabei| dazu| mindestens"
    r"| uns| bitte| folgendes| folgende [A-Z]\w+)*"
)
_HAS = (
    r"(?:hat|haben|besitzt|besitzen|braucht|brauchen|benötigt|benötigen|bekommt|bekommen|erhält|erhalten|trägt"
    r"|tragen|führt"
    r"|umfasst|umfassen|enthält|enthalten|verfügt über|verfügen über|besteht aus|bestehen aus|beinhaltet"
    r"|beinhalten|kennt|muss|kann|darf|soll)"
)
_DONE = (
    r"(?:gespeichert|erfasst|festgehalten|notiert|vermerkt|hinterlegt|abgelegt|dokumentiert|aufgenommen|geführt"
    r"|eingetragen"
    r"|beschrieben|gekennzeichnet|charakterisiert|definiert|registriert|angelegt|benötigt|gebraucht|verwaltet"
    r"|protokolliert|angegeben|identifiziert)"
)
_KEEP = (
    r"(?:speichern|erfassen|merken|brauchen|benötigen|führen|notieren|halten|hinterlegen|dokumentieren|verwalten"
    r"|wollen|möchten|müssen|sollen|speichert|erfasst|braucht|will|muss|soll|kennen|haben)"
)
_WHO = r"(?:wir|man|sie|das System|die App|die Anwendung|das Backend)"
_ENDS = (
    r"(?: (?:wissen|speichern|erfassen|festhalten|fest|kennen|merken|haben|ablegen|notieren|sehen|verwalten"
    r"|hinterlegen|dokumentieren|pflegen))?"
)
_FOR = r"(?:[Zz]u[mr]?|[Ff]ür|[Pp]ro|[Jj]e|[Bb]ei[m]?|[Vv]o[nm]|[Üü]ber)"
_LABEL = (
    r"(?P<label>(?:[a-zäöüß]+ )?(?:Felder|Attribute|Eigenschaften|Angaben|Pflichtangaben|Pflichtfelder|Merkmale"
    r"|Daten|Stammdaten"
    r"|Informationen|Spalten|Infos))"
)
_HAVE = re.compile(
    rf"^(?:Neben (?P<pre>[^,]{{2,100}}?) {_HAS} (?P<o2>(?:{_DET} )?{_NOUN}){_ADV} (?P<l2>.{{2,1600}})"
    rf"|(?:(?P<det>{_DET}) )?(?P<o>{_NOUN}) (?P<v>{_HAS}){_ADV}:? (?P<l>.{{2,1600}}?)(?: (?:haben|besitzen"
    rf"|tragen))?)$",
)
_DESCRIBED = re.compile(
    rf"^(?:(?P<det>{_DET}) )?(?P<o>{_NOUN}) (?:wird|werden|ist|sind|soll|sollen){_ADV} (?:mit|durch|über|anhand"
    rf" von) (?P<l>.{{2,1600}}?) {_DONE}(?: werden| sein)?$",
    re.I,
)
_OF_DONE = re.compile(
    rf"^{_FOR} (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}) (?:werden|wird|sind|ist|müssen|muss|soll|sollen){_ADV}"
    rf" (?:{_DONE}: )?(?P<l>.{{2,1600}}?)(?: {_DONE}(?: werden)?)?$"
)
_OF_WE = re.compile(
    rf"^{_FOR} (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}),? {_KEEP} {_WHO}{_ADV}:? (?P<l>.{{2,1600}}?){_ENDS}$"
)
_WE_FOR = re.compile(
    rf"^(?:(?:{_WHO} {_KEEP}|{_KEEP} {_WHO}){_ADV}) {_FOR} (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}):?{_ADV}"
    rf" (?P<l>.{{2,1600}}?){_ENDS}$",
    re.I,
)
_WE_LIST = re.compile(
    rf"^(?:{_WHO} {_KEEP}|{_KEEP} {_WHO}){_ADV} (?P<l>.{{2,1600}}?) (?:für|pro|zu|je|von|bei|über)"
    rf" (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}){_ENDS}$",
    re.I,
)
_DONE_FOR = re.compile(
    rf"^{_DONE} (?:wird|werden|sind){_ADV} (?:für|pro|zu|je|von|bei)[mr]? (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}):?"
    rf" {_L}$",
    re.I,
)
_LIST_DONE = re.compile(
    rf"^(?P<l>[^:]{{2,600}}?) (?:wird|werden|sind) (?:für|pro|zu|je|von|bei)[mr]? (?:(?P<det>{_DET})"
    rf" )?(?P<o>{_NOUN}){_ADV} {_DONE}$",
    re.I,
)
_ENTERING = re.compile(
    rf"^[Ww]er (?:(?P<det>{_DET}) )?(?P<o>{_NOUN}) \w+,? (?:gibt|muss|trägt|erfasst|nennt)(?: auch| dabei)?"
    rf" (?P<l>.{{2,800}}?)(?: (?:an|ein|angeben|eintragen|nennen|erfassen))?$"
)
_LABELLED = re.compile(
    rf"^(?:Die |Alle |Unsere )?{_LABEL} (?:(?:zu[mr]?|für|von|pro|je|bei) )?(?:(?P<det>{_DET})"
    rf" )?(?P<o>{_NOUN})(?: sind| ist| wären)?(?P<sign>:|(?<=sind)|(?<=ist)|(?<=wären)) {_L}$"
)


_AS = re.compile(r" als (?:Eigenschaften|Attribute|Felder|Merkmale|Angaben)(?= )")


def german_frame(text: str) -> Frame | None:  # noqa: PLR0911 - one exit per way of saying it
    """Return what a sentence says of a thing, if it is in one of these ways."""
    said = text.strip(" .!")
    if found := _LABELLED.match(said):
        return Frame(_with(found), found["l"], required=True if found["label"].lower().startswith("pflicht") else None)
    for pattern in (_DONE_FOR, _OF_WE, _OF_DONE, _WE_FOR, _DESCRIBED, _WE_LIST, _LIST_DONE):
        if found := pattern.match(said):
            return Frame(_with(found), found["l"], sure=pattern not in {_WE_LIST, _OF_DONE})
    if found := _ENTERING.match(said):
        return Frame(_with(found), found["l"])
    if found := _HAVE.match(_AS.sub("", said)):
        if found["o2"]:
            return Frame(found["o2"], found["l2"], found["pre"])
        verb = found["v"].lower()
        if verb in {"muss", "kann", "darf", "soll"}:
            if not said.endswith((" haben", " besitzen", " tragen")):
                return None
            return Frame(_with(found), found["l"], verb=verb, required=verb == "muss")
        return Frame(
            _with(found),
            found["l"],
            verb=verb,
            sure=verb not in {"enthält", "enthalten", "besteht aus", "bestehen aus", "umfasst", "umfassen", "kennt"},
        )
    return None


def _with(found: re.Match[str]) -> str:
    return f"{found['det'] or ''} {found['o']}".strip()
