"""The operational store's schema, one file per change, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from tradewind.core.database import Database
from tradewind.core.errors import Misconfigured

HERE = Path(__file__).parent
_LOCK = 7_236_811
"""Advisory lock on PostgreSQL, so that two processes starting at once do not both migrate."""


def upgrade(database: Database) -> None:
    """Brings the store to the newest schema; does nothing, and imports nothing heavy, when it is there.

    Raises Misconfigured for a store that a newer program has written.
    """
    if _revision(database) == _newest_file():
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(HERE))
    with database.engine.execution_options(writes=True).connect() as connection, connection.begin():
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as unknown:
            raise Misconfigured(
                f"The operational store was written by a newer Tradewind ({unknown})."
                " Start that version, or restore a backup."
            ) from unknown


def _revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return _stored(connection)


def _stored(connection: Connection) -> str | None:
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _newest_file() -> str:
    """Revisions are numbered files: the last one is the head (a test holds that against Alembic's own view)."""
    return max(path.name.split("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))
