"""What channels tell of their customers: one profile per person and channel, kept up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, chunks
from tradewind.commerce.customers.facts import PLACE_AND_CONTACT, customer_fact
from tradewind.commerce.customers.model import Customer
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared
from tradewind.core.text import check_texts
from tradewind.events import outbox

_TEXTS = (
    ("external_id", 128),
    ("email", 320),
    ("name", 300),
    ("phone", 64),
    ("country", 2),
    ("region", 100),
    ("city", 200),
)
_TABLE = cast(Table, Customer.__table__)


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
    """Ids by the channel's id of the person; unknown people get a profile, known ones what is new about them.

    Who was merged into another profile is that one, and who was erased stays so: neither learns anything here.
    """
    wanted = {customer.external_id: customer for customer in customers}
    known = _known(tx, wanted, booking)
    ids = {external_id: row.merged_into_id or row.id for external_id, row in known.items()}
    new_rows: list[dict[str, Any]] = []
    news: dict[str, dict[str, Any]] = {}
    for external_id, customer in wanted.items():
        told = {name: value for name in PLACE_AND_CONTACT if (value := getattr(customer, name))}
        row = known.get(external_id)
        if row is None:
            fresh = _defaults(external_id, booking) | told
            new_rows.append(fresh)
            ids[external_id] = fresh["id"]
        elif _may_learn(row) and any(getattr(row, name) != value for name, value in told.items()):
            news[row.id] = told
    insert_rows(tx, _TABLE, new_rows)
    learned = [_learn(tx, customer_id, news[customer_id], booking) for customer_id in sorted(news)]
    rows = [*new_rows, *learned]
    outbox.append(tx, [customer_fact(row, booking.channel_code, now=booking.now) for row in rows])
    return ids


def erased_id(external_id: str) -> str:
    """What stays of a channel's id of a person who was erased: enough to know them by when the channel tells again."""
    return f"erased-{hashlib.sha256(external_id.encode()).hexdigest()}"


def _known(tx: Session, wanted: Iterable[str], booking: Booking) -> dict[str, Any]:
    """Profiles by the channel's id, held so that nobody merges them away before what is booked on them commits."""
    found: dict[str, Any] = {}
    for part in chunks(wanted):
        found |= _held(tx, {external_id: external_id for external_id in part}, booking)
        if missing := {erased_id(external_id): external_id for external_id in part if external_id not in found}:
            found |= _held(tx, missing, booking)
    return found


_HELD = Prepared(
    select(*_TABLE.c)
    .where(_TABLE.c.channel_id == bindparam("of_channel"), _TABLE.c.external_id.in_(bindparam("ids", expanding=True)))
    # The weakest lock, the one that an order's reference takes anyway; in the order of ids, as everywhere.
    .order_by(_TABLE.c.id)
    .with_for_update(read=True, key_share=True)
)
"""The table and not its class, which costs more than the query: a first load asks for as many people as orders."""


def _held(tx: Session, names: dict[str, str], booking: Booking) -> dict[str, Any]:
    rows = _HELD.all(tx, of_channel=booking.channel_id, ids=list(names))
    return {names[row.external_id]: row for row in rows}


_LEARN = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of_id"))
    .values(
        {name: func.coalesce(bindparam(f"new_{name}", type_=_TABLE.c[name].type), _TABLE.c[name])
         for name in PLACE_AND_CONTACT}
    )
    .values(version=_TABLE.c.version + 1, updated_at=bindparam("at"))
    .returning(*_TABLE.c)
)  # fmt: skip


def _learn(tx: Session, customer_id: str, told: dict[str, Any], booking: Booking) -> dict[str, Any]:
    """Writes what is new about a person; returns the profile as it is now, whoever else changed it meanwhile."""
    news = {f"new_{name}": told.get(name) for name in PLACE_AND_CONTACT}
    row: dict[str, Any] = _LEARN.first(tx, of_id=customer_id, at=booking.now, **news)._asdict()
    return row


def _may_learn(row: Any) -> bool:
    return not row.is_erased and row.merged_into_id is None


def _defaults(external_id: str, booking: Booking) -> dict[str, Any]:
    return dict.fromkeys(PLACE_AND_CONTACT) | {
        "id": new_id(),
        "channel_id": booking.channel_id,
        "external_id": external_id,
        "birth_date": None,
        "is_erased": False,
        "merged_into_id": None,
        "version": 1,
        "created_at": booking.now,
        "updated_at": booking.now,
    }
