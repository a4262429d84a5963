"""Loops of the product in threads of a test's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDS_WITHIN = 60.0


@contextmanager
def in_threads(*loops: Callable[[threading.Event], object]) -> Iterator[None]:
    """Runs each until the block is left."""
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,)) for loop in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_ENDS_WITHIN)
