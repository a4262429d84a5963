"""The life of an order over HTTP: placed, paid, sent, taken back, refunded; and what refuses each step."""

from __future__ import annotations

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.commerce.shopfront import Front
from tests.spine import NOON, rows_of, total
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.carts.lines import CartItem
from tradewind.commerce.carts.service import create_cart
from tradewind.commerce.customers.profiles import create_customer
from tradewind.commerce.inventory.model import Stock
from tradewind.commerce.orders.export import orders_csv, safe_cell
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.store import OrderFilter

V1 = "/api/v1"
ADDRESS = {"name": "Ada Lovelace", "line1": "Long Street 1", "city": "Berlin", "country": "de"}


@pytest.fixture
def shop(api_on_both: Api) -> tuple[httpx.Client, Front]:
    return api_on_both.as_user(), Front.open(api_on_both.platform.database)


def a_cart(client: httpx.Client, headers: dict[str, str] | None = None, **units: int) -> str:
    """A guest's cart, begun and filled over HTTP: its id is signed, and only so it can be ordered."""
    begun = client.post(f"{V1}/carts", json={"currency": "EUR"}, headers=headers)
    assert begun.status_code == 201, begun.text
    cart_id: str = begun.json()["cart_id"]
    for sku, quantity in units.items():
        put = client.post(f"{V1}/carts/{cart_id}/items", json={"sku": sku, "quantity": quantity}, headers=headers)
        assert put.status_code == 200, put.text
    return cart_id


def place(client: httpx.Client, cart_id: str, **more: Any) -> httpx.Response:
    return client.post(f"{V1}/checkout", json={"cart_id": cart_id} | more)


def test_an_order_from_cart_to_doorstep(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "12.99", stock=10)
    answer = place(client, a_cart(client, MUG=2), email="ada@example.com", shipping_address=ADDRESS)
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["status"], order["total"], order["currency"]) == ("confirmed", 25.98, "EUR")
    assert order["order_number"] == "SHOP-00001"
    assert order["payment_id"] is not None
    path = f"{V1}/orders/{order['order_id']}"

    found = client.get(path)
    assert found.headers["ETag"] == f'"{found.json()["version"]}"'
    assert (found.json()["ship_country"], found.json()["ship_city"]) == ("DE", "Berlin")
    assert client.get(f"{path}/addresses").json()["shipping"]["name"] == "Ada Lovelace"

    paid = client.post(f"{V1}/payments/{order['payment_id']}/received", json={})
    assert paid.status_code == 200, paid.text
    assert client.get(path).json()["payment_status"] == "paid"

    first = client.post(f"{path}/shipments", json={"lines": [{"line_no": 1, "quantity": 1}], "carrier": "DHL"})
    assert first.status_code == 201, first.text
    assert client.get(path).json()["fulfillment_status"] == "partial"
    too_many = client.post(f"{path}/shipments", json={"lines": [{"line_no": 1, "quantity": 2}]})
    assert (too_many.status_code, too_many.json()["code"]) == (409, "more_than_ordered")
    second = client.post(f"{path}/shipments", json={})
    assert second.json()["lines"] == [{"line_no": 1, "quantity": 1}]
    for parcel in (first, second):
        client.put(f"{V1}/shipments/{parcel.json()['shipment_id']}/tracking", json={"tracking_number": "0034"})
        assert client.post(f"{V1}/shipments/{parcel.json()['shipment_id']}/deliver").status_code == 200
    assert client.get(path).json()["status"] == "delivered"
    assert [parcel["tracking_number"] for parcel in client.get(f"{path}/shipments").json()["items"]] == ["0034"] * 2

    asked = client.post(f"{path}/returns", json={"lines": [{"line_no": 1, "quantity": 1}], "reason": "chipped"})
    assert asked.status_code == 201, asked.text
    back = f"{V1}/returns/{asked.json()['return_id']}"
    assert client.post(f"{back}/status", json={"status": "approved"}).json()["status"] == "approved"
    received = client.post(f"{back}/receive", json={"restocked": [{"line_no": 1, "quantity": 0}]})
    assert received.json()["lines"] == [{"line_no": 1, "quantity": 1, "restocked": 0}]
    refunded = client.post(f"{back}/refund", json={})
    assert refunded.status_code == 201, refunded.text
    assert (refunded.json()["amount"], refunded.json()["lines"][0]["quantity"]) == (12.99, 1)
    assert client.get(f"{V1}/returns", params={"status": "refunded"}).json()["items"][0]["reason"] == "chipped"
    more = client.post(f"{path}/refunds", json={"amount": 13.00})
    assert (more.status_code, more.json()["code"]) == (409, "refund_exceeds_payment")
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 8
        actions = set(tx.scalars(select(AuditEntry.action)))
        assert {"order.place", "shipment.create", "shipment.deliver", "return.create", "return.move"} <= actions


