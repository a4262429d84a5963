"""Messages of the topics `sales` and `items` that could not be booked, and another try."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas import letters as shapes
from tradewind.api.security import ServicesDep, caller_with
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.channels.streams.service import DeadLetter
from tradewind.commerce.access.rights import Scope
from tradewind.core.errors import NotFound

# They hold whatever somebody sent, names and addresses too.
router = Router("/letters", tags=["channels"], dependencies=[Depends(caller_with(Scope.CUSTOMERS_READ))])


@router.get("", response_model=shapes.LetterPage, responses=problems(*SIGNED_IN))
def letters(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    waiting: Annotated[bool, Query(description="Those that wait; false: those that were booked since.")] = True,
) -> Response:
    """Messages that could not be booked, the newest first."""
    streams = services.platform.streams
    page = streams.dead_letter_page(limit=limit, cursor=cursor, waits=waiting)
    items = [shapes.Letter.model_validate(_shown(letter)) for letter in page.items]
    return answer(shapes.LetterPage(items=items, next_cursor=page.next_cursor, waiting=streams.dead_letter_count()))


@router.get("/{letter_id}", response_model=shapes.LetterDetail, responses=problems(*SIGNED_IN, NotFound))
def letter(services: ServicesDep, letter_id: Annotated[str, Path(max_length=64)]) -> Response:
    """One message with what it holds."""
    found = services.platform.streams.dead_letter(letter_id)
    value = None if found.value is None else found.value.decode("utf-8", "backslashreplace")
    return answer(shapes.LetterDetail.model_validate(_shown(found) | {"value": value}))


@router.post("/replay", response_model=shapes.Replayed, responses=problems(*WRITES, NotFound))
def replay(
    services: ServicesDep, body: shapes.Replay, writer: Annotated[Writer, Depends(writer_with(Scope.ORDERS_WRITE))]
) -> Response:
    """Books messages again, the oldest first: what they lacked may be there now."""
    streams = services.platform.streams
    for letter_id in body.letter_ids or ():
        streams.dead_letter(letter_id)

    def work(tx: Session) -> shapes.Replayed:
        done = streams.replay_in(tx, body.letter_ids)
        return shapes.Replayed(booked=done.booked, refused=done.refused, waiting=streams.waiting_in(tx))

    return writer.once(work)


def _shown(letter: DeadLetter) -> dict[str, object]:
    return {
        "letter_id": letter.id,
        "place": letter.place,
        "code": letter.code,
        "reason": letter.reason,
        "refused_at": letter.refused_at,
        "booked_at": letter.replayed_at,
    }
