"""Use case: an order is changed before it has left: other quantities, lines less or more, another price of shipping.

A line that stays keeps its price; discount and tax follow its quantity. A new line costs what the catalogue says
now, with the tax of the order's place and without promotions. Stock, the sales figures and what is owed follow.
Units that were sent stay, and an order with credit notes is not changed any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import Origin
from tradewind.commerce.carts.loading import is_sold
from tradewind.commerce.catalog.model import Product, ProductKind, ProductPrice
from tradewind.commerce.inventory.reservations import Wanted, release, reserve
from tradewind.commerce.orders.handling import REFUND_BOOKED, HasRefunds
from tradewind.commerce.orders.holds import units_wanted
from tradewind.commerce.orders.model import Order, OrderDiscount
from tradewind.commerce.orders.new import MAX_LINES, MAX_QUANTITY
from tradewind.commerce.orders.service import set_payment_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.orders.writing import Row, change_order, items_of, kinds_of, lock_order, row_of
from tradewind.commerce.payments.held import money_of
from tradewind.commerce.payments.order_refunds import open_notes
from tradewind.commerce.shipping.shipments import shipped_units
from tradewind.commerce.taxes.arithmetic import taxes_on, zone_of
from tradewind.commerce.taxes.service import zones_for_pricing
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.money import check_size, line_amount, part_of, split, to_decimal, to_micros
from tradewind.core.text import check_text
from tradewind.core.whole import check_whole

_NO_REASON = "The lines were changed."
"""What the history says of an edit that nobody gave a reason for."""

_EDITABLE = frozenset({OrderStatus.CONFIRMED, OrderStatus.PROCESSING})


class NotEditable(Conflict):
    """The order is in a state in which its lines are what they are."""

    code = "order_not_editable"


@dataclass(frozen=True, slots=True)
class NewItem:
    """Units of a product to add. `unit_price_minor` is None for the price that the catalogue says."""

    sku: str
    quantity: int
    unit_price_minor: int | None = None


@dataclass(frozen=True, slots=True)
class OrderEdit:
    """What shall be different: quantities by line number (0 takes a line away), lines to add, price of shipping."""

    quantities: Mapping[int, int]
    added: Sequence[NewItem] = ()
    shipping_minor: int | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        check_text(self.reason, 2000, field="reason", of="the change")
        for quantity in (*self.quantities.values(), *(item.quantity for item in self.added)):
            check_whole(quantity, field="quantity")
            if not 0 <= quantity <= MAX_QUANTITY:
                raise InvalidInput(f"{quantity} is not a quantity of an order.", field="quantity")
        if any(item.quantity == 0 for item in self.added):
            raise InvalidInput("A line that is added has one unit at least.", field="quantity")
        if self.shipping_minor is not None and self.shipping_minor < 0:
            raise InvalidInput("Shipping cannot cost less than nothing.", field="shipping")
        if not self.quantities and not self.added and self.shipping_minor is None:
            raise InvalidInput("Nothing is to be changed. Name quantities, new lines or shipping.", field="lines")


@dataclass(frozen=True, slots=True)
class Edited:
    """Where the order stands; `due_minor` is still to be paid, or, below zero, to be given back."""

    order_id: str
    version: int
    total_minor: int
    due_minor: int
    currency: str


def edit_order(tx: Session, order_id: str, edit: OrderEdit, *, actor: Actor, now: datetime) -> Edited:
    """Changes what an order is of. Raises NotFound, NotEditable, HasRefunds, InsufficientStock or InvalidInput.

    What is owed either way is asked for, or given back, as a step of its own.
    """
    order = lock_order(tx, order_id)
    if order.status not in _EDITABLE or order.origin not in (Origin.CHECKOUT, Origin.MANUAL):
        raise NotEditable(
            f"Order {order.order_number} is {order.status} and from {order.origin}. Only an order of our own that is"
            " confirmed or in processing can be changed."
        )
    if order.payment_status in REFUND_BOOKED or open_notes(tx, order):
        raise HasRefunds(order.order_number)
    before, old = row_of(order), items_of(tx, order_id)
    items = _kept(order, old, edit, shipped_units(tx, order_id)) + _added(tx, order, old, edit)
    if not items:
        raise InvalidInput("Nothing would be left of the order. Cancel it instead.", field="lines")
    if len(items) > MAX_LINES:
        raise InvalidInput(f"An order has up to {MAX_LINES} lines.", field="lines")
    amounts = _amounts(order, old, items, edit)
    _check_stock(tx, order, old, items, now)
    note = edit.reason or _NO_REASON
    change_order(tx, order, amounts, now=now, origin=Origin.MANUAL, note=note, items=items)
    _scale_discounts(tx, order_id, before["discount_minor"], amounts["discount_minor"])
    record(tx, actor, Change("order.edit", order_id, _audited(before, old), _audited(amounts, items)), now=now)
    money = money_of(tx, order_id)
    set_payment_status(tx, order_id, money.status(amounts["total_minor"], order.payment_status), now=now)
    fresh = lock_order(tx, order_id)
    due = fresh.total_minor - (money.captured - money.refunded)
    return Edited(order_id, fresh.version, fresh.total_minor, due, fresh.currency)


def _kept(order: Order, old: Sequence[Row], edit: OrderEdit, sent: Mapping[int, int]) -> list[Row]:
    known = {item["line_no"] for item in old}
    for line in edit.quantities:
        if line not in known:
            choices = ", ".join(str(number) for number in sorted(known))
            raise InvalidInput(f"Order {order.order_number} has no line {line}. Its lines: {choices}.", field="lines")
    kept = []
    for item in old:
        line = item["line_no"]
        quantity = edit.quantities.get(line, item["quantity"])
        if quantity < sent.get(line, 0):
            raise NotEditable(
                f"{sent[line]} units of line {line} of order {order.order_number} have been sent: it cannot have"
                f" {quantity}. Take the goods back as a return instead."
            )
        if quantity:
            kept.append(item if quantity == item["quantity"] else _scaled(order, item, quantity))
    return kept


def _scaled(order: Order, item: Row, quantity: int) -> Row:
    """The line with another quantity: price as it was, discount and tax in proportion."""
    gross = line_amount(item["unit_price_micros"], quantity, order.currency)
    discount = min(gross, part_of(item["discount_minor"], quantity, item["quantity"]))
    tax = part_of(item["tax_minor"], quantity, item["quantity"])
    return item | {"quantity": quantity} | _worth(order, gross, discount, tax)


def _worth(order: Order, gross: int, discount: int, tax: int) -> Row:
    total = gross - discount
    return {
        "discount_minor": discount,
        "tax_minor": tax,
        "total_minor": total,
        "revenue_minor": total - (tax if order.prices_include_tax else 0),
    }


def _added(tx: Session, order: Order, old: Sequence[Row], edit: OrderEdit) -> list[Row]:
    if not edit.added:
        return []
    products = _products(tx, edit.added, order.currency)
    gross = []
    for item in edit.added:
        product, price = products[item.sku]
        minor = item.unit_price_minor if item.unit_price_minor is not None else price
        if minor is None:
            raise InvalidInput(f"{item.sku} has no price in {order.currency}. Name one.", field="unit_price")
        gross.append((product, check_size(minor * item.quantity, order.currency, field="line total"), minor))
    zone = zone_of(zones_for_pricing(tx), order.ship_country, order.ship_region)
    taxes = taxes_on(zone, [(worth, product.tax_class) for product, worth, _ in gross], 0)
    first = max(item["line_no"] for item in old) + 1
    return [
        {
            "order_id": order.id,
            "line_no": number,
            "product_id": product.id,
            "external_line_id": None,
            "sku": product.sku,
            "name": product.name,
            "quantity": item.quantity,
            "unit_price_micros": to_micros(to_decimal(minor, order.currency)),
            "unit_cost_micros": product.cost_micros if product.currency == order.currency else None,
        }
        | _worth(order, worth, 0, tax)
        for number, (item, (product, worth, minor), tax) in enumerate(
            zip(edit.added, gross, taxes.lines, strict=True), start=first
        )
    ]


def _products(tx: Session, added: Sequence[NewItem], currency: str) -> dict[str, tuple[Product, int | None]]:
    skus = {item.sku for item in added}
    found = {row.sku: row for row in tx.scalars(select(Product).where(Product.sku.in_(skus)))}
    ids = [row.id for row in found.values()]
    query = select(ProductPrice).where(ProductPrice.product_id.in_(ids), ProductPrice.currency == currency)
    prices = {row.product_id: row.price_minor for row in tx.scalars(query)}
    for sku in sorted(skus):
        row = found.get(sku)
        if row is None or not is_sold(row.kind, row.status, None, row.sku):
            raise InvalidInput(f"There is no product {sku[:40]} that is sold.", field="sku")
    return {
        str(row.sku): (row, row.price_minor if row.currency == currency else prices.get(row.id))
        for row in found.values()
    }


def _amounts(order: Order, old: Sequence[Row], items: Sequence[Row], edit: OrderEdit) -> Row:
    """The order's own amounts. Tax of shipping follows the price of shipping."""
    shipping = order.shipping_minor if edit.shipping_minor is None else edit.shipping_minor
    shipping_tax = max(0, order.tax_minor - sum(item["tax_minor"] for item in old))
    if shipping != order.shipping_minor:
        shipping_tax = part_of(shipping_tax, shipping, order.shipping_minor) if order.shipping_minor else 0
    tax = sum(item["tax_minor"] for item in items) + shipping_tax
    gross = sum(item["total_minor"] + item["discount_minor"] for item in items)
    worth = sum(item["total_minor"] for item in items)
    total = worth + shipping + order.other_minor + (0 if order.prices_include_tax else tax)
    return {
        "subtotal_minor": check_size(gross, order.currency, field="subtotal"),
        "discount_minor": gross - worth,
        "shipping_minor": shipping,
        "tax_minor": tax,
        "total_minor": check_size(total, order.currency, field="total"),
        "revenue_minor": sum(item["revenue_minor"] for item in items),
        "units": sum(item["quantity"] for item in items),
    }


