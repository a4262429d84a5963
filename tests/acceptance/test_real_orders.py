"""The whole path on real orders: files, ledger, warehouse, gold, API and verify say one number, to the cent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import Store
from tests.acceptance.straight import Truth, olist, online_retail
from tests.product import Product

PAGE = 200

# Two sets of half a million lines each, imported as a user would.
pytestmark = pytest.mark.timeout(900)
on_both = pytest.mark.parametrize(
    "store",
    [
        pytest.param(engine, marks=pytest.mark.xdist_group(f"real_orders_{engine}"))
        for engine in ("postgresql", "sqlite")
    ],
    indirect=True,
)


@pytest.fixture
def store(request: pytest.FixtureRequest, imported: Callable[[str], Store]) -> Store:
    return imported(request.param)


@pytest.fixture(scope="module")
def truths(shared_data: Path) -> dict[str, Truth]:
    return {
        "olist": olist(shared_data / "olist"),
        "online-retail": online_retail(shared_data / "online_retail"),
    }


def test_the_files_say_what_their_readme_says(truths: dict[str, Truth]) -> None:
    assert truths["olist"].orders == 99_441
    assert truths["olist"].placed == Decimal("13591643.70")
    assert truths["online-retail"].revenue == Decimal("9747747.93")


@on_both
def test_verify_is_clean(store: Store) -> None:
    assert "Clean" in store.run("verify")


@on_both
@pytest.mark.parametrize("channel", ["olist", "online-retail"])
def test_gold_agrees_with_the_files(store: Store, truths: dict[str, Truth], channel: str) -> None:
    truth = truths[channel]
    (summary,) = store.rows(
        "SELECT toString(sum(total_revenue)) AS revenue, sum(total_units) AS units FROM daily_sales_summary"
        f" WHERE channel = '{channel}' AND currency = '{truth.currency}'"
    )
    (metrics,) = store.rows(
        "SELECT toString(sum(revenue)) AS revenue, sum(units) AS units, sum(orders) AS orders,"
        f" toString(sum(gmv)) AS gmv FROM gold_sales_metrics WHERE channel = '{channel}'"
    )
    assert Decimal(summary["revenue"]) == truth.revenue
    assert int(summary["units"]) == truth.units
    assert Decimal(metrics["revenue"]) == truth.revenue
    assert (int(metrics["units"]), int(metrics["orders"])) == (truth.units, truth.sold_orders)
    assert Decimal(metrics["gmv"]) == truth.placed


@on_both
def test_the_dashboard_and_the_list_of_orders_agree_with_the_files(store: Store, truths: dict[str, Truth]) -> None:
    with server(store) as client:
        for truth in truths.values():
            period = {"channel": truth.channel, "from": "2010-01-01", "to": "2019-01-01"}
            metrics = decimals(client.get("/api/v1/dashboard/metrics", params=period))
            assert metrics["currency"] == truth.currency
            assert metrics["total_revenue"] == truth.revenue
            assert metrics["revenue_by_channel"] == {truth.channel: truth.revenue}
            assert (metrics["total_orders"], metrics["total_units"]) == (truth.sold_orders, truth.units)
            assert sum(step["revenue"] for step in metrics["trend"]) == truth.revenue
            assert not metrics["unconverted"]

            orders, revenue = add_up(client, "/api/v1/orders", truth.channel, "revenue")
            _, refunded = add_up(client, "/api/v1/refunds", truth.channel, "items_amount")
            assert orders == truth.orders
            assert revenue - refunded == truth.revenue


@on_both
def test_importing_again_changes_nothing(store: Store, shared_data: Path) -> None:
    before = store.run("verify", "--json")
    store.run("import", "online-retail", str(shared_data / "online_retail"), "--json")
    assert store.run("verify", "--json") == before


@contextmanager
def server(store: Store) -> Iterator[httpx.Client]:
    """A running product and a client that is signed in."""
    product = Product.start(store.folder, environment=store.environment)
    try:
        with closing(product.sign_in()) as client:
            client.timeout = httpx.Timeout(60)
            yield client
    finally:
        product.stop()


def decimals(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    document: dict[str, Any] = json.loads(answer.content, parse_float=Decimal)
    return document


def add_up(client: httpx.Client, path: str, channel: str, field: str) -> tuple[int, Decimal]:
    """Number of things on all pages of a list, and the sum of one of their amounts."""
    count, total = 0, Decimal(0)
    cursor: str | None = None
    while True:
        place: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = decimals(client.get(path, params={"channel": channel, "limit": PAGE, **place}))
        count += len(page["items"])
        total += sum((Decimal(item[field]) for item in page["items"]), Decimal(0))
        cursor = page["next_cursor"]
        if cursor is None:
            return count, total
