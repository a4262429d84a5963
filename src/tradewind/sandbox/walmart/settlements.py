"""Walmart's settlements: every two weeks a report of money lines, there a day after its period ends."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradewind.channels.unified import UnifiedFee, UnifiedOrder
from tradewind.commerce.fees.model import FeeKind
from tradewind.sandbox.generated import GeneratedWorld

_PACIFIC = ZoneInfo("America/Los_Angeles")
_PERIOD = timedelta(days=14)
_COLUMNS = (
    "Period Start Date",
    "Period End Date",
    "Total Payable",
    "Currency",
    "Transaction Key",
    "Transaction Posted Timestamp",
    "Transaction Type",
    "Transaction Description",
    "Customer Order #",
    "Purchase Order #",
    "Amount",
    "Amount Type",
    "Ship Qty",
    "Partner Item Id",
    "Fulfillment Type",
)
_ACCOUNT = {FeeKind.STORAGE: "WFS Storage fee", FeeKind.FULFILLMENT: "WFS Fulfillment fee"}
Row = dict[str, str]


def available(world: GeneratedWorld) -> dict[str, tuple[datetime, datetime]]:
    """The periods of the reports that are there by now, by the reports' dates."""
    found = {}
    end = world.start + _PERIOD
    while end + timedelta(days=1) <= world.now:
        found[end.astimezone(_PACIFIC).strftime("%m%d%Y")] = (end - _PERIOD, end)
        end += _PERIOD
    return found


def report_zip(world: GeneratedWorld, since: datetime, until: datetime) -> bytes:
    """The archive with one CSV; after its header stands how many lines it has, as has been seen."""
    rows = [row for fee in world.fees("walmart", since, until) for row in _rows(world, fee)]
    total = sum((Decimal(row["Amount"]) for row in rows), Decimal(0))
    summary: Row = {
        "Period Start Date": since.strftime("%m/%d/%Y"),
        "Period End Date": until.strftime("%m/%d/%Y"),
        "Total Payable": str(total),
        "Currency": "USD",
        "Transaction Posted Timestamp": _day(until),
        "Transaction Type": "PaymentSummary",
        "Transaction Description": "Deposited in account",
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, restval="")
    writer.writeheader()
    text.write(f"Number of Lines in file 1: {len(rows) + 1}\r\n")
    writer.writerows([summary, *rows])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("recon.csv", text.getvalue())
    return packed.getvalue()


def _rows(world: GeneratedWorld, fee: UnifiedFee) -> Iterator[Row]:
    """A fee, and with a commission the price and the tax that it belongs to."""
    order = world.order("walmart", fee.order_external_id) if fee.order_external_id else None
    row = {
        "Transaction Key": f"K{fee.order_external_id or ''}{fee.external_id}",
        "Transaction Posted Timestamp": _day(fee.posted_at),
        "Transaction Type": "Adjustment",
        "Transaction Description": _ACCOUNT.get(fee.kind, ""),
        "Customer Order #": (order.group_id or "") if order else "",
        "Purchase Order #": fee.order_external_id or "",
        "Amount": str(-fee.amount),
        "Amount Type": "Fee/Reimbursement",
        "Ship Qty": "1",
        "Partner Item Id": fee.sku or "",
    }
    if order is not None and fee.kind is FeeKind.COMMISSION:
        yield from _sale(order, row)
        row |= {"Transaction Type": "Sale", "Transaction Description": "Purchase"}
        row |= {"Amount Type": "Commission on Product"}
    elif order is not None and fee.kind is FeeKind.REFUND_REVERSAL:
        # Letter case differs between Walmart's endpoints and reports.
        row |= {"Transaction Type": "Refund", "Transaction Description": "", "Amount Type": "Commission on Product"}
        row |= {"Partner Item Id": (fee.sku or "").lower()}
        price = sum((line.amount for line in order.refunds[0].lines), Decimal(0))
        yield {**row, "Amount": str(-price), "Amount Type": "Product Price"}
    yield row


def _sale(order: UnifiedOrder, row: Row) -> Iterator[Row]:
    sold = {**row, "Transaction Type": "Sale", "Transaction Description": "Purchase"}
    yield {**sold, "Amount": str((order.subtotal or 0) - (order.discount or 0)), "Amount Type": "Product Price"}
    if order.shipping:
        yield {**sold, "Amount": str(order.shipping), "Amount Type": "Shipping"}
    if order.tax:
        yield {**sold, "Amount": str(order.tax), "Amount Type": "Product tax"}
        yield {**sold, "Amount": str(-order.tax), "Amount Type": "Product tax withheld"}


def _day(moment: datetime) -> str:
    local = moment.astimezone(_PACIFIC)
    return f"{local.month}/{local.day}/{local.year}"
