"""From cart to order: all or nothing, to the cent, and never a unit that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from bench.statements import listening
from tests.commerce.shopfront import ADA, Front
from tests.spine import NOON, rows_of, total
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts.errors import CartClosed, CartNotOrderable
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.carts.pricing import price_cart
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.service import HOLD_FOR, Placed, TotalChanged
from tradewind.commerce.customers.addresses import add_address
from tradewind.commerce.customers.profiles import create_customer
from tradewind.commerce.inventory.model import Reservation, Stock, StockMovement
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.orders.addresses import PostalAddress, addresses_of
from tradewind.commerce.orders.model import NumberSeries, Order, OrderAddress, OrderDiscount, OrderItem
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund
from tradewind.commerce.promotions.model import PromotionUse
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events.outbox import OutboxRow
from tradewind.migrations.tables import metadata


@pytest.fixture
def front(store: Database) -> Front:
    return Front.open(store)


def test_a_cart_becomes_an_order_of_the_same_amounts(front: Front) -> None:
    front.product("MUG", "12.99", stock=5)
    front.product("CAP", "7.50", stock=5)
    cart = front.cart(MUG=2, CAP=1)
    with front.database.read() as tx:
        priced = price_cart(tx, cart, now=NOON)

    placed = front.place(cart)

    with front.database.read() as tx:
        order = tx.get_one(Order, placed.order_id)
        lines = tx.scalars(select(OrderItem).order_by(OrderItem.line_no)).all()
        assert placed.total_minor == order.total_minor == priced.total_minor
        assert (order.subtotal_minor, order.tax_minor, order.units) == (
            priced.subtotal_minor,
            priced.tax_minor,
            3,
        )
        assert [(line.total_minor, line.tax_minor) for line in lines] == [
            (line.total_minor, line.tax_minor) for line in priced.lines
        ]
        assert (order.status, order.payment_status, order.origin) == ("pending", "pending", "checkout")
        assert tx.get_one(Cart, cart).order_id == order.id
        intent = tx.scalars(select(PaymentIntent)).one()
        assert (intent.id, intent.amount_minor, intent.provider) == (placed.intent_id, order.total_minor, "test")


def test_a_pending_order_holds_its_goods_and_moves_none(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2))
    with front.database.read() as tx:
        assert (total(tx, Stock.on_hand), total(tx, Stock.reserved)) == (5, 2)
        assert tx.scalars(select(Reservation.reference)).one() == placed.order_id
        assert tx.scalars(select(Reservation.expires_at)).one() == NOON + HOLD_FOR


def test_a_manual_order_is_confirmed_and_its_goods_have_left(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2), provider="manual", email="ada@example.com")
    assert placed.status == "confirmed"
    with front.database.read() as tx:
        assert (total(tx, Stock.on_hand), total(tx, Stock.reserved)) == (3, 0)
        assert rows_of(tx, Reservation) == 0
        assert tx.scalars(select(Mail.kind)).all() == ["order_confirmation"]


def test_an_order_that_costs_nothing_waits_for_no_payment(front: Front) -> None:
    front.product("FLYER", "0.00", stock=5)
    placed = front.place(front.cart(FLYER=1))
    assert (placed.status, placed.intent_id, placed.total_minor) == ("confirmed", None, 0)


def test_the_same_cart_again_is_the_same_order(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    cart = front.cart(MUG=2)
    first, second = front.place(cart), front.place(cart)
    assert first == second
    with front.database.read() as tx:
        assert rows_of(tx, Order) == rows_of(tx, PaymentIntent) == 1


def test_paying_turns_the_hold_into_a_sale(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2))
    front.pay(placed)
    with front.database.read() as tx:
        order = tx.get_one(Order, placed.order_id)
        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert (total(tx, Stock.on_hand), total(tx, Stock.reserved), rows_of(tx, Reservation)) == (3, 0, 0)
        assert total(tx, Payment.amount_minor) == 2000


def test_who_pays_after_the_hold_gets_the_goods_while_they_are_there(front: Front) -> None:
    front.product("MUG", "10.00", stock=2)
    placed = front.place(front.cart(MUG=2))
    front.pay(placed, now=NOON + HOLD_FOR + timedelta(hours=1))
    with front.database.read() as tx:
        assert tx.get_one(Order, placed.order_id).status == "confirmed"
        assert total(tx, Stock.on_hand) == 0


def test_who_pays_when_the_goods_are_gone_gets_the_money_back(front: Front) -> None:
    front.product("MUG", "10.00", stock=2)
    late = front.place(front.cart(MUG=2))
    after = NOON + HOLD_FOR + timedelta(minutes=1)
    front.place(front.cart(MUG=1, now=after), provider="manual", now=after)
    front.pay(late, now=after)
    with front.database.read() as tx:
        order = tx.get_one(Order, late.order_id)
        assert order.status == "cancelled"
        assert total(tx, Stock.on_hand) == 1
        assert total(tx, ProviderRefund.amount_minor) == 2000


def test_confirming_by_hand_says_when_the_goods_are_gone(front: Front) -> None:
    front.product("MUG", "10.00", stock=1)
    late = front.place(front.cart(MUG=1))
    after = NOON + HOLD_FOR
    front.place(front.cart(MUG=1, now=after), provider="manual", now=after)
    with pytest.raises(InsufficientStock), front.database.write() as tx:
        change_status(tx, late.order_id, OrderStatus.CONFIRMED, now=after)
    with front.database.read() as tx:
        assert tx.get_one(Order, late.order_id).status == "pending"
        assert total(tx, Stock.on_hand) == 0


def test_more_than_there_is_is_refused_and_leaves_nothing_behind(front: Front) -> None:
    front.product("MUG", "10.00", stock=1)
    cart = front.cart(MUG=2)
    with front.database.read() as tx:
        facts = rows_of(tx, OutboxRow)
    with pytest.raises(InsufficientStock, match=r"MUG: asked 2, available 1") as refused:
        front.place(cart)
    assert isinstance(refused.value, ValueError)
    with front.database.read() as tx:
        for table in (Order, OrderItem, OrderAddress, Reservation, PaymentIntent, NumberSeries):
            assert rows_of(tx, table) == 0, table
        assert rows_of(tx, OutboxRow) == facts
        assert tx.get_one(Cart, cart).status == "open"


def test_an_empty_cart_and_one_with_problems_are_no_orders(front: Front) -> None:
    with pytest.raises(CartNotOrderable, match="It is empty"):
        front.place(front.cart())
    front.product("MUG", "10.00", stock=1)
    cart = front.cart(MUG=1)
    front.archive("MUG")
    with pytest.raises(CartNotOrderable, match="no longer sold"):
        front.place(cart)


def test_an_expired_cart_is_no_order(front: Front) -> None:
    front.product("MUG", "10.00", stock=1)
    cart = front.cart(MUG=1)
    with front.database.write() as tx:
        tx.execute(update(Cart).values(expires_at=NOON))
    with pytest.raises(CartClosed, match="is expired"):
        front.place(cart)


def test_a_total_that_the_buyer_did_not_see_is_refused(front: Front) -> None:
    front.product("MUG", "10.00", stock=1)
    cart = front.cart(MUG=1)
    with pytest.raises(TotalChanged, match=r"costs 10.00 EUR now, not 9.00"):
        front.place(cart, expected_total_minor=900)
    assert front.place(cart, expected_total_minor=1000).total_minor == 1000


def test_numbers_of_a_channel_have_no_gap_and_pass_over_what_is_taken(front: Front) -> None:
    front.product("MUG", "10.00", stock=9)
    assert front.place(front.cart(MUG=1)).order_number == "SHOP-00001"
    with pytest.raises(InsufficientStock):
        front.place(front.cart(MUG=99))
    front.book_imported("SHOP-00002")
    assert front.place(front.cart(MUG=1)).order_number == "SHOP-00003"


def test_addresses_stay_with_the_order_and_out_of_facts_and_audit(front: Front) -> None:
    front.product("MUG", "10.00", stock=9)
    placed = front.place(front.cart(MUG=1), shipping_address=ADA, email="ada@example.com")
    with front.database.read() as tx:
        found = addresses_of(tx, placed.order_id)
        assert found["shipping"] == ADA
        assert found["billing"] == PostalAddress(email="ada@example.com")
        order = tx.get_one(Order, placed.order_id)
        assert (order.ship_country, order.ship_city) == ("DE", "Berlin")
        assert order.customer_id is not None
        about_orders = tx.scalars(select(OutboxRow.payload).where(OutboxRow.topic == "orders")).all()
        audited = tx.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "order")).all()
        for text in [*(payload.decode() for payload in about_orders), *(str(entry.after) for entry in audited)]:
            assert "Lovelace" not in text
            assert "ada@example.com" not in text


def test_who_says_no_address_gets_parcels_where_they_always_do(front: Front) -> None:
    front.product("MUG", "10.00", stock=9)
    home = {"name": "Ann", "line1": "Long Street 1", "city": "Bonn", "country": "DE"}
    with front.database.write() as tx:
        ann = create_customer(tx, {"email": "ann@example.com", "name": "Ann"}, actor=front.actor, now=NOON)
        add_address(tx, ann, home, actor=front.actor, now=NOON)
        ann_id = ann.id

    def ordered(country: str | None = None, **terms: Any) -> dict[str, PostalAddress]:
        cart_id = front.cart(MUG=1, country=country)
        with front.database.write() as tx:
            tx.get_one(Cart, cart_id).customer_id = ann_id
        placed = front.place(cart_id, **terms)
        with front.database.read() as tx:
            return addresses_of(tx, placed.order_id)

    assert ordered()["shipping"] == PostalAddress(**home)
    assert ordered(shipping_address=ADA)["shipping"] == ADA
    assert ordered(country="FR") == {}, "priced for another country: her address is not where it goes"


def test_an_address_in_another_country_than_the_cart_is_asked_about(front: Front) -> None:
    front.product("MUG", "10.00", stock=9)
    with pytest.raises(InvalidInput, match=r"priced for DE, and the address is in FR"):
        front.place(front.cart(MUG=1, country="DE"), shipping_address=replace(ADA, country="FR"))


def test_a_limited_code_is_used_by_the_order_and_free_again_when_it_is_cancelled(front: Front) -> None:
    front.product("MUG", "10.00", stock=9)
    promotion = front.promotion("TEN", percent=Decimal(10), total_limit=1)
    placed = front.place(front.cart(MUG=1, codes=["TEN"]))
    assert placed.total_minor == 900
    assert front.used(promotion) == 1
    with front.database.read() as tx:
        assert [(row.code, row.amount_minor) for row in tx.scalars(select(OrderDiscount))] == [("TEN", 100)]
    with front.database.write() as tx:
        cancel_order(tx, placed.order_id, actor=front.actor, now=NOON)
    assert front.used(promotion) == 0
    with front.database.read() as tx:
        assert rows_of(tx, PromotionUse) == 0


def test_cancelling_a_paid_order_gives_goods_and_money_back(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    placed = front.place(front.cart(MUG=2))
    front.pay(placed)
    with front.database.write() as tx:
        wishes = cancel_order(tx, placed.order_id, actor=front.actor, now=NOON, reason="changed their mind")
    with front.database.read() as tx:
        assert total(tx, Stock.on_hand) == 5
        assert [row.id for row in tx.scalars(select(ProviderRefund))] == wishes
        assert total(tx, ProviderRefund.amount_minor) == 2000
        assert front.revenue(tx) == 0


def test_orders_that_nobody_pays_are_cancelled_when_their_hold_is_over(front: Front) -> None:
    front.product("MUG", "10.00", stock=5)
    unpaid, paid = front.place(front.cart(MUG=2)), front.place(front.cart(MUG=1))
    front.pay(paid)
    assert front.sweep(NOON + HOLD_FOR - timedelta(seconds=1)) == 0
    later = NOON + HOLD_FOR
    young = front.place(front.cart(MUG=1, now=later), now=later)
    assert front.sweep(later) == 1
    assert front.sweep(later) == 0
    with front.database.read() as tx:
        states = {row.id: row.status for row in tx.scalars(select(Order))}
        assert states == {unpaid.order_id: "cancelled", paid.order_id: "confirmed", young.order_id: "pending"}
        assert (total(tx, Stock.on_hand), total(tx, Stock.reserved)) == (4, 1)
        assert {movement.reason for movement in tx.scalars(select(StockMovement))} == {"receipt", "sale"}


def test_services_are_sold_without_any_stock(front: Front) -> None:
    front.product("WRAP", "3.00", kind="service")
    placed = front.place(front.cart(WRAP=4))
    front.pay(placed)
    with front.database.read() as tx:
        assert tx.get_one(Order, placed.order_id).status == "confirmed"
        assert tx.get_one(Order, placed.order_id).location_id is None
        assert rows_of(tx, Stock) == rows_of(tx, Reservation) == 0


def test_goods_leave_from_where_all_of_them_are(front: Front) -> None:
    front.product("MUG", "10.00", stock=1)
    front.product("CAP", "5.00", stock=0)
    other = front.location("second")
    front.receive("MUG", 3, other)
    front.receive("CAP", 3, other)
    placed = front.place(front.cart(MUG=1, CAP=2), provider="manual")
    with front.database.read() as tx:
        assert tx.get_one(Order, placed.order_id).location_id == other
        assert total(tx, Stock.on_hand) == 1 + 3 + 3 - 3


class Crash(Exception):
    """The program dies here."""


@contextmanager
def dying_at(database: Database, number: int) -> Iterator[None]:
    """Lets the program die at its n-th statement."""
    count = [0]

    def statement(*_: Any) -> None:
        count[0] += 1
        if count[0] == number:
            raise Crash

    with listening(database, statement):
        yield


@pytest.mark.parametrize("provider", ["test", "manual"])
def test_dying_at_any_statement_leaves_nothing_and_the_next_try_succeeds(front: Front, provider: str) -> None:
    front.product("MUG", "10.00", stock=3)
    promotion = front.promotion("TEN", percent=Decimal(10), total_limit=1)
    cart = front.cart(MUG=2, codes=["TEN"])
    terms: dict[str, Any] = {"provider": provider, "email": "ada@example.com", "shipping_address": ADA}
    before = everything(front)
    placed: Placed | None = None
    died = 0
    while placed is None:
        with dying_at(front.database, died + 1):
            try:
                placed = front.place(cart, **terms)
            except Crash:
                died += 1
        assert placed is not None or everything(front) == before, f"dying at statement {died} left something behind"
    assert died > 20
    assert placed.total_minor == 1800
    assert front.used(promotion) == 1
    with front.database.read() as tx:
        assert rows_of(tx, Order) == rows_of(tx, PaymentIntent) == 1
        assert total(tx, Stock.on_hand) - total(tx, Stock.reserved) == 1


def everything(front: Front) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with front.database.read() as tx:
        return {table.name: sorted(map(repr, tx.execute(select(table)))) for table in metadata.sorted_tables}
