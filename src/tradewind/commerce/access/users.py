"""Use cases of users: who may sign in, and as what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import SYSTEM, Actor, Change, record
from tradewind.commerce.access.model import PasswordReset, User, UserSession
from tradewind.commerce.access.passwords import check_password, generate_password, hash_password
from tradewind.commerce.access.rights import Role
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from tradewind.core.ids import new_id
from tradewind.core.paging import Page, decode_cursor
from tradewind.core.text import check_text

FIRST_ADMIN = "admin"
LONGEST_EMAIL = 320
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


class UserExists(Conflict):
    code = "user_exists"


class LastAdmin(Conflict):
    """Without an admin nobody could ever make one again."""

    code = "last_admin"

    def __init__(self, username: str) -> None:
        super().__init__(f"{username} is the only admin who can sign in. Make another user an admin first.")


@dataclass(frozen=True, slots=True)
class UserChange:
    """What is to be different; None leaves it. An empty address takes the address away."""

    role: Role | None = None
    email: str | None = None
    is_active: bool | None = None


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users; None chooses all."""

    role: Role | None = None
    is_active: bool | None = None
    text: str | None = None
    """Part of the name or address."""


def create_user(
    tx: Session,
    username: str,
    password: str,
    *,
    role: Role,
    now: datetime,
    email: str | None = None,
    actor: Actor = SYSTEM,
) -> User:
    """A new user. Names and addresses are kept in lower case: two that differ only in case are one."""
    name, address = clean_username(username), _clean_email(email)
    check_password(password, username=name, email=address)
    if tx.scalar(select(User.id).where(User.username == name)):
        raise UserExists(f"There is already a user {name}. Change the password with: tradewind user password {name}")
    _check_free(tx, address)
    user = User(
        id=new_id(),
        username=name,
        email=address,
        password_hash=hash_password(password),
        role=str(role),
        is_active=True,
        created_at=now,
    )
    tx.add(user)
    tx.flush()
    record(tx, actor, Change("user.create", user.id, None, _shown(user)), now=now)
    return user


def change_user(tx: Session, user_id: str, change: UserChange, *, actor: Actor, now: datetime) -> User:
    """Changes role, address, or whether the user may sign in. Who is switched off is signed out everywhere.

    Raises NotFound, UserExists for an address that another user has, and LastAdmin.
    """
    user, other_admins = _locked(tx, user_id)
    before = _shown(user)
    if change.email is not None:
        address = _clean_email(change.email)
        if address != user.email:
            _check_free(tx, address)
            user.email = address
    role = change.role or Role(user.role)
    is_active = user.is_active if change.is_active is None else change.is_active
    if is_admin(user) and not (is_active and role is Role.ADMIN) and not other_admins:
        raise LastAdmin(user.username)
    user.role, user.is_active = str(role), is_active
    tx.flush()
    if not is_active:
        end_sessions(tx, user.id, now=now)
    if before != _shown(user):
        user.version += 1
        tx.flush()
    record(tx, actor, Change("user.update", user.id, before, _shown(user)), now=now)
    return user


def hold_user(tx: Session, user_id: str) -> User:
    """A user as they are now, and until the end of the transaction. Raises NotFound."""
    return _locked(tx, user_id)[0]


def set_password(
    tx: Session,
    username: str,
    password: str,
    *,
    now: datetime,
    actor: Actor = SYSTEM,
    stays: str | None = None,
) -> None:
    """Replaces a password and ends all sessions of the user, but the one that `stays`."""
    user = get_user(tx, username)
    good = check_password(password, username=user.username, email=user.email)
    replace_password(tx, user, hash_password(good), now=now, actor=actor, stays=stays)


def replace_password(
    tx: Session, user: User, password_hash: str, *, now: datetime, actor: Actor, stays: str | None = None
) -> None:
    """Stores a hash, ends all sessions but the one that `stays`, and makes open reset links worthless.

    For who made the hash before the transaction: that takes long on purpose, and other writers wait meanwhile.
    """
    user.password_hash = password_hash
    tx.flush()
    end_sessions(tx, user.id, now=now, stays=stays)
    tx.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )
    record(tx, actor, Change("user.password", user.id), now=now)


def end_sessions(tx: Session, user_id: str, *, now: datetime, stays: str | None = None) -> None:
    """Signs the user out everywhere, but in the session that `stays`."""
    sessions = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    if stays is not None:
        sessions = sessions.where(UserSession.id != stays)
    tx.execute(sessions.values(revoked_at=now))


