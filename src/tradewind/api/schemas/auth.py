"""Shapes of sign-in."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from tradewind.api.wire import Wire


class LoginRequest(BaseModel):
    """A name, or an e-mail address in either field, with the password."""

    model_config = ConfigDict(extra="ignore")

    username: str | None = Field(None, max_length=320)
    email: str | None = Field(None, max_length=320)
    password: SecretStr = Field(max_length=1024)

    @model_validator(mode="after")
    def somebody_is_named(self) -> Self:
        if not (self.username or self.email):
            raise ValueError("Give a username, or an email.")
        return self

    @property
    def name(self) -> str:
        return self.username or self.email or ""


class RefreshRequest(BaseModel):
    """The newest refresh token."""

    refresh_token: str = Field(max_length=256)


class Tokens(Wire):
    """What a session goes on with. Each refresh token is good once."""

    access_token: str
    token_type: str = Field(examples=["bearer"])
    expires_in: int = Field(description="Seconds for which the access token is valid.")
    refresh_token: str


class User(Wire):
    """Who is signed in."""

    user_id: str | None = Field(description="Null for a token of a program.")
    username: str
    email: str | None
    role: str = Field(description="admin, manager, analyst, fulfilment or viewer; token for a program.")
