"""Shapes of sign-in, and of what people do with their own account."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from tradewind.api.wire import Wire
from tradewind.commerce.access.resets import LONGEST_TOKEN
from tradewind.commerce.access.second_factor import LONGEST_CODE

LONGEST_PASSWORD = 1024
"""Longer than any that is accepted, so that the message can say what is."""


class Request(BaseModel):
    """Parent of bodies: nothing in them is passed over."""

    model_config = ConfigDict(extra="forbid")


class LoginRequest(BaseModel):
    """A name, or an e-mail address in either field, with the password."""

    model_config = ConfigDict(extra="ignore")

    username: str | None = Field(None, max_length=320)
    email: str | None = Field(None, max_length=320)
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)
    code: SecretStr | None = Field(
        None,
        max_length=LONGEST_CODE,
        description="The second factor, where the user has one: a code of the authenticator app, or a recovery code.",
    )

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
    scopes: list[str] = Field(
        description="All that the caller may do, included rights written out.", examples=[["api:read", "sql:read"]]
    )


class AskForReset(Request):
    """Who has lost their password."""

    name: str = Field(max_length=320, description="User name or e-mail address.", examples=["ada@example.com"])


class FinishReset(Request):
    """The token of the link, and the new password."""

    token: SecretStr = Field(max_length=LONGEST_TOKEN)
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class ChangePassword(Request):
    """The password of today, and that of tomorrow."""

    current_password: SecretStr = Field(max_length=LONGEST_PASSWORD)
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class ConfirmPassword(Request):
    """The password once more: a session that somebody left open is not enough for this."""

    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class ConfirmCode(Request):
    """A code of the authenticator app."""

    code: SecretStr = Field(max_length=LONGEST_CODE)


class SwitchOffSecondFactor(ConfirmPassword):
    """The password, and a code of the app or a recovery code."""

    code: SecretStr = Field(max_length=LONGEST_CODE)


class SecondFactor(Wire):
    """Whether signing in takes a second factor."""

    is_on: bool
    recovery_codes_left: int = Field(examples=[10])


class SecondFactorBegun(Wire):
    """What an authenticator app needs. Shown this once; it counts when a code has confirmed it."""

    secret: str = Field(description="To type in by hand.", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    uri: str = Field(description="To show as a QR code.", examples=["otpauth://totp/Shop:ada?secret=…"])


class RecoveryCodes(Wire):
    """Each signs in once without the app. Shown this once."""

    recovery_codes: list[str] = Field(examples=[["k3m9p-x7rqd"]])


class Session(Wire):
    """A session that has not ended."""

    session_id: str
    created_at: datetime
    expires_at: datetime = Field(description="Unless it goes on before.")
    address: str | None = Field(description="Where it was begun.", examples=["192.0.2.7"])
    user_agent: str | None = Field(description="What it was begun with.")
    is_current: bool = Field(False, description="Whether it is the one that asks.")


class SessionPage(Wire):
    """Sessions, the newest first."""

    items: list[Session]
    next_cursor: str | None
