"""Prices: one per currency, a history that only grows, and the lowest price of the 30 days before a reduction.

The first currency's price stands in the product itself, those of others in `product_prices`. Whoever changes
either tells `record_prices`, in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog import upkeep
from tradewind.commerce.catalog.facts import tell
from tradewind.commerce.catalog.model import PriceChange, Product, ProductPrice
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_decimal, to_minor
from tradewind.core.paging import Page, moment_and_id

LOOKED_BACK = timedelta(days=30)
"""How far the price that a reduction is compared with is looked for (EU directive 98/6, article 6a)."""

Prices = Mapping[str, int]
"""Minor units by currency."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """A price that was lowered last. `lowest_minor` is the lowest of the 30 days before, what buyers must be told."""

    lowest_minor: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PriceStep:
    """An entry of the history. None: there was no price in this currency, or there is none any more."""

    currency: str
    old_price: Decimal | None
    new_price: Decimal | None
    changed_at: datetime


def price_in(currency: str | None, price_minor: int | None) -> dict[str, int]:
    """The one price that a product's own row holds."""
    return {currency: price_minor} if currency is not None and price_minor is not None else {}


def record_prices(tx: Session, changes: Iterable[tuple[str, Prices, Prices]], *, now: datetime) -> None:
    """Enters what differs between the prices before and after, by the product's id."""
    rows = [
        {
            "id": new_id(),
            "product_id": product_id,
            "currency": currency,
            "old_minor": before.get(currency),
            "new_minor": after.get(currency),
            "changed_at": now,
        }
        for product_id, before, after in changes
        for currency in sorted({*before, *after})
        if before.get(currency) != after.get(currency)
    ]
    insert_rows(tx, PriceChange.__table__, rows)


def set_price(
    tx: Session, product: Product, currency: str, price: Decimal | None, *, actor: Actor, now: datetime
) -> None:
    """Sets, or with None takes away, the price in a currency. `product` is locked by the caller."""
    code = check_currency(currency)
    if price is not None and price < 0:
        raise InvalidInput(f"A price cannot be negative; this one is {price}.", field="price")
    minor = None if price is None else to_minor(price, code, field="price")
    before = own_and_other(tx, product)
    if before.get(code) == minor:
        return
    if code == product.currency or (product.currency is None and minor is not None):
        product.currency, product.price_minor = code, minor
    else:
        tx.execute(delete(ProductPrice).where(ProductPrice.product_id == product.id, ProductPrice.currency == code))
        if minor is not None:
            tx.add(ProductPrice(product_id=product.id, currency=code, price_minor=minor, updated_at=now))
    product.version += 1
    product.updated_at = now
    tx.flush()
    record_prices(tx, [(product.id, before, own_and_other(tx, product))], now=now)
    tell(tx, product, now=now)
    record(
        tx,
        actor,
        Change("product.price", product.id, {code: before.get(code)}, {code: minor}),
        now=now,
    )
    upkeep.changed(tx, [product.id])


def prices_in(tx: Session, product_ids: Iterable[str], currency: str) -> dict[str, int]:
    """What each product costs in this currency, in minor units; those without a price in it are left out."""
    found: dict[str, int] = {}
    for part in chunks(product_ids):
        own = select(Product.id, Product.price_minor).where(
            Product.id.in_(part), Product.currency == currency, Product.price_minor.is_not(None)
        )
        other = select(ProductPrice.product_id, ProductPrice.price_minor).where(
            ProductPrice.product_id.in_(part), ProductPrice.currency == currency
        )
        found |= {
            product_id: minor for query in (other, own) for product_id, minor in tx.execute(query) if minor is not None
        }
    return found


