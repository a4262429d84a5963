"""Sign-in: start a session, go on with it, end it."""

from __future__ import annotations

from fastapi import Request, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.auth import LoginRequest, RefreshRequest, Tokens, User
from tradewind.api.security import Reader, ServicesDep, address_of
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.commerce.access.passwords import Crowded
from tradewind.commerce.access.service import (
    SecondFactorFailed,
    SecondFactorNeeded,
    SessionEnded,
    SignedIn,
    SignInFailed,
    TooManySignIns,
)
from tradewind.core.errors import Unavailable

router = Router("/auth", tags=["auth"])


@router.post(
    "/login",
    response_model=Tokens,
    responses=problems(SignInFailed, SecondFactorNeeded, SecondFactorFailed, TooManySignIns, Crowded, Unavailable),
)
def login(body: LoginRequest, request: Request, services: ServicesDep) -> Response:
    """Start a session with name (or e-mail address) and password, and a code where the user has a second factor."""
    signed_in = services.access.sign_in(
        body.name,
        body.password.get_secret_value(),
        address=address_of(request),
        code=body.code.get_secret_value() if body.code is not None else None,
        user_agent=request.headers.get("user-agent"),
    )
    return _tokens(services, signed_in)


@router.post("/refresh", response_model=Tokens, responses=problems(SessionEnded, Unavailable))
def refresh(body: RefreshRequest, services: ServicesDep) -> Response:
    """Go on with a session. The refresh token is used up; one that was used before ends the session."""
    return _tokens(services, services.access.refresh(body.refresh_token))


@router.post("/logout", status_code=204, responses=problems(Unavailable))
def logout(body: RefreshRequest, services: ServicesDep) -> Response:
    """End a session. Its access token stops working at once."""
    services.access.sign_out(body.refresh_token)
    return Response(status_code=204)


@router.get("/me", response_model=User, responses=problems(*SIGNED_IN))
def me(caller: Reader) -> Response:
    """Who asks, and what they may do."""
    return answer(
        User(
            user_id=caller.user_id,
            username=caller.name,
            email=caller.email,
            role=str(caller.role or "token"),
            scopes=sorted(caller.scopes),
        )
    )


def _tokens(services: Services, signed_in: SignedIn) -> Response:
    tokens = Tokens(
        access_token=services.access_tokens.issue(signed_in.caller),
        token_type="bearer",  # noqa: S106 (the kind of token, not a secret)
        expires_in=services.access_tokens.lifetime_seconds,
        refresh_token=signed_in.refresh_token,
    )
    return answer(tokens)
