"""Where a person stands in the shop's tables: one list, for the export and for erasure alike.

Every table that points at a customer or at an order is here. A test holds the list against the schema, so
that a table which comes later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.customers.model import Address, Consent, Customer, CustomerGroupMember
from tradewind.commerce.fees.model import Fee
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.service import MailKind
from tradewind.commerce.orders.model import Order, OrderAddress, OrderChange, OrderDiscount, OrderItem, OrderNote
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderRefund, Refund, RefundItem
from tradewind.commerce.promotions.model import PromotionUse
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.shipping.model import Return, ReturnLine, Shipment, ShipmentLine

OF_PERSON: tuple[Any, ...] = (Address, Consent, CustomerGroupMember, Review)
OF_ORDER: tuple[Any, ...] = (
    OrderItem,
    OrderAddress,
    OrderChange,
    OrderNote,
    OrderDiscount,
    PromotionUse,
    Payment,
    PaymentIntent,
    Fee,
    Shipment,
    Return,
)


def holdings(profile_ids: Sequence[str], emails: Sequence[str]) -> dict[Any, ColumnElement[bool]]:
    """The tables with rows of the person who has these profiles and, in lower case, these e-mail addresses.

    With each comes the condition that chooses those rows. What a guest left behind is found by the address.
    """
    order = Order.customer_id.in_(profile_ids)
    cart = or_(Cart.customer_id.in_(profile_ids), func.lower(Cart.email).in_(emails))
    orders = select(Order.id).where(order)
    refund = or_(Refund.customer_id.in_(profile_ids), Refund.order_id.in_(orders))
    refunds = select(Refund.id).where(refund)
    intents = select(PaymentIntent.id).where(PaymentIntent.order_id.in_(orders))
    shipments = select(Shipment.id).where(Shipment.order_id.in_(orders))
    returns = select(Return.id).where(Return.order_id.in_(orders))
    about = or_(func.lower(Mail.recipient).in_(emails), Mail.subject_id.in_(orders), Mail.subject_id.in_(shipments))
    return {
        Customer: Customer.id.in_(profile_ids),
        **{model: model.customer_id.in_(profile_ids) for model in OF_PERSON},
        Cart: cart,
        CartLine: CartLine.cart_id.in_(select(Cart.id).where(cart)),
        Order: order,
        **{model: model.order_id.in_(orders) for model in OF_ORDER},
        ProviderRefund: ProviderRefund.intent_id.in_(intents),
        ShipmentLine: ShipmentLine.shipment_id.in_(shipments),
        ReturnLine: ReturnLine.return_id.in_(returns),
        Refund: refund,
        RefundItem: RefundItem.refund_id.in_(refunds),
        # Who works here may buy here too: mails about a user's password are not the customer's.
        Mail: and_(Mail.kind != str(MailKind.PASSWORD_RESET), about),
    }
