"""Revenue says what the orders say, however it is grouped, filtered and compared, in whatever zone's days."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.insights import oracle
from tests.insights.oracle import Rate, Sale
from tests.insights.random_store import CATEGORIES, CHANNELS, NOW, fill
from tests.spine import Shop, a_platform, an_order
from tradewind.core.errors import InvalidInput
from tradewind.insights.dimensions import Dimension, check_grouping
from tradewind.insights.figures import Figures
from tradewind.insights.gold import Gold, GoldNotBuilt
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Grain
from tradewind.insights.revenue import Revenue, RevenueQuery, revenue
from tradewind.insights.selection import Selection
from tradewind.insights.spans import Compare
from tradewind.insights.trends import Trends, TrendsQuery, trends
from tradewind.platform import Platform

ZONE = ZoneInfo("Europe/Berlin")
TIMES = (Dimension.DAY, Dimension.WEEK, Dimension.MONTH)


@dataclass(frozen=True)
class Store:
    platform: Platform
    sales: list[Sale]
    rate: Rate

    def ask(self, query: RevenueQuery, now: datetime = NOW) -> Revenue:
        warehouse = self.platform.warehouse
        return revenue(Gold(warehouse), query, currency="EUR", zone=ZONE, now=now, known=Lookups(warehouse))

    def trends(self, query: TrendsQuery, now: datetime) -> Trends:
        warehouse = self.platform.warehouse
        return trends(Gold(warehouse), query, currency="EUR", zone=ZONE, now=now, known=Lookups(warehouse))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Store]:
    settings = {"timezone": ZONE.key, "currency": "EUR"}
    with a_platform(tmp_path_factory.mktemp("store"), chdb_path, store=settings) as platform:
        fill(platform, random.Random(7))
        leap = [an_order(f"L-{day}", placed_at=datetime(2028, 2, day, 12, tzinfo=ZONE)) for day in (1, 28, 29)]
        Shop.open(platform.database, "shop", keeps_stock=False).book(*leap)
        platform.settle()
        with platform.database.read() as tx:
            yield Store(platform, oracle.sales_of(tx, ZONE), oracle.rate_of(tx, "EUR"))


def chosen_sales(store: Store, chosen: Selection) -> list[Sale]:
    return [
        sale
        for sale in store.sales
        if (not chosen.channels or sale.channel in chosen.channels)
        and (not chosen.countries or sale.country in chosen.countries)
        and (not chosen.categories or sale.category in chosen.categories)
        and (not chosen.products or sale.product_id in chosen.products)
    ]


def spans_of(found: Revenue, sales: list[Sale]) -> tuple[list[Sale], list[Sale]]:
    """The sales of both periods by the days of the answer's zone, each with that day beside it."""
    zone, period, before = found.span.zone, found.span.period, found.span.before
    now = [sale for sale in sales if period.start <= sale.at.astimezone(zone).date() < period.end]
    if before is None:
        return now, []
    today = NOW.astimezone(zone)
    back = period.start - before.start
    cut = (
        (today.replace(tzinfo=None) - back).replace(tzinfo=zone) if period.start <= today.date() < period.end else None
    )
    then = [
        sale
        for sale in sales
        if before.start <= sale.at.astimezone(zone).date() < before.end and (cut is None or sale.at < cut)
    ]
    return now, then


def assert_figures(found: Figures | None, sales: list[Sale], rate: Rate, why: object) -> None:
    expected = oracle.sums(sales, rate)
    assert found is not None
    said = (found.revenue, found.refunded, found.orders, found.units, found.average_order_value)
    assert said == (expected.revenue, expected.refunded, expected.orders, expected.units, expected.average), why
    assert found.gross_revenue == found.revenue + found.refunded


def key_of(dimension: Dimension, sale: Sale, day: date, start: date) -> str | None:
    named = {"channel": sale.channel, "product": sale.product_id, "category": sale.category, "country": sale.country}
    if dimension in named:
        return named[dimension] or None
    first = {"day": day, "week": day - timedelta(day.weekday()), "month": day.replace(day=1)}[dimension]
    return max(first, start).isoformat()


