"""A settlement report (reconciliation file) as fees. Its rows are money lines: prices, shipping and taxes are known
from the orders, everything else is what Walmart took or gave back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.unified import UnifiedFee
from tradewind.channels.walmart.values import Unusable, amount, currency, listed, text
from tradewind.commerce.fees.model import FeeKind, FeeStatus

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Settlement days are Walmart's own."""
SUMMARY = "PaymentSummary"
_OF_ORDERS = ("product price", "shipping", "product tax", "shipping tax")
"""Amount types that begin so are the orders' own; tax collected and tax withheld cancel out."""
_BY_DESCRIPTION = (
    ("shipping label", FeeKind.SHIPPING_LABEL),
    ("storage", FeeKind.STORAGE),
    ("fulfillment", FeeKind.FULFILLMENT),
    ("advertis", FeeKind.ADVERTISING),
    ("subscription", FeeKind.SUBSCRIPTION),
)


def report_moment(report_date: str) -> datetime:
    """The beginning of a report's day, given as MMDDYYYY."""
    try:
        month, day, year = int(report_date[:2]), int(report_date[2:4]), int(report_date[4:])
        return datetime(year, month, day, tzinfo=PACIFIC).astimezone(UTC)
    except ValueError as error:
        raise Unusable("bad_time", f"{report_date!r} is no report date (MMDDYYYY).") from error


def rows_of_zip(body: bytes) -> list[dict[str, str]]:
    """The rows of all files in the archive. Raises zipfile.BadZipFile for a body that breaks off.

    After the header there may be a line `Number of Lines in file N`, which is none of them.
    """
    rows: list[dict[str, str]] = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            reader = csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            for row in reader:
                first = next(iter(row.values()), None) or ""
                if not first.startswith("Number of Lines"):
                    rows.append({(key or "").strip(): value for key, value in row.items() if isinstance(value, str)})
    return rows


def map_report(raw: Raw) -> Mapped:
    """`raw` is `{"reportDate": "MMDDYYYY", "rows": [...]}`. A report that is read again replaces all its rows."""
    date = text(raw.get("reportDate")) or ""
    rows = listed(raw.get("rows"))
    rejected: list[Rejected] = []
    if not date or not rows:
        reason = "The settlement has no date, or not even a summary."
        return Mapped(date, raw, (), (Rejected(date or None, "no_rows", reason),))
    fees: list[UnifiedFee] = []
    seen: Counter[str] = Counter()
    code = next((found for row in rows if (found := text(row.get("Currency")))), "USD")
    total = Decimal(0)
    for row in rows:
        if text(row.get("Transaction Type")) == SUMMARY:
            continue
        key = _key(date, row)
        seen[key] += 1
        external_id = f"{key}|{seen[key]}"
        try:
            worth = amount(row.get("Amount"), "Amount")
            if worth is None:
                raise Unusable("bad_money", "A row of the settlement has no Amount.")
            total += worth
            if not (text(row.get("Amount Type")) or "").lower().startswith(_OF_ORDERS):
                fees.append(_fee(row, external_id, date, worth, currency(code) or "USD"))
        except Unusable as unusable:
            rejected.append(Rejected(external_id, unusable.code, str(unusable)))
    rejected += _unbalanced(date, rows, total)
    return Mapped(date, raw, tuple(fees), tuple(rejected))


def _fee(row: Mapping[str, str], external_id: str, date: str, worth: Decimal, code: str) -> UnifiedFee:
    type_, amount_type = text(row.get("Transaction Type")) or "", text(row.get("Amount Type")) or ""
    description = text(row.get("Transaction Description"))
    return UnifiedFee(
        external_id=external_id,
        posted_at=_posted(row, date),
        kind=_kind(type_, amount_type, description or ""),
        amount=-worth,
        currency=code,
        status=FeeStatus.SETTLED,
        raw_kind=" / ".join(one for one in (type_, amount_type, description) if one),
        order_external_id=text(row.get("Purchase Order #")),
        sku=text(row.get("Partner Item Id")),
        replaces=_report_name(date),
    )


def _report_name(date: str) -> str:
    return f"recon-{date}"


def _key(date: str, row: Mapping[str, str]) -> str:
    names = ("Transaction Key", "Transaction Type", "Amount Type", "Purchase Order #", "Partner Item Id")
    return "|".join([_report_name(date), *((text(row.get(name)) or "") for name in names)])


def _kind(type_: str, amount_type: str, description: str) -> FeeKind:
    if amount_type.lower().startswith("commission"):
        return FeeKind.REFUND_REVERSAL if type_ == "Refund" else FeeKind.COMMISSION
    lowered = f"{description} {amount_type}".lower()
    return next((kind for words, kind in _BY_DESCRIPTION if words in lowered), FeeKind.OTHER)


def _posted(row: Mapping[str, str], date: str) -> datetime:
    """M/D/YYYY, a day of Walmart's."""
    posted = text(row.get("Transaction Posted Timestamp"))
    if posted is None:
        return report_moment(date)
    try:
        month, day, year = (int(one) for one in posted.split(" ")[0].split("/"))
        return datetime(year, month, day, tzinfo=PACIFIC).astimezone(UTC)
    except ValueError as error:
        raise Unusable("bad_time", f"{posted!r} is no day (M/D/YYYY).") from error


def _unbalanced(date: str, rows: Sequence[Mapping[str, str]], total: Decimal) -> list[Rejected]:
    """The sum of all amounts is what is paid; where it is not, somebody has to look."""
    payable = [row.get("Total Payable") for row in rows if text(row.get("Transaction Type")) == SUMMARY]
    try:
        told = sum((amount(one, "Total Payable") or Decimal(0) for one in payable), Decimal(0))
    except Unusable as unusable:
        return [Rejected(date, unusable.code, str(unusable))]
    if payable and told != total:
        reason = f"The rows of settlement {date} add up to {total}, and {told} is said to be paid."
        return [Rejected(date, "settlement_differs", reason)]
    return []
