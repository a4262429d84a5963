"""Addresses of an order, as they were when it was placed. Personal data: it stays out of facts and of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.commerce.orders.model import OrderAddress
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.text import check_texts

SHIPPING, BILLING = "shipping", "billing"

_TEXTS = (
    ("email", 320),
    ("name", 300),
    ("company", 300),
    ("line1", 300),
    ("line2", 300),
    ("city", 200),
    ("region", 100),
    ("postal_code", 32),
    ("country", 2),
    ("phone", 64),
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where goods go, or who pays. `country` is an ISO 3166 code of two letters."""

    name: str | None = None
    company: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        check_texts(self, _TEXTS, of="the address")
        if self.country is not None and not (len(self.country) == 2 and self.country.isalpha()):
            raise InvalidInput(
                f"'{self.country[:10]}' is not a country. Use its two letters, such as DE.", field="country"
            )


def put_addresses(
    tx: Session, order_id: str, *, shipping: PostalAddress | None = None, billing: PostalAddress | None = None
) -> None:
    """Keeps the addresses of an order; one that is given again replaces the one before."""
    given = {SHIPPING: shipping, BILLING: billing}
    rows = [
        {"order_id": order_id, "kind": kind} | asdict(address) for kind, address in given.items() if address is not None
    ]
    kinds = [row["kind"] for row in rows]
    if kinds:
        tx.execute(delete(OrderAddress).where(OrderAddress.order_id == order_id, OrderAddress.kind.in_(kinds)))
    insert_rows(tx, OrderAddress.__table__, rows)


def addresses_of(tx: Session, order_id: str) -> dict[str, PostalAddress]:
    """The addresses of an order by kind, `shipping` and `billing`."""
    rows: Sequence[OrderAddress] = tx.scalars(select(OrderAddress).where(OrderAddress.order_id == order_id)).all()
    return {
        row.kind: PostalAddress(
            name=row.name,
            company=row.company,
            line1=row.line1,
            line2=row.line2,
            city=row.city,
            region=row.region,
            postal_code=row.postal_code,
            country=row.country,
            phone=row.phone,
            email=row.email,
        )
        for row in rows
    }
