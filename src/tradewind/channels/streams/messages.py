"""What a message of `sales` or `items` says. Building one checks it; docs/how-to/streams.md is the contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from tradewind.commerce.orders.new import MAX_QUANTITY
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency
from tradewind.events.kafka_consumer import Record

_LONGEST = 128
_LONGEST_STORE = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sale:
    """Units of one product that a store sold, at the price of that moment."""

    sale_id: str
    sku: str
    store: str
    quantity: int
    sold_at: datetime
    unit_price: Decimal | None
    """None: what the catalogue said at `sold_at`."""
    currency: str | None
    name: str | None = None
    store_name: str | None = None
    customer: str | None = None


@dataclass(frozen=True, slots=True)
class StockChange:
    """Units of one product that came to a store or left it otherwise than by a sale; a change, not a level."""

    change_id: str
    sku: str
    store: str
    amount: int
    """0: the message only tells of the product."""
    changed_at: datetime
    name: str | None = None
    category: str | None = None
    unit_price: Decimal | None = None
    currency: str | None = None
    store_name: str | None = None


def sale_of(record: Record) -> Sale:
    """Raises InvalidInput with the field that is wrong."""
    told = _Fields(record)
    return Sale(
        sale_id=told.text("sale_id", "id", "event_id") or record.place,
        sku=told.needed("product_id", "sku", "product"),
        store=told.text("store_id", "store", longest=_LONGEST_STORE) or "main",
        quantity=told.whole("quantity", 1, smallest=1),
        sold_at=told.moment("sold_at", "timestamp", "sale_date"),
        unit_price=told.amount("unit_price", "price"),
        currency=told.currency(),
        name=told.text("product_name", longest=10_000),
        store_name=told.text("store_name", longest=200),
        customer=told.text("customer_id", "user_id"),
    )


def stock_change_of(record: Record) -> StockChange:
    """Raises InvalidInput with the field that is wrong."""
    told = _Fields(record)
    return StockChange(
        change_id=told.text("change_id", "id", "event_id") or record.place,
        sku=told.needed("product_id", "sku", "product"),
        store=told.text("store_id", "store", longest=_LONGEST_STORE) or "main",
        amount=told.whole("amount", 0, "quantity", smallest=-MAX_QUANTITY),
        changed_at=told.moment("changed_at", "timestamp", "updated_at"),
        name=told.text("product_name", "name", longest=10_000),
        category=told.text("category", longest=200),
        unit_price=told.amount("unit_price", "price"),
        currency=told.currency(),
        store_name=told.text("store_name", longest=200),
    )


class _Fields:
    """The fields of a message, each under the first of its names that is there."""

    def __init__(self, record: Record) -> None:
        if record.value is None:
            raise InvalidInput("The message is empty. Send one JSON object.", field="")
        try:
            told = orjson.loads(record.value)
        except orjson.JSONDecodeError as broken:
            raise InvalidInput(f"The message is not JSON: {broken}.", field="") from broken
        if not isinstance(told, dict):
            raise InvalidInput(f"The message is a JSON {type(told).__name__}. Send one object.", field="")
        self._told: dict[str, Any] = told
        self._at = record.at

    def text(self, *names: str, longest: int = _LONGEST) -> str | None:
        name, value = self._first(names)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise _wrong(name, value, "a text")
        text = str(value).strip()
        if len(text) > longest or "\0" in text:
            raise InvalidInput(f"{name} is longer than {longest} characters, or holds a NUL.", field=name)
        return text or None

    def needed(self, *names: str) -> str:
        found = self.text(*names)
        if found is None:
            raise InvalidInput(f"{names[0]} is missing.", field=names[0])
        return found

    def whole(self, name: str, default: int, *others: str, smallest: int) -> int:
        name, value = self._first((name, *others))
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise _wrong(name, value, "a whole number")
        if not smallest <= value <= MAX_QUANTITY:
            raise InvalidInput(f"{name} is {value}; it lies between {smallest} and {MAX_QUANTITY}.", field=name)
        return int(value)

    def amount(self, *names: str) -> Decimal | None:
        name, value = self._first(names)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _wrong(name, value, "a price")
        try:
            found = Decimal(str(value))  # of a JSON number its shortest digits: 9.99 is 9.99
        except InvalidOperation as broken:
            raise _wrong(name, value, "a price") from broken
        if not found.is_finite() or not 0 <= found < Decimal(10) ** 12:
            raise InvalidInput(f"{name} is {value}; a price is 0 or more.", field=name)
        return found

    def currency(self) -> str | None:
        code = self.text("currency")
        return None if code is None else check_currency(code.upper())

    def moment(self, *names: str) -> datetime:
        """A moment with a zone or in UTC, or seconds or milliseconds since 1970; the message's own time without one."""
        name, value = self._first(names)
        if value is None:
            return self._at
        try:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return _EPOCH + timedelta(seconds=value / 1000 if abs(value) > 1e11 else value)
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError, OverflowError) as broken:
            raise _wrong(name, value, "a moment such as 2026-03-01T12:00:00Z") from broken
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    def _first(self, names: tuple[str, ...]) -> tuple[str, Any]:
        return next(((name, self._told[name]) for name in names if self._told.get(name) is not None), (names[0], None))


def _wrong(name: str, value: object, wanted: str) -> InvalidInput:
    return InvalidInput(f"{name} is {str(value)[:60]!r}, not {wanted}.", field=name)
