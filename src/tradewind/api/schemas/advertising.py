"""Shapes of advertising: what campaigns cost, day by day. Amounts are in the `currency` beside them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from tradewind.api.schemas.products import PLAIN, Currency
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.advertising.service import MOST_COUNTED

MOST_STATEMENTS = 1_000
Count = Annotated[int, Field(ge=0, le=MOST_COUNTED)]


class AdSpendIn(Wire):
    """What one campaign cost on one business day of the store."""

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)] = Field(
        description="Code of the sales channel that the campaign sent buyers to.", examples=["shop"]
    )
    campaign: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)] = Field(
        examples=["spring-search"]
    )
    day: date = Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))
    amount: Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=4)] = Field(examples=[41.2])
    currency: Currency = Field(examples=["EUR"])
    clicks: Count | None = None
    impressions: Count | None = None


class AdSpendBody(Wire):
    """Statements; one of a channel, campaign and day that is known already takes its place."""

    model_config = ConfigDict(extra="forbid")

    items: list[AdSpendIn] = Field(min_length=1, max_length=MOST_STATEMENTS)


class AdSpendRecorded(Wire):
    """What a batch did, counted by statement."""

    created: int
    changed: int
    unchanged: int


class AdSpendOut(Wire):
    spend_id: str
    channel: str
    campaign: str
    day: date
    amount: Amount
    currency: str
    clicks: int | None
    impressions: int | None
    updated_at: datetime


class AdSpendPage(Wire):
    items: list[AdSpendOut]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")
