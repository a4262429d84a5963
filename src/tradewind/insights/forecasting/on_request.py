"""One product's forecast while somebody waits: what is served, or a model of their choice fitted at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tradewind.core.errors import Conflict
from tradewind.insights.forecasting import models, siblings
from tradewind.insights.forecasting.accuracy import NoForecast
from tradewind.insights.forecasting.members import LEARNT
from tradewind.insights.forecasting.panel import NoHistory, load
from tradewind.insights.forecasting.runs import Line, flags_of
from tradewind.insights.forecasting.served import DAY_LEVELS, DemandForecast, Scope, SeriesForecast, series
from tradewind.insights.forecasting.training import Asked, check, compute, names_of, version_of
from tradewind.insights.gold import Gold

NOT_STORED = ""


class ModelNotTrained(Conflict):
    """A model that learns from all products has not been trained, or not for this one."""

    code = "model_not_trained"


@dataclass(frozen=True)
class Wish:
    """What somebody asks of one product."""

    product_id: str
    horizon: int = 30
    model: str = models.AUTO
    channel: str | None = None
    weights: Mapping[str, float] | None = None


def generate(gold: Gold, wish: Wish, today: date, *, country: str | None = None) -> SeriesForecast:
    """The served forecast where it is what is asked for, else one computed now (`run_id` empty then).

    Raises InvalidInput for a horizon, model or weights that cannot be; NoHistory where nothing was sold;
    ModelNotInstalled and ModelNotTrained where the model cannot run here.
    """
    asked = Asked(wish.model, wish.horizon, (wish.product_id,), wish.weights)
    check(asked)
    kept = series(gold.warehouse, Scope.PRODUCT, [wish.product_id], channel=wish.channel, limit=1)
    if kept and wish.weights is None and _serves(kept[0], wish):
        return shortened(kept[0], wish.horizon)
    names = names_of(asked)
    if learns_from_all := [name for name in LEARNT if name in names]:
        raise ModelNotTrained(
            f"'{learns_from_all[0]}' learns from all products at once. Train it with: tradewind forecast train"
            f" --model {wish.model}{_as_option(wish.weights)}"
        )
    if (
        wish.model in (models.AUTO, "ensemble")
        and wish.weights is None
        and siblings.is_new(gold, wish.product_id, today)
    ):
        line, panel = siblings.launched(gold, wish.product_id, wish.channel, wish.horizon, today, country)
        return _computed(line, wish, panel.origin, version_of(asked, panel))
    panel = load(gold, today, [wish.product_id], country=country)
    if wish.channel is not None and wish.channel not in panel.channels:
        raise NoHistory("The product has not been sold on this channel yet. Look at all channels together.")
    _, lines = compute(panel, asked)
    (line,) = [one for one in lines if one.scope is Scope.PRODUCT and one.channel == (wish.channel or "")]
    return _computed(line, wish, panel.origin, version_of(asked, panel))


def served_series(gold: Gold, scope: Scope, name: str, channel: str | None, horizon: int | None) -> SeriesForecast:
    """The served forecast of one series. Raises NoForecast where no run has made one."""
    found = series(gold.warehouse, scope, [name], channel=channel, limit=1)
    if not found:
        raise NoForecast(f" of {name}" if name else "")
    return found[0] if horizon is None else shortened(found[0], horizon)


def shortened(forecast: SeriesForecast, horizon: int) -> SeriesForecast:
    """Its first days; the forecast itself where it is not longer."""
    told = forecast.demand
    if len(told.mean) <= horizon:
        return forecast
    demand = DemandForecast(
        told.product_id, told.channel, told.origin, told.mean[:horizon],
        {days: values for days, values in told.cumulative.items() if days <= horizon},
        told.model, told.engine, told.version, told.flags,
    )  # fmt: skip
    bands = {level: values[:horizon] for level, values in forecast.bands.items()}
    return replace(forecast, demand=demand, bands=bands)


def _as_option(weights: Mapping[str, float] | None) -> str:
    return f" --weights {','.join(f'{name}={weight:g}' for name, weight in weights.items())}" if weights else ""


def _serves(kept: SeriesForecast, wish: Wish) -> bool:
    same = kept.demand.model == wish.model or {kept.demand.model, wish.model} <= {models.AUTO, "ensemble"}
    return same and len(kept.demand.mean) >= wish.horizon


def _computed(line: Line, wish: Wish, origin: date, version: str) -> SeriesForecast:
    level, row = line.level, line.row
    demand = DemandForecast(
        line.name,
        line.channel or None,
        origin,
        tuple(level.mean[row].tolist()),
        {days: tuple(values[row].tolist()) for days, values in level.sums.items()},
        wish.model,
        models.engine_of(names_of(Asked(wish.model, wish.horizon, (wish.product_id,), wish.weights))),
        version,
        tuple(flags_of(line)),
    )
    bands = {one: tuple(level.bands[row, :, nth].tolist()) for nth, one in enumerate(DAY_LEVELS)}
    return SeriesForecast(Scope.PRODUCT, line.name, demand, str(level.classes[row]), bands, NOT_STORED)
