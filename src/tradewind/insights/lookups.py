"""What every dashboard needs and no filter changes: names, rates, the age of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from tradewind.insights import sales
from tradewind.insights.rates import Rates, load_rates
from tradewind.warehouse.client import Row, Warehouse


class Lookups:
    """Each is read when it is first asked for, and kept: make new ones when the data may have moved on.

    Threads may share them; at worst two of them read the same thing once each.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._rates: dict[str, Rates] = {}
        self._products: dict[str, Row] = {}

    @cached_property
    def channel_names(self) -> dict[str, str]:
        """Names by channel code."""
        return sales.channel_names(self._warehouse)

    @cached_property
    def sources(self) -> list[Row]:
        """Per channel, when its newest order or change happened and when the warehouse got it."""
        return sales.freshness(self._warehouse)

    @cached_property
    def currencies(self) -> list[str]:
        """All currencies ever sold in, the one with most orders first."""
        return sales.store_currencies(self._warehouse)

    @cached_property
    def first_day(self) -> date | None:
        """The first business day with sales."""
        return sales.first_day(self._warehouse)

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """The categories and countries that occur."""
        return sales.choices(self._warehouse)

    @property
    def main_currency(self) -> str | None:
        """The currency of most orders ever; None before the first sale."""
        return self.currencies[0] if self.currencies else None

    def products(self, ids: Sequence[str]) -> dict[str, Row]:
        """SKU, name and category by product id; empty texts for one that nobody has told us of."""
        missing = [product_id for product_id in ids if product_id not in self._products]
        if missing:
            found = sales.product_names(self._warehouse, missing)
            nameless = {"sku": "", "name": "", "category": ""}
            self._products |= {key: found.get(key, {"product_id": key} | nameless) for key in missing}
        return {product_id: self._products[product_id] for product_id in ids}

    def rates(self, reporting: str) -> Rates:
        """All stored rates into a reporting currency."""
        if reporting not in self._rates:
            self._rates[reporting] = load_rates(self._warehouse, reporting)
        return self._rates[reporting]
