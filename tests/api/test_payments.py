"""Payments over HTTP: started, asked about, entered by hand, and heard of from providers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.api.conftest import Api
from tests.payments import paypal_standin, stripe_standin
from tests.payments.paypal_standin import PaypalStandIn
from tests.payments.stripe_standin import StripeStandIn
from tests.spine import NOON, Shop, a_line, an_order, rows_of
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.booking import Origin
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.intents import create_intent
from tradewind.commerce.payments.model import Payment
from tradewind.commerce.payments.providers.manual import ManualProvider
from tradewind.commerce.payments.providers.paypal import PaypalProvider
from tradewind.commerce.payments.providers.registry import Providers
from tradewind.commerce.payments.providers.rehearsal import RehearsalProvider
from tradewind.commerce.payments.providers.stripe import StripeProvider


@pytest.fixture
def stripe() -> Iterator[StripeStandIn]:
    standin = StripeStandIn()
    yield standin
    standin.close()
    assert standin.wrong == []


@pytest.fixture
def till(api: Api, stripe: StripeStandIn) -> Api:
    """The API with providers switched on."""
    provider = StripeProvider(
        stripe_standin.KEY, webhook_secret=stripe_standin.SECRET, url=stripe.url, timeout_seconds=5
    )
    api.services.cashier.providers = Providers(ManualProvider(), RehearsalProvider("a secret of tests"), provider)
    return api


def waiting(api: Api, provider: str = "test", price: str = "10.00", number: str = "A-1") -> str:
    """A payment of a new pending order."""
    database = api.platform.database
    shop = Shop.open(database, keeps_stock=False)
    shop = Shop(database, replace(shop.booking, origin=Origin.CHECKOUT))
    order = an_order(number, a_line(price=price), status=OrderStatus.PENDING, payment_status="pending")
    (booked,) = shop.book(order)
    with database.write() as tx:
        amount = int(price.replace(".", ""))
        return create_intent(tx, booked.id or "", provider, amount, "EUR", now=NOON)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    assert found["code"] == code
    return found


def test_a_payment_is_started_and_its_order_confirmed(till: Api) -> None:
    client = till.as_user()
    payment = waiting(till)
    started = client.post(f"/api/v1/payments/{payment}/start", json={"method": "4242424242424242"})
    assert started.status_code == 200, started.text
    assert started.json() == {
        "payment_id": payment,
        "status": "captured",
        "redirect_url": None,
        "client_secret": None,
    }
    shown = client.get(f"/api/v1/payments/{payment}")
    assert (shown.json()["captured"], shown.json()["amount"], shown.json()["refunds"]) == (10.0, 10.0, [])
    assert shown.headers["ETag"] == f'"{shown.json()["version"]}"'
    order = client.get(f"/api/v1/orders/{shown.json()['order_id']}").json()
    assert (order["status"], order["payment_status"]) == ("confirmed", "paid")
    with till.platform.database.read() as tx:
        entries = tx.scalars(select(AuditEntry.actor).where(AuditEntry.action == "payment.update")).all()
    assert list(entries) == ["ada"]


def test_the_buyer_of_stripe_gets_a_secret_and_the_webhook_confirms(till: Api, stripe: StripeStandIn) -> None:
    client = till.as_user()
    payment = waiting(till, "stripe")
    started = client.post(f"/api/v1/payments/{payment}/start", json={}).json()
    assert (started["client_secret"], started["status"]) == ("pi_1_secret", "pending")
    stripe.pay("pi_1")
    client.headers.pop("Authorization")
    for body, headers in stripe.events * 2:
        heard = client.post("/api/v1/webhooks/stripe", content=body, headers=headers)
        assert (heard.status_code, heard.json()) == (200, {"received": True})
    with till.platform.database.read() as tx:
        assert rows_of(tx, Payment) == 1


def test_a_forged_message_is_refused_and_says_so(till: Api, stripe: StripeStandIn) -> None:
    payment = waiting(till, "stripe")
    till.as_user().post(f"/api/v1/payments/{payment}/start", json={})
    stripe.pay("pi_1")
    body, _ = stripe.events[-1]
    forged = till.client.post(
        "/api/v1/webhooks/stripe", content=body, headers={"Stripe-Signature": stripe_standin.sign(body, "other")}
    )
    problem(forged, 403, "bad_signature")
    problem(till.client.post("/api/v1/webhooks/paypal", content=b"{}"), 422, "invalid_input")
    problem(till.client.post("/api/v1/webhooks/manual", content=b"{}"), 404, "not_found")
    large = till.client.post("/api/v1/webhooks/stripe", content=b" " * (2 * 1024**2))
    assert large.status_code in (413, 422)


def test_the_way_back_shows_the_status_and_nothing_else(till: Api, stripe: StripeStandIn) -> None:
    payment = waiting(till, "stripe")
    till.as_user().post(f"/api/v1/payments/{payment}/start", json={})
    stripe.pay("pi_1")
    till.client.headers.pop("Authorization")
    till.clock.advance(seconds=3)
    back = till.client.get(f"/api/v1/payments/{payment}/return")
    assert back.json() == {"payment_id": payment, "status": "captured"}
    stripe.faults.append("500")
    assert till.client.get(f"/api/v1/payments/{payment}/return").json()["status"] == "captured"
    problem(till.client.get("/api/v1/payments/nobody/return"), 404, "not_found")


def test_the_buyer_is_sent_back_to_us_where_the_shop_names_no_page(till: Api) -> None:
    paypal = PaypalStandIn()
    provider = PaypalProvider(
        paypal_standin.CLIENT_ID, paypal_standin.CLIENT_SECRET, url=paypal.url, webhook_id=None, timeout_seconds=5
    )
    till.services.cashier.providers = Providers(provider)
    payment = waiting(till, "paypal")
    started = till.as_user().post(f"/api/v1/payments/{payment}/start", json={})
    assert started.json()["redirect_url"].startswith("https://www.paypal.com/")
    (order,) = paypal.orders.values()
    created = next(asked for asked in paypal.asked if asked.path == "/v2/checkout/orders")
    context = created.json["payment_source"]["paypal"]["experience_context"]
    assert context["return_url"] == f"http://{till.address}/api/v1/payments/{payment}/return"
    paypal.approve(order["id"])
    till.clock.advance(seconds=3)
    assert till.client.get(f"/api/v1/payments/{payment}/return").json()["status"] == "captured"
    provider.close()
    paypal.close()
    assert paypal.wrong == []


def test_the_way_back_leads_to_the_shop_where_it_has_a_page(till: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = waiting(till)
    payments = till.platform.settings.payments.model_copy(update={"return_url": "https://shop.example.com/thanks?a=1"})
    monkeypatch.setattr(till.platform, "settings", till.platform.settings.model_copy(update={"payments": payments}))
    back = till.client.get(f"/api/v1/payments/{payment}/return")
    assert back.status_code == 303
    assert back.headers["Location"] == f"https://shop.example.com/thanks?a=1&payment={payment}&status=created"


def test_money_by_hand_is_entered_once_under_a_key(till: Api) -> None:
    client = till.as_user()
    payment = waiting(till, "manual")
    once = {"Idempotency-Key": "transfer-17"}
    first = client.post(f"/api/v1/payments/{payment}/received", json={"amount": 4.5}, headers=once)
    again = client.post(f"/api/v1/payments/{payment}/received", json={"amount": 4.5}, headers=once)
    assert first.status_code == again.status_code == 200, first.text
    assert first.json() == again.json()
    assert first.json()["captured"] == 4.5
    too_much = client.post(f"/api/v1/payments/{payment}/received", json={"amount": 5.51})
    assert problem(too_much, 422, "invalid_input")["errors"][0]["field"] == "amount"
    stale = client.post(f"/api/v1/payments/{payment}/received", json={}, headers={"If-Match": '"1"'})
    problem(stale, 409, "changed_meanwhile")
    rest = client.post(f"/api/v1/payments/{payment}/received", json={"method": "bank transfer"})
    assert (rest.json()["captured"], rest.json()["status"]) == (10.0, "captured")


def test_what_cannot_be_paid_is_refused_with_the_reason(till: Api) -> None:
    client = till.as_user()
    payment = waiting(till, price="10.02")
    refused = client.post(f"/api/v1/payments/{payment}/start", json={"method": "1"})
    assert problem(refused, 422, "invalid_input")["errors"][0]["field"] == "method"
    problem(client.post(f"/api/v1/payments/{payment}/received", json={}), 409, "not_paid_by_hand")
    client.post(f"/api/v1/payments/{payment}/start", json={"method": "4242424242424242"})
    problem(client.post(f"/api/v1/payments/{payment}/start", json={}), 409, "not_payable")
    problem(client.post("/api/v1/payments/nobody/check"), 404, "not_found")
    unknown = client.post(f"/api/v1/payments/{payment}/start", json={"card": "x"})
    assert problem(unknown, 422, "invalid_input")["errors"][0]["field"] == "card"
    nowhere = client.post(f"/api/v1/payments/{payment}/start", json={"return_url": "javascript:alert(1)"})
    assert problem(nowhere, 422, "invalid_input")["errors"][0]["field"] == "return_url"


def test_payments_are_listed_by_state_provider_and_order(till: Api) -> None:
    client = till.as_user()
    first = waiting(till, number="A-1")
    second = waiting(till, "manual", number="A-2")
    client.post(f"/api/v1/payments/{first}/start", json={})

    def listed(**query: Any) -> list[str]:
        return [row["payment_id"] for row in client.get("/api/v1/payments", params=query).json()["items"]]

    assert listed() == [second, first]
    assert listed(status="captured") == [first]
    assert listed(provider="manual") == [second]
    order = client.get(f"/api/v1/payments/{second}").json()["order_id"]
    assert listed(order_id=order) == [second]
    page = client.get("/api/v1/payments", params={"limit": 1}).json()
    rest = client.get("/api/v1/payments", params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert [page["items"][0]["payment_id"], rest["items"][0]["payment_id"]] == [second, first]
    assert rest["next_cursor"] is None


def test_looking_needs_the_right_to_read_and_paying_the_right_to_write(till: Api) -> None:
    payment = waiting(till)
    problem(till.client.get(f"/api/v1/payments/{payment}"), 401, "not_authenticated")
    reader = {"Authorization": f"Bearer {till.token(Scope.API_READ)}"}
    assert till.client.get(f"/api/v1/payments/{payment}", headers=reader).status_code == 200
    for verb in ("start", "check", "received"):
        problem(till.client.post(f"/api/v1/payments/{payment}/{verb}", json={}, headers=reader), 403, "missing_scope")
