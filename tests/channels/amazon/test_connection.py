"""The client before the stand-in: everything is read once, within the limits, whatever goes wrong on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import msgspec
import pytest

from tests.channels.amazon.market import CA, US, Market
from tests.channels.amazon.samples import needs_samples, sample
from tradewind.channels.amazon.judge import judge_answer, judge_token
from tradewind.channels.contract import ChannelFailed, PricePush, Resource, StockPush, Verdict
from tradewind.channels.unified import (
    UnifiedFee,
    UnifiedFeedback,
    UnifiedOrder,
    UnifiedProduct,
    UnifiedRefund,
    UnifiedStock,
)
from tradewind.commerce.fees.model import FeeKind
from tradewind.commerce.orders.states import OrderStatus
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.world import Pushed

SEARCH = "/orders/2026-01-01/orders"


@pytest.fixture
def market() -> Iterator[Market]:
    with Market.open(orders=220) as opened:
        yield opened


def told(order: UnifiedOrder) -> UnifiedOrder:
    """A world's order as far as Amazon's orders tell of it: refunds are in the finances, arrivals of FBA nowhere."""
    status = order.status
    if status in (OrderStatus.REFUNDED, OrderStatus.DELIVERED):
        is_known = status is OrderStatus.DELIVERED and order.fulfillment_channel == "fbm"
        status = OrderStatus.DELIVERED if is_known else OrderStatus.SHIPPED
    return replace(order, status=status, refunds=(), refunded=None, net_total=None, raw_status=None, payment_status="")


def as_told(order: UnifiedOrder) -> UnifiedOrder:
    return replace(order, raw_status=None, payment_status="")


def truth(market: Market) -> dict[str, UnifiedOrder]:
    until = market.window().until
    return {order.external_id: told(order) for order in market.sandbox.world.orders("amazon", None, until)}


def orders(market: Market, **asked: object) -> dict[str, UnifiedOrder]:
    """Read orders, the last telling of each."""
    found = {}
    for item in market.items(Resource.ORDERS, "US,CA", **asked):  # type: ignore[arg-type]
        assert item.rejected == ()
        (order,) = item.records
        assert isinstance(order, UnifiedOrder)
        found[order.external_id] = as_told(order)
    return found


def test_every_order_of_the_world_is_read_to_the_cent_within_the_limits(market: Market) -> None:
    found, expected = orders(market), truth(market)
    assert len(expected) > 200
    assert found == expected
    assert market.sandbox.violations == {}
    assert {order.currency for order in found.values()} == {"USD", "CAD"}
    assert {order.status for order in found.values()} >= {OrderStatus.CANCELLED, OrderStatus.DELIVERED}


def test_the_last_page_says_how_far_it_told(market: Market) -> None:
    pages = market.pages(Resource.ORDERS, "US,CA")
    assert [page.upper for page in pages] == [market.window().until] * len(pages)
    assert [len(page.items) for page in pages[:-1]] == [100] * (len(pages) - 1)


def test_twenty_pages_go_at_once_and_then_one_in_three_minutes() -> None:
    with Market.open(days=20, orders=2_300) as market:
        since = market.window().until
        found = orders(market)
        assert market.calls["searchOrders"] == 24
        # Twelve minutes have passed meanwhile, and with them came news.
        found |= orders(market, since=since - timedelta(minutes=10))
        assert found == truth(market)
        assert market.sandbox.violations == {}
        assert len([wait for wait in market.pacer.waited if wait > 170]) == 5


def test_windows_one_after_another_tell_every_change(market: Market) -> None:
    found = orders(market)
    since = market.window().until
    for _ in range(6):
        market.real.advance(hours=9)
        found |= orders(market, since=since - timedelta(minutes=10))
        since = market.window().until
    assert found == truth(market)


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        (FaultKind.THROTTLED, 0),
        (FaultKind.UNAVAILABLE, 0),
        (FaultKind.BROKEN, 0),
        (FaultKind.TIMEOUT, 0),
        (FaultKind.TRUNCATED, 0),
        (FaultKind.EXPIRED_TOKEN, 0),
        (FaultKind.EMPTY_PAGE, 0),
        (FaultKind.DUPLICATED_PAGE, 0),
        (FaultKind.CLOCK_SKEW, 900),
    ],
)
def test_a_fault_on_the_way_loses_nothing(market: Market, kind: FaultKind, seconds: float) -> None:
    market.fault(kind, times=1 if kind is FaultKind.EXPIRED_TOKEN else 2, path=SEARCH, seconds=seconds)
    until = market.window().until
    found = orders(market)
    assert market.desk.faults.met[kind] >= 1
    # Waiting took minutes: what happened meanwhile is the next window's.
    assert found | orders(market, since=until - timedelta(minutes=10)) == truth(market)
    assert market.sandbox.violations == {}


def test_a_clock_that_is_ahead_does_not_carry_the_watermark_along(market: Market) -> None:
    market.fault(FaultKind.CLOCK_SKEW, times=9, path=SEARCH, seconds=3600)
    assert {page.upper for page in market.pages(Resource.ORDERS, "US")} == {market.window().until}


def test_an_order_that_changes_between_two_pages_comes_in_the_next_window(market: Market) -> None:
    market.fault(FaultKind.CHANGED, path=SEARCH)
    until = market.window().until
    found = orders(market)
    market.real.advance(minutes=15)
    found |= orders(market, since=until - timedelta(minutes=10))
    assert found == truth(market)


def test_after_a_429_the_next_try_waits_for_the_operations_own_rate(market: Market) -> None:
    market.fault(FaultKind.THROTTLED, path=SEARCH)
    market.pages(Resource.ORDERS, "US", market.now - timedelta(minutes=30))
    assert max(market.pacer.waited) >= 178


def test_a_token_is_renewed_before_its_hour_is_over(market: Market) -> None:
    market.connection.check()
    market.real.advance(minutes=49)
    market.connection.check()
    assert market.desk.faults.met == {}
    market.real.advance(minutes=51)
    market.connection.check()
    assert market.calls["getMarketplaceParticipations"] == 3


@pytest.mark.parametrize("wrong", [{"refresh_token": "Atzr|revoked"}, {"client_secret": "rotated"}])
def test_a_permission_that_is_gone_stops_at_once_and_names_no_secret(wrong: dict[str, str]) -> None:
    with Market.open(secrets=wrong) as market:
        with pytest.raises(ChannelFailed) as failure:
            market.connection.check()
        assert failure.value.judged.verdict is Verdict.AUTH_FATAL
        assert not any(secret in str(failure.value) for secret in wrong.values())
        assert market.pacer.waited == []


def test_the_account_is_called_by_its_store_and_a_missing_marketplace_is_named() -> None:
    with Market.open() as market:
        assert market.connection.check() == "Sandbox Store (US, CA)"
    with Market.open(values={"marketplaces": "US, MX"}) as market, pytest.raises(ChannelFailed, match="MX"):
        market.connection.check()


def test_transactions_tell_the_worlds_fees_and_refunds(market: Market) -> None:
    until = market.window().until
    fees: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    refunds = {}
    items = market.items(Resource.FEES)
    for record in (record for item in items for record in item.records):
        if isinstance(record, UnifiedFee):
            fees[record.order_external_id, record.kind] += record.amount
        elif isinstance(record, UnifiedRefund):
            refunds[record.order_external_id] = record
    expected: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for fee in market.sandbox.world.fees("amazon", None, until):
        expected[fee.order_external_id, fee.kind] += fee.amount
    given = {each.order_external_id: each for each in market.sandbox.world.refunds("amazon", None, until)}
    assert {FeeKind.COMMISSION, FeeKind.FULFILLMENT, FeeKind.REFUND_REVERSAL, FeeKind.SUBSCRIPTION} <= {
        kind for _, kind in expected
    }
    assert fees == expected
    assert {key: (each.amount, each.tax or 0, each.shipping or 0) for key, each in refunds.items()} == {
        key: (each.amount, each.tax, each.shipping) for key, each in given.items()
    }
    assert len(given) > 2
    assert len({item.external_id for item in items}) == len(items)
    assert not any(item.rejected for item in items)


def test_settlements_tell_the_same_fees_where_transactions_may_not_be_read() -> None:
    with Market.open(values={"fees_from": "settlements"}) as market:
        items = market.items(Resource.FEES)
        assert not any(item.rejected for item in items)
        fees = [record for item in items for record in item.records if isinstance(record, UnifiedFee)]
        first, last = min(fee.posted_at for fee in fees), max(fee.posted_at for fee in fees)
        expected = sum(
            (fee.amount for fee in market.sandbox.world.fees("amazon", first, last + timedelta(seconds=1))), Decimal(0)
        )
        assert sum((fee.amount for fee in fees), Decimal(0)) == expected
        assert len(fees) > 100
        assert market.calls["listTransactions"] == 0


def test_stock_of_both_keepers_is_read_and_only_what_changed_within_a_day(market: Market) -> None:
    def counts(since_hours: int | None = None) -> dict[tuple[str, str], UnifiedStock]:
        since = None if since_hours is None else market.now - timedelta(hours=since_hours)
        found = [record for item in market.items(Resource.INVENTORY, US, since) for record in item.records]
        return {(row.keeper, row.sku): row for row in found if isinstance(row, UnifiedStock)}

    expected = {(row.keeper, row.sku): row for row in market.sandbox.world.stock("amazon")}
    first = counts()
    assert {key: row.available for key, row in first.items()} == {key: row.available for key, row in expected.items()}
    assert first["fba", "CAMP-HAMMOCK"].reserved == expected["fba", "CAMP-HAMMOCK"].reserved
    market.real.advance(hours=6)
    assert len(counts(1)) < len(counts(48)) == len(first)
    assert market.items(Resource.INVENTORY, CA) == []


def test_listings_bring_price_brand_and_category(market: Market) -> None:
    found = [record for item in market.items(Resource.PRODUCTS, US) for record in item.records]
    products = {row.sku: row for row in found if isinstance(row, UnifiedProduct)}
    expected = {row.sku: row for row in market.sandbox.world.products("amazon")}
    assert {
        sku: (row.price, row.currency, row.title, row.brand, row.category, row.status) for sku, row in products.items()
    } == {
        sku: (row.price, row.currency, row.title, row.brand, row.category, row.status) for sku, row in expected.items()
    }
    assert market.items(Resource.PRODUCTS, US, market.now - timedelta(days=1)) == []


def test_ratings_of_the_seller_and_topics_of_reviews_name_nobody(market: Market) -> None:
    found = [record for item in market.items(Resource.FEEDBACK, US) for record in item.records]
    feedback = [record for record in found if isinstance(record, UnifiedFeedback)]
    ratings = [each for each in feedback if each.subject == "seller"]
    topics = [each for each in feedback if each.topic]
    assert ratings
    assert all(each.rating and 1 <= each.rating <= 5 for each in ratings)
    assert len(topics) == 10
    assert not any("@" in str(each) or "111-" in str(each) for each in feedback)
    assert market.sandbox.violations == {}


def test_one_thing_is_read_anew(market: Market) -> None:
    key = next(market.sandbox.world.orders("amazon", None, market.now)).external_id
    (item,) = market.connection.read(Resource.ORDERS, key).items
    assert as_told(item.records[0]) == told(market.sandbox.world.order("amazon", key))  # type: ignore[arg-type]
    assert market.connection.read(Resource.ORDERS, "111-9999999-9999999").items == []
    assert len(market.connection.read(Resource.PRODUCTS, "CAMP-HAMMOCK").items) == 1
    assert {row.records[0].keeper for row in market.connection.read(Resource.INVENTORY, "CAMP-HAMMOCK").items} == {  # type: ignore[union-attr]
        "fba",
        "seller",
    }
    fees = market.connection.read(Resource.FEES, key).items
    assert {record.order_external_id for item in fees for record in item.records} <= {key}  # type: ignore[union-attr]


def test_topics_are_not_asked_for_by_who_owns_no_brand_and_buyers_not_against_the_sellers_will() -> None:
    with Market.open(values={"review_topics": "no", "buyers": "no"}) as market:
        assert market.items(Resource.FEEDBACK, US)
        assert market.calls["getItemReviewTopics"] == 0
        assert all(order.customer is None for order in orders(market).values())


def test_a_call_without_the_role_for_it_is_refused_for_good_and_says_so(market: Market) -> None:
    def denied(response: httpx.Response) -> httpx.Response:
        if "customerFeedback" not in str(response.request.url):
            return response
        body = {"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied."}]}
        return httpx.Response(403, content=msgspec.json.encode(body), request=response.request)

    market.wire.tamper = denied
    with pytest.raises(ChannelFailed, match=r"getItemReviewTopics.*role") as failure:
        market.items(Resource.FEEDBACK, US)
    assert failure.value.judged.verdict is Verdict.AUTH_FATAL
    assert market.connection.check()


# --- Write-back ---


def test_stock_and_price_are_written_and_read_back(market: Market) -> None:
    pushes = [
        StockPush("CAMP-HAMMOCK", f"{US}:seller", 7, "k1"),
        StockPush("CAMP-HAMMOCK", None, 7, "k2"),
        StockPush("NO-SUCH-SKU", None, 7, "k3"),
    ]
    done = market.connection.push_stock(pushes)
    assert [(each.key, each.is_done) for each in done] == [("k1", True), ("k2", True), ("k3", False)]
    assert "lists no SKU" in (done[2].error or "")
    # The second said what was true already: it was not sent.
    assert len(market.sandbox.world.pushes) == 1
    prices = [
        PricePush("CAMP-HAMMOCK", Decimal("41.90"), "USD", "p1"),
        PricePush("CAMP-HAMMOCK", Decimal("41.90"), "JPY", "p2"),
        PricePush("CAMP-HAMMOCK", Decimal(0), "USD", "p3"),
    ]
    assert [each.is_done for each in market.connection.push_prices(prices)] == [True, False, False]
    products = {row.sku: row for row in market.sandbox.world.products("amazon")}
    stock = {row.sku: row for row in market.sandbox.world.stock("amazon") if row.keeper == "seller"}
    assert (products["CAMP-HAMMOCK"].price, stock["CAMP-HAMMOCK"].available) == (Decimal("41.90"), 7)


def test_what_amazon_fulfils_and_what_it_refuses_is_not_forced(market: Market) -> None:
    def as_fba(response: httpx.Response) -> httpx.Response:
        if response.request.method == "PATCH":
            body = b'{"sku": "X", "status": "INVALID", "issues": [{"message": "quantity too large"}]}'
            return httpx.Response(200, content=body, request=response.request)
        if b"DEFAULT" in response.content and "/CAMP-HAMMOCK" in str(response.request.url):
            content = response.content.replace(b"DEFAULT", b"AMAZON_NA")
            return httpx.Response(200, content=content, request=response.request)
        return response

    market.wire.tamper = as_fba
    kept, refused = market.connection.push_stock(
        [StockPush("CAMP-HAMMOCK", None, 1, "a"), StockPush("CAMP-COMPASS", None, 1, "b")]
    )
    assert (kept.is_done, refused.is_done, refused.error) == (False, False, "quantity too large")
    assert "Amazon fulfils" in (kept.error or "")


# --- Answers that are not what was agreed ---


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"orders": {"orderId": "1"}}, "malformed_answer"),
        ({"orders": [1]}, "malformed_answer"),
        ([], "malformed_answer"),
        ({"orders": [], "pagination": {"nextToken": "again"}}, "paging_loop"),
    ],
)
def test_a_malformed_answer_ends_the_window_with_its_reason(market: Market, body: object, code: str) -> None:
    def tampered(response: httpx.Response) -> httpx.Response:
        if SEARCH not in str(response.request.url):
            return response
        return httpx.Response(200, content=msgspec.json.encode(body), request=response.request)

    market.wire.tamper = tampered
    with pytest.raises(ChannelFailed) as failure:
        market.pages(Resource.ORDERS, "US")
    assert failure.value.judged.code == code


def test_a_rate_that_an_answer_tells_is_kept_from_then_on(market: Market) -> None:
    def faster(response: httpx.Response) -> httpx.Response:
        response.headers["x-amzn-RateLimit-Limit"] = "0.02"
        return response

    market.wire.tamper = faster
    market.pages(Resource.ORDERS, "US", market.now - timedelta(minutes=30))
    assert not market.caller.is_due("searchOrders", 20)
    market.real.advance(seconds=60)
    assert market.caller.is_due("searchOrders", 20)  # at the published rate it would take three minutes


def test_more_than_a_thousand_listings_are_asked_for_by_halves_of_time(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradewind.channels.amazon.listings._MOST_RESULTS", 5)
    market.sandbox.world.push("amazon", Pushed("CAMP-HAMMOCK", None, price="1.00"))
    with pytest.raises(ChannelFailed, match="more than 5 listings"):
        market.items(Resource.PRODUCTS, US)  # nineteen of them have one and the same moment
    monkeypatch.setattr("tradewind.channels.amazon.listings._MOST_RESULTS", 19)
    market.real.advance(minutes=5)
    assert len(market.items(Resource.PRODUCTS, US)) == 20


# --- Verdicts of the real bodies, section 7 no. 8 ---


@needs_samples
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("errors/400.json", Verdict.PERMANENT),
        ("errors/401.json", Verdict.AUTH_EXPIRED),
        ("errors/403.json", Verdict.AUTH_FATAL),
        ("errors/404.json", Verdict.PERMANENT),
        ("errors/429.json", Verdict.THROTTLED),
        ("errors/500.json", Verdict.TRANSIENT),
        ("errors/503.json", Verdict.TRANSIENT),
        ("derived/expired_token.403.json", Verdict.AUTH_EXPIRED),
        ("orders_2026-01-01/getOrder.400.json", Verdict.PERMANENT),
        ("catalog_2022-04-01/searchCatalogItems.400.json", Verdict.PERMANENT),
    ],
)
def test_errors_have_their_verdicts(name: str, verdict: Verdict) -> None:
    status = int(name.removesuffix(".json")[-3:])
    if "expired" in name:
        status = 403
    response = httpx.Response(status, content=msgspec.json.encode(sample(name)))
    judged = judge_answer("searchOrders", response)
    assert judged.verdict is verdict
    if status == 429:
        assert judged.wait_seconds is not None
        assert 178 < judged.wait_seconds < 179


@needs_samples
@pytest.mark.parametrize(
    "name", ["derived/lwa_token.invalid_grant.400.json", "derived/lwa_token.invalid_client.401.json"]
)
def test_refused_credentials_are_fatal(name: str) -> None:
    response = httpx.Response(int(name.split(".")[-2]), content=msgspec.json.encode(sample(name)))
    assert judge_token(response).verdict is Verdict.AUTH_FATAL


def test_a_body_that_breaks_off_is_asked_for_again_and_no_content_is_empty() -> None:
    assert judge_answer("getOrder", httpx.Response(200, content=b'{"order": {"or')).verdict is Verdict.TRANSIENT
    assert judge_answer("getItemReviewTopics", httpx.Response(204)).verdict is Verdict.EMPTY
    assert judge_answer("getOrder", httpx.Response(503, content=b"<html>")).verdict is Verdict.TRANSIENT
