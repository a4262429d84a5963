"""Pricing a cart: of 5 lines and of 500, with promotions, tax, shipping and stock, from SQLite.

Beside it: one plain SQL statement that reads the same lines with their products, and works nothing out.
"""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.machine import Figure, measure, percentile, timed
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.booking import chunks
from tradewind.commerce.carts.lines import CartItem
from tradewind.commerce.carts.pricing import price_cart
from tradewind.commerce.carts.service import apply_code, choose_shipping, create_cart
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.inventory.model import Reason
from tradewind.commerce.inventory.service import NewMovement, ensure_location, record_movements
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.service import create_promotion
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.commerce.shipping.methods import MethodTerms, all_methods, create_method
from tradewind.commerce.taxes.service import RateTerms, ZoneTerms, create_zone
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.store import open_database

NOW = datetime.now(UTC)
TARGET_MS = 100
AUTOMATIC = 20
LINES = """
    SELECT l.product_id, l.quantity, p.sku, p.name, p.price_minor, p.tax_class
    FROM cart_items AS l JOIN products AS p ON p.id = l.product_id WHERE l.cart_id = ?
"""


def run(*, quick: bool) -> list[Figure]:
    products, times = (5_000, 15) if quick else (100_000, 60)
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        database = open_database(load_settings(data_dir=folder))
        skus = _stock(database, products)
        with database.write() as tx:
            _lay_down(tx)
            small, large = (_cart(tx, skus, lines) for lines in (5, 500))
        figures = [
            _priced(database, small, times, "price a cart of 5 lines", None, None),
            _priced(database, large, times, "price a cart of 500 lines", TARGET_MS, Path(folder) / "tradewind.db"),
        ]
        database.close()
    return figures


def _stock(database: Database, count: int) -> list[str]:
    skus = [f"SKU-{number}" for number in range(count)]
    for part in chunks(skus, 5_000):
        with database.write() as tx:
            told = [
                NewProduct(sku, sku, category=f"Goods / {index % 20}", currency="EUR", price=Decimal(100 + index) / 100)
                for index, sku in enumerate(part)
            ]
            put_products(tx, told, now=NOW)
            place = ensure_location(tx, "main", name="Main", now=NOW)
            ids = [
                found for some in chunks(part) for found in tx.scalars(select(Product.id).where(Product.sku.in_(some)))
            ]
            receipts = [NewMovement(product_id, place.id, 1_000, Reason.RECEIPT, NOW) for product_id in ids]
            record_movements(tx, receipts, now=NOW)
    return skus


def _lay_down(tx: Session) -> None:
    for country in ("DE", "FR", "AT", "US", "GB"):
        rates = (RateTerms("standard", "Standard", Decimal(19), True), RateTerms("reduced", "Reduced", Decimal(7)))
        create_zone(tx, ZoneTerms(country, country != "US", (country,), rates), actor=SYSTEM, now=NOW)
    create_method(tx, MethodTerms("Parcel", "EUR", Decimal("4.90")), actor=SYSTEM, now=NOW)
    for number in range(AUTOMATIC):
        terms = PromotionTerms(
            f"By itself {number}",
            PromotionKind.PERCENT,
            percent=Decimal(1 + number),
            conditions=Conditions(category_paths=(f"Goods / {number}",)),
            is_stackable=number % 2 == 0,
        )
        create_promotion(tx, terms, actor=SYSTEM, now=NOW)
    terms = PromotionTerms("Code", PromotionKind.PERCENT, code="CODE", percent=Decimal(10), is_stackable=True)
    create_promotion(tx, terms, actor=SYSTEM, now=NOW)


def _cart(tx: Session, skus: list[str], lines: int) -> str:
    step = len(skus) // lines
    items = [CartItem(1 + index % 4, sku=skus[index * step]) for index in range(lines)]
    cart_id = create_cart(tx, currency="EUR", country="DE", items=items, actor=SYSTEM, now=NOW)
    apply_code(tx, cart_id, "CODE", actor=SYSTEM, now=NOW)
    choose_shipping(tx, cart_id, all_methods(tx)[0].method_id, actor=SYSTEM, now=NOW)
    return cart_id


def _priced(
    database: Database, cart_id: str, times: int, name: str, target: float | None, store: Path | None
) -> Figure:
    def price() -> None:
        with database.read() as tx:
            price_cart(tx, cart_id, now=NOW)

    taken = percentile(timed(price, times=times), 0.95) * 1000
    limit = None
    if store is not None:
        with sqlite3.connect(store) as raw:
            limit = percentile(timed(lambda: raw.execute(LINES, (cart_id,)).fetchall(), times=times), 0.95) * 1000
        raw.close()
    return Figure(
        name,
        taken,
        "ms",
        target=target,
        is_better="lower",
        limit=limit,
        limit_name="reading its lines" if limit is not None else "",
        note=f"p95, {AUTOMATIC + 1} promotions, stock looked at",
    )


if __name__ == "__main__":
    measure(run)
