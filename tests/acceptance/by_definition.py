"""Gold once more, from the files alone: DuckDB computes what definitions say, with no code of the product's on the way.

What a row of a file is (a sale, a credit, a correction of stock) is what `straight` says it is. Days are UTC days: that
is where a store without a time zone of its own cuts them. Amounts are exact decimals, rounded once per line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

Row = dict[str, Any]

# Online Retail: a credit note, or a credit of money (negative price), is a refund; a line without a price is no sale
# where nobody bought it or nothing was handed over. Everything else was sold, also what was given away.
_RETAIL = """
    CREATE TABLE lines AS
    WITH read AS (
        SELECT invoice_no AS invoice, stock_code AS sku, quantity, CAST(customer_id AS VARCHAR) AS customer, local_at,
            CAST(CAST(unit_price AS VARCHAR) AS DECIMAL(18, 6)) AS price
        FROM (SELECT *, invoice_ts AS local_at FROM read_parquet('{folder}/transactions.parquet'))
    ),
    told AS (
        SELECT *, CAST(round(abs(price * quantity), 2) AS DECIMAL(18, 2)) AS amount,
            starts_with(invoice, 'C') OR price * quantity < 0 AS is_credit
        FROM read
    )
    SELECT invoice, sku, customer, days.day AS day, is_credit,
        CASE WHEN is_credit THEN 0 ELSE amount END AS sold,
        CASE WHEN is_credit THEN amount ELSE 0 END AS refunded,
        CASE WHEN is_credit THEN 0 ELSE quantity END AS units_sold,
        CASE WHEN is_credit AND price >= 0 THEN -quantity ELSE 0 END AS units_returned
    FROM told JOIN days USING (local_at)
    WHERE is_credit OR NOT (price = 0 AND (quantity < 0 OR customer IS NULL))
"""
# Olist: an order is sold unless it is cancelled, unavailable or merely created; an unknown state counts as confirmed.
# Who bought is the person where it is known, else the customer that the order names.
_PERSON = "coalesce(customer_unique_id, customer_id)"
_OLIST = """
    CREATE TABLE lines AS
    SELECT CAST(orders.order_idx AS VARCHAR) AS invoice, product_id AS sku, {person} AS customer,
        days.day AS day, FALSE AS is_credit, CAST(CAST(price AS VARCHAR) AS DECIMAL(18, 2)) AS sold,
        CAST(0 AS DECIMAL(18, 2)) AS refunded, 1 AS units_sold, 0 AS units_returned
    FROM read_parquet('{folder}/order_items.parquet') AS items
    JOIN (SELECT *, purchased_at AS local_at FROM read_parquet('{folder}/orders.parquet')) AS orders USING (order_idx)
    JOIN days USING (local_at)
    WHERE order_status IS NULL OR order_status NOT IN ('canceled', 'unavailable', 'created')
"""
_OLIST_ORDERS = """
    CREATE TABLE orders AS
    SELECT CAST(order_idx AS VARCHAR) AS invoice, days.day AS day, {person} AS customer
    FROM (SELECT *, purchased_at AS local_at FROM read_parquet('{folder}/orders.parquet')) JOIN days USING (local_at)
    WHERE order_status IS NULL OR order_status NOT IN ('canceled', 'unavailable', 'created')
"""
_RETAIL_ORDERS = """
    CREATE TABLE orders AS
    SELECT invoice, min(day) AS day, any_value(customer) AS customer FROM lines WHERE NOT is_credit GROUP BY invoice
