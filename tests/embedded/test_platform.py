"""The shop as a Python object: what a developer who embeds it is promised."""

from __future__ import annotations

import subprocess
import sys
import threading
import unittest
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import ROOT
from tradewind import EcommercePlatform, Platform
from tradewind.commerce.carts.errors import CartNotOrderable
from tradewind.commerce.customers.profiles import EmailTaken
from tradewind.commerce.inventory.model import StockMovement
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import IllegalTransition
from tradewind.core.clock import ManualClock
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.embedded import InsufficientStock

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class TestAsAUnittest(unittest.TestCase):
    """The shortest test that a user of the class would write, in their own style."""

    def setUp(self) -> None:
        self.platform = EcommercePlatform(":memory:")

    def tearDown(self) -> None:
        self.platform.close()

    def test_order_of_one_item(self) -> None:
        customer_id = self.platform.create_customer("test@example.com", "Test User", "123 Test St", "555-0100")
        product_id = self.platform.add_product("Test Product", "Description", 99.99, 10, "Electronics")
        self.platform.add_to_cart(customer_id, product_id, 1)
        order_id = self.platform.create_order(customer_id)
        order = self.platform.get_order(order_id)
        assert order["total_amount"] == 99.99
        assert order["total_amount_minor"] == 9999
        assert len(order["items"]) == 1


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    place: Path | str = ":memory:"
    if request.param == "sqlite":
        place = tmp_path / "shop.db"
    elif request.param == "postgresql":
        place = request.getfixturevalue("postgres_url")
    with Platform(place, clock=ManualClock(NOON)) as opened:
        yield opened


def test_from_shelf_to_cart_to_order(shop: Platform) -> None:
    mug = shop.add_product("Mug", "Stoneware", 12.50, 40, "Home / Kitchen")
    shop.add_product("Lamp", "Brass", "80", 1, "Home")
    ada = shop.create_customer("ada@example.com", "Ada Example", "1 Harbour Street, Springfield", "555-0100")

    assert [product["name"] for product in shop.get_products()] == ["Lamp", "Mug"]
    (found,) = shop.get_products(category="Home / Kitchen")
    assert (found["id"], found["price"], found["price_minor"], found["stock"]) == (mug, 12.5, 1250, 40)
    assert found["description"] == "Stoneware"
    assert len(shop.get_products(category="Home")) == 2
    assert shop.get_products(category="Garden") == []
    assert len(shop.get_products(limit=1)) == 1

    shop.add_to_cart(ada, mug, 2)
    shop.add_to_cart(ada, mug, 3)
    (line,) = shop.get_cart(ada)
    assert (line["quantity"], line["price"], line["subtotal"], line["subtotal_minor"]) == (5, 12.5, 62.5, 6250)
    order_id = shop.create_order(ada)
    assert shop.get_cart(ada) == []
    assert shop.get_product(mug)["stock"] == 35

    order = shop.get_order(order_id)
    assert (order["total_amount"], order["customer_name"], order["customer_email"]) == (
        62.5,
        "Ada Example",
        "ada@example.com",
    )
    assert [(item["product_name"], item["quantity"], item["price"]) for item in order["items"]] == [("Mug", 5, 12.5)]
    assert [known["id"] for known in shop.get_customer_orders(ada)] == [order_id]
    person = shop.get_customer(ada)
    assert (person["email"], person["address"], person["phone"]) == (
        "ada@example.com",
        "1 Harbour Street, Springfield",
        "555-0100",
    )


def test_too_few_units_are_a_value_error_that_says_what_is_missing(shop: Platform) -> None:
    mug = shop.add_product("Mug", "", 10, 3)
    ada = shop.create_customer("ada@example.com", "Ada")
    shop.add_to_cart(ada, mug, 4)
    with pytest.raises(ValueError, match=r"asked 4, available 3") as refused:
        shop.create_order(ada)
    assert isinstance(refused.value, InsufficientStock)
    (short,) = refused.value.shortfalls
    assert (short.product_id, short.asked, short.available) == (mug, 4, 3)
    assert shop.get_product(mug)["stock"] == 3
    assert shop.get_customer_orders(ada) == []
    assert [line["quantity"] for line in shop.get_cart(ada)] == [4]


def test_stock_moves_through_the_ledger(shop: Platform) -> None:
    mug = shop.add_product("Mug", "", 10, 5)
    assert shop.update_stock(mug, 50) == 55
    assert shop.update_stock(mug, -5, reason="damage") == 50
    with pytest.raises(Conflict, match="50 are on hand"):
        shop.update_stock(mug, -51)
    with shop.read() as tx:
        moved = tx.execute(select(StockMovement.reason, StockMovement.delta).order_by(StockMovement.id)).all()
    assert [tuple(row) for row in moved] == [("receipt", 5), ("receipt", 50), ("damage", -5)]


