"""Promotions do what docs/how-to/promotions.md says, and their limits hold for any number of buyers at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from tests.pricing import BY, a_cart, a_customer, a_method, a_product, a_promotion, codes_of, price
from tests.spine import NOON, Shop, an_order
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts.service import apply_code, choose_shipping, open_cart_of, send_to
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.service import CheckoutTerms, place_order
from tradewind.commerce.customers.model import CustomerGroup, CustomerGroupMember
from tradewind.commerce.orders.model import Order
from tradewind.commerce.promotions import uses
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.errors import CodeNotApplicable, CodeNotValid, CodeTaken, PromotionUsedUp
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.commerce.promotions.service import (
    MAX_AUTOMATIC,
    TooManyAutomatic,
    apply_discount,
    create_promotion,
    customer_key,
    release_uses,
    replace_promotion,
    take_uses,
)
from tradewind.commerce.promotions.store import find_promotion, promotions_page
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound, Unavailable
from tradewind.core.money import Money


@pytest.fixture
def shop(store: Database) -> Database:
    """The goods of the worked examples."""
    with store.write() as tx:
        a_product(tx, "MUG", "10.00", category="Home / Kitchen / Mugs")
        a_product(tx, "PLATE", "5.50", category="Home / Kitchenware")
        a_method(tx, "4.90")
    return store


def a_shopping(shop: Database, *codes: str, **more: Any) -> str:
    with shop.write() as tx:
        cart_id = a_cart(tx, ("MUG", 2), ("PLATE", 1), codes=codes, **more)
        method = a_method(tx, "4.90")
        choose_shipping(tx, cart_id, method, **BY)
    return cart_id


def taken(shop: Database, cart_id: str) -> list[tuple[str | None, int]]:
    return [(applied.code, applied.amount_minor) for applied in price(shop, cart_id).promotions]


@pytest.mark.parametrize(
    ("ten", "five", "expected"),
    [(0, 10, [("FIVE", 500), ("TEN", 205)]), (10, 0, [("TEN", 255), ("FIVE", 500)])],
)
def test_stackable_ones_work_on_what_those_of_higher_priority_have_left(
    shop: Database, ten: int, five: int, expected: list[tuple[str, int]]
) -> None:
    with shop.write() as tx:
        a_promotion(tx, "TEN", is_stackable=True, priority=ten)
        a_promotion(tx, "FIVE", "amount", amount=Decimal(5), is_stackable=True, priority=five)
    cart_id = a_shopping(shop, "TEN", "FIVE")
    assert taken(shop, cart_id) == expected


def test_the_discounts_of_the_worked_example_are_spread_as_it_says(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "TEN", is_stackable=True)
        a_promotion(tx, "FIVE", "amount", amount=Decimal(5), is_stackable=True, priority=10)
    priced = price(shop, a_shopping(shop, "TEN", "FIVE"))
    assert [line.discount_minor for line in priced.lines] == [392 + 161, 108 + 44]


def test_one_that_stands_alone_is_taken_when_it_saves_more_and_the_others_say_so(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "TEN", is_stackable=True)
        a_promotion(tx, "FIVE", "amount", amount=Decimal(5), is_stackable=True, priority=10)
        third = a_promotion(tx, "THIRD", percent=Decimal(30))
    cart_id = a_shopping(shop, "TEN", "FIVE", "THIRD")
    assert taken(shop, cart_id) == [("THIRD", 765)]
    assert codes_of(price(shop, cart_id)) == ["code_not_combined", "code_not_combined"]
    with shop.write() as tx:
        terms = PromotionTerms("Less", PromotionKind.PERCENT, code="THIRD", percent=Decimal(20))
        replace_promotion(tx, third, terms, **BY)
    assert taken(shop, cart_id) == [("FIVE", 500), ("TEN", 205)]
    assert [p.discount_code for p in price(shop, cart_id).problems] == ["THIRD"]


def test_between_equals_the_higher_priority_is_taken(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "FIRST")
        a_promotion(tx, "SECOND", priority=1)
    assert taken(shop, a_shopping(shop, "FIRST", "SECOND")) == [("SECOND", 255)]


def test_bought_two_the_third_and_cheapest_is_free_or_cheaper(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "TWOPLUSONE", "buy_x_get_y", buy=2, get=1)
        a_promotion(tx, "HALF", "buy_x_get_y", buy=1, get=1, percent=Decimal(50))
    assert taken(shop, a_shopping(shop, "TWOPLUSONE")) == [("TWOPLUSONE", 550)]
    assert taken(shop, a_shopping(shop, "HALF")) == [("HALF", 275)]  # three units make one pair
    with shop.write() as tx:
        six = a_cart(tx, ("MUG", 4), ("PLATE", 2), codes=("TWOPLUSONE",))
        two = a_cart(tx, ("MUG", 2), codes=("TWOPLUSONE",))
    assert taken(shop, six) == [("TWOPLUSONE", 1100)]
    assert taken(shop, two) == []


def test_free_shipping_stands_beside_a_discount_and_is_not_used_where_shipping_is_free(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "TEN", is_stackable=True)
        a_promotion(tx, "SHIP", "free_shipping", is_stackable=True)
        free = a_method(tx, "0", name="Pick up")
    cart_id = a_shopping(shop, "TEN", "SHIP")
    priced = price(shop, cart_id)
    assert taken(shop, cart_id) == [("TEN", 255), ("SHIP", 490)]
    assert (priced.total_minor, priced.shipping_payable_minor) == (2295, 0)
    with shop.write() as tx:
        choose_shipping(tx, cart_id, free, **BY)
    assert taken(shop, cart_id) == [("TEN", 255)]
    assert codes_of(price(shop, cart_id)) == []


def test_goods_are_named_by_sku_or_by_category_with_all_below_it(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "KITCHEN", conditions=Conditions(category_paths=("Home / Kitchen",)))
        a_promotion(tx, "HOME", conditions=Conditions(category_paths=("Home",)))
        a_promotion(tx, "EITHER", conditions=Conditions(category_paths=("Home / Kitchen",), skus=("PLATE",)))
        a_promotion(tx, "NONE", conditions=Conditions(skus=("TEE",)))
    expected = {"KITCHEN": [200, 0], "HOME": [200, 55], "EITHER": [200, 55], "NONE": [0, 0]}
    for code, discounts in expected.items():
        priced = price(shop, a_shopping(shop, code))
        assert [line.discount_minor for line in priced.lines] == discounts
        assert codes_of(priced) == (["code_not_applicable"] if code == "NONE" else [])


def test_the_minimum_counts_the_goods_it_is_for_before_discounts(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "ALL", minimum=Decimal("25.50"), currency="EUR", is_stackable=True)
        a_promotion(tx, "OFF", "amount", amount=Decimal(9), priority=1, is_stackable=True)
        mugs = Conditions(skus=("MUG",))
        a_promotion(tx, "MUGS", minimum=Decimal("20.01"), currency="EUR", conditions=mugs)
    assert taken(shop, a_shopping(shop, "ALL", "OFF")) == [("OFF", 900), ("ALL", 165)]
    assert codes_of(price(shop, a_shopping(shop, "MUGS"))) == ["code_not_applicable"]


def test_whom_it_is_for_is_a_matter_of_group_and_country(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "CLUB", conditions=Conditions(customer_groups=("club",)))
        a_promotion(tx, "ALPS", conditions=Conditions(countries=("at", "CH")))
        member, other = a_customer(tx, "a@example.com"), a_customer(tx, "b@example.com")
        group = CustomerGroup(id="g" * 26, code="club", name="Club", created_at=NOON)
        tx.add(group)
        tx.flush()
        tx.add(CustomerGroupMember(customer_id=member, group_id=group.id, created_at=NOON))
    assert taken(shop, a_shopping(shop, "CLUB", customer_id=member)) == [("CLUB", 255)]
    assert codes_of(price(shop, a_shopping(shop, "CLUB", customer_id=other))) == ["code_not_applicable"]
    alps = a_shopping(shop, "ALPS")
    assert codes_of(price(shop, alps)) == ["code_not_applicable"]
    with shop.write() as tx:
        send_to(tx, alps, "AT", **BY)
    assert taken(shop, alps) == [("ALPS", 255)]


def test_it_is_live_from_its_start_and_before_its_end(shop: Database) -> None:
    with shop.write() as tx:
        start, end = NOON, NOON + timedelta(hours=1)
        promotion_id = a_promotion(tx, "HOUR", starts_at=start, ends_at=end)
        by_itself = a_promotion(tx, None, percent=Decimal(5), starts_at=start, ends_at=end)
    cart_id = a_shopping(shop, "hour")
    moments = [start - timedelta(seconds=1), start, end - timedelta(seconds=1), end]
    found = [[p.promotion_id for p in price(shop, cart_id, now=moment).promotions] for moment in moments]
    assert found == [[], [promotion_id], [promotion_id], []]
    assert codes_of(price(shop, cart_id, now=end)) == ["code_not_valid"]
    assert by_itself not in {p.promotion_id for p in price(shop, cart_id, now=end).promotions}
    with shop.write() as tx, pytest.raises(CodeNotValid):
        apply_code(tx, cart_id, "unknown", **BY)
    with shop.write() as tx, pytest.raises(CodeNotValid):
        apply_code(tx, a_cart(tx), "HOUR", actor=BY["actor"], now=end)


def test_a_code_of_another_currency_does_not_apply(shop: Database) -> None:
    with shop.write() as tx:
        a_promotion(tx, "USD", "amount", amount=Decimal(5), currency="USD")
    assert codes_of(price(shop, a_shopping(shop, "USD"))) == ["code_not_applicable"]


# --- a code on a total ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "total", "left"),
    [
        ("percent", {"percent": Decimal(10)}, "0.05", "0.04"),  # 0.005 is rounded away from nothing
        ("percent", {"percent": Decimal("12.5")}, "99.99", "87.49"),
        ("percent", {"percent": Decimal(100)}, "99.99", "0.00"),
        ("amount", {"amount": Decimal(5)}, "3.00", "0.00"),
        ("amount", {"amount": Decimal(5)}, "99.99", "94.99"),
        ("free_shipping", {}, "99.99", "99.99"),
    ],
)
def test_a_code_on_a_total_is_rounded_exactly(
    store: Database, kind: str, more: dict[str, Any], total: str, left: str
) -> None:
    with store.write() as tx:
        a_promotion(tx, "CODE", kind, **more)
        found = apply_discount(tx, Money.of(total, "EUR"), " code ", now=NOON)
        assert str(found.total) == f"{left} EUR"
        assert found.total + found.discount == Money.of(total, "EUR")
        assert tx.scalars(select(Promotion.used)).one() == 0


def test_a_code_on_a_total_says_why_not(store: Database) -> None:
    with store.write() as tx:
        a_promotion(tx, "OVER", ends_at=NOON)
        a_promotion(tx, "ONCE", total_limit=1)
        a_promotion(tx, "BIG", minimum=Decimal(100), currency="EUR")
        a_promotion(tx, "MUGS", conditions=Conditions(skus=("MUG",)))
        tx.execute(update(Promotion).where(Promotion.code == "ONCE").values(used=1))
        refusals = {"NONE": CodeNotValid, "OVER": CodeNotValid, "ONCE": PromotionUsedUp}
        for code, error in (refusals | {"BIG": CodeNotApplicable, "MUGS": CodeNotApplicable}).items():
            with pytest.raises(error):
                apply_discount(tx, Money(9999, "EUR"), code, now=NOON)
        with pytest.raises(CodeNotApplicable):
            apply_discount(tx, Money(100_000, "USD"), "BIG", now=NOON)


# --- laying them down -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("percent", {"percent": None}, "percent"),
        ("percent", {"percent": Decimal(0)}, "percent"),
        ("percent", {"percent": Decimal("100.01")}, "percent"),
        ("percent", {"percent": Decimal("0.00001")}, "percent"),
        ("percent", {"amount": Decimal(1), "currency": "EUR"}, "amount"),
        ("percent", {"currency": "EUR"}, "currency"),
        ("percent", {"minimum": Decimal(1)}, "currency"),
        ("amount", {"amount": Decimal(0)}, "amount"),
        ("amount", {"amount": Decimal(1), "currency": None}, "currency"),
        ("buy_x_get_y", {"buy": 1}, "get"),
        ("buy_x_get_y", {"buy": 0, "get": 1}, "buy"),
        ("percent", {"total_limit": 0}, "total_limit"),
        ("percent", {"ends_at": NOON, "starts_at": NOON}, "ends_at"),
        ("percent", {"code": "no blanks"}, "code"),
        ("percent", {"conditions": Conditions(countries=("Germany",))}, "countries"),
        ("percent", {"conditions": Conditions(skus=(" ",))}, "conditions.skus"),
        ("percent", {"name": " "}, "name"),
        ("percent", {"priority": 10_000}, "priority"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_the_field(
    store: Database, kind: str, more: dict[str, Any], field: str
) -> None:
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        a_promotion(tx, kind=kind, **({"code": "CODE"} | more))
    assert refused.value.field == field


def test_a_code_belongs_to_one_promotion(store: Database) -> None:
    with store.write() as tx:
        a_promotion(tx, "CODE")
        other = a_promotion(tx, "OTHER")
        with pytest.raises(CodeTaken):
            a_promotion(tx, " code")
        terms = PromotionTerms("X", PromotionKind.FREE_SHIPPING, code="code")
        with pytest.raises(CodeTaken):
            replace_promotion(tx, other, terms, **BY)
        with pytest.raises(NotFound):
            find_promotion(tx, "nothing")


def test_so_many_apply_by_themselves_and_no_more(store: Database) -> None:
    with store.write() as tx:
        last = [a_promotion(tx, None) for _ in range(MAX_AUTOMATIC)][-1]
        with pytest.raises(TooManyAutomatic):
            a_promotion(tx, None)
        a_promotion(tx, None, ends_at=NOON, starts_at=NOON - timedelta(days=1))
        a_promotion(tx, "WITH-A-CODE")
        terms = PromotionTerms("Off", PromotionKind.FREE_SHIPPING, is_active=False)
        replace_promotion(tx, last, terms, **BY)
        a_promotion(tx, None)


def test_a_change_is_entered_with_what_was_and_what_is(store: Database) -> None:
    with store.write() as tx:
        promotion_id = a_promotion(tx, "CODE")
        terms = PromotionTerms("CODE", PromotionKind.PERCENT, code="CODE", percent=Decimal(20))
        replace_promotion(tx, promotion_id, terms, **BY)
        assert find_promotion(tx, promotion_id).version == 2
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.action == "promotion.update")).one()
        assert (entry.before, entry.after) == ({"percent_ppm": 100_000}, {"percent_ppm": 200_000})


def test_pages_show_each_promotion_once_the_newest_first(store: Database) -> None:
    with store.write() as tx:
        made = [a_promotion(tx, f"CODE-{number}") for number in range(7)]
        seen: list[str] = []
        cursor = None
        while True:
            page = promotions_page(tx, limit=3, cursor=cursor)
            seen += [promotion.promotion_id for promotion in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == made[::-1]
        assert [p.code for p in promotions_page(tx, limit=9, text="ode-3").items] == ["CODE-3"]


# --- limits ---------------------------------------------------------------------------------------------------------


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


def test_a_cart_says_that_a_code_is_used_up_for_this_buyer(shop: Database) -> None:
    (order_id,) = orders_of(shop, 1)
    with shop.write() as tx:
        promotion_id = a_promotion(tx, "WELCOME", customer_limit=1)
        ada, bob = a_customer(tx, "ada@example.com"), a_customer(tx, "bob@example.com")
        take_uses(tx, [promotion_id], order_id, customer_key(ada, None), now=NOON)
    assert codes_of(price(shop, a_shopping(shop, "WELCOME", customer_id=ada))) == ["code_used_up"]
    assert taken(shop, a_shopping(shop, "WELCOME", customer_id=bob)) == [("WELCOME", 255)]
    assert codes_of(price(shop, a_shopping(shop, "WELCOME", email="Ada@example.com"))) == ["code_used_up"]
    guest = price(shop, a_shopping(shop, "WELCOME", email="guest@example.com"))
    assert guest.limited_promotion_ids == (promotion_id,)
    with shop.read() as tx:
        assert tx.scalars(select(PromotionUse.customer_key)).one() == ada
    assert customer_key(None, " Guest@Example.com") == customer_key(None, "guest@example.com")
    assert len(customer_key(None, "guest@example.com") or "") == 64
    with shop.write() as tx:
        assert open_cart_of(tx, ada, currency="EUR", **BY)


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
