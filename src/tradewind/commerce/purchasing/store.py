"""Read queries of purchasing: suppliers, what they ask, and purchase orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import Product
from tradewind.commerce.purchasing.model import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierProduct
from tradewind.core.errors import NotFound
from tradewind.core.money import line_amount, micros_to_decimal, to_decimal
from tradewind.core.paging import Page, one_id

LONGEST_SEARCH = 128


@dataclass(frozen=True, slots=True)
class SupplierView:
    supplier_id: str
    code: str
    name: str
    email: str | None
    phone: str | None
    currency: str
    lead_time_days: int | None
    order_weekdays: tuple[int, ...]
    closed: tuple[tuple[date, date], ...]
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OfferView:
    """What a supplier asks for a product, in its own currency."""

    product_id: str
    sku: str
    name: str
    supplier_sku: str | None
    unit_cost: Decimal | None
    min_quantity: int
    pack_size: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseOrderView:
    purchase_order_id: str
    number: str
    supplier_id: str
    location_id: str
    status: str
    currency: str
    expected_on: date | None
    note: str | None
    version: int
    ordered_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseLineView:
    line_no: int
    product_id: str
    sku: str
    name: str
    quantity: int
    received: int
    unit_cost: Decimal
    total: Decimal
    """What was ordered of it costs, rounded once."""


def suppliers_page(
    tx: Session, *, limit: int, cursor: str | None = None, is_active: bool | None = None, text: str | None = None
) -> Page[SupplierView]:
    """Suppliers by code; `text` is part of a code or a name, in any case."""
    query = select(Supplier).order_by(Supplier.code).limit(limit + 1)
    if is_active is not None:
        query = query.where(Supplier.is_active.is_(is_active))
    if text and (wanted := text.strip()[:LONGEST_SEARCH]):
        query = query.where(or_(*(c.icontains(wanted, autoescape=True) for c in (Supplier.code, Supplier.name))))
    if cursor is not None:
        query = query.where(Supplier.code > one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.code,), supplier_view)


def find_supplier(tx: Session, supplier_id: str) -> SupplierView:
    row = tx.get(Supplier, supplier_id)
    if row is None:
        raise NotFound(f"There is no supplier {supplier_id[:40]}.")
    return supplier_view(row)


def supplier_view(row: Supplier) -> SupplierView:
    return SupplierView(
        row.id,
        row.code,
        row.name,
        row.email,
        row.phone,
        row.currency,
        row.lead_time_days,
        tuple(row.order_weekdays),
        tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in row.closed),
        row.is_active,
        row.version,
        row.created_at,
        row.updated_at,
    )


def offers_page(tx: Session, supplier_id: str, *, limit: int, cursor: str | None = None) -> Page[OfferView]:
    """What a supplier sells us, in the order in which the products were made."""
    query = (
        select(SupplierProduct, Product.sku, Product.name)
        .join(Product, Product.id == SupplierProduct.product_id)
        .where(SupplierProduct.supplier_id == supplier_id)
        .order_by(SupplierProduct.product_id)
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(SupplierProduct.product_id > one_id(cursor))
    rows = tx.execute(query).all()
    return Page.cut(rows, limit, lambda row: (row[0].product_id,), lambda row: _offer_view(*row))


def purchase_orders_page(
    tx: Session,
    *,
    limit: int,
    cursor: str | None = None,
    status: str | None = None,
    supplier_id: str | None = None,
) -> Page[PurchaseOrderView]:
    """Purchase orders, the newest first."""
    query = select(PurchaseOrder).order_by(PurchaseOrder.id.desc()).limit(limit + 1)
    if status is not None:
        query = query.where(PurchaseOrder.status == status)
    if supplier_id is not None:
        query = query.where(PurchaseOrder.supplier_id == supplier_id)
    if cursor is not None:
        query = query.where(PurchaseOrder.id < one_id(cursor))
    return Page.cut(tx.scalars(query).all(), limit, lambda row: (row.id,), purchase_order_view)


def find_purchase_order(tx: Session, order_id: str) -> PurchaseOrderView:
    row = tx.get(PurchaseOrder, order_id)
    if row is None:
        raise NotFound(f"There is no purchase order {order_id[:40]}.")
    return purchase_order_view(row)


def purchase_order_view(row: PurchaseOrder) -> PurchaseOrderView:
    return PurchaseOrderView(
        row.id,
        row.number,
        row.supplier_id,
        row.location_id,
        row.status,
        row.currency,
        row.expected_on,
        row.note,
        row.version,
        row.ordered_at,
        row.closed_at,
        row.created_at,
        row.updated_at,
    )


def purchase_lines(tx: Session, order_id: str, currency: str) -> list[PurchaseLineView]:
    """The lines of a purchase order, whose number has a bound of its own."""
    query = (
        select(PurchaseOrderLine, Product.sku, Product.name)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .where(PurchaseOrderLine.purchase_order_id == order_id)
        .order_by(PurchaseOrderLine.line_no)
    )
    return [
        PurchaseLineView(
            line.line_no,
            line.product_id,
            sku or "",
            name,
            line.quantity,
            line.received,
            micros_to_decimal(line.unit_cost_micros),
            to_decimal(line_amount(line.unit_cost_micros, line.quantity, currency), currency),
        )
        for line, sku, name in tx.execute(query)
    ]


def _offer_view(row: SupplierProduct, sku: str | None, name: str) -> OfferView:
    return OfferView(
        row.product_id,
        sku or "",
        name,
        row.supplier_sku,
        None if row.cost_micros is None else micros_to_decimal(row.cost_micros),
        row.min_quantity,
        row.pack_size,
        row.updated_at,
    )
