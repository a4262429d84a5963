"""The metric catalogue: every number that has a name, defined once.

It feeds the API's /metrics, the tooltips of the web app, what /explain opens, and the tables of docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from tradewind.insights.metric import AddsUp, Metric, Unit
from tradewind.insights.selection import UnknownChoice

_LIVE = ("live_daily_sales", "live_sales")
_LINES = "gold_sales_lines"
_NO_ORDERS = "there are no orders"


def _sales() -> Iterable[Metric]:
    yield Metric(
        "gross_revenue",
        "Gross revenue",
        Unit.MONEY,
        "Σ line revenue of sold orders, by the day of the order",
        AddsUp.FLOW,
        "What sold lines were sold for, after discounts, without tax and without shipping.",
        (*_LIVE, "gold_sales_metrics.gross_revenue", "gold_daily_sales.gross_revenue"),
        "sales",
        better="higher",
    )
    yield Metric(
        "refunded",
        "Refunded",
        Unit.MONEY,
        "Σ amounts of refund lines, by the day of the refund",
        AddsUp.FLOW,
        "What was given back for goods; shipping and tax given back are not in it.",
        (*_LIVE, "gold_sales_metrics.refunded", "gold_daily_sales.refunded"),
        "sales",
        better="lower",
    )
    yield Metric(
        "revenue",
        "Revenue",
        Unit.MONEY,
        "gross revenue − refunded",
        AddsUp.FLOW,
        "The revenue that is meant where nothing else is said: by the day of the order, refunds by their own day.",
        (*_LIVE, "gold_sales_metrics.revenue", "daily_sales_summary.total_revenue", "gold_daily_sales.revenue"),
        "sales",
        better="higher",
    )
    yield Metric(
        "orders",
        "Orders",
        Unit.COUNT,
        "number of sold orders without replacements, by the day of the order",
        AddsUp.FLOW,
        "Refunds take none away. By product or category: orders that contain one, which does not add up over products.",
        (*_LIVE, "gold_sales_metrics.orders", "gold_daily_sales.orders"),
        "sales",
        better="higher",
    )
    yield Metric(
        "units",
        "Units",
        Unit.COUNT,
        "Σ quantity of sold lines − Σ quantity of refund lines, each on its day",
        AddsUp.FLOW,
        "Pieces sold, less those taken back.",
        (*_LIVE, "gold_sales_metrics.units", "gold_daily_sales.units"),
        "sales",
        better="higher",
    )
    yield Metric(
        "average_order_value",
        "Average order value",
        Unit.MONEY,
        "revenue ÷ orders, over the whole period",
        AddsUp.RATIO,
        "Never a mean of daily means.",
        (*_LIVE, "gold_sales_metrics.average_order_value"),
        "sales",
        undefined_when=_NO_ORDERS,
        better="higher",
    )


def _revenues() -> Iterable[Metric]:
    yield Metric(
        "revenue_with_shipping",
        "Revenue with shipping",
        Unit.MONEY,
        "revenue + shipping charged on sold orders",
        AddsUp.FLOW,
        "Shipping by the day of the order.",
        (_LINES,),
        "sales",
        better="higher",
        bridges_from="revenue",
    )
    yield Metric(
        "revenue_with_tax",
        "Revenue with shipping and tax",
        Unit.MONEY,
        "revenue with shipping + tax of sold orders",
        AddsUp.FLOW,
        "What buyers were asked to pay, less what was given back for goods.",
        (_LINES,),
        "sales",
        better="higher",
        bridges_from="revenue_with_shipping",
    )
    yield Metric(
        "revenue_by_payment_day",
        "Revenue by payment day",
        Unit.MONEY,
        "gross revenue of sold orders by the day of their first payment − refunded by the day of the refund",
        AddsUp.FLOW,
        "Orders that nobody has paid for are not in it.",
        (_LINES,),
        "finance",
        better="higher",
        bridges_from="revenue",
    )
    yield Metric(
        "net_revenue",
        "Net revenue",
        Unit.MONEY,
        "revenue − channel fees of sold orders",
        AddsUp.FLOW,
        "What is left after the channel has taken its part.",
        (_LINES,),
        "finance",
        better="higher",
        bridges_from="revenue",
    )
    yield Metric(
        "channel_fees",
        "Channel fees",
        Unit.MONEY,
        "Σ fees of sold orders, by the day of the order",
        AddsUp.FLOW,
        "What channels kept for selling, as orders and statements tell it.",
        (_LINES,),
        "finance",
        better="lower",
    )
    yield Metric(
        "cost",
        "Cost of goods",
        Unit.MONEY,
        "Σ unit cost × units, of sold lines less refund lines",
        AddsUp.FLOW,
        "At the unit cost of the line when it was sold; lines without a known cost are left out.",
        (_LINES, "gold_daily_sales.cost"),
        "finance",
        better="lower",
    )
    yield Metric(
        "gross_profit",
        "Gross profit",
        Unit.MONEY,
        "Σ over lines with a known cost: line revenue − unit cost × units",
        AddsUp.FLOW,
        "Per line; the totals of orders are never joined to lines.",
        (_LINES, "gold_daily_sales"),
        "finance",
        better="higher",
    )
    yield Metric(
        "margin",
        "Gross margin",
        Unit.FRACTION,
        "gross profit ÷ revenue of the lines with a known cost",
        AddsUp.RATIO,
        "Cost coverage says which share of the revenue these lines are.",
        (_LINES, "gold_daily_sales"),
        "finance",
        undefined_when="nothing with a known cost was sold",
        better="higher",
    )


def _customers() -> Iterable[Metric]:
    table = "gold_customer_analytics"
    yield Metric(
        "customers",
        "Customers",
        Unit.COUNT,
        "number of customers known",
        AddsUp.STOCK,
        "With and without orders; merged and erased ones as they are now.",
        (table,),
        "customers",
        better="higher",
    )
    yield Metric(
        "customers_with_orders",
        "Customers with orders",
        Unit.COUNT,
        "customers with one sold order or more",
        AddsUp.STOCK,
        "Ever, up to the reference date.",
        (table,),
        "customers",
        better="higher",
    )
    yield Metric(
        "new_customers",
        "New customers",
        Unit.COUNT,
        "customers whose first sold order lies in the period",
        AddsUp.FLOW,
        "By the day of that order and the channel that it came through.",
        (table,),
        "customers",
        better="higher",
    )
    yield Metric(
        "active_customers",
        "Active customers",
        Unit.COUNT,
        "different customers with a sold order in the period",
        AddsUp.DISTINCT,
        "New and returning ones. Orders without a customer are nobody's.",
        (_LINES,),
        "customers",
        better="higher",
    )
    yield Metric(
        "returning_customers",
        "Returning customers",
        Unit.COUNT,
        "customers with a sold order in the period whose first one lies before it",
        AddsUp.DISTINCT,
        "Active customers less new ones.",
        (_LINES, table),
        "customers",
        better="higher",
    )
    yield Metric(
        "revenue_per_customer",
        "Revenue per customer",
        Unit.MONEY,
        "revenue of known customers in the period ÷ active customers",
        AddsUp.DISTINCT,
        "Refunds of the period are taken off, also those of who did not buy in it.",
        (_LINES, table),
        "customers",
        undefined_when="nobody has ordered in the period",
        better="higher",
    )
    yield Metric(
        "repeat_rate",
        "Repeat rate",
        Unit.FRACTION,
        "customers with two orders or more ÷ customers with one or more",
        AddsUp.RATIO,
        "Over all time up to the reference date.",
        (table,),
        "customers",
        undefined_when="nobody has ordered",
        better="higher",
    )
    yield Metric(
        "average_lifetime_value",
        "Average lifetime value",
        Unit.MONEY,
        "Σ (average order value × orders − acquisition cost) ÷ customers with orders",
        AddsUp.RATIO,
        "What customers have brought so far. Acquisition cost is a dbt variable, 50 by default.",
        (f"{table}.customer_lifetime_value",),
        "customers",
        undefined_when="nobody has ordered",
        better="higher",
    )
    yield Metric(
        "retention",
        "Retention",
        Unit.FRACTION,
        "customers of a cohort who ordered in a later month ÷ customers of the cohort",
        AddsUp.RATIO,
        "A cohort is who first ordered in a month; the period counts months from it, 0 for itself.",
        ("customer_cohorts",),
        "customers",
        undefined_when="the cohort is empty or too young",
        better="higher",
    )
    yield Metric(
        "ad_spend",
        "Ad spend",
        Unit.MONEY,
        "Σ amounts spent on advertising, by month",
        AddsUp.FLOW,
        "As it was entered or imported.",
        ("gold_acquisition.ad_spend",),
        "marketing",
        better="lower",
    )
    yield Metric(
        "acquisition_cost",
        "Customer acquisition cost",
        Unit.MONEY,
        "ad spend ÷ new customers, of whole months",
        AddsUp.RATIO,
        "Of the months that the period touches.",
        ("gold_acquisition",),
        "marketing",
        undefined_when="there are no new customers",
        better="lower",
    )


def _products() -> Iterable[Metric]:
    table = "gold_product_performance"
    yield Metric(
        "velocity",
        "Velocity",
        Unit.PER_DAY,
        "units sold ÷ days in stock",
        AddsUp.RATIO,
        "Days without stock do not count: nothing could be sold on them.",
        (f"{table}.velocity",),
        "products",
        undefined_when="it was never in stock",
        better="higher",
    )
    yield Metric(
        "product_health_score",
        "Product health",
        Unit.SCORE,
        "rating ÷ 5 × 30 + min(units ÷ 100, 1) × 40 + clamp(margin %, 0, 100) ÷ 100 × 30",
        AddsUp.RATIO,
        "0 to 100, of several products their mean. What is not known is left out and the rest weighs more; "
        "/api/products shows it from 0 to 10.",
        (f"{table}.product_health_score",),
        "products",
        undefined_when="neither sales nor reviews nor a margin are known",
        better="higher",
    )
    yield Metric(
        "average_rating",
        "Average rating",
        Unit.SCORE,
        "Σ ratings ÷ number of published reviews",
        AddsUp.RATIO,
        "1 to 5. What waits or was rejected is not in it.",
        ("gold_product_ratings.average_rating", f"{table}.avg_rating"),
        "products",
        undefined_when="there is no published review",
        better="higher",
    )
    yield Metric(
        "products_out_of_stock",
        "Products out of stock",
        Unit.COUNT,
        "products whose stock is counted and is 0",
        AddsUp.STOCK,
        "At the last build.",
        (f"{table}.stock_level",),
        "products",
        better="lower",
    )


def _operations() -> Iterable[Metric]:
    table = "gold_operational_metrics"
    yield Metric(
        "placed_orders",
        "Placed orders",
        Unit.COUNT,
        "all orders but tests and replacements, by the day they were placed",
        AddsUp.FLOW,
        "Whatever became of them.",
        (f"{table}.placed_orders", "gold_sales_metrics.placed_orders"),
        "operations",
        better="higher",
    )
    yield Metric(
        "cancelled_orders",
        "Cancelled orders",
        Unit.COUNT,
        "placed orders that are cancelled now, by the day they were placed",
        AddsUp.FLOW,
        "An order that is cancelled later changes the day it was placed on.",
        (f"{table}.cancelled_orders", "gold_sales_metrics.cancelled_orders"),
        "operations",
        better="lower",
    )
    yield Metric(
        "cancellation_rate",
        "Cancellation rate",
        Unit.FRACTION,
        "cancelled orders ÷ placed orders",
        AddsUp.RATIO,
        "By the day the orders were placed.",
        (f"{table}.cancellation_rate",),
        "operations",
        undefined_when=_NO_ORDERS,
        better="lower",
    )
    yield Metric(
        "fulfilment_hours",
        "Time to ship",
        Unit.HOURS,
        "mean time from placed to shipped, of orders shipped",
        AddsUp.RATIO,
        "By the day the orders were placed.",
        (f"{table}.fulfilment_hours",),
        "operations",
        undefined_when="nothing was shipped",
        better="lower",
    )
    yield Metric(
        "delivery_days",
        "Time to deliver",
        Unit.DAYS,
        "mean time from placed to delivered, of orders delivered",
        AddsUp.RATIO,
        "By the day the orders were placed.",
        (f"{table}.delivery_days",),
        "operations",
        undefined_when="nothing was delivered",
        better="lower",
    )
    yield Metric(
        "return_rate",
        "Return rate",
        Unit.FRACTION,
        "units returned ÷ units shipped",
        AddsUp.RATIO,
        "Of the period's days.",
        (f"{table}.return_rate",),
        "operations",
        undefined_when="nothing was shipped",
        better="lower",
    )
    yield Metric(
        "stock_out_rate",
        "Stock-out rate",
        Unit.FRACTION,
        "product-days with nothing in stock ÷ product-days listed",
        AddsUp.RATIO,
        "Of products whose stock is counted.",
        (f"{table}.stock_out_rate",),
        "operations",
        undefined_when="nothing was listed",
        better="lower",
    )


def _funnel() -> Iterable[Metric]:
    yield Metric(
        "sessions",
        "Sessions",
        Unit.COUNT,
        "number of sessions, by the day they began",
        AddsUp.FLOW,
        "As the shop's pages tell them.",
        ("gold_funnel.sessions",),
        "marketing",
        better="higher",
    )
    yield Metric(
        "conversion_rate",
        "Conversion rate",
        Unit.FRACTION,
        "sessions that bought ÷ sessions",
        AddsUp.RATIO,
        "From events of the shop, not from orders ÷ visits.",
        ("gold_funnel.conversion_rate",),
        "marketing",
        undefined_when="there were no sessions",
        better="higher",
    )


METRICS = MappingProxyType(
    {
        metric.slug: metric
        for domain in (_sales, _revenues, _customers, _products, _operations, _funnel)
        for metric in domain()
    }
)
"""By slug, in the order in which people read them."""


def metric_named(slug: str, *, field: str = "metric") -> Metric:
    """The metric; UnknownChoice that lists all otherwise."""
    if slug not in METRICS:
        raise UnknownChoice(field, slug, METRICS)
    return METRICS[slug]
