"""Carts of customers and guests. Every answer is the cart, priced anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.cart_references import REFERENCE_PATTERN
from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.carts import (
    Added,
    AddToCart,
    CartChange,
    CartCode,
    CartItemIn,
    CartOut,
    CartOwner,
    CartPage,
    CartQuantity,
    CartSummaryOut,
    MergedCart,
    NewCart,
    ShippingOptionOut,
    ShippingOptions,
)
from tradewind.api.schemas.products import ID, PLAIN
from tradewind.api.security import READS, ServicesDep
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.carts import service as use
from tradewind.commerce.carts.errors import CartClosed
from tradewind.commerce.carts.lines import CartItem
from tradewind.commerce.carts.loading import hold_cart
from tradewind.commerce.carts.pricing import PricedCart, price_cart, shipping_options
from tradewind.commerce.carts.service import CartStatus
from tradewind.commerce.carts.store import carts_page
from tradewind.core.errors import NotFound
from tradewind.core.money import DEFAULT_CURRENCY, check_currency, to_decimal

router = Router(tags=["carts"], dependencies=[READS])

CartWriter = Annotated[Writer, Depends(writer_with(Scope.ORDERS_WRITE))]
Reference = Annotated[str, Path(pattern=REFERENCE_PATTERN, description="As the cart's answer has it.")]
ProductId = Annotated[str, Path(pattern=ID)]
CustomerId = Annotated[str, Path(pattern=ID)]
Code = Annotated[str, Path(min_length=1, max_length=64, pattern=PLAIN)]
_CHANGES = problems(*WRITES, NotFound, CartClosed, Changed)


@router.get("/carts", response_model=CartPage, responses=problems(*SIGNED_IN))
def carts(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: Annotated[CartStatus | None, Query(description="Only in this state.")] = None,
    is_abandoned: Annotated[bool | None, Query(description="Only those to which nobody came back, or others.")] = None,
    customer_id: Annotated[str | None, Query(pattern=ID, description="Only this customer's.")] = None,
) -> Response:
    """Carts, those that were changed last first. What they cost is worked out when one is read."""
    with services.platform.database.read() as tx:
        page = carts_page(
            tx, limit=limit, cursor=cursor, status=status, is_abandoned=is_abandoned, customer_id=customer_id
        )
    references = services.cart_references
    shown = [CartSummaryOut.model_validate(cart) for cart in page.items]
    items = [one.model_copy(update={"cart_id": references.of(one.cart_id, one.customer_id)}) for one in shown]
    return answer(CartPage(items=items, next_cursor=page.next_cursor))


@router.post("/carts", status_code=201, response_model=CartOut, responses=problems(*WRITES, NotFound))
def create_cart(writer: CartWriter, body: NewCart) -> Response:
    """Begins a cart. A customer has one open cart per channel: theirs is gone on with."""

    def work(tx: Session) -> CartOut:
        cart_id = use.create_cart(
            tx,
            currency=currency_of(writer.services, body.currency),
            channel=body.channel,
            customer_id=body.customer_id,
            country=body.country,
            region=body.region,
            email=body.email,
            items=_items(body.items),
            actor=writer.actor,
            now=writer.now,
        )
        return _shown(tx, writer, cart_id)

    return writer.once(work, status=201)


@router.get("/carts/{cart_id}", response_model=CartOut, responses=problems(*SIGNED_IN, NotFound))
def cart(services: ServicesDep, cart_id: Reference) -> Response:
    """One cart, with prices and stock looked at again."""
    with services.platform.database.read() as tx:
        found = services.cart_references.cart_id(tx, cart_id)
        priced = price_cart(tx, found, now=services.platform.clock.now())
    return answer(CartOut.of(priced, cart_id), headers={"ETag": etag(priced.version)})


@router.patch("/carts/{cart_id}", response_model=CartOut, responses=_CHANGES)
def change_cart(writer: CartWriter, cart_id: Reference, body: CartChange) -> Response:
    """Says where the cart goes, how, and where its buyer can be reached."""
    told = body.model_fields_set

    def change(tx: Session, found: str) -> None:
        by: dict[str, Any] = {"actor": writer.actor, "now": writer.now}
        if told & {"country", "region"}:
            kept = hold_cart(tx, found)
            country = body.country if "country" in told else kept.country
            region = body.region if told & {"country", "region"} != {"country"} else None
            use.send_to(tx, found, country, region, **by)
        if "shipping_method_id" in told:
            use.choose_shipping(tx, found, body.shipping_method_id, **by)
        if "email" in told:
            use.set_email(tx, found, body.email, **by)

    return _change(writer, cart_id, change)


@router.post("/carts/{cart_id}/items", response_model=CartOut, responses=_CHANGES)
def add_cart_item(writer: CartWriter, cart_id: Reference, body: CartItemIn) -> Response:
    """Puts units into the cart; of a product that is in it already, more units."""
    return _change(
        writer,
        cart_id,
        lambda tx, found: use.add_items(tx, found, _items([body]), actor=writer.actor, now=writer.now),
    )


@router.put("/carts/{cart_id}/items/{product_id}", response_model=CartOut, responses=_CHANGES)
def set_cart_item(writer: CartWriter, cart_id: Reference, product_id: ProductId, body: CartQuantity) -> Response:
    """Makes a line have so many units."""
    return _change(
        writer,
        cart_id,
        lambda tx, found: use.set_quantity(tx, found, product_id, body.quantity, actor=writer.actor, now=writer.now),
    )


@router.delete("/carts/{cart_id}/items/{product_id}", response_model=CartOut, responses=_CHANGES)
def remove_cart_item(writer: CartWriter, cart_id: Reference, product_id: ProductId) -> Response:
    """Takes a product out of the cart."""
    return _change(
        writer,
        cart_id,
        lambda tx, found: use.remove_item(tx, found, product_id, actor=writer.actor, now=writer.now),
    )


@router.delete("/carts/{cart_id}/items", response_model=CartOut, responses=_CHANGES)
def clear_cart(writer: CartWriter, cart_id: Reference) -> Response:
    """Takes everything out: products and codes."""
    return _change(writer, cart_id, lambda tx, found: use.clear_cart(tx, found, actor=writer.actor, now=writer.now))


@router.post("/carts/{cart_id}/codes", response_model=CartOut, responses=_CHANGES)
def apply_cart_code(writer: CartWriter, cart_id: Reference, body: CartCode) -> Response:
    """Puts a discount code into the cart. Whether it takes anything off stands in `promotions` and `problems`."""
    return _change(
        writer, cart_id, lambda tx, found: use.apply_code(tx, found, body.code, actor=writer.actor, now=writer.now)
    )


@router.delete("/carts/{cart_id}/codes/{code}", response_model=CartOut, responses=_CHANGES)
def remove_cart_code(writer: CartWriter, cart_id: Reference, code: Code) -> Response:
    """Takes a discount code out of the cart."""
    return _change(
        writer, cart_id, lambda tx, found: use.remove_code(tx, found, code, actor=writer.actor, now=writer.now)
    )


@router.post("/carts/{cart_id}/accept-prices", response_model=CartOut, responses=_CHANGES)
def accept_cart_prices(writer: CartWriter, cart_id: Reference) -> Response:
    """The buyer has seen the present prices: `price_changed` is told no more, until they change again."""
    return _change(writer, cart_id, lambda tx, found: use.accept_prices(tx, found, actor=writer.actor, now=writer.now))


@router.get(
    "/carts/{cart_id}/shipping-methods", response_model=ShippingOptions, responses=problems(*SIGNED_IN, NotFound)
)
def cart_shipping_methods(services: ServicesDep, cart_id: Reference) -> Response:
    """How the cart can be sent to where it goes, and what each way costs."""
    now = services.platform.clock.now()
    with services.platform.database.read() as tx:
        found = services.cart_references.cart_id(tx, cart_id)
        currency = price_cart(tx, found, now=now).currency
        options = shipping_options(tx, found, now=now)
    items = [
        ShippingOptionOut(
            shipping_method_id=option.method_id,
            name=option.name,
            carrier=option.carrier,
            price=to_decimal(price, currency),
        )
        for option, price in options
    ]
    return answer(ShippingOptions(currency=currency, items=items))


@router.post("/carts/{cart_id}/merge", response_model=MergedCart, responses=_CHANGES)
def merge_cart(writer: CartWriter, cart_id: Reference, body: CartOwner) -> Response:
    """Puts a guest's things into the cart of the customer who has signed in, and answers with that."""

    def work(tx: Session) -> MergedCart:
        guest = writer.services.cart_references.cart_id(tx, cart_id)
        merged = use.merge_carts(tx, guest, body.customer_id, actor=writer.actor, now=writer.now)
        shown = _shown(tx, writer, merged.cart_id)
        return MergedCart(**dict(shown), left_out=list(merged.left_out))

    return writer.once(work)


