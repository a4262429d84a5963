"""Runs users' statements on the embedded engine, each on a connection of its own.

A new connection costs a tenth of a millisecond and carries nothing over: no USE, no SET, no bound
parameter of somebody else. Only a writer's session keeps its connection. Readers' connections get the
warehouse's limits and then `readonly = 1`, which the engine never takes back. The number of statements
that run at once is bounded.
"""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import chdb
from chdb import ChdbError

from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway_errors import (
    BAD_ARGUMENTS,
    READONLY,
    TOO_MANY_QUERIES,
    UNKNOWN_SETTING,
    GatewayError,
    engine_error,
)
from tradewind.warehouse.gateway_sessions import DEFAULT_TIMEOUT_SECONDS, Sessions
from tradewind.warehouse.gateway_statements import (
    MAX_STATEMENT_BYTES,
    Grammar,
    InsertHead,
    Kind,
    insert_head,
    is_insert,
)
from tradewind.warehouse.quoting import identifier, literal

_WAIT_FOR_TURN_SECONDS = 10.0
_MEMORY_PER_RESULT = 4 * 1024 * 1024
_MAX_BUFFERED = 1024 * 1024 * 1024
_PIECE = 256 * 1024
_MAX_UNSTREAMED_RESULT = 256 * 1024 * 1024

# A result in one of these formats may be put together from blocks. The number says how many lines of names and
# types stand before the rows (in binary: lists of strings) and have to go from every block but the first.
_STREAMED = dict.fromkeys(
    """native tabseparated tsv csv rowbinary jsoneachrow jsonlines ndjson tabseparatedraw tsvraw lineasstring
    jsoncompacteachrow""".split(),
    0,
)
_STREAMED |= dict.fromkeys(
    "tabseparatedwithnames tsvwithnames csvwithnames jsoncompacteachrowwithnames rowbinarywithnames".split(), 1
)
_STREAMED |= dict.fromkeys(
    """tabseparatedwithnamesandtypes tsvwithnamesandtypes csvwithnamesandtypes jsoncompacteachrowwithnamesandtypes
    rowbinarywithnamesandtypes""".split(),
    2,
)
# In Arrow every block is a stream of its own: schema, rows, end. One schema stands before all and one end behind.
_ARROW = "arrowstream"
_ARROW_END = b"\xff\xff\xff\xff\x00\x00\x00\x00"
_STREAMED[_ARROW] = 1

_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# Settings that shape a result and loosen nothing.
_HARMLESS_SETTINGS = frozenset(
    """date_time_output_format bool_true_representation bool_false_representation join_use_nulls extremes final
    session_timezone max_block_size limit offset result_overflow_mode timeout_overflow_mode transform_null_in
    aggregate_functions_null_for_empty union_default_mode decimal_check_overflow prefer_column_name_to_alias
    group_by_use_nulls empty_result_for_aggregation_by_empty_set interval_output_format date_time_input_format
    cast_string_to_dynamic_use_inference""".split()
)
_HARMLESS_PREFIXES = ("output_format_", "format_csv_", "format_tsv_", "format_custom_")
# Settings of the transport: the gateway answers for these itself, or they have no meaning in one process.
_TRANSPORT_SETTINGS = frozenset(
    """enable_http_compression http_zlib_compression_level send_progress_in_http_headers log_comment log_queries
    http_headers_progress_interval_ms cancel_http_readonly_queries_on_client_close add_http_cors_header workload
    http_response_buffer_size http_wait_end_of_query replication_alter_partitions_sync mutations_sync alter_sync
    insert_quorum insert_distributed_sync distributed_ddl_task_timeout send_logs_level allow_experimental_analyzer
    connect_timeout receive_timeout send_timeout max_insert_block_size use_client_time_zone""".split()
)
# Settings about writing say nothing to one who only reads.
_OF_WRITERS = (
    "async_insert",
    "wait_for_async_insert",
    "insert_",
    "input_format_",
    "date_time_input_format",
    "max_insert_",
)
_NEVER_SET = ("readonly", "allow_ddl", "format_schema", "format_template_", "user_files", "allow_introspection")


@dataclass(frozen=True, slots=True)
class SessionName:
    """The session that a writer's statement belongs to."""

    user: str
    name: str
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    must_exist: bool = False


