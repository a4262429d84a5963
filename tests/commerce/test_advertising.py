"""What advertising cost: one statement per channel, campaign and day, and the last one counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from tests.spine import NOON, Shop, rows_of, total
from tradewind.commerce.advertising.model import AdSpend
from tradewind.commerce.advertising.service import NewAdSpend, SpendStatedTwice, record_ad_spend
from tradewind.commerce.advertising.store import AdSpendFilter, ad_spend_page
from tradewind.commerce.booking import Effect, Outcome
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.events import outbox

DAY = date(2026, 3, 9)


def spend(campaign: str = "spring", amount: str = "41.20", **more: Any) -> NewAdSpend:
    told: dict[str, Any] = {"channel": "shop", "day": DAY, "currency": "EUR"} | more
    return NewAdSpend(campaign=campaign, amount=Decimal(amount), **told)


def state(database: Database, *statements: NewAdSpend, days_later: int = 0) -> list[Outcome]:
    with database.write() as tx:
        return record_ad_spend(tx, statements, now=NOON + timedelta(days=days_later))


def facts(database: Database) -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 1_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == "ad_spend"]


def test_a_statement_made_again_counts_once_and_another_one_takes_its_place(store: Database) -> None:
    Shop.open(store)
    first = spend(clicks=10, impressions=900)
    assert [o.effect for o in state(store, first)] == [Effect.CREATED]
    assert [o.effect for o in state(store, replace(first, currency="eur", amount=Decimal("41.2")))] == [
        Effect.UNCHANGED
    ]
    (changed,) = state(store, replace(first, amount=Decimal("39.99"), clicks=11), days_later=2)
    assert changed.effect is Effect.CHANGED
    with store.read() as tx:
        (row,) = tx.execute(select(*AdSpend.__table__.columns))
    assert (row.amount_minor, row.clicks, row.impressions) == (3999, 11, 900)
    assert (row.created_at, row.updated_at) == (NOON, NOON + timedelta(days=2))
    told = [(fact["spend_id"], fact["day"], fact["channel"], fact["amount"], fact["clicks"]) for fact in facts(store)]
    assert told == [(row.id, "2026-03-09", "shop", "41.20", 10), (row.id, "2026-03-09", "shop", "39.99", 11)]


def test_other_days_campaigns_and_channels_stand_beside_each_other(store: Database) -> None:
    Shop.open(store, "shop")
    Shop.open(store, "amazon")
    first = spend()
    others = [spend("autumn"), spend(channel="amazon"), spend(day=DAY + timedelta(days=1))]
    assert [o.effect for o in state(store, first, *others)] == [Effect.CREATED] * 4
    assert [o.effect for o in state(store, *others, first)] == [Effect.UNCHANGED] * 4
    with store.read() as tx:
        assert (rows_of(tx, AdSpend), total(tx, AdSpend.amount_minor)) == (4, 4 * 4120)


def test_a_channel_that_nobody_knows_and_a_key_stated_twice_are_refused_alone(store: Database) -> None:
    Shop.open(store)
    fine, unknown, twice = state(store, spend(), spend("other", channel="shopp"), spend(amount="1"))
    assert fine.effect is Effect.CREATED
    assert "no channel 'shopp'. The channels are: shop" in str(unknown.error)
    assert isinstance(twice.error, SpendStatedTwice)
    with store.read() as tx:
        assert (rows_of(tx, AdSpend), total(tx, AdSpend.amount_minor)) == (1, 4120)


def test_pages_come_newest_first_each_statement_once(store: Database) -> None:
    Shop.open(store, "shop")
    Shop.open(store, "amazon")
    days = [DAY + timedelta(days=n // 2) for n in range(9)]
    state(store, *(spend(f"c{n}", str(n), day=day, channel=("shop", "amazon")[n % 2]) for n, day in enumerate(days)))

    def pages(chosen: AdSpendFilter) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            with store.read() as tx:
                page = ad_spend_page(tx, chosen, limit=2, cursor=cursor)
            found += [view.campaign for view in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found

    everything = pages(AdSpendFilter())
    assert sorted(everything) == [f"c{n}" for n in range(9)]
    assert [int(name[1:]) // 2 for name in everything] == sorted((n // 2 for n in range(9)), reverse=True)
    assert sorted(pages(AdSpendFilter(channels=("amazon",)))) == ["c1", "c3", "c5", "c7"]
    assert pages(AdSpendFilter(campaign="c4")) == ["c4"]
    assert sorted(pages(AdSpendFilter(start=days[2], end=days[6]))) == ["c2", "c3", "c4", "c5"]


def test_a_statement_that_cannot_be_is_refused_with_what_to_change() -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"campaign": " "}, "has no campaign"),
        ({"amount": "-1"}, "it is zero at least"),
        ({"amount": "1e20"}, "larger than any that we book"),
        ({"currency": "EURO"}, "is not a currency we know"),
        ({"day": date(1969, 1, 1)}, "check the year"),
        ({"clicks": -1}, "has -1 clicks"),
        ({"impressions": 10**16}, "impressions"),
        ({"campaign": "x" * 201}, "longer than 200 characters"),
    ]
    for told, message in wrong:
        with pytest.raises(InvalidInput, match=message):
            spend(**told)
