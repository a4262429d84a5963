"""The life of an order: which step may follow which, and what a refusal says."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, an_order, rows_of, total
from tradewind.commerce.booking import Origin
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.model import Order, OrderChange
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import (
    SOLD,
    IllegalTransition,
    OrderStatus,
    check_transition,
    fulfillment_of,
    next_states,
    parse_status,
)
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound

ENDS = {OrderStatus.CANCELLED, OrderStatus.REFUNDED}


def test_every_state_can_be_reached_and_every_life_ends() -> None:
    reached, to_see = set[OrderStatus](), [OrderStatus.PENDING]
    while to_see:
        state = to_see.pop()
        if state not in reached:
            reached.add(state)
            to_see.extend(next_states(state))
    assert reached == set(OrderStatus)
    assert {state for state in OrderStatus if not next_states(state)} == ENDS
    assert not SOLD & {OrderStatus.PENDING, *ENDS}


def test_a_step_that_is_not_in_the_table_is_refused_with_the_steps_that_are() -> None:
    with pytest.raises(IllegalTransition, match=r"Order A is shipped and cannot become pending") as refused:
        check_transition("A", OrderStatus.SHIPPED, OrderStatus.PENDING)
    assert refused.value.allowed == (OrderStatus.DELIVERED, OrderStatus.REFUNDED)
    assert "It may become delivered, refunded." in str(refused.value)
    with pytest.raises(IllegalTransition, match=r"nothing: this state is final"):
        check_transition("A", OrderStatus.CANCELLED, OrderStatus.CONFIRMED)


def test_a_word_that_is_no_state_is_answered_with_the_states() -> None:
    assert parse_status(" Shipped ") is OrderStatus.SHIPPED
    with pytest.raises(InvalidInput, match=r"'sent' is not an order status. Use one of: pending, confirmed"):
        parse_status("sent")


def test_fulfilment_follows_where_the_source_does_not_say() -> None:
    assert {state: fulfillment_of(state) for state in (OrderStatus.PENDING, OrderStatus.SHIPPED, *ENDS)} == {
        OrderStatus.PENDING: "unfulfilled",
        OrderStatus.SHIPPED: "fulfilled",
        OrderStatus.CANCELLED: "none",
        OrderStatus.REFUNDED: "unfulfilled",
    }


def test_an_order_walks_its_way_and_leaves_a_history(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", status=OrderStatus.PENDING))
    assert booked.id is not None
    for status in (OrderStatus.CONFIRMED, OrderStatus.PROCESSING, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        with store.write() as tx:
            change_status(tx, booked.id, status, now=NOON, note=f"now {status}")
    with store.read() as tx:
        order = tx.get_one(Order, booked.id)
        history = tx.scalars(select(OrderChange).order_by(OrderChange.id)).all()
        assert (order.status, order.version, order.fulfillment_status) == ("delivered", 5, "fulfilled")
        assert [change.status for change in history] == ["pending", "confirmed", "processing", "shipped", "delivered"]
        assert history[1].previous_status == "pending"
        assert (history[1].origin, history[1].note) == (Origin.MANUAL, "now confirmed")


def test_an_illegal_step_leaves_nothing_behind(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", status=OrderStatus.SHIPPED))
    assert booked.id is not None
    with pytest.raises(IllegalTransition), store.write() as tx:
        change_status(tx, booked.id, OrderStatus.PENDING, now=NOON)
    with pytest.raises(NotFound, match=r"There is no order nowhere"), store.write() as tx:
        change_status(tx, "nowhere", OrderStatus.SHIPPED, now=NOON)
    with store.read() as tx:
        assert tx.get_one(Order, booked.id).version == 1
        assert rows_of(tx, OrderChange) == 1


def test_goods_leave_with_the_sale_and_come_back_with_the_cancellation(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", a_line("MUG", 3), status=OrderStatus.PENDING))
    assert booked.id is not None
    with store.read() as tx:
        assert rows_of(tx, StockMovement) == 0  # a pending order takes nothing
    (booked,) = shop.book(an_order("A", a_line("MUG", 3)))
    assert booked.id is not None
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == -3
    with store.write() as tx:
        change_status(tx, booked.id, OrderStatus.CANCELLED, now=NOON)
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == 0
        assert set(tx.scalars(select(StockMovement.reason))) == {"sale", "cancellation"}


def test_refunding_an_order_does_not_by_itself_bring_goods_back(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", a_line("MUG", 3), status=OrderStatus.DELIVERED))
    assert booked.id is not None
    with store.write() as tx:
        change_status(tx, booked.id, OrderStatus.REFUNDED, now=NOON)
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == -3
