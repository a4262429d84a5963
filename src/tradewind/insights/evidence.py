"""What a figure is made of, as SQL: the rows, what each of them counts, and how they are told apart.

A figure is the sum of its rows' numerators, of a ratio divided by the sum of their denominators: both are written
once here, and the figure and its rows are asked for with the same text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tradewind.insights.spans import Source

Place = Literal[
    "live", "lines", "customers", "products", "ratings", "operations", "stock", "funnel", "acquisition", "cohorts"
]


@dataclass(frozen=True, slots=True)
class Rows:
    """A kind of rows that figures are made of."""

    place: Place
    table: str
    """The table whose build and lineage count."""
    keys: tuple[str, ...]
    """What tells rows apart, newest or highest first; never null."""
    facts: tuple[tuple[str, str], ...]
    """Shown beside: name and aggregate."""
    filters: dict[str, str]
    """Columns by the name of the filter."""
    day: str | None = None
    """The column that the period is about; None: it is a state and has none."""
    source: Source | None = None
    """Of single rows of sales, with their moment and a currency of their own."""
    read_from: str = ""
    """What is read where that is not the table itself."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one metric adds up its rows. `{rate}` is the factor into the reporting currency."""

    rows: Rows
    numerator: str
    denominator: str | None = None
    once_by: str | None = None
    """Rows are counted once per value of this column, however many of them there are."""
    parts: tuple[str, ...] = ()
    """Amounts that are shown too, and add up to this one as they are shown: each is rounded for itself."""


_SALES_FILTERS = {name: name for name in ("channel", "product", "category", "country")}

LIVE = Rows(
    "live",
    "live_sales",
    ("local_day", "order_id"),
    (
        ("channel", "any(channel)"),
        ("country", "any(country)"),
        ("currency", "any(currency)"),
        ("units", "sum(r.units)"),
        ("revenue", "sum(r.revenue)"),
        ("refunded", "sum(r.refunded)"),
    ),
    _SALES_FILTERS,
    day="day",
    source=Source(
        "live_sales",
        "live_sales",
        "day",
        {},
        {name: name for name in ("order_id", "channel", "country", "currency", "product_id")}
        | {
            "units": "s.units",
            "revenue": "s.revenue",
            "refunded": "s.refunded",
            "orders": "toInt64(s.orders)",
        },
        "s.grain = {grain:String}",
    ),
)

_LINE_COLUMNS = {
    name: name for name in ("channel", "country", "region", "currency", "product_id", "sku", "line_no", "kind")
} | {
    "order": "ifNull(s.order_id, '')",
    "order_number": "ifNull(s.order_number, '')",
    "refund": "ifNull(s.refund_id, '')",
    "customer": "ifNull(s.customer_id, '')",
    "units": "s.units",
    "revenue": "s.revenue",
    "discount": "s.discount",
    "tax": "s.tax",
    "shipping": "s.shipping_share",
    "fees": "s.fees_share",
    "unit_cost": "s.unit_cost",
    "cost": "s.cost",
    "has_cost": "isNotNull(s.cost)",
    "is_order": "toInt64(s.kind = 'sale' AND s.is_counted = 1)",
}
_LINE_FACTS = tuple(
    (name, f"any(r.{name})")
    for name in "order_number channel product_id sku currency units revenue cost tax shipping fees".split()
)

