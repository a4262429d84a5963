"""ABC, XYZ, what lies still, and lead times."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.insights.planning.classes import (
    Movement,
    Pace,
    abc,
    deseasonalised,
    pace,
    quiet_probability,
    season_of,
    turns,
    variation,
    xyz,
)
from tradewind.insights.planning.lead_times import Calendar, Known, lead_time
from tradewind.insights.planning.limits import PlanningInput

worths = st.dictionaries(st.text(min_size=1, max_size=4), st.decimals(-100, 1000, places=2), max_size=30)


def test_abc_by_hand() -> None:
    ranked = abc({"mug": Decimal(70), "cup": Decimal(20), "jug": Decimal(6), "lid": Decimal(4), "bad": Decimal(-5)})
    assert {name: found.letter for name, found in ranked.items()} == {
        "mug": "A",
        "cup": "A",  # crosses the 80 %
        "jug": "B",
        "lid": "C",
        "bad": "C",
    }
    assert ranked["cup"].cumulative == Decimal("0.9")


def test_abc_of_nothing_earned_has_no_shares() -> None:
    assert abc({"mug": Decimal(0)})["mug"].cumulative is None


@given(worths)
def test_who_earns_more_is_never_ranked_lower_and_equals_are_equal(worth: dict[str, Decimal]) -> None:
    ranked = abc(worth)
    assert ranked.keys() == worth.keys()
    for one, more in worth.items():
        for other, less in worth.items():
            if more > less:
                assert ranked[one].letter <= ranked[other].letter
            if more == less:
                assert ranked[one] == ranked[other]


@given(worths)
def test_a_products_make_four_fifths(worth: dict[str, Decimal]) -> None:
    ranked, total = abc(worth), sum((w for w in worth.values() if w > 0), Decimal(0))
    earned = sum((worth[name] for name, found in ranked.items() if found.letter == "A"), Decimal(0))
    assert earned >= total * Decimal("0.8")


def test_a_seasonal_product_is_not_called_uneven() -> None:
    weeks = [100 * (1 + 0.9 * math.sin(2 * math.pi * week / 52)) for week in range(104)]
    raw, plain = variation(weeks), variation(deseasonalised(weeks, season_of(weeks)))
    assert raw is not None
    assert xyz(raw) == "Y"
    assert plain is not None
    assert plain < 0.15
    assert xyz(plain) == "X"


def test_a_year_alone_knows_no_season_and_few_weeks_no_variation() -> None:
    assert season_of([1.0, 9.0] * 26) == [1.0] * 52
    assert variation([5.0] * 7) is None
    assert variation([0.0] * 20) is None
    assert xyz(None) is None
    assert [xyz(c) for c in (0.5, 0.51, 1.0, 1.01)] == ["X", "Y", "Y", "Z"]


def _seen(**changed: object) -> Movement:
    plain: dict[str, object] = {
        "on_hand": 10,
        "days_since_first_stock": 400,
        "days_since_last_sale": 3,
        "days_in_stock": 180,
        "cover_days": 30,
        "quiet_probability": 0.0,
    }
    return Movement(**(plain | changed))  # type: ignore[arg-type]


def test_what_lies_still_is_told_apart_from_what_is_new_or_gone() -> None:
    assert pace(_seen()) == Pace.MOVING
    assert pace(_seen(days_since_last_sale=200)) == Pace.DEAD
    assert pace(_seen(days_since_last_sale=None)) == Pace.DEAD
    assert pace(_seen(days_since_last_sale=None, days_since_first_stock=20)) == Pace.NEW
    assert pace(_seen(days_since_last_sale=200, days_in_stock=100, quiet_probability=0.2)) == Pace.MOVING
    assert pace(_seen(quiet_probability=quiet_probability(0.005))) == Pace.SLOW  # e^-0.45 = 0.64
    assert pace(_seen(cover_days=181)) == Pace.SLOW
    assert pace(_seen(cover_days=None)) == Pace.SLOW
    assert pace(_seen(cover_days=None, on_hand=0)) == Pace.MOVING


def test_turns_need_stock() -> None:
    assert turns(Decimal(1200), Decimal(300)) == 4
    assert turns(Decimal(1200), Decimal(0)) is None


def test_five_receipts_speak_for_themselves_and_four_do_not() -> None:
    seen = lead_time([5, 6, 6, 7, 30], promised_days=3)
    assert (seen.known_from, seen.median, seen.quantile(0.9)) == (Known.RECEIPTS, 6, 30)
    promised = lead_time([5, 6, 6, 7], promised_days=10)
    assert promised.known_from == Known.PROMISE
    assert promised.mean == pytest.approx(10, abs=0.3)
    assert promised.deviation == pytest.approx(3, abs=0.6)
    assert lead_time([], None).known_from == Known.DEFAULT
    with pytest.raises(PlanningInput, match="1 to 365 days"):
        lead_time([], 400)


@given(st.lists(st.integers(0, 365), min_size=5, max_size=60))
def test_chances_of_a_lead_time_add_up_and_keep_its_middle(receipts: list[int]) -> None:
    found = lead_time(receipts, None)
    assert sum(chance for _, chance in found.chances) == pytest.approx(1)
    assert all(days >= 1 for days, _ in found.chances)
    ordered = sorted(max(1, days) for days in receipts)
    assert ordered[0] <= found.median <= ordered[-1]
    assert found.arrives_within(365) == pytest.approx(1)


def test_a_supplier_that_takes_orders_on_mondays_is_waited_for() -> None:
    calendar = Calendar(frozenset({0}), ((date(2026, 3, 9), date(2026, 3, 16)),))
    tuesday = date(2026, 3, 3)
    assert calendar.next_order_day(tuesday) == date(2026, 3, 16)  # the 9th is a holiday of a week
    assert calendar.days_to_wait(tuesday) == 13
    assert calendar.days_between_orders(tuesday) == 7
    assert Calendar().days_to_wait(tuesday) == 0
    assert Calendar(frozenset()).next_order_day(tuesday) is None
