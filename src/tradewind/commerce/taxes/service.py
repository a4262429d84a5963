"""Use cases of taxes: zones with the rates of their classes. The rules stand in docs/how-to/pricing.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.places import check_places
from tradewind.commerce.taxes.arithmetic import MILLION, Rate, Zone
from tradewind.commerce.taxes.model import TaxRate, TaxZone
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared
from tradewind.core.text import check_text

MAX_ZONES = 300
MAX_RATES = 50
"""Of one zone."""
_CLASS = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class PlaceTaken(Conflict):
    """Two zones of one name, or that name the same place."""

    code = "tax_zone_taken"


@dataclass(frozen=True, slots=True)
class RateTerms:
    """`percent` is 19 for 19 %."""

    tax_class: str
    name: str
    percent: Decimal
    is_on_shipping: bool = False


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """An empty list of places is everywhere that no other zone names."""

    name: str
    prices_include_tax: bool
    places: tuple[str, ...] = ()
    rates: tuple[RateTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneView:
    zone_id: str
    name: str
    places: tuple[str, ...]
    prices_include_tax: bool
    rates: tuple[RateTerms, ...]
    version: int
    created_at: datetime
    updated_at: datetime


def create_zone(tx: Session, terms: ZoneTerms, *, actor: Actor, now: datetime) -> str:
    """Lays down a zone with its rates; returns its id. Raises PlaceTaken, or InvalidInput."""
    places, rates = _checked(terms)
    if (tx.scalar(select(func.count()).select_from(TaxZone)) or 0) >= MAX_ZONES:
        raise Conflict(f"There are {MAX_ZONES} tax zones already. Put several countries into one zone.")
    _check_free(tx, terms.name.strip(), places)
    zone = TaxZone(
        id=new_id(),
        name=terms.name.strip(),
        places=places,
        prices_include_tax=terms.prices_include_tax,
        version=1,
        created_at=now,
        updated_at=now,
    )
    tx.add(zone)
    tx.flush()
    _write_rates(tx, zone.id, rates)
    record(tx, actor, Change("tax_zone.create", zone.id, after=_audited(terms)), now=now)
    return zone.id


def hold_zone(tx: Session, zone_id: str) -> TaxZone:
    """The zone as it is now, held for the rest of the transaction."""
    return hold(tx, TaxZone, zone_id, "tax zone")


def replace_zone(tx: Session, zone_id: str, terms: ZoneTerms, *, actor: Actor, now: datetime) -> None:
    """Gives a zone other terms; its rates are those of the terms and no others. Orders keep their tax."""
    places, rates = _checked(terms)
    zone = hold_zone(tx, zone_id)
    _check_free(tx, terms.name.strip(), places, apart_from=zone_id)
    before = _audited(_terms_of(zone, _rates_of(tx, [zone_id]).get(zone_id, ())))
    zone.name, zone.places = terms.name.strip(), places
    zone.prices_include_tax, zone.updated_at = terms.prices_include_tax, now
    zone.version += 1
    tx.flush()
    tx.execute(delete(TaxRate).where(TaxRate.zone_id == zone_id))
    _write_rates(tx, zone_id, rates)
    record(tx, actor, Change("tax_zone.update", zone_id, before=before, after=_audited(terms)), now=now)


def delete_zone(tx: Session, zone_id: str, *, actor: Actor, now: datetime) -> None:
    """Removes a zone with its rates. Orders keep their tax."""
    zone = hold_zone(tx, zone_id)
    before = _audited(_terms_of(zone, _rates_of(tx, [zone_id]).get(zone_id, ())))
    tx.execute(delete(TaxRate).where(TaxRate.zone_id == zone_id))
    tx.delete(zone)
    tx.flush()
    record(tx, actor, Change("tax_zone.delete", zone_id, before=before), now=now)


def find_zone(tx: Session, zone_id: str) -> ZoneView:
    zone = tx.get(TaxZone, zone_id)
    if zone is None:
        raise _unknown(zone_id)
    return _view(zone, _rates_of(tx, [zone_id]).get(zone_id, ()))


def all_zones(tx: Session) -> list[ZoneView]:
    """Every zone by name: there are never more than MAX_ZONES."""
    zones = tx.scalars(select(TaxZone).order_by(TaxZone.name).limit(MAX_ZONES)).all()
    rates = _rates_of(tx, [zone.id for zone in zones])
    return [_view(zone, rates.get(zone.id, ())) for zone in zones]


_ZONES = Prepared(select(TaxZone.id, TaxZone.places, TaxZone.prices_include_tax).order_by(TaxZone.id))
_RATES = Prepared(
    select(TaxRate.zone_id, TaxRate.tax_class, TaxRate.name, TaxRate.rate_ppm, TaxRate.is_on_shipping).order_by(
        TaxRate.tax_class
    )
)


def zones_for_pricing(tx: Session) -> list[Zone]:
    """The zones as arithmetic wants them, the oldest first, in two statements."""
    zones = _ZONES.all(tx)
    rates: dict[str, dict[str, Rate]] = {zone.id: {} for zone in zones}
    for row in _RATES.all(tx) if zones else ():
        rates[row.zone_id][row.tax_class] = Rate(row.name, row.rate_ppm, row.is_on_shipping)
    return [Zone(tuple(zone.places), zone.prices_include_tax, rates[zone.id]) for zone in zones]


def _unknown(zone_id: str) -> NotFound:
    return NotFound(f"There is no tax zone {zone_id[:40]}.")


def _checked(terms: ZoneTerms) -> tuple[list[str], list[dict[str, Any]]]:
    if not terms.name.strip():
        raise InvalidInput("A tax zone needs a name.", field="name")
    check_text(terms.name, 200, field="name", of="the tax zone")
    if len(terms.rates) > MAX_RATES:
        raise InvalidInput(f"A tax zone may have {MAX_RATES} rates.", field="rates")
    rates = [_checked_rate(rate) for rate in terms.rates]
    if len({rate["tax_class"] for rate in rates}) < len(rates):
        raise InvalidInput("A class of goods has two rates. Give each class one.", field="rates")
    if sum(rate["is_on_shipping"] for rate in rates) > 1:
        raise InvalidInput("Two rates are marked as the rate of shipping. Mark one.", field="rates")
    return check_places(terms.places), rates


def _checked_rate(rate: RateTerms) -> dict[str, Any]:
    if not _CLASS.fullmatch(rate.tax_class):
        raise InvalidInput(
            f"'{rate.tax_class[:40]}' is not a tax class. Use up to 32 small letters, digits, hyphens and underscores,"
            " such as standard or reduced.",
            field="rates",
        )
    check_text(rate.name, 200, field="rates", of=f"the rate {rate.tax_class}")
    ppm = rate.percent * 10_000
    if not 0 <= ppm <= MILLION or ppm != int(ppm):
        raise InvalidInput(
            f"{rate.percent} is not a rate: it may be from 0 to 100 percent, with up to four digits after the point.",
            field="rates",
        )
    return {
        "tax_class": rate.tax_class,
        "name": rate.name.strip() or rate.tax_class,
        "rate_ppm": int(ppm),
        "is_on_shipping": rate.is_on_shipping,
    }


def _check_free(tx: Session, name: str, places: Sequence[str], *, apart_from: str = "") -> None:
    """A place belongs to one zone. Of two that were made at the same moment the older one counts."""
    for other in tx.scalars(select(TaxZone).where(TaxZone.id != apart_from).limit(MAX_ZONES + 1)):
        if other.name == name:
            raise PlaceTaken(f"There is a tax zone {name} already. Choose another name, or change that one.")
        shared = sorted(set(other.places) & set(places))
        if shared or (not other.places and not places):
            where = ", ".join(shared[:10]) or "Everywhere else"
            raise PlaceTaken(f"{where} belongs to the tax zone {other.name} already. Take it out there first.")


def _write_rates(tx: Session, zone_id: str, rates: Sequence[dict[str, Any]]) -> None:
    tx.add_all([TaxRate(id=new_id(), zone_id=zone_id, **rate) for rate in rates])
    tx.flush()


def _rates_of(tx: Session, zone_ids: Sequence[str]) -> dict[str, list[TaxRate]]:
    found: dict[str, list[TaxRate]] = {}
    for rate in tx.scalars(select(TaxRate).where(TaxRate.zone_id.in_(zone_ids)).order_by(TaxRate.tax_class)):
        found.setdefault(rate.zone_id, []).append(rate)
    return found


def _terms_of(zone: TaxZone, rates: Sequence[TaxRate]) -> ZoneTerms:
    told = tuple(RateTerms(r.tax_class, r.name, Decimal(r.rate_ppm) / 10_000, r.is_on_shipping) for r in rates)
    return ZoneTerms(zone.name, zone.prices_include_tax, tuple(zone.places), told)


def _view(zone: TaxZone, rates: Sequence[TaxRate]) -> ZoneView:
    terms = _terms_of(zone, rates)
    return ZoneView(
        zone.id,
        terms.name,
        terms.places,
        terms.prices_include_tax,
        terms.rates,
        zone.version,
        zone.created_at,
        zone.updated_at,
    )


def _audited(terms: ZoneTerms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "places": list(terms.places),
        "prices_include_tax": terms.prices_include_tax,
        "rates": [
            {"tax_class": r.tax_class, "percent": str(r.percent), "is_on_shipping": r.is_on_shipping}
            for r in terms.rates
        ],
    }
