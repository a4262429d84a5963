"""Plans through the API: made from what the stores hold, explained, edited, and turned into documents once."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.api.conftest import Api
from tests.planning.conftest import Stocked
from tests.spine import NOON
from tradewind.api.planning import PlanSchedule
from tradewind.commerce.inventory.model import Reason
from tradewind.core.clock import ManualClock
from tradewind.insights.planning.line import LineInputs
from tradewind.insights.planning.model import StoredLine
from tradewind.insights.planning.plan import make_plan
from tradewind.insights.planning.store import find_plan, lines_page, recomputed
from tradewind.insights.planning.terms import PlanTerms

LISTS = "/api/v1/planning"


@pytest.fixture
def api(planned: tuple[Api, Stocked]) -> Api:
    return planned[0]


@pytest.fixture
def stocked(planned: tuple[Api, Stocked]) -> Stocked:
    return planned[1]


def get(api: Api, path: str, **asked: Any) -> Any:
    answer = api.client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


def make(api: Api, **terms: Any) -> Any:
    answer = api.client.post(f"{LISTS}/plans", json=terms)
    assert answer.status_code == 201, answer.text
    return answer.json()


def by_place(page: Any) -> dict[tuple[str, str], Any]:
    return {(line["sku"], line["location"]): line for line in page["items"]}


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


def test_an_accepted_line_becomes_one_purchase_order_however_often_it_is_asked_for(api: Api, stocked: Stocked) -> None:
    plan = make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    (move,) = get(api, f"{LISTS}/transfers")["items"]
    body = {
        "plan_id": plan["plan_id"],
        "lines": [{"line_no": line["line_no"], "quantity": 48}],
        "transfers": [{"line_no": move["line_no"]}],
    }
    headers = {"Idempotency-Key": "accept-1"}
    first = api.client.post(f"{LISTS}/purchase-list/accept", json=body, headers=headers)
    assert first.status_code == 200, first.text
    order, transfer = first.json()["documents"]
    assert (order["kind"], order["is_new"], transfer["kind"]) == ("purchase_order", True, "transfer")
    again = api.client.post(f"{LISTS}/purchase-list/accept", json=body, headers=headers)
    assert again.json() == first.json()
    third = api.client.post(f"{LISTS}/purchase-list/accept", json=body).json()["documents"]
    assert [(one["document_id"], one["is_new"]) for one in third] == [
        (order["document_id"], False),
        (transfer["document_id"], False),
    ]
    made = get(api, f"/api/v1/purchase-orders/{order['document_id']}")
    assert made["status"] == "draft"
    assert made["supplier_id"] == stocked.potter
    assert made["expected_on"] == str(NOON.date() + timedelta(days=10))
    assert [(one["sku"], one["quantity"], one["unit_cost"]) for one in made["lines"]] == [("MUG", 48, Decimal("3.5"))]
    moved = get(api, f"/api/v1/inventory/transfers/{transfer['document_id']}")
    assert [(one["sku"], one["quantity"]) for one in moved["lines"]] == [("CUP", move["quantity"])]
    edit = api.client.patch(f"{LISTS}/purchase-list/{line['line_no']}", json={"quantity": 24})
    assert edit.json()["code"] == "plan_line_accepted"
    shown = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    assert (shown["accepted_as"], shown["quantity"]) == (order["document_id"], 48)


def test_a_supplier_that_takes_orders_on_some_days_is_waited_for(api: Api, stocked: Stocked) -> None:
    # NOON is a Tuesday: Friday is three days off, and the one after it a week later.
    address = f"/api/v1/suppliers/{stocked.potter}"
    assert NOON.weekday() == 1
    changed = api.client.patch(address, json={"order_weekdays": [4], "closed": [["2026-12-24", "2027-01-02"]]})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["order_weekdays"], changed.json()["closed"]) == ([4], [["2026-12-24", "2027-01-02"]])
    make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    assert line["lead_time_days"] == 13
    assert "after 3 days of waiting to be ordered, then 7 days to the next order" in line["reason"]
    refused: list[dict[str, Any]] = [
        {"order_weekdays": []},
        {"order_weekdays": [7]},
        {"closed": [["2026-02-02", "2026-02-01"]]},
    ]
    for wrong in refused:
        assert api.client.patch(address, json=wrong).status_code == 422
    usual = {"order_weekdays": [0, 1, 2, 3, 4, 5, 6], "closed": []}
    assert api.client.patch(address, json=usual).status_code == 200


def test_one_wrong_line_keeps_all_from_being_accepted(api: Api) -> None:
    plan = make(api)
    lines = by_place(get(api, f"{LISTS}/purchase-list"))
    good = lines["MUG", "main"]["line_no"]
    orders = len(get(api, "/api/v1/purchase-orders")["items"])
    cases: list[tuple[list[dict[str, int]], int]] = [
        ([{"line_no": good}, {"line_no": 999}], 404),
        ([{"line_no": good}, {"line_no": good}], 422),
        ([{"line_no": good, "quantity": 25}], 422),
        ([{"line_no": good}, {"line_no": lines["NEW", ""]["line_no"], "quantity": 5}], 422),
        ([], 422),
    ]
    for wrong, status in cases:
        body = {"plan_id": plan["plan_id"], "lines": wrong}
        assert api.client.post(f"{LISTS}/purchase-list/accept", json=body).status_code == status
    assert len(get(api, "/api/v1/purchase-orders")["items"]) == orders


def test_a_sent_order_is_on_its_way_and_the_next_plan_knows(api: Api, stocked: Stocked) -> None:
    plan = make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    body = {"plan_id": plan["plan_id"], "lines": [{"line_no": line["line_no"]}], "send": True}
    (made,) = api.client.post(f"{LISTS}/purchase-list/accept", json=body).json()["documents"]
    make(api)
    after = by_place(get(api, "/api/v1/inventory/recommendations"))["MUG", "main"]
    assert after["on_order"] == line["quantity"]
    assert after["quantity"] == 0
    assert after["reason"].startswith(("Order nothing", "Wait"))
    assert api.client.post(f"/api/v1/purchase-orders/{made['document_id']}/cancel").status_code == 200


def test_the_list_goes_out_as_a_file_and_edited_quantities_come_back(api: Api) -> None:
    plan = make(api)
    out = api.client.get(f"{LISTS}/purchase-list", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(out.text)))
    assert {row["plan_id"] for row in rows} == {plan["plan_id"]}
    mug = next(row for row in rows if row["sku"] == "MUG")
    mug["quantity"] = "36"
    dry = send(api, rows, dry_run=True).json()
    assert (dry["is_applied"], dry["changed"], dry["problems"]) == (False, 1, 0)
    assert by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]["quantity"] == dry["edits"][0]["before"]
    done = send(api, rows).json()
    assert done["is_applied"]
    changed = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    assert (changed["quantity"], changed["planned_quantity"]) == (36, dry["edits"][0]["before"])
    mug["quantity"] = "37"
    refused = send(api, rows).json()
    assert (refused["is_applied"], refused["problems"]) == (False, 1)
    assert "packs of 12" in refused["edits"][0]["problem"]


def send(api: Api, rows: list[dict[str, str]], **asked: Any) -> Any:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    answer = api.client.post(
        f"{LISTS}/purchase-list/edits", content=out.getvalue(), params=asked, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    return answer


def test_a_workbook_holds_texts_as_texts_and_comes_back_too(api: Api) -> None:
    make(api)
    out = api.client.get(f"{LISTS}/purchase-list", params={"format": "xlsx"})
    book = load_workbook(io.BytesIO(out.content))
    sheet = book.active
    assert isinstance(book, Workbook)
    assert sheet is not None
    heading = [cell.value for cell in sheet[1]]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    place = next(row for row in sheet.iter_rows(min_row=2) if row[heading.index("sku")].value == "MUG")
    place[heading.index("quantity")].value = 60
    edited = io.BytesIO()
    book.save(edited)
    answer = api.client.post(f"{LISTS}/purchase-list/edits", content=edited.getvalue())
    assert answer.json()["changed"] == 1, answer.text
    assert by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]["quantity"] == 60


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "no workbook")
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"PK nonsense", _zip(), b"plan_id,line_no\n"])
def test_a_file_that_is_no_list_is_refused(api: Api, content: bytes) -> None:
    answer = api.client.post(f"{LISTS}/purchase-list/edits", content=content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


def test_who_may_only_look_on_makes_nothing(api: Api) -> None:
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


def test_a_preview_tells_the_documents_and_makes_none(api: Api, stocked: Stocked) -> None:
    plan = make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    (move,) = get(api, f"{LISTS}/transfers")["items"]
    body = {
        "plan_id": plan["plan_id"],
        "lines": [{"line_no": line["line_no"], "quantity": 48}],
        "transfers": [{"line_no": move["line_no"]}],
    }
    orders = len(get(api, "/api/v1/purchase-orders")["items"])
    answer = api.client.post(f"{LISTS}/purchase-list/accept", params={"dry_run": True}, json=body)
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.text, parse_float=Decimal)
    order, transfer = told["documents"]
    assert told["is_dry_run"]
    assert (order["document_id"], order["number"], order["is_new"]) == (None, None, True)
    assert (order["from_name"], order["to_name"], order["units"]) == ("The Potter", "main", 48)
    assert (order["cost"], order["currency"], order["expected_on"]) == (
        Decimal("168.00"),
        "EUR",
        str(NOON.date() + timedelta(days=10)),
    )
    assert (transfer["from_name"], transfer["to_name"], transfer["cost"]) == ("shop-2", "main", None)
    assert len(get(api, "/api/v1/purchase-orders")["items"]) == orders
    unchanged = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    assert (unchanged["accepted_as"], unchanged["quantity"]) == (None, line["quantity"])
    refused = body | {"lines": [{"line_no": line["line_no"], "quantity": 25}]}
    assert api.client.post(f"{LISTS}/purchase-list/accept", params={"dry_run": True}, json=refused).status_code == 422


def test_what_was_accepted_can_be_taken_back_until_something_arrived(api: Api, stocked: Stocked) -> None:
    plan = make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    (move,) = get(api, f"{LISTS}/transfers")["items"]
    body = {
        "plan_id": plan["plan_id"],
        "lines": [{"line_no": line["line_no"]}],
        "transfers": [{"line_no": move["line_no"]}],
        "send": True,
    }
    first = api.client.post(f"{LISTS}/purchase-list/accept", json=body).json()["documents"]
    for made in first:
        back = api.client.post(f"{LISTS}/purchase-list/take-back", json={"document_id": made["document_id"]})
        assert (back.status_code, back.json()["lines"]) == (200, 1), back.text
    assert get(api, f"/api/v1/purchase-orders/{first[0]['document_id']}")["status"] == "cancelled"
    assert get(api, f"/api/v1/inventory/transfers/{first[1]['document_id']}")["status"] == "cancelled"
    assert by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]["accepted_as"] is None
    (again,) = api.client.post(f"{LISTS}/purchase-list/accept", json=body | {"transfers": []}).json()["documents"]
    assert again["is_new"]
    order = f"/api/v1/purchase-orders/{again['document_id']}"
    assert api.client.post(f"{order}/receive", json={"lines": [{"line_no": 1, "quantity": 12}]}).status_code == 200
    late = api.client.post(f"{LISTS}/purchase-list/take-back", json={"document_id": again["document_id"]})
    assert (late.status_code, late.json()["code"]) == (409, "purchase_order_state")
    assert get(api, order)["status"] == "partial"
    unknown = api.client.post(f"{LISTS}/purchase-list/take-back", json={"document_id": "nothing"})
    assert unknown.status_code == 404
    assert api.client.post(f"{order}/cancel").status_code == 200
    stocked.receive("MUG", -12, reason=Reason.DAMAGE)


def test_another_quantity_is_told_with_its_consequences_before_it_is_taken(api: Api) -> None:
    make(api)
    line = get(api, f"{LISTS}/cover", limit=1)["items"][0]
    assert line["sku"] == "CUP"
    address = f"{LISTS}/purchase-list/{line['line_no']}"
    more = get(api, address, quantity=100)
    # Two a day, half of them here: ten there, what comes from the shop, and a hundred more.
    coming = line["on_hand"] + line["on_order"]
    assert (line["days_of_cover"], line["days_of_cover_with_order"]) == (11, coming + 1)
    assert more["days_of_cover_with_order"] == coming + 101
    assert (more["cost"], more["quantity"]) == (300, 100)
    # All that can be sold until the next order is there already: more only costs.
    assert more["expected_profit"] < line["expected_profit"] == 0
    assert get(api, address)["quantity"] == line["quantity"] == 0


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
