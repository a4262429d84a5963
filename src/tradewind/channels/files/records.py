"""Payments and products from the rows of their own files, and look-up tables."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tradewind.channels.files.preset import Preset
from tradewind.channels.files.problems import Problem, UnreadableFile
from tradewind.channels.files.tables import FLAW, Staged, TableReader, Values, is_bad
from tradewind.commerce.advertising.service import NewAdSpend
from tradewind.commerce.catalog.service import NewProduct
from tradewind.commerce.payments.service import NewPayment
from tradewind.core.errors import InvalidInput
from tradewind.core.money import to_minor

LARGEST_LOOKUP = 2_000_000
"""Rows of a look-up table: it is the one thing that is held in memory."""


def read_payment(reader: TableReader, row: Staged, currency: str | None, problems: list[Problem]) -> NewPayment | None:
    """The payment that a row tells of; None when it cannot be booked, and a problem says why."""
    values = _complete(reader, row, ("payment_id", "amount"), problems)
    if values is None:
        return None
    try:
        payment = NewPayment(
            external_id=values["payment_id"],
            amount=values["amount"],
            currency=values.get("currency") or currency or "",
            method=values.get("method", "unknown"),
            order_reference=values.get("order_reference"),
            installments=values.get("installments", 1),
            status=values.get("payment_state", "captured"),
            paid_at=values.get("paid_at"),
        )
        to_minor(payment.amount, payment.currency)
    except InvalidInput as refusal:
        _refuse(reader, row, refusal, problems)
        return None
    return payment


def read_product(reader: TableReader, row: Staged, currency: str | None, problems: list[Problem]) -> NewProduct | None:
    """The product that a row tells of; None when it cannot be booked, and a problem says why."""
    values = _complete(reader, row, ("sku",), problems)
    if values is None:
        return None
    price: Decimal | None = values.get("price")
    cost: Decimal | None = values.get("unit_cost")
    priced = values.get("currency") or currency
    if price is not None and price < 0:
        text = reader.text("price", row)
        problems.append(reader.problem(row, "price", text, "refused", "A price must not be negative."))
        return None
    if (price is not None or cost is not None) and priced is None:
        problems.append(reader.problem(row, "currency", "", "missing_value", "The price has no currency. Fill it in."))
        return None
    return NewProduct(
        sku=values["sku"],
        name=values.get("product_name"),
        category=values.get("category"),
        brand=values.get("brand"),
        description=values.get("description"),
        currency=priced,
        price=price,
        unit_cost=cost,
        weight_grams=values.get("weight_grams"),
    )


def read_ad_spend(reader: TableReader, row: Staged, preset: Preset, problems: list[Problem]) -> NewAdSpend | None:
    """What a row says a campaign cost on a day; None when it cannot be booked, and a problem says why."""
    values = _complete(reader, row, ("campaign", "day", "amount"), problems)
    if values is None:
        return None
    try:
        return NewAdSpend(
            channel=values.get("channel") or preset.channel.code,
            campaign=values["campaign"],
            day=values["day"].astimezone(preset.zone).date(),
            amount=values["amount"],
            currency=values.get("currency") or preset.currency or "",
            clicks=values.get("clicks"),
            impressions=values.get("impressions"),
        )
    except InvalidInput as refusal:
        _refuse(reader, row, refusal, problems)
        return None


def read_lookup(reader: TableReader, rows: Iterable[Staged]) -> dict[str, str]:
    """What to read in place of each value. Raises UnreadableFile when the table is no look-up any more."""
    found: dict[str, str] = {}
    for row in rows:
        values = reader.read(row, [])
        if isinstance(values.get("key"), str) and isinstance(values.get("value"), str):
            found[values["key"]] = values["value"]
        if len(found) > LARGEST_LOOKUP:
            raise UnreadableFile(
                f"{reader.file} has more than {LARGEST_LOOKUP:,} rows: too many to look up while reading."
            )
    return found


def _complete(reader: TableReader, row: Staged, names: tuple[str, ...], problems: list[Problem]) -> Values | None:
    before = len(problems)
    values = reader.read(row, problems)
    for name in names:
        if values.get(name) is None and row[FLAW] is None:
            reason = f"The cell is empty. Every row needs a {name.replace('_', ' ')}."
            problems.append(reader.problem(row, name, "", "missing_value", reason))
    return None if len(problems) > before or any(is_bad(values.get(name)) for name in names) else values


def _refuse(reader: TableReader, row: Staged, refusal: InvalidInput, problems: list[Problem]) -> None:
    name = refusal.field or "amount"
    problems.append(reader.problem(row, name, reader.text(name, row), "refused", str(refusal)))
