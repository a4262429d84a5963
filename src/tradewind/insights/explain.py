"""A figure opened: its definition, the SQL that makes it, where its rows come from, and page by page those rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tradewind.core.clock import day_start
from tradewind.core.errors import InvalidInput
from tradewind.core.money import DEFAULT_CURRENCY, rounded
from tradewind.core.paging import checked_day, decode_cursor, encode_cursor
from tradewind.insights.beside import meanwhile
from tradewind.insights.catalogue import metric_named
from tradewind.insights.evidence import EVIDENCE, LINES, Evidence
from tradewind.insights.gold import Gold
from tradewind.insights.lineage import Table, upstream
from tradewind.insights.lookups import Lookups
from tradewind.insights.metric import Metric, Unit
from tradewind.insights.periods import Period, resolve, today_in
from tradewind.insights.rates import UNCHANGED, RateInSql
from tradewind.insights.selection import CustomerKinds, Selection
from tradewind.insights.spans import Span, rows_in
from tradewind.warehouse.client import Row

_DAYS_OF_A_PAGE = (1, 8)
_HIDDEN = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class ExplainQuery:
    """Which figure: the same filters as where it stands."""

    metric: str
    start: date | None = None
    end: date | None = None
    chosen: Selection = field(default_factory=Selection)
    zone: str | None = None
    currency: str | None = None
    kinds: CustomerKinds = field(default_factory=CustomerKinds)
    left_out: tuple[datetime, datetime] | None = None
    """Single rows of sales from the first of these moments up to the second."""

    def named(self) -> dict[str, tuple[str, ...]]:
        """All that is chosen, by the name of the filter."""
        return self.chosen.named() | self.kinds.named()


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure with its parts, exact; `period` is None for a state, which has none."""

    metric: Metric
    period: Period | None
    zone: ZoneInfo
    currency: str | None
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    sql: str
    parameters: dict[str, Any]
    lineage: list[Table]
    tests: list[str]
    is_live: bool
    as_of: datetime
    newest_fact_at: datetime | None
    columns: list[str]
    keys: tuple[str, ...]
    rows: list[Row]
    next_cursor: str | None


