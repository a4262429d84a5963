"""What figures are made of, and why one is another than it was."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from pydantic import Field

from tradewind.api.asking import Chosen, CurrencyCode, FromDay, ToDay, ZoneName, days
from tradewind.api.csv_answer import AsFormat, Format, csv_answer
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import BASE, Router
from tradewind.api.schemas.analytics import (
    MetricCatalogue,
    MetricOut,
)
from tradewind.api.schemas.explain import (
    ChangedPart,
    ChangeRow,
    ChangesAnswer,
    ExplainAnswer,
    ExplainColumn,
    ExplainedFigure,
    ExplainFreshness,
    LineageStep,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.core.errors import Unavailable
from tradewind.insights.catalogue import METRICS, metric_named
from tradewind.insights.changes import ChangesQuery, changes
from tradewind.insights.customers import SEGMENTS, STAGES
from tradewind.insights.explain import ExplainQuery, Opened, columns_with_roles, explain, opens_to
from tradewind.insights.followed import FOLLOWED
from tradewind.insights.gold import GoldNotBuilt
from tradewind.insights.metric import Metric
from tradewind.insights.selection import CustomerKinds, UnknownChoice, check_choices

router = Router("", tags=["insights"], dependencies=[READS])

GOLD = problems(*SIGNED_IN, UnknownChoice, GoldNotBuilt, Unavailable)
Score = Annotated[int, Field(ge=1, le=5)]


def chosen_kinds(
    segment: Annotated[list[str], Query(max_length=10, description="Only customers of these segments.")] = [],
    age_group: Annotated[list[str], Query(max_length=20, description="Only customers of these ages.")] = [],
    stage: Annotated[list[str], Query(max_length=10, description="Only customers of these stages.")] = [],
    recency: Annotated[list[Score], Query(max_length=5, description="Only customers with these scores.")] = [],
    frequency: Annotated[list[Score], Query(max_length=5, description="Only customers with these scores.")] = [],
) -> CustomerKinds:
    """The choice of customers, its values checked."""
    check_choices("segment", segment, SEGMENTS)
    check_choices("stage", stage, STAGES)
    return CustomerKinds(
        tuple(segment), tuple(age_group), tuple(stage), tuple(map(str, recency)), tuple(map(str, frequency))
    )


Kinds = Annotated[CustomerKinds, Depends(chosen_kinds)]
Slug = Annotated[str, Path(max_length=64, description="A metric of /api/v1/metrics.")]


@router.get("/metrics", response_model=MetricCatalogue, responses=problems(*SIGNED_IN))
def metrics() -> Response:
    """Every metric: what it is called, how it is computed, how it adds up and when it is undefined."""
    return answer(MetricCatalogue(metrics=[metric_out(metric) for metric in METRICS.values()]))


def metric_out(metric: Metric) -> MetricOut:
    return MetricOut(
        slug=metric.slug,
        label=metric.label,
        unit=metric.unit,
        formula=metric.formula,
        adds_up=metric.adds_up.value,
        description=metric.description,
        undefined_when=metric.undefined_when,
        computed_in=list(metric.computed_in),
        owner=metric.owner,
        better=metric.better,
        bridges_from=metric.bridges_from,
        filters=list(opens_to(metric)),
        explain=f"{BASE}/explain/{metric.slug}",
    )


@router.get("/explain/{metric}", response_model=ExplainAnswer, responses=GOLD)
def explain_metric(
    services: ServicesDep,
    metric: Slug,
    chosen: Chosen,
    kinds: Kinds,
    start: FromDay = None,
    end: ToDay = None,
    timezone: ZoneName = None,
    currency: CurrencyCode = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """A figure opened: its definition, SQL, lineage, tests, and page by page the rows that add up to it."""
    asked = services.insights
    known_metric = metric_named(metric)
    query = ExplainQuery(
        known_metric.slug,
        start,
        end,
        chosen,
        asked.zone_of(timezone),
        asked.currency_of(currency),
        kinds,
    )
    found = asked.kept(
        (query, limit, cursor),
        lambda: explain(
            asked.gold,
            query,
            currency=asked.currency,
            zone=asked.zone,
            now=asked.now(),
            known=asked.known,
            limit=limit,
            cursor=cursor,
        ),
    )
    if as_format is Format.CSV:
        return csv_answer(found.rows, found.columns, f"{known_metric.slug}-rows")
    return answer(_explained(found, query))


def _explained(found: Opened, query: ExplainQuery) -> ExplainAnswer:
    feeds: dict[str, list[str]] = {}
    for table in found.lineage:
        for source in table.reads:
            feeds.setdefault(source, []).append(table.name)
    steps = [
        LineageStep.model_validate(
            {
                "name": table.name,
                "kind": table.kind,
                "feeds": feeds.get(table.name, [found.metric.slug]),
                "description": table.description,
            }
        )
        for table in found.lineage
    ]
    return ExplainAnswer(
        metric=metric_out(found.metric),
        from_=found.period.start if found.period else None,
        to=found.period.end if found.period else None,
        timezone=found.zone.key,
        filters={name: list(values) for name, values in query.named().items() if values},
        figure=ExplainedFigure(
            value=found.value,
            unit=found.metric.unit,
            currency=found.currency,
            numerator=found.numerator,
            denominator=found.denominator,
        ),
        sql=found.sql,
        parameters=found.parameters,
        lineage=[*steps, LineageStep(name=found.metric.slug, kind="figure", feeds=[], description=found.metric.label)],
        tests=found.tests,
        freshness=ExplainFreshness(
            source="live" if found.is_live else "gold", as_of=found.as_of, newest_fact_at=found.newest_fact_at
        ),
        columns=[
            ExplainColumn.model_validate({"name": name, "role": role}) for name, role in columns_with_roles(found)
        ],
        rows=found.rows,
        next_cursor=found.next_cursor,
    )


@router.get("/analytics/changes", response_model=ChangesAnswer, responses=GOLD)
def changed_figures(
    services: ServicesDep,
    chosen: Chosen,
    before: Annotated[datetime, Query(description="As it was known at this moment, with its zone: 2026-03-10T08:00Z.")],
    metric: Annotated[str, Query(max_length=64, description=f"One of: {', '.join(FOLLOWED)}.")] = "revenue",
    start: FromDay = None,
    end: ToDay = None,
    after: Annotated[datetime | None, Query(description="And at this later one. Unset: now.")] = None,
    timezone: ZoneName = None,
    currency: CurrencyCode = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """A figure as it was known at two moments, and the orders and refunds that came in between."""
    asked = services.insights
    query = ChangesQuery(
        metric, before, after, start, end, chosen, asked.zone_of(timezone), asked.currency_of(currency)
    )
    found = changes(
        asked.gold,
        query,
        currency=asked.currency,
        zone=asked.zone,
        now=asked.now(),
        known=asked.known,
        limit=limit,
        cursor=cursor,
    )
    rows = [_change(row, has_orders=bool(found.parts)) for row in found.rows]
    if as_format is Format.CSV:
        return csv_answer(rows, ChangeRow, "changes")
    return answer(
        ChangesAnswer(
            metric=found.metric,
            period=days(found.period),
            before=found.before,
            after=found.after,
            currency=found.currency,
            value_before=found.value_before,
            value_after=found.value_after,
            difference=found.difference,
            parts=[
                ChangedPart(
                    metric=part.metric,
                    value_before=part.value_before,
                    value_after=part.value_after,
                    difference=part.value_after - part.value_before,
                )
                for part in found.parts
            ],
            rows=rows,
            next_cursor=found.next_cursor,
        )
    )


def _change(row: dict[str, Any], *, has_orders: bool) -> ChangeRow:
    return ChangeRow(
        order_id=row["order"] or None,
        refund_id=row["thing_id"] if row["kind"] == "refund" else None,
        order_number=row["order_number"] or None,
        kind=row["kind"],
        channel=row["channel"],
        day=row["day"],
        at=row["at"],
        ingested_at=row["told_at"],
        status=row["status"] or None,
        currency=row["currency"],
        amount=row["amount"],
        orders=row["below"] if has_orders else None,
    )
