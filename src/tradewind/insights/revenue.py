"""Revenue of a period by any two of channel, product, category, country, region and day, week or month.

Sales come from the live tables, exact up to the second; regions and costs from gold, as of its last build. All
amounts are in one reporting currency, converted with the rate of each row's own day and rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.insights.beside import meanwhile
from tradewind.insights.dimensions import BUCKETS, KEYS, Dimension
from tradewind.insights.figures import Figures, Unconverted, change_between, figures_of
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Grain, Period, buckets, resolve, today_in
from tradewind.insights.rates import RateInSql
from tradewind.insights.selection import Selection
from tradewind.insights.spans import Compare, Source, Span, rows_in, span_of
from tradewind.warehouse.client import Row, Warehouse

MOST_ROWS = 1000
_NOTHING: dict[str, Any] = {"revenue": Decimal(0), "refunded": Decimal(0), "units": 0, "orders": 0}
_COST = ("cost", "with_cost")
_NO_COST: dict[str, Any] = dict.fromkeys(("cost", "with_cost", "previous_cost", "previous_with_cost"), Decimal(0))

# Of days and of single lines.
_COSTS = (
    {"cost": "s.cost", "with_cost": "s.revenue_with_cost"},
    {"cost": "s.cost", "with_cost": "if(isNull(s.cost), NULL, s.revenue)"},
)
_COSTS_STORED = (
    {"cost": "s.cost_converted", "with_cost": "s.revenue_with_cost_converted"},
    {"cost": "s.cost_converted", "with_cost": "if(isNull(s.cost_converted), NULL, s.revenue_converted)"},
)
"""The same as gold keeps them, in the store's reporting currency."""


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
    with_costs: bool = True
    """Costs and margins too, where gold is built."""

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
    span, reporting = frame_of(query, currency=currency, zone=zone, now=now, known=known)
    if query.needs_gold:
        gold.need("gold_sales_lines", "gold_daily_sales")
    asked = _Asked(gold, query, span, zone, reporting, known)
    has_costs = asked.has_costs
    # Of products there are too many to ask the cost of each: only of those that are shown.
    by_product = Dimension.PRODUCT in query.group_by
    groups = meanwhile(asked.groups) if query.group_by else None
    beside = has_costs and not query.needs_gold
    all_costs = meanwhile(asked.costs, () if by_product else query.group_by) if beside else None
    sums = asked.totals_of(groups.result()) if groups and asked.groups_add_up else None
    totals, before, unconverted = sums or asked.totals()
    found = groups.result() if groups else []
    shown = found[: query.limit]
    cost_of = all_costs.result() if all_costs else {_key_of(row, query.group_by): row for row in found}
    if all_costs:
        cost = _added(cost_of.values(), _NO_COST)
        totals |= {"cost": cost["cost"], "with_cost": cost["with_cost"]}
        before = before and before | {"cost": cost["previous_cost"], "with_cost": cost["previous_with_cost"]}
        if by_product and shown:
            cost_of = asked.costs(query.group_by, only=tuple({row["key_product"] for row in shown}))
    labels = _labels(shown, query.group_by, known)
    steps = _steps(asked)
    rows = [_row(asked, row, labels, cost_of, steps) for row in shown]
    if len(query.group_by) == 1 and steps:
        rows = _dense(asked, rows, steps)
    current, previous = figures_of(totals, reporting), before and figures_of(before, reporting)
    return Revenue(
        name=span.period.name(today_in(span.zone, now)),
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


def frame_of(
    query: RevenueQuery, *, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups
) -> tuple[Span, str]:
    """The days that a question is about, and the currency that it is answered in."""
    asked_zone = ZoneInfo(query.zone) if query.zone else zone
    period = resolve(query.start, query.end, today_in(asked_zone, now))
    reporting = query.currency or currency or known.main_currency or DEFAULT_CURRENCY
    return span_of(period, query.compare, zone=asked_zone, now=now), reporting


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

    @property
    def _most_groups(self) -> int:
        """How many groups are asked for: of one kind that is no product there are few, and all of them add up."""
        by = self.query.group_by
        is_short = len(by) == 1 and by[0] is not Dimension.PRODUCT
        return max(self.query.limit, MOST_ROWS) if is_short else self.query.limit

    @property
    def has_costs(self) -> bool:
        built = self.gold.has("gold_daily_sales") and self.gold.has("gold_sales_lines")
        return self.query.with_costs and built

    @property
    def nothing(self) -> dict[str, Any]:
        """What is summed, each at nothing: gold has costs beside its sales, live sales have none."""
        of_gold = self.query.needs_gold and self.has_costs
        return _NOTHING | (dict.fromkeys(_COST, Decimal(0)) if of_gold else {})

    def totals(self) -> tuple[Row, Row | None, list[Unconverted]]:
        """The sums of both periods and what of the first has no rate."""
        rate = self._rate()
        more = {"has_rate": rate.is_known, "own_revenue": "s.revenue"}
        inner, parameters = self._sales((), self.query.chosen.is_of_products, more)
        found = self.warehouse.query(
            f"""
            SELECT is_now, currency, has_rate, {_sums([*self.nothing, "own_revenue"])}
            FROM {inner} AS c
            GROUP BY is_now, currency, has_rate
            """,
            parameters,
        )
        found = [_without_nulls(row, self.nothing) for row in found]
        of_now, of_before = ([row for row in found if row["is_now"] == side and row["has_rate"]] for side in (1, 0))
        now, before = _added(of_now, self.nothing), _added(of_before, self.nothing) if self.span.before else None
        return now, before, Unconverted.of([row for row in found if row["is_now"] and not row["has_rate"]])

    def totals_of(self, groups: list[Row]) -> tuple[Row, Row | None, list[Unconverted]] | None:
        """The same from groups that add up; None when they are not all there."""
        if len(groups) > self._most_groups:
            return None
        now = _added(groups, self.nothing)
        then = ({name: row[f"previous_{name}"] for name in self.nothing} for row in groups)
        return now, _added(then, self.nothing) if self.span.before else None, []

    def groups(self) -> list[Row]:
        """A row of sums per group, at least one more than asked for if there are more."""
        by, sums = self.query.group_by, self.nothing
        inner, parameters = self._sales(by, self.counts_orders_once, {})
        names = ", ".join(f"key_{dimension}" for dimension in by)
        leading = [f"key_{d}" for d in by if d.is_time]
        amount = "revenue ASC" if self.query.worst_first else "revenue DESC"
        order = ", ".join([*leading, amount, names])
        # Costs alone make no row.
        named = [*_NOTHING, *(f"both_{name}" for name in _NOTHING if self._is_compared)]
        found = self.warehouse.query(
            f"""
            SELECT {names}, {self._summed(sums)}
            FROM {inner} AS c
            GROUP BY {names}
            HAVING {" OR ".join(f"{name} != 0" for name in named)}
            ORDER BY {order}
            LIMIT {{limit:UInt32}}
            """,
            parameters | {"limit": self._most_groups + 1},
        )
        return [self._with_previous(row, sums) for row in found]

    def costs(self, by: tuple[Dimension, ...], only: tuple[str, ...] = ()) -> dict[tuple[Any, ...], Row]:
        """Cost and the revenue of what has a known cost, of both periods, by the keys of each group (none: all).

        `only`: of these products.
        """
        chosen = self.query.chosen
        days = self._gold_days(by, of_products=self._is_of_products(by))
        rate = self._rate()
        keys, (of_days, of_lines) = self._keys(by), self._cost_columns(days)
        source = Source(days, "gold_sales_lines", "date", keys | of_days, keys | of_lines)
        conditions = chosen.conditions() + (["s.product_id IN {only:Array(String)}"] if only else [])
        if rate.is_known != "1" and not self._is_stored(days):
            conditions.append(rate.is_known)
        rows, parameters = rows_in(source, self.span, self.store_zone, conditions)
        names = ", ".join(f"key_{dimension}" for dimension in by)
        found = self.warehouse.query(
            f"""
            SELECT {f"{names}, " if by else ""}{self._summed(_COST)}
            FROM {self._with_category(rows, by)} AS c
            {f"GROUP BY {names}" if by else ""}
            """,
            parameters | rate.parameters | chosen.parameters() | self._shift() | ({"only": [*only]} if only else {}),
        )
        return {_key_of(row, by): self._with_previous(row, _COST) for row in found}

    @property
    def _is_compared(self) -> bool:
        return self.span.before is not None

    def _summed(self, names: Collection[str]) -> str:
        """Sums of the period, and of it with the one before: the engine plans these quicker than sums of each."""
        if not self._is_compared:
            return _sums(names)
        of_now = [f"sumIf(c.{name}, is_now) AS {name}" for name in names]
        return ", ".join([*of_now, *(f"sum(c.{name}) AS both_{name}" for name in names)])

    def _with_previous(self, row: Row, names: Collection[str]) -> Row:
        if not self._is_compared:
            return _without_nulls(row, names) | {f"previous_{name}": Decimal(0) for name in names}
        known = _without_nulls(row, (*names, *(f"both_{name}" for name in names)))
        return known | {f"previous_{name}": known[f"both_{name}"] - known[name] for name in names}

    def _sales(self, by: tuple[Dimension, ...], once: bool, more: dict[str, str]) -> tuple[str, dict[str, Any]]:
        """Rows of sales in the reporting currency, with the keys of their groups; only of currencies with a rate.

        `once`: one row for each order in a group, so that it counts once. `more`: columns that come along, and with
        them rows of any currency.
        """
        rate, grain = self._rate(), "product" if self._is_of_products(by) else "order"
        sums = {"revenue": f"s.revenue{rate.factor}", "refunded": f"s.refunded{rate.factor}", "units": "s.units"}
        beside = {"currency": "currency"} | more if more else {}
        told = self._keys(by) | beside | ({"order_id": "order_id"} if once else {})
        conditions = self.query.chosen.conditions()
        if rate.is_known != "1" and not more:
            conditions.append(rate.is_known)
        parameters = self.query.chosen.parameters() | rate.parameters | self._shift()
        if self.query.needs_gold:
            of_line = "s.kind = 'sale' AND s.is_counted = 1" if once else "s.is_first_line"
            days = self._gold_days(by, of_products=grain == "product")
            if self._is_stored(days) and rate.is_known == "1":
                sums |= {name: f"s.{name}_converted" for name in ("revenue", "refunded")}
            of_days, of_lines = self._cost_columns(days) if self.has_costs else ({}, {})
            of_days = told | sums | {"units": "toInt64(s.units)", "orders": "toInt64(s.orders)"} | of_days
            of_lines = told | sums | {"units": "toInt64(s.units)", "orders": f"toInt64({of_line})"} | of_lines
            source = Source(days, "gold_sales_lines", "date", of_days, of_lines)
        else:
            columns = told | sums | {"orders": "toInt64(s.orders)"}
            source = Source("live_daily_sales", "live_sales", "day", columns, columns, "s.grain = {grain:String}")
            parameters["grain"] = grain
        rows, of_span = rows_in(source, self.span, self.store_zone, conditions, by_row=once)
        found = self._with_category(rows, by)
        if once:
            same = ["is_now", "order_id", *(f"key_{dimension}" for dimension in by)]
            same += ["currency", "has_rate"] if more else []
            added = [name for name in (*self.nothing, *more) if name not in (*same, "orders")]
            found = (
                f"(SELECT {', '.join(same)}, {_sums(added)}, toInt64(sum(c.orders) > 0) AS orders"
                f" FROM {found} AS c GROUP BY {', '.join(same)})"
            )
        return found, parameters | of_span

    def _is_of_products(self, by: tuple[Dimension, ...]) -> bool:
        """Whether products are told apart, in what is chosen or in the groups."""
        return self.query.chosen.is_of_products or bool({Dimension.PRODUCT, Dimension.CATEGORY} & {*by})

    def _gold_days(self, by: tuple[Dimension, ...], *, of_products: bool) -> str:
        """The daily sums of gold: those without products are far fewer rows, without places fewer still."""
        has_places = bool({Dimension.COUNTRY, Dimension.REGION} & {*by}) or not self.query.chosen.is_of_channels
        if not has_places and not of_products and self.gold.has("gold_payment_days"):
            return "gold_payment_days"
        is_short = not of_products and self.gold.has_costs("gold_region_sales")
        return "gold_region_sales" if is_short else "gold_daily_sales"

    def _is_stored(self, days: str) -> bool:
        """Whether gold keeps amounts in the reporting currency: then nothing has to be converted."""
        return self.gold.currency_of(days) == self.reporting

    def _cost_columns(self, days: str) -> tuple[dict[str, str], dict[str, str]]:
        """Cost and the revenue of what has a known cost, of days and of single lines, in the reporting currency."""
        if self._is_stored(days):
            return _COSTS_STORED
        factor = self._rate().factor
        of_days, of_lines = ({name: f"{said}{factor}" for name, said in columns.items()} for columns in _COSTS)
        return of_days, of_lines

    def _keys(self, by: tuple[Dimension, ...]) -> dict[str, str]:
        """The columns that group. A day of the period before stands for the like day of this one, the 29th of
        February, where this one has none, for its last.

        Rows do not know the category of their product: it comes later.
        """
        found = {}
        for dimension in by:
            if dimension.is_time:
                like_day = "if(is_now, local_day, least(local_day + {days_back:Int32}, {last_day:Date32}))"
                found[f"key_{dimension}"] = f"greatest({BUCKETS[dimension].format(like_day)}, {{first_bucket:Date32}})"
            elif dimension is Dimension.CATEGORY:
                found["product_id"] = "product_id"
            else:
                found[f"key_{dimension}"] = KEYS[dimension]
        return found

    def _with_category(self, rows: str, by: tuple[Dimension, ...]) -> str:
        if Dimension.CATEGORY not in by:
            return f"({rows})"
        return (
            f"(SELECT * FROM ({rows}) AS r"
            " LEFT ANY JOIN (SELECT product_id, toString(category) AS key_category FROM live_products FINAL) AS p"
            " USING (product_id))"
        )

    def _shift(self) -> dict[str, Any]:
        if not any(dimension.is_time for dimension in self.query.group_by):
            return {}
        period = self.span.period
        bounds = {"first_bucket": period.start, "last_day": period.end - timedelta(1)}
        return {"days_back": self.span.days_back} | bounds

    def _rate(self) -> RateInSql:
        margin = timedelta(2)  # a day of another zone may lie in two of the store's
        rates = self.known.rates(self.reporting)
        return rates.in_sql({*self.known.currencies}, self.span.first_day - margin, self.span.period.end + margin)


def _sums(names: Iterable[str]) -> str:
    return ", ".join(f"sum(c.{name}) AS {name}" for name in names)


def _without_nulls(row: Row, names: Iterable[str]) -> Row:
    """The sum of what is nowhere known is NULL."""
    return row | {name: Decimal(0) for name in names if row[name] is None}


def _key_of(row: Row, by: Sequence[Dimension]) -> tuple[Any, ...]:
    return tuple(row[f"key_{dimension}"] for dimension in by)


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
    costs: dict[tuple[Any, ...], Row],
    steps: dict[date, Period],
) -> RevenueRow:
    keys = _key_of(row, asked.query.group_by)
    cost = costs.get(keys, _NO_COST)
    now = {name: row[name] for name in _NOTHING}
    if asked.has_costs:
        now |= {"cost": cost["cost"], "with_cost": cost["with_cost"]}
    previous = None
    if asked.span.before is not None:
        then = {name: row[f"previous_{name}"] for name in _NOTHING}
        if asked.has_costs:
            then |= {"cost": cost["previous_cost"], "with_cost": cost["previous_with_cost"]}
        previous = figures_of(then, asked.reporting)
    named = dict(zip(asked.query.group_by, keys, strict=True))
    return RevenueRow(
        keys={dimension: str(key) if key != "" else None for dimension, key in named.items()},
        label=" · ".join(labels.get(dimension, {}).get(key) or str(key) or "–" for dimension, key in named.items()),
        period=next((steps[key] for dimension, key in named.items() if dimension.is_time), asked.span.period),
        figures=figures_of(now, asked.reporting),
        previous=previous,
    )


def _steps(asked: _Asked) -> dict[date, Period]:
    """The days, weeks or months of the period by their first day; none where time is not what is grouped by."""
    times = [dimension for dimension in asked.query.group_by if dimension.is_time]
    return {step.start: step for step in buckets(asked.span.period, Grain(times[0]))} if times else {}


def _dense(asked: _Asked, rows: Sequence[RevenueRow], steps: dict[date, Period]) -> list[RevenueRow]:
    """A row for every bucket, with and without sales."""
    dimension = asked.query.group_by[0]
    there = {row.period.start: row for row in rows}
    nothing = figures_of(_NOTHING, asked.reporting)
    previous = nothing if asked.span.before else None
    return [
        there.get(step.start)
        or RevenueRow({dimension: step.start.isoformat()}, step.start.isoformat(), step, nothing, previous)
        for step in steps.values()
    ][: asked.query.limit]
