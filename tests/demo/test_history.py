"""The history by itself: repeatable, of the asked size, with the patterns that reports are to find in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.demo.books import NOW
from tradewind.commerce.orders.amounts import order_amounts
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.chance import stream
from tradewind.core.clock import business_day
from tradewind.core.errors import InvalidInput
from tradewind.core.money import line_amount, to_micros
from tradewind.demo.assortment import assortment
from tradewind.demo.demand import IN_STORE, ONLINE, promotions_of
from tradewind.demo.history import Chapter, expected_totals, orders_by_day, tell_history
from tradewind.demo.market import Market
from tradewind.demo.outlets import OUTLET
from tradewind.demo.people import customer
from tradewind.demo.plan import StorePlan
from tradewind.demo.sales import Counters, Sale, make_sale, price_of_unit
from tradewind.demo.shelf import Shelf

MakePlan = Callable[..., StorePlan]


def sales_of(chapters: list[Chapter]) -> list[Sale]:
    return [sale for chapter in chapters for sales in chapter.sales.values() for sale in sales]


def contents(plan: StorePlan) -> list[object]:
    return [
        (c.starts_at, c.ends_at, c.rates, c.products, c.movements, c.sales, c.payments, c.refunds, c.reviews)
        for c in tell_history(plan)
    ]


def test_equal_plans_tell_equal_histories_to_the_last_cent(make_plan: MakePlan) -> None:
    assert contents(make_plan()) == contents(make_plan())


def test_another_seed_tells_another_history(make_plan: MakePlan) -> None:
    assert expected_totals(make_plan(seed=7)).days != expected_totals(make_plan(seed=8)).days


@pytest.mark.parametrize("orders", [1, 10, 731, 5_000])
def test_a_history_has_as_many_orders_as_asked_for_and_none_after_its_end(make_plan: MakePlan, orders: int) -> None:
    plan = make_plan(orders=orders)
    sales = sales_of(list(tell_history(plan)))

    assert sum(orders_by_day(plan).values()) == orders == len(sales)
    assert all(sale.order.placed_at <= plan.ends_at for sale in sales)
    assert min(business_day(sale.order.placed_at, plan.zone) for sale in sales) >= plan.first_day


def test_a_store_without_orders_is_refused(make_plan: MakePlan) -> None:
    with pytest.raises(InvalidInput, match="at least one order, not 0"):
        make_plan(orders=0)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("minute", [0, 1, 719, 1439])
def test_it_ends_on_the_minute_in_every_zone(make_plan: MakePlan, zone: str, minute: int) -> None:
    ends_at = datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=minute)
    plan = make_plan(orders=400, ends_at=ends_at, timezone=zone)
    chapters = list(tell_history(plan))

    assert len(sales_of(chapters)) == 400
    assert chapters[-1].ends_at == ends_at
    moments = [m.occurred_at for c in chapters for m in c.movements]
    moments += [r.refunded_at for c in chapters for rs in c.refunds.values() for r in rs]
    assert max(moments) <= ends_at


def test_numbers_are_unique_within_a_channel(make_plan: MakePlan) -> None:
    numbers = Counter((s.outlet.code, s.order.order_number) for s in sales_of(list(tell_history(make_plan()))))
    assert max(numbers.values()) == 1
    assert len({OUTLET["amazon"].order_number(count) for count in range(1, 200_000)}) == 199_999


def test_its_own_arithmetic_is_that_of_commerce(make_plan: MakePlan) -> None:
    for currency in ("EUR", "USD", "JPY", "KWD"):
        for sale in sales_of(list(tell_history(make_plan(orders=800, currency=currency)))):
            amounts = order_amounts(sale.order)
            assert (amounts.total, amounts.revenue, amounts.units) == (sale.total, sale.revenue, sale.units)
            assert [line.revenue for line in amounts.lines] == [line.revenue for line in sale.lines]


@given(revenue=st.integers(1, 10**9), quantity=st.integers(1, 2_000))
def test_giving_back_all_units_gives_back_exactly_the_line(revenue: int, quantity: int) -> None:
    price = price_of_unit(revenue, quantity, "EUR")
    assert line_amount(to_micros(price), quantity, "EUR") == revenue


def test_sales_grow_and_peak_in_december(make_plan: MakePlan) -> None:
    counts = orders_by_day(make_plan(orders=50_000))
    months: Counter[tuple[int, int]] = Counter()
    for day, orders in counts.items():
        months[day.year, day.month] += orders
    assert months[2025, 12] > 1.5 * months[2025, 8]
    assert months[2026, 8] > 1.2 * months[2025, 8]


def test_weekdays_and_hours_have_their_shape(make_plan: MakePlan) -> None:
    placed = [sale.order.placed_at for sale in sales_of(list(tell_history(make_plan(orders=8_000))))]
    weekdays, hours = Counter(at.weekday() for at in placed), Counter(at.hour for at in placed)
    assert weekdays[6] > weekdays[5] * 1.05  # the shop sells most on Sundays and least on Saturdays
    assert hours[20] > 8 * hours[3]


def test_the_city_store_is_closed_on_sundays_and_at_night(make_plan: MakePlan) -> None:
    at = [s.order.placed_at for s in sales_of(list(tell_history(make_plan(orders=4_000)))) if s.outlet.code == "pos"]
    assert len(at) > 200
    assert {moment.weekday() for moment in at} == {0, 1, 2, 3, 4, 5}
    assert {moment.hour for moment in at} <= set(range(9, 20))


def test_black_friday_sells_more_and_for_less(make_plan: MakePlan) -> None:
    plan = make_plan(orders=20_000)
    (friday,) = [p for p in promotions_of(2025) if p.name == "Black Friday"]
    assert friday.first == date(2025, 11, 28)
    counts = orders_by_day(plan)
    assert counts[friday.first] > 2 * counts[friday.first - timedelta(days=14)]
    reduced: dict[bool, list[bool]] = defaultdict(list)
    for sale in sales_of(list(tell_history(plan))):
        day = business_day(sale.order.placed_at, plan.zone)
        reduced[friday.first <= day <= friday.last] += [line.discount > 0 for line in sale.order.lines]
    share = {during: sum(lines) / len(lines) for during, lines in reduced.items()}
    assert share[True] > 0.6
    assert share[False] < 0.25


def test_channels_differ_and_shift(make_plan: MakePlan) -> None:
    plan = make_plan(orders=12_000)
    years: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for sale in sales_of(list(tell_history(plan))):
        years[plan.progress(business_day(sale.order.placed_at, plan.zone)) > 0.5][sale.outlet.code] += 1
    share = {late: {code: n / sum(c.values()) for code, n in c.items()} for late, c in years.items()}
    assert set(share[True]) == {"amazon", "shop", "shopify", "walmart", "pos"}
    assert share[True]["amazon"] < share[False]["amazon"] - 0.03
    assert share[True]["shop"] > share[False]["shop"] + 0.02


def test_most_customers_come_back_and_all_have_invented_addresses(make_plan: MakePlan) -> None:
    buyers: Counter[str] = Counter()
    for sale in sales_of(list(tell_history(make_plan(orders=20_000)))):
        if sale.order.customer is not None:
            buyers[sale.order.customer.external_id] += 1
            assert (sale.order.customer.email or "").endswith("@example.com")
    assert 5_000 < len(buyers) < 7_000
    assert sum(1 for n in buyers.values() if n > 1) > 0.5 * len(buyers)
    assert customer(7, "shop", 3) == customer(7, "shop", 3) != customer(8, "shop", 3)


def test_statuses_follow_age(make_plan: MakePlan) -> None:
    plan = make_plan(orders=20_000)
    statuses: dict[bool, Counter[OrderStatus]] = {True: Counter(), False: Counter()}
    for sale in sales_of(list(tell_history(plan))):
        statuses[plan.ends_at - sale.order.placed_at < timedelta(days=2)][sale.order.status] += 1
    old, recent = statuses[False], statuses[True]
    assert old[OrderStatus.DELIVERED] > 0.9 * old.total()
    assert 0.02 < old[OrderStatus.CANCELLED] / old.total() < 0.04
    assert {OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.CONFIRMED} <= set(recent)


def test_three_to_six_percent_of_orders_come_back_and_reviews_are_mostly_good(make_plan: MakePlan) -> None:
    plan = make_plan(orders=10_000)
    totals, ratings = expected_totals(plan), Counter[int]()
    for chapter in tell_history(plan):
        ratings.update(review.rating for reviews in chapter.reviews.values() for review in reviews)
    assert 0.03 < totals.refunds / totals.orders < 0.06
    assert totals.reviews == ratings.total() > 500
    assert (ratings[4] + ratings[5]) / ratings.total() > 0.7
    assert all(ratings[stars] for stars in range(1, 6))


def test_no_unit_is_sold_before_it_is_there(make_plan: MakePlan) -> None:
    """By the movements' own times: at no moment is a level below zero."""
    plan = make_plan(orders=30_000)
    events: list[tuple[datetime, int, tuple[str, str], int]] = []
    for chapter in tell_history(plan):
        events += [(m.occurred_at, 0, (m.location, m.sku), m.delta) for m in chapter.movements]
        for sale in (s for sales in chapter.sales.values() for s in sales if s.is_sold):
            where = sale.outlet.location
            events += [(sale.order.placed_at, 1, (where, line.sku), -line.quantity) for line in sale.lines]
        for channel, refunds in chapter.refunds.items():
            for refund in refunds:
                back = [line for line in refund.lines if line.is_restocked]
                where = OUTLET[channel].location
                events += [(refund.refunded_at, 0, (where, line.sku), line.quantity) for line in back]
    levels: Counter[tuple[str, str]] = Counter()
    for _, _, level, delta in sorted(events):
        levels[level] += delta
        assert levels[level] >= 0, level
    assert sum(units == 0 for units in levels.values()) >= 3
    assert sum(0 < units < plan.reorder_point for units in levels.values()) >= 8
    assert sum(units >= plan.reorder_point for units in levels.values()) > 0.8 * len(levels)


