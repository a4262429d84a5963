"""Ids are ours, opaque and sortable: 48 bits of milliseconds and 80 random ones, in 26 letters (ULID).

Two ids made by one process come out in the order in which they were made, even within a millisecond,
so that primary keys grow at one end of their index. Source: https://github.com/ulid/spec.
"""

from __future__ import annotations

import os
import threading
import time

ID_LENGTH = 26
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_RANDOM_BITS = 80
_TAIL_BITS = 20


class _Generator:
    """Remembers the last id, so that the next one is greater whatever the clock does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._head = -1
        self._letters = ""

    def next(self) -> str:
        now = time.time_ns() // 1_000_000
        with self._lock:
            if now > self._last >> _RANDOM_BITS:
                self._last = now << _RANDOM_BITS | int.from_bytes(os.urandom(10))
            else:
                self._last += 1
            fresh = self._last
            # All but the last four letters stay the same for a million ids of one millisecond.
            if fresh >> _TAIL_BITS != self._head:
                self._head = fresh >> _TAIL_BITS
                self._letters = "".join(_PAIRS[(fresh >> shift) & 1023] for shift in range(120, _TAIL_BITS - 1, -10))
            return self._letters + _PAIRS[(fresh >> 10) & 1023] + _PAIRS[fresh & 1023]


_generator = _Generator()


def new_id() -> str:
    """A fresh id of 26 lower-case letters and digits, greater than every one this process made before."""
    return _generator.next()
