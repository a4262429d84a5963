"""Read queries of orders: pages newest first, and one order with all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.orders.model import Order, OrderChange, OrderDiscount, OrderItem
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.core.errors import NotFound
from tradewind.core.money import micros_to_decimal, to_decimal
from tradewind.core.paging import ByAge, Page, moment_and_id
from tradewind.core.prepared import Prepared

LONGEST_SEARCH = 128


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; an empty choice means all. `start` is included, `end` is not."""

    channels: tuple[str, ...] = ()
    statuses: tuple[OrderStatus, ...] = ()
    countries: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    text: str | None = None
    """Part of the order number or of the channel's own id, in any case."""
    customers: tuple[str, ...] = ()
    """Ids of the profiles of a person."""


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as it is shown. Amounts in its own currency; `revenue` is zero unless the order is sold."""

    order_id: str
    order_number: str
    channel: str
    placed_at: datetime
    status: str
    fulfillment_status: str
    payment_status: str
    currency: str
    subtotal: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal
    revenue: Decimal
    units: int
    customer_id: str | None
    ship_country: str | None
    ship_region: str | None
    ship_city: str | None
    version: int


@dataclass(frozen=True, slots=True)
class LineView:
    line_no: int
    product_id: str
    sku: str | None
    name: str
    quantity: int
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class DiscountView:
    """What a promotion took off an order; `code` is None for one that applied by itself."""

    name: str
    code: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A step of the order's history."""

    at: datetime
    status: str
    origin: str
    note: str | None


def orders_page(
    tx: Session, chosen: OrderFilter, *, sort: ByAge = ByAge.NEWEST, limit: int, cursor: str | None = None
) -> Page[OrderView]:
    """Orders by their moment. A page costs the same however deep it lies, and shows no order twice."""
    is_falling = sort is ByAge.NEWEST
    order = (Order.placed_at.desc(), Order.id.desc()) if is_falling else (Order.placed_at, Order.id)
    query = _where(_select().order_by(*order).limit(limit + 1), chosen)
    if cursor is not None:
        placed_at, order_id = moment_and_id(cursor)
        # The first half alone lets the index seek; the second is exact among orders of the same moment.
        beyond = Order.placed_at < placed_at if is_falling else Order.placed_at > placed_at
        behind = Order.id < order_id if is_falling else Order.id > order_id
        query = query.where(
            Order.placed_at <= placed_at if is_falling else Order.placed_at >= placed_at,
            or_(beyond, and_(Order.placed_at == placed_at, behind)),
        )
    rows = tx.execute(query).all()
    return Page.cut(rows, limit, lambda row: (row.placed_at.isoformat(), row.id), _view)


def find_order(tx: Session, order_id: str) -> OrderView:
    row = tx.execute(_select().where(Order.id == order_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no order {order_id[:40]}.")
    return _view(row)


_REFERRED = tuple(
    Prepared(
        select(column, Order.id).where(
            Order.channel_id == bindparam("of_channel"), column.in_(bindparam("names", expanding=True))
        )
    )
    for column in (Order.order_number, Order.external_id)
)


def ids_by_reference(tx: Session, references: Iterable[str], channel_id: str) -> dict[str, str]:
    """Ids of the channel's orders by what a source calls them: their number, or their external id, which wins."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(references))):
        for query in _REFERRED:
            found |= {row[0]: row.id for row in query.all(tx, of_channel=channel_id, names=part)}
    return found


def order_lines(tx: Session, order_id: str, currency: str) -> list[LineView]:
    rows = tx.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.line_no))
    return [
        LineView(
            line_no=row.line_no,
            product_id=row.product_id,
            sku=row.sku,
            name=row.name,
            quantity=row.quantity,
            unit_price=micros_to_decimal(row.unit_price_micros),
            discount=to_decimal(row.discount_minor, currency),
            tax=to_decimal(row.tax_minor, currency),
            total=to_decimal(row.total_minor, currency),
            unit_cost=None if row.unit_cost_micros is None else micros_to_decimal(row.unit_cost_micros),
        )
        for row in rows
    ]


def order_discounts(tx: Session, order_id: str, currency: str) -> list[DiscountView]:
    """What promotions took off, in the order in which they applied."""
    query = select(OrderDiscount).where(OrderDiscount.order_id == order_id).order_by(OrderDiscount.position)
    return [DiscountView(row.name, row.code, to_decimal(row.amount_minor, currency)) for row in tx.scalars(query)]


def order_history(tx: Session, order_id: str) -> list[ChangeView]:
    """The order's life so far, the oldest step first."""
    rows = tx.scalars(select(OrderChange).where(OrderChange.order_id == order_id).order_by(OrderChange.id))
    return [ChangeView(row.at, row.status, row.origin, row.note) for row in rows]


_COLUMNS = (
    Order.id,
    Order.order_number,
    SalesChannel.code,
    Order.placed_at,
    Order.status,
    Order.fulfillment_status,
    Order.payment_status,
    Order.currency,
    Order.subtotal_minor,
    Order.discount_minor,
    Order.shipping_minor,
    Order.tax_minor,
    Order.total_minor,
    Order.revenue_minor,
    Order.units,
    Order.customer_id,
    Order.ship_country,
    Order.ship_region,
    Order.ship_city,
    Order.is_test,
    Order.version,
)


def _select() -> Select[*tuple[object, ...]]:
    return select(*_COLUMNS).join(SalesChannel, SalesChannel.id == Order.channel_id)


def _where(query: Select[*tuple[object, ...]], chosen: OrderFilter) -> Select[*tuple[object, ...]]:
    if chosen.channels:
        wanted = select(SalesChannel.id).where(SalesChannel.code.in_(chosen.channels))
        # Of one channel the index gives orders as they are sorted; `IN` would sort all of them for each page.
        is_one = len(chosen.channels) == 1
        query = query.where(Order.channel_id == wanted.scalar_subquery() if is_one else Order.channel_id.in_(wanted))
    if chosen.statuses:
        query = query.where(Order.status.in_([str(status) for status in chosen.statuses]))
    if chosen.countries:
        query = query.where(Order.ship_country.in_(chosen.countries))
    if chosen.start is not None:
        query = query.where(Order.placed_at >= chosen.start)
    if chosen.end is not None:
        query = query.where(Order.placed_at < chosen.end)
    if chosen.customers:
        query = query.where(Order.customer_id.in_(chosen.customers))
    if chosen.text and (text := chosen.text.strip()[:LONGEST_SEARCH]):
        found = (column.icontains(text, autoescape=True) for column in (Order.order_number, Order.external_id))
        query = query.where(or_(*found))
    return query


def _view(row: Row[*tuple[object, ...]]) -> OrderView:
    currency = row.currency
    is_sold = row.status in SOLD and not row.is_test
    return OrderView(
        order_id=row.id,
        order_number=row.order_number,
        channel=row.code,
        placed_at=row.placed_at,
        status=row.status,
        fulfillment_status=row.fulfillment_status,
        payment_status=row.payment_status,
        currency=currency,
        subtotal=to_decimal(row.subtotal_minor, currency),
        discount=to_decimal(row.discount_minor, currency),
        shipping=to_decimal(row.shipping_minor, currency),
        tax=to_decimal(row.tax_minor, currency),
        total=to_decimal(row.total_minor, currency),
        revenue=to_decimal(row.revenue_minor if is_sold else 0, currency),
        units=row.units,
        customer_id=row.customer_id,
        ship_country=row.ship_country,
        ship_region=row.ship_region,
        ship_city=row.ship_city,
        version=row.version,
    )
