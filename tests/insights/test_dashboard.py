"""The dashboard says what the orders say, whatever is asked: held against an oracle over random stores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.insights import oracle
from tests.insights.oracle import Rate, Sale
from tests.insights.random_store import CATEGORIES, CHANNELS, NOW, fill
from tests.spine import a_platform
from tradewind.insights.dashboard import Dashboard, DashboardQuery, dashboard
from tradewind.insights.periods import Grain
from tradewind.insights.sales import SalesFilter
from tradewind.platform import Platform


@dataclass(frozen=True)
class Store:
    platform: Platform
    zone: ZoneInfo
    sales: list[Sale]
    rate: Rate
    product_names: dict[str, str]


@pytest.fixture(scope="module", params=[("Europe/Berlin", 1), ("Asia/Kathmandu", 2)], ids=lambda p: str(p[0]))
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Store]:
    name, seed = request.param
    zone, folder = ZoneInfo(name), tmp_path_factory.mktemp("store")
    with a_platform(folder, chdb_path, store={"timezone": name, "currency": "EUR"}) as platform:
        fill(platform, random.Random(seed))
        with platform.database.read() as tx:
            sales, rate = oracle.sales_of(tx, zone), oracle.rate_of(tx, "EUR")
        names = {
            row["product_id"]: row["name"] for row in platform.warehouse.query("SELECT * FROM live_products FINAL")
        }
        yield Store(platform, zone, sales, rate, names)


def ask(store: Store, query: DashboardQuery, now: datetime = NOW) -> Dashboard:
    return dashboard(store.platform.warehouse, query, currency="EUR", zone=store.zone, now=now)


def chosen_sales(store: Store, chosen: SalesFilter) -> list[Sale]:
    return [
        sale
        for sale in store.sales
        if (not chosen.channels or sale.channel in chosen.channels)
        and (not chosen.countries or sale.country in chosen.countries)
        and (not chosen.categories or sale.category in chosen.categories)
    ]


def a_random_query(chance: random.Random) -> DashboardQuery:
    def some(choices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(chance.sample(choices, chance.randint(1, 2))) if chance.random() < 0.4 else ()

    start = date(2026, 1, 20) + timedelta(chance.randint(0, 65))
    kind = chance.random()
    end = start + timedelta(chance.randint(1, 30)) if kind < 0.5 else None
    return DashboardQuery(
        start=None if kind > 0.85 else start,
        end=end,
        grain=chance.choice(list(Grain)),
        chosen=SalesFilter(some(CHANNELS), some(CATEGORIES), some(("DE", "FR", "US"))),
    )


def assert_true(store: Store, query: DashboardQuery, now: datetime) -> Dashboard:
    """Every figure of the answer equals the oracle's."""
    found, rate = ask(store, query, now), store.rate
    mine = chosen_sales(store, query.chosen)
    start, end = found.period.start, found.period.end
    current = [sale for sale in mine if start <= sale.day < end]
    past = oracle.before(mine, start, end, store.zone, now)
    now_sums, past_sums = oracle.sums(current, rate), oracle.sums(past, rate)
    for figures, expected in ((found.current, now_sums), (found.previous, past_sums)):
        assert figures.revenue == expected.revenue
        assert figures.gross_revenue == expected.revenue + expected.refunded
        assert (figures.refunded, figures.orders, figures.units) == (
            expected.refunded,
            expected.orders,
            expected.units,
        )
        assert figures.average_order_value is None if not expected.orders else True
        if expected.orders and expected.average is not None and figures.average_order_value is not None:
            assert abs(figures.average_order_value - expected.average) <= Decimal("0.01")

    for sale in found.channels:
        expected = oracle.sums([s for s in current if s.channel == sale.channel], rate)
        like = oracle.sums([s for s in past if s.channel == sale.channel], rate)
        assert (sale.revenue, sale.orders, sale.units) == (expected.revenue, expected.orders, expected.units)
        assert (sale.previous_revenue, sale.previous_orders) == (like.revenue, like.orders)
    assert {sale.channel for sale in found.channels} >= {s.channel for s in current if s.units}

    for place in found.countries:
        expected = oracle.sums([s for s in current if s.country == place.country], rate)
        assert (place.country, place.revenue, place.orders) == (place.country, expected.revenue, expected.orders)
    sold_to = {s.country for s in current if rate(s.day, s.currency) is not None and s.revenue}
    assert {place.country for place in found.countries} == sold_to

    by_product = {p: oracle.sums([s for s in current if s.product_id == p], rate) for p in store.product_names}
    best = sorted((p for p, s in by_product.items() if s.units or s.revenue), key=lambda p: (-by_product[p].revenue, p))
    assert [product.product_id for product in found.top_products] == best[:10]
    for product in found.top_products:
        expected = by_product[product.product_id]
        like = oracle.sums([s for s in past if s.product_id == product.product_id], rate)
        assert (product.revenue, product.units_sold, product.orders) == (
            expected.revenue,
            expected.units,
            expected.orders,
        )
        assert product.name == store.product_names[product.product_id]
        assert product.previous_revenue == like.revenue

    assert found.trend[0].start == start
    assert found.trend[-1].end == end
    for bucket in found.trend:
        inside = [s for s in current if bucket.start <= s.day < bucket.end]
        days = timedelta(found.period.days)
        expected, like = (
            oracle.sums(inside, rate),
            oracle.sums([s for s in past if bucket.start <= s.day + days < bucket.end], rate),
        )
        assert (bucket.revenue, bucket.orders, bucket.units) == (expected.revenue, expected.orders, expected.units)
        assert (bucket.previous_revenue, bucket.previous_orders) == (like.revenue, like.orders)

    apart = [s for s in current if rate(s.day, s.currency) is None]
    for unconverted in found.unconverted:
        these = [s for s in apart if s.currency == unconverted.currency]
        assert unconverted.revenue == sum((s.revenue for s in these), Decimal(0))
        assert unconverted.orders == len({s.document for s in these if s.counts})
    assert {u.currency for u in found.unconverted} == {s.currency for s in apart}
    return found


