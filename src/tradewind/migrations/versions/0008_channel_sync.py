"""Accounts of platforms, how far each is read, kept payloads, quarantine, webhooks, pushes and alerts of the sync."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "channel_sku_links",
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("channel_sku", sa.String(length=128), nullable=False),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_channel_sku_links_channel_id")),
        sa.PrimaryKeyConstraint("channel_id", "channel_sku", name=op.f("pk_channel_sku_links")),
    )
    op.create_table(
        "channel_connections",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("connector", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.String(length=2000), nullable=True),
        sa.Column("state_since", UTCDateTime(), nullable=False),
        sa.Column("resume_at", UTCDateTime(), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_secrets", sa.LargeBinary(), nullable=False),
        sa.Column("secrets_end_on", sa.Date(), nullable=True),
        sa.Column("history_days", sa.Integer(), nullable=False),
        sa.Column("pushes_stock", sa.Boolean(), nullable=False),
        sa.Column("pushes_prices", sa.Boolean(), nullable=False),
        sa.Column("stock_buffer", sa.Integer(), nullable=False),
        sa.Column("is_selling", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_channel_connections_channel_id")),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("fk_channel_connections_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_connections")),
        sa.UniqueConstraint("name", name=op.f("uq_channel_connections_name")),
    )
    op.create_table(
        "channel_alerts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("cause", sa.String(length=128), nullable=False),
        sa.Column("message", sa.String(length=2000), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_alerts_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_alerts")),
    )
    with op.batch_alter_table("channel_alerts", schema=None) as batch_op:
        batch_op.create_index("ix_channel_alerts_connection_id_cause", ["connection_id", "cause"], unique=False)

    op.create_table(
        "channel_budgets",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_budgets_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "operation", name=op.f("pk_channel_budgets")),
    )
    op.create_table(
        "channel_feedback",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=True),
        sa.Column("rating", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_feedback_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "external_id", name=op.f("pk_channel_feedback")),
    )
    op.create_table(
        "channel_payloads",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("resource", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_payloads_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "resource", "external_id", name=op.f("pk_channel_payloads")),
    )
    op.create_table(
        "channel_pushes",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.Column("location", sa.String(length=128), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.Column("pushed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_pushes_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "kind", "sku", "location", name=op.f("pk_channel_pushes")),
    )
    op.create_table(
        "channel_quarantine",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("resource", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=False),
        sa.Column("replayed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_quarantine_connection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_quarantine")),
        sa.UniqueConstraint(
            "connection_id",
            "resource",
            "content_hash",
            name=op.f("uq_channel_quarantine_connection_id_resource_content_hash"),
        ),
    )
    with op.batch_alter_table("channel_quarantine", schema=None) as batch_op:
        batch_op.create_index("ix_channel_quarantine_replayed_at", ["replayed_at", "id"], unique=False)

    op.create_table(
        "channel_stock",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.Column("location", sa.String(length=128), nullable=False),
        sa.Column("keeper", sa.String(length=16), nullable=False),
        sa.Column("available", sa.BigInteger(), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=True),
        sa.Column("inbound", sa.BigInteger(), nullable=True),
        sa.Column("unsellable", sa.BigInteger(), nullable=True),
        sa.Column("on_hand", sa.BigInteger(), nullable=True),
        sa.Column("as_of", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_channel_stock_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "sku", "location", name=op.f("pk_channel_stock")),
    )
    op.create_table(
        "sync_cursors",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("resource", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("watermark", UTCDateTime(), nullable=True),
        sa.Column("loaded_from", UTCDateTime(), nullable=True),
        sa.Column("is_loaded", sa.Boolean(), nullable=False),
        sa.Column("newest_fact_at", UTCDateTime(), nullable=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.String(length=2000), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_sync_cursors_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "resource", "scope", name=op.f("pk_sync_cursors")),
    )
    op.create_table(
        "webhook_inbox",
        sa.Column("connection_id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("resource", sa.String(length=16), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["channel_connections.id"], name=op.f("fk_webhook_inbox_connection_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "event_id", name=op.f("pk_webhook_inbox")),
    )
    with op.batch_alter_table("webhook_inbox", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_inbox_done_at", ["done_at", "received_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("webhook_inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_inbox_done_at")

    op.drop_table("webhook_inbox")
    op.drop_table("sync_cursors")
    op.drop_table("channel_stock")
    with op.batch_alter_table("channel_quarantine", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_quarantine_replayed_at")

    op.drop_table("channel_quarantine")
    op.drop_table("channel_pushes")
    op.drop_table("channel_payloads")
    op.drop_table("channel_feedback")
    op.drop_table("channel_budgets")
    with op.batch_alter_table("channel_alerts", schema=None) as batch_op:
        batch_op.drop_index("ix_channel_alerts_connection_id_cause")

    op.drop_table("channel_alerts")
    op.drop_table("channel_connections")
    op.drop_table("channel_sku_links")
