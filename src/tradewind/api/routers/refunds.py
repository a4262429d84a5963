"""Refunds, as they are booked."""

from __future__ import annotations

from fastapi import Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Channels, Cursor, FromDay, Limit, ToDay, start_of
from tradewind.api.routing import Router
from tradewind.api.schemas.orders import RefundPage, RefundSummary
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.commerce.payments.store import refunds_page

router = Router("/refunds", tags=["orders"], dependencies=[READS])


@router.get("", response_model=RefundPage, responses=problems(*SIGNED_IN))
def refunds(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    channel: Channels = [],
    start: FromDay = None,
    end: ToDay = None,
) -> Response:
    """Credit notes, the newest first."""
    with services.platform.database.read() as tx:
        page = refunds_page(
            tx,
            limit=limit,
            cursor=cursor,
            channels=tuple(channel),
            start=start_of(services, start),
            end=start_of(services, end),
        )
    items = [RefundSummary.model_validate(refund) for refund in page.items]
    return answer(RefundPage(items=items, next_cursor=page.next_cursor))
