"""A store of random orders, refunds and rates, in three channels: held against an oracle."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.spine import Shop, an_order
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.platform import Platform

NOW = datetime(2026, 3, 30, 9, 41, 7, tzinfo=UTC)  # the Monday after a night without an hour in Berlin
FIRST = datetime(2026, 1, 20, tzinfo=UTC)
CATEGORIES = ("Home / Kitchen", "Toys", "Garden")
SKUS = {f"SKU-{i}": CATEGORIES[i % 3] if i < 9 else None for i in range(11)}
COUNTRIES = ("DE", "FR", "US", None)
CHANNELS = ("shop", "amazon", "walmart")
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "GBP", "JPY")
"""USD has rates into EUR, GBP only rates from EUR, JPY none."""


def a_random_order(chance: random.Random, number: int) -> NewOrder:
    lines = [
        NewLine(chance.choice(list(SKUS)), chance.randint(1, 4), Decimal(chance.randint(1, 99_999)).scaleb(-2))
        for _ in range(chance.randint(1, 4))
    ]
    return an_order(
        f"N-{number}",
        *lines,
        placed_at=FIRST + timedelta(seconds=chance.randint(0, 70 * 86_400)),
        currency=chance.choice(CURRENCIES),
        status=chance.choice([*OrderStatus, *[OrderStatus.DELIVERED] * 8]),
        ship_country=chance.choice(COUNTRIES),
        is_test=chance.random() < 0.03,
        is_replacement=chance.random() < 0.05,
        discount=Decimal(chance.choice([0, 0, 0, 0.01])),
    )


def a_random_refund(chance: random.Random, number: int) -> NewRefund:
    lines = tuple(
        NewRefundLine(chance.choice(list(SKUS)), chance.randint(0, 2), Decimal(chance.randint(1, 5_000)).scaleb(-2))
        for _ in range(chance.randint(1, 3))
    )
    at = FIRST + timedelta(seconds=chance.randint(0, 70 * 86_400))
    currency, country = chance.choice(CURRENCIES), chance.choice(COUNTRIES)
    return NewRefund(f"R-{number}", at, currency, lines, ship_country=country)


def fill(platform: Platform, chance: random.Random) -> None:
    with platform.database.write() as tx:
        put_products(tx, [NewProduct(sku, sku.title(), category=path) for sku, path in SKUS.items()], now=FIRST)
        rates = [
            NewRate(date(2026, month, day), *pair, Decimal(digits))
            for month, day, pair, digits in (
                (1, 25, ("USD", "EUR"), "0.912345678912"),
                (2, 14, ("USD", "EUR"), "0.93"),
                (3, 15, ("EUR", "USD"), "1.1"),
                (1, 1, ("EUR", "GBP"), "0.87"),
                (3, 1, ("EUR", "GBP"), "0.8333"),
                (2, 1, ("GBP", "USD"), "1.3"),
            )
        ]
        put_rates(tx, rates, source="test", now=FIRST)
    for code in CHANNELS:
        shop = Shop.open(platform.database, code, keeps_stock=False)
        orders = [a_random_order(chance, number) for number in range(170)]
        shop.book(*orders)
        shop.book(*(a_random_order(chance, number) for number in chance.sample(range(170), 30)))  # changes
        with platform.database.write() as tx:
            book_refunds(tx, [a_random_refund(chance, number) for number in range(25)], shop.booking)
    platform.settle()
