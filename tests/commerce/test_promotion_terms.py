"""Promotions are laid down, changed and listed; terms that cannot be are refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.pricing import BY, a_promotion
from tests.spine import NOON
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.promotions.arithmetic import PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.promotions.errors import CodeTaken
from tradewind.commerce.promotions.service import MAX_AUTOMATIC, TooManyAutomatic, replace_promotion
from tradewind.commerce.promotions.store import find_promotion, promotions_page
from tradewind.commerce.promotions.terms import PromotionTerms
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("percent", {"percent": None}, "percent"),
        ("percent", {"percent": Decimal(0)}, "percent"),
        ("percent", {"percent": Decimal("100.01")}, "percent"),
        ("percent", {"percent": Decimal("0.00001")}, "percent"),
        ("percent", {"amount": Decimal(1), "currency": "EUR"}, "amount"),
        ("percent", {"currency": "EUR"}, "currency"),
        ("percent", {"minimum": Decimal(1)}, "currency"),
        ("amount", {"amount": Decimal(0)}, "amount"),
        ("amount", {"amount": Decimal(1), "currency": None}, "currency"),
        ("buy_x_get_y", {"buy": 1}, "get"),
        ("buy_x_get_y", {"buy": 0, "get": 1}, "buy"),
        ("percent", {"total_limit": 0}, "total_limit"),
        ("percent", {"ends_at": NOON, "starts_at": NOON}, "ends_at"),
        ("percent", {"code": "no blanks"}, "code"),
        ("percent", {"conditions": Conditions(countries=("Germany",))}, "countries"),
        ("percent", {"conditions": Conditions(skus=(" ",))}, "conditions.skus"),
        ("percent", {"name": " "}, "name"),
        ("percent", {"priority": 10_000}, "priority"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_the_field(
    store: Database, kind: str, more: dict[str, Any], field: str
) -> None:
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        a_promotion(tx, kind=kind, **({"code": "CODE"} | more))
    assert refused.value.field == field


def test_a_code_belongs_to_one_promotion(store: Database) -> None:
    with store.write() as tx:
        a_promotion(tx, "CODE")
        other = a_promotion(tx, "OTHER")
        with pytest.raises(CodeTaken):
            a_promotion(tx, " code")
        terms = PromotionTerms("X", PromotionKind.FREE_SHIPPING, code="code")
        with pytest.raises(CodeTaken):
            replace_promotion(tx, other, terms, **BY)
        with pytest.raises(NotFound):
            find_promotion(tx, "nothing")


def test_so_many_apply_by_themselves_and_no_more(store: Database) -> None:
    with store.write() as tx:
        last = [a_promotion(tx, None) for _ in range(MAX_AUTOMATIC)][-1]
        with pytest.raises(TooManyAutomatic):
            a_promotion(tx, None)
        a_promotion(tx, None, ends_at=NOON, starts_at=NOON - timedelta(days=1))
        a_promotion(tx, "WITH-A-CODE")
        terms = PromotionTerms("Off", PromotionKind.FREE_SHIPPING, is_active=False)
        replace_promotion(tx, last, terms, **BY)
        a_promotion(tx, None)


def test_a_change_is_entered_with_what_was_and_what_is(store: Database) -> None:
    with store.write() as tx:
        promotion_id = a_promotion(tx, "CODE")
        terms = PromotionTerms("CODE", PromotionKind.PERCENT, code="CODE", percent=Decimal(20))
        replace_promotion(tx, promotion_id, terms, **BY)
        assert find_promotion(tx, promotion_id).version == 2
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.action == "promotion.update")).one()
        assert (entry.before, entry.after) == ({"percent_ppm": 100_000}, {"percent_ppm": 200_000})


def test_pages_show_each_promotion_once_the_newest_first(store: Database) -> None:
    with store.write() as tx:
        made = [a_promotion(tx, f"CODE-{number}") for number in range(7)]
        seen: list[str] = []
        cursor = None
        while True:
            page = promotions_page(tx, limit=3, cursor=cursor)
            seen += [promotion.promotion_id for promotion in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == made[::-1]
        assert [p.code for p in promotions_page(tx, limit=9, text="ode-3").items] == ["CODE-3"]
