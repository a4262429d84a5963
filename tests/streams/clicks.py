"""A data source that a topic feeds, with a view behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from tests.loops import in_threads
from tests.spine import a_platform
from tradewind.core.clock import SystemClock
from tradewind.platform import Platform
from tradewind.warehouse.workspaces.plan import Terms

CLICKS = """
SCHEMA >
    `user` String `json:$.user.id`,
    `amount` Int32 `json:$.amount`,
    `note` String `json:$.note` DEFAULT 'none'

ENGINE MergeTree
ENGINE_SORTING_KEY user
KAFKA_CONNECTION_NAME cluster
KAFKA_TOPIC {topic}
KAFKA_GROUP_ID {topic}-readers
KAFKA_AUTO_OFFSET_RESET {reset}
KAFKA_STORE_HEADERS True
"""
TOTALS = """
SCHEMA >
    `user` String,
    `amount` SimpleAggregateFunction(sum, Int64),
    `partition` Int16

ENGINE AggregatingMergeTree
ENGINE_SORTING_KEY user, partition
"""
BY_USER = """
NODE sums
SQL >
    SELECT user, sum(amount) AS amount, __partition AS partition FROM clicks GROUP BY user, partition
TYPE materialized
DATASOURCE totals
"""


@contextmanager
def a_following_platform(tmp_path: Path, chdb_path: Path) -> Iterator[Platform]:
    """A platform that can follow topics; what was deployed on it is gone at the end."""
    with a_platform(tmp_path / "data", chdb_path, clock=SystemClock()) as platform:
        yield platform
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


@contextmanager
def running(platform: Platform) -> Iterator[None]:
    with in_threads(*(loop for _, loop in platform.ingest.loops()), platform.topics.run):
        yield


def deploy(platform: Platform, servers: str, topic: str, *, reset: str = "earliest", **more: str) -> None:
    texts = {
        "clicks.datasource": CLICKS.format(topic=topic, reset=reset),
        "totals.datasource": TOTALS,
        "by_user.pipe": BY_USER,
        "cluster.connection": f"TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS {servers}\n",
    } | more
    files = {PurePosixPath(name): text.encode() for name, text in texts.items() if text}
    outcome = platform.workspaces.deploy(platform.workspaces.default(), files, Terms())
    assert outcome.result == "success", [str(finding) for finding in outcome.findings]


def rows(platform: Platform, sql: str, source: str = "clicks") -> list[tuple[Any, ...]]:
    release = platform.workspaces.live(platform.workspaces.default())
    assert release is not None
    found = platform.warehouse.query(sql.format(table=release.table(source)))
    return [tuple(row.values()) for row in found]


def count(platform: Platform, source: str = "clicks") -> int:
    return int(rows(platform, "SELECT count() AS n FROM {table}", source)[0][0])


def a_click(number: int, **more: Any) -> dict[str, Any]:
    return {"user": {"id": f"u{number % 5}"}, "amount": number} | more
