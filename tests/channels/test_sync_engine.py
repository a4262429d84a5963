"""A sync reads everything, books it once, and says what became of it, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.channels.syncing import Rig
from tests.channels.tiny import SECRET
from tradewind.channels.contract import Resource
from tradewind.channels.sync import booking
from tradewind.channels.sync.connections import ConnectionNotActive
from tradewind.channels.sync.orders import bookable
from tradewind.core.database import Database


@pytest.fixture
def rig(store: Database, tmp_path: Path) -> Iterator[Rig]:
    made = Rig.make(store, tmp_path / "locks")
    yield made
    made.close()


def watermark(rig: Rig) -> str:
    return str(rig.one("SELECT watermark FROM sync_cursors WHERE resource = 'orders'"))[:19]


def test_a_first_sync_books_every_order_and_moves_the_watermark_to_the_newest_that_may_be_asked(rig: Rig) -> None:
    for number in range(130):
        rig.shop.order(number)
    counts = rig.synced()
    assert (counts["orders.created"], counts["payloads.read"], counts["pages"]) == (130, 130, 3)
    assert rig.one("SELECT count(*), sum(units), sum(revenue_minor) FROM orders") == (
        130,
        sum(1 + n % 3 for n in range(130)),
        sum((1 + n % 3) * 1250 for n in range(130)),
    )
    assert rig.one("SELECT origin FROM orders LIMIT 1") == "channel"
    assert watermark(rig) == "2026-04-01 11:58:00"
    assert rig.one("SELECT status, error FROM sync_runs") == ("finished", None)


def test_the_same_again_changes_nothing_and_a_change_becomes_a_new_version(rig: Rig) -> None:
    for number in range(20):
        rig.shop.order(number)
    rig.synced()
    rig.clock.advance(minutes=5)
    rig.shop.order(3, status="shipped", updated=rig.clock.now().isoformat())
    rig.clock.advance(minutes=10)
    assert rig.synced()["orders.changed"] == 1
    assert rig.one("SELECT status, version FROM orders WHERE external_id = 'T-000003'") == ("shipped", 2)
    rig.clock.advance(minutes=1)
    again = rig.synced()
    assert again["payloads.known"] == 1
    assert "orders.changed" not in again
    full = rig.synced(full=True)
    assert (full["payloads.read"], full["orders.unchanged"]) == (20, 20)
    assert rig.one("SELECT count(*) FROM orders") == 20


def test_a_jump_back_is_booked_and_written_into_the_history(rig: Rig) -> None:
    rig.shop.order(1, status="delivered")
    rig.synced()
    rig.clock.advance(minutes=5)
    rig.shop.order(1, status="confirmed", updated=rig.clock.now().isoformat())
    rig.clock.advance(minutes=5)
    rig.synced()
    history = rig.rows("SELECT previous_status, status, origin FROM order_history ORDER BY id")
    assert history == [(None, "delivered", "channel"), ("delivered", "confirmed", "channel")]


def test_an_older_telling_never_overwrites_a_newer_one(rig: Rig) -> None:
    newer = rig.shop.order(1, status="shipped", updated="2026-03-20T00:00:00+00:00")
    rig.synced()
    newer.update(status="confirmed", updated="2026-03-19T00:00:00+00:00")
    rig.synced(full=True)
    assert rig.one("SELECT status FROM orders") == "shipped"


@pytest.mark.parametrize("fault", ["503", "truncated", "expired", "429", "empty_page"])
def test_passing_faults_lose_and_double_nothing(rig: Rig, fault: str) -> None:
    for number in range(120):
        rig.shop.order(number)
    rig.shop.faults = [fault]

    def again(start: int) -> None:
        if start == 50 and rig.shop.calls["/orders"] < 6:
            rig.shop.faults = [fault, "503"]

    rig.shop.before_page = again
    assert rig.synced()["orders.created"] == 120


def test_a_failure_in_the_middle_keeps_the_pages_and_not_the_watermark(rig: Rig) -> None:
    rig.shop.page_size = 500
    for number in range(1500):
        rig.shop.order(number)

    def away(start: int) -> None:
        if start == 500:
            rig.shop.faults = ["503"] * 6  # which meets whoever asks next

    rig.shop.before_page = away
    assert rig.sync().status == "failed"
    rig.shop.before_page = None
    assert rig.one("SELECT count(*) FROM orders") == 1000
    assert rig.one("SELECT watermark FROM sync_cursors") is None
    assert rig.synced()["payloads.known"] == 1000
    assert rig.one("SELECT count(*), count(DISTINCT external_id) FROM orders") == (1500, 1500)


def test_a_first_load_goes_backwards_and_goes_on_where_it_broke_off(store: Database, tmp_path: Path) -> None:
    rig = Rig.make(store, tmp_path / "locks", window_days=10, history_days=35)
    try:
        for number, day in enumerate((2, 8, 14, 22, 30, 34, 40)):
            at = (rig.clock.now() - timedelta(days=day)).isoformat()
            rig.shop.order(number, placed=at, updated=at)
        seen: list[int] = []

        def count(start: int) -> None:
            seen.append(start)
            if len(seen) == 2:
                rig.shop.faults = ["400"]

        rig.shop.before_page = count
        assert rig.sync().status == "failed"
        assert watermark(rig) == "2026-04-01 11:58:00"
        rig.shop.before_page = None
        rig.clock.advance(minutes=30)
        rig.synced()
        assert rig.one("SELECT count(*) FROM orders") == 6
        assert rig.one("SELECT is_loaded FROM sync_cursors")
    finally:
        rig.close()


def test_what_cannot_be_booked_waits_in_quarantine_and_is_told_once(rig: Rig) -> None:
    for number in range(40):
        rig.shop.order(number)
    rig.shop.order(5, shipping="four")
    rig.shop.order(6, currency="???")
    for number in (7, 8, 9):
        rig.shop.order(number, lines=[{"id": "1", "units": 1}])
    counts = rig.synced()
    assert (counts["orders.created"], counts["payloads.refused"]) == (35, 5)
    codes = dict(rig.rows("SELECT external_id, code FROM channel_quarantine"))
    assert codes["T-000005"] == "invalid_payload"
    assert codes["T-000006"] == "invalid_input"
    again = rig.synced(full=True)
    assert "payloads.quarantined" not in again
    assert rig.rows("SELECT cause FROM channel_alerts WHERE resolved_at IS NULL") == [("quarantine:orders",)]


def test_a_mapping_that_raises_costs_one_payload_and_the_log_says_where_but_not_who(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        rig.shop.order(number)
    rig.shop.order(3, gift="a ribbon")
    counts = rig.synced()
    assert (counts["orders.created"], counts["payloads.refused"]) == (7, 1)
    ((code, reason),) = rig.rows("SELECT code, reason FROM channel_quarantine")
    assert code == "cannot_map"
    assert "NotImplementedError" in reason
    told = capsys.readouterr()
    assert "tiny.py" in told.out + told.err
    assert "@" not in reason + told.out + told.err
    rig.shop.order(3, gift=None)
    assert rig.synced(full=True)["orders.created"] == 1


@pytest.mark.parametrize("failure", [KeyError("ada@example.com"), AttributeError("ada@example.com"), TypeError("ada")])
def test_a_payload_that_booking_trips_over_is_put_aside_and_the_others_are_booked(
    rig: Rig, failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def trips(told: Any, *args: Any, **kwargs: Any) -> Any:
        if told.external_id == "T-000002":
            raise failure
        return bookable(told, *args, **kwargs)

    monkeypatch.setattr(booking, "bookable", trips)
    for number in range(5):
        rig.shop.order(number)
    counts = rig.synced()
    assert (counts["orders.created"], counts["payloads.refused"]) == (4, 1)
    assert type(failure).__name__ in rig.one("SELECT reason FROM channel_quarantine")
    told = capsys.readouterr()
    assert "booking.py" in told.out + told.err
    assert "ada" not in told.out + told.err


def test_an_unknown_value_is_booked_with_a_warning_and_one_alert(rig: Rig) -> None:
    rig.shop.order(1, status="teleported")
    rig.shop.order(2, status="teleported")
    result = rig.sync()
    assert result.warnings == {"unknown_status": 2}
    assert rig.rows("SELECT DISTINCT status FROM orders") == [("confirmed",)]
    rig.sync(full=True)
    assert rig.rows("SELECT cause FROM channel_alerts") == [("unknown_status",)]


def test_revoked_access_stops_the_connection_and_new_credentials_set_it_going(rig: Rig) -> None:
    rig.shop.order(1)
    rig.shop.is_revoked = True
    assert rig.sync().status == "failed"
    assert rig.one("SELECT state FROM channel_connections") == "needs_attention"
    assert rig.one("SELECT cause, resolved_at FROM channel_alerts") == ("credentials", None)
    with pytest.raises(ConnectionNotActive, match="needs attention"):
        rig.sync()
    rig.shop.is_revoked = False
    assert rig.engine.check("tiny") == "Tiny shop"
    assert rig.synced()["orders.created"] == 1
    assert rig.rows("SELECT cause FROM channel_alerts WHERE resolved_at IS NULL") == []


def test_a_right_that_is_missing_for_one_resource_stops_only_that_one(rig: Rig) -> None:
    rig.shop.order(1)
    rig.shop.faults = ["403"]
    assert rig.sync(Resource.FEES).status == "failed"
    assert rig.one("SELECT state FROM channel_connections") == "active"
    assert rig.one("SELECT state FROM sync_cursors WHERE resource = 'fees'") == "needs_attention"
    assert rig.synced()["orders.created"] == 1


def test_a_frozen_account_rests_for_six_hours_and_is_tried_again(rig: Rig) -> None:
    rig.shop.faults = ["423"]
    assert rig.sync().status == "failed"
    with pytest.raises(ConnectionNotActive):
        rig.sync()
    rig.clock.advance(hours=6, seconds=1)
    assert rig.synced()["pages"] == 1


def test_three_failures_in_a_row_raise_one_alert_that_a_good_run_clears(rig: Rig) -> None:
    for _ in range(4):
        rig.shop.faults = ["400"]
        assert rig.sync().status == "failed"
    assert rig.rows("SELECT cause FROM channel_alerts WHERE resolved_at IS NULL") == [("failing:orders",)]
    rig.synced()
    assert rig.rows("SELECT cause FROM channel_alerts WHERE resolved_at IS NULL") == []


def test_refunds_take_revenue_off_once_and_a_full_refund_leaves_the_order_sold(rig: Rig) -> None:
    refund = {"id": "R-1", "at": "2026-03-20T10:00:00+00:00", "sku": "SKU-1", "units": 2, "amount": "31.50"}
    rig.shop.order(1, status="refunded", refunds=[refund])
    rig.shop.order(2, status="cancelled", refunds=[refund | {"id": "R-2"}])
    counts = rig.synced()
    assert counts["refunds.created"] == 1
    assert rig.one("SELECT external_id, amount_minor FROM refunds") == ("R-1", 3150)
    books = dict(rig.rows("SELECT external_id, status FROM orders"))
    assert books == {"T-000001": "confirmed", "T-000002": "cancelled"}
    assert rig.one("SELECT payment_status FROM orders WHERE external_id = 'T-000001'") == "refunded"
    assert rig.synced(full=True)["refunds.unchanged"] == 1


def test_fees_products_and_stock_of_the_marketplace_reach_the_books(rig: Rig) -> None:
    rig.shop.order(1)
    rig.shop.products = [
        {"id": "A-1", "sku": "SKU-1", "title": "Red mug", "price": "12.50", "status": "active"},
        {"id": "A-2", "sku": "sku-1 ", "title": "Red mug", "price": "11.00", "status": "active"},
    ]
    at = "2026-03-31T00:00:00+00:00"
    rig.shop.stock = [
        {"sku": "SKU-1", "place": "fba", "units": 40, "keeper": "fba", "at": at},
        {"sku": "SKU-1", "place": "berlin", "units": 7, "keeper": "seller", "at": at},
    ]
    rig.shop.fees = [
        {"id": "F-1", "at": at, "amount": "3.75", "order": "T-000001", "report": "2026-03-31"},
        {"id": "F-2", "at": at, "amount": "-1.00", "order": "T-000001", "report": "2026-03-31"},
    ]
    rig.synced()
    rig.synced(Resource.PRODUCTS)
    rig.synced(Resource.INVENTORY)
    rig.synced(Resource.FEES)
    assert rig.rows("SELECT external_id, price_minor FROM listings ORDER BY 1") == [("A-1", 1250), ("A-2", 1100)]
    assert rig.one("SELECT count(*) FROM products WHERE sku LIKE 'SKU-1%' OR sku LIKE 'sku-1%'") == 1
    level = "SELECT s.on_hand, s.is_counted, l.code FROM stock s JOIN locations l ON l.id = s.location_id"
    assert [(int(a), bool(b), c) for a, b, c in rig.rows(level)] == [(40, True, "tiny-fba")]
    assert rig.one("SELECT sum(delta) FROM stock_movements") == 40
    assert rig.one("SELECT sum(amount_minor) FROM fees") == 275
    rig.shop.stock[0] |= {"units": 33, "at": "2026-04-01T00:00:00+00:00"}
    rig.shop.fees = [{"id": "F-1", "at": at, "amount": "3.70", "order": "T-000001", "report": "2026-03-31"}]
    rig.clock.advance(minutes=30)
    rig.synced(Resource.INVENTORY)
    rig.synced(Resource.FEES)
    assert rig.one("SELECT on_hand FROM stock") == 33
    assert rig.one("SELECT sum(amount_minor) FROM fees") == 370
    assert rig.one("SELECT o.fees_minor FROM orders o") == 0


def test_no_secret_and_no_person_is_readable_in_the_store_or_in_the_log(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.shop.order(1)
    rig.shop.order(2, shipping="four")
    rig.shop.faults = ["503", "400"]
    rig.sync()
    rig.synced()
    stored = b"".join(
        bytes(row[0])
        for table, column in (
            ("channel_payloads", "body"),
            ("channel_quarantine", "body"),
            ("channel_connections", "sealed_secrets"),
            ("channel_connections", "sealed_key"),
        )
        for row in rig.rows(f"SELECT {column} FROM {table}")
    )
    told = capsys.readouterr()
    plain = [str(row) for table in ("sync_runs", "audit_log", "channel_alerts", "channel_quarantine")
             for row in rig.rows(f"SELECT * FROM {table}")]  # fmt: skip
    for canary in (SECRET, "canary1@example.org", "canary2@example.org"):
        assert canary.encode() not in stored
        assert canary not in told.out + told.err
        assert not any(canary in row for row in plain)


def test_cancelled_units_are_not_sold(rig: Rig) -> None:
    lines = [{"id": "1", "sku": "M", "units": 3, "cancelled": 1, "price": "10.00", "tax": "0.90"}]
    rig.shop.order(1, lines=lines)
    rig.synced()
    assert rig.one("SELECT units, revenue_minor, tax_minor FROM orders") == (2, 2000, 60)
