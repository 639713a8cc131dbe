"""A stand-in for GitHub's Git database: real objects and ids, in memory, over HTTP on the loopback."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass(slots=True)
class LocalGitHub:
    """One repository `team/idea`; `token` is what it lets in, `failing` are statuses that the next calls get."""

    token: str = "secret"
    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    commits: dict[str, Json] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    pulls: list[Json] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    forced: int = 0
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> LocalGitHub:
        app = web.Application(middlewares=[self._guard], client_max_size=50_000_000)
        at = "/repos/team/idea"
        app.add_routes(
            [
                web.get(at, self._repository), web.get(at + "/git/ref/heads/{name:.+}", self._ref),
                web.get(at + "/git/commits/{sha}", self._commit), web.get(at + "/git/trees/{sha}", self._tree),
                web.get(at + "/git/blobs/{sha}", self._blob), web.post(at + "/git/blobs", self._new_blob),
                web.post(at + "/git/trees", self._new_tree), web.post(at + "/git/commits", self._new_commit),
                web.post(at + "/git/refs", self._new_ref), web.patch(at + "/git/refs/heads/{name:.+}", self._move),
                web.get(at + "/pulls", self._list), web.post(at + "/pulls", self._open),
                web.patch(at + "/pulls/{number}", self._edit),
            ]
        )  # fmt: skip
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.refs["main"] = self.commit({"README.md": b"# Idea\n"}, ())
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    # -- what a team does ------------------------------------------------------------------------------------------

    def commit(self, changed: dict[str, bytes], parents: tuple[str, ...], message: str = "By hand") -> str:
        """Commit files over the first parent's, as somebody with a clone does."""
        files = dict(self.trees[self.commits[parents[0]]["tree"]]) if parents else {}
        for path, content in changed.items():
            files[path] = (self._kept(content), "100644")
        return self._committed(self._treed(files), parents, message)

    def files(self, branch: str) -> dict[str, bytes]:
        """Return a branch's files."""
        tree = self.trees[self.commits[self.refs[branch]]["tree"]]
        return {path: self.blobs[sha] for path, (sha, _mode) in tree.items()}

    def merge(self, number: int, *, squash: bool = False) -> None:
        """Merge a pull request into its base."""
        pull = self.pulls[number - 1]
        head, base = self.refs[pull["head"]], self.refs[pull["base"]]
        parents = (base,) if squash else (base, head)
        self.refs[pull["base"]] = self._committed(self.commits[head]["tree"], parents, "Merge")
        pull |= {"state": "closed", "merged_at": "2026-01-15T09:30:00Z"}

    def history(self, branch: str) -> list[str]:
        """Return the messages' first lines along the first parents, the newest first."""
        found, sha = [], self.refs[branch]
        while sha:
            found.append(self.commits[sha]["message"].partition("\n")[0])
            parents = self.commits[sha]["parents"]
            sha = parents[0] if parents else ""
        return found

    # -- objects ---------------------------------------------------------------------------------------------------

    def _kept(self, content: bytes) -> str:
        sha = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        self.blobs[sha] = content
        return sha

    def _treed(self, files: dict[str, tuple[str, str]]) -> str:
        sha = hashlib.sha1(json.dumps(sorted(files.items())).encode()).hexdigest()
        self.trees[sha] = files
        return sha

    def _committed(self, tree: str, parents: tuple[str, ...], message: str) -> str:
        said = {"tree": tree, "parents": list(parents), "message": message}
        sha = hashlib.sha1(json.dumps([said, len(self.commits)]).encode()).hexdigest()
        self.commits[sha] = said
        return sha

    # -- the API ---------------------------------------------------------------------------------------------------

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path}")
        if self.failing:
            return web.json_response({"message": "not now"}, status=self.failing.pop(0))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"message": "Bad credentials"}, status=401)
        try:
            answer: web.StreamResponse = await handler(request)
        except KeyError:
            return web.json_response({"message": "Not Found"}, status=404)
        return answer

    async def _repository(self, _request: web.Request) -> web.Response:
        return web.json_response({"default_branch": "main"})

    async def _ref(self, request: web.Request) -> web.Response:
        return web.json_response({"object": {"sha": self.refs[request.match_info["name"]]}})

    async def _commit(self, request: web.Request) -> web.Response:
        return web.json_response({"tree": {"sha": self.commits[request.match_info["sha"]]["tree"]}})

    async def _tree(self, request: web.Request) -> web.Response:
        found = self.trees[request.match_info["sha"]]
        listed = [
            {"path": path, "mode": mode, "type": "blob", "sha": sha, "size": len(self.blobs[sha])}
            for path, (sha, mode) in found.items()
        ]
        return web.json_response({"tree": listed, "truncated": False})

    async def _blob(self, request: web.Request) -> web.Response:
        said = base64.encodebytes(self.blobs[request.match_info["sha"]]).decode()
        return web.json_response({"content": said, "encoding": "base64"})

    async def _new_blob(self, request: web.Request) -> web.Response:
        said = await request.json()
        return web.json_response({"sha": self._kept(base64.b64decode(said["content"]))}, status=201)

    async def _new_tree(self, request: web.Request) -> web.Response:
        said = await request.json()
        files = dict(self.trees[said["base_tree"]])
        for entry in said["tree"]:
            if entry.get("sha", "") is None:
                del files[entry["path"]]
            else:
                sha = entry["sha"] if "sha" in entry else self._kept(entry["content"].encode())
                files[entry["path"]] = (sha, entry["mode"])
        return web.json_response({"sha": self._treed(files)}, status=201)

    async def _new_commit(self, request: web.Request) -> web.Response:
        said = await request.json()
        made = self._committed(said["tree"], tuple(said["parents"]), said["message"])
        return web.json_response({"sha": made}, status=201)

    async def _new_ref(self, request: web.Request) -> web.Response:
        said = await request.json()
        name = said["ref"].removeprefix("refs/heads/")
        if name in self.refs:
            return web.json_response({"message": "Reference already exists"}, status=422)
        self.refs[name] = said["sha"]
        return web.json_response({}, status=201)

    async def _move(self, request: web.Request) -> web.Response:
        said, name = await request.json(), request.match_info["name"]
        self.forced += bool(said.get("force"))
        if self.refs[name] not in self._ancestors(said["sha"]):
            return web.json_response({"message": "Update is not a fast forward"}, status=422)
        self.refs[name] = said["sha"]
        return web.json_response({})

    def _ancestors(self, sha: str) -> set[str]:
        found, waiting = set(), [sha]
        while waiting:
            one = waiting.pop()
            found.add(one)
            waiting += self.commits[one]["parents"]
        return found

    async def _list(self, request: web.Request) -> web.Response:
        branch = request.query["head"].partition(":")[2]
        return web.json_response([pull for pull in reversed(self.pulls) if pull["head"] == branch])

    async def _open(self, request: web.Request) -> web.Response:
        said = await request.json()
        number = len(self.pulls) + 1
        made = {**said, "number": number, "state": "open", "merged_at": None,
                "html_url": f"https://github.example/team/idea/pull/{number}"}  # fmt: skip
        self.pulls.append(made)
        return web.json_response(made, status=201)

    async def _edit(self, request: web.Request) -> web.Response:
        pull = self.pulls[int(request.match_info["number"]) - 1]
        pull |= await request.json()
        return web.json_response(pull)
