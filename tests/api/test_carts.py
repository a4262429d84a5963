"""Carts, promotions, taxes and shipping methods over HTTP: what is asked is done, once, and told with what it costs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.pricing import a_customer, a_product
from tradewind.api.cart_references import CartReferences
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.carts.model import Cart


@pytest.fixture
def client(api_on_both: Api) -> httpx.Client:
    return api_on_both.as_user()


@pytest.fixture
def mug(api_on_both: Api) -> str:
    with api_on_both.platform.database.write() as tx:
        return a_product(tx, "MUG", "9.99", weight_grams=300)


def made(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def refused(answer: httpx.Response, status: int, code: str, field: str | None = None) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if field is not None:
        assert field in [error["field"] for error in answer.json()["errors"]]


def a_shop(client: httpx.Client) -> str:
    """Germany with its tax, one way of shipping and the code TEN; returns the method's id."""
    zone = {
        "name": "Germany",
        "places": ["de"],
        "prices_include_tax": True,
        "rates": [{"tax_class": "standard", "name": "VAT 19 %", "percent": 19, "is_on_shipping": True}],
    }
    made(client.post("/api/v1/tax-zones", json=zone), 201)
    made(client.post("/api/v1/promotions", json={"name": "Ten", "kind": "percent", "code": "ten", "percent": 10}), 201)
    method = {"name": "Parcel", "currency": "EUR", "price": 4.90, "free_from": 50}
    return str(made(client.post("/api/v1/shipping-methods", json=method), 201)["method_id"])


def test_a_guest_fills_a_cart_and_sees_what_it_costs(client: httpx.Client, mug: str) -> None:
    method = a_shop(client)
    cart = made(client.post("/api/v1/carts", json={"items": [{"sku": "MUG", "quantity": 2}]}), 201)
    here = f"/api/v1/carts/{cart['cart_id']}"
    assert (cart["currency"], cart["total"], cart["is_orderable"]) == ("EUR", 19.98, False)
    assert [problem["code"] for problem in cart["problems"]] == ["shipping_not_chosen"]
    made(client.post(f"{here}/items", json={"product_id": mug}))
    made(client.patch(here, json={"country": "de"}))
    options = made(client.get(f"{here}/shipping-methods"))
    assert options["items"] == [
        {"shipping_method_id": method, "name": "Parcel", "carrier": None, "price": 4.9},
    ]
    made(client.patch(here, json={"shipping_method_id": method, "email": "guest@example.com"}))
    cart = made(client.post(f"{here}/codes", json={"code": " ten "}))
    assert (cart["country"], cart["codes"], cart["version"]) == ("DE", ["TEN"], 7)
    assert (cart["subtotal"], cart["discount"], cart["shipping"], cart["total"]) == (29.97, 3.0, 4.9, 31.87)
    assert cart["taxes"] == [{"name": "VAT 19 %", "percent": 19, "net": 26.78, "tax": 5.09}]
    assert (cart["lines"][0]["available"], cart["problems"], cart["is_orderable"]) == (1000, [], True)
    assert "guest@example.com" not in str(cart)
    answer = client.get(here)
    assert (answer.json(), answer.headers["ETag"]) == (cart, '"7"')
    cart = made(client.put(f"{here}/items/{mug}", json={"quantity": 1}))
    assert cart["lines"][0]["quantity"] == 1
    assert made(client.delete(f"{here}/codes/ten"))["codes"] == []
    assert made(client.delete(f"{here}/items/{mug}"))["lines"] == []
    made(client.delete(f"{here}/items"))
    assert made(client.patch(here, json={"country": None}))["country"] is None


def test_a_guests_cart_is_known_by_its_signed_name_alone(api_on_both: Api, client: httpx.Client) -> None:
    reference = made(client.post("/api/v1/carts", json={}), 201)["cart_id"]
    cart_id, _, signature = reference.partition(".")
    other = made(client.post("/api/v1/carts", json={}), 201)["cart_id"].partition(".")[0]
    for wrong in (cart_id, f"{other}.{signature}", f"{cart_id}.{'A' * 22}", "0" * 26):
        refused(client.get(f"/api/v1/carts/{wrong}"), 404, "not_found")
        refused(client.delete(f"/api/v1/carts/{wrong}/items"), 404, "not_found")
    refused(client.get("/api/v1/carts/.."), 404, "not_found")
    refused(client.get("/api/v1/carts/nothing"), 422, "invalid_input", "cart_id")
    assert CartReferences("another secret").of(cart_id, None) != reference
    listed = made(client.get("/api/v1/carts"))["items"]
    assert {item["cart_id"].partition(".")[0] for item in listed} == {cart_id, other}
    assert reference in {item["cart_id"] for item in listed}