def test_what_is_left_of_an_order_is_told_at_every_step(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "12.99", stock=10)
    order = place(client, a_cart(client, MUG=3)).json()
    path = f"{V1}/orders/{order['order_id']}"

    def left() -> tuple[float, int, int, int]:
        told = client.get(f"{path}/left").json()
        (line,) = told["lines"]
        return told["refundable"], line["to_send"], line["to_return"], line["to_refund"]

    assert left() == (0, 3, 0, 3)
    client.post(f"{V1}/payments/{order['payment_id']}/received", json={})
    assert left() == (38.97, 3, 0, 3)
    client.post(f"{path}/shipments", json={"lines": [{"line_no": 1, "quantity": 2}]})
    assert left() == (38.97, 1, 2, 3)
    client.post(f"{path}/returns", json={"lines": [{"line_no": 1, "quantity": 1}]})
    assert left() == (38.97, 1, 1, 3)
    client.post(f"{path}/refunds", json={"lines": [{"line_no": 1, "quantity": 1}]})
    assert left() == (25.98, 1, 1, 2)


@pytest.mark.parametrize("asked", [{"lines": [{"line_no": 1, "quantity": 1}]}, {"amount": "7.01"}, {}])
def test_a_previewed_refund_is_the_refund_to_the_cent_and_books_nothing(
    shop: tuple[httpx.Client, Front], asked: dict[str, Any]
) -> None:
    client, front = shop
    front.product("MUG", "10.01", stock=10)
    order = place(client, a_cart(client, MUG=3)).json()
    client.post(f"{V1}/payments/{order['payment_id']}/received", json={})
    path = f"{V1}/orders/{order['order_id']}"

    previews = [client.post(f"{path}/refunds/preview", json=asked) for _ in range(2)]
    assert [preview.status_code for preview in previews] == [200, 200], previews[0].text
    assert client.get(path).json()["payment_status"] == "paid"
    given = client.post(f"{path}/refunds", json=asked).json()
    parts = ("amount", "unearned", "lines", "shipping", "tax")
    assert [[preview.json()[part] for part in parts] for preview in previews] == [[given[part] for part in parts]] * 2

    too_much = client.post(f"{path}/refunds/preview", json={"amount": "99.00"})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "refund_exceeds_payment")


