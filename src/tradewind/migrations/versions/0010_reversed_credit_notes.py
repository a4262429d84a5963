"""Credit notes of orders that are not sold any more are reversed: units may be negative."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
_CHECK = "ck_refund_items_quantity_is_not_negative"


def upgrade() -> None:
    with op.batch_alter_table("refund_items") as batch_op:
        batch_op.drop_constraint(op.f(_CHECK), type_="check")


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM refund_items WHERE quantity < 0"))
    with op.batch_alter_table("refund_items") as batch_op:
        batch_op.create_check_constraint(op.f(_CHECK), "quantity >= 0")
