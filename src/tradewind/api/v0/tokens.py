"""`/v0/tokens`: static tokens, and signed ones that are made here.

The scope TOKENS manages tokens, but gives nobody more than it has: what concerns ADMIN takes the admin token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tradewind.api.v0.access import services_of, token_for
from tradewind.api.v0.answering import parameters_of
from tradewind.api.wire import to_json
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.warehouse.serving.queries import values_of
from tradewind.warehouse.workspaces.scopes import ADMIN, DEPLOY, READ_ALL, TOKENS, Scope, Token, Value
from tradewind.warehouse.workspaces.tokens import TokenRecord, Tokens

_ONLY_BY_ADMIN = frozenset({ADMIN, TOKENS, DEPLOY, READ_ALL})


async def list_tokens(request: Request) -> Response:
    """All static tokens; who does not hold the admin token does not see those that may do more than it."""
    token, tokens = await _manager(request)
    records = await run_in_threadpool(tokens.all_of, token.workspace_id)
    return _answer({"tokens": [shown(record) for record in records if _is_in_reach(token, record.scopes)]})


async def make(request: Request) -> Response:
    """A static token; with `expiration_time`, a signed one."""
    token, tokens = await _manager(request)
    if "expiration_time" in request.query_params:
        return await _mint(request, token, tokens)
    values = await parameters_of(request)
    name, scopes = _text(values, "name") or "", _scopes(values) or []
    _check_reach(token, scopes)
    record = await run_in_threadpool(
        lambda: tokens.create(token.workspace_id, name, scopes, description=_text(values, "description") or "")
    )
    return _answer(shown(record))


async def _mint(request: Request, token: Token, tokens: Tokens) -> Response:
    if not token.is_admin:
        raise NotPermitted("Only the admin token, whose value is the key, makes signed tokens.")
    values = values_of(request.query_params.multi_items())
    expires = _text(values, "expiration_time") or ""
    if not expires.isascii() or not expires.isdigit() or len(expires) > 12:
        raise InvalidInput("expiration_time is a Unix time in seconds.", field="expiration_time")
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError as wrong:
        raise InvalidInput("The body is a JSON object with `scopes` and, if wanted, `limits`.") from wrong
    scopes, limits = (body.get("scopes"), body.get("limits")) if isinstance(body, dict) else (None, None)
    if not isinstance(scopes, list) or not all(isinstance(scope, dict) for scope in scopes):
        raise InvalidInput("`scopes` is a list of objects with type and resource.", field="scopes")
    if not isinstance(limits, dict | None):
        raise InvalidInput('`limits` is an object such as {"rps": 10}.', field="limits")
    name = _text(values, "name") or ""
    if not name:
        raise InvalidInput("A signed token needs a name.", field="name")
    value = await run_in_threadpool(
        lambda: tokens.mint(token.workspace_id, name, scopes, expires_at=int(expires), limits=limits)
    )
    return _answer({"token": value})


async def one(request: Request) -> Response:
    """A token as its owner sees it: everybody may look at the token that they hold."""
    asker = await token_for(request)
    tokens = services_of(request).platform.serving.tokens
    key = request.path_params["key"]
    if not asker.may_manage_tokens() and key not in (asker.id, asker.name):
        _refuse_management()
    record = await run_in_threadpool(tokens.get, asker.workspace_id, key)
    if asker.id != record.id:
        _check_reach(asker, record.scopes)
    return _answer(shown(record))


async def change(request: Request) -> Response:
    values = await parameters_of(request)
    scopes = _scopes(values)

    def work(tokens: Tokens, token: Token, key: str) -> Any:
        _check_reach(token, scopes or [])
        return shown(
            tokens.update(
                token.workspace_id,
                key,
                name=_text(values, "name"),
                scopes=scopes,
                description=_text(values, "description"),
            )
        )

    return await _managed(request, work)


async def delete(request: Request) -> Response:
    def work(tokens: Tokens, token: Token, key: str) -> Any:
        tokens.delete(token.workspace_id, key)
        return {"ok": True}

    return await _managed(request, work)


async def refresh(request: Request) -> Response:
    def work(tokens: Tokens, token: Token, key: str) -> Any:
        return shown(tokens.refresh(token.workspace_id, key))

    return await _managed(request, work)


async def _managed(request: Request, work: Callable[[Tokens, Token, str], Any]) -> Response:
    """Does something to the token that the path names, if the asker may."""
    token, tokens = await _manager(request)
    key = request.path_params["key"]

    def checked() -> Any:
        if key.count(".") != 2:
            _check_reach(token, tokens.get(token.workspace_id, key).scopes)
        elif not token.is_admin:
            _refuse_management()
        return work(tokens, token, key)

    return _answer(await run_in_threadpool(checked))


def shown(record: TokenRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "token": record.value,
        "name": record.name,
        "description": record.description,
        "scopes": [scope.shown() for scope in record.scopes],
        "origin": {"type": record.origin},
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


async def _manager(request: Request) -> tuple[Token, Tokens]:
    token = await token_for(request)
    if not token.may_manage_tokens():
        _refuse_management()
    return token, services_of(request).platform.serving.tokens


def _refuse_management() -> None:
    raise NotPermitted("This token may not manage tokens: that takes the scope TOKENS, or the admin token.")


def _is_in_reach(token: Token, scopes: Sequence[Scope]) -> bool:
    return token.is_admin or not any(scope.type in _ONLY_BY_ADMIN for scope in scopes)


def _check_reach(token: Token, scopes: Sequence[Scope]) -> None:
    if not _is_in_reach(token, scopes):
        raise NotPermitted(f"Tokens with {', '.join(sorted(_ONLY_BY_ADMIN))} take the admin token.")


def _scopes(values: Mapping[str, Value]) -> list[Scope] | None:
    given = values.get("scope", values.get("scopes"))
    if given is None:
        return None
    return [Scope.parse(text) for text in ([given] if isinstance(given, str) else given) if text.strip()]


def _text(values: Mapping[str, Value], name: str) -> str | None:
    value = values.get(name)
    if isinstance(value, list):
        raise InvalidInput(f"`{name}` is sent more than once.", field=name)
    return value


def _answer(content: Any) -> Response:
    return Response(to_json(content), media_type="application/json")


ROUTES: list[BaseRoute] = [
    Route("/v0/tokens", list_tokens, methods=["GET"]),
    Route("/v0/tokens", make, methods=["POST"]),
    Route("/v0/tokens/{key}", one, methods=["GET"]),
    Route("/v0/tokens/{key}", change, methods=["PUT"]),
    Route("/v0/tokens/{key}", delete, methods=["DELETE"]),
    Route("/v0/tokens/{key}/refresh", refresh, methods=["POST"]),
]
