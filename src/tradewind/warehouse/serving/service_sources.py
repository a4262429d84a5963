"""The service data sources `tinybird.…`: what the product tells of itself, in tables of each workspace.

Each is made when somebody first writes or reads it. Rows come from the journal, in batches; daily figures are views
of the engine on them. They are read with the same SQL as everything else, by the admin token or through a pipe.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tradewind.warehouse.client import QueryFailed, Warehouse
from tradewind.warehouse.serving.errors import NoSuchResource

SCHEMA = "tinybird"
ORGANIZATION = "organization"
"""Before the dot of service data sources that tell of all workspaces together; none is kept."""
_PREFIX = "tinybird__"


@dataclass(frozen=True, slots=True)
class ServiceSource:
    """One of them: its columns, how it is kept, and what is summed up from it."""

    name: str
    columns: str
    engine: str
    fed_by: str | None = None
    """The source whose rows feed it."""
    view: str = ""
    """The SELECT of that view, `{base}` for the table it reads."""
    clauses: str = field(default="")

    @property
    def physical(self) -> str:
        return f"{_PREFIX}{self.name}"


_PIPE_STATS_RT = """start_datetime DateTime, pipe_id String, pipe_name String, duration Float32, read_bytes UInt64,
    read_rows UInt64, cpu_time Float32, result_rows UInt64, url Nullable(String), error UInt8,
    error_message Nullable(String), status_code Int32, request_id String, token String, token_name String,
    parameters Map(String, String), method String, release String, user_agent Nullable(String),
    client_ip Nullable(String), resource_tags Array(String), memory_usage UInt64, replica String"""

_OPS_LOG = """timestamp DateTime, event_type String, datasource_id String, datasource_name String, result String,
    elapsed_time Float32, error Nullable(String), Options Nested(Names String, Values String), request_id String,
    import_id Nullable(String), job_id Nullable(String), rows Nullable(UInt64), rows_quarantine Nullable(UInt64),
    blocks_ids Array(String), operation_id String, read_rows UInt64, read_bytes UInt64, cpu_time Float32,
    memory_usage UInt64, written_rows UInt64, written_bytes UInt64, written_rows_quarantine UInt64,
    written_bytes_quarantine UInt64, pipe_id String, pipe_name String, release String, resource_tags Array(String)"""

_ALL = (
    ServiceSource(
        "pipe_stats_rt",
        _PIPE_STATS_RT,
        "MergeTree PARTITION BY toYYYYMM(start_datetime) ORDER BY (pipe_id, start_datetime)"
        " TTL start_datetime + INTERVAL 3 MONTH",
    ),
    ServiceSource(
        "pipe_stats",
        """date Date, pipe_id String, pipe_name String, avg_duration_state AggregateFunction(avg, Float32),
        error_count UInt64, view_count UInt64,
        quantile_timing_state AggregateFunction(quantilesTiming(0.9, 0.95, 0.99), Float64), read_bytes_sum UInt64,
        read_rows_sum UInt64, cpu_time_sum Float64, resource_tags Array(String)""",
        "SummingMergeTree((error_count, view_count, read_bytes_sum, read_rows_sum, cpu_time_sum))"
        " PARTITION BY toYYYYMM(date) ORDER BY (date, pipe_id, pipe_name, resource_tags)",
        "pipe_stats_rt",
        """SELECT toDate(start_datetime) AS date, pipe_id, pipe_name, avgState(duration) AS avg_duration_state,
        countIf(error = 1) AS error_count, count() AS view_count,
        quantilesTimingState(0.9, 0.95, 0.99)(toFloat64(duration)) AS quantile_timing_state,
        sum(read_bytes) AS read_bytes_sum, sum(read_rows) AS read_rows_sum, sum(toFloat64(cpu_time)) AS cpu_time_sum,
        resource_tags FROM {base} GROUP BY date, pipe_id, pipe_name, resource_tags""",
    ),
    ServiceSource(
        "endpoint_errors",
        """start_datetime DateTime, request_id String, pipe_id String, pipe_name String,
        params Nullable(String), url Nullable(String), status_code Nullable(Int32), error Nullable(String),
        resource_tags Array(String)""",
        "MergeTree PARTITION BY toYYYYMM(start_datetime) ORDER BY (pipe_id, start_datetime)"
        " TTL start_datetime + INTERVAL 30 DAY",
        "pipe_stats_rt",
        """SELECT start_datetime, request_id, pipe_id, pipe_name,
        CAST(toJSONString(parameters), 'Nullable(String)') AS params, url,
        CAST(status_code, 'Nullable(Int32)') AS status_code, error_message AS error, resource_tags
        FROM {base} AS b WHERE b.error = 1""",
    ),
    ServiceSource(
        "datasources_ops_log",
        _OPS_LOG,
        "MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (datasource_id, timestamp)"
        " TTL timestamp + INTERVAL 3 MONTH",
    ),
    ServiceSource(
        "datasources_ops_stats",
        """event_date Date, datasource_id String, datasource_name String, event_type String, pipe_id String,
        pipe_name String, error_count UInt64, executions UInt64,
        avg_elapsed_time_state AggregateFunction(avg, Float32),
        quantiles_state AggregateFunction(quantiles(0.9, 0.95, 0.99), Float32), read_bytes UInt64, read_rows UInt64,
        written_rows UInt64, written_bytes UInt64, written_rows_quarantine UInt64, written_bytes_quarantine UInt64,
        cpu_time Float64, resource_tags Array(String)""",
        "SummingMergeTree((error_count, executions, read_bytes, read_rows, written_rows, written_bytes,"
        " written_rows_quarantine, written_bytes_quarantine, cpu_time)) PARTITION BY toYYYYMM(event_date)"
        " ORDER BY (event_date, datasource_id, datasource_name, event_type, pipe_id, pipe_name, resource_tags)",
        "datasources_ops_log",
        """SELECT toDate(timestamp) AS event_date, datasource_id, datasource_name, event_type, pipe_id, pipe_name,
        countIf(result = 'error') AS error_count, count() AS executions,
        avgState(elapsed_time) AS avg_elapsed_time_state,
        quantilesState(0.9, 0.95, 0.99)(elapsed_time) AS quantiles_state, sum(b.read_bytes) AS read_bytes,
        sum(b.read_rows) AS read_rows, sum(b.written_rows) AS written_rows, sum(b.written_bytes) AS written_bytes,
        sum(b.written_rows_quarantine) AS written_rows_quarantine,
        sum(b.written_bytes_quarantine) AS written_bytes_quarantine, sum(toFloat64(b.cpu_time)) AS cpu_time,
        resource_tags FROM {base} AS b
        GROUP BY event_date, datasource_id, datasource_name, event_type, pipe_id, pipe_name, resource_tags""",
    ),
    ServiceSource(
        "datasources_storage",
        """datasource_id String, datasource_name String, timestamp DateTime,
        bytes SimpleAggregateFunction(max, UInt64), rows SimpleAggregateFunction(max, UInt64),
        bytes_quarantine SimpleAggregateFunction(max, UInt64), rows_quarantine SimpleAggregateFunction(max, UInt64)""",
        "AggregatingMergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (datasource_id, datasource_name, timestamp)"
        " TTL timestamp + INTERVAL 3 MONTH",
    ),
    ServiceSource(
        "block_log",
        """timestamp DateTime, request_id String, import_id String, job_id Nullable(String), source String,
        block_id String, status String, datasource_id String, datasource_name String, start_offset Nullable(Int64),
        end_offset Nullable(Int64), rows Nullable(Int32), parser Nullable(String), quarantine_lines Nullable(UInt32),
        empty_lines Nullable(UInt32), bytes Nullable(Int32), processing_time Nullable(Float32),
        processing_error Nullable(String)""",
        "MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (datasource_id, timestamp)"
        " TTL timestamp + INTERVAL 30 DAY",
    ),
    ServiceSource(
        "kafka_ops_log",
        """timestamp DateTime, datasource_id String, topic String, partition Int16, msg_type String, lag Int64,
        processed_messages Int32, processed_bytes Int32, committed_messages Int32, time_read Float32,
        time_process Float32, time_write Float32, msg String""",
        "MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (datasource_id, timestamp)"
        " TTL timestamp + INTERVAL 30 DAY",
    ),
    ServiceSource(
        "jobs_log",
        """job_id String, job_type String, status String, error Nullable(String), workspace_id String,
        request_id String, pipe_id Nullable(String), datasource_id Nullable(String), created_at DateTime64(3),
        started_at Nullable(DateTime64(3)), updated_at DateTime64(3), job_metadata String""",
        "ReplacingMergeTree(updated_at) PARTITION BY toYYYYMM(created_at) ORDER BY (created_at, job_id)"
        " TTL toDateTime(created_at) + INTERVAL 3 MONTH",
    ),
    ServiceSource(
        "sinks_ops_log",
        """timestamp DateTime64(3), job_id String, service String, pipe_name String, pipe_id String, result String,
        error Nullable(String), elapsed_time Float32, read_rows UInt64, written_rows UInt64, read_bytes UInt64,
        written_bytes UInt64, cpu_time Float32, output Array(String), parameters Map(String, String),
        options Map(String, String), token_name String""",
        "MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (pipe_id, timestamp)"
        " TTL toDateTime(timestamp) + INTERVAL 3 MONTH",
    ),
    ServiceSource(
        "releases_log",
        """timestamp DateTime64(3), event_type String, semver String, result String, error Nullable(String),
        metadata String""",
        "MergeTree ORDER BY timestamp TTL toDateTime(timestamp) + INTERVAL 3 MONTH",
    ),
)
SERVICE_SOURCES = {source.name: source for source in _ALL}
_NOT_KEPT = frozenset(
    """data_transfer hook_log cluster_control_log llm_usage query_validator_log hfi_requests realtime_ingestion_mv
    estimated_shared_infra_cpu_time data_guess""".split()
)
"""Names of the format that tell of things which do not happen here."""


def refuse_unkept(name: str) -> None:
    """Raises NoSuchResource that says so for a service data source that the format has and this product has not."""
    schema, _, base = name.partition(".")
    if (schema == SCHEMA and base in _NOT_KEPT) or schema == ORGANIZATION:
        kept = ", ".join(f"{SCHEMA}.{source}" for source in sorted(SERVICE_SOURCES))
        of_all = " Each workspace tells of itself." if schema == ORGANIZATION else ""
        raise NoSuchResource(f"The service data source '{name[:200]}' is not kept here.{of_all} There are: {kept}.")


class ServiceSources:
    """Makes them where they are wanted. Threads may share it."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = threading.Lock()
        self._made: set[tuple[str, str]] = set()

    @staticmethod
    def physical_names() -> frozenset[str]:
        return _PHYSICAL

    def table(self, database: str, name: str) -> str | None:
        """The qualified, quoted table of `tinybird.<name>` in a workspace's database; None when there is none.

        Raises NoSuchResource for one that the format has and this product has not.
        """
        source = SERVICE_SOURCES.get(name)
        if source is None:
            refuse_unkept(f"{SCHEMA}.{name}")
            return None
        self.ensure(database, name)
        return f"`{database}`.`{source.physical}`"

    def ensure(self, database: str, name: str) -> None:
        """Makes the table, what it is fed by, and what it feeds. Raises QueryFailed when the database is gone."""
        if (database, name) in self._made:
            return
        base = SERVICE_SOURCES[name].fed_by or name
        with self._lock:
            self._create(database, SERVICE_SOURCES[base])
            for source in _ALL:
                if source.fed_by == base:
                    self._create(database, source)
                    self._feed(database, source, SERVICE_SOURCES[base])
            self._made |= {(database, source.name) for source in _ALL if base in (source.name, source.fed_by)}

    def forget(self, database: str) -> None:
        """The database has been dropped."""
        with self._lock:
            self._made = {made for made in self._made if made[0] != database}

    def _create(self, database: str, source: ServiceSource) -> None:
        self._warehouse.command(
            f"CREATE TABLE IF NOT EXISTS `{database}`.`{source.physical}` ({source.columns}) ENGINE = {source.engine}"
        )

    def _feed(self, database: str, source: ServiceSource, base: ServiceSource) -> None:
        table = f"`{database}`.`{base.physical}`"
        self._warehouse.command(
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS `{database}`.`{source.physical}__view`"
            f" TO `{database}`.`{source.physical}` AS {source.view.format(base=table)}"
        )


_PHYSICAL = frozenset(source.physical for source in _ALL)

__all__ = [
    "ORGANIZATION",
    "SCHEMA",
    "SERVICE_SOURCES",
    "QueryFailed",
    "ServiceSource",
    "ServiceSources",
    "refuse_unkept",
]
