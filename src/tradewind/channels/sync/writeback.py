"""Stock and prices written back to a channel: off until a connection switches it on.

What is pushed is available units less the connection's buffer, and 0 for everything while selling is stopped. A push
keeps its key until it is done, so that a repeat is harmless; what the channel shows since is compared in the drift
report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.contract import PricePush, PushOutcome, StockPush, Writer
from tradewind.channels.sync.connections import find_connection
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.model import ChannelConnection, ChannelPush, ChannelStock
from tradewind.channels.sync.skus import Skus
from tradewind.commerce.catalog.model import Listing, Product
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.inventory.levels import levels_of, levels_on_sale
from tradewind.core.bulk import put_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import to_decimal

STOCK, PRICE = "stock", "price"
_SELLER = "seller"
MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Drift:
    """Where a channel shows something else than we would have it show."""

    sku: str
    location: str
    kind: str
    ours: str
    theirs: str | None
    seen_at: datetime | None
    pushed_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one round of pushes did."""

    done: int
    refused: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    kind: str
    sku: str
    location: str
    value: str
    theirs: str | None
    seen_at: datetime | None
    currency: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.sku, self.location


def drift(tx: Session, name_or_id: str, *, now: datetime) -> list[Drift]:
    """What differs, whether or not the connection may push: first look, then switch it on."""
    row = find_connection(tx, name_or_id)
    last = _last(tx, row.id)
    wanted = [*_stock_wanted(tx, row, now), *_prices_wanted(tx, row)]
    return [
        Drift(
            one.sku,
            one.location,
            one.kind,
            one.value,
            one.theirs,
            one.seen_at,
            None if (push := last.get(one.key)) is None else push.pushed_at,
            None if push is None else push.error,
        )
        for one in wanted
        if one.theirs != one.value
    ]


def push(engine: Engine, name_or_id: str) -> Pushed:
    """Pushes what differs and was not pushed since. Raises InvalidInput where the channel takes nothing."""
    now = engine.clock.now()
    with engine.database.write() as tx:
        row = find_connection(tx, name_or_id)
        identity, name, may = row.id, row.name, (row.pushes_stock, row.pushes_prices)
        wanted = [*(_stock_wanted(tx, row, now) if may[0] else ()), *(_prices_wanted(tx, row) if may[1] else ())]
        last = _last(tx, identity)
        todo = [(one, _key(last.get(one.key), one)) for one in wanted if _is_news(last.get(one.key), one)]
        # Written down before it is sent: a crash in between repeats the push under the same key.
        _write(tx, identity, [(one, PushOutcome(key, False)) for one, key in todo], now)
    if not todo:
        return Pushed(0, 0, len(wanted))
    with engine.alone(f"push:{identity}", name, "pushes"):
        writer = _writer(engine, identity)
        stock = [(one, key) for one, key in todo if one.kind == STOCK]
        prices = [(one, key) for one, key in todo if one.kind == PRICE]
        outcomes: dict[str, PushOutcome] = {}
        if stock:
            told = writer.push_stock([StockPush(o.sku, o.location or None, int(o.value), key) for o, key in stock])
            outcomes |= {outcome.key: outcome for outcome in told}
        if prices:
            told = writer.push_prices([PricePush(o.sku, Decimal(o.value), o.currency, key) for o, key in prices])
            outcomes |= {outcome.key: outcome for outcome in told}
    silent = "the channel did not say what became of it"
    done = [(one, outcomes.get(key, PushOutcome(key, False, silent))) for one, key in todo]
    with engine.database.write() as tx:
        _write(tx, identity, done, engine.clock.now())
    good = sum(outcome.is_done for _, outcome in done)
    return Pushed(good, len(done) - good, len(wanted) - len(todo))


