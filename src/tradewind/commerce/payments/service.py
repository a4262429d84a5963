"""Use cases of money that moved: payments and refunds are recorded as told, once, with or without an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Effect, Outcome, chunks
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.model import Payment
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_minor, to_text
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment as a source tells of it. `order_reference` is the order's external id or number there."""

    external_id: str
    amount: Decimal
    currency: str
    method: str
    order_reference: str | None = None
    installments: int = 1
    status: str = "captured"
    paid_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.external_id.strip():
            raise InvalidInput("The payment has no id.", field="external_id")
        if self.amount < 0:
            raise InvalidInput(
                f"Payment {self.external_id} is negative, {self.amount}. Book money given back as a refund.",
                field="amount",
            )
        check_currency(self.currency)
        to_minor(self.amount, self.currency)
        check_texts(self, _TEXTS, of=f"payment {self.external_id[:40]}")
        if not 0 <= self.installments <= 999:
            raise InvalidInput(
                f"Payment {self.external_id} has {self.installments} installments.", field="installments"
            )


_TEXTS = (("external_id", 128), ("method", 1000), ("order_reference", 128), ("status", 16))


def record_payments(tx: Session, payments: Sequence[NewPayment], booking: Booking) -> list[Outcome]:
    """Records payments, each once. One whose order is unknown is kept and can be matched later."""
    known = _known(tx, payments, booking)
    orders = _orders(tx, {p.order_reference for p in payments if p.order_reference}, booking)
    outcomes: list[Outcome] = []
    rows: list[dict[str, Any]] = []
    facts: list[Fact] = []
    for payment in payments:
        if payment.external_id in known:
            outcomes.append(_told_again(payment, *known[payment.external_id]))
            continue
        order_id, placed_at = orders.get(payment.order_reference or "", (None, None))
        row = _row(payment, order_id, payment.paid_at or placed_at, booking)
        rows.append(row)
        facts.append(_fact(row, booking))
        known[payment.external_id] = (row["id"], row["amount_minor"])
        outcomes.append(Outcome(Effect.CREATED, row["id"]))
    insert_rows(tx, Payment.__table__, rows)
    outbox.append(tx, facts)
    return outcomes


def _known(tx: Session, payments: Sequence[NewPayment], booking: Booking) -> dict[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for part in chunks({payment.external_id for payment in payments}):
        query = select(Payment.external_id, Payment.id, Payment.amount_minor).where(
            Payment.channel_id == booking.channel_id, Payment.external_id.in_(part)
        )
        known |= {row.external_id: (row.id, row.amount_minor) for row in tx.execute(query)}
    return known


def _told_again(payment: NewPayment, payment_id: str, amount_minor: int) -> Outcome:
    if to_minor(payment.amount, payment.currency) == amount_minor:
        return Outcome(Effect.UNCHANGED, payment_id)
    error: TradewindError = InvalidInput(
        f"Payment {payment.external_id} is already recorded with another amount. A payment is never changed:"
        " record a refund, or a second payment under its own id.",
        field="amount",
    )
    return Outcome(Effect.REFUSED, payment_id, error)


def _orders(tx: Session, references: set[str], booking: Booking) -> dict[str, tuple[str, datetime]]:
    found: dict[str, tuple[str, datetime]] = {}
    for part in chunks(references):
        for column in (Order.order_number, Order.external_id):
            query = select(column, Order.id, Order.placed_at).where(
                Order.channel_id == booking.channel_id, column.in_(part)
            )
            found |= {row[0]: (row.id, row.placed_at) for row in tx.execute(query)}
    return found


def _row(payment: NewPayment, order_id: str | None, paid_at: datetime | None, booking: Booking) -> dict[str, Any]:
    return {
        "id": new_id(),
        "channel_id": booking.channel_id,
        "external_id": payment.external_id,
        "order_id": order_id,
        "order_reference": payment.order_reference,
        "method": payment.method[:64],
        "installments": payment.installments,
        "amount_minor": to_minor(payment.amount, payment.currency),
        "currency": check_currency(payment.currency),
        "status": payment.status,
        "paid_at": paid_at,
        "created_at": booking.now,
    }


def _fact(row: dict[str, Any], booking: Booking) -> Fact:
    payload = {
        "contract": 1,
        "payment_id": row["id"],
        "channel": booking.channel_code,
        "external_id": row["external_id"],
        "order_id": row["order_id"] or "",
        "order_reference": row["order_reference"] or "",
        "method": row["method"],
        "installments": row["installments"],
        "amount": to_text(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "status": row["status"],
        "paid_at": row["paid_at"],
    }
    return Fact(Topic.PAYMENTS, row["id"], row["paid_at"] or booking.now, encode(payload))
