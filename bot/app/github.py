"""GitHub as the code host: one branch per idea, one commit per iteration, one pull request while it is open.

Only the Git database of the REST API is used: no clone, no git on this machine. Nothing is ever forced: a branch grows,
and where its pull request was merged the next commit has the merged branch as its second parent.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import aiohttp

from bot.services.code_host import Change, CodeHostFailed, Pushed

if TYPE_CHECKING:
    from bot.app.settings import Settings

Json = dict[str, Any]
_PASSING: Final = frozenset({502, 503, 504})
_TRIES: Final = 3
_AT_ONCE: Final = 8
_MOST_BYTES: Final = 20_000_000
_TEXT: Final = "100644"


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a line stands: its commit's parents-to-be, the tree that it is based on, and the team's blobs by path."""

    parents: tuple[str, ...]
    tree: str
    blobs: Mapping[str, tuple[str, int]]
    exists: bool


class GitHub:
    """The repository `owner/name` at an API address; see `CodeHost`.

    `folder` may hold `{idea}`, which a line's name takes the place of; "" is the repository's root.
    """

    def __init__(self, repository: str, token: str, *, api: str, folder: str, prefix: str, call_s: float = 20) -> None:
        self._repository, self._api, self._folder, self._prefix = repository, api.rstrip("/"), folder, prefix
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "eipas-slack",
        }
        self._timeout = aiohttp.ClientTimeout(total=call_s)
        self._session: aiohttp.ClientSession | None = None

    async def read(self, line: str) -> Mapping[str, bytes]:
        """Return the files below the line's folder, links and submodules aside."""
        head = await self._head(line)
        if sum(size for _sha, size in head.blobs.values()) > _MOST_BYTES:
            raise self._failed(f"the folder {self._place(line) or '/'} is larger than a service")
        gate = asyncio.Semaphore(_AT_ONCE)

        async def blob(sha: str) -> bytes:
            async with gate:
                return base64.b64decode((await self._call("GET", f"git/blobs/{sha}"))["content"])

        contents = await asyncio.gather(*(blob(sha) for sha, _size in head.blobs.values()))
        return dict(zip(head.blobs, contents, strict=True))

    async def push(self, change: Change) -> Pushed:
        """Commit to the line's branch; a tree that stands there already makes no commit."""
        head, branch = await self._head(change.line), self._branch(change.line)
        entries = await self._entries(change, head)
        commit = head.parents[0]
        if entries or not head.exists:
            tree = head.tree
            if entries:
                tree = (await self._call("POST", "git/trees", {"base_tree": tree, "tree": entries}))["sha"]
            said = {"message": change.message, "tree": tree, "parents": list(head.parents)}
            commit = (await self._call("POST", "git/commits", said))["sha"]
            if head.exists:
                await self._call("PATCH", f"git/refs/heads/{branch}", {"sha": commit, "force": False})
            else:
                await self._call("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": commit})
        return Pushed(commit=commit, branch=branch, pull_request=await self._pull_request(change, branch))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    # -- where the line stands --------------------------------------------------------------------------------------

    async def _head(self, line: str) -> _Head:
        """Return the branch, or where it was merged or never was, the branch that it is for."""
        own = await self._ref(self._branch(line))
        latest = (await self._pulls(self._branch(line)) or [{}])[0] if own else {}
        if own and not latest.get("merged_at"):
            return await self._at(own, (own,), line, exists=True)
        main = await self._main()
        sha = await self._ref(main)
        if sha is None:
            raise self._failed(f"the branch {main} is not there; it needs a first commit")
        return await self._at(sha, (own, sha) if own else (sha,), line, exists=own is not None)

    async def _at(self, commit: str, parents: tuple[str, ...], line: str, *, exists: bool) -> _Head:
        tree = str((await self._call("GET", f"git/commits/{commit}"))["tree"]["sha"])
        listed = await self._call("GET", f"git/trees/{tree}?recursive=1")
        if listed.get("truncated"):
            raise self._failed("it has more files than one answer lists")
        place = f"{self._place(line)}/" if self._place(line) else ""
        blobs = {
            entry["path"].removeprefix(place): (entry["sha"], int(entry.get("size", 0)))
            for entry in listed["tree"]
            if entry["type"] == "blob" and entry["mode"] != "120000" and entry["path"].startswith(place)
        }
        return _Head(parents, tree, blobs, exists)

    async def _main(self) -> str:
        return str((await self._call("GET", ""))["default_branch"])

    async def _ref(self, branch: str) -> str | None:
        found = await self._call("GET", f"git/ref/heads/{branch}", missing=True)
        return str(found["object"]["sha"]) if found else None

    async def _pulls(self, branch: str) -> list[Json]:
        """Return the branch's pull requests, the newest first."""
        owner = self._repository.partition("/")[0]
        found = await self._call("GET", f"pulls?head={owner}:{branch}&state=all&sort=created&direction=desc")
        return list(found)

    # -- what is written --------------------------------------------------------------------------------------------

    async def _entries(self, change: Change, head: _Head) -> list[Json]:
        """Return what differs from the head's tree."""
        place = self._place(change.line)
        found: list[Json] = []
        for path, content in sorted(change.files.items()):
            if head.blobs.get(path, ("", 0))[0] == _blob_id(content):
                continue
            entry: Json = {"path": f"{place}/{path}" if place else path, "mode": _TEXT, "type": "blob"}
            try:
                entry["content"] = content.decode()
            except UnicodeDecodeError:
                said = base64.b64encode(content).decode()
                entry["sha"] = (await self._call("POST", "git/blobs", {"content": said, "encoding": "base64"}))["sha"]
            found.append(entry)
        for path in change.removed:
            if path in head.blobs:
                full = f"{place}/{path}" if place else path
                found.append({"path": full, "mode": _TEXT, "type": "blob", "sha": None})
        return found

    async def _pull_request(self, change: Change, branch: str) -> str:
        said = {"title": change.title, "body": change.message.partition("\n\n")[2]}
        opened = [pull for pull in await self._pulls(branch) if pull["state"] == "open"]
        if opened:
            return str((await self._call("PATCH", f"pulls/{opened[0]['number']}", said))["html_url"])
        made = await self._call("POST", "pulls", {"head": branch, "base": await self._main(), **said})
        return str(made["html_url"])

    # -- calls ------------------------------------------------------------------------------------------------------

    async def _call(self, method: str, path: str, body: Json | None = None, *, missing: bool = False) -> Any:
        """Return the answer; what passes is tried again. With `missing`, None where there is nothing (404)."""
        url = f"{self._api}/repos/{self._repository}" + (f"/{path}" if path else "")
        for attempt in range(_TRIES):
            try:
                async with self._opened().request(method, url, json=body) as answer:
                    if answer.status == HTTPStatus.NOT_FOUND and missing:
                        return None
                    if answer.status in _PASSING and attempt + 1 < _TRIES:
                        await asyncio.sleep(2**attempt)
                        continue
                    said = await answer.json(content_type=None)
                    if answer.status >= HTTPStatus.BAD_REQUEST:
                        words = said.get("message", "") if isinstance(said, dict) else ""
                        raise self._failed(f"{method} was answered {answer.status} {str(words)[:200]}".strip())
                    return said
            except (aiohttp.ClientConnectionError, TimeoutError) as error:
                if attempt + 1 == _TRIES:
                    raise self._failed(type(error).__name__) from error
                await asyncio.sleep(2**attempt)
            except (aiohttp.ClientError, ValueError) as error:
                raise self._failed(type(error).__name__) from error
        raise self._failed("it does not answer")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No redirect leads the token elsewhere: the calls used here have none but for repositories that moved.
            self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout, max_line_size=65_536)
        return self._session

    def _failed(self, reason: str) -> CodeHostFailed:
        return CodeHostFailed(repository=self._repository, reason=reason)

    def _branch(self, line: str) -> str:
        return f"{self._prefix}{line}"

    def _place(self, line: str) -> str:
        return self._folder.replace("{idea}", line).strip("/")


def _blob_id(content: bytes) -> str:
    """Return the id that Git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def code_host_of(settings: Settings) -> GitHub | None:
    """Return the repository of the settings; None where none is configured."""
    if not settings.github_repository or settings.github_token is None:
        return None
    return GitHub(
        settings.github_repository,
        settings.github_token.get_secret_value(),
        api=settings.github_api_url,
        folder=settings.github_folder,
        prefix=settings.github_branch_prefix,
    )
