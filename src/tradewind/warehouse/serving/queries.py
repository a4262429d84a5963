"""From a request to a query that may run: who may ask, what it is compiled to, what it may read, how long it holds."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from tradewind.core.errors import TradewindError
from tradewind.core.priority import step_back
from tradewind.core.settings import ServingSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.model import Node, Pipe, Project
from tradewind.warehouse.serving import formats
from tradewind.warehouse.serving.describing import Declared
from tradewind.warehouse.serving.engine import Engine, Result
from tradewind.warehouse.serving.errors import NoSuchResource, NotReadable, QueryRefused, refused
from tradewind.warehouse.serving.finalizing import PARAMETER as FINALIZE
from tradewind.warehouse.serving.finalizing import finalized, states
from tradewind.warehouse.serving.formats import Format
from tradewind.warehouse.serving.guard import SYSTEM_TABLES, Guard
from tradewind.warehouse.serving.results import Results
from tradewind.warehouse.serving.service_sources import SCHEMA, ServiceSources, refuse_unkept
from tradewind.warehouse.versions import DataVersion
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token, Value

UNKNOWN_TABLE = 60
MOST_THREADS = 8
_QUARANTINE = "_quarantine"
_MOST_PLANS = 5_000
_PLANNED_SECONDS = 2.0
"""A release's secrets change in place: so long a plan is taken for what would be planned now."""
_RENEWED_WITHIN_SECONDS = 4.0
"""A plan that is older than that is given no more; before, it is given once again and made anew meanwhile."""
_RESULT_FILTER = "additional_result_filter"
"""The engine's setting for a condition on a query's rows that leaves their order and its LIMIT alone."""
_TIMED = DataVersion(0, 0)
"""Of answers that hold for a time of their own, whatever happens to the data."""
_TRUE = ("1", "true")
# Parameters of a request that set how values are written, and no parameter of a pipe.
_OUTPUT_SETTINGS = (
    "output_format_json_quote_64bit_integers",
    "output_format_json_quote_denormals",
    "output_format_parquet_string_as_string",
)


class Compiled(Protocol):
    """What a compiler makes of a node or a text."""

    @property
    def sql(self) -> str: ...
    @property
    def bound(self) -> Mapping[str, str]: ...
    @property
    def settings(self) -> Mapping[str, object]: ...
    @property
    def cache_seconds(self) -> float | None: ...
    @property
    def result_filter(self) -> str | None: ...


class Compiler(Protocol):
    """Turns SQL of a project into SQL of the engine, with physical tables."""

    def node(
        self,
        names: ReleaseNames,
        pipe: Pipe,
        node: Node | None,
        values: Mapping[str, Value],
        filters: Mapping[str, str],
    ) -> Compiled: ...

    def parameters(self, pipe: Pipe) -> Sequence[Declared]: ...

    def render(self, text: str, values: Mapping[str, Value]) -> str:
        """A caller's own template as SQL; it sees no secrets."""
        ...

    def text(
        self,
        names: ReleaseNames,
        text: str,
        values: Mapping[str, Value],
        pipeline: Pipe | None,
        filters: Mapping[str, str],
    ) -> Compiled: ...


@dataclass(frozen=True, slots=True)
class ReleaseNames:
    """What names stand for in a release, the service data sources `tinybird.…` among them."""

    release: Release
    services: ServiceSources

    @property
    def project(self) -> Project:
        return self.release.project

    @property
    def secrets(self) -> Mapping[str, str]:
        return self.release.secrets

    def table(self, name: str) -> str | None:
        found = self.release.table(name)
        if found is None:
            refuse_unkept(name)
        return found

    def service(self, name: str) -> str | None:
        """The table of `tinybird.<name>`, made when somebody asks for it for the first time."""
        return self.services.table(self.release.database, name.removeprefix(f"{SCHEMA}."))

    def allowed(self) -> frozenset[str]:
        """Every table that a query of this release may read, as the guard writes them."""
        database = self.release.database
        own = (f"{database}.{table}" for table in self.release.tables.values())
        shared = (f"{loan.database}.{loan.table}" for loan in self.release.loans.values())
        return frozenset([*own, *shared, *(f"{database}.{table}" for table in self.services.physical_names())])


