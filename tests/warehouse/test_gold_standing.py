"""What a build may leave as it stands, and how a landed table tells that something came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.spine import Shop, a_platform, an_order
from tradewind.jobs.gold_standing import Standing, landed_now, note, read, to_leave
from tradewind.platform import Platform
from tradewind.warehouse.builds import Build, BuildKind

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LAST = Build(NOON, 1.0, BuildKind.PARTIAL, 35, {}, "digest")
LANDED = {"log_fees": "one", "log_payments": "two", "log_channels": "three", "log_ad_spend": "four"}
MADE = {"silver_fees": "a", "silver_payments": "b", "silver_channels": "c", "gold_channel_profit": "d"}
NOTED = Standing(NOON.isoformat(), LANDED, MADE)


def _left(
    *,
    noted: Standing | None = NOTED,
    last: Build | None = LAST,
    digest: str = "digest",
    now: datetime = NOON + timedelta(hours=1),
    zone: str = "UTC",
    landed: dict[str, str] | None = None,
    made: dict[str, str] | None = None,
) -> set[str]:
    return {*to_leave(noted, last, digest, LANDED | (landed or {}), MADE | (made or {}), now, ZoneInfo(zone))}


def test_what_nothing_has_come_for_is_left() -> None:
    # gold_channel_profit is made of orders too, and nobody knows how these stand.
    assert _left() == {"silver_fees", "silver_payments", "silver_channels"}
    assert _left(landed={"log_fees": "more"}) == {"silver_payments", "silver_channels"}
    assert _left(made={"silver_payments": "another table"}) == {"silver_fees", "silver_channels"}


def test_nothing_is_left_after_another_build_or_on_another_day() -> None:
    assert not _left(noted=None)
    assert not _left(last=None)
    assert not _left(last=replace(LAST, failed={"silver_fees": "no"}))
    assert not _left(last=replace(LAST, kind=BuildKind.SELECTED))
    assert not _left(last=replace(LAST, began_at=NOON + timedelta(seconds=1)))
    assert not _left(digest="another")
    assert not _left(now=NOON + timedelta(hours=12))
    assert _left(now=NOON + timedelta(hours=6), zone="UTC")
    assert not _left(now=NOON + timedelta(hours=6, minutes=15), zone="Asia/Kathmandu")


def test_the_newest_note_counts(tmp_path: Path) -> None:
    assert read(tmp_path / "standing.json") is None
    for moment in ("earlier", "later"):
        note(tmp_path / "standing.json", replace(NOTED, began_at=moment))
    assert read(tmp_path / "standing.json") == replace(NOTED, began_at="later")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Platform]:
    with a_platform(tmp_path_factory.mktemp("standing") / "data", chdb_path) as made:
        yield made


def test_a_landed_table_tells_of_all_that_comes_and_goes_but_not_of_merges(platform: Platform) -> None:
    shop, warehouse = Shop.open(platform.database), platform.warehouse
    states = [landed_now(warehouse)["log_orders"]]
    for number in range(3):
        shop.book(an_order(f"S-{number}"))
        platform.settle()
        states.append(landed_now(warehouse)["log_orders"])
    found = landed_now(warehouse)
    assert found["observed_events"] == "nothing"
    warehouse.command("OPTIMIZE TABLE log_orders FINAL")
    assert landed_now(warehouse) == found
    for change in (
        "ALTER TABLE log_orders UPDATE ship_city = 'X' WHERE order_number = 'S-1'",
        "ALTER TABLE log_orders DELETE WHERE order_number = 'S-2'",
        "DELETE FROM log_orders WHERE order_number = 'S-1'",
    ):
        warehouse.command(f"{change} SETTINGS mutations_sync = 2")
        states.append(landed_now(warehouse)["log_orders"])
    assert len({*states}) == len(states)
    assert {**landed_now(warehouse), "log_orders": ""} == {**found, "log_orders": ""}
