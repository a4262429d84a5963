"""Records of the world in Walmart's spelling."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from tradewind.channels.unified import UnifiedLine, UnifiedOrder, UnifiedProduct, UnifiedStock
from tradewind.commerce.orders.states import OrderStatus

NODE_TYPES = ("SellerFulfilled", "WFSFulfilled", "3PLFulfilled")
_ARRIVED = frozenset({OrderStatus.DELIVERED, OrderStatus.REFUNDED})


def error(status: int, code: str, words: str, headers: Mapping[str, str] | None = None) -> Response:
    told: dict[str, Any] = {
        "code": code,
        "field": "",
        "description": words,
        "info": words,
        "severity": "ERROR",
        "category": "DATA" if status < 500 else "SYSTEM",
        "causes": [],
        "errorIdentifiers": {},
    }
    return JSONResponse({"error": [told]}, status_code=status, headers=dict(headers or {}))


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _millis(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def _number(amount: Decimal) -> int | float:
    """As a number of JSON, which is how the platform writes money."""
    return int(amount) if amount == int(amount) else float(amount)


def _charge(type_: str, name: str, amount: Decimal, tax: Decimal | None = None) -> dict[str, Any]:
    return {
        "chargeType": type_,
        "chargeName": name,
        "chargeAmount": {"currency": "USD", "amount": _number(amount)},
        "tax": {"taxName": "Tax1", "taxAmount": {"currency": "USD", "amount": _number(tax)}} if tax else None,
    }


def order_list(orders: Sequence[dict[str, Any]], total: int, limit: int, following: str | None) -> dict[str, Any]:
    meta = {"totalCount": total, "limit": limit, "nextCursor": following}
    return {"list": {"meta": meta, "elements": {"order": list(orders)}}}


def order(told: UnifiedOrder) -> dict[str, Any]:
    email = told.customer.email if told.customer else None
    return {
        "purchaseOrderId": told.external_id,
        "customerOrderId": told.group_id,
        "customerEmailId": email or "nocxemail@walmartone.com",
        "orderType": "REPLACEMENT" if told.is_replacement else "REGULAR",
        "orderDate": _millis(told.placed_at),
        "shippingInfo": {
            "phone": "5550100000",
            "estimatedShipDate": _millis(told.placed_at + timedelta(days=2)),
            "estimatedDeliveryDate": _millis(told.placed_at + timedelta(days=6)),
            "methodCode": "Standard",
            "postalAddress": {
                "name": f"Sample Person {told.external_id[-4:]}",
                "address1": f"{told.external_id[-3:]} Example St",
                "address2": None,
                "city": told.ship_city,
                "state": told.ship_region,
                "postalCode": told.ship_postal,
                "country": "USA",
                "addressType": "RESIDENTIAL",
            },
        },
        "orderLines": {"orderLine": [_line(told, line) for line in told.lines]},
        "shipNode": {"type": told.marketplace, "name": "DEFAULT", "id": "100009"},
    }


def _line(told: UnifiedOrder, line: UnifiedLine) -> dict[str, Any]:
    assert line.unit_price is not None
    charges = [_charge("PRODUCT", "ItemPrice", line.unit_price * line.quantity, line.tax)]
    if line.shipping:
        charges.append(_charge("SHIPPING", "Shipping", line.shipping))
    if line.discount:
        charges.append(_charge("PRODUCT", "SubscriptionDiscount", -line.discount))
    return {
        "lineNumber": line.external_line_id,
        "item": {"productName": line.title, "sku": line.sku},
        "charges": {"charge": charges},
        "orderLineQuantity": {"unitOfMeasurement": "EACH", "amount": str(line.quantity)},
        "statusDate": _millis(told.channel_updated_at or told.placed_at),
        "orderLineStatuses": {"orderLineStatus": _statuses(told, line)},
        "refund": _refund(told, line),
        "fulfillment": {"fulfillmentOption": "S2H", "shipMethod": "STANDARD", "storeId": None},
    }


def _statuses(told: UnifiedOrder, line: UnifiedLine) -> list[dict[str, Any]]:
    open_ = line.quantity - line.quantity_cancelled - line.quantity_shipped
    counts = {
        "Delivered" if told.status in _ARRIVED else "Shipped": line.quantity_shipped,
        "Created" if told.status is OrderStatus.CONFIRMED else "Acknowledged": open_,
        "Cancelled": line.quantity_cancelled,
    }
    return [
        {
            "status": status,
            "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(units)},
            "cancellationReason": "SUPPLIER_CANCEL" if status == "Cancelled" else None,
            "trackingInfo": None,
            "returnCenterAddress": None,
        }
        for status, units in counts.items()
        if units
    ]


def _refund(told: UnifiedOrder, line: UnifiedLine) -> dict[str, Any] | None:
    charges = []
    for refund in told.refunds:
        for given in refund.lines:
            if given.external_line_id == line.external_line_id:
                is_whole = len(refund.lines) > 1 or given.quantity == line.quantity
                tax = line.tax if is_whole else refund.tax
                charge = _charge("PRODUCT", "ItemPrice", -given.amount, -tax if tax else None)
                charges.append({"refundReason": refund.reason, "charge": charge})
        if refund.shipping and line.external_line_id == told.lines[0].external_line_id:
            charge = _charge("SHIPPING", "Shipping", -refund.shipping)
            charges.append({"refundReason": refund.reason, "charge": charge})
    if not charges:
        return None
    return {
        "refundId": told.refunds[0].external_id,
        "refundComments": None,
        "refundCharges": {"refundCharge": charges},
    }


def return_order(told: UnifiedOrder) -> dict[str, Any]:
    (refund,) = told.refunds

    def money(amount: Decimal) -> dict[str, Any]:
        return {"currencyAmount": _number(amount), "currencyUnit": "USD"}

    def line(place: int) -> dict[str, Any]:
        given = refund.lines[place]
        units = {"unitOfMeasure": "EACH", "measurementValue": given.quantity}
        each = (given.amount / given.quantity).quantize(Decimal("0.01"))
        return {
            "returnOrderLineNumber": place + 1,
            "purchaseOrderId": told.external_id,
            "purchaseOrderLineNumber": int(given.external_line_id or 0),
            "returnReason": refund.reason,
            "item": {"sku": given.sku},
            "charges": [
                {"chargeCategory": "PRODUCT", "chargeName": "ItemPrice", "chargePerUnit": money(each), "tax": []}
            ],
            "unitPrice": money(each),
            "currentRefundStatus": "REFUND_COMPLETED",
            "currentTrackingStatuses": [
                {
                    "status": "COMPLETED",
                    "statusTime": iso(refund.refunded_at),
                    "currentRefundStatus": "REFUND_COMPLETED",
                    "quantity": units,
                }
            ],
            "quantity": units,
            "refundedQty": given.quantity,
            "status": "COMPLETED",
            "statusTime": iso(refund.refunded_at),
        }

    return {
        "returnOrderId": refund.external_id,
        "customerOrderId": told.group_id,
        "returnOrderDate": iso(refund.refunded_at - timedelta(days=3)),
        "totalRefundAmount": money(refund.amount),
        "returnOrderLines": [line(place) for place in range(len(refund.lines))],
    }


def inventories(stock: Iterable[UnifiedStock]) -> list[dict[str, Any]]:
    def units(amount: int | None) -> dict[str, Any]:
        return {"unit": "EACH", "amount": amount}

    by_sku: dict[str, list[dict[str, Any]]] = {}
    for one in stock:
        if one.keeper == "seller":
            by_sku.setdefault(one.sku, []).append(
                {
                    "shipNode": one.location,
                    "inputQty": units(one.on_hand),
                    "availToSellQty": units(one.available),
                    "reservedQty": units(one.reserved),
                }
            )
    return [{"sku": sku, "nodes": nodes} for sku, nodes in by_sku.items()]


def wfs(stock: Iterable[UnifiedStock]) -> list[dict[str, Any]]:
    return [
        {
            "sku": one.sku,
            "shipNodes": [
                {
                    "modifiedDate": iso(one.as_of),
                    "availToSellQty": one.available,
                    "onHandQty": one.on_hand,
                    "shipNodeType": "WFSFulfilled",
                }
            ],
        }
        for one in stock
        if one.keeper == "wfs"
    ]


def item(product: UnifiedProduct) -> dict[str, Any]:
    assert product.price is not None
    return {
        "mart": "WALMART_US",
        "sku": product.sku,
        "wpid": product.external_id,
        "upc": "",
        "productName": product.title,
        "shelf": json.dumps(["Home Page", product.category]),
        "productType": product.category,
        "price": {"currency": product.currency, "amount": _number(product.price)},
        "publishedStatus": "PUBLISHED" if product.status == "active" else "UNPUBLISHED",
        "lifecycleStatus": "ACTIVE",
    }


def po_news(told: UnifiedOrder) -> dict[str, Any]:
    """The key with the trailing space is Walmart's own."""
    return {
        "partnerId": "100009",
        "purchaseOrderId": told.external_id,
        "customerOrderId": told.group_id,
        "orderDate": iso(told.placed_at),
        "orderLines": [
            {
                "lineNumber": line.external_line_id,
                "sku": line.sku,
                "quantity": {"unitOfMeasure": "EACH", "measurementValue": str(line.quantity)},
                "shippingProgramType ": None,
            }
            for line in told.lines
        ],
        "shipNodeType": told.marketplace,
    }


def return_news(told: UnifiedOrder) -> dict[str, Any]:
    return {
        "partnerId": "100009",
        "returnOrderId": told.refunds[0].external_id,
        "purchaseOrderId": told.external_id,
        "customerOrderId": told.group_id,
    }
