"""The same gold tables by PostgreSQL, from the same facts in the same run: how long either takes, and that they agree.

The facts are those of `bench.medallion_data`. PostgreSQL gets them in the form that suits it, which is less than dbt
starts from: one row per order, line and refund line, no versions to choose from, indexed and analysed; loading is not
counted. Both make sales lines with the rate of their day, days by channel and product, customers with their scores,
cohorts, and products. The address of the server is TRADEWIND_TEST_POSTGRES_URL (see scripts/services).
"""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench.machine import Figure, measure
from bench.medallion_data import fill
from tradewind.core.settings import load_settings
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access, serve_gateway

_MODELS = ("daily_sales_summary", "gold_customer_metrics", "customer_cohorts", "gold_product_performance")
_FROM_SILVER = ("gold_sales_lines", "gold_daily_sales", *_MODELS)
"""Ours that begin where PostgreSQL begins."""
_ROWS_PER_COPY = 200_000

_TABLES: LiteralString = """
    CREATE UNLOGGED TABLE orders (order_id text, placed_at timestamptz, channel text, currency text, customer_id text);
    CREATE UNLOGGED TABLE lines (order_id text, product_id text, quantity bigint, revenue numeric(18, 4));
    CREATE UNLOGGED TABLE refund_lines (
        refunded_at timestamptz, channel text, currency text, customer_id text, product_id text, quantity bigint,
        amount numeric(18, 4)
    );
    CREATE UNLOGGED TABLE rates (currency text, since date, rate numeric(38, 12));
"""
_INDEXES: LiteralString = """
    ALTER TABLE orders ADD PRIMARY KEY (order_id);
    CREATE INDEX ON lines (order_id);
    CREATE INDEX ON rates (currency, since);
    ANALYZE;
"""
_COPIED = {
    "orders": "SELECT order_id, placed_at, channel, currency, customer_id FROM silver_orders WHERE is_counted = 1",
    "lines": "SELECT order_id, product_id, quantity, revenue FROM silver_order_items WHERE is_sold = 1",
    "refund_lines": (
        "SELECT refunded_at, channel, currency, customer_id, product_id, quantity, amount FROM silver_refund_items"
    ),
    "rates": "SELECT currency, since, rate FROM silver_reporting_rates",
}
_SALES: LiteralString = """
    CREATE UNLOGGED TABLE sales AS
    WITH entries AS (
        SELECT (placed_at AT TIME ZONE 'UTC')::date AS day, channel, product_id, currency, customer_id, order_id,
            quantity AS units, revenue
        FROM lines JOIN orders USING (order_id)
        UNION ALL
        SELECT (refunded_at AT TIME ZONE 'UTC')::date, channel, product_id, currency, customer_id, NULL, -quantity,
            -amount
        FROM refund_lines
    ),
    rates_of_days AS (
        SELECT days.currency, days.day, (
            SELECT rate FROM rates WHERE rates.currency = days.currency AND since <= days.day
            ORDER BY since DESC LIMIT 1
        ) AS rate
        FROM (SELECT DISTINCT currency, day FROM entries) AS days
    )
    SELECT entries.*, revenue * rate AS converted FROM entries LEFT JOIN rates_of_days USING (currency, day)
"""
_DAYS: LiteralString = """
    CREATE UNLOGGED TABLE daily_sales_summary AS
    SELECT day, channel, product_id, currency, sum(revenue) AS revenue, sum(units) AS units,
        count(DISTINCT order_id) AS orders, sum(converted) AS converted
    FROM sales GROUP BY day, channel, product_id, currency
"""
_CUSTOMERS: LiteralString = """
    CREATE UNLOGGED TABLE customers AS
    WITH bought AS (
        SELECT customer_id, count(DISTINCT order_id) AS orders,
            min(day) FILTER (WHERE order_id IS NOT NULL) AS first_day,
            max(day) FILTER (WHERE order_id IS NOT NULL) AS last_day, coalesce(sum(converted), 0) AS revenue
        FROM sales WHERE customer_id IS NOT NULL GROUP BY customer_id
    ),
    scored AS (
        SELECT *, least((SELECT max(day) FROM sales), (now() AT TIME ZONE 'UTC')::date) - last_day AS recency
        FROM bought WHERE orders > 0
    )
    SELECT *, CASE WHEN recency <= 30 THEN 5 WHEN recency <= 90 THEN 4 WHEN recency <= 180 THEN 3
            WHEN recency <= 365 THEN 2 ELSE 1 END AS r,
        CASE WHEN orders >= 10 THEN 5 WHEN orders >= 5 THEN 4 WHEN orders >= 3 THEN 3 WHEN orders >= 2 THEN 2
            ELSE 1 END AS f,
        CASE WHEN revenue >= 5000 THEN 5 WHEN revenue >= 2000 THEN 4 WHEN revenue >= 1000 THEN 3
            WHEN revenue >= 500 THEN 2 ELSE 1 END AS m
    FROM scored
"""
_COHORTS: LiteralString = """
    CREATE UNLOGGED TABLE cohorts AS
    SELECT date_trunc('month', first_day)::date AS cohort_month, date_trunc('month', day)::date AS month,
        count(DISTINCT customer_id) AS customers, count(DISTINCT order_id) AS orders
    FROM sales JOIN customers USING (customer_id) WHERE order_id IS NOT NULL GROUP BY 1, 2
"""
_PRODUCTS: LiteralString = """
    CREATE UNLOGGED TABLE products AS
    SELECT product_id, sum(units) FILTER (WHERE units > 0) AS units_sold,
        -sum(units) FILTER (WHERE units < 0) AS returned,
        count(DISTINCT order_id) AS orders, sum(converted) AS revenue, min(day) AS first_day, max(day) AS last_day
    FROM sales GROUP BY product_id
"""
_STEPS: dict[str, LiteralString] = {
    "sales lines": _SALES, "days": _DAYS, "customers": _CUSTOMERS, "cohorts": _COHORTS, "products": _PRODUCTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """A sum that both sides have to have."""

    name: str
    ours: str
    theirs: LiteralString


_AGREED = (
    Agreed(
        "revenue and units of days",
        "SELECT sum(total_revenue), sum(total_units), sum(num_orders) FROM daily_sales_summary",
        "SELECT sum(revenue), sum(units), sum(orders) FROM daily_sales_summary",
    ),
    Agreed(
        "customers by scores",
        "SELECT count(), sum(total_orders), sum(toUInt64OrZero(rfm_score)) FROM gold_customer_metrics"
        " WHERE total_orders > 0",
        "SELECT count(*), sum(orders), sum(100 * r + 10 * f + m) FROM customers",
    ),
    Agreed(
        "cohorts",
        "SELECT sum(customers), sum(orders) FROM customer_cohorts WHERE first_channel = ''",
        "SELECT sum(customers), sum(orders) FROM cohorts",
    ),
    Agreed(
        "products",
        "SELECT sum(total_units_sold), sum(units_returned), sum(total_orders) FROM gold_product_performance",
        "SELECT sum(units_sold), sum(returned), sum(orders) FROM products",
    ),
)


def run(*, quick: bool) -> list[Figure]:
    orders = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        platform = Platform(load_settings(data_dir=Path(folder) / "data"), purpose="A benchmark")
        try:
            lines = fill(platform.warehouse, orders=orders, ends_at=datetime.now(UTC))
            built = _built(platform.warehouse, Path(folder) / "work")
            with _database() as postgres:
                _load(platform.warehouse, postgres)
                theirs = {name: _seconds(postgres, text) for name, text in _STEPS.items()}
                _agree(platform.warehouse, postgres)
        finally:
            platform.close()
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in theirs.items())
    peer: dict[str, Any] = {"limit": sum(theirs.values()), "limit_name": "PostgreSQL, loaded before"}
    from_silver = sum(node.seconds for node in built.nodes if node.name in _FROM_SILVER)
    return [
        Figure(
            "four gold tables from silver",
            from_silver,
            "s",
            is_better="lower",
            **peer,
            note=f"{orders} orders, {lines} lines; PostgreSQL: {told}; both agree to the cent",
        ),
        Figure(
            "the same in full, from the landed rows",
            built.seconds,
            "s",
            is_better="lower",
            **peer,
            note="dbt's start and all of silver with it",
        ),
    ]


