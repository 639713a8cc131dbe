"""What the sections of a JSON document are about, told by their keys in English and German."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.reading.names import words

_SECTIONS: tuple[tuple[str, str], ...] = (
    (
        "relations",
        r"relation|relationship|beziehung|association|assoziation|foreign keys?|fremdschlüssel|cardinalit|kardinalit|"
        r"^links?$|verknüpfung|^references$",
    ),
    ("nothing", r"compliance risk"),
    (
        "endpoints",
        r"endpoint|endpunkt|routes?$|routen$|api (?:operations|paths|design|contract|spec|calls)|rest api|^apis?$|"
        r"^paths$",
    ),
    ("stack", r"stack|technolog|tech choices|technik|infrastruktur|infrastructure"),
    (
        "numbers",
        r"\bsl[ao]s?\b|performance|leistung|non functional|nichtfunktional|nfrs?\b|latenc|latenz|availab|"
        r"verfügbar|throughput|"
        r"durchsatz|quality attributes|qualitäts|skalier|scalab|targets?$|zielwerte|\brto\b|\brpo\b|response time|"
        r"antwortzeit",
    ),
    ("permissions", r"permission|berechtig|access control|zugriff|rbac|access matrix|rechte"),
    ("roles", r"\broles?\b|rollen?$|\bactors?\b|akteure|user types|benutzergruppen|nutzergruppen"),
    (
        "services",
        r"integration|third part|external (?:systems?|services?|apis?)|drittsysteme?|fremdsysteme?|externe|"
        r"dienste|services?$|"
        r"schnittstellen|providers?$|anbieter|partner systems",
    ),
    (
        "entities",
        r"entit|data models?|datenmodell|domain models?|domänenmodell|^models?$|^tables?$|tabellen|^objects$|objekte|"
        r"collections$|database schema|db schema|^schema$|datenobjekte|data structures?|aggregates",
    ),
)
_NOTHING = re.compile(
    r"market|competit|wettbewerb|konkurren|financ|finanz|\bcosts?\b|kosten|revenue|umsatz|pricing|preise|budget|"
    r"timeline|zeitplan|"
    r"milestone|meilenstein|roadmap|\bteam\b|staffing|hiring|personal|\brisks?\b|risiken|risiko|swot|invest|"
    r"funding|go to market|"
    r"vertrieb|marketing|business (?:model|case|value|plan)|geschäftsmodell|target audience|zielgruppe|personas?$|"
    r"roi\b|"
    r"monetiz|branding|success metrics|erfolgskennzahlen|strengths?|weakness|stärken|schwächen|opportunit|chancen|"
    r"threats?$|expenses?|profit|gewinn|^net$|cash ?flow"
)
_STORY = re.compile(
    r"\bneeds$|bedürfnisse|pain points?|schmerzpunkte|vision|value proposition|nutzenversprechen|journeys?$|"
    r"feedback$|rückmeldung|differentiat|alleinstellung|"
    r"defensive strategy|attack (?:surface|vectors?)|threat actors|angriffs|benefits?$|vorteile|"
    r"code metrics|(?:technical )?achievements|quality improvements|lessons learned|success factors|"
    r"(?:maturity|feasibility)$|elevator pitch|slogan|motto|testimonials?|user stor(?:y|ies) context|"
    r"constraints?$|rahmenbedingung|insights? used|traceability|synthesis|alignment|ausrichtung|"
    r"analytics|business intelligence|warehouse|auswertungen|features? implemented|implemented features|"
    r"umgesetzte"
)
"""Keys under which phases one to three of the chain tell of the product and its market, and phase four of its code."""
REQUIRES = re.compile(
    r"\b(?:must|shall|should|only|never|always|cannot|can't|may|within|at (?:most|least)|every|each|unique|required|"
    r"immutable|encrypted|muss|müssen|soll(?:en)?|darf|dürfen|nur|nie|immer|höchstens|mindestens|innerhalb|jede[rsn]?|"
    r"kein\w*|verschlüsselt|eindeutig)\b|\d|/\w",
    re.I,
)
"""Words, numbers and paths by which a sentence asks for something, wherever it stands."""
_ABOUT_THE_FILE = re.compile(
    r"^(?:agent|phase|timestamp|version|input references|iteration|generated(?: at| by)?|created(?: at| by)?|date|"
    r"datum|"
    r"author|autor|score|scores|confidence|id|schema version|document version|updated at|last updated|evaluator|"
    r"project id|"
    r"idea id|recommendation|reasoning|verdict|decision|go no go|executive summary|next(?: \w+)? steps|"
    r"iteration status|industry|branche|priority|priorität|submitter|einreicher)$"
)
_FRONT_END = re.compile(
    r"^(?:front ?end|ui|ux|mobile|design system|frontends?|app|accessibility|barrierefreiheit|a11y)$"
)


@lru_cache(maxsize=4096)
def section_of(key: str) -> str:
    """Return what a section is about: entities, relations and so on; "nothing" of a backend; "" if unknown.

    "story" is of the product, its users or its making: a sentence there counts where it asks for something.
    """
    said = " ".join(words(key))
    if _ABOUT_THE_FILE.match(said) or _NOTHING.search(said) or _FRONT_END.match(said):
        return "nothing"
    if _STORY.search(said):
        return "story"
    return next((name for name, pattern in _SECTIONS if re.search(pattern, said)), "")


NAME_KEYS = (
    "name",
    "entity",
    "table",
    "model",
    "title",
    "entitaet",
    "entität",
    "tabelle",
    "bezeichnung",
    "id",
    "role",
    "rolle",
)
FIELD_KEYS = (
    "attributes",
    "fields",
    "columns",
    "properties",
    "attribute",
    "felder",
    "spalten",
    "eigenschaften",
    "key_attributes",
    "keyAttributes",
    "key_fields",
    "main_fields",
    "merkmale",
    "members",
    "props",
)
DESCRIPTION_KEYS = ("description", "purpose", "beschreibung", "zweck", "summary", "notes", "desc")
