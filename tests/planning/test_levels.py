"""Stock levels with worked numbers, and what must hold for any of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.insights.planning.distribution import Distribution
from tradewind.insights.planning.levels import (
    Lot,
    Moment,
    Position,
    days_of_cover,
    excess,
    normal_reorder_point,
    over_random_days,
    protection_days,
    reorder_point,
    safety_stock,
    stock_out_probability,
)
from tradewind.insights.planning.limits import (
    PlanningInput,
    check_cost,
    check_lead_time,
    check_lot,
    check_review,
)
from tradewind.insights.planning.lots import economic_quantity, lot_size, yearly_cost
from tradewind.insights.planning.service import (
    critical_ratio,
    fill_rate_point,
    lost_sales_level,
    single_period_level,
)


def _days_without_new_goods(lead: int, review: int, *, ordered: Moment, available: Moment) -> int:
    """Played day by day: selling days after today's order until what the order after it brings can be sold."""
    next_order = review
    lands = next_order + lead + (available is Moment.CLOSE)
    first = 0 if ordered is Moment.OPENING else 1
    return sum(1 for day in range(400) if first <= day < lands)


@pytest.mark.parametrize("lead", [1, 2, 7, 30])
@pytest.mark.parametrize("review", [1, 7])
@pytest.mark.parametrize("ordered", list(Moment))
@pytest.mark.parametrize("available", list(Moment))
def test_the_protection_interval_counts_every_selling_day_once(
    lead: int, review: int, ordered: Moment, available: Moment
) -> None:
    found = protection_days(lead, review, ordered=ordered, available=available)
    assert found == _days_without_new_goods(lead, review, ordered=ordered, available=available)


def test_an_order_at_the_days_end_that_arrives_a_week_later_protects_seven_days_and_not_eight() -> None:
    assert protection_days(7, 1, ordered=Moment.CLOSE) == 7
    assert protection_days(7, 1) == 8


def test_reorder_point_and_safety_stock_by_hand() -> None:
    # 8 days of 10 a day, σ 5 a day: mean 80, deviation 14.14, z(.95) 1.645.
    demand = Distribution.normal(80, 5 * math.sqrt(8))
    assert reorder_point(demand, 0.95) == pytest.approx(103.26, abs=0.01)
    assert safety_stock(demand, 0.95).units == pytest.approx(23.26, abs=0.01)
    assert normal_reorder_point(10, 5, 8, 0, 0.95) == pytest.approx(103.26, abs=0.01)
    # A lead time that varies by two days: √(8·25 + 100·4) = 24.49.
    assert normal_reorder_point(10, 5, 8, 2, 0.95) == pytest.approx(80 + 1.6449 * 24.495, abs=0.01)


def test_a_safety_stock_below_zero_is_shown_as_none_and_said() -> None:
    low = safety_stock(Distribution.normal(80, 14), 0.30)
    assert low.units == 0
    assert low.is_cut


def test_a_lead_time_that_varies_needs_more_than_its_mean() -> None:
    def over(days: int) -> Distribution:
        return Distribution.normal(10 * days, 5 * math.sqrt(days))

    certain = over(10).quantile(0.95)
    varying = over_random_days(over, [(5, 0.5), (15, 0.5)]).quantile(0.95)
    assert varying > certain + 30


def test_cover_ends_on_the_day_whose_demand_is_not_there_any_more() -> None:
    assert days_of_cover(30, [10.0] * 10) == 4  # three days are served whole
    assert days_of_cover(29, [10.0] * 10) == 3
    assert days_of_cover(0, [0.0, 0.0, 1.0]) == 3
    assert days_of_cover(100, [10.0] * 10) is None


def test_position_counts_what_is_promised_and_what_is_due() -> None:
    place = Position(on_hand=20, reserved=5, backordered=3, due=12.5)
    assert place.inventory_position == 24.5
    assert place.available == 15
    assert stock_out_probability(Distribution.normal(24.5, 4), place.inventory_position) == pytest.approx(0.5)
    assert stock_out_probability(Distribution.none(), -1) == 1


def test_excess_is_what_even_a_good_season_leaves() -> None:
    demand = Distribution.normal(100, 20)
    assert excess(300, demand) == 300 - math.ceil(100 + 1.2816 * 20)
    assert excess(120, demand) == 0


