"""What planning reads of past sales: daily means, weeks, what a year earned, and when something sold last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt

from tradewind.insights.gold import Gold
from tradewind.insights.planning.demand import PastSales
from tradewind.insights.rates import Rates
from tradewind.warehouse.client import Warehouse

RECENT_DAYS = 56
YEAR_DAYS = 365
WEEKS = 104
_GOLD = "gold_daily_demand"
_GOLD_FEES = "gold_daily_sales"
_DAILY_OF_GOLD = f"SELECT product_id, channel, date AS day, units, in_stock FROM {_GOLD}"
# Where gold is not built: units less those returned on the day, and nothing known of days that ran out.
_DAILY_OF_SALES = (
    "SELECT product_id, channel, day, greatest(sum(units), 0) AS units, toFloat64(1) AS in_stock"
    " FROM live_daily_sales WHERE grain = 'product' AND product_id != '' GROUP BY product_id, channel, day"
)


@dataclass(frozen=True, slots=True)
class ProductHistory:
    """One product over all channels. Days are business days; money is in the reporting currency."""

    recent: PastSales
    by_channel: Mapping[str, PastSales]
    weeks: tuple[float, ...]
    """Units of whole weeks up to yesterday, oldest first, from the first week with a sale on."""
    first_sale: date
    last_sale: date
    units_of_year: int = 0
    revenue_of_year: Decimal = Decimal(0)
    fees_of_year: Decimal | None = None
    """What channels kept of it; None where gold does not say."""


@dataclass(frozen=True, slots=True)
class SalesHistory:
    """Histories by product; `weeks` are units of all products together, over the last two years."""

    products: Mapping[str, ProductHistory]
    weeks: tuple[float, ...] = field(default=())


def sales_history(warehouse: Warehouse, product_ids: Sequence[str], *, today: date, rates: Rates) -> SalesHistory:
    """Of these products up to yesterday; those that were never sold are left out.

    Days known to have been without stock for more than half of them do not count into means: what was sold then is
    less than what was asked for.
    """
    daily = _DAILY_OF_GOLD if Gold(warehouse).has(_GOLD) else _DAILY_OF_SALES
    asked = {"products": list(product_ids), "today": today, "weeks": WEEKS}
    spans = warehouse.query(
        f"SELECT product_id, min(day) AS first_sale, maxIf(day, units > 0) AS last_sale FROM ({daily})"
        " WHERE product_id IN {products:Array(String)} AND day < {today:Date32} GROUP BY product_id"
        " HAVING sum(units) > 0",
        asked,
    )
    recent = _recent(warehouse, daily, asked, {row["product_id"]: row["first_sale"] for row in spans}, today)
    weeks = _weeks(warehouse, daily, asked)
    earned = _earned(warehouse, asked, rates, today)
    fees = _fees(warehouse, asked, rates, today)
    found = {}
    for row in spans:
        product_id = row["product_id"]
        means = recent.get(product_id, {})
        units, revenue = earned.get(product_id, (0, Decimal(0)))
        found[product_id] = ProductHistory(
            means.get("", PastSales(0.0, 0.0)),
            {channel: sales for channel, sales in means.items() if channel},
            _from_first_sale(weeks.get(product_id, {})),
            row["first_sale"],
            row["last_sale"],
            units,
            revenue,
            None if fees is None else fees.get(product_id, Decimal(0)),
        )
    return SalesHistory(found, _all_weeks(warehouse, daily, asked))


def _recent(
    warehouse: Warehouse, daily: str, asked: Mapping[str, object], first: Mapping[str, date], today: date
) -> dict[str, dict[str, PastSales]]:
    """Means and deviations by product and channel; the channel '' is all of them together."""
    since = today - timedelta(days=RECENT_DAYS)
    rows = warehouse.query(
        f"""
        WITH days AS (
            SELECT product_id, channel, day, units, in_stock FROM ({daily})
            WHERE product_id IN {{products:Array(String)}} AND day >= {{since:Date32}} AND day < {{today:Date32}}
        ), sold AS (
            SELECT product_id, channel, day, units, in_stock FROM days
            UNION ALL
            SELECT product_id, '' AS channel, day, sum(units) AS units, min(in_stock) AS in_stock
            FROM days GROUP BY product_id, day
        )
        SELECT product_id, channel, sumIf(units, in_stock >= 0.5) AS total,
            sumIf(units * units, in_stock >= 0.5) AS squares, countIf(in_stock < 0.5) AS without
        FROM sold GROUP BY product_id, channel
        """,
        {**asked, "since": since},
    )
    found: dict[str, dict[str, PastSales]] = defaultdict(dict)
    for row in rows:
        begun = max(since, first.get(row["product_id"], since))
        days = (today - begun).days - int(row["without"])
        if days <= 0:
            continue
        mean = float(row["total"]) / days
        variance = max(0.0, float(row["squares"]) / days - mean**2) * days / max(1, days - 1)
        # Fewer than independent buyers would make is luck, not knowledge.
        found[row["product_id"]][row["channel"]] = PastSales(mean, sqrt(max(variance, mean)))
    return found


def _weeks(warehouse: Warehouse, daily: str, asked: Mapping[str, object]) -> dict[str, dict[int, float]]:
    rows = warehouse.query(
        f"SELECT product_id, {_AGO} AS ago, sum(units) AS units FROM ({daily})"
        f" WHERE product_id IN {{products:Array(String)}} AND {_IN_WEEKS} GROUP BY product_id, ago",
        asked,
    )
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in rows:
        found[row["product_id"]][int(row["ago"])] = float(row["units"])
    return found


def _all_weeks(warehouse: Warehouse, daily: str, asked: Mapping[str, object]) -> tuple[float, ...]:
    rows = warehouse.query(
        f"SELECT {_AGO} AS ago, sum(units) AS units FROM ({daily}) WHERE {_IN_WEEKS} GROUP BY ago", asked
    )
    return _from_first_sale({int(row["ago"]): float(row["units"]) for row in rows})


_AGO = "intDiv(dateDiff('day', day, {today:Date32}) - 1, 7)"
_IN_WEEKS = "day < {today:Date32} AND day >= {today:Date32} - toIntervalDay(7 * {weeks:UInt16})"


def _from_first_sale(by_ago: Mapping[int, float]) -> tuple[float, ...]:
    """Weeks oldest first, quiet ones as zero, from the oldest that is known."""
    return tuple(by_ago.get(ago, 0.0) for ago in range(max(by_ago), -1, -1)) if by_ago else ()


def _earned(
    warehouse: Warehouse, asked: Mapping[str, object], rates: Rates, today: date
) -> dict[str, tuple[int, Decimal]]:
    """Units and net revenue of the last year; what no rate is known for counts as nothing."""
    since = today - timedelta(days=YEAR_DAYS)
    sold = warehouse.query(
        "SELECT DISTINCT currency FROM live_daily_sales WHERE day >= {since:Date32} LIMIT 300", {"since": since}
    )
    rate = rates.in_sql({row["currency"] for row in sold}, since, today + timedelta(days=1))
    rows = warehouse.query(
        f"SELECT product_id, sum(units) AS units, sumIf(revenue{rate.factor}, {rate.is_known}) AS earned"
        " FROM live_daily_sales WHERE grain = 'product' AND product_id IN {products:Array(String)}"
        " AND day >= {since:Date32} AND day < {today:Date32} GROUP BY product_id",
        {**asked, "since": since} | rate.parameters,
    )
    return {row["product_id"]: (int(row["units"]), Decimal(row["earned"])) for row in rows}


def _fees(warehouse: Warehouse, asked: Mapping[str, object], rates: Rates, today: date) -> dict[str, Decimal] | None:
    """Channel fees of the last year by product, spread over an order's lines as gold does; None without gold."""
    if not Gold(warehouse).has(_GOLD_FEES):
        return None
    since = today - timedelta(days=YEAR_DAYS)
    sold = warehouse.query(
        f"SELECT DISTINCT currency FROM {_GOLD_FEES} WHERE date >= {{since:Date32}} LIMIT 300", {"since": since}
    )
    rate = rates.in_sql({row["currency"] for row in sold}, since, today + timedelta(days=1))
    rows = warehouse.query(
        f"SELECT product_id, sumIf(fees{rate.factor}, {rate.is_known}) AS kept"
        f" FROM (SELECT product_id, date AS day, currency, fees FROM {_GOLD_FEES}"
        " WHERE product_id IN {products:Array(String)} AND date >= {since:Date32} AND date < {today:Date32})"
        " GROUP BY product_id",
        {**asked, "since": since} | rate.parameters,
    )
    return {row["product_id"]: Decimal(row["kept"]) for row in rows}
