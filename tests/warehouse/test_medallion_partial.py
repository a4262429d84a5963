"""A partial build equals a full one, whatever came in between: changes, refunds, late rows, rates, other categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, a_platform, a_refund, an_order
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.catalog.categories import ensure_categories, rename_category
from tradewind.commerce.catalog.model import Category, Product
from tradewind.commerce.catalog.products import update_product
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.fees.service import NewFee, record_fees, withdraw_fees
from tradewind.commerce.inventory.adjustments import Adjustment, adjust
from tradewind.commerce.inventory.levels import levels_of
from tradewind.commerce.inventory.model import Location, Reason
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.orders.new import NewOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.jobs.gold import Door, build_through
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, GatewayServer, serve_gateway

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ZONE = "Asia/Kathmandu"
CURRENCIES = ("EUR", "USD", "JPY")
SKUS = tuple(f"SKU-{n}" for n in range(4))
DAYS = 70
"""The window that things happen in: three months, so that some are touched and some are not."""
_BY_DAY = (
    "silver_orders", "silver_order_items", "silver_refunds", "silver_refund_items", "silver_payments",
    "silver_stock_movements", "silver_daily_demand", "daily_sales_summary", "gold_sales_lines", "gold_daily_sales",
    "gold_region_sales", "gold_payment_days", "gold_order_profit",
)  # fmt: skip
_WHOLE = (
    "gold_channel_profit", "gold_customer_metrics", "customer_cohorts", "gold_product_performance",
    "gold_operational_metrics", "gold_daily_demand", "gold_monthly_sales", "silver_stock_days", "silver_products",
    "silver_fees", "silver_reporting_rates", "silver_product_categories",
)  # fmt: skip


@dataclass
class Store:
    """A store that things happen to, and the builds of its gold tables."""

    platform: Platform
    gateway: GatewayServer
    work_dir: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    orders: list[NewOrder] = field(default_factory=list)
    refunds: int = 0

    def build(self, *, variables: dict[str, Any] | None = None, **more: Any) -> None:
        self.platform.settle()
        variables = {"timezone": ZONE, "reporting_currency": "EUR", "as_of": "2026-03-20"} | (variables or {})
        result = medallion.build(
            "127.0.0.1", self.gateway.port, "dbt", "secret", work_dir=self.work_dir, variables=variables, **more
        )
        assert result.is_good, result.failures

    def build_as_the_server(self, *, full: bool = False) -> set[str]:
        """Leaves out what nothing has come for; the models that were made."""
        self.platform.settle()
        door = Door("127.0.0.1", self.gateway.port, "dbt", "secret")
        result = build_through(door, self.platform.settings, self.platform.warehouse, full=full)
        assert result.is_good, result.failures
        return {node.name for node in result.nodes}

    def contents(self, table: str) -> list[dict[str, Any]]:
        """All rows but for when they were built, in an order of their own."""
        return self.platform.warehouse.query(f"SELECT * EXCEPT (built_at) FROM {table} ORDER BY tuple(*)")

    def built_days(self, table: str, day: str) -> dict[date, datetime]:
        rows = self.platform.warehouse.query(f"SELECT {day} AS day, max(built_at) AS at FROM {table} GROUP BY day")
        return {row["day"]: row["at"] for row in rows}

    def shop(self, number: int) -> Shop:
        return Shop.open(self.platform.database, ("shop", "amazon")[number % 2])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("partial")
    with a_platform(folder / "data", chdb_path, store={"timezone": ZONE, "currency": "EUR"}) as platform:
        gateway = serve_gateway(platform.warehouse, lambda *_: Access("dbt", may_write=True), port=0)
        made = Store(platform, gateway, folder / "work")
        with platform.database.write() as tx:
            put_rates(tx, [NewRate(date(2026, 2, 1), "USD", "EUR", Decimal("0.9"))], source="test", now=NOON)
        for number in range(40):
            _order(made, number, number * 37 % (DAYS * 24))
        for seed in range(4):
            _move_stock(made, seed, seed * 24)
        made.build(full=True)
        yield made
        gateway.stop()


def _at(hours: int) -> datetime:
    return datetime(2026, 1, 10, 18, 10, tzinfo=UTC) + timedelta(hours=hours, minutes=hours % 11)


def _an_order(number: int, hours: int, seed: int) -> NewOrder:
    lines = [
        a_line(SKUS[(seed + n) % 4], 1 + seed % 3, f"{5 + seed % 60}.{seed % 100:02}", unit_cost=_cost(seed + n))
        for n in range(1 + seed % 3)
    ]
    return an_order(
        f"N-{number}",
        *lines,
        placed_at=_at(hours),
        currency=CURRENCIES[seed % 7 % 3],
        status=list(OrderStatus)[seed % 7],
        customer=None if seed % 4 == 0 else NewCustomer(f"buyer-{seed % 6}"),
        shipping=Decimal(seed % 5),
        fees=Decimal(seed % 3),
        ship_country=("DE", "FR", None)[seed % 3],
        ship_region=("BE", None)[seed % 2],
        is_test=seed % 19 == 0,
        is_replacement=seed % 17 == 0,
    )


def _cost(seed: int) -> Decimal | None:
    return None if seed % 5 == 0 else Decimal(1 + seed % 4)


def _order(store: Store, seed: int, hours: int) -> None:
    """An order, today's or one that is told weeks late."""
    number = next(store.numbers)
    order = _an_order(number, hours, seed)
    (outcome,) = store.shop(number).book(order)
    assert outcome.error is None, outcome.error
    store.orders.append(order)


