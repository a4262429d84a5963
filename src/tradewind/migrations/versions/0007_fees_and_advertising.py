"""What channels take, order by order, and what advertising cost, day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "ad_spend",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("campaign", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("clicks", sa.BigInteger(), nullable=True),
        sa.Column("impressions", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_ad_spend_amount_is_not_negative")),
        sa.CheckConstraint("clicks IS NULL OR clicks >= 0", name=op.f("ck_ad_spend_clicks_are_not_negative")),
        sa.CheckConstraint(
            "impressions IS NULL OR impressions >= 0", name=op.f("ck_ad_spend_impressions_are_not_negative")
        ),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_ad_spend_channel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ad_spend")),
        sa.UniqueConstraint("channel_id", "campaign", "day", name=op.f("uq_ad_spend_channel_id_campaign_day")),
    )
    op.create_index("ix_ad_spend_day", "ad_spend", ["day", "id"])

    op.create_table(
        "fees",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("raw_kind", sa.String(length=200), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=True),
        sa.Column("order_reference", sa.String(length=128), nullable=True),
        sa.Column("sku", sa.String(length=128), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_fees_channel_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_fees_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fees")),
        sa.UniqueConstraint("channel_id", "external_id", name=op.f("uq_fees_channel_id_external_id")),
    )
    op.create_index("ix_fees_order_id", "fees", ["order_id"])
    op.create_index("ix_fees_posted_at", "fees", ["posted_at", "id"])


def downgrade() -> None:
    op.drop_table("fees")
    op.drop_table("ad_spend")
