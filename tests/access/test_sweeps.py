"""What is over is swept away, all of it, again and again, and one that fails does not stop the others."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests.api.conftest import wait_until
from tests.spine import rows_of
from tradewind.commerce.access.model import UserSession
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.sessions import Visitor, forget_ended, open_session
from tradewind.commerce.access.users import create_user
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
from tradewind.jobs.sweeps import SWEEPS, Sweep, run_sweeps, sweep_once


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
    small = Sweep("small", 60, lambda tx, now: forget_expired(tx, now=now, limit=2))

    assert sweep_once(database, small, clock) == 7
    assert kept(database) == 0


def test_every_sweep_has_its_turn_again_and_again_although_one_fails(database: Database, clock: ManualClock) -> None:
    calls: list[str] = []

    def fails(_tx: Session, _now: datetime) -> int:
        calls.append("fails")
        raise ZeroDivisionError

    def works(_tx: Session, _now: datetime) -> int:
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


def test_the_program_sweeps_what_it_keeps(database: Database, clock: ManualClock) -> None:
    keep(database, clock.now(), 3)
    clock.advance(hours=25)
    for sweep in SWEEPS:
        sweep_once(database, sweep, clock)

    assert kept(database) == 0
