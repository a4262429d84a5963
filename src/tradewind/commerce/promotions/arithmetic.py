"""What promotions take off: which go together, and how much of it each line carries. Knows no database.

The rules stand in docs/how-to/promotions.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradewind.core.money import part_of, split

MILLION = 1_000_000


class PromotionKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_SHIPPING = "free_shipping"
    BUY_X_GET_Y = "buy_x_get_y"


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion, as far as arithmetic goes. Which fields say something depends on the kind."""

    id: str
    kind: PromotionKind
    percent_ppm: int = MILLION
    """Share taken off, in millionths."""
    amount: int = 0
    buy: int = 1
    get: int = 1
    minimum: int = 0
    is_stackable: bool = False
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Goods:
    """A line: units of one price, and what they are worth together."""

    unit_price: int
    quantity: int

    @property
    def gross(self) -> int:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Taken:
    """What one offer takes off: per line, in the order of the lines, and off shipping."""

    offer_id: str
    lines: tuple[int, ...]
    shipping: int

    @property
    def amount(self) -> int:
        return sum(self.lines) + self.shipping


@dataclass(frozen=True, slots=True)
class Bargain:
    """The promotions that are taken, in the order in which they were, and the price of shipping before them."""

    taken: tuple[Taken, ...]
    shipping: int
    chosen: frozenset[str]
    """The offers that go together, whether they took anything off or not."""


ShippingPrice = Callable[[int], int]
"""The price of shipping by what the goods are worth after discounts."""
Covers = Sequence[bool]
"""Which lines an offer is for, in their order."""


def meets_minimum(offer: Offer, lines: Sequence[Goods], covers: Covers) -> bool:
    """Whether the goods it is for are there at all, and worth what it asks for, before any discount."""
    worth = sum(line.gross for line, is_for in zip(lines, covers, strict=True) if is_for)
    return any(covers) and worth >= offer.minimum


def best_bargain(offers: Sequence[tuple[Offer, Covers]], lines: Sequence[Goods], shipping: ShippingPrice) -> Bargain:
    """Of all stackable offers together, and each other one alone, what leaves least to pay.

    Between equals: the higher priority, then the stackable ones, then the one made first.
    """
    ordered = sorted(offers, key=lambda pair: (-pair[0].priority, pair[0].id))
    stackable = [pair for pair in ordered if pair[0].is_stackable]
    choices = [[pair] for pair in ordered if not pair[0].is_stackable]
    if stackable or not choices:
        choices.insert(0, stackable)
    whole = sum(line.gross for line in lines)

    def rank(bargain: Bargain) -> tuple[int, int]:
        to_pay = whole + bargain.shipping - sum(taken.amount for taken in bargain.taken)
        counted = [priorities[taken.offer_id] for taken in bargain.taken]
        return to_pay, -max(counted, default=-MILLION)

    priorities = {offer.id: offer.priority for offer, _ in offers}
    return min((_take(choice, lines, shipping) for choice in choices), key=rank)


def _take(offers: Sequence[tuple[Offer, Covers]], lines: Sequence[Goods], shipping: ShippingPrice) -> Bargain:
    """Offers one after another, each on what the ones before it have left."""
    rest = [line.gross for line in lines]
    parts: dict[str, list[int]] = {}
    for offer, covers in offers:
        parts[offer.id] = _off_lines(offer, lines, rest, covers)
        rest = [left - part for left, part in zip(rest, parts[offer.id], strict=True)]
    # Whether shipping is free from some worth on is known only once all goods have their discounts.
    price = shipping(sum(rest))
    free = next((offer.id for offer, _ in offers if offer.kind is PromotionKind.FREE_SHIPPING), None)
    taken = [Taken(offer.id, tuple(parts[offer.id]), price if offer.id == free else 0) for offer, _ in offers]
    return Bargain(tuple(one for one in taken if one.amount), price, frozenset(parts))


def _off_lines(offer: Offer, lines: Sequence[Goods], rest: Sequence[int], covers: Covers) -> list[int]:
    weights = [left if is_for else 0 for left, is_for in zip(rest, covers, strict=True)]
    worth = sum(weights)
    if not worth or offer.kind is PromotionKind.FREE_SHIPPING:
        return [0] * len(rest)
    if offer.kind is PromotionKind.PERCENT:
        return split(part_of(worth, offer.percent_ppm, MILLION), weights)
    if offer.kind is PromotionKind.AMOUNT:
        return split(min(offer.amount, worth), weights)
    return _off_units(offer, lines, weights, covers)


def _off_units(offer: Offer, lines: Sequence[Goods], weights: Sequence[int], covers: Covers) -> list[int]:
    """The cheapest units, as many as whole groups of `buy` + `get` allow, at what they still cost."""
    eligible = [index for index, is_for in enumerate(covers) if is_for]
    units = sum(lines[index].quantity for index in eligible)
    given = units // (offer.buy + offer.get) * offer.get
    worth = [0] * len(lines)
    for index in sorted(eligible, key=lambda i: (lines[i].unit_price, i)):
        count = min(given, lines[index].quantity)
        given -= count
        worth[index] = part_of(weights[index], count, lines[index].quantity)
    return split(part_of(sum(worth), offer.percent_ppm, MILLION), worth) if any(worth) else worth
