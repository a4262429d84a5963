"""Alembic's entry: runs on the connection that `upgrade` hands in."""

from __future__ import annotations

from alembic import context

from tradewind.core.database import UTCDateTime
from tradewind.migrations.tables import metadata


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    return "UTCDateTime()" if kind == "type" and isinstance(item, UTCDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
)
context.run_migrations()
