"""A session goes on with refresh tokens that are good once; an old one that comes back ends it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.access.conftest import SECRET_KEY
from tradewind.commerce.access.model import User, UserSession
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.service import Access, SessionEnded, SignedIn
from tradewind.commerce.access.sessions import GRACE_SECONDS, RefreshToken
from tradewind.commerce.access.users import create_user
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database

PASSWORD = "correct horse battery"


@pytest.fixture
def session(access: Access, database: Database, clock: ManualClock) -> SignedIn:
    with database.write() as tx:
        create_user(tx, "ada", PASSWORD, role=Role.VIEWER, now=clock.now())
    return access.sign_in("ada", PASSWORD, address="192.0.2.1")


def test_each_refresh_gives_a_new_token_of_the_same_session(access: Access, session: SignedIn) -> None:
    first = access.refresh(session.refresh_token)
    second = access.refresh(first.refresh_token)

    assert len({session.refresh_token, first.refresh_token, second.refresh_token}) == 3
    assert first.session_id == second.session_id == session.session_id


def test_an_old_refresh_token_that_comes_again_ends_the_session_for_both(
    access: Access, clock: ManualClock, session: SignedIn
) -> None:
    newest = access.refresh(session.refresh_token)
    clock.advance(seconds=GRACE_SECONDS + 1)

    with pytest.raises(SessionEnded):
        access.refresh(session.refresh_token)

    with pytest.raises(SessionEnded):
        access.refresh(newest.refresh_token)
    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)


def test_a_token_from_long_ago_ends_the_session_too(access: Access, session: SignedIn) -> None:
    newest = session
    for _ in range(5):
        newest = access.refresh(newest.refresh_token)

    with pytest.raises(SessionEnded):
        access.refresh(session.refresh_token)
    with pytest.raises(SessionEnded):
        access.refresh(newest.refresh_token)


def test_an_answer_lost_on_the_way_can_be_asked_for_again_at_once(access: Access, session: SignedIn) -> None:
    lost = access.refresh(session.refresh_token)
    again = access.refresh(session.refresh_token)

    assert again.refresh_token == lost.refresh_token
    access.refresh(again.refresh_token)


def test_noise_under_a_known_session_does_not_end_it(access: Access, session: SignedIn) -> None:
    session_id, number, proof = session.refresh_token.split(".")
    for noise in (f"{session_id}.1.x", f"{session_id}.0.{proof}", f"{session_id}.{number}.{proof[:-1]}A", "", "a.b.c"):
        if noise == session.refresh_token:
            continue
        with pytest.raises(SessionEnded):
            access.refresh(noise)

    access.refresh(session.refresh_token)


def test_a_token_made_with_another_key_is_noise(access: Access, session: SignedIn) -> None:
    forged = RefreshToken(session.session_id, 1).text("another-key-0123456789-abcdefghijklm")

    with pytest.raises(SessionEnded):
        access.refresh(forged)
    assert RefreshToken(session.session_id, 1).text(SECRET_KEY) == session.refresh_token


def test_signing_out_ends_the_session_at_once(access: Access, session: SignedIn) -> None:
    access.sign_out(session.refresh_token)
    access.sign_out(session.refresh_token)

    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)
    with pytest.raises(SessionEnded):
        access.refresh(session.refresh_token)


def test_a_session_ends_after_thirty_days_without_a_refresh(
    access: Access, clock: ManualClock, session: SignedIn
) -> None:
    clock.advance(days=29)
    newest = access.refresh(session.refresh_token)
    clock.advance(days=29)
    newest = access.refresh(newest.refresh_token)
    clock.advance(days=30)

    with pytest.raises(SessionEnded):
        access.refresh(newest.refresh_token)


def test_sessions_that_have_run_out_are_swept_away_at_the_next_sign_in(
    access: Access, database: Database, clock: ManualClock, session: SignedIn
) -> None:
    clock.advance(days=31)
    newest = access.sign_in("ada", PASSWORD, address="192.0.2.1")

    with database.read() as tx:
        assert list(tx.scalars(select(UserSession.id))) == [newest.session_id]


def test_a_new_role_or_a_switched_off_user_counts_at_once(
    access: Access, database: Database, session: SignedIn
) -> None:
    user_id = session.caller.user_id
    assert Scope.API_WRITE not in access.session_caller(session.session_id).scopes

    with database.write() as tx:
        tx.get_one(User, user_id).role = Role.MANAGER
    assert Scope.API_WRITE in access.session_caller(session.session_id).scopes

    with database.write() as tx:
        tx.get_one(User, user_id).is_active = False
    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)
    assert access.live_sessions({session.session_id}) == set()
