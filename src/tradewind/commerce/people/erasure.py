"""A person asks to be forgotten. Who they were goes; what was sold, paid and counted stays as it was.

Names, addresses of every kind and free texts are blanked wherever the shop holds them; ids, amounts, days,
products and countries stay. The customer's fact is told once more without the person, so that the warehouse's
table of customers knows the blank state as the newest. Erasing again is allowed, and reaches what came since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, case, delete, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.booking import chunks
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.carts.service import CartStatus
from tradewind.commerce.customers.facts import tell
from tradewind.commerce.customers.model import Address, Consent, Customer, CustomerGroupMember
from tradewind.commerce.customers.profiles import PROFILE, CustomerMerged, touch
from tradewind.commerce.customers.service import erased_id
from tradewind.commerce.customers.store import ids_of_person
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.service import MailStatus
from tradewind.commerce.orders.model import Order, OrderAddress, OrderChange, OrderNote
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.people.export import emails_of
from tradewind.commerce.people.holdings import holdings
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.reviews.service import hold_reviews, tell_reviews
from tradewind.commerce.shipping.model import Return, Shipment
from tradewind.core.errors import Conflict, NotFound

ERASED = "[erased]"
_SUBJECTS = (Customer, Order, Cart, Review, Shipment, Return, Refund)
"""What belongs to a person and has entries in the audit log."""
_OPEN = [str(status) for status in (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING)]
_NUMBERS_SHOWN = 10
_HARMLESS = frozenset(
    "status payment_status fulfillment_status currency purpose group duplicate_id merged_into_id address_id note_id"
    " refund_id product_id order_id".split()
)
"""Texts of audit entries that tell nothing about a person. All others go: better one too many."""
_SILENT = {"synchronize_session": False}

Belongs = Mapping[Any, ColumnElement[bool]]


class OpenOrders(Conflict):
    """Parcels have still to find the person."""

    code = "open_orders"

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(
            f"Orders of this customer are still to be sent: {', '.join(numbers)}. Send or cancel them first, or say"
            " that their addresses may go all the same."
        )


@dataclass(frozen=True, slots=True)
class Erasure:
    """How many rows of each kind told of the person and do so no more."""

    profiles: int
    addresses: int
    orders: int
    carts: int
    reviews: int
    mails: int
    audit_entries: int


def erase_customer(
    tx: Session, customer_id: str, *, actor: Actor, now: datetime, despite_open_orders: bool = False
) -> Erasure:
    """Blanks a person in every room of the shop.

    Raises NotFound, CustomerMerged for a merged duplicate, or OpenOrders while something is to be sent to them.
    """
    profiles = _profiles(tx, customer_id)
    profile_ids = tuple(profile.id for profile in profiles)
    belongs = holdings(profile_ids, emails_of(tx, profile_ids))
    if not despite_open_orders and (numbers := _still_to_be_sent(tx, belongs[Order])):
        raise OpenOrders(numbers)
    # What the person's mails and audit entries are found by goes last.
    audit_entries = _blank_audit(tx, belongs)
    mails = _blank_mails(tx, belongs[Mail])
    orders = _blank_orders(tx, belongs)
    carts = _blank_carts(tx, belongs[Cart], now=now)
    reviews = _blank_reviews(tx, belongs[Review], now=now)
    tx.execute(update(Consent).where(belongs[Consent]).values(source=ERASED), execution_options=_SILENT)
    tx.execute(delete(CustomerGroupMember).where(belongs[CustomerGroupMember]), execution_options=_SILENT)
    addresses = _count(tx.execute(delete(Address).where(belongs[Address]), execution_options=_SILENT))
    for profile in profiles:
        _blank_profile(profile, now=now)
    tx.flush()
    tell(tx, profiles, now=now)
    erasure = Erasure(len(profiles), addresses, orders, carts, reviews, mails, audit_entries)
    record(tx, actor, Change("customer.erase", customer_id, after=asdict(erasure)), now=now)
    return erasure


def erase_duplicate(tx: Session, customer_id: str, *, actor: Actor, now: datetime) -> None:
    """Blanks a profile that was merged into another, and nothing of the person that they became. Raises NotFound."""
    (duplicate,) = _held(tx, [customer_id]) or (None,)
    if duplicate is None:
        raise NotFound(f"There is no customer {customer_id[:40]}.")
    _blank_profile(duplicate, now=now)
    tx.flush()
    tell(tx, [duplicate], now=now)
    record(tx, actor, Change("customer.erase", customer_id, after={"profiles": 1}), now=now)


def _profiles(tx: Session, customer_id: str) -> list[Customer]:
    """All profiles of the person, held. The asked one is held first: nobody can merge another into it after that."""
    (asked,) = _held(tx, [customer_id]) or (None,)
    if asked is None:
        raise NotFound(f"There is no customer {customer_id[:40]}.")
    if asked.merged_into_id is not None:
        raise CustomerMerged(asked.id, asked.merged_into_id)
    _, *duplicates = ids_of_person(tx, customer_id)
    return [asked, *_held(tx, duplicates)]


def _held(tx: Session, ids: Sequence[str]) -> Sequence[Customer]:
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id).with_for_update()
    return tx.scalars(query, execution_options={"populate_existing": True}).all()


def _still_to_be_sent(tx: Session, belongs: ColumnElement[bool]) -> Sequence[str]:
    """Numbers of orders whose addresses we need; those without one are sent by their channel."""
    query = select(Order.order_number).join(OrderAddress, OrderAddress.order_id == Order.id).distinct()
    open_ones = query.where(belongs, Order.status.in_(_OPEN)).order_by(Order.order_number)
    return tx.scalars(open_ones.limit(_NUMBERS_SHOWN)).all()


def _blank_profile(profile: Customer, *, now: datetime) -> None:
    for name in PROFILE:
        setattr(profile, name, None)
    if profile.external_id is not None and not profile.is_erased:
        profile.external_id = erased_id(profile.external_id)
    profile.is_erased = True
    touch(profile, now=now)


def _blank_orders(tx: Session, belongs: Belongs) -> int:
    """Addresses but for country and region, which taxes depend on, notes, and the trace of parcels."""
    gone = dict.fromkeys(("email", "name", "company", "line1", "line2", "city", "postal_code", "phone"))
    blank: tuple[tuple[Any, dict[str, Any]], ...] = (
        (OrderAddress, gone),
        (OrderNote, {"text": ERASED}),
        (OrderChange, {"note": _blanked(OrderChange.note)}),
        (Shipment, {"tracking_number": None, "tracking_url": None}),
        (Return, {"note": None}),
    )
    for model, values in blank:
        tx.execute(update(model).where(belongs[model]).values(values), execution_options=_SILENT)
    return _count(
        tx.execute(update(Order).where(belongs[Order]).values(note=_blanked(Order.note)), execution_options=_SILENT)
    )


def _blanked(column: Any) -> Any:
    """The mark in place of a text, nothing in place of nothing."""
    return case((column.is_not(None), ERASED))


def _blank_carts(tx: Session, belongs: ColumnElement[bool], *, now: datetime) -> int:
    """A cart that is open ends: nobody will come back to it."""
    status = case((Cart.status == CartStatus.OPEN, str(CartStatus.EXPIRED)), else_=Cart.status)
    values = {"email": None, "status": status, "version": Cart.version + 1, "updated_at": now}
    return _count(tx.execute(update(Cart).where(belongs).values(values), execution_options=_SILENT))


def _blank_reviews(tx: Session, belongs: ColumnElement[bool], *, now: datetime) -> int:
    """The rating stays, so that averages do; the words go."""
    reviews = hold_reviews(tx, belongs)
    for review in reviews:
        review.title = review.comment = None
        review.version += 1
    tx.flush()
    tell_reviews(tx, reviews, now=now)
    return len(reviews)


def _blank_mails(tx: Session, belongs: ColumnElement[bool]) -> int:
    """A mail that still waits is not sent any more."""
    values: dict[str, Any] = {
        "recipient": ERASED,
        "content": {},
        "failure": None,
        "status": case((Mail.status == MailStatus.WAITING, str(MailStatus.FAILED)), else_=Mail.status),
    }
    return _count(tx.execute(update(Mail).where(belongs).values(values), execution_options=_SILENT))


def _blank_audit(tx: Session, belongs: Belongs) -> int:
    """Who changed what and when stays; the values of the person's own things go."""
    subjects = [tx.scalars(select(model.id).where(belongs[model])).all() for model in _SUBJECTS]
    count = 0
    for part in chunks(subject_id for ids in subjects for subject_id in ids):
        entries = tx.scalars(select(AuditEntry).where(AuditEntry.subject_id.in_(part))).all()
        for entry in entries:
            entry.before, entry.after = _without_values(entry.before), _without_values(entry.after)
        count += len(entries)
    tx.flush()
    return count


def _without_values(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _without_text(name, value) for name, value in values.items()}


def _without_text(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value if name in _HARMLESS else ERASED
    if isinstance(value, Mapping):
        return _without_values(value)
    return [_without_text(name, part) for part in value] if isinstance(value, list) else value


def _count(result: Any) -> int:
    return int(cast("CursorResult[Any]", result).rowcount)
