"""Answers that are kept, and questions that are asked once for all who ask at the same time.

An answer is kept with the version of the data that it was made from, and given again while that is the version. Where
rows come in all the time, the last answer is given for a moment more while the next one is made, so that nobody waits
for the engine each time that a batch has landed. Equal questions that come while one is being answered wait for it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from tradewind.core.priority import step_back
from tradewind.warehouse.serving.engine import Result
from tradewind.warehouse.serving.errors import TooManyQueries
from tradewind.warehouse.versions import DataVersion, Versions

_LONGEST_KEPT_SECONDS = 5.0
"""Merges and rows that end with their TTL change what is read without anybody writing."""
_OVERHEAD = 512


@dataclass(frozen=True, slots=True)
class Kept:
    result: Result
    version: DataVersion
    until: float


class Results:
    """Runs questions on a bounded number of threads. Threads may share it."""

    def __init__(
        self,
        *,
        threads: int,
        waiting: int,
        cache_bytes: int,
        stale_seconds: float,
        versions: Versions,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`stale_seconds`: how long an answer is given after its data have moved on, where nobody waits to see that.

        `versions` tell time by the same timer.
        """
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="query", initializer=step_back)
        self._threads = threads
        self._most_running = threads + waiting
        self._cache_bytes = cache_bytes
        self._stale_seconds = stale_seconds
        self._versions = versions
        self._timer = timer
        self._lock = threading.Lock()
        self._running: dict[Hashable, tuple[DataVersion, Future[Result]]] = {}
        self._count = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._bytes = 0

    def ask(
        self, key: Hashable, version: DataVersion, compute: Callable[[], Result], *, keep_seconds: float | None
    ) -> Result | tuple[Future[Result], bool]:
        """What is kept and still holds; else the answer to come, and whether it is this very call that asked.

        `keep_seconds`: how long it may be kept; None: as long as the version stays; 0: not at all. Raises
        TooManyQueries.
        """
        with self._lock:
            found = self._still_good(key, version)
            if found is not None and (found.version.writes == version.writes or not self._may_renew(key)):
                return found.result
            running = self._running.get(key)
            if found is None and running is not None and running[0] == version:
                return running[1], False
            if found is None and self._count >= self._most_running:
                raise TooManyQueries
            self._count += 1
            future = self._pool.submit(compute)
            self._running[key] = (version, future)
        now = self._timer()
        future.add_done_callback(lambda done: self._finish(key, version, done, now, keep_seconds))
        return found.result if found is not None else (future, True)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _still_good(self, key: Hashable, version: DataVersion) -> Kept | None:
        found = self._kept.get(key)
        if found is None:
            return None
        now = self._timer()
        is_current = found.version.writes == version.writes and found.until > now
        if not (is_current or self._is_hardly_old(found, version, now)):
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return found

    def _is_hardly_old(self, kept: Kept, version: DataVersion, now: float) -> bool:
        if kept.version.writes < version.firm_writes:
            return False
        since = self._versions.outdated_since(kept.version.writes)
        return since is not None and now - since <= self._stale_seconds

    def _may_renew(self, key: Hashable) -> bool:
        """Whether the next answer is made while the last one is given: one at a time, where a thread is free."""
        return key not in self._running and self._count < self._threads

    def _finish(
        self, key: Hashable, version: DataVersion, done: Future[Result], asked: float, keep_seconds: float | None
    ) -> None:
        with self._lock:
            self._count -= 1
            running = self._running.get(key)
            if running is not None and running[1] is done:
                del self._running[key]
            if keep_seconds == 0 or done.cancelled() or done.exception() is not None:
                return
            result = done.result()
            size = result.size + _OVERHEAD + len(str(key))
            if not isinstance(result.content, bytes) or size * 8 > self._cache_bytes:
                return
            former = self._kept.get(key)
            if former is not None and former.version.writes > version.writes:
                return
            self._drop(key)
            self._kept[key] = Kept(result, version, asked + (keep_seconds or _LONGEST_KEPT_SECONDS))
            self._bytes += size
            while self._bytes > self._cache_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found.result.size + _OVERHEAD + len(str(key))
