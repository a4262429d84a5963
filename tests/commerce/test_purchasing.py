"""What is ordered is inbound, what arrives is on the shelf, and what will not come is neither."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.commerce.shelf import LATER, Shelves, assert_books_agree, at_once, audited
from tests.spine import NOON
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.inventory.store import MovementFilter, movements_page
from tradewind.commerce.purchasing import orders
from tradewind.commerce.purchasing.model import PurchaseOrder, Supplier
from tradewind.commerce.purchasing.orders import (
    NewPurchaseLine,
    NewPurchaseOrder,
    PurchaseState,
    cancel_purchase_order,
    change_purchase_order,
    create_purchase_order,
    receive_purchase_order,
    send_purchase_order,
)
from tradewind.commerce.purchasing.store import (
    find_purchase_order,
    offers_page,
    purchase_lines,
    purchase_orders_page,
    suppliers_page,
)
from tradewind.commerce.purchasing.suppliers import (
    NewSupplier,
    Offer,
    SupplierCodeTaken,
    change_supplier,
    create_supplier,
    drop_offer,
    put_offers,
)
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


def supplier(shelves: Shelves, code: str = "potter", currency: str = "EUR") -> str:
    made: Supplier = shelves.do(create_supplier, NewSupplier(code, code.title(), currency))
    return made.id


def line(shelves: Shelves, sku: str, quantity: int, cost: str | None = "2.50") -> NewPurchaseLine:
    return NewPurchaseLine(shelves.ids[sku], quantity, None if cost is None else Decimal(cost))


def draft(shelves: Shelves, *lines: NewPurchaseLine) -> str:
    with shelves.database.read() as tx:
        known = suppliers_page(tx, limit=1).items
    who = known[0].supplier_id if known else supplier(shelves)
    made: PurchaseOrder = shelves.do(create_purchase_order, NewPurchaseOrder(who, shelves.main, lines))
    return made.id


def ordered(shelves: Shelves, *lines: NewPurchaseLine) -> str:
    made = draft(shelves, *lines)
    shelves.do(send_purchase_order, made)
    return made


def status_of(shelves: Shelves, order_id: str) -> str:
    with shelves.database.read() as tx:
        return find_purchase_order(tx, order_id).status


def test_goods_are_inbound_from_the_order_until_they_arrive(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP")
    order = draft(shelves, line(shelves, "MUG", 10), line(shelves, "CUP", 4))
    assert shelves.there("MUG").inbound == 0
    shelves.do(send_purchase_order, order)
    assert (shelves.there("MUG").inbound, shelves.available("MUG")) == (10, 0)
    shelves.do(receive_purchase_order, order, {1: 6})
    there = shelves.there("MUG")
    assert (there.on_hand, there.available, there.inbound) == (6, 6, 4)
    assert status_of(shelves, order) == "partial"
    assert_books_agree(store)
    shelves.do(receive_purchase_order, order, {1: 4, 2: 4}, now=LATER)
    assert status_of(shelves, order) == "received"
    assert (shelves.there("MUG").inbound, shelves.there("CUP").on_hand) == (0, 4)
    with store.read() as tx:
        came = movements_page(tx, MovementFilter(reference=order), limit=9).items
        assert find_purchase_order(tx, order).closed_at == LATER
    assert sorted((m.sku, m.delta, m.reason) for m in came) == [
        ("CUP", 4, "receipt"),
        ("MUG", 4, "receipt"),
        ("MUG", 6, "receipt"),
    ]
    assert_books_agree(store)


def test_more_than_was_ordered_is_on_the_shelf_all_the_same(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP")
    order = ordered(shelves, line(shelves, "MUG", 10), line(shelves, "CUP", 1))
    shelves.do(receive_purchase_order, order, {1: 12})
    shelves.do(receive_purchase_order, order, {1: 1})
    assert (shelves.there("MUG").on_hand, shelves.there("MUG").inbound) == (13, 0)
    assert status_of(shelves, order) == "partial"
    assert_books_agree(store)


def test_what_will_not_come_is_inbound_no_longer(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    some = ordered(shelves, line(shelves, "MUG", 10))
    none = ordered(shelves, line(shelves, "MUG", 5))
    shelves.do(receive_purchase_order, some, {1: 3})
    assert shelves.there("MUG").inbound == 12
    shelves.do(cancel_purchase_order, some)
    shelves.do(cancel_purchase_order, none)
    assert (shelves.there("MUG").inbound, shelves.there("MUG").on_hand) == (0, 3)
    assert (status_of(shelves, some), status_of(shelves, none)) == ("received", "cancelled")
    assert_books_agree(store)


def test_one_product_on_two_lines_is_inbound_twice(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    order = ordered(shelves, line(shelves, "MUG", 10), line(shelves, "MUG", 5, "2.00"))
    assert shelves.there("MUG").inbound == 15
    shelves.do(receive_purchase_order, order, {1: 11, 2: 2})
    assert (shelves.there("MUG").on_hand, shelves.there("MUG").inbound) == (13, 3)
    assert_books_agree(store)


def test_an_order_goes_through_its_states_once(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    receive: Callable[..., Any] = partial(receive_purchase_order, arrived={1: 1})
    other_lines: Callable[..., Any] = partial(change_purchase_order, changes={}, lines=[line(shelves, "MUG", 1)])
    order = draft(shelves, line(shelves, "MUG", 2))
    with pytest.raises(PurchaseState, match="is draft"):
        shelves.do(receive, order)
    shelves.do(send_purchase_order, order)
    for step in (send_purchase_order, other_lines):
        with pytest.raises(PurchaseState, match="is ordered"):
            shelves.do(step, order)
    shelves.do(change_purchase_order, order, {"expected_on": date(2026, 4, 1)})
    shelves.do(receive_purchase_order, order, {1: 2})
    for step in (send_purchase_order, receive, cancel_purchase_order, other_lines):
        with pytest.raises(PurchaseState, match="is received"):
            shelves.do(step, order)
    assert_books_agree(store)


def receive_at_once(shelves: Shelves, order: str) -> list[Exception]:
    return at_once(*(partial(shelves.do, receive_purchase_order, order, {1: 2}) for _ in range(4)))


def test_arrivals_told_at_once_are_all_booked(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    order = ordered(shelves, line(shelves, "MUG", 7), line(shelves, "MUG", 1))
    assert receive_at_once(shelves, order) == []
    assert (shelves.there("MUG").on_hand, shelves.there("MUG").inbound) == (8, 1)
    assert_books_agree(store)


def test_without_holding_the_order_arrivals_at_once_take_too_much_off_what_is_inbound(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The danger itself: each sees three still to come. SQLite lets in one at a time."""
    both_read, first_looks = threading.Barrier(2), [1, 2]

    def not_held(tx: Any, order_id: str) -> PurchaseOrder:
        return tx.get_one(PurchaseOrder, order_id)  # type: ignore[no-any-return]  # tx is a Session

    def read_together(tx: Any, order_id: str) -> Any:
        found = read(tx, order_id)
        if first_looks:
            first_looks.pop()
            both_read.wait(10)
        return found

    shelves = Shelves(postgres, "MUG")
    order = ordered(shelves, line(shelves, "MUG", 3), line(shelves, "MUG", 1))
    read = orders._lines
    monkeypatch.setattr(orders, "hold_purchase_order", not_held)
    monkeypatch.setattr(orders, "_lines", read_together)
    assert at_once(*(partial(shelves.do, receive_purchase_order, order, {1: 2}) for _ in range(2))) == []
    with pytest.raises(AssertionError, match="inbound is not what is on its way"):
        assert_books_agree(postgres)


