"""Promotions: what makes a cart cheaper."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.carts import currency_of
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID, PLAIN
from tradewind.api.schemas.promotions import DiscountAsked, DiscountGiven, PromotionIn, PromotionOut, PromotionPage
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.promotions import store
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.errors import CodeNotApplicable, CodeNotValid, CodeTaken, PromotionUsedUp
from tradewind.commerce.promotions.service import (
    TooManyAutomatic,
    apply_discount,
    create_promotion,
    lock_promotion,
    replace_promotion,
)
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.core.errors import NotFound
from tradewind.core.money import Money

router = Router("/promotions", tags=["promotions"], dependencies=[READS])

PromotionWriter = Annotated[Writer, Depends(writer_with(Scope.PROMOTIONS_WRITE))]
PromotionId = Annotated[str, Path(pattern=ID)]


@router.get("", response_model=PromotionPage, responses=problems(*SIGNED_IN))
def promotions(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    is_active: Annotated[bool | None, Query(description="Only those switched on, or off.")] = None,
    q: Annotated[
        str | None,
        Query(max_length=store.LONGEST_SEARCH, pattern=PLAIN, description="Part of the code or the name."),
    ] = None,
) -> Response:
    """Promotions, the newest first."""
    with services.platform.database.read() as tx:
        page = store.promotions_page(tx, limit=limit, cursor=cursor, is_active=is_active, text=q)
    items = [PromotionOut.model_validate(promotion) for promotion in page.items]
    return answer(PromotionPage(items=items, next_cursor=page.next_cursor))


@router.post("", status_code=201, response_model=PromotionOut, responses=problems(*WRITES, CodeTaken, TooManyAutomatic))
def add_promotion(writer: PromotionWriter, body: PromotionIn) -> Response:
    """Lays down a promotion."""

    def work(tx: Session) -> PromotionOut:
        made = create_promotion(tx, _terms(body), actor=writer.actor, now=writer.now)
        return _shown(tx, made)

    return writer.once(work, status=201)


@router.post(
    "/apply",
    response_model=DiscountGiven,
    responses=problems(*SIGNED_IN, CodeNotValid, CodeNotApplicable, PromotionUsedUp),
)
def apply_code_to_total(services: ServicesDep, body: DiscountAsked) -> Response:
    """What a code leaves of a total. Takes no use of it, and changes nothing."""
    total = Money.of(body.order_total, currency_of(services, body.currency))
    with services.platform.database.read() as tx:
        found = apply_discount(tx, total, body.code, now=services.platform.clock.now())
    return answer(
        DiscountGiven(
            total=found.total.amount,
            discount=found.discount.amount,
            currency=total.currency,
            code=found.code,
            promotion_id=found.promotion_id,
        )
    )


@router.get("/{promotion_id}", response_model=PromotionOut, responses=problems(*SIGNED_IN, NotFound))
def promotion(services: ServicesDep, promotion_id: PromotionId) -> Response:
    """One promotion."""
    with services.platform.database.read() as tx:
        found = _shown(tx, promotion_id)
    return answer(found, headers={"ETag": etag(found.version)})


@router.put(
    "/{promotion_id}",
    response_model=PromotionOut,
    responses=problems(*WRITES, NotFound, CodeTaken, TooManyAutomatic, Changed),
)
def change_promotion(writer: PromotionWriter, promotion_id: PromotionId, body: PromotionIn) -> Response:
    """Gives a promotion other terms. To end it, set `is_active` to false; orders keep what they got."""

    def work(tx: Session) -> PromotionOut:
        writer.check_version(lock_promotion(tx, promotion_id).version)
        replace_promotion(tx, promotion_id, _terms(body), actor=writer.actor, now=writer.now)
        return _shown(tx, promotion_id)

    return writer.once(work)


def _terms(body: PromotionIn) -> PromotionTerms:
    told = {name: getattr(body, name) for name in PromotionIn.model_fields if name != "conditions"}
    named = {name: tuple(values) for name, values in body.conditions.model_dump().items()}
    return PromotionTerms(**told, conditions=Conditions(**named))


def _shown(tx: Session, promotion_id: str) -> PromotionOut:
    return PromotionOut.model_validate(store.find_promotion(tx, promotion_id))
