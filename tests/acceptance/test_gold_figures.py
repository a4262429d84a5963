"""Every gold figure equals what the definition gives when DuckDB computes it from the files (see `by_definition`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from tests.acceptance.by_definition import Files, Row, by, four_digits
from tests.acceptance.conftest import Store
from tests.product import Product
from tradewind.ownership import owner_of
from tradewind.warehouse import medallion

# The two sets are years and currencies apart, so each gets a build in its own currency as of its own last day.
pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("real_orders_sqlite")]
ACQUISITION_COST = Decimal(50)


@dataclass(frozen=True, slots=True)
class Set:
    """A set of files beside the gold tables that were built of it."""

    channel: str
    currency: str
    as_of: date
    files: Files
    folder: Path
    gold: Callable[[str], list[Row]]
    """Rows of a SELECT; `{channel}` and `{currency}` in it are the set's, in quotes."""

    def rows(self, sql: str) -> list[Row]:
        return self.gold(sql.replace("{channel}", f"'{self.channel}'").replace("{currency}", f"'{self.currency}'"))


@pytest.fixture(scope="module")
def server(imported: Callable[[str], Store]) -> Iterator[Product]:
    store = imported("sqlite")
    product = Product.start(store.folder, environment=store.environment)
    yield product
    product.stop()


@pytest.fixture(scope="module", params=["online-retail", "olist"])
def told(
    request: pytest.FixtureRequest,
    imported: Callable[[str], Store],
    server: Product,
    shared_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Set]:
    """Gold of one set after the other: built through the ClickHouse interface, as any dbt would."""
    channel: str = request.param
    store = imported("sqlite")
    card = owner_of(store.folder)
    assert card is not None
    token = card.clickhouse_password or ""
    currency, as_of, folder, opened = {
        "online-retail": ("GBP", date(2011, 12, 9), shared_data / "online_retail", Files.online_retail),
        "olist": ("BRL", date(2018, 10, 17), shared_data / "olist", Files.olist),
    }[channel]
    url = httpx.URL(server.clickhouse_url)
    built = medallion.build(
        url.host,
        url.port or 80,
        "tradewind",
        token,
        work_dir=tmp_path_factory.mktemp("dbt"),
        variables={"reporting_currency": currency, "timezone": "UTC", "as_of": str(as_of)},
        full=True,
    )
    assert built.is_good, built.failures

    def gold(sql: str) -> list[Row]:
        settings = {"output_format_json_quote_decimals": 1, "output_format_json_quote_64bit_integers": 0}
        where: dict[str, str | int] = {"database": "tradewind", **settings}
        asked = f"{sql} FORMAT JSONEachRow"
        answer = httpx.post(url, params=where, auth=("tradewind", token), content=asked, timeout=60)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    files = opened(folder)
    yield Set(channel, currency, as_of, files, folder, gold)
    files.close()


def money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def test_the_published_facts_hold(told: Set) -> None:
    totals = told.files.days()
    if told.channel == "online-retail":
        assert sum(row["revenue"] for row in totals) == Decimal("9747747.93")
        assert told.files.published_triangle(told.folder) == [
            948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260,
        ]  # fmt: skip
    else:
        # Items of all orders come to 13,591,643.70; those of orders that are not sold are not in it.
        assert sum(row["revenue"] for row in totals) == Decimal("13586530.44")
    found = told.rows("SELECT sum(revenue) AS revenue FROM gold_sales_metrics WHERE channel = {channel}")
    assert money(found[0]["revenue"]) == sum(row["revenue"] for row in totals)


@pytest.mark.parametrize("table", ["gold_sales_metrics", "gold_daily_sales"])
def test_every_day_of_a_channel(told: Set, table: str) -> None:
    expected = {
        row["day"]: (row["gross_revenue"], row["refunded"], row["revenue"], row["units"], row["orders"])
        for row in told.files.days()
    }
    rows = told.rows(
        "SELECT date, sum(gross_revenue) AS gross, sum(refunded) AS back, sum(revenue) AS net, sum(units) AS n,"
        f" sum(orders) AS o FROM {table} WHERE channel = {{channel}} AND currency = {{currency}} GROUP BY date"
        " HAVING o != 0 OR gross != 0 OR back != 0"
    )
    found = {
        day(row["date"]): (money(row["gross"]), money(row["back"]), money(row["net"]), row["n"], row["o"])
        for row in rows
    }
    assert found == expected


def test_every_product_of_every_day(told: Set) -> None:
    expected = {
        (row["day"], row["sku"]): (row["revenue"], row["units"], row["orders"])
        for row in told.files.products_of_days()
        if row["revenue"] or row["units"] or row["orders"]
    }
    rows = told.rows(
        "SELECT date, sku, sum(total_revenue) AS revenue, sum(total_units) AS n, sum(num_orders) AS o"
        " FROM daily_sales_summary AS days"
        " INNER JOIN silver_products AS products ON days.product_id = products.product_id"
        " WHERE channel = {channel} GROUP BY date, sku HAVING revenue != 0 OR n != 0 OR o != 0"
    )
    found = {(day(row["date"]), row["sku"]): (money(row["revenue"]), row["n"], row["o"]) for row in rows}
    assert found == expected


