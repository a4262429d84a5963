"""Who has lost the password chooses another with a link that is good once and for an hour."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tradewind.commerce.access import resets
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry, PasswordReset
from tradewind.commerce.access.resets import NewReset, ResetLinkOver, begin_reset, finish_reset, forget_old_resets
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.service import Access, SessionEnded, SignInFailed
from tradewind.commerce.access.users import UserChange, change_user, create_user, get_user, set_password
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

OLD, NEW = "correct horse battery", "a new and longer password"
HERE = "192.0.2.1"
BOSS = Actor("boss")


@pytest.fixture
def ada(database: Database, clock: ManualClock) -> str:
    with database.write() as tx:
        return create_user(tx, "ada", OLD, role=Role.MANAGER, now=clock.now(), email="ada@example.com").id


def begin(database: Database, clock: ManualClock) -> NewReset:
    with database.write() as tx:
        return begin_reset(tx, get_user(tx, "ada"), actor=BOSS, now=clock.now())


def finish(database: Database, clock: ManualClock, token: str, password: str = NEW) -> str:
    return finish_reset(database, token, password, now=clock.now(), request_id=None)


def test_the_new_password_is_the_only_one_and_all_sessions_are_over(
    access: Access, database: Database, clock: ManualClock, ada: str
) -> None:
    session = access.sign_in("ada", OLD, address=HERE)
    clock.advance(minutes=1)

    assert finish(database, clock, begin(database, clock).token) == "ada"

    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)
    with pytest.raises(SignInFailed):
        access.sign_in("ada", OLD, address=HERE)
    access.sign_in("ada", NEW, address=HERE)


def test_a_link_is_good_once(database: Database, clock: ManualClock, ada: str) -> None:
    token = begin(database, clock).token
    finish(database, clock, token)

    with pytest.raises(ResetLinkOver):
        finish(database, clock, token, "yet another password")


def test_of_many_who_use_one_link_at_once_one_succeeds(
    access: Access, database: Database, clock: ManualClock, ada: str
) -> None:
    token = begin(database, clock).token
    passwords = [f"a password with number {number}" for number in range(4)]

    def try_once(password: str) -> bool:
        try:
            finish(database, clock, token, password)
        except ResetLinkOver:
            return False
        return True

    with ThreadPoolExecutor(4) as crowd:
        results = list(crowd.map(try_once, passwords))

    assert results.count(True) == 1
    access.sign_in("ada", passwords[results.index(True)], address=HERE)


def test_a_link_ends_after_an_hour_to_the_second(database: Database, clock: ManualClock, ada: str) -> None:
    token = begin(database, clock).token
    assert timedelta(hours=1) == resets.LIFETIME
    clock.advance(hours=1)
    with pytest.raises(ResetLinkOver):
        finish(database, clock, token)

    token = begin(database, clock).token
    clock.advance(minutes=59, seconds=59)
    finish(database, clock, token)


def test_a_second_link_makes_the_first_worthless_and_so_does_a_new_password(
    database: Database, clock: ManualClock, ada: str
) -> None:
    first, second = begin(database, clock), begin(database, clock)
    with pytest.raises(ResetLinkOver):
        finish(database, clock, first.token)

    with database.write() as tx:
        set_password(tx, "ada", "chosen in another way", now=clock.now())
    with pytest.raises(ResetLinkOver):
        finish(database, clock, second.token)


def test_a_password_that_is_not_good_enough_does_not_use_up_the_link(
    database: Database, clock: ManualClock, ada: str
) -> None:
    token = begin(database, clock).token
    with pytest.raises(InvalidInput, match="use at least 12") as refused:
        finish(database, clock, token, "short")
    assert refused.value.field == "password"

    finish(database, clock, token)


def test_who_was_switched_off_does_not_get_in_with_a_link(database: Database, clock: ManualClock, ada: str) -> None:
    token = begin(database, clock).token
    with database.write() as tx:
        change_user(tx, ada, UserChange(is_active=False), actor=BOSS, now=clock.now())

    with pytest.raises(ResetLinkOver):
        finish(database, clock, token)


@pytest.mark.parametrize("token", ["", "x", "x" * 100, "é\0"])
def test_noise_opens_nothing(database: Database, clock: ManualClock, ada: str, token: str) -> None:
    begin(database, clock)
    with pytest.raises(ResetLinkOver):
        finish(database, clock, token)


def test_the_token_is_stored_nowhere(database: Database, clock: ManualClock, ada: str) -> None:
    made = begin(database, clock)
    finish(database, clock, made.token)

    with database.read() as tx:
        rows = str([vars(row) for row in tx.scalars(select(PasswordReset))])
        entries = list(tx.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        tx.expunge_all()
    assert made.token not in rows
    assert [(e.actor, e.action, e.before, e.after) for e in entries[1:]] == [
        ("boss", "user.reset_begin", None, None),
        ("ada", "user.password", None, None),
    ]


def test_links_whose_time_is_over_are_swept_away(database: Database, clock: ManualClock, ada: str) -> None:
    begin(database, clock)
    with database.write() as tx:
        assert forget_old_resets(tx, now=clock.now()) == 0
    clock.advance(hours=1)
    with database.write() as tx:
        assert forget_old_resets(tx, now=clock.now()) == 1
