"""Stock and purchasing over HTTP: what is promised by the document, refusals by name, nothing done twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.spine import NOON
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.model import StockMovement

pytestmark = pytest.mark.xdist_group("api")

V1 = "/api/v1"


class Stockroom:
    """Two goods and a service, one location, and a client that may change stock."""

    def __init__(self, api: Api) -> None:
        self.api = api
        with api.platform.database.write() as tx:
            put_products(tx, [NewProduct("MUG"), NewProduct("CUP")], now=NOON)
            put_products(tx, [NewProduct("WRAP", kind=ProductKind.SERVICE)], now=NOON)
            self.ids = {sku: ref.id for sku, ref in find_products(tx, ["MUG", "CUP", "WRAP"]).items()}
        api.client.headers["Authorization"] = f"Bearer {api.token(Scope.STOCK_WRITE)}"
        self.main = self.ok("POST", "/inventory/locations", 201, json={"code": "main", "name": "Main"})["location_id"]

    def ok(self, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        answer = self.api.client.request(method, V1 + path, **sent)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, status: int, code: str, **sent: Any) -> Any:
        answer = self.api.client.request(method, V1 + path, **sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        return answer.json()

    def adjustment(self, sku: str, delta: int, reason: str = "receipt", **more: Any) -> dict[str, Any]:
        return {"product_id": self.ids[sku], "location_id": self.main, "delta": delta, "reason": reason, **more}

    def adjust(self, sku: str, delta: int, reason: str = "receipt", **more: Any) -> Any:
        return self.ok("POST", "/inventory/adjust", json=self.adjustment(sku, delta, reason, **more))


@pytest.fixture
def room(api_on_both: Api) -> Stockroom:
    return Stockroom(api_on_both)


def test_stock_is_received_broken_and_shown(room: Stockroom) -> None:
    assert room.adjust("MUG", 50)["on_hand"] == 50
    level = room.adjust("MUG", -5, "damage", note="fell")
    assert (level["sku"], level["location"], level["on_hand"], level["available"]) == ("MUG", "main", 45, 45)

    shown = room.ok("GET", "/inventory", params={"q": "mug"})
    assert shown == {"items": [level], "next_cursor": None}
    assert room.ok("GET", f"/inventory/products/{room.ids['MUG']}")["items"] == [level]
    moved = room.ok("GET", "/inventory/movements", params={"product_id": room.ids["MUG"], "limit": 1})
    assert [(m["delta"], m["reason"], m["note"]) for m in moved["items"]] == [(-5, "damage", "fell")]
    rest = room.ok("GET", "/inventory/movements", params={"cursor": moved["next_cursor"]})
    assert [m["delta"] for m in rest["items"]] == [50]


def test_refusals_say_by_code_and_field_what_is_wrong(room: Stockroom) -> None:
    room.adjust("MUG", 5)
    adjust = ("POST", "/inventory/adjust")
    for body, status, code in (
        (room.adjustment("MUG", -6, "damage"), 409, "not_enough_on_hand"),
        (room.adjustment("MUG", 1, expected_on_hand=4), 409, "stock_changed"),
        (room.adjustment("CUP", 1, "adjustment"), 409, "not_counted"),
        (room.adjustment("WRAP", 1), 422, "invalid_input"),
        (room.adjustment("MUG", 1) | {"product_id": "nothing"}, 404, "not_found"),
        (room.adjustment("MUG", 1) | {"location_id": "nowhere"}, 404, "not_found"),
    ):
        room.refused(*adjust, status, code, json=body)
    for wrong, field in (
        ({"delta": 0}, "delta"),
        ({"delta": 10**15}, "delta"),
        ({"delta": "many"}, "delta"),
        ({"reason": "sale"}, "reason"),
        ({"product_id": "a\0b"}, "product_id"),
        ({"note": "\0"}, "note"),
        ({"color": "red"}, "color"),
    ):
        told = room.refused(*adjust, 422, "invalid_input", json=room.adjustment("MUG", 1) | wrong)
        assert [problem["field"] for problem in told["errors"]] == [field]
    room.refused("GET", "/inventory", 422, "invalid_input", params={"q": "a\0"})
    room.refused("GET", "/inventory", 422, "invalid_input", params={"cursor": "nonsense"})
    assert room.ok("GET", "/inventory")["items"][0]["on_hand"] == 5


def test_an_adjustment_under_a_key_is_booked_once(room: Stockroom) -> None:
    sent = {"json": room.adjustment("MUG", 5), "headers": {"Idempotency-Key": "k-1"}}
    first = room.api.client.post(f"{V1}/inventory/adjust", **sent)  # type: ignore[arg-type]  # two keyword arguments
    again = room.api.client.post(f"{V1}/inventory/adjust", **sent)  # type: ignore[arg-type]
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = {"json": room.adjustment("MUG", 6), "headers": {"Idempotency-Key": "k-1"}}
    room.refused("POST", "/inventory/adjust", 422, "idempotency_key_reused", **other)
    with room.api.platform.database.read() as tx:
        assert list(tx.scalars(select(StockMovement.delta))) == [5]


def test_several_adjustments_are_booked_together_or_not_at_all(room: Stockroom) -> None:
    together = [room.adjustment("MUG", 5), room.adjustment("CUP", 3), room.adjustment("MUG", -1, "damage")]
    levels = room.ok("POST", "/inventory/adjust/bulk", json={"adjustments": together})["items"]
    assert [(level["sku"], level["on_hand"]) for level in levels] == [("MUG", 4), ("CUP", 3), ("MUG", 4)]
    wrong = [room.adjustment("MUG", 1), room.adjustment("CUP", -9, "damage")]
    room.refused("POST", "/inventory/adjust/bulk", 409, "not_enough_on_hand", json={"adjustments": wrong})
    assert room.ok("GET", "/inventory", params={"q": "MUG"})["items"][0]["on_hand"] == 4


def test_of_many_who_expect_the_same_level_one_changes_it(room: Stockroom) -> None:
    room.adjust("MUG", 5)
    body = room.adjustment("MUG", -5, "damage", expected_on_hand=5)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: room.api.client.post(f"{V1}/inventory/adjust", json=body), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert room.ok("GET", "/inventory")["items"][0]["on_hand"] == 0


def test_low_stock_knows_the_products_own_point_and_the_stores(room: Stockroom) -> None:
    room.adjust("MUG", 9)
    room.adjust("CUP", 30)
    low = room.ok("GET", "/inventory/low-stock")["items"]
    assert [(item["sku"], item["available"], item["reorder_point"], item["severity"]) for item in low] == [
        ("MUG", 9, 10, "info")
    ]
    point = {"product_id": room.ids["CUP"], "location_id": room.main, "reorder_point": 70}
    assert room.ok("PUT", "/inventory/reorder-point", json=point)["reorder_point"] == 70
    found = []
    cursor = None
    while True:
        page = room.ok("GET", "/inventory/low-stock", params={"limit": 1} | ({"cursor": cursor} if cursor else {}))
        found += [(item["sku"], item["severity"]) for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert found == [("MUG", "info"), ("CUP", "warning")]
    room.ok("PUT", "/inventory/reorder-point", json=point | {"reorder_point": None})
    assert [item["sku"] for item in room.ok("GET", "/inventory/low-stock")["items"]] == ["MUG"]


def test_locations_are_made_renamed_switched_off_and_removed(room: Stockroom) -> None:
    room.refused("POST", "/inventory/locations", 409, "location_code_taken", json={"code": "main", "name": "Again"})
    room.refused("POST", "/inventory/locations", 422, "invalid_input", json={"code": "a b", "name": "Spaces"})
    shop = room.ok("POST", "/inventory/locations", 201, json={"code": "shop", "name": "Shop", "kind": "shop"})
    path = f"/inventory/locations/{shop['location_id']}"
    assert room.ok("PATCH", path, json={"name": "Corner"})["name"] == "Corner"
    room.ok("PATCH", path, json={"is_active": False})
    assert room.ok("GET", path)["is_active"] is False
    assert [place["code"] for place in room.ok("GET", "/inventory/locations", params={"is_active": True})["items"]] == [
        "main"
    ]
    room.ok("DELETE", path, 204)
    room.refused("GET", path, 404, "not_found")
    room.adjust("MUG", 1)
    room.refused("DELETE", f"/inventory/locations/{room.main}", 409, "location_in_use")


def test_a_transfer_is_drafted_shipped_received_and_closed(room: Stockroom) -> None:
    room.adjust("MUG", 10)
    shop = room.ok("POST", "/inventory/locations", 201, json={"code": "shop", "name": "Shop"})["location_id"]
    lines = [{"product_id": room.ids["MUG"], "quantity": 6}]
    draft = {"from_location_id": room.main, "to_location_id": shop, "lines": lines}
    room.refused("POST", "/inventory/transfers", 422, "invalid_input", json=draft | {"lines": lines * 2})
    made = room.ok("POST", "/inventory/transfers", 201, json=draft)
    assert (made["number"], made["status"], made["lines"][0]["received"]) == ("TR-00001", "draft", 0)

    path = f"/inventory/transfers/{made['transfer_id']}"
    read = room.api.client.get(V1 + path)
    assert read.headers["ETag"] == '"1"'
    assert read.json() == made
    room.ok("PATCH", path, json={"note": "by van"}, headers={"If-Match": '"1"'})
    room.refused("POST", f"{path}/ship", 409, "changed_meanwhile", headers={"If-Match": '"1"'})
    assert room.ok("POST", f"{path}/ship", headers={"If-Match": '"2"'})["status"] == "shipped"
    room.refused("POST", f"{path}/ship", 409, "transfer_state")
    levels = {level["location"]: level for level in room.ok("GET", "/inventory")["items"]}
    assert (levels["main"]["on_hand"], levels["shop"]["on_hand"], levels["shop"]["inbound"]) == (4, 0, 6)

    some = {"lines": [{"product_id": room.ids["MUG"], "quantity": 5}]}
    assert room.ok("POST", f"{path}/receive", json=some)["lines"][0]["received"] == 5
    room.refused("POST", f"{path}/receive", 422, "invalid_input", json=some)
    assert room.ok("POST", f"{path}/close")["status"] == "received"
    levels = {level["location"]: level for level in room.ok("GET", "/inventory")["items"]}
    assert (levels["main"]["on_hand"], levels["shop"]["available"], levels["shop"]["inbound"]) == (4, 5, 0)
    assert [item["number"] for item in room.ok("GET", "/inventory/transfers")["items"]] == ["TR-00001"]
    assert room.ok("GET", "/inventory/transfers", params={"status": "draft"})["items"] == []

    too_many = room.ok("POST", "/inventory/transfers", 201, json=draft)
    told = room.refused("POST", f"/inventory/transfers/{too_many['transfer_id']}/ship", 409, "insufficient_stock")
    assert "MUG: asked 6, available 4" in told["detail"]
    room.ok("POST", f"/inventory/transfers/{too_many['transfer_id']}/cancel")


def test_a_count_is_opened_filled_in_and_posted(room: Stockroom) -> None:
    room.adjust("MUG", 10)
    count = room.ok("POST", "/inventory/counts", 201, json={"location_id": room.main, "note": "year's end"})
    path = f"/inventory/counts/{count['count_id']}"
    counted = [{"product_id": room.ids["MUG"], "counted": 8}, {"product_id": room.ids["CUP"], "counted": 3}]
    room.ok("PUT", f"{path}/lines", json={"lines": counted})
    room.ok("DELETE", f"{path}/lines/{room.ids['CUP']}")
    room.adjust("MUG", -1, "damage")
    shown = room.ok("GET", path)
    assert [(line["sku"], line["counted"], line["expected"], line["difference"]) for line in shown["lines"]] == [
        ("MUG", 8, 10, -2)
    ]
    assert room.ok("POST", f"{path}/post")["status"] == "posted"
    room.refused("POST", f"{path}/post", 409, "count_state")
    assert room.ok("GET", "/inventory")["items"][0]["on_hand"] == 7
    other = room.ok("POST", "/inventory/counts", 201, json={"location_id": room.main})
    room.refused("POST", f"/inventory/counts/{other['count_id']}/post", 422, "invalid_input")
    room.ok("POST", f"/inventory/counts/{other['count_id']}/cancel")
    states = [item["status"] for item in room.ok("GET", "/inventory/counts")["items"]]
    assert states == ["cancelled", "posted"]


def test_goods_are_bought_and_arrive_in_parts(room: Stockroom) -> None:
    maker = {"code": "potter", "name": "The Potter", "currency": "eur", "lead_time_days": 14}
    made = room.ok("POST", "/suppliers", 201, json=maker)
    assert made["currency"] == "EUR"
    room.refused("POST", "/suppliers", 409, "supplier_code_taken", json=maker)
    path = f"/suppliers/{made['supplier_id']}"
    room.ok("PATCH", path, json={"email": "potter@example.com"}, headers={"If-Match": '"1"'})
    room.refused("PATCH", path, 409, "changed_meanwhile", json={"phone": "1"}, headers={"If-Match": '"1"'})
    assert room.ok("GET", path)["email"] == "potter@example.com"
    offer = {"product_id": room.ids["MUG"], "unit_cost": 2.123456, "pack_size": 6}
    room.ok("PUT", f"{path}/products", 204, json={"products": [offer]})
    shown = room.api.client.get(f"{V1}{path}/products")
    assert '"unit_cost":2.123456' in shown.text

    lines = [{"product_id": room.ids["MUG"], "quantity": 12}]
    order = {"supplier_id": made["supplier_id"], "location_id": room.main, "lines": lines, "expected_on": "2026-04-01"}
    odd = order | {"lines": [{"product_id": room.ids["MUG"], "quantity": 7}]}
    refused = room.refused("POST", "/purchase-orders", 422, "invalid_input", json=odd)
    assert [error["field"] for error in refused["errors"]] == ["quantity"]
    bought = room.ok("POST", "/purchase-orders", 201, json=order)
    assert (bought["number"], bought["status"], bought["lines"][0]["total"]) == ("PO-00001", "draft", 25.48)
    path = f"/purchase-orders/{bought['purchase_order_id']}"
    room.refused(
        "POST", f"{path}/receive", 409, "purchase_order_state", json={"lines": [{"line_no": 1, "quantity": 1}]}
    )
    room.ok("PATCH", path, json={"note": None, "expected_on": None}, headers={"If-Match": '"1"'})
    room.ok("POST", f"{path}/order")
    assert room.ok("GET", "/inventory")["items"][0]["inbound"] == 12
    arrived = room.ok("POST", f"{path}/receive", json={"lines": [{"line_no": 1, "quantity": 5}]})
    assert (arrived["status"], arrived["lines"][0]["received"]) == ("partial", 5)
    level = room.ok("GET", "/inventory")["items"][0]
    assert (level["on_hand"], level["inbound"]) == (5, 7)
    assert room.ok("POST", f"{path}/cancel")["status"] == "received"
    assert room.ok("GET", "/inventory")["items"][0]["inbound"] == 0
    listed = room.ok("GET", "/purchase-orders", params={"status": "received", "supplier_id": made["supplier_id"]})
    assert [item["number"] for item in listed["items"]] == ["PO-00001"]
    read = room.api.client.get(V1 + path)
    assert read.headers["ETag"] == f'"{read.json()["version"]}"'


def test_who_may_only_look_changes_nothing(room: Stockroom) -> None:
    room.api.client.headers["Authorization"] = f"Bearer {room.api.token(Scope.API_READ, name='reader')}"
    room.ok("GET", "/inventory")
    room.ok("GET", "/purchase-orders")
    for method, path, body in (
        ("POST", "/inventory/adjust", room.adjustment("MUG", 1)),
        ("POST", "/inventory/locations", {"code": "x", "name": "X"}),
        ("POST", "/inventory/counts", {"location_id": room.main}),
        ("POST", "/suppliers", {"code": "x", "name": "X", "currency": "EUR"}),
    ):
        room.refused(method, path, 403, "missing_scope", json=body)
    del room.api.client.headers["Authorization"]
    room.refused("GET", "/inventory", 401, "not_authenticated")
