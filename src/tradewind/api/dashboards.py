"""The dashboard's answers: insights' figures, the shop's low stock and the age of the data, in one document.

An answer is kept for as long as the data stand still, and for a second at most, since "until this time of
day" moves on. Callers that ask the same thing at the same time wait for one computation.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tradewind.api.kept import KEEP_SECONDS, KeptAnswers, Shared
from tradewind.api.schemas.dashboard import (
    Change,
    ChannelMetrics,
    CountryMetrics,
    DashboardFilters,
    DashboardMetrics,
    FilterChannel,
    Freshness,
    LowStockItem,
    PreviousPeriod,
    SourceFreshness,
    TopProduct,
    TrendBucket,
    UnconvertedSales,
)
from tradewind.commerce.inventory.low_stock import LowStock, low_stock
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.insights import sales
from tradewind.insights.dashboard import Dashboard, DashboardQuery, dashboard
from tradewind.insights.lookups import Lookups
from tradewind.insights.periods import today_in
from tradewind.platform import Platform


@dataclass(frozen=True, slots=True)
class _Shop:
    """What the shop itself knows, whatever is asked for."""

    low_count: int
    lowest: list[LowStock]
    backlog: int


class Dashboards:
    """Safe for several threads."""

    def __init__(self, platform: Platform, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._platform = platform
        self._kept = KeptAnswers(lambda: platform.data_version, timer=timer)
        # Into a warehouse beside us others may write too; in our own nothing moves that we do not know of.
        lasting = math.inf if platform.warehouse.is_embedded else KEEP_SECONDS
        self._lookups = Shared(lambda: Lookups(platform.warehouse), lasting, timer)
        self._shop = Shared(self._read_shop, KEEP_SECONDS, timer)
        self.computed = 0

    def metrics(self, query: DashboardQuery) -> DashboardMetrics:
        """The answer as of now, or as of less than a second ago if no fact has come since."""
        return self._kept.answer(query, lambda: self._compute(query))

    def filters(self) -> DashboardFilters:
        platform, store = self._platform, self._platform.settings.store
        names = sales.channel_names(platform.warehouse)
        choices = sales.choices(platform.warehouse)
        return DashboardFilters(
            channels=[FilterChannel(channel=code, name=name) for code, name in names.items()],
            categories=choices["categories"],
            countries=choices["countries"],
            currency=store.currency or Lookups(platform.warehouse).main_currency or DEFAULT_CURRENCY,
            timezone=store.timezone,
            first_day=sales.first_day(platform.warehouse),
            today=today_in(store.zone, platform.clock.now()),
        )

    def _compute(self, query: DashboardQuery) -> DashboardMetrics:
        platform, store, version = self._platform, self._platform.settings.store, self._platform.data_version
        now = platform.clock.now()
        self.computed += 1
        known = self._lookups.at(version)
        found = dashboard(platform.warehouse, query, currency=store.currency, zone=store.zone, now=now, lookups=known)
        return _document(found, self._shop.at(version), version)

    def _read_shop(self) -> _Shop:
        platform = self._platform
        point, now = platform.settings.store.reorder_point, platform.clock.now()
        with platform.database.read() as tx:
            count, lowest = low_stock(tx, default_reorder_point=point, now=now)
        return _Shop(count, lowest, platform.backlog().total)


def _document(found: Dashboard, shop: _Shop, version: int) -> DashboardMetrics:
    current, previous = found.current, found.previous
    return DashboardMetrics(
        period=found.name,
        from_=found.period.start,
        to=found.period.end,
        timezone=found.timezone,
        grain=found.grain,
        currency=found.currency,
        total_revenue=current.revenue,
        total_orders=current.orders,
        avg_order_value=current.average_order_value,
        total_units=current.units,
        gross_revenue=current.gross_revenue,
        refunded=current.refunded,
        revenue_by_channel={sale.channel: sale.revenue for sale in found.channels},
        channels=[ChannelMetrics.model_validate(sale) for sale in found.channels],
        top_products=[
            TopProduct.model_validate(sale).model_copy(update={"category": sale.category or None})
            for sale in found.top_products
        ],
        countries=[
            CountryMetrics(country=sale.country or None, revenue=sale.revenue, orders=sale.orders)
            for sale in found.countries
        ],
        low_stock_alerts=shop.low_count,
        low_stock=[LowStockItem.model_validate(level) for level in shop.lowest],
        previous=PreviousPeriod(
            from_=found.previous_period.start,
            to=found.previous_period.end,
            partial=found.previous_is_partial,
            total_revenue=previous.revenue,
            total_orders=previous.orders,
            avg_order_value=previous.average_order_value,
            total_units=previous.units,
        ),
        change=Change(**found.change),
        trend=[
            TrendBucket(
                start=bucket.start,
                end=bucket.end,
                revenue=bucket.revenue,
                orders=bucket.orders,
                units=bucket.units,
                avg_order_value=bucket.average_order_value,
                previous_revenue=bucket.previous_revenue,
                previous_orders=bucket.previous_orders,
                is_partial=bucket.is_partial,
            )
            for bucket in found.trend
        ],
        unconverted=[UnconvertedSales.model_validate(sale) for sale in found.unconverted],
        freshness=_freshness(found, shop.backlog),
        data_version=version,
        as_of=found.as_of,
    )


def _freshness(found: Dashboard, backlog: int) -> Freshness:
    def age(moment: datetime | None) -> float | None:
        return None if moment is None else round(max(0.0, (found.as_of - moment).total_seconds()), 3)

    newest = max((source.newest_fact_at for source in found.sources), default=None)
    return Freshness(
        newest_fact_at=newest,
        age_seconds=age(newest),
        backlog=backlog,
        sources=[
            SourceFreshness(
                channel=source.channel, newest_fact_at=source.newest_fact_at, age_seconds=age(source.newest_fact_at)
            )
            for source in found.sources
        ],
    )
