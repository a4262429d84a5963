"""Whole numbers from callers in Python, who may hand in anything."""

from __future__ import annotations

from tradewind.core.errors import InvalidInput


def check_whole(value: object, *, field: str) -> None:
    """Refuses what is no whole number. SQLite would keep 1.5 in a column of integers, and count on with it."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(f"The {field.replace('_', ' ')} is {value!r}; it has to be a whole number.", field=field)
