"""What gold says, live or built, is what the ledger says."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.api.gold.reading import ALL, MARCH, ZONE, all_rows, get
from tests.insights import oracle
from tests.insights.oracle import Rate, Sale
from tradewind.commerce.advertising.model import AdSpend
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.fees.model import Fee
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.payments.model import Refund
from tradewind.core.money import rounded, to_decimal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


@pytest.fixture(scope="module")
def ledger(built: tuple[Api, Path]) -> tuple[list[Sale], Rate]:
    with built[0].platform.database.read() as tx:
        return oracle.sales_of(tx, ZONE), oracle.rate_of(tx, "EUR")


def test_live_and_gold_say_the_same_and_what_the_ledger_says(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    sales, rate = ledger
    live = get(api, "/api/v1/analytics/revenue", group_by="country,month", **ALL)
    gold = get(api, "/api/v1/analytics/revenue", group_by="region,month", **ALL)
    expected = oracle.sums([s for s in sales if date(2025, 9, 1) <= s.day < date(2026, 4, 1)], rate)
    assert (live["source"], gold["source"]) == ("live", "gold")
    for name in ("gross_revenue", "refunded", "revenue", "orders", "units", "average_order_value", "cost", "margin"):
        assert live["totals"][name] == gold["totals"][name], name
    assert (live["totals"]["revenue"], live["totals"]["orders"]) == (expected.revenue, expected.orders)
    assert sum(row["orders"] for row in gold["rows"]) == expected.orders
    assert {row["keys"]["region"] for row in gold["rows"]} == {"Berlin", "Bavaria", None}


def test_cost_is_that_of_the_lines(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    cost = Decimal(0)
    with api.platform.database.read() as tx:
        query = select(Order, OrderItem).join(OrderItem, OrderItem.order_id == Order.id)
        for order, item in tx.execute(query.where(Order.status.in_(sold), Order.is_test.is_(False))):
            day = order.placed_at.astimezone(ZONE).date()
            factor = rate(day, order.currency)
            if item.unit_cost_micros is not None and factor is not None:
                cost += Decimal(item.unit_cost_micros).scaleb(-6) * item.quantity * factor
    _, rows = all_rows(api, "/api/v1/explain/cost?from=2025-09-01&to=2026-04-01")
    assert sum(Decimal(str(row["numerator"])) for row in rows if not row["refund"]) == cost


def test_customers_are_those_of_the_ledger(api: Api) -> None:
    found = get(api, "/api/v1/analytics/customers", **MARCH)
    sold = {"confirmed", "processing", "shipped", "delivered"}
    days: dict[str, list[date]] = defaultdict(list)
    with api.platform.database.read() as tx:
        known = set(tx.scalars(select(Customer.id)))
        for order in tx.scalars(select(Order).where(Order.status.in_(sold), Order.customer_id.is_not(None))):
            if not order.is_test and not order.is_replacement:
                days[order.customer_id or ""].append(order.placed_at.astimezone(ZONE).date())
    in_march = {who for who, mine in days.items() if any(date(2026, 3, 1) <= day < date(2026, 4, 1) for day in mine)}
    new = {who for who in in_march if min(days[who]) >= date(2026, 3, 1)}
    totals = found["totals"]
    assert totals["customers"] == len(known | set(days))
    assert totals["customers_with_orders"] == len(days)
    assert (totals["active_customers"], totals["new_customers"]) == (len(in_march), len(new))
    assert totals["returning_customers"] == len(in_march - new)
    repeat = Decimal(sum(len(mine) > 1 for mine in days.values())) / len(days)
    assert abs(totals["repeat_rate"] - repeat) < Decimal("0.000001")
    assert sum(group["customers"] for group in found["segments"]) == len(days)
    assert [group["segment"] for group in found["segments"]] == ["VIP", "Loyal", "New", "At Risk", "Lost", "Regular"]
    assert len(found["rfm_grid"]) == 25
    assert sum(cell["customers"] for cell in found["rfm_grid"]) == len(days)
    for group in found["segments"]:
        assert get(api, group["explain"])["figure"]["value"] == group["customers"]


def test_fees_are_what_orders_and_channels_were_charged(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    """By the month of the order, and of the posting where no sold order of that currency bears the fee."""
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    expected: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    kinds: set[str] = set()

    def charge(channel: str, day: date, currency: str, minor: int) -> None:
        factor = rate(day, currency)
        if factor is not None:
            expected[day.replace(day=1), channel] += to_decimal(minor, currency) * factor

    with api.platform.database.read() as tx:
        codes = {row.id: row.code for row in tx.scalars(select(SalesChannel))}
        orders = {order.id: order for order in tx.scalars(select(Order))}
        for order in orders.values():
            if order.status in sold and not order.is_test:
                day = order.placed_at.astimezone(ZONE).date()
                charge(codes[order.channel_id], day, order.currency, order.fees_minor)
        for fee in tx.scalars(select(Fee).where(Fee.kind != "tax_withheld")):
            bearer = orders.get(fee.order_id or "")
            is_borne = bearer is not None and bearer.status in sold and not bearer.is_test
            if bearer is not None and is_borne and bearer.currency == fee.currency:
                kinds.add("of an order")
                day = bearer.placed_at.astimezone(ZONE).date()
            else:
                kinds.add("of nobody" if bearer is None else "of another currency" if is_borne else "of none sold")
                day = fee.posted_at.astimezone(ZONE).date()
            charge(codes[fee.channel_id], day, fee.currency, fee.amount_minor)
    assert kinds == {"of an order", "of nobody", "of another currency", "of none sold"}
    rows = api.platform.warehouse.query(
        "SELECT month, channel, fees, gross_profit, ad_spend, contribution FROM gold_channel_profit"
    )
    assert {(row["month"], row["channel"]) for row in rows} >= {*expected}
    for row in rows:
        assert abs(row["fees"] - expected[row["month"], row["channel"]]) <= Decimal("0.0001"), row
        left = row["gross_profit"] - row["fees"] - row["ad_spend"]
        assert abs(row["contribution"] - left) <= Decimal("0.0002"), row


def test_regions_have_what_was_sold_to_them(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    rate = ledger[1]
    sold = {"confirmed", "processing", "shipped", "delivered"}
    revenue: dict[str | None, Decimal] = defaultdict(Decimal)
    counted: dict[str | None, int] = defaultdict(int)
    with api.platform.database.read() as tx:
        orders = {order.id: order for order in tx.scalars(select(Order))}
        for order in orders.values():
            factor = rate(order.placed_at.astimezone(ZONE).date(), order.currency)
            if order.status in sold and not order.is_test and factor is not None:
                revenue[order.ship_region] += to_decimal(order.revenue_minor, order.currency) * factor
                counted[order.ship_region] += not order.is_replacement
        for refund in tx.scalars(select(Refund)):
            factor = rate(refund.refunded_at.astimezone(ZONE).date(), refund.currency)
            region = orders[refund.order_id].ship_region if refund.order_id else None
            revenue[region] -= to_decimal(refund.items_minor, refund.currency) * (factor or 0)
    found = get(api, "/api/v1/analytics/revenue", group_by="region", **ALL)
    shown = {row["keys"]["region"]: (row["revenue"], row["orders"]) for row in found["rows"]}
    assert shown.keys() == revenue.keys()
    for region, (amount, orders_there) in shown.items():
        # Each figure of the row is rounded once: gross revenue and what was refunded.
        assert abs(amount - revenue[region]) <= Decimal("0.01"), region
        assert orders_there == counted[region], region


def test_operations_are_those_of_the_orders(api: Api) -> None:
    placed: dict[tuple[str, str], list[str]] = defaultdict(list)
    with api.platform.database.read() as tx:
        codes = {row.id: row.code for row in tx.scalars(select(SalesChannel))}
        for order in tx.scalars(select(Order)):
            if not order.is_test and not order.is_replacement:
                day = order.placed_at.astimezone(ZONE).date()
                placed[day.isoformat(), codes[order.channel_id]].append(order.status)
    for channel in ("shop", "amazon"):
        found = get(api, "/api/v1/analytics/operations", channel=channel, **ALL)
        for day in found["days"]:
            mine = placed.get((day["name"], channel), [])
            assert day["placed_orders"] == len(mine), day
            assert day["cancelled_orders"] == mine.count("cancelled"), day
        statuses = [status for (_, code), those in placed.items() for status in those if code == channel]
        totals = found["totals"]
        assert totals["placed_orders"] == len(statuses)
        share = Decimal(statuses.count("cancelled")) / len(statuses)
        assert abs(totals["cancellation_rate"] - share) < Decimal("0.000001")


@pytest.mark.parametrize("channel", ["", "shop", "amazon"])
def test_a_new_customer_cost_what_was_stated_of_the_month(
    api: Api, ledger: tuple[list[Sale], Rate], channel: str
) -> None:
    _, rate = ledger
    with api.platform.database.read() as tx:
        stated = tx.execute(select(AdSpend, SalesChannel.code).join(SalesChannel)).all()
        spent = sum(
            to_decimal(row.amount_minor, row.currency) * (rate(row.day, row.currency) or 0)
            for row, code in stated
            if row.day >= date(2026, 3, 1) and channel in ("", code)
        )
    assert spent > 0
    totals = get(api, "/api/v1/analytics/customers", **MARCH, **({"channel": channel} if channel else {}))["totals"]
    assert totals["new_customers"] > 0
    assert totals["ad_spend"] == rounded(Decimal(spent), "EUR")
    assert abs(totals["acquisition_cost"] - spent / totals["new_customers"]) <= Decimal("0.005")


def test_cohorts_are_those_of_the_ledger(api: Api, ledger: tuple[list[Sale], Rate]) -> None:
    found = get(api, "/api/v1/analytics/cohorts")
    sold = {"confirmed", "processing", "shipped", "delivered"}
    months: dict[str, set[tuple[int, int]]] = defaultdict(set)
    with api.platform.database.read() as tx:
        for order in tx.scalars(select(Order).where(Order.status.in_(sold), Order.customer_id.is_not(None))):
            if not order.is_test and not order.is_replacement:
                day = order.placed_at.astimezone(ZONE).date()
                months[order.customer_id or ""].add((day.year, day.month))
    expected: dict[tuple[int, int], list[str]] = defaultdict(list)
    for who, mine in months.items():
        expected[min(mine)].append(who)
    assert {cohort["month"] for cohort in found["cohorts"]} == {f"{y}-{m:02}-01" for y, m in expected}
    for cohort in found["cohorts"]:
        year, month = (int(part) for part in cohort["month"].split("-")[:2])
        members = expected[year, month]
        assert cohort["size"] == len(members)
        for step in cohort["periods"]:
            later = (year + (month - 1 + step["period"]) // 12, (month - 1 + step["period"]) % 12 + 1)
            came = sum(later in months[who] for who in members)
            assert (step["customers"], step["retention"]) == (came, round(Decimal(came) / len(members), 6))
    assert found["average"][0]["retention"] == 1
    only_shop = get(api, "/api/v1/analytics/cohorts", channel="shop")
    assert sum(c["size"] for c in only_shop["cohorts"]) < sum(c["size"] for c in found["cohorts"])