@dataclass(slots=True)
class Request:
    """One statement with all that came with it. `body` is read from where the SQL ends."""

    sql: str
    body: IO[bytes] | None
    may_write: bool
    database: str | None = None
    """None: the warehouse's own, or the one that the session uses."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    default_format: str = "TabSeparated"
    is_buffered: bool = False
    """The client wants the whole answer to be ready before it begins."""
    session: SessionName | None = None
    tag: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(slots=True)
class Answer:
    """What a statement brought. It has to be closed, in the thread that read it: a connection may hang on it."""

    format: str | None
    pieces: Iterator[bytes]
    summary: dict[str, str]
    held: ExitStack
    is_complete: bool = True
    """Whether everything is there already, so that no error can come any more."""

    def close(self) -> None:
        self.held.close()


class GatewayEngine:
    """Statements of many users on the one engine of this process."""

    def __init__(self, warehouse: Warehouse, *, readers: int | None = None, writers: int = 4) -> None:
        if warehouse.path is None:
            raise ValueError(
                "The gateway serves an embedded warehouse; a ClickHouse server has an HTTP interface of its own."
            )
        self._path = str(Path(warehouse.path).resolve())
        self._limits = warehouse.reader_limits()
        self.database = warehouse.database
        self._turns = {
            False: threading.BoundedSemaphore(readers or warehouse.settings.readers),
            True: threading.BoundedSemaphore(writers),
        }
        self._sessions = Sessions(lambda: chdb.connect(self._path))
        with self._connection() as engine:
            self._grammar = Grammar(engine)
            version, zone = engine.query("SELECT version(), timezone()", "TSV").bytes().decode().split()
        self.version: str = version
        self.timezone: str = zone

    def run(self, request: Request) -> Answer:
        """Runs a statement. Raises GatewayError; after that nothing of the request holds a connection."""
        turn = self._turns[request.may_write]
        if not turn.acquire(timeout=_WAIT_FOR_TURN_SECONDS):
            raise GatewayError(TOO_MANY_QUERIES, "Too many simultaneous queries. Try again in a moment.")
        held = ExitStack()
        held.callback(turn.release)
        try:
            engine = self._engine_for(request, held)
            return self._run(engine, request, held)
        except GatewayError:
            held.close()
            raise
        except Exception as failure:
            held.close()
            raise engine_error(failure) from failure

    def close(self) -> None:
        """Ends all sessions."""
        self._sessions.close()

    def cancel(self, tag: str) -> None:
        """Ends the statement that runs under a tag: its client has gone."""
        with self._connection() as engine:
            engine.query("KILL QUERY WHERE Settings['log_comment'] = {tag:String} ASYNC", "TSV", params={"tag": tag})

    def cancel_all(self) -> None:
        """Ends whatever runs for a client."""
        with self._connection() as engine:
            engine.query("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC", "TSV")

    def is_there(self) -> bool:
        """Whether the engine answers."""
        with self._connection() as engine:
            return bool(engine.query("SELECT 1", "TSV").bytes() == b"1\n")

    def _engine_for(self, request: Request, held: ExitStack) -> Any:
        """A connection for one statement, or that of the session it belongs to."""
        name = request.session
        if name is None or not request.may_write:
            engine = chdb.connect(self._path)
            held.callback(engine.close)
            return engine
        session = self._sessions.take((name.user, name.name), name.timeout_seconds, must_exist=name.must_exist)
        held.callback(self._sessions.give_back, session, name.timeout_seconds)
        if session.is_new:
            _use(session.engine, self.database)
        return session.engine

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        engine = chdb.connect(self._path)
        try:
            yield engine
        finally:
            engine.close()

    def _run(self, engine: Any, request: Request, held: ExitStack) -> Answer:
        start = request.sql.encode() if request.body is None else _start_of(request)
        if not request.may_write and is_insert(start):
            raise GatewayError(READONLY, "Cannot execute INSERT in readonly mode: the token needs the scope sql:write.")
        head = insert_head(start)
        if head is not None:
            return self._insert(engine, request, head, held)
        sql = request.sql if request.body is None else f"{request.sql}\n{_text(request.body)}".strip()
        statement = self._grammar.parse(engine, sql)
        self._grammar.check(statement, request.parameters, may_write=request.may_write)
        settings = self._settings(request)
        name = statement.format or request.default_format
        streams = statement.is_select and name.lower() in _STREAMED
        if not streams:
            settings.setdefault("max_result_bytes", str(_MAX_UNSTREAMED_RESULT))
        self._prepare(engine, request, settings, held)
        if streams:
            return self._stream(engine, sql, name, request, held)
        result = engine.query(sql, name, params=dict(request.parameters))
        data = result.bytes()
        summary = _summary(result, written=not statement.has_result) | {
            "result_rows": str(result.rows_read()),
            "result_bytes": str(len(data)),
        }
        held.close()
        return Answer(name if statement.has_result else None, _pieces(data), summary, held)

    def _prepare(self, engine: Any, request: Request, settings: Mapping[str, str], held: ExitStack) -> None:
        """Makes the connection the user's: database, settings, and for readers the limits that bind."""
        if request.database is not None or request.session is None or not request.may_write:
            _use(engine, request.database or self.database)
        pairs = {**settings, "log_comment": request.tag}
        if not request.may_write:
            pairs["readonly"] = "1"  # last: from here on nothing can be set any more
        elif request.session is not None:
            held.callback(_forget, engine, list(pairs))
        engine.query("SET " + ", ".join(f"`{name}` = {literal(value)}" for name, value in pairs.items()), "TSV")

    def _settings(self, request: Request) -> dict[str, str]:
        """The settings to apply: a reader's own ones never loosen a limit and never reach beyond the result."""
        sent = {name: value for name, value in request.settings.items() if name not in _TRANSPORT_SETTINGS}
        for name in sent:
            if _SETTING.fullmatch(name) is None:
                raise GatewayError(UNKNOWN_SETTING, f"Unknown setting '{name}'.")
        if request.may_write:
            for name in sent:
                if name != "readonly" and name.startswith(_NEVER_SET):
                    raise GatewayError(READONLY, f"Setting '{name}' cannot be changed here.")
            return {name: value for name, value in sent.items() if name != "readonly"}
        kept = {name: str(value) for name, value in self._limits.items()}
        for name, value in sent.items():
            if name in self._limits:
                kept[name] = _tighter(name, value, kept[name])
            elif name.startswith(_OF_WRITERS):
                continue
            elif name in _HARMLESS_SETTINGS or name.startswith(_HARMLESS_PREFIXES):
                kept[name] = value
            elif name in ("max_result_bytes", "max_rows_to_read", "max_bytes_to_read"):
                kept[name] = _tighter(name, value, str(2**62))
            elif name != "readonly" or value not in ("1", "2"):
                raise GatewayError(READONLY, f"Cannot modify '{name}' setting in readonly mode.")
        return kept

    def _stream(self, engine: Any, sql: str, name: str, request: Request, held: ExitStack) -> Answer:
        """Starts a SELECT and waits for its first rows, or for all of them; so most errors come before the answer."""
        blocks = _blocks(engine, sql, name, dict(request.parameters))
        held.callback(blocks.close)
        kept = ExitStack()
        spool: IO[bytes] = kept.enter_context(SpooledTemporaryFile(max_size=_MEMORY_PER_RESULT))  # noqa: SIM115 - the stack closes it
        most = _MAX_BUFFERED if request.is_buffered else _MEMORY_PER_RESULT
        rows = size = 0
        try:
            for count, data in blocks:
                rows += count
                size += len(data)
                spool.write(data)
                if size >= most:
                    held.push(kept)
                    spool.seek(0)
                    return Answer(name, _then(spool, blocks), {}, held, is_complete=False)
        except BaseException:
            kept.close()
            raise
        held.close()  # the connection is free for others while a slow client reads what is ready
        spool.seek(0)
        summary = {"read_rows": str(rows), "read_bytes": str(size), "result_rows": str(rows), "result_bytes": str(size)}
        return Answer(name, _then(spool, None), summary, kept)

    def _insert(self, engine: Any, request: Request, head: InsertHead, held: ExitStack) -> Answer:
        statement = self._grammar.parse(engine, f"{head.sql} FORMAT {head.format}")
        self._grammar.check(statement, request.parameters, may_write=request.may_write)
        settings = self._settings(request)
        if head.format.lower() == "values":
            sql = _short_values(request)
            if sql is not None and self._values_are_plain(engine, sql[head.data_offset :], request):
                self._prepare(engine, request, settings, held)
                result = engine.query(sql.decode(), "TSV", params=dict(request.parameters))
                return Answer(None, iter(()), _summary(result, written=True), held)
            # What was not looked at as SQL is not evaluated as SQL: literals only.
            settings["input_format_values_interpret_expressions"] = "0"
            settings["input_format_values_deduce_templates_of_expressions"] = "0"
        self._prepare(engine, request, settings, held)
        with engine.send_insert(head.sql, head.format) as insert:
            for piece in _data(request, head):
                insert.append(piece)
            done = insert.finish()
        summary = {
            "written_rows": str(done.rows_written),
            "written_bytes": str(done.bytes_written),
            "elapsed_ns": str(int(done.elapsed * 1e9)),
        }
        return Answer(None, iter(()), summary, held)

    def _values_are_plain(self, engine: Any, data: bytes, request: Request) -> bool:
        """Whether the expressions of VALUES parse as one SELECT list that reaches nowhere outside."""
        try:
            statement = self._grammar.parse(engine, "SELECT " + data.decode())
        except UnicodeDecodeError:
            return False
        except GatewayError as refused:
            if "Multi-statements" in refused.text:
                raise
            return False
        self._grammar.check(statement, request.parameters, may_write=True)
        return statement.kind is Kind.READ


