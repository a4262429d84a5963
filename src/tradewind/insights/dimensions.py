"""What sales can be grouped by, how a question names it, and how it is read from rows."""

from __future__ import annotations

from enum import StrEnum

from tradewind.core.errors import InvalidInput


class Dimension(StrEnum):
    """What revenue can be grouped by."""

    CHANNEL = "channel"
    PRODUCT = "product"
    CATEGORY = "category"
    COUNTRY = "country"
    REGION = "region"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def is_time(self) -> bool:
        return self in (Dimension.DAY, Dimension.WEEK, Dimension.MONTH)


KEYS = {
    Dimension.CHANNEL: "channel",
    Dimension.PRODUCT: "product_id",
    Dimension.COUNTRY: "ifNull(country, '')",
    Dimension.REGION: "ifNull(region, '')",
}
"""Columns of rows of sales. They do not know the category of their product; days are those of a time zone."""

BUCKETS = {Dimension.DAY: "{}", Dimension.WEEK: "toMonday({})", Dimension.MONTH: "toStartOfMonth({})"}
"""What a day is grouped by, for `format`."""


def check_grouping(text: str | None) -> tuple[Dimension, ...]:
    """One or two dimensions of a text with commas; InvalidInput that lists them otherwise."""
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    try:
        found = tuple(Dimension(name) for name in names)
    except ValueError:
        found = ()
    is_fitting = len(found) <= 2 and len({*found}) == len(found) and sum(d.is_time for d in found) <= 1
    if names and (not found or not is_fitting):
        raise InvalidInput(
            f"'{text}' is not a grouping. Use one of {', '.join(Dimension)}, or two of them with a comma between,"
            " of which one may be day, week or month.",
            field="group_by",
        )
    return found
