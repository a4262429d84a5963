"""Access with real stores: a database on each engine, a cache in the process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tradewind.commerce.access.service import Access
from tradewind.core.cache import LocalCache
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import SecuritySettings

SECRET_KEY = "a-key-for-tests-0123456789-abcdefghij"


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = Database(store_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock("2026-03-01T12:00:00+00:00")


@pytest.fixture
def cache(clock: ManualClock) -> LocalCache:
    return LocalCache(timer=lambda: clock.now().timestamp())


@pytest.fixture
def access(database: Database, cache: LocalCache, clock: ManualClock) -> Access:
    return Access(database, cache, clock, SecuritySettings(), SECRET_KEY)
