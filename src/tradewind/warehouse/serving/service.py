"""The query side of projects as one object: tokens, queries, and what is told of both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.core.settings import ServingSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.serving.engine import open_engine
from tradewind.warehouse.serving.journal import Journal
from tradewind.warehouse.serving.operations import Operations
from tradewind.warehouse.serving.queries import Compiler, Queries
from tradewind.warehouse.serving.requests import Requests
from tradewind.warehouse.serving.service_sources import ServiceSources
from tradewind.warehouse.serving.storage import tell_storage
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.tokens import Tokens

_STORAGE_SECONDS = 300.0
logger = get_logger(__name__)


class Releases(Protocol):
    """Who knows what is deployed."""

    def live(self, workspace_id: str) -> Release | None:
        """The release that requests read; costs nothing. None before the first deploy."""
        ...

    def workspace_ids(self) -> Sequence[str]:
        """All workspaces and branches."""
        ...

    def staged(self, workspace_id: str) -> Release | None:
        """The release that stands beside the live one and waits to take its place."""
        ...

    def database_of(self, workspace_id: str) -> tuple[str, str]:
        """A workspace's name and its engine database. Raises NotFound."""
        ...


class Serving:
    """Opened once per process. `run` writes what was measured, until it is told to stop."""

    def __init__(
        self,
        database: Database,
        warehouse: Warehouse,
        settings: ServingSettings,
        clock: Clock,
        key: Callable[[], str],
        *,
        compiler: Compiler,
        releases: Releases,
    ) -> None:
        self.clock = clock
        self.releases = releases
        self._warehouse = warehouse
        self.tokens = Tokens(database, key, clock)
        self.sources = ServiceSources(warehouse)
        self.journal = Journal(warehouse, self.sources, every_seconds=settings.log_seconds)
        self.operations = Operations(self.journal, clock)
        self.requests = Requests(self.journal)
        self._engine = open_engine(warehouse, settings)
        self.queries = Queries(warehouse, self._engine, self.sources, compiler, settings)

    def run(self, stop: threading.Event) -> None:
        """Writes what was measured, until it is told to stop."""
        self.journal.run(stop)

    def watch_storage(self, stop: threading.Event) -> None:
        """Looks now and then how much data sources take."""
        while not stop.wait(_STORAGE_SECONDS):
            try:
                self.tell_storage()
            except TradewindError as away:
                logger.warning("sizes of data sources were not taken", reason=str(away)[:300])

    def tell_storage(self) -> int:
        """Tells it now; returns of how many data sources."""
        live = [release for release in map(self.releases.live, self.releases.workspace_ids()) if release is not None]
        return tell_storage(self._warehouse, self.journal, live, now=self.clock.now())

    def close(self) -> None:
        """Writes what is waiting to be told, and closes."""
        self.queries.close()
        self.journal.flush()
        self._engine.close()
