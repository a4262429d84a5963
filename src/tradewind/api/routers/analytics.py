"""What sells, who buys, and how it went: figures of a period, each with a link to what it is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response

from tradewind.api.asking import (
    Chosen,
    ComparedWith,
    CurrencyCode,
    FromDay,
    Opening,
    RowLimit,
    ToDay,
    ZoneName,
    compared,
    days,
)
from tradewind.api.csv_answer import AsFormat, Format, csv_answer
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.analytics import (
    Band,
    BridgeStep,
    CohortOut,
    CohortsAnswer,
    CohortStep,
    CustomerBand,
    CustomerLine,
    CustomersAnswer,
    CustomerTotals,
    FigureChange,
    ProductPerformanceOut,
    ProductsAnswer,
    ProductTotals,
    RetentionStep,
    RevenueAnswer,
    RevenueRowOut,
    RfmCell,
    SalesFigures,
    SegmentOut,
    TrendPoint,
    TrendsAnswer,
    TrendSeries,
    UnconvertedOut,
)
from tradewind.api.security import READS, Reader, ServicesDep
from tradewind.api.wire import answer
from tradewind.commerce.access.rights import Scope
from tradewind.core.errors import Unavailable
from tradewind.insights.beside import whole_meanwhile
from tradewind.insights.bridge import TABLE as BRIDGE_TABLE
from tradewind.insights.bridge import Step, bridge
from tradewind.insights.cohorts import cohorts
from tradewind.insights.customers import SEGMENTS, CustomerFilter, Group, customers
from tradewind.insights.dimensions import check_grouping
from tradewind.insights.figures import SLUGS, fraction
from tradewind.insights.gold import GoldNotBuilt
from tradewind.insights.periods import Grain, Period, month_after, resolve, today_in
from tradewind.insights.product_currency import performance_in
from tradewind.insights.products import (
    LIFE_CYCLES,
    PERFORMANCES,
    STOCK_LEVELS,
    ProductFilter,
    ProductOrder,
    Products,
    brands,
    products,
)
from tradewind.insights.revenue import Revenue, RevenueQuery, RevenueRow, frame_of, revenue
from tradewind.insights.selection import CustomerKinds, Selection, UnknownChoice, check_choices
from tradewind.insights.spans import Compare
from tradewind.insights.trends import TrendsQuery, trends

router = Router("/analytics", tags=["insights"], dependencies=[READS])

_CUSTOMER_METRICS = (
    "customers",
    "customers_with_orders",
    "active_customers",
    "new_customers",
    "returning_customers",
    "revenue_per_customer",
    "repeat_rate",
    "average_lifetime_value",
    "ad_spend",
    "acquisition_cost",
)
GOLD = problems(*SIGNED_IN, UnknownChoice, GoldNotBuilt, Unavailable)


def _one_of(names: tuple[str, ...]) -> str:
    return f"Only these: {', '.join(names)}."


@router.get("/revenue", response_model=RevenueAnswer, responses=GOLD)
def revenue_analytics(
    services: ServicesDep,
    chosen: Chosen,
    start: FromDay = None,
    end: ToDay = None,
    group_by: Annotated[
        str | None,
        Query(
            max_length=40,
            description="channel, product, category, country, region, day, week or month, or two with a comma between.",
        ),
    ] = None,
    compare: ComparedWith = Compare.PREVIOUS,
    timezone: ZoneName = None,
    currency: CurrencyCode = None,
    order: Annotated[str, Query(pattern="^(best|worst)$", description="best or worst revenue first.")] = "best",
    limit: RowLimit = 100,
    with_bridge: Annotated[
        bool, Query(alias="bridge", description="Say how the other revenues differ, as of the last build of gold.")
    ] = True,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """Revenue of a period, by up to two dimensions, beside another period; the last 30 days with today by default."""
    asked = services.insights
    query = RevenueQuery(
        start,
        end,
        check_grouping(group_by),
        chosen,
        compare,
        asked.zone_of(timezone),
        asked.currency_of(currency),
        order == "worst",
        limit,
    )
    now, known = asked.now(), asked.known
    span, reporting = frame_of(query, currency=asked.currency, zone=asked.zone, now=now, known=known)

    def steps_of(period: Period) -> list[Step]:
        return asked.kept(
            ("bridge", period, chosen, reporting),
            lambda: bridge(asked.gold, period, chosen, reporting, known=known, paying=asked.payment_days),
        )

    has_bridge = with_bridge and query.zone is None and as_format is not Format.CSV
    asked_steps = whole_meanwhile(steps_of, span.period) if has_bridge else None
    found = asked.kept(
        query, lambda: revenue(asked.gold, query, currency=asked.currency, zone=asked.zone, now=now, known=known)
    )
    opening = Opening(found.span.period, query.zone, query.currency, chosen)
    rows = [_revenue_row(row, opening) for row in found.rows]
    if as_format is Format.CSV:
        return csv_answer(rows, RevenueRowOut, "revenue")
    steps: list[Step] = []
    if asked_steps is not None:
        # A kept answer may be of the day that has just ended.
        steps = asked_steps.result() if found.span.period == span.period else steps_of(found.span.period)
    bridge_as_of = asked.gold.built_at(BRIDGE_TABLE) if steps else None
    return answer(_revenue(found, rows, steps, bridge_as_of, opening))


def _revenue(
    found: Revenue, rows: list[RevenueRowOut], steps: list[Step], bridge_as_of: datetime | None, opening: Opening
) -> RevenueAnswer:
    return RevenueAnswer(
        name=found.name,
        period=days(found.span.period),
        previous_period=compared(found.span),
        timezone=found.span.zone.key,
        currency=found.currency,
        group_by=[*found.group_by],
        source="gold" if found.source == "gold" else "live",
        totals=SalesFigures.model_validate(found.totals),
        previous=None if found.previous is None else SalesFigures.model_validate(found.previous),
        change=FigureChange(**found.change),
        rows=rows,
        more_rows=found.is_cut_off,
        bridge=[BridgeStep.model_validate(step) for step in steps],
        bridge_as_of=bridge_as_of,
        unconverted=[UnconvertedOut.model_validate(one) for one in found.unconverted],
        as_of=found.as_of,
        costs_as_of=found.costs_as_of,
        explain=opening.links(SLUGS),
    )


def _revenue_row(row: RevenueRow, opening: Opening) -> RevenueRowOut:
    narrowed = {name: value for name, value in row.keys.items() if name not in set(Grain)}
    return RevenueRowOut(
        **SalesFigures.model_validate(row.figures).model_dump(),
        keys=row.keys,
        label=row.label,
        from_=row.period.start,
        to=row.period.end,
        previous=None if row.previous is None else SalesFigures.model_validate(row.previous),
        explain=opening.template(row.period, **narrowed),
    )


@router.get("/products", response_model=ProductsAnswer, responses=GOLD)
def product_analytics(
    services: ServicesDep,
    category: Annotated[list[str], Query(max_length=200, description="Only of these.")] = [],
    brand: Annotated[list[str], Query(max_length=200, description="Only of these.")] = [],
    performance: Annotated[list[str], Query(max_length=10, description=_one_of(PERFORMANCES))] = [],
    stock_level: Annotated[list[str], Query(max_length=10, description=_one_of(STOCK_LEVELS))] = [],
    life_cycle: Annotated[list[str], Query(max_length=10, description=_one_of(LIFE_CYCLES))] = [],
    q: Annotated[str | None, Query(max_length=100, description="Part of the name or SKU.")] = None,
    order: Annotated[ProductOrder, Query(description="What comes first.")] = ProductOrder.BEST,
    currency: CurrencyCode = None,
    limit: RowLimit = 50,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """How products perform: revenue, margin, velocity, health, rating and stock, from their first day on."""
    asked = services.insights
    check_choices("performance", performance, PERFORMANCES)
    check_choices("stock_level", stock_level, STOCK_LEVELS)
    check_choices("life_cycle", life_cycle, LIFE_CYCLES)
    if brand:
        check_choices("brand", brand, asked.kept("brands", lambda: brands(asked.gold)))
    asked.selection(category=category)
    chosen = ProductFilter(
        tuple(category), tuple(brand), tuple(performance), tuple(stock_level), tuple(life_cycle), q or None
    )
    shown_in = asked.currency_of(currency)

    def ask() -> Products:
        read = performance_in(asked.gold, shown_in, asked.known)
        return products(asked.gold, chosen, order=order, limit=limit, read=read)

    found = asked.kept((chosen, order, limit, shown_in), ask)
    rows = [_product(row, shown_in) for row in found.rows]
    if as_format is Format.CSV:
        return csv_answer(rows, ProductPerformanceOut, "products")
    # Where no product is left out the figures open; of brands and classes the sums are only shown here.
    opening = Opening(currency=shown_in, chosen=Selection(categories=tuple(category)))
    return answer(
        ProductsAnswer(
            currency=found.currency,
            as_of_date=found.as_of_date,
            as_of=found.as_of or asked.now(),
            order=order,
            totals=ProductTotals(
                products=found.products,
                products_sold=found.sold,
                revenue=found.revenue,
                units=found.units,
                gross_profit=found.profit,
                margin=found.margin,
                average_health=found.average_health,
                out_of_stock=_count(found.stock_levels, STOCK_LEVELS[:1]),
                low_stock=_count(found.stock_levels, STOCK_LEVELS[1:3]),
            ),
            sales_performance=_bands(found.performances),
            stock_levels=_bands(found.stock_levels),
            life_cycles=_bands(found.life_cycles),
            price_tiers=_bands(found.price_tiers),
            rows=rows,
            more_rows=found.is_cut_off,
            explain=opening.links(("velocity", "product_health_score", "average_rating", "products_out_of_stock")),
        )
    )


def _product(row: dict[str, Any], currency: str | None) -> ProductPerformanceOut:
    margin = row["margin_percent"]
    opening = Opening(currency=currency, chosen=Selection(products=(row["product_id"],)))
    named = row | {
        "product_name": row["product_name"] or row["sku"] or row["product_id"],
        "sku": row["sku"] or "",
        "category": row["category"] or None,
        "category_path": row["category_path"] or None,
        "brand": row["brand"] or None,
        "review_count": row["review_count"] or 0,
        "units_last_30_days": row["units_last_30_days"] or 0,
        "units_returned": row["units_returned"] or 0,
        "margin": None if margin is None else round(float(margin) / 100, 6),
        "explain": opening.template(),
    }
    return ProductPerformanceOut.model_validate(named)


def _count(groups: list[Group], names: tuple[str, ...]) -> int:
    return sum(group.count for group in groups if group.name in names)


def _bands(groups: list[Group]) -> list[Band]:
    return [Band.model_validate(group) for group in groups]


def _customer_bands(groups: list[Group], filter_name: str, opening: Opening) -> list[CustomerBand]:
    return [
        CustomerBand(
            name=group.name,
            count=group.count,
            revenue=group.revenue,
            explain=opening.link("customers", **{filter_name: group.name}),
        )
        for group in groups
    ]


@router.get("/customers", response_model=CustomersAnswer, responses=GOLD)
def customer_analytics(
    services: ServicesDep,
    reader: Reader,
    start: FromDay = None,
    end: ToDay = None,
    channel: Annotated[list[str], Query(max_length=200, description="Only who first ordered here.")] = [],
    country: Annotated[list[str], Query(max_length=300, description="Only from these.")] = [],
    segment: Annotated[list[str], Query(max_length=10, description=_one_of(SEGMENTS))] = [],
    limit: Annotated[int, Query(ge=1, le=200, description="Most top customers.")] = 10,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """Who buys: new and returning customers of a period, segments, the RFM grid, and the customers worth most."""
    asked = services.insights
    check_choices("segment", segment, SEGMENTS)
    asked.selection(channel)
    chosen = CustomerFilter(tuple(channel), tuple(code.upper() for code in country), tuple(segment))
    period = resolve(start, end, today_in(asked.zone, asked.now()))
    with_names = Scope.CUSTOMERS_READ in reader.scopes
    found = asked.kept(
        (chosen, period, limit, with_names),
        lambda: customers(asked.gold, period, chosen, limit=limit, with_names=with_names),
    )
    top = [CustomerLine.model_validate(row) for row in found.top]
    if as_format is Format.CSV:
        return csv_answer(top, CustomerLine, "customers")
    of_period = found.of_period
    opening = Opening(
        period,
        chosen=Selection(channels=tuple(channel), countries=chosen.countries),
        kinds=CustomerKinds(segments=chosen.segments),
    )
    return answer(
        CustomersAnswer(
            period=days(period),
            currency=found.currency,
            as_of_date=found.as_of_date,
            as_of=found.as_of or asked.now(),
            totals=CustomerTotals(
                customers=found.customers,
                customers_with_orders=found.with_orders,
                active_customers=of_period.active,
                new_customers=of_period.new,
                returning_customers=of_period.active - of_period.new,
                repeat_rate=found.repeat_rate,
                average_lifetime_value=found.average_lifetime_value,
                average_predicted_lifetime_value=found.average_predicted_value,
                revenue_per_customer=found.revenue_per_customer,
                ad_spend=of_period.ad_spend,
                acquisition_cost=of_period.acquisition_cost,
            ),
            segments=[
                SegmentOut(
                    segment=group.name,
                    customers=group.count,
                    revenue=group.revenue,
                    share=fraction(group.count, found.with_orders),
                    explain=opening.link("customers", segment=group.name),
                )
                for group in found.segments
            ],
            rfm_grid=[
                RfmCell(
                    recency=cell.recency,
                    frequency=cell.frequency,
                    customers=cell.customers,
                    revenue=cell.revenue,
                    explain=opening.link("customers", recency=str(cell.recency), frequency=str(cell.frequency)),
                )
                for cell in found.rfm
            ],
            age_groups=_customer_bands(found.age_groups, "age_group", opening),
            stages=_customer_bands(found.stages, "stage", opening),
            top=top,
            explain=opening.links(_CUSTOMER_METRICS),
        )
    )


@router.get("/cohorts", response_model=CohortsAnswer, responses=GOLD)
def cohort_analytics(
    services: ServicesDep,
    start: FromDay = None,
    end: ToDay = None,
    channel: Annotated[
        str | None, Query(max_length=64, description="Only who first ordered here. Unset: all together.")
    ] = None,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The triangle of retention, by the month of the first order; the newest 24 months by default."""
    asked = services.insights
    asked.selection([channel] if channel else [])
    if start is not None and end is not None:
        Period(start, end)
    found = asked.kept((start, end, channel), lambda: cohorts(asked.gold, start, end, channel))
    if as_format is Format.CSV:
        rows = [
            {"cohort_month": cohort.month, "cohort_size": cohort.size} | CohortStep.model_validate(step).model_dump()
            for cohort in found.cohorts
            for step in cohort.steps
        ]
        return csv_answer(rows, ["cohort_month", "cohort_size", *CohortStep.model_fields], "cohorts")
    return answer(
        CohortsAnswer(
            currency=found.currency,
            channel=channel,
            as_of=found.as_of or asked.now(),
            cohorts=[
                CohortOut(
                    month=cohort.month,
                    size=cohort.size,
                    periods=[CohortStep.model_validate(step) for step in cohort.steps],
                    explain=Opening(Period(cohort.month, month_after(cohort.month))).link("retention"),
                )
                for cohort in found.cohorts
            ],
            average=[RetentionStep.model_validate(step) for step in found.average],
        )
    )


