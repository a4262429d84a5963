"""What `tradewind status` tells."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from tradewind import __version__
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.payments.model import Refund
from tradewind.core.database import Database
from tradewind.core.settings import Settings
from tradewind.events.ledger import BatchLedger
from tradewind.events.relay import Relay
from tradewind.insights import sales
from tradewind.ownership import OwnerCard, owner_of
from tradewind.platform import SINK, connect, ledger_path, open_log
from tradewind.warehouse.builds import latest
from tradewind.warehouse.client import Warehouse


def report(settings: Settings) -> dict[str, Any]:
    card = owner_of(settings.data_dir)
    with connect(settings) as stores:
        return {
            "version": __version__,
            "data_folder": str(settings.data_dir),
            "server": _server(card),
            "store": _counts(stores.database),
            "facts": _facts(settings, stores.database),
            "newest": _newest(stores.warehouse),
            "gold": _gold(stores.warehouse),
        }


def _server(card: OwnerCard | None) -> dict[str, Any] | None:
    if card is None:
        return None
    address = f"http://{card.clickhouse_host}:{card.clickhouse_port}" if card.clickhouse_port else None
    return {"pid": card.pid, "since": card.since, "url": card.url, "clickhouse": address}


def _counts(database: Database) -> dict[str, int]:
    tables = {"orders": Order, "refunds": Refund, "products": Product, "customers": Customer}
    with database.read() as tx:
        return {name: int(tx.scalar(select(func.count()).select_from(table)) or 0) for name, table in tables.items()}


def _facts(settings: Settings, database: Database) -> dict[str, int]:
    """How many were written down, and how many of them are still on their way."""
    log, ledger = open_log(settings), BatchLedger(ledger_path(settings), SINK)
    try:
        partitions = log.partitions()
        logged = {partition: log.end(partition) for partition in partitions}
        return {
            "in_the_log": sum(logged.values()),
            "waiting_for_the_log": Relay(database, log).backlog(),
            "waiting_for_the_warehouse": sum(end - ledger.position(p) for p, end in logged.items()),
            "refused": ledger.dead_letter_count(),
        }
    finally:
        ledger.close_file()
        log.close()


def _newest(warehouse: Warehouse) -> dict[str, str]:
    """When each channel's newest order or change happened."""
    return {
        row["channel"]: row["newest_event_at"].isoformat(timespec="seconds").replace("+00:00", "Z")
        for row in sales.freshness(warehouse)
    }


def _gold(warehouse: Warehouse) -> dict[str, Any] | None:
    """The newest build of the gold tables, and the models that failed in it: those keep the tables they had."""
    build = latest(warehouse)
    if build is None:
        return None
    return {
        "built": build.began_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "seconds": round(build.seconds, 1),
        "kind": str(build.kind),
        "failed": "; ".join(f"{model}: {message}" for model, message in build.failed.items()) or None,
    }
