"""Workspaces, releases and their tables as rows: everything that a deploy writes down, before it does it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from tradewind.core.errors import NotFound, Unavailable
from tradewind.core.ids import new_id
from tradewind.warehouse.workspaces.model import (
    TOPIC,
    PausedSchedule,
    ProjectTable,
    ReleaseRow,
    ReleaseTable,
    Workspace,
)

DEFAULT_NAME = "default"
BUILT_IN_PREFIX = "tradewind:"
"""Names of workspaces whose project comes with the product begin with this, and nobody else's can."""
_LONGEST_NAME = 120


class Status(StrEnum):
    """Where a deployment stands."""

    CALCULATING = "calculating"
    CREATING_SCHEMA = "creating_schema"
    SCHEMA_READY = "schema_ready"
    DATA_READY = "data_ready"
    LIVE = "live"
    RETIRED = "retired"
    FAILED = "failed"
    DELETING = "deleting"
    DELETED = "deleted"


UNFINISHED = (Status.CALCULATING, Status.CREATING_SCHEMA, Status.SCHEMA_READY, Status.DELETING)


class Kind(StrEnum):
    """What stands in a workspace's database."""

    TABLE = "table"
    QUARANTINE = "quarantine"
    VIEW = "view"
    SNAPSHOT = "snapshot"
    OLDER = "older"
    """Takes rows that were checked against an older schema, and holds none."""
    FORWARD = "forward"
    """The view that sends them through FORWARD_QUERY into the table."""


@dataclass(frozen=True, slots=True)
class Home:
    """A workspace, as far as a deploy needs to know it."""

    id: str
    name: str
    database: str
    parent_id: str | None = None
    live_release: int | None = None
    created_at: datetime | None = None

    @property
    def is_built_in(self) -> bool:
        """Whether its project comes with the product."""
        return self.name.startswith(BUILT_IN_PREFIX)


@dataclass(frozen=True, slots=True)
class Stored:
    """A table that is written down."""

    id: str
    source: str
    kind: str
    name: str

    @property
    def is_followed(self) -> bool:
        """Whether it follows the log by itself."""
        return self.kind in (Kind.TABLE, Kind.QUARANTINE)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment of a project, as it is written down."""

    workspace_id: str
    number: int
    status: str
    plan: Mapping[str, Any]
    error: str | None
    created_at: datetime
    updated_at: datetime
    live_at: datetime | None


_DEPLOYMENTS = select(
    ReleaseRow.workspace_id,
    ReleaseRow.number,
    ReleaseRow.status,
    ReleaseRow.plan,
    ReleaseRow.error,
    ReleaseRow.created_at,
    ReleaseRow.updated_at,
    ReleaseRow.live_at,
)


def _deployment(row: Row[Any]) -> Deployment:
    values: tuple[Any, ...] = tuple(row)
    return Deployment(*values)


def _is(workspace_id: str, number: int) -> ColumnElement[bool]:
    return and_(ReleaseRow.workspace_id == workspace_id, ReleaseRow.number == number)


def home_of(row: Workspace) -> Home:
    return Home(row.id, row.name, row.database, row.parent_id, row.live_release, row.created_at)


def find_home(tx: Session, workspace_id: str) -> Home:
    row = tx.get(Workspace, workspace_id, populate_existing=True)
    if row is None:
        raise NotFound("There is no such workspace.")
    return home_of(row)


def home_named(tx: Session, name: str) -> Home | None:
    row = tx.scalars(select(Workspace).where(Workspace.name == name)).one_or_none()
    return None if row is None else home_of(row)


def homes(tx: Session, *, parent_id: str | None = None) -> list[Home]:
    """All workspaces, or the branches of one, by name."""
    query = select(Workspace).order_by(Workspace.name)
    if parent_id is not None:
        query = query.where(Workspace.parent_id == parent_id)
    return [home_of(row) for row in tx.scalars(query)]


def standing(tx: Session) -> dict[str, tuple[int | None, int | None]]:
    """Of every workspace: the number of the release that is live, and of the one that waits to be."""
    waits = and_(ReleaseRow.workspace_id == Workspace.id, ReleaseRow.status == Status.DATA_READY)
    query = (
        select(Workspace.id, Workspace.live_release, func.max(ReleaseRow.number))
        .outerjoin(ReleaseRow, waits)
        .group_by(Workspace.id, Workspace.live_release)
    )
    return {row[0]: (row[1], row[2]) for row in tx.execute(query)}


def add_home(tx: Session, name: str, *, parent_id: str | None, now: datetime, database: str | None = None) -> Home:
    key = new_id()
    place = database or f"ws_{key}"
    row = Workspace(id=key, name=name, parent_id=parent_id, database=place, live_release=None, created_at=now)
    tx.add(row)
    tx.flush()
    return home_of(row)


def add_release(tx: Session, workspace_id: str, files: bytes, plan: Mapping[str, Any], *, now: datetime) -> int:
    last = tx.scalar(select(func.max(ReleaseRow.number)).where(ReleaseRow.workspace_id == workspace_id))
    number = (last or 0) + 1
    tx.add(
        ReleaseRow(
            workspace_id=workspace_id,
            number=number,
            status=Status.CREATING_SCHEMA,
            files=files,
            plan=dict(plan),
            created_at=now,
            updated_at=now,
        )
    )
    tx.flush()
    return number


def find_release(tx: Session, workspace_id: str, number: int) -> Deployment:
    """A deployment by its number. Raises NotFound."""
    row = tx.execute(_DEPLOYMENTS.where(_is(workspace_id, number))).one_or_none()
    if row is None:
        raise NotFound(f"There is no deployment {number}.")
    return _deployment(row)


def files_of(tx: Session, workspace_id: str, number: int) -> bytes:
    """The packed files of a deployment."""
    packed = tx.scalar(select(ReleaseRow.files).where(_is(workspace_id, number)))
    if packed is None:
        raise NotFound(f"There is no deployment {number}.")
    return packed


def releases(tx: Session, workspace_id: str, limit: int = 100) -> list[Deployment]:
    """The newest deployments first."""
    query = _DEPLOYMENTS.where(ReleaseRow.workspace_id == workspace_id)
    return [_deployment(row) for row in tx.execute(query.order_by(ReleaseRow.number.desc()).limit(limit))]


def releases_in(tx: Session, statuses: Iterable[Status], workspace_id: str | None = None) -> list[Deployment]:
    query = _DEPLOYMENTS.where(ReleaseRow.status.in_(list(statuses)))
    if workspace_id is not None:
        query = query.where(ReleaseRow.workspace_id == workspace_id)
    return [_deployment(row) for row in tx.execute(query.order_by(ReleaseRow.number))]


def set_status(
    tx: Session, workspace_id: str, number: int, status: Status, *, now: datetime, error: str | None = None
) -> None:
    values: dict[str, Any] = {"status": status, "updated_at": now} | ({} if error is None else {"error": error})
    tx.execute(update(ReleaseRow).where(_is(workspace_id, number)).values(**values))


def add_table(tx: Session, workspace_id: str, source: str, kind: Kind, digest: str, *, now: datetime) -> Stored:
    """Writes down a table that is about to be made, with a name that nothing else has."""
    key = new_id()
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in source)
    name = f"{plain[:_LONGEST_NAME]}__{key[-12:]}"
    row = ProjectTable(
        id=key,
        workspace_id=workspace_id,
        source=source,
        kind=kind,
        name=name,
        digest=digest,
        state="filling",
        created_at=now,
    )
    tx.add(row)
    tx.flush()
    return Stored(key, source, kind, name)


def use_table(tx: Session, workspace_id: str, number: int, source: str, table_id: str) -> None:
    """The release's name stands for this table."""
    tx.add(ReleaseTable(workspace_id=workspace_id, release=number, source=source, table_id=table_id))


