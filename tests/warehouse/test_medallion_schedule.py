"""When gold is built by itself, what is written down of it, and what people are told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.spine import Shop, a_platform, an_order
from tradewind.cli.report import _gold
from tradewind.jobs.gold_schedule import GoldSchedule, due, last_night
from tradewind.platform import Platform
from tradewind.warehouse.builds import Build, BuildKind, digest_of, latest, newest_fact, record
from tradewind.warehouse.gateway import Access, serve_gateway
from tradewind.warehouse.medallion import PROJECT, BuildResult, NodeResult

BERLIN, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
QUARTER = timedelta(minutes=15)
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def _built(hours_ago: float, *, failed: dict[str, str] | None = None, kind: BuildKind = BuildKind.FULL) -> Build:
    return Build(NOW - timedelta(hours=hours_ago), 1.0, kind, 50, failed or {}, "digest")


@pytest.mark.parametrize(
    ("now", "zone", "night"),
    [
        (datetime(2026, 3, 10, 12, tzinfo=UTC), BERLIN, datetime(2026, 3, 10, 1, tzinfo=UTC)),
        (datetime(2026, 3, 10, 0, 59, tzinfo=UTC), BERLIN, datetime(2026, 3, 9, 1, tzinfo=UTC)),
        (datetime(2026, 3, 10, 20, 15, tzinfo=UTC), KATHMANDU, datetime(2026, 3, 10, 20, 15, tzinfo=UTC)),
        (datetime(2026, 3, 10, 20, 14, tzinfo=UTC), KATHMANDU, datetime(2026, 3, 9, 20, 15, tzinfo=UTC)),
        # On the night that skips two o'clock, and on the one that has it twice.
        (datetime(2026, 3, 29, 12, tzinfo=UTC), BERLIN, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), BERLIN, datetime(2026, 10, 25, 0, tzinfo=UTC)),
    ],
)
def test_the_night_is_the_stores(now: datetime, zone: ZoneInfo, night: datetime) -> None:
    assert last_night(now, zone).astimezone(UTC) == night


def test_a_build_is_due_when_facts_moved_on_and_every_night() -> None:
    def asked(last: Build | None, full: Build | None, newest: datetime | None) -> BuildKind | None:
        return due(NOW, BERLIN, QUARTER, last, full, lambda: newest)

    fresh = NOW - timedelta(seconds=5)
    assert asked(None, None, None) is None
    assert asked(None, None, fresh) is BuildKind.FULL
    assert asked(_built(0.2), _built(0.2), fresh) is None
    assert asked(_built(0.3), _built(0.3), fresh) is BuildKind.PARTIAL
    assert asked(_built(0.3), _built(0.3), NOW - timedelta(hours=2)) is None
    assert asked(_built(0.3, failed={"gold": "no"}), _built(0.3), NOW - timedelta(hours=2)) is BuildKind.PARTIAL
    # Nothing came in since yesterday, but ages went on.
    assert asked(_built(12), _built(12), NOW - timedelta(days=2)) is BuildKind.FULL


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("schedule")
    with a_platform(folder / "data", chdb_path, store={"timezone": "Europe/Berlin", "currency": "EUR"}) as made:
        yield made


def test_builds_are_written_down_with_what_failed(platform: Platform) -> None:
    platform.warehouse.command("TRUNCATE TABLE gold_builds")
    assert latest(platform.warehouse) is None
    assert _gold(platform.warehouse) is None
    nodes = (
        NodeResult("silver_orders", "model", "built", 1.0, 5),
        NodeResult("gold_sales_lines", "model", "failed", 1.0, message="Code: 1. It's over"),
        NodeResult("gold_daily_sales", "model", "skipped", 0.0),
    )
    at = datetime.now(UTC).replace(microsecond=0)  # of today: what is older than 90 days is forgotten
    record(platform.warehouse, Build.of(BuildResult(nodes, 2.5), at, BuildKind.PARTIAL, "one"))
    found = latest(platform.warehouse)
    assert found is not None
    assert (found.began_at, found.kind, found.models, found.is_good) == (at, BuildKind.PARTIAL, 3, False)
    assert dict(found.failed) == {"gold_sales_lines": "Code: 1. It's over", "gold_daily_sales": "no reason given"}
    assert latest(platform.warehouse, BuildKind.FULL) is None
    told = _gold(platform.warehouse)
    assert told is not None
    assert told["built"] == f"{at:%Y-%m-%dT%H:%M:%SZ}"
    assert "gold_sales_lines: Code: 1. It's over" in told["failed"]
    record(platform.warehouse, Build.of(BuildResult(nodes[:1], 1.0), at + QUARTER, BuildKind.FULL, "one"))
    assert latest(platform.warehouse) == latest(platform.warehouse, BuildKind.FULL)
    platform.warehouse.command("TRUNCATE TABLE gold_builds")


def test_other_models_or_variables_have_another_digest(tmp_path: Path) -> None:
    assert digest_of(PROJECT, {"timezone": "UTC"}) == digest_of(PROJECT, {"timezone": "UTC"})
    assert digest_of(PROJECT, {"timezone": "UTC"}) != digest_of(PROJECT, {"timezone": "Europe/Berlin"})


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_store_that_sells_gets_its_gold(platform: Platform) -> None:
    platform.warehouse.command("TRUNCATE TABLE gold_builds")
    assert newest_fact(platform.warehouse) is None
    Shop.open(platform.database).book(an_order())
    platform.settle()
    assert newest_fact(platform.warehouse) is not None
    gateway = serve_gateway(platform.warehouse, lambda *_: Access("dbt", may_write=True), port=0)
    card = platform.lock.card
    platform.lock.publish(
        type(card)(card.pid, card.purpose, card.since, None, "127.0.0.1", gateway.port, "a-secret-of-this-test")
    )
    stop, schedule = threading.Event(), GoldSchedule(platform)
    thread = threading.Thread(target=schedule.run, args=(stop,))
    thread.start()
    try:
        schedule.begin(at_once=True)
        deadline = time.monotonic() + 240
        while latest(platform.warehouse) is None and time.monotonic() < deadline:
            time.sleep(0.2)
    finally:
        stop.set()
        thread.join()
        gateway.stop()
    build = latest(platform.warehouse)
    assert build is not None
    assert build.is_good, build.failed
    assert build.kind is BuildKind.FULL
    (row,) = platform.warehouse.query("SELECT sum(revenue) AS revenue FROM gold_sales_lines")
    assert row["revenue"] == 10
