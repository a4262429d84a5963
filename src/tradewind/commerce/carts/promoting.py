"""Which promotions a cart has, and why the others are not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tradewind.commerce.carts.loading import CartState, LineState, load_customer_groups
from tradewind.commerce.carts.priced import AppliedPromotion, CartProblem, ProblemCode
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.promotions.arithmetic import Bargain, Covers, Goods, Offer, ShippingPrice, best_bargain
from tradewind.commerce.promotions.conditions import Conditions, Sale, SaleLine, is_live, offer_of, unmet
from tradewind.commerce.promotions.model import Promotion
from tradewind.commerce.promotions.service import MAX_AUTOMATIC
from tradewind.commerce.promotions.store import candidates
from tradewind.commerce.promotions.uses import customer_key, uses_by


@dataclass(frozen=True, slots=True)
class Promoted:
    """What promotions did to a cart."""

    bargain: Bargain
    applied: tuple[AppliedPromotion, ...]
    problems: tuple[CartProblem, ...]


def promote(
    tx: Session,
    cart: CartState,
    lines: Sequence[LineState],
    goods: Sequence[Goods],
    shipping: ShippingPrice,
    now: datetime,
) -> Promoted:
    """The best that promotions do for these lines, which are sold and have a price."""
    found = candidates(tx, cart.codes, now=now, limit=2 * MAX_AUTOMATIC)
    sale = Sale(
        currency=cart.currency,
        country=cart.country,
        customer_groups=_groups(tx, cart, found),
        lines=[SaleLine(line.sku, line.category_path, worth) for line, worth in zip(lines, goods, strict=True)],
    )
    by_buyer = [promotion.id for promotion in found if promotion.customer_limit is not None]
    used = uses_by(tx, by_buyer, _buyer(tx, cart)) if by_buyer else {}
    offers: list[tuple[Offer, Covers]] = []
    problems = [_not_valid(code) for code in cart.codes if code not in {promotion.code for promotion in found}]
    for promotion in found:
        covers = _covers(promotion, sale)
        refusal = _refusal(promotion, sale, covers, used, now)
        if refusal is None:
            offers.append((offer_of(promotion), covers))
        elif promotion.code is not None:
            problems.append(refusal)
    bargain = best_bargain(offers, goods, shipping)
    eligible = {offer.id for offer, _ in offers}
    problems += [
        _not_combined(promotion.code)
        for promotion in found
        if promotion.code is not None and promotion.id in eligible - bargain.chosen
    ]
    by_id = {promotion.id: promotion for promotion in found}
    applied = tuple(
        AppliedPromotion(
            promotion_id=taken.offer_id,
            code=by_id[taken.offer_id].code,
            name=by_id[taken.offer_id].name,
            kind=by_id[taken.offer_id].kind,
            amount_minor=taken.amount,
            shipping_minor=taken.shipping,
            is_limited=_is_limited(by_id[taken.offer_id]),
        )
        for taken in bargain.taken
    )
    return Promoted(bargain, applied, tuple(problems))


def _buyer(tx: Session, cart: CartState) -> str | None:
    """Whose uses count: the customer's; a guest's are those of the profile that has the address."""
    known = cart.customer_id
    if known is None and cart.email is not None:
        own = (Customer.channel_id.is_(None), Customer.email == cart.email.strip().lower())
        query = select(func.coalesce(Customer.merged_into_id, Customer.id)).where(*own)
        known = tx.scalar(query.order_by(Customer.merged_into_id.is_not(None)).limit(1))
    return customer_key(known, cart.email)


def _groups(tx: Session, cart: CartState, found: Sequence[Promotion]) -> frozenset[str]:
    if not any(Conditions.of(promotion.conditions).customer_groups for promotion in found):
        return frozenset()
    return load_customer_groups(tx, cart.customer_id)


def _covers(promotion: Promotion, sale: Sale) -> Covers:
    conditions = Conditions.of(promotion.conditions)
    return [conditions.cover(line.sku, line.category_path) for line in sale.lines]


def _refusal(
    promotion: Promotion, sale: Sale, covers: Covers, used: Mapping[str, int], now: datetime
) -> CartProblem | None:
    code = promotion.code or ""
    if not is_live(promotion, now):
        return _not_valid(code)
    over = promotion.total_limit is not None and promotion.used >= promotion.total_limit
    if over or (promotion.customer_limit is not None and used.get(promotion.id, 0) >= promotion.customer_limit):
        return CartProblem(ProblemCode.CODE_USED_UP, f"The code {code} is used up.", discount_code=code)
    reason = unmet(promotion, sale, covers)
    if reason is None:
        return None
    message = f"The code {code} does not apply: {reason}"
    return CartProblem(ProblemCode.CODE_NOT_APPLICABLE, message, discount_code=code)


def _not_valid(code: str) -> CartProblem:
    return CartProblem(ProblemCode.CODE_NOT_VALID, f"The code {code} is not valid.", discount_code=code)


def _not_combined(code: str) -> CartProblem:
    message = f"The code {code} does not go together with other promotions of this cart, which save more."
    return CartProblem(ProblemCode.CODE_NOT_COMBINED, message, discount_code=code)


def _is_limited(promotion: Promotion) -> bool:
    return promotion.total_limit is not None or promotion.customer_limit is not None
