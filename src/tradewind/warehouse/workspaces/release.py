"""A release: a deployed project with the physical tables that its names stand for. Never changes once it is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition

from tradewind.warehouse.datafiles.model import DataSource, Project


class Use:
    """Who reads a release's tables at this moment: nobody drops one meanwhile."""

    def __init__(self) -> None:
        self._users = 0
        self._changed = Condition()

    def begin(self) -> None:
        with self._changed:
            self._users += 1

    def end(self) -> None:
        with self._changed:
            self._users -= 1
            self._changed.notify_all()

    def wait_unused(self, seconds: float) -> bool:
        """Whether nobody uses it any more, waiting for that at most so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._users == 0, seconds)


@dataclass(frozen=True, slots=True)
class Loan:
    """A data source that another workspace shares with this one. Its table is the other one's, and only read."""

    source: DataSource
    """As this workspace names it: `workspace.name`."""
    database: str
    table: str
    use: Use
    """Of the other workspace's release."""


@dataclass(eq=False, slots=True)
class Release:
    """Held by a request from its first look to its last row, so that nobody drops a table under it."""

    workspace_id: str
    workspace: str
    database: str
    """The engine's database that the tables stand in."""
    number: int
    project: Project
    """With the data sources that other workspaces share with this one, as long as they do."""
    tables: Mapping[str, str]
    """By data source, `<name>_quarantine` too: the physical table's name in the database."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    loans: Mapping[str, Loan] = field(default_factory=dict)
    """What is read in other workspaces' databases, by data source."""
    use: Use = field(default_factory=Use, repr=False)
    made_at: datetime | None = None
    """When it was deployed."""

    def table(self, name: str) -> str | None:
        """The qualified, quoted physical table of a data source, of its alias or of its quarantine."""
        stored = self.stored(name)
        return None if stored is None else f"`{stored[0]}`.`{stored[1]}`"

    def stored(self, name: str) -> tuple[str, str] | None:
        """The same as database and table."""
        source = self.project.source(name)
        own = source.name if source else name
        loan = self.loans.get(own)
        if loan is not None:
            return loan.database, loan.table
        found = self.tables.get(own)
        return None if found is None else (self.database, found)

    @contextmanager
    def in_use(self) -> Iterator[Release]:
        uses = dict.fromkeys((self.use, *(loan.use for loan in self.loans.values())))
        for use in uses:
            use.begin()
        try:
            yield self
        finally:
            for use in uses:
                use.end()
