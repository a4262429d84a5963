"""The lists that people work from: who waits, who buys, what a day brought; and orders as a file."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bench.statements import heard
from tests.commerce.shopfront import Front
from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.export import orders_csv
from tradewind.commerce.orders.queues import TopBy, daily_sales, top_customers, waiting_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.orders.store import OrderFilter, orders_page
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.core.paging import ByAge

KATHMANDU = ZoneInfo("Asia/Kathmandu")  # +05:45
BERLIN = ZoneInfo("Europe/Berlin")


def sale(number: str, at: datetime, price: str = "10.00", **more: Any) -> Any:
    return an_order(number, a_line("MUG", 1, price), placed_at=at, **({"status": OrderStatus.DELIVERED} | more))


@pytest.mark.parametrize("sort", ByAge)
@pytest.mark.parametrize("channels", [(), ("shop",)])
def test_a_page_of_orders_is_read_by_index_however_many_there_are(
    migrated_sqlite: Path, tmp_path: Path, channels: tuple[str, ...], sort: ByAge
) -> None:
    """On the engine that plans alike for few rows and for many: at most orders of one moment are sorted."""
    with closing(Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'store.db')}")) as store:
        shop = Shop.open(store)
        shop.book(*[sale(f"N{i}", NOON - timedelta(minutes=i // 2)) for i in range(9)])
        Shop.open(store, "amazon").book(sale("N0", NOON))
        chosen = OrderFilter(channels=channels)
        with heard(store) as told, store.read() as tx:
            first = orders_page(tx, chosen, sort=sort, limit=3)
            second = orders_page(tx, chosen, sort=sort, limit=3, cursor=first.next_cursor)
        assert len({order.order_id for order in (*first.items, *second.items)}) == 6
        assert {order.channel for order in (*first.items, *second.items)} >= {*channels, "shop"}
        moments = [order.placed_at for order in (*first.items, *second.items)]
        assert moments == sorted(moments, reverse=sort is ByAge.NEWEST)
        pages = [one for one in told if "ORDER BY" in one[0] and "FROM orders" in one[0]]
        assert len(pages) == 2
        for statement, parameters in pages:
            with store.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            steps = " | ".join(str(row[-1]) for row in plan)
            assert "USE TEMP B-TREE FOR ORDER BY" not in steps, steps
            assert "SCAN orders USING INDEX ix_orders_placed_at" in steps or "SEARCH orders USING INDEX" in steps, steps


def test_who_waits_longest_comes_first_and_pages_show_all(store: Database) -> None:
    shop = Shop.open(store)
    times = [NOON - timedelta(hours=hours) for hours in (1, 5, 3, 3, 0)]
    shop.book(*[sale(f"P{i}", at, status=OrderStatus.PENDING) for i, at in enumerate(times)], sale("DONE", NOON))
    seen: list[tuple[str, int]] = []
    cursor: str | None = None
    while True:
        with store.read() as tx:
            page = waiting_orders(tx, now=NOON, limit=2, cursor=cursor)
        seen += [(order.order_number, order.age_seconds) for order in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [("P1", 18000), ("P2", 10800), ("P3", 10800), ("P0", 3600), ("P4", 0)]


def test_best_customers_by_money_or_by_orders(store: Database) -> None:
    shop = Shop.open(store)
    ada, bob = NewCustomer("a", name="Ada"), NewCustomer("b", name="Bob")
    shop.book(
        sale("A1", NOON, "30.00", customer=ada),
        sale("B1", NOON, "5.00", customer=bob),
        sale("B2", NOON - timedelta(days=9), "6.00", customer=bob),
        sale("B3", NOON, "70.00", customer=bob, status=OrderStatus.CANCELLED),
        sale("B4", NOON, "70.00", customer=bob, is_test=True),
        sale("B5", NOON, "700", customer=bob, currency="JPY"),
        sale("NOBODY", NOON, "500.00"),
    )
    with store.read() as tx:
        by_money = top_customers(tx)
        by_orders = top_customers(tx, by=TopBy.ORDER_COUNT, limit=1)
        yen = top_customers(tx, currency="jpy")
        recent = top_customers(tx, start=NOON - timedelta(days=1), end=NOON + timedelta(days=1))
    assert [(row.name, row.currency, row.order_count, row.total_spent) for row in by_money] == [
        ("Ada", "EUR", 1, Decimal("30.00")),
        ("Bob", "EUR", 2, Decimal("11.00")),
    ]
    assert [(row.name, row.total_spent) for row in yen] == [("Bob", Decimal(700))]
    assert [(row.name, row.order_count) for row in by_orders] == [("Bob", 2)]
    assert {row.name: row.total_spent for row in recent} == {"Ada": Decimal("30.00"), "Bob": Decimal("5.00")}
    with pytest.raises(InvalidInput, match="Ask for 1 to 100 customers"), store.read() as tx:
        top_customers(tx, limit=0)


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        # The day begins at 18:15 UTC of the day before.
        (KATHMANDU, {"2026-03-09T18:14:59": 9, "2026-03-09T18:15:00": 10, "2026-03-10T18:14:59": 10}),
        # The day on which the clocks go forward has 23 hours.
        (BERLIN, {"2026-03-28T22:59:59": 28, "2026-03-28T23:00:00": 29, "2026-03-29T21:59:59": 29}),
    ],
)
def test_a_sale_belongs_to_the_business_day_of_the_shop(
    store: Database, zone: ZoneInfo, moments: dict[str, int]
) -> None:
    Shop.open(store).book(*[sale(at, datetime.fromisoformat(at).replace(tzinfo=UTC)) for at in moments])
    with store.read() as tx:
        days = daily_sales(tx, first=date(2026, 3, 1), last=date(2026, 4, 1), zone=zone)
    counted = {day.day.day: (day.orders, day.revenue) for day in days}
    expected = {day: list(moments.values()).count(day) for day in moments.values()}
    assert counted == {day: (count, Decimal(10 * count)) for day, count in expected.items()}


def test_a_day_counts_what_arrived_unless_asked_otherwise(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(
        sale("A", NOON),
        sale("B", NOON, "5.50"),
        sale("C", NOON, "99.00", status=OrderStatus.SHIPPED),
        sale("J", NOON, "500", currency="JPY"),
        sale("OLD", NOON - timedelta(days=1)),
        sale("TEST", NOON, is_test=True),
    )
    with store.read() as tx:
        days = daily_sales(tx, first=date(2026, 3, 10), last=date(2026, 3, 11), zone=BERLIN)
        sent = daily_sales(
            tx, first=date(2026, 3, 9), last=date(2026, 3, 11), zone=BERLIN, statuses=[OrderStatus.SHIPPED]
        )
    assert [(day.currency, day.orders, day.revenue) for day in days] == [
        ("EUR", 2, Decimal("15.50")),
        ("JPY", 1, Decimal(500)),
    ]
    assert [(day.day, day.revenue) for day in sent] == [(date(2026, 3, 10), Decimal("99.00"))]
    with pytest.raises(InvalidInput, match="Ask for 1 to 366 days"), store.read() as tx:
        daily_sales(tx, first=date(2026, 3, 10), last=date(2026, 3, 10), zone=BERLIN)


def test_the_file_has_each_order_once_while_new_ones_come_in(store: Database) -> None:
    front = Front.open(store)
    for number in range(5):
        front.book_imported(f"N-{number}")
    pieces = orders_csv(store, OrderFilter(), page=2)
    read = [next(pieces), next(pieces)]
    front.book_imported("LATE")
    lines = b"".join([*read, *pieces]).decode().splitlines()
    numbers = [line.partition(",")[0] for line in lines[1:]]
    assert lines[0].startswith("order_number,order_id,channel,placed_at,status")
    assert len(numbers) == len(set(numbers))
    assert {f"N-{number}" for number in range(5)} <= set(numbers)
