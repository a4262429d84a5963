"""Use cases of carts: beginning one, filling it, saying where it goes, merging, and closing it with an order.

Every change takes the cart's row for itself first, moves its version and pushes its end into the future.
Prices are worked out in `pricing`; nothing here knows what a cart costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.carts.errors import CartClosed
from tradewind.commerce.carts.lines import CartItem, put_lines, quantities_of, set_line
from tradewind.commerce.carts.loading import load_lines
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.catalog.service import ensure_channel, find_channel
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.places import check_country
from tradewind.commerce.promotions.conditions import is_live
from tradewind.commerce.promotions.errors import CodeNotValid
from tradewind.commerce.promotions.model import Promotion
from tradewind.commerce.promotions.terms import normal_code
from tradewind.commerce.shipping.model import ShippingMethod
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency
from tradewind.core.prepared import Prepared
from tradewind.core.text import check_text

OWN_SHOP = "shop"
"""Code of the channel of carts that name none."""
KEPT_FOR_CUSTOMER = timedelta(days=30)
KEPT_FOR_GUEST = timedelta(days=7)
MAX_CODES = 10
IS_OPEN = Cart.status == literal_column("'open'")
"""Written out and not as a parameter, so that both databases see that the indexes of open carts fit."""


class CartStatus(StrEnum):
    OPEN = "open"
    ORDERED = "ordered"
    MERGED = "merged"
    """What lay in it lies in the customer's own cart now."""
    EXPIRED = "expired"


_CARTS: Any = Cart.__table__
_CUSTOMER = Prepared(select(Customer.id, Customer.merged_into_id).where(Customer.id == bindparam("customer_id")))
_OPEN = Prepared(
    select(Cart.id, Cart.expires_at).where(
        Cart.customer_id == bindparam("customer_id"), Cart.channel_id == bindparam("channel_id"), IS_OPEN
    )
)
_OPEN_IN_SHOP = Prepared(
    select(Cart.id)
    .join(SalesChannel, SalesChannel.id == Cart.channel_id)
    .where(
        Cart.customer_id == bindparam("customer_id"),
        SalesChannel.code == OWN_SHOP,
        IS_OPEN,
        Cart.expires_at > bindparam("at"),
    )
)
"""The usual case in one look: a customer with a cart in our own shop."""
_ORDER = Prepared(
    update(_CARTS)
    .where(_CARTS.c.id == bindparam("of_cart"), IS_OPEN)
    .values(
        status=str(CartStatus.ORDERED),
        order_id=bindparam("becomes"),
        version=_CARTS.c.version + 1,
        updated_at=bindparam("at"),
        abandoned_at=None,
    )
    .returning(_CARTS.c.id)
)


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a guest's things went, and the products for which the customer's cart had no room."""

    cart_id: str
    left_out: tuple[str, ...]


def create_cart(
    tx: Session,
    *,
    currency: str,
    channel: str = OWN_SHOP,
    customer_id: str | None = None,
    country: str | None = None,
    region: str | None = None,
    email: str | None = None,
    items: Sequence[CartItem] = (),
    actor: Actor,
    now: datetime,
) -> str:
    """Begins a cart and returns its id; a customer who has an open one on the channel goes on with that."""
    channel_id = _channel_id(tx, channel, now)
    if customer_id is not None:
        cart_id = open_cart_of(tx, customer_id, channel_id=channel_id, currency=currency, actor=actor, now=now)
    else:
        cart_id = _insert(tx, None, channel_id, check_currency(currency), now)
        record(tx, actor, Change("cart.create", cart_id, after={"currency": currency, "customer_id": None}), now=now)
    if country is not None:
        send_to(tx, cart_id, country, region, actor=actor, now=now)
    if email is not None:
        set_email(tx, cart_id, email, actor=actor, now=now)
    if items:
        add_items(tx, cart_id, items, actor=actor, now=now)
    return cart_id


def open_cart_of(
    tx: Session,
    customer_id: str,
    *,
    channel_id: str | None = None,
    currency: str,
    actor: Actor,
    now: datetime,
) -> str:
    """The customer's open cart on a channel, begun if there is none. Of two callers at once both get the same."""
    if channel_id is None and (usual := _OPEN_IN_SHOP.scalar(tx, customer_id=customer_id, at=now)) is not None:
        return str(usual)
    owner = _survivor(tx, customer_id)
    where = channel_id or _channel_id(tx, OWN_SHOP, now)
    found = _OPEN.first(tx, customer_id=owner, channel_id=where)
    if found is not None and found.expires_at > now:
        known: str = found.id
        return known
    if found is not None:
        over = update(Cart).where(Cart.id == found.id, IS_OPEN, Cart.expires_at <= now)
        expired = over.values(status=CartStatus.EXPIRED, updated_at=now)
        tx.execute(expired, execution_options={"synchronize_session": False})
    fresh = _insert(tx, owner, where, check_currency(currency), now)
    cart_id: str = _OPEN.all(tx, customer_id=owner, channel_id=where)[0].id
    if cart_id == fresh:
        record(tx, actor, Change("cart.create", cart_id, after={"currency": currency, "customer_id": owner}), now=now)
    return cart_id