def _stock_wanted(tx: Session, row: ChannelConnection, now: datetime) -> list[_Wanted]:
    """What each SKU of the seller's own should show on the channel. What nobody ever counted is left alone."""
    shown = tx.scalars(
        select(ChannelStock)
        .where(ChannelStock.connection_id == row.id, ChannelStock.keeper == _SELLER)
        .order_by(ChannelStock.sku, ChannelStock.location)
        .limit(MOST_AT_ONCE)
    ).all()
    skus = Skus(row.channel_id)
    skus.learn(tx, [one.sku for one in shown])
    products = find_products(tx, {skus.resolve(one.sku) for one in shown})
    ids = [product.id for product in products.values()]
    if row.location_id is not None:
        levels = [one for one in levels_of(tx, ids, now=now) if one.location_id == row.location_id]
    else:
        levels = levels_on_sale(tx, ids, row.channel_id, now=now)
    available: dict[str, int] = {}
    for level in levels:
        if level.is_counted:
            available[level.product_id] = available.get(level.product_id, 0) + level.available
    wanted: list[_Wanted] = []
    seen: set[str] = set()
    for one in shown:
        product = products.get(skus.resolve(one.sku))
        if product is None or product.id not in available:
            continue
        # Units stand at one of the channel's places; at the others they would be offered twice.
        units = 0 if one.sku in seen else max(0, available[product.id] - row.stock_buffer)
        seen.add(one.sku)
        value = str(units if row.is_selling else 0)
        theirs = None if one.available is None else str(one.available)
        wanted.append(_Wanted(STOCK, one.sku, one.location, value, theirs, one.as_of))
    return wanted


def _prices_wanted(tx: Session, row: ChannelConnection) -> list[_Wanted]:
    """Our price of each listed product, where the channel shows one in the same currency."""
    query = (
        select(Product.sku, Product.price_minor, Product.currency, Listing.price_minor.label("shown"))
        .join(Listing, Listing.product_id == Product.id)
        .where(
            Listing.channel_id == row.channel_id,
            Listing.is_active,
            Product.price_minor.is_not(None),
            Product.currency == Listing.currency,
        )
        .order_by(Product.sku)
        .limit(MOST_AT_ONCE)
    )
    return [
        _Wanted(
            PRICE,
            one.sku or "",
            "",
            str(to_decimal(one.price_minor, one.currency)),
            None if one.shown is None else str(to_decimal(one.shown, one.currency)),
            None,
            one.currency,
        )
        for one in tx.execute(query)
    ]


def _last(tx: Session, connection_id: str) -> dict[tuple[str, str, str], ChannelPush]:
    rows = tx.scalars(select(ChannelPush).where(ChannelPush.connection_id == connection_id))
    return {(row.kind, row.sku, row.location): row for row in rows}


def _is_news(last: ChannelPush | None, one: _Wanted) -> bool:
    """Whether it has to be said: it differs, and it was not said since the channel was last looked at."""
    if one.theirs == one.value:
        return False
    if last is None or not last.is_done or last.value != one.value:
        return True
    return one.seen_at is not None and one.seen_at > last.pushed_at


def _key(last: ChannelPush | None, one: _Wanted) -> str:
    return last.key if last is not None and not last.is_done and last.value == one.value else new_id()


def _write(tx: Session, connection_id: str, told: Sequence[tuple[_Wanted, PushOutcome]], now: datetime) -> None:
    rows = {
        one.key: {
            "connection_id": connection_id,
            "kind": one.kind,
            "sku": one.sku,
            "location": one.location,
            "value": one.value,
            "key": outcome.key,
            "is_done": outcome.is_done,
            "error": None if outcome.error is None else outcome.error[:2000],
            "pushed_at": now,
        }
        for one, outcome in told
    }
    put_rows(tx, ChannelPush.__table__, list(rows.values()))


def _writer(engine: Engine, connection_id: str) -> Writer:
    opened = engine.openings.get(connection_id)
    if not hasattr(opened.connection, "push_stock"):
        raise InvalidInput(f"{opened.connector.label} takes no stock and no prices from us.", field="connection")
    return cast(Writer, opened.connection)
