"""Scarce units, scarce cash and transfers: the same as trying everything."""

from __future__ import annotations

import random
from itertools import product

import pytest

from tradewind.insights.planning.allocation import Place, Wish, allocate, expected_short, within_budget
from tradewind.insights.planning.distribution import Distribution
from tradewind.insights.planning.transfers import Holding, Lane, plan_transfers


def _place(chance: random.Random, name: str) -> Place:
    mean = chance.uniform(0.5, 8)
    demand = Distribution.normal(mean, chance.uniform(0.2, 0.8) * mean)
    return Place(name, demand, chance.randint(-1, 5), chance.uniform(1, 20), chance.uniform(0, 2))


@pytest.mark.parametrize("seed", range(25))
def test_giving_unit_by_unit_is_as_good_as_trying_everything(seed: int) -> None:
    chance = random.Random(seed)
    places = [_place(chance, name) for name in "abc"]
    units = chance.randint(1, 9)

    def worth(shares: dict[str, int]) -> float:
        return sum(place.gain(0, shares[place.name]) for place in places if shares[place.name])

    best = max(
        worth(dict(zip("abc", shares, strict=True)))
        for shares in product(range(units + 1), repeat=3)
        if sum(shares) <= units
    )
    given = allocate(units, places)
    assert sum(given.values()) <= units
    assert worth(given) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(15))
def test_a_budget_for_equally_dear_units_is_spent_as_well_as_can_be(seed: int) -> None:
    chance = random.Random(seed)
    places = [_place(chance, name) for name in "abc"]
    budget = chance.randint(0, 8)
    wishes = [Wish(place.name, step, 1.0, place.gain(step)) for place in places for step in range(9)]
    best = max(
        sum(place.gain(0, n) for place, n in zip(places, bought, strict=True) if n)
        for bought in product(range(budget + 1), repeat=3)
        if sum(bought) <= budget
    )
    spent = within_budget(wishes, budget)
    earned = sum(place.gain(0, spent.steps.get(place.name, 0)) for place in places if spent.steps.get(place.name))
    assert spent.cash <= budget
    assert earned == pytest.approx(best, abs=1e-9)


def test_what_does_not_fit_is_passed_over_with_all_that_stands_on_it() -> None:
    wishes = [Wish("dear", 0, 90, 200), Wish("dear", 1, 5, 9), Wish("cheap", 0, 20, 30), Wish("bad", 0, 1, -1)]
    spent = within_budget(wishes, 50)
    assert spent.steps == {"cheap": 1}
    assert spent.cash == 20


def _holdings(chance: random.Random, places: str) -> list[Holding]:
    holdings = []
    for name in places:
        mean = chance.uniform(1, 5)
        demand = Distribution.normal(mean, 0.5 * mean)
        have = chance.randint(0, 9)
        holdings.append(Holding("mug", name, have, have, demand, demand.quantile(0.95), chance.uniform(2, 12)))
    return holdings


@pytest.mark.parametrize("seed", range(20))
def test_transfers_are_the_best_of_all_there_are(seed: int) -> None:
    chance = random.Random(seed)
    holdings = _holdings(chance, "abc")
    lanes = {(i, j): Lane(chance.uniform(0, 1.5)) for i in "abc" for j in "abc" if i != j}
    by_name = {holding.location_id: holding for holding in holdings}

    def gain(flows: dict[tuple[str, str], int]) -> float | None:
        total = 0.0
        for name, place in by_name.items():
            if sum(n for (i, _), n in flows.items() if i == name) > place.spare:
                return None
            came = sum(n for (_, j), n in flows.items() if j == name)
            if came > place.wanted:
                return None
            before, after = (expected_short(place.demand, place.position + n) for n in (0, came))
            total += place.short * (before - after)
        return total - sum(lanes[lane].cost_per_unit * n for lane, n in flows.items())

    givers = [h for h in holdings if h.spare]
    takers = [h for h in holdings if h.wanted]
    pairs = [(g.location_id, t.location_id) for g in givers for t in takers]
    most = max((h.wanted for h in takers), default=0)
    tried = (gain(dict(zip(pairs, units, strict=True))) for units in product(range(most + 1), repeat=len(pairs)))
    best = max((found for found in tried if found is not None), default=0.0)
    moves = plan_transfers(holdings, lanes)
    made = gain({(move.from_location_id, move.to_location_id): move.units for move in moves})
    assert made == pytest.approx(max(best, 0.0), abs=1e-6)
    assert sum(move.gain for move in moves) == pytest.approx(max(best, 0.0), abs=1e-6)


def test_a_lane_is_opened_only_when_its_moves_pay_for_it() -> None:
    demand = Distribution.normal(10, 3)
    holdings = [
        Holding("mug", "full", 100, 100, demand, 15, 5.0),
        Holding("mug", "bare", 0, 0, demand, 15, 5.0),
    ]
    (move,) = plan_transfers(holdings, {("full", "bare"): Lane(0.1, fixed_cost=20)})
    assert (move.units, move.from_location_id) == (15, "full")
    assert move.gain > 20
    assert plan_transfers(holdings, {("full", "bare"): Lane(0.1, fixed_cost=60)}) == []
    assert plan_transfers(holdings, {}) == []


def test_transfers_go_in_whole_packs_and_never_leave_a_donor_short() -> None:
    demand = Distribution.normal(10, 3)
    holdings = [Holding("mug", "full", 26, 26, demand, 15, 5.0), Holding("mug", "bare", 0, 0, demand, 15, 5.0)]
    (move,) = plan_transfers(holdings, {("full", "bare"): Lane()}, packs={"mug": 4})
    assert move.units == 8
    assert plan_transfers(holdings, {("full", "bare"): Lane()}, packs={"mug": 12}) == []


def test_four_hundred_products_in_five_places_are_solved_at_once() -> None:
    chance = random.Random(1)
    holdings = []
    for number in range(400):
        for name in "abcde":
            mean = chance.uniform(1, 20)
            have = chance.randint(0, 60)
            demand = Distribution.normal(mean, 0.4 * mean)
            holdings.append(Holding(f"p{number}", name, have, have, demand, demand.quantile(0.95), 5.0))
    lanes = {(i, j): Lane(0.5) for i in "abcde" for j in "abcde" if i != j}
    moves = plan_transfers(holdings, lanes)
    assert moves
    spare = {(h.product_id, h.location_id): h.spare for h in holdings}
    given: dict[tuple[str, str], int] = {}
    for move in moves:
        key = (move.product_id, move.from_location_id)
        given[key] = given.get(key, 0) + move.units
    assert all(units <= spare[key] for key, units in given.items())