def test_a_customer_finds_the_cart_again_and_the_guests_things_in_it(
    api_on_both: Api, client: httpx.Client, mug: str
) -> None:
    with api_on_both.platform.database.write() as tx:
        ada = a_customer(tx, "customer@example.com")
    refused(client.get(f"/api/v1/cart/{ada}"), 404, "not_found")
    added = client.post(f"/api/v1/cart/{ada}/add", json={"product_id": mug, "quantity": 2})
    assert made(added) == {"status": "success"}
    guest = made(client.post("/api/v1/carts", json={"items": [{"sku": "MUG"}]}), 201)["cart_id"]
    merged = made(client.post(f"/api/v1/carts/{guest}/merge", json={"customer_id": ada}))
    assert (merged["customer_id"], merged["lines"][0]["quantity"], merged["left_out"]) == (ada, 3, [])
    cart = made(client.get(f"/api/v1/cart/{ada}"))
    assert cart["cart_id"] == merged["cart_id"] == made(client.get(f"/api/v1/carts/{cart['cart_id']}"))["cart_id"]
    assert made(client.post("/api/v1/carts", json={"customer_id": ada}), 201)["cart_id"] == cart["cart_id"]
    refused(client.post(f"/api/v1/carts/{guest}/items", json={"sku": "MUG"}), 409, "cart_closed")
    made(client.delete(f"/api/v1/cart/{ada}"), 204)
    assert made(client.get(f"/api/v1/cart/{ada}"))["lines"] == []
    refused(client.post("/api/v1/cart/nobody/add", json={"product_id": mug}), 404, "not_found")


def test_the_same_request_under_its_key_adds_once_and_a_stale_version_is_refused(
    client: httpx.Client, mug: str
) -> None:
    cart_id = made(client.post("/api/v1/carts", json={}), 201)["cart_id"]
    here = f"/api/v1/carts/{cart_id}/items"
    key = {"Idempotency-Key": "once"}
    first, second = (client.post(here, json={"sku": "MUG"}, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert made(client.get(f"/api/v1/carts/{cart_id}"))["lines"][0]["quantity"] == 1
    stale = client.post(here, json={"sku": "MUG"}, headers={"If-Match": '"1"'})
    refused(stale, 409, "changed_meanwhile")
    made(client.post(here, json={"sku": "MUG"}, headers={"If-Match": '"2"'}))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": [{"quantity": 1}]}, "items.0"),
        ({"items": [{"sku": "MUG", "product_id": "x", "quantity": 1}]}, "items.0"),
        ({"items": [{"sku": "MUG", "quantity": 0}]}, "items.0.quantity"),
        ({"items": [{"sku": "MUG"}] * 501}, "items"),
        ({"country": "Germany"}, "country"),
        ({"currency": "XXX"}, "currency"),
        ({"email": "nobody"}, "email"),
        ({"coupon": "TEN"}, "coupon"),
        ({"region": "\0"}, "region"),
    ],
)
def test_a_cart_that_cannot_be_is_refused_and_leaves_nothing(
    api_on_both: Api, client: httpx.Client, mug: str, body: dict[str, Any], field: str
) -> None:
    refused(client.post("/api/v1/carts", json={"country": "DE"} | body), 422, "invalid_input", field)
    with api_on_both.platform.database.read() as tx:
        assert tx.scalars(select(Cart)).all() == []


def test_what_is_not_sold_is_refused_with_a_reason(client: httpx.Client, mug: str) -> None:
    cart_id = made(client.post("/api/v1/carts", json={"currency": "USD"}), 201)["cart_id"]
    refused(client.post(f"/api/v1/carts/{cart_id}/items", json={"sku": "MUG"}), 422, "product_not_sold")
    refused(client.post(f"/api/v1/carts/{cart_id}/items", json={"sku": "NONE"}), 404, "not_found")
    refused(client.post(f"/api/v1/carts/{cart_id}/codes", json={"code": "NONE"}), 422, "code_not_valid", "code")
    refused(client.patch(f"/api/v1/carts/{cart_id}", json={"shipping_method_id": "none"}), 404, "not_found")


def test_promotions_are_laid_down_changed_and_listed(client: httpx.Client) -> None:
    terms = {
        "name": "Three for two",
        "kind": "buy_x_get_y",
        "code": "three",
        "buy": 2,
        "get": 1,
        "conditions": {"category_paths": ["Home"], "countries": ["de"]},
        "ends_at": "2026-12-31T23:00:00Z",
        "total_limit": 100,
    }
    promotion = made(client.post("/api/v1/promotions", json=terms), 201)
    assert (promotion["code"], promotion["used"], promotion["conditions"]["countries"]) == ("THREE", 0, ["DE"])
    here = f"/api/v1/promotions/{promotion['promotion_id']}"
    answer = client.get(here)
    assert (answer.json(), answer.headers["ETag"]) == (promotion, '"1"')
    refused(client.post("/api/v1/promotions", json=terms), 409, "discount_code_taken")
    changed = made(client.put(here, json=terms | {"total_limit": 50}, headers={"If-Match": '"1"'}))
    assert (changed["total_limit"], changed["version"]) == (50, 2)
    refused(client.put(here, json=terms, headers={"If-Match": '"1"'}), 409, "changed_meanwhile")
    assert made(client.get("/api/v1/promotions", params={"q": "THR"}))["items"] == [changed]
    assert made(client.get("/api/v1/promotions", params={"is_active": False}))["items"] == []
    for wrong, field in (
        ({"kind": "percent"}, "percent"),
        ({"percent": 101}, "percent"),
        ({"ends_at": "9999-12-31T23:59:59-14:00"}, "ends_at"),
        ({"ends_at": "2026-12-31T23:00:00"}, "ends_at"),
    ):
        refused(client.post("/api/v1/promotions", json=terms | {"code": "x"} | wrong), 422, "invalid_input", field)