def test_the_same_request_under_its_key_is_one_order(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=10)
    cart = a_cart(client, MUG=1)
    key = {"Idempotency-Key": "one"}
    first = client.post(f"{V1}/checkout", json={"cart_id": cart}, headers=key)
    again = client.post(f"{V1}/checkout", json={"cart_id": cart}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    other = client.post(f"{V1}/checkout", json={"cart_id": cart, "note": "x"}, headers=key)
    assert other.status_code == 422
    without_key = place(client, cart)
    assert without_key.json()["order_id"] == first.json()["order_id"]
    with front.database.read() as tx:
        assert rows_of(tx, Order) == 1


def test_too_few_units_are_told_line_by_line(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=1)
    front.product("CAP", "10.00", stock=9)
    answer = place(client, a_cart(client, MUG=2, CAP=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "insufficient_stock")
    assert answer.json()["errors"] == [{"field": "MUG", "message": "asked 2, available 1"}]


def test_a_customer_orders_what_is_in_the_cart(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    product_id = front.product("MUG", "10.00", stock=9)
    with front.database.write() as tx:
        person = create_customer(tx, {"name": "Ada", "email": "ada@example.com"}, actor=front.actor, now=NOON).id
        items = [CartItem(2, product_id=product_id)]
        create_cart(tx, currency="EUR", customer_id=person, items=items, actor=front.actor, now=NOON)
    answer = client.post(f"{V1}/orders/{person}")
    assert answer.status_code == 201, answer.text
    assert client.get(f"{V1}/orders/{answer.json()['order_id']}").json()["customer_id"] == person
    again = client.post(f"{V1}/orders/{person}")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")

    top = client.get(f"{V1}/orders/top-customers").json()["items"]
    assert [(row["name"], row["order_count"], row["total_spent"]) for row in top] == [("Ada", 1, 20)]


def test_an_order_says_which_promotions_made_it_cheaper(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=9)
    front.promotion(None, percent=Decimal(10))
    order = place(client, a_cart(client, MUG=3)).json()
    found = client.get(f"{V1}/orders/{order['order_id']}").json()
    assert found["discounts"] == [{"name": "Sale", "code": None, "amount": 3}]
    assert (found["discount"], found["total"]) == (3, 27)


def test_an_edit_moves_the_version_and_an_old_one_is_refused(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=9)
    path = f"{V1}/orders/{place(client, a_cart(client, MUG=3)).json()['order_id']}"
    tag = client.get(path).headers["ETag"]
    change = {"quantities": [{"line_no": 1, "quantity": 2}], "reason": "one is enough"}
    edited = client.patch(path, json=change, headers={"If-Match": tag})
    assert edited.status_code == 200, edited.text
    assert (edited.json()["total"], edited.json()["due"]) == (20, 20)
    history = [(step["status"], step["note"]) for step in client.get(path).json()["history"]]
    assert history == [("confirmed", None), ("confirmed", "one is enough")]
    stale = client.patch(path, json=change, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert client.patch(path, json={"nonsense": 1}).status_code == 422


def test_cancelling_and_moving_by_hand(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=9)
    order = place(client, a_cart(client, MUG=3)).json()
    path = f"{V1}/orders/{order['order_id']}"
    client.post(f"{V1}/payments/{order['payment_id']}/received", json={})
    refused = client.post(f"{path}/status", json={"status": "delivered"})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert "It may become processing, shipped, cancelled." in refused.json()["detail"]
    assert client.post(f"{path}/status", json={"status": "processing"}).json()["status"] == "processing"
    done = client.post(f"{path}/cancel", json={"reason": "ordered twice"}).json()
    assert done["status"] == "cancelled"
    assert len(done["provider_refund_ids"]) == 1
    note = client.post(f"{path}/notes", json={"text": "called the buyer"})
    assert note.status_code == 201
    assert [row["text"] for row in client.get(f"{path}/notes").json()["items"]] == ["called the buyer"]
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 9


def test_lists_to_work_from(shop: tuple[httpx.Client, Front], api_on_both: Api) -> None:
    client, front = shop
    front.product("MUG", "10.00", stock=9)
    now = api_on_both.clock.now()
    old, new = front.place(front.cart(MUG=1), now=now), front.place(front.cart(MUG=2), now=now + timedelta(minutes=1))
    api_on_both.clock.advance(minutes=5)
    unknown = place(client, a_cart(client, MUG=1), provider="nobody")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "provider")
    first = client.get(f"{V1}/orders/waiting", params={"limit": 1}).json()
    assert [(row["order_id"], row["age_seconds"]) for row in first["items"]] == [(old.order_id, 300)]
    rest = client.get(f"{V1}/orders/waiting", params={"cursor": first["next_cursor"]}).json()
    assert [row["order_id"] for row in rest["items"]] == [new.order_id]
    assert client.get(f"{V1}/orders/daily-sales").json()["items"] == []
    days = client.get(f"{V1}/orders/daily-sales", params={"status": "pending"}).json()["items"]
    assert days == [{"day": "2026-03-10", "currency": "EUR", "orders": 2, "revenue": 30}]
    assert client.get(f"{V1}/orders/daily-sales", params={"from": "2020-01-01"}).status_code == 422


def test_64_buyers_over_http_of_20_units_make_20_orders(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    front.product("HOT", "10.00", stock=20)
    carts = [a_cart(client, HOT=1) for _ in range(64)]

    def buy(share: list[str]) -> list[tuple[int, str | None]]:
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=60) as own:
            answers = [place(own, cart) for cart in share]
        return [(answer.status_code, answer.json().get("code")) for answer in answers]

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(chain.from_iterable(threads.map(buy, [carts[number::8] for number in range(8)])))
    assert outcomes == {(201, None): 20, (409, "insufficient_stock"): 44}
    with front.database.read() as tx:
        assert rows_of(tx, Order) == 20
        assert total(tx, Stock.on_hand) == total(tx, Stock.reserved) == 0


def test_the_export_has_every_order_and_runs_no_formula(shop: tuple[httpx.Client, Front]) -> None:
    client, front = shop
    names = ["=cmd|' /C calc'!A0", "+1", "-2", "@x", "plain"]
    for name in names:
        front.book_imported(name)
    text = client.get(f"{V1}/orders/export").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["order_number"] for row in rows} == {*(f"'{name}" for name in names[:4]), "plain"}
    assert rows[0]["total"] == "10.00"
    assert client.get(f"{V1}/orders/export", params={"channel": "none"}).text.count("\r\n") == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_a_cell_that_looks_like_a_formula_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_the_export_goes_past_any_page(api: Api) -> None:
    front = Front.open(api.platform.database)
    for number in range(7):
        front.book_imported(f"N-{number}")
    whole = b"".join(orders_csv(front.database, OrderFilter(), page=3))
    assert whole.count(b"\r\n") == 8


def test_each_step_needs_its_right(api: Api) -> None:
    front = Front.open(api.platform.database)
    front.product("MUG", "10.00", stock=9)
    tokens = {
        scope: {"Authorization": f"Bearer {api.token(scope, name=str(scope))}"}
        for scope in (Scope.API_READ, Scope.ORDERS_WRITE, Scope.ORDERS_FULFIL, Scope.ORDERS_REFUND)
    }
    cart = a_cart(api.client, tokens[Scope.ORDERS_WRITE], MUG=1)
    body = {"cart_id": cart}
    assert api.client.post(f"{V1}/checkout", json=body, headers=tokens[Scope.API_READ]).status_code == 403
    order = api.client.post(f"{V1}/checkout", json=body, headers=tokens[Scope.ORDERS_WRITE])
    assert order.status_code == 201
    path = f"{V1}/orders/{order.json()['order_id']}"
    for way, content, right in (
        ("shipments", {}, Scope.ORDERS_FULFIL),
        ("refunds", {}, Scope.ORDERS_REFUND),
        ("notes", {"text": "x"}, Scope.ORDERS_WRITE),
    ):
        for scope, headers in tokens.items():
            status = api.client.post(f"{path}/{way}", json=content, headers=headers).status_code
            assert (status == 403) == (scope is not right), (way, scope, status)
    assert api.client.get(f"{path}/addresses", headers=tokens[Scope.API_READ]).status_code == 403
    assert api.client.get(f"{path}/addresses", headers=tokens[Scope.ORDERS_FULFIL]).status_code == 200


def test_orders_that_do_not_exist_are_404_everywhere(api: Api) -> None:
    client = api.as_user()
    line = {"line_no": 1, "quantity": 1}
    for method, path, body in (
        ("GET", "orders/none/notes", None),
        ("GET", "orders/none/addresses", None),
        ("GET", "orders/none/shipments", None),
        ("GET", "shipments/none", None),
        ("GET", "returns/none", None),
        ("POST", "orders/none/status", {"status": "shipped"}),
        ("POST", "orders/none/cancel", {}),
        ("POST", "orders/none/notes", {"text": "x"}),
        ("POST", "orders/none/refunds", {}),
        ("POST", "orders/none/shipments", {}),
        ("POST", "orders/none/returns", {"lines": [line]}),
        ("PATCH", "orders/none", {"shipping": 1}),
        ("POST", "shipments/none/deliver", None),
        ("POST", "returns/none/refund", {}),
        ("POST", "returns/none/receive", {}),
        ("POST", "checkout", {"cart_id": "none"}),
    ):
        answer = client.request(method, f"{V1}/{path}", json=body)
        assert answer.status_code == 404, (method, path, answer.text)


def test_a_channels_order_is_not_edited(api_on_both: Api) -> None:
    client, front = api_on_both.as_user(), Front.open(api_on_both.platform.database)
    front.book_imported("X-1")
    (order,) = client.get(f"{V1}/orders").json()["items"]
    answer = client.patch(f"{V1}/orders/{order['order_id']}", json={"shipping": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "order_not_editable")
