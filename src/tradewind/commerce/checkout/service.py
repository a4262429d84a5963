"""Use case: a cart becomes an order, all or nothing.

One transaction checks the cart, prices it, reserves its goods, and writes order, addresses, discounts, uses of
codes, the payment to wait for, and the facts. Locks are taken in one order everywhere: cart, stock, number of
the order, promotions; so two checkouts cannot wait for each other in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.carts.errors import CartClosed
from tradewind.commerce.carts.loading import CartState, hold_cart, load_cart
from tradewind.commerce.carts.ordering import check_orderable, order_from
from tradewind.commerce.carts.pricing import PricedCart, price
from tradewind.commerce.carts.service import CartStatus, mark_ordered, send_to
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import ProductRef
from tradewind.commerce.customers.addresses import PLACE
from tradewind.commerce.customers.model import Address
from tradewind.commerce.customers.profiles import ensure_guest
from tradewind.commerce.inventory.levels import hold_levels
from tradewind.commerce.inventory.reservations import (
    InsufficientStock,
    Wanted,
    choose_location,
    locations_on_sale,
    release,
    reserve,
)
from tradewind.commerce.notifications.orders import confirm_order
from tradewind.commerce.notifications.service import check_address
from tradewind.commerce.orders.addresses import PostalAddress, put_addresses
from tradewind.commerce.orders.model import Order, OrderDiscount
from tradewind.commerce.orders.numbers import next_order_number
from tradewind.commerce.orders.service import write_order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.intents import create_intent
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.commerce.payments.providers import manual
from tradewind.commerce.promotions.uses import customer_key, take_uses
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import to_decimal
from tradewind.core.text import check_text

HOLD_FOR = timedelta(minutes=30)
"""How long an order that is not paid keeps its goods."""
_TRIES = 3


class TotalChanged(Conflict):
    """The cart costs something else than the buyer agreed to."""

    code = "total_changed"

    def __init__(self, total: str, expected: str, currency: str) -> None:
        super().__init__(f"The cart costs {total} {currency} now, not {expected}. Show the new total and ask again.")


@dataclass(frozen=True, slots=True)
class CheckoutTerms:
    """What the buyer adds to the cart. `expected_total_minor` is the total that they agreed to, if it was shown."""

    provider: str
    email: str | None = None
    shipping_address: PostalAddress | None = None
    billing_address: PostalAddress | None = None
    note: str | None = None
    expected_total_minor: int | None = None
    hold_for: timedelta = HOLD_FOR

    def __post_init__(self) -> None:
        if not self.provider or len(self.provider) > 32:
            raise InvalidInput("Say which payment provider takes the money.", field="provider")
        check_text(self.note, 2000, field="note", of="the order")
        if self.email is not None:
            check_address(self.email)


@dataclass(frozen=True, slots=True)
class Placed:
    """The order of a cart, and the payment it waits for; None where there is nothing to pay."""

    order_id: str
    order_number: str
    intent_id: str | None
    total_minor: int
    currency: str
    status: str


def place_order(tx: Session, cart_id: str, terms: CheckoutTerms, *, actor: Actor, now: datetime) -> Placed:
    """Makes the order of a cart; a cart that is ordered already answers with its order.

    With the provider `manual`, or with nothing to pay, the order is confirmed at once; else it is pending, and
    holds its goods for a while. Raises NotFound, CartClosed, CartNotOrderable, TotalChanged, InsufficientStock,
    NoLocation or PromotionUsedUp; then nothing has happened.
    """
    cart = hold_cart(tx, cart_id)
    if cart.status == CartStatus.ORDERED and cart.order_id is not None:
        return placed(tx, cart.order_id)
    if cart.status != CartStatus.OPEN or cart.expires_at <= now:
        raise CartClosed(cart_id, cart.status if cart.status != CartStatus.OPEN else CartStatus.EXPIRED)
    terms = _addressed(tx, cart, terms)
    cart = _settled(tx, cart, terms, actor, now)
    priced = price(tx, cart, now=now, with_stock=False)  # what is short is said by whoever reserves it
    _check(priced, terms)
    email = terms.email or cart.email
    customer_id = cart.customer_id or _guest(tx, email, terms, actor, now)
    is_confirmed = terms.provider == manual.NAME or priced.total_minor == 0
    order_id = new_id()
    location_id = _take_goods(tx, order_id, priced, terms, now, is_confirmed=is_confirmed)
    order, amounts = order_from(
        priced,
        order_number=next_order_number(tx, cart.channel_id, cart.channel_code),
        placed_at=now,
        status=OrderStatus.CONFIRMED if is_confirmed else OrderStatus.PENDING,
        payment_status="pending" if priced.total_minor else "paid",
        ship_city=terms.shipping_address.city if terms.shipping_address is not None else None,
        note=terms.note,
    )
    booking = Booking(cart.channel_id, cart.channel_code, now, Origin.CHECKOUT, location_id, customer_id)
    known = {line.sku: ProductRef(line.product_id, line.sku, line.name, line.kind) for line in priced.lines}
    row, items = write_order(tx, order_id, order, amounts, booking, known)
    payer = _payer(terms, email)
    put_addresses(tx, order_id, shipping=terms.shipping_address, billing=payer)
    _keep_discounts(tx, order_id, priced)
    if limited := priced.limited_promotion_ids:
        take_uses(tx, limited, order_id, customer_key(customer_id, email), now=now)
    intent_id = None
    if priced.total_minor:
        intent_id = create_intent(tx, order_id, terms.provider, priced.total_minor, priced.currency, now=now)
    mark_ordered(tx, cart_id, order_id, now=now)
    if is_confirmed and customer_id is not None:
        confirm_order(tx, row, items, (payer, terms.shipping_address), email or cart.customer_email, now=now)
    after = {"order_number": order.order_number, "cart_id": cart_id, "total_minor": priced.total_minor}
    record(tx, actor, Change("order.place", order_id, None, after | {"currency": priced.currency}), now=now)
    return Placed(order_id, order.order_number, intent_id, priced.total_minor, priced.currency, str(order.status))


def placed(tx: Session, order_id: str) -> Placed:
    """The order as `place_order` answered, at its present state."""
    order = tx.get_one(Order, order_id)
    newest = select(PaymentIntent.id).where(PaymentIntent.order_id == order_id).order_by(PaymentIntent.id.desc())
    intent_id = tx.scalar(newest.limit(1))
    return Placed(order.id, order.order_number, intent_id, order.total_minor, order.currency, order.status)


def _addressed(tx: Session, cart: CartState, terms: CheckoutTerms) -> CheckoutTerms:
    """With the customer's own address where none is given, unless the cart is priced for another country."""
    if terms.shipping_address is not None or cart.address_id is None:
        return terms
    own = tx.get_one(Address, cart.address_id)
    address = PostalAddress(**{name: getattr(own, name) for name in PLACE})
    if cart.country is not None and cart.country != address.country:
        return terms
    return replace(terms, shipping_address=address)


