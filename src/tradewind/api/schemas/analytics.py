"""Shapes of the insights. Amounts are in `currency`; periods include `from` and exclude `to`; undefined is null."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from tradewind.api.wire import Amount, Wire
from tradewind.insights.periods import Grain

EXPLAIN = "Where the figure opens: its definition, its SQL and the rows behind it."


class Days(Wire):
    """Days, the last one excluded."""

    from_: date = Field(alias="from")
    to: date


class ComparedDays(Days):
    """The days compared with."""

    partial: bool = Field(description="Cut at the same time of day, because the present period is under way.")


class SalesFigures(Wire):
    """Figures of sales. revenue = gross_revenue - refunded."""

    gross_revenue: Amount
    refunded: Amount
    revenue: Amount
    orders: int
    units: int
    average_order_value: Amount | None = Field(description="revenue / orders; null without orders.")
    cost: Amount | None = Field(
        description="Of goods whose cost is known, as of costs_as_of; null before gold is built."
    )
    gross_profit: Amount | None
    margin: float | None = Field(description="Gross profit as a fraction of the revenue of goods with a known cost.")
    cost_coverage: float | None = Field(description="Share of the revenue that the cost is known of.")


class FigureChange(Wire):
    """Against the period compared with, as a fraction, of a margin in points; null without a base to compare with."""

    gross_revenue: float | None = None
    refunded: float | None = None
    revenue: float | None = None
    orders: float | None = None
    units: float | None = None
    average_order_value: float | None = None
    cost: float | None = None
    gross_profit: float | None = None
    margin: float | None = None


class RevenueRowOut(SalesFigures):
    """One group."""

    keys: dict[str, str | None] = Field(description="Value by dimension; null where it is not known.")
    label: str
    from_: date = Field(alias="from")
    to: date
    previous: SalesFigures | None
    explain: str = Field(description=EXPLAIN + " Put a metric in the place of {metric}.")


class BridgeStep(Wire):
    """One step from one revenue to the next. `total` steps are the sum of all above them."""

    slug: str
    label: str
    kind: Literal["start", "step", "total"]
    amount: Amount


class UnconvertedOut(Wire):
    """Sales in a currency without a stored rate: beside the figures, not in them. The amount is in that currency."""

    currency: str
    revenue: Amount
    orders: int


class RevenueAnswer(Wire):
    """Revenue of a period."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "custom",
                "period": {"from": "2026-03-01", "to": "2026-04-01"},
                "previous_period": {"from": "2026-01-29", "to": "2026-03-01", "partial": False},
                "timezone": "Europe/Berlin",
                "currency": "EUR",
                "group_by": ["channel"],
                "source": "live",
                "totals": {
                    "gross_revenue": 1250.00,
                    "refunded": 50.00,
                    "revenue": 1200.00,
                    "orders": 24,
                    "units": 61,
                    "average_order_value": 50.00,
                    "cost": 700.00,
                    "gross_profit": 500.00,
                    "margin": 0.416667,
                    "cost_coverage": 1.0,
                },
                "previous": None,
                "change": {},
                "rows": [],
                "more_rows": False,
                "bridge": [{"slug": "gross_revenue", "label": "Gross revenue", "kind": "start", "amount": 1250.00}],
                "bridge_as_of": "2026-04-01T06:00:00Z",
                "unconverted": [],
                "as_of": "2026-04-01T08:00:00Z",
                "costs_as_of": "2026-04-01T06:00:00Z",
                "explain": {"revenue": "/api/v1/explain/revenue?from=2026-03-01&to=2026-04-01"},
            }
        }
    )

    name: str = Field(description="today, last_30_days, month_to_date … or custom.")
    period: Days
    previous_period: ComparedDays | None
    timezone: str
    currency: str
    group_by: list[str]
    source: Literal["live", "gold"] = Field(description="live: exact up to the second. gold: as of the last build.")
    totals: SalesFigures
    previous: SalesFigures | None
    change: FigureChange
    rows: list[RevenueRowOut]
    more_rows: bool = Field(description="There are more groups than `limit`.")
    bridge: list[BridgeStep] = Field(description="How the revenues of other names differ; empty before gold is built.")
    bridge_as_of: datetime | None = Field(description="When the build began that the bridge is of; null without one.")
    unconverted: list[UnconvertedOut]
    as_of: datetime
    costs_as_of: datetime | None
    explain: dict[str, str] = Field(description=EXPLAIN)


