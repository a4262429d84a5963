"""People who may sign in, for who runs the shop."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session as Transaction

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.account import SessionId, session_page
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.auth import SessionPage
from tradewind.api.schemas.users import ChangeUser, CreateUser, SetPassword, UserDetail, UserPage
from tradewind.api.security import ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access import second_factor
from tradewind.commerce.access import users as service
from tradewind.commerce.access.model import User
from tradewind.commerce.access.passwords import check_password, hash_password
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.sessions import end_session
from tradewind.commerce.access.users import LastAdmin, UserChange, UserExists, UserFilter, user_by_id
from tradewind.core.errors import NotFound

router = Router("/users", tags=["users"], dependencies=[Depends(caller_with(Scope.ADMIN))])

Admin = Annotated[Writer, Depends(writer_with(Scope.ADMIN))]
UserId = Annotated[str, Path(max_length=64)]


@router.get("", response_model=UserPage, responses=problems(*SIGNED_IN))
def users(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    role: Annotated[Role | None, Query(description="Only this role.")] = None,
    is_active: Annotated[bool | None, Query(description="Only who may sign in, or who may not.")] = None,
    q: Annotated[str | None, Query(max_length=100, description="Part of the name or address.")] = None,
) -> Response:
    """Users by name."""
    with services.platform.database.read() as tx:
        page = service.users_page(tx, UserFilter(role, is_active, q), limit=limit, cursor=cursor)
        items = [detail_of(user) for user in page.items]
    return answer(UserPage(items=items, next_cursor=page.next_cursor))


@router.post("", status_code=201, response_model=UserDetail, responses=problems(*WRITES, UserExists))
def create_user(body: CreateUser, writer: Admin) -> Response:
    """Let somebody in."""

    def work(tx: Transaction) -> UserDetail:
        password = body.password.get_secret_value()
        made = service.create_user(
            tx, body.username, password, role=body.role, email=body.email, now=writer.now, actor=writer.actor
        )
        return detail_of(made)

    return writer.once(work, status=201)


@router.get("/{user_id}", response_model=UserDetail, responses=problems(*SIGNED_IN, NotFound))
def user(user_id: UserId, services: ServicesDep) -> Response:
    """One user."""
    with services.platform.database.read() as tx:
        found = user_by_id(tx, user_id)
        return answer(detail_of(found), headers={"ETag": etag(found.version)})


@router.patch(
    "/{user_id}", response_model=UserDetail, responses=problems(*WRITES, NotFound, UserExists, LastAdmin, Changed)
)
def change_user(user_id: UserId, body: ChangeUser, writer: Admin) -> Response:
    """Change the role or the address, or switch a user off or on. It counts from the next request on."""
    change = UserChange(body.role, body.email, body.is_active)

    def work(tx: Transaction) -> UserDetail:
        writer.check_version(service.hold_user(tx, user_id).version)
        return detail_of(service.change_user(tx, user_id, change, actor=writer.actor, now=writer.now))

    return writer.once(work)


@router.put("/{user_id}/password", status_code=204, responses=problems(*WRITES, NotFound))
def set_user_password(user_id: UserId, body: SetPassword, writer: Admin) -> Response:
    """Set another password. The user is signed out everywhere."""
    with writer.services.platform.database.read() as tx:
        found = user_by_id(tx, user_id)
        good = check_password(body.password.get_secret_value(), username=found.username, email=found.email)
    password_hash = hash_password(good)

    def work(tx: Transaction) -> None:
        service.replace_password(tx, user_by_id(tx, user_id), password_hash, now=writer.now, actor=writer.actor)

    return writer.once(work, status=204)


@router.delete("/{user_id}/totp", status_code=204, responses=problems(*WRITES, NotFound))
def switch_off_user_second_factor(user_id: UserId, writer: Admin) -> Response:
    """Switch off the second factor of somebody who has lost the device and the recovery codes."""

    def work(tx: Transaction) -> None:
        second_factor.switch_off(tx, user_by_id(tx, user_id), actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.get("/{user_id}/sessions", response_model=SessionPage, responses=problems(*SIGNED_IN, NotFound))
def user_sessions(user_id: UserId, services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Where a user is signed in."""
    with services.platform.database.read() as tx:
        user_by_id(tx, user_id)
    return answer(session_page(services, user_id, limit, cursor))


@router.delete("/{user_id}/sessions", status_code=204, responses=problems(*WRITES, NotFound))
def end_user_sessions(user_id: UserId, writer: Admin) -> Response:
    """Sign a user out everywhere."""
    return writer.once(
        lambda tx: service.sign_out_everywhere(tx, user_id, actor=writer.actor, now=writer.now), status=204
    )


@router.delete("/{user_id}/sessions/{session_id}", status_code=204, responses=problems(*WRITES, NotFound))
def end_user_session(user_id: UserId, session_id: SessionId, writer: Admin) -> Response:
    """Sign a user out in one place."""
    return writer.once(lambda tx: end_session(tx, user_id, session_id, actor=writer.actor, now=writer.now), status=204)


def detail_of(user: User) -> UserDetail:
    return UserDetail(
        user_id=user.id,
        username=user.username,
        email=user.email,
        role=Role(user.role),
        is_active=user.is_active,
        version=user.version,
        has_second_factor=user.totp_confirmed_at is not None,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
    )
