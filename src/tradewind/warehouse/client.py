"""One client for both sides of the warehouse, over clickhouse-connect: `chdb://` and `clickhouse://`.

Writers use one connection of their own. Readers get read-only connections with limits on time, memory
and rows: on those the engine itself refuses DDL, INSERT, file() and url().
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from tradewind.core.errors import InvalidInput, Misconfigured, Unavailable
from tradewind.core.folders import private_folder
from tradewind.core.settings import WarehouseSettings
from tradewind.warehouse.versions import Versions

DATABASE = "tradewind"
_READER_WAIT_SECONDS = 10.0
_WRAPPING = re.compile(
    r"Received ClickHouse exception, code: \d+, server response: |Code: \d+\. DB::Exception: |"
    r"\(version [\d.]+[^)]*\)\.?|: While executing \w+|: \(in file/uri [^)]*\)"
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A result with its column names."""

    columns: list[str]
    rows: Sequence[Sequence[Any]]


class QueryFailed(InvalidInput):
    """The engine refused or gave up a query; the message is the engine's own, without its version trailer."""

    code = "query_failed"


class Connection:
    """A connection of one's own, with full rights until it is told otherwise. One thread uses it at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        with _plain_errors():
            return self._client.command(sql, parameters=dict(parameters) if parameters else None)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with _plain_errors():
            result = self._client.query(sql, parameters=dict(parameters) if parameters else None)
            return list(result.named_results())

    def raw(self, sql: str, fmt: str) -> bytes:
        """Rows of a SELECT in one of the engine's formats, as it writes them."""
        with _plain_errors():
            return bytes(self._client.raw_query(sql, fmt=fmt))

    def insert(self, table: str, block: bytes, fmt: str) -> None:
        """Inserts rows of one of the engine's formats."""
        with _plain_errors():
            self._client.raw_insert(table, insert_block=block, fmt=fmt)

    def forbid_writing(self) -> None:
        """Refuses everything but reading from now on; nothing on this connection takes that back."""
        with _plain_errors():
            self._client.command("SET readonly = 1")


