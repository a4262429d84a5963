"""The history of a demo store, told in chapters of a few hundred orders, oldest first.

A chapter holds all that happened in some whole days, ready to be booked in one transaction. Telling keeps
only counters, the shelf and what is still to come back, so a history of any length fits into memory; and
it starts from nothing but the plan, so an interrupted seeding tells it again and books from where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from tradewind.commerce.catalog.service import NewProduct
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund
from tradewind.commerce.payments.service import NewPayment
from tradewind.commerce.rates.service import NewRate
from tradewind.core.chance import stream
from tradewind.core.clock import day_start
from tradewind.demo.aftermath import PlannedReview, make_refund, make_review, status_by_age
from tradewind.demo.assortment import assortment
from tradewind.demo.currencies import foreign_currency, month_start, rate_of_month
from tradewind.demo.demand import ONLINE, demand_on
from tradewind.demo.market import Market
from tradewind.demo.outlets import OUTLET, Outlet
from tradewind.demo.plan import DAYS, StorePlan
from tradewind.demo.sales import Counters, Sale, make_sale, payment_for
from tradewind.demo.shelf import PlannedMovement, Shelf, receipts, shortages
from tradewind.demo.totals import Totals

CHAPTER_ORDERS = 400
_RECEIVED_AT = 6 / 24
"""When the day's deliveries arrive, as a position in the day."""


@dataclass(slots=True)
class Chapter:
    """Everything of some days, by channel where it belongs to one. `counters` and `totals` are as at its end."""

    number: int
    starts_at: datetime
    ends_at: datetime
    counters: Counters
    totals: Totals
    rates: list[NewRate] = field(default_factory=list)
    products: list[tuple[datetime, NewProduct]] = field(default_factory=list)
    """With the moment from which the catalogue says so."""
    movements: list[PlannedMovement] = field(default_factory=list)
    sales: dict[str, list[Sale]] = field(default_factory=lambda: defaultdict(list))
    payments: dict[str, list[NewPayment]] = field(default_factory=lambda: defaultdict(list))
    refunds: dict[str, list[NewRefund]] = field(default_factory=lambda: defaultdict(list))
    reviews: dict[str, list[PlannedReview]] = field(default_factory=lambda: defaultdict(list))


def orders_by_day(plan: StorePlan) -> dict[date, int]:
    """How many orders each day has; they add up to the plan's, and the last day ends at the plan's moment."""
    weights: dict[date, float] = {}
    for offset in range(DAYS + 1):
        day = plan.first_day + timedelta(days=offset)
        noise = stream(plan.seed, "day weight", day).lognormvariate(0, 0.07)
        weights[day] = demand_on(day, plan.progress(day)) * noise
    weights[plan.last_day] *= ONLINE.share_until(_position_of_end(plan))
    whole = sum(weights.values())
    counts, told, sum_so_far = {}, 0, 0.0
    for day, weight in weights.items():
        sum_so_far += weight
        until = min(round(sum_so_far / whole * plan.orders), plan.orders)
        counts[day], told = until - told, until
    return counts


def tell_history(plan: StorePlan) -> Iterator[Chapter]:
    """The chapters in order. Each is complete when it is handed out, and is forgotten afterwards."""
    teller = _Teller(plan)
    chapter: Chapter | None = None
    for day, orders in orders_by_day(plan).items():
        if chapter is None:
            chapter = teller.open_chapter(day)
        teller.tell_day(chapter, day, orders)
        if sum(map(len, chapter.sales.values())) >= CHAPTER_ORDERS or day == plan.last_day:
            yield teller.close_chapter(chapter, day)
            chapter = None


def expected_totals(plan: StorePlan) -> Totals:
    """What a store seeded by this plan has sold, without a look into any database."""
    totals = Totals(plan.zone)
    for chapter in tell_history(plan):
        totals = chapter.totals
    return totals


