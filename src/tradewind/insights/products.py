"""How products perform, from their first day on, as of the last build of gold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tradewind.core.money import DEFAULT_CURRENCY, rounded
from tradewind.insights.beside import meanwhile
from tradewind.insights.customers import Group
from tradewind.insights.figures import fraction, in_digits
from tradewind.insights.gold import Gold
from tradewind.insights.product_currency import OF_GOLD, TABLE, PerformanceRows
from tradewind.warehouse.client import Row

PERFORMANCES = ("Best Seller", "Good", "Moderate", "Poor", "No Sales")
STOCK_LEVELS = ("Out of Stock", "Critical", "Low", "Normal", "Overstock")
LIFE_CYCLES = ("New Launch", "Current", "Mature", "Legacy")
PRICE_TIERS = ("Budget", "Mid-Range", "Premium", "Luxury")
LOW = STOCK_LEVELS[:3]
_COLUMNS = (
    "product_id, sku, product_name, category, category_path, brand, status, current_price, price_tier, unit_cost,"
    " current_stock, stock_level, age_days, life_cycle, total_units_sold, total_orders, total_revenue, total_cost,"
    " total_profit, margin_percent, avg_rating, review_count, review_sentiment, sales_performance,"
    " product_health_score, health_basis, first_sold_date, last_sold_date, in_stock_days, velocity,"
    " units_last_30_days, units_returned, return_rate, reporting_currency"
)
_AMOUNTS = ("current_price", "unit_cost", "total_revenue", "total_cost", "total_profit")


class ProductOrder(StrEnum):
    """What comes first."""

    BEST = "best"
    """Most revenue."""
    WORST = "worst"
    """Least revenue."""
    UNITS = "units"
    VELOCITY = "velocity"
    HEALTH = "health"
    MARGIN = "margin"
    STOCK = "stock"
    """Least in stock, of what is counted."""


_ORDERS = {
    ProductOrder.BEST: "total_revenue DESC",
    ProductOrder.WORST: "total_revenue ASC",
    ProductOrder.UNITS: "total_units_sold DESC",
    ProductOrder.VELOCITY: "velocity DESC NULLS LAST",
    ProductOrder.HEALTH: "product_health_score DESC NULLS LAST",
    ProductOrder.MARGIN: "margin_percent DESC NULLS LAST",
    ProductOrder.STOCK: "current_stock ASC NULLS LAST",
}


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products; an empty choice means all."""

    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    performances: tuple[str, ...] = ()
    stock_levels: tuple[str, ...] = ()
    life_cycles: tuple[str, ...] = ()
    text: str | None = None

    def where(self) -> str:
        columns = {
            "categories": "category",
            "brands": "brand",
            "performances": "sales_performance",
            "stock_levels": "stock_level",
            "life_cycles": "life_cycle",
        }
        chosen = [
            f"ifNull({columns[name]}, '') IN {{{name}:Array(String)}}" for name in self.parameters() if name in columns
        ]
        if self.text:
            text = "positionCaseInsensitiveUTF8({column}, {{text:String}}) > 0"
            parts = [text.format(column=f"ifNull({column}, '')") for column in ("product_name", "sku")]
            chosen.append(f"({' OR '.join(parts)})")
        return " AND ".join(chosen) or "1"

    def parameters(self) -> dict[str, Any]:
        named = {
            "categories": self.categories,
            "brands": self.brands,
            "performances": self.performances,
            "stock_levels": self.stock_levels,
            "life_cycles": self.life_cycles,
        }
        found: dict[str, Any] = {name: list(values) for name, values in named.items() if values}
        return found | ({"text": self.text} if self.text else {})


@dataclass(frozen=True, slots=True)
class Products:
    currency: str
    as_of_date: date | None
    as_of: datetime | None
    products: int
    sold: int
    revenue: Decimal
    units: int
    profit: Decimal | None
    margin: float | None
    average_health: float | None
    performances: list[Group]
    stock_levels: list[Group]
    life_cycles: list[Group]
    price_tiers: list[Group]
    rows: list[Row]
    is_cut_off: bool


