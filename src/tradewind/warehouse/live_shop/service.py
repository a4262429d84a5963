"""The live shop as one object: deployed by the product, told what is booked, asked by dashboard and storefront."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from decimal import Decimal
from typing import Any

from tradewind.core.errors import TradewindError, Unavailable
from tradewind.core.logging import get_logger
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import EventLog, Partition
from tradewind.warehouse.client import Row, Warehouse
from tradewind.warehouse.ingest.service import Ingest
from tradewind.warehouse.live_shop.feed import Feed
from tradewind.warehouse.live_shop.project import fill_from_history, project_files, show
from tradewind.warehouse.live_shop.rows import SOURCES
from tradewind.warehouse.serving import formats
from tradewind.warehouse.serving.queries import Queries
from tradewind.warehouse.sink import Sink
from tradewind.warehouse.workspaces.files import Files
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import READ_ALL, Scope, Token, Value
from tradewind.warehouse.workspaces.service import Outcome, Workspaces

NAME = "live"

_JSON = formats.of_sql("JSON")

logger = get_logger(__name__)


class LiveShop:
    """One per platform. Until `open`, and where its project could not be deployed, it takes and answers nothing."""

    def __init__(
        self,
        warehouse: Warehouse,
        workspaces: Workspaces,
        queries: Queries,
        *,
        log: EventLog,
        ledger: BatchLedger,
        sink: Sink,
        ingest: Ingest,
        files: Files | None = None,
    ) -> None:
        """`files` are other datafiles than those of sql/live."""
        self._files = files
        self._warehouse = warehouse
        self._workspaces = workspaces
        self._queries = queries
        self._log = log
        self._ledger = ledger
        self._sink = sink
        self._ingest = ingest
        self.feed = Feed(log, ingest.log)

    @property
    def release(self) -> Release:
        """What is live. Raises Unavailable before it is."""
        found = self._found()
        if found is None:
            raise Unavailable("The live shop is not deployed. The server's log says why; restart it to try again.")
        return found

    def open(self) -> None:
        """Deploys the project where it is new or another; called before facts begin to move."""
        try:
            workspace_id = self._workspaces.built_in(NAME, f"{self._warehouse.database}_live")
            release = self._deployed(workspace_id)
            if release is not None:
                show(self._warehouse, release)
        except TradewindError:
            # The shop sells on without it, and the next start tries again.
            logger.exception("the live shop is not there")

    def run(self, stop: threading.Event) -> None:
        """Tells it what is booked until told to stop."""
        release = self._found()
        if release is not None:
            self.feed.run(release, stop)

    def drain(self) -> int:
        """Tells it everything that is in the log now and lets it be read, in this thread."""
        release = self._found()
        if release is None:
            return 0
        told = self.feed.drain(release)
        for source in sorted(set(SOURCES.values())):
            self._ingest.landing.drain(release.workspace_id, source)
        return told

    def positions(self) -> dict[Partition, int]:
        """How far it has taken the log; nothing where it takes nothing."""
        return {} if self._found() is None else self.feed.positions()

    def ask(self, pipe: str, values: Mapping[str, Value]) -> list[Row]:
        """Rows of one of its endpoints, decimals exact. Raises Unavailable and QueryRefused."""
        with self.release.in_use() as release:
            planned = self._queries.endpoint(release, self._reader(release), pipe, _JSON, values)
            asked = self._queries.ask(planned)
            result = asked.result() if isinstance(asked, Future) else asked
            document: dict[str, Any] = json.loads(b"".join(result.pieces()), parse_float=Decimal)
        rows: list[Row] = document["data"]
        return rows

    def _found(self) -> Release | None:
        """What is live, also where another process deployed it."""
        workspace_id = self._workspaces.find_built_in(NAME)
        return None if workspace_id is None else self._workspaces.live(workspace_id)

    # --- Deploying ---------------------------------------------------------------------------------------------------

    def _deployed(self, workspace_id: str) -> Release | None:
        number = self._workspaces.home(workspace_id).live_release
        files = self._files or project_files()
        if number is None:
            self._begin(workspace_id, files)
        elif self._workspaces.releases.files(workspace_id, number) != files:
            # Its data stay: a release that needs other tables is filled from those that are live.
            self._succeeded(self._workspaces.deploy(workspace_id, files))
        return self._workspaces.live(workspace_id)

    def _begin(self, workspace_id: str, files: Files) -> None:
        """The first release. What is landed already goes into its tables before anybody reads them."""
        staged = self._workspaces.staged(workspace_id)
        if staged is not None:
            # A process died between filling it and setting it live.
            self._workspaces.discard(workspace_id, staged.number)
        outcome = self._workspaces.deploy(workspace_id, files, promote=False)
        if not self._succeeded(outcome):
            return
        release = self._workspaces.staged(workspace_id)
        assert release is not None, "a deploy that succeeded is staged"
        positions = self._rest()
        if any(positions.values()):
            fill_from_history(self._warehouse, release)
        self.feed.begin(positions, release.number)
        self._workspaces.set_live(workspace_id, release.number)

    def _rest(self) -> dict[Partition, int]:
        """Where the landed tables stand in the log, no batch half way in. The sink does not run yet."""
        partitions = [partition for partition in self._log.partitions() if partition.topic in SOURCES]
        for partition in partitions:
            if self._ledger.unfinished(partition) is not None:
                self._sink.step(partition)
        return {partition: self._ledger.position(partition) for partition in partitions}

    @staticmethod
    def _succeeded(outcome: Outcome) -> bool:
        for finding in outcome.errors:
            logger.error("the live shop cannot be deployed", place=str(finding.place), reason=finding.message)
        return outcome.result != "failed"

    @staticmethod
    def _reader(release: Release) -> Token:
        return Token("live shop", release.workspace_id, "live shop", (Scope(READ_ALL),))
