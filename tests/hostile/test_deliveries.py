"""What comes with Slack's own signature and should not: forged buttons, forms, commands, events and whole payloads."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from bot.devtools.local_slack import Person
from bot.devtools.local_slack.records import Member
from bot.devtools.local_slack.signed_http import signature
from bot.domain.evaluation import Dossier
from bot.domain.recap import RecapState
from handlers.ids import ActionId, BlockId, qualified
from tests.acceptance.looking import key_of, words
from tests.acceptance.stage import CHANNEL, Stage, Thread
from tests.hostile.test_hostile import cases
from tests.operations.asgi import FORM
from tests.operations.http_stage import over_http, url

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]
Standing = tuple[Dossier, Dossier, set[str]]
TITLE, PRIVATE = "Secret merger", "board-room"
LONG = {"LONG": "x" * 40_000, "DEEP": "[" * 1000}
STRANGER = Member(id="U0STRANGE1", name="sten", real_name="Sten Stranger", is_stranger=True, team="T0FOREIGN1")


@dataclass(frozen=True, slots=True)
class Ground:
    """An evaluation in a private channel and one in a public channel, both at the gate that Dan decides."""

    stage: Stage
    secret: Thread
    open: Thread
    ids: dict[str, str]

    async def standing(self) -> Standing:
        """All that a delivery can change, once nothing that an earlier one has changed is being read any more."""
        for thread in (self.secret, self.open):
            await thread.until(lambda d: all(r.state is not RecapState.PENDING for r in d.recaps), within=60)
        listed = await self.stage.app.services.queries.listing(self.ids["team"], None, open_only=False)
        return await self.secret.dossier(), await self.open.dossier(), {evaluation.id for evaluation in listed}

    def filled(self, value: Any) -> Any:
        """The value with this run's ids in the place of words with a dollar."""
        if isinstance(value, dict):
            return {self.filled(key): self.filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.filled(part) for part in value]
        if isinstance(value, str):
            for name in sorted(self.ids, key=len, reverse=True):
                value = value.replace(f"${name}", self.ids[name])
            return LONG.get(value, value)
        return value


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with over_http(tmp_path_factory.mktemp("forged")) as stage:
        private = await _private(stage)
        shown = await stage.start(title="Open to everybody", approvers={"go": ("dan",)})
        secret = await _secret(stage, private)
        for thread in (shown, secret):
            dossier = await thread.dossier()
            asked = {question.key: "As the documents say." for question in dossier.questions}
            actor = stage.actor("eva")
            await stage.app.services.questions.answer(actor, thread.id, asked)
            await thread.gate("go")
        stage.local.core.workspace.put_person(STRANGER)
        core, gates = stage.local.core, [(await thread.gate("go")).id for thread in (secret, shown)]
        ids = {
            "secret": secret.id, "open": shown.id, "secret_gate": gates[0], "open_gate": gates[1],
            "team": core.identity.team_id, "bot": core.identity.bot_user, "private": private,
            "channel": stage["eva"].channels[CHANNEL], "thread": shown.ts, "secret_thread": secret.ts,
            "eva_dm": core.workspace.direct(stage["eva"].user).id,
            **{name: stage[name].user for name in ("eva", "dan", "farid", "ben")}, "sten": STRANGER.id,
        }  # fmt: skip
        for thread in (shown, secret):
            await thread.until(lambda d: d.recaps and d.recaps[0].recap is not None)
            await thread.quiet()
        yield Ground(stage, secret, shown, ids)


async def _private(stage: Stage) -> str:
    eva = stage["eva"]
    channel = str((await eva.act("channels", name=PRIVATE, is_private=True))["channel"]["id"])
    await eva.act("invite_bot", channel=channel)
    return channel


