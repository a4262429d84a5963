"""Runs compiled queries on read-only connections: bounded in number, time, memory and size.

Each connection stands in an empty database, so that a name without a database means nothing but a name of WITH, and
is made read-only last, which the engine never takes back. A query with settings of its own gets a fresh connection.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from tradewind.core.settings import ServingSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.quoting import literal
from tradewind.warehouse.serving.errors import QueryRefused, TooManyQueries, refused

EMPTY_DATABASE = "tradewind_nothing"
_WAIT_SECONDS = 10.0
_IN_MEMORY = 2 * 1024 * 1024
_PIECE = 256 * 1024

SESSION: Mapping[str, str] = {
    # What makes SQL of real projects work (decided with the format).
    "date_time_input_format": "best_effort",
    "joined_subquery_requires_alias": "0",
    "allow_suspicious_types_in_group_by": "1",
    "allow_suspicious_types_in_order_by": "1",
    "allow_suspicious_low_cardinality_types": "1",
    "allow_dynamic_type_in_join_keys": "1",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_denormals": "0",
    # Limits that reader_limits does not set.
    "max_ast_elements": "50000",
    "max_expanded_ast_elements": "500000",
    "max_subquery_depth": "100",
    "max_temporary_data_on_disk_size_for_query": str(1024**3),
    "max_rows_in_set": "10000000",
    "max_rows_in_join": "50000000",
    "max_network_bandwidth": "0",
    "result_overflow_mode": "throw",
    "log_queries": "0",
}
"""Settings of every query of a project, in a build too."""

# Results of these formats are put together from blocks; how many lines of names and types stand before the rows.
_STREAMED = dict.fromkeys(
    """csv jsoneachrow jsonlines ndjson tabseparated tsv tabseparatedraw tsvraw lineasstring
    jsoncompacteachrow""".split(),
    0,
)
_STREAMED |= dict.fromkeys("csvwithnames tabseparatedwithnames tsvwithnames jsoncompacteachrowwithnames".split(), 1)
_STREAMED |= dict.fromkeys("csvwithnamesandtypes tabseparatedwithnamesandtypes tsvwithnamesandtypes".split(), 2)


@dataclass(frozen=True, slots=True)
class Result:
    """All of an answer, in memory or spooled, and what it took."""

    content: bytes | IO[bytes]
    size: int
    rows: int
    read_rows: int
    read_bytes: int
    seconds: float

    def pieces(self) -> Iterator[bytes]:
        """The content, piece by piece; a spooled one only once."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with closing(self.content) as spool:
            spool.seek(0)
            while piece := spool.read(_PIECE):
                yield piece


class Engine(Protocol):
    """The two sides of the port: chDB in this process, or a server."""

    def ask(
        self, sql: str, form: str, parameters: Mapping[str, str], settings: Mapping[str, str] | None = None, /
    ) -> bytes:
        """A short look: nothing of a user's query runs. Raises QueryRefused."""
        ...

    def run(
        self, sql: str, form: str, *, parameters: Mapping[str, str], settings: Mapping[str, str], most_bytes: int
    ) -> Result:
        """Runs a query. Raises QueryRefused with the status that fits; TooManyQueries when all stay busy."""
        ...

    def close(self) -> None: ...


def open_engine(warehouse: Warehouse, settings: ServingSettings) -> Engine:
    warehouse.command(f"CREATE DATABASE IF NOT EXISTS `{EMPTY_DATABASE}`")
    return EmbeddedEngine(warehouse, settings) if warehouse.is_embedded else ServerEngine(warehouse, settings)


class EmbeddedEngine:
    """chDB: a pool of connections of its own, beside those of the shop's own questions."""

    def __init__(self, warehouse: Warehouse, settings: ServingSettings) -> None:
        self._path = str(warehouse.path)
        self._limits = _limits(warehouse, settings)
        self._idle: LifoQueue[Any] = LifoQueue()
        self._room = threading.Semaphore(settings.connections)

    def ask(
        self, sql: str, form: str, parameters: Mapping[str, str], settings: Mapping[str, str] | None = None, /
    ) -> bytes:
        with self._connection(settings or {}) as connection, _engine_errors():
            data: bytes = connection.query(sql, form, params=dict(parameters)).bytes()
            return data

    def run(
        self, sql: str, form: str, *, parameters: Mapping[str, str], settings: Mapping[str, str], most_bytes: int
    ) -> Result:
        started = time.perf_counter()
        with self._connection(settings) as connection, _engine_errors():
            if form.lower() in _STREAMED:
                return _spooled(connection, sql, form, dict(parameters), most_bytes, started)
            result = connection.query(sql, form, params=dict(parameters))
            data = result.bytes()
            if len(data) > most_bytes:
                raise _too_large(most_bytes)
            return Result(
                data,
                len(data),
                result.rows_read(),
                result.storage_rows_read(),
                result.storage_bytes_read(),
                time.perf_counter() - started,
            )

    def close(self) -> None:
        with suppress(Empty):
            while True:
                self._idle.get_nowait()[1].close()

    @contextmanager
    def _connection(self, settings: Mapping[str, str]) -> Iterator[Any]:
        if not self._room.acquire(timeout=_WAIT_SECONDS):
            raise TooManyQueries
        try:
            key = tuple(sorted(settings.items()))
            connection = self._taken(key)
            try:
                yield connection
            except BaseException:
                # What a query had written when it failed stays in its connection, and would stand before the next
                # answer: somebody else's. So it is never used again.
                connection.close()
                raise
            self._idle.put((key, connection))
        finally:
            self._room.release()

    def _taken(self, key: tuple[tuple[str, str], ...]) -> Any:
        """An idle connection with these very settings, or a new one in the place of an idle one."""
        others = []
        found = None
        with suppress(Empty):
            while found is None:
                idle = self._idle.get_nowait()
                if idle[0] == key:
                    found = idle[1]
                else:
                    others.append(idle)
        for idle in others[8:]:
            idle[1].close()
        for idle in reversed(others[:8]):
            self._idle.put(idle)
        return found if found is not None else self._opened(dict(key))

    def _opened(self, settings: Mapping[str, str]) -> Any:
        import chdb

        connection = chdb.connect(self._path)
        try:
            connection.query(f"USE `{EMPTY_DATABASE}`", "TSV")
            pairs = {**SESSION, **self._limits, **settings, "readonly": "1"}
            connection.query("SET " + ", ".join(f"`{n}` = {literal(v)}" for n, v in pairs.items()), "TSV")
        except Exception as failure:
            connection.close()
            raise refused(failure) from failure
        return connection


