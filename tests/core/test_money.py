"""Money is exact: nothing is lost in parsing, rounding or splitting."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InvalidInput
from tradewind.core.money import (
    MAX_MICROS,
    MAX_MINOR,
    Money,
    check_currency,
    exponent,
    line_amount,
    micros_to_decimal,
    parse_decimal,
    split,
    to_decimal,
    to_micros,
    to_minor,
)

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
MINOR = st.integers(-(10**13), 10**13)
ANY_DECIMAL = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(-1000, 1000, places=30)
INT64 = 2**63 - 1
WIDE = Context(prec=2000)


def rounded_half_away(value: Fraction) -> int:
    whole, rest = divmod(abs(value), 1)
    size = int(whole) + (rest >= Fraction(1, 2))
    return size if value >= 0 else -size


@pytest.mark.parametrize("text", ["1,234.50", "1_000", "abc", "", "NaN", "Infinity", "-Infinity", "12.3.4", "0x10"])
def test_what_is_not_a_plain_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"is not a number. Write it like 1234\.50") as refused:
        parse_decimal(text, field="price")
    assert refused.value.field == "price"


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_survives_its_own_text(number: Decimal) -> None:
    assert parse_decimal(f"  {number} ", field="price") == number


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.345", "EUR", 1235),
        ("-12.345", "EUR", -1235),
        ("12.344999999999999999999999999999999", "EUR", 1234),
        ("0.005", "EUR", 1),
        ("0.5", "JPY", 1),
        ("1.0005", "KWD", 1001),
        ("1.00005", "CLF", 10001),
    ],
)
def test_amounts_are_rounded_half_away_from_zero_in_the_digits_of_their_currency(
    amount: str, currency: str, minor: int
) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@given(amount=ANY_DECIMAL, currency=CURRENCIES)
def test_any_amount_is_rounded_once_or_refused_as_too_large(amount: Decimal, currency: str) -> None:
    try:
        minor = to_minor(amount, currency)
    except InvalidInput as refused:
        assert "larger than any" in str(refused)  # noqa: PT017
        assert abs(amount) > 10**11
    else:
        exact = amount.quantize(Decimal(1).scaleb(-exponent(currency)), ROUND_HALF_UP, WIDE)
        assert to_decimal(minor, currency) == exact
        assert abs(minor) <= MAX_MINOR


@given(minor=MINOR, currency=CURRENCIES)
def test_minor_units_survive_the_way_through_decimals(minor: int, currency: str) -> None:
    assert to_minor(to_decimal(minor, currency), currency) == minor


@given(ANY_DECIMAL)
def test_a_price_is_kept_to_its_last_digit_or_refused(price: Decimal) -> None:
    try:
        micros = to_micros(price)
    except InvalidInput:
        assert price != price.quantize(Decimal("0.000001"), context=WIDE) or abs(price) >= 10**12
    else:
        assert Fraction(micros, 1_000_000) == Fraction(price)
        assert abs(micros) < MAX_MICROS <= INT64
        assert Fraction(micros_to_decimal(micros)) == Fraction(price)


@given(micros=st.integers(-(10**15), 10**15), quantity=st.integers(1, 10_000), currency=CURRENCIES)
def test_a_line_is_the_exact_product_rounded_once(micros: int, quantity: int, currency: str) -> None:
    exact = Fraction(micros * quantity, 1_000_000) * 10 ** exponent(currency)
    try:
        assert line_amount(micros, quantity, currency) == rounded_half_away(exact)
    except InvalidInput:
        assert abs(exact) > 10**13


def test_a_line_worth_more_than_the_stores_can_hold_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"line total is larger than any"):
        line_amount(MAX_MICROS - 1, 1_000_000_000, "EUR")


def test_a_fraction_of_a_cent_is_rounded_at_the_line_not_at_the_unit() -> None:
    assert line_amount(to_micros(Decimal("0.003")), 1000, "EUR") == 300
    assert line_amount(to_micros(Decimal("0.005")), 1, "EUR") == 1


@given(total=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_the_parts_of_a_split_add_up_and_none_is_off_by_a_unit(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    shares = weights if any(weights) else [1] * len(weights)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - Fraction(total * share, sum(shares))) < 1


@given(total=st.integers(0, 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_a_heavier_line_never_gets_less(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert [part for _, part in by_weight] == sorted(parts)


def test_among_equal_remainders_the_earlier_line_gets_the_cent() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(5, [0, 0]) == [3, 2]


def test_an_amount_cannot_be_split_over_nothing() -> None:
    assert split(0, []) == []
    with pytest.raises(ValueError, match=r"at least one line"):
        split(1, [])
    with pytest.raises(ValueError, match=r"negative"):
        split(1, [1, -1])


def test_currencies_are_iso_4217_in_any_case() -> None:
    assert check_currency(" eur ") == "EUR"
    with pytest.raises(InvalidInput, match=r"'EURO' is not a currency we know. Use a three-letter ISO 4217 code"):
        check_currency("EURO")


def test_money_adds_within_a_currency_and_refuses_two() -> None:
    price = Money.of("10.10", "EUR")
    assert str(price + Money.of("0.05", "eur") - Money.of(1, "EUR")) == "9.15 EUR"
    assert -price == Money(-1010, "EUR")
    assert [str(part) for part in price.split([1, 2])] == ["3.37 EUR", "6.73 EUR"]
    with pytest.raises(InvalidInput, match=r"cannot add USD to EUR: convert it first"):
        price + Money.of(1, "USD")
