"""A version for things that are edited over HTTP and had none yet, kept answers with the one they told, and a list
of the bytes that no picture points at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("reviews", "shipping_methods", "tax_zones"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("idempotency_keys", sa.Column("etag", sa.String(length=64), nullable=True))
    op.create_table(
        "loose_media",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_loose_media")),
    )
    op.create_index("ix_loose_media_since", "loose_media", ["since"])
    op.create_index("ix_product_media_key", "product_media", ["key"])
