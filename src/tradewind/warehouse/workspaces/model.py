"""Tables of the workspaces in the operational store: what is deployed, and who may use it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tradewind.core.database import Base
from tradewind.core.ids import ID_LENGTH


class Workspace(Base):
    """A tenant of the warehouse, or a branch of one. Its tables live in an engine database of their own."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("workspaces.id"))
    """The workspace that this is a branch of."""
    database: Mapped[str] = mapped_column(String(100), unique=True)
    """The engine's database."""
    live_release: Mapped[int | None]
    """The release that requests read; changing this one number is what a deploy does at its end."""
    created_at: Mapped[datetime]


class ReleaseRow(Base):
    """One deployment of a project: its files, what it changed and how it went."""

    __tablename__ = "releases"

    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    """calculating, creating_schema, schema_ready, data_ready, live, retired, failed, deleting or deleted."""
    files: Mapped[bytes] = mapped_column(LargeBinary)
    """The project's files, packed."""
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was new, changed and deleted, what data moved, what was said about it."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    live_at: Mapped[datetime | None]


class ProjectTable(Base):
    """What stands in a workspace's database: a data source's table, its quarantine, or a view that fills one.

    Written down before it is made, so that nothing is ever made that nobody knows. Several releases may use one.
    """

    __tablename__ = "project_tables"
    __table_args__ = (Index("ix_project_tables_workspace_id_source", "workspace_id", "source"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str] = mapped_column(String(220))
    """The data source; its quarantine has the suffix `_quarantine`, others a prefix: `view:` and the pipe's name."""
    kind: Mapped[str] = mapped_column(String(16))
    """table, quarantine, view, snapshot, older or forward."""
    name: Mapped[str] = mapped_column(String(250))
    """The name in the workspace's database."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of its definition."""
    state: Mapped[str] = mapped_column(String(16))
    """filling, live or retired. What is dropped leaves no row."""
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ReleaseTable(Base):
    """Which physical table a data source's name stands for in a release."""

    __tablename__ = "release_tables"

    workspace_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    release: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(220), primary_key=True)
    table_id: Mapped[str] = mapped_column(ForeignKey("project_tables.id"))


class ProjectToken(Base):
    """A static token for /v0, found by the digest of its value; encrypted, since its owner may read it again."""

    __tablename__ = "project_tokens"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    scopes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    origin: Mapped[str] = mapped_column(String(16))
    """`system`, `api` or `files`: what a deploy made, a deploy may take away."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RevokedToken(Base):
    """A signed token (JWT) that is good no more although it has not expired."""

    __tablename__ = "revoked_project_tokens"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    expires_at: Mapped[datetime]


class ProjectSecret(Base):
    """A variable that files name by `tb_secret`; encrypted."""

    __tablename__ = "project_secrets"

    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]


TOPIC = "topic"
"""The kind under which a data source that was stopped is known to rest."""


class PausedSchedule(Base):
    """A copy or a sink whose schedule rests until somebody resumes it, or a data source whose topic does."""

    __tablename__ = "paused_schedules"

    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    pipe: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The pipe; of the kind `topic`, the data source."""
    paused_at: Mapped[datetime]


class ProjectJob(Base):
    """Work that outlives its request: an append of a large file, a populate, a copy, a sink, a delete."""

    __tablename__ = "project_jobs"
    __table_args__ = (
        Index("ix_project_jobs_workspace_id_created_at", "workspace_id", "created_at"),
        Index("ix_project_jobs_status", "status"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    """waiting, working, done, error or cancelled."""
    pipe: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the work was asked to do: enough to do it again."""
    statistics: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)
    is_alone: Mapped[bool] = mapped_column(default=False)
    """Whether no other of its kind may run on the same pipe and source meanwhile."""
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
