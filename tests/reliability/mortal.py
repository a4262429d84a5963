"""A server that dies when it is told to: `python -m tests.reliability.mortal <database url> <secret key>`.

It answers requests told as lines of JSON on its input, through the real application. One that says `dies_at` is
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
from collections.abc import Callable, MutableMapping
from dataclasses import asdict, dataclass
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


class Mortal:
    """The server, as a test sees it."""

    def __init__(self, database_url: str, secret_key: str, token: str) -> None:
        self._token = token
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
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        told = {"path": path, "body": body, "headers": headers, "dies_at": dies_at}
        self._process.stdin.write(json.dumps(told) + "\n")
        return Told(**json.loads(self._process.stdout.readline()))


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
            told = asdict(self._answer(**asked)) if asked["dies_at"] is None else self._in_a_child(asked)
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

    def _in_a_child(self, asked: dict[str, Any]) -> dict[str, Any]:
        # Two processes cannot share an open file of SQLite's, nor a lock that a thread holds.
        if self._database.dialect == "sqlite":
            self._database.engine.dispose()
        for thread in set(threading.enumerate()) - {threading.current_thread()}:
            thread.join()
        gc.freeze()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._database.engine.dispose(close=False)
            with os.fdopen(writing, "w") as to_parent:
                json.dump(asdict(self._answer(**asked)), to_parent)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as from_child:
            said = from_child.read()
        _, how = os.waitpid(child, 0)
        if os.WIFSIGNALED(how) and os.WTERMSIG(how) == signal.SIGKILL and not said:
            return asdict(Told(None, None, is_replay=False, moments=[]))
        assert how == 0, f"a server ended by itself: {how}"
        told: dict[str, Any] = json.loads(said)
        return told

    def _answer(self, path: str, body: Any, headers: dict[str, str], dies_at: int | None) -> Told:
        # As one that has just been started: it remembers no token, and so each one comes past the same moments.
        self._services.access.tokens = TokenGate(self._database, self._services.platform.clock)
        self._moments.passed, self._moments.dies_at = [], dies_at
        answer = asyncio.run(self._post(path, body, headers))
        replayed = "idempotency-replayed" in answer.headers
        return Told(answer.status_code, answer.json(), replayed, list(self._moments.passed))

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
