"""Messages that could not be booked, over HTTP: listed, read, booked again, by whom it is allowed."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.api.conftest import Api
from tests.spine import NOON
from tradewind.commerce.access.rights import Scope
from tradewind.events.kafka_consumer import Record

pytestmark = pytest.mark.xdist_group("api")

URL = "/api/v1/letters"


def take(api: Api, topic: str, *values: Any) -> None:
    told = [value if isinstance(value, bytes) else orjson.dumps(value) for value in values]
    api.platform.streams.take([Record(topic, 0, n, NOON, None, value) for n, value in enumerate(told)])


def test_letters_are_listed_read_and_booked_again(api_on_both: Api) -> None:
    api = api_on_both
    client = api.as_user()
    sale = {"sale_id": "s-1", "product_id": "TEA", "store_id": "north"}
    take(api, "sales", sale, b"{", b"\xff")
    first = client.get(URL, params={"limit": 2}).json()
    rest = client.get(URL, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    listed = {item["place"]: item for item in first["items"] + rest["items"]}
    assert listed.keys() == {"sales:0:0", "sales:0:1", "sales:0:2"}
    assert (len(first["items"]), first["waiting"], rest["next_cursor"]) == (2, 3, None)
    priceless = listed["sales:0:0"]
    assert "has no price" in priceless["reason"]
    shown = client.get(f"{URL}/{priceless['letter_id']}").json()
    assert orjson.loads(shown["value"]) == sale
    assert client.get(f"{URL}/{listed['sales:0:2']['letter_id']}").json()["value"] == "\\xff"

    asked = {"letter_ids": [priceless["letter_id"]]}
    assert client.post(f"{URL}/replay", json=asked).json() == {"booked": 0, "refused": 1, "waiting": 3}
    take(api, "items", {"product_id": "TEA", "name": "Tea", "price": "3.20", "currency": "USD"})
    key = {"Idempotency-Key": "again"}
    booked = client.post(f"{URL}/replay", json={}, headers=key)
    assert booked.json() == {"booked": 1, "refused": 2, "waiting": 2}
    assert client.post(f"{URL}/replay", json={}, headers=key).json() == booked.json()
    assert client.post(f"{URL}/replay", json=asked).json() == {"booked": 0, "refused": 0, "waiting": 2}
    (done,) = client.get(URL, params={"waiting": False}).json()["items"]
    assert done["letter_id"] == priceless["letter_id"]
    assert done["booked_at"] is not None
    assert len(client.get("/api/v1/orders").json()["items"]) == 1


def test_what_is_asked_wrongly_is_refused(api: Api) -> None:
    client = api.as_user()
    assert client.get(f"{URL}/nothing").json()["code"] == "not_found"
    assert client.post(f"{URL}/replay", json={"letter_ids": ["nothing"]}).status_code == 404
    assert client.post(f"{URL}/replay", json={"letter_ids": []}).status_code == 422
    assert client.get(URL, params={"cursor": "nonsense"}).status_code == 422


def test_only_who_may_see_customers_reads_letters_and_only_who_books_orders_replays_them(api: Api) -> None:
    take(api, "sales", b"{")
    for scope, reads, replays in (
        (Scope.API_READ, 403, 403),
        (Scope.CUSTOMERS_READ, 200, 403),
        (Scope.ORDERS_WRITE, 200, 200),
    ):
        headers = {"Authorization": f"Bearer {api.token(scope, name=str(scope))}"}
        assert api.client.get(URL, headers=headers).status_code == reads
        assert api.client.post(f"{URL}/replay", json={}, headers=headers).status_code == replays
