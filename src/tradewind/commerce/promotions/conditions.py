"""For which sales a promotion is. Pure; the rules stand in docs/how-to/promotions.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tradewind.commerce.promotions.arithmetic import MILLION, Goods, Offer, PromotionKind, meets_minimum
from tradewind.commerce.promotions.model import Promotion

SEPARATOR = " / "


@dataclass(frozen=True, slots=True)
class Conditions:
    """An empty condition is none."""

    skus: tuple[str, ...] = ()
    category_paths: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Conditions:
        return cls(**{name: tuple(stored.get(name) or ()) for name in cls.__slots__})

    def as_stored(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in asdict(self).items() if values}

    @property
    def is_for_all_goods(self) -> bool:
        return not self.skus and not self.category_paths

    def cover(self, sku: str, category_path: str | None) -> bool:
        """Whether a line counts: its SKU is named, or its category lies in one that is."""
        if self.is_for_all_goods or sku in self.skus:
            return True
        return category_path is not None and any(
            category_path == path or category_path.startswith(path + SEPARATOR) for path in self.category_paths
        )


@dataclass(frozen=True, slots=True)
class SaleLine:
    sku: str
    category_path: str | None
    goods: Goods


@dataclass(frozen=True, slots=True)
class Sale:
    """What a promotion is judged on."""

    currency: str
    country: str | None
    customer_groups: frozenset[str]
    lines: Sequence[SaleLine]


def offer_of(promotion: Promotion) -> Offer:
    return Offer(
        id=promotion.id,
        kind=PromotionKind(promotion.kind),
        percent_ppm=MILLION if promotion.percent_ppm is None else promotion.percent_ppm,
        amount=promotion.amount_minor or 0,
        buy=promotion.buy_quantity or 1,
        get=promotion.get_quantity or 1,
        minimum=promotion.minimum_minor or 0,
        is_stackable=promotion.is_stackable,
        priority=promotion.priority,
    )


def is_live(promotion: Promotion, now: datetime) -> bool:
    """Whether it is switched on, has begun and is not over."""
    return (
        promotion.is_active
        and (promotion.starts_at is None or promotion.starts_at <= now)
        and (promotion.ends_at is None or now < promotion.ends_at)
    )


def unmet(promotion: Promotion, sale: Sale, covers: Sequence[bool]) -> str | None:
    """Why a promotion is not for this sale, in a sentence; None if it is."""
    conditions = Conditions.of(promotion.conditions)
    if promotion.currency is not None and promotion.currency != sale.currency:
        return f"it is for {promotion.currency}, and this is {sale.currency}."
    if conditions.countries and sale.country not in conditions.countries:
        return f"it is for goods that go to {', '.join(conditions.countries[:10])}."
    if conditions.customer_groups and sale.customer_groups.isdisjoint(conditions.customer_groups):
        return "it is for certain customers only."
    if not any(covers):
        return "nothing that it is for is in the cart."
    if not meets_minimum(offer_of(promotion), [line.goods for line in sale.lines], covers):
        return "the goods that it is for are worth less than its minimum."
    return None
