"""Topics `sales` and `items` become orders and stock, each message once, whatever happens on the way."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from scripts.kafka.broker import Broker
from tests.loops import in_threads
from tests.spine import NOON
from tests.streams.conftest import Topics, wait_until
from tradewind.channels.streams.service import Streams
from tradewind.commerce.catalog.model import Product, SalesChannel
from tradewind.commerce.inventory.model import Location, Stock, StockMovement
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.settings import StreamsSettings
from tradewind.events.kafka_consumer import PositionMoved, Record

GROUP = "shop"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOON)


def streams_of(store: Database, topics: Topics | None = None, clock: ManualClock | None = None) -> Streams:
    told: dict[str, Any] = {"group": GROUP, "currency": "EUR"}
    if topics is not None:
        told |= {"url": f"kafka://{topics.servers}", "sales_topic": topics.name("sales")}
        told |= {"items_topic": topics.name("items"), "group": topics.name(GROUP)}
    return Streams(store, clock or ManualClock(NOON), StreamsSettings(**told))


@contextmanager
def following(*members: Streams) -> Iterator[None]:
    with in_threads(*(member.run for member in members)):
        yield


def a_sale(number: int, **more: Any) -> dict[str, Any]:
    told = {"sale_id": f"s-{number}", "product_id": "MUG", "store_id": "north", "unit_price": "10.00"}
    return told | {"sold_at": NOON.isoformat()} | more


def a_record(offset: int, told: Any, topic: str = "sales", partition: int = 0) -> Record:
    value = told if isinstance(told, bytes) or told is None else orjson.dumps(told)
    return Record(topic, partition, offset, NOON, None, value)


def orders(store: Database) -> list[tuple[str, str, int, int]]:
    """Number, store, units and total of each order."""
    query = (
        select(Order.order_number, SalesChannel.code, func.sum(OrderItem.quantity), Order.total_minor)
        .join(SalesChannel, SalesChannel.id == Order.channel_id)
        .join(OrderItem, OrderItem.order_id == Order.id)
        .group_by(Order.id, SalesChannel.code)
        .order_by(Order.order_number)
    )
    with store.read() as tx:
        return [(row[0], row[1], int(row[2]), int(row[3])) for row in tx.execute(query)]


def stock(store: Database) -> dict[tuple[str, str], int]:
    """Units by product and store, which are always the sum of their movements."""
    levels = (
        select(Product.sku, Location.code, Stock.on_hand)
        .join(Product, Product.id == Stock.product_id)
        .join(Location, Location.id == Stock.location_id)
    )
    sums = (
        select(Product.sku, Location.code, func.sum(StockMovement.delta))
        .join(Product, Product.id == StockMovement.product_id)
        .join(Location, Location.id == StockMovement.location_id)
        .group_by(Product.sku, Location.code)
    )
    with store.read() as tx:
        found = {(str(sku), code): on_hand for sku, code, on_hand in tx.execute(levels)}
        assert found == {(str(sku), code): int(units) for sku, code, units in tx.execute(sums)}
    return found


# --- What a message does ---------------------------------------------------------------------------------------------


def test_a_sale_becomes_an_order_of_its_store_and_takes_its_units_off_the_shelf(store: Database) -> None:
    streams = streams_of(store)
    streams.take([a_record(0, {"id": "r-1", "product_id": "MUG", "store_id": "north", "amount": 40}, "items")])
    streams.take([a_record(0, a_sale(1, quantity=3)), a_record(1, a_sale(2, store_id="south", price=4.5))])
    assert orders(store) == [("s-1", "north", 3, 3000), ("s-2", "south", 1, 1000)]
    assert stock(store) == {("MUG", "north"): 37, ("MUG", "south"): -1}
    assert streams.position("sales", 0) == 2
    assert streams.dead_letter_count() == 0


def test_a_sale_without_a_price_is_booked_at_the_price_of_its_moment(store: Database) -> None:
    clock = ManualClock(NOON)
    streams = streams_of(store, clock=clock)
    streams.take([a_record(0, {"product_id": "MUG", "name": "Mug", "price": 10, "currency": "EUR"}, "items")])
    clock.advance(hours=2)
    streams.take([a_record(1, {"product_id": "MUG", "price": "12.50", "currency": "EUR"}, "items")])
    clock.advance(hours=2)
    when = {1: NOON - timedelta(hours=1), 2: NOON + timedelta(hours=1), 3: NOON + timedelta(hours=3)}
    told = [a_sale(number, unit_price=None, sold_at=at.isoformat()) for number, at in when.items()]
    streams.take([a_record(offset, one) for offset, one in enumerate(told)])
    assert [(number, total) for number, _, _, total in orders(store)] == [("s-1", 1000), ("s-2", 1000), ("s-3", 1250)]


def test_a_message_told_again_anywhere_changes_nothing(store: Database) -> None:
    streams = streams_of(store)
    receipt = {"id": "r-1", "product_id": "MUG", "store_id": "north", "amount": 9}
    streams.take([a_record(0, receipt, "items"), a_record(1, receipt, "items")])
    streams.take([a_record(0, a_sale(1)), a_record(1, a_sale(1))])
    streams.take([a_record(0, a_sale(1), partition=1)])
    streams.take([a_record(0, receipt, "items", partition=1)])
    assert len(orders(store)) == 1
    assert stock(store) == {("MUG", "north"): 8}


def test_a_batch_that_another_member_took_stores_nothing(store: Database) -> None:
    one, other = streams_of(store), streams_of(store)
    batch = [a_record(0, a_sale(1)), a_record(1, a_sale(2))]
    one.take(batch)
    with pytest.raises(PositionMoved):
        other.take([*batch, a_record(2, a_sale(3))])
    assert [number for number, *_ in orders(store)] == ["s-1", "s-2"]
    other.take([a_record(2, a_sale(3))])
    assert one.position("sales", 0) == 3


BAD = {
    b"{": "not JSON",
    b"[1]": "Send one object",
    b'"text"': "Send one object",
    b"\xff\xfe": "not JSON",
    b'{"store_id": "north"}': "product_id is missing",
    b'{"product_id": "MUG", "unit_price": "much"}': "not a price",
    b'{"product_id": "MUG", "unit_price": -1}': "a price is 0 or more",
    b'{"product_id": "MUG", "unit_price": 1, "quantity": 0}': "quantity is 0",
    b'{"product_id": "MUG", "unit_price": 1, "quantity": 1.5}': "not a whole number",
    b'{"product_id": "MUG", "unit_price": 1, "sold_at": "soon"}': "not a moment",
    b'{"product_id": "MUG", "unit_price": 1, "sold_at": "0001-01-01"}': "check the year",
    b'{"product_id": "MUG", "unit_price": 1, "currency": "GOLD"}': "GOLD",
    b'{"product_id": {"a": 1}, "unit_price": 1}': "not a text",
    b'{"product_id": "M\\u0000G", "unit_price": 1}': "NUL",
    b'{"product_id": "TEA"}': "has no price",
}


def test_a_message_that_cannot_be_booked_is_kept_with_its_reason_and_holds_up_no_other(store: Database) -> None:
    streams = streams_of(store)
    records = [a_record(offset, value) for offset, value in enumerate(BAD)]
    records.append(a_record(len(records), None))
    streams.take([*records, a_record(len(records), a_sale(1))])
    assert [number for number, *_ in orders(store)] == ["s-1"]
    assert streams.position("sales", 0) == len(BAD) + 2
    letters = {letter.value: letter for letter in streams.dead_letters()}
    assert letters.keys() == {*BAD, None}
    for value, reason in BAD.items():
        assert reason in letters[value].reason
    assert "The message is empty" in letters[None].reason
    assert letters[b"{"].place == "sales:0:0"


def test_dead_letters_are_booked_once_when_what_they_lacked_is_there(store: Database) -> None:
    streams = streams_of(store)
    sale = {"sale_id": "s-1", "product_id": "TEA", "store_id": "north"}
    streams.take([a_record(0, sale), a_record(1, b"{")])
    assert streams.replay() == streams.replay()
    assert streams.dead_letter_count() == 2
    streams.take([a_record(0, {"product_id": "TEA", "name": "Tea", "price": "3.20", "currency": "EUR"}, "items")])
    again = streams.replay()
    assert (again.booked, again.refused) == (1, 1)
    assert orders(store) == [("s-1", "north", 1, 320)]
    assert [letter.value for letter in streams.dead_letters()] == [b"{"]
    assert streams.replay([streams.dead_letters()[0].id]).booked == 0
    assert len(orders(store)) == 1


def test_what_breaks_in_the_middle_leaves_neither_effect_nor_position(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = streams_of(store)
    streams.take([a_record(0, a_sale(1))])

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Streams, "_letter", power_cut)
        with pytest.raises(KeyboardInterrupt):
            streams.take([a_record(1, a_sale(2)), a_record(2, b"{")])
    assert (len(orders(store)), streams.position("sales", 0)) == (1, 1)
    streams.take([a_record(1, a_sale(2)), a_record(2, b"{")])
    assert (len(orders(store)), streams.position("sales", 0), streams.dead_letter_count()) == (2, 3, 1)


MESSAGES = st.one_of(
    st.tuples(st.just("sales"), st.integers(1, 6), st.integers(1, 4)),
    st.tuples(st.just("items"), st.integers(1, 6), st.integers(1, 9)),
    st.tuples(st.just("bad"), st.just(0), st.just(0)),
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MESSAGES, max_size=25), st.randoms(use_true_random=False))
def test_any_order_of_messages_repeated_and_cut_anyhow_gives_the_same_books(
    store: Database, told: list[tuple[str, int, int]], chance: Any
) -> None:
    """Each number stands for one message: told twice, it counts once, and its first telling counts."""
    run = uuid.uuid4().hex[:12]
    streams = Streams(store, ManualClock(NOON), StreamsSettings(group=f"g{run}", currency="EUR"))
    sku, sold, came = f"SKU{run}", dict[int, int](), dict[int, int]()
    offsets = {"sales": 0, "items": 0}
    batches: dict[str, list[Record]] = {"sales": [], "items": []}
    for kind, number, units in told:
        topic = "items" if kind == "items" else "sales"
        if kind == "sales":
            first = sold.setdefault(number, units)
            message: Any = a_sale(number, sale_id=f"{run}-{number}", product_id=sku, quantity=first)
        elif kind == "items":
            first = came.setdefault(number, units)
            message = {"id": f"{run}-{number}", "product_id": sku, "store_id": "north", "amount": first}
        else:
            message = b"{"
        batches[topic].append(a_record(offsets[topic], message, topic))
        offsets[topic] += 1
        if chance.random() < 0.4:
            streams.take(batches[topic])
            batches[topic] = []
    for left in batches.values():
        if left:
            streams.take(left)
    assert stock(store).get((sku, "north"), 0) == sum(came.values()) - sum(sold.values())
    assert len([one for one in orders(store) if one[0].startswith(f"{run}-")]) == len(sold)
    assert streams.dead_letter_count() == sum(kind == "bad" for kind, *_ in told)


# --- With a real broker ----------------------------------------------------------------------------------------------


def test_messages_of_many_partitions_are_booked_as_they_come_and_once_after_a_restart(
    store: Database, topics: Topics
) -> None:
    topics.make("sales", 3)
    topics.make("items", 2)
    for number in range(30):
        topics.send("sales", a_sale(number, quantity=2), partition=number % 3)
    topics.send("items", *({"id": n, "product_id": "MUG", "store_id": "north", "amount": 10} for n in range(20)))
    topics.send("sales", b"{", a_sale(3, quantity=2), partition=0)
    with following(streams := streams_of(store, topics)):
        wait_until(lambda: len(orders(store)) == 30 and streams.dead_letter_count() == 1)
        wait_until(lambda: stock(store) == {("MUG", "north"): 200 - 60})
    for number in range(30, 40):
        topics.send("sales", a_sale(number), partition=number % 3)
    with following(again := streams_of(store, topics)):
        wait_until(lambda: len(orders(store)) == 40)
        wait_until(lambda: again.follower is not None and sum(again.follower.lag.values()) == 0)
    assert stock(store) == {("MUG", "north"): 200 - 60 - 10}
    assert again.dead_letter_count() == 1


def test_a_topic_that_is_not_there_yet_holds_up_no_other(store: Database, topics: Topics) -> None:
    topics.make("sales")
    topics.send("sales", a_sale(1))
    with following(streams_of(store, topics)):
        wait_until(lambda: len(orders(store)) == 1)
        topics.make("items")
        topics.send("items", {"id": 1, "product_id": "MUG", "store_id": "north", "amount": 5})
        wait_until(lambda: stock(store) == {("MUG", "north"): 4})


@pytest.mark.slow
def test_members_that_come_and_go_share_the_partitions_and_book_each_message_once(
    store: Database, topics: Topics
) -> None:
    topics.make("sales", 4)
    topics.make("items")
    done = threading.Event()

    def sell() -> None:
        for number in range(200):
            topics.send("sales", a_sale(number), partition=number % 4)
        done.set()

    seller = threading.Thread(target=sell)
    seller.start()
    with following(streams_of(store, topics)):
        while not done.is_set():
            with following(streams_of(store, topics)):
                done.wait(2.0)
        wait_until(lambda: len(orders(store)) == 200)
    seller.join()
    assert stock(store) == {("MUG", "north"): -200}


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_broker_that_is_killed_and_comes_back_costs_no_message_and_books_none_twice(
    store: Database, broker: Broker
) -> None:
    topics = Topics(broker.servers)
    topics.make("sales", 2)
    topics.make("items")
    with following(streams_of(store, topics)):
        topics.send("sales", *(a_sale(number) for number in range(50)))
        wait_until(lambda: len(orders(store)) > 0)
        broker.kill()
        broker.start()
        topics.send("sales", *(a_sale(number) for number in range(40, 100)))
        wait_until(lambda: len(orders(store)) == 100)
    assert stock(store) == {("MUG", "north"): -100}
