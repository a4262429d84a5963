"""Money that moved: recorded once, as told, with or without an order that we know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, a_refund, an_order, rows_of, total
from tradewind.commerce.booking import Effect, Outcome
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.payments.model import Payment, Refund, RefundItem
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.events import outbox


def pay(shop: Shop, *payments: NewPayment) -> list[Outcome]:
    with shop.database.write() as tx:
        return record_payments(tx, payments, shop.booking)


def refund(shop: Shop, *refunds: NewRefund) -> list[Outcome]:
    with shop.database.write() as tx:
        return book_refunds(tx, refunds, shop.booking)


def a_payment(number: str = "P-1", amount: str = "10.00", **more: Any) -> NewPayment:
    return NewPayment(number, Decimal(amount), "EUR", "card", **more)


def facts(database: Database, topic: str) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == topic]


def test_a_payment_finds_its_order_by_number_or_by_the_channels_id(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", external_id="x-1"))
    pay(shop, a_payment("P-1", order_reference="A"), a_payment("P-2", order_reference="x-1"), a_payment("P-3"))
    with store.read() as tx:
        found = {row.external_id: (row.order_id, row.paid_at) for row in tx.scalars(select(Payment))}
    assert found == {"P-1": (booked.id, NOON), "P-2": (booked.id, NOON), "P-3": (None, None)}


def test_a_payment_of_an_unknown_order_is_kept_with_the_name_it_was_told(store: Database) -> None:
    shop = Shop.open(store)
    assert pay(shop, a_payment(order_reference="nobody"))[0].effect is Effect.CREATED
    (fact,) = facts(store, "payments")
    assert (fact["order_id"], fact["order_reference"], fact["amount"]) == ("", "nobody", "10.00")


def test_a_payment_told_again_is_one_and_with_another_amount_it_is_refused(store: Database) -> None:
    shop = Shop.open(store)
    outcomes = pay(shop, a_payment(), a_payment(), a_payment(amount="11"))
    assert [outcome.effect for outcome in outcomes] == [Effect.CREATED, Effect.UNCHANGED, Effect.REFUSED]
    again = pay(shop, a_payment(), a_payment(amount="11"))
    assert [outcome.effect for outcome in again] == [Effect.UNCHANGED, Effect.REFUSED]
    assert "A payment is never changed: record a refund" in str(again[1].error)
    with store.read() as tx:
        assert (rows_of(tx, Payment), total(tx, Payment.amount_minor)) == (1, 1000)


def test_money_given_back_is_no_negative_payment() -> None:
    with pytest.raises(InvalidInput, match=r"Book money given back as a refund"):
        a_payment(amount="-1")
    with pytest.raises(InvalidInput, match=r"has no id"):
        a_payment(" ")


def test_a_refund_takes_units_and_revenue_off_on_its_own_day(store: Database) -> None:
    shop = Shop.open(store)
    (booked,) = shop.book(an_order("A", a_line("MUG", 3)))
    lines = (NewRefundLine("MUG", 2, Decimal("9.995"), is_restocked=True), NewRefundLine("CUP", 0, Decimal("1.50")))
    told = a_refund("R", *lines, order_reference="A", shipping=Decimal("3.90"), tax=Decimal("0.10"), ship_country="DE")
    assert refund(shop, told)[0].effect is Effect.CREATED
    with store.read() as tx:
        row = tx.scalars(select(Refund)).one()
        assert (row.items_minor, row.shipping_minor, row.tax_minor, row.amount_minor) == (2149, 390, 10, 2549)
        assert (row.units, row.order_id, row.refunded_at) == (2, booked.id, NOON + timedelta(days=1))
    (fact,) = facts(store, "refunds")
    figures = [(e["grain"], e["units"], e["revenue"], e["refunded"], e["orders"]) for e in fact["entries"]]
    assert figures == [
        ("order", -2, "-21.49", "21.49", 0),
        ("product", -2, "-19.99", "19.99", 0),
        ("product", 0, "-1.50", "1.50", 0),
    ]
    assert {e["at"][:10] for e in fact["entries"]} == {"2026-03-11"}


def test_goods_come_back_only_where_the_refund_says_so(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", a_line("MUG", 5)))
    refund(
        shop,
        a_refund("R-1", NewRefundLine("MUG", 2, Decimal(10), is_restocked=True)),
        a_refund("R-2", NewRefundLine("MUG", 1, Decimal(10))),
        a_refund("R-3", NewRefundLine("POST", 1, Decimal(4), kind=ProductKind.SERVICE, is_restocked=True)),
    )
    with store.read() as tx:
        assert total(tx, Stock.on_hand) == -3
        assert tx.scalars(select(StockMovement.delta).where(StockMovement.reason == "return")).all() == [2]


def test_a_refund_told_again_is_one_and_with_other_content_it_is_refused(store: Database) -> None:
    shop = Shop.open(store)
    other = a_refund("R-1", NewRefundLine("MUG", 1, Decimal(9)))
    outcomes = refund(shop, a_refund(), a_refund(), other)
    assert [outcome.effect for outcome in outcomes] == [Effect.CREATED, Effect.UNCHANGED, Effect.REFUSED]
    (refused,) = refund(shop, other)
    assert isinstance(refused.error, Conflict)
    assert "Credit notes are final: book a new one" in str(refused.error)
    with store.read() as tx:
        assert (rows_of(tx, Refund), rows_of(tx, RefundItem)) == (1, 1)


def test_a_refund_without_lines_or_order_is_kept(store: Database) -> None:
    shop = Shop.open(store)
    told = NewRefund("R", NOON, "EUR", (), shipping=Decimal("3.90"), order_reference="unknown")
    assert refund(shop, told)[0].effect is Effect.CREATED
    with store.read() as tx:
        assert (total(tx, Refund.amount_minor), rows_of(tx, RefundItem)) == (390, 0)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: NewRefundLine("", 1, Decimal(1)), "sku"),
        (lambda: NewRefundLine("MUG", -1, Decimal(1)), "quantity"),
        (lambda: NewRefundLine("MUG", 1, Decimal(-1)), "quantity"),
        (lambda: a_refund(""), "external_id"),
        (lambda: a_refund(currency="??"), "currency"),
        (lambda: a_refund(refunded_at=NOON.replace(tzinfo=None)), "refunded_at"),
    ],
)
def test_what_no_refund_can_say_is_refused_where_it_stands(make: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make()
    assert refused.value.field == field