def tables_of(tx: Session, workspace_id: str, number: int) -> dict[str, Stored]:
    """What a release stands on, by the names of data sources, quarantines and views."""
    query = (
        select(ReleaseTable.source, ProjectTable)
        .join(ProjectTable, ProjectTable.id == ReleaseTable.table_id)
        .where(ReleaseTable.workspace_id == workspace_id, ReleaseTable.release == number)
    )
    return {name: Stored(row.id, row.source, row.kind, row.name) for name, row in tx.execute(query)}


def all_tables(tx: Session, workspace_id: str) -> list[Stored]:
    query = select(ProjectTable).where(ProjectTable.workspace_id == workspace_id)
    return [Stored(row.id, row.source, row.kind, row.name) for row in tx.scalars(query)]


def mark_live(tx: Session, workspace_id: str, number: int, *, before: int | None, now: datetime) -> None:
    """The moment of a deploy: requests that begin after this read the new release. All or nothing."""
    unchanged = Workspace.live_release.is_(None) if before is None else Workspace.live_release == before
    moved = tx.execute(update(Workspace).where(Workspace.id == workspace_id, unchanged).values(live_release=number))
    if moved.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has one
        raise Unavailable("Another deploy went live at the same moment; nothing was changed. Try again.")
    if before is not None:
        set_status(tx, workspace_id, before, Status.RETIRED, now=now)
        _set_states(tx, workspace_id, before, "retired", now)
    values = {"status": Status.LIVE, "updated_at": now, "live_at": now, "error": None}
    tx.execute(update(ReleaseRow).where(_is(workspace_id, number)).values(**values))
    _set_states(tx, workspace_id, number, "live", None)


def keep_resting(tx: Session, workspace_id: str, sources: Collection[str], pipes: Collection[str]) -> None:
    """What rests goes on resting while it is there: one that is made again under its name later does not rest."""
    row = PausedSchedule
    is_gone = or_(
        and_(row.kind == TOPIC, row.pipe.not_in(sources)),
        and_(row.kind != TOPIC, row.pipe.not_in(pipes)),
    )
    tx.execute(delete(row).where(row.workspace_id == workspace_id, is_gone))


def _set_states(tx: Session, workspace_id: str, number: int, state: str, retired_at: datetime | None) -> None:
    used = select(ReleaseTable.table_id).where(
        ReleaseTable.workspace_id == workspace_id, ReleaseTable.release == number
    )
    tx.execute(
        update(ProjectTable)
        .where(ProjectTable.id.in_(used))
        .values(state=state, retired_at=retired_at)
        .execution_options(synchronize_session=False)
    )


def forget_tables(tx: Session, ids: Iterable[str]) -> None:
    """Takes the rows of tables that are gone, and what releases said of them."""
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        tx.execute(delete(ReleaseTable).where(ReleaseTable.table_id.in_(part)))
        tx.execute(delete(ProjectTable).where(ProjectTable.id.in_(part)))


def previous_release(tx: Session, workspace_id: str) -> int | None:
    """The release that was live before the one that is."""
    query = (
        select(ReleaseRow.number)
        .where(ReleaseRow.workspace_id == workspace_id, ReleaseRow.status == Status.RETIRED)
        .order_by(ReleaseRow.updated_at.desc(), ReleaseRow.number.desc())
        .limit(1)
    )
    return tx.scalar(query)
