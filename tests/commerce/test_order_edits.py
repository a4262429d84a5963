"""An order is changed before it leaves: amounts, stock, figures and what is owed follow, or nothing changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.commerce.shopfront import CLERK, Front
from tests.spine import NOON, total
from tradewind.commerce.checkout.editing import Edited, NewItem, NotEditable, OrderEdit, edit_order
from tradewind.commerce.checkout.service import Placed
from tradewind.commerce.inventory.model import Reservation, Stock
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.orders.handling import HasRefunds
from tradewind.commerce.orders.model import Order, OrderDiscount, OrderItem
from tradewind.commerce.payments.model import ProviderRefund, Refund
from tradewind.commerce.payments.order_refunds import RefundAsked, refund_order
from tradewind.commerce.shipping.shipments import ship
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput


@pytest.fixture
def front(store: Database) -> Front:
    return Front.open(store)


def paid(front: Front, **units: int) -> Placed:
    for sku in units:
        front.product(sku, "10.00", stock=10)
    placed = front.place(front.filled(units))
    front.pay(placed)
    return placed


def edit(front: Front, placed: Placed, quantities: dict[int, int], *added: NewItem, **more: Any) -> Edited:
    with front.database.write() as tx:
        return edit_order(tx, placed.order_id, OrderEdit(quantities, added, **more), actor=CLERK, now=NOON)


def check_sums(front: Front, placed: Placed) -> Order:
    """The order is the sum of its lines, and the figures are what the order says."""
    with front.database.read() as tx:
        order = tx.get_one(Order, placed.order_id)
        lines = tx.scalars(select(OrderItem).where(OrderItem.order_id == order.id)).all()
        on_top = 0 if order.prices_include_tax else order.tax_minor
        assert order.total_minor == sum(line.total_minor for line in lines) + order.shipping_minor + on_top
        assert order.units == sum(line.quantity for line in lines)
        assert front.revenue(tx) * 100 == order.revenue_minor == sum(line.revenue_minor for line in lines)
        discounts = total(tx, OrderDiscount.amount_minor)
        assert discounts == order.discount_minor
        assert total(tx, Reservation.quantity) == total(tx, Stock.reserved) == 0
        tx.expunge(order)
        return order


def test_fewer_units_bring_goods_and_money_back(front: Front) -> None:
    front.tax("19", inclusive=True)
    placed = paid(front, MUG=3)
    edited = edit(front, placed, {1: 2})
    assert (edited.total_minor, edited.due_minor) == (2000, -1000)
    order = check_sums(front, placed)
    assert order.tax_minor == 319
    with front.database.write() as tx:
        assert total(tx, Stock.on_hand) == 8
        done = refund_order(tx, placed.order_id, RefundAsked(amount_minor=1000), actor=CLERK, now=NOON)
        # The edit took the revenue off already: the money goes back without a credit note.
        assert (done.unearned_minor, done.parts.amount) == (1000, 0)
    front.send_back(placed, done.wishes[0], 1000)
    check_sums(front, placed)
    with front.database.read() as tx:
        assert tx.scalars(select(Refund)).all() == []
        assert tx.scalars(select(ProviderRefund.status)).all() == ["done"]


def test_more_units_and_new_lines_need_stock_and_cost_more(front: Front) -> None:
    placed = paid(front, MUG=3)
    front.product("CAP", "5.00", stock=1)
    edited = edit(front, placed, {1: 4}, NewItem("CAP", 1))
    assert (edited.total_minor, edited.due_minor) == (4500, 1500)
    order = check_sums(front, placed)
    assert order.payment_status == "partially_paid"
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 6
    with pytest.raises(InsufficientStock, match=r"CAP: asked 1, available 0"):
        edit(front, placed, {}, NewItem("CAP", 1))
    check_sums(front, placed)


def test_discounts_follow_the_quantity(front: Front) -> None:
    front.product("MUG", "10.00", stock=10)
    front.promotion(None, percent=Decimal(10))
    placed = front.place(front.cart(MUG=3))
    front.pay(placed)
    assert placed.total_minor == 2700
    assert edit(front, placed, {1: 1}).total_minor == 900
    check_sums(front, placed)


def test_tax_on_top_and_the_price_of_shipping(front: Front) -> None:
    front.tax("10", inclusive=False)
    placed = paid(front, MUG=2)
    assert placed.total_minor == 2200
    assert edit(front, placed, {1: 1}, shipping_minor=500).total_minor == 1000 + 100 + 500
    check_sums(front, placed)


def test_what_was_sent_stays(front: Front) -> None:
    placed = paid(front, MUG=3)
    with front.database.write() as tx:
        ship(tx, placed.order_id, {1: 2}, actor=CLERK, now=NOON)
    with pytest.raises(NotEditable, match=r"2 units of line 1 .* have been sent"):
        edit(front, placed, {1: 1})
    edit(front, placed, {1: 2})
    check_sums(front, placed)


def test_an_order_with_credit_notes_or_gone_is_not_changed(front: Front) -> None:
    placed = paid(front, MUG=3)
    with front.database.write() as tx:
        done = refund_order(tx, placed.order_id, RefundAsked({1: 1}), actor=CLERK, now=NOON)
    with pytest.raises(HasRefunds):  # the money is on its way, and its credit note with it
        edit(front, placed, {1: 1})
    front.send_back(placed, done.wishes[0], 1000)
    with pytest.raises(HasRefunds):
        edit(front, placed, {1: 1})
    other = front.place(front.cart(MUG=1))
    with pytest.raises(NotEditable, match="is pending"):
        edit(front, other, {1: 2})


def test_nothing_left_or_unknown_is_refused(front: Front) -> None:
    placed = paid(front, MUG=3)
    for quantities, added, words in (
        ({1: 0}, (), "Cancel it instead"),
        ({7: 1}, (), "has no line 7. Its lines: 1"),
        ({}, (NewItem("NONE", 1),), "There is no product NONE"),
    ):
        with pytest.raises(InvalidInput, match=words):
            edit(front, placed, quantities, *added)
    with pytest.raises(InvalidInput, match="Nothing is to be changed"):
        OrderEdit({})
    check_sums(front, placed)
