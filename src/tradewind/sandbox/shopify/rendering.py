"""The world's records as Shopify's objects, with all the fields that its queries may ask for here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tradewind.channels.unified import (
    Fulfillment,
    UnifiedCustomer,
    UnifiedFee,
    UnifiedLine,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefund,
    UnifiedStock,
)
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.orders.states import OrderStatus
from tradewind.sandbox.shopify.query import Inner

_SENT = {
    Fulfillment.FULFILLED: "FULFILLED",
    Fulfillment.PARTIAL: "PARTIALLY_FULFILLED",
    Fulfillment.NONE: "RESTOCKED",
}
_ZERO = Decimal("0.00")
_BALANCE_TYPES = {FeeKind.SHIPPING_LABEL: "SHIPPING_LABEL", FeeKind.REFUND_REVERSAL: "REFUND"}


def gid(kind: str, number: str) -> str:
    return number if number.startswith("gid://") else f"gid://shopify/{kind}/{number}"


def moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cash(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": f"{amount:f}", "currencyCode": currency}


def order_object(order: UnifiedOrder, fees: Iterable[UnifiedFee]) -> dict[str, Any]:
    """An Order. What the world leaves open is null."""

    def bag(amount: Decimal | None) -> dict[str, Any] | None:
        if amount is None:
            return None
        money = cash(amount, order.currency)
        return {"shopMoney": money, "presentmentMoney": money}

    total = bag(order.total)
    if total is not None and order.presentment_total is not None and order.presentment_currency is not None:
        total = total | {"presentmentMoney": cash(order.presentment_total, order.presentment_currency)}
    is_known = order.ship_country is not None
    return {
        "id": gid("Order", order.external_id),
        "legacyResourceId": order.external_id,
        "name": order.order_number,
        "createdAt": moment(order.placed_at),
        "processedAt": moment(order.placed_at),
        "updatedAt": moment(order.channel_updated_at),
        "cancelledAt": moment(order.channel_updated_at) if order.status is OrderStatus.CANCELLED else None,
        "cancelReason": "CUSTOMER" if order.status is OrderStatus.CANCELLED else None,
        "test": order.is_test,
        "edited": False,
        "confirmed": True,
        "taxesIncluded": order.prices_include_tax,
        "dutiesIncluded": False,
        "sourceName": "web",
        "currencyCode": order.currency,
        "presentmentCurrencyCode": order.presentment_currency or order.currency,
        "displayFinancialStatus": _financial(order),
        "displayFulfillmentStatus": _sent(order),
        "email": None if order.customer is None else order.customer.email,
        "customer": None if order.customer is None else customer_object(order.customer, order.placed_at),
        "shippingAddress": _address(order) if is_known else None,
        "subtotalPriceSet": bag(order.subtotal),
        "totalPriceSet": total,
        "totalDiscountsSet": bag(order.discount),
        "totalShippingPriceSet": bag(order.shipping),
        "totalTaxSet": bag(order.tax),
        "totalTipReceivedSet": bag(_ZERO),
        "originalTotalDutiesSet": None,
        "originalTotalAdditionalFeesSet": None,
        "totalCashRoundingAdjustment": {"paymentSet": bag(_ZERO)},
        "currentTotalPriceSet": bag(order.net_total),
        "totalRefundedSet": bag(order.refunded or _ZERO),
        "lineItems": Inner([_line(line, order, bag) for line in order.lines]),
        "refunds": [refund_object(refund, order, bag) for refund in order.refunds],
        "fulfillments": _fulfillments(order),
        "transactions": _transactions(order, list(fees), bag),
    }


def _financial(order: UnifiedOrder) -> str:
    return "PENDING" if order.status is OrderStatus.PENDING else order.payment_status.upper()


def _sent(order: UnifiedOrder) -> str:
    if order.status is OrderStatus.PROCESSING and order.fulfillment_status is Fulfillment.UNFULFILLED:
        return "IN_PROGRESS"
    return _SENT.get(order.fulfillment_status, "UNFULFILLED")


def _address(order: UnifiedOrder) -> dict[str, Any]:
    return {
        "city": order.ship_city,
        "province": order.ship_region,
        "provinceCode": order.ship_region,
        "countryCodeV2": order.ship_country,
        "zip": order.ship_postal,
    }


def _line(line: UnifiedLine, order: UnifiedOrder, bag: Any) -> dict[str, Any]:
    """`currentQuantity` is what is left after cancelled and refunded units."""
    back = sum(
        part.quantity
        for refund in order.refunds
        for part in refund.lines
        if part.external_line_id == line.external_line_id
    )
    current = max(line.quantity - line.quantity_cancelled - back, 0)
    waiting = max(line.quantity - line.quantity_cancelled - line.quantity_shipped, 0)
    return {
        "id": gid("LineItem", line.external_line_id),
        "sku": line.sku,
        "title": line.title,
        "variantTitle": None,
        "quantity": line.quantity,
        "currentQuantity": current,
        "unfulfilledQuantity": waiting if order.status is not OrderStatus.CANCELLED else 0,
        "isGiftCard": line.is_gift_card,
        "variant": None if line.listing_id is None else {"id": gid("ProductVariant", line.listing_id)},
        "product": None,
        "originalUnitPriceSet": bag(line.unit_price),
        "discountAllocations": [{"allocatedAmountSet": bag(line.discount)}] if line.discount else [],
        "taxLines": []
        if line.tax is None
        else [{"title": "Tax", "rate": 0.06, "channelLiable": False, "priceSet": bag(line.tax)}],
    }


def refund_object(refund: UnifiedRefund, order: UnifiedOrder, bag: Any) -> dict[str, Any]:
    """The tax stands with the first line; the world knows one sum for all."""
    taxes = [refund.tax or _ZERO, *[_ZERO] * len(refund.lines)]
    lines = [
        {
            "quantity": line.quantity,
            "restockType": "RETURN" if line.is_restocked else "NO_RESTOCK",
            "subtotalSet": bag(line.amount + (tax if order.prices_include_tax else _ZERO)),
            "totalTaxSet": bag(tax),
            "lineItem": {"id": gid("LineItem", line.external_line_id or "")},
        }
        for line, tax in zip(refund.lines, taxes, strict=False)
    ]
    shipping = [{"subtotalAmountSet": bag(refund.shipping), "taxAmountSet": bag(_ZERO)}] if refund.shipping else []
    return {
        "id": gid("Refund", refund.external_id),
        "createdAt": moment(refund.refunded_at),
        "processedAt": moment(refund.refunded_at),
        "totalRefundedSet": bag(refund.amount),
        "refundLineItems": Inner(lines),
        "refundShippingLines": Inner(shipping),
    }


def _fulfillments(order: UnifiedOrder) -> list[dict[str, Any]]:
    if order.fulfillment_status is not Fulfillment.FULFILLED:
        return []
    arrived = order.status is OrderStatus.DELIVERED
    return [{"status": "SUCCESS", "deliveredAt": moment(order.channel_updated_at) if arrived else None}]


def _transactions(order: UnifiedOrder, fees: Sequence[UnifiedFee], bag: Any) -> list[dict[str, Any]]:
    """Authorised when placed, captured when sent: then Shopify Payments takes its fee."""

    def transaction(kind: str, at: datetime, amount: Decimal | None, taken: Sequence[UnifiedFee]) -> dict[str, Any]:
        return {
            "id": gid("OrderTransaction", f"{order.external_id}{kind[0]}"),
            "kind": kind,
            "status": "SUCCESS",
            "gateway": "shopify_payments",
            "test": order.is_test,
            "processedAt": moment(at),
            "amountSet": bag(amount),
            "fees": [
                {
                    "id": gid("TransactionFee", fee.external_id),
                    "type": fee.raw_kind,
                    "rateName": "default",
                    "amount": cash(fee.amount, fee.currency),
                }
                for fee in taken
            ],
        }

    told = [transaction("AUTHORIZATION", order.placed_at, order.total, ())]
    captured = [fee for fee in fees if fee.kind is FeeKind.PAYMENT_PROCESSING]
    if captured:
        told.append(transaction("CAPTURE", captured[0].posted_at, order.total, captured))
    return told + [transaction("REFUND", refund.refunded_at, refund.amount, ()) for refund in order.refunds]


def customer_object(customer: UnifiedCustomer, updated: datetime) -> dict[str, Any]:
    return {
        "id": gid("Customer", customer.key),
        "legacyResourceId": customer.key,
        "updatedAt": moment(updated),
        "defaultEmailAddress": None if customer.email is None else {"emailAddress": customer.email},
    }


def variant_object(product: UnifiedProduct, item_id: str, levels: Sequence[UnifiedStock]) -> dict[str, Any]:
    return {
        "id": gid("ProductVariant", product.external_id),
        "legacyResourceId": product.external_id.rpartition("/")[2],
        "sku": product.sku,
        "barcode": None,
        "title": "Default Title",
        "displayName": product.title,
        "price": None if product.price is None else f"{product.price:f}",
        "compareAtPrice": None if product.compare_at_price is None else f"{product.compare_at_price:f}",
        "updatedAt": moment(product.channel_updated_at),
        "product": {
            "id": gid("Product", item_id),
            "title": product.title,
            "status": "ACTIVE" if product.status == "active" else "DRAFT",
            "vendor": product.brand,
            "productType": product.category,
            "updatedAt": moment(product.channel_updated_at),
            "onlineStoreUrl": product.url,
        },
        "inventoryItem": item_object(product.sku, item_id, levels, moment(product.channel_updated_at)),
    }


def item_object(sku: str, item_id: str, levels: Sequence[UnifiedStock], updated: str | None) -> dict[str, Any]:
    """`updatedAt` is the item's own day: a change of stock does not move it."""
    return {
        "id": gid("InventoryItem", item_id),
        "legacyResourceId": item_id,
        "sku": sku,
        "tracked": True,
        "updatedAt": updated,
        "unitCost": None,
        "inventoryLevels": Inner([_level(level, item_id) for level in levels]),
    }