def test_the_newsvendor_of_the_books() -> None:
    # Nahmias: cost .25, price .75, salvage .10: Cu .50, Co .15, ratio .77; demand N(11.73, 4.74): order 15.
    level = single_period_level(0.75, 0.25, salvage=0.10)
    assert level == pytest.approx(0.7692, abs=1e-4)
    assert Distribution.normal(11.73, 4.74).quantile(level) == pytest.approx(15.2, abs=0.15)
    assert critical_ratio(3, 1) == 0.75


def test_the_level_per_cycle_rises_with_what_a_missed_sale_costs() -> None:
    # h 2 a year, Q 100, b 10, D 1000: 1 - 200/10200.
    level = lost_sales_level(holding_per_year=2, order_units=100, short=10, demand_per_year=1000)
    assert level == pytest.approx(1 - 200 / 10_200)
    cheaper = lost_sales_level(holding_per_year=2, order_units=100, short=1, demand_per_year=1000)
    assert cheaper < level


@settings(max_examples=60, deadline=None)
@given(st.floats(1, 500), st.floats(0.1, 200), st.floats(0.5, 0.999), st.floats(1, 500))
def test_the_fill_rate_point_is_the_smallest_that_serves_so_many(
    mean: float, deviation: float, rate: float, order: float
) -> None:
    demand = Distribution.normal(mean, deviation)
    point = fill_rate_point(demand, rate, order)
    allowed = (1 - rate) * order
    assert demand.expected_excess(point) <= allowed + 1e-9
    if point > 0.01:
        assert demand.expected_excess(point - 0.01) > allowed - 1e-9


def test_the_economic_quantity_of_harris_and_what_bounds_it() -> None:
    # K 50, D 1200, h 3: √40,000 = 200.
    assert economic_quantity(1200, 50, 3) == 200
    assert economic_quantity(1200, 50, 0) is None
    free = lot_size(demand_per_year=1200, order_cost=50, holding_per_year=3, lot=Lot())
    assert (free.units, free.bound_by, free.extra_cost) == (200, None, 0)
    packs = lot_size(demand_per_year=1200, order_cost=50, holding_per_year=3, lot=Lot(1, 144))
    assert packs.units == 144
    assert packs.extra_cost == pytest.approx(yearly_cost(144, 1200, 50, 3) - 600)
    least = lot_size(demand_per_year=1200, order_cost=50, holding_per_year=3, lot=Lot(300, 1))
    assert (least.units, least.bound_by) == (300, "minimum")
    life = lot_size(demand_per_year=1200, order_cost=50, holding_per_year=3, lot=Lot(), sold_within_shelf_life=90.7)
    assert (life.units, life.bound_by) == (90, "shelf_life")
    cash = lot_size(demand_per_year=1200, order_cost=50, holding_per_year=3, lot=Lot(100, 1), affordable=60)
    assert (cash.units, cash.bound_by) == (0, "cash")


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 500), st.integers(1, 60), st.floats(0, 5000))
def test_lots_are_whole_packs(least: int, pack: int, wanted: float) -> None:
    lot = Lot(least, pack)
    up, down = lot.round_up(wanted), lot.round_down(wanted)
    assert up % pack == down % pack == lot.smallest % pack == 0
    assert down <= wanted + 1e-6
    assert up >= wanted - 1e-6
    assert lot.smallest >= least
    assert lot.smallest - least < pack


@pytest.mark.parametrize(
    ("check", "unit"),
    [
        (lambda: check_lead_time(0), "1 to 365 days"),
        (lambda: check_lead_time(-3), "1 to 365 days"),
        (lambda: check_lead_time(366), "1 to 365 days"),
        (lambda: check_lead_time(math.nan), "1 to 365 days"),
        (lambda: check_review(0), "1 to 365 days"),
        (lambda: reorder_point(Distribution.none(), 0.0), "above 0 and below 1"),
        (lambda: reorder_point(Distribution.none(), 1.0), "above 0 and below 1"),
        (lambda: check_lot(0, field="min_quantity", name="A minimum order"), "1 or more"),
        (lambda: check_lot(0, field="pack_size", name="A pack"), "1 or more"),
        (lambda: check_cost(-0.01), "0 or more"),
        (lambda: critical_ratio(0, 0), "Name one"),
        (lambda: fill_rate_point(Distribution.none(), 1.2, 5), "above 0 and below 1"),
    ],
)
def test_wrong_input_is_refused_with_its_range(check, unit: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PlanningInput, match=unit) as refused:
        check()
    assert refused.value.field
