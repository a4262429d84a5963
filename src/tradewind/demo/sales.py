"""Makes orders: who buys what, at which price, with which discount and tax, and what that adds up to.

Its own arithmetic is in whole minor units and does not use that of commerce, so that the two can be held
against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random

from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.commerce.orders.states import SOLD, OrderStatus
from tradewind.commerce.payments.service import NewPayment
from tradewind.core.chance import mostly_one
from tradewind.core.money import split, to_decimal
from tradewind.demo.assortment import DemoProduct
from tradewind.demo.currencies import amount_in
from tradewind.demo.market import Market
from tradewind.demo.outlets import Outlet
from tradewind.demo.people import buyer, customer
from tradewind.demo.places import COUNTRIES, Country
from tradewind.demo.plan import StorePlan
from tradewind.demo.shelf import Shelf

_LINES = (58, 25, 11, 4, 2)
_UNITS = (80, 13, 4, 2, 1)
_COMPANION = 0.3
"""How often a second line is what goes with the first."""
_COUPON = 0.06
_COUPON_PERCENT = (5, 10, 10, 15)
_KNOWN_AT_COUNTER = 0.3

_PAYMENT_STATUS = {OrderStatus.PENDING: "pending", OrderStatus.CANCELLED: "voided"}


@dataclass(slots=True)
class Counters:
    """How many orders and customers each channel has had: what the next number follows from."""

    orders: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)

    def next_order(self, channel: str) -> int:
        self.orders[channel] = self.orders.get(channel, 0) + 1
        return self.orders[channel]

    def next_buyer(self, rng: Random, channel: str) -> int:
        known = self.customers.get(channel, 0)
        number = buyer(rng, known)
        self.customers[channel] = max(known, number + 1)
        return number


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as a refund or a review needs to know it. Revenue is without tax; both in minor units."""

    line_no: int
    sku: str
    name: str
    quantity: int
    revenue: int
    tax: int


@dataclass(frozen=True, slots=True)
class Sale:
    """An order with what it should come to, in minor units of its currency."""

    outlet: Outlet
    order: NewOrder
    lines: tuple[SoldLine, ...]
    total: int

    @property
    def is_sold(self) -> bool:
        return self.order.status in SOLD

    @property
    def revenue(self) -> int:
        return sum(line.revenue for line in self.lines)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(slots=True)
class _Draft:
    """A line while its order is put together; amounts in minor units."""

    product: DemoProduct
    quantity: int
    price: int
    discount: int
    coupon: int = 0

    @property
    def worth(self) -> int:
        return self.price * self.quantity - self.discount

    def tax(self, permille: int, *, included: bool) -> int:
        return _rounded((self.worth - self.coupon) * permille, 1000 + permille if included else 1000)


def make_sale(
    rng: Random,
    plan: StorePlan,
    market: Market,
    outlet: Outlet,
    counters: Counters,
    shelf: Shelf,
    all_products: list[DemoProduct],
    placed_at: datetime,
    status: OrderStatus,
) -> Sale | None:
    """One order; None when the shelf is bare. Takes the units off the shelf if the status means they leave."""
    currency = market.currency_of(outlet)
    drafts = _fill_basket(rng, market, outlet, shelf, all_products, currency)
    if not drafts:
        return None
    who = _who(rng, plan.seed, outlet, counters)
    country = COUNTRIES[who.country or "DE"] if who else COUNTRIES[next(iter(outlet.countries))]
    city, region = (who.city, who.region) if who else country.cities[0]
    if outlet.is_own and rng.random() < _COUPON:
        percent = rng.choice(_COUPON_PERCENT)
        off = sum(draft.worth for draft in drafts) * percent // 100
        for draft, share in zip(drafts, split(off, [draft.worth for draft in drafts]), strict=True):
            draft.coupon = share
    if status in SOLD:
        for draft in drafts:
            shelf.move(outlet.location, draft.product, -draft.quantity)
    number = outlet.order_number(counters.next_order(outlet.code))
    return _close(drafts, outlet, currency, country, who, (city, region), number, placed_at, status)


def payment_for(sale: Sale, rng: Random) -> NewPayment | None:
    """The payment of an order that was sold; one for an order that came to nothing is none."""
    if not sale.is_sold:
        return None
    methods = sale.outlet.methods
    return NewPayment(
        external_id=f"{sale.order.order_number}-P1",
        amount=to_decimal(sale.total, sale.order.currency),
        currency=sale.order.currency,
        method=rng.choices(list(methods), list(methods.values()))[0],
        order_reference=sale.order.order_number,
        paid_at=sale.order.placed_at,
    )