async def _secret(stage: Stage, channel: str) -> Thread:
    view = await stage.form("eva")
    named = {qualified(BlockId.APPROVERS, "go"): stage.ids("dan")}
    assert await stage["eva"].submit(view, {BlockId.TITLE: TITLE, BlockId.CHANNEL: channel, **named}) == {}
    root = await stage["eva"].wait_for(
        lambda p: next((m for m in p.messages.values() if key_of(m) == "root" and TITLE in words(m)), None)
    )
    return Thread(stage, root)


@pytest.mark.parametrize("case", cases("deliveries"))
async def test_a_forged_button_or_form_changes_nothing(
    ground: Ground, case: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sender reads why not, and nothing of what they may not see; both evaluations are as they were."""
    given, person = ground.filled(case), ground.stage[case["by"] if case["by"] in ground.stage.people else "farid"]
    before, seen = await ground.standing(), _seen(person)
    capsys.readouterr()
    payload = _click(ground, given) if "click" in given else _form(ground, given)
    status, answer = await _send(ground, urlencode({"payload": json.dumps(payload)}).encode(), FORM)
    assert status == case.get("status", 200)
    if "error" in given:
        for field, said in given["error"].items():
            assert said in json.loads(answer)["errors"][field]
    if "says" in given:
        await person.wait_for(lambda p: given["says"] in answer or given["says"] in _new(p, seen), within=5)
    await _nothing_happened(ground, before, capsys)
    if case["by"] == "farid":
        assert TITLE not in answer + _new(person, seen)
    await ground.stage.close_forms()


@pytest.mark.parametrize("case", cases("payloads"))
async def test_a_payload_of_others_or_out_of_shape_changes_nothing(
    ground: Ground, case: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is answered with a plain status; nobody reads a word of the secret, and both evaluations are as they were."""
    given, farid = ground.filled(case), ground.stage["farid"]
    before, seen = await ground.standing(), _seen(farid)
    capsys.readouterr()
    status, answer = await _send(ground, *_whole(ground, given))
    assert status == case.get("status", 200), answer
    assert given.get("answers", given.get("says", "")) in answer
    if "taken" in given:
        # A second message of the same person, shortly after, joins the first.
        noted = (await ground.open.until(lambda d: d.notes != before[1].notes, within=10)).notes[-1]
        assert given.get("kept", given["event"]["text"]) in noted.text
        assert noted.guest == (given["event"]["user"] == ground.ids["farid"])
        assert "Traceback" not in "".join(capsys.readouterr())
        return
    if "refused" in given:
        await _a_file_is_refused(ground, given)
        assert "Traceback" not in "".join(capsys.readouterr())
        return
    await _nothing_happened(ground, before, capsys)
    assert TITLE not in answer + _new(farid, seen)


async def _a_file_is_refused(ground: Ground, given: Json) -> None:
    """It is noted, Slack is asked for it, and what Slack says stands beside its name; no document comes of it."""
    (file,) = given["event"]["files"]
    told = await ground.open.until(
        lambda d: any((u.file_id, u.state) == (file["id"], "refused") for u in d.context.uploads), within=10
    )
    assert given["refused"] in next(u.problem for u in told.context.uploads if u.file_id == file["id"])
    assert [document.path.rpartition("/")[2] for document in told.context.inputs] == ["idea.json"]


async def _nothing_happened(ground: Ground, before: Standing, capsys: pytest.CaptureFixture[str]) -> None:
    await ground.stage.local.settle()
    assert changed(before, await ground.standing()) == []
    said = "".join(capsys.readouterr())
    assert "Traceback" not in said, said


def changed(before: Standing, now: Standing) -> list[str]:
    """The parts of both evaluations that are not as they were, each with what it is now."""
    pairs = [(a, b, field.name) for a, b in zip(before[:2], now[:2], strict=True) for field in fields(Dossier)]
    found = [f"{name}: {getattr(b, name)}" for a, b, name in pairs if getattr(a, name) != getattr(b, name)]
    return [*found, *(f"started: {new}" for new in now[2] - before[2])]


def _click(ground: Ground, given: Json) -> Json:
    action = {"type": "button", "action_id": given["click"], "block_id": "b", "value": given["value"]}
    place = {"type": "message", "channel_id": ground.ids["channel"], "message_ts": "1900000000.000001"}
    return {
        **_interaction(ground, "block_actions", given["by"]), "container": place,
        "actions": [{**action, "action_ts": f"{time.time():.6f}"}],
    }  # fmt: skip


def _form(ground: Ground, given: Json) -> Json:
    start = {"role": "backend-developer"} if "start" in given else {}
    values = given["values"] if "start" not in given else _started(ground, given["start"])
    meta = given.get("raw_meta") or json.dumps(given.get("meta") or start)
    callback = given.get("form", "eipas:start_form")
    view = {
        "id": f"V{time.time_ns()}", "type": "modal", "callback_id": callback, "private_metadata": meta,
        "blocks": [{"type": "input", "block_id": block} for block in values],
        "state": {"values": {block: {ActionId.INPUT: _field(value)} for block, value in values.items()}},
    }  # fmt: skip
    return {**_interaction(ground, "view_submission", given["by"]), "view": view}


def _started(ground: Ground, values: Json) -> Json:
    usual = {"eipas:title": "Forged", "eipas:channel": {"conversation": ground.ids["channel"]}, "eipas:needed": "1"}
    return usual | values


def _field(value: Any) -> Json:
    if isinstance(value, str):
        return {"type": "plain_text_input", "value": value}
    ((kind, what),) = value.items()
    return {
        "user": {"type": "users_select", "selected_user": what},
        "users": {"type": "multi_users_select", "selected_users": what},
        "conversation": {"type": "conversations_select", "selected_conversation": what},
        "option": {"type": "static_select", "selected_option": {"value": what}},
        "files": {"type": "file_input", "files": what},
    }[kind]  # fmt: skip


def _interaction(ground: Ground, kind: str, who: str) -> Json:
    user, team = ground.ids[who], ground.ids["team"]
    return {
        "type": kind, "team": {"id": team}, "user": {"id": user, "team_id": team},
        "trigger_id": ground.stage.local.core.triggers.issue(user),
    }  # fmt: skip


def _whole(ground: Ground, given: Json) -> tuple[bytes, str]:
    """The body of a case of payloads.json, and its type."""
    team = ground.ids["team"]
    if "command" in given:
        usual = {"command": "/eipas", "team_id": team, "channel_id": ground.ids["channel"], "trigger_id": "1.2.x"}
        return urlencode(usual | given["command"], errors="surrogateescape").encode(), FORM
    if "interactive" in given:
        payload = _interaction(ground, "", given.get("by", "eva"))
        payload.pop("type")
        return urlencode({"payload": json.dumps(payload | given["interactive"])}).encode(), FORM
    allowed = [{"team_id": given.get("authorized", given.get("team", team)), "is_bot": True}]
    event = {
        "type": "event_callback", "team_id": given.get("team", team),
        "event_id": given.get("event_id", f"Ev{time.time_ns()}"),
        "authorizations": given.get("authorizations", allowed), "event": given["event"],
    }  # fmt: skip
    return json.dumps(event).encode(), "application/json"


async def _send(ground: Ground, body: bytes, content_type: str) -> tuple[int, str]:
    stamp = str(int(time.time()))
    headers = {
        "content-type": content_type, "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(ground.stage.local.core.identity.signing_secret, stamp, body),
    }  # fmt: skip
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url(ground.stage)}/slack/events", data=body, headers=headers) as answer,
    ):
        text = await answer.text()
        return answer.status, text if "\\u" not in text else json.dumps(json.loads(text), ensure_ascii=False)


def _seen(person: Person) -> set[tuple[str, str]]:
    return set(person.messages)


def _new(person: Person, seen: set[tuple[str, str]]) -> str:
    """All that a person was shown since."""
    told = [words(message) for place, message in person.messages.items() if place not in seen]
    return " ".join([*told, *(json.dumps(view, ensure_ascii=False) for view in person.views)])
