"""Who changed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, FromDay, Limit, ToDay, start_of
from tradewind.api.routing import Router
from tradewind.api.schemas.users import AuditEntry, AuditPage
from tradewind.api.security import ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.commerce.access import model
from tradewind.commerce.access.audit import audit_page
from tradewind.commerce.access.rights import Scope

router = Router("/audit", tags=["users"], dependencies=[Depends(caller_with(Scope.AUDIT_READ))])


@router.get("", response_model=AuditPage, responses=problems(*SIGNED_IN))
def audit(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    action: Annotated[str | None, Query(max_length=64, description="Only this, for example order.cancel.")] = None,
    subject_kind: Annotated[str | None, Query(max_length=32, description="Only things of this kind.")] = None,
    subject_id: Annotated[str | None, Query(max_length=64, description="Only this thing.")] = None,
    actor: Annotated[str | None, Query(max_length=100, description="Only what this person or token did.")] = None,
    start: FromDay = None,
    end: ToDay = None,
) -> Response:
    """Changes, the newest first: who changed what, from what to what."""
    with services.platform.database.read() as tx:
        page = audit_page(
            tx,
            limit=limit,
            cursor=cursor,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            actor=actor,
            start=start_of(services, start),
            end=start_of(services, end),
        )
        items = [_entry(row) for row in page.items]
    return answer(AuditPage(items=items, next_cursor=page.next_cursor))


def _entry(row: model.AuditEntry) -> AuditEntry:
    return AuditEntry(
        audit_id=row.id,
        at=row.at,
        actor=row.actor,
        actor_id=row.actor_id,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        before=row.before,
        after=row.after,
        request_id=row.request_id,
    )
