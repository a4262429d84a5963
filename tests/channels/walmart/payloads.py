"""Small payloads of our own, in Walmart's shape."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def charge(amount: object, type_: str = "PRODUCT", name: str = "ItemPrice", tax: object = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "chargeType": type_,
        "chargeName": name,
        "chargeAmount": {"currency": "USD", "amount": amount},
    }
    if tax is not None:
        made["tax"] = {"taxName": "Tax1", "taxAmount": {"currency": "USD", "amount": tax}}
    return made


def line(number: str = "1", quantity: object = "2", *charges: dict[str, Any], **statuses: int) -> dict[str, Any]:
    told = statuses or {"Created": 2}
    return {
        "lineNumber": number,
        "item": {"sku": f"SKU-{number}", "productName": "Thing"},
        "charges": {"charge": list(charges) or [charge(Decimal("20.00"), tax=Decimal("1.60"))]},
        "orderLineQuantity": {"unitOfMeasurement": "EACH", "amount": quantity},
        "statusDate": 1782993600000,
        "orderLineStatuses": {
            "orderLineStatus": [
                {"status": status, "statusQuantity": {"amount": str(units)}} for status, units in told.items()
            ]
        },
    }


def an_order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "purchaseOrderId": "108900000000009",
        "customerOrderId": "200011000000009",
        "customerEmailId": "ABCDEF@relay.walmart.com",
        "orderType": "REGULAR",
        "orderDate": 1782820800000,
        "shippingInfo": {"postalAddress": {"city": "Austin", "state": "TX", "postalCode": "73301", "country": "USA"}},
        "orderLines": {"orderLine": list(lines) or [line()]},
        "shipNode": {"type": "SellerFulfilled"},
        **more,
    }
