"""Who gets the processor first: the thread that answers requests, before those that nobody waits for.

A warehouse in the process works with a dozen threads, in bursts of tens of milliseconds. Where there are fewer
processors than threads, the one that takes requests would stand in their queue, and every request with it. On Linux
each thread has a niceness of its own, and a thread that another one makes begins with that one's; elsewhere it is the
whole process that has one, and nothing is done here.

Three ranks: who answers; the other threads of Python, each of which may hold the interpreter's lock while it waits for
a processor, so that who answers waits with it; and last the engine's own threads, which never hold it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_NICENESS, _ENGINE_NICENESS = 10, 15
_LOOK_EVERY_SECONDS = 0.5
"""The engine makes threads when it needs more of them than ever before."""
_IS_BY_THREAD = sys.platform == "linux"


def step_back() -> None:
    """From now on this thread, and those that it makes, work when no request needs the processor."""
    if _IS_BY_THREAD:
        _make_nice(threading.get_native_id(), _NICENESS)


def go_first() -> None:
    """All threads that there are now step back, except this one; and the engine's, whenever it makes them, go last."""
    if not _IS_BY_THREAD:
        return
    mine = threading.get_native_id()
    for thread in _threads() - {mine}:
        _make_nice(thread, _NICENESS)
    threading.Thread(target=_keep_back, name="priority", daemon=True).start()


def _keep_back() -> None:
    step_back()
    before: set[int] = set()
    while True:
        # One of Python's has no number yet while it starts: only who is nobody's twice is the engine's.
        others = _threads() - {thread.native_id for thread in threading.enumerate()}
        for thread in others & before:
            _make_nice(thread, _ENGINE_NICENESS)
        before = others
        time.sleep(_LOOK_EVERY_SECONDS)


def _threads() -> set[int]:
    return {int(thread.name) for thread in Path("/proc/self/task").iterdir()}


def _make_nice(thread: int, niceness: int) -> None:
    # One that has ended meanwhile; or a niceness that this process may not have, which costs speed and nothing else.
    with suppress(ProcessLookupError, PermissionError):
        if os.getpriority(os.PRIO_PROCESS, thread) < niceness:
            os.setpriority(os.PRIO_PROCESS, thread, niceness)
