"""Ledger = live = gold, day by day: midnights of Kathmandu and Berlin, clocks that change, and changes of mind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.spine import NOON, Shop, a_line, a_platform, a_refund, an_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import NewRefundLine, book_refunds
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.platform import Access as Stores
from tradewind.platform import Platform
from tradewind.verify import Checked, verify
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, GatewayServer, serve_gateway

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TOKEN = "a-long-token-that-writes"
GOLD = ("gold_sales_metrics", "gold_daily_sales")
MODELS = "+gold_sales_metrics +gold_daily_sales"
MICROSECOND = timedelta(microseconds=1)
# Where the store's day begins, in UTC: Kathmandu is 5:45 ahead the whole year; in Berlin the 29th of March 2026 has 23
# hours and the 26th of October 2025 has 25.
MIDNIGHTS = {
    "Asia/Kathmandu": [
        (datetime(2026, 3, 8, 18, 15, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2025, 12, 31, 18, 15, tzinfo=UTC), date(2026, 1, 1)),
    ],
    "Europe/Berlin": [
        (datetime(2025, 10, 25, 22, 0, tzinfo=UTC), date(2025, 10, 26)),
        (datetime(2025, 10, 26, 23, 0, tzinfo=UTC), date(2025, 10, 27)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
    ],
}


@dataclass(frozen=True)
class Books:
    """A store in a zone, with a gateway that dbt builds through. Every test leaves gold as new as the facts."""

    zone: str
    platform: Platform
    gateway: GatewayServer
    work_dir: Path
    shop: Shop

    def build(self) -> None:
        self.platform.settle()
        variables = {"timezone": self.zone, "reporting_currency": "EUR"}
        result = medallion.build(
            "127.0.0.1", self.gateway.port, "dbt", TOKEN, work_dir=self.work_dir, variables=variables, select=MODELS
        )
        assert result.is_good, result.failures

    def checks(self) -> dict[str, Checked]:
        stores = Stores(self.platform.database, self.platform.warehouse, lambda: None, None)
        return {made.name: made for made in verify(stores, zone=self.platform.settings.store.zone)}

    def differences(self) -> list[str]:
        return [str(difference) for made in self.checks().values() for difference in made.differences]

    def agrees(self) -> bool:
        """Whether nothing differs, gold among what was looked at."""
        checks = self.checks()
        return {*GOLD, *(f"{table} converted" for table in GOLD)} <= set(checks) and self.differences() == []


@pytest.fixture(scope="module", params=sorted(MIDNIGHTS))
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Books]:
    folder = tmp_path_factory.mktemp("books")
    store = {"timezone": request.param, "currency": "EUR"}
    with a_platform(folder / "data", chdb_path, store=store) as platform:
        gateway = serve_gateway(
            platform.warehouse, lambda _, password: Access("dbt", may_write=True) if password == TOKEN else None, port=0
        )
        shop = Shop.open(platform.database, keeps_stock=False)
        trade(shop, MIDNIGHTS[request.param])
        made = Books(request.param, platform, gateway, folder / "work", shop)
        made.build()
        yield made
        gateway.stop()


def trade(shop: Shop, midnights: list[tuple[datetime, date]]) -> None:
    """Orders and refunds on both sides of each midnight, in currencies with a rate, a reciprocal one and none."""
    sides = [
        midnight + step
        for midnight, _ in midnights
        for step in (-MICROSECOND, timedelta(0), timedelta(hours=2, minutes=30))
    ]
    shop.book(
        *(
            an_order(f"{currency}-{i}", a_line("MUG", 2, price), a_line("CAP", 1, "3"), placed_at=at, currency=currency)
            for i, at in enumerate(sides)
            for currency, price in (("EUR", "10.01"), ("USD", "12.34"), ("JPY", "1250"), ("NPR", "99.99"))
        ),
        an_order("WAITS", status=OrderStatus.PENDING),
        an_order("TEST", is_test=True),
        an_order("INSTEAD", is_replacement=True),
        an_order("GONE", status=OrderStatus.CANCELLED, placed_at=sides[0]),
    )
    with shop.database.write() as tx:
        lines = (NewRefundLine("MUG", 1, Decimal(7)), NewRefundLine("CAP", 0, Decimal(1)))
        book_refunds(
            tx,
            [
                a_refund(
                    f"R-{currency}-{i}", *lines, refunded_at=at, currency=currency, order_reference=f"{currency}-0"
                )
                for i, at in enumerate(sides)
                for currency in ("EUR", "USD", "NPR")
            ],
            shop.booking,
        )
        early, late = min(sides).date() - timedelta(days=30), midnights[-1][1]
        put_rates(
            tx,
            [
                NewRate(early, "USD", "EUR", Decimal("0.9123")),
                NewRate(late, "USD", "EUR", Decimal("0.8077")),
                NewRate(early, "EUR", "JPY", Decimal("161.3")),
            ],
            source="test",
            now=NOON,
        )


def test_the_store_has_sales_on_both_sides_of_each_midnight(books: Books) -> None:
    days = {row["date"] for row in books.platform.warehouse.query("SELECT DISTINCT date FROM gold_sales_metrics")}
    for _, day in MIDNIGHTS[books.zone]:
        assert {day - timedelta(days=1), day} <= days


def test_gold_is_the_ledger_in_every_currency_and_in_one(books: Books) -> None:
    assert books.agrees(), books.differences()
    checks = books.checks()
    converted, own = checks["gold_sales_metrics converted"], checks["gold_sales_metrics"]
    assert 0 < converted.groups < own.groups  # NPR has no rate
    assert own.totals["refunded"] > 0
    assert checks["live sales per business day"].totals == own.totals


def test_changes_of_mind_and_late_facts_reach_the_days_they_belong_to(books: Books) -> None:
    """A cancellation, a sale at last, a return for an old order, an order that arrives late, and a rate of the past."""
    database, shop = books.platform.database, books.shop
    midnight, _ = MIDNIGHTS[books.zone][0]
    with database.write() as tx:
        ids = {order.order_number: order.id for order in tx.scalars(select(Order))}
        change_status(tx, ids["USD-1"], OrderStatus.CANCELLED, now=NOON)
        change_status(tx, ids["WAITS"], OrderStatus.CONFIRMED, now=NOON)
        # Money of it went back before: it is no revenue any more, so there is nothing that money could be taken off.
        assert _given_back(tx, ids["EUR-0"]) > 0
        change_status(tx, ids["EUR-0"], OrderStatus.CANCELLED, now=NOON)
        assert _given_back(tx, ids["EUR-0"]) == 0
    shop.at(NOON + timedelta(days=20)).book(
        an_order("LATE", a_line("CAP", 3, "4.44"), placed_at=midnight - MICROSECOND)
    )
    with database.write() as tx:
        book_refunds(tx, [a_refund("R-LATE", refunded_at=midnight, order_reference="EUR-1")], shop.booking)
        put_rates(tx, [NewRate(midnight.date(), "USD", "EUR", Decimal("0.5"))], source="test", now=NOON)
    books.platform.settle()
    behind = books.checks()
    assert not {*GOLD} & set(behind), "gold is behind, not wrong"
    assert all(not made.differences for made in behind.values())
    books.build()
    assert books.agrees(), books.differences()


def _given_back(tx: Session, order_id: str) -> int:
    return tx.scalar(select(func.sum(Refund.items_minor)).where(Refund.order_id == order_id)) or 0


DAMAGES = {
    "a cent more": "ALTER TABLE {table} UPDATE revenue = revenue + 0.01 WHERE currency = 'EUR'",
    "a unit less": "ALTER TABLE {table} UPDATE units = units - 1 WHERE currency = 'JPY'",
    "a refund forgotten": "ALTER TABLE {table} UPDATE refunded = 0 WHERE currency = 'NPR'",
    "another rate": "ALTER TABLE {table} UPDATE revenue_converted = revenue_converted * 2 WHERE currency = 'USD'",
    "a rate out of nowhere": "ALTER TABLE {table} UPDATE revenue_converted = revenue WHERE currency = 'NPR'",
    "a day gone": "ALTER TABLE {table} DELETE WHERE date = (SELECT max(date) FROM {table} WHERE currency = 'JPY')",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_wrong_in_gold_is_found(books: Books, damage: str) -> None:
    command = books.platform.warehouse.command
    for table in GOLD:
        command(f"CREATE TABLE kept CLONE AS {table}")
        try:
            command(DAMAGES[damage].format(table=table) + " SETTINGS mutations_sync = 2")
            assert any(said.startswith(table) for said in books.differences())
        finally:
            command(f"EXCHANGE TABLES kept AND {table}")
            command("DROP TABLE kept SYNC")
    assert books.agrees()


def test_a_day_cut_elsewhere_is_found(books: Books) -> None:
    stores = Stores(books.platform.database, books.platform.warehouse, lambda: None, None)
    found = {made.name for made in verify(stores) if made.differences}
    assert {"live sales per business day", *GOLD} <= found
