"""Words that the reading of plain text goes by, as data: little words, labels, verbs, negation, doubt, postponement."""

from __future__ import annotations

from typing import Final


def _set(text: str) -> frozenset[str]:
    return frozenset(part.strip().replace("~", " ") for part in text.split() if part.strip())


NUMERALS: Final = {
    word: n
    for n, words in enumerate(
        (
            "", "one single ein eine einer einen", "two zwei", "three drei", "four vier", "five fünf", "six sechs",
            "seven sieben", "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf",
        )
    )
    for word in words.split()
}  # fmt: skip
"""Small numbers that are said in words."""

ENGLISH: Final = _set(
    "the a an and or of to in on for with is are be has have we our they their it its not no by from as at that this "
    "can may must should who only all every each per one many any when then but if there will do does need"
)
GERMAN: Final = _set(
    "der die das ein eine einen einem einer eines und oder von zu im in auf für mit ist sind hat "
    "haben wir unser sie ihr es "
    "des dem den sind auch wird felder nicht kein keine keinen durch aus als bei dass kann darf muss soll wer"
    " nur alle jede jeder jedes pro viele wenn "
    "dann aber gehört gehören werden wird über unter nach zum zur bitte dürfen sehen beide beiden uns sich schon noch "
    "wurde wurden niemand alles müssen sollen rollen"
)
ABBREVIATIONS: Final = _set(
    "e.g eg i.e ie etc vs z.b bzw ca approx inkl incl ggf nr no. max min usw u.a d.h resp evtl st "
    "dr mr mrs prof fig sek "
    "std tel abs art bspw e.g. i.e. cf"
) - _set("etc usw")
VERB_FORMS: Final = {
    form: base
    for base, forms in {
        "have": "has have had having hat haben",
        "belong": "belongs belong belonging gehört gehören",
        "contain": "contains contain enthält enthalten containing umfasst umfassen beinhaltet beinhalten comprises "
        "comprise",
        "include": "includes include",
        "consist": "consists consist besteht bestehen",
        "reference": "references reference referenziert referencing",
        "hold": "holds hold",
        "own": "owns own besitzt besitzen",
        "be": "is are be was were ist sind war waren",
        "move": "moves move moved",
        "go": "goes go going went geht gehen",
        "see": "sees see seeing siehst sieht sehen seen view views viewing",
        "read": "read reads reading liest lesen",
        "may": "may can could darf dürfen kann können",
        "must": "must muss müssen",
    }.items()
    for form in forms.split()
}

DETERMINERS: Final = _set(
    "a an the each every all any some this that these those our their its his her my your one own ein eine einen"
    " einem "
    "einer eines der die das den dem des jede jeder jedes jeden jedem alle unsere unser ihre ihr seine sein several "
    "multiple many several zero exactly mehrere viele beliebig genau einige various optional optionally at most"
    " least "
    "up no kein keine keinen another more optionalen optionale"
)
FUNCTION: Final = _set(
    "and or of to in on for with by from as at that which who whose whom into per via through between under over"
    " after "
    "before during without within about und oder von zu im auf für mit durch aus als bei über unter nach vor ohne "
    "zum zur pro je am an in bis zwischen dass if when then than but also only not no never so "
    "because while until since even once unless whenever whereas although though "
    "wenn dann aber auch nur nicht nie kein ihren ihre ihr there here it they we you i he she them us es sie wir man "
    "can may must should will would shall might cannot darf dürfen kann können muss müssen soll "
    "sollen wird werden is are "
    "be was were been has have had do does did ist sind hat haben just please etc usw e.g i.e like same other others "
    "ever bitte noch schon hier dort da yet still now always usually"
)
LABELS: Final[dict[str, frozenset[str]]] = {
    "entities": _set(
        "entities entity tables models data~models resources collections objects core~entities main~entities "
        "entitäten tabellen objekte modelle ressourcen nouns things we~store we~keep data~model "
        "database~tables tables~needed "
        "main~tables core~tables domain~objects domain~model datenmodell kernobjekte stammdaten "
        "must should must-have should-have must~have "
        "should~have muss soll "
        "the~entities what~we~store"
    ),
    "roles": _set(
        "roles role user~roles rollen rolle benutzerrollen user~types actors personas permissions~roles "
        "nutzerrollen the~roles"
    ),
    "endpoints": _set(
        "endpoints endpoint endpunkte routes api rest~api paths calls api~endpoints schnittstellen "
        "schnittstelle routen "
        "rest urls main~endpoints apis rest~endpoints additionally zusätzlich public private internal protected "
        "read write öffentlich authenticated endpoints~so~far"
    ),
    "fields": _set(
        "fields attributes columns felder attribute spalten properties eigenschaften field attribute columns~are props"
    ),
    "relations": _set("relations relationships beziehungen associations links relationen relationship foreign~keys"),
    "states": _set(
        "states status statuses state transitions lifecycle zustände übergänge flow workflow "
        "state~machine statuswechsel stati"
    ),
    "services": _set(
        "integrations services third~parties external~services external~systems integrationen dienste third-party "
        "drittsysteme external schnittstellen~extern outside~systems third~party systems systeme fremdsysteme"
    ),
    "database": _set("database db datenbank databases datastore store persistence primary~database"),
    "language": _set("language languages sprache backend server tech~stack stack technology techstack technologie"),
    "framework": _set("framework frameworks"),
    "cache": _set("cache caching"),
    "messaging": _set("queue messaging broker message~broker events~bus queues warteschlange"),
    "search": _set("search suche"),
    "storage": _set("storage files file~storage speicher object~storage"),
    "deployment": _set("deployment hosting infra infrastructure cloud betrieb"),
    "signin": _set("auth authentication sign-in login signin sign~in anmeldung authentifizierung authn"),
    "access": _set("access permissions authorization authorisation berechtigungen rechte zugriff authz"),
    "rules": _set("rules constraints business~rules regeln invariants validation bedingungen"),
    "numbers": _set(
        "performance performance~targets nfr nfrs slo slos sla~targets load leistung targets non-functional"
    ),
    "nothing": _set("plus also note notes and btw ps p.s hint hinweis ausserdem außerdem auch ps fyi update edit"),
    "later": _set(
        "later phase~2 v2 roadmap future next~phase nice~to~have später out~of~scope~for~now backlog phase~two "
        "could could-have could~have kann"
    ),
    "denied": _set(
        "won't wont won't~have wont-have will~not~have "
        "out~of~scope not~in~scope non-goals nongoals not~needed nicht~im~umfang no"
    ),
    "open": _set("open~questions open tbd todo questions offen offene~fragen unclear unklar"),
}
LABEL_OF: Final = {word: kind for kind, group in LABELS.items() for word in group}

