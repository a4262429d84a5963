"""Data sources and what became of their rows, as /v0 tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from tradewind.platform import Platform
from tradewind.warehouse.datafiles.model import Column, DataSource, KafkaSource
from tradewind.warehouse.ingest.rows import QUARANTINE
from tradewind.warehouse.ingest.uploads import Imported
from tradewind.warehouse.workspaces.release import Release

Statistics = Mapping[tuple[str, str], tuple[int, int]]
"""Rows and bytes by database and physical table."""


def sources_json(platform: Platform, release: Release) -> list[dict[str, Any]]:
    """All data sources of a release as the API lists them."""
    return _json_of(platform, release, [*release.project.sources.values()])


def source_json(platform: Platform, release: Release, source: DataSource) -> dict[str, Any]:
    """One of them."""
    (found,) = _json_of(platform, release, [source])
    return found


def _json_of(platform: Platform, release: Release, sources: Iterable[DataSource]) -> list[dict[str, Any]]:
    statistics, stopped = _statistics_of(platform, release), platform.topics.stopped(release.workspace_id)
    return [_source_json(release, source, statistics, is_stopped=source.name in stopped) for source in sources]


def _statistics_of(platform: Platform, release: Release) -> Statistics:
    """Rows and bytes of its tables, and of those that others share with it."""
    found = platform.warehouse.query(
        "SELECT database, table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts"
        " WHERE active AND has({databases:Array(String)}, database) GROUP BY database, table",
        {"databases": sorted({release.database, *(loan.database for loan in release.loans.values())})},
    )
    return {(row["database"], row["table"]): (int(row["rows"]), int(row["bytes"])) for row in found}


def _source_json(release: Release, source: DataSource, statistics: Statistics, *, is_stopped: bool) -> dict[str, Any]:
    engine = source.engine
    nothing = ("", "")
    rows, size = statistics.get(release.stored(source.name) or nothing, (0, 0))
    bad_rows, bad_size = statistics.get(release.stored(source.name + QUARANTINE) or nothing, (0, 0))
    word = re.compile(rf"\b{re.escape(source.name)}\b")
    users = [p for p in release.project.pipes.values() if any(word.search(node.sql) for node in p.nodes)]
    return {
        "id": source.name,
        "name": source.name,
        "type": "kafka" if source.kafka is not None else "csv",
        "connector": _connector_json(source.kafka, is_stopped=is_stopped),
        "description": source.description,
        "engine": {
            "engine": engine.name,
            "engine_sorting_key": engine.sorting_key or "",
            "engine_partition_key": engine.partition_key or "",
            "engine_primary_key": engine.primary_key or "",
            "engine_sampling_key": engine.sampling_key or "",
            "engine_ttl": engine.ttl or "",
            "engine_ver": engine.ver or "",
        },
        "columns": [_column_json(column) for column in source.columns],
        "statistics": {"row_count": rows, "bytes": size},
        "quarantine": {"name": source.name + QUARANTINE, "row_count": bad_rows, "bytes": bad_size},
        "tags": list(source.tags),
        "shared_with": list(source.shared_with),
        "shared_from": source.shared_from,
        "used_by": [{"id": pipe.name, "name": pipe.name} for pipe in users],
        "new_columns_detected": {},
        "created_at": release.made_at,
        "updated_at": release.made_at,
    }


def _connector_json(kafka: KafkaSource | None, *, is_stopped: bool) -> dict[str, Any] | None:
    if kafka is None:
        return None
    return {
        "service": "kafka",
        "name": kafka.connection,
        "topic": kafka.topic,
        "group_id": kafka.group_id,
        "status": "stopped" if is_stopped else "running",
    }


def _column_json(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "normalized_name": column.name,
        "type": column.type,
        "nullable": column.is_nullable,
        "jsonpath": column.json_path,
        "default_value": f"DEFAULT {column.default}" if column.default is not None else None,
        "codec": column.codec,
    }


def imported_json(done: Imported, source: dict[str, Any], format_: str) -> dict[str, Any]:
    blocks = [
        {
            "block_id": f"{done.import_id}-{number}",
            "process_return": [
                {
                    "lines": block.rows + block.bad_rows,
                    "parser": format_,
                    "quarantine": block.bad_rows,
                    "invalid_lines": 0,
                    "empty_lines": 0,
                }
            ],
            "processing_time": round(block.seconds, 6),
        }
        for number, block in enumerate(done.blocks)
    ]
    return {
        "import_id": done.import_id,
        "datasource": source,
        "blocks": blocks,
        "successful_rows": done.rows,
        "quarantine_rows": done.bad_rows,
        "invalid_lines": 0,
        "error": False,
    }
