"""The shop as a Python object: one class on the same use cases that the API stands on.

    from tradewind import Platform

    with Platform("shop.db") as shop:
        mug = shop.add_product("Mug", "Stoneware, 300 ml", 12.50, stock=40, category="Kitchen")
        ada = shop.create_customer("ada@example.com", "Ada Example")
        shop.add_to_cart(ada, mug, 2)
        print(shop.get_order(shop.create_order(ada))["total_amount"])

Amounts are floats rounded to the currency's digits; beside each stands the exact whole number of minor
units (`total_amount_minor`). Everything else that the rooms of `tradewind.commerce` can do is a function
that takes a transaction: `with shop.write() as tx: …`.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor
from tradewind.commerce.carts.pricing import price_cart
from tradewind.commerce.carts.service import add_item, clear_cart, find_open_cart, open_cart_of, remove_item
from tradewind.commerce.catalog.categories import category_id_of, ensure_categories
from tradewind.commerce.catalog.model import ProductKind
from tradewind.commerce.catalog.products import create_product
from tradewind.commerce.catalog.store import ProductFilter, ProductView, descriptions, find_product, products_page
from tradewind.commerce.checkout.cancellation import cancel_order
from tradewind.commerce.checkout.service import CheckoutTerms, place_order
from tradewind.commerce.customers.addresses import add_address
from tradewind.commerce.customers.profiles import create_customer
from tradewind.commerce.customers.store import addresses_of, find_customer
from tradewind.commerce.inventory.adjustments import Adjustment, adjust, parse_reason
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.reservations import InsufficientStock, availability
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.numbers import take_number
from tradewind.commerce.orders.handling import move_order
from tradewind.commerce.orders.states import OrderStatus, parse_status
from tradewind.commerce.orders.store import OrderView, find_order, order_lines
from tradewind.commerce.payments.providers import manual
from tradewind.commerce.people.history import orders_of_person
from tradewind.commerce.promotions.service import apply_discount
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.core.money import Money, check_currency, to_decimal, to_minor
from tradewind.core.paging import MAX_LIMIT
from tradewind.core.whole import check_whole
from tradewind.migrations import upgrade

__all__ = ["InsufficientStock", "Platform"]

MEMORY = ":memory:"
_LOCATION = "main"
_NAME = "Python"

Record = dict[str, Any]


class Platform:
    """A shop in a file, in a PostgreSQL database, or for as long as the object lives. Threads may share it."""

    def __init__(
        self,
        path_or_url: str | Path = MEMORY,
        *,
        currency: str = "USD",
        country: str = "US",
        clock: Clock | None = None,
    ) -> None:
        """Opens the shop and brings its tables up to date.

        `path_or_url` is a file, a URL (`sqlite:///…`, `postgresql+psycopg://…`) or `:memory:`; `currency` that of
        all prices given as plain numbers; `country` where an address lies that names none.
        """
        self.currency = check_currency(currency)
        self.country = country
        self.clock: Clock = clock or SystemClock()
        self.actor = Actor(_NAME)
        place = str(path_or_url)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if place == MEMORY:
            # A file all the same: only that lets threads have connections of their own.
            self._folder = tempfile.TemporaryDirectory(prefix="tradewind-")
            place = f"{self._folder.name}/shop.db"
        self.database = Database(place if "://" in place else f"sqlite:///{Path(place).resolve()}")
        self._closing = weakref.finalize(self, _close, self.database, self._folder)
        upgrade(self.database)
        with self.write() as tx:
            self._location_id = ensure_location(tx, _LOCATION, name="Main", now=self.clock.now()).id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the shop; one in memory is gone. Safe to repeat."""
        self._closing()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction for any use case of `tradewind.commerce`: it commits as a whole, or leaves nothing."""
        with self.database.write() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one moment and changes nothing."""
        with self.database.read() as tx:
            yield tx

    def create_customer(
        self, email: str, name: str, address: str | Record | None = None, phone: str | None = None
    ) -> str:
        """A new customer's id. An address in one text is parted at its last comma into street and town."""
        now = self.clock.now()
        with self.write() as tx:
            customer = create_customer(tx, {"email": email, "name": name, "phone": phone}, actor=self.actor, now=now)
            if address:
                fields = self._address(address) if isinstance(address, str) else address
                known = {"name": name, "country": self.country} | fields
                add_address(tx, customer, known, actor=self.actor, now=now)
            return customer.id

    def get_customer(self, customer_id: str) -> Record:
        """A customer's profile with the address of their parcels. Raises NotFound."""
        with self.read() as tx:
            view = find_customer(tx, customer_id)
            addresses = addresses_of(tx, customer_id)
        chosen = next((a for a in addresses if a.is_default_shipping), None)
        parts = [] if chosen is None else [chosen.line1, chosen.line2, chosen.postal_code, chosen.city]
        return {
            "id": view.customer_id,
            "email": view.email,
            "name": view.name,
            "phone": view.phone,
            "address": ", ".join(dict.fromkeys(part for part in parts if part)) or None,
            "created_at": view.created_at,
        }

    def add_product(
        self,
        name: str,
        description: str,
        price: float | Decimal | str,
        stock: int = 0,
        category: str | None = None,
        *,
        sku: str | None = None,
    ) -> str:
        """A new product's id; its stock is booked as received. Without a SKU it gets one."""
        check_whole(stock, field="stock")
        if stock < 0:
            raise InvalidInput(f"The stock of {name} is negative, {stock}.", field="stock")
        now = self.clock.now()
        with self.write() as tx:
            product = create_product(
                tx,
                {
                    "sku": sku or take_number(tx, "sku", prefix="P-"),
                    "name": name,
                    "description": description,
                    "currency": self.currency,
                    "price": _exact(price, "price"),
                    "category_id": ensure_categories(tx, {category}, now=now)[category] if category else None,
                },
                kind=ProductKind.GOOD,
                actor=self.actor,
                now=now,
            )
            product_id = product.id
            self._adjust(tx, product_id, stock, Reason.RECEIPT)
        return product_id

    def get_products(self, category: str | None = None, limit: int = 50) -> list[Record]:
        """Products, the newest first; `category` takes in those below it."""
        if not 1 <= limit <= MAX_LIMIT:
            raise InvalidInput(f"Ask for 1 to {MAX_LIMIT} products at a time.", field="limit")
        with self.read() as tx:
            category_id = category_id_of(tx, category) if category else None
            if category and category_id is None:
                return []
            found = products_page(tx, ProductFilter(category_id=category_id), limit=limit).items
            return self._products(tx, found)

    def get_product(self, product_id: str) -> Record:
        """One product. Raises NotFound."""
        with self.read() as tx:
            (record,) = self._products(tx, [find_product(tx, product_id).product])
        return record

    def update_stock(self, product_id: str, quantity_delta: int, reason: Reason | str | None = None) -> int:
        """Books units that came or went; returns how many can be sold now.

        `reason` is receipt, return, damage, count or adjustment; without one, more units are a receipt and fewer
        an adjustment. Raises NotEnoughOnHand when more would go than there are.
        """
        check_whole(quantity_delta, field="quantity_delta")
        chosen = parse_reason(reason) if reason else Reason.RECEIPT if quantity_delta > 0 else Reason.ADJUSTMENT
        with self.write() as tx:
            self._adjust(tx, product_id, quantity_delta, chosen)
            return availability(tx, [product_id], now=self.clock.now())[product_id].available

    def add_to_cart(self, customer_id: str, product_id: str, quantity: int = 1) -> None:
        """Puts units into the customer's cart; of a product that is in it already, more units."""
        with self.write() as tx:
            add_item(tx, self._cart(tx, customer_id), product_id, quantity, actor=self.actor, now=self.clock.now())

    def remove_from_cart(self, customer_id: str, product_id: str) -> None:
        """Takes a product out of the customer's cart. Raises NotFound when it is not in it."""
        with self.write() as tx:
            remove_item(tx, self._cart(tx, customer_id), product_id, actor=self.actor, now=self.clock.now())

    def get_cart(self, customer_id: str) -> list[Record]:
        """The lines of the customer's cart at today's prices; nothing when there is no cart."""
        now = self.clock.now()
        with self.read() as tx:
            cart_id = find_open_cart(tx, customer_id, now=now)
            if cart_id is None:
                return []
            priced = price_cart(tx, cart_id, now=now)
        return [
            {
                "product_id": line.product_id,
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "stock": line.available,
                **_amount("price", line.unit_price_minor, priced.currency),
                **_amount("subtotal", line.gross_minor, priced.currency),
            }
            for line in priced.lines
        ]

    def clear_cart(self, customer_id: str) -> None:
        """Takes everything out of the customer's cart."""
        now = self.clock.now()
        with self.write() as tx:
            cart_id = find_open_cart(tx, customer_id, now=now)
            if cart_id is not None:
                clear_cart(tx, cart_id, actor=self.actor, now=now)

    def create_order(self, customer_id: str) -> str:
        """Makes an order of the customer's cart, to be paid by hand; returns its id.

        All or nothing: units are taken off the shelf and the cart is closed with it. Raises InsufficientStock (a
        ValueError) with what is missing, CartNotOrderable for an empty cart.
        """
        with self.write() as tx:
            cart_id = self._cart(tx, customer_id)
            terms = CheckoutTerms(provider=manual.NAME)
            return place_order(tx, cart_id, terms, actor=self.actor, now=self.clock.now()).order_id

    def get_order(self, order_id: str) -> Record:
        """An order with its lines and who it is for. Raises NotFound."""
        with self.read() as tx:
            order = find_order(tx, order_id)
            lines = order_lines(tx, order_id, order.currency)
            customer = find_customer(tx, order.customer_id) if order.customer_id else None
        return _order(order) | {
            "customer_name": customer.name if customer else None,
            "customer_email": customer.email if customer else None,
            "items": [
                {
                    "product_id": line.product_id,
                    "sku": line.sku,
                    "product_name": line.name,
                    "quantity": line.quantity,
                    **_amount("price", line.unit_price, order.currency),
                    **_amount("subtotal", line.total, order.currency),
                }
                for line in lines
            ],
        }

    def get_customer_orders(self, customer_id: str, limit: int = 50) -> list[Record]:
        """A customer's orders, the newest first."""
        with self.read() as tx:
            return [_order(order) for order in orders_of_person(tx, customer_id, limit=min(limit, MAX_LIMIT)).items]

    def update_order_status(self, order_id: str, status: OrderStatus | str) -> None:
        """Moves an order along its states; cancelling puts its units back. Raises IllegalTransition."""
        wanted = parse_status(status)
        now = self.clock.now()
        with self.write() as tx:
            if wanted is OrderStatus.CANCELLED:
                cancel_order(tx, order_id, actor=self.actor, now=now)
            else:
                move_order(tx, order_id, wanted, actor=self.actor, now=now)

    def apply_discount(self, order_total: float | Decimal | str, code: str) -> float:
        """What a discount code leaves of a total. Raises CodeNotValid, CodeNotApplicable or PromotionUsedUp."""
        total = Money.of(_exact(order_total, "order_total"), self.currency)
        with self.read() as tx:
            left = apply_discount(tx, total, code, now=self.clock.now()).total
        return float(to_decimal(left.minor, left.currency))

    def _cart(self, tx: Session, customer_id: str) -> str:
        return open_cart_of(tx, customer_id, currency=self.currency, actor=self.actor, now=self.clock.now())

    def _adjust(self, tx: Session, product_id: str, delta: int, reason: Reason) -> None:
        if delta:
            change = Adjustment(product_id, self._location_id, delta, reason)
            adjust(tx, [change], actor=self.actor, now=self.clock.now())

    def _address(self, text: str) -> Record:
        street, _, town = text.rpartition(",")
        return {"line1": street.strip() or text.strip(), "city": town.strip()}

    def _products(self, tx: Session, found: Any) -> list[Record]:
        ids = [view.product_id for view in found]
        texts = descriptions(tx, ids)
        stock = availability(tx, ids, now=self.clock.now())
        return [_product(view, texts.get(view.product_id, ""), stock[view.product_id].available) for view in found]


