"""What is plainly no answer, and what must not be taken for chatter."""

from __future__ import annotations

import time

import pytest

from bot.domain.remarks import Remark, remark_of

COURTESY = [
    "thanks!", "Thank you so much", "thx :pray:", "Thanks everyone 🙏", "hi all", "Good morning!", "hmm", "Hmmm…",
    "haha",
    "👏👏", ":tada:", "🎉", "?!", "...", "let me check", "I'll ask around and get back to you", "one sec", "brb",
    "great question",
    "nice work", "sorry for the delay", "danke dir!", "спасибо", "谢谢", "got it, thanks", "Oh wow, cool", "bump",
    "test 1 2",
    "that's awesome", "still thinking about it", "morning team",
    "hang on", "hold on a sec", "I'm in a meeting", "love it!", "gotta run",
]  # fmt: skip
AGREEMENT = [
    "ok",
    "OK!",
    "okay, thanks",
    "+1",
    ":+1:",
    "👍",
    "sounds good to me",
    "LGTM",
    "agreed",
    "sure thing",
    "same here",
]
ENQUIRY = [
    "hmm, who wrote this?", "What does this mean?", "Why do we need OAuth here? Isn't that in the gateway already?",
    "who is on call", "ok, but when is the deadline?", "what about payments", "Is this the right thread?",
    "Wer weiß das?",
    "Thanks! Who can answer that?", "where do I find the old schema",
]  # fmt: skip
SKIP = ["skip", "Skip!", "skip this one please", "next question", "pass", "let's skip it for now", "can we skip this"]
ASIDE = ["(aside)", "(brb, lunch)", "(aside) the coffee is out", "[aside] nice logo", "aside: where is Ben",
    "OT: lunch?",
         "off-topic, but the demo is at 3", "( that was my cat (sorry) )"]  # fmt: skip
ANSWERS = [
    "y", "yes", "No.", "approve", "n/a", "-", "no idea", "not my area", "none", "42", "PostgreSQL",
    "PostgreSQL?  I think so.",
    "Thanks to the auditors we keep everything 10 years", "Thanks, and mind the holidays", "nothing to add",
    "When a patient books, the practice is told.", "What matters most is latency.", "How: REST.",
    "OK as HTTP status is 200",
    "(PostgreSQL) and (Redis)", "Skip tracing for internal calls", "pass through the gateway", "Next.js and Node",
    "Good morning reports are sent at 6", "same as in v1", "[{\"id\": 1}]", "GET /orders", "🧑‍🚀" * 200,
    "Do we need tenants? Yes: each clinic is one.", "Clerks, managers, auditors", "ok is a status, done is another",
    "Test cases are kept for a year", "Great Britain and Ireland only", "a sec is the limit for reads",
    "right-to-left text",
    "who: patients, clinics; what: bookings", "<!channel> <!here> <!everyone> wake up", "Danke heißt das Feld",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        *((text, Remark.COURTESY) for text in COURTESY),
        *((text, Remark.AGREEMENT) for text in AGREEMENT),
        *((text, Remark.ENQUIRY) for text in ENQUIRY),
        *((text, Remark.SKIP) for text in SKIP),
        *((text, Remark.ASIDE) for text in ASIDE),
    ],
)
def test_what_people_say_among_themselves_is_no_answer(text: str, remark: Remark) -> None:
    """Thanks, greetings, agreement, questions, "skip" and what stands in brackets are told from answers."""
    assert remark_of(text, asked="What is your preferred stack?") is remark


@pytest.mark.parametrize("text", ANSWERS)
def test_what_may_be_an_answer_is_one(text: str) -> None:
    """Short, odd, and words that begin like chatter: nothing of it is held back."""
    assert remark_of(text, asked="What is your preferred stack?") is None


@pytest.mark.parametrize("text", ["ok", "+1", "sure", "👍"])
def test_agreement_answers_what_wants_a_yes(text: str) -> None:
    """Where the question asks for yes or no, agreeing is the answer."""
    assert remark_of(text, asked="Shall deleted orders be kept?") is None


@pytest.mark.parametrize(
    "text", ["thanks " * 40, "ok, " * 70, "hi " * 90 + "x", "let me check it " * 17 + "!", "so why ok " * 28]
)
def test_no_words_take_long(text: str) -> None:
    """Every text is told within a twentieth of a second."""
    began = time.perf_counter()
    remark_of(text)
    assert time.perf_counter() - began < 0.05
