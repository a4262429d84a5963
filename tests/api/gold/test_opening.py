"""Every figure of gold opens to the rows that it is made of, and they add up to it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Api, wait_until
from tests.api.gold.reading import ALL, MARCH, all_rows, assert_adds_up, get
from tradewind.core.money import rounded
from tradewind.insights.catalogue import METRICS
from tradewind.insights.evidence import EVIDENCE
from tradewind.insights.gold import Gold
from tradewind.insights.lineage import tables
from tradewind.warehouse.builds import Build, BuildKind, record

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


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
