"""Prices in several currencies, their history, and what a reduction is compared with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.commerce.catalogue import ANN, a_product, change, product
from tests.spine import NOON
from tradewind.commerce.catalog.model import PriceChange, ProductPrice
from tradewind.commerce.catalog.prices import price_history, prices_in, reductions, set_price
from tradewind.commerce.catalog.products import lock_product
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.catalog.store import find_product
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

DAY = timedelta(days=1)


def cost(store: Database, product_id: str, price: str | None, *, day: float = 0, currency: str = "EUR") -> None:
    with store.write() as tx:
        amount = None if price is None else Decimal(price)
        set_price(tx, lock_product(tx, product_id), currency, amount, actor=ANN, now=NOON + day * DAY)


def steps(store: Database, product_id: str) -> list[tuple[str, str | None, str | None]]:
    with store.read() as tx:
        found = price_history(tx, product_id, limit=100).items

    def shown(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    return [(step.currency, shown(step.old_price), shown(step.new_price)) for step in reversed(found)]


def lowest(store: Database, product_id: str, currency: str = "EUR") -> int | None:
    with store.read() as tx:
        found = reductions(tx, [product_id]).get((product_id, currency))
    return found.lowest_minor if found else None


def test_every_way_to_change_a_price_enters_its_history(store: Database) -> None:
    mug = a_product(store)
    cost(store, mug, "9.00", day=1)
    change(store, mug, price=Decimal("8.00"), at=NOON + 2 * DAY)
    with store.write() as tx:
        put_products(tx, [NewProduct("MUG", currency="EUR", price=Decimal("7.00"))], now=NOON + 3 * DAY)
        put_products(tx, [NewProduct("CUP", currency="JPY", price=Decimal(500))], now=NOON)
    cost(store, mug, "12.5", day=4, currency="KWD")
    cost(store, mug, None, day=5)
    assert steps(store, mug) == [
        ("EUR", None, "10.00"),
        ("EUR", "10.00", "9.00"),
        ("EUR", "9.00", "8.00"),
        ("EUR", "8.00", "7.00"),
        ("KWD", None, "12.500"),
        ("EUR", "7.00", None),
    ]
    with store.read() as tx:
        assert tx.scalars(select(PriceChange.new_minor).where(PriceChange.currency == "JPY")).all() == [500]


def test_the_same_price_again_changes_nothing(store: Database) -> None:
    mug = a_product(store)
    cost(store, mug, "10.00")
    change(store, mug, price=Decimal(10))
    assert (len(steps(store, mug)), product(store, mug).version) == (1, 1)


def test_each_currency_has_one_price(store: Database) -> None:
    mug = a_product(store)
    cost(store, mug, "11.00", currency="USD")
    with store.read() as tx:
        assert prices_in(tx, [mug], "USD") == {mug: 1100}
        assert prices_in(tx, [mug], "EUR") == {mug: 1000}
        assert prices_in(tx, [mug], "GBP") == {}
    # The second currency becomes the product's own; what it cost in it stands there only.
    change(store, mug, currency="USD", price=Decimal("12.00"))
    with store.read() as tx:
        assert tx.scalars(select(ProductPrice)).all() == []
        assert [price.currency for price in find_product(tx, mug).prices] == ["USD"]
    assert steps(store, mug)[-2:] == [("EUR", "10.00", None), ("USD", "11.00", "12.00")]


def test_a_price_that_cannot_be_is_refused(store: Database) -> None:
    mug = a_product(store)
    with pytest.raises(InvalidInput):
        cost(store, mug, "-1")
    with pytest.raises(InvalidInput):
        cost(store, mug, "1", currency="EURO")


def test_a_reduced_price_shows_the_lowest_of_the_thirty_days_before(store: Database) -> None:
    mug = a_product(store)  # 10.00 from day 0
    assert lowest(store, mug) is None
    cost(store, mug, "8.00", day=40)
    cost(store, mug, "12.00", day=45)
    assert lowest(store, mug) is None  # raised: nothing to compare with
    cost(store, mug, "9.00", day=60)
    assert lowest(store, mug) == 800  # it was 8.00 until day 45, within the thirty days before day 60
    with store.read() as tx:
        shown = find_product(tx, mug).product
    assert (shown.price, shown.lowest_price_30_days, shown.reduced_at) == (
        Decimal("9.00"),
        Decimal("8.00"),
        NOON + 60 * DAY,
    )


def test_what_cost_less_only_before_the_thirty_days_does_not_count(store: Database) -> None:
    mug = a_product(store)
    cost(store, mug, "5.00", day=1)
    cost(store, mug, "12.00", day=2)
    cost(store, mug, "9.00", day=33)
    assert lowest(store, mug) == 1200


def test_currencies_do_not_mix(store: Database) -> None:
    mug = a_product(store)
    cost(store, mug, "3.00", currency="USD")
    cost(store, mug, "9.00", day=1)
    assert (lowest(store, mug), lowest(store, mug, "USD")) == (1000, None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 25)), min_size=1, max_size=10))
def test_the_lowest_price_is_what_looking_at_every_day_finds(store: Database, told: list[tuple[int, int]]) -> None:
    mug = a_product(store, f"MUG-{id(told)}-{len(steps_made)}")
    steps_made.append(1)
    day, prices = 0, {0: 1000}
    for cents, gap in told:
        day += gap
        cost(store, mug, str(Decimal(cents) / 100), day=day)
        prices[day] = cents
    changes = [(at, cents) for at, cents in sorted(prices.items())]
    effective = {}
    current = 1000
    for each in range(day + 1):
        current = prices.get(each, current)
        effective[each] = current
    last = max((at for at, cents in changes if at and effective[at - 1] != cents), default=None)
    expected = None
    if last is not None and effective[last] < effective[last - 1]:
        expected = min(effective[each] for each in range(max(0, last - 30), last))
    assert lowest(store, mug) == expected


steps_made: list[int] = []
