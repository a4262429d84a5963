"""The demand that forecasts are measured on, out of the public data sets in ../shared/data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from tradewind.insights.forecasting.history import Matrix

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_EPOCH = date(1970, 1, 1)
_RETAIL_BEGINS = datetime(2010, 12, 1)  # noqa: DTZ001 - the file's times have no zone
_MATCHED_DAYS = 14


@dataclass(frozen=True)
class DataSet:
    """Demand per series and day, NaN where unknown, and the last known days that forecasts are made from."""

    name: str
    demand: Matrix
    first_day: date
    cutoffs: tuple[date, ...]
    horizon: int
    events: Matrix | None = None

    def days_until(self, cutoff: date) -> int:
        """Columns up to and including a day."""
        return (cutoff - self.first_day).days + 1


def store_item() -> DataSet:
    """500 items by store over five years: smooth, nearly pure Poisson, made by a generator."""
    table = pq.read_table(DATA / "store_item_demand" / "train_to_2017-09-30.parquet")
    day = table["date"].cast("int32").to_numpy()
    row = (table["store"].to_numpy().astype(int) - 1) * 50 + table["item"].to_numpy() - 1
    demand = np.full((500, day.max() - day.min() + 1), np.nan)
    demand[row, day - day.min()] = table["sales"].to_numpy()
    first = _EPOCH + timedelta(days=int(day.min()))
    return DataSet("store-item", demand, first, (date(2017, 7, 2), date(2017, 4, 3)), 90)


def m5() -> DataSet:
    """28 store departments in California over five years, with the events of its calendar."""
    table = pq.read_table(DATA / "m5" / "store_dept_daily_CA.parquet").to_pydict()
    keys = sorted(set(zip(table["store_id"], table["dept_id"], strict=True)))
    rows = {key: nth for nth, key in enumerate(keys)}
    demand = np.zeros((len(keys), max(table["d"])))
    for store, dept, day, sales in zip(table["store_id"], table["dept_id"], table["d"], table["sales"], strict=True):
        demand[rows[store, dept], day - 1] = sales
    first = min(table["date"]) - timedelta(days=min(table["d"]) - 1)
    calendar = pq.read_table(DATA / "m5" / "calendar_CA.parquet").to_pydict()
    names = sorted({name for name in calendar["event_name_1"] if name})
    events = np.zeros((demand.shape[1], len(names) + 1))
    for day, name, snap in zip(calendar["date"], calendar["event_name_1"], calendar["snap_CA"], strict=True):
        at = (day - first).days
        if 0 <= at < len(events):
            if name:
                events[at, names.index(name)] = 1
            events[at, -1] = snap
    cutoffs = (date(2015, 7, 28), date(2015, 10, 26), date(2016, 1, 24))
    return DataSet("M5 California", demand, first, cutoffs, 90, events)


def online_retail() -> DataSet:
    """Some 3,500 articles of a real shop over one year; sales matched to a credit note within 14 days taken out."""
    table = pq.read_table(DATA / "online_retail" / "transactions.parquet").to_pydict()
    names = ("invoice_ts", "stock_code", "quantity", "customer_id", "invoice_no")
    rows = sorted(zip(*(table[name] for name in names), strict=True), key=lambda row: row[0])
    kept: list[list[int]] = []
    codes: dict[str, int] = {}
    waiting: dict[tuple[int, str, int], list[tuple[datetime, int]]] = {}
    for at, code, quantity, customer, invoice in rows:
        key = (customer or 0, code, abs(quantity))
        if quantity > 0 and not str(invoice).startswith("C"):
            waiting.setdefault(key, []).append((at, len(kept)))
            kept.append([codes.setdefault(code, len(codes)), (at - _RETAIL_BEGINS).days, quantity])
        elif quantity < 0 and waiting.get(key):
            sold_at, line = waiting[key].pop()
            if (at - sold_at).days <= _MATCHED_DAYS:
                kept[line][2] = 0
    lines = np.array(kept)
    demand = np.zeros((len(codes), int(lines[:, 1].max()) + 1))
    np.add.at(demand, (lines[:, 0], lines[:, 1]), lines[:, 2])
    began = np.cumsum(demand > 0, axis=1) > 0
    demand[~began] = np.nan
    cutoffs = (date(2011, 8, 9), date(2011, 9, 8), date(2011, 10, 8), date(2011, 11, 7))
    return DataSet("online retail", demand, _RETAIL_BEGINS.date(), cutoffs, 30)


def thinned(series: int = 10_000, days: int = 1_185) -> DataSet:
    """Store-item thinned binomially to many series of 0.25 to 100 units a day; the same ones each time."""
    whole, chance = store_item(), np.random.default_rng(20170930)
    demand = whole.demand[:, -days:]
    rate = np.exp(chance.uniform(np.log(0.25), np.log(100), series))
    source = np.arange(series) % len(demand)
    share = np.minimum(rate / demand.mean(axis=1)[source], 1.0)
    thin = chance.binomial(demand[source].astype(np.int64), share[:, None]).astype(float)
    first = whole.first_day + timedelta(days=whole.demand.shape[1] - days)
    cutoffs = (date(2017, 7, 2), date(2017, 4, 3), date(2017, 1, 3))
    return DataSet("store-item thinned", thin, first, cutoffs, 90)
