"""Stripe: what we send is what its documentation asks for, and whatever happens on the way, money is counted once."""

from __future__ import annotations

import time
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.payments.stripe_standin import KEY, SECRET, StripeStandIn, sign
from tests.payments.till import State, Till
from tests.spine import NOON
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.cashier import NotPayable
from tradewind.commerce.payments.order_refunds import RefundAsked, refund_order
from tradewind.commerce.payments.providers.port import BadSignature, IntentStatus, PaymentRefused, ProviderAway, Visit
from tradewind.commerce.payments.providers.stripe import StripeProvider
from tradewind.core.errors import Misconfigured

ADA = Actor("ada")
PAID = State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)


def start(till: Till, intent: str) -> str:
    """Starts a payment; Stripe's id for it."""
    till.cashier.start(intent, Visit())
    found = till.row(intent).provider_id
    assert found is not None
    return found


def deliver(till: Till, stripe: StripeStandIn) -> None:
    for body, headers in stripe.events:
        till.cashier.hear("stripe", body, headers)


def ask_back(till: Till, intent: str, amount: int) -> str:
    with till.database.write() as tx:
        order_id = till.row(intent).order_id
        return refund_order(tx, order_id, RefundAsked(amount_minor=amount), actor=ADA, now=till.clock.now()).wishes[0]


def test_a_payment_is_started_paid_and_heard_of(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    started = stripe_till.cashier.start(intent, Visit())
    assert (started.client_secret, started.redirect_url, started.status) == ("pi_1_secret", None, IntentStatus.PENDING)
    (asked,) = stripe.asked
    assert asked.headers["idempotency-key"] == intent
    assert {name: text for name, text in asked.form.items() if name in ("amount", "currency")} == {
        "amount": "1000",
        "currency": "eur",
    }
    stripe.pay("pi_1")
    deliver(stripe_till, stripe)
    assert stripe_till.state(intent) == PAID


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [("10.00", "EUR", "1000"), ("1500", "JPY", "1500"), ("1.230", "KWD", "1230"), ("500", "ISK", "50000")],
)
def test_amounts_are_in_the_units_that_stripe_counts(
    stripe_till: Till, stripe: StripeStandIn, price: str, currency: str, amount: str
) -> None:
    intent = stripe_till.waiting(price=price, currency=currency)
    stripe.pay(start(stripe_till, intent))
    assert (stripe.asked[0].form["amount"], stripe.asked[0].form["currency"]) == (amount, currency.lower())
    stripe_till.cashier.check(intent)
    row = stripe_till.row(intent)
    assert (row.status, row.captured_minor) == ("captured", row.amount_minor)


def test_an_amount_that_stripe_cannot_take_is_refused_before_it_is_asked(
    stripe_till: Till, stripe: StripeStandIn
) -> None:
    intent = stripe_till.waiting(price="1.234", currency="KWD")
    with pytest.raises(PaymentRefused, match="last digit"):
        stripe_till.cashier.start(intent, Visit())
    assert stripe.asked == []