def test_whoever_comes_to_nearly_bare_shelves_takes_what_is_there(make_plan: MakePlan) -> None:
    plan = make_plan()
    products = assortment(plan.seed, plan.first_day, plan.last_day)
    market, shelf, counters = Market(plan, products, plan.first_day), Shelf(), Counters()
    last = min(market.products, key=lambda product: product.interest(plan.first_day))
    shelf.move("main", last, 2)

    def sell() -> Sale | None:
        rng = stream(1, "bare", counters.orders)
        return make_sale(rng, plan, market, OUTLET["shop"], counters, shelf, products, NOW, OrderStatus.CONFIRMED)

    bought = 0
    while sale := sell():
        assert {line.sku for line in sale.lines} == {last.sku}
        bought += sale.units
    assert bought == 2
    assert shelf.available("main", last) == 0


def test_the_range_has_120_products_with_launches_ends_and_price_changes(make_plan: MakePlan) -> None:
    plan = make_plan()
    products = assortment(plan.seed, plan.first_day, plan.last_day)
    assert len({p.sku for p in products}) == len({p.name for p in products}) == 120
    assert len({p.category for p in products}) == 10
    assert sum(p.launched > plan.first_day for p in products) > 15
    assert sum(p.ended is not None for p in products) > 3
    assert sum(len(p.price_cents) > 1 for p in products) > 60
    assert all(p.cost_cents < min(p.price_cents) for p in products)
    assert all(p.companion != p.index and products[p.companion].category == p.category for p in products)


def test_products_are_sold_only_during_their_life(make_plan: MakePlan) -> None:
    plan = make_plan(orders=6_000)
    by_sku = {p.sku: p for p in assortment(plan.seed, plan.first_day, plan.last_day)}
    for sale in sales_of(list(tell_history(plan))):
        day = business_day(sale.order.placed_at, plan.zone)
        assert all(by_sku[line.sku].is_on_sale(day) for line in sale.lines)


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_day_shape_and_its_inverse_agree(share: float) -> None:
    for shape in (ONLINE, IN_STORE):
        assert 0 <= shape.position(share) <= 1
        assert shape.share_until(shape.position(share)) == pytest.approx(share, abs=1e-9)