"""


class Files:
    """One set, ready to be asked."""

    def __init__(self, duck: duckdb.DuckDBPyConnection) -> None:
        self._duck = duck

    @classmethod
    def online_retail(cls, folder: Path) -> Files:
        duck = duckdb.connect()
        _cut_days(duck, folder / "transactions.parquet", "invoice_ts", "Europe/London")
        duck.execute(_RETAIL.format(folder=folder))
        duck.execute(_RETAIL_ORDERS)
        return cls(duck)

    @classmethod
    def olist(cls, folder: Path) -> Files:
        duck = duckdb.connect()
        _cut_days(duck, folder / "orders.parquet", "purchased_at", "America/Sao_Paulo")
        for table in (_OLIST, _OLIST_ORDERS):
            duck.execute(table.format(folder=folder, person=_PERSON))
        return cls(duck)

    def ask(self, sql: str) -> list[Row]:
        answer = self._duck.execute(sql)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def close(self) -> None:
        self._duck.close()

    def days(self) -> list[Row]:
        """Revenue, refunds, units and orders of every day: sales on the day of the order, refunds on their own."""
        return self.ask("""
            SELECT day, coalesce(sum(sold), 0) AS gross_revenue, coalesce(sum(refunded), 0) AS refunded,
                coalesce(sum(sold) - sum(refunded), 0) AS revenue,
                CAST(coalesce(sum(units_sold) - sum(units_returned), 0) AS BIGINT) AS units,
                any_value(coalesce(ordered.orders, 0)) AS orders
            FROM lines FULL JOIN (SELECT day, count(*) AS orders FROM orders GROUP BY day) AS ordered USING (day)
            GROUP BY day
        """)

    def products_of_days(self) -> list[Row]:
        """The same of every product and day; orders are those that contain it."""
        return self.ask("""
            SELECT day, sku, sum(sold) - sum(refunded) AS revenue,
                CAST(sum(units_sold) - sum(units_returned) AS BIGINT) AS units,
                count(DISTINCT invoice) FILTER (NOT is_credit) AS orders
            FROM lines GROUP BY day, sku
        """)

    def products(self) -> list[Row]:
        """What became of every product over all days."""
        return self.ask("""
            SELECT sku, CAST(sum(units_sold) AS BIGINT) AS units_sold,
                CAST(sum(units_returned) AS BIGINT) AS units_returned,
                count(DISTINCT invoice) FILTER (NOT is_credit) AS orders, sum(sold) - sum(refunded) AS revenue,
                min(day) FILTER (units_sold > 0) AS first_sold, max(day) FILTER (units_sold > 0) AS last_sold,
                CASE WHEN sum(units_sold) >= 100 THEN 'Best Seller' WHEN sum(units_sold) >= 50 THEN 'Good'
                    WHEN sum(units_sold) >= 10 THEN 'Moderate' WHEN sum(units_sold) > 0 THEN 'Poor'
                    ELSE 'No Sales' END AS performance
            FROM lines GROUP BY sku
        """)

    def months(self) -> list[Row]:
        """Revenue, orders, average order value and growth of every month, on one row per month."""
        return self.ask("""
            WITH months AS (
                SELECT date_trunc('month', day) AS month, sum(sold) - sum(refunded) AS revenue FROM lines GROUP BY month
            ),
            counted AS (SELECT date_trunc('month', day) AS month, count(*) AS orders FROM orders GROUP BY month)
            SELECT CAST(month AS DATE) AS month, coalesce(revenue, 0) AS revenue, coalesce(orders, 0) AS orders
            FROM months FULL JOIN counted USING (month) ORDER BY month
        """)

    def customers(self, as_of: date) -> list[Row]:
        """Everybody who bought: what they did, how they score by the fixed bounds, and their segment."""
        return self.ask(f"""
            WITH bought AS (
                SELECT customer, count(*) AS orders, min(day) AS first_order, max(day) AS last_order
                FROM orders WHERE customer IS NOT NULL GROUP BY customer
            ),
            spent AS (
                SELECT customer, sum(sold) AS gross, sum(refunded) AS refunded,
                    CAST(sum(units_sold) - sum(units_returned) AS BIGINT) AS units
                FROM lines WHERE customer IS NOT NULL GROUP BY customer
            ),
            scored AS (
                SELECT *, gross - refunded AS revenue, date_diff('day', last_order, DATE '{as_of}') AS recency,
                    CASE WHEN recency <= 30 THEN 5 WHEN recency <= 90 THEN 4 WHEN recency <= 180 THEN 3
                        WHEN recency <= 365 THEN 2 ELSE 1 END AS r,
                    CASE WHEN orders >= 10 THEN 5 WHEN orders >= 5 THEN 4 WHEN orders >= 3 THEN 3
                        WHEN orders >= 2 THEN 2 ELSE 1 END AS f,
                    CASE WHEN revenue >= 5000 THEN 5 WHEN revenue >= 2000 THEN 4 WHEN revenue >= 1000 THEN 3
                        WHEN revenue >= 500 THEN 2 ELSE 1 END AS m
                FROM bought JOIN spent USING (customer)
            )
            SELECT *, CASE WHEN least(r, f, m) >= 4 THEN 'VIP' WHEN least(r, f, m) >= 3 THEN 'Loyal'
                WHEN r >= 4 AND f = 1 THEN 'New' WHEN r = 1 AND f <= 2 THEN 'Lost' WHEN r <= 2 AND f >= 2 THEN 'At Risk'
                WHEN r <= 2 THEN 'Lost' ELSE 'Regular' END AS segment
            FROM scored
        """)

    def cohorts(self) -> dict[tuple[date, int], tuple[int, int, int]]:
        """Size, customers who ordered and orders, by month of the first order and months since."""
        rows = self.ask("""
            WITH firsts AS (
                SELECT customer, min(day) AS first_day FROM orders WHERE customer IS NOT NULL GROUP BY customer
            ),
            active AS (
                SELECT CAST(date_trunc('month', first_day) AS DATE) AS cohort, count(*) AS orders,
                    date_diff('month', date_trunc('month', first_day), date_trunc('month', day)) AS period,
                    count(DISTINCT customer) AS customers
                FROM orders JOIN firsts USING (customer) GROUP BY cohort, period
            )
            SELECT cohort, period, max(customers) OVER (PARTITION BY cohort) AS size, customers, orders FROM active
        """)
        return {(row["cohort"], row["period"]): (row["size"], row["customers"], row["orders"]) for row in rows}

    def published_triangle(self, folder: Path) -> list[int]:
        """The row of December 2010 as it is published: any row with a customer counts, credit notes too."""
        rows = self.ask(f"""
            WITH months AS (
                SELECT DISTINCT customer_id, date_trunc('month', invoice_ts) AS month
                FROM read_parquet('{folder}/transactions.parquet') WHERE customer_id IS NOT NULL
            ),
            firsts AS (SELECT customer_id, min(month) AS cohort FROM months GROUP BY customer_id)
            SELECT count(*) AS customers FROM months JOIN firsts USING (customer_id)
            WHERE cohort = DATE '2010-12-01' GROUP BY month ORDER BY month
        """)
        return [row["customers"] for row in rows]


def by(rows: Iterable[Row], *keys: str) -> dict[Any, Row]:
    """Rows by their key, each key once."""
    found: dict[Any, Row] = {}
    for row in rows:
        key = tuple(row[name] for name in keys) if len(keys) > 1 else row[keys[0]]
        assert key not in found, key
        found[key] = row
    return found


def four_digits(amount: Decimal, count: int) -> Decimal | None:
    """A mean with four digits, half away from zero; None of nothing."""
    if not count:
        return None
    quotient = abs(amount) / count
    rounded = (quotient + Decimal("0.00005")).quantize(Decimal("0.0001"), "ROUND_DOWN")
    return rounded.copy_sign(amount)


def _cut_days(duck: duckdb.DuckDBPyConnection, file: Path, column: str, zone: str) -> None:
    """A table from each moment on the shop's clock to its day in UTC."""
    told: list[tuple[datetime]] = duck.execute(f"SELECT DISTINCT {column} FROM read_parquet('{file}')").fetchall()
    moments = [moment for (moment,) in told]
    days = [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).date() for moment in moments]
    table = pa.table({"local_at": pa.array(moments, pa.timestamp("us")), "day": pa.array(days, pa.date32())})
    duck.register("cut", table)
    duck.execute("CREATE TABLE days AS SELECT * FROM cut")
    duck.unregister("cut")
