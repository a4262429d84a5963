"""Customers over HTTP: profiles and what belongs to them, for those who may look at people."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.idempotency.model import IdempotencyKey

pytestmark = pytest.mark.xdist_group("api")

ADA = {"email": "ada@example.com", "name": "Ada Example", "country": "DE", "birth_date": "1990-02-03"}
HOME = {"name": "Ada Example", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}


@pytest.fixture
def client(api_on_both: Api) -> httpx.Client:
    return api_on_both.as_user()


def made(client: httpx.Client, path: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    content: dict[str, Any] = answer.json()
    return content


def test_a_profile_is_made_read_and_edited(client: httpx.Client) -> None:
    ada = made(client, "customers", ADA)
    answer = client.get(f"/api/v1/customers/{ada['customer_id']}")
    assert answer.json() == ada
    assert (ada["channel"], ada["addresses"], ada["purchases"], ada["groups"]) == (None, [], [], [])
    tag = answer.headers["ETag"]
    edited = client.patch(f"/api/v1/customers/{ada['customer_id']}", json={"phone": "123"}, headers={"If-Match": tag})
    assert edited.json() == ada | {"phone": "123", "version": 2, "updated_at": edited.json()["updated_at"]}
    late = client.patch(f"/api/v1/customers/{ada['customer_id']}", json={"phone": "4"}, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")


def test_the_same_request_again_makes_one_profile(client: httpx.Client) -> None:
    answers = [client.post("/api/v1/customers", json=ADA, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    taken = client.post("/api/v1/customers", json=ADA)
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Ada", "nickname": "A"}, "nickname"),
        ({"name": "A" * 301}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"name": "A\0"}, "name"),
        ({"name": "Ada", "birth_date": "yesterday"}, "birth_date"),
        ({}, "email"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_by_field(client: httpx.Client, body: dict[str, Any], field: str) -> None:
    answer = client.post("/api/v1/customers", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_people_are_found_and_listed_page_by_page(client: httpx.Client) -> None:
    for n in range(5):
        made(client, "customers", {"name": f"Person {n}", "email": f"p{n}@example.com"})
    first = client.get("/api/v1/customers", params={"limit": 3}).json()
    rest = client.get("/api/v1/customers", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    names = [person["name"] for person in first["items"] + rest["items"]]
    assert names == [f"Person {n}" for n in (4, 3, 2, 1, 0)]
    assert rest["next_cursor"] is None
    oldest = client.get("/api/v1/customers", params={"limit": 3, "sort": "oldest"}).json()
    assert [person["name"] for person in oldest["items"]] == [f"Person {n}" for n in (0, 1, 2)]
    rest = {"cursor": oldest["next_cursor"], "sort": "oldest"}
    assert [p["name"] for p in client.get("/api/v1/customers", params=rest).json()["items"]] == ["Person 3", "Person 4"]
    for params in ({"q": "person 3"}, {"email": "P3@example.com"}, {"q": "p3@", "channel": "own"}):
        found = client.get("/api/v1/customers", params=params).json()["items"]
        assert [person["name"] for person in found] == ["Person 3"]
    made(client, "customers", ADA)
    for country, names in (("de", ["Ada Example"]), ("DE", ["Ada Example"]), ("FR", [])):
        found = client.get("/api/v1/customers", params={"country": country}).json()["items"]
        assert [person["name"] for person in found] == names
    assert client.get("/api/v1/customers", params={"country": "Germany"}).status_code == 422
    assert client.get("/api/v1/customers", params={"cursor": "nonsense"}).status_code == 422


def test_addresses_and_consents_belong_to_a_profile(client: httpx.Client) -> None:
    ada = made(client, "customers", ADA)["customer_id"]
    home = made(client, f"customers/{ada}/addresses", HOME)
    work = made(client, f"customers/{ada}/addresses", HOME | {"company": "Ltd", "is_default_billing": True})
    moved = client.put(f"/api/v1/customers/{ada}/addresses/{work['address_id']}", json=HOME | {"line1": "Side Street"})
    assert (moved.json()["line1"], moved.json()["company"], moved.json()["is_default_billing"]) == (
        "Side Street",
        None,
        True,
    )
    assert client.delete(f"/api/v1/customers/{ada}/addresses/{work['address_id']}").status_code == 204
    assert client.delete(f"/api/v1/customers/{ada}/addresses/{work['address_id']}").status_code == 404
    for is_granted in (True, False):
        made(client, f"customers/{ada}/consents", {"purpose": "news", "is_granted": is_granted, "source": "form"})
    found = client.get(f"/api/v1/customers/{ada}").json()
    assert [row["address_id"] for row in found["addresses"]] == [home["address_id"]]
    assert [(line["purpose"], line["is_granted"]) for line in found["consents"]] == [("news", False)]
    lines = client.get(f"/api/v1/customers/{ada}/consents", params={"limit": 1}).json()
    assert lines["items"] == found["consents"]
    assert lines["next_cursor"]


def test_groups_are_kept_and_filled(client: httpx.Client) -> None:
    ada = made(client, "customers", ADA)["customer_id"]
    made(client, "customer-groups", {"code": "vip", "name": "VIP"})
    again = client.post("/api/v1/customer-groups", json={"code": "vip", "name": "VIP"})
    assert (again.status_code, again.json()["code"]) == (409, "group_exists")
    assert client.put(f"/api/v1/customer-groups/vip/members/{ada}").status_code == 204
    renamed = client.patch("/api/v1/customer-groups/vip", json={"name": "Best"}).json()
    assert (renamed["name"], renamed["members"]) == ("Best", 1)
    assert client.get("/api/v1/customer-groups").json()["items"] == [renamed]
    assert client.get("/api/v1/customer-groups/vip").json() == renamed
    assert client.get(f"/api/v1/customers/{ada}").json()["groups"] == ["vip"]
    assert len(client.get("/api/v1/customers", params={"group": "vip"}).json()["items"]) == 1
    assert client.delete(f"/api/v1/customer-groups/vip/members/{ada}").status_code == 204
    assert client.delete("/api/v1/customer-groups/vip").status_code == 204
    assert client.get("/api/v1/customer-groups/vip").status_code == 404


def test_a_history_a_merge_an_export_and_an_erasure(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    shop = Shop.open(api_on_both.platform.database)
    shop.book(an_order("A", a_line(price="12.50"), customer=NewCustomer("c", email="old@example.com", name="Old Ada")))
    ada = made(client, "customers", ADA)["customer_id"]
    (old,) = client.get("/api/v1/customers", params={"channel": "shop"}).json()["items"]
    merged = made(client, f"customers/{ada}/merge", {"duplicate_id": old["customer_id"]}, 200)
    (bought,) = merged["purchases"]
    assert (bought["currency"], bought["orders"], bought["total"]) == ("EUR", 1, 12.5)
    assert client.get(f"/api/v1/customers/{old['customer_id']}").json()["merged_into_id"] == ada
    again = client.post(f"/api/v1/customers/{ada}/merge", json={"duplicate_id": old["customer_id"]})
    assert (again.status_code, again.json()["code"]) == (409, "customer_merged")
    (order,) = client.get(f"/api/v1/customers/{ada}/orders").json()["items"]
    assert (order["order_number"], order["customer_id"]) == ("A", ada)

    answer = client.get(f"/api/v1/customers/{ada}/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="customer-{ada}.json"'
    told = answer.json()
    assert {row["email"] for row in told["customers"]} == {"ada@example.com", "old@example.com"}
    assert [row["order_number"] for row in told["orders"]] == ["A"]
    assert told["orders"][0]["placed_at"].startswith(NOON.strftime("%Y-%m-%dT%H:%M"))
    assert [row["name"] for row in told["order_items"]] == ["MUG"]

    report = made(client, f"customers/{ada}/erase", {}, 200)
    assert (report["profiles"], report["orders"]) == (2, 1)
    found = client.get(f"/api/v1/customers/{ada}").json()
    assert (found["email"], found["name"], found["is_erased"]) == (None, None, True)
    assert client.get(f"/api/v1/customers/{ada}/export").text.count("example.com") == 0
    refused = client.patch(f"/api/v1/customers/{ada}", json={"name": "Ada"})
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_erased")


@pytest.mark.parametrize("path", ["", "/orders", "/consents", "/export"])
def test_who_is_not_there_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/v1/customers/nobody{path}").status_code == 404


def test_no_table_holds_an_answer_about_a_person_in_the_open(api_on_both: Api) -> None:
    client = api_on_both.as_user()
    answers = [client.post("/api/v1/customers", json=ADA, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert answers[1].json() == answers[0].json()
    with api_on_both.platform.database.read() as tx:
        (kept,) = tx.scalars(select(IdempotencyKey.body))
    assert b"ada" not in kept.lower()


def test_people_are_for_those_who_may_see_them(api: Api) -> None:
    api.as_user("vic")
    for path in ("", "/x", "/x/orders", "/x/consents", "/x/export"):
        answer = api.client.get(f"/api/v1/customers{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope"), path
    assert api.client.post("/api/v1/customers", json=ADA).status_code == 403
    assert api.client.get("/api/v1/customer-groups").status_code == 200
    api.client.headers["Authorization"] = f"Bearer {api.token(Scope.CUSTOMERS_READ)}"
    assert api.client.get("/api/v1/customers").status_code == 200
    assert api.client.post("/api/v1/customers", json=ADA).status_code == 403
    assert api.client.post("/api/v1/customers/x/erase").status_code == 403


def test_a_nul_in_an_address_or_a_filter_is_nobodys_name(client: httpx.Client) -> None:
    """PostgreSQL takes no such text at all, not even to look for it."""
    texts = ("/%00", "/%00/orders", "/%00/export", "?q=%00", "?email=%00", "?group=%00", "?channel=%00")
    for text in texts:
        assert client.get(f"/api/v1/customers{text}").status_code in (200, 404, 422), text
    for place in ("reviews/%00", "reviews?product_id=%00", "reviews/ratings?product_id=%00", "customer-groups/%00"):
        assert client.get(f"/api/v1/{place}").status_code in (200, 404, 422), place
    ada = made(client, "customers", ADA)["customer_id"]
    for path, body in (
        ("customers/%00/erase", {}),
        (f"customers/{ada}/merge", {"duplicate_id": "\0"}),
        ("customer-groups", {"code": "\0", "name": "x"}),
        ("reviews", {"customer_id": "\0", "product_id": "x", "rating": 3}),
        ("reviews/%00/publish", {}),
    ):
        assert client.post(f"/api/v1/{path}", json=body).status_code in (404, 422), path
