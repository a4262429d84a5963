"""What Shopify's tests share: the official payloads beside the checkout."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.channels.shopify.shopfront import Shopfront, SimulatedPacer, a_shop
from tests.channels.syncing import ACTOR, KEY
from tradewind.channels.shopify.connector import ShopifyConnector
from tradewind.channels.sync.connections import NewConnection, connect
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.database import Database

Sample = Callable[[str], Any]


@pytest.fixture(scope="session")
def sample(shared_data: Path) -> Sample:
    """Reads an official payload by its name, numbers with a point as Decimal."""

    def read(name: str) -> Any:
        path = shared_data.parent / "samples" / "shopify" / f"{name}.json"
        return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)

    return read


@pytest.fixture
def served(migrated_sqlite: Path, tmp_path: Path) -> Iterator[tuple[Shopfront, Engine]]:
    """A shop, and an engine with books of its own that is connected to it and has read nothing yet."""
    (tmp_path / "s.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 's.db'}")
    with a_shop(orders=150, days=30) as shop:
        shop.desk.limits.is_on = False
        clock, connector = shop.sandbox.clock, ShopifyConnector(shop.sandbox.clock)
        pacer = SimulatedPacer(clock)
        engine = Engine(database, clock, Connectors([connector]), lambda: KEY, folder=tmp_path / "locks", pacer=pacer)
        new = NewConnection("shopify", {}, history_days=90)
        given = shop.sandbox.variables(shop.address.removesuffix("/shopify"))
        with database.write() as tx:
            connect(tx, connector, new, environment=given, secret_key=KEY, actor=ACTOR, now=clock.now())
        yield shop, engine
        engine.close()
    database.close()
