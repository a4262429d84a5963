"""The lines of a cart: which products may lie in it, and how many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from tradewind.commerce.booking import chunks
from tradewind.commerce.carts.errors import CartFull, ProductNotSold
from tradewind.commerce.carts.loading import MAX_LINES, is_sold
from tradewind.commerce.carts.model import CartLine
from tradewind.commerce.catalog.model import Product, ProductPrice
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.whole import check_whole

MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class CartItem:
    """Units of a product, named by its id or by its SKU."""

    quantity: int
    product_id: str | None = None
    sku: str | None = None


@dataclass(frozen=True, slots=True)
class _Product:
    id: str
    sku: str | None
    name: str
    is_sold: bool
    price_minor: int | None


def quantities_of(tx: Session, cart_id: str) -> dict[str, int]:
    """Units by product id."""
    rows = tx.execute(select(CartLine.product_id, CartLine.quantity).where(CartLine.cart_id == cart_id))
    return {row.product_id: row.quantity for row in rows}


def put_lines(
    tx: Session,
    cart_id: str,
    currency: str,
    items: Sequence[CartItem],
    held: Mapping[str, int],
    *,
    now: datetime,
    is_merge: bool = False,
) -> list[str]:
    """Adds units to a cart that is held by the caller and has these units already.

    With `is_merge` nothing is refused: what does not fit, or is no longer sold, is left out and returned.
    """
    for item in items:
        _check_quantity(item.quantity, least=1)
    products = _find_products(tx, currency, items)
    units, left_out = dict(held), list[str]()
    for item in items:
        product = products.get(item.product_id or item.sku or "")
        if product is None:
            raise NotFound(f"There is no product {(item.product_id or item.sku or '')[:40]}.")
        wanted = units.get(product.id, 0) + item.quantity
        problem = _problem(product, currency, wanted, has_room=product.id in units or len(units) < MAX_LINES)
        if problem is not None and not is_merge:
            raise problem
        if problem is not None:
            left_out.append(product.id)
            continue
        units[product.id] = wanted
    prices = {product.id: product.price_minor for product in products.values()}
    for product_id in sorted(product for product in held if units[product] != held[product]):
        _update(tx, cart_id, product_id, units[product_id], prices[product_id])
    fresh = [product for product in units if product not in held]
    insert_rows(
        tx,
        CartLine.__table__,
        [
            {
                "cart_id": cart_id,
                "product_id": product_id,
                "quantity": units[product_id],
                "seen_price_minor": prices[product_id],
                "added_at": now,
            }
            for product_id in fresh
        ],
    )
    return left_out


def set_line(tx: Session, cart_id: str, currency: str, product_id: str, quantity: int) -> None:
    """Makes a line have so many units; none removes it. Raises NotFound for one that is not there."""
    _check_quantity(quantity, least=0)
    mine = (CartLine.cart_id == cart_id, CartLine.product_id == product_id)
    if tx.scalar(select(CartLine.quantity).where(*mine)) is None:
        raise NotFound(f"The product {product_id[:40]} is not in this cart.")
    if quantity == 0:
        tx.execute(delete(CartLine).where(*mine))
        return
    product = _find_products(tx, currency, [CartItem(quantity, product_id=product_id)])[product_id]
    _update(tx, cart_id, product_id, quantity, product.price_minor)


def _update(tx: Session, cart_id: str, product_id: str, quantity: int, price_minor: int | None) -> None:
    mine = (CartLine.cart_id == cart_id, CartLine.product_id == product_id)
    tx.execute(update(CartLine).where(*mine).values(quantity=quantity, seen_price_minor=price_minor))


def _problem(product: _Product, currency: str, quantity: int, *, has_room: bool) -> InvalidInput | None:
    if not product.is_sold:
        return ProductNotSold(f"{product.name} is not sold now.", field="product_id")
    if product.price_minor is None:
        return ProductNotSold(f"{product.name} has no price in {currency}.", field="product_id")
    if quantity > MAX_QUANTITY:
        return CartFull(f"A cart holds up to {MAX_QUANTITY} units of a product.", field="quantity")
    if not has_room:
        return CartFull(f"A cart holds up to {MAX_LINES} different products.", field="product_id")
    return None


def _check_quantity(quantity: int, *, least: int) -> None:
    check_whole(quantity, field="quantity")
    if not least <= quantity <= MAX_QUANTITY:
        raise InvalidInput(f"The quantity is {quantity}; it may be from {least} to {MAX_QUANTITY}.", field="quantity")


def _find_products(tx: Session, currency: str, items: Sequence[CartItem]) -> dict[str, _Product]:
    """The products by what the items name them."""
    found: dict[str, _Product] = {}
    ids = {item.product_id for item in items if item.product_id is not None}
    skus = {item.sku for item in items if item.product_id is None and item.sku is not None}
    for column, wanted in ((Product.id, ids), (Product.sku, skus)):
        for part in chunks(sorted(wanted)):
            group = aliased(Product)
            query = (
                select(Product.id, Product.sku, Product.name, Product.kind, Product.status, Product.currency)
                .add_columns(Product.price_minor, group.status.label("group_status"))
                .add_columns(ProductPrice.price_minor.label("other_price_minor"))
                .outerjoin(group, group.id == Product.parent_id)
                .outerjoin(ProductPrice, (ProductPrice.product_id == Product.id) & (ProductPrice.currency == currency))
                .where(column.in_(part))
            )
            for row in tx.execute(query):
                product = _Product(
                    id=row.id,
                    sku=row.sku,
                    name=row.name,
                    is_sold=is_sold(row.kind, row.status, row.group_status, row.sku),
                    price_minor=row.price_minor if row.currency == currency else row.other_price_minor,
                )
                found[row.id if column is Product.id else row.sku or ""] = product
    return found
