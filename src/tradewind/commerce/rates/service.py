"""Use cases of exchange rates: reports convert with what is stored here, and with nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from tradewind.commerce.rates.model import FxRate
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode


@dataclass(frozen=True, slots=True)
class NewRate:
    """One unit of `base` is worth `rate` units of `quote`, from `day` until a newer rate is stored."""

    day: date
    base: str
    quote: str
    rate: Decimal

    def __post_init__(self) -> None:
        check_currency(self.base, field="base")
        check_currency(self.quote, field="quote")
        if self.rate <= 0 or self.base == self.quote:
            raise InvalidInput(f"{self.base} to {self.quote} at {self.rate} is not a rate.", field="rate")
        exponent = self.rate.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -12 or self.rate >= 10**12:
            raise InvalidInput("A rate has at most twelve digits on either side of the point.", field="rate")


def put_rates(tx: Session, rates: Sequence[NewRate], *, source: str, now: datetime) -> None:
    """Stores rates; a second one for the same day and pair replaces the first."""
    facts = []
    for rate in rates:
        digits = format(rate.rate, "f")
        tx.merge(FxRate(day=rate.day, base=rate.base, quote=rate.quote, rate=digits, source=source, created_at=now))
        payload = {
            "contract": 1,
            "day": rate.day,
            "base": rate.base,
            "quote": rate.quote,
            "rate": rate.rate,
            "source": source,
        }
        day = datetime(rate.day.year, rate.day.month, rate.day.day, tzinfo=UTC)
        facts.append(Fact(Topic.FX_RATES, f"{rate.base}{rate.quote}", day, encode(payload)))
    tx.flush()
    outbox.append(tx, facts)
