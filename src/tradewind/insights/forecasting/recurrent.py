"""`lstm`: one recurrent network over all series at once (Keras on JAX); extra `[neural]`.

The network reads the last 112 days of a series, in units of its recent mean, and for each day ahead the calendar, the
same days of last year and the weekday's recent mean; it says how far demand will be from the latter. It is trained on
the mean's Poisson loss, since quantile-trained networks say nothing of totals. Seeded, and computed by one thread:
equal data, equal weights. The back-test uses one network that was trained before its oldest origin: honest, if
pessimistic.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.insights.forecasting.effects import calmed
from tradewind.insights.forecasting.history import WEEK, YEAR, History, Matrix, Numbers, day_number

LEAST_DAYS = 240
"""Of history before a network can learn from it."""
_LEAST_SERIES = 20
_PAST = 112
_HORIZON = 90
"""Days ahead that are learnt; beyond, the last of them is taken for how far ahead a day is."""
_SCALE_DAYS = 56
_WEEKS = 8
_YEAR_DAYS = 364
_AROUND = 10
_LEAST_SCALE = 0.05
_MOST_RATIO = 20.0
_UNITS, _HIDDEN = 48, 48
_STEPS, _BATCH, _RATE = 500, 128, 3e-3
_SEED = 1
_AT_ONCE = 500

Single = NDArray[np.float32]


@dataclass
class Recurrent:
    """Trains where it is asked for: once for all past origins, once for the days ahead."""

    history: History
    oldest: int
    """Days that were known at the first origin that it shall speak at."""
    steps: int = _STEPS

    def __post_init__(self) -> None:
        self._trained: dict[int, Any] = {}

    def forecast(self, known: History, horizon: int) -> Matrix | None:
        """Means after what is known, which is at usual prices; None where there is too little to learn from."""
        until = self.history.days if known.days == self.history.days else self.oldest
        if known.days < until or until < LEAST_DAYS or self.history.series < _LEAST_SERIES:
            return None
        if until not in self._trained:
            self._trained[until] = train(calmed(self.history.until(until), 0)[0], self.steps)
        return predict(self._trained[until], known, horizon)

    @property
    def weights(self) -> list[Matrix]:
        """Of the network for the days ahead; none where it was not trained."""
        network = self._trained.get(self.history.days)
        return [] if network is None else [np.asarray(one.value) for one in network.weights]


def oldest_origin(origins: list[int]) -> int:
    """The first of the back-test's origins that leaves enough to learn from; the newest where none does."""
    return min((one for one in origins if one >= LEAST_DAYS), default=max(origins, default=0))


def train(history: History, steps: int = _STEPS) -> Any:
    """The network, trained on days of the history alone."""
    keras = _keras()
    chance = np.random.default_rng(_SEED)
    network = _network(keras, _calendar(history, 0, np.array([1])).shape[1])
    rate = keras.optimizers.schedules.CosineDecay(_RATE, steps)
    network.compile(optimizer=keras.optimizers.Adam(rate, clipnorm=1.0), loss=_poisson_loss(keras))
    seen = np.where(history.known.any(axis=1))[0]
    first = np.argmax(history.known, axis=1)
    for _ in range(steps):
        rows = chance.choice(seen, _BATCH)
        low = np.minimum(np.maximum(first[rows] + _SCALE_DAYS, _PAST), history.days - _HORIZON)
        origins = chance.integers(low, history.days - _HORIZON + 1)
        past, ahead, target = _examples(history, rows, origins)
        network.train_on_batch([past, ahead], target)
    return network


def restored(weights: Sequence[Matrix], history: History) -> Any:
    """The network with these weights; the history knows of as many events as the one it was trained on."""
    network = _network(_keras(), _calendar(history, 0, np.array([1])).shape[1])
    network.set_weights(list(weights))
    return network


def predict(network: Any, history: History, horizon: int) -> Matrix:
    """Means of the days ahead."""
    found = np.zeros((history.series, horizon))
    for start in range(0, history.series, _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, history.series))
        past, ahead, scale = _inputs(history, rows, np.full(len(rows), history.days), horizon)
        filler = _AT_ONCE - len(rows)  # one shape: the network is compiled once
        padded = [np.concatenate([one, np.repeat(one[-1:], filler, axis=0)]) for one in (past, ahead)]
        said = np.asarray(network.predict_on_batch(padded), dtype=np.float64)[: len(rows), :, 0]
        found[rows] = np.exp(said) * scale[:, None]
        found[rows[(history.filled[rows] <= 0).all(axis=1)]] = 0
    return found


def _network(keras: Any, width: int) -> Any:
    """The log of demand by scale: the weekday's recent mean, plus what the network makes of past and calendar."""
    seeds = (keras.initializers.GlorotUniform(_SEED + nth) for nth in range(9))
    past = keras.Input((_PAST, 2))
    ahead = keras.Input((None, width))
    state = keras.layers.LSTM(
        _UNITS, kernel_initializer=next(seeds), recurrent_initializer=keras.initializers.Orthogonal(seed=_SEED)
    )(past)
    # A dense layer on state and day together, without copying the state for every day.
    of_state = keras.layers.Dense(_HIDDEN, kernel_initializer=next(seeds))(state)
    of_day = keras.layers.Dense(_HIDDEN, kernel_initializer=next(seeds))(ahead)
    joined = keras.layers.Add()([keras.layers.Reshape((1, _HIDDEN))(of_state), of_day])
    hidden = keras.layers.Activation("relu")(joined)
    hidden = keras.layers.Dense(_HIDDEN, activation="relu", kernel_initializer=next(seeds))(hidden)
    change = keras.layers.Dense(1, kernel_initializer="zeros")(hidden)
    base = keras.layers.Lambda(lambda one: one[..., :1])(ahead)
    return keras.Model([past, ahead], keras.layers.Add()([base, change]))


