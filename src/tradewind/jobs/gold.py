"""Building and testing gold: from all that has committed by now, on whichever engine holds the warehouse.

dbt speaks to the ClickHouse interface: that of the running server, of a ClickHouse server, or, where the
folder is ours for the moment, one that is opened for as long as the build takes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from tradewind.commerce.orders.states import SOLD
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.core.settings import Settings
from tradewind.insights.lookups import Lookups
from tradewind.ownership import owner_of
from tradewind.platform import Access, connect
from tradewind.warehouse import medallion
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access as Entry
from tradewind.warehouse.gateway import serve_gateway
from tradewind.warehouse.medallion import BuildResult, Progress

_USER = "tradewind"


@dataclass(frozen=True, slots=True)
class _Door:
    """Where dbt reaches the engine."""

    host: str
    port: int
    user: str
    password: str


def build_gold(settings: Settings, *, select: str | None = None, progress: Progress | None = None) -> BuildResult:
    """Builds the models that `select` names, or all, from everything that has committed."""
    return _run(settings, medallion.build, select, progress)


def check_gold(settings: Settings, *, select: str | None = None, progress: Progress | None = None) -> BuildResult:
    """Tests what is built."""
    return _run(settings, medallion.test, select, progress)


def _run(
    settings: Settings, action: Callable[..., BuildResult], select: str | None, progress: Progress | None
) -> BuildResult:
    with connect(settings) as stores:
        stores.settle()
        with _door(settings, stores) as door:
            return action(
                door.host,
                door.port,
                door.user,
                door.password,
                select=select,
                progress=progress,
                work_dir=settings.data_dir / "dbt",
                variables=_variables(settings, stores.warehouse),
                schema=stores.warehouse.database,
            )


def _variables(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    return {
        "reporting_currency": settings.store.currency or Lookups(warehouse).main_currency or DEFAULT_CURRENCY,
        "timezone": settings.store.timezone,
        "sold_statuses": sorted(str(status) for status in SOLD),
    }


@contextmanager
def _door(settings: Settings, stores: Access) -> Iterator[_Door]:
    card = owner_of(settings.data_dir) if stores.server_url else None
    if card is not None and card.clickhouse_host and card.clickhouse_port and card.clickhouse_password:
        yield _Door(card.clickhouse_host, card.clickhouse_port, _USER, card.clickhouse_password)
    elif not stores.warehouse.is_embedded:
        url = urlsplit(settings.warehouse_url)
        yield _Door(
            url.hostname or "localhost",
            url.port or 8123,
            unquote(url.username or "default"),
            unquote(url.password or ""),
        )
    else:
        password = secrets.token_urlsafe(32)

        def authenticate(_: str, given: str) -> Entry | None:
            return Entry(_USER, may_write=True) if secrets.compare_digest(given, password) else None

        gateway = serve_gateway(stores.warehouse, authenticate, host="127.0.0.1", port=0)
        try:
            yield _Door("127.0.0.1", gateway.port, _USER, password)
        finally:
            gateway.stop()
