"""Many buyers, one product, few units: each unit is sold once, everybody else is told so, nothing is left over."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.commerce.shopfront import Front
from tests.commerce.test_races import at_once, until_done
from tests.spine import NOON, rows_of, total
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.checkout.service import HOLD_FOR, Placed
from tradewind.commerce.inventory.model import Reservation, Stock, StockMovement
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.orders.model import NumberSeries, Order, OrderItem
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable

ROOT = Path(__file__).resolve().parent.parent.parent
BUYERS, UNITS, THREADS, PROCESSES = 64, 20, 8, 2


def buy(front: Front, carts: list[str], provider: str) -> Counter[str]:
    """Lets threads order the carts of their share; counts what became of each."""
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()

    def one(cart_id: str) -> str:
        for _ in range(50):
            try:
                front.place(cart_id, provider=provider)
            except InsufficientStock:
                return "short"
            except Unavailable:
                continue  # told to try again
            except Exception as failure:  # noqa: BLE001 (any other error is what the test is about)
                return repr(failure)
            return "placed"
        return "told to try again for ever"

    def work(share: list[str]) -> None:
        for cart_id in share:
            outcome = one(cart_id)
            with lock:
                outcomes[outcome] += 1

    threads = [threading.Thread(target=work, args=(carts[number::THREADS],)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _child(url: str, provider: str, carts: list[str]) -> None:
    """A process of its own, as `python -m tests.commerce.test_hot_product`: what it saw goes to its output."""
    database = Database(url)
    try:
        sys.stdout.write(json.dumps(buy(Front.open(database), carts, provider)))
    finally:
        database.close()


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["test", "manual"])
def test_64_buyers_of_20_units_make_20_orders(store: Database, provider: str) -> None:
    front = Front.open(store)
    front.product("HOT", "10.00", stock=UNITS)
    carts = [front.cart(HOT=1) for _ in range(BUYERS)]

    line = [sys.executable, "-m", "tests.commerce.test_hot_product", store.url, provider]
    children = [
        subprocess.Popen([*line, *carts[number::PROCESSES]], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]
    outcomes: Counter[str] = Counter()
    for child in children:
        told, _ = child.communicate(timeout=120)
        assert child.returncode == 0
        outcomes += Counter(json.loads(told))

    assert outcomes == {"placed": UNITS, "short": BUYERS - UNITS}
    with store.read() as tx:
        assert rows_of(tx, Order) == rows_of(tx, OrderItem) == rows_of(tx, PaymentIntent) == UNITS
        assert tx.scalars(select(NumberSeries.next_value)).one() == UNITS + 1
        assert len(set(tx.scalars(select(Order.order_number)))) == UNITS
        open_carts = select(func.count()).select_from(Cart).where(Cart.status == "open")
        assert tx.scalar(open_carts) == BUYERS - UNITS
        held = UNITS if provider == "test" else 0
        assert total(tx, Reservation.quantity) == total(tx, Stock.reserved) == held
        assert total(tx, Stock.on_hand) == total(tx, StockMovement.delta) == held


def test_a_late_payment_and_a_new_buyer_do_not_both_get_the_last_unit(store: Database) -> None:
    front = Front.open(store)
    late_at = NOON + HOLD_FOR + timedelta(minutes=1)
    for number in range(6):
        sku = f"LAST-{number}"
        front.product(sku, "10.00", stock=1)
        late, cart = front.place(front.filled({sku: 1})), front.filled({sku: 1}, now=late_at)

        def pay(late: Placed = late) -> None:
            until_done(lambda: front.pay(late, now=late_at))

        def order(cart: str = cart) -> None:
            until_done(lambda: front.place(cart, provider="manual", now=late_at))

        def sweep() -> None:
            until_done(lambda: front.sweep(late_at))

        failures = at_once(pay, order, sweep)

        with store.read() as tx:
            sold = tx.scalars(
                select(OrderItem.order_id).join(Order).where(OrderItem.sku == sku, Order.status == "confirmed")
            )
            assert len(sold.all()) == 1
            assert [type(failure) for failure in failures] in ([], [InsufficientStock])
            assert total(tx, Stock.on_hand) == total(tx, Stock.reserved) == 0
            assert tx.get_one(Order, late.order_id).status in ("confirmed", "cancelled")


def test_two_checkouts_of_one_cart_make_one_order(store: Database) -> None:
    front = Front.open(store)
    front.product("MUG", "10.00", stock=9)
    cart = front.cart(MUG=1)
    placed: list[str] = []
    failures = at_once(
        *[lambda: until_done(lambda: placed.append(front.place(cart).order_id)) for _ in range(4)],
    )
    assert not failures
    assert len(placed) == 4
    assert len(set(placed)) == 1
    with store.read() as tx:
        assert rows_of(tx, Order) == rows_of(tx, PaymentIntent) == 1
        assert total(tx, Stock.reserved) == 1


if __name__ == "__main__":
    _child(sys.argv[1], sys.argv[2], sys.argv[3:])
