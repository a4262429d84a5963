"""Shapes of promotions."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from tradewind.api.schemas.products import PLAIN, Currency, Sku
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.terms import MAX_GROUP, MAX_LIMIT_OF_USES, MAX_LISTED, MAX_PRIORITY

_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _within_centuries(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("has to lie between 1970 and 2200")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_centuries)]
Money = Annotated[Decimal, Field(gt=0, max_digits=17, decimal_places=4)]
Percent = Annotated[Decimal, Field(gt=0, le=100, max_digits=7, decimal_places=4)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=PLAIN)]
GroupCode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=PLAIN)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2}$")]


class _Body(Wire):
    model_config = ConfigDict(extra="forbid")


class PromotionConditions(_Body):
    """Which goods, and whom. An empty list is no condition."""

    skus: list[Sku] = Field(default_factory=list, max_length=MAX_LISTED)
    category_paths: list[Path] = Field(
        default_factory=list, max_length=MAX_LISTED, description="With all below.", examples=[["Home / Kitchen"]]
    )
    customer_groups: list[GroupCode] = Field(default_factory=list, max_length=MAX_LISTED)
    countries: list[Country] = Field(default_factory=list, max_length=MAX_LISTED, examples=[["DE", "AT"]])


class PromotionIn(_Body):
    """The terms of a promotion. What each kind needs stands in docs/how-to/promotions.md."""

    name: str = Field(min_length=1, max_length=200, pattern=PLAIN, examples=["Ten percent to begin with"])
    kind: PromotionKind
    code: str | None = Field(
        None,
        min_length=1,
        max_length=64,
        pattern=PLAIN,
        description="Unset: it applies by itself.",
        examples=["WELCOME10"],
    )
    percent: Percent | None = Field(None, examples=[10])
    amount: Money | None = None
    minimum: Money | None = Field(None, description="Least worth of the goods it is for, before discounts.")
    currency: Currency | None = Field(None, description="Of amount and minimum.")
    buy: int | None = Field(None, ge=1, le=MAX_GROUP)
    get: int | None = Field(None, ge=1, le=MAX_GROUP)
    conditions: PromotionConditions = Field(default_factory=PromotionConditions)
    starts_at: Moment | None = None
    ends_at: Moment | None = Field(None, description="It is over from this moment on.")
    total_limit: int | None = Field(None, ge=1, le=MAX_LIMIT_OF_USES, description="Uses in all.")
    customer_limit: int | None = Field(None, ge=1, le=MAX_LIMIT_OF_USES, description="Uses by one buyer.")
    is_stackable: bool = Field(False, description="Whether it goes together with other stackable ones.")
    priority: int = Field(0, ge=-MAX_PRIORITY, le=MAX_PRIORITY, description="The highest is taken off first.")
    is_active: bool = True


class PromotionOut(Wire):
    promotion_id: str
    name: str
    kind: PromotionKind
    code: str | None
    percent: Amount | None
    amount: Amount | None
    minimum: Amount | None
    currency: str | None
    buy: int | None
    get: int | None
    conditions: PromotionConditions
    starts_at: datetime | None
    ends_at: datetime | None
    total_limit: int | None
    customer_limit: int | None
    used: int | None = Field(description="Counted where there is a total limit.")
    is_stackable: bool
    priority: int
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class PromotionPage(Wire):
    items: list[PromotionOut]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class DiscountAsked(_Body):
    order_total: Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=4, examples=[99.99])]
    currency: Currency | None = Field(None, description="Unset: the store's currency.", examples=["EUR"])
    code: str = Field(min_length=1, max_length=64, pattern=PLAIN, examples=["WELCOME10"])


class DiscountGiven(Wire):
    """Total and discount add up to what was asked about."""

    total: Amount
    discount: Amount
    currency: str
    code: str
    promotion_id: str
