"""People sign in with a name and a password, and nobody learns anything from failing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.access.conftest import SECRET_KEY
from tradewind.commerce.access import passwords
from tradewind.commerce.access.model import User
from tradewind.commerce.access.passwords import hash_password, verify_password
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.service import Access, SignInFailed, TooManySignIns
from tradewind.commerce.access.users import create_user, ensure_admin, list_users, set_password
from tradewind.core.cache import LocalCache
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotAuthenticated, TooManyRequests
from tradewind.core.settings import SecuritySettings

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"


@pytest.fixture
def ada(database: Database, clock: ManualClock) -> str:
    with database.write() as tx:
        return create_user(tx, "ada", PASSWORD, role=Role.MANAGER, now=clock.now(), email="Ada@Example.com").id


@pytest.mark.parametrize("name", ["ada", " ADA ", "ada@example.com", "ADA@EXAMPLE.COM"])
def test_name_and_address_both_work_in_any_case(access: Access, ada: str, name: str) -> None:
    signed_in = access.sign_in(name, PASSWORD, address=HERE)

    assert signed_in.caller.user_id == ada
    assert signed_in.caller.role is Role.MANAGER


@pytest.fixture
def full_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are hashed as in production, and not as cheaply as for the other tests."""
    made = (passwords._hasher, passwords._nobody)
    monkeypatch.setattr(passwords, "COST", {})
    for kept in made:
        kept.cache_clear()
    yield
    for kept in made:
        kept.cache_clear()


def test_the_password_is_stored_as_argon2id_and_nowhere_as_text(full_cost: None, database: Database, ada: str) -> None:
    with database.read() as tx:
        stored = tx.scalars(select(User)).one().password_hash

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in stored


@pytest.mark.parametrize(
    ("name", "password"),
    [("ada", "wrong horse battery"), ("bob", PASSWORD), ("", ""), ("ada", ""), ("a\0da", PASSWORD), ("\ud800", "x")],
)
def test_every_failure_says_the_same(access: Access, ada: str, name: str, password: str) -> None:
    with pytest.raises(SignInFailed, match=r"^The name or the password is not right\.$"):
        access.sign_in(name, password, address=HERE)


def test_a_user_who_was_switched_off_fails_like_a_stranger(access: Access, database: Database, ada: str) -> None:
    with database.write() as tx:
        tx.get_one(User, ada).is_active = False

    with pytest.raises(SignInFailed):
        access.sign_in("ada", PASSWORD, address=HERE)


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    full_cost: None, database: Database, clock: ManualClock, ada: str
) -> None:
    access = Access(database, LocalCache(), clock, SecuritySettings(login_attempts=1000), SECRET_KEY)

    def seconds(name: str) -> float:
        started = time.perf_counter()
        with pytest.raises(SignInFailed):
            access.sign_in(name, "wrong horse battery", address=HERE)
        return time.perf_counter() - started

    seconds("nobody"), seconds("ada")
    known, unknown = ([seconds(name) for _ in range(7)] for name in ("ada", "nobody"))

    assert statistics.median(unknown) > statistics.median(known) / 2


def test_after_ten_failures_the_name_has_to_wait_even_with_the_right_password(
    access: Access, clock: ManualClock, ada: str
) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed):
            access.sign_in("ada", "wrong horse battery", address=HERE)

    with pytest.raises(TooManySignIns) as refused:
        access.sign_in("Ada", PASSWORD, address=HERE)
    assert 0 < refused.value.retry_after_seconds <= 15 * 60

    access.sign_in("ada", PASSWORD, address="192.0.2.2")
    clock.advance(minutes=15, seconds=1)
    access.sign_in("ada", PASSWORD, address=HERE)


def test_names_that_do_not_exist_have_to_wait_too(access: Access) -> None:
    for _ in range(10):
        with pytest.raises(SignInFailed):
            access.sign_in("ghost", PASSWORD, address=HERE)

    with pytest.raises(TooManySignIns):
        access.sign_in("ghost", PASSWORD, address=HERE)


