"""Every figure of live sales opens: its rows, page by page, add up to it, and it is the one that the answers show."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.insights import oracle
from tests.insights.random_store import NOW, fill
from tests.insights.test_revenue import Store, a_random_query
from tests.spine import NOON, Shop, a_line, a_platform, an_order
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.core.clock import ManualClock
from tradewind.core.errors import InvalidInput
from tradewind.core.paging import encode_cursor
from tradewind.insights.catalogue import METRICS
from tradewind.insights.changes import METRICS as CHANGING
from tradewind.insights.changes import Changes, ChangesQuery, changes
from tradewind.insights.evidence import EVIDENCE
from tradewind.insights.explain import ExplainQuery, Opened, explain
from tradewind.insights.gold import Gold, GoldNotBuilt
from tradewind.insights.lineage import tables, upstream
from tradewind.insights.lookups import Lookups
from tradewind.insights.revenue import RevenueQuery
from tradewind.insights.selection import CustomerKinds, UnknownChoice
from tradewind.platform import Platform

ZONE = ZoneInfo("Europe/Berlin")
LIVE = [slug for slug, evidence in EVIDENCE.items() if evidence.rows.place == "live"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Store]:
    settings = {"timezone": ZONE.key, "currency": "EUR"}
    with a_platform(tmp_path_factory.mktemp("store"), chdb_path, store=settings) as platform:
        fill(platform, random.Random(11))
        with platform.database.read() as tx:
            yield Store(platform, oracle.sales_of(tx, ZONE), oracle.rate_of(tx, "EUR"))


def opened(platform: Platform, query: ExplainQuery, now: datetime = NOW, **page: object) -> Opened:
    known, gold = Lookups(platform.warehouse), Gold(platform.warehouse)
    options = {"limit": 50, "cursor": None} | page
    return explain(gold, query, currency="EUR", zone=ZONE, now=now, known=known, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("slug", LIVE)
def test_rows_add_up_to_the_figure_that_the_answer_shows(store: Store, slug: str) -> None:
    chance = random.Random(slug)
    for _ in range(4):
        asked = a_random_query(chance, store)
        shown = getattr(store.ask(asked).totals, slug)
        query = ExplainQuery(slug, asked.start, asked.end, asked.chosen, asked.zone)
        found, cursor, seen = opened(store.platform, query), None, set()
        numerator = denominator = Decimal(0)
        while True:
            page = opened(store.platform, query, cursor=cursor)
            for row in page.rows:
                key = tuple(row[name] for name in page.keys)
                assert key not in seen
                seen.add(key)
                numerator += Decimal(str(row["numerator"]))
                denominator += Decimal(str(row.get("denominator", 0)))
            cursor = page.next_cursor
            if cursor is None:
                break
        assert numerator == found.numerator
        assert denominator == (found.denominator or 0)
        assert found.value == shown, query


@pytest.mark.parametrize("place", ["soon", "0001-01-01", "9999-12-31", "", 7])
def test_a_cursor_of_no_day_is_refused(store: Store, place: object) -> None:
    with pytest.raises(InvalidInput, match="not one of ours"):
        opened(store.platform, ExplainQuery("revenue"), cursor=encode_cursor([place, "01ABC"]))


def test_every_metric_opens_and_says_where_it_comes_from() -> None:
    assert set(EVIDENCE) == set(METRICS)
    for slug, evidence in EVIDENCE.items():
        names = [table.name for table in upstream(evidence.rows.table)]
        # gold tables come with the project: what is known of them is held against dbt in test_gold.py
        if evidence.rows.place == "live":
            assert names == ["log_orders", "log_refunds", "live_sales"], slug


def test_the_graph_of_tables_is_that_of_their_texts() -> None:
    known = tables()
    assert set(known["silver_orders"].reads) == {"bronze_orders"}
    assert known["bronze_orders"].reads == ("log_orders",)
    assert known["log_orders"].kind == "landed"
    assert "assert_gold_sales_metrics_equals_live" in known["gold_sales_metrics"].tests
    assert all(source in known for table in known.values() for source in table.reads)


def test_what_gold_has_to_say_needs_a_build(store: Store) -> None:
    with pytest.raises(GoldNotBuilt, match="tradewind warehouse build"):
        opened(store.platform, ExplainQuery("margin"))


def test_an_unknown_metric_or_a_filter_that_it_has_not_is_refused_with_those_there_are(store: Store) -> None:
    with pytest.raises(UnknownChoice, match="revenue"):
        opened(store.platform, ExplainQuery("happiness"))
    with pytest.raises(InvalidInput, match="channel, product, category, country"):
        opened(store.platform, ExplainQuery("revenue", kinds=CustomerKinds(segments=("VIP",))))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path, store: Store) -> list[datetime]:
    """Moments between which something happened, on top of the store's sales: when each step had landed."""
    platform = store.platform
    shop = Shop.open(platform.database, "shop", keeps_stock=False)
    moments = [_landed(platform)]
    known: dict[str, Any] = {
        "placed_at": NOON,
        "ship_country": "DE",
        "shipping": Decimal("4.90"),
        "fees": Decimal("2.50"),
    }
    shop.book(an_order("C-1", a_line("SKU-1", 2, "10.00"), **known))
    moments.append(_landed(platform))
    shop.book(an_order("C-1", a_line("SKU-1", 3, "10.00"), **known))
    shop.book(an_order("C-2", a_line("SKU-2", 1, "99.00"), placed_at=NOON, status=OrderStatus.PENDING))
    moments.append(_landed(platform))
    shop.book(an_order("C-2", a_line("SKU-2", 1, "99.00"), placed_at=NOON, shipping=Decimal("1.50")))
    with platform.database.write() as tx:
        line = NewRefundLine("SKU-1", 1, Decimal("10.00"))
        refund = NewRefund(
            "C-R", NOON + timedelta(hours=1), "EUR", (line,), order_reference="C-1", ship_country="DE",
            shipping=Decimal("2.00"), tax=Decimal("0.40"),
        )  # fmt: skip
        book_refunds(tx, [refund], shop.booking)
    moments.append(_landed(platform))
    return moments


