"""From cart to order."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import problems
from tradewind.api.routing import Router
from tradewind.api.schemas.fulfilment import ID
from tradewind.api.schemas.order_work import AddressBody, Checkout, OrderPlaced, PlaceOrder
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.carts.errors import CartClosed, CartNotOrderable
from tradewind.commerce.carts.loading import load_cart
from tradewind.commerce.carts.service import find_open_cart
from tradewind.commerce.checkout.service import CheckoutTerms, TotalChanged, place_order
from tradewind.commerce.inventory.reservations import InsufficientStock, NoLocation
from tradewind.commerce.orders.addresses import PostalAddress
from tradewind.commerce.promotions.errors import PromotionUsedUp
from tradewind.core.errors import NotFound
from tradewind.core.money import to_decimal, to_minor

router = Router(tags=["checkout"])

OrdersWriter = Annotated[Writer, Depends(writer_with(Scope.ORDERS_WRITE))]
_REFUSALS = problems(
    *WRITES, NotFound, CartClosed, CartNotOrderable, TotalChanged, InsufficientStock, NoLocation, PromotionUsedUp
)


@router.post("/checkout", status_code=201, response_model=OrderPlaced, responses=_REFUSALS)
def checkout(body: PlaceOrder, writer: OrdersWriter) -> Response:
    """Make an order of a cart, all or nothing.

    With the provider `manual` it is confirmed at once; else it is pending, holds its goods for half an hour, and
    waits for the payment that `payment_id` names. The same cart again answers with its order.
    """
    references = writer.services.cart_references
    return writer.once(lambda tx: _place(tx, references.cart_id(tx, body.cart_id), body, writer), status=201)


@router.post("/orders/{customer_id}", status_code=201, response_model=OrderPlaced, responses=_REFUSALS)
def order_of_customer(
    customer_id: Annotated[str, Path(pattern=ID, max_length=64)], writer: OrdersWriter, body: Checkout | None = None
) -> Response:
    """Make an order of what a customer has in the cart."""

    def place(tx: Session) -> OrderPlaced:
        cart_id = find_open_cart(tx, customer_id, now=writer.now)
        if cart_id is None:
            raise NotFound(f"Customer {customer_id[:40]} has no open cart. Put something into it first.")
        return _place(tx, cart_id, body or Checkout(), writer)

    return writer.once(place, status=201)


def _place(tx: Session, cart_id: str, body: Checkout, writer: Writer) -> OrderPlaced:
    _ = writer.services.cashier.providers[body.provider]  # refuses one that is not there
    expected = None
    if body.expected_total is not None:
        expected = to_minor(body.expected_total, load_cart(tx, cart_id).currency, field="expected_total")
    terms = CheckoutTerms(
        provider=body.provider,
        email=body.email,
        shipping_address=_address(body.shipping_address),
        billing_address=_address(body.billing_address),
        note=body.note,
        expected_total_minor=expected,
    )
    done = place_order(tx, cart_id, terms, actor=writer.actor, now=writer.now)
    return OrderPlaced.model_validate(
        {
            "order_id": done.order_id,
            "order_number": done.order_number,
            "status": done.status,
            "total": to_decimal(done.total_minor, done.currency),
            "currency": done.currency,
            "payment_id": done.intent_id,
        }
    )


def _address(body: AddressBody | None) -> PostalAddress | None:
    if body is None:
        return None
    told = body.model_dump()
    return PostalAddress(**(told | {"country": body.country.upper() if body.country else None}))