def find_open_cart(tx: Session, customer_id: str, *, channel: str = OWN_SHOP, now: datetime) -> str | None:
    """The customer's open cart; None where there is none, or it has ended."""
    owner = _survivor(tx, customer_id)
    query = select(Cart.id).join(SalesChannel, SalesChannel.id == Cart.channel_id)
    query = query.where(Cart.customer_id == owner, SalesChannel.code == channel)
    return tx.scalar(query.where(IS_OPEN, Cart.expires_at > now))


def add_items(tx: Session, cart_id: str, items: Sequence[CartItem], *, actor: Actor, now: datetime) -> None:
    """Puts units into the cart; of a product that is in it already, more units.

    Raises ProductNotSold, CartFull, NotFound for an unknown product, CartClosed.
    """
    cart = _lock_open(tx, cart_id, now)
    before = quantities_of(tx, cart_id)
    put_lines(tx, cart_id, cart.currency, items, before, now=now)
    _changed(tx, cart, before, actor, now)


def add_item(tx: Session, cart_id: str, product_id: str, quantity: int = 1, *, actor: Actor, now: datetime) -> None:
    """Puts units of one product into the cart; see `add_items`."""
    add_items(tx, cart_id, [CartItem(quantity, product_id=product_id)], actor=actor, now=now)


def set_quantity(tx: Session, cart_id: str, product_id: str, quantity: int, *, actor: Actor, now: datetime) -> None:
    """Makes a line have so many units; none takes it out. Raises NotFound for a product that is not in the cart."""
    cart = _lock_open(tx, cart_id, now)
    before = quantities_of(tx, cart_id)
    set_line(tx, cart_id, cart.currency, product_id, quantity)
    _changed(tx, cart, before, actor, now)


def remove_item(tx: Session, cart_id: str, product_id: str, *, actor: Actor, now: datetime) -> None:
    """Takes a product out of the cart."""
    set_quantity(tx, cart_id, product_id, 0, actor=actor, now=now)


def clear_cart(tx: Session, cart_id: str, *, actor: Actor, now: datetime) -> None:
    """Takes everything out: products and codes."""
    cart = _lock_open(tx, cart_id, now)
    before = quantities_of(tx, cart_id)
    for line in tx.scalars(select(CartLine).where(CartLine.cart_id == cart_id)):
        tx.delete(line)
    cart.codes = []
    _changed(tx, cart, before, actor, now)


def apply_code(tx: Session, cart_id: str, code: str, *, actor: Actor, now: datetime) -> None:
    """Puts a discount code into the cart; the same again changes nothing. Raises CodeNotValid.

    Whether its conditions are met is seen when the cart is priced: they may be, one product later.
    """
    cart = _lock_open(tx, cart_id, now)
    wanted = normal_code(code)
    if wanted in cart.codes:
        return
    if len(cart.codes) >= MAX_CODES:
        raise InvalidInput(f"A cart holds {MAX_CODES} codes. Remove one first.", field="code")
    promotion = tx.scalar(select(Promotion).where(Promotion.code == wanted))
    if promotion is None or not is_live(promotion, now):
        raise CodeNotValid(code)
    _set(tx, cart, {"codes": [*cart.codes, wanted]}, actor, now)


def remove_code(tx: Session, cart_id: str, code: str, *, actor: Actor, now: datetime) -> None:
    """Takes a code out of the cart. Raises NotFound when it is not in it."""
    cart = _lock_open(tx, cart_id, now)
    wanted = normal_code(code)
    if wanted not in cart.codes:
        raise NotFound(f"The code {wanted[:64]} is not in this cart.")
    _set(tx, cart, {"codes": [kept for kept in cart.codes if kept != wanted]}, actor, now)


