"""The store's books held against themselves: silent while they are right, and each wrong row is found and named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text

from tests.commerce.shopfront import CLERK, Front
from tests.spine import NOON
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.payments.order_refunds import RefundAsked, refund_order
from tradewind.core.database import Database
from tradewind.verify import books
from tradewind.verify.books import book_checks
from tradewind.verify.report import Checked


def look(database: Database) -> dict[str, Checked]:
    return {check.name: check.look() for check in book_checks(database)}


def told(database: Database) -> list[str]:
    return [str(difference) for checked in look(database).values() for difference in checked.differences]


def fill(database: Database) -> None:
    """A shop in the middle of its day: orders that wait, that are sold, paid, refunded in part, cancelled, imported."""
    front = Front.open(database)
    front.tax("19", inclusive=False)
    front.product("MUG", "12.99", stock=100)
    front.product("CAP", "7.01", stock=100)
    front.product("WRAP", "1.00", kind="service")
    front.promotion("TEN", percent=Decimal(10), total_limit=50)
    front.place(front.cart(MUG=3, country="DE"))  # SHOP-00001 waits and holds
    front.place(front.cart(MUG=2, CAP=1, WRAP=1, country="DE", codes=["TEN"]), provider="manual")  # 2
    paid = front.place(front.cart(MUG=2, CAP=1, country="DE"))  # 3
    front.pay(paid)
    with database.write() as tx:
        (wish,) = refund_order(tx, paid.order_id, RefundAsked(amount_minor=500), actor=CLERK, now=NOON).wishes
    front.send_back(paid, wish, 500)
    given_up = front.place(front.cart(MUG=1))  # 4
    with database.write() as tx:
        cancel_order(tx, given_up.order_id, actor=CLERK, now=NOON)
    front.book_imported("SHOP-00099")


@pytest.fixture
def shop(store: Database) -> Database:
    fill(store)
    return store


def damage(database: Database, statement: str) -> None:
    with database.write() as tx:
        tx.execute(text(statement))


def test_sound_books_are_silent_whatever_has_happened(shop: Database) -> None:
    assert told(shop) == []
    assert {name: checked.groups for name, checked in look(shop).items()} == {
        "stock levels": 4,
        "reserved stock": 4,
        "holds of orders": 1,
        "order amounts": 5,
        "payments through providers": 4,
        "order numbers": 1,
    }


ORDER_2 = "(SELECT id FROM orders WHERE order_number = 'SHOP-00002')"
ORDER_3 = "(SELECT id FROM orders WHERE order_number = 'SHOP-00003')"
MUG = "(SELECT id FROM products WHERE sku = 'MUG')"
DAMAGES = {
    "on hand is not what moved": (
        f"UPDATE stock SET on_hand = on_hand + 1 WHERE product_id = {MUG}",
        "stock levels: product MUG, location main: on_hand should be 96 and is 97",
    ),
    "a movement is gone": (
        f"DELETE FROM stock_movements WHERE reason = 'receipt' AND product_id = {MUG}",
        "stock levels: product MUG, location main: on_hand should be -4 and is 96",
    ),
    "more is reserved than is held": (
        f"UPDATE stock SET reserved = reserved + 2 WHERE product_id = {MUG}",
        "reserved stock: product MUG, location main: reserved should be 3 and is 5",
    ),
    "a reservation is gone, and its units stay taken": (
        "DELETE FROM reservations",
        "reserved stock: product MUG, location main: reserved should be 0 and is 3",
    ),
    "a sold order holds units for ever": (
        f"UPDATE reservations SET reference = {ORDER_2}",
        "holds of orders: order SHOP-00002, product MUG: held should be 0 and is 3",
    ),
    "a line is gone": (
        f"DELETE FROM order_items WHERE order_id = {ORDER_2} AND line_no = 3",
        "order amounts: order SHOP-00002, channel shop, currency EUR: units should be 3 and is 4",
    ),
    "a line costs a cent more": (
        f"UPDATE order_items SET total_minor = total_minor + 1 WHERE order_id = {ORDER_3} AND line_no = 1",
        "order amounts: order SHOP-00003, channel shop, currency EUR: subtotal should be 33.00 and is 32.99",
    ),
    "a discount is not that of the lines": (
        f"UPDATE orders SET discount_minor = discount_minor + 5 WHERE id = {ORDER_2}",
        "order amounts: order SHOP-00002, channel shop, currency EUR: discount should be 3.40 and is 3.45",
    ),
    "a line's revenue is wrong": (
        f"UPDATE order_items SET revenue_minor = revenue_minor - 1 WHERE order_id = {ORDER_3} AND line_no = 2",
        "order amounts: order SHOP-00003, channel shop, currency EUR: revenue should be 32.98 and is 32.99",
    ),
    "a total forgets its shipping": (
        f"UPDATE orders SET shipping_minor = shipping_minor + 490 WHERE id = {ORDER_3}",
        "order amounts: order SHOP-00003, channel shop, currency EUR: total should be 44.16 and is 39.26",
    ),
    "a total forgets its tax": (
        f"UPDATE orders SET tax_minor = 0 WHERE id = {ORDER_3}",
        "order amounts: order SHOP-00003, channel shop, currency EUR: total should be 32.99 and is 39.26",
    ),
    "a payment is not in the books": (
        f"DELETE FROM payments WHERE order_id = {ORDER_3}",
        "order SHOP-00003, currency EUR: captured should be 0.00 and is 39.26",
    ),
    "a payment is a cent short": (
        f"UPDATE payments SET amount_minor = amount_minor - 1 WHERE order_id = {ORDER_3}",
        "order SHOP-00003, currency EUR: captured should be 39.25 and is 39.26",
    ),
    "money that went back is not counted": (
        f"UPDATE payment_intents SET refunded_minor = 0 WHERE order_id = {ORDER_3}",
        "order SHOP-00003, currency EUR: refunded should be 5.00 and is 0.00",
    ),
    "a refund that never happened is counted": (
        "UPDATE provider_refunds SET status = 'failed'",
        "order SHOP-00003, currency EUR: refunded should be 0.00 and is 5.00",
    ),
    "the series of numbers is behind": (
        "UPDATE number_series SET next_value = 4 WHERE name LIKE 'order:%'",
        "order numbers: channel shop: next should be 5 and is 4",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_wrong_row_is_found_and_named(shop: Database, name: str) -> None:
    statement, expected = DAMAGES[name]
    damage(shop, statement)
    assert any(said.endswith(expected) for said in told(shop)), told(shop)


def test_a_channel_is_believed_about_the_totals_of_its_own_orders(shop: Database) -> None:
    damage(shop, "UPDATE orders SET total_minor = total_minor + 1 WHERE order_number = 'SHOP-00099'")
    assert told(shop) == []
    damage(shop, "UPDATE orders SET subtotal_minor = subtotal_minor + 1 WHERE order_number = 'SHOP-00099'")
    assert told(shop) == [
        "order amounts: order SHOP-00099, channel shop, currency EUR: subtotal should be 10.00 and is 10.01"
    ]


def test_a_level_that_is_gone_is_missed(shop: Database) -> None:
    damage(shop, f"DELETE FROM stock WHERE product_id = {MUG}")
    assert told(shop) == [
        "stock levels: product MUG, location main: on_hand should be 96 and is 0",
        "reserved stock: product MUG, location main: reserved should be 3 and is 0",
    ]


def test_every_part_is_looked_at_and_no_more_is_kept_than_can_be_read(
    shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "_PART", 2)
    assert told(shop) == []
    damage(shop, "UPDATE orders SET units = units + 1")
    checked = look(shop)["order amounts"]
    assert (checked.groups, len(checked.differences)) == (5, 5)

    monkeypatch.setattr(books, "MOST_REPORTED", 3)
    assert len(look(shop)["order amounts"].differences) == 3
