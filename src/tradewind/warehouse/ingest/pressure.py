"""Back-pressure: whether there is room for more. Nothing is dropped; callers are told to wait."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tradewind.core.errors import TooManyRequests
from tradewind.core.logging import get_logger
from tradewind.core.settings import IngestSettings

_EVERY_SECONDS = 0.5
_RETRY_AFTER_SECONDS = 2
_MEGABYTE = 1024**2
_PAGE = os.sysconf("SC_PAGE_SIZE")

logger = get_logger(__name__)


class Overloaded(TooManyRequests):
    """Rows come faster than they can be stored; the same request works once that is better."""

    code = "overloaded"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Nothing was stored; send it again later.", retry_after_seconds=_RETRY_AFTER_SECONDS)


class Pressure:
    """Bounds of disk, memory and of what waits. Asked by every request, so it only looks now and then."""

    def __init__(
        self,
        settings: IngestSettings,
        folder: Path,
        backlog_bytes: Callable[[], int],
        parts: Callable[[str, str], int],
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._backlog_bytes = backlog_bytes
        self._parts = parts
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._reason: str | None = None

    def check(self, database: str, table: str) -> None:
        """Raises Overloaded when rows for this table had better wait."""
        if time.monotonic() - self._looked_at >= _EVERY_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        if self._reason is not None:
            raise Overloaded(self._reason)
        if self._parts(database, table) > self._settings.max_parts:
            raise Overloaded("The engine has to merge what is in this data source first: it has too many parts.")

    def _look(self) -> None:
        reason = self._why()
        if reason != self._reason:
            logger.warning("ingest is held back" if reason else "ingest goes on", reason=reason)
        self._reason, self._looked_at = reason, time.monotonic()

    def _why(self) -> str | None:
        settings = self._settings
        if self._backlog_bytes() > settings.max_backlog_mb * _MEGABYTE:
            return f"More than {settings.max_backlog_mb} MB of rows wait for their tables."
        if shutil.disk_usage(self._folder).free < settings.min_free_disk_mb * _MEGABYTE:
            return f"Less than {settings.min_free_disk_mb} MB of disk space are free."
        if settings.max_memory_mb and resident_bytes() > settings.max_memory_mb * _MEGABYTE:
            return f"The server uses more than {settings.max_memory_mb} MB of memory."
        return None


def resident_bytes() -> int:
    """Memory of this process; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
