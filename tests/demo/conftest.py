"""A small demo store, seeded once per engine through the same function as the large one, and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.demo.books import NOW, SMALL, SeededStore
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import Settings, StoreSettings
from tradewind.demo.plan import StorePlan
from tradewind.demo.seeding import SeedResult, seed_store

MakePlan = Callable[..., StorePlan]
MakeDatabase = Callable[..., str]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """Empty, on each engine."""
    opened = Database(store_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Empty, for what does not depend on the engine."""
    opened = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'store.db')}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def seeded_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SeedResult]:
    path = tmp_path_factory.mktemp("demo") / "store.db"
    shutil.copy(migrated_sqlite, path)
    return path, _seed(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def seeded_postgres(migrated_postgres: str, make_postgres: MakeDatabase) -> tuple[str, SeedResult]:
    url = make_postgres(migrated_postgres)
    return str(make_url(url).database), _seed(url)


@pytest.fixture
def seeded_once(seeded_sqlite: tuple[Path, SeedResult], tmp_path: Path) -> Iterator[SeededStore]:
    """Seeded, for what does not depend on the engine."""
    path, result = seeded_sqlite
    yield from _open(f"sqlite:///{shutil.copy(path, tmp_path / 'store.db')}", result)


@pytest.fixture(params=["sqlite", "postgresql"])
def seeded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeededStore]:
    """Seeded, on each engine."""
    if request.param == "sqlite":
        path, result = request.getfixturevalue("seeded_sqlite")
        yield from _open(f"sqlite:///{shutil.copy(path, tmp_path / 'store.db')}", result)
    else:
        name, result = request.getfixturevalue("seeded_postgres")
        yield from _open(request.getfixturevalue("make_postgres")(name), result)


@pytest.fixture
def make_plan() -> MakePlan:
    """A plan that ends now; keywords of the store's settings and of the plan change it."""

    def make(*, orders: int = 2_000, seed: int = 7, ends_at: datetime = NOW, **store: object) -> StorePlan:
        return StorePlan.of(StoreSettings.model_validate(store), ends_at=ends_at, orders=orders, seed=seed)

    return make


def _seed(url: str) -> SeedResult:
    database = Database(url)
    try:
        return seed_store(database, Settings(_env_file=None), ManualClock(NOW), orders=SMALL)
    finally:
        database.close()


def _open(url: str, result: SeedResult) -> Iterator[SeededStore]:
    database = Database(url)
    yield SeededStore(url, database, result)
    database.close()
