"""Stock: what lies where, how it got there, and corrections by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.inventory import (
    ID,
    Adjust,
    AdjustedLevels,
    AdjustMany,
    ChangeLocation,
    CreateLocation,
    LevelOut,
    LevelPage,
    LocationOut,
    LocationPage,
    LowStockOut,
    LowStockPage,
    MovementOut,
    MovementPage,
    ProductLevels,
    SetReorderPoint,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.inventory import store
from tradewind.commerce.inventory.adjustments import (
    Adjustment,
    AdjustmentKeyTaken,
    NotCounted,
    NotEnoughOnHand,
    StockChanged,
    adjust,
    set_reorder_point,
)
from tradewind.commerce.inventory.locations import (
    LocationCodeTaken,
    LocationInUse,
    NewLocation,
    change_location,
    create_location,
    hold_location,
    remove_location,
)
from tradewind.commerce.inventory.low_stock import low_stock_page
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.store import MovementFilter
from tradewind.core.errors import NotFound

router = Router("/inventory", tags=["inventory"], dependencies=[READS])

StockWriter = Annotated[Writer, Depends(writer_with(Scope.STOCK_WRITE))]
PathId = Annotated[str, Path(pattern=ID, max_length=64)]
AtLocation = Annotated[str | None, Query(alias="location_id", pattern=ID, max_length=64, description="Only there.")]
_REFUSALS = (NotFound, StockChanged, NotEnoughOnHand, NotCounted, AdjustmentKeyTaken)


@router.get("", response_model=LevelPage, responses=problems(*SIGNED_IN))
def stock_levels(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    location_id: AtLocation = None,
    q: Annotated[
        str | None,
        Query(max_length=store.LONGEST_SEARCH, pattern=r"^[^\x00]*$", description="Part of a SKU or a name."),
    ] = None,
) -> Response:
    """Levels by SKU: on hand, reserved, available, inbound and reorder point at each location."""
    now = services.platform.clock.now()
    with services.platform.database.read() as tx:
        page = store.levels_page(tx, now=now, limit=limit, cursor=cursor, location_id=location_id, text=q)
    return answer(LevelPage(items=[LevelOut.model_validate(i) for i in page.items], next_cursor=page.next_cursor))


@router.get("/low-stock", response_model=LowStockPage, responses=problems(*SIGNED_IN))
def low_stock_levels(
    services: ServicesDep, cursor: Cursor = None, limit: Limit = 50, location_id: AtLocation = None
) -> Response:
    """Counted products with fewer units available than their reorder point, the lowest first."""
    with services.platform.database.read() as tx:
        page = low_stock_page(
            tx,
            default_reorder_point=services.platform.settings.store.reorder_point,
            now=services.platform.clock.now(),
            limit=limit,
            cursor=cursor,
            location_id=location_id,
        )
    items = [LowStockOut.model_validate(item) for item in page.items]
    return answer(LowStockPage(items=items, next_cursor=page.next_cursor))


@router.get("/movements", response_model=MovementPage, responses=problems(*SIGNED_IN))
def stock_movements(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    product_id: Annotated[str | None, Query(pattern=ID, max_length=64, description="Only of this product.")] = None,
    location_id: AtLocation = None,
    reason: Annotated[Reason | None, Query(description="Only for this reason.")] = None,
    reference: Annotated[
        str | None, Query(max_length=128, pattern=r"^[^\x00]*$", description="Only what this caused: an order's id.")
    ] = None,
) -> Response:
    """The ledger of stock, what was booked last first."""
    chosen = MovementFilter(product_id, location_id, str(reason) if reason else None, reference)
    with services.platform.database.read() as tx:
        page = store.movements_page(tx, chosen, limit=limit, cursor=cursor)
    items = [MovementOut.model_validate(item) for item in page.items]
    return answer(MovementPage(items=items, next_cursor=page.next_cursor))


@router.get("/products/{product_id}", response_model=ProductLevels, responses=problems(*SIGNED_IN))
def product_stock(services: ServicesDep, product_id: PathId) -> Response:
    """One product's levels at all locations; none where nothing was ever booked."""
    with services.platform.database.read() as tx:
        found = store.product_levels(tx, product_id, now=services.platform.clock.now())
    return answer(ProductLevels(items=[LevelOut.model_validate(level) for level in found]))


