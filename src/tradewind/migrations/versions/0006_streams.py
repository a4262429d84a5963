"""How far topics are taken, messages of theirs that could not be booked, and schedules that rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "stream_positions",
        sa.Column("consumer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=249), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "topic", "partition", name=op.f("pk_stream_positions")),
    )
    op.create_table(
        "stream_dead_letters",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("consumer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=249), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=False),
        sa.Column("replayed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_dead_letters")),
        sa.UniqueConstraint(
            "consumer",
            "topic",
            "partition",
            "offset",
            name=op.f("uq_stream_dead_letters_consumer_topic_partition_offset"),
        ),
    )
    op.create_table(
        "paused_schedules",
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("pipe", sa.String(length=200), nullable=False),
        sa.Column("paused_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_paused_schedules_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "pipe", name=op.f("pk_paused_schedules")),
    )
    op.create_index("ix_stream_dead_letters_replayed_at", "stream_dead_letters", ["replayed_at", "id"])


def downgrade() -> None:
    op.drop_table("paused_schedules")
    op.drop_table("stream_dead_letters")
    op.drop_table("stream_positions")
