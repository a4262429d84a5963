"""Read queries of payments and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.model import Payment, Refund
from tradewind.core.money import to_decimal
from tradewind.core.paging import Page, moment_and_id


@dataclass(frozen=True, slots=True)
class PaymentView:
    payment_id: str
    external_id: str
    method: str
    installments: int
    amount: Decimal
    currency: str
    status: str
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A credit note. `items_amount` comes off revenue; `amount` is everything given back."""

    refund_id: str
    external_id: str
    channel: str
    order_id: str | None
    order_number: str | None
    customer_id: str | None
    refunded_at: datetime
    currency: str
    items_amount: Decimal
    shipping: Decimal
    tax: Decimal
    amount: Decimal
    units: int
    ship_country: str | None
    reason: str | None


def payments_of(tx: Session, order_id: str) -> list[PaymentView]:
    rows = tx.scalars(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id))
    return [
        PaymentView(
            payment_id=row.id,
            external_id=row.external_id,
            method=row.method,
            installments=row.installments,
            amount=to_decimal(row.amount_minor, row.currency),
            currency=row.currency,
            status=row.status,
            paid_at=row.paid_at,
        )
        for row in rows
    ]


def refunds_of(tx: Session, order_id: str) -> list[RefundView]:
    """The refunds of an order, the oldest first."""
    query = _select().where(Refund.order_id == order_id).order_by(Refund.refunded_at, Refund.id)
    return [_view(row) for row in tx.execute(query)]


def refunds_page(
    tx: Session,
    *,
    limit: int,
    cursor: str | None = None,
    channels: tuple[str, ...] = (),
    start: datetime | None = None,
    end: datetime | None = None,
) -> Page[RefundView]:
    """Refunds, the newest first; `start` is included, `end` is not."""
    query = _select().order_by(Refund.refunded_at.desc(), Refund.id.desc()).limit(limit + 1)
    if channels:
        wanted = select(SalesChannel.id).where(SalesChannel.code.in_(channels))
        query = query.where(Refund.channel_id.in_(wanted))
    if start is not None:
        query = query.where(Refund.refunded_at >= start)
    if end is not None:
        query = query.where(Refund.refunded_at < end)
    if cursor is not None:
        at, refund_id = moment_and_id(cursor)
        query = query.where(
            Refund.refunded_at <= at,
            or_(Refund.refunded_at < at, and_(Refund.refunded_at == at, Refund.id < refund_id)),
        )
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row.refunded_at.isoformat(), row.id), _view)


_COLUMNS = (
    Refund.id,
    Refund.external_id,
    SalesChannel.code,
    Refund.order_id,
    Order.order_number,
    Refund.customer_id,
    Refund.refunded_at,
    Refund.currency,
    Refund.items_minor,
    Refund.shipping_minor,
    Refund.tax_minor,
    Refund.amount_minor,
    Refund.units,
    Refund.ship_country,
    Refund.reason,
)


def _select() -> Select[*tuple[object, ...]]:
    query = select(*_COLUMNS).join(SalesChannel, SalesChannel.id == Refund.channel_id)
    return query.outerjoin(Order, Order.id == Refund.order_id)


def _view(row: Row[*tuple[object, ...]]) -> RefundView:
    currency = row.currency
    return RefundView(
        refund_id=row.id,
        external_id=row.external_id,
        channel=row.code,
        order_id=row.order_id,
        order_number=row.order_number,
        customer_id=row.customer_id,
        refunded_at=row.refunded_at,
        currency=currency,
        items_amount=to_decimal(row.items_minor, currency),
        shipping=to_decimal(row.shipping_minor, currency),
        tax=to_decimal(row.tax_minor, currency),
        amount=to_decimal(row.amount_minor, currency),
        units=row.units,
        ship_country=row.ship_country,
        reason=row.reason,
    )
