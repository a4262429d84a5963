"""The command line as people use it: a program of its own, a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60.0


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Tradewind = Callable[..., Done]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No settings from outside; a working folder without a .env file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRADEWIND_")}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "110"}


@pytest.fixture
def tradewind(data_dir: Path, tmp_path: Path, environment: dict[str, str]) -> Tradewind:
    """Runs a command on the test's folder."""

    def run(*arguments: object, stdin: str = "", **variables: str) -> Done:
        command = [sys.executable, "-m", "tradewind", "--data-dir", data_dir, *arguments]
        done = subprocess.run(
            [str(part) for part in command],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@dataclass
class Server:
    """A running `tradewind up --json`, and what it said when it was ready."""

    process: subprocess.Popen[str]
    said: dict[str, Any]
    log: Path

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


Start = Callable[..., Server]


@pytest.fixture
def start(data_dir: Path, tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """Starts servers on the test's folder; those still running at the end are ended."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: object, **variables: str) -> Server:
        log = tmp_path / f"server-{len(running)}.log"
        ports = ("--port", "0", "--clickhouse-port", "0")
        command = [sys.executable, "-m", "tradewind", "--data-dir", data_dir, "up", "--json", *ports, *arguments]
        with log.open("w") as err:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                env=environment | variables,
                cwd=tmp_path,
            )
        running.append(process)
        assert process.stdout is not None
        started = time.monotonic()
        line = process.stdout.readline()
        assert line, f"the server did not start: {log.read_text()[-2000:]}"
        assert time.monotonic() - started < STARTS_WITHIN
        return Server(process, json.loads(line), log)

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()
