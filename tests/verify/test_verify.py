"""`verify` finds each kind of damage, says where it is, and is silent about a sound store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.spine import NOON, Shop, a_line, a_platform, a_refund, an_order, some_orders
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, record_movements
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments
from tradewind.commerce.reviews.service import NewReview, record_reviews
from tradewind.core.database import Database
from tradewind.platform import Access, Platform
from tradewind.verify import Checked, is_clean, verify

Damage = Callable[[Platform], None]


def check(platform: Platform) -> dict[str, Checked]:
    return {made.name: made for made in verify(Access(platform.database, platform.warehouse, lambda: None, None))}


def fill(platform: Platform) -> None:
    shop = Shop.open(platform.database)
    shop.book(*some_orders(20), an_order("J", a_line(price="1250"), currency="JPY", customer=NewCustomer("c-1")))
    shop.book(*some_orders(5, prices_include_tax=True), an_order("A-1", status=OrderStatus.CANCELLED))
    with platform.database.write() as tx:
        book_refunds(tx, [a_refund("R-1"), a_refund("R-2", refunded_at=NOON - timedelta(hours=2))], shop.booking)
        record_payments(tx, [NewPayment("P-1", Decimal("12.34"), "EUR", "card")], shop.booking)
        sku = find_products(tx, ["SKU-3"])["SKU-3"].id
        record_reviews(tx, [NewReview(f"V-{stars}", sku, stars, NOON) for stars in (4, 5)], shop.booking)
    platform.settle()


@pytest.fixture
def platform(data_dir: Path, chdb_path: Path, store_url: str) -> Iterator[Platform]:
    """A filled platform over each kind of store."""
    with a_platform(data_dir, chdb_path, database_url=store_url) as platform:
        fill(platform)
        yield platform


def test_a_sound_store_is_clean_to_the_cent(platform: Platform) -> None:
    checks = check(platform)
    assert is_clean(list(checks.values())), [str(d) for c in checks.values() for d in c.differences]
    assert checks["orders"].totals["orders"] == 21
    assert checks["orders"].totals["sold_orders"] == 20
    assert checks["payments"].totals["amount"] == Decimal("12.34")
    assert checks["live sales"].totals["revenue"] > 0
    assert checks["live sales"].groups > 1


def warehouse_does(*statements: str) -> Damage:
    def damage(platform: Platform) -> None:
        for statement in statements:
            platform.warehouse.command(statement + " SETTINGS mutations_sync = 2" * statement.startswith("ALTER"))

    return damage


def store_does(statement: str) -> Damage:
    def damage(platform: Platform) -> None:
        with platform.database.write() as tx:
            tx.execute(text(statement))

    return damage


SOME_ORDER = "(SELECT min(order_id) FROM log_orders WHERE status = 'confirmed')"
DAMAGES: dict[str, tuple[str, Damage]] = {
    "an order gone from the landed table": (
        "orders",
        warehouse_does(f"ALTER TABLE log_orders DELETE WHERE order_id = {SOME_ORDER}"),
    ),
    "a landed order twice": (
        "facts landed once",
        warehouse_does("INSERT INTO log_orders SELECT * FROM log_orders LIMIT 1"),
    ),
    "a cent more in a landed order": (
        "orders",
        warehouse_does(f"ALTER TABLE log_orders UPDATE revenue = revenue + 0.01 WHERE order_id = {SOME_ORDER}"),
    ),
    "a refund gone": ("refunds", warehouse_does("ALTER TABLE log_refunds DELETE WHERE external_id = 'R-1'")),
    "a payment changed by a cent": (
        "payments",
        warehouse_does("ALTER TABLE log_payments UPDATE amount = amount - 0.01 WHERE 1"),
    ),
    "a stock movement gone": (
        "stock movements",
        warehouse_does("ALTER TABLE log_stock_movements DELETE WHERE log_offset = 0"),
    ),
    "a product gone": ("products", warehouse_does("ALTER TABLE log_products DELETE WHERE log_offset = 0")),
    "a customer gone": ("customers", warehouse_does("ALTER TABLE log_customers DELETE WHERE 1")),
    "a review rejected, and not told": (
        "reviews",
        store_does("UPDATE reviews SET status = 'rejected' WHERE external_id = 'V-4'"),
    ),
    "a star more in a landed review": ("reviews", warehouse_does("ALTER TABLE log_reviews UPDATE rating = 5 WHERE 1")),
    "a live row twice": (
        "live sales",
        warehouse_does("INSERT INTO live_sales SELECT * FROM live_sales WHERE grain = 'order' AND revenue > 0 LIMIT 1"),
    ),
    "a live product row gone": (
        "live sales of products",
        warehouse_does(
            "ALTER TABLE live_sales DELETE WHERE grain = 'product'"
            " AND order_id = (SELECT max(order_id) FROM live_sales)"
        ),
    ),
    "a cent more in the figures of a day": (
        "live figures per business day",
        warehouse_does(
            "INSERT INTO live_daily_sales SELECT grain, day, currency, channel, country, product_id, 0, 0.01, 0, 0"
            " FROM live_daily_sales LIMIT 1"
        ),
    ),
    "an order gone from the ledger": (
        "orders",
        store_does("UPDATE orders SET status = 'pending' WHERE order_number = 'A-3'"),
    ),
    "a cent more in the ledger": (
        "orders",
        store_does("UPDATE orders SET revenue_minor = revenue_minor + 1 WHERE order_number = 'A-3'"),
    ),
    "a line's units changed in the ledger": (
        "order items",
        store_does("UPDATE order_items SET quantity = quantity + 1 WHERE sku = 'SKU-3' AND line_no = 1"),
    ),
    "a level that is not the sum of its movements": (
        "stock levels",
        store_does("UPDATE stock SET on_hand = on_hand + 1 WHERE product_id = (SELECT min(product_id) FROM stock)"),
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_named(data_dir: Path, chdb_path: Path, name: str) -> None:
    finder, damage = DAMAGES[name]
    with a_platform(data_dir, chdb_path) as platform:
        fill(platform)
        damage(platform)
        checks = check(platform)
        assert checks[finder].differences, {
            n: [str(d) for d in c.differences] for n, c in checks.items() if c.differences
        }


def test_two_levels_that_differ_and_add_up_to_the_same_are_found(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        fill(platform)
        for sign, which in (("+", "min"), ("-", "max")):
            store_does(
                f"UPDATE stock SET on_hand = on_hand {sign} 5"
                f" WHERE product_id = (SELECT {which}(product_id) FROM stock)"
            )(platform)
        assert len(check(platform)["stock levels"].differences) == 2


def test_a_difference_says_what_where_and_how_much(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        Shop.open(platform.database).book(an_order("A"))
        platform.settle()
        platform.warehouse.command("INSERT INTO live_sales SELECT * FROM live_sales WHERE grain = 'order'")
        differences = [str(difference) for difference in check(platform)["live sales"].differences]
    assert "live sales: day 2026-03-10, channel shop, currency EUR: revenue should be 10 and is 20" in [
        said.replace("10.00", "10").replace("20.0000", "20") for said in differences
    ]


def test_facts_on_their_way_are_waited_for_before_anything_is_called_wrong(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        fill(platform)
        Shop.open(platform.database).book(*some_orders(5, prefix="late"))
        access = Access(platform.database, platform.warehouse, lambda: None, None)
        assert not is_clean(verify(access))
        settling = Access(platform.database, platform.warehouse, lambda: settle(platform), None)
        assert is_clean(verify(settling))


def test_a_movement_that_only_the_ledger_knows_is_missed_in_the_warehouse(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        fill(platform)
        add_a_movement(platform.database)
        assert check(platform)["stock movements"].differences


def add_a_movement(database: Database) -> None:
    with database.write() as tx:
        product_id, location_id = tx.execute(text("SELECT product_id, location_id FROM stock LIMIT 1")).one()
        movement = NewMovement(str(product_id), str(location_id), 7, Reason.RECEIPT, NOON)
        record_movements(tx, [movement], now=NOON)


def settle(platform: Platform) -> None:
    platform.settle()
