"""The known truth: what the generator says the store has sold, to be held against ledger and warehouse."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tradewind.commerce.payments.refunds import NewRefund
from tradewind.core.clock import business_day
from tradewind.demo.aftermath import refunded_minor
from tradewind.demo.sales import Sale


@dataclass(slots=True)
class DayTotals:
    """Sums of one day, channel and currency. Revenue is without tax and before refunds; amounts in minor units."""

    orders: int = 0
    units: int = 0
    revenue: int = 0
    refunded: int = 0
    refunded_units: int = 0


@dataclass(slots=True)
class Totals:
    """What has been generated so far. A sale counts on the day it was placed, a refund on its own, in the
    store's zone."""

    zone: ZoneInfo
    days: dict[tuple[date, str, str], DayTotals] = field(default_factory=lambda: defaultdict(DayTotals))
    sku_units: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Sold units by SKU, before returns."""
    orders: int = 0
    """All orders, whatever their status."""
    customers: int = 0
    payments: int = 0
    refunds: int = 0
    reviews: int = 0
    movements: int = 0
    """Receipts, counts and transfers; each sale and return makes further ones."""

    def add_sale(self, sale: Sale) -> None:
        self.orders += 1
        if not sale.is_sold:
            return
        day = self._day(sale.order.placed_at, sale.outlet.code, sale.order.currency)
        day.orders += 1
        day.units += sale.units
        day.revenue += sale.revenue
        for line in sale.lines:
            self.sku_units[line.sku] += line.quantity

    def add_refund(self, channel: str, refund: NewRefund) -> None:
        self.refunds += 1
        day = self._day(refund.refunded_at, channel, refund.currency)
        day.refunded += refunded_minor(refund)
        day.refunded_units += sum(line.quantity for line in refund.lines)

    def revenue(self, currency: str) -> int:
        """All sales of a currency before refunds, in minor units."""
        return sum(totals.revenue for (_, _, other), totals in self.days.items() if other == currency)

    def _day(self, moment: datetime, channel: str, currency: str) -> DayTotals:
        return self.days[business_day(moment, self.zone), channel, currency]
