"""Import of the Olist set: seconds, peak memory and rows, beside SQLite's own speed with the same rows.

`python -m bench.import_olist` needs ../shared/data beside the checkout. Each import runs in a process of its
own, with an empty store on SQLite (synchronous=FULL), ledger and outbox included.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.machine import Figure, measure

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SECONDS, MEBIBYTES = 60.0, 700.0

_IMPORT = """
import json, resource, sys, time
from pathlib import Path
from tradewind.channels.files.options import ImportOptions
from tradewind.channels.files.service import run_import
from tradewind.core.database import Database
from tradewind.migrations import upgrade
preset, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
database = Database(f"sqlite:///{folder / 'store.db'}")
upgrade(database)
began = time.perf_counter()
result = run_import(database, preset, path, options=ImportOptions(data_dir=folder))
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
database.close()
print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024,
                  "orders": result.count("orders.created"), "exit_code": result.exit_code}))
"""


def run(*, quick: bool) -> list[Figure]:
    """Olist, and unless it has to be quick Online Retail too; none where the files are absent."""
    sets = [("olist", DATA / "olist")] + ([] if quick else [("online-retail", DATA / "online_retail")])
    return [figure for preset, path in sets if path.is_dir() for figure in _measure(preset, path)]


def _measure(preset: str, path: Path) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        command = [sys.executable, "-c", _IMPORT, preset, str(path), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout)
        limit = _plain_copy(Path(folder))
    note = f"{found['orders']:,} orders, {found['cpu']:.1f} s of processor time, exit code {found['exit_code']}"
    return [
        Figure(f"import {preset}", found["seconds"], "s", SECONDS, "lower", limit, "same rows, bare SQLite:", note),
        Figure(f"import {preset}, peak memory", found["peak_mib"], "MiB", MEBIBYTES, "lower"),
    ]


def _plain_copy(folder: Path) -> float:
    """Seconds that SQLite alone takes to write the same rows into the same tables and indexes, in one transaction."""
    source = sqlite3.connect(folder / "store.db")
    target = sqlite3.connect(folder / "copy.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        target.execute(f"PRAGMA {pragma}")
    objects = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        # The search index comes as virtual tables with tables of their own.
        " AND tbl_name NOT LIKE 'search_%'"
    )
    tables = []
    for kind, name, statement in objects.fetchall():
        target.execute(statement)
        tables += [name] if kind == "table" else []
    seconds = 0.0
    for table in tables:
        rows = source.execute(f'SELECT * FROM "{table}"').fetchall()
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            began = time.perf_counter()
            target.execute("BEGIN")
            target.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            target.execute("COMMIT")
            seconds += time.perf_counter() - began
    source.close()
    target.close()
    return seconds


if __name__ == "__main__":
    measure(run)
