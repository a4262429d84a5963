"""Orders and refunds as they are booked: exact, newest first, page by page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from tests.api.conftest import Api
from tests.spine import NOON, Shop, a_line, a_refund, an_order, some_orders
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.payments.service import NewPayment, record_payments

pytestmark = pytest.mark.xdist_group("api")


def pages(api: Api, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """All pages from the first to the last."""
    found, cursor = [], None
    while True:
        answer = api.client.get(path, params=params | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def numbers(api: Api, **params: Any) -> list[str]:
    return [order["order_number"] for page in pages(api, "/api/v1/orders", **params) for order in page]


def test_pages_show_every_order_once_newest_first_whatever_their_size(api_on_both: Api) -> None:
    api = api_on_both
    shop = Shop.open(api.platform.database)
    shop.book(*some_orders(23))
    shop.book(*(an_order(f"SAME-{i}", placed_at=NOON + timedelta(hours=1)) for i in range(7)))
    api.as_user("vic")

    whole = numbers(api, limit=200)
    assert len(whole) == len(set(whole)) == 30
    assert set(whole[:7]) == {f"SAME-{i}" for i in range(7)}
    assert whole[7:] == [f"A-{i}" for i in range(23)]
    for size in (1, 2, 7, 29, 30, 31):
        assert numbers(api, limit=size) == whole
        assert numbers(api, limit=size, sort="oldest") == whole[::-1]
    assert api.client.get("/api/v1/orders", params={"sort": "largest"}).status_code == 422


def test_an_order_that_comes_while_paging_moves_nothing(api_on_both: Api) -> None:
    api = api_on_both
    shop = Shop.open(api.platform.database)
    shop.book(*some_orders(4))
    client = api.as_user()
    first = client.get("/api/v1/orders", params={"limit": 2}).json()
    shop.book(an_order("NEW", placed_at=NOON + timedelta(hours=5)))

    second = client.get("/api/v1/orders", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    shown = [order["order_number"] for order in first["items"] + second["items"]]
    assert shown == ["A-0", "A-1", "A-2", "A-3"]


def test_filters_choose_and_combine(api_on_both: Api) -> None:
    api = api_on_both
    shop, mart = Shop.open(api.platform.database), Shop.open(api.platform.database, "mart")
    shop.book(
        an_order("S-1", ship_country="DE"),
        an_order("S-2", ship_country="FR", placed_at=NOON - timedelta(days=1)),
        an_order("S_3%", ship_country="DE", status=OrderStatus.PENDING, placed_at=NOON - timedelta(days=2)),
    )
    mart.book(an_order("M-1", ship_country="DE", external_id="ext-77", placed_at=NOON - timedelta(days=3)))
    api.as_user()

    assert numbers(api, channel="shop") == ["S-1", "S-2", "S_3%"]
    assert numbers(api, channel=["shop", "mart"], country="DE") == ["S-1", "S_3%", "M-1"]
    assert numbers(api, country=["de", "FR"]) == ["S-1", "S-2", "S_3%", "M-1"]
    assert numbers(api, status="pending") == ["S_3%"]
    assert numbers(api, channel="nowhere") == []
    assert numbers(api, **{"from": "2026-03-09", "to": "2026-03-10"}) == ["S-2"]
    assert numbers(api, to="2026-03-09") == ["S_3%", "M-1"]
    assert numbers(api, q="s-") == ["S-1", "S-2"]
    assert numbers(api, q="%") == ["S_3%"]
    assert numbers(api, q="_") == ["S_3%"]
    assert numbers(api, q="EXT-7") == ["M-1"]


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "WyJhIiwiYiJd", "WyIyMDI2LTAxLTAxIiwiYiJd", "%00"])
def test_an_altered_cursor_is_refused_with_what_to_do(api_on_both: Api, cursor: str) -> None:
    api = api_on_both
    answer = api.as_user().get("/api/v1/orders", params={"cursor": cursor})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"
    assert "Start again without it" in answer.json()["detail"]


def test_a_status_that_does_not_exist_is_told_the_ones_that_do(api_on_both: Api) -> None:
    api = api_on_both
    answer = api.as_user().get("/api/v1/orders", params={"status": "lost"})

    assert answer.status_code == 422
    assert "'delivered'" in answer.json()["detail"]


def test_amounts_are_number_literals_with_the_digits_of_their_currency(api_on_both: Api) -> None:
    api = api_on_both
    shop = Shop.open(api.platform.database)
    big = "9007199254740993.01"
    shop.book(
        an_order("JPY", a_line("A", 3, "1234"), currency="JPY", placed_at=NOON - timedelta(hours=1)),
        an_order("KWD", a_line("B", 1, "0.125"), currency="KWD", placed_at=NOON - timedelta(hours=2)),
        an_order("FINE", a_line("C", 1000, "0.012345"), placed_at=NOON - timedelta(hours=3)),
    )
    raw = api.as_user().get("/api/v1/orders").text

    assert '"currency":"JPY","subtotal":3702,"discount":0,' in raw
    assert '"currency":"KWD","subtotal":0.125,"discount":0.000,' in raw
    assert '"currency":"EUR","subtotal":12.35,"discount":0.00,' in raw
    assert "e+" not in raw.lower()
    assert Decimal(big) != Decimal(float(big))
    (order,) = orjson.loads(raw)["items"][2:]
    detail = api.client.get(f"/api/v1/orders/{order['order_id']}").text
    assert '"unit_price":0.012345' in detail


def test_revenue_is_zero_for_what_is_not_sold(api_on_both: Api) -> None:
    api = api_on_both
    shop = Shop.open(api.platform.database)
    for status in OrderStatus:
        shop.book(an_order(f"O-{status}", status=status))
    shop.book(an_order("TEST", is_test=True))
    client = api.as_user()

    revenue = {order["order_number"]: order["revenue"] for order in client.get("/api/v1/orders").json()["items"]}
    sold = {name for name, amount in revenue.items() if amount == 10}
    assert sold == {"O-confirmed", "O-processing", "O-shipped", "O-delivered"}
    assert {amount for name, amount in revenue.items() if name not in sold} == {0}


def test_one_order_comes_with_all_that_belongs_to_it(api_on_both: Api) -> None:
    api = api_on_both
    shop = Shop.open(api.platform.database)
    (booked,) = shop.book(
        an_order(
            "A-1",
            a_line("MUG", 2, "10.00", discount=Decimal("1.50")),
            a_line("CAP", 1, "5.25"),
            shipping=Decimal("4.90"),
        )
    )
    with api.platform.database.write() as tx:
        record_payments(tx, [NewPayment("P-1", Decimal("28.65"), "EUR", "card", "A-1", paid_at=NOON)], shop.booking)
        book_refunds(tx, [a_refund("R-1", order_reference="A-1", reason="broken")], shop.booking)
        change_status(tx, booked.id or "", OrderStatus.SHIPPED, now=NOON + timedelta(hours=3), note="by train")

    order = api.as_user().get(f"/api/v1/orders/{booked.id}").json()

    assert order["order_number"] == "A-1"
    assert (order["subtotal"], order["discount"], order["shipping"], order["total"]) == (25.25, 1.5, 4.9, 28.65)
    assert [(line["line_no"], line["sku"], line["quantity"], line["total"]) for line in order["items"]] == [
        (1, "MUG", 2, 18.5),
        (2, "CAP", 1, 5.25),
    ]
    assert [(p["external_id"], p["method"], p["amount"], p["paid_at"]) for p in order["payments"]] == [
        ("P-1", "card", 28.65, "2026-03-10T12:00:00Z")
    ]
    assert [(r["external_id"], r["order_number"], r["amount"], r["reason"]) for r in order["refunds"]] == [
        ("R-1", "A-1", 10, "broken")
    ]
    assert [(h["status"], h["note"], h["at"]) for h in order["history"]] == [
        ("confirmed", None, "2026-03-10T12:00:00Z"),
        ("shipped", "by train", "2026-03-10T15:00:00Z"),
    ]


def test_an_order_that_does_not_exist_is_404(api_on_both: Api) -> None:
    api = api_on_both
    answer = api.as_user().get("/api/v1/orders/01m7ysegfm6ycmepxzxztyxgex")

    assert answer.status_code == 404
    assert "There is no order 01m7ysegfm6ycmepxzxztyxgex" in answer.json()["detail"]


def test_refunds_come_newest_first_by_page_with_or_without_an_order(api_on_both: Api) -> None:
    api = api_on_both
    shop, mart = Shop.open(api.platform.database), Shop.open(api.platform.database, "mart")
    shop.book(an_order("A-1"))
    with api.platform.database.write() as tx:
        for day in range(5):
            at = NOON + timedelta(days=day)
            book_refunds(tx, [a_refund(f"R-{day}", order_reference="A-1", refunded_at=at)], shop.booking)
        book_refunds(tx, [a_refund("LOOSE", refunded_at=NOON - timedelta(days=9))], mart.booking)
    api.as_user()

    def refunds(**params: Any) -> list[str]:
        return [refund["external_id"] for page in pages(api, "/api/v1/refunds", **params) for refund in page]

    everything = ["R-4", "R-3", "R-2", "R-1", "R-0", "LOOSE"]
    assert refunds() == refunds(limit=1) == refunds(limit=4) == everything
    assert refunds(channel="mart") == ["LOOSE"]
    assert refunds(**{"from": "2026-03-11", "to": "2026-03-13"}) == ["R-2", "R-1"]
    (loose,) = pages(api, "/api/v1/refunds", channel="mart")[0]
    assert loose["order_id"] is None
    assert loose["items_amount"] == 10
