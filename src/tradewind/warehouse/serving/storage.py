"""How much data sources take: looked at now and then, told as `tinybird.datasources_storage`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.serving.journal import Journal
from tradewind.warehouse.workspaces.release import Release

_QUARANTINE = "_quarantine"


def tell_storage(warehouse: Warehouse, journal: Journal, releases: Iterable[Release], *, now: datetime) -> int:
    """Tells rows and bytes of every data source of these releases; returns of how many."""
    told = 0
    for release in releases:
        sizes = {
            row["table"]: (int(row["rows"]), int(row["bytes"]))
            for row in warehouse.query(
                "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts"
                " WHERE active AND database = {database:String} GROUP BY table",
                {"database": release.database},
            )
        }
        for name in release.project.sources:
            if name in release.loans:
                continue  # told where it is stored
            rows, size = sizes.get(release.tables.get(name, ""), (0, 0))
            bad_rows, bad_size = sizes.get(release.tables.get(name + _QUARANTINE, ""), (0, 0))
            journal.add(
                release.database,
                "datasources_storage",
                {
                    "datasource_id": name,
                    "datasource_name": name,
                    "timestamp": now.strftime("%Y-%m-%d %H:%M:%S"),
                    "bytes": size,
                    "rows": rows,
                    "bytes_quarantine": bad_size,
                    "rows_quarantine": bad_rows,
                },
            )
            told += 1
    return told
