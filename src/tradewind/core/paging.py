"""Cursor pages: stable under inserts, opaque to the caller, no row counted twice."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from tradewind.core.errors import InvalidInput

MAX_LIMIT = 200


class ByAge(StrEnum):
    """Which end of a list in the order of time comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"


Item = TypeVar("Item")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items and the cursor that continues after the last one; None when there are no more."""

    items: Sequence[Item]
    next_cursor: str | None

    @classmethod
    def cut(
        cls, rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]], item: Callable[[Row], Item]
    ) -> Page[Item]:
        """A page from up to `limit` + 1 rows: the extra row says only that there is more."""
        shown = rows[:limit]
        more = len(rows) > limit
        return Page([item(row) for row in shown], encode_cursor(key(shown[-1])) if more else None)


def encode_cursor(position: Sequence[Any]) -> str:
    """An opaque text for the sort key of a row; the parts must be strings or whole numbers."""
    return base64.urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parts: int) -> list[Any]:
    """The sort key that `encode_cursor` was given; InvalidInput when the text was altered."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        position = None
    if not isinstance(position, list) or len(position) != parts:
        raise _foreign()
    return position


def moment_and_id(cursor: str) -> tuple[datetime, str]:
    """The place that a cursor of a list by moment and id stands for."""
    moment, row_id = decode_cursor(cursor, 2)
    try:
        found = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None or not 1970 <= found.year < 2200:
        raise _foreign()
    return found, _checked_id(row_id)


def day_and_id(cursor: str) -> tuple[date, str]:
    """The place that a cursor of a list by day and id stands for."""
    day, row_id = decode_cursor(cursor, 2)
    return checked_day(day), _checked_id(row_id)


def checked_day(part: object) -> date:
    """The day that a part of a cursor stands for."""
    try:
        found = date.fromisoformat(part) if isinstance(part, str) else None
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year < 2200:
        raise _foreign()
    return found


def one_id(cursor: str) -> str:
    """The place that a cursor of a list by id alone stands for."""
    (row_id,) = decode_cursor(cursor, 1)
    return _checked_id(row_id)


def _checked_id(row_id: object) -> str:
    """An id, and no text that one of the databases cannot even compare with."""
    if not isinstance(row_id, str) or not row_id.isascii() or not row_id.isprintable():
        raise _foreign()
    return row_id


def _foreign() -> InvalidInput:
    return InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
