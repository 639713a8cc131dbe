"""What people write in a thread that is no answer to what was asked there: told by its words alone.

Nothing here is guessed from what an answer should look like: whatever is not plainly one of these is an answer. A wrong
guess loses nothing, for who wrote it is told and says that it is one.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Remark(StrEnum):
    """Why words are not taken as an answer."""

    ADDRESSED = "addressed"
    """They begin by speaking to somebody else."""

    ASIDE = "aside"
    """They stand in brackets, or say that they are beside the matter."""

    COURTESY = "courtesy"
    """Thanks, greetings, laughter, an emoji, "let me check"."""

    AGREEMENT = "agreement"
    """"ok", "+1": an answer only where the question wants a yes or a no."""

    ENQUIRY = "enquiry"
    """They only ask."""

    SKIP = "skip"
    """They ask for the next question."""


UNSPOKEN: Final = frozenset({Remark.ADDRESSED, Remark.ASIDE})
"""Not meant for the bot by the writer's own sign: neither kept nor spoken of."""

_SHORT: Final = 80
_ENQUIRY: Final = 280
_ASIDE: Final = 600
_GAP: Final = r"[\s,.!?…;:~*_-]+"


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


_SOON: Final = r"(?: (?:it|that|this|into it|later|today|tomorrow|first|now|around|again|quickly|with \w+|my \w+))*"
_PEOPLE: Final = r"(?: (?:all|everyone|everybody|team|folks|guys|there|both|you|mate|again|@[\w.-]+))*"
_COURTESY_WORDS: Final = _any(
    r"(?:many )?thanks?(?: (?:you|a lot|a ton|so much|very much|in advance|for \w+(?: \w+){0,3}))*" + _PEOPLE,
    r"th?x+", r"ty(?:sm)?", r"cheers", r"(?:much )?appreciated",
    r"(?:so |very |really |that is |that's |this is )?"
    r"(?:great|nice|cool|awesome|perfect|super|excellent|amazing|brilliant|wonderful|lovely|fun|funny|interesting|neat|sweet)"
    r"(?: (?:one|work|job|stuff|idea|question|point|catch|to know|to see))?",
    r"good (?:morning|afternoon|evening|night|day|point|question|idea|one|job|work|stuff|luck|catch|weekend)" + _PEOPLE,
    r"(?:hi|hello|hey|hiya|yo|howdy|morning|welcome|moin|servus|hallo|greetings)" + _PEOPLE,
    r"wait(?: what| a (?:sec|second|minute|moment))?", r"(?:hold|hang) on(?: a (?:sec|second|minute|moment))?",
    r"i?'?m? ?in a meeting", r"love (?:it|this|that)",
    r"(?:gotta|got to|have to|need to) (?:go|run)", r"well put", r"finally", r"carry on",
    r"got it", r"i see", r"understood", r"noted", r"makes sense", r"on it", r"i'?m on it", r"fair(?: enough| point)?",
    r"(?:lol|lmao|rofl|haha+(?:ha)*|hehe+|heh|xd)",
    r"(?:wo+w|whoa|oh+|ooh+|ah+|aha|oops|ouch|uh+|um+|er+m?|h+m+|huh|mhm)",
    r"(?:ya+y|woo+t?|hooray|brb|bbl|afk|fyi|bump|ping|typo|nvm|never ?mind|ignore (?:me|that|this))",
    r"(?:(?:just |give me )?(?:one|a) |1 )?(?:sec(?:ond)?|moment|minute|min)s?(?: please)?",
    r"(?:let me|i(?:'ll| will| have to| need to| must)|we(?:'ll| will)|i'?m|(?:still )?) ?"
    r"(?:check(?:ing)?|look(?:ing)?(?: into it| it up)?|think(?:ing)?(?: about (?:it|that|this))?|"
    r"ask(?:ing)?(?: (?!and)\w+)?|see|(?:and )?get back(?: to (?:you|this|it|that))?|"
    r"come back(?: to (?:you|this|it|that))?|read(?:ing)?|typing|writing)" + _SOON,
    r"and get back(?: to (?:you|this|it|that))?",
    r"(?:back|more) (?:soon|later|tomorrow|in a (?:bit|moment|minute))", r"(?:talk|speak|see you|bye|until)(?: \w+)?",
    r"(?:so )?sorry(?: (?:for|about) \w+(?: \w+){0,3})?", r"my bad", r"no (?:worries|problem)", r"np", r"yw",
    r"you'?re welcome", r"any ?time", r"congrat(?:s|ulations)" + _PEOPLE, r"happy \w+day", r"well (?:done|said)",
    r"test(?:ing)?(?: test(?:ing)?| \d+)*", r"danke(?: sch(?:ö|oe)n| dir| euch)?", r"merci", r"gracias", r"grazie",
    r"obrigad[oa]", r"спасибо", r"привет", r"谢谢", r"你好", r"ありがとう(?:ございます)?",
)  # fmt: skip
_AGREEMENT_WORDS: Final = _any(
    r"o+k+(?:ay|ie|i|ey)?", r"k", r"kk", r"al+ ?right", r"sure(?: thing)?", r"sounds (?:good|great|right)(?: to me)?",
    r"(?:looks|seems) (?:good|great|right|fine)(?: to me)?", r"lgtm", r"sgtm", r"[+]1",
    r"(?:i )?agreed?(?: with \S+){0,2}",
    r"(?:the )?same(?: here)?", r"me too", r"what \S+ said", r"exactly", r"indeed", r"right",
    r"will do", r"works for me",
    r"done", r"this", r"passt", r"genau", r"👍",
)  # fmt: skip
_COURTESY: Final = re.compile(rf"{_COURTESY_WORDS}(?:{_GAP}{_any(_COURTESY_WORDS, _AGREEMENT_WORDS)})*")
_AGREEMENT: Final = re.compile(rf"{_AGREEMENT_WORDS}(?:{_GAP}{_any(_COURTESY_WORDS, _AGREEMENT_WORDS)})*")
_SKIP: Final = re.compile(
    r"(?:(?:please|let'?s|can we|could we|we can|i'?d|i would|we|i'?ll|just|ok|okay|can you) )*(?:skip|pass|next)"
    r"(?: (?:it|this|that|one|question|please|for now|on this|on that|the|now))*"
)
_SHORTCODE: Final = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-\d)?:", re.IGNORECASE)
_NOTHING: Final = re.compile(r"[\s.,!?…~*_]*")
_SENTENCE: Final = re.compile(r"[^.!?…\n]*[.!?…]+|[^.!?…\n]+")
_ASKS: Final = re.compile(
    r"(?:(?:h+m+|so|ok|okay|wait|and|but|sorry|oh|well|hey|er+m?|uh+|um+),? )*"
    r"(?:who|whose|why|when|where|what|how)(?:(?:'s|'re) [^.,:;=()\n]*|"
    r" (?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|wrote|said|made|came|on earth|"
    r"about|the heck)\b[^.,:;=()\n]*|)"
)
_BESIDE: Final = re.compile(
    r"(?:\(\s*(?:aside|ot|off[- ]?topic|side ?note)\s*\)|\[\s*(?:aside|ot|off[- ]?topic)\s*\]|"
    r"(?:aside|side ?note|ot|off[- ]?topic)\s*(?:[:–—-]|but\b|,)|psst\b)",
    re.IGNORECASE,
)
_CLOSED: Final = re.compile(
    r"(?:(?:so|and|then|or),? )?(?:do|does|did|is|are|was|were|should|shall|can|could|may|might|will|"
    r"would|must|has|have|need)\b",
    re.IGNORECASE,
)


