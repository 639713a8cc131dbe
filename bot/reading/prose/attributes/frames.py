"""The ways in which English says that a thing has attributes: who has, keeps, is recorded with, or comes with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DET = (
    r"(?:an?|the|each|every|any|all|our|one|new|a new|each new|every new|all the|all our|every single|most|these"
    r"|those)"
)
_NOUN = r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,3}?"
_O = rf"(?P<det>{_DET} )?(?P<o>{_NOUN})"
_L = r"(?P<l>.{2,1600})"
_ADV = (
    r"(?:(?: also| always| usually| typically| obviously| of course| basically| currently| now| just| simply|"
    r" each| all| both| generally| further| additionally| normally| mostly| often| only| then| clearly|"
    r" naturally| furthermore)*)"
)
_ALSO = r"(?: additionally| also| always| usually| typically| at least| basically| just| all| of course| both)*"
_PART = (
    r"(?:catalogu?ed|indexed|archived|filed|inventoried|logged|recorded|stored|described|identified"
    r"|characteri[sz]ed|defined|label+ed|registered|documented"
    r"|saved|tracked"
    r"|listed|noted|captured|kept|entered|specified|given|known|tagged|annotated|held|collected|remembered"
    r"|written down"
    r"|maintained|persisted|noted down|determined)"
)
_HAS = (
    r"(?P<v>must (?:always )?have|has to have|have to have|should (?:always )?have|shall have|needs to have|need"
    r" to have"
    r"|can (?:also |optionally )?have|may (?:also |optionally )?have|might have|could have|will have|can carry"
    r"|may carry"
    r"|has got|have got|has|have|needs|need|requires|require|carries|carry|gets|get|got|records|record|stores"
    r"|store|features|feature"
    r"|bears|bear|keeps|tracks|includes|include|contains|contain|comprises|comprise|holds|hold|knows|know"
    r"|consists of|consist of|(?:is|are) made up of|(?:is|are) composed of|comes with|come with|is given|are"
    r" given|is assigned|are assigned"
    rf"|(?:is|are|gets|get|must be|should be|will be|can be|has to be) (?:also |always |usually )?{_PART}"
    rf" (?:with|by|through|using|via|in terms of|together with))"
)
_SUBJECT = (
    r"(?:we|you|i|they|the (?:system|app|application|backend|service|platform|tool|software|database|team|office"
    r"|staff|api|solution|product)"
    r"|it|one|someone)"
)
_MODAL = (
    r"(?:also|only|just|additionally|should|must|needs? to|have to|has to|wants? to|would (?:also )?like to"
    r"|['’]d like to"
    r"|like to|can|could|will|shall|might want to|plan to|be able to|please|currently|now|really|always|to|do"
    r"|then|at least)"
)
_KEEP = (
    r"(?:keep(?: track of| a record of| record of)?|store|record|track|save|log|note(?: down)?|capture|hold"
    r"|need(?: to (?:know|have|store|keep|record|track|save))?"
    r"|want(?: to (?:know|have|store|keep|record|track|save))?|remember|know|collect|(?:also )?see|document"
    r"|write down|care about|list|enter|maintain|persist|have)s?"
)
_FOR = r"(?:of|for|about|on|per|with|from|against)"
_SAYS = rf"{_SUBJECT}(?: {_MODAL})* {_KEEP}"
_LABEL = (
    r"(?:(?:required|mandatory|optional|basic|main|key|further|additional|important|relevant|the|these|its|all"
    r"|core|other) )*"
    r"(?:(?:field|attribute|column|data) lists?|lists? of (?:fields|attributes|columns)|data|fields?|attributes?"
    r"|properties|columns|details|information|infos?|stuff|facts|things|metadata"
    r"|master data"
    r"|characteristics|values|data points)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sentence says of a thing: its words, the list of attributes, and how its verb binds them.

    `sure` is False where the same words may speak of something else, so that the list itself must look like attributes.
    """

    owner: str
    listed: str
    before: str = ""
    verb: str = ""
    sure: bool = True
    required: bool | None = None


