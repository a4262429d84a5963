"""A server that dies when it is told to: `python -m tests.reliability.mortal <database url> <secret key>`.

It answers requests told as lines of JSON on its input, through the real application. Those that say `dies_at` are
answered by a process of its own, a fork of this one with everything loaded and no connection open, which is
killed with SIGKILL at that moment: 1 is before the first statement that reaches the driver, the last one is
after the last commit, when the answer is about to leave.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg
from sqlalchemy import event

from tests.reliability.counter import Counter
from tradewind.api.app import create_app
from tradewind.api.services import Services
from tradewind.commerce.access.tokens import TokenGate
from tradewind.core.database import Database
from tradewind.platform import Platform

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a request: `status` is None for one whose server died, and `moments` is what it came past."""

    status: int | None
    body: Any
    is_replay: bool
    moments: list[str]


Answer = tuple[int, int, Any, bool, list[str]]
"""Which of the requests it is to, and what `Told` says."""


class Mortal:
    """The server, as a test sees it."""

    def __init__(self, database_url: str, secret_key: str, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        line = [sys.executable, "-m", "tests.reliability.mortal", database_url, secret_key]
        self._process = subprocess.Popen(
            line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, what: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def post(self, path: str, body: Any, key: str, *, dies_at: int | None = None) -> Told:
        """One request; with `dies_at` to a process that may not live to answer it."""
        return self.post_together([(path, body, key)], dies_at=dies_at)[0]

    def post_together(self, asks: Sequence[tuple[str, Any, str]], *, dies_at: int | None = None) -> list[Told]:
        """Several at the same moment, to one process. What it answered before it died was answered."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = [
            {"path": path, "body": body, "headers": self._headers | {"Idempotency-Key": k}} for path, body, k in asks
        ]
        self._process.stdin.write(json.dumps({"asks": told, "dies_at": dies_at}) + "\n")
        answers = {index: Told(*said) for index, *said in json.loads(self._process.stdout.readline())}
        return [answers.get(index, Told(None, None, is_replay=False, moments=[])) for index in range(len(asks))]


class Moments:
    """Counts what a request comes past, and ends the process at one of them."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.dies_at: int | None = None

    def reached(self, what: object) -> None:
        self.passed.append(" ".join(str(what).split())[:80])
        if len(self.passed) == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_sqlite(self, database: Database) -> None:
        """The engine itself says what it begins to run, whoever asked it to, COMMIT included."""

        def watch(connection: sqlite3.Connection, _: Any) -> None:
            connection.set_trace_callback(self.reached)

        event.listen(database.engine, "connect", watch)

    def watch_postgres(self) -> None:
        """The driver says what it is about to send."""
        for owner, name in (
            (psycopg.Cursor, "execute"),
            (psycopg.Cursor, "executemany"),
            (psycopg.Cursor, "copy"),
            (psycopg.Connection, "commit"),
        ):
            setattr(owner, name, self._watched(getattr(owner, name), name))

    def _watched(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(self_: Any, *arguments: Any, **options: Any) -> Any:
            self.reached(arguments[0] if arguments else name)
            return real(self_, *arguments, **options)

        return run


class _Server:
    def __init__(self, platform: Platform) -> None:
        self._database = platform.database
        self._moments = Moments()
        self._services = Services.of(platform)
        self._app = create_app(platform, self._services)
        if self._database.dialect == "sqlite":
            self._moments.watch_sqlite(self._database)
        else:
            self._moments.watch_postgres()

    def run(self) -> None:
        for line in sys.stdin:
            asked = json.loads(line)
            answers: list[Answer] = []
            if asked["dies_at"] is None:
                self._answer(**asked, tell=answers.append)
            else:
                answers = self._in_a_child(asked)
            sys.stdout.write(json.dumps(answers) + "\n")
            sys.stdout.flush()

    def _in_a_child(self, asked: dict[str, Any]) -> list[Answer]:
        # Two processes cannot share an open file of SQLite's, nor a lock that a thread holds.
        if self._database.dialect == "sqlite":
            self._database.close()
        for thread in set(threading.enumerate()) - {threading.current_thread()}:
            thread.join()
        gc.freeze()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._database.engine.dispose(close=False)
            with os.fdopen(writing, "w") as to_parent:
                self._answer(**asked, tell=lambda said: print(json.dumps(said), file=to_parent, flush=True))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as from_child:
            answers = [json.loads(line) for line in from_child if line.endswith("\n")]
        _, how = os.waitpid(child, 0)
        assert how in (0, signal.SIGKILL), f"a server ended by itself: {how}"
        return answers

    def _answer(self, asks: list[dict[str, Any]], dies_at: int | None, tell: Callable[[Answer], None]) -> None:
        # As one that has just been started: it remembers no token, and so each one comes past the same moments.
        self._services.access.tokens = TokenGate(self._database, self._services.platform.clock)
        self._moments.passed, self._moments.dies_at = [], dies_at
        asyncio.run(self._answer_all(asks, tell))

    async def _answer_all(self, asks: list[dict[str, Any]], tell: Callable[[Answer], None]) -> None:
        async def answer(index: int, asked: dict[str, Any]) -> None:
            said = await self._post(**asked)
            replayed = "idempotency-replayed" in said.headers
            tell((index, said.status_code, said.json(), replayed, list(self._moments.passed)))

        await asyncio.gather(*(answer(index, asked) for index, asked in enumerate(asks)))

    async def _post(self, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        # The transport alone: a client would load the certificates of the world first, in each process anew.
        asked = httpx.Request("POST", f"http://shop{path}", json=body, headers=headers)
        answer = await httpx.ASGITransport(self._mortal).handle_async_request(asked)
        await answer.aread()
        return answer

    async def _mortal(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        async def tell(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self._moments.reached("the answer")
            await send(message)

        await self._app(scope, receive, tell)


def _main(database_url: str, secret_key: str) -> None:
    platform = Counter(database_url, secret_key)
    try:
        _Server(platform).run()
    finally:
        platform.database.close()


if __name__ == "__main__":
    _main(*sys.argv[1:])
