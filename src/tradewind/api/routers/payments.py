"""Payments through providers: started, asked about, entered by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.payments import (
    PLAIN,
    PaymentIntentDetail,
    PaymentIntentPage,
    PaymentIntentSummary,
    PaymentReceived,
    PaymentStanding,
    PaymentStarted,
    ProviderRefundDetail,
    StartPayment,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.payments.by_hand import NotByHand, receive
from tradewind.commerce.payments.cashier import NotPayable
from tradewind.commerce.payments.intent_store import IntentFilter, find_intent, intents_page, refunds_on_their_way
from tradewind.commerce.payments.providers.port import IntentStatus, PaymentRefused, ProviderAway, Visit
from tradewind.core.errors import NotFound, Unavailable
from tradewind.core.money import to_minor

router = Router("/payments", tags=["payments"])

PaymentId = Annotated[str, Path(max_length=64, pattern=PLAIN)]
OrdersWriter = Annotated[Writer, Depends(writer_with(Scope.ORDERS_WRITE))]
_TO_THE_SHOP: dict[int | str, dict[str, Any]] = {
    303: {"description": "To the shop's own page, where the settings name one."}
}
PAUSE = timedelta(seconds=2)
"""Buyers reload the page that they come back to; the provider is asked once meanwhile."""


@router.get("", response_model=PaymentIntentPage, responses=problems(*SIGNED_IN), dependencies=[READS])
def payments(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    order_id: Annotated[str | None, Query(max_length=64, pattern=PLAIN, description="Only of this order.")] = None,
    provider: Annotated[
        str | None, Query(max_length=32, pattern=PLAIN, description="Only through this provider.")
    ] = None,
    status: Annotated[list[IntentStatus], Query(max_length=10, description="Only in these states.")] = [],
) -> Response:
    """Payments, the newest first."""
    chosen = IntentFilter(order_id, provider, tuple(status))
    with services.platform.database.read() as tx:
        page = intents_page(tx, chosen, limit=limit, cursor=cursor)
    items = [PaymentIntentSummary.model_validate(view) for view in page.items]
    return answer(PaymentIntentPage(items=items, next_cursor=page.next_cursor))


@router.get(
    "/{payment_id}",
    response_model=PaymentIntentDetail,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS],
)
def payment(services: ServicesDep, payment_id: PaymentId) -> Response:
    """One payment, with all that went or goes back of it."""
    with services.platform.database.read() as tx:
        detail = _detail(tx, payment_id)
    return answer(detail, headers={"ETag": etag(detail.version)})


@router.post(
    "/{payment_id}/start",
    response_model=PaymentStarted,
    responses=problems(*WRITES, NotFound, NotPayable, PaymentRefused, ProviderAway),
)
def start_payment(
    payment_id: PaymentId, body: StartPayment, request: Request, services: ServicesDep, writer: OrdersWriter
) -> Response:
    """Lets the buyer pay: at the provider's page (`redirect_url`), or in its form (`client_secret`).

    The same again goes on where the payment stands.
    """
    here = (services.platform.settings.server.public_url or str(request.base_url)).rstrip("/")
    back = body.return_url or f"{here}/api/v1/payments/{payment_id}/return"
    visit = Visit(back, body.cancel_url, body.method)
    started = services.cashier.start(payment_id, visit, actor=writer.actor)
    return writer.once(
        lambda _: PaymentStarted(
            payment_id=payment_id,
            status=started.status,
            redirect_url=started.redirect_url,
            client_secret=started.client_secret,
        )
    )


@router.post(
    "/{payment_id}/check",
    response_model=PaymentIntentDetail,
    responses=problems(*WRITES, NotFound, PaymentRefused, ProviderAway),
)
def check_payment(payment_id: PaymentId, services: ServicesDep, writer: OrdersWriter) -> Response:
    """Ask the provider how the payment stands."""
    services.cashier.check(payment_id)
    return writer.once(lambda tx: _detail(tx, payment_id))


@router.post(
    "/{payment_id}/received",
    response_model=PaymentIntentDetail,
    responses=problems(*WRITES, NotFound, NotByHand, Changed),
)
def enter_payment(payment_id: PaymentId, body: PaymentReceived, writer: OrdersWriter) -> Response:
    """Enter money that came in for a payment of the provider `manual`: it confirms the order once it is all there."""

    def enter(tx: Session) -> PaymentIntentDetail:
        known = find_intent(tx, payment_id)
        writer.check_version(known.version)
        amount = to_minor(body.amount, known.currency) if body.amount is not None else None
        receive(tx, payment_id, amount, actor=writer.actor, now=writer.now, method=body.method)
        return _detail(tx, payment_id)

    return writer.once(enter)


@router.get(
    "/{payment_id}/return",
    response_model=PaymentStanding,
    responses=problems(NotFound) | _TO_THE_SHOP,
)
def return_of_buyer(services: ServicesDep, payment_id: PaymentId) -> Response:
    """Where a provider sends the buyer after paying: asks how the payment stands, and shows that and nothing else."""
    try:
        status = services.cashier.check(payment_id, pause=PAUSE).status
    except (Unavailable, PaymentRefused):
        # The buyer has done their part; what the provider says now is learnt from its message or the poll.
        with services.platform.database.read() as tx:
            status = IntentStatus(find_intent(tx, payment_id).status)
    page = services.platform.settings.payments.return_url
    if page is None:
        return answer(PaymentStanding(payment_id=payment_id, status=status))
    query = urlencode({"payment": payment_id, "status": str(status)})
    return RedirectResponse(f"{page}{'&' if '?' in page else '?'}{query}", 303)


def _detail(tx: Session, payment_id: str) -> PaymentIntentDetail:
    found = PaymentIntentSummary.model_validate(find_intent(tx, payment_id))
    refunds = [ProviderRefundDetail.model_validate(row) for row in refunds_on_their_way(tx, payment_id)]
    return PaymentIntentDetail(**found.model_dump(), refunds=refunds)
