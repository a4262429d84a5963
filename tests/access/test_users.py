"""Users are changed by admins, one of whom is always left."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access import users
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry, User
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.service import Access, SessionEnded, SignInFailed
from tradewind.commerce.access.users import (
    LastAdmin,
    UserChange,
    UserExists,
    UserFilter,
    change_user,
    create_user,
    users_page,
)
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound, TradewindError

PASSWORD = "correct horse battery"
BOSS = Actor("boss")


def make(database: Database, clock: ManualClock, name: str, role: Role = Role.VIEWER, email: str | None = None) -> str:
    with database.write() as tx:
        return create_user(tx, name, PASSWORD, role=role, now=clock.now(), email=email, actor=BOSS).id


def change(database: Database, clock: ManualClock, user_id: str, **what: Any) -> User:
    with database.write() as tx:
        return change_user(tx, user_id, UserChange(**what), actor=BOSS, now=clock.now())


def admins(database: Database) -> set[str]:
    with database.read() as tx:
        return {user.username for user in tx.scalars(select(User)) if users.is_admin(user)}


def test_what_is_not_named_stays(database: Database, clock: ManualClock) -> None:
    ada = make(database, clock, "ada", email="ada@example.com")

    changed = change(database, clock, ada, role=Role.ANALYST)
    assert (changed.role, changed.email, changed.is_active) == ("analyst", "ada@example.com", True)
    changed = change(database, clock, ada, email=" New@Example.com ")
    assert (changed.role, changed.email) == ("analyst", "new@example.com")
    assert change(database, clock, ada, email="").email is None


def test_who_is_switched_off_is_out_at_once_and_stays_out_until_switched_on(
    access: Access, database: Database, clock: ManualClock
) -> None:
    ada = make(database, clock, "ada")
    session = access.sign_in("ada", PASSWORD, address="192.0.2.1")

    change(database, clock, ada, is_active=False)
    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)
    with pytest.raises(SignInFailed):
        access.sign_in("ada", PASSWORD, address="192.0.2.1")

    change(database, clock, ada, is_active=True)
    with pytest.raises(SessionEnded):
        access.session_caller(session.session_id)
    access.sign_in("ada", PASSWORD, address="192.0.2.1")


@pytest.mark.parametrize(
    "what", [{"role": Role.MANAGER}, {"is_active": False}, {"role": Role.VIEWER, "is_active": False}]
)
def test_the_last_admin_cannot_be_removed(database: Database, clock: ManualClock, what: dict[str, Any]) -> None:
    ada = make(database, clock, "ada", Role.ADMIN)
    off = make(database, clock, "off", Role.ADMIN)
    change(database, clock, off, is_active=False)

    with pytest.raises(LastAdmin, match="ada is the only admin who can sign in"):
        change(database, clock, ada, **what)
    assert admins(database) == {"ada"}
    assert change(database, clock, ada, email="ada@example.com").email == "ada@example.com"

    make(database, clock, "bob", Role.ADMIN)
    change(database, clock, ada, **what)
    assert admins(database) == {"bob"}


def remove_each_other(database: Database, clock: ManualClock) -> list[TradewindError]:
    """Two admins take the right from each other at the same moment, again and again; returns all refusals."""
    refused: list[TradewindError] = []
    pair = [make(database, clock, name, Role.ADMIN) for name in ("ada", "bob")]
    for _ in range(10):
        together = threading.Barrier(2)

        def remove(user_id: str, together: threading.Barrier = together) -> None:
            together.wait()
            try:
                change(database, clock, user_id, role=Role.VIEWER)
            except TradewindError as failure:
                refused.append(failure)

        threads = [threading.Thread(target=remove, args=(user_id,)) for user_id in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not admins(database):
            break
        for user_id in pair:
            change(database, clock, user_id, role=Role.ADMIN)
    return refused


def test_two_admins_who_remove_each_other_at_once_leave_one(database: Database, clock: ManualClock) -> None:
    refused = remove_each_other(database, clock)

    assert len(admins(database)) == 2
    assert [type(failure) for failure in refused] == [LastAdmin] * 10


def test_without_the_lock_both_would_be_gone(
    postgres: Database, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is needed: two who only look see each other, and then nobody is left."""
    pair = [make(postgres, clock, name, Role.ADMIN) for name in ("ada", "bob")]
    both_looked = threading.Barrier(2)

    def only_looks(tx: Session, user_id: str) -> tuple[User, list[User]]:
        found = {user.id: user for user in tx.scalars(select(User))}
        both_looked.wait(10)
        return found.pop(user_id), list(found.values())

    monkeypatch.setattr(users, "_locked", only_looks)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda user_id: change(postgres, clock, user_id, role=Role.VIEWER), pair))

    assert admins(postgres) == set()


