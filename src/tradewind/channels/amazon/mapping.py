"""Which mapping reads a payload: the door through which fresh and kept payloads become unified records. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tradewind.channels.amazon.feedback import review_topics, seller_rating
from tradewind.channels.amazon.finances import transaction
from tradewind.channels.amazon.orders import order
from tradewind.channels.amazon.orders_v0 import order_v0
from tradewind.channels.amazon.products import product
from tradewind.channels.amazon.settlement import settlement_rows
from tradewind.channels.amazon.stock import stock
from tradewind.channels.amazon.values import Unbookable, text
from tradewind.channels.contract import Mapped, Raw, Rejected, Resource
from tradewind.channels.surprises import rejects_surprises


@rejects_surprises
def map_order(raw: Raw, now: datetime, *, is_test: bool = False) -> Mapped:
    """An order of either API; where it cannot be booked, why."""
    is_old = "AmazonOrderId" in raw
    external_id = text(raw.get("AmazonOrderId" if is_old else "orderId"))
    try:
        found = order_v0(raw, now, is_test=is_test) if is_old else order(raw, now, is_test=is_test)
    except Unbookable as flaw:
        return Mapped(external_id or "", raw, (), (Rejected(external_id, flaw.flaw, str(flaw)),))
    return Mapped(found.external_id, raw, (found,))


def map_fees(raw: Raw, now: datetime) -> Mapped:
    """A transaction, or rows of a settlement report."""
    return settlement_rows(raw, now) if "settlementId" in raw else transaction(raw)


def map_feedback(raw: Raw, now: datetime) -> Mapped:
    """A rating of the seller, or the topics of an ASIN's reviews."""
    return seller_rating(raw, now) if "sellerFeedback" in raw else review_topics(raw)


MAPPINGS: dict[Resource, Callable[[Raw, datetime], Mapped]] = {
    Resource.ORDERS: map_order,
    Resource.PRODUCTS: lambda raw, _: product(raw),
    Resource.INVENTORY: stock,
    Resource.FEES: map_fees,
    Resource.FEEDBACK: map_feedback,
}
