"""`tradewind letter`: what topics told and nobody could book is listed, shown, and tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from tests.cli.conftest import Tradewind
from tradewind.channels.streams.service import Streams
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.events.kafka_consumer import Record

pytestmark = pytest.mark.usefixtures("migrated_folder")
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
SALE = {"sale_id": "s-1", "product_id": "TEA", "store_id": "north"}
TEA = {"product_id": "TEA", "name": "Tea", "price": "3.20"}


def tell(data_dir: Path, topic: str, *values: bytes) -> None:
    """As the follower of the topics hands them on."""
    settings = load_settings(data_dir=data_dir)
    database = Database(settings.database_url)
    try:
        streams = Streams(database, ManualClock(AT), settings.streams)
        streams.take([Record(topic, 0, offset, AT, None, value) for offset, value in enumerate(values)])
    finally:
        database.close()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_dead_letters_are_listed_shown_and_booked_after_all(tradewind: Tradewind, data_dir: Path) -> None:
    assert tradewind("letter", "list", "--json").json == []
    tell(data_dir, "sales", orjson.dumps(SALE), b"{\xff")

    letters = {letter["place"]: letter for letter in tradewind("letter", "list", "--json").json}
    priceless, broken = letters["sales:0:0"], letters["sales:0:1"]
    assert "not JSON" in broken["reason"]
    assert "has no price" in priceless["reason"]
    assert "sales:0:1" in tradewind("letter", "list").out
    shown = tradewind("letter", "show", priceless["id"], "--json").json
    assert (orjson.loads(shown["value"]), shown["booked_at"]) == (SALE, None)
    assert "value: {\\xff" in tradewind("letter", "show", broken["id"]).out

    again = tradewind("letter", "replay")
    assert (again.code, again.out) == (1, "0 booked, 2 refused again; 2 wait.\n")
    missing = tradewind("letter", "replay", priceless["id"], "nothing")
    assert (missing.code, "no dead letter nothing" in missing.err) == (1, True)

    tell(data_dir, "items", orjson.dumps(TEA))
    booked = tradewind("letter", "replay", priceless["id"], "--json")
    assert (booked.code, booked.json) == (0, {"booked": 1, "refused": 0, "waiting": 1})
    assert tradewind("letter", "replay", priceless["id"], "--json").json["booked"] == 0, "it was booked already"
    assert tradewind("letter", "show", priceless["id"], "--json").json["booked_at"] is not None
    assert [letter["id"] for letter in tradewind("letter", "list", "--json").json] == [broken["id"]]
