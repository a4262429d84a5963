"""Plans: what to order and to move, why, what it earns; and the way from a line to a purchase order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from tradewind.api.planning_accept import Wish, accept, take_back
from tradewind.api.planning_answers import line_out, profile_out, transfer_out
from tradewind.api.planning_files import WORKBOOK, as_csv, as_workbook, file_rows, read_edits, read_table
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.inventory import ID
from tradewind.api.schemas.planning import (
    Abc,
    AcceptedOut,
    AcceptPlan,
    ClassCellOut,
    EditLine,
    EditOut,
    EditsOut,
    ListSummaryOut,
    MadeOut,
    MakePlan,
    MatrixOut,
    PaceName,
    PaceOut,
    PlanLineOut,
    PlanLinePage,
    PlanOut,
    PlanTransferPage,
    ProfilePage,
    TakeBack,
    TakenBackOut,
    XyzChoice,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.inventory.levels import MOST_UNITS
from tradewind.commerce.inventory.shelves import places
from tradewind.commerce.inventory.transfers import TransferState
from tradewind.commerce.purchasing.orders import PurchaseState
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.insights.planning import store
from tradewind.insights.planning.classes import Pace
from tradewind.insights.planning.limits import PlanningInput
from tradewind.insights.planning.store import ALL_LINES, LineAccepted, LineFilter, NoPlan
from tradewind.insights.planning.summary import class_matrix, summarise
from tradewind.insights.planning.transfers import TransfersUnsolved

router = Router(tags=["planning"], dependencies=[READS])

StockWriter = Annotated[Writer, Depends(writer_with(Scope.STOCK_WRITE))]
PlanId = Annotated[str | None, Query(pattern=ID, max_length=64, description="An older plan. Unset: the newest.")]
LineNo = Annotated[int, Path(ge=1, le=2_000_000_000)]
_READS = problems(*SIGNED_IN, NotFound, NoPlan)
_MOST_TOLD = 200


class ListFormat(StrEnum):
    """How the purchase list is written."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of whom, and where."""

    supplier_id: Annotated[str | None, Query(pattern=ID, max_length=64, description="Only from this supplier.")] = None
    location_id: Annotated[str | None, Query(pattern=ID, max_length=64, description="Only for this place.")] = None
    channel: Annotated[
        str | None, Query(max_length=64, description="Only for places from which this channel alone is sold.")
    ] = None

    def chosen(self, tx: Session) -> LineFilter:
        """The filter; a channel stands for its places. Raises InvalidInput for a channel without one."""
        of_place = None if self.location_id is None else frozenset({self.location_id})
        if self.channel is None:
            return LineFilter(self.supplier_id, of_place)
        theirs = frozenset(place.location_id for place in places(tx) if place.channel == self.channel)
        if not theirs:
            raise InvalidInput(
                f"No place belongs to the channel {self.channel}. Its stock lies in places that it shares.",
                field="channel",
            )
        return LineFilter(self.supplier_id, theirs if of_place is None else theirs & of_place)


Chosen = Annotated[_Asked, Depends()]

_FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}, WORKBOOK: {"schema": {"type": "string"}}}}
}
_FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "plan_id,line_no,quantity\n01k…,1,24\n"},
            WORKBOOK: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post(
    "/planning/plans",
    status_code=201,
    response_model=PlanOut,
    responses=problems(*WRITES, PlanningInput, TransfersUnsolved),
)
def make_plan(writer: StockWriter, body: MakePlan) -> Response:
    """Makes a plan over all active goods from stock, forecasts and suppliers as they are now. It is the newest then."""
    planner = writer.services.planner
    plan = planner.make(planner.terms(body.model_dump(exclude_unset=True)), now=writer.now)
    return answer(PlanOut.model_validate(plan), 201)


@router.get("/planning/plans/latest", response_model=PlanOut, responses=_READS)
def latest_plan(services: ServicesDep) -> Response:
    """The newest plan, with its rules."""
    with services.platform.database.read() as tx:
        return answer(PlanOut.model_validate(store.find_plan(tx)))


@router.get("/inventory/recommendations", response_model=PlanLinePage, responses=_READS)
def inventory_recommendations(
    services: ServicesDep, cursor: Cursor = None, limit: Limit = 50, plan_id: PlanId = None
) -> Response:
    """What to do about every product in every place, in the order of the plan: orders first, by what they earn."""
    return _lines(services, plan_id, limit, cursor, listed=None)


