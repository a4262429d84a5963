"""Answers that are kept, and questions that are asked once for all who ask at the same time.

An answer is kept with the version of the data that it was made from, and given again while that is the version.
Equal questions that come while one is being answered wait for that answer.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tradewind.warehouse.serving.engine import Result
from tradewind.warehouse.serving.errors import TooManyQueries

_LONGEST_KEPT_SECONDS = 5.0
"""Merges and rows that end with their TTL change what is read without anybody writing."""
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class Kept:
    result: Result
    version: Hashable
    until: float


class Results:
    """Runs questions on a bounded number of threads. Threads may share it."""

    def __init__(
        self, *, threads: int, waiting: int, cache_bytes: int, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="query")
        self._most_running = threads + waiting
        self._cache_bytes = cache_bytes
        self._timer = timer
        self._lock = threading.Lock()
        self._running: dict[Hashable, Future[Result]] = {}
        self._count = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0

    def kept(self, key: Hashable, version: Hashable) -> Result | None:
        """An answer that still holds."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found.version != version or found.until <= self._timer():
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return found.result

    def ask(
        self, key: Hashable, version: Hashable, compute: Callable[[], Result], *, keep_seconds: float | None
    ) -> tuple[Future[Result], bool]:
        """The answer to come, and whether it is this very call that asked. Raises TooManyQueries.

        `keep_seconds`: how long it may be kept; None: as long as the version stays; 0: not at all.
        """
        asked = (key, version)
        with self._lock:
            running = self._running.get(asked)
            if running is not None:
                return running, False
            if self._count >= self._most_running:
                raise TooManyQueries
            self._count += 1
            future = self._pool.submit(compute)
            self._running[asked] = future
        future.add_done_callback(lambda done: self._finish(asked, done, keep_seconds))
        return future, True

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _finish(self, asked: tuple[Hashable, Hashable], done: Future[Result], keep_seconds: float | None) -> None:
        with self._lock:
            self._count -= 1
            self._running.pop(asked, None)
            if keep_seconds == 0 or done.cancelled() or done.exception() is not None:
                return
            result = done.result()
            size = result.size + _OVERHEAD + len(str(asked[0]))
            if not isinstance(result.content, bytes) or size * 8 > self._cache_bytes:
                return
            key, version = asked
            self._drop(key)
            self._kept[key] = Kept(result, version, self._timer() + (keep_seconds or _LONGEST_KEPT_SECONDS))
            self._bytes += size
            while self._bytes > self._cache_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found.result.size + _OVERHEAD + len(str(key))
