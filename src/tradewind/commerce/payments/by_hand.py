"""Money that a person has seen come in: a bank transfer, cash. It takes the same way as a provider's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.held import hold
from tradewind.commerce.payments.intents import Applied, apply
from tradewind.commerce.payments.providers import manual
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.money import to_decimal


class NotByHand(Conflict):
    """Only money of the provider `manual` is entered by a person, and only for an order that still wants it."""

    code = "not_paid_by_hand"


def receive(
    tx: Session,
    intent_id: str,
    amount_minor: int | None = None,
    *,
    actor: Actor,
    now: datetime,
    method: str | None = None,
) -> Applied:
    """Enters money that came for a manual intent; without an amount, all that is missing.

    Raises NotFound, NotByHand, or InvalidInput for more than is missing.
    """
    order, intent = (held := hold(tx, intent_id)).order, held.intent
    if intent.provider != manual.NAME:
        raise NotByHand(f"{intent.provider} tells us itself what was paid. Check the payment instead.")
    if order.status == OrderStatus.CANCELLED:
        raise NotByHand(f"Order {order.order_number} is cancelled. Pay the money back where it came from.")
    missing = intent.amount_minor - intent.captured_minor
    amount = missing if amount_minor is None else amount_minor
    if not 0 < amount <= missing:
        left = to_decimal(missing, intent.currency)
        raise InvalidInput(f"Of this payment {left} {intent.currency} is missing.", field="amount")
    told = manual.received(intent_id, intent.captured_minor + amount, intent.currency, method)
    return apply(tx, told, actor=actor, now=now)
