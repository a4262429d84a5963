"""Insights from gold that dbt built: figures open to their rows, hold against the ledger, and hide who is who."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema  # type: ignore[import-untyped]
import pytest
from sqlalchemy import select

from tests.api.conftest import PASSWORD, Api, serving, wait_until
from tests.insights import oracle
from tests.insights.gold_store import NOW, a_built_store
from tests.insights.oracle import Rate, Sale
from tradewind.api.app import openapi_document
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.users import create_user
from tradewind.commerce.advertising.model import AdSpend
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.fees.model import Fee
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import Refund
from tradewind.core.clock import ManualClock
from tradewind.core.money import rounded, to_decimal
from tradewind.insights.catalogue import METRICS
from tradewind.insights.evidence import EVIDENCE
from tradewind.insights.gold import Gold
from tradewind.insights.lineage import tables
from tradewind.warehouse.builds import Build, BuildKind, record

ZONE = ZoneInfo("Europe/Berlin")
MARCH = {"from": "2026-03-01", "to": "2026-04-01"}
ALL = {"from": "2025-09-01", "to": "2026-04-01"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[tuple[Api, Path]]:
    folder, clock = tmp_path_factory.mktemp("gold"), ManualClock(NOW)
    with a_built_store(folder, chdb_path, clock, secret_key="k3y-0f-tests-" + "abcdefghij" * 3) as platform:
        with platform.database.write() as tx:
            for name, role in (("ada", Role.ADMIN), ("vic", Role.VIEWER)):
                create_user(tx, name, PASSWORD, role=role, now=clock.now(), email=f"{name}@example.com")
        with serving(platform, clock) as made:
            yield made, folder


@pytest.fixture
def api(built: tuple[Api, Path]) -> Api:
    made, _ = built
    made.as_user("vic")
    return made


def get(api: Api, path: str, **params: Any) -> Any:
    """The document with every number as it was written."""
    answer = api.client.get(path, params=params or None)  # an empty one would take the query away
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return json.loads(answer.text, parse_float=Decimal)


def all_rows(api: Api, link: str) -> tuple[Any, list[Any]]:
    """A figure opened, and the rows of all its pages."""
    joint = "&" if "?" in link else "?"
    first = page = get(api, f"{link}{joint}limit=200")
    rows = list(first["rows"])
    while page["next_cursor"]:
        page = get(api, f"{link}{joint}limit=200&cursor={page['next_cursor']}")
        rows += page["rows"]
    return first, rows


def assert_adds_up(found: Any, rows: list[Any]) -> None:
    figure = found["figure"]
    assert sum(Decimal(str(row["numerator"])) for row in rows) == figure["numerator"]
    keys = [column["name"] for column in found["columns"] if column["role"] == "key"]
    assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows)
    if figure["denominator"] is None:
        return
    assert sum(Decimal(str(row["denominator"])) for row in rows) == figure["denominator"]
    if figure["denominator"] == 0:
        assert figure["value"] is None
    else:
        assert abs(figure["value"] - Decimal(figure["numerator"]) / figure["denominator"]) <= Decimal("0.005")


@pytest.mark.parametrize("slug", METRICS)
def test_the_rows_of_every_metric_add_up_to_its_figure(api: Api, slug: str) -> None:
    # Nobody comes back to a store that was not there before.
    first = "2026-03-01" if slug == "returning_customers" else "2025-09-01"
    found, rows = all_rows(api, f"/api/v1/explain/{slug}?from={first}&to=2026-04-01")
    assert_adds_up(found, rows)
    assert rows, f"the store of this test says nothing of {slug}"
    names = [step["name"] for step in found["lineage"]]
    assert names[-1] == slug
    assert EVIDENCE[slug].rows.table in names
    assert any(step["kind"] == "landed" for step in found["lineage"])
    if found["freshness"]["source"] == "gold":
        assert found["tests"]
    # The SQL that is shown is one that runs, and says the same.
    (said,) = api.platform.warehouse.query(found["sql"], {k: _bound(v) for k, v in found["parameters"].items()})
    assert Decimal(str(said["numerator"])) == found["figure"]["numerator"]


def _bound(value: Any) -> Any:
    return value.replace("T", " ").removesuffix("Z") if isinstance(value, str) else value


@pytest.mark.parametrize("route", ["revenue", "customers", "operations", "funnel", "products"])
def test_every_figure_opens_to_itself(api: Api, route: str) -> None:
    shown = get(api, f"/api/v1/analytics/{route}", **({} if route == "products" else MARCH))
    names = {"velocity": None, "product_health_score": "average_health", "average_rating": None}
    names |= {"products_out_of_stock": "out_of_stock", "sessions": None}
    figures = shown.get("totals", shown)
    compared = 0
    for slug, link in shown["explain"].items():
        found = get(api, link)
        name = names.get(slug, slug)
        if name is not None and name in figures:
            value, compared = found["figure"]["value"], compared + 1
            if value is None or figures[name] is None:
                assert value == figures[name], slug
            else:
                assert abs(value - figures[name]) <= Decimal("0.05" if name == "average_health" else "0.005"), slug
    assert compared >= {"products": 1, "funnel": 1}.get(route, 6)


@pytest.mark.parametrize("chosen", [{"channel": "amazon"}, {"country": "DE", "segment": ["VIP", "Loyal"]}])
def test_figures_of_chosen_customers_open_to_themselves(api: Api, chosen: dict[str, Any]) -> None:
    shown = get(api, "/api/v1/analytics/customers", **MARCH, **chosen)
    assert shown["totals"]["active_customers"] > 0
    assert {"active_customers", "returning_customers", "revenue_per_customer", "new_customers"} <= {*shown["explain"]}
    for slug, link in shown["explain"].items():
        value, figure = get(api, link)["figure"]["value"], shown["totals"][slug]
        assert (value is None and figure is None) or abs(value - figure) <= Decimal("0.005"), slug


def test_groups_of_customers_open_to_those_in_them(api: Api) -> None:
    shown = get(api, "/api/v1/analytics/customers", **MARCH)
    cells = [cell for cell in shown["rfm_grid"] if cell["customers"]]
    assert len(cells) > 3
    for group, size in [
        *((cell, cell["customers"]) for cell in cells),
        *((band, band["count"]) for band in (*shown["stages"], *shown["age_groups"])),
    ]:
        found, rows = all_rows(api, group["explain"])
        assert (found["figure"]["value"], len(rows)) == (size, size)
        worth = sum((Decimal(str(row["total_revenue"])) for row in rows), Decimal(0))
        assert rounded(worth, "EUR") == group["revenue"]
    refused = api.client.get("/api/v1/explain/customers?recency=6")
    assert refused.status_code == 422
    refused = api.client.get("/api/v1/explain/revenue?stage=New")
    assert "Revenue cannot be filtered by stage" in refused.json()["errors"][0]["message"]


def test_answers_from_gold_say_when_the_last_build_began_though_it_touched_nothing(api: Api) -> None:
    warehouse = api.platform.warehouse
    (row,) = warehouse.query("SELECT max(built_at) AS at FROM gold_sales_lines")
    of_rows = row["at"]
    assert Gold(warehouse).built_at("gold_sales_lines") == of_rows
    later = of_rows + timedelta(hours=2)
    for hours, kind, failed in (
        (2, BuildKind.PARTIAL, {}),
        (3, BuildKind.PARTIAL, {"gold_sales_lines": "no memory left"}),
        (4, BuildKind.SELECTED, {}),
        (-9, BuildKind.FULL, {}),
    ):
        record(warehouse, Build(of_rows + timedelta(hours=hours), 1.0, kind, 40, failed, "x"))
    try:
        assert Gold(warehouse).built_at("gold_sales_lines") == later
        assert Gold(warehouse).built_at("gold_daily_sales") == of_rows + timedelta(hours=3)
        assert Gold(warehouse).built_at("gold_of_nobody") is None
        # For a moment the answer from before is given, while the next one is made.
        wait_until(lambda: get(api, "/api/v1/analytics/revenue", **MARCH)["bridge_as_of"] == said(later))
    finally:
        warehouse.command("TRUNCATE TABLE gold_builds")


def said(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_every_row_of_revenue_opens_to_itself(api: Api) -> None:
    found = get(api, "/api/v1/analytics/revenue", group_by="channel,month", **ALL)
    assert len(found["rows"]) == 14
    for row in found["rows"][::5]:
        for metric in ("revenue", "orders", "cost", "margin"):
            opened = get(api, row["explain"].replace("{metric}", metric))
            assert abs((opened["figure"]["value"] or 0) - (row[metric] or 0)) < Decimal("0.000001"), (metric, row)


# --- Against the ledger ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledger(built: tuple[Api, Path]) -> tuple[list[Sale], Rate]:
    with built[0].platform.database.read() as tx:
        return oracle.sales_of(tx, ZONE), oracle.rate_of(tx, "EUR")


def test_live_and_gold_say_the_same_and_what_the_ledger_says(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    sales, rate = ledger
    live = get(api, "/api/v1/analytics/revenue", group_by="country,month", **ALL)
    gold = get(api, "/api/v1/analytics/revenue", group_by="region,month", **ALL)
    expected = oracle.sums([s for s in sales if date(2025, 9, 1) <= s.day < date(2026, 4, 1)], rate)
    assert (live["source"], gold["source"]) == ("live", "gold")
    for name in ("gross_revenue", "refunded", "revenue", "orders", "units", "average_order_value", "cost", "margin"):
        assert live["totals"][name] == gold["totals"][name], name
    assert (live["totals"]["revenue"], live["totals"]["orders"]) == (expected.revenue, expected.orders)
    assert sum(row["orders"] for row in gold["rows"]) == expected.orders
    assert {row["keys"]["region"] for row in gold["rows"]} == {"Berlin", "Bavaria", None}


def test_cost_is_that_of_the_lines(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    cost = Decimal(0)
    with api.platform.database.read() as tx:
        query = select(Order, OrderItem).join(OrderItem, OrderItem.order_id == Order.id)
        for order, item in tx.execute(query.where(Order.status.in_(sold), Order.is_test.is_(False))):
            day = order.placed_at.astimezone(ZONE).date()
            factor = rate(day, order.currency)
            if item.unit_cost_micros is not None and factor is not None:
                cost += Decimal(item.unit_cost_micros).scaleb(-6) * item.quantity * factor
    _, rows = all_rows(api, "/api/v1/explain/cost?from=2025-09-01&to=2026-04-01")
    assert sum(Decimal(str(row["numerator"])) for row in rows if not row["refund"]) == cost


def test_customers_are_those_of_the_ledger(api: Api) -> None:
    found = get(api, "/api/v1/analytics/customers", **MARCH)
    sold = {"confirmed", "processing", "shipped", "delivered"}
    days: dict[str, list[date]] = defaultdict(list)
    with api.platform.database.read() as tx:
        known = set(tx.scalars(select(Customer.id)))
        for order in tx.scalars(select(Order).where(Order.status.in_(sold), Order.customer_id.is_not(None))):
            if not order.is_test and not order.is_replacement:
                days[order.customer_id or ""].append(order.placed_at.astimezone(ZONE).date())
    in_march = {who for who, mine in days.items() if any(date(2026, 3, 1) <= day < date(2026, 4, 1) for day in mine)}
    new = {who for who in in_march if min(days[who]) >= date(2026, 3, 1)}
    totals = found["totals"]
    assert totals["customers"] == len(known | set(days))
    assert totals["customers_with_orders"] == len(days)
    assert (totals["active_customers"], totals["new_customers"]) == (len(in_march), len(new))
    assert totals["returning_customers"] == len(in_march - new)
    repeat = Decimal(sum(len(mine) > 1 for mine in days.values())) / len(days)
    assert abs(totals["repeat_rate"] - repeat) < Decimal("0.000001")
    assert sum(group["customers"] for group in found["segments"]) == len(days)
    assert [group["segment"] for group in found["segments"]] == ["VIP", "Loyal", "New", "At Risk", "Lost", "Regular"]
    assert len(found["rfm_grid"]) == 25
    assert sum(cell["customers"] for cell in found["rfm_grid"]) == len(days)
    for group in found["segments"]:
        assert get(api, group["explain"])["figure"]["value"] == group["customers"]


def test_fees_are_what_orders_and_channels_were_charged(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    """By the month of the order, and of the posting where no sold order of that currency bears the fee."""
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    expected: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    kinds: set[str] = set()

    def charge(channel: str, day: date, currency: str, minor: int) -> None:
        factor = rate(day, currency)
        if factor is not None:
            expected[day.replace(day=1), channel] += to_decimal(minor, currency) * factor

    with api.platform.database.read() as tx:
        codes = {row.id: row.code for row in tx.scalars(select(SalesChannel))}
        orders = {order.id: order for order in tx.scalars(select(Order))}
        for order in orders.values():
            if order.status in sold and not order.is_test:
                day = order.placed_at.astimezone(ZONE).date()
                charge(codes[order.channel_id], day, order.currency, order.fees_minor)
        for fee in tx.scalars(select(Fee).where(Fee.kind != "tax_withheld")):
            bearer = orders.get(fee.order_id or "")
            is_borne = bearer is not None and bearer.status in sold and not bearer.is_test
            if bearer is not None and is_borne and bearer.currency == fee.currency:
                kinds.add("of an order")
                day = bearer.placed_at.astimezone(ZONE).date()
            else:
                kinds.add("of nobody" if bearer is None else "of another currency" if is_borne else "of none sold")
                day = fee.posted_at.astimezone(ZONE).date()
            charge(codes[fee.channel_id], day, fee.currency, fee.amount_minor)
    assert kinds == {"of an order", "of nobody", "of another currency", "of none sold"}
    rows = api.platform.warehouse.query(
        "SELECT month, channel, fees, gross_profit, ad_spend, contribution FROM gold_channel_profit"
    )
    assert {(row["month"], row["channel"]) for row in rows} >= {*expected}
    for row in rows:
        assert abs(row["fees"] - expected[row["month"], row["channel"]]) <= Decimal("0.0001"), row
        left = row["gross_profit"] - row["fees"] - row["ad_spend"]
        assert abs(row["contribution"] - left) <= Decimal("0.0002"), row


def test_regions_have_what_was_sold_to_them(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    revenue: dict[str | None, Decimal] = defaultdict(Decimal)
    counted: dict[str | None, int] = defaultdict(int)
    with api.platform.database.read() as tx:
        orders = {order.id: order for order in tx.scalars(select(Order))}
        for order in orders.values():
            factor = rate(order.placed_at.astimezone(ZONE).date(), order.currency)
            if order.status in sold and not order.is_test and factor is not None:
                revenue[order.ship_region] += to_decimal(order.revenue_minor, order.currency) * factor
                counted[order.ship_region] += not order.is_replacement
        for refund in tx.scalars(select(Refund)):
            factor = rate(refund.refunded_at.astimezone(ZONE).date(), refund.currency)
            region = orders[refund.order_id].ship_region if refund.order_id else None
            revenue[region] -= to_decimal(refund.items_minor, refund.currency) * (factor or 0)
    found = get(api, "/api/v1/analytics/revenue", group_by="region", **ALL)
    shown = {row["keys"]["region"]: (row["revenue"], row["orders"]) for row in found["rows"]}
    assert shown.keys() == revenue.keys()
    for region, (amount, orders_there) in shown.items():
        # Each figure of the row is rounded once: gross revenue and what was refunded.
        assert abs(amount - revenue[region]) <= Decimal("0.01"), region
        assert orders_there == counted[region], region


def test_operations_are_those_of_the_orders(api: Api) -> None:
    placed: dict[tuple[str, str], list[str]] = defaultdict(list)
    with api.platform.database.read() as tx:
        codes = {row.id: row.code for row in tx.scalars(select(SalesChannel))}
        for order in tx.scalars(select(Order)):
            if not order.is_test and not order.is_replacement:
                day = order.placed_at.astimezone(ZONE).date()
                placed[day.isoformat(), codes[order.channel_id]].append(order.status)
    for channel in ("shop", "amazon"):
        found = get(api, "/api/v1/analytics/operations", channel=channel, **ALL)
        for day in found["days"]:
            mine = placed.get((day["name"], channel), [])
            assert day["placed_orders"] == len(mine), day
            assert day["cancelled_orders"] == mine.count("cancelled"), day
        statuses = [status for (_, code), those in placed.items() for status in those if code == channel]
        totals = found["totals"]
        assert totals["placed_orders"] == len(statuses)
        share = Decimal(statuses.count("cancelled")) / len(statuses)
        assert abs(totals["cancellation_rate"] - share) < Decimal("0.000001")


@pytest.mark.parametrize("channel", ["", "shop", "amazon"])
def test_a_new_customer_cost_what_was_stated_of_the_month(
    api: Api, ledger: tuple[list[Sale], Rate], channel: str
) -> None:
    _, rate = ledger
    with api.platform.database.read() as tx:
        stated = tx.execute(select(AdSpend, SalesChannel.code).join(SalesChannel)).all()
        spent = sum(
            to_decimal(row.amount_minor, row.currency) * (rate(row.day, row.currency) or 0)
            for row, code in stated
            if row.day >= date(2026, 3, 1) and channel in ("", code)
        )
    assert spent > 0
    totals = get(api, "/api/v1/analytics/customers", **MARCH, **({"channel": channel} if channel else {}))["totals"]
    assert totals["new_customers"] > 0
    assert totals["ad_spend"] == rounded(Decimal(spent), "EUR")
    assert abs(totals["acquisition_cost"] - spent / totals["new_customers"]) <= Decimal("0.005")


def test_cohorts_are_those_of_the_ledger(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    found = get(api, "/api/v1/analytics/cohorts")
    sold = {"confirmed", "processing", "shipped", "delivered"}
    months: dict[str, set[tuple[int, int]]] = defaultdict(set)
    with api.platform.database.read() as tx:
        for order in tx.scalars(select(Order).where(Order.status.in_(sold), Order.customer_id.is_not(None))):
            if not order.is_test and not order.is_replacement:
                day = order.placed_at.astimezone(ZONE).date()
                months[order.customer_id or ""].add((day.year, day.month))
    expected: dict[tuple[int, int], list[str]] = defaultdict(list)
    for who, mine in months.items():
        expected[min(mine)].append(who)
    assert {cohort["month"] for cohort in found["cohorts"]} == {f"{y}-{m:02}-01" for y, m in expected}
    for cohort in found["cohorts"]:
        year, month = (int(part) for part in cohort["month"].split("-")[:2])
        members = expected[year, month]
        assert cohort["size"] == len(members)
        for step in cohort["periods"]:
            later = (year + (month - 1 + step["period"]) // 12, (month - 1 + step["period"]) % 12 + 1)
            came = sum(later in months[who] for who in members)
            assert (step["customers"], step["retention"]) == (came, round(Decimal(came) / len(members), 6))
    assert found["average"][0]["retention"] == 1
    only_shop = get(api, "/api/v1/analytics/cohorts", channel="shop")
    assert sum(c["size"] for c in only_shop["cohorts"]) < sum(c["size"] for c in found["cohorts"])


def test_the_bridge_leads_to_figures_that_open(api: Api) -> None:
    found = get(api, "/api/v1/analytics/revenue", **MARCH)
    at: Decimal | None = None
    totals = {}
    for step in found["bridge"]:
        if step["kind"] == "step":
            assert at is not None
            at += step["amount"]
        else:
            assert step["kind"] == "start" or step["amount"] == at
            at = totals[step["slug"]] = step["amount"]
    assert totals["revenue"] == found["totals"]["revenue"]
    for slug in ("revenue_with_shipping", "revenue_with_tax", "net_revenue", "revenue_by_payment_day"):
        opened = get(api, f"/api/v1/explain/{slug}", **MARCH)
        assert abs(opened["figure"]["value"] - totals[slug]) <= Decimal("0.02"), slug
    assert len({*totals.values()}) == len(totals), "every revenue is another one in this store"


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


# --- The plain lists -------------------------------------------------------------------------------------------------

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
    (first,) = api.client.get("/api/customers/top-customers?limit=1", headers=token).json()
    erased = api.client.post(f"/api/v1/customers/{first['customer_id']}/erase", json={}, headers=token)
    assert erased.status_code in (200, 204), erased.text
    api.platform.settle()
    (after,) = api.client.get("/api/customers/top-customers?limit=1", headers=token).json()
    assert after["customer_id"] == first["customer_id"]
    assert (after["email"], after["city"]) == (None, None)
    assert after["name"] != first["name"]


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


# --- Shapes, rights and files ----------------------------------------------------------------------------------------

ROUTES: dict[str, dict[str, Any]] = {
    "/api/v1/analytics/revenue": {"group_by": "channel,day"},
    "/api/v1/analytics/products": {},
    "/api/v1/analytics/customers": {},
    "/api/v1/analytics/cohorts": {},
    "/api/v1/analytics/trends": {"metric": ["revenue", "margin"]},
    "/api/v1/analytics/funnel": MARCH,
    "/api/v1/analytics/operations": MARCH,
    "/api/v1/analytics/changes": {"before": "2026-03-20T00:00:00Z"},
    "/api/v1/metrics": {},
    "/api/customers/top-customers": {},
    "/api/products/best-sellers": {},
    "/api/products/low-stock": {},
    "/api/sales/summary": {},
    "/api/sales/trends": {},
}


@pytest.mark.parametrize("path", ROUTES)
def test_answers_have_the_shape_that_the_api_describes(api: Api, path: str) -> None:
    document = openapi_document()
    shape = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = api.client.get(path, params=ROUTES[path])
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shape | {"components": document["components"]})


@pytest.mark.parametrize("path", [path for path in ROUTES if path.startswith("/api/v1/analytics/")])
def test_every_list_is_a_file_too(api: Api, path: str) -> None:
    answer = api.client.get(path, params=ROUTES[path] | {"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    heading, *rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(heading) > 3
    assert rows or path.endswith("changes")
    assert all(len(row) == len(heading) for row in rows)


@pytest.mark.parametrize("path", [*ROUTES, "/api/v1/explain/revenue", "/api/customers/segments/VIP"])
def test_nobody_reads_without_a_proof(api: Api, path: str) -> None:
    api.client.headers.pop("Authorization")
    assert api.client.get(path, params=ROUTES.get(path, {})).status_code == 401


def test_a_store_may_show_its_plain_lists_to_all_but_never_who_bought(built: tuple[Api, Path]) -> None:
    api, _ = built
    with publicly(api):
        rows = api.client.get("/api/customers/top-customers").json()
        assert rows
        assert {(row["name"], row["email"], row["city"]) for row in rows} == {(None, None, None)}
        for path, params in ROUTES.items():
            expected = 401 if path.startswith("/api/v1") else 200
            assert api.client.get(path, params=params).status_code == expected, path


@contextmanager
def publicly(api: Api) -> Iterator[None]:
    """The same server, told to show its lists to all."""
    settings = api.platform.settings
    shown = settings.model_copy(update={"server": settings.server.model_copy(update={"public_insights": True})})
    api.client.headers.pop("Authorization", None)
    object.__setattr__(api.platform, "settings", shown)
    try:
        yield
    finally:
        object.__setattr__(api.platform, "settings", settings)


def test_the_lineage_is_that_of_dbt(built: tuple[Api, Path]) -> None:
    _, folder = built
    (path,) = folder.glob("work/**/manifest.json")
    manifest = json.loads(path.read_text())
    known = tables()
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    assert {name for name, table in known.items() if table.kind in ("bronze", "silver", "gold")} == set(models)
    for name, node in models.items():
        depends = {unique.split(".")[-1] for unique in node["depends_on"]["nodes"]}
        # Macros read what changed, to know which days to make anew: no figure comes from there.
        assert {*known[name].reads} - {"silver_changes"} == depends - {"silver_changes"}, name


def test_the_last_days_are_whole(api: Api) -> None:
    """The reference date is told, so that nobody takes an old build for today."""
    found = get(api, "/api/v1/analytics/customers")
    assert date.fromisoformat(found["as_of_date"]) <= NOW.date() + timedelta(1)
