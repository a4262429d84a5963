"""The script that starts the tests' services: repeatable, and gone without a trace.

Kafka's jars are not in the checkout that this makes, so the others have to start without it.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Services = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """The script in a checkout of its own, so that it does not meet the services these tests run on."""
    servers = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not (servers or shutil.which("initdb")) or not shutil.which("redis-server"):
        pytest.skip("needs the programs of PostgreSQL and Redis: scripts/services install")
    script = tmp_path / "scripts" / "services"
    script.parent.mkdir()
    shutil.copy(ROOT / "scripts" / "services", script)
    shutil.copytree(ROOT / "scripts" / "kafka", script.parent / "kafka")

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, script, command], capture_output=True, text=True, check=True)

    yield run
    run("stop")


def test_starting_twice_gives_the_same_services_and_stopping_leaves_none(services: Services) -> None:
    first = services("start")
    started = first.stdout
    assert "No Kafka: " in first.stderr
    assert "TRADEWIND_TEST_KAFKA_URL" not in started
    assert "export TRADEWIND_TEST_POSTGRES_URL=postgresql+psycopg://tradewind:" in started
    assert "export TRADEWIND_TEST_REDIS_URL=redis://:" in started
    assert services("start").stdout == services("env").stdout == started

    report = services("status").stdout
    assert "password" not in report
    ports = [int(line.rsplit(":", 1)[1]) for line in report.splitlines() if "runs on" in line]
    assert len(ports) == 2

    services("stop")
    assert services("status").stdout.count("does not run") == 3
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_stopping_what_was_never_started_is_no_error(services: Services) -> None:
    assert services("stop").stderr == ""