def _change(store: Store, seed: int, hours: int) -> None:
    """An order told anew: other lines, buyer, country, state, and sometimes another day."""
    place = seed % len(store.orders)
    known = store.orders[place]
    number = int(known.order_number.removeprefix("N-"))
    moment = hours if seed % 3 == 0 else None
    fresh = _an_order(number, hours, seed + 1)
    told = an_order(
        known.order_number,
        *fresh.lines,
        placed_at=known.placed_at if moment is None else fresh.placed_at,
        currency=known.currency,
        status=fresh.status,
        customer=fresh.customer,
        shipping=fresh.shipping,
        ship_country=fresh.ship_country,
        channel_updated_at=NOON + timedelta(hours=next(store.numbers)),
    )
    store.shop(number).book(told)
    store.orders[place] = told


def _refund(store: Store, seed: int, hours: int) -> None:
    """Money back, of an order that may be cancelled, of one that nobody knows, with or without goods."""
    number = next(store.numbers)
    order = store.orders[seed % len(store.orders)]
    shop = store.shop(int(order.order_number.removeprefix("N-")))
    line = NewRefundLine(SKUS[seed % 4], seed % 3, Decimal(1 + seed % 9))
    refund = a_refund(
        f"R-{number}",
        line,
        refunded_at=_at(hours),
        currency=order.currency,
        order_reference=None if seed % 6 == 0 else order.order_number,
        shipping=Decimal(seed % 2),
    )
    with store.platform.database.write() as tx:
        (outcome,) = book_refunds(tx, [refund], shop.booking)
    assert outcome.error is None, outcome.error
    store.refunds += 1


def _pay(store: Store, seed: int, hours: int) -> None:
    number = next(store.numbers)
    order = store.orders[seed % len(store.orders)]
    shop = store.shop(int(order.order_number.removeprefix("N-")))
    payment = NewPayment(f"P-{number}", Decimal(7), order.currency, "card", order.order_number, paid_at=_at(hours))
    with store.platform.database.write() as tx:
        record_payments(tx, [payment], shop.booking)


def _move_stock(store: Store, seed: int, hours: int) -> None:
    """Units come, or all that are there are thrown away; told late, so that every day after it has another stock."""
    with store.platform.database.write() as tx:
        product = tx.scalars(select(Product).where(Product.sku == SKUS[seed % 4])).first()
        location = ensure_location(tx, "main", name="Main", now=NOON)
        if product is None:
            return
        levels = levels_of(tx, [product.id], now=NOON, at=Location.id == location.id)
        on_hand = sum(level.on_hand for level in levels)
        delta, reason = (-on_hand, Reason.COUNT) if on_hand > 0 and seed % 2 else (60 + seed % 40, Reason.RECEIPT)
        adjust(tx, [Adjustment(product.id, location.id, delta, reason)], actor=SYSTEM, now=_at(hours))