def explain(
    gold: Gold,
    query: ExplainQuery,
    *,
    currency: str | None,
    zone: ZoneInfo,
    now: datetime,
    known: Lookups,
    limit: int,
    cursor: str | None,
) -> Opened:
    """Opens a figure whose filters were checked. Raises GoldNotBuilt, and InvalidInput for a filter that it has not."""
    asked = Question.of(query, gold=gold, currency=currency, zone=zone, now=now, known=known)
    figure = meanwhile(asked.figure)
    rows, next_cursor = asked.page(limit, cursor)
    numerator, denominator, value = figure.result()
    sources = upstream(asked.evidence.rows.table)
    names = [name for name, _ in asked.evidence.rows.facts]
    newest = max((source["newest_event_at"] for source in known.sources), default=None)
    return Opened(
        metric=asked.metric,
        period=asked.period,
        zone=asked.zone,
        currency=asked.reporting if asked.metric.unit is Unit.MONEY else None,
        value=value,
        numerator=numerator,
        denominator=denominator,
        sql=asked.figure_sql(),
        parameters=asked.parameters,
        lineage=sources,
        tests=sorted({test for table in sources if table.name == asked.evidence.rows.table for test in table.tests}),
        is_live=asked.is_live,
        as_of=now if asked.is_live else gold.built_at(asked.evidence.rows.table) or now,
        newest_fact_at=newest,
        columns=[*asked.evidence.rows.keys, *names, *_HIDDEN[: 2 if asked.evidence.denominator else 1]],
        keys=asked.evidence.rows.keys,
        rows=rows,
        next_cursor=next_cursor,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """The texts and values with which a figure and its rows are asked for."""

    metric: Metric
    evidence: Evidence
    gold: Gold
    period: Period | None
    zone: ZoneInfo
    reporting: str
    source: str
    rate: RateInSql
    parameters: dict[str, Any]

    @classmethod
    def of(
        cls, query: ExplainQuery, *, gold: Gold, currency: str | None, zone: ZoneInfo, now: datetime, known: Lookups
    ) -> Question:
        metric = metric_named(query.metric)
        evidence = _evidence_of(metric, query.chosen)
        kind = evidence.rows
        if kind.place != "live":
            gold.need(kind.table)
        _check_filters(metric, evidence, query)
        asked_zone = ZoneInfo(query.zone) if query.zone else zone
        if query.zone and (kind.source is None or kind.day not in ("day", "date")):
            raise InvalidInput(
                f"{metric.label} is known for days of the store alone: leave out timezone.", field="timezone"
            )
        period = resolve(query.start, query.end, today_in(asked_zone, now)) if kind.day else None
        reporting = query.currency or currency or known.main_currency or DEFAULT_CURRENCY
        if kind.source is None:
            source, parameters = _plain_rows(evidence, query, period)
            rate = UNCHANGED
        else:
            assert period is not None
            source, parameters = _single_rows(evidence, query, Span(period, None, asked_zone), zone)
            margin = timedelta(2)
            first = period.start
            if kind.day not in ("day", "date"):
                # An order that was paid in the period may lie long before it.
                first = min(first, known.first_day or first)
            days = (first - margin, max(period.end, today_in(zone, now)) + margin)
            rate = known.rates(reporting).in_sql({*known.currencies}, *days)
        return cls(metric, evidence, gold, period, asked_zone, reporting, source, rate, parameters | rate.parameters)

    @property
    def is_live(self) -> bool:
        return self.evidence.rows.place == "live"

    def figure_sql(self) -> str:
        """The statement that the figure comes from."""
        parts = f"{self._numerator} AS numerator"
        if self.evidence.denominator:
            parts += f", {self._denominator} AS denominator"
        for place, part in enumerate(self.evidence.parts):
            parts += f", {part.format(rate=self.rate.factor)} AS part_{place}"
        return f"SELECT {parts}\nFROM (\n{self._counted}\n) AS r\nWHERE {self.rate.is_known}"

    def sums(self) -> tuple[Decimal, Decimal | None]:
        """Exact numerator and denominator of the whole figure."""
        numerator, denominator, _ = self._ask_figure()
        return numerator, denominator

    def figure(self) -> tuple[Decimal, Decimal | None, Decimal | None]:
        """Exact numerator and denominator, and the figure as it is shown."""
        numerator, denominator, parts = self._ask_figure()
        if parts:
            return numerator, denominator, sum((rounded(part, self.reporting) for part in parts), Decimal(0))
        return numerator, denominator, self.value(numerator, denominator)

    def _ask_figure(self) -> tuple[Decimal, Decimal | None, list[Decimal]]:
        (row,) = self.gold.warehouse.query(self.figure_sql(), self.parameters)
        parts = [_exact(row[f"part_{place}"]) for place in range(len(self.evidence.parts))]
        return _exact(row["numerator"]), _exact(row["denominator"]) if self.evidence.denominator else None, parts

    def value(self, numerator: Decimal, denominator: Decimal | None) -> Decimal | None:
        """The figure: rounded once, None where it is undefined."""
        exact = numerator
        if self.evidence.denominator:
            if not denominator:
                return None
            exact = numerator / denominator
        if self.metric.unit is Unit.MONEY:
            return rounded(exact, self.reporting)
        return exact if self.metric.unit is Unit.COUNT else round(exact, 6)

    def by_day(self) -> Iterator[tuple[date, Decimal, Decimal | None]]:
        """Exact numerator and denominator of each day that has rows, of a metric that has days."""
        kind = self.evidence.rows
        day = kind.day if kind.source is None else "local_day"
        below = f", {self._denominator} AS denominator" if self.evidence.denominator else ""
        rows = self.gold.warehouse.query(
            f"SELECT {day} AS of_day, {self._numerator} AS numerator{below} FROM ({self._counted}) AS r"
            f" WHERE {self.rate.is_known} GROUP BY of_day",
            self.parameters,
        )
        for row in rows:
            yield row["of_day"], _exact(row["numerator"]), _exact(row["denominator"]) if below else None

    def page(self, limit: int, cursor: str | None) -> tuple[list[Row], str | None]:
        """Rows that count, the newest or first ones first, and the cursor that goes on after them."""
        kind = self.evidence.rows
        place = decode_cursor(cursor, len(kind.keys)) if cursor is not None else None
        found: list[Row] = []
        for narrowed in self._narrowed(place):
            found = self._rows(limit + 1, place, self.parameters | narrowed)
            if len(found) > limit:
                break
        rows = [{name.removeprefix("fact_"): value for name, value in row.items()} for row in found[:limit]]
        more = len(found) > limit
        return rows, encode_cursor([_text(rows[-1][key]) for key in kind.keys]) if more else None

    def _narrowed(self, place: Sequence[Any] | None) -> Iterator[dict[str, Any]]:
        """Parameters that look for rows on ever more days before the place: a page is seldom of more than one.

        Only where the newest days come first; the last ones are those of the whole period.
        """
        if self.period is not None and self.evidence.rows.keys[0] == "local_day" and "now_from" in self.parameters:
            end = self.period.end if place is None else checked_day(place[0]) + timedelta(1)
            for days in _DAYS_OF_A_PAGE:
                first = end - timedelta(days)
                if first > self.period.start:
                    yield {"now_from": day_start(first, self.zone), "now_from_day": first - timedelta(2)}
        yield {}

    def _rows(self, limit: int, place: Sequence[Any] | None, parameters: dict[str, Any]) -> list[Row]:
        kind = self.evidence.rows
        after = ""
        if place is not None:
            parameters = parameters | {f"after_{i}": str(value) for i, value in enumerate(place)}
            listed = ", ".join(f"{{after_{i}:String}}" for i in range(len(place)))
            after = f" AND ({', '.join(_sortable(key) for key in kind.keys)}) < ({listed})"
        facts = "".join(f", {said.format(rate=self.rate.factor)} AS fact_{name}" for name, said in kind.facts)
        denominator = f", {self._denominator} AS denominator" if self.evidence.denominator else ""
        counts = "numerator != 0" + (" OR denominator != 0" if self.evidence.denominator else "")
        order = ", ".join(f"{_sortable(key)} DESC" for key in kind.keys)
        return self.gold.warehouse.query(
            f"""
            SELECT {", ".join(kind.keys)}{facts}, {self._numerator} AS numerator{denominator}
            FROM ({self._counted}) AS r
            WHERE {self.rate.is_known}{after}
            GROUP BY {", ".join(kind.keys)}
            HAVING {counts}
            ORDER BY {order}
            LIMIT {{limit:UInt32}}
            """,
            parameters | {"limit": limit},
        )

    @property
    def _numerator(self) -> str:
        return self.evidence.numerator.format(rate=self.rate.factor)

    @property
    def _denominator(self) -> str:
        return (self.evidence.denominator or "").format(rate=self.rate.factor)

    @property
    def _counted(self) -> str:
        """The rows; of those that count once per thing only one says so."""
        once = self.evidence.once_by
        if once is None or (once == "order_id" and self.parameters.get("grain") == "order"):
            return self.source
        kind = self.evidence.rows
        columns = kind.source.row_columns if kind.source else {}
        kept = [name for name in columns if name not in (once, "orders", "units", "revenue", "refunded", "currency")]
        sums = [f"sum({name}) AS {name}" for name in ("units", "revenue", "refunded") if name in columns]
        first = [f"any({name}) AS {name}" for name in kept]
        by = f"{once}, day, local_day, currency"
        return (
            f"SELECT {by}, {', '.join([*first, *sums])}, toInt64(sum(orders) > 0) AS orders"
            f" FROM ({self.source}) GROUP BY {by}"
        )


def _evidence_of(metric: Metric, chosen: Selection) -> Evidence:
    """Where the metric opens. Live sales know no region: those open to the lines of gold."""
    evidence = EVIDENCE[metric.slug]
    if not chosen.regions or evidence.rows.place != "live":
        return evidence
    of_lines = {
        "revenue": Evidence(LINES, "sum(r.revenue{rate})"),
        "gross_revenue": Evidence(
            LINES,
            "sumIf(r.revenue{rate}, r.kind = 'sale')",
            parts=("sum(r.revenue{rate})", "sumIf(-r.revenue{rate}, r.kind = 'refund')"),
        ),
        "refunded": Evidence(LINES, "sumIf(-r.revenue{rate}, r.kind = 'refund')"),
        "units": Evidence(LINES, "sum(r.units)"),
    }
    if metric.slug not in of_lines:
        raise InvalidInput(
            f"{metric.label} does not open by region. Use one of: {', '.join(of_lines)}.", field="region"
        )
    return of_lines[metric.slug]


def _check_filters(metric: Metric, evidence: Evidence, query: ExplainQuery) -> None:
    for name, values in query.named().items():
        if values and name not in evidence.rows.filters:
            can = ", ".join(evidence.rows.filters) or "none"
            raise InvalidInput(f"{metric.label} cannot be filtered by {name}. Its filters: {can}.", field=name)


def _plain_rows(evidence: Evidence, query: ExplainQuery, period: Period | None) -> tuple[str, dict[str, Any]]:
    """Rows of a gold table that are not single sales."""
    kind = evidence.rows
    conditions, parameters = ["1"], dict[str, Any]()
    for name, values in query.named().items():
        if values:
            conditions.append(f"ifNull({kind.filters[name]}, '') IN {{chosen_{name}:Array(String)}}")
            parameters[f"chosen_{name}"] = list(values)
    if period is not None:
        first = "toStartOfMonth({start:Date32})" if kind.day in ("month", "cohort_month") else "{start:Date32}"
        conditions.append(f"{kind.day} >= {first} AND {kind.day} < {{end:Date32}}")
        parameters |= {"start": period.start, "end": period.end}
    return f"SELECT * FROM {kind.read_from or kind.table} WHERE {' AND '.join(conditions)}", parameters


def _single_rows(
    evidence: Evidence, query: ExplainQuery, span: Span, store_zone: ZoneInfo
) -> tuple[str, dict[str, Any]]:
    """Single rows of sales in the period."""
    kind = evidence.rows
    assert kind.source is not None
    parameters = query.chosen.parameters()
    if kind.place == "live":
        parameters["grain"] = "product" if query.chosen.is_of_products else "order"
    conditions = query.chosen.conditions()
    if kind.day not in ("day", "date"):
        # By a day of its own, which has no moment: days of the store.
        where = " AND ".join([f"{kind.day} >= {{start:Date32}} AND {kind.day} < {{end:Date32}}", *conditions])
        listed = ", ".join(
            name if name == said else f"{said} AS {name}" for name, said in kind.source.row_columns.items()
        )
        sql = f"SELECT {listed}, s.date AS day, {kind.day} AS local_day FROM {kind.table} AS s WHERE {where}"
        return sql, parameters | {"start": span.period.start, "end": span.period.end}
    if query.left_out is not None:
        conditions.append("(s.at < {left_out:DateTime64(6, 'UTC')} OR s.at >= {until:DateTime64(6, 'UTC')})")
        parameters["left_out"], parameters["until"] = query.left_out
    sql, of_span = rows_in(kind.source, span, store_zone, conditions, by_row=True)
    return sql, parameters | of_span


def _sortable(key: str) -> str:
    """A key as text that sorts as the key does: line numbers and periods of different lengths too."""
    return f"leftPad(toString({key}), 10, '0')" if key in ("line_no", "period") else f"toString({key})"


def _text(value: Any) -> str:
    return str(value).rjust(10, "0") if isinstance(value, int) else str(value)


def _exact(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def opens_to(metric: Metric) -> Mapping[str, str]:
    """The filters that the metric can be explained with."""
    return EVIDENCE[metric.slug].rows.filters


def columns_with_roles(opened: Opened) -> Sequence[tuple[str, str]]:
    """The columns of the rows, each with what it is there for."""
    return [(name, "key" if name in opened.keys else name if name in _HIDDEN else "fact") for name in opened.columns]
