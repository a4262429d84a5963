"""A product that is new, or has never been sold, while somebody waits: by how others of its category began."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tradewind.insights.forecasting import engine, launches
from tradewind.insights.forecasting.classes import COLD_DAYS, DemandClass
from tradewind.insights.forecasting.history import History
from tradewind.insights.forecasting.panel import TABLE, NoHistory, Panel, load
from tradewind.insights.forecasting.runs import Line
from tradewind.insights.forecasting.served import Scope
from tradewind.insights.gold import Gold

_MOST = 300
"""Products that are looked at, those of the same category first."""


def is_new(gold: Gold, product_id: str, today: date) -> bool:
    """Whether it was sold first less than 14 days ago, or never."""
    (row,) = gold.query(
        TABLE,
        f"SELECT minOrNull(date) AS first FROM {TABLE} WHERE product_id = {{product:String}} AND ordered_units > 0",
        {"product": product_id},
    )
    return row["first"] is None or today - row["first"] < timedelta(days=COLD_DAYS)


def launched(
    gold: Gold, product_id: str, channel: str | None, horizon: int, today: date, country: str | None = None
) -> tuple[Line, Panel]:
    """Its forecast over all channels, or on one, and what it is learnt from. NoHistory where the others say nothing."""
    ids = gold.query(
        "silver_products",
        "WITH (SELECT any(category) FROM silver_products WHERE product_id = {product:String}) AS mine"
        " SELECT product_id, ifNull(category, '') = ifNull(mine, '') AS is_alike FROM silver_products"
        " ORDER BY is_alike DESC, product_id = {product:String} DESC, product_id LIMIT {most:UInt32}",
        {"product": product_id, "most": _MOST},
    )
    alike = {row["product_id"] for row in ids if row["is_alike"]}
    panel = load(gold, today, [row["product_id"] for row in ids], country=country)
    rows = np.array([channel is None or one == channel for one in panel.channels], dtype=bool)
    names = sorted({one for one, mine in zip(panel.products, rows, strict=True) if mine} | {product_id})
    if len(names) == 1:
        raise NoHistory("Neither the product nor one like it has been sold here yet. Import past orders first.")
    demand = np.full((len(names), panel.history.days), np.nan)
    for nth in np.flatnonzero(rows):
        at, known = names.index(panel.products[nth]), panel.history.known[nth]
        demand[at] = np.where(known, np.nan_to_num(demand[at]) + panel.history.filled[nth], demand[at])
    group = np.array([one in alike for one in names], dtype=np.int64)
    history = History(demand, panel.history.first_day, group)
    row = names.index(product_id)
    mean = launches.forecast(history, horizon, np.arange(len(names)) == row)[row : row + 1]
    kinds = np.array([DemandClass.COLD], dtype=object)
    level = engine.level_of(np.round(mean, 4), [], kinds, launched=launches.tried(history, horizon))
    return Line(Scope.PRODUCT, product_id, channel or "", level, 0), panel
