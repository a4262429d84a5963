"""Use cases of refunds: credit notes that take money off revenue on their own day, and may bring goods back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Effect, Outcome, chunks, digest
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, ProductRef, ensure_products
from tradewind.commerce.customers.service import NewCustomer, ensure_customers
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.orders.facts import Entry
from tradewind.commerce.orders.store import ids_by_reference
from tradewind.commerce.payments.model import Refund, RefundItem
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import (
    check_currency,
    check_size,
    line_amount,
    micros_to_decimal,
    to_decimal,
    to_micros,
    to_minor,
)
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class NewRefundLine:
    """Units given back at a price. Zero units with a price is a credit without goods."""

    sku: str
    quantity: int
    unit_price: Decimal
    name: str | None = None
    kind: ProductKind = ProductKind.GOOD
    is_restocked: bool = False
    order_line_no: int | None = None

    def __post_init__(self) -> None:
        if not self.sku.strip():
            raise InvalidInput("The refund line has no SKU.", field="sku")
        check_texts(self, (("sku", 128), ("name", 10_000)), of=f"the refund line of {self.sku[:40]}")
        if self.quantity < 0 or self.unit_price < 0:
            raise InvalidInput(f"A refund of {self.sku} is written with positive units and price.", field="quantity")


_TEXTS = (("external_id", 128), ("order_reference", 128), ("ship_country", 2), ("reason", 200))


@dataclass(frozen=True, slots=True)
class NewRefund:
    """One credit note, with or without an order that we know."""

    external_id: str
    refunded_at: datetime
    currency: str
    lines: tuple[NewRefundLine, ...]
    order_reference: str | None = None
    shipping: Decimal = ZERO
    tax: Decimal = ZERO
    customer: NewCustomer | None = None
    ship_country: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if not self.external_id.strip():
            raise InvalidInput("The refund has no number.", field="external_id")
        if self.refunded_at.tzinfo is None:
            raise InvalidInput(f"The time of refund {self.external_id} has no zone.", field="refunded_at")
        if not datetime(1970, 1, 1, tzinfo=UTC) <= self.refunded_at < datetime(2200, 1, 1, tzinfo=UTC):
            raise InvalidInput(
                f"Refund {self.external_id} was made at {self.refunded_at.isoformat()}: check the year.",
                field="refunded_at",
            )
        check_currency(self.currency)
        check_texts(self, _TEXTS, of=f"refund {self.external_id[:40]}")
        # What cannot be booked is refused here, where it stands alone, and not among the others of its batch.
        items = sum(
            line_amount(to_micros(line.unit_price), max(line.quantity, 1), self.currency) for line in self.lines
        )
        given_back = items + to_minor(self.shipping, self.currency) + to_minor(self.tax, self.currency)
        check_size(given_back, self.currency, field="refund")


def book_refunds(tx: Session, refunds: Sequence[NewRefund], booking: Booking) -> list[Outcome]:
    """Books a batch of refunds, each once. Another content under a known number is refused: credit notes are final."""
    known = _known(tx, refunds, booking)
    products = ensure_products(
        tx,
        {
            line.sku: NewProduct(line.sku, line.name, line.kind, currency=r.currency)
            for r in refunds
            for line in r.lines
        },
        now=booking.now,
    )
    customers = ensure_customers(tx, [r.customer for r in refunds if r.customer is not None], booking)
    orders = ids_by_reference(tx, {r.order_reference for r in refunds if r.order_reference}, booking.channel_id)
    outcomes: list[Outcome] = []
    rows: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    movements: list[NewMovement] = []
    facts: list[Fact] = []
    for refund in refunds:
        source_hash = digest(refund)
        if refund.external_id in known:
            refund_id, known_hash = known[refund.external_id]
            outcomes.append(_told_again(refund, refund_id, same=known_hash == source_hash))
            continue
        customer_id = customers[refund.customer.external_id] if refund.customer is not None else booking.customer_id
        order_id = orders.get(refund.order_reference or "")
        lines = _item_rows(new_id(), refund, products)
        row = _row(refund, lines, order_id, customer_id, source_hash, booking)
        rows.append(row)
        items.extend(lines)
        movements.extend(_restock(refund, row, lines, products, booking))
        facts.append(refund_fact(row, lines, refund_entries(row, lines, booking.channel_code), booking))
        known[refund.external_id] = (row["id"], source_hash)
        outcomes.append(Outcome(Effect.CREATED, row["id"]))
    insert_rows(tx, Refund.__table__, rows)
    insert_rows(tx, RefundItem.__table__, items)
    if movements:
        record_movements(tx, movements, now=booking.now)
    outbox.append(tx, facts)
    return outcomes


def _known(tx: Session, refunds: Sequence[NewRefund], booking: Booking) -> dict[str, tuple[str, bytes]]:
    known: dict[str, tuple[str, bytes]] = {}
    for part in chunks({refund.external_id for refund in refunds}):
        query = select(Refund.external_id, Refund.id, Refund.source_hash).where(
            Refund.channel_id == booking.channel_id, Refund.external_id.in_(part)
        )
        known |= {row.external_id: (row.id, row.source_hash) for row in tx.execute(query)}
    return known


def _told_again(refund: NewRefund, refund_id: str, *, same: bool) -> Outcome:
    if same:
        return Outcome(Effect.UNCHANGED, refund_id)
    return Outcome(
        Effect.REFUSED,
        refund_id,
        Conflict(
            f"Refund {refund.external_id} is already booked with other content. Credit notes are final: book a new one."
        ),
    )


def _item_rows(refund_id: str, refund: NewRefund, products: dict[str, ProductRef]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(refund.lines, start=1):
        product = products[line.sku]
        price = to_micros(line.unit_price)
        rows.append(
            {
                "refund_id": refund_id,
                "line_no": number,
                "order_line_no": line.order_line_no,
                "product_id": product.id,
                "sku": line.sku,
                "name": (line.name or product.name)[:500],
                "quantity": line.quantity,
                "unit_price_micros": price,
                "amount_minor": line_amount(price, max(line.quantity, 1), refund.currency),
                "is_restocked": line.is_restocked,
            }
        )
    return rows


def _row(
    refund: NewRefund,
    lines: Sequence[dict[str, Any]],
    order_id: str | None,
    customer_id: str | None,
    source_hash: bytes,
    booking: Booking,
) -> dict[str, Any]:
    currency = check_currency(refund.currency)
    items, shipping, tax = (
        sum(line["amount_minor"] for line in lines),
        to_minor(refund.shipping, currency),
        to_minor(refund.tax, currency),
    )
    return {
        "id": lines[0]["refund_id"] if lines else new_id(),
        "channel_id": booking.channel_id,
        "external_id": refund.external_id,
        "order_id": order_id,
        "customer_id": customer_id,
        "refunded_at": refund.refunded_at,
        "currency": currency,
        "items_minor": items,
        "shipping_minor": shipping,
        "tax_minor": tax,
        "amount_minor": items + shipping + tax,
        "units": sum(line["quantity"] for line in lines),
        "ship_country": refund.ship_country,
        "reason": refund.reason,
        "source_hash": source_hash,
        "version": 1,
        "created_at": booking.now,
    }


def _restock(
    refund: NewRefund,
    row: dict[str, Any],
    lines: Sequence[dict[str, Any]],
    products: dict[str, ProductRef],
    booking: Booking,
) -> list[NewMovement]:
    if booking.location_id is None:
        return []
    return [
        NewMovement(
            product_id=line["product_id"],
            location_id=booking.location_id,
            delta=line["quantity"],
            reason=Reason.RETURN,
            occurred_at=refund.refunded_at,
            reference=row["id"],
        )
        for line in lines
        if line["is_restocked"] and line["quantity"] and products[line["sku"]].kind == ProductKind.GOOD
    ]


def refund_entries(row: dict[str, Any], lines: Sequence[dict[str, Any]], channel: str) -> list[Entry]:
    """The refund in the sales figures: it takes units and revenue off, on its own day, and is no order."""
    whole = Entry(
        "order",
        row["refunded_at"],
        channel,
        row["ship_country"] or "",
        row["currency"],
        "",
        -row["units"],
        -row["items_minor"],
        row["items_minor"],
        0,
    )
    parts = [
        replace(
            whole,
            grain="product",
            product_id=line["product_id"],
            units=-line["quantity"],
            revenue=-line["amount_minor"],
            refunded=line["amount_minor"],
        )
        for line in lines
    ]
    return [whole, *parts]


def refund_fact(
    row: dict[str, Any], lines: Sequence[dict[str, Any]], entries: Sequence[Entry], booking: Booking
) -> Fact:
    currency = row["currency"]
    payload = {
        "contract": 1,
        "refund_id": row["id"],
        "version": row["version"],
        "channel": booking.channel_code,
        "external_id": row["external_id"],
        "order_id": row["order_id"] or "",
        "customer_id": row["customer_id"] or "",
        "refunded_at": row["refunded_at"],
        "currency": currency,
        "items": to_decimal(row["items_minor"], currency),
        "shipping": to_decimal(row["shipping_minor"], currency),
        "tax": to_decimal(row["tax_minor"], currency),
        "amount": to_decimal(row["amount_minor"], currency),
        "units": row["units"],
        "ship_country": row["ship_country"] or "",
        "reason": row["reason"] or "",
        "lines": [
            {
                "line_no": line["line_no"],
                "product_id": line["product_id"],
                "sku": line["sku"] or "",
                "name": line["name"],
                "quantity": line["quantity"],
                "unit_price": micros_to_decimal(line["unit_price_micros"]),
                "amount": to_decimal(line["amount_minor"], currency),
                "is_restocked": int(line["is_restocked"]),
            }
            for line in lines
        ],
        "entries": [entry.as_payload() for entry in entries],
    }
    return Fact(Topic.REFUNDS, row["id"], row["refunded_at"], encode(payload))
