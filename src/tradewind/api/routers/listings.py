"""Where products are offered: on which channel, under which id, at which price."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID, PLAIN, ListingIn, ListingList, ListingOut
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog import listings as use
from tradewind.commerce.catalog.products import lock_product
from tradewind.commerce.catalog.store import find_product
from tradewind.core.errors import NotFound

router = Router("/products/{product_id}/listings", tags=["products"], dependencies=[READS])

CatalogWriter = Annotated[Writer, Depends(writer_with(Scope.CATALOG_WRITE))]
ProductId = Annotated[str, Path(pattern=ID)]
Channel = Annotated[str, Path(max_length=64, pattern=PLAIN, description="The channel's code.")]
ExternalId = Annotated[str, Path(max_length=128, pattern=PLAIN, description="The channel's own id: ASIN, item id.")]


@router.get("", response_model=ListingList, responses=problems(*SIGNED_IN, NotFound))
def listings(services: ServicesDep, product_id: ProductId) -> Response:
    """Where a product is offered."""
    with services.platform.database.read() as tx:
        find_product(tx, product_id)
        items = [ListingOut.model_validate(one) for one in use.listings_of(tx, product_id)]
    return answer(ListingList(items=items))


@router.get("/{channel}/{external_id}", response_model=ListingOut, responses=problems(*SIGNED_IN, NotFound))
def listing(services: ServicesDep, product_id: ProductId, channel: Channel, external_id: ExternalId) -> Response:
    """How a product is offered under one id."""
    with services.platform.database.read() as tx:
        found = ListingOut.model_validate(use.find_listing(tx, product_id, channel, external_id))
    return answer(found, headers={"ETag": content_tag(found)})


@router.put(
    "/{channel}/{external_id}",
    response_model=ListingOut,
    responses=problems(*WRITES, NotFound, use.ListingTaken, Changed),
)
def put_listing(
    writer: CatalogWriter, product_id: ProductId, channel: Channel, external_id: ExternalId, body: ListingIn
) -> Response:
    """Offers a product on a channel, or changes how."""

    def work(tx: Session) -> ListingOut:
        row = lock_product(tx, product_id)
        _check(tx, writer, product_id, channel, external_id)
        told = use.NewListing(**body.model_dump())
        made = use.put_listing(tx, row, channel, external_id, told, actor=writer.actor, now=writer.now)
        return ListingOut.model_validate(made)

    return writer.once(work)


@router.delete("/{channel}/{external_id}", status_code=204, responses=problems(*WRITES, NotFound, Changed))
def delete_listing(writer: CatalogWriter, product_id: ProductId, channel: Channel, external_id: ExternalId) -> Response:
    """Takes a product off a channel."""

    def work(tx: Session) -> None:
        row = lock_product(tx, product_id)
        _check(tx, writer, product_id, channel, external_id)
        use.remove_listing(tx, row, channel, external_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def _check(tx: Session, writer: Writer, product_id: str, channel: str, external_id: str) -> None:
    """The listing of a locked product has to be what the caller read."""
    writer.check_content(lambda: ListingOut.model_validate(use.find_listing(tx, product_id, channel, external_id)))
