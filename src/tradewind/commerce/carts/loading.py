"""What has to be read to price a cart: as few statements as there are kinds of things, however many lines it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.catalog.model import Category, Product, ProductKind, ProductPrice, ProductStatus, SalesChannel
from tradewind.commerce.customers.model import Address, Customer, CustomerGroup, CustomerGroupMember
from tradewind.core.errors import NotFound
from tradewind.core.prepared import Prepared

MAX_LINES = 500
_GROUPS_OF_ONE = 100
"""More groups of one customer than these are not looked at."""


_GROUP = aliased(Product)
_STORED = (
    select(
        *Cart.__table__.columns,
        SalesChannel.code.label("channel_code"),
        Customer.email.label("customer_email"),
        Address.id.label("address_id"),
    )
    .join(SalesChannel, SalesChannel.id == Cart.channel_id)
    .outerjoin(Customer, Customer.id == Cart.customer_id)
    .outerjoin(Address, and_(Address.customer_id == Cart.customer_id, Address.is_default_shipping))
    .where(Cart.id == bindparam("of_cart"))
)
_CART = Prepared(_STORED)
_HELD = Prepared(_STORED.with_for_update(of=Cart))
_LINES = Prepared(
    select(
        CartLine.product_id,
        CartLine.quantity,
        CartLine.seen_price_minor,
        Product.sku,
        Product.name,
        Product.kind,
        Product.status,
        Product.tax_class,
        Product.currency,
        Product.price_minor,
        Product.cost_micros,
        func.coalesce(Product.weight_grams, _GROUP.weight_grams, 0).label("weight_grams"),
        _GROUP.status.label("group_status"),
        Category.path,
        ProductPrice.price_minor.label("other_price_minor"),
    )
    .join(Product, Product.id == CartLine.product_id)
    .outerjoin(_GROUP, _GROUP.id == Product.parent_id)
    .outerjoin(Category, Category.id == func.coalesce(Product.category_id, _GROUP.category_id))
    .outerjoin(
        ProductPrice,
        and_(ProductPrice.product_id == Product.id, ProductPrice.currency == bindparam("in_currency")),
    )
    .where(CartLine.cart_id == bindparam("of_cart"))
    .order_by(CartLine.added_at, CartLine.product_id)
    .limit(MAX_LINES)
)


@dataclass(frozen=True, slots=True)
class CartState:
    """A cart as it is stored."""

    id: str
    version: int
    status: str
    order_id: str | None
    channel_id: str
    channel_code: str
    customer_id: str | None
    email: str | None
    """What the buyer has written into the cart."""
    customer_email: str | None
    """What is known of the customer."""
    address_id: str | None
    """Where the customer wants parcels, when nobody says otherwise."""
    country: str | None
    region: str | None
    currency: str
    codes: tuple[str, ...]
    shipping_method_id: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LineState:
    """A line as it is stored, with what its product says now."""

    product_id: str
    sku: str
    name: str
    kind: str
    is_sold: bool
    """Whether the product can be bought at all."""
    category_path: str | None
    tax_class: str
    unit_weight_grams: int
    quantity: int
    price_minor: int | None
    """In the cart's currency."""
    seen_price_minor: int | None
    cost_micros: int | None
    """Of a unit, where it is known in the cart's currency."""


def load_cart(tx: Session, cart_id: str) -> CartState:
    """The cart, read anew. Raises NotFound."""
    return _state(_CART.first(tx, of_cart=cart_id), cart_id)


def hold_cart(tx: Session, cart_id: str) -> CartState:
    """The cart in whatever state, held until the end of the transaction. Raises NotFound."""
    return _state(_HELD.first(tx, of_cart=cart_id), cart_id)


def _state(row: Any, cart_id: str) -> CartState:
    if row is None:
        raise NotFound(f"There is no cart {cart_id[:40]}.")
    return CartState(
        id=row.id,
        version=row.version,
        status=row.status,
        order_id=row.order_id,
        channel_id=row.channel_id,
        channel_code=row.channel_code,
        customer_id=row.customer_id,
        email=row.email,
        customer_email=row.customer_email,
        address_id=row.address_id,
        country=row.country,
        region=row.region,
        currency=row.currency,
        codes=tuple(row.codes),
        shipping_method_id=row.shipping_method_id,
        expires_at=row.expires_at,
    )


def load_lines(tx: Session, cart_id: str, currency: str) -> list[LineState]:
    """The lines in the order in which they were put in. A variant without a category is in that of its group."""
    return [
        LineState(
            product_id=row.product_id,
            sku=row.sku or "",
            name=row.name,
            kind=row.kind,
            is_sold=is_sold(row.kind, row.status, row.group_status, row.sku),
            category_path=row.path,
            tax_class=row.tax_class,
            unit_weight_grams=row.weight_grams,
            quantity=row.quantity,
            price_minor=row.price_minor if row.currency == currency else row.other_price_minor,
            seen_price_minor=row.seen_price_minor,
            cost_micros=row.cost_micros if row.currency == currency else None,
        )
        for row in _LINES.all(tx, of_cart=cart_id, in_currency=currency)
    ]


def is_sold(kind: str, status: str, group_status: str | None, sku: str | None) -> bool:
    """Whether a product can be bought: it and its group are active, and it is no group itself."""
    return (
        kind != ProductKind.GROUP
        and bool(sku)
        and status == ProductStatus.ACTIVE
        and group_status in (None, ProductStatus.ACTIVE)
    )


def load_customer_groups(tx: Session, customer_id: str | None) -> frozenset[str]:
    """Codes of the groups that a customer is in."""
    if customer_id is None:
        return frozenset()
    member = CustomerGroupMember.group_id == CustomerGroup.id
    query = select(CustomerGroup.code).join(CustomerGroupMember, member)
    query = query.where(CustomerGroupMember.customer_id == customer_id).limit(_GROUPS_OF_ONE)
    return frozenset(tx.scalars(query))
