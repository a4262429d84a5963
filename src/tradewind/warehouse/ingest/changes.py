"""Changes of what is stored already: truncate, delete by a condition, replace; rows that come in meanwhile are kept.

Each begins with a moment of rest at the source: all that was acknowledged before lands first, so that it is part of
the change, and what comes later is not. A replacement is written down before its first partition is swapped, and is
finished at the next start if the process dies in between.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.ddl import SESSION_SETTINGS, quoted
from tradewind.warehouse.ingest.landing import Landing
from tradewind.warehouse.ingest.rows import QUARANTINE, Checked
from tradewind.warehouse.ingest.storing import READING
from tradewind.warehouse.ingest.views import feeds, partition_of, query_on, targets_behind
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.serving.guard import Guard
from tradewind.warehouse.workspaces.landing import DirectWrites
from tradewind.warehouse.workspaces.release import Release

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS swaps (id TEXT PRIMARY KEY, database TEXT NOT NULL, swaps TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS stages (name TEXT PRIMARY KEY, database TEXT NOT NULL)",
)
_LONGEST_CONDITION = 10_000
_WHOLE_BLOCK = {**SESSION_SETTINGS, "max_partitions_per_insert_block": 0}

logger = get_logger(__name__)


class PartitionsDiffer(InvalidInput):
    """A replacement by a condition would have to change a view whose partitions are others."""

    code = "partitions_differ"


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a replacement did."""

    rows: int
    bad_rows: int
    bad: bytes
    views: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Swap:
    """Partitions of a table that a staged table takes the place of."""

    table: str
    stage: str
    partitions: tuple[str, ...]