def grouped(found: Revenue, sales: list[Sale], *, back: timedelta) -> dict[Any, list[Sale]]:
    groups: dict[Any, list[Sale]] = defaultdict(list)
    for sale in sales:
        day = sale.at.astimezone(found.span.zone).date() + back
        groups[tuple(key_of(d, sale, day, found.span.period.start) for d in found.group_by)].append(sale)
    return groups


def a_random_query(chance: random.Random, store: Store) -> RevenueQuery:
    def some(choices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(choices, chance.randint(1, 2))) if chance.random() < 0.3 else ()

    products = tuple(sorted({sale.product_id for sale in store.sales if sale.product_id}))
    start = date(2026, 1, 20) + timedelta(chance.randint(0, 65))
    plain = [d for d in Dimension if d is not Dimension.REGION]
    by = tuple(chance.sample(plain, chance.randint(0, 2)))
    if sum(dimension.is_time for dimension in by) > 1:
        by = by[:1]
    kind = chance.random()
    return RevenueQuery(
        start=None if kind > 0.85 else start,
        end=start + timedelta(chance.randint(1, 40)) if kind < 0.5 else None,
        group_by=by,
        chosen=Selection(some(CHANNELS), some(products), some(CATEGORIES), some(("DE", "FR", "US"))),
        compare=chance.choice(list(Compare)),
        zone=chance.choice([None, "Asia/Kathmandu", "America/Sao_Paulo"]),
        limit=1000,
    )


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_is_that_of_the_orders_whatever_is_asked(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        query = a_random_query(chance, store)
        found = store.ask(query)
        now, then = spans_of(found, chosen_sales(store, query.chosen))
        assert_figures(found.totals, now, store.rate, query)
        if found.span.before is not None:
            assert_figures(found.previous, then, store.rate, query)
        else:
            assert found.previous is None
        groups = grouped(found, now, back=timedelta())
        past = grouped(found, then, back=timedelta(found.span.days_back))
        rows = {tuple(row.keys[d] for d in found.group_by): row for row in found.rows}
        assert len(rows) == len(found.rows)
        for key in {*groups, *past, *rows} if found.group_by else ():
            mine, theirs = groups.get(key, []), past.get(key, [])
            if key not in rows:
                empty = oracle.Sums(Decimal("0.00"), Decimal("0.00"), 0, 0)
                assert oracle.sums(mine, store.rate) == oracle.sums(theirs, store.rate) == empty, (query, key)
                continue
            assert_figures(rows[key].figures, mine, store.rate, (query, key))
            if found.span.before is not None:
                assert_figures(rows[key].previous, theirs, store.rate, (query, key))


def test_the_best_come_first_and_the_worst_on_demand_and_the_rest_is_told_of(store: Store) -> None:
    query = RevenueQuery(date(2026, 2, 1), date(2026, 3, 1), (Dimension.PRODUCT,), limit=4)
    best, worst = store.ask(query), store.ask(replace(query, worst_first=True))
    everything = store.ask(replace(query, limit=1000))
    by_revenue = [row.figures.revenue for row in everything.rows]
    assert by_revenue == sorted(by_revenue, reverse=True)
    assert [row.keys for row in best.rows] == [row.keys for row in everything.rows[:4]]
    assert [row.keys for row in worst.rows] == [row.keys for row in everything.rows[::-1][:4]]
    assert (best.is_cut_off, everything.is_cut_off) == (True, False)
    assert best.totals == everything.totals


@pytest.mark.parametrize("dimension", TIMES)
def test_buckets_without_sales_are_there_and_all_add_up(store: Store, dimension: Dimension) -> None:
    query = RevenueQuery(date(2025, 12, 30), date(2026, 2, 11), (dimension,), limit=1000)
    found = store.ask(query)
    assert found.rows[0].period.start == date(2025, 12, 30)
    assert found.rows[-1].period.end == date(2026, 2, 11)
    assert all(a.period.end == b.period.start for a, b in zip(found.rows, found.rows[1:], strict=False))
    assert found.rows[0].figures.revenue == 0
    assert found.rows[0].figures.average_order_value is None
    assert sum(row.figures.orders for row in found.rows) == found.totals.orders


def test_what_has_no_rate_stands_apart(store: Store) -> None:
    found = store.ask(RevenueQuery(date(2026, 2, 20), date(2026, 3, 20)))
    (yen,) = found.unconverted
    mine = [s for s in spans_of(found, store.sales)[0] if s.currency == "JPY"]
    assert yen.currency == "JPY"
    assert yen.revenue == sum(sale.revenue for sale in mine)
    assert yen.orders == len({sale.document for sale in mine if sale.counts})


def test_amounts_can_be_told_in_another_currency(store: Store) -> None:
    with store.platform.database.read() as tx:
        dollars = oracle.rate_of(tx, "USD")
    query = RevenueQuery(date(2026, 2, 20), date(2026, 3, 20), (Dimension.CHANNEL,), currency="USD")
    found = store.ask(query)
    now, then = spans_of(found, store.sales)
    assert found.currency == "USD"
    assert_figures(found.totals, now, dollars, query)
    assert_figures(found.previous, then, dollars, query)


def test_a_year_before_the_29th_of_february_is_the_28th(store: Store) -> None:
    query = RevenueQuery(date(2028, 2, 29), date(2028, 3, 1), compare=Compare.YEAR)
    before = store.ask(query).span.before
    assert before is not None
    assert (before.start, before.end) == (date(2027, 2, 28), date(2027, 3, 1))


@pytest.mark.parametrize("dimension", TIMES)
def test_the_29th_of_february_counts_with_the_last_day_of_a_year_that_has_none(
    store: Store, dimension: Dimension
) -> None:
    query = RevenueQuery(date(2029, 2, 1), date(2029, 3, 1), (dimension,), compare=Compare.YEAR)
    found = store.ask(query, datetime(2029, 4, 1, tzinfo=ZONE))
    assert found.previous is not None
    past = [row.previous.orders for row in found.rows if row.previous]
    assert (found.previous.orders, sum(past), past[-1]) == (3, 3, 3 if dimension is Dimension.MONTH else 2)

    trend = TrendsQuery(("orders",), query.start, query.end, Grain(dimension), compare=Compare.YEAR)
    (series,) = store.trends(trend, datetime(2029, 4, 1, tzinfo=ZONE)).series
    assert [series.previous_total, series.points[-1].previous] == [3, past[-1]]


@pytest.mark.parametrize("zone", [None, "Asia/Kathmandu"])
def test_a_day_may_belong_to_more_than_a_year_and_to_the_year_before(store: Store, zone: str | None) -> None:
    long_after = NOW + timedelta(days=500)
    years = RevenueQuery(date(2026, 1, 10), date(2027, 3, 20), (Dimension.CHANNEL,), compare=Compare.YEAR, zone=zone)
    before = replace(years, start=date(2025, 1, 10), end=date(2026, 3, 20), compare=Compare.NONE)
    found, alone = store.ask(years, long_after), store.ask(before, long_after)
    assert alone.totals.orders > 0
    assert found.previous == alone.totals
    assert {row.label: row.previous for row in found.rows if row.previous and row.previous.orders} == {
        row.label: row.figures for row in alone.rows
    }
    assert found.totals == store.ask(replace(years, compare=Compare.NONE), long_after).totals


def test_without_gold_there_is_no_cost_and_no_region_but_everything_else(store: Store) -> None:
    found = store.ask(RevenueQuery())
    assert (found.totals.cost, found.totals.gross_profit, found.totals.margin) == (None, None, None)
    assert found.costs_as_of is None
    with pytest.raises(GoldNotBuilt, match="tradewind warehouse build"):
        store.ask(RevenueQuery(group_by=(Dimension.REGION,)))


@pytest.mark.parametrize("text", ["colour", "day,week", "channel,product,day", "channel,channel", "channel,colour"])
def test_a_grouping_that_cannot_be_is_refused_with_those_that_can(text: str) -> None:
    with pytest.raises(InvalidInput, match="channel, product, category, country, region, day, week, month"):
        check_grouping(text)


def test_a_period_without_sales_has_no_average_and_no_change(store: Store) -> None:
    found = store.ask(RevenueQuery(date(2027, 2, 1), date(2027, 3, 1), group_by=(Dimension.CHANNEL,)))
    assert found.rows == []
    assert found.totals.revenue == 0
    assert found.totals.average_order_value is None
    assert set(found.change.values()) == {None}