def _use(engine: Any, database: str) -> None:
    engine.query(f"USE {identifier(database)}", "TSV")


def _forget(engine: Any, names: list[str]) -> None:
    """Takes one request's settings off a session: they were for that statement alone."""
    for name in names:
        # One that was refused was never set.
        with suppress(RuntimeError, ChdbError):
            engine.query(f"SET `{name}` = DEFAULT", "TSV")


def _blocks(engine: Any, sql: str, name: str, parameters: dict[str, str]) -> Any:
    """(rows, bytes) of each block of a SELECT, put in a row as one document."""
    header = _STREAMED[name.lower()]
    end = _ARROW_END if name.lower() == _ARROW else b""
    is_first = True
    stream = engine.send_query(sql, name, params=parameters)
    try:
        for block in stream:
            data = block.bytes().removesuffix(end)
            yield block.rows_read(), data if is_first or not header else data[_header_size(data, header, name) :]
            is_first = False
    finally:
        stream.close()
    if is_first and header:
        yield 0, engine.query(sql, name, params=parameters).bytes()
    elif end:
        yield 0, end


def _header_size(block: bytes, parts: int, name: str) -> int:
    """How many bytes of a block are names and types."""
    if name.lower() == _ARROW:
        return 8 + int.from_bytes(block[4:8], "little")
    if name.lower().startswith("rowbinary"):
        columns, at = _varint(block, 0)
        for _ in range(columns * parts):
            length, at = _varint(block, at)
            at += length
        return at
    at, quoted = 0, False
    while parts:
        # A name in CSV may hold a newline, within quotes; the other text formats escape it.
        at += 1
        quoted ^= block[at - 1] == 0x22 and name.lower().startswith("csv")
        parts -= block[at - 1] == 0x0A and not quoted
    return at