LINES = Rows(
    "lines",
    "gold_sales_lines",
    ("local_day", "order", "refund", "line_no"),
    _LINE_FACTS,
    _SALES_FILTERS | {"region": "region"},
    day="date",
    source=Source("gold_sales_lines", "gold_sales_lines", "date", {}, _LINE_COLUMNS),
)
PAID_LINES = Rows(
    "lines",
    "gold_sales_lines",
    LINES.keys,
    LINES.facts,
    LINES.filters,
    day="if(kind = 'sale', paid_date, date)",
    source=LINES.source,
)
CUSTOMERS = Rows(
    "customers",
    "gold_customer_metrics",
    ("customer_id",),
    tuple(
        (name, f"any(r.{name})")
        for name in (
            "customer_segment",
            "rfm_score",
            "first_order_date",
            "last_order_date",
            "total_orders",
            "total_revenue",
            "avg_order_value",
            "customer_lifetime_value",
            "first_channel",
            "country",
        )
    ),
    {
        "channel": "first_channel",
        "country": "country",
        "segment": "customer_segment",
        "age_group": "age_group",
        "stage": "customer_lifetime_stage",
        "recency": "toString(recency_score)",
        "frequency": "toString(frequency_score)",
    },
)
BUYERS = Rows(
    "customers",
    "gold_customer_metrics",
    ("customer_id",),
    (*CUSTOMERS.facts, ("orders_in_period", "any(r.orders_here)"), ("revenue_in_period", "any(r.revenue_here)")),
    CUSTOMERS.filters,
    day="newest_day",
    read_from="""(
    SELECT m.*, l.orders_here AS orders_here, l.revenue_here AS revenue_here, l.newest_day AS newest_day
    FROM gold_customer_metrics AS m
    INNER JOIN (
        SELECT assumeNotNull(customer_id) AS buyer, sum(is_first_line) AS orders_here,
            sum(revenue_converted) AS revenue_here, max(date) AS newest_day
        FROM gold_sales_lines
        WHERE date >= {start:Date32} AND date < {end:Date32} AND ifNull(customer_id, '') != ''
        GROUP BY buyer
    ) AS l ON m.customer_id = l.buyer
)""",
)
"""Customers with sales or refunds in the period, and what those come to."""
FIRST_ORDERS = Rows(
    "customers",
    "gold_customer_metrics",
    ("customer_id",),
    CUSTOMERS.facts,
    CUSTOMERS.filters,
    day="first_order_date",
)
PRODUCTS = Rows(
    "products",
    "gold_product_performance",
    ("product_id",),
    tuple(
        (name, f"any(r.{name})")
        for name in (
            "sku",
            "product_name",
            "category",
            "total_units_sold",
            "in_stock_days",
            "current_stock",
            "stock_level",
            "avg_rating",
            "review_count",
            "margin_percent",
            "product_health_score",
        )
    ),
    {"product": "product_id", "category": "category"},
)
RATINGS = Rows("ratings", "gold_product_ratings", ("product_id",), (), {"product": "product_id"})
OPERATIONS = Rows(
    "operations",
    "gold_operational_metrics",
    ("date", "channel"),
    tuple(
        (name, f"any(r.{name})")
        for name in (
            "placed_orders",
            "cancelled_orders",
            "shipped_orders",
            "delivered_orders",
            "fulfilment_hours",
            "delivery_days",
            "units_shipped",
            "units_returned",
        )
    ),
    {"channel": "channel"},
    day="date",
)
STOCK = Rows(
    "stock",
    "gold_operational_metrics",
    ("date",),
    (("products_listed", "max(r.products_listed)"), ("products_out_of_stock", "max(r.products_out_of_stock)")),
    {},
    day="date",
    read_from="(SELECT date, max(products_listed) AS products_listed, max(products_out_of_stock)"
    " AS products_out_of_stock FROM gold_operational_metrics GROUP BY date)",
)
FUNNEL = Rows(
    "funnel",
    "gold_funnel",
    ("date", "channel"),
    tuple((name, f"any(r.{name})") for name in ("viewed", "carted", "checked_out")),
    {"channel": "channel"},
    day="date",
)
ACQUISITION = Rows(
    "acquisition",
    "gold_acquisition",
    ("month", "channel"),
    (("clicks", "any(r.clicks)"), ("impressions", "any(r.impressions)")),
    {"channel": "channel"},
    day="month",
)
COHORTS = Rows(
    "cohorts",
    "customer_cohorts",
    ("cohort_month", "period"),
    (("orders", "any(r.orders)"), ("revenue", "any(r.revenue)")),
    {},
    day="cohort_month",
    read_from="(SELECT * FROM customer_cohorts WHERE first_channel = '' AND period > 0)",
)

_KNOWN_COST = "r.has_cost"

