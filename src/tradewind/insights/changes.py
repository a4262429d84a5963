"""Why a figure is another one than it was: what came into the warehouse between two moments.

Landed tables keep when each fact came in, and its rows are signed. What was known at a moment is today's figure less
what came in since, or all that had come in by then; the rows of those between two moments explain a difference.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tradewind.core.clock import day_start
from tradewind.core.errors import InvalidInput
from tradewind.core.money import DEFAULT_CURRENCY, rounded
from tradewind.core.paging import decode_cursor, encode_cursor
from tradewind.insights.beside import meanwhile
from tradewind.insights.explain import ExplainQuery, Question
from tradewind.insights.followed import FOLLOWED, Followed, signed_rows
from tradewind.insights.gold import Gold
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import Period, resolve, today_in
from tradewind.insights.rates import RateInSql
from tradewind.insights.selection import Selection, UnknownChoice
from tradewind.warehouse.client import Row, Warehouse

METRICS = tuple(FOLLOWED)
_SINCE = "ingested_at >= {before:DateTime64(6, 'UTC')}"
_UNTIL = "ingested_at < {after:DateTime64(6, 'UTC')}"

# Spans of when a fact came in.
_EARLIER = "ingested_at < {before:DateTime64(6, 'UTC')}"
_BETWEEN = f"{_SINCE} AND {_UNTIL}"
_LATER = "ingested_at >= {after:DateTime64(6, 'UTC')}"


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """A figure, and the two moments: what came in before each of them was known at it."""

    metric: str
    before: datetime
    after: datetime | None = None
    start: date | None = None
    end: date | None = None
    chosen: Selection = field(default_factory=Selection)
    zone: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Exact sums as they were known at a moment; `below` is that below the line, of a ratio."""

    amount: Decimal
    below: Decimal | None

    def less(self, other: Known) -> Known:
        below = None if self.below is None or other.below is None else self.below - other.below
        return Known(self.amount - other.amount, below)


@dataclass(frozen=True, slots=True)
class Part:
    """A sum that a ratio is made of, at both moments."""

    metric: str
    value_before: Decimal
    value_after: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """`difference` is that of both values; the rows' exact amounts add up to it before rounding.

    A ratio is undefined where nothing stands below its line. Its `parts` add up instead: the rows' amounts to the
    difference of the first, what they count below the line to that of the second.
    """

    metric: str
    period: Period
    before: datetime
    after: datetime
    currency: str | None
    value_before: Decimal | None
    value_after: Decimal | None
    parts: tuple[Part, ...]
    rows: list[Row]
    next_cursor: str | None

    @property
    def difference(self) -> Decimal | None:
        if self.value_before is None or self.value_after is None:
            return None
        return self.value_after - self.value_before


def changes(
    gold: Gold,
    query: ChangesQuery,
    *,
    currency: str | None,
    zone: ZoneInfo,
    now: datetime,
    known: Lookups,
    limit: int,
    cursor: str | None,
) -> Changes:
    """Answers a question whose filters were checked. Amounts of both moments are converted with today's rates."""
    if query.metric not in FOLLOWED:
        raise UnknownChoice("metric", query.metric, METRICS, hint=" Others are only known as of the last build.")
    _check(query)
    after = query.after or now
    if after < query.before:
        raise InvalidInput("`after` is the later moment; it lies before `before`.", field="after")
    asked_zone = ZoneInfo(query.zone) if query.zone else zone
    period = resolve(query.start, query.end, today_in(asked_zone, now))
    reporting = query.currency or currency or known.main_currency or DEFAULT_CURRENCY
    of = FOLLOWED[query.metric]
    asked = _Asked(gold.warehouse, query, period, asked_zone, zone, reporting, after, known)
    page = meanwhile(asked.page, limit, cursor)
    if of.is_of_states:
        at_before, at_after = asked.known_from_all()
    else:
        same = ExplainQuery(query.metric, query.start, query.end, query.chosen, query.zone, query.currency)
        live = Question.of(same, gold=gold, currency=currency, zone=zone, now=now, known=known)
        at_before, at_after = asked.known_from_now(meanwhile(live.sums))
    rows, next_cursor = page.result()

    def value(known: Known) -> Decimal | None:
        if of.over:
            return rounded(known.amount / known.below, reporting) if known.below else None
        return known.amount if of.is_count else rounded(known.amount, reporting)

    return Changes(
        metric=query.metric,
        period=period,
        before=query.before,
        after=after,
        currency=None if of.is_count else reporting,
        value_before=value(at_before),
        value_after=value(at_after),
        parts=_parts(at_before, at_after, reporting) if of.over else (),
        rows=rows,
        next_cursor=next_cursor,
    )


def _parts(before: Known, after: Known, currency: str) -> tuple[Part, ...]:
    """Of the average order value: what it divides, and by what."""
    revenue = Part("revenue", rounded(before.amount, currency), rounded(after.amount, currency))
    return revenue, Part("orders", before.below or Decimal(0), after.below or Decimal(0))