def test_the_store_has_what_the_rules_are_about(store: Store) -> None:
    """Without this the comparison below could be one of zeros."""
    found = ask(store, DashboardQuery(date(2026, 1, 20), date(2026, 4, 1)))
    assert found.current.orders > 300
    assert found.current.refunded > 0
    assert {"USD", "JPY"} == {u.currency for u in found.unconverted}  # USD before its first rate
    assert len(found.countries) == 4
    assert len({store.rate(s.day, s.currency) for s in store.sales}) > 5
    today = NOW.astimezone(store.zone).date()
    assert [s for s in store.sales if s.day == today - timedelta(30) and s.at > NOW - timedelta(30)]


@pytest.mark.parametrize("seed", range(25))
def test_any_question_gets_the_answer_that_the_orders_give(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    now = NOW - timedelta(seconds=chance.choice([0, 0, chance.randint(0, 40 * 86_400)]))
    assert_true(store, a_random_query(chance), now)


@pytest.mark.parametrize("category", CATEGORIES)
def test_an_order_with_two_products_of_a_category_is_one_order(store: Store, category: str) -> None:
    found = assert_true(store, DashboardQuery(chosen=SalesFilter(categories=(category,))), NOW)
    products = oracle.sums(chosen_sales(store, SalesFilter(categories=(category,))), store.rate)
    assert 0 < found.current.orders < products.units


def test_today_is_compared_with_yesterday_until_now(store: Store) -> None:
    today = NOW.astimezone(store.zone).date()
    found = assert_true(store, DashboardQuery(today, today + timedelta(1)), NOW)
    assert found.name == "today"
    assert found.previous_is_partial
    whole = ask(store, DashboardQuery(today - timedelta(1), today)).current
    assert found.previous.orders < whole.orders


def test_a_period_that_is_over_is_compared_with_the_whole_one_before(store: Store) -> None:
    found = assert_true(store, DashboardQuery(date(2026, 2, 10), date(2026, 2, 20)), NOW)
    assert not found.previous_is_partial
    assert all(not bucket.is_partial for bucket in found.trend)


def test_a_time_without_sales_has_zeros_where_it_counts_and_nothing_where_it_divides(store: Store) -> None:
    found = ask(store, DashboardQuery(date(2001, 1, 1), date(2001, 1, 8)))
    assert (found.current.revenue, found.current.orders, found.current.average_order_value) == (
        Decimal("0.00"),
        0,
        None,
    )
    assert set(found.change.values()) == {None}
    assert len(found.trend) == 7
    assert not any((found.top_products, found.countries, found.channels, found.unconverted))


def test_a_name_from_outside_is_a_value_and_never_a_part_of_the_question(store: Store) -> None:
    nasty = "') OR 1=1 --"
    found = ask(store, DashboardQuery(chosen=SalesFilter((nasty,), (nasty, "it's"), (nasty,))))
    assert found.current.orders == 0


def test_every_channel_says_how_old_its_newest_fact_is(store: Store) -> None:
    sources = {source.channel: source for source in ask(store, DashboardQuery()).sources}
    assert set(sources) == set(CHANNELS)
    assert all(source.ingested_at.tzinfo is not None for source in sources.values())