def test_every_customer(told: Set) -> None:
    """Orders, revenue, recency, the three scores, segment, average order value and lifetime value."""
    expected = {
        row["customer"]: (
            row["orders"], row["first_order"], row["last_order"], row["recency"], row["units"], row["gross"],
            row["refunded"], row["revenue"], four_digits(row["revenue"], row["orders"]),
            row["revenue"] - ACQUISITION_COST, f"{row['r']}{row['f']}{row['m']}", row["segment"],
            row["first_order"].replace(day=1),
        )
        for row in told.files.customers(told.as_of)
    }  # fmt: skip
    rows = told.rows(
        "SELECT people.external_id AS customer, figures.* FROM gold_customer_analytics AS figures"
        " INNER JOIN silver_customers AS people ON figures.customer_id = people.customer_id"
        " WHERE people.channel = {channel} AND total_orders > 0"
    )
    found = {
        row["customer"]: (
            row["total_orders"], day(row["first_order_date"]), day(row["last_order_date"]), row["recency_days"],
            row["total_units"], money(row["gross_revenue"]), money(row["refunded"]), money(row["total_revenue"]),
            money(row["avg_order_value"]), money(row["customer_lifetime_value"]), row["rfm_score"],
            row["customer_segment"], day(row["cohort_month"]),
        )
        for row in rows
    }  # fmt: skip
    assert found == expected
    if told.channel == "online-retail":
        assert {row[11] for row in expected.values()} == {"VIP", "Loyal", "New", "At Risk", "Lost", "Regular"}


def test_repeat_rate_and_segments(told: Set) -> None:
    customers = told.files.customers(told.as_of)
    repeat = sum(row["orders"] >= 2 for row in customers)
    (found,) = told.rows(
        "SELECT countIf(total_orders >= 2) AS repeat, countIf(total_orders >= 1) AS customers"
        " FROM gold_customer_analytics WHERE first_channel = {channel}"
    )
    assert (found["repeat"], found["customers"]) == (repeat, len(customers))


def test_the_triangle_of_cohorts(told: Set) -> None:
    """By first order, and who ordered again: credit notes are not orders, unlike in the published row."""
    expected = told.files.cohorts()
    if told.channel == "online-retail":
        december = [expected[date(2010, 12, 1), period][1] for period in range(13)]
        assert december == [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
    rows = told.rows(
        "SELECT cohort_month, period, cohort_size, customers, orders, retention FROM customer_cohorts"
        " WHERE first_channel = {channel}"
    )
    found = {
        (day(row["cohort_month"]), row["period"]): (row["cohort_size"], row["customers"], row["orders"])
        for row in rows
        if row["customers"]
    }
    assert found == expected
    for row in rows:
        assert row["retention"] == pytest.approx(row["customers"] / row["cohort_size"], abs=1e-6)


def test_every_product(told: Set) -> None:
    """Units, returns, orders, revenue, first and last sale, and how well it sells."""
    expected = {
        row["sku"]: (
            row["units_sold"], row["units_returned"], row["orders"], row["revenue"], row["first_sold"],
            row["last_sold"], row["performance"],
        )
        for row in told.files.products()
    }  # fmt: skip
    rows = told.rows(
        "SELECT figures.* FROM gold_product_performance AS figures INNER JOIN (SELECT DISTINCT product_id"
        " FROM daily_sales_summary WHERE channel = {channel}) AS sold ON figures.product_id = sold.product_id"
    )
    found = {
        row["sku"]: (
            row["total_units_sold"], row["units_returned"], row["total_orders"], money(row["total_revenue"]),
            day(row["first_sold_date"]), day(row["last_sold_date"]), row["sales_performance"],
        )
        for row in rows
    }  # fmt: skip
    assert found == expected
    for row in rows:
        sold = row["total_units_sold"]
        assert row["return_rate"] == (pytest.approx(row["units_returned"] / sold, abs=1e-6) if sold else None)


def test_best_and_worst(told: Set) -> None:
    revenue = sorted((row["revenue"] for row in told.files.products()), reverse=True)
    rows = told.rows(
        "SELECT figures.total_revenue AS revenue FROM gold_product_performance AS figures INNER JOIN"
        " (SELECT DISTINCT product_id FROM daily_sales_summary WHERE channel = {channel}) AS sold"
        " ON figures.product_id = sold.product_id ORDER BY revenue DESC"
    )
    found = [money(row["revenue"]) for row in rows]
    assert (found[:20], found[-20:]) == (revenue[:20], revenue[-20:])


def test_months_their_average_order_and_their_growth(told: Set) -> None:
    months = by(told.files.months(), "month")
    rows = told.rows("SELECT * FROM gold_monthly_sales WHERE currency = {currency} ORDER BY month")
    found = by([row | {"month": day(row["month"])} for row in rows], "month")
    assert set(months) <= set(found)
    for month, row in found.items():
        told_month = months.get(month, {"revenue": Decimal(0), "orders": 0})
        assert (money(row["revenue"]), row["orders"]) == (told_month["revenue"], told_month["orders"])
        assert money(row["average_order_value"]) == four_digits(told_month["revenue"], told_month["orders"])
        last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        assert row["is_whole"] == (last < told.as_of)
    for before, month in pairwise(sorted(found)):
        was, is_ = (money(found[m]["revenue"]) or Decimal(0) for m in (before, month))
        growth = float(is_ / was - 1) if found[month]["is_whole"] and was > 0 else None
        assert found[month]["revenue_growth"] == (pytest.approx(growth, abs=1e-6) if growth is not None else None)
