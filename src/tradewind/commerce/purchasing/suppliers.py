"""Suppliers, and what each asks for a product."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.levels import check_units, goods
from tradewind.commerce.purchasing.model import Supplier, SupplierProduct
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_micros
from tradewind.core.text import check_text

MOST_AT_ONCE = 500
MOST_CLOSED = 100
LONGEST_LEAD_TIME = 3650
_TOLD = ("product_id", "supplier_sku", "cost_micros", "min_quantity", "pack_size")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


class SupplierCodeTaken(Conflict):
    code = "supplier_code_taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is already a supplier {code}. Choose another code, or use that one.")


@dataclass(frozen=True, slots=True)
class NewSupplier:
    """`currency` is that of its prices; `lead_time_days` the usual days from order to arrival.

    It takes orders on `order_weekdays`, 0 being Monday, but not in the half-open ranges of days that are `closed`.
    """

    code: str
    name: str
    currency: str
    email: str | None = None
    phone: str | None = None
    lead_time_days: int | None = None
    order_weekdays: Sequence[int] = tuple(range(7))
    closed: Sequence[tuple[date, date]] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a supplier asks for one unit of a product, in its currency, and in which lots it sends them."""

    product_id: str
    unit_cost: Decimal | None = None
    supplier_sku: str | None = None
    min_quantity: int = 1
    pack_size: int = 1


def create_supplier(tx: Session, new: NewSupplier, *, actor: Actor, now: datetime) -> Supplier:
    if not _CODE.fullmatch(new.code):
        raise InvalidInput(
            f"'{new.code[:64]}' is no code for a supplier. Use up to 64 letters, digits, dots, dashes and underscores.",
            field="code",
        )
    if tx.scalar(select(Supplier.id).where(Supplier.code == new.code)) is not None:
        raise SupplierCodeTaken(new.code)
    values = _checked(
        {
            "name": new.name,
            "currency": new.currency,
            "email": new.email,
            "phone": new.phone,
            "lead_time_days": new.lead_time_days,
            "order_weekdays": new.order_weekdays,
            "closed": new.closed,
        }
    )
    supplier = Supplier(id=new_id(), code=new.code, is_active=True, version=1, created_at=now, updated_at=now, **values)
    tx.add(supplier)
    tx.flush()
    record(tx, actor, Change("supplier.create", supplier.id, after={"code": new.code} | values), now=now)
    return supplier


def hold_supplier(tx: Session, supplier_id: str) -> Supplier:
    """The supplier as it is now, held for the rest of the transaction."""
    return hold(tx, Supplier, supplier_id, "supplier")


