"""The poll: looks at what is open, often at first and seldom later, and one thing that fails holds up no other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.payments.stripe_standin import StripeStandIn
from tests.payments.till import Till
from tests.spine import NOON
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.by_hand import receive
from tradewind.commerce.payments.model import PaymentIntent
from tradewind.commerce.payments.providers.port import Visit
from tradewind.commerce.payments.providers.registry import Providers


def looks(till: Till, stripe: StripeStandIn) -> int:
    """How often Stripe was asked how a payment stands."""
    return sum(1 for asked in stripe.asked if asked.method == "GET" and asked.path.startswith("/v1/payment_intents/"))


def started(till: Till) -> str:
    intent = till.waiting()
    till.cashier.start(intent, Visit())
    return intent


def test_an_open_payment_is_asked_about_ever_more_seldom_and_at_last_no_more(
    stripe_till: Till, stripe: StripeStandIn
) -> None:
    started(stripe_till)
    seen = []
    for every, steps in ((1, 30), (5, 12), (60, 23), (720, 14), (2880, 32)):
        before = looks(stripe_till, stripe)
        for _ in range(steps):
            stripe_till.wait(minutes=every)
            stripe_till.reconciler.look()
        seen.append(looks(stripe_till, stripe) - before)
    half_hour, hour, day, week, months = seen
    assert 13 <= half_hour <= 15
    assert 3 <= hour <= 5
    assert 21 <= day <= 23
    assert 11 <= week <= 14
    assert 24 <= months < 30


def test_a_payment_that_was_never_started_is_not_asked_about(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe_till.wait(hours=1)
    stripe_till.reconciler.look()
    assert stripe.asked == []
    stripe_till.cancel(intent)
    stripe_till.reconciler.look()
    assert (stripe_till.row(intent).status, stripe.asked) == ("cancelled", [])


def test_one_payment_that_cannot_be_asked_about_holds_up_no_other(stripe_till: Till, stripe: StripeStandIn) -> None:
    first, second = started(stripe_till), started(stripe_till)
    for intent in (first, second):
        stripe.pay(stripe_till.row(intent).provider_id or "")
    stripe_till.wait(minutes=3)
    stripe.faults.append("500")
    done = stripe_till.reconciler.look()
    assert (done.asked, done.failed) == (2, 1)
    assert sorted(stripe_till.row(intent).status for intent in (first, second)) == ["captured", "pending"]
    stripe_till.wait(minutes=3)
    stripe_till.reconciler.look()
    assert [stripe_till.row(intent).status for intent in (first, second)] == ["captured", "captured"]


def test_a_buyer_who_reloads_the_page_asks_the_provider_once(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = started(stripe_till)
    stripe_till.wait(seconds=5)
    for _ in range(5):
        stripe_till.cashier.check(intent, pause=timedelta(seconds=2))
    assert looks(stripe_till, stripe) == 1


def test_a_refund_by_hand_is_done_once_it_is_asked(stripe_till: Till) -> None:
    intent = stripe_till.waiting("manual")
    with stripe_till.database.write() as tx:
        receive(tx, intent, actor=Actor("ada"), now=NOON)
        payback.ask(tx, intent, 1000, now=NOON)
    stripe_till.reconciler.look()
    assert (stripe_till.state(intent).refunded, stripe_till.state(intent).payment) == (1000, "refunded")


def test_payments_of_a_provider_that_was_switched_off_wait(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = started(stripe_till)
    stripe.pay(stripe_till.row(intent).provider_id or "")
    stripe_till.cashier.providers = Providers()
    stripe_till.wait(hours=1)
    assert stripe_till.reconciler.look().asked == 0
    assert stripe_till.row(intent).status == "pending"


@pytest.mark.parametrize("count", [120])
def test_a_look_is_bounded_and_the_rest_is_next(stripe_till: Till, count: int) -> None:
    order = stripe_till.order()
    with stripe_till.database.write() as tx:
        for number in range(count):
            tx.add(
                PaymentIntent(
                    id=f"intent{number:020d}",
                    order_id=order,
                    provider="stripe",
                    provider_id=None,
                    amount_minor=1000,
                    currency="EUR",
                    status="created",
                    created_at=NOON,
                    updated_at=NOON,
                )
            )
    stripe_till.cancel(f"intent{0:020d}")
    asked = [stripe_till.reconciler.look().asked for _ in range(4)]
    assert asked == [50, 50, 20, 0]