def sign_out_everywhere(tx: Session, user_id: str, *, actor: Actor, now: datetime, stays: str | None = None) -> None:
    """The same, asked for by somebody. Raises NotFound."""
    user = user_by_id(tx, user_id)
    end_sessions(tx, user.id, now=now, stays=stays)
    record(tx, actor, Change("user.sign_out", user.id), now=now)


def get_user(tx: Session, username: str) -> User:
    user = find_user(tx, username)
    if user is None:
        raise NotFound(f"There is no user {username}. See who there is with: tradewind user list")
    return user


def user_by_id(tx: Session, user_id: str) -> User:
    user = tx.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no user with the id {user_id}.")
    return user


def find_user(tx: Session, name_or_email: str) -> User | None:
    """A user by name or by address; a name never contains an @, so the two cannot meet."""
    key = name_or_email.strip().lower()
    if not key.isprintable():
        return None  # nobody is called that, and not every database would look for it
    return tx.scalar(select(User).where(User.email == key if "@" in key else User.username == key))


def list_users(tx: Session) -> list[User]:
    """All of them, for the command line: people who work here are few."""
    return list(tx.scalars(select(User).order_by(User.username)))


def users_page(tx: Session, chosen: UserFilter, *, limit: int, cursor: str | None = None) -> Page[User]:
    """Users by name."""
    query = select(User).order_by(User.username).limit(limit + 1)
    if chosen.role is not None:
        query = query.where(User.role == str(chosen.role))
    if chosen.is_active is not None:
        query = query.where(User.is_active.is_(chosen.is_active))
    if chosen.text:
        part = chosen.text.strip().lower()
        query = query.where(
            or_(User.username.contains(part, autoescape=True), User.email.contains(part, autoescape=True))
        )
    if cursor is not None:
        query = query.where(User.username > str(decode_cursor(cursor, 1)[0]))
    return Page.cut(tx.scalars(query).all(), limit, lambda user: (user.username,), lambda user: user)


def ensure_admin(database: Database, *, now: datetime) -> str | None:
    """Makes the first user, an admin, and returns the password, once. None: somebody is there already."""
    with database.read() as tx:
        if tx.scalar(select(func.count()).select_from(User)):
            return None
    password = generate_password()
    try:
        with database.write() as tx:
            if tx.scalar(select(func.count()).select_from(User)):
                return None
            create_user(tx, FIRST_ADMIN, password, role=Role.ADMIN, now=now)
    except (Unavailable, UserExists):
        return None  # another process was first
    return password


def clean_username(username: str) -> str:
    name = username.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise InvalidInput(
            f"'{username}' is not a user name. Use up to 100 letters (a-z), digits, dots, dashes and underscores.",
            field="username",
        )
    if name == SYSTEM.name:
        raise InvalidInput(
            f"The audit log calls the program itself {SYSTEM.name}. Choose another user name.", field="username"
        )
    return name


def is_admin(user: User) -> bool:
    """Whether the user can sign in and do everything."""
    return user.is_active and user.role == Role.ADMIN


def _locked(tx: Session, user_id: str) -> tuple[User, list[User]]:
    """The user, and everybody else who is an admin; none of them changes until the end of the transaction.

    Locked in one order: of two admins who switch each other off at once, the second sees what the first did.
    """
    who = or_(User.id == user_id, and_(User.role == str(Role.ADMIN), User.is_active))
    rows = tx.scalars(select(User).where(who).order_by(User.id).with_for_update()).all()
    user = next((row for row in rows if row.id == user_id), None)
    if user is None:
        raise NotFound(f"There is no user with the id {user_id}.")
    return user, [row for row in rows if row is not user]


def _check_free(tx: Session, address: str | None) -> None:
    if address and tx.scalar(select(User.id).where(User.email == address)):
        raise UserExists(f"{address} belongs to another user already.")


def _shown(user: User) -> dict[str, Any]:
    """What the audit log says of a user."""
    return {"username": user.username, "email": user.email, "role": user.role, "is_active": user.is_active}


def _clean_email(email: str | None) -> str | None:
    if email is None or not email.strip():
        return None
    address = email.strip().lower()
    check_text(address, LONGEST_EMAIL, field="email", of="a user")
    if not _EMAIL.fullmatch(address):
        raise InvalidInput(f"'{email}' is not an e-mail address.", field="email")
    return address
