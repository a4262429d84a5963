"""What a cart costs now. The rules stand in docs/how-to/pricing.md, the result in `priced`.

Nothing here is stored: a cart is priced anew each time it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tradewind.commerce.carts.loading import CartState, LineState, load_cart, load_lines
from tradewind.commerce.carts.priced import (
    AppliedPromotion,
    CartProblem,
    PricedCart,
    PricedLine,
    ProblemCode,
    TaxShare,
)
from tradewind.commerce.carts.promoting import Promoted, promote
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.inventory.reservations import availability
from tradewind.commerce.promotions.arithmetic import Goods
from tradewind.commerce.shipping.methods import Option, Parcel, active_methods, fits, option_of
from tradewind.commerce.taxes.arithmetic import Taxes, Zone, taxes_on, zone_of
from tradewind.commerce.taxes.service import zones_for_pricing
from tradewind.core.money import check_size, to_decimal

__all__ = [
    "AppliedPromotion",
    "CartProblem",
    "PricedCart",
    "PricedLine",
    "ProblemCode",
    "TaxShare",
    "price",
    "price_cart",
    "shipping_options",
]


@dataclass(frozen=True, slots=True)
class _Shipping:
    """How a cart is shipped: the method, if one was chosen that fits."""

    is_needed: bool
    weight_grams: int
    option: Option | None
    problem: CartProblem | None

    def price_for(self, worth_minor: int) -> int:
        return self.option.price_for(worth_minor) if self.option is not None else 0


def price_cart(tx: Session, cart_id: str, *, now: datetime) -> PricedCart:
    """The cart with everything worked out. Changes nothing; the number of statements does not grow with the lines.

    Raises NotFound, and InvalidInput for a cart that is worth more than any order we book.
    """
    return price(tx, load_cart(tx, cart_id), now=now)


def price(tx: Session, cart: CartState, *, now: datetime, with_stock: bool = True) -> PricedCart:
    """The same for a cart that is read already.

    Without stock nothing is said of what is available: for a caller who reserves the goods anyway.
    """
    lines = load_lines(tx, cart.id, cart.currency)
    sold = [line for line in lines if _is_sellable(line)]
    goods = [Goods(line.price_minor or 0, line.quantity) for line in sold]
    check_size(sum(worth.gross for worth in goods), cart.currency, field="subtotal")
    shipping = _shipping_of(tx, cart, sold)
    promoted = promote(tx, cart, sold, goods, shipping.price_for, now)
    off = [sum(taken.lines[index] for taken in promoted.bargain.taken) for index in range(len(sold))]
    off_shipping = sum(taken.shipping for taken in promoted.bargain.taken)
    zone = zone_of(zones_for_pricing(tx), cart.country, cart.region)
    worth_after = [worth.gross - discount for worth, discount in zip(goods, off, strict=True)]
    taxes = taxes_on(
        zone,
        [(worth, line.tax_class) for worth, line in zip(worth_after, sold, strict=True)],
        promoted.bargain.shipping - off_shipping,
    )
    available = _available(tx, cart, sold, now) if with_stock else {}
    priced = dict(zip([line.product_id for line in sold], _lines(sold, goods, off, taxes, available), strict=True))
    all_lines = tuple(priced.get(line.product_id) or _unsellable(line) for line in lines)
    return _whole(cart, lines, all_lines, promoted, shipping, zone, taxes)


def shipping_options(tx: Session, cart_id: str, *, now: datetime) -> list[tuple[Option, int]]:
    """The methods that fit the cart, each with what it costs now, in the order in which buyers see them."""
    priced = price_cart(tx, cart_id, now=now)
    if not priced.is_shipped:
        return []
    parcel = Parcel(priced.currency, priced.country, priced.region, priced.weight_grams)
    worth = priced.subtotal_minor - priced.discount_minor
    options = [option_of(row) for row in active_methods(tx) if fits(row, parcel)]
    return [(option, option.price_for(worth)) for option in options]


def _is_sellable(line: LineState) -> bool:
    return line.is_sold and line.price_minor is not None


def _shipping_of(tx: Session, cart: CartState, sold: Sequence[LineState]) -> _Shipping:
    weight = sum(line.unit_weight_grams * line.quantity for line in sold if line.kind == ProductKind.GOOD)
    is_needed = any(line.kind == ProductKind.GOOD for line in sold)
    methods = active_methods(tx) if is_needed else ()
    if not methods:
        return _Shipping(is_needed, weight, None, None)
    if cart.shipping_method_id is None:
        problem = CartProblem(ProblemCode.SHIPPING_NOT_CHOSEN, "Choose how the goods are sent.")
        return _Shipping(is_needed, weight, None, problem)
    parcel = Parcel(cart.currency, cart.country, cart.region, weight)
    chosen = next((row for row in methods if row.id == cart.shipping_method_id and fits(row, parcel)), None)
    if chosen is None:
        message = "The way of shipping that was chosen does not go there, or not with this weight. Choose another."
        return _Shipping(is_needed, weight, None, CartProblem(ProblemCode.SHIPPING_NOT_AVAILABLE, message))
    return _Shipping(is_needed, weight, option_of(chosen), None)


def _available(tx: Session, cart: CartState, sold: Sequence[LineState], now: datetime) -> dict[str, int]:
    stocked = [line.product_id for line in sold if line.kind == ProductKind.GOOD]
    if not stocked:
        return {}
    found = availability(tx, stocked, now=now, channel_id=cart.channel_id)
    return {product_id: max(level.available, 0) for product_id, level in found.items()}


def _lines(
    sold: Sequence[LineState], goods: Sequence[Goods], off: Sequence[int], taxes: Taxes, available: dict[str, int]
) -> list[PricedLine]:
    return [
        PricedLine(
            product_id=line.product_id,
            sku=line.sku,
            name=line.name,
            kind=line.kind,
            quantity=line.quantity,
            unit_price_minor=worth.unit_price,
            gross_minor=worth.gross,
            discount_minor=discount,
            tax_minor=tax,
            total_minor=worth.gross - discount,
            tax_rate_ppm=ppm,
            available=available.get(line.product_id),
            unit_cost_micros=line.cost_micros,
        )
        for line, worth, discount, tax, ppm in zip(sold, goods, off, taxes.lines, taxes.line_ppm, strict=True)
    ]


def _unsellable(line: LineState) -> PricedLine:
    return PricedLine(line.product_id, line.sku, line.name, line.kind, line.quantity, None, 0, 0, 0, 0, 0, None)


def _whole(
    cart: CartState,
    stored: Sequence[LineState],
    lines: tuple[PricedLine, ...],
    promoted: Promoted,
    shipping: _Shipping,
    zone: Zone,
    taxes: Taxes,
) -> PricedCart:
    subtotal, discount = sum(line.gross_minor for line in lines), sum(line.discount_minor for line in lines)
    shipping_price = promoted.bargain.shipping
    shipping_discount = sum(taken.shipping for taken in promoted.bargain.taken)
    on_top = 0 if zone.prices_include_tax else taxes.total
    problems = [problem for line, was in zip(lines, stored, strict=True) for problem in _line_problems(line, was, cart)]
    return PricedCart(
        cart_id=cart.id,
        version=cart.version,
        status=cart.status,
        order_id=cart.order_id,
        channel_id=cart.channel_id,
        customer_id=cart.customer_id,
        email=cart.email,
        country=cart.country,
        region=cart.region,
        currency=cart.currency,
        codes=cart.codes,
        lines=lines,
        promotions=promoted.applied,
        taxes=tuple(TaxShare(rate.name, rate.ppm, rate.taxed, rate.tax) for rate in taxes.rates),
        prices_include_tax=zone.prices_include_tax,
        shipping_method_id=cart.shipping_method_id,
        shipping_method=shipping.option.name if shipping.option is not None else None,
        carrier=shipping.option.carrier if shipping.option is not None else None,
        is_shipped=shipping.is_needed,
        weight_grams=shipping.weight_grams,
        subtotal_minor=subtotal,
        discount_minor=discount,
        shipping_minor=shipping_price,
        shipping_discount_minor=shipping_discount,
        shipping_tax_minor=taxes.shipping,
        tax_minor=taxes.total,
        total_minor=subtotal - discount + shipping_price - shipping_discount + on_top,
        problems=(*problems, *promoted.problems, *((shipping.problem,) if shipping.problem is not None else ())),
        expires_at=cart.expires_at,
    )


def _line_problems(line: PricedLine, was: LineState, cart: CartState) -> list[CartProblem]:
    price = line.unit_price_minor
    if price is None:
        code = ProblemCode.NO_PRICE if was.is_sold else ProblemCode.NOT_AVAILABLE
        why = f"has no price in {cart.currency}" if was.is_sold else "is no longer sold"
        return [CartProblem(code, f"{line.name} {why}. Remove it.", line.product_id)]
    found: list[CartProblem] = []
    if was.seen_price_minor is not None and was.seen_price_minor != price:
        before, after = to_decimal(was.seen_price_minor, cart.currency), to_decimal(price, cart.currency)
        message = f"{line.name} costs {after} {cart.currency} now; it was {before}."
        found.append(CartProblem(ProblemCode.PRICE_CHANGED, message, line.product_id))
    if line.available is not None and line.available < line.quantity:
        message = f"Of {line.name} there are {line.available} left, and the cart has {line.quantity}."
        found.append(CartProblem(ProblemCode.INSUFFICIENT_STOCK, message, line.product_id))
    return found
