"""Tax zones with their rates."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID
from tradewind.api.schemas.shop import TaxZoneIn, TaxZoneOut, TaxZones
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.taxes import service as use
from tradewind.commerce.taxes.service import PlaceTaken, RateTerms, ZoneTerms
from tradewind.core.errors import NotFound

router = Router("/tax-zones", tags=["shop"], dependencies=[READS])

ShopWriter = Annotated[Writer, Depends(writer_with(Scope.SHOP_WRITE))]
ZoneId = Annotated[str, Path(pattern=ID)]


@router.get("", response_model=TaxZones, responses=problems(*SIGNED_IN))
def tax_zones(services: ServicesDep) -> Response:
    """All tax zones by name."""
    with services.platform.database.read() as tx:
        return answer(TaxZones(items=[TaxZoneOut.model_validate(zone) for zone in use.all_zones(tx)]))


@router.post("", status_code=201, response_model=TaxZoneOut, responses=problems(*WRITES, PlaceTaken))
def add_tax_zone(writer: ShopWriter, body: TaxZoneIn) -> Response:
    """Lays down a zone with its rates. A place belongs to one zone."""
    return writer.once(
        lambda tx: _shown(tx, use.create_zone(tx, _terms(body), actor=writer.actor, now=writer.now)), status=201
    )


@router.get("/{zone_id}", response_model=TaxZoneOut, responses=problems(*SIGNED_IN, NotFound))
def tax_zone(services: ServicesDep, zone_id: ZoneId) -> Response:
    """One zone."""
    with services.platform.database.read() as tx:
        found = _shown(tx, zone_id)
    return answer(found, headers={"ETag": etag(found.version)})


@router.put("/{zone_id}", response_model=TaxZoneOut, responses=problems(*WRITES, NotFound, PlaceTaken, Changed))
def change_tax_zone(writer: ShopWriter, zone_id: ZoneId, body: TaxZoneIn) -> Response:
    """Gives a zone other terms; its rates are those of the body and no others. Orders keep their tax."""

    def work(tx: Session) -> TaxZoneOut:
        writer.check_version(use.hold_zone(tx, zone_id).version)
        use.replace_zone(tx, zone_id, _terms(body), actor=writer.actor, now=writer.now)
        return _shown(tx, zone_id)

    return writer.once(work)


@router.delete("/{zone_id}", status_code=204, responses=problems(*WRITES, NotFound, Changed))
def remove_tax_zone(writer: ShopWriter, zone_id: ZoneId) -> Response:
    """Removes a zone with its rates. Orders keep their tax."""

    def work(tx: Session) -> None:
        writer.check_version(use.hold_zone(tx, zone_id).version)
        use.delete_zone(tx, zone_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def _terms(body: TaxZoneIn) -> ZoneTerms:
    rates = tuple(RateTerms(**rate.model_dump()) for rate in body.rates)
    return ZoneTerms(body.name, body.prices_include_tax, tuple(body.places), rates)


def _shown(tx: Session, zone_id: str) -> TaxZoneOut:
    return TaxZoneOut.model_validate(use.find_zone(tx, zone_id))
