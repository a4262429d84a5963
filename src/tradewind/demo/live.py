"""What the simulator can do to the store, each in one transaction: sell, move orders on, take goods in, hear back."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Effect, Origin
from tradewind.commerce.inventory.model import Stock
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.payments.refunds import book_refunds
from tradewind.commerce.payments.service import record_payments
from tradewind.commerce.rates.model import FxRate
from tradewind.commerce.rates.service import put_rates
from tradewind.core.clock import business_day
from tradewind.core.database import Database
from tradewind.core.logging import get_logger
from tradewind.demo.aftermath import make_refund, make_review, refund_number
from tradewind.demo.assortment import assortment
from tradewind.demo.currencies import foreign_currencies, month_start, rate_of_month
from tradewind.demo.ledger import Books, NotSeeded, counters_of, demo_run, move_on, plan_of, raise_refusals
from tradewind.demo.market import Market
from tradewind.demo.outlets import OUTLET, Outlet
from tradewind.demo.plan import StorePlan
from tradewind.demo.progress import OpenOrders, Told, advance, load
from tradewind.demo.sales import Sale, make_sale, payment_for
from tradewind.demo.shelf import Shelf, receipts

PENDING_SHARE = 0.12
MOST_LOW = 24
"""So many products may wait for a delivery at a time; a few always do, or the alerts would have nothing to show."""
MOST_PLANNED = 1_000
"""Refunds and reviews that are still to come. They are few, and a restart may forget them."""

logger = get_logger(__name__)

Planned = tuple[datetime, str, str, str]
"""When, what, and of which order of which channel."""


class LiveStore:
    """A seeded store that goes on. Raises NotSeeded when the history is not there, or not complete yet."""

    def __init__(self, database: Database, rng: Random, *, elsewhere: frozenset[str] = frozenset()) -> None:
        """`elsewhere`: channels that somebody else sells for."""
        self._database = database
        self._elsewhere = elsewhere
        self._rng = rng
        with database.read() as tx:
            run = demo_run(tx)
            if run is None or run.status != "finished":
                raise NotSeeded
            self.plan: StorePlan = plan_of(run)
            self._products = assortment(self.plan.seed, self.plan.first_day, self.plan.last_day)
            self._books = Books(tx, [product.sku for product in self._products])
            self._books.find_products(tx)
        self._open = OpenOrders(self._books)
        self._planned: list[Planned] = []
        self._market: Market | None = None

    def market(self, now: datetime) -> Market:
        """Today's market. The first look at a day stores the month's rate, if nobody has yet."""
        day = business_day(now, self.plan.zone)
        if self._market is None or self._market.day != day:
            quote = self.plan.currency
            with self._database.write() as tx:
                for base in foreign_currencies(quote):
                    if tx.get(FxRate, (month_start(day), base, quote)) is None:
                        put_rates(
                            tx, [rate_of_month(self.plan.seed, month_start(day), base, quote)], source="demo", now=now
                        )
            self._market = Market(self.plan, self._products, day)
        return self._market

    def sell(self, arrivals: Sequence[datetime], now: datetime) -> Counter[str]:
        """One order for each arrival; fewer when the shelves are bare."""
        market = self.market(now)
        with self._database.write() as tx:
            run = demo_run(tx, lock=True)
            if run is None:
                raise NotSeeded
            counters, shelf = counters_of(run), self._shelf(tx)
            sales: dict[str, list[Sale]] = defaultdict(list)
            for placed_at in arrivals:
                outlet = self._outlet(market, placed_at)
                status = self._first_status(outlet)
                sale = make_sale(
                    self._rng, self.plan, market, outlet, counters, shelf, self._products, placed_at, status
                )
                if sale is not None:
                    sales[outlet.code].append(sale)
            booked = sum(self._book(tx, channel, sold, now) for channel, sold in sales.items())
            move_on(run, now, counters)
        return Counter(orders=booked)

    def advance(self, now: datetime) -> Counter[str]:
        """Moves one open order on, if any is ripe, and may plan what will be heard of it."""
        with self._database.write() as tx:
            waiting = self._open.next(tx, now)
            if waiting is None:
                return Counter()
            status = advance(tx, self._books, waiting, self._rng, now)
        if status is OrderStatus.DELIVERED:
            self._plan_aftermath(waiting.order_id, OUTLET[waiting.channel], now)
        return Counter({str(status): 1} if status is not None else {})

    def hear_back(self, now: datetime) -> Counter[str]:
        """Books the refund or the review that is due next."""
        if not self._planned or self._planned[0][0] > now:
            return Counter()
        _, what, order_id, channel = heapq.heappop(self._planned)
        with self._database.write() as tx:
            told = load(tx, order_id)
            if told.row.status != OrderStatus.DELIVERED:
                return Counter()
            if what == "review":
                return Counter(reviews=self._review(tx, told, channel, now))
            return Counter(refunds=self._refund(tx, told, channel, now))

    def take_in(self, now: datetime, orders_per_second: float) -> Counter[str]:
        """A delivery of something that runs low, and of more the more there is of it.

        Minutes stand for days: what comes lasts for about half an hour.
        """
        market = self.market(now)
        with self._database.write() as tx:
            wanted = receipts(
                self.plan,
                self._shelf(tx),
                market,
                orders=orders_per_second * 60,
                at=now,
                name=f"live:{now.isoformat()}",
                late_in=f"{now:%Y-%m-%dT%H}",
            )
            if not wanted:
                return Counter()
            urgent = self._rng.sample(wanted, 1 + max(len(wanted) - MOST_LOW, 0) // 2)
            return Counter(receipts=self._books.move_stock(tx, urgent, now))

    def _outlet(self, market: Market, moment: datetime) -> Outlet:
        hour = moment.astimezone(self.plan.zone).hour
        weights = [
            0.0 if outlet.code in self._elsewhere else share * outlet.shape.factor(hour)
            for outlet, share in zip(market.outlets, market.shares, strict=True)
        ]
        return self._rng.choices(market.outlets, weights)[0]

    def _first_status(self, outlet: Outlet) -> OrderStatus:
        if outlet.is_counter:
            return OrderStatus.DELIVERED
        # Our own shop takes the money at the checkout; a marketplace may keep an order pending until it has it.
        is_pending = not outlet.is_own and self._rng.random() < PENDING_SHARE
        return OrderStatus.PENDING if is_pending else OrderStatus.CONFIRMED

    def _book(self, tx: Session, channel: str, sales: Sequence[Sale], now: datetime) -> int:
        """Books sales of a channel. A number that somebody else has used up is passed over, not insisted on."""
        booking = self._books.booking(channel, now, Origin.SIMULATOR)
        outcomes = book_orders(tx, [sale.order for sale in sales], booking)
        booked = [sale for sale, outcome in zip(sales, outcomes, strict=True) if outcome.effect is Effect.CREATED]
        for outcome in outcomes:
            if outcome.error is not None:
                logger.warning("the simulator passes over an order", reason=str(outcome.error))
        payments = [payment for sale in booked if (payment := payment_for(sale, self._rng)) is not None]
        raise_refusals(record_payments(tx, payments, booking))
        return len(booked)

    def _shelf(self, tx: Session) -> Shelf:
        """What is there to sell at this moment, by the store's own levels."""
        products = {self._books.product_ids[p.sku]: p.index for p in self._products if p.sku in self._books.product_ids}
        locations = {location_id: code for code, location_id in self._books.location_ids.items()}
        shelf = Shelf()
        query = select(Stock.product_id, Stock.location_id, Stock.on_hand, Stock.reserved).where(
            Stock.location_id.in_(list(locations))
        )
        for row in tx.execute(query):
            if row.product_id in products:
                shelf.units[locations[row.location_id], products[row.product_id]] = row.on_hand - row.reserved
        return shelf

    def _plan_aftermath(self, order_id: str, outlet: Outlet, now: datetime) -> None:
        if len(self._planned) >= MOST_PLANNED:
            return
        for what, share in (("review", outlet.review_share), ("refund", outlet.refund_share)):
            if self._rng.random() < share:
                at = now + timedelta(seconds=self._rng.uniform(20, 300))
                heapq.heappush(self._planned, (at, what, order_id, outlet.code))

    def _review(self, tx: Session, told: Told, channel: str, now: datetime) -> int:
        line = self._rng.choice(told.lines)
        quality = next((p.quality for p in self._products if p.sku == line.sku), 0.75)
        review = make_review(self._rng, told.row.order_number, line, quality, now)
        return self._books.review(tx, [review], self._books.booking(channel, now, Origin.SIMULATOR))

    def _refund(self, tx: Session, told: Told, channel: str, now: datetime) -> int:
        row, booking = told.row, self._books.booking(channel, now, Origin.SIMULATOR)
        known = select(Refund.id).where(
            Refund.channel_id == row.channel_id, Refund.external_id == refund_number(row.order_number)
        )
        if tx.scalar(known) is not None:
            return 0
        refund, _ = make_refund(self._rng, row.order_number, row.currency, told.lines, row.ship_country, now)
        raise_refusals(book_refunds(tx, [refund], booking))
        return 1
