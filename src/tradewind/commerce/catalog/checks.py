"""What a product may say of itself: bounds of its texts, options and attributes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradewind.core.errors import InvalidInput
from tradewind.core.text import check_text

Attribute = str | int | float | bool | Sequence[str]
"""A value that a shopper can narrow down by: a text, a number, yes or no, or several texts."""

LONGEST_DESCRIPTION = 100_000
MOST_ATTRIBUTES = 100
MOST_VALUES = 100
MOST_OPTIONS = 5
HEAVIEST_GRAMS = 10**9
_TEXTS = (("sku", 128), ("name", 500), ("description", LONGEST_DESCRIPTION), ("brand", 200), ("barcode", 64))
_TAX_CLASS = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def check_values(values: Mapping[str, Any]) -> None:
    """Refuses what no product can be; `field` names the place."""
    for field, longest in _TEXTS:
        check_text(values.get(field), longest, field=field, of="the product")
    if "name" in values and not (values["name"] or "").strip():
        raise InvalidInput("A product needs a name.", field="name")
    if "tax_class" in values and not _TAX_CLASS.fullmatch(values["tax_class"]):
        raise InvalidInput(
            "A tax class is a short word of lower-case letters, for example 'reduced'.", field="tax_class"
        )
    weight = values.get("weight_grams")
    if weight is not None and not 0 <= weight <= HEAVIEST_GRAMS:
        raise InvalidInput(f"A weight is between 0 and {HEAVIEST_GRAMS} grams.", field="weight_grams")
    for field in ("price", "unit_cost"):
        amount: Decimal | None = values.get(field)
        if amount is not None and not amount.is_finite():
            raise InvalidInput(f"The {field.replace('_', ' ')} is {amount}: that is no amount.", field=field)
        if amount is not None and amount < 0:
            raise InvalidInput(f"The {field.replace('_', ' ')} cannot be negative.", field=field)


def check_attributes(told: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes as they are kept; InvalidInput for too many, or for one that is neither text, number nor list."""
    if len(told) > MOST_ATTRIBUTES:
        raise InvalidInput(f"A product has up to {MOST_ATTRIBUTES} attributes.", field="attributes")
    return {_name(name, "attributes"): _value(name, value) for name, value in told.items()}


def check_options(told: Mapping[str, Any]) -> None:
    """Refuses options of a group that are not names with a list of different values each."""
    if len(told) > MOST_OPTIONS:
        raise InvalidInput(f"A group has up to {MOST_OPTIONS} options.", field="options")
    for name, values in told.items():
        _name(name, "options")
        if not isinstance(values, list | tuple) or not 1 <= len(values) <= MOST_VALUES:
            raise InvalidInput(f"The option {name} needs a list of 1 to {MOST_VALUES} values.", field="options")
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise InvalidInput(f"The values of the option {name} are texts.", field="options")
            check_text(value, 100, field="options", of=f"the option {name}")
        if len(set(values)) < len(values):
            raise InvalidInput(f"The option {name} has a value twice.", field="options")


def _name(name: str, field: str) -> str:
    if not name.strip():
        raise InvalidInput(f"A name among the {field} is empty.", field=field)
    check_text(name, 64, field=field, of="the product")
    return name


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        if len(value) > MOST_VALUES or not all(isinstance(one, str) for one in value):
            raise InvalidInput(f"The attribute {name} may list up to {MOST_VALUES} texts.", field="attributes")
        return [_value(name, one) for one in value]
    if isinstance(value, str):
        check_text(value, 500, field="attributes", of="the product")
        return value
    if isinstance(value, bool) or (isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**53):
        return value
    raise InvalidInput(
        f"The attribute {name} has to be a text, a number, yes or no, or a list of texts.", field="attributes"
    )
