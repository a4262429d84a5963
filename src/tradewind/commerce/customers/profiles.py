"""Use cases of our own shop's customers: a profile is made, found by e-mail address, and edited.

In our own shop an e-mail address belongs to one profile; the database holds that, also against two
writers at once. Channels keep their own profiles of people, whatever their addresses (see `service`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.customers.facts import PLACE_AND_CONTACT, customer_fact, tell
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.places import check_country
from tradewind.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from tradewind.core.ids import new_id
from tradewind.core.text import check_text
from tradewind.events import outbox

PROFILE = (*PLACE_AND_CONTACT, "birth_date")
"""What a profile says about a person."""
LIMITS = {"email": 320, "name": 300, "phone": 64, "country": 2, "region": 100, "city": 200}
_EMAIL = re.compile(r"""[^@\s"(),:;<>\[\]\\]{1,64}@[^@\s"(),:;<>\[\]\\]{1,255}""")


class EmailTaken(Conflict):
    """The address belongs to another profile of our own shop."""

    code = "email_taken"

    def __init__(self, email: str, customer_id: str) -> None:
        self.customer_id = customer_id
        super().__init__(
            f"{email} belongs to customer {customer_id} already. Use that profile, or merge the two into one."
        )


class CustomerErased(Conflict):
    """The person asked to be forgotten: the profile can neither change nor come back."""

    code = "customer_erased"

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"Customer {customer_id} was erased on request. Make a new profile instead.")


class CustomerMerged(Conflict):
    """The profile was found to be a duplicate: everything of the person stands under another one."""

    code = "customer_merged"

    def __init__(self, customer_id: str, into: str) -> None:
        super().__init__(f"Customer {customer_id} was merged into {into}. Use that one.")


def create_customer(tx: Session, profile: Mapping[str, Any], *, actor: Actor, now: datetime) -> Customer:
    """A new profile in our own shop, from what is known of `PROFILE`. Raises EmailTaken."""
    values = clean_profile(profile, now=now)
    if not (values.get("email") or values.get("name")):
        raise InvalidInput("A customer needs a name or an e-mail address.", field="email")
    email = values.get("email")
    if email and (owner := owner_of_email(tx, email)) is not None:
        raise EmailTaken(email, owner)
    fresh = _insert(tx, values, now=now)
    if fresh is None:
        raise EmailTaken(str(email), owner_of_email(tx, str(email)) or "somebody else")
    record(tx, actor, Change("customer.create", fresh["id"], after=values), now=now)
    return tx.get_one(Customer, fresh["id"])


def ensure_guest(tx: Session, profile: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    """The id of the profile with this `email`, made when there is none: somebody buys without an account.

    A known profile stays as it is: whoever types an address does not thereby speak for its owner.
    """
    values = clean_profile(profile, now=now)
    if not values.get("email"):
        raise InvalidInput("A guest needs an e-mail address.", field="email")
    found = owner_of_email(tx, values["email"])
    if found is not None:
        return found
    fresh = _insert(tx, values, now=now)
    if fresh is not None:
        record(tx, actor, Change("customer.create", fresh["id"], after=values), now=now)
        return str(fresh["id"])
    found = owner_of_email(tx, values["email"])
    if found is None:
        raise Unavailable(f"The profile of {values['email']} changed at this very moment. Try again.")
    return found


def edit_customer(
    tx: Session, customer: Customer, changes: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Customer:
    """Changes what is named, None meaning unknown, of a profile that the caller holds (see `customer_for_change`)."""
    values = clean_profile(changes, now=now)
    before = {name: getattr(customer, name) for name in values}
    if values == before:
        return customer
    after = {name: getattr(customer, name) for name in PROFILE} | values
    if not (after["email"] or after["name"]):
        raise InvalidInput("A customer needs a name or an e-mail address.", field="email")
    email = values.get("email")
    if email and customer.channel_id is None and (owner := owner_of_email(tx, email)) not in (None, customer.id):
        raise EmailTaken(email, str(owner))
    for name, value in values.items():
        setattr(customer, name, value)
    touch(customer, now=now)
    tx.flush()
    record(tx, actor, Change("customer.update", customer.id, before=before, after=values), now=now)
    tell(tx, [customer], now=now)
    return customer


def customer_for_change(tx: Session, customer_id: str) -> Customer:
    """The profile, held until the end of the transaction. Raises NotFound, CustomerErased or CustomerMerged.

    Others may go on booking orders on it meanwhile.
    """
    customer = tx.scalar(
        select(Customer).where(Customer.id == customer_id).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )
    if customer is None:
        raise NotFound(f"There is no customer {customer_id[:40]}.")
    if customer.merged_into_id is not None:
        raise CustomerMerged(customer.id, customer.merged_into_id)
    if customer.is_erased:
        raise CustomerErased(customer.id)
    return customer


def owner_of_email(tx: Session, email: str) -> str | None:
    """Whose address it is in our own shop, held against being merged away meanwhile."""
    query = select(Customer).where(Customer.channel_id.is_(None), Customer.email == email)
    # Of several only one is no duplicate; that one is the last here, and the duplicates know it too.
    query = query.order_by(Customer.merged_into_id.is_(None), Customer.id).with_for_update(read=True, key_share=True)
    rows = tx.scalars(query, execution_options={"populate_existing": True}).all()
    return (rows[-1].merged_into_id or rows[-1].id) if rows else None


def touch(customer: Customer, *, now: datetime) -> None:
    """Notes that something of the person changed: a new version, and when."""
    customer.version += 1
    customer.updated_at = now


def clean_profile(profile: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The values as they are stored: trimmed, nothing as None. InvalidInput names what cannot be."""
    values: dict[str, Any] = {}
    for name, value in profile.items():
        if name == "birth_date":
            values[name] = _birth_date(value, now)
        else:
            values[name] = clean_text(value, LIMITS[name], field=name, of="the customer")
    if email := values.get("email"):
        if not _EMAIL.fullmatch(email) or not email.isprintable():
            raise InvalidInput(f"'{email[:80]}' is not an e-mail address.", field="email")
        values["email"] = email.lower()
    if values.get("country"):
        values["country"] = check_country(values["country"])
    return values


def clean_text(value: str | None, longest: int, *, field: str, of: str) -> str | None:
    """A text without space around it; None where nothing is left."""
    text = value.strip() if value is not None else ""
    check_text(text, longest, field=field, of=of)
    return text or None


def _birth_date(day: date | None, now: datetime) -> date | None:
    if day is not None and not date(1880, 1, 1) <= day <= now.date():
        raise InvalidInput(f"Nobody was born on {day}: check the year.", field="birth_date")
    return day


def _insert(tx: Session, values: Mapping[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """A new profile and its fact; None when the e-mail address is taken, also by a writer a moment ahead of us."""
    fresh: dict[str, Any] = dict.fromkeys(PROFILE) | {
        "id": new_id(),
        "channel_id": None,
        "external_id": None,
        "is_erased": False,
        "merged_into_id": None,
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **values,
    }
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    added = tx.execute(dialect.insert(Customer).on_conflict_do_nothing().values(**fresh).returning(Customer.id))
    if added.first() is None:
        return None
    outbox.append(tx, [customer_fact(fresh, "", now=now)])
    return fresh
