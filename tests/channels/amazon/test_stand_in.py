"""The stand-in refuses what Amazon refuses: else a test before it would prove nothing."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.channels.amazon.market import CA, START, US, Market
from tradewind.channels.amazon.client import iso

ORDERS = "/orders/2026-01-01/orders"
MONEY = "/finances/2024-06-19/transactions"
LISTINGS = "/listings/2021-08-01/items/A3SANDBOX0SELL"
STOCK = "/fba/inventory/v1/summaries"


@pytest.fixture(scope="module")
def market() -> Iterator[Market]:
    with Market.open(days=40, orders=300, is_limited=False) as opened:
        yield opened


@pytest.fixture
def token(market: Market) -> str:
    given: str = market.token().json()["access_token"]
    return given


def refusal(response: httpx.Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    return response.status_code, error["code"]


def span(market: Market) -> dict[str, str]:
    return {"lastUpdatedAfter": iso(START), "lastUpdatedBefore": iso(market.now - timedelta(minutes=2))}


def test_only_a_token_of_this_app_and_seller_opens_the_door_and_only_for_an_hour() -> None:
    with Market.open(days=3, orders=10) as market:
        assert refusal(market.get(ORDERS)) == (403, "Unauthorized")
        assert "malformed" in market.get(ORDERS, "Atza|made-up").json()["errors"][0]["details"]
        token = market.token().json()["access_token"]
        asked = span(market)
        assert market.get(ORDERS, token, **asked).status_code == 200
        market.real.advance(minutes=61)
        assert "expired" in market.get(ORDERS, token, **asked).json()["errors"][0]["details"]
        assert market.token(client_secret="x").json()["error"] == "invalid_client"
        assert market.token(client_secret="x").status_code == 401
        assert market.token(refresh_token="x").json()["error"] == "invalid_grant"
        app = market.token(grant_type="client_credentials", scope="sellingpartnerapi::notifications").json()
        assert refusal(market.get(ORDERS, app["access_token"], **asked)) == (403, "Unauthorized")
        assert market.get("/notifications/v1/destinations", app["access_token"]).status_code == 200
        assert refusal(market.get("/notifications/v1/destinations", market.token().json()["access_token"]))[0] == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"lastUpdatedAfter": ""},
        {"createdAfter": "2026-03-02T00:00:00Z"},
        {"createdBefore": "2026-03-02T00:00:00Z"},
        {"lastUpdatedAfter": "2026-03-02"},
        {"lastUpdatedAfter": "yesterday"},
        {"lastUpdatedBefore": "2031-01-01T00:00:00Z"},
        {"lastUpdatedBefore": "2020-01-01T00:00:00Z"},
        {"maxResultsPerPage": "101"},
        {"maxResultsPerPage": "0"},
        {"marketplaceIds": "NOWHERE"},
        {"includedData": "PROCEEDS,SECRETS"},
        {"fulfillmentStatuses": "Shipped"},
        {"paginationToken": "made-up"},
        {"MaxResultsPerPage": "10"},
    ],
)
def test_parameters_are_checked_as_amazon_checks_them(market: Market, token: str, changes: dict[str, str]) -> None:
    asked = {key: value for key, value in (span(market) | changes).items() if value}
    response = market.get(ORDERS, token, **asked)
    assert refusal(response) == (400, "InvalidInput")
    assert "x-amzn-RateLimit-Limit" not in response.headers, "there are no limits here"


def test_orders_younger_than_two_minutes_may_not_be_asked_for(market: Market, token: str) -> None:
    asked = span(market) | {"lastUpdatedBefore": iso(market.now - timedelta(seconds=110))}
    assert refusal(market.get(ORDERS, token, **asked)) == (400, "InvalidInput")


def test_a_page_token_belongs_to_one_question_and_lives_for_a_day() -> None:
    with Market.open(days=20, orders=60, is_limited=False) as market:
        asked = span(market) | {"maxResultsPerPage": "10"}
        token = market.token().json()["access_token"]
        first = market.get(ORDERS, token, **asked).json()
        follows = {"paginationToken": first["pagination"]["nextToken"]}
        assert len(first["orders"]) == 10
        second = market.get(ORDERS, token, **asked, **follows).json()
        ids = [order["orderId"] for page in (first, second) for order in page["orders"]]
        assert len(set(ids)) == 20
        for changes in ({"maxResultsPerPage": "20"}, {"marketplaceIds": US}, {"includedData": "PROCEEDS"}):
            assert refusal(market.get(ORDERS, token, **(asked | changes), **follows)) == (400, "InvalidInput")
        market.real.advance(hours=25)
        token = market.token().json()["access_token"]
        assert "expired" in market.get(ORDERS, token, **asked, **follows).json()["errors"][0]["message"]


def test_orders_are_also_found_by_their_creation_and_by_filters(market: Market, token: str) -> None:
    asked: dict[str, str] = {
        "createdAfter": "2026-03-10T00:00:00Z",
        "createdBefore": "2026-03-12T00:00:00Z",
        "fulfilledBy": "MERCHANT",
        "marketplaceIds": US,
    }
    answer = market.get(ORDERS, token, **asked).json()
    assert answer["createdBefore"] == asked["createdBefore"]
    created = [datetime.fromisoformat(order["createdTime"]) for order in answer["orders"]]
    assert created
    assert all("2026-03-10" <= f"{moment:%Y-%m-%d}" < "2026-03-12" for moment in created)
    assert {order["fulfillment"]["fulfilledBy"] for order in answer["orders"]} == {"MERCHANT"}
    assert not any("buyer" in o for o in market.get(ORDERS, token, **asked, includedData="PROCEEDS").json()["orders"])


def test_what_is_asked_past_the_limit_is_refused_and_counted() -> None:
    with Market.open(days=3, orders=10) as market:
        token = market.token().json()["access_token"]
        refused = market.get(ORDERS, token, **span(market) | {"maxResultsPerPage": "0"})
        assert refusal(refused) == (400, "InvalidInput")
        answers = [market.get(ORDERS, token, **span(market)) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [200] * 19 + [429] * 2
        assert {answer.headers["x-amzn-RateLimit-Limit"] for answer in (refused, *answers[:19])} == {"0.0056"}
        assert refusal(answers[-1]) == (429, "QuotaExceeded")
        assert "x-amzn-RateLimit-Limit" not in answers[-1].headers
        assert market.sandbox.violations == {"amazon.searchOrders": 2}
        market.real.advance(seconds=180)
        assert market.get(ORDERS, token, **span(market)).status_code == 200
        assert market.get(ORDERS, token, **span(market)).status_code == 429


def test_more_than_180_days_of_money_are_nothing_and_a_beginning_is_needed(market: Market, token: str) -> None:
    assert refusal(market.get(MONEY, token)) == (400, "InvalidInput")
    long_ago = market.get(MONEY, token, postedAfter=iso(market.now - timedelta(days=181))).json()
    assert long_ago == {"payload": {"transactions": []}}
    lately = market.get(MONEY, token, postedAfter=iso(market.now - timedelta(days=30))).json()["payload"]
    assert lately["nextToken"]
    assert len(lately["transactions"]) == 100
    for each in lately["transactions"]:
        total = each["totalAmount"]["currencyAmount"]
        assert round(sum(row["breakdownAmount"]["currencyAmount"] for row in each["breakdowns"]), 2) == total
        if "items" in each:
            assert round(sum(item["totalAmount"]["currencyAmount"] for item in each["items"]), 2) == total


def test_a_token_of_the_stock_lives_for_thirty_seconds_and_its_counts_add_up(
    market: Market, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewind.sandbox.amazon.goods._STOCK_PAGE", 8)
    asked = {"details": "true", "granularityType": "Marketplace", "granularityId": US, "marketplaceIds": US}
    first = market.get(STOCK, token, **asked).json()
    follows = first["pagination"]["nextToken"]
    assert len(market.get(STOCK, token, **asked, nextToken=follows).json()["payload"]["inventorySummaries"]) == 8
    market.real.advance(seconds=31)
    assert refusal(market.get(STOCK, token, **asked, nextToken=follows)) == (400, "InvalidInput")
    assert refusal(market.get(STOCK, token, **(asked | {"granularityId": CA}))) == (400, "InvalidInput")
    for row in first["payload"]["inventorySummaries"]:
        details = row["inventoryDetails"]
        assert row["totalQuantity"] == (
            details["fulfillableQuantity"]
            + details["inboundShippedQuantity"]
            + details["reservedQuantity"]["totalReservedQuantity"]
            + details["unfulfillableQuantity"]["totalUnfulfillableQuantity"]
        )


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"op": "replace", "path": "/attributes/fulfillment_availability",
          "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": -1}]}, "INVALID"),
        ({"op": "replace", "path": "/attributes/fulfillment_availability", "value": [{"quantity": 1}]}, "INVALID"),
        ({"op": "delete", "path": "/attributes/fulfillment_availability", "value": [{}]}, "INVALID"),
        ({"op": "replace", "path": "/attributes/title", "value": [{}]}, "INVALID"),
        ({"op": "replace", "path": "/attributes/purchasable_offer",
          "value": [{"marketplace_id": US, "currency": "CAD", "our_price": [{"schedule": [{"value_with_tax": 1}]}]}]},
         "INVALID"),
        ({"op": "replace", "path": "/attributes/fulfillment_availability",
          "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}]}, "ACCEPTED"),
    ],
)  # fmt: skip
def test_patches_are_checked(market: Market, token: str, patch: dict[str, Any], status: str) -> None:
    answer = market.http.patch(
        f"{LISTINGS}/CAMP-COMPASS",
        params={"marketplaceIds": US},
        headers={"x-amz-access-token": token},
        json={"productType": "PRODUCT", "patches": [patch]},
    )
    assert answer.json()["status"] == status


def test_a_report_takes_a_while_and_its_address_takes_no_token_of_amazons() -> None:
    with Market.open(days=40, orders=400, is_limited=False) as market:
        token = market.token().json()["access_token"]
        headers = {"x-amz-access-token": token}
        body = {"reportType": "GET_SELLER_FEEDBACK_DATA", "marketplaceIds": [US], "dataStartTime": iso(START)}
        made = market.http.post("/reports/2021-06-30/reports", headers=headers, json=body)
        assert made.status_code == 202
        path = f"/reports/2021-06-30/reports/{made.json()['reportId']}"
        assert market.get(path, token).json()["processingStatus"] == "IN_PROGRESS"
        market.real.advance(minutes=1)
        done = market.get(path, token).json()
        assert done["processingStatus"] == "DONE"
        found = market.get(f"/reports/2021-06-30/documents/{done['reportDocumentId']}", token).json()
        assert found["compressionAlgorithm"] == "GZIP"
        assert market.http.get(found["url"], headers=headers).status_code == 400
        lines = gzip.decompress(market.http.get(found["url"]).content).decode("cp1252").splitlines()
        assert lines[0].startswith("Date\tRating")
        assert len(lines) > 1
        market.real.advance(minutes=6)
        assert market.http.get(found["url"]).status_code == 403
        settlement = {"reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2", "marketplaceIds": [US]}
        assert market.http.post("/reports/2021-06-30/reports", headers=headers, json=settlement).status_code == 400
