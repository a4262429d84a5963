"""Who buys: segments, the RFM grid, what customers are worth, and who is new in a period.

Gold keeps what customers did, not who they are: names come from their newest state, and only for who may see them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tradewind.core.money import DEFAULT_CURRENCY, rounded
from tradewind.insights.beside import meanwhile
from tradewind.insights.figures import fraction, in_digits
from tradewind.insights.gold import Gold
from tradewind.insights.periods import Period
from tradewind.warehouse.client import Row

SEGMENTS = ("VIP", "Loyal", "New", "At Risk", "Lost", "Regular")
STAGES = ("New", "Recent", "Regular", "Veteran")
TABLE = "gold_customer_metrics"
_SHOWN = (
    "customer_id, country, age_group, customer_lifetime_stage, total_orders, total_revenue, avg_order_value,"
    " customer_segment, customer_lifetime_value, reporting_currency"
)
_AMOUNTS = ("total_revenue", "avg_order_value", "customer_lifetime_value")


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers; an empty choice means all."""

    channels: tuple[str, ...] = ()
    """Of their first order."""
    countries: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()

    def where(self) -> str:
        columns = {"channels": "first_channel", "countries": "country", "segments": "customer_segment"}
        chosen = [f"ifNull({columns[name]}, '') IN {{{name}:Array(String)}}" for name in self.parameters()]
        return " AND ".join(chosen) or "1"

    def parameters(self) -> dict[str, Any]:
        named = {"channels": self.channels, "countries": self.countries, "segments": self.segments}
        return {name: list(values) for name, values in named.items() if values}


@dataclass(frozen=True, slots=True)
class Group:
    """Customers, or products, of one kind."""

    name: str
    count: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class RfmGroup:
    recency: int
    frequency: int
    customers: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class PeriodTotals:
    """Customers of a period. active = new + returning."""

    active: int
    new: int
    revenue: Decimal
    ad_spend: Decimal | None
    acquisition_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Customers:
    """As of the last build, but `of_period`."""

    currency: str
    as_of_date: date | None
    as_of: datetime | None
    customers: int
    with_orders: int
    repeat_rate: float | None
    average_lifetime_value: Decimal | None
    average_predicted_value: Decimal | None
    of_period: PeriodTotals
    segments: list[Group]
    rfm: list[RfmGroup]
    age_groups: list[Group]
    stages: list[Group]
    top: list[Row]

    @property
    def revenue_per_customer(self) -> Decimal | None:
        """Of those who ordered in the period."""
        return _mean(self.of_period.revenue, self.of_period.active, self.currency)


def customers(gold: Gold, period: Period, chosen: CustomerFilter, *, limit: int, with_names: bool) -> Customers:
    """Customers as of the last build, and those of a period. Raises GoldNotBuilt."""
    gold.need(TABLE, "gold_sales_lines", "gold_acquisition")
    asked_top = meanwhile(top_customers, gold, chosen, limit=limit, with_names=with_names)
    asked_kinds = meanwhile(_kinds, gold, chosen)
    of_period = _of_period(gold, period, chosen)
    kinds = asked_kinds.result()
    currency = next((str(row["currency"]) for row in kinds), DEFAULT_CURRENCY)
    total = {name: sum((row[name] for row in kinds), 0) for name in ("customers", "buyers", "repeaters", "valued")}
    worth = sum((row["worth"] for row in kinds), Decimal(0))
    predicted = sum((row["predicted"] for row in kinds), Decimal(0))
    return Customers(
        currency=currency,
        as_of_date=next((row["as_of_date"] for row in kinds), None),
        as_of=gold.built_at(TABLE),
        customers=total["customers"],
        with_orders=total["buyers"],
        repeat_rate=fraction(total["repeaters"], total["buyers"]),
        average_lifetime_value=_mean(worth, total["valued"], currency),
        average_predicted_value=_mean(predicted, total["valued"], currency),
        of_period=of_period,
        segments=_groups(kinds, "customer_segment", SEGMENTS),
        rfm=_grid(kinds),
        age_groups=_groups(kinds, "age_group"),
        stages=_groups(kinds, "stage", STAGES),
        top=asked_top.result(),
    )


def top_customers(gold: Gold, chosen: CustomerFilter, *, limit: int, with_names: bool) -> list[Row]:
    """The customers of the highest lifetime value, with who they are where the caller may see that, else None."""
    rows = gold.query(
        TABLE,
        f"SELECT {_SHOWN} FROM {TABLE} WHERE total_orders > 0 AND {chosen.where()}"
        " ORDER BY customer_lifetime_value DESC NULLS LAST, total_revenue DESC, customer_id LIMIT {limit:UInt32}",
        chosen.parameters() | {"limit": limit},
    )
    people = _people(gold, [row["customer_id"] for row in rows]) if with_names and rows else {}
    nobody = {"name": None, "email": None, "city": None}
    return [
        in_digits(row, _AMOUNTS, row["reporting_currency"]) | people.get(row["customer_id"], nobody) for row in rows
    ]


