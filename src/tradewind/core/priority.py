"""Who gets the processor first: the thread that answers requests, before those that nobody waits for.

A warehouse in the process works with a dozen threads, in bursts of tens of milliseconds. Where there are fewer
processors than threads, the one that takes requests would stand in their queue, and every request with it. On Linux
each thread has a niceness of its own, and a thread that another one makes begins with that one's; elsewhere it is the
whole process that has one, and nothing is done here.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

_NICENESS = 10
_IS_BY_THREAD = sys.platform == "linux"


def step_back() -> None:
    """From now on this thread, and those that it makes, work when no request needs the processor."""
    if _IS_BY_THREAD:
        _make_nice(threading.get_native_id())


def go_first() -> None:
    """All threads that there are now step back, except this one."""
    if not _IS_BY_THREAD:
        return
    mine = threading.get_native_id()
    for thread in Path("/proc/self/task").iterdir():
        if int(thread.name) != mine:
            _make_nice(int(thread.name))


def _make_nice(thread: int) -> None:
    # One that has ended meanwhile; or a niceness that this process may not have, which costs speed and nothing else.
    with suppress(ProcessLookupError, PermissionError):
        if os.getpriority(os.PRIO_PROCESS, thread) < _NICENESS:
            os.setpriority(os.PRIO_PROCESS, thread, _NICENESS)
