"""A connected account of a made-up Amazon on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.amazon.market import START
from tests.channels.syncing import ACTOR, KEY, PassingTime
from tradewind.channels.amazon.connector import AmazonConnector
from tradewind.channels.sync.connections import NewConnection, connect
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.sandbox.server import Sandbox, SandboxPlan, running


@pytest.fixture
def served(store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Sandbox, Engine]]:
    """A connected account whose clock only moves when it is waited for."""
    real = ManualClock("2026-11-01T00:00:00+00:00")
    sandbox = Sandbox(
        SandboxPlan(5, START, days=30, orders=150, history_days=20, speed=1.0, channels=("amazon",)), real
    )
    connector = AmazonConnector(clock=sandbox.clock)
    pacer = PassingTime(real)
    engine = Engine(store, sandbox.clock, Connectors([connector]), lambda: KEY, folder=tmp_path / "locks", pacer=pacer)
    with running(sandbox) as address:
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it would keep the keys that another test had
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"{address}/amazon/sqs")
        environment = sandbox.variables(address) | {"AMAZON_SQS_URL": f"{address}/amazon/sqs/orders"}
        with store.write() as tx:
            connect(
                tx,
                connector,
                NewConnection("amazon", {}, history_days=60),
                environment=environment,
                secret_key=KEY,
                actor=ACTOR,
                now=sandbox.clock.now(),
            )
        yield sandbox, engine
        engine.close()
