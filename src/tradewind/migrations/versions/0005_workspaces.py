"""Deployed projects of datafiles: workspaces, releases, their tables, tokens, secrets and jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("parent_id", sa.String(length=26), nullable=True),
        sa.Column("database", sa.String(length=100), nullable=False),
        sa.Column("live_release", sa.Integer(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["workspaces.id"], name=op.f("fk_workspaces_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
        sa.UniqueConstraint("database", name=op.f("uq_workspaces_database")),
        sa.UniqueConstraint("name", name=op.f("uq_workspaces_name")),
    )
    op.create_table(
        "project_jobs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("pipe", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("statistics", sa.JSON(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_project_jobs_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_jobs")),
    )
    with op.batch_alter_table("project_jobs", schema=None) as batch_op:
        batch_op.create_index("ix_project_jobs_status", ["status"], unique=False)
        batch_op.create_index("ix_project_jobs_workspace_id_created_at", ["workspace_id", "created_at"], unique=False)

    op.create_table(
        "project_secrets",
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_project_secrets_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "name", name=op.f("pk_project_secrets")),
    )
    op.create_table(
        "project_tables",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("source", sa.String(length=220), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_project_tables_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_tables")),
    )
    with op.batch_alter_table("project_tables", schema=None) as batch_op:
        batch_op.create_index("ix_project_tables_workspace_id_source", ["workspace_id", "source"], unique=False)

    op.create_table(
        "project_tokens",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_project_tokens_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_project_tokens_digest")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_project_tokens_workspace_id_name")),
    )
    op.create_table(
        "releases",
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("live_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_releases_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "number", name=op.f("pk_releases")),
    )
    op.create_table(
        "revoked_project_tokens",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_revoked_project_tokens_workspace_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_revoked_project_tokens")),
    )
    op.create_table(
        "release_tables",
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=220), nullable=False),
        sa.Column("table_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["table_id"], ["project_tables.id"], name=op.f("fk_release_tables_table_id")),
        sa.PrimaryKeyConstraint("workspace_id", "release", "source", name=op.f("pk_release_tables")),
    )


def downgrade() -> None:
    op.drop_table("release_tables")
    op.drop_table("revoked_project_tokens")
    op.drop_table("releases")
    op.drop_table("project_tokens")
    with op.batch_alter_table("project_tables", schema=None) as batch_op:
        batch_op.drop_index("ix_project_tables_workspace_id_source")

    op.drop_table("project_tables")
    op.drop_table("project_secrets")
    with op.batch_alter_table("project_jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_project_jobs_workspace_id_created_at")
        batch_op.drop_index("ix_project_jobs_status")

    op.drop_table("project_jobs")
    op.drop_table("workspaces")
