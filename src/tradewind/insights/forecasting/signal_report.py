"""The signals of a day in one shape, each with the sentence that tells it: what alerts and lists are made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from tradewind.core.errors import InvalidInput
from tradewind.core.money import rounded
from tradewind.insights.forecasting import signals
from tradewind.insights.forecasting.history import WEEK
from tradewind.insights.forecasting.signals import Anomaly, Gap, Shift, SignalKind, Silence, Trend, Watched
from tradewind.insights.forecasting.watch import WATCHED_DAYS, Basis, Look, look
from tradewind.insights.gold import Gold


@dataclass(frozen=True, slots=True)
class Signal:
    """One finding. Days are inclusive; units, also expected ones, are of all of them."""

    kind: SignalKind
    product_id: str | None
    """None where it is about a channel."""
    channel: str | None
    """None: all channels together."""
    first_day: date
    last_day: date
    units: float
    expected_units: float
    low: float | None
    high: float | None
    """Bounds of units by expected units that hold with 90 %; of trends only."""
    chance: float | None
    """Of something at least as unlikely, were the forecast right."""
    effect: Decimal | None
    """Margin made or missed against what was expected (of trends: at the bound nearest to 1); revenue where no cost is
    known, None where the unit's worth is not known either."""
    says: str


@dataclass(frozen=True, slots=True)
class Report:
    """What stands out, by kind, what matters most first."""

    last_day: date
    basis: Basis
    currency: str | None
    series: int
    signals: tuple[Signal, ...]


def report(
    gold: Gold, today: date, *, channel: str | None = None, days: int = 7, least_effect: Decimal | None = None
) -> Report:
    """Signals of products over all channels or on one; single days of the last `days` up to yesterday.

    Raises InvalidInput for days or an effect that cannot be, GoldNotBuilt, and NoHistory where nothing was sold.
    """
    if not 1 <= days <= WATCHED_DAYS:
        raise InvalidInput(f"days must be 1 to {WATCHED_DAYS}.", field="days")
    if least_effect is not None and least_effect < 0:
        raise InvalidInput("least_effect must not be negative.", field="least_effect")
    return report_of(look(gold, today, channel), channel, days, least_effect)


def report_of(seen: Look, channel: str | None, days: int, least_effect: Decimal | None = None) -> Report:
    """The same of what has been read."""
    holes, pairs = signals.gaps(seen.watched)
    seen = seen.with_watched(pairs)
    watched = pairs if channel is not None else seen.by_product()
    found = signals.find(watched, days=days, least_effect=None if least_effect is None else float(least_effect))
    teller = _Teller(watched, channel, seen.currency)
    by_pair = _Teller(pairs, None, seen.currency)
    told = [
        *map(_gap, holes),
        *map(teller.anomaly, found.anomalies),
        *(teller.trend(SignalKind.RISING, one) for one in found.rising),
        *(teller.trend(SignalKind.FALLING, one) for one in found.falling),
        *map(by_pair.silence, signals.silences(pairs)),
        *map(teller.shift, found.shifts),
    ]
    return Report(watched.last_day, seen.basis, seen.currency, len(watched.products), tuple(told))


def chosen(found: Report, kinds: Iterable[SignalKind]) -> Iterator[Signal]:
    """Only these kinds; all where none is named."""
    wanted = set(kinds)
    return (one for one in found.signals if not wanted or one.kind in wanted)


@dataclass(frozen=True)
class _Teller:
    watched: Watched
    channel: str | None
    currency: str | None

    def anomaly(self, one: Anomaly) -> Signal:
        kind = SignalKind.SPIKE if one.units > one.expected else SignalKind.DROP
        says = f"{_units(one.units)} on {one.day}, where {one.expected:.1f} were expected"
        says += ", and the day before was like it." if one.lasts else "."
        return self._signal(kind, one.row, (one.day, one.day), (one.units, one.expected), one.effect, says, one.chance)

    def trend(self, kind: SignalKind, one: Trend) -> Signal:
        last = self.watched.last_day
        bound = f"at least {one.low:.2f}" if kind is SignalKind.RISING else f"at most {one.high:.2f}"
        says = f"{_units(one.units)} in {WEEK} days, where {one.foreseen:.1f} had been foreseen: {bound} times that."
        days = (last - timedelta(days=WEEK - 1), last)
        bounds = (round(one.low, 4), round(one.high, 4))
        return self._signal(kind, one.row, days, (one.units, one.foreseen), one.effect, says, None, bounds)

    def silence(self, one: Silence) -> Signal:
        says = f"No sale on {one.days} days in stock since {one.since}, where {one.expected:.1f} units were expected."
        worth = -one.expected * self.watched.worth[one.row]
        effect = float(worth) if np.isfinite(worth) else None
        days = (one.since, self.watched.last_day)
        return self._signal(SignalKind.SILENCE, one.row, days, (0.0, one.expected), effect, says, one.chance)

    def shift(self, one: Shift) -> Signal:
        kind = SignalKind.LEVEL_UP if one.units > one.expected else SignalKind.LEVEL_DOWN
        says = f"{_units(one.units)} since {one.since}, where {one.expected:.1f} were expected: another level."
        worth = (one.units - one.expected) * self.watched.worth[one.row]
        effect = float(worth) if np.isfinite(worth) else None
        return self._signal(
            kind, one.row, (one.since, self.watched.last_day), (one.units, one.expected), effect, says, None
        )

    def _signal(
        self,
        kind: SignalKind,
        row: int,
        days: tuple[date, date],
        units: tuple[float, float],
        effect: float | None,
        says: str,
        chance: float | None,
        bounds: tuple[float | None, float | None] = (None, None),
    ) -> Signal:
        return Signal(
            kind,
            self.watched.products[row],
            self.channel or self.watched.channels[row] or None,
            *days,
            round(units[0], 2),
            round(units[1], 2),
            *bounds,
            chance,
            None if effect is None or self.currency is None else rounded(Decimal(str(effect)), self.currency),
            says,
        )


def _gap(one: Gap) -> Signal:
    when = f"on {one.first}" if one.first == one.last else f"from {one.first} to {one.last}"
    says = (
        f"Nothing came in {when}, where {one.expected:.1f} units were expected. Look at the channel's connection first."
    )
    expected = round(one.expected, 2)
    return Signal(
        SignalKind.DATA_GAP, None, one.channel, one.first, one.last, 0.0, expected, None, None, None, None, says
    )


def _units(value: float) -> str:
    return f"{value:g} unit{'' if value == 1 else 's'}"
