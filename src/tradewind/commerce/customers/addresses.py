"""Use cases of addresses: several per person, with a default for parcels and one for bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.customers.model import Address, Customer
from tradewind.commerce.customers.profiles import clean_text, touch
from tradewind.commerce.places import check_country
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id

MOST_ADDRESSES = 50
DEFAULTS = ("is_default_shipping", "is_default_billing")
PLACE = ("name", "company", "line1", "line2", "city", "region", "postal_code", "country", "phone")
_LIMITS = {
    "name": 300,
    "company": 300,
    "line1": 300,
    "line2": 300,
    "city": 200,
    "region": 100,
    "postal_code": 32,
    "country": 2,
    "phone": 64,
}
_NEEDED = ("name", "line1", "city", "country")


class TooManyAddresses(Conflict):
    code = "too_many_addresses"

    def __init__(self) -> None:
        super().__init__(f"A customer has at most {MOST_ADDRESSES} addresses. Delete one that is out of use.")


def add_address(tx: Session, customer: Customer, address: Mapping[str, Any], *, actor: Actor, now: datetime) -> Address:
    """A new address of a customer that the caller holds. The first one is the default for everything."""
    count = tx.scalar(select(func.count()).where(Address.customer_id == customer.id)) or 0
    if count >= MOST_ADDRESSES:
        raise TooManyAddresses
    values = clean_address(address)
    defaults = {name: count == 0 or bool(address.get(name)) for name in DEFAULTS}
    _give_up_defaults(tx, customer.id, defaults)
    row = Address(id=new_id(), customer_id=customer.id, created_at=now, updated_at=now, **values, **defaults)
    tx.add(row)
    touch(customer, now=now)
    tx.flush()
    record(tx, actor, Change("customer.add_address", customer.id, after={"address_id": row.id} | values), now=now)
    return row


def edit_address(
    tx: Session, customer: Customer, address_id: str, address: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Address:
    """Replaces an address. What is a default stays one until another address becomes it."""
    row = _address_of(tx, customer, address_id)
    values = clean_address(address)
    defaults = {name: bool(address.get(name)) or bool(getattr(row, name)) for name in DEFAULTS}
    before = {name: getattr(row, name) for name in (*PLACE, *DEFAULTS)}
    _give_up_defaults(tx, customer.id, defaults)
    for name, value in (values | defaults).items():
        setattr(row, name, value)
    row.updated_at = now
    touch(customer, now=now)
    tx.flush()
    record(tx, actor, Change("customer.edit_address", customer.id, before=before, after=values | defaults), now=now)
    return row


def delete_address(tx: Session, customer: Customer, address_id: str, *, actor: Actor, now: datetime) -> None:
    """Deletes an address; the oldest of the others takes over what it was the default for."""
    row = _address_of(tx, customer, address_id)
    before = {name: getattr(row, name) for name in PLACE}
    lost = [name for name in DEFAULTS if getattr(row, name)]
    tx.delete(row)
    tx.flush()
    heir = tx.scalar(select(Address).where(Address.customer_id == customer.id).order_by(Address.id).limit(1))
    if heir is not None:
        for name in lost:
            setattr(heir, name, True)
    touch(customer, now=now)
    tx.flush()
    record(
        tx, actor, Change("customer.delete_address", customer.id, before={"address_id": address_id} | before), now=now
    )


def clean_address(address: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; InvalidInput names what is missing or cannot be."""
    values: dict[str, Any] = {
        name: clean_text(address.get(name), longest, field=name, of="the address") for name, longest in _LIMITS.items()
    }
    for name in _NEEDED:
        if values[name] is None:
            raise InvalidInput(f"The address has no {name}.", field=name)
    return values | {"country": check_country(values["country"])}


def _give_up_defaults(tx: Session, customer_id: str, wanted: Mapping[str, bool]) -> None:
    """Takes the defaults that are wanted for another address from whichever has them, before that one gets them."""
    for name, is_wanted in wanted.items():
        if is_wanted:
            column = getattr(Address, name)
            others = update(Address).where(Address.customer_id == customer_id, column.is_(True))
            tx.execute(others.values({name: False}), execution_options={"synchronize_session": "fetch"})


def _address_of(tx: Session, customer: Customer, address_id: str) -> Address:
    row = tx.get(Address, address_id)
    if row is None or row.customer_id != customer.id:
        raise NotFound(f"Customer {customer.id} has no address {address_id[:40]}.")
    return row
