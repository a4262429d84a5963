"""Tokens for programs, for who runs the shop."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response
from sqlalchemy.orm import Session as Transaction

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.users import CreateToken, NewToken, Token, TokenPage
from tradewind.api.security import ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access import tokens as service
from tradewind.commerce.access.model import ApiToken
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.tokens import TokenNameTaken
from tradewind.core.errors import NotFound

router = Router("/tokens", tags=["users"], dependencies=[Depends(caller_with(Scope.ADMIN))])

Admin = Annotated[Writer, Depends(writer_with(Scope.ADMIN))]


@router.get("", response_model=TokenPage, responses=problems(*SIGNED_IN))
def tokens(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Tokens without their secrets, the newest first. Revoked ones stay: their names stay taken."""
    with services.platform.database.read() as tx:
        page = service.tokens_page(tx, limit=limit, cursor=cursor)
        items = [_token(token) for token in page.items]
    return answer(TokenPage(items=items, next_cursor=page.next_cursor))


@router.post("", status_code=201, response_model=NewToken, responses=problems(*WRITES, TokenNameTaken))
def create_token(body: CreateToken, writer: Admin) -> Response:
    """Make a token for a program. Its secret is in this answer and nowhere else."""

    def work(tx: Transaction) -> NewToken:
        scopes = list(dict.fromkeys(body.scopes))
        made = service.create_token(
            tx, body.name, scopes, now=writer.now, expires_at=body.expires_at, actor=writer.actor
        )
        return NewToken(**_token(made.token).model_dump(), secret=made.secret)

    return writer.once(work, status=201, is_secret=True)


@router.delete("/{token_id}", status_code=204, responses=problems(*WRITES, NotFound))
def revoke_token(token_id: Annotated[str, Path(max_length=64)], writer: Admin) -> Response:
    """End a token for good. It stops working within a second."""
    return writer.once(
        lambda tx: service.revoke_token_by_id(tx, token_id, actor=writer.actor, now=writer.now), status=204
    )


def _token(token: ApiToken) -> Token:
    return Token(
        token_id=token.id,
        name=token.name,
        scopes=[Scope(scope) for scope in token.scopes],
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        last_used_at=token.last_used_at,
    )
