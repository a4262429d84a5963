"""Two profiles of one person become one: everything of the duplicate is found under the survivor from then on.

Orders and reviews are told to the warehouse again under the survivor. Refunds are not: a credit note is
final there, and its order leads to the person.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import Origin
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.carts.service import CartStatus, merge_carts
from tradewind.commerce.customers.addresses import DEFAULTS
from tradewind.commerce.customers.facts import tell
from tradewind.commerce.customers.model import Address, Consent, Customer, CustomerGroupMember
from tradewind.commerce.customers.profiles import (
    PROFILE,
    CustomerErased,
    CustomerMerged,
    owner_of_email,
    touch,
)
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.writing import change_order, lock_order
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.promotions.model import PromotionUse
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.reviews.service import hold_reviews, tell_reviews
from tradewind.core.errors import InvalidInput, NotFound

_SILENT = {"synchronize_session": False}


def merge_customers(tx: Session, survivor_id: str, duplicate_id: str, *, actor: Actor, now: datetime) -> Customer:
    """Merges the duplicate into the survivor, which learns what it did not know, and returns the survivor.

    Nothing that the survivor says of itself is overwritten. Raises NotFound, CustomerErased, or CustomerMerged
    when one of them was merged away before; it cannot be undone.
    """
    if survivor_id == duplicate_id:
        raise InvalidInput("A customer cannot be merged into itself.", field="duplicate_id")
    survivor, duplicate = _both(tx, survivor_id, duplicate_id)
    tx.execute(
        update(Customer).where(Customer.merged_into_id == duplicate.id).values(merged_into_id=survivor.id),
        execution_options=_SILENT,
    )
    duplicate.merged_into_id = survivor.id
    touch(duplicate, now=now)
    # First: while the duplicate counts as a profile of its own, its e-mail address is taken.
    tx.flush()
    learned = _learn(tx, survivor, duplicate)
    touch(survivor, now=now)
    tx.flush()
    _move_profile_parts(tx, survivor.id, duplicate.id)
    _move_carts(tx, survivor.id, duplicate.id, actor=actor, now=now)
    _move_reviews(tx, survivor.id, duplicate.id, now=now)
    orders = _move_orders(tx, survivor.id, duplicate.id, now=now)
    tx.execute(
        update(PromotionUse).where(PromotionUse.customer_key == duplicate.id).values(customer_key=survivor.id),
        execution_options=_SILENT,
    )
    record(
        tx,
        actor,
        Change(
            "customer.merge", survivor.id, after={"duplicate_id": duplicate.id, "orders": orders, "learned": learned}
        ),
        Change("customer.merge", duplicate.id, after={"merged_into_id": survivor.id}),
        now=now,
    )
    tell(tx, [survivor], now=now)
    return survivor


def _both(tx: Session, survivor_id: str, duplicate_id: str) -> tuple[Customer, Customer]:
    """Both profiles, held against new orders too: what is booked on the duplicate meanwhile waits, then finds us."""
    query = select(Customer).where(Customer.id.in_((survivor_id, duplicate_id))).order_by(Customer.id).with_for_update()
    found = {row.id: row for row in tx.scalars(query, execution_options={"populate_existing": True})}
    for customer_id in (survivor_id, duplicate_id):
        row = found.get(customer_id)
        if row is None:
            raise NotFound(f"There is no customer {customer_id[:40]}.")
        if row.merged_into_id is not None:
            raise CustomerMerged(row.id, row.merged_into_id)
        if row.is_erased:
            raise CustomerErased(row.id)
    return found[survivor_id], found[duplicate_id]


def _learn(tx: Session, survivor: Customer, duplicate: Customer) -> list[str]:
    """Fills what the survivor does not know; an address that a third profile owns stays where it is."""
    learned = [name for name in PROFILE if getattr(survivor, name) is None and getattr(duplicate, name) is not None]
    for name in list(learned):
        value = getattr(duplicate, name)
        if name == "email" and survivor.channel_id is None:
            value = value.lower()
            if owner_of_email(tx, value) not in (None, survivor.id):
                learned.remove(name)
                continue
        setattr(survivor, name, value)
    return learned


def _move_profile_parts(tx: Session, survivor_id: str, duplicate_id: str) -> None:
    """Addresses, consents and groups; where both have a default address, the survivor's stays it."""
    for name in DEFAULTS:
        column = getattr(Address, name)
        has_one = select(Address.id).where(Address.customer_id == survivor_id, column.is_(True)).limit(1)
        if tx.scalar(has_one) is not None:
            others = update(Address).where(Address.customer_id == duplicate_id).values({name: False})
            tx.execute(others, execution_options=_SILENT)
    for table in (Address, Consent):
        moved = update(table).where(table.customer_id == duplicate_id).values(customer_id=survivor_id)
        tx.execute(moved, execution_options=_SILENT)
    member = CustomerGroupMember
    has_already = select(member.group_id).where(member.customer_id == survivor_id)
    tx.execute(
        delete(member).where(member.customer_id == duplicate_id, member.group_id.in_(has_already)),
        execution_options=_SILENT,
    )
    tx.execute(
        update(member).where(member.customer_id == duplicate_id).values(customer_id=survivor_id),
        execution_options=_SILENT,
    )


def _move_carts(tx: Session, survivor_id: str, duplicate_id: str, *, actor: Actor, now: datetime) -> None:
    """A person has one open cart per channel: what lies in the duplicate's is put into the survivor's."""
    is_open = (Cart.customer_id == duplicate_id, Cart.status == CartStatus.OPEN)
    over = update(Cart).where(*is_open, Cart.expires_at <= now).values(status=CartStatus.EXPIRED, updated_at=now)
    tx.execute(over, execution_options=_SILENT)
    for cart_id in tx.scalars(select(Cart.id).where(*is_open).order_by(Cart.id)).all():
        # For a moment it is nobody's: so are the carts of guests, who turn out to be a customer in the same way.
        tx.execute(update(Cart).where(Cart.id == cart_id).values(customer_id=None), execution_options=_SILENT)
        merge_carts(tx, cart_id, survivor_id, actor=actor, now=now)
        tx.execute(update(Cart).where(Cart.id == cart_id).values(customer_id=survivor_id), execution_options=_SILENT)
    rest = update(Cart).where(Cart.customer_id == duplicate_id).values(customer_id=survivor_id)
    tx.execute(rest, execution_options=_SILENT)


def _move_reviews(tx: Session, survivor_id: str, duplicate_id: str, *, now: datetime) -> None:
    reviews = hold_reviews(tx, Review.customer_id == duplicate_id)
    for review in reviews:
        review.customer_id = survivor_id
        review.version += 1
    tx.flush()
    tell_reviews(tx, reviews, now=now)


def _move_orders(tx: Session, survivor_id: str, duplicate_id: str, *, now: datetime) -> int:
    """Orders, each as a new version told again, and refunds; returns how many orders."""
    order_ids = tx.scalars(select(Order.id).where(Order.customer_id == duplicate_id).order_by(Order.id)).all()
    for order_id in order_ids:
        order = lock_order(tx, order_id)
        change_order(tx, order, {"customer_id": survivor_id}, now=now, origin=Origin.MANUAL)
    refunds = update(Refund).where(Refund.customer_id == duplicate_id).values(customer_id=survivor_id)
    tx.execute(refunds, execution_options=_SILENT)
    return len(order_ids)