def remark_of(text: str, *, asked: str = "") -> Remark | None:
    """Return what words are that are no answer to `asked`, None for whatever may be one.

    Whom they speak to is not seen from the words: see `Remark.ADDRESSED`, which whoever parsed the message knows.
    """
    said = text.strip()
    if _is_aside(said):
        return Remark.ASIDE
    bare = _bare(said)
    if bare is None:
        return None
    if not bare or _COURTESY.fullmatch(bare):
        return Remark.COURTESY
    if _AGREEMENT.fullmatch(bare):
        return None if _wants_yes_or_no(asked) else Remark.AGREEMENT
    if _SKIP.fullmatch(bare.replace(",", "")):
        return Remark.SKIP
    return Remark.ENQUIRY if _only_asks(said) else None


def is_in_brackets(said: str) -> bool:
    """Return whether words stand in brackets without saying that they are beside the matter.

    By themselves they are among people; most of those that follow one's own words add to them.
    """
    return _is_aside(said) and not _BESIDE.match(said)


def _is_aside(said: str) -> bool:
    if len(said) > _ASIDE:
        return False
    if _BESIDE.match(said):
        return True
    depth = 0
    for place, sign in enumerate(said):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return said[0] == "(" and place == len(said) - 1
    return False


def _bare(said: str) -> str | None:
    """Return the words in lower case, without emoji and signs at their ends; None if there are many.

    "" means that nothing but emoji and signs was said; a dash alone is a way to say "nothing", and stays.
    """
    if len(said) > _ENQUIRY:
        return None
    words = _SHORTCODE.sub(lambda code: " +1 " if code[0].startswith((":+1", ":thumbsup")) else " ", said)
    shown = "".join(sign for sign in words if sign == "👍" or not _is_drawn(sign))
    plain = " ".join(shown.casefold().replace("\u2019", "'").split()).strip(" .,!?…~*_;:")
    return plain if plain or _NOTHING.fullmatch(shown) else None


def _is_drawn(sign: str) -> bool:
    """Whether a sign is an emoji or a part of one: no letter, digit or mark of punctuation."""
    return sign in "\u200d\ufe0f\u20e3" or unicodedata.category(sign) in {"So", "Sk", "Cn"}


def _only_asks(said: str) -> bool:
    sentences = [part.strip() for part in _SENTENCE.findall(said) if part.strip(" .…\n")]
    if sentences and sentences[-1].endswith("?"):
        return all(one.endswith("?") or _is_filler(one) for one in sentences)
    return len(said) <= _SHORT and _ASKS.fullmatch(said.casefold().replace("\u2019", "'").rstrip(" !…")) is not None


def _is_filler(sentence: str) -> bool:
    bare = sentence.casefold().strip(" .,!…")
    return _COURTESY.fullmatch(bare) is not None or _AGREEMENT.fullmatch(bare) is not None


def _wants_yes_or_no(asked: str) -> bool:
    question = asked.strip()
    return question.endswith("?") and _CLOSED.match(question) is not None
