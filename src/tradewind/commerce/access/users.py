"""Use cases of users: who may sign in, and as what."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.model import User, UserSession
from tradewind.commerce.access.passwords import check_password, generate_password, hash_password
from tradewind.commerce.access.rights import Role
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from tradewind.core.ids import new_id

FIRST_ADMIN = "admin"
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")


class UserExists(Conflict):
    code = "user_exists"


def create_user(
    tx: Session, username: str, password: str, *, role: Role, now: datetime, email: str | None = None
) -> User:
    """A new user. Names and addresses are kept in lower case: two that differ only in case are one."""
    name, address = clean_username(username), _clean_email(email)
    check_password(password, username=name, email=address)
    if tx.scalar(select(User.id).where(User.username == name)):
        raise UserExists(f"There is already a user {name}. Change the password with: tradewind user password {name}")
    if address and tx.scalar(select(User.id).where(User.email == address)):
        raise UserExists(f"{address} belongs to another user already.")
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
    return user


def set_password(tx: Session, username: str, password: str, *, now: datetime) -> None:
    """Replaces a password and ends all sessions of the user."""
    user = get_user(tx, username)
    user.password_hash = hash_password(check_password(password, username=user.username, email=user.email))
    end_sessions(tx, user.id, now=now)


def end_sessions(tx: Session, user_id: str, *, now: datetime) -> None:
    """Signs the user out everywhere."""
    sessions = update(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    tx.execute(sessions.values(revoked_at=now))


def get_user(tx: Session, username: str) -> User:
    user = find_user(tx, username)
    if user is None:
        raise NotFound(f"There is no user {username}. See who there is with: tradewind user list")
    return user


def find_user(tx: Session, name_or_email: str) -> User | None:
    """A user by name or by address; a name never contains an @, so the two cannot meet."""
    key = name_or_email.strip().lower()
    return tx.scalar(select(User).where(User.email == key if "@" in key else User.username == key))


def list_users(tx: Session) -> list[User]:
    return list(tx.scalars(select(User).order_by(User.username)))


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
    return name


def _clean_email(email: str | None) -> str | None:
    if email is None or not email.strip():
        return None
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise InvalidInput(f"'{email}' is not an e-mail address.", field="email")
    return address
