"""Forecasts of demand: of a product, by channel, category and in all; how good they were; and one on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from fastapi import Path, Query, Response

from tradewind.api.csv_answer import AsFormat, Format, csv_answer
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.forecast import (
    AccuracyAnswer,
    Earned,
    ExpectedDay,
    ForecastAnswer,
    ForecastDay,
    ForecastPage,
    ForecastPlan,
    ForecastRow,
    ForecastTotal,
    GenerateForecast,
    LiveOut,
    ModelOut,
    ModelsAnswer,
    PastDay,
    ScoreOut,
    SignalOut,
    SignalsAnswer,
    WeightOut,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.core.errors import InvalidInput, Unavailable
from tradewind.insights.forecasting.accuracy import Accuracy, NoForecast, accuracy
from tradewind.insights.forecasting.lookup import (
    UnknownSeries,
    check_category,
    check_channel,
    known_products,
    product_ids,
)
from tradewind.insights.forecasting.models import MODELS, ModelNotInstalled
from tradewind.insights.forecasting.panel import NoHistory, open_day
from tradewind.insights.forecasting.served import LEVELS, Scope, SeriesForecast, series
from tradewind.insights.forecasting.signals import SignalKind
from tradewind.insights.gold import GoldNotBuilt

router = Router(tags=["forecast"], dependencies=[READS])

_LONGEST = 365
FORECAST = problems(*SIGNED_IN, InvalidInput, UnknownSeries, NoForecast, Unavailable)
GENERATED = problems(*SIGNED_IN, InvalidInput, UnknownSeries, NoForecast, ModelNotInstalled, GoldNotBuilt, Unavailable)
SIGNALS = problems(*SIGNED_IN, InvalidInput, UnknownSeries, NoHistory, GoldNotBuilt, Unavailable)

Name = Annotated[str, Path(max_length=300, description="Id or SKU.")]
OnChannel = Annotated[str | None, Query(max_length=200, description="Only this channel; unset: all.")]
Horizon = Annotated[int | None, Query(description="Only the first so many days, 1 to 365; unset: all that are kept.")]
Past = Annotated[
    int, Query(ge=0, le=1095, description="Days of past demand to tell as well, with what had been expected of them.")
]


@router.post("/forecast/generate", response_model=ForecastAnswer, responses=GENERATED)
def generate_forecast(services: ServicesDep, body: GenerateForecast) -> Response:
    """A product's forecast: the served one where it is what is asked for, else fitted now; with a plan, what if."""
    from tradewind.insights.forecasting.on_request import Wish, generate
    from tradewind.insights.forecasting.plans import PlanRow, check, planned, with_plan

    asked = services.insights
    (product_id,) = product_ids(asked.warehouse, [body.product_id])
    if body.channel is not None:
        check_channel(asked.warehouse, body.channel)
    today = open_day(asked.gold, asked.now(), asked.zone)
    wish = Wish(product_id, body.horizon_days, body.model, body.channel, body.weights)
    key = ("forecast", product_id, wish.horizon, wish.model, wish.channel, tuple(sorted((wish.weights or {}).items())))
    found = asked.kept(key, lambda: generate(asked.gold, wish, today, country=asked.country))
    if not body.plan:
        return answer(_answer(services, found, with_intervals=body.include_confidence_intervals))
    rows = [PlanRow(one.sku, one.first, one.last, one.price, one.discount_percent) for one in body.plan]
    known = known_products(asked.warehouse, sorted({one.sku for one in rows}))
    check(rows, known, found.demand.origin, len(found.demand.mean))
    mine = [one for one in rows if known[one.sku] == product_id]
    plan = planned(asked.gold, product_id, body.channel, mine, found, today)
    told = _answer(services, with_plan(found, plan.factor), with_intervals=body.include_confidence_intervals)
    usual = sum(found.demand.mean)
    used = ForecastPlan(
        rows=[one for one in body.plan if known[one.sku] == product_id],
        units_without_plan=_units(usual),
        factor=round(told.total_predicted_units / usual, 4) if usual > 0 else 1.0,
    )
    flags = told.flags if plan.is_seen else [*told.flags, "plan_untested"]
    return answer(told.model_copy(update={"plan": used, "flags": flags}))


