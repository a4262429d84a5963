"""The operational store of a settings' choice, open. Apart from `platform`: most commands need no warehouse."""

from __future__ import annotations

from tradewind.commerce.catalog.upkeep import catch_up
from tradewind.core.database import Database
from tradewind.core.settings import Settings
from tradewind.migrations import upgrade


def open_database(settings: Settings) -> Database:
    """The store, brought up to the newest schema. Needs no ownership: commands use it beside a server."""
    database = Database(
        settings.database_url,
        pool_size=settings.database.pool_size,
        lock_timeout_seconds=settings.database.lock_timeout_seconds,
    )
    upgrade(database)
    catch_up(database)
    return database
