"""The fields that a preset can fill: a closed list, so that a misspelt one is found when the preset is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a field is read."""

    TEXT = "text"
    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    COUNT = "count"
    """A whole number of things that are no goods."""
    MOMENT = "moment"
    STATUS = "status"
    COUNTRY = "country"
    CURRENCY = "currency"
    FLAG = "flag"


class Across(StrEnum):
    """How the rows of one order make one value for it."""

    SAME = "same"
    """Given on one row or on several, and then the same; rows that disagree are two orders with one number."""
    FIRST = "first"
    SUM = "sum"
    EARLIEST = "earliest"
    """Times within a day of each other; farther apart they are two orders with one number."""
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Field:
    kind: Kind
    about: str
    across: Across | None = None
    longest: int | None = None


ORDER_FIELDS = {
    "order_number": Field(Kind.TEXT, "number of the order, as people see it", Across.SAME, 128),
    "external_id": Field(
        Kind.TEXT, "the channel's own id of the order; the number where there is none", Across.SAME, 128
    ),
    "placed_at": Field(Kind.MOMENT, "when the order was placed; without a zone it is in the preset's", Across.EARLIEST),
    "status": Field(
        Kind.STATUS, "pending, confirmed, processing, shipped, delivered, cancelled or refunded", Across.SAME
    ),
    "fulfillment_status": Field(Kind.TEXT, "unfulfilled, partial, fulfilled or none", Across.FIRST, 16),
    "payment_status": Field(Kind.TEXT, "what the channel says of the payment", Across.FIRST, 32),
    "currency": Field(Kind.CURRENCY, "ISO 4217 code such as EUR", Across.SAME),
    "customer_id": Field(Kind.TEXT, "the channel's id of the buyer; empty for a guest", Across.SAME, 128),
    "customer_email": Field(Kind.TEXT, "e-mail; identifies the buyer where there is no id", Across.SAME, 320),
    "customer_name": Field(Kind.TEXT, "name of the buyer", Across.FIRST, 300),
    "customer_phone": Field(Kind.TEXT, "phone of the buyer", Across.FIRST, 64),
    "country": Field(Kind.COUNTRY, "where the goods go: ISO code such as DE, or an English name", Across.SAME),
    "region": Field(Kind.TEXT, "state or province", Across.FIRST, 100),
    "city": Field(Kind.TEXT, "city", Across.FIRST, 200),
    "shipping": Field(Kind.AMOUNT, "shipping charged for the order", Across.SAME),
    "order_discount": Field(Kind.AMOUNT, "discount that no line carries; spread over the lines by value", Across.SAME),
    "subtotal": Field(Kind.AMOUNT, "worth of the lines after all discounts", Across.SAME),
    "order_tax": Field(Kind.AMOUNT, "tax of the whole order", Across.SAME),
    "extra_tax": Field(Kind.AMOUNT, "tax beside that of the lines, for example on shipping", Across.SUM),
    "prices_include_tax": Field(Kind.FLAG, "whether prices contain the tax", Across.FIRST),
    "other": Field(Kind.AMOUNT, "gift wrap, duties and what fits nowhere else", Across.SUM),
    "fees": Field(Kind.AMOUNT, "the channel's fees: a cost, no part of the total", Across.SUM),
    "total": Field(Kind.AMOUNT, "total as the channel says it", Across.SAME),
    "discount_total": Field(Kind.AMOUNT, "all discounts together, those on shipping too", Across.SAME),
    "refunded": Field(Kind.AMOUNT, "money given back for the order so far", Across.SAME),
    "refunded_at": Field(Kind.MOMENT, "when money was given back; the order's time where unknown", Across.FIRST),
    "updated_at": Field(
        Kind.MOMENT, "when the channel changed the order last; older versions change nothing", Across.LATEST
    ),
    "is_test": Field(Kind.FLAG, "a test order: kept, in no figure", Across.FIRST),
    "is_replacement": Field(Kind.FLAG, "goods sent without a sale: moves stock, counts as no order", Across.FIRST),
    "note": Field(Kind.TEXT, "a remark", Across.FIRST, 2000),
}

