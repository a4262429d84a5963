"""One day's market: what is on sale, how much each product is asked for, what it costs, and what is reduced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from random import Random

from tradewind.demo.assortment import DemoProduct
from tradewind.demo.currencies import foreign_currency, price_tag
from tradewind.demo.demand import promotions_on
from tradewind.demo.outlets import OUTLETS, Outlet
from tradewind.demo.plan import StorePlan

UNITS_PER_ORDER = 2.0
"""Roughly, for planning stock."""


class Market:
    """The conditions of one day, worked out once for all of its orders."""

    def __init__(self, plan: StorePlan, products: Sequence[DemoProduct], day: date) -> None:
        self.day = day
        self.products = [product for product in products if product.is_on_sale(day)]
        interest = [product.interest(day) for product in self.products]
        self._sums = list(accumulate(interest))
        self._interest = {
            product.index: part / self._sums[-1] for product, part in zip(self.products, interest, strict=True)
        }
        self._reductions = {product.category: _reduction(day, product.category) for product in self.products}
        self._prices: dict[tuple[str, int], int] = {}
        self.currency = plan.currency
        self.foreign = foreign_currency(plan.currency)
        progress, weekday = plan.progress(day), day.weekday()
        self.outlets = [outlet for outlet in OUTLETS if outlet.share(progress, weekday) > 0]
        self.shares = [outlet.share(progress, weekday) for outlet in self.outlets]

    def currency_of(self, outlet: Outlet) -> str:
        return self.foreign if outlet.is_foreign else self.currency

    def wanted(self, rng: Random) -> DemoProduct:
        """What somebody looks for."""
        return rng.choices(self.products, cum_weights=self._sums)[0]

    def is_on_sale(self, product: DemoProduct) -> bool:
        return product.index in self._interest

    def price(self, product: DemoProduct, currency: str) -> int:
        """The price tag in minor units."""
        key = (currency, product.index)
        if key not in self._prices:
            self._prices[key] = price_tag(currency, product.cents_on(self.day))
        return self._prices[key]

    def reduction(self, product: DemoProduct, rng: Random) -> int:
        """Percent off a line of this product, by the promotions of the day."""
        percent, share = self._reductions[product.category]
        return percent if percent and rng.random() < share else 0

    def daily_units(self, product: DemoProduct, location: str, orders: float) -> float:
        """Units that a location may expect to sell on a day with so many orders."""
        here = sum(
            share for outlet, share in zip(self.outlets, self.shares, strict=True) if outlet.location == location
        )
        return orders * UNITS_PER_ORDER * self._interest.get(product.index, 0.0) * here / sum(self.shares)


def _reduction(day: date, category: str) -> tuple[int, float]:
    deals = [(promotion.percent, promotion.share) for promotion in promotions_on(day) if promotion.covers(category)]
    return max(deals, default=(0, 0.0))
