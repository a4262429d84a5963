"""The product as a user runs it: `tradewind up` in a process of its own, with ports and a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

STARTS_WITHIN_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 30.0
FILLED = "the demo store is complete"


@dataclass
class Product:
    """A running server, and what it printed about itself."""

    process: subprocess.Popen[str]
    data_dir: Path
    url: str
    clickhouse_url: str
    password: str | None

    @classmethod
    def start(cls, data_dir: Path, *options: str, port: int = 0, environment: Mapping[str, str] | None = None) -> Self:
        """Starts it and waits until it answers."""
        line = [sys.executable, "-m", "tradewind", "--data-dir", str(data_dir), "up", "--json"]
        line += ["--port", str(port), "--clickhouse-port", "0", *options]
        with log_of(data_dir).open("w") as log:
            process = subprocess.Popen(
                line,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=data_dir.parent,
                env=os.environ | {"PYTHONFAULTHANDLER": "1"} | dict(environment or {}),
            )
        assert process.stdout is not None
        told = process.stdout.readline()  # ends with the process, should it fail to start
        if not told:
            process.wait(STOPS_WITHIN_SECONDS)
            raise AssertionError(f"The server did not start:\n{log_of(data_dir).read_text()}")
        card: dict[str, Any] = json.loads(told)
        return cls(process, data_dir, card["url"], card["clickhouse_url"], card["password"])

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def wait_for_demo(self, seconds: float = STARTS_WITHIN_SECONDS) -> None:
        """Until the demo's history is booked."""
        self.wait_until(lambda: FILLED in log_of(self.data_dir).read_text(), seconds)

    def wait_until(self, holds: Any, seconds: float = STARTS_WITHIN_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert self.process.poll() is None, log_of(self.data_dir).read_text()
            assert time.monotonic() < end, f"Nothing came of it in {seconds} s:\n{log_of(self.data_dir).read_text()}"
            time.sleep(0.1)

    def sign_in(self, password: str | None = None) -> httpx.Client:
        """A client of the API, signed in as the first admin."""
        client = httpx.Client(base_url=self.url, timeout=30)
        told = {"username": "admin", "password": password or self.password}
        answer = client.post("/api/v1/auth/login", json=told)
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    def stop(self) -> None:
        """As Ctrl+C does; it must end by itself."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it writes down what its threads are at
            self.process.wait()
            raise AssertionError(f"The server did not stop:\n{log_of(self.data_dir).read_text()}") from None
        finally:
            if self.process.stdout is not None:
                self.process.stdout.close()

    def restart(self) -> None:
        """Stops it, if it still runs, and starts it on the same folder and port."""
        self.stop()
        again = self.start(self.data_dir, port=self.port)
        self.process, self.clickhouse_url = again.process, again.clickhouse_url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def log_of(data_dir: Path) -> Path:
    """What the server writes to standard error; beside its folder, because the folder is made by it."""
    return data_dir.parent / f"{data_dir.name}.log"
