"""Where the rooms are put together: one object holds the stores and the loops that move facts between them."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import orjson

from tradewind.channels.streams.service import Streams
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.pacing import RealPacer
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable
from tradewind.core.logging import get_logger
from tradewind.core.secret_key import secret_key
from tradewind.core.settings import Settings
from tradewind.core.signals import Signal
from tradewind.events import outbox
from tradewind.events.ledger import BatchLedger
from tradewind.events.log import EventLog, Partition, SqliteLog
from tradewind.events.relay import PRODUCER, Relay
from tradewind.ownership import FolderLock, owner_of
from tradewind.store import open_database
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.ingest.service import Ingest
from tradewind.warehouse.live_shop.service import LiveShop
from tradewind.warehouse.schema import ensure_schema
from tradewind.warehouse.serving.compiler import ProjectCompiler
from tradewind.warehouse.serving.operations import Operation
from tradewind.warehouse.serving.service import Serving
from tradewind.warehouse.sink import Sink
from tradewind.warehouse.streams.copies import Copies
from tradewind.warehouse.streams.resting import Resting
from tradewind.warehouse.streams.runs import Runner
from tradewind.warehouse.streams.schedules import Schedules
from tradewind.warehouse.streams.sinks import Sinks
from tradewind.warehouse.streams.topics import Taken, TopicSources
from tradewind.warehouse.unstored import forget_unstored_blocks
from tradewind.warehouse.workspaces.jobs import WAITING, WORKING, Job, Jobs
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.service import Workspaces

SINK = "warehouse"
_RETENTION_EVERY_SECONDS = 3600.0
_SETTLE_TIMEOUT_SECONDS = 600.0

logger = get_logger(__name__)


def open_log(settings: Settings) -> EventLog:
    """The log, in a file or on a Kafka cluster."""
    url = settings.log.url.get_secret_value() if settings.log.url else ""
    if url.startswith("kafka:"):
        from tradewind.events.kafka_log import KafkaLog

        return KafkaLog(url, partitions=settings.log.partitions)
    return SqliteLog(settings.log_path, partitions=settings.log.partitions)


def ledger_path(settings: Settings) -> Path:
    return settings.data_dir / "ledger.db"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Facts that are on their way: committed but not in the log, and in the log but not in the warehouse."""

    outbox: int
    log: int

    @property
    def total(self) -> int:
        return self.outbox + self.log


