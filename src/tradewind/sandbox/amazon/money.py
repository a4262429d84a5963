"""Transactions as Amazon's Finances v2024-06-19 tells them, and settlement reports of the same money."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, islice
from typing import Any

from tradewind.channels.unified import UnifiedFee, UnifiedLine, UnifiedOrder, UnifiedRefund
from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.sandbox.amazon.asking import HOME, MARKETPLACES, Asked, BadRequest, PageTokens, iso
from tradewind.sandbox.amazon.orders import CHANNEL
from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind

_ZERO = Decimal(0)
_KNOWN = (
    "postedAfter",
    "postedBefore",
    "marketplaceId",
    "transactionStatus",
    "relatedIdentifierName",
    "relatedIdentifierValue",
    "nextToken",
)
_PAGE = 100
_SETTLES = timedelta(minutes=2)
_LONGEST = timedelta(days=180)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_NAMES = {
    FeeKind.COMMISSION: "Commission",
    FeeKind.FULFILLMENT: "FBAPerUnitFulfillmentFee",
    FeeKind.STORAGE: "FBAStorageFee",
    FeeKind.SUBSCRIPTION: "Subscription",
    FeeKind.REFUND_REVERSAL: "Commission",
    FeeKind.ADVERTISING: "SponsoredProducts",
    FeeKind.SHIPPING_LABEL: "ShippingLabel",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One SKU's part of a transaction, as Amazon signs it: what the seller gets is positive."""

    sku: str | None
    quantity: int
    goods: Decimal = _ZERO
    promotion: Decimal = _ZERO
    shipping: Decimal = _ZERO
    tax: Decimal = _ZERO
    fees: tuple[tuple[str, Decimal], ...] = ()

    @property
    def total(self) -> Decimal:
        """Tax comes and goes: Amazon pays it itself."""
        return self.goods + self.promotion + self.shipping + sum((amount for _, amount in self.fees), _ZERO)


@dataclass(frozen=True, slots=True)
class Transaction:
    id: str
    kind: str
    posted_at: datetime
    currency: str
    status: str
    order_id: str | None
    items: tuple[Item, ...]

    @property
    def total(self) -> Decimal:
        return sum((item.total for item in self.items), _ZERO)


