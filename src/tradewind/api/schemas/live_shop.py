"""Shapes of the live shop: what moves as soon as something is booked. Amounts are in the row's own currency."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from tradewind.api.wire import Amount, Wire


class GridProduct(Wire):
    """A product that can be bought."""

    product_id: str
    sku: str
    name: str
    category: str | None
    brand: str | None
    price: Amount | None
    currency: str | None
    available: int = Field(description="Deliveries, returns and counts less what was sold, all locations together.")
    stock_status: Literal[0, 1, 2] = Field(description="0 in stock (more than 100), 1 almost out, 2 out of stock.")
    hits: int = Field(description="Units sold within the last hour.")
    rank_status: str | None = Field(description="`Trending 🔥` for the first three by status and hits, else null.")


class LiveGrid(Wire):
    items: list[GridProduct]
    as_of: datetime


class Choice(Wire):
    """Something to choose; `All` stands first."""

    id: str
    value: str


class LiveFilters(Wire):
    products: list[Choice]
    categories: list[Choice]
    stores: list[Choice]
    values: list[str] = Field(description="What can be shown of a product, minute by minute.")


class SoldFigures(Wire):
    """Everything is net: what was cancelled or taken back counts no more."""

    currency: str
    sales: int = Field(description="Lines of sold orders.")
    units: int
    revenue: Amount


class StoreSales(SoldFigures):
    store_id: str


class ProductSales(SoldFigures):
    product_id: str
    product_name: str


class ProductAndStoreSales(ProductSales):
    store_id: str


class MinuteSales(ProductAndStoreSales):
    """Sales of one minute by product and store; refunds count in the minute in which they were given."""

    minute: datetime


class LiveSales(Wire):
    """What is sold since the beginning, and minute by minute."""

    totals: list[SoldFigures]
    stores: list[StoreSales] = Field(description="The first by revenue.")
    products: list[ProductSales] = Field(description="The first by revenue.")
    products_by_store: list[ProductAndStoreSales] = Field(description="The first by revenue.")
    minutes: list[MinuteSales] = Field(description="The newest first.")
    as_of: datetime


class LiveToken(Wire):
    """A token for /v0 of the live shop."""

    name: str
    token: str
    scopes: list[str]


class LiveTokens(Wire):
    items: list[LiveToken]
