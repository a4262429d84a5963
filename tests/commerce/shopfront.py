"""A shop that sells through its own checkout: products on a shelf, carts, buyers who pay. Everything is real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.spine import NOON, a_line, an_order
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.catalog.model import Product, ProductKind, ProductStatus
from tradewind.commerce.catalog.service import NewProduct, ensure_channel, find_products, put_products
from tradewind.commerce.checkout.cancellation import cancel_next_unpaid
from tradewind.commerce.checkout.service import CheckoutTerms, Placed, place_order
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.orders.addresses import PostalAddress
from tradewind.commerce.orders.service import book_order
from tradewind.commerce.payments.intents import apply
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.commerce.payments.providers.port import IntentStatus, ProviderUpdate, RefundStatus, RefundTold
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.model import Promotion
from tradewind.commerce.promotions.service import create_promotion
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.commerce.taxes.service import RateTerms, ZoneTerms, create_zone
from tradewind.core.database import Database
from tradewind.core.ids import new_id
from tradewind.events.outbox import OutboxRow

ADA = PostalAddress(
    name="Ada Lovelace", line1="Long Street 1", city="Berlin", postal_code="10115", country="DE", phone="030 1"
)
CLERK = Actor("clerk")


@dataclass(frozen=True)
class Front:
    """Amounts are in `currency`; the place is Germany unless a cart says otherwise."""

    database: Database
    channel_id: str
    location_id: str
    currency: str = "EUR"
    actor: Actor = CLERK

    @classmethod
    def open(cls, database: Database, currency: str = "EUR") -> Front:
        with database.write() as tx:
            channel = ensure_channel(tx, "shop", name="Shop", kind="shop", now=NOON)
            location = ensure_location(tx, "main", name="Main", now=NOON)
            return cls(database, channel.id, location.id, currency)

    def product(self, sku: str, price: str, *, stock: int | None = None, kind: str = "good") -> str:
        told = NewProduct(sku, sku.title(), ProductKind(kind), currency=self.currency, price=Decimal(price))
        with self.database.write() as tx:
            put_products(tx, [told], now=NOON)
            product_id = find_products(tx, [sku])[sku].id
        if stock:
            self.receive(sku, stock, self.location_id)
        return product_id

    def receive(self, sku: str, units: int, location_id: str) -> None:
        with self.database.write() as tx:
            product_id = find_products(tx, [sku])[sku].id
            movement = NewMovement(product_id, location_id, units, Reason.RECEIPT, NOON)
            record_movements(tx, [movement], now=NOON)

    def archive(self, sku: str) -> None:
        with self.database.write() as tx:
            tx.execute(update(Product).where(Product.sku == sku).values(status=str(ProductStatus.ARCHIVED)))

    def location(self, code: str) -> str:
        with self.database.write() as tx:
            return ensure_location(tx, code, name=code.title(), now=NOON).id

    def tax(self, percent: str, *, inclusive: bool, on_shipping: bool = True) -> None:
        rate = RateTerms("standard", "VAT", Decimal(percent), is_on_shipping=on_shipping)
        with self.database.write() as tx:
            create_zone(tx, ZoneTerms("Home", inclusive, (), (rate,)), actor=CLERK, now=NOON)

    def promotion(self, code: str | None, *, percent: Decimal, **more: Any) -> str:
        terms = PromotionTerms(code or "Sale", PromotionKind.PERCENT, code, percent, **more)
        with self.database.write() as tx:
            return create_promotion(tx, terms, actor=CLERK, now=NOON)

    def used(self, promotion_id: str) -> int:
        with self.database.read() as tx:
            return tx.get_one(Promotion, promotion_id).used

    def cart(self, *, now: datetime = NOON, country: str | None = None, codes: Sequence[str] = (), **units: int) -> str:
        return self.filled(units, now=now, country=country, codes=codes)

    def filled(
        self,
        units: Mapping[str, int],
        *,
        now: datetime = NOON,
        country: str | None = None,
        codes: Sequence[str] = (),
    ) -> str:
        cart_id = new_id()
        with self.database.write() as tx:
            tx.add(
                Cart(
                    id=cart_id,
                    channel_id=self.channel_id,
                    currency=self.currency,
                    country=country,
                    codes=list(codes),
                    status="open",
                    version=1,
                    expires_at=now + timedelta(days=30),
                    created_at=now,
                    updated_at=now,
                )
            )
            tx.flush()
            known = find_products(tx, units)
            for sku, quantity in units.items():
                tx.add(CartLine(cart_id=cart_id, product_id=known[sku].id, quantity=quantity, added_at=now))
                tx.flush()
        return cart_id

    def place(self, cart_id: str, *, provider: str = "test", now: datetime = NOON, **terms: Any) -> Placed:
        with self.database.write() as tx:
            return place_order(tx, cart_id, CheckoutTerms(provider, **terms), actor=CLERK, now=now)

    def pay(self, placed: Placed, *, now: datetime = NOON) -> None:
        """What the provider would tell us: all of it was taken."""
        self.tell(placed, now=now)

    def tell(self, placed: Placed, *refunds: RefundTold, now: datetime = NOON) -> None:
        assert placed.intent_id is not None
        with self.database.write() as tx:
            intent = tx.get_one(PaymentIntent, placed.intent_id)
            told = ProviderUpdate(
                provider=intent.provider,
                provider_id=intent.provider_id or f"at-provider-{intent.id}",
                status=IntentStatus.CAPTURED,
                intent_id=intent.id,
                currency=intent.currency,
                captured_minor=intent.amount_minor,
                refunds=refunds,
            )
            apply(tx, told, now=now)

    def send_back(self, placed: Placed, wish: str, amount_minor: int, *, now: datetime = NOON) -> None:
        """The provider has given the money of a wish back."""
        self.tell(placed, RefundTold(f"back-{wish}", amount_minor, RefundStatus.DONE, wish), now=now)

    def sweep(self, now: datetime) -> int:
        """Lets orders that nobody paid be cancelled, until there is none."""
        count = 0
        while True:
            with self.database.write() as tx:
                if not cancel_next_unpaid(tx, now=now):
                    return count
            count += 1

    def book_imported(self, number: str) -> None:
        booking = Booking(self.channel_id, "shop", NOON, Origin.IMPORT)
        with self.database.write() as tx:
            book_order(tx, an_order(number, a_line("OLD")), booking)

    def revenue(self, tx: Session) -> Decimal:
        """What all facts together say of revenue, after refunds: Σ entries of whole orders."""
        topics = ("orders", "refunds")
        payloads = tx.scalars(select(OutboxRow.payload).where(OutboxRow.topic.in_(topics))).all()
        return sum(
            (
                Decimal(entry["revenue"])
                for payload in payloads
                for entry in orjson.loads(payload)["entries"]
                if entry["grain"] == "order"
            ),
            Decimal(0),
        )