def test_a_line_costs_what_is_said_else_what_the_supplier_asks_else_what_the_product_costs(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP", "JUG")
    who = supplier(shelves)
    with store.write() as tx:
        told = [NewProduct(sku, currency="EUR", unit_cost=Decimal("3.10")) for sku in ("MUG", "CUP")]
        put_products(tx, told, now=NOON)
    shelves.do(put_offers, who, [Offer(shelves.ids["MUG"], Decimal("2.123456"))])
    order = draft(shelves, line(shelves, "MUG", 3, None), line(shelves, "CUP", 2, None), line(shelves, "MUG", 1, "9"))
    with store.read() as tx:
        costs = [(found.unit_cost, found.total) for found in purchase_lines(tx, order, "EUR")]
    assert costs == [
        (Decimal("2.123456"), Decimal("6.37")),
        (Decimal("3.10"), Decimal("6.20")),
        (Decimal("9.00"), Decimal("9.00")),
    ]
    with pytest.raises(InvalidInput, match="what JUG costs in EUR"):
        draft(shelves, line(shelves, "JUG", 1, None))


def test_what_a_product_costs_in_another_currency_is_no_cost(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    supplier(shelves, currency="JPY")
    with store.write() as tx:
        put_products(tx, [NewProduct("MUG", currency="EUR", unit_cost=Decimal("3.10"))], now=NOON)
    with pytest.raises(InvalidInput, match="what MUG costs in JPY"):
        draft(shelves, line(shelves, "MUG", 1, None))


def test_a_draft_is_given_other_lines(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP")
    order = draft(shelves, line(shelves, "MUG", 1))
    shelves.do(change_purchase_order, order, {"note": "soon"}, lines=[line(shelves, "CUP", 2), line(shelves, "MUG", 3)])
    with store.read() as tx:
        assert [(found.sku, found.quantity) for found in purchase_lines(tx, order, "EUR")] == [("CUP", 2), ("MUG", 3)]
        assert find_purchase_order(tx, order).version == 2
    told = audited(store, order)
    assert [action for _, action, _, _ in told] == ["purchase_order.create", "purchase_order.update"]
    assert told[1][2]["note"] is None


def test_what_cannot_be_ordered_is_refused(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    for lines, error in (
        ([], InvalidInput),
        ([line(shelves, "MUG", 0)], InvalidInput),
        ([line(shelves, "MUG", 1, "-1")], InvalidInput),
        ([line(shelves, "MUG", 10**9, "999999999.99")], InvalidInput),
        ([line(shelves, "WRAP", 1)], InvalidInput),
        ([NewPurchaseLine("nothing", 1, Decimal(1))], NotFound),
    ):
        with pytest.raises(error):
            draft(shelves, *lines)
    order = ordered(shelves, line(shelves, "MUG", 1))
    for arrived in ({}, {2: 1}, {1: 0}):
        with pytest.raises(InvalidInput):
            shelves.do(receive_purchase_order, order, arrived)


@pytest.mark.parametrize(
    ("lot", "wanted", "others"),
    [
        ((1, 6), 7, "6 or 12"),
        ((1, 6), 5, "6,"),
        ((10, 1), 9, "10,"),
        ((10, 6), 7, "12,"),
        ((10, 6), 13, "12 or 18"),
        ((12, 6), 17, "12 or 18"),
    ],
)
def test_what_the_supplier_does_not_send_is_not_ordered_and_what_it_sends_is_named(
    store: Database, lot: tuple[int, int], wanted: int, others: str
) -> None:
    shelves = Shelves(store, "MUG")
    who = supplier(shelves)
    order = draft(shelves, line(shelves, "MUG", wanted))
    shelves.do(put_offers, who, [Offer(shelves.ids["MUG"], None, None, *lot)])
    other_lines: Callable[..., Any] = partial(change_purchase_order, changes={}, lines=[line(shelves, "MUG", wanted)])
    for refused in (
        partial(draft, shelves, line(shelves, "MUG", wanted)),
        partial(shelves.do, other_lines, order),
        partial(shelves.do, send_purchase_order, order),
    ):
        with pytest.raises(InvalidInput, match=f"sends MUG .* and not {wanted}. Order {others}") as said:
            refused()
        assert said.value.field == "quantity"
    assert (status_of(shelves, order), shelves.there("MUG").inbound) == ("draft", 0)
    for good in others.rstrip(",").split(" or "):
        ordered(shelves, line(shelves, "MUG", int(good)))


def test_lots_are_those_of_a_product_over_all_lines_and_of_the_supplier_that_is_asked(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP")
    who, other = supplier(shelves, "aaa"), supplier(shelves, "zzz")
    shelves.do(put_offers, who, [Offer(shelves.ids["MUG"], min_quantity=10, pack_size=5)])
    shelves.do(put_offers, other, [Offer(shelves.ids["CUP"], min_quantity=100)])
    ordered(shelves, line(shelves, "MUG", 7), line(shelves, "MUG", 8), line(shelves, "CUP", 3))
    with pytest.raises(InvalidInput, match="Order 15 or 20"):
        draft(shelves, line(shelves, "MUG", 10), line(shelves, "MUG", 8))


def test_suppliers_are_changed_and_what_they_ask_is_kept(store: Database) -> None:
    shelves = Shelves(store, "MUG", "CUP")
    who = supplier(shelves)
    with pytest.raises(SupplierCodeTaken):
        supplier(shelves)
    shelves.do(change_supplier, who, {"name": " Potters ", "email": "shop@example.com", "lead_time_days": 9})
    shelves.do(change_supplier, who, {"is_active": False})
    for changes in ({"name": " "}, {"email": "nobody"}, {"currency": "XXX"}, {"lead_time_days": -1}):
        with pytest.raises(InvalidInput):
            shelves.do(change_supplier, who, changes)
    shelves.do(put_offers, who, [Offer(shelves.ids["MUG"], Decimal(2)), Offer(shelves.ids["CUP"])])
    shelves.do(put_offers, who, [Offer(shelves.ids["MUG"], Decimal(3), "M-1", 10, 5)])
    shelves.do(drop_offer, who, shelves.ids["CUP"])
    with pytest.raises(NotFound):
        shelves.do(drop_offer, who, shelves.ids["CUP"])
    told = [step for step in audited(store, who) if step[1] == "supplier.offers"]
    assert told[-1][2:] == ({"MUG": [None, 2_000_000, 1, 1]}, {"MUG": ["M-1", 3_000_000, 10, 5]})
    with store.read() as tx:
        (found,) = suppliers_page(tx, limit=9, is_active=False, text="pott").items
        offers = offers_page(tx, who, limit=9).items
        assert suppliers_page(tx, limit=9, is_active=True).items == []
    assert (found.name, found.email, found.lead_time_days, found.version) == ("Potters", "shop@example.com", 9, 3)
    assert [(offer.sku, offer.unit_cost, offer.min_quantity, offer.pack_size) for offer in offers] == [
        ("MUG", Decimal(3), 10, 5)
    ]
    with pytest.raises(InvalidInput, match="switched off"):
        draft(shelves, line(shelves, "MUG", 1))


def test_purchase_orders_are_listed_by_state_and_supplier(store: Database) -> None:
    shelves = Shelves(store, "MUG")
    made = [draft(shelves, line(shelves, "MUG", 1)) for _ in range(5)]
    shelves.do(send_purchase_order, made[2])
    with store.read() as tx:
        first = purchase_orders_page(tx, limit=3)
        rest = purchase_orders_page(tx, limit=3, cursor=first.next_cursor)
        sent = purchase_orders_page(tx, limit=9, status="ordered").items
        assert purchase_orders_page(tx, limit=9, supplier_id="nobody").items == []
    assert [order.purchase_order_id for order in (*first.items, *rest.items)] == made[::-1]
    assert [order.number for order in sent] == ["PO-00003"]
