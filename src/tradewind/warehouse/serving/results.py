"""Answers that are kept, and questions that are asked once for all who ask at the same time.

An answer is kept with the version of the data that it was made from, and given again while that is the version. Where
rows come in all the time, the last answer is given for a moment more while the next one is made, so that nobody waits
for the engine each time that a batch has landed. Equal questions that come while one is being answered wait for it, if
what came in since it was asked came a moment ago.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

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


@dataclass(eq=False, slots=True)
class _Running:
    """An answer on its way."""

    version: DataVersion
    """What it knows of, at least: more, once a thread takes it up."""
    is_renewal: bool
    began: float
    future: Future[Result] = field(init=False)


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
        # Threads of their own, and fewer: who waits for an answer does not stand in line behind what nobody waits for.
        self._renewing = ThreadPoolExecutor(
            max(1, threads * 3 // 4), thread_name_prefix="renewal", initializer=step_back
        )
        self._most_running = threads + waiting
        self._cache_bytes = cache_bytes
        self._stale_seconds = stale_seconds
        self._versions = versions
        self._timer = timer
        self._lock = threading.Lock()
        self._running: dict[Hashable, _Running] = {}
        self._count = self._renewals = 0
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
            running = self._running.get(key)
            if found is not None:
                is_current = found.version.writes == version.writes
                if is_current or running is not None or self._renewals >= self._most_running:
                    return found.result
                self._renewals += 1
            else:
                if running is not None and self._will_do(running.version, version):
                    return running.future, False
                if self._count >= self._most_running:
                    raise TooManyQueries
                self._count += 1
            begun = self._begin(key, version, compute, keep_seconds, is_renewal=found is not None)
        begun.future.add_done_callback(lambda _: self._finish(key, begun, keep_seconds))
        return found.result if found is not None else (begun.future, True)

    def close(self) -> None:
        self._renewing.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _begin(
        self,
        key: Hashable,
        version: DataVersion,
        compute: Callable[[], Result],
        keep_seconds: float | None,
        *,
        is_renewal: bool,
    ) -> _Running:
        def make() -> Result:
            begun.began = self._timer()
            if not keep_seconds:
                begun.version = self._versions.now
            return compute()

        begun = self._running[key] = _Running(version, is_renewal, self._timer())
        begun.future = (self._renewing if is_renewal else self._pool).submit(make)
        return begun

    def _still_good(self, key: Hashable, version: DataVersion) -> Kept | None:
        found = self._kept.get(key)
        if found is None:
            return None
        now = self._timer()
        is_current = found.version.writes == version.writes and found.until > now
        if not (is_current or self._is_hardly_old(found.version, version, now, self._stale_seconds_of(key, version))):
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return found

    def _stale_seconds_of(self, key: Hashable, version: DataVersion) -> float:
        """Twice as long while the next answer is on its way: whoever waited would see what came in no sooner."""
        running = self._running.get(key)
        is_coming = running is not None and self._will_do(running.version, version)
        return self._stale_seconds * 2 if is_coming else self._stale_seconds

    def _will_do(self, running: DataVersion, version: DataVersion) -> bool:
        """Whether an answer that is being made is waited for: what it does not know of came a moment ago at most."""
        return running == version or self._is_hardly_old(running, version, self._timer(), self._stale_seconds)

    def _is_hardly_old(self, made_from: DataVersion, version: DataVersion, now: float, seconds: float) -> bool:
        if made_from.writes < version.firm_writes:
            return False
        since = self._versions.outdated_since(made_from.writes)
        return since is not None and now - since <= seconds

    def _finish(self, key: Hashable, made: _Running, keep_seconds: float | None) -> None:
        done, version = made.future, made.version
        with self._lock:
            self._count -= not made.is_renewal
            self._renewals -= made.is_renewal
            if self._running.get(key) is made:
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
            self._kept[key] = Kept(result, version, made.began + (keep_seconds or _LONGEST_KEPT_SECONDS))
            self._bytes += size
            while self._bytes > self._cache_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= found.result.size + _OVERHEAD + len(str(key))