def change_supplier(
    tx: Session, supplier_id: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Supplier:
    """Changes what is named: name, currency, email, phone, lead_time_days, order_weekdays, closed, is_active."""
    supplier = hold_supplier(tx, supplier_id)
    before = {name: getattr(supplier, name) for name in changes}
    after = _checked(changes)
    if before != after:
        for name, value in after.items():
            setattr(supplier, name, value)
        supplier.version += 1
        supplier.updated_at = now
        tx.flush()
        record(tx, actor, Change("supplier.update", supplier_id, before, after), now=now)
    return supplier


def put_offers(tx: Session, supplier_id: str, offers: Sequence[Offer], *, actor: Actor, now: datetime) -> None:
    """Sets what the supplier asks for these products; other products stay as they are."""
    supplier = hold_supplier(tx, supplier_id)
    if not 1 <= len(offers) <= MOST_AT_ONCE:
        raise InvalidInput(f"Send 1 to {MOST_AT_ONCE} products at a time.", field="products")
    rows = {offer.product_id: _offer_row(supplier_id, offer, now) for offer in offers}
    skus = goods(tx, rows.keys())
    here = (SupplierProduct.supplier_id == supplier_id, SupplierProduct.product_id.in_(sorted(rows)))
    known = tx.execute(select(*(getattr(SupplierProduct, name) for name in _TOLD)).where(*here)).all()
    before = {skus[row.product_id]: list(row[1:]) for row in known}
    after = {skus[product_id]: [row[name] for name in _TOLD[1:]] for product_id, row in rows.items()}
    tx.execute(delete(SupplierProduct).where(*here))
    insert_rows(tx, SupplierProduct.__table__, list(rows.values()))
    record(tx, actor, Change("supplier.offers", supplier.id, before, after), now=now)


def drop_offer(tx: Session, supplier_id: str, product_id: str, *, actor: Actor, now: datetime) -> None:
    """The supplier does not sell this product any more. Purchase orders stay as they are."""
    hold_supplier(tx, supplier_id)
    offer = tx.get(SupplierProduct, (supplier_id, product_id))
    if offer is None:
        raise NotFound(f"This supplier has no product {product_id[:40]}.")
    told = {"product_id": product_id, "cost_micros": offer.cost_micros}
    tx.delete(offer)
    tx.flush()
    record(tx, actor, Change("supplier.drop_offer", supplier_id, before=told), now=now)


def check_lots(tx: Session, supplier_id: str, wanted: Mapping[str, int]) -> None:
    """Whether the supplier sends so many units, by product: not fewer than it says, and whole packs.

    Raises InvalidInput with the quantities next to what was wanted. What it has no terms for may be any number.
    """
    offer = SupplierProduct
    columns = (offer.product_id, offer.min_quantity, offer.pack_size, Product.sku)
    query = select(*columns).join(Product, Product.id == offer.product_id)
    here = query.where(offer.supplier_id == supplier_id, offer.product_id.in_(sorted(wanted)))
    for product_id, least, pack, sku in tx.execute(here.order_by(Product.sku)):
        units = wanted[product_id]
        if units < least or units % pack:
            more = -(-max(units, least) // pack) * pack
            fewer = units // pack * pack
            others = f"{fewer} or {more}" if least <= fewer else f"{more}"
            raise InvalidInput(
                f"The supplier sends {sku or product_id} in packs of {pack}, {least} units at the least, and not"
                f" {units}. Order {others}, or change what it asks for.",
                field="quantity",
            )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    if "name" in checked:
        checked["name"] = (checked["name"] or "").strip()
        if not checked["name"]:
            raise InvalidInput("A supplier needs a name.", field="name")
    for field, longest in (("name", 200), ("email", 320), ("phone", 64)):
        check_text(checked.get(field), longest, field=field, of="a supplier")
    if checked.get("email") is not None and not _EMAIL.fullmatch(checked["email"]):
        raise InvalidInput("This is no e-mail address. Write it like orders@example.com.", field="email")
    if "currency" in checked:
        checked["currency"] = check_currency(checked["currency"] or "")
    days = checked.get("lead_time_days")
    if days is not None and not 0 <= days <= LONGEST_LEAD_TIME:
        raise InvalidInput(f"A lead time is 0 to {LONGEST_LEAD_TIME} days.", field="lead_time_days")
    if "order_weekdays" in checked:
        checked["order_weekdays"] = _weekdays(checked["order_weekdays"])
    if "closed" in checked:
        checked["closed"] = _closed(checked["closed"])
    return checked


def _weekdays(days: Sequence[int]) -> list[int]:
    found = sorted(set(days))
    if not found or not set(found) <= set(range(7)):
        raise InvalidInput("Name at least one day on which it takes orders: 0 for Monday to 6.", field="order_weekdays")
    return found


def _closed(ranges: Sequence[tuple[date, date]]) -> list[list[str]]:
    """The ranges in order, those that touch put together, as they are kept."""
    if len(ranges) > MOST_CLOSED:
        raise InvalidInput(f"Name at most {MOST_CLOSED} times of rest.", field="closed")
    merged: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if end <= start:
            raise InvalidInput(f"A time of rest ends after it begins, not on {end}.", field="closed")
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return [[start.isoformat(), end.isoformat()] for start, end in merged]


def _offer_row(supplier_id: str, offer: Offer, now: datetime) -> dict[str, Any]:
    check_units(offer.min_quantity, field="min_quantity")
    check_units(offer.pack_size, field="pack_size")
    check_text(offer.supplier_sku, 128, field="supplier_sku", of="an offer")
    return {
        "supplier_id": supplier_id,
        "product_id": offer.product_id,
        "supplier_sku": offer.supplier_sku,
        "cost_micros": None if offer.unit_cost is None else cost_micros(offer.unit_cost),
        "min_quantity": offer.min_quantity,
        "pack_size": offer.pack_size,
        "updated_at": now,
    }


def cost_micros(cost: Decimal) -> int:
    """A cost as it is kept; InvalidInput for one below zero or with a seventh digit after the point."""
    if cost < 0:
        raise InvalidInput(f"A cost of {cost} is below zero.", field="unit_cost")
    return to_micros(cost, field="unit_cost")
