"""HTTP mode: deliveries as signed POST requests, as Slack sends them to an app's Request URL.

docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.devtools.local_slack.event_delivery import Envelope, Unacked
from bot.devtools.local_slack.records import Json

_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a request body in Slack's version v0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Delivers to one Request URL."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self._url = url
        self._secret = signing_secret
        self._session = aiohttp.ClientSession()

    @property
    def connected(self) -> bool:
        """A Request URL counts as connected: only the attempt shows whether it answers."""
        return True

    async def send(self, envelope: Envelope, *, within: float) -> Json:
        """Deliver, and give what the answer's body says."""
        content_type, body = _encode(envelope)
        timeout = aiohttp.ClientTimeout(total=within)
        headers = self._headers(envelope, content_type, body)
        try:
            async with self._session.post(self._url, data=body, headers=headers, timeout=timeout) as answer:
                text = await answer.text()
                if answer.status != 200:
                    raise Unacked("http_error")
                return _decode(answer.content_type, text)
        except TimeoutError as missed:
            raise Unacked("http_timeout") from missed
        except aiohttp.ClientError as missed:
            raise Unacked("connection_failed") from missed

    async def close(self) -> None:
        """Close the client's connections."""
        await self._session.close()

    def _headers(self, envelope: Envelope, content_type: str, body: bytes) -> dict[str, str]:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        return headers


def _encode(envelope: Envelope) -> tuple[str, bytes]:
    match envelope.type:
        case "events_api":
            return "application/json", json.dumps(envelope.payload).encode()
        case "slash_commands":
            return _FORM, urlencode(envelope.payload).encode()
        case _:
            return _FORM, urlencode({"payload": json.dumps(envelope.payload)}).encode()


def _decode(content_type: str, text: str) -> Json:
    if not text:
        return {}
    if content_type != "application/json":
        return {"text": text}
    try:
        decoded = json.loads(text)
    except ValueError as unreadable:
        raise Unacked("http_error") from unreadable
    return decoded if isinstance(decoded, dict) else {}
