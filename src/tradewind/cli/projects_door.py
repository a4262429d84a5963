"""The way of commands to workspaces: through the running server where there is one, else by opening the folder.

Both sides answer alike: with what /v1 answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import httpx

    from tradewind.cli.session import Cli
    from tradewind.platform import Platform

Files = Mapping[PurePosixPath, bytes]
Answer = dict[str, Any]
_TIMEOUT_SECONDS = 900.0


class Door(Protocol):
    """What a command asks of workspaces."""

    def build(self, files: Files) -> Answer: ...

    def deploy(self, files: Files, *, check: bool, promote: bool, allow_destructive: bool) -> Answer: ...

    def deployment(self, number: str) -> Answer: ...

    def rollback(self, number: int | None, *, allow_destructive: bool) -> Answer: ...

    def branches(self) -> list[Answer]: ...

    def create_branch(self, name: str, *, with_data: bool) -> Answer: ...

    def remove_branch(self, name: str) -> None: ...


@contextmanager
def open_door(cli: Cli, branch: str | None = None) -> Iterator[Door]:
    """A way in. With a branch everything but the list of branches concerns that. Raises Unavailable, NotFound."""
    from tradewind.ownership import owner_of

    settings = cli.quiet_settings()
    card = owner_of(settings.data_dir)
    if card is None:
        from tradewind.platform import Platform

        platform = Platform(settings)
        try:
            for name, loop in platform.ingest.loops():
                platform.spawn(name, loop)
            yield _Inside(platform, branch)
        finally:
            platform.close()
        return
    if card.url is None:
        raise card.silent(settings.data_dir)
    import httpx

    from tradewind.cli.admin_token import admin_token

    token = admin_token(cli)
    with httpx.Client(
        base_url=card.url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_SECONDS
    ) as client:
        yield _Outside(client, branch)


class _Inside:
    """The folder is ours."""

    def __init__(self, platform: Platform, branch: str | None) -> None:
        self._workspaces = platform.workspaces
        parent = self._workspaces.default()
        self._parent = parent
        self._id = parent if branch is None else self._workspaces.branches.find(parent, branch).id

    def build(self, files: Files) -> Answer:
        from tradewind.api.v0.shapes import build_json
        from tradewind.warehouse.workspaces.service import Terms

        return _plain(build_json(self._workspaces.check(self._id, files, Terms(for_build=True))))

    def deploy(self, files: Files, *, check: bool, promote: bool, allow_destructive: bool) -> Answer:
        from tradewind.api.v0.shapes import deploy_json
        from tradewind.warehouse.workspaces.service import Terms

        terms = Terms(allow_destructive=allow_destructive)
        if check:
            return _plain(deploy_json(self._workspaces.check(self._id, files, terms), None))
        outcome = self._workspaces.deploy(self._id, files, terms, promote=promote)
        row = None if outcome.number is None else self._workspaces.deployment(self._id, outcome.number)
        return _plain(deploy_json(outcome, row))

    def deployment(self, number: str) -> Answer:
        from tradewind.api.v0.shapes import deployment_json

        return _plain({"deployment": deployment_json(self._workspaces.deployment(self._id, int(number)))})

    def rollback(self, number: int | None, *, allow_destructive: bool) -> Answer:
        from tradewind.api.v0.shapes import deploy_json
        from tradewind.warehouse.workspaces.service import Terms

        outcome = self._workspaces.rollback(self._id, number, Terms(allow_destructive=allow_destructive))
        return _plain(deploy_json(outcome, None))

    def branches(self) -> list[Answer]:
        from tradewind.api.v0.shapes import branch_json

        return [_plain(branch_json(home)) for home in self._workspaces.branches.all_of(self._parent)]

    def create_branch(self, name: str, *, with_data: bool) -> Answer:
        from tradewind.api.v0.shapes import branch_json

        home = self._workspaces.branches.create(self._parent, name, with_data=with_data)
        return _plain(branch_json(self._workspaces.home(home.id)))

    def remove_branch(self, name: str) -> None:
        self._workspaces.branches.remove(self._workspaces.branches.find(self._parent, name).id)


class _Outside:
    """A server holds the folder: it is asked over HTTP."""

    def __init__(self, client: httpx.Client, branch: str | None) -> None:
        self._client = client
        self._path = "" if branch is None else f"/b/{branch}"

    def build(self, files: Files) -> Answer:
        return self._send("POST", f"{self._path}/v1/build", {"check": "true"}, files)

    def deploy(self, files: Files, *, check: bool, promote: bool, allow_destructive: bool) -> Answer:
        asked = {
            "check": _word(check),
            "auto_promote": _word(promote),
            "allow_destructive_operations": _word(allow_destructive),
        }
        return self._send("POST", f"{self._path}/v1/deploy", asked, files)

    def deployment(self, number: str) -> Answer:
        return self._send("GET", f"{self._path}/v1/deployments/{number}")

    def rollback(self, number: int | None, *, allow_destructive: bool) -> Answer:
        asked = {"allow_destructive_operations": _word(allow_destructive)}
        if number is not None:
            asked["to"] = str(number)
        return self._send("POST", f"{self._path}/v1/deployments/rollback", asked)

    def branches(self) -> list[Answer]:
        return list(self._send("GET", "/v1/branches")["branches"])

    def create_branch(self, name: str, *, with_data: bool) -> Answer:
        return self._send("POST", "/v1/branches", {"name": name, "with_data": _word(with_data)})

    def remove_branch(self, name: str) -> None:
        self._send("DELETE", f"/v1/branches/{name}")

    def _send(
        self, method: str, path: str, asked: Mapping[str, str] | None = None, files: Files | None = None
    ) -> Answer:
        import httpx

        from tradewind.core.errors import Conflict, TradewindError, Unavailable

        parts = None
        if files is not None:
            parts = [("data_project://", (str(name), body, "text/plain")) for name, body in files.items()]
        try:
            answer = self._client.request(method, path, params=asked, files=parts)
        except httpx.HTTPError as failure:
            raise Unavailable(f"The server at {self._client.base_url} does not answer: {failure}") from failure
        if answer.is_error:
            told = answer.json().get("error", answer.text) if _is_json(answer) else answer.text
            raise Conflict(told) if answer.status_code == 409 else TradewindError(told)
        found: Answer = answer.json()
        return found


def _is_json(answer: httpx.Response) -> bool:
    return str(answer.headers.get("content-type", "")).startswith("application/json")


def _word(flag: bool) -> str:
    return "true" if flag else "false"


def _plain(content: Mapping[str, Any]) -> Answer:
    """The same values as they come over HTTP."""
    from tradewind.api.wire import to_json

    found: Answer = json.loads(to_json(content))
    return found
