"""Messages from payment providers. They prove themselves by their signature, not by a token."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request, Response
from starlette.concurrency import run_in_threadpool

from tradewind.api.problems import problems
from tradewind.api.routing import Router
from tradewind.api.schemas.payments import MessageReceived
from tradewind.api.security import ServicesDep
from tradewind.api.wire import answer
from tradewind.commerce.payments.providers.port import BadSignature, ProviderAway
from tradewind.core.errors import InvalidInput, NotFound, Unavailable

router = Router("/webhooks", tags=["payments"])

LONGEST_MESSAGE = 1024**2
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The provider's own message, byte for byte.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.post(
    "/{provider}",
    response_model=MessageReceived,
    responses=problems(BadSignature, NotFound, ProviderAway, Unavailable),
    openapi_extra=_BODY,
)
async def hear_provider(
    request: Request, services: ServicesDep, provider: Annotated[str, Path(max_length=32)]
) -> Response:
    """Take a message of a payment provider. The same message again changes nothing."""
    body = await request.body()
    if len(body) > LONGEST_MESSAGE:
        raise InvalidInput("No provider sends messages this large.", field="body")
    # Names come in lower case from the server already.
    headers = dict(request.headers)
    await run_in_threadpool(services.cashier.hear, provider, body, headers)
    return answer(MessageReceived(received=True))