@dataclass(frozen=True, slots=True)
class Planned:
    """A query that may run, and how its answer is written."""

    sql: str
    form: Format
    bound: Mapping[str, str]
    settings: Mapping[str, str]
    keep_seconds: float | None
    """0: not kept; None: while the data stay as they are; else so long, whatever happens to the data."""
    source_sql: str = ""
    """What was asked, for logs."""
    parameters: Mapping[str, Value] = field(default_factory=dict)

    @property
    def key(self) -> Hashable:
        return self.sql, self.form.name, tuple(sorted(self.bound.items())), tuple(sorted(self.settings.items()))


class Queries:
    """Plans and runs queries. Threads may share it."""

    def __init__(
        self,
        warehouse: Warehouse,
        engine: Engine,
        services: ServiceSources,
        compiler: Compiler,
        settings: ServingSettings,
    ) -> None:
        self._warehouse = warehouse
        self._engine = engine
        self._services = services
        self._compiler = compiler
        self._most_bytes = settings.result_max_mb * 1024**2
        self._lock = threading.Lock()
        self._plans: OrderedDict[Hashable, tuple[float, Planned]] = OrderedDict()
        self._renewing: set[Hashable] = set()
        self._planner = ThreadPoolExecutor(1, thread_name_prefix="plan", initializer=step_back)
        self.guard = Guard(engine.ask)
        self.results = Results(
            threads=settings.connections,
            waiting=settings.waiting,
            cache_bytes=settings.cache_mb * 1024**2,
            stale_seconds=settings.stale_ms / 1000,
            versions=warehouse.versions,
        )

    def close(self) -> None:
        self._planner.shutdown(wait=True, cancel_futures=True)
        self.results.close()

    def names(self, release: Release) -> ReleaseNames:
        return ReleaseNames(release, self._services)

    def endpoint(self, release: Release, token: Token, name: str, form: Format, values: Mapping[str, Value]) -> Planned:
        """The query of an endpoint with a caller's parameters. Raises NotReadable, NoSuchResource, QueryRefused."""
        key = _plan_key(release, token, name, form, values)
        planned = self._endpoint(release, token, name, form, values)
        with self._lock:
            self._plans[key] = (time.monotonic(), planned)
            while len(self._plans) > _MOST_PLANS:
                self._plans.popitem(last=False)
        return planned

    def planned(
        self, release: Release, token: Token, name: str, form: Format, values: Mapping[str, Value]
    ) -> Planned | None:
        """The same if it was planned a moment ago; asks nobody, and keeps nobody waiting.

        What is asked all the time would else be planned by many at once, whenever its plans grow old together.
        """
        key = _plan_key(release, token, name, form, values)
        found = self._plans.get(key)
        if found is None:
            return None
        age = time.monotonic() - found[0]
        if age >= _RENEWED_WITHIN_SECONDS:
            return None
        if age >= _PLANNED_SECONDS and key not in self._renewing:
            self._renewing.add(key)
            self._planner.submit(self._renew, key, release, token, name, form, values)
        return found[1]

    def _renew(
        self, key: Hashable, release: Release, token: Token, name: str, form: Format, values: Mapping[str, Value]
    ) -> None:
        try:
            with release.in_use():
                self.endpoint(release, token, name, form, values)
        except TradewindError:
            # Whoever asks next plans it for themselves, and is told.
            with self._lock:
                self._plans.pop(key, None)
        finally:
            self._renewing.discard(key)

    def _endpoint(
        self, release: Release, token: Token, name: str, form: Format, values: Mapping[str, Value]
    ) -> Planned:
        pipe = readable_pipe(release, token, name)
        if pipe.endpoint is None:
            raise NoSuchResource(f"The pipe '{name}' is no endpoint: none of its nodes is served.")
        given = {**values, **token.fixed_params(pipe.name)}
        names = self.names(release)
        compiled = self._compiler.node(names, pipe, pipe.endpoint, given, self._filters(token))
        return self._planned(names, compiled, form, values=given, asked="")

    def query(
        self, release: Release, token: Token, text: str, values: Mapping[str, Value], *, pipeline: str | None = None
    ) -> Planned:
        """A caller's own SQL. Raises NotReadable, NoSuchResource, QueryRefused."""
        given = {**values, **token.all_fixed_params()}
        sql = text.strip()
        if sql.startswith("%"):
            sql = self._compiler.render(sql[1:], given).strip()
            if sql.startswith("%"):
                raise QueryRefused("A template may not make another template.")
        syntax = self.guard.parse(sql)
        form = formats.of_sql(syntax.format)
        if syntax.format is not None:
            sql = self._without_format(sql, syntax.format)
        sql = re.sub(r"[\s;]+\Z", "", sql)
        pipe = readable_pipe(release, token, pipeline) if pipeline else None
        for name in syntax.tables:
            self._check_name(release, token, name, pipe)
        names = self.names(release)
        compiled = self._compiler.text(names, sql, given, pipe, self._filters(token))
        return self._planned(names, compiled, form, values=given, asked=text)

    def ask(self, planned: Planned) -> Future[Result] | Result:
        """The answer: what is kept, or what comes from a question that is being asked."""
        version = _TIMED if planned.keep_seconds else self._warehouse.versions.now
        found = self.results.ask(planned.key, version, lambda: self.run(planned), keep_seconds=planned.keep_seconds)
        if not isinstance(found, tuple):
            return found
        future, mine = found
        return future if mine else _shared(future, lambda: self.run(planned))

    def run(self, planned: Planned) -> Result:
        """Runs it now, in this thread."""
        try:
            return self._engine.run(
                planned.sql,
                planned.form.name,
                parameters=planned.bound,
                settings=planned.settings,
                most_bytes=self._most_bytes,
            )
        except QueryRefused as failure:
            if failure.engine_code == UNKNOWN_TABLE:
                raise _unknown_table(failure) from failure
            raise

    def explain(self, planned: Planned) -> tuple[str, str]:
        """The query as it runs, and how the engine goes about it."""
        text = self._engine.ask(f"EXPLAIN {planned.sql}", "TSVRaw", planned.bound, planned.settings).decode(
            "utf-8", "replace"
        )
        return planned.sql, text

    def parameters(self, pipe: Pipe) -> Sequence[Declared]:
        """The parameters that a pipe declares."""
        return self._compiler.parameters(pipe)

    def columns(self, release: Release, token: Token, pipe: Pipe) -> list[tuple[str, str]]:
        """Names and types of what an endpoint answers without parameters. Raises QueryRefused, if it needs some."""
        planned = self.endpoint(release, token, pipe.name, formats.DEFAULT, {})
        text = self._engine.ask(f"DESCRIBE ({planned.sql})", "TSVRaw", planned.bound, planned.settings).decode(
            "utf-8", "replace"
        )
        return [(line.split("\t")[0], line.split("\t")[1]) for line in text.splitlines()]

    def _filters(self, token: Token) -> dict[str, str]:
        return token.filters()

    def _planned(
        self, names: ReleaseNames, compiled: Compiled, form: Format, *, values: Mapping[str, Value], asked: str
    ) -> Planned:
        verdict = self.guard.check(compiled.sql, compiled.bound, names.allowed())
        settings = {**_bounded(compiled.settings), **verdict.settings, **_output(values)}
        is_repeatable, sql, result_filter = verdict.is_repeatable, compiled.sql, compiled.result_filter
        if result_filter is not None:
            # The engine reads it as it reads the query, so it is judged as one.
            is_repeatable &= self.guard.check(f"SELECT 1 WHERE ({result_filter}\n)", {}, ()).is_repeatable
        wants_values = values.get(FINALIZE) in _TRUE
        if wants_values and (found := states(self._engine.ask, sql, compiled.bound, settings)):
            sql = finalized(sql, found, result_filter)
        elif result_filter is not None:
            settings[_RESULT_FILTER] = result_filter
        services = self._services.physical_names()
        reads_services = any(table.partition(".")[2] in services for table in verdict.syntax.tables)
        if compiled.cache_seconds:
            keep: float | None = float(compiled.cache_seconds)
        else:
            keep = None if is_repeatable and not reads_services else 0.0
        return Planned(sql, form, dict(compiled.bound), settings, keep, asked, values)

    def _check_name(self, release: Release, token: Token, name: str, pipe: Pipe | None) -> None:
        """Whether a caller's own text may name this."""
        project = release.project
        base = name.removesuffix(_QUARANTINE)
        source = project.source(name) or (project.source(base) if base != name else None)
        if source is not None:
            # An alias is another name for the same rows: the same right, the same filter.
            if not (token.may_read_source(source.name) or token.may_read_source(name)):
                raise NotReadable(f"The token may not read the data source '{name}'.")
        elif (found := project.pipe(name)) is not None:
            if not token.may_read_pipe(found.name):
                raise NotReadable(f"The token may not read the pipe '{name}'.")
        elif name.startswith(f"{SCHEMA}."):
            if not token.reads_all:
                raise NotReadable(f"'{name}' can be read with the admin token, or through a pipe.")
        elif "." in name and name not in SYSTEM_TABLES:
            refuse_unkept(name)
            raise NoSuchResource(f"There is no data source or pipe '{name}'.")
        elif pipe is not None and pipe.node(name) is not None and not token.reads_all:
            endpoint = pipe.endpoint
            if endpoint is None or endpoint.name != name:
                raise NotReadable(f"The token may read the pipe '{pipe.name}', but not its node '{name}' alone.")

    def _without_format(self, sql: str, name: str) -> str:
        """The text without its FORMAT at the end."""
        end = re.compile(rf"\bFORMAT\s+{re.escape(name)}[\s;]*\Z", re.IGNORECASE)
        found = end.search(sql)
        if found is not None:
            return sql[: found.start()]
        text = self.guard.canonical(sql)
        found = end.search(text)
        if found is None:
            raise QueryRefused("FORMAT has to stand at the end of the query.")
        return text[: found.start()]


