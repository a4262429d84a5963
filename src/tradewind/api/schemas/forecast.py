"""Shapes of forecasts. Units are expected values, so they have fractions; quantiles of days never add up to totals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from pydantic import ConfigDict, Field

from tradewind.api.wire import Wire


class ForecastPlanRow(Wire):
    """What a product is to cost from one day to another: a price, or so much off."""

    model_config = ConfigDict(extra="forbid")

    sku: str = Field(max_length=300, description="SKU or id.")
    first: date = Field(alias="from")
    last: date = Field(alias="to", description="Included.")
    price: float | None = Field(
        None, allow_inf_nan=False, description="Before discounts, in the currency that the product is sold in."
    )
    discount_percent: float | None = Field(
        None, allow_inf_nan=False, description="What a promotion takes off, 95 at most."
    )


class GenerateForecast(Wire):
    """What is to be forecast."""

    model_config = ConfigDict(extra="forbid")

    product_id: str = Field(max_length=300, description="Id or SKU.")
    horizon_days: int = Field(30, description="1 to 365.")
    model: str = Field("auto", max_length=40, description="One of GET /forecast/models.")
    include_confidence_intervals: bool = True
    channel: str | None = Field(None, max_length=200, description="Only this channel; unset: all.")
    weights: dict[str, float] | None = Field(
        None, description="Of the model `ensemble`: fixed weights by model that sum to 1; unset: learned ones."
    )
    plan: list[ForecastPlanRow] = Field(
        [],
        max_length=1000,
        description="What if: prices and promotions of the days ahead. Rows of other products change nothing. Days"
        " without a row keep the last price, without a promotion.",
    )


class ForecastDay(Wire):
    """A day ahead. With 80 % (95 %) demand lies between the bounds."""

    date: date
    predicted_units: float
    lower_80: float | None = None
    upper_80: float | None = None
    lower_95: float | None = None
    upper_95: float | None = None


class ForecastTotal(Wire):
    """Demand over the first days together, with quantiles of its own."""

    days: int
    predicted_units: float
    lower_80: float | None = None
    upper_80: float | None = None
    lower_95: float | None = None
    upper_95: float | None = None


class PastDay(Wire):
    """A day with demand, or on which stock had run out for a time."""

    date: date
    units: float
    in_stock: float = Field(description="Share of the day with stock; below 1 the demand is a lower bound.")


class ExpectedDay(Wire):
    """What was expected of a day that has passed."""

    known_until: date = Field(description="The last day that the forecast knew.")
    date: date
    predicted_units: float = Field(description="By the newest forecast that was made a week or more before.")


class Earned(Wire):
    """What the model's back-test measured over 90 days ahead. null: not defined.

    Of a product by product and day, on its kind of demand; of a sum, of that sum by day.
    """

    wape: float | None
    naive_wape: float | None = Field(description="Of the same weekday repeated.")
    floor_wape: float | None = Field(description="What Poisson noise alone would cost one who knew the mean.")
    value_added: float | None = Field(description="How much less is missed than by naive_wape, a fraction.")


class ForecastPlan(Wire):
    """A plan that a forecast was made for."""

    rows: list[ForecastPlanRow] = Field(description="Those of the product.")
    units_without_plan: float
    factor: float = Field(description="Predicted units by those without the plan.")


class ForecastAnswer(Wire):
    """The forecast of a product, category, channel or all."""

    product_id: str | None = None
    sku: str | None = None
    name: str
    channel: str | None = Field(description="null: all channels.")
    model: str
    engine: str
    model_version: str
    basis: str = Field(description="served: from the last training run. computed: fitted for this question.")
    origin: date = Field(description="The last day that was known; the forecast begins the day after.")
    trained_at: datetime | None = Field(description="When its models were trained; null: for this question.")
    rolled_at: datetime | None = Field(
        description="When these models were given the days since; null: `origin` is the last day of the training."
    )
    horizon_days: int
    demand_class: str | None
    flags: list[str] = Field(
        description="cold_start, young, inactive, no_demand; plan_untested: none was ever seen to change"
        " demand here, so the plan changes nothing."
    )
    total_predicted_units: float
    forecast: list[ForecastDay]
    totals: list[ForecastTotal]
    history: list[PastDay] = Field(description="The days before, where asked for; days without demand are left out.")
    expected: list[ExpectedDay] = Field(
        description="What had been expected of the days of `history`; none before a week of forecasts has passed."
    )
    backtest: Earned | None = Field(description="null where this model was not back-tested by the served run.")
    plan: ForecastPlan | None = Field(None, description="What the forecast was asked for with; null: no plan.")


class ForecastRow(Wire):
    """A product in a list."""

    product_id: str
    sku: str
    name: str
    channel: str | None
    origin: date
    horizon_days: int
    demand_class: str
    total_predicted_units: float
    lower_80: float | None = Field(description="Of the total; null where no total over so many days is kept.")
    upper_80: float | None
    model: str
    model_version: str
    flags: list[str]


class ForecastPage(Wire):
    """Products in the order of their ids."""

    items: list[ForecastRow]
    next_cursor: str | None


class ScoreOut(Wire):
    """What the back-test measured. Fractions; null where not defined."""

    model: str
    part: str
    name: str
    horizon: str
    series: int
    windows: int
    units: float
    wape: float | None
    naive_wape: float | None
    floor_wape: float | None
    value_added: float | None
    mase: float | None
    rmsse: float | None
    wql: float | None
    bias: float | None
    coverage_80: float | None
    coverage_95: float | None
    upper_90: float | None
    upper_975: float | None
    mape: float | None = Field(description="Over days with demand only.")
    mape_excluded: float | None = Field(description="Share of days without demand, which MAPE leaves out.")
    r2: float | None


class WeightOut(Wire):
    """How much a model counts in auto."""

    demand_class: str
    horizon: str
    model: str
    weight: float
    verdict: str


class LiveOut(Wire):
    """What forecasts that were served met since."""

    lag: int = Field(description="Days ahead.")
    products: int
    days: int
    units: float
    wape: float | None
    bias: float | None
    coverage_80: float | None
    coverage_95: float | None


class AccuracyAnswer(Wire):
    """How good the forecasts were."""

    run_id: str
    trained_at: datetime
    rolled_at: datetime | None = Field(
        description="When its models were last given the days since; null: not yet. The scores are the training's."
    )
    rolled_until: date | None = Field(description="The last day that they know since.")
    model: str
    model_version: str
    origin: date
    horizon_days: int
    series: int
    seconds: float
    scores: list[ScoreOut]
    weights: list[WeightOut]
    live: list[LiveOut]


class SignalOut(Wire):
    """Something that stands out. Days are inclusive; units are of all of them together."""

    kind: str = Field(
        description="spike, drop, rising, falling, level_up, level_down, silence (of a listing) or data_gap"
        " (of a channel)."
    )
    product_id: str | None
    sku: str | None
    name: str | None
    channel: str | None = Field(description="null: all channels together.")
    first_day: date
    last_day: date
    units: float
    expected_units: float
    low: float | None = Field(description="With `high`: units by expected units hold between with 90 %; of trends.")
    high: float | None
    chance: float | None = Field(description="Of something at least as unlikely, were the forecast right.")
    effect: Decimal | None = Field(
        description="Margin against what was expected, revenue where no cost is known; null where neither is."
    )
    says: str


class SignalsAnswer(Wire):
    """What stands out, what matters most first within a kind."""

    last_day: date = Field(description="The last known day.")
    basis: str = Field(
        description="served: held against forecasts that were served before. computed: against fits to what was known"
        " before, as no forecast is old enough. mixed: both."
    )
    currency: str | None
    series: int = Field(description="Products that were looked at.")
    counts: dict[str, int] = Field(description="Signals by kind, also those beyond `limit`.")
    signals: list[SignalOut]


class ModelOut(Wire):
    """A model that can be asked for."""

    name: str
    says: str
    engine: str
    installed: bool = Field(description="False: a name that is kept for a model which is not there.")


class ModelsAnswer(Wire):
    models: list[ModelOut]
