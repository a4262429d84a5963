"""Questions that people who work with orders ask every day, answered from the books as they are now.

Waiting orders, best customers, sales by day. What is asked about long periods is the warehouse's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, and_, cast, extract, func, or_, select, text
from sqlalchemy.orm import Session

from tradewind.commerce.customers.model import Customer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.core.clock import business_day, day_start
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency, to_decimal
from tradewind.core.paging import Page, moment_and_id

WAITING = (OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PROCESSING)
"""States in which somebody has to do something: to pay, to pack, to send."""
MOST_CUSTOMERS = 100
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that somebody has to do something about; `age_seconds` since it was placed."""

    order_id: str
    order_number: str
    customer_id: str | None
    placed_at: datetime
    age_seconds: int
    status: str
    payment_status: str
    total: Decimal
    currency: str
    units: int


class TopBy(StrEnum):
    """What makes a customer a good one."""

    TOTAL_SPENT = "total_spent"
    ORDER_COUNT = "order_count"


@dataclass(frozen=True, slots=True)
class TopCustomer:
    """`total_spent` is Σ totals of sold orders in the currency."""

    customer_id: str
    name: str | None
    email: str | None
    currency: str
    order_count: int
    total_spent: Decimal


@dataclass(frozen=True, slots=True)
class DaySales:
    """A business day. `revenue` is Σ totals of its orders in one currency, by the day they were placed."""

    day: date
    currency: str
    orders: int
    revenue: Decimal


def waiting_orders(
    tx: Session,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
    statuses: Sequence[OrderStatus] = (OrderStatus.PENDING,),
) -> Page[WaitingOrder]:
    """Orders in these states, the longest waiting first. Raises InvalidInput for a state in which none waits."""
    if over := [status for status in statuses if status not in WAITING]:
        raise InvalidInput(
            f"Nobody waits for an order that is {over[0]}. Use one of: {', '.join(WAITING)}.", field="status"
        )
    query = (
        select(Order)
        .where(Order.status.in_([str(status) for status in statuses]))
        .order_by(Order.placed_at, Order.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        placed_at, order_id = moment_and_id(cursor)
        query = query.where(
            Order.placed_at >= placed_at,
            or_(Order.placed_at > placed_at, and_(Order.placed_at == placed_at, Order.id > order_id)),
        )
    rows = tx.scalars(query).all()
    return Page.cut(rows, limit, lambda row: (row.placed_at.isoformat(), row.id), lambda row: _waiting(row, now))


def top_customers(
    tx: Session,
    *,
    currency: str | None = None,
    by: TopBy = TopBy.TOTAL_SPENT,
    limit: int = 10,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[TopCustomer]:
    """The best customers of a period from `start` to before `end`; of the whole past where neither is set.

    Counts orders in one currency, for amounts of two cannot be compared; None: that of most of the orders.
    """
    if not 1 <= limit <= MOST_CUSTOMERS:
        raise InvalidInput(f"Ask for 1 to {MOST_CUSTOMERS} customers.", field="limit")
    sold: list[ColumnElement[bool]] = [
        Order.customer_id.is_not(None),
        Order.status.in_([str(status) for status in SOLD]),
        Order.is_test.is_(False),
    ]
    if start is not None:
        sold.append(Order.placed_at >= start)
    if end is not None:
        sold.append(Order.placed_at < end)
    code = check_currency(currency) if currency is not None else _usual_currency(tx, sold)
    query = (
        select(Order.customer_id, func.count().label("orders"), func.sum(Order.total_minor).label("spent"))
        .where(*sold, Order.currency == code)
        .group_by(Order.customer_id)
    )
    first, second = ("spent", "orders") if by is TopBy.TOTAL_SPENT else ("orders", "spent")
    best = tx.execute(
        query.order_by(text(f"{first} DESC"), text(f"{second} DESC"), Order.customer_id).limit(limit)
    ).all()
    people = {row.id: row for row in tx.scalars(select(Customer).where(Customer.id.in_([r.customer_id for r in best])))}
    return [
        TopCustomer(
            customer_id=str(row.customer_id),
            name=people[row.customer_id].name,
            email=people[row.customer_id].email,
            currency=str(code),
            order_count=row.orders,
            total_spent=to_decimal(int(row.spent), str(code)),
        )
        for row in best
        if row.customer_id in people
    ]


def _usual_currency(tx: Session, conditions: Sequence[ColumnElement[bool]]) -> str | None:
    counted = select(Order.currency).where(*conditions).group_by(Order.currency)
    return tx.scalar(counted.order_by(func.count().desc(), Order.currency).limit(1))


def daily_sales(
    tx: Session,
    *,
    first: date,
    last: date,
    zone: ZoneInfo,
    statuses: Sequence[OrderStatus] = (OrderStatus.DELIVERED,),
) -> list[DaySales]:
    """Orders and revenue by business day from `first` to the day before `last`, the newest first.

    Counts orders in these states, by default those that have arrived. Days without any are left out.
    """
    if not first < last <= first + timedelta(days=MOST_DAYS):
        raise InvalidInput(f"Ask for 1 to {MOST_DAYS} days; the last one is not included.", field="to")
    quarter = _quarter_of_an_hour(tx)
    total = func.sum(Order.total_minor).label("total")
    query = (
        select(quarter.label("quarter"), Order.currency, func.count().label("orders"), total)
        .where(
            Order.placed_at >= day_start(first, zone),
            Order.placed_at < day_start(last, zone),
            Order.status.in_([str(status) for status in statuses]),
            Order.is_test.is_(False),
        )
        .group_by("quarter", Order.currency)
    )
    sums: dict[tuple[date, str], tuple[int, int]] = {}
    for row in tx.execute(query):
        day = business_day(datetime.fromtimestamp(int(row.quarter) * 900, UTC), zone)
        orders, minor = sums.get((day, row.currency), (0, 0))
        sums[day, row.currency] = (orders + row.orders, minor + int(row.total))
    newest_first = sorted(sums, key=lambda key: (-key[0].toordinal(), key[1]))
    return [DaySales(day, code, sums[day, code][0], to_decimal(sums[day, code][1], code)) for day, code in newest_first]


def _quarter_of_an_hour(tx: Session) -> ColumnElement[int]:
    """Quarters of an hour since 1970: every zone's day begins at the beginning of one."""
    if tx.get_bind().dialect.name == "sqlite":
        seconds = cast(func.strftime("%s", Order.placed_at), Integer)
    else:
        seconds = cast(func.floor(extract("epoch", Order.placed_at)), BigInteger)
    return seconds // 900


def _waiting(row: Order, now: datetime) -> WaitingOrder:
    return WaitingOrder(
        order_id=row.id,
        order_number=row.order_number,
        customer_id=row.customer_id,
        placed_at=row.placed_at,
        age_seconds=max(0, int((now - row.placed_at).total_seconds())),
        status=row.status,
        payment_status=row.payment_status,
        total=to_decimal(row.total_minor, row.currency),
        currency=row.currency,
        units=row.units,
    )
