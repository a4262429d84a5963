"""Plain lists for other programs: the best customers and products, what runs low, and sales of the last days.

They take a login or a token, or nobody's where the store shows them to all (TRADEWIND_SERVER_PUBLIC_INSIGHTS).
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.insights import CustomerAnalytics, ProductAnalytics, SalesSummary, SalesTrend
from tradewind.api.security import InsightsReader, ServicesDep, insights_reader
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.commerce.access.rights import Caller, Scope
from tradewind.core.errors import Unavailable
from tradewind.insights.customers import SEGMENTS, CustomerFilter, top_customers
from tradewind.insights.gold import GoldNotBuilt
from tradewind.insights.products import LOW, ProductFilter, ProductOrder, product_rows
from tradewind.insights.selection import UnknownChoice, check_choices
from tradewind.insights.summary import MOST_MONTHS, summary, trend_days

router = Router("", tags=["insights"], base="/api")

GOLD = problems(*SIGNED_IN, UnknownChoice, GoldNotBuilt, Unavailable)
ANYBODY = Depends(insights_reader)
Most = Annotated[int, Query(ge=1, le=1000, description="Most rows.")]


@router.get("/customers/top-customers", response_model=list[CustomerAnalytics], responses=GOLD)
def best_customers_of_all(services: ServicesDep, reader: InsightsReader, limit: Most = 10) -> Response:
    """The customers of the highest lifetime value. Names and addresses need the scope customers:read."""
    return _customers(services, reader, CustomerFilter(), limit)


@router.get("/customers/segments/{segment}", response_model=list[CustomerAnalytics], responses=GOLD)
def customers_of_segment(
    services: ServicesDep,
    reader: InsightsReader,
    segment: Annotated[str, Path(max_length=40, description="VIP, Loyal, New, At Risk, Lost or Regular.")],
    limit: Most = 100,
) -> Response:
    """The customers of a segment, the highest lifetime value first."""
    check_choices("segment", [segment], SEGMENTS)
    return _customers(services, reader, CustomerFilter(segments=(segment,)), limit)


@router.get("/products/best-sellers", response_model=list[ProductAnalytics], responses=GOLD, dependencies=[ANYBODY])
def best_sellers(services: ServicesDep, limit: Most = 10) -> Response:
    """The products that sold most units."""
    return _products(services, ProductFilter(), ProductOrder.UNITS, limit)


@router.get("/products/low-stock", response_model=list[ProductAnalytics], responses=GOLD, dependencies=[ANYBODY])
def low_stock_products(services: ServicesDep, limit: Most = 100) -> Response:
    """Products that are out of stock, or whose stock is critical or low, the least stock first."""
    return _products(services, ProductFilter(stock_levels=LOW), ProductOrder.STOCK, limit)


@router.get("/sales/summary", response_model=SalesSummary, responses=GOLD, dependencies=[ANYBODY])
def sales_summary(
    services: ServicesDep,
    days: Annotated[int, Query(ge=1, le=3650, description="Calendar days, with today.")] = 30,
) -> Response:
    """Sales of the last days, with and without sales."""
    asked = services.insights
    found = asked.kept(
        ("summary", days),
        lambda: summary(asked.gold, days, currency=asked.currency, zone=asked.zone, now=asked.now(), known=asked.known),
    )
    return answer(
        SalesSummary(
            days_analyzed=found.days,
            total_revenue=found.revenue,
            total_orders=found.orders,
            avg_daily_revenue=found.revenue_per_day,
            avg_order_value=found.average_order_value,
        )
    )


@router.get("/sales/trends", response_model=list[SalesTrend], responses=GOLD, dependencies=[ANYBODY])
def sales_trends(
    services: ServicesDep,
    months: Annotated[int, Query(ge=1, le=MOST_MONTHS, description="Months, with this one.")] = 12,
) -> Response:
    """Day by day, with what the month has made and how it compares with the one before."""
    asked = services.insights
    found = asked.kept(
        ("trends", months),
        lambda: trend_days(
            asked.gold, months, currency=asked.currency, zone=asked.zone, now=asked.now(), known=asked.known
        ),
    )
    return answer(
        [
            SalesTrend(
                sale_date=day.day,
                daily_revenue=day.revenue,
                daily_orders=day.orders,
                monthly_revenue=day.revenue_of_month,
                mom_revenue_growth_percent=None if day.growth_percent is None else float(day.growth_percent),
            )
            for day in found
        ]
    )


def _customers(services: Services, reader: Caller, chosen: CustomerFilter, limit: int) -> Response:
    asked, with_names = services.insights, Scope.CUSTOMERS_READ in reader.scopes
    found = asked.kept(
        ("top", chosen, limit, with_names),
        lambda: top_customers(asked.gold, chosen, limit=limit, with_names=with_names),
    )
    return answer([CustomerAnalytics.model_validate(row) for row in found])


def _products(services: Services, chosen: ProductFilter, order: ProductOrder, limit: int) -> Response:
    asked = services.insights
    found = asked.kept(
        ("rows", chosen, order, limit), lambda: product_rows(asked.gold, chosen, order=order, limit=limit)
    )
    return answer([_product(row) for row in found])


def _product(row: dict[str, Any]) -> ProductAnalytics:
    health = row["product_health_score"]
    named = row | {
        "product_name": row["product_name"] or row["sku"] or row["product_id"],
        "category": row["category"] or None,
        "brand": row["brand"] or None,
        "product_health_score": None if health is None else round(float(health) / 10, 1),
    }
    return ProductAnalytics.model_validate(named)