class MetricOut(Wire):
    """One metric of the catalogue."""

    slug: str
    label: str
    unit: str = Field(description="money, count, fraction, days, hours, score or per_day.")
    formula: str
    adds_up: Literal["flow", "stock", "ratio", "distinct"] = Field(
        description="flow: over everything. stock: not over time. ratio: its two parts do. distinct: over nothing."
    )
    description: str
    undefined_when: str | None
    computed_in: list[str]
    owner: str
    better: Literal["higher", "lower"] | None
    bridges_from: str | None = Field(description="The revenue that this one is told apart from.")
    filters: list[str] = Field(description="What it can be filtered by where it is explained.")
    explain: str


class MetricCatalogue(Wire):
    metrics: list[MetricOut]


class ProductPerformanceOut(Wire):
    """How one product sells, from its first day on."""

    product_id: str
    sku: str
    product_name: str
    category: str | None
    category_path: str | None
    brand: str | None
    status: str | None
    current_price: Amount | None
    price_tier: str | None
    unit_cost: Amount | None
    current_stock: int | None
    stock_level: str | None
    age_days: int | None
    life_cycle: str | None
    total_units_sold: int
    total_orders: int
    total_revenue: Amount
    total_cost: Amount | None
    total_profit: Amount | None
    margin: float | None
    avg_rating: float | None
    review_count: int
    review_sentiment: str | None
    sales_performance: str | None
    product_health_score: float | None = Field(description="0 to 100.")
    health_basis: str | None = Field(description="Which parts the score is made of.")
    first_sold_date: date | None
    last_sold_date: date | None
    in_stock_days: int | None
    velocity: float | None = Field(description="Units sold per day in stock.")
    units_last_30_days: int
    units_returned: int
    return_rate: float | None
    explain: str = Field(description=EXPLAIN + " Put a metric in the place of {metric}.")


class Band(Wire):
    """One value of a classification."""

    name: str
    count: int
    revenue: Amount


class CustomerBand(Band):
    """Customers of one kind."""

    explain: str = Field(description=EXPLAIN)


class ProductTotals(Wire):
    products: int
    products_sold: int
    revenue: Amount
    units: int
    gross_profit: Amount | None
    margin: float | None
    average_health: float | None
    out_of_stock: int
    low_stock: int


class ProductsAnswer(Wire):
    """How products perform."""

    currency: str
    as_of_date: date | None
    as_of: datetime
    order: str
    totals: ProductTotals
    sales_performance: list[Band]
    stock_levels: list[Band]
    life_cycles: list[Band]
    price_tiers: list[Band]
    rows: list[ProductPerformanceOut]
    more_rows: bool
    explain: dict[str, str] = Field(description=EXPLAIN)


class CustomerTotals(Wire):
    """Customers of a period. active = new + returning."""

    customers: int = Field(description="All that are known, with and without orders.")
    customers_with_orders: int
    active_customers: int = Field(description="Who ordered in the period.")
    new_customers: int = Field(description="Of them, whose first order ever lies in the period.")
    returning_customers: int
    repeat_rate: float | None = Field(description="Customers with two orders or more / with one or more.")
    average_lifetime_value: Amount | None
    average_predicted_lifetime_value: Amount | None
    revenue_per_customer: Amount | None = Field(description="Revenue of the period / customers who ordered in it.")
    ad_spend: Amount | None
    acquisition_cost: Amount | None = Field(description="Ad spend / new customers; null without either.")


class SegmentOut(Wire):
    segment: str
    customers: int
    revenue: Amount
    share: float | None
    explain: str = Field(description=EXPLAIN)


class RfmCell(Wire):
    recency: int
    frequency: int
    customers: int
    revenue: Amount
    explain: str = Field(description=EXPLAIN)