@router.get("/forecast/products", response_model=ForecastPage, responses=FORECAST)
def forecasts_of_products(
    services: ServicesDep,
    product: Annotated[list[str], Query(max_length=300, description="Only these, by id or SKU.")] = [],
    channel: OnChannel = None,
    horizon_days: Horizon = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most products.")] = 100,
    cursor: Annotated[str | None, Query(max_length=300, description="`next_cursor` of the page before.")] = None,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The served forecasts of many products, in totals."""
    asked = services.insights
    _check_horizon(horizon_days)
    if channel is not None:
        check_channel(asked.warehouse, channel)
    ids = product_ids(asked.warehouse, product) if product else None
    found = series(asked.warehouse, Scope.PRODUCT, ids, channel=channel, limit=limit + 1, after=cursor)
    if not found and cursor is None:
        raise NoForecast
    more, page = len(found) > limit, found[:limit]
    names = asked.known.products([one.name for one in page])
    rows = [_row(one, names[one.name], horizon_days) for one in page]
    if as_format is Format.CSV:
        return csv_answer(rows, ForecastRow, "forecasts")
    return answer(ForecastPage(items=rows, next_cursor=page[-1].name if more else None))


@router.get("/forecast/products/{product_id}", response_model=ForecastAnswer, responses=FORECAST)
def forecast_of_product(
    services: ServicesDep,
    product_id: Name,
    channel: OnChannel = None,
    horizon_days: Horizon = None,
    history_days: Past = 0,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The served forecast of one product."""
    (found_id,) = product_ids(services.insights.warehouse, [product_id])
    return _served(services, Scope.PRODUCT, found_id, channel, horizon_days, history_days, as_format)


@router.get("/products/{product_id}/forecast", response_model=ForecastAnswer, responses=FORECAST)
def product_forecast(
    services: ServicesDep,
    product_id: Name,
    channel: OnChannel = None,
    horizon_days: Horizon = None,
    history_days: Past = 0,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The same as /forecast/products/{product_id}."""
    return forecast_of_product(services, product_id, channel, horizon_days, history_days, as_format)


@router.get("/forecast/categories", response_model=ForecastAnswer, responses=FORECAST)
def forecast_of_category(
    services: ServicesDep,
    category: Annotated[str, Query(max_length=200, description="Its path.")],
    horizon_days: Horizon = None,
    history_days: Past = 0,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The served forecast of a category: its mean is the sum of its products', its intervals are its own."""
    name = check_category(services.insights.warehouse, category)
    return _served(services, Scope.CATEGORY, name, None, horizon_days, history_days, as_format)


@router.get("/forecast/total", response_model=ForecastAnswer, responses=FORECAST)
def forecast_of_all(
    services: ServicesDep,
    channel: OnChannel = None,
    horizon_days: Horizon = None,
    history_days: Past = 0,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """The served forecast of all products together, or of a channel."""
    return _served(services, Scope.ALL, "", channel, horizon_days, history_days, as_format)


@router.get("/forecast/accuracy", response_model=AccuracyAnswer, responses=FORECAST)
def forecast_accuracy(
    services: ServicesDep,
    model: Annotated[str | None, Query(max_length=40, description="Only this model.")] = None,
    part: Annotated[
        str | None,
        Query(
            pattern="^(all|class|channel|category|total|channel_total|category_total)$",
            description="Only scores cut by this; those that end in total are of daily sums.",
        ),
    ] = None,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """What the back-test of the served run measured, and what past forecasts met since."""
    asked = services.insights
    found = asked.kept(("forecast accuracy", model, part), lambda: accuracy(asked.warehouse, model=model, part=part))
    scores = [ScoreOut.model_validate(row) for row in found.scores]
    if as_format is Format.CSV:
        return csv_answer(scores, ScoreOut, "forecast-accuracy")
    return answer(
        AccuracyAnswer(
            run_id=found.run["run_id"],
            trained_at=found.run["at"],
            rolled_at=found.rolled["at"] if found.rolled is not None else None,
            rolled_until=found.rolled["origin"] if found.rolled is not None else None,
            model=found.run["model"],
            model_version=found.run["version"],
            origin=found.run["origin"],
            horizon_days=found.run["horizon"],
            series=found.run["series"],
            seconds=found.run["seconds"],
            scores=scores,
            weights=[WeightOut.model_validate(row) for row in found.weights],
            live=[LiveOut.model_validate(row) for row in found.live],
        )
    )


@router.get("/forecast/signals", response_model=SignalsAnswer, responses=SIGNALS)
def forecast_signals(
    services: ServicesDep,
    channel: OnChannel = None,
    kind: Annotated[list[SignalKind], Query(description="Only these; unset: all.")] = [],
    days: Annotated[int, Query(description="Spikes and drops of the last so many known days, 1 to 28.")] = 7,
    least_effect: Annotated[
        Decimal | None,
        Query(
            max_digits=18,
            description="Money below which a single day is not told; unset: a thousandth of what a day is expected to"
            " make.",
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most signals.")] = 100,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """What stands out against the forecasts: single days, trends, silent listings, shifts of level, gaps in data."""
    from tradewind.insights.forecasting.signal_report import chosen, report

    asked = services.insights
    if channel is not None:
        asked.selection(channel=[channel])
    today = open_day(asked.gold, asked.now(), asked.zone)
    key = ("forecast signals", channel, days, least_effect, today)
    found = asked.kept(key, lambda: report(asked.gold, today, channel=channel, days=days, least_effect=least_effect))
    every = list(chosen(found, kind))
    named = asked.known.products([one.product_id for one in every[:limit] if one.product_id is not None])
    rows = [
        SignalOut(
            sku=named[one.product_id]["sku"] if one.product_id is not None else None,
            name=named[one.product_id]["name"] if one.product_id is not None else None,
            **asdict(one),
        )
        for one in every[:limit]
    ]
    if as_format is Format.CSV:
        return csv_answer(rows, SignalOut, "forecast-signals")
    return answer(
        SignalsAnswer(
            last_day=found.last_day,
            basis=str(found.basis),
            currency=found.currency,
            series=found.series,
            counts={str(one): sum(signal.kind is one for signal in every) for one in SignalKind},
            signals=rows,
        )
    )


@router.get("/forecast/models", response_model=ModelsAnswer, responses=problems(*SIGNED_IN))
def forecast_models() -> Response:
    """The models by name, those that are installed and those that are not."""
    return answer(
        ModelsAnswer(
            models=[
                ModelOut(name=one.name, says=one.says, engine=one.engine, installed=one.is_installed)
                for one in MODELS.values()
            ]
        )
    )


def _served(
    services: Services,
    scope: Scope,
    name: str,
    channel: str | None,
    horizon: int | None,
    history_days: int,
    as_format: Format,
) -> Response:
    from tradewind.insights.forecasting import past
    from tradewind.insights.forecasting.on_request import served_series

    asked = services.insights
    _check_horizon(horizon)
    if channel is not None:
        check_channel(asked.warehouse, channel)
    found = served_series(asked.gold, scope, name, channel, horizon)
    history: list[PastDay] = []
    expected: list[ExpectedDay] = []
    if history_days:
        of = (scope, name, channel, found.demand.origin, history_days)
        history = [PastDay.model_validate(row) for row in past.demand(asked.gold, *of)]
        expected = [ExpectedDay.model_validate(row) for row in past.expected(asked.warehouse, *of)]
    told = _answer(services, found, history, expected)
    if as_format is Format.CSV:
        return csv_answer(told.forecast, ForecastDay, "forecast")
    return answer(told)


def _answer(
    services: Services,
    found: SeriesForecast,
    history: Sequence[PastDay] = (),
    expected: Sequence[ExpectedDay] = (),
    *,
    with_intervals: bool = True,
) -> ForecastAnswer:
    demand, is_product = found.demand, found.scope is Scope.PRODUCT
    named = services.insights.known.products([found.name])[found.name] if is_product else None
    title = named["name"] if named is not None else found.name or demand.channel or "All products"
    return ForecastAnswer(
        product_id=found.name if is_product else None,
        sku=named["sku"] if named is not None else None,
        name=title,
        channel=demand.channel,
        model=demand.model,
        engine=demand.engine,
        model_version=demand.version,
        basis="served" if found.run_id else "computed",
        origin=demand.origin,
        trained_at=found.trained_at,
        rolled_at=found.rolled_at,
        horizon_days=len(demand.mean),
        demand_class=found.demand_class or None,
        flags=list(demand.flags),
        total_predicted_units=_units(sum(demand.mean)),
        forecast=_days(found, with_intervals),
        totals=_totals(found, with_intervals),
        history=list(history),
        expected=list(expected),
        backtest=_earned(services, found),
    )


def _days(found: SeriesForecast, with_intervals: bool) -> list[ForecastDay]:
    demand, bands = found.demand, found.bands
    return [
        ForecastDay(
            date=demand.origin + timedelta(days=nth + 1),
            predicted_units=_units(mean),
            lower_80=_units(bands[0.1][nth]) if with_intervals else None,
            upper_80=_units(bands[0.9][nth]) if with_intervals else None,
            lower_95=_units(bands[0.025][nth]) if with_intervals else None,
            upper_95=_units(bands[0.975][nth]) if with_intervals else None,
        )
        for nth, mean in enumerate(demand.mean)
    ]


def _totals(found: SeriesForecast, with_intervals: bool) -> list[ForecastTotal]:
    demand = found.demand
    rows = []
    for days, values in demand.cumulative.items():
        at = dict(zip(LEVELS, values, strict=True))
        rows.append(
            ForecastTotal(
                days=days,
                predicted_units=_units(sum(demand.mean[:days])),
                lower_80=_units(at[0.1]) if with_intervals else None,
                upper_80=_units(at[0.9]) if with_intervals else None,
                lower_95=_units(at[0.025]) if with_intervals else None,
                upper_95=_units(at[0.975]) if with_intervals else None,
            )
        )
    return rows


def _earned(services: Services, found: SeriesForecast) -> Earned | None:
    """The back-test of the forecast's model, from the served run over all products.

    Of a product on its kind of demand, by product and day; of a category, a channel and all on their own daily sums.
    """
    asked = services.insights

    def look() -> Accuracy | None:
        try:
            return accuracy(asked.warehouse)
        except NoForecast:
            return None

    known = asked.kept("forecast earned", look)
    part, name = ("class", found.demand_class) if found.scope is Scope.PRODUCT else ("total", "")
    if found.scope is Scope.ALL and found.demand.channel:
        part, name = "channel_total", found.demand.channel
    if found.scope is Scope.CATEGORY:
        part, name = "category_total", found.name
    for row in known.scores if known is not None else ():
        if (row["model"], row["part"], row["name"], row["horizon"]) == (found.demand.model, part, name, "1-90"):
            return Earned.model_validate(row)
    return None


def _row(found: SeriesForecast, named: dict[str, str], horizon: int | None) -> ForecastRow:
    demand = found.demand
    days = min(horizon or len(demand.mean), len(demand.mean))
    at = dict(zip(LEVELS, demand.cumulative[days], strict=True)) if days in demand.cumulative else None
    return ForecastRow(
        product_id=found.name,
        sku=named["sku"],
        name=named["name"],
        channel=demand.channel,
        origin=demand.origin,
        horizon_days=days,
        demand_class=found.demand_class,
        total_predicted_units=_units(sum(demand.mean[:days])),
        lower_80=_units(at[0.1]) if at is not None else None,
        upper_80=_units(at[0.9]) if at is not None else None,
        model=demand.model,
        model_version=demand.version,
        flags=list(demand.flags),
    )


def _check_horizon(horizon: int | None) -> None:
    if horizon is not None and not 1 <= horizon <= _LONGEST:
        raise InvalidInput(f"horizon_days must be 1 to {_LONGEST}.", field="horizon_days")


def _units(value: float) -> float:
    """Units to two digits, as they are told."""
    return round(float(value), 2)
