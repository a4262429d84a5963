"""What Prometheus is told: how fast requests are answered, how far facts have come, who is connected."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tradewind.core.logging import get_logger
from tradewind.insights import sales
from tradewind.insights.streams import Series, StreamFigures, stream_figures
from tradewind.platform import Platform

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)
_MOST_SERIES = 50
_FIGURES_SECONDS = 5.0
logger = get_logger(__name__)


class Audience(Protocol):
    """Whoever knows how many listen."""

    @property
    def client_count(self) -> int: ...


class Measures:
    """A registry of its own, so that several apps in one process do not count into each other."""

    def __init__(self, platform: Platform, live: Audience) -> None:
        self._registry = CollectorRegistry()
        self._durations = Histogram(
            "http_request_duration_seconds",
            "Time from the request's first byte to the answer's last, by route template.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_State(platform, live))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        self._durations.labels(method, route, str(status)).observe(seconds)

    def render(self) -> tuple[bytes, str]:
        """The text and its media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _State(Collector):
    """Read when asked: nothing is kept up to date that nobody looks at."""

    def __init__(self, platform: Platform, live: Audience) -> None:
        self._platform = platform
        self._live = live

        self._figures: tuple[float, StreamFigures] | None = None

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("ws_clients", "Open live connections.", self._live.client_count)
        try:
            yield from self._facts()
            yield from self._ingest()
            yield from self._newest()
            yield from self._streams()
        except Exception:
            # A store that is away must not take the other measures with it.
            logger.warning("some measures are missing", exc_info=True)

    def _facts(self) -> Iterator[Metric]:
        backlog = self._platform.backlog()
        yield GaugeMetricFamily("tradewind_outbox_backlog", "Facts committed and not in the log yet.", backlog.outbox)
        yield GaugeMetricFamily("tradewind_log_backlog", "Facts in the log and not landed yet.", backlog.log)
        dead = self._platform.ledger.dead_letter_count()
        yield GaugeMetricFamily("tradewind_dead_letters", "Facts that the warehouse refused.", dead)
        counts = self._platform.sink.counts
        yield CounterMetricFamily("tradewind_landed_events", "Facts landed since the start.", counts.events)
        yield CounterMetricFamily("tradewind_landed_batches", "Batches landed since the start.", counts.batches)

    def _ingest(self) -> Iterator[Metric]:
        landing = self._platform.ingest.landing
        yield GaugeMetricFamily("tradewind_ingest_backlog", "Entries of /v0's log that wait.", landing.backlog())
        yield CounterMetricFamily(
            "tradewind_ingest_rows", "Rows of projects landed since the start.", landing.counts.rows
        )
        most = landing.parts.most()
        yield GaugeMetricFamily("tradewind_ingest_parts", "Parts of the table that has most; up to 50 tell 0.", most)

    def _newest(self) -> Iterator[Metric]:
        ages = GaugeMetricFamily(
            "tradewind_newest_fact_age_seconds", "Age of a channel's newest order or change.", labels=("channel",)
        )
        now = self._platform.clock.now()
        for row in sales.freshness(self._platform.warehouse):
            ages.add_metric([row["channel"]], (now - row["newest_event_at"]).total_seconds())
        yield ages

    def _streams(self) -> Iterator[Metric]:
        figures = self._stream_figures()
        plain = (
            ("ecommerce_sales_rows", "Lines of sold orders.", figures.sales_rows),
            ("ecommerce_sales_total_quantity", "Units sold.", figures.quantity),
            ("ecommerce_revenue_total", "Revenue in the reporting currency.", float(figures.revenue)),
        )
        # Gauges: a cancelled order takes its part back, which no counter may do.
        for name, meaning, value in plain:
            yield GaugeMetricFamily(name, meaning, value)
        product, store = ("product_id", "product_name"), ("store_id", "store_name")
        pair = ("product_id", "store_id")
        minute = "in the last minute that no late sale can change."
        labelled: tuple[tuple[str, str, tuple[str, str], Sequence[Series]], ...] = (
            ("ecommerce_revenue_by_product", "Revenue of a product.", product, figures.by_product),
            ("ecommerce_revenue_by_store", "Revenue of a store.", store, figures.by_store),
            ("ecommerce_inventory_stock", "Units of a product at a store.", pair, figures.stock),
            ("ecommerce_sales_count_window", f"Sales {minute}", pair, figures.window_count),
            ("ecommerce_quantity_window", f"Units sold {minute}", pair, figures.window_quantity),
        )
        for name, meaning, labels, series in labelled:
            family = GaugeMetricFamily(name, meaning, labels=labels)
            for each in series:
                family.add_metric(each.labels, each.value)
            yield family

    def _stream_figures(self) -> StreamFigures:
        """Those of a few seconds ago serve again: who scrapes often must not keep the engine busy."""
        if self._figures is None or time.monotonic() - self._figures[0] > _FIGURES_SECONDS:
            platform = self._platform
            figures = stream_figures(
                platform.warehouse,
                now=platform.clock.now(),
                currency=platform.settings.store.currency,
                most=_MOST_SERIES,
            )
            self._figures = (time.monotonic(), figures)
        return self._figures[1]
