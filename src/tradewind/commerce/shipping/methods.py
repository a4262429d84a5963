"""Ways of shipping and what they cost, by place and weight. The rules stand in docs/how-to/pricing.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.places import check_places, closeness, names_of
from tradewind.commerce.shipping.model import ShippingMethod
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_decimal, to_minor
from tradewind.core.prepared import Prepared
from tradewind.core.text import check_text

MAX_METHODS = 500
MAX_GRAMS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MethodTerms:
    """Amounts are decimals in `currency`. It carries from `min_grams` up to but not including `max_grams`."""

    name: str
    currency: str
    price: Decimal
    carrier: str | None = None
    places: tuple[str, ...] = ()
    min_grams: int = 0
    max_grams: int | None = None
    free_from: Decimal | None = None
    """Worth of the goods, after discounts, from which it is free."""
    position: int = 0
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class MethodView:
    method_id: str
    name: str
    carrier: str | None
    places: tuple[str, ...]
    currency: str
    price: Decimal
    min_grams: int
    max_grams: int | None
    free_from: Decimal | None
    position: int
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a method has to carry, and where to."""

    currency: str
    country: str | None
    region: str | None
    weight_grams: int


@dataclass(frozen=True, slots=True)
class Option:
    """A method that fits a parcel. Minor units."""

    method_id: str
    name: str
    carrier: str | None
    price_minor: int
    free_from_minor: int | None

    def price_for(self, worth_minor: int) -> int:
        """What it costs for goods of this worth, after discounts."""
        return 0 if self.free_from_minor is not None and worth_minor >= self.free_from_minor else self.price_minor


def create_method(tx: Session, terms: MethodTerms, *, actor: Actor, now: datetime) -> str:
    """Lays down a way of shipping; returns its id."""
    values = _columns_of(terms)
    if (tx.scalar(select(func.count()).select_from(ShippingMethod)) or 0) >= MAX_METHODS:
        raise Conflict(f"There are {MAX_METHODS} shipping methods already. Change one that is no longer used.")
    row = ShippingMethod(id=new_id(), **values, version=1, created_at=now, updated_at=now)
    tx.add(row)
    tx.flush()
    record(tx, actor, Change("shipping_method.create", row.id, after=values), now=now)
    return row.id


def hold_method(tx: Session, method_id: str) -> ShippingMethod:
    """The method as it is now, held for the rest of the transaction."""
    return hold(tx, ShippingMethod, method_id, "shipping method")


def replace_method(tx: Session, method_id: str, terms: MethodTerms, *, actor: Actor, now: datetime) -> None:
    """Gives a method other terms. Orders keep the price that they were made with."""
    row = hold_method(tx, method_id)
    values = _columns_of(terms)
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    tx.flush()
    record(tx, actor, Change("shipping_method.update", method_id, before=before, after=values), now=now)


def find_method(tx: Session, method_id: str) -> MethodView:
    row = tx.get(ShippingMethod, method_id)
    if row is None:
        raise _unknown(method_id)
    return _view(row)


def all_methods(tx: Session) -> list[MethodView]:
    """Every method in the order in which buyers see them: there are never more than MAX_METHODS."""
    return [_view(row) for row in tx.scalars(_ordered().limit(MAX_METHODS))]


def active_methods(tx: Session) -> list[Any]:
    """All that can be chosen at all, with the columns of a method."""
    return _ACTIVE.all(tx)


def option_of(row: Any) -> Option:
    """A method as buyers see it."""
    return Option(row.id, row.name, row.carrier, row.price_minor, row.free_from_minor)


def fits(row: Any, parcel: Parcel) -> bool:
    """Whether a method carries this parcel to its place."""
    return (
        row.currency == parcel.currency
        and row.min_grams <= parcel.weight_grams
        and (row.max_grams is None or parcel.weight_grams < row.max_grams)
        and closeness(row.places, names_of(parcel.country, parcel.region)) is not None
    )


def _ordered() -> Select[ShippingMethod]:
    return select(ShippingMethod).order_by(ShippingMethod.position, ShippingMethod.id)


_ACTIVE = Prepared(_ordered().where(ShippingMethod.is_active).limit(MAX_METHODS))


def _unknown(method_id: str) -> NotFound:
    return NotFound(f"There is no shipping method {method_id[:40]}.")


def _columns_of(terms: MethodTerms) -> dict[str, Any]:
    if not terms.name.strip():
        raise InvalidInput("A shipping method needs a name: buyers choose by it.", field="name")
    check_text(terms.name, 200, field="name", of="the shipping method")
    check_text(terms.carrier, 100, field="carrier", of="the shipping method")
    currency = check_currency(terms.currency)
    price = to_minor(terms.price, currency, field="price")
    free_from = None if terms.free_from is None else to_minor(terms.free_from, currency, field="free_from")
    if price < 0:
        raise InvalidInput(f"The price of {terms.name} is negative, {terms.price}.", field="price")
    if free_from is not None and free_from < 0:
        raise InvalidInput("The worth from which shipping is free is negative.", field="free_from")
    if not 0 <= terms.min_grams <= MAX_GRAMS:
        raise InvalidInput(f"A weight is from 0 to {MAX_GRAMS} grams.", field="min_grams")
    if terms.max_grams is not None and not terms.min_grams < terms.max_grams <= MAX_GRAMS:
        raise InvalidInput(
            f"The weight ends at {terms.max_grams} grams; it has to be above {terms.min_grams} and up to {MAX_GRAMS}.",
            field="max_grams",
        )
    return {
        "name": terms.name.strip(),
        "carrier": terms.carrier.strip() if terms.carrier and terms.carrier.strip() else None,
        "places": check_places(terms.places),
        "currency": currency,
        "price_minor": price,
        "min_grams": terms.min_grams,
        "max_grams": terms.max_grams,
        "free_from_minor": free_from,
        "position": terms.position,
        "is_active": terms.is_active,
    }


def _view(row: ShippingMethod) -> MethodView:
    return MethodView(
        method_id=row.id,
        name=row.name,
        carrier=row.carrier,
        places=tuple(row.places),
        currency=row.currency,
        price=to_decimal(row.price_minor, row.currency),
        min_grams=row.min_grams,
        max_grams=row.max_grams,
        free_from=None if row.free_from_minor is None else to_decimal(row.free_from_minor, row.currency),
        position=row.position,
        is_active=row.is_active,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
