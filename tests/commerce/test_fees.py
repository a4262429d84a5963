"""Fees: one row per key, whatever is told again; the fact says the last word, and silence takes nothing away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, an_order, rows_of, total
from tradewind.commerce.booking import Effect
from tradewind.commerce.fees.model import Fee, FeeKind, FeeStatus
from tradewind.commerce.fees.service import NewFee, record_fees, replace_fees, withdraw_fees
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox


def a_fee(key: str = "F-1", amount: str = "1.50", **more: Any) -> NewFee:
    told: dict[str, Any] = {"currency": "EUR", "posted_at": NOON} | more
    return NewFee(key, told.pop("kind", FeeKind.COMMISSION), Decimal(amount), **told)


def record(shop: Shop, *fees: NewFee) -> list[Effect]:
    with shop.database.write() as tx:
        return [outcome.effect for outcome in record_fees(tx, fees, shop.booking)]


def facts(database: Database) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 1_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == "fees"]


def test_a_fee_finds_its_order_by_number_or_external_id_and_may_have_none(store: Database) -> None:
    shop = Shop.open(store, "amazon")
    (booked,) = shop.book(an_order("A", external_id="x-1"))
    fees = (a_fee("1", order_reference="A"), a_fee("2", order_reference="x-1"), a_fee("3", kind=FeeKind.STORAGE))
    assert record(shop, *fees) == [Effect.CREATED] * 3
    with store.read() as tx:
        assert {row.external_id: row.order_id for row in tx.scalars(select(Fee))} == {
            "1": booked.id,
            "2": booked.id,
            "3": None,
        }
    assert [(fact["order_id"], fact["channel"], fact["kind"]) for fact in facts(store)] == [
        (booked.id, "amazon", "commission"),
        (booked.id, "amazon", "commission"),
        ("", "amazon", "storage"),
    ]


def test_a_fee_told_again_is_one_and_what_changed_is_told_on(store: Database) -> None:
    shop = Shop.open(store)
    estimated = a_fee(status=FeeStatus.ESTIMATED, raw_kind="Commission", sku="MUG")
    settled = replace(estimated, amount=Decimal("-1.25"), status=FeeStatus.SETTLED)
    assert record(shop, estimated, estimated) == [Effect.CREATED, Effect.UNCHANGED]
    assert record(shop, replace(estimated, amount=Decimal("1.5000"), currency="eur")) == [Effect.UNCHANGED]
    later = shop.at(NOON + timedelta(days=20))
    assert record(later, settled, settled) == [Effect.CHANGED, Effect.UNCHANGED]
    with store.read() as tx:
        (row,) = tx.scalars(select(Fee))
        assert (row.amount_minor, row.status, row.created_at) == (-125, "settled", NOON)
        assert row.updated_at == NOON + timedelta(days=20)
    first, last = facts(store)
    assert first["fee_id"] == last["fee_id"]
    assert (first["amount"], first["status"], first["sku"], first["raw_kind"]) == (
        "1.50",
        "estimated",
        "MUG",
        "Commission",
    )
    assert (last["amount"], last["status"]) == ("-1.25", "settled")


def test_what_changes_within_a_batch_is_told_once_as_it_ended(store: Database) -> None:
    shop = Shop.open(store)
    assert record(shop, a_fee(), a_fee(amount="2")) == [Effect.CREATED, Effect.CHANGED]
    assert [fact["amount"] for fact in facts(store)] == ["2.00"]


def test_a_fee_that_came_before_its_order_finds_it_when_it_is_told_again(store: Database) -> None:
    shop = Shop.open(store)
    assert record(shop, a_fee(order_reference="A")) == [Effect.CREATED]
    (booked,) = shop.book(an_order("A"))
    assert record(shop, a_fee(order_reference="A")) == [Effect.CHANGED]
    assert [fact["order_id"] for fact in facts(store)] == ["", booked.id]


def test_keys_of_two_channels_do_not_meet(store: Database) -> None:
    assert record(Shop.open(store, "amazon"), a_fee()) == [Effect.CREATED]
    assert record(Shop.open(store, "walmart"), a_fee()) == [Effect.CREATED]
    with store.read() as tx:
        assert rows_of(tx, Fee) == 2


def test_a_withdrawn_fee_is_zero_and_comes_back_when_it_is_said_again(store: Database) -> None:
    shop = Shop.open(store)
    record(shop, a_fee("1"), a_fee("2"))
    with store.write() as tx:
        assert withdraw_fees(tx, ["1", "unknown"], shop.booking) == 1
        assert withdraw_fees(tx, ["1"], shop.booking) == 0
    with store.read() as tx:
        assert (rows_of(tx, Fee), total(tx, Fee.amount_minor)) == (2, 150)
    assert [(fact["amount"], fact["status"]) for fact in facts(store)][2:] == [("0.00", "withdrawn")]
    assert record(shop, a_fee("1")) == [Effect.CHANGED]
    with store.read() as tx:
        assert total(tx, Fee.amount_minor) == 300


def test_a_report_read_again_replaces_its_own_part_alone(store: Database) -> None:
    shop = Shop.open(store)
    record(shop, a_fee("2026-03-01/1"), a_fee("2026-03-01/2"), a_fee("2026-03-15/1"), a_fee("2026_03-01/1"))
    with store.write() as tx:
        replace_fees(tx, "2026-03-01/", [a_fee("2026-03-01/2", "7"), a_fee("2026-03-01/3")], shop.booking)
    with store.read() as tx:
        amounts = {row.external_id: row.amount_minor for row in tx.scalars(select(Fee))}
    assert amounts == {
        "2026-03-01/1": 0,
        "2026-03-01/2": 700,
        "2026-03-01/3": 150,
        "2026-03-15/1": 150,
        "2026_03-01/1": 150,
    }
    with store.write() as tx, pytest.raises(InvalidInput, match=r"does not begin with 2026-03-01"):
        replace_fees(tx, "2026-03-01/", [a_fee("2026-03-15/1")], shop.booking)
    with store.write() as tx, pytest.raises(InvalidInput, match=r"name one"):
        replace_fees(tx, "", [], shop.booking)


def test_a_fee_that_cannot_be_is_refused_with_what_to_change() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"key": " "}, "The fee has no id"),
        ({"kind": "bribe"}, "'bribe' is no kind of fees. Use one of: commission"),
        ({"status": "maybe"}, "Use one of: estimated, deferred, settled, withdrawn"),
        ({"posted_at": datetime(2026, 3, 1)}, "has no zone"),  # noqa: DTZ001
        ({"posted_at": NOON.replace(year=2226)}, "check the year"),
        ({"currency": "EURO"}, "is not a currency we know"),
        ({"amount": "1e20"}, "larger than any that we book"),
        ({"status": FeeStatus.WITHDRAWN}, "what is withdrawn is zero"),
        ({"sku": "x" * 129}, "longer than 128 characters"),
    ]
    for told, message in wrong:
        with pytest.raises(InvalidInput, match=message):
            a_fee(**told)