def _settled(tx: Session, cart: CartState, terms: CheckoutTerms, actor: Actor, now: datetime) -> CartState:
    """Tax and shipping are those of the address: a cart without a place takes its place from there."""
    address = terms.shipping_address
    if address is None or address.country is None:
        return cart
    country = address.country.upper()
    if cart.country is None:
        send_to(tx, cart.id, country, address.region, actor=actor, now=now)
        return load_cart(tx, cart.id)
    if cart.country != country:
        raise InvalidInput(
            f"The cart is priced for {cart.country}, and the address is in {country}. Set the cart's country first:"
            " tax and shipping may change.",
            field="shipping_address.country",
        )
    return cart


def _check(priced: PricedCart, terms: CheckoutTerms) -> None:
    check_orderable(priced)
    expected, currency = terms.expected_total_minor, priced.currency
    if expected is not None and expected != priced.total_minor:
        total = to_decimal(priced.total_minor, currency)
        raise TotalChanged(str(total), str(to_decimal(expected, currency)), currency)


def _guest(tx: Session, email: str | None, terms: CheckoutTerms, actor: Actor, now: datetime) -> str | None:
    if email is None:
        return None
    known = {"email": email}
    if terms.shipping_address is not None and terms.shipping_address.name:
        known["name"] = terms.shipping_address.name
    return ensure_guest(tx, known, actor=actor, now=now)


def _payer(terms: CheckoutTerms, email: str | None) -> PostalAddress | None:
    """The billing address; where there is none but an e-mail address, an address of only that."""
    if terms.billing_address is not None:
        return terms.billing_address
    if email is None:
        return None
    return PostalAddress(email=email)


def _take_goods(
    tx: Session, order_id: str, priced: PricedCart, terms: CheckoutTerms, now: datetime, *, is_confirmed: bool
) -> str | None:
    """Makes sure of the goods where all of them are; None for an order of services alone.

    Those of a pending order are reserved. Those of a confirmed one are sold in this transaction, which holds
    their levels until then: they are reserved for a moment only where what others held has to be swept first.
    """
    units: dict[str, int] = defaultdict(int)
    for line in priced.lines:
        if line.kind == ProductKind.GOOD:
            units[line.product_id] += line.quantity
    if not units:
        return None
    if is_confirmed:
        places = locations_on_sale(tx, priced.channel_id)
        # Of several locations one is chosen by a look at all of them; a single one is held at once.
        only = places[0] if len(places) == 1 else choose_location(tx, units, now=now, channel_id=priced.channel_id)
        levels = hold_levels(tx, [(product_id, only) for product_id in units])
        if all((level := levels.get((p, only))) and level.available >= count for p, count in units.items()):
            return only
    location_id = _reserve(tx, order_id, units, priced.channel_id, terms, now)
    if is_confirmed:
        release(tx, order_id, now=now)
    return location_id


def _reserve(
    tx: Session, order_id: str, units: dict[str, int], channel_id: str, terms: CheckoutTerms, now: datetime
) -> str:
    for attempt in range(_TRIES):
        location_id = choose_location(tx, units, now=now, channel_id=channel_id)
        wanted = [Wanted(product_id, location_id, count) for product_id, count in units.items()]
        try:
            reserve(tx, order_id, wanted, expires_at=now + terms.hold_for, now=now)
        except InsufficientStock:
            # Somebody was faster between the look and the grip: another location may still have it.
            if attempt == _TRIES - 1:
                raise
        else:
            return location_id
    raise AssertionError("the last try returns or raises")


def _keep_discounts(tx: Session, order_id: str, priced: PricedCart) -> None:
    rows = [
        {
            "order_id": order_id,
            "position": position,
            "promotion_id": applied.promotion_id,
            "code": applied.code,
            "name": applied.name,
            "amount_minor": applied.amount_minor,
        }
        for position, applied in enumerate(priced.promotions, start=1)
    ]
    insert_rows(tx, OrderDiscount.__table__, rows)