def send_to(
    tx: Session, cart_id: str, country: str | None, region: str | None = None, *, actor: Actor, now: datetime
) -> None:
    """Says where the cart goes, which decides on tax and shipping. The region is a code such as CA or US-CA."""
    code = check_country(country)
    check_text(region, 100, field="region", of="the cart")
    kept = region.strip() if region is not None and region.strip() else None
    _set(tx, _lock_open(tx, cart_id, now), {"country": code, "region": kept}, actor, now)


def choose_shipping(tx: Session, cart_id: str, method_id: str | None, *, actor: Actor, now: datetime) -> None:
    """Chooses a way of shipping. Whether it fits is seen when the cart is priced."""
    cart = _lock_open(tx, cart_id, now)
    if method_id is not None and tx.get(ShippingMethod, method_id) is None:
        raise NotFound(f"There is no shipping method {method_id[:40]}.")
    _set(tx, cart, {"shipping_method_id": method_id}, actor, now)


def set_email(tx: Session, cart_id: str, email: str | None, *, actor: Actor, now: datetime) -> None:
    """Keeps where a guest can be reached. Personal data: it does not stand in the audit log."""
    check_text(email, 320, field="email", of="the cart")
    kept = email.strip() if email is not None and email.strip() else None
    if kept is not None and ("@" not in kept.strip("@") or not kept.isprintable() or " " in kept):
        raise InvalidInput("That is not an e-mail address. Write it like name@example.com.", field="email")
    cart = _lock_open(tx, cart_id, now)
    if cart.email != kept:
        had = cart.email is not None
        cart.email = kept
        _touch(tx, cart, now)
        change = Change("cart.update", cart.id, {"has_email": had}, {"has_email": kept is not None})
        record(tx, actor, change, now=now)


def accept_prices(tx: Session, cart_id: str, *, actor: Actor, now: datetime) -> None:
    """Takes the present prices as seen: changes up to now are no longer told."""
    cart = _lock_open(tx, cart_id, now)
    prices = {line.product_id: line.price_minor for line in load_lines(tx, cart_id, cart.currency)}
    changed = False
    for line in tx.scalars(select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.product_id)):
        changed = changed or line.seen_price_minor != prices.get(line.product_id)
        line.seen_price_minor = prices.get(line.product_id)
    if changed:
        _touch(tx, cart, now)
        record(tx, actor, Change("cart.accept_prices", cart_id), now=now)


def merge_carts(tx: Session, guest_cart_id: str, customer_id: str, *, actor: Actor, now: datetime) -> Merged:
    """Puts a guest's things into the customer's open cart when the guest turns out to be that customer.

    Units of the same product add up; what the customer's cart does not say yet (place, shipping, e-mail) it
    takes over, and codes are joined. A cart that was merged already gives the same answer and changes nothing.
    """
    guest = _find(tx, guest_cart_id)
    target_id = open_cart_of(
        tx, customer_id, channel_id=guest.channel_id, currency=guest.currency, actor=actor, now=now
    )
    if target_id == guest_cart_id:
        return Merged(target_id, ())
    # Both at once and in the order of their ids, so that two merges cannot wait for each other.
    locked = {cart_id: _lock(tx, cart_id) for cart_id in sorted((guest_cart_id, target_id))}
    guest, target = locked[guest_cart_id], locked[target_id]
    if guest.status == CartStatus.MERGED:
        return Merged(target_id, ())
    _check_open(guest, now)
    if guest.customer_id is not None:
        raise CartClosed(guest_cart_id, "another customer's")
    before = quantities_of(tx, target_id)
    left_out = put_lines(
        tx,
        target_id,
        target.currency,
        [CartItem(quantity, product_id=product) for product, quantity in quantities_of(tx, guest_cart_id).items()],
        before,
        now=now,
        is_merge=True,
    )
    if target.country is None:
        target.country, target.region = guest.country, guest.region
    target.shipping_method_id = target.shipping_method_id or guest.shipping_method_id
    target.email = target.email or guest.email
    target.codes = list(dict.fromkeys([*target.codes, *guest.codes]))[:MAX_CODES]
    guest.status, guest.email, guest.version, guest.updated_at = CartStatus.MERGED, None, guest.version + 1, now
    _changed(tx, target, before, actor, now)
    change = Change("cart.merge", guest_cart_id, {"status": CartStatus.OPEN}, {"status": CartStatus.MERGED})
    record(tx, actor, change, now=now)
    return Merged(target_id, tuple(left_out))


