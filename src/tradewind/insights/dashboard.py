"""The dashboard's one answer: figures of a period, the like ones of the period before, and what they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradewind.core.money import DEFAULT_CURRENCY, rounded
from tradewind.insights import sales
from tradewind.insights.beside import meanwhile
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Grain, Period, buckets, fitting_grain, resolve, same_time, today_in
from tradewind.insights.sales import ZERO, CountrySales, DaySales, SalesFilter, Window
from tradewind.warehouse.client import Row, Warehouse

TOP = 10


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """What is asked for. Days are business days of the store; `end` is the day after the last."""

    start: date | None = None
    end: date | None = None
    grain: Grain = Grain.DAY
    chosen: SalesFilter = field(default_factory=SalesFilter)


@dataclass(frozen=True, slots=True)
class Figures:
    """The four figures of a period, in the reporting currency."""

    revenue: Decimal
    gross_revenue: Decimal
    refunded: Decimal
    orders: int
    units: int
    average_order_value: Decimal | None


@dataclass(frozen=True, slots=True)
class ChannelSales:
    channel: str
    name: str
    revenue: Decimal
    orders: int
    units: int
    previous_revenue: Decimal
    previous_orders: int


@dataclass(frozen=True, slots=True)
class ProductSales:
    product_id: str
    sku: str
    name: str
    category: str
    revenue: Decimal
    units_sold: int
    orders: int
    previous_revenue: Decimal


@dataclass(frozen=True, slots=True)
class Bucket:
    """A step of the trend; previous figures are those of the like days before. `is_partial`: still under way."""

    start: date
    end: date
    revenue: Decimal
    orders: int
    units: int
    average_order_value: Decimal | None
    previous_revenue: Decimal
    previous_orders: int
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Unconverted:
    """Sales in a currency without a stored rate: shown beside the figures, not in them."""

    currency: str
    revenue: Decimal
    orders: int


@dataclass(frozen=True, slots=True)
class SourceAge:
    channel: str
    newest_fact_at: datetime
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    name: str
    period: Period
    previous_period: Period
    previous_is_partial: bool
    timezone: str
    grain: Grain
    currency: str
    current: Figures
    previous: Figures
    change: dict[str, float | None]
    channels: list[ChannelSales]
    top_products: list[ProductSales]
    countries: list[CountrySales]
    trend: list[Bucket]
    unconverted: list[Unconverted]
    sources: list[SourceAge]
    as_of: datetime


def dashboard(
    warehouse: Warehouse,
    query: DashboardQuery,
    *,
    currency: str | None,
    zone: ZoneInfo,
    now: datetime,
    lookups: Lookups | None = None,
) -> Dashboard:
    """Answers a dashboard query. While the period is under way the one before is cut at the same time of day.

    `currency` is the reporting currency; None: the one that most of the orders asked for are in. Who answers
    several queries of one state of the data hands in the lookups that they share.
    """
    known = lookups or Lookups(warehouse)
    today = today_in(zone, now)
    period = resolve(query.start, query.end, today)
    grain = fitting_grain(period, query.grain)
    window = _window(period, today, zone, now)
    # Most queries are in the store's main currency: what is made of it need not wait until we know.
    expected = currency or known.main_currency or DEFAULT_CURRENCY
    found = _ask(warehouse, window, query.chosen, known, expected)
    currency = currency or sales.main_currency(found.days) or expected
    if currency != expected:
        found = _ask(warehouse, window, query.chosen, known, currency)
    current = [row for row in found.days if row.day >= period.start]
    before = [row for row in found.days if row.day < period.start]
    figures, previous = _figures(current, currency), _figures(before, currency)
    return Dashboard(
        name=period.name(today),
        period=period,
        previous_period=period.previous,
        previous_is_partial=window.cut is not None,
        timezone=zone.key,
        grain=grain,
        currency=currency,
        current=figures,
        previous=previous,
        change={
            "total_revenue": _change(figures.revenue, previous.revenue),
            "total_orders": _change(figures.orders, previous.orders),
            "avg_order_value": _change(figures.average_order_value, previous.average_order_value),
            "total_units": _change(figures.units, previous.units),
        },
        channels=_channels(current, before, known.channel_names, currency),
        top_products=[
            ProductSales(
                **row
                | {
                    "revenue": rounded(row["revenue"], currency),
                    "previous_revenue": rounded(row["previous_revenue"], currency),
                }
            )
            for row in found.products
        ],
        countries=[
            CountrySales(sale.country, rounded(sale.revenue, currency), sale.orders) for sale in found.countries[:TOP]
        ],
        trend=_trend(period, grain, current, before, currency, today),
        unconverted=_unconverted(current),
        sources=[SourceAge(row["channel"], row["newest_event_at"], row["newest_ingested_at"]) for row in known.sources],
        as_of=now.astimezone(UTC),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the warehouse said; amounts of days in their own currency, of the others in the reporting one."""

    days: list[DaySales]
    countries: list[CountrySales]
    products: list[Row]