NEGATIONS: Final = _set(
    "no not never without neither nor none cannot can't cant don't dont doesn't doesnt won't isn't "
    "aren't kein keine keinen "
    "keiner keinem nicht nie niemals ohne weder nichts mustn't shouldn't avoid"
)
POSTPONED: Final = _set(
    "later eventually someday future später künftig zukünftig demnächst yet postponed afterwards deferred v2 v3 "
    "roadmap irgendwann vorerst"
)
POSTPONED_PHRASES: Final = (
    "not yet",
    "for now",
    "phase 2",
    "phase two",
    "phase ii",
    "next year",
    "next quarter",
    "next phase",
    "second phase",
    "in a later",
    "at a later",
    "down the road",
    "noch nicht",
    "in phase",
    "nächstes jahr",
    "nächsten jahr",
    "version 2",
    "second version",
    "after launch",
    "after the launch",
    "post launch",
    "post-launch",
    "one day",
    "nice to have",
    "zweiten phase",
)
UNSURE: Final = _set(
    "maybe perhaps possibly unsure probably might tbd tbc vielleicht eventuell unsicher evtl "
    "wahrscheinlich undecided unclear "
    "unklar guess"
)
UNSURE_PHRASES: Final = (
    "not sure",
    "no idea",
    "don't know",
    "do not know",
    "dont know",
    "to be decided",
    "to be discussed",
    "still discussing",
    "still open",
    "haven't decided",
    "have not decided",
    "not decided",
    "ask ",
    "keine ahnung",
    "weiß nicht",
    "weiss nicht",
    "nicht sicher",
    "noch offen",
    "steht noch nicht fest",
    "not my area",
    "no clue",
    "can't say",
    "cannot say",
    "up to you",
    "you decide",
    "wissen wir nicht",
    "weiß ich nicht",
    "noch unklar",
    "let me check",
    "dunno",
    "idk",
    "frag ",
    "fragt ",
    "muss ich klären",
    "nicht entschieden",
    "whatever you think",
    "your call",
)
NOTHING: Final = _set("hi hello hey thanks thank cheers hallo moin danke gruß grüße greetings sorry ok okay")
NOTHING_PHRASES: Final = (
    "see above",
    "see below",
    "as above",
    "as below",
    "siehe oben",
    "siehe unten",
    "as discussed",
    "see the",
    "see my",
    "siehe ",
    "wie besprochen",
    "here's what",
    "here is what",
    "here you go",
    "will paste",
    "pasted",
    "further below",
    "let me know",
    "hope this helps",
    "viele grüße",
    "best regards",
    "kind regards",
    "i'll add",
    "more to come",
    "see schemas",
    "see schema",
    "same as",
    "good question",
    "gute frage",
    "im anhang",
    "attached",
    "anbei",
)
NONE_ANSWERS: Final = _set(
    "none nothing no nope n/a na keine nichts nein kein - – — none~for~now nothing~else nothing~special"
    " no~preference "
    "no~preferences keine~besonderen nichts~besonderes not~needed not~applicable entfällt none~yet no~integrations "
    "nothing~so~far none~so~far nichts~weiter sonst~nichts no~requirements no~special~requirements skip"
)

READ_VERBS: Final = _set(
    "read see view list browse look search query access get fetch download sehen lesen ansehen "
    "einsehen abrufen sieht suchen anschauen"
)
CREATE_VERBS: Final = _set(
    "create add enter write post book place submit upload register record open request file make issue raise order "
    "anlegen erstellen erfassen buchen eintragen hinzufügen bestellen anlegt eröffnen stellen einreichen melden"
)
UPDATE_VERBS: Final = _set(
    "update change edit modify correct amend assign approve manage confirm reject refuse close reassign cancel"
    " accept "
    "ändern bearbeiten aktualisieren korrigieren zuweisen genehmigen schließen stornieren pflegen"
)
DELETE_VERBS: Final = _set("delete remove erase purge löschen entfernen")
ANY_VERBS: Final = _set("everything anything manage administer touch verwalten alles")

ANYBODY: Final = _set(
    "anybody anyone everybody everyone visitors guests public jeder alle jedermann besucher gäste world"
)