def _landed(platform: Platform) -> datetime:
    """The moment right after all that was booked came into the warehouse, by the clock that the sink writes."""
    platform.settle()
    (row,) = platform.warehouse.query(
        "SELECT greatest((SELECT max(ingested_at) FROM log_orders), (SELECT max(ingested_at) FROM log_refunds)) AS at"
    )
    assert isinstance(platform.clock, ManualClock)
    platform.clock.advance(seconds=1)
    moment: datetime = row["at"] + timedelta(microseconds=1)
    return moment


def told(store: Store, metric: str, before: datetime, after: datetime, **page: object) -> Changes:
    known, gold = Lookups(store.platform.warehouse), Gold(store.platform.warehouse)
    query = ChangesQuery(metric, before, after, date(2026, 3, 1), date(2026, 4, 1))
    options = {"limit": 200, "cursor": None} | page
    return changes(gold, query, currency="EUR", zone=ZONE, now=NOW, known=known, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("metric", "steps"),
    [
        ("revenue", ["20.00", "10.00", "89.00"]),
        ("gross_revenue", ["20.00", "10.00", "99.00"]),
        ("refunded", ["0.00", "0.00", "10.00"]),
        ("orders", ["1", "0", "1"]),
        ("units", ["2", "1", "0"]),
        ("revenue_with_shipping", ["24.90", "10.00", "88.50"]),
        ("revenue_with_tax", ["24.90", "10.00", "88.10"]),
        ("shipping", ["4.90", "0.00", "-0.50"]),
        ("tax", ["0.00", "0.00", "-0.40"]),
        ("discount", ["0.00", "0.00", "0.00"]),
        ("order_fees", ["2.50", "0.00", "0.00"]),
    ],
)
def test_a_difference_is_what_came_in_between(
    store: Store, changed: list[datetime], metric: str, steps: list[str]
) -> None:
    for (before, after), expected in zip(itertools.pairwise(changed), steps, strict=True):
        found = told(store, metric, before, after)
        assert found.difference == Decimal(expected)
        assert sum(row["amount"] for row in found.rows) == Decimal(expected)
    whole = told(store, metric, changed[0], changed[-1])
    assert whole.value_before is not None
    assert whole.value_after == whole.value_before + sum(Decimal(step) for step in steps)
    shown = getattr(store.ask(_march()).totals, metric, None)
    assert whole.value_after == (in_the_books(store, metric) if shown is None else shown)


