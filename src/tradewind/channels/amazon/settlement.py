"""Settlement reports (flat file V2) to fees and refunds, for accounts that may not read their transactions. Pure.

A report is made by Amazon every two weeks and never changes; its rows are money lines. Rows of one refund are taken
together, every other row stands for itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from tradewind.channels.amazon.finances import kind_of
from tradewind.channels.amazon.localtext import local_amount, local_date
from tradewind.channels.amazon.values import Unbookable, currency, text
from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import UnifiedFee, UnifiedRefund, UnifiedRefundLine
from tradewind.commerce.fees.model import FeeStatus

Row = Mapping[str, str]

_ZERO = Decimal(0)
_CHARGES = frozenset({"itemprice", "promotion"})
_WITHHELD = frozenset({"itemwithheldtax"})
_SHIPPING = "shipping"
_NEEDED = ("settlement-id", "currency", "transaction-type", "amount-type", "amount-description", "amount")
_REFUND_WORDS = ("refund", "chargeback", "a-to-z")
_KEPT = (*_NEEDED, "order-id", "adjustment-id", "posted-date-time", "posted-date", "sku", "quantity-purchased")


@dataclass(frozen=True, slots=True)
class Settlement:
    """One report. `total` is what Amazon paid out for it: the sum of its rows."""

    id: str
    currency: str
    total: Decimal
    rows: tuple[Row, ...]

    @property
    def adds_up(self) -> bool:
        return sum((local_amount(row["amount"]) for row in self.rows), _ZERO) == self.total


def read_settlement(document: str) -> Settlement:
    """The rows of a report. Raises Unbookable where it is none."""
    reader = csv.DictReader(io.StringIO(document), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise Unbookable("bad_report", f"The settlement report has no column {missing[0]}.")
    lines = [{key: value or "" for key, value in line.items() if key is not None} for line in reader]
    if not lines:
        raise Unbookable("bad_report", "The settlement report is empty.")
    head, rows = lines[0], tuple(line for line in lines[1:] if line["amount"].strip())
    return Settlement(
        id=head["settlement-id"],
        currency=currency(head["currency"], "the settlement"),
        total=local_amount(head.get("total-amount", "")),
        rows=rows,
    )


def settlement_items(settlement: Settlement, marketplace: str, received_at: datetime) -> Iterator[Mapped]:
    """Each refund and each other row of a report, with its place in it as a part of its id."""
    numbered = list(enumerate(settlement.rows))
    for _, group in groupby(numbered, key=_together):
        rows = list(group)
        raw: dict[str, Any] = {
            "settlementId": settlement.id,
            "marketplaceId": marketplace,
            "currency": settlement.currency,
            "first": rows[0][0],
            "rows": [{name: row.get(name, "") for name in _KEPT} for _, row in rows],
        }
        yield settlement_rows(raw, received_at)


def _together(numbered: tuple[int, Row]) -> tuple[str, ...]:
    index, row = numbered
    if _is_refund(row):
        return (row["transaction-type"], row.get("order-id", ""), row.get("adjustment-id", ""))
    return (str(index),)


def _is_refund(row: Row) -> bool:
    kind = row["transaction-type"].casefold()
    return bool(row.get("order-id")) and any(word in kind for word in _REFUND_WORDS)


@rejects_surprises
def settlement_rows(raw: Raw, received_at: datetime) -> Mapped:
    """What rows that were kept together say."""
    external_id = f"settlement:{raw.get('settlementId')}:{raw.get('first')}"
    try:
        return Mapped(external_id, raw, tuple(_records(raw, external_id, received_at)))
    except (Unbookable, KeyError, TypeError, AttributeError, IndexError) as flaw:
        code = flaw.flaw if isinstance(flaw, Unbookable) else "malformed_payload"
        return Mapped(external_id, raw, (), (Rejected(external_id, code, str(flaw) or code),))


def _records(raw: Raw, external_id: str, received_at: datetime) -> Iterator[UnifiedFee | UnifiedRefund]:
    rows: Sequence[Row] = raw["rows"]
    code = currency(raw["currency"], "the settlement")
    first = rows[0]
    written = first.get("posted-date-time") or first.get("posted-date") or ""
    posted_at = local_date(written, str(raw["marketplaceId"]), received_at)
    refunded = [row for row in rows if _is_refund(row) and _component(row) != "fee"]
    amount = -_sum(row for row in refunded if _component(row) != "withheld")
    is_refund = amount > 0
    for offset, row in enumerate(rows):
        component = _component(row)
        is_sale = row["transaction-type"].casefold() == "order"
        if component == "withheld" or (component != "fee" and (is_sale or (is_refund and row in refunded))):
            continue
        money = local_amount(row["amount"])
        if not money:
            continue
        kind = "Refund" if _is_refund(row) else row["amount-type"]
        yield UnifiedFee(
            external_id=f"{external_id}:{offset}",
            posted_at=posted_at,
            kind=kind_of(row["amount-description"], kind, money),
            amount=-money,
            currency=code,
            status=FeeStatus.SETTLED,
            raw_kind=row["amount-description"] or row["amount-type"],
            order_external_id=text(row.get("order-id")),
            sku=text(row.get("sku")),
        )
    if is_refund:
        yield _refund(external_id, first, refunded, amount, code, posted_at)


def _refund(
    external_id: str, first: Row, rows: Sequence[Row], amount: Decimal, code: str, posted_at: datetime
) -> UnifiedRefund:
    goods: dict[str, list[Row]] = {}
    for row in rows:
        if _component(row) == "goods" and row.get("sku"):
            goods.setdefault(row["sku"], []).append(row)
    return UnifiedRefund(
        external_id=external_id,
        refunded_at=posted_at,
        currency=code,
        amount=amount,
        order_external_id=first["order-id"],
        lines=tuple(UnifiedRefundLine(sku, _units(of), -_sum(of)) for sku, of in goods.items() if _sum(of)),
        tax=-_sum(row for row in rows if _component(row) == "tax"),
        shipping=-_sum(row for row in rows if _component(row) == _SHIPPING),
        reason=first["transaction-type"],
    )


def _component(row: Row) -> str:
    """Whether a row is of goods, shipping, tax, tax that Amazon pays itself, or a fee."""
    kind = row["amount-type"].casefold()
    if kind in _WITHHELD:
        return "withheld"
    if kind not in _CHARGES:
        return "fee"
    name = row["amount-description"].casefold()
    if "tax" in name:
        return "tax"
    return _SHIPPING if name.startswith(_SHIPPING) else "goods"


def _sum(rows: Iterator[Row] | Sequence[Row]) -> Decimal:
    return sum((local_amount(row["amount"]) for row in rows), _ZERO)


def _units(rows: Sequence[Row]) -> int:
    counts = [row.get("quantity-purchased", "").strip() for row in rows]
    return max((int(count) for count in counts if count.isdigit()), default=0)
