"""Dates and amounts of Amazon's tab-separated reports, which each marketplace writes in its own way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from tradewind.channels.amazon.marketplaces import MARKETPLACES
from tradewind.channels.amazon.values import Unbookable

_MONTH_FIRST = frozenset({"US", "MX"})
_DAY_PATTERNS = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
_MONTH_PATTERNS = ("%m/%d/%Y", "%m/%d/%y")
_FIXED_PATTERNS = ("%Y-%m-%d", "%Y/%m/%d", "%y/%m/%d")
_TIMES = ("", " %H:%M:%S")


def local_date(written: str, marketplace: str, received_at: datetime) -> datetime:
    """A day, or a moment in UTC. Readings after `received_at` are not tried. Raises Unbookable."""
    plain = written.strip().removesuffix("UTC").strip()
    place = MARKETPLACES.get(marketplace)
    local = _MONTH_PATTERNS if place is not None and place.country in _MONTH_FIRST else _DAY_PATTERNS
    for pattern in (*_FIXED_PATTERNS, *local):
        for time in _TIMES:
            try:
                moment = datetime.strptime(plain, pattern + time).replace(tzinfo=UTC)
            except ValueError:
                continue
            if moment <= received_at + timedelta(days=1):
                return moment
    raise Unbookable("bad_date", f"'{written[:40]}' is not a date that we can read.")


def local_amount(written: str) -> Decimal:
    """An amount with a point or a comma before its cents: `95.00`, `95,00`, `1.234,50`, `1,234.50`, `1,234`."""
    plain = written.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    point, comma = plain.rfind("."), plain.rfind(",")
    if comma > point and (point >= 0 or len(plain) - comma - 1 != 3):
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain.replace("_", "?"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Unbookable("bad_amount", f"'{written[:40]}' is not an amount.")
    return amount