@router.get("/planning/purchase-list", response_model=PlanLinePage, responses=_READS | _FILES)
def purchase_list(
    services: ServicesDep,
    asked: Chosen,
    cursor: Cursor = None,
    limit: Limit = 50,
    plan_id: PlanId = None,
    as_format: Annotated[
        ListFormat, Query(alias="format", description="json; csv or xlsx for the whole list as a file to edit.")
    ] = ListFormat.JSON,
) -> Response:
    """What to order, by expected profit per unit of cash, and then what something stands against."""
    if as_format is ListFormat.JSON:
        return _lines(services, plan_id, limit, cursor, listed=True, asked=asked)
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        rows = list(file_rows(tx, plan, asked.chosen(tx)))
    is_csv = as_format is ListFormat.CSV
    headers = {
        "Content-Disposition": f'attachment; filename="purchase-list-{plan.today}.{as_format}"',
        "Cache-Control": "no-store",
    }
    content = as_csv(rows) if is_csv else as_workbook(rows)
    return Response(content, 200, headers, "text/csv; charset=utf-8" if is_csv else WORKBOOK)


@router.get("/planning/purchase-list/summary", response_model=ListSummaryOut, responses=_READS)
def purchase_list_summary(services: ServicesDep, asked: Chosen, plan_id: PlanId = None) -> Response:
    """What the purchase list comes to as it is edited now, and whose lines it has."""
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        found = summarise(tx, plan, asked.chosen(tx))
        channels = sorted({place.channel for place in places(tx) if place.channel is not None})
    return answer(
        ListSummaryOut.model_validate(
            {name: getattr(found, name) for name in ListSummaryOut.model_fields if hasattr(found, name)}
            | {"plan": PlanOut.model_validate(plan), "channels": channels}
        )
    )


@router.get("/planning/purchase-list/{line_no}", response_model=PlanLineOut, responses=_READS)
def planned_line(
    services: ServicesDep,
    line_no: LineNo,
    plan_id: PlanId = None,
    quantity: Annotated[
        int | None,
        Query(ge=0, le=MOST_UNITS, description="What the line would be with another one; nothing is changed."),
    ] = None,
) -> Response:
    """One line of the list, or what would become of it with another quantity."""
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        row = store.find_line(tx, plan.plan_id, line_no)
        if quantity is not None:
            store.check_quantity(row, quantity)
        return answer(line_out(row, plan, quantity))


@router.get("/planning/cover", response_model=PlanLinePage, responses=_READS)
def cover(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50, plan_id: PlanId = None) -> Response:
    """Every product in every place by days of cover, the shortest first."""
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        page = store.cover_page(tx, plan.plan_id, limit=limit, cursor=cursor)
        items = [line_out(row, plan) for row in page.items]
    return answer(PlanLinePage(plan=PlanOut.model_validate(plan), items=items, next_cursor=page.next_cursor))


@router.get("/planning/transfers", response_model=PlanTransferPage, responses=_READS)
def planned_transfers(
    services: ServicesDep, cursor: Cursor = None, limit: Limit = 50, plan_id: PlanId = None
) -> Response:
    """What to move between places, by what it gains."""
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        page = store.transfers_page(tx, plan.plan_id, limit=limit, cursor=cursor)
        items = [transfer_out(row, plan) for row in page.items]
    return answer(PlanTransferPage(plan=PlanOut.model_validate(plan), items=items, next_cursor=page.next_cursor))


@router.get("/planning/abc-xyz", response_model=ProfilePage, responses=_READS)
def abc_xyz(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    plan_id: PlanId = None,
    abc: Annotated[Abc | None, Query(description="Only of this class.")] = None,
    xyz: Annotated[XyzChoice | None, Query(description="Only of this class; none: too little is known.")] = None,
) -> Response:
    """Products by what they earned in a year (A, B, C), and how evenly they sell, the season taken out (X, Y, Z)."""
    return _profiles(services, plan_id, limit, cursor, abc=abc, xyz=xyz)


@router.get("/planning/abc-xyz/matrix", response_model=MatrixOut, responses=_READS)
def abc_xyz_matrix(services: ServicesDep, plan_id: PlanId = None) -> Response:
    """The nine cells with their products, what they share of revenue and what lies of them; and what lies still."""
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        found = class_matrix(tx, plan)
    return answer(
        MatrixOut(
            plan=PlanOut.model_validate(plan),
            cells=[ClassCellOut.model_validate(cell) for cell in found.cells],
            paces=[PaceOut.model_validate(pace) for pace in found.paces],
            without_cost=found.without_cost,
        )
    )


@router.get("/planning/slow-movers", response_model=ProfilePage, responses=_READS)
def slow_movers(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    plan_id: PlanId = None,
    pace: Annotated[list[PaceName], Query(max_length=4, description="dead and slow, unless you say.")] = [
        "dead",
        "slow",
    ],
) -> Response:
    """Products that lie still: none sold in half a year, likely none in a quarter, or covered for half a year."""
    return _profiles(services, plan_id, limit, cursor, paces=tuple(pace) or (Pace.DEAD, Pace.SLOW))


