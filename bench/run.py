"""Measures everything in turn, each in a process of its own, and prints every figure beside its limit.

python -m bench [--quick] [--only NAME …]       also as `make bench ARGS=--quick`

Writes bench/results/latest.json with the machine, the versions and the commit that the figures are of.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import Figure, commit, describe, machine, table, versions

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "latest.json"
MEASURES = (
    "booking",
    "channels",
    "carts",
    "catalog",
    "checkout",
    "hot_product",
    "facts",
    "dashboard",
    "start",
    "visibility",
    "ingest",
    "medallion",
    "import_olist",
    "insights",
)


def main() -> int:
    options = _options()
    print(f"Tradewind {versions()['tradewind']}: {describe()}\n", flush=True)
    began, at, before = time.monotonic(), datetime.now(UTC), machine()
    figures: list[Figure] = []
    failed: list[str] = []
    for name in options.only or MEASURES:
        if not (HERE / f"{name}.py").exists():
            continue
        started = time.monotonic()
        found = _measure(name, quick=options.quick)
        if found is None:
            failed.append(name)
            continue
        figures += found
        print(f"{name} ({time.monotonic() - started:.0f} s)\n{table(found)}\n", flush=True)
    document = {
        "at": at.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - began, 1),
        "quick": options.quick,
        "commit": commit(),
        "machine": before,
        "versions": versions(),
        "figures": [asdict(figure) | {"is_met": figure.is_met} for figure in figures],
        "failed": failed,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(document, indent=2) + "\n")
    missed = [figure.name for figure in figures if figure.is_met is False]
    print(f"{time.monotonic() - began:.0f} s; written to {RESULTS.relative_to(HERE.parent)}.")
    for names, what in ((missed, "missed their target"), (failed, "failed")):
        if names:
            print(f"{len(names)} {what}: {', '.join(names)}")
    return 1 if failed else 0


def _measure(name: str, *, quick: bool) -> list[Figure] | None:
    """The figures of one measure; None when it failed, with its reason on standard error."""
    line = [sys.executable, "-m", f"bench.{name}", "--json", *(["--quick"] if quick else [])]
    said = subprocess.run(line, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=False)
    if said.returncode:
        print(f"{name} failed with exit code {said.returncode}", file=sys.stderr)
        return None
    lines = said.stdout.strip().splitlines()
    return [Figure(**figure) for figure in json.loads(lines[-1])] if lines else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less of everything; figures are rough")
    parser.add_argument("--only", nargs="+", choices=MEASURES, help="these measures and no others")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