class Changes:
    """One per warehouse. `release_of` tells the live release of a workspace, now."""

    def __init__(
        self,
        path: Path,
        landing: Landing,
        warehouse: Warehouse,
        guard: Callable[[], Guard],
        direct_writes: Callable[[], DirectWrites],
    ) -> None:
        self._landing = landing
        self._warehouse = warehouse
        self._guard = guard
        self._direct_writes = direct_writes
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for statement in _SCHEMA:
            self._db.execute(statement)
        self._recover()

    def close(self) -> None:
        self._db.close()

    # --- Truncate ----------------------------------------------------------------------------------------------------

    def truncate(self, release: Release, source: str, *, cascade: bool = False) -> None:
        """Removes all rows that were acknowledged before; with `cascade`, those of the views behind as well."""
        name = _known(release, source)
        behind = targets_behind(feeds(release), name) if cascade else []
        with self._rest(release, name, *behind):
            for each in (name, *behind):
                self._warehouse.command(f"TRUNCATE TABLE {_table(release, each)}")

    # --- Delete ------------------------------------------------------------------------------------------------------

    def count(self, release: Release, source: str, condition: str) -> int:
        """How many rows meet a condition now. Raises InvalidInput for one that cannot be."""
        name = _known(release, source)
        sql = self._checked(release, name, condition)
        (row,) = self._warehouse.query(sql)
        (rows,) = row.values()
        return int(rows)

    def delete(self, release: Release, source: str, condition: str, *, check: Callable[[], None] = lambda: None) -> int:
        """Removes the rows that meet a condition; views behind keep theirs. Returns how many there were."""
        name = _known(release, source)
        with self._direct_writes().writing(release.workspace_id, name):
            with self._landing.held(release.workspace_id, name):
                self._landing.drain(release.workspace_id, name)
                rows = self.count(release, name, condition)
                if not rows:
                    return 0
                table = release.tables[name]
                # Rows that land from now on are not touched: a mutation only sees what was there when it was asked.
                before = self._mutations(release.database, table)
                self._warehouse.command(f"ALTER TABLE {_table(release, name)} DELETE WHERE ({condition})")
            self._wait_for_mutations(release.database, table, before, check)
        return rows

    # --- Replace -----------------------------------------------------------------------------------------------------

    def replace(
        self,
        release: Release,
        source: str,
        pieces: Iterable[Checked],
        *,
        condition: str | None = None,
        when_empty: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Replaced:
        """Puts the rows of `pieces` in the place of all rows, or of those that meet a condition.

        With a condition only new rows that meet it are taken, partition by partition. Views behind are computed anew
        for the same partitions. Without any row nothing is replaced, unless `when_empty`.
        """
        name = _known(release, source)
        if condition is not None:
            self._checked(release, name, condition)
        behind = targets_behind(feeds(release), name)
        self._check_partitions(release, name, behind, condition)
        stages = {each: f"stage_{new_id()}" for each in (name, *behind)}
        try:
            with self._direct_writes().writing(release.workspace_id, name):
                self._stage(release, stages)
                rows, bad_rows, bad = self._load(release, stages[name], pieces, progress)
                if rows or when_empty:
                    self._swap_in(release, name, behind, stages, condition)
            return Replaced(rows, bad_rows, bad, tuple(behind))
        finally:
            self._drop(release.database, stages.values())

    def _stage(self, release: Release, stages: Mapping[str, str]) -> None:
        with self._lock:
            self._db.executemany(
                "INSERT INTO stages VALUES (?, ?)", [(stage, release.database) for stage in stages.values()]
            )
        for each, stage in stages.items():
            self._warehouse.command(f"CREATE TABLE {quoted(release.database, stage)} AS {_table(release, each)}")

    def _load(
        self, release: Release, stage: str, pieces: Iterable[Checked], progress: Callable[[int], None]
    ) -> tuple[int, int, bytes]:
        rows, bad_rows, bad = 0, 0, []
        for number, piece in enumerate(pieces):
            if piece.good:
                table = quoted(release.database, stage)
                self._warehouse.insert_lines(table, piece.good, token=f"{stage}:{number}", settings=READING)
            rows, bad_rows = rows + piece.rows, bad_rows + piece.bad_rows
            bad.append(piece.bad)
            progress(rows)
        return rows, bad_rows, b"".join(bad)

    def _swap_in(
        self, release: Release, name: str, behind: list[str], stages: Mapping[str, str], condition: str | None
    ) -> None:
        database = release.database
        stage = quoted(database, stages[name])
        table = _table(release, name)
        with ExitStack() as holds:
            for each in sorted({name, *behind}):
                holds.enter_context(self._landing.held(release.workspace_id, each))
            for each in (name, *behind):
                self._landing.drain(release.workspace_id, each)
            if condition is not None:
                self._warehouse.command(
                    f"ALTER TABLE {stage} DELETE WHERE ifNull(({condition}), 0) = 0 SETTINGS mutations_sync = 2"
                )
                touched = self._partitions(stage) | self._partitions(table, condition)
                if touched:
                    listed = ", ".join(f"'{partition}'" for partition in sorted(touched))
                    self._fill(
                        f"INSERT INTO {stage} SELECT * FROM {table}"
                        f" WHERE _partition_id IN ({listed}) AND ifNull(({condition}), 0) = 0"
                    )
            else:
                touched = self._partitions(stage) | self._partitions(table)
            swaps = [_Swap(release.tables[name], stages[name], tuple(sorted(touched)))]
            base = release.project.source(name)
            is_partial = condition is not None and base is not None and partition_of(base) not in ("", "tuple()")
            partitions = touched if is_partial else None
            # One after the other: a view behind a view reads the stage of the one before.
            swaps += [self._recompute(release, target, stages, partitions) for target in behind]
            self._swap(database, swaps)

    def _recompute(self, release: Release, target: str, stages: Mapping[str, str], touched: set[str] | None) -> _Swap:
        """Fills the stage of a view from the stages and tables that it is fed by."""
        stage = quoted(release.database, stages[target])
        for feed in feeds(release):
            if feed.target != target:
                continue
            sql = query_on(release, feed, {k: v for k, v in stages.items() if k == feed.source})
            with self._warehouse.connection(_WHOLE_BLOCK) as connection:
                given = {row["name"] for row in connection.query(f"DESCRIBE TABLE ({sql})")}
                taken = [
                    identifier(row["name"])
                    for row in connection.query(f"DESCRIBE TABLE {stage}")
                    if row["name"] in given
                ]
                columns = ", ".join(taken)
                connection.command(f"INSERT INTO {stage} ({columns}) SELECT {columns} FROM ({sql})")
        all_of = self._partitions(stage) | self._partitions(_table(release, target))
        partitions = all_of if touched is None else touched
        return _Swap(release.tables[target], stages[target], tuple(sorted(partitions)))

    def _check_partitions(self, release: Release, name: str, behind: list[str], condition: str | None) -> None:
        base = release.project.source(name)
        key = partition_of(base) if base is not None else ""
        if condition is None or key in ("", "tuple()"):
            return
        for target in behind:
            found = release.project.source(target)
            if found is not None and partition_of(found) != key:
                raise PartitionsDiffer(
                    f"'{target}' is computed from '{name}' but is partitioned by another key, so a part of it cannot be"
                    " replaced. Give both the same ENGINE_PARTITION_KEY, or replace without a condition."
                )

    # --- Swapping ----------------------------------------------------------------------------------------------------

    def _swap(self, database: str, swaps: list[_Swap]) -> None:
        """Swaps partitions, all of them: written down first, so that a crash in between is made good at the start."""
        swap_id = new_id()
        told = json.dumps([[swap.table, swap.stage, swap.partitions] for swap in swaps])
        with self._lock:
            self._db.execute("INSERT INTO swaps VALUES (?, ?, ?)", (swap_id, database, told))
        self._finish(swap_id, database, swaps)

    def _finish(self, swap_id: str, database: str, swaps: list[_Swap]) -> None:
        for swap in swaps:
            stage, table = quoted(database, swap.stage), quoted(database, swap.table)
            held = self._partitions(stage)
            for partition in swap.partitions:
                if partition in held:
                    self._warehouse.command(f"ALTER TABLE {table} REPLACE PARTITION ID '{partition}' FROM {stage}")
                else:
                    self._warehouse.command(f"ALTER TABLE {table} DROP PARTITION ID '{partition}'")
        with self._lock:
            self._db.execute("DELETE FROM swaps WHERE id = ?", (swap_id,))

    def _recover(self) -> None:
        """Finishes swaps that a process died in, and removes tables that were being staged."""
        for swap_id, database, told in self._db.execute("SELECT id, database, swaps FROM swaps").fetchall():
            swaps = [_Swap(table, stage, tuple(partitions)) for table, stage, partitions in json.loads(told)]
            logger.info("finishing a replacement that was cut off", tables=[swap.table for swap in swaps])
            self._finish(swap_id, database, swaps)
        for stage, database in self._db.execute("SELECT name, database FROM stages").fetchall():
            self._drop(database, [stage])

    def _drop(self, database: str, stages: Iterable[str]) -> None:
        for stage in stages:
            self._warehouse.command(f"DROP TABLE IF EXISTS {quoted(database, stage)} SYNC")
            with self._lock:
                self._db.execute("DELETE FROM stages WHERE name = ?", (stage,))

    # --- Inside ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _rest(self, release: Release, *sources: str) -> Iterator[None]:
        """Nobody else writes into these, and all that was acknowledged has landed."""
        with ExitStack() as holds:
            for source in sorted(set(sources)):
                holds.enter_context(self._direct_writes().writing(release.workspace_id, source))
            for source in sorted(set(sources)):
                holds.enter_context(self._landing.held(release.workspace_id, source))
                self._landing.drain(release.workspace_id, source)
            yield

    def _checked(self, release: Release, source: str, condition: str) -> str:
        """A query that counts the rows which meet a condition, once the guard has seen that it reads nothing else."""
        if not condition.strip() or len(condition) > _LONGEST_CONDITION:
            raise InvalidInput(f"The condition is an expression of 1 to {_LONGEST_CONDITION} characters.")
        # Without names of our own: the condition may name a column that is called the same.
        sql = f"SELECT count() FROM {_table(release, source)} WHERE ({condition})"
        allowed = [f"{release.database}.{release.tables[source]}"]
        self._guard().check(sql, {}, allowed)
        self._guard().check(f"SELECT ({condition}) FROM {_table(release, source)}", {}, allowed)
        return sql

    def _partitions(self, table: str, condition: str | None = None) -> set[str]:
        where = f" WHERE ({condition})" if condition is not None else ""
        with self._warehouse.connection(SESSION_SETTINGS) as connection:
            rows = connection.query(f"SELECT DISTINCT _partition_id FROM {table}{where}")
            return {str(row["_partition_id"]) for row in rows}

    def _fill(self, sql: str) -> None:
        with self._warehouse.connection(_WHOLE_BLOCK) as connection:
            connection.command(sql)
        self._warehouse.touch()

    def _mutations(self, database: str, table: str) -> set[str]:
        return {str(row["mutation_id"]) for row in self._mutation_rows(database, table)}

    def _mutation_rows(self, database: str, table: str) -> list[dict[str, object]]:
        return self._warehouse.query(
            "SELECT mutation_id, is_done, latest_fail_reason FROM system.mutations"
            " WHERE database = {db:String} AND table = {table:String}",
            {"db": database, "table": table},
        )

    def _wait_for_mutations(self, database: str, table: str, before: set[str], check: Callable[[], None]) -> None:
        while True:
            mine = [row for row in self._mutation_rows(database, table) if row["mutation_id"] not in before]
            failed = next((str(row["latest_fail_reason"]) for row in mine if row["latest_fail_reason"]), None)
            if failed is not None:
                for row in mine:
                    self._warehouse.command(
                        "KILL MUTATION WHERE database = {db:String} AND table = {table:String}"
                        " AND mutation_id = {id:String}",
                        {"db": database, "table": table, "id": row["mutation_id"]},
                    )
                raise InvalidInput(f"The rows could not be deleted: {failed}")
            if all(row["is_done"] for row in mine):
                self._warehouse.touch()
                return
            check()
            time.sleep(0.05)


def _known(release: Release, source: str) -> str:
    """A data source's own name, or that of its quarantine. Raises NotFound."""
    found = release.project.source(source)
    name = found.name if found is not None else source
    if name not in release.tables or (found is None and not name.endswith(QUARANTINE)):
        raise NotFound(f"There is no data source '{source[:200]}'.")
    return name


def _table(release: Release, name: str) -> str:
    return quoted(release.database, release.tables[name])
