"""The cache's port: values with an end, counters in a window, and messages between processes.

In the process by default; in Redis when TRADEWIND_CACHE_URL names one, so that several processes count and
hear alike. Nothing that must not be lost lives here.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tradewind.core.errors import Misconfigured, Unavailable
from tradewind.core.logging import get_logger

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import PubSub

MOST_ENTRIES = 100_000
"""Entries kept in the process before the ones that end first make room: a flood must not fill memory."""

_PREFIX = "tradewind:"
_POLL_SECONDS = 0.2
_RETRY_SECONDS = 1.0

Handler = Callable[[bytes], None]
logger = get_logger(__name__)


class Count(NamedTuple):
    """How often something happened in the present window, and how long that window still lasts."""

    value: int
    seconds_left: float


class Subscription(Protocol):
    """Listens until it is closed."""

    def close(self) -> None: ...


class Cache(Protocol):
    """Safe for several threads. Raises Unavailable when the other side is away."""

    def get(self, key: str) -> bytes | None: ...

    def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None: ...

    def delete(self, key: str) -> None: ...

    def increment(self, key: str, *, window_seconds: float) -> Count:
        """Counts one more. The window opens with the first call and is not prolonged by later ones."""
        ...

    def publish(self, channel: str, message: bytes) -> None:
        """Tells everybody who listens now; nothing is kept for those who do not."""
        ...

    def subscribe(self, channel: str, handler: Handler) -> Subscription:
        """Calls the handler, from some thread, for each message published from now on."""
        ...

    def close(self) -> None: ...


def open_cache(url: str | None) -> Cache:
    """The side that the setting asks for."""
    if url is None:
        return LocalCache()
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise Misconfigured("TRADEWIND_CACHE_URL is not a Redis address. Use redis://host:6379/0, or leave it unset.")
    return RedisCache(url)


class LocalCache:
    """The side in the process."""

    def __init__(self, *, timer: Callable[[], float] = time.monotonic, most_entries: int = MOST_ENTRIES) -> None:
        self._timer = timer
        self._most_entries = most_entries
        self._lock = threading.Lock()
        self._values: dict[str, tuple[bytes, float]] = {}
        self._handlers: dict[str, list[Handler]] = defaultdict(list)

    def get(self, key: str) -> bytes | None:
        with self._lock:
            return self._live(key)[0]

    def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None:
        with self._lock:
            self._put(key, value, self._timer() + ttl_seconds)

    def delete(self, key: str) -> None:
        with self._lock:
            self._values.pop(key, None)

    def increment(self, key: str, *, window_seconds: float) -> Count:
        with self._lock:
            now = self._timer()
            known, ends = self._live(key)
            if known is None:
                ends = now + window_seconds
            value = int(known or 0) + 1
            self._put(key, str(value).encode(), ends)
            return Count(value, ends - now)

    def publish(self, channel: str, message: bytes) -> None:
        with self._lock:
            handlers = list(self._handlers[channel])
        for handler in handlers:
            handler(message)

    def subscribe(self, channel: str, handler: Handler) -> Subscription:
        with self._lock:
            self._handlers[channel].append(handler)
        return _LocalSubscription(self, channel, handler)

    def unsubscribe(self, channel: str, handler: Handler) -> None:
        with self._lock:
            if handler in self._handlers[channel]:
                self._handlers[channel].remove(handler)

    def close(self) -> None:
        with self._lock:
            self._values.clear()
            self._handlers.clear()

    def _live(self, key: str) -> tuple[bytes | None, float]:
        value, ends = self._values.get(key, (None, 0.0))
        if value is not None and ends <= self._timer():
            del self._values[key]
            return None, 0.0
        return value, ends

    def _put(self, key: str, value: bytes, ends: float) -> None:
        if key not in self._values and len(self._values) >= self._most_entries:
            # A tenth at once, so that a full cache does not sort for every entry.
            for _, old in sorted((until, name) for name, (_, until) in self._values.items())[
                : self._most_entries // 10 + 1
            ]:
                del self._values[old]
        self._values[key] = (value, ends)


class _LocalSubscription:
    def __init__(self, cache: LocalCache, channel: str, handler: Handler) -> None:
        self._cache, self._channel, self._handler = cache, channel, handler

    def close(self) -> None:
        self._cache.unsubscribe(self._channel, self._handler)


_INCREMENT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
"""


class RedisCache:
    """The side in Redis. Keys carry a prefix of our own, so that the database may be shared."""

    def __init__(self, url: str) -> None:
        import redis

        self._errors = (redis.ConnectionError, redis.TimeoutError)
        try:
            self._redis: Redis = redis.Redis.from_url(
                url, socket_timeout=5, socket_connect_timeout=5, health_check_interval=30
            )
        except ValueError as wrong:
            raise Misconfigured(f"TRADEWIND_CACHE_URL is not usable: {wrong}") from wrong
        self._increment = self._redis.register_script(_INCREMENT)

    def get(self, key: str) -> bytes | None:
        value: bytes | None = self._ask(lambda: self._redis.get(_PREFIX + key))
        return value

    def set(self, key: str, value: bytes, *, ttl_seconds: float) -> None:
        self._ask(lambda: self._redis.set(_PREFIX + key, value, px=max(1, int(ttl_seconds * 1000))))

    def delete(self, key: str) -> None:
        self._ask(lambda: self._redis.delete(_PREFIX + key))

    def increment(self, key: str, *, window_seconds: float) -> Count:
        # One script: a process that dies between counting and setting the end would leave a counter for ever.
        count, left = self._ask(lambda: self._increment(keys=[_PREFIX + key], args=[int(window_seconds * 1000)]))
        return Count(int(count), int(left) / 1000)

    def publish(self, channel: str, message: bytes) -> None:
        self._ask(lambda: self._redis.publish(_PREFIX + channel, message))

    def subscribe(self, channel: str, handler: Handler) -> Subscription:
        subscription: Subscription = self._ask(
            lambda: _RedisSubscription(self._redis, _PREFIX + channel, handler, self._errors)
        )
        return subscription

    def close(self) -> None:
        self._redis.close()

    def _ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except self._errors as away:
            raise Unavailable("Redis (TRADEWIND_CACHE_URL) does not answer. Try again in a moment.") from away


class _RedisSubscription:
    """A thread of its own; after a lost connection it subscribes anew."""

    def __init__(self, server: Redis, channel: str, handler: Handler, errors: tuple[type[Exception], ...]) -> None:
        self._channel, self._handler, self._errors = channel, handler, errors
        self._closed = threading.Event()
        self._pubsub: PubSub = server.pubsub()  # type: ignore[no-untyped-call]
        self._pubsub.subscribe(channel)
        # The answer to SUBSCRIBE is waited for: a message published after this call returns is heard.
        self._pubsub.get_message(timeout=5)
        self._thread = threading.Thread(target=self._listen, name=f"cache {channel}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)
        self._pubsub.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                message = self._pubsub.get_message(ignore_subscribe_messages=True, timeout=_POLL_SECONDS)
            except self._errors:
                # redis-py reconnects and subscribes again by itself with the next call.
                logger.warning("the cache's messages are cut off; trying again", channel=self._channel)
                self._closed.wait(_RETRY_SECONDS)
                continue
            if message is not None:
                try:
                    self._handler(message["data"])
                except Exception:
                    logger.exception("a listener failed", channel=self._channel)
