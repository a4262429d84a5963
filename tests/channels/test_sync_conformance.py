"""The suite for connectors holds for the smallest one, and finds what is wrong with worse ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.channels.conformance import describes_itself, maps_well, syncs_well
from tests.channels.syncing import Rig
from tests.channels.tiny import SECRET, TinyConnection, TinyConnector, an_order
from tradewind.channels.contract import Account, Mapped, Raw, Resource
from tradewind.core.database import Database


@pytest.fixture
def rig(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Rig]:
    (tmp_path / "s.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 's.db'}")
    made = Rig.make(database, tmp_path / "locks")
    yield made
    made.close()
    database.close()


def test_the_tiny_connector_conforms(rig: Rig) -> None:
    account = Account("c", "tiny", "tiny", {"url": rig.server.url}, {"secret": SecretStr(SECRET)})
    describes_itself(TinyConnector(), account)
    maps_well(rig.engine.openings.get(rig.connection_id).connection, {Resource.ORDERS: [an_order(1), an_order(2)]})
    for number in range(60):
        rig.shop.order(number)
    syncs_well(rig.engine, "tiny", Resource.ORDERS)


class Careless(TinyConnection):
    """Fails where it should reject, and forgets where it should tell."""

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        if raw.get("status") is None:
            return Mapped("", raw, ())
        return super().map(resource, raw)


def test_a_careless_mapping_is_found_out(rig: Rig) -> None:
    opened = rig.engine.openings.get(rig.connection_id)
    careless: Any = Careless(opened.account, opened.caller)
    with pytest.raises(AssertionError, match="without a reason"):
        maps_well(careless, {Resource.ORDERS: [an_order(1)]})