@router.get("/trends", response_model=TrendsAnswer, responses=GOLD)
def trend_analytics(
    services: ServicesDep,
    chosen: Chosen,
    start: FromDay = None,
    end: ToDay = None,
    metric: Annotated[list[str], Query(max_length=8, description="Which metrics, by slug.")] = ["revenue", "orders"],
    grain: Annotated[Grain, Query(description="Size of the buckets.")] = Grain.DAY,
    compare: ComparedWith = Compare.PREVIOUS,
    timezone: ZoneName = None,
    currency: CurrencyCode = None,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """How metrics went, by day, week or month, beside another period."""
    asked = services.insights
    query = TrendsQuery(
        tuple(dict.fromkeys(metric)),
        start,
        end,
        grain,
        chosen,
        compare,
        asked.zone_of(timezone),
        asked.currency_of(currency),
    )
    found = asked.kept(
        query,
        lambda: trends(asked.gold, query, currency=asked.currency, zone=asked.zone, now=asked.now(), known=asked.known),
    )
    if as_format is Format.CSV:
        rows = [
            {"metric": series.metric.slug} | TrendPoint.model_validate(point).model_dump()
            for series in found.series
            for point in series.points
        ]
        return csv_answer(rows, ["metric", *TrendPoint.model_fields], "trends")
    opening = Opening(found.span.period, query.zone, query.currency, chosen)
    return answer(
        TrendsAnswer(
            period=days(found.span.period),
            previous_period=compared(found.span),
            grain=found.grain,
            timezone=found.span.zone.key,
            currency=found.currency,
            as_of=found.as_of,
            series=[
                TrendSeries(
                    metric=series.metric.slug,
                    label=series.metric.label,
                    unit=series.metric.unit,
                    total=series.total,
                    previous_total=series.previous_total,
                    change=series.change,
                    points=[TrendPoint.model_validate(point) for point in series.points],
                    explain=opening.link(series.metric.slug),
                )
                for series in found.series
            ],
        )
    )