def test_an_order_follows_its_states_and_a_cancelled_one_gives_its_units_back(shop: Platform) -> None:
    mug = shop.add_product("Mug", "", 10, 5)
    ada = shop.create_customer("ada@example.com", "Ada")
    shop.add_to_cart(ada, mug, 2)
    first = shop.create_order(ada)
    shop.update_order_status(first, "processing")
    shop.update_order_status(first, "shipped")
    shop.update_order_status(first, "delivered")
    assert shop.get_order(first)["status"] == "delivered"
    with pytest.raises(IllegalTransition):
        shop.update_order_status(first, "processing")
    with pytest.raises(InvalidInput, match="is not an order status"):
        shop.update_order_status(first, "lost")

    shop.add_to_cart(ada, mug, 3)
    second = shop.create_order(ada)
    assert shop.get_product(mug)["stock"] == 0
    shop.update_order_status(second, "cancelled")
    assert shop.get_product(mug)["stock"] == 3


def test_what_cannot_be_is_refused_with_a_reason(shop: Platform) -> None:
    ada = shop.create_customer("ada@example.com", "Ada")
    with pytest.raises(EmailTaken):
        shop.create_customer("Ada@example.com", "Another")
    with pytest.raises(InvalidInput, match="negative"):
        shop.add_product("Mug", "", -1, 5)
    with pytest.raises(InvalidInput, match="negative"):
        shop.add_product("Mug", "", 1, -5)
    with pytest.raises(InvalidInput, match="not an amount"):
        shop.add_product("Mug", "", "twelve", 5)
    with pytest.raises(CartNotOrderable):
        shop.create_order(ada)
    with pytest.raises(NotFound):
        shop.get_order("nothing")
    assert shop.get_products() == []


def test_what_is_no_whole_number_of_units_is_refused_at_every_door(shop: Platform) -> None:
    ada, mug = shop.create_customer("ada@example.com", "Ada"), shop.add_product("Mug", "", 10, stock=3)
    half: Any = 1.5
    doors: list[tuple[str, Callable[[], object]]] = [
        ("stock", lambda: shop.add_product("Pot", "", 10, stock=half)),
        ("quantity", lambda: shop.add_to_cart(ada, mug, half)),
        ("quantity_delta", lambda: shop.update_stock(mug, half)),
    ]
    for field, door in doors:
        with pytest.raises(InvalidInput, match="whole number") as refused:
            door()
        assert refused.value.field == field
    assert (shop.get_product(mug)["stock"], shop.get_cart(ada), len(shop.get_products())) == (3, [], 1)
    with pytest.raises(InvalidInput, match="no amount"):
        shop.add_product("Pot", "", float("nan"))
    with pytest.raises(InvalidInput, match="no reason") as unknown:
        shop.update_stock(mug, 1, reason="because")
    assert unknown.value.field == "reason"


def test_eight_threads_sell_the_last_twenty_units_and_not_one_more(shop: Platform) -> None:
    mug = shop.add_product("Mug", "", 10, 20)
    buyers = [shop.create_customer(f"buyer{number}@example.com", f"Buyer {number}") for number in range(64)]
    for buyer in buyers:
        shop.add_to_cart(buyer, mug)
    sold: list[str] = []
    refused: list[str] = []
    other: list[BaseException] = []
    queue = iter(buyers)
    lock = threading.Lock()

    def buy() -> None:
        while True:
            with lock:
                buyer = next(queue, None)
            if buyer is None:
                return
            try:
                sold.append(shop.create_order(buyer))
            except InsufficientStock:
                refused.append(buyer)
            except BaseException as broken:  # noqa: BLE001 (whatever it is, the test shall show it)
                other.append(broken)

    threads = [threading.Thread(target=buy) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(sold), len(refused), other) == (20, 44, [])
    assert shop.get_product(mug)["stock"] == 0
    with shop.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Order)) == 20
        assert tx.scalar(select(func.sum(StockMovement.delta))) == 0


def test_what_is_kept_in_a_file_is_there_again(tmp_path: Path) -> None:
    with Platform(tmp_path / "shop.db") as shop:
        mug = shop.add_product("Mug", "", 10, 5)
    with Platform(tmp_path / "shop.db") as again:
        assert again.get_product(mug)["stock"] == 5


def test_amounts_have_the_digits_of_their_currency(tmp_path: Path) -> None:
    with Platform(tmp_path / "yen.db", currency="JPY") as shop:
        mug = shop.add_product("Mug", "", 1200, 5)
        ada = shop.create_customer("ada@example.com", "Ada")
        shop.add_to_cart(ada, mug, 2)
        order = shop.get_order(shop.create_order(ada))
    assert (order["total_amount"], order["total_amount_minor"]) == (2400.0, 2400)


def test_the_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "shop.py")], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Refused: Not enough stock" in done.stdout
    assert done.stdout.rstrip().endswith("shipped 74.90")


def test_importing_the_package_costs_nothing() -> None:
    code = "import sys, tradewind; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "False"
