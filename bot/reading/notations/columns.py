"""What the columns of a table hold, told by their headers in English and German."""

from __future__ import annotations

import re

_HEADERS: dict[str, str] = {
    "entity": "entity|table|model|object|class|entität|entitaet|tabelle|objekt|datenobjekt|record|collection|"
    "entity name|"
    "table name|tabellenname|modell|domain object|dataset",
    "field": "field|column|attribute|property|feld|spalte|attribut|eigenschaft|feldname|field name|column name|"
    "spaltenname|"
    "property name|attribute name|attributname|parameter|variable|key name|datenfeld|col",
    "name": "name|bezeichnung|titel|title",
    "type": "type|data type|datatype|datentyp|typ|format|sql type|field type|feldtyp|art",
    "required": "required|mandatory|pflicht|pflichtfeld|not null|erforderlich|req|required?|mandatory?|muss|"
    "req'd|notnull|nn",
    "nullable": "null|nullable|optional|null?|nullable?|nulls|optional?|allow null|leer erlaubt|kann leer sein",
    "values": "values|enum|allowed values|options|werte|erlaubte werte|wertebereich|ausprägungen|possible values|"
    "enum values|valid values|choices|mögliche werte|werteliste|domain|allowed|zulässige werte",
    "default": "default|default value|standard|vorgabe|standardwert|vorgabewert|initial|vorbelegung",
    "description": "description|notes|note|comment|comments|remarks|remark|meaning|beschreibung|bemerkung|"
    "bemerkungen|"
    "kommentar|hinweis|hinweise|erklärung|bedeutung|details|desc|anmerkung|anmerkungen|erläuterung|definition|what",
    "unique": "unique|eindeutig|unique?|uniq",
    "key": "key|pk|schlüssel|pk/fk|key?|primary key|constraint|constraints|index|schluessel|keys|bedingung|"
    "rules|regeln|"
    "validation|validierung",
    "length": "length|max length|länge|size|len|maxlength|max. länge|max len|laenge",
    "minimum": "min|minimum|min value|von wert|untergrenze",
    "maximum": "max|maximum|max value|obergrenze",
    "references": "references|fk|foreign key|ref|reference|verweis|fremdschlüssel|references to|verweist auf|"
    "links to|fk to",
    "example": "example|sample|beispiel|example value|beispielwert|e.g.|bsp",
    "unit": "unit|einheit|units",
    "method": "method|verb|http method|methode|http verb|http|http-methode",
    "path": "path|endpoint|url|route|uri|pfad|endpunkt|resource path|api|endpoints|request|aufruf|adresse",
    "role": "role|rolle|roles|rollen|who|actor|actors|wer|access|auth|permission|permissions|allowed roles|zugriff|"
    "berechtigung|berechtigungen|user role|benutzerrolle|nutzerrolle|auth required|authorization|role name|"
    "allowed for|"
    "user|persona|akteur|erlaubt für|benutzergruppe|authentication|berechtigt|berechtigte|darf|wer darf|dürfen|who may|"
    "who can|may|permitted|caller|callers|for whom|für wen|for",
    "resource": "resource|ressource|action|aktion|operation|permission|feature|funktion|right|recht|bereich|"
    "module|modul",
    "summary": "summary|purpose|zweck|does|funktion|function|zusammenfassung|action|aktion|use|usage",
    "body": "body|request body|payload|input|eingabe|request data",
    "response": "response|returns|output|ausgabe|antwort|result|return|ergebnis",
    "status": "status|status code|status codes|codes|response code|statuscode|http status",
    "metric": "metric|kpi|indicator|measure|metrik|kennzahl|requirement|nfr|anforderung|sli|quality|größe|"
    "messgröße|aspect|"
    "performance metric|item|kriterium",
    "target": "target|value|goal|sla|threshold|zielwert|ziel|wert|soll|slo|limit|target value|zielvorgabe|"
    "grenzwert|budget|"
    "expected",
    "from": "from|source|von|quelle|from state|from status|ausgang|ausgangszustand|current|current state|left|"
    "alt|state|"
    "zustand|status von|from entity",
    "to": "to|nach|ziel-zustand|to state|to status|folgezustand|next|next state|right|neu|zu|status nach|"
    "target state|"
    "to entity|zielzustand",
    "cardinality": "cardinality|kardinalität|relationship|relation|beziehung|multiplicity|type of relation|"
    "multiplizität|how many|wie viele|many|ratio|verhältnis|anzahl je seite|sides|how many of each",
    "trigger": "trigger|event|ereignis|auslöser|transition|übergang|by action|when|aktion|action",
    "by": "by|durch|who|wer|role|rolle|actor|allowed by|roles",
    "service": "service|integration|system|provider|dienst|schnittstelle|external system|third party|anbieter|"
    "partner|"
    "fremdsystem|vendor|external service|drittsystem|externes system",
    "protocol": "protocol|protokoll|interface|transport|api type|anbindung",
    "direction": "direction|richtung",
    "part": "layer|component|part|komponente|schicht|baustein|concern|area",
    "technology": "technology|technologie|choice|tech|tool|product|auswahl|technik|software|stack|entscheidung",
    "fields": "fields|attributes|columns|felder|attribute|spalten|properties|key fields|key attributes|eigenschaften|"
    "main fields|wichtige felder",
}
_BY_WORD: dict[str, tuple[str, ...]] = {}
for _role, _text in _HEADERS.items():
    for _word in _text.split("|"):
        _BY_WORD[_word] = (*_BY_WORD.get(_word, ()), _role)


def header_roles(header: str) -> tuple[str, ...]:
    """Return what a column under this header may hold, () if its words are not known."""
    said = re.sub(r"\s+", " ", header.strip().strip(":").lower().replace("_", " "))
    found = _BY_WORD.get(said)
    if found is None:
        found = _BY_WORD.get(re.sub(r"\s*[(\[].*$", "", said))
    return found or ()


class Columns:
    """The columns of a table by what they hold."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self.header = header
        self._roles = [header_roles(one) for one in header]

    def of(self, *roles: str) -> int | None:
        """Return the first column that may hold one of these, the likelier role first."""
        for role in roles:
            for number, told in enumerate(self._roles):
                if role in told:
                    return number
        return None

    def known_at(self, number: int) -> bool:
        """Whether a column has a header that is known."""
        return number < len(self._roles) and bool(self._roles[number])

    @property
    def known(self) -> int:
        """How many columns have a header that is known."""
        return sum(bool(told) for told in self._roles)
