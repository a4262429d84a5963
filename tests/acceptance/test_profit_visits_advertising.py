"""Profit, the funnel and what customers cost to win, once more by DuckDB from the facts as they were told.

The real files say nothing of costs, fees, advertising or visits, so this is a small set of our own. DuckDB gets the
very rows that the product is told, and computes what the definitions say, with none of the product's code on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from tests.acceptance.by_definition import by, four_digits
from tests.spine import Shop, a_line, a_platform, an_order
from tradewind.commerce.advertising.service import NewAdSpend, record_ad_spend
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.fees.service import NewFee, record_fees
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.commerce.rates.service import NewRate, put_rates
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, serve_gateway

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("gold-by-definition")]
ZONE = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 1, 3, 12, 0, tzinfo=UTC)
CHANNELS = ("shop", "amazon")
DOLLAR = Decimal("0.9")
# Price and cost of a unit; of the last one nobody knows the cost.
GOODS = {"A": ("10.00", "4.00"), "B": ("25.50", "19.90"), "C": ("3.20", "3.60"), "D": ("7.00", None)}


@dataclass(frozen=True, slots=True)
class Told:
    """An order as it is told, and whether one unit of its first line came back."""

    number: str
    channel: str
    customer: str
    at: datetime
    status: OrderStatus
    currency: str
    fees: Decimal
    lines: tuple[tuple[str, int], ...]
    refunded_at: datetime | None

    @property
    def is_sold(self) -> bool:
        return self.status not in (OrderStatus.PENDING, OrderStatus.CANCELLED)


def _orders() -> Iterator[Told]:
    for n in range(90):
        # Some fall on the next day, or month, of the store's zone.
        at = FIRST + timedelta(days=n, hours=11 * (n % 4 == 0), minutes=40)
        kinds = {3: OrderStatus.CANCELLED, 7: OrderStatus.PENDING, 9: OrderStatus.CONFIRMED}
        yield Told(
            f"O-{n}",
            CHANNELS[n * 5 % 7 % 2],
            str(n * n % 23),
            at,
            kinds.get(n % 11, OrderStatus.DELIVERED),
            "USD" if n % 6 == 1 else "EUR",
            Decimal(n % 3),
            tuple((sku, 1 + (n + place) % 3) for place, sku in enumerate(list(GOODS)[n % 4 :])),
            at + timedelta(days=20) if n % 8 == 2 else None,
        )


ORDERS = list(_orders())
FEES = [(f"plan-{c}-{m}", c, date(2026, m, 15), Decimal(9 + m)) for c in CHANNELS for m in (1, 2, 3)]
SPENT = [(c, FIRST.date() + timedelta(7 * week), Decimal(20 + week)) for week in range(10) for c in CHANNELS]
# Sessions: when the first event came, the channel, and how far it went; an event may come twice, or alone.
_STEPS = (["view"], ["view", "view", "cart"], ["view", "cart", "checkout"], ["cart", "sale"], ["view", "sale", "sale"])
VISITS = [
    (f"S-{n}", FIRST + timedelta(hours=9 * n, minutes=50), CHANNELS[n % 3 % 2], _STEPS[n * 7 % 5]) for n in range(120)
]


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


def _tell(platform: Platform) -> None:
    with platform.database.write() as tx:
        put_rates(tx, [NewRate(date(2025, 12, 1), "USD", "EUR", DOLLAR)], source="test", now=FIRST)
    for code in CHANNELS:
        shop = Shop.open(platform.database, code, keeps_stock=False)
        mine = [one for one in ORDERS if one.channel == code]
        outcomes = shop.book(
            *(
                an_order(
                    one.number,
                    *(a_line(sku, count, GOODS[sku][0], unit_cost=_cost(sku)) for sku, count in one.lines),
                    placed_at=one.at,
                    status=one.status,
                    currency=one.currency,
                    fees=one.fees,
                    customer=NewCustomer(f"{code}-{one.customer}"),
                )
                for one in mine
            )
        )
        assert all(outcome.error is None for outcome in outcomes)
        with platform.database.write() as tx:
            back = [
                NewRefund(
                    f"R-{one.number}", one.refunded_at, one.currency, _first_unit(one), order_reference=one.number
                )
                for one in mine
                if one.refunded_at is not None
            ]
            book_refunds(tx, back, shop.booking)
            at_noon = timedelta(hours=12)
            fees = [
                NewFee(key, FeeKind.SUBSCRIPTION, fee, "EUR", datetime.combine(day, datetime.min.time(), UTC) + at_noon)
                for key, channel, day, fee in FEES
                if channel == code
            ]
            record_fees(tx, fees, shop.booking)
    with platform.database.write() as tx:
        record_ad_spend(tx, [NewAdSpend(c, "brand", day, spent, "EUR", 5, 50) for c, day, spent in SPENT], now=FIRST)
    platform.settle()
    events = ", ".join(
        f"('{session}-{place}', '{session}', '{at + timedelta(0, place):%Y-%m-%d %H:%M:%S}', '{step}', '{channel}')"
        for session, at, channel, steps in VISITS
        for place, step in enumerate(steps)
    )
    platform.warehouse.command(
        f"""
        CREATE OR REPLACE VIEW observed_events AS
        SELECT e.1 AS event_id, toDateTime64(e.3, 3, 'UTC') AS timestamp, e.4 AS type, e.2 AS session_id,
            'V' AS visitor_id, '' AS customer_id, 'p' AS product_id, e.5 AS channel, 'main' AS store_id,
            CAST(NULL AS Nullable(Decimal(18, 4))) AS price, 'EUR' AS currency, '' AS source, '' AS campaign,
            '' AS referrer, '' AS device
        FROM (SELECT arrayJoin([{events}]) AS e)
        """
    )


def _cost(sku: str) -> Decimal | None:
    cost = GOODS[sku][1]
    return None if cost is None else Decimal(cost)


def _first_unit(one: Told) -> tuple[NewRefundLine, ...]:
    sku = one.lines[0][0]
    return (NewRefundLine(sku, 1, Decimal(GOODS[sku][0])),)


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same facts as tables, on the days of the store's zone."""
    made = duckdb.connect()
    made.execute("""
        CREATE TABLE orders (number VARCHAR, channel VARCHAR, customer VARCHAR, placed_at TIMESTAMP, day DATE,
            is_sold BOOLEAN, rate DECIMAL(4, 1), fees DECIMAL(10, 2));
        CREATE TABLE lines (number VARCHAR, day DATE, sign INTEGER, units INTEGER, price DECIMAL(10, 2),
            cost DECIMAL(10, 2));
        CREATE TABLE fees (channel VARCHAR, day DATE, amount DECIMAL(10, 2));
        CREATE TABLE spend (channel VARCHAR, day DATE, amount DECIMAL(10, 2));
        CREATE TABLE events (session VARCHAR, channel VARCHAR, day DATE, step VARCHAR);
    """)
    for one in ORDERS:
        rate = DOLLAR if one.currency == "USD" else Decimal(1)
        at = one.at.replace(tzinfo=None)
        told: list[Any] = [one.number, one.channel, f"{one.channel}-{one.customer}", at, _day(one.at), one.is_sold]
        made.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [*told, rate, one.fees])
        lines = [(one.at, 1, sku, units) for sku, units in one.lines if one.is_sold]
        if one.refunded_at is not None:
            lines.append((one.refunded_at, -1, one.lines[0][0], 1))
        for at_line, sign, sku, units in lines:
            row = [one.number, _day(at_line), sign, units, Decimal(GOODS[sku][0]), _cost(sku)]
            made.execute("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)", row)
    made.executemany("INSERT INTO fees VALUES (?, ?, ?)", [(channel, day, fee) for _, channel, day, fee in FEES])
    made.executemany("INSERT INTO spend VALUES (?, ?, ?)", SPENT)
    steps = [(session, channel, _day(at), step) for session, at, channel, steps in VISITS for step in steps]
    made.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", steps)
    yield made
    made.close()