def readable_pipe(release: Release, token: Token, name: str) -> Pipe:
    """A pipe that the token may read. Raises NoSuchResource and NotReadable."""
    pipe = release.project.pipe(name)
    if pipe is None:
        raise NoSuchResource(f"There is no pipe '{name}'.")
    if not token.may_read_pipe(pipe.name):
        raise NotReadable(f"The token may not read the pipe '{name}'.")
    return pipe


def _plan_key(release: Release, token: Token, name: str, form: Format, values: Mapping[str, Value]) -> Hashable:
    given = tuple(sorted((k, v if isinstance(v, str) else tuple(v)) for k, v in values.items()))
    return release, token, name, form.name, given


def _bounded(settings: Mapping[str, object]) -> dict[str, str]:
    """A template's own settings; it may ask for threads, but not for all of the machine."""
    found = {str(name): str(value) for name, value in settings.items()}
    if "max_threads" in found:
        threads = int(found["max_threads"]) if found["max_threads"].isdigit() else 1
        found["max_threads"] = str(min(max(threads, 1), MOST_THREADS))
    return found


def _output(values: Mapping[str, Value]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _OUTPUT_SETTINGS:
        value = values.get(name)
        if value in ("0", "1", "true", "false"):
            found[_ENGINE_NAME.get(name, name)] = "1" if value in _TRUE else "0"
    return found


# What the setting is called today, under the name that clients know.
_ENGINE_NAME: Mapping[str, str] = {}


def _shared(future: Future[Result], again: Callable[[], Result]) -> Future[Result]:
    """Somebody else's answer. One too large for memory can be read only once: then the question is asked again."""
    mine: Future[Result] = Future()

    def pass_on(done: Future[Result]) -> None:
        try:
            result = done.result()
            mine.set_result(result if isinstance(result.content, bytes) else again())
        except BaseException as failure:  # noqa: BLE001 (whoever waits for it gets it)
            mine.set_exception(failure)

    future.add_done_callback(pass_on)
    return mine


def _unknown_table(failure: QueryRefused) -> QueryRefused:
    found = re.search(r"`?\btradewind_nothing`?\.`?([^\s`']+)`?", str(failure))
    name = found[1] if found else ""
    message = f"There is no data source or pipe '{name}'." if name else str(failure)
    return QueryRefused(message, status=404, engine_code=UNKNOWN_TABLE)


def values_of(pairs: Sequence[tuple[str, str]]) -> dict[str, Value]:
    """Parameters of a request; a name that is sent several times is a list."""
    found: dict[str, Value] = {}
    for name, value in pairs:
        before = found.get(name)
        if before is None:
            found[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            found[name] = [before, value]
    return found


__all__ = ["Compiled", "Compiler", "Planned", "Queries", "ReleaseNames", "readable_pipe", "refused", "values_of"]
