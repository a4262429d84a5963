"""What a figure is made of, and why it is another one than it was, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from tradewind.api.schemas.analytics import Days, MetricOut
from tradewind.api.wire import Amount, Wire

EXPLAIN = "Where the figure opens: its definition, its SQL and the rows behind it."


class ExplainedFigure(Wire):
    """The figure and what it is made of: of a ratio both parts, else the sum alone."""

    value: Amount | None
    unit: str
    currency: str | None
    numerator: Amount | None = Field(description="Exact, before the one rounding.")
    denominator: Amount | None


class LineageStep(Wire):
    name: str
    kind: Literal["landed", "live", "bronze", "silver", "gold", "figure"]
    feeds: list[str]
    description: str | None


class ExplainColumn(Wire):
    name: str
    role: Literal["key", "fact", "numerator", "denominator"]


class ExplainFreshness(Wire):
    source: Literal["live", "gold"]
    as_of: datetime
    newest_fact_at: datetime | None


class ExplainAnswer(Wire):
    """What a figure is made of. The rows' numerators add up to the figure's, and so do the denominators."""

    metric: MetricOut
    from_: date | None = Field(alias="from")
    to: date | None
    timezone: str
    filters: dict[str, list[str]]
    figure: ExplainedFigure
    sql: str = Field(description="Runs on the ClickHouse interface; parameters are written as {name:Type}.")
    parameters: dict[str, Any]
    lineage: list[LineageStep]
    tests: list[str] = Field(description="Tests of the gold tables that guard it.")
    freshness: ExplainFreshness
    columns: list[ExplainColumn]
    rows: list[dict[str, Any]]
    next_cursor: str | None


class ChangeRow(Wire):
    """What was told of one order between both moments."""

    order_id: str | None
    order_number: str | None
    refund_id: str | None
    kind: Literal["order", "refund"]
    channel: str
    day: date
    at: datetime
    ingested_at: datetime = Field(description="When the newest of its facts came into the warehouse.")
    status: str | None
    currency: str
    amount: Amount = Field(description="What it changed, exact, in the reporting currency or the metric's unit.")
    orders: int | None = Field(
        description="Of the average order value: by how many orders it changed what is divided by."
    )


class ChangedPart(Wire):
    """A sum that a ratio is made of, as it was known at both moments."""

    metric: str
    value_before: Amount
    value_after: Amount
    difference: Amount


class ChangesAnswer(Wire):
    """Why a figure is another one than it was. The rows' amounts add up to the difference, before rounding.

    Of the average order value they add up to that of its first part, and their orders to that of its second.
    """

    metric: str
    period: Days
    before: datetime
    after: datetime
    currency: str | None
    value_before: Amount | None = Field(description="Null where there was nothing to divide by.")
    value_after: Amount | None
    difference: Amount | None
    parts: list[ChangedPart] = Field(description="Of a ratio: what it divides, and by what.")
    rows: list[ChangeRow]
    next_cursor: str | None
