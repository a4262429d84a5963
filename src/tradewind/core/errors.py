"""The one family of errors that people see.

    TradewindError
    ├── InvalidInput        the request or the file says something that cannot be
    ├── NotFound            the thing asked for is not there
    ├── Conflict            the thing is there, but its state forbids this
    ├── NotAuthenticated    we do not know who asks
    ├── NotPermitted        we know who asks, and the answer is no
    ├── TooManyRequests     later
    ├── Misconfigured       a setting has to change before the program can go on
    └── Unavailable         the world is slow or away: the same call may work later

`code` is stable and meant for programs, the message is meant for people: what happened, to what, and
what to do next. Nothing here knows HTTP; `kind` is translated at the edge.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """Why a call failed, as far as the caller's next step is concerned."""

    INVALID = "invalid"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_PERMITTED = "not_permitted"
    TOO_MANY = "too_many"
    MISCONFIGURED = "misconfigured"
    UNAVAILABLE = "unavailable"


class TradewindError(Exception):
    """Something a person can act on. The message is complete: it may be shown as it is."""

    code: ClassVar[str] = "tradewind_error"
    kind: ClassVar[Kind] = Kind.INVALID

    @property
    def is_retryable(self) -> bool:
        """Whether the same call, unchanged, may succeed later."""
        return self.kind in (Kind.UNAVAILABLE, Kind.TOO_MANY)


class InvalidInput(TradewindError):
    """A value that cannot be accepted; `field` names the place, as the caller wrote it."""

    code = "invalid_input"
    kind = Kind.INVALID

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(TradewindError):
    code = "not_found"
    kind = Kind.NOT_FOUND


class Conflict(TradewindError):
    code = "conflict"
    kind = Kind.CONFLICT


class NotAuthenticated(TradewindError):
    code = "not_authenticated"
    kind = Kind.NOT_AUTHENTICATED


class NotPermitted(TradewindError):
    code = "not_permitted"
    kind = Kind.NOT_PERMITTED


class TooManyRequests(TradewindError):
    code = "too_many_requests"
    kind = Kind.TOO_MANY

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Misconfigured(TradewindError):
    code = "misconfigured"
    kind = Kind.MISCONFIGURED


class Unavailable(TradewindError):
    code = "unavailable"
    kind = Kind.UNAVAILABLE
