"""The terms of a promotion as somebody lays them down, checked before they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tradewind.commerce.places import check_country
from tradewind.commerce.promotions.arithmetic import MILLION, PromotionKind
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency, to_minor
from tradewind.core.text import check_text

MAX_LISTED = 1_000
"""Most SKUs, categories, groups or countries that a promotion may name."""
MAX_LIMIT_OF_USES = 1_000_000_000
MAX_PRIORITY = 1_000
MAX_GROUP = 1_000
_CODE = re.compile(r"[0-9A-Z][0-9A-Z._-]{0,63}")


@dataclass(frozen=True, slots=True)
class PromotionTerms:
    """Amounts are decimals in `currency`; `percent` is 10 for 10 %."""

    name: str
    kind: PromotionKind
    code: str | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum: Decimal | None = None
    currency: str | None = None
    buy: int | None = None
    get: int | None = None
    conditions: Conditions = field(default_factory=Conditions)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    total_limit: int | None = None
    customer_limit: int | None = None
    is_stackable: bool = False
    priority: int = 0
    is_active: bool = True


def normal_code(code: str) -> str:
    """A code as it is kept: buyers may type it in any case, with blanks around it."""
    return code.strip().upper()


def columns_of(terms: PromotionTerms) -> dict[str, Any]:
    """The columns that these terms fill. Raises InvalidInput for what is missing, too much or contradictory."""
    name = terms.name.strip()
    if not name:
        raise InvalidInput("A promotion needs a name: buyers see it beside what it takes off.", field="name")
    check_text(name, 200, field="name", of="the promotion")
    _check_fields(terms)
    currency = check_currency(terms.currency) if terms.currency is not None else None
    return {
        "code": _checked_code(terms.code),
        "name": name,
        "kind": str(terms.kind),
        "percent_ppm": _percent_ppm(terms),
        "amount_minor": _positive_minor(terms.amount, currency, "amount"),
        "currency": currency,
        "buy_quantity": terms.buy,
        "get_quantity": terms.get,
        "minimum_minor": _positive_minor(terms.minimum, currency, "minimum"),
        "conditions": _checked_conditions(terms.conditions).as_stored(),
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "total_limit": terms.total_limit,
        "customer_limit": terms.customer_limit,
        "is_stackable": terms.is_stackable,
        "priority": terms.priority,
        "is_active": terms.is_active,
    }


_NEEDS: dict[PromotionKind, tuple[str, ...]] = {
    PromotionKind.PERCENT: ("percent",),
    PromotionKind.AMOUNT: ("amount", "currency"),
    PromotionKind.FREE_SHIPPING: (),
    PromotionKind.BUY_X_GET_Y: ("buy", "get"),
}
_ONLY_FOR: dict[str, tuple[PromotionKind, ...]] = {
    "percent": (PromotionKind.PERCENT, PromotionKind.BUY_X_GET_Y),
    "amount": (PromotionKind.AMOUNT,),
    "buy": (PromotionKind.BUY_X_GET_Y,),
    "get": (PromotionKind.BUY_X_GET_Y,),
}


def _check_fields(terms: PromotionTerms) -> None:
    for field_name in _NEEDS[terms.kind]:
        if getattr(terms, field_name) is None:
            raise InvalidInput(f"A promotion of the kind {terms.kind} needs {field_name}.", field=field_name)
    for field_name, kinds in _ONLY_FOR.items():
        if getattr(terms, field_name) is not None and terms.kind not in kinds:
            raise InvalidInput(f"A promotion of the kind {terms.kind} has no {field_name}.", field=field_name)
    if (terms.minimum is None and terms.amount is None) != (terms.currency is None):
        raise InvalidInput(
            "A promotion has a currency exactly if it has an amount or a minimum.",
            field="currency",
        )
    for field_name, most in (
        ("total_limit", MAX_LIMIT_OF_USES),
        ("customer_limit", MAX_LIMIT_OF_USES),
        ("buy", MAX_GROUP),
        ("get", MAX_GROUP),
    ):
        _check_between(getattr(terms, field_name), 1, most, field_name)
    _check_between(terms.priority, -MAX_PRIORITY, MAX_PRIORITY, "priority")
    for field_name in ("starts_at", "ends_at"):
        moment = getattr(terms, field_name)
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput(f"{field_name} has no zone. Write it like 2026-03-01T00:00:00Z.", field=field_name)
    if terms.starts_at is not None and terms.ends_at is not None and terms.ends_at <= terms.starts_at:
        raise InvalidInput("The promotion ends before it begins.", field="ends_at")


def _check_between(value: int | None, least: int, most: int, field_name: str) -> None:
    if value is not None and not least <= value <= most:
        raise InvalidInput(f"{field_name} is {value}; it may be from {least} to {most}.", field=field_name)


def _checked_code(code: str | None) -> str | None:
    if code is None:
        return None
    normal = normal_code(code)
    if not _CODE.fullmatch(normal):
        raise InvalidInput(
            "A code has 1 to 64 letters A to Z, digits, points, hyphens and underscores, and begins with a letter"
            " or digit.",
            field="code",
        )
    return normal


def _percent_ppm(terms: PromotionTerms) -> int | None:
    if terms.percent is None:
        return None
    ppm = terms.percent * 10_000
    if not 0 < ppm <= MILLION or ppm != int(ppm):
        raise InvalidInput(
            f"{terms.percent} is not a percentage: it may be above 0 and up to 100, with up to four digits after the"
            " point.",
            field="percent",
        )
    return int(ppm)


def _positive_minor(amount: Decimal | None, currency: str | None, field_name: str) -> int | None:
    if amount is None or currency is None:
        return None
    minor = to_minor(amount, currency, field=field_name)
    if minor <= 0:
        raise InvalidInput(f"The {field_name} has to be more than nothing.", field=field_name)
    return minor


_CHECKS: dict[str, Callable[[str], str]] = {
    "skus": str.strip,
    "category_paths": str.strip,
    "customer_groups": str.strip,
    "countries": lambda text: check_country(text, field="countries") or "",
}


def _checked_conditions(conditions: Conditions) -> Conditions:
    checked: dict[str, tuple[str, ...]] = {}
    for name, clean in _CHECKS.items():
        values = tuple(dict.fromkeys(clean(value) for value in getattr(conditions, name)))
        if len(values) > MAX_LISTED:
            raise InvalidInput(f"A promotion may name up to {MAX_LISTED} of these.", field=f"conditions.{name}")
        for value in values:
            if not value:
                raise InvalidInput("A condition is empty.", field=f"conditions.{name}")
            check_text(value, 1000, field=f"conditions.{name}", of="the promotion")
        checked[name] = values
    return Conditions(**checked)
