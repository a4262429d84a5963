"""A server of the product in a process of its own, and a signed-in client of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.crash import Worker


@dataclass
class Server:
    process: Worker
    url: str
    password: str | None
    log: Path
    client: httpx.Client

    @property
    def pid(self) -> int:
        return self.process.process.pid

    def sign_in(self, password: str) -> None:
        who = {"username": "admin", "password": password}
        answer = self.client.post("/api/v1/auth/login", json=who).raise_for_status()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def wait_for_log(self, text: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.log.read_text(errors="replace"):
            if time.monotonic() > deadline or not self.process.is_running:
                raise TimeoutError(f"'{text}' did not come; see {self.log}")
            time.sleep(0.1)


@contextmanager
def a_server(data_dir: Path, *options: str) -> Iterator[Server]:
    """`tradewind up` on free ports; signed in if this was its first start."""
    log = data_dir.parent / f"{data_dir.name}.log"
    log.unlink(missing_ok=True)
    arguments = ("--data-dir", str(data_dir), "up", "--json", "--port", "0", "--clickhouse-port", "0", *options)
    process = Worker("tradewind", *arguments, log=log, environment={})
    try:
        if not process.wait_until_it_speaks():
            raise RuntimeError(f"The server did not start:\n{log.read_text()}")
        card = json.loads(process.lines[0])
        with httpx.Client(base_url=card["url"], timeout=60) as client:
            server = Server(process, card["url"], card["password"], log, client)
            if card["password"]:
                server.sign_in(card["password"])
            yield server
    finally:
        process.process.terminate()
        process.finish(60)
