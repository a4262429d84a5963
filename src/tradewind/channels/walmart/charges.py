"""A line's charges by what they are for. Amounts are of the whole line, whatever its quantity: settlements show 31.96
for four units at 7.99. That reading is made here alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tradewind.channels.walmart.values import amount, currency, part, text


@dataclass(frozen=True, slots=True)
class Charges:
    """What was not told is None. `discount` is 0 or more; `price` is of the goods before it."""

    price: Decimal | None = None
    shipping: Decimal | None = None
    other: Decimal | None = None
    discount: Decimal | None = None
    tax: Decimal | None = None
    currency: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """All charges with their tax; None where not even the price was told."""
        if self.price is None:
            return None
        more = (self.shipping, self.other, self.tax)
        return sum((part for part in more if part is not None), self.price) - (self.discount or Decimal(0))

    @classmethod
    def sum(cls, all_of_them: Iterable[Charges]) -> Charges:
        """An order's from its lines'. A line without a price leaves the order's price and total untold."""
        charges = list(all_of_them)
        currencies = list(dict.fromkeys(one.currency for one in charges if one.currency))
        warnings = [code for one in charges for code in one.warnings]
        if len(currencies) > 1:
            warnings.append("currency_differs")
        prices = [one.price for one in charges]
        return cls(
            price=None if None in prices else _sum(prices),
            shipping=_sum(one.shipping for one in charges),
            other=_sum(one.other for one in charges),
            discount=_sum(one.discount for one in charges),
            tax=_sum(one.tax for one in charges),
            currency=currencies[0] if currencies else None,
            warnings=tuple(warnings),
        )


def charges_of(raw: Sequence[Mapping[str, Any]], where: str) -> Charges:
    parts: dict[str, list[Decimal]] = {"price": [], "shipping": [], "other": [], "discount": [], "tax": []}
    code: str | None = None
    warnings: list[str] = []
    for charge in raw:
        worth = amount(part(charge, "chargeAmount", "amount"), f"A charge of {where}")
        tax = amount(part(charge, "tax", "taxAmount", "amount"), f"A tax of {where}")
        here = currency(part(charge, "chargeAmount", "currency"))
        code = code or here
        if here is not None and here != code:
            # Another currency cannot be added to the others.
            warnings.append("currency_differs")
            continue
        if tax is not None:
            parts["tax"].append(tax)
        if worth is None:
            warnings.append("money_missing")
            continue
        name, is_known = _kind(charge, worth)
        parts[name].append(abs(worth) if name == "discount" else worth)
        if not is_known:
            warnings.append("unknown_charge")
    if not parts["price"]:
        warnings.append("money_missing")
    sums = {name: _sum(found) for name, found in parts.items()}
    return Charges(**sums, currency=code, warnings=tuple(dict.fromkeys(warnings)))


def _kind(charge: Mapping[str, Any], worth: Decimal) -> tuple[str, bool]:
    """Which part a charge belongs to, and whether its type is one that Walmart documents."""
    type_, name = text(charge.get("chargeType")), text(charge.get("chargeName"))
    is_known = type_ in ("PRODUCT", "SHIPPING", "FEE")
    if worth < 0:
        return "discount", is_known
    if type_ == "PRODUCT" and name == "ItemPrice":
        return "price", True
    return ("shipping" if type_ == "SHIPPING" else "other"), is_known


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    told = [one for one in amounts if one is not None]
    return sum(told[1:], told[0]) if told else None
