"""Prices and promotions on their way from orders over gold into forecasts, and plans of them over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.api.conftest import PASSWORD, Api, serving
from tests.insights.gold_store import NOW
from tests.spine import Shop, a_platform, an_order
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.users import create_user
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.orders.new import NewLine, NewOrder
from tradewind.core.clock import ManualClock
from tradewind.insights.forecasting import effects
from tradewind.insights.forecasting.panel import Panel, load
from tradewind.insights.gold import Gold
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.gateway import Access, serve_gateway

TOKEN = "a-long-token-that-writes"
TODAY = NOW.date()
DAYS = 120
FIRST = NOW - timedelta(days=DAYS)
DISCOUNTED, CUT = (range(40, 47), range(90, 97)), (range(50, 57), range(80, 87))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("forecast_plans")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[Api]:
    folder, clock = tmp_path_factory.mktemp("plans"), ManualClock(NOW)
    store = {"timezone": "Europe/Berlin", "currency": "EUR"}
    with a_platform(folder / "data", chdb_path, clock=clock, store=store) as platform:
        _trade(platform)
        _build(platform, folder)
        with platform.database.write() as tx:
            create_user(tx, "vic", PASSWORD, role=Role.VIEWER, now=clock.now(), email="vic@example.com")
        with serving(platform, clock) as api:
            api.as_user("vic")
            yield api


def _trade(platform: Platform) -> None:
    """MUG has weeks of 30 % off, CAP weeks of 7 in place of 10, and both sell three times as much then. A customer a
    day has a coupon for PEN. HAT was last sold long before its list price rose; PIN was never sold."""
    with platform.database.write() as tx:
        names = ("MUG", "CAP", "PEN", "PIN")
        put_products(tx, [NewProduct(sku, sku.title(), currency="EUR", price=Decimal(10)) for sku in names], now=FIRST)
        for day, price in ((0, 20), (100, 24)):
            hat = NewProduct("HAT", "Hat", currency="EUR", price=Decimal(price))
            put_products(tx, [hat], now=FIRST + timedelta(days=day))
    chance = np.random.default_rng(4)
    shop = Shop.open(platform.database, keeps_stock=False)
    orders = [order for day in range(DAYS) for order in _orders_of(day, chance)]
    for start in range(0, len(orders), 100):
        shop.book(*orders[start : start + 100])
    platform.settle()


def _orders_of(day: int, chance: np.random.Generator) -> Iterator[NewOrder]:
    is_off, is_cut = (any(day in spell for spell in spells) for spells in (DISCOUNTED, CUT))
    for nth in range(3):
        mugs, caps = (int(chance.poisson(18 if is_on else 6)) for is_on in (is_off, is_cut))
        pens, price = int(chance.poisson(5)) + 1, Decimal(7 if is_cut else 10)
        lines = [NewLine("PEN", pens, Decimal(10), discount=Decimal(pens if nth == 0 else 0))]
        if mugs:
            lines.append(NewLine("MUG", mugs, Decimal(10), discount=Decimal(3 * mugs if is_off else 0)))
        if caps and day != CUT[0][3]:
            lines.append(NewLine("CAP", caps, price))
        if nth == 0 and day < 60:
            lines.append(NewLine("HAT", 1, Decimal(20)))
        yield an_order(f"O-{day}-{nth}", *lines, placed_at=FIRST + timedelta(days=day, minutes=nth))


def _build(platform: Platform, folder: Path) -> None:
    gateway = serve_gateway(
        platform.warehouse, lambda _, password: Access("dbt", may_write=True) if password == TOKEN else None, port=0
    )
    try:
        built = medallion.build(
            "127.0.0.1",
            gateway.port,
            "dbt",
            TOKEN,
            work_dir=folder / "work",
            variables={"timezone": "Europe/Berlin", "reporting_currency": "EUR"},
            select="+gold_daily_demand +silver_products",
        )
    finally:
        gateway.stop()
    assert built.is_good, built.failures


def _panel(made: Api) -> tuple[Panel, dict[str, int]]:
    platform = made.platform
    panel = load(Gold(platform.warehouse), TODAY)
    with platform.database.read() as tx:
        ids = {sku: product.id for sku, product in find_products(tx, ["MUG", "CAP", "PEN", "HAT"]).items()}
    return panel, {sku: panel.products.index(product_id) for sku, product_id in ids.items()}


def test_gold_tells_the_panel_what_was_paid_and_what_was_taken_off(made: Api) -> None:
    panel, row = _panel(made)
    prices = panel.history.prices
    assert prices is not None
    assert panel.usual_prices is not None
    assert panel.history.days == DAYS
    assert set(prices.rows) == {row["MUG"], row["CAP"], row["HAT"]}
    relative, discount = ({sku: one[list(prices.rows).index(row[sku])] for sku in ("MUG", "CAP", "HAT")}
                          for one in (prices.relative, prices.discount))  # fmt: skip
    off, cut = (np.isin(np.arange(DAYS), [*spells[0], *spells[1]]) for spells in (DISCOUNTED, CUT))
    assert discount["MUG"] == pytest.approx(np.where(off, 0.3, 0))
    assert not relative["MUG"].any()
    assert relative["CAP"] == pytest.approx(np.where(cut, np.log(0.7), 0))
    assert not discount["CAP"].any()
    assert relative["HAT"] == pytest.approx(np.where(np.arange(DAYS) < 100, 0, np.log(1.2)))
    assert panel.usual_prices[[row["MUG"], row["CAP"], row["HAT"]]] == pytest.approx([10, 10, 20])
    assert set(panel.currencies) == {"EUR"}


def test_what_was_planted_is_found_in_gold(made: Api) -> None:
    panel, row = _panel(made)
    prices = panel.history.prices
    assert prices is not None
    own, _ = effects.coefficients(panel.history)
    for sku, is_promoted in (("MUG", 1.0), ("CAP", 0.0)):
        told = effects.factor_of(np.array([np.log(0.7), is_promoted]), own[list(prices.rows).index(row[sku])])
        assert told == pytest.approx(3, rel=0.15), sku


def _ask(made: Api, sku: str, *plan: dict[str, Any], horizon: int = 14) -> Any:
    body = {"product_id": sku, "horizon_days": horizon, "plan": list(plan)}
    return made.client.post("/api/v1/forecast/generate", json=body)


def _day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead - 1)).isoformat()


@pytest.mark.parametrize(
    ("sku", "change", "least", "most"),
    [
        ("MUG", {"discount_percent": 30}, 2.4, 3.6),
        ("CAP", {"price": 7}, 2.4, 3.6),
        ("PEN", {"discount_percent": 30}, 1.8, 4.0),
        ("PEN", {"price": 12}, 0.3, 0.9),
        ("PIN", {"discount_percent": 30}, 1.8, 4.0),
    ],
)
def test_a_plan_changes_its_days_by_what_was_seen(
    made: Api, sku: str, change: dict[str, float], least: float, most: float
) -> None:
    """PEN never had another price, PIN was never sold: theirs is what was seen of the others."""
    plain = _ask(made, sku).json()
    other = {"sku": "HAT", "from": _day(1), "to": _day(14), "price": 5}
    planned = {"sku": sku, "from": _day(3), "to": _day(9)} | change
    told = _ask(made, sku, planned, other).json()
    assert plain["plan"] is None
    inside = {(date.fromisoformat(_day(ahead))).isoformat() for ahead in range(3, 10)}
    for before, after in zip(plain["forecast"], told["forecast"], strict=True):
        for name in ("predicted_units", "lower_80", "upper_80", "lower_95", "upper_95"):
            if after["date"] not in inside:
                assert after[name] == before[name]
            elif before[name] > 1:
                assert least < after[name] / before[name] < most, name
    (row,) = told["plan"]["rows"]
    assert {name: value for name, value in row.items() if value is not None} == planned
    assert told["plan"]["units_without_plan"] == plain["total_predicted_units"]
    assert told["plan"]["factor"] == pytest.approx(
        told["total_predicted_units"] / plain["total_predicted_units"], rel=0.01
    )
    assert told["totals"][1]["upper_80"] == pytest.approx(
        plain["totals"][1]["upper_80"] * told["plan"]["factor"], rel=0.01
    )
    assert "plan_untested" not in told["flags"]


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ([{"sku": "MUGG", "from": 1, "to": 2, "price": 7}], "row 1: there is no product 'MUGG'"),
        ([{"sku": "MUG", "from": 0, "to": 2, "price": 7}], "row 1: 2026-03-29 to 2026-03-31 is not within"),
        ([{"sku": "MUG", "from": 1, "to": 15, "price": 7}], "row 1: 2026-03-30 to 2026-04-13 is not within"),
        ([{"sku": "MUG", "from": 3, "to": 2, "price": 7}], "row 1: 2026-04-01 is after 2026-03-31"),
        ([{"sku": "MUG", "from": 1, "to": 2, "price": 0}], "row 1: price must be more than 0"),
        ([{"sku": "MUG", "from": 1, "to": 2, "discount_percent": 100}], "row 1: discount_percent must be more than 0"),
        ([{"sku": "MUG", "from": 1, "to": 2, "discount_percent": -5}], "row 1: discount_percent must be more than 0"),
        ([{"sku": "MUG", "from": 1, "to": 2}], "row 1: it needs either price or discount_percent"),
        ([{"sku": "MUG", "from": 1, "to": 2, "price": 7, "discount_percent": 5}], "row 1: it needs either"),
        (
            [{"sku": "MUG", "from": 4, "to": 8, "price": 7}, {"sku": "CAP", "from": 4, "to": 8, "price": 7},
             {"sku": "MUG", "from": 1, "to": 4, "price": 6}],
            "rows 1 and 3: their days overlap",
        ),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_named(made: Api, plan: list[dict[str, Any]], says: str) -> None:
    rows = [row | {"from": _day(row["from"]), "to": _day(row["to"])} for row in plan]
    answer = _ask(made, "MUG", *rows)
    assert answer.status_code == 422, answer.text
    assert says in answer.json()["detail"]
    assert [one["field"] for one in answer.json()["errors"]] == ["plan"]


def test_all_wrong_rows_are_named_at_once(made: Api) -> None:
    rows = [{"sku": "MUGG", "from": _day(1), "to": _day(2), "price": 7},
            {"sku": "CAP", "from": _day(1), "to": _day(2), "price": 7},
            {"sku": "MUG", "from": _day(1), "to": _day(2), "price": -7}]  # fmt: skip
    detail = _ask(made, "MUG", *rows).json()["detail"]
    assert "row 1:" in detail
    assert "row 2" not in detail
    assert "row 3:" in detail


def test_a_price_of_what_was_never_sold_is_refused_in_words(made: Api) -> None:
    answer = _ask(made, "PIN", {"sku": "PIN", "from": _day(1), "to": _day(2), "price": 7})
    assert answer.status_code == 422
    assert "discount_percent" in answer.json()["detail"]
