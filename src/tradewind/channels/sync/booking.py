"""Books what connectors mapped: orders with refunds, fees, products with listings, stock and customers, in batches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Mapped
from tradewind.channels.sync.fees import FeeBook
from tradewind.channels.sync.model import ChannelFeedback, ChannelStock
from tradewind.channels.sync.orders import BookableOrder, bookable, customer_of, refund_of
from tradewind.channels.sync.skus import Skus
from tradewind.channels.unified import (
    UnifiedCustomer,
    UnifiedFee,
    UnifiedFeedback,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefund,
    UnifiedStock,
)
from tradewind.commerce.booking import Booking, Outcome, chunks
from tradewind.commerce.catalog.service import NewProduct, ensure_products, find_products, put_products
from tradewind.commerce.catalog.told_listings import ToldListing, put_listings
from tradewind.commerce.customers.service import ensure_customers
from tradewind.commerce.inventory.levels import CHANNEL_OWNED
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.inventory.told_counts import count_told
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import NewRefund, book_refunds
from tradewind.core.bulk import put_rows
from tradewind.core.errors import Conflict, TradewindError
from tradewind.core.money import to_decimal, to_minor

Record = TypeVar("Record")
Pair = tuple[Mapped, Any]

SELLER = "seller"


class RefundChanged(Conflict):
    code = "refund_changed"

    def __init__(self, external_id: str, told: object, booked: object, currency: str) -> None:
        super().__init__(
            f"The channel says {told} {currency} for refund {external_id[:64]} and {booked} are booked."
            " Credit notes are final: book the difference by hand if it is true."
        )


@dataclass(slots=True)
class Batch:
    """What came of booking a batch: counts, what was refused by the payload's external id, warnings, newest fact."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: dict[str, TradewindError] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    newest: datetime | None = None

    def refuse(self, item: Mapped, error: TradewindError) -> None:
        self.refused.setdefault(item.external_id, error)

    def saw(self, moment: datetime | None) -> None:
        if moment is not None and (self.newest is None or moment > self.newest):
            self.newest = moment


