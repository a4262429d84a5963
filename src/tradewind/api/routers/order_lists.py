"""Lists to work from, and orders as a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query, Response
from starlette.responses import StreamingResponse

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Channels, Cursor, FromDay, Limit, ToDay, start_of
from tradewind.api.routing import Router
from tradewind.api.schemas.order_work import (
    DailySales,
    DaySalesOut,
    TopCustomerOut,
    TopCustomers,
    WaitingOrderOut,
    WaitingOrderPage,
)
from tradewind.api.security import READS, ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.orders import queues, store
from tradewind.commerce.orders.export import orders_csv
from tradewind.commerce.orders.queues import MOST_CUSTOMERS, TopBy
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.orders.store import OrderFilter
from tradewind.core.clock import business_day

router = Router("/orders", tags=["orders"], dependencies=[READS])

Statuses = Annotated[list[OrderStatus], Query(max_length=20, description="Only these states.")]


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses=problems(*SIGNED_IN)
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A CSV file."}},
)
def export_orders(
    services: ServicesDep,
    channel: Channels = [],
    status: Statuses = [],
    country: Annotated[list[str], Query(max_length=300, description="Only shipped to these.")] = [],
    start: FromDay = None,
    end: ToDay = None,
    q: Annotated[
        str | None, Query(max_length=store.LONGEST_SEARCH, description="Part of the number or channel's id.")
    ] = None,
) -> StreamingResponse:
    """Orders as CSV, the newest first, as many as there are; safe to open in a spreadsheet."""
    chosen = OrderFilter(
        channels=tuple(channel),
        statuses=tuple(status),
        countries=tuple(code.upper() for code in country),
        start=start_of(services, start),
        end=start_of(services, end),
        text=q,
    )
    headers = {"Content-Disposition": 'attachment; filename="orders.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(
        orders_csv(services.platform.database, chosen), media_type="text/csv; charset=utf-8", headers=headers
    )


@router.get("/waiting", response_model=WaitingOrderPage, responses=problems(*SIGNED_IN))
def waiting_orders(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Statuses = [OrderStatus.PENDING],
) -> Response:
    """Orders that wait for somebody, the longest waiting first."""
    now = services.platform.clock.now()
    with services.platform.database.read() as tx:
        page = queues.waiting_orders(tx, now=now, limit=limit, cursor=cursor, statuses=status)
    items = [WaitingOrderOut.model_validate(order) for order in page.items]
    return answer(WaitingOrderPage(items=items, next_cursor=page.next_cursor))


@router.get(
    "/top-customers",
    response_model=TopCustomers,
    responses=problems(*SIGNED_IN),
    dependencies=[Depends(caller_with(Scope.CUSTOMERS_READ))],
)
def best_customers(
    services: ServicesDep,
    by: Annotated[TopBy, Query(description="What makes a customer a good one.")] = TopBy.TOTAL_SPENT,
    limit: Annotated[int, Query(ge=1, le=MOST_CUSTOMERS, description="Most customers.")] = 10,
    currency: Annotated[
        str | None,
        Query(pattern="^[A-Za-z]{3}$", description="Only orders in it; unset: the store's, or that of most orders."),
    ] = None,
    start: FromDay = None,
    end: ToDay = None,
) -> Response:
    """The customers who bought most."""
    with services.platform.database.read() as tx:
        found = queues.top_customers(
            tx,
            currency=currency or services.platform.settings.store.currency,
            by=by,
            limit=limit,
            start=start_of(services, start),
            end=start_of(services, end),
        )
    return answer(TopCustomers(items=[TopCustomerOut.model_validate(row) for row in found]))


@router.get("/daily-sales", response_model=DailySales, responses=problems(*SIGNED_IN))
def daily_sales(
    services: ServicesDep,
    start: FromDay = None,
    end: ToDay = None,
    status: Statuses = [OrderStatus.DELIVERED],
) -> Response:
    """Orders and revenue by business day, the newest first; by default of delivered orders, of the last 30 days."""
    zone = services.platform.settings.store.zone
    today = business_day(services.platform.clock.now(), zone)
    last = end or today + timedelta(days=1)
    first = start or last - timedelta(days=30)
    with services.platform.database.read() as tx:
        days = queues.daily_sales(tx, first=first, last=last, zone=zone, statuses=status)
    return answer(DailySales(items=[DaySalesOut.model_validate(day) for day in days]))
