"""Sales of the last days and months as plain lists: what the dashboard says, in the fields other programs ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from tradewind.core.money import exponent
from tradewind.insights.dimensions import Dimension
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import MAX_DAYS, today_in
from tradewind.insights.revenue import RevenueQuery, revenue
from tradewind.insights.spans import Compare

MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Summary:
    """Sales of whole calendar days, with and without sales."""

    days: int
    revenue: Decimal
    orders: int
    revenue_per_day: Decimal
    average_order_value: Decimal | None


@dataclass(frozen=True, slots=True)
class TrendDay:
    day: date
    revenue: Decimal
    orders: int
    revenue_of_month: Decimal
    growth_percent: Decimal | None
    """Of the month against the one before, both whole; None otherwise, or after a month without revenue."""


def summary(gold: Gold, days: int, *, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups) -> Summary:
    """Sales of the last days, today as the last."""
    tomorrow = today_in(zone, now) + timedelta(1)
    query = RevenueQuery(tomorrow - timedelta(days), tomorrow, compare=Compare.NONE, with_costs=False)
    found = revenue(gold, query, currency=currency, zone=zone, now=now, known=known)
    digits = Decimal(1).scaleb(-exponent(found.currency))
    return Summary(
        days,
        found.totals.revenue,
        found.totals.orders,
        # Half to even, as the programs that read this field have always seen it.
        (found.totals.revenue / days).quantize(digits, ROUND_HALF_EVEN),
        found.totals.average_order_value,
    )


def trend_days(
    gold: Gold, months: int, *, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups
) -> list[TrendDay]:
    """Every day of the last months from the first sale on, oldest first, each with what its month has made."""
    today = today_in(zone, now)
    first_sale = known.first_day
    if first_sale is None or first_sale > today:
        return []
    start = _months_before(today, months - 1)
    with_base = max(_months_before(start, 1), today - timedelta(MAX_DAYS - 1))
    query = RevenueQuery(
        with_base, today + timedelta(1), (Dimension.DAY,), compare=Compare.NONE, limit=MAX_DAYS, with_costs=False
    )
    found = revenue(gold, query, currency=currency, zone=zone, now=now, known=known)
    of_month: dict[date, Decimal] = {}
    for row in found.rows:
        month = row.period.start.replace(day=1)
        of_month[month] = of_month.get(month, Decimal(0)) + row.figures.revenue
    return [
        TrendDay(
            day=row.period.start,
            revenue=row.figures.revenue,
            orders=row.figures.orders,
            revenue_of_month=of_month[row.period.start.replace(day=1)],
            growth_percent=_growth(row.period.start.replace(day=1), of_month, first_sale, today),
        )
        for row in found.rows
        if row.period.start >= max(start, first_sale)
    ]


def _growth(month: date, of_month: dict[date, Decimal], first_sale: date, today: date) -> Decimal | None:
    """Between whole months: not of the one under way, nor against the one in which sales began, unless on its first."""
    before = _months_before(month, 1)
    base = of_month.get(before)
    if month == today.replace(day=1) or not base or before < first_sale:
        return None
    return ((of_month[month] / base - 1) * 100).quantize(Decimal("0.01"))


def _months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of the day."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
