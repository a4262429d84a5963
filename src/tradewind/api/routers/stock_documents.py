"""Documents that move goods: transfers between locations, and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.inventory import (
    ID,
    ChangeTransfer,
    CountDetail,
    CountLineOut,
    CountOut,
    CountPage,
    CreateTransfer,
    OpenCount,
    ReceiveTransfer,
    RecordCounted,
    TransferDetail,
    TransferLineOut,
    TransferOut,
    TransferPage,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.inventory import counts, store, transfers
from tradewind.commerce.inventory.counts import CountState, CountStatus
from tradewind.commerce.inventory.model import StockCount, Transfer
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.inventory.transfers import NewTransfer, TransferState, TransferStatus
from tradewind.core.errors import InvalidInput, NotFound

router = Router("/inventory", tags=["inventory"], dependencies=[READS])

StockWriter = Annotated[Writer, Depends(writer_with(Scope.STOCK_WRITE))]
TransferId = Annotated[str, Path(pattern=ID, max_length=64)]
CountId = Annotated[str, Path(pattern=ID, max_length=64)]
_STEPS = problems(*WRITES, NotFound, TransferState, Changed)
_SHEET = problems(*WRITES, NotFound, CountState, Changed)


@router.get("/transfers", response_model=TransferPage, responses=problems(*SIGNED_IN))
def stock_transfers(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Annotated[TransferStatus | None, Query(description="Only in this state.")] = None,
) -> Response:
    """Transfers, the newest first."""
    with services.platform.database.read() as tx:
        page = store.transfers_page(tx, limit=limit, cursor=cursor, status=str(status) if status else None)
    items = [TransferOut.model_validate(item) for item in page.items]
    return answer(TransferPage(items=items, next_cursor=page.next_cursor))


@router.post("/transfers", status_code=201, response_model=TransferDetail, responses=problems(*WRITES, NotFound))
def create_stock_transfer(writer: StockWriter, body: CreateTransfer) -> Response:
    """Drafts a transfer. Nothing moves before it is shipped."""

    def work(tx: Session) -> TransferDetail:
        units = once_each((line.product_id, line.quantity) for line in body.lines)
        new = NewTransfer(body.from_location_id, body.to_location_id, units, body.note)
        return _transfer(tx, transfers.create_transfer(tx, new, actor=writer.actor, now=writer.now))

    return writer.once(work, status=201)


@router.get("/transfers/{transfer_id}", response_model=TransferDetail, responses=problems(*SIGNED_IN, NotFound))
def stock_transfer(services: ServicesDep, transfer_id: TransferId) -> Response:
    """One transfer with its lines."""
    with services.platform.database.read() as tx:
        found = store.find_transfer(tx, transfer_id)
        lines = [TransferLineOut.model_validate(line) for line in store.transfer_lines(tx, transfer_id)]
    detail = TransferDetail(**TransferOut.model_validate(found).model_dump(), lines=lines)
    return answer(detail, headers={"ETag": etag(found.version)})


@router.patch("/transfers/{transfer_id}", response_model=TransferDetail, responses=_STEPS)
def edit_stock_transfer(writer: StockWriter, transfer_id: TransferId, body: ChangeTransfer) -> Response:
    """Changes a draft."""

    def change(tx: Session) -> Transfer:
        units = None
        if body.lines is not None:
            units = once_each((line.product_id, line.quantity) for line in body.lines)
        return transfers.change_transfer(
            tx, transfer_id, units=units, note=body.note, actor=writer.actor, now=writer.now
        )

    return _step(writer, transfer_id, change)


@router.post(
    "/transfers/{transfer_id}/ship",
    response_model=TransferDetail,
    responses=problems(*WRITES, NotFound, TransferState, Changed, InsufficientStock),
)
def ship_stock_transfer(writer: StockWriter, transfer_id: TransferId) -> Response:
    """Takes the goods out of where they are; they are inbound where they go. What is promised to orders stays."""
    return _step(
        writer,
        transfer_id,
        lambda tx: transfers.ship_transfer(tx, transfer_id, actor=writer.actor, now=writer.now),
    )


@router.post("/transfers/{transfer_id}/receive", response_model=TransferDetail, responses=_STEPS)
def receive_stock_transfer(writer: StockWriter, transfer_id: TransferId, body: ReceiveTransfer) -> Response:
    """Puts what arrived on the shelf; it may be a part."""

    def receive(tx: Session) -> Transfer:
        arrived = once_each((line.product_id, line.quantity) for line in body.lines)
        return transfers.receive_transfer(tx, transfer_id, arrived, actor=writer.actor, now=writer.now)

    return _step(writer, transfer_id, receive)


@router.post("/transfers/{transfer_id}/close", response_model=TransferDetail, responses=_STEPS)
def close_stock_transfer(writer: StockWriter, transfer_id: TransferId) -> Response:
    """Nothing more will arrive: the rest is booked out as damage."""
    return _step(
        writer,
        transfer_id,
        lambda tx: transfers.close_transfer(tx, transfer_id, actor=writer.actor, now=writer.now),
    )


@router.post("/transfers/{transfer_id}/cancel", response_model=TransferDetail, responses=_STEPS)
def cancel_stock_transfer(writer: StockWriter, transfer_id: TransferId) -> Response:
    """Drops a draft."""
    return _step(
        writer,
        transfer_id,
        lambda tx: transfers.cancel_transfer(tx, transfer_id, actor=writer.actor, now=writer.now),
    )


@router.get("/counts", response_model=CountPage, responses=problems(*SIGNED_IN))
def stock_counts(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Annotated[CountStatus | None, Query(description="Only in this state.")] = None,
) -> Response:
    """Count sheets, the newest first."""
    with services.platform.database.read() as tx:
        page = store.counts_page(tx, limit=limit, cursor=cursor, status=str(status) if status else None)
    items = [CountOut.model_validate(item) for item in page.items]
    return answer(CountPage(items=items, next_cursor=page.next_cursor))


@router.post("/counts", status_code=201, response_model=CountDetail, responses=problems(*WRITES, NotFound))
def open_stock_count(writer: StockWriter, body: OpenCount) -> Response:
    """Opens a count sheet for a location."""
    return writer.once(
        lambda tx: _count(
            tx, counts.open_count(tx, body.location_id, note=body.note, actor=writer.actor, now=writer.now)
        ),
        status=201,
    )


@router.get("/counts/{count_id}", response_model=CountDetail, responses=problems(*SIGNED_IN, NotFound))
def stock_count(services: ServicesDep, count_id: CountId) -> Response:
    """One count sheet with its lines."""
    with services.platform.database.read() as tx:
        found = _count_detail(tx, store.find_count(tx, count_id))
    return answer(found, headers={"ETag": content_tag(found)})


@router.put("/counts/{count_id}/lines", response_model=CountDetail, responses=_SHEET)
def record_stock_count(writer: StockWriter, count_id: CountId, body: RecordCounted) -> Response:
    """Writes down what was counted just now."""

    counted = once_each((line.product_id, line.counted) for line in body.lines)
    return _sheet(writer, count_id, partial(counts.record_counted, counted=counted))


@router.delete("/counts/{count_id}/lines/{product_id}", response_model=CountDetail, responses=_SHEET)
def strike_stock_count_line(
    writer: StockWriter, count_id: CountId, product_id: Annotated[str, Path(pattern=ID, max_length=64)]
) -> Response:
    """Takes a product off the sheet."""
    return _sheet(writer, count_id, partial(counts.strike_line, product_id=product_id))


@router.post("/counts/{count_id}/post", response_model=CountDetail, responses=_SHEET)
def post_stock_count(writer: StockWriter, count_id: CountId) -> Response:
    """Books the differences. What was sold or came since the counting is not lost."""
    return _sheet(writer, count_id, counts.post_count)


@router.post("/counts/{count_id}/cancel", response_model=CountDetail, responses=_SHEET)
def cancel_stock_count(writer: StockWriter, count_id: CountId) -> Response:
    """Drops a sheet."""
    return _sheet(writer, count_id, counts.cancel_count)


def once_each(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Units by product; InvalidInput when a product is named twice."""
    units: dict[str, int] = {}
    for product_id, count in lines:
        if product_id in units:
            raise InvalidInput(f"Product {product_id} stands on two lines. Add them up.", field="lines")
        units[product_id] = count
    return units