class Booker:
    """Books for one connection as long as one run lasts."""

    def __init__(self, connection_id: str, booking: Booking) -> None:
        """`booking.location_id`: where the seller's own goods leave from."""
        self._connection_id = connection_id
        self._seller = booking
        self._skus = Skus(booking.channel_id)
        self._fees = FeeBook()

    def book(self, tx: Session, items: Sequence[Mapped], now: datetime) -> Batch:
        """Books a batch in the caller's transaction. Raises what spoils the whole of it; single refusals are told."""
        begun = self._fees.begun
        try:
            return self._book(tx, items, now)
        except BaseException:
            self._fees.take_back(begun)
            raise

    def _book(self, tx: Session, items: Sequence[Mapped], now: datetime) -> Batch:
        batch = Batch()
        by_kind: dict[type, list[Pair]] = defaultdict(list)
        for item in items:
            for record in item.records:
                by_kind[type(record)].append((item, record))
        seller = _at(self._seller, now)
        self._skus.learn(tx, _skus(by_kind))
        self._products(tx, by_kind[UnifiedProduct], seller, batch)
        self._customers(tx, by_kind[UnifiedCustomer], seller, batch)
        self._orders(tx, by_kind[UnifiedOrder], seller, batch)
        self._refunds(tx, by_kind[UnifiedRefund], seller, batch)
        self._fees.book(tx, by_kind[UnifiedFee], seller, batch)
        self._stock(tx, by_kind[UnifiedStock], seller, batch)
        self._feedback(tx, by_kind[UnifiedFeedback], batch)
        return batch

    def _orders(self, tx: Session, pairs: Sequence[Pair], booking: Booking, batch: Batch) -> None:
        with_documents = _refunded_before(
            tx, [o.external_id for _, o in pairs if o.status is OrderStatus.REFUNDED and not o.refunds], booking
        )
        good: list[tuple[Mapped, UnifiedOrder, BookableOrder]] = []
        for item, told in pairs:
            try:
                made = bookable(
                    told,
                    booking.channel_code,
                    self._skus.resolve,
                    has_refunds=told.external_id in with_documents,
                )
            except TradewindError as refused:
                batch.refuse(item, refused)
                continue
            good.append((item, told, made))
            if made.warnings:
                batch.warnings[item.external_id] = made.warnings
            batch.saw(told.channel_updated_at or told.placed_at)
        for kept in (False, True):
            part = [one for one in good if one[2].is_kept_by_marketplace is kept]
            at = _without_location(booking) if kept else booking
            for (item, _, _), outcome in zip(
                part, book_orders(tx, [made.order for _, _, made in part], at), strict=True
            ):
                _account("orders", item, outcome, batch)
        self._book_refunds(
            tx,
            [(item, refund) for item, _, made in good if item.external_id not in batch.refused
             for refund in made.refunds],
            booking,
            batch,
        )  # fmt: skip

    def _refunds(self, tx: Session, pairs: Sequence[Pair], booking: Booking, batch: Batch) -> None:
        """Credit notes that come apart from their orders."""
        uncounted = _not_counting(tx, {told.order_external_id for _, told in pairs}, booking)
        good: list[tuple[Mapped, NewRefund]] = []
        for item, told in pairs:
            batch.saw(told.refunded_at)
            if told.order_external_id in uncounted:
                batch.counts["refunds.not_counted"] += 1
                continue
            try:
                good.append((item, refund_of(told, booking.channel_code, self._skus.resolve)))
            except TradewindError as refused:
                batch.refuse(item, refused)
        self._book_refunds(tx, good, booking, batch)

    def _book_refunds(
        self, tx: Session, pairs: Sequence[tuple[Mapped, NewRefund]], booking: Booking, batch: Batch
    ) -> None:
        known = _booked_refunds(tx, [refund.external_id for _, refund in pairs], booking)
        fresh: list[tuple[Mapped, NewRefund]] = []
        for item, refund in pairs:
            if (booked := known.get(refund.external_id)) is None:
                fresh.append((item, refund))
                known[refund.external_id] = _worth(refund)
            elif booked == _worth(refund):
                batch.counts["refunds.unchanged"] += 1
            else:
                told, before = (to_decimal(minor, refund.currency) for minor in (_worth(refund), booked))
                batch.refuse(item, RefundChanged(refund.external_id, told, before, refund.currency))
        outcomes = book_refunds(tx, [refund for _, refund in fresh], booking) if fresh else []
        for (item, _), outcome in zip(fresh, outcomes, strict=True):
            _account("refunds", item, outcome, batch)

    def _customers(self, tx: Session, pairs: Sequence[Pair], booking: Booking, batch: Batch) -> None:
        people = _each_made(pairs, customer_of, batch)
        if people:
            ensure_customers(tx, [person for _, person in people], booking)
            batch.counts["customers.read"] += len(people)

    def _products(self, tx: Session, pairs: Sequence[Pair], booking: Booking, batch: Batch) -> None:
        """New products come into being; of known ones the channel only says how it lists them."""
        if not pairs:
            return
        made = _each_made(pairs, lambda told: _product(told, self._skus.resolve(told.sku.strip()[:128])), batch)
        wanted = {product.sku: product for _, product in made}
        known = find_products(tx, wanted)
        news = [p for sku, p in wanted.items() if sku not in known or (p.name and known[sku].name == sku)]
        change = put_products(tx, news, now=booking.now)
        batch.counts["products.created"] += change.created
        batch.counts["products.changed"] += change.changed
        batch.counts["products.unchanged"] += len(wanted) - change.created - change.changed
        refs = find_products(tx, wanted)
        listings = _each_made(
            [pair for pair in pairs if pair[0].external_id not in batch.refused],
            lambda told: _listing(told, refs[self._skus.resolve(told.sku.strip()[:128])].id),
            batch,
        )
        for effect in put_listings(tx, booking.channel_id, [one for _, one in listings], now=booking.now):
            batch.counts[f"listings.{effect}"] += 1
        for _, told in pairs:
            batch.saw(told.channel_updated_at)

    def _stock(self, tx: Session, pairs: Sequence[Pair], booking: Booking, batch: Batch) -> None:
        """What the marketplace keeps becomes counts in the ledger; of the seller's own goods it is only remembered."""
        if not pairs:
            return
        rows = {(told.sku, told.location): _stock_row(self._connection_id, told) for _, told in pairs}
        put_rows(tx, ChannelStock.__table__, list(rows.values()))
        batch.counts["stock.read"] += len(pairs)
        kept = [told for _, told in pairs if told.keeper != SELLER and _on_hand(told) is not None]
        skus = {told.sku: self._skus.resolve(told.sku.strip()[:128]) for told in kept}
        products = ensure_products(tx, {sku: NewProduct(sku) for sku in skus.values()}, now=booking.now)
        by_place: dict[str, dict[str, int]] = defaultdict(dict)
        moment: dict[str, datetime] = {}
        for told in kept:
            place, units = _place(booking.channel_code, told), _on_hand(told)
            if units is not None:
                by_place[place][products[skus[told.sku]].id] = units
                moment[place] = max(told.as_of, moment.get(place, told.as_of))
        for code, counted in sorted(by_place.items()):
            location = ensure_location(tx, code, name=code, kind=CHANNEL_OWNED, now=booking.now)
            at = min(moment[code], booking.now)
            batch.counts["stock.changed"] += count_told(
                tx, location.id, counted, at=at, now=booking.now, note=f"told by {booking.channel_code}"
            )
        for _, told in pairs:
            batch.saw(told.as_of)

    def _feedback(self, tx: Session, pairs: Sequence[Pair], batch: Batch) -> None:
        rows = {
            told.external_id: {
                "connection_id": self._connection_id,
                "external_id": told.external_id[:200],
                "told_at": told.told_at,
                "subject": told.subject[:128],
                "topic": None if told.topic is None else told.topic[:200],
                "rating": told.rating,
                "count": told.count,
            }
            for _, told in pairs
        }
        put_rows(tx, ChannelFeedback.__table__, list(rows.values()))
        batch.counts["feedback.read"] += len(rows)
        for _, told in pairs:
            batch.saw(told.told_at)


