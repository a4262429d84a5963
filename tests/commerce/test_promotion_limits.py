"""The limits of promotions hold for any number of buyers at once, and a use that is given back is free again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from tests.pricing import BY, a_cart, a_product, a_promotion
from tests.spine import NOON, Shop, an_order
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.service import CheckoutTerms, place_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.promotions import uses
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.errors import PromotionUsedUp
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.commerce.promotions.service import create_promotion, release_uses, replace_promotion, take_uses
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, Unavailable


def orders_of(store: Database, count: int) -> list[str]:
    shop = Shop.open(store)
    outcomes = shop.book(*(an_order(f"A-{number}") for number in range(count)))
    return [outcome.id or "" for outcome in outcomes]


def used(store: Database, promotion_id: str) -> tuple[int, int]:
    """What the row counts, and how many uses there are."""
    with store.read() as tx:
        counted = tx.scalars(select(Promotion.used).where(Promotion.id == promotion_id)).one()
        rows = tx.scalars(select(PromotionUse).where(PromotionUse.promotion_id == promotion_id)).all()
    return counted, len(rows)


def race(store: Database, promotion_id: str, orders: list[str], key_of: Callable[[int], str]) -> Counter[str]:
    """All orders take a use at the same moment; what became of them."""
    results: Counter[str] = Counter()
    start = threading.Barrier(8)

    def buy(worker: int) -> None:
        start.wait()
        for number in range(worker, len(orders), 8):
            for _ in range(100):
                try:
                    with store.write() as tx:
                        take_uses(tx, [promotion_id], orders[number], key_of(number), now=NOON)
                except PromotionUsedUp:
                    results["used up"] += 1
                except Unavailable:
                    continue
                else:
                    results["taken"] += 1
                break

    threads = [threading.Thread(target=partial(buy, worker)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_limit_in_all_holds_for_buyers_at_once(store: Database) -> None:
    orders = orders_of(store, 40)
    with store.write() as tx:
        promotion_id = a_promotion(tx, "SEVEN", total_limit=7)
    assert race(store, promotion_id, orders, lambda number: f"buyer {number}") == {"taken": 7, "used up": 33}
    assert used(store, promotion_id) == (7, 7)


def test_a_limit_per_buyer_holds_for_one_buyer_at_once(store: Database) -> None:
    orders = orders_of(store, 40)
    with store.write() as tx:
        promotion_id = a_promotion(tx, "TWICE", customer_limit=2)
    assert race(store, promotion_id, orders, lambda number: f"buyer {number % 4}") == {"taken": 8, "used up": 32}
    assert used(store, promotion_id) == (0, 8)


def test_a_second_order_of_one_buyer_waits_for_the_first_and_is_refused(store: Database) -> None:
    """Both at once, held open: it does not take luck to see whether the second one waits."""
    orders = orders_of(store, 2)
    with store.write() as tx:
        promotion_id = a_promotion(tx, "ONCE", customer_limit=1)
    outcomes: list[str] = []

    def again() -> None:
        try:
            with store.write() as tx:
                take_uses(tx, [promotion_id], orders[1], "buyer", now=NOON)
        except PromotionUsedUp:
            outcomes.append("used up")
        else:
            outcomes.append("taken")

    second = threading.Thread(target=again)
    with store.write() as first:
        take_uses(first, [promotion_id], orders[0], "buyer", now=NOON)
        second.start()
        second.join(0.5)
        assert outcomes == []
    second.join(30)
    assert outcomes == ["used up"]
    assert used(store, promotion_id) == (0, 1)


def test_without_its_wait_a_limit_per_buyer_does_not_hold(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two orders of one buyer both count none, and both take."""
    orders = orders_of(postgres, 2)
    with postgres.write() as tx:
        promotion_id = a_promotion(tx, "ONCE", customer_limit=1)
    monkeypatch.setattr(uses, "_wait_for_buyer", lambda *_: None)
    with postgres.write() as first:
        take_uses(first, [promotion_id], orders[0], "buyer", now=NOON)
        with postgres.write() as second:
            take_uses(second, [promotion_id], orders[1], "buyer", now=NOON)
    assert used(postgres, promotion_id)[1] == 2


