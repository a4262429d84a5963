"""From the rows of one order number to what they book: an order, its refunds, movements of stock.

Pure: knows the preset and commerce's types, no database. Whatever is wrong is collected, not raised, so
that one reading names all flaws of an order; an order with a flaw books nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tradewind.channels.files.cells import Unknown
from tradewind.channels.files.fields import ORDER_FIELDS, Across, Holds
from tradewind.channels.files.preset import Preset, RowKind, RowRule
from tradewind.channels.files.problems import Problem
from tradewind.channels.files.tables import FLAW, NUMBER, Staged, TableReader, Values, holds_true, is_bad
from tradewind.channels.files.totals import settle_totals
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.orders.amounts import OrderAmounts, order_amounts
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine
from tradewind.core.errors import InvalidInput
from tradewind.core.money import line_amount, to_micros, to_minor

ONE_ORDER_WITHIN = timedelta(hours=24)
"""Rows of one number farther apart than this are two orders."""

_IDENTITY = frozenset({"customer_id", "customer_email", "currency", "country", "placed_at", "external_id"})
_SIX_DIGITS = Decimal("0.000001")
_ZERO = Decimal(0)
_EARLIEST_USUAL_YEAR = 1995
_AHEAD = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class ToldMovement:
    """Units that came or went without a sale, by SKU."""

    sku: str
    delta: int
    reason: Reason
    occurred_at: datetime
    source_key: str
    note: str | None


@dataclass(frozen=True, slots=True)
class RefundedTotal:
    """What has been given back for an order so far, where a file tells the sum and no single refund."""

    order: NewOrder
    amounts: OrderAmounts
    total: Decimal
    refunded_at: datetime


@dataclass(slots=True)
class Told:
    """What the rows of one order number say. With `problems` nothing of it may be booked."""

    number: str
    rows: int
    order: NewOrder | None = None
    amounts: OrderAmounts | None = None
    refunds: list[NewRefund] = field(default_factory=list)
    refunded: RefundedTotal | None = None
    movements: list[ToldMovement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    """Code and sentence of what was booked though it looks odd."""
    first: tuple[TableReader, Staged] | None = None

    def refuse(self, code: str, reason: str, *, of: str = "") -> None:
        """A flaw of the order as a whole, reported at its first row."""
        if self.first is None:
            raise AssertionError("an order has rows")
        reader, row = self.first
        value = reader.text(of, row) if of else self.number
        self.problems.append(reader.problem(row, of or "order_number", value, code, reason))


@dataclass(frozen=True, slots=True)
class _Read:
    """One row, read."""

    reader: TableReader
    row: Staged
    values: Values
    kind: RowKind
    rule: RowRule | None


class OrderReader:
    """Reads orders of one import. `now` only decides which dates look odd."""

    def __init__(self, preset: Preset, readers: Mapping[int, TableReader], now: datetime) -> None:
        self._preset = preset
        self._readers = readers
        self._now = now
        self._needs_header = any(reader.table.holds is Holds.ORDERS for reader in readers.values())
        self._status_rules = [(rule.status, holds_true(rule.when)) for rule in preset.status_rules]
        names = {name for reader in readers.values() for name in reader.table.fields if name in ORDER_FIELDS}
        across = {name: self._across(name) for name in names}
        self._header_fields = [(name, across[name]) for name in ORDER_FIELDS if name in names]

    def read(self, rows: Sequence[tuple[int, Staged]]) -> Told:
        """What these rows, all of one order number, say."""
        problems: list[Problem] = []
        read = [self._read(table, row, problems) for table, row in rows]
        first = read[0]
        told = Told(_number_of(read), len(read), problems=problems, first=(first.reader, first.row))
        by_kind: dict[RowKind, list[_Read]] = {}
        for entry in read:
            by_kind.setdefault(entry.kind, []).append(entry)
        for entry in by_kind.get(RowKind.LEFT_OUT, ()):
            because = entry.rule.because if entry.rule else ""
            told.left_out.append(
                entry.reader.problem(entry.row, "sku", entry.reader.text("sku", entry.row), "left_out", because)
            )
        lines = by_kind.get(RowKind.LINE, []) + by_kind.get(RowKind.NO_LINE, [])
        if lines and not any(entry.row[FLAW] is not None for entry in read):
            self._order(told, [entry for entry in read if entry.kind in (RowKind.LINE, RowKind.NO_LINE)])
        if RowKind.REFUND in by_kind:
            self._refunds(told, by_kind[RowKind.REFUND])
        if RowKind.MOVEMENT in by_kind:
            self._movements(told, by_kind[RowKind.MOVEMENT])
        return told

    # --- Rows ------------------------------------------------------------------------------------------------------

    def _read(self, table: int, row: Staged, problems: list[Problem]) -> _Read:
        reader = self._readers[table]
        values = reader.read(row, problems)
        if reader.table.holds is Holds.ORDERS:
            return _Read(reader, row, values, RowKind.NO_LINE, None)
        if reader.is_service(values):
            values["product_kind"] = ProductKind.SERVICE
        kind, rule = reader.kind_of(values)
        return _Read(reader, row, values, kind, rule)

    def _across(self, name: str) -> Across:
        for reader in self._readers.values():
            filling = reader.table.fields.get(name)
            if filling is not None and filling.across is not None:
                return filling.across
        return ORDER_FIELDS[name].across or Across.FIRST

    def _header(self, told: Told, read: Sequence[_Read]) -> Values:
        """The order's own fields, made from all rows that have them."""
        header: Values = {}
        for name, across in self._header_fields:
            holder: _Read | None = None
            value: Any = None
            for entry in read:
                given = entry.values.get(name)
                if given is None or is_bad(given):
                    continue
                if holder is None:
                    holder, value = entry, given
                elif across is Across.SUM:
                    value += given
                elif across is Across.LATEST:
                    value = max(value, given)
                elif across is Across.EARLIEST:
                    if abs(given - value) > ONE_ORDER_WITHIN:
                        self._two_orders(told, name, holder, entry)
                    value = min(value, given)
                elif across is Across.SAME and given != value:
                    self._two_orders(told, name, holder, entry)
            if holder is not None:
                header[name] = value
        return header

    def _two_orders(self, told: Told, name: str, one: _Read, other: _Read) -> None:
        texts = [entry.reader.text(name, entry.row) for entry in (one, other)]
        rows = f"Rows {one.row[NUMBER]} and {other.row[NUMBER]}"
        column = other.reader.column(name, other.row)
        if name in _IDENTITY:
            code = "two_orders_one_number"
            reason = (
                f"{rows} give order {told.number} two values of {column}: {texts[0]} and {texts[1]}."
                " Two orders cannot share a number: correct the number of one of them."
            )
        else:
            code = "rows_disagree"
            reason = (
                f"{rows} disagree on {column} of order {told.number}: {texts[0]} and {texts[1]}."
                " Write it on one row of the order, or the same on each."
            )
        told.problems.append(other.reader.problem(other.row, name, texts[1], code, reason))

    # --- The order -------------------------------------------------------------------------------------------------

    def _order(self, told: Told, read: Sequence[_Read]) -> None:
        if self._needs_header and all(entry.reader.table.holds is not Holds.ORDERS for entry in read):
            told.refuse(
                "no_such_order",
                f"There are lines of order {told.number} and no such order in the orders file. Export both anew.",
            )
            return
        header = self._header(told, read)
        currency = self._currency(told, header)
        placed_at = header.get("placed_at")
        if placed_at is None and not _has_bad(read, "placed_at"):
            told.refuse("missing_value", "The order has no date. Fill in when it was placed.", of="placed_at")
        if not told.number:
            told.refuse(
                "missing_value",
                "The row has no order number. Fill it in: rows with one number make an order.",
                of="order_number",
            )
        status = self._status(told, header, read)
        country = self._country(told, header)
        lines = [line for entry in _in_line_order(read) if (line := self._line(told, entry, currency)) is not None]
        if told.problems or currency is None or placed_at is None:
            return
        try:
            order = NewOrder(
                order_number=told.number,
                external_id=header.get("external_id", ""),
                placed_at=placed_at,
                currency=currency,
                lines=tuple(lines),
                status=status,
                fulfillment_status=header.get("fulfillment_status"),
                payment_status=header.get("payment_status") or "unknown",
                customer=_customer(header, country),
                ship_country=country,
                ship_region=header.get("region"),
                ship_city=header.get("city"),
                fees=header.get("fees", _ZERO),
                other=header.get("other", _ZERO),
                is_test=header.get("is_test", False),
                is_replacement=header.get("is_replacement", False),
                note=header.get("note"),
                channel_updated_at=header.get("updated_at"),
                **settle_totals(header, lines, currency, self._preset.tax_in_prices, told.warnings),
            )
            told.amounts = order_amounts(order)
        except InvalidInput as refusal:
            told.refuse("refused", str(refusal), of=refusal.field or "")
            return
        told.order = order
        self._check_date(told, placed_at)
        refunded = header.get("refunded", _ZERO)
        if refunded > 0:
            self._refunded(told, header, order, refunded)

    def _currency(self, told: Told, header: Values) -> str | None:
        currency = header.get("currency") or self._preset.currency
        if currency is None and not any(problem.code == "bad_value" for problem in told.problems):
            told.refuse(
                "missing_value",
                "The amounts have no currency. Fill the column in, or give --currency EUR for the whole file.",
                of="currency",
            )
        return currency

    def _status(self, told: Told, header: Values, read: Sequence[_Read]) -> OrderStatus:
        if self._status_rules:
            seen: Values = {}
            for entry in read:
                seen = entry.values | seen
            return next((status for status, fits in self._status_rules if fits(seen)), OrderStatus.CONFIRMED)
        status = header.get("status")
        if isinstance(status, Unknown):
            told.warnings.append(
                ("unknown_status", f"Status '{status.text}' is not known; the order counts as confirmed.")
            )
            status = None
        return status or OrderStatus.CONFIRMED

    def _country(self, told: Told, header: Values) -> str | None:
        country = header.get("country", self._preset.country)
        if isinstance(country, Unknown):
            told.warnings.append(("unknown_country", f"Country '{country.text}' is not known; it is left empty."))
            return None
        return country

    def _line(self, told: Told, entry: _Read, currency: str | None) -> NewLine | None:
        if entry.kind is not RowKind.LINE:
            return None
        values = entry.values
        if not self._complete(
            told, entry, ("sku", "quantity", "unit_price" if "line_amount" not in values else "line_amount")
        ):
            return None
        quantity, discount = values["quantity"], values.get("discount", _ZERO)
        try:
            if "line_amount" in values:
                price, extra = _unit_price(values["line_amount"], quantity, currency)
                discount += extra
            else:
                price = values["unit_price"]
            return NewLine(
                sku=values["sku"],
                quantity=quantity,
                unit_price=price,
                name=values.get("product_name"),
                discount=discount,
                tax=values.get("tax", _ZERO),
                unit_cost=values.get("unit_cost"),
                category=values.get("category"),
                kind=values.get("product_kind", ProductKind.GOOD),
                external_line_id=values.get("line_id"),
            )
        except InvalidInput as refusal:
            self._refuse_row(told, entry, refusal)
            return None

    def _refuse_row(self, told: Told, entry: _Read, refusal: InvalidInput) -> None:
        name = refusal.field or "sku"
        text = entry.reader.text(name, entry.row)
        code = "negative_quantity" if name == "quantity" and text.startswith("-") else "refused"
        told.problems.append(entry.reader.problem(entry.row, name, text, code, str(refusal)))

    def _complete(self, told: Told, entry: _Read, names: Sequence[str]) -> bool:
        """Whether a row has what it needs; what is empty is reported, what is bad was reported before."""
        is_complete = True
        for name in names:
            value = entry.values.get(name)
            if value is None:
                also = (
                    " (in a sheet: or holds a formula that was never worked out)"
                    if entry.reader.source.format == "xlsx"
                    else ""
                )
                reason = f"The cell is empty{also}. Every line needs a {name.replace('_', ' ')}."
                if entry.row[FLAW] is None:
                    told.problems.append(entry.reader.problem(entry.row, name, "", "missing_value", reason))
                is_complete = False
            elif is_bad(value):
                is_complete = False
        return is_complete

    def _check_date(self, told: Told, placed_at: datetime) -> None:
        if placed_at > self._now + _AHEAD:
            told.warnings.append(
                ("date_ahead", f"Order {told.number} was placed in the future, at {placed_at:%Y-%m-%d}.")
            )
        elif placed_at.year < _EARLIEST_USUAL_YEAR:
            told.warnings.append(("date_early", f"Order {told.number} was placed in {placed_at.year}."))

    def _refunded(self, told: Told, header: Values, order: NewOrder, refunded: Decimal) -> None:
        if told.amounts is None:
            return
        if order.status in SOLD:
            told.refunded = RefundedTotal(order, told.amounts, refunded, header.get("refunded_at", order.placed_at))
        else:
            reason = f"Order {order.order_number} is {order.status}: in no revenue, so its refund takes nothing off."
            told.warnings.append(("refund_of_unsold_order", reason))

    # --- Refunds and stock -----------------------------------------------------------------------------------------

    def _refunds(self, told: Told, read: Sequence[_Read]) -> None:
        numbers = {entry.values.get("refund_number") for entry in read}
        for number in sorted(numbers, key=str):
            self._refund(told, [entry for entry in read if entry.values.get("refund_number") == number], number)

    def _refund(self, told: Told, read: Sequence[_Read], number: str | None) -> None:
        header = self._header(told, read)
        currency = self._currency(told, header)
        refunded_at = header.get("placed_at")
        if refunded_at is None and not _has_bad(read, "placed_at"):
            told.refuse("missing_value", "The refund has no date. Fill in when it was made.", of="placed_at")
        country = self._country(told, header)
        lines = [line for entry in _in_line_order(read) if (line := self._refund_line(told, entry)) is not None]
        if told.problems or currency is None or refunded_at is None:
            return
        external_id = number or (told.number if told.order is None else short_key(f"{told.number}:refund"))
        try:
            told.refunds.append(
                NewRefund(
                    external_id=external_id,
                    refunded_at=refunded_at,
                    currency=currency,
                    lines=tuple(lines),
                    order_reference=told.number,
                    customer=_customer(header, country),
                    ship_country=country,
                )
            )
        except InvalidInput as refusal:
            told.refuse("refused", str(refusal), of=refusal.field or "")

    def _refund_line(self, told: Told, entry: _Read) -> NewRefundLine | None:
        """Goods that came back with their price; a negative price is a credit for which nothing came back."""
        values = entry.values
        if not self._complete(told, entry, ("sku", "quantity", "unit_price")):
            return None
        quantity, price = values["quantity"], values["unit_price"]
        kind = values.get("product_kind", ProductKind.GOOD)
        units = abs(quantity)
        if price < 0:
            units, price = 0, abs(quantity * price)
        try:
            to_micros(price)
            return NewRefundLine(
                sku=values["sku"],
                quantity=units,
                unit_price=price,
                name=values.get("product_name"),
                kind=kind,
                is_restocked=units > 0 and kind is ProductKind.GOOD,
            )
        except InvalidInput as refusal:
            self._refuse_row(told, entry, refusal)
            return None

    def _movements(self, told: Told, read: Sequence[_Read]) -> None:
        """Each with a key made from what it says: the same row again, wherever it stands, is the same movement."""
        repeated: Counter[str] = Counter()
        for entry in read:
            values = entry.values
            if not self._complete(told, entry, ("sku", "quantity", "placed_at")) or not values["quantity"]:
                continue
            said = f"{self._preset.channel.code}:{told.number}:{values['sku']}:{values['quantity']}"
            repeated[said] += 1
            key = f"{said}:{repeated[said]}"
            told.movements.append(
                ToldMovement(
                    sku=values["sku"],
                    delta=values["quantity"],
                    reason=Reason(entry.rule.reason if entry.rule else "adjustment"),
                    occurred_at=values["placed_at"],
                    source_key=short_key(key, 200),
                    note=values.get("product_name"),
                )
            )


