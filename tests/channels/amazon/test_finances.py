"""Transactions and settlement reports become fees and refunds, and no money is lost between them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.channels.amazon.samples import needs_samples, sample
from tradewind.channels.amazon.finances import transaction
from tradewind.channels.amazon.localtext import local_amount, local_date
from tradewind.channels.amazon.mapping import map_fees
from tradewind.channels.amazon.settlement import read_settlement, settlement_items
from tradewind.channels.amazon.values import Unbookable
from tradewind.channels.contract import Mapped
from tradewind.channels.unified import UnifiedFee, UnifiedRefund
from tradewind.commerce.fees.model import FeeKind, FeeStatus

NOW = datetime(2026, 8, 1, tzinfo=UTC)


def fees(mapped: Mapped) -> list[UnifiedFee]:
    return [record for record in mapped.records if isinstance(record, UnifiedFee)]


def refunds(mapped: Mapped) -> list[UnifiedRefund]:
    return [record for record in mapped.records if isinstance(record, UnifiedRefund)]


def row(kind: str, amount: str, *below: dict[str, Any]) -> dict[str, Any]:
    return {
        "breakdownType": kind,
        "breakdownAmount": {"currencyCode": "USD", "currencyAmount": Decimal(amount)},
        "breakdowns": list(below),
    }


def a_transaction(kind: str, total: str, rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    amount = {"currencyCode": "USD", "currencyAmount": Decimal(total)}
    product = {"contextType": "ProductContext", "sku": "MUG", "quantityShipped": 1}
    raw: dict[str, Any] = {
        "transactionId": "T1",
        "transactionType": kind,
        "transactionStatus": "RELEASED",
        "postedDate": "2026-07-03T18:02:12Z",
        "totalAmount": amount,
        "relatedIdentifiers": [{"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "114-1"}],
        "items": [{"totalAmount": amount, "contexts": [product], "breakdowns": rows}],
    }
    return raw | changes


@needs_samples
def test_the_three_pages_tell_fees_a_refund_and_a_subscription_without_order() -> None:
    pages = [sample(f"derived/listTransactions.{name}.json")["payload"] for name in ("page1", "page2_empty_with_token")]
    last = sample("derived/listTransactions.page3.json")["payload"]
    assert pages[1]["transactions"] == []
    assert pages[1]["nextToken"]

    (sale,) = (transaction(raw) for raw in pages[0]["transactions"])
    assert [(fee.kind, fee.amount, fee.raw_kind) for fee in fees(sale)] == [
        (FeeKind.COMMISSION, Decimal("3.75"), "Commission"),
        (FeeKind.COMMISSION, Decimal("0.3"), "ShippingHB"),
    ]
    assert sum(fee.amount for fee in fees(sale)) == Decimal("4.05")
    assert {(fee.status, fee.sku, fee.order_external_id) for fee in fees(sale)} == {
        (FeeStatus.DEFERRED, "SHOE-RACK-10", "111-0000001-0000001")
    }
    assert refunds(sale) == []

    refund, subscription = (transaction(raw) for raw in last["transactions"])
    assert [(fee.kind, fee.amount) for fee in fees(refund)] == [
        (FeeKind.REFUND_REVERSAL, Decimal("-3.0")),
        (FeeKind.COMMISSION, Decimal("0.25")),
    ]
    (given_back,) = refunds(refund)
    assert (given_back.amount, given_back.order_external_id) == (Decimal("24.99"), "111-0000001-0000001")
    assert [(line.sku, line.quantity, line.amount) for line in given_back.lines] == [
        ("SHOE-RACK-10", 1, Decimal("24.99"))
    ]

    (fee,) = fees(subscription)
    assert (fee.kind, fee.amount, fee.order_external_id) == (FeeKind.SUBSCRIPTION, Decimal("39.99"), None)
    ids = [fee.external_id for mapped in (sale, refund, subscription) for fee in fees(mapped)]
    assert len(set(ids)) == len(ids)


@needs_samples
def test_a_sale_without_parts_and_id_tells_nothing_yet_under_a_stable_id() -> None:
    (raw,) = sample("finances_2024-06-19/listTransactions.json")["payload"]["transactions"]
    mapped = transaction(raw)
    assert (mapped.records, mapped.rejected) == ((), ())
    assert mapped.external_id == transaction(dict(raw)).external_id
    assert mapped.external_id != transaction(raw | {"postedDate": "2020-07-15T00:00:00Z"}).external_id


def test_a_refund_is_goods_tax_and_shipping_less_promotion() -> None:
    raw = a_transaction(
        "Refund",
        "-20.00",
        [
            row("ProductCharges", "-20.00"),
            row("Promo", "2.00"),
            row("Shipping", "-4.00"),
            row("Tax", "-1.50"),
            row("MarketplaceFacilitatorTax", "1.50"),
            row("AmazonFees", "2.00", row("Commission", "2.40"), row("RefundCommission", "-0.40")),
        ],
    )
    mapped = transaction(raw)
    (refund,) = refunds(mapped)
    assert (refund.amount, refund.tax, refund.shipping) == (Decimal("23.50"), Decimal("1.50"), Decimal("4.00"))
    assert refund.lines[0].amount == Decimal("18.00")
    # What the seller paid: the refund without the tax that Amazon paid back itself, and fees.
    assert refund.amount - Decimal("1.50") + sum(fee.amount for fee in fees(mapped)) == Decimal("20.00")


def test_what_was_deferred_and_released_is_one_thing() -> None:
    parts = [row("ProductCharges", "10.00"), row("AmazonFees", "-1.50", row("Commission", "-1.50"))]
    deferred = a_transaction("Shipment", "8.50", parts, transactionStatus="DEFERRED")
    link = {"relatedIdentifierName": "DEFERRED_TRANSACTION_ID", "relatedIdentifierValue": "T1"}
    released = deferred | {
        "transactionId": "T2",
        "transactionStatus": "RELEASED",
        "relatedIdentifiers": [*deferred["relatedIdentifiers"], link],
    }
    (before,), (after,) = fees(transaction(deferred)), fees(transaction(released))
    assert before.external_id == after.external_id
    assert (before.status, after.status) == (FeeStatus.DEFERRED, FeeStatus.SETTLED)
    assert before.replaces == after.replaces == "T1"
    assert transaction(deferred | {"transactionStatus": "DEFERRED_RELEASED"}).records == ()


def test_unknown_parts_become_other_fees_and_repeated_ones_keep_apart() -> None:
    raw = a_transaction(
        "Shipment",
        "5.00",
        [
            row("ProductCharges", "10.00"),
            row("HyperdriveCharge", "-2.00"),
            row("AmazonFees", "-3.00", row("Commission", "-1.00"), row("Commission", "-1.50"), row("Zap", "-0.50")),
        ],
    )
    told = fees(transaction(raw))
    assert [(fee.kind, fee.amount) for fee in told] == [
        (FeeKind.OTHER, Decimal("2.00")),
        (FeeKind.COMMISSION, Decimal("1.00")),
        (FeeKind.COMMISSION, Decimal("1.50")),
        (FeeKind.OTHER, Decimal("0.50")),
    ]
    assert len({fee.external_id for fee in told}) == 4


def test_one_level_is_taken_the_one_that_adds_up() -> None:
    raw = a_transaction(
        "Shipment",
        "7.00",
        [row("ProductCharges", "10.00"), row("AmazonFees", "-1.00", row("Commission", "-1.00"))],
        breakdowns=[
            row("Sales", "10.00", row("ProductCharges", "10.00")),
            row("Expenses", "-3.00", row("AmazonFees", "-3.00", row("Commission", "-1.00"), row("FBAFee", "-2.00"))),
        ],
    )
    told = fees(transaction(raw))  # the items say 7.00 too, by their total
    assert sum(fee.amount for fee in told) == Decimal("1.00")
    raw["items"][0]["totalAmount"] = {"currencyCode": "USD", "currencyAmount": Decimal("9.00")}
    told = fees(transaction(raw))
    assert sum(fee.amount for fee in told) == Decimal("3.00")
    assert {fee.sku for fee in told} == {None}


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("Shipment", "FBAPerUnitFulfillmentFee", FeeKind.FULFILLMENT),
        ("ServiceFee", "FBAStorageFee", FeeKind.STORAGE),
        ("ProductAdsPayment", "Base", FeeKind.ADVERTISING),
        ("Shipment", "VariableClosingFee", FeeKind.COMMISSION),
        ("ServiceFee", "PostageBilling_PostageAdjustment", FeeKind.SHIPPING_LABEL),
        ("Adjustment", "WAREHOUSE_DAMAGE", FeeKind.OTHER),
    ],
)
def test_fees_have_their_kinds(kind: str, name: str, expected: FeeKind) -> None:
    (fee,) = fees(transaction(a_transaction(kind, "-1.00", [row("AmazonFees", "-1.00", row(name, "-1.00"))])))
    assert (fee.kind, fee.raw_kind) == (expected, name)


def test_money_that_amazon_gives_is_a_negative_cost() -> None:
    (fee,) = fees(transaction(a_transaction("Adjustment", "12.00", [row("ProductCharges", "12.00")])))
    assert (fee.amount, fee.kind) == (Decimal("-12.00"), FeeKind.OTHER)
    (fee,) = fees(transaction(a_transaction("Adjustment", "-5.00", [], items=[])))
    assert fee.amount == Decimal("5.00")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"postedDate": None}, "no_date"),
        ({"totalAmount": None}, "no_amount"),
        ({"items": []}, "refund_without_parts"),
        (
            {"items": [{"breakdowns": [{"breakdownType": "Tax", "breakdownAmount": {"currencyAmount": "x"}}]}]},
            "bad_amount",
        ),
    ],
)
def test_a_transaction_that_cannot_be_booked_says_why(changes: dict[str, Any], code: str) -> None:
    mapped = transaction(a_transaction("Refund", "-1.00", [row("ProductCharges", "-1.00")]) | changes)
    assert [flaw.code for flaw in mapped.rejected] == [code]
    assert mapped.records == ()


# --- Settlement reports ---

_HEAD = (
    "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
    "transaction-type\torder-id\tadjustment-id\tamount-type\tamount-description\tamount\tposted-date-time\tsku\t"
    "quantity-purchased\n"
)


def a_report(total: str, *rows: tuple[str, ...]) -> str:
    lines = [f"77\t\t\t\t{total}\tEUR\t\t\t\t\t\t\t\t\t\n"]
    lines += ["77\t\t\t\t\t\t" + "\t".join(cells) + "\n" for cells in rows]
    return _HEAD + "".join(lines)


_DAY = "03.07.2026 18:02:12 UTC"
REPORT = a_report(
    "37,66",
    ("Order", "302-1", "", "ItemPrice", "Principal", "95,00", _DAY, "MUG", "2"),
    ("Order", "302-1", "", "ItemPrice", "Tax", "18,05", _DAY, "MUG", "2"),
    ("Order", "302-1", "", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", "-18,05", _DAY, "MUG", "2"),
    ("Order", "302-1", "", "ItemFees", "Commission", "-14,25", _DAY, "MUG", "2"),
    ("Refund", "302-1", "A1", "ItemPrice", "Principal", "-47,50", _DAY, "MUG", "1"),
    ("Refund", "302-1", "A1", "ItemPrice", "Tax", "-9,03", _DAY, "MUG", ""),
    ("Refund", "302-1", "A1", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", "9,03", _DAY, "MUG", ""),
    ("Refund", "302-1", "A1", "ItemFees", "Commission", "7,12", _DAY, "MUG", ""),
    ("Refund", "302-1", "A1", "ItemFees", "RefundCommission", "-1,42", _DAY, "MUG", ""),
    ("other-transaction", "", "", "other-transaction", "Storage Fee", "-1,29", _DAY, "", ""),
    ("other-transaction", "", "", "FBA Inventory Reimbursement", "WAREHOUSE_LOST", "0,00", _DAY, "MUG", ""),
)


def test_a_settlement_tells_fees_and_refunds_and_its_rows_are_its_total() -> None:
    settlement = read_settlement(REPORT)
    assert (settlement.total, settlement.currency, settlement.adds_up) == (Decimal("37.66"), "EUR", True)
    mapped = list(settlement_items(settlement, "A1PA6795UKMFR9", NOW))
    told = [fee for each in mapped for fee in fees(each)]
    assert [(fee.kind, fee.amount, fee.order_external_id) for fee in told] == [
        (FeeKind.COMMISSION, Decimal("14.25"), "302-1"),
        (FeeKind.REFUND_REVERSAL, Decimal("-7.12"), "302-1"),
        (FeeKind.COMMISSION, Decimal("1.42"), "302-1"),
        (FeeKind.STORAGE, Decimal("1.29"), None),
    ]
    (refund,) = (each for mapping in mapped for each in refunds(mapping))
    assert (refund.amount, refund.tax) == (Decimal("56.53"), Decimal("9.03"))
    assert [(line.sku, line.quantity, line.amount) for line in refund.lines] == [("MUG", 1, Decimal("47.50"))]
    assert refund.refunded_at == datetime(2026, 7, 3, 18, 2, 12, tzinfo=UTC)
    # Goods sold less refunded goods, less fees: what was paid out.
    assert Decimal("95.00") - Decimal("47.50") - sum(fee.amount for fee in told) == settlement.total


def test_a_kept_settlement_row_means_the_same_when_it_is_replayed() -> None:
    for mapped in settlement_items(read_settlement(REPORT), "A1PA6795UKMFR9", NOW):
        assert map_fees(mapped.raw, NOW).records == mapped.records
        assert map_fees(mapped.raw, NOW).external_id == mapped.external_id


def test_a_settlement_that_does_not_add_up_or_is_none_is_noticed() -> None:
    row = ("other-transaction", "", "", "other-transaction", "Fee", "-1,29", _DAY, "", "")
    assert not read_settlement(a_report("1,00", row)).adds_up
    with pytest.raises(Unbookable, match="no column settlement-id"):
        read_settlement("<html>")
    bad = read_settlement(a_report("0,00", (*row[:6], "someday", *row[7:])))
    (mapped,) = settlement_items(bad, "A1PA6795UKMFR9", NOW)
    assert [flaw.code for flaw in mapped.rejected] == ["bad_date"]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("95.00", "95"),
        ("95,00", "95"),
        ("-1.234,50", "-1234.5"),
        ("1,234.50", "1234.5"),
        ("1,234", "1234"),
        ("7", "7"),
        ("1 234,5", "1234.5"),
        ("1,234,567", "1234567"),
    ],
)
def test_amounts_are_read_as_each_country_writes_them(written: str, amount: str) -> None:
    assert local_amount(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["", "x", "1_000", "NaN"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(Unbookable):
        local_amount(written)


@pytest.mark.parametrize(
    ("written", "marketplace", "day"),
    [
        ("07/03/2026", "ATVPDKIKX0DER", 3),
        ("03/07/2026", "A1F83G8C2ARO7P", 3),
        ("03.07.26", "A1PA6795UKMFR9", 3),
        ("2026/07/03", "A1VC38T7YXB528", 3),
        ("2026-07-03 10:11:12 UTC", "ATVPDKIKX0DER", 3),
    ],
)
def test_days_are_read_as_each_country_writes_them(written: str, marketplace: str, day: int) -> None:
    found = local_date(written, marketplace, NOW)
    assert (found.year, found.month, found.day) == (2026, 7, day)