def test_a_success_starts_the_count_anew(access: Access, ada: str) -> None:
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(SignInFailed):
                access.sign_in("ada", "wrong horse battery", address=HERE)
        access.sign_in("ada", PASSWORD, address=HERE)


def test_an_address_that_tries_many_names_has_to_wait(database: Database, clock: ManualClock) -> None:
    access = Access(database, LocalCache(), clock, SecuritySettings(login_attempts=1), SECRET_KEY)
    for number in range(10):
        with pytest.raises(SignInFailed):
            access.sign_in(f"name{number}", PASSWORD, address=HERE)

    with pytest.raises(TooManySignIns):
        access.sign_in("another", PASSWORD, address=HERE)


def test_many_tries_at_once_do_not_slip_through(database: Database, clock: ManualClock, ada: str) -> None:
    access = Access(database, LocalCache(), clock, SecuritySettings(login_attempts=3), SECRET_KEY)

    def try_once(_: int) -> str:
        try:
            access.sign_in("ada", "wrong horse battery", address=HERE)
        except NotAuthenticated:
            return "looked at"
        except TooManySignIns:
            return "refused"
        return "in"

    with ThreadPoolExecutor(8) as crowd:
        results = list(crowd.map(try_once, range(16)))

    assert results.count("looked at") == 3
    assert results.count("refused") == 13


def test_a_flood_of_sign_ins_is_turned_away_at_once_instead_of_taking_every_thread(full_cost: None) -> None:
    stored = hash_password(PASSWORD)

    def check(_: int) -> str:
        try:
            return str(verify_password(PASSWORD, stored)[0])
        except TooManyRequests as refused:
            return refused.code

    with ThreadPoolExecutor(40) as flood:
        results = list(flood.map(check, range(40)))

    assert results.count("True") >= 12
    assert set(results) == {"True", "too_many_at_once"}
    assert verify_password(PASSWORD, stored)[0]


def test_the_first_start_makes_an_admin_and_the_second_does_not(
    database: Database, access: Access, clock: ManualClock
) -> None:
    password = ensure_admin(database, now=clock.now())

    assert password is not None
    assert ensure_admin(database, now=clock.now()) is None
    assert Scope.ADMIN in access.sign_in("admin", password, address=HERE).caller.scopes


def test_two_first_starts_at_once_make_one_admin(database: Database, clock: ManualClock) -> None:
    with ThreadPoolExecutor(2) as both:
        passwords = list(both.map(lambda _: ensure_admin(database, now=clock.now()), range(2)))

    assert sum(password is not None for password in passwords) == 1
    with database.read() as tx:
        assert [user.username for user in list_users(tx)] == ["admin"]


def test_a_new_password_ends_all_sessions(access: Access, database: Database, clock: ManualClock, ada: str) -> None:
    signed_in = access.sign_in("ada", PASSWORD, address=HERE)
    with database.write() as tx:
        set_password(tx, "ada", "another long password", now=clock.now())

    with pytest.raises(NotAuthenticated):
        access.session_caller(signed_in.session_id)
    with pytest.raises(SignInFailed):
        access.sign_in("ada", PASSWORD, address=HERE)
    access.sign_in("ada", "another long password", address=HERE)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "has 5 characters; use at least 12"),
        ("x" * 257, "is longer than 256"),
        ("ababababababab", "fewer than 5 different"),
        ("adaadaadaada", "is the name"),
        ("ada@example.com", "is the name"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(
    database: Database, clock: ManualClock, password: str, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason), database.write() as tx:
        create_user(tx, "ada", password, role=Role.VIEWER, now=clock.now(), email="ada@example.com")


@pytest.mark.parametrize("name", ["", "a b", "ada@example.com", "-ada", "ä" * 3, "a" * 101])
def test_a_name_that_could_be_mistaken_is_refused(database: Database, clock: ManualClock, name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a user name"), database.write() as tx:
        create_user(tx, name, PASSWORD, role=Role.VIEWER, now=clock.now())