def _check_stock(tx: Session, order: Order, old: Sequence[Row], items: Sequence[Row], now: datetime) -> None:
    """What is added has to be there. Its levels stay locked until it is booked as sold."""
    if order.location_id is None:
        kinds = kinds_of(tx, items)
        if any(kinds.get(item["product_id"]) == ProductKind.GOOD for item in items):
            raise NotEditable(
                f"Order {order.order_number} leaves from no location of ours, so no goods can be added to it."
            )
        return
    kinds = kinds_of(tx, [*old, *items])
    had = {line.product_id: line.quantity for line in units_wanted(old, kinds, order.location_id)}
    more = [
        Wanted(line.product_id, line.location_id, line.quantity - had.get(line.product_id, 0))
        for line in units_wanted(items, kinds, order.location_id)
        if line.quantity > had.get(line.product_id, 0)
    ]
    if more:
        reserve(tx, order.id, more, expires_at=None, now=now)
        release(tx, order.id, now=now)


def _scale_discounts(tx: Session, order_id: str, before: int, after: int) -> None:
    """What promotions took off adds up to the discounts still: shipping's part stays, the lines' part shrinks."""
    if before == after:
        return
    query = select(OrderDiscount).where(OrderDiscount.order_id == order_id).order_by(OrderDiscount.position)
    rows = tx.scalars(query).all()
    whole = sum(row.amount_minor for row in rows)
    if not whole:
        return
    parts = split(max(0, whole - before + after), [row.amount_minor for row in rows])
    for row, part in zip(rows, parts, strict=True):
        tx.execute(
            update(OrderDiscount)
            .where(OrderDiscount.order_id == order_id, OrderDiscount.position == row.position)
            .values(amount_minor=part)
        )


def _audited(amounts: Row, items: Sequence[Row]) -> Row:
    names = ("subtotal_minor", "discount_minor", "shipping_minor", "tax_minor", "total_minor")
    units = {str(item["line_no"]): [item["sku"], item["quantity"]] for item in items}
    return {name: amounts[name] for name in names} | {"lines": units}
