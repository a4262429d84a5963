"""Small payloads of our own, as GraphQL tells them, for what the official ones do not show."""

from __future__ import annotations

from typing import Any

SHOP = "camp.myshopify.com"


def bag(amount: Any, currency: str = "USD") -> dict[str, Any]:
    money = {"amount": amount, "currencyCode": currency}
    return {"shopMoney": money, "presentmentMoney": money}


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "sku": f"SKU-{number}",
        "title": "Steel Mug",
        "quantity": 2,
        "currentQuantity": 2,
        "unfulfilledQuantity": 2,
        "originalUnitPriceSet": bag("10.00"),
        "discountAllocations": [],
        "taxLines": [{"priceSet": bag("2.00")}],
    } | changes


def order(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/Order/77",
        "legacyResourceId": "77",
        "name": "#77",
        "createdAt": "2026-03-01T10:00:00Z",
        "processedAt": "2026-03-01T10:00:00Z",
        "updatedAt": "2026-03-02T10:00:00Z",
        "cancelledAt": None,
        "taxesIncluded": False,
        "currencyCode": "USD",
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "UNFULFILLED",
        "totalDiscountsSet": bag("0.00"),
        "totalShippingPriceSet": bag("5.00"),
        "totalTaxSet": bag("2.00"),
        "totalPriceSet": bag("27.00"),
        "totalRefundedSet": bag("0.00"),
        "lineItems": {"nodes": [line()]},
        "refunds": [],
    } | changes