def _each_made(pairs: Iterable[Pair], make: Callable[[Any], Record], batch: Batch) -> list[tuple[Mapped, Record]]:
    """What each record becomes; one that cannot be is refused and holds up no other."""
    made: list[tuple[Mapped, Record]] = []
    for item, told in pairs:
        try:
            made.append((item, make(told)))
        except TradewindError as refused:
            batch.refuse(item, refused)
    return made


def _account(thing: str, item: Mapped, outcome: Outcome, batch: Batch) -> None:
    batch.counts[f"{thing}.{outcome.effect}"] += 1
    if outcome.error is not None:
        batch.refuse(item, outcome.error)


def _at(booking: Booking, now: datetime) -> Booking:
    return Booking(booking.channel_id, booking.channel_code, now, booking.origin, booking.location_id)


def _without_location(booking: Booking) -> Booking:
    return Booking(booking.channel_id, booking.channel_code, booking.now, booking.origin)


def _skus(by_kind: Mapping[type, Sequence[Pair]]) -> set[str | None]:
    spelled: set[str | None] = {line.sku for _, order in by_kind.get(UnifiedOrder, ()) for line in order.lines}
    for _, order in by_kind.get(UnifiedOrder, ()):
        spelled |= {line.sku for refund in order.refunds for line in refund.lines}
    spelled |= {line.sku for _, refund in by_kind.get(UnifiedRefund, ()) for line in refund.lines}
    for kind in (UnifiedProduct, UnifiedStock):
        spelled |= {told.sku for _, told in by_kind.get(kind, ())}
    return spelled


def _refunded_before(tx: Session, external_ids: Sequence[str], booking: Booking) -> set[str]:
    """Which of these orders have credit notes in the books."""
    found: set[str] = set()
    for part in chunks(external_ids):
        query = (
            select(Order.external_id)
            .join(Refund, Refund.order_id == Order.id)
            .where(Order.channel_id == booking.channel_id, Order.external_id.in_(part))
        )
        found |= set(tx.scalars(query))
    return found


def _not_counting(tx: Session, external_ids: set[str], booking: Booking) -> set[str]:
    """Which of these orders are no revenue: tests and cancelled ones."""
    found: set[str] = set()
    for part in chunks(sorted(external_ids)):
        query = select(Order.external_id).where(
            Order.channel_id == booking.channel_id,
            Order.external_id.in_(part),
            Order.is_test | (Order.status == str(OrderStatus.CANCELLED)),
        )
        found |= set(tx.scalars(query))
    return found


def _booked_refunds(tx: Session, external_ids: Sequence[str], booking: Booking) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in chunks(external_ids):
        query = select(Refund.external_id, Refund.amount_minor).where(
            Refund.channel_id == booking.channel_id, Refund.external_id.in_(part)
        )
        found |= {row.external_id: row.amount_minor for row in tx.execute(query)}
    return found


def _worth(refund: NewRefund) -> int:
    lines = sum((line.unit_price * max(line.quantity, 1) for line in refund.lines), start=refund.shipping + refund.tax)
    return to_minor(lines, refund.currency)


def _product(told: UnifiedProduct, sku: str) -> NewProduct:
    priced = told.price is not None and told.currency is not None
    return NewProduct(
        sku,
        name=told.title,
        brand=None if told.brand is None else told.brand[:200],
        category=None if told.category is None else told.category[:200],
        price=told.price if priced else None,
        currency=told.currency if priced else None,
    )


def _listing(told: UnifiedProduct, product_id: str) -> ToldListing:
    return ToldListing(
        product_id,
        told.sku,
        told.external_id,
        title=told.title,
        currency=told.currency,
        price=told.price,
        is_active=told.status == "active",
    )


def _on_hand(told: UnifiedStock) -> int | None:
    """What lies there to be sold or is promised. Amazon's own total counts what is broken or on its way too."""
    if told.available is not None:
        return told.available + (told.reserved or 0)
    return told.on_hand


def _place(channel: str, told: UnifiedStock) -> str:
    """The code of the place where the marketplace keeps goods: `amazon-fba`, or with a name of its own."""
    kind = f"{channel}-{told.keeper}"
    own = "".join(c if c.isalnum() or c in "._-" else "-" for c in told.location)
    return (kind if own.lower() in ("", told.keeper.lower()) else f"{kind}-{own}")[:64]


def _stock_row(connection_id: str, told: UnifiedStock) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "sku": told.sku[:128],
        "location": told.location[:128],
        "keeper": told.keeper[:16],
        "available": told.available,
        "reserved": told.reserved,
        "inbound": told.inbound,
        "unsellable": told.unsellable,
        "on_hand": told.on_hand,
        "as_of": told.as_of,
    }
