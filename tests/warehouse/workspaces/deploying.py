"""A program that says what it finds deployed, then deploys and writes rows until it is killed."""

from __future__ import annotations

import itertools
import json
import sys
import threading
from pathlib import Path

from tests.warehouse.workspaces.test_deploy import BY_DAY, EVENTS, with_view
from tradewind.core.settings import load_settings
from tradewind.platform import Platform
from tradewind.warehouse.workspaces import store

ROWS_OF_A_BODY = 10


def main(folder: str) -> None:
    platform = Platform(load_settings(data_dir=Path(folder)))
    for name, loop in platform.ingest.loops():
        platform.spawn(name, loop)
    workspace = platform.workspaces.default()
    _tell(_found(platform, workspace))
    threading.Thread(target=_write, args=(platform, workspace), daemon=True).start()
    number = len(platform.workspaces.deployments(workspace))
    for turn in itertools.count(number + 1):
        wider = EVENTS.replace("    `user`", f"    `extra_{turn % 3}` String DEFAULT 'none',\n    `user`")
        view = BY_DAY.replace("sum(amount)", f"sum(amount * {turn})")
        columns = f"SELECT at, user, amount, 'moved' AS extra_{turn % 3}"
        source = f"{wider}\nFORWARD_QUERY >\n    {columns}\n"
        outcome = platform.workspaces.deploy(workspace, with_view(events__datasource=source, by_day__pipe=view))
        _tell({"live": outcome.number, "result": outcome.result, "factor": turn})


def _write(platform: Platform, workspace: str) -> None:
    line = b'{"at": "2026-03-01 10:00:00", "user": "ann", "amount": 1}\n'
    while True:
        release = platform.workspaces.live(workspace)
        if release is None:
            continue
        with release.in_use():
            platform.ingest.append(release, "events", line * ROWS_OF_A_BODY)
        _tell({"rows": ROWS_OF_A_BODY})


def _tell(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def _found(platform: Platform, workspace: str) -> dict[str, object]:
    home = platform.workspaces.home(workspace)
    release = platform.workspaces.live(workspace)
    with platform.database.read() as tx:
        written_down = sorted(table.name for table in store.all_tables(tx, workspace))
        unfinished = [row.number for row in store.releases_in(tx, store.UNFINISHED)]
    rows = platform.warehouse.query(
        "SELECT name FROM system.tables WHERE database = {database:String}", {"database": home.database}
    )
    databases = platform.warehouse.query("SELECT name FROM system.databases WHERE name LIKE '%\\_trial\\_%'")
    known: dict[str, object] = {
        "tables": sorted(row["name"] for row in rows),
        "written_down": written_down,
        "unfinished": unfinished,
        "trials": len(databases),
        "live": home.live_release,
    }
    if release is not None:
        platform.ingest.settle()
        (figures,) = platform.warehouse.query(
            f"SELECT (SELECT count() FROM {release.table('events')}) AS base,"
            f" (SELECT countMerge(events) FROM {release.table('daily')}) AS counted,"
            f" (SELECT sum(amount) FROM {release.table('daily')}) AS amount"
        )
        known |= {name: int(value) for name, value in figures.items()}
        known["factor"] = int(release.project.pipes["by_day"].nodes[0].sql.split("amount * ")[1].split(")")[0])
    return known


if __name__ == "__main__":
    main(sys.argv[1])
