"""What a figure was measured on, and how figures are told."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import tradewind
from tradewind.core.logging import configure_logging

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


class Others:
    """What share of the processors other programs take from now on: those, and the machine's own neighbours."""

    def __init__(self, ours: Sequence[int]) -> None:
        self._ours = ours
        self._began = self._ticks()

    def share(self) -> float:
        taken, passed = (now - then for now, then in zip(self._ticks(), self._began, strict=True))
        return taken / passed if passed else 0.0

    def _ticks(self) -> tuple[int, int]:
        """Ticks that others have worked, and all that there were."""
        user, nice, system, idle, waiting, hard, soft, stolen, *_ = map(
            int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]
        )
        working = user + nice + system + hard + soft + stolen
        own = 0
        for process in self._ours:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            own += int(fields[11]) + int(fields[12])
        return working - own, working + idle + waiting


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


class Run(Protocol):
    """What every measure offers: a list of figures, fewer and rougher ones when it has to be quick."""

    def __call__(self, *, quick: bool) -> list[Figure]: ...


def measure(run: Run) -> None:
    """The end of every measure's module: runs it alone and prints its figures, as JSON for `bench.run`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    configure_logging("warning")
    figures = run(quick=options.quick)
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures]))
    else:
        print(table(figures))


def table(figures: Sequence[Figure]) -> str:
    """The figures beside their limits and targets, one per line."""
    rows = [("measure", "value", "target", "", "beside", "ratio", "note")]
    for figure in figures:
        sign = "≥" if figure.is_better == "higher" else "≤"
        beside = f"{figure.limit_name} {_plain(figure.limit)}" if figure.limit is not None else ""
        ratio = f"{figure.value / figure.limit:.2f}" if figure.limit else ""
        verdict = {None: "", True: "met", False: "MISSED"}[figure.is_met]
        target = f"{sign} {_plain(figure.target)}" if figure.target is not None else ""
        value = f"{_plain(figure.value)} {figure.unit}".replace(" /s", "/s")
        rows.append((figure.name, value, target, verdict, beside, ratio, figure.note))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _plain(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
