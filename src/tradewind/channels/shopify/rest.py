"""Payloads of the REST shape, as webhooks still carry them, turned into the shape of GraphQL. No I/O.

One mapping then serves both. What a webhook does not tell (whether an order was edited) stays absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewind.channels.contract import Raw, Resource
from tradewind.channels.shopify.reading import Purse, each, text, within

_SENT = {None: "UNFULFILLED", "partial": "PARTIALLY_FULFILLED"}


def is_rest_shaped(raw: Raw) -> bool:
    """REST writes names with underscores; GraphQL does not."""
    return any("_" in key.strip("_") for key in raw)


def from_rest(resource: Resource, raw: Raw) -> Raw:
    """The same thing as GraphQL would tell it; resources whose webhooks only point at a thing come back as they are."""
    if not is_rest_shaped(raw):
        return raw
    if resource in (Resource.ORDERS, Resource.RETURNS):
        return _order(raw)
    if resource is Resource.CUSTOMERS:
        return _customer(raw)
    return raw


def _order(raw: Raw) -> Raw:
    currency = text(raw, "currency")
    address, customer = within(raw, "shipping_address"), within(raw, "customer")
    refunds = [_refund(refund, currency) for refund in each(raw.get("refunds"), "refunds")]
    purse = Purse(currency or "")
    return {
        "id": raw.get("admin_graphql_api_id") or raw.get("id"),
        "legacyResourceId": text(raw, "id"),
        "name": raw.get("name"),
        "createdAt": raw.get("created_at"),
        "processedAt": raw.get("processed_at"),
        "updatedAt": raw.get("updated_at"),
        "cancelledAt": raw.get("cancelled_at"),
        "test": raw.get("test"),
        "taxesIncluded": raw.get("taxes_included"),
        "dutiesIncluded": raw.get("duties_included"),
        "currencyCode": currency,
        "presentmentCurrencyCode": raw.get("presentment_currency"),
        "displayFinancialStatus": _upper(raw.get("financial_status")),
        "displayFulfillmentStatus": _sent(raw.get("fulfillment_status")),
        "email": text(raw, "email"),
        "customer": {"id": customer.get("admin_graphql_api_id"), "legacyResourceId": text(customer, "id")},
        "shippingAddress": {
            "city": address.get("city"),
            "province": address.get("province"),
            "provinceCode": address.get("province_code"),
            "countryCodeV2": address.get("country_code"),
            "zip": address.get("zip"),
        },
        "totalDiscountsSet": _money(raw, "total_discounts", currency),
        "totalShippingPriceSet": _money(raw, "total_shipping_price", currency),
        "totalTaxSet": _money(raw, "total_tax", currency),
        "totalPriceSet": _money(raw, "total_price", currency),
        "currentTotalPriceSet": _money(raw, "current_total_price", currency),
        "totalTipReceivedSet": _money(raw, "total_tip_received", currency),
        "originalTotalDutiesSet": _money(raw, "original_total_duties", currency),
        "originalTotalAdditionalFeesSet": _money(raw, "original_total_additional_fees", currency),
        "totalRefundedSet": _shop_money(
            purse.total((refund["totalRefundedSet"] for refund in refunds), "refunds"), currency
        ),
        "lineItems": [_line(line, currency) for line in each(raw.get("line_items"), "line_items")],
        "refunds": refunds,
        "fulfillments": [_fulfillment(one) for one in each(raw.get("fulfillments"), "fulfillments")],
    }


def _line(raw: Raw, currency: str | None) -> Raw:
    return {
        "id": _gid(raw, "LineItem"),
        "sku": raw.get("sku"),
        "title": raw.get("title"),
        "variantTitle": raw.get("variant_title"),
        "quantity": raw.get("quantity"),
        "currentQuantity": raw.get("current_quantity", raw.get("quantity")),
        "unfulfilledQuantity": raw.get("fulfillable_quantity", raw.get("quantity")),
        "isGiftCard": raw.get("gift_card"),
        "variant": _point(raw.get("variant_id"), "ProductVariant"),
        "originalUnitPriceSet": _money(raw, "price", currency),
        "discountAllocations": [
            {"allocatedAmountSet": _money(one, "amount", currency)}
            for one in each(raw.get("discount_allocations"), "discount_allocations")
        ],
        "taxLines": [{"priceSet": _money(one, "price", currency)} for one in each(raw.get("tax_lines"), "tax_lines")],
    }


def _refund(raw: Raw, currency: str | None) -> dict[str, Any]:
    """A webhook tells a refund's money by its payments; those that succeeded count."""
    paid_back = [
        {"amount": payment.get("amount"), "currencyCode": payment.get("currency", currency)}
        for payment in each(raw.get("transactions"), "transactions")
        if payment.get("kind") == "refund" and payment.get("status") == "success"
    ]
    purse = Purse(currency or "")
    return {
        "id": raw.get("admin_graphql_api_id") or raw.get("id"),
        "createdAt": raw.get("created_at"),
        "processedAt": raw.get("processed_at"),
        "totalRefundedSet": _shop_money(purse.total(paid_back, "transactions"), currency),
        "refundLineItems": [
            {
                "quantity": line.get("quantity"),
                "restockType": _upper(line.get("restock_type")),
                "subtotalSet": _money(line, "subtotal", currency),
                "totalTaxSet": _money(line, "total_tax", currency),
                "lineItem": _point(line.get("line_item_id"), "LineItem"),
            }
            for line in each(raw.get("refund_line_items"), "refund_line_items")
        ],
        "refundShippingLines": [
            {
                "subtotalAmountSet": _money(line, "subtotal_amount", currency),
                "taxAmountSet": _money(line, "tax_amount", currency),
            }
            for line in each(raw.get("refund_shipping_lines"), "refund_shipping_lines")
        ],
    }


def _fulfillment(raw: Raw) -> Raw:
    arrived = raw.get("shipment_status") == "delivered"
    return {"status": _upper(raw.get("status")), "deliveredAt": raw.get("updated_at") if arrived else None}


def _customer(raw: Raw) -> Raw:
    return {
        "id": raw.get("admin_graphql_api_id"),
        "legacyResourceId": text(raw, "id"),
        "updatedAt": raw.get("updated_at"),
        "defaultEmailAddress": {"emailAddress": text(raw, "email")},
    }


def _money(raw: Raw, name: str, currency: str | None) -> Raw | None:
    """`name_set` with both currencies where there is one, else the plain amount of the shop's currency."""
    bag = raw.get(f"{name}_set")
    if isinstance(bag, Mapping):
        return {
            "shopMoney": _coins(within(bag, "shop_money")),
            "presentmentMoney": _coins(within(bag, "presentment_money")),
        }
    return None if raw.get(name) is None else _shop_money(raw[name], currency)


def _coins(money: Raw) -> Raw:
    return {"amount": money.get("amount"), "currencyCode": money.get("currency_code", money.get("currency"))}


def _shop_money(amount: Any, currency: str | None) -> Raw:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def _upper(value: Any) -> str | None:
    return value.upper() if isinstance(value, str) else None


def _sent(value: Any) -> str | None:
    return _SENT[value] if value in _SENT else _upper(value)


def _gid(raw: Raw, kind: str) -> str | None:
    known = text(raw, "admin_graphql_api_id")
    return known or (None if raw.get("id") is None else f"gid://shopify/{kind}/{raw['id']}")


def _point(number: Any, kind: str) -> Raw | None:
    return None if number is None else {"id": f"gid://shopify/{kind}/{number}"}