def _close(database: Database, folder: tempfile.TemporaryDirectory[str] | None) -> None:
    database.close()
    if folder is not None:
        folder.cleanup()


def _exact(amount: float | Decimal | str, field: str) -> Decimal:
    """The number as it is written: 99.99 is ninety-nine and ninety-nine hundredths, not the float next to it."""
    try:
        return Decimal(str(amount))
    except ArithmeticError as broken:
        raise InvalidInput(f"{amount!r} is not an amount.", field=field) from broken


def _amount(name: str, amount: Decimal | int | None, currency: str) -> Record:
    """An amount as a float, and beside it its exact minor units. Whole numbers are minor units already."""
    if amount is None:
        return {name: None, f"{name}_minor": None}
    minor = amount if isinstance(amount, int) else to_minor(amount, currency)
    return {name: float(to_decimal(minor, currency)), f"{name}_minor": minor}


def _product(view: ProductView, description: str, stock: int) -> Record:
    return {
        "id": view.product_id,
        "sku": view.sku,
        "name": view.name,
        "description": description,
        "category": view.category,
        "stock": stock,
        "currency": view.currency,
        **_amount("price", view.price, view.currency or ""),
        "created_at": view.created_at,
    }


def _order(order: OrderView) -> Record:
    return {
        "id": order.order_id,
        "order_number": order.order_number,
        "customer_id": order.customer_id,
        "status": order.status,
        "currency": order.currency,
        **_amount("total_amount", order.total, order.currency),
        "created_at": order.placed_at,
    }