_HAVE = re.compile(
    rf"^(?:(?:besides|in addition to|apart from|aside from|beyond|next to|along with|as well as|other than)"
    rf" (?P<pre>[^,]{{2,120}}), )?"
    rf"{_O}{_ADV}(?:,? (?:besides|in addition to|apart from|aside from|beyond|next to|along with)"
    rf" (?P<mid>[^,]{{2,120}}),)?"
    rf"{_ADV} {_HAS}{_ALSO}:? (?:the following(?: {_LABEL})?(?::| -)? |(?:these|following) {_LABEL}:? |{_LABEL}"
    rf" (?:such as|like|including|as follows:?) )?{_L}$",
    re.I,
)
_KEPT_OF = re.compile(
    rf"^(?:(?:{_SAYS}|(?:(?:please|also|let['’]?s) )*{_KEEP})) (?P<l>.{{2,1600}}?) {_FOR} (?P<det>each|every|all"
    rf"|any|an?|the|our|all our) "
    rf"(?P<o>{_NOUN})(?: (?:in|at|on|of) (?:the|our|this) [^\W\d_][\w-]*)?$",
    re.I,
)
_OF_KEPT = re.compile(
    rf"^(?:for|of|about|per|on|with|as for|regarding|concerning|wrt|in case of|as to|from) (?:{_DET}"
    rf" )?(?P<o>{_NOUN})(?:,|:| -)? "
    rf"(?:(?:all )?(?:that )?(?:{_SAYS}|(?:please )?{_KEEP}|there (?:is|are|must be|should be)|it has)) ?(?:the"
    rf" following(?: {_LABEL})?)?:? ?{_L}$",
    re.I,
)
_KEEP_PER = re.compile(
    rf"^(?:{_SAYS}|(?:(?:please|also|let['’]?s) )*{_KEEP})(?: the following(?: {_LABEL})?)?,? (?:for|per|of"
    rf"|about|on|with) (?:{_DET} )?(?P<o>{_NOUN})"
    rf"(?P<sign>:|,| the following(?: {_LABEL})?:?) {_L}$",
    re.I,
)
_SEE_FOR = re.compile(
    rf"^{_SAYS} (?:for|per|of|about|on) (?:an?|each|every) (?P<o>{_NOUN}) (?P<l>(?:its|their|his|her|the|an?"
    rf"|which|when|who|whether) .{{2,1600}})$",
    re.I,
)
_KEPT_FOR = re.compile(
    rf"^(?P<l>.{{2,600}}?) (?:is|are|must be|should be|will be|has to be|have to be|get|gets|need to be|needs to"
    rf" be) (?:also |always |both |all )?"
    rf"(?:{_PART}|needed|required|mandatory) (?:for|of|about|per|with|on) (?:each|every|all|any|an?|the)"
    rf" (?P<o>{_NOUN})$",
    re.I,
)
_FOLLOWING = re.compile(
    rf"^(?:the following(?: {_LABEL})?|these {_LABEL}|{_LABEL}) (?:is|are|must be|should be|will be|gets?|need"
    rf" to be|needs? to be|have to be) (?:also |always )?"
    rf"(?:{_PART}|needed|required|mandatory) (?:for|of|about|per|with|on) (?:{_DET} )?(?P<o>{_NOUN}) ?[:–-] {_L}$",
    re.I,
)
_LABELLED = re.compile(
    rf"^(?P<label>{_LABEL})(?: (?:(?:that )?we (?:also |must |should |want to |need to |have to )*{_KEEP}"
    rf"|to (?:capture|store|keep|record|track|save|collect)|needed|stored|kept|we"
    rf" (?:want|need|have)(?: to \w+)?"
    rf"|required|recorded|that (?:we|are) \w+(?: to \w+)?))? (?:for|of|on|about|per|in) (?:{_DET}"
    rf" )?(?P<o>{_NOUN})(?: include| includes| are| is| would be| should be)?"
    rf"(?P<sign>:| -| –|(?<=are)|(?<=is)|(?<=includes)|(?<=include)|(?<=be)) {_L}$",
    re.I,
)
_NEEDED = re.compile(
    rf"^(?:{_PART}|needed|required) (?:for|of|about|per|with|on) (?:{_DET} )?(?P<o>{_NOUN})(?: is| are)?(?::| -)"
    rf" {_L}$",
    re.I,
)
_THING_LABELLED = re.compile(
    rf"^(?:the )?(?P<o>{_NOUN}) (?:attributes|fields|columns|properties|data|details|record)(?: are| is| include"
    rf"| includes)?"
    rf"(?::| =|(?<=are)|(?<=include)|(?<=includes)) {_L}$",
    re.I,
)
_BESIDES = re.compile(rf"^(?:{_SAYS}|(?:also )?{_KEEP}) (?P<l>(?:the|its|their|his|her|an?) .{{2,800}})$", re.I)
_EACH_KEPT = re.compile(
    rf"^(?P<l>.{{2,600}}?) of (?:each|every|all|any) (?P<o>{_NOUN}) (?:is|are|must be|should be|will be|gets?)"
    rf" (?:also |always )?{_PART}"
    r"(?:, (?:together with|along with|plus|as well as) (?P<l2>.{2,300}))?$",
    re.I,
)
_GIVEN = re.compile(
    rf"^(?:you|we|users?|people|one) (?:can|may|must|should) (?:give|assign) (?:an?|each|every|the)"
    rf" (?P<o>{_NOUN}) (?P<l>(?:an?|one|its|the) .{{2,600}})$",
    re.I,
)
_DIFFER = re.compile(rf"^(?:{_DET} )?(?P<o>{_NOUN}) (?:differ|vary) (?:in|by) {_L}$", re.I)
_THERE = re.compile(
    rf"^there (?:is|are|must be|should be|has to be|will be) (?:{_DET} )?(?P<o>{_NOUN})(?: table| entity|"
    rf" record)? (?:with|having|that has|which has) {_L}$",
    re.I,
)
_EACH_OF = re.compile(
    rf"^(?P<o>{_NOUN})(?::| -| –|,) (?:each|every one|each one|each of them|they|it|these)(?: of them)? (?:has"
    rf"|have|gets|carries|needs) {_L}$",
    re.I,
)
_ENTERING = re.compile(
    rf"^(?:whoever|who|anyone who|everyone who|users who|to|when you|if you) (?:add|adds|create|creates|register"
    rf"|registers|enter|enters|book|books|open|opens) "
    rf"(?:an?|the|a new) (?P<o>{_NOUN}),? (?:you |they |he |she )?(?:(?:has to|have to|must|should|can|need to"
    rf"|needs to) )?(?:enters?|gives?|provides?|specif(?:y|ies)|fills? in"
    rf"|states?|needs?) {_L}$",
    re.I,
)
_PER = re.compile(rf"^(?P<l>[^:.]{{3,300}}) (?:per|for each|for every) (?P<o>{_NOUN})$", re.I)
_LONGEST_WITH = 400
_WHAT_WE = re.compile(
    rf"^what (?:we|one|you|i)(?: {_MODAL}| want| need| have)* {_KEEP} (?:about|of|for|on|per) (?:{_DET}"
    rf" )?(?P<o>{_NOUN})(?: is| are)?(?::| -|(?<=is)|(?<=are)) {_L}$",
    re.I,
)
_WHENEVER = re.compile(
    rf"^(?:when|whenever|once|as soon as|if) (?:an?|the|each|every) (?P<o>{_NOUN}) (?:is|gets|arrives|comes|has"
    rf" been) ?(?:[\w]+)?(?: in)?,? {_SAYS} {_L}$",
    re.I,
)
_ADDED = re.compile(
    rf"^(?:(?:let['’]?s|we|please|also|should|must|could|can|need to|have to|i['’]d|to|don['’]?t forget(?: to)?"
    rf"|do not forget|remember|shall) )*"
    rf"(?:add|put|include|append|don['’]?t forget|do not forget|attach)? ?(?P<l>(?:an?|the|another|two|some)"
    rf" .{{2,300}}?) (?:to|on|in|onto) "
    rf"(?P<det>each|every|the|all|an?|our) (?P<o>{_NOUN})$",
    re.I,
)
_WITH = re.compile(rf"^(?:an? |each |every )?(?P<o>{_NOUN}) with(?: the {_LABEL}:?)? {_L}$", re.I)
_ABOUT = re.compile(rf"^(?:for|about|on|per|wrt|regarding|as for|concerning) (?:{_DET} )?(?P<o>{_NOUN}): ?{_L}$", re.I)
_NAMED = re.compile(rf"^(?:an?|each|every|any) (?P<o>{_NOUN}): {_L}$", re.I)
_ARROW = re.compile(rf"^(?:{_DET} )?(?P<o>{_NOUN}) ?(?:→|->|=>|⇒) ?{_L}$", re.I)
_ARROWS = re.compile(r"→|->|=>|⇒|>")
_CARES = re.compile(r"\b(?:add|put|include|append|attach|forget|remember)\b", re.I)
_MAY = re.compile(r"^(?:can|may|might|could)\b", re.I)
_MUST = re.compile(r"^(?:must|has to|have to|shall|needs to|need to)\b.* have$|^(?:must have)$", re.I)
_OWNS = re.compile(r"\b(?:has|have|has got|have got)$|with$|by$|^(?:comes?|carries|carry|(?:is|are) given)\b", re.I)


