"""Lines of a plan become purchase orders and transfers, once, and can be taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.api.conftest import Api
from tests.planning.asking import LISTS, by_place, get, make
from tests.planning.conftest import Stocked
from tests.spine import NOON
from tradewind.commerce.inventory.model import Reason


def an_order_and_a_move(api: Api) -> tuple[Any, Any, dict[str, Any]]:
    """A line and a transfer of a new plan, and what accepts both."""
    plan = make(api)
    line = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    (move,) = get(api, f"{LISTS}/transfers")["items"]
    lines, transfers = [{"line_no": line["line_no"], "quantity": 48}], [{"line_no": move["line_no"]}]
    return line, move, {"plan_id": plan["plan_id"], "lines": lines, "transfers": transfers}


def test_an_accepted_line_becomes_one_purchase_order_however_often_it_is_asked_for(api: Api, stocked: Stocked) -> None:
    line, move, body = an_order_and_a_move(api)
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


def test_a_preview_tells_the_documents_and_makes_none(api: Api, stocked: Stocked) -> None:
    line, _, body = an_order_and_a_move(api)
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
