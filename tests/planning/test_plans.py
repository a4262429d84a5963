"""Plans through the API: made from what the stores hold, and explained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.planning.asking import LISTS, by_place, get, make
from tests.planning.conftest import Stocked
from tests.spine import NOON
from tradewind.api.planning import PlanSchedule
from tradewind.core.clock import ManualClock
from tradewind.insights.planning.line import LineInputs
from tradewind.insights.planning.model import StoredLine
from tradewind.insights.planning.plan import make_plan
from tradewind.insights.planning.store import find_plan, lines_page, recomputed
from tradewind.insights.planning.terms import PlanTerms


def test_before_there_is_a_plan_every_list_says_how_to_make_one(api: Api) -> None:
    with api.platform.database.write() as tx:
        for table in reversed(StoredLine.metadata.sorted_tables):
            if table.name.startswith("plan"):
                tx.execute(table.delete())
    for path in ("inventory/recommendations", "planning/purchase-list", "planning/abc-xyz", "planning/transfers"):
        answer = api.client.get(f"/api/v1/{path}")
        assert answer.status_code == 409
        assert answer.json()["code"] == "no_plan"
        assert "tradewind plan make" in answer.json()["detail"]


def test_a_product_that_runs_low_is_ordered_in_lots_and_explained(api: Api) -> None:
    make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    # Four a day; ten days to arrive and seven to the next order: 68 expected, 60 there.
    assert line["expected_demand"] == pytest.approx(Decimal(68), abs=Decimal("0.7"))
    assert line["action"] == "order"
    assert line["quantity"] % 12 == 0
    assert line["quantity"] >= max(24, line["order_up_to"] - 60)
    assert line["quantity"] - 12 < max(24, line["order_up_to"] - 60)
    assert line["unit_cost"] == Decimal("3.5")
    assert line["cost"] == line["quantity"] * Decimal("3.5")
    assert line["expected_profit"] > 0
    assert line["days_of_cover"] == 16
    assert line["basis"] == "history"
    assert line["lead_time_from"] == "promise"
    assert line["service_level_from"] == "economic"
    assert line["reason"].startswith(f"Order {line['quantity']}. 60 are there; 68 are expected")
    assert "as there is no forecast" in line["reason"]


def test_what_lies_elsewhere_moves_before_anything_is_bought(api: Api) -> None:
    make(api)
    (move,) = get(api, f"{LISTS}/transfers")["items"]
    assert (move["sku"], move["from_location"], move["to_location"]) == ("CUP", "shop-2", "main")
    assert move["expected_gain"] > 0
    assert move["quantity"] > 0
    lines = by_place(get(api, "/api/v1/inventory/recommendations"))
    assert lines["CUP", "main"]["quantity"] == 0
    assert lines["CUP", "main"]["on_order"] == move["quantity"]
    assert lines["CUP", "shop-2"]["action"] == "excess"


def test_what_nobody_counted_or_sells_is_held_with_a_reason(api: Api) -> None:
    make(api)
    lines = {line["sku"]: line for line in get(api, f"{LISTS}/purchase-list")["items"]}
    assert lines["NEW"]["hold"] == "not_counted"
    assert lines["NEW"]["location"] == ""
    assert lines["NEW"]["quantity"] == 0
    jugs = by_place(get(api, "/api/v1/inventory/recommendations"))["JUG", "main"]
    assert jugs["supplier"] is None


def test_every_line_can_be_computed_again_from_what_is_stored(api: Api) -> None:
    make(api, service_level=0.9, order_cost=20)
    with api.platform.database.read() as tx:
        plan = find_plan(tx)
        rows = lines_page(tx, plan.plan_id, limit=100).items
        terms = PlanTerms.from_json(plan.terms)
        assert len(rows) == plan.lines == 5
        for row in rows:
            line = recomputed(row, terms)
            assert line.wanted == row.figures["wanted"]
            assert line.reorder_point == row.figures["reorder_point"]
            assert line.stock_out_probability == row.figures["stock_out_probability"]
            assert line.expected_profit == row.figures["expected_profit"]


def test_a_budget_is_kept_and_spent_where_it_earns_most(api: Api) -> None:
    free = get(api, f"{LISTS}/purchase-list", plan_id=make(api)["plan_id"])
    whole = sum(line["cost"] or 0 for line in free["items"])
    tight = make(api, budget=float(whole) / 2)
    lines = get(api, f"{LISTS}/purchase-list", plan_id=tight["plan_id"])["items"]
    assert sum(line["cost"] or 0 for line in lines) <= whole / 2
    none = make(api, budget=0)
    held = get(api, f"{LISTS}/purchase-list", plan_id=none["plan_id"])["items"]
    assert {line["hold"] for line in held if line["wanted_quantity"] and line["supplier"]} == {"over_budget"}


def test_lists_are_paged_without_loss(api: Api) -> None:
    plan = make(api)
    for path in ("/api/v1/inventory/recommendations", f"{LISTS}/cover", f"{LISTS}/abc-xyz"):
        whole = get(api, path)["items"]
        found, cursor = [], None
        while True:
            page = get(api, path, limit=1, **({"cursor": cursor} if cursor else {}))
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == whole
        assert page["plan"]["plan_id"] == plan["plan_id"]
    covers = [line["days_of_cover"] for line in get(api, f"{LISTS}/cover")["items"]]
    assert covers == sorted(covers, key=lambda days: 10**6 if days is None else days)


def test_classes_say_what_earns_and_what_lies_still(api: Api, stocked: Stocked) -> None:
    make(api)
    found = {one["sku"]: one for one in get(api, f"{LISTS}/abc-xyz")["items"]}
    # 100 days: 400 mugs at 6.50 (10 less what the supplier asks), 200 cups at 5, 20 jugs at 18.
    assert (found["MUG"]["abc"], found["MUG"]["worth"]) == ("A", Decimal("2600.00"))
    assert (found["CUP"]["abc"], found["CUP"]["worth"]) == ("A", Decimal("1000.00"))
    assert (found["JUG"]["abc"], found["JUG"]["worth"]) == ("B", Decimal("360.00"))
    assert found["MUG"]["xyz"] == "X"
    assert found["NEW"]["xyz"] is None
    slow = {one["sku"]: one["pace"] for one in get(api, f"{LISTS}/slow-movers")["items"]}
    assert slow == {"CUP": "slow", "NEW": "slow"}
    assert [one["sku"] for one in get(api, f"{LISTS}/abc-xyz", abc="A")["items"]] == ["MUG", "CUP"]


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"service_level": 1}, "above 0 and below 1"),
        ({"review_days": 0}, "1 to 365 days"),
        ({"holding_rate": -1}, "0 to 10"),
        ({"cover_limit_days": 400}, "1 to 365 days"),
    ],
)
def test_wrong_terms_are_refused_with_their_range(api: Api, terms: dict[str, Any], told: str) -> None:
    answer = api.client.post(f"{LISTS}/plans", json=terms)
    assert answer.status_code == 422
    assert answer.json()["code"] == "planning_input"
    assert told in answer.json()["detail"]
    assert answer.json()["errors"][0]["field"] in terms


def test_who_may_only_look_on_makes_nothing(api: Api) -> None:
    make(api)
    token = api.sign_in("vic")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.client.post(f"{LISTS}/plans", json={}, headers=headers).status_code == 403
    assert api.client.post(f"{LISTS}/purchase-list/edits", content=b"", headers=headers).status_code == 403
    assert api.client.get(f"{LISTS}/purchase-list", headers=headers).status_code == 200


def test_the_plan_of_the_day_is_made_once(api: Api) -> None:
    schedule = PlanSchedule(api.services.planner, api.clock)
    make(api)
    assert schedule.turn() is None
    api.clock.advance(hours=17)  # five in the morning of the next day
    made = schedule.turn()
    assert made is not None
    assert schedule.turn() is None
    assert get(api, f"{LISTS}/plans/latest")["plan_id"] == made.plan_id


def test_a_plan_that_is_ended_on_the_way_is_not_stored(api: Api) -> None:
    class Enough(Exception):
        pass

    def ends_after(most: int) -> Callable[[Iterable[Any]], Iterator[Any]]:
        left = iter(range(most))

        def each(things: Iterable[Any]) -> Iterator[Any]:
            for thing in things:
                if next(left, None) is None:
                    raise Enough
                yield thing

        return each

    schedule = PlanSchedule(api.services.planner, ManualClock(NOON + timedelta(days=1)))
    before = make(api)["plan_id"]
    made, ended = None, 0
    while made is None:
        try:
            made = schedule.turn(ends_after(ended))
        except Enough:
            assert get(api, f"{LISTS}/plans/latest")["plan_id"] == before
            ended += 1
    assert ended > made.lines


def test_equal_inputs_give_equal_plans(api: Api) -> None:
    make(api)
    with api.platform.database.read() as tx:
        rows = lines_page(tx, find_plan(tx).plan_id, limit=100).items
        inputs = [LineInputs.from_json(row.inputs) for row in rows]
    assert make_plan(inputs, PlanTerms()) == make_plan(inputs, PlanTerms())


def test_the_list_is_summed_and_filtered_by_supplier_and_place(api: Api, stocked: Stocked) -> None:
    make(api)
    lines = get(api, f"{LISTS}/purchase-list")["items"]
    told = get(api, f"{LISTS}/purchase-list/summary")
    ordered = [line for line in lines if line["quantity"]]
    assert (told["lines"], told["to_order"]) == (len(lines), len(ordered))
    assert told["cost"] == sum(line["cost"] for line in ordered)
    assert float(told["expected_profit"]) == pytest.approx(float(sum(line["expected_profit"] for line in ordered)))
    assert told["held"] == Counter(line["hold"] for line in lines if line["hold"])
    assert told["held"]["not_counted"] == 1
    assert [(one["part_id"], one["name"]) for one in told["suppliers"]] == [(stocked.potter, "The Potter")]
    theirs = get(api, f"{LISTS}/purchase-list", supplier_id=stocked.potter)["items"]
    assert {line["supplier"] for line in theirs} == {"The Potter"}
    assert get(api, f"{LISTS}/purchase-list", location_id=stocked.shop)["items"] == []
    empty = get(api, f"{LISTS}/purchase-list/summary", location_id=stocked.shop)
    assert (empty["lines"], empty["cost"], len(empty["suppliers"])) == (0, 0, 1)
    out = api.client.get(f"{LISTS}/purchase-list", params={"format": "csv", "location_id": stocked.shop})
    assert len(out.text.splitlines()) == 1
    unknown = api.client.get(f"{LISTS}/purchase-list", params={"channel": "nobody"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "channel")
    changed = api.client.patch(f"{LISTS}/purchase-list/{ordered[0]['line_no']}", json={"quantity": 24})
    assert changed.status_code == 200
    assert get(api, f"{LISTS}/purchase-list/summary")["cost"] == 24 * Decimal("3.5")


def test_the_matrix_adds_up_to_all_products(api: Api) -> None:
    make(api)
    products = get(api, f"{LISTS}/abc-xyz")["items"]
    told = get(api, f"{LISTS}/abc-xyz/matrix")
    cells = {(cell["abc"], cell["xyz"]): cell for cell in told["cells"]}
    assert sum(cell["products"] for cell in cells.values()) == len(products)
    assert sum(cell["stock_value"] for cell in cells.values()) == sum(one["stock_value"] for one in products)
    assert sum(cell["revenue"] for cell in cells.values()) == sum(one["revenue"] for one in products) == Decimal(6200)
    assert sum(cell["revenue_share"] for cell in cells.values()) == pytest.approx(1)
    for (abc, xyz), cell in cells.items():
        opened = get(api, f"{LISTS}/abc-xyz", abc=abc, xyz=xyz or "none")["items"]
        assert len(opened) == cell["products"]
    assert cells["C", None]["products"] == 1
    paces = {one["pace"]: one for one in told["paces"]}
    assert paces["slow"]["products"] == 2
    assert paces["slow"]["stock_value"] == 3 * 410


def test_a_lane_that_costs_more_than_it_gains_is_not_used(api: Api) -> None:
    plan = make(api, lanes=[{"from_location": "shop-2", "to_location": "main", "fixed_cost": 100_000}])
    assert plan["terms"]["lanes"][0]["fixed_cost"] == "100000"
    assert get(api, f"{LISTS}/transfers")["items"] == []
    make(api, lanes=[{"from_location": "main", "to_location": "shop-2", "fixed_cost": 100_000}])
    assert len(get(api, f"{LISTS}/transfers")["items"]) == 1
    twice = [{"from_location": "main", "to_location": "shop-2"}] * 2
    answer = api.client.post(f"{LISTS}/plans", json={"lanes": twice})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "lanes")


def test_what_channels_keep_is_taken_off_what_a_product_earned(api: Api, stocked: Stocked) -> None:
    warehouse = api.platform.warehouse
    warehouse.command(
        "CREATE TABLE gold_daily_sales (date Date32, product_id String, currency String, fees Decimal(38, 6))"
        " ENGINE = MergeTree ORDER BY date"
    )
    try:
        days = {"here": NOON.date() - timedelta(days=9), "long_ago": NOON.date() - timedelta(days=500)}
        warehouse.command(
            "INSERT INTO gold_daily_sales VALUES ({here:Date32}, {mug:String}, 'EUR', 1900),"
            " ({long_ago:Date32}, {mug:String}, 'EUR', 500)",
            days | {"mug": stocked.ids["MUG"]},
        )
        make(api)
    finally:
        warehouse.command("DROP TABLE gold_daily_sales")
    found = {one["sku"]: one for one in get(api, f"{LISTS}/abc-xyz")["items"]}
    # 2,600 of margin less 1,900 of fees; those of another year count no more.
    assert (found["MUG"]["worth"], found["MUG"]["worth_is"]) == (Decimal("700.00"), "margin_after_fees")
    assert (found["CUP"]["abc"], found["MUG"]["abc"], found["JUG"]["abc"]) == ("A", "A", "B")
    assert found["CUP"]["worth"] == Decimal("1000.00")
