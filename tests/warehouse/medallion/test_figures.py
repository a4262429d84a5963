"""The gold tables, built by dbt through the gateway from facts that walked the whole path: book, relay, sink."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, an_order
from tests.warehouse.medallion.conftest import Builder
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.catalog.categories import create_category, delete_category, rename_category
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.people.erasure import erase_customer
from tradewind.commerce.reviews.model import Review, ReviewStatus
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.commerce.reviews.store import ratings_of
from tradewind.commerce.reviews.writing import moderate_review
from tradewind.core.money import exponent
from tradewind.warehouse import medallion

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("medallion")]


def test_a_build_makes_every_model_and_tells_rows_and_seconds(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    assert len(built.nodes) == 53
    by_name = {node.name: node for node in built.nodes}
    assert by_name["silver_orders"].rows == builder.landed["orders"] < builder.landed["n"]
    assert by_name["bronze_orders"].rows is None
    assert all(node.seconds > 0 and node.status == "built" for node in built.nodes)
    assert {row["engine"] for row in builder.rows("SELECT engine FROM system.tables WHERE name LIKE 'bronze_%'")} == {
        "View"
    }


def test_the_projects_own_tests_pass_without_a_warning(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    assert builder.build().is_good  # others may have built single models on what came in since
    result = builder.check()
    assert [node for node in result.nodes if node.status != "passed"] == []
    kinds = {node.kind for node in result.nodes}
    assert kinds == {"test", "unit_test"}
    names = {node.name for node in result.nodes}
    assert {"assert_daily_sales_summary_equals_live", "assert_gold_sales_metrics_equals_live"} <= names


_GOLD = {
    "product": """SELECT date AS day, channel, currency, product_id, total_revenue AS revenue, refunded,
        total_units AS units, toInt64(num_orders) AS orders FROM daily_sales_summary""",
    "order": """SELECT date AS day, channel, currency, '' AS product_id, revenue, refunded, units,
        toInt64(orders) AS orders FROM gold_sales_metrics""",
}


@pytest.mark.parametrize("grain", ["product", "order"])
def test_gold_equals_live_to_the_cent(builder: Builder, built: medallion.BuildResult, grain: str) -> None:
    assert built.is_good
    gold = builder.rows(f"{_GOLD[grain]} WHERE channel IN ('shop', 'amazon')")
    live = builder.rows(
        """SELECT day, channel, currency, product_id, sum(l.revenue) AS revenue, sum(l.refunded) AS refunded,
            sum(l.units) AS units, sum(l.orders) AS orders
        FROM live_daily_sales AS l WHERE grain = {grain:String} AND channel IN ('shop', 'amazon')
        GROUP BY day, channel, currency, product_id""",
        grain=grain,
    )
    assert _groups(gold) == _groups(live)
    assert len(_groups(live)) > 300


def _groups(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Rows by their key, without those of zeros: live keeps what a change took back."""
    groups = {
        (row["day"], row["channel"], row["currency"], row["product_id"]): (
            row["revenue"], row["refunded"], row["units"], row["orders"],
        )
        for row in rows
    }  # fmt: skip
    return {key: values for key, values in groups.items() if any(values)}


