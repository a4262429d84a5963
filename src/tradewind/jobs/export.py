"""Exporting silver and gold as open tables, from whichever engine holds the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradewind.core.settings import Settings
from tradewind.jobs.gold import is_secure, open_door
from tradewind.platform import connect
from tradewind.warehouse.exporting.service import Exported, Format, Progress, export
from tradewind.warehouse.exporting.source import Warehouse


def export_tables(
    settings: Settings,
    format: Format,  # noqa: A002 - the word of the command
    *,
    layers: Sequence[str],
    folder: Path | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _: None,
) -> list[Exported]:
    """Exports into a folder, by default `lake/<format>` in the data folder; what is built, as it was built last."""
    with (
        connect(settings) as stores,
        open_door(settings, stores) as door,
        Warehouse.open(
            door.host,
            door.port,
            door.user,
            door.password,
            database=stores.warehouse.database,
            secure=is_secure(settings),
        ) as warehouse,
    ):
        target = folder or settings.data_dir / "lake" / format.value
        return export(warehouse, target, format, layers=layers, dry_run=dry_run, progress=progress)
