"""Tables and live views of the warehouse: brings them into being, and rebuilds what is derived when it changed.

Landed tables (`sql/landed/`) are the log as it is and are only ever created or widened: a column that came later
stands in its table's definition, and in `sql/widened/` for tables that are older than it. `sql/beside/` holds
what is no log: the list of builds of gold, and a view that stands empty until the live shop's release puts its own
in its place. Live tables (`sql/live/`) are derived from the landed ones: when a definition or the store's time
zone changes, a live table is made anew and filled from them, before the sink starts, so nothing is missed or
counted twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from zoneinfo import ZoneInfo

from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Warehouse

logger = get_logger(__name__)

_VIEW_BODY = "\nAS\n"


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A derived table, the views that feed it, and a digest of all their texts."""

    name: str
    table: str
    views: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join([self.table, *self.views.values()]).encode()).hexdigest()


def ensure_schema(warehouse: Warehouse, zone: ZoneInfo) -> list[str]:
    """Creates what is missing and rebuilds live tables whose definition changed; returns the names of those."""
    warehouse.command(
        "CREATE TABLE IF NOT EXISTS schema_state"
        " (name String, digest String, applied_at DateTime64(6, 'UTC') DEFAULT now64(6))"
        " ENGINE = ReplacingMergeTree(applied_at) ORDER BY name"
    )
    for folder in ("landed", "widened", "beside"):
        for _, text in _texts(folder):
            warehouse.command(text)
    known = {row["name"]: row["digest"] for row in warehouse.query("SELECT name, digest FROM schema_state FINAL")}
    rebuilt = [table for table in live_tables(zone) if known.get(table.name) != table.digest]
    for table in rebuilt:
        if table.name in known:
            logger.info("rebuilding a live table: its definition or the time zone changed", table=table.name)
        _rebuild(warehouse, table)
    return [table.name for table in rebuilt]


def live_tables(zone: ZoneInfo) -> list[LiveTable]:
    """The live tables with their views, the business day cut in the given zone."""
    texts = {name: text.replace("{zone}", zone.key) for name, text in _texts("live")}
    views = {name: text for name, text in texts.items() if _VIEW_BODY in text}
    return [
        LiveTable(name, text, {view: body for view, body in sorted(views.items()) if f" TO {name}\n" in body})
        for name, text in texts.items()
        if name not in views
    ]


def _rebuild(warehouse: Warehouse, table: LiveTable) -> None:
    for view in table.views:
        warehouse.command(f"DROP VIEW IF EXISTS {view} SYNC")
    warehouse.command(f"DROP TABLE IF EXISTS {table.name} SYNC")
    warehouse.command(table.table)
    for text in table.views.values():
        select = text.split(_VIEW_BODY, 1)[1]
        warehouse.command(f"INSERT INTO {table.name} SELECT * FROM ({select})")
        warehouse.command(text)
    # Last: a crash on any line before leaves the old digest, and the next start begins anew.
    warehouse.command(
        "INSERT INTO schema_state (name, digest) VALUES ({name:String}, {digest:String})",
        {"name": table.name, "digest": table.digest},
    )


def _texts(folder: str) -> list[tuple[str, str]]:
    """Names and texts of the SQL files of a folder, in the order of their names."""
    found = (files("tradewind") / "sql" / folder).iterdir()
    return sorted((f.name.removesuffix(".sql"), f.read_text()) for f in found if f.name.endswith(".sql"))
