"""The dashboard's figures over HTTP: the contract's document, true to the ledger, exact to the cent."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from tests.api.conftest import Api
from tests.spine import NOON, Shop, a_line, a_refund, an_order, some_orders
from tradewind.api.app import openapi_document
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import book_refunds

pytestmark = pytest.mark.xdist_group("api")


def exact(api: Api, **params: Any) -> dict[str, Any]:
    """The document with every number as it was written."""
    answer = api.client.get("/api/v1/dashboard/metrics", params=params)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
    return document


def test_figures_are_those_of_the_ledger_and_every_part_adds_up(own_api: Api) -> None:
    platform = own_api.platform
    shop, mart = Shop.open(platform.database), Shop.open(platform.database, "mart")
    shop.book(*some_orders(30, skus=4), an_order("OPEN", status=OrderStatus.PENDING, placed_at=NOON))
    mart.book(an_order("M-1", a_line("SKU-1", 3, "33.33"), placed_at=NOON, ship_country="BR"))
    with platform.database.write() as tx:
        book_refunds(tx, [a_refund("R-1", refunded_at=NOON)], shop.booking)
    platform.settle()
    own_api.as_user("vic")

    found = exact(own_api)

    ledger = sum(
        (Decimal(str(order["revenue"])) for order in own_api.client.get("/api/v1/orders?limit=200").json()["items"]),
        Decimal(0),
    )
    assert found["gross_revenue"] == ledger
    assert found["refunded"] == Decimal("10.00")
    assert found["total_revenue"] == ledger - 10
    assert found["total_orders"] == 31
    assert found["avg_order_value"] == round(found["total_revenue"] / 31, 2)
    for parts in (found["channels"], found["trend"], found["countries"]):
        assert sum(part["revenue"] for part in parts) == found["total_revenue"]
    assert found["revenue_by_channel"] == {c["channel"]: c["revenue"] for c in found["channels"]}
    assert sum(part["orders"] for part in found["trend"]) == found["total_orders"]
    assert [p["revenue"] for p in found["top_products"]] == sorted(p["revenue"] for p in found["top_products"])[::-1]
    assert found["countries"][-1]["country"] is None
    assert found["freshness"]["backlog"] == 0
    assert {source["channel"] for source in found["freshness"]["sources"]} == {"shop", "mart"}


def test_the_default_is_thirty_days_with_today_beside_the_thirty_before(own_api: Api) -> None:
    own_api.as_user()
    found = exact(own_api)

    assert found["period"] == "last_30_days"
    assert (found["from"], found["to"]) == ("2026-02-09", "2026-03-11")
    assert (found["previous"]["from"], found["previous"]["to"]) == ("2026-01-10", "2026-02-09")
    assert found["previous"]["partial"] is True
    assert len(found["trend"]) == 30
    assert [bucket["is_partial"] for bucket in found["trend"]] == [False] * 29 + [True]


def test_a_store_without_sales_has_no_average_and_no_change_rather_than_zero(own_api: Api) -> None:
    own_api.as_user()
    found = exact(own_api)

    assert found["total_revenue"] == 0
    assert found["avg_order_value"] is None
    assert found["change"] == dict.fromkeys(("total_revenue", "total_orders", "avg_order_value", "total_units"))
    assert found["freshness"]["newest_fact_at"] is None


def test_filters_and_grain_are_taken_from_the_address(own_api: Api) -> None:
    platform = own_api.platform
    shop, mart = Shop.open(platform.database), Shop.open(platform.database, "mart")
    shop.book(an_order("S-1", a_line("A", 1, "10.00", category="Toys"), a_line("B", 1, "5.00"), ship_country="DE"))
    mart.book(an_order("M-1", a_line("A", 1, "20.00", category="Toys"), ship_country="FR"))
    platform.settle()
    own_api.as_user()

    assert exact(own_api, channel="shop")["total_revenue"] == 15
    assert exact(own_api, channel=["shop", "mart"])["total_revenue"] == 35
    assert exact(own_api, country="FR")["total_revenue"] == 20
    assert exact(own_api, category="Toys")["total_revenue"] == 30
    assert exact(own_api, category="Toys", channel="shop", country="DE")["total_orders"] == 1
    assert exact(own_api, channel="nowhere")["total_orders"] == 0
    weekly = exact(own_api, grain="week", **{"from": "2026-02-28", "to": "2026-03-11"})
    assert [(b["start"], b["end"]) for b in weekly["trend"]] == [
        ("2026-02-28", "2026-03-02"),
        ("2026-03-02", "2026-03-09"),
        ("2026-03-09", "2026-03-11"),
    ]
    assert weekly["period"] == "custom"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from": "2026-03-11", "to": "2026-03-11"}, "to"),
        ({"from": "2026-03-12", "to": "2026-03-11"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"grain": "hour"}, "grain"),
        ({"from": "1900-01-01"}, "from"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(own_api: Api, params: dict[str, str], field: str) -> None:
    answer = own_api.as_user().get("/api/v1/dashboard/metrics", params=params)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_low_stock_is_counted_and_the_worst_come_first(own_api: Api) -> None:
    platform = own_api.platform
    with platform.database.write() as tx:
        location = ensure_location(tx, "main", name="Main", now=NOON)
        put_products(tx, [NewProduct(sku, name=sku) for sku in ("EMPTY", "FEW", "SOME", "PLENTY")], now=NOON)
    shop = Shop.open(platform.database)
    shop.book(an_order("A-1", *(a_line(sku, 1) for sku in ("EMPTY", "FEW", "SOME", "PLENTY"))))
    with platform.database.write() as tx:
        refs = find_products(tx, ["EMPTY", "FEW", "SOME", "PLENTY"])
        for sku, units in (("EMPTY", 1), ("FEW", 4), ("SOME", 9), ("PLENTY", 99)):
            record_movements(tx, [NewMovement(refs[sku].id, location.id, units, Reason.RECEIPT, NOON)], now=NOON)
    platform.settle()
    own_api.as_user()

    found = exact(own_api)

    assert found["low_stock_alerts"] == 3
    assert [(item["sku"], item["available"], item["severity"]) for item in found["low_stock"]] == [
        ("EMPTY", 0, "critical"),
        ("FEW", 3, "warning"),
        ("SOME", 8, "info"),
    ]


def test_what_can_be_filtered_by_is_what_occurs(own_api: Api) -> None:
    shop = Shop.open(own_api.platform.database)
    shop.book(an_order("S-1", a_line("A", 1, "10.00", category="Toys"), ship_country="DE"))
    own_api.platform.settle()

    found = own_api.as_user().get("/api/v1/dashboard/filters").json()

    assert found == {
        "channels": [{"channel": "shop", "name": "Shop"}],
        "categories": ["Toys"],
        "countries": ["DE"],
        "currency": "EUR",
        "timezone": "UTC",
        "first_day": "2026-03-10",
        "today": "2026-03-10",
    }


def test_answers_have_the_shape_that_the_api_describes(own_api: Api) -> None:
    shop = Shop.open(own_api.platform.database)
    shop.book(*some_orders(5))
    own_api.platform.settle()
    client = own_api.as_user()
    document = openapi_document()
    first = client.get("/api/v1/orders").json()["items"][0]["order_id"]

    for path, template in (
        ("/api/v1/dashboard/metrics", None),
        ("/api/v1/dashboard/filters", None),
        ("/api/v1/orders", None),
        (f"/api/v1/orders/{first}", "/api/v1/orders/{order_id}"),
        ("/api/v1/refunds", None),
        ("/api/v1/auth/me", None),
        ("/health", None),
        ("/ready", None),
    ):
        schema = document["paths"][template or path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(client.get(path).json(), schema | {"components": document["components"]})


def test_many_who_ask_the_same_at_once_cost_one_computation(own_api: Api) -> None:
    Shop.open(own_api.platform.database).book(*some_orders(5))
    own_api.platform.settle()
    client = own_api.as_user()
    client.get("/api/v1/dashboard/metrics")
    time.sleep(1.1)
    before = own_api.services.dashboards.computed

    with ThreadPoolExecutor(8) as crowd:
        documents = list(crowd.map(lambda _: client.get("/api/v1/dashboard/metrics").text, range(8)))

    assert len(set(documents)) == 1
    assert own_api.services.dashboards.computed == before + 1


def test_a_kept_answer_is_never_older_than_the_newest_fact(own_api: Api) -> None:
    shop = Shop.open(own_api.platform.database)
    own_api.as_user()
    for number in range(3):
        shop.book(an_order(f"A-{number}", placed_at=NOON - timedelta(minutes=number)))
        own_api.platform.settle()

        assert exact(own_api)["total_orders"] == number + 1
