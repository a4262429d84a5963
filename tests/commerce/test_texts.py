"""Texts that one of the stores could not keep are refused where they stand, alike on both."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.spine import NOON, Shop, a_line, a_refund, an_order, rows_of
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.refunds import NewRefundLine, book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.commerce.reviews.service import NewReview
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.core.text import check_text

MAKERS: dict[str, tuple[int, Callable[[str], Any]]] = {
    "sku": (128, a_line),
    "category": (200, lambda text: a_line(category=text)),
    "external_line_id": (128, lambda text: a_line(external_line_id=text)),
    "order_number": (128, an_order),
    "external_id": (128, lambda text: an_order(external_id=text)),
    "fulfillment_status": (16, lambda text: an_order(fulfillment_status=text)),
    "payment_status": (32, lambda text: an_order(payment_status=text)),
    "ship_country": (2, lambda text: an_order(ship_country=text)),
    "ship_region": (100, lambda text: an_order(ship_region=text)),
    "ship_city": (200, lambda text: an_order(ship_city=text)),
    "note": (2000, lambda text: an_order(note=text)),
    "email": (320, lambda text: NewCustomer("c", email=text)),
    "phone": (64, lambda text: NewCustomer("c", phone=text)),
    "country": (2, lambda text: NewCustomer("c", country=text)),
    "region": (100, lambda text: NewCustomer("c", region=text)),
    "city": (200, lambda text: NewCustomer("c", city=text)),
    "order_reference": (128, lambda text: NewPayment("p", Decimal(1), "EUR", "card", text)),
    "status": (16, lambda text: NewPayment("p", Decimal(1), "EUR", "card", status=text)),
    "reason": (200, lambda text: a_refund(reason=text)),
    "title": (300, lambda text: NewReview("r", "p", 5, NOON, title=text)),
    "comment": (10_000, lambda text: NewReview("r", "p", 5, NOON, comment=text)),
}


@pytest.mark.parametrize("field", MAKERS)
def test_a_text_that_is_too_long_is_refused_by_the_name_of_its_field(field: str) -> None:
    longest, make = MAKERS[field]
    make("x" * longest)
    with pytest.raises(InvalidInput, match=rf"longer than {longest} characters") as refused:
        make("x" * (longest + 1))
    assert refused.value.field == field


@pytest.mark.parametrize("field", MAKERS)
@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_a_character_that_no_text_can_hold_is_refused(field: str, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"Check the encoding of the source") as refused:
        MAKERS[field][1](text)
    assert refused.value.field == field


@pytest.mark.parametrize("text", [None, "", "ünïcode 漢字 😀", "line\nbreak\ttab", "x" * 10])
def test_any_other_text_is_fine(text: str | None) -> None:
    check_text(text, 20, field="note", of="order A")


def test_texts_at_their_limit_are_kept_whole_by_both_stores(store: Database) -> None:
    shop = Shop.open(store)
    longest = {name: "é" * limit for name, (limit, _) in MAKERS.items()}
    line = a_line(longest["sku"], name="n" * 900, category=longest["category"], external_line_id="x" * 128)
    customer = NewCustomer("c" * 128, longest["email"], "n" * 300, longest["phone"], "DE", "r" * 100, "c" * 200)
    texts = ("fulfillment_status", "payment_status", "ship_country", "ship_region", "ship_city", "note")
    order = an_order("N" * 128, line, customer=customer, external_id="e" * 128, **{t: longest[t] for t in texts})
    assert shop.book(order)[0].error is None
    with store.write() as tx:
        record_payments(tx, [NewPayment("p" * 128, Decimal(1), "EUR", "m" * 1000, "r" * 128)], shop.booking)
        book_refunds(tx, [a_refund("R" * 128, reason=longest["reason"])], shop.booking)
        put_products(tx, [NewProduct("s" * 128, "n" * 900, brand="b" * 200)], now=NOON)
        assert rows_of(tx, Order) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: NewPayment("p", Decimal(10) ** 20, "EUR", "card"),
        lambda: NewPayment("p", Decimal(1), "EUR", "card", installments=-1),
        lambda: a_refund("R", NewRefundLine("MUG", 10**9, Decimal(10) ** 11)),
        lambda: a_refund("R", shipping=Decimal(10) ** 20),
        lambda: a_refund("R", NewRefundLine("MUG", 1, Decimal("0.0000001"))),
        lambda: a_refund("R", refunded_at=NOON.replace(year=1900)),
        lambda: a_line(unit_cost=Decimal(-1)),
    ],
)
def test_amounts_that_cannot_be_kept_are_refused_before_they_are_one_of_a_batch(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


def test_a_product_with_a_cost_below_nothing_is_refused(store: Database) -> None:
    with pytest.raises(InvalidInput, match=r"negative cost"), store.write() as tx:
        put_products(tx, [NewProduct("MUG", currency="EUR", unit_cost=Decimal(-1))], now=NOON)
