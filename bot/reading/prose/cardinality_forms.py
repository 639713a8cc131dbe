"""The signs and words of how many of one thing go with how many of another, as patterns over one clause or sentence.

A text is matched only up to a length that is bounded, and each clause of it once.
"""

from __future__ import annotations

import re

from bot.reading.names import vocabulary

N = (
    r"[`*]*[^\W\d_][\w-]{1,40}"
    r"(?: (?!(?:is|are|ist|sind|also|auch|as|als|always|immer|relation|has|have|hat)\b)[^\W\d_][\w-]{1,40})?[`*]*"
)
SIDE = r"(?:0\.\.\*|0\.\.n|0\.\.1|1\.\.\*|1\.\.n|1\.\.1|[1nmN*]|one|many|eins?|viele?)"
CARD = rf"(?P<l>{SIDE})\s?(?::|-|–|/|[ -]to[ -]|[ -]zu[ -]|→|->)\s?(?P<r>{SIDE})(?!\w)"
JOINED = r"\s*(?:-{1,2}>|=>|→|<-{1,2}>|↔|⇒|-{1,2}|–|—|:|/|(?<=\s)(?:to|zu|zur|zum|and|und|with|mit)(?=\s))\s*"
SIGNED = re.compile(
    rf"(?:(?:the |die )?(?:relation(?:ship)?|beziehung|link|zuordnung)(?: (?:of|from|between|von|zwischen))? "
    rf"|from |von )?"
    rf"(?:the |an? |each |every |die |der |das )?(?P<a>{N}?){JOINED}(?:the |an? |die |der |das )?(?P<b>{N}?)"
    rf"[\s,:=(\[]*(?:(?:is|are|ist|sind|also|auch|as|als|relation(?:ship)?|always|immer|both"
    rf"|beide)\b[\s:]*)*[(\[]?\s*{CARD}"
    r"\s*[)\]]?(?:[\s,;]*[(]?(?!\w+\s?:|(?:via|through|über|durch)\b)[^()]{0,120}\)?)?$",
    re.I,
)
ENDS = re.compile(
    rf"(?P<a>{N}?)\s*[(\[](?P<l>{SIDE})[)\]]\s*(?:-{{1,2}}>?|–|—|→|to|zu|:|<->"
    rf"|↔)\s*(?:[(\[](?P<r>{SIDE})[)\]]\s*(?P<b>{N})"
    rf"|(?P<b2>{N}?)\s*[(\[](?P<r2>{SIDE})[)\]])$",
    re.I,
)
CHAIN = re.compile(rf"(?P<l>{SIDE})\s?(?::|-{{1,2}}>?|–|—|→)\s?(?P<r>{SIDE})", re.I)
MANY_SIDE = frozenset({"n", "m", "*", "0..*", "0..n", "1..*", "1..n", "many", "viele", "viel"})
LIMITED = re.compile(
    r"\b(?:at (?:most|least)|up to|no more than|höchstens|mindestens|maximal|bis zu) (?!one\b|1\b|ein)", re.I
)
"""A number that bounds how many there may be is a rule, which is read elsewhere."""

