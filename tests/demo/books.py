"""What the ledger holds, summed up apart from the code that booked it; and what must hold in it at all times."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import func, select

from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import Payment, Refund, RefundItem
from tradewind.core.clock import business_day
from tradewind.core.database import Database
from tradewind.demo.seeding import SeedResult
from tradewind.demo.totals import DayTotals
from tradewind.events.outbox import OutboxRow

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
SMALL = 600
"""Orders of the store that most tests look at."""

SOLD = ("confirmed", "processing", "shipped", "delivered")

Days = dict[tuple[date, str, str], DayTotals]


@dataclass(frozen=True)
class SeededStore:
    """A demo store of its own for one test, with what seeding said about it."""

    url: str
    database: Database
    result: SeedResult


def ledger_days(database: Database, zone: ZoneInfo) -> Days:
    """Sums per day, channel and currency, from the lines of sold orders and of refunds."""
    days: Days = defaultdict(DayTotals)
    with database.read() as tx:
        codes = {row.id: row.code for row in tx.execute(select(SalesChannel.id, SalesChannel.code))}
        columns = (Order.channel_id, Order.placed_at, Order.currency)
        sums = (func.sum(OrderItem.quantity).label("units"), func.sum(OrderItem.revenue_minor).label("revenue"))
        orders = select(*columns, *sums).join(OrderItem, OrderItem.order_id == Order.id).where(Order.status.in_(SOLD))
        for row in tx.execute(orders.group_by(Order.id)):
            day = days[business_day(row.placed_at, zone), codes[row.channel_id], row.currency]
            day.orders += 1
            day.units += int(row.units)
            day.revenue += int(row.revenue)
        parts = (func.sum(RefundItem.quantity).label("units"), func.sum(RefundItem.amount_minor).label("amount"))
        refunds = select(Refund.channel_id, Refund.refunded_at, Refund.currency, *parts)
        for row in tx.execute(refunds.join(RefundItem, RefundItem.refund_id == Refund.id).group_by(Refund.id)):
            day = days[business_day(row.refunded_at, zone), codes[row.channel_id], row.currency]
            day.refunded += int(row.amount)
            day.refunded_units += int(row.units)
    return dict(days)


def told_days(database: Database, zone: ZoneInfo) -> Days:
    """The same sums from the signed entries of the facts in the outbox: what the warehouse is told."""
    days: Days = defaultdict(DayTotals)
    with database.read() as tx:
        facts = select(OutboxRow.topic, OutboxRow.payload).where(OutboxRow.topic.in_(("orders", "refunds")))
        for topic, payload in tx.execute(facts):
            for entry in orjson.loads(payload)["entries"]:
                if entry["grain"] != "order":
                    continue
                at = datetime.fromisoformat(f"{entry['at']}+00:00")
                day = days[business_day(at, zone), entry["channel"], entry["currency"]]
                revenue, refunded = (int(Decimal(entry[name]).scaleb(2)) for name in ("revenue", "refunded"))
                if topic == "orders":
                    day.orders += entry["orders"]
                    day.units += entry["units"]
                    day.revenue += revenue
                else:
                    day.refunded += refunded
                    day.refunded_units -= entry["units"]
    return {key: day for key, day in days.items() if day != DayTotals()}


def broken_invariants(database: Database) -> list[str]:
    """Sentences about what does not add up; empty when all is well."""
    problems: list[str] = []
    with database.read() as tx:
        moved: Counter[tuple[str, str]] = Counter()
        for movement in tx.execute(select(StockMovement.product_id, StockMovement.location_id, StockMovement.delta)):
            moved[movement.product_id, movement.location_id] += movement.delta
        for level in tx.scalars(select(Stock)):
            if level.on_hand != moved[level.product_id, level.location_id]:
                problems.append(f"{level.product_id}: {level.on_hand} on hand, but its movements say otherwise")
            if level.on_hand < 0:
                problems.append(f"{level.product_id}: oversold, {level.on_hand} on hand")
        totals = (func.sum(OrderItem.quantity), func.sum(OrderItem.total_minor), func.sum(OrderItem.revenue_minor))
        sums = {row[0]: row for row in tx.execute(select(OrderItem.order_id, *totals).group_by(OrderItem.order_id))}
        paid = {row[0]: row[1] for row in tx.execute(select(Payment.order_id, Payment.amount_minor))}
        for order in tx.scalars(select(Order)):
            problems += _order_problems(order, sums[order.id], paid.get(order.id))
        sold = (
            select(OrderItem.order_id, OrderItem.product_id, OrderItem.quantity)
            .join(Order)
            .where(Order.status.in_(SOLD))
        )
        left: Counter[tuple[str, str]] = Counter()
        for line in tx.execute(sold):
            left[line.order_id, line.product_id] += line.quantity
        gone: Counter[tuple[str, str]] = Counter()
        by_orders = select(StockMovement.reference, StockMovement.product_id, StockMovement.delta)
        for caused in tx.execute(by_orders.where(StockMovement.reason.in_(("sale", "cancellation")))):
            gone[caused.reference or "", caused.product_id] -= caused.delta
        if +left != +gone:
            problems.append("the units that left the shelf are not those of the sold orders")
    return problems


def _order_problems(order: Order, sums: Any, paid: int | None) -> list[str]:
    _, units, total, revenue = sums
    tax_on_top = 0 if order.prices_include_tax else order.tax_minor
    checks = {
        "units": order.units == units,
        "revenue": order.revenue_minor == revenue,
        "total": order.total_minor == total + order.shipping_minor + order.other_minor + tax_on_top,
        "payment": paid == order.total_minor if order.status in SOLD else True,
    }
    return [f"order {order.order_number}: its {name} does not add up" for name, holds in checks.items() if not holds]