def _check(query: ChangesQuery) -> None:
    for name, moment in (("before", query.before), ("after", query.after)):
        if moment is not None and (moment.tzinfo is None or not 1970 <= moment.year < 2200):
            raise InvalidInput("Say the moment with its zone, such as 2026-03-10T08:00:00Z.", field=name)
    if query.chosen.regions:
        raise InvalidInput("Entries of sales know no region: leave it out.", field="region")
    if not query.chosen.is_of_products:
        return
    if query.metric in ("orders", "average_order_value"):
        raise InvalidInput(
            "Orders with a product cannot be compared between moments. Ask for units or revenue.", field="metric"
        )
    if FOLLOWED[query.metric].is_of_states:
        raise InvalidInput(
            "Shipping, tax, discount and fees are told of whole orders: leave out product and category.", field="metric"
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    warehouse: Warehouse
    query: ChangesQuery
    period: Period
    zone: ZoneInfo
    store_zone: ZoneInfo
    reporting: str
    after: datetime
    known: Lookups

    def known_from_now(self, sums: Future[tuple[Decimal, Decimal | None]]) -> tuple[Known, Known]:
        """What was known at both moments, from what is known now, which is on its way, and what came in since."""
        between, later = self._sums(_BETWEEN, _LATER, since=_SINCE)
        at_after = Known(*sums.result()).less(later)
        return at_after.less(between), at_after

    def known_from_all(self) -> tuple[Known, Known]:
        """The same from all that had come in by then."""
        earlier, between = self._sums(_EARLIER, _BETWEEN, since="1")
        return earlier, Known(earlier.amount + between.amount, None)

    def _sums(self, *spans: str, since: str) -> list[Known]:
        """What came in during each of these spans."""
        rate, names = self._rate(), ["amount", *(["below"] if self._of.over else [])]
        sums = ", ".join(
            f"sumIf({name}, {came}) AS {name}_{place}" for place, came in enumerate(spans) for name in names
        )
        (found,) = self.warehouse.query(
            f"SELECT {sums} FROM ({self._rows(rate, since=since, until='1')})", self._parameters(rate)
        )
        told = {name: Decimal(str(value)) for name, value in found.items()}
        return [Known(told[f"amount_{place}"], told.get(f"below_{place}")) for place in range(len(spans))]

    def page(self, limit: int, cursor: str | None) -> tuple[list[Row], str | None]:
        """The orders and refunds that were told of in between and changed the figure, the newest told first."""
        rate = self._rate()
        parameters = self._parameters(rate) | {"limit": limit + 1}
        after = "1"
        if cursor is not None:
            moment, kind, thing = decode_cursor(cursor, 3)
            after = "(toString(told_at), kind, thing_id) < ({c0:String}, {c1:String}, {c2:String})"
            parameters |= {"c0": str(moment), "c1": str(kind), "c2": str(thing)}
        rows = self.warehouse.query(
            f"""
            SELECT kind, thing_id, any(order_id) AS order, argMax(number, ingested_at) AS order_number,
                any(channel) AS channel, any(currency) AS currency, argMax(state, ingested_at) AS status,
                max(at) AS at, max(local_day) AS day, max(ingested_at) AS told_at, sum(amount) AS amount,
                sum(below) AS below
            FROM ({self._rows(rate, since=_SINCE, until=_UNTIL)})
            GROUP BY kind, thing_id
            HAVING (amount != 0 OR below != 0) AND {after}
            ORDER BY toString(told_at) DESC, kind DESC, thing_id DESC
            LIMIT {{limit:UInt32}}
            """,
            parameters,
        )
        shown = rows[:limit]
        if len(rows) <= limit:
            return shown, None
        last = shown[-1]
        told_at = last["told_at"].strftime("%Y-%m-%d %H:%M:%S.%f")
        return shown, encode_cursor([told_at, last["kind"], last["thing_id"]])

    @property
    def _of(self) -> Followed:
        return FOLLOWED[self.query.metric]

    def _rows(self, rate: RateInSql, *, since: str, until: str) -> str:
        return signed_rows(self._of, rate, self.query.chosen.conditions(of="entry."), since=since, until=until)

    def _parameters(self, rate: RateInSql) -> dict[str, Any]:
        return (
            rate.parameters
            | self.query.chosen.parameters()
            | {
                "before": self.query.before,
                "after": self.after,
                "start": day_start(self.period.start, self.zone),
                "end": day_start(self.period.end, self.zone),
                "zone": self.zone.key,
                "store_zone": self.store_zone.key,
                "grain": "product" if self.query.chosen.is_of_products else "order",
            }
        )

    def _rate(self) -> RateInSql:
        margin = timedelta(2)
        rates = self.known.rates(self.reporting)
        return rates.in_sql({*self.known.currencies}, self.period.start - margin, self.period.end + margin)
