"""What moves by itself and rests until somebody lets it go on: schedules of pipes, and topics of data sources."""

from __future__ import annotations

from sqlalchemy import delete, select

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.warehouse.workspaces.model import PausedSchedule

Key = tuple[str, str, str]
"""The workspace, the kind, and the name of the pipe or data source."""


class Resting:
    """Kept in the store, so that a restart wakes nothing. Threads may share it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> set[Key]:
        row = PausedSchedule
        with self._database.read() as tx:
            return {
                (found[0], found[1], found[2]) for found in tx.execute(select(row.workspace_id, row.kind, row.pipe))
            }

    def add(self, workspace_id: str, kind: str, name: str) -> None:
        if (workspace_id, kind, name) in self.all():
            return
        with self._database.write() as tx:
            tx.add(PausedSchedule(workspace_id=workspace_id, kind=kind, pipe=name, paused_at=self._clock.now()))

    def remove(self, workspace_id: str, kind: str, name: str) -> None:
        row = PausedSchedule
        with self._database.write() as tx:
            tx.execute(delete(row).where(row.workspace_id == workspace_id, row.kind == kind, row.pipe == name))