@router.get("/cart/{customer_id}", response_model=CartOut, responses=problems(*SIGNED_IN, NotFound))
def customer_cart(services: ServicesDep, customer_id: CustomerId) -> Response:
    """The customer's open cart in our own shop."""
    now = services.platform.clock.now()
    with services.platform.database.read() as tx:
        found = use.find_open_cart(tx, customer_id, now=now)
        if found is None:
            raise NotFound(f"The customer {customer_id} has no open cart.")
        priced = price_cart(tx, found, now=now)
    return answer(CartOut.of(priced, found), headers={"ETag": etag(priced.version)})


@router.post("/cart/{customer_id}/add", response_model=Added, responses=problems(*WRITES, NotFound))
def add_to_cart(writer: CartWriter, customer_id: CustomerId, body: AddToCart) -> Response:
    """Puts units of a product into the customer's open cart, which is begun if there is none."""

    def work(tx: Session) -> Added:
        by: dict[str, Any] = {"actor": writer.actor, "now": writer.now}
        currency = currency_of(writer.services, None)
        cart_id = use.open_cart_of(tx, customer_id, currency=currency, **by)
        use.add_item(tx, cart_id, body.product_id, body.quantity, **by)
        return Added()

    return writer.once(work)


@router.delete("/cart/{customer_id}", status_code=204, responses=problems(*WRITES, NotFound))
def clear_customer_cart(writer: CartWriter, customer_id: CustomerId) -> Response:
    """Empties the customer's open cart; there may be none."""

    def work(tx: Session) -> None:
        cart_id = use.find_open_cart(tx, customer_id, now=writer.now)
        if cart_id is not None:
            use.clear_cart(tx, cart_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def currency_of(services: Services, asked: str | None) -> str:
    """The currency that a caller named, or the store's own."""
    return check_currency(asked or services.platform.settings.store.currency or DEFAULT_CURRENCY)


def _change(writer: Writer, reference: str, change: Callable[[Session, str], None]) -> Response:
    """One change of an open cart, answered with what it costs then."""

    def work(tx: Session) -> CartOut:
        cart_id = writer.services.cart_references.cart_id(tx, reference)
        if writer.if_match is not None:
            writer.check_version(hold_cart(tx, cart_id).version)
        change(tx, cart_id)
        return _shown(tx, writer, cart_id)

    return writer.once(work)


def _shown(tx: Session, writer: Writer, cart_id: str) -> CartOut:
    priced: PricedCart = price_cart(tx, cart_id, now=writer.now)
    return CartOut.of(priced, writer.services.cart_references.of(cart_id, priced.customer_id))


def _items(told: list[CartItemIn]) -> list[CartItem]:
    return [CartItem(item.quantity, item.product_id, item.sku) for item in told]
