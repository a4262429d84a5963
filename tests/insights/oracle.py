"""The dashboard's figures computed once more, from the rows of the operational store and in plain Python.

Shares nothing with the product but the store's tables and the definitions: revenue is that of sold orders'
lines by order day less refunds by refund day, in the reporting currency by the newest stored rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import Category, Product, SalesChannel
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import Refund, RefundItem
from tradewind.commerce.rates.model import FxRate

SOLD = {"confirmed", "processing", "shipped", "delivered"}
DIGITS = {"JPY": 0}
EXACT = Context(prec=60)
Rate = Callable[[date, str], Decimal | None]


@dataclass(frozen=True)
class Sale:
    """A part of a document: of an order when `order_id` counts, of a refund when it does not."""

    document: str
    counts: bool
    at: datetime
    day: date
    channel: str
    country: str
    currency: str
    product_id: str
    category: str
    units: int
    revenue: Decimal
    refunded: Decimal


@dataclass(frozen=True)
class Sums:
    revenue: Decimal
    refunded: Decimal
    orders: int
    units: int

    @property
    def average(self) -> Decimal | None:
        return rounded(self.revenue / self.orders) if self.orders else None


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def sales_of(tx: Session, zone: ZoneInfo) -> list[Sale]:
    """Every line of every document that counts; documents without lines have one empty line."""
    channels = {c.id: c.code for c in tx.scalars(select(SalesChannel))}
    paths = {c.id: c.path for c in tx.scalars(select(Category))}
    categories = {p.id: paths.get(p.category_id or "", "") for p in tx.scalars(select(Product))}
    items: dict[str, list[OrderItem]] = defaultdict(list)
    for item in tx.scalars(select(OrderItem)):
        items[item.order_id].append(item)
    notes: dict[str, list[RefundItem]] = defaultdict(list)
    for credit in tx.scalars(select(RefundItem)):
        notes[credit.refund_id].append(credit)
    found: list[Sale] = []
    for order in tx.scalars(select(Order)):
        if order.status not in SOLD or order.is_test:
            continue
        unit = Decimal(1).scaleb(-DIGITS.get(order.currency, 2))
        day = order.placed_at.astimezone(zone).date()
        place = (order.placed_at, day, channels[order.channel_id], order.ship_country or "", order.currency)
        found += [
            Sale(
                order.id,
                not order.is_replacement,
                *place,
                i.product_id,
                categories[i.product_id],
                i.quantity,
                i.revenue_minor * unit,
                Decimal(0),
            )
            for i in items[order.id]
        ] or [Sale(order.id, not order.is_replacement, *place, "", "", 0, Decimal(0), Decimal(0))]
    for refund in tx.scalars(select(Refund)):
        unit = Decimal(1).scaleb(-DIGITS.get(refund.currency, 2))
        day = refund.refunded_at.astimezone(zone).date()
        where = (refund.refunded_at, day, channels[refund.channel_id], refund.ship_country or "", refund.currency)
        for c in notes[refund.id]:
            amount = c.amount_minor * unit
            found.append(
                Sale(refund.id, False, *where, c.product_id, categories[c.product_id], -c.quantity, -amount, amount)
            )
    return found


def rate_of(tx: Session, reporting: str) -> Rate:
    direct: dict[str, dict[date, Decimal]] = defaultdict(dict)
    inverse: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for row in tx.scalars(select(FxRate)):
        if row.quote == reporting:
            direct[row.base][row.day] = Decimal(row.rate)
        elif row.base == reporting:
            reciprocal = EXACT.divide(Decimal(1), Decimal(row.rate))
            inverse[row.quote][row.day] = reciprocal.quantize(Decimal("1e-12"), ROUND_DOWN)

    def rate(day: date, currency: str) -> Decimal | None:
        if currency == reporting:
            return Decimal(1)
        stored = direct.get(currency) or inverse.get(currency) or {}
        days = [known for known in stored if known <= day]
        return stored[max(days)] if days else None

    return rate


def sums(sales: Iterable[Sale], rate: Rate) -> Sums:
    """What the sales add up to in the reporting currency; those without a rate are left out."""
    revenue = refunded = Decimal(0)
    units, counted = 0, set()
    for sale in sales:
        factor = rate(sale.day, sale.currency)
        if factor is None:
            continue
        revenue = EXACT.add(revenue, EXACT.multiply(sale.revenue, factor))
        refunded = EXACT.add(refunded, EXACT.multiply(sale.refunded, factor))
        units += sale.units
        if sale.counts:
            counted.add(sale.document)
    return Sums(rounded(revenue), rounded(refunded), len(counted), units)


def before(sales: Iterable[Sale], start: date, end: date, zone: ZoneInfo, now: datetime) -> list[Sale]:
    """The like sales of the period before: as many days, and no later than this time on the like day of today."""
    days, today = (end - start).days, now.astimezone(zone).date()
    previous = [sale for sale in sales if start - timedelta(days) <= sale.day < start]
    if not start <= today < end:
        return previous
    cut = (now.astimezone(zone).replace(tzinfo=None) - timedelta(days)).replace(tzinfo=zone)
    cut_day = today - timedelta(days)
    return [sale for sale in previous if sale.day < cut_day or (sale.day == cut_day and sale.at < cut)]