class _Teller:
    """What has to be remembered from one day to the next."""

    def __init__(self, plan: StorePlan) -> None:
        self._plan = plan
        self._products = assortment(plan.seed, plan.first_day, plan.last_day)
        self._by_sku = {product.sku: product for product in self._products}
        self._counters = Counters()
        self._shelf = Shelf()
        self._totals = Totals(plan.zone)
        self._refunds: dict[date, list[tuple[str, NewRefund]]] = defaultdict(list)
        self._reviews: dict[date, list[tuple[str, PlannedReview]]] = defaultdict(list)
        self._number = 0

    def open_chapter(self, day: date) -> Chapter:
        starts_at = day_start(day, self._plan.zone)
        chapter = Chapter(self._number, starts_at, starts_at, self._counters, self._totals)
        self._number += 1
        return chapter

    def close_chapter(self, chapter: Chapter, last: date) -> Chapter:
        chapter.ends_at = min(day_start(last + timedelta(days=1), self._plan.zone), self._plan.ends_at)
        if last == self._plan.last_day:
            market = Market(self._plan, self._products, last)
            chapter.movements += shortages(self._plan, self._shelf, market, self._plan.ends_at)
        self._totals.movements += len(chapter.movements)
        self._totals.customers = sum(self._counters.customers.values())
        return chapter

    def tell_day(self, chapter: Chapter, day: date, orders: int) -> None:
        plan, first = self._plan, day == self._plan.first_day
        begin = day_start(day, plan.zone)
        length = day_start(day + timedelta(days=1), plan.zone) - begin
        market = Market(plan, self._products, day)
        self._tell_catalogue(chapter, day, begin)
        if first:
            self._fill(chapter, market, orders, begin, opening=True)
        end = _position_of_end(plan) if day == plan.last_day else 1.0
        has_received = end <= _RECEIVED_AT
        rng = stream(plan.seed, "orders", day)
        for position, outlet in _arrivals(rng, market, orders, end):
            if not has_received and position >= _RECEIVED_AT:
                self._fill(chapter, market, orders, begin + length * _RECEIVED_AT)
                has_received = True
            self._sell(chapter, rng, market, outlet, begin + length * position)
        if not has_received:
            self._fill(chapter, market, orders, begin + length * _RECEIVED_AT)
        self._tell_aftermath(chapter, day)

    def _tell_catalogue(self, chapter: Chapter, day: date, begin: datetime) -> None:
        plan = self._plan
        if day == plan.first_day:
            base, quote = foreign_currency(plan.currency), plan.currency
            chapter.rates.append(rate_of_month(plan.seed, month_start(day), base, quote))
            old = sorted((p for p in self._products if p.launched <= day), key=lambda p: (p.launched, p.index))
            chapter.products += [(day_start(p.launched, plan.zone), p.as_told(day, plan.currency)) for p in old]
            return
        if day.day == 1:
            chapter.rates.append(rate_of_month(plan.seed, day, foreign_currency(plan.currency), plan.currency))
        chapter.products += [(begin, p.as_told(day, plan.currency)) for p in self._products if day in p.price_days]

    def _fill(self, chapter: Chapter, market: Market, orders: int, at: datetime, *, opening: bool = False) -> None:
        day = market.day.isoformat()
        name, late_in = (f"opening:{day}", None) if opening else (day, day[:7])
        chapter.movements += receipts(self._plan, self._shelf, market, orders=orders, at=at, name=name, late_in=late_in)

    def _sell(self, chapter: Chapter, rng: Random, market: Market, outlet: Outlet, placed_at: datetime) -> None:
        plan = self._plan
        status = status_by_age(rng, outlet, plan.ends_at - placed_at)
        sale = make_sale(rng, plan, market, outlet, self._counters, self._shelf, self._products, placed_at, status)
        if sale is None:
            raise RuntimeError(f"The demo store has nothing left to sell on {market.day}; its stock rules are wrong.")
        if status is OrderStatus.DELIVERED:
            sale = self._plan_aftermath(rng, sale)
        chapter.sales[outlet.code].append(sale)
        payment = payment_for(sale, rng)
        if payment is not None:
            chapter.payments[outlet.code].append(payment)
            self._totals.payments += 1
        self._totals.add_sale(sale)

    def _plan_aftermath(self, rng: Random, sale: Sale) -> Sale:
        """Decides what comes back and what is said, as far as it happens before the end of the history."""
        plan, order, outlet = self._plan, sale.order, sale.outlet
        wait = timedelta() if outlet.is_counter else timedelta(days=rng.uniform(2, 8))
        if rng.random() < outlet.review_share:
            line = rng.choice(sale.lines)
            at = order.placed_at + wait + timedelta(days=rng.expovariate(1 / 7))
            quality = self._by_sku[line.sku].quality
            if at < plan.ends_at:
                review = make_review(rng, order.order_number, line, quality, at)
                self._reviews[at.astimezone(plan.zone).date()].append((outlet.code, review))
        if rng.random() >= outlet.refund_share:
            return sale
        at = order.placed_at + wait + timedelta(days=rng.uniform(1, 20))
        if at >= plan.ends_at:
            return sale
        refund, is_whole = make_refund(rng, order.order_number, order.currency, sale.lines, order.ship_country, at)
        self._refunds[at.astimezone(plan.zone).date()].append((outlet.code, refund))
        return replace(sale, order=replace(order, payment_status="refunded" if is_whole else "partially_refunded"))

    def _tell_aftermath(self, chapter: Chapter, day: date) -> None:
        for channel, refund in self._refunds.pop(day, ()):
            chapter.refunds[channel].append(refund)
            self._totals.add_refund(channel, refund)
            for line in refund.lines:
                if line.is_restocked:
                    self._shelf.move(OUTLET[channel].location, self._by_sku[line.sku], line.quantity)
        for channel, review in self._reviews.pop(day, ()):
            chapter.reviews[channel].append(review)
            self._totals.reviews += 1


def _arrivals(rng: Random, market: Market, orders: int, end: float) -> list[tuple[float, Outlet]]:
    """When in the day the orders come, and where; only up to the position `end`."""
    weights = [
        share * outlet.shape.share_until(end) for outlet, share in zip(market.outlets, market.shares, strict=True)
    ]
    if not orders:
        return []
    chosen = rng.choices(market.outlets, weights, k=orders)
    placed = [(outlet.shape.position(rng.random() * outlet.shape.share_until(end)), outlet) for outlet in chosen]
    return sorted(placed, key=lambda arrival: arrival[0])


def _position_of_end(plan: StorePlan) -> float:
    begin = day_start(plan.last_day, plan.zone)
    return (plan.ends_at - begin) / (day_start(plan.last_day + timedelta(days=1), plan.zone) - begin)
