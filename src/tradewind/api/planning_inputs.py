"""The inputs of a plan: stock, suppliers and what is on its way from commerce, demand from insights, line by line.

Insights may not look into commerce, and commerce not into insights; here the two are laid side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tradewind.commerce.inventory.levels import Level, levels_of
from tradewind.commerce.inventory.shelves import GoodsView, PlaceView, first_stocked, goods_page, places, sold_from
from tradewind.commerce.purchasing.supply import (
    Incoming,
    OfferTerms,
    SupplierTerms,
    incoming_of,
    offers_of,
    suppliers_in_use,
)
from tradewind.core.clock import business_day
from tradewind.insights.forecasting.served import DemandForecast, served
from tradewind.insights.planning.demand import Demand
from tradewind.insights.planning.history import ProductHistory, SalesHistory, sales_history
from tradewind.insights.planning.lead_times import Calendar, LeadTime, lead_time
from tradewind.insights.planning.levels import over_random_days, protection_days
from tradewind.insights.planning.line import LineInputs
from tradewind.insights.planning.terms import PlanTerms
from tradewind.insights.rates import Rates
from tradewind.warehouse.client import Warehouse

OnEach = Callable[[Iterable[Any]], Iterator[Any]]
"""Goes through what is worked on, one thing after the other; it may raise to end the work."""

BATCH = 1_000
_PATH_DAYS = 180
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Gathered:
    """Inputs of all lines, the history they rest on, and the day each product first lay on a shelf."""

    inputs: tuple[LineInputs, ...]
    history: SalesHistory
    first_stocked: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class _Supply:
    """A product's supplier as planning sees it; without one all is assumed."""

    terms: SupplierTerms | None
    offer: OfferTerms | None
    lead: LeadTime
    wait_days: int
    review_days: int


def gather(
    tx: Session,
    warehouse: Warehouse,
    terms: PlanTerms,
    *,
    rates: Rates,
    zone: ZoneInfo,
    now: datetime,
    sku: str | None = None,
    each: OnEach = iter,
) -> Gathered:
    """One line for each active good in each place that has counted it; one without place numbers for any other.

    `sku` chooses a single product. What is read is bounded by batches of a thousand products; `each` goes through them,
    and may end it.
    """
    today = business_day(now, zone)
    suppliers = suppliers_in_use(tx, zone=zone, now=now)
    known_places = {place.location_id: place for place in places(tx)}
    inputs: list[LineInputs] = []
    histories: dict[str, ProductHistory] = {}
    weeks: tuple[float, ...] = ()
    since: dict[str, date] = {}
    for batch in _batches(tx, sku):
        ids = [goods.product_id for goods in batch]
        history = sales_history(warehouse, ids, today=today, rates=rates)
        histories |= history.products
        weeks = history.weeks
        since |= {key: business_day(moment, zone) for key, moment in first_stocked(tx, ids).items()}
        desk = _Desk(tx, warehouse, ids, history, known_places, suppliers, terms, rates, today, zone, now)
        for goods in each(batch):
            inputs += desk.lines(goods)
    return Gathered(tuple(inputs), SalesHistory(histories, weeks), since)


def _batches(tx: Session, sku: str | None) -> Iterator[list[GoodsView]]:
    after: str | None = None
    while batch := goods_page(tx, after=after, limit=BATCH, sku=sku):
        yield batch
        after = batch[-1].product_id


