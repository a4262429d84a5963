"""The arithmetic of an order: lines are rounded once, and everything adds up to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spine import a_line, an_order
from tradewind.commerce.orders.amounts import order_amounts
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.core.errors import InvalidInput
from tradewind.core.money import exponent

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
PRICES = st.decimals(0, 5_000, places=4)
CENTS = st.decimals(0, 50, places=2)


@st.composite
def orders(draw: st.DrawFn, /, **fixed: Any) -> NewOrder:
    currency = draw(CURRENCIES)
    lines = []
    for number in range(draw(st.integers(1, 6))):
        quantity, price = draw(st.integers(1, 50)), draw(PRICES)
        worth = int(price * quantity)
        discount = draw(st.decimals(0, worth, places=2)) if worth else Decimal(0)
        lines.append(NewLine(f"S{number}", quantity, price, discount=discount, tax=draw(CENTS)))
    left = sum(int(line.unit_price * line.quantity) - line.discount for line in lines) - len(lines)
    spread = draw(st.decimals(0, int(left), places=0)) if left >= 1 else Decimal(0)
    told = {
        "shipping": draw(CENTS),
        "discount": spread,
        "tax": draw(st.none() | CENTS),
        "other": draw(CENTS),
        "prices_include_tax": draw(st.booleans()),
    }
    return NewOrder("N", an_order().placed_at, currency, tuple(lines), **(told | fixed))


@given(orders())
def test_an_order_adds_up(order: NewOrder) -> None:
    found = order_amounts(order)
    assert found.subtotal == sum(line.gross for line in found.lines)
    assert found.discount == sum(line.discount for line in found.lines)
    assert all(line.total == line.gross - line.discount >= 0 for line in found.lines)
    on_top = 0 if order.prices_include_tax else found.tax
    assert found.total == sum(line.total for line in found.lines) + found.shipping + found.other + on_top
    assert found.revenue == sum(line.revenue for line in found.lines)
    assert found.units == sum(line.quantity for line in order.lines)


@given(orders())
def test_every_line_is_the_exact_product_rounded_once(order: NewOrder) -> None:
    for line, worth in zip(order.lines, order_amounts(order).lines, strict=True):
        exact = Fraction(line.unit_price) * line.quantity * 10 ** exponent(order.currency)
        assert abs(worth.gross - exact) <= Fraction(1, 2)


@given(orders())
def test_the_discount_of_an_order_is_spread_without_losing_a_cent(order: NewOrder) -> None:
    found = order_amounts(order)
    own = [order_amounts(NewOrder("N", order.placed_at, order.currency, (line,))).discount for line in order.lines]
    assert found.discount - sum(own) == order.discount * 10 ** exponent(order.currency)
    assert all(line.discount >= mine for line, mine in zip(found.lines, own, strict=True))


@given(orders(prices_include_tax=True))
def test_tax_inside_prices_is_no_revenue(order: NewOrder) -> None:
    found = order_amounts(order)
    assert found.revenue == sum(line.total - line.tax for line in found.lines)


@given(orders(prices_include_tax=False))
def test_tax_on_top_of_prices_does_not_touch_revenue(order: NewOrder) -> None:
    found = order_amounts(order)
    assert found.revenue == sum(line.total for line in found.lines)


def test_a_worked_order() -> None:
    """Two mugs at 10.00 and a spoon at 2.55 with 20 % off the order, 3.90 postage, 19 % tax inside all of it."""
    order = an_order(
        "A",
        a_line("MUG", 2, "10.00"),
        a_line("SPOON", 1, "2.55"),
        discount=Decimal("4.51"),
        shipping=Decimal("3.90"),
        tax=Decimal("3.50"),
        prices_include_tax=True,
    )
    found = order_amounts(order)
    assert (found.subtotal, found.discount, found.shipping, found.tax) == (2255, 451, 390, 350)
    assert [line.discount for line in found.lines] == [400, 51]
    # 3.50 is spread over 20.00, 2.55 and the postage: 2.65, 0.34 and 0.51.
    assert [line.tax for line in found.lines] == [265, 34]
    assert [line.revenue for line in found.lines] == [1600 - 265, 204 - 34]
    assert found.total == 2255 - 451 + 390


def test_a_price_with_a_fraction_of_a_cent_is_rounded_at_the_line() -> None:
    found = order_amounts(an_order("A", a_line("SCREW", 1000, "0.0125")))
    assert found.total == 1250
    assert found.lines[0].unit_price_micros == 12_500


def test_what_the_channel_says_the_total_is_stands() -> None:
    assert order_amounts(an_order("A", total=Decimal("9.99"))).total == 999


def test_an_order_without_lines_is_worth_its_postage() -> None:
    order = NewOrder("A", an_order().placed_at, "EUR", (), shipping=Decimal("3.90"))
    found = order_amounts(order)
    assert (found.total, found.revenue, found.units, found.lines) == (390, 0, 0, ())


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (
            an_order("A", a_line(discount=Decimal("10.01"))),
            r"discount on MUG \(10\.01\) is more than the line is worth",
        ),
        (an_order("A", discount=Decimal("10.01")), r"discount of order A \(10\.01\) is more than its lines are worth"),
        (an_order("A", a_line(price="0.0000001")), r"more than six digits after the point"),
        (an_order("A", a_line(price="999999999999", quantity=1_000_000_000)), r"line total is larger than any"),
        (an_order("A", *[a_line(f"S{i}", 1, "9999999999") for i in range(2000)]), r"subtotal is larger than any"),
        (an_order("A", shipping=Decimal("1e30")), r"larger than any"),
    ],
)
def test_amounts_that_cannot_be_are_refused(order: NewOrder, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        order_amounts(order)


@pytest.mark.parametrize(
    ("make", "field", "says"),
    [
        (lambda: a_line(" "), "sku", "has no SKU"),
        (lambda: a_line("x" * 129), "sku", "longer than 128"),
        (lambda: a_line(quantity=0), "quantity", "Book returns as refunds"),
        (lambda: a_line(quantity=-1), "quantity", "is not positive"),
        (lambda: a_line(quantity=10**10), "quantity", "larger than any we book"),
        (lambda: a_line(price="-1"), "unit_price", "Book credits as refunds"),
        (lambda: a_line(discount=Decimal(-1)), "discount", "must not be negative"),
        (lambda: an_order("  "), "order_number", "has no number"),
        (lambda: an_order("x" * 129), "order_number", "longer than 128"),
        (lambda: an_order("A", currency="EURO"), "currency", "'EURO' is not a currency we know"),
        (lambda: an_order("A", placed_at=an_order().placed_at.replace(tzinfo=None)), "placed_at", "has no zone"),
        (lambda: an_order("A", placed_at=an_order().placed_at.replace(year=1926)), "placed_at", "check the year"),
        (lambda: an_order("A", shipping=Decimal(-1)), "shipping", "is negative, -1"),
        (lambda: an_order("A", ship_country="DEU"), "ship_country", "longer than 2"),
    ],
)
def test_what_no_order_can_say_is_refused_where_it_stands(make: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        make()
    assert refused.value.field == field
