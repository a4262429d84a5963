"""Values of Shopify's payloads: money in bags of two currencies, global ids, moments, and lists that come in pages.

What is absent is None. What is there and cannot be read is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tradewind.channels.contract import Raw, Rejected
from tradewind.core.errors import InvalidInput

_CURRENCY = re.compile(r"[A-Z]{3}")
_EMPTY: Raw = {}


class Unbookable(InvalidInput):
    """A payload that cannot become a fact; `why` is the reason's code in quarantine."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why

    def rejected(self, external_id: str | None) -> Rejected:
        return Rejected(external_id, self.why, str(self))


def within(raw: Raw, key: str) -> Raw:
    """The object under a key; an empty one where the channel says null or nothing."""
    value = raw.get(key)
    if value is None:
        return _EMPTY
    if not isinstance(value, Mapping):
        raise Unbookable("bad_shape", f"{key} should be an object and is not.")
    return value


def each(value: Any, what: str) -> list[Raw]:
    """The members of a list or a connection, whether it shows them as nodes or as edges."""
    if isinstance(value, Mapping):
        if value.get("nodes") is not None:
            value = value["nodes"]
        else:
            value = [edge.get("node") if isinstance(edge, Mapping) else edge for edge in value.get("edges") or ()]
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(member, Mapping) for member in value):
        raise Unbookable("bad_shape", f"{what} should be a list of objects and is not.")
    return value


def text(raw: Raw, key: str) -> str | None:
    """The text under a key, or the number as one; webhooks write an empty one for nothing. Raises Unbookable."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise Unbookable("bad_shape", f"{key} should be a text and is not.")
    return str(value).strip() or None


def tail(global_id: Any) -> str | None:
    """The number in `gid://shopify/Order/450789469`, which stays the same in every version of the API."""
    if global_id is None or isinstance(global_id, (Mapping, list)):
        return None
    return str(global_id).rpartition("/")[2].partition("?")[0] or None


def moment(value: Any) -> datetime | None:
    """A moment in UTC; None where there is none or it cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def decimal(value: Any, what: str) -> Decimal | None:
    """An amount as decimal; JSON numbers have been read as Decimal already. Raises Unbookable."""
    if value is None:
        return None
    try:
        if isinstance(value, (bool, float)):
            raise InvalidOperation
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unbookable("bad_money", f"{what} is not an amount of money.")
    return number


def count(value: Any, what: str) -> int:
    """A number of units, 0 or more. Raises Unbookable."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value < 0 or value != int(value):
        raise Unbookable("bad_quantity", f"{what} is not a whole number of units.")
    return int(value)


def currency(value: Any, what: str) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        raise Unbookable("bad_currency", f"{what} is not a currency of three letters.")
    return value


@dataclass(slots=True)
class Purse:
    """Reads the amounts of one order in the shop's currency, and remembers what was odd about them."""

    currency: str
    warnings: list[str] = field(default_factory=list)

    def warn(self, code: str) -> None:
        if code not in self.warnings:
            self.warnings.append(code)

    def money(self, bag: Any, what: str) -> Decimal | None:
        """The amount of a MoneyBag, or of a plain amount. One in another currency is warned of and left out."""
        if bag is None:
            return None
        if not isinstance(bag, Mapping):
            raise Unbookable("bad_shape", f"{what} should be an amount with its currency and is not.")
        amount = within(bag, "shopMoney") if "shopMoney" in bag else bag
        if amount.get("currencyCode", self.currency) != self.currency:
            self.warn("currency_mismatch")
            return None
        return decimal(amount.get("amount"), what)

    def of(self, raw: Raw, key: str) -> Decimal | None:
        return self.money(raw.get(key), key)

    def total(self, amounts: Iterable[Any], what: str) -> Decimal:
        """The sum of a list that the channel told in full: nothing in it is 0."""
        return known_sum(self.money(amount, what) for amount in amounts) or Decimal(0)


def known_sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
