"""How many parts tables have: what the engine still has to merge."""

from __future__ import annotations

import threading
import time

from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.warehouse.client import Warehouse

_EVERY_SECONDS = 1.0
_FEW = 50

logger = get_logger(__name__)


class PartCounts:
    """Looked up at most once a second, for all tables at once."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = {}
        self._looked_at = float("-inf")

    def of(self, database: str, table: str) -> int:
        """Active parts of a table; a few are told as 0."""
        return self._now().get((database, table), 0)

    def most(self) -> int:
        """Those of the table that has the most; a few are told as 0."""
        return max(self._now().values(), default=0)

    def _now(self) -> dict[tuple[str, str], int]:
        if time.monotonic() - self._looked_at >= _EVERY_SECONDS and self._lock.acquire(blocking=False):
            try:
                rows = self._warehouse.query(
                    "SELECT database, table, count() AS parts FROM system.parts WHERE active"
                    f" GROUP BY database, table HAVING parts > {_FEW} LIMIT 10000"
                )
                self._counts = {(row["database"], row["table"]): row["parts"] for row in rows}
            except TradewindError as failure:
                logger.warning("parts could not be counted", reason=str(failure))
            finally:
                self._looked_at = time.monotonic()
                self._lock.release()
        return self._counts
