"""One order's life from its number: what was bought, by whom, and which steps it takes when.

All is drawn from the seed and the number, so that any order can be told at any moment without being kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from tradewind.core.chance import mark
from tradewind.sandbox.markets import CITIES, Market, Profile, Ware

HOUR, DAY = 3_600, 86_400


class Step(IntEnum):
    """What happens to an order; at most once each."""

    PLACED = 0
    PAID = 1
    ACCEPTED = 2
    PARTLY_SENT = 3
    SENT = 4
    DELIVERED = 5
    REFUNDED = 6
    CANCELLED = 7


@dataclass(frozen=True, slots=True)
class Bought:
    """One line; amounts are cents of the order's currency and hold for the whole line."""

    number: int
    ware: int
    quantity: int
    unit_cents: int
    discount_cents: int
    tax_cents: int

    @property
    def price_cents(self) -> int:
        return self.unit_cents * self.quantity

    @property
    def paid_cents(self) -> int:
        """Without tax and shipping."""
        return self.price_cents - self.discount_cents


class _Dice:
    """Draws one after the other from well-mixed bits."""

    __slots__ = ("_bits",)

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def below(self, bound: int) -> int:
        self._bits, drawn = divmod(self._bits, bound)
        return drawn


class Life:
    """The n-th order of a channel, placed at the second `placed`."""

    def __init__(self, seed: int, channel: str, number: int, placed: int, profile: Profile, wares: list[Ware]) -> None:
        self._seed, self._channel, self.number, self.placed = seed, channel, number, placed
        self._profile, self._wares = profile, wares
        dice = _Dice(mark(seed, channel, "life", number))
        point = dice.below(sum(market.weight for market in profile.markets))
        for market in profile.markets:
            self.market: Market = market
            point -= market.weight
            if point < 0:
                break
        self._fate = dice.below(1000)
        self._manner = dice.below(1000)
        self._hours = [dice.below(bound) for bound in (6, 12, 60, 72, 600)]
        self._seconds = dice.below(HOUR)
        self.is_cancelled = self._fate < profile.cancelled
        self.is_refunded = 0 <= self._fate - profile.cancelled < profile.refunded
        """Wholly."""
        self.is_pending_first = self._manner < profile.pending

    @cached_property
    def is_part_refunded(self) -> bool:
        low = self._profile.cancelled + self._profile.refunded
        return low <= self._fate < low + self._profile.part_refunded and self.units > 1

    @cached_property
    def is_part_cancelled(self) -> bool:
        """One unit of the first line is not sent."""
        low = self._profile.cancelled + self._profile.refunded + self._profile.part_refunded
        return low <= self._fate < low + self._profile.part_cancelled and self.bought[0].quantity > 1

    @cached_property
    def is_sent_in_parts(self) -> bool:
        """One unit of the first line goes ahead."""
        return self._manner >= 1000 - self._profile.sent_in_parts and self.units > 1 and not self.is_part_cancelled

    @cached_property
    def units(self) -> int:
        return sum(line.quantity for line in self.bought)

    @cached_property
    def steps(self) -> list[tuple[int, Step]]:
        """Seconds and steps in their order; no two at the same second."""
        paid, accepted, sent, delivered, refunded = self._hours
        moment = self.placed
        steps = [(moment, Step.PLACED)]
        if self.is_pending_first:
            moment += paid * HOUR + 1_800
            steps.append((moment, Step.PAID))
        if self.is_cancelled:
            return [*steps, (moment + accepted * HOUR + 900 + self._seconds, Step.CANCELLED)]
        if self._profile.is_accepted:
            moment += accepted * 900 + 300
            steps.append((moment, Step.ACCEPTED))
        moment += (6 + sent) * HOUR + self._seconds
        if self.is_sent_in_parts:
            steps.append((moment, Step.PARTLY_SENT))
            moment += 20 * HOUR
        steps.append((moment, Step.SENT))
        if self.market.keeper != "fba":
            steps.append((moment + (24 + delivered) * HOUR, Step.DELIVERED))
        if self.is_refunded or self.is_part_refunded:
            steps.append((moment + (100 + refunded) * HOUR, Step.REFUNDED))
        return steps

    @cached_property
    def bought(self) -> list[Bought]:
        dice = _Dice(mark(self._seed, self._channel, "basket", self.number))
        size = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)[dice.below(10)]
        first, stride = dice.below(len(self._wares)), 1 + dice.below(5)
        rate = (0, 60, 75, 825)[dice.below(4)] if self.market.country == "US" else 130
        lines = []
        for place in range(size):
            ware = (first + place * stride) % len(self._wares)
            quantity = (1, 1, 1, 1, 1, 2, 2, 3, 4)[dice.below(9)]
            price = self._wares[ware].cents * quantity
            discount = price * (0, 0, 0, 0, 10, 15)[dice.below(6)] // 100
            tax = (price - discount) * rate // (10_000 if rate == 825 else 1_000)
            lines.append(Bought(place + 1, ware, quantity, self._wares[ware].cents, discount, tax))
        return lines

    @cached_property
    def shipping_cents(self) -> int:
        return (0, 0, 499, 599)[mark(self._seed, self._channel, "parcel", self.number) % 4]

    @cached_property
    def buyer(self) -> int | None:
        """A buyer's number; None: unknown."""
        bits = mark(self._seed, self._channel, "buyer", self.number)
        rest, drawn = divmod(bits, 1000)
        return None if drawn < self._profile.guests else rest % (self.number // 2 + 1)

    @cached_property
    def place(self) -> tuple[str, str, str]:
        cities = CITIES[self.market.country]
        return cities[mark(self._seed, self._channel, "place", self.buyer or self.number) % len(cities)]

    @cached_property
    def is_test(self) -> bool:
        return mark(self._seed, self._channel, "test", self.number) % 1000 < self._profile.test_orders

    @cached_property
    def is_replacement(self) -> bool:
        return mark(self._seed, self._channel, "replacement", self.number) % 1000 < self._profile.replacements
