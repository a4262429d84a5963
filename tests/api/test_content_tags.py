"""Things without a version: their entity tag is made of what is told of them, and guards edits alike."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Api
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.service import ensure_channel

V1 = "/api/v1"


def made(client: httpx.Client, path: str, **body: Any) -> Any:
    answer = client.post(V1 + path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def check_guard(client: httpx.Client, path: str, method: str, edited: str, **change: Any) -> None:
    """Of two who read the same, the second one to change it is refused, and changes nothing."""
    seen = {"If-Match": client.get(V1 + path).headers["ETag"]}
    first = client.request(method, V1 + edited, json=change, headers=seen)
    assert first.status_code == 200, first.text
    after = client.get(V1 + path)
    assert first.headers["ETag"] == after.headers["ETag"] != seen["If-Match"]
    second = client.request(method, V1 + edited, json=change, headers=seen)
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile"), second.text
    assert client.get(V1 + path).json() == after.json()


def test_who_read_an_older_state_overwrites_nobodys(api_on_both: Api) -> None:
    client = api_on_both.client
    client.headers["Authorization"] = f"Bearer {api_on_both.token(Scope.ADMIN)}"
    cups = f"/categories/{made(client, '/categories', name='Cups')['category_id']}"
    check_guard(client, cups, "PATCH", cups, name="Mugs")
    made(client, "/customer-groups", code="trade", name="Trade")
    trade = "/customer-groups/trade"
    check_guard(client, trade, "PATCH", trade, name="Wholesale")
    place = made(client, "/inventory/locations", code="shelf", name="Shelf")["location_id"]
    shelf = f"/inventory/locations/{place}"
    check_guard(client, shelf, "PATCH", shelf, name="Loft")

    mug = made(client, "/products", name="Mug", sku="TAGGED", currency="EUR", price=5)["product_id"]
    with api_on_both.platform.database.write() as tx:
        ensure_channel(tx, "market", name="Market", kind="amazon", now=api_on_both.clock.now())
    offer = f"/products/{mug}/listings/market/MUG-1"
    assert client.put(V1 + offer, json={"title": "A mug"}).status_code == 200
    check_guard(client, offer, "PUT", offer, title="The mug")
    stock = {"product_id": mug, "location_id": place, "delta": 5, "reason": "receipt"}
    assert client.post(f"{V1}/inventory/adjust", json=stock).status_code == 200
    sheet = f"/inventory/counts/{made(client, '/inventory/counts', location_id=place)['count_id']}"
    check_guard(client, sheet, "PUT", f"{sheet}/lines", lines=[{"product_id": mug, "counted": 5}])

    cart = made(client, "/carts", currency="EUR", items=[{"product_id": mug, "quantity": 2}])["cart_id"]
    order = made(client, "/checkout", cart_id=cart, email="ada@example.com")["order_id"]
    parcel = f"/shipments/{made(client, f'/orders/{order}/shipments')['shipment_id']}"
    check_guard(client, parcel, "PUT", f"{parcel}/tracking", carrier="DHL", tracking_number="1")

    for path in (cups, trade, shelf, offer):
        stale = client.delete(V1 + path, headers={"If-Match": '"older"'})
        assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    tag = client.get(V1 + cups).headers["ETag"]
    assert client.delete(V1 + cups, headers={"If-Match": tag}).status_code == 204


def test_if_match_is_never_taken_and_not_heeded(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    supplier = made(client, "/suppliers", code="north", name="North", currency="EUR")["supplier_id"]
    mug = made(client, "/products", name="Mug", sku="LOOSE", currency="EUR", price=5)["product_id"]
    sold = {"products": [{"product_id": mug, "unit_cost": 2}]}
    offers = f"{V1}/suppliers/{supplier}/products"
    refused = client.put(offers, json=sold, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "If-Match"), refused.text
    assert client.get(offers).json()["items"] == []
    assert client.put(offers, json=sold, headers={"If-Match": "*"}).status_code == 204