def _built(warehouse: Warehouse, work_dir: Path) -> medallion.BuildResult:
    """A full build of the four and of all they need."""
    gateway = serve_gateway(warehouse, lambda _, __: Access("bench", may_write=True), port=0)
    try:
        result = medallion.build(
            "127.0.0.1",
            gateway.port,
            "bench",
            "bench",
            work_dir=work_dir,
            variables={"reporting_currency": "EUR", "timezone": "UTC"},
            select=" ".join(f"+{name}" for name in _MODELS),
            full=True,
        )
    finally:
        gateway.stop()
    if not result.is_good:
        raise RuntimeError(f"The build failed: {result.failures}")
    return result


@contextmanager
def _database() -> Iterator[psycopg.Connection[Any]]:
    """A database of this run's own, dropped at the end."""
    server = os.environ.get("TRADEWIND_TEST_POSTGRES_URL")
    if server is None:
        raise SystemExit('This measure needs PostgreSQL: eval "$(scripts/services start)"')
    address = make_url(server).set(drivername="postgresql")
    name = f"tradewind_bench_{uuid.uuid4().hex}"
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            mine = address.set(database=name).render_as_string(hide_password=False)
            with psycopg.connect(mine, autocommit=True) as connection:
                yield connection
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _load(warehouse: Warehouse, postgres: psycopg.Connection[Any]) -> None:
    postgres.execute(_TABLES)
    with warehouse.connection() as reading:
        for table, query in _COPIED.items():
            copied = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            offset = 0
            with postgres.cursor().copy(copied) as into:
                while block := reading.raw(
                    f"SELECT * FROM ({query}) ORDER BY ALL LIMIT {_ROWS_PER_COPY} OFFSET {offset}", "TSV"
                ):
                    into.write(block)
                    offset += _ROWS_PER_COPY
    postgres.execute(_INDEXES)


def _seconds(postgres: psycopg.Connection[Any], text: LiteralString) -> float:
    began = time.perf_counter()
    postgres.execute(text)
    taken = time.perf_counter() - began
    postgres.execute("ANALYZE")
    return taken


def _agree(warehouse: Warehouse, postgres: psycopg.Connection[Any]) -> None:
    """Speed of a wrong answer is no speed."""
    for agreed in _AGREED:
        (ours,) = warehouse.query(agreed.ours)
        theirs = postgres.execute(agreed.theirs).fetchone()
        assert theirs is not None
        mine = [Decimal(str(value)) for value in ours.values()]
        if mine != [Decimal(value) for value in theirs]:
            raise AssertionError(f"{agreed.name}: gold has {mine}, PostgreSQL {list(theirs)}")


if __name__ == "__main__":
    measure(run)
