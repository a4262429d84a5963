"""Short ways to say what a test of payments needs: an order that waits for its money, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.booking import Origin
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments import intents
from tradewind.commerce.payments.cashier import Cashier
from tradewind.commerce.payments.intents import Applied, create_intent
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund, Refund
from tradewind.commerce.payments.providers.port import IntentStatus, Provider, ProviderUpdate, RefundTold
from tradewind.commerce.payments.providers.registry import Providers
from tradewind.commerce.payments.reconcile import Reconciler
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database


@dataclass(frozen=True)
class State:
    """What a payment came to, in minor units: intent, order and books in one value that can be compared."""

    intent: str
    captured: int
    refunded: int
    order: str
    payment: str
    paid: int
    """Σ payments in the books."""
    credited: int
    """Σ credit notes in the books."""
    going_back: int
    """Money marked for the way back, and on it."""


class Till:
    """A shop with providers, and a clock that stands still."""

    def __init__(self, database: Database, *providers: Provider) -> None:
        self.database = database
        self.clock = ManualClock(NOON)
        self.cashier = Cashier(database, Providers(*providers), self.clock)
        self.reconciler = Reconciler(self.cashier)
        shop = Shop.open(database, keeps_stock=False)
        self.shop = Shop(database, replace(shop.booking, origin=Origin.CHECKOUT))
        self._orders = 0

    def order(self, price: str = "10.00", currency: str = "EUR", **more: Any) -> str:
        """A pending order, placed now."""
        self._orders += 1
        told = an_order(
            f"A-{self._orders}",
            a_line(price=price),
            status=OrderStatus.PENDING,
            payment_status="pending",
            currency=currency,
            placed_at=self.clock.now(),
            **more,
        )
        (booked,) = self.shop.at(self.clock.now()).book(told)
        assert booked.id is not None
        return booked.id

    def intent(self, order_id: str, provider: str = "stripe") -> str:
        """Money for the whole order."""
        with self.database.write() as tx:
            order = tx.get_one(Order, order_id)
            return create_intent(tx, order_id, provider, order.total_minor, order.currency, now=self.clock.now())

    def waiting(self, provider: str = "stripe", price: str = "10.00", currency: str = "EUR") -> str:
        """An intent of a new order."""
        return self.intent(self.order(price, currency), provider)

    def apply(self, update: ProviderUpdate) -> Applied:
        with self.database.write() as tx:
            return intents.apply(tx, update, now=self.clock.now())

    def cancel(self, intent_id: str) -> None:
        """Cancels the order behind an intent."""
        with self.database.write() as tx:
            order_id = tx.get_one(PaymentIntent, intent_id).order_id
            cancel_order(tx, order_id, actor=SYSTEM, now=self.clock.now())

    def row(self, intent_id: str) -> PaymentIntent:
        with self.database.read() as tx:
            found = tx.get_one(PaymentIntent, intent_id)
            tx.expunge_all()  # readable after the transaction
            return found

    def order_of(self, intent_id: str) -> Order:
        with self.database.read() as tx:
            found = tx.get_one(Order, tx.get_one(PaymentIntent, intent_id).order_id)
            tx.expunge_all()
            return found

    def refunds(self, intent_id: str) -> list[ProviderRefund]:
        with self.database.read() as tx:
            query = select(ProviderRefund).where(ProviderRefund.intent_id == intent_id).order_by(ProviderRefund.id)
            found = list(tx.scalars(query))
            tx.expunge_all()
            return found

    def state(self, intent_id: str) -> State:
        with self.database.read() as tx:
            intent = tx.get_one(PaymentIntent, intent_id)
            order = tx.get_one(Order, intent.order_id)
            paid = select(func.sum(Payment.amount_minor)).where(Payment.order_id == order.id)
            credited = select(func.sum(Refund.amount_minor)).where(Refund.order_id == order.id)
            going = select(func.sum(ProviderRefund.amount_minor)).where(
                ProviderRefund.intent_id == intent_id, ProviderRefund.status.in_(["asked", "pending"])
            )
            return State(
                intent.status,
                intent.captured_minor,
                intent.refunded_minor,
                order.status,
                order.payment_status,
                int(tx.scalar(paid) or 0),
                int(tx.scalar(credited) or 0),
                int(tx.scalar(going) or 0),
            )

    def wait(self, **step: float) -> datetime:
        self.clock.advance(**step)
        return self.clock.now()


def told(intent_id: str, status: IntentStatus, captured: int = 0, **more: Any) -> ProviderUpdate:
    """A message of Stripe's about a payment of 10.00 EUR."""
    known: dict[str, Any] = {
        "provider": "stripe",
        "provider_id": f"pi_{intent_id}",
        "intent_id": intent_id,
        "currency": "EUR",
        "amount_minor": 1000,
    } | more
    return ProviderUpdate(status=status, captured_minor=captured, **known)


def paid(intent_id: str, captured: int = 1000, *refunds: RefundTold, **more: Any) -> ProviderUpdate:
    return told(intent_id, IntentStatus.CAPTURED, captured, refunds=refunds, **more)


def euros(text: str) -> int:
    return int(Decimal(text) * 100)


A_DAY = timedelta(days=1)
