"""What was acknowledged is in base, views and quarantine, once: under random batches, repetitions and crashes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.ingest.conftest import DATABASE, EVENTS, WORKSPACE, Workspace, make_release
from tradewind.core.settings import IngestSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.ingest.service import Ingest

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "timestamp": st.sampled_from(["2026-03-10 12:00:00", "2026-03-10T12:00:00Z", "Mar 10 2026 12:00:00", "no"]),
            "event": st.sampled_from(["view", "cart", {"a": 1}, 7]),
            "product": st.text(max_size=3),
            "quantity": st.sampled_from([1, 5, None, "3", 2**31, 1.5]),
        }
    ),
    max_size=6,
)


class Crash(Exception):
    """The process would have died here."""


def is_good(row: dict[str, Any]) -> bool:
    return row["timestamp"] != "no" and row["event"] != 7 and row["quantity"] in (1, 5, None)


def is_good_as_text(row: dict[str, Any]) -> bool:
    """Whether a replay takes it: the quarantine keeps what was sent as texts, and a text can hold 7, and "3" be a 3."""
    return row["timestamp"] != "no" and row["quantity"] in (1, 5, None, "3")


class Ingesting(RuleBasedStateMachine):
    """An ingest that is closed and opened again, and dies at the worst moments of a batch."""

    engine: Path

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.warehouse = Warehouse(f"chdb://{self.engine}")
        self.release = make_release(self.warehouse, EVENTS)
        self.good = self.quantity = self.keys = 0
        self.bad: list[dict[str, Any]] = []
        self.last: tuple[bytes, str] | None = None
        self.ingest = self.opened()

    def opened(self) -> Ingest:
        made = Ingest(Path(self.folder.name), f"chdb://{self.engine}", self.warehouse, IngestSettings(batch_mb=1))
        made.recover(lambda _: self.release)
        for name in ("events", "events_quarantine"):
            if not made.landing.follows(self.release.tables[name]):
                made.landing.attach(WORKSPACE, name, DATABASE, self.release.tables[name], 0)
        return made

    @rule(rows=ROWS, keyed=st.booleans())
    def append(self, rows: list[dict[str, Any]], keyed: bool) -> None:
        body = b"\n".join(json.dumps(row).encode() for row in rows)
        self.keys += 1
        key = f"k{self.keys}" if keyed else None
        counts = self.ingest.append(self.release, "events", body, key=key)
        good = [row for row in rows if is_good(row)]
        assert (counts.successful, counts.quarantined) == (len(good), len(rows) - len(good))
        self.good += len(good)
        self.bad += [row for row in rows if not is_good(row)]
        self.quantity += sum(row["quantity"] or 1 for row in good)
        self.last = (body, key) if key else self.last

    @precondition(lambda self: self.last is not None)
    @rule()
    def append_again(self) -> None:
        assert self.last is not None
        self.ingest.append(self.release, "events", self.last[0], key=self.last[1])

    @rule()
    def land(self) -> None:
        self.ingest.settle()

    @rule(where=st.sampled_from(["before the insert", "after the insert", "after the close"]))
    def crash(self, where: str) -> None:
        dies_at(self.ingest, where)
        with suppress(Crash):
            self.ingest.settle()
        self.ingest.close()
        self.ingest = self.opened()

    @rule()
    def restart(self) -> None:
        self.ingest.close()
        self.ingest = self.opened()

    @rule()
    def replay(self) -> None:
        if self.bad:
            self.ingest.settle()
            done = self.ingest.replays.replay(self.release, "events")
            taken = [row for row in self.bad if is_good_as_text(row)]
            assert (done.rows, done.left) == (len(taken), len(self.bad) - len(taken))
            self.good += len(taken)
            self.quantity += sum(int(row["quantity"] or 1) for row in taken)
            self.bad = [row for row in self.bad if not is_good_as_text(row)]

    @invariant()
    def nothing_is_lost_or_double(self) -> None:
        if not hasattr(self, "ingest"):
            return
        table = Workspace(self.warehouse, self.ingest, self.release)
        assert table.count("events") <= self.good

    def teardown(self) -> None:
        if not hasattr(self, "ingest"):
            return
        try:
            self.ingest.settle()
            found = Workspace(self.warehouse, self.ingest, self.release)
            assert found.rows("events", "count() AS n, sum(quantity) AS q") == [{"n": self.good, "q": self.quantity}]
            assert found.count("events_quarantine") == len(self.bad)
            assert found.views_agree()
        finally:
            self.ingest.close()
            self.warehouse.command(f"DROP DATABASE `{DATABASE}` SYNC")
            self.warehouse.command(f"DROP DATABASE `{self.warehouse.database}` SYNC")
            self.warehouse.close()
            self.folder.cleanup()


def dies_at(ingest: Ingest, where: str) -> None:
    """The next batch stops there, with all that it did before."""
    landing = ingest.landing
    writer = landing._storing._writers.mine
    insert: Callable[..., None] = writer.insert_lines

    def dying(*arguments: Any, **more: Any) -> None:
        if where == "before the insert":
            raise Crash
        insert(*arguments, **more)
        if where == "after the insert":
            raise Crash

    writer.insert_lines = dying  # type: ignore[method-assign]
    if where == "after the close":

        def moved(*_: Any) -> None:
            raise Crash

        landing._moved = moved  # type: ignore[method-assign, assignment]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_is_acknowledged_is_stored_once(chdb_path: Path) -> None:
    Ingesting.engine = chdb_path
    run_state_machine_as_test(
        Ingesting,
        settings=settings(
            max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