def test_revenue_is_what_the_books_say(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    sold = {"confirmed", "processing", "shipped", "delivered"}
    expected: dict[str, Decimal] = defaultdict(Decimal)
    with builder.platform.database.read() as tx:
        for order in tx.scalars(select(Order)):
            if order.status in sold and not order.is_test and order.order_number.startswith(("shop-", "amazon-")):
                expected[order.currency] += Decimal(order.revenue_minor).scaleb(0 if order.currency == "JPY" else -2)
    found = builder.rows(
        "SELECT currency, sum(gross_revenue) AS gross FROM daily_sales_summary"
        " WHERE channel IN ('shop', 'amazon') GROUP BY currency"
    )
    assert {row["currency"]: row["gross"] for row in found if row["gross"]} == expected


def test_figures_are_converted_with_the_rate_of_their_day_or_not_at_all(
    builder: Builder, built: medallion.BuildResult
) -> None:
    assert built.is_good
    rates = builder.rows(
        "SELECT currency, fx_rate, min(date) AS first, max(date) AS last, any(fx_rate_date) AS since, count() AS days,"
        " countIf(isNull(total_revenue_converted)) AS without FROM daily_sales_summary GROUP BY currency, fx_rate"
    )
    by_rate = {(row["currency"], row["fx_rate"]): row for row in rates}
    early, late = Decimal("0.909090909090"), Decimal("0.833333333333")
    assert set(by_rate) == {("EUR", Decimal(1)), ("USD", None), ("USD", early), ("USD", late), ("JPY", None)}
    assert by_rate["USD", None]["last"] < date(2025, 6, 1) <= by_rate["USD", early]["first"]
    assert by_rate["USD", early]["last"] < date(2025, 12, 1) <= by_rate["USD", late]["first"]
    assert by_rate["USD", late]["since"] == date(2025, 12, 1)
    for row in rates:
        assert row["without"] == (row["days"] if row["fx_rate"] is None else 0)
    sums = builder.rows(
        "SELECT sum(total_revenue) * any(fx_rate) AS a, sum(total_revenue_converted) AS b"
        " FROM daily_sales_summary WHERE fx_rate = {rate:Decimal(38, 12)}",
        rate=late,
    )
    assert sums[0]["a"] == sums[0]["b"] != 0


def test_ratings_are_those_of_the_published_reviews_as_the_shop_counts_them(builder: Builder) -> None:
    shop = Shop.open(builder.platform.database, "rated", keeps_stock=False)
    shop.book(an_order("RATED-1", a_line("RATED-MUG"), a_line("RATED-CUP")))
    with builder.platform.database.write() as tx:
        products = find_products(tx, ["RATED-MUG", "RATED-CUP"])
        mug, cup = products["RATED-MUG"].id, products["RATED-CUP"].id
        news = [NewReview(f"rated-{n}", mug, stars, NOON) for n, stars in enumerate((5, 4, 4, 1))]
        record_reviews(tx, [*news, NewReview("rated-cup", cup, 1, NOON)], shop.booking)
        for external_id in ("rated-3", "rated-cup"):
            review_id = tx.scalars(select(Review.id).where(Review.external_id == external_id)).one()
            moderate_review(tx, review_id, ReviewStatus.REJECTED, actor=SYSTEM, now=NOON + timedelta(days=1))
    builder.platform.settle()
    assert builder.build(select="+gold_product_ratings").is_good
    with builder.platform.database.read() as tx:
        shown = ratings_of(tx, [mug, cup])
    assert (shown[mug].count, shown[mug].average, shown[cup].count) == (3, Decimal("4.33"), 0)
    rows = builder.rows("SELECT * FROM gold_product_ratings WHERE product_id IN {ids:Array(String)}", ids=[mug, cup])
    assert [(row["product_id"], row["reviews"], row["stars"], row["average_rating"]) for row in rows] == [
        (mug, 3, 13, Decimal("4.33"))
    ]


def test_the_business_day_is_cut_in_the_stores_zone_also_when_clocks_change(builder: Builder) -> None:
    shop = Shop.open(builder.platform.database, "night", keeps_stock=False)
    moments = [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
    ]
    shop.book(*(an_order(f"N-{i}", placed_at=moment) for i, (moment, _) in enumerate(moments)))
    builder.platform.settle()
    assert builder.build().is_good
    rows = builder.rows("SELECT date, num_orders FROM daily_sales_summary WHERE channel = 'night' ORDER BY date")
    assert [(row["date"], row["num_orders"]) for row in rows] == [
        (date(2026, 3, 28), 1), (date(2026, 3, 29), 2), (date(2026, 3, 30), 1),
    ]  # fmt: skip


def test_tests_hold_while_facts_come_in_after_the_build(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    assert builder.build().is_good
    shop = Shop.open(builder.platform.database, "late", keeps_stock=False)
    shop.book(*(an_order(f"L-{i}", a_line("SKU-1", 2, "5.00")) for i in range(5)))
    builder.platform.settle()
    result = builder.check(select="assert_daily_sales_summary_equals_live assert_gold_sales_metrics_equals_live")
    assert [node.status for node in result.nodes] == ["passed", "passed"]


def test_a_gold_table_that_is_wrong_is_found(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    command = builder.platform.warehouse.command
    command("CREATE TABLE kept AS daily_sales_summary")
    command("INSERT INTO kept SELECT * FROM daily_sales_summary")
    command("INSERT INTO daily_sales_summary SELECT * FROM kept ORDER BY total_revenue DESC LIMIT 1")
    try:
        result = builder.check(select="daily_sales_summary")
    finally:
        command("EXCHANGE TABLES kept AND daily_sales_summary")
        command("DROP TABLE kept SYNC")
    failed = {node.name for node in result.failures}
    assert {"assert_daily_sales_summary_equals_live", "assert_products_add_up_to_channels"} <= failed
    assert any(name.startswith("unique_together_daily_sales_summary") for name in failed)


def test_an_erased_customers_name_is_gone_at_once(builder: Builder, built: medallion.BuildResult) -> None:
    assert built.is_good
    shop = Shop.open(builder.platform.database, "privacy", keeps_stock=False)
    told = NewCustomer("buyer-of-privacy", email="Someone@Example.com", name="SOMEONE SAMPLE", city="berlin")
    order = an_order("PRIVATE-1", a_line("MUG", 1, "12.50"), customer=told, status=OrderStatus.DELIVERED)
    shop.book(order)
    builder.platform.settle()
    assert builder.build(select="+gold_customer_analytics").is_good
    with builder.platform.database.read() as tx:
        customer_id = tx.scalars(select(Order.customer_id).where(Order.order_number == "PRIVATE-1")).one()
    assert customer_id is not None
    ask = "SELECT name, email, city, total_orders FROM gold_customer_analytics WHERE customer_id = {id:String}"
    before = {"name": "Someone Sample", "email": "someone@example.com", "city": "Berlin", "total_orders": 1}
    assert builder.rows(ask, id=customer_id) == [before]
    with builder.platform.database.write() as tx:
        erase_customer(tx, customer_id, actor=SYSTEM, now=NOON + timedelta(days=1))
    builder.platform.settle()
    after = {"name": None, "email": None, "city": None, "total_orders": 1}
    assert builder.rows(ask, id=customer_id) == [after]
    # No stored table of silver or gold has kept the person.
    stored = builder.rows(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine != 'View'"
        " AND (name LIKE 'silver_%' OR name LIKE 'gold_%')"
    )
    assert len(stored) > 20
    columns = builder.rows(
        "SELECT table FROM system.columns WHERE database = currentDatabase() AND name IN ('email', 'phone', 'city')"
        " AND table IN {tables:Array(String)}",
        tables=[row["name"] for row in stored],
    )
    assert {row["table"] for row in columns} <= {"gold_sales_lines"}, "the city that goods went to, of an order"


def test_categories_are_told_as_they_change(builder: Builder) -> None:
    with builder.platform.database.write() as tx:
        home = create_category(tx, "Garden", actor=SYSTEM, now=NOON)
        child = create_category(tx, "Pots", parent_id=home, actor=SYSTEM, now=NOON)
    with builder.platform.database.write() as tx:
        rename_category(tx, home, "Outside", actor=SYSTEM, now=NOON + timedelta(seconds=1))
    with builder.platform.database.write() as tx:
        delete_category(tx, child, actor=SYSTEM, now=NOON + timedelta(seconds=2))
    builder.platform.settle()
    assert builder.build(select="+silver_product_categories").is_good
    rows = builder.rows(
        "SELECT path, depth, status FROM silver_product_categories WHERE category_id IN {ids:Array(String)}"
        " ORDER BY path",
        ids=[home, child],
    )
    assert [tuple(row.values()) for row in rows] == [("Outside", 1, "active"), ("Outside > Pots", 2, "deleted")]


def test_every_currency_shares_in_the_minor_units_that_we_book_in(builder: Builder) -> None:
    macro = (medallion.PROJECT / "macros/largest_remainder.sql").read_text()
    listed = {code: digits for digits, codes in _listed(macro) for code in codes}
    for code in ("EUR", "USD", "JPY", "KRW", "KWD", "TND", "CLF", "CLP", "ISK", "VND", "XOF", "BHD", "UGX"):
        assert listed.get(code, 2) == exponent(code), code


def _listed(macro: str) -> Iterator[tuple[int, list[str]]]:
    body = macro.split("macro minor_units")[1].split("endmacro", maxsplit=1)[0]
    for line in body.splitlines():
        codes = re.findall(r"'([A-Z]{3})'", line)
        if codes:
            yield len(line.rstrip(",").rsplit(" ", 1)[1]) - 1, codes
