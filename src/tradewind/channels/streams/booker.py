"""Books what messages tell: sales as orders that reduce stock, changes of stock as movements.

A store is a channel with a location of its own. Everything is keyed by what the source calls it, so a message
that is told twice, wherever it stands in the topic, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from tradewind.channels.streams.messages import Sale, StockChange, sale_of, stock_change_of
from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.catalog.prices import prices_at
from tradewind.commerce.catalog.service import (
    NewProduct,
    ProductRef,
    ensure_channel,
    ensure_products,
    find_products,
    put_products,
)
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.core.money import to_decimal
from tradewind.events.kafka_consumer import Record


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that was not booked, and why."""

    record: Record
    error: TradewindError


def book_sales(tx: Session, records: Sequence[Record], *, currency: str, now: datetime) -> list[Refused]:
    """Books each good message as an order of one line; returns the others."""
    refused: list[Refused] = []
    told: list[tuple[Record, Sale]] = []
    for record in records:
        try:
            told.append((record, sale_of(record)))
        except TradewindError as error:
            refused.append(Refused(record, error))
    prices = _missing_prices(tx, [sale for _, sale in told], currency)
    by_store: dict[str, list[tuple[Record, NewOrder]]] = defaultdict(list)
    names: dict[str, str | None] = {}
    for record, sale in told:
        try:
            order = _order(sale, prices, currency)
        except TradewindError as error:
            refused.append(Refused(record, error))
            continue
        by_store[sale.store].append((record, order))
        names[sale.store] = sale.store_name or names.get(sale.store)
    for store in sorted(by_store):
        booking = _store(tx, store, names[store], now)
        outcomes = book_orders(tx, [order for _, order in by_store[store]], booking)
        refused += [
            Refused(record, outcome.error)
            for (record, _), outcome in zip(by_store[store], outcomes, strict=True)
            if outcome.error is not None
        ]
    return refused


def book_stock(tx: Session, records: Sequence[Record], *, currency: str, now: datetime) -> list[Refused]:
    """Records each good message as a movement, and what it says of its product; returns the others."""
    refused: list[Refused] = []
    told: list[tuple[Record, StockChange]] = []
    for record in records:
        try:
            told.append((record, stock_change_of(record)))
        except TradewindError as error:
            refused.append(Refused(record, error))
    products = _products(tx, [change for _, change in told], currency, now)
    stores = {change.store: change.store_name for _, change in told}
    places = {store: _store(tx, store, stores[store], now).location_id for store in sorted(stores)}
    movements = [
        NewMovement(
            product_id=products[change.sku].id,
            location_id=place,
            delta=change.amount,
            reason=Reason.RECEIPT if change.amount > 0 else Reason.ADJUSTMENT,
            occurred_at=change.changed_at,
            source_key=f"stream:{change.store}:{change.change_id}",
        )
        for _, change in told
        if change.amount and (place := places[change.store]) is not None
    ]
    record_movements(tx, movements, now=now)
    return refused


def _order(sale: Sale, prices: Mapping[tuple[str, datetime], Decimal], currency: str) -> NewOrder:
    price = sale.unit_price if sale.unit_price is not None else prices.get((sale.sku, sale.sold_at))
    if price is None:
        raise InvalidInput(
            f"The sale has no price, and {sale.sku} had none in {sale.currency or currency} at"
            f" {sale.sold_at.isoformat()}. Send unit_price, or the product first.",
            field="unit_price",
        )
    return NewOrder(
        order_number=sale.sale_id,
        placed_at=sale.sold_at,
        currency=sale.currency or currency,
        lines=(NewLine(sale.sku, sale.quantity, price, name=sale.name),),
        status=OrderStatus.DELIVERED,
        payment_status="paid",
        customer=None if sale.customer is None else NewCustomer(sale.customer),
    )


def _missing_prices(tx: Session, sales: Sequence[Sale], currency: str) -> dict[tuple[str, datetime], Decimal]:
    """What the catalogue said at the time of each sale that names no price."""
    asked: dict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.unit_price is None:
            asked[sale.currency or currency].append(sale)
    found: dict[tuple[str, datetime], Decimal] = {}
    for code, group in asked.items():
        products = find_products(tx, {sale.sku for sale in group})
        wanted = [(products[sale.sku].id, sale.sold_at) for sale in group if sale.sku in products]
        prices = prices_at(tx, wanted, code)
        for sale in group:
            if sale.sku in products and (minor := prices.get((products[sale.sku].id, sale.sold_at))) is not None:
                found[sale.sku, sale.sold_at] = to_decimal(minor, code)
    return found


def _products(tx: Session, changes: Sequence[StockChange], currency: str, now: datetime) -> dict[str, ProductRef]:
    """The products of the changes, made or brought up to what the messages say: the latest of each counts."""
    latest: dict[str, StockChange] = {}
    for change in sorted(changes, key=lambda one: one.changed_at):
        if change.name or change.category or change.unit_price is not None:
            latest[change.sku] = change
    described = [
        NewProduct(
            sku,
            name=change.name,
            category=change.category,
            price=change.unit_price,
            currency=None if change.unit_price is None else change.currency or currency,
        )
        for sku, change in latest.items()
    ]
    if described:
        put_products(tx, described, now=now)
    return ensure_products(tx, {change.sku: NewProduct(change.sku) for change in changes}, now=now)


def _store(tx: Session, code: str, name: str | None, now: datetime) -> Booking:
    channel = ensure_channel(tx, code, name=name or code, kind="store", now=now)
    location = ensure_location(tx, code, name=name or code, kind="store", now=now)
    return Booking(channel.id, channel.code, now, Origin.CHANNEL, location.id)
