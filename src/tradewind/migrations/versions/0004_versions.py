"""A version for things that are edited over HTTP and had none yet, and kept answers with the one they told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("reviews", "shipping_methods", "tax_zones"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("idempotency_keys", sa.Column("etag", sa.String(length=64), nullable=True))
