"""Which gold and silver tables a build may leave as they stand: nothing has come that they are made of.

A build notes how each table that the log lands in stood before it began, and which tables it left behind. The next one
leaves a model out when all that the model is made of stands as it was noted, the table is still that of the noted
build, and the business day is the same, as ages are counted to it. Whatever landed while a build ran came after the
note, so the next build makes what hangs on it. The note counts only while no other build came after it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tradewind.insights.lineage import tables
from tradewind.warehouse.builds import Build, BuildKind
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.quoting import identifier

_CHANGES = "silver_changes"
"""Says which days to make anew; no figure comes from it. It is part of every build."""
_MADE = frozenset({"silver", "gold"})
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a good build found and left: how the landed tables stood before it, and its own tables by name."""

    began_at: str
    landed: Mapping[str, str]
    made: Mapping[str, str]


def landed_now(warehouse: Warehouse) -> dict[str, str]:
    """How each landed table stands, another word after every insert, deletion and change; tables that tell of none
    (those that other servers write into as well, and views that show anything) are left out.
    """
    rows = warehouse.query(
        r"""
        SELECT name, engine,
            concat(toString(uuid), ' ', toString(parts.rows), ' ', toString(parts.block), ' ', parts.change) AS state
        FROM system.tables AS tables
        LEFT JOIN (
            SELECT table, sum(rows) AS rows, max(max_block_number) AS block,
                toString(max(toUInt64OrZero(extract(name, '_\\d+_\\d+_\\d+_(\\d+)$')))) AS change
            FROM system.parts WHERE active AND database = {database:String} GROUP BY table
        ) AS parts ON tables.name = parts.table
        WHERE database = {database:String} AND engine IN ('MergeTree', 'View') AND has({names:Array(String)}, name)
        """,
        {"database": warehouse.database, "names": _landed_tables()},
    )
    found = {row["name"]: row["state"] for row in rows if row["engine"] == "MergeTree"}
    for row in rows:
        if row["engine"] == "View" and not warehouse.query(f"SELECT 1 FROM {identifier(row['name'])} LIMIT 1"):
            found[row["name"]] = _NOTHING
    return found


def made_now(warehouse: Warehouse) -> dict[str, str]:
    """The tables of the models: one that is made anew as a whole is another table."""
    rows = warehouse.query(
        "SELECT name, toString(uuid) AS id FROM system.tables"
        " WHERE database = {database:String} AND has({names:Array(String)}, name)",
        {"database": warehouse.database, "names": _models()},
    )
    return {row["name"]: row["id"] for row in rows}


def to_leave(
    noted: Standing | None,
    last: Build | None,
    digest: str,
    landed: Mapping[str, str],
    made: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
) -> frozenset[str]:
    """The models that stand as a partial build would make them. `last` is the newest build of any kind."""
    if noted is None or last is None or not last.is_good or last.kind is BuildKind.SELECTED or last.digest != digest:
        return frozenset()
    if (
        noted.began_at != last.began_at.isoformat()
        or last.began_at.astimezone(zone).date() != now.astimezone(zone).date()
    ):
        return frozenset()
    known = tables()
    same: dict[str, bool] = {}

    def is_same(name: str) -> bool:
        if name not in same:
            table = known.get(name)
            if table is None or not table.reads:
                same[name] = name in landed and landed[name] == noted.landed.get(name)
            else:
                same[name] = all(is_same(source) for source in table.reads if source != _CHANGES)
        return same[name]

    return frozenset(
        name for name in _models() if is_same(name) and name in made and made[name] == noted.made.get(name)
    )


def read(path: Path) -> Standing | None:
    """The note of the last build that left one."""
    return Standing(**json.loads(path.read_text())) if path.exists() else None


def note(path: Path, standing: Standing) -> None:
    """Keeps what a build left, in place of an older note."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(standing)))
    fresh.replace(path)


def _landed_tables() -> list[str]:
    return [table.name for table in tables().values() if table.kind == "landed"]


def _models() -> list[str]:
    return [table.name for table in tables().values() if table.kind in _MADE and table.name != _CHANGES]