def _rate(store: Store, seed: int, hours: int) -> None:
    """A rate that was missing, or another one for a day that has one."""
    base = ("USD", "JPY")[seed % 2]
    with store.platform.database.write() as tx:
        rate = NewRate(_at(hours).date(), base, "EUR", Decimal(f"0.{1 + seed % 9}"))
        put_rates(tx, [rate], source="test", now=NOON)


def _categorise(store: Store, seed: int, hours: int) -> None:
    """A product is put into another category, or its category gets another name."""
    del hours
    with store.platform.database.write() as tx:
        product = tx.scalars(select(Product).where(Product.sku == SKUS[seed % 4])).first()
        if product is None:
            return
        if product.category_id is not None and seed % 2:
            category = tx.get_one(Category, product.category_id)
            rename_category(tx, category.id, f"{category.name} {next(store.numbers)}", actor=SYSTEM, now=NOON)
            return
        path = f"Home / Room {seed % 3}"
        category_id = ensure_categories(tx, {path}, now=NOON)[path]
        update_product(tx, product, {"category_id": category_id}, actor=SYSTEM, now=NOON)


def _fee(store: Store, seed: int, hours: int) -> None:
    """A fee of an order or of its channel as a whole; told again it may be of another order, or taken back."""
    number = next(store.numbers) if seed % 3 else 1
    order = store.orders[seed % len(store.orders)]
    shop = store.shop(int(order.order_number.removeprefix("N-")))
    fee = NewFee(
        f"F-{number}",
        (FeeKind.COMMISSION, FeeKind.TAX_WITHHELD, FeeKind.REFUND_REVERSAL)[seed % 3],
        Decimal("0.55") * (-1 if seed % 3 == 2 else 1),
        order.currency,
        _at(hours),
        order_reference=None if seed % 4 == 0 else order.order_number,
    )
    with store.platform.database.write() as tx:
        record_fees(tx, [fee], shop.booking)
        if seed % 5 == 0:
            withdraw_fees(tx, [fee.external_id], shop.booking)


HAPPENINGS = (_order, _change, _refund, _pay, _move_stock, _rate, _categorise, _fee)
happenings = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 9_999), st.integers(0, DAYS * 24)), min_size=1, max_size=12
)


@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(told=st.lists(happenings, min_size=1, max_size=2))
def test_a_partial_build_equals_a_full_one(store: Store, told: list[list[tuple[Any, int, int]]]) -> None:
    for batch in told:
        for happen, seed, hours in batch:
            happen(store, seed, hours)
        store.build_as_the_server()
    partial = {table: store.contents(table) for table in _BY_DAY + _WHOLE}
    store.build_as_the_server(full=True)
    for table, rows in partial.items():
        assert rows == store.contents(table), table


def test_a_model_is_made_again_as_soon_as_a_fact_comes(store: Store) -> None:
    store.build_as_the_server(full=True)
    assert store.build_as_the_server() == {"silver_changes"}
    _pay(store, 1, 24)
    made = store.build_as_the_server()
    assert {"silver_payments", "gold_sales_lines", "gold_customer_metrics"} <= made
    assert not {"silver_orders", "silver_fees", "silver_stock_days", "gold_funnel"} & made
    _fee(store, 1, 24)
    assert {"silver_fees", "silver_order_items", "gold_order_profit"} <= store.build_as_the_server()
    # Somebody ran dbt by hand, in another currency: what was made so is not left as it is.
    store.build(select="silver_reporting_rates", variables={"reporting_currency": "USD"})
    made = store.build_as_the_server()
    assert "silver_reporting_rates" in made
    assert "silver_payments" not in made
    assert store.build_as_the_server() == {"silver_changes"}
    (row,) = store.platform.warehouse.query("SELECT currency FROM silver_reporting_rates WHERE since = '1900-01-01'")
    assert row["currency"] == "EUR"


def test_the_slices_of_a_full_build_add_up_to_the_whole(store: Store) -> None:
    _order(store, 5, 24 * 25)
    store.build(full=True)
    whole = {table: store.contents(table) for table in _BY_DAY}
    months = {row["date"].replace(day=1) for row in whole["gold_sales_lines"]}
    assert len(months) >= 3
    store.build(full=True, variables={"orders_at_once": 2})
    for table, rows in whole.items():
        assert rows == store.contents(table), table


