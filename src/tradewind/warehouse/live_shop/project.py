"""The project in sql/live: its files, how it comes to its workspace, and what was booked before it was there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces.apply import FILL_SETTINGS
from tradewind.warehouse.workspaces.files import Files
from tradewind.warehouse.workspaces.release import Release

SHOWN = {
    "observed_events": "shop_events",
    "live_shop_sales": "sales_by_minute",
    "live_shop_stock": "product_stock",
}
"""Plain views of the warehouse over data sources of the live release, whatever their tables are called."""
_TOP = PurePosixPath()
_DATAFILES = (".datasource", ".pipe")

logger = get_logger(__name__)


@cache
def project_files() -> Files:
    """The datafiles that come with the product, by their path in the project."""
    return {path: found.read_bytes() for path, found in _walk(_root()) if path.suffix in _DATAFILES}


def fill_from_history(warehouse: Warehouse, release: Release) -> None:
    """Puts what is landed already into the empty tables of a release; views take it from there."""
    with warehouse.connection(FILL_SETTINGS) as engine:
        for text in sorted((_root() / "history").iterdir(), key=lambda text: text.name):
            source = text.name.removesuffix(".sql")
            columns = ", ".join(identifier(column.name) for column in release.project.sources[source].columns)
            table = release.table(source)
            engine.command(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM (\n{text.read_text()}\n)")
    warehouse.touch()


def show(warehouse: Warehouse, release: Release) -> None:
    """Lets the plain views stand for the tables that this release has."""
    known = warehouse.query(
        "SELECT name, as_select FROM system.tables"
        " WHERE database = {database:String} AND has({names:Array(String)}, name)",
        {"database": warehouse.database, "names": list(SHOWN)},
    )
    selects = {row["name"]: row["as_select"] for row in known}
    for name, source in SHOWN.items():
        if release.tables[source] not in selects.get(name, ""):
            columns = ", ".join(identifier(column.name) for column in release.project.sources[source].columns)
            warehouse.command(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} FROM {release.table(source)}")


def _root() -> Traversable:
    return files("tradewind") / "sql" / "live"


def _walk(folder: Traversable, path: PurePosixPath = _TOP) -> Iterator[tuple[PurePosixPath, Traversable]]:
    for found in folder.iterdir():
        if found.is_dir():
            yield from _walk(found, path / found.name)
        else:
            yield path / found.name, found
