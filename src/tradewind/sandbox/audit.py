"""Holds the books against the world: every order, line, refund, fee and count of a channel, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Resource
from tradewind.channels.sync.model import ChannelConnection, ChannelStock, SyncCursor
from tradewind.channels.unified import UnifiedLine, UnifiedOrder
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.fees.model import Fee
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.core.money import to_micros, to_minor
from tradewind.sandbox.world import World

_MOST_TOLD = 50


def differences(tx: Session, world: World, channel: str, *, fees_until: datetime | None = None) -> list[str]:
    """What the books say otherwise than the world does now, in sentences; the first fifty. Empty: all is as it is.

    `fees_until`: what was posted later has not been told by the channel yet.
    """
    found = tx.scalars(select(SalesChannel).where(SalesChannel.code == channel)).one_or_none()
    if found is None:
        return [f"There is no channel {channel} in the books."]
    until = world.now + timedelta(microseconds=1)
    checks = (
        _orders(tx, world, channel, found.id, until),
        _fees(tx, world, channel, found.id, fees_until or until),
        _stock(tx, world, channel, found.id),
    )
    told: list[str] = []
    for check in checks:
        for difference in check:
            told.append(f"{channel}: {difference}")
            if len(told) == _MOST_TOLD:
                return told
    return told


def skipped(tx: Session, world: World, channel: str) -> list[str]:
    """Orders that the books should say as the world does, since a watermark has passed them, and do not.

    Asked while a sync may lie broken off: what was read ahead of the watermark is nobody's promise.
    """
    query = (
        select(SyncCursor, ChannelConnection.channel_id)
        .join(ChannelConnection, ChannelConnection.id == SyncCursor.connection_id)
        .join(SalesChannel, SalesChannel.id == ChannelConnection.channel_id)
        .where(SalesChannel.code == channel, SyncCursor.resource == str(Resource.ORDERS))
    )
    reached = tx.execute(query).all()
    if not reached or any(cursor.watermark is None or not cursor.is_loaded for cursor, _ in reached):
        return []
    until = min(cursor.watermark for cursor, _ in reached if cursor.watermark is not None)
    booked = dict(tx.execute(select(Order.external_id, Order.status).where(Order.channel_id == reached[0][1])).all())
    return [
        f"{channel}: order {told.external_id} is {booked.get(told.external_id)} behind the watermark and {told.status}"
        for told in world.orders(channel, None, until)
        if booked.get(told.external_id) != _expected(told)["status"]
    ]


def _orders(tx: Session, world: World, channel: str, channel_id: str, until: datetime) -> Iterator[str]:
    booked = {row.external_id: row for row in tx.scalars(select(Order).where(Order.channel_id == channel_id))}
    lines: dict[str, list[OrderItem]] = defaultdict(list)
    joined = select(OrderItem).join(Order, Order.id == OrderItem.order_id).where(Order.channel_id == channel_id)
    for item in tx.scalars(joined):
        lines[item.order_id].append(item)
    refunds: dict[str | None, int] = defaultdict(int)
    for refund in tx.scalars(select(Refund).where(Refund.channel_id == channel_id)):
        refunds[refund.order_id] += refund.amount_minor
    for told in world.orders(channel, None, until):
        row = booked.pop(told.external_id, None)
        if row is None:
            yield f"order {told.external_id} is not booked"
            continue
        yield from _compared(f"order {told.external_id}", _expected(told), _as_booked(row, lines[row.id]))
        owed = 0 if told.is_test or told.status is OrderStatus.CANCELLED else to_minor(_sum_of(told), told.currency)
        if refunds[row.id] != owed:
            yield f"order {told.external_id} has {refunds[row.id]} given back and not {owed}"
    yield from (f"order {external_id} is booked and was never placed" for external_id in booked)


def _sum_of(told: UnifiedOrder) -> Decimal:
    return sum((refund.amount for refund in told.refunds), Decimal(0))


Facts = dict[str, object]
Sums = dict[tuple[str, ...], int]


def _expected(told: UnifiedOrder) -> Facts:
    """What the books should say. A refunded order stays sold there: its credit notes take the revenue off."""
    status = OrderStatus.SHIPPED if told.status is OrderStatus.REFUNDED else told.status
    return {
        "status": str(status),
        "fulfillment": str(told.fulfillment_status),
        "currency": told.currency,
        "total": None if told.total is None else to_minor(told.total, told.currency),
        "placed at": told.placed_at,
        "test": told.is_test,
        "country": told.ship_country,
        "lines": sorted(_expected_line(told, line) for line in told.lines),
    }


def _expected_line(told: UnifiedOrder, line: UnifiedLine) -> tuple[str, str, int, int]:
    units = line.quantity - (0 if told.status is OrderStatus.CANCELLED else line.quantity_cancelled)
    return line.external_line_id, line.sku or "", units, to_micros(line.unit_price or Decimal(0))


def _as_booked(row: Order, items: Iterable[OrderItem]) -> Facts:
    return {
        "status": row.status,
        "fulfillment": row.fulfillment_status,
        "currency": row.currency,
        "total": row.total_minor,
        "placed at": row.placed_at,
        "test": row.is_test,
        "country": row.ship_country,
        "lines": sorted((i.external_line_id or "", i.sku or "", i.quantity, i.unit_price_micros) for i in items),
    }


def _compared(name: str, expected: Facts, booked: Facts) -> Iterator[str]:
    for what, value in expected.items():
        if value != booked[what] and not (what == "total" and value is None):
            yield f"{name}: {what} is booked as {booked[what]} and is {value}"


def _fees(tx: Session, world: World, channel: str, channel_id: str, until: datetime) -> Iterator[str]:
    """By order, kind and currency: how a channel cuts a fee into rows is its own affair."""
    expected: Sums = defaultdict(int)
    for fee in world.fees(channel, None, until):
        expected[fee.order_external_id or "", str(fee.kind), fee.currency] += to_minor(fee.amount, fee.currency)
    booked: Sums = defaultdict(int)
    for row in tx.scalars(select(Fee).where(Fee.channel_id == channel_id)):
        booked[row.order_reference or "", row.kind, row.currency] += row.amount_minor
    yield from _sums("fee", expected, booked)


def _stock(tx: Session, world: World, channel: str, channel_id: str) -> Iterator[str]:
    expected: Sums = defaultdict(int)
    for count in world.stock(channel):
        expected[count.sku, count.keeper] += count.available or 0
    booked: Sums = defaultdict(int)
    joined = select(ChannelStock).join(ChannelConnection, ChannelConnection.id == ChannelStock.connection_id)
    for row in tx.scalars(joined.where(ChannelConnection.channel_id == channel_id)):
        booked[row.sku, row.keeper] += row.available or 0
    yield from _sums("stock", expected, booked)


def _sums(what: str, expected: Sums, booked: Sums) -> Iterator[str]:
    for key in sorted({*expected, *booked}):
        if expected.get(key, 0) != booked.get(key, 0):
            yield f"{what} {' '.join(key)} is booked as {booked.get(key, 0)} and is {expected.get(key, 0)}"