def ask(duck: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = duck.execute(sql)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("by_definition")
    with a_platform(folder / "data", chdb_path, store={"timezone": ZONE.key, "currency": "EUR"}) as platform:
        _tell(platform)
        gateway = serve_gateway(platform.warehouse, lambda *_: Access("dbt", may_write=True), port=0)
        try:
            built = medallion.build(
                *("127.0.0.1", gateway.port, "dbt", "secret"),
                work_dir=folder / "work",
                variables={"timezone": ZONE.key, "reporting_currency": "EUR"},
                select="+gold_channel_profit +gold_order_profit +gold_funnel +gold_acquisition",
            )
        finally:
            gateway.stop()
        assert built.is_good, built.failures
        yield platform


def test_the_profit_of_every_channel_and_month(gold: Platform, duck: duckdb.DuckDBPyConnection) -> None:
    """Revenue less cost, line by line and of known costs alone, less fees, less advertising."""
    expected = ask(
        duck,
        """
        WITH sold AS (
            SELECT date_trunc('month', lines.day) AS month, channel, sum(sign * units * price * rate) AS revenue,
                sum(sign * units * cost * rate) AS cost,
                sum(sign * units * price * rate) FILTER (cost IS NOT NULL) AS revenue_with_cost
            FROM lines JOIN orders USING (number) GROUP BY ALL
        ),
        kept AS (
            SELECT date_trunc('month', day) AS month, channel, sum(amount) AS fees FROM (
                SELECT channel, day, fees * rate AS amount FROM orders WHERE is_sold UNION ALL FROM fees
            ) GROUP BY ALL
        ),
        spent AS (SELECT date_trunc('month', day) AS month, channel, sum(amount) AS spend FROM spend GROUP BY ALL)
        SELECT CAST(month AS DATE) AS month, channel, coalesce(revenue, 0) AS revenue, coalesce(cost, 0) AS cost,
            coalesce(revenue_with_cost, 0) AS with_cost, coalesce(fees, 0) AS fees, coalesce(spend, 0) AS spend
        FROM sold FULL JOIN kept USING (month, channel) FULL JOIN spent USING (month, channel)
        """,
    )
    rows = by(gold.warehouse.query("SELECT * FROM gold_channel_profit"), "month", "channel")
    assert len(expected) == len(rows) >= 6
    for one in expected:
        found, profit = rows[one["month"], one["channel"]], one["with_cost"] - one["cost"]
        assert (found["revenue"], found["cost"], found["fees"], found["ad_spend"]) == (
            one["revenue"], one["cost"], one["fees"], one["spend"],
        )  # fmt: skip
        assert (found["gross_profit"], found["contribution"]) == (profit, profit - one["fees"] - one["spend"])
        share = float(profit / one["with_cost"]) if one["with_cost"] > 0 else None
        assert found["margin"] == (None if share is None else pytest.approx(share, abs=1e-6))


def test_the_profit_of_every_order(gold: Platform, duck: duckdb.DuckDBPyConnection) -> None:
    """With all that ever came off it; of an order with a line of unknown cost there is none."""
    expected = ask(
        duck,
        """
        SELECT number, sum(sign * units * price * rate) AS revenue,
            CASE WHEN count(*) = count(cost) THEN sum(sign * units * (price - cost) * rate) END AS profit
        FROM lines JOIN orders USING (number) GROUP BY number
        """,
    )
    rows = gold.warehouse.query("SELECT order_number, revenue, gross_profit FROM gold_order_profit")
    assert {row["order_number"]: (row["revenue"], row["gross_profit"]) for row in rows} == {
        one["number"]: (one["revenue"], one["profit"]) for one in expected
    }
    assert {one["profit"] is None for one in expected} == {True, False}


def test_the_funnel_of_every_day_and_channel(gold: Platform, duck: duckdb.DuckDBPyConnection) -> None:
    """Who went further has been where it was before; what is sent twice counts once."""
    expected = ask(
        duck,
        """
        WITH visits AS (
            SELECT session, any_value(channel) AS channel, any_value(day) AS day,
                max(CASE step WHEN 'sale' THEN 4 WHEN 'checkout' THEN 3 WHEN 'cart' THEN 2 ELSE 1 END) AS far
            FROM events GROUP BY session
        )
        SELECT day, channel, count(*) AS sessions, count(*) FILTER (far >= 1) AS viewed,
            count(*) FILTER (far >= 2) AS carted, count(*) FILTER (far >= 3) AS checked_out,
            count(*) FILTER (far = 4) AS bought
        FROM visits GROUP BY day, channel
        """,
    )
    steps = ("sessions", "viewed", "carted", "checked_out", "bought")
    rows = gold.warehouse.query("SELECT * FROM gold_funnel")
    assert {(row["date"], row["channel"]): [row[step] for step in steps] for row in rows} == {
        (one["day"], one["channel"]): [one[step] for step in steps] for one in expected
    }
    for row in rows:
        assert row["conversion_rate"] == pytest.approx(row["bought"] / row["sessions"], abs=1e-6)


def test_what_a_new_customer_cost(gold: Platform, duck: duckdb.DuckDBPyConnection) -> None:
    """Advertising of a month over the customers whose first order lies in it, by the channel of that order."""
    expected = ask(
        duck,
        """
        WITH firsts AS (
            SELECT customer, date_trunc('month', arg_min(day, placed_at)) AS month,
                arg_min(channel, placed_at) AS channel
            FROM orders WHERE is_sold GROUP BY customer
        ),
        won AS (SELECT month, channel, count(*) AS customers FROM firsts GROUP BY ALL),
        spent AS (SELECT date_trunc('month', day) AS month, channel, sum(amount) AS spend FROM spend GROUP BY ALL)
        SELECT CAST(month AS DATE) AS month, channel, spend, coalesce(customers, 0) AS customers
        FROM won FULL JOIN spent USING (month, channel)
        """,
    )
    rows = gold.warehouse.query("SELECT * FROM gold_acquisition")
    found = {(row["month"], row["channel"]): (row["ad_spend"], row["new_customers"], row["cac"]) for row in rows}
    assert len(found) == len(expected)
    for one in expected:
        cost = None if one["spend"] is None else four_digits(one["spend"], one["customers"])
        assert found[one["month"], one["channel"]] == (one["spend"], one["customers"], cost)
