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
LIVE_SHOP_SALES = """
    SELECT toString(toDate32(minute, 'UTC')) AS d, store_id, currency, sum(units) AS u, sum(amount) AS r
    FROM live_shop_sales GROUP BY d, store_id, currency HAVING u != 0 OR r != 0
"""
LIVE_SHOP_STOCK = "SELECT product_id, sum(available) AS u FROM live_shop_stock GROUP BY product_id HAVING u != 0"
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
LIVE_BUSINESS_DAYS = """
    SELECT toString(day) AS d, channel, currency,
        sum(orders) AS o, sum(units) AS u, sum(revenue) AS r, sum(refunded) AS b
    FROM live_daily_sales WHERE grain = 'order'
    GROUP BY d, channel, currency HAVING o != 0 OR u != 0 OR r != 0 OR b != 0
"""


def gold_sales(table: str) -> str:
    """Orders, units, revenue and refunds of the store's days, from a gold table with a row per day or finer."""
    return f"""
        SELECT toString(date) AS d, channel, currency,
            sum({table}.orders) AS o, sum({table}.units) AS u, sum({table}.revenue) AS r, sum({table}.refunded) AS b
        FROM {table} GROUP BY d, channel, currency HAVING o != 0 OR u != 0 OR r != 0 OR b != 0
    """


def gold_converted(table: str) -> str:
    """Revenue and refunds of the store's days in the reporting currency, where there is a rate."""
    return f"""
        SELECT toString(date) AS d, channel, currency, sum(revenue_converted) AS r, sum(refunded_converted) AS b
        FROM {table} WHERE isNotNull(revenue_converted)
        GROUP BY d, channel, currency HAVING r != 0 OR b != 0
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
    "log_product_categories",
    "log_fees",
    "log_ad_spend",
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


def has_live_shop(warehouse: Warehouse) -> bool:
    """Whether the live shop was ever deployed: a server does that when it starts."""
    return bool(
        warehouse.query(
            "SELECT 1 FROM system.tables WHERE database = {database:String} AND name = 'live_shop_sales'",
            {"database": warehouse.database},
        )
    )


_READ_BY_GOLD = ("orders", "refunds", "fx_rates")


def gold_is_current(warehouse: Warehouse, table: str = "daily_sales_summary") -> bool:
    """Whether a gold table has been built, and from all that has landed: an older build is behind, not wrong.

    A build writes down how far in the log it had read. When it began does not tell: what was in the log by then may
    have landed after it had looked.
    """
    landed = " UNION ALL ".join(
        f"SELECT 'seen {name}' AS stream, log_partition, max(log_offset) + 1 AS end FROM log_{name}"
        " GROUP BY log_partition"
        for name in _READ_BY_GOLD
    )
    streams = ", ".join(f"'seen {name}'" for name in _READ_BY_GOLD)
    try:
        (state,) = warehouse.query(
            f"""
            SELECT
                (SELECT max(built_at) FROM {table}) AS built_at,
                (SELECT max(built_at) FROM silver_changes WHERE stream IN ({streams})) AS looked_at,
                (
                    SELECT countIf(landed.end > seen.end)
                    FROM ({landed}) AS landed
                    LEFT JOIN (
                        SELECT stream, assumeNotNull(log_partition) AS log_partition,
                            max(assumeNotNull(log_offset)) + 1 AS end
                        FROM silver_changes WHERE stream IN ({streams}) GROUP BY stream, log_partition
                    ) AS seen ON landed.stream = seen.stream AND landed.log_partition = seen.log_partition
                ) AS unread
            """
        )
    except QueryFailed as failure:
        if "UNKNOWN_TABLE" in str(failure):
            return False
        raise
    return bool(state["built_at"] and state["built_at"] >= state["looked_at"] and not state["unread"])


def reporting_currency(warehouse: Warehouse, table: str) -> str:
    """The currency that a gold table was converted into; empty where it has no rows."""
    return "".join(
        row["reporting_currency"]
        for row in warehouse.query(f"SELECT any(reporting_currency) AS reporting_currency FROM {table}")
    )
