"""Webhook, buyer, poll and people at the same moment, on real databases: money is counted once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.payments.stripe_standin import StripeStandIn
from tests.payments.till import State, Till, paid
from tests.spine import NOON, rows_of
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments import held, intents, payback
from tradewind.commerce.payments.model import Payment, PaymentIntent
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.payments.providers.port import Visit
from tradewind.core.database import Database
from tradewind.core.errors import TradewindError, Unavailable


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Runs calls in threads that start together; what they raised."""
    start = threading.Barrier(len(calls))
    raised: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        start.wait()
        try:
            call()
        except BaseException as error:  # noqa: BLE001 (looked at by the test)
            raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_one_payment_told_of_by_many_at_once_is_booked_once(store: Database) -> None:
    till = Till(store)
    for _ in range(3):
        intent = till.waiting()
        updates = [paid(intent, event_id=f"{intent}-{number % 2}") for number in range(4)] + [paid(intent)] * 4
        assert at_once(*(lambda update=update: till.apply(update) for update in updates)) == []
        assert till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)


def test_without_the_lock_money_would_be_booked_twice(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till(postgres)
    intent = till.waiting()
    meet = threading.Barrier(2, timeout=5)
    real = intents._is_new

    def both_look_first(*args: object) -> bool:
        with suppress(threading.BrokenBarrierError):
            meet.wait()
        return real(*args)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(held, "lock_order", lambda tx, order_id: tx.get(Order, order_id))
    monkeypatch.setattr(intents, "_is_new", both_look_first)
    raised = at_once(
        lambda: till.apply(paid(intent, 400, event_id="a")), lambda: till.apply(paid(intent, 1000, event_id="b"))
    )
    with postgres.read() as tx:
        booked = rows_of(tx, Payment)
    # Either one of the two runs into the other, or both book what the other booked too.
    assert raised or till.state(intent).paid != till.state(intent).captured or booked != 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_cancellation_at_the_moment_of_payment_leaves_no_money_behind(store: Database, attempt: int) -> None:
    till = Till(store)
    intent = till.waiting()
    assert at_once(lambda: till.cancel(intent), lambda: till.apply(paid(intent))) == []
    assert till.state(intent) == State("captured", 1000, 0, "cancelled", "paid", 1000, 0, 1000)


def test_two_people_refund_at_once_and_no_more_goes_back_than_came_in(store: Database) -> None:
    till = Till(store)
    intent = till.waiting()
    till.apply(paid(intent))

    def ask() -> None:
        with till.database.write() as tx:
            payback.ask(tx, intent, 600, now=NOON)

    raised = at_once(*[ask] * 4)
    assert [type(error) for error in raised] == [RefundExceedsPayment] * 3
    assert till.state(intent).going_back == 600


def test_a_refund_sent_by_two_processes_goes_back_once(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    stripe_till.cashier.start(intent, Visit())
    stripe.pay("pi_1")
    stripe_till.cashier.check(intent)
    with stripe_till.database.write() as tx:
        wish = payback.ask(tx, intent, 1000, now=NOON)
    raised = at_once(*[lambda: stripe_till.cashier.send_refund(wish)] * 3)
    assert all(isinstance(error, Unavailable) for error in raised)
    stripe_till.wait(hours=1)
    stripe_till.reconciler.look()
    assert [row["amount"] for row in stripe.refunds.values()] == [1000]
    assert stripe_till.state(intent).refunded == 1000


def test_start_check_webhook_and_poll_at_once(stripe_till: Till, stripe: StripeStandIn) -> None:
    intent = stripe_till.waiting()
    assert at_once(*[lambda: stripe_till.cashier.start(intent, Visit())] * 3) == []
    assert len(stripe.intents) == 1
    stripe.pay("pi_1")
    body, headers = stripe.events[-1]
    raised = at_once(
        lambda: stripe_till.cashier.check(intent),
        lambda: stripe_till.cashier.hear("stripe", body, headers),
        lambda: stripe_till.cashier.hear("stripe", body, headers),
        stripe_till.reconciler.look,
    )
    assert all(isinstance(error, TradewindError) for error in raised)
    assert stripe_till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)


def test_a_crash_in_the_middle_of_believing_leaves_nothing(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till(store)
    for broken in ("_book_payment", "_confirm_or_give_back", "_count_refunds", "record"):
        intent = till.waiting()

        def crash(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(intents, broken, crash)
            with pytest.raises(KeyboardInterrupt):
                till.apply(paid(intent, event_id=f"e-{broken}"))
        assert till.state(intent) == State("created", 0, 0, "pending", "pending", 0, 0, 0)
        till.apply(replace(paid(intent), event_id=f"e-{broken}"))
        assert till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)
        with till.database.read() as tx:
            assert tx.get_one(PaymentIntent, intent).version == 2
