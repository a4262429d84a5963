"""The search language behind `query:`, as far as it is used here, and cursors bound to one search and its order."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tradewind.sandbox.shopify.query import Field, QueryError

_TERM = re.compile(r"(\w+):(>=|<=|<|>)?(?:'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|([^\s'\"()]+))")
_MOMENTS = frozenset({"updated_at", "created_at", "processed_at"})


@dataclass(frozen=True, slots=True)
class Search:
    """A span `[since, until)` of the moment that was named, and values that a row must have one of."""

    since: datetime | None
    until: datetime | None
    values: dict[str, frozenset[str]]

    def has(self, name: str, value: str | None) -> bool:
        return name not in self.values or value in self.values[name]


def read_search(text: str | None, *names: str) -> Search:
    """Only these names are known; another is an error, lest a filter that does nothing go unseen. Raises QueryError."""
    rest = _TERM.sub("", text or "").replace(" OR ", " ").replace(" AND ", " ").strip()
    since = until = None
    values: dict[str, set[str]] = {}
    for name, sign, single, double, bare in _TERM.findall(text or ""):
        value = single or re.sub(r"\\(.)", r"\1", double) or bare
        if name not in names:
            raise QueryError(f"Invalid search field for this query: {name}", "invalid")
        if name not in _MOMENTS:
            values.setdefault(name, set()).add(value)
        elif sign in (">=", ">"):
            since = read_moment(value) + timedelta(seconds=sign == ">")
        elif sign in ("<", "<="):
            until = read_moment(value) + timedelta(seconds=sign == "<=")
        else:
            raise QueryError(f"A moment is compared with <, <=, > or >=: {name}", "invalid")
    if rest and rest not in ("OR", "AND"):
        words = [word for word in rest.split() if word not in ("OR", "AND")]
        if words:
            raise QueryError(f"Invalid search: {' '.join(words)}", "invalid")
    return Search(since, until, {name: frozenset(found) for name, found in values.items()})


def read_moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise QueryError(f"Invalid timestamp in the search: {text}", "invalid") from wrong
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads the cursors of one connection with one search and one order."""

    bound: str

    @classmethod
    def of(cls, one: Field) -> Cursors:
        asked = [one.name, one.arguments.get("query"), one.arguments.get("sortKey"), one.arguments.get("reverse")]
        return cls(hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16])

    def make(self, moment: str, key: str, nonce: int = 0) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.bound, moment, key, nonce]).encode()).decode()

    def read(self, cursor: str) -> tuple[str, str]:
        """The moment and key of the row before. Raises QueryError for a cursor of another search."""
        try:
            bound, moment, key, _ = json.loads(base64.urlsafe_b64decode(cursor))
        except ValueError:
            bound, moment, key = None, "", ""
        if bound != self.bound:
            raise QueryError("Invalid cursor for current pagination sort.", "invalidCursor")
        return moment, key
