"""The warehouse's tables come into being once, and what is derived is rebuilt whole when its definition changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spine import NOON, Shop, a_platform, a_refund, some_orders
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.core.clock import business_day
from tradewind.platform import Platform
from tradewind.warehouse.client import Row, Warehouse
from tradewind.warehouse.schema import ensure_schema, live_tables

UTC_ZONE, KATHMANDU, BERLIN = ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("Europe/Berlin")
LIVE = [table.name for table in live_tables(UTC_ZONE)]


@pytest.fixture
def platform(data_dir: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_platform(data_dir, chdb_path) as platform:
        yield platform


def fill(platform: Platform) -> None:
    shop = Shop.open(platform.database)
    shop.book(*some_orders(60))
    shop.book(*some_orders(10, skus=2))
    with platform.database.write() as tx:
        book_refunds(
            tx, [a_refund(f"R-{i}", refunded_at=NOON - timedelta(hours=5 * i)) for i in range(9)], shop.booking
        )
    platform.settle()


def contents(warehouse: Warehouse) -> dict[str, list[Row]]:
    """What the live tables say, however their rows happen to be merged."""
    queries = {
        "live_daily_sales": "SELECT grain, day, currency, channel, country, product_id, sum(units), sum(revenue),"
        " sum(refunded), sum(orders) FROM live_daily_sales GROUP BY ALL ORDER BY ALL",
        "live_sales": "SELECT * FROM live_sales ORDER BY ALL",
        "live_freshness": "SELECT channel, max(newest_event_at), max(newest_ingested_at) FROM live_freshness"
        " GROUP BY channel ORDER BY channel",
        "live_products": "SELECT * FROM live_products FINAL ORDER BY ALL",
        "live_channels": "SELECT * FROM live_channels FINAL ORDER BY ALL",
        "live_fx_rates": "SELECT * FROM live_fx_rates FINAL ORDER BY ALL",
    }
    assert set(queries) == set(LIVE), "a live table that this test does not know"
    return {name: warehouse.query(sql) for name, sql in queries.items()}


def test_a_second_start_builds_nothing(platform: Platform) -> None:
    assert platform.rebuilt == LIVE
    assert ensure_schema(platform.warehouse, UTC_ZONE) == []


def test_a_second_start_leaves_what_is_there(platform: Platform) -> None:
    fill(platform)
    before = contents(platform.warehouse)
    ensure_schema(platform.warehouse, UTC_ZONE)
    assert contents(platform.warehouse) == before


def columns(warehouse: Warehouse, table: str) -> list[tuple[str, str]]:
    rows = warehouse.query(
        "SELECT name, type FROM system.columns WHERE database = {db:String} AND table = {table:String}"
        " ORDER BY position",
        {"db": warehouse.database, "table": table},
    )
    return [(row["name"], row["type"]) for row in rows]


def test_a_landed_table_of_an_older_program_is_widened_and_reads_facts_of_both(platform: Platform) -> None:
    warehouse = platform.warehouse
    fresh = columns(warehouse, "log_reviews")
    warehouse.command("ALTER TABLE log_reviews DROP COLUMN status SETTINGS mutations_sync = 2")
    told = b'{"contract":1,"review_id":"%s","product_id":"mug","rating":5,"reviewed_at":"2026-03-10 12:00:00.000000"}'
    warehouse.insert_lines("log_reviews", told % b"before", token="before")
    for _ in range(2):
        ensure_schema(warehouse, UTC_ZONE)
        assert columns(warehouse, "log_reviews") == fresh
    warehouse.insert_lines("log_reviews", told % b"late", token="late")
    warehouse.insert_lines("log_reviews", (told % b"new")[:-1] + b',"status":"rejected"}', token="new")
    found = warehouse.query("SELECT review_id, status FROM log_reviews ORDER BY review_id")
    assert [(row["review_id"], row["status"]) for row in found] == [
        ("before", "published"), ("late", "published"), ("new", "rejected"),
    ]  # fmt: skip


@pytest.mark.parametrize("zone", [KATHMANDU, BERLIN])
def test_a_rebuild_after_a_change_of_time_zone_equals_a_fresh_build(
    data_dir: Path, chdb_path: Path, tmp_path: Path, zone: ZoneInfo
) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        fill(platform)
        in_utc = contents(platform.warehouse)
        rebuilt = ensure_schema(platform.warehouse, zone)
        changed = contents(platform.warehouse)
        assert rebuilt == ["live_daily_sales", "live_sales"]
        assert changed["live_daily_sales"] != in_utc["live_daily_sales"]  # days did move
        # More facts come in after the change: the views write on in the new zone.
        Shop.open(platform.database).book(*some_orders(20, prefix="later"))
        platform.settle()
        changed = contents(platform.warehouse)

        platform.warehouse.command(f"DROP DATABASE `{platform.warehouse.database}` SYNC")
        platform.warehouse.command(f"CREATE DATABASE `{platform.warehouse.database}`")
        ensure_schema(platform.warehouse, zone)
        for partition in platform.log.partitions():
            platform.ledger.rewind(partition, 0)
        platform.sink.drain()
        assert contents(platform.warehouse) == changed


def test_an_entry_falls_on_the_business_day_of_the_stores_zone(platform: Platform) -> None:
    fill(platform)
    ensure_schema(platform.warehouse, KATHMANDU)
    for row in platform.warehouse.query("SELECT DISTINCT at, day FROM live_sales"):
        assert row["day"] == business_day(row["at"], KATHMANDU)


class Crash(BaseException):
    """The process dies here."""


class DyingWarehouse:
    """A warehouse that dies at its n-th statement, before or after it has been carried out."""

    def __init__(self, warehouse: Warehouse, dies_at: int) -> None:
        self._warehouse, self._left = warehouse, dies_at

    def query(self, sql: str) -> list[Row]:
        return self._warehouse.query(sql)

    def command(self, sql: str, parameters: dict[str, Any] | None = None) -> None:
        self._left -= 1
        if self._left == -1:
            raise Crash
        self._warehouse.command(sql, parameters)
        self._left -= 1
        if self._left == -1:
            raise Crash


def test_a_rebuild_that_dies_on_any_statement_is_done_whole_by_the_next_start(platform: Platform) -> None:
    fill(platform)
    zones = [KATHMANDU, BERLIN]
    expected = {}
    for zone in zones:
        ensure_schema(platform.warehouse, zone)
        expected[zone.key] = contents(platform.warehouse)
    for dies_at in count(11, 4):  # the statements before only ask for what is there already
        zone = zones[(dies_at // 4) % 2]
        dying: Any = DyingWarehouse(platform.warehouse, dies_at)
        try:
            ensure_schema(dying, zone)
        except Crash:
            ensure_schema(platform.warehouse, zone)
        else:
            assert dies_at > 20
            break
        assert contents(platform.warehouse) == expected[zone.key]


@settings(max_examples=20)
@given(
    moments=st.lists(
        st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        min_size=20,
        max_size=60,
    ),
    key=st.sampled_from(["Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"]),
)
def test_the_engine_and_python_cut_days_alike(engine_warehouse: Warehouse, moments: list[datetime], key: str) -> None:
    rows = engine_warehouse.query(
        f"SELECT toDate32(arrayJoin({{moments:Array(DateTime64(6, 'UTC'))}}), '{key}') AS day", {"moments": moments}
    )
    assert [row["day"] for row in rows] == [business_day(moment, ZoneInfo(key)) for moment in moments]


def test_clocks_that_jump_cut_the_same_days_on_both_sides(engine_warehouse: Warehouse) -> None:
    nights = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]
    moments = [
        datetime(night.year, night.month, night.day, 20, tzinfo=UTC) + timedelta(minutes=15 * step)
        for night in nights
        for step in range(32)
    ]
    rows = engine_warehouse.query(
        "SELECT toDate32(arrayJoin({moments:Array(DateTime64(6, 'UTC'))}), 'Europe/Berlin') AS day",
        {"moments": moments},
    )
    assert [row["day"] for row in rows] == [business_day(moment, BERLIN) for moment in moments]
