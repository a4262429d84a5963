"""Two servers on one store, many buyers, few units: each unit is sold once, and everybody else is told so."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import httpx
import pytest
from sqlalchemy import func, select

from tests.commerce.shopfront import Front
from tests.reliability.counter import counters
from tests.spine import NOON, rows_of, total
from tradewind.api.cart_references import CartReferences
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.tokens import create_token
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.commerce.inventory.model import Reservation, Stock, StockMovement
from tradewind.commerce.orders.model import NumberSeries, Order, OrderAddress, OrderChange, OrderItem
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.core.database import Database
from tradewind.verify.books import book_checks

pytestmark = pytest.mark.slow

KEY = "k3y-0f-tests-" + "abcdefghij" * 3
BUYERS, UNITS, THREADS, SERVERS = 64, 20, 8, 2

Outcome = tuple[int, str | None]


def buy(address: str, token: str, carts: list[str], provider: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        for cart in carts:
            told = {"cart_id": cart, "provider": provider}
            answer = client.post("/api/v1/checkout", json=told, headers={"Idempotency-Key": cart})
            outcomes.append((answer.status_code, answer.json().get("code")))
    return outcomes


@pytest.mark.parametrize("provider", ["manual", "test"])
def test_64_buyers_at_two_servers_of_20_units_make_20_orders(postgres: Database, provider: str) -> None:
    front = Front.open(postgres)
    front.product("HOT", "10.00", stock=UNITS)
    references = CartReferences(KEY)
    carts = [references.of(front.cart(HOT=1), None) for _ in range(BUYERS)]
    with postgres.write() as tx:
        token = create_token(tx, "tills", [Scope.ORDERS_WRITE], now=NOON).secret

    with counters(SERVERS, postgres.url, KEY) as addresses, ThreadPoolExecutor(SERVERS * THREADS) as buyers:
        lanes = SERVERS * THREADS
        shares = [
            buyers.submit(buy, addresses[lane % SERVERS], token, carts[lane::lanes], provider) for lane in range(lanes)
        ]
        outcomes = Counter(chain.from_iterable(share.result() for share in shares))

    assert outcomes == {(201, None): UNITS, (409, "insufficient_stock"): BUYERS - UNITS}
    with postgres.read() as tx:
        for table in (Order, OrderItem, OrderChange, PaymentIntent, IdempotencyKey):
            assert rows_of(tx, table) == UNITS, table
        assert rows_of(tx, OrderAddress) == 0
        assert {*tx.scalars(select(Order.order_number))} == {f"SHOP-{number:05}" for number in range(1, UNITS + 1)}
        assert tx.scalars(select(NumberSeries.next_value)).one() == UNITS + 1
        assert tx.scalar(select(func.count()).select_from(Cart).where(Cart.status == "open")) == BUYERS - UNITS
        held = UNITS if provider == "test" else 0
        assert rows_of(tx, Reservation) == total(tx, Reservation.quantity) == total(tx, Stock.reserved) == held
        assert total(tx, Stock.on_hand) == total(tx, StockMovement.delta) == held
    assert [str(found) for check in book_checks(postgres) for found in check.look().differences] == []
