"""What gold says day by day: how sessions became orders, and how orders were worked off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query, Response

from tradewind.api.asking import (
    ComparedWith,
    FromDay,
    Opening,
    ToDay,
    compared,
    days,
)
from tradewind.api.csv_answer import AsFormat, Format, csv_answer
from tradewind.api.insights import Insights
from tradewind.api.routers.analytics import GOLD
from tradewind.api.routing import Router
from tradewind.api.schemas.analytics import (
    FunnelAnswer,
    FunnelGroup,
    FunnelStep,
    OperationFigures,
    OperationGroup,
    OperationsAnswer,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.insights.daily import STEPS, funnel, operations
from tradewind.insights.figures import fraction
from tradewind.insights.periods import resolve, today_in
from tradewind.insights.selection import Selection
from tradewind.insights.spans import Compare, Span, span_of

router = Router("/analytics", tags=["insights"], dependencies=[READS])

_OPERATION_METRICS = (
    "placed_orders",
    "cancelled_orders",
    "cancellation_rate",
    "fulfilment_hours",
    "delivery_days",
    "return_rate",
    "stock_out_rate",
)


@router.get("/funnel", response_model=FunnelAnswer, responses=GOLD)
def funnel_analytics(
    services: ServicesDep,
    start: FromDay = None,
    end: ToDay = None,
    channel: Annotated[list[str], Query(max_length=200, description="Only these channels.")] = [],
    compare: ComparedWith = Compare.PREVIOUS,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """How many sessions viewed, carted, checked out and bought."""
    asked = services.insights
    span = _whole_days(services, start, end, channel, compare)
    found = asked.kept(("funnel", span, *channel), lambda: funnel(asked.gold, span, tuple(channel)))
    if as_format is Format.CSV:
        return csv_answer(_groups(found.days, FunnelGroup), FunnelGroup, "funnel")
    totals, previous = found.totals, found.previous
    counts = [totals[step] for step in STEPS]
    return answer(
        FunnelAnswer(
            **_frame(asked, span, channel, found.as_of, ("sessions", "conversion_rate")),
            conversion_rate=totals["conversion_rate"],
            previous_conversion_rate=previous["conversion_rate"] if previous else None,
            steps=[
                FunnelStep.model_validate(
                    {
                        "step": step,
                        "label": STEPS[step],
                        "sessions": count,
                        "of_first": fraction(count, counts[0]),
                        "of_previous": fraction(count, before),
                    }
                )
                for step, count, before in zip(STEPS, counts, [counts[0], *counts], strict=False)
            ],
            channels=_groups(found.channels, FunnelGroup),
            days=_groups(found.days, FunnelGroup),
        )
    )


@router.get("/operations", response_model=OperationsAnswer, responses=GOLD)
def operation_analytics(
    services: ServicesDep,
    start: FromDay = None,
    end: ToDay = None,
    channel: Annotated[list[str], Query(max_length=200, description="Only these channels.")] = [],
    compare: ComparedWith = Compare.PREVIOUS,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """How orders were worked off, by the day they were placed: cancelled, shipped, delivered, returned; stock-outs."""
    asked = services.insights
    span = _whole_days(services, start, end, channel, compare)
    found = asked.kept(("operations", span, *channel), lambda: operations(asked.gold, span, tuple(channel)))
    if as_format is Format.CSV:
        return csv_answer(_groups(found.days, OperationGroup), OperationGroup, "operations")
    return answer(
        OperationsAnswer(
            **_frame(asked, span, channel, found.as_of, _OPERATION_METRICS),
            totals=OperationFigures.model_validate(found.totals),
            previous=None if found.previous is None else OperationFigures.model_validate(found.previous),
            channels=_groups(found.channels, OperationGroup),
            days=_groups(found.days, OperationGroup),
        )
    )


def _whole_days(services: Services, start: date | None, end: date | None, channel: list[str], compare: Compare) -> Span:
    """The period beside the one to compare with, whole days both: gold knows no time of day."""
    asked = services.insights
    asked.selection(channel)
    now = asked.now()
    span = span_of(resolve(start, end, today_in(asked.zone, now)), compare, zone=asked.zone, now=now)
    return Span(span.period, span.before, span.zone)


def _frame(
    asked: Insights, span: Span, channel: list[str], as_of: datetime | None, metrics: tuple[str, ...]
) -> dict[str, Any]:
    """What every answer says beside its figures: of which days they are, as of when, and where they open."""
    return {
        "period": days(span.period),
        "previous_period": compared(span),
        "as_of": as_of or asked.now(),
        "explain": Opening(span.period, chosen=Selection(channels=tuple(channel))).links(metrics),
    }


_Group = TypeVar("_Group", FunnelGroup, OperationGroup)


def _groups(found: Mapping[Any, dict[str, Any]], shape: type[_Group]) -> list[_Group]:
    return [shape.model_validate(sums | {"name": str(name)}) for name, sums in found.items()]