def products(
    gold: Gold, chosen: ProductFilter, *, order: ProductOrder, limit: int, read: PerformanceRows = OF_GOLD
) -> Products:
    """Products with what they are told apart by. Raises GoldNotBuilt."""
    gold.need(TABLE)
    asked = meanwhile(product_rows, gold, chosen, order=order, limit=limit + 1, read=read)
    kinds = _kinds(gold, chosen, read)
    rows = asked.result()
    cost = _sum(kinds, "cost")
    with_profit = any(row["with_profit"] for row in kinds)
    profit = _sum(kinds, "profit") if with_profit else None
    scored = sum(row["scored"] for row in kinds)
    currency = next((str(row["currency"]) for row in kinds), DEFAULT_CURRENCY)
    return Products(
        currency=currency,
        as_of_date=next((row["as_of_date"] for row in kinds), None),
        as_of=gold.built_at(TABLE),
        products=sum(row["products"] for row in kinds),
        sold=sum(row["sold"] for row in kinds),
        revenue=rounded(_sum(kinds, "revenue"), currency),
        units=sum(row["units"] for row in kinds),
        profit=None if profit is None else rounded(profit, currency),
        margin=fraction(profit, None if profit is None else profit + cost),
        average_health=round(float(_sum(kinds, "health")) / scored, 1) if scored else None,
        performances=_groups(kinds, "sales_performance", PERFORMANCES),
        stock_levels=_groups(kinds, "stock_level", STOCK_LEVELS),
        life_cycles=_groups(kinds, "life_cycle", LIFE_CYCLES),
        price_tiers=_groups(kinds, "price_tier", PRICE_TIERS),
        rows=rows[:limit],
        is_cut_off=len(rows) > limit,
    )


def product_rows(
    gold: Gold, chosen: ProductFilter, *, order: ProductOrder, limit: int, read: PerformanceRows = OF_GOLD
) -> list[Row]:
    """Products in this order; of the same rank the one that sold more comes first."""
    rows = gold.query(
        TABLE,
        f"SELECT {_COLUMNS} FROM {read.source} WHERE {chosen.where()}"
        f" ORDER BY {_ORDERS[order]}, total_units_sold DESC, product_id LIMIT {{limit:UInt32}}",
        chosen.parameters() | read.parameters | {"limit": limit},
    )
    return [in_digits(row, _AMOUNTS, row["reporting_currency"]) for row in rows]


def brands(gold: Gold) -> list[str]:
    """The brands that occur."""
    rows = gold.query(
        TABLE, f"SELECT DISTINCT toString(brand) AS brand FROM {TABLE} WHERE brand != '' ORDER BY brand LIMIT 1000"
    )
    return [row["brand"] for row in rows]


def _kinds(gold: Gold, chosen: ProductFilter, read: PerformanceRows) -> list[Row]:
    """Counts and sums by everything that products are told apart by."""
    return gold.query(
        TABLE,
        f"""
        SELECT sales_performance, stock_level, life_cycle, price_tier, any(reporting_currency) AS currency,
            max(p.as_of_date) AS as_of_date, count() AS products, countIf(total_units_sold > 0) AS sold,
            sum(p.total_revenue) AS revenue, sum(total_units_sold) AS units, countIf(isNotNull(total_profit))
            AS with_profit, sum(ifNull(total_profit, 0)) AS profit,
            sumIf(ifNull(total_cost, 0), isNotNull(total_profit)) AS cost,
            countIf(isNotNull(product_health_score)) AS scored,
            sum(toDecimal64(ifNull(product_health_score, 0), 4)) AS health
        FROM {read.source} AS p
        WHERE {chosen.where()}
        GROUP BY sales_performance, stock_level, life_cycle, price_tier
        """,
        chosen.parameters() | read.parameters,
    )


def _sum(rows: Iterable[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), Decimal(0))


def _groups(rows: Sequence[Row], column: str, order: Sequence[str]) -> list[Group]:
    counts = dict.fromkeys(order, 0)
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row[column] is not None:
            counts[row[column]] = counts.get(row[column], 0) + row["products"]
            revenue[row[column]] += row["revenue"]
    currency = next((str(row["currency"]) for row in rows), DEFAULT_CURRENCY)
    return [Group(name, count, rounded(revenue[name], currency)) for name, count in counts.items()]
