"""Suppliers and purchase orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.inventory import ID
from tradewind.api.schemas.purchasing import (
    ChangePurchaseOrder,
    ChangeSupplier,
    CreatePurchaseOrder,
    CreateSupplier,
    OfferOut,
    OfferPage,
    PurchaseLineIn,
    PurchaseLineOut,
    PurchaseOrderDetail,
    PurchaseOrderOut,
    PurchaseOrderPage,
    PutOffers,
    ReceivePurchaseOrder,
    SupplierOut,
    SupplierPage,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.purchasing import orders, store, suppliers
from tradewind.commerce.purchasing.model import PurchaseOrder
from tradewind.commerce.purchasing.orders import NewPurchaseLine, NewPurchaseOrder, PurchaseState, PurchaseStatus
from tradewind.commerce.purchasing.suppliers import NewSupplier, Offer, SupplierCodeTaken
from tradewind.core.errors import InvalidInput, NotFound

router = Router(tags=["purchasing"], dependencies=[READS])

StockWriter = Annotated[Writer, Depends(writer_with(Scope.STOCK_WRITE))]
SupplierId = Annotated[str, Path(pattern=ID, max_length=64)]
PurchaseOrderId = Annotated[str, Path(pattern=ID, max_length=64)]
_STEPS = problems(*WRITES, NotFound, PurchaseState, Changed)


@router.get("/suppliers", response_model=SupplierPage, responses=problems(*SIGNED_IN))
def supplier_list(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    is_active: Annotated[bool | None, Query(description="Only those in use, or only those that are off.")] = None,
    q: Annotated[
        str | None,
        Query(max_length=store.LONGEST_SEARCH, pattern=r"^[^\x00]*$", description="Part of a code or a name."),
    ] = None,
) -> Response:
    """Suppliers by code."""
    with services.platform.database.read() as tx:
        page = store.suppliers_page(tx, limit=limit, cursor=cursor, is_active=is_active, text=q)
    items = [SupplierOut.model_validate(item) for item in page.items]
    return answer(SupplierPage(items=items, next_cursor=page.next_cursor))


@router.post("/suppliers", status_code=201, response_model=SupplierOut, responses=problems(*WRITES, SupplierCodeTaken))
def add_supplier(writer: StockWriter, body: CreateSupplier) -> Response:
    """Adds a supplier."""
    new = NewSupplier(**body.model_dump())
    return writer.once(
        lambda tx: SupplierOut.model_validate(
            store.supplier_view(suppliers.create_supplier(tx, new, actor=writer.actor, now=writer.now))
        ),
        status=201,
    )


@router.get("/suppliers/{supplier_id}", response_model=SupplierOut, responses=problems(*SIGNED_IN, NotFound))
def supplier(services: ServicesDep, supplier_id: SupplierId) -> Response:
    """One supplier."""
    with services.platform.database.read() as tx:
        found = SupplierOut.model_validate(store.find_supplier(tx, supplier_id))
    return answer(found, headers={"ETag": etag(found.version)})


@router.patch("/suppliers/{supplier_id}", response_model=SupplierOut, responses=problems(*WRITES, NotFound, Changed))
def edit_supplier(writer: StockWriter, supplier_id: SupplierId, body: ChangeSupplier) -> Response:
    """Changes a supplier, or switches it on or off."""

    def work(tx: Session) -> SupplierOut:
        writer.check_version(suppliers.hold_supplier(tx, supplier_id).version)
        changes = body.model_dump(exclude_unset=True)
        changed = suppliers.change_supplier(tx, supplier_id, changes, actor=writer.actor, now=writer.now)
        return SupplierOut.model_validate(store.supplier_view(changed))

    return writer.once(work)


@router.get("/suppliers/{supplier_id}/products", response_model=OfferPage, responses=problems(*SIGNED_IN, NotFound))
def supplier_products(
    services: ServicesDep, supplier_id: SupplierId, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """What a supplier sells us, and for how much."""
    with services.platform.database.read() as tx:
        store.find_supplier(tx, supplier_id)
        page = store.offers_page(tx, supplier_id, limit=limit, cursor=cursor)
    items = [OfferOut.model_validate(item) for item in page.items]
    return answer(OfferPage(items=items, next_cursor=page.next_cursor))


@router.put("/suppliers/{supplier_id}/products", status_code=204, responses=problems(*WRITES, NotFound))
def put_supplier_products(writer: StockWriter, supplier_id: SupplierId, body: PutOffers) -> Response:
    """Sets what a supplier asks for some products."""

    def work(tx: Session) -> None:
        offers = [Offer(**line.model_dump()) for line in body.products]
        suppliers.put_offers(tx, supplier_id, offers, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.delete("/suppliers/{supplier_id}/products/{product_id}", status_code=204, responses=problems(*WRITES, NotFound))
def drop_supplier_product(
    writer: StockWriter, supplier_id: SupplierId, product_id: Annotated[str, Path(pattern=ID, max_length=64)]
) -> Response:
    """The supplier does not sell this product any more."""
    return writer.once(
        lambda tx: suppliers.drop_offer(tx, supplier_id, product_id, actor=writer.actor, now=writer.now), status=204
    )


@router.get("/purchase-orders", response_model=PurchaseOrderPage, responses=problems(*SIGNED_IN))
def purchase_orders(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Annotated[PurchaseStatus | None, Query(description="Only in this state.")] = None,
    supplier_id: Annotated[str | None, Query(pattern=ID, max_length=64, description="Only from this one.")] = None,
) -> Response:
    """Purchase orders, the newest first."""
    with services.platform.database.read() as tx:
        page = store.purchase_orders_page(
            tx, limit=limit, cursor=cursor, status=str(status) if status else None, supplier_id=supplier_id
        )
    items = [PurchaseOrderOut.model_validate(item) for item in page.items]
    return answer(PurchaseOrderPage(items=items, next_cursor=page.next_cursor))


@router.post(
    "/purchase-orders", status_code=201, response_model=PurchaseOrderDetail, responses=problems(*WRITES, NotFound)
)
def create_purchase_order(writer: StockWriter, body: CreatePurchaseOrder) -> Response:
    """Drafts a purchase order. Nothing is inbound before it is ordered."""
    new = NewPurchaseOrder(body.supplier_id, body.location_id, _lines(body.lines), body.expected_on, body.note)
    return writer.once(
        lambda tx: _detail(tx, orders.create_purchase_order(tx, new, actor=writer.actor, now=writer.now)), status=201
    )


@router.get(
    "/purchase-orders/{purchase_order_id}",
    response_model=PurchaseOrderDetail,
    responses=problems(*SIGNED_IN, NotFound),
)
def purchase_order(services: ServicesDep, purchase_order_id: PurchaseOrderId) -> Response:
    """One purchase order with its lines."""
    with services.platform.database.read() as tx:
        detail = _shown(tx, store.find_purchase_order(tx, purchase_order_id))
    return answer(detail, headers={"ETag": etag(detail.version)})


@router.patch("/purchase-orders/{purchase_order_id}", response_model=PurchaseOrderDetail, responses=_STEPS)
def edit_purchase_order(writer: StockWriter, purchase_order_id: PurchaseOrderId, body: ChangePurchaseOrder) -> Response:
    """Changes the day, the note, and the lines of a draft."""
    changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"lines"})
    lines = None if body.lines is None else _lines(body.lines)
    return _step(
        writer,
        purchase_order_id,
        lambda tx: orders.change_purchase_order(
            tx, purchase_order_id, changes, lines=lines, actor=writer.actor, now=writer.now
        ),
    )


@router.post("/purchase-orders/{purchase_order_id}/order", response_model=PurchaseOrderDetail, responses=_STEPS)
def send_purchase_order(writer: StockWriter, purchase_order_id: PurchaseOrderId) -> Response:
    """The draft has been ordered: its units are inbound."""
    return _step(
        writer,
        purchase_order_id,
        lambda tx: orders.send_purchase_order(tx, purchase_order_id, actor=writer.actor, now=writer.now),
    )


@router.post("/purchase-orders/{purchase_order_id}/receive", response_model=PurchaseOrderDetail, responses=_STEPS)
def receive_purchase_order(
    writer: StockWriter, purchase_order_id: PurchaseOrderId, body: ReceivePurchaseOrder
) -> Response:
    """Puts what arrived on the shelf."""

    def receive(tx: Session) -> PurchaseOrder:
        arrived = {line.line_no: line.quantity for line in body.lines}
        if len(arrived) < len(body.lines):
            raise InvalidInput("A line stands here twice. Add its units up.", field="lines")
        return orders.receive_purchase_order(tx, purchase_order_id, arrived, actor=writer.actor, now=writer.now)

    return _step(writer, purchase_order_id, receive)


@router.post("/purchase-orders/{purchase_order_id}/cancel", response_model=PurchaseOrderDetail, responses=_STEPS)
def cancel_purchase_order(writer: StockWriter, purchase_order_id: PurchaseOrderId) -> Response:
    """Nothing more will come: the rest is inbound no longer. What has arrived stays."""
    return _step(
        writer,
        purchase_order_id,
        lambda tx: orders.cancel_purchase_order(tx, purchase_order_id, actor=writer.actor, now=writer.now),
    )


def _step(writer: Writer, purchase_order_id: str, change: Callable[[Session], PurchaseOrder]) -> Response:
    def work(tx: Session) -> PurchaseOrderDetail:
        writer.check_version(orders.hold_purchase_order(tx, purchase_order_id).version)
        return _detail(tx, change(tx))

    return writer.once(work)


def _lines(bodies: list[PurchaseLineIn]) -> list[NewPurchaseLine]:
    return [NewPurchaseLine(line.product_id, line.quantity, line.unit_cost) for line in bodies]


def _detail(tx: Session, order: PurchaseOrder) -> PurchaseOrderDetail:
    return _shown(tx, store.purchase_order_view(order))


def _shown(tx: Session, view: store.PurchaseOrderView) -> PurchaseOrderDetail:
    lines = store.purchase_lines(tx, view.purchase_order_id, view.currency)
    return PurchaseOrderDetail(
        **PurchaseOrderOut.model_validate(view).model_dump(),
        lines=[PurchaseLineOut.model_validate(line) for line in lines],
    )