def _ask(warehouse: Warehouse, window: Window, chosen: SalesFilter, known: Lookups, currency: str) -> _Found:
    rates, currencies = known.rates(currency), set(known.currencies)
    best = meanwhile(sales.top_products, warehouse, window, chosen, rates, currencies=currencies, limit=TOP)
    cut_day = meanwhile(sales.sales_of_cut_day, warehouse, window, chosen, rates) if window.cut else None
    days, countries = sales.sales_by_day(warehouse, window, chosen, rates, currencies=currencies)
    if cut_day:
        days = days + cut_day.result()
    products = best.result()
    named = known.products([row["product_id"] for row in products])
    return _Found(days, countries, [named[row["product_id"]] | row for row in products])


def _window(period: Period, today: date, zone: ZoneInfo, now: datetime) -> Window:
    """The period with the like days before; while it is under way those are cut at the same time of day."""
    if not period.start <= today < period.end:
        return Window(period)
    return Window(period, today - timedelta(period.days), same_time(now, period.days, zone))


def _figures(rows: Iterable[DaySales], currency: str) -> Figures:
    revenue = refunded = ZERO
    orders = units = 0
    for row in rows:
        if row.rate is not None:
            revenue += row.revenue * row.rate
            refunded += row.refunded * row.rate
            orders += row.orders
            units += row.units
    total, back = rounded(revenue, currency), rounded(refunded, currency)
    return Figures(total, total + back, back, orders, units, _average(revenue, orders, currency))


def _average(revenue: Decimal, orders: int, currency: str) -> Decimal | None:
    return rounded(revenue / orders, currency) if orders else None


def _change(now: Decimal | int | None, before: Decimal | int | None) -> float | None:
    """The relative change as a fraction; None without a base to compare with."""
    if now is None or before is None or not before:
        return None
    return round(float((Decimal(now) - before) / abs(Decimal(before))), 6)


def _channels(
    current: Sequence[DaySales], before: Sequence[DaySales], names: dict[str, str], currency: str
) -> list[ChannelSales]:
    now, past = _by_channel(current), _by_channel(before)
    nothing = Figures(ZERO, ZERO, ZERO, 0, 0, None)
    found = []
    for channel in sorted({*now, *past}):
        mine = _figures(now.get(channel, []), currency)
        then = _figures(past[channel], currency) if channel in past else nothing
        found.append(
            ChannelSales(
                channel,
                names.get(channel, channel),
                mine.revenue,
                mine.orders,
                mine.units,
                then.revenue,
                then.orders,
            )
        )
    return sorted(found, key=lambda sale: (-sale.revenue, sale.channel))


def _by_channel(rows: Iterable[DaySales]) -> dict[str, list[DaySales]]:
    groups: dict[str, list[DaySales]] = defaultdict(list)
    for row in rows:
        groups[row.channel].append(row)
    return groups


def _trend(
    period: Period,
    grain: Grain,
    current: Sequence[DaySales],
    before: Sequence[DaySales],
    currency: str,
    today: date,
) -> list[Bucket]:
    """Dense buckets; a day before falls into the bucket of the day that many days later."""
    steps = list(buckets(period, grain))
    place = {day: index for index, step in enumerate(steps) for day in _days(step)}
    now: list[list[DaySales]] = [[] for _ in steps]
    past: list[list[DaySales]] = [[] for _ in steps]
    for row in current:
        now[place[row.day]].append(row)
    for row in before:
        past[place[row.day + timedelta(period.days)]].append(row)
    result = []
    for step, mine, theirs in zip(steps, now, past, strict=True):
        figures, previous = _figures(mine, currency), _figures(theirs, currency)
        result.append(
            Bucket(
                step.start,
                step.end,
                figures.revenue,
                figures.orders,
                figures.units,
                figures.average_order_value,
                previous.revenue,
                previous.orders,
                is_partial=step.end > today,
            )
        )
    return result


def _days(period: Period) -> Iterable[date]:
    return (period.start + timedelta(step) for step in range(period.days))


def _unconverted(rows: Iterable[DaySales]) -> list[Unconverted]:
    amounts: dict[str, tuple[Decimal, int]] = {}
    for row in rows:
        if row.rate is None:
            revenue, orders = amounts.get(row.currency, (ZERO, 0))
            amounts[row.currency] = (revenue + row.revenue, orders + row.orders)
    return [
        Unconverted(currency, rounded(revenue, currency), orders)
        for currency, (revenue, orders) in sorted(amounts.items())
    ]