def mark_ordered(tx: Session, cart_id: str, order_id: str, *, now: datetime) -> None:
    """Closes a cart that has become an order. Raises CartClosed when it was not open: it becomes one order only."""
    if _ORDER.first(tx, of_cart=cart_id, becomes=order_id, at=now) is None:
        raise CartClosed(cart_id, _find(tx, cart_id).status)


def _insert(tx: Session, customer_id: str | None, channel_id: str, currency: str, now: datetime) -> str:
    """A fresh cart, unless the customer has an open one by now; returns the id that it has, or would have."""
    cart_id = new_id()
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    values: dict[str, Any] = {
        "id": cart_id,
        "channel_id": channel_id,
        "customer_id": customer_id,
        "currency": currency,
        "codes": [],
        "status": str(CartStatus.OPEN),
        "version": 1,
        "expires_at": now + _kept_for(customer_id),
        "created_at": now,
        "updated_at": now,
    }
    tx.execute(dialect.insert(Cart.__table__).values(**values).on_conflict_do_nothing())
    return cart_id


def _channel_id(tx: Session, code: str, now: datetime) -> str:
    found = find_channel(tx, code)
    if found is None and code == OWN_SHOP:
        return ensure_channel(tx, OWN_SHOP, name="Shop", kind="shop", now=now).id
    if found is None:
        raise NotFound(f"There is no sales channel {code[:64]}.")
    return found


def _survivor(tx: Session, customer_id: str) -> str:
    """The customer, or the profile that a duplicate was merged into."""
    row = _CUSTOMER.first(tx, customer_id=customer_id)
    if row is None:
        raise NotFound(f"There is no customer {customer_id[:40]}.")
    survivor: str = row.merged_into_id or row.id
    return survivor


def _find(tx: Session, cart_id: str) -> Cart:
    cart = tx.scalar(select(Cart).where(Cart.id == cart_id), execution_options={"populate_existing": True})
    if cart is None:
        raise NotFound(f"There is no cart {cart_id[:40]}.")
    return cart


def _lock(tx: Session, cart_id: str) -> Cart:
    held = select(Cart).where(Cart.id == cart_id).with_for_update()
    cart = tx.scalar(held, execution_options={"populate_existing": True})
    if cart is None:
        raise NotFound(f"There is no cart {cart_id[:40]}.")
    return cart


def _lock_open(tx: Session, cart_id: str, now: datetime) -> Cart:
    cart = _lock(tx, cart_id)
    _check_open(cart, now)
    return cart


def _check_open(cart: Cart, now: datetime) -> None:
    """An end that has passed counts, whether the sweep has been there or not."""
    if cart.status != CartStatus.OPEN:
        raise CartClosed(cart.id, cart.status)
    if cart.expires_at <= now:
        raise CartClosed(cart.id, CartStatus.EXPIRED)


def _set(tx: Session, cart: Cart, values: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    before = {name: getattr(cart, name) for name in values}
    if before == dict(values):
        return
    for name, value in values.items():
        setattr(cart, name, value)
    _touch(tx, cart, now)
    record(tx, actor, Change("cart.update", cart.id, before, values), now=now)


def _changed(tx: Session, cart: Cart, before: Mapping[str, int], actor: Actor, now: datetime) -> None:
    """Enters what the lines are now beside what they were."""
    _touch(tx, cart, now)
    after = quantities_of(tx, cart.id)
    record(
        tx,
        actor,
        Change("cart.lines", cart.id, {**dict.fromkeys(after), **before}, {**dict.fromkeys(before), **after}),
        now=now,
    )


def _touch(tx: Session, cart: Cart, now: datetime) -> None:
    cart.version += 1
    cart.updated_at = now
    cart.abandoned_at = None
    cart.expires_at = now + _kept_for(cart.customer_id)
    tx.flush()


def _kept_for(customer_id: str | None) -> timedelta:
    return KEPT_FOR_GUEST if customer_id is None else KEPT_FOR_CUSTOMER
