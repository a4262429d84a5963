"""Money that goes back through a provider: asked first, then sent, then booked, each exactly once.

The row comes before the network, so that a crash at any step leaves a wish that reconciliation picks up.
A credit note that belongs to it is kept with the wish and booked when the money has gone: what takes
revenue off is the refund that happened. Money of an order that was never sold needs no credit note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import SYSTEM, Actor, Change, record
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.commerce.payments.held import Held, booking_of, hold
from tradewind.commerce.payments.model import PaymentIntent, ProviderRefund
from tradewind.commerce.payments.providers.port import RefundStatus, RefundTold
from tradewind.commerce.payments.refunds import NewRefund, book_refunds
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import to_decimal

_NOTE = TypeAdapter(NewRefund)
AT_THE_DESK = "Made at the provider"
"""The reason of refunds that nobody asked for here."""

NoteFor = Callable[[Session, Order, int, str, datetime], NewRefund | None]
"""Makes the credit note for an amount of an order, with a reason, at a moment."""


class RefundExceedsPayment(Conflict):
    """More would go back than came in."""

    code = "refund_exceeds_payment"

    def __init__(self, asked: int, left: int, currency: str) -> None:
        super().__init__(
            f"{to_decimal(asked, currency)} {currency} cannot go back: of what was paid,"
            f" {to_decimal(left, currency)} {currency} can still be refunded."
        )


def ask(
    tx: Session,
    intent_id: str,
    amount_minor: int,
    *,
    now: datetime,
    credit_note: NewRefund | None = None,
    reason: str | None = None,
    actor: Actor = SYSTEM,
) -> str:
    """Wishes money back to the buyer; returns the wish's id. The provider is told after the commit.

    `credit_note` is booked when the money has gone, on that day and under the wish's id; who has booked one
    already gives none. Raises RefundExceedsPayment when what was paid and not yet given back is less.
    """
    return mark(tx, hold(tx, intent_id), amount_minor, now=now, credit_note=credit_note, reason=reason, actor=actor)


def give_back(
    tx: Session, order_id: str, *, now: datetime, reason: str | None = None, actor: Actor = SYSTEM
) -> list[str]:
    """Wishes back all that came in for an order and has not gone back: for one that is cancelled after it was paid."""
    intents = tx.scalars(select(PaymentIntent.id).where(PaymentIntent.order_id == order_id).order_by(PaymentIntent.id))
    wishes = []
    for intent_id in intents.all():
        held = hold(tx, intent_id)
        left = refundable(tx, held.intent)
        if left:
            wishes.append(mark(tx, held, left, now=now, reason=reason, actor=actor))
    return wishes


def mark(
    tx: Session,
    held: Held,
    amount_minor: int,
    *,
    now: datetime,
    credit_note: NewRefund | None = None,
    reason: str | None = None,
    actor: Actor = SYSTEM,
) -> str:
    """`ask`, for who holds the order already."""
    intent = held.intent
    if amount_minor <= 0:
        raise InvalidInput("A refund gives back more than nothing.", field="amount")
    if credit_note is not None and credit_note.currency != intent.currency:
        raise InvalidInput(f"This was paid in {intent.currency}: refund it in {intent.currency}.", field="currency")
    left = refundable(tx, intent)
    if amount_minor > left:
        raise RefundExceedsPayment(amount_minor, left, intent.currency)
    row = _row(intent.id, amount_minor, RefundStatus.ASKED, now)
    row.reason = reason or (credit_note.reason if credit_note is not None else None)
    row.credit_note = _NOTE.dump_python(credit_note, mode="json") if credit_note is not None else None
    tx.add(row)
    tx.flush()
    record(tx, actor, Change("payment.refund", intent.id, after={"refund": row.id, "amount": amount_minor}), now=now)
    return row.id


def refundable(tx: Session, intent: PaymentIntent) -> int:
    """What came in and neither went back nor is on its way, in minor units."""
    promised = tx.scalar(
        select(func.sum(ProviderRefund.amount_minor)).where(
            ProviderRefund.intent_id == intent.id, ProviderRefund.status != RefundStatus.FAILED
        )
    )
    return max(0, intent.captured_minor - int(promised or 0))


def settle(tx: Session, held: Held, told: RefundTold, *, now: datetime) -> bool:
    """Takes note of how a refund stands at the provider; whether that was news.

    A refund that we did not ask for was made at the provider's own desk: it is entered as it is.
    """
    row = _known(tx, held.intent.id, told)
    if row is None:
        row = _row(held.intent.id, told.amount_minor, RefundStatus.PENDING, now)
        row.reason = AT_THE_DESK
        tx.add(row)
        is_news = True
    else:
        is_news = RefundStatus(row.status).rank < told.status.rank or row.provider_id is None
    if not is_news:
        return False
    was_done = row.status == RefundStatus.DONE
    row.provider_id = told.provider_id
    row.status = max(RefundStatus(row.status), told.status, key=lambda status: status.rank)
    row.failure = told.failure[:500].replace("\0", "") if told.failure else None
    row.updated_at = now
    tx.flush()
    if row.status == RefundStatus.DONE and not was_done:
        _book(tx, held, row, now)
    return True


def book_desk_refunds(tx: Session, held: Held, note_for: NoteFor, *, now: datetime) -> None:
    """Books what was refunded at the provider's own desk, once the order is known to be sold.

    A message about such a refund may be faster than the one about the payment.
    """
    if OrderStatus(held.order.status) not in SOLD:
        return
    query = select(ProviderRefund).where(
        ProviderRefund.intent_id == held.intent.id,
        ProviderRefund.status == RefundStatus.DONE,
        ProviderRefund.reason == AT_THE_DESK,
        ProviderRefund.refund_id.is_(None),
    )
    for row in tx.scalars(query.order_by(ProviderRefund.id)).all():
        note = note_for(tx, held.order, row.amount_minor, AT_THE_DESK, now)
        if note is not None:
            row.credit_note = _NOTE.dump_python(note, mode="json")
            _book(tx, held, row, now)
            tx.flush()


def refunded_of(tx: Session, intent: PaymentIntent) -> int:
    """What has gone back, in minor units. A message about it may be faster than the one about the payment."""
    done = tx.scalar(
        select(func.sum(ProviderRefund.amount_minor)).where(
            ProviderRefund.intent_id == intent.id, ProviderRefund.status == RefundStatus.DONE
        )
    )
    return min(int(done or 0), intent.captured_minor)


def _known(tx: Session, intent_id: str, told: RefundTold) -> ProviderRefund | None:
    by_provider = select(ProviderRefund).where(
        ProviderRefund.intent_id == intent_id, ProviderRefund.provider_id == told.provider_id
    )
    row = tx.scalar(by_provider)
    if row is None and told.refund_id is not None:
        row = tx.get(ProviderRefund, told.refund_id)
    return row if row is not None and row.intent_id == intent_id else None


def _book(tx: Session, held: Held, row: ProviderRefund, now: datetime) -> None:
    """The credit note, where one was kept for this. What is not sold any more has no revenue to take off."""
    if row.credit_note is None or OrderStatus(held.order.status) not in SOLD:
        return
    note = replace(_NOTE.validate_python(row.credit_note), external_id=row.id, refunded_at=now)
    (outcome,) = book_refunds(tx, [note], booking_of(tx, held.order, now))
    if outcome.error is not None:
        raise outcome.error
    row.refund_id = outcome.id


def _row(intent_id: str, amount_minor: int, status: RefundStatus, now: datetime) -> ProviderRefund:
    values: dict[str, Any] = {
        "id": new_id(),
        "intent_id": intent_id,
        "amount_minor": amount_minor,
        "status": str(status),
        "is_sent": status != RefundStatus.ASKED,
        "created_at": now,
        "updated_at": now,
    }
    return ProviderRefund(**values)