@router.post("/adjust", response_model=LevelOut, responses=problems(*WRITES, *_REFUSALS))
def adjust_stock(writer: StockWriter, body: Adjust) -> Response:
    """Books units that came, broke, came back or were miscounted; answers with the level afterwards."""
    return writer.once(lambda tx: _adjusted(tx, writer, [body])[0])


@router.post("/adjust/bulk", response_model=AdjustedLevels, responses=problems(*WRITES, *_REFUSALS))
def adjust_stock_in_bulk(writer: StockWriter, body: AdjustMany) -> Response:
    """Books several adjustments, all or none."""
    return writer.once(lambda tx: AdjustedLevels(items=_adjusted(tx, writer, body.adjustments)))


@router.put("/reorder-point", response_model=LevelOut, responses=problems(*WRITES, NotFound))
def set_product_reorder_point(writer: StockWriter, body: SetReorderPoint) -> Response:
    """Sets below how many available units a product is low at a location."""

    def work(tx: Session) -> LevelOut:
        set_reorder_point(tx, body.product_id, body.location_id, body.reorder_point, actor=writer.actor, now=writer.now)
        key = (body.product_id, body.location_id)
        return LevelOut.model_validate(store.levels_at(tx, [key], now=writer.now)[key])

    return writer.once(work)


@router.get("/locations", response_model=LocationPage, responses=problems(*SIGNED_IN))
def locations(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    is_active: Annotated[bool | None, Query(description="Only those in use, or only those that are off.")] = None,
) -> Response:
    """Locations by code."""
    with services.platform.database.read() as tx:
        page = store.locations_page(tx, limit=limit, cursor=cursor, is_active=is_active)
    items = [LocationOut.model_validate(item) for item in page.items]
    return answer(LocationPage(items=items, next_cursor=page.next_cursor))


@router.post("/locations", status_code=201, response_model=LocationOut, responses=problems(*WRITES, LocationCodeTaken))
def add_location(writer: StockWriter, body: CreateLocation) -> Response:
    """Adds a location."""
    new = NewLocation(body.code, body.name, body.kind, body.channel_id)
    return writer.once(
        lambda tx: _location_out(store.location_view(create_location(tx, new, actor=writer.actor, now=writer.now))),
        status=201,
    )


@router.get("/locations/{location_id}", response_model=LocationOut, responses=problems(*SIGNED_IN, NotFound))
def location(services: ServicesDep, location_id: PathId) -> Response:
    """One location."""
    with services.platform.database.read() as tx:
        found = _location_out(store.find_location(tx, location_id))
    return answer(found, headers={"ETag": content_tag(found)})


@router.patch("/locations/{location_id}", response_model=LocationOut, responses=problems(*WRITES, NotFound, Changed))
def edit_location(writer: StockWriter, location_id: PathId, body: ChangeLocation) -> Response:
    """Renames a location, or switches it on or off."""

    def work(tx: Session) -> LocationOut:
        _hold_location(tx, writer, location_id)
        changed = change_location(
            tx,
            location_id,
            name=body.name,
            kind=body.kind,
            is_active=body.is_active,
            actor=writer.actor,
            now=writer.now,
        )
        return _location_out(store.location_view(changed))

    return writer.once(work)


@router.delete(
    "/locations/{location_id}", status_code=204, responses=problems(*WRITES, NotFound, Changed, LocationInUse)
)
def delete_location(writer: StockWriter, location_id: PathId) -> Response:
    """Removes a location that was never used."""

    def work(tx: Session) -> None:
        _hold_location(tx, writer, location_id)
        remove_location(tx, location_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def _hold_location(tx: Session, writer: Writer, location_id: str) -> None:
    """Holds the location, which has to be what the caller read."""
    found = hold_location(tx, location_id)
    writer.check_content(lambda: _location_out(store.location_view(found)))


def _location_out(view: store.LocationView) -> LocationOut:
    return LocationOut.model_validate(view)


def _adjusted(tx: Session, writer: Writer, bodies: list[Adjust]) -> list[LevelOut]:
    told = [
        Adjustment(
            product_id=body.product_id,
            location_id=body.location_id,
            delta=body.delta,
            reason=Reason(body.reason),
            expected_on_hand=body.expected_on_hand,
            reference=body.reference,
            note=body.note,
            source_key=body.source_key,
        )
        for body in bodies
    ]
    adjust(tx, told, actor=writer.actor, now=writer.now)
    levels = store.levels_at(tx, [(a.product_id, a.location_id) for a in told], now=writer.now)
    return [LevelOut.model_validate(levels[a.product_id, a.location_id]) for a in told]
