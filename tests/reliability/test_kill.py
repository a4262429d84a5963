"""kill -9 at random moments: what was acknowledged is there, and nothing is there twice, on any side."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.crash import Scene, examine, write_import_file
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.orders.model import Order
from tradewind.core.database import Database

IMPORTED = 4_000
SALES = 25


def imported_orders(url: str) -> int:
    database = Database(url)
    with database.read() as tx:
        generic = select(SalesChannel.id).where(SalesChannel.code == "generic")
        found = tx.scalar(select(func.count()).select_from(Order).where(Order.channel_id.in_(generic))) or 0
    database.close()
    return found


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("engine", "kills"), [("sqlite", 5), ("postgresql", 3)])
def test_a_server_killed_in_traffic_and_import_loses_nothing_and_doubles_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, kills: int
) -> None:
    data_dir, file = tmp_path / "data", tmp_path / "orders.csv"
    write_import_file(file, IMPORTED)
    url, environment = f"sqlite:///{data_dir / 'tradewind.db'}", {}
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_url")
        environment = {"TRADEWIND_DATABASE_URL": url, "TRADEWIND_SECRET_KEY": secrets.token_urlsafe(48)}
    who: list[str] = []
    with Scene(data_dir, file, random.Random(), environment) as scene:
        for _ in range(kills):
            scene.set_up()
            who.append(scene.strike(longest_wait=1.5))
        # On a busy machine the seller may have died young each time: the last one gets to sell, and dies selling.
        scene.set_up()
        scene.wait_for_sales(SALES)
        scene.kill(server=True, seller=True)
        assert scene.finish_import() == 0
        acknowledged = scene.all_acknowledged()
        assert scene.failures == [], (data_dir.parent / "data.log").read_text()[-3000:]

    found = examine(data_dir, acknowledged, database={"url": url})
    assert found.is_sound, (who, found)
    assert imported_orders(url) == IMPORTED
    assert found.orders >= IMPORTED + found.acknowledged
    assert found.acknowledged >= SALES, "the seller had no time to sell anything: this proved little"
