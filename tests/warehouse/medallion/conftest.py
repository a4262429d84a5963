"""A store with trade of all kinds, a gateway, and dbt that builds gold through it: one for all tests of this folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, a_platform, a_refund, an_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefundLine, book_refunds
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, GatewayServer, serve_gateway

TOKEN, READER = "a-long-token-that-writes", "a-long-token-that-reads"
BERLIN: dict[str, Any] = {"timezone": "Europe/Berlin", "reporting_currency": "EUR"}


@dataclass
class Builder:
    """A platform with a gateway, and the folder that dbt works in."""

    platform: Platform
    gateway: GatewayServer
    work_dir: Path
    landed: dict[str, Any] = field(default_factory=dict)
    """What had landed when the first build began: other tests add to it, in any order."""

    def build(self, **more: Any) -> medallion.BuildResult:
        return self._run(medallion.build, **more)

    def check(self, **more: Any) -> medallion.BuildResult:
        return self._run(medallion.test, **more)

    def _run(self, verb: Any, *, token: str = TOKEN, port: int | None = None, **more: Any) -> medallion.BuildResult:
        options = {"work_dir": self.work_dir, "variables": BERLIN} | more
        result: medallion.BuildResult = verb("127.0.0.1", port or self.gateway.port, "dbt", token, **options)
        return result

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        return self.platform.warehouse.query(sql, parameters)


@pytest.fixture(scope="package")
def builder(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Builder]:
    folder = tmp_path_factory.mktemp("medallion")
    store = {"timezone": "Europe/Berlin", "currency": "EUR"}
    with a_platform(folder / "data", chdb_path, store=store) as platform:
        access = {TOKEN: Access("dbt", may_write=True), READER: Access("reader")}
        gateway = serve_gateway(platform.warehouse, lambda _, password: access.get(password), port=0)
        _trade(platform)
        platform.settle()
        yield Builder(platform, gateway, folder / "work")
        gateway.stop()


@pytest.fixture(scope="package")
def built(builder: Builder) -> medallion.BuildResult:
    builder.landed = builder.rows("SELECT count() AS n, uniqExact(order_id) AS orders FROM log_orders")[0]
    return builder.build()


def _trade(platform: Platform) -> None:
    """A seeded year of two channels, three currencies, every status, changes of mind and refunds."""
    chance = random.Random(20260310)
    for code in ("shop", "amazon"):
        shop = Shop.open(platform.database, code, keeps_stock=False)
        orders = [
            an_order(
                f"{code}-{i}",
                *(
                    a_line(
                        f"SKU-{chance.randrange(30)}",
                        chance.randrange(1, 4),
                        f"{chance.randrange(90)}.{chance.randrange(100):02}",
                    )
                    for _ in range(chance.randrange(1, 4))
                ),
                placed_at=NOON - timedelta(minutes=chance.randrange(365 * 24 * 60)),
                currency=chance.choice(["EUR", "EUR", "USD", "JPY"]),
                status=chance.choice(list(OrderStatus)),
                ship_country=chance.choice(["DE", "FR", None]),
                is_test=chance.random() < 0.05,
                is_replacement=chance.random() < 0.05,
                discount=Decimal(chance.randrange(2)),
            )
            for i in range(400)
        ]
        orders = [o for o in orders if sum(line.unit_price * line.quantity for line in o.lines) > 1]
        booked = [outcome for outcome in shop.book(*orders) if outcome.error is None]
        assert len(booked) > 300
        with platform.database.write() as tx:
            book_refunds(
                tx,
                [
                    a_refund(
                        f"{code}-R{i}",
                        NewRefundLine(
                            f"SKU-{chance.randrange(30)}", chance.randrange(3), Decimal(chance.randrange(1, 40))
                        ),
                        refunded_at=NOON - timedelta(minutes=chance.randrange(300 * 24 * 60)),
                        order_reference=chance.choice(orders).order_number,
                    )
                    for i in range(40)
                ],
                shop.booking,
            )
        with platform.database.write() as tx:
            open_orders = tx.scalars(select(Order.id).where(Order.status == "confirmed").order_by(Order.id)).all()
            for order_id in open_orders[:20]:
                change_status(tx, order_id, OrderStatus.CANCELLED, now=NOON)
    with platform.database.write() as tx:
        put_rates(
            tx,
            [
                NewRate(date(2025, 6, 1), "EUR", "USD", Decimal("1.10")),
                NewRate(date(2025, 12, 1), "EUR", "USD", Decimal("1.20")),
            ],
            source="test",
            now=NOON,
        )