LINE_FIELDS = {
    "line_no": Field(Kind.QUANTITY, "place of the line in its order; the file's order where unknown"),
    "line_id": Field(Kind.TEXT, "the channel's id of the line", longest=128),
    "sku": Field(Kind.TEXT, "id under which the product is stocked", longest=128),
    "product_name": Field(Kind.TEXT, "name of the product, or a note on a stock movement", longest=500),
    "category": Field(Kind.TEXT, "category path, for example Home / Kitchen", longest=200),
    "quantity": Field(Kind.QUANTITY, "units, a whole number"),
    "unit_price": Field(Kind.PRICE, "price of one unit, up to six digits after the point"),
    "line_amount": Field(Kind.AMOUNT, "price of all units of the line, in place of unit_price"),
    "discount": Field(Kind.AMOUNT, "discount on the whole line"),
    "tax": Field(Kind.AMOUNT, "tax of the line"),
    "unit_cost": Field(Kind.PRICE, "what one unit cost"),
    "refund_number": Field(Kind.TEXT, "number of the credit note; the order's number where there is none", longest=128),
}

PAYMENT_FIELDS = {
    "payment_id": Field(Kind.TEXT, "the channel's id of the payment", longest=128),
    "order_reference": Field(Kind.TEXT, "number or id of the order it pays", longest=128),
    "amount": Field(Kind.AMOUNT, "what was paid"),
    "currency": ORDER_FIELDS["currency"],
    "method": Field(Kind.TEXT, "card, voucher …", longest=64),
    "installments": Field(Kind.QUANTITY, "number of instalments"),
    "payment_state": Field(Kind.TEXT, "captured where not given", longest=16),
    "paid_at": Field(Kind.MOMENT, "when it was paid; the order's time where unknown"),
}

PRODUCT_FIELDS = {
    "sku": LINE_FIELDS["sku"],
    "product_name": LINE_FIELDS["product_name"],
    "category": LINE_FIELDS["category"],
    "brand": Field(Kind.TEXT, "brand", longest=200),
    "description": Field(Kind.TEXT, "description"),
    "price": Field(Kind.AMOUNT, "price today"),
    "unit_cost": LINE_FIELDS["unit_cost"],
    "currency": ORDER_FIELDS["currency"],
    "weight_grams": Field(Kind.QUANTITY, "weight of one unit"),
}


AD_SPEND_FIELDS = {
    "channel": Field(
        Kind.TEXT, "code of the sales channel that buyers were sent to; the preset's otherwise", longest=64
    ),
    "campaign": Field(Kind.TEXT, "name of the campaign", longest=200),
    "day": Field(Kind.MOMENT, "the day it ran; a time is on its day in the preset's zone"),
    "amount": Field(Kind.AMOUNT, "what it cost on that day"),
    "currency": ORDER_FIELDS["currency"],
    "clicks": Field(Kind.COUNT, "clicks"),
    "impressions": Field(Kind.COUNT, "how often it was shown"),
}


class Holds(StrEnum):
    """What the rows of a table are."""

    ORDERS = "orders"
    LINES = "lines"
    ORDER_LINES = "order_lines"
    """Lines that repeat their order's fields, or carry them on its first row."""
    PAYMENTS = "payments"
    PRODUCTS = "products"
    AD_SPEND = "ad_spend"
    """What a campaign cost on a day, one row each."""
    LOOKUP = "lookup"
    """Two columns: a value, and what to read in its place."""


FIELDS_OF = {
    Holds.ORDERS: ORDER_FIELDS,
    Holds.LINES: ORDER_FIELDS | LINE_FIELDS,
    Holds.ORDER_LINES: ORDER_FIELDS | LINE_FIELDS,
    Holds.PAYMENTS: PAYMENT_FIELDS,
    Holds.PRODUCTS: PRODUCT_FIELDS,
    Holds.AD_SPEND: AD_SPEND_FIELDS,
    Holds.LOOKUP: {"key": Field(Kind.TEXT, "value"), "value": Field(Kind.TEXT, "what to read in its place")},
}