class _Desk:
    """Everything of one batch of products, laid out."""

    def __init__(
        self,
        tx: Session,
        warehouse: Warehouse,
        ids: Sequence[str],
        history: SalesHistory,
        known_places: Mapping[str, PlaceView],
        suppliers: Mapping[str, SupplierTerms],
        terms: PlanTerms,
        rates: Rates,
        today: date,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._history, self._places, self._suppliers = history.products, known_places, suppliers
        self._terms, self._rates, self._today, self._zone = terms, rates, today, zone
        self._levels: dict[str, list[Level]] = defaultdict(list)
        for level in levels_of(tx, ids, now=now):
            self._levels[level.product_id].append(level)
        self._offers: dict[str, list[OfferTerms]] = defaultdict(list)
        for offer in offers_of(tx, ids):
            if offer.supplier_id in suppliers:
                self._offers[offer.product_id].append(offer)
        self._incoming: dict[tuple[str, str], list[Incoming]] = defaultdict(list)
        for coming in incoming_of(tx, ids):
            self._incoming[coming.product_id, coming.location_id].append(coming)
        self._sold = sold_from(tx, ids, now=now)
        self._forecasts = {one.product_id: one for one in served(warehouse, ids, limit=len(ids))}
        channels = {place.channel for place in known_places.values() if place.channel is not None}
        self._by_channel = {
            channel: {one.product_id: one for one in served(warehouse, ids, channel=channel, limit=len(ids))}
            for channel in sorted(channels)
        }

    def lines(self, goods: GoodsView) -> list[LineInputs]:
        """The lines of one product."""
        levels = [level for level in self._levels[goods.product_id] if level.location_id in self._places]
        counted = [level for level in levels if level.is_counted]
        supply = self._supply(goods)
        whole = self._demand(goods.product_id, None)
        if not counted:
            known = levels[0] if levels else None
            place = self._places[known.location_id] if known else None
            level = known or Level(goods.product_id, "", 0, 0, 0, is_counted=False)
            return [self._line(goods, place, level, supply, whole)]
        shares = self._shares(goods.product_id, counted, whole)
        return [
            self._line(goods, self._places[level.location_id], level, supply, shares[level.location_id])
            for level in counted
        ]

    def _shares(self, product_id: str, counted: Sequence[Level], whole: Demand) -> dict[str, Demand]:
        """Demand by place: a channel's own place has that channel's, the others share the rest as they sold of late."""
        found: dict[str, Demand] = {}
        rest, total = 1.0, whole.mean(90)
        shared = []
        for level in counted:
            channel = self._places[level.location_id].channel
            if channel is None:
                shared.append(level.location_id)
                continue
            own = found[level.location_id] = self._demand(product_id, channel)
            rest -= own.mean(90) / total if total else 0.0
        rest = min(1.0, max(0.0, rest))
        sold = {place: self._sold.get((product_id, place), 0) for place in shared}
        units = sum(sold.values())
        for place in shared:
            part = sold[place] / units if units else 1 / len(shared)
            found[place] = whole.share(rest * part)
        return found

    def _demand(self, product_id: str, channel: str | None) -> Demand:
        known: Mapping[str, DemandForecast] = self._forecasts if channel is None else self._by_channel[channel]
        told = known.get(product_id)
        forecast = None if told is None else Demand.forecast(told, self._today)
        if forecast is not None:
            return forecast
        past = self._history.get(product_id)
        if past is None:
            return Demand.nothing()
        recent = past.recent if channel is None else past.by_channel.get(channel)
        return Demand.nothing() if recent is None else Demand.history(recent)

    def _supply(self, goods: GoodsView) -> _Supply:
        """The cheapest supplier that takes orders; the sooner one among equally dear."""
        found = [self._supplied(offer) for offer in self._offers[goods.product_id]]
        if not found:
            return _Supply(None, None, lead_time((), None), 0, self._terms.review_days)

        def place(supply: _Supply) -> tuple[bool, Decimal, float, str]:
            cost = self._cost(supply, goods)
            name = supply.terms.code if supply.terms else ""
            return cost is None, cost or Decimal(0), supply.lead.mean + supply.wait_days, name

        return min(found, key=place)

    def _supplied(self, offer: OfferTerms) -> _Supply:
        terms = self._suppliers[offer.supplier_id]
        lead = lead_time(terms.lead_times, terms.promised_days)
        calendar = Calendar(frozenset(terms.order_weekdays), terms.closed)
        is_daily = len(calendar.order_weekdays) == 7
        review = self._terms.review_days if is_daily else calendar.days_between_orders(self._today)
        return _Supply(terms, offer, lead, calendar.days_to_wait(self._today), review)

    def _cost(self, supply: _Supply, goods: GoodsView) -> Decimal | None:
        """What a unit costs in the reporting currency: by the supplier's offer, else by the product."""
        if supply.terms is not None and supply.offer is not None and supply.offer.unit_cost is not None:
            return self._converted(supply.offer.unit_cost, supply.terms.currency)
        return self._converted(goods.cost, goods.currency)

    def _converted(self, amount: Decimal | None, currency: str | None) -> Decimal | None:
        if amount is None or currency is None:
            return None
        rate = self._rates.on(self._today, currency)
        return None if rate is None else round(amount * rate, 6)

    def _line(
        self, goods: GoodsView, place: PlaceView | None, level: Level, supply: _Supply, demand: Demand
    ) -> LineInputs:
        lead = supply.lead.shifted(supply.wait_days)
        over = demand.over
        arrival = over_random_days(over, lead.chances)
        protected = over_random_days(
            over, [(protection_days(days, supply.review_days), chance) for days, chance in lead.chances]
        )
        review, limit = over(supply.review_days), over(self._terms.cover_limit_days)
        incoming = self._incoming[goods.product_id, level.location_id]
        offer, terms = supply.offer, supply.terms
        protected_days = lead.mean + supply.review_days
        life = None if goods.shelf_life_days is None else over(goods.shelf_life_days).quantile(0.1)
        return LineInputs(
            product_id=goods.product_id,
            sku=goods.sku or goods.product_id,
            name=goods.name,
            category=goods.category,
            location_id=level.location_id,
            location=place.code if place else "",
            on_hand=level.on_hand,
            reserved=level.reserved,
            is_counted=level.is_counted,
            supplier_id=terms.supplier_id if terms else None,
            supplier=terms.name if terms else None,
            min_quantity=offer.min_quantity if offer else 1,
            pack_size=offer.pack_size if offer else 1,
            supplier_cost=offer.unit_cost if offer else None,
            supplier_currency=terms.currency if terms else None,
            unit_cost=self._cost(supply, goods),
            price=self._converted(goods.price, goods.currency),
            lead_days=supply.lead.median,
            lead_days_late=supply.lead.quantile(0.9),
            lead_time_from=str(supply.lead.known_from),
            receipts=supply.lead.receipts,
            wait_days=supply.wait_days,
            review_days=supply.review_days,
            basis=str(demand.basis),
            told_by=demand.told_by,
            mean_per_day=_short(demand.path(_PATH_DAYS)),
            until_arrival=_short(arrival.values),
            until_arrival_mean=round(arrival.mean, _DIGITS),
            protected=_short(protected.values),
            protected_mean=round(protected.mean, _DIGITS),
            protected_days=round(protected_days, _DIGITS),
            until_review=_short(review.values),
            until_review_mean=round(review.mean, _DIGITS),
            until_limit=_short(limit.values),
            until_limit_mean=round(limit.mean, _DIGITS),
            due_until_arrival=self._due(incoming, lead.mean),
            due_protected=self._due(incoming, protected_days),
            due_until_review=self._due(incoming, supply.review_days),
            on_order=sum(coming.units for coming in incoming),
            shelf_life_units=None if life is None else round(life, _DIGITS),
        )

    def _due(self, incoming: Sequence[Incoming], days: float) -> float:
        """Expected units that arrive within so many days."""
        return round(sum(coming.units * self._arrives(coming, days) for coming in incoming), _DIGITS)

    def _arrives(self, coming: Incoming, days: float) -> float:
        """P(it arrives within so many days): by the day it was promised for, else by the supplier's lead times.

        What is overdue is still expected: within the time that what was ordered just now would take, at the latest.
        """
        if coming.supplier_id is None:
            return 1.0
        until = self._today + timedelta(days=int(days))
        if coming.expected_on is not None:
            return 1.0 if coming.expected_on <= until else 0.0
        terms = self._suppliers.get(coming.supplier_id)
        lead = lead_time(terms.lead_times, terms.promised_days) if terms else lead_time((), None)
        gone = (self._today - business_day(coming.sent_at, self._zone)).days
        before, after = lead.arrives_within(gone), lead.arrives_within(gone + int(days))
        return 1.0 if before > 1 - 1e-9 else (after - before) / (1 - before)


def _short(values: Sequence[float]) -> tuple[float, ...]:
    """Rounded to what is stored: a line is computed from what can be read again."""
    return tuple(round(value, _DIGITS) for value in values)
