"""Reviews over HTTP: written by buyers, shown when published, summed up per product."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.spine import Shop, a_line, an_order
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.customers.service import NewCustomer

pytestmark = pytest.mark.xdist_group("api")


def a_purchase(api: Api) -> dict[str, Any]:
    Shop.open(api.platform.database).book(an_order("A", a_line("MUG"), a_line("CUP"), customer=NewCustomer("c")))
    with api.platform.database.read() as tx:
        found = find_products(tx, ["MUG", "CUP"])
    (customer,) = api.as_user().get("/api/v1/customers").json()["items"]
    return {"customer_id": customer["customer_id"], "mug": found["MUG"].id, "cup": found["CUP"].id}


def test_a_review_is_written_published_counted_and_rejected(api_on_both: Api) -> None:
    bought = a_purchase(api_on_both)
    client = api_on_both.client
    body = {"customer_id": bought["customer_id"], "product_id": bought["mug"], "rating": 4, "title": "Good"}
    written = client.post("/api/v1/reviews", json=body)
    assert written.status_code == 201, written.text
    review = written.json()
    assert (review["status"], review["is_verified"], review["title"]) == ("pending", True, "Good")
    assert (review["product_name"], review["sku"]) == ("MUG", "MUG")
    again = client.post("/api/v1/reviews", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")

    def ratings() -> list[dict[str, Any]]:
        params = {"product_id": [bought["mug"], bought["cup"]]}
        items: list[dict[str, Any]] = client.get("/api/v1/reviews/ratings", params=params).json()["items"]
        return items

    def listed(**params: str) -> list[str]:
        return [item["review_id"] for item in client.get("/api/v1/reviews", params=params).json()["items"]]

    none = {"count": 0, "average": None, "stars": [0, 0, 0, 0, 0]}
    assert ratings() == [{"product_id": bought["mug"]} | none, {"product_id": bought["cup"]} | none]
    assert listed() == []
    assert listed(status="pending") == listed(customer_id=bought["customer_id"]) == [review["review_id"]]
    published = client.post(f"/api/v1/reviews/{review['review_id']}/publish").json()
    assert published == review | {"status": "published", "version": 2}
    assert client.get(f"/api/v1/reviews/{review['review_id']}").json() == published
    assert ratings()[0] == {"product_id": bought["mug"], "count": 1, "average": 4.0, "stars": [0, 0, 0, 1, 0]}
    assert listed(product_id=bought["mug"]) == [review["review_id"]]
    assert listed(product_id=bought["cup"]) == []
    assert client.post(f"/api/v1/reviews/{review['review_id']}/reject").json()["status"] == "rejected"
    assert ratings()[0] == {"product_id": bought["mug"]} | none


def test_of_two_who_moderate_the_one_who_looked_before_the_other_decided_is_refused(api_on_both: Api) -> None:
    bought = a_purchase(api_on_both)
    client = api_on_both.client
    body = {"customer_id": bought["customer_id"], "product_id": bought["mug"], "rating": 1}
    here = f"/api/v1/reviews/{client.post('/api/v1/reviews', json=body).json()['review_id']}"
    seen = {"If-Match": client.get(here).headers["ETag"]}
    assert client.post(f"{here}/reject", headers=seen).json()["version"] == 2
    late = client.post(f"{here}/publish", headers=seen)
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    again = client.post(f"{here}/reject", headers={"If-Match": '"2"'})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert client.get(here).json()["status"] == "rejected"


def test_a_review_that_cannot_be_is_refused(api: Api) -> None:
    bought = a_purchase(api)
    body = {"customer_id": bought["customer_id"], "product_id": "unknown", "rating": 4}
    answer = api.client.post("/api/v1/reviews", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_bought")
    for field, value in (("rating", 6), ("stars", 4), ("comment", "x" * 10_001)):
        answer = api.client.post("/api/v1/reviews", json=body | {field: value})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert api.client.post("/api/v1/reviews", json=body | {"customer_id": "nobody"}).status_code == 404
    assert api.client.post("/api/v1/reviews/nothing/publish").status_code == 404
    assert api.client.get("/api/v1/reviews/ratings").status_code == 422


def test_looking_on_may_read_reviews_and_not_write_them(api: Api) -> None:
    bought = a_purchase(api)
    api.as_user("vic")
    body = {"customer_id": bought["customer_id"], "product_id": bought["mug"], "rating": 4}
    assert api.client.get("/api/v1/reviews").status_code == 200
    assert api.client.post("/api/v1/reviews", json=body).status_code == 403
    assert api.client.post("/api/v1/reviews/x/publish").status_code == 403
