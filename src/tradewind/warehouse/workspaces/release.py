"""A release: a deployed project with the physical tables that its names stand for. Never changes once it is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition

from tradewind.warehouse.datafiles.model import Project


@dataclass(eq=False, slots=True)
class Release:
    """Held by a request from its first look to its last row, so that nobody drops a table under it."""

    workspace_id: str
    workspace: str
    database: str
    """The engine's database that the tables stand in."""
    number: int
    project: Project
    tables: Mapping[str, str]
    """By data source, `<name>_quarantine` too: the physical table's name in the database."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    _users: int = 0
    _changed: Condition = field(default_factory=Condition, repr=False)

    def table(self, name: str) -> str | None:
        """The qualified, quoted physical table of a data source, of its alias or of its quarantine."""
        source = self.project.source(name)
        found = self.tables.get(source.name if source else name)
        return None if found is None else f"`{self.database}`.`{found}`"

    @contextmanager
    def in_use(self) -> Iterator[Release]:
        with self._changed:
            self._users += 1
        try:
            yield self
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def wait_unused(self, seconds: float) -> bool:
        """Whether nobody uses it any more, waiting for that at most so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._users == 0, seconds)
