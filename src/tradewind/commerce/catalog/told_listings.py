"""What channels tell of their listings, many at once. By hand they are changed in `listings`, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Effect, chunks
from tradewind.commerce.catalog.model import Listing
from tradewind.core.bulk import insert_rows
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_minor
from tradewind.core.text import check_texts


@dataclass(frozen=True, slots=True)
class ToldListing:
    """A product as a channel offers it: the product's id here, and the channel's own id, title and price."""

    product_id: str
    sku: str
    external_id: str
    title: str | None = None
    currency: str | None = None
    price: Decimal | None = None
    is_active: bool = True

    def __post_init__(self) -> None:
        check_texts(self, (("external_id", 128), ("sku", 128)), of=f"the listing of {self.sku[:40]}")


def put_listings(tx: Session, channel_id: str, told: Sequence[ToldListing], *, now: datetime) -> list[Effect]:
    """Creates listings and brings known ones up to what the channel says; the same again changes nothing.

    Where one id of the channel stands for several SKUs, the later ones are kept under `id/SKU`.
    """
    known = _known(tx, channel_id, [key for one in told for key in (one.external_id, _own_key(one))])
    fresh: dict[str, dict[str, Any]] = {}
    effects: list[Effect] = []
    for one in told:
        owner = known.get(one.external_id)
        key = one.external_id if owner is None or owner["product_id"] == one.product_id else _own_key(one)
        values = _values(one)
        row = known.get(key)
        if row is None:
            row = {"id": new_id(), "product_id": one.product_id, "channel_id": channel_id, "external_id": key}
            row |= {"created_at": now, **values}
            known[key] = fresh[key] = row
            effects.append(Effect.CREATED)
        elif values.items() <= row.items():
            effects.append(Effect.UNCHANGED)
        else:
            row |= values
            if key not in fresh:
                tx.execute(update(Listing).where(Listing.id == row["id"]).values(**values))
            effects.append(Effect.CHANGED)
    insert_rows(tx, Listing.__table__, list(fresh.values()))
    return effects


def _own_key(one: ToldListing) -> str:
    return f"{one.external_id}/{one.sku}"[:128]


def _known(tx: Session, channel_id: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    columns = Listing.__table__.columns
    found: dict[str, dict[str, Any]] = {}
    for part in chunks(sorted(set(keys))):
        query = select(*columns).where(Listing.channel_id == channel_id, Listing.external_id.in_(part))
        found |= {row["external_id"]: dict(row) for row in tx.execute(query).mappings()}
    return found


def _values(one: ToldListing) -> dict[str, Any]:
    currency = None if one.currency is None else check_currency(one.currency)
    return {
        "title": None if one.title is None else one.title[:500],
        "currency": currency,
        "price_minor": to_minor(one.price, currency, field="price") if one.price is not None and currency else None,
        "is_active": one.is_active,
    }