def _level(stock: UnifiedStock, item_id: str) -> dict[str, Any]:
    units = {
        "available": stock.available,
        "on_hand": stock.on_hand,
        "committed": stock.reserved,
        "incoming": stock.inbound,
        "reserved": None if stock.reserved is None else 0,
        "damaged": stock.unsellable,
        "quality_control": None if stock.unsellable is None else 0,
    }

    def quantities(asked: Any) -> list[Mapping[str, Any]]:
        names = asked.arguments.get("names") or ()
        told = ((name, units[name]) for name in names if units.get(name) is not None)
        return [{"name": name, "quantity": quantity, "updatedAt": moment(stock.as_of)} for name, quantity in told]

    location = gid("Location", stock.location)
    return {
        "id": f"gid://shopify/InventoryLevel/{location.rpartition('/')[2]}?inventory_item_id={item_id}",
        "updatedAt": moment(stock.as_of),
        "location": {"id": location, "name": f"Place {location.rpartition('/')[2]}"},
        "quantities": quantities,
    }


def balance_object(fee: UnifiedFee) -> dict[str, Any]:
    """A movement of the balance; the fee of a charge stands with its order, too."""
    kind = "CHARGE" if fee.kind is FeeKind.PAYMENT_PROCESSING else _BALANCE_TYPES.get(fee.kind, "ADJUSTMENT")
    is_label = kind == "SHIPPING_LABEL"
    return {
        "id": gid("ShopifyPaymentsBalanceTransaction", fee.external_id),
        "type": kind,
        "test": False,
        "transactionDate": moment(fee.posted_at),
        "amount": cash(-fee.amount if is_label else _ZERO, fee.currency),
        "fee": cash(_ZERO if is_label else fee.amount, fee.currency),
        "net": cash(-fee.amount, fee.currency),
        "associatedOrder": None if fee.order_external_id is None else {"id": gid("Order", fee.order_external_id)},
        "associatedPayout": {"id": gid("ShopifyPaymentsPayout", "1"), "status": "PAID"},
    }
