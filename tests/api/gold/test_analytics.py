"""Trends, the funnel and products: their order, their sums, their currency."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.api.conftest import Api
from tests.api.gold.reading import ALL, MARCH, get
from tests.insights.gold_store import NOW

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


def test_trends_add_up_and_know_ratios_from_flows(api: Api) -> None:
    metrics = ["revenue", "orders", "margin", "cancellation_rate", "new_customers", "sessions", "refunded"]
    found = get(api, "/api/v1/analytics/trends", metric=metrics, grain="week", **MARCH)
    revenue = get(api, "/api/v1/analytics/revenue", **MARCH)
    series = {one["metric"]: one for one in found["series"]}
    assert list(series) == metrics
    assert series["orders"]["total"] == revenue["totals"]["orders"]
    assert sum(point["value"] for point in series["orders"]["points"]) == revenue["totals"]["orders"]
    assert series["revenue"]["total"] == revenue["totals"]["revenue"]
    assert series["revenue"]["previous_total"] == revenue["previous"]["revenue"]
    assert abs(series["margin"]["total"] - revenue["totals"]["margin"]) < Decimal("0.000001")
    by_day = get(api, "/api/v1/analytics/trends", metric="margin", grain="month", **MARCH)
    assert by_day["series"][0]["points"][0]["value"] == series["margin"]["total"]
    assert series["sessions"]["total"] == 90
    for one in series.values():
        assert get(api, one["explain"])["figure"]["value"] == one["total"], one["metric"]


def test_the_funnel_counts_visits(api: Api) -> None:
    found = get(api, "/api/v1/analytics/funnel", **MARCH)
    steps = {step["step"]: step for step in found["steps"]}
    assert steps["sessions"]["sessions"] == 90
    assert steps["bought"]["sessions"] == 30
    assert found["conversion_rate"] == Decimal("0.333333")
    assert [group["name"] for group in found["channels"]] == ["amazon", "shop"]
    assert sum(group["sessions"] for group in found["days"]) == 90
    nothing = get(api, "/api/v1/analytics/funnel", **{"from": "2024-03-01", "to": "2024-04-01"})
    assert nothing["conversion_rate"] is None


def test_products_come_in_the_order_asked_for(api: Api) -> None:
    best = get(api, "/api/v1/analytics/products")["rows"]
    by_revenue = [row["total_revenue"] for row in best]
    assert by_revenue == sorted(by_revenue, reverse=True)
    revenue = get(api, "/api/v1/analytics/revenue", group_by="product", **ALL)
    assert {row["product_id"]: row["total_revenue"] for row in best} == {
        row["keys"]["product"]: row["revenue"] for row in revenue["rows"]
    }
    toys = get(api, "/api/v1/analytics/products", category="Toys", order="units")
    assert {row["category"] for row in toys["rows"]} == {"Toys"}
    assert toys["totals"]["products"] == len(toys["rows"]) == 3
    low = get(api, "/api/v1/analytics/products", stock_level=["Out of Stock", "Critical", "Low"], order="stock")
    assert [row["current_stock"] for row in low["rows"]] == sorted(row["current_stock"] for row in low["rows"])
    assert low["totals"]["out_of_stock"] == 1


def test_products_answer_in_another_currency(api: Api) -> None:
    in_euros, in_dollars = (get(api, "/api/v1/analytics/products", currency=code) for code in ("EUR", "USD"))
    assert (in_euros["currency"], in_dollars["currency"]) == ("EUR", "USD")
    assert in_euros == get(api, "/api/v1/analytics/products") | {
        "explain": in_euros["explain"], "rows": in_euros["rows"],
    }  # fmt: skip
    revenue = get(api, "/api/v1/analytics/revenue", group_by="product", currency="USD", **ALL)
    sold = {row["keys"]["product"]: row for row in revenue["rows"]}
    assert len(sold) > 1
    for row in in_dollars["rows"]:
        same = sold[row["product_id"]]
        assert (row["total_revenue"], row["total_cost"] or 0) == (same["revenue"], same["cost"])
        assert row["total_profit"] == (None if row["total_cost"] is None else same["gross_profit"])
    of_classes = sum(band["revenue"] for band in in_dollars["sales_performance"])
    assert abs(of_classes - in_dollars["totals"]["revenue"]) <= Decimal("0.05")
    assert {row["current_price"] for row in in_euros["rows"]} == {20}
    # By the rate of the reference day, one dollar for 0.93 euros.
    assert {row["current_price"] for row in in_dollars["rows"]} == {Decimal("21.51")}


def test_the_last_days_are_whole(api: Api) -> None:
    """The reference date is told, so that nobody takes an old build for today."""
    found = get(api, "/api/v1/analytics/customers")
    assert date.fromisoformat(found["as_of_date"]) <= NOW.date() + timedelta(1)