def english_frames(text: str) -> Iterator[Frame]:
    """Yield what a sentence may say of a thing, the likeliest first."""
    said = text.strip(" .!")
    for pattern in (_FOLLOWING, _NEEDED, _LABELLED, _THING_LABELLED, _WHAT_WE):
        if found := pattern.match(said):
            label = (found.groupdict().get("label") or "").lower()
            must = True if re.match(r"required|mandatory", label) else False if label.startswith("optional") else None
            yield Frame(found["o"], found["l"], required=must)
    for pattern in (_SEE_FOR, _KEEP_PER, _OF_KEPT, _ABOUT, _GIVEN, _THERE, _EACH_OF, _ENTERING):
        if found := pattern.match(said):
            yield Frame(found["o"], found["l"])
    if found := _EACH_KEPT.match(said):
        yield Frame(found["o"], ", ".join(one for one in (found["l"], found["l2"]) if one))
    if found := _KEPT_OF.match(said):
        yield Frame(found["o"], found["l"], sure=found["det"].lower() in {"each", "every"})
    if found := _HAVE.match(said):
        yield _having(found)
    yield from _unsure_frames(said)


def _unsure_frames(said: str) -> Iterator[Frame]:
    """Yield frames whose words may speak of something else, so that their list must look like attributes."""
    if _CARES.search(said[:60]) and (found := _ADDED.match(said)):
        yield Frame(found["o"], found["l"], sure=found["det"].lower() in {"each", "every"})
    short = len(said) < _LONGEST_WITH
    arrow = "," in said and not _ARROWS.search(said, said.find("→") + 1 or said.find(">") + 1)
    listed = bool(re.search(r", | and |\w/\w+/", said))
    for pattern, likely in (
        (_WHENEVER, True),
        (_KEPT_FOR, True),
        (_DIFFER, True),
        (_ARROW, arrow),
        (_PER, listed),
        (_WITH, "," in said and short),
        (_NAMED, "," in said),
    ):
        if likely and (found := pattern.match(said)) and not (pattern is _ARROW and found["o"].isupper()):
            yield Frame(found["o"], found["l"], sure=False)


def kept_besides(text: str) -> str:
    """Return the list of "we also store a, b and c", which is about the thing before; "" where it is none."""
    found = _BESIDES.match(text.strip(" .!"))
    return found["l"] if found else ""


def _having(found: re.Match[str]) -> Frame:
    verb = found["v"].lower()
    must = True if _MUST.match(verb) else False if _MAY.match(verb) and verb.endswith(("have", "carry")) else None
    pre = ", ".join(p for p in (found["pre"], found["mid"]) if p)
    return Frame(found["o"], found["l"], pre, verb, sure=bool(_OWNS.search(verb)), required=must)
