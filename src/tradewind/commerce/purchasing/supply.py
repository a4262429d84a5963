"""What planning asks of purchasing: terms of suppliers, how long they took, and what is on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.inventory.model import Reason, StockMovement, Transfer, TransferLine
from tradewind.commerce.inventory.transfers import TransferStatus
from tradewind.commerce.purchasing.model import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierProduct
from tradewind.commerce.purchasing.orders import UNDER_WAY
from tradewind.core.clock import business_day
from tradewind.core.money import micros_to_decimal

RECEIPTS_OF_DAYS = 730
MOST_RECEIPTS = 20_000


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """A supplier that is in use. `lead_times` are days from order to arrival of past receipts, newest first."""

    supplier_id: str
    code: str
    name: str
    currency: str
    promised_days: int | None
    order_weekdays: tuple[int, ...]
    closed: tuple[tuple[date, date], ...]
    lead_times: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What a supplier asks for a product, in its own currency, and in which lots. Units."""

    supplier_id: str
    product_id: str
    unit_cost: Decimal | None
    min_quantity: int
    pack_size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """Units that are ordered or under way to a location. A transfer has no supplier."""

    product_id: str
    location_id: str
    units: int
    supplier_id: str | None
    sent_at: datetime
    expected_on: date | None


def suppliers_in_use(tx: Session, *, zone: ZoneInfo, now: datetime) -> dict[str, SupplierTerms]:
    """By id, with the lead times of what arrived in the last two years, in business days of the store."""
    took: dict[str, list[int]] = defaultdict(list)
    arrived = (
        select(PurchaseOrder.supplier_id, PurchaseOrder.ordered_at, StockMovement.occurred_at)
        .join(StockMovement, StockMovement.reference == PurchaseOrder.id)
        .where(
            StockMovement.reason == str(Reason.RECEIPT),
            PurchaseOrder.ordered_at.is_not(None),
            PurchaseOrder.ordered_at >= now - timedelta(days=RECEIPTS_OF_DAYS),
        )
        .distinct()
        .order_by(StockMovement.occurred_at.desc())
        .limit(MOST_RECEIPTS)
    )
    seen: set[tuple[str, datetime, date]] = set()
    for supplier_id, ordered_at, occurred_at in tx.execute(arrived):
        if ordered_at is None:
            continue
        arrival = (supplier_id, ordered_at, business_day(occurred_at, zone))
        if arrival not in seen:
            seen.add(arrival)
            took[supplier_id].append((arrival[2] - business_day(ordered_at, zone)).days)
    rows = tx.scalars(select(Supplier).where(Supplier.is_active).order_by(Supplier.code).limit(10_000))
    return {
        row.id: SupplierTerms(
            row.id,
            row.code,
            row.name,
            row.currency,
            row.lead_time_days,
            tuple(row.order_weekdays),
            tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in row.closed),
            tuple(took.get(row.id, ())),
        )
        for row in rows
    }


def offers_of(tx: Session, product_ids: Collection[str]) -> list[OfferTerms]:
    """What suppliers ask for these products."""
    return [
        OfferTerms(
            row.supplier_id,
            row.product_id,
            None if row.cost_micros is None else micros_to_decimal(row.cost_micros),
            row.min_quantity,
            row.pack_size,
        )
        for part in chunks(sorted(product_ids))
        for row in tx.scalars(select(SupplierProduct).where(SupplierProduct.product_id.in_(part)))
    ]


def incoming_of(tx: Session, product_ids: Collection[str]) -> list[Incoming]:
    """Open purchase orders and transfers that have left, of these products."""
    found: list[Incoming] = []
    for part in chunks(sorted(product_ids)):
        found += _ordered(tx, part)
        found += _moving(tx, part)
    return found


def _ordered(tx: Session, product_ids: Sequence[str]) -> list[Incoming]:
    line, order = PurchaseOrderLine, PurchaseOrder
    columns: tuple[Any, ...] = (line.product_id, order.location_id, line.quantity, line.received, order.supplier_id)
    rows: Iterable[Any] = tx.execute(
        select(*columns, order.ordered_at, order.expected_on)
        .join(order, order.id == line.purchase_order_id)
        .where(order.status.in_([str(status) for status in UNDER_WAY]), line.product_id.in_(product_ids))
        .where(line.received < line.quantity)
    )
    return [
        Incoming(product, place, quantity - received, supplier, ordered_at, expected_on)
        for product, place, quantity, received, supplier, ordered_at, expected_on in rows
    ]


def _moving(tx: Session, product_ids: Sequence[str]) -> list[Incoming]:
    line, transfer = TransferLine, Transfer
    columns: tuple[Any, ...] = (line.product_id, transfer.to_location_id, line.quantity, line.received)
    rows: Iterable[Any] = tx.execute(
        select(*columns, transfer.shipped_at)
        .join(transfer, transfer.id == line.transfer_id)
        .where(transfer.status == str(TransferStatus.SHIPPED), line.product_id.in_(product_ids))
        .where(line.received < line.quantity)
    )
    return [
        Incoming(product, place, quantity - received, None, shipped_at, None)
        for product, place, quantity, received, shipped_at in rows
    ]
