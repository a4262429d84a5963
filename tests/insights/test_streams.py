"""Figures for Prometheus: right sums, bounded labels, the last minute that is whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.spine import NOON, Shop, a_line, a_platform, an_order
from tradewind.api.live import LiveHub
from tradewind.api.services import Services
from tradewind.commerce.orders.states import OrderStatus
from tradewind.insights.streams import Series, StreamFigures, last_window, stream_figures
from tradewind.platform import Platform

KEY = "k3y-0f-tests-" + "abcdefghij" * 3


@pytest.fixture
def platform(data_dir: Path, chdb_path: Path) -> Iterator[Platform]:
    with a_platform(data_dir, chdb_path, secret_key=KEY) as made:
        in_window = last_window(NOON)[0] + timedelta(seconds=5)
        first, second = Shop.open(made.database, "north"), Shop.open(made.database, "south")
        first.book(
            an_order("A-1", a_line("MUG", 2, "10.00"), a_line("BOWL", 1, "5.00"), placed_at=in_window),
            an_order("A-2", a_line("MUG", 3, "10.00"), placed_at=in_window + timedelta(minutes=2)),
            an_order("A-3", a_line("MUG", 9, "10.00"), status=OrderStatus.CANCELLED, placed_at=in_window),
        )
        second.book(an_order("B-1", a_line("JUG", 1, "40.00"), placed_at=NOON - timedelta(days=3)))
        made.settle()
        yield made


def figures(platform: Platform, most: int = 10) -> StreamFigures:
    return stream_figures(platform.warehouse, now=NOON, currency=None, most=most)


def by_name(series: list[Series] | tuple[Series, ...]) -> dict[str, float]:
    return {each.labels[1]: each.value for each in series}


def test_sums_count_what_is_sold(platform: Platform) -> None:
    found = figures(platform)
    assert (found.sales_rows, found.quantity, float(found.revenue)) == (4, 7, 95.0)
    assert {each.value for each in found.by_product} == {50.0, 40.0, 5.0}
    assert by_name(list(found.by_store)) == {"North": 55.0, "South": 40.0}


def test_labels_are_bounded_and_sums_stay_right(platform: Platform) -> None:
    found = figures(platform, most=1)
    for series, total in ((found.by_product, 95.0), (found.by_store, 95.0)):
        assert len(series) == 2
        assert series[-1].labels == ("other", "other")
        assert sum(each.value for each in series) == total


def test_the_window_is_the_last_minute_that_nothing_late_can_change(platform: Platform) -> None:
    start, end = last_window(NOON + timedelta(seconds=59))
    assert (end - start, NOON - end) == (timedelta(minutes=1), timedelta(minutes=2))
    found = figures(platform)
    assert sum(each.value for each in found.window_count) == 2
    assert sum(each.value for each in found.window_quantity) == 3


def test_all_eight_names_are_told(platform: Platform) -> None:
    services = Services.of(platform)
    assert isinstance(services.live, LiveHub)
    text = services.measures.render()[0].decode()
    for name in """ecommerce_sales_rows ecommerce_sales_total_quantity ecommerce_revenue_total
        ecommerce_revenue_by_product ecommerce_revenue_by_store ecommerce_inventory_stock
        ecommerce_sales_count_window ecommerce_quantity_window""".split():
        assert f"\n{name}" in text, name
    assert 'ecommerce_revenue_by_store{store_id="north",store_name="North"} 55.0' in text
    services.cache.close()
