"""The builds of the gold tables so far: when, how, and what failed. Kept in the warehouse, for all to see."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tradewind.events.contracts import moment
from tradewind.warehouse.client import Row, Warehouse
from tradewind.warehouse.medallion import BuildResult

_LONGEST_MESSAGE = 2_000
_COLUMNS = "began_at, seconds, kind, status, models, failed, messages, digest"
_FACTS = (
    "orders", "refunds", "payments", "stock_movements", "products", "customers", "reviews", "fx_rates", "fees",
    "ad_spend",
)  # fmt: skip


class BuildKind(StrEnum):
    FULL = "full"
    """Every day of every model."""
    PARTIAL = "partial"
    """All models; of the large ones the days that facts touched."""
    SELECTED = "selected"
    """Some models, by name."""


@dataclass(frozen=True, slots=True)
class Build:
    """One build. `failed` says by model what the engine said; those models keep the tables they had."""

    began_at: datetime
    seconds: float
    kind: BuildKind
    models: int
    failed: Mapping[str, str]
    digest: str
    """Of the models and their variables: what another one built has to be made anew in full."""

    @property
    def is_good(self) -> bool:
        return not self.failed

    @classmethod
    def of(cls, result: BuildResult, began_at: datetime, kind: BuildKind, digest: str) -> Build:
        failed = {
            node.name: (node.message or "no reason given")[:_LONGEST_MESSAGE]
            for node in result.nodes
            if node.status == "failed" or (node.status == "skipped" and node.kind == "model")
        }
        return cls(began_at, result.seconds, kind, len(result.nodes), failed, digest)


def record(warehouse: Warehouse, build: Build) -> None:
    """Writes a build down."""
    warehouse.command(
        f"INSERT INTO gold_builds ({_COLUMNS}) SELECT {{began_at:DateTime64(6, 'UTC')}}, {{seconds:Float64}},"
        " {kind:String}, {status:String}, {models:UInt32}, {failed:Array(String)}, {messages:Array(String)},"
        " {digest:String}",
        {
            "began_at": moment(build.began_at),
            "seconds": build.seconds,
            "kind": str(build.kind),
            "status": "built" if build.is_good else "failed",
            "models": build.models,
            "failed": list(build.failed),
            "messages": list(build.failed.values()),
            "digest": build.digest,
        },
    )


def latest(warehouse: Warehouse, *kinds: BuildKind) -> Build | None:
    """The newest build of these kinds, of any without them."""
    rows = warehouse.query(
        f"SELECT {_COLUMNS} FROM gold_builds WHERE empty({{kinds:Array(String)}}) OR has({{kinds:Array(String)}}, kind)"
        " ORDER BY began_at DESC LIMIT 1",
        {"kinds": [str(kind) for kind in kinds]},
    )
    return _build(rows[0]) if rows else None


def newest_fact(warehouse: Warehouse) -> datetime | None:
    """When the newest fact that gold is made of was written into the log; None before the first."""
    parts = " UNION ALL ".join(f"SELECT count() AS facts, max(ingested_at) AS at FROM log_{name}" for name in _FACTS)
    (row,) = warehouse.query(f"SELECT sum(facts) AS facts, max(at) AS at FROM ({parts})")
    return row["at"] if row["facts"] else None


def digest_of(project: Path, variables: Mapping[str, Any]) -> str:
    """A name for what is built: equal models and variables, equal digest."""
    found = hashlib.sha256(json.dumps(dict(variables), sort_keys=True).encode())
    for path in (*sorted(project.rglob("*.sql")), project / "dbt_project.yml"):
        found.update(path.relative_to(project).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _build(row: Row) -> Build:
    return Build(
        row["began_at"],
        row["seconds"],
        BuildKind(row["kind"]),
        row["models"],
        dict(zip(row["failed"], row["messages"], strict=True)),
        row["digest"],
    )
