"""Plans of purchases and transfers, and when suppliers take orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tradewind.core.database import UTCDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_table(
        "plan_lines",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.Column("supplier_id", sa.String(length=26), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("hold", sa.String(length=32), nullable=True),
        sa.Column("cover_rank", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(length=2000), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("accepted_as", sa.String(length=26), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_lines_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "line_no", name=op.f("pk_plan_lines")),
    )
    op.create_index("ix_plan_lines_cover", "plan_lines", ["plan_id", "cover_rank", "line_no"])
    op.create_index("ix_plan_lines_place", "plan_lines", ["plan_id", "product_id", "location_id"])
    op.create_table(
        "plan_products",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("category", sa.String(length=1000), nullable=False),
        sa.Column("abc", sa.String(length=1), nullable=False),
        sa.Column("xyz", sa.String(length=1), nullable=True),
        sa.Column("pace", sa.String(length=16), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_products_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "line_no", name=op.f("pk_plan_products")),
    )
    op.create_index("ix_plan_products_pace", "plan_products", ["plan_id", "pace", "line_no"])
    op.create_table(
        "plan_transfers",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("line_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("sku", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("from_location_id", sa.String(length=26), nullable=False),
        sa.Column("from_location", sa.String(length=64), nullable=False),
        sa.Column("to_location_id", sa.String(length=26), nullable=False),
        sa.Column("to_location", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("gain_minor", sa.BigInteger(), nullable=False),
        sa.Column("sentence", sa.String(length=2000), nullable=False),
        sa.Column("accepted_as", sa.String(length=26), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_transfers_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "line_no", name=op.f("pk_plan_transfers")),
    )
    op.add_column(
        "suppliers", sa.Column("order_weekdays", sa.JSON(), server_default=sa.text("'[0,1,2,3,4,5,6]'"), nullable=False)
    )
    op.add_column("suppliers", sa.Column("closed", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    op.drop_column("suppliers", "closed")
    op.drop_column("suppliers", "order_weekdays")
    op.drop_table("plan_transfers")
    op.drop_index("ix_plan_products_pace", table_name="plan_products")
    op.drop_table("plan_products")
    op.drop_index("ix_plan_lines_place", table_name="plan_lines")
    op.drop_index("ix_plan_lines_cover", table_name="plan_lines")
    op.drop_table("plan_lines")
    op.drop_table("plans")
