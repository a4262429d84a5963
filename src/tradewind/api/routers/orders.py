"""Orders, as they are booked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.fulfilment import ID
from tradewind.api.schemas.orders import (
    OrderDetail,
    OrderDiscountOut,
    OrderLine,
    OrderPage,
    OrderPayment,
    OrderStep,
    OrderSummary,
    RefundSummary,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.api.writing import etag
from tradewind.commerce.orders import store
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.orders.store import OrderFilter
from tradewind.commerce.payments.store import payments_of, refunds_of
from tradewind.core.clock import day_start
from tradewind.core.errors import NotFound
from tradewind.core.paging import MAX_LIMIT, ByAge

router = Router("/orders", tags=["orders"], dependencies=[READS])

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before.")]
Age = Annotated[ByAge, Query(alias="sort", description="Which come first.")]
_DAYS = {"ge": date(1970, 1, 1), "le": date(2199, 12, 31)}
FromDay = Annotated[date | None, Query(alias="from", description="First business day.", **_DAYS)]
ToDay = Annotated[date | None, Query(alias="to", description="The day after the last.", **_DAYS)]
Channels = Annotated[list[str], Query(max_length=200, description="Only these channels.")]


@router.get("", response_model=OrderPage, responses=problems(*SIGNED_IN))
def orders(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    channel: Channels = [],
    status: Annotated[list[OrderStatus], Query(max_length=20, description="Only these states.")] = [],
    country: Annotated[list[str], Query(max_length=300, description="Only shipped to these.")] = [],
    start: FromDay = None,
    end: ToDay = None,
    q: Annotated[
        str | None, Query(max_length=store.LONGEST_SEARCH, description="Part of the number or channel's id.")
    ] = None,
    sort: Age = ByAge.NEWEST,
) -> Response:
    """Orders by the moment at which they were placed."""
    chosen = OrderFilter(
        channels=tuple(channel),
        statuses=tuple(status),
        countries=tuple(code.upper() for code in country),
        start=start_of(services, start),
        end=start_of(services, end),
        text=q,
    )
    with services.platform.database.read() as tx:
        page = store.orders_page(tx, chosen, sort=sort, limit=limit, cursor=cursor)
    items = [OrderSummary.model_validate(order) for order in page.items]
    return answer(OrderPage(items=items, next_cursor=page.next_cursor))


@router.get("/{order_id}", response_model=OrderDetail, responses=problems(*SIGNED_IN, NotFound))
def order(services: ServicesDep, order_id: Annotated[str, Path(pattern=ID, max_length=64)]) -> Response:
    """One order with its lines, payments, refunds and history."""
    with services.platform.database.read() as tx:
        found = store.find_order(tx, order_id)
        detail = OrderDetail(
            **OrderSummary.model_validate(found).model_dump(),
            items=[OrderLine.model_validate(line) for line in store.order_lines(tx, order_id, found.currency)],
            discounts=[
                OrderDiscountOut.model_validate(row) for row in store.order_discounts(tx, order_id, found.currency)
            ],
            payments=[OrderPayment.model_validate(payment) for payment in payments_of(tx, order_id)],
            refunds=[RefundSummary.model_validate(refund) for refund in refunds_of(tx, order_id)],
            history=[OrderStep.model_validate(step) for step in store.order_history(tx, order_id)],
        )
    return answer(detail, headers={"ETag": etag(found.version)})


def start_of(services: Services, day: date | None) -> datetime | None:
    """The moment at which a business day begins in the store's zone."""
    return None if day is None else day_start(day, services.platform.settings.store.zone)
