"""What is over is swept away, all of it, again and again, and one that fails does not stop the others."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.api.conftest import wait_until
from tests.pricing import a_cart, a_product
from tests.spine import rows_of
from tradewind.commerce.access.model import UserSession
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.sessions import Visitor, forget_ended, open_session
from tradewind.commerce.access.users import create_user
from tradewind.commerce.carts.model import Cart
from tradewind.commerce.carts.sweeps import ABANDONED_AFTER
from tradewind.commerce.catalog.loose_media import loosen
from tradewind.commerce.catalog.media_store import open_media
from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.commerce.idempotency.service import (
    KEPT,
    Asked,
    StoredAnswer,
    earlier_answer,
    forget_expired,
    keep_answer,
)
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import NotFound
from tradewind.core.settings import StoreSettings, load_settings
from tradewind.jobs.sweeps import Sweep, in_one_transaction, run_sweeps, sweep_once, sweeps_of

KEY = "ab" * 32 + ".jpg"


def keep(database: Database, now: datetime, count: int) -> None:
    with database.write() as tx:
        for number in range(count):
            asked = Asked("ada", f"{now.isoformat()}-{number}", b"x" * 32)
            assert earlier_answer(tx, asked, now=now) is None
            keep_answer(tx, asked, StoredAnswer(200, b"{}"))


def kept(database: Database) -> int:
    with database.read() as tx:
        return rows_of(tx, IdempotencyKey)


def test_answers_are_kept_for_24_hours_and_then_forgotten_part_by_part(database: Database, clock: ManualClock) -> None:
    keep(database, clock.now(), 5)
    clock.advance(hours=1)
    keep(database, clock.now(), 2)
    assert timedelta(hours=24) == KEPT

    def forget() -> int:
        with database.write() as tx:
            return forget_expired(tx, now=clock.now(), limit=3)

    clock.advance(hours=22, minutes=59, seconds=59)
    assert forget() == 0
    clock.advance(seconds=1)
    assert [forget(), forget(), forget()] == [3, 2, 0]
    assert kept(database) == 2


def test_sessions_that_have_run_out_are_forgotten_and_the_others_stay(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        user = create_user(tx, "ada", "correct horse battery", role=Role.VIEWER, now=clock.now())
        for _ in range(3):
            lifetime = timedelta(days=30)
            open_session(tx, user.id, secret_key="k", now=clock.now(), lifetime=lifetime, visitor=Visitor())
            clock.advance(days=10)

    with database.write() as tx:
        assert forget_ended(tx, now=clock.now()) == 1
    with database.read() as tx:
        assert rows_of(tx, UserSession) == 2


def test_a_sweep_goes_on_until_nothing_is_left(database: Database, clock: ManualClock) -> None:
    keep(database, clock.now(), 7)
    clock.advance(hours=25)
    small = Sweep("small", 60, in_one_transaction(lambda tx, now: forget_expired(tx, now=now, limit=2)))

    assert sweep_once(database, small, clock) == 7
    assert kept(database) == 0


def test_every_sweep_has_its_turn_again_and_again_although_one_fails(database: Database, clock: ManualClock) -> None:
    calls: list[str] = []

    def fails(_database: Database, _now: datetime) -> int:
        calls.append("fails")
        raise ZeroDivisionError

    def works(_database: Database, _now: datetime) -> int:
        calls.append("works")
        return 0

    stop = threading.Event()
    sweeps = [Sweep("fails", 0.05, fails), Sweep("works", 0.01, works)]
    thread = threading.Thread(target=run_sweeps, args=(database, clock, stop, sweeps))
    thread.start()
    wait_until(lambda: calls.count("works") > 5 and calls.count("fails") > 2)
    stop.set()
    thread.join(5)

    assert not thread.is_alive()
    assert calls.count("works") > calls.count("fails")


def sweep_all(database: Database, clock: ManualClock, data_dir: Path, **store: Any) -> None:
    for sweep in sweeps_of(load_settings(data_dir=data_dir, store=store)):
        sweep_once(database, sweep, clock)


def test_the_program_sweeps_what_it_keeps(database: Database, clock: ManualClock, data_dir: Path) -> None:
    keep(database, clock.now(), 3)
    clock.advance(hours=25)
    sweep_all(database, clock, data_dir)

    assert kept(database) == 0


def test_a_cart_is_abandoned_after_as_long_as_the_shop_says(
    database: Database, clock: ManualClock, data_dir: Path
) -> None:
    def abandoned() -> datetime | None:
        with database.read() as tx:
            return tx.scalars(select(Cart.abandoned_at)).one()

    assert timedelta(minutes=StoreSettings().cart_idle_minutes) == ABANDONED_AFTER
    with database.write() as tx:
        a_product(tx, "MUG", "9.99")
        a_cart(tx, ("MUG", 1))
        tx.execute(update(Cart).values(updated_at=clock.now(), expires_at=clock.now() + timedelta(days=7)))
    clock.advance(minutes=30, seconds=-1)
    sweep_all(database, clock, data_dir, cart_idle_minutes=30)
    assert abandoned() is None
    clock.advance(seconds=1)
    sweep_all(database, clock, data_dir)
    assert abandoned() is None
    sweep_all(database, clock, data_dir, cart_idle_minutes=30)
    assert abandoned() == clock.now()


def test_the_program_deletes_bytes_that_no_picture_points_at(
    database: Database, clock: ManualClock, data_dir: Path
) -> None:
    media = open_media(load_settings(data_dir=data_dir))
    media.put(KEY, b"content", "image/jpeg")
    with database.write() as tx:
        loosen(tx, KEY, now=clock.now())
    sweep_all(database, clock, data_dir)
    assert media.get(KEY) == b"content"
    clock.advance(days=1)
    sweep_all(database, clock, data_dir)
    with pytest.raises(NotFound):
        media.get(KEY)
