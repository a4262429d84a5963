"""What lies on a channel's shelves: counted along the steps of its orders, and set where a seller writes stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tradewind.channels.unified import UnifiedStock
from tradewind.core.chance import mark
from tradewind.sandbox.lives import Life, Step
from tradewind.sandbox.markets import Market, Ware
from tradewind.sandbox.telling import moment_of


@dataclass(slots=True)
class _Shelf:
    taken: int = 0
    """Units that were ordered and not cancelled, ever."""
    reserved: int = 0
    """Ordered and not sent."""
    changed: int = 0
    set_to: int | None = None
    taken_when_set: int = 0


class Shelves:
    """All places of one channel. Time only goes forward: `walk` is given each step once."""

    def __init__(self, seed: int, life_of: Callable[[int], Life], wares: Sequence[Ware]) -> None:
        self._seed, self._life_of, self._wares = seed, life_of, wares
        self._shelves: dict[tuple[str, str], _Shelf] = defaultdict(_Shelf)
        self.walked = 0
        """The next second that has not been walked."""

    def walk(self, steps: Iterable[tuple[int, int, Step]]) -> None:
        for second, number, step in steps:
            self.walked = second + 1
            if step in (Step.PLACED, Step.PARTLY_SENT, Step.SENT, Step.CANCELLED):
                self._take(second, self._life_of(number), step)

    def count(self, market: Market, sku: str, start: datetime) -> UnifiedStock:
        shelf = self._shelves[market.location, sku]
        opening = 100 + mark(self._seed, "shelf", market.location, sku) % 400
        if shelf.set_to is None:
            available = opening - shelf.taken % opening
        else:
            available = max(0, shelf.set_to - (shelf.taken - shelf.taken_when_set))
        is_kept = market.keeper != "seller"
        return UnifiedStock(
            sku=sku,
            location=market.location,
            as_of=moment_of(shelf.changed) if shelf.changed else start,
            available=available,
            reserved=shelf.reserved,
            inbound=24 if is_kept else 0,
            unsellable=mark(self._seed, "broken", sku) % 3 if is_kept else 0,
            on_hand=available + shelf.reserved,
            keeper=market.keeper,
        )

    def set(self, sku: str, location: str, available: int, now: datetime) -> None:
        """What the seller says can be bought there."""
        shelf = self._shelves[location, sku]
        shelf.set_to, shelf.taken_when_set, shelf.changed = available, shelf.taken, int(now.timestamp())

    def _take(self, second: int, life: Life, step: Step) -> None:
        for line in life.bought:
            shelf = self._shelves[life.market.location, self._wares[line.ware].sku]
            ahead = int(life.is_sent_in_parts and line.number == 1)
            lost = int(life.is_part_cancelled and line.number == 1)
            if step is Step.PLACED:
                shelf.taken += line.quantity
                shelf.reserved += line.quantity
            elif step is Step.PARTLY_SENT:
                shelf.reserved -= ahead
            elif step is Step.SENT:
                shelf.reserved -= line.quantity - ahead
                shelf.taken -= lost
            else:
                shelf.reserved -= line.quantity
                shelf.taken -= line.quantity
            shelf.changed = second