class CustomerLine(Wire):
    """One customer. Name, e-mail address and city need the scope customers:read, and are null without it."""

    customer_id: str
    name: str | None
    email: str | None
    city: str | None
    country: str | None
    age_group: str | None
    customer_lifetime_stage: str | None
    total_orders: int
    total_revenue: Amount
    avg_order_value: Amount | None
    customer_segment: str | None
    customer_lifetime_value: Amount | None


class CustomersAnswer(Wire):
    """Who buys."""

    period: Days
    currency: str
    as_of_date: date | None
    as_of: datetime
    totals: CustomerTotals
    segments: list[SegmentOut]
    rfm_grid: list[RfmCell]
    age_groups: list[CustomerBand]
    stages: list[CustomerBand]
    top: list[CustomerLine]
    explain: dict[str, str] = Field(description=EXPLAIN)


class CohortStep(Wire):
    period: int = Field(description="Months since the first order.")
    customers: int
    retention: float | None
    orders: int
    revenue: Amount
    revenue_per_customer_to_date: Amount | None


class CohortOut(Wire):
    month: date
    size: int
    periods: list[CohortStep]
    explain: str = Field(description=EXPLAIN)


class RetentionStep(Wire):
    period: int
    cohorts: int = Field(description="Cohorts old enough.")
    retention: float | None = Field(description="Over all of them together.")


class CohortsAnswer(Wire):
    """The triangle of retention: of those who first ordered in a month, who ordered again later."""

    currency: str
    channel: str | None = Field(description="Only customers whose first order came through it; null: all.")
    as_of: datetime
    cohorts: list[CohortOut]
    average: list[RetentionStep]


class TrendPoint(Wire):
    start: date
    end: date
    value: Amount | None
    previous: Amount | None
    is_partial: bool = Field(description="Still under way.")


class TrendSeries(Wire):
    metric: str
    label: str
    unit: str
    total: Amount | None
    previous_total: Amount | None
    change: float | None
    points: list[TrendPoint]
    explain: str = Field(description=EXPLAIN)


class TrendsAnswer(Wire):
    """How metrics went, by day, week or month."""

    period: Days
    previous_period: ComparedDays | None
    grain: Grain = Field(description="May be coarser than asked for: a trend has at most 400 buckets.")
    timezone: str
    currency: str
    as_of: datetime
    series: list[TrendSeries]


class FunnelStep(Wire):
    step: Literal["sessions", "viewed", "carted", "checked_out", "bought"]
    label: str
    sessions: int
    of_first: float | None = Field(description="Share of all sessions.")
    of_previous: float | None = Field(description="Share of the step before.")


class FunnelGroup(Wire):
    name: str
    sessions: int
    viewed: int
    carted: int
    checked_out: int
    bought: int
    conversion_rate: float | None


class DailyAnswer(Wire):
    """What gold says of whole days."""

    period: Days
    previous_period: ComparedDays | None
    as_of: datetime
    explain: dict[str, str] = Field(description=EXPLAIN)


class FunnelAnswer(DailyAnswer):
    """How many sessions came how far. A session that skipped a step counts in it too if it came further."""

    conversion_rate: float | None
    previous_conversion_rate: float | None
    steps: list[FunnelStep]
    channels: list[FunnelGroup]
    days: list[FunnelGroup]


class OperationFigures(Wire):
    placed_orders: int
    cancelled_orders: int
    cancellation_rate: float | None
    shipped_orders: int
    delivered_orders: int
    fulfilment_hours: float | None = Field(description="Mean time from placed to shipped.")
    delivery_days: float | None = Field(description="Mean time from placed to delivered.")
    units_shipped: int
    units_returned: int
    return_rate: float | None
    stock_out_rate: float | None = Field(description="Product-days out of stock / product-days listed.")


class OperationGroup(OperationFigures):
    name: str


class OperationsAnswer(DailyAnswer):
    """How orders were worked off."""

    totals: OperationFigures
    previous: OperationFigures | None
    channels: list[OperationGroup]
    days: list[OperationGroup]
