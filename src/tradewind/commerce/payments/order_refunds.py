"""Use case: money back for one of our own orders, in whole or in part, never more than came in.

A refund of what was sold comes off revenue, line by line, by a credit note on the day the money goes. Money that
the order is not worth any more (it was made smaller, cancelled, or paid twice) goes back without one: its revenue
is off already. The money itself is wished back from those who took it; see `payback`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import Product, ProductKind
from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.service import set_payment_status
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.orders.writing import lock_order
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.allocation import LinePart, LineWorth, OrderWorth, RefundParts, by_amount, by_units
from tradewind.commerce.payments.held import Held, Money, booking_of
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund, Refund, RefundItem
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.payments.providers.port import RefundStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.money import exponent, line_amount, micros_to_decimal, to_decimal, to_micros, to_minor
from tradewind.core.text import check_text
from tradewind.core.whole import check_whole

_NOTE = TypeAdapter(NewRefund)
CAPTURED = "captured"
"""State of a payment that is ours."""


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """What to give back: units by line number (and shipping), or an amount, or everything that is left."""

    units: Mapping[int, int] | None = None
    with_shipping: bool = False
    amount_minor: int | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        check_text(self.reason, 200, field="reason", of="the refund")
        if self.amount_minor is not None and (self.units or self.with_shipping):
            raise InvalidInput("A refund is of units and shipping, or of an amount; not of both.", field="amount")
        if self.amount_minor is not None and self.amount_minor <= 0:
            raise InvalidInput("The amount of a refund is above zero.", field="amount")
        for line, count in (self.units or {}).items():
            if count <= 0:
                raise InvalidInput(f"Line {line}: {count} units cannot be refunded.", field="lines")


@dataclass(frozen=True, slots=True)
class OrderRefund:
    """What was set going. Parts add up to `amount_minor`; what is `unearned_minor` takes nothing off revenue."""

    amount_minor: int
    unearned_minor: int
    currency: str
    parts: RefundParts
    wishes: tuple[str, ...] = ()
    """Ids under which the money is asked back; empty where no provider of ours took it."""
    refund_id: str | None = None
    """The credit note, where it is booked already."""


def left_to_refund(tx: Session, order: Order) -> int:
    """What came in for an order and neither went back nor is on its way, in minor units."""
    intents = _intents(tx, order)
    if intents:
        return sum(payback.refundable(tx, intent) for intent in intents)
    money = _told_money(tx, order)
    return max(0, money.captured - money.refunded)


def worth_of(tx: Session, order: Order) -> OrderWorth:
    """What the order was sold for and what went back of it or is on its way. Nothing, while it is not sold."""
    if order.status not in SOLD or order.is_test:
        return OrderWorth((), 0, 0)
    sums = select(func.sum(Refund.shipping_minor), func.sum(Refund.tax_minor)).where(Refund.order_id == order.id)
    shipping_back, tax_back = (int(part or 0) for part in tx.execute(sums).one())
    units: dict[int | None, int] = defaultdict(int)
    amounts: dict[int | None, int] = defaultdict(int)
    query = select(RefundItem).join(Refund, Refund.id == RefundItem.refund_id).where(Refund.order_id == order.id)
    for back in tx.scalars(query):
        units[back.order_line_no] += back.quantity
        amounts[back.order_line_no] += back.amount_minor
    for note in open_notes(tx, order):
        shipping_back += to_minor(note.shipping, order.currency)
        tax_back += to_minor(note.tax, order.currency)
        for line in note.lines:
            units[line.order_line_no] += line.quantity
            price = to_micros(line.unit_price)
            amounts[line.order_line_no] += line_amount(price, max(line.quantity, 1), order.currency)
    items = tx.scalars(select(OrderItem).where(OrderItem.order_id == order.id).order_by(OrderItem.line_no)).all()
    lines = [
        LineWorth(i.line_no, i.quantity, i.revenue_minor, i.tax_minor, units[i.line_no], amounts[i.line_no])
        for i in items
    ]
    shipping_tax = max(0, order.tax_minor - sum(line.tax for line in lines))
    shipping = order.shipping_minor + order.other_minor - (shipping_tax if order.prices_include_tax else 0)
    return OrderWorth(lines, max(0, shipping), shipping_tax, shipping_back, tax_back)


def open_notes(tx: Session, order: Order) -> list[NewRefund]:
    """Credit notes whose money is on its way."""
    query = (
        select(ProviderRefund.credit_note)
        .join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
        .where(
            PaymentIntent.order_id == order.id,
            ProviderRefund.status.in_([RefundStatus.ASKED, RefundStatus.PENDING]),
            ProviderRefund.credit_note.is_not(None),
        )
    )
    notes: Sequence[Any] = tx.scalars(query).all()
    return [_NOTE.validate_python(note) for note in notes]


def refund_order(
    tx: Session, order_id: str, asked: RefundAsked = RefundAsked(), *, actor: Actor, now: datetime
) -> OrderRefund:
    """Gives money back. Raises NotFound, RefundExceedsPayment, or InvalidInput for a line or units that are not there.

    No units move: goods that come back do so as a return, goods that never left are taken off the order.
    """
    order = lock_order(tx, order_id)
    unearned, parts = _plan(tx, order, asked)
    amount = parts.amount + unearned
    wishes: tuple[str, ...] = ()
    refund_id = None
    intents = _intents(tx, order)
    # A note whose money is asked back gets the id of the wish as its number, once the money has gone.
    number = "asked" if intents else take_number(tx, "refund", prefix="R-")
    note = _credit_note(tx, order, parts, asked.reason, number, now) if parts.amount else None
    if intents:
        wishes = tuple(_wish(tx, order, intents, amount, note, asked.reason, actor, now))
    elif note is not None and not unearned:
        refund_id = _book(tx, order, note, actor, now)
    else:
        raise Conflict(
            f"What was paid for order {order.order_number} did not come through a provider of ours, and the order is"
            " not worth it any more: give the money back where it came in."
        )
    return OrderRefund(amount, unearned, order.currency, parts, wishes, refund_id)


def preview_refund(tx: Session, order_id: str, asked: RefundAsked = RefundAsked()) -> OrderRefund:
    """What `refund_order` would give back now; nothing is booked. Raises the same."""
    order = tx.get(Order, order_id)
    if order is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    unearned, parts = _plan(tx, order, asked)
    return OrderRefund(parts.amount + unearned, unearned, order.currency, parts)


def note_of_told_refund(tx: Session, order: Order, amount_minor: int, reason: str, now: datetime) -> NewRefund | None:
    """The credit note for money that somebody gave back at the provider's own desk, spread over what is left.

    None where the order is not worth that money any more. The refund itself is among the intent's already.
    """
    left = left_to_refund(tx, order) + amount_minor
    _, parts = _parts(order, left, worth_of(tx, order), RefundAsked(amount_minor=amount_minor))
    return _credit_note(tx, order, parts, reason, "told", now) if parts.amount else None


def _plan(tx: Session, order: Order, asked: RefundAsked) -> tuple[int, RefundParts]:
    """What is asked, in amounts: some money, and no more than is left of it."""
    left = left_to_refund(tx, order)
    unearned, parts = _parts(order, left, worth_of(tx, order), asked)
    amount = parts.amount + unearned
    if amount <= 0 or amount > left:
        raise RefundExceedsPayment(amount, left, order.currency)
    return unearned, parts


def _intents(tx: Session, order: Order) -> Sequence[PaymentIntent]:
    query = select(PaymentIntent).where(PaymentIntent.order_id == order.id, PaymentIntent.captured_minor > 0)
    return tx.scalars(query.order_by(PaymentIntent.id), execution_options={"populate_existing": True}).all()


def _told_money(tx: Session, order: Order) -> Money:
    """Money of an order that no provider of ours took: what we were told of."""
    paid = select(func.sum(Payment.amount_minor)).where(Payment.order_id == order.id, Payment.status == CAPTURED)
    refunded = select(func.sum(Refund.amount_minor)).where(Refund.order_id == order.id)
    return Money(int(tx.scalar(paid) or 0), int(tx.scalar(refunded) or 0))


def _parts(order: Order, left: int, worth: OrderWorth, asked: RefundAsked) -> tuple[int, RefundParts]:
    """The part that is owed without any goods, and the parts that come off what was sold."""
    if asked.units or asked.with_shipping:
        _check_units(order, worth, asked.units or {})
        return 0, by_units(worth, asked.units or {}, with_shipping=asked.with_shipping)
    amount = left if asked.amount_minor is None else asked.amount_minor
    if amount > left:
        raise RefundExceedsPayment(amount, left, order.currency)
    unearned = min(amount, max(0, left - worth.left))
    if amount - unearned == worth.left:
        # All that is left goes back: so do the units.
        units = {line.line_no: line.left_units for line in worth.lines if line.left_units}
        everything = by_units(worth, units, with_shipping=True)
        if everything.amount == worth.left:
            return unearned, everything
    return unearned, by_amount(worth, amount - unearned)


def _check_units(order: Order, worth: OrderWorth, units: Mapping[int, int]) -> None:
    left = {line.line_no: line.left_units for line in worth.lines}
    for line, count in units.items():
        check_whole(count, field="quantity")
        if line not in left:
            choices = ", ".join(str(number) for number in left) or "none, it is not sold"
            raise InvalidInput(
                f"Order {order.order_number} has no line {line} to refund. Its lines: {choices}.", field="lines"
            )
        if count > left[line]:
            raise InvalidInput(
                f"Line {line} of order {order.order_number} has {left[line]} units left to refund, not {count}.",
                field="lines",
            )


def _wish(
    tx: Session,
    order: Order,
    intents: Sequence[PaymentIntent],
    amount: int,
    note: NewRefund | None,
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> Iterator[str]:
    """Asks the money back from those who took it; the credit note goes with the first of them."""
    rest = amount
    for intent in intents:
        part = min(rest, payback.refundable(tx, intent))
        if part:
            held = Held(order, intent)
            yield payback.mark(tx, held, part, now=now, credit_note=note, reason=reason, actor=actor)
            rest, note = rest - part, None


def _book(tx: Session, order: Order, note: NewRefund, actor: Actor, now: datetime) -> str:
    (outcome,) = book_refunds(tx, [note], booking_of(tx, order, now))
    if outcome.error is not None or outcome.id is None:
        raise outcome.error or Conflict(f"Refund {note.external_id} could not be booked.")
    after = {"order_id": order.id, "number": note.external_id}
    record(tx, actor, Change("refund.create", outcome.id, None, after), now=now)
    told = _told_money(tx, order).status(order.total_minor, order.payment_status)
    set_payment_status(tx, order.id, told, now=now)
    return outcome.id


def _credit_note(
    tx: Session, order: Order, parts: RefundParts, reason: str | None, number: str, now: datetime
) -> NewRefund:
    query = (
        select(OrderItem.line_no, Product.sku, OrderItem.name, Product.kind)
        .join(Product, Product.id == OrderItem.product_id)
        .where(OrderItem.order_id == order.id)
    )
    sold = {row.line_no: (row.sku or "", row.name, ProductKind(row.kind)) for row in tx.execute(query)}
    lines = [line for part in parts.lines for line in _lines(part, *sold[part.line_no], order.currency)]
    return NewRefund(
        external_id=number,
        refunded_at=now,
        currency=order.currency,
        lines=tuple(lines),
        order_reference=order.external_id,
        shipping=to_decimal(parts.shipping, order.currency),
        tax=to_decimal(parts.tax, order.currency),
        ship_country=order.ship_country,
        reason=reason,
    )


def _lines(part: LinePart, sku: str, name: str, kind: ProductKind, currency: str) -> Iterator[NewRefundLine]:
    """A part as units at a price; a second line carries what no price of six digits can say."""
    units = max(part.units, 1)
    price = part.amount * int(10 ** (6 - exponent(currency))) // units
    told: dict[str, Any] = {"name": name, "kind": kind, "order_line_no": part.line_no}
    yield NewRefundLine(sku, part.units, micros_to_decimal(price), **told)
    if rest := part.amount - line_amount(price, units, currency):
        credit: Decimal = to_decimal(rest, currency)
        yield NewRefundLine(sku, 0, credit, **told)
