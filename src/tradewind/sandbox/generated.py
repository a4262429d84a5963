"""A world made from a seed: the same seed, days and size give the same orders, refunds, fees and stock everywhere.

An order is drawn anew from its number whenever it is asked for; kept is only when each of its steps happens and when
its order's next one does: sixteen bytes a step, so that a hundred thousand orders per channel need a few megabytes.
"""

from __future__ import annotations

import heapq
import math
import threading
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tradewind.channels.unified import UnifiedFee, UnifiedOrder, UnifiedProduct, UnifiedRefund, UnifiedStock
from tradewind.commerce.fees.model import FeeKind, FeeStatus
from tradewind.core.chance import mark
from tradewind.core.clock import Clock
from tradewind.sandbox.lives import DAY, Life, Step
from tradewind.sandbox.markets import PROFILES, WARES, Ware
from tradewind.sandbox.shelves import Shelves
from tradewind.sandbox.telling import Told, fees_of, listing_id, moment_of, money, number_of
from tradewind.sandbox.world import Pushed

_STEP_BITS, _NUMBER_BITS = 3, 29
_LOW_BITS = _STEP_BITS + _NUMBER_BITS


class GeneratedWorld:
    """`orders` per channel over `days` from `start`; what happens after the clock's now is not known yet."""

    def __init__(
        self,
        *,
        seed: int,
        start: datetime,
        days: int,
        orders: Mapping[str, int],
        clock: Clock,
        wares: Sequence[Ware] = WARES,
    ) -> None:
        self.start, self.days = start, days
        self._seed, self._clock, self._wares = seed, clock, list(wares)
        self._sizes = dict(orders)
        self._indexes: dict[str, array[int]] = {}
        self._following: dict[str, array[int]] = {}
        """For each place of the index the second of the same order's next step; 0 where there is none."""
        self._indexing = threading.Lock()
        self._markets: dict[str, bytearray] = {}
        self._touched: dict[str, dict[int, int]] = defaultdict(dict)
        self._prices: dict[tuple[str, str], tuple[datetime, Decimal]] = {}
        self._shelves: dict[str, Shelves] = {}
        self.pushes: list[tuple[str, Pushed]] = []
        """All that sellers wrote, in its order."""

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def orders(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedOrder]:
        for _, number in self._changed(channel, since, until):
            yield self._told(channel, number).order()

    def order(self, channel: str, external_id: str) -> UnifiedOrder | None:
        number = number_of(channel, external_id)
        if number is None or number >= self._sizes[channel]:
            return None
        told = self._told(channel, number)
        return told.order() if told.steps else None

    def products(self, channel: str) -> Iterator[UnifiedProduct]:
        currency = PROFILES[channel].markets[0].currency
        for index, ware in enumerate(self._wares):
            changed, price = self._prices.get((channel, ware.sku), (self.start, money(ware.cents)))
            yield UnifiedProduct(
                external_id=listing_id(channel, index) or f"0RSANDBOX{index:04d}",
                sku=ware.sku,
                title=ware.title,
                brand=ware.brand,
                category=ware.category,
                status="inactive" if index % 13 == 12 else "active",
                price=price,
                currency=currency,
                channel_updated_at=changed,
            )

    def stock(self, channel: str) -> Iterator[UnifiedStock]:
        shelves = self._shelves_of(channel)
        shelves.walk(self._steps(channel, shelves.walked, self._second))
        for market in {market.location: market for market in PROFILES[channel].markets}.values():
            for ware in self._wares:
                yield shelves.count(market, ware.sku, self.start)

    def fees(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedFee]:
        monthly = self._monthly(channel, since, min(until, self.now + timedelta(microseconds=1)))
        yield from heapq.merge(self._order_fees(channel, since, until), monthly, key=lambda fee: fee.posted_at)

    def changes(
        self,
        channel: str,
        since: datetime | None,
        until: datetime,
        *,
        market: str | None = None,
        after: tuple[int, int] | None = None,
    ) -> Iterator[tuple[int, int]]:
        """What `orders` tells as (second of the last change, number) alone: cheap to count, and to page through.

        `market`: orders of that part of the channel; `after`: those behind that place.
        """
        if after is not None:
            since = moment_of(after[0])
        self._index(channel)
        marked = self._markets[channel]
        wanted = {index for index, one in enumerate(PROFILES[channel].markets) if market in (None, one.code)}
        for place in self._changed(channel, since, until):
            if marked[place[1]] in wanted and (after is None or place > after):
                yield place

    def refunded_orders(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedOrder]:
        """Orders with money given back in `[since, until)`, in that order, as they are now."""
        begin = math.ceil(since.timestamp()) if since else 0
        for _, number, step in self._steps(channel, begin, min(math.ceil(until.timestamp()) - 1, self._second)):
            if step is Step.REFUNDED:
                yield self._told(channel, number).order()

    def numbered(self, channel: str, number: int) -> UnifiedOrder:
        """The order with that number of `changes`, as it is now."""
        return self._told(channel, number).order()

    def refunds(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedRefund]:
        for order in self.refunded_orders(channel, since, until):
            yield from order.refunds

    def fees_of_order(self, channel: str, external_id: str) -> list[UnifiedFee]:
        """What was taken for one order by now."""
        number = number_of(channel, external_id)
        if number is None or number >= self._sizes[channel]:
            return []
        told = self._told(channel, number)
        return [fee for step in (Step.SENT, Step.REFUNDED) if step in told.steps for fee in fees_of(told, step)]

    def push(self, channel: str, pushed: Pushed) -> None:
        self.pushes.append((channel, pushed))
        if pushed.price is not None:
            self._prices[channel, pushed.sku] = (self.now, Decimal(pushed.price))
        if pushed.available is not None:
            shelves = self._shelves_of(channel)
            shelves.walk(self._steps(channel, shelves.walked, self._second))
            own = dict.fromkeys(market.location for market in PROFILES[channel].markets if market.keeper == "seller")
            for location in [pushed.location] if pushed.location else own:
                shelves.set(pushed.sku, location, pushed.available, self.now)

    def touch(self, channel: str, external_id: str) -> None:
        """The order changes now, in nothing that is told, a note say: it moves to the end of the last changes."""
        number = number_of(channel, external_id)
        if number is None or number >= self._sizes[channel]:
            raise KeyError(external_id)
        self._touched[channel][number] = self._second

    def count(self, channel: str) -> int:
        """How many orders have been placed by now."""
        index = self._index(channel)
        end = bisect_left(index, (self._second + 1) << _LOW_BITS)
        return sum(1 for place in range(end) if index[place] & 7 == Step.PLACED)

    @property
    def _second(self) -> int:
        return math.floor(self.now.timestamp())

    def _changed(self, channel: str, since: datetime | None, until: datetime) -> Iterator[tuple[int, int]]:
        """Seconds and numbers of the orders whose last change by now lies in `[since, until)`."""
        touched = self._touched[channel]
        begin = math.ceil(since.timestamp()) if since else 0
        end = min(math.ceil(until.timestamp()), self._second + 1)
        moved = sorted(
            (second, number)
            for number, second in touched.items()
            if begin <= second < end and not self._has_step(channel, number, second)
        )
        yield from heapq.merge(self._last_steps(channel, begin, end, touched), moved)

    def _has_step(self, channel: str, number: int, after: int) -> bool:
        """Whether something happened to the order since that second."""
        return any(after < second <= self._second for second, _ in self._life(channel, number).steps)

    def _last_steps(self, channel: str, begin: int, end: int, touched: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        index, now = self._index(channel), self._second
        following = self._following[channel]
        for place in range(bisect_left(index, begin << _LOW_BITS), bisect_left(index, end << _LOW_BITS)):
            if 0 < following[place] <= now:
                continue
            second, number = index[place] >> _LOW_BITS, _number(index[place])
            if touched.get(number, 0) < second:
                yield second, number

    def _steps(self, channel: str, first: int, last: int) -> Iterator[tuple[int, int, Step]]:
        """Seconds, numbers and steps from the second `first` to the second `last`, both with theirs."""
        index = self._index(channel)
        for place in range(bisect_left(index, first << _LOW_BITS), bisect_left(index, (last + 1) << _LOW_BITS)):
            key = index[place]
            yield key >> _LOW_BITS, _number(key), Step(key & 7)

    def _index(self, channel: str) -> array[int]:
        with self._indexing:
            if channel not in self._indexes:
                steps: list[tuple[int, int]] = []
                markets = self._markets[channel] = bytearray()
                for number in range(self._sizes[channel]):
                    life = self._life(channel, number)
                    markets.append(PROFILES[channel].markets.index(life.market))
                    seconds = [second for second, _ in life.steps]
                    for (second, step), following in zip(life.steps, [*seconds[1:], 0], strict=True):
                        steps.append((second << _LOW_BITS | number << _STEP_BITS | step, following))
                steps.sort()
                self._following[channel] = array("Q", (following for _, following in steps))
                self._indexes[channel] = array("Q", (key for key, _ in steps))
            return self._indexes[channel]

    def _life(self, channel: str, number: int) -> Life:
        """Orders come evenly, each at a chance moment of its share of the time."""
        room = self.days * DAY / self._sizes[channel]
        part = mark(self._seed, channel, "moment", number) % 1000 / 1000
        placed = math.floor(self.start.timestamp() + (number + part) * room)
        return Life(self._seed, channel, number, placed, PROFILES[channel], self._wares)

    def _told(self, channel: str, number: int) -> Told:
        life = self._life(channel, number)
        happened = {step: second for second, step in life.steps if second <= self._second}
        updated = max([self._touched[channel].get(number, 0), *happened.values()])
        return Told(channel, life, self._wares, frozenset(happened), happened, updated)

    def _order_fees(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedFee]:
        begin = math.ceil(since.timestamp()) if since else 0
        end = min(math.ceil(until.timestamp()) - 1, self._second)
        for _, number, step in self._steps(channel, begin, end):
            if step in (Step.SENT, Step.REFUNDED):
                yield from fees_of(self._told(channel, number), step)

    def _monthly(self, channel: str, since: datetime | None, until: datetime) -> Iterator[UnifiedFee]:
        """A fee of the account, not of an order, every 30 days."""
        kind, cents = (FeeKind.SUBSCRIPTION, 3999) if channel != "walmart" else (FeeKind.STORAGE, 2365)
        if channel == "shopify":
            return
        for month in range(1, self.days // 30 + 1):
            posted = self.start + timedelta(days=30 * month)
            if (since is None or since <= posted) and posted < until:
                yield UnifiedFee(
                    external_id=f"M{month:03d}-{kind}",
                    posted_at=posted,
                    kind=kind,
                    amount=money(cents),
                    currency=PROFILES[channel].markets[0].currency,
                    status=FeeStatus.SETTLED,
                    raw_kind=kind.value,
                )

    def _shelves_of(self, channel: str) -> Shelves:
        if channel not in self._shelves:
            self._shelves[channel] = Shelves(self._seed, lambda number: self._life(channel, number), self._wares)
        return self._shelves[channel]


def _number(key: int) -> int:
    return key >> _STEP_BITS & ((1 << _NUMBER_BITS) - 1)
