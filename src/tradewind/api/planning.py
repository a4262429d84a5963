"""Plans are made here: inputs gathered, lines computed, the whole stored. And once a day by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tradewind.api.planning_inputs import OnEach, gather
from tradewind.core.clock import Clock, business_day
from tradewind.core.database import Database
from tradewind.core.logging import get_logger
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.core.settings import PlanningSettings, StoreSettings
from tradewind.insights.lookups import Lookups
from tradewind.insights.planning.plan import make_plan
from tradewind.insights.planning.profiles import profiles
from tradewind.insights.planning.store import NoPlan, PlanView, find_plan, save_plan
from tradewind.insights.planning.terms import PlanTerms, lane_of
from tradewind.warehouse.client import Warehouse

_LOOK_SECONDS = 60.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans from what the stores hold."""

    database: Database
    warehouse: Warehouse
    store: StoreSettings
    settings: PlanningSettings

    def terms(self, asked: dict[str, Any] | None = None) -> PlanTerms:
        """The store's rules, with what a caller asks instead. Raises PlanningInput for a number out of range."""
        usual = self.settings.model_dump(exclude={"hour"})
        wanted = usual | {name: value for name, value in (asked or {}).items() if value is not None}
        return PlanTerms(**wanted | {"lanes": tuple(lane_of(lane) for lane in wanted["lanes"])})

    def make(self, terms: PlanTerms, *, now: datetime, sku: str | None = None, each: OnEach = iter) -> PlanView:
        """Makes and stores a plan over all active goods, or over one; it is the newest from then on.

        `each` goes through goods and lines; what it raises ends the work, and nothing is stored.
        """
        known = Lookups(self.warehouse)
        currency = self.store.currency or known.main_currency or DEFAULT_CURRENCY
        today = business_day(now, self.store.zone)
        with self.database.read() as tx:
            found = gather(
                tx,
                self.warehouse,
                terms,
                rates=known.rates(currency),
                zone=self.store.zone,
                now=now,
                sku=sku,
                each=each,
            )
        plan = make_plan(each(found.inputs), terms)
        products = profiles(plan.lines, found.history, found.first_stocked, today=today, currency=currency)
        with self.database.write(alone=True) as tx:
            return save_plan(tx, plan, terms, products, today=today, currency=currency, now=now)


class _Stopped(Exception):
    """The server closes while the plan is made; the next start makes it."""


class PlanSchedule:
    """Makes the day's plan, once the hour of the settings has come, until the server closes."""

    def __init__(self, planner: Planner, clock: Clock) -> None:
        self._planner = planner
        self._clock = clock

    def run(self, stop: threading.Event) -> None:
        def until_stopped(things: Iterable[Any]) -> Iterator[Any]:
            for thing in things:
                if stop.is_set():
                    raise _Stopped
                yield thing

        while not stop.wait(_LOOK_SECONDS):
            try:
                self.turn(until_stopped)
            except _Stopped:
                return
            except Exception:  # told, and tried again: the loop goes on for as long as the server
                logger.exception("the plan of the day could not be made; it is tried again in a minute")

    def turn(self, each: OnEach = iter) -> PlanView | None:
        """Makes the plan that is due; None while there is none. `each` as for `Planner.make`."""
        now = self._clock.now()
        if not self._is_due(now):
            return None
        plan = self._planner.make(self._planner.terms(), now=now, each=each)
        logger.info("the plan of the day is made", lines=plan.lines, orders=plan.orders, transfers=plan.transfers)
        return plan

    def _is_due(self, now: datetime) -> bool:
        zone = self._planner.store.zone
        if now.astimezone(zone).hour < self._planner.settings.hour:
            return False
        try:
            with self._planner.database.read() as tx:
                return find_plan(tx).today < business_day(now, zone)
        except NoPlan:
            return True
