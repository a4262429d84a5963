"""Cursors are opaque, survive the way out and back, and show no row twice."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InvalidInput
from tradewind.core.paging import Page, decode_cursor, encode_cursor, moment_and_id, one_id

PARTS = st.lists(st.text() | st.integers(), min_size=1, max_size=4)


@given(PARTS)
def test_a_cursor_comes_back_as_the_place_it_was_made_from(place: list[str | int]) -> None:
    cursor = encode_cursor(place)
    assert decode_cursor(cursor, len(place)) == place
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=200))
def test_a_text_that_is_no_cursor_is_refused_whatever_it_is(text: str) -> None:
    try:
        assert len(decode_cursor(text, 2)) == 2
    except InvalidInput as refused:
        assert refused.field == "cursor"  # noqa: PT017


@pytest.mark.parametrize("text", ["", "!!!", "bm90IGpzb24", "e30", encode_cursor(["one"])])
def test_a_cursor_that_was_altered_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"not one of ours. Start again without it"):
        decode_cursor(text, 2)


def test_a_cursor_made_to_exhaust_the_reader_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    with pytest.raises(InvalidInput, match=r"not one of ours"):
        decode_cursor(deep, 2)


@given(rows=st.lists(st.integers(), unique=True, max_size=60).map(sorted), limit=st.integers(1, 20))
def test_page_after_page_shows_every_row_once(rows: list[int], limit: int) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        after = decode_cursor(cursor, 1)[0] if cursor else None
        found = [row for row in rows if after is None or row > after][: limit + 1]
        page = Page.cut(found, limit, lambda row: (row,), lambda row: row)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == rows


@pytest.mark.parametrize("row_id", ["\0", "\ud800", "ä", 7, None, ["x"]])
def test_an_id_that_no_row_can_have_is_refused_before_a_database_sees_it(row_id: Any) -> None:
    moment = "2026-03-10T12:00:00+00:00"
    with pytest.raises(InvalidInput, match=r"not one of ours"):
        one_id(encode_cursor([row_id]))
    with pytest.raises(InvalidInput, match=r"not one of ours"):
        moment_and_id(encode_cursor([moment, row_id]))


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-03-10", "x", 7])
def test_a_moment_that_no_row_can_have_is_refused_before_a_database_sees_it(moment: Any) -> None:
    with pytest.raises(InvalidInput, match=r"not one of ours"):
        moment_and_id(encode_cursor([moment, "x"]))
