"""Short ways to say what a test of prices needs: products on a shelf, promotions, tax zones, a cart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.spine import NOON
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.carts.lines import CartItem
from tradewind.commerce.carts.pricing import PricedCart, price_cart
from tradewind.commerce.carts.service import apply_code, create_cart
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.service import create_promotion
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.commerce.shipping.methods import MethodTerms, create_method
from tradewind.commerce.taxes.service import RateTerms, ZoneTerms, create_zone
from tradewind.core.database import Database
from tradewind.core.ids import new_id

BY: dict[str, Any] = {"actor": SYSTEM, "now": NOON}


def a_product(
    tx: Session,
    sku: str,
    price: str,
    *,
    stock: int = 1_000,
    currency: str = "EUR",
    tax_class: str = "standard",
    **more: Any,
) -> str:
    """A product on the shelf; returns its id."""
    put_products(tx, [NewProduct(sku, sku.title(), currency=currency, price=Decimal(price), **more)], now=NOON)
    product = tx.scalars(select(Product).where(Product.sku == sku)).one()
    product.tax_class = tax_class
    tx.flush()
    if stock:
        location = ensure_location(tx, "main", name="Main", now=NOON)
        record_movements(tx, [NewMovement(product.id, location.id, stock, Reason.RECEIPT, NOON)], now=NOON)
    return product.id


def a_promotion(tx: Session, code: str | None, kind: str = "percent", **more: Any) -> str:
    """A promotion with this code; ten percent off everything unless said otherwise."""
    told: dict[str, Any] = {"name": code or "By itself", "kind": PromotionKind(kind), "code": code} | more
    if kind == "percent":
        told.setdefault("percent", Decimal(10))
    if kind == "amount":
        told.setdefault("currency", "EUR")
    return create_promotion(tx, PromotionTerms(**told), **BY)


def a_zone(tx: Session, *places: str, is_inside: bool = True, shipping: str | None = "standard", **percent: str) -> str:
    """A tax zone with a rate per class."""
    rates = tuple(
        RateTerms(name, f"{name} {rate} %", Decimal(rate), name == shipping) for name, rate in percent.items()
    )
    return create_zone(tx, ZoneTerms(" ".join(places) or "elsewhere", is_inside, places, rates), **BY)


def a_method(tx: Session, price: str = "4.90", *places: str, currency: str = "EUR", **more: Any) -> str:
    terms = MethodTerms(more.pop("name", f"Parcel {price}"), currency, Decimal(price), places=places, **more)
    return create_method(tx, terms, **BY)


def a_cart(
    tx: Session, *items: tuple[str, int], codes: tuple[str, ...] = (), currency: str = "EUR", **more: Any
) -> str:
    """A cart of so many units of these products, by SKU, with these codes."""
    told = [CartItem(quantity, sku=sku) for sku, quantity in items]
    cart_id = create_cart(tx, currency=currency, items=told, **more, **BY)
    for code in codes:
        apply_code(tx, cart_id, code, **BY)
    return cart_id


def a_customer(tx: Session, email: str = "ada@example.com") -> str:
    customer = Customer(id=new_id(), email=email, is_erased=False, version=1, created_at=NOON, updated_at=NOON)
    tx.add(customer)
    tx.flush()
    return customer.id


def price(database: Database, cart_id: str, *, now: datetime = NOON) -> PricedCart:
    with database.read() as tx:
        return price_cart(tx, cart_id, now=now)


def codes_of(priced: PricedCart) -> list[str]:
    """The codes of what the cart says."""
    return [problem.code.value for problem in priced.problems]


@dataclass(frozen=True)
class Sums:
    """The sums of a cart worked out from its parts."""

    subtotal: int
    discount: int
    tax: int
    total: int

    @classmethod
    def of(cls, priced: PricedCart) -> Sums:
        lines = priced.lines
        tax = sum(line.tax_minor for line in lines) + priced.shipping_tax_minor
        total = sum(line.total_minor for line in lines) + priced.shipping_payable_minor
        return cls(
            subtotal=sum(line.gross_minor for line in lines),
            discount=sum(line.discount_minor for line in lines),
            tax=tax,
            total=total + (0 if priced.prices_include_tax else tax),
        )
