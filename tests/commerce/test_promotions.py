"""Promotions take off what docs/how-to/promotions.md says, of carts and of totals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.pricing import BY, a_cart, a_customer, a_method, a_product, a_promotion, codes_of, price
from tests.spine import NOON, Shop, an_order
from tradewind.commerce.carts.service import apply_code, choose_shipping, open_cart_of, send_to
from tradewind.commerce.customers.model import CustomerGroup, CustomerGroupMember
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.errors import CodeNotApplicable, CodeNotValid, PromotionUsedUp
from tradewind.commerce.promotions.model import Promotion, PromotionUse
from tradewind.commerce.promotions.service import apply_discount, customer_key, replace_promotion, take_uses
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.core.database import Database
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


def test_a_cart_says_that_a_code_is_used_up_for_this_buyer(shop: Database) -> None:
    (outcome,) = Shop.open(shop).book(an_order())
    with shop.write() as tx:
        promotion_id = a_promotion(tx, "WELCOME", customer_limit=1)
        ada, bob = a_customer(tx, "ada@example.com"), a_customer(tx, "bob@example.com")
        take_uses(tx, [promotion_id], outcome.id or "", customer_key(ada, None), now=NOON)
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
