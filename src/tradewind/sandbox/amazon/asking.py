"""What a request asks: parameters checked as Amazon checks them, and page tokens that belong to one question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tradewind.core.clock import Clock

_MOST_TOKENS = 20_000
HOME, CANADA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
MARKETPLACES = {HOME: ("US", "Amazon.com", "USD"), CANADA: ("CA", "Amazon.ca", "CAD")}


class BadRequest(Exception):
    """400, in Amazon's words."""

    def __init__(self, message: str, code: str = "InvalidInput", status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


class Asked:
    """The query of one request. What it does not know is refused: a slip of the pen must not go unseen."""

    def __init__(self, query: Mapping[str, str], known: Iterable[str]) -> None:
        unknown = sorted(set(query) - set(known))
        if unknown:
            raise BadRequest(f"Unknown parameter {unknown[0]}.")
        self.query = dict(query)

    def text(self, name: str) -> str | None:
        return self.query.get(name) or None

    def needed(self, name: str) -> str:
        found = self.text(name)
        if found is None:
            raise BadRequest(f"Missing required parameter {name}.")
        return found

    def moment(self, name: str) -> datetime | None:
        written = self.text(name)
        if written is None:
            return None
        try:
            found = datetime.fromisoformat(written)
        except ValueError:
            raise BadRequest(f"{name} is not a date of ISO 8601.") from None
        if found.tzinfo is None:
            raise BadRequest(f"{name} has no zone.")
        return found.astimezone(UTC)

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        written = self.text(name)
        if written is None:
            return default
        if not written.isdigit() or not lowest <= int(written) <= highest:
            raise BadRequest(f"{name} is between {lowest} and {highest}.")
        return int(written)

    def words(self, name: str, most: int, allowed: Iterable[str] | None = None) -> list[str]:
        words = [word for word in (self.text(name) or "").split(",") if word]
        if len(words) > most:
            raise BadRequest(f"{name} takes at most {most} values.")
        strange = next((word for word in words if allowed is not None and word not in set(allowed)), None)
        if strange is not None:
            raise BadRequest(f"{strange} is no value of {name}.")
        return words

    def marketplaces(self, name: str = "marketplaceIds") -> list[str]:
        return self.words(name, 50, MARKETPLACES)

    def marketplace(self, name: str = "marketplaceIds") -> str:
        found = self.marketplaces(name)
        if len(found) != 1:
            raise BadRequest(f"{name} names one marketplace.")
        return found[0]


@dataclass(frozen=True, slots=True)
class _Kept:
    question: Mapping[str, str]
    place: Any
    ends_at: datetime


class PageTokens:
    """Tokens of one kind: each stands for a place in the answer to one question, and lives for a while."""

    def __init__(self, clock: Clock, name: str, lives: timedelta) -> None:
        self._clock, self._name, self._lives = clock, name, lives
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._made = 0

    def make(self, question: Mapping[str, str], place: Any) -> str:
        self._made += 1
        token = f"{self._name}.{self._made:08x}"
        rest = {key: value for key, value in question.items() if key != self._name}
        self._kept[token] = _Kept(rest, place, self._clock.now() + self._lives)
        if len(self._kept) > _MOST_TOKENS:
            self._kept.popitem(last=False)
        return token

    def place(self, question: Mapping[str, str]) -> Any | None:
        """Where the token of a question points; None without one. Raises BadRequest."""
        token = question.get(self._name)
        if token is None:
            return None
        kept = self._kept.get(token)
        if kept is None:
            raise BadRequest(f"{self._name} is not valid.")
        if self._clock.now() > kept.ends_at:
            raise BadRequest(f"{self._name} has expired.")
        if {key: value for key, value in question.items() if key != self._name} != kept.question:
            raise BadRequest(f"Other parameters must not change with {self._name}.")
        return kept.place


def iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
