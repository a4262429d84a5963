"""Listings: a product offered on a channel, under the channel's own id, with a title and a price of its own there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import Listing, Product, ProductKind, SalesChannel
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_decimal, to_minor
from tradewind.core.text import check_text

MOST_LISTINGS = 200


class ListingTaken(Conflict):
    code = "listing_taken"

    def __init__(self, channel: str, external_id: str) -> None:
        super().__init__(f"'{external_id}' on {channel} is the listing of another product. Take it off there first.")


@dataclass(frozen=True, slots=True)
class NewListing:
    """What a channel shows. Without a price of its own the product's holds there."""

    title: str | None = None
    currency: str | None = None
    price: Decimal | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ListingView:
    listing_id: str
    channel: str
    external_id: str
    title: str | None
    currency: str | None
    price: Decimal | None
    is_active: bool
    created_at: datetime


def listings_of(tx: Session, product_id: str) -> list[ListingView]:
    """Where a product is offered, in the order of channels and ids."""
    query = (
        select(Listing, SalesChannel.code)
        .join(SalesChannel, SalesChannel.id == Listing.channel_id)
        .where(Listing.product_id == product_id)
        .order_by(SalesChannel.code, Listing.external_id)
        .limit(MOST_LISTINGS)
    )
    return [_view(row.Listing, row.code) for row in tx.execute(query)]


def find_listing(tx: Session, product_id: str, channel: str, external_id: str) -> ListingView:
    """How a product is offered under one id. Raises NotFound."""
    return _view(_one(tx, product_id, channel, external_id), channel)


def put_listing(
    tx: Session, product: Product, channel: str, external_id: str, told: NewListing, *, actor: Actor, now: datetime
) -> ListingView:
    """Offers a locked product on a channel, or changes how; the same again changes nothing. Raises ListingTaken."""
    if product.kind == ProductKind.GROUP:
        raise InvalidInput("A group is not sold itself: list its variants.", field="product_id")
    check_text(external_id, 128, field="external_id", of="the listing")
    check_text(told.title, 500, field="title", of="the listing")
    if not external_id.strip():
        raise InvalidInput("A listing needs the id that the channel knows it by.", field="external_id")
    channel_id = _channel_id(tx, channel)
    query = select(Listing).where(Listing.channel_id == channel_id, Listing.external_id == external_id)
    row = tx.scalar(query.with_for_update())
    if row is not None and row.product_id != product.id:
        raise ListingTaken(channel, external_id)
    values = _values(told)
    before = None if row is None else {name: getattr(row, name) for name in values}
    if row is None:
        row = Listing(
            id=new_id(), product_id=product.id, channel_id=channel_id, external_id=external_id, created_at=now, **values
        )
        tx.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    tx.flush()
    if before != values:
        where = {"channel": channel, "external_id": external_id}
        shown = None if before is None else before | where
        record(tx, actor, Change("product.list", product.id, shown, values | where), now=now)
    return _view(row, channel)


def remove_listing(
    tx: Session, product: Product, channel: str, external_id: str, *, actor: Actor, now: datetime
) -> None:
    """Takes a product off a channel. Raises NotFound when it is not listed there under this id."""
    row = _one(tx, product.id, channel, external_id)
    tx.delete(row)
    tx.flush()
    before = {"channel": channel, "external_id": external_id, "title": row.title, "price_minor": row.price_minor}
    record(tx, actor, Change("product.unlist", product.id, before, None), now=now)


def _one(tx: Session, product_id: str, channel: str, external_id: str) -> Listing:
    query = select(Listing).where(
        Listing.channel_id == _channel_id(tx, channel),
        Listing.external_id == external_id,
        Listing.product_id == product_id,
    )
    row = tx.scalar(query)
    if row is None:
        raise NotFound(f"The product is not listed on {channel[:64]} as {external_id[:128]}.")
    return row


def _channel_id(tx: Session, code: str) -> str:
    found = tx.scalar(select(SalesChannel.id).where(SalesChannel.code == code))
    if found is None:
        raise NotFound(f"There is no channel {code[:64]}.")
    return found


def _values(told: NewListing) -> dict[str, Any]:
    if told.price is not None and told.currency is None:
        raise InvalidInput("A price needs a currency.", field="currency")
    if told.price is not None and (not told.price.is_finite() or told.price < 0):
        raise InvalidInput("A price cannot be negative.", field="price")
    currency = check_currency(told.currency) if told.currency else None
    return {
        "title": told.title,
        "currency": currency,
        "price_minor": None
        if told.price is None or currency is None
        else to_minor(told.price, currency, field="price"),
        "is_active": told.is_active,
    }


def _view(row: Listing, channel: str) -> ListingView:
    price = None
    if row.price_minor is not None and row.currency is not None:
        price = to_decimal(row.price_minor, row.currency)
    return ListingView(
        listing_id=row.id,
        channel=channel,
        external_id=row.external_id,
        title=row.title,
        currency=row.currency,
        price=price,
        is_active=row.is_active,
        created_at=row.created_at,
    )
