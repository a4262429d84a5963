"""Use cases of customer groups: named sets of people, for promotions and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.customers.model import Customer, CustomerGroup, CustomerGroupMember
from tradewind.commerce.customers.profiles import clean_text, touch
from tradewind.commerce.customers.store import text_cursor
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.paging import Page

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class GroupExists(Conflict):
    code = "group_exists"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is a customer group {code} already. Choose another code.")


@dataclass(frozen=True, slots=True)
class GroupView:
    code: str
    name: str
    members: int
    created_at: datetime


def create_group(tx: Session, code: str, name: str, *, actor: Actor, now: datetime) -> CustomerGroup:
    """A group without members. `code` is what promotions and programs call it."""
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            f"'{code[:80]}' is not a code. Use up to 64 small letters, digits, - and _, such as wholesale.",
            field="code",
        )
    if tx.scalar(select(CustomerGroup.id).where(CustomerGroup.code == code)) is not None:
        raise GroupExists(code)
    group = CustomerGroup(id=new_id(), code=code, name=_clean_name(name), created_at=now)
    tx.add(group)
    tx.flush()
    record(tx, actor, Change("customer_group.create", code, after={"name": group.name}), now=now)
    return group


def hold_group(tx: Session, code: str) -> CustomerGroup:
    """The group, held for the rest of the transaction. Raises NotFound."""
    return hold(tx, CustomerGroup, _find(tx, code).id, "customer group")


def rename_group(tx: Session, code: str, name: str, *, actor: Actor, now: datetime) -> CustomerGroup:
    group = hold_group(tx, code)
    before = {"name": group.name}
    group.name = _clean_name(name)
    tx.flush()
    record(tx, actor, Change("customer_group.update", code, before=before, after={"name": group.name}), now=now)
    return group


def delete_group(tx: Session, code: str, *, actor: Actor, now: datetime) -> None:
    """Deletes a group; its members stay customers, and a promotion for the group alone is then for nobody."""
    group = hold_group(tx, code)
    members = find_group(tx, code).members
    tx.execute(delete(CustomerGroupMember).where(CustomerGroupMember.group_id == group.id))
    tx.delete(group)
    tx.flush()
    gone = {"name": group.name, "members": members}
    record(tx, actor, Change("customer_group.delete", code, before=gone), now=now)


def add_member(tx: Session, customer: Customer, code: str, *, actor: Actor, now: datetime) -> None:
    """Puts a customer that the caller holds into a group; who is in it stays in it."""
    group = _find(tx, code)
    if tx.get(CustomerGroupMember, (customer.id, group.id)) is not None:
        return
    tx.add(CustomerGroupMember(customer_id=customer.id, group_id=group.id, created_at=now))
    touch(customer, now=now)
    tx.flush()
    record(tx, actor, Change("customer.join_group", customer.id, after={"group": code}), now=now)


def remove_member(tx: Session, customer: Customer, code: str, *, actor: Actor, now: datetime) -> None:
    """Takes a customer that the caller holds out of a group. Raises NotFound when they are not in it."""
    member = tx.get(CustomerGroupMember, (customer.id, _find(tx, code).id))
    if member is None:
        raise NotFound(f"Customer {customer.id} is not in the group {code[:64]}.")
    tx.delete(member)
    touch(customer, now=now)
    tx.flush()
    record(tx, actor, Change("customer.leave_group", customer.id, before={"group": code}), now=now)


def groups_of(tx: Session, customer_id: str) -> list[str]:
    """Codes of the groups that a customer is in."""
    codes = select(CustomerGroup.code).join(CustomerGroupMember, CustomerGroupMember.group_id == CustomerGroup.id)
    return list(tx.scalars(codes.where(CustomerGroupMember.customer_id == customer_id).order_by(CustomerGroup.code)))


def groups_page(tx: Session, *, limit: int, cursor: str | None = None) -> Page[GroupView]:
    """Groups in the order of their codes, with how many people are in each."""
    members = (
        select(func.count())
        .where(CustomerGroupMember.group_id == CustomerGroup.id)
        .correlate(CustomerGroup)
        .scalar_subquery()
    )
    query = select(CustomerGroup, members).order_by(CustomerGroup.code).limit(limit + 1)
    if cursor is not None:
        query = query.where(CustomerGroup.code > text_cursor(cursor))
    return Page.cut(
        tx.execute(query).all(),
        limit,
        lambda row: (row[0].code,),
        lambda row: GroupView(row[0].code, row[0].name, row[1], row[0].created_at),
    )


def find_group(tx: Session, code: str) -> GroupView:
    group = _find(tx, code)
    members = tx.scalar(select(func.count()).where(CustomerGroupMember.group_id == group.id)) or 0
    return GroupView(group.code, group.name, members, group.created_at)


def _find(tx: Session, code: str) -> CustomerGroup:
    group = tx.scalar(select(CustomerGroup).where(CustomerGroup.code == code))
    if group is None:
        raise NotFound(f"There is no customer group {code[:64]}.")
    return group


def _clean_name(name: str) -> str:
    text = clean_text(name, 200, field="name", of="the group")
    if text is None:
        raise InvalidInput("A group needs a name.", field="name")
    return text
