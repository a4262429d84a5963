"""What a fact looks like on its way: digits for money, one form for moments, nothing that loses a digit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.events.contracts import encode, moment


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_travels_as_its_digits(number: Decimal) -> None:
    text = orjson.loads(encode({"amount": number}))["amount"]
    assert isinstance(text, str)
    assert "E" not in text
    assert Decimal(text) == number


def test_moments_and_days_travel_in_the_form_that_the_warehouse_reads() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    payload = {"at": datetime(2026, 3, 10, 5, 45, 1, 7, tzinfo=kathmandu), "day": date(2026, 3, 10)}
    assert encode(payload) == b'{"at":"2026-03-10 00:00:01.000007","day":"2026-03-10"}'
    assert moment(datetime(1, 1, 1, tzinfo=UTC)).endswith("01-01 00:00:00.000000")


def test_what_has_no_form_in_a_fact_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"set": {1, 2}})
