"""Alembic's entry: runs on the connection that `upgrade` hands in."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from tradewind.core.database import UTCDateTime
from tradewind.migrations.tables import is_modelled, metadata


def render_item(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    return "UTCDateTime()" if kind == "type" and isinstance(item, UTCDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    include_name=is_modelled,
)
context.run_migrations()
