"""Who asks: the token of a request as a caller, and the right that a route needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from tradewind.api.services import Services
from tradewind.commerce.access.rights import Caller, Scope
from tradewind.commerce.access.tokens import PREFIX
from tradewind.core.errors import NotAuthenticated

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearer",
    description="An access token from POST /api/v1/auth/login, or a token made with `tradewind token create`.",
)


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


def authenticate(services: Services, token: str) -> Caller:
    """The caller behind either kind of token: a person's session or a program's `tw_` token."""
    if token.startswith(PREFIX):
        return services.access.authenticate_token(token)
    session_id, _ = services.access_tokens.check(token)
    return services.access.session_caller(session_id)


def caller_with(scope: Scope) -> Callable[..., Caller]:
    """A dependency: whoever asks, if they have the right; NotAuthenticated or MissingScope otherwise."""

    def caller(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Caller:
        if credentials is None:
            raise NotAuthenticated("This needs a token. Send it as: Authorization: Bearer <token>")
        found = authenticate(services_of(request), credentials.credentials)
        found.need(scope)
        return found

    return caller


def insights_reader(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """Whoever may read the plain lists: with a proof as everywhere, without one where the store shows them to all."""
    services = services_of(request)
    if credentials is None and services.platform.settings.server.public_insights:
        return EVERYBODY
    return caller_with(Scope.API_READ)(request, credentials)


EVERYBODY = Caller("everybody", frozenset({Scope.API_READ}))
"""Who asks a store that shows its plain lists to all: sees no names."""
ServicesDep = Annotated[Services, Depends(services_of)]
Reader = Annotated[Caller, Depends(caller_with(Scope.API_READ))]
InsightsReader = Annotated[Caller, Depends(insights_reader)]
READS = Depends(caller_with(Scope.API_READ))
"""For a router whose routes need the right to read and do not ask further."""
