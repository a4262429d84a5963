"""What a profile tells the world: the state of a person, complete, and the only fact with personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.customers.model import Customer
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

PLACE_AND_CONTACT = ("email", "name", "phone", "country", "region", "city")


def customer_fact(row: Mapping[str, Any], channel_code: str, *, now: datetime) -> Fact:
    """The fact of a profile's state. What is unknown, or was erased, is an empty text in it."""
    payload = {
        "contract": 1,
        "customer_id": row["id"],
        "version": row["version"],
        "channel": channel_code,
        "external_id": row["external_id"] or "",
        **{name: row[name] or "" for name in PLACE_AND_CONTACT},
        "birth_date": row["birth_date"],
        "created_at": row["created_at"],
    }
    return Fact(Topic.CUSTOMERS, row["id"], now, encode(payload))


def tell(tx: Session, customers: Sequence[Customer], *, now: datetime) -> None:
    """Puts the present state of profiles into the outbox."""
    channel_ids = {customer.channel_id for customer in customers if customer.channel_id is not None}
    codes: dict[str | None, str] = {None: ""}
    if channel_ids:
        channels = select(SalesChannel.id, SalesChannel.code).where(SalesChannel.id.in_(channel_ids))
        codes |= {row.id: row.code for row in tx.execute(channels)}
    outbox.append(tx, [customer_fact(values_of(row), codes[row.channel_id], now=now) for row in customers])


def values_of(customer: Customer) -> dict[str, Any]:
    """The columns of a profile."""
    return {column.name: getattr(customer, column.name) for column in Customer.__table__.columns}
