"""Where the shop speaks to payment providers: never inside a transaction, and always ready to do it again.

Each step reads what it needs, speaks, and hands what it heard to `intents.apply`. A crash in between leaves
something that was said and not heard, which the next webhook, visit or poll hears again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from tradewind.commerce.access.audit import SYSTEM, Actor
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments import intents, payback
from tradewind.commerce.payments.held import hold
from tradewind.commerce.payments.intents import Applied, UnknownPayment
from tradewind.commerce.payments.model import PaymentIntent, ProviderRefund
from tradewind.commerce.payments.providers.port import (
    Charge,
    IntentStatus,
    PaymentRefused,
    ProviderUpdate,
    RefundStatus,
    RefundTold,
    Visit,
)
from tradewind.commerce.payments.providers.registry import Providers
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, NotFound, TradewindError
from tradewind.core.logging import get_logger

logger = get_logger(__name__)

_OVER = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUNDED})


class NotPayable(Conflict):
    """Nobody waits for this money any more."""

    code = "not_payable"


@dataclass(frozen=True, slots=True)
class Start:
    """How the buyer goes on: to a page, with a secret for the provider's form, or not at all."""

    intent_id: str
    status: IntentStatus
    redirect_url: str | None
    client_secret: str | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What has to be known of an intent before a provider can be asked about it."""

    charge: Charge
    provider: str
    status: IntentStatus
    order_id: str
    order_status: OrderStatus
    is_paid: bool
    """Whether the order is, whoever took the money."""


class Cashier:
    """Starts payments, asks how they stand, hears messages, sends money back. Safe to use from several threads."""

    def __init__(self, database: Database, providers: Providers, clock: Clock) -> None:
        self.database = database
        self.providers = providers
        self.clock = clock

    def start(self, intent_id: str, visit: Visit, *, actor: Actor = SYSTEM) -> Start:
        """Makes a payment known to its provider. The same again goes on where it stands.

        Raises NotFound, NotPayable, PaymentRefused or ProviderAway.
        """
        asked = self._asked(intent_id)
        if asked.order_status in _OVER or asked.is_paid or not asked.status.is_open:
            how = "paid" if asked.is_paid else asked.order_status
            raise NotPayable(
                f"Order {asked.charge.order_number} is {how} and this payment {asked.status}: there is nothing to pay."
            )
        started = self.providers[asked.provider].start(asked.charge, visit)
        applied = self._go_on(self._apply(started.update, actor))
        return Start(intent_id, applied.status, started.redirect_url, started.client_secret)

    def check(self, intent_id: str, *, pause: timedelta = timedelta(0)) -> Applied:
        """Asks the provider how a payment stands, unless it was asked within `pause`.

        Money that the buyer has agreed to is taken; a payment for an order that is over is let go.
        """
        asked = self._asked(intent_id)
        known = Applied(intent_id, asked.order_id, asked.status, is_changed=False)
        if asked.charge.provider_id is None or asked.provider not in self.providers.remote:
            return self._forget(intent_id) if asked.order_status in _OVER else known
        if not self._may_ask(intent_id, self.clock.now() - pause):
            return known
        return self._go_on(self._apply(self.providers[asked.provider].fetch(asked.charge), SYSTEM))

    def hear(self, provider: str, body: bytes, headers: Mapping[str, str]) -> Applied | None:
        """Takes a webhook; None where it is about nothing of ours. Raises BadSignature.

        What cannot be done at once, because the provider is away, is left to the poll.
        """
        try:
            told = self.providers[provider].parse_webhook(body, headers)
            if told is None:
                return None
            applied = self._apply(told, SYSTEM)
        except (UnknownPayment, PaymentRefused) as unknown:
            logger.info("a payment message about nothing of ours", provider=provider, detail=str(unknown))
            return None
        try:
            return self._go_on(applied)
        except TradewindError as later:
            logger.warning("a payment is gone on with later", intent_id=applied.intent_id, detail=str(later))
            return applied

    def send_refund(self, refund_id: str) -> RefundStatus:
        """Tells the provider to give money back, as it was asked. Raises NotFound or ProviderAway.

        A provider forgets our ids after a day or so: from the second attempt on it is asked first whether it
        has done it already.
        """
        row, is_first = self._claim(refund_id)
        asked = self._asked(row.intent_id)
        provider = self.providers[asked.provider]
        if not is_first and provider.is_remote:
            self._apply(provider.fetch(asked.charge), SYSTEM)
            status = self._refund_status(refund_id)
            if status is not RefundStatus.ASKED:
                return status
        try:
            told = provider.refund(asked.charge, refund_id, row.amount_minor, row.reason)
        except PaymentRefused as refused:
            # No id of theirs: ours keeps the place.
            told = RefundTold(refund_id, row.amount_minor, RefundStatus.FAILED, refund_id, str(refused))
            logger.warning("a refund was refused", refund_id=refund_id, detail=str(refused))
        self._apply_refund(row.intent_id, told)
        if told.status is RefundStatus.FAILED and row.credit_note is None and provider.is_remote:
            self._apply(provider.fetch(asked.charge), SYSTEM)
            self._wish_for_the_rest(row)
        return told.status

    def _wish_for_the_rest(self, refused: ProviderRefund) -> None:
        """Money that nobody waits for may have gone back in part at the provider's own desk: what is left is wished."""
        with self.database.write() as tx:
            held = hold(tx, refused.intent_id)
            left = payback.refundable(tx, held.intent)
            if 0 < left < refused.amount_minor:
                payback.mark(tx, held, left, now=self.clock.now(), reason=refused.reason)

    def _asked(self, intent_id: str) -> _Asked:
        with self.database.read() as tx:
            query = select(PaymentIntent, Order.order_number, Order.status, Order.payment_status)
            found = tx.execute(
                query.join(Order, Order.id == PaymentIntent.order_id).where(PaymentIntent.id == intent_id)
            ).one_or_none()
            if found is None:
                raise NotFound(f"There is no payment {intent_id[:40]}.")
            intent, number, order_status, payment_status = found
            charge = Charge(intent.id, number, intent.amount_minor, intent.currency, intent.provider_id)
            return _Asked(
                charge,
                intent.provider,
                IntentStatus(intent.status),
                intent.order_id,
                OrderStatus(order_status),
                payment_status == "paid",
            )

    def _apply(self, told: ProviderUpdate, actor: Actor) -> Applied:
        with self.database.write() as tx:
            applied = intents.apply(tx, told, now=self.clock.now(), actor=actor)
        if applied.refused is not None:
            logger.error("a payment is not what was asked for", intent_id=applied.intent_id, detail=applied.refused)
        return applied

    def _go_on(self, applied: Applied) -> Applied:
        """The next step that is ours: take what the buyer has agreed to, or let go of what nobody waits for."""
        if not applied.status.is_open or applied.refused is not None:
            return applied
        asked = self._asked(applied.intent_id)
        provider = self.providers[asked.provider]
        if asked.order_status in _OVER:
            return self._apply(provider.cancel(asked.charge), SYSTEM)
        if applied.status is IntentStatus.AUTHORIZED:
            return self._apply(provider.capture(asked.charge), SYSTEM)
        return applied

    def _forget(self, intent_id: str) -> Applied:
        """Closes an intent that no provider knows, for an order that is over."""
        with self.database.write() as tx:
            held = hold(tx, intent_id)
            intent = held.intent
            is_over = IntentStatus(intent.status).is_open and held.order.status in _OVER
            if is_over:
                intent.status, intent.version = str(IntentStatus.CANCELLED), intent.version + 1
                intent.updated_at = self.clock.now()
            return Applied(intent_id, held.order.id, IntentStatus(intent.status), is_changed=is_over)

    def _may_ask(self, intent_id: str, not_since: datetime) -> bool:
        """Notes that the provider is asked now; False where somebody did so after `not_since`."""
        with self.database.write() as tx:
            asked = update(PaymentIntent).where(
                PaymentIntent.id == intent_id,
                or_(PaymentIntent.checked_at.is_(None), PaymentIntent.checked_at <= not_since),
            )
            noted = asked.values(checked_at=self.clock.now()).returning(PaymentIntent.id)
            return tx.scalar(noted) is not None

    def _claim(self, refund_id: str) -> tuple[ProviderRefund, bool]:
        """The wish to give money back, and whether this is the first attempt at it."""
        with self.database.write() as tx:
            row = tx.get(ProviderRefund, refund_id)
            if row is None:
                raise NotFound(f"There is no refund {refund_id[:40]}.")
            is_first = not row.is_sent
            row.is_sent, row.updated_at = True, self.clock.now()
            return row, is_first

    def _refund_status(self, refund_id: str) -> RefundStatus:
        with self.database.read() as tx:
            return RefundStatus(tx.get_one(ProviderRefund, refund_id).status)

    def _apply_refund(self, intent_id: str, told: RefundTold) -> None:
        with self.database.write() as tx:
            intents.apply_refund(tx, intent_id, told, now=self.clock.now())
