"""Ad spend over HTTP: stated in batches that hold or fail as a whole, and read page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.spine import Shop
from tradewind.commerce.access.rights import Scope

pytestmark = pytest.mark.xdist_group("api")
PATH = "/api/v1/analytics/ad-spend"


def item(campaign: str = "spring", **more: Any) -> dict[str, Any]:
    return {"channel": "shop", "campaign": campaign, "day": "2026-03-09", "amount": 41.2, "currency": "EUR"} | more


def test_a_batch_is_stated_once_read_and_stated_anew(api_on_both: Api) -> None:
    Shop.open(api_on_both.platform.database)
    client = api_on_both.as_user()
    first = client.post(PATH, json={"items": [item(clicks=10), item("=brand", day="2026-03-10")]})
    assert (first.status_code, first.json()) == (200, {"created": 2, "changed": 0, "unchanged": 0})
    assert client.post(PATH, json={"items": [item(clicks=10)]}).json() == {"created": 0, "changed": 0, "unchanged": 1}
    key = {"Idempotency-Key": "spend-1"}
    anew = client.post(PATH, json={"items": [item(amount=40)]}, headers=key)
    assert anew.json() == {"created": 0, "changed": 1, "unchanged": 0}
    assert client.post(PATH, json={"items": [item(amount=40)]}, headers=key).json() == anew.json()
    page = client.get(PATH, params={"limit": 1}).json()
    assert [entry["campaign"] for entry in page["items"]] == ["=brand"]
    rest = client.get(PATH, params={"cursor": page["next_cursor"]}).json()
    (spring,) = rest["items"]
    assert (spring["day"], spring["amount"], spring["currency"], spring["clicks"]) == ("2026-03-09", 40.0, "EUR", None)
    assert rest["next_cursor"] is None
    assert client.get(PATH, params={"from": "2026-03-10"}).json()["items"] == page["items"]
    table = client.get(PATH, params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert "'=brand" in table.text


def test_a_batch_with_one_flaw_leaves_nothing_and_names_the_item(api: Api) -> None:
    Shop.open(api.platform.database)
    client = api.as_user()
    for flawed, field, word in (
        (item("b", channel="ebay"), "items.1.channel", "The channels are: shop"),
        (item(amount=1), "items.1.campaign", "state the sum"),
        (item("b", currency="XXZ"), "currency", "not a currency we know"),
        (item("b", amount=-1), "items", "greater than or equal to 0"),
        (item("b", day="2026-13-01"), "items", "date"),
    ):
        answer = client.post(PATH, json={"items": [item(), flawed]})
        assert answer.status_code == 422, answer.text
        problem = answer.json()
        (named,) = problem["errors"]
        assert field in named["field"], problem
        assert word in named["message"], problem
    assert client.get(PATH).json()["items"] == []


def test_only_who_may_run_promotions_states_what_they_cost(api: Api) -> None:
    Shop.open(api.platform.database)
    for scope, status in ((Scope.API_READ, 403), (Scope.PROMOTIONS_WRITE, 200), (Scope.API_WRITE, 200)):
        api.client.headers["Authorization"] = f"Bearer {api.token(scope, name=str(scope))}"
        assert api.client.post(PATH, json={"items": [item(str(scope))]}).status_code == status
        assert api.client.get(PATH).status_code == 200
    api.client.headers.pop("Authorization")
    assert api.client.get(PATH).status_code == 401
