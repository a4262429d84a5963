"""The warehouse's side: the same figures from landed tables, live tables and gold. Key columns come first."""

from __future__ import annotations

from decimal import Decimal

from tradewind.verify.sums import Sums
from tradewind.warehouse.client import QueryFailed, Warehouse

_LATEST_ORDERS = "(SELECT * FROM log_orders ORDER BY order_id, version DESC LIMIT 1 BY order_id)"

ORDERS = f"""
    SELECT toString(toDate32(placed_at, 'UTC')) AS day, channel, currency,
        count(), sum(is_sold), sum(units), sum(revenue), sumIf(revenue, is_sold = 1), sum(total)
    FROM {_LATEST_ORDERS} GROUP BY day, channel, currency
"""
ORDER_ITEMS = f"""
    SELECT toString(toDate32(placed_at, 'UTC')) AS day, channel, currency,
        count(), sum(line.quantity), sum(line.revenue)
    FROM {_LATEST_ORDERS} ARRAY JOIN lines AS line GROUP BY day, channel, currency
"""
REFUNDS = """
    SELECT toString(toDate32(refunded_at, 'UTC')) AS day, channel, currency,
        count(), sum(units), sum(items), sum(amount)
    FROM log_refunds GROUP BY day, channel, currency
"""
PAYMENTS = """
    SELECT channel, method, currency, count(), sum(amount)
    FROM log_payments GROUP BY channel, method, currency
"""
STOCK_MOVEMENTS = """
    SELECT toString(toDate32(occurred_at, 'UTC')) AS day, reason, count(), sum(delta)
    FROM log_stock_movements GROUP BY day, reason
"""
PRODUCTS = "SELECT uniqExact(product_id) FROM log_products"
CUSTOMERS = "SELECT uniqExact(customer_id) FROM log_customers"
REVIEWS = """
    SELECT status, count(), sum(rating)
    FROM (SELECT * FROM log_reviews ORDER BY review_id, log_offset DESC LIMIT 1 BY review_id) GROUP BY status
"""

LIVE_SALES_OF_ORDERS = """
    SELECT toString(toDate32(at, 'UTC')) AS d, channel, currency,
        sum(toInt64(orders)) AS o, sum(units) AS u, sum(revenue) AS r, sum(refunded) AS b
    FROM live_sales WHERE grain = 'order'
    GROUP BY d, channel, currency HAVING o != 0 OR u != 0 OR r != 0 OR b != 0
"""
LIVE_SALES_OF_PRODUCTS = """
    SELECT toString(toDate32(at, 'UTC')) AS d, channel, currency, sum(units) AS u, sum(revenue) AS r, sum(refunded) AS b
    FROM live_sales WHERE grain = 'product'
    GROUP BY d, channel, currency HAVING u != 0 OR r != 0 OR b != 0
"""
LIVE_ENTRIES_PER_BUSINESS_DAY = """
    SELECT grain, toString(day) AS d, channel, currency,
        sum(toInt64(orders)), sum(units), sum(revenue), sum(refunded)
    FROM live_sales GROUP BY grain, d, channel, currency
"""
LIVE_PER_BUSINESS_DAY = """
    SELECT grain, toString(day) AS d, channel, currency,
        sum(orders), sum(units), sum(revenue), sum(refunded)
    FROM live_daily_sales GROUP BY grain, d, channel, currency
"""
LIVE_FOR_GOLD = """
    SELECT toString(day) AS d, channel, currency, sum(units) AS u, sum(revenue) AS r
    FROM live_daily_sales WHERE grain = 'product'
    GROUP BY d, channel, currency HAVING u != 0 OR r != 0
"""
GOLD = """
    SELECT toString(date) AS d, channel, currency, sum(total_units) AS u, sum(total_revenue) AS r
    FROM daily_sales_summary
    GROUP BY d, channel, currency HAVING u != 0 OR r != 0
"""

_TABLES = (
    "log_orders",
    "log_refunds",
    "log_payments",
    "log_stock_movements",
    "log_products",
    "log_customers",
    "log_reviews",
    "log_channels",
    "log_fx_rates",
    "log_carts",
)
ALL_ROWS = " UNION ALL ".join(f"SELECT '{table}' AS name, count() AS c FROM {table}" for table in _TABLES)
DISTINCT_ROWS = " UNION ALL ".join(
    f"SELECT '{table}' AS name, uniqExact(log_partition, log_offset) AS c FROM {table}" for table in _TABLES
)


def sums(warehouse: Warehouse, sql: str, keys: int) -> Sums:
    """The rows of a query as figures by group."""
    found: Sums = {}
    for row in warehouse.query(sql):
        values = list(row.values())
        found[tuple(str(part) for part in values[:keys])] = tuple(Decimal(value or 0) for value in values[keys:])
    return found


def gold_is_current(warehouse: Warehouse) -> bool:
    """Whether gold has been built, and from all that has landed: an older build is behind, not wrong."""
    try:
        (state,) = warehouse.query(
            "SELECT (SELECT max(built_at) FROM daily_sales_summary) AS built_at,"
            " greatest((SELECT max(ingested_at) FROM log_orders), (SELECT max(ingested_at) FROM log_refunds)) AS newest"
        )
    except QueryFailed as failure:
        if "UNKNOWN_TABLE" in str(failure):
            return False
        raise
    return bool(state["built_at"] and state["built_at"] >= state["newest"])
