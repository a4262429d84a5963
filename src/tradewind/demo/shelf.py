"""What lies where: the demo never sells a unit that it does not have, and orders more in time, mostly."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from tradewind.commerce.inventory.model import Reason
from tradewind.core.chance import mark
from tradewind.demo.assortment import DemoProduct
from tradewind.demo.market import Market
from tradewind.demo.outlets import LOCATIONS
from tradewind.demo.plan import StorePlan

COVER_DAYS = 35
ALARM_DAYS = 7
LATE_IN = 16
"""One of so many levels is not replenished in a period: its supplier is late."""


_OPENING = (Reason.COUNT, "Opening count")
_DELIVERY = (Reason.RECEIPT, "Delivery from supplier")


@dataclass(frozen=True, slots=True)
class PlannedMovement:
    """A stock movement before it is known under which ids product and location are stored."""

    source_key: str
    sku: str
    location: str
    delta: int
    reason: Reason
    occurred_at: datetime
    note: str | None = None


class Shelf:
    """Units on hand by location and product index."""

    def __init__(self) -> None:
        self.units: dict[tuple[str, int], int] = defaultdict(int)

    def available(self, location: str, product: DemoProduct) -> int:
        return self.units[location, product.index]

    def move(self, location: str, product: DemoProduct, delta: int) -> None:
        self.units[location, product.index] += delta


def receipts(
    plan: StorePlan, shelf: Shelf, market: Market, *, orders: float, at: datetime, name: str, late_in: str | None
) -> list[PlannedMovement]:
    """Fills up what runs low, on the shelf and as movements; `orders` are those of a whole day.

    `name` tells this delivery from others. `late_in` names a period in which some suppliers are late; None
    is the opening count, which nobody is late for.
    """
    movements = []
    for location in LOCATIONS:
        for product in market.products:
            demand = market.daily_units(product, location, orders)
            units = shelf.available(location, product)
            if units >= max(plan.reorder_point + 6, round(ALARM_DAYS * demand)):
                continue
            if late_in is not None and mark(plan.seed, "late", product.sku, location, late_in) % LATE_IN == 0:
                continue
            delta = _case_size(max(plan.reorder_point * 4, round(COVER_DAYS * demand)) - units)
            shelf.move(location, product, delta)
            reason, note = _OPENING if late_in is None else _DELIVERY
            key = f"demo:{name}:{location}:{product.sku}"
            movements.append(PlannedMovement(key, product.sku, location, delta, reason, at, note))
    return movements


def shortages(plan: StorePlan, shelf: Shelf, market: Market, at: datetime) -> list[PlannedMovement]:
    """Moves goods between the locations so that some products end low and a few end out of stock in one of them."""
    codes = list(LOCATIONS)
    movements = []
    chosen = sorted(market.products, key=lambda product: mark(plan.seed, "low", product.sku))[:14]
    for number, product in enumerate(chosen):
        start, goal = (codes[0], codes[1]) if number % 3 else (codes[1], codes[0])
        rest = 0 if number < 3 else mark(plan.seed, "rest", product.sku) % max(plan.reorder_point - 1, 1) + 1
        surplus = shelf.available(start, product) - rest
        if surplus <= 0:
            continue
        for location, delta in ((start, -surplus), (goal, surplus)):
            shelf.move(location, product, delta)
            key = f"demo:transfer:{location}:{product.sku}"
            movements.append(
                PlannedMovement(key, product.sku, location, delta, Reason.TRANSFER, at, f"{start} to {goal}")
            )
    return movements


def _case_size(units: int) -> int:
    """Suppliers pack in tens, and large lots in fifties."""
    pack = 50 if units > 400 else 10
    return max(-(-units // pack) * pack, pack)
