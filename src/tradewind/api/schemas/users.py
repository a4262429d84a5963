"""Shapes of users, tokens for programs, and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field, SecretStr

from tradewind.api.schemas.auth import LONGEST_PASSWORD, Request
from tradewind.api.wire import Wire
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.tokens import LONGEST_NAME
from tradewind.commerce.access.users import LONGEST_EMAIL


class UserDetail(Wire):
    """Somebody who may sign in."""

    user_id: str
    username: str = Field(examples=["ada"])
    email: str | None = Field(examples=["ada@example.com"])
    role: Role
    is_active: bool = Field(description="Whether they may sign in.")
    has_second_factor: bool
    version: int = Field(description="Goes up with every change; the ETag says the same.")
    created_at: datetime
    last_login_at: datetime | None


class UserPage(Wire):
    """Users by name."""

    items: list[UserDetail]
    next_cursor: str | None


class CreateUser(Request):
    """A new user."""

    username: str = Field(max_length=100, description="Letters a-z, digits, dots, dashes, underscores.")
    email: str | None = Field(None, max_length=LONGEST_EMAIL, description="To sign in with, and for lost passwords.")
    role: Role
    password: SecretStr = Field(max_length=LONGEST_PASSWORD, description="At least 12 characters.")


class ChangeUser(Request):
    """What is to be different; what is not named stays."""

    email: str | None = Field(None, max_length=LONGEST_EMAIL, description="An empty text takes the address away.")
    role: Role | None = None
    is_active: bool | None = Field(None, description="False signs the user out everywhere.")


class SetPassword(Request):
    """A new password for somebody else."""

    password: SecretStr = Field(max_length=LONGEST_PASSWORD, description="At least 12 characters.")


class Token(Wire):
    """A token of a program, without its secret."""

    token_id: str
    name: str = Field(examples=["nightly export"])
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: never.")
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class TokenPage(Wire):
    """Tokens, the newest first."""

    items: list[Token]
    next_cursor: str | None


class CreateToken(Request):
    """What a program may do, and until when."""

    name: str = Field(max_length=LONGEST_NAME, description="What it is for. Names stay taken.")
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires_at: AwareDatetime | None = Field(None, description="Default: never.")


class NewToken(Token):
    """A token just made."""

    secret: str = Field(description="Shown this once.", examples=["tw_…"])


class AuditEntry(Wire):
    """One change of one thing."""

    audit_id: str
    at: datetime
    actor: str = Field(
        description="Name of the person or token; system for what the program did by itself.", examples=["ada"]
    )
    actor_id: str | None
    action: str = Field(examples=["product.update"])
    subject_kind: str = Field(examples=["product"])
    subject_id: str
    before: dict[str, Any] | None = Field(description="Null for something new. Otherwise what differs.")
    after: dict[str, Any] | None = Field(description="Null for something that is gone.")
    request_id: str | None = Field(description="Stands in the server's log too.")


class AuditPage(Wire):
    """Entries, the newest first."""

    items: list[AuditEntry]
    next_cursor: str | None
