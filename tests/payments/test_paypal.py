"""PayPal: approved by the buyer, taken by us, and heard of in whatever order its messages come."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.payments.paypal_standin import PaypalStandIn
from tests.payments.till import State, Till
from tests.spine import NOON
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.providers.paypal import PaypalProvider
from tradewind.commerce.payments.providers.port import BadSignature, IntentStatus, PaymentRefused, ProviderAway, Visit
from tradewind.core.errors import Misconfigured

VISIT = Visit("https://shop.example.com/thanks", "https://shop.example.com/cart")
PAID = State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)


def start(till: Till, intent: str) -> str:
    till.cashier.start(intent, VISIT)
    found = till.row(intent).provider_id
    assert found is not None
    return found


def deliver(till: Till, paypal: PaypalStandIn) -> None:
    for body, headers in list(paypal.events):
        till.cashier.hear("paypal", body, headers)


def test_the_buyer_is_sent_to_paypal_and_what_they_approve_is_taken(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    started = paypal_till.cashier.start(intent, VISIT)
    known = paypal_till.row(intent).provider_id or ""
    assert started.redirect_url == f"https://www.paypal.com/checkoutnow?token={known}"
    (created,) = [asked for asked in paypal.asked if asked.path == "/v2/checkout/orders"]
    (unit,) = created.json["purchase_units"]
    assert (unit["amount"], unit["custom_id"]) == ({"currency_code": "EUR", "value": "10.00"}, intent)
    assert created.headers["paypal-request-id"] == intent
    context = created.json["payment_source"]["paypal"]["experience_context"]
    assert (context["return_url"], context["cancel_url"]) == (VISIT.return_url, VISIT.cancel_url)
    paypal.approve(known)
    applied = paypal_till.cashier.check(intent)  # the buyer comes back
    assert applied.status is IntentStatus.CAPTURED
    assert paypal_till.state(intent) == PAID


def test_a_message_of_the_approval_is_enough(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    paypal.approve(start(paypal_till, intent))
    deliver(paypal_till, paypal)
    deliver(paypal_till, paypal)
    assert paypal_till.state(intent) == PAID


def test_the_poll_is_enough_where_no_message_and_no_buyer_comes(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    paypal.approve(start(paypal_till, intent))
    paypal_till.wait(minutes=3)
    paypal_till.reconciler.look()
    assert paypal_till.state(intent) == PAID


@pytest.mark.parametrize(
    ("price", "currency", "value"), [("1500", "JPY", "1500"), ("5000.00", "HUF", "5000"), ("10.50", "USD", "10.50")]
)
def test_amounts_have_the_digits_that_paypal_takes(
    paypal_till: Till, paypal: PaypalStandIn, price: str, currency: str, value: str
) -> None:
    intent = paypal_till.waiting("paypal", price, currency)
    known = start(paypal_till, intent)
    assert paypal.orders[known]["purchase_units"][0]["amount"] == {"currency_code": currency, "value": value}
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    assert paypal_till.row(intent).captured_minor == paypal_till.row(intent).amount_minor


@pytest.mark.parametrize(("price", "currency"), [("1.234", "KWD"), ("99.50", "HUF")])
def test_what_paypal_cannot_take_is_refused_before_it_is_asked(
    paypal_till: Till, paypal: PaypalStandIn, price: str, currency: str
) -> None:
    intent = paypal_till.waiting("paypal", price, currency)
    with pytest.raises(PaymentRefused):
        paypal_till.cashier.start(intent, VISIT)
    assert paypal.orders == {}


@pytest.mark.parametrize("fault", ["500", "lost", "late"])
def test_starting_again_after_a_fault_makes_no_second_order(
    paypal_till: Till, paypal: PaypalStandIn, fault: str
) -> None:
    intent = paypal_till.waiting("paypal")
    paypal_till.cashier.providers["paypal"]._access_token()  # type: ignore[attr-defined]  # sign in before the fault
    paypal.faults.append(fault)
    with pytest.raises(ProviderAway):
        paypal_till.cashier.start(intent, VISIT)
    start(paypal_till, intent)
    assert len(paypal.orders) == 1


@pytest.mark.parametrize("fault", ["500", "lost", "late"])
def test_money_taken_without_hearing_of_it_is_found_by_the_poll(
    paypal_till: Till, paypal: PaypalStandIn, fault: str
) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal.approve(known)
    paypal_till.wait(minutes=3)
    paypal.faults.extend(["", fault])  # the look goes well, the taking does not
    paypal_till.reconciler.look()
    assert paypal_till.row(intent).status == "authorized"
    paypal_till.wait(minutes=3)
    paypal_till.reconciler.look()
    assert paypal_till.state(intent) == PAID
    captures = paypal.orders[known]["purchase_units"][0]["payments"]["captures"]
    assert len(captures) == 1


def test_a_message_about_an_order_that_is_not_ours_is_taken_and_changes_nothing(
    paypal_till: Till, paypal: PaypalStandIn
) -> None:
    paypal.tell("CHECKOUT.ORDER.APPROVED", {"id": "5Oelsewhere"})
    paypal.tell("BILLING.PLAN.CREATED", {"id": "P-1"})
    assert [paypal_till.cashier.hear("paypal", body, headers) for body, headers in paypal.events] == [None, None]


def test_a_token_that_is_over_is_renewed(paypal_till: Till, paypal: PaypalStandIn) -> None:
    start(paypal_till, paypal_till.waiting("paypal"))
    paypal.forget_token()
    start(paypal_till, paypal_till.waiting("paypal"))
    assert paypal.count("POST", "/v1/oauth2/token") == 2


def test_a_wrong_secret_is_a_wrong_setting(paypal_till: Till, paypal: PaypalStandIn) -> None:
    provider = PaypalProvider("client-standin", "other", url=paypal.url, webhook_id=None, timeout_seconds=1)
    till = Till(paypal_till.database, provider)
    with pytest.raises(Misconfigured):
        till.cashier.start(till.waiting("paypal"), VISIT)
    with pytest.raises(Misconfigured):
        till.cashier.hear("paypal", b"{}", {})
    provider.close()
    paypal.wrong.clear()


def test_messages_that_paypal_did_not_send_are_refused(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    paypal.approve(start(paypal_till, intent))
    body, headers = paypal.events[-1]
    written_anew = orjson.dumps(orjson.loads(body))
    assert written_anew != body
    without = {name: text for name, text in headers.items() if name != "paypal-transmission-sig"}
    for wrong_body, wrong_headers in (
        (body, {}),
        (body, without),
        (body, headers | {"paypal-transmission-sig": "bm90aGluZw=="}),
        (written_anew, headers),
        (body.replace(b"APPROVED", b"COMPLETED"), headers),
    ):
        with pytest.raises(BadSignature):
            paypal_till.cashier.hear("paypal", wrong_body, wrong_headers)
    assert paypal_till.row(intent).status == "pending"


def test_a_capture_that_is_pending_confirms_only_when_it_is_done(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal.capture_status = "PENDING"
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    assert paypal_till.state(intent).order == "pending"
    paypal.settle(known, "captures", "COMPLETED")
    deliver(paypal_till, paypal)
    assert paypal_till.state(intent) == PAID


def test_a_buyer_whose_card_is_refused_may_approve_again(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal.capture_status = "DECLINED"
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    assert "INSTRUMENT_DECLINED" in (paypal_till.row(intent).failure or "")
    paypal.capture_status = "COMPLETED"
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    assert paypal_till.state(intent) == PAID


def test_an_approval_after_the_cancellation_takes_no_money(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal_till.cancel(intent)
    paypal.approve(known)
    deliver(paypal_till, paypal)
    assert paypal_till.state(intent) == State("cancelled", 0, 0, "cancelled", "pending", 0, 0, 0)
    assert paypal.orders[known]["status"] == "APPROVED"


def test_a_refund_goes_back_once_whatever_is_lost(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    with paypal_till.database.write() as tx:
        wish = payback.ask(tx, intent, 400, now=NOON, reason="Broken")
    paypal.faults.extend(["", "lost"])
    paypal_till.reconciler.look()
    assert paypal_till.state(intent).going_back == 400
    paypal._answers.clear()  # PayPal forgets our request ids after some hours
    paypal_till.wait(days=1)
    paypal_till.reconciler.look()
    deliver(paypal_till, paypal)
    assert (paypal_till.state(intent).refunded, paypal_till.state(intent).going_back) == (400, 0)
    (refund,) = paypal.orders[known]["purchase_units"][0]["payments"]["refunds"]
    assert (refund["custom_id"], refund["amount"]["value"]) == (wish, "4.00")


def test_a_refund_at_paypals_desk_is_heard_of(paypal_till: Till, paypal: PaypalStandIn) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    paypal.approve(known)
    paypal_till.cashier.check(intent)
    paypal.refund_at_the_desk(known, "2.50")
    deliver(paypal_till, paypal)
    assert (paypal_till.state(intent).refunded, paypal_till.state(intent).payment) == (250, "partially_refunded")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_messages_in_any_order_lead_to_one_end(paypal_till: Till, paypal: PaypalStandIn, data: st.DataObject) -> None:
    intent = paypal_till.waiting("paypal")
    known = start(paypal_till, intent)
    first = len(paypal.events)
    paypal.approve(known)
    paypal_till.cashier.providers["paypal"].capture(paypal_till.cashier._asked(intent).charge)
    paypal.refund_at_the_desk(known, "1.00")
    paypal.refund_at_the_desk(known, "2.00")
    messages = paypal.events[first:]
    doubled = data.draw(st.lists(st.sampled_from(messages), max_size=3))
    for body, headers in data.draw(st.permutations([*messages, *doubled])):
        paypal_till.cashier.hear("paypal", body, headers)
    assert paypal_till.state(intent) == State("captured", 1000, 300, "confirmed", "partially_refunded", 1000, 300, 0)