def _step(writer: Writer, transfer_id: str, change: Callable[[Session], Transfer]) -> Response:
    def work(tx: Session) -> TransferDetail:
        writer.check_version(transfers.hold_transfer(tx, transfer_id).version)
        return _transfer(tx, change(tx))

    return writer.once(work)


def _transfer(tx: Session, transfer: Transfer) -> TransferDetail:
    shown = TransferOut.model_validate(store.transfer_view(transfer)).model_dump()
    lines = [TransferLineOut.model_validate(line) for line in store.transfer_lines(tx, transfer.id)]
    return TransferDetail(**shown, lines=lines)


def _sheet(writer: Writer, count_id: str, change: Callable[..., StockCount]) -> Response:
    def work(tx: Session) -> CountDetail:
        held = counts.hold_count(tx, count_id)
        writer.check_content(lambda: _count(tx, held))
        return _count(tx, change(tx, count_id, actor=writer.actor, now=writer.now))

    return writer.once(work)


def _count(tx: Session, count: StockCount) -> CountDetail:
    return _count_detail(tx, store.count_view(count))


def _count_detail(tx: Session, view: store.CountView) -> CountDetail:
    lines = [CountLineOut.model_validate(line) for line in store.count_lines(tx, view.count_id)]
    return CountDetail(**CountOut.model_validate(view).model_dump(), lines=lines)