EVIDENCE = {
    "revenue": Evidence(LIVE, "sum(r.revenue{rate})"),
    "gross_revenue": Evidence(
        LIVE, "sum((r.revenue + r.refunded){rate})", parts=("sum(r.revenue{rate})", "sum(r.refunded{rate})")
    ),
    "refunded": Evidence(LIVE, "sum(r.refunded{rate})"),
    "orders": Evidence(LIVE, "sum(r.orders)", once_by="order_id"),
    "units": Evidence(LIVE, "sum(r.units)"),
    "average_order_value": Evidence(LIVE, "sum(r.revenue{rate})", "sum(r.orders)", once_by="order_id"),
    "revenue_with_shipping": Evidence(LINES, "sum((r.revenue + r.shipping){rate})"),
    "revenue_with_tax": Evidence(LINES, "sum((r.revenue + r.shipping + r.tax){rate})"),
    "revenue_by_payment_day": Evidence(PAID_LINES, "sum(r.revenue{rate})"),
    "net_revenue": Evidence(LINES, "sum((r.revenue - r.fees){rate})"),
    "channel_fees": Evidence(LINES, "sum(r.fees{rate})"),
    "cost": Evidence(LINES, "sum(ifNull(r.cost, 0){rate})"),
    "gross_profit": Evidence(LINES, f"sumIf((r.revenue - ifNull(r.cost, 0)){{rate}}, {_KNOWN_COST})"),
    "margin": Evidence(
        LINES,
        f"sumIf((r.revenue - ifNull(r.cost, 0)){{rate}}, {_KNOWN_COST})",
        f"sumIf(r.revenue{{rate}}, {_KNOWN_COST})",
    ),
    "customers": Evidence(CUSTOMERS, "count()"),
    "customers_with_orders": Evidence(CUSTOMERS, "countIf(r.total_orders > 0)"),
    "new_customers": Evidence(FIRST_ORDERS, "countIf(isNotNull(r.first_order_date))"),
    "active_customers": Evidence(BUYERS, "countIf(r.orders_here > 0)"),
    "returning_customers": Evidence(BUYERS, "countIf(r.orders_here > 0 AND r.first_order_date < {{start:Date32}})"),
    "revenue_per_customer": Evidence(BUYERS, "sum(ifNull(r.revenue_here, 0))", "countIf(r.orders_here > 0)"),
    "repeat_rate": Evidence(CUSTOMERS, "countIf(r.total_orders > 1)", "countIf(r.total_orders > 0)"),
    "average_lifetime_value": Evidence(
        CUSTOMERS, "sum(ifNull(r.customer_lifetime_value, 0))", "countIf(isNotNull(r.customer_lifetime_value))"
    ),
    "retention": Evidence(COHORTS, "sum(r.customers)", "sum(r.cohort_size)"),
    "ad_spend": Evidence(ACQUISITION, "sum(ifNull(r.ad_spend, 0))"),
    "acquisition_cost": Evidence(ACQUISITION, "sum(ifNull(r.ad_spend, 0))", "sum(r.new_customers)"),
    "velocity": Evidence(
        PRODUCTS, "sumIf(r.total_units_sold, r.in_stock_days > 0)", "sumIf(r.in_stock_days, r.in_stock_days > 0)"
    ),
    "product_health_score": Evidence(
        PRODUCTS,
        "sum(toDecimal64(ifNull(r.product_health_score, 0), 4))",
        "countIf(isNotNull(r.product_health_score))",
    ),
    "average_rating": Evidence(RATINGS, "sum(r.stars)", "sum(r.reviews)"),
    "products_out_of_stock": Evidence(PRODUCTS, "countIf(r.stock_level = 'Out of Stock')"),
    "placed_orders": Evidence(OPERATIONS, "sum(r.placed_orders)"),
    "cancelled_orders": Evidence(OPERATIONS, "sum(r.cancelled_orders)"),
    "cancellation_rate": Evidence(OPERATIONS, "sum(r.cancelled_orders)", "sum(r.placed_orders)"),
    "fulfilment_hours": Evidence(
        OPERATIONS,
        "sum(toDecimal128(ifNull(r.fulfilment_hours, 0), 4) * toInt64(r.orders_with_fulfilment_time))",
        "sum(r.orders_with_fulfilment_time)",
    ),
    "delivery_days": Evidence(
        OPERATIONS,
        "sum(toDecimal128(ifNull(r.delivery_days, 0), 4) * toInt64(r.orders_with_delivery_time))",
        "sum(r.orders_with_delivery_time)",
    ),
    "return_rate": Evidence(OPERATIONS, "sum(r.units_returned)", "sum(r.units_shipped)"),
    "stock_out_rate": Evidence(STOCK, "sum(r.products_out_of_stock)", "sum(r.products_listed)"),
    "sessions": Evidence(FUNNEL, "sum(r.sessions)"),
    "conversion_rate": Evidence(FUNNEL, "sum(r.bought)", "sum(r.sessions)"),
}
"""By the slug of the metric."""
