"""An order's life told as the channel knows it at a moment: what a sync should have found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tradewind.channels.unified import (
    Fulfillment,
    UnifiedCustomer,
    UnifiedFee,
    UnifiedLine,
    UnifiedOrder,
    UnifiedRefund,
    UnifiedRefundLine,
)
from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.commerce.orders.states import OrderStatus
from tradewind.sandbox.lives import Bought, Life, Step
from tradewind.sandbox.markets import PROFILES, Profile, Ware

SHOPIFY_FIRST_NAME = 5_000_000
"""Far from the numbers of a store's earlier orders: a shop may begin to count where it likes."""


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def moment_of(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def external_id(channel: str, number: int) -> str:
    """Fixed width within a channel, so that ids sort as their numbers do."""
    match channel:
        case "amazon":
            return f"111-{number // 10_000_000:07d}-{number % 10_000_000:07d}"
        case "shopify":
            return str(5_000_000_000 + number)
        case _:
            return str(108_900_000_000_000 + number)


def number_of(channel: str, external: str) -> int | None:
    """The order's number, or None where no order is called so."""
    digits = external.removeprefix("111-").replace("-", "") if channel == "amazon" else external
    if not digits.isdigit():
        return None
    number = int(digits) - {"amazon": 0, "shopify": 5_000_000_000}.get(channel, 108_900_000_000_000)
    return number if number >= 0 and external_id(channel, number) == external else None


def listing_id(channel: str, ware: int) -> str | None:
    """What the channel calls the thing it lists, beside the SKU."""
    match channel:
        case "amazon":
            return f"B0SANDBX{ware:02d}"
        case "shopify":
            return f"gid://shopify/ProductVariant/{700 + ware}"
        case _:
            return None


def line_id(channel: str, number: int, line: int) -> str:
    match channel:
        case "amazon":
            return f"{number:011d}{line:03d}"
        case "shopify":
            return f"gid://shopify/LineItem/{number * 10 + line}"
        case _:
            return str(line)


@dataclass(frozen=True, slots=True)
class Told:
    """An order at a moment. `updated` is the second of its last change; `steps` those that have happened."""

    channel: str
    life: Life
    wares: Sequence[Ware]
    steps: frozenset[Step]
    times: dict[Step, int]
    updated: int

    @property
    def profile(self) -> Profile:
        return PROFILES[self.channel]

    @property
    def is_hidden(self) -> bool:
        """Still pending: the channel tells neither money nor address."""
        return self.life.is_pending_first and Step.PAID not in self.steps

    @property
    def is_cancelled(self) -> bool:
        return Step.CANCELLED in self.steps

    def order(self) -> UnifiedOrder:
        life, id_ = self.life, external_id(self.channel, self.life.number)
        subtotal = sum(line.price_cents for line in life.bought)
        discount = sum(line.discount_cents for line in life.bought)
        tax = sum(line.tax_cents for line in life.bought)
        total = subtotal - discount + tax + life.shipping_cents
        refund = self._refund(id_)
        refunded = refund.amount if refund else Decimal(0)

        def told(cents: int) -> Decimal | None:
            if self.is_hidden:
                return None
            return Decimal("0.00") if self.is_zeroed else money(cents)

        is_foreign = self.channel == "shopify" and life.market.country == "CA"
        city, region, postal = (None, None, None) if self.is_hidden else life.place
        number = f"#{SHOPIFY_FIRST_NAME + life.number}" if self.channel == "shopify" else id_
        return UnifiedOrder(
            external_id=id_,
            order_number=number,
            placed_at=moment_of(life.placed),
            channel_updated_at=moment_of(self.updated),
            status=self._status(refunded, money(total), money(tax)),
            fulfillment_status=self._fulfillment(),
            payment_status=self._payment(refunded, money(total)),
            currency=life.market.currency,
            marketplace=life.market.code,
            group_id=str(200_011_000_000_000 + life.number // 2) if self.channel == "walmart" else None,
            fulfillment_channel=life.market.fulfillment,
            subtotal=told(subtotal),
            shipping=told(life.shipping_cents),
            discount=told(discount),
            tax=told(tax),
            other=None,
            total=told(total),
            refunded=refunded,
            net_total=None if self.is_hidden else Decimal("0.00") if self.is_zeroed else money(total) - refunded,
            presentment_currency="CAD" if is_foreign else None,
            presentment_total=money(total * 5 // 4) if is_foreign else None,
            customer=None if self.is_hidden else self._customer(),
            ship_country=None if self.is_hidden else life.market.country,
            ship_region=region,
            ship_city=city,
            ship_postal=postal,
            is_test=life.is_test,
            is_replacement=life.is_replacement,
            lines=tuple(self._line(line) for line in life.bought),
            refunds=(refund,) if refund else (),
        )

    @property
    def is_zeroed(self) -> bool:
        return self.is_cancelled and self.profile.zero_when_cancelled

    def _line(self, line: Bought) -> UnifiedLine:
        def told(cents: int) -> Decimal | None:
            if self.is_hidden:
                return None
            return Decimal("0.00") if self.is_zeroed else money(cents)

        ware = self.wares[line.ware]
        shipping = self.life.shipping_cents if line.number == 1 and self.profile.line_shipping else 0
        return UnifiedLine(
            external_line_id=line_id(self.channel, self.life.number, line.number),
            sku=ware.sku,
            title=ware.title,
            listing_id=listing_id(self.channel, line.ware),
            quantity=line.quantity,
            quantity_cancelled=self._cancelled_units(line),
            quantity_shipped=self.sent_units(line),
            unit_price=told(line.unit_cents),
            discount=told(line.discount_cents),
            tax=told(line.tax_cents),
            shipping=told(shipping) if self.profile.line_shipping else None,
            total=told(line.price_cents - line.discount_cents + line.tax_cents + shipping),
        )

    def sent_units(self, line: Bought) -> int:
        if Step.SENT in self.steps:
            return line.quantity - self._cancelled_units(line)
        return int(Step.PARTLY_SENT in self.steps and line.number == 1)

    def _cancelled_units(self, line: Bought) -> int:
        if self.is_cancelled:
            return line.quantity
        return int(Step.SENT in self.steps and self.life.is_part_cancelled and line.number == 1)

    def _refund(self, id_: str) -> UnifiedRefund | None:
        if Step.REFUNDED not in self.steps:
            return None
        life = self.life
        if life.is_refunded:
            lines = [
                (line, line.quantity, line.price_cents - line.discount_cents, line.tax_cents) for line in life.bought
            ]
            shipping = life.shipping_cents
        else:
            first = life.bought[0]
            given = first.paid_cents // first.quantity
            lines, shipping = [(first, 1, given, first.tax_cents // first.quantity)], 0
        tax = sum(part for _, _, _, part in lines)
        amount = sum(given for _, _, given, _ in lines) + tax + shipping
        return UnifiedRefund(
            external_id=f"R{self.life.number:09d}",
            refunded_at=moment_of(self.times[Step.REFUNDED]),
            currency=life.market.currency,
            amount=money(amount),
            order_external_id=id_,
            tax=money(tax),
            shipping=money(shipping),
            reason="DAMAGED" if life.is_refunded else "CHANGED_MIND",
            lines=tuple(
                UnifiedRefundLine(
                    sku=self.wares[line.ware].sku,
                    quantity=units,
                    amount=money(given),
                    external_line_id=line_id(self.channel, life.number, line.number),
                )
                for line, units, given, _ in lines
            ),
        )

    def _status(self, refunded: Decimal, total: Decimal, tax: Decimal) -> OrderStatus:
        whole = total - tax if self.channel == "amazon" else total
        if self.is_cancelled:
            return OrderStatus.CANCELLED
        if refunded and refunded >= whole:
            return OrderStatus.REFUNDED
        if self.is_hidden:
            return OrderStatus.PENDING
        for step, status in (
            (Step.DELIVERED, OrderStatus.DELIVERED),
            (Step.SENT, OrderStatus.SHIPPED),
            (Step.PARTLY_SENT, OrderStatus.PROCESSING),
            (Step.ACCEPTED, OrderStatus.PROCESSING),
        ):
            # Of what it sends itself, Amazon never says that it arrived.
            if step in self.steps and not (step is Step.DELIVERED and self.life.market.fulfillment == "fba"):
                return status
        return OrderStatus.CONFIRMED

    def _fulfillment(self) -> Fulfillment:
        if self.is_cancelled:
            return Fulfillment.NONE
        if Step.SENT in self.steps:
            return Fulfillment.FULFILLED
        return Fulfillment.PARTIAL if Step.PARTLY_SENT in self.steps else Fulfillment.UNFULFILLED

    def _payment(self, refunded: Decimal, total: Decimal) -> str:
        if not self.profile.is_authorised_first:
            return "pending" if self.is_hidden else "paid"
        if self.is_cancelled:
            return "voided"
        if refunded:
            return "refunded" if refunded >= total else "partially_refunded"
        return "paid" if Step.SENT in self.steps else "authorized"

    def _customer(self) -> UnifiedCustomer | None:
        buyer = self.life.buyer
        if buyer is None:
            return None
        if self.channel == "shopify":
            return UnifiedCustomer(key=str(6_000_000 + buyer), email=f"buyer{buyer}@example.com")
        domain = "relay.walmart.com" if self.channel == "walmart" else "marketplace.amazon.com"
        email = f"{hashlib.blake2b(str(buyer).encode(), digest_size=8).hexdigest()}@{domain}"
        return UnifiedCustomer(key=hashlib.sha256(email.encode()).hexdigest(), email=email, is_relay=True)


def fees_of(told: Told, step: Step) -> list[UnifiedFee]:
    """What the channel takes at that step: its share when all is sent, and back a part of it with a refund."""
    life, profile = told.life, told.profile
    if life.is_test:
        return []
    posted = moment_of(told.times[step])
    order_id = external_id(told.channel, life.number)
    base = sum(line.paid_cents for line in life.bought)
    kind = FeeKind.PAYMENT_PROCESSING if told.channel == "shopify" else FeeKind.COMMISSION
    sku = told.wares[life.bought[0].ware].sku

    def fee(name: FeeKind, cents: int) -> UnifiedFee:
        return UnifiedFee(
            external_id=f"F{life.number:09d}-{name}",
            posted_at=posted,
            kind=name,
            amount=money(cents),
            currency=life.market.currency,
            status=FeeStatus.SETTLED,
            raw_kind=name.value,
            order_external_id=order_id,
            sku=None if told.channel == "shopify" else sku,
        )

    if step is Step.SENT:
        fees = [fee(kind, (base * profile.commission_permille + 500) // 1000 + profile.fee_fixed_cents)]
        if life.market.keeper in ("fba", "wfs"):
            fees.append(fee(FeeKind.FULFILLMENT, 345 + 60 * life.units))
        return fees
    if step is Step.REFUNDED and life.is_refunded and told.channel != "shopify":
        return [fee(FeeKind.REFUND_REVERSAL, -((base * profile.commission_permille * 4 // 5 + 500) // 1000))]
    return []
