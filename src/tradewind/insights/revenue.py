"""Revenue of a period by any two of channel, product, category, country, region and day, week or month.

Sales come from the live tables, exact up to the second; regions and costs from gold, as of its last build. All
amounts are in one reporting currency, converted with the rate of each row's own day and rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from tradewind.core.errors import InvalidInput
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.insights.beside import meanwhile
from tradewind.insights.figures import Figures, Unconverted, change_between, figures_of
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Grain, Period, buckets, resolve, today_in
from tradewind.insights.rates import UNCHANGED, RateInSql
from tradewind.insights.selection import Selection
from tradewind.insights.spans import Compare, Source, Span, rows_in, span_of
from tradewind.warehouse.client import Row, Warehouse

MOST_ROWS = 1000
_NOTHING: dict[str, Any] = {"revenue": Decimal(0), "refunded": Decimal(0), "units": 0, "orders": 0}
_NO_COST: dict[str, Any] = dict.fromkeys(("cost", "with_cost", "previous_cost", "previous_with_cost"), Decimal(0))

_LIVE_COLUMNS = {name: name for name in ("channel", "country", "currency", "product_id")} | {
    "units": "s.units",
    "revenue": "s.revenue",
    "refunded": "s.refunded",
    "orders": "toInt64(s.orders)",
}
_GOLD_COLUMNS = {name: name for name in ("channel", "country", "region", "currency", "product_id")} | {
    "units": "toInt64(s.units)",
    "revenue": "s.revenue",
    "refunded": "s.refunded",
}
# Of days and of single lines.
_COSTS = (
    {"cost": "s.cost", "with_cost": "s.revenue_with_cost"},
    {"cost": "s.cost", "with_cost": "if(isNull(s.cost), NULL, s.revenue)"},
)
_COSTS_STORED = (
    {"cost": "s.cost_converted", "with_cost": "s.revenue_with_cost_converted"},
    {"cost": "s.cost_converted", "with_cost": "if(isNull(s.cost), NULL, s.revenue_converted)"},
)
"""The same as gold keeps them, in the store's reporting currency."""


class Dimension(StrEnum):
    """What revenue can be grouped by."""

    CHANNEL = "channel"
    PRODUCT = "product"
    CATEGORY = "category"
    COUNTRY = "country"
    REGION = "region"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def is_time(self) -> bool:
        return self in (Dimension.DAY, Dimension.WEEK, Dimension.MONTH)


_KEYS = {
    Dimension.CHANNEL: "channel",
    Dimension.PRODUCT: "product_id",
    Dimension.CATEGORY: "category",
    Dimension.COUNTRY: "ifNull(country, '')",
    Dimension.REGION: "ifNull(region, '')",
}
_BUCKETS = {Dimension.DAY: "{}", Dimension.WEEK: "toMonday({})", Dimension.MONTH: "toStartOfMonth({})"}


@dataclass(frozen=True, slots=True)
class RevenueQuery:
    """What is asked for. `end` is the day after the last; days are those of `zone`, by default the store's."""

    start: date | None = None
    end: date | None = None
    group_by: tuple[Dimension, ...] = ()
    chosen: Selection = field(default_factory=Selection)
    compare: Compare = Compare.PREVIOUS
    zone: str | None = None
    currency: str | None = None
    worst_first: bool = False
    limit: int = 100

    @property
    def needs_gold(self) -> bool:
        """Live sales know no region."""
        return Dimension.REGION in self.group_by or bool(self.chosen.regions)


@dataclass(frozen=True, slots=True)
class RevenueRow:
    keys: dict[str, str | None]
    label: str
    period: Period
    figures: Figures
    previous: Figures | None


@dataclass(frozen=True, slots=True)
class Revenue:
    """The answer. `previous` is None when nothing is compared."""

    name: str
    span: Span
    currency: str
    group_by: tuple[Dimension, ...]
    totals: Figures
    previous: Figures | None
    change: dict[str, float | None]
    rows: list[RevenueRow]
    is_cut_off: bool
    """Whether there are more rows than were asked for."""
    unconverted: list[Unconverted]
    source: str
    as_of: datetime
    costs_as_of: datetime | None


