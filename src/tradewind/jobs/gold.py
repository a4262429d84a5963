"""Building and testing gold: from all that has committed by now, on whichever engine holds the warehouse.

dbt speaks to the ClickHouse interface: that of the running server, of a ClickHouse server, or, where the
folder is ours for the moment, one that is opened for as long as the build takes.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from tradewind.commerce.orders.states import SOLD
from tradewind.core.clock import SystemClock
from tradewind.core.money import DEFAULT_CURRENCY
from tradewind.core.settings import Settings
from tradewind.insights.lookups import Lookups
from tradewind.jobs.gold_standing import Standing, landed_now, made_now, note, read, to_leave
from tradewind.ownership import OwnerCard, owner_of
from tradewind.platform import Access, connect
from tradewind.warehouse import medallion
from tradewind.warehouse.builds import Build, BuildKind, digest_of, latest, record
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access as Entry
from tradewind.warehouse.gateway import serve_gateway
from tradewind.warehouse.medallion import AT_ONCE, BuildResult, Documented, Patience, Progress

_USER = "tradewind"
_STANDING = "standing.json"


class Door(NamedTuple):
    """Where dbt reaches the engine."""

    host: str
    port: int
    user: str
    password: str


def build_gold(
    settings: Settings,
    *,
    select: str | None = None,
    full: bool = False,
    progress: Progress | None = None,
    patience: Patience = AT_ONCE,
) -> BuildResult:
    """Builds the models that `select` names, or all, from everything that has committed, and writes the build down.

    Made in full when asked to, and when the models or their variables are others than those that were built last.
    """
    with connect(settings) as stores:
        stores.settle()
        with open_door(settings, stores) as door:
            return build_through(
                door, settings, stores.warehouse, select=select, full=full, progress=progress, patience=patience
            )


def build_through(
    door: Door,
    settings: Settings,
    warehouse: Warehouse,
    *,
    select: str | None = None,
    full: bool = False,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    patience: Patience = AT_ONCE,
) -> BuildResult:
    """The same from what has landed, by way of a door that is open already; BuildStopped once `stop` is set.

    A partial build leaves out the models that nothing has come for.
    """
    options = _options(settings, warehouse)
    digest = digest_of(medallion.PROJECT, options["variables"])
    last = latest(warehouse, BuildKind.FULL, BuildKind.PARTIAL)
    full = full or last is None or last.digest != digest
    # The views of the same models stand already; only a build that failed may have left some out.
    views = full or select is not None or last is None or not last.is_good
    kind = BuildKind.SELECTED if select else BuildKind.FULL if full else BuildKind.PARTIAL
    began_at = SystemClock().now()
    notes = options["work_dir"] / _STANDING
    landed, made = landed_now(warehouse), made_now(warehouse)
    left: frozenset[str] = frozenset()
    if kind is BuildKind.PARTIAL and not views:
        left = to_leave(read(notes), latest(warehouse), digest, landed, made, began_at, settings.store.zone)
    result = medallion.build(
        *door,
        select=select,
        full=full,
        views=views,
        leave=left,
        progress=progress,
        stop=stop,
        patience=patience,
        **options,
    )
    record(warehouse, Build.of(result, began_at, kind, digest))
    stands = made_now(warehouse)
    if result.is_good and kind is not BuildKind.SELECTED and all(stands.get(name) == made[name] for name in left):
        note(notes, Standing(began_at.isoformat(), landed, stands))
    else:
        notes.unlink(missing_ok=True)
    return result


def check_gold(
    settings: Settings,
    *,
    select: str | None = None,
    progress: Progress | None = None,
    patience: Patience = AT_ONCE,
) -> BuildResult:
    """Tests what is built."""
    with connect(settings) as stores:
        stores.settle()
        with open_door(settings, stores) as door:
            options = _options(settings, stores.warehouse)
            return medallion.test(*door, select=select, progress=progress, patience=patience, **options)


def document_gold(settings: Settings, *, progress: Progress | None = None, patience: Patience = AT_ONCE) -> Documented:
    """Writes the pages that describe the models and how they hang together; returns where they are."""
    with connect(settings) as stores, open_door(settings, stores) as door:
        options = _options(settings, stores.warehouse)
        return medallion.document(*door, progress=progress, patience=patience, **options)


def _options(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    return {
        "work_dir": settings.data_dir / "dbt",
        "variables": _variables(settings, warehouse),
        "schema": warehouse.database,
        "secure": is_secure(settings),
    }


def _variables(settings: Settings, warehouse: Warehouse) -> dict[str, Any]:
    return {
        "reporting_currency": settings.store.currency or Lookups(warehouse).main_currency or DEFAULT_CURRENCY,
        "timezone": settings.store.timezone,
        "sold_statuses": sorted(str(status) for status in SOLD),
    }


@contextmanager
def open_door(settings: Settings, stores: Access) -> Iterator[Door]:
    """The running server's interface, that of a ClickHouse server, or one of our own for as long as it is needed."""
    card = owner_of(settings.data_dir) if stores.server_url else None
    known = door_of(settings, card)
    if known is not None:
        yield known
        return
    password = secrets.token_urlsafe(32)

    def authenticate(_: str, given: str) -> Entry | None:
        return Entry(_USER, may_write=True) if secrets.compare_digest(given, password) else None

    gateway = serve_gateway(stores.warehouse, authenticate, host="127.0.0.1", port=0)
    try:
        yield Door("127.0.0.1", gateway.port, _USER, password)
    finally:
        gateway.stop()


def door_of(settings: Settings, card: OwnerCard | None) -> Door | None:
    """The door that stands open: that of a running server's engine, or of a ClickHouse server."""
    if card is not None and card.clickhouse_host and card.clickhouse_port and card.clickhouse_password:
        return Door(card.clickhouse_host, card.clickhouse_port, _USER, card.clickhouse_password)
    url = urlsplit(settings.warehouse_url)
    if url.scheme == "chdb":
        return None
    return Door(
        url.hostname or "localhost",
        url.port or (8443 if is_secure(settings) else 8123),
        unquote(url.username or "default"),
        unquote(url.password or ""),
    )


def is_secure(settings: Settings) -> bool:
    """Whether the door is that of a ClickHouse server behind TLS."""
    return urlsplit(settings.warehouse_url).scheme in ("clickhouses", "https")