ONE = (
    r"(?:(?:(?:zero|0|no|kein\w*) or |0\.\.)?(?:always |only |just |immer |nur |stets |never more than "
    r"|at most |no more than "
    r"|höchstens |maximal |up to )?(?:the )?(?:exactly |precisely |genau )?(?:one|1|a single|eine[mrns]?|ein)"
    r"(?: single| einzige[nrsm]?)?(?: and only one)?(?: or (?:none|no|zero)| oder kein\w*)?)"
)
LOTS = (
    r"(?:(?:can |may )?(?:(?:as )?many|several|multiple|plenty of|lots of|loads of|tons of|dozens of"
    r"|hundreds of|thousands of"
    r"|a (?:bunch|couple|number|lot|list|set|series) of|any number of|one or more|zero or more|more than one"
    r"|various|different"
    r"|at least one|at least two|two or more|a few|numerous|countless|some|viele[nr]?|mehrere[nr]?"
    r"|beliebig viele|etliche"
    r"|unzählige|dutzende(?: von)?|hunderte(?: von)?|eine (?:reihe|menge) (?:von)?|ein paar|einige|verschiedene[nr]?"
    r"|eine oder mehrere|ein oder mehrere|mindestens eine?n?|0\.\.n|1\.\.n|n))"
)
EACH = (
    r"(?:each|every|any|one|the same|that same|a given|the|an?|jede[rsmn]?|ein und derselbe|eine?[rsmn]?|der|die|das"
    r"|dieselbe|derselbe|dasselbe)"
)
WHOLE = re.compile(rf"(?:and |und |but |aber )?(?P<q>{ONE}|{LOTS}) (?P<n>{N})$", re.I)
PER = re.compile(
    rf"(?:(?P<q>(?:exactly |genau )?(?:one|eine?n?)|{LOTS}) (?P<n>{N}) (?:per|for each|for every|for one|pro"
    rf"|je) (?P<o>{N})"
    rf"|(?:per|for each|for every|pro|je) (?P<o2>{N}?)(?: there (?:is|are|can be)| gibt es)?,? (?P<q2>{ONE}"
    rf"|{LOTS}) (?P<n2>{N}))$",
    re.I,
)
OBJECT = re.compile(
    rf"(?P<head>.{{2,160}}?) (?P<q>{ONE}|{LOTS}) (?P<n>{N}?)(?P<tail>(?: (?:over time|at (?:a|the same) time"
    rf"|at once|each|only"
    r"|in (?:total|turn|all)|overall|per \w+|on (?:it|them)|in (?:it|them)|from it|too|as well|as needed"
    r"|[a-zäöü]+(?:t|en)"
    r"(?: (?:werden|sein|haben|wird|ist|kann))?)| ?\([^()]*\)){0,2})$",
    re.I,
)
CHILD = re.compile(
    rf"(?:an? |each |every |the |all |die )?(?P<a>{N}?) (?:is|are|ist|sind) (?:an?|the|always"
    rf"|ein(?:e)?)? ?(?:child(?:ren)?|kind(?:er)?|parts?"
    rf"|teile?|members?) (?:records? )?(?:of|von|des|der) (?:an?|the|one|each|its|exactly one|eine[rms]?|des"
    rf"|der)? ?(?P<b>{N})$",
    re.I,
)
PARENT = re.compile(
    rf"(?:an? |each |every |the )?(?P<b>{N}?) (?:is|are) (?:the |a )?parents? (?:of|for) (?:an?|the|its|each"
    rf"|all)? ?(?P<a>{N})$",
    re.I,
)
POINTS = re.compile(
    rf"(?:an? |each |every |the |die |der |das |jede[rs]? )?(?P<a>{N}?) (?:points? (?:at|to)|references?|refers? to"
    r"|links? (?:to|back to)|knows?|is tied to|are tied to|verweis(?:t|en) auf|zeig(?:t|en) auf|häng(?:t|en) a[nm])"
    rf" (?:(?:an?|the|its|their|one|eine?[mnr]?|den|die|das|der|dem|ihre?n?|seine?n?) )?(?P<b>{N})$",
    re.I,
)
BINDS = (
    r"(?:(?:must |has to |have to |needs to |need to |should |will |can |may |muss |kann |soll )?(?:always |immer )?"
    r"(?:belongs? to|sits? (?:in|on|at|under|inside|within)|hangs? (?:in|on|under|off|from)|lives? (?:in|on"
    r"|under|inside|within|at)"
    r"|stands? (?:in|on|at)|lies? (?:in|on)|(?:is|are|be) (?:part of|tied to|linked to|attached to|assigned to"
    r"|kept in|stored in"
    r"|located in|held (?:in|at)|filed under|made for|based on|grouped (?:in|under|by)|nested (?:in|under)"
    r"|recorded (?:in|at|for)"
    r"|inside|within|under)|takes? place (?:in|at|on)|happens? (?:in|at|on)|goes (?:with|into|onto)"
    r"|comes? (?:from|out of)"
    r"|stems? from|references?|points? (?:at|to)|needs? both|gehör(?:t|en) zu[mr]?|steht in|stehen in"
    r"|hängt (?:i[nm]|a[nm])|hängen (?:i[nm]|a[nm])"
    r"|liegt (?:in|auf)|liegen (?:in|auf)|sitzt (?:in|auf)|wohnt in|stammt (?:aus|von)|kommt aus|findet in"
    r"|entsteht (?:in|aus)"
    r"|bezieht sich auf|beziehen sich auf|verweist auf))"
)
WEAK = re.compile(
    rf"(?P<lead>an? |each |every |any |the |all |jede[rs]? |eine? |die |der |das "
    rf"|alle )?(?P<a>{N}?) {BINDS} (?P<d>an? |one |some |its |their |the "
    r"|eine[mrn]? |einem |ein |der |dem |den |die |das |ihre[mrn] |seine[mrn] |ihrem |seinem )?"
    rf"(?P<b>{N})(?:(?:,| and| und| as well as| sowie) (?:to |in |on |at |an |zu )?(?P<d2>an? |one |its |the "
    rf"|eine[mrn]? |einem )(?P<c>{N}))?"
    r"(?: statt)?$",
    re.I,
)
EACH_ONES = re.compile(
    rf"(?:an? |each |every |per |pro |jede[rs]? |je )?(?P<a>{N})(?: has| needs| hat| braucht)?(?: |: | = "
    rf"| - )(?P<l>(?:{ONE}) {N}?(?:(?:, | and | und |, and |"
    rf" plus | \+ )(?:{ONE}) {N}?)+)$",
    re.I,
)
ROLES = re.compile(
    rf"(?:an? |each |every )(?P<a>{N}?) (?:has|needs|knows|gets|goes|runs|moves|leads) (?:from )?(?:an?|one"
    rf"|exactly one|the) (?P<r>[a-z][\w-]+) (?P<b>[a-z][\w-]+)"
    rf"(?:,? and| to|,? plus) (?:an?|one|exactly one|the) (?P<r2>[a-z][\w-]+) (?P<c>[a-z][\w-]+)(?:,? (?:both"
    rf"|which both|that both|and both)\b.{{2,80}})?$",
    re.I,
)
ARROW = re.compile(rf"(?P<a>{N}?)\s*(?:-{{1,2}}>|=>|→|⇒|<->|↔)\s*(?P<b>{N})", re.I)
GOES_ON = re.compile(
    rf"(?:to|in|on|at|by|for|from|of|with|about|an|zu|in|von|auf)? ?(?:an?|one|its|the|eine[mnr]?|ein|der"
    rf"|dem) (?P<b>{N})$",
    re.I,
)
ELIDED = re.compile(r"(?:an?|each|every|one|the|jede[rs]?|ein|eine|der|die|das) (?P<a>[^\W\d_][\w-]+)$", re.I)
COUNTS = re.compile(
    rf"(?P<l>[1nm*]) (?P<a>{N}?)\s*(?::|,|-|–|—|<->|↔|→|/|(?<=\s)(?:to|zu)(?=\s))\s*(?P<r>[1nm*]) (?P<b>{N})$", re.I
)
OF_ITSELF = re.compile(
    r"(?:an? |each |every |the )?(?P<a>[^\W\d_][\w-]+) (?:can |may |could )?[a-z]+ (?:to |on |under |with |in "
    r"|of |by |from )?"
    r"(?:other |another |each other |an? )?(?P<b>[^\W\d_][\w-]+)$",
    re.I,
)
STEPS = re.compile(
    rf"(?P<chain>{N}?(?:\s*(?:-{{1,2}}>|→|=>|⇒)\s*{N}?){{2,6}})(?:,| -| –|:|\s?\()? ?(?:(?:each|every|all"
    rf"|both|jeweils|alle|jede[rs]?|steps?|levels?|are|is"
    rf"|arrows?|schritte?|stufe) )*{CARD}\)?$",
    re.I,
)
PREFIXED = re.compile(rf"{CARD}\s?:?\s(?P<a>{N}?){JOINED}(?P<b>{N})$", re.I)
LINKED = re.compile(
    rf"(?:(?:we have |there is |there['’]s )?(?:an? |the )?(?:join|link|junction|bridge|mapping|pivot"
    rf"|cross)[ -]?(?:table|entity) "
    rf"(?:called |named )?(?P<link>{N}?) (?:between|for|of|joins|links|connects) (?:the )?(?P<a>{N}?) (?:and"
    rf"|with|to) (?:the )?(?P<b>{N})"
    rf"|(?:m:n|n:m|many[- ]to[- ]many) between (?:the )?(?P<a4>{N}?) and (?:the )?(?P<b4>{N}?),? (?:(?:via"
    rf"|through|over|using|with|join table|link table|junction)"
    rf" )+(?:an? |the )?(?:called |named )?(?P<link4>{N})"
    rf"|between (?:the )?(?P<a2>{N}?) and (?:the )?(?P<b2>{N}?) (?:there is|there['’]s|we have|sits"
    rf"|stands) (?:an? |the )?(?P<link2>{N}?)"
    rf"(?: (?:table|entity|record))?(?: with .{{2,80}})?"
    rf"|(?:the )?(?P<a3>{N}?) (?:and|with|und|to|<->|↔) (?:the )?(?P<b3>{N}?)(?: are| is| have| sind"
    rf"|:)* (?:an? )?(?:m:n|n:m|n:n|many[- ]to[- ]many)"
    rf",?(?: relation(?:ship)?)? (?:via|through|over|using|by|über|durch|mittels) (?:an? |the |eine? |die |der "
    rf"|das )?(?P<link3>{N}?)"
    rf"(?: (?:table|entity|record))?)$",
    re.I,
)
CUT = re.compile(
    r"\s*;\s+|:\s+|\s[–—-]\s|,?\s+(?:while|whereas|but|whilst|though|aber|während|wobei|sondern)\s+"
    r"|,\s+(?:and |und |so )?|\s+(?:and|und|or|oder)\s+(?=(?:an?|each|every|the|one|many|any|lots|plenty"
    r"|several|exactly|is|are|has|have"
    r"|by|about|for|in|to|on|of|from|with|eine?[mnr]?|jede[rsmn]?|genau|viele|mehrere|beliebig|wird|ist|hat"
    r"|hängt|gehört|von)\b)",
    re.I,
)
PLACES = vocabulary("in on at of for with per to by under inside within from auf an bei für zu von pro aus")
AUX = vocabulary(
    "is are was were be has have had can may must will should could gets get belongs belong ist sind war wird "
    "werden hat haben "
    "kann können darf dürfen muss müssen soll gehört gehören"
)
ADVERBS = re.compile(
    r"\b(?:always|usually|also|only|in turn|of course|obviously|naturally|at any time|typically|therefore|then|still"
    r"|again|directly|in"
    r" practice|over time|immer|auch|stets|wiederum|natürlich|jeweils|dabei|jederzeit|seinerseits|ihrerseits) ",
    re.I,
)
LEAD = re.compile(
    rf"(?:and |und |but |also |so |so )*(?:{EACH} |(?:any number of|many|several|all|alle|viele|mehrere) )?", re.I
)
ARTICLE = re.compile(r"ein(?:e|en|es)?", re.I)
PREPOSED = re.compile(r"\b(?:an|auf|in|von|zu[mr]?|bei|aus|mit|unter|über|für)$", re.I)
"""In German one is also the article: "hat einen Namen" says of what kind a thing is, "hängt an einem Turm" where."""
NEVER = vocabulary(
    "time times hour hours minute minutes second seconds day days week weeks month months year years euro euros "
    "cent cents dollar "
    "dollars percent way ways thing things reason place case part person people kind kinds field fields column "
    "columns value values "
    "digit digits character characters step steps decimal decimals number numbers copy copies word words half "
    "piece mal stunde stunden "
    "minute minuten tag tage woche wochen monat monate jahr jahre stelle stellen zeichen art arten fall fälle weise"
)
ATTRIBUTES = vocabulary(
    "status state name title label code colour color size price date number type kind category level priority "
    "id key value "
    "description note comment reason warning email address phone password amount rating score unit weight "
    "height length width "
    "depth age birthday language currency flag mode zustand titel bezeichnung farbe größe preis datum nummer "
    "typ kategorie "
    "stufe wert beschreibung notiz grund adresse telefon betrag einheit gewicht höhe länge breite tiefe alter "
    "sprache währung"
)
"""Of which a thing has one as its attribute: a sentence about them says no relation."""
ATTRIBUTE_ENDS = re.compile(
    r"(?:nummer|datum|preis|zeit|stand|zahl|name[ns]?|jahr|kosten|betrag|menge|wert|code|grad|größe|länge"
    r"|breite|höhe|gewicht"
    r"|kennzeichen|number|date|price|count|size|year|type|status)$",
    re.I,
)
COUNTED_ASIDE = re.compile(rf"\s*\(((?:{ONE}|{LOTS}) {N} (?:per|for each|for every|pro|je) {N})\)", re.I)
OPENER = re.compile(
    r"^(?:(?:ok(?:ay)?|so|well|right|also|and|btw|basically|anyway|direction matters)\b[\s,:!]*)+", re.I
)
NOT_OURS = re.compile(r"\b(?:not|nicht) (?:to|for|with|in|zu|bei) (?:us|ours|our \w+|here|this \w+|uns|hier)\b", re.I)
ASIDE = re.compile(
    r"\s*\((?:(?:not|nicht|never|nie|optional|nullable|same|required|mandatory|pflicht|fk|obviously|of course"
    r"|we|they|it|there|es|das"
    r"|[a-z]\w*_id)\b[^()]{0,80})\)|, (?:so|also|thus|i\.e\.) (?:it['’]s )?(?:m:n|n:m|many[- ]to[- ]many)$",
    re.I,
)
OUTSIDE = vocabulary(
    "system erp crm sap excel spreadsheet sheet software tool app cloud drawer paper wiki folder company office "
    "head excelliste "
    "marketing accounting buchhaltung vertrieb"
)
"""Where people keep what this backend is not about: "invoices live in the ERP"."""
MAY = re.compile(
    r"\b(?:may|can|might|could|at most|no more than|never more than|optionally|kann|darf|höchstens|maximal|up to)\b",
    re.I,
)
REMARK = re.compile(
    r"(?:and |und |but |aber )?(?:never|nie(?:mals)?|not|nicht|nothing|no|kein\w*)\b.{0,80}$|.{2,60}\b(?:never"
    r"|nie|not|nicht|no|kein\w*"
    r"|n['’]t)\b.{0,80}$|(?:that|this|it|das|es)['’]?s? .{2,60}$|(?:obviously|of course|naturally|klar"
    r"|natürlich|as usual|wie üblich"
    r"|(?:in|over|at|during) [\w ]{2,30})$",
    re.I,
)
