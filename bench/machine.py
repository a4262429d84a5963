"""What a figure was measured on, and how figures are told."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tradewind

_PACKAGES = ("chdb", "chdb-core", "clickhouse-connect", "sqlalchemy", "fastapi")


@dataclass(frozen=True)
class Figure:
    """One measure beside its limit: what the same machine does without us, in the same run."""

    name: str
    value: float
    unit: str
    target: float | None = None
    is_better: str = "higher"
    limit: float | None = None
    limit_name: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.is_better == "higher" else self.value <= self.target


def versions() -> dict[str, str]:
    found = {"tradewind": tradewind.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    root = Path(__file__).resolve().parent.parent
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpus": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2),
    }


def describe() -> str:
    """One line for the head of a table."""
    here = machine()
    return (
        f"{here['cpus']} CPUs, {here['memory_gib']} GiB, load {here['load_before']}, commit {commit()},"
        f" Python {versions()['python']}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def timed(call: Callable[[], Any], *, times: int, warm_ups: int = 3) -> list[float]:
    """Seconds of each call, after some that do not count."""
    for _ in range(warm_ups):
        call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return taken
