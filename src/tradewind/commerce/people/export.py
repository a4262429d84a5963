"""All that the shop holds about one person, table by table, as the law lets them ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session

from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.store import find_customer, ids_of_person
from tradewind.commerce.people.holdings import holdings

_AT_A_TIME = 500
Rows = Iterator[dict[str, Any]]


def export_person(tx: Session, customer_id: str) -> Iterator[tuple[str, Rows]]:
    """Names of tables with the person's rows in them, read as they are asked for; also tables with none.

    Columns are named as they are stored, amounts in minor units beside their currency, times in UTC. Raises
    NotFound at the first step.
    """
    find_customer(tx, customer_id)
    profile_ids = ids_of_person(tx, customer_id)
    for model, belongs in holdings(profile_ids, emails_of(tx, profile_ids)).items():
        yield model.__tablename__, _rows(tx, model, belongs)


def emails_of(tx: Session, profile_ids: tuple[str, ...]) -> list[str]:
    """The e-mail addresses of the person's profiles, in lower case."""
    addresses = select(func.lower(Customer.email)).where(Customer.id.in_(profile_ids), Customer.email.is_not(None))
    return sorted(set(tx.scalars(addresses)))


def _rows(tx: Session, model: Any, belongs: Any) -> Rows:
    table = model.__table__
    # Bytes are digests that we compare with; they say nothing about anybody.
    columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
    query = select(*columns).where(belongs).order_by(*table.primary_key.columns)
    for row in tx.execute(query, execution_options={"yield_per": _AT_A_TIME}).mappings():
        yield dict(row)