def revenue(
    gold: Gold, query: RevenueQuery, *, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups
) -> Revenue:
    """Answers a question whose values were checked. Raises GoldNotBuilt when it is about regions and gold is not there.

    `currency` is the store's reporting currency, None: that of most orders; `zone` the store's.
    """
    asked_zone = ZoneInfo(query.zone) if query.zone else zone
    today = today_in(asked_zone, now)
    span = span_of(resolve(query.start, query.end, today), query.compare, zone=asked_zone, now=now)
    reporting = query.currency or currency or known.main_currency or DEFAULT_CURRENCY
    if query.needs_gold:
        gold.need("gold_sales_lines", "gold_daily_sales")
    asked = _Asked(gold, query, span, zone, reporting, known)
    has_costs = gold.has("gold_daily_sales") and gold.has("gold_sales_lines")
    # Of products there are too many to ask the cost of each: only of those that are shown.
    by_product = Dimension.PRODUCT in query.group_by
    groups = meanwhile(asked.groups) if query.group_by else None
    all_costs = meanwhile(asked.costs, () if by_product else query.group_by) if has_costs else None
    sums = asked.totals_of(groups.result()) if groups and asked.groups_add_up else None
    totals, before, unconverted = sums or asked.totals()
    found = groups.result() if groups else []
    shown = found[: query.limit]
    cost_of = all_costs.result() if all_costs else {}
    cost = _added(cost_of.values(), _NO_COST)
    if has_costs and by_product and shown:
        cost_of = asked.costs(query.group_by, only=tuple({row["key_product"] for row in shown}))
    if has_costs:
        totals |= {"cost": cost["cost"], "with_cost": cost["with_cost"]}
        before = before and before | {"cost": cost["previous_cost"], "with_cost": cost["previous_with_cost"]}
    labels = _labels(shown, query.group_by, known)
    rows = [_row(asked, row, labels, cost_of, has_costs=has_costs) for row in shown]
    if len(query.group_by) == 1 and query.group_by[0].is_time:
        rows = _dense(asked, rows)
    current, previous = figures_of(totals, reporting), before and figures_of(before, reporting)
    return Revenue(
        name=span.period.name(today),
        span=span,
        currency=reporting,
        group_by=query.group_by,
        totals=current,
        previous=previous or None,
        change=change_between(current, previous) if previous else {},
        rows=rows,
        is_cut_off=len(found) > query.limit,
        unconverted=unconverted,
        source="gold" if query.needs_gold else "live",
        as_of=(gold.built_at("gold_daily_sales") if query.needs_gold else None) or now,
        costs_as_of=gold.built_at("gold_daily_sales") if has_costs else None,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question, and the queries that it is made of."""

    gold: Gold
    query: RevenueQuery
    span: Span
    store_zone: ZoneInfo
    reporting: str
    known: Lookups

    @property
    def warehouse(self) -> Warehouse:
        return self.gold.warehouse

    @property
    def groups_add_up(self) -> bool:
        """Whether the sums of all groups are those of the period, so that nothing else has to be asked."""
        return not self._is_of_products(self.query.group_by) and self._rate().is_known == "1"

    @property
    def counts_orders_once(self) -> bool:
        """Whether adding up the parts of orders would count an order more than once."""
        by_product = self.query.group_by[:1] == (Dimension.PRODUCT,) and Dimension.PRODUCT in self.query.group_by
        return Dimension.CATEGORY in self.query.group_by or (self.query.chosen.is_of_products and not by_product)

    def totals(self) -> tuple[Row, Row | None, list[Unconverted]]:
        """The sums of both periods and what of the first has no rate."""
        once = self.query.chosen.is_of_products
        grain = "product" if once else "order"
        rows, parameters = self._sales(grain, by_row=once)
        rate = self._rate()
        inner = f"({rows})"
        if once:
            inner = (
                "(SELECT is_now, currency, day, order_id, sum(units) AS units, sum(revenue) AS revenue,"
                " sum(refunded) AS refunded, toInt64(sum(orders) > 0) AS orders"
                f" FROM ({rows}) GROUP BY is_now, currency, day, order_id)"
            )
        found = self.warehouse.query(
            f"""
            SELECT is_now, currency, {rate.is_known} AS has_rate,
                sum(r.revenue{rate.factor}) AS revenue, sum(r.refunded{rate.factor}) AS refunded,
                sum(r.revenue) AS own_revenue, sum(r.units) AS units, sum(r.orders) AS orders
            FROM {inner} AS r
            GROUP BY is_now, currency, has_rate
            """,
            parameters | rate.parameters,
        )
        of_now, of_before = ([row for row in found if row["is_now"] == side and row["has_rate"]] for side in (1, 0))
        now, before = _added(of_now, _NOTHING), _added(of_before, _NOTHING) if self.span.before else None
        return now, before, Unconverted.of([row for row in found if row["is_now"] and not row["has_rate"]])

    def totals_of(self, groups: list[Row]) -> tuple[Row, Row | None, list[Unconverted]] | None:
        """The same from groups that add up; None when they are not all there."""
        if len(groups) > self.query.limit:
            return None
        now = _added(groups, _NOTHING)
        then = ({name: row[f"previous_{name}"] for name in _NOTHING} for row in groups)
        return now, _added(then, _NOTHING) if self.span.before else None, []

    def groups(self) -> list[Row]:
        """A row of sums per group, one more than asked for if there are more."""
        by, rate = self.query.group_by, self._rate()
        once = self.counts_orders_once
        grain = "product" if self._is_of_products(by) else "order"
        rows, parameters = self._sales(grain, by_row=once)
        keys = ", ".join(self._key(dimension) for dimension in by)
        names = ", ".join(f"key_{dimension}" for dimension in by)
        inner = f"SELECT *, {keys} FROM {self._with_category(rows, by)}"
        if once:
            inner = (
                f"SELECT {names}, is_now, currency, day, order_id, sum(units) AS units, sum(revenue) AS revenue,"
                " sum(refunded) AS refunded, toInt64(sum(orders) > 0) AS orders"
                f" FROM ({inner}) GROUP BY {names}, is_now, currency, day, order_id"
            )
        leading = [f"key_{d}" for d in by if d.is_time]
        amount = "revenue ASC" if self.query.worst_first else "revenue DESC"
        order = ", ".join([*leading, amount, names])
        found = self.warehouse.query(
            f"""
            SELECT {names}, {_both_sums(_NOTHING)}
            FROM ({_converted(inner, names, ("revenue", "refunded"), ("units", "orders"), rate)}) AS c
            GROUP BY {names}
            HAVING revenue != 0 OR refunded != 0 OR units != 0 OR orders != 0
                OR both_revenue != 0 OR both_refunded != 0 OR both_units != 0 OR both_orders != 0
            ORDER BY {order}
            LIMIT {{limit:UInt32}}
            """,
            parameters | rate.parameters | {"limit": self.query.limit + 1},
        )
        return [_with_previous(row, _NOTHING) for row in found]

    def costs(self, by: tuple[Dimension, ...], only: tuple[str, ...] = ()) -> dict[tuple[Any, ...], Row]:
        """Cost and the revenue of what has a known cost, of both periods, by the keys of each group (none: all).

        `only`: of these products.
        """
        chosen = self.query.chosen
        days, columns = self._gold_days(of_products=self._is_of_products(by))
        is_stored = self.gold.currency_of(days) == self.reporting
        rate = UNCHANGED if is_stored else self._rate()
        of_days, of_lines = _COSTS_STORED if is_stored else _COSTS
        source = Source(days, "gold_sales_lines", "date", columns | of_days, columns | of_lines)
        conditions = chosen.conditions() + (["s.product_id IN {only:Array(String)}"] if only else [])
        rows, parameters = rows_in(source, self.span, self.store_zone, conditions)
        names = ", ".join(f"key_{dimension}" for dimension in by)
        keys = "".join(f", {self._key(dimension)}" for dimension in by)
        inner = f"SELECT *{keys} FROM {self._with_category(rows, by)}"
        found = self.warehouse.query(
            f"""
            SELECT {f"{names}, " if by else ""}{_both_sums(("cost", "with_cost"))}
            FROM ({_converted(inner, names, ("cost", "with_cost"), (), rate)}) AS c
            {f"GROUP BY {names}" if by else ""}
            """,
            parameters | rate.parameters | chosen.parameters() | self._shift() | ({"only": [*only]} if only else {}),
        )
        return {
            tuple(row[f"key_{dimension}"] for dimension in by): _with_previous(row, ("cost", "with_cost"))
            for row in found
        }

    def _sales(self, grain: str, *, by_row: bool) -> tuple[str, dict[str, Any]]:
        conditions = self.query.chosen.conditions()
        parameters = self.query.chosen.parameters() | self._shift()
        if self.query.needs_gold:
            orders = {"orders": "toInt64(s.orders)"}
            of_lines = {
                "orders": "toInt64(s.kind = 'sale' AND s.is_counted = 1)" if by_row else "toInt64(s.is_first_line)"
            }
            if by_row:
                of_lines["order_id"] = "order_id"
            days, columns = self._gold_days(of_products=grain == "product")
            source = Source(days, "gold_sales_lines", "date", columns | orders, columns | of_lines)
        else:
            of_rows = _LIVE_COLUMNS | ({"order_id": "order_id"} if by_row else {})
            source = Source("live_daily_sales", "live_sales", "day", _LIVE_COLUMNS, of_rows, "s.grain = {grain:String}")
            parameters["grain"] = grain
        rows, of_span = rows_in(source, self.span, self.store_zone, conditions, by_row=by_row)
        return rows, parameters | of_span

    def _is_of_products(self, by: tuple[Dimension, ...]) -> bool:
        """Whether products are told apart, in what is chosen or in the groups."""
        return self.query.chosen.is_of_products or bool({Dimension.PRODUCT, Dimension.CATEGORY} & {*by})

    def _gold_days(self, *, of_products: bool) -> tuple[str, dict[str, str]]:
        """The daily sums of gold, and their columns: those without products are far fewer rows."""
        if of_products or not self.gold.has_costs("gold_region_sales"):
            return "gold_daily_sales", _GOLD_COLUMNS
        return "gold_region_sales", {name: said for name, said in _GOLD_COLUMNS.items() if name != "product_id"}

    def _key(self, dimension: Dimension) -> str:
        """The column that groups. A day of the period before stands for the like day of this one."""
        if dimension.is_time:
            like_day = "if(is_now, local_day, local_day + {days_back:Int32})"
            return f"greatest({_BUCKETS[dimension].format(like_day)}, {{first_bucket:Date32}}) AS key_{dimension}"
        return f"{_KEYS[dimension]} AS key_{dimension}"

    def _with_category(self, rows: str, by: tuple[Dimension, ...]) -> str:
        if Dimension.CATEGORY not in by:
            return f"({rows}) AS r"
        return (
            f"({rows}) AS r LEFT ANY JOIN (SELECT product_id, toString(category) AS category FROM live_products FINAL)"
            " AS c USING (product_id)"
        )

    def _shift(self) -> dict[str, Any]:
        if not any(dimension.is_time for dimension in self.query.group_by):
            return {}
        return {"days_back": self.span.days_back, "first_bucket": self.span.period.start}

    def _rate(self) -> RateInSql:
        margin = timedelta(2)  # a day of another zone may lie in two of the store's
        rates = self.known.rates(self.reporting)
        return rates.in_sql({*self.known.currencies}, self.span.first_day - margin, self.span.period.end + margin)


def _converted(inner: str, names: str, amounts: Sequence[str], counts: Sequence[str], rate: RateInSql) -> str:
    """The rows of `inner` in the reporting currency, without those that have no rate."""
    converted = [f"r.{name}{rate.by_column} AS {name}" for name in amounts]
    columns = ", ".join(
        ["is_now", *([names] if names else []), *converted, *(f"r.{name} AS {name}" for name in counts)]
    )
    return f"SELECT {columns} FROM (SELECT *{rate.column} FROM ({inner}) WHERE {rate.is_known}) AS r"


def _both_sums(names: Collection[str]) -> str:
    """Sums of the period, and of it with the one before: the engine plans these quicker than sums of each."""
    of_now = [f"sumIf(c.{name}, is_now) AS {name}" for name in names]
    return ", ".join([*of_now, *(f"sum(c.{name}) AS both_{name}" for name in names)])


def _with_previous(row: Row, names: Collection[str]) -> Row:
    # The sum of what is nowhere known is NULL.
    sums = {name: Decimal(0) if row[name] is None else row[name] for name in (*names, *(f"both_{n}" for n in names))}
    return row | sums | {f"previous_{name}": sums[f"both_{name}"] - sums[name] for name in names}


def _added(rows: Iterable[Row], nothing: Row) -> Row:
    total = dict(nothing)
    for row in rows:
        for name in total:
            total[name] += row[name]
    return total


def _labels(rows: Sequence[Row], group_by: Sequence[Dimension], known: Lookups) -> dict[Dimension, dict[str, str]]:
    """What people call the values of keys, where that is not the value itself."""
    found: dict[Dimension, dict[str, str]] = {}
    if Dimension.CHANNEL in group_by:
        found[Dimension.CHANNEL] = known.channel_names
    if Dimension.PRODUCT in group_by:
        named = known.products([row["key_product"] for row in rows])
        found[Dimension.PRODUCT] = {key: str(row["name"] or row["sku"]) for key, row in named.items()}
    return found


def _row(
    asked: _Asked,
    row: Row,
    labels: dict[Dimension, dict[str, str]],
    costs: dict[Any, Row],
    *,
    has_costs: bool,
) -> RevenueRow:
    keys = tuple(row[f"key_{dimension}"] for dimension in asked.query.group_by)
    cost = costs.get(keys, _NO_COST)
    now = {name: row[name] for name in _NOTHING}
    if has_costs:
        now |= {"cost": cost["cost"], "with_cost": cost["with_cost"]}
    previous = None
    if asked.span.before is not None:
        then = {name: row[f"previous_{name}"] for name in _NOTHING}
        if has_costs:
            then |= {"cost": cost["previous_cost"], "with_cost": cost["previous_with_cost"]}
        previous = figures_of(then, asked.reporting)
    named = dict(zip(asked.query.group_by, keys, strict=True))
    return RevenueRow(
        keys={dimension: str(key) if key != "" else None for dimension, key in named.items()},
        label=" · ".join(labels.get(dimension, {}).get(key) or str(key) or "–" for dimension, key in named.items()),
        period=_period_of(asked, named),
        figures=figures_of(now, asked.reporting),
        previous=previous,
    )


def _period_of(asked: _Asked, keys: dict[Dimension, Any]) -> Period:
    """The days that a row is about."""
    period = asked.span.period
    for dimension, start in keys.items():
        if dimension.is_time:
            period = next(step for step in buckets(Period(start, period.end), Grain(dimension)))
    return period


def _dense(asked: _Asked, rows: Sequence[RevenueRow]) -> list[RevenueRow]:
    """A row for every bucket, with and without sales."""
    dimension = asked.query.group_by[0]
    there = {row.period.start: row for row in rows}
    nothing = figures_of(_NOTHING, asked.reporting)
    previous = nothing if asked.span.before else None
    return [
        there.get(step.start)
        or RevenueRow({dimension: step.start.isoformat()}, step.start.isoformat(), step, nothing, previous)
        for step in buckets(asked.span.period, Grain(dimension))
    ][: asked.query.limit]


def check_grouping(text: str | None) -> tuple[Dimension, ...]:
    """One or two dimensions of a text with commas; InvalidInput that lists them otherwise."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    try:
        found = tuple(Dimension(name) for name in names)
    except ValueError:
        found = ()
    is_fitting = len(found) <= 2 and len({*found}) == len(found) and sum(d.is_time for d in found) <= 1
    if names and (not found or not is_fitting):
        raise InvalidInput(
            f"'{text}' is not a grouping. Use one of {', '.join(Dimension)}, or two of them with a comma between,"
            " of which one may be day, week or month.",
            field="group_by",
        )
    return found
