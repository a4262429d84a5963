"""What Prometheus is told: how fast requests are answered, how far facts have come, who is connected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tradewind.core.logging import get_logger
from tradewind.insights import sales
from tradewind.platform import Platform

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0, 10.0)
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

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("ws_clients", "Open live connections.", self._live.client_count)
        try:
            yield from self._facts()
            yield from self._newest()
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

    def _newest(self) -> Iterator[Metric]:
        ages = GaugeMetricFamily(
            "tradewind_newest_fact_age_seconds", "Age of a channel's newest order or change.", labels=("channel",)
        )
        now = self._platform.clock.now()
        for row in sales.freshness(self._platform.warehouse):
            ages.add_metric([row["channel"]], (now - row["newest_event_at"]).total_seconds())
        yield ages