def _number_of(read: Sequence[_Read]) -> str:
    for entry in read:
        number = entry.values.get("order_number")
        if isinstance(number, str):
            return number
    return read[0].reader.text("order_number", read[0].row)


def _has_bad(read: Sequence[_Read], name: str) -> bool:
    return any(is_bad(entry.values.get(name)) for entry in read) or any(entry.row[FLAW] is not None for entry in read)


def _in_line_order(read: Sequence[_Read]) -> Sequence[_Read]:
    """By line number where every line has one, else as in the file."""
    lines = [entry for entry in read if entry.kind in (RowKind.LINE, RowKind.REFUND)]
    if all(isinstance(entry.values.get("line_no"), int) for entry in lines):
        return sorted(lines, key=lambda entry: entry.values["line_no"])
    return lines


def short_key(key: str, longest: int = 128) -> str:
    """The key itself, or where it is too long to store a digest of it."""
    return key if len(key) <= longest else hashlib.sha256(key.encode()).hexdigest()


def _unit_price(amount: Decimal, quantity: int, currency: str | None) -> tuple[Decimal, Decimal]:
    """The price of one unit from that of all, and what has to be taken off so that the line is exact."""
    if quantity <= 0 or currency is None:
        return abs(amount), _ZERO
    price = amount / quantity
    rounded = price.quantize(_SIX_DIGITS, ROUND_HALF_UP)
    if line_amount(to_micros(rounded), quantity, currency) == to_minor(amount, currency):
        return rounded, _ZERO
    dearer = (price + _SIX_DIGITS).quantize(_SIX_DIGITS, ROUND_HALF_UP)
    worth = Decimal(line_amount(to_micros(dearer), quantity, currency))
    return dearer, (worth - to_minor(amount, currency)) / (to_minor(Decimal(1), currency))


def _customer(header: Values, country: str | None) -> NewCustomer | None:
    """The buyer; known by e-mail where the channel has no id for them. None for a guest."""
    email = header.get("customer_email")
    external_id = header.get("customer_id") or (hashlib.sha256(email.lower().encode()).hexdigest() if email else None)
    if external_id is None:
        return None
    return NewCustomer(
        external_id=external_id,
        email=email,
        name=header.get("customer_name"),
        phone=header.get("customer_phone"),
        country=country,
        region=header.get("region"),
        city=header.get("city"),
    )