def test_names_and_addresses_belong_to_one_user(database: Database, clock: ManualClock) -> None:
    make(database, clock, "ada", email="ada@example.com")
    bob = make(database, clock, "bob")

    with pytest.raises(UserExists, match="already a user ada"):
        make(database, clock, "ADA")
    with pytest.raises(UserExists, match="belongs to another user"):
        make(database, clock, "eve", email="ADA@example.com")
    with pytest.raises(UserExists, match="belongs to another user"):
        change(database, clock, bob, email="Ada@Example.com")


@pytest.mark.parametrize("email", ["ada", "a b@example.com", "ada@", "@example.com", "a@" + "x" * 400, "a@b\0c"])
def test_an_address_that_cannot_be_is_refused(database: Database, clock: ManualClock, email: str) -> None:
    bob = make(database, clock, "bob")
    with pytest.raises(InvalidInput) as refused:
        change(database, clock, bob, email=email)
    assert refused.value.field == "email"


def test_nobody_can_be_called_what_the_audit_log_calls_the_program(database: Database, clock: ManualClock) -> None:
    with pytest.raises(InvalidInput, match="calls the program itself system"):
        make(database, clock, "System")


def test_a_user_who_does_not_exist_cannot_be_changed(database: Database, clock: ManualClock) -> None:
    with pytest.raises(NotFound):
        change(database, clock, "01m7ysegfm6ycmepxzxztyxgex", role=Role.VIEWER)


def test_users_come_by_name_page_by_page_and_filtered(database: Database, clock: ManualClock) -> None:
    for name in ("dan", "ada", "cleo", "bob", "eve"):
        make(database, clock, name, Role.ANALYST if name in ("ada", "eve") else Role.VIEWER, f"{name}@example.com")
    make(database, clock, "percent.100")

    def names(limit: int = 200, **chosen: Any) -> list[str]:
        found: list[str] = []
        cursor = None
        while True:
            with database.read() as tx:
                page = users_page(tx, UserFilter(**chosen), limit=limit, cursor=cursor)
                found += [user.username for user in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found

    everybody = ["ada", "bob", "cleo", "dan", "eve", "percent.100"]
    assert names() == names(1) == names(4) == everybody
    assert names(role=Role.ANALYST) == ["ada", "eve"]
    assert names(text="B@EXAMPLE") == ["bob"]
    assert names(text="%") == []
    assert names(is_active=False) == []


def test_every_change_says_who_did_it_and_what_was_different(database: Database, clock: ManualClock) -> None:
    ada = make(database, clock, "ada", email="ada@example.com")
    change(database, clock, ada, role=Role.MANAGER)
    change(database, clock, ada, role=Role.MANAGER)
    with database.write() as tx:
        users.set_password(tx, "ada", "another long password", now=clock.now(), actor=BOSS)

    with database.read() as tx:
        entries = list(tx.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        tx.expunge_all()
    assert [(e.actor, e.action, e.before, e.after) for e in entries] == [
        (
            "boss",
            "user.create",
            None,
            {"username": "ada", "email": "ada@example.com", "role": "viewer", "is_active": True},
        ),
        ("boss", "user.update", {"role": "viewer"}, {"role": "manager"}),
        ("boss", "user.password", None, None),
    ]
    assert {entry.subject_id for entry in entries} == {ada}
