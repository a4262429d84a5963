"""The dashboard's figures."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.dashboard import DashboardFilters, DashboardMetrics
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.core.errors import Unavailable
from tradewind.insights.dashboard import DashboardQuery
from tradewind.insights.periods import Grain
from tradewind.insights.sales import SalesFilter

router = Router("/dashboard", tags=["dashboard"], dependencies=[READS])


@router.get("/metrics", response_model=DashboardMetrics, responses=problems(*SIGNED_IN, Unavailable))
def dashboard_metrics(
    services: ServicesDep,
    start: Annotated[date | None, Query(alias="from", description="First business day.")] = None,
    end: Annotated[date | None, Query(alias="to", description="The day after the last.")] = None,
    channel: Annotated[list[str], Query(max_length=200, description="Only these channels.")] = [],
    category: Annotated[list[str], Query(max_length=200, description="Only products of these.")] = [],
    country: Annotated[list[str], Query(max_length=300, description="Only shipped to these.")] = [],
    grain: Annotated[Grain, Query(description="Size of the trend's buckets.")] = Grain.DAY,
) -> Response:
    """Figures of a period beside those of the one before; the last 30 days with today by default."""
    chosen = SalesFilter(tuple(channel), tuple(category), tuple(country))
    return answer(services.dashboards.metrics(DashboardQuery(start, end, grain, chosen)))


@router.get("/filters", response_model=DashboardFilters, responses=problems(*SIGNED_IN, Unavailable))
def dashboard_filters(services: ServicesDep) -> Response:
    """What the figures can be filtered by."""
    return answer(services.dashboards.filters())
