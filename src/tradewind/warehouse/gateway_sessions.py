"""Sessions of writers: a connection that lives between requests, so that dbt's temporary tables do too.

A session belongs to whoever opened it: another user's session of the same name is another session.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from tradewind.warehouse.gateway_errors import SESSION_IS_LOCKED, SESSION_NOT_FOUND, GatewayError

_MOST = 64
_WAIT_SECONDS = 10.0
DEFAULT_TIMEOUT_SECONDS = 60.0
LONGEST_TIMEOUT_SECONDS = 3600.0

Key = tuple[str, str]


class Session:
    """One connection, used by one request at a time."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.lock = threading.Lock()
        self.is_new = True
        self.expires_at = 0.0


class Sessions:
    """The sessions of one gateway. Idle ones are closed when their time is over, or when there are too many."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._sessions: dict[Key, Session] = {}
        self._lock = threading.Lock()

    def take(self, key: Key, timeout_seconds: float, *, must_exist: bool = False) -> Session:
        """The session of that name, locked for the caller, who gives it back. One that runs is waited for."""
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            with self._lock:
                self._close_idle()
                session = self._sessions.get(key)
                if session is None:
                    if must_exist:
                        raise GatewayError(SESSION_NOT_FOUND, f"Session {key[1]} not found.")
                    session = self._sessions[key] = Session(self._connect())
            if session.lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
                with self._lock:
                    if self._sessions.get(key) is session:
                        session.expires_at = time.monotonic() + min(timeout_seconds, LONGEST_TIMEOUT_SECONDS)
                        return session
                session.lock.release()
                continue
            raise GatewayError(SESSION_IS_LOCKED, f"Session {key[1]} is locked by a concurrent client.")

    def give_back(self, session: Session, timeout_seconds: float) -> None:
        session.is_new = False
        session.expires_at = time.monotonic() + min(timeout_seconds, LONGEST_TIMEOUT_SECONDS)
        session.lock.release()

    def close(self) -> None:
        with self._lock:
            for session in self._sessions.values():
                with session.lock:
                    session.engine.close()
            self._sessions.clear()

    def _close_idle(self) -> None:
        now = time.monotonic()
        by_age = sorted(self._sessions.items(), key=lambda item: item[1].expires_at)
        surplus = len(by_age) - _MOST + 1
        for place, (key, session) in enumerate(by_age):
            is_over = not session.is_new and session.expires_at < now
            if (is_over or place < surplus) and session.lock.acquire(blocking=False):
                del self._sessions[key]
                session.engine.close()
                session.lock.release()