class MoneyDesk:
    """listTransactions."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tokens = PageTokens(desk.clock, "nextToken", timedelta(hours=24))

    def list(self, asked: dict[str, str], path: str) -> dict[str, Any]:
        told = Asked(asked, _KNOWN)
        order_id = told.text("relatedIdentifierValue")
        after, before = told.moment("postedAfter"), told.moment("postedBefore")
        if after is None and order_id is None:
            raise BadRequest("Start date cannot be null")
        now = self._desk.clock.now()
        if before is not None and before > now - _SETTLES:
            raise BadRequest("postedBefore must be at least two minutes in the past.")
        before = before or now - _SETTLES
        after = after or _BEGINNING
        told.words("transactionStatus", 1, ("DEFERRED", "RELEASED", "DEFERRED_RELEASED"))
        told.words("marketplaceId", 1, MARKETPLACES)
        if order_id is None and before - after > _LONGEST:
            return {"payload": {"transactions": []}}
        place: tuple[datetime, int] = self._tokens.place(told.query) or (after, 0)
        if self._desk.faults.take(path, FaultKind.EMPTY_PAGE):
            return {"payload": {"transactions": [], "nextToken": self._tokens.make(told.query, place)}}
        since, skip = place
        found = transactions(self._desk.world, since, before)
        if order_id is not None:
            found = (each for each in found if each.order_id == order_id)
        page = list(islice(found, skip, skip + _PAGE))
        payload: dict[str, Any] = {"transactions": [rendered(each) for each in page]}
        if len(page) == _PAGE:
            last = page[-1].posted_at
            told_of_last = sum(1 for each in page if each.posted_at == last)
            # All of the page may be of one moment: then what was skipped before is skipped again.
            follows = (last, told_of_last + (skip if last == since else 0))
            payload["nextToken"] = self._tokens.make(told.query, follows)
        return {"payload": payload}


def transactions(world: Any, since: datetime, until: datetime) -> Iterator[Transaction]:
    """What was posted in `[since, until)`, in its order: fees of one order and moment are one transaction."""
    groups = groupby(world.fees(CHANNEL, since, until), key=lambda fee: (fee.posted_at, fee.order_external_id))
    charged = ((posted, order_id or "", list(fees)) for (posted, order_id), fees in groups)
    given_back = ((each.refunded_at, each.order_external_id, each) for each in world.refunds(CHANNEL, since, until))
    merged: Iterator[tuple[datetime, str, Any]] = heapq.merge(charged, given_back, key=lambda entry: entry[0])
    for posted, at_once in groupby(merged, key=lambda entry: entry[0]):
        entries = [(order_id, found) for _, order_id, found in at_once]
        fees_of = {order_id: found for order_id, found in entries if isinstance(found, list)}
        refunded = {order_id for order_id, found in entries if isinstance(found, UnifiedRefund)}
        for order_id, found in entries:
            if isinstance(found, UnifiedRefund):
                yield _refund(found, fees_of.get(order_id, []))
            elif order_id not in refunded:
                yield _sale(world, posted, order_id, found)


def _sale(world: Any, posted: datetime, order_id: str, fees: list[UnifiedFee]) -> Transaction:
    order = world.order(CHANNEL, order_id) if order_id else None
    first = fees[0]
    status = "DEFERRED" if first.status is FeeStatus.DEFERRED else "RELEASED"
    if order is None:
        items: tuple[Item, ...] = (Item(None, 0, fees=_fees(fees)),)
        return Transaction(f"tx-{first.external_id}", "ServiceFee", posted, first.currency, status, None, items)
    items = tuple(_sold(line, order, fees, is_first=index == 0) for index, line in enumerate(order.lines))
    return Transaction(f"tx-sale-{order_id}", "Shipment", posted, order.currency, status, order_id, items)


def _sold(line: UnifiedLine, order: UnifiedOrder, fees: list[UnifiedFee], *, is_first: bool) -> Item:
    own = [fee for fee in fees if fee.sku == line.sku or (is_first and fee.sku not in {one.sku for one in order.lines})]
    if any(one.sku == line.sku and one is not line for one in order.lines[: order.lines.index(line)]):
        own = []
    return Item(
        line.sku,
        line.quantity_shipped,
        goods=(line.unit_price or _ZERO) * line.quantity,
        promotion=-(line.discount or _ZERO),
        shipping=line.shipping or _ZERO,
        tax=line.tax or _ZERO,
        fees=_fees(own),
    )


def _refund(refund: UnifiedRefund, fees: list[UnifiedFee]) -> Transaction:
    items = []
    for index, line in enumerate(refund.lines):
        is_first = index == 0
        items.append(
            Item(
                line.sku,
                line.quantity,
                goods=-line.amount,
                shipping=-(refund.shipping or _ZERO) if is_first else _ZERO,
                tax=-(refund.tax or _ZERO) if is_first else _ZERO,
                fees=_fees(fees) if is_first else (),
            )
        )
    return Transaction(
        f"tx-{refund.external_id}",
        "Refund",
        refund.refunded_at,
        refund.currency,
        "RELEASED",
        refund.order_external_id,
        tuple(items),
    )


def _fees(fees: list[UnifiedFee]) -> tuple[tuple[str, Decimal], ...]:
    return tuple((_NAMES.get(fee.kind, fee.raw_kind), -fee.amount) for fee in fees)


def rendered(transaction: Transaction) -> dict[str, Any]:
    """The tree of one transaction, with the same money at both levels as the real one has it."""
    currency = transaction.currency
    items = [_item(item, currency) for item in transaction.items]
    related = [("ORDER_ID", transaction.order_id)] if transaction.order_id else [("FINANCIAL_EVENT_GROUP_ID", "g-1")]
    raw: dict[str, Any] = {
        "sellingPartnerMetadata": {"accountType": "Standard Orders", "marketplaceId": HOME},
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value} for name, value in related
        ],
        "transactionType": transaction.kind,
        "transactionId": transaction.id,
        "transactionStatus": transaction.status,
        "description": transaction.kind,
        "postedDate": iso(transaction.posted_at),
        "totalAmount": _amount(transaction.total, currency),
        "breakdowns": [
            row
            for name in ("Sales", "Expenses")
            for row in _wrapped(name, [row for item in items for row in item["breakdowns"]], currency)
        ],
    }
    if transaction.order_id:
        raw["items"] = items
    return raw


def _wrapped(name: str, rows: list[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    own = [row for row in rows if (row["breakdownType"] == "AmazonFees") == (name == "Expenses")]
    if not own:
        return []
    total = sum((row["breakdownAmount"]["currencyAmount"] for row in own), _ZERO)
    return [_row(name, total, currency, own)]


def _item(item: Item, currency: str) -> dict[str, Any]:
    charges = (
        ("ProductCharges", item.goods),
        ("Promo", item.promotion),
        ("Shipping", item.shipping),
        ("Tax", item.tax),
        ("MarketplaceFacilitatorTax", -item.tax),
    )
    rows = [_row(name, amount, currency) for name, amount in charges if amount]
    if item.fees:
        below = [_row(name, amount, currency, [_row("Base", amount, currency)]) for name, amount in item.fees]
        rows.append(_row("AmazonFees", sum((amount for _, amount in item.fees), _ZERO), currency, below))
    context = {"contextType": "ProductContext", "sku": item.sku, "quantityShipped": item.quantity}
    return {"totalAmount": _amount(item.total, currency), "contexts": [context], "breakdowns": rows}


def _row(name: str, amount: Decimal, currency: str, below: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"breakdownType": name, "breakdownAmount": _amount(amount, currency), "breakdowns": below or []}


def _amount(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"currencyCode": currency, "currencyAmount": amount}


# --- Settlement reports ---

_COLUMNS = (
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "adjustment-id",
    "amount-type",
    "amount-description",
    "amount",
    "posted-date",
    "posted-date-time",
    "sku",
    "quantity-purchased",
)


def settlement(world: Any, name: str, since: datetime, until: datetime, currency: str) -> str:
    """The report of a span of time in one currency, tab separated, its first row the sum."""
    found = [each for each in transactions(world, since, until) if each.currency == currency]
    head = {
        "settlement-id": name,
        "settlement-start-date": f"{since:%Y-%m-%d %H:%M:%S} UTC",
        "settlement-end-date": f"{until:%Y-%m-%d %H:%M:%S} UTC",
        "deposit-date": f"{until:%Y-%m-%d %H:%M:%S} UTC",
        "total-amount": str(sum((each.total for each in found), _ZERO)),
        "currency": currency,
    }
    lines = ["\t".join(_COLUMNS), _line(head)]
    for each in found:
        lines.extend(_line({"settlement-id": name} | row) for row in _money_lines(each))
    return "\n".join(lines) + "\n"


def _money_lines(each: Transaction) -> Iterator[dict[str, str]]:
    kind = {"Shipment": "Order", "Refund": "Refund"}.get(each.kind, "other-transaction")
    for item in each.items:
        cells = {
            "transaction-type": kind,
            "order-id": each.order_id or "",
            "adjustment-id": each.id if kind == "Refund" else "",
            "posted-date": f"{each.posted_at:%Y-%m-%d}",
            "posted-date-time": f"{each.posted_at:%Y-%m-%d %H:%M:%S} UTC",
            "sku": item.sku or "",
            "quantity-purchased": str(item.quantity or ""),
        }
        amounts = [
            ("ItemPrice", "Principal", item.goods),
            ("Promotion", "Principal", item.promotion),
            ("ItemPrice", "Shipping", item.shipping),
            ("ItemPrice", "Tax", item.tax),
            ("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", -item.tax),
            *(("ItemFees" if each.order_id else "other-transaction", name, amount) for name, amount in item.fees),
        ]
        for of, what, amount in amounts:
            if amount:
                yield cells | {"amount-type": of, "amount-description": what, "amount": str(amount)}


def _line(cells: dict[str, str]) -> str:
    return "\t".join(cells.get(name, "") for name in _COLUMNS)
