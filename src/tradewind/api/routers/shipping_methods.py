"""Ways of shipping and what they cost."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID
from tradewind.api.schemas.shop import ShippingMethodIn, ShippingMethodOut, ShippingMethods
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.shipping import methods as use
from tradewind.commerce.shipping.methods import MethodTerms
from tradewind.core.errors import Conflict, NotFound

router = Router("/shipping-methods", tags=["shop"], dependencies=[READS])

ShopWriter = Annotated[Writer, Depends(writer_with(Scope.SHOP_WRITE))]
MethodId = Annotated[str, Path(pattern=ID)]


@router.get("", response_model=ShippingMethods, responses=problems(*SIGNED_IN))
def shipping_methods(services: ServicesDep) -> Response:
    """All methods in the order in which buyers see them."""
    with services.platform.database.read() as tx:
        items = [ShippingMethodOut.model_validate(method) for method in use.all_methods(tx)]
    return answer(ShippingMethods(items=items))


@router.post("", status_code=201, response_model=ShippingMethodOut, responses=problems(*WRITES, Conflict))
def add_shipping_method(writer: ShopWriter, body: ShippingMethodIn) -> Response:
    """Lays down a way of shipping."""
    return writer.once(
        lambda tx: _shown(tx, use.create_method(tx, _terms(body), actor=writer.actor, now=writer.now)), status=201
    )


@router.get("/{method_id}", response_model=ShippingMethodOut, responses=problems(*SIGNED_IN, NotFound))
def shipping_method(services: ServicesDep, method_id: MethodId) -> Response:
    """One method."""
    with services.platform.database.read() as tx:
        found = _shown(tx, method_id)
    return answer(found, headers={"ETag": etag(found.version)})


@router.put("/{method_id}", response_model=ShippingMethodOut, responses=problems(*WRITES, NotFound, Changed))
def change_shipping_method(writer: ShopWriter, method_id: MethodId, body: ShippingMethodIn) -> Response:
    """Gives a method other terms. To end it, set `is_active` to false; orders keep its price."""

    def work(tx: Session) -> ShippingMethodOut:
        writer.check_version(use.hold_method(tx, method_id).version)
        use.replace_method(tx, method_id, _terms(body), actor=writer.actor, now=writer.now)
        return _shown(tx, method_id)

    return writer.once(work)


def _terms(body: ShippingMethodIn) -> MethodTerms:
    told: dict[str, Any] = body.model_dump()
    return MethodTerms(**told | {"places": tuple(body.places)})


def _shown(tx: Session, method_id: str) -> ShippingMethodOut:
    return ShippingMethodOut.model_validate(use.find_method(tx, method_id))
