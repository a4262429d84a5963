"""Goods and money on their way back: never more than was sent, never more than came in, and it all adds up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.commerce.shopfront import CLERK, Front
from tests.spine import NOON, rows_of, total
from tradewind.commerce.checkout.service import Placed
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.orders.handling import HasRefunds, move_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.allocation import LineWorth, OrderWorth, RefundParts, by_amount, by_units
from tradewind.commerce.payments.model import ProviderRefund, Refund, RefundItem
from tradewind.commerce.payments.order_refunds import OrderRefund, RefundAsked, refund_order
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.shipping.returns import (
    IllegalReturnStep,
    ReturnStatus,
    find_return,
    move_return,
    receive_return,
    refund_return,
    request_return,
    returns_page,
)
from tradewind.commerce.shipping.shipments import TooManyUnits, ship
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

AMOUNTS = st.integers(0, 100_000)
EVERYTHING = RefundAsked()


@pytest.fixture
def front(store: Database) -> Front:
    return Front.open(store)


def sent(front: Front, units: Mapping[int, int] | None = None, **bought: int) -> Placed:
    """An order that is paid and on its way, as far as `units` say."""
    for sku in bought:
        front.product(sku, "10.00", stock=50)
    placed = front.place(front.filled(bought))
    front.pay(placed)
    with front.database.write() as tx:
        ship(tx, placed.order_id, units, actor=CLERK, now=NOON)
    return placed


def refund(front: Front, placed: Placed, asked: RefundAsked = EVERYTHING) -> OrderRefund:
    """Asks the money back, and lets the provider do it."""
    with front.database.write() as tx:
        done = refund_order(tx, placed.order_id, asked, actor=CLERK, now=NOON)
    for wish in done.wishes:
        with front.database.read() as tx:
            amount = tx.get_one(ProviderRefund, wish).amount_minor
        front.send_back(placed, wish, amount)
    return done


def test_what_comes_back_is_looked_at_and_goes_on_the_shelf_or_not(front: Front) -> None:
    placed = sent(front, MUG=3)
    with front.database.write() as tx:
        made = request_return(tx, placed.order_id, {1: 2}, reason="too small", actor=CLERK, now=NOON)
        move_return(tx, made.return_id, ReturnStatus.APPROVED, actor=CLERK, now=NOON)
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 47
    with front.database.write() as tx:
        received = receive_return(tx, made.return_id, {1: 1}, actor=CLERK, now=NOON)
        assert [(line.quantity, line.restocked) for line in received.lines] == [(2, 1)]
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 48
        assert tx.scalars(select(StockMovement.delta).where(StockMovement.reason == "return")).all() == [1]
    with front.database.write() as tx:
        done = refund_return(tx, made.return_id, actor=CLERK, now=NOON)
        assert done.amount_minor == 2000
        assert find_return(tx, made.return_id).status == "refunded"
    with pytest.raises(IllegalReturnStep, match="nothing: this state is final"), front.database.write() as tx:
        refund_return(tx, made.return_id, actor=CLERK, now=NOON)
    with front.database.read() as tx:
        assert total(tx, ProviderRefund.amount_minor) == 2000


def test_never_more_comes_back_than_was_sent(front: Front) -> None:
    placed = sent(front, {1: 2}, MUG=3)
    with front.database.write() as tx:
        request_return(tx, placed.order_id, {1: 1}, actor=CLERK, now=NOON)
    told = r"1 units can come back, not 2: 2 were sent, 1 are in returns"
    with pytest.raises(TooManyUnits, match=told), front.database.write() as tx:
        request_return(tx, placed.order_id, {1: 2}, actor=CLERK, now=NOON)
    with front.database.write() as tx:
        other = request_return(tx, placed.order_id, {1: 1}, actor=CLERK, now=NOON)
        move_return(tx, other.return_id, ReturnStatus.REJECTED, actor=CLERK, now=NOON)
        request_return(tx, placed.order_id, {1: 1}, actor=CLERK, now=NOON)
        with pytest.raises(InvalidInput, match="has 1 units of line 1; 2 cannot go on the shelf"):
            receive_return(tx, returns_page(tx, limit=1).items[0].return_id, {1: 2}, actor=CLERK, now=NOON)
        assert [view.status for view in returns_page(tx, limit=9, order_id=placed.order_id).items] == [
            "requested",
            "rejected",
            "requested",
        ]


def test_a_refund_takes_revenue_off_when_the_money_goes(front: Front) -> None:
    front.tax("19", inclusive=True)
    placed = sent(front, MUG=3)
    with front.database.read() as tx:
        before = front.revenue(tx)
    with front.database.write() as tx:
        done = refund_order(tx, placed.order_id, RefundAsked({1: 1}), actor=CLERK, now=NOON)
    with front.database.read() as tx:
        assert front.revenue(tx) == before
        assert rows_of(tx, Refund) == 0
    front.send_back(placed, done.wishes[0], done.amount_minor)
    with front.database.read() as tx:
        note = tx.scalars(select(Refund)).one()
        assert (note.amount_minor, note.tax_minor, note.items_minor, note.units) == (1000, 160, 840, 1)
        assert before - front.revenue(tx) == Decimal(note.items_minor) / 100
        assert tx.get_one(Order, placed.order_id).payment_status == "partially_refunded"
        assert tx.scalars(select(RefundItem.order_line_no)).all() == [1]


def test_never_more_goes_back_than_came_in(front: Front) -> None:
    placed = sent(front, MUG=3)
    refund(front, placed, RefundAsked(amount_minor=2500))
    with pytest.raises(RefundExceedsPayment, match=r"6.00 EUR cannot go back: .* 5.00 EUR can still"):
        refund(front, placed, RefundAsked(amount_minor=600))
    assert refund(front, placed, RefundAsked({1: 3})).amount_minor == 500
    with pytest.raises(RefundExceedsPayment):
        refund(front, placed)
    with front.database.read() as tx:
        assert total(tx, Refund.amount_minor) == 3000
        assert tx.get_one(Order, placed.order_id).payment_status == "refunded"
        assert front.revenue(tx) == 0


def test_money_that_is_on_its_way_is_not_given_twice(front: Front) -> None:
    placed = sent(front, MUG=2)
    with front.database.write() as tx:
        refund_order(tx, placed.order_id, RefundAsked({1: 1}), actor=CLERK, now=NOON)
        refund_order(tx, placed.order_id, RefundAsked({1: 1}), actor=CLERK, now=NOON)
        with pytest.raises(InvalidInput, match="has 0 units left to refund, not 1"):
            refund_order(tx, placed.order_id, RefundAsked({1: 1}), actor=CLERK, now=NOON)
        with pytest.raises(RefundExceedsPayment):
            refund_order(tx, placed.order_id, RefundAsked(amount_minor=1), actor=CLERK, now=NOON)


def test_an_order_with_refunds_is_not_taken_off_revenue_as_a_whole(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2))
    front.pay(placed)
    refund(front, placed, RefundAsked({1: 1}))
    for status in (OrderStatus.CANCELLED, OrderStatus.REFUNDED):
        with pytest.raises(HasRefunds), front.database.write() as tx:
            move_order(tx, placed.order_id, status, actor=CLERK, now=NOON)


def test_an_unpaid_order_has_nothing_to_give_back(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2), provider="manual")
    with pytest.raises(RefundExceedsPayment):
        refund(front, placed)


def test_the_worked_numbers_of_the_page() -> None:
    worth = OrderWorth([LineWorth(1, 3, 1000, 0)], 0, 0)
    amounts = []
    for _ in range(3):
        parts = by_units(worth, {1: 1})
        amounts.append(parts.amount)
        worth = after(worth, parts)
    assert amounts == [333, 334, 333]
    parts = by_amount(OrderWorth([LineWorth(1, 1, 8000, 1500)], 500, 0), 1000)
    assert (parts.lines[0].amount, parts.shipping, parts.tax) == (800, 50, 150)


@st.composite
def worths(draw: st.DrawFn) -> OrderWorth:
    lines = [
        LineWorth(number, draw(st.integers(1, 12)), draw(AMOUNTS), draw(AMOUNTS))
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return OrderWorth(lines, draw(AMOUNTS), draw(AMOUNTS))


def after(worth: OrderWorth, parts: RefundParts) -> OrderWorth:
    """The order once these parts have gone back."""
    back = {part.line_no: part for part in parts.lines}
    lines = [
        LineWorth(
            line.line_no,
            line.units,
            line.revenue,
            line.tax,
            line.refunded_units + (back[line.line_no].units if line.line_no in back else 0),
            line.refunded + (back[line.line_no].amount if line.line_no in back else 0),
        )
        for line in worth.lines
    ]
    return OrderWorth(
        lines,
        worth.shipping,
        worth.shipping_tax,
        worth.refunded_shipping + parts.shipping,
        worth.refunded_tax + parts.tax,
    )


@given(worths(), st.data())
def test_units_refunded_one_after_the_other_are_the_order_to_the_cent(worth: OrderWorth, data: st.DataObject) -> None:
    whole, given_back = worth.left, 0
    while any(line.left_units for line in worth.lines) or worth.left_shipping:
        units = {line.line_no: data.draw(st.integers(0, line.left_units)) for line in worth.lines if line.left_units}
        units = {line: count for line, count in units.items() if count}
        with_shipping = data.draw(st.booleans())
        if not units:
            units, with_shipping = {line.line_no: line.left_units for line in worth.lines if line.left_units}, True
        parts = by_units(worth, units, with_shipping=with_shipping)
        assert min(parts.shipping, parts.tax, *(part.amount for part in parts.lines), 0) == 0
        worth, given_back = after(worth, parts), given_back + parts.amount
    # Tax of a shipping that cost nothing has no unit to go back with.
    left = worth.shipping_tax if worth.shipping == 0 else 0
    assert given_back == whole - min(left, worth.left_tax)
    assert worth.left == min(left, worth.left_tax)


@given(worths(), st.data())
def test_amounts_spread_over_what_is_left_never_give_back_more(worth: OrderWorth, data: st.DataObject) -> None:
    whole, given_back = worth.left, 0
    for _ in range(4):
        amount = data.draw(st.integers(0, worth.left))
        parts = by_amount(worth, amount)
        assert parts.amount == amount
        assert all(
            part.amount <= line.left for part in parts.lines for line in worth.lines if line.line_no == part.line_no
        )
        worth, given_back = after(worth, parts), given_back + amount
    assert given_back + worth.left == whole
    assert by_amount(worth, worth.left).amount == worth.left


@given(worths(), st.data())
def test_units_after_amounts_stay_within_what_is_left(worth: OrderWorth, data: st.DataObject) -> None:
    worth = after(worth, by_amount(worth, data.draw(st.integers(0, worth.left))))
    parts = by_units(worth, {line.line_no: line.units for line in worth.lines}, with_shipping=True)
    assert parts.amount <= worth.left
    assert after(worth, parts).left >= 0