def _people(gold: Gold, ids: Sequence[str]) -> dict[str, Row]:
    """Who customers are as they are now: an erased one has no name from that moment on."""
    rows = gold.warehouse.query(
        "SELECT customer_id, argMax(tuple(name, email, city), (version, log_offset)) AS told FROM log_customers"
        " WHERE customer_id IN {ids:Array(String)} GROUP BY customer_id",
        {"ids": list(ids)},
    )
    return {
        row["customer_id"]: {name: row["told"][i] or None for i, name in enumerate(("name", "email", "city"))}
        for row in rows
    }


def _kinds(gold: Gold, chosen: CustomerFilter) -> list[Row]:
    """Counts and sums by everything that customers are told apart by: few rows, however many customers."""
    return gold.query(
        TABLE,
        f"""
        SELECT customer_segment, age_group, customer_lifetime_stage AS stage, recency_score, frequency_score,
            any(reporting_currency) AS currency, max(m.as_of_date) AS as_of_date, count() AS customers,
            countIf(total_orders > 0) AS buyers, countIf(total_orders > 1) AS repeaters,
            sum(m.total_revenue) AS revenue, countIf(isNotNull(customer_lifetime_value)) AS valued,
            sum(ifNull(customer_lifetime_value, 0)) AS worth, sum(ifNull(predicted_lifetime_value, 0)) AS predicted
        FROM {TABLE} AS m
        WHERE {chosen.where()}
        GROUP BY customer_segment, age_group, stage, recency_score, frequency_score
        """,
        chosen.parameters(),
    )


def _of_period(gold: Gold, period: Period, chosen: CustomerFilter) -> PeriodTotals:
    parameters = chosen.parameters() | {"start": period.start, "end": period.end}
    asked_spend = meanwhile(_spend, gold, period, chosen)
    (new,) = gold.warehouse.query(
        f"SELECT count() AS customers FROM {TABLE} WHERE first_order_date >= {{start:Date32}}"
        f" AND first_order_date < {{end:Date32}} AND {chosen.where()}",
        parameters,
    )
    theirs = f"customer_id IN (SELECT customer_id FROM {TABLE} WHERE {chosen.where()})" if chosen.parameters() else "1"
    (active,) = gold.warehouse.query(
        f"""
        SELECT uniqExactIf(customer_id, is_first_line = 1) AS customers, sum(l.revenue_converted) AS revenue,
            any(reporting_currency) AS currency
        FROM gold_sales_lines AS l
        WHERE date >= {{start:Date32}} AND date < {{end:Date32}} AND ifNull(customer_id, '') != '' AND {theirs}
        """,
        parameters,
    )
    spend, won = asked_spend.result()
    currency = active["currency"] or DEFAULT_CURRENCY
    return PeriodTotals(
        active=active["customers"],
        new=new["customers"],
        revenue=active["revenue"] or Decimal(0),
        ad_spend=None if spend is None else rounded(spend, currency),
        acquisition_cost=None if spend is None else _mean(spend, won, currency),
    )


def _spend(gold: Gold, period: Period, chosen: CustomerFilter) -> tuple[Decimal | None, int]:
    """Ad spend and new customers of the whole months that the period touches."""
    (row,) = gold.query(
        "gold_acquisition",
        "SELECT sumOrNull(ad_spend) AS spend, sum(new_customers) AS won FROM gold_acquisition"
        " WHERE month >= toStartOfMonth({start:Date32}) AND month < {end:Date32}"
        + (" AND channel IN {channels:Array(String)}" if chosen.channels else ""),
        {"start": period.start, "end": period.end, "channels": list(chosen.channels)},
    )
    return row["spend"], row["won"]


def _mean(amount: Decimal, count: int, currency: str) -> Decimal | None:
    return rounded(amount / count, currency) if count else None


def _groups(rows: Sequence[Row], column: str, order: Sequence[str] = ()) -> list[Group]:
    """Customers and revenue by one column, in this order, every value of it there; nothing for what has no value."""
    counts = dict.fromkeys(order, 0)
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for row in sorted(rows, key=lambda row: str(row[column])):
        if row[column] is not None:
            counts[row[column]] = counts.get(row[column], 0) + row["customers"]
            revenue[row[column]] += row["revenue"]
    currency = next((str(row["currency"]) for row in rows), DEFAULT_CURRENCY)
    return [Group(name, count, rounded(revenue[name], currency)) for name, count in counts.items()]


def _grid(rows: Sequence[Row]) -> list[RfmGroup]:
    """All 25 cells of recency and frequency, the best first."""
    best_first = range(5, 0, -1)
    counts = {(recency, frequency): 0 for recency in best_first for frequency in best_first}
    revenue: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["recency_score"] is not None and row["frequency_score"] is not None:
            cell = (row["recency_score"], row["frequency_score"])
            counts[cell] += row["customers"]
            revenue[cell] += row["revenue"]
    currency = next((str(row["currency"]) for row in rows), DEFAULT_CURRENCY)
    return [RfmGroup(*cell, count, rounded(revenue[cell], currency)) for cell, count in counts.items()]
