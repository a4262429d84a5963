"""The audit log holds what differed and no secret, in the transaction of the change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.spine import rows_of
from tradewind.commerce.access.audit import SYSTEM, Actor, Change, audit_page, record
from tradewind.commerce.access.model import AuditEntry
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

ADA = Actor("ada", "01m7ysegfm6ycmepxzxztyxgex", "request-1")


def told(database: Database, clock: ManualClock, *changes: Change, actor: Actor = ADA) -> list[AuditEntry]:
    with database.write() as tx:
        record(tx, actor, *changes, now=clock.now())
    with database.read() as tx:
        found = list(tx.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        tx.expunge_all()
        return found


def test_an_entry_says_who_when_what_and_from_what_to_what(database: Database, clock: ManualClock) -> None:
    (entry,) = told(database, clock, Change("product.update", "p-1", {"name": "Mug"}, {"name": "Cup"}))

    assert (entry.actor, entry.actor_id, entry.request_id, entry.at) == (ADA.name, ADA.id, "request-1", clock.now())
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("product.update", "product", "p-1")
    assert (entry.before, entry.after) == ({"name": "Mug"}, {"name": "Cup"})


def test_only_what_differs_is_kept_and_nothing_when_nothing_differs(database: Database, clock: ManualClock) -> None:
    before = {"name": "Mug", "price": Decimal("1.50"), "brand": None}
    (entry,) = told(
        database,
        clock,
        Change("product.update", "p-1", before, before | {"brand": "Acme"}),
        Change("product.update", "p-1", before, dict(before)),
    )

    assert (entry.before, entry.after) == ({"brand": None}, {"brand": "Acme"})


def test_what_is_new_has_no_before_and_what_is_gone_no_after(database: Database, clock: ManualClock) -> None:
    made, gone = told(
        database, clock, Change("product.create", "p-1", None, {"a": 1}), Change("product.delete", "p-1", {"a": 1})
    )

    assert (made.before, made.after) == (None, {"a": 1})
    assert (gone.before, gone.after) == ({"a": 1}, None)


def test_no_secret_gets_in(database: Database, clock: ManualClock) -> None:
    canary = "canary-123"
    values: dict[str, Any] = {
        "name": "bi",
        "secret_hash": b"canary-123",
        "client_secret": canary,
        "new_password": canary,
        "token_hash": canary,
        "inner": {"password_hash": canary, "kept": 1},
    }
    (entry,) = told(database, clock, Change("token.create", "t-1", None, values))

    assert entry.after == {"name": "bi", "inner": {"kept": 1}}
    assert canary not in str(vars(entry))


def test_values_are_written_as_json_holds_them(database: Database, clock: ManualClock) -> None:
    values = {
        "price": Decimal("0.10"),
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "tags": ("b", "a"),
        "codes": {"z", "y"},
        "deep": {"list": [{"amount": Decimal("2.5")}]},
        "flag": True,
        "nothing": None,
    }
    (entry,) = told(database, clock, Change("product.create", "p-1", None, values))

    assert entry.after == {
        "price": "0.10",
        "at": "2026-03-01 00:00:00+00:00",
        "day": "2026-03-01",
        "tags": ["b", "a"],
        "codes": ["y", "z"],
        "deep": {"list": [{"amount": "2.5"}]},
        "flag": True,
        "nothing": None,
    }


def test_what_does_not_commit_was_not_done(database: Database, clock: ManualClock) -> None:
    def fail_after_recording() -> None:
        with database.write() as tx:
            record(tx, ADA, Change("product.create", "p-1", None, {"a": 1}), now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()
    with database.read() as tx:
        assert rows_of(tx, AuditEntry) == 0


def test_entries_come_newest_first_page_by_page_and_filtered(database: Database, clock: ManualClock) -> None:
    for number in range(5):
        clock.advance(hours=1)
        told(
            database,
            clock,
            Change("product.create", f"p-{number}", None, {"n": number}),
            Change("product.update", f"p-{number}", {"n": number}, {"n": number + 1}),
            actor=ADA if number % 2 else SYSTEM,
        )
    told(database, clock, Change("order.cancel", "p-1"))

    def entries(limit: int = 200, **chosen: Any) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        cursor = None
        while True:
            with database.read() as tx:
                page = audit_page(tx, limit=limit, cursor=cursor, **chosen)
                found += [(entry.action, entry.subject_id) for entry in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found

    everything = entries()
    assert everything[:3] == [("order.cancel", "p-1"), ("product.update", "p-4"), ("product.create", "p-4")]
    assert len(everything) == 11
    assert entries(1) == entries(3) == entries(10) == everything
    assert entries(subject_kind="order") == entries(action="order.cancel") == [("order.cancel", "p-1")]
    assert entries(subject_id="p-1", subject_kind="product") == [("product.update", "p-1"), ("product.create", "p-1")]
    assert {subject for _, subject in entries(actor="system")} == {"p-0", "p-2", "p-4"}
    assert entries(action="product.create", actor="ada") == [("product.create", "p-3"), ("product.create", "p-1")]
    newest = clock.now()
    assert len(entries(start=newest)) == 3
    assert len(entries(end=newest)) == 8


def test_an_altered_cursor_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInput, match="not one of ours"), database.read() as tx:
        audit_page(tx, limit=5, cursor="WzEsMl0")