def _varint(block: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = block[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _then(spool: IO[bytes], blocks: Any) -> Iterator[bytes]:
    while piece := spool.read(_PIECE):
        yield piece
    try:
        for _, data in blocks or ():
            yield data
    except Exception as failure:
        raise engine_error(failure) from failure


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))


def _start_of(request: Request) -> bytes:
    """The SQL and as much of the body as a statement's head may take."""
    assert request.body is not None
    request.body.seek(0)
    start = request.body.read(MAX_STATEMENT_BYTES)
    request.body.seek(0)
    return request.sql.encode() + b"\n" + start if request.sql else start


def _short_values(request: Request) -> bytes | None:
    """The whole text of an INSERT … VALUES, where it is short enough to be looked at."""
    if request.body is None:
        return request.sql.encode()
    start = _start_of(request)
    return start if len(start) < MAX_STATEMENT_BYTES else None


def _data(request: Request, head: InsertHead) -> Iterator[bytes]:
    """The data of an INSERT: what follows its head, in the SQL itself or in the body."""
    prefix = request.sql.encode() + b"\n" if request.sql and request.body is not None else request.sql.encode()
    if head.data_offset < len(prefix) and (inline := prefix[head.data_offset :]).strip():
        yield inline
    if request.body is not None:
        request.body.seek(max(0, head.data_offset - len(prefix)))
        while piece := request.body.read(_PIECE):
            yield piece


def _text(body: IO[bytes]) -> str:
    body.seek(0)
    data = body.read(MAX_STATEMENT_BYTES + 1)
    try:
        return data.decode()
    except UnicodeDecodeError as wrong:
        raise GatewayError(BAD_ARGUMENTS, "The statement is not UTF-8 text.") from wrong


def _tighter(name: str, sent: str, limit: str) -> str:
    """The smaller of two limits; 0 means none, so it never wins."""
    try:
        wanted = float(sent)
    except ValueError as wrong:
        raise GatewayError(BAD_ARGUMENTS, f"'{sent}' is not a value for the setting {name}.") from wrong
    return sent if 0 < wanted < float(limit) else limit


def _summary(result: Any, *, written: bool) -> dict[str, str]:
    read = {"read_rows": str(result.storage_rows_read()), "read_bytes": str(result.storage_bytes_read())}
    counts = (
        {"written_rows": str(result.rows_written()), "written_bytes": str(result.bytes_written())} if written else {}
    )
    return read | counts | {"elapsed_ns": str(int(result.elapsed() * 1e9))}
