"""Services and places every test may ask for; the fixtures of one room stand in its own folder.

PostgreSQL, Redis and Chromium are found through TRADEWIND_TEST_* (see scripts/services). Without them the
tests that need them are skipped and say so; in CI a skip is a failure, except for the data files, which are
not ours to ship, and for the libraries of two models of forecasts, which are larger than all the rest.
"""

from __future__ import annotations

import os
import shutil
import socket
import uuid
from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.memory import MEMORY_DISK, is_roomy
from tests.spare import MakeDatabase, SpareDatabases
from tradewind.commerce.access import passwords
from tradewind.core.database import Database
from tradewind.migrations import upgrade

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
NO_SHARED_DATA = "needs the data files of ../shared/data, which are not in the repository"
NO_HEAVY_EXTRA = (
    "needs an extra of hundreds of megabytes, which the tests' environment leaves out: pip install it beside them"
)
MAY_BE_MISSING = (NO_SHARED_DATA, NO_HEAVY_EXTRA)
START_SERVICES = 'start it with: eval "$(scripts/services start)"'
IN_CI = any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "TRADEWIND_CI"))

# A developer's own settings must not reach the product under test.
for setting in [name for name in os.environ if name.startswith("TRADEWIND_")]:
    if not setting.startswith(("TRADEWIND_TEST_", "TRADEWIND_CI")):
        del os.environ[setting]

# A commit waits for the disk, and a test's stores need not survive the machine. What passes leaves nothing behind.
if is_roomy(MEMORY_DISK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))

# A hash that holds off a thief takes a tenth of a second, and most tests sign in.
passwords.COST.update(time_cost=1, memory_cost=1024, parallelism=1)

# Two busy cores make single examples slow; pytest's own timeout guards the whole.
settings.register_profile("tradewind", deadline=None, print_blob=True)
settings.load_profile("tradewind")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped for want of a service."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail") and not _may_be_skipped(report):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself as a whole."""
    report = yield
    if IN_CI and report.skipped and not _may_be_skipped(report):
        report.outcome = "failed"
        report.longrepr = f"A module was skipped, which CI does not allow: {report.longrepr}"
    return report


def _may_be_skipped(report: pytest.TestReport | pytest.CollectReport) -> bool:
    return any(reason in str(report.longrepr) for reason in MAY_BE_MISSING)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file run in one worker: what the file sets up for all of them is then set up once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    # The longest first, or one worker would end long after the others.
    items.sort(key=lambda item: -_patience(item))


def _patience(item: pytest.Item) -> float:
    """Seconds that a test may take, where it may take long."""
    marker = item.get_closest_marker("timeout")
    if marker is not None and marker.args:
        return float(marker.args[0])
    is_long = any(item.get_closest_marker(name) for name in ("slow", "browser", "crash"))
    return float(item.config.getini("timeout")) if is_long else 0.0


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder, as TRADEWIND_DATA_DIR would name it."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data files beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip(NO_SHARED_DATA)
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium to drive."""
    path = os.environ.get("TRADEWIND_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium: install it and set TRADEWIND_TEST_CHROMIUM to its path")
    return path


@pytest.fixture
def redis_url(worker_id: str) -> Iterator[str]:
    """An empty Redis database; each xdist worker has one of its own."""
    server = os.environ.get("TRADEWIND_TEST_REDIS_URL")
    if server is None:
        pytest.skip(f"needs Redis, TRADEWIND_TEST_REDIS_URL is not set: {START_SERVICES}")
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    url = f"{server.rsplit('/', 1)[0]}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(scope="session")
def kafka_server() -> str:
    """A running broker, as a URL without a name: kafka://host:port."""
    url = os.environ.get("TRADEWIND_TEST_KAFKA_URL")
    if url is None:
        pytest.skip(f"needs Kafka, TRADEWIND_TEST_KAFKA_URL is not set: {START_SERVICES}")
    return url


@pytest.fixture
def kafka_url(kafka_server: str) -> str:
    """The broker, with a name of the test's own for its topics."""
    return f"{kafka_server}/test{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def make_postgres() -> Iterator[MakeDatabase]:
    """Makes PostgreSQL databases, empty or as copies of a template, and drops them at the end."""
    server = os.environ.get("TRADEWIND_TEST_POSTGRES_URL")
    if server is None:
        pytest.skip(f"needs PostgreSQL, TRADEWIND_TEST_POSTGRES_URL is not set: {START_SERVICES}")
    address = make_url(server)
    admin = address.set(drivername="postgresql").render_as_string(hide_password=False)
    made: list[str] = []
    with psycopg.connect(admin, autocommit=True) as connection:

        def make(template: str = "template0") -> str:
            name = f"tradewind_test_{uuid.uuid4().hex}"
            copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(copied.format(sql.Identifier(name), sql.Identifier(template)))
            made.append(name)
            return address.set(database=name).render_as_string(hide_password=False)

        yield make
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def postgres_url(make_postgres: MakeDatabase) -> str:
    """An empty PostgreSQL database."""
    return make_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty operational store; the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite store with every migration applied, to copy."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def migrated_folder(data_dir: Path, migrated_sqlite: Path) -> None:
    """Brings the data folder's store to the newest schema, which takes a folder's first command most of a second."""
    shutil.copy(migrated_sqlite, data_dir / "tradewind.db")


@pytest.fixture(scope="session")
def migrated_postgres(make_postgres: MakeDatabase) -> str:
    """The name of a PostgreSQL database with every migration applied, to copy."""
    url = make_postgres()
    _migrate(url)
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def spare_postgres(make_postgres: MakeDatabase, migrated_postgres: str) -> SpareDatabases:
    """Migrated PostgreSQL databases without rows, which tests use one after the other."""
    return SpareDatabases(make_postgres, migrated_postgres)


@pytest.fixture
def fresh_postgres(spare_postgres: SpareDatabases) -> Iterator[str]:
    """A PostgreSQL store with the newest schema and no rows, for one test."""
    url = spare_postgres.take()
    yield url
    spare_postgres.give_back(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store with the newest schema and no rows, once on each engine; a copy, so it is made fast."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "store.db")
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("fresh_postgres")
    return url


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        upgrade(database)
    finally:
        database.close()


@pytest.fixture(scope="session")
def chdb_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this process's engine: it can hold only one, so whoever opens it leaves it empty."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    """An open store with the newest schema and no rows, once on each engine."""
    database = Database(store_url)
    yield database
    database.close()


@pytest.fixture
def postgres(fresh_postgres: str) -> Iterator[Database]:
    """The same on PostgreSQL alone, for what only several writers at once can do."""
    database = Database(fresh_postgres)
    yield database
    database.close()
