"""One product that two processes of eight threads each sell at once, to five times as many buyers as there are units.

Every unit has to be sold once, everybody else has to be told that it is gone, and nothing may be left over. The
figure says how many buyers a second get their answer; it fails when a single one of them is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from bench.buyers import buyers_with_carts, driven
from bench.machine import Figure, measure
from tradewind import Platform
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.checkout.service import CheckoutTerms, place_order
from tradewind.commerce.inventory.model import Stock, StockMovement
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.commerce.payments.providers import manual
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable

PROCESSES, THREADS = 2, 8
_BUYERS_PER_UNIT = 5
_TRIES = 50
_PLACED, _SHORT = "placed", "short"


def run(*, quick: bool) -> list[Figure]:
    buyers = 640 if quick else 100_000
    units = buyers // _BUYERS_PER_UNIT
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        with Platform(Path(folder) / "hot.db") as shop:
            product = shop.add_product("Hot", "", 10, units)
            buyers_with_carts(shop, product, buyers)
            url = shop.database.url
        began = time.perf_counter()
        outcomes = _sell(url)
        taken = time.perf_counter() - began
        wrong = _wrong(url, outcomes, buyers, units)
    if wrong:
        raise RuntimeError("; ".join(wrong))
    return [
        Figure(
            f"buyers of one product who get their answer, {PROCESSES} processes of {THREADS} threads",
            buyers / taken,
            "buyers/s",
            note=f"{outcomes[_PLACED]:,} orders, {outcomes[_SHORT]:,} refusals, no other answer, nothing left over",
        )
    ]


def _sell(url: str) -> Counter[str]:
    """Lets each process order its share of the carts; counts what became of them."""
    line = [sys.executable, "-m", "bench.hot_product", "--sell", url]
    crew = [subprocess.Popen([*line, str(share)], stdout=subprocess.PIPE, text=True) for share in range(PROCESSES)]
    outcomes: Counter[str] = Counter()
    for seller in crew:
        told, _ = seller.communicate()
        if seller.returncode:
            raise RuntimeError(f"A seller ended with exit code {seller.returncode}.")
        outcomes += Counter(json.loads(told))
    return outcomes


def _share_of(url: str, share: int) -> Counter[str]:
    """What one process does: every second cart, by eight threads."""
    database, clock, actor = Database(url), SystemClock(), Actor("seller")
    answers: list[str] = []

    def order(cart_id: str) -> None:
        answers.append(_answer(database, clock, actor, cart_id))

    try:
        with database.read() as tx:
            carts = list(tx.scalars(select(Cart.id).order_by(Cart.id)))[share::PROCESSES]
        driven(carts, order, THREADS)
    finally:
        database.close()
    return Counter(answers)


def _answer(database: Database, clock: SystemClock, actor: Actor, cart_id: str) -> str:
    for _ in range(_TRIES):
        try:
            with database.write() as tx:
                place_order(tx, cart_id, CheckoutTerms(manual.NAME), actor=actor, now=clock.now())
        except InsufficientStock:
            return _SHORT
        except Unavailable:
            continue  # who is told to try again does
        except Exception as failure:  # noqa: BLE001 (any other answer is what this looks for)
            return repr(failure)
        return _PLACED
    return "told to try again for ever"


def _wrong(url: str, outcomes: Counter[str], buyers: int, units: int) -> list[str]:
    """Every way in which what is left differs from one order per unit."""
    database = Database(url)
    try:
        with database.read() as tx:
            kept = {
                table.__tablename__: int(tx.scalar(select(func.count()).select_from(table)) or 0)
                for table in (Order, OrderItem, PaymentIntent)
            }
            kept["order numbers"] = int(tx.scalar(select(func.count(Order.order_number.distinct()))) or 0)
            still_open = select(func.count()).select_from(Cart).where(Cart.status == "open")
            left = {
                "open carts": (int(tx.scalar(still_open) or 0), buyers - units),
                "units on hand": (int(tx.scalar(select(func.sum(Stock.on_hand))) or 0), 0),
                "units reserved": (int(tx.scalar(select(func.sum(Stock.reserved))) or 0), 0),
                "sum of movements": (int(tx.scalar(select(func.sum(StockMovement.delta))) or 0), 0),
            }
    finally:
        database.close()
    expected = Counter({_PLACED: units, _SHORT: buyers - units})
    found = [f"answers: {dict(outcomes)} instead of {dict(expected)}"] if outcomes != expected else []
    found += [f"{name}: {count} for {units} units" for name, count in kept.items() if count != units]
    found += [f"{name}: {count} instead of {wanted}" for name, (count, wanted) in left.items() if count != wanted]
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--sell"]:
        print(json.dumps(_share_of(sys.argv[2], int(sys.argv[3]))))
    else:
        measure(run)
