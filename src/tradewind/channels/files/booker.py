"""Books what was read, chunk by chunk: one transaction holds the facts, the run's position and its counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.channels.files.orders import RefundedTotal, Told, short_key
from tradewind.channels.files.preset import Preset
from tradewind.channels.files.problems import Problem
from tradewind.channels.files.result import Tally
from tradewind.commerce.advertising.service import Key, NewAdSpend, SpendStatedTwice, record_ad_spend
from tradewind.commerce.booking import Booking, Effect, Origin, Outcome, chunks
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.service import NewProduct, ensure_channel, find_products, put_products
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.amounts import OrderAmounts
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.new import NewOrder
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.core.money import line_amount, split, to_decimal, to_micros, to_minor

Item = TypeVar("Item")

CREDIT_SKU = "REFUND"
"""What is credited where a source tells only the sum that was given back."""

_REMEMBERED_SKUS = 1_000_000


class _Undone(Exception):
    """No error: the end of a dry run's transaction."""


class Booker:
    """Books into one channel. In a dry run every transaction is undone, so that only the counts remain."""

    def __init__(self, database: Database, preset: Preset, tally: Tally, *, is_dry_run: bool) -> None:
        self.tally = tally
        self._database = database
        self._preset = preset
        self._is_dry_run = is_dry_run
        self._named: set[str] = set()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        try:
            with self._database.write(alone=True) as tx:
                yield tx
                if self._is_dry_run:
                    raise _Undone
        except _Undone:
            pass

    def booking(self, tx: Session, now: datetime) -> Booking:
        """The circumstances of a chunk; channel and location come into being with the first."""
        told = self._preset.channel
        channel = ensure_channel(tx, told.code, name=told.name, kind=told.kind, now=now)
        location_id = None
        if self._preset.location is not None:
            name = told.name if self._preset.location == told.code else self._preset.location
            location_id = ensure_location(tx, self._preset.location, name=name, kind="channel", now=now).id
        return Booking(channel.id, channel.code, now, Origin.IMPORT, location_id)

    # --- Orders, refunds, movements --------------------------------------------------------------------------------

    def book(self, tx: Session, chunk: Sequence[Told], now: datetime) -> None:
        """Books the orders of a chunk that have no problem; what is refused on the way gets one.

        A refusal may come late: an order is booked and its refund is not. Then all is taken back and booked
        anew without that order, so that of an order number either everything is booked or nothing.
        """
        booking = self.booking(tx, now)
        good = [told for told in chunk if not told.problems]
        before = self.tally
        while good:
            self.tally = before.copy()
            with tx.begin_nested() as attempt:
                named = self._attempt(tx, good, booking)
                refused = [told for told in good if told.problems]
                if refused:
                    attempt.rollback()
            if not refused:
                self._remember(named)
                break
            good = [told for told in good if not told.problems]
        else:
            self.tally = before
        for told in chunk:
            self._account(told)

    def _attempt(self, tx: Session, good: Sequence[Told], booking: Booking) -> set[str]:
        """Books orders, then what refers to them; returns the SKUs whose products are known by name now."""
        named = self._make_products(tx, good, booking)
        self._orders(tx, [told for told in good if told.order is not None], booking)
        self._refunds(tx, [(told, refund) for told in good for refund in told.refunds], booking)
        self._refunded_totals(tx, [told for told in good if told.refunded is not None], booking)
        self._movements(tx, [told for told in good if told.movements], booking)
        return named

    def _remember(self, named: set[str]) -> None:
        if self._is_dry_run:
            return
        if len(self._named) > _REMEMBERED_SKUS:
            self._named.clear()
        self._named |= named

    def _make_products(self, tx: Session, chunk: Sequence[Told], booking: Booking) -> set[str]:
        """Products that nobody knows yet, and names for those known by their SKU alone."""
        wanted: dict[str, NewProduct] = {}
        for told in chunk:
            currency = told.order.currency if told.order is not None else None
            for line in told.order.lines if told.order is not None else ():
                if line.sku not in self._named:
                    _prefer(
                        wanted,
                        NewProduct(
                            line.sku, line.name, line.kind, line.category, currency=currency, unit_cost=line.unit_cost
                        ),
                    )
            for refund in told.refunds:
                for credit in refund.lines:
                    if credit.sku not in self._named:
                        _prefer(wanted, NewProduct(credit.sku, credit.name, credit.kind, currency=refund.currency))
            for movement in told.movements:
                if movement.sku not in self._named:
                    _prefer(wanted, NewProduct(movement.sku))
        if not wanted:
            return set()
        known = find_products(tx, wanted)
        new = [product for sku, product in wanted.items() if sku not in known]
        nameless = [
            product for sku, product in wanted.items() if product.name and sku in known and known[sku].name == sku
        ]
        put_products(tx, [*new, *nameless], now=booking.now)
        self.tally.count("products", Effect.CREATED, len(new))
        self.tally.count("products", Effect.CHANGED, len(nameless))
        return {sku for sku, product in wanted.items() if product.name or sku in known}

    def _orders(self, tx: Session, chunk: Sequence[Told], booking: Booking) -> None:
        orders = [(told.order, told.amounts) for told in chunk if told.order is not None and told.amounts is not None]

        def book(part: Sequence[tuple[NewOrder, OrderAmounts]]) -> list[Outcome]:
            return book_orders(tx, [order for order, _ in part], booking, amounts=[amounts for _, amounts in part])

        for told, outcome in zip(chunk, _each(tx, orders, book), strict=True):
            if outcome.error is not None:
                field = outcome.error.field if isinstance(outcome.error, InvalidInput) else None
                told.refuse(outcome.error.code, str(outcome.error), of=field or "order_number")
            elif told.order is not None and told.amounts is not None:
                self.tally.count("orders", outcome.effect)
                self.tally.counts["lines.orders"] += len(told.order.lines)
                self._sum_order(told.order, told.amounts.subtotal, told.amounts.revenue, told.amounts.shipping)

    def _sum_order(self, order: NewOrder, gross: int, revenue: int, shipping: int) -> None:
        self.tally.add(order.currency, "gross", gross)
        if order.status in SOLD and not order.is_test:
            self.tally.add(order.currency, "sold", revenue)
            self.tally.add(order.currency, "shipping", shipping)

    def _refunds(self, tx: Session, chunk: Sequence[tuple[Told, NewRefund]], booking: Booking) -> None:
        refunds = [refund for _, refund in chunk]
        for (told, refund), outcome in zip(
            chunk, _each(tx, refunds, lambda part: book_refunds(tx, part, booking)), strict=True
        ):
            if outcome.error is not None:
                told.refuse(outcome.error.code, str(outcome.error))
                continue
            self.tally.count("refunds", outcome.effect)
            self.tally.counts["lines.refunds"] += len(refund.lines)
            worth = sum(
                line_amount(to_micros(line.unit_price), max(line.quantity, 1), refund.currency) for line in refund.lines
            )
            self.tally.add(refund.currency, "refunded", worth)

    def _movements(self, tx: Session, chunk: Sequence[Told], booking: Booking) -> None:
        told_movements = [movement for told in chunk for movement in told.movements]
        if not told_movements or booking.location_id is None:
            return
        products = find_products(tx, {movement.sku for movement in told_movements})
        movements = [
            NewMovement(
                product_id=products[movement.sku].id,
                location_id=booking.location_id,
                delta=movement.delta,
                reason=movement.reason,
                occurred_at=movement.occurred_at,
                source_key=movement.source_key,
                note=movement.note,
            )
            for movement in told_movements
        ]
        new = record_movements(tx, movements, now=booking.now)
        self.tally.count("movements", Effect.CREATED, new)
        self.tally.count("movements", Effect.UNCHANGED, len(movements) - new)
        self.tally.counts["lines.movements"] += len(movements)

    def _refunded_totals(self, tx: Session, chunk: Sequence[Told], booking: Booking) -> None:
        """Books what was given back since the last import, where the file tells only the sum so far."""
        totals = [(told, told.refunded) for told in chunk if told.refunded is not None]
        booked = _already_refunded(tx, [total.order for _, total in totals], booking)
        refunds: list[tuple[Told, NewRefund]] = []
        for told, total in totals:
            key, currency = total.order.keys[0], total.order.currency
            now_refunded = to_minor(total.total, currency)
            before = booked.get(key, 0)
            if now_refunded < before:
                reason = (
                    f"{to_decimal(before, currency)} {currency} are booked as refunded for order"
                    f" {total.order.order_number} and the file says {total.total}."
                    " A refund is never taken back: was an older export imported?"
                )
                told.refuse("refund_shrinks", reason, of="refunded")
            elif now_refunded == before:
                self.tally.count("refunds", Effect.UNCHANGED)
                self.tally.add(currency, "refunded", _parts(total, now_refunded)[0])
            else:
                refunds.append((told, _credit(total, now_refunded, now_refunded - before)))
        self._refunds(tx, refunds, booking)

    def _account(self, told: Told) -> None:
        """Counts the rows of an order number, so that read = booked + left out + refused."""
        left_out = 0 if told.problems else len(told.left_out)
        self.tally.counts["rows.read"] += told.rows
        self.tally.counts["rows.left_out"] += left_out
        self.tally.counts["rows.refused"] += told.rows if told.problems else 0
        self.tally.counts["rows.booked"] += 0 if told.problems else told.rows - left_out
        if told.problems:
            self.tally.count("orders", Effect.REFUSED)
        for code, sentence in () if told.problems else told.warnings:
            self.tally.warn(code, sentence)

    # --- Payments and products -------------------------------------------------------------------------------------

    def pay(self, tx: Session, payments: Sequence[NewPayment], now: datetime) -> list[Outcome]:
        outcomes = record_payments(tx, payments, self.booking(tx, now))
        for payment, outcome in zip(payments, outcomes, strict=True):
            self.tally.count("payments", outcome.effect)
            if outcome.error is None:
                self.tally.add(payment.currency, "paid", to_minor(payment.amount, payment.currency))
        return outcomes

    def advertise(
        self, tx: Session, statements: Sequence[NewAdSpend], stated: set[Key], now: datetime
    ) -> list[Outcome]:
        """Records statements; `stated` are those of this import so far, which none may say again, and grows."""
        self.booking(tx, now)
        fresh = [statement for statement in statements if statement.key not in stated]
        recorded = iter(record_ad_spend(tx, fresh, now=now))
        outcomes = [
            Outcome(Effect.REFUSED, error=SpendStatedTwice(statement)) if statement.key in stated else next(recorded)
            for statement in statements
        ]
        for statement, outcome in zip(statements, outcomes, strict=True):
            self.tally.count("ad_spend", outcome.effect)
            if outcome.error is None:
                stated.add(statement.key)
                self.tally.add(statement.currency, "advertising", to_minor(statement.amount, statement.currency))
        return outcomes

    def catalogue(self, tx: Session, products: Sequence[NewProduct], now: datetime) -> None:
        change = put_products(tx, products, now=now)
        self.tally.count("products", Effect.CREATED, change.created)
        self.tally.count("products", Effect.CHANGED, change.changed)
        distinct = len({product.sku for product in products})
        self.tally.count("products", Effect.UNCHANGED, distinct - change.created - change.changed)

    def account_rows(self, read: int, refused: int) -> None:
        self.tally.counts["rows.read"] += read
        self.tally.counts["rows.refused"] += refused
        self.tally.counts["rows.booked"] += read - refused