@router.patch(
    "/planning/purchase-list/{line_no}",
    response_model=PlanLineOut,
    responses=problems(*WRITES, NotFound, NoPlan, LineAccepted),
)
def edit_planned_line(
    writer: StockWriter,
    line_no: LineNo,
    body: EditLine,
    plan_id: PlanId = None,
) -> Response:
    """Another quantity for a line, in lots that the supplier sends; 0 takes it off."""

    def work(tx: Session) -> PlanLineOut:
        plan = store.find_plan(tx, plan_id)
        return line_out(store.edit_line(tx, plan.plan_id, line_no, body.quantity), plan)

    return writer.once(work)


async def _content(request: Request, _: StockWriter) -> bytes:
    return await request.body()


@router.post(
    "/planning/purchase-list/edits",
    response_model=EditsOut,
    responses=problems(*WRITES, NotFound, NoPlan),
    openapi_extra=_FILE_BODY,
)
def edit_purchase_list(
    writer: StockWriter,
    content: Annotated[bytes, Depends(_content)],
    plan_id: PlanId = None,
    dry_run: Annotated[bool, Query(description="Only tell what the file would change.")] = False,
) -> Response:
    """Takes the list back in, as CSV or workbook: quantities only. With a problem in any row nothing is changed."""
    rows = read_table(content)

    def work(tx: Session) -> EditsOut:
        plan = store.find_plan(tx, plan_id)
        edits = read_edits(tx, plan, rows)
        wrong = [edit for edit in edits if edit.problem is not None]
        changes = [edit for edit in edits if edit.is_change]
        applied = not dry_run and not wrong
        for edit in changes if applied else ():
            if edit.line_no is None or edit.after is None:
                raise InvalidInput("A row without a line cannot be taken.", field="file")
            store.edit_line(tx, plan.plan_id, edit.line_no, edit.after)
        told = [EditOut.model_validate(edit) for edit in (*wrong, *changes)[:_MOST_TOLD]]
        return EditsOut(
            plan_id=plan.plan_id,
            is_applied=applied,
            rows=len(edits),
            changed=len(changes),
            problems=len(wrong),
            edits=told,
        )

    return writer.once(work)


@router.post(
    "/planning/purchase-list/accept",
    response_model=AcceptedOut,
    responses=problems(*WRITES, NotFound, NoPlan),
)
def accept_plan(
    writer: StockWriter,
    body: AcceptPlan,
    dry_run: Annotated[bool, Query(description="Only tell what would be made.")] = False,
) -> Response:
    """Turns lines into purchase orders, one per supplier and place, and moves into transfers.

    A line is taken only once: asked for again, it is answered with the document that it became.
    """

    def work(tx: Session) -> AcceptedOut:
        if not body.lines and not body.transfers:
            raise InvalidInput("Name at least one line.", field="lines")
        plan = store.find_plan(tx, body.plan_id)
        lines = [Wish(line.line_no, line.quantity) for line in body.lines]
        moves = [Wish(line.line_no, line.quantity) for line in body.transfers]
        made = accept(tx, plan, lines, moves, send=body.send, dry_run=dry_run, actor=writer.actor, now=writer.now)
        return AcceptedOut(
            plan_id=plan.plan_id, is_dry_run=dry_run, documents=[MadeOut.model_validate(one) for one in made]
        )

    return writer.once(work)


@router.post(
    "/planning/purchase-list/take-back",
    response_model=TakenBackOut,
    responses=problems(*WRITES, NotFound, NoPlan, PurchaseState, TransferState),
)
def take_back_accepted(writer: StockWriter, body: TakeBack) -> Response:
    """Cancels a purchase order or a transfer that lines were accepted as; the lines can be accepted again.

    Only while nothing of it has arrived or left.
    """

    def work(tx: Session) -> TakenBackOut:
        plan = store.find_plan(tx, body.plan_id)
        lines = take_back(tx, plan, body.document_id, actor=writer.actor, now=writer.now)
        return TakenBackOut(plan_id=plan.plan_id, document_id=body.document_id, lines=lines)

    return writer.once(work)


def _lines(
    services: Any,
    plan_id: str | None,
    limit: int,
    cursor: str | None,
    *,
    listed: bool | None,
    asked: _Asked | None = None,
) -> Response:
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        chosen = ALL_LINES if asked is None else asked.chosen(tx)
        page = store.lines_page(tx, plan.plan_id, limit=limit, cursor=cursor, listed=listed, chosen=chosen)
        items = [line_out(row, plan) for row in page.items]
    return answer(PlanLinePage(plan=PlanOut.model_validate(plan), items=items, next_cursor=page.next_cursor))


def _profiles(services: Any, plan_id: str | None, limit: int, cursor: str | None, **chosen: Any) -> Response:
    with services.platform.database.read() as tx:
        plan = store.find_plan(tx, plan_id)
        page = store.products_page(tx, plan.plan_id, limit=limit, cursor=cursor, **chosen)
        items = [profile_out(row) for row in page.items]
    return answer(ProfilePage(plan=PlanOut.model_validate(plan), items=items, next_cursor=page.next_cursor))
