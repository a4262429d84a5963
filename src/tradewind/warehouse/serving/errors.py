"""What goes wrong with a query, as callers of /v0 see it: a sentence, a status, and the engine's code if any."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from tradewind.core.errors import Kind, NotFound, NotPermitted, TradewindError
from tradewind.warehouse.client import plain_message

TIMEOUT, TOO_SLOW, MEMORY, READONLY, ACCESS_DENIED, SYNTAX_ERROR = 159, 160, 241, 164, 497, 62
_TOO_LARGE = frozenset({158, 307, 396, MEMORY, 161, 200})
_TOO_LONG = frozenset({TIMEOUT, TOO_SLOW, 209})
_REFUSED = frozenset({READONLY, 291, 452, ACCESS_DENIED})
_CODE = re.compile(r"Code: (\d+)\. ")
_SCOPE = re.compile(r"(?:: In scope |: while executing |: While processing |: while processing ).*", re.DOTALL)
_WHERE = re.compile(r"`?\b(?:ws_[0-9a-z_]+)`?\.`?(\w+?)__[0-9a-z]{4,26}\b`?")
_STREAMING = re.compile(r"^(?:Streaming query failed: |default: )+")
_NAME = re.compile(r"\s*\([A-Z0-9_]+\)\s*$")
_LONGEST_MESSAGE = 1500


class QueryRefused(TradewindError):
    """A query that cannot run, or that did not end well. `status` is the HTTP status of the answer."""

    code = "query_refused"
    kind: ClassVar[Kind] = Kind.INVALID

    def __init__(self, message: str, *, status: int = 400, engine_code: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.engine_code = engine_code

    @property
    def headers(self) -> Mapping[str, str]:
        return {} if self.engine_code is None else {"X-DB-Exception-Code": str(self.engine_code)}


class NotReadable(NotPermitted):
    """The token may not read what the query names."""

    code = "not_readable"


class NoSuchResource(NotFound):
    """There is no data source or pipe of that name."""

    code = "no_such_resource"


class TooManyQueries(TradewindError):
    """More queries at once than the engine takes."""

    code = "too_many_queries"
    kind = Kind.UNAVAILABLE
    status = 429
    headers: Mapping[str, str] = {"Retry-After": "1"}

    def __init__(self) -> None:
        super().__init__("Too many queries run at the same time. Try again in a second.")


def refused(failure: BaseException) -> QueryRefused:
    """The engine's error, without versions, physical names and the text of the query around it."""
    text = str(failure)
    found = _CODE.search(text)
    code = int(found[1]) if found else 1002
    message = _SCOPE.sub("", plain_message(text))
    message = _STREAMING.sub("", message)
    message = _NAME.sub("", _WHERE.sub(r"\1", message)).strip(" .") or "The query failed"
    status = 400
    if code in _TOO_LONG:
        status = 408
    elif code in _TOO_LARGE:
        status = 413
    elif code in _REFUSED:
        status = 403
    return QueryRefused(f"{message[:_LONGEST_MESSAGE]}.", status=status, engine_code=code)
