"""The poll: what no message told of is asked for, often at first and ever more seldom; and money goes back.

Webhooks get lost, buyers close the window, programs are killed. Whatever is open here is looked at until it
is settled, so that paid orders are confirmed within minutes even if no message ever comes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement

from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.cashier import Cashier
from tradewind.commerce.payments.model import PaymentIntent, ProviderRefund
from tradewind.commerce.payments.providers.port import IntentStatus, PaymentRefused, RefundStatus
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger

logger = get_logger(__name__)

EVERY_SECONDS = 5.0
MOST_AT_ONCE = 50
"""Things looked at per round and kind: the rest is next."""

_OPEN = [str(status) for status in IntentStatus if status.is_open]
_HOW_OFTEN = (
    (timedelta(minutes=30), timedelta(minutes=2)),
    (timedelta(days=1), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=60), timedelta(days=1)),
)
"""Until which age, and how often, an open payment or refund is asked about. Later it is for a person to see."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one look did."""

    sent: int = 0
    """Refunds handed to a provider."""
    asked: int = 0
    """Payments asked about."""
    failed: int = 0
    """Things that could not be done now and are tried again."""


class Reconciler:
    """Looks at everything open that is due. Several may run at once: providers do what they are asked once."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    def run(self, stop: threading.Event) -> None:
        """Looks every few seconds until told to stop."""
        while not stop.wait(EVERY_SECONDS):
            try:
                self.look()
            except Exception:
                logger.exception("payments could not be reconciled; they are looked at again")

    def look(self) -> Round:
        """One look at what is due now."""
        now = self._cashier.clock.now()
        remote = self._cashier.providers.remote
        with self._cashier.database.read() as tx:
            wishes = _wishes(tx, now, list(self._cashier.providers))
            pending = _pending(tx, now, remote)
            payments = _payments(tx, now, remote)
            over = _over(tx, now)
        failed = self._each(wishes, self._cashier.send_refund)
        asked = list(dict.fromkeys([*pending, *payments, *over]))
        for refund_of in pending:
            self._note_look(refund_of, now)
        failed += self._each(asked, self._cashier.check)
        return Round(len(wishes), len(asked), failed)

    def _each(self, ids: Sequence[str], do: Callable[[str], object]) -> int:
        """Does something to each; what fails holds up no other. How many failed."""
        failed = 0
        for each in ids:
            try:
                do(each)
            except PaymentRefused as refused:
                logger.warning("a provider refuses; a person has to look", id=each, detail=str(refused))
                failed += 1
            except TradewindError as later:
                logger.info("a payment is looked at again later", id=each, detail=str(later))
                failed += 1
        return failed

    def _note_look(self, intent_id: str, now: datetime) -> None:
        with self._cashier.database.write() as tx:
            waiting = select(ProviderRefund).where(
                ProviderRefund.intent_id == intent_id, ProviderRefund.status == RefundStatus.PENDING
            )
            for row in tx.scalars(waiting.limit(MOST_AT_ONCE)):
                row.updated_at = now


def _wishes(tx: Session, now: datetime, providers: Sequence[str]) -> Sequence[str]:
    """Refunds that were asked for: at once the first time, then by their age."""
    due = or_(ProviderRefund.is_sent.is_(False), _due(ProviderRefund.created_at, ProviderRefund.updated_at, now))
    query = (
        select(ProviderRefund.id)
        .join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
        .where(ProviderRefund.status == RefundStatus.ASKED, PaymentIntent.provider.in_(providers), due)
    )
    return tx.scalars(query.order_by(ProviderRefund.updated_at).limit(MOST_AT_ONCE)).all()


def _pending(tx: Session, now: datetime, remote: Sequence[str]) -> Sequence[str]:
    """Intents with refunds that their provider is at."""
    query = (
        select(ProviderRefund.intent_id)
        .join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
        .where(
            ProviderRefund.status == RefundStatus.PENDING,
            PaymentIntent.provider.in_(remote),
            _due(ProviderRefund.created_at, ProviderRefund.updated_at, now),
        )
    )
    return tx.scalars(query.order_by(ProviderRefund.updated_at).limit(MOST_AT_ONCE)).all()


def _payments(tx: Session, now: datetime, remote: Sequence[str]) -> Sequence[str]:
    """Open intents that a provider knows."""
    query = select(PaymentIntent.id).where(
        PaymentIntent.status.in_(_OPEN),
        PaymentIntent.provider.in_(remote),
        PaymentIntent.provider_id.is_not(None),
        _due(PaymentIntent.created_at, PaymentIntent.checked_at, now),
    )
    return tx.scalars(query.order_by(PaymentIntent.checked_at).limit(MOST_AT_ONCE)).all()


def _over(tx: Session, now: datetime) -> Sequence[str]:
    """Open intents of orders that are over: nobody should be able to pay them any more."""
    recently = now - _HOW_OFTEN[0][1]
    query = (
        select(PaymentIntent.id)
        .join(Order, Order.id == PaymentIntent.order_id)
        .where(
            PaymentIntent.status.in_(_OPEN),
            Order.status.in_([OrderStatus.CANCELLED, OrderStatus.REFUNDED]),
            PaymentIntent.created_at > now - _HOW_OFTEN[-1][0],
            or_(PaymentIntent.checked_at.is_(None), PaymentIntent.checked_at <= recently),
        )
    )
    return tx.scalars(query.order_by(PaymentIntent.id).limit(MOST_AT_ONCE)).all()


def _due(
    born: InstrumentedAttribute[datetime], looked_at: InstrumentedAttribute[Any], now: datetime
) -> ColumnElement[bool]:
    """Whether the last look is long enough ago for the age of the thing."""
    steps, younger_than = [], timedelta(0)
    for until, every in _HOW_OFTEN:
        age = and_(born <= now - younger_than, born > now - until)
        steps.append(and_(age, or_(looked_at.is_(None), looked_at <= now - every)))
        younger_than = until
    return or_(*steps)