def prices_at(tx: Session, wanted: Iterable[tuple[str, datetime]], currency: str) -> dict[tuple[str, datetime], int]:
    """What products cost at moments, in minor units; those that had no price then are left out.

    Before the first price that we know of, that one counts: the product was told of later than it was sold.
    """
    moments = set(wanted)
    now = prices_in(tx, {product_id for product_id, _ in moments}, currency)
    steps: dict[str, list[PriceChange]] = defaultdict(list)
    for part in chunks({product_id for product_id, _ in moments}):
        query = select(PriceChange).where(
            PriceChange.product_id.in_(part),
            PriceChange.currency == currency,
            PriceChange.changed_at > min(moment for _, moment in moments),
        )
        for step in tx.scalars(query.order_by(PriceChange.changed_at, PriceChange.id)):
            steps[step.product_id].append(step)
    found: dict[tuple[str, datetime], int] = {}
    for product_id, moment in moments:
        after = next((step for step in steps[product_id] if step.changed_at > moment), None)
        minor = now.get(product_id) if after is None else after.old_minor
        if after is not None and minor is None and _is_first(tx, after):
            minor = after.new_minor
        if minor is not None:
            found[product_id, moment] = minor
    return found


def _is_first(tx: Session, step: PriceChange) -> bool:
    earlier = select(PriceChange.id).where(
        PriceChange.product_id == step.product_id,
        PriceChange.currency == step.currency,
        PriceChange.changed_at < step.changed_at,
    )
    return tx.scalar(earlier.limit(1)) is None


def other_prices(tx: Session, product_id: str) -> dict[str, int]:
    """Prices in currencies beside the product's own, in the order of their codes."""
    rows = select(ProductPrice).where(ProductPrice.product_id == product_id).order_by(ProductPrice.currency)
    return {row.currency: row.price_minor for row in tx.scalars(rows)}


def reductions(tx: Session, product_ids: Sequence[str]) -> dict[tuple[str, str], Reduction]:
    """By product and currency, the prices whose last change was downwards.

    The lowest price of the 30 days before is that of any moment in them, whenever it was set.
    """
    later = aliased(PriceChange)
    is_followed = (
        select(later.id)
        .where(
            later.product_id == PriceChange.product_id,
            later.currency == PriceChange.currency,
            or_(
                later.changed_at > PriceChange.changed_at,
                and_(later.changed_at == PriceChange.changed_at, later.id > PriceChange.id),
            ),
        )
        .exists()
    )
    found: dict[tuple[str, str], Reduction] = {}
    for part in chunks(product_ids):
        lowered = select(PriceChange).where(
            PriceChange.product_id.in_(part), PriceChange.new_minor < PriceChange.old_minor, ~is_followed
        )
        last = {(row.product_id, row.currency): row.changed_at for row in tx.scalars(lowered)}
        if not last:
            continue
        before: dict[tuple[str, str], list[int]] = defaultdict(list)
        window = select(PriceChange).where(
            PriceChange.product_id.in_(sorted({product_id for product_id, _ in last})),
            PriceChange.changed_at >= min(last.values()) - LOOKED_BACK,
            PriceChange.old_minor.is_not(None),
        )
        for row in tx.scalars(window):
            key = (row.product_id, row.currency)
            # What was paid until a change inside the window was paid inside the window.
            if key in last and last[key] - LOOKED_BACK < row.changed_at <= last[key] and row.old_minor is not None:
                before[key].append(row.old_minor)
        found |= {key: Reduction(min(before[key]), since) for key, since in last.items()}
    return found


def price_history(tx: Session, product_id: str, *, limit: int, cursor: str | None = None) -> Page[PriceStep]:
    """Every change of a product's prices, the newest first."""
    query = select(PriceChange).where(PriceChange.product_id == product_id)
    query = query.order_by(PriceChange.changed_at.desc(), PriceChange.id.desc()).limit(limit + 1)
    if cursor is not None:
        at, change_id = moment_and_id(cursor)
        query = query.where(
            or_(PriceChange.changed_at < at, and_(PriceChange.changed_at == at, PriceChange.id < change_id))
        )
    rows = tx.scalars(query).all()
    return Page.cut(rows, limit, lambda row: (row.changed_at.isoformat(), row.id), _step)


def own_and_other(tx: Session, product: Product) -> dict[str, int]:
    """All prices of a product, by currency."""
    return other_prices(tx, product.id) | price_in(product.currency, product.price_minor)


def _step(row: PriceChange) -> PriceStep:
    old, new = row.old_minor, row.new_minor
    return PriceStep(
        currency=row.currency,
        old_price=None if old is None else to_decimal(old, row.currency),
        new_price=None if new is None else to_decimal(new, row.currency),
        changed_at=row.changed_at,
    )