class ServerEngine:
    """A ClickHouse server: its own readers, each query with its settings."""

    def __init__(self, warehouse: Warehouse, settings: ServingSettings) -> None:
        self._warehouse = warehouse
        self._limits = _limits(warehouse, settings)

    def ask(
        self, sql: str, form: str, parameters: Mapping[str, str], settings: Mapping[str, str] | None = None, /
    ) -> bytes:
        return self._raw(sql, form, parameters, settings or {})

    def run(
        self, sql: str, form: str, *, parameters: Mapping[str, str], settings: Mapping[str, str], most_bytes: int
    ) -> Result:
        started = time.perf_counter()
        data = self._raw(sql, form, parameters, settings)
        if len(data) > most_bytes:
            raise _too_large(most_bytes)
        return Result(data, len(data), 0, 0, 0, time.perf_counter() - started)

    def close(self) -> None:
        """The readers are the warehouse's."""

    def _raw(self, sql: str, form: str, parameters: Mapping[str, str], settings: Mapping[str, str]) -> bytes:
        with self._warehouse.reader() as reader, _engine_errors():
            return reader.raw_query(
                sql,
                parameters=dict(parameters),
                settings={**SESSION, **self._limits, **settings, "database": EMPTY_DATABASE, "readonly": "1"},
                fmt=form,
            )


def _limits(warehouse: Warehouse, settings: ServingSettings) -> dict[str, str]:
    limits = {name: str(value) for name, value in warehouse.reader_limits().items()}
    return limits | {"max_result_bytes": str(settings.result_max_mb * 1024**2)}


def _too_large(most_bytes: int) -> QueryRefused:
    return QueryRefused(
        f"The result is larger than {most_bytes // 1024**2} MB. Ask for less of it at a time.", status=413
    )


def _spooled(
    connection: Any, sql: str, form: str, parameters: dict[str, str], most_bytes: int, started: float
) -> Result:
    """A result block by block into a file that begins in memory: an answer is never half an answer."""
    header = _STREAMED[form.lower()]
    spool: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed by who reads it, or below)
    size = rows = read_rows = read_bytes = 0
    stream = connection.send_query(sql, form, params=parameters)
    try:
        is_first = True
        for block in stream:
            data = block.bytes()
            if not is_first and header:
                data = data[_header_size(data, header, is_csv=form.lower().startswith("csv")) :]
            is_first = False
            size += len(data)
            rows += block.rows_read()
            read_rows, read_bytes = block.storage_rows_read(), block.storage_bytes_read()
            if size > most_bytes:
                raise _too_large(most_bytes)
            spool.write(data)
    except BaseException:
        spool.close()
        raise
    finally:
        stream.close()
    if is_first and header:
        # Without rows the stream has no block, and so no names.
        spool.write(data := connection.query(sql, form, params=parameters).bytes())
        size = len(data)
    seconds = time.perf_counter() - started
    if size > _IN_MEMORY:
        return Result(spool, size, rows, read_rows, read_bytes, seconds)
    spool.seek(0)
    with closing(spool):
        return Result(spool.read(), size, rows, read_rows, read_bytes, seconds)


def _header_size(block: bytes, lines: int, *, is_csv: bool) -> int:
    """How many bytes of a block are names and types. A name in CSV may hold a line break, within quotes."""
    at, quoted = 0, False
    while lines and at < len(block):
        byte = block[at]
        at += 1
        quoted ^= is_csv and byte == 0x22
        lines -= byte == 0x0A and not quoted
    return at


@contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except QueryRefused:
        raise
    except Exception as failure:
        raise refused(failure) from failure