def problems_of(chunk: Sequence[Told]) -> list[Problem]:
    """What goes to the report: flaws of refused orders, and rows that the preset leaves out."""
    return [problem for told in chunk for problem in (told.problems or told.left_out)]


def _prefer(wanted: dict[str, NewProduct], product: NewProduct) -> None:
    """Keeps the first that has a name."""
    known = wanted.get(product.sku)
    if known is None or (known.name is None and product.name is not None):
        wanted[product.sku] = product


def _each(tx: Session, items: Sequence[Item], book: Callable[[Sequence[Item]], list[Outcome]]) -> list[Outcome]:
    """Books a batch; where one of it cannot be booked at all, one by one, so that it refuses no other."""
    if not items:
        return []
    try:
        with tx.begin_nested():
            return book(items)
    except TradewindError as refusal:
        if len(items) == 1:
            return [Outcome(Effect.REFUSED, error=refusal)]
    return [outcome for item in items for outcome in _each(tx, [item], book)]


def _already_refunded(tx: Session, orders: Sequence[NewOrder], booking: Booking) -> dict[str, int]:
    """Minor units given back so far, by the orders' external id."""
    found: dict[str, int] = {}
    for part in chunks([order.keys[0] for order in orders]):
        query = (
            select(Order.external_id, func.sum(Refund.amount_minor))
            .join(Refund, Refund.order_id == Order.id)
            .where(Order.channel_id == booking.channel_id, Order.external_id.in_(part))
            .group_by(Order.external_id)
        )
        found |= {external_id: int(minor) for external_id, minor in tx.execute(query)}
    return found


def _parts(total: RefundedTotal, minor: int) -> list[int]:
    """How much of a sum given back was for goods, for tax, and for the rest: in the order's own proportions."""
    amounts = total.amounts
    return split(minor, [amounts.revenue, amounts.tax, max(amounts.total - amounts.revenue - amounts.tax, 0)])


def _credit(total: RefundedTotal, so_far: int, amount: int) -> NewRefund:
    """A refund without goods over what was given back since the last time."""
    currency, order = total.order.currency, total.order
    before, after = _parts(total, so_far - amount), _parts(total, so_far)
    items, tax, rest = (to_decimal(new - old, currency) for old, new in zip(before, after, strict=True))
    lines = (NewRefundLine(CREDIT_SKU, 0, items, "Refund without goods", ProductKind.SERVICE),) if items > 0 else ()
    return NewRefund(
        external_id=short_key(f"{order.keys[0]}:refunded:{so_far}"),
        refunded_at=total.refunded_at,
        currency=currency,
        lines=lines,
        order_reference=order.keys[1],
        shipping=rest,
        tax=tax,
        customer=order.customer,
        ship_country=order.ship_country,
    )