_BOOKED = {
    "revenue_with_shipping": (("revenue", "shipping"), ("items", "shipping")),
    "revenue_with_tax": (("revenue", "shipping", "tax"), ("items", "shipping", "tax")),
    "shipping": (("shipping",), ("shipping",)),
    "tax": (("tax",), ("tax",)),
    "discount": (("discount",), ()),
    "order_fees": (("fees",), ()),
}
"""The columns of orders that count, and those of refunds that are taken off."""


def in_the_books(store: Store, metric: str) -> Decimal:
    """The figure of March once more, from the rows of the operational store."""
    of_order, of_refund = _BOOKED[metric]
    total = Decimal(0)
    with store.platform.database.read() as tx:
        orders = [one for one in tx.scalars(select(Order)) if one.status in oracle.SOLD and not one.is_test]
        rate = oracle.rate_of(tx, "EUR")
        for stated, currency, at, columns, sign in [
            *((one, one.currency, one.placed_at, of_order, 1) for one in orders),
            *((one, one.currency, one.refunded_at, of_refund, -1) for one in tx.scalars(select(Refund))),
        ]:
            day = at.astimezone(ZONE).date()
            factor = rate(day, currency)
            if date(2026, 3, 1) <= day < date(2026, 4, 1) and factor is not None:
                unit = Decimal(1).scaleb(-oracle.DIGITS.get(currency, 2))
                total += sign * sum(getattr(stated, f"{name}_minor") for name in columns) * unit * factor
    return oracle.rounded(total)


def test_the_average_order_value_changes_by_its_parts(store: Store, changed: list[datetime]) -> None:
    found = told(store, "average_order_value", changed[0], changed[-1])
    revenue, orders = found.parts
    assert (revenue.metric, orders.metric) == ("revenue", "orders")
    assert revenue.value_after - revenue.value_before == 119
    assert orders.value_after - orders.value_before == 2
    assert sum(row["amount"] for row in found.rows) == 119
    assert sum(row["below"] for row in found.rows) == 2
    assert found.value_after == store.ask(_march()).totals.average_order_value
    nothing = told(store, "average_order_value", datetime(2020, 1, 1, tzinfo=UTC), changed[-1])
    assert (nothing.value_before, nothing.difference, nothing.value_after) == (None, None, found.value_after)


def test_the_rows_of_a_difference_come_page_by_page(store: Store, changed: list[datetime]) -> None:
    whole = told(store, "gross_revenue", changed[0], changed[-1])
    paged, cursor = [], None
    while True:
        page = told(store, "gross_revenue", changed[0], changed[-1], limit=1, cursor=cursor)
        paged += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [row["order_number"] for row in paged] == [row["order_number"] for row in whole.rows]
    assert {row["order_number"] for row in paged} == {"C-1", "C-2"}


def test_a_metric_of_gold_has_no_history(store: Store) -> None:
    with pytest.raises(UnknownChoice, match=", ".join(CHANGING)):
        told(store, "margin", NOON, NOON)


def _march() -> RevenueQuery:
    return RevenueQuery(date(2026, 3, 1), date(2026, 4, 1))
