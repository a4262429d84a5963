"""A version for things that are edited over HTTP and had none yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("reviews", "shipping_methods", "tax_zones"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
