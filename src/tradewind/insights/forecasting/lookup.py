"""Products and categories by what people call them; for a wrong name, those that look like it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from tradewind.core.errors import NotFound
from tradewind.warehouse.client import Warehouse

_MOST = 20_000
_NEAREST = 3


class UnknownSeries(NotFound):
    """A product, category or channel that there is not."""

    code = "unknown_series"

    def __init__(self, what: str, given: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(given, known, _NEAREST, 0.4)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"There is no {what} '{given}'.{hint}")


def known_products(warehouse: Warehouse, given: Sequence[str]) -> dict[str, str]:
    """Product ids by what is given, id or SKU; what there is not is left out."""
    rows = warehouse.query(
        "SELECT product_id, sku FROM live_products FINAL"
        " WHERE product_id IN {given:Array(String)} OR sku IN {given:Array(String)} LIMIT {most:UInt32}",
        {"given": list(given), "most": _MOST},
    )
    known = {row["sku"]: row["product_id"] for row in rows} | {row["product_id"]: row["product_id"] for row in rows}
    return {name: known[name] for name in given if name in known}


def product_ids(warehouse: Warehouse, given: Sequence[str]) -> list[str]:
    """The ids of products given by id or SKU, in the same order. UnknownSeries names the nearest."""
    known = known_products(warehouse, given)
    for name in given:
        if name not in known:
            skus = warehouse.query(
                "SELECT sku FROM live_products FINAL WHERE sku != '' ORDER BY sku LIMIT {most:UInt32}", {"most": _MOST}
            )
            raise UnknownSeries("product", name, [row["sku"] for row in skus])
    return [known[name] for name in given]


def check_channel(warehouse: Warehouse, channel: str) -> str:
    """The channel; UnknownSeries for one that has never been told of."""
    rows = warehouse.query("SELECT DISTINCT channel FROM forecast_series WHERE channel != '' LIMIT 1000")
    names = [row["channel"] for row in rows]
    if channel not in names:
        raise UnknownSeries("channel", channel, names)
    return channel


def check_category(warehouse: Warehouse, category: str) -> str:
    """The category; UnknownSeries for one without a product."""
    rows = warehouse.query(
        "SELECT DISTINCT category FROM live_products FINAL WHERE category != '' LIMIT {most:UInt32}", {"most": _MOST}
    )
    names = [row["category"] for row in rows]
    if category not in names:
        raise UnknownSeries("category", category, names)
    return category