def test_without_its_guard_a_limit_in_all_does_not_hold(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = orders_of(store, 2)
    with store.write() as tx:
        promotion_id = a_promotion(tx, "ONCE", total_limit=1)
    monkeypatch.setattr(uses, "_count", lambda *_: True)
    for order_id in orders:
        with store.write() as tx:
            take_uses(tx, [promotion_id], order_id, "buyer", now=NOON)
    assert used(store, promotion_id) == (0, 2)


def test_one_without_limits_is_never_written_to(postgres: Database) -> None:
    """Somebody holds its row, and nobody has to wait for that."""
    orders = orders_of(postgres, 1)
    with postgres.write() as tx:
        free, per_buyer = a_promotion(tx, "FREE"), a_promotion(tx, "EACH", customer_limit=1)
    with postgres.write() as holder:
        holder.execute(update(Promotion).values(name="held"))
        with postgres.write() as tx:
            take_uses(tx, [free, per_buyer], orders[0], "buyer", now=NOON)
    assert used(postgres, free) == (0, 0)
    assert used(postgres, per_buyer) == (0, 1)


def test_the_same_order_takes_once_and_gives_back_once(store: Database) -> None:
    orders = orders_of(store, 2)
    with store.write() as tx:
        promotion_id = a_promotion(tx, "ONCE", total_limit=1)
        for _ in range(2):
            take_uses(tx, [promotion_id, promotion_id], orders[0], "buyer", now=NOON)
    assert used(store, promotion_id) == (1, 1)
    with store.write() as tx:
        assert [release_uses(tx, orders[0]) for _ in range(2)] == [1, 0]
    assert used(store, promotion_id) == (0, 0)
    with store.write() as tx:
        take_uses(tx, [promotion_id], orders[1], "buyer", now=NOON)


def test_a_use_of_an_ended_promotion_is_refused_and_nothing_is_left(store: Database) -> None:
    orders = orders_of(store, 1)
    with store.write() as tx:
        ended = a_promotion(tx, "ENDED", customer_limit=5, ends_at=NOON + timedelta(hours=1))
        off = a_promotion(tx, "OFF", total_limit=5, is_active=False)
    for promotion_id in (ended, off):
        with pytest.raises(PromotionUsedUp), store.write() as tx:
            take_uses(tx, [promotion_id], orders[0], "buyer", now=NOON + timedelta(hours=1))
        assert used(store, promotion_id) == (0, 0)
    with pytest.raises(InvalidInput), store.write() as tx:
        take_uses(tx, [ended], orders[0], None, now=NOON)


def test_a_limit_laid_down_later_counts_what_was_taken_and_cannot_be_below_it(store: Database) -> None:
    orders = orders_of(store, 3)
    with store.write() as tx:
        terms = PromotionTerms("Each", PromotionKind.FREE_SHIPPING, code="EACH", customer_limit=5)
        promotion_id = create_promotion(tx, terms, **BY)
        for order_id in orders[:2]:
            take_uses(tx, [promotion_id], order_id, "buyer", now=NOON)
    limited = PromotionTerms("Each", PromotionKind.FREE_SHIPPING, code="EACH", total_limit=1)
    with pytest.raises(InvalidInput, match="used 2 times"), store.write() as tx:
        replace_promotion(tx, promotion_id, limited, **BY)
    with store.write() as tx:
        limited = PromotionTerms("Each", PromotionKind.FREE_SHIPPING, code="EACH", total_limit=2)
        replace_promotion(tx, promotion_id, limited, **BY)
    assert used(store, promotion_id) == (2, 2)
    with pytest.raises(PromotionUsedUp), store.write() as tx:
        take_uses(tx, [promotion_id], orders[2], "other", now=NOON)


def test_a_limit_holds_for_checkouts_at_once_and_a_cancelled_order_gives_its_use_back(store: Database) -> None:
    with store.write() as tx:
        a_product(tx, "MUG", "10.00")
        promotion_id = a_promotion(tx, "FIVE", total_limit=5, customer_limit=1)
        carts = [a_cart(tx, ("MUG", 1), codes=("FIVE",), email=f"b{number}@example.com") for number in range(16)]
    refusals: Counter[str] = Counter()

    def buy(worker: int) -> None:
        for cart_id in carts[worker::8]:
            for _ in range(100):
                try:
                    with store.write() as tx:
                        place_order(tx, cart_id, CheckoutTerms("test"), **BY)
                except Unavailable:
                    continue
                except PromotionUsedUp:
                    refusals["used up"] += 1
                break

    threads = [threading.Thread(target=partial(buy, worker)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as tx:
        totals = Counter(tx.scalars(select(Order.total_minor)).all())
    # Who came after the last use was taken saw that the code is used up, and paid the whole price.
    assert totals == {900: 5, 1000: 11 - refusals["used up"]}
    assert used(store, promotion_id) == (5, 5)
    with store.write() as tx:
        discounted = tx.scalars(select(Order.id).where(Order.total_minor == 900).limit(1)).one()
        cancel_order(tx, discounted, **BY)
    assert used(store, promotion_id) == (4, 4)


class Uses(RuleBasedStateMachine):
    """Orders take and give back in any order; a model says who must be refused."""

    database: Database
    orders: list[str]
    round = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).round += 1
        self.taken: dict[str, dict[str, str]] = {name: {} for name in ("all", "each", "both")}
        self.limits: dict[str, tuple[int | None, int | None]] = {
            "all": (2, None),
            "each": (None, 1),
            "both": (3, 2),
        }
        with self.database.write() as tx:
            for order_id in self.orders:
                release_uses(tx, order_id)
            self.ids = {
                name: a_promotion(tx, f"{name}-{self.round}", total_limit=total, customer_limit=each)
                for name, (total, each) in self.limits.items()
            }

    @rule(name=st.sampled_from(["all", "each", "both"]), order=st.integers(0, 4), buyer=st.sampled_from("ab"))
    def take(self, name: str, order: int, buyer: str) -> None:
        held, (total, each) = self.taken[name], self.limits[name]
        order_id = self.orders[order]
        mine = sum(owner == buyer for owner in held.values())
        is_full = (total is not None and len(held) >= total) or (each is not None and mine >= each)
        try:
            with self.database.write() as tx:
                take_uses(tx, [self.ids[name]], order_id, buyer, now=NOON)
        except PromotionUsedUp:
            assert is_full
            assert order_id not in held
        else:
            assert order_id in held or not is_full
            held.setdefault(order_id, buyer)

    @rule(order=st.integers(0, 4))
    def give_back(self, order: int) -> None:
        expected = sum(held.pop(self.orders[order], None) is not None for held in self.taken.values())
        with self.database.write() as tx:
            assert release_uses(tx, self.orders[order]) == expected

    @invariant()
    def what_is_counted_is_what_was_taken(self) -> None:
        for name, promotion_id in self.ids.items():
            count = len(self.taken[name])
            assert used(self.database, promotion_id) == (count if self.limits[name][0] else 0, count)


def test_uses_are_counted_right_in_any_order_of_taking_and_giving_back(store: Database) -> None:
    Uses.database, Uses.orders = store, orders_of(store, 5)
    run_state_machine_as_test(Uses, settings=settings(max_examples=5, stateful_step_count=12, deadline=None))
