"""Read queries of payment intents and of money on its way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.model import PaymentIntent, ProviderRefund
from tradewind.commerce.payments.providers.port import IntentStatus
from tradewind.core.errors import NotFound
from tradewind.core.money import to_decimal
from tradewind.core.paging import Page, moment_and_id


@dataclass(frozen=True, slots=True)
class IntentFilter:
    """Which intents; an empty choice means all."""

    order_id: str | None = None
    provider: str | None = None
    statuses: tuple[IntentStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentView:
    """Money that an order waits for, or has, at one provider. Amounts in `currency`."""

    payment_id: str
    order_id: str
    order_number: str
    provider: str
    provider_id: str | None
    status: str
    amount: Decimal
    captured: Decimal
    refunded: Decimal
    currency: str
    failure: str | None
    version: int
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RefundOnItsWay:
    """Money that goes back, as far as it has come. `refund_id` is the credit note once one is booked."""

    provider_refund_id: str
    refund_id: str | None
    provider_id: str | None
    status: str
    amount: Decimal
    currency: str
    reason: str | None
    failure: str | None
    created_at: datetime
    updated_at: datetime


def find_intent(tx: Session, payment_id: str) -> IntentView:
    row = tx.execute(_select().where(PaymentIntent.id == payment_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no payment {payment_id[:40]}.")
    return _view(row)


def intents_page(
    tx: Session, chosen: IntentFilter = IntentFilter(), *, limit: int, cursor: str | None = None
) -> Page[IntentView]:
    """Intents, the newest first."""
    query = _select().order_by(PaymentIntent.created_at.desc(), PaymentIntent.id.desc()).limit(limit + 1)
    if chosen.order_id is not None:
        query = query.where(PaymentIntent.order_id == chosen.order_id)
    if chosen.provider is not None:
        query = query.where(PaymentIntent.provider == chosen.provider)
    if chosen.statuses:
        query = query.where(PaymentIntent.status.in_(chosen.statuses))
    if cursor is not None:
        at, intent_id = moment_and_id(cursor)
        query = query.where(
            PaymentIntent.created_at <= at,
            or_(PaymentIntent.created_at < at, and_(PaymentIntent.created_at == at, PaymentIntent.id < intent_id)),
        )
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row[0].created_at.isoformat(), row[0].id), _view)


def refunds_on_their_way(tx: Session, payment_id: str, *, limit: int = 200) -> Sequence[RefundOnItsWay]:
    """All that went or goes back of one intent, the oldest first."""
    query = (
        select(ProviderRefund, PaymentIntent.currency)
        .join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
        .where(ProviderRefund.intent_id == payment_id)
        .order_by(ProviderRefund.id)
        .limit(limit)
    )
    return [
        RefundOnItsWay(
            provider_refund_id=row.id,
            refund_id=row.refund_id,
            provider_id=row.provider_id,
            status=row.status,
            amount=to_decimal(row.amount_minor, currency),
            currency=currency,
            reason=row.reason,
            failure=row.failure,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row, currency in tx.execute(query)
    ]


def _select() -> Select[PaymentIntent, str]:
    return select(PaymentIntent, Order.order_number).join(Order, Order.id == PaymentIntent.order_id)


def _view(row: Row[PaymentIntent, str]) -> IntentView:
    intent, number = row
    currency = intent.currency
    return IntentView(
        payment_id=intent.id,
        order_id=intent.order_id,
        order_number=number,
        provider=intent.provider,
        provider_id=intent.provider_id,
        status=intent.status,
        amount=to_decimal(intent.amount_minor, currency),
        captured=to_decimal(intent.captured_minor, currency),
        refunded=to_decimal(intent.refunded_minor, currency),
        currency=currency,
        failure=intent.failure,
        version=intent.version,
        checked_at=intent.checked_at,
        created_at=intent.created_at,
        updated_at=intent.updated_at,
    )