class Platform:
    """All stores of one Tradewind, open, and owned by this process where they are embedded.

    `start` sets the relay and the sink going in threads of their own; `landed` is sent whenever readers
    of the warehouse can see something new, and `data_version` moves with it.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None, purpose: str = "A Tradewind command") -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        with contextlib.ExitStack() as undo:
            self.lock = FolderLock(settings.data_dir, purpose)
            undo.callback(self.lock.release)
            self.database = open_database(settings)
            undo.callback(self.database.close)
            self.log = open_log(settings)
            undo.callback(self.log.close)
            self.ledger = BatchLedger(ledger_path(settings), SINK)
            undo.callback(self.ledger.close_file)
            _forget_unstored(settings)
            self.warehouse = Warehouse(settings.warehouse_url, settings.warehouse)
            undo.callback(self.warehouse.close)
            self.rebuilt = ensure_schema(self.warehouse, settings.store.zone)
            self.ingest = Ingest(settings.data_dir, settings.warehouse_url, self.warehouse, settings.ingest)
            undo.callback(self.ingest.close)
            self.workspaces = Workspaces(
                self.database,
                self.warehouse,
                self.clock,
                lambda: secret_key(settings),
                landing=self.ingest.landing,
            )
            self.relay = Relay(self.database, self.log)
            self.sink = Sink(self.log, self.ledger, self.warehouse)
            self.jobs = Jobs(self.database, self.clock, settings.jobs)
            self.sync = Engine(
                self.database,
                self.clock,
                Connectors.installed(),
                lambda: secret_key(settings),
                folder=settings.data_dir / "locks",
                pacer=RealPacer(self._stop),
            )
            undo.callback(self.sync.close)
            self.streams = Streams(self.database, self.clock, settings.streams)
            self.serving = Serving(
                self.database,
                self.warehouse,
                settings.serving,
                self.clock,
                lambda: secret_key(settings),
                compiler=ProjectCompiler(),
                releases=self.workspaces,
            )
            undo.callback(self.serving.close)
            undo.callback(self.jobs.close)
            self.runner = Runner(self.warehouse, self.serving.queries, settings.jobs)
            told = self.serving.operations
            self.copies = Copies(self.runner, self.workspaces, self.jobs, told, self.ingest.landing, self.clock)
            self.sinks = Sinks(
                self.runner,
                self.workspaces,
                self.jobs,
                told,
                self.clock,
                settings.data_dir / "exports",
                file_rows=settings.jobs.file_rows,
            )
            resting = Resting(self.database, self.clock)
            self.schedules = Schedules(resting, self.clock, self._live, self.copies, self.sinks)
            self.jobs.listen(self._job_changed)
            self.live_shop = LiveShop(
                self.warehouse,
                self.workspaces,
                self.serving.queries,
                log=self.log,
                ledger=self.ledger,
                sink=self.sink,
                ingest=self.ingest,
            )
            self.topics = TopicSources(
                self.ingest, settings.data_dir / "topics.db", self._live, resting, told=self._taken
            )
            undo.callback(self.topics.close)
            self.workspaces.connect(tokens=self.serving.tokens)
            self.workspaces.on_new(self.serving.tokens.ensure_system)
            self.workspaces.recover()
            self.ingest.connect(self.serving.queries.guard, self.workspaces.direct_writes)
            self._undo = undo.pop_all()

    @property
    def landed(self) -> Signal:
        return self.sink.landed

    @property
    def data_version(self) -> int:
        return self.sink.counts.version

    def start(self) -> None:
        """Begins to move facts; returns at once."""
        self.workspaces.default()
        self.live_shop.open()
        self.ingest.recover(self.workspaces.live)
        for name, loop in (
            ("relay", self.relay.run),
            ("sink", self.sink.run),
            ("live shop", self.live_shop.run),
            ("retention", self._retain),
            ("journal", self.serving.run),
            ("storage", self.serving.watch_storage),
            *self.ingest.loops(),
        ):
            self.spawn(name, loop)
        if self.database.dialect == "postgresql":
            self.spawn("releases", self.workspaces.follow)
        self.spawn("topics", self.topics.run)
        if self.streams.is_on:
            self.spawn("streams", self.streams.run)
        self._recover_jobs()
        self.spawn("schedules", self.schedules.run)

    def spawn(self, name: str, loop: Callable[[threading.Event], None]) -> None:
        """Runs a loop in a thread until the platform closes."""
        thread = threading.Thread(target=loop, args=(self._stop,), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def settle(self, progress: Callable[[int], None] | None = None) -> int:
        """Moves everything that has committed into the warehouse, in this thread; returns how many facts landed."""
        landed = 0
        while True:
            moved = self.relay.drain()
            while count := self.sink.round():
                landed += count
                if progress:
                    progress(landed)
            if not moved:
                self.live_shop.drain()
                return landed

    def backlog(self) -> Backlog:
        return Backlog(self.relay.backlog(), self.sink.backlog())

    def passed(self) -> dict[Partition, int]:
        """How far everybody who follows the log has come; retention never passes this."""
        told = self.live_shop.positions()
        return {part: min(end, told.get(part, end)) for part, end in self.sink.positions().items()}

    def wind_down(self) -> None:
        """Tells the loops to end, and waits for none."""
        self._stop.set()

    def close(self) -> None:
        """Stops the loops after the batch they are in and closes every store."""
        self.wind_down()
        for thread in self._threads:
            thread.join(timeout=30)
        self._undo.close()

    def _recover_jobs(self) -> None:
        """Takes up the jobs of a former process, and drops what those left behind that nobody takes up."""
        for home in self.workspaces.all():
            left = (
                job.id for state in (WAITING, WORKING) for job in self.jobs.recent(home.id, status=state, limit=10_000)
            )
            self.runner.drop_others(home.database, set(left))
        self.jobs.recover()

    def _job_changed(self, job: Job) -> None:
        self.serving.operations.tell(
            self.workspaces.database_of(job.workspace_id)[1],
            "jobs_log",
            {
                "job_id": job.id,
                "job_type": job.kind,
                "status": job.status,
                "error": job.error,
                "workspace_id": job.workspace_id,
                "pipe_id": job.pipe,
                "datasource_id": job.source,
                "created_at": job.created_at,
                "started_at": job.started_at,
                "updated_at": job.updated_at,
                "job_metadata": orjson.dumps({**job.statistics, "rows": job.rows}, default=str).decode(),
            },
        )

    def _live(self) -> list[Release]:
        """The live release of each workspace that has one."""
        found = (self.workspaces.live(home.id) for home in self.workspaces.all())
        return [release for release in found if release is not None]

    def _taken(self, taken: Taken) -> None:
        """Writes down that records of a topic became rows."""
        self.serving.operations.record(
            taken.database,
            Operation(
                "append-kafka",
                taken.source,
                elapsed_seconds=taken.seconds,
                rows=taken.counts.successful + taken.counts.quarantined,
                rows_quarantine=taken.counts.quarantined,
                written_rows=taken.counts.successful,
                written_bytes=taken.bytes,
                written_rows_quarantine=taken.counts.quarantined,
            ),
        )
        self.serving.operations.tell(
            taken.database,
            "kafka_ops_log",
            {
                "timestamp": self.clock.now(),
                "datasource_id": taken.source,
                "topic": taken.topic,
                "partition": taken.partition,
                "msg_type": "info",
                "lag": taken.lag,
                "processed_messages": taken.counts.successful + taken.counts.quarantined,
                "processed_bytes": taken.bytes,
                "committed_messages": taken.counts.successful + taken.counts.quarantined,
                "time_write": taken.seconds,
                "msg": "",
            },
        )

    def _retain(self, stop: threading.Event) -> None:
        while not stop.wait(_RETENTION_EVERY_SECONDS):
            try:
                newer_than = self.clock.now() - timedelta(days=self.settings.log.retention_days)
                deleted = self.log.retain(newer_than, self.passed())
                if deleted:
                    logger.info("log entries past their retention deleted", count=deleted)
            except Exception:
                logger.exception("retention failed; it tries again in an hour")


@dataclass(frozen=True, slots=True)
class Access:
    """What a command needs: the stores, and a way to wait until all that has committed can be read."""

    database: Database
    warehouse: Warehouse
    settle: Callable[[], None]
    server_url: str | None
    """Address of the running server, if the warehouse is reached through it."""


@contextmanager
def connect(settings: Settings) -> Iterator[Access]:
    """Access to the stores for a command: through the running server where there is one, else by owning the folder.

    Raises Unavailable when a running owner does not serve its warehouse (an import, or a server starting up).
    """
    card = owner_of(settings.data_dir)
    if card is None:
        platform = Platform(settings)
        try:
            yield Access(platform.database, platform.warehouse, lambda: _settled(platform), None)
        finally:
            platform.close()
        return
    if card.clickhouse_port is None or card.clickhouse_password is None:
        raise card.silent(settings.data_dir)
    url = f"http://tradewind:{quote(card.clickhouse_password)}@{card.clickhouse_host}:{card.clickhouse_port}/tradewind"
    database, log, ledger = (
        open_database(settings),
        open_log(settings),
        BatchLedger(ledger_path(settings), SINK),
    )
    warehouse = Warehouse(url, settings.warehouse)
    try:
        yield Access(database, warehouse, lambda: _wait_until_settled(database, log, ledger), card.url)
    finally:
        warehouse.close()
        ledger.close_file()
        log.close()
        database.close()


def _forget_unstored(settings: Settings) -> None:
    """Before the embedded engine opens: what a kill left half done in it."""
    url = urlsplit(settings.warehouse_url)
    if url.scheme == "chdb":
        forgotten = forget_unstored_blocks(Path(unquote(url.path)))
        if forgotten:
            logger.info("blocks that a kill kept from being stored are taken again", count=forgotten)


def _settled(platform: Platform) -> None:
    platform.settle()


def _wait_until_settled(database: Database, log: EventLog, ledger: BatchLedger) -> None:
    """Waits until the server has landed what has committed by now; what comes in meanwhile does not count."""
    deadline = time.monotonic() + _SETTLE_TIMEOUT_SECONDS
    with database.read() as tx:
        committed = outbox.end(tx)
    _wait_for(lambda: log.sequence(PRODUCER) >= committed, deadline)
    ends = {partition: log.end(partition) for partition in log.partitions()}
    _wait_for(lambda: all(ledger.position(partition) >= end for partition, end in ends.items()), deadline)


def _wait_for(is_true: Callable[[], bool], deadline: float) -> None:
    while not is_true():
        if time.monotonic() > deadline:
            raise Unavailable("The server does not catch up with its log. See its messages, or `tradewind status`.")
        time.sleep(0.05)