def test_the_slices_of_a_partial_build_of_many_months_add_up_to_the_whole(store: Store) -> None:
    store.build(full=True)
    for number, hours in enumerate(range(0, DAYS * 24, 5 * 24)):
        _order(store, number, hours)
    store.build(variables={"orders_at_once": 2})
    in_slices = {table: store.contents(table) for table in _BY_DAY}
    months = {row["date"].replace(day=1) for row in in_slices["gold_sales_lines"]}
    assert len(months) >= 3
    store.build(full=True)
    for table, rows in in_slices.items():
        assert rows == store.contents(table), table


def test_every_happening_touches_its_days_and_no_others(store: Store) -> None:
    assert len(store.orders) > 20
    for happen in HAPPENINGS:
        store.build()
        before = store.built_days("gold_sales_lines", "date")
        rows = {row["date"] for row in store.contents("gold_sales_lines")}
        happen(store, 16, 24)
        store.build()
        after = store.built_days("gold_sales_lines", "date")
        touched = {day for day in after if after[day] != before.get(day)} | (rows - set(after))
        assert len(touched) < len(after), happen.__name__
    # Nothing came in: nothing is made anew.
    before = store.built_days("gold_sales_lines", "date")
    store.build()
    assert store.built_days("gold_sales_lines", "date") == before


def test_late_and_changed_orders_rebuild_the_days_they_were_and_are_on(store: Store) -> None:
    number = next(store.numbers)
    order = an_order(f"N-{number}", a_line("SKU-0", 1, "10.00"), placed_at=_at(30), status=OrderStatus.CONFIRMED)
    store.shop(number).book(order)
    store.build()
    before = store.built_days("silver_orders", "order_date")
    moved = an_order(
        f"N-{number}",
        a_line("SKU-0", 1, "10.00"),
        placed_at=_at(30 + 24 * 40),
        status=OrderStatus.CONFIRMED,
        channel_updated_at=NOON + timedelta(days=300),
    )
    store.shop(number).book(moved)
    store.build()
    after = store.built_days("silver_orders", "order_date")
    (state,) = store.platform.warehouse.query(
        "SELECT order_date FROM silver_orders WHERE order_number = {number:String}", {"number": f"N-{number}"}
    )
    changed = {day for day in before.keys() | after.keys() if before.get(day) != after.get(day)}
    days = store.platform.warehouse.query(
        "SELECT DISTINCT toDate32(placed_at, 'Asia/Kathmandu') AS day FROM log_orders WHERE order_number = {n:String}",
        {"n": f"N-{number}"},
    )
    assert changed == {row["day"] for row in days}
    assert state["order_date"] in changed


def test_a_table_in_another_currency_is_made_anew_as_a_whole(store: Store) -> None:
    store.build()
    before = store.contents("gold_sales_lines")
    only: dict[str, Any] = {"select": "silver_reporting_rates gold_sales_lines"}
    store.build(variables={"reporting_currency": "USD"}, **only)
    in_dollars = store.built_days("gold_sales_lines", "date")
    assert {row["reporting_currency"] for row in store.contents("gold_sales_lines")} == {"USD"}
    assert len({*in_dollars.values()}) == 1
    store.build(variables={"reporting_currency": "USD"}, **only)
    assert store.built_days("gold_sales_lines", "date") == in_dollars
    store.build(**only)
    assert store.contents("gold_sales_lines") == before


def test_the_business_day_of_kathmandu_ends_at_a_quarter_past_six(store: Store) -> None:
    moments = {"K-1": datetime(2026, 3, 1, 18, 14, 59, tzinfo=UTC), "K-2": datetime(2026, 3, 1, 18, 15, tzinfo=UTC)}
    for number, moment in moments.items():
        Shop.open(store.platform.database, "night").book(an_order(number, placed_at=moment))
    store.build()
    rows = store.platform.warehouse.query("SELECT order_number, date FROM gold_sales_lines WHERE channel = 'night'")
    assert {row["order_number"]: row["date"] for row in rows} == {"K-1": date(2026, 3, 1), "K-2": date(2026, 3, 2)}
