"""Turns the many ways in which people grant and refuse into the one that the grammar of rights reads: "X may do Y".

Each way is a pattern that is anchored at both ends of a clause, with stretches of bounded length, so that a text is
read in linear time. What no pattern knows stays as it was said.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from bot.reading.people import looks_like_people
from bot.reading.prose.access.deeds import deed, never
from bot.reading.prose.access.german_wording import german
from bot.reading.prose.access.verbs import VERB_OF
from bot.reading.prose.access.ways import WHAT, WHO, Way, first_fit, way
from bot.reading.tokens import lemma

_LONGEST = 600
_DOING = r"(?P<doing>[a-z]+ing(?:(?:,| and| or|, and|, or|/) ?[a-z]+ing)*)"
_BE = r"(?:is|are|will be|must be|should be|shall be)"
_TO = r"(?:to|for|on|over|of|in)"
_ALL = r"(?:full|complete|total|unrestricted|unlimited|all|every|admin(?:istrator)?)"
_ACCESS = r"(?:access(?: rights?)?|control|rights?|permissions?|privileges?)"
_HAS = (
    r"(?:has|have|gets?|receives?|(?:is|are) (?:given|granted)|(?:may|can|should|shall|must|will)(?: only)? have"
    r"|with|enjoys?)"
)
_ONLY = r"(?: only| just| solely| exclusively| strictly)*"
_MODAL = r"(?:may|can|should|shall|must|is allowed to|are allowed to)"
_WRITES = "create, edit and delete"
_FINITE = re.compile(
    r"\b(?:may|can|cannot|can't|must|should|shall|has|have|is|are|was|were|will|does|do|darf|dürfen|kann|können|"
    r"hat|haben|ist|sind|muss|müssen)\b",
    re.I,
)

_way = partial(way, "but |and |while |whereas |also |so |then |however,? ")


def _base(doing: str) -> str:
    """Return verbs of a list of gerunds: ``viewing and modifying`` gives ``view and modify``."""
    return re.sub(r"[a-z]+ing", lambda m: _verb(m[0]), doing.lower().replace("/", ", "))


def _bases(what: str) -> str:
    """Return what is done with its gerunds as verbs: "reading animals" is "read animals"."""
    found = re.match(rf"{_DOING}(?= |$)", what)
    doing = found is not None and not found[0].endswith("thing")
    return f"{_base(found[0])}{what[found.end() :]}" if found and doing else what


def _verb(gerund: str) -> str:
    known = lemma(gerund, "en")
    if known != gerund:
        return known
    stem = gerund.removesuffix("ing")
    short = stem[:-1] if len(stem) > 3 and stem[-1:] == stem[-2:-1] and stem[-1] not in "ls" else stem
    return next((one for one in (stem, f"{stem}e", short) if one in VERB_OF), short)


_WHOLE = re.compile(
    r"(?:(?:all|every|any|the|entire|whole|complete|our|platform|system|admin)[ -]?)*"
    r"(?:features?|functions?|functionality|areas?|modules?|system|platform|application|app|backend|data|resources?"
    r"|entities|records|everything|anything|api|endpoints?)$",
    re.I,
)
"""Words for all that there is: "full access to all features"."""


def _things(found: re.Match[str], prefix: str = " ") -> str:
    what = found["what"]
    return f"{prefix}{what if what and not _WHOLE.match(what) else 'everything'}"


_WAYS: Final[tuple[Way, ...]] = (
    # as somebody, I can
    _way(
        r"as (?:an? |the )?(?P<who>[^,.;:()]{2,60}?),? i(?: only)? (?:can|may|must|should|want to|need to|would "
        r"like to|wish to|"
        rf"(?:should |must |want to |need to )be able to|am allowed to|have to) {WHAT}"
        r"(?:,? (?:so that|so i|in order to|because|to be able)\b.{0,400})?",
        lambda m: f"The {m['who']} may {m['what']}",
    ),
    _way(rf"it(?: is|'s)(?: only)? {WHO} (?:who|that) {WHAT}", lambda m: f"{m['who']} {m['what']}"),
    # nobody but
    _way(
        rf"(?:apart from|except(?: for)?|besides|other than|aside from) {WHO},? (?:nobody|no one|no-one|none)"
        rf"(?: else)? {_MODAL} {WHAT}",
        lambda m: f"Only {m['who']} may {m['what']}",
    ),
    _way(
        rf"(?:nobody|no one|no-one|none)(?: else)? {_MODAL} (?:ever )?{WHAT},? (?:except(?: for)?|but|other than"
        rf"|apart from|"
        rf"besides|aside from) {WHO}",
        lambda m: f"Only {m['who']} may {m['what']}",
    ),
    _way(
        rf"(?:nobody|no one|no-one|none)(?: else)? (?:apart from|aside from|other than|save(?: for)?"
        rf"|except(?: for)?|but"
        rf"|besides) {WHO} {_MODAL} (?:ever )?{WHAT}",
        lambda m: f"Only {m['who']} may {m['what']}",
    ),
    # nothing but, everything but
    _way(
        rf"{WHO} (?:{_MODAL} |does |do |gets? )?(?:do |to do )?nothing (?:but|except(?: for)?|other than|apart from"
        rf"|besides)"
        rf" {WHAT}",
        lambda m: f"{m['who']} may only {_bases(m['what'])}",
    ),
    _way(
        rf"{WHO} (?:{_MODAL} |does |do )?(?:do |handle )?(?:everything|anything|all) (?:except(?: for)?|but|apart from"
        rf"|other than|minus|bar) {_DOING}(?: of)? {WHAT}",
        lambda m: f"{m['who']} may handle everything, but may not {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"{WHO} {_MODAL} (?:only |just )?(?P<verb>[a-z]+) (?P<what>[^,.;:]{{2,80}}?),? (?:(?:so|but|and|i\.e\.|that"
        rf" is|meaning|hence|thus),? )?(?:not?|never|without)(?: any)? {_DOING}(?: (?:them|it|anything))?",
        lambda m: f"{m['who']} may only {m['verb']} {m['what']}, but may not {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"{WHO} (?P<verb>[a-z]+?)s? nothing (?:but|except(?: for)?|other than|apart from|besides) {WHAT}",
        lambda m: f"{m['who']} may only {m['verb']} {m['what']}" if m["verb"] in VERB_OF else None,
    ),
    _way(
        rf"{_DOING}(?:(?: of)? {WHAT})? {_BE} (?:never|not) (?:allowed|permitted|possible|an option) (?:for"
        rf"|to) (?:anybody|anyone"
        rf"|everybody|everyone|all)(?: else)? (?:but|except(?: for)?|other than|apart from) {WHO}",
        lambda m: f"Only {m['who']} may {_base(m['doing'])} {m['what'] or 'anything'}",
    ),
    _way(
        rf"{WHO} (?:can't|cannot|can not|may not|must not|mustn't"
        rf"|should not) (?P<verb>[a-z]+) (?P<what>[^,.;:]{{2,80}}?),?"
        r" (?:because )?(?:that|this)(?:'s|’s| is) (?:only |just )?(?:for|up to|left to|a job for|the job of"
        r"|reserved for) (?P<other>[^,.;:]{2,60})",
        lambda m: f"{m['who']} may not {m['verb']} {m['what']}; only {m['other']} may {m['verb']} {m['what']}",
    ),
    _way(
        rf"{WHO} {_MODAL} do (?:anything|everything|all) (?:that )?(?:an? |the )?[a-z]+(?: [a-z]+)? (?:may|can|does"
        rf"|do)(?: do)?"
        rf"(?:,? (?:and|plus)(?: also| can| may)* |, )(?:also )?{WHAT}",
        lambda m: f"{m['who']} may {m['what']}",
    ),
    # doing something is for somebody
    _way(
        rf"(?:the )?{_DOING}(?: of)? {WHAT} {_BE}{_ONLY} (?:restricted|limited|reserved|confined|left|open"
        rf"|allowed|permitted|"
        rf"granted|possible|up|done){_ONLY} (?:to|for|by){_ONLY} {WHO}(?: only| alone)?",
        lambda m: f"Only {m['who']} may {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"(?:the )?{_DOING}(?: of)? {WHAT} {_BE} (?:an? |the )?(?:job|task|duty|responsibility|business"
        rf"|privilege) (?:of|for) "
        rf"{WHO}(?: only| alone)?",
        lambda m: f"Only {m['who']} may {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"{_DOING}(?: of)? {WHAT} (?:requires?|needs?) (?:the |an? )?{WHO}"
        r"(?P<right> role| rights?| permissions?| privileges?| access)?",
        lambda m: (
            f"Only {m['who']} may {_base(m['doing'])} {m['what']}"
            if m["right"] or looks_like_people(m["who"])
            else None
        ),
    ),
    _way(
        rf"(?:to {WHAT},? )(?:you|one|people|users?|callers?) (?:must|has to|have to|needs? to) be (?:an? |the "
        rf")?{WHO}",
        lambda m: f"Only {m['who']} may {m['what']}",
    ),
    _way(
        rf"access to {WHAT} {_BE}{_ONLY} (?:restricted|limited|reserved|confined|granted|open|given){_ONLY} (?:to"
        rf"|for){_ONLY} "
        rf"{WHO}(?: only| alone)?",
        lambda m: f"Only {m['who']} may handle {m['what']}",
    ),
    # hidden, read-only, for somebody
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) (?:{_BE} (?:hidden from|invisible (?:to|for)|not (?:visible|accessible"
        rf"|available|shown) "
        r"(?:to|for|by)|off[- ]limits (?:to|for))|(?:must|should|may) not be (?:visible|shown|accessible) (?:to"
        r"|for|by)) "
        rf"{WHO}",
        lambda m: f"{m['who']} may not see {m['what']}",
    ),
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) {_BE} (?:read|view)[- ]only (?:for|to) {WHO}",
        lambda m: f"{m['who']} may only read {m['what']}",
    ),
    # access of a kind
    _way(
        rf"{WHO} {_HAS}(?: no| not any| no kind of| neither)(?: (?P<kind>write|writing|edit(?:ing)?|read|delete))? "
        rf"{_ACCESS}(?: at all| whatsoever)?(?: {_TO} {WHAT})?",
        lambda m: f"{m['who']} may not {_refused(m['kind'] or '')}{_things(m) if m['what'] else ' anything'}",
    ),
    _way(
        rf"{WHO} (?:does not|do not|doesn't|don't) (?:have|get) (?:any |the )?"
        rf"(?:(?P<kind>write|edit(?:ing)?|read|delete) )?{_ACCESS}(?: {_TO} {WHAT})?",
        lambda m: f"{m['who']} may not {_refused(m['kind'] or '')}{_things(m) if m['what'] else ' anything'}",
    ),
    _way(
        rf"{WHO} {_HAS}(?: (?:the|an?))?(?: only)? (?:read|view|reading|viewing)[- ]?only(?: {_ACCESS})?(?: "
        rf"(?:{_TO}) {WHAT})?",
        lambda m: f"{m['who']} may only read{_things(m) if m['what'] else ''}",
    ),
    _way(
        rf"{WHO} {_HAS}(?: (?:the|an?))? (?:read[- /]?(?:and |& |\+ )?(?:write|edit)|write and read)(?: {_ACCESS})?"
        rf"(?: {_TO} {WHAT})?",
        lambda m: f"{m['who']} may read, {_WRITES}{_things(m)}",
    ),
    _way(
        rf"{WHO} {_HAS}(?: (?:the|an?))? (?:write|writing|edit(?:ing)?) {_ACCESS}(?: {_TO} {WHAT})?",
        lambda m: f"{m['who']} may {_WRITES}{_things(m)}",
    ),
    _way(
        rf"{WHO} {_HAS}(?P<only> only)?(?: (?:the|an?))?(?: only)? (?:read|view|reading|viewing) {_ACCESS}(?: "
        rf"{_TO} {WHAT})?",
        lambda m: f"{m['who']} may{m['only'] or ''} read{_things(m)}",
    ),
    _way(
        rf"{WHO} {_HAS}(?: the)? {_ALL}(?: (?:system|admin))? {_ACCESS}(?: {_TO} {WHAT})?"
        r"(?:, including .{1,200})?",
        lambda m: f"{m['who']} may handle{_things(m)}",
    ),
    # allowed, limited, prevented
    _way(
        rf"{WHO} {_BE} (?:not|never) (?:allowed|permitted|able|authori[sz]ed|entitled|supposed|meant) to {WHAT}",
        lambda m: f"{m['who']} may not {m['what']}",
    ),
    _way(
        rf"{WHO} (?:must|should|may|shall) (?:not|never) be (?:allowed|permitted|able|authori[sz]ed|entitled) to "
        rf"{WHAT}",
        lambda m: f"{m['who']} may not {m['what']}",
    ),
    _way(
        rf"{WHO} (?:{_BE}|must be|should be)(?P<only> only)? (?:allowed|permitted|able|authori[sz]ed|entitled|free)"
        rf"(?P<also> only)? to {WHAT}",
        lambda m: f"{m['who']} may{m['only'] or m['also'] or ''} {_then(m['what'])}",
    ),
    _way(
        rf"{WHO} {_BE}{_ONLY} (?:limited|restricted|confined) to {_DOING} {WHAT}",
        lambda m: f"{m['who']} may only {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"{WHO} {_BE} (?:responsible for|in charge of|the only ones? (?:responsible for|in charge of)) {_DOING} "
        rf"{WHAT}",
        lambda m: f"{m['who']} may {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"(?:please )?(?:prevent|stop|keep|block|bar) {WHO} from {_DOING} {WHAT}",
        lambda m: f"{m['who']} may not {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"{WHO} {_BE} (?:prevented|barred|blocked|excluded|kept|forbidden) from {_DOING} {WHAT}",
        lambda m: f"{m['who']} may not {_base(m['doing'])} {m['what']}",
    ),
    _way(
        rf"(?:please )?(?:do not|don't|never) (?:let|allow|permit) {WHO} (?:to "
        rf")?(?P<what>(?:{'|'.join(sorted(VERB_OF))})\b"
        r"[^.;:]{0,200}?)",
        lambda m: f"{m['who']} may not {m['what']}",
    ),
    _way(
        rf"(?:please |we )?(?:let|allow|permit|enable) (?P<only>only )?{WHO} (?:to )"
        rf"(?P<what>(?:{'|'.join(sorted(v for v in VERB_OF if v.isascii()))})\b[^.;:]{{0,200}}?)",
        lambda m: f"{(m['only'] or '').capitalize()}{m['who']} may {m['what']}",
    ),
)
_OF_SECURITY: Final[tuple[Way, ...]] = (
    _way(
        rf"(?P<what>[^.;:,]{{2,80}}?) {_BE}{_ONLY} (?:restricted|limited|reserved){_ONLY} (?:to|for){_ONLY} {WHO}"
        r"(?: only| alone)?",
        lambda m: f"Only {m['who']} may handle {m['what']}",
    ),
)
"""Ways that say something else where nobody asks about rights: "a room is reserved for a guest"."""
_SLASHED = re.compile(r"\b[a-z]+(?:/[a-z]+)+\b", re.I)
_READ_WRITE = re.compile(r"\bread[-/](?:and[- ])?write\b", re.I)
_NOT_TO = re.compile(r",? (?:but|and) (?:not|never) to (?=[a-z])", re.I)
_ARROWED = re.compile(
    r"(?:^|(?<=[;|]) ?)[`*]*(?P<who>[^\W\d][\w' -]{1,40}?)[`*]* ?(?:->|→|=>|=) ?(?P<what>[a-z][^;|]{2,200})"
)
_CUT = re.compile(r"(;\s*|,\s+(?=(?:but|while|whereas|and)?\b))")


def _refused(kind: str) -> str:
    low = kind.lower()
    if low.startswith(("writ", "edit")):
        return "create, edit or delete"
    return low if low in {"read", "delete"} else "access"


def _then(said: str) -> str:
    return _NOT_TO.sub(", but may not ", said)


def plainly(text: str, *, asked: bool = True) -> str:
    """Return a sentence about rights in the grammar's own words, or as it is where it is in none of the ways.

    `asked` is whether rights were asked about.

    >>> plainly("Deleting a slab is restricted to foremen.")
    'Only foremen may delete a slab.'
    """
    if len(text) > _LONGEST or " " not in text:
        return text
    text = never(text)
    text = _SLASHED.sub(_unslashed, _READ_WRITE.sub(f"read, {_WRITES}", text))
    if asked:
        text = re.sub(r";\s*[;|]\s*", "; ", _ARROWED.sub(_granted, text))
    if (whole := _one(text, asked=asked)) is not None:
        return f"{whole}."
    pieces = _CUT.split(text)
    if len(pieces) == 1:
        return _then(text)
    said = [piece if n % 2 else (_one(piece, asked=asked) or piece) for n, piece in enumerate(pieces)]
    return "".join(said) if said != pieces else text


def _one(text: str, *, asked: bool) -> str | None:
    """Return one clause in the grammar's words, None where it is in none of the ways."""
    if (given := deed(text)) is not None:
        return given
    fit = first_fit((*_WAYS, *_OF_SECURITY) if asked else _WAYS, _FINITE, text)
    if fit is None:
        return german(text)
    said, found = fit
    return said(found)


def _unslashed(found: re.Match[str]) -> str:
    """Return ``create/read/update`` as a list, whatever else stands as it is."""
    parts = found[0].split("/")
    known = all(part.lower() in VERB_OF and not part.isupper() for part in parts)
    return ", ".join(parts) if known else found[0]


_LIMITED = re.compile(r"(?:nothing (?:but|except|other than)|only|just|nur) (?=[a-z])", re.I)


def _granted(found: re.Match[str]) -> str:
    """Return "brewer = create batches" as a sentence, if it is one of rights."""
    what, who = found["what"].strip(), found["who"].strip()
    limited = _LIMITED.match(what)
    what = f"only {_bases(what[limited.end() :])}" if limited else _bases(what)
    first = re.match(r"(?:only )?([a-z]+)", what)
    if what.rstrip(" .").lower() in {"nothing", "none", "no access"} and looks_like_people(who):
        return f"{who} may not access anything; "
    if first is None or (first[1] not in VERB_OF and lemma(first[1], "de") not in VERB_OF):
        return found[0]
    return f"{who} may {what}; "
