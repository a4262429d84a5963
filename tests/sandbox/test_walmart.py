"""Walmart's connector against its stand-in: every page, every fault, every write, and what the stand-in insists on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from pydantic import SecretStr

from tests.sandbox.conftest import START, Booth
from tradewind.channels.contract import ChannelFailed, PricePush, Resource, StockPush, Verdict, Window
from tradewind.channels.unified import UnifiedFee, UnifiedOrder, UnifiedProduct, UnifiedStock
from tradewind.channels.walmart.client import new_token
from tradewind.channels.walmart.webhooks import UnsignedWebhook, signature
from tradewind.core.errors import InvalidInput
from tradewind.sandbox.faults import Fault, FaultKind

WFS, OWN, THIRD = "WFSFulfilled", "SellerFulfilled", "3PLFulfilled"


def whole(booth: Booth) -> Window:
    return Window(START, booth.sandbox.clock.now())


def orders(booth: Booth, scope: str, window: Window | None = None) -> list[UnifiedOrder]:
    pages = booth.connection.pages(Resource.ORDERS, scope, window or whole(booth))
    found = [record for page in pages for item in page.items for record in item.records]
    assert all(isinstance(one, UnifiedOrder) for one in found)
    return [one for one in found if isinstance(one, UnifiedOrder)]


def truth(booth: Booth, scope: str) -> dict[str, UnifiedOrder]:
    world = booth.sandbox.world
    return {one.external_id: one for one in world.orders("walmart", None, world.now) if one.marketplace == scope}


@pytest.mark.parametrize("scope", [OWN, WFS, THIRD])
def test_every_order_of_a_stream_comes_once_as_it_is(booth: Booth, scope: str) -> None:
    found, expected = orders(booth, scope), truth(booth, scope)
    assert sorted(one.external_id for one in found) == sorted(expected)
    for one in found:
        other = expected[one.external_id]
        assert (one.status, one.fulfillment_status, one.total) == (other.status, other.fulfillment_status, other.total)
        assert (one.placed_at, one.channel_updated_at) == (other.placed_at, other.channel_updated_at)
        assert one.customer == other.customer
        assert (one.refunded, one.is_replacement, one.group_id) == (
            other.refunded,
            other.is_replacement,
            other.group_id,
        )
        assert [(line.sku, line.quantity_shipped, line.unit_price) for line in one.lines] == [
            (line.sku, line.quantity_shipped, line.unit_price) for line in other.lines
        ]
        assert one.warnings == ()


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.THROTTLED,
        FaultKind.UNAVAILABLE,
        FaultKind.BROKEN,
        FaultKind.TIMEOUT,
        FaultKind.DROPPED,
        FaultKind.TRUNCATED,
        FaultKind.EXPIRED_TOKEN,
        FaultKind.DUPLICATED_PAGE,
        FaultKind.EMPTY_PAGE,
    ],
)
def test_a_fault_between_two_pages_loses_nothing(booth: Booth, kind: FaultKind) -> None:
    booth.desk.faults.switch(Fault(kind, path="/v3/orders"))
    found = orders(booth, OWN)
    assert not booth.desk.faults.waiting
    assert {one.external_id for one in found} == set(truth(booth, OWN))


def test_an_order_that_changes_between_two_pages_comes_with_the_next_window(booth: Booth) -> None:
    window = replace(whole(booth), until=booth.sandbox.clock.now() - timedelta(minutes=2))
    booth.desk.faults.switch(Fault(FaultKind.CHANGED))
    first = {one.external_id for one in orders(booth, OWN, window)}
    booth.sandbox.clock.advance(minutes=1)
    later = Window(window.until - timedelta(minutes=10), booth.sandbox.clock.now())
    second = {one.external_id for one in orders(booth, OWN, later)}
    assert len(set(truth(booth, OWN)) - first) == 1
    assert first | second == set(truth(booth, OWN))


def test_a_throttled_call_waits_until_the_bucket_is_filled_again(booth: Booth) -> None:
    before = len(booth.waits.waited)
    booth.desk.faults.switch(Fault(FaultKind.THROTTLED, path="/v3/items"))
    list(booth.connection.pages(Resource.PRODUCTS, "", whole(booth)))
    assert max(booth.waits.waited[before:]) >= 2.0


def test_a_window_without_orders_is_an_empty_page(booth: Booth) -> None:
    early = Window(START - timedelta(days=20), START - timedelta(days=10))
    assert orders(booth, OWN, early) == []


def test_items_and_stock_are_the_world_s(booth: Booth) -> None:
    world = booth.sandbox.world
    pages = booth.connection.pages(Resource.PRODUCTS, "", whole(booth))
    products = [one for page in pages for item in page.items for one in item.records]
    assert [(one.sku, one.price, one.status) for one in products if isinstance(one, UnifiedProduct)] == [
        (one.sku, one.price, one.status) for one in world.products("walmart")
    ]
    found = [
        record
        for scope in (OWN, WFS)
        for page in booth.connection.pages(Resource.INVENTORY, scope, whole(booth))
        for item in page.items
        for record in item.records
        if isinstance(record, UnifiedStock)
    ]
    expected = {(one.sku, one.location): (one.available, one.reserved, one.on_hand) for one in world.stock("walmart")}
    assert {(one.sku, one.location): (one.available, one.reserved, one.on_hand) for one in found} == expected


def test_settlements_bring_the_fees_of_their_periods_and_add_up(booth: Booth) -> None:
    pages = list(booth.connection.pages(Resource.FEES, "", Window(None, booth.sandbox.clock.now())))
    items = [item for page in pages for item in page.items]
    assert len(items) == 4
    assert not [one for item in items for one in item.rejected]
    fees = [one for item in items for one in item.records if isinstance(one, UnifiedFee)]
    expected = list(booth.sandbox.world.fees("walmart", None, START + timedelta(days=56)))
    assert sorted((one.kind, one.amount, one.order_external_id or "") for one in fees) == sorted(
        (one.kind, one.amount, one.order_external_id or "") for one in expected
    )
    lately = Window(booth.sandbox.clock.now() - timedelta(hours=1), booth.sandbox.clock.now())
    again = [item.external_id for page in booth.connection.pages(Resource.FEES, "", lately) for item in page.items]
    assert again == [item.external_id for item in items][-2:]


def test_returns_bring_their_orders_and_no_refund_twice(booth: Booth) -> None:
    found = [
        item
        for scope in (OWN, WFS)
        for page in booth.connection.pages(Resource.RETURNS, scope, whole(booth))
        for item in page.items
    ]
    refunded = [one for scope in (OWN, WFS, THIRD) for one in truth(booth, scope).values() if one.refunds]
    assert sorted(one.external_id for one in found) == sorted(one.refunds[0].external_id for one in refunded)
    assert all(isinstance(record, UnifiedOrder) for item in found for record in item.records)


def test_one_thing_is_read_anew(booth: Booth) -> None:
    external_id, expected = next(iter(truth(booth, WFS).items()))
    ((item,),) = [booth.connection.read(Resource.ORDERS, external_id).items]
    (order,) = item.records
    assert isinstance(order, UnifiedOrder)
    assert order.total == expected.total
    (product,) = booth.connection.read(Resource.PRODUCTS, "CAMP-DOME-TENT").items[0].records
    assert isinstance(product, UnifiedProduct)
    assert product.title == "Dome Tent"
    assert booth.connection.read(Resource.INVENTORY, "camp-dome-tent").items
    with pytest.raises(ChannelFailed) as failed:
        booth.connection.read(Resource.ORDERS, "1")
    assert failed.value.judged.verdict is Verdict.PERMANENT


def test_pushed_stock_and_prices_are_what_the_channel_shows(booth: Booth) -> None:
    pushes = [StockPush("CAMP-COMPASS", "100009", 3, "k1"), StockPush("NO-SUCH", None, 1, "k2")]
    done, refused = booth.connection.push_stock(pushes)
    assert (done.is_done, refused.is_done) == (True, False)
    assert refused.error
    shown = {(one.sku, one.location): one.available for one in booth.sandbox.world.stock("walmart")}
    assert shown["CAMP-COMPASS", "100009"] == 3
    (priced,) = booth.connection.push_prices([PricePush("CAMP-COMPASS", Decimal("17.29"), "USD", "k3")])
    assert priced.is_done
    (product,) = booth.connection.read(Resource.PRODUCTS, "CAMP-COMPASS").items[0].records
    assert isinstance(product, UnifiedProduct)
    assert product.price == Decimal("17.29")
    with pytest.raises(InvalidInput):
        booth.connection.push_prices([PricePush("CAMP-COMPASS", Decimal("1.999"), "USD", "k4")])


def test_webhooks_are_subscribed_once_and_prove_themselves(booth: Booth) -> None:
    hook = booth.account.values["webhook_url"]
    topics = booth.connector.subscribe(booth.connection, hook)
    calls = booth.desk.limits.calls["webhooks"]
    assert booth.connector.subscribe(booth.connection, hook) == topics
    assert booth.desk.limits.calls["webhooks"] == calls + 1
    since, until = START + timedelta(days=40), START + timedelta(days=55)
    announce = booth.sandbox.stand_ins["walmart"].announce
    assert announce is not None
    got = [(dict(news.headers), news.body) for news in announce(since, until)]
    hints = [hint for headers, body in got for hint in booth.connector.hints(booth.account, headers, body)]
    assert {hint.resource for hint in hints} == {Resource.ORDERS, Resource.RETURNS}
    assert len({hint.event_id for hint in hints}) == len(hints) == len(got)
    changed = {one.external_id for one in booth.desk.news_of(since, until)}
    assert {hint.external_id for hint in hints if hint.resource is Resource.ORDERS} == changed
    with pytest.raises(UnsignedWebhook):
        booth.connector.hints(booth.account, {"authorization": "Basic bm9ib2R5"}, got[0][1])


def test_signed_webhooks_are_checked_over_their_raw_bytes_and_their_age(booth: Booth) -> None:
    body = json.dumps({"source": {"eventType": "PO_CREATED", "eventId": "e1"}, "payload": {"purchaseOrderId": "7"}})
    address, now = booth.account.values["webhook_url"], int(booth.sandbox.clock.now().timestamp())
    secret = booth.account.secret("webhook_secret")

    def told(at: int, sent: bytes, signed: bytes) -> int:
        sign = signature(secret, "POST", address, str(at), signed)
        headers = {"WM_SEC.TIMESTAMP": str(at), "WM_SEC.SIGNATURE": sign}
        return len(booth.connector.hints(booth.account, headers, sent))

    raw = body.encode()
    assert told(now, raw, raw) == 1
    assert told(now - 299, raw, raw) == 1
    for at, sent in ((now - 301, raw), (now + 121, raw), (now, raw + b" ")):
        with pytest.raises(UnsignedWebhook):
            told(at, sent, raw)


def test_a_wrong_secret_is_fatal_at_once(booth: Booth) -> None:
    wrong = replace(booth.account, secrets={"client_secret": SecretStr("wrong")})
    with pytest.raises(ChannelFailed) as failed, httpx.Client() as http:
        new_token(wrong, http, booth.sandbox.clock.now())
    assert failed.value.judged.verdict is Verdict.AUTH_FATAL
    assert "wrong" not in str(failed.value)
    assert "wrong" not in repr(wrong)


def test_a_token_is_renewed_before_its_quarter_of_an_hour_ends(booth: Booth) -> None:
    before = booth.desk.limits.calls["token"]
    for _ in range(8):
        booth.connection.check()
        booth.sandbox.clock.advance(minutes=6)
    assert 3 <= booth.desk.limits.calls["token"] - before <= 5
    assert booth.desk.faults.met[FaultKind.EXPIRED_TOKEN] <= 1


def test_the_stand_in_insists_on_what_walmart_insists_on(booth: Booth) -> None:
    with httpx.Client(base_url=f"{booth.address}/walmart") as http:
        token = new_token(booth.account, http, booth.sandbox.clock.now())[0]
        good = {
            "WM_SEC.ACCESS_TOKEN": token,
            "WM_SVC.NAME": "Walmart Marketplace",
            "WM_QOS.CORRELATION_ID": "1",
            "Accept": "application/json",
        }
        searched = http.get("/v3/orders", params={"createdStartDate": "2026-03-02", "limit": "5"}, headers=good)
        cursor = searched.json()["list"]["meta"]["nextCursor"]
        cases: list[tuple[int, str, dict[str, str | None]]] = [
            (200, "/v3/orders" + cursor, {}),
            (400, "/v3/orders" + cursor + "&limit=5", {}),
            (400, "/v3/orders?limit=500", {}),
            (400, "/v3/orders?shipNodeType=Moon", {}),
            (400, "/v3/orders?createdStartDate=2020-01-01", {}),
            (400, "/v3/inventories?limit=51", {}),
            (400, "/v3/items?limit=50&nextCursor=!", {}),
            (404, "/v3/orders/1", {}),
            (404, "/v3/moon", {}),
            (401, "/v3/orders", {"WM_SEC.ACCESS_TOKEN": "", "Authorization": f"Bearer {token}"}),
            (406, "/v3/orders", {"Accept": "*/*"}),
            (400, "/v3/orders", {"WM_SVC.NAME": None}),
        ]
        for status, path, change in cases:
            mixed: dict[str, str | None] = {**good, **change}
            headers = {name: value for name, value in mixed.items() if value is not None}
            answer = http.get(path, headers=headers)
            assert (answer.status_code, path) == (status, path)
            if status >= 400:
                assert set(answer.json()) == {"error"}
        only_a_week = http.get("/v3/orders", headers=good)
        assert only_a_week.status_code in (200, 404)
        default = http.get("/v3/orders", params={"createdStartDate": "2026-03-02"}, headers=good).json()
        assert {one["shipNode"]["type"] for one in default["list"]["elements"]["order"]} == {OWN}


def test_no_call_was_above_a_published_limit(booth: Booth) -> None:
    before = booth.desk.limits.violations.total()
    for _ in range(70):
        booth.connection.check()
    for _ in range(3):
        list(booth.connection.pages(Resource.PRODUCTS, "", whole(booth)))
    assert booth.desk.limits.violations.total() == before == 0
