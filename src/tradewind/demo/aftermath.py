"""What comes after a sale: its status by age, goods that come back, and what people say about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine
from tradewind.core.chance import mostly_one
from tradewind.core.money import line_amount, to_decimal, to_micros
from tradewind.demo.outlets import Outlet
from tradewind.demo.sales import SoldLine, price_of_unit

CANCELLED_SHARE = 0.03
_RESTOCKED = 0.75
_REASONS = ("Changed mind", "Too small", "Not as described", "Arrived damaged", "Ordered twice", "Arrived late")

_PRAISE = (
    ("Exactly what I hoped for", "Well made and quick to arrive. I would buy it again."),
    ("A favourite", "In use every day since it came. No complaints at all."),
    ("Great value", "Better than others that cost twice as much."),
    ("Lovely gift", "Bought as a present, and now I want one for myself."),
    ("Very good", "Does what it says. The packaging could be smaller."),
)
_SHRUG = (
    ("It is all right", "Does its job, but I had expected a little more."),
    ("Mixed feelings", "Nice to look at, less nice to use."),
)
_COMPLAINT = (
    ("Disappointed", "It broke after two weeks. The return was easy, at least."),
    ("Not for me", "Looks different from the pictures."),
    ("Took too long", "The parcel was late and the box was dented."),
)
_RATINGS = (5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """A review before it is known under which ids its order and product are stored."""

    external_id: str
    order_number: str
    sku: str
    rating: int
    title: str
    comment: str
    reviewed_at: datetime


def status_by_age(rng: Random, outlet: Outlet, age: timedelta) -> OrderStatus:
    """How far an order of this age has come. Old ones have arrived, but for the few that were cancelled."""
    hours = age.total_seconds() / 3600
    processing, shipped, delivered = rng.uniform(1, 14), rng.uniform(14, 60), rng.uniform(60, 190)
    is_cancelled = rng.random() < CANCELLED_SHARE
    if outlet.is_counter:
        return OrderStatus.DELIVERED
    if is_cancelled and hours > 2:
        return OrderStatus.CANCELLED
    if hours >= delivered:
        return OrderStatus.DELIVERED
    if hours >= shipped:
        return OrderStatus.SHIPPED
    if hours >= processing:
        return OrderStatus.PROCESSING
    # Our own shop takes the money at the checkout; a marketplace keeps an order pending until it has it.
    return OrderStatus.PENDING if not outlet.is_own and hours < processing / 3 else OrderStatus.CONFIRMED


def make_refund(
    rng: Random,
    order_number: str,
    currency: str,
    lines: Sequence[SoldLine],
    ship_country: str | None,
    refunded_at: datetime,
) -> tuple[NewRefund, bool]:
    """A credit note for a sold order, and whether it takes all of the order back."""
    takes_all = rng.random() < 0.3
    parts, tax = [], 0
    for line in lines if takes_all else [rng.choice(lines)]:
        units = line.quantity if takes_all or rng.random() < 0.7 else 1
        tax += line.tax * units // line.quantity
        parts.append(
            NewRefundLine(
                sku=line.sku,
                quantity=units,
                unit_price=price_of_unit(line.revenue, line.quantity, currency),
                name=line.name,
                is_restocked=rng.random() < _RESTOCKED,
                order_line_no=line.line_no,
            )
        )
    refund = NewRefund(
        external_id=refund_number(order_number),
        refunded_at=refunded_at,
        currency=currency,
        lines=tuple(parts),
        order_reference=order_number,
        tax=to_decimal(tax, currency),
        ship_country=ship_country,
        reason=rng.choice(_REASONS),
    )
    return refund, sum(part.quantity for part in parts) == sum(line.quantity for line in lines)


def refund_number(order_number: str) -> str:
    return f"R-{order_number}"


def refunded_minor(refund: NewRefund) -> int:
    """What a refund takes off revenue, in minor units."""
    return sum(line_amount(to_micros(line.unit_price), line.quantity, refund.currency) for line in refund.lines)


def make_review(rng: Random, order_number: str, line: SoldLine, quality: float, reviewed_at: datetime) -> PlannedReview:
    """A review; most are good, and the better the product the more of them are."""
    odds = (30 + 60 * quality, 26, 12 - 6 * quality, 9 - 7 * quality, 8 - 7 * quality)
    rating = _RATINGS[mostly_one(rng, odds) - 1]
    title, comment = rng.choice(_PRAISE if rating >= 4 else _SHRUG if rating == 3 else _COMPLAINT)
    return PlannedReview(f"{order_number}-{line.line_no}", order_number, line.sku, rating, title, comment, reviewed_at)
