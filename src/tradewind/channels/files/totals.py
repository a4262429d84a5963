"""How an order's own amounts fit together where a source tells its totals.

The identity is `lines − discounts + shipping + other (+ tax) = total`; whether prices already contain the
tax, and whether a discount was on the shipping, is what makes it hold. Where nothing does, the channel's
total is kept as it is, with a warning: components are never repaired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tradewind.commerce.orders.new import NewLine
from tradewind.core.money import line_amount, to_decimal, to_micros

_ZERO = Decimal(0)
_PER_LINE = Decimal("0.01")
_AT_LEAST = Decimal("0.02")


def settle_totals(
    header: dict[str, Any], lines: list[NewLine], currency: str, tax_in_prices: str, warnings: list[tuple[str, str]]
) -> dict[str, Any]:
    """The amounts of a NewOrder: shipping, discount, tax, total, prices_include_tax. May simplify `lines`."""
    shipping, total = header.get("shipping", _ZERO), header.get("total")
    discount, on_shipping = _discounts(header, lines, currency, warnings)
    tax = _tax(header, lines)
    includes_tax = header.get("prices_include_tax", tax_in_prices == "yes")
    if total is not None and tax_in_prices == "by_totals":
        worth = _worth(lines, currency) - discount + header.get("other", _ZERO)
        off, includes_tax = _fit(worth + shipping, tax or _ZERO, on_shipping, total, len(lines), warnings)
        shipping = max(shipping - off, _ZERO)
    return {
        "shipping": shipping,
        "discount": discount,
        "tax": tax,
        "total": total,
        "prices_include_tax": includes_tax,
    }


def _tax(header: dict[str, Any], lines: Sequence[NewLine]) -> Decimal | None:
    if "order_tax" in header:
        return Decimal(header["order_tax"])
    if "extra_tax" in header:
        return sum((line.tax for line in lines), Decimal(header["extra_tax"]))
    return None


def _discounts(
    header: dict[str, Any], lines: list[NewLine], currency: str, warnings: list[tuple[str, str]]
) -> tuple[Decimal, Decimal]:
    """What is taken off the lines beyond their own discounts, and what may have been taken off the shipping."""
    if "subtotal" not in header:
        return header.get("order_discount", _ZERO), _ZERO
    own = sum((line.discount for line in lines), _ZERO)
    taken = _worth(lines, currency) + own - header["subtotal"]
    if taken < 0:
        warnings.append(
            ("totals_mismatch", "The lines are worth less than the order's subtotal; both are kept as told.")
        )
        return _ZERO, _ZERO
    on_shipping = max(header.get("discount_total", _ZERO) - taken, _ZERO)
    if taken < own:
        # The lines' discounts say more than the order's: the order's subtotal is what was paid.
        lines[:] = [replace(line, discount=_ZERO) for line in lines]
        return taken, on_shipping
    return taken - own, on_shipping


def _worth(lines: Sequence[NewLine], currency: str) -> Decimal:
    gross = sum(line_amount(to_micros(line.unit_price), line.quantity, currency) for line in lines)
    return to_decimal(gross, currency) - sum((line.discount for line in lines), _ZERO)


def _fit(
    before_tax: Decimal, tax: Decimal, on_shipping: Decimal, total: Decimal, lines: int, warnings: list[tuple[str, str]]
) -> tuple[Decimal, bool]:
    """The discount on shipping and the place of the tax that make the total come out."""
    tolerance = max(_PER_LINE * lines, _AT_LEAST)
    for off in dict.fromkeys((_ZERO, on_shipping)):
        for includes_tax in (False, True):
            expected = before_tax - off + (_ZERO if includes_tax else tax)
            if abs(expected - total) <= tolerance:
                return off, includes_tax
    warnings.append(("totals_mismatch", f"The amounts do not add up to the order's total {total}; it is kept as told."))
    return _ZERO, False
