"""Insights over HTTP: shapes, rights, links that open, and refusals that list what there is."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.api.conftest import Api
from tests.spine import NOON, Shop, a_line, an_order, some_orders

pytestmark = pytest.mark.xdist_group("api")


def exact(api: Api, path: str, **params: Any) -> Any:
    """The document with every number as it was written."""
    answer = api.client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_float=Decimal)


def test_revenue_by_channel_and_country(own_api: Api) -> None:
    platform = own_api.platform
    shop, mart = Shop.open(platform.database), Shop.open(platform.database, "mart")
    shop.book(*some_orders(30, skus=4))
    mart.book(an_order("M-1", a_line("SKU-1", 3, "33.33"), placed_at=NOON, ship_country="BR"))
    platform.settle()
    own_api.as_user("vic")

    found = exact(own_api, "/api/v1/analytics/revenue", group_by="channel,country")

    assert found["source"] == "live"
    assert found["name"] == "last_30_days"
    assert sum(row["revenue"] for row in found["rows"]) == found["totals"]["revenue"]
    (row,) = [row for row in found["rows"] if row["keys"]["channel"] == "mart"]
    assert row["keys"]["country"] == "BR"
    assert row["label"] == "Mart · BR"
    assert row["explain"] == "/api/v1/explain/{metric}?from=2026-02-09&to=2026-03-11&channel=mart&country=BR"
    file = own_api.client.get("/api/v1/analytics/revenue", params={"group_by": "channel", "format": "csv"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    heading, *lines = file.text.splitlines()
    assert heading.split(",")[:3] == ["gross_revenue", "refunded", "revenue"]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"channel": "ebay"}, "shop"),
        ({"product": "nothing"}, "Use one of"),
        ({"category": "Spaceships"}, "category"),
        ({"group_by": "colour"}, "channel, product, category"),
        ({"timezone": "Mars/Base"}, "Europe/Berlin"),
        ({"currency": "KWD"}, "EUR"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_ones(own_api: Api, wrong: dict[str, str], right: str) -> None:
    Shop.open(own_api.platform.database).book(*some_orders(2))
    own_api.platform.settle()
    own_api.as_user("vic")
    answer = own_api.client.get("/api/v1/analytics/revenue", params=wrong)
    assert answer.status_code == 422, answer.text
    assert right in answer.json()["detail"]
    assert answer.json()["errors"][0]["field"] in wrong
