"""Parameters that the routes of insights share, and the links by which their figures open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from tradewind.api.routing import BASE
from tradewind.api.schemas.analytics import ComparedDays, Days
from tradewind.api.security import services_of
from tradewind.insights.catalogue import metric_named
from tradewind.insights.explain import opens_to
from tradewind.insights.periods import Period
from tradewind.insights.selection import CustomerKinds, Selection
from tradewind.insights.spans import Compare, Span

_DAYS = {"ge": date(1970, 1, 1), "le": date(2199, 12, 31)}
FromDay = Annotated[date | None, Query(alias="from", description="First day.", **_DAYS)]
ToDay = Annotated[date | None, Query(alias="to", description="The day after the last.", **_DAYS)]
ComparedWith = Annotated[Compare, Query(description="What the period is compared with.")]
ZoneName = Annotated[
    str | None, Query(max_length=64, description="Whose days; an IANA name such as Asia/Tokyo. Unset: the store's.")
]
CurrencyCode = Annotated[
    str | None, Query(max_length=3, description="Amounts in this currency. Unset: the store's reporting currency.")
]
RowLimit = Annotated[int, Query(ge=1, le=1000, description="Most rows.")]


def chosen_sales(
    request: Request,
    channel: Annotated[list[str], Query(max_length=200, description="Only these channels.")] = [],
    product: Annotated[list[str], Query(max_length=300, description="Only these products, by id.")] = [],
    category: Annotated[list[str], Query(max_length=200, description="Only products of these.")] = [],
    country: Annotated[list[str], Query(max_length=300, description="Only shipped to these.")] = [],
    region: Annotated[list[str], Query(max_length=300, description="Only shipped to these regions.")] = [],
) -> Selection:
    """The choice of sales, its values checked. An empty value means "not known"."""
    return services_of(request).insights.selection(channel, product, category, country, region)


Chosen = Annotated[Selection, Depends(chosen_sales)]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the figures of an answer are about: from here they open."""

    period: Period | None = None
    zone: str | None = None
    currency: str | None = None
    chosen: Selection = field(default_factory=Selection)
    kinds: CustomerKinds = field(default_factory=CustomerKinds)

    def named(self) -> dict[str, tuple[str, ...]]:
        """What is chosen, by the names of the filters."""
        return self.chosen.named() | self.kinds.named()

    def link(self, metric: str, **narrowed: str | None) -> str:
        """The address of the metric's explanation; `narrowed` adds a filter or puts another in its place."""
        return f"{BASE}/explain/{metric}{self._query(narrowed)}"

    def links(self, metrics: Iterable[str]) -> dict[str, str]:
        """Addresses of the metrics that all that is chosen can be asked of: others do not open here."""
        used = {name for name, values in self.named().items() if values}
        return {slug: self.link(slug) for slug in metrics if used <= {*opens_to(metric_named(slug))}}

    def template(self, period: Period | None = None, **narrowed: str | None) -> str:
        """The same for any metric, written as {metric}."""
        return replace(self, period=period or self.period).link("{metric}", **narrowed)

    def _query(self, narrowed: dict[str, str | None]) -> str:
        pairs: list[tuple[str, str]] = []
        if self.period is not None:
            pairs += [("from", self.period.start.isoformat()), ("to", self.period.end.isoformat())]
        pairs += [(name, value) for name, value in (("timezone", self.zone), ("currency", self.currency)) if value]
        pairs += [(name, value) for name, values in self.named().items() if name not in narrowed for value in values]
        pairs += [(name, value or "") for name, value in narrowed.items()]
        return f"?{urlencode(pairs)}" if pairs else ""


def days(period: Period) -> Days:
    return Days(from_=period.start, to=period.end)


def compared(span: Span) -> ComparedDays | None:
    if span.before is None:
        return None
    return ComparedDays(from_=span.before.start, to=span.before.end, partial=span.cut is not None)
