"""The catalogue over HTTP: products, categories, search, files and pictures."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from tests.api.conftest import Api
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.loose_media import delete_loose
from tradewind.commerce.catalog.media_store import open_media
from tradewind.commerce.catalog.service import ensure_channel

MUG = {"sku": "MUG", "name": "Mug", "currency": "EUR", "price": 10, "attributes": {"colour": "red"}}


@pytest.fixture
def client(api_on_both: Api) -> httpx.Client:
    return api_on_both.as_user()


def made(client: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/products", json=MUG | more)
    assert answer.status_code == 201, answer.text
    product: dict[str, Any] = answer.json()
    return product


def items(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def field_of(answer: httpx.Response) -> str:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["errors"][0]["field"])


def picture(width: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 20), "red").save(out, "PNG")
    return out.getvalue()


def test_a_product_is_made_read_changed_and_archived(client: httpx.Client) -> None:
    mug = made(client, price=9.9)
    assert (mug["price"], mug["version"], mug["status"], mug["prices"][0]["price"]) == (9.9, 1, "active", 9.9)
    address = f"/api/v1/products/{mug['product_id']}"
    read = client.get(address)
    assert (read.headers["etag"], read.json()) == ('"1"', mug)
    assert client.get(address, headers={"If-None-Match": '"1"'}).status_code == 304
    changed = client.patch(address, json={"price": 7.5, "brand": "Acme"}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    shown = changed.json()
    assert (shown["price"], shown["brand"], shown["name"], shown["version"]) == (7.5, "Acme", "Mug", 2)
    assert shown["lowest_price_30_days"] == 9.9
    replaced = client.put(address, json={"sku": "MUG", "name": "Cup", "currency": "EUR", "price": 8})
    assert (replaced.json()["brand"], replaced.json()["attributes"], replaced.json()["version"]) == (None, {}, 3)
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["status"] == "archived"
    assert items(client.get("/api/v1/products")) == []
    assert len(items(client.get("/api/v1/products", params={"status": "archived"}))) == 1
    history = items(client.get(f"{address}/price-history"))
    assert [(one["old_price"], one["new_price"]) for one in history] == [(7.5, 8.0), (9.9, 7.5), (None, 9.9)]


def test_a_change_of_an_older_version_is_refused(client: httpx.Client) -> None:
    mug = made(client)
    address = f"/api/v1/products/{mug['product_id']}"
    client.patch(address, json={"name": "Cup"})
    for request in (
        client.build_request("PUT", address, json=MUG, headers={"If-Match": '"1"'}),
        client.build_request("PATCH", address, json={"name": "X"}, headers={"If-Match": '"1"'}),
        client.build_request("DELETE", address, headers={"If-Match": '"1"'}),
        client.build_request("PUT", f"{address}/prices/EUR", json={"price": 1}, headers={"If-Match": '"1"'}),
    ):
        refused = client.send(request)
        assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert client.get(address).json()["name"] == "Cup"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Mug"}, "sku"),
        ({"sku": "A"}, "name"),
        (MUG | {"price": -1}, "price"),
        (MUG | {"price": "x"}, "price"),
        (MUG | {"currency": "XXX"}, "currency"),
        (MUG | {"currency": None}, "currency"),
        (MUG | {"category_id": "nope"}, "category_id"),
        (MUG | {"colour": "red"}, "colour"),
        (MUG | {"name": "a\0"}, "name"),
        (MUG | {"kind": "thing"}, "kind"),
        (MUG | {"weight_grams": 1e12}, "weight_grams"),
        (MUG | {"price": 10**18}, "price"),
        (MUG | {"options": {"Size": ["M"]}}, "options"),
    ],
)
def test_a_product_that_cannot_be_names_its_field(client: httpx.Client, body: dict[str, Any], field: str) -> None:
    assert field_of(client.post("/api/v1/products", json=body)) == field
    assert items(client.get("/api/v1/products")) == []


def test_a_taken_sku_is_a_conflict_and_the_same_key_gets_the_same_answer(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = client.post("/api/v1/products", json=MUG, headers=key)
    again = client.post("/api/v1/products", json=MUG, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    refused = client.post("/api/v1/products", json=MUG)
    assert (refused.status_code, refused.json()["code"]) == (409, "sku_taken")


def test_who_may_only_look_changes_nothing(api_on_both: Api) -> None:
    mug = made(api_on_both.as_user())
    viewer = api_on_both.as_user("vic")
    assert viewer.get(f"/api/v1/products/{mug['product_id']}").status_code == 200
    assert viewer.post("/api/v1/products", json=MUG | {"sku": "X"}).status_code == 403
    assert viewer.post("/api/v1/products/import", content=b"sku\nX\n").status_code == 403
    assert viewer.post(f"/api/v1/products/{mug['product_id']}/media", content=picture()).status_code == 403
    assert viewer.post("/api/v1/categories", json={"name": "Home"}).status_code == 403
    api_on_both.client.headers.pop("Authorization")
    assert viewer.get("/api/v1/products").status_code == 401


def test_who_changed_what_stands_in_the_audit_log(api_on_both: Api) -> None:
    token = api_on_both.token(Scope.CATALOG_WRITE, name="feed")
    api_on_both.client.headers["Authorization"] = f"Bearer {token}"
    mug = made(api_on_both.client)
    with api_on_both.platform.database.read() as tx:
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.subject_id == mug["product_id"])).one()
        assert (entry.actor, entry.action) == ("token feed", "product.create")


def test_lists_have_orders_filters_and_pages(client: httpx.Client) -> None:
    home = client.post("/api/v1/categories", json={"name": "Home"}).json()
    kitchen = client.post("/api/v1/categories", json={"name": "Kitchen", "parent_id": home["category_id"]}).json()
    assert kitchen["path"] == "Home / Kitchen"
    for i, name in enumerate(("Bowl", "Cup", "Axe", "Dish")):
        inside = kitchen["category_id"] if i % 2 else None
        made(client, sku=f"S{i}", name=name, price=(3, 1, 2, 1)[i], brand=("Acme", None)[i % 2], category_id=inside)
    made(client, sku="S9", name="Priceless", price=None, currency=None, status="draft")

    def listed(**query: Any) -> list[str]:
        return [one["name"] for one in items(client.get("/api/v1/products", params=query))]

    assert listed() == ["Priceless", "Dish", "Axe", "Cup", "Bowl"]
    assert listed(sort="name") == ["Axe", "Bowl", "Cup", "Dish", "Priceless"]
    assert listed(sort="price") == ["Cup", "Dish", "Axe", "Bowl"]
    assert listed(sort="-price") == ["Bowl", "Axe", "Dish", "Cup"]
    assert listed(category="Home") == listed(category=home["category_id"]) == ["Dish", "Cup"]
    assert listed(category="Garden") == []
    assert listed(brand="Acme") == ["Axe", "Bowl"]
    assert listed(status="draft") == ["Priceless"]
    assert listed(sku=["S0", "S2"], sort="name") == ["Axe", "Bowl"]
    for sort in ("newest", "name", "price", "-price", "changed"):
        found, cursor = [], None
        while True:
            query = {"sort": sort, "limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = client.get("/api/v1/products", params=query).json()
            found += [one["name"] for one in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert found == listed(sort=sort)
    assert field_of(client.get("/api/v1/products", params={"cursor": "x"})) == "cursor"
    name_cursor = client.get("/api/v1/products", params={"sort": "name", "limit": 1}).json()["next_cursor"]
    for sort in ("newest", "price", "changed"):
        assert field_of(client.get("/api/v1/products", params={"sort": sort, "cursor": name_cursor})) == "cursor"


def test_a_list_that_has_not_changed_is_not_sent_again(client: httpx.Client) -> None:
    made(client)
    first = client.get("/api/v1/products")
    tag = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/v1/products", headers=tag).status_code == 304
    assert client.get("/api/v1/products", params={"limit": 1}, headers=tag).status_code == 200
    made(client, sku="CUP")
    second = client.get("/api/v1/products", headers=tag)
    assert (second.status_code, len(second.json()["items"])) == (200, 2)


def test_search_finds_marks_corrects_and_counts(client: httpx.Client) -> None:
    made(client, name="Red <mug>", description="A mug for tea", brand="Acme")
    made(client, sku="CUP", name="Cup", price=20)
    found = client.get("/api/v1/products/search", params={"q": "mug", "facets": "true"}).json()
    assert [one["sku"] for one in found["items"]] == ["MUG"]
    assert found["items"][0]["marked_name"] == "Red &lt;<mark>mug</mark>&gt;"
    assert found["items"][0]["excerpt"] == "A <mark>mug</mark> for tea"
    assert found["facets"]["brands"] == [{"value": "Acme", "label": "Acme", "hits": 1}]
    assert found["facets"]["prices"] == [{"currency": "EUR", "lowest": 10, "highest": 10}]
    assert found["facets"]["attributes"]["colour"][0]["value"] == "red"
    slip = client.get("/api/v1/products/search", params={"q": "mugg"}).json()
    assert (slip["corrected"], len(slip["items"])) == ({"mugg": ["mug"]}, 1)
    cheap = {"currency": "EUR", "max_price": "15", "attribute": "colour:red"}
    assert [one["sku"] for one in items(client.get("/api/v1/products/search", params=cheap))] == ["MUG"]
    assert field_of(client.get("/api/v1/products/search", params={"max_price": 5})) == "currency"
    assert field_of(client.get("/api/v1/products/search", params={"attribute": "red"})) == "attribute"
    assert field_of(client.get("/api/v1/products/search", params={"q": "a b c d e f g h i"})) == "q"


def test_variants_are_added_to_a_group_and_listed_under_it(client: httpx.Client) -> None:
    group = made(client, sku=None, name="Shirt", kind="group", options={"Size": ["S", "M"]}, price=None)
    address = f"/api/v1/products/{group['product_id']}"
    body = {"variants": [{"sku": f"SH-{size}", "options": {"Size": size}, "price": 5} for size in "SM"]}
    added = client.post(f"{address}/variants", json=body)
    assert (added.status_code, len(added.json()["product_ids"])) == (201, 2)
    taken = client.post(f"{address}/variants", json={"variants": [{"sku": "X", "options": {"Size": "S"}}]})
    assert (taken.status_code, taken.json()["code"]) == (409, "options_taken")
    assert [one["name"] for one in items(client.get("/api/v1/products"))] == ["Shirt"]
    of_group = {"parent_id": group["product_id"]}
    assert {one["sku"] for one in items(client.get("/api/v1/products", params=of_group))} == {"SH-S", "SH-M"}
    assert len(items(client.get("/api/v1/products", params={"variants": "true"}))) == 3
    assert client.get(address).json()["variants"] == 2


def test_each_currency_has_its_price(client: httpx.Client) -> None:
    address = f"/api/v1/products/{made(client)['product_id']}"
    both = client.put(f"{address}/prices/kwd", json={"price": 3.125}).json()
    assert [(one["currency"], one["price"]) for one in both["prices"]] == [("EUR", 10), ("KWD", 3.125)]
    assert [one["currency"] for one in client.delete(f"{address}/prices/KWD").json()["prices"]] == ["EUR"]
    assert field_of(client.put(f"{address}/prices/XXX", json={"price": 1})) == "currency"


def test_the_tree_is_changed_and_only_empty_categories_go(client: httpx.Client) -> None:
    home = client.post("/api/v1/categories", json={"name": "Home"}).json()["category_id"]
    bath = client.post("/api/v1/categories", json={"name": "Bath", "parent_id": home}).json()["category_id"]
    assert client.post("/api/v1/categories", json={"name": "Home"}).json()["code"] == "category_exists"
    assert client.patch(f"/api/v1/categories/{home}", json={"name": "House"}).json()["path"] == "House"
    assert [one["path"] for one in items(client.get("/api/v1/categories"))] == ["House", "House / Bath"]
    assert field_of(client.patch(f"/api/v1/categories/{home}", json={"parent_id": bath})) == "parent_id"
    assert client.delete(f"/api/v1/categories/{home}").json()["code"] == "category_in_use"
    assert client.patch(f"/api/v1/categories/{bath}", json={"parent_id": None}).json()["path"] == "Bath"
    assert client.delete(f"/api/v1/categories/{bath}").status_code == 204
    assert client.get(f"/api/v1/categories/{bath}").status_code == 404


def test_a_file_is_tried_out_booked_and_sent_back(client: httpx.Client) -> None:
    content = b"sku,name,currency,price\nMUG,Mug,EUR,9.90\nCUP,Cup,EUR,-1\n"
    tried = client.post("/api/v1/products/import", content=content, params={"dry_run": "true"}).json()
    assert (tried["is_dry_run"], tried["created"], tried["refused"]) == (True, 1, 1)
    assert items(client.get("/api/v1/products")) == []
    done = client.post("/api/v1/products/import", content=content, headers={"Idempotency-Key": "file-1"}).json()
    assert (done["is_dry_run"], done["created"]) == (False, 1)
    assert [(one["row"], one["field"], one["sku"]) for one in done["errors"]] == [(2, "price", "CUP")]
    again = client.post("/api/v1/products/import", content=content, headers={"Idempotency-Key": "file-1"})
    assert again.json() == done
    assert field_of(client.post("/api/v1/products/import", content=b"\xff")) == "body"
    sheet = client.get("/api/v1/products/export")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.headers["content-disposition"] == 'attachment; filename="products.csv"'
    assert [line.split(",")[0] for line in sheet.text.splitlines()] == ["sku", "MUG"]
    lines = client.get("/api/v1/products/export", params={"format": "jsonl"})
    assert '"price":9.90' in lines.text


def test_a_picture_goes_by_the_version_of_its_product(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    product = f"/api/v1/products/{made(client)['product_id']}"
    seen = {"If-Match": client.get(product).headers["etag"]}
    first = client.post(f"{product}/media", content=picture(), headers=seen | {"Content-Type": "image/png"})
    assert first.status_code == 201, first.text
    address = f"{product}/media/{first.json()['media_id']}"
    for method in ("PATCH", "DELETE"):
        stale = client.request(method, address, json={"alt": "Old"}, headers=seen)
        assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile"), method
    now = {"If-Match": client.get(product).headers["etag"]}
    assert client.patch(address, json={"alt": "New"}, headers=now).json()["alt"] == "New"


@pytest.mark.parametrize("as_form", [False, True])
def test_a_picture_is_uploaded_and_served_to_everybody_for_ever(api_on_both: Api, as_form: bool) -> None:
    client = api_on_both.as_user()
    address = f"/api/v1/products/{made(client)['product_id']}"
    if as_form:
        sent = client.post(f"{address}/media", files={"file": ("a.png", picture(400))}, params={"alt": "Red"})
    else:
        sent = client.post(f"{address}/media", content=picture(400), headers={"Content-Type": "image/png"})
    assert sent.status_code == 201, sent.text
    shown = sent.json()
    assert (shown["width"], list(shown["copies"])) == (400, ["320"])
    seen = client.get(address)
    assert (seen.json()["media"], seen.headers["etag"]) == ([shown], '"2"')
    assert client.get(address).json()["picture_url"] == shown["url"]
    client.headers.pop("Authorization")
    served = client.get(shown["copies"]["320"])
    assert (served.status_code, served.headers["content-type"]) == (200, "image/jpeg")
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert Image.open(io.BytesIO(served.content)).size == (320, 16)
    again = client.get(shown["url"], headers={"If-None-Match": client.get(shown["url"]).headers["etag"]})
    assert again.status_code == 304
    client = api_on_both.as_user()
    assert client.patch(f"{address}/media/{shown['media_id']}", json={"alt": "Front"}).json()["alt"] == "Front"
    assert client.delete(f"{address}/media/{shown['media_id']}").status_code == 204
    assert client.get(address).json()["media"] == []
    assert client.get(shown["url"]).status_code == 200
    delete_left_bytes(api_on_both)
    assert [client.get(url).status_code for url in (shown["url"], shown["copies"]["320"])] == [404, 404]


def delete_left_bytes(api: Api) -> int:
    """What the program does two days later."""
    platform = api.platform
    later = api.clock.now() + timedelta(days=2)
    return delete_loose(platform.database, open_media(platform.settings), now=later)


def test_the_bytes_of_an_upload_that_came_to_nothing_are_deleted(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    address = f"/api/v1/products/{made(client)['product_id']}/media"
    assert client.post("/api/v1/products/nobody/media", content=picture(30)).status_code == 404
    shown = client.post(address, content=picture(40)).json()
    assert delete_left_bytes(api_on_both) == 1
    assert client.get(shown["url"]).status_code == 200


def test_what_is_no_picture_is_refused(client: httpx.Client) -> None:
    address = f"/api/v1/products/{made(client)['product_id']}/media"
    assert field_of(client.post(address, content=b"<svg/>")) == "body"
    assert field_of(client.post(address, files={"other": ("a.png", picture())})) == "file"
    assert client.get("/api/v1/media/" + "ab" * 32 + ".jpg").status_code == 404
    assert field_of(client.get("/api/v1/media/secret.txt")) == "key"
    unknown = client.post("/api/v1/products/nobody/media", content=picture())
    assert unknown.status_code == 404


def test_a_product_is_listed_on_a_channel_under_the_channels_id(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    with api_on_both.platform.database.write() as tx:
        ensure_channel(tx, "amazon-de", name="Amazon", kind="amazon", now=api_on_both.clock.now())
    address = f"/api/v1/products/{made(client)['product_id']}/listings"
    told = {"title": "Mug, red", "currency": "EUR", "price": 12.5}
    for _ in range(2):
        listed = client.put(f"{address}/amazon-de/B00X", json=told)
        assert (listed.status_code, listed.json()["price"]) == (200, 12.5)
    assert [one["external_id"] for one in items(client.get(address))] == ["B00X"]
    other = f"/api/v1/products/{made(client, sku='CUP')['product_id']}/listings"
    assert client.put(f"{other}/amazon-de/B00X", json=told).json()["code"] == "listing_taken"
    assert client.put(f"{address}/ebay/1", json=told).status_code == 404
    assert field_of(client.put(f"{address}/amazon-de/B01", json={"price": 1})) == "currency"
    assert client.delete(f"{other}/amazon-de/B00X").status_code == 404
    assert client.delete(f"{address}/amazon-de/B00X").status_code == 204
    assert items(client.get(address)) == []
