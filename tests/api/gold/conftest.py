"""A server over one store whose gold dbt has built, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import PASSWORD, Api, serving
from tests.insights.gold_store import NOW, a_built_store
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.users import create_user
from tradewind.core.clock import ManualClock


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[tuple[Api, Path]]:
    folder, clock = tmp_path_factory.mktemp("gold"), ManualClock(NOW)
    with a_built_store(folder, chdb_path, clock, secret_key="k3y-0f-tests-" + "abcdefghij" * 3) as platform:
        with platform.database.write() as tx:
            for name, role in (("ada", Role.ADMIN), ("vic", Role.VIEWER)):
                create_user(tx, name, PASSWORD, role=role, now=clock.now(), email=f"{name}@example.com")
        with serving(platform, clock) as made:
            yield made, folder


@pytest.fixture
def api(built: tuple[Api, Path]) -> Api:
    made, _ = built
    made.as_user("vic")
    return made
