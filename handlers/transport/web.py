"""The Web API's client: whatever comes back is an answer of Slack's, or the word that it is none."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

NO_ANSWER: Final = "no_answer_of_slack"
"""Our own word for a page, plain text or half a document where Slack's JSON should be: a proxy's, or its edge's.

Nothing is known of what it did.
"""


class WebClient(AsyncWebClient):
    """slack_sdk falls over a body that is no JSON object, by an AttributeError in its own validation."""

    async def _request(self, *, http_verb: str, api_url: str, req_args: Any) -> dict[str, Any]:
        try:
            found = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        except SlackApiError as error:  # JSON by its type, and none by its text
            raw: Any = error.response
            found = {"data": None, "headers": raw.headers, "status_code": raw.status}
        except UnicodeDecodeError:  # not even text
            found = {"data": None, "headers": {}, "status_code": HTTPStatus.BAD_GATEWAY}
        said = found["data"]
        if not isinstance(said, dict) or "ok" not in said:
            found["data"] = {"ok": False, "error": NO_ANSWER}
        return found