def test_a_code_on_a_total(client: httpx.Client) -> None:
    a_shop(client)
    asked = {"order_total": 99.99, "code": "Ten"}
    found = made(client.post("/api/v1/promotions/apply", json=asked))
    assert (found["total"], found["discount"], found["currency"], found["code"]) == (89.99, 10.0, "EUR", "TEN")
    refused(client.post("/api/v1/promotions/apply", json=asked | {"code": "NO"}), 422, "code_not_valid", "code")
    refused(client.post("/api/v1/promotions/apply", json=asked | {"order_total": -1}), 422, "invalid_input")


def test_taxes_and_shipping_methods_are_laid_down_once_and_changed(client: httpx.Client) -> None:
    method = a_shop(client)
    (zone,) = made(client.get("/api/v1/tax-zones"))["items"]
    assert (zone["places"], zone["rates"][0]["percent"]) == (["DE"], 19)
    here = f"/api/v1/tax-zones/{zone['zone_id']}"
    body = {"name": "Elsewhere", "prices_include_tax": False}
    assert made(client.put(here, json=body))["rates"] == []
    assert made(client.get(here))["places"] == []
    refused(client.post("/api/v1/tax-zones", json=body | {"name": "Other"}), 409, "tax_zone_taken")
    refused(client.post("/api/v1/tax-zones", json=body | {"places": ["Germany"]}), 422, "invalid_input")
    made(client.delete(here), 204)
    refused(client.get(here), 404, "not_found")
    there = f"/api/v1/shipping-methods/{method}"
    changed = made(client.put(there, json={"name": "Post", "currency": "JPY", "price": 500, "is_active": False}))
    assert changed == made(client.get(there)) == made(client.get("/api/v1/shipping-methods"))["items"][0]
    assert (changed["price"], changed["is_active"]) == (500, False)
    refused(client.put(there, json={"name": "Post", "currency": "EUR", "price": -1}), 422, "invalid_input", "price")


def test_who_read_an_older_tax_zone_or_shipping_method_overwrites_nobody(client: httpx.Client) -> None:
    method = a_shop(client)
    (zone,) = made(client.get("/api/v1/tax-zones"))["items"]
    mine = {"If-Match": '"1"'}
    for here, body in (
        (f"/api/v1/tax-zones/{zone['zone_id']}", {"name": "Elsewhere", "prices_include_tax": False}),
        (f"/api/v1/shipping-methods/{method}", {"name": "Post", "currency": "EUR", "price": 5}),
    ):
        read = client.get(here)
        assert (read.headers["ETag"], read.json()["version"]) == ('"1"', 1)
        assert made(client.put(here, json=body, headers=mine))["version"] == 2
        refused(client.put(here, json=body | {"name": "Lost"}, headers=mine), 409, "changed_meanwhile")
        assert (made(client.get(here))["name"], client.get(here).headers["ETag"]) == (body["name"], '"2"')
        made(client.put(here, json=body))
    refused(client.delete(f"/api/v1/tax-zones/{zone['zone_id']}", headers=mine), 409, "changed_meanwhile")
    made(client.delete(f"/api/v1/tax-zones/{zone['zone_id']}", headers={"If-Match": '"3"'}), 204)


def test_each_write_needs_its_own_right(api_on_both: Api) -> None:
    writes = {
        "/api/v1/carts": Scope.ORDERS_WRITE,
        "/api/v1/promotions": Scope.PROMOTIONS_WRITE,
        "/api/v1/tax-zones": Scope.SHOP_WRITE,
        "/api/v1/shipping-methods": Scope.SHOP_WRITE,
    }
    for scope in {*writes.values(), Scope.API_READ}:
        bearer = {"Authorization": f"Bearer {api_on_both.token(scope, name=str(scope))}"}
        for path, needed in writes.items():
            answer = api_on_both.client.post(path, json={"nothing": 1}, headers=bearer)
            assert answer.status_code == (422 if needed is scope else 403), (scope, path)
            assert api_on_both.client.get(path, headers=bearer).status_code == 200
    assert api_on_both.client.get("/api/v1/carts").status_code == 401
