"""What the demo store sells: 120 invented products in ten categories, each with a life,
a cost and a price over time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tradewind.commerce.catalog.service import NewProduct
from tradewind.core.chance import stream
from tradewind.core.money import to_decimal
from tradewind.demo.currencies import amount_in, price_tag
from tradewind.demo.demand import season
from tradewind.demo.goods import RANGE, Category

PRICE_STEPS = (1030, 1050, 1080, 1100, 960, 940, 900)
"""Thousandths that a price is multiplied by when it changes."""


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One SKU. It is on sale from `launched` (inclusive) to `ended` (exclusive)."""

    index: int
    sku: str
    name: str
    brand: str
    category: str
    months: tuple[float, ...]
    popularity: float
    quality: float
    """0 to 1: what its reviews come out of."""
    weight_grams: int
    launched: date
    ended: date | None
    companion: int
    """The product it is often bought with."""
    cost_cents: int
    price_days: tuple[date, ...]
    price_cents: tuple[int, ...]
    """The price from each of `price_days` on."""

    def is_on_sale(self, day: date) -> bool:
        return self.launched <= day and (self.ended is None or day < self.ended)

    def cents_on(self, day: date) -> int:
        """The price of the day in euro cents; its tag is cut in the currency of the sale."""
        return self.price_cents[max(bisect_right(self.price_days, day) - 1, 0)]

    def cost(self, currency: str) -> Decimal:
        return to_decimal(amount_in(currency, self.cost_cents), currency)

    def interest(self, day: date) -> float:
        """How much it is asked for on a day: a new one takes two months to become known."""
        known = min(0.25 + (day - self.launched).days / 80, 1.0)
        return self.popularity * season(self.months, day) * known

    def as_told(self, day: date, currency: str) -> NewProduct:
        """The product as the catalogue should know it on that day."""
        return NewProduct(
            sku=self.sku,
            name=self.name,
            category=self.category,
            brand=self.brand,
            currency=currency,
            price=to_decimal(price_tag(currency, self.cents_on(day)), currency),
            unit_cost=self.cost(currency),
            weight_grams=self.weight_grams,
            description=f"{self.name}. An invented product of the Tradewind demo store.",
        )


def assortment(seed: int, first: date, last: date) -> list[DemoProduct]:
    """All products of a history from `first` to `last`: old ones, launches on the way, and some that end."""
    ranks = list(range(sum(len(category.goods) for category in RANGE)))
    stream(seed, "ranks").shuffle(ranks)
    products: list[DemoProduct] = []
    for category in RANGE:
        for number in range(len(category.goods)):
            products.append(_product(seed, len(products), category, number, ranks[len(products)], first, last))
    return products


def _product(seed: int, index: int, category: Category, number: int, rank: int, first: date, last: date) -> DemoProduct:
    name, cents = category.goods[number]
    sku = f"{category.name[:3].upper()}-{number + 1:03d}"
    rng = stream(seed, "product", sku)
    launched, ended = _life(rng, first, last)
    steps = _price_steps(stream(seed, "prices", sku), cents, launched, first, last)
    size = len(category.goods)
    brand = rng.choice(category.brands)
    return DemoProduct(
        index=index,
        sku=sku,
        name=f"{brand} {name}",
        brand=brand,
        category=category.name,
        months=category.months,
        popularity=(3000 / cents) ** 0.35 / (rank + 4) ** 0.75,
        quality=rng.betavariate(6, 2),
        weight_grams=rng.randrange(80, 4000, 20),
        launched=launched,
        ended=ended,
        companion=index - number + (number + 1 + rng.randrange(size - 1)) % size,
        cost_cents=cents * rng.randrange(320, 620) // 1190,
        price_days=tuple(day for day, _ in steps),
        price_cents=tuple(price for _, price in steps),
    )


def _life(rng: Random, first: date, last: date) -> tuple[date, date | None]:
    """When it is launched, on the way or up to two years before, and when it ends, if it does."""
    days = (last - first).days
    if rng.random() < 0.26:
        return first + timedelta(days=rng.randrange(20, days - 20)), None
    launched = first - timedelta(days=rng.choice((30, 150, 420, 800)))
    ended = first + timedelta(days=rng.randrange(days // 4, days - 15)) if rng.random() < 0.11 else None
    return launched, ended


def _price_steps(rng: Random, cents: int, launched: date, first: date, last: date) -> list[tuple[date, int]]:
    """The first price and its changes within the history."""
    begin = max(launched, first)
    room = (last - begin).days
    changes = rng.choices(range(5), (2, 3, 4, 2, 1))[0] if room > 20 else 0
    steps = [(launched, cents)]
    for day in sorted(rng.sample(range(7, room), changes)) if changes else ():
        steps.append((begin + timedelta(days=day), steps[-1][1] * rng.choice(PRICE_STEPS) // 1000))
    return steps