class Warehouse:
    """Connections to one warehouse. Threads may share it; each query takes one reader for as long as it runs."""

    def __init__(self, url: str, settings: WarehouseSettings | None = None) -> None:
        self.settings = settings or WarehouseSettings()
        self._url = urlsplit(url)
        self._readers: LifoQueue[Client] = LifoQueue()
        self._reader_count = 0
        self._lock = threading.Lock()
        self._write_lock = threading.RLock()
        self.versions = Versions()
        """Moves on whenever something may have changed what readers see: answers are kept until then."""
        if self._url.scheme == "chdb":
            self.path: Path | None = Path(unquote(self._url.path))
            private_folder(self.path)
        elif self._url.scheme in ("clickhouse", "clickhouses", "http", "https"):
            self.path = None
        else:
            raise Misconfigured(
                f"TRADEWIND_WAREHOUSE_URL begins with '{self._url.scheme}'. Use chdb:///path or clickhouse://user:password@host:8123/database."
            )
        self.database = (self._url.path.strip("/") or DATABASE) if self.path is None else DATABASE
        self._writer = self._connect("default")
        self._writer.command(f"CREATE DATABASE IF NOT EXISTS `{self.database}`")
        self._writer.close()
        self._writer = self._connect(self.database)

    @property
    def is_embedded(self) -> bool:
        """Whether the engine runs in this process."""
        return self.path is not None

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Runs a statement with full rights: for our own DDL and maintenance, never for a user's text."""
        with self._write_lock, _plain_errors():
            try:
                return self._writer.command(sql, parameters=dict(parameters) if parameters else None)
            finally:
                self.touch()

    def insert_lines(
        self,
        table: str,
        lines: bytes,
        *,
        token: str,
        settings: Mapping[str, str | int] | None = None,
        touches: bool = True,
    ) -> None:
        """Inserts newline-separated JSON objects as one block that is stored once per token, in every view too.

        A line that does not fit the table makes the whole block fail: nothing of it is stored. Without `touches`,
        answers that are kept go on to hold: none is kept from that table.
        """
        with self._write_lock, _plain_errors():
            self._writer.raw_insert(
                table,
                insert_block=lines,
                fmt="JSONEachRow",
                settings={
                    "insert_deduplicate": 1,
                    "insert_deduplication_token": token,
                    "deduplicate_blocks_in_dependent_materialized_views": 1,
                    "input_format_parallel_parsing": 0,
                    "input_format_skip_unknown_fields": 0,
                    "input_format_null_as_default": 0,
                    "max_insert_block_size": 10_000_000,
                    "max_block_size": 10_000_000,
                    "async_insert": 0,
                    **(settings or {}),
                },
            )
            if touches:
                self.touch()

    def touch(self, *, at_once: bool = True) -> None:
        """Says that data have changed; for those who write on connections of their own.

        Without `at_once` answers that are kept may be given for a moment more: nobody waits to see what was written.
        """
        self.versions.move(at_once=at_once)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Rows of a SELECT on a read-only connection, parameters bound as `{name:Type}`."""
        with self.reader() as reader, _plain_errors():
            result = reader.query(sql, parameters=dict(parameters) if parameters else None)
            return list(result.named_results())

    def table(self, sql: str) -> Table:
        """The same for text that a person typed: column names too, since there may be no rows."""
        with self.reader() as reader, _plain_errors():
            result = reader.query(sql)
            names = list(result.column_names)
            if not names and not result.result_rows:
                # Without rows the embedded engine sends no names either.
                names = [str(row[0]) for row in reader.query(f"DESCRIBE ({sql})").result_rows]
            return Table(names, list(result.result_rows))

    @contextmanager
    def reader(self) -> Iterator[Client]:
        """A read-only connection, given back at the end of the block. Raises Unavailable when all stay busy."""
        client = self._take_reader()
        try:
            yield client
        finally:
            self._readers.put(client)

    @contextmanager
    def connection(self, settings: Mapping[str, str | int | float] | None = None) -> Iterator[Connection]:
        """A writing connection of the caller's own, with these settings: its long work keeps nobody waiting."""
        client = self._connect(self.database, settings=None if self.is_embedded else settings)
        try:
            if self.is_embedded:
                for name, value in (settings or {}).items():
                    client.command(f"SET {name} = {_literal(value)}")
            yield Connection(client)
        finally:
            client.close()

    @contextmanager
    def writer(self) -> Iterator[Client]:
        """The writing connection, for the gateway's writers; one at a time."""
        with self._write_lock:
            try:
                yield self._writer
            finally:
                self.touch()

    def close(self) -> None:
        while not self._readers.empty():
            self._readers.get_nowait().close()
        self._writer.close()

    def _take_reader(self) -> Client:
        try:
            return self._readers.get_nowait()
        except Empty:
            pass
        with self._lock:
            grow = self._reader_count < self.settings.readers
            self._reader_count += grow
        if grow:
            try:
                return self._connect_reader()
            except BaseException:
                with self._lock:
                    self._reader_count -= 1
                raise
        try:
            return self._readers.get(timeout=_READER_WAIT_SECONDS)
        except Empty:
            raise Unavailable("All readers of the warehouse are busy. Try again in a moment.") from None

    def reader_limits(self) -> dict[str, float]:
        """The engine's settings that bound a reader's query."""
        return {
            "max_execution_time": self.settings.query_timeout_seconds,
            "max_memory_usage": self.settings.query_max_memory_mb * 1024 * 1024,
            "max_result_rows": self.settings.query_max_rows,
            "max_threads": self.settings.query_threads,
            "timeout_before_checking_execution_speed": 0,
            # Compiled to machine code, a small question of many kinds takes 15 ms more the third time it is asked.
            "compile_expressions": 0,
            "compile_aggregate_expressions": 0,
            "compile_sort_description": 0,
        }

    def _connect_reader(self) -> Client:
        limits = self.reader_limits()
        if not self.is_embedded:
            return self._connect(self.database, settings=limits | {"readonly": 1})
        client = self._connect(self.database)
        # readonly comes last and cannot be undone on this connection: not by us, not by a user's text.
        for name, value in limits.items():
            client.command(f"SET {name} = {value}")
        client.command("SET readonly = 1")
        return client

    def _connect(self, database: str, settings: Mapping[str, Any] | None = None) -> Client:
        if self.is_embedded:
            return clickhouse_connect.get_client(
                interface="chdb",
                path=str(self.path),
                database=database,
                tz_mode="aware",
                show_clickhouse_errors="scrub",
            )
        return clickhouse_connect.get_client(
            host=self._url.hostname or "localhost",
            port=self._url.port or (8443 if self._url.scheme in ("clickhouses", "https") else 8123),
            username=unquote(self._url.username or "default"),
            password=unquote(self._url.password or ""),
            secure=self._url.scheme in ("clickhouses", "https"),
            database=database,
            settings=dict(settings or {}),
            tz_mode="aware",
            show_clickhouse_errors="scrub",
        )


def _literal(value: str | float) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as away:
        raise Unavailable(f"The warehouse does not answer: {away}") from away
    except DatabaseError as refused:
        raise QueryFailed(plain_message(str(refused))) from refused


def plain_message(text: str) -> str:
    """The engine's sentence without the codes that it is wrapped in: what people need of it."""
    return _WRAPPING.sub("", text).strip()
