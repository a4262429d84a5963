"""What a provider says of an intent, and what follows: the same once, twice, late, or in any order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tests.payments.till import State, Till, paid, told
from tests.spine import NOON, rows_of
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.orders.service import change_status
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments import intents, payback
from tradewind.commerce.payments.by_hand import NotByHand, receive
from tradewind.commerce.payments.intents import UnknownPayment, create_intent
from tradewind.commerce.payments.model import Payment, PaymentIntent, ProviderEvent
from tradewind.commerce.payments.order_refunds import RefundAsked, refund_order
from tradewind.commerce.payments.payback import RefundExceedsPayment
from tradewind.commerce.payments.providers.port import IntentStatus, ProviderUpdate, RefundStatus, RefundTold
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox

ADA = Actor("ada")


@pytest.fixture
def till(store: Database) -> Till:
    return Till(store)


def test_money_confirms_the_order_and_stands_in_the_books(till: Till) -> None:
    intent = till.waiting()
    applied = till.apply(paid(intent))
    assert (applied.status, applied.is_changed) == (IntentStatus.CAPTURED, True)
    assert till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)
    with till.database.read() as tx:
        payment = tx.scalars(select(Payment)).one()
        assert (payment.external_id, payment.order_id, payment.currency) == (f"pi_{intent}", applied.order_id, "EUR")
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.action == "payment.update")).one()
        assert (entry.before or {})["status"] == "created"
        assert (entry.after or {})["captured_minor"] == 1000


def test_the_warehouse_hears_of_the_payment_and_of_the_paid_order(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    with till.database.read() as tx:
        facts = outbox.waiting(tx, outbox.BEGINNING, 1000).facts
    payment = [orjson.loads(fact.payload) for fact in facts if fact.topic == "payments"]
    orders = [orjson.loads(fact.payload) for fact in facts if fact.topic == "orders"]
    assert [(fact["amount"], fact["currency"]) for fact in payment] == [("10.00", "EUR")]
    assert (orders[-1]["status"], orders[-1]["payment_status"]) == ("confirmed", "paid")
    assert [order["version"] for order in orders] == sorted({order["version"] for order in orders})


def test_the_same_message_twice_does_nothing_twice(till: Till) -> None:
    intent = till.waiting()
    for _ in range(2):
        till.apply(paid(intent, event_id="evt_1"))
    till.apply(paid(intent, event_id="evt_2"))
    till.apply(paid(intent))
    assert till.state(intent).paid == 1000
    with till.database.read() as tx:
        assert (rows_of(tx, Payment), rows_of(tx, ProviderEvent)) == (1, 2)


def test_texts_that_no_column_holds_are_cut(till: Till) -> None:
    intent = till.waiting()
    for _ in range(2):
        till.apply(told(intent, IntentStatus.FAILED, event_id="e" * 300, kind="k" * 300, failure="no\0" * 300))
    with till.database.read() as tx:
        assert (rows_of(tx, ProviderEvent), len(till.row(intent).failure or "")) == (1, 334)


def test_an_old_message_takes_nothing_back(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    before = till.row(intent)
    applied = till.apply(told(intent, IntentStatus.PENDING, event_id="evt_late"))
    assert (applied.status, applied.is_changed, till.row(intent).version) == (
        IntentStatus.CAPTURED,
        False,
        before.version,
    )


def test_a_message_may_be_faster_than_the_answer_that_names_the_payment(till: Till) -> None:
    intent = till.waiting()
    assert till.row(intent).provider_id is None
    till.apply(paid(intent, event_id="evt_1"))
    assert till.row(intent).provider_id == f"pi_{intent}"


def test_a_payment_of_somebody_else_is_not_ours(till: Till) -> None:
    intent = till.waiting()
    stranger = replace(paid(intent), intent_id=None, provider_id="pi_other")
    with pytest.raises(UnknownPayment):
        till.apply(stranger)
    with pytest.raises(UnknownPayment):
        till.apply(replace(paid(intent), provider="paypal"))


def test_a_refused_attempt_says_why_and_the_next_one_may_succeed(till: Till) -> None:
    intent = till.waiting()
    till.apply(told(intent, IntentStatus.FAILED, failure="Your card was declined."))
    assert (till.row(intent).status, till.row(intent).failure) == ("failed", "Your card was declined.")
    assert till.order_of(intent).status == "pending"
    till.apply(paid(intent))
    assert (till.row(intent).status, till.row(intent).failure) == ("captured", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_minor": 900},
        {"currency": "USD"},
        {"captured": 1001, "amount_minor": None},
        {"provider_id": "pi_second"},
    ],
    ids=["amount", "currency", "too much", "second payment"],
)
def test_money_that_is_not_what_was_asked_for_confirms_nothing(till: Till, wrong: dict[str, object]) -> None:
    intent = till.waiting()
    till.apply(told(intent, IntentStatus.PENDING))
    applied = till.apply(paid(intent, **wrong))  # type: ignore[arg-type]  # each case sets another field
    assert applied.refused
    assert till.row(intent).failure == applied.refused
    assert till.state(intent) == State("pending", 0, 0, "pending", "pending", 0, 0, 0)


def test_a_part_of_the_money_confirms_nothing_and_is_booked(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent, 400))
    assert till.state(intent) == State("captured", 400, 0, "pending", "partially_paid", 400, 0, 0)
    till.apply(paid(intent, 1000))
    assert till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)


def test_money_for_a_cancelled_order_is_kept_in_the_books_and_goes_back(till: Till) -> None:
    intent = till.waiting()
    till.cancel(intent)
    till.apply(paid(intent))
    assert till.state(intent) == State("captured", 1000, 0, "cancelled", "paid", 1000, 0, 1000)
    till.apply(paid(intent, event_id="again"))
    assert till.state(intent).going_back == 1000


def test_late_money_that_went_back_in_part_already_goes_back_for_the_rest(till: Till) -> None:
    desk = RefundTold("re_desk", 100, RefundStatus.DONE)
    early, together = till.waiting(), till.waiting()
    for intent in (early, together):
        till.cancel(intent)
    till.apply(told(early, IntentStatus.CREATED, amount_minor=None, refunds=(desk,)))
    till.apply(paid(early))
    till.apply(paid(together, 1000, desk))
    for intent in (early, together):
        assert till.state(intent) == State("captured", 1000, 100, "cancelled", "partially_refunded", 1000, 0, 900)


def test_who_pays_twice_gets_the_second_payment_back(till: Till) -> None:
    order = till.order()
    first, second = till.intent(order), till.intent(order)
    till.apply(paid(first))
    till.apply(paid(second))
    assert (till.state(first).going_back, till.state(second).going_back) == (0, 1000)
    assert till.order_of(first).status == "confirmed"


def test_nothing_to_pay_needs_no_intent(till: Till) -> None:
    order = till.order()
    with till.database.write() as tx, pytest.raises(InvalidInput):
        create_intent(tx, order, "stripe", 0, "EUR", now=NOON)


def test_no_more_goes_back_than_came_in(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    with till.database.write() as tx:
        payback.ask(tx, intent, 600, now=NOON)
    with till.database.write() as tx, pytest.raises(RefundExceedsPayment):
        payback.ask(tx, intent, 401, now=NOON)
    with till.database.write() as tx:
        payback.ask(tx, intent, 400, now=NOON)
    assert till.state(intent).going_back == 1000


def test_a_refused_refund_may_be_asked_for_again(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    with till.database.write() as tx:
        wish = payback.ask(tx, intent, 1000, now=NOON)
    till.apply(paid(intent, 1000, RefundTold("re_1", 1000, RefundStatus.FAILED, wish, "expired card")))
    assert (till.state(intent).going_back, till.state(intent).refunded) == (0, 0)
    with till.database.write() as tx:
        payback.ask(tx, intent, 1000, now=NOON)


def test_a_refund_of_a_sold_order_books_its_credit_note_when_the_money_has_gone(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    with till.database.write() as tx:
        asked = refund_order(tx, till.row(intent).order_id, RefundAsked(amount_minor=300), actor=ADA, now=NOON)
    (wish,) = asked.wishes
    assert till.state(intent).credited == 0
    done = RefundTold("re_1", 300, RefundStatus.DONE, wish)
    for _ in range(2):
        till.apply(paid(intent, 1000, done))
    assert till.state(intent) == State("captured", 1000, 300, "confirmed", "partially_refunded", 1000, 300, 0)
    (row,) = till.refunds(intent)
    assert (row.status, row.provider_id) == ("done", "re_1")
    assert row.refund_id is not None


def test_a_refund_made_at_the_provider_is_entered_once(till: Till) -> None:
    intent = till.waiting()
    till.apply(paid(intent))
    for _ in range(2):
        till.apply(paid(intent, 1000, RefundTold("re_desk", 250, RefundStatus.DONE)))
    assert till.state(intent) == State("captured", 1000, 250, "confirmed", "partially_refunded", 1000, 250, 0)
    assert len(till.refunds(intent)) == 1
    till.apply(paid(intent, 1000, RefundTold("re_rest", 750, RefundStatus.DONE)))
    assert till.state(intent) == State("captured", 1000, 1000, "confirmed", "refunded", 1000, 1000, 0)


def test_money_is_entered_by_hand_in_parts_and_never_too_much(till: Till) -> None:
    intent = till.waiting("manual")
    with till.database.write() as tx:
        receive(tx, intent, 400, actor=ADA, now=NOON, method="cash")
    with till.database.write() as tx, pytest.raises(InvalidInput, match=r"6\.00 EUR is missing"):
        receive(tx, intent, 601, actor=ADA, now=NOON)
    with till.database.write() as tx:
        receive(tx, intent, actor=ADA, now=NOON)
    assert till.state(intent) == State("captured", 1000, 0, "confirmed", "paid", 1000, 0, 0)
    with till.database.read() as tx:
        assert sorted(tx.scalars(select(Payment.amount_minor))) == [400, 600]


def test_money_of_a_provider_or_of_a_cancelled_order_is_not_entered_by_hand(till: Till) -> None:
    stripe, manual = till.waiting(), till.waiting("manual")
    till.cancel(manual)
    for intent in (stripe, manual):
        with till.database.write() as tx, pytest.raises(NotByHand):
            receive(tx, intent, actor=ADA, now=NOON)


def test_a_yen_and_a_fils_are_whole(till: Till) -> None:
    for price, currency, minor in (("1500", "JPY", 1500), ("1.234", "KWD", 1234)):
        intent = till.waiting(price=price, currency=currency)
        till.apply(paid(intent, minor, currency=currency, amount_minor=minor))
        with till.database.read() as tx:
            order_id = tx.get_one(PaymentIntent, intent).order_id
            amount = tx.scalars(select(Payment.amount_minor).where(Payment.order_id == order_id)).one()
        assert amount == minor == till.state(intent).captured
        assert Decimal(price) > 0


def messages(intent: str) -> list[ProviderUpdate]:
    """Everything that Stripe would ever say of one payment, in the order in which it happens."""
    half = RefundTold("re_1", 400, RefundStatus.PENDING)
    return [
        told(intent, IntentStatus.PENDING, event_id=f"{intent}-1"),
        told(intent, IntentStatus.FAILED, event_id=f"{intent}-2", failure="declined"),
        told(intent, IntentStatus.PENDING, event_id=f"{intent}-3"),
        told(intent, IntentStatus.AUTHORIZED, event_id=f"{intent}-4"),
        paid(intent, 600, event_id=f"{intent}-5"),
        paid(intent, 1000, event_id=f"{intent}-6"),
        told(intent, IntentStatus.CREATED, event_id=f"{intent}-7", refunds=(half,), amount_minor=None),
        told(intent, IntentStatus.CREATED, event_id=f"{intent}-8", refunds=(replace(half, status=RefundStatus.DONE),)),
        paid(intent, 1000, RefundTold("re_2", 100, RefundStatus.DONE)),
    ]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_messages_leads_to_the_same_end(till: Till, data: st.DataObject) -> None:
    straight, mixed = till.waiting(), till.waiting()
    for update in messages(straight):
        till.apply(update)
    everything = messages(mixed)
    doubled = data.draw(st.lists(st.sampled_from(range(len(everything))), max_size=5))
    for index in data.draw(st.permutations([*range(len(everything)), *doubled])):
        till.apply(everything[index])
    assert till.state(mixed) == till.state(straight)
    assert till.state(mixed) == State("captured", 1000, 500, "confirmed", "partially_refunded", 1000, 500, 0)


@pytest.mark.parametrize("guard", ["_later", "_gained"])
def test_without_its_guards_the_order_of_messages_would_count(
    till: Till, guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, mixed = till.waiting(), till.waiting()
    for update in messages(straight):
        till.apply(update)
    believe_all = {"_later": lambda _, said: said, "_gained": lambda _, said: said}
    monkeypatch.setattr(intents, guard, believe_all[guard])

    def backwards() -> None:
        for update in reversed(messages(mixed)):
            till.apply(update)
        assert till.state(mixed) == till.state(straight)

    with pytest.raises((AssertionError, DBAPIError)):
        backwards()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(when=st.integers(0, 4), steps=st.lists(st.sampled_from([200, 500, 1000]), min_size=1, max_size=4))
def test_no_money_is_lost_whenever_the_order_is_cancelled(till: Till, when: int, steps: list[int]) -> None:
    intent = till.waiting()
    cancelled = False
    for number, captured in enumerate([*steps, None, None]):
        if number == when and till.order_of(intent).status == "pending":
            till.cancel(intent)
            cancelled = True
        if captured is not None:
            till.apply(paid(intent, captured))
    if not cancelled and till.order_of(intent).status in ("pending", "confirmed"):
        with till.database.write() as tx:
            order_id = tx.get_one(PaymentIntent, intent).order_id
            change_status(tx, order_id, OrderStatus.CANCELLED, now=NOON)
    with till.database.write() as tx:
        payback.give_back(tx, till.row(intent).order_id, now=NOON)
    state = till.state(intent)
    assert state.paid == state.captured == state.going_back == max(steps)
