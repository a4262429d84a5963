"""Read queries of customers: pages, the newest first, and one person with what belongs to the profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.customers.model import Address, Customer, CustomerGroup, CustomerGroupMember
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.paging import ByAge, Page, decode_cursor

LONGEST_SEARCH = 200
OWN = "own"
"""Stands for our own shop where a channel's code is asked for."""


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which people; None means all. Duplicates that were merged away are never among them."""

    text: str | None = None
    """Part of the name or of the e-mail address, in any case."""
    email: str | None = None
    """The whole address, in any case."""
    group: str | None = None
    channel: str | None = None
    """A channel's code, or `own` for the customers of our own shop."""
    country: str | None = None
    """Two letters, in any case."""


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A profile as it is shown. `channel` and `external_id` are None for our own shop's customers."""

    customer_id: str
    channel: str | None
    external_id: str | None
    email: str | None
    name: str | None
    phone: str | None
    country: str | None
    region: str | None
    city: str | None
    birth_date: date | None
    is_erased: bool
    merged_into_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AddressView:
    address_id: str
    name: str
    company: str | None
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str
    phone: str | None
    is_default_shipping: bool
    is_default_billing: bool


def customers_page(
    tx: Session, chosen: CustomerFilter, *, sort: ByAge = ByAge.NEWEST, limit: int, cursor: str | None = None
) -> Page[CustomerView]:
    """People by the age of their profile. Ids grow with time, so the id alone is the place in the list."""
    is_falling = sort is ByAge.NEWEST
    query = _where(_select().where(Customer.merged_into_id.is_(None)), chosen)
    query = query.order_by(Customer.id.desc() if is_falling else Customer.id).limit(limit + 1)
    if cursor is not None:
        place = text_cursor(cursor)
        query = query.where(Customer.id < place if is_falling else Customer.id > place)
    return Page.cut(tx.execute(query).all(), limit, lambda row: (row[0].id,), _view)


def text_cursor(cursor: str) -> str:
    """The place that a cursor of a list by one text stands for."""
    (place,) = decode_cursor(cursor, 1)
    if not isinstance(place, str) or "\0" in place or not place.isascii():
        raise InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
    return place


def find_customer(tx: Session, customer_id: str) -> CustomerView:
    """One profile, also an erased or merged one. Raises NotFound."""
    row = tx.execute(_select().where(Customer.id == customer_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no customer {customer_id[:40]}.")
    return _view(row)


def ids_of_person(tx: Session, customer_id: str) -> tuple[str, ...]:
    """The profile's id and those of the duplicates merged into it, which booked facts may still name."""
    duplicates = select(Customer.id).where(Customer.merged_into_id == customer_id).order_by(Customer.id)
    return (customer_id, *tx.scalars(duplicates))


def addresses_of(tx: Session, customer_id: str) -> Sequence[AddressView]:
    """The addresses of a person, the oldest first."""
    rows = tx.scalars(select(Address).where(Address.customer_id == customer_id).order_by(Address.id))
    return [address_view(row) for row in rows]


def address_view(row: Address) -> AddressView:
    return AddressView(
        address_id=row.id,
        name=row.name,
        company=row.company,
        line1=row.line1,
        line2=row.line2,
        city=row.city,
        region=row.region,
        postal_code=row.postal_code,
        country=row.country,
        phone=row.phone,
        is_default_shipping=row.is_default_shipping,
        is_default_billing=row.is_default_billing,
    )


_Rows = Select[Customer, str | None]


def _select() -> _Rows:
    return select(Customer, SalesChannel.code).outerjoin(SalesChannel, SalesChannel.id == Customer.channel_id)


def _where(query: _Rows, chosen: CustomerFilter) -> _Rows:
    if chosen.text and (text := chosen.text.strip()[:LONGEST_SEARCH]):
        found = (column.icontains(text, autoescape=True) for column in (Customer.name, Customer.email))
        query = query.where(or_(*found))
    if chosen.email is not None:
        address = chosen.email.strip()
        # Ours are in lower case, those of channels as they were told: both forms can use the index.
        query = query.where(Customer.email.in_({address, address.lower()}))
    if chosen.group is not None:
        members = select(CustomerGroupMember.customer_id).join(
            CustomerGroup, CustomerGroup.id == CustomerGroupMember.group_id
        )
        query = query.where(Customer.id.in_(members.where(CustomerGroup.code == chosen.group)))
    if chosen.channel == OWN:
        query = query.where(Customer.channel_id.is_(None))
    elif chosen.channel is not None:
        query = query.where(SalesChannel.code == chosen.channel)
    if chosen.country is not None:
        query = query.where(Customer.country == chosen.country.upper())
    return query


def _view(row: Row[Customer, str | None]) -> CustomerView:
    customer, channel = row
    return CustomerView(
        customer_id=customer.id,
        channel=channel,
        external_id=customer.external_id,
        email=customer.email,
        name=customer.name,
        phone=customer.phone,
        country=customer.country,
        region=customer.region,
        city=customer.city,
        birth_date=customer.birth_date,
        is_erased=customer.is_erased,
        merged_into_id=customer.merged_into_id,
        version=customer.version,
        created_at=customer.created_at,
        updated_at=customer.updated_at,
    )
