"""A store with everything that gold tells of: buyers who come back, costs, fees, payments, returns, stock, visits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tests.spine import Shop, a_platform, an_order
from tradewind.commerce.advertising.service import NewAdSpend, record_ad_spend
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.fees.service import NewFee, record_fees, withdraw_fees
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.core.clock import Clock
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, serve_gateway

NOW = datetime(2026, 3, 30, 9, 41, 7, tzinfo=UTC)
FIRST = datetime(2025, 9, 3, tzinfo=UTC)
SKUS = {f"SKU-{i}": ("Home > Kitchen", "Toys", "Garden")[i % 3] for i in range(9)} | {"SKU-X": None}
CHANNELS = ("shop", "amazon")
_TOKEN = "a-long-token-that-writes"


def an_order_of(chance: random.Random, code: str, number: int) -> NewOrder:
    buyer = None
    if chance.random() < 0.9:
        who = int(40 * chance.random() ** 2)
        buyer = NewCustomer(f"{code}-{who}", f"buyer{who}@example.com", f"Buyer {who}", country="DE", city="Berlin")
    lines = [
        NewLine(
            chance.choice(list(SKUS)),
            chance.randint(1, 4),
            Decimal(chance.randint(300, 20_000)).scaleb(-2),
            unit_cost=Decimal(chance.randint(100, 900)).scaleb(-2) if chance.random() < 0.8 else None,
        )
        for _ in range(chance.randint(1, 3))
    ]
    return an_order(
        f"{code}-{number}",
        *lines,
        placed_at=FIRST + timedelta(seconds=chance.randint(0, 207 * 86_400)),
        currency=chance.choice(["EUR", "EUR", "EUR", "USD", "JPY"]),
        status=chance.choice([*OrderStatus, *[OrderStatus.DELIVERED] * 8]),
        customer=buyer,
        ship_country=chance.choice(["DE", "FR", None]),
        ship_region=chance.choice(["Berlin", "Bavaria", None]),
        is_test=chance.random() < 0.03,
        is_replacement=chance.random() < 0.04,
        shipping=Decimal(chance.choice([0, 5])),
        fees=Decimal(chance.choice([0, 3])),
        tax=Decimal(chance.choice([0, 2])),
    )


def trade(platform: Platform, chance: random.Random) -> None:
    """Half a year in two channels."""
    with platform.database.write() as tx:
        goods: dict[str, Any] = {"currency": "EUR", "price": Decimal(20)}
        put_products(
            tx, [NewProduct(sku, sku.title(), category=path, **goods) for sku, path in SKUS.items()], now=FIRST
        )
        ids = {sku: product.id for sku, product in find_products(tx, list(SKUS)).items()}
        put_rates(tx, [NewRate(FIRST.date(), "USD", "EUR", Decimal("0.9"))], source="test", now=FIRST)
        put_rates(tx, [NewRate(NOW.date() - timedelta(60), "USD", "EUR", Decimal("0.93"))], source="test", now=FIRST)
        main = ensure_location(tx, "main", name="Main", now=FIRST)
        stock = [
            NewMovement(ids[sku], main.id, (0, 5, 30, 100, 400)[i % 5] or 1, Reason.RECEIPT, FIRST)
            for i, sku in enumerate(SKUS)
        ]
        sold_out = NewMovement(ids["SKU-0"], main.id, -1, Reason.ADJUSTMENT, NOW - timedelta(9))
        record_movements(tx, [*stock, sold_out], now=NOW)
    for code in CHANNELS:
        shop = Shop.open(platform.database, code, keeps_stock=False)
        orders = [an_order_of(chance, code, number) for number in range(220)]
        shop.book(*orders)
        with platform.database.write() as tx:
            payments = [
                NewPayment(
                    f"P-{order.order_number}",
                    Decimal(1),
                    order.currency,
                    "card",
                    order.order_number,
                    paid_at=order.placed_at + timedelta(days=chance.choice([0, 0, 1, 20])),
                )
                for order in orders
                if chance.random() < 0.8
            ]
            record_payments(tx, payments, shop.booking)
            book_refunds(tx, [_a_refund(chance, order) for order in chance.sample(orders, 25)], shop.booking)
            reviews = [
                NewReview(f"V-{i}", chance.choice(list(ids.values())), chance.randint(1, 5), NOW - timedelta(i))
                for i in range(20)
            ]
            record_reviews(tx, reviews, shop.booking)
            record_fees(tx, [*_fees(random.Random(code), orders), *_fees_of_channel()], shop.booking)
            withdraw_fees(tx, ["storage-1"], shop.booking)
        with platform.database.write() as tx:
            waiting = tx.scalars(select(Order.id).where(Order.status == "confirmed").order_by(Order.id)).all()[:6]
            for days, status in ((3, "processing"), (2, "shipped"), (1, "delivered")):
                for order_id in waiting:
                    change_status(tx, order_id, OrderStatus(status), now=NOW - timedelta(days))
    platform.settle()
    _advertise(platform)


def _fees(chance: random.Random, orders: list[NewOrder]) -> Iterator[NewFee]:
    """What the channel took for orders, sold or not, in their currency or in another one."""
    for order in chance.sample(orders, 60):
        kind = chance.choice([FeeKind.COMMISSION, FeeKind.FULFILLMENT, FeeKind.REFUND_REVERSAL, FeeKind.TAX_WITHHELD])
        amount = Decimal(chance.randint(10, 99)) / 10 * (-1 if kind is FeeKind.REFUND_REVERSAL else 1)
        currency = chance.choice([order.currency, order.currency, "EUR"])
        if currency == "JPY":
            amount = amount.quantize(Decimal(1))
        yield NewFee(
            f"F-{order.order_number}",
            kind,
            amount,
            currency,
            order.placed_at + timedelta(days=chance.choice([0, 3, 40])),
            order_reference=order.order_number,
        )


def _fees_of_channel() -> Iterator[NewFee]:
    """What it took for none in particular."""
    for month in range(7):
        at = FIRST + timedelta(days=2 + 30 * month)
        yield NewFee(f"storage-{month}", FeeKind.STORAGE, Decimal("9.90"), "EUR", at)
        yield NewFee(f"plan-{month}", FeeKind.SUBSCRIPTION, Decimal("4.50"), "USD", at)


def _a_refund(chance: random.Random, order: NewOrder) -> NewRefund:
    line = chance.choice(order.lines)
    back = NewRefundLine(line.sku, chance.randint(0, 1), Decimal(chance.randint(1, 3)))
    at = order.placed_at + timedelta(days=chance.randint(0, 9))
    return NewRefund(f"R-{order.order_number}", at, order.currency, (back,), order_reference=order.order_number)


def _advertise(platform: Platform) -> None:
    """What was spent to get visits, and the visits, as other parts of the product tell them."""
    with platform.database.write() as tx:
        weeks = [(FIRST + timedelta(days=2 + 7 * week)).date() for week in range(30)]
        statements = [
            NewAdSpend(channel, campaign, day, Decimal(40 + place) / share, currency, 10, 100)
            for place, day in enumerate(weeks)
            for channel, campaign, currency, share in (("shop", "spring", "EUR", 1), ("amazon", "brand", "USD", 3))
        ]
        record_ad_spend(tx, statements, now=NOW)
        # Settled later: the last word counts.
        record_ad_spend(tx, [replace(statements[0], amount=Decimal("12.34"))], now=NOW)
    platform.settle()
    # Ninety visits, each with a first view; every second goes on to the cart, every third buys.
    platform.warehouse.command(
        """
        CREATE OR REPLACE VIEW observed_events AS
        SELECT concat('E', toString(number), step) AS event_id,
            toDateTime64('2026-03-01 10:00:00', 3, 'UTC') + toIntervalHour(number * 7) AS timestamp, step AS type,
            concat('S', toString(number)) AS session_id, concat('V', toString(number % 9)) AS visitor_id,
            '' AS customer_id, 'p' AS product_id, if(number % 5 = 0, 'amazon', 'shop') AS channel, 'main' AS store_id,
            CAST(NULL AS Nullable(Decimal(18, 4))) AS price, 'EUR' AS currency, '' AS source, '' AS campaign,
            '' AS referrer, '' AS device
        FROM numbers(90)
        ARRAY JOIN arrayFilter(s -> s = 'view' OR (s = 'cart' AND number % 2 = 0) OR (s = 'sale' AND number % 3 = 0),
            ['view', 'cart', 'sale']) AS step
        """
    )


@contextmanager
def a_built_store(folder: Path, engine: Path, clock: Clock | None = None, **areas: Any) -> Iterator[Platform]:
    """The store with gold built through the gateway, as `tradewind warehouse build` does."""
    store = {"timezone": "Europe/Berlin", "currency": "EUR"}
    with a_platform(folder / "data", engine, clock=clock, store=store, **areas) as platform:
        trade(platform, random.Random(20260330))
        gateway = serve_gateway(platform.warehouse, lambda _, password: _access(password), port=0)
        try:
            built = medallion.build(
                "127.0.0.1",
                gateway.port,
                "dbt",
                _TOKEN,
                work_dir=folder / "work",
                variables={"timezone": "Europe/Berlin", "reporting_currency": "EUR"},
                full=True,
            )
        finally:
            gateway.stop()
        assert built.is_good, built.failures
        yield platform


def _access(password: str) -> Access | None:
    return Access("dbt", may_write=True) if password == _TOKEN else None