def _poisson_loss(keras: Any) -> Any:
    """Of the log mean; targets carry their weight, 0 where demand is not known, in a second column."""

    def loss(actual: Any, said: Any) -> Any:
        log_mean = keras.ops.clip(said[..., 0], -8.0, 4.0)
        lost = keras.ops.exp(log_mean) - actual[..., 0] * log_mean
        return keras.ops.sum(lost * actual[..., 1]) / keras.ops.sum(actual[..., 1] + 1e-6)

    return loss


def _examples(history: History, rows: Numbers, origins: Numbers) -> tuple[Single, Single, Single]:
    """What was known at origins, and what came: demand by scale, and the weight of each day."""
    past, ahead, scale = _inputs(history, rows, origins, _HORIZON)
    days = origins[:, None] + np.arange(_HORIZON)
    actual, seen = history.filled[rows[:, None], days], history.known[rows[:, None], days]
    target = np.minimum(actual / scale[:, None], _MOST_RATIO)
    weight = seen * np.sqrt(np.minimum(scale, 400.0))[:, None]
    return past, ahead, np.stack([target, weight], axis=-1).astype(np.float32)


def _inputs(history: History, rows: Numbers, origins: Numbers, horizon: int) -> tuple[Single, Single, Matrix]:
    """Past days with a mark of the known ones, features of the days ahead, and scale; days before 0 are not known."""
    back = origins[:, None] - _PAST + np.arange(_PAST)
    demand, seen = _at(history, rows, back)
    count = seen[:, -_SCALE_DAYS:].sum(axis=1)
    recent = demand[:, -_SCALE_DAYS:].sum(axis=1) / np.maximum(count, 1)
    whole = demand.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    scale = np.maximum(np.where(count > 0, recent, whole), _LEAST_SCALE)
    past = np.stack([np.log1p(np.minimum(demand / scale[:, None], _MOST_RATIO)), seen], axis=-1)
    days = origins[:, None] + np.arange(horizon)
    same = back[:, -_WEEKS * WEEK :].reshape(len(rows), _WEEKS, WEEK)
    sold, known = (one[:, -_WEEKS * WEEK :].reshape(same.shape) for one in (demand, seen))
    weekly = (sold.sum(axis=1) / scale[:, None] + 1) / (known.sum(axis=1) + 1)
    base = np.log(weekly[:, np.arange(horizon) % WEEK])
    then = days - _YEAR_DAYS
    around = [_at(history, rows, then + shift) for shift in range(-_AROUND, _AROUND + 1, 5)]
    last_year = sum(one for one, _ in around) / np.maximum(sum(mark for _, mark in around), 1)
    was = _at(history, rows, origins[:, None] - _YEAR_DAYS - _SCALE_DAYS + np.arange(0, _SCALE_DAYS, 2))
    was_scale = was[0].sum(axis=1) / np.maximum(was[1].sum(axis=1), 1)
    has_year = (was[1].sum(axis=1) > 0) & (was_scale > 0)
    season = np.where(
        has_year[:, None],
        np.log(np.clip((last_year + 0.1 * was_scale[:, None]) / np.maximum(1.1 * was_scale[:, None], 1e-9), 0.05, 20)),
        0,
    )
    of_day = np.stack([_calendar(history, int(origin), np.arange(1, horizon + 1)) for origin in np.unique(origins)])
    calendar = of_day[np.searchsorted(np.unique(origins), origins)]
    calendar[..., 0], calendar[..., 1] = base, season
    calendar[..., 2] = has_year[:, None]
    calendar[..., 3] = np.log(scale)[:, None] / 4
    return past.astype(np.float32), calendar.astype(np.float32), scale


def _calendar(history: History, origin: int, horizons: Numbers) -> Matrix:
    """A row per day ahead of an origin; the first four columns are left for what is the series' own."""
    day = day_number(history.first_day) + origin + horizons - 1
    angle = 2 * np.pi * day[:, None] * np.arange(1, 4) / YEAR
    weekday = (day[:, None] + 3) % WEEK == np.arange(WEEK)
    far = np.minimum(horizons, _HORIZON)[:, None] / _HORIZON
    columns = [np.zeros((len(day), 4)), far, weekday.astype(float), np.cos(angle), np.sin(angle)]
    if history.events is not None:
        columns.append(history.events[origin + horizons - 1])
    return np.concatenate(columns, axis=1)


def _at(history: History, rows: Numbers, days: Numbers) -> tuple[Matrix, Matrix]:
    """Demand of rows on days and whether it is known; days outside of the history are not."""
    inside = (days >= 0) & (days < history.days)
    at = np.clip(days, 0, history.days - 1)
    seen = inside & history.known[rows[:, None], at]
    return np.where(seen, history.filled[rows[:, None], at], 0), seen.astype(float)


def _keras() -> Any:
    """Keras on JAX, on the processor and in one thread, before anybody has started it otherwise."""
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    import keras

    return keras