def _fill_basket(
    rng: Random, market: Market, outlet: Outlet, shelf: Shelf, all_products: list[DemoProduct], currency: str
) -> list[_Draft]:
    drafts: list[_Draft] = []
    chosen: set[int] = set()
    for number in range(mostly_one(rng, _LINES)):
        with_first = bool(drafts) and number == 1 and rng.random() < _COMPANION
        wish = all_products[drafts[0].product.companion] if with_first else market.wanted(rng)
        product = _at_hand(rng, market, outlet, shelf, wish, chosen)
        if product is None:
            continue
        chosen.add(product.index)
        quantity = min(mostly_one(rng, _UNITS), shelf.available(outlet.location, product))
        price = market.price(product, currency)
        drafts.append(_Draft(product, quantity, price, price * quantity * market.reduction(product, rng) // 100))
    return drafts


def _at_hand(
    rng: Random, market: Market, outlet: Outlet, shelf: Shelf, wanted: DemoProduct, chosen: set[int]
) -> DemoProduct | None:
    """The product wanted, or another one when it is out of stock, no longer sold or in the basket already.

    Whoever has found something goes without a further line; whoever has not takes anything that is there.
    """
    product = wanted
    for _ in range(4):
        if product.index not in chosen and market.is_on_sale(product) and shelf.available(outlet.location, product) > 0:
            return product
        product = market.wanted(rng)
    if chosen:
        return None
    left = [product for product in market.products if shelf.available(outlet.location, product) > 0]
    return rng.choice(left) if left else None


def _who(rng: Random, seed: int, outlet: Outlet, counters: Counters) -> NewCustomer | None:
    if outlet.is_counter and rng.random() >= _KNOWN_AT_COUNTER:
        return None
    return customer(seed, outlet.code, counters.next_buyer(rng, outlet.code))


def _close(
    drafts: list[_Draft],
    outlet: Outlet,
    currency: str,
    country: Country,
    who: NewCustomer | None,
    town: tuple[str | None, str | None],
    number: str,
    placed_at: datetime,
    status: OrderStatus,
) -> Sale:
    included = not outlet.is_foreign
    taxes = [draft.tax(country.tax_permille, included=included) for draft in drafts]
    worth = sum(draft.worth - draft.coupon for draft in drafts)
    shipping = _shipping(outlet, currency, worth)
    total = worth + shipping + (0 if included else sum(taxes))
    fees = total * outlet.fee_permille // 1000 + amount_in(currency, outlet.fee_fixed_cents)
    lines, sold = [], []
    for line_no, (draft, tax) in enumerate(zip(drafts, taxes, strict=True), start=1):
        product = draft.product
        lines.append(
            NewLine(
                sku=product.sku,
                quantity=draft.quantity,
                unit_price=to_decimal(draft.price, currency),
                name=product.name,
                discount=to_decimal(draft.discount, currency),
                tax=to_decimal(tax, currency),
                unit_cost=product.cost(currency),
                category=product.category,
            )
        )
        revenue = draft.worth - draft.coupon - (tax if included else 0)
        sold.append(SoldLine(line_no, product.sku, product.name, draft.quantity, revenue, tax))
    order = NewOrder(
        order_number=number,
        placed_at=placed_at,
        currency=currency,
        lines=tuple(lines),
        status=status,
        payment_status=_PAYMENT_STATUS.get(status, "paid"),
        customer=who,
        shipping=to_decimal(shipping, currency),
        discount=to_decimal(sum(draft.coupon for draft in drafts), currency),
        fees=to_decimal(fees if status in SOLD else 0, currency),
        prices_include_tax=included,
        ship_country=country.code,
        ship_region=town[1],
        ship_city=town[0],
        channel_updated_at=None if outlet.is_own else placed_at,
    )
    return Sale(outlet, order, tuple(sold), total)


def _shipping(outlet: Outlet, currency: str, worth: int) -> int:
    if not outlet.shipping_cents or worth >= amount_in(currency, outlet.free_shipping_cents):
        return 0
    return amount_in(currency, outlet.shipping_cents)


def _rounded(numerator: int, denominator: int) -> int:
    """A quotient of whole numbers that are not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def price_of_unit(revenue: int, quantity: int, currency: str) -> Decimal:
    """Revenue of a line per unit, to the millionth, so that giving back all units gives back exactly the line."""
    micros = _rounded(int(to_decimal(revenue, currency).scaleb(6)), quantity)
    return Decimal(micros).scaleb(-6)
