"""What people do, as Slack delivers it: one delivery per copy of a seeded evaluation."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.evaluation import Dossier
from bot.domain.gate import Gate, GateState
from handlers.ids import ActionId, BlockId, Ref
from handlers.views.modals import verdict_form
from handlers.views.questions import question_card
from tests.bench import wire
from tests.bench.seed import VOTERS, Seeds, channel, copy_id, person, thread_ts
from tests.bench.standin import BOT_USER, TEAM
from tests.support.dossiers import OWNER, role

Json = dict[str, Any]
_stamps = itertools.count(1)


def skips(seeds: Seeds, first: int, count: int) -> Iterator[wire.Delivery]:
    """Clicks on “Skip” under each question of the copies `first`, `first` + 1, …: durable, no form."""
    dossier = seeds.collecting
    for question in dossier.questions:
        card = question_card(dossier, question)
        message = {"text": card.text, "blocks": [dict(block) for block in card.blocks]}
        value = Ref(dossier.evaluation.id, question.key).pack()
        for number in range(first, first + count):
            yield click(_renamed(message, dossier, number), _renamed(value, dossier, number), number)


def click(message: Json, value: str, number: int, action: str = ActionId.SKIP, where: str = "") -> wire.Delivery:
    stamp = f"{1772600000 + next(_stamps)}.000100"
    place = where or channel(number)
    message = {"ts": stamp, "type": "message", "user": BOT_USER, "team": TEAM, "bot_id": "B0EIPASBOT", **message}
    payload = {
        **_interaction("block_actions", OWNER),
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": place, "is_ephemeral": False},
        "channel": {"id": place, "name": "product-ideas"}, "message": message, "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T/1/x",
        "actions": [
            {
                "type": "button", "action_id": action, "block_id": "row", "value": value, "action_ts": stamp,
                "text": {"type": "plain_text", "text": "Skip", "emoji": True},
            }
        ],
    }  # fmt: skip
    return wire.interaction(payload, f"a:{OWNER}:{action}:row:{stamp}")


def verdicts(seeds: Seeds, first: int, count: int) -> Iterator[wire.Delivery]:
    """Submitted verdicts: two people approve each of the three gates; every second one decides."""
    dossier = seeds.in_review
    open_gates = [gate for gate in dossier.gates if gate.state is GateState.PENDING]
    for gate, voter in itertools.product(open_gates, VOTERS):
        view = _sent(dossier, gate)
        for number in range(first, first + count):
            yield _submission(_renamed(view, dossier, number), person(voter, number))


def _sent(dossier: Dossier, gate: Gate) -> Json:
    view = verdict_form(dossier, role(), gate, "approve")
    values = {BlockId.COMMENT: {ActionId.INPUT: {"type": "plain_text_input", "value": "Looks right to me."}}}
    return {**view, "state": {"values": values}, "team_id": TEAM, "hash": "1.abc", "app_id": "A0EIPAS", "bot_id": "B0"}


def _submission(view: Json, voter: str) -> wire.Delivery:
    view = {**view, "id": f"V{next(_stamps):010}"}
    payload = {**_interaction("view_submission", voter), "view": view, "response_urls": []}
    return wire.interaction(payload, f"v:{view['id']}")


def replies(seeds: Seeds, first: int, count: int) -> Iterator[wire.Delivery]:
    """Replies in the threads: each answers the question that is open there."""
    for _ in seeds.collecting.questions:
        for number in range(first, first + count):
            yield reply(channel(number), thread_ts(number))


def reply(place: str, thread: str, text: str = "We use PostgreSQL 16 with read replicas.") -> wire.Delivery:
    stamp = next(_stamps)
    ts, written = f"{1772700000 + stamp}.000200", f"a8744611-0210-4f85-9f15-{stamp:012x}"
    words = {"type": "text", "text": text}
    said = {
        "type": "message", "text": text, "user": OWNER, "ts": ts, "thread_ts": thread, "team": TEAM, "channel": place,
        "event_ts": ts, "channel_type": "channel", "client_msg_id": written,
        "blocks": [{"type": "rich_text", "block_id": "b", "elements": [
            {"type": "rich_text_section", "elements": [words]}]}],
    }  # fmt: skip
    payload = {
        "token": "t", "team_id": TEAM, "api_app_id": "A0EIPAS", "event": said, "type": "event_callback",
        "event_id": f"Ev{ts}", "event_time": 1772700000, "is_ext_shared_channel": False, "event_context": "4-x",
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True,
             "is_enterprise_install": False}
        ],
    }  # fmt: skip
    return wire.event(payload, f"m:{written}")


def commands(seeds: Seeds, first: int, count: int) -> Iterator[wire.Delivery]:
    """`/eipas status` of one evaluation after the other: reads everything about it and answers with a message."""
    for number in range(first, first + count):
        for _ in seeds.collecting.questions:
            yield command(f"status {copy_id(seeds.in_review.evaluation.id, number)}")


def command(text: str) -> wire.Delivery:
    return wire.form(
        {
            "token": "t", "team_id": TEAM, "team_domain": "bench", "channel_id": channel(0), "channel_name": "ideas",
            "user_id": OWNER, "user_name": "owner", "command": "/eipas", "text": text, "api_app_id": "A0EIPAS",
            "is_enterprise_install": "false", "trigger_id": f"1.{next(_stamps)}.x",
            "response_url": "https://hooks.slack.com/commands/T/1/x",
        }
    )  # fmt: skip


def start(number: int) -> wire.Delivery:
    """A submitted start form, for a thread of its own channel."""

    def field(**value: Any) -> Json:
        return {ActionId.INPUT: value}

    values = {
        BlockId.TITLE: field(type="plain_text_input", value=f"Idea {number}"),
        BlockId.DESCRIPTION: field(type="plain_text_input", value="Patients book a slot online."),
        BlockId.CHANNEL: field(type="conversations_select", selected_conversation=f"C0CLICK{number:03}"),
        BlockId.NEEDED: field(type="number_input", value="1"),
    }
    view = {
        "type": "modal", "callback_id": "eipas:start_form", "id": f"V{next(_stamps):010}",
        "private_metadata": json.dumps({"role": "backend-developer"}), "state": {"values": values}, "blocks": [],
    }  # fmt: skip
    return wire.interaction({**_interaction("view_submission", OWNER), "view": view, "response_urls": []})


def _interaction(kind: str, user: str) -> Json:
    return {
        "type": kind, "token": "t", "team": {"id": TEAM, "domain": "bench"}, "api_app_id": "A0EIPAS",
        "user": {"id": user, "username": "someone", "name": "someone", "team_id": TEAM}, "enterprise": None,
        "is_enterprise_install": False, "trigger_id": f"1.{next(_stamps)}.x",
    }  # fmt: skip


def _renamed(part: Any, dossier: Dossier, number: int) -> Any:
    """The same, about a copy."""
    text = json.dumps(part)
    for known in (dossier.evaluation.id, *(gate.id for gate in dossier.gates)):
        text = text.replace(known, copy_id(known, number))
    return json.loads(text)


KINDS: Mapping[str, Any] = {"skip": skips, "verdict": verdicts, "reply": replies, "command": commands}
