"""A training that is stopped: what it has done is not done again, and the end is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.insights.forecasting.test_members import history, poisson
from tradewind.insights.forecasting import engine, members
from tradewind.insights.forecasting.classes import Classes
from tradewind.insights.forecasting.history import History
from tradewind.insights.forecasting.members import Means
from tradewind.insights.forecasting.unfinished import Unfinished


class Killed(BaseException):
    """The process ends here."""


def test_a_stopped_run_goes_on_and_ends_in_the_same_bytes(tmp_path: Path) -> None:
    known = history(poisson(6, 300))
    tried: list[int] = []

    def forecaster(past: History, days: int, origin: int, kinds: Classes) -> Means:
        tried.append(origin)
        return members.forecast(past, days, ("ets", "croston", "naive"), kinds)

    def stop(step: str) -> None:
        if step.startswith("back-test, origin 4"):
            raise Killed

    whole = engine.forecast(known, 30, forecaster)
    everything, tried[:] = list(tried), []
    with pytest.raises(Killed):
        engine.forecast(known, 30, forecaster, kept_at=Unfinished.of(tmp_path, "v1"), progress=stop)
    assert tried == everything[:3]
    tried.clear()
    kept = Unfinished.of(tmp_path, "v1")
    assert kept.done == 3
    (kept.folder / f"{everything[1]}.npz").write_bytes(b"half a file")
    resumed = engine.forecast(known, 30, forecaster, kept_at=kept)
    assert tried == [everything[1], *everything[3:]], "what cannot be read is made again"
    assert resumed.base.bands.tobytes() == whole.base.bands.tobytes()
    assert np.array_equal(resumed.base.mean, whole.base.mean)
    kept.forget()
    assert Unfinished.of(tmp_path, "v1").done == 0


def test_other_data_begin_anew(tmp_path: Path) -> None:
    known = history(poisson(2, 150))

    def forecaster(past: History, days: int, _: int, kinds: Classes) -> Means:
        return members.forecast(past, days, ("naive",), kinds)

    engine.forecast(known, 30, forecaster, kept_at=Unfinished.of(tmp_path, "v1"))
    assert Unfinished.of(tmp_path, "v2").done == 0
    assert Unfinished.of(tmp_path, "v1").done == 0
