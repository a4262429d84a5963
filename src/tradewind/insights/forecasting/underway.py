"""Which runs are under way: each holds a file while its process lives, so a killed one is told from a slow one."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import orjson

from tradewind.events.contracts import moment
from tradewind.warehouse.client import Warehouse

FOLDER = "running"
_KILLED = "The process ended before the run did."


@contextmanager
def underway(folder: Path, run_id: str) -> Iterator[None]:
    """The run is under way until the block ends, well or not, or the process does."""
    files = folder / FOLDER
    files.mkdir(parents=True, exist_ok=True)
    named = files / run_id
    half = named.with_suffix(".half")
    with half.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        half.rename(named)  # only now others look at it, and it is held
        try:
            yield
        finally:
            named.unlink(missing_ok=True)


def tell_killed(warehouse: Warehouse, folder: Path, now: Callable[[], datetime]) -> list[str]:
    """Writes down that runs have failed whose process is gone; returns their ids."""
    killed = []
    for named in sorted((folder / FOLDER).glob("*")):
        with suppress(FileNotFoundError), named.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if named.suffix == "" and _tell(warehouse, named.name, now()):
                killed.append(named.name)
            named.unlink(missing_ok=True)
    return killed


def _tell(warehouse: Warehouse, run_id: str, at: datetime) -> bool:
    rows = warehouse.query(
        "SELECT * REPLACE (toString(origin) AS origin) FROM forecast_runs WHERE run_id = {run:String} ORDER BY at",
        {"run": run_id},
    )
    if [row["status"] for row in rows] != ["running"]:
        return False
    told = rows[0] | {
        "at": moment(at),
        "status": "failed",
        "seconds": (at - rows[0]["at"]).total_seconds(),
        "message": _KILLED,
    }
    warehouse.insert_lines("forecast_runs", orjson.dumps(told), token=f"{run_id}:failed")
    return True
