"""Who sells the demo store its goods: four invented suppliers with terms of their own, so that its plan can order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor
from tradewind.commerce.purchasing.model import Supplier
from tradewind.commerce.purchasing.suppliers import NewSupplier, Offer, create_supplier, put_offers
from tradewind.demo.assortment import DemoProduct

_ACTOR = Actor("demo")
_WORKDAYS = tuple(range(5))
_CHEAP_CENTS = 1500
_DEAR_CENTS = 4000


@dataclass(frozen=True, slots=True)
class DemoSupplier:
    """`lots` are the units of a pack of cheap, of usual and of dear goods; an order takes two packs of a product."""

    code: str
    name: str
    categories: frozenset[str]
    lead_time_days: int
    order_weekdays: tuple[int, ...]
    lots: tuple[int, int, int]


SUPPLIERS = (
    DemoSupplier(
        "hansawerk", "Hansawerk Handel", frozenset({"Kitchen", "Home", "Office"}), 6, _WORKDAYS, lots=(12, 6, 2)
    ),
    DemoSupplier("gruenland", "Grünland Versand", frozenset({"Garden", "Outdoor"}), 10, (0, 2), lots=(24, 6, 1)),
    DemoSupplier("solena", "Solena Care", frozenset({"Beauty", "Pets"}), 14, _WORKDAYS, lots=(12, 4, 2)),
    DemoSupplier(
        "eastport", "Eastport Trading", frozenset({"Toys", "Electronics", "Sports"}), 35, (3,), lots=(48, 24, 4)
    ),
)


def open_suppliers(
    tx: Session, products: Sequence[DemoProduct], product_ids: Mapping[str, str], currency: str, now: datetime
) -> None:
    """Makes the suppliers that are not there yet, each with what it asks for those of the products that it sells."""
    for told in SUPPLIERS:
        goods = [product for product in products if product.category in told.categories and product.sku in product_ids]
        if not goods or tx.scalar(select(Supplier.id).where(Supplier.code == told.code)) is not None:
            continue
        new = NewSupplier(
            code=told.code,
            name=told.name,
            currency=currency,
            email=f"orders@{told.code}.example",
            lead_time_days=told.lead_time_days,
            order_weekdays=told.order_weekdays,
        )
        supplier = create_supplier(tx, new, actor=_ACTOR, now=now)
        offers = [_offer(told, product, product_ids[product.sku], currency) for product in goods]
        put_offers(tx, supplier.id, offers, actor=_ACTOR, now=now)


def _offer(supplier: DemoSupplier, product: DemoProduct, product_id: str, currency: str) -> Offer:
    cheap, usual, dear = supplier.lots
    cents = product.cost_cents
    lot = cheap if cents < _CHEAP_CENTS else usual if cents < _DEAR_CENTS else dear
    return Offer(
        product_id,
        unit_cost=product.cost(currency),
        supplier_sku=f"{supplier.code[:2].upper()}{product.index:04d}",
        min_quantity=2 * lot,
        pack_size=lot,
    )