def test_starting_again_goes_on_with_the_same_payment(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    assert start(stripe_till, intent) == start(stripe_till, intent)
    assert len(stripe.intents) == 1


@pytest.mark.parametrize("fault", ["lost", "late"])
def test_an_answer_that_never_came_is_asked_for_again_and_makes_no_second_payment(
    stripe_till: Till, stripe: StripeStandIn, fault: str
) -> None:
    intent = stripe_till.waiting()
    stripe.faults.append(fault)
    start(stripe_till, intent)
    assert (len(stripe.intents), stripe.count("POST", "/v1/payment_intents")) == (1, 2)


def test_a_provider_that_is_away_changes_nothing(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe.faults.append("500")
    with pytest.raises(ProviderAway):
        stripe_till.cashier.start(intent, Visit())
    assert stripe_till.row(intent).status == "created"
    start(stripe_till, intent)


def test_a_message_is_heard_though_our_answer_was_lost_with_the_program(
    stripe_till: Till, stripe: StripeStandIn
) -> None:
    intent = stripe_till.waiting()
    with stripe_till.database.read() as tx:
        asked = tx.get_one(type(stripe_till.row(intent)), intent)
        assert asked.provider_id is None
    # What Stripe heard, and we never wrote down: as if the program had been killed in between.
    provider = stripe_till.cashier.providers["stripe"]
    provider.start(stripe_till.cashier._asked(intent).charge, Visit())
    stripe.pay("pi_1")
    deliver(stripe_till, stripe)
    assert stripe_till.state(intent) == PAID


def test_a_declined_card_may_be_followed_by_a_good_one(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    known = start(stripe_till, intent)
    stripe.decline(known)
    deliver(stripe_till, stripe)
    assert (stripe_till.row(intent).status, stripe_till.row(intent).failure) == ("failed", "Your card was declined.")
    stripe.pay(known)
    deliver(stripe_till, stripe)
    assert stripe_till.state(intent) == PAID


def test_messages_with_another_signature_are_refused(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe.pay(start(stripe_till, intent))
    body, headers = stripe.events[-1]
    old = int(time.time()) - 301
    forged: list[dict[str, str]] = [
        {},
        {"stripe-signature": "nonsense"},
        {"stripe-signature": sign(body, "whsec_other")},
        {"stripe-signature": sign(body, SECRET, old)},
    ]
    for wrong in forged:
        with pytest.raises(BadSignature):
            stripe_till.cashier.hear("stripe", body, wrong)
    with pytest.raises(BadSignature):
        stripe_till.cashier.hear("stripe", body.replace(b"1000", b"1"), headers)
    with pytest.raises(BadSignature):
        stripe_till.cashier.hear("stripe", b"\xff\xfe", headers)
    assert stripe_till.state(intent).paid == 0


def test_messages_about_other_things_are_taken_and_change_nothing(stripe_till: Till, stripe: StripeStandIn) -> None:
    for content in (
        {"id": "evt_a", "type": "customer.created", "data": {"object": {"id": "cus_1"}}},
        {
            "id": "evt_b",
            "type": "payment_intent.succeeded",
            "data": {
                "object": {
                    "id": "pi_elsewhere",
                    "amount": 1,
                    "amount_received": 1,
                    "currency": "eur",
                    "status": "succeeded",
                }
            },
        },
    ):
        body = orjson.dumps(content)
        assert stripe_till.cashier.hear("stripe", body, {"stripe-signature": sign(body)}) is None


def test_a_wrong_key_is_a_wrong_setting_and_no_refusal(stripe_till: Till, stripe: StripeStandIn) -> None:
    provider = StripeProvider("sk_test_other", webhook_secret=None, url=stripe.url, timeout_seconds=1)
    till = Till(stripe_till.database, provider)
    intent = till.waiting()
    with pytest.raises(Misconfigured):
        till.cashier.start(intent, Visit())
    with pytest.raises(Misconfigured):
        till.cashier.hear("stripe", b"{}", {})
    stripe.wrong.clear()
    assert KEY != "sk_test_other"


def test_a_payment_that_nobody_waits_for_is_cancelled_at_stripe(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    known = start(stripe_till, intent)
    stripe_till.cancel(intent)
    stripe_till.cashier.check(intent)
    assert (stripe.intents[known]["status"], stripe_till.row(intent).status) == ("canceled", "cancelled")
    with pytest.raises(NotPayable):
        stripe_till.cashier.start(intent, Visit())


def test_an_order_that_is_paid_is_not_paid_again(stripe_till: Till, stripe: StripeStandIn) -> None:
    order = stripe_till.order()
    first, second = stripe_till.intent(order), stripe_till.intent(order)
    stripe.pay(start(stripe_till, first))
    deliver(stripe_till, stripe)
    with pytest.raises(NotPayable, match="is paid"):
        stripe_till.cashier.start(second, Visit())


def test_money_that_was_faster_than_the_cancellation_goes_back(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    known = start(stripe_till, intent)
    stripe_till.cancel(intent)
    stripe.pay(known)
    stripe_till.cashier.check(intent)
    assert stripe_till.state(intent).going_back == 1000
    stripe_till.reconciler.look()
    assert stripe_till.state(intent) == State("captured", 1000, 1000, "cancelled", "refunded", 1000, 0, 0)
    assert [row["amount"] for row in stripe.refunds.values()] == [1000]


def test_money_that_went_back_in_part_at_the_desk_unheard_goes_back_for_the_rest(
    stripe_till: Till, stripe: StripeStandIn
) -> None:
    intent = stripe_till.waiting()
    known = start(stripe_till, intent)
    stripe_till.cancel(intent)
    stripe.pay(known)
    stripe_till.cashier.check(intent)
    stripe.refund_at_the_desk(known, 300)
    for _ in range(2):
        stripe_till.reconciler.look()
    assert stripe_till.state(intent) == State("captured", 1000, 1000, "cancelled", "refunded", 1000, 0, 0)
    assert [row["amount"] for row in stripe.refunds.values()] == [300, 700]


def test_a_refund_is_sent_once_and_booked_once(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe.pay(start(stripe_till, intent))
    deliver(stripe_till, stripe)
    wish = ask_back(stripe_till, intent, 400)
    stripe_till.reconciler.look()
    deliver(stripe_till, stripe)
    stripe_till.cashier.check(intent)
    assert stripe_till.state(intent) == State("captured", 1000, 400, "confirmed", "partially_refunded", 1000, 400, 0)
    (asked,) = [a for a in stripe.asked if (a.method, a.path) == ("POST", "/v1/refunds")]
    assert (asked.headers["idempotency-key"], asked.form["amount"], asked.form["payment_intent"]) == (
        wish,
        "400",
        "pi_1",
    )


def test_a_refund_that_takes_days_is_followed_to_its_end(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe.pay(start(stripe_till, intent))
    deliver(stripe_till, stripe)
    stripe.refund_status = "pending"
    ask_back(stripe_till, intent, 1000)
    stripe_till.reconciler.look()
    assert (stripe_till.state(intent).going_back, stripe_till.state(intent).credited) == (1000, 0)
    stripe.refunds["re_1"]["status"] = "succeeded"  # and its message is lost
    stripe_till.wait(minutes=20)
    stripe_till.reconciler.look()
    assert stripe_till.state(intent) == State("captured", 1000, 1000, "confirmed", "refunded", 1000, 1000, 0)


def test_a_refund_that_comes_back_leaves_the_money_with_us(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe.pay(start(stripe_till, intent))
    stripe.refund_status = "pending"
    deliver(stripe_till, stripe)
    ask_back(stripe_till, intent, 1000)
    stripe_till.reconciler.look()
    stripe.settle_refund("re_1", "failed")
    deliver(stripe_till, stripe)
    state = stripe_till.state(intent)
    assert (state.refunded, state.going_back, state.credited, state.payment) == (0, 0, 0, "paid")


def test_what_stripe_refuses_to_give_back_is_for_a_person_to_see(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    known = start(stripe_till, intent)
    stripe.pay(known)
    deliver(stripe_till, stripe)
    stripe.refunds["re_elsewhere"] = {"payment_intent": known, "amount": 900, "status": "succeeded"}
    wish = ask_back(stripe_till, intent, 400)
    stripe_till.reconciler.look()
    (row,) = [row for row in stripe_till.refunds(intent) if row.id == wish]
    assert row.status == "failed"
    assert "greater than" in (row.failure or "")
    stripe.refunds.clear()


def crashed(till: Till, stripe: StripeStandIn, crash: str) -> str:
    """A payment of which 4.00 go back, two days after the program was killed: Stripe has forgotten our key by then."""
    intent = till.waiting()
    stripe.pay(start(till, intent))
    deliver(till, stripe)
    wish = ask_back(till, intent, 400)
    till.cashier._claim(wish)
    if crash == "after the network":
        till.cashier.providers["stripe"].refund(till.cashier._asked(intent).charge, wish, 400, None)
    stripe._answers.clear()
    till.wait(days=2)
    return intent


@pytest.mark.parametrize("crash", ["before the network", "after the network"])
def test_a_crash_while_money_goes_back_neither_loses_nor_doubles_it(
    stripe_till: Till, stripe: StripeStandIn, crash: str
) -> None:
    intent = crashed(stripe_till, stripe, crash)
    stripe_till.reconciler.look()
    assert [row["amount"] for row in stripe.refunds.values()] == [400]
    assert stripe_till.state(intent) == State("captured", 1000, 400, "confirmed", "partially_refunded", 1000, 400, 0)


def test_without_asking_first_a_refund_would_go_back_twice(
    stripe_till: Till, stripe: StripeStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(stripe_till, stripe, "after the network")
    claim = stripe_till.cashier._claim
    monkeypatch.setattr(stripe_till.cashier, "_claim", lambda refund_id: (claim(refund_id)[0], True))
    stripe_till.reconciler.look()
    assert [row["amount"] for row in stripe.refunds.values()] == [400, 400]


ACTIONS = st.lists(st.sampled_from(["decline", "pay", "refund", "desk", "cancel", "check"]), min_size=1, max_size=6)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each step is a network's and a database's: no shrinking
)
@given(actions=ACTIONS, data=st.data())
def test_whatever_happens_and_whatever_is_heard_in_whatever_order_the_poll_ends_in_the_truth(
    stripe_till: Till, stripe: StripeStandIn, actions: list[str], data: st.DataObject
) -> None:
    till = stripe_till
    intent = till.waiting()
    known = start(till, intent)
    first = len(stripe.events)
    for action in actions:
        _act(action, till, stripe, intent, known)
    heard: list[Any] = data.draw(st.permutations(stripe.events[first:] * 2))
    for body, headers in heard[: data.draw(st.integers(0, len(heard)))]:
        till.cashier.hear("stripe", body, headers)
    for _ in range(3):
        till.wait(hours=6)
        till.reconciler.look()
        till.cashier.check(intent)
    truth, state = stripe.intents[known], till.state(intent)
    back = sum(row["amount"] for row in stripe.refunds.values() if row["payment_intent"] == known)
    assert (state.captured, state.paid, state.refunded) == (truth["amount_received"],) * 2 + (back,)
    assert state.going_back == 0
    if state.order == "cancelled":
        assert state.captured == state.refunded
    else:
        assert (state.order == "confirmed") == (truth["status"] == "succeeded")


def _act(action: str, till: Till, stripe: StripeStandIn, intent: str, known: str) -> None:
    status = stripe.intents[known]["status"]
    if action == "decline" and status == "requires_payment_method":
        stripe.decline(known)
    elif action == "pay" and status == "requires_payment_method":
        stripe.pay(known)
    elif action == "desk" and status == "succeeded":
        till.reconciler.look()  # what is wished back is on its way first
        back = sum(row["amount"] for row in stripe.refunds.values() if row["payment_intent"] == known)
        if back <= 900:
            stripe.refund_at_the_desk(known, 100)
    elif action == "refund" and till.row(intent).captured_minor:
        till.cashier.check(intent)
        with till.database.write() as tx:
            if payback.refundable(tx, till.row(intent)) >= 100:
                payback.ask(tx, intent, 100, now=NOON)
    elif action == "cancel" and till.order_of(intent).status == "pending":
        till.cancel(intent)
    elif action == "check":
        till.cashier.check(intent)
