"""Shapes of the dashboard. All amounts are in `currency`; days are business days of the store, `to` excluded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from tradewind.api.wire import Amount, Wire
from tradewind.insights.periods import Grain


class ChannelMetrics(Wire):
    """Sales of one channel."""

    channel: str
    name: str
    revenue: Amount
    orders: int
    units: int
    previous_revenue: Amount
    previous_orders: int


class TopProduct(Wire):
    """One of the products with the most revenue."""

    product_id: str
    sku: str
    name: str
    category: str | None
    revenue: Amount
    units_sold: int
    orders: int
    previous_revenue: Amount


class CountryMetrics(Wire):
    """Sales by where goods went."""

    country: str | None = Field(description="ISO 3166 code; null where it is not known.")
    revenue: Amount
    orders: int


class LowStockItem(Wire):
    """A counted product with fewer units available than its reorder point."""

    product_id: str
    sku: str
    name: str
    location: str
    available: int
    reorder_point: int
    severity: Literal["critical", "warning", "info"]


class PreviousPeriod(Wire):
    """The same number of days right before."""

    from_: date = Field(alias="from")
    to: date
    partial: bool = Field(description="Cut at the same time of day, because the present period is under way.")
    total_revenue: Amount
    total_orders: int
    avg_order_value: Amount | None
    total_units: int


class Change(Wire):
    """Against the previous period, as a fraction; null where there is nothing to compare with."""

    total_revenue: float | None
    total_orders: float | None
    avg_order_value: float | None
    total_units: float | None


class TrendBucket(Wire):
    """One step of the trend; buckets without sales are there too."""

    start: date
    end: date
    revenue: Amount
    orders: int
    units: int
    avg_order_value: Amount | None
    previous_revenue: Amount
    previous_orders: int
    is_partial: bool = Field(description="Still under way.")


class UnconvertedSales(Wire):
    """Sales in a currency without a stored rate: beside the figures, not in them. The amount is in that currency."""

    currency: str
    revenue: Amount
    orders: int


class SourceFreshness(Wire):
    """How old a channel's newest fact is."""

    channel: str
    newest_fact_at: datetime | None
    age_seconds: float | None


class Freshness(Wire):
    """How far the figures lie behind the world."""

    newest_fact_at: datetime | None
    age_seconds: float | None
    backlog: int = Field(description="Facts that are booked and not in the figures yet.")
    sources: list[SourceFreshness]


class DashboardMetrics(Wire):
    """The dashboard's figures. total_revenue = gross_revenue - refunded."""

    period: str = Field(
        description="today, yesterday, last_7_days, last_30_days, last_90_days, month_to_date … or custom."
    )
    from_: date = Field(alias="from")
    to: date
    timezone: str
    grain: Grain = Field(description="May be coarser than asked for: a trend has at most 400 buckets.")
    currency: str
    total_revenue: Amount
    total_orders: int
    avg_order_value: Amount | None
    total_units: int
    gross_revenue: Amount
    refunded: Amount
    revenue_by_channel: dict[str, Amount]
    channels: list[ChannelMetrics]
    top_products: list[TopProduct]
    countries: list[CountryMetrics]
    low_stock_alerts: int
    low_stock: list[LowStockItem]
    previous: PreviousPeriod
    change: Change
    trend: list[TrendBucket]
    unconverted: list[UnconvertedSales]
    freshness: Freshness
    data_version: int = Field(description="Moves when new facts are in the figures.")
    as_of: datetime


class FilterChannel(Wire):
    channel: str
    name: str


class DashboardFilters(Wire):
    """What the dashboard can be filtered by."""

    channels: list[FilterChannel]
    categories: list[str]
    countries: list[str]
    currency: str
    timezone: str
    first_day: date | None = Field(description="The first business day with sales.")
    today: date
