"""The twin: a world whose truth is known, and policies that are held against each other in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from tradewind.demo.policies import DaysOfCover, MeanAndDeviation, Planned, ReorderPoint
from tradewind.demo.replay import Outcome, Seen, replay
from tradewind.demo.twin import Floats, World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(3, products=80, known_days=240, days=90)


def an_even_world(lead_days: int = 7, per_day: int = 3, days: int = 60) -> World:
    """One product of which exactly so many are wanted each day."""
    demand = np.full((1, 60 + days), per_day)
    one = np.ones(1)
    nothing = np.zeros(1, np.int64)
    return World(
        demand,
        demand.astype(float),
        np.zeros(demand.shape, bool),
        np.full(demand.shape, lead_days),
        60,
        2 * one,
        one,
        one.astype(np.int64),
        nothing,
        nothing,
        [[lead_days] * 10],
    )


@dataclass
class UpTo:
    """Orders up to a level every evening."""

    level: float

    def orders(self, seen: Seen) -> Floats:
        return np.asarray(self.level - (seen.on_hand + seen.on_order), dtype=np.float64)


def test_equal_seeds_give_equal_worlds_and_others_do_not(world: World) -> None:
    again = make_world(3, products=80, known_days=240, days=90)
    assert np.array_equal(world.demand, again.demand)
    assert np.array_equal(world.lead_times, again.lead_times)
    assert not np.array_equal(world.demand, make_world(4, products=80, known_days=240, days=90).demand)


def test_demand_is_drawn_from_its_truth(world: World) -> None:
    assert world.demand.mean() == pytest.approx(world.rate.mean(), rel=0.03)
    calm = np.where(world.promoted, np.nan, world.rate)
    lifted = np.where(world.promoted, world.rate, np.nan)
    with_both = world.promoted.any(axis=1)
    ratio = np.nanmean(lifted[with_both], axis=1) / np.nanmean(calm[with_both], axis=1)
    assert 1.5 < float(np.median(ratio)) < 2.4
    variance = ((world.demand - world.rate) ** 2).mean() / world.rate.mean()
    assert 1.5 < variance < 4  # burstier than independent buyers


def test_seven_days_of_demand_are_enough_for_a_lead_time_of_seven_and_six_are_not() -> None:
    # Ordered in the evening of day t, on the shelf before the first sale of day t + 7: P is 7, not 8.
    even = an_even_world(lead_days=7, per_day=3)
    enough = replay(even, UpTo(7 * 3), opening=np.array([21]), warm_up=0)
    assert (enough.lost, enough.turned_away_days) == (0, 0)
    short = replay(even, UpTo(7 * 3 - 1), opening=np.array([20]), warm_up=10)
    assert short.lost > 0
    assert enough.empty_days == 60 - 6  # from the seventh evening on the last unit goes just before the next ones come


def test_what_is_wanted_is_sold_or_lost_and_nothing_comes_from_nowhere(world: World) -> None:
    nothing = replay(world, UpTo(-1), opening=np.zeros(80, np.int64), warm_up=0)
    assert nothing.lost == nothing.wanted == int(world.demand[:, 240:].sum())
    assert (nothing.fill_rate, nothing.capital, nothing.profit) == (0, 0, 0)
    plenty = replay(world, UpTo(-1), opening=world.demand[:, 240:].sum(axis=1), warm_up=0)
    assert plenty.lost == 0


def test_a_policy_never_sees_what_it_could_not_sell(world: World) -> None:
    @dataclass
    class Watching:
        worst: int = 0

        def orders(self, seen: Seen) -> Floats:
            today = seen.sales[:, -1]
            assert seen.sales.shape[1] == seen.today + 1
            missing = today < seen.world.demand[:, seen.today]
            assert not seen.complete[missing, -1].any()
            self.worst += int(missing.sum())
            return np.zeros(len(today))

    watching = Watching()
    replay(world, watching, opening=np.full(80, 10), warm_up=0)
    assert watching.worst > 0


def _at_capital(world: World, make: type, opening: np.ndarray, capital: float) -> Outcome:
    low, high = 0.5, 300.0
    outcome = replay(world, make(high), opening=opening)
    for _ in range(12):
        middle = (low + high) / 2
        tried = replay(world, make(middle), opening=opening)
        if tried.capital < capital:
            low = middle
        else:
            high, outcome = middle, tried
    return outcome


def test_the_plan_turns_fewer_people_away_than_rules_of_thumb_with_the_same_capital(world: World) -> None:
    opening = np.ceil(world.demand[:, 212:240].mean(axis=1) * 14).astype(np.int64)
    plan = replay(world, Planned(refit_days=42), opening=opening)
    point = _at_capital(world, ReorderPoint, opening, plan.capital)
    cover = _at_capital(world, DaysOfCover, opening, plan.capital)
    assert point.capital >= plan.capital
    assert cover.capital >= plan.capital
    assert plan.turned_away_days <= 0.7 * point.turned_away_days
    assert plan.turned_away_days <= cover.turned_away_days
    assert plan.profit >= point.profit


def test_policies_play_the_same_year_the_same_way_twice(world: World) -> None:
    opening = np.full(80, 20)
    for policy in (lambda: DaysOfCover(12), lambda: MeanAndDeviation(0.95), lambda: ReorderPoint(9)):
        assert replay(world, policy(), opening=opening) == replay(world, policy(), opening=opening)
    faster = replace(world, lead_times=np.ones_like(world.lead_times))
    assert replay(faster, DaysOfCover(12), opening=opening).lost < replay(world, DaysOfCover(12), opening=opening).lost
