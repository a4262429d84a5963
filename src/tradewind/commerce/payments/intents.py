"""Payment intents: the money that an order waits for, and the one way in which what a provider says changes it.

Webhook, return page and poll all lead to `apply`. It does not matter which of them comes first, how often,
or in which order: a state is only ever followed by a later one, amounts only grow, and what follows from
money (the payment, the confirmation, the refund of what came too late) follows from the growth, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import SYSTEM, Actor, Change, record
from tradewind.commerce.booking import Origin
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.notifications.orders import queue_order_confirmation
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.service import change_status, set_payment_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.held import Held, booking_of, hold, money_of
from tradewind.commerce.payments.model import PaymentIntent, ProviderEvent
from tradewind.commerce.payments.order_refunds import note_of_told_refund
from tradewind.commerce.payments.providers.port import IntentStatus, ProviderUpdate, RefundTold
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, check_size, to_decimal

__all__ = ["Applied", "ProviderUpdate", "UnknownPayment", "apply", "apply_refund", "create_intent"]


class UnknownPayment(NotFound):
    """A provider speaks of a payment that no order of ours waits for."""

    code = "unknown_payment"

    def __init__(self, provider: str, provider_id: str) -> None:
        super().__init__(f"No order waits for the payment {provider_id} of {provider}.")


@dataclass(frozen=True, slots=True)
class Applied:
    """Where an intent stands after what a provider said."""

    intent_id: str
    order_id: str
    status: IntentStatus
    is_changed: bool
    refused: str | None = None
    """Why nothing was believed: the amount or the currency is not ours."""


def create_intent(tx: Session, order_id: str, provider: str, amount_minor: int, currency: str, *, now: datetime) -> str:
    """Enters that an order waits for this much money at a provider; returns the intent's id.

    A row only: nobody is spoken to. An order without anything to pay needs no intent: raises InvalidInput.
    """
    if amount_minor <= 0:
        raise InvalidInput("There is nothing to pay: an intent needs an amount above zero.", field="amount")
    intent_id = new_id()
    row = {
        "id": intent_id,
        "order_id": order_id,
        "provider": provider,
        "amount_minor": check_size(amount_minor, currency),
        "currency": check_currency(currency),
        "status": str(IntentStatus.CREATED),
        "captured_minor": 0,
        "refunded_minor": 0,
        "version": 1,
        "created_at": now,
        "updated_at": now,
    }
    insert_rows(tx, PaymentIntent.__table__, [row])
    return intent_id


def apply(tx: Session, update: ProviderUpdate, *, now: datetime, actor: Actor = SYSTEM) -> Applied:
    """Takes note of what a provider says of an intent, and lets follow what follows from it.

    Money that makes a pending order paid confirms it; money that nobody waits for any more, because the
    order was cancelled or is paid already, is kept in the books and marked for refund. The same message
    again, or an older one, changes nothing. Raises UnknownPayment.
    """
    held = hold(tx, _find(tx, update))
    intent = held.intent
    if update.event_id is not None and not _is_new(tx, update, now):
        return _applied(held, is_changed=False)
    before = _state(intent)
    refused = _disbelief(intent, update)
    if refused is not None:
        intent.failure = refused[:500]
    else:
        _believe(tx, held, update, now)
    if update.event_id is None:
        intent.checked_at = now
    after = _state(intent)
    if after != before:
        intent.version += 1
        intent.updated_at = now
        record(tx, actor, Change("payment.update", intent.id, before, after), now=now)
    tx.flush()
    return _applied(held, is_changed=after != before, refused=refused)


def apply_refund(tx: Session, intent_id: str, told: RefundTold, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """Takes note of how one refund stands; as with payments, once."""
    held = hold(tx, intent_id)
    before = _state(held.intent)
    if payback.settle(tx, held, told, now=now):
        _count_refunds(tx, held, now)
        record(tx, actor, Change("payment.update", intent_id, before, _state(held.intent)), now=now)
        held.intent.version += 1
        held.intent.updated_at = now
        tx.flush()


def _find(tx: Session, update: ProviderUpdate) -> str:
    by_provider = select(PaymentIntent.id).where(
        PaymentIntent.provider == update.provider, PaymentIntent.provider_id == update.provider_id
    )
    found = tx.scalar(by_provider)
    if found is None and update.intent_id is not None:
        by_us = select(PaymentIntent.id).where(
            PaymentIntent.id == update.intent_id, PaymentIntent.provider == update.provider
        )
        found = tx.scalar(by_us)
    if found is None:
        raise UnknownPayment(update.provider, update.provider_id)
    return found


def _is_new(tx: Session, update: ProviderUpdate, now: datetime) -> bool:
    """Whether the message is the first of its name. Its order is held, so nobody else enters it meanwhile."""
    event_id = (update.event_id or "")[:128]
    if tx.get(ProviderEvent, (update.provider, event_id)) is not None:
        return False
    tx.add(ProviderEvent(provider=update.provider, event_id=event_id, kind=update.kind[:100], received_at=now))
    tx.flush()
    return True


def _disbelief(intent: PaymentIntent, update: ProviderUpdate) -> str | None:
    """Why what is said cannot be about this intent; None where it can."""
    if intent.provider_id not in (None, update.provider_id):
        return f"{update.provider} names a second payment for this intent, {update.provider_id}: look at it there."
    if update.currency is not None and update.currency != intent.currency:
        return f"{update.provider} speaks of {update.currency}, and the order waits for {intent.currency}."
    wanted = f"{to_decimal(intent.amount_minor, intent.currency)} {intent.currency}"
    said = max(update.captured_minor, update.amount_minor or 0)
    if update.amount_minor not in (None, intent.amount_minor) or update.captured_minor > intent.amount_minor:
        return f"{update.provider} speaks of {to_decimal(said, intent.currency)}, and the order waits for {wanted}."
    return None


def _believe(tx: Session, held: Held, update: ProviderUpdate, now: datetime) -> None:
    intent = held.intent
    intent.provider_id = update.provider_id
    intent.status = str(_later(IntentStatus(intent.status), update.status))
    gained = _gained(intent.captured_minor, update.captured_minor)
    intent.captured_minor += gained
    if update.status is IntentStatus.FAILED and update.failure:
        intent.failure = update.failure[:500].replace("\0", "")
    if intent.status == IntentStatus.CAPTURED:
        intent.failure = None
    tx.flush()
    if gained:
        _book_payment(tx, held, gained, update, now)
    for told in update.refunds:
        payback.settle(tx, held, told, now=now)
    if gained:
        _confirm_or_give_back(tx, held, gained, now)
    _count_refunds(tx, held, now)


def _later(known: IntentStatus, said: IntentStatus) -> IntentStatus:
    return max(known, said, key=lambda status: status.rank)


def _gained(known_minor: int, said_minor: int) -> int:
    return max(0, said_minor - known_minor)


def _book_payment(tx: Session, held: Held, gained: int, update: ProviderUpdate, now: datetime) -> None:
    intent, order = held.intent, held.order
    is_all = gained == intent.captured_minor
    name = update.provider_id if is_all else f"{update.provider_id}:{intent.captured_minor}"
    payment = NewPayment(
        external_id=name[:128],
        amount=to_decimal(gained, intent.currency),
        currency=intent.currency,
        method=update.method or update.provider,
        order_reference=order.order_number,
        paid_at=now,
    )
    (outcome,) = record_payments(tx, [payment], booking_of(tx, order, now))
    if outcome.error is not None:
        raise outcome.error


def _confirm_or_give_back(tx: Session, held: Held, gained: int, now: datetime) -> None:
    order, money = held.order, money_of(tx, held.order.id)
    if order.status == OrderStatus.PENDING and money.captured >= order.total_minor:
        _confirm(tx, order, now)
    is_cancelled = order.status == OrderStatus.CANCELLED
    beyond = money.captured - (0 if is_cancelled else order.total_minor)
    # Somebody may have given a part of it back at the provider's own desk already.
    too_much = min(gained, beyond, payback.refundable(tx, held.intent))
    if too_much > 0:
        reason = "Paid for an order that was cancelled" if is_cancelled else "Paid more than the order costs"
        payback.mark(tx, held, too_much, now=now, reason=reason)


def _confirm(tx: Session, order: Order, now: datetime) -> None:
    """Paid: the order is confirmed, or cancelled where its units went to others after its hold was over."""
    try:
        with tx.begin_nested():
            change_status(tx, order.id, OrderStatus.CONFIRMED, now=now, origin=Origin.CHECKOUT, note="Paid")
    except InsufficientStock as gone:
        note = f"Paid too late, the money goes back. {gone}"[:2000]
        change_status(tx, order.id, OrderStatus.CANCELLED, now=now, origin=Origin.CHECKOUT, note=note)
    else:
        queue_order_confirmation(tx, order.id, now=now)


def _count_refunds(tx: Session, held: Held, now: datetime) -> None:
    """What has gone back, on the intent; and what that makes of the order's payment."""
    order = held.order
    held.intent.refunded_minor = payback.refunded_of(tx, held.intent)
    tx.flush()
    payback.book_desk_refunds(tx, held, note_of_told_refund, now=now)
    told = money_of(tx, order.id).status(order.total_minor, order.payment_status)
    set_payment_status(tx, order.id, told, now=now)


def _state(intent: PaymentIntent) -> dict[str, object]:
    """What counts as a change of an intent."""
    return {
        "status": intent.status,
        "provider_id": intent.provider_id,
        "captured_minor": intent.captured_minor,
        "refunded_minor": intent.refunded_minor,
        "failure": intent.failure,
    }


def _applied(held: Held, *, is_changed: bool, refused: str | None = None) -> Applied:
    return Applied(held.intent.id, held.order.id, IntentStatus(held.intent.status), is_changed, refused)
