"""Use cases of customers: one profile per person and channel, kept up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, chunks
from tradewind.commerce.customers.model import Customer
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

_TEXTS = (
    ("external_id", 128),
    ("email", 320),
    ("name", 300),
    ("phone", 64),
    ("country", 2),
    ("region", 100),
    ("city", 200),
)
_PROFILE = ("email", "name", "phone", "country", "region", "city")


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A person as a channel tells of them. What is None is unknown and leaves what we know alone."""

    external_id: str
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None

    def __post_init__(self) -> None:
        check_texts(self, _TEXTS, of=f"customer {self.external_id[:40]}")


def ensure_customers(tx: Session, customers: Sequence[NewCustomer], booking: Booking) -> dict[str, str]:
    """Ids by the channel's id of the person; unknown people get a profile, known ones what is new about them."""
    wanted = {customer.external_id: customer for customer in customers}
    known: dict[str, Customer] = {}
    for part in chunks(wanted):
        rows = tx.scalars(
            select(Customer).where(Customer.channel_id == booking.channel_id, Customer.external_id.in_(part))
        )
        known |= {row.external_id or "": row for row in rows}
    ids = {external_id: row.id for external_id, row in known.items()}
    facts: list[Fact] = []
    new_rows: list[dict[str, Any]] = []
    for external_id, customer in wanted.items():
        told = {name: value for name in _PROFILE if (value := getattr(customer, name))}
        row = known.get(external_id)
        if row is None:
            fresh = _defaults(external_id, booking) | told
            new_rows.append(fresh)
            ids[external_id] = fresh["id"]
            facts.append(_fact(fresh, booking))
        elif not row.is_erased and any(getattr(row, name) != value for name, value in told.items()):
            told |= {"version": row.version + 1, "updated_at": booking.now}
            tx.execute(update(Customer).where(Customer.id == row.id).values(**told))
            current = {column.name: getattr(row, column.name) for column in Customer.__table__.columns} | told
            facts.append(_fact(current, booking))
    insert_rows(tx, Customer.__table__, new_rows)
    outbox.append(tx, facts)
    return ids


def _defaults(external_id: str, booking: Booking) -> dict[str, Any]:
    return dict.fromkeys(_PROFILE) | {
        "id": new_id(),
        "channel_id": booking.channel_id,
        "external_id": external_id,
        "birth_date": None,
        "is_erased": False,
        "version": 1,
        "created_at": booking.now,
        "updated_at": booking.now,
    }


def _fact(row: Mapping[str, Any], booking: Booking) -> Fact:
    payload = {
        "contract": 1,
        "customer_id": row["id"],
        "version": row["version"],
        "channel": booking.channel_code,
        "external_id": row["external_id"] or "",
        **{name: row[name] or "" for name in _PROFILE},
        "birth_date": row["birth_date"],
        "created_at": row["created_at"],
    }
    return Fact(Topic.CUSTOMERS, row["id"], booking.now, encode(payload))
