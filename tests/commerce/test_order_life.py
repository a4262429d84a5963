"""Orders in every life that chance can think of: units and money add up after each step, on both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.commerce.shopfront import CLERK, Front
from tests.spine import NOON
from tradewind.commerce.carts.errors import CartNotOrderable
from tradewind.commerce.checkout import editing
from tradewind.commerce.checkout import service as checkout
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.editing import OrderEdit, edit_order
from tradewind.commerce.checkout.service import Placed
from tradewind.commerce.inventory.model import Location, Reservation, Stock, StockMovement
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.orders import handling, writing
from tradewind.commerce.orders import service as orders
from tradewind.commerce.orders.model import Order, OrderDiscount, OrderItem
from tradewind.commerce.orders.states import SOLD
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund, Refund, RefundItem
from tradewind.commerce.payments.order_refunds import RefundAsked, refund_order
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.commerce.shipping import returns, shipments
from tradewind.commerce.shipping.model import Return, ReturnLine, Shipment, ShipmentLine
from tradewind.commerce.shipping.returns import receive_return, request_return
from tradewind.commerce.shipping.shipments import ship
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.money import exponent
from tradewind.migrations.tables import metadata

PRICES = {"EUR": ("9.99", "0.05", "1234.56"), "JPY": ("999", "5", "12345"), "KWD": ("9.995", "0.005", "1.234")}
CODE_LIMIT = 3
ANY = st.integers(0, 10_000)
"""Which of the orders there are."""


class OrderLife(RuleBasedStateMachine):
    """A shop with three products and one code, whose orders go through everything that can happen to one."""

    database: Database

    @initialize(
        currency=st.sampled_from(sorted(PRICES)),
        inclusive=st.booleans(),
        stock=st.lists(st.integers(1, 8), min_size=3, max_size=3),
    )
    def open_shop(self, currency: str, inclusive: bool, stock: list[int]) -> None:
        with self.database.write() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(table.delete())
        self.front = Front.open(self.database, currency)
        self.now: datetime = NOON
        self.placed: list[Placed] = []
        self.received = dict(zip("ABC", stock, strict=True))
        self.front.tax("19", inclusive=inclusive)
        self.code = self.front.promotion("TEN", percent=Decimal("12.5"), total_limit=CODE_LIMIT)
        for (sku, units), price in zip(self.received.items(), PRICES[currency], strict=True):
            self.front.product(sku, price, stock=units)

    def any_order(self, pick: int) -> Placed | None:
        return self.placed[pick % len(self.placed)] if self.placed else None

    @rule(
        units=st.dictionaries(st.sampled_from("ABC"), st.integers(1, 3), min_size=1),
        with_code=st.booleans(),
        provider=st.sampled_from(["test", "test", "manual"]),
    )
    def order(self, units: dict[str, int], with_code: bool, provider: str) -> None:
        cart = self.front.filled(units, now=self.now, codes=["TEN"] if with_code else [])
        with suppress(InsufficientStock, CartNotOrderable):
            self.placed.append(self.front.place(cart, provider=provider, now=self.now))

    @rule(pick=ANY)
    def pay(self, pick: int) -> None:
        placed = self.any_order(pick)
        if placed is not None and placed.intent_id is not None:
            self.front.pay(placed, now=self.now)

    @rule(minutes=st.sampled_from([1, 29, 31]), sweep=st.booleans())
    def wait(self, minutes: int, sweep: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if sweep:
            self.front.sweep(self.now)

    def step(self, pick: int, work: Callable[[Session, str], object]) -> None:
        """A step of somebody who does not know whether it is possible; what is refused leaves nothing behind."""
        placed = self.any_order(pick)
        if placed is not None:
            with suppress(Conflict, InvalidInput), self.database.write() as tx:
                work(tx, placed.order_id)

    @rule(pick=ANY)
    def cancel(self, pick: int) -> None:
        self.step(pick, lambda tx, order_id: cancel_order(tx, order_id, actor=CLERK, now=self.now))

    @rule(pick=ANY, line=st.integers(1, 3), count=st.integers(1, 3), everything=st.booleans())
    def send(self, pick: int, line: int, count: int, everything: bool) -> None:
        units = None if everything else {line: count}
        self.step(pick, lambda tx, order_id: ship(tx, order_id, units, actor=CLERK, now=self.now))

    @rule(pick=ANY, line=st.integers(1, 3), count=st.integers(1, 3), shelf=st.integers(0, 3))
    def take_back(self, pick: int, line: int, count: int, shelf: int) -> None:
        def work(tx: Session, order_id: str) -> None:
            made = request_return(tx, order_id, {line: count}, actor=CLERK, now=self.now)
            receive_return(tx, made.return_id, {line: min(shelf, count)}, actor=CLERK, now=self.now)

        self.step(pick, work)

    @rule(pick=ANY, line=st.integers(1, 3), count=st.integers(1, 2), shipping=st.booleans())
    def refund_units(self, pick: int, line: int, count: int, shipping: bool) -> None:
        asked = RefundAsked({line: count}, shipping)
        self.step(pick, lambda tx, order_id: refund_order(tx, order_id, asked, actor=CLERK, now=self.now))

    @rule(pick=ANY, amount=st.none() | st.integers(1, 3_000))
    def refund_amount(self, pick: int, amount: int | None) -> None:
        asked = RefundAsked(amount_minor=amount)
        self.step(pick, lambda tx, order_id: refund_order(tx, order_id, asked, actor=CLERK, now=self.now))

    @rule(pick=ANY, line=st.integers(1, 3), count=st.integers(0, 4))
    def edit(self, pick: int, line: int, count: int) -> None:
        change = OrderEdit({line: count})
        self.step(pick, lambda tx, order_id: edit_order(tx, order_id, change, actor=CLERK, now=self.now))

    @rule(pick=ANY)
    def provider_gives_back(self, pick: int) -> None:
        with self.database.read() as tx:
            query = select(ProviderRefund.id, ProviderRefund.amount_minor, PaymentIntent.id.label("intent_id"))
            query = query.join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
            waiting = tx.execute(query.where(ProviderRefund.status == "asked").order_by(ProviderRefund.id)).all()
        if waiting:
            wish = waiting[pick % len(waiting)]
            (placed,) = [placed for placed in self.placed if placed.intent_id == wish.intent_id]
            self.front.send_back(placed, wish.id, wish.amount_minor, now=self.now)

    @invariant()
    def units_add_up(self) -> None:
        if not hasattr(self, "placed"):
            return
        with self.database.read() as tx:
            moved = by_product(tx, StockMovement.product_id, StockMovement.delta)
            held = by_product(tx, Reservation.product_id, Reservation.quantity)
            for level in tx.scalars(select(Stock)):
                assert level.on_hand == moved[level.product_id] >= 0
                assert level.reserved == held.get(level.product_id, 0)
            states = {row.id: row.status for row in tx.scalars(select(Order))}
            assert {states[r] for r in tx.scalars(select(Reservation.reference))} <= {"pending"}
            ordered = {(i.order_id, i.line_no): i.quantity for i in tx.scalars(select(OrderItem))}
            sent: dict[tuple[str, int], int] = defaultdict(int)
            for order_id, line, count in tx.execute(
                select(Shipment.order_id, ShipmentLine.order_line_no, ShipmentLine.quantity).join(
                    ShipmentLine, ShipmentLine.shipment_id == Shipment.id
                )
            ):
                sent[order_id, line] += count
            back: dict[tuple[str, int], int] = defaultdict(int)
            for order_id, line, count in tx.execute(
                select(Return.order_id, ReturnLine.order_line_no, ReturnLine.quantity).join(
                    ReturnLine, ReturnLine.return_id == Return.id
                )
            ):
                back[order_id, line] += count
            assert all(count <= ordered.get(line, 0) for line, count in sent.items())
            assert all(count <= sent[line] for line, count in back.items())

    @invariant()
    def money_adds_up(self) -> None:
        if not hasattr(self, "placed"):
            return
        with self.database.read() as tx:
            orders = tx.scalars(select(Order)).all()
            for order in orders:
                lines = tx.scalars(select(OrderItem).where(OrderItem.order_id == order.id)).all()
                on_top = 0 if order.prices_include_tax else order.tax_minor
                assert order.total_minor == sum(line.total_minor for line in lines) + order.shipping_minor + on_top
                paid = tx.scalar(select(func.sum(Payment.amount_minor)).where(Payment.order_id == order.id)) or 0
                noted = tx.scalar(select(func.sum(Refund.amount_minor)).where(Refund.order_id == order.id)) or 0
                wished = tx.scalar(
                    select(func.sum(ProviderRefund.amount_minor))
                    .join(PaymentIntent, PaymentIntent.id == ProviderRefund.intent_id)
                    .where(PaymentIntent.order_id == order.id)
                )
                assert noted <= (wished or 0) <= paid
                assert order.status in SOLD or not noted  # what is not sold has no revenue to take off
                by_line: dict[int | None, int] = defaultdict(int)
                for item in tx.scalars(select(RefundItem).join(Refund).where(Refund.order_id == order.id)):
                    by_line[item.order_line_no] += item.amount_minor
                worth = {line.line_no: line.revenue_minor for line in lines}
                assert all(line is not None and amount <= worth[line] for line, amount in by_line.items())
            sold = sum(order.revenue_minor for order in orders if order.status in SOLD)
            taken_off = tx.scalar(select(func.sum(Refund.items_minor))) or 0
            assert self.front.revenue(tx).scaleb(exponent(self.front.currency)) == sold - taken_off

    @invariant()
    def codes_keep_their_limit(self) -> None:
        if not hasattr(self, "placed"):
            return
        with self.database.read() as tx:
            uses = tx.scalar(select(func.count()).select_from(PromotionUse)) or 0
            assert tx.get_one(Promotion, self.code).used == uses <= CODE_LIMIT
            discounted = select(func.count()).select_from(OrderDiscount).join(Order, Order.id == OrderDiscount.order_id)
            assert tx.scalar(discounted.where(Order.status != "cancelled")) == uses
            cancelled = select(Order.id).where(Order.status == "cancelled")
            assert (
                tx.scalar(select(func.count()).select_from(PromotionUse).where(PromotionUse.order_id.in_(cancelled)))
                == 0
            )


def by_product(tx: Session, product: Any, units: Any) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in tx.execute(select(product, func.sum(units)).group_by(product))}


def live(store: Database, **more: Any) -> None:
    class Life(OrderLife):
        database = store

    told: dict[str, Any] = {"max_examples": 15, "stateful_step_count": 20, "deadline": None} | more
    run_state_machine_as_test(Life, settings=settings(suppress_health_check=list(HealthCheck), **told))


def test_units_and_money_add_up_whatever_happens(store: Database) -> None:
    live(store)


# None asks for all that is left, a number for an amount, a pair for units of a line; "gone" lets the money go.
REFUNDS = st.lists(
    st.none() | st.integers(1, 3_000) | st.tuples(st.integers(1, 2), st.integers(1, 2)) | st.just("gone"),
    min_size=2,
    max_size=6,
)


def test_refunds_of_any_kind_one_after_the_other_never_exceed_what_was_paid(store: Database) -> None:
    class Life(OrderLife):
        database = store

    @settings(max_examples=15, deadline=None)
    @given(currency=st.sampled_from(["EUR", "JPY", "KWD"]), inclusive=st.booleans(), refunds=REFUNDS)
    def holds(currency: str, inclusive: bool, refunds: list[Any]) -> None:
        life = Life()
        life.open_shop(currency, inclusive=inclusive, stock=[8, 8, 8])
        life.order({"A": 2, "B": 1}, with_code=False, provider="test")
        life.pay(0)
        for refund in refunds:
            if refund == "gone":
                life.provider_gives_back(0)
            elif isinstance(refund, tuple):
                life.refund_units(0, refund[0], refund[1], shipping=False)
            else:
                life.refund_amount(0, refund)
            life.money_adds_up()

    holds()


def nothing(*_: Any, **__: Any) -> None:
    """In the place of a guard."""


def some_place(tx: Session, *_: Any, **__: Any) -> str:
    """A location, whatever lies there."""
    return tx.scalars(select(Location.id)).one()


def cancelled(life: OrderLife) -> None:
    life.order({"A": 1}, with_code=True, provider="test")
    life.cancel(0)


def paid(life: OrderLife) -> None:
    life.order({"A": 2}, with_code=False, provider="test")
    life.pay(0)


def the_last_one_twice(life: OrderLife) -> None:
    for _ in range(2):
        life.order({"A": 2}, with_code=False, provider="manual")


def more_than_there_is(life: OrderLife) -> None:
    life.order({"A": 2}, with_code=False, provider="manual")
    life.edit(0, 1, 3)


def more_sent(life: OrderLife) -> None:
    life.order({"A": 1, "B": 1}, with_code=False, provider="manual")
    life.send(0, 1, 2, everything=False)


def more_back(life: OrderLife) -> None:
    life.order({"A": 1}, with_code=False, provider="manual")
    life.send(0, 1, 1, everything=True)
    life.take_back(0, 1, 2, 0)


def everything_back_twice(life: OrderLife) -> None:
    paid(life)
    life.refund_amount(0, None)
    life.refund_amount(0, 500)


def cancelled_after_a_refund(life: OrderLife) -> None:
    paid(life)
    life.refund_units(0, 1, 1, shipping=False)
    life.provider_gives_back(0)
    life.cancel(0)


def used_twice(life: OrderLife) -> None:
    for _ in range(CODE_LIMIT + 1):
        life.order({"B": 1}, with_code=True, provider="test")


GUARDS: dict[str, tuple[Callable[[OrderLife], None], list[tuple[Any, str, Any]]]] = {
    "what is cancelled gives back what it holds": (cancelled, [(orders, "give_back", nothing)]),
    "what is confirmed uses up what it holds": (paid, [(orders, "use_up", nothing)]),
    "what is sold is reserved first": (
        the_last_one_twice,
        [(checkout, "reserve", nothing), (checkout, "choose_location", some_place)],
    ),
    "what is added is looked for first": (more_than_there_is, [(editing, "_check_stock", nothing)]),
    "no more is sent than was ordered": (more_sent, [(shipments, "_check_units", nothing)]),
    "no more comes back than was sent": (more_back, [(returns, "_check_units", nothing)]),
    "no more is given back than came in": (everything_back_twice, [(payback, "refundable", lambda *_: 10**9)]),
    # By hand it is refused; where a channel says so, the credit notes are reversed.
    "revenue is taken off once": (
        cancelled_after_a_refund,
        [(handling, "REFUND_BOOKED", frozenset()), (writing, "follow_order", nothing)],
    ),
    "a use of a code is taken with the order": (used_twice, [(checkout, "take_uses", nothing)]),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_is_needed(guard: str, store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it the sums are right; without it the same steps end in one that is wrong."""
    steps, patches = GUARDS[guard]
    sums_after(store, steps)
    for module, name, replacement in patches:
        monkeypatch.setattr(module, name, replacement)
    with pytest.raises((AssertionError, IntegrityError)):
        sums_after(store, steps)


def sums_after(store: Database, steps: Callable[[OrderLife], None]) -> None:
    class Life(OrderLife):
        database = store

    life = Life()
    life.open_shop("EUR", inclusive=True, stock=[2, 8, 8])
    steps(life)
    assert life.placed
    life.units_add_up()
    life.money_adds_up()
    life.codes_keep_their_limit()
