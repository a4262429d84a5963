"""Parcels: never more than was ordered, and the order's state follows what they say."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from tests.commerce.shopfront import ADA, CLERK, Front
from tests.commerce.test_races import at_once
from tests.spine import NOON, rows_of, total
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.inventory.model import Stock
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.orders.handling import PartlyShipped, add_note, move_order, notes_of
from tradewind.commerce.orders.model import Order, OrderChange
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.shipping.model import Shipment, ShipmentLine
from tradewind.commerce.shipping.shipments import (
    NotShippable,
    ShipmentView,
    TooManyUnits,
    Tracking,
    cancel_shipment,
    deliver,
    open_units,
    ship,
    shipments_of,
    track,
)
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput


@pytest.fixture
def front(store: Database) -> Front:
    return Front.open(store)


def sold(front: Front, **units: int) -> str:
    """A confirmed order of these goods."""
    for sku in units:
        front.product(sku, "10.00", stock=50)
    return front.place(front.filled(units), provider="manual", email="ada@example.com", shipping_address=ADA).order_id


def send(front: Front, order_id: str, units: dict[int, int] | None = None) -> ShipmentView:
    with front.database.write() as tx:
        return ship(tx, order_id, units, actor=CLERK, now=NOON)


def state(front: Front, order_id: str) -> tuple[str, str]:
    with front.database.read() as tx:
        order = tx.get_one(Order, order_id)
        return order.status, order.fulfillment_status


def test_the_order_follows_its_parcels(front: Front) -> None:
    order_id = sold(front, MUG=3, CAP=1)
    first = send(front, order_id, {1: 2})
    assert state(front, order_id) == ("processing", "partial")
    with front.database.read() as tx:
        assert open_units(tx, order_id) == {1: 1, 2: 1}
    second = send(front, order_id)
    assert second.lines == ((1, 1), (2, 1))
    assert state(front, order_id) == ("shipped", "fulfilled")
    for parcel, expected in ((first, "shipped"), (first, "shipped"), (second, "delivered")):
        with front.database.write() as tx:
            deliver(tx, parcel.shipment_id, actor=CLERK, now=NOON)
        assert state(front, order_id)[0] == expected
    with front.database.read() as tx:
        assert [parcel.status for parcel in shipments_of(tx, order_id)] == ["delivered", "delivered"]
        steps = tx.scalars(select(OrderChange.status).order_by(OrderChange.id)).all()
        assert steps == ["confirmed", "processing", "shipped", "delivered"]
        assert total(tx, Stock.on_hand) == 96  # they left the shelf once, when the order was confirmed
        assert tx.scalar(select(func.count()).select_from(Mail).where(Mail.kind == "shipment")) == 2


def test_never_more_than_was_ordered(front: Front) -> None:
    order_id = sold(front, MUG=3)
    send(front, order_id, {1: 2})
    for units, refusal, words in (
        ({1: 2}, TooManyUnits, "has 1 units left to send, not 2"),
        ({2: 1}, InvalidInput, "has no goods on line 2. Its lines of goods: 1"),
        ({1: 0}, InvalidInput, "0 units cannot be sent"),
    ):
        with pytest.raises(refusal, match=words):
            send(front, order_id, units)
    send(front, order_id)
    with pytest.raises(NotShippable, match=r"is shipped"):
        send(front, order_id)


def test_two_packers_at_once_send_each_unit_once(front: Front) -> None:
    order_id = sold(front, MUG=5)
    failures = at_once(*[partial(send, front, order_id, {1: 2}) for _ in range(4)])
    assert {type(failure) for failure in failures} == {TooManyUnits}
    with front.database.read() as tx:
        assert total(tx, ShipmentLine.quantity) == 4
        assert rows_of(tx, Shipment) == 2


def test_an_order_that_is_not_paid_is_not_shipped(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=1))
    with pytest.raises(NotShippable, match=r"is pending"):
        send(front, placed.order_id)


def test_a_part_that_left_stands_against_cancelling_until_it_is_taken_back(front: Front) -> None:
    order_id = sold(front, MUG=3)
    parcel = send(front, order_id, {1: 1})
    with pytest.raises(PartlyShipped), front.database.write() as tx:
        cancel_order(tx, order_id, actor=CLERK, now=NOON)
    with front.database.write() as tx:
        cancel_shipment(tx, parcel.shipment_id, actor=CLERK, now=NOON)
    assert state(front, order_id) == ("processing", "unfulfilled")
    with front.database.read() as tx:
        assert open_units(tx, order_id) == {1: 3}
    with front.database.write() as tx:
        cancel_order(tx, order_id, actor=CLERK, now=NOON)
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 50


def test_a_parcel_of_an_order_that_is_all_sent_is_not_taken_back(front: Front) -> None:
    parcel = send(front, sold(front, MUG=1))
    with pytest.raises(Conflict, match="Use a return instead"), front.database.write() as tx:
        cancel_shipment(tx, parcel.shipment_id, actor=CLERK, now=NOON)


def test_services_need_no_parcel(front: Front) -> None:
    front.product("WRAP", "2.00", kind="service")
    front.product("MUG", "10.00", stock=5)
    order_id = front.place(front.cart(MUG=1, WRAP=1), provider="manual").order_id
    parcel = send(front, order_id)
    assert len(parcel.lines) == 1
    assert state(front, order_id) == ("shipped", "fulfilled")


def test_tracking_is_kept_and_checked(front: Front) -> None:
    parcel = send(front, sold(front, MUG=1))
    told = Tracking("DHL", "0034", "https://carrier.example.com/0034")
    with front.database.write() as tx:
        found = track(tx, parcel.shipment_id, told, actor=CLERK, now=NOON)
    assert (found.carrier, found.tracking_number, found.tracking_url) == ("DHL", "0034", told.tracking_url)
    with pytest.raises(InvalidInput, match="has to begin with https"):
        Tracking(tracking_url="javascript:alert(1)")


def test_an_order_moved_to_shipped_by_hand_has_sent_everything(front: Front) -> None:
    order_id = sold(front, MUG=3)
    with front.database.write() as tx:
        move_order(tx, order_id, OrderStatus.SHIPPED, actor=CLERK, now=NOON)
        assert open_units(tx, order_id) == {1: 0}


def test_notes_are_kept_in_order(front: Front) -> None:
    order_id = sold(front, MUG=1)
    for text in ("first", "second"):
        with front.database.write() as tx:
            add_note(tx, order_id, text, actor=CLERK, now=NOON)
    with front.database.read() as tx:
        assert [(note.text, note.author) for note in notes_of(tx, order_id)] == [
            ("first", "clerk"),
            ("second", "clerk"),
        ]
    with pytest.raises(InvalidInput, match="The note is empty"), front.database.write() as tx:
        add_note(tx, order_id, "  ", actor=CLERK, now=NOON)
