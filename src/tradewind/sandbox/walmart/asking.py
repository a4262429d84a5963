"""Refusals in Walmart's words, and what the parameters of a request say."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime

from tradewind.sandbox.walmart import payloads


class Refused(Exception):
    """An answer that is an error, in the shape that the order API uses."""

    def __init__(self, status: int, code: str, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.response = payloads.error(status, code, words, headers)


def moment_of(query: Mapping[str, str], name: str) -> datetime | None:
    """The moment under that name, None where there is none. Raises Refused."""
    if (value := query.get(name)) is None:
        return None
    try:
        told = datetime.fromisoformat(value)
    except ValueError as error:
        raise Refused(400, "INVALID_REQUEST_PARAM.GMP_ORDER_API", f"Invalid {name}") from error
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def place_of(cursor: str | None) -> int:
    """The row after which an opaque cursor goes on; 0 without one. Raises Refused."""
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True))
    except ValueError as error:
        raise Refused(400, "INVALID_REQUEST_PARAM", "Invalid nextCursor") from error
