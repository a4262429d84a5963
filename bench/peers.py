"""Other people's forecasts of the same demand, made in an environment of their own and kept by slices.

The environment is made under .build/peers from requirements-peers.lock the first time; it takes some 700 MB. A slice of
series that has been forecast is not forecast again, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tradewind.insights.forecasting.history import History, Matrix, day_number

ROOT = Path(__file__).resolve().parents[1]
_HOME = ROOT / ".build" / "peers"
_KEPT = ROOT / ".build" / "bench" / "peers"
_LOCK = ROOT / "requirements-peers.lock"
_PROGRAM = ROOT / "bench" / "peer_models.py"
_SLICE, _FAST_SLICE = 25, 4_000
_FAST = ("TSB", "ADIDA", "SES")
"""Milliseconds a series: starting a program takes longer than hundreds of them."""


@dataclass(frozen=True)
class Said:
    """What a peer said of some series; `bands` at its LEVELS where it gives quantiles. Seconds of processor time."""

    means: Matrix
    bands: Matrix | None
    seconds: Matrix


def python() -> Path:
    """The interpreter of the peers' environment, which is made where it is missing or its lock has changed."""
    found, stamp = _HOME / "venv" / "bin" / "python", _HOME / "installed"
    lock = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == lock):
        print(f"     making the peers' environment in {found.parents[1].relative_to(ROOT)}", flush=True)
        _HOME.mkdir(parents=True, exist_ok=True)
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_HOME / "venv")], check=True)
        install = ["pip", "install", "--quiet", "--no-deps", "--require-hashes", "--python", str(found)]
        subprocess.run([*uv, *install, "-r", str(_LOCK)], check=True)
        stamp.write_text(lock)
    return found


def run(program: Path, *arguments: str | Path) -> str:
    """What a program prints in the peers' environment, on one thread."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NIXTLA_NUM_THREADS"), "1")
    command = [python(), program, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | threads)
    return done.stdout


def forecast(model: str, history: History, horizon: int) -> Said:
    """A peer's forecast of the days after a history. `mlforecast` learns from all series at once; others from each."""
    size = history.series if model == "mlforecast" else _FAST_SLICE if model in _FAST else _SLICE
    parts = [_slice(model, history.only(np.arange(at, min(at + size, history.series))), horizon)
             for at in range(0, history.series, size)]  # fmt: skip
    bands = None if parts[0].bands is None else np.concatenate([one.bands for one in parts if one.bands is not None])
    return Said(np.concatenate([one.means for one in parts]), bands, np.concatenate([one.seconds for one in parts]))


def _slice(model: str, history: History, horizon: int) -> Said:
    told = {
        "demand": history.demand,
        "first_day": np.array(day_number(history.first_day)),
        "horizon": np.array(horizon),
    }
    if history.events is not None and model == "Prophet with events":
        told["events"] = history.events
    name = hashlib.sha256(model.encode() + _PROGRAM.read_bytes() + _LOCK.read_bytes())
    for one in told.values():
        name.update(np.ascontiguousarray(one).tobytes())
    kept = _KEPT / f"{name.hexdigest()[:24]}.npz"
    if not kept.exists():
        _KEPT.mkdir(parents=True, exist_ok=True)
        source, half = kept.with_suffix(".in.npz"), kept.with_suffix(".half.npz")
        np.savez(source, allow_pickle=False, **told)
        run(_PROGRAM, model, source, half)
        source.unlink()
        half.rename(kept)
    found = np.load(kept)
    return Said(found["means"], found["bands"] if found["bands"].size else None, found["seconds"])
