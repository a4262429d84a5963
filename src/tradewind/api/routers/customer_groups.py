"""Groups of customers, which promotions may be for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.customers import CustomerId, PeopleWriter
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.customers import GroupBody, GroupChange, GroupPage, GroupSummary
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag
from tradewind.commerce.customers.groups import (
    GroupExists,
    add_member,
    create_group,
    delete_group,
    find_group,
    groups_page,
    hold_group,
    remove_member,
    rename_group,
)
from tradewind.commerce.customers.profiles import CustomerErased, CustomerMerged, customer_for_change
from tradewind.core.errors import NotFound

router = Router("/customer-groups", tags=["customers"])

Code = Annotated[str, Path(max_length=64)]


@router.get("", response_model=GroupPage, responses=problems(*SIGNED_IN), dependencies=[READS])
def customer_groups(services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Groups in the order of their codes. Who is in one: GET /api/v1/customers?group=…"""
    with services.platform.database.read() as tx:
        page = groups_page(tx, limit=limit, cursor=cursor)
    items = [GroupSummary.model_validate(group) for group in page.items]
    return answer(GroupPage(items=items, next_cursor=page.next_cursor))


@router.post("", status_code=201, response_model=GroupSummary, responses=problems(*WRITES, GroupExists))
def create_customer_group(writer: PeopleWriter, body: GroupBody) -> Response:
    """A new group, without members."""

    def work(tx: Session) -> GroupSummary:
        create_group(tx, body.code, body.name, actor=writer.actor, now=writer.now)
        return _summary(tx, body.code)

    return writer.once(work, status=201)


@router.get("/{code}", response_model=GroupSummary, responses=problems(*SIGNED_IN, NotFound), dependencies=[READS])
def customer_group(services: ServicesDep, code: Code) -> Response:
    """One group."""
    with services.platform.database.read() as tx:
        found = _summary(tx, code)
    return answer(found, headers={"ETag": content_tag(found)})


@router.patch("/{code}", response_model=GroupSummary, responses=problems(*WRITES, NotFound, Changed))
def rename_customer_group(writer: PeopleWriter, code: Code, body: GroupChange) -> Response:
    """Gives a group another name. Its code stays: promotions know it by that."""

    def work(tx: Session) -> GroupSummary:
        _hold(tx, writer, code)
        rename_group(tx, code, body.name, actor=writer.actor, now=writer.now)
        return _summary(tx, code)

    return writer.once(work)


@router.delete("/{code}", status_code=204, responses=problems(*WRITES, NotFound, Changed))
def delete_customer_group(writer: PeopleWriter, code: Code) -> Response:
    """Deletes a group. Its members stay customers."""

    def work(tx: Session) -> None:
        _hold(tx, writer, code)
        delete_group(tx, code, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.put(
    "/{code}/members/{customer_id}",
    status_code=204,
    responses=problems(*WRITES, NotFound, CustomerErased, CustomerMerged),
)
def join_customer_group(writer: PeopleWriter, code: Code, customer_id: CustomerId) -> Response:
    """Puts a customer into a group; who is in it stays in it."""

    def work(tx: Session) -> None:
        add_member(tx, customer_for_change(tx, customer_id), code, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.delete(
    "/{code}/members/{customer_id}",
    status_code=204,
    responses=problems(*WRITES, NotFound, CustomerErased, CustomerMerged),
)
def leave_customer_group(writer: PeopleWriter, code: Code, customer_id: CustomerId) -> Response:
    """Takes a customer out of a group."""

    def work(tx: Session) -> None:
        remove_member(tx, customer_for_change(tx, customer_id), code, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def _hold(tx: Session, writer: Writer, code: str) -> None:
    """Holds the group, which has to be what the caller read."""
    hold_group(tx, code)
    writer.check_content(lambda: _summary(tx, code))


def _summary(tx: Session, code: str) -> GroupSummary:
    return GroupSummary.model_validate(find_group(tx, code))
