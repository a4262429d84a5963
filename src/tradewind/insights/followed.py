"""The metrics that can be followed from one moment to another, and the signed rows that say how they changed.

Entries of orders and refunds are signed already: what a state takes back stands in it. What an order or a refund says
as a whole (shipping, tax, discount, fees) is not: there every state takes back the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.insights.rates import RateInSql

_STATE = "Tuple(at DateTime64(6, 'UTC'), channel String, country String, currency String, amount Decimal(38, 4))"


@dataclass(frozen=True, slots=True)
class Followed:
    """How a metric reads facts: what an entry counts, or what a state of an order and of a refund does."""

    of_entry: str = ""
    of_order: str = ""
    of_refund: str = "0"
    over: str = ""
    """Of a ratio, what an entry counts below the line."""
    is_count: bool = False

    @property
    def is_of_states(self) -> bool:
        return not self.of_entry


FOLLOWED = {
    "revenue": Followed("entry.revenue"),
    "gross_revenue": Followed("(entry.revenue + entry.refunded)"),
    "refunded": Followed("entry.refunded"),
    "orders": Followed("toInt64(entry.orders)", is_count=True),
    "units": Followed("entry.units", is_count=True),
    "average_order_value": Followed("entry.revenue", over="toInt64(entry.orders)"),
    "revenue_with_shipping": Followed(
        of_order="arraySum(lines.revenue) + shipping", of_refund="-arraySum(lines.amount) - shipping"
    ),
    "revenue_with_tax": Followed(
        of_order="arraySum(lines.revenue) + shipping + tax", of_refund="-arraySum(lines.amount) - shipping - tax"
    ),
    "shipping": Followed(of_order="shipping", of_refund="-shipping"),
    "tax": Followed(of_order="tax", of_refund="-tax"),
    "discount": Followed(of_order="discount"),
    "order_fees": Followed(of_order="fees"),
}
"""By slug. Of sold orders by their day, and of refunds by theirs; `order_fees` are those that orders tell of."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A landed table of states, and what its columns are called."""

    kind: str
    table: str
    key: str
    moment: str
    named: tuple[str, ...]
    number: str = "''"
    state: str = "''"
    counts: str = "1"
    """What a state has to be for its amounts to count."""


_ORDERS = _Told(
    "order", "log_orders", "order_id", "placed_at", ("order_id", "order_number", "status"), "order_number",
    "toString(status)", "is_sold",
)  # fmt: skip
_REFUNDS = _Told("refund", "log_refunds", "refund_id", "refunded_at", ("refund_id", "order_id"))


def signed_rows(of: Followed, rate: RateInSql, conditions: list[str], *, since: str, until: str) -> str:
    """Rows of the period, each with its `amount`, what it counts below the line (`below`) and `ingested_at`.

    Parameters: start, end, zone, store_zone and grain; `since` and `until` are conditions on when a fact came in.
    """
    factor = "" if of.is_count else rate.factor
    bounds = [rate.is_known, *conditions, "entry.at >= {start:DateTime64(6, 'UTC')}"]
    bounds += ["entry.at < {end:DateTime64(6, 'UTC')}", since, until]
    if not of.is_of_states:
        bounds.append("entry.grain = {grain:String}")
    parts = []
    for told, amount in ((_ORDERS, of.of_order), (_REFUNDS, of.of_refund)):
        source = _states(told, amount) if of.is_of_states else f"{told.table} ARRAY JOIN entries AS entry"
        parts.append(
            f"""
            SELECT '{told.kind}' AS kind, {told.key} AS thing_id, order_id, {told.number} AS number,
                {told.state} AS state, ingested_at, entry.channel AS channel, entry.currency AS currency,
                entry.at AS at, toDate32(entry.at, {{zone:String}}) AS local_day,
                toDate32(entry.at, {{store_zone:String}}) AS day,
                {of.of_entry or "entry.amount"}{factor} AS amount, {of.over or "toInt64(0)"} AS below
            FROM {source}
            WHERE {" AND ".join(bounds)}
            """
        )
    return " UNION ALL ".join(parts)


def _states(told: _Told, amount: str) -> str:
    """Each state with its amount, and the one before it with the opposite one."""
    return f"""(
        SELECT {", ".join(told.named)}, ingested_at,
            (
                {told.moment}, toString(channel), toString(ship_country), toString(currency),
                toDecimal128({amount}, 4) * {told.counts}
            ) AS told,
            lagInFrame(told) OVER states AS was, row_number() OVER states AS nth,
            CAST(if(nth = 1, [told], [told, (was.1, was.2, was.3, was.4, -was.5)]), $$Array({_STATE})$$) AS sides
        FROM {told.table}
        WHERE {told.key} IN (
            SELECT {told.key} FROM {told.table}
            WHERE {told.moment} >= {{start:DateTime64(6, 'UTC')}} AND {told.moment} < {{end:DateTime64(6, 'UTC')}}
        )
        WINDOW states AS (
            PARTITION BY {told.key} ORDER BY version, log_offset ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ) ARRAY JOIN sides AS entry"""
