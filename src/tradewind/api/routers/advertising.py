"""What advertising cost: stated in batches, read page by page."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.asking import FromDay, ToDay
from tradewind.api.csv_answer import AsFormat, Format, csv_answer
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.advertising import AdSpendBody, AdSpendOut, AdSpendPage, AdSpendRecorded
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.advertising.service import NewAdSpend, SpendStatedTwice, record_ad_spend
from tradewind.commerce.advertising.store import AdSpendFilter, ad_spend_page
from tradewind.commerce.booking import Effect
from tradewind.core.errors import InvalidInput

router = Router("/analytics/ad-spend", tags=["insights"])

SpendWriter = Annotated[Writer, Depends(writer_with(Scope.PROMOTIONS_WRITE))]


@router.post("", response_model=AdSpendRecorded, responses=problems(*WRITES, SpendStatedTwice))
def state_ad_spend(writer: SpendWriter, body: AdSpendBody) -> Response:
    """States what campaigns cost on their days, all of the batch or nothing; stated again, nothing counts twice."""

    def work(tx: Session) -> AdSpendRecorded:
        statements = [NewAdSpend(**item.model_dump()) for item in body.items]
        outcomes = record_ad_spend(tx, statements, now=writer.now)
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome.error, InvalidInput):
                outcome.error.field = f"items.{place}.{outcome.error.field}"
                raise outcome.error
        counts = Counter(outcome.effect for outcome in outcomes)
        return AdSpendRecorded(
            created=counts[Effect.CREATED], changed=counts[Effect.CHANGED], unchanged=counts[Effect.UNCHANGED]
        )

    return writer.once(work)


@router.get("", response_model=AdSpendPage, responses=problems(*SIGNED_IN), dependencies=[READS])
def ad_spend(
    services: ServicesDep,
    start: FromDay = None,
    end: ToDay = None,
    channel: Annotated[list[str], Query(max_length=200, description="Only these channels.")] = [],
    campaign: Annotated[str | None, Query(max_length=200, description="Only this campaign.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
    as_format: AsFormat = Format.JSON,
) -> Response:
    """What was stated last of each campaign and day, the newest day first."""
    chosen = AdSpendFilter(tuple(channel), campaign, start, end)
    with services.platform.database.read() as tx:
        page = ad_spend_page(tx, chosen, limit=limit, cursor=cursor)
    items = [AdSpendOut.model_validate(view) for view in page.items]
    if as_format is Format.CSV:
        return csv_answer(items, AdSpendOut, "ad-spend")
    return answer(AdSpendPage(items=items, next_cursor=page.next_cursor))
