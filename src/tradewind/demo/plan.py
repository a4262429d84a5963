"""The plan of a demo store: the few facts that everything else follows from. Equal plans give equal stores."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from tradewind.core.clock import business_day
from tradewind.core.errors import InvalidInput
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.core.settings import StoreSettings

DAYS = 730
DEFAULT_ORDERS = 20_000
DEFAULT_SEED = 20_260


@dataclass(frozen=True, slots=True)
class StorePlan:
    """Two years of history that end at `ends_at`."""

    seed: int
    orders: int
    ends_at: datetime
    currency: str
    timezone: str
    reorder_point: int

    @classmethod
    def of(cls, store: StoreSettings, *, ends_at: datetime, orders: int, seed: int) -> Self:
        if orders < 1:
            raise InvalidInput(f"A demo store has at least one order, not {orders}.", field="orders")
        return cls(seed, orders, ends_at, store.currency or DEFAULT_CURRENCY, store.timezone, store.reorder_point)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def last_day(self) -> date:
        return business_day(self.ends_at, self.zone)

    @property
    def first_day(self) -> date:
        return self.last_day - timedelta(days=DAYS)

    def progress(self, day: date) -> float:
        """Where in the history a day is: 0 at its beginning, 1 at its end, and 1 ever after."""
        return min((day - self.first_day).days / DAYS, 1.0)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ends_at": self.ends_at.isoformat()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        known = {field.name: stored[field.name] for field in fields(cls)}
        return cls(**known | {"ends_at": datetime.fromisoformat(stored["ends_at"])})
