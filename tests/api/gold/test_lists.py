"""The plain lists of customers, products and sales."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from tests.api.conftest import Api
from tests.api.gold.reading import get
from tradewind.commerce.access.rights import Scope

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


CUSTOMER_FIELDS = (
    "customer_id name email city country age_group customer_lifetime_stage total_orders total_revenue avg_order_value"
    " customer_segment customer_lifetime_value"
).split()
PRODUCT_FIELDS = (
    "product_id product_name category brand current_price current_stock total_units_sold total_revenue total_profit"
    " sales_performance avg_rating product_health_score"
).split()


def test_top_customers_are_those_worth_most_and_named_only_for_who_may_know(api: Api) -> None:
    hidden = get(api, "/api/customers/top-customers", limit=5)
    assert [list(row) for row in hidden] == [CUSTOMER_FIELDS] * 5
    worth = [row["customer_lifetime_value"] for row in hidden]
    assert worth == sorted(worth, reverse=True)
    assert {(row["name"], row["email"], row["city"]) for row in hidden} == {(None, None, None)}
    token = api.token(Scope.CUSTOMERS_READ, name="names")
    answer = api.client.get("/api/customers/top-customers?limit=5", headers={"Authorization": f"Bearer {token}"})
    named = answer.json()
    assert [row["customer_id"] for row in named] == [row["customer_id"] for row in hidden]
    assert all(row["name"].startswith("Buyer ") and row["email"] and row["city"] == "Berlin" for row in named)
    assert len(get(api, "/api/customers/top-customers")) == 10


def test_an_erased_customer_has_no_name_at_once(api: Api) -> None:
    token = {"Authorization": f"Bearer {api.token(Scope.CUSTOMERS_WRITE, name='eraser')}"}
    *_, last = api.client.get("/api/customers/top-customers?limit=50", headers=token).json()  # no other test names it
    erased = api.client.post(f"/api/v1/customers/{last['customer_id']}/erase", json={}, headers=token)
    assert erased.status_code in (200, 204), erased.text
    api.platform.settle()
    *_, after = api.client.get("/api/customers/top-customers?limit=50", headers=token).json()
    assert after["customer_id"] == last["customer_id"]
    assert (after["email"], after["city"]) == (None, None)
    assert after["name"] != last["name"]


def test_every_segment_has_its_customers(api: Api) -> None:
    counted = {g["segment"]: g["customers"] for g in get(api, "/api/v1/analytics/customers")["segments"]}
    for segment, count in counted.items():
        rows = get(api, f"/api/customers/segments/{segment.replace(' ', '%20')}", limit=1000)
        assert {row["customer_segment"] for row in rows} <= {segment}
        assert len(rows) == count
    refused = api.client.get("/api/customers/segments/vip")
    assert refused.status_code == 422
    assert "VIP, Loyal, New, 'At Risk', Lost, Regular" in refused.json()["detail"]


def test_best_sellers_and_low_stock(api: Api) -> None:
    best = get(api, "/api/products/best-sellers", limit=3)
    assert [list(row) for row in best] == [PRODUCT_FIELDS] * 3
    units = [row["total_units_sold"] for row in best]
    assert units == sorted(units, reverse=True)
    assert all(0 <= row["product_health_score"] <= 10 for row in best)
    low = get(api, "/api/products/low-stock")
    assert low
    assert all(row["current_stock"] < 50 for row in low)


def test_the_summary_is_that_of_the_dashboard(api: Api) -> None:
    found = get(api, "/api/sales/summary")
    shown = get(api, "/api/v1/dashboard/metrics")
    assert list(found) == "days_analyzed total_revenue total_orders avg_daily_revenue avg_order_value".split()
    assert found["days_analyzed"] == 30
    assert found["total_revenue"] == shown["total_revenue"]
    assert found["total_orders"] == shown["total_orders"]
    assert abs(found["avg_daily_revenue"] - found["total_revenue"] / 30) <= Decimal("0.005")


def test_trends_of_sales_say_what_the_months_made(api: Api) -> None:
    found = get(api, "/api/sales/trends", months=3)
    fields = "sale_date daily_revenue daily_orders monthly_revenue mom_revenue_growth_percent".split()
    assert list(found[0]) == fields
    assert (found[0]["sale_date"], found[-1]["sale_date"]) == ("2026-01-01", "2026-03-30")
    months: dict[str, Decimal] = defaultdict(Decimal)
    for day in found:
        months[day["sale_date"][:7]] += day["daily_revenue"]
    assert all(day["monthly_revenue"] == months[day["sale_date"][:7]] for day in found)
    february = next(day for day in found if day["sale_date"] == "2026-02-10")
    growth = (months["2026-02"] / months["2026-01"] - 1) * 100
    assert abs(february["mom_revenue_growth_percent"] - growth) <= Decimal("0.005")
    assert found[-1]["mom_revenue_growth_percent"] is None, "March is not over"
